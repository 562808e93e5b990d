//! Bytes to text, text to pieces: every piece is where it says, in order, and together they are the text.

use flow_diagnostics::{FileId, Interner};
use flow_syntax::{decode, parse_with_layout, token_count};

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let decoded = decode(FileId(0), bytes.to_vec());
    assert_eq!(decoded.is_ok(), std::str::from_utf8(bytes).is_ok());
    let Ok(text) = decoded else { return };
    token_count(&text);
    let (parsed, layout) = parse_with_layout(FileId(0), &text, &mut Interner::default());
    let mut behind = 0;
    for piece in &layout.pieces {
        let (start, end) = (piece.span.start as usize, piece.span.end as usize);
        assert!(behind <= start && start < end, "pieces overlap at {start}");
        assert!(text.get(start..end).is_some(), "a piece cuts a character at {start}");
        behind = end;
    }
    for comment in &parsed.comments {
        let (start, end) = (comment.span.start as usize, comment.span.end as usize);
        assert!(text.get(start..end).is_some_and(|text| text.starts_with("//")), "no comment at {start}");
    }
    if !parsed.diagnostics.is_empty() {
        return;
    }
    // Without a complaint, what is neither piece nor comment is blank.
    let mut known = vec![false; text.len()];
    let spans = layout.pieces.iter().map(|it| it.span).chain(parsed.comments.iter().map(|it| it.span));
    for span in spans {
        known[span.start as usize..span.end as usize].fill(true);
    }
    for (at, letter) in text.char_indices() {
        assert!(
            known[at] || letter.is_whitespace() || letter == '\u{FEFF}',
            "{letter:?} at {at} was dropped"
        );
    }
}
