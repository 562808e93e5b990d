//! What is said about calendars over ten years: `calendar_intervals` finds it, here it is worded.

use std::collections::HashMap;

use flow_diagnostics::Location;

use crate::calendar_intervals::{
    Clock, Contradiction, Findings, TEN_YEARS, civil_of, day_of, intervals, judge, weekday_of,
};
use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::{BlockBody, Calendar, DaySet, Origin, Wait};

pub(crate) const WEEK: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Stretches of time that are looked at, for all calendars of a project together.
const MOST_STEPS: usize = 10_000_000;
/// Rules of one calendar for which it is shown what decides in their place.
const MOST_SHOWN: usize = 20;
/// Weekly lines of one calendar that are compared with each other.
const MOST_WEEKLY: usize = 200;
/// As many dates of one reason are a list that somebody keeps.
const A_LIST: usize = 3;

impl Checker<'_> {
    /// The day from which ten years are looked at.
    pub fn first_day(&self) -> i32 {
        self.options.today.unwrap_or_else(|| day_of(2026, 1, 1))
    }

    /// Looks at every calendar for ten years.
    pub fn judge_calendars(&mut self) {
        let today = self.first_day();
        let mut clocks: Vec<Option<Clock>> = vec![None; self.program.zones.len()];
        let mut steps = MOST_STEPS;
        let calendars = std::mem::take(&mut self.program.calendars);
        for (id, calendar) in calendars.iter().enumerate() {
            let Some(zone) = self.program.zones.get(calendar.zone) else { continue };
            let clock = clocks[calendar.zone].get_or_insert_with(|| {
                Clock::new(zone, today..=today.saturating_add(TEN_YEARS)).unwrap_or_default()
            });
            let findings = judge(calendar, clock, today, &mut steps);
            self.report_rules(calendar, clock, &findings);
            if self.whole_calendars.get(id).copied().unwrap_or(false) {
                self.report_whole(calendar, clock, &findings);
            }
            self.calendar_findings.push(findings);
        }
        self.program.calendars = calendars;
    }

    /// What is wrong with single rules, whatever else the calendar says.
    fn report_rules(&mut self, calendar: &Calendar, clock: &Clock, findings: &Findings) {
        for contradiction in &findings.contradictions {
            self.contradiction(calendar, clock, contradiction);
        }
        self.levers(calendar);
        self.overlaps(calendar);
        for trouble in &findings.clock_troubles {
            let rule = &calendar.rules[trouble.rule];
            let written = minute_text(trouble.minute);
            let day = day_text(trouble.day);
            let (message, label) = match trouble.skipped {
                true => (
                    format!("on {day} the clocks skip {written}"),
                    format!("read as {} there", minute_text((clock.reading(trouble.meant).1 / 60) as u16)),
                ),
                false => {
                    (format!("on {day} the clocks show {written} twice"), "the first is meant".to_owned())
                }
            };
            let empty = rule.hours.iter().filter(|(s, e)| *s == trouble.minute || *e == trouble.minute).any(
                |(start, end)| {
                    end > start && clock.instant(trouble.day, *start) >= clock.instant(trouble.day, *end)
                },
            );
            let said = self.warning(codes::HOURS_AT_CLOCK_CHANGE, rule.location, message, label);
            if empty {
                said.add_note("these hours hold nothing on that day");
            }
            if trouble.times > 1 {
                said.add_note(format!("so it is on {} days of the ten years", trouble.times));
            }
            said.add_help("begin and end at a time that every day has once");
        }
    }

    fn contradiction(&mut self, calendar: &Calendar, clock: &Clock, found: &Contradiction) {
        let (a, b) = (&calendar.rules[found.first], &calendar.rules[found.second]);
        let (first, second) = (&calendar.states[a.state], &calendar.states[b.state]);
        let (day, second_of_day) = clock.reading(found.at);
        let when = format!("{} at {}", day_text(day), minute_text((second_of_day / 60) as u16));
        let name = &calendar.name;
        self.error(
            codes::CONTRADICTION,
            b.location,
            format!("`{name}` is both `{first}` and `{second}` on {when}"),
            format!("says `{second}`"),
        )
        .add_label(a.location, format!("says `{first}`"))
        .add_help("change the hours of one of them: rules of one rank add up, and neither wins");
        // A break in a day of work is most often written so.
        let (open, shut) = if a.state == 0 { (a, b) } else { (b, a) };
        if let (0, 4, 4, [(from, to)], [(begins, ends)]) =
            (open.state, open.rank, shut.rank, open.hours.as_slice(), shut.hours.as_slice())
            && from < begins
            && begins < ends
            && ends < to
        {
            let span = |from: u16, to: u16| format!("{}..{}", minute_text(from), minute_text(to));
            let hours = format!("{}, {}", span(*from, *begins), span(*ends, *to));
            self.diagnostics.last_mut().into_iter().for_each(|diagnostic| {
                diagnostic.add_help(format!("for a break, leave it out of what is open: `open … {hours}`"));
            });
        }
    }

    /// Levers of a calendar's own that may be thrown at once.
    fn levers(&mut self, calendar: &Calendar) {
        let mut first: HashMap<usize, usize> = HashMap::new();
        let mut other: Option<usize> = None;
        for (index, rule) in calendar.rules.iter().enumerate().filter(|(_, rule)| !rule.inherited) {
            let DaySet::Switch(lever) = rule.days else { continue };
            let (name, state) = (&calendar.name, &calendar.states[rule.state]);
            if let Some(same) = first.get(&lever).map(|same| &calendar.rules[*same]) {
                if same.state != rule.state {
                    let (lever, said) = (&self.program.switches[lever].name, &calendar.states[same.state]);
                    let message =
                        format!("`{name}` is both `{said}` and `{state}` while `{lever}` is thrown");
                    self.error(codes::CONTRADICTION, rule.location, message, format!("says `{state}`"))
                        .add_label(same.location, format!("says `{said}`"))
                        .add_help("keep one of them");
                }
                continue;
            }
            first.insert(lever, index);
            let Some(before) = other.map(|before| &calendar.rules[before]) else {
                other = Some(index);
                continue;
            };
            if before.state != rule.state {
                let said = &calendar.states[before.state];
                let message = format!("two levers may be thrown at once: `{name}` is then `{said}`");
                self.warning(
                    codes::TWO_LEVERS,
                    rule.location,
                    message,
                    format!("`{state}` is not heard then"),
                )
                .add_label(before.location, "the line that stands first wins")
                .add_help("give both one reason, or put first what matters more");
            }
        }
    }

    /// Lines that open the same weekday at hours which overlap, and neither holds the other: together they mean more
    /// than each says.
    fn overlaps(&mut self, calendar: &Calendar) {
        let weekly = || {
            calendar.rules.iter().filter(|rule| !rule.inherited && rule.state == 0).filter_map(|rule| {
                match rule.days {
                    DaySet::Week(days) => Some((rule, days)),
                    _ => None,
                }
            })
        };
        for (index, (rule, days)) in weekly().enumerate().take(MOST_WEEKLY) {
            let found = weekly().take(index).find_map(|(other, others)| {
                let shared = days & others;
                let overlap = rule.hours.iter().find_map(|(from, to)| {
                    let within = |(f, t): &&(u16, u16)| f < to && from < t && f < t && from < to;
                    let apart = |(f, t): &&(u16, u16)| !(f <= from && to <= t || from <= f && t <= to);
                    other.hours.iter().filter(within).find(apart).map(|(f, t)| (*f.min(from), *t.max(to)))
                })?;
                (shared != 0).then(|| (other.location, shared.trailing_zeros(), overlap))
            });
            let Some((other, day, (from, to))) = found else { continue };
            let hours = format!("{}..{}", minute_text(from), minute_text(to));
            let day = WEEK[(day % 7) as usize];
            self.warning(
                codes::OVERLAP,
                rule.location,
                format!("two lines open on {day} at hours that overlap: open {hours} in all"),
                "adds to the other",
            )
            .add_label(other, "opens then as well")
            .add_help(format!(
                "leave {day} out of the other line if only these hours count; else write {hours} once"
            ));
        }
    }

    /// What is wrong with a calendar of which nothing was refused.
    fn report_whole(&mut self, calendar: &Calendar, clock: &Clock, findings: &Findings) {
        let today = self.first_day();
        let name = &calendar.name;
        for (told, rule) in findings.dead.iter().enumerate() {
            let at = calendar.rules[*rule].location;
            let decides = if told < MOST_SHOWN { decides(calendar, clock, today, *rule) } else { None };
            let said = self.warning(codes::DEAD_RULE, at, "this rule never has effect", "changes nothing");
            if let Some((other, when)) = decides {
                said.add_label(other, format!("decides, as on {when}"));
            }
            said.add_help("remove it");
        }
        if self.options.today.is_some() {
            for rule in &findings.past {
                let rule = &calendar.rules[*rule];
                let DaySet::Dates(_, last) = rule.days else { continue };
                self.warning(
                    codes::PAST_DATE,
                    rule.location,
                    "this date is over",
                    format!("{} is past", day_text(last)),
                )
                .add_help("remove it, or write the day of the years to come");
            }
            self.dates_that_end(calendar, findings, today);
        }
        if findings.cut_short {
            let until = day_text(findings.until);
            self.warning(
                codes::CALENDAR_CUT_SHORT,
                calendar.location,
                format!("`{name}` is looked at until {until} only, not for ten years"),
                "has too many rules and days",
            )
            .add_help("name fewer days one by one: use weekdays, days of every year, or ranges");
        } else if !findings.reached[0] {
            self.warning(
                codes::NEVER_OPENS,
                calendar.location,
                format!("`{name}` never opens"),
                "always shut",
            )
            .add_note(format!("looked at for ten years from {}", day_text(today)))
            .add_help("write `open mon to fri 08:30..18:00`, or whenever it is open");
        } else if let Some(last) = findings.last_closes {
            let (day, second) = clock.reading(last);
            let when = format!("{} at {}", day_text(day), minute_text((second / 60) as u16));
            self.warning(
                codes::OPENS_NO_MORE,
                calendar.location,
                format!("`{name}` closes on {when} and never opens again"),
                "its last opening comes within ten years",
            )
            .add_help("give the dates of the years to come, or open by weekday");
        }
    }

    /// A reason that only dates give, a list that somebody keeps, is to be kept.
    fn dates_that_end(&mut self, calendar: &Calendar, findings: &Findings, today: i32) {
        let mut lists: Vec<(usize, i32, usize)> = vec![(0, i32::MIN, 0); calendar.states.len()];
        for (index, rule) in calendar.rules.iter().enumerate() {
            let list = &mut lists[rule.state];
            match rule.days {
                DaySet::Dates(_, last) if last > list.1 => *list = (list.0 + 1, last, index),
                DaySet::Dates(..) => list.0 += 1,
                _ => list.1 = i32::MAX,
            }
        }
        for (state, (count, last, rule)) in lists.into_iter().enumerate().skip(2) {
            if count < A_LIST || last < today || last >= today + 365 || findings.past.contains(&rule) {
                continue;
            }
            let state = &calendar.states[state];
            let rule = &calendar.rules[rule];
            if rule.inherited {
                continue;
            }
            let message = format!("the dates of `{state}` end on {}", day_text(last));
            self.warning(codes::DATES_END, rule.location, message, "the last of them")
                .add_help("add those of the next year, or say them by rule in `holidays`");
        }
    }

    /// What is asked of calendars and never answered: once flows are known.
    pub fn hours_asked(&mut self) {
        let mut dead: Vec<(Location, String, String)> = Vec::new();
        let mut never_closes: Vec<Option<Location>> = vec![None; self.program.calendars.len()];
        for block in self.program.flows.iter().flat_map(|flow| &flow.blocks) {
            let BlockBody::Wait { wait: Wait::AfterHours { calendar: id }, arms, .. } = &block.body else {
                continue;
            };
            let (Some(calendar), Some(findings)) =
                (self.program.calendars.get(*id), self.calendar_findings.get(*id))
            else {
                continue;
            };
            if findings.cut_short || !self.whole_calendars[*id] {
                continue;
            }
            let has_levers = calendar.rules.iter().any(|rule| matches!(rule.days, DaySet::Switch(_)));
            if findings.always_open && !has_levers {
                never_closes[*id].get_or_insert(block.location);
                continue;
            }
            for arm in arms.iter().filter(|arm| arm.origin == Origin::Own && arm.outcome >= 2) {
                if !findings.reached.get(arm.outcome).copied().unwrap_or(true) {
                    dead.push((arm.location, calendar.name.clone(), calendar.states[arm.outcome].clone()));
                }
            }
        }
        let today = day_text(self.first_day());
        for (at, calendar, state) in dead {
            self.warning(
                codes::DEAD_REASON,
                at,
                format!("`{calendar}` is never `{state}`, so no call ever goes this way"),
                "never taken",
            )
            .add_note(format!("looked at for ten years from {today}"))
            .add_help(format!("remove the arm and the reason, or give `{state}` a day to come"));
        }
        for (id, asked) in never_closes.into_iter().enumerate() {
            let Some(asked) = asked else { continue };
            let (at, name) = (self.program.calendars[id].location, self.program.calendars[id].name.clone());
            self.warning(codes::NEVER_CLOSES, at, format!("`{name}` never closes"), "always open")
                .add_label(asked, "asks it all the same")
                .add_help("let calls go straight on, or write when it is closed");
        }
    }
}

