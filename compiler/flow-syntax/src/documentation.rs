//! Finds the documentation of a place: the `///` lines right before it, and the file's `//!` lines.

use crate::text_to_tokens::{Comment, CommentKind};

/// The `///` lines right before byte `at`, joined; `None` when there are none.
pub(crate) fn before(text: &str, comments: &[Comment], at: u32) -> Option<Box<str>> {
    let after = comments.partition_point(|comment| comment.span.end <= at);
    let mut next = at;
    let mut first = after;
    while first > 0 {
        let comment = &comments[first - 1];
        let between = text.get(comment.span.end as usize..next as usize)?;
        if comment.kind != CommentKind::Doc || !comment.own_line || !between.trim().is_empty() {
            break;
        }
        next = comment.span.start;
        first -= 1;
    }
    join(text, &comments[first..after])
}

/// The `//!` lines that begin the file, joined.
pub(crate) fn of_file(text: &str, comments: &[Comment]) -> Option<Box<str>> {
    let count = comments.iter().take_while(|comment| comment.kind == CommentKind::FileDoc).count();
    join(text, &comments[..count])
}

fn join(text: &str, comments: &[Comment]) -> Option<Box<str>> {
    if comments.is_empty() {
        return None;
    }
    let mut joined = String::new();
    for comment in comments {
        let line = text.get(comment.span.start as usize + 3..comment.span.end as usize).unwrap_or("");
        if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(line.strip_prefix(' ').unwrap_or(line));
    }
    Some(joined.into())
}
