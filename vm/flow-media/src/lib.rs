//! RTP, digits, codecs, prompts and bridges, without input or output.
//!
//! Bytes come in with the address they came from and the instant they came at; bytes go out with the address
//! they are for. This crate opens no socket, reads no clock and starts no thread: a media thread (in
//! `flow-server`), a simulator or a test drives it. It must not know of SIP, flows or queues.
//!
//! The centre is [`Session`]: one RTP session, the media side of one call leg. Its driver keeps the law of the
//! whole machine: after every call that takes `now`, drain [`Session::poll_transmit`] and
//! [`Session::poll_event`], then wait until [`Session::next_deadline`].
//!
//! [`Command`] and [`Event`] are the same thing as plain data, for drivers that live on another thread.

mod budget;
mod codec;
mod command;
mod detector;
mod digit;
mod endpointer;
mod event;
mod mixer;
mod playlist;
mod recorder;
mod remote;
mod resample;
mod rtcp;
mod rtp;
mod session;
mod sound;
mod source;
mod stats;
mod stream;
mod telephone_event;
mod time;
pub mod tones;
mod wav;

pub use codec::{Codec, g711};
pub use command::{Command, MediaEvent, OpenError, SessionId};
pub use detector::{Answerer, Detector};
pub use digit::{Digit, DigitSource};
pub use endpointer::{Endpointer, Speech};
pub use event::{Event, PlaybackEnd, PlaybackId, RecordingEnd, RecordingId};
pub use mixer::Mixer;
pub use playlist::{Playlist, PlaylistItem};
pub use recorder::RecordingLimits;
pub use remote::{Direction, Remote};
pub use rtcp::{MAX_REPORT, ReceptionReport, Report, SenderInfo, read_report, write_report};
pub use rtp::{HEADER_LEN, Header, MalformedPacket, Packet};
pub use session::{Channel, Forward, Session, SessionConfig, StreamStart, Transmit, UNPROVEN_PACKETS};
pub use sound::{FRAME, FRAME_SAMPLES, Sound};
pub use stats::Stats;
pub use stream::MAX_PACKET;
pub use telephone_event::{
    DigitEvent, Receiver as DigitReceiver, Sender as DigitSender, SenderStep, payload as event_payload,
};
pub use time::Time;
pub use wav::{MAX_WAV_SECONDS, WavError, read_wav, wav_header, wav_header_of};
