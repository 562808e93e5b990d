//! Whole calls: run and give, reports, hang-up, snapshots, peers that lie.

mod common;

use common::*;
use flow_bytecode::{Datum, TrapReason, VerifiedProgram, container, verify};
use flow_vm::{Event, Fiber, Handled, Op, Output, Refused, SnapshotError};
use proptest::prelude::*;

fn program() -> VerifiedProgram {
    verify(everything()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A call that waits in the queue.
fn queued(program: &VerifiedProgram) -> (Fiber, Op) {
    let mut fiber = Fiber::new(program, 0, &[]).unwrap();
    drain(program, &mut fiber);
    finish(program, &mut fiber, &[Datum::None]);
    let (op, entry) = begun(&drain(program, &mut fiber)).unwrap();
    assert_eq!(entry, ENQUEUE);
    (fiber, op)
}

#[test]
fn a_queue_reports_and_ends_and_its_flow_gives() {
    let program = program();
    let (mut fiber, op) = queued(&program);
    fiber.handle(&program, Event::Reported { op, report: 0, data: &[Datum::Int(4)] }).unwrap();
    let drained = drain(&program, &mut fiber);
    assert_eq!(drained.arguments, [[Some(Datum::Int(4))]], "the report's datum is the priority");
    finish(&program, &mut fiber, &[]);
    assert_eq!(drain(&program, &mut fiber).outputs, [Output::Waiting], "it waits for the queue again");
    assert_eq!(fiber.in_flight(&program), Some((op, ENQUEUE)));
    let data = [Datum::Text("Grace Hopper".into()), Datum::Duration(61_000)];
    fiber.handle(&program, Event::Finished { op, outcome: 0, data: &data }).unwrap();
    let drained = drain(&program, &mut fiber);
    assert_eq!(
        drained.arguments,
        [[Some(data[0].clone()), Some(Datum::None)]],
        "the flow gave the agent's name"
    );
}

#[test]
fn a_key_in_the_queue_cancels_it() {
    let program = program();
    let (mut fiber, op) = queued(&program);
    fiber.handle(&program, Event::Reported { op, report: 1, data: &[Datum::Int(0)] }).unwrap();
    assert_eq!(drain(&program, &mut fiber).outputs[0], Output::Cancel { op });
    let late = fiber.handle(&program, Event::Finished { op, outcome: 1, data: &[] });
    assert_eq!(late, Ok(Handled::Stale));
    assert_eq!(fiber.stale_events(), 1);
}

#[test]
fn hang_up_runs_the_handlers_from_the_inside_out() {
    let program = program();
    let (mut fiber, _) = queued(&program);
    assert_eq!(fiber.handle(&program, Event::HungUp), Ok(Handled::Taken));
    let drained = drain(&program, &mut fiber);
    assert_eq!(drained.arguments, [[Some(Datum::Int(1))]], "the inner flow's handler");
    assert_eq!(fiber.handle(&program, Event::HungUp), Ok(Handled::Stale));
    finish(&program, &mut fiber, &[]);
    let drained = drain(&program, &mut fiber);
    assert_eq!(drained.arguments, [[Some(Datum::Int(0))]], "the outer flow's, which reads its state");
    finish(&program, &mut fiber, &[]);
    assert_eq!(drain(&program, &mut fiber).outputs, [Output::Ended]);
    assert!(fiber.is_over());
}

#[test]
fn hang_up_before_the_first_wait_comes_at_the_first_wait() {
    let program = program();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    assert_eq!(fiber.handle(&program, Event::HungUp), Ok(Handled::Taken));
    assert_eq!(drain(&program, &mut fiber).arguments, [[Some(Datum::Int(0))]]);
}

#[test]
fn peers_that_lie_are_refused_and_change_nothing() {
    let program = program();
    let (mut fiber, op) = queued(&program);
    let before = fiber.clone();
    let text = |length: usize| Datum::Text("x".repeat(length));
    fn finished(op: Op, outcome: u16, data: &[Datum]) -> Event<'_> {
        Event::Finished { op, outcome, data }
    }
    let (short, long) = (text(3), text(4097));
    let (one, wrong) = ([short.clone()], [short, Datum::Int(1)]);
    let too_long = [long, Datum::Duration(1)];
    for (event, refused) in [
        (finished(op, 7, &[]), Refused::Outcome),
        (finished(op, 1, &[Datum::Int(1)]), Refused::Datum(0)),
        (finished(op, 0, &one), Refused::Datum(1)),
        (finished(op, 0, &[Datum::Int(1), Datum::Duration(1)]), Refused::Datum(0)),
        (finished(op, 0, &wrong), Refused::Datum(1)),
        (finished(op, 0, &too_long), Refused::Datum(0)),
        (Event::Reported { op, report: 2, data: &[Datum::Int(0)] }, Refused::Outcome),
        (Event::Reported { op, report: 0, data: &[] }, Refused::Datum(0)),
    ] {
        assert_eq!(fiber.handle(&program, event), Err(refused), "{event:?}");
        assert_eq!(fiber, before, "{event:?}");
    }
    let longest = [text(4096), Datum::Duration(1)];
    assert_eq!(fiber.handle(&program, finished(op, 0, &longest)), Ok(Handled::Taken));
}

#[test]
fn events_of_other_effects_are_stale() {
    let program = program();
    let (mut fiber, op) = queued(&program);
    for number in [0, op.0 - 1, op.0 + 1] {
        let event = Event::Finished { op: Op(number), outcome: 1, data: &[] };
        assert_eq!(fiber.handle(&program, event), Ok(Handled::Stale));
    }
    assert_eq!(fiber.stale_events(), 3);
}

#[test]
fn an_event_before_the_call_was_polled_is_refused() {
    let program = program();
    let (mut fiber, op) = queued(&program);
    fiber.handle(&program, Event::Reported { op, report: 0, data: &[Datum::Int(0)] }).unwrap();
    let event = Event::Finished { op, outcome: 1, data: &[] };
    assert_eq!(fiber.handle(&program, event), Err(Refused::Busy));
}

#[test]
fn a_call_that_is_not_waiting_has_no_snapshot() {
    let program = program();
    let fiber = Fiber::new(&program, 0, &[]).unwrap();
    assert_eq!(fiber.snapshot(&program), Err(SnapshotError::NotWaiting));
}

#[test]
fn a_snapshot_of_another_program_is_refused() {
    let program = program();
    let (fiber, _) = queued(&program);
    let mut other = everything();
    other.texts[2].push('!');
    let other = verify(other).unwrap();
    let bytes = fiber.snapshot(&program).unwrap();
    assert_eq!(Fiber::restore(&other, &bytes), Err(SnapshotError::Program));
}

#[test]
fn a_small_call_has_a_small_snapshot() {
    let program = program();
    let (fiber, _) = queued(&program);
    let bytes = fiber.snapshot(&program).unwrap();
    assert!(bytes.len() < 200, "{} bytes", bytes.len());
}

#[test]
fn arguments_of_a_flow_are_checked() {
    let program = program();
    assert!(Fiber::new(&program, 3, &[Datum::Text("x".into())]).is_ok());
    assert!(Fiber::new(&program, 3, &[Datum::Int(1)]).is_err());
    assert!(Fiber::new(&program, 3, &[]).is_err());
    assert!(Fiber::new(&program, 2, &[Datum::Int(1)]).is_err(), "a function is no flow");
    assert!(Fiber::new(&program, 9, &[]).is_err());
}

/// Runs a call with events made of numbers; the outputs must come to an end.
fn play(program: &VerifiedProgram, seeds: &[u64]) {
    let Ok(mut fiber) = Fiber::new(program, 0, &[]) else { return };
    drain(program, &mut fiber);
    for seed in seeds {
        if fiber.is_over() {
            return;
        }
        if seed % 31 == 0 {
            fiber.handle(program, Event::HungUp).unwrap();
        } else {
            answer(program, &mut fiber, *seed);
        }
        drain(program, &mut fiber);
        assert!(fiber.footprint() < 200_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_restored_call_goes_on_the_same_at_every_wait(seeds in prop::collection::vec(any::<u64>(), 1..60)) {
        let program = program();
        let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
        drain(&program, &mut fiber);
        for seed in seeds {
            if fiber.is_over() {
                break;
            }
            let bytes = fiber.snapshot(&program).unwrap();
            let mut again = Fiber::restore(&program, &bytes).unwrap();
            prop_assert_eq!(again.snapshot(&program).unwrap(), bytes);
            for fiber in [&mut fiber, &mut again] {
                if seed % 31 == 0 {
                    fiber.handle(&program, Event::HungUp).unwrap();
                } else {
                    answer(&program, fiber, seed);
                }
            }
            prop_assert_eq!(drain(&program, &mut fiber), drain(&program, &mut again));
            if seed % 2 == 0 {
                fiber = again;
            }
        }
    }

    #[test]
    fn damaged_snapshots_are_refused_or_run(at in any::<prop::sample::Index>(), byte in any::<u8>(), seeds in prop::collection::vec(any::<u64>(), 0..20)) {
        let program = program();
        let (fiber, _) = queued(&program);
        let mut bytes = fiber.snapshot(&program).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(mut fiber) = Fiber::restore(&program, &bytes) {
            for seed in seeds {
                if !fiber.is_over() {
                    answer(&program, &mut fiber, seed);
                    drain(&program, &mut fiber);
                }
            }
        }
    }

    #[test]
    fn any_events_end_or_wait(seeds in prop::collection::vec(any::<u64>(), 0..60)) {
        play(&program(), &seeds);
    }

    #[test]
    fn changed_programs_are_refused_or_run_within_limits(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u32), 1..4),
        seeds in prop::collection::vec(any::<u64>(), 0..30),
    ) {
        let mut program = everything();
        for (at, byte, shift) in changes {
            let at = at.index(program.code.len());
            let mask = 0xffu32 << (8 * shift);
            program.code[at] = program.code[at] & !mask | u32::from(byte % 20) << (8 * shift);
        }
        if let Ok(program) = verify(program) {
            play(&program, &seeds);
        }
    }

    #[test]
    fn changed_containers_are_refused_or_run_within_limits(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        seeds in prop::collection::vec(any::<u64>(), 0..30),
    ) {
        let mut bytes = container::encode(&everything());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        container::reseal(&mut bytes);
        if let Ok(Ok(program)) = container::decode(&bytes).map(verify) {
            play(&program, &seeds);
        }
    }
}

#[test]
fn a_loop_of_at_once_effects_is_a_loop_without_a_wait() {
    use flow_bytecode::{Instruction as I, Opcode};
    let mut source = base();
    let code =
        [I::asbx(Opcode::Int, 0, 1), I::abx(Opcode::Perform, 0, SET_PRIORITY), I::jump(Opcode::Jump, -3)];
    add(&mut source, flow(), &[], 2, &code, &[(0, &[])]);
    let program = verify(source).unwrap();
    let mut fiber = Fiber::new(&program, 0, &[]).unwrap();
    for _ in 0..200_000 {
        let drained = drain(&program, &mut fiber);
        if let Some(trap) = trap(&drained) {
            assert_eq!(trap.reason, TrapReason::LoopWithoutWait);
            return;
        }
        finish(&program, &mut fiber, &[]);
    }
    panic!("it loops on");
}
