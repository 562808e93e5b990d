//! What tells one finding from another from day to day: code hosts use it to know what is new.
//!
//! A finding keeps its fingerprint when lines above it come and go, when its own line is indented anew, and when
//! the wording of its message changes. It changes with its file's path, its code and the text of its line.

use std::collections::BTreeMap;

use crate::{Diagnostic, SourceMap};

/// The fingerprint of each diagnostic, in their order: 32 hexadecimal digits, no two alike.
pub(super) fn fingerprints(sources: &SourceMap, diagnostics: &[&Diagnostic]) -> Vec<String> {
    let mut seen: BTreeMap<u128, u128> = BTreeMap::new();
    let prints = diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.primary.location;
        let file = sources.file(place.file);
        let (line, _) = file.line_column(place.span.start);
        let words = file.line(line).split_whitespace();
        let mut hash = Fnv::default();
        hash.part(file.path.trim_start_matches("./"));
        hash.part(&diagnostic.code.to_string());
        words.for_each(|word| hash.part(word));
        // The same line twice, with the same problem: told apart by their order.
        let count = seen.entry(hash.0).or_insert(0);
        *count += 1;
        hash.part(&count.to_string());
        format!("{:032x}", hash.0)
    });
    prints.collect()
}

/// Fowler, Noll and Vo's hash of 128 bits, variant 1a: small, and the same on every machine.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    /// A part and its end, so that `ab` and `c` are not `a` and `bc`.
    fn part(&mut self, text: &str) {
        for byte in text.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
