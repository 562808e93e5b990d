//! A call's life: its beginning, its coroutine being run, its end.

use flow_bytecode::Datum;
use flow_vm::{Event, Fiber, Op, Output as Asked, Trap};

use crate::boundary::{
    CallId, CallRecord, Failure, HangUp, Incoming, LegId, Outcome, Output, PlayId, SpeechItem, StoryLine,
};
use crate::call::{Call, Wait};
use crate::speech::{Utterance, Voice};
use crate::switch::Switch;

/// How long our own words may take before a hang-up.
const APOLOGY_MICROS: u64 = 15_000_000;
/// What a letter, a word and a sound without words may take at most, and how much more is waited for.
const LETTER_MICROS: u64 = 300_000;
const WORD_MICROS: u64 = 5_000_000;
const SOUND_MICROS: u64 = 60 * 60 * 1_000_000;
const PATIENCE_MICROS: u64 = 60_000_000;
/// Blocks on whose entry keys typed ahead are dropped. `end` is one, so that nobody is sent away in silence.
const KINDS_WITHOUT_TYPE_AHEAD: [&str; 4] = ["queue", "dial", "voicemail", "end"];
/// As many blocks as a call's record lists.
const GREATEST_WAY: usize = 10_000;

impl Switch {
    /// Makes a call of what has come in, and runs it up to its first wait.
    pub(crate) fn begin_call(&mut self, incoming: Incoming) -> LegId {
        let place = self.legs.insert_with(|_, _| CallId { slot: u32::MAX, generation: 0 });
        let leg = LegId { slot: place.0, generation: place.1 };
        let loaded = self.programs.get(incoming.program.0 as usize).cloned();
        let record = CallRecord {
            flow: loaded
                .as_ref()
                .map_or_else(String::new, |loaded| loaded.function_name(incoming.flow).to_owned()),
            called: incoming.called,
            caller: incoming.caller,
            caller_name: incoming.caller_name,
            ..CallRecord::new(incoming.name, self.now.unix_millis)
        };
        let fiber = loaded.as_ref().and_then(|loaded| Fiber::new(&loaded.program, incoming.flow, &[]).ok());
        let (Some(loaded), Some(fiber), true) =
            (loaded, fiber, self.calls.len() < self.options.greatest_calls)
        else {
            self.legs.release(leg.slot);
            self.outputs.push_back(Output::Decline(leg, 503));
            self.outputs.push_back(Output::CallRecord(Box::new(record)));
            return leg;
        };
        let now = self.now;
        let (slot, generation) = self.calls.insert_with(|slot, generation| {
            let id = CallId { slot, generation };
            let mut call = Call::new(id, leg, now, loaded, fiber, record);
            call.attested = incoming.attested;
            call.deaf = !incoming.keys_can_arrive;
            Box::new(call)
        });
        let id = CallId { slot, generation };
        self.legs.put(leg.slot, id);
        self.with_call(id, |switch, call| {
            switch.story(call, |call| StoryLine::Began {
                called: call.record.called.clone(),
                caller: call.record.caller.clone().or_else(|| call.record.caller_name.clone()),
                flow: call.record.flow.clone(),
            });
            call.ready = true;
            switch.drive(call);
            if !call.answered && call.over.is_none() {
                switch.outputs.push_back(Output::Ring(leg));
            }
        });
        leg
    }

    /// Runs the coroutine until it waits or is over.
    pub(crate) fn drive(&mut self, call: &mut Call) {
        while std::mem::take(&mut call.ready) {
            loop {
                match call.fiber.poll(&call.loaded.program) {
                    Asked::Begin { op, entry } => self.begin(call, op, entry),
                    Asked::Cancel { .. } => self.cancelled(call),
                    Asked::Entered { block } => self.entered(call, block),
                    Asked::Waiting => break,
                    Asked::Yielded => {}
                    Asked::Ended => {
                        self.ended(call);
                        break;
                    }
                    Asked::Trapped(trap) => {
                        self.trapped(call, trap);
                        break;
                    }
                }
            }
        }
    }

    /// The effect in flight is over.
    pub(crate) fn finish(&mut self, call: &mut Call, outcome: u16, data: &[Datum]) {
        call.wait = Wait::Nothing;
        self.tell(call, Event::Finished { op: call.op, outcome, data });
    }

