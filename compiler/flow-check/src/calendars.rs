//! Calendars as written: rules with their ranks, dates that exist, ranges that hold something, and a zone.
//!
//! What the rules mean together, over every instant of ten years, is asked in `calendar_reports`.

use flow_diagnostics::{Applicability, Location, Severity};
use flow_syntax::ast::{self, CalendarRuleKind, Days, ItemKind, Ordinal};
use flow_syntax::foreign;

use crate::calendar_intervals::{civil_of, nth as nth_day, yearly};
use crate::calendar_reports::{MONTHS, WEEK};
use crate::codes;
use crate::context::{Checker, Say, fix};
use crate::hir::{self, Calendar, CalendarRule, DaySet, HolidayRule, Observed};
use crate::names::Def;

/// Longer chains of `like` than anybody reads.
const LONGEST_LIKE: usize = 16;
/// Minutes that a night shift lasts at most.
const LONGEST_NIGHT: u16 = 12 * 60 + 30;
/// Years for which it is said whether a day exists in them.
const YEARS: i32 = 10;

impl<'a> Checker<'a> {
    /// Lists of holidays, then calendars, those they are `like` first.
    pub fn calendars(&mut self) {
        for id in 0..self.sources.holidays.len() {
            let source = self.sources.holidays[id];
            let ItemKind::Holidays { days, .. } = &source.item.kind else { continue };
            let mut rules = Vec::new();
            for day in days {
                rules.extend(self.holiday(source.module, day));
            }
            self.holidays.push(Some(rules));
        }
        let count = self.sources.calendars.len();
        let mut done: Vec<Option<Calendar>> = vec![None; count];
        self.whole_calendars = vec![true; count];
        for id in 0..count {
            self.calendar_chain(id, &mut done);
        }
        self.program.calendars = done.into_iter().flatten().collect();
        self.judge_calendars();
    }

    fn calendar_chain(&mut self, id: usize, done: &mut [Option<Calendar>]) {
        let mut chain = vec![id];
        loop {
            let last = chain[chain.len() - 1];
            let source = self.sources.calendars[last];
            let ItemKind::Calendar { like: Some(path), .. } = &source.item.kind else { break };
            let Some(next) = self.quiet_calendar(source.module, path) else { break };
            if done[next].is_some() {
                break;
            }
            if chain.contains(&next) || chain.len() >= LONGEST_LIKE {
                let at = path.span.at(self.file(source.module));
                self.error(
                    codes::CALENDAR_CYCLE,
                    at,
                    "these calendars are like each other in a circle",
                    "and so on",
                )
                .add_help("let one of them state its own rules");
                self.whole_calendars[last] = false;
                break;
            }
            chain.push(next);
        }
        for id in chain.into_iter().rev() {
            if done[id].is_none() {
                let calendar = self.calendar(id, done);
                done[id] = Some(calendar);
            }
        }
    }

    /// The calendar that is meant, without a word when there is none; [`Self::calendar`] says it.
    fn quiet_calendar(&mut self, module: usize, path: &ast::Path) -> Option<usize> {
        let before = self.diagnostics.len();
        let def = self.resolve(module, path, "calendar");
        self.diagnostics.truncate(before);
        match def {
            Some(Def::Calendar(id)) => Some(id),
            _ => None,
        }
    }

