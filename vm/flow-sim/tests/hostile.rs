//! Whatever comes in, in whichever order, about whatever is gone: the switch stays sane. No command about a
//! leg that is gone, exactly one record for each call, and in the end nothing is left.

mod support;
#[path = "support/support_line.rs"]
mod support_line;

use std::collections::BTreeSet;

use flow_switch::boundary::{
    Digit, Failure, HangUp, Hypothesis, Incoming, Input, LegId, ListenId, Now, Output, PlayId, ProgramId,
    RecordingId, StoreId,
};
use flow_switch::{Options, Switch};
use proptest::prelude::*;
use support_line::support_line;

#[derive(Debug, Clone)]
enum Step {
    Call {
        keys: bool,
    },
    /// A call that is brought on its way: keys, and what is said to it heard.
    Way(&'static str),
    Answered(usize),
    Failed(usize, u8),
    HungUp(usize, bool),
    Keys(usize, Vec<u8>),
    Played(usize),
    OldPlay(usize, u32),
    Recorded(usize, u32, bool),
    RecordingFailed(usize, u32),
    Held(usize, bool),
    /// What becomes of the last thing that was listened for: 0 nobody can listen, 1 a word, else what was heard.
    Listening(usize, u8, &'static str),
    Stored(u64, bool),
    Presence(bool, bool),
    Pass(u64),
    Due,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let leg = 0..12_usize;
    let key = prop::sample::select(b"0134599*#".to_vec());
    let step = prop_oneof![
        2 => any::<bool>().prop_map(|keys| Step::Call { keys }),
        3 => prop::sample::select(vec!["*3", "*1", "*0", "*9", "1234"]).prop_map(Step::Way),
        4 => leg.clone().prop_map(Step::Answered),
        2 => (leg.clone(), 0..4_u8).prop_map(|(leg, why)| Step::Failed(leg, why)),
        2 => (leg.clone(), any::<bool>()).prop_map(|(leg, lost)| Step::HungUp(leg, lost)),
        8 => (leg.clone(), prop::collection::vec(key, 1..6)).prop_map(|(leg, keys)| Step::Keys(leg, keys)),
        10 => leg.clone().prop_map(Step::Played),
        1 => (leg.clone(), 0..30_u32).prop_map(|(leg, play)| Step::OldPlay(leg, play)),
        2 => (leg.clone(), 0..3_u32, any::<bool>()).prop_map(|(leg, one, said)| Step::Recorded(leg, one, said)),
        1 => (leg.clone(), 0..3_u32).prop_map(|(leg, one)| Step::RecordingFailed(leg, one)),
        1 => (leg, any::<bool>()).prop_map(|(leg, held)| Step::Held(leg, held)),
        4 => (0..3_usize, 0..6_u8, prop::sample::select(vec!["", "one", "message", "1234", "bye or message", "?"]))
            .prop_map(|(last, what, words)| Step::Listening(last, what, words)),
        2 => (0..6_u64, any::<bool>()).prop_map(|(store, done)| Step::Stored(store, done)),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(dana, ready)| Step::Presence(dana, ready)),
        4 => (0..60_000_u64).prop_map(Step::Pass),
        6 => Just(Step::Due),
    ];
    prop::collection::vec(step, 1..150)
}

struct Driver {
    switch: Switch,
    program: ProgramId,
    now: Now,
    /// All legs ever, and those that are there.
    legs: Vec<LegId>,
    open: BTreeSet<LegId>,
    callers: Vec<LegId>,
    plays: Vec<(LegId, PlayId)>,
    listened: Vec<(LegId, ListenId)>,
    calls: usize,
    records: BTreeSet<String>,
}

impl Driver {
    fn leg(&self, index: usize) -> Option<LegId> {
        // Mostly the newest, which are the ones that something happens to.
        self.legs.len().checked_sub(1 + index).map(|index| self.legs[index])
    }

    fn close(&mut self, leg: LegId) {
        self.open.remove(&leg);
    }

    fn there(&self, leg: LegId) {
        assert!(self.open.contains(&leg), "a command about a leg that is gone: {leg:?}");
    }

