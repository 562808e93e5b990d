//! Containers that lie: bytes of real ones changed, and sealed again so that the checksums say nothing.

use flow_bytecode::container;

use crate::random::Random;

/// The container of a case: bytes, sealed anew.
pub fn mutate(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    if seeds.is_empty() {
        return Vec::new();
    }
    let mut bytes = seeds[random.below(seeds.len())].clone();
    let changes = 1 + [0, 0, 0, 1, 2, 6][random.below(6)];
    for _ in 0..changes {
        change(&mut bytes, seeds, random);
    }
    if !random.once_in(50) {
        container::reseal(&mut bytes);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(12) {
        // Instructions are four bytes with the operation first, or last; operands are bytes.
        0..=2 => set(bytes, at, random.number() as u8),
        3 | 4 => {
            let near = bytes.get(at).copied().unwrap_or(0);
            let by = [1, 2, 255, 254, 4, 128][random.below(6)];
            set(bytes, at, near.wrapping_add(by));
        }
        5 => set(bytes, at, 1 << random.below(8)),
        6 | 7 => {
            let word = [0, 1, u32::MAX, i32::MAX as u32, 1 << 31, 255, 256, 65_535][random.below(8)];
            for (index, byte) in word.to_le_bytes().into_iter().enumerate() {
                set(bytes, at + index, byte);
            }
        }
        8 => {
            // A stretch of itself elsewhere.
            let (from, length) = (random.below(bytes.len()), 4 * (1 + random.below(4)));
            let stretch: Vec<u8> = bytes.iter().skip(from).take(length).copied().collect();
            for (index, byte) in stretch.into_iter().enumerate() {
                set(bytes, at + index, byte);
            }
        }
        9 => {
            // Two words change places: instructions mostly.
            let (one, two) = (at & !3, random.below(bytes.len()) & !3);
            for index in 0..4 {
                if one + index < bytes.len() && two + index < bytes.len() {
                    bytes.swap(one + index, two + index);
                }
            }
        }
        10 => {
            let other = &seeds[random.below(seeds.len())];
            let length = 1 + random.below(64);
            let from = random.below(other.len());
            for (index, byte) in other.iter().skip(from).take(length).enumerate() {
                set(bytes, at + index, *byte);
            }
        }
        _ => bytes.truncate(at.max(8)),
    }
}

fn set(bytes: &mut [u8], at: usize, byte: u8) {
    if let Some(place) = bytes.get_mut(at) {
        *place = byte;
    }
}
