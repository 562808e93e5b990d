//! Text to tokens, tokens to items, items to a syntax tree.
//!
//! [`parse`] is total: whatever the text, there is a tree of what could be read, and a diagnostic for what
//! could not. The file names are the pipeline: `text_to_tokens` (logos), `tokens_to_items` (brackets
//! balanced, items cut), `items_to_ast` (LALRPOP). This crate knows nothing of types, other files or what a
//! block kind allows.

mod actions;
// The tree's fields are named for what the grammar calls them.
#[allow(missing_docs)]
pub mod ast;
mod clauses;
pub mod codes;
mod complaints;
mod documentation;
mod expected;
pub mod foreign;
mod items_to_ast;
mod layout;
mod literals;
mod nesting;
mod parse;
mod syntax_error;
mod text_literal;
mod text_to_tokens;
mod tok;
mod tokens_to_items;
mod words;

pub use layout::{Clause, ClauseKind, Layout, Piece, PieceKind};
pub use parse::{MAX_BYTES, Parsed, decode, parse, parse_with_layout};
pub use text_to_tokens::{Comment, CommentKind, token_count};

/// The parser that LALRPOP makes of `grammar.lalrpop`.
#[allow(clippy::all, missing_docs, unused_qualifications, clippy::iter_over_hash_type)]
mod grammar {
    include!(concat!(env!("OUT_DIR"), "/grammar.rs"));
}