    fn handle(&mut self, input: Input) {
        if let Input::HungUp(leg, _) | Input::Failed(leg, _) = &input {
            self.open.remove(leg);
        }
        self.switch.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.switch.poll() {
            match output {
                Output::Ring(leg)
                | Output::Answer(leg)
                | Output::StopRecording(leg, _)
                | Output::PauseRecording(leg, ..)
                | Output::Mix(leg, _)
                | Output::Unmix(leg, _)
                | Output::Stop(leg, _) => {
                    self.there(leg);
                }
                Output::Decline(leg, _) | Output::HangUp(leg) => {
                    self.there(leg);
                    self.close(leg);
                }
                Output::Dial { leg, near, .. } => {
                    // Whom we call of our own accord is near nobody.
                    if near != leg {
                        self.there(near);
                    }
                    assert!(self.open.insert(leg), "the leg is new");
                    self.legs.push(leg);
                }
                Output::Play { leg, play, .. } => {
                    self.there(leg);
                    self.plays.push((leg, play));
                }
                Output::Listen { leg, listening, .. } => {
                    self.there(leg);
                    self.listened.push((leg, listening));
                }
                Output::Bridge(near, far) | Output::Unbridge(near, far) => {
                    self.there(near);
                    self.there(far);
                }
                Output::Record { leg, .. }
                | Output::RecordCall { leg, .. }
                | Output::Detect(leg)
                | Output::StopListening(leg, _)
                | Output::Transfer { leg, .. } => self.there(leg),
                Output::CallRecord(record) => {
                    assert!(self.records.insert(record.call.clone()), "a second record of {}", record.call);
                }
                Output::Show { .. } | Output::Store(..) | Output::Request(_) | Output::Story(_) => {}
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Call { keys } => {
                self.calls += 1;
                let leg = self.switch.incoming(
                    self.now,
                    Incoming {
                        program: self.program,
                        flow: 0,
                        called: "+15550100".into(),
                        caller: None,
                        caller_name: None,
                        attested: false,
                        name: self.calls.to_string(),
                        keys_can_arrive: keys,
                    },
                );
                self.open.insert(leg);
                self.legs.push(leg);
                self.callers.push(leg);
                self.drain();
            }
            Step::Way(keys) => {
                self.step(Step::Call { keys: true });
                let Some(leg) = self.leg(0) else { return };
                for key in keys.bytes().filter_map(Digit::new) {
                    self.handle(Input::Digit(leg, key));
                }
                for _ in 0..3 {
                    let last = self.plays.iter().rev().find(|(on, _)| *on == leg).copied();
                    if let Some((leg, play)) = last {
                        self.handle(Input::PlaybackFinished(leg, play));
                    }
                }
            }
            Step::Pass(millis) => {
                self.now.monotonic += millis * 1000;
                self.now.unix_millis += millis as i64;
            }
            Step::Due => self.due(),
            Step::Stored(store, done) => self.handle(Input::Stored(StoreId(store), done)),
            Step::Presence(dana, ready) => {
                let agent = if dana { "dana" } else { "lee" }.to_owned();
                self.handle(Input::Presence { agent, ready });
            }
            Step::Played(index) => {
                if let Some(at) = self.plays.len().checked_sub(1 + index % 3) {
                    let (leg, play) = self.plays[at];
                    self.handle(Input::PlaybackFinished(leg, play));
                }
            }
            Step::Listening(last, what, words) => {
                let Some(at) = self.listened.len().checked_sub(1 + last) else { return };
                let (leg, listening) = self.listened[at];
                let heard = Hypothesis { text: words.to_owned(), per_mille: 500 };
                self.handle(match what {
                    0 => Input::ListenFailed(leg, listening),
                    1 => Input::WordUnderstood(leg, listening),
                    2 => Input::Heard { leg, listening, hypotheses: Vec::new() },
                    _ => Input::Heard { leg, listening, hypotheses: vec![heard] },
                });
            }
            Step::Keys(index, keys) => {
                for key in keys {
                    if let (Some(leg), Some(digit)) = (self.leg(index), Digit::new(key)) {
                        self.handle(Input::Digit(leg, digit));
                    }
                }
            }
            Step::Answered(index)
            | Step::Failed(index, _)
            | Step::HungUp(index, _)
            | Step::OldPlay(index, _)
            | Step::Recorded(index, ..)
            | Step::RecordingFailed(index, _)
            | Step::Held(index, _) => {
                let Some(leg) = self.leg(index) else { return };
                self.handle(match step {
                    Step::Failed(_, 0) => Input::Failed(leg, Failure::Busy),
                    Step::Failed(_, 1) => Input::Failed(leg, Failure::NoAnswer),
                    Step::Failed(_, 2) => Input::Failed(leg, Failure::Declined),
                    Step::Failed(..) => Input::Failed(leg, Failure::Unreachable),
                    Step::HungUp(_, lost) => {
                        Input::HungUp(leg, if lost { HangUp::MediaLost } else { HangUp::ByParty })
                    }
                    Step::OldPlay(_, play) => Input::PlaybackFinished(leg, PlayId(play)),
                    Step::Recorded(_, recording, said) => Input::RecordingFinished {
                        leg,
                        recording: RecordingId(recording),
                        millis: 3000,
                        speech_millis: if said { 2000 } else { 0 },
                    },
                    Step::RecordingFailed(_, recording) => {
                        Input::RecordingFailed { leg, recording: RecordingId(recording) }
                    }
                    Step::Held(_, held) => Input::Held(leg, held),
                    _ => Input::Answered(leg),
                });
            }
        }
    }

    fn due(&mut self) {
        if let Some(at) = self.switch.next_deadline() {
            let ahead = at.saturating_sub(self.now.monotonic);
            self.now.monotonic += ahead;
            self.now.unix_millis += (ahead / 1000) as i64;
        }
        self.handle(Input::Deadline);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_left_whatever_came_in(steps in steps(), seed in any::<u64>(), stop in any::<bool>()) {
        let listens = if seed.is_multiple_of(3) { Vec::new() } else { vec!["en".to_owned()] };
        let options = Options { seed, stories: seed.is_multiple_of(2), listens, ..Options::default() };
        let mut switch = Switch::new(options);
        let now = Now { monotonic: 0, unix_millis: 1_772_557_200_000 };
        let program = switch.load(now, support_line(), Vec::new());
        let mut driver = Driver {
            switch,
            program,
            now,
            legs: Vec::new(),
            open: BTreeSet::new(),
            callers: Vec::new(),
            plays: Vec::new(),
            listened: Vec::new(),
            calls: 0,
            records: BTreeSet::new(),
        };
        for step in steps {
            driver.step(step);
        }
        if stop {
            driver.switch.shutdown(driver.now);
            driver.drain();
        }
        // The callers leave; whoever was called is the switch's to hang up.
        for leg in driver.callers.clone() {
            driver.handle(Input::HungUp(leg, HangUp::ByParty));
        }
        for _ in 0..50 {
            if driver.switch.next_deadline().is_none() {
                break;
            }
            driver.due();
        }
        prop_assert!(driver.open.is_empty(), "legs without an end: {:?}", driver.open);
        prop_assert!(driver.switch.is_idle(), "not idle");
        prop_assert_eq!(driver.switch.engaged_agents(), 0, "agents who are let go");
        prop_assert_eq!(driver.records.len(), driver.calls, "a record for each call");
    }

    #[test]
    fn the_clock_alone_ends_every_call(steps in steps()) {
        let listens = vec!["en".to_owned()];
        let mut switch = Switch::new(Options { stories: false, listens, ..Options::default() });
        let now = Now { monotonic: 0, unix_millis: 1_772_557_200_000 };
        let program = switch.load(now, support_line(), Vec::new());
        let mut driver = Driver {
            switch,
            program,
            now,
            legs: Vec::new(),
            open: BTreeSet::new(),
            callers: Vec::new(),
            plays: Vec::new(),
            listened: Vec::new(),
            calls: 0,
            records: BTreeSet::new(),
        };
        for step in steps {
            driver.step(step);
        }
        for _ in 0..5000 {
            if driver.switch.next_deadline().is_none() {
                break;
            }
            driver.due();
        }
        prop_assert!(driver.switch.is_idle(), "not idle: {} calls, {} legs", driver.switch.calls(), driver.switch.legs());
        prop_assert_eq!(driver.records.len(), driver.calls);
    }
}
