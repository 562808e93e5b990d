//! One linear pass over a function: which registers hold what before each instruction.

use super::Checker;
use crate::effects::Effect;
use crate::fault::FaultKind;
use crate::instruction::Opcode;
use crate::program::{Constant, Function, FunctionKind};
use crate::types::{Type, TypeId};
use crate::verified::{Decoded, Point};

/// What stands between a call and its next effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InFlight {
    Nothing,
    /// The entry was waited for; whether it finished or reported is not known before the `switch`.
    Undecided(u16),
    Reported(u16),
}

/// A register that holds an outcome's index, with the data of each outcome behind it.
#[derive(Debug, Clone)]
struct Outcome<'a> {
    register: u8,
    data: &'a [Vec<TypeId>],
    /// The entry and how many of `data` are outcomes, when it is an effect that reports.
    reporting: Option<(u16, usize)>,
}

/// What is known before an instruction.
#[derive(Debug, Clone)]
struct State<'a> {
    registers: Vec<Option<TypeId>>,
    outcome: Option<Outcome<'a>>,
    in_flight: InFlight,
}

impl State<'_> {
    fn set(&mut self, register: u8, id: TypeId) {
        if let Some(outcome) = &self.outcome {
            let width = 1 + outcome.data.iter().map(Vec::len).max().unwrap_or(0);
            let first = usize::from(outcome.register);
            if (first..first + width).contains(&usize::from(register)) {
                self.outcome = None;
            }
        }
        self.registers[usize::from(register)] = Some(id);
    }
}

/// A rule is broken; the fault is recorded, and this function is given up.
struct Broken;

type Checked<T = ()> = Result<T, Broken>;

/// The pass over one function.
struct Pass<'c, 'a> {
    checker: &'c mut Checker<'a>,
    function: &'a Function,
    index: u16,
    start: u32,
    /// Where the handler begins, else the function's end.
    handler: u32,
    end: u32,
    /// By instruction of the function: it is jumped to.
    targets: Vec<bool>,
    /// By instruction of the function: what the first edge into it had in flight.
    expected: Vec<Option<InFlight>>,
    at: u32,
}

impl<'a> Checker<'a> {
    pub(super) fn function(&mut self, index: u16, code: &[Decoded], points: &mut Vec<Point>) {
        let function = &self.program.functions[usize::from(index)];
        let (start, end) = function.code;
        let length = (end - start) as usize;
        let first_point = points.len();
        let mut pass = Pass {
            checker: self,
            function,
            index,
            start,
            handler: function.on_hangup.unwrap_or(end),
            end,
            targets: vec![false; length],
            expected: vec![None; length],
            at: start,
        };
        if pass.find_targets(code).is_ok() && pass.walk(code, points).is_ok() {
            pass.check_handler(&points[first_point..]);
        }
    }
}

impl<'c, 'a> Pass<'c, 'a> {
    fn broken<T>(&mut self, kind: FaultKind, message: impl Into<String>) -> Checked<T> {
        let name = self.checker.program.texts[self.function.name as usize].clone();
        self.checker.fault_at(kind, self.at, format!("`{name}`: {}", message.into()));
        Err(Broken)
    }

    fn local(&self, at: u32) -> usize {
        (at - self.start) as usize
    }

    fn has_map(&self, at: u32) -> bool {
        self.function.maps.binary_search_by_key(&at, |map| map.at).is_ok()
    }

    fn in_handler(&self) -> bool {
        self.at >= self.handler
    }

