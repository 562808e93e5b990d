//! Text to tokens, tokens to items, items to a syntax tree.
#![allow(missing_docs)]

pub mod ast;