    /// An effect that takes no time is over; what waits beneath it goes on.
    pub(crate) fn finish_at_once(&mut self, call: &mut Call, op: Op, outcome: u16, data: &[Datum]) {
        self.tell(call, Event::Finished { op, outcome, data });
    }

    /// The effect in flight has something to say and goes on; the coroutine runs at once.
    pub(crate) fn report(&mut self, call: &mut Call, report: u16, data: &[Datum]) {
        self.tell(call, Event::Reported { op: call.op, report, data });
        self.drive(call);
    }

    fn tell(&mut self, call: &mut Call, event: Event<'_>) {
        if let Err(refused) = call.fiber.handle(&call.loaded.program, event) {
            // A refused event would leave the call waiting for ever: it ends, with an apology.
            call.record.oddities = call.record.oddities.saturating_add(1);
            let _ = call.fiber.handle(&call.loaded.program, Event::HungUp);
            if call.over.is_none() && !matches!(call.wait, Wait::Apology { .. }) {
                let place = call.block_name();
                self.fault(call, "event".to_owned(), refused.to_string(), place);
            }
        }
        call.ready = true;
    }

    fn entered(&mut self, call: &mut Call, block: u16) {
        if call.way.len() < GREATEST_WAY {
            call.way.push((block, call.at(self.now.monotonic)));
        } else {
            call.record.oddities = call.record.oddities.saturating_add(1);
        }
        // Keys pressed before are for none of these; those pressed while the block itself speaks are.
        if KINDS_WITHOUT_TYPE_AHEAD.contains(&call.loaded.block_names(block).0) {
            call.typed.clear();
        }
        self.story(call, |call| {
            let (kind, block) = call.loaded.block_names(block);
            StoryLine::Entered { kind: kind.to_owned(), block: block.to_owned() }
        });
    }

    /// The flow is through: whoever is still there is hung up.
    fn ended(&mut self, call: &mut Call) {
        if call.over.is_some() || matches!(call.wait, Wait::Apology { .. }) {
            return;
        }
        let block = call.block_name();
        self.story(call, |_| StoryLine::Ended(format!("ended in {block}")));
        call.outcome.get_or_insert(Outcome::Ended { block });
        self.end(call);
    }

    fn trapped(&mut self, call: &mut Call, trap: Trap) {
        if call.over.is_some() {
            // In `on hangup`: the call has its outcome already.
            call.record.oddities = call.record.oddities.saturating_add(1);
            return;
        }
        if matches!(call.wait, Wait::Apology { .. }) {
            return;
        }
        let place = match trap.location(&call.loaded.program) {
            Some((file, entry)) => format!("{file}:{}", entry.line),
            None => format!("instruction {}", trap.at),
        };
        self.fault(call, trap.reason.code().to_owned(), trap.reason.text().to_owned(), place);
    }

    /// Something is wrong with the program: the caller hears an apology, and is hung up.
    fn fault(&mut self, call: &mut Call, code: String, message: String, place: String) {
        self.story(call, |_| StoryLine::Fault {
            code: code.clone(),
            message: message.clone(),
            place: place.clone(),
        });
        call.outcome = Some(Outcome::Fault { code, message, place });
        self.drop_wait(call);
        let Some(leg) = call.leg else { return self.end(call) };
        self.answer(call);
        let items = crate::speech::apology(call.loaded.language(call.language));
        match self.play(call, leg, items, false, false) {
            Some(play) => {
                call.wait = Wait::Apology { play, until: self.now.monotonic.saturating_add(APOLOGY_MICROS) };
            }
            None => self.end(call),
        }
    }

    /// Our own last words are said.
    pub(crate) fn apologised(&mut self, call: &mut Call) {
        call.wait = Wait::Nothing;
        self.end(call);
    }

    /// Ends a call from our side, whatever it is doing: the coroutine hears of a hang-up.
    pub(crate) fn put_down(&mut self, call: &mut Call, outcome: Outcome) {
        if call.over.is_some() {
            return;
        }
        let why = match &outcome {
            Outcome::TooLong { .. } => "it has lasted as long as a call may",
            Outcome::Shutdown { .. } => "the server stops",
            Outcome::Transferred { .. } => "handed on",
            _ => "put down by the server",
        };
        call.outcome.get_or_insert(outcome);
        self.drop_wait(call);
        self.story(call, |_| StoryLine::Ended(why.to_owned()));
        self.end(call);
        if !call.fiber.is_over() {
            self.tell(call, Event::HungUp);
        }
    }

