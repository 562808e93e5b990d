//! The whole crate as plain data: what a driver on another thread orders, and what it is told.

use std::path::PathBuf;

use crate::digit::Digit;
use crate::event::{Event, PlaybackId, RecordingId};
use crate::playlist::Playlist;
use crate::recorder::RecordingLimits;
use crate::remote::Remote;
use crate::stats::Stats;

/// Names one session (one call leg's media) among all; chosen by the driver and not used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// An order to the media threads. Orders to a session that is not open are ignored: it may have failed to
/// open, or been closed, while the order was under way.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Open a session: an even UDP port for RTP and the next one for RTCP. Answered by [`MediaEvent::Opened`]
    /// or [`MediaEvent::OpenFailed`].
    Open {
        /// Its name.
        session: SessionId,
        /// Which media thread carries it, modulo their number. Both legs of a bridge must be on one thread.
        shard: u32,
    },
    /// What offer and answer settled; again after each new one.
    SetRemote {
        /// Of which session.
        session: SessionId,
        /// The other side.
        remote: Remote,
    },
    /// The peer proved to be where its SDP says (its ACK came from there).
    SetProven {
        /// Of which session.
        session: SessionId,
    },
    /// Play, at once, in place of what is being played.
    Play {
        /// To which session.
        session: SessionId,
        /// The playback's name.
        id: PlaybackId,
        /// What.
        playlist: Playlist,
        /// Whether a key that goes down stops it, without a word from the driver.
        barge_in: bool,
    },
    /// Stop a playback, if it is still the current one.
    Stop {
        /// To which session.
        session: SessionId,
        /// Which playback.
        id: PlaybackId,
    },
    /// Join two sessions of one thread: what one peer sends is forwarded to the other. Each leaves the bridge
    /// that it was in before.
    Bridge {
        /// One side.
        a: SessionId,
        /// The other side.
        b: SessionId,
    },
    /// Take a session, and its partner, out of their bridge.
    Unbridge {
        /// Either side.
        session: SessionId,
    },
    /// Record what the peer says into a WAV file that is playable at any moment up to its last second.
    Record {
        /// Of which session.
        session: SessionId,
        /// The recording's name.
        id: RecordingId,
        /// The file; replaced if it exists.
        path: PathBuf,
        /// When it ends by itself.
        limits: RecordingLimits,
    },
    /// Listen who picked up; answered by `Detected` when it can be told.
    Detect {
        /// On which session.
        session: SessionId,
    },
    /// End a recording, if it is still running.
    StopRecord {
        /// Of which session.
        session: SessionId,
        /// Which recording.
        id: RecordingId,
    },
    /// Send keys as telephone-events, after those that are still being sent. Without a negotiated
    /// telephone-event nothing is sent.
    SendDigits {
        /// To which session.
        session: SessionId,
        /// The keys.
        digits: Vec<Digit>,
    },
    /// Close a session. Answered by [`MediaEvent::Closed`], its last event.
    Close {
        /// Which.
        session: SessionId,
    },
}

impl Command {
    /// The session that the order is for.
    pub fn session(&self) -> SessionId {
        match self {
            Command::Open { session, .. }
            | Command::SetRemote { session, .. }
            | Command::SetProven { session }
            | Command::Play { session, .. }
            | Command::Stop { session, .. }
            | Command::Bridge { a: session, .. }
            | Command::Unbridge { session }
            | Command::Record { session, .. }
            | Command::Detect { session }
            | Command::StopRecord { session, .. }
            | Command::SendDigits { session, .. }
            | Command::Close { session } => *session,
        }
    }
}

/// What the media threads report.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaEvent {
    /// A session is open: this even port hears RTP, the next one RTCP.
    Opened {
        /// Which.
        session: SessionId,
        /// The RTP port.
        port: u16,
    },
    /// A session could not be opened; its name means nothing from now on.
    OpenFailed {
        /// Which.
        session: SessionId,
        /// Why.
        error: OpenError,
    },
    /// Something happened in a session.
    Session {
        /// Which.
        session: SessionId,
        /// What.
        event: Event,
    },
    /// A session is closed; its last event. It comes without an order too, if a defect of ours ended the session.
    Closed {
        /// Which.
        session: SessionId,
        /// What went through it.
        stats: Box<Stats>,
    },
}

/// Why a session could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
    /// Every port of the range carries a call or is still in quarantine after one.
    PortsExhausted,
    /// The system refused a socket; its words.
    Socket(String),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OpenError::PortsExhausted => write!(f, "every RTP port is in use"),
            OpenError::Socket(reason) => write!(f, "no RTP socket: {reason}"),
        }
    }
}

impl std::error::Error for OpenError {}
