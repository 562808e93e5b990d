//! One key of a telephone keypad.

use std::fmt;

/// A key: `0`-`9`, `*`, `#`, `A`-`D`. Its event code is that of RFC 4733 §3.2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digit(u8);

const KEYS: &[u8; 16] = b"0123456789*#ABCD";

impl Digit {
    /// The digit of a character; `None` if no key bears it. Letters may be lower case.
    pub fn from_char(key: char) -> Option<Digit> {
        let key = u8::try_from(key).ok()?.to_ascii_uppercase();
        KEYS.iter().position(|&k| k == key).map(|code| Digit(code as u8))
    }

    /// The digit of an event code (RFC 4733 §3.2 table 7); `None` for events that are no keys.
    pub fn from_event(code: u8) -> Option<Digit> {
        (usize::from(code) < KEYS.len()).then_some(Digit(code))
    }

    /// The event code (RFC 4733 §3.2 table 7).
    pub fn event(self) -> u8 {
        self.0
    }

    /// The character on the key.
    pub fn as_char(self) -> char {
        char::from(KEYS[usize::from(self.0)])
    }
}

impl fmt::Debug for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digit({})", self.as_char())
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

/// By which way a digit reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigitSource {
    /// A telephone-event in RTP (RFC 4733).
    Rtp,
    /// A SIP INFO request; reported by the signalling, never by this crate.
    Info,
    /// A tone heard in the audio.
    InBand,
}
