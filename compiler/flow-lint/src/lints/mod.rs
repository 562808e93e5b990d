//! The lints, one file each: what it is about, its check and its fix. Their tests are the examples of their
//! pages and `tests/lints.rs`.

mod dialled;
mod goodbye_twice;
mod long_prompt;
mod menu_depth;
mod menu_options;
mod no_way_out;
mod same_label;
mod short_ring;
mod short_wait;
mod silence_ends;
mod unmarked_secret;
mod unused_item;

use flow_diagnostics::Code;

use crate::{Found, Project, codes};

/// A question that is asked of every project without errors.
#[derive(Clone, Copy)]
pub struct Lint {
    /// Its code; the page of the code is its documentation.
    pub code: Code,
    /// Asks it.
    pub check: fn(&Project<'_>, &mut Found),
}

/// All of them, by code.
pub const LINTS: &[Lint] = &[
    Lint { code: codes::MENU_OPTIONS, check: menu_options::check },
    Lint { code: codes::MENU_DEPTH, check: menu_depth::check },
    Lint { code: codes::LONG_PROMPT, check: long_prompt::check },
    Lint { code: codes::DIALLED_DATA, check: dialled::data },
    Lint { code: codes::UNUSED_ITEM, check: unused_item::check },
    Lint { code: codes::SAME_LABEL, check: same_label::check },
    Lint { code: codes::GOODBYE_TWICE, check: goodbye_twice::check },
    Lint { code: codes::SHORT_WAIT, check: short_wait::check },
    Lint { code: codes::SILENCE_ENDS, check: silence_ends::check },
    Lint { code: codes::UNMARKED_SECRET, check: unmarked_secret::check },
    Lint { code: codes::SHORT_RING, check: short_ring::check },
    Lint { code: codes::NO_WAY_OUT, check: no_way_out::check },
];