    fn calendar(&mut self, id: usize, done: &[Option<Calendar>]) -> Calendar {
        let source = self.sources.calendars[id];
        let module = source.module;
        let ItemKind::Calendar { name, like, rules } = &source.item.kind else {
            unreachable!("only calendars are here")
        };
        let location = name.span.at(self.file(module));
        let before = self.diagnostics.len();
        let mut zoned = self.module_zones[module].is_some();
        let mut out = Calendar {
            name: self.full_name(module, name.symbol),
            zone: self.module_zones[module].unwrap_or(0),
            states: vec!["open".into(), "closed".into()],
            rules: Vec::new(),
            location,
        };
        if let Some(path) = like {
            let parent = self.resolve_as(module, path, "calendar", |d| match d {
                Def::Calendar(id) => Some(id),
                _ => None,
            });
            if let Some((parent, calendar)) =
                parent.and_then(|id| Some((id, done.get(id).and_then(Option::as_ref)?)))
            {
                zoned = true;
                out.zone = calendar.zone;
                out.states = calendar.states.clone();
                // Of what is inherited the nearest comes first, and so wins within its rank.
                let (far, near): (Vec<_>, Vec<_>) = calendar.rules.iter().cloned().partition(|r| r.inherited);
                out.rules = near;
                out.rules.extend(far);
                for rule in &mut out.rules {
                    rule.inherited = true;
                }
                self.whole_calendars[id] &= self.whole_calendars[parent];
            }
        }
        for rule in rules {
            zoned |= matches!(rule.kind, CalendarRuleKind::Timezone(_));
            self.rule(module, rule, &mut out);
        }
        let has_days = out.rules.iter().any(|rule| !matches!(rule.days, DaySet::Switch(_)));
        if !zoned && has_days {
            let name = self.name(name.symbol);
            self.error(codes::TIMEZONE, location, format!("`{name}` has no time zone"), "whose clocks?")
                .add_help("say it once in this file: `timezone \"Europe/Madrid\"`");
        }
        let mut said = self.diagnostics[before..].iter();
        self.whole_calendars[id] &=
            said.all(|d| d.severity != Severity::Error) && !self.is_torn(source.item.span.at(location.file));
        out
    }

    fn rule(&mut self, module: usize, rule: &ast::CalendarRule, out: &mut Calendar) {
        let location = rule.span.at(self.file(module));
        let (days, hours, state) = match &rule.kind {
            CalendarRuleKind::Timezone(text) => {
                if let Some(zone) = self.zone_of(module, text) {
                    out.zone = zone;
                }
                return;
            }
            CalendarRuleKind::Open { days, hours } => (self.days(module, days), hours, 0),
            CalendarRuleKind::Closed { days, hours, reason } => {
                let days = self.days(module, days);
                (days, hours, self.reason(module, *reason, out))
            }
            CalendarRuleKind::ClosedWhen { condition, reason } => {
                let state = self.reason(module, *reason, out);
                if let Some(switch) = self.switch_of(module, condition) {
                    let days = DaySet::Switch(switch);
                    let rule =
                        CalendarRule { rank: 1, days, hours: Vec::new(), state, inherited: false, location };
                    out.rules.push(rule);
                }
                return;
            }
        };
        let hours = self.hours(module, hours);
        let Some(days) = days else { return };
        let rank = match days {
            DaySet::Switch(_) => 1,
            DaySet::Dates(..) => 2,
            DaySet::Yearly(..) | DaySet::Nth(..) | DaySet::Holidays(_) => 3,
            DaySet::Week(_) => 4,
        };
        out.rules.push(CalendarRule { rank, days, hours, state, inherited: false, location });
    }

    fn reason(&mut self, module: usize, reason: Option<ast::Name>, out: &mut Calendar) -> usize {
        let Some(name) = reason else { return 1 };
        let text = self.name(name.symbol);
        if let Some(index) = out.states.iter().position(|s| s == text) {
            if index == 0 {
                let at = name.span.at(self.file(module));
                self.error(codes::WRONG_THING, at, "`open` is no reason to be closed", "not a reason");
            }
            return index.max(1);
        }
        out.states.push(text.into());
        out.states.len() - 1
    }

    fn switch_of(&mut self, module: usize, condition: &ast::Expr) -> Option<usize> {
        let mut scope =
            crate::context::Scope::new(module, self.file(module), crate::context::Place::Call, vec![0]);
        let value = self.expr(&mut scope, condition, None);
        match value.kind {
            hir::ExprKind::Sample(hir::Sample::Switch(id)) => Some(id),
            _ if value.ty.kind == hir::TypeKind::Unknown => None,
            _ => {
                self.error(codes::WRONG_THING, value.location, "`closed when` asks a switch", "not a switch")
                    .add_help("declare `switch NAME` and name it here");
                None
            }
        }
    }

