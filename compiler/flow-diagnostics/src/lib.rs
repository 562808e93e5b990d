//! Source files, byte spans, names, and the diagnostic model with its renderers.
//!
//! Everything that a compiler pass says about a flow is a [`Diagnostic`]; how it looks is a renderer's
//! business, one file each under `render/`. This crate knows nothing of the language's grammar or rules.

pub mod codes;
pub mod diagnostic;
pub mod near;
pub mod render;
pub mod source;
pub mod symbol;

pub use codes::{all_codes, explain, is_lint, title};
pub use diagnostic::{Applicability, Code, Diagnostic, Edit, Fix, Label, Severity};
pub use near::{is_misspelt, nearest};
pub use render::{Format, Options, render};
pub use source::{FileId, Location, SourceFile, SourceMap, Span};
pub use symbol::{Interner, Symbol};
