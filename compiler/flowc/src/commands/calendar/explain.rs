//! `flowc calendar explain PROJECT CALENDAR --at INSTANT`.

use std::fmt::Write as _;

use flow_check::calendar_intervals::{Clock, Interval, TEN_YEARS, intervals, without};
use flow_check::hir::DaySet;
use flow_project::Problem;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{Asked, Which, open, shown};
use crate::exit::Exit;
use crate::output::{Output, OutputFormat};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// The instant: by the calendar's clocks, or with a zone (2026-12-24T18:00Z); otherwise now.
    #[arg(long, value_name = "2026-12-24T14:00")]
    at: Option<String>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Some(asked) = open(&args.which, output)? else { return Ok(Exit::Problems) };
    let (at, note) = instant_of(&asked, args.at.as_deref())?;
    let Some(answer) = Answer::new(&asked, at) else {
        return Err(Problem {
            what: "that instant is beyond what calendars are asked for".into(),
            action: "give a date and a time like 2026-12-24T14:00".into(),
        });
    };
    match output.format {
        OutputFormat::Json => output.shown(&format!("{:#}\n", answer.json())),
        _ => output.shown(&answer.text(note.as_deref())),
    }
    Ok(Exit::Fine)
}

/// The instant that is meant, in seconds since 1970, and what is to be said of it.
fn instant_of(asked: &Asked, text: Option<&str>) -> Result<(i64, Option<String>), Problem> {
    let Some(text) = text else { return Ok((asked.now().as_second(), None)) };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok((instant.as_second(), None));
    }
    let problem = |why: jiff::Error| Problem {
        what: format!("`--at {text}` is not a time that can be: {why}"),
        action: "give a date and a time like 2026-12-24T14:00".into(),
    };
    let local: DateTime = text.parse().map_err(problem)?;
    let meant = asked.zone_data.to_ambiguous_zoned(local);
    let note = meant.is_ambiguous().then(|| match meant.offset() {
        jiff::tz::AmbiguousOffset::Gap { .. } => {
            "the clocks skip this time; as much later is meant".to_owned()
        }
        _ => "the clocks show this time twice; the first is meant".to_owned(),
    });
    Ok((meant.compatible().map_err(problem)?.timestamp().as_second(), note))
}

/// What a calendar says of an instant.
struct Answer<'a> {
    asked: &'a Asked,
    clock: Clock,
    at: i64,
    here: Interval,
    /// What would decide if what decides were not there, and so on down.
    beneath: Vec<Interval>,
    /// When it last became open, or ceased to be; as far as the day before shows it.
    since: Option<i64>,
    /// When it next ceases to be open, or becomes it.
    until: Option<i64>,
    /// When it opens next.
    opens: Option<i64>,
}

impl<'a> Answer<'a> {
    fn new(asked: &'a Asked, at: i64) -> Option<Self> {
        let about = i32::try_from(at.div_euclid(86_400)).ok()?;
        let clock = asked.clock(about);
        let (day, _) = clock.reading(at);
        let thrown = asked.thrown();
        let laid = intervals(&asked.calendar, &clock, day - 8..=day + TEN_YEARS, &thrown);
        let place = laid.iter().position(|i| (i.from..i.until).contains(&at))?;
        let here = laid[place];
        let open = here.state == 0;
        let later = &laid[place + 1..];
        let until = later.iter().find(|i| (i.state == 0) != open).map(|i| i.from);
        let opens = match open {
            false => until,
            true => later.iter().skip_while(|i| i.state == 0).find(|i| i.state == 0).map(|i| i.from),
        };
        let since = laid[..place].iter().rposition(|i| i.state != here.state).map(|i| laid[i].until);
        let mut beneath = Vec::new();
        let rules = &asked.calendar.rules;
        let mut below = here;
        while let Some(rule) = below.rule {
            let rank = rules[rule].rank;
            let gone: Vec<bool> = rules.iter().map(|rule| rule.rank <= rank).collect();
            let Some(next) = without(&asked.calendar, &clock, at, &gone, &thrown) else { break };
            beneath.push(next);
            below = next;
        }
        Some(Self { asked, clock, at, here, beneath, since, until, opens })
    }

    fn state(&self, interval: Interval) -> &str {
        &self.asked.calendar.states[interval.state]
    }

    /// The day whose rule decides: hours of the day before may run over.
    fn holiday(&self, interval: Interval) -> Option<String> {
        let rule = &self.asked.calendar.rules[interval.rule?];
        let (day, _) = self.clock.reading(self.at);
        shown::holiday(rule, day).or_else(|| shown::holiday(rule, day - 1))
    }

