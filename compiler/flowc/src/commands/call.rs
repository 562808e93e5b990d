//! `flowc call`: a call to a flow, in the terminal.
//!
//! The same program, machine and switch as behind a telephone, in virtual time: what is spoken is printed,
//! keys are typed, the people behind the line are simulated. With `--keys` or from a pipe the clock jumps and
//! the same keys give the same text; at a terminal it runs as a clock does.

mod people;
mod screen;
mod script;
mod services;
mod terminal;

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use flow_bytecode::program::FunctionKind;
use flow_bytecode::{Datum, VerifiedProgram};
use flow_project::Problem;
use flow_sim::World;
use flow_sim::flow_switch::boundary::{Incoming, LegId, ProgramId};
use flow_sim::flow_switch::{Options, Outbound};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use self::people::Behaviour;
use self::screen::Screen;
use self::script::Command;
use super::check::read;
use crate::compile::{Refused, compile};
use crate::exit::Exit;
use crate::output::{Output, counted};
use crate::settings;

/// How long a scripted call may last after its last key, in milliseconds: longer than any call may.
const GREATEST_REST_MILLIS: u64 = 5 * 60 * 60 * 1000;
/// How long a campaign may take, in milliseconds: a month.
const GREATEST_CAMPAIGN_MILLIS: u64 = 31 * 24 * 60 * 60 * 1000;
/// How long is listened to what is being said before the next key, in milliseconds.
const GREATEST_SPEECH_MILLIS: u64 = 10 * 60 * 1000;

/// Arguments of `call`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, or a `.flow` file.
    path: String,
    /// The flow to call; otherwise the one that answers the first number.
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// When the call begins, in the project's time zone; otherwise now.
    #[arg(long, value_name = "2026-03-03T12:00")]
    at: Option<DateTime>,
    /// The caller's number, or `withheld`.
    #[arg(long, value_name = "NUMBER", default_value = "+15550123")]
    from: String,
    /// Keys to press, words to say and what else to do, in order, as `1 !2 "billing" 30s 1234# hangup`: they wait until
    /// what is being said has been heard and nobody rings or talks; `!` cuts in.
    #[arg(long, value_name = "KEYS")]
    keys: Option<String>,
    /// Nobody listens to words: the call as it is when no recogniser can be reached.
    #[arg(long)]
    no_voice: bool,
    /// What all agents do: ready, busy, away, silent.
    #[arg(long, value_name = "BEHAVIOUR", default_value = "ready")]
    agents: Behaviour,
    /// What one agent does, or who is at an address: `dana=busy`, `+15550142=silent`
    #[arg(long = "agent", value_name = "NAME=BEHAVIOUR", value_parser = people::one)]
    agent: Vec<(String, Behaviour)>,
    /// A lever that is thrown.
    #[arg(long = "switch", value_name = "NAME")]
    switches: Vec<String>,
    /// Who picks up where the flow asks: a person, or a machine.
    #[arg(long, value_name = "person|machine", default_value = "person")]
    answers: Answers,
    /// A campaign to run, in place of a call: everybody on its list is called.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["flow", "keys"])]
    campaign: Option<String>,
    #[command(flatten)]
    services: services::ServiceArgs,
    /// How many times faster than a clock the call goes at a terminal.
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    speed: f64,
}

/// Who picks up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Answers {
    Person,
    Machine,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let loaded = read(&args.path, "stdin.flow")?;
    output.side_diagnostics(&loaded, &loaded.diagnostics);
    let program = match compile(&loaded) {
        Ok((_, program)) => program,
        Err(Refused::Errors) => {
            output.note(&format!("{}: {}; nobody was called\n", args.path, counted(&loaded.diagnostics)));
            return Ok(Exit::Problems);
        }
        Err(Refused::Limits(diagnostics)) => {
            output.side_diagnostics(&loaded, &diagnostics);
            return Ok(Exit::Problems);
        }
        Err(Refused::Fault(faults)) => panic!("the compiler made bytecode that does not verify: {faults}"),
    };
    let settings = settings::values(&program, &loaded.manifest)?;
    let outbound = crate::settings::outbound(&loaded.manifest);
    call(Arc::new(program), settings, outbound, args, &mut std::io::stdout().lock())?;
    Ok(Exit::Fine)
}

