//! A stay in a queue: the place, the timed script of the wait, its keys, its ends.

use flow_bytecode::Datum;
use flow_bytecode::program::StayTable;

use super::listening::{TOLD, choices};
use crate::boundary::{Hints, Hypothesis, Outcome, QueueVisit, StoryLine};
use crate::call::{Call, Sound, Stay, Wait};
use crate::collector::{Answer, Collector, Offer, Verdict};
use crate::queues::Entry;
use crate::request::StayRequest;
use crate::switch::Switch;
use crate::words::Selected;

/// Outcomes of `queue`, by number.
const TIMEOUT: u16 = 1;
const FULL: u16 = 2;
const UNSTAFFED: u16 = 3;
pub(super) const FAILED: u16 = 4;
const CLOSED: u16 = 5;
pub(super) const ASSIST: u16 = 6;
/// Reports.
const DUE: u16 = 0;
const PRESSED: u16 = 1;
/// How long keys of one choice may be apart.
const GAP_MICROS: u64 = 3_000_000;

impl Switch {
    /// A caller comes to a queue.
    pub(crate) fn join_queue(&mut self, call: &mut Call, request: StayRequest) {
        self.answer(call);
        let now = self.now.monotonic;
        let loaded = call.loaded.clone();
        let Some(&queue) = loaded.queues.get(usize::from(request.queue)) else {
            return self.finish(call, FAILED, &[]);
        };
        let Some(table) = loaded.program.stays.get(usize::from(request.stay)) else {
            return self.finish(call, FAILED, &[]);
        };
        if table.during.is_some_and(|calendar| !self.is_open(&loaded, calendar)) {
            self.queues.leave(call.place.take());
            self.visited(call, queue, now, "closed", None);
            return self.finish(call, CLOSED, &[]);
        }
        let kept = call.place.take();
        let entry = self.queues.join(now, call.id, queue, request.priority, kept, &self.agents);
        let place = match entry {
            Entry::Place(place) => place,
            Entry::Full => {
                self.visited(call, queue, now, "full", None);
                return self.finish(call, FULL, &[]);
            }
            Entry::Unstaffed => {
                self.visited(call, queue, now, "unstaffed", None);
                return self.finish(call, UNSTAFFED, &[]);
            }
        };
        call.place = Some(place);
        if kept != Some(place) || call.fired.0 != request.stay {
            call.fired = (request.stay, 0);
        }
        let preferred = request.prefer.as_deref().and_then(|name| self.agents.named(name));
        self.queues
            .set_prefer(place, preferred.map(|agent| (agent, now.saturating_add(request.prefer_micros))));
        let joined = self.queues.place(place).joined;
        let stay = Stay {
            entered: now,
            longest: joined.saturating_add(request.longest_micros),
            live: live_choices(table, call.fired.1),
            collector: Collector::default(),
            gap: None,
            timed: timed_entries(table, call.fired.1, joined, now),
            sound: Sound::default(),
            during: table.during.and_then(|calendar| self.closes_at(&loaded, calendar)),
            reach: None,
            talk: None,
            listening: None,
            unheard: false,
            request,
        };
        call.wait = Wait::Queue(Box::new(stay));
        if self.options.stories {
            let (queue, position) = (self.queues.name(queue).to_owned(), self.queues.position(place));
            self.story(call, |_| StoryLine::Queued { queue, position });
        }
        self.resume_sound(call);
        self.dispatch_due = true;
        // Keys pressed while the block spoke.
        while matches!(&call.wait, Wait::Queue(stay) if stay.talk.is_none())
            && let Some(key) = call.typed.pop_front()
        {
            self.stay_key(call, key);
        }
        self.listen_to_stay(call);
        self.stay_due(call);
    }

    /// Writes a visit of a queue into the record.
    fn visited(&mut self, call: &mut Call, queue: u32, entered: u64, outcome: &str, agent: Option<String>) {
        let waited = self.now.monotonic.saturating_sub(entered) / 1000;
        call.record.queues.push(QueueVisit {
            queue: self.queues.name(queue).to_owned(),
            at: call.at(entered),
            waited,
            outcome: outcome.to_owned(),
            agent,
        });
    }

    /// Somebody takes the call: the place is served.
    pub(super) fn served(&mut self, call: &mut Call, agent: String) {
        let Wait::Queue(stay) = &call.wait else { return };
        let entered = stay.entered;
        if let Some(place) = call.place.take() {
            let queue = self.queues.place(place).queue;
            self.queues.leave(Some(place));
            self.visited(call, queue, entered, "talked", Some(agent));
        }
    }

