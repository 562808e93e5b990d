//! A program as a listing, for `flowc inspect` and for people who wonder: header, tables, functions with their
//! instructions under the source lines that they come from.
//!
//! Stable: equal programs give equal listings.

use std::fmt::{self, Display, Write};

use crate::instruction::{Instruction, Layout, Opcode};
use crate::program::{Constant, Function, FunctionKind, Piece, Program};
use crate::trap::TrapReason;
use crate::types::{Type, TypeId};
use crate::verified::VerifiedProgram;

/// Characters of a text shown in a comment.
const QUOTED: usize = 40;

/// The listing of a program.
pub fn listing(program: &VerifiedProgram) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_listing(&mut out, program);
    out
}

fn write_listing(out: &mut String, program: &VerifiedProgram) -> fmt::Result {
    write!(out, "program {}\nidentity ", program.name)?;
    for byte in program.identity() {
        write!(out, "{byte:02x}")?;
    }
    writeln!(out, "\nzones {}\nlanguages {}", program.zones.join(" "), program.languages.join(" "))?;
    writeln!(
        out,
        "{} instructions, {} functions, {} blocks, {} texts, {} constants, {} templates",
        program.code.len(),
        program.functions.len(),
        program.blocks.len(),
        program.texts.len(),
        program.constants.len(),
        program.templates.len()
    )?;
    tables(out, program)?;
    for (index, function) in program.functions.iter().enumerate() {
        functions(out, program, index, function)?;
    }
    Ok(())
}

fn text(program: &Program, id: u32) -> &str {
    program.texts.get(id as usize).map_or("?", String::as_str)
}

fn tables(out: &mut String, program: &Program) -> fmt::Result {
    section(out, "inbound", &program.inbound, |inbound| {
        let flow = program.functions[usize::from(inbound.flow)].name;
        format!("{} {}", text(program, inbound.number), text(program, flow))
    })?;
    section(out, "effects", &program.effects, |entry| {
        format!("{}{}", entry.effect.signature().word, types(program, &entry.arguments))
    })?;
    section(out, "library functions", &program.pures, |entry| {
        let (arguments, result) = (types(program, &entry.arguments), type_name(program, entry.result));
        format!("{:?}{arguments}: {result}", entry.function)
    })?;
    section(out, "keys", &program.keys, |table| {
        let keys: Vec<&str> = table.choices.iter().map(|choice| text(program, choice.keys)).collect();
        keys.join(" ")
    })?;
    section(out, "queues", &program.queues, |queue| text(program, queue.name).to_owned())?;
    section(out, "calendars", &program.calendars, |calendar| {
        let states: Vec<&str> = calendar.states.iter().map(|id| text(program, *id)).collect();
        let zone = &program.zones[usize::from(calendar.zone)];
        let rules = calendar.rules.len();
        format!("{} in {zone}, {rules} rules: {}", text(program, calendar.name), states.join(" "))
    })?;
    section(out, "settings", &program.settings, |setting| text(program, setting.name).to_owned())?;
    section(out, "services", &program.services, |service| {
        let operations = program.operations.iter().enumerate();
        let own = operations
            .filter(|(_, operation)| program.services[usize::from(operation.service)].name == service.name);
        let named = own.map(|(index, operation)| format!("{index} {}", text(program, operation.name)));
        format!("{}: {}", text(program, service.name), named.collect::<Vec<_>>().join(", "))
    })?;
    section(out, "tables", &program.tables, |table| {
        format!("{}, {} rows", text(program, table.name), table.rows.len())
    })?;
    section(out, "callbacks", &program.callbacks, |table| match table.afterwards {
        Some(flow) => format!("afterwards function {flow}"),
        None => "nothing follows".to_owned(),
    })?;
    section(out, "campaigns", &program.campaigns, |campaign| {
        let (name, table) = (text(program, campaign.name), text(program, campaign.table));
        format!("{name} over {table}, function {}", campaign.function)
    })?;
    section(out, "switches", &program.switches, |id| text(program, *id).to_owned())
}

