//! What flowc answers to the shell.

use std::process::ExitCode;

/// Exit codes; scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// The flows have problems.
    Problems = 1,
    /// flowc could not do its work: a file is missing, a port in use, a word not understood.
    Failed = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
