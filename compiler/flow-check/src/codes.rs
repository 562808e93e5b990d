//! The codes of what this crate has to say, each with a page in `flow-diagnostics/codes`.
//!
//! Never reused and never renumbered. F01xx names, F02xx types and arguments, F03xx shape of a flow, F04xx
//! kinds, clauses, prompts, calendars and people, F049x what this version does not build yet, F09xx warnings.

use flow_diagnostics::Code;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal;)*) => {
        $($(#[doc = $doc])* pub const $name: Code = Code($number);)*
        /// Every code of this crate, in order.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    /// An exit names a block or flow that is not there.
    UNKNOWN_TARGET = 101;
    /// A value's name is not known here.
    UNKNOWN_NAME = 102;
    /// Two things of one kind have one name.
    DEFINED_TWICE = 103;
    /// A name inside would hide a name outside.
    SHADOWED = 104;
    /// A type is not known.
    UNKNOWN_TYPE = 105;
    /// A file or an item that `use` names is not there.
    UNKNOWN_MODULE = 106;
    /// An item of another file is not `public`.
    PRIVATE = 107;
    /// Files use each other in a circle.
    MODULE_CYCLE = 108;
    /// A value has no field or property of this name.
    UNKNOWN_FIELD = 109;
    /// A name stands for another sort of thing than is wanted here.
    WRONG_THING = 110;
    /// An edition that this compiler does not know.
    UNKNOWN_EDITION = 112;
    /// An enum has no such variant.
    UNKNOWN_VARIANT = 113;
    /// `set` changes state and a few call-wide built-ins only.
    NOT_SETTABLE = 114;

    /// A value of another type than is wanted.
    MISMATCH = 201;
    /// An argument is missing.
    MISSING_ARGUMENT = 202;
    /// An argument that nobody asked for.
    EXTRA_ARGUMENT = 203;
    /// An operator between values it is not made for.
    OPERATOR = 204;
    /// A value that may be missing is used as if it were there.
    UNOPENED = 205;
    /// A value that cannot be spoken.
    UNSPEAKABLE = 206;
    /// A text that is not the phone number or digits it should be.
    BAD_LITERAL = 207;
    /// A decision that does not cover every case.
    INCOMPLETE = 208;
    /// A type that cannot be told from the text.
    UNTOLD_TYPE = 209;
    /// A value that must be known when the flow is built.
    NOT_CONSTANT = 210;
    /// Something is called that takes no arguments.
    NOT_CALLABLE = 211;
    /// `else` after something that is always there.
    NEEDLESS_ELSE = 212;
    /// A divisor that could be zero.
    DIVISOR = 213;
    /// A time zone that does not exist, or is missing.
    TIMEZONE = 214;
    /// A pattern that can never fit its value.
    PATTERN = 215;
    /// Functions, constants, prompts or records that need themselves.
    RECURSION = 216;
    /// An expression nested too deeply.
    TOO_DEEP = 217;

    /// An outcome without a way on.
    UNHANDLED = 301;
    /// A body that ends without an exit.
    NO_EXIT = 302;
    /// Something after the exit.
    AFTER_EXIT = 303;
    /// An outcome that the block never has.
    UNKNOWN_OUTCOME = 304;
    /// An outcome with two arms.
    HANDLED_TWICE = 305;
    /// A block that no call can reach.
    UNREACHABLE = 306;
    /// A circle that nothing bounds.
    ENDLESS = 307;
    /// `-> again` outside of an arm that a key takes.
    AGAIN = 308;
    /// `return` and `-> flow` that do not fit what the flow gives.
    LEAVING = 309;
    /// `decline` after the call was answered.
    LATE_DECLINE = 310;
    /// `N times` on an outcome that is not counted.
    TIMES = 311;
    /// Flows that run each other without end.
    RUN_RECURSION = 312;
    /// Small where it stands, and too large when it is written out.
    WRITTEN_OUT = 318;
    /// A decision that can never be taken.
    DEAD_DECISION = 313;
    /// A flow without a block.
    EMPTY_FLOW = 314;
    /// An exit or a wait where only statements stand.
    STATEMENTS_ONLY = 315;
    /// Shares that do not make 100.
    SHARES = 316;
    /// An `end` that says nothing.
    SILENT_END = 317;

    /// An amount without a currency.
    NO_CURRENCY = 340;
    /// Amounts of different currencies put together or compared.
    MIXED_CURRENCIES = 341;
    /// A key written twice in a map.
    MAP_KEY_TWICE = 342;
    /// Words taken by key.
    SPEECH_BY_KEY = 343;
    /// An enum that one key cannot choose from.
    NOT_CHOSEN_BY_KEY = 344;
    /// A type that cannot be the key of a map.
    MAP_KEY_TYPE = 345;
    /// Days and parts of days put together.
    NOT_WHOLE_DAYS = 346;
    /// A service's address or credentials are no text and no setting.
    SERVICE_ADDRESS = 350;
    /// A path that names no parameter, or is none.
    SERVICE_PATH = 351;
    /// A type that a URL or JSON cannot carry.
    NOT_CARRIED = 352;
    /// A secret in a URL.
    SECRET_IN_URL = 353;
    /// A parameter that would get lost, because the method sends no body.
    BODY_ON_GET = 354;
    /// A service asked where nothing waits: in an expression.
    SERVICE_IN_EXPRESSION = 355;
    /// `do` or `send` of something that is no service.
    NOT_A_SERVICE = 356;
    /// What can fail inside of `on failed`, without `else`.
    FAILS_AGAIN = 357;
    /// The answer of a service that gives none is kept.
    NO_ANSWER = 358;
    /// A service that can only be sent to is waited for.
    ONLY_SENT = 359;

    /// A cause for trying again that no call has.
    RETRY_CAUSE = 370;
    /// A callback that expires before it is made.
    NEVER_CALLED = 371;
    /// A number whose caller would pay for it.
    PREMIUM = 372;
    /// A number of the emergency services.
    EMERGENCY_NUMBER = 373;
    /// A choice of a stay that is over before it is offered.
    NEVER_OFFERED = 374;
    /// A flow never returns an outcome that it gives.
    NEVER_RETURNED = 380;

    /// A clause of another kind.
    MISPLACED_CLAUSE = 402;
    /// A clause that the kind needs.
    MISSING_CLAUSE = 403;
    /// A clause written twice.
    CLAUSE_TWICE = 404;
    /// Statements, settings, arms: in another order.
    ORDER = 405;
    /// A statement that the kind does not take.
    STATEMENT_NOT_HERE = 406;
    /// A number or word outside of what is allowed.
    OUT_OF_RANGE = 407;
    /// A priority after a time that is not better than the one before.
    PRIORITY_NOT_FORWARD = 408;
    /// A key bound twice.
    KEY_TWICE = 410;
    /// Keys that no telephone has.
    BAD_KEY = 411;
    /// A bound key that the caller is never told of.
    UNSPOKEN_KEY = 412;
    /// A spoken key that is not bound.
    UNBOUND_KEY = 413;
    /// A key that is also part of the value.
    KEY_IN_VALUE = 414;
    /// A prompt lacks a language.
    MISSING_LANGUAGE = 420;
    /// Untagged text in a flow of several languages.
    UNTAGGED = 421;
    /// A language that is not spoken here.
    OTHER_LANGUAGE = 422;
    /// A language in which flowc cannot make a menu's question.
    NO_SENTENCES = 423;
    /// Plural forms or a reading that do not fit.
    BAD_READING = 424;
    /// A date that does not exist.
    IMPOSSIBLE_DATE = 430;
    /// A range that holds nothing.
    EMPTY_RANGE = 431;
    /// Two calendar rules of one rank that contradict each other.
    CONTRADICTION = 432;
    /// Calendars that are like each other in a circle.
    CALENDAR_CYCLE = 433;
    /// A calendar's date that is over.
    PAST_DATE = 560;
    /// A day that some years do not have.
    RARE_DAY = 562;
    /// Hours that begin or end where clocks change.
    HOURS_AT_CLOCK_CHANGE = 563;
    /// A reason that never occurs.
    DEAD_REASON = 564;
    /// A calendar that never opens.
    NEVER_OPENS = 565;
    /// A calendar that never closes, and is asked.
    NEVER_CLOSES = 566;
    /// A calendar that never opens again after some day.
    OPENS_NO_MORE = 567;
    /// A list of dates that ends soon.
    DATES_END = 568;
    /// A calendar that is not looked at for the whole ten years.
    CALENDAR_CUT_SHORT = 569;
    /// Two levers that may be thrown at once and give different reasons.
    TWO_LEVERS = 570;
    /// Hours through a night that is longer than nights are.
    LONG_NIGHT = 580;
    /// A key is told that does nothing, outside of the question.
    TOLD_KEY = 581;
    /// An address that a voicemail cannot be delivered to.
    DELIVER_ADDRESS = 582;
    /// Hours of a day that open over others of the same calendar.
    OVERLAP = 584;
    /// An outcome of every flow that no block of this one has.
    NEEDLESS_OUTCOME = 585;
    /// A queue that nobody can serve until its first relaxation.
    NOBODY_AT_FIRST = 571;
    /// A skill that no agent has.
    NOBODY_SKILLED = 572;

    /// A queue that nobody can serve.
    NOBODY_SERVES = 440;
    /// A relaxation that narrows.
    NARROWS = 441;
    /// A condition on people that is not about skills.
    SKILLS_ONLY = 442;
    /// An address that cannot be rung.
    BAD_ADDRESS = 443;
    /// A secret would leave.
    SECRET_LEAVES = 450;
    /// A secret would decide.
    SECRET_DECIDES = 451;
    /// A secret in a place not declared `secret`.
    SECRET_STORED = 452;
    /// Too much of a secret told.
    TOO_MUCH_TOLD = 453;
    /// A number bound twice.
    NUMBER_TWICE = 460;
    /// A telephone number that nobody can call.
    BAD_NUMBER = 461;

    /// A clause or statement of a later version.
    LATER_CLAUSE = 491;
    /// A type or expression of a later version.
    LATER_TYPE = 492;

    /// A preposition before a day that brings its own.
    ON_TOMORROW = 813;
    /// A plural form that the language needs is not written.
    PLURAL_FORM_MISSING = 840;
    /// A plural form that no number takes in the language.
    PLURAL_FORM_UNUSED = 841;
    /// A file that a table or roster is read from is not there.
    DATA_FILE = 508;
    /// A file that is no CSV.
    NOT_CSV = 509;
    /// A column that a table needs is not there.
    NO_COLUMN = 510;
    /// A cell that does not fit its column.
    BAD_CELL = 511;
    /// More rows than can be had.
    DATA_TOO_LARGE = 512;
    /// A roster that names what no flow knows, or somebody twice.
    ROSTER = 513;

    /// A `use` that nothing uses.
    UNUSED_USE = 901;
    /// A key that must wait for a longer one.
    SLOW_KEY = 902;
    /// A calendar rule without effect.
    DEAD_RULE = 903;
    /// A queue in a project that names no agent.
    NO_AGENTS = 904;
    /// A moment that the clocks skip or repeat.
    CLOCK_CHANGE = 905;
}
