//! The recording of a call itself: what the peer says, beside a message that may be recorded, without the tones of
//! keys, and with silence while it pauses.

use super::Session;
use crate::event::{Event, RecordingEnd, RecordingId};
use crate::recorder::{Recorder, RecordingLimits};
use crate::time::Time;

/// Nothing ends it but an order: the recorder's own greatest length.
const LIMITS: RecordingLimits = RecordingLimits {
    max_duration: std::time::Duration::from_secs(24 * 3_600),
    silence: None,
    no_speech: None,
    digit_ends: false,
};

#[derive(Debug)]
pub(super) struct Tap {
    pub(super) recorder: Recorder,
    paused: bool,
}

impl Session {
    /// Begins to record for the call, in place of a recording of the call that is running.
    pub fn tap(&mut self, id: RecordingId, now: Time) {
        self.end_tap(RecordingEnd::Stopped);
        self.tap = Some(Box::new(Tap { recorder: Recorder::new(id, LIMITS, now), paused: false }));
    }

    /// Keeps silence from now on, or what is said.
    pub fn pause_tap(&mut self, id: RecordingId, paused: bool) {
        if let Some(tap) = self.tap.as_mut().filter(|tap| tap.recorder.id == id) {
            tap.paused = paused;
        }
    }

    /// Puts a packet's samples into the recording of the call: silence while it pauses, or while a key is down.
    pub(super) fn tap_packet(
        &mut self,
        timestamp: u32,
        samples: impl ExactSizeIterator<Item = i16>,
        now: Time,
    ) {
        let key = self.digits_in.is_down();
        if let Some(tap) = &mut self.tap {
            let keep = !tap.paused && !key;
            let samples = samples.map(|sample| if keep { sample } else { 0 });
            tap.recorder.packet(timestamp, samples, now);
        }
    }

    pub(super) fn advance_tap(&mut self, now: Time) {
        if let Some(end) = self.tap.as_mut().and_then(|tap| tap.recorder.advance(now)) {
            self.end_tap(end);
        }
    }

    /// Ends the recording of the call, if it is that one.
    pub(super) fn stop_tap(&mut self, id: RecordingId, now: Time) {
        if self.tap.as_ref().is_some_and(|tap| tap.recorder.id == id) {
            self.advance_tap(now);
            self.end_tap(RecordingEnd::Stopped);
        }
    }

    pub(super) fn end_tap(&mut self, end: RecordingEnd) {
        let Some(mut tap) = self.tap.take() else { return };
        tap.recorder.flush();
        if let Some(samples) = tap.recorder.take(true) {
            self.recorded.push_back((tap.recorder.id, samples));
        }
        let (id, duration, spoken) = (tap.recorder.id, tap.recorder.duration(), tap.recorder.spoken());
        self.report(Event::RecordingFinished { id, duration, end, spoken });
    }
}
