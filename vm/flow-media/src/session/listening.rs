//! A session that is listened to: what its peer says from the first word of one utterance to its end.

use std::time::Duration;

use super::Session;
use crate::endpointer::{Endpointer, Speech};
use crate::time::Time;

/// A peer that sends nothing for so long, as many do in silence, has said what it had to say.
const SILENCE: Duration = Duration::from_millis(700);
/// A packet whose timestamp is so far behind is a late or a repeated one.
const HALF_OF_ALL: u32 = u32::MAX / 2;

#[derive(Debug)]
pub(super) struct Listener {
    endpointer: Endpointer,
    /// Where the next packet is expected to begin.
    next: Option<u32>,
    last_packet: Time,
    /// Samples of the utterance that nobody has fetched.
    speech: Vec<i16>,
}

impl Session {
    /// Listens to one utterance, in place of one that is listened for. Fetch it with [`Session::take_speech`].
    pub fn listen(&mut self, now: Time) {
        let listener =
            Listener { endpointer: Endpointer::default(), next: None, last_packet: now, speech: Vec::new() };
        self.listener = Some(Box::new(listener));
    }

    /// Listens no longer.
    pub fn stop_listening(&mut self) {
        self.listener = None;
    }

    /// Hands over what was said since the last time, 16 bits at 8 kHz, and how the utterance stands; `None` when
    /// nobody listens. When it is over, nobody listens any more.
    pub fn take_speech(&mut self, mut hear: impl FnMut(&[i16])) -> Option<Speech> {
        let listener = self.listener.as_mut()?;
        if !listener.speech.is_empty() {
            hear(&listener.speech);
            listener.speech.clear();
        }
        let speech = listener.endpointer.speech();
        if speech == Speech::Over {
            self.listener = None;
        }
        Some(speech)
    }

    /// A packet's samples. While a key is down there is silence: its tone is no speech.
    pub(super) fn hear_packet(
        &mut self,
        timestamp: u32,
        samples: impl ExactSizeIterator<Item = i16>,
        now: Time,
    ) {
        let key = self.digits_in.is_down();
        let Some(listener) = &mut self.listener else { return };
        let length = u32::try_from(samples.len()).unwrap_or(u32::MAX);
        if listener.next.is_some_and(|next| timestamp.wrapping_sub(next) > HALF_OF_ALL) {
            return;
        }
        listener.next = Some(timestamp.wrapping_add(length));
        listener.last_packet = now;
        let samples = samples.map(|sample| if key { 0 } else { sample });
        listener.endpointer.listen(samples, &mut listener.speech);
    }

    /// Another stream counts its samples anew.
    pub(super) fn hear_new_stream(&mut self) {
        if let Some(listener) = &mut self.listener {
            listener.next = None;
        }
    }

    pub(super) fn advance_listening(&mut self, now: Time) {
        if self.listening_deadline().is_some_and(|deadline| deadline <= now)
            && let Some(listener) = &mut self.listener
        {
            listener.endpointer.cease();
        }
    }

    pub(super) fn listening_deadline(&self) -> Option<Time> {
        let listener = self.listener.as_ref()?;
        (listener.endpointer.speech() == Speech::Speaking).then(|| listener.last_packet + SILENCE)
    }
}
