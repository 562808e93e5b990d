//! WAV files: any of the usual kinds in, 8 kHz samples out; and the header of the files that we record.
//!
//! The chunks are walked before anything is allocated, so that a file that lies about its lengths is refused
//! with its fault by name. The `hound` crate is the oracle of the tests and not the reader: it knows no G.711,
//! and loses its way after a chunk of odd length.

use crate::codec::Codec;
use crate::resample;

/// The longest sound that is read.
pub const MAX_WAV_SECONDS: u64 = 3_600;
/// The rates that are read, in Hz.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Chunks that are looked at before the audio must have begun.
const MAX_CHUNKS: usize = 256;

/// Why a WAV file is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WavError {
    /// It does not begin like a WAV file.
    NotWav,
    /// A chunk claims more octets than the file has.
    Truncated {
        /// The chunk's name.
        chunk: String,
        /// The octets that it claims.
        claimed: u64,
        /// The octets that are there.
        present: u64,
    },
    /// It has no `fmt ` chunk before its audio, or no audio.
    MissingChunk(&'static str),
    /// A format other than 16-bit PCM and G.711: format tag and bits per sample.
    UnsupportedFormat {
        /// `wFormatTag`.
        tag: u16,
        /// `wBitsPerSample`.
        bits: u16,
    },
    /// Other than one or two channels.
    Channels(u16),
    /// A sample rate outside 4,000-192,000 Hz.
    SampleRate(u32),
    /// Longer than an hour.
    TooLong,
}

impl std::fmt::Display for WavError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WavError::NotWav => write!(f, "this is not a WAV file"),
            WavError::Truncated { chunk, claimed, present } => {
                write!(
                    f,
                    "the file is cut off: its `{chunk}` chunk claims {claimed} bytes, {present} are there"
                )
            }
            WavError::MissingChunk(name) => write!(f, "the file has no `{name}` chunk"),
            WavError::UnsupportedFormat { tag, bits } => write!(
                f,
                "the audio is of format {tag} with {bits} bits; 16-bit PCM (1), A-law (6) and μ-law (7) are read"
            ),
            WavError::Channels(count) => write!(f, "the audio has {count} channels; 1 and 2 are read"),
            WavError::SampleRate(rate) => write!(f, "the sample rate is {rate} Hz; 4000 to 192000 are read"),
            WavError::TooLong => write!(f, "the audio is longer than an hour"),
        }
    }
}

impl std::error::Error for WavError {}

/// What the chunks of a file say.
struct Layout<'a> {
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
    data: &'a [u8],
}

/// The samples of a WAV file, brought to 16 bits, one channel and 8 kHz.
///
/// # Errors
/// A file that is no WAV, is cut off, lies about its chunks, or holds audio of another kind; see [`WavError`].
pub fn read_wav(file: &[u8]) -> Result<Vec<i16>, WavError> {
    let layout = walk(file)?;
    if !(1..=2).contains(&layout.channels) {
        return Err(WavError::Channels(layout.channels));
    }
    if !RATES.contains(&layout.rate) {
        return Err(WavError::SampleRate(layout.rate));
    }
    let (codec, width) = match (layout.tag, layout.bits) {
        (1, 16) => (None, 2),
        (6, 8) => (Some(Codec::Pcma), 1),
        (7, 8) => (Some(Codec::Pcmu), 1),
        (tag, bits) => return Err(WavError::UnsupportedFormat { tag, bits }),
    };
    let per_second = u64::from(layout.rate) * u64::from(layout.channels) * width;
    if layout.data.len() as u64 > per_second * MAX_WAV_SECONDS {
        return Err(WavError::TooLong);
    }
    let mut samples = Vec::new();
    match codec {
        Some(codec) => codec.decode(layout.data, &mut samples),
        None => {
            samples.extend(layout.data.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])))
        }
    }
    if layout.channels == 2 {
        samples = samples
            .chunks_exact(2)
            .map(|pair| ((i32::from(pair[0]) + i32::from(pair[1])) / 2) as i16)
            .collect();
    }
    Ok(resample::to_8_khz(samples, layout.rate))
}

fn walk(file: &[u8]) -> Result<Layout<'_>, WavError> {
    let (Some(b"RIFF"), Some(b"WAVE")) = (file.get(..4), file.get(8..12)) else {
        return Err(WavError::NotWav);
    };
    let mut rest = &file[12..];
    let mut format = None;
    for _ in 0..MAX_CHUNKS {
        let Some((head, body)) = rest.split_first_chunk::<8>() else { break };
        let claimed = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let Some(content) = usize::try_from(claimed).ok().and_then(|len| body.get(..len)) else {
            return Err(WavError::Truncated {
                chunk: String::from_utf8_lossy(&head[..4]).escape_debug().to_string(),
                claimed: claimed.into(),
                present: body.len() as u64,
            });
        };
        match &head[..4] {
            b"fmt " => format = Some(read_format(content).ok_or(WavError::MissingChunk("fmt "))?),
            b"data" => {
                let (tag, channels, rate, bits) = format.ok_or(WavError::MissingChunk("fmt "))?;
                return Ok(Layout { tag, channels, rate, bits, data: content });
            }
            _ => {}
        }
        // Chunks begin at even places.
        rest = body.get(content.len().next_multiple_of(2)..).unwrap_or_default();
    }
    Err(WavError::MissingChunk(if format.is_some() { "data" } else { "fmt " }))
}

/// Tag, channels, rate and bits of a `fmt ` chunk.
fn read_format(content: &[u8]) -> Option<(u16, u16, u32, u16)> {
    let short = |at: usize| Some(u16::from_le_bytes(*content.get(at..)?.first_chunk::<2>()?));
    let rate = u32::from_le_bytes(*content.get(4..)?.first_chunk::<4>()?);
    let tag = short(0)?;
    // WAVE_FORMAT_EXTENSIBLE keeps the true tag at the head of its sub-format.
    let tag = if tag == 0xFFFE { short(24)? } else { tag };
    Some((tag, short(2)?, rate, short(14)?))
}

/// The 44 octets that go before `samples` samples of 16-bit PCM, mono, 8 kHz. A recorder writes them again
/// with the true count as the file grows.
pub fn wav_header(samples: u32) -> [u8; 44] {
    wav_header_of(1, samples)
}

/// The same for so many channels, whose samples follow one another frame by frame.
pub fn wav_header_of(channels: u16, frames: u32) -> [u8; 44] {
    let frame = channels.saturating_mul(2);
    let octets = frames.saturating_mul(u32::from(frame)).min(u32::MAX - 36);
    let mut header = [0; 44];
    header[..4].copy_from_slice(b"RIFF");
    header[4..8].copy_from_slice(&(octets + 36).to_le_bytes());
    header[8..16].copy_from_slice(b"WAVEfmt ");
    header[16..20].copy_from_slice(&16u32.to_le_bytes());
    header[20..22].copy_from_slice(&1u16.to_le_bytes());
    header[22..24].copy_from_slice(&channels.to_le_bytes());
    header[24..28].copy_from_slice(&8_000u32.to_le_bytes());
    header[28..32].copy_from_slice(&(8_000 * u32::from(frame)).to_le_bytes());
    header[32..34].copy_from_slice(&frame.to_le_bytes());
    header[34..36].copy_from_slice(&16u16.to_le_bytes());
    header[36..40].copy_from_slice(b"data");
    header[40..44].copy_from_slice(&octets.to_le_bytes());
    header
}
