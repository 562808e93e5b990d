//! The codes of this crate, F0001 to F0049. Each has a page in `flow-diagnostics/codes/`.

use flow_diagnostics::Code;

/// The text is not UTF-8, or too large.
pub const NOT_TEXT: Code = Code(1);
/// Characters that the language does not know, or that hide what is written.
pub const STRANGE_CHARACTER: Code = Code(2);
/// A text without its closing quote.
pub const UNCLOSED_TEXT: Code = Code(3);
/// Quotes that are not `"`.
pub const FOREIGN_QUOTES: Code = Code(4);
/// A backslash followed by something that means nothing.
pub const UNKNOWN_ESCAPE: Code = Code(5);
/// A hole in a text that cannot be read.
pub const BAD_HOLE: Code = Code(6);
/// A figure with a unit that does not exist.
pub const BAD_NUMBER: Code = Code(7);
/// A number or time span beyond its limit.
pub const NUMBER_TOO_LARGE: Code = Code(8);
/// A date or time that does not exist, or is written short.
pub const NO_SUCH_DATE: Code = Code(9);
/// A key that telephones do not have.
pub const NOT_A_KEY: Code = Code(10);
/// A name in the wrong case or with letters outside ASCII.
pub const BAD_NAME: Code = Code(11);
/// A bracket that is never closed.
pub const UNCLOSED_BRACKET: Code = Code(12);
/// A bracket that closes nothing.
pub const STRAY_BRACKET: Code = Code(13);
/// Brackets or operators nested too deeply.
pub const TOO_DEEP: Code = Code(14);
/// Text between items that is no item.
pub const NOT_AN_ITEM: Code = Code(15);
/// A semicolon.
pub const SEMICOLON: Code = Code(16);
/// `=>`, `→`, `goto`: the arrow is `->`.
pub const FOREIGN_ARROW: Code = Code(17);
/// `&&`, `||`, `!`: words of other languages.
pub const FOREIGN_OPERATOR: Code = Code(18);
/// `/* … */`.
pub const BLOCK_COMMENT: Code = Code(19);
/// A missing `->`.
pub const MISSING_ARROW: Code = Code(20);
/// `=` where `==` is meant, or the other way round.
pub const EQUALS: Code = Code(21);
/// A missing `:` before a type or value.
pub const MISSING_COLON: Code = Code(22);
/// `on` without an outcome.
pub const MISSING_OUTCOME: Code = Code(23);
/// A block without its kind.
pub const MISSING_KIND: Code = Code(24);
/// A block kind that does not exist.
pub const UNKNOWN_KIND: Code = Code(25);
/// `else` after an `if` or as the last arm.
pub const ELSE_BRANCH: Code = Code(26);
/// A hard word where a name is wanted.
pub const HARD_WORD: Code = Code(27);
/// Something that does not belong here.
pub const UNEXPECTED: Code = Code(28);
/// Something that ends too early.
pub const UNFINISHED: Code = Code(29);
/// A missing comma.
pub const MISSING_COMMA: Code = Code(30);
/// A clause or item that begins with an unknown word.
pub const UNKNOWN_WORD: Code = Code(31);
/// A test step whose subject cannot do that.
pub const WRONG_ACT: Code = Code(32);
/// Words of a text without quotes.
pub const UNQUOTED: Code = Code(785);
/// Something written as other systems have it.
pub const FOREIGN_FORM: Code = Code(786);