/// Which rule decides the first time that a rule without effect names, and when that is.
fn decides(calendar: &Calendar, clock: &Clock, today: i32, rule: usize) -> Option<(Location, String)> {
    let dead = &calendar.rules[rule];
    let start = dead.hours.first().map_or(0, |(start, _)| *start);
    if let DaySet::Switch(_) = dead.days {
        let other =
            calendar.rules[..rule].iter().find(|other| other.days == dead.days && !other.inherited)?;
        return Some((other.location, "every day".into()));
    }
    let alone = Calendar { rules: vec![dead.clone()], ..calendar.clone() };
    let days = today..=today + 366;
    let first = intervals(&alone, clock, days, &[]).into_iter().find(|i| i.rule.is_some())?;
    let (day, _) = clock.reading(first.from);
    let at = clock.instant(day, start);
    let stretch =
        intervals(calendar, clock, day..=day, &[]).into_iter().find(|i| (i.from..i.until).contains(&at))?;
    let other = match stretch.rule? {
        // Of two that say the same the first is the one that decides, were it not for the second.
        same if same == rule => {
            let mut gone = vec![false; calendar.rules.len()];
            gone[rule] = true;
            crate::calendar_intervals::without(calendar, clock, at, &gone, &[])?.rule?
        }
        other => other,
    };
    Some((calendar.rules[other].location, format!("{} at {}", day_text(day), minute_text(start))))
}

/// `Friday, 2026-11-27`
pub(crate) fn day_text(day: i32) -> String {
    let (year, month, of_month) = civil_of(day);
    format!("{}, {year:04}-{month:02}-{of_month:02}", WEEK[usize::from(weekday_of(day))])
}

/// `08:30`
fn minute_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
