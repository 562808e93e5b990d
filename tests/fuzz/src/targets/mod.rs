//! The targets: each takes any bytes, and panics when something is wrong.

mod checker;
mod formatter;
mod lexer;
mod machine;
mod parser;
mod project;
mod reference;
mod verifier;

pub use checker::compiled;

/// What the bytes of a target are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A flow's text.
    Text,
    /// A `.flowb` container.
    Container,
}

/// Something that reads bytes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// As the runner and the corpus call it.
    pub name: &'static str,
    /// What it reads.
    pub input: Input,
    /// Returns when all is well.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 8] = [
    Target { name: "lexer", input: Input::Text, run: lexer::run },
    Target { name: "parser", input: Input::Text, run: parser::run },
    Target { name: "checker", input: Input::Text, run: checker::run },
    Target { name: "project", input: Input::Text, run: project::run },
    Target { name: "formatter", input: Input::Text, run: formatter::run },
    Target { name: "verifier", input: Input::Container, run: verifier::run },
    Target { name: "machine", input: Input::Container, run: machine::run },
    Target { name: "reference", input: Input::Text, run: reference::run },
];

/// The target of a name.
///
/// # Panics
/// When there is none.
pub fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).expect("a target of this name")
}