    /// The places that jumps lead to; all of them within the function, on its side of the handler, and mapped.
    fn find_targets(&mut self, code: &[Decoded]) -> Checked {
        for at in self.start..self.end {
            self.at = at;
            let decoded = code[at as usize];
            match decoded.op {
                Opcode::Jump => self.target(i64::from(at) + 1 + i64::from(decoded.sj()))?,
                Opcode::JumpIf | Opcode::JumpUnless => {
                    self.target(i64::from(at) + 1 + i64::from(decoded.sbx()))?
                }
                Opcode::Switch => {
                    let Some(table) = self.checker.program.jump_tables.get(usize::from(decoded.bx())) else {
                        return self
                            .broken(FaultKind::Operand, format!("there is no jump table {}", decoded.bx()));
                    };
                    for target in table {
                        self.target(i64::from(*target))?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn target(&mut self, to: i64) -> Checked {
        let side = if self.in_handler() { self.handler..self.end } else { self.start..self.handler };
        let Some(to) = u32::try_from(to).ok().filter(|to| side.contains(to)) else {
            return self.broken(FaultKind::Jump, "a jump leaves its function or handler");
        };
        if !self.has_map(to) {
            return self.broken(FaultKind::Jump, format!("a jump leads to {to}, where no map stands"));
        }
        let local = self.local(to);
        self.targets[local] = true;
        Ok(())
    }

    fn walk(&mut self, code: &[Decoded], points: &mut Vec<Point>) -> Checked {
        let mut registers = vec![None; usize::from(self.function.registers)];
        for (register, id) in self.function.params.iter().enumerate() {
            registers[register] = Some(*id);
        }
        let mut state = Some(State { registers, outcome: None, in_flight: InFlight::Nothing });
        for at in self.start..self.end {
            self.at = at;
            if Some(at) == self.function.on_hangup {
                if state.is_some() {
                    return self.broken(FaultKind::Falls, "a path runs into the handler");
                }
                if !self.has_map(at) {
                    return self.broken(FaultKind::Jump, "no map stands at the handler");
                }
            }
            state = self.enter(state)?;
            let Some(current) = state.take() else { continue };
            state = self.step(current, code[at as usize], points)?;
        }
        if state.is_some() {
            return self.broken(FaultKind::Falls, "a path runs off the end");
        }
        Ok(())
    }

    /// Applies the map before the instruction, if one stands there.
    fn enter(&mut self, state: Option<State<'a>>) -> Checked<Option<State<'a>>> {
        let function = self.function;
        let Ok(map) = function.maps.binary_search_by_key(&self.at, |map| map.at) else { return Ok(state) };
        let map = &function.maps[map];
        let local = self.local(self.at);
        let is_target = self.targets[local];
        if let Some(before) = &state {
            self.edge(before, self.at, is_target)?;
        }
        let in_flight = match (&state, self.expected[local]) {
            (Some(before), None) => before.in_flight,
            (_, expected) => expected.unwrap_or(InFlight::Nothing),
        };
        self.expected[local] = Some(in_flight);
        let mut registers = vec![None; usize::from(function.registers)];
        for (register, id) in &map.registers {
            registers[usize::from(*register)] = Some(*id);
        }
        let mut outcome = None;
        if let (Some(before), false) = (state, is_target) {
            if let Some(known) = &before.outcome {
                let width = 1 + known.data.iter().map(Vec::len).max().unwrap_or(0);
                let first = usize::from(known.register);
                registers[first..first + width].copy_from_slice(&before.registers[first..first + width]);
            }
            outcome = before.outcome;
        }
        Ok(Some(State { registers, outcome, in_flight }))
    }

    /// Checks that what is known fits the map at a place.
    fn edge(&mut self, state: &State<'a>, to: u32, forgets: bool) -> Checked {
        let function = self.function;
        let Ok(map) = function.maps.binary_search_by_key(&to, |map| map.at) else { return Ok(()) };
        for (register, id) in &function.maps[map].registers {
            match state.registers[usize::from(*register)] {
                Some(have) if have == *id => {}
                Some(_) => {
                    return self
                        .broken(FaultKind::Join, format!("r{register} has another type than {to} needs"));
                }
                None => {
                    return self
                        .broken(FaultKind::Join, format!("r{register} is not assigned, as {to} needs"));
                }
            }
        }
        if forgets && matches!(state.in_flight, InFlight::Undecided(_)) {
            return self
                .broken(FaultKind::InFlight, "no `switch` follows on an effect that may have reported");
        }
        let local = self.local(to);
        match self.expected[local] {
            None if to >= self.at => self.expected[local] = Some(state.in_flight),
            expected if expected.unwrap_or(InFlight::Nothing) == state.in_flight => {}
            _ => {
                return self
                    .broken(FaultKind::InFlight, format!("paths to {to} disagree on what is in flight"));
            }
        }
        Ok(())
    }

    /// Takes the jump of an instruction that has no other.
    fn jump(&mut self, state: &State<'a>, distance: i32) -> Checked {
        let to = (i64::from(self.at) + 1 + i64::from(distance)) as u32;
        self.edge(state, to, true)
    }

    fn read(&mut self, state: &State<'a>, register: u8) -> Checked<TypeId> {
        match state.registers.get(usize::from(register)) {
            Some(Some(id)) => Ok(*id),
            Some(None) => {
                self.broken(FaultKind::Unassigned, format!("r{register} is read before it is assigned"))
            }
            None => self.broken(FaultKind::Operand, format!("r{register} is outside the frame")),
        }
    }

    fn read_type(&mut self, state: &State<'a>, register: u8) -> Checked<&'a Type> {
        let id = self.read(state, register)?;
        Ok(self.checker.ty(id))
    }

    fn need(&mut self, state: &State<'a>, register: u8, fits: bool, what: &str) -> Checked {
        if fits { Ok(()) } else { self.mistyped(state, register, what) }
    }

    fn mistyped<T>(&mut self, state: &State<'a>, register: u8, what: &str) -> Checked<T> {
        let have = self.read_type(state, register)?;
        self.broken(FaultKind::Type, format!("r{register} is {have:?}, and should be {what}"))
    }

    fn read_as(&mut self, state: &State<'a>, register: u8, ty: &Type) -> Checked {
        let fits = self.read_type(state, register)? == ty;
        self.need(state, register, fits, &format!("{ty:?}"))
    }

    /// Registers from `first` on hold values of these types.
    fn read_all(&mut self, state: &State<'a>, first: u8, ids: &[TypeId]) -> Checked {
        // The machine cuts the frame here even for nothing: at most at its end.
        if first > self.function.registers {
            return self.broken(FaultKind::Operand, format!("r{first} is outside the frame"));
        }
        for (offset, id) in ids.iter().enumerate() {
            let register = self.register(usize::from(first) + offset)?;
            if self.read(state, register)? != *id {
                let ty = self.checker.ty(*id);
                return self.mistyped(state, register, &format!("{ty:?}"));
            }
        }
        Ok(())
    }

    fn register(&mut self, register: usize) -> Checked<u8> {
        if register < usize::from(self.function.registers) {
            return Ok(register as u8);
        }
        self.broken(FaultKind::Operand, format!("r{register} is outside the frame"))
    }

    fn write(&mut self, state: &mut State<'a>, register: u8, id: TypeId) -> Checked {
        self.register(usize::from(register))?;
        state.set(register, id);
        Ok(())
    }

    /// Writes a type that the program's table must have.
    fn write_as(&mut self, state: &mut State<'a>, register: u8, ty: &Type) -> Checked {
        match self.checker.id_of(ty) {
            Some(id) => self.write(state, register, id),
            None => self.broken(FaultKind::Types, format!("{ty:?} is not in the table of types")),
        }
    }

    fn entry<T>(&mut self, table: &'a [T], index: u16, what: &str) -> Checked<&'a T> {
        match table.get(usize::from(index)) {
            Some(entry) => Ok(entry),
            None => self.broken(FaultKind::Operand, format!("there is no {what} {index}")),
        }
    }

    fn enum_of(&mut self, state: &State<'a>, register: u8) -> Checked<&'a [Vec<TypeId>]> {
        match self.read_type(state, register)? {
            Type::Enum(variants) => Ok(variants),
            _ => self.mistyped(state, register, "an enum"),
        }
    }

    fn list_of(&mut self, state: &State<'a>, register: u8) -> Checked<TypeId> {
        match self.read_type(state, register)? {
            Type::List(of) => Ok(*of),
            _ => self.mistyped(state, register, "a list"),
        }
    }

    fn option_of(&mut self, state: &State<'a>, register: u8) -> Checked<TypeId> {
        match self.read_type(state, register)? {
            Type::Option(of) => Ok(*of),
            _ => self.mistyped(state, register, "an option"),
        }
    }

    fn flow_only(&mut self) -> Checked<&'a [Vec<TypeId>]> {
        match &self.function.kind {
            FunctionKind::Flow { gives } => Ok(gives),
            FunctionKind::Pure(_) => {
                self.broken(FaultKind::Place, "a function has no effects and enters no block")
            }
        }
    }

    fn not_in_handler(&mut self) -> Checked {
        if self.in_handler() {
            return self.broken(FaultKind::Place, "a handler performs at-once effects only");
        }
        Ok(())
    }

    fn nothing_in_flight(&mut self, state: &State<'a>) -> Checked {
        if state.in_flight != InFlight::Nothing {
            return self.broken(
                FaultKind::InFlight,
                "an effect that has reported is neither waited for nor cancelled",
            );
        }
        Ok(())
    }

    /// What one instruction does to what is known; `None` when it does not go on behind itself.
    fn step(
        &mut self,
        mut state: State<'a>,
        i: Decoded,
        points: &mut Vec<Point>,
    ) -> Checked<Option<State<'a>>> {
        use Opcode as Op;
        let program = self.checker.program;
        if matches!(state.in_flight, InFlight::Undecided(_)) {
            let decides =
                i.op == Op::Switch && state.outcome.as_ref().is_some_and(|outcome| outcome.register == i.a);
            if !decides {
                return self
                    .broken(FaultKind::InFlight, "no `switch` follows on an effect that may have reported");
            }
        }
        match i.op {
            Op::Trap => {
                if crate::trap::TrapReason::from_u16(i.bx()).is_none() {
                    return self.broken(FaultKind::Operand, format!("{} is no reason of a trap", i.bx()));
                }
                return Ok(None);
            }
            Op::Move => {
                let id = self.read(&state, i.b)?;
                self.write(&mut state, i.a, id)?;
            }
            Op::Load => match self.entry(&program.constants, i.bx(), "constant")? {
                Constant::Bool(_) => self.write_as(&mut state, i.a, &Type::Bool)?,
                Constant::Int(_) => self.write_as(&mut state, i.a, &Type::Int)?,
                Constant::Decimal(_) => self.write_as(&mut state, i.a, &Type::Decimal)?,
                Constant::Money(_) => self.write_as(&mut state, i.a, &Type::Money)?,
                Constant::Text(_) => self.write_as(&mut state, i.a, &Type::Text)?,
                Constant::Digits(_) => self.write_as(&mut state, i.a, &Type::Digits)?,
                Constant::Phone(_) => self.write_as(&mut state, i.a, &Type::Phone)?,
                Constant::Duration(_) => self.write_as(&mut state, i.a, &Type::Duration)?,
                Constant::Date(_) => self.write_as(&mut state, i.a, &Type::Date)?,
                Constant::Time(_) => self.write_as(&mut state, i.a, &Type::Time)?,
                Constant::DateTime(..) => self.write_as(&mut state, i.a, &Type::DateTime)?,
                Constant::Language(_) => self.write_as(&mut state, i.a, &Type::Language)?,
                Constant::Variant(id, _) => self.write(&mut state, i.a, *id)?,
                Constant::Table(ty, _) => self.write_as(&mut state, i.a, ty)?,
            },
            Op::Int => self.write_as(&mut state, i.a, &Type::Int)?,
            Op::None => {
                if !matches!(self.entry(&program.types, i.bx(), "type")?, Type::Option(_)) {
                    return self.broken(FaultKind::Operand, format!("type {} is no option", i.bx()));
                }
                self.write(&mut state, i.a, TypeId(i.bx()))?;
            }
            Op::Some => {
                let of = self.read(&state, i.b)?;
                self.write_as(&mut state, i.a, &Type::Option(of))?;
            }
            Op::IsNone => {
                self.option_of(&state, i.b)?;
                self.write_as(&mut state, i.a, &Type::Bool)?;
            }
            Op::Unwrap => {
                let of = self.option_of(&state, i.b)?;
                self.write(&mut state, i.a, of)?;
            }
            Op::Add | Op::Subtract => {
                let id = self.read(&state, i.b)?;
                let other = match self.checker.ty(id) {
                    Type::Int | Type::Date => Type::Int,
                    Type::Duration => Type::Duration,
                    _ => return self.mistyped(&state, i.b, "a number, duration or date"),
                };
                self.read_as(&state, i.c, &other)?;
                self.write(&mut state, i.a, id)?;
            }
            Op::Multiply | Op::Divide => {
                let id = self.read(&state, i.b)?;
                let fits = matches!(self.checker.ty(id), Type::Int | Type::Duration);
                self.need(&state, i.b, fits, "a number or duration")?;
                self.read_as(&state, i.c, &Type::Int)?;
                self.write(&mut state, i.a, id)?;
            }
            Op::Remainder => {
                self.read_as(&state, i.b, &Type::Int)?;
                self.read_as(&state, i.c, &Type::Int)?;
                self.write_as(&mut state, i.a, &Type::Int)?;
            }
            Op::Negate => {
                let id = self.read(&state, i.b)?;
                let fits = matches!(self.checker.ty(id), Type::Int | Type::Duration);
                self.need(&state, i.b, fits, "a number or duration")?;
                self.write(&mut state, i.a, id)?;
            }
            Op::AddTime => {
                self.read_as(&state, i.b, &Type::DateTime)?;
                self.read_as(&state, i.c, &Type::Duration)?;
                self.write_as(&mut state, i.a, &Type::DateTime)?;
            }
            Op::SubtractTime => {
                self.read_as(&state, i.b, &Type::DateTime)?;
                self.read_as(&state, i.c, &Type::DateTime)?;
                self.write_as(&mut state, i.a, &Type::Duration)?;
            }
            Op::AddInt => {
                self.read_as(&state, i.b, &Type::Int)?;
                self.write_as(&mut state, i.a, &Type::Int)?;
            }
            Op::Equal | Op::Less | Op::LessOrEqual | Op::EqualText => {
                let id = self.read(&state, i.b)?;
                let (fits, what) = match i.op {
                    Op::Equal => (self.checker.is_number(id), "something that is equal as a number"),
                    Op::EqualText => {
                        let fits = matches!(self.checker.ty(id), Type::Text | Type::Digits | Type::Phone);
                        (fits, "a text")
                    }
                    _ => {
                        let ty = self.checker.ty(id);
                        let fits = matches!(ty, Type::Int | Type::Duration | Type::Date | Type::Time);
                        (fits, "something that has an order")
                    }
                };
                self.need(&state, i.b, fits, what)?;
                self.read_all(&state, i.c, &[id])?;
                self.write_as(&mut state, i.a, &Type::Bool)?;
            }
            Op::Not => {
                self.read_as(&state, i.b, &Type::Bool)?;
                self.write_as(&mut state, i.a, &Type::Bool)?;
            }
            Op::Record => {
                let Type::Record(fields) = self.entry(&program.types, i.bx(), "type")? else {
                    return self.broken(FaultKind::Operand, format!("type {} is no record", i.bx()));
                };
                self.read_all(&state, i.a, fields)?;
                self.write(&mut state, i.a, TypeId(i.bx()))?;
            }
            Op::Field => {
                let Type::Record(fields) = self.read_type(&state, i.b)? else {
                    return self.mistyped(&state, i.b, "a record");
                };
                match fields.get(usize::from(i.c)) {
                    Some(id) => self.write(&mut state, i.a, *id)?,
                    None => {
                        return self.broken(FaultKind::Operand, format!("the record has no field {}", i.c));
                    }
                }
            }
            Op::Variant => {
                let entry = self.entry(&program.variants, i.bx(), "variant")?;
                if let Type::Enum(variants) = self.checker.ty(entry.ty) {
                    self.read_all(&state, i.a, &variants[usize::from(entry.variant)])?;
                }
                self.write(&mut state, i.a, entry.ty)?;
            }
            Op::Tag => {
                self.enum_of(&state, i.b)?;
                self.write_as(&mut state, i.a, &Type::Int)?;
            }
            Op::Unpack => {
                let variants = self.enum_of(&state, i.b)?;
                let Some(fields) = variants.get(usize::from(i.c)) else {
                    return self.broken(FaultKind::Operand, format!("the enum has no variant {}", i.c));
                };
                for (offset, id) in fields.iter().enumerate() {
                    let register = self.register(usize::from(i.a) + offset)?;
                    self.write(&mut state, register, *id)?;
                }
            }
            Op::List => {
                let of = self.read(&state, i.b)?;
                if i.c == 0 {
                    return self.broken(FaultKind::Operand, "a list of nothing is `empty_list`");
                }
                self.read_all(&state, i.b, &vec![of; usize::from(i.c)])?;
                self.write_as(&mut state, i.a, &Type::List(of))?;
            }
            Op::EmptyList => {
                if !matches!(self.entry(&program.types, i.bx(), "type")?, Type::List(_)) {
                    return self.broken(FaultKind::Operand, format!("type {} is no list", i.bx()));
                }
                self.write(&mut state, i.a, TypeId(i.bx()))?;
            }
            Op::Element => {
                let of = self.list_of(&state, i.b)?;
                self.read_as(&state, i.c, &Type::Int)?;
                self.write(&mut state, i.a, of)?;
            }
            Op::Append => {
                let of = self.list_of(&state, i.b)?;
                let list = self.read(&state, i.b)?;
                self.read_all(&state, i.c, &[of])?;
                self.write(&mut state, i.a, list)?;
            }
            Op::Format | Op::Speech => {
                let template = self.entry(&program.templates, i.bx(), "template")?;
                self.read_all(&state, i.a, &template.arguments)?;
                if i.op == Op::Speech {
                    self.write_as(&mut state, i.a, &Type::Speech)?;
                } else {
                    let is_text = |id: &TypeId| crate::text::has_words(self.checker.ty(*id));
                    if !template.arguments.iter().all(is_text) {
                        return self.broken(FaultKind::Operand, "a text is made of what has no words");
                    }
                    self.write_as(&mut state, i.a, &Type::Text)?;
                }
            }
            Op::Pure => {
                let entry = self.entry(&program.pures, i.bx(), "library function")?;
                self.read_all(&state, i.a, &entry.arguments)?;
                self.write(&mut state, i.a, entry.result)?;
            }
            Op::Jump => {
                self.jump(&state, i.sj())?;
                return Ok(None);
            }
            Op::JumpIf | Op::JumpUnless => {
                self.read_as(&state, i.a, &Type::Bool)?;
                self.jump(&state, i32::from(i.sbx()))?;
            }
            Op::Switch => {
                self.switch(&state, i)?;
                return Ok(None);
            }
            Op::Call => {
                let callee = self.entry(&program.functions, i.bx(), "function")?;
                let FunctionKind::Pure(result) = callee.kind else {
                    return self.broken(FaultKind::Operand, "a flow is run, not called");
                };
                self.read_all(&state, i.a, &callee.params)?;
                self.write(&mut state, i.a, result)?;
            }
            Op::Return => {
                let FunctionKind::Pure(result) = self.function.kind else {
                    return self.broken(FaultKind::Place, "a flow gives, it does not return");
                };
                self.read_all(&state, i.a, &[result])?;
                return Ok(None);
            }
            Op::Run => {
                self.flow_only()?;
                self.not_in_handler()?;
                self.nothing_in_flight(&state)?;
                let callee = self.entry(&program.functions, i.bx(), "function")?;
                let FunctionKind::Flow { gives } = &callee.kind else {
                    return self.broken(FaultKind::Operand, "a function is called, not run");
                };
                self.read_all(&state, i.a, &callee.params)?;
                self.stand(&mut state, i.a, callee.params.len(), gives, None, points)?;
                // A flow that gives nothing never comes back.
                if gives.is_empty() {
                    return Ok(None);
                }
            }
            Op::Give => {
                let gives = self.flow_only()?;
                self.not_in_handler()?;
                self.nothing_in_flight(&state)?;
                let Some(data) = gives.get(usize::from(i.bx())) else {
                    return self.broken(FaultKind::Operand, format!("the flow has no outcome {}", i.bx()));
                };
                self.read_all(&state, i.a, data)?;
                return Ok(None);
            }
            Op::Goto => {
                let gives = self.flow_only()?;
                self.not_in_handler()?;
                self.nothing_in_flight(&state)?;
                let callee = self.entry(&program.functions, i.bx(), "function")?;
                match &callee.kind {
                    FunctionKind::Flow { gives: theirs } if theirs.is_empty() || theirs == gives => {}
                    _ => return self.broken(FaultKind::Operand, "`goto` leads to what gives other outcomes"),
                }
                self.read_all(&state, i.a, &callee.params)?;
                return Ok(None);
            }
            Op::Block => {
                self.flow_only()?;
                self.entry(&program.blocks, i.bx(), "block")?;
            }
            Op::Perform => self.perform(&mut state, i, points)?,
            Op::Wait => {
                self.flow_only()?;
                let entry = self.entry(&program.effects, i.bx(), "effect")?;
                if state.in_flight != InFlight::Reported(i.bx()) {
                    return self
                        .broken(FaultKind::InFlight, "the effect that is waited for has not reported");
                }
                let outcomes = entry.effect.signature().outcomes.len();
                self.stand(&mut state, i.a, 0, &entry.outcomes, Some((i.bx(), outcomes)), points)?;
                state.in_flight = InFlight::Undecided(i.bx());
            }
            Op::Cancel => {
                self.flow_only()?;
                if state.in_flight != InFlight::Reported(i.bx()) {
                    return self.broken(FaultKind::InFlight, "the effect that is cancelled has not reported");
                }
                state.in_flight = InFlight::Nothing;
            }
            Op::End => {
                self.flow_only()?;
                self.nothing_in_flight(&state)?;
                return Ok(None);
            }
        }
        Ok(Some(state))
    }

    fn perform(&mut self, state: &mut State<'a>, i: Decoded, points: &mut Vec<Point>) -> Checked {
        self.flow_only()?;
        let entry = self.entry(&self.checker.program.effects, i.bx(), "effect")?;
        let at_once = Effect::is_at_once(entry.effect);
        if !at_once {
            self.not_in_handler()?;
            self.nothing_in_flight(state)?;
        }
        self.read_all(state, i.a, &entry.arguments)?;
        let signature = entry.effect.signature();
        let reporting = (!signature.reports.is_empty()).then_some((i.bx(), signature.outcomes.len()));
        self.stand(state, i.a, entry.arguments.len(), &entry.outcomes, reporting, points)?;
        if reporting.is_some() {
            state.in_flight = InFlight::Undecided(i.bx());
        }
        Ok(())
    }

    /// The call stands still: arguments are consumed, the outcome and its data come to be.
    fn stand(
        &mut self,
        state: &mut State<'a>,
        first: u8,
        arguments: usize,
        data: &'a [Vec<TypeId>],
        reporting: Option<(u16, usize)>,
        points: &mut Vec<Point>,
    ) -> Checked {
        let widest = 1 + data.iter().map(Vec::len).max().unwrap_or(0);
        let from = usize::from(first);
        let to = from + widest.max(arguments);
        self.register(to - 1)?;
        state.registers[from..to].fill(None);
        state.outcome = None;
        let beneath = match state.in_flight {
            InFlight::Reported(entry) if reporting.is_none() => Some(entry),
            _ => None,
        };
        let function = self.function;
        let map = function.maps.binary_search_by_key(&(self.at + 1), |map| map.at).ok();
        let live = |register: u8| match map {
            Some(map) => {
                function.maps[map].registers.binary_search_by_key(&register, |(live, _)| *live).is_ok()
            }
            None => true,
        };
        let kept = state.registers.iter().enumerate();
        let kept = kept.filter_map(|(register, id)| id.map(|id| (register as u8, id)));
        let kept = kept.filter(|(register, _)| live(*register)).collect();
        points.push(Point { at: self.at, function: self.index, kept, beneath });

        self.write_as(state, first, &Type::Int)?;
        self.common(state, first, data);
        state.outcome = Some(Outcome { register: first, data, reporting });
        Ok(())
    }

    /// Writes the data that several outcomes have in common.
    fn common(&mut self, state: &mut State<'a>, register: u8, data: &'a [Vec<TypeId>]) {
        let width = data.iter().map(Vec::len).max().unwrap_or(0);
        for offset in 0..width {
            let first = data[0].get(offset).copied();
            let same = data.iter().all(|types| types.get(offset).copied() == first);
            state.registers[usize::from(register) + 1 + offset] = first.filter(|_| same);
        }
    }

    fn switch(&mut self, state: &State<'a>, i: Decoded) -> Checked {
        let id = self.read(state, i.a)?;
        let fits = *self.checker.ty(id) == Type::Int || self.checker.is_number(id);
        self.need(state, i.a, fits, "an index")?;
        let table = &self.checker.program.jump_tables[usize::from(i.bx())];
        let Some(outcome) = state.outcome.clone().filter(|outcome| outcome.register == i.a) else {
            for target in table {
                self.edge(state, *target, true)?;
            }
            return Ok(());
        };
        let last = table.len() - 1;
        for (index, target) in table.iter().enumerate() {
            let to = if index == last {
                outcome.data.len().max(index)
            } else {
                (index + 1).min(outcome.data.len())
            };
            let these = outcome.data.get(index..to).unwrap_or(&[]);
            let mut after = state.clone();
            after.outcome = None;
            if let Some((entry, outcomes)) = outcome.reporting {
                after.in_flight =
                    if index >= outcomes { InFlight::Reported(entry) } else { InFlight::Nothing };
                if index < outcomes && to > outcomes {
                    return self
                        .broken(FaultKind::InFlight, "the last entry stands for both outcomes and reports");
                }
            }
            if !these.is_empty() {
                self.common(&mut after, i.a, these);
            }
            self.edge(&after, *target, true)?;
        }
        Ok(())
    }

    /// What the handler reads must live on wherever the caller may hang up.
    fn check_handler(&mut self, points: &[Point]) {
        let function = self.function;
        let Some(map) = function.maps.iter().find(|map| Some(map.at) == function.on_hangup) else { return };
        for point in points.iter().filter(|point| point.at < self.handler) {
            for needed in &map.registers {
                if !point.kept.contains(needed) {
                    self.at = point.at;
                    let message = format!("r{} is read by `on hangup` but does not live on here", needed.0);
                    let _: Checked = self.broken(FaultKind::Join, message);
                    return;
                }
            }
        }
    }
}
