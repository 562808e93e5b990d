//! Messages: the tone, the recording, the store.

use flow_bytecode::Datum;

use crate::boundary::{LegId, Message, Output, PlayId, RecordingId, SpeechItem, StoreId, Stored, StoryLine};
use crate::call::{Call, Closing, Stage, Voicemail, Wait};
use crate::request::VoicemailRequest;
use crate::switch::{LegEvent, Switch};

/// Outcomes of `voicemail`, by number.
const RECORDED: u16 = 0;
const EMPTY: u16 = 1;
const FAILED: u16 = 2;
/// How much longer than it may last a recording is waited for.
const PATIENCE_MICROS: u64 = 30_000_000;

impl Switch {
    /// Takes a message.
    pub(super) fn voicemail(&mut self, call: &mut Call, request: VoicemailRequest) {
        self.answer(call);
        call.typed.clear();
        call.messages += 1;
        let name = format!("{}-{}", call.record.call, call.messages);
        let items = vec![SpeechItem::Standard("tone/beep")];
        let Some(leg) = call.leg else { return self.finish(call, FAILED, &[]) };
        let until = self.patience(call, &items);
        let Some(play) = self.play(call, leg, items, false, false) else {
            return self.finish(call, FAILED, &[]);
        };
        let (flow, block) = (call.fiber.flow(), call.block());
        call.wait = Wait::Voicemail(Box::new(Voicemail {
            request,
            leg,
            name,
            stage: Stage::Tone(play, until),
            flow,
            block,
        }));
    }

    /// The tone has sounded: the recording begins.
    pub(crate) fn tone_finished(&mut self, call: &mut Call, play: PlayId) {
        let Wait::Voicemail(voicemail) = &mut call.wait else { return };
        let (Stage::Tone(own, _), Some(leg)) = (&voicemail.stage, call.leg) else { return };
        if *own != play {
            return;
        }
        call.last_recording += 1;
        let recording = RecordingId(call.last_recording);
        let longest = voicemail.request.longest_millis.saturating_mul(1000);
        let until = self.now.monotonic.saturating_add(longest).saturating_add(PATIENCE_MICROS);
        voicemail.stage = Stage::Recording(recording, until);
        self.outputs.push_back(Output::Record {
            leg,
            recording,
            name: voicemail.name.clone(),
            longest_millis: voicemail.request.longest_millis,
            silence_millis: voicemail.request.silence_millis,
        });
    }

    /// A key ends a recording.
    pub(crate) fn voicemail_key(&mut self, call: &mut Call, leg: LegId) {
        let Wait::Voicemail(voicemail) = &call.wait else { return };
        if let Stage::Recording(recording, _) = voicemail.stage {
            self.outputs.push_back(Output::StopRecording(leg, recording));
        }
    }

    /// A recording of the caller's is finished, or could not be made (`None`).
    pub(crate) fn recorded(&mut self, call: &mut Call, recording: RecordingId, made: Option<(u64, u64)>) {
        let Wait::Voicemail(voicemail) = &call.wait else { return };
        if !matches!(voicemail.stage, Stage::Recording(own, _) if own == recording) {
            return;
        }
        match made {
            None => self.finish(call, FAILED, &[]),
            Some((_, 0)) => self.finish(call, EMPTY, &[]),
            Some((millis, _)) => {
                let Wait::Voicemail(mut voicemail) = std::mem::replace(&mut call.wait, Wait::Nothing) else {
                    return;
                };
                voicemail.stage = self.store(call, &voicemail, millis);
                call.wait = Wait::Voicemail(voicemail);
            }
        }
    }

    fn store(&mut self, call: &Call, voicemail: &Voicemail, millis: u64) -> Stage {
        let block = voicemail.block.map_or("", |block| call.loaded.block_names(block).1);
        let message = Message {
            name: voicemail.name.clone(),
            call: call.record.call.clone(),
            deliver_to: voicemail.request.deliver_to.clone(),
            caller: call.record.caller.clone(),
            flow: call.loaded.function_name(voicemail.flow).to_owned(),
            block: block.to_owned(),
            unix_millis: self.now.unix_millis,
            millis,
        };
        let store = self.ask_disk(Stored::Message(message.clone()));
        self.promises.waits(store, call.id);
        let deadline = self.now.monotonic.saturating_add(self.options.store_millis.saturating_mul(1000));
        Stage::Storing { store, deadline, message: Box::new(message) }
    }

