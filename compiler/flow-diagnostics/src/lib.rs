//! Source files, byte spans, names, and the diagnostic model with its renderers.
//!
//! Everything that a compiler pass says about a flow is a [`Diagnostic`]; how it looks is a renderer's
//! business, one file each under `render/`. This crate knows nothing of the language's grammar or rules.

pub mod diagnostic;
pub mod source;
pub mod symbol;

pub use diagnostic::{Applicability, Code, Diagnostic, Edit, Fix, Label, Severity};
pub use source::{FileId, Location, SourceFile, SourceMap, Span};
pub use symbol::{Interner, Symbol};
