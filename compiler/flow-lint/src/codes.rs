//! The codes of this crate, each with a page in `flow-diagnostics/codes`: F0800 to F0829 for lints, F0830 to
//! F0839 for the comments and settings that allow them. Never reused and never renumbered.

use flow_diagnostics::Code;

/// A menu that speaks too many choices.
pub const MENU_OPTIONS: Code = Code(800);
/// A menu behind too many menus.
pub const MENU_DEPTH: Code = Code(801);
/// A text longer than a caller listens.
pub const LONG_PROMPT: Code = Code(802);
/// A number that comes from data is dialled, and nothing says which ones may be.
pub const DIALLED_DATA: Code = Code(804);
/// An item that nothing uses.
pub const UNUSED_ITEM: Code = Code(805);
/// Two choices of a menu that sound alike.
pub const SAME_LABEL: Code = Code(806);
/// Goodbye, twice.
pub const GOODBYE_TWICE: Code = Code(807);
/// A wait too short for a person to press a key.
pub const SHORT_WAIT: Code = Code(808);
/// The first silence ends the call.
pub const SILENCE_ENDS: Code = Code(809);
/// A value that sounds like a secret and is not declared as one.
pub const UNMARKED_SECRET: Code = Code(810);
/// A telephone that rings too briefly to be answered.
pub const SHORT_RING: Code = Code(811);
/// A long queue that a caller can only leave by hanging up.
pub const NO_WAY_OUT: Code = Code(812);
/// A comment that allows something without saying why.
pub const NO_REASON: Code = Code(830);
/// A comment that allows a code that does not exist.
pub const UNKNOWN_CODE: Code = Code(831);
/// A comment that would allow an error.
pub const ALLOWS_ERROR: Code = Code(832);
/// A comment that allows nothing.
pub const ALLOWS_NOTHING: Code = Code(833);
/// `[lints]` of `flow.toml` sets the level of something that has none.
pub const NO_LEVEL: Code = Code(834);
