//! What is said about a flow: a fact, where it stands, and what to do.

use crate::source::Location;

/// `F0101`: never reused, never renumbered; the range tells the phase (see the book, "Errors").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "F{:04}", self.0)
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The flow cannot run like this.
    Error,
    /// It can, but most likely not as meant.
    Warning,
}

/// A place with a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What is marked.
    pub location: Location,
    /// What is said of it; may be empty.
    pub text: String,
}

/// Whether a fix may be applied without a person looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Keeps the meaning, or can only be what was meant.
    Safe,
    /// Probably right; a person decides.
    Unsafe,
}

/// Replace the bytes at `location` by `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes; an empty span is a place to insert.
    pub location: Location,
    /// What comes instead.
    pub text: String,
}

/// A change that would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "remove the `;`".
    pub title: String,
    /// Who may apply it.
    pub applicability: Applicability,
    /// Its changes; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One message. It states the fact in callers' words; `helps` state the action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which one it is; its page explains it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The fact: small letters, no full stop.
    pub message: String,
    /// Understandable alone: editors show only this one.
    pub primary: Label,
    /// Other places that it is about, at most three.
    pub secondary: Vec<Label>,
    /// More facts.
    pub notes: Vec<String>,
    /// Actions.
    pub helps: Vec<String>,
    /// The actions that can be taken for the writer.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, message: impl Into<String>, at: Location, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: Label { location: at, text: label.into() },
            secondary: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, message: impl Into<String>, at: Location, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, at, label) }
    }

    /// Adds a second place.
    pub fn with_label(mut self, at: Location, text: impl Into<String>) -> Self {
        self.secondary.push(Label { location: at, text: text.into() });
        self
    }

    /// Adds a fact.
    pub fn with_note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds an action.
    pub fn with_help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    /// Adds a change that would mend it.
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// The same with every place moved, to another source map for example.
    pub fn moved(mut self, place: impl Fn(Location) -> Location) -> Self {
        self.primary.location = place(self.primary.location);
        for label in &mut self.secondary {
            label.location = place(label.location);
        }
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.location = place(edit.location);
        }
        self
    }
}
