//! Text to tokens, tokens to items, items to a syntax tree.
