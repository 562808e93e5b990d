//! A program like the support line of the examples.

use std::sync::Arc;

use flow_bytecode::VerifiedProgram;
use flow_bytecode::program::{Pick, Timed};

use crate::support::{Due, Then, Writer, block, digits};

pub fn timed(repeats: bool, seconds: u64, activates: Option<u16>) -> Timed {
    Timed { repeats, millis: seconds * 1000, activates }
}

/// Greeting, PIN, menu, queue, dial, voicemail, survey, goodbye.
pub fn support_line() -> Arc<VerifiedProgram> {
    let mut writer = Writer::new();
    writer.agent("dana", "sip:dana@acme.example", 3).agent("lee", "sip:lee@acme.example", 1);
    writer.queue("technical", 2, 1, Some(3), Pick::LongestIdle);
    let flow_level = ("0", "operator");
    let blocks = vec![
        block("greet", "welcome", Then::Go("pin")).announce("Thank you for calling Acme."),
        block(
            "collect",
            "pin",
            Then::Collect {
                ask: "Please enter your four digit PIN.",
                form: digits(4, 4, Some(b'#'), true),
                keys: vec![("*", "main")],
                done: "tries",
                no_input: "main",
                no_match: "pin",
            },
        ),
        block("step", "tries", Then::Count { limit: "pins", key: "7", counted: "main", reached: "locked" })
            .mark("authenticated"),
        block(
            "menu",
            "main",
            Then::Menu {
                ask: "For sales, press 1. For technical help, press 3.",
                keys: vec![("1", "sales"), ("3", "waiting"), ("9", "broken"), ("99", "refused"), flow_level],
                no_input: "message",
                no_match: "main",
            },
        )
        .say("Here is the menu."),
        block(
            "queue",
            "waiting",
            Then::Queue {
                queue: "technical",
                priority: 5,
                longest: 900_000,
                timed: vec![
                    (timed(true, 45, None), Due::Position),
                    (timed(false, 120, Some(0)), Due::Say("For a call back, press 1.")),
                    (timed(false, 300, None), Due::Priority(2)),
                ],
                keys: vec![("1", "offered"), ("5", "")],
                whisper: Some("Technical call."),
                talked: "rate",
                otherwise: "message",
            },
        )
        .announce("Please hold for the next engineer."),
        block(
            "menu",
            "offered",
            Then::Menu {
                ask: "To hold the line, press 3.",
                keys: vec![("3", "waiting")],
                no_input: "waiting",
                no_match: "offered",
            },
        ),
        block(
            "dial",
            "sales",
            Then::Dial {
                rings: vec![(vec!["sip:ana@sales.example", "sip:bo@sales.example"], 20_000)],
                pick: Pick::RoundRobin,
                accept: None,
                talked: "rate",
                busy: "message",
                otherwise: "message",
            },
        ),
        block(
            "dial",
            "operator",
            Then::Dial {
                rings: vec![(vec!["+15550199"], 30_000)],
                pick: Pick::All,
                accept: Some((b'1', 10_000)),
                talked: "goodbye",
                busy: "message",
                otherwise: "message",
            },
        ),
        block(
            "voicemail",
            "message",
            Then::Voicemail {
                longest: 180_000,
                silence: 5_000,
                recorded: "goodbye",
                empty: "goodbye",
                failed: "sorry",
            },
        )
        .say("Please leave a message after the tone."),
        block(
            "survey",
            "rate",
            Then::Rate {
                name: "score",
                ask: "How did we do? Press 1 to 5.",
                low: 1,
                high: 5,
                then: "goodbye",
            },
        ),
        block("step", "broken", Then::Trap),
        block("decline", "refused", Then::Decline(603)),
        block("end", "locked", Then::End).announce("Too many wrong PINs. Goodbye."),
        block("end", "sorry", Then::End).announce("Sorry, please call again. Goodbye."),
        block("end", "goodbye", Then::End).announce("Thank you. Goodbye."),
    ];
    writer.finish(blocks)
}