/// Makes the call; it is over when this comes back.
fn call(
    program: Arc<VerifiedProgram>,
    settings: Vec<Datum>,
    outbound: Outbound,
    arguments: &Args,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    let commands = match &arguments.keys {
        Some(keys) => Some(script::parse(keys)?),
        None if std::io::stdin().is_terminal() => None,
        None => {
            let text = std::io::read_to_string(std::io::stdin()).map_err(|why| Problem {
                what: format!("standard input cannot be read: {why}"),
                action: "give the keys with `--keys`".into(),
            })?;
            Some(script::parse_lines(&text)?)
        }
    };
    let zone = program.time_zones().first().cloned().unwrap_or(TimeZone::UTC);
    let start = start_of(arguments, &zone)?;
    let (flow, called) = flow_of(&program, arguments)?;
    let listens = if arguments.no_voice { Vec::new() } else { program.languages.clone() };
    let mut world = World::new(Options { seed: 1, outbound, listens, ..Options::default() }, start);
    let (services, note) = services::services(&arguments.services, &program, &settings)?;
    world.services = services;
    let id = world.load(program.clone(), settings);
    world.machines_answer = arguments.answers == Answers::Machine;
    people::set(&mut world, &program, arguments)?;
    for name in &arguments.switches {
        let known = program.switches.iter().any(|text| program.texts[*text as usize] == *name);
        if !known {
            return Err(Problem {
                what: format!("there is no switch `{name}`"),
                action: "name a switch of the project".into(),
            });
        }
        world.lever(name, true);
    }
    let mut screen = Screen::new(&program, zone, out);
    screen.begin(start, &arguments.agents);
    if let Some(note) = note {
        screen.note(&world, note);
    }
    if let Some(name) = &arguments.campaign {
        return campaign(&mut world, id, name, &mut screen);
    }
    let caller = world.call(Incoming {
        program: id,
        flow,
        called,
        caller: (arguments.from != "withheld").then(|| arguments.from.clone()),
        caller_name: None,
        attested: true,
        name: "call-1".into(),
        keys_can_arrive: true,
    });
    screen.caller(caller);
    screen.show(&mut world);
    match commands {
        Some(commands) => scripted(&mut world, caller, &commands, &mut screen),
        None => {
            screen.note(&world, terminal::HOW);
            terminal::interactive(&mut world, caller, arguments.speed, &mut screen);
        }
    }
    screen.end(&world);
    Ok(())
}

/// Calls everybody on a campaign's list, until every row is done.
fn campaign(
    world: &mut World,
    program: ProgramId,
    name: &str,
    screen: &mut Screen<'_>,
) -> Result<(), Problem> {
    world.start_campaign(program, name, "campaign-1").map_err(|why| Problem {
        what: format!("`{name}`: {why}"),
        action: "name a campaign of the project".into(),
    })?;
    let until = world.now().monotonic + GREATEST_CAMPAIGN_MILLIS * 1000;
    while world.disk().under_way().next().is_some() && world.step(until) {
        screen.show(world);
    }
    screen.show(world);
    screen.end(world);
    Ok(())
}

/// Does what a script says: each key once what is being said has been heard, what was asked is answered and nobody rings or talks, unless
/// it is to cut in.
fn scripted(world: &mut World, caller: LegId, commands: &[Command], screen: &mut Screen<'_>) {
    for command in commands {
        let at_once = matches!(
            command,
            Command::CutIn(_)
                | Command::SayAtOnce(_)
                | Command::Wait(_)
                | Command::Assist(..)
                | Command::Hold(..)
        );
        if !at_once {
            hear_out(world, caller, command, screen);
        }
        // Once the caller has left, time brings the calls that were promised.
        let promised = world.switch().callbacks() > 0 || world.switch().calls() > 0;
        let goes_on = promised && matches!(command, Command::Wait(_) | Command::Agent(..));
        if !(world.is_there(caller) || goes_on) {
            break;
        }
        act(world, caller, command, screen);
    }
    let until = world.now().monotonic + GREATEST_REST_MILLIS * 1000;
    while world.is_there(caller) && world.step(until) {
        screen.show(world);
    }
    run_out(world, screen);
}

/// Lets what is being said be said, services answer, phones ring, and people talk, as far as a command waits for it.
fn hear_out(world: &mut World, caller: LegId, command: &Command, screen: &mut Screen<'_>) {
    let people_too = matches!(command, Command::Keys(_) | Command::Say(_));
    let answers_too = people_too || matches!(command, Command::AgentHangsUp);
    let until = world.now().monotonic + GREATEST_SPEECH_MILLIS * 1000;
    while world.is_there(caller)
        && (world.is_spoken_to(caller)
            || world.is_speaking()
            || answers_too && world.is_asking()
            || people_too && (world.is_ringing() || world.is_talking(caller)))
    {
        match world.next() {
            Some(at) if at <= until => world.run_until(at),
            _ => break,
        }
        screen.show(world);
    }
}

