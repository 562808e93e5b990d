//! What a caller hears while waiting for somebody: music, and sentences over it.

use crate::boundary::{Output, PlayId, SpeechItem};
use crate::call::Call;
use crate::switch::Switch;

/// As many sentences as wait for their turn.
const GREATEST_SENTENCES: usize = 8;

impl Switch {
    /// Plays the next sentence, or the music where none waits.
    pub(super) fn resume_sound(&mut self, call: &mut Call) {
        let Some(leg) = call.leg else { return };
        let Some(sound) = call.sound() else { return };
        match sound.next.pop_front() {
            Some(items) => {
                let until = self.patience(call, &items);
                let play = self.play(call, leg, items, false, false);
                let now = self.now.monotonic;
                if let Some(sound) = call.sound() {
                    // What plays takes the music's place, which will go on where it was.
                    if sound.music.take().is_some() {
                        sound.heard = sound.heard.saturating_add(now.saturating_sub(sound.since));
                    }
                    sound.sentence = play;
                    sound.until = play.map(|_| until);
                }
            }
            None => {
                let from_millis = sound.heard / 1000;
                let items = vec![self.music(call)];
                let play = self.play_from(call, leg, items, from_millis);
                let now = self.now.monotonic;
                if let Some(sound) = call.sound() {
                    sound.sentence = None;
                    sound.until = None;
                    sound.music = play;
                    sound.since = now;
                }
            }
        }
    }

    fn music(&self, call: &Call) -> SpeechItem {
        use crate::call::Wait;
        let (name, default) = match &call.wait {
            Wait::Queue(stay) => {
                let table = call.loaded.program.stays.get(usize::from(stay.request.stay));
                (table.and_then(|table| table.music), "hold/calm")
            }
            Wait::Dial(dial) => {
                let table = call.loaded.program.rings.get(usize::from(dial.request.rings));
                (table.and_then(|table| table.music), "tone/ringback")
            }
            _ => (None, "hold/calm"),
        };
        name.map_or(SpeechItem::Standard(default), SpeechItem::Sound)
    }

    /// Speaks a sentence over the music, after those that wait already.
    pub(super) fn interject(&mut self, call: &mut Call, items: Vec<SpeechItem>) {
        if items.is_empty() {
            return;
        }
        let Some(sound) = call.sound() else { return };
        if sound.next.len() < GREATEST_SENTENCES {
            sound.next.push_back(items);
        }
        if sound.sentence.is_none() && call.talk().is_some_and(|talk| talk.is_none()) {
            self.resume_sound(call);
        }
    }

    /// A playback of the caller's is over.
    pub(crate) fn sound_finished(&mut self, call: &mut Call, play: PlayId) {
        if call.sound().is_some_and(|sound| sound.sentence == Some(play)) {
            self.resume_sound(call);
        }
    }

    /// The end of a sentence was waited for in vain: the music goes on.
    pub(super) fn sound_due(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        let Some(sound) = call.sound() else { return };
        if sound.until.is_some_and(|until| until <= now) {
            call.record.oddities = call.record.oddities.saturating_add(1);
            self.resume_sound(call);
        }
    }

    /// Silence: somebody is there, or the wait is over.
    pub(super) fn stop_sound(&mut self, call: &mut Call) {
        let Some(leg) = call.leg else { return };
        let Some(sound) = call.sound() else { return };
        let sound = std::mem::take(sound);
        if let Some(play) = sound.sentence.or(sound.music) {
            self.outputs.push_back(Output::Stop(leg, play));
        }
    }
}
