//! Calls as stories: what a caller and the people behind the line live through, second by second.

mod support;
#[path = "support/support_line.rs"]
mod support_line;

use std::sync::Arc;

use flow_bytecode::VerifiedProgram;
use flow_sim::{Answering, Person, What, World};
use flow_switch::Options;
use flow_switch::boundary::{HangUp, Incoming, LegId, ProgramId, StoryLine};
use support_line::support_line;

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;

struct Play {
    world: World,
    program: ProgramId,
    caller: LegId,
    told: String,
}

impl Play {
    fn new(program: Arc<VerifiedProgram>) -> Play {
        let mut world = World::new(Options::default(), NOON);
        let program = world.load(program, Vec::new());
        let caller = LegId { slot: u32::MAX, generation: 0 };
        Play { world, program, caller, told: String::new() }
    }

    fn call(&mut self, name: &str) -> LegId {
        self.caller = self.world.call(Incoming {
            program: self.program,
            flow: 0,
            called: "+15550100".into(),
            caller: Some("+15550123".into()),
            caller_name: None,
            attested: true,
            name: name.into(),
            keys_can_arrive: true,
        });
        self.tell();
        self.caller
    }

    fn wait(&mut self, seconds: u64) -> &mut Play {
        let until = self.world.now().monotonic + seconds * 1_000_000;
        while self.world.step(until) {
            self.tell();
        }
        self.tell();
        self
    }

    fn press(&mut self, keys: &str) -> &mut Play {
        for key in keys.bytes() {
            self.world.press(self.caller, key);
            self.tell();
        }
        self
    }

    fn hang_up(&mut self) -> &mut Play {
        self.world.hang_up(self.caller, HangUp::ByParty);
        self.tell();
        self
    }

    /// Writes down what was seen.
    fn tell(&mut self) {
        for seen in self.world.seen() {
            let millis = seen.unix_millis - NOON;
            let line = match seen.what {
                What::Story(story) => match story.line {
                    StoryLine::Said(_) => continue,
                    line => format!("{} {line:?}", story.call),
                },
                What::Heard(heard) => {
                    let who = heard.address.unwrap_or_else(|| "caller".into());
                    format!("  {who} hears {}{}", heard.words, if heard.music { " (on and on)" } else { "" })
                }
                What::Rings { .. } => continue,
                What::HungUp(_) => "  a leg is hung up".into(),
                What::Declined(_, code) => format!("  refused with {code}"),
                What::Shown { agent, fields } => format!("  {agent} sees {fields:?}"),
                What::Joined(..) => "  joined".into(),
                What::Recording(recording) => format!("  {recording:?}"),
                What::Sent(sent) => format!("  to be sent: {}", sent.key),
                What::Left(message) => format!("  message {} of {} ms", message.name, message.millis),
                What::Record(record) => format!("  record: {:?}", record.outcome),
            };
            self.told.push_str(&format!("{:>4}.{:03} {line}\n", millis / 1000, millis % 1000));
        }
    }

    fn end(mut self) -> String {
        self.wait(100);
        assert!(self.world.switch().is_idle(), "somebody is left:\n{}", self.told);
        self.told
    }
}

