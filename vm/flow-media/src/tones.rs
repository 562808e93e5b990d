//! The tones of the telephone network (ITU-T E.180 supplement 2), and a few of our own.
//!
//! A cadence is a playlist that is played repeated. Its silences are gaps in which nothing is sent.

use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::Duration;

use crate::playlist::{Playlist, PlaylistItem};
use crate::sound::Sound;

const RATE: f64 = 8_000.0;
/// Level of one of two frequencies, of 32,767: about -19 dBm0 together.
const LEVEL: f64 = 3_200.0;
/// Fade at both ends of a tone, in samples: no clicks.
const FADE: usize = 40;

/// Whose tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Country {
    /// United States and Canada.
    UnitedStates,
    /// United Kingdom.
    UnitedKingdom,
    /// Spain.
    Spain,
    /// Germany.
    Germany,
}

impl Country {
    /// The country of an ISO 3166 code of two letters; `None` if its tones are not known.
    pub fn from_code(code: &str) -> Option<Country> {
        match code.to_ascii_uppercase().as_str() {
            "US" | "CA" => Some(Country::UnitedStates),
            "GB" | "UK" => Some(Country::UnitedKingdom),
            "ES" => Some(Country::Spain),
            "DE" => Some(Country::Germany),
            _ => None,
        }
    }
}

/// What a caller hears while the other side rings.
pub fn ringback(country: Country) -> Playlist {
    match country {
        Country::UnitedStates => cadence(&[440.0, 480.0], &[(2_000, 4_000)]),
        Country::UnitedKingdom => cadence(&[400.0, 450.0], &[(400, 200), (400, 2_000)]),
        Country::Spain => cadence(&[425.0], &[(1_500, 3_000)]),
        Country::Germany => cadence(&[425.0], &[(1_000, 4_000)]),
    }
}

/// What a caller hears when the other side is busy.
pub fn busy(country: Country) -> Playlist {
    match country {
        Country::UnitedStates => cadence(&[480.0, 620.0], &[(500, 500)]),
        Country::UnitedKingdom => cadence(&[400.0], &[(380, 380)]),
        Country::Spain => cadence(&[425.0], &[(200, 200)]),
        Country::Germany => cadence(&[425.0], &[(480, 480)]),
    }
}

/// "Speak after the tone": one second of 1 kHz would startle; this is 300 ms.
pub fn beep() -> Arc<Sound> {
    Arc::new(Sound::from_samples(&tone(&[1_000.0], 300)))
}

/// A quiet double tick every two seconds: something is being worked on.
pub fn working() -> Playlist {
    let tick = Arc::new(Sound::from_samples(&tone(&[620.0], 20).iter().map(|s| s / 2).collect::<Vec<_>>()));
    let items = vec![
        PlaylistItem::Sound(tick.clone()),
        PlaylistItem::Silence(Duration::from_millis(120)),
        PlaylistItem::Sound(tick),
        PlaylistItem::Silence(Duration::from_millis(1_840)),
    ];
    Playlist { items, repeat: true }
}

/// Tones of so many milliseconds, each with a silence of so many behind it.
fn cadence(hertz: &[f64], parts: &[(u64, u64)]) -> Playlist {
    let items = parts.iter().flat_map(|&(on, off)| {
        let sound = Arc::new(Sound::from_samples(&tone(hertz, on)));
        [PlaylistItem::Sound(sound), PlaylistItem::Silence(Duration::from_millis(off))]
    });
    Playlist { items: items.collect(), repeat: true }
}

fn tone(hertz: &[f64], millis: u64) -> Vec<i16> {
    let count = millis as usize * 8;
    (0..count)
        .map(|n| {
            let sum: f64 = hertz.iter().map(|f| (n as f64 * f * TAU / RATE).sin()).sum();
            let fade = (n.min(count - 1 - n) as f64 / FADE as f64).min(1.0);
            (sum * LEVEL * fade) as i16
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tones_have_their_cadence_and_their_frequency() {
        let list = ringback(Country::Spain);
        assert!(list.repeat);
        assert_eq!(list.duration(), Duration::from_millis(4_500));
        assert_eq!(ringback(Country::UnitedKingdom).duration(), Duration::from_millis(3_000));
        assert_eq!(busy(Country::Germany).items.len(), 2);
        let samples = tone(&[425.0], 1_000);
        let rises = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
        assert!((423..=427).contains(&rises), "{rises} periods in a second");
    }

    #[test]
    fn countries_go_by_their_codes() {
        assert_eq!(Country::from_code("es"), Some(Country::Spain));
        assert_eq!(Country::from_code("xx"), None);
    }
}
