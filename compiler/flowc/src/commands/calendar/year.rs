//! `flowc calendar year` and `flowc calendar next`: many days at once.

use std::fmt::Write as _;

use flow_check::calendar_intervals::{civil_of, day_of, days_in};
use flow_project::Problem;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::days::{Day, week};
use super::{Asked, Which, civil_today, day_number, open, shown};
use crate::exit::Exit;
use crate::output::{Output, OutputFormat};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Days that are looked at for coming exceptions.
const AHEAD: i32 = 3_653;
/// Marks of the table: open as on every such weekday, open with other hours, plainly closed.
const OPEN: char = '#';
const OTHER: char = '+';
const CLOSED: char = '.';

/// Arguments of `year`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// The year; otherwise this one.
    #[arg(value_parser = clap::value_parser!(i16).range(1970..=2200))]
    year: Option<i16>,
    /// A line for each day, as comma separated values.
    #[arg(long)]
    csv: bool,
}

/// Arguments of `next`.
#[derive(Debug, clap::Args)]
pub struct NextArgs {
    #[command(flatten)]
    which: Which,
    /// The day from which on; otherwise today.
    #[arg(long, value_name = "2026-03-03")]
    from: Option<Date>,
    /// How many days are shown.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Some(asked) = open(&args.which, output)? else { return Ok(Exit::Problems) };
    let year = i32::from(args.year.unwrap_or_else(|| civil_today().year()));
    let (first, last) = (day_of(year, 1, 1), day_of(year, 12, 31));
    let days = asked.days(&asked.clock(first), first, last);
    match (args.csv, output.format) {
        (true, _) => output.shown(&csv(&asked, &days)),
        (false, OutputFormat::Json) => {
            let days: Vec<Value> = days.iter().map(|day| day_json(&asked, day)).collect();
            let year = json!({
                "calendar": asked.calendar.name,
                "timezone": asked.zone,
                "year": year,
                "states": asked.calendar.states,
                "days": days,
            });
            output.shown(&format!("{year:#}\n"));
        }
        (false, _) => output.shown(&table(&asked, &days, year)),
    }
    Ok(Exit::Fine)
}

pub fn next(args: &NextArgs, output: &Output) -> Result<Exit, Problem> {
    let Some(asked) = open(&args.which, output)? else { return Ok(Exit::Problems) };
    let first = day_number(args.from.unwrap_or_else(civil_today));
    let days = asked.days(&asked.clock(first), first, first.saturating_add(AHEAD));
    let coming: Vec<&Day> = days.iter().filter(|day| day.is_special).take(usize::from(args.count)).collect();
    match output.format {
        OutputFormat::Json => {
            let coming: Vec<Value> = coming.iter().map(|day| day_json(&asked, day)).collect();
            output.shown(&format!("{:#}\n", Value::from(coming)));
        }
        _ if coming.is_empty() => output.shown("every day of the next ten years is like its weekday\n"),
        _ => output.shown(&listed(&asked, &coming)),
    }
    Ok(Exit::Fine)
}

/// A row for each month, a column for each day, and what the marks mean.
fn table(asked: &Asked, days: &[Day], year: i32) -> String {
    let states = &asked.calendar.states;
    let marks = marks(states);
    let mut out = format!("{} in {year}, {}\n\n    ", asked.calendar.name, asked.zone);
    for day in 1..=31 {
        let _ = write!(out, "{day:>3}");
    }
    out.push('\n');
    let mut days_left = days.iter();
    for month in 1..=12u8 {
        let mut row = format!("{:<4}", MONTHS[usize::from(month - 1)]);
        for day in days_left.by_ref().take(usize::from(days_in(year, month))) {
            let mark = match (day.hours.is_empty(), day.is_special) {
                (false, false) => OPEN,
                (false, true) => OTHER,
                (true, _) => marks[day.shut],
            };
            let _ = write!(row, "{mark:>3}");
        }
        out.push_str(&row);
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "\n{OPEN} open as on every such weekday   {OTHER} open at other hours   {CLOSED} closed"
    );
    for (state, mark) in states.iter().zip(&marks).skip(2) {
        let _ = writeln!(out, "{mark} {state}");
    }
    out.push('\n');
    for day in week(days).into_iter().flatten() {
        let _ = writeln!(out, "{}  {}", shown::weekday(day.number), day.text(states));
    }
    let special: Vec<&Day> = days.iter().filter(|day| day.is_special).collect();
    if !special.is_empty() {
        out.push('\n');
        out.push_str(&listed(asked, &special));
    }
    out
}