    fn days(&mut self, module: usize, days: &Days) -> Option<DaySet> {
        let file = self.file(module);
        match days {
            Days::EveryDay(_) => Some(DaySet::Week(0x7f)),
            Days::Week(ranges, _) => {
                let mut bits = 0u8;
                for (from, to) in ranges {
                    let (mut day, last) = (*from as u8, to.unwrap_or(*from) as u8);
                    // `sat to mon` runs over the end of the week.
                    loop {
                        bits |= 1 << day;
                        if day == last {
                            break;
                        }
                        day = (day + 1) % 7;
                    }
                }
                Some(DaySet::Week(bits))
            }
            Days::Dates { from, to, span } => {
                let at = span.at(file);
                let first = self.date(at, *from)?;
                let last = match to {
                    Some(to) => self.date(at, *to)?,
                    None => first,
                };
                if last < first {
                    self.error(
                        codes::EMPTY_RANGE,
                        at,
                        "this range of dates holds none",
                        "ends before it begins",
                    );
                    return None;
                }
                Some(DaySet::Dates(first, last))
            }
            Days::Yearly { month, day, span } => {
                let day = self.yearly(*month, *day, span.at(file))?;
                Some(DaySet::Yearly(month.0, day))
            }
            Days::Nth { ordinal, weekday, month, span } => {
                self.rare(span.at(file), hir::HolidayDay::Nth(nth(*ordinal), *weekday as u8, month.0));
                Some(DaySet::Nth(nth(*ordinal), *weekday as u8, month.0))
            }
            Days::Named(path) => {
                if let [name] = path.names.as_slice()
                    && !self.names[module].items.contains_key(&name.symbol)
                    && let Some(right) = written_day(self.name(name.symbol))
                {
                    let (at, text) = (path.span.at(file), self.name(name.symbol));
                    self.error(
                        codes::UNKNOWN_NAME,
                        at,
                        format!("`{text}` is not known to a calendar by this word"),
                        "no day, and no list of holidays",
                    )
                    .add_help(format!("write `{right}`"))
                    .add_fix(fix(
                        format!("write `{right}`"),
                        applicability(text),
                        at,
                        right,
                    ));
                    return None;
                }
                let id = self.resolve_as(module, path, "list of holidays", |d| match d {
                    Def::Holidays(id) => Some(id),
                    _ => None,
                })?;
                self.holidays.get(id).cloned().flatten().map(DaySet::Holidays)
            }
        }
    }

