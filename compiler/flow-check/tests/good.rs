//! Programs without a mistake: nothing is said, and what comes out is whole.

mod common;

use common::{check_files, check_text};
use flow_check::hir::{
    BlockBody, Choice, DaySet, End, ExitKind, Origin, Program, Segment, Spoken, SpokenKind, TimedWhat, Wait,
};

fn program(text: &str) -> Program {
    let answer = check_text(text);
    assert_eq!(answer.text(), "");
    answer.checked.program.unwrap()
}

fn support() -> Program {
    program(include_str!("good/support.flow"))
}

fn body<'p>(program: &'p Program, flow: &str, block: &str) -> &'p BlockBody {
    let flow = program.flows.iter().find(|f| f.name == flow).unwrap();
    &flow.blocks.iter().find(|b| b.name == block).unwrap().body
}

/// The words of a language, holes as `…`.
fn words(program: &Program, spoken: &Spoken, language: &str) -> String {
    match &spoken.kind {
        SpokenKind::Words { variants, .. } => variants
            .iter()
            .filter(|w| program.languages[w.language] == language)
            .flat_map(|w| &w.segments)
            .map(|s| match s {
                Segment::Text(text) | Segment::Listening { heard: text, .. } => text.as_str(),
                _ => "…",
            })
            .collect(),
        SpokenKind::Sequence(parts) => {
            parts.iter().map(|p| words(program, p, language)).collect::<Vec<_>>().join(" | ")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn the_smallest_flow_is_fine() {
    let program = program(include_str!("good/bakery.flow"));
    assert_eq!(program.inbound.len(), 1);
    assert_eq!(program.languages, ["en"]);
    assert_eq!(program.zones, ["UTC"]);
}

#[test]
fn a_menu_asks_by_its_labels_one_sentence_each_and_the_flow_comes_last() {
    let program = support();
    let BlockBody::Wait { wait: Wait::Menu(question), .. } = body(&program, "support", "main") else {
        panic!()
    };
    let ask = words(&program, question.ask.as_ref().unwrap(), "en");
    assert_eq!(
        ask,
        "For sales, press 1 or say sales. | To report an outage, press 2 or say outage. | \
         For the time, press 3. | For the operator, press 0 or say operator."
    );
    let keys: Vec<&str> = question.choices.iter().map(|c| c.keys.as_str()).collect();
    assert_eq!(keys, ["1", "2", "3", "0", "*"]);
    assert!(question.choices[3].from_flow);
}

#[test]
fn a_menu_in_two_languages_asks_in_both() {
    let program = program(include_str!("good/clinic.flow"));
    let BlockBody::Wait { wait: Wait::Menu(question), .. } = body(&program, "reception", "choose") else {
        panic!()
    };
    let ask = question.ask.as_ref().unwrap();
    assert_eq!(program.languages, ["es", "en"]);
    assert_eq!(
        words(&program, ask, "es"),
        "Para citas, marque 1. | Para volver al principio, marque 2. | Para recepción, marque 0 o diga recepción."
    );
    assert_eq!(
        words(&program, ask, "en"),
        "For visits, press 1. | To go back, press 2. | For reception, press 0 or say reception."
    );
}

#[test]
fn an_ask_that_does_not_name_the_choices_of_the_flow_gets_them_appended() {
    let program = program(include_str!("good/clinic.flow"));
    let BlockBody::Wait { wait: Wait::Menu(question), .. } = body(&program, "reception", "tongue") else {
        panic!()
    };
    let ask = words(&program, question.ask.as_ref().unwrap(), "en");
    assert_eq!(ask, "For English, press two. | For reception, press 0 or say reception.");
}

/// Outcome, who gave its arm, and how it is counted.
type Taken = (usize, Origin, Option<(usize, u32)>);

#[test]
fn outcomes_take_the_own_arm_then_otherwise_then_the_flow() {
    let program = support();
    let origins = |block: &str| -> Vec<Taken> {
        let BlockBody::Wait { arms, .. } = body(&program, "support", block) else { panic!() };
        arms.iter().map(|a| (a.outcome, a.origin, a.times)).collect()
    };
    // talked is its own; busy, no_answer and failed are left to `otherwise`, which wins over the flow.
    assert_eq!(
        origins("operator"),
        [
            (0, Origin::Own, None),
            (1, Origin::Otherwise, None),
            (2, Origin::Otherwise, None),
            (3, Origin::Otherwise, None)
        ]
    );
    // The flow counts silence and wrong keys together; the own arm of `invalid` has a counter of its own.
    assert_eq!(
        origins("pin"),
        [
            (0, Origin::Own, None),
            (1, Origin::Flow, Some((1, 3))),
            (2, Origin::Flow, Some((1, 3))),
            (3, Origin::Own, Some((0, 3)))
        ]
    );
    assert_eq!(origins("waiting")[4], (4, Origin::Flow, None));
}

#[test]
fn digits_of_a_value_are_not_choices_of_the_flow() {
    let program = support();
    let BlockBody::Wait { wait: Wait::Collect(collect), .. } = body(&program, "support", "pin") else {
        panic!()
    };
    let keys: Vec<&Choice> = collect.question.choices.iter().collect();
    assert_eq!(keys.iter().map(|c| c.keys.as_str()).collect::<Vec<_>>(), ["*"]);
    assert_eq!(collect.length, (4, 4));
    assert!(collect.secret);
    assert_eq!((collect.question.wait_millis, collect.question.gap_millis), (6_000, 3_000));
    assert_eq!(collect.checks.len(), 1);
}

#[test]
fn a_queue_keeps_its_timed_choice_and_the_choices_of_the_flow() {
    let program = support();
    let BlockBody::Wait { wait: Wait::Queue(stay), .. } = body(&program, "support", "waiting") else {
        panic!()
    };
    assert_eq!(stay.choices.iter().map(|c| c.keys.as_str()).collect::<Vec<_>>(), ["0", "*"]);
    let TimedWhat::Choice { question, choice } = &stay.timed[1].what else { panic!() };
    assert_eq!(words(&program, question, "en"), "For leaving a message, press 1.");
    assert_eq!((choice.keys.as_str(), stay.timed[1].millis, stay.timed[1].repeats), ("1", 120_000, false));
    assert_eq!(program.queues[stay.queue].beyond_capacity, Some(1));
}

#[test]
fn a_calendar_knows_its_ranks_and_reasons() {
    let program = support();
    let office = &program.calendars[0];
    assert_eq!(office.states, ["open", "closed", "holiday", "emergency"]);
    let ranks: Vec<(u8, usize)> = office.rules.iter().map(|r| (r.rank, r.state)).collect();
    assert_eq!(ranks, [(4, 0), (4, 0), (2, 0), (3, 2), (2, 2), (1, 3)]);
    assert_eq!(office.rules[0].days, DaySet::Week(0b001_1111));
    assert_eq!(office.rules[0].hours, [(510, 1080)]);
    assert_eq!(program.zones[office.zone], "America/New_York");
    // 2026-12-24 in days since 1970.
    assert_eq!(office.rules[2].days, DaySet::Dates(20_811, 20_811));
}

#[test]
fn what_comes_after_a_list_of_when_is_its_otherwise() {
    let program = program(
        "flow main {
            route decide { when caller.attested -> known  -> other }
            end known { say \"Hello again.\" }
            end other { say \"Hello.\" }
        }",
    );
    let BlockBody::Act(tail) = body(&program, "main", "decide") else { panic!() };
    let End::Decide { arms, otherwise: Some(otherwise) } = &tail.end else { panic!() };
    assert_eq!(arms.len(), 1);
    let End::Exit(exit) = &otherwise.end else { panic!() };
    assert_eq!(exit.kind, ExitKind::Block(2, vec![]));
}

#[test]
fn untagged_prompts_are_of_the_language_of_their_flow() {
    let program = program(
        "prompt bye = \"Adiós.\"
         flow main { speaks es  end last { say bye } }",
    );
    let SpokenKind::Words { variants, .. } = &program.prompts[0].spoken.kind else { panic!() };
    assert_eq!(program.languages[variants[0].language], "es");
}

#[test]
fn another_file_lends_its_public_items() {
    let main = "use acme.shared
use acme.shared.thanks as goodbye
inbound \"+15550100\" -> main
flow main {
    after_hours hours { calendar shared.office  on open -> who  on closed -> bye }
    run who { flow shared.ask  on yes -> bye  on no -> bye }
    end bye { say goodbye }
}";
    let shared = "timezone \"Europe/Madrid\"
public calendar office { open every day 08:00..20:00 }
public prompt thanks = \"Thank you.\"
public flow ask gives yes, no {
    menu sure {
        press 1 for \"yes\" return yes
        press 2 for \"no\" return no
        on no_input, no_match return no
    }
}";
    let answer = check_files(main, &[("acme.shared", shared)]);
    assert_eq!(answer.text(), "");
    let program = answer.checked.program.unwrap();
    assert_eq!(program.calendars[0].name, "acme.shared.office");
    assert_eq!(program.flows[1].name, "acme.shared.ask");
}

#[test]
fn every_wait_has_an_arm_for_each_outcome() {
    for text in [include_str!("good/support.flow"), include_str!("good/clinic.flow")] {
        let program = program(text);
        for flow in &program.flows {
            for block in &flow.blocks {
                let BlockBody::Wait { wait, arms, .. } = &block.body else { continue };
                let checked = match wait {
                    Wait::Collect(c) if c.checks.is_empty() && c.confirm.is_none() => 3,
                    wait => wait.outcomes(&program).len(),
                };
                assert_eq!(arms.len(), checked, "{}", block.name);
            }
        }
    }
}

#[test]
fn defaults_may_look_ahead() {
    program(
        "record Visit { doctor: Doctor = Doctor(\"Ada\"), tier: Tier = gold(since: 2026-01-01), n: int = few }
         record Doctor { name: text, known: bool = true }
         enum Tier { standard, gold(since: date) }
         const few = 3
         flow main { state visit: Visit = Visit()  end bye { say \"Goodbye, {visit.doctor.name}.\" } }",
    );
}

#[test]
fn what_reads_naturally_is_understood() {
    program(include_str!("good/choices.flow"));
}
