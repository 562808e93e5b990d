//! `flowc calendar`: when a calendar is open, and by which line. Answers come from the checker's intervals, so
//! that what is explained is what was checked.

mod days;
mod explain;
mod shown;
mod year;

use flow_check::calendar_intervals::{Clock, TEN_YEARS, day_of};
use flow_check::hir;
use flow_project::{Loaded, Problem, load_on};
use jiff::civil::Date;

use crate::disk::Disk;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `calendar`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

/// What is asked of a calendar.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Open or closed at an instant, by which line, and until when.
    Explain(explain::Args),
    /// A year as a table, with every day that is not like its weekday.
    Year(year::Args),
    /// The coming days that are not like their weekday.
    Next(year::NextArgs),
}

/// Which calendar is meant.
#[derive(Debug, clap::Args)]
struct Which {
    /// The project: a folder with `flow.toml`, or a `.flow` file.
    project: String,
    /// The calendar's name, as the main file or the project says it.
    calendar: String,
    /// A lever that is thrown; may be given several times.
    #[arg(long = "switch", value_name = "NAME")]
    switches: Vec<String>,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    match &args.what {
        What::Explain(args) => explain::run(args, output),
        What::Year(args) => year::run(args, output),
        What::Next(args) => year::next(args, output),
    }
}

/// A calendar of a project, ready to be asked.
struct Asked {
    loaded: Loaded,
    calendar: hir::Calendar,
    zone: String,
    zone_data: jiff::tz::TimeZone,
    /// The project's levers by number: name, and whether it is thrown.
    levers: Vec<(String, bool)>,
}

impl Asked {
    fn thrown(&self) -> Vec<bool> {
        self.levers.iter().map(|(_, thrown)| *thrown).collect()
    }

    /// The zone's clocks for ten years from a day.
    fn clock(&self, day: i32) -> Clock {
        Clock::new(&self.zone, day - 1..=day.saturating_add(TEN_YEARS + 1)).unwrap_or_default()
    }

    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

/// Reads the project and finds the calendar; `None` when the flows have errors, which are then told.
fn open(which: &Which, output: &Output) -> Result<Option<Asked>, Problem> {
    let mut loaded = load_on(&Disk::default(), &which.project, day_number(civil_today()))?;
    let Some(mut program) = loaded.program.take() else {
        output.side_diagnostics(&loaded, &loaded.diagnostics);
        return Ok(None);
    };
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let named = |name: &str| program.calendars.iter().position(|calendar| calendar.name == name);
    let mut by_end = program.calendars.iter().enumerate().filter(|(_, c)| last(&c.name) == which.calendar);
    let found = named(&which.calendar).or_else(|| match (by_end.next(), by_end.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    });
    let Some(index) = found else {
        let names: Vec<String> =
            program.calendars.iter().map(|calendar| format!("`{}`", calendar.name)).collect();
        return Err(Problem {
            what: format!("{} has no calendar `{}`, or several that end so", which.project, which.calendar),
            action: match names.as_slice() {
                [] => "declare one: `calendar office { open mon to fri 08:30..18:00 }`".into(),
                names => format!("name one of {}", names.join(", ")),
            },
        });
    };
    let mut levers: Vec<(String, bool)> =
        program.switches.iter().map(|lever| (lever.name.clone(), false)).collect();
    for name in &which.switches {
        let Some(lever) = levers.iter_mut().find(|(lever, _)| lever == name) else {
            return Err(Problem {
                what: format!("there is no switch `{name}`"),
                action: "name a switch of the project".into(),
            });
        };
        lever.1 = true;
    }
    let calendar = program.calendars.swap_remove(index);
    let zone = program.zones[calendar.zone].clone();
    let zone_data = jiff::tz::TimeZone::get(&zone).unwrap_or(jiff::tz::TimeZone::UTC);
    Ok(Some(Asked { loaded, calendar, zone, zone_data, levers }))
}

/// Today, by the clocks of this machine.
pub fn civil_today() -> Date {
    jiff::Zoned::now().date()
}

/// A day as the checker counts: since 1970-01-01.
pub fn day_number(date: Date) -> i32 {
    day_of(i32::from(date.year()), date.month() as u8, date.day() as u8)
}