    /// The caller is gone.
    fn left(&mut self, call: &mut Call, leg: LegId, how: HangUp) {
        self.legs.release(leg.slot);
        let block = call.block_name();
        call.outcome.get_or_insert_with(|| match how {
            HangUp::ByParty => Outcome::CallerHungUp { block: block.clone() },
            HangUp::MediaLost | HangUp::ConnectionLost => Outcome::Lost { block: block.clone() },
        });
        call.leg = None;
        self.drop_wait(call);
        self.story(call, |_| {
            StoryLine::Ended(match how {
                HangUp::ByParty => format!("the caller hung up in {block}"),
                HangUp::MediaLost | HangUp::ConnectionLost => format!("the caller was lost in {block}"),
            })
        });
        self.end(call);
        if !call.fiber.is_over() {
            self.tell(call, Event::HungUp);
        }
    }

    /// The call is over: nothing of it is left but its record.
    pub(crate) fn end(&mut self, call: &mut Call) {
        if let Some(leg) = call.leg.take() {
            self.hang_up(leg);
        }
        self.end_parked(call);
        self.queues.leave(call.place.take());
        call.over.get_or_insert(self.now.monotonic);
    }

    /// Hangs a leg up, which is gone with that.
    pub(crate) fn hang_up(&mut self, leg: LegId) {
        self.legs.release(leg.slot);
        self.outputs.push_back(Output::HangUp(leg));
    }

    /// What happened to the caller's leg.
    pub(crate) fn caller(&mut self, call: &mut Call, leg: LegId, event: crate::switch::LegEvent) {
        use crate::switch::LegEvent;
        if let Wait::Placing { .. } = call.wait {
            match event {
                LegEvent::Answered => self.row_answered(call),
                LegEvent::Failed(failure) => {
                    self.legs.release(leg.slot);
                    self.row_not_reached(call, failure);
                }
                LegEvent::HungUp(_) => {
                    self.legs.release(leg.slot);
                    self.row_not_reached(call, Failure::NoAnswer);
                }
                _ => {}
            }
            return;
        }
        match event {
            LegEvent::HungUp(how) => self.left(call, leg, how),
            LegEvent::Detected { machine } => self.detected(call, machine),
            // What was given up on has come true after all, or the party has gone there by itself.
            LegEvent::Transferred(true) if !matches!(call.wait, Wait::Transfer(_)) => {
                self.outputs.push_back(Output::HangUp(leg));
                self.left(call, leg, HangUp::ByParty);
            }
            LegEvent::Transferred(done) => self.transferred(call, done),
            LegEvent::Failed(_) => self.left(call, leg, HangUp::ConnectionLost),
            LegEvent::Digit(digit) => self.key(call, leg, digit.ascii()),
            LegEvent::Played(play) => self.played(call, play),
            LegEvent::Recorded { recording, millis, speech_millis } => {
                self.recorded(call, recording, Some((millis, speech_millis)));
            }
            LegEvent::RecordingFailed(recording) => self.recorded(call, recording, None),
            LegEvent::Held(held) => self.caller_holds(call, held),
            LegEvent::MixFailed => self.mix_failed(call),
            LegEvent::Answered => {}
        }
    }

    /// The caller has pressed a key.
    fn key(&mut self, call: &mut Call, leg: LegId, key: u8) {
        if let Some((swallowed, until)) = call.swallow.take()
            && swallowed == key
            && until > self.now.monotonic
        {
            return;
        }
        match &mut call.wait {
            Wait::Say { play, cut: true, .. } => {
                self.outputs.push_back(Output::Stop(leg, *play));
                call.type_ahead(key);
                self.finish(call, 0, &[]);
            }
            Wait::Ask(_) => self.question_key(call, key),
            Wait::Queue(stay) if stay.talk.is_none() => self.stay_key(call, key),
            Wait::Voicemail(_) => self.voicemail_key(call, leg),
            Wait::Conference(_) => self.room_key(call, key),
            Wait::Talking(_) => {}
            Wait::Queue(_) | Wait::Dial(_) | Wait::CallingBack(_) => {}
            Wait::Placing { .. } | Wait::RowKept(_) => {}
            Wait::Apology { .. } => {}
            Wait::Request(_) | Wait::Disk(_) | Wait::Booking(_) | Wait::Detect { .. } | Wait::Transfer(_) => {
                call.type_ahead(key);
            }
            Wait::Nothing | Wait::Say { .. } => {
                call.type_ahead(key);
            }
        }
    }