macro_rules! scenarios {
    ($($(#[$doc:meta])* $name:ident($play:ident) $body:block)*) => { $(
        $(#[$doc])*
        #[test]
        fn $name() {
            let mut $play = Play::new(support_line());
            $body
            insta::assert_snapshot!($play.end());
        }
    )* };
}

scenarios! {
    /// Nobody presses anything: the caller ends in voicemail and is thanked.
    silence_ends_in_a_message(play) {
        play.call("a");
        play.wait(120);
    }

    a_pin_typed_ahead_then_the_queue_a_talk_and_a_rating(play) {
        play.call("a");
        play.wait(1).press("1234#3").wait(28).press("5").wait(5);
    }

    a_caller_waits_while_nobody_is_free(play) {
        play.world.person("sip:dana@acme.example", Person { answering: Answering::Never, ..Person::default() });
        play.world.person("sip:lee@acme.example", Person { answering: Answering::Declines(2_000), ..Person::default() });
        play.call("a");
        play.press("*3").wait(150).press("1").wait(10).press("3").wait(20).hang_up();
    }

    the_agents_phone_stops_when_the_caller_leaves(play) {
        play.call("a");
        play.press("*3").wait(4).hang_up();
    }

    a_hang_up_while_two_people_talk(play) {
        play.call("a");
        play.press("*3").wait(10).hang_up();
    }

    a_hang_up_during_a_message_delivers_it(play) {
        play.call("a");
        play.press("*1");
        play.world.person("sip:ana@sales.example", Person { answering: Answering::Busy, ..Person::default() });
        play.world.person("sip:bo@sales.example", Person { answering: Answering::Busy, ..Person::default() });
        play.wait(1);
        play.hang_up();
        play.call("b");
        play.press("*1").wait(6).hang_up();
    }

    an_empty_message_is_not_delivered(play) {
        play.world.message_millis = 0;
        play.call("a");
        play.press("*").wait(30);
    }

    a_disk_that_fails(play) {
        play.world.disk_works = false;
        play.call("a");
        play.press("*").wait(40);
    }

    an_operator_must_accept(play) {
        play.world.person("+15550199", Person { accepts: None, ..Person::default() });
        play.call("a");
        play.press("*0").wait(20).hang_up();
        play.world.person("+15550199", Person::default());
        play.call("b");
        play.press("*0").wait(30);
    }

    a_fault_is_spoken_and_recorded(play) {
        play.call("a");
        play.press("*9").wait(10);
    }

    too_many_pins(play) {
        for name in ["a", "b", "c"] {
            play.call(name);
            play.press("1234").wait(3).hang_up();
        }
    }

    wrong_keys_and_a_pin_that_is_too_short(play) {
        play.call("a");
        play.wait(3).press("12").wait(6).press("*").wait(1).press("7").wait(2).hang_up();
    }

    /// Of a PIN that is given up for a choice no key is told.
    a_pin_given_up_for_a_choice(play) {
        play.call("a");
        play.wait(3).press("123*").wait(1).hang_up();
    }

    two_callers_one_agent(play) {
        play.world.presence("lee", false);
        play.call("a");
        play.press("*3").wait(1);
        play.call("b");
        play.press("*3").wait(60);
    }

    a_full_queue_and_nobody_signed_in(play) {
        play.world.person("sip:dana@acme.example", Person { answering: Answering::Never, ..Person::default() });
        for name in ["a", "b", "c", "d"] {
            play.call(name);
            play.press("*3").wait(3);
        }
        play.wait(3).hang_up();
        play.world.presence("dana", false);
        play.world.presence("lee", false);
        play.wait(60);
    }

    /// Held for longer than `recall` allows: the agent is rung back, once comes and talks on, once does not:
    /// then the caller goes on with what failed.
    an_agent_holds_the_caller_and_forgets(play) {
        play.world.person("sip:dana@acme.example", Person { talks: None, ..Person::default() });
        play.call("a");
        play.press("*3").wait(10);
        let agent = play.world.legs_at("sip:dana@acme.example")[0];
        play.world.hold(agent, true);
        play.wait(5);
        play.world.hold(agent, false);
        play.wait(5);
        play.world.hold(agent, true);
        play.wait(130);
        play.world.person("sip:dana@acme.example", Person { answering: Answering::Never, ..Person::default() });
        let agent = play.world.legs_at("sip:dana@acme.example")[0];
        play.world.hold(agent, true);
        play.wait(150);
    }

    /// The caller leaves while the agent who held is rung back: that phone stops.
    a_caller_leaves_while_the_agent_is_rung_back(play) {
        play.world.person("sip:dana@acme.example", Person { talks: None, ..Person::default() });
        play.call("a");
        play.press("*3").wait(10);
        let agent = play.world.legs_at("sip:dana@acme.example")[0];
        play.world.hold(agent, true);
        play.wait(121).hang_up();
    }

    /// No key can ever arrive: every question takes its silence at once.
    a_telephone_without_keys(play) {
        play.world.presence("lee", true);
        play.caller = play.world.call(Incoming {
            program: play.program,
            flow: 0,
            called: "+15550100".into(),
            caller: None,
            caller_name: None,
            attested: false,
            name: "a".into(),
            keys_can_arrive: false,
        });
        play.tell();
        play.wait(30);
    }

    /// The caller's connection is lost in a talk.
    a_caller_is_lost(play) {
        play.call("a");
        play.press("*3").wait(10);
        play.world.hang_up(play.caller, HangUp::MediaLost);
        play.tell();
    }

    /// Sales are rung in turn; the next call begins with the other one.
    round_robin(play) {
        for name in ["a", "b", "c"] {
            play.call(name);
            play.press("*1").wait(6).hang_up();
        }
    }

    /// Two people are free, one has been idle longer; then one who is at other work.
    who_is_asked_first(play) {
        for name in ["a", "b"] {
            play.call(name);
            play.press("*3").wait(8).hang_up();
            play.wait(6);
        }
        play.world.occupied("dana", true);
        play.call("c");
        play.press("*3").wait(70).hang_up();
    }

    /// A call that nobody ends is ended after four hours.
    the_longest_call(play) {
        play.world.person("sip:dana@acme.example", Person { talks: None, ..Person::default() });
        play.call("a");
        play.press("*3").wait(5 * 3600);
    }

    /// The flow answers a value's end by its closing key, which is not a choice of what follows.
    a_pin_closed_with_the_pound_key(play) {
        play.call("a");
        play.wait(3).press("1234").press("#").wait(4).press("1").wait(2).hang_up();
    }

    the_server_stops(play) {
        play.call("a");
        play.press("*3").wait(10);
        play.call("b");
        play.press("*").wait(12);
        play.world.shutdown();
    }
}
