//! Names for calls that are unique for ever: the instant and 80 random bits, sortable by time.

/// A small generator (SplitMix64): good enough for names, which need not be secret.
pub(crate) struct Chance(u64);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl Chance {
    /// Starts from the driver's seed.
    pub(crate) fn new(seed: &[u8; 32]) -> Chance {
        Chance(seed.iter().fold(0, |state: u64, byte| mix(state ^ u64::from(*byte))))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A name of 26 letters and digits.
    pub(crate) fn name(&mut self, unix_millis: i64) -> String {
        let mut name = String::with_capacity(26);
        let time = unix_millis.max(0) as u64;
        push(&mut name, time, 10);
        for _ in 0..2 {
            push(&mut name, self.next(), 8);
        }
        name
    }
}

/// The lowest `count` digits of a number in base 32, highest first.
fn push(name: &mut String, number: u64, count: u32) {
    for place in (0..count).rev() {
        name.push(char::from(ALPHABET[(number >> (5 * place) & 31) as usize]));
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_and_sort_by_time() {
        let mut chance = Chance::new(&[7; 32]);
        let names: Vec<String> = (0..100).map(|at| chance.name(1_790_000_000_000 + at)).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1] && pair[0].len() == 26), "{names:?}");
        assert_ne!(chance.name(5), chance.name(5));
        assert_ne!(Chance::new(&[8; 32]).name(5), Chance::new(&[7; 32]).name(5));
    }
}
