//! The codes of what is wrong with a project, each with a page in `flow-diagnostics/codes`.

use flow_diagnostics::Code;

/// `flow.toml` is no TOML.
pub const NOT_TOML: Code = Code(501);
/// `flow.toml` has a key that means nothing.
pub const UNKNOWN_KEY: Code = Code(502);
/// A value of `flow.toml` is not of the type that its key has.
pub const WRONG_VALUE: Code = Code(503);
/// `[settings]` names a setting that no flow declares.
pub const UNKNOWN_SETTING: Code = Code(504);
/// A setting's value does not fit its type.
pub const SETTING_VALUE: Code = Code(505);
/// `[agents]` names an agent that no flow declares.
pub const UNKNOWN_AGENT: Code = Code(506);
/// A file's name cannot be written after `use`.
pub const FILE_NAME: Code = Code(507);

/// `[libraries]` names a folder that is no library.
pub const LIBRARY_FOLDER: Code = Code(514);
/// Libraries lead back to themselves, or to the project.
pub const LIBRARY_CIRCLE: Code = Code(515);
/// A library's name is taken, or cannot be written.
pub const LIBRARY_NAME: Code = Code(516);
/// A file of a library answers numbers.
pub const LIBRARY_INBOUND: Code = Code(590);

/// All codes of this crate.
pub const CODES: &[Code] = &[
    NOT_TOML,
    UNKNOWN_KEY,
    WRONG_VALUE,
    UNKNOWN_SETTING,
    SETTING_VALUE,
    UNKNOWN_AGENT,
    FILE_NAME,
    LIBRARY_FOLDER,
    LIBRARY_CIRCLE,
    LIBRARY_NAME,
    LIBRARY_INBOUND,
];
