//! The memory of one call: bytes, addressed by offset, that are only ever added to between waits.
//!
//! Knows nothing of types: what lies where is known by whoever holds the handle, statically. A handle is an
//! offset plus one, so that 0 is free to mean "nothing" (none, an empty list, a record without fields).
//!
//! | value | bytes |
//! |---|---|
//! | text | length (4), bytes |
//! | list | count (4), slots |
//! | record, option | slots |
//! | variant with fields | tag (4), count (4), slots; the handle has its top bit set, a variant without fields is its index |
//! | speech with arguments | template (4), depth (4), slots; see `speech` |

use std::fmt;
use std::ops::Deref;

use flow_bytecode::verified::slot;
use flow_bytecode::{TrapReason, VerifiedProgram};

use crate::limits::{ARENA_BYTES, TEXT_BYTES};

/// Set in the slot of a variant that has fields.
const VARIANT: u64 = 1 << 63;

/// The memory of one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arena {
    bytes: Vec<u8>,
}

impl Arena {
    /// Gives back what is not used.
    pub(crate) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Room for so many bytes, zeroed.
    pub(crate) fn reserve(&mut self, bytes: usize) -> Result<usize, TrapReason> {
        let offset = self.bytes.len();
        if offset + bytes > ARENA_BYTES {
            return Err(TrapReason::ArenaFull);
        }
        self.bytes.resize(offset + bytes, 0);
        Ok(offset)
    }

    pub(crate) fn slot(&self, offset: usize) -> u64 {
        let mut word = [0; 8];
        word.copy_from_slice(&self.bytes[offset..offset + 8]);
        u64::from_le_bytes(word)
    }

    pub(crate) fn set_slot(&mut self, offset: usize, slot: u64) {
        self.bytes[offset..offset + 8].copy_from_slice(&slot.to_le_bytes());
    }

    pub(crate) fn count(&self, offset: usize) -> usize {
        let mut word = [0; 4];
        word.copy_from_slice(&self.bytes[offset..offset + 4]);
        u32::from_le_bytes(word) as usize
    }

    fn set_count(&mut self, offset: usize, count: usize) {
        self.bytes[offset..offset + 4].copy_from_slice(&(count as u32).to_le_bytes());
    }

    /// Slots one after the other, as records and options are; the handle.
    pub(crate) fn add_slots(&mut self, slots: &[u64]) -> Result<u64, TrapReason> {
        if slots.is_empty() {
            return Ok(0);
        }
        let offset = self.reserve(8 * slots.len())?;
        for (index, slot) in slots.iter().enumerate() {
            self.set_slot(offset + 8 * index, *slot);
        }
        Ok(offset as u64 + 1)
    }

    /// Two numbers, and slots; the offset.
    fn add_pair(&mut self, one: usize, other: usize, slots: &[u64]) -> Result<usize, TrapReason> {
        let offset = self.reserve(8 + 8 * slots.len())?;
        self.set_count(offset, one);
        self.set_count(offset + 4, other);
        for (index, slot) in slots.iter().enumerate() {
            self.set_slot(offset + 8 + 8 * index, *slot);
        }
        Ok(offset)
    }

    /// The slot of a variant.
    pub(crate) fn add_variant(&mut self, tag: u64, slots: &[u64]) -> Result<u64, TrapReason> {
        if slots.is_empty() {
            return Ok(tag);
        }
        Ok((self.add_pair(tag as usize, slots.len(), slots)? as u64 + 1) | VARIANT)
    }

    /// The index of a variant.
    pub(crate) fn tag(&self, variant: u64) -> u64 {
        match variant & VARIANT {
            0 => variant,
            _ => self.count((variant & !VARIANT) as usize - 1) as u64,
        }
    }

    /// Where a variant's fields begin, and how many there are; `None` without fields.
    pub(crate) fn fields(&self, variant: u64) -> Option<(usize, usize)> {
        let offset = (variant & VARIANT != 0).then(|| (variant & !VARIANT) as usize - 1)?;
        Some((offset + 8, self.count(offset + 4)))
    }

    /// The slot of a speech with arguments.
    pub(crate) fn add_speech(&mut self, template: u64, depth: u32, slots: &[u64]) -> Result<u64, TrapReason> {
        Ok((self.add_pair(template as usize, depth as usize, slots)? as u64 + 1) << 1)
    }

    /// An unfilled list; the offset of its first slot. It must have elements.
    pub(crate) fn add_list(&mut self, count: usize) -> Result<usize, TrapReason> {
        let offset = self.reserve(4 + 8 * count)?;
        self.set_count(offset, count);
        Ok(offset + 4)
    }

    /// How many elements a list has, and where its slots begin.
    pub(crate) fn list(&self, handle: u64) -> (usize, usize) {
        match handle {
            0 => (0, 0),
            _ => (self.count(handle as usize - 1), handle as usize + 3),
        }
    }

    /// The slot of a text: inline when it is short.
    pub(crate) fn add_text(&mut self, bytes: &[u8]) -> Result<u64, TrapReason> {
        if let Some(inline) = slot::inline_text(bytes) {
            return Ok(inline);
        }
        if bytes.len() > TEXT_BYTES {
            return Err(TrapReason::TextTooLong);
        }
        let offset = self.reserve(4 + bytes.len())?;
        self.set_count(offset, bytes.len());
        self.bytes[offset + 4..].copy_from_slice(bytes);
        Ok(slot::arena_text(offset as u32))
    }

    /// The bytes of a text in the arena.
    pub(crate) fn text_bytes(&self, offset: usize) -> &[u8] {
        &self.bytes[offset + 4..offset + 4 + self.count(offset)]
    }

    /// The text of a slot.
    #[inline]
    pub(crate) fn text<'a>(&'a self, program: &'a VerifiedProgram, text: u64) -> Text<'a> {
        match text & 0xff {
            slot::CONSTANT => Text(Repr::Borrowed(program.texts[(text >> 32) as usize].as_bytes())),
            slot::ARENA => Text(Repr::Borrowed(self.text_bytes((text >> 32) as usize))),
            _ => Text(Repr::Inline(text.to_le_bytes())),
        }
    }
}

/// A text of a call or its program; reads as a `str`.
#[derive(Clone, Copy)]
pub struct Text<'a>(Repr<'a>);

#[derive(Clone, Copy)]
enum Repr<'a> {
    Borrowed(&'a [u8]),
    /// Length in the first byte, above `slot::INLINE`.
    Inline([u8; 8]),
}

impl Text<'_> {
    pub(crate) const EMPTY: Text<'static> = Text(Repr::Borrowed(&[]));

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Borrowed(bytes) => bytes,
            Repr::Inline(word) => &word[1..=usize::from(word[0] & 0x07)],
        }
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        // Only whole texts are ever stored, so this never falls back.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