    /// Whether the rule's own hours hold the instant; else it is the rest of a day that the rule replaces.
    fn is_rest(&self, interval: Interval) -> bool {
        interval.rule.is_some_and(|rule| self.asked.calendar.rules[rule].state != interval.state)
    }

    fn text(&self, note: Option<&str>) -> String {
        let calendar = &self.asked.calendar;
        let mut out = format!("{}, {}\n", calendar.name, self.asked.zone);
        let _ = writeln!(out, "{}: {}", shown::instant(&self.clock, self.at), self.state(self.here));
        if let Some(note) = note {
            let _ = writeln!(out, "  ({note})");
        }
        self.because(&mut out, self.here);
        if !self.beneath.is_empty() {
            out.push_str("\nif that were not there:\n");
        }
        for interval in &self.beneath {
            let _ = writeln!(out, "  {}", self.state(*interval));
            self.because(&mut out, *interval);
        }
        out.push('\n');
        let levers: Vec<String> = calendar
            .rules
            .iter()
            .filter_map(|rule| match rule.days {
                DaySet::Switch(lever) => Some((lever, &calendar.states[rule.state])),
                _ => None,
            })
            .map(|(lever, state)| {
                let (name, thrown) = &self.asked.levers[lever];
                format!("{name} ({}; {state})", if *thrown { "thrown" } else { "not thrown" })
            })
            .collect();
        let open = self.here.state == 0;
        if let Some(since) = self.since {
            let _ = writeln!(out, "since     {}", shown::instant(&self.clock, since));
        }
        let when = |instant: Option<i64>| match instant {
            Some(instant) => {
                format!("{}, in {}", shown::instant(&self.clock, instant), shown::duration(instant - self.at))
            }
            None => "not within ten years".to_owned(),
        };
        if open {
            let _ = writeln!(out, "closes    {}", when(self.until));
        }
        let held = self.here.rule.is_some_and(|rule| calendar.rules[rule].rank == 1);
        if held && self.opens.is_none() {
            out.push_str("opens     when the switch is released\n");
        } else {
            let _ = writeln!(out, "opens     {}", when(self.opens));
        }
        if !levers.is_empty() {
            let _ = writeln!(out, "switches  {}", levers.join(", "));
        }
        out
    }

    fn because(&self, out: &mut String, interval: Interval) {
        let Some(rule) = interval.rule else {
            out.push_str("  no line names this time, and unlisted time is closed\n");
            return;
        };
        let rule = &self.asked.calendar.rules[rule];
        let line = self.asked.line(rule);
        let inherited = if rule.inherited { ", inherited" } else { "" };
        let _ = writeln!(out, "  by {}:{} ({}{inherited})", line.path, line.number, shown::rank(rule.rank));
        let _ = writeln!(out, "    {}", line.text);
        if let Some(name) = self.holiday(interval) {
            let _ = writeln!(out, "    {name}");
        }
        if self.is_rest(interval) {
            out.push_str("    its hours replace the whole day: outside of them that day is closed\n");
        }
    }

    fn rule_json(&self, interval: Interval) -> Value {
        let Some(rule) = interval.rule else { return Value::Null };
        let rule = &self.asked.calendar.rules[rule];
        let line = self.asked.line(rule);
        json!({
            "file": line.path,
            "line": line.number,
            "text": line.text,
            "rank": rule.rank,
            "inherited": rule.inherited,
            "holiday": self.holiday(interval),
            "outside_its_hours": self.is_rest(interval),
        })
    }

    fn json(&self) -> Value {
        let zoned = |instant: i64| {
            let instant = Timestamp::from_second(instant).unwrap_or_default();
            instant.to_zoned(self.asked.zone_data.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        };
        let beneath = self
            .beneath
            .iter()
            .map(|interval| json!({ "state": self.state(*interval), "rule": self.rule_json(*interval) }));
        let open = self.here.state == 0;
        let thrown = self.asked.levers.iter().filter(|(_, thrown)| *thrown);
        json!({
            "calendar": self.asked.calendar.name,
            "timezone": self.asked.zone,
            "at": zoned(self.at),
            "open": open,
            "state": self.state(self.here),
            "rule": self.rule_json(self.here),
            "beneath": beneath.collect::<Vec<_>>(),
            "since": self.since.map(zoned),
            "closes": if open { self.until.map(zoned) } else { None },
            "next_open": self.opens.map(zoned),
            "switches_thrown": thrown.map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        })
    }
}
