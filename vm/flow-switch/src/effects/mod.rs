//! The effects: what a call's coroutine asks for, one file for each family.

mod assist;
mod callback;
mod calling_back;
pub(crate) mod conference;
pub(crate) mod dial;
mod handing;
mod instant;
mod placing;
pub(crate) mod question;
mod queue;
mod reach;
mod request;
mod samples;
mod sound;
mod store;
mod talk;
mod voicemail;

use flow_bytecode::{Datum, Effect};
use flow_vm::{Arguments, Op, SpeechView};

use crate::call::{Call, Wait};
use crate::request::{CallbackRequest, DialRequest, Question, QuestionKind, StayRequest, VoicemailRequest};
use crate::snapshot;
use crate::speech::{Argument, Utterance};
use crate::switch::Switch;

pub use placing::NotStarted;

impl Switch {
    /// Begins the effect of an entry of the program's table.
    pub(crate) fn begin(&mut self, call: &mut Call, op: Op, entry: u16) {
        let loaded = call.loaded.clone();
        let Some(entry) = loaded.program.effects.get(usize::from(entry)) else { return };
        let effect = entry.effect;
        if !effect.is_at_once() {
            call.op = op;
        }
        let arguments = call.fiber.arguments(&loaded.program);
        match effect {
            Effect::Say => {
                let speech = utterance(arguments.speech(0));
                let cut = arguments.bool(1);
                self.say(call, &speech, cut);
            }
            Effect::Menu => {
                let question = Question {
                    kind: QuestionKind::Menu,
                    speech: utterance(arguments.speech(0)),
                    keys: arguments.handle(1),
                    wait_micros: micros(arguments.duration(2)),
                    gap_micros: micros(arguments.duration(3)),
                };
                self.ask(call, question);
            }
            Effect::Collect => {
                let question = Question {
                    kind: QuestionKind::Collect(arguments.handle(1)),
                    speech: utterance(arguments.speech(0)),
                    keys: arguments.handle(2),
                    wait_micros: micros(arguments.duration(3)),
                    gap_micros: micros(arguments.duration(4)),
                };
                self.ask(call, question);
            }
            Effect::Rate => {
                let kind = QuestionKind::Rate {
                    name: arguments.text(0).as_str().to_owned(),
                    low: arguments.int(2),
                    high: arguments.int(3),
                };
                let question = Question {
                    kind,
                    speech: utterance(arguments.speech(1)),
                    keys: arguments.handle(4),
                    wait_micros: question::RATE_WAIT_MICROS,
                    gap_micros: question::RATE_GAP_MICROS,
                };
                self.ask(call, question);
            }
            Effect::Queue => {
                let request = StayRequest {
                    queue: arguments.handle(0),
                    priority: arguments.int(1),
                    longest_micros: micros(arguments.duration(2)),
                    stay: arguments.handle(3),
                    prefer: arguments.option_text(4).map(|text| text.as_str().to_owned()),
                    prefer_micros: micros(arguments.duration(5)),
                    whisper: arguments.option_speech(6).map(|speech| utterance(Some(speech))),
                    show: texts(&arguments, 7),
                };
                self.join_queue(call, request);
            }
            Effect::Dial => {
                let request = DialRequest {
                    rings: arguments.handle(0),
                    addresses: texts(&arguments, 1),
                    from: arguments.option_text(2).map(|text| text.as_str().to_owned()),
                    whisper: arguments.option_speech(3).map(|speech| utterance(Some(speech))),
                    show: texts(&arguments, 4),
                };
                self.dial(call, request);
            }
            Effect::Voicemail => {
                let silence = arguments.duration(1);
                let request = VoicemailRequest {
                    longest_millis: arguments.duration(0).max(0) as u64,
                    silence_millis: (silence > 0).then_some(silence as u64),
                    deliver_to: arguments.text(2).as_str().to_owned(),
                };
                self.voicemail(call, request);
            }
            Effect::Conference => {
                let room = arguments.text(0).as_str().to_owned();
                let longest = micros(arguments.duration(1));
                let stay = loaded.program.stays.get(usize::from(arguments.handle(2)));
                let music = stay.and_then(|stay| stay.music);
                self.confer(call, room, longest, music);
            }
            Effect::Rejoin => {
                let result = arguments.text(0).as_str().to_owned();
                self.rejoin(call, result);
            }
            Effect::Callback => {
                let whisper = arguments.option_speech(5).map(|speech| utterance(Some(speech)));
                let request = CallbackRequest {
                    number: arguments.text(0).as_str().to_owned(),
                    queue: arguments.handle(1),
                    priority: arguments.int(2),
                    table: arguments.handle(3),
                    from: arguments.option_text(4).map(|text| text.as_str().to_owned()),
                    whisper: whisper.and_then(|whisper| snapshot::kept(&whisper)),
                    show: texts(&arguments, 6),
                    arguments: match arguments.value(7).and_then(|value| value.datum()) {
                        Some(Datum::Record(fields)) => fields,
                        _ => Vec::new(),
                    },
                };
                self.book(call, request);
            }
            Effect::Detect => {
                let longest = micros(arguments.duration(0));
                self.detect(call, longest);
            }
            Effect::Transfer => {
                let (rings, addresses) = (arguments.handle(0), texts(&arguments, 1));
                self.transfer(call, rings, addresses);
            }
            Effect::PlaceCall => {
                let (skip, number) = (arguments.bool(0), arguments.text(1).as_str().to_owned());
                let from = arguments.option_text(2).map(|text| text.as_str().to_owned());
                self.call_row(call, skip, number, from);
            }
            Effect::Decline => {
                let code = arguments.int(0).clamp(400, 699) as u16;
                self.decline(call, code);
            }
            Effect::Request => {
                let (operation, values) = (arguments.handle(0), record(&arguments, 1));
                self.request(call, operation, values);
            }
            Effect::Send => {
                let (operation, values) = (arguments.handle(0), record(&arguments, 1));
                self.send(call, operation, &values);
            }
            Effect::Count => {
                let (limit, key) = (arguments.handle(0), arguments.text(1).as_str().to_owned());
                self.count(call, limit, &key);
            }
            _ => {
                let (outcome, data) = self.at_once(call, effect);
                self.finish_at_once(call, op, outcome, data.as_slice());
            }
        }
    }

