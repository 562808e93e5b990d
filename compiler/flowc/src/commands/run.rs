//! `flowc run PROJECT`: a project answers real phones.

use std::fmt::Write;
use std::io::Read;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flow_bytecode::program::FunctionKind;
use flow_bytecode::prompts::{FOLDER, Prompt, PromptKind};
use flow_bytecode::{Program, VerifiedProgram};
use flow_diagnostics::Severity;
use flow_project::{Manifest, Problem};
use flow_server::{KeptProgram, Person, Promised, Ready, Server, ServerConfig, SoundFiles, Voice};

use super::check::read;
use super::prompts::{Lock, draft_note, stale_note};
use crate::audio::{self, NotDrafted, Places, Voiced};
use crate::compile::{Refused, compile};
use crate::exit::Exit;
use crate::listen;
use crate::output::{Output, counted};
use crate::{destinations, settings};

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder with `flow.toml`, or a `.flow` file.
    path: String,
    /// Where calls come in; may be said several times [default: udp:127.0.0.1:5060].
    #[arg(long, value_name = "udp:HOST:PORT")]
    sip: Vec<String>,
    /// Ports for audio [default: 20000-29999].
    #[arg(long, value_name = "LOW-HIGH")]
    rtp: Option<String>,
    /// Where records and messages are kept [default: `state` in the project].
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Where `/healthz`, `/readyz` and `/metrics` are served.
    #[arg(long, value_name = "HOST:PORT")]
    http: Option<String>,
    /// Tell no stories of calls.
    #[arg(long)]
    quiet: bool,
    /// A campaign to start, unless it was started before; may be said several times.
    #[arg(long, value_name = "NAME")]
    campaign: Vec<String>,
    /// How long calls may go on after the first SIGTERM or Ctrl-C.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    drain: u64,
}

/// Missing prompts that are named before the rest is counted.
const NAMED: usize = 10;

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let loaded = read(&args.path, "")?;
    output.side_diagnostics(&loaded, &loaded.diagnostics);
    let program = match compile(&loaded) {
        Ok((_, verified)) => Arc::new(verified),
        Err(Refused::Errors) => {
            output.note(&format!("{}: {}; not started\n", args.path, counted(&loaded.diagnostics)));
            return Ok(Exit::Problems);
        }
        Err(Refused::Limits(diagnostics)) => {
            output.side_diagnostics(&loaded, &diagnostics);
            return Ok(Exit::Problems);
        }
        Err(Refused::Fault(faults)) => panic!("the compiler made bytecode that does not verify: {faults}"),
    };
    let root = PathBuf::from(&loaded.root);
    let options = Options::new(args, &loaded.manifest, &root)?;
    let settings = settings::values(&program, &loaded.manifest)?;
    let destinations = destinations::destinations(&program, &settings, &loaded.manifest)?;
    if let Some(unmailed) = destinations::unmailed(&loaded) {
        output.note(&unmailed);
    }
    let sounds = sounds(&program, &args.path, &root, &options, output)?;
    output.note(&audio::wordless_note(&audio::wordless(&program)));
    let promised = flow_server::promised(&options.state).map_err(|what| Problem {
        what,
        action: "move the state folder away, or name another with `--state DIR`".into(),
    })?;
    let kept = kept_programs(&promised, &program, &loaded.manifest, &root, &options, output);
    let server = Server::start(ServerConfig {
        program: program.clone(),
        settings,
        sounds,
        sip: options.sip.clone(),
        rtp: options.rtp.clone(),
        state: options.state.clone(),
        http: options.http,
        stories: (!args.quiet).then(|| Box::new(std::io::stderr()) as Box<dyn std::io::Write + Send>),
        destinations,
        roster: Some(roster(&args.path)),
        drain: Duration::from_secs(args.drain),
        // Every caller may talk to somebody, and each of the two needs a pair of ports.
        calls: (options.rtp.len() / 4).max(1),
        seed: seed()?,
        outbound: settings::outbound(&loaded.manifest),
        trunk: loaded.manifest.outbound.trunk.clone(),
        kept,
        promised,
        campaigns: args.campaign.clone(),
        keep: settings::keep(&loaded.manifest),
    })
    .map_err(|error| problem(&error.to_string()))?;
    output.note(&greeting(&loaded.manifest.name, &program, server.ready(), &options));
    output.result(&ready_line(server.ready(), &options));
    server.run();
    Ok(Exit::Fine)
}

