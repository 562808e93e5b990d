//! Effects that change the call at once, and `decline`.

use flow_bytecode::{Datum, Effect};

use super::utterance;
use crate::boundary::{Mark, Outcome, Output, Stored, StoryLine};
use crate::call::Call;
use crate::recording::Whom;
use crate::switch::Switch;

/// As many marks as a call's record holds.
const GREATEST_MARKS: usize = 1000;

impl Switch {
    /// Refuses a call that was not answered.
    pub(super) fn decline(&mut self, call: &mut Call, code: u16) {
        if call.answered {
            // Too late to refuse: it ends as an answered call does.
            call.record.oddities = call.record.oddities.saturating_add(1);
        } else if let Some(leg) = call.leg.take() {
            self.legs.release(leg.slot);
            self.outputs.push_back(Output::Decline(leg, code));
            call.outcome = Some(Outcome::Declined { code });
        }
        self.finish(call, 0, &[]);
    }

    /// An effect that finishes before anything else happens: its outcome and data.
    pub(super) fn at_once(&mut self, call: &mut Call, effect: Effect) -> (u16, Vec<Datum>) {
        let loaded = call.loaded.clone();
        let arguments = call.fiber.arguments(&loaded.program);
        match effect {
            Effect::Interject => {
                let speech = utterance(arguments.speech(0));
                let items = self.render(call, &speech);
                self.interject(call, items);
            }
            Effect::SetPriority => {
                let priority = arguments.int(0);
                if let Some(place) = call.place {
                    self.queues.set_priority(place, priority);
                    self.dispatch_due = true;
                }
            }
            Effect::SetLanguage => call.language = arguments.handle(0),
            // One voice speaks so far.
            Effect::SetVoice => {}
            Effect::SetRecording => {
                let whom = Whom::from_number(arguments.int(0));
                self.set_recording(call, whom);
            }
            Effect::Mark => {
                let mark = Mark {
                    name: arguments.text(0).as_str().to_owned(),
                    value: arguments.option_text(1).map(|text| text.as_str().to_owned()),
                    at: call.at(self.now.monotonic),
                };
                self.story(call, |_| StoryLine::Marked {
                    name: mark.name.clone(),
                    value: mark.value.clone(),
                });
                if call.record.marks.len() < GREATEST_MARKS {
                    call.record.marks.push(mark);
                }
            }
            Effect::Discard => call.typed.clear(),
            Effect::Tally => {
                let (limit, key) = (arguments.handle(0), arguments.text(1).as_str().to_owned());
                self.tally(call, limit, &key);
            }
            Effect::Reset => {
                if let Some(limit) = loaded.program.limits.get(usize::from(arguments.handle(0))) {
                    let (limit, key) =
                        (loaded.text(limit.name).to_owned(), arguments.text(1).as_str().to_owned());
                    self.limits.reset(&limit, &key);
                    self.ask_disk(Stored::Cleared { limit, key });
                }
            }
            Effect::Post => {
                let (operation, values) = (arguments.handle(0), super::record(&arguments, 1));
                self.post(call, operation, &values);
            }
            sample => return (0, vec![self.sample(call, sample)]),
        }
        (0, Vec::new())
    }
}
