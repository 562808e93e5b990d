//! The one instruction table: encoder, decoder, verifier, disassembler and the book's page are made of it.
//!
//! An instruction is 32 bits, little endian: `op` in bits 0-7, then A, B, C of 8 bits each, or A and a 16-bit
//! `Bx` in bits 16-31 (`sBx` when signed), or a signed 24-bit `sJ` in bits 8-31. Jump distances count
//! instructions from the one after the jump. `R[A]` is register A of the frame.

/// What the operand bits of an instruction are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// No operands.
    None,
    /// Register A.
    A,
    /// Registers A and B.
    AB,
    /// Registers A, B and C.
    ABC,
    /// Registers A and B, and a small number in C.
    ABn,
    /// Register A and an unsigned index.
    ABx,
    /// Register A and a signed immediate or jump.
    AsBx,
    /// An unsigned index alone.
    Bx,
    /// A jump.
    Jump,
}

macro_rules! instructions {
    ($($code:literal $name:ident $mnemonic:literal $layout:ident $text:literal;)*) => {
        /// The operation of an instruction; numbers are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Opcode { $(#[doc = concat!("```text\n", $text, "\n```")] $name = $code,)* }

        impl Opcode {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name,)*];

            /// The operation of a number.
            pub const fn from_u8(byte: u8) -> Option<Opcode> {
                match byte { $($code => Some(Opcode::$name),)* _ => None }
            }

            /// Its name in a listing.
            pub const fn mnemonic(self) -> &'static str {
                match self { $(Opcode::$name => $mnemonic,)* }
            }

            /// What its operand bits are.
            pub const fn layout(self) -> Layout {
                match self { $(Opcode::$name => Layout::$layout,)* }
            }

            /// One sentence on what it does.
            pub const fn text(self) -> &'static str {
                match self { $(Opcode::$name => $text,)* }
            }
        }
    };
}

