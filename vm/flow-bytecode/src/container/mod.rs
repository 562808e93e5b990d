//! The `.flowb` container: a program as bytes.
//!
//! ```text
//! 89 46 4C 4F 57 0D 0A 1A   magic: a high bit, "FLOW", CR LF, ctrl-Z, so that damage in transit shows
//! u16 major, u16 minor, u32 flags (0), u32 number of sections
//! for each: u32 id, u32 flags (1: critical), u64 offset, u64 length, u64 checksum
//! the sections' bytes
//! ```
//! All numbers little endian; the checksum is the first eight bytes of the section's SHA-256. A reader skips
//! sections that it does not know unless they are critical. The program's identity is the SHA-256 of its
//! critical sections, so that stripping the source map does not change it. Equal programs give equal bytes.
//!
//! What is read here is only well formed; whether it is a program is the [verifier](crate::verifier)'s word.

mod sections;
mod wire;

use sha2::{Digest, Sha256};

use crate::fault::{Fault, FaultKind};
use crate::limits::CONTAINER_BYTES;
use crate::program::{Program, SourceMap};

/// What a container begins with.
pub const MAGIC: [u8; 8] = [0x89, b'F', b'L', b'O', b'W', 0x0d, 0x0a, 0x1a];
/// Containers of another major version are refused.
pub const MAJOR: u16 = 1;
/// A higher minor version only adds optional sections.
pub const MINOR: u16 = 0;

const CRITICAL: u32 = 1;
const HEADER_BYTES: usize = 20;
const ENTRY_BYTES: usize = 32;
/// Sections at most: ours are few, the rest is room for optional ones.
const SECTIONS: usize = 64;

/// One section of a container, as [`describe`] lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its number.
    pub id: u32,
    /// Its name, when it is known.
    pub name: Option<&'static str>,
    /// Whether a reader must know it.
    pub critical: bool,
    /// Its bytes.
    pub length: usize,
}

/// A program as bytes, with its source map in a section of its own.
pub fn encode(program: &Program) -> Vec<u8> {
    let mut sections = sections::critical(program);
    if program.source_map != SourceMap::default() {
        sections.push(sections::source_map(program));
    }
    let mut out = Vec::new();
    out.extend(MAGIC);
    out.extend(MAJOR.to_le_bytes());
    out.extend(MINOR.to_le_bytes());
    out.extend(0u32.to_le_bytes());
    out.extend((sections.len() as u32).to_le_bytes());
    let mut offset = HEADER_BYTES + ENTRY_BYTES * sections.len();
    for (id, bytes) in &sections {
        let flags = if *id == sections::SOURCE_MAP { 0 } else { CRITICAL };
        out.extend(id.to_le_bytes());
        out.extend(flags.to_le_bytes());
        out.extend((offset as u64).to_le_bytes());
        out.extend((bytes.len() as u64).to_le_bytes());
        out.extend(checksum(bytes).to_le_bytes());
        offset += bytes.len();
    }
    for (_, bytes) in &sections {
        out.extend(bytes);
    }
    out
}

/// Reads a program back, from any bytes; it is still to be verified.
pub fn decode(bytes: &[u8]) -> Result<Program, Fault> {
    let mut program = Program::default();
    let entries = directory(bytes)?;
    for id in sections::CRITICAL_IDS {
        if !entries.iter().any(|entry| entry.id == *id) {
            let name = sections::name(*id).unwrap_or_default();
            return Err(fault(FaultKind::Section, format!("the section {name} is missing")));
        }
    }
    for entry in entries {
        match sections::name(entry.id) {
            Some(name) => {
                if sections::read(&mut program, entry.id, entry.bytes).is_none() {
                    return Err(fault(
                        FaultKind::Section,
                        format!("the section {name} does not hold what it should"),
                    ));
                }
            }
            None if entry.flags & CRITICAL == 0 => {}
            None => {
                return Err(fault(
                    FaultKind::Section,
                    format!("section {} is critical and unknown", entry.id),
                ));
            }
        }
    }
    Ok(program)
}

