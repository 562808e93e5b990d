//! A prompt, encoded once for every codec when it is loaded, so that playing it is copying it.

use std::sync::Arc;
use std::time::Duration;

use crate::codec::{Codec, g711};
use crate::wav::{WavError, read_wav};

/// What one packet carries.
pub const FRAME: Duration = Duration::from_millis(20);
/// Samples of 8 kHz in one [`FRAME`].
pub const FRAME_SAMPLES: usize = 160;

/// A sound in whole frames of 20 ms, ready to be sent as PCMU or PCMA.
///
/// Cloning shares the encoded bytes.
#[derive(Clone)]
pub struct Sound {
    pcmu: Arc<[u8]>,
    pcma: Arc<[u8]>,
}

impl Sound {
    /// A sound of 16-bit samples at 8 kHz; its last frame is filled up with silence.
    pub fn from_samples(samples: &[i16]) -> Sound {
        let padding = samples.len().next_multiple_of(FRAME_SAMPLES) - samples.len();
        let encode = |codec: Codec, silence: u8| {
            let mut bytes = codec.encode(samples);
            bytes.extend(std::iter::repeat_n(silence, padding));
            Arc::from(bytes)
        };
        Sound { pcmu: encode(Codec::Pcmu, g711::ULAW_SILENCE), pcma: encode(Codec::Pcma, g711::ALAW_SILENCE) }
    }

    /// A sound from the bytes of a WAV file; see [`read_wav`] for what is read and what is refused.
    pub fn from_wav(file: &[u8]) -> Result<Sound, WavError> {
        Ok(Sound::from_samples(&read_wav(file)?))
    }

    /// How many frames of 20 ms it has.
    pub fn frames(&self) -> u32 {
        (self.pcmu.len() / FRAME_SAMPLES) as u32
    }

    /// How long it lasts, in whole frames.
    pub fn duration(&self) -> Duration {
        FRAME * self.frames()
    }

    /// The payload of frame `index` in a codec; `None` past the end.
    pub fn frame(&self, codec: Codec, index: u32) -> Option<&[u8]> {
        let bytes = match codec {
            Codec::Pcmu => &self.pcmu,
            Codec::Pcma => &self.pcma,
        };
        let start = usize::try_from(index).ok()?.checked_mul(FRAME_SAMPLES)?;
        bytes.get(start..start + FRAME_SAMPLES)
    }
}

impl std::fmt::Debug for Sound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sound({} ms)", self.duration().as_millis())
    }
}

impl PartialEq for Sound {
    fn eq(&self, other: &Sound) -> bool {
        self.pcmu == other.pcmu && self.pcma == other.pcma
    }
}

impl Eq for Sound {}