    /// What the caller heard is over.
    pub(crate) fn played(&mut self, call: &mut Call, play: PlayId) {
        match &mut call.wait {
            Wait::Say { play: own, .. } if *own == play => self.finish(call, 0, &[]),
            Wait::Ask(ask) if ask.play == Some(play) => {
                ask.play = None;
                if ask.collector.entered().is_empty() {
                    ask.deadline = Some(self.now.monotonic.saturating_add(ask.question.wait_micros));
                }
            }
            Wait::Queue(_) | Wait::Dial(_) => self.sound_finished(call, play),
            Wait::Voicemail(_) => self.tone_finished(call, play),
            Wait::Apology { play: own, .. } if *own == play => self.apologised(call),
            _ => {}
        }
    }

    /// Answers the caller, once.
    pub(crate) fn answer(&mut self, call: &mut Call) {
        if call.answered {
            return;
        }
        let Some(leg) = call.leg else { return };
        call.answered = true;
        call.record.answered_after = Some(call.at(self.now.monotonic));
        self.outputs.push_back(Output::Answer(leg));
        self.story(call, |_| StoryLine::Answered);
    }

    /// The pieces of an utterance in the call's language.
    pub(crate) fn render(&self, call: &Call, utterance: &Utterance) -> Vec<SpeechItem> {
        let program = &call.loaded.program;
        let voice = Voice {
            program,
            zones: program.time_zones(),
            language: call.language,
            unix_millis: self.now.unix_millis,
        };
        voice.render(utterance)
    }

    /// Plays on a leg of a call; `None` when there is nothing to be heard.
    pub(crate) fn play(
        &mut self,
        call: &mut Call,
        leg: LegId,
        items: Vec<SpeechItem>,
        barge_in: bool,
        repeat: bool,
    ) -> Option<PlayId> {
        self.play_at(call, leg, items, (barge_in, repeat), 0)
    }

    /// Plays music that goes on where it was.
    pub(crate) fn play_from(
        &mut self,
        call: &mut Call,
        leg: LegId,
        items: Vec<SpeechItem>,
        from_millis: u64,
    ) -> Option<PlayId> {
        self.play_at(call, leg, items, (false, true), from_millis)
    }

    /// Until when the end of a playback is waited for: long after it must have come.
    pub(crate) fn patience(&self, call: &Call, items: &[SpeechItem]) -> u64 {
        let program = &call.loaded.program;
        let letters = |text: &str| text.len() as u64 * LETTER_MICROS;
        let all = items.iter().map(|item| match item {
            SpeechItem::Text { text, .. } | SpeechItem::Recording { words: text, .. } => {
                program.texts.get(*text as usize).map_or(0, |text| letters(text))
            }
            SpeechItem::Sound(_) => SOUND_MICROS,
            SpeechItem::Standard(_) => APOLOGY_MICROS,
            SpeechItem::Words { display, clips, .. } => {
                letters(display).max(clips.len() as u64 * WORD_MICROS)
            }
            SpeechItem::Synthesise { text, .. } => letters(text),
            SpeechItem::Silence(millis) => u64::from(*millis) * 1000,
        });
        let sum = all.fold(PATIENCE_MICROS, u64::saturating_add);
        self.now.monotonic.saturating_add(sum)
    }

    fn play_at(
        &mut self,
        call: &mut Call,
        leg: LegId,
        items: Vec<SpeechItem>,
        (barge_in, repeat): (bool, bool),
        from_millis: u64,
    ) -> Option<PlayId> {
        if items.is_empty() {
            return None;
        }
        let play = call.next_play();
        if self.options.stories && !repeat && call.leg == Some(leg) {
            let text = crate::speech::display(&call.loaded.program, &items);
            self.story(call, |_| StoryLine::Said(text));
        }
        let program = call.loaded.id;
        self.outputs.push_back(Output::Play { leg, play, program, items, barge_in, repeat, from_millis });
        Some(play)
    }
}
