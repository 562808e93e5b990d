//! G.711: 8-bit μ-law and A-law, exact by the segments of ITU-T G.711 (11/88).
//!
//! Decoding is a table of 256 entries, made when the crate is compiled. Encoding finds the segment. Going from
//! one law to the other is a table too. Samples are 16 bits: 14-bit μ-law and 13-bit A-law values, shifted up.

/// μ-law adds this before it looks for the segment (16-bit scale).
const BIAS: i32 = 0x84;
/// The largest magnitude that μ-law can carry (16-bit scale).
const CLIP: i32 = 32_635;

static ULAW_TO_LINEAR: [i16; 256] = decode_table(true);
static ALAW_TO_LINEAR: [i16; 256] = decode_table(false);
/// The A-law byte nearest to each μ-law byte.
pub static ULAW_TO_ALAW: [u8; 256] = cross_table(true);
/// The μ-law byte nearest to each A-law byte.
pub static ALAW_TO_ULAW: [u8; 256] = cross_table(false);

/// The μ-law byte for silence (positive zero).
pub const ULAW_SILENCE: u8 = 0xFF;
/// The A-law byte for silence (smallest positive step).
pub const ALAW_SILENCE: u8 = 0xD5;

/// The sample that a μ-law byte stands for.
pub fn ulaw_to_linear(byte: u8) -> i16 {
    ULAW_TO_LINEAR[usize::from(byte)]
}

/// The sample that an A-law byte stands for.
pub fn alaw_to_linear(byte: u8) -> i16 {
    ALAW_TO_LINEAR[usize::from(byte)]
}

/// The μ-law byte for a sample.
pub const fn linear_to_ulaw(sample: i16) -> u8 {
    let negative = sample < 0;
    let magnitude = (sample as i32).abs();
    let magnitude = if magnitude > CLIP { CLIP } else { magnitude } + BIAS;
    // The biased magnitude has its highest bit between 7 and 14: that is the segment.
    let segment = 31 - magnitude.leading_zeros() as i32 - 7;
    let step = (magnitude >> (segment + 3)) & 0x0F;
    let sign = if negative { 0x80 } else { 0x00 };
    !(sign | (segment << 4) | step) as u8
}

/// The A-law byte for a sample.
pub const fn linear_to_alaw(sample: i16) -> u8 {
    // One's complement for negative samples, so that -1 and 0 are the two smallest steps.
    let (magnitude, sign) = if sample >= 0 { (sample as i32, 0x80) } else { (!(sample as i32), 0x00) };
    let segment = if magnitude < 256 { 0 } else { 31 - magnitude.leading_zeros() as i32 - 7 };
    let step = if segment == 0 { magnitude >> 4 } else { magnitude >> (segment + 3) } & 0x0F;
    ((sign | (segment << 4) | step) ^ 0x55) as u8
}

const fn decode_ulaw(byte: u8) -> i16 {
    let byte = !byte as i32;
    let magnitude = ((((byte & 0x0F) << 3) + BIAS) << ((byte >> 4) & 0x07)) - BIAS;
    if byte & 0x80 != 0 { -magnitude as i16 } else { magnitude as i16 }
}

const fn decode_alaw(byte: u8) -> i16 {
    let byte = (byte ^ 0x55) as i32;
    let segment = (byte >> 4) & 0x07;
    let step = ((byte & 0x0F) << 4) + 8;
    let magnitude = if segment == 0 { step } else { (step + 0x100) << (segment - 1) };
    if byte & 0x80 != 0 { magnitude as i16 } else { -magnitude as i16 }
}

const fn decode_table(ulaw: bool) -> [i16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = if ulaw { decode_ulaw(byte as u8) } else { decode_alaw(byte as u8) };
        byte += 1;
    }
    table
}

const fn cross_table(from_ulaw: bool) -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = if from_ulaw {
            linear_to_alaw(decode_ulaw(byte as u8))
        } else {
            linear_to_ulaw(decode_alaw(byte as u8))
        };
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points_of_the_recommendation() {
        // ITU-T G.711 tables 1a and 2a: the ends of the scale and the origin, 16-bit scale.
        assert_eq!(ulaw_to_linear(0x80), 32_124);
        assert_eq!(ulaw_to_linear(0x00), -32_124);
        assert_eq!(ulaw_to_linear(0xFF), 0);
        assert_eq!(ulaw_to_linear(0x7F), 0);
        assert_eq!(alaw_to_linear(0xAA), 32_256);
        assert_eq!(alaw_to_linear(0x2A), -32_256);
        assert_eq!(alaw_to_linear(0xD5), 8);
        assert_eq!(alaw_to_linear(0x55), -8);
        assert_eq!(linear_to_ulaw(0), ULAW_SILENCE);
        assert_eq!(linear_to_alaw(0), ALAW_SILENCE);
        assert_eq!(linear_to_ulaw(i16::MAX), 0x80);
        assert_eq!(linear_to_ulaw(i16::MIN), 0x00);
        assert_eq!(linear_to_alaw(i16::MAX), 0xAA);
        assert_eq!(linear_to_alaw(i16::MIN), 0x2A);
    }

    #[test]
    fn every_byte_survives_decoding_and_encoding() {
        for byte in 0..=255u8 {
            // μ-law has two zeros; the negative one comes back as the positive one.
            let expected = if byte == 0x7F { 0xFF } else { byte };
            assert_eq!(linear_to_ulaw(ulaw_to_linear(byte)), expected, "μ-law {byte:#04x}");
            assert_eq!(linear_to_alaw(alaw_to_linear(byte)), byte, "A-law {byte:#04x}");
        }
    }

    #[test]
    fn every_sample_becomes_the_nearest_step() {
        for sample in i16::MIN..=i16::MAX {
            for (name, decoded, step) in [
                ("μ-law", ulaw_to_linear(linear_to_ulaw(sample)), ulaw_step(sample)),
                ("A-law", alaw_to_linear(linear_to_alaw(sample)), alaw_step(sample)),
            ] {
                let error = (i32::from(sample).clamp(-32_635, 32_635) - i32::from(decoded)).abs();
                assert!(error <= step / 2 + 1, "{name}: {sample} came back as {decoded}");
            }
        }
    }

    /// The width of the quantising step at a sample, from the definition of the segments.
    fn ulaw_step(sample: i16) -> i32 {
        let biased = i32::from(sample).abs().min(32_635) + 132;
        (0..8)
            .map(|segment| (256 << segment, 8 << segment))
            .find(|(end, _)| biased < *end)
            .map_or(1_024, |s| s.1)
    }

    fn alaw_step(sample: i16) -> i32 {
        let magnitude = i32::from(sample).abs();
        (1..8)
            .map(|segment| (256 << segment, 8 << segment))
            .find(|(end, _)| magnitude < *end)
            .map_or(1_024, |s| s.1)
    }

    #[test]
    fn crossing_laws_keeps_the_level() {
        for byte in 0..=255u8 {
            let there = i32::from(alaw_to_linear(ULAW_TO_ALAW[usize::from(byte)]));
            let here = i32::from(ulaw_to_linear(byte));
            assert!(
                (there - here).abs() <= alaw_step(here as i16) / 2 + 8,
                "μ-law {byte:#04x}: {here} became {there}"
            );
        }
    }
}
