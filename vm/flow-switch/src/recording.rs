//! The recording of the call itself: who is to be recorded, and what of that runs.
//!
//! What should run follows from the state of the call alone, so it is looked at whenever the call was worked
//! on ([`Switch::see_to_recording`]): nothing else starts, pauses or ends a recording of a call. While a secret is
//! taken, and while an assist runs, silence is kept in place of what is said.

use crate::boundary::{LegId, Output, RecordingId, StoryLine};
use crate::call::{Call, Wait};
use crate::request::QuestionKind;
use crate::switch::Switch;

/// As many files as one call may begin.
const GREATEST_FILES: u32 = 1_000;

/// Who is recorded; as `set_recording` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Whom {
    #[default]
    Nobody,
    Caller,
    Agent,
    Both,
}

impl Whom {
    pub(crate) fn from_number(number: i64) -> Whom {
        match number {
            1 => Whom::Caller,
            2 => Whom::Agent,
            3 => Whom::Both,
            _ => Whom::Nobody,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Whom::Nobody => "nobody",
            Whom::Caller => "caller",
            Whom::Agent => "agent",
            Whom::Both => "both",
        }
    }
}

/// What is recorded of a call.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) whom: Whom,
    /// The file, from its first channel until nobody is recorded any more.
    file: Option<String>,
    files: u32,
    taps: Vec<Tap>,
}

impl Recorded {
    /// What a snapshot holds of it.
    pub(crate) fn parts(&self) -> (i64, u32) {
        (self.whom as i64, self.files)
    }

    /// The same after a restart: what ran begins a new file.
    pub(crate) fn of_parts((whom, files): (i64, u32)) -> Recorded {
        Recorded { whom: Whom::from_number(whom), files, ..Recorded::default() }
    }
}

/// One party that is being recorded.
#[derive(Debug, Clone, Copy)]
struct Tap {
    leg: LegId,
    recording: RecordingId,
    paused: bool,
}

impl Switch {
    /// `set recording = …`
    pub(crate) fn set_recording(&mut self, call: &mut Call, whom: Whom) {
        if call.recorded.whom != whom {
            call.recorded.whom = whom;
            self.story(call, |_| StoryLine::Recording(whom.word().to_owned()));
        }
    }

    /// A recording could not be made: whether it was one of the call itself. The call goes on without, and its
    /// record says that something is missing.
    pub(crate) fn tap_failed(&mut self, call: &mut Call, recording: RecordingId) -> bool {
        let ours = call.recorded.taps.iter().any(|tap| tap.recording == recording);
        if ours {
            call.record.oddities = call.record.oddities.saturating_add(1);
            self.story(call, |_| StoryLine::Recording("failed".to_owned()));
        }
        ours
    }

    /// Makes what runs what should run.
    pub(crate) fn see_to_recording(&mut self, call: &mut Call) {
        if call.recorded.whom == Whom::Nobody && call.recorded.taps.is_empty() {
            call.recorded.file = None;
            return;
        }
        let wanted = wanted(call);
        let paused = is_paused(call);
        for tap in std::mem::take(&mut call.recorded.taps) {
            if wanted.iter().any(|(leg, _)| *leg == tap.leg) {
                call.recorded.taps.push(tap);
            } else if self.legs.get(tap.leg.slot, tap.leg.generation).is_some() {
                // The recording of a leg that is gone has ended with it.
                self.outputs.push_back(Output::StopRecording(tap.leg, tap.recording));
            }
        }
        if call.recorded.whom == Whom::Nobody {
            call.recorded.file = None;
        }
        for (leg, channel) in wanted {
            if !call.recorded.taps.iter().any(|tap| tap.leg == leg) {
                self.begin_tap(call, leg, channel);
            }
        }
        for tap in &mut call.recorded.taps {
            if tap.paused != paused {
                tap.paused = paused;
                self.outputs.push_back(Output::PauseRecording(tap.leg, tap.recording, paused));
            }
        }
    }

    fn begin_tap(&mut self, call: &mut Call, leg: LegId, channel: u8) {
        if call.recorded.file.is_none() {
            if call.recorded.files >= GREATEST_FILES {
                return;
            }
            call.recorded.files += 1;
            let name = format!("{}-r{}", call.record.call, call.recorded.files);
            call.record.recordings.push(name.clone());
            call.recorded.file = Some(name);
        }
        let Some(name) = call.recorded.file.clone() else { return };
        call.last_recording += 1;
        let recording = RecordingId(call.last_recording);
        call.recorded.taps.push(Tap { leg, recording, paused: false });
        self.outputs.push_back(Output::RecordCall { leg, recording, name, channel });
    }
}

/// The legs to be recorded, each with its channel.
fn wanted(call: &Call) -> Vec<(LegId, u8)> {
    if call.over.is_some() {
        return Vec::new();
    }
    let whom = call.recorded.whom;
    let caller = call.leg.filter(|_| call.answered && matches!(whom, Whom::Caller | Whom::Both));
    let parked = call.parked.iter().filter_map(|parked| parked.talk.as_ref());
    let talks = call.talk_now().filter(|talk| !talk.rung_back).into_iter().chain(parked);
    let others = talks.filter(|_| matches!(whom, Whom::Agent | Whom::Both)).map(|talk| (talk.leg, 1));
    caller.map(|leg| (leg, 0)).into_iter().chain(others).collect()
}

/// Whether something goes on that no recording may hold.
fn is_paused(call: &Call) -> bool {
    let asks_secret = match &call.wait {
        Wait::Ask(ask) => match ask.question.kind {
            QuestionKind::Collect(form) => {
                call.loaded.program.forms.get(usize::from(form)).is_some_and(|form| form.secret)
            }
            _ => false,
        },
        _ => false,
    };
    asks_secret || !call.parked.is_empty()
}
