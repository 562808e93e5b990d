//! What is wrong with a container or a program: the F06xx codes.

use std::fmt;

macro_rules! faults {
    ($($name:ident $code:literal $text:literal;)*) => {
        /// The kind of a fault; codes are never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FaultKind { $(#[doc = $text] $name,)* }

        impl FaultKind {
            /// All of them.
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$name,)*];

            /// `F0601` and so on.
            pub const fn code(self) -> &'static str {
                match self { $(FaultKind::$name => $code,)* }
            }

            /// The rule that was broken, in one sentence.
            pub const fn text(self) -> &'static str {
                match self { $(FaultKind::$name => $text,)* }
            }
        }
    };
}

faults! {
    NotAContainer "F0601" "The file is not a flow container, or was damaged on its way.";
    Version "F0602" "The container's format is of another version.";
    Section "F0603" "A section of the container is missing, unknown or does not hold what it should.";
    Checksum "F0604" "A section's checksum does not fit its bytes.";
    Index "F0610" "A table names an entry that another table does not have.";
    Types "F0611" "A type is written twice, nests too deep, or stands before what it is made of.";
    Limit "F0612" "The program is larger than the machine allows.";
    Layout "F0613" "A function's code, maps or handler are out of place.";
    Opcode "F0620" "An instruction is unknown.";
    Operand "F0621" "An operand names something that is not there.";
    Jump "F0622" "A jump leaves its function, its handler, or lands where no map stands.";
    Falls "F0624" "A path runs off the end of its function.";
    Unassigned "F0625" "A register is read before it was assigned.";
    Type "F0626" "A register has another type than is needed.";
    Join "F0627" "Paths that meet disagree on a register.";
    Signature "F0628" "An effect or library function is used at types that it does not have.";
    InFlight "F0629" "An effect that has only reported is left, forgotten or waited for where there is none.";
    Place "F0630" "An instruction stands where it may not: an effect in a function, a wait in a handler.";
}

/// One fault: which rule, where, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule.
    pub kind: FaultKind,
    /// The instruction of `Program::code`, when it is about one.
    pub at: Option<u32>,
    /// What was found, in a sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.kind.code(), self.message)?;
        match self.at {
            Some(at) => write!(f, " (instruction {at})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
