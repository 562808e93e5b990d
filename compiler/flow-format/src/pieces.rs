//! A text as its pieces, each with the comments that belong to it.
//!
//! It knows where things stand in the source and how far they are apart; nothing of clauses or lines to come.

use std::ops::Range;

use flow_syntax::{Clause, ClauseKind, Comment, Layout, Piece, PieceKind};

/// A comment on a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note<'a> {
    pub text: &'a str,
    /// Whether a blank line stands before it.
    pub blank: bool,
}

/// A text that can be read, in pieces. A place is the number of a piece; one past the last is the text's end.
pub(crate) struct Source<'a> {
    pub text: &'a str,
    pieces: Vec<Piece>,
    clauses: Vec<Clause>,
    comments: Vec<Comment>,
    /// For each bracket the place of its partner; for anything else its own place.
    partner: Vec<usize>,
    /// For each place, and the end: which comments stand before it, all those since the piece before.
    between: Vec<Range<usize>>,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str, layout: Layout, comments: &[Comment]) -> Self {
        let Layout { pieces, clauses } = layout;
        let mut between = Vec::with_capacity(pieces.len() + 1);
        let mut next = 0;
        for piece in &pieces {
            let first = next;
            while comments.get(next).is_some_and(|comment| comment.span.start < piece.span.start) {
                next += 1;
            }
            between.push(first..next);
        }
        between.push(next..comments.len());
        let mut source =
            Self { text, pieces, clauses, comments: comments.to_vec(), partner: Vec::new(), between };
        source.partner = source.partners();
        source
    }

    fn partners(&self) -> Vec<usize> {
        let mut partner: Vec<usize> = (0..self.len()).collect();
        let mut open = Vec::new();
        for at in 0..self.len() {
            match self.word(at) {
                "{" | "(" | "[" => open.push(at),
                "}" | ")" | "]" => {
                    if let Some(opener) = open.pop() {
                        partner[at] = opener;
                        partner[opener] = at;
                    }
                }
                _ => {}
            }
        }
        partner
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// What is written at a place; nothing at the end.
    pub fn word(&self, at: usize) -> &'a str {
        self.pieces.get(at).map_or("", |piece| self.slice(piece.span.start, piece.span.end))
    }

    pub fn kind(&self, at: usize) -> PieceKind {
        self.pieces.get(at).map_or(PieceKind::Sign, |piece| piece.kind)
    }

    /// The bytes of a piece; the end of the text is empty.
    pub fn bytes(&self, at: usize) -> Range<usize> {
        match self.pieces.get(at) {
            Some(piece) => piece.span.start as usize..piece.span.end as usize,
            None => self.text.len()..self.text.len(),
        }
    }

    /// The first place at or behind a byte.
    pub fn place(&self, byte: u32) -> usize {
        self.pieces.partition_point(|piece| piece.span.start < byte)
    }

    /// Where the bracket at a place is closed; the place itself when it is no opening bracket.
    pub fn closer(&self, at: usize) -> usize {
        self.partner[at].max(at)
    }

    /// What begins at a place, if something does that may have a line of its own.
    pub fn clause(&self, at: usize) -> Option<ClauseKind> {
        let start = self.pieces.get(at)?.span.start;
        // Of clauses at one byte the last is the outermost.
        let found = self.clauses.partition_point(|clause| clause.start < start);
        let clause = self.clauses.get(found).filter(|clause| clause.start == start)?;
        Some(clause.kind)
    }

    /// The comment that ends the line on which a piece ends.
    pub fn behind(&self, at: usize) -> Option<&'a str> {
        let comment = self.comments.get(self.between.get(at + 1)?.start)?;
        let here = self.between[at + 1].contains(&self.between[at + 1].start) && !comment.own_line;
        here.then(|| self.slice(comment.span.start, comment.span.end))
    }

    /// The comments on lines of their own before a piece, or before the end.
    pub fn before(&self, at: usize) -> Vec<Note<'a>> {
        let mut notes = Vec::new();
        for index in self.between[at].clone() {
            let comment = self.comments[index];
            if comment.own_line {
                let start = comment.span.start as usize;
                let end_before = if index > self.between[at].start {
                    self.comments[index - 1].span.end as usize
                } else {
                    at.checked_sub(1).map_or(0, |before| self.bytes(before).end)
                };
                let text = self.slice(comment.span.start, comment.span.end);
                notes.push(Note { text, blank: self.has_blank(end_before, start) });
            }
        }
        notes
    }

    /// Whether a comment stands before a piece, behind the piece before it or on its own line.
    pub fn comes_after_comment(&self, at: usize) -> bool {
        !self.between[at].is_empty()
    }

    /// Whether a blank line stands right before a piece (or the end), behind the comments before it.
    pub fn blank_before(&self, at: usize) -> bool {
        let end_before = match self.between[at].clone().next_back() {
            Some(comment) => self.comments[comment].span.end as usize,
            None => at.checked_sub(1).map_or(0, |before| self.bytes(before).end),
        };
        self.has_blank(end_before, self.bytes(at).start)
    }

    /// Whether a piece begins a line, or only comments stand before it.
    pub fn begins_line(&self, at: usize) -> bool {
        at == 0 || self.text[self.bytes(at - 1).end..self.bytes(at).start].contains('\n')
    }

    /// Whether what stands between a place and another goes over several lines.
    pub fn has_lines(&self, first: usize, last: usize) -> bool {
        self.text[self.bytes(first).start..self.bytes(last).start].contains('\n')
    }

    /// Whether anything but comments and blanks stands between two pieces (or before the first, or behind the
    /// last): what the lexer could make nothing of.
    pub fn has_debris_before(&self, at: usize) -> bool {
        let mut from = at.checked_sub(1).map_or(0, |before| self.bytes(before).end);
        let rest = |from: usize, to: usize| {
            let blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
            !self.text.get(from..to).unwrap_or("").trim_matches(blank).is_empty()
        };
        for comment in &self.comments[self.between[at].clone()] {
            if rest(from, comment.span.start as usize) {
                return true;
            }
            from = comment.span.end as usize;
        }
        rest(from, self.bytes(at).start)
    }

    fn has_blank(&self, from: usize, to: usize) -> bool {
        self.text.get(from..to).unwrap_or("").bytes().filter(|byte| *byte == b'\n').count() >= 2
    }

    fn slice(&self, start: u32, end: u32) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}
