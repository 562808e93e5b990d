//! Between the node's media orders and the media threads: the same things in each other's words.

use std::path::PathBuf;
use std::time::Duration;

use flow_media as media;
use flow_node::{MediaCommand, MediaEvent, Remote, SessionId};
use flow_switch::boundary::{Digit, PlayId, RecordingId};

use crate::catalogue::Catalogue;

/// Where sound is kept.
pub(crate) struct Folders {
    /// Messages that callers leave.
    pub(crate) messages: PathBuf,
    /// Recordings of calls.
    pub(crate) recordings: PathBuf,
}

/// A node's order as the media threads take it.
///
/// `None` for what is listened for, which has a way of its own.
pub(crate) fn command(
    order: MediaCommand,
    catalogue: &mut Catalogue,
    folders: &Folders,
) -> Option<media::Command> {
    use media::Command;
    Some(match order {
        MediaCommand::Listen { .. } | MediaCommand::StopListening { .. } => return None,
        MediaCommand::Open { session, shard } => Command::Open { session: name(session), shard },
        MediaCommand::SetRemote { session, remote } => {
            Command::SetRemote { session: name(session), remote: peer(&remote) }
        }
        MediaCommand::SetProven { session } => Command::SetProven { session: name(session) },
        MediaCommand::Play { session, play, program, items, barge_in, repeat, from_millis } => {
            Command::Play {
                session: name(session),
                id: media::PlaybackId(u64::from(play.0)),
                playlist: catalogue.playlist(program, &items, repeat),
                barge_in,
                from: Duration::from_millis(from_millis),
            }
        }
        MediaCommand::Stop { session, play } => {
            Command::Stop { session: name(session), id: media::PlaybackId(u64::from(play.0)) }
        }
        MediaCommand::Bridge { a, b } => Command::Bridge { a: name(a), b: name(b) },
        MediaCommand::Unbridge { session } => Command::Unbridge { session: name(session) },
        MediaCommand::Record { session, recording, name: file, longest_millis, silence_millis } => {
            Command::Record {
                session: name(session),
                id: media::RecordingId(u64::from(recording.0)),
                path: recording_path(&folders.messages, &file),
                limits: media::RecordingLimits {
                    max_duration: Duration::from_millis(longest_millis),
                    silence: silence_millis.map(Duration::from_millis),
                    no_speech: silence_millis.map(|millis| Duration::from_millis(millis.saturating_mul(2))),
                    digit_ends: true,
                },
            }
        }
        MediaCommand::RecordCall { session, recording, name: file, channel } => Command::RecordCall {
            session: name(session),
            id: media::RecordingId(u64::from(recording.0)),
            path: recording_path(&folders.recordings, &file),
            channel,
        },
        MediaCommand::PauseRecord { session, recording, paused } => Command::PauseRecord {
            session: name(session),
            id: media::RecordingId(u64::from(recording.0)),
            paused,
        },
        MediaCommand::Mix { session, room } => Command::Mix { session: name(session), room },
        MediaCommand::Unmix { session } => Command::Unmix { session: name(session) },
        MediaCommand::StopRecord { session, recording } => {
            Command::StopRecord { session: name(session), id: media::RecordingId(u64::from(recording.0)) }
        }
        MediaCommand::Detect { session } => Command::Detect { session: name(session) },
        MediaCommand::Close { session } => Command::Close { session: name(session) },
    })
}

/// What the media threads tell, as the node takes it; `None` for what it need not know.
pub(crate) fn event(event: media::MediaEvent) -> Option<MediaEvent> {
    Some(match event {
        media::MediaEvent::Opened { session, port } => MediaEvent::Opened { session: back(session), port },
        media::MediaEvent::OpenFailed { session, error } => {
            MediaEvent::OpenFailed { session: back(session), reason: error.to_string() }
        }
        media::MediaEvent::Closed { session, .. } => MediaEvent::Closed { session: back(session) },
        media::MediaEvent::Session { session, event } => return session_event(back(session), event),
    })
}

fn session_event(session: SessionId, event: media::Event) -> Option<MediaEvent> {
    use media::{Event, PlaybackEnd, RecordingEnd};
    Some(match event {
        Event::Digit { digit, .. } => {
            MediaEvent::Digit { session, digit: Digit::new(u8::try_from(digit.as_char()).ok()?)? }
        }
        Event::PlaybackFinished { id, end } => {
            let cut = match end {
                PlaybackEnd::Completed => false,
                PlaybackEnd::BargedIn => true,
                PlaybackEnd::Stopped | PlaybackEnd::Replaced => return None,
            };
            MediaEvent::PlaybackFinished { session, play: PlayId(u32::try_from(id.0).ok()?), cut }
        }
        Event::RecordingFinished { id, duration, end, spoken } => {
            let recording = RecordingId(u32::try_from(id.0).ok()?);
            if end == RecordingEnd::Failed {
                return Some(MediaEvent::RecordingFailed { session, recording });
            }
            let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
            MediaEvent::RecordingFinished {
                session,
                recording,
                millis,
                spoken,
                by_key: end == RecordingEnd::Digit,
            }
        }
        Event::Detected(who) => MediaEvent::Detected { session, machine: who == media::Answerer::Machine },
        Event::MediaLost => MediaEvent::MediaLost { session },
        Event::DigitStarted { .. } | Event::MediaHeard => return None,
    })
}

fn peer(remote: &Remote) -> media::Remote {
    let settled = &remote.negotiated;
    let codec = match settled.codec {
        flow_sip::Codec::Pcmu => media::Codec::Pcmu,
        flow_sip::Codec::Pcma => media::Codec::Pcma,
    };
    let direction = match settled.direction {
        flow_sip::Direction::SendRecv => media::Direction::SendReceive,
        flow_sip::Direction::SendOnly => media::Direction::SendOnly,
        flow_sip::Direction::RecvOnly => media::Direction::ReceiveOnly,
        flow_sip::Direction::Inactive => media::Direction::Inactive,
    };
    media::Remote {
        signalling: Some(remote.signalling),
        payload_type: settled.payload_type,
        telephone_event: settled.telephone_event,
        direction,
        proven: remote.proven,
        ..media::Remote::new(settled.remote, codec)
    }
}

/// The file of a recording. Its name is the switch's own; what could leave the folder is taken out all the
/// same.
fn recording_path(folder: &std::path::Path, file: &str) -> PathBuf {
    let safe: String = file
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .collect();
    folder.join(format!("{safe}.wav"))
}

pub(crate) fn name(session: SessionId) -> media::SessionId {
    media::SessionId(session.0)
}

fn back(session: media::SessionId) -> SessionId {
    SessionId(session.0)
}