    /// The stay ends with an outcome that ends the place.
    fn end_stay(&mut self, call: &mut Call, outcome: u16, word: &str) {
        self.stop_ringing(call);
        self.stop_sound(call);
        let Wait::Queue(stay) = &call.wait else { return };
        let entered = stay.entered;
        if let Some(place) = call.place.take() {
            let queue = self.queues.place(place).queue;
            self.queues.leave(Some(place));
            self.visited(call, queue, entered, word, None);
        }
        self.dispatch_due = true;
        self.finish(call, outcome, &[]);
    }

    /// The caller left the queue by a key: the place is kept for a while.
    pub(super) fn left_by_key(&mut self, call: &mut Call, stay: Stay) {
        let entered = stay.entered;
        call.wait = Wait::Queue(Box::new(stay));
        self.stop_ringing(call);
        self.stop_sound(call);
        call.wait = Wait::Nothing;
        if let Some(place) = call.place {
            let queue = self.queues.place(place).queue;
            self.queues.away(self.now.monotonic, place);
            self.visited(call, queue, entered, "left", None);
            self.dispatch_due = true;
        }
    }

    /// The call ends in the queue.
    pub(super) fn drop_stay(&mut self, call: &mut Call, stay: Stay) {
        let entered = stay.entered;
        call.wait = Wait::Queue(Box::new(stay));
        self.stop_ringing(call);
        self.stop_sound(call);
        self.break_talk(call);
        call.wait = Wait::Nothing;
        if let Some(place) = call.place.take() {
            let queue = self.queues.place(place).queue;
            self.queues.leave(Some(place));
            let word = match call.outcome {
                Some(Outcome::CallerHungUp { .. } | Outcome::Lost { .. }) => "abandoned",
                _ => "ended",
            };
            self.visited(call, queue, entered, word, None);
            self.dispatch_due = true;
        }
    }

    /// A key while waiting.
    pub(crate) fn stay_key(&mut self, call: &mut Call, key: u8) {
        let loaded = call.loaded.clone();
        let now = self.now.monotonic;
        let Wait::Queue(stay) = &mut call.wait else { return };
        let Some(table) = loaded.program.stays.get(usize::from(stay.request.stay)) else { return };
        let offer = Offer {
            table: &table.keys,
            live: stay.live,
            texts: &loaded.program.texts,
            form: None,
            range: None,
        };
        let verdict = stay.collector.press(&offer, key);
        stay.gap = (verdict == Verdict::More).then(|| now.saturating_add(GAP_MICROS));
        self.stay_verdict(call, verdict);
    }

    fn stay_verdict(&mut self, call: &mut Call, verdict: Verdict) {
        let Wait::Queue(stay) = &mut call.wait else { return };
        if verdict == Verdict::More {
            return;
        }
        stay.gap = None;
        let keys = std::mem::take(&mut stay.collector);
        if let Verdict::Is { answer: Answer::Choice(index), .. } = verdict {
            self.story_keys(call, keys.entered(), false, StoryLine::Pressed);
            self.report(call, PRESSED, &[Datum::Int(i64::from(index))]);
        }
    }

    /// Listens to a caller who waits, where a choice has words.
    pub(super) fn listen_to_stay(&mut self, call: &mut Call) {
        let loaded = call.loaded.clone();
        let Wait::Queue(stay) = &call.wait else { return };
        let Some(table) = loaded.program.stays.get(usize::from(stay.request.stay)) else { return };
        let choices = choices(&loaded, call.language, &table.keys, stay.live);
        if stay.talk.is_some() || stay.unheard || !choices.has_phrases() {
            return;
        }
        let hints = Hints { phrases: choices.phrases(), form: None };
        let listening = self.listen(call, hints);
        if let Wait::Queue(stay) = &mut call.wait {
            stay.listening = listening;
        }
    }

    /// A caller who waits has said something. What selects nothing, or either of two, is not answered: who waits
    /// may talk to somebody in the room.
    pub(super) fn stay_heard(&mut self, call: &mut Call, hypotheses: &[Hypothesis]) {
        let loaded = call.loaded.clone();
        let Wait::Queue(stay) = &mut call.wait else { return };
        let Some(table) = loaded.program.stays.get(usize::from(stay.request.stay)) else { return };
        let selected = choices(&loaded, call.language, &table.keys, stay.live).select(hypotheses);
        if let (Selected::Choice(index), Some(best)) = (selected, hypotheses.first()) {
            stay.collector.clear();
            stay.gap = None;
            let told = best.text.chars().take(TOLD).collect();
            self.story(call, |_| StoryLine::Heard(told));
            self.report(call, PRESSED, &[Datum::Int(i64::from(index))]);
        }
        if matches!(&call.wait, Wait::Queue(stay) if stay.listening.is_none()) {
            self.listen_to_stay(call);
        }
    }