    /// A day of every year; 29 February exists in some.
    fn yearly(&mut self, month: ast::Month, day: ast::IntLiteral, at: Location) -> Option<u8> {
        let longest = match month.0 {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let found = u8::try_from(day.value).ok().filter(|d| (1..=longest).contains(d));
        if found.is_none() {
            let value = day.value;
            self.error(
                codes::IMPOSSIBLE_DATE,
                at,
                format!("this month has no day {value}"),
                "does not exist",
            );
        }
        if let Some(day) = found {
            self.rare(at, hir::HolidayDay::Yearly(month.0, day));
        }
        found
    }

    /// A day that some years do not have.
    fn rare(&mut self, at: Location, day: hir::HolidayDay) {
        let first = civil_of(self.first_day()).0;
        let (text, exists): (_, Vec<bool>) = match day {
            hir::HolidayDay::Yearly(2, 29) => (
                "29 February".to_owned(),
                (first..=first + YEARS).map(|year| yearly(year, 2, 29).is_some()).collect(),
            ),
            hir::HolidayDay::Nth(5, weekday, month) => (
                format!(
                    "fifth {} of {}",
                    WEEK[usize::from(weekday % 7)],
                    MONTHS[usize::from((month + 11) % 12)]
                ),
                (first..=first + YEARS).map(|year| nth_day(year, 5, weekday, month).is_some()).collect(),
            ),
            _ => return,
        };
        let years = |wanted: bool| {
            let years = exists.iter().zip(first..).filter(|(exists, _)| **exists == wanted);
            years.map(|(_, year)| year.to_string()).collect::<Vec<_>>().join(", ")
        };
        let label = match exists.iter().any(|exists| *exists) {
            true => format!("only in {}", years(true)),
            false => format!("in none of {first} to {}", first + YEARS),
        };
        let said = self.warning(codes::RARE_DAY, at, format!("most years have no {text}"), label);
        if matches!(day, hir::HolidayDay::Nth(..)) {
            said.add_help("write `last` for the last of the month, whether it is the fourth or the fifth");
        } else {
            said.add_help("write `feb 28` or `mar 1` beside it for the other years");
        }
    }

    fn hours(&mut self, module: usize, hours: &[ast::Hours]) -> Vec<(u16, u16)> {
        let mut out = Vec::new();
        for range in hours {
            let at = range.span.at(self.file(module));
            let minutes = |t: ast::TimeOfDay| u16::from(t.hour) * 60 + u16::from(t.minute);
            let (from, to) = (minutes(range.from), minutes(range.to));
            let bad = |t: ast::TimeOfDay| t.hour > 24 || t.minute > 59 || minutes(t) > 1440 || t.second != 0;
            if bad(range.from) || bad(range.to) || from == 1440 {
                self.error(
                    codes::IMPOSSIBLE_DATE,
                    at,
                    "a day has 00:00 to 24:00, in minutes",
                    "no such time",
                );
            } else if from == to {
                self.error(codes::EMPTY_RANGE, at, "these hours hold nothing", "ends when it begins")
                    .add_help("leave the hours out to mean the whole day");
            } else {
                self.long_night(at, from, to);
                out.push((from, to));
            }
        }
        out
    }

    /// Hours through a night that is longer than nights are: most often an afternoon written as a morning.
    fn long_night(&mut self, at: Location, from: u16, to: u16) {
        let minutes = if to < from { 1440 - from + to } else { 0 };
        if minutes <= LONGEST_NIGHT {
            return;
        }
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let hours = minutes / 60;
        let message = format!("these hours go through the night, for {hours} hours");
        let said = self.warning(
            codes::LONG_NIGHT,
            at,
            message,
            format!("from {} to {} on the next day", clock(from), clock(to)),
        );
        let afternoon = to + 720;
        if to <= 720 && afternoon > from && afternoon < 1440 {
            said.add_help(format!("write `{}..{}` if the afternoon is meant", clock(from), clock(afternoon)));
        } else {
            said.add_help(
                "write `00:00..24:00` for a whole day, or two lines, one for each part of the night",
            );
        }
    }

    fn holiday(&mut self, module: usize, holiday: &ast::Holiday) -> Option<HolidayRule> {
        let at = holiday.span.at(self.file(module));
        let day = match &holiday.day {
            ast::HolidayDay::Yearly { month, day } => {
                let day = self.yearly(*month, *day, day.span.at(self.file(module)))?;
                hir::HolidayDay::Yearly(month.0, day)
            }
            ast::HolidayDay::Nth { ordinal, weekday, month } => {
                self.rare(at, hir::HolidayDay::Nth(nth(*ordinal), *weekday as u8, month.0));
                hir::HolidayDay::Nth(nth(*ordinal), *weekday as u8, month.0)
            }
            ast::HolidayDay::Easter { offset_millis, .. } => {
                const DAY: i64 = 86_400_000;
                let days = i16::try_from(offset_millis / DAY).ok().filter(|d| d.abs() <= 100);
                if offset_millis % DAY != 0 || days.is_none() {
                    self.error(
                        codes::OUT_OF_RANGE,
                        at,
                        "a feast is at most 100 whole days from Easter",
                        "not one",
                    );
                }
                hir::HolidayDay::Easter(days?)
            }
        };
        let name = holiday.name.as_ref().map(crate::items::plain_text).unwrap_or_default();
        let observed = match (holiday.observed, holiday.substituted) {
            (_, true) => Observed::Next,
            (true, false) => Observed::Nearest,
            (false, false) => Observed::No,
        };
        Some(HolidayRule { day, name, observed })
    }
}

/// The day that is meant by a word of other systems.
fn written_day(word: &str) -> Option<&'static str> {
    foreign::weekday(word).or_else(|| foreign::days(word)).or_else(|| {
        Some(match word.to_ascii_lowercase().as_str() {
            "thanksgiving" => "fourth thu of nov",
            "christmas" | "xmas" | "christmas_day" => "dec 25",
            "christmas_eve" => "dec 24",
            "new_year" | "newyear" | "new_years" | "new_years_day" => "jan 1",
            "new_years_eve" => "dec 31",
            "independence_day" | "july4" | "july_4" => "jul 4",
            "labor_day" => "first mon of sep",
            "memorial_day" => "last mon of may",
            "veterans_day" => "nov 11",
            "boxing_day" => "dec 26",
            _ => return None,
        })
    })
}

/// A weekday by its long name is that weekday; what else is meant, a person decides.
fn applicability(word: &str) -> Applicability {
    if foreign::weekday(word).is_some() { Applicability::Safe } else { Applicability::Unsafe }
}

fn nth(ordinal: Ordinal) -> u8 {
    match ordinal {
        Ordinal::First => 1,
        Ordinal::Second => 2,
        Ordinal::Third => 3,
        Ordinal::Fourth => 4,
        Ordinal::Fifth => 5,
        Ordinal::Last => 0,
    }
}