instructions! {
    0x00 Trap "trap" Bx "Ends the call as a fault of the program; Bx is a reason of `TrapReason`.";
    0x01 Move "move" AB "R[A] = R[B].";
    0x02 Load "load" ABx "R[A] = constant Bx, with the constant's type.";
    0x03 Int "int" AsBx "R[A] = the integer sBx.";
    0x04 None "none" ABx "R[A] = none, of the option type Bx.";
    0x05 Some "some" AB "R[A] = some(R[B]).";
    0x06 IsNone "is_none" AB "R[A] = whether the option R[B] is none.";
    0x07 Unwrap "unwrap" AB "R[A] = what is in the option R[B]; a trap when it is none.";
    0x10 Add "add" ABC "R[A] = R[B] + R[C] (int + int, duration + duration, date + int days); a trap on overflow.";
    0x11 Subtract "sub" ABC "R[A] = R[B] - R[C] (int, duration, date - int days); a trap on overflow.";
    0x12 Multiply "mul" ABC "R[A] = R[B] * R[C] (int * int, duration * int); a trap on overflow.";
    0x13 Divide "div" ABC "R[A] = R[B] / R[C], rounded toward zero (int, duration / int); a trap on zero.";
    0x14 Remainder "rem" ABC "R[A] = R[B] % R[C] (int); a trap on zero.";
    0x15 Negate "neg" AB "R[A] = -R[B] (int, duration); a trap on overflow.";
    0x16 AddTime "add_time" ABC "R[A] = the datetime R[B] later by the duration R[C], in the same zone.";
    0x17 SubtractTime "sub_time" ABC "R[A] = the duration from the datetime R[C] to the datetime R[B].";
    0x18 AddInt "add_int" ABn "R[A] = R[B] + C, C from 0 to 255 (int); a trap on overflow.";
    0x20 Equal "eq" ABC "R[A] = whether R[B] and R[C] are the same number (bool, int, duration, date, time, language, enum without data).";
    0x21 Less "lt" ABC "R[A] = R[B] < R[C] (int, duration, date, time).";
    0x22 LessOrEqual "le" ABC "R[A] = R[B] <= R[C] (int, duration, date, time).";
    0x23 EqualText "eq_text" ABC "R[A] = whether the texts R[B] and R[C] have the same characters.";
    0x24 Not "not" AB "R[A] = not R[B].";
    0x30 Record "record" ABx "R[A] = a value of the record type Bx made of R[A], R[A+1], … (one for each field).";
    0x31 Field "field" ABn "R[A] = field C of the record R[B].";
    0x32 Variant "variant" ABx "R[A] = the variant of entry Bx of the program's variant table, made of R[A], R[A+1], …";
    0x33 Tag "tag" AB "R[A] = the index of the variant of R[B].";
    0x34 Unpack "unpack" ABn "R[A], R[A+1], … = the fields of R[B], which is variant C; a trap when it is another.";
    0x35 List "list" ABn "R[A] = a list of the C values R[B], R[B+1], …; C is at least 1.";
    0x36 EmptyList "empty_list" ABx "R[A] = an empty list of the list type Bx.";
    0x37 Element "element" ABC "R[A] = element R[C] of the list R[B], from 0; a trap when there is none.";
    0x38 Append "append" ABC "R[A] = the list R[B] with R[C] at its end.";
    0x40 Format "format" ABx "R[A] = text of the template Bx with its arguments R[A], R[A+1], …";
    0x41 Speech "speech" ABx "R[A] = something to speak: the template Bx with its arguments R[A], R[A+1], …";
    0x42 Pure "pure" ABx "R[A] = the library function of entry Bx, of the arguments R[A], R[A+1], …";
    0x50 Jump "jump" Jump "Goes on sJ instructions further.";
    0x51 JumpIf "jump_if" AsBx "Goes on sBx instructions further when R[A] is true.";
    0x52 JumpUnless "jump_unless" AsBx "Goes on sBx instructions further when R[A] is false.";
    0x53 Switch "switch" ABx "Goes on at entry R[A] of the jump table Bx, or at its last entry when R[A] is beyond.";
    0x54 Call "call" ABx "R[A] = the pure function Bx of the arguments R[A], R[A+1], …";
    0x55 Return "return" A "Leaves a pure function with the value R[A].";
    0x56 Run "run" ABx "Runs the flow Bx with the arguments R[A], …; back from it R[A] is the outcome's index and R[A+1], … its data.";
    0x57 Give "give" ABx "Leaves a flow that was run with the outcome Bx and its data R[A], R[A+1], …";
    0x58 Goto "goto" ABx "Leaves this flow for good for the flow Bx with the arguments R[A], …";
    0x59 Block "block" Bx "Says that the call has entered block Bx of the program's block table.";
    0x60 Perform "perform" ABx "Begins the effect of entry Bx with the arguments R[A], … and waits; then R[A] is its outcome (or, past the outcomes, its report) and R[A+1], … the data.";
    0x61 Wait "wait" ABx "Waits again for the effect of entry Bx that R[A]'s `perform` began and that has only reported.";
    0x62 Cancel "cancel" Bx "Cancels the effect of entry Bx that has only reported.";
    0x63 End "end" None "The call is over.";
}

/// One instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction(pub u32);

impl Instruction {
    /// With three 8-bit operands; those that the layout lacks are 0.
    pub const fn abc(op: Opcode, a: u8, b: u8, c: u8) -> Self {
        Self(op as u32 | (a as u32) << 8 | (b as u32) << 16 | (c as u32) << 24)
    }

    /// With a register and an index.
    pub const fn abx(op: Opcode, a: u8, bx: u16) -> Self {
        Self(op as u32 | (a as u32) << 8 | (bx as u32) << 16)
    }

    /// With a register and a signed immediate.
    pub const fn asbx(op: Opcode, a: u8, sbx: i16) -> Self {
        Self::abx(op, a, sbx as u16)
    }

    /// With a jump of `sj` instructions, which must fit in 24 bits.
    pub const fn jump(op: Opcode, sj: i32) -> Self {
        Self(op as u32 | (sj as u32) << 8)
    }

    /// The operation, when the byte is one.
    pub const fn opcode(self) -> Option<Opcode> {
        Opcode::from_u8(self.0 as u8)
    }

    /// Operand A.
    pub const fn a(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// Operand B.
    pub const fn b(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// Operand C.
    pub const fn c(self) -> u8 {
        (self.0 >> 24) as u8
    }

    /// Operand Bx.
    pub const fn bx(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// Operand sBx.
    pub const fn sbx(self) -> i16 {
        (self.0 >> 16) as i16
    }

    /// Operand sJ.
    pub const fn sj(self) -> i32 {
        (self.0 as i32) >> 8
    }
}