    /// What was to be stored is on disk, or cannot be.
    pub(crate) fn stored(&mut self, call: &mut Call, store: StoreId, done: bool) {
        let stage = match (&call.closing, &call.wait) {
            (Some(closing), _) => &closing.voicemail.stage,
            (None, Wait::Voicemail(voicemail)) => &voicemail.stage,
            _ => return,
        };
        let Stage::Storing { store: own, message, .. } = stage else { return };
        if *own != store {
            return;
        }
        let message = message.clone();
        if done {
            call.record.messages.push(message.name.clone());
            let (name, millis) = (message.name.clone(), message.millis);
            self.story(call, |_| StoryLine::Recorded { name, millis });
        }
        if call.closing.take().is_some() {
            if !done {
                call.record.oddities = call.record.oddities.saturating_add(1);
            }
        } else if done {
            self.finish(call, RECORDED, &[Datum::Text(message.name)]);
        } else {
            self.finish(call, FAILED, &[]);
        }
    }

    /// The disk has not answered in time, or who plays the tone and records has not.
    pub(crate) fn voicemail_due(&mut self, call: &mut Call) {
        let Wait::Voicemail(voicemail) = &call.wait else { return };
        let now = self.now.monotonic;
        match voicemail.stage {
            Stage::Tone(play, until) if until <= now => {
                call.record.oddities = call.record.oddities.saturating_add(1);
                return self.tone_finished(call, play);
            }
            Stage::Recording(recording, until) if until <= now => {
                call.record.oddities = call.record.oddities.saturating_add(1);
                return self.recorded(call, recording, None);
            }
            _ => {}
        }
        if let Stage::Storing { store, deadline, .. } = voicemail.stage
            && deadline <= self.now.monotonic
        {
            self.promises.waits_no_longer(store);
            self.finish(call, FAILED, &[]);
        }
    }

    /// The call ends while a message is taken: what was recorded is still delivered.
    pub(super) fn close_voicemail(&mut self, call: &mut Call, voicemail: Voicemail) {
        let deadline = self.now.monotonic.saturating_add(self.options.store_millis.saturating_mul(1000));
        match voicemail.stage {
            Stage::Tone(..) => {}
            Stage::Recording(recording, _) => {
                // With its caller gone a recording ends by itself.
                if call.leg.is_some() {
                    self.outputs.push_back(Output::StopRecording(voicemail.leg, recording));
                }
                self.recordings.insert(voicemail.leg, call.id);
                call.closing = Some(Closing { voicemail, deadline });
            }
            Stage::Storing { .. } => call.closing = Some(Closing { voicemail, deadline }),
        }
    }

    /// The recording of a leg that is gone.
    pub(crate) fn late_recording(&mut self, call: &mut Call, event: LegEvent) {
        let Some(mut closing) = call.closing.take() else { return };
        let Stage::Recording(own, _) = closing.voicemail.stage else {
            call.closing = Some(closing);
            return;
        };
        match event {
            LegEvent::Recorded { recording, millis, speech_millis } if recording == own => {
                self.recordings.remove(&closing.voicemail.leg);
                if speech_millis > 0 {
                    closing.voicemail.stage = self.store(call, &closing.voicemail, millis);
                    call.closing = Some(closing);
                }
            }
            LegEvent::RecordingFailed(recording) if recording == own => {
                self.recordings.remove(&closing.voicemail.leg);
            }
            _ => call.closing = Some(closing),
        }
    }

    /// Neither the recording nor the disk came to an end in time: the call's record goes without.
    pub(crate) fn give_up_closing(&mut self, call: &mut Call) {
        let Some(closing) = call.closing.take() else { return };
        self.recordings.remove(&closing.voicemail.leg);
        if let Stage::Storing { store, .. } = closing.voicemail.stage {
            self.promises.waits_no_longer(store);
        }
        call.record.oddities = call.record.oddities.saturating_add(1);
    }
}
