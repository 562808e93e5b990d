//! Who answers for services in the terminal: what was given, or the real ones.

use std::path::PathBuf;

use flow_bytecode::program::ServiceKind;
use flow_bytecode::{Datum, VerifiedProgram};
use flow_project::{Problem, span_millis};
use flow_server::{LiveServices, service_problem};
use flow_sim::flow_switch::boundary::{Reply, ServiceRequest};
use flow_sim::flow_switch::services::places;
use flow_sim::{Given, Play, Played, Services};
use serde_json::Value;

/// Arguments about services.
#[derive(Debug, clap::Args)]
pub(super) struct ServiceArgs {
    /// What a service answers: `crm.customer={"id": "7"}`, `crm.customer=none`, `crm.customer=fails`, or
    /// `crm.customer=status 500`, each with ` after 2s` if it takes its time.
    #[arg(long = "service", value_name = "NAME=ANSWER")]
    service: Vec<String>,
    /// A TOML file of such answers: `[crm]`, and in it `customer = { answers = { id = "7" }, after = "2s" }`.
    #[arg(long, value_name = "FILE")]
    services: Option<PathBuf>,
    /// Ask the real services.
    #[arg(long, conflicts_with_all = ["service", "services"])]
    live_services: bool,
}

/// The services of a call, and what the terminal says about them, if anything.
pub(super) fn services(
    args: &ServiceArgs,
    program: &VerifiedProgram,
    settings: &[Datum],
) -> Result<(Box<dyn Services>, Option<&'static str>), Problem> {
    if args.live_services {
        let places = places(program, settings);
        if let Some(what) = places.iter().find_map(service_problem) {
            return Err(Problem { what, action: "correct it in [settings] of flow.toml".into() });
        }
        let live = LiveServices::new(places).map_err(|error| Problem {
            what: error.to_string(),
            action: "play the services instead, with `--service`".into(),
        })?;
        return Ok((Box::new(Live(live)), Some("services are the real ones")));
    }
    let mut played = Played::default();
    if let Some(path) = &args.services {
        for given in from_file(path)? {
            played.give(known(program, given)?);
        }
    }
    for text in &args.service {
        played.give(known(program, from_flag(text)?)?);
    }
    let asks = program.services.iter().any(|service| service.kind == ServiceKind::Http);
    let nothing = args.services.is_none() && args.service.is_empty();
    let note = "no service is played, so each fails at once: give answers with --service or --services, or ask \
                the real ones with --live-services";
    Ok((Box::new(played), (asks && nothing).then_some(note)))
}

/// The real services: each takes the time that it takes.
#[derive(Debug)]
struct Live(LiveServices);

impl Services for Live {
    fn ask(&mut self, _: &VerifiedProgram, request: &ServiceRequest) -> (Reply, u64) {
        self.0.ask(request)
    }
}

fn known(program: &VerifiedProgram, given: Given) -> Result<Given, Problem> {
    let text = |id: u32| program.texts[id as usize].as_str();
    let names = || {
        program.operations.iter().map(|operation| {
            let service = &program.services[usize::from(operation.service)];
            format!("{}.{}", text(service.name), text(operation.name))
        })
    };
    if names().any(|name| name == given.name) {
        return Ok(given);
    }
    let all: Vec<String> = names().collect();
    let action = match all.is_empty() {
        true => "the project asks no service".into(),
        false => format!("there are: {}", all.join(", ")),
    };
    Err(Problem { what: format!("there is no service operation `{}`", given.name), action })
}

fn from_flag(text: &str) -> Result<Given, Problem> {
    let problem = || {
        Problem {
        what: format!("`--service {text}` says no answer"),
        action: "write `crm.customer={\"id\": \"7\"}`, `crm.customer=none`, `crm.customer=fails` or `crm.customer=status 500`, with ` after 2s` if it takes its time".into(),
    }
    };
    let (name, rest) = text.split_once('=').ok_or_else(problem)?;
    let (answer, after) = match rest.rsplit_once(" after ") {
        Some((answer, time)) => (answer, millis(time.trim()).ok_or_else(problem)?),
        None => (rest, 0),
    };
    let play = match answer.trim() {
        "none" => Play::Http(404, Vec::new()),
        "fails" => Play::Fails,
        other => match other.strip_prefix("status ") {
            Some(status) => Play::Http(status.trim().parse().map_err(|_| problem())?, Vec::new()),
            None => {
                serde_json::from_str::<Value>(other).map_err(|_| problem())?;
                Play::Http(200, other.as_bytes().to_vec())
            }
        },
    };
    Ok(Given { name: name.trim().to_owned(), arguments: Vec::new(), play, after })
}