/// The earlier programs that calls were promised on, with what audio they still have. One that cannot be read is
/// told of, and its calls are not made.
fn kept_programs(
    promised: &Promised,
    newest: &VerifiedProgram,
    manifest: &Manifest,
    root: &Path,
    options: &Options,
    output: &Output,
) -> Vec<KeptProgram> {
    let mut kept = Vec::new();
    for identity in promised.programs() {
        if identity == newest.identity_text() {
            continue;
        }
        let read = || -> Result<KeptProgram, String> {
            let bytes = flow_server::read_program(&options.state, identity)?;
            let program = flow_bytecode::container::decode(&bytes).map_err(|fault| fault.to_string())?;
            let program = flow_bytecode::verifier::verify(program)
                .map_err(|faults| faults.first().map_or_else(String::new, ToString::to_string))?;
            let settings = settings::values(&program, manifest).map_err(|problem| problem.what)?;
            let folder = options.state.join("drafts");
            let voiced = Places { root, drafts: Some(&folder) }.look_up(&program);
            let sounds =
                voiced.into_iter().filter_map(|entry| Some((entry.prompt.file, entry.path?))).collect();
            let services = destinations::destinations(&program, &settings, manifest);
            let services = services.map_err(|problem| problem.what)?.services;
            Ok(KeptProgram { program: Arc::new(program), settings, sounds, services })
        };
        match read() {
            Ok(program) => kept.push(program),
            Err(reason) => output.note(&format!("a program that calls were promised on is lost: {reason}\n")),
        }
    }
    kept
}

/// Reads the project's people again: all of it is checked, so that nobody serves a queue who cannot.
fn roster(path: &str) -> flow_server::RosterSource {
    let path = path.to_owned();
    Box::new(move || {
        let loaded = read(&path, "").map_err(|problem| problem.what)?;
        let Some(program) = &loaded.program else {
            let first = loaded.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
            return Err(first.map_or_else(String::new, |first| {
                let file = loaded.sources.file(first.primary.location.file);
                let (line, column) = file.line_column(first.primary.location.span.start);
                format!("{}:{line}:{column}: {}", file.path, first.message)
            }));
        };
        let people = program.agents.iter().map(|agent| Person {
            name: agent.name.clone(),
            address: agent.address.clone(),
            teams: agent.teams.iter().map(|team| program.teams[*team].clone()).collect(),
            skills: agent
                .skills
                .iter()
                .map(|(skill, level)| (program.skills[*skill].clone(), *level))
                .collect(),
        });
        Ok(people.collect())
    })
}

/// What was asked on the command line, else in `flow.toml`, else usual.
struct Options {
    sip: Vec<SocketAddr>,
    rtp: RangeInclusive<u16>,
    state: PathBuf,
    http: Option<SocketAddr>,
    /// Who drafts what has no audio.
    voice: Option<Voice>,
}

impl Options {
    fn new(args: &Args, manifest: &Manifest, root: &Path) -> Result<Options, Problem> {
        let sip = if args.sip.is_empty() { &manifest.run.sip } else { &args.sip };
        let sip = sip.iter().map(|text| listen::sip(text)).collect::<Result<Vec<_>, _>>()?;
        if let Some(twice) = sip.iter().enumerate().find(|(at, address)| sip[..*at].contains(address)) {
            return Err(Problem {
                what: format!("the SIP address udp:{} is given twice", twice.1),
                action: "name each address once, in `--sip` or in [run] of flow.toml".into(),
            });
        }
        let rtp = args.rtp.as_ref().or(manifest.run.rtp.as_ref());
        let http = args.http.as_ref().or(manifest.run.http.as_ref());
        Ok(Options {
            sip: if sip.is_empty() { vec![SocketAddr::from(([127, 0, 0, 1], 5060))] } else { sip },
            rtp: rtp.map_or(Ok(20_000..=29_999), |text| listen::ports(text))?,
            state: match (&args.state, &manifest.run.state) {
                (Some(folder), _) => folder.clone(),
                (None, Some(folder)) => root.join(folder),
                (None, None) => root.join("state"),
            },
            http: http.map(|text| listen::http(text)).transpose()?,
            voice: audio::wanted(None, manifest)?,
        })
    }
}

/// The audio of the program. A project without a `prompts/` folder gets drafts where a voice is installed;
/// what is missing otherwise keeps it from starting.
fn sounds(
    program: &Program,
    path: &str,
    root: &Path,
    options: &Options,
    output: &Output,
) -> Result<SoundFiles, Problem> {
    let folder = options.state.join("drafts");
    let places = Places { root, drafts: Some(&folder) };
    let mut voiced = places.look_up(program);
    let missing: Vec<&Prompt> =
        voiced.iter().filter(|entry| !entry.there).map(|entry| &entry.prompt).collect();
    let only_sentences = missing.iter().all(|prompt| prompt.kind == PromptKind::Sentence);
    if !missing.is_empty() && only_sentences && !root.join(FOLDER).is_dir() {
        match audio::draft(&missing, &folder, options.voice.as_ref()) {
            Ok(count) => {
                output.note(&format!(
                    "{count} prompts had no audio and were drafted into {}; `flowc prompts {path} --draft` keeps drafts in the project\n",
                    folder.display()
                ));
                voiced = places.look_up(program);
            }
            Err(NotDrafted(reason)) => output.note(&format!("prompts could not be drafted: {reason}\n")),
        }
    }
    let missing: Vec<&Voiced> = voiced.iter().filter(|entry| !entry.there).collect();
    if !missing.is_empty() {
        return Err(silent(&missing, path, root));
    }
    let lock = Lock::read(root);
    output.note(&stale_note(&lock.stale(&voiced)));
    output.note(&draft_note(lock.drafts(&voiced)));
    Ok(voiced.into_iter().filter_map(|entry| Some((entry.prompt.file, entry.path?))).collect())
}