/// The call is over for its caller: what is left of it (a message on its way) comes to its end.
fn run_out(world: &mut World, screen: &mut Screen<'_>) {
    let until = world.now().monotonic + 60_000_000;
    while world.records().is_empty() && world.step(until) {
        screen.show(world);
    }
    screen.show(world);
    match world.switch().callbacks() {
        0 => {}
        1 => screen.note(world, "a call back is promised; a time after the last key, as `2h`, brings it"),
        count => screen.note(world, &format!("{count} calls back are promised")),
    }
}

/// Does one thing that the user asked for.
fn act(world: &mut World, caller: LegId, command: &Command, screen: &mut Screen<'_>) {
    match command {
        Command::Keys(keys) | Command::CutIn(keys) => {
            screen.typed(world, keys);
            for key in keys.bytes() {
                world.press(caller, key);
                screen.show(world);
            }
        }
        Command::Say(words) | Command::SayAtOnce(words) => {
            let secret = screen.is_secret(world);
            let listened_to = world.says(caller, words);
            screen.said(world, words, secret, listened_to);
        }
        Command::Wait(millis) => {
            let until = world.now().monotonic + millis * 1000;
            let goes_on = |world: &World| {
                world.is_there(caller) || world.switch().callbacks() > 0 || world.switch().calls() > 0
            };
            while goes_on(world) && world.step(until) {
                screen.show(world);
            }
            if goes_on(world) {
                world.run_until(until);
            }
        }
        Command::HangUp => {
            world.hang_up(caller, flow_sim::flow_switch::boundary::HangUp::ByParty);
        }
        Command::AgentHangsUp => {
            let talking = world.talking();
            if talking.is_empty() {
                screen.note(world, "nobody talks with the caller");
            }
            for leg in talking {
                world.hang_up(leg, flow_sim::flow_switch::boundary::HangUp::ByParty);
            }
        }
        Command::Assist(name, what) => world.assist(name, what),
        Command::Hold(name, held) => match people::leg(world, screen.program(), name) {
            Some(leg) => world.hold(leg, *held),
            None => screen.note(world, &format!("{name} does not talk with the caller")),
        },
        Command::Agent(name, behaviour) => {
            if !people::change(world, screen.program(), name, *behaviour) {
                screen.note(world, &format!("there is no agent `{name}`"));
            }
        }
    }
    screen.show(world);
}

fn start_of(arguments: &Args, zone: &TimeZone) -> Result<i64, Problem> {
    match arguments.at {
        None => Ok(Timestamp::now().as_millisecond()),
        Some(at) => zone.to_timestamp(at).map(|instant| instant.as_millisecond()).map_err(|why| Problem {
            what: format!("`--at {at}` is not a time that can be: {why}"),
            action: "give a date and a time like 2026-03-03T12:00".into(),
        }),
    }
}

/// The flow to be called, and the number that is called for it.
fn flow_of(program: &VerifiedProgram, arguments: &Args) -> Result<(u16, String), Problem> {
    let text = |id: u32| program.texts[id as usize].as_str();
    let flows = || {
        let all = program.functions.iter().enumerate();
        all.filter(|(_, function)| matches!(function.kind, FunctionKind::Flow { .. }))
            .filter(|(_, function)| function.params.is_empty())
    };
    let flow = match (&arguments.flow, program.inbound.first()) {
        (Some(name), _) => match flows().find(|(_, function)| text(function.name) == name) {
            Some((index, _)) => index as u16,
            None => {
                let names: Vec<String> =
                    flows().map(|(_, function)| format!("`{}`", text(function.name))).collect();
                return Err(Problem {
                    what: format!("there is no flow `{name}` that can be called"),
                    action: format!("flows that can be: {}", names.join(", ")),
                });
            }
        },
        (None, Some(inbound)) => inbound.flow,
        (None, None) => match flows().next() {
            Some((index, _)) => index as u16,
            None => {
                return Err(Problem {
                    what: "no flow can be called".into(),
                    action: "write one without parameters".into(),
                });
            }
        },
    };
    let number = program.inbound.iter().find(|inbound| inbound.flow == flow);
    let called = number.map_or_else(|| "+15550100".to_owned(), |inbound| text(inbound.number).to_owned());
    Ok((flow, called))
}