    /// Time has passed for a caller who waits: everything that is due happens, in order.
    pub(crate) fn stay_due(&mut self, call: &mut Call) {
        let now = self.now.monotonic;
        loop {
            let Wait::Queue(stay) = &mut call.wait else { return };
            if stay.talk.is_some() {
                return self.reach_due(call);
            }
            if stay.gap.is_some_and(|at| at <= now) {
                let loaded = call.loaded.clone();
                let Some(table) = loaded.program.stays.get(usize::from(stay.request.stay)) else { return };
                let offer = Offer {
                    table: &table.keys,
                    live: stay.live,
                    texts: &loaded.program.texts,
                    form: None,
                    range: None,
                };
                let verdict = stay.collector.gap(&offer);
                self.stay_verdict(call, verdict);
                continue;
            }
            let next = stay.timed.iter().copied().enumerate().min_by_key(|(_, (index, at, _))| (*at, *index));
            if let Some((entry, (index, at, repeats))) = next.filter(|(_, (_, at, _))| *at <= now) {
                match repeats {
                    Some(period) => {
                        let missed = now.saturating_sub(at) / period.max(1);
                        stay.timed[entry].1 = at.saturating_add((missed + 1).saturating_mul(period.max(1)));
                    }
                    None => {
                        stay.timed.swap_remove(entry);
                        call.fired.1 |= 1_u64.checked_shl(u32::from(index)).unwrap_or(0);
                        let table = call.loaded.program.stays.get(usize::from(stay.request.stay));
                        stay.live = table.map_or(stay.live, |table| live_choices(table, call.fired.1));
                        // What may be said is another now.
                        self.listen_to_stay(call);
                    }
                }
                self.report(call, DUE, &[Datum::Int(i64::from(index))]);
                continue;
            }
            if stay.is_answered() {
                return self.reach_due(call);
            }
            if stay.longest <= now {
                return self.end_stay(call, TIMEOUT, "timeout");
            }
            if stay.during.is_some_and(|at| at <= now) {
                return self.reconsider(call);
            }
            return self.reach_due(call);
        }
    }

    /// Whether a stay still makes sense: the calendar may have closed, or everybody signed off.
    pub(crate) fn reconsider(&mut self, call: &mut Call) {
        let loaded = call.loaded.clone();
        let (Wait::Queue(stay), Some(place)) = (&call.wait, call.place) else { return };
        let table = loaded.program.stays.get(usize::from(stay.request.stay));
        if stay.is_answered() {
            return;
        }
        if let Some(calendar) = table.and_then(|table| table.during) {
            if !self.is_open(&loaded, calendar) {
                return self.end_stay(call, CLOSED, "closed");
            }
            let closes = self.closes_at(&loaded, calendar);
            if let Wait::Queue(stay) = &mut call.wait {
                stay.during = closes;
            }
        }
        let queue = self.queues.place(place).queue;
        if self.queues.staff(queue, &self.agents) == 0 {
            self.end_stay(call, UNSTAFFED, "unstaffed");
        }
    }
}

/// The choices that may be pressed, by bit: all but those whose time has not come.
fn live_choices(table: &StayTable, fired: u64) -> u64 {
    let waiting = table
        .timed
        .iter()
        .enumerate()
        .filter(|(index, entry)| !entry.repeats && *index < 64 && fired & (1 << index) == 0);
    waiting
        .filter_map(|(_, entry)| entry.activates)
        .fold(!0, |live, choice| live & !1_u64.checked_shl(u32::from(choice)).unwrap_or(0))
}

/// When each entry is due: `after` counts the place's time, `every` the stay's. An `after` that has run for
/// this place does not run again.
fn timed_entries(table: &StayTable, fired: u64, joined: u64, now: u64) -> Vec<(u16, u64, Option<u64>)> {
    let entries = table.timed.iter().enumerate();
    entries
        .filter(|(index, entry)| entry.repeats || *index >= 64 || fired & (1 << index) == 0)
        .map(|(index, entry)| {
            let micros = entry.millis.saturating_mul(1000);
            let (from, period) =
                if entry.repeats { (now, (micros > 0).then_some(micros)) } else { (joined, None) };
            (index as u16, from.saturating_add(micros), period)
        })
        .collect()
}