fn silent(missing: &[&Voiced], path: &str, root: &Path) -> Problem {
    let one = missing.len() == 1;
    let mut what = format!("{} prompt{} no audio:", missing.len(), if one { " has" } else { "s have" });
    for entry in missing.iter().take(NAMED) {
        let prompt = &entry.prompt;
        let _ = write!(what, "\n  {}", root.join(&prompt.file).display());
        let _ = match prompt.kind {
            PromptKind::Sentence => write!(what, "  “{}”", prompt.text),
            PromptKind::Recording => write!(what, "  a recording of “{}”", prompt.text),
            PromptKind::Sound => write!(what, "  a sound"),
        };
    }
    if missing.len() > NAMED {
        let _ = write!(what, "\n  and {} more", missing.len() - NAMED);
    }
    let sentences = missing.iter().any(|entry| entry.prompt.kind == PromptKind::Sentence);
    let action = if sentences {
        format!(
            "draft the sentences with `flowc prompts {path} --draft`, or put recordings there: WAV files, 16 bits"
        )
    } else {
        "put WAV files of 16 bits there, or take them out of the flow".to_owned()
    };
    Problem { what, action }
}

/// What people are told when the server is up.
fn greeting(name: &str, program: &Program, ready: &Ready, options: &Options) -> String {
    let text = |at: u32| program.texts.get(at as usize).map(String::as_str).unwrap_or_default();
    let function =
        |at: u16| program.functions.get(usize::from(at)).map_or("", |function| text(function.name));
    let mut out = format!("{name} answers\n");
    for inbound in &program.inbound {
        let _ = writeln!(out, "  {:<18} flow {}", text(inbound.number), function(inbound.flow));
    }
    let local = ready.sip.iter().find(|address| address.ip().is_loopback());
    let names: Vec<&str> = program
        .functions
        .iter()
        .filter(|function| function.params.is_empty())
        .filter(|function| matches!(&function.kind, FunctionKind::Flow { gives } if gives.is_empty()))
        .map(|function| text(function.name))
        .collect();
    if local.is_some() {
        for name in &names {
            let _ = writeln!(out, "  {name:<18} flow {name}, for callers on this machine");
        }
    }
    for address in &ready.sip {
        let _ = writeln!(out, "on udp:{address}");
    }
    let _ = writeln!(out, "audio on UDP ports {}-{}", options.rtp.start(), options.rtp.end());
    let _ = writeln!(out, "records and messages in {}", options.state.display());
    if let Some(http) = ready.http {
        let _ = writeln!(out, "metrics at http://{http}/metrics");
    }
    // A bound number is answered from everywhere; names are for callers on this machine.
    let bound = program.inbound.first().zip(local.or(ready.sip.first()));
    let target = bound.map(|(inbound, address)| format!("sip:{}@{address}", text(inbound.number)));
    let target =
        target.or_else(|| local.zip(names.first()).map(|(address, name)| format!("sip:{name}@{address}")));
    if let Some(target) = target {
        let _ = writeln!(
            out,
            "call it with a softphone, such as:\n  \
             baresip -e '/uanew <sip:me@127.0.0.1>;regint=0' -e '/dial {target}'"
        );
    }
    out
}

/// The one line for scripts. The folder stands last because it may hold blanks.
fn ready_line(ready: &Ready, options: &Options) -> String {
    let sip: Vec<String> = ready.sip.iter().map(|address| format!("udp:{address}")).collect();
    let mut line = format!("ready sip={} rtp={}-{}", sip.join(","), options.rtp.start(), options.rtp.end());
    if let Some(http) = ready.http {
        let _ = write!(line, " http={http}");
    }
    let _ = writeln!(line, " state={}", options.state.display());
    line
}

/// Chance from the system.
fn seed() -> Result<[u8; 32], Problem> {
    let mut seed = [0; 32];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut seed));
    read.map(|()| seed).map_err(|error| Problem {
        what: format!("the system gives no random numbers: {error}"),
        action: "make /dev/urandom readable".into(),
    })
}

/// A text that says what to do after `help:`.
fn problem(text: &str) -> Problem {
    let (what, action) = text.split_once("\n  help: ").unwrap_or((text, "see the reason above"));
    Problem { what: what.to_owned(), action: action.to_owned() }
}
