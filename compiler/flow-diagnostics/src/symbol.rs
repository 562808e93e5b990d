//! Interned names: two equal names are one number.
//!
//! Every word of every file passes here, so the table is made for short names: a multiplying hash without a
//! secret, so that equal projects take equal time. Names can be chosen to collide in such a hash; so a name is
//! looked for in `PROBES` slots at most, and those that find no room there live in an ordered map. Hostile
//! names cost a logarithm, never a scan.

use std::collections::BTreeMap;

/// A name of one [`Interner`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// How many slots after its own a name may lie in.
const PROBES: usize = 16;
/// Slots of the first table; always a power of two.
const FIRST_SLOTS: usize = 256;

/// The names of one compilation, each kept once.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    /// Open addressing, at most half full; empty before the first name.
    slots: Vec<Option<Slot>>,
    /// Names that found no room in the table.
    crowded: BTreeMap<Box<str>, Symbol>,
    names: Vec<Box<str>>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    symbol: Symbol,
}

impl Interner {
    /// The symbol of a name, the same for the same name.
    pub fn intern(&mut self, name: &str) -> Symbol {
        let hash = hash(name.as_bytes());
        if let Some(symbol) = self.find(name, hash) {
            return symbol;
        }
        if self.names.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let symbol = Symbol(self.names.len() as u32);
        self.names.push(name.into());
        self.place(hash, symbol);
        symbol
    }

    /// The symbol of a name that was interned before.
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.find(name, hash(name.as_bytes()))
    }

    /// The name of a symbol of this interner.
    pub fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.0 as usize]
    }

    fn find(&self, name: &str, hash: u32) -> Option<Symbol> {
        if self.slots.is_empty() {
            return None;
        }
        for probe in 0..PROBES {
            let slot = self.slots[self.slot_index(hash, probe)]?;
            if slot.hash == hash && *self.names[slot.symbol.0 as usize] == *name {
                return Some(slot.symbol);
            }
        }
        self.crowded.get(name).copied()
    }

    fn slot_index(&self, hash: u32, probe: usize) -> usize {
        (hash as usize + probe) & (self.slots.len() - 1)
    }

    fn place(&mut self, hash: u32, symbol: Symbol) {
        for probe in 0..PROBES {
            let index = self.slot_index(hash, probe);
            if self.slots[index].is_none() {
                self.slots[index] = Some(Slot { hash, symbol });
                return;
            }
        }
        self.crowded.insert(self.names[symbol.0 as usize].clone(), symbol);
    }

    fn grow(&mut self) {
        self.slots = vec![None; (self.slots.len() * 2).max(FIRST_SLOTS)];
        self.crowded.clear();
        for index in 0..self.names.len() {
            self.place(hash(self.names[index].as_bytes()), Symbol(index as u32));
        }
    }
}

/// Eight bytes at a time, each mixed by a multiplication with an odd number of no meaning. The last eight may
/// overlap those before: they are there, and cost less than being told apart.
fn hash(name: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let mut hash = mix(0, name.len() as u64);
    let last = match (name.last_chunk::<8>(), name.first_chunk::<4>(), name.last_chunk::<4>()) {
        (Some(last), ..) => u64::from_le_bytes(*last),
        (None, Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    if name.len() > 8 {
        let (words, _) = name.as_chunks::<8>();
        for word in words {
            hash = mix(hash, u64::from_le_bytes(*word));
        }
    }
    // A product's low bits know nothing of its factors' high bits.
    let hash = mix(hash, last);
    ((hash ^ (hash >> 29)).wrapping_mul(FACTOR) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{Interner, Symbol, hash};

    #[test]
    fn equal_names_are_one_symbol() {
        let mut interner = Interner::default();
        assert_eq!(interner.get("a"), None);
        let symbols: Vec<Symbol> = (0..5000).map(|n| interner.intern(&format!("name_{n}"))).collect();
        for (n, symbol) in symbols.iter().enumerate() {
            let name = format!("name_{n}");
            assert_eq!(interner.intern(&name), *symbol);
            assert_eq!(interner.get(&name), Some(*symbol));
            assert_eq!(interner.name(*symbol), name);
        }
        assert_eq!(interner.get("name_5000"), None);
    }

    #[test]
    fn names_of_one_hash_are_told_apart() {
        // All that is looked at of a hash are its lowest bits: names that share 14 of them collide.
        let collide =
            (0..2_000_000).map(|n| format!("n{n}")).filter(|name| hash(name.as_bytes()) & 0x3FFF == 7);
        let names: Vec<String> = collide.take(100).collect();
        assert_eq!(names.len(), 100);
        let mut interner = Interner::default();
        let symbols: Vec<Symbol> = names.iter().map(|name| interner.intern(name)).collect();
        assert!(!interner.crowded.is_empty());
        for (name, symbol) in names.iter().zip(symbols) {
            assert_eq!(interner.get(name), Some(symbol));
        }
    }
}
