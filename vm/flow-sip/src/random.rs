//! Chance from a seed: SHA-256 of the seed and a counter. As unguessable as the seed is, and the same
//! for the same seed.

use sha2::{Digest, Sha256};

/// A generator of tokens and numbers.
pub(crate) struct Random {
    seed: [u8; 32],
    counter: u64,
    block: [u8; 32],
    used: usize,
}

/// Bytes of chance in a branch, tag or Call-ID: 96 bits.
const TOKEN_BYTES: usize = 12;
/// Bytes of a fingerprint: the 32 bits that RFC 3261 19.3 asks of a tag, and no more, because the answer
/// that it stands in should not be longer than the request.
const FINGERPRINT_BYTES: usize = 4;

impl Random {
    pub(crate) fn new(seed: [u8; 32]) -> Random {
        Random { seed, counter: 0, block: [0; 32], used: 32 }
    }

    /// A fresh token of 24 characters, for branches, tags and Call-IDs.
    pub(crate) fn token(&mut self) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        self.fill(&mut bytes);
        hex(&bytes)
    }

    /// A number below `bound` (at least 1), even enough for timers.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound.max(1)
    }

    /// A token that is always the same for the same parts: the tag of an answer that is not remembered.
    pub(crate) fn fingerprint(&self, parts: &[&[u8]]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(b"fingerprint");
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hex(&hash.finalize()[..FINGERPRINT_BYTES])
    }

    fn fill(&mut self, out: &mut [u8]) {
        if self.used + out.len() > self.block.len() {
            let mut hash = Sha256::new();
            hash.update(self.seed);
            hash.update(self.counter.to_le_bytes());
            self.block.copy_from_slice(&hash.finalize());
            self.counter += 1;
            self.used = 0;
        }
        out.copy_from_slice(&self.block[self.used..self.used + out.len()]);
        self.used += out.len();
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}
