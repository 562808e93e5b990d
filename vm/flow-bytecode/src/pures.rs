//! The pure library functions: what can be calculated of values besides the instructions, at many types.
//!
//! One table: the container's numbers and the listing's names are made of it. At which types each is defined
//! the verifier's signatures say; what it does, `flow-vm`.

macro_rules! pures {
    ($($number:literal $name:ident $text:literal;)*) => {
        /// A pure library function; numbers are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Pure { $(#[doc = $text] $name = $number,)* }

        impl Pure {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Pure] = &[$(Pure::$name,)*];

            /// The function of a number.
            pub const fn from_u8(number: u8) -> Option<Pure> {
                match number { $($number => Some(Pure::$name),)* _ => None }
            }

            /// What it does, in one sentence.
            pub const fn text(self) -> &'static str {
                match self { $(Pure::$name => $text,)* }
            }
        }
    };
}

pures! {
    0 TextOf "Any number, moment or text, as text.";
    1 IntOf "A text or digits as `option int`; none when it is no whole number of 64 bits.";
    2 Length "Of a list, map or text, as int.";
    3 First "Of a list, as an option.";
    4 At "Of a list and an int from 0, or of a map and a key; an option.";
    5 Sum "Of a list of int, duration or decimal; of a list of money an option, none when it is empty.";
    6 Last "The last (int) characters of a text.";
    7 Contains "Whether a list has an element equal to the second argument.";
    8 DecimalOf "An int as decimal; a text or digits as `option decimal`.";
    9 Add "Decimals, or money of one currency.";
    10 Subtract "Decimals, or money of one currency.";
    11 Multiply "A decimal or money by a decimal.";
    12 Divide "A decimal or money by a decimal; a trap on zero.";
    13 Remainder "Of decimals; a trap on zero.";
    14 Negate "A decimal or money.";
    15 Compare "Decimals, or money of one currency: -1, 0 or 1.";
    16 Same "Whether two values of one type are equal in all their parts.";
    17 Round "A decimal or money to so many (int) digits after the point; halves go away from zero.";
    18 Floor "The greatest int that is not above a decimal.";
    19 Ceiling "The smallest int that is not below a decimal.";
    20 Nearest "The int next to a decimal; halves go away from zero.";
    21 Whole "A decimal as `option int`; none when it has digits after the point or is too large.";
    22 MoneyLike "The money of a decimal in the currency of other money.";
    23 Amount "Of money, as decimal.";
    24 Currency "The code of money's currency, as text.";
    25 MapOf "A map of a list of keys and a list of as many values; of equal keys the last value.";
    26 Keys "Of a map, as a list.";
    27 Values "Of a map, as a list.";
    28 StartsWith "Whether a text begins with another.";
    29 EndsWith "Whether a text ends with another.";
    30 Includes "Whether a text has another in it.";
    31 DateOf "The date of a datetime, as its zone's clocks show it.";
    32 TimeOf "The time of day of a datetime, as its zone's clocks show it.";
    33 Year "Of a date or datetime.";
    34 Month "Of a date or datetime, from 1.";
    35 Day "Of the month, of a date or datetime.";
    36 Weekday "Of a date or datetime: 1 is Monday, 7 Sunday.";
    37 Hour "Of a time or datetime.";
    38 Minute "Of a time or datetime.";
    39 Days "Whole days in a duration, rounded down.";
    40 Hours "Whole hours in a duration, rounded toward zero.";
    41 Minutes "Whole minutes in a duration, rounded toward zero.";
    42 Seconds "Whole seconds in a duration, rounded toward zero.";
    43 Between "The duration from the second date to the first.";
    44 Luhn "Whether digits end with the check digit that payment cards have.";
    45 DigitsOf "A text as `option digits`; none when something else than digits is in it, or nothing.";
    46 PhoneOf "A text as `option phone`; none when it is no number in E.164.";
    47 Join "A list of texts as one, with the second text between.";
}