    /// The coroutine no longer wants the effect that had reported.
    pub(crate) fn cancelled(&mut self, call: &mut Call) {
        match std::mem::replace(&mut call.wait, Wait::Nothing) {
            Wait::Queue(stay) => self.left_by_key(call, *stay),
            other => call.wait = other,
        }
    }

    /// Whatever the call waits for is not wanted any more, because the call ends.
    pub(crate) fn drop_wait(&mut self, call: &mut Call) {
        match std::mem::replace(&mut call.wait, Wait::Nothing) {
            Wait::Queue(stay) => self.drop_stay(call, *stay),
            Wait::Dial(dial) => self.drop_dial(call, *dial),
            Wait::Voicemail(voicemail) => self.close_voicemail(call, *voicemail),
            talking @ Wait::Talking(_) => {
                call.wait = talking;
                self.break_talk(call);
                call.wait = Wait::Nothing;
            }
            room @ Wait::Conference(_) => {
                call.wait = room;
                self.drop_room(call);
            }
            Wait::CallingBack(back) => self.drop_calling_back(call, *back),
            Wait::Placing { .. } => self.drop_placing(call),
            Wait::RowKept(kept) => {
                self.promises.waits_no_longer(kept.store);
                self.row_waits_again(call, 0);
            }
            // What is booked is booked: the disk answers for nobody.
            Wait::Booking(_) | Wait::Detect { .. } | Wait::Transfer(_) => {}
            Wait::Request(asked) => {
                self.requests.remove(&asked.request);
            }
            Wait::Disk(storing) => {
                self.promises.waits_no_longer(storing.store);
            }
            Wait::Nothing | Wait::Say { .. } | Wait::Ask(_) | Wait::Apology { .. } => {}
        }
    }
}

/// Milliseconds of the program as microseconds of the timers.
fn micros(millis: i64) -> u64 {
    millis.max(0).unsigned_abs().saturating_mul(1000)
}

fn texts(arguments: &Arguments<'_>, index: usize) -> Vec<String> {
    arguments.list_text(index).map(|text| text.as_str().to_owned()).collect()
}

/// The fields of a record out of a call's memory.
fn record(arguments: &Arguments<'_>, index: usize) -> Vec<Datum> {
    match arguments.value(index).and_then(|value| value.datum()) {
        Some(Datum::Record(fields)) => fields,
        _ => Vec::new(),
    }
}

/// A sentence out of a call's memory.
fn utterance(speech: Option<SpeechView<'_>>) -> Utterance {
    let Some(speech) = speech else { return Utterance::default() };
    let arguments =
        (0..speech.len()).filter_map(|index| speech.argument(index)).map(|value| match value.speech() {
            Some(part) => Argument::Speech(utterance(Some(part))),
            None => Argument::Value(value.datum().unwrap_or(flow_bytecode::Datum::None)),
        });
    Utterance { template: speech.template_index(), arguments: arguments.collect() }
}
