//! Any sample rate to 8 kHz, by a windowed sinc that is also the low-pass.
//!
//! Used when prompts are loaded, never while they are played: quality and small size before speed.

/// Zero crossings of the sinc on each side.
const LOBES: usize = 24;
/// Points of the kernel's table between two zero crossings; in between, it is a straight line.
const POINTS: usize = 64;
/// The pass band ends at this part of the lower Nyquist frequency, so that nothing folds back audibly.
const CUTOFF: f64 = 0.92;

/// Brings `samples` of `rate` Hz to 8 kHz.
pub(crate) fn to_8_khz(samples: Vec<i16>, rate: u32) -> Vec<i16> {
    if rate == 8_000 || samples.is_empty() {
        return samples;
    }
    let kernel = kernel();
    let step = f64::from(rate) / 8_000.0;
    // Input samples per zero crossing: wider than one when the rate goes down.
    let width = step.max(1.0) / CUTOFF;
    let reach = width * LOBES as f64;
    let count = (samples.len() as u64 * 8_000).div_ceil(u64::from(rate));
    (0..count)
        .map(|n| {
            let centre = n as f64 * step;
            let first = (centre - reach).ceil().max(0.0) as usize;
            let last = ((centre + reach).floor() as usize).min(samples.len() - 1);
            let (mut sum, mut weight) = (0.0, 0.0);
            for (index, &sample) in samples.iter().enumerate().take(last + 1).skip(first) {
                let place = (index as f64 - centre).abs() / width * POINTS as f64;
                let at = place as usize;
                let part = place - at as f64;
                let tap = kernel[at] + (kernel[at + 1] - kernel[at]) * part;
                sum += tap * f64::from(sample);
                weight += tap;
            }
            // At the ends of the sound the kernel hangs over: the weights that are there are the whole. Their
            // sum is near zero only where nothing but side lobes is left, and then it is silence.
            let level = if weight > 0.1 { sum / weight.max(width * 0.5) } else { 0.0 };
            level.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
        })
        .collect()
}

/// One half of the sinc under a Blackman window, from its centre outwards, with two zeros at the end.
fn kernel() -> Vec<f64> {
    use std::f64::consts::PI;
    let end = LOBES * POINTS;
    (0..end + 2)
        .map(|point| {
            if point >= end {
                return 0.0;
            }
            let x = point as f64 / POINTS as f64;
            let sinc = if point == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
            let edge = PI * point as f64 / end as f64;
            sinc * (0.42 + 0.5 * edge.cos() + 0.08 * (2.0 * edge).cos())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, rate: u32, seconds: f64) -> Vec<i16> {
        let count = (f64::from(rate) * seconds) as usize;
        (0..count)
            .map(|n| ((n as f64 * hertz * std::f64::consts::TAU / f64::from(rate)).sin() * 16_000.0) as i16)
            .collect()
    }

    /// Root mean square of the middle half.
    fn level(samples: &[i16]) -> f64 {
        let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
        (middle.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / middle.len() as f64).sqrt()
    }

    #[test]
    fn what_the_telephone_carries_passes_at_its_level_and_what_would_fold_back_is_gone() {
        for rate in [11_025, 16_000, 22_050, 24_000, 44_100, 48_000] {
            for hertz in [300.0, 1_000.0, 3_400.0] {
                let out = to_8_khz(tone(hertz, rate, 0.5), rate);
                assert!((out.len() as i64 - 4_000).abs() <= 1, "{rate} Hz: {} samples", out.len());
                let gain = level(&out) / (16_000.0 / std::f64::consts::SQRT_2);
                assert!((0.97..1.03).contains(&gain), "{hertz} Hz at {rate}: gain {gain}");
            }
            // 5 kHz folds to 3 kHz when nothing holds it back; -50 dB is out of hearing beside speech.
            let folded = level(&to_8_khz(tone(5_000.0, rate, 0.5), rate));
            assert!(folded < 36.0, "5 kHz at {rate}: {folded}");
        }
    }

    #[test]
    fn a_rate_below_ours_is_brought_up() {
        let out = to_8_khz(tone(1_000.0, 4_000, 0.5), 4_000);
        assert_eq!(out.len(), 4_000);
        let gain = level(&out) / (16_000.0 / std::f64::consts::SQRT_2);
        assert!((0.97..1.03).contains(&gain), "gain {gain}");
    }

    #[test]
    fn eight_kilohertz_stays_as_it_is() {
        let samples = tone(440.0, 8_000, 0.1);
        assert_eq!(to_8_khz(samples.clone(), 8_000), samples);
    }
}
