//! Which tables stand in which section.

use super::wire::{Reader, Wire};
use crate::program::{Program, SourceMap};

macro_rules! sections {
    ($($id:literal $name:literal { $($field:ident),* };)*) => {
        /// The sections that every program has, in their order.
        pub(super) const CRITICAL_IDS: &[u32] = &[$($id,)* CODE];

        /// A section's name.
        pub(super) fn name(id: u32) -> Option<&'static str> {
            match id { $($id => Some($name),)* CODE => Some("CODE"), SOURCE_MAP => Some("SOURCE_MAP"), _ => None }
        }

        /// The critical sections of a program.
        pub(super) fn critical(program: &Program) -> Vec<(u32, Vec<u8>)> {
            let mut sections = Vec::new();
            $({
                let mut out = Vec::new();
                $(program.$field.put(&mut out);)*
                sections.push(($id, out));
            })*
            sections.push((CODE, program.code.iter().flat_map(|word| word.to_le_bytes()).collect()));
            sections
        }

        /// Reads one section, whole.
        pub(super) fn read(program: &mut Program, id: u32, bytes: &[u8]) -> Option<()> {
            let mut reader = Reader::new(bytes);
            match id {
                $($id => { $(program.$field = Wire::take(&mut reader)?;)* })*
                CODE => return code(program, bytes),
                SOURCE_MAP => program.source_map = source_map_of(&mut reader)?,
                _ => return None,
            }
            reader.is_empty().then_some(())
        }
    };
}

sections! {
    1 "META" { name, zones, languages };
    2 "TEXTS" { texts };
    3 "TYPES" { types };
    4 "CONSTANTS" { constants, variants };
    5 "TEMPLATES" { templates };
    6 "EFFECTS" { pures, effects };
    7 "FUNCTIONS" { functions, jump_tables, blocks, inbound };
    8 "INTERACTION" { keys, forms, stays, rings, shares };
    9 "DEPLOYMENT" { settings, switches, limits };
    10 "CALENDARS" { calendars };
    11 "PEOPLE" { skills, teams, agents, queues };
    20 "OUTBOUND" { callbacks, campaigns };
    13 "SERVICES" { schemas, services, operations, tables };
}

const CODE: u32 = 12;
/// The one optional section so far.
pub(super) const SOURCE_MAP: u32 = 64;

fn code(program: &mut Program, bytes: &[u8]) -> Option<()> {
    let words = bytes.chunks_exact(4);
    words.remainder().is_empty().then_some(())?;
    program.code = words.map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    Some(())
}

/// The source map: entries as differences, so that most take five bytes.
pub(super) fn source_map(program: &Program) -> (u32, Vec<u8>) {
    let map = &program.source_map;
    let mut out = Vec::new();
    map.files.put(&mut out);
    (map.entries.len() as u32).put(&mut out);
    let mut last = (0, 0i64);
    for entry in &map.entries {
        entry.at.wrapping_sub(last.0).put(&mut out);
        entry.file.put(&mut out);
        (i64::from(entry.start) - last.1).put(&mut out);
        entry.end.wrapping_sub(entry.start).put(&mut out);
        entry.line.put(&mut out);
        last = (entry.at, i64::from(entry.start));
    }
    (SOURCE_MAP, out)
}

fn source_map_of(reader: &mut Reader<'_>) -> Option<SourceMap> {
    let files: Vec<String> = Wire::take(reader)?;
    let count = u32::take(reader)?;
    let mut entries = Vec::new();
    let mut last = (0u32, 0i64);
    for index in 0..count {
        let distance = u32::take(reader)?;
        let at = last.0.checked_add(distance).filter(|_| index == 0 || distance > 0)?;
        let file = u16::take(reader)?;
        let start = u32::try_from(last.1.checked_add(i64::take(reader)?)?).ok()?;
        let end = start.checked_add(u32::take(reader)?)?;
        let line = u32::take(reader)?;
        entries.push(crate::program::SourceEntry { at, file, start, end, line });
        last = (at, i64::from(start));
    }
    Some(SourceMap { files, entries })
}