fn section<T>(out: &mut String, name: &str, table: &[T], entry: impl Fn(&T) -> String) -> fmt::Result {
    if table.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{name}")?;
    for (index, item) in table.iter().enumerate() {
        writeln!(out, "{index:>6}  {}", entry(item))?;
    }
    Ok(())
}

/// A type as the language writes it, as far as a program remembers.
fn type_name(program: &Program, id: TypeId) -> String {
    match program.types.get(usize::from(id.0)) {
        None => "?".to_owned(),
        Some(Type::Option(of)) => format!("{}?", type_name(program, *of)),
        Some(Type::Map(key, value)) => {
            format!("map[{}, {}]", type_name(program, *key), type_name(program, *value))
        }
        Some(Type::List(of)) => format!("list[{}]", type_name(program, *of)),
        Some(Type::Record(fields)) => format!("record{}", types(program, fields)),
        Some(Type::Enum(_)) => format!("enum#{}", id.0),
        Some(simple) => format!("{simple:?}").to_lowercase(),
    }
}

fn types(program: &Program, ids: &[TypeId]) -> String {
    let names: Vec<String> = ids.iter().map(|id| type_name(program, *id)).collect();
    format!("({})", names.join(", "))
}

fn functions(out: &mut String, program: &Program, index: usize, function: &Function) -> fmt::Result {
    let name = text(program, function.name);
    let params = types(program, &function.params);
    match &function.kind {
        FunctionKind::Flow { gives } if gives.is_empty() => write!(out, "\nflow {index} {name}{params}")?,
        FunctionKind::Flow { gives } => {
            let gives: Vec<String> = gives.iter().map(|data| types(program, data)).collect();
            write!(out, "\nflow {index} {name}{params} gives {}", gives.join(" | "))?;
        }
        FunctionKind::Pure(result) => {
            write!(out, "\nfn {index} {name}{params}: {}", type_name(program, *result))?;
        }
    }
    writeln!(out, ", {} registers", function.registers)?;
    let mut source = None;
    for at in function.code.0..function.code.1 {
        let location = program.source_map.location(at).map(|(file, entry)| (file, entry.line));
        if location != source {
            source = location;
            if let Some((file, line)) = location {
                writeln!(out, "  {file}:{line}")?;
            }
        }
        if function.on_hangup == Some(at) {
            writeln!(out, "on_hangup:")?;
        }
        if is_target(program, function, at) {
            writeln!(out, "L{at}:")?;
        }
        let instruction = Instruction(program.code[at as usize]);
        let line = Line { program, at, instruction }.to_string();
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Whether some jump of the function leads to a place. Maps stand at all of these, so that few are asked.
fn is_target(program: &Program, function: &Function, at: u32) -> bool {
    if function.maps.binary_search_by_key(&at, |map| map.at).is_err() {
        return false;
    }
    (function.code.0..function.code.1).any(|from| {
        let instruction = Instruction(program.code[from as usize]);
        match instruction.opcode() {
            Some(Opcode::Switch) => program
                .jump_tables
                .get(usize::from(instruction.bx()))
                .is_some_and(|table| table.contains(&at)),
            _ => target(from, instruction) == Some(i64::from(at)),
        }
    })
}

/// Where a jump leads.
fn target(at: u32, instruction: Instruction) -> Option<i64> {
    let distance = match instruction.opcode()? {
        Opcode::Jump => i64::from(instruction.sj()),
        Opcode::JumpIf | Opcode::JumpUnless => i64::from(instruction.sbx()),
        _ => return None,
    };
    Some(i64::from(at) + 1 + distance)
}

/// One instruction: place, mnemonic, operands, and what they mean behind a semicolon.
struct Line<'a> {
    program: &'a Program,
    at: u32,
    instruction: Instruction,
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let i = self.instruction;
        let Some(op) = i.opcode() else { return write!(f, "{:>6}  .word 0x{:08x}", self.at, i.0) };
        let (a, b, c) = (i.a(), i.b(), i.c());
        let operands = match op.layout() {
            Layout::None => String::new(),
            Layout::A => format!("r{a}"),
            Layout::AB => format!("r{a} r{b}"),
            Layout::ABC => format!("r{a} r{b} r{c}"),
            Layout::ABn => format!("r{a} r{b} {c}"),
            Layout::ABx => format!("r{a} {}", i.bx()),
            Layout::Bx => i.bx().to_string(),
            Layout::AsBx | Layout::Jump => match target(self.at, i) {
                Some(target) if op == Opcode::Jump => format!("L{target}"),
                Some(target) => format!("r{a} L{target}"),
                None => format!("r{a} {}", i.sbx()),
            },
        };
        write!(f, "{:>6}  {:<10} {operands:<14}", self.at, op.mnemonic())?;
        match self.comment(op) {
            Some(comment) => write!(f, " ; {comment}"),
            None => Ok(()),
        }
    }
}

