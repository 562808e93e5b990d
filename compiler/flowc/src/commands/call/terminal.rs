//! A call at a terminal: the clock runs, lines are read as they are typed.

use std::io::BufRead;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use flow_sim::World;
use flow_sim::flow_switch::boundary::{HangUp, LegId};

use super::screen::Screen;
use super::{act, run_out, script};

/// What somebody at a terminal is told first.
pub(super) const HOW: &str = "type keys and Enter: `1`, `1234#`, `!2` to cut in; words are said; also `hangup`, `agent hangs up`, `agent NAME away`, `agent NAME starts FLOW`";
/// How long is waited at most before the clock is looked at again.
const GREATEST_PAUSE: Duration = Duration::from_secs(3600);

/// Lets the call run by the clock, `speed` times as fast, until it is over. The end of the input hangs up.
pub(super) fn interactive(world: &mut World, caller: LegId, speed: f64, screen: &mut Screen<'_>) {
    let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
    let lines = lines();
    let (started, origin) = (Instant::now(), world.now().monotonic);
    let clock = || origin + (started.elapsed().as_micros() as f64 * speed) as u64;
    while world.is_there(caller) {
        let pause = world.next().map_or(GREATEST_PAUSE, |at| {
            let ahead = at.saturating_sub(clock()) as f64 / speed;
            Duration::from_micros(ahead.clamp(0.0, 3.6e9) as u64)
        });
        match lines.recv_timeout(pause) {
            Ok(line) => {
                pass(world, clock(), screen);
                match script::parse_line(&line) {
                    Ok(commands) => {
                        for command in commands {
                            act(world, caller, &command, screen);
                        }
                    }
                    Err(problem) => screen.note(world, &format!("{}: {}", problem.what, problem.action)),
                }
            }
            Err(RecvTimeoutError::Timeout) => pass(world, clock(), screen),
            Err(RecvTimeoutError::Disconnected) => {
                world.hang_up(caller, HangUp::ByParty);
                screen.show(world);
            }
        }
    }
    run_out(world, screen);
}

fn pass(world: &mut World, until: u64, screen: &mut Screen<'_>) {
    while world.step(until) {
        screen.show(world);
    }
    screen.show(world);
}

/// Lines of standard input, read on a thread of their own.
fn lines() -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
