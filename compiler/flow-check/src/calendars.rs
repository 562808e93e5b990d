//! Calendars: rules with their ranks, dates that exist, ranges that hold something, and no two rules of one
//! rank that contradict each other.
//!
//! What is compared here are rules of one rank, day by day; the walk over every instant of ten years is
//! `hir::Calendar`'s reader's matter and comes on top of it.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, CalendarRuleKind, Days, ItemKind, Ordinal, Weekday};

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::{self, Calendar, CalendarRule, DaySet, HolidayRule};
use crate::names::Def;

/// Longer chains of `like` than anybody reads.
const LONGEST_LIKE: usize = 16;
/// Days of rules that are laid beside each other.
const MOST_DAYS: usize = 200_000;
/// The years for which yearly rules are laid beside each other.
const YEARS: std::ops::Range<i16> = 2026..2036;

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
        for id in 0..count {
            self.calendar_chain(id, &mut done);
        }
        self.program.calendars = done.into_iter().flatten().collect();
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
            if let Some(parent) = parent.and_then(|id| done.get(id).and_then(Option::as_ref)) {
                out.zone = parent.zone;
                out.states = parent.states.clone();
                out.rules = parent.rules.clone();
                for rule in &mut out.rules {
                    rule.inherited = true;
                }
            }
        }
        for rule in rules {
            self.rule(module, rule, &mut out);
        }
        self.contradictions(&out);
        self.dead_rules(&out);
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
            Days::Nth { ordinal, weekday, month, .. } => {
                Some(DaySet::Nth(nth(*ordinal), *weekday as u8, month.0))
            }
            Days::Named(path) => {
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
        found
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
                out.push((from, to));
            }
        }
        out
    }

    fn holiday(&mut self, module: usize, holiday: &ast::Holiday) -> Option<HolidayRule> {
        let at = holiday.span.at(self.file(module));
        let day = match &holiday.day {
            ast::HolidayDay::Yearly { month, day } => {
                let day = self.yearly(*month, *day, day.span.at(self.file(module)))?;
                hir::HolidayDay::Yearly(month.0, day)
            }
            ast::HolidayDay::Nth { ordinal, weekday, month } => {
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
        Some(HolidayRule { day, name, observed: holiday.observed })
    }

    /// Two rules of one rank that say different things of one moment.
    fn contradictions(&mut self, calendar: &Calendar) {
        let mut days: Vec<(u8, i32, usize)> = Vec::new();
        for (index, rule) in calendar.rules.iter().enumerate().filter(|(_, r)| !r.inherited) {
            if days.len() > MOST_DAYS {
                break;
            }
            match &rule.days {
                DaySet::Week(bits) => {
                    days.extend((0..7).filter(|d| bits & (1 << d) != 0).map(|d| (rule.rank, d, index)));
                }
                // A range longer than ten years is compared in its first ten.
                DaySet::Dates(from, to) => {
                    days.extend(
                        (*from..=(*to).min(from.saturating_add(3653))).map(|d| (rule.rank, d, index)),
                    );
                }
                DaySet::Switch(_) => {}
                yearly => {
                    for year in YEARS {
                        days.extend(
                            crate::dates::in_year(yearly, year).into_iter().map(|d| (rule.rank, d, index)),
                        );
                    }
                }
            }
        }
        // Laid out day by day; a calendar of more days than this is compared in its first ones.
        days.truncate(MOST_DAYS);
        days.sort_unstable();
        let mut told = std::collections::BTreeSet::new();
        for group in days.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|g| g.len() > 1) {
            // Of a day's many rules each is laid beside the next few; more say the same again.
            for (i, (rank, day, first)) in group.iter().enumerate() {
                for (_, _, second) in group.iter().skip(i + 1).take(8) {
                    let (a, b) = (&calendar.rules[*first], &calendar.rules[*second]);
                    if a.state == b.state || told.contains(second) {
                        continue;
                    }
                    let Some(minute) = overlap(&a.hours, &b.hours) else { continue };
                    told.insert(*second);
                    self.contradiction(calendar, a, b, *rank, *day, minute);
                }
            }
        }
    }

    fn contradiction(
        &mut self,
        calendar: &Calendar,
        a: &CalendarRule,
        b: &CalendarRule,
        rank: u8,
        day: i32,
        minute: u16,
    ) {
        const WEEK: [&str; 7] =
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let when = match rank {
            4 => WEEK[day.rem_euclid(7) as usize].to_owned(),
            _ => crate::dates::text(day),
        };
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        let (first, second) = (&calendar.states[a.state], &calendar.states[b.state]);
        let name = calendar.name.clone();
        self.error(
            codes::CONTRADICTION,
            b.location,
            format!("`{name}` is both `{first}` and `{second}` on {when} at {time}"),
            format!("says `{second}`"),
        )
        .add_label(a.location, format!("says `{first}`"))
        .add_help("change the hours of one of them: rules of one rank add up, and neither wins");
    }

    /// A weekly rule that another of the same state covers whole.
    fn dead_rules(&mut self, calendar: &Calendar) {
        let own: Vec<&CalendarRule> =
            calendar.rules.iter().filter(|r| !r.inherited && r.rank == 4).take(64).collect();
        for (i, rule) in own.iter().enumerate() {
            let covered = own.iter().enumerate().any(|(j, other)| {
                let (DaySet::Week(a), DaySet::Week(b)) = (&rule.days, &other.days) else { return false };
                let same = rule.hours == other.hours && a == b;
                let hours = match (rule.hours.is_empty(), other.hours.is_empty()) {
                    (_, true) => true,
                    (true, false) => false,
                    (false, false) => rule.hours.iter().all(|h| other.hours.iter().any(|o| inside(*h, *o))),
                };
                let before = !same || j < i;
                i != j && rule.state == other.state && a & !b == 0 && hours && before
            });
            if covered {
                self.warning(
                    codes::DEAD_RULE,
                    rule.location,
                    "this rule never has effect",
                    "another says it all",
                )
                .add_help("remove it");
            }
        }
    }
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

/// The first minute that both ranges of hours hold, on the day they begin.
fn overlap(a: &[(u16, u16)], b: &[(u16, u16)]) -> Option<u16> {
    let whole = [(0u16, 1440u16)];
    let a = if a.is_empty() { &whole } else { a };
    let b = if b.is_empty() { &whole } else { b };
    let end = |(from, to): (u16, u16)| if to <= from { to + 1440 } else { to };
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y)));
    pairs.filter_map(|(x, y)| Some(x.0.max(y.0)).filter(|s| *s < end(x).min(end(y)))).min()
}

fn inside(a: (u16, u16), b: (u16, u16)) -> bool {
    b.0 <= a.0 && a.0 < a.1 && a.1 <= b.1
}

/// Monday is 0.
pub(crate) fn weekday_of(day: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    ((day + Weekday::Thu as i32).rem_euclid(7)) as u8
}
