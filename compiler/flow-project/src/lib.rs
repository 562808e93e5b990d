//! A project: its files, its `flow.toml`, and the checked program they make.
//!
//! [`load`] reads everything behind a [`FileSystem`], parses and checks it, and answers with what it found:
//! sources, manifest, diagnostics and, without errors, the program. It never touches a disk itself and knows
//! nothing of bytecode. What keeps it from reading at all is a [`Problem`]; what is wrong in what it read is
//! a diagnostic.

pub mod codes;
mod data;
mod files;
mod libraries;
mod lints;
mod load;
mod manifest;
mod modules;
mod overrides;
mod setting_values;
mod speech;
mod toml_reader;
mod torn;

pub use files::{FileKind, FileSystem, Link, Memory};
pub use libraries::normal;
pub use load::{Loaded, Problem, load, load_on};
pub use manifest::{
    AgentAddress, Declared, Email, Manifest, Outbound, Prompts, Run, SettingValue, Sms, library_folders,
};
pub use overrides::span_millis;
pub use setting_values::{amount_parts, date_days, datetime_millis, time_millis};
pub use speech::{Recognizer, Speech};