fn millis(text: &str) -> Option<u64> {
    span_millis(text).and_then(|millis| u64::try_from(millis).ok())
}

fn from_file(path: &std::path::Path) -> Result<Vec<Given>, Problem> {
    let problem = |what: String| {
        Problem {
        what: format!("{}: {what}", path.display()),
        action: "write `[crm]`, and in it `customer = { answers = { id = \"7\" }, after = \"2s\" }`, `{ fails = true }` or `{ status = 500 }`".into(),
    }
    };
    let text = std::fs::read_to_string(path).map_err(|error| problem(crate::disk::reason(&error)))?;
    let root: Value = toml::from_str(&text).map_err(|error| problem(error.message().to_owned()))?;
    let mut all = Vec::new();
    for (service, operations) in root.as_object().into_iter().flatten() {
        let operations =
            operations.as_object().ok_or_else(|| problem(format!("`{service}` is no section")))?;
        for (operation, answer) in operations {
            let name = format!("{service}.{operation}");
            let given = from_entry(name.clone(), answer);
            all.push(given.ok_or_else(|| problem(format!("`{name}` says no answer")))?);
        }
    }
    Ok(all)
}

fn from_entry(name: String, entry: &Value) -> Option<Given> {
    let entry = entry.as_object()?;
    if entry.keys().any(|key| !["answers", "status", "fails", "none", "after"].contains(&key.as_str())) {
        return None;
    }
    let after = match entry.get("after") {
        Some(time) => millis(time.as_str()?)?,
        None => 0,
    };
    let says = |key: &str| entry.get(key) == Some(&Value::Bool(true));
    let status = match entry.get("status") {
        Some(status) => Some(u16::try_from(status.as_u64()?).ok()?),
        None => None,
    };
    let play = match entry.get("answers") {
        _ if says("fails") => Play::Fails,
        _ if says("none") => Play::Http(404, Vec::new()),
        Some(answer) => Play::Http(status.unwrap_or(200), answer.to_string().into_bytes()),
        None => Play::Http(status?, Vec::new()),
    };
    Some(Given { name, arguments: Vec::new(), play, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_flags() {
        let play = |text| from_flag(text).map(|given| (given.play, given.after)).ok();
        assert_eq!(play("crm.name=\"Ada\" after 2s"), Some((Play::Http(200, b"\"Ada\"".to_vec()), 2_000)));
        assert_eq!(play("crm.name=none"), Some((Play::Http(404, Vec::new()), 0)));
        assert_eq!(play("crm.name=fails after 1m"), Some((Play::Fails, 60_000)));
        assert_eq!(play("crm.name=status 503"), Some((Play::Http(503, Vec::new()), 0)));
        for wrong in ["crm.name", "crm.name=Ada", "crm.name=status x", "crm.name=1 after soon"] {
            assert_eq!(play(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn answers_in_a_file() {
        let entry = |text: &str| from_entry("x.y".into(), &toml::from_str::<Value>(text).unwrap()["e"]);
        let play = |text| entry(text).map(|given| (given.play, given.after));
        assert_eq!(
            play("e = { answers = { id = \"7\" }, after = \"900ms\" }"),
            Some((Play::Http(200, b"{\"id\":\"7\"}".to_vec()), 900))
        );
        assert_eq!(play("e = { fails = true }"), Some((Play::Fails, 0)));
        assert_eq!(play("e = { status = 500 }"), Some((Play::Http(500, Vec::new()), 0)));
        for wrong in ["e = 1", "e = {}", "e = { answer = 1 }", "e = { status = 99999 }"] {
            assert_eq!(play(wrong), None, "{wrong}");
        }
    }
}
