//! How deep the tree of some tokens can become, before it is built: every pass walks and drops the tree by
//! recursion, so a hundred thousand brackets, or a chain of a hundred thousand `+`, are refused here.

use flow_diagnostics::Span;

use crate::text_to_tokens::{Tok, Token};

/// The deepest tree that is built. A person reads ten.
pub(crate) const MAX_DEPTH: u32 = 256;

/// The expression being gone through on one level of brackets.
#[derive(Default, Clone, Copy)]
struct Level {
    /// Operators since the expression began: each may be a level of the tree.
    operators: u32,
    /// The deepest bracket in it.
    inside: u32,
    /// The deepest expression before it, on the same level of brackets.
    deepest: u32,
}

impl Level {
    fn end_expression(&mut self) {
        self.deepest = self.depth();
        self.operators = 0;
        self.inside = 0;
    }

    fn depth(&self) -> u32 {
        self.deepest.max(self.operators + self.inside)
    }
}

/// The place where balanced tokens would make a tree deeper than [`MAX_DEPTH`]. It overestimates a little:
/// every operator of an expression counts as a level.
pub(crate) fn too_deep(tokens: &[Token]) -> Option<Span> {
    // Every level takes a token.
    if tokens.len() <= MAX_DEPTH as usize {
        return None;
    }
    // The level being gone through, and those around it.
    let mut top = Level::default();
    let mut around: Vec<Level> = Vec::new();
    let mut after_operand = false;
    for token in tokens {
        match token.tok {
            Tok::OpenBrace | Tok::OpenParen | Tok::OpenBracket => {
                top.operators += 1;
                around.push(std::mem::take(&mut top));
            }
            Tok::CloseBrace | Tok::CloseParen | Tok::CloseBracket => {
                if let Some(outer) = around.pop() {
                    let inside = std::mem::replace(&mut top, outer).depth();
                    top.inside = top.inside.max(inside);
                }
                if token.tok == Tok::CloseBrace {
                    top.end_expression();
                }
            }
            Tok::Comma | Tok::Arrow | Tok::Assign | Tok::Colon => top.end_expression(),
            tok if tok.ends_operand() => {
                // Two operands side by side are two expressions.
                if after_operand {
                    top.end_expression();
                }
            }
            _ => top.operators += 1,
        }
        if around.len() as u32 + top.depth() > MAX_DEPTH {
            return Some(token.span());
        }
        after_operand = token.tok.ends_operand();
    }
    None
}
