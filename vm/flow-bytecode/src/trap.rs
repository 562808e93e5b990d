//! Why a call ends as a fault of its program: the F07xx codes.

macro_rules! reasons {
    ($($number:literal $name:ident $code:literal $text:literal;)*) => {
        /// The reason of a trap; numbers and codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum TrapReason { $(#[doc = $text] $name = $number,)* }

        impl TrapReason {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [TrapReason] = &[$(TrapReason::$name,)*];

            /// The reason of a number.
            pub const fn from_u16(number: u16) -> Option<TrapReason> {
                match number { $($number => Some(TrapReason::$name),)* _ => None }
            }

            /// `F0701` and so on.
            pub const fn code(self) -> &'static str {
                match self { $(TrapReason::$name => $code,)* }
            }

            /// What happened, in a sentence.
            pub const fn text(self) -> &'static str {
                match self { $(TrapReason::$name => $text,)* }
            }
        }
    };
}

reasons! {
    1 LoopWithoutWait "F0701" "This flow loops without waiting.";
    2 Overflow "F0702" "A calculation leaves the range of its type.";
    3 DivideByZero "F0703" "A number is divided by zero.";
    4 NothingThere "F0704" "An option that is none is opened.";
    5 WrongVariant "F0705" "An enum is opened as a variant that it is not.";
    6 NoElement "F0706" "A list has no element at this index.";
    7 ArenaFull "F0707" "The call remembers more than it may.";
    8 TooManyFrames "F0708" "Flows and functions run each other too deep.";
    9 TextTooLong "F0709" "A text becomes longer than it may.";
    10 Unreachable "F0710" "The call comes to a place that was proved to be out of reach.";
    11 SpeechTooDeep "F0711" "Sentences are made of sentences too deep.";
    12 MixedCurrencies "F0712" "Amounts of different currencies are put together.";
}
