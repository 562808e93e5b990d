//! Lines, and what stands in one column over several of them: arrows, braces, comments.
//!
//! It pads lines that are finished otherwise. Lines are aligned that stand right below each other, as far as they
//! are of one shape; not when that would make one of them too long.

use std::ops::Range;

use crate::WIDTH;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    Code,
    /// A comment alone.
    Note,
    Blank,
    /// Text that is left as it is; perhaps several lines.
    Raw,
}

/// A place in a line that may be aligned with its like above and below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// In characters from the beginning of the text.
    pub at: usize,
    /// Cells of one shape are equal in this.
    pub shape: String,
    /// How many blanks at most are worth it.
    pub most: usize,
    /// Blanks besides, when there is something to align with.
    pub extra: usize,
}

/// A line to be.
#[derive(Debug, Clone)]
pub(crate) struct Line<'a> {
    pub kind: LineKind,
    pub indent: usize,
    pub text: String,
    /// In order.
    pub cells: Vec<Cell>,
    /// The comment that ends the line.
    pub remark: Option<&'a str>,
}

impl<'a> Line<'a> {
    pub fn code(indent: usize, text: String) -> Self {
        Self { kind: LineKind::Code, indent, text, cells: Vec::new(), remark: None }
    }

    pub fn note(indent: usize, text: &str) -> Self {
        Self { kind: LineKind::Note, ..Self::code(indent, text.to_owned()) }
    }

    pub fn blank() -> Self {
        Self { kind: LineKind::Blank, ..Self::code(0, String::new()) }
    }

    pub fn raw(text: &str) -> Self {
        Self { kind: LineKind::Raw, ..Self::code(0, text.to_owned()) }
    }

    /// In characters, its comment apart.
    fn width(&self) -> usize {
        self.indent + self.text.chars().count()
    }

    fn is_like(&self, other: &Self, column: usize) -> bool {
        let shapes = |line: &Self| line.cells.get(..=column).map(<[Cell]>::to_vec);
        match (shapes(self), shapes(other)) {
            (Some(one), Some(two)) => {
                self.indent == other.indent && one.iter().zip(&two).all(|(one, two)| one.shape == two.shape)
            }
            _ => false,
        }
    }
}

/// The text of the lines, aligned.
pub(crate) fn text(mut lines: Vec<Line<'_>>) -> String {
    align_cells(&mut lines);
    let mut text = String::with_capacity(lines.iter().map(|line| line.indent + line.text.len() + 1).sum());
    let remarks = remark_columns(&lines);
    for (line, column) in lines.iter().zip(remarks) {
        if line.kind != LineKind::Blank {
            text.extend(std::iter::repeat_n(' ', line.indent));
            // A column that is empty in a line leaves blanks behind.
            let shown = if line.kind == LineKind::Code { line.text.trim_end() } else { &line.text };
            text.push_str(shown);
        }
        if let Some(remark) = line.remark {
            let width = line.width() - (line.text.len() - line.text.trim_end().len());
            text.extend(std::iter::repeat_n(' ', column.saturating_sub(width)));
            text.push_str(remark);
        }
        text.push('\n');
    }
    text
}

fn align_cells(lines: &mut [Line<'_>]) {
    let most = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    for column in 0..most {
        let mut first = 0;
        while first < lines.len() {
            let mut end = first + 1;
            while end < lines.len() && lines[end].is_like(&lines[end - 1], column) {
                end += 1;
            }
            if end > first + 1 {
                align(lines, first..end, column);
            }
            first = end;
        }
    }
}

fn align(lines: &mut [Line<'_>], run: Range<usize>, column: usize) {
    let run = &mut lines[run];
    let target = run.iter().map(|line| line.cells[column].at).max().unwrap_or(0);
    let torn = |line: &Line<'_>| target - line.cells[column].at > line.cells[column].most;
    let target = target + run.iter().map(|line| line.cells[column].extra).max().unwrap_or(0);
    let long = |line: &Line<'_>| line.width() + target - line.cells[column].at > WIDTH;
    if run.iter().any(|line| torn(line) || long(line)) {
        return;
    }
    for line in run {
        let at = line.cells[column].at;
        let byte = line.text.char_indices().nth(at).map_or(line.text.len(), |(byte, _)| byte);
        line.text.insert_str(byte, &" ".repeat(target - at));
        for cell in &mut line.cells[column..] {
            cell.at += target - at;
        }
    }
}

/// For each line the column of its comment. In lines right below each other all comments begin in one column.
fn remark_columns(lines: &[Line<'_>]) -> Vec<usize> {
    let mut columns = vec![0; lines.len()];
    let mut first = 0;
    while first < lines.len() {
        let mut end = first + 1;
        while end < lines.len()
            && lines[end].kind == LineKind::Code
            && lines[first].kind == LineKind::Code
            && lines[end].indent == lines[first].indent
        {
            end += 1;
        }
        let with = lines[first..end].iter().filter(|line| line.remark.is_some());
        let column = with.map(Line::width).max().unwrap_or(0) + 2;
        columns[first..end].fill(column);
        first = end;
    }
    columns
}
