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
    // Every level takes an operator or a bracket, and few items have so many.
    let deepens = |token: &&Token| matches!(ROLES[token.tok as usize], Role::Operator | Role::Opener);
    if tokens.len() <= MAX_DEPTH as usize || tokens.iter().filter(deepens).count() <= MAX_DEPTH as usize {
        return None;
    }
    // The level being gone through, and those around it.
    let mut top = Level::default();
    let mut around: Vec<Level> = Vec::new();
    let mut after_operand = false;
    for token in tokens {
        let role = ROLES[token.tok as usize];
        match role {
            // Two operands side by side are two expressions.
            Role::Operand if after_operand => top.end_expression(),
            Role::Operand => {}
            Role::Opener => {
                top.operators += 1;
                around.push(std::mem::take(&mut top));
            }
            Role::Closer | Role::CloseBrace => {
                if let Some(outer) = around.pop() {
                    let inside = std::mem::replace(&mut top, outer).depth();
                    top.inside = top.inside.max(inside);
                }
                if role == Role::CloseBrace {
                    top.end_expression();
                }
            }
            Role::Separator => top.end_expression(),
            Role::Operator => top.operators += 1,
        }
        // An operand or the end of an expression makes nothing deeper.
        if !matches!(role, Role::Operand | Role::Separator) && around.len() as u32 + top.depth() > MAX_DEPTH {
            return Some(token.span());
        }
        after_operand = matches!(role, Role::Operand | Role::Closer | Role::CloseBrace);
    }
    None
}

/// What a token is for the depth of a tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Operand,
    Opener,
    Closer,
    CloseBrace,
    /// Expressions end before it.
    Separator,
    Operator,
}

/// The roles of all tokens by their numbers: this is asked of every token of a file.
const ROLES: [Role; 256] = {
    let mut roles = [Role::Operator; 256];
    let mut word = Tok::Public as usize;
    while word <= Tok::Ident as usize {
        roles[word] = Role::Operand;
        word += 1;
    }
    let operands = [
        Tok::Int,
        Tok::Decimal,
        Tok::Percent,
        Tok::Duration,
        Tok::Date,
        Tok::Clock,
        Tok::DateTime,
        Tok::Text,
        Tok::True,
        Tok::False,
        Tok::None,
        Tok::Underscore,
    ];
    let mut at = 0;
    while at < operands.len() {
        roles[operands[at] as usize] = Role::Operand;
        at += 1;
    }
    roles[Tok::OpenBrace as usize] = Role::Opener;
    roles[Tok::OpenParen as usize] = Role::Opener;
    roles[Tok::OpenBracket as usize] = Role::Opener;
    roles[Tok::CloseParen as usize] = Role::Closer;
    roles[Tok::CloseBracket as usize] = Role::Closer;
    roles[Tok::CloseBrace as usize] = Role::CloseBrace;
    roles[Tok::Comma as usize] = Role::Separator;
    roles[Tok::Arrow as usize] = Role::Separator;
    roles[Tok::Assign as usize] = Role::Separator;
    roles[Tok::Colon as usize] = Role::Separator;
    roles
};