/// The sections of a container, in the order of its table.
pub fn describe(bytes: &[u8]) -> Result<Vec<Section>, Fault> {
    let entries = directory(bytes)?.into_iter();
    let section = |entry: Entry<'_>| Section {
        id: entry.id,
        name: sections::name(entry.id),
        critical: entry.flags & CRITICAL != 0,
        length: entry.bytes.len(),
    };
    Ok(entries.map(section).collect())
}

/// Writes the checksums of a container anew, where its table leads to bytes. For those who forge containers:
/// the tests of what lies behind the checksums.
pub fn reseal(bytes: &mut [u8]) {
    let count = if bytes.len() < HEADER_BYTES { 0 } else { number(bytes, 16, 4) as usize };
    for index in 0..count.min(SECTIONS) {
        let at = HEADER_BYTES + ENTRY_BYTES * index;
        if bytes.len() < at + ENTRY_BYTES {
            return;
        }
        let (offset, length) = (number(bytes, at + 8, 8) as usize, number(bytes, at + 16, 8) as usize);
        if let Some(section) = bytes.get(offset..offset.saturating_add(length)) {
            let sum = checksum(section);
            bytes[at + 24..at + 32].copy_from_slice(&sum.to_le_bytes());
        }
    }
}

/// SHA-256 of the critical sections: what makes two programs the same.
pub fn identity(program: &Program) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (id, bytes) in sections::critical(program) {
        hash.update(id.to_le_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}

struct Entry<'a> {
    id: u32,
    flags: u32,
    bytes: &'a [u8],
}

fn fault(kind: FaultKind, message: impl Into<String>) -> Fault {
    Fault { kind, at: None, message: message.into() }
}

fn checksum(bytes: &[u8]) -> u64 {
    number(&Sha256::digest(bytes), 0, 8)
}

/// A little-endian number; the caller has checked that it is there.
fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    bytes[at..at + width].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn directory(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Fault> {
    if bytes.len() > CONTAINER_BYTES {
        return Err(fault(FaultKind::Limit, format!("the container is larger than {CONTAINER_BYTES} bytes")));
    }
    if bytes.len() < HEADER_BYTES || bytes[..8] != MAGIC {
        return Err(fault(FaultKind::NotAContainer, "the file does not begin as a flow container does"));
    }
    let major = number(bytes, 8, 2);
    if major != u64::from(MAJOR) {
        let message = format!("the container is of format {major}, and this flowc reads {MAJOR}");
        return Err(fault(FaultKind::Version, message));
    }
    if number(bytes, 12, 4) != 0 {
        return Err(fault(FaultKind::Version, "the container has flags that this flowc does not know"));
    }
    let count = number(bytes, 16, 4) as usize;
    if count > SECTIONS || bytes.len() < HEADER_BYTES + ENTRY_BYTES * count {
        return Err(fault(FaultKind::NotAContainer, "the container's table of sections is cut off"));
    }
    let mut entries: Vec<Entry<'_>> = Vec::with_capacity(count);
    for index in 0..count {
        let at = HEADER_BYTES + ENTRY_BYTES * index;
        let id = number(bytes, at, 4) as u32;
        let flags = number(bytes, at + 4, 4) as u32;
        let offset = usize::try_from(number(bytes, at + 8, 8)).unwrap_or(usize::MAX);
        let length = usize::try_from(number(bytes, at + 16, 8)).unwrap_or(usize::MAX);
        let end = offset.saturating_add(length);
        let Some(section) = bytes.get(offset..end) else {
            return Err(fault(FaultKind::NotAContainer, format!("section {id} is cut off")));
        };
        if entries.iter().any(|entry| entry.id == id) {
            return Err(fault(FaultKind::Section, format!("section {id} is there twice")));
        }
        if checksum(section) != number(bytes, at + 24, 8) {
            return Err(fault(FaultKind::Checksum, format!("section {id} was damaged")));
        }
        entries.push(Entry { id, flags, bytes: section });
    }
    Ok(entries)
}
