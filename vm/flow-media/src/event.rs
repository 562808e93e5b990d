//! What a session reports, as plain data.

use crate::detector::Answerer;
use std::time::Duration;

use crate::digit::{Digit, DigitSource};

/// Names one playback of one session; chosen by the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaybackId(pub u64);

/// Names one recording of one session; chosen by the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordingId(pub u64);

/// Something that happened in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A key went down: the first packet of its event was heard.
    DigitStarted {
        /// The key.
        digit: Digit,
        /// The way it came.
        source: DigitSource,
    },
    /// A key came up again. Exactly one for each press, after its `DigitStarted`.
    Digit {
        /// The key.
        digit: Digit,
        /// The way it came.
        source: DigitSource,
        /// How long it was held, as far as the sender said.
        held: Duration,
    },
    /// A playback is over. Exactly one for each that was begun.
    PlaybackFinished {
        /// Which.
        id: PlaybackId,
        /// Why.
        end: PlaybackEnd,
    },
    /// A recording is over. Exactly one for each that was begun.
    RecordingFinished {
        /// Which.
        id: RecordingId,
        /// How much was recorded.
        duration: Duration,
        /// Why it ended.
        end: RecordingEnd,
        /// Whether a voice was heard in it at all.
        spoken: bool,
    },
    /// Who picked up, once it can be told.
    Detected(Answerer),
    /// The first RTP packet from the peer that was accepted.
    MediaHeard,
    /// Neither RTP nor RTCP came for as long as the configuration allows. Said once; again only after media
    /// came back and was lost once more.
    MediaLost,
}

/// Why a playback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaybackEnd {
    /// It was played to its end.
    Completed,
    /// It was told to stop.
    Stopped,
    /// The caller pressed a key and the playback allowed barge-in.
    BargedIn,
    /// Another playback took its place.
    Replaced,
}

/// Why a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingEnd {
    /// It was told to stop, or its session was closed.
    Stopped,
    /// The longest allowed duration was reached.
    MaxDuration,
    /// The caller fell silent, or never spoke, for as long as allowed.
    Silence,
    /// The caller pressed a key and the limits said that a key ends it.
    Digit,
    /// The file could not be written; what was written before is playable.
    Failed,
}
