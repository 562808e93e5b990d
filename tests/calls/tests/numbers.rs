//! Numbers that callers key in: what they mean where they are keyed, and which of them are dialled.

use flow_bytecode::Datum;
use flow_calls::compile;
use flow_sim::{Person, What, World};
use flow_switch::boundary::Incoming;
use flow_switch::{Options, Outbound};

/// Tuesday 3 March 2026, noon in New York.
const NOON: i64 = 1_772_557_200_000;

const FLOW: &str = r#"
edition 2026
timezone "America/New_York"
inbound "+12125550190" -> line

flow line {
    collect number {
        take phone until # as n
        ask "Enter a number, then press the pound key."
        on done -> reach(n)
        on no_match -> wrong
        otherwise -> bye
    }
    dial reach(n: phone) {
        ring n for 10s
        accept 1
        otherwise -> abroad
    }
    dial abroad {
        ring "+442079460000" for 10s
        accept 1
        otherwise -> bye
    }
    end wrong { say "That is no telephone number." }
    end bye { say "Goodbye." }
}
"#;

/// Who is rung when somebody keys in these digits, and the last block.
fn rung(keys: &str, allow: Option<&[&str]>) -> (Vec<String>, String) {
    let allow = allow.map(|allow| allow.iter().map(|prefix| (*prefix).to_owned()).collect());
    let outbound = Outbound { allow, ..Outbound::default() };
    let mut world = World::new(Options { stories: true, outbound, ..Options::default() }, NOON);
    let program = world.load(compile(FLOW), Vec::<Datum>::new());
    world.stranger = Person { answering: flow_sim::Answering::Never, talks: None, accepts: None };
    let caller = world.call(Incoming {
        program,
        flow: 0,
        called: "+12125550190".into(),
        caller: Some("+12125550123".into()),
        caller_name: None,
        attested: false,
        name: "c".into(),
        keys_can_arrive: true,
    });
    world.wait(5_000);
    for key in keys.bytes().chain(*b"#") {
        world.press(caller, key);
    }
    world.wait(60_000);
    let block = world.records().last().and_then(|record| record.way.last()).map(|step| step.block.clone());
    let seen = world.seen().into_iter();
    let rung = seen.filter_map(|seen| match seen.what {
        What::Rings { address } => Some(address),
        _ => None,
    });
    (rung.collect(), block.unwrap_or_default())
}

const OURS: &str = "+442079460000";

#[test]
fn a_number_is_dialled_as_its_country_writes_it() {
    for keys in ["3125550123", "13125550123", "01113125550123"] {
        assert_eq!(rung(keys, None), (vec!["+13125550123".into(), OURS.into()], "bye".into()), "{keys}");
    }
    for keys in ["5550123", "0125550123", "00", "31255501234"] {
        assert_eq!(rung(keys, None), (Vec::new(), "wrong".into()), "{keys}");
    }
}

#[test]
fn a_strangers_number_abroad_is_not_dialled_and_the_flows_own_is() {
    let abroad = "01134600000001";
    assert_eq!(rung(abroad, None), (vec![OURS.into()], "bye".into()));
    let spain = ["+34", "+44"];
    assert_eq!(rung(abroad, Some(&spain)), (vec!["+34600000001".into(), OURS.into()], "bye".into()));
    assert_eq!(rung("3125550123", Some(&spain)), (vec![OURS.into()], "bye".into()));
}