impl Line<'_> {
    fn comment(&self, op: Opcode) -> Option<String> {
        let program = self.program;
        let bx = self.instruction.bx();
        let index = usize::from(bx);
        let name = |id: u32| text(program, id).to_owned();
        Some(match op {
            Opcode::Trap => TrapReason::from_u16(bx)?.text().to_owned(),
            Opcode::Load => constant(program, program.constants.get(index)?),
            Opcode::None | Opcode::Record | Opcode::EmptyList => type_name(program, TypeId(bx)),
            Opcode::Variant => {
                let entry = program.variants.get(index)?;
                format!("{} variant {}", type_name(program, entry.ty), entry.variant)
            }
            Opcode::Format | Opcode::Speech => {
                let variant = program.templates.get(index)?.variants.first()?;
                let words = variant.pieces.iter().find_map(|piece| match piece {
                    Piece::Text(id) | Piece::Recording(_, id) | Piece::IfListening(id) => Some(*id),
                    _ => None,
                });
                quoted(text(program, words?))
            }
            Opcode::Pure => format!("{:?}", program.pures.get(index)?.function),
            Opcode::Switch => {
                let labels = program.jump_tables.get(index)?.iter().map(|target| format!("L{target}"));
                labels.collect::<Vec<_>>().join(" ")
            }
            Opcode::Call | Opcode::Run | Opcode::Goto => name(program.functions.get(index)?.name),
            Opcode::Block => {
                let block = program.blocks.get(index)?;
                format!("{} {}", name(block.kind), name(block.name))
            }
            Opcode::Perform | Opcode::Wait | Opcode::Cancel => {
                program.effects.get(index)?.effect.signature().word.to_owned()
            }
            _ => return None,
        })
    }
}

fn constant(program: &Program, constant: &Constant) -> String {
    let mut out = String::new();
    match constant {
        Constant::Bool(value) => return value.to_string(),
        Constant::Int(value) => return value.to_string(),
        Constant::Decimal(number) => return number.to_string(),
        Constant::Money(money) => return money.to_string(),
        Constant::Text(id) | Constant::Digits(id) | Constant::Phone(id) => return quoted(text(program, *id)),
        Constant::Duration(millis) => crate::text::write_duration(&mut out, *millis),
        Constant::Date(days) => crate::text::write_date(&mut out, i64::from(*days)),
        Constant::Time(millis) => crate::text::write_time(&mut out, i64::from(*millis)),
        Constant::DateTime(millis, zone) => {
            return format!("{} in {}", crate::text::instant_of(*millis), program.zones[usize::from(*zone)]);
        }
        Constant::Language(index) => return program.languages[usize::from(*index)].clone(),
        Constant::Variant(ty, variant) => return format!("{} variant {variant}", type_name(program, *ty)),
        Constant::Table(ty, index) => return format!("{} {index}", format!("{ty:?}").to_lowercase()),
    }
    out
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