/// A mark for each state: the first letter of its name that no other state has taken.
fn marks(states: &[String]) -> Vec<char> {
    let mut marks = vec![OPEN, CLOSED];
    for state in states.iter().skip(2) {
        let letters = state.chars().flat_map(|c| [c.to_ascii_lowercase(), c.to_ascii_uppercase()]);
        let mut free = letters.chain('a'..='z').chain('A'..='Z').filter(|c| c.is_ascii_alphabetic());
        marks.push(free.find(|c| !marks.contains(c)).unwrap_or('?'));
    }
    marks
}

/// Days one below the other; those that follow each other and are alike, together.
fn listed(asked: &Asked, days: &[&Day]) -> String {
    let states = &asked.calendar.states;
    let mut out = String::new();
    let mut rest = days;
    while let Some(first) = rest.first() {
        let alike = |a: &Day, b: &Day| {
            (&a.hours, a.shut, a.rule, &a.holiday) == (&b.hours, b.shut, b.rule, &b.holiday)
        };
        let mut count = 1;
        while rest
            .get(count)
            .is_some_and(|next| next.number == first.number + count as i32 && alike(first, next))
        {
            count += 1;
        }
        let (run, left) = rest.split_at(count);
        rest = left;
        let until = match count {
            1 => String::new(),
            _ => {
                let last = run[count - 1].number;
                format!(" to {} {}", shown::weekday(last), shown::date(last))
            }
        };
        let line = first.rule.map(|rule| asked.line(&asked.calendar.rules[rule]));
        let line = line.map_or_else(String::new, |line| format!("  {}:{}", line.path, line.number));
        let name = first.holiday.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        let _ = writeln!(
            out,
            "{} {}{until}  {}{name}{line}",
            shown::weekday(first.number),
            shown::date(first.number),
            first.text(states)
        );
    }
    out
}

/// A field of comma separated values.
fn field(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

fn csv(asked: &Asked, days: &[Day]) -> String {
    let mut out = String::from("date,weekday,state,hours,special,holiday\n");
    for day in days {
        let state = if day.hours.is_empty() { &asked.calendar.states[day.shut] } else { "open" };
        let hours = if day.hours.is_empty() { String::new() } else { day.text(&asked.calendar.states) };
        let _ = writeln!(
            out,
            "{},{},{},{},{},{}",
            shown::date(day.number),
            shown::weekday(day.number),
            field(state),
            field(&hours),
            day.is_special,
            field(day.holiday.as_deref().unwrap_or_default())
        );
    }
    out
}

fn day_json(asked: &Asked, day: &Day) -> Value {
    let line = day.rule.map(|rule| asked.line(&asked.calendar.rules[rule]));
    let hours: Vec<Value> = day.hours.iter().map(|(from, until)| json!([from, until])).collect();
    let state = if day.hours.is_empty() { &asked.calendar.states[day.shut] } else { "open" };
    let (year, month, of_month) = civil_of(day.number);
    json!({
        "date": format!("{year:04}-{month:02}-{of_month:02}"),
        "weekday": shown::weekday(day.number),
        "state": state,
        "hours": hours,
        "special": day.is_special,
        "holiday": day.holiday,
        "rule": line.map(|line| json!({ "file": line.path, "line": line.number, "text": line.text })),
    })
}
