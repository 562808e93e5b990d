//! What is wrong with a calendar, over the ten years from a day.

use std::collections::HashSet;

use super::clock::Clock;
use super::day::{Piece, Plan};
use super::days::{DAY, weekday_of};
use super::{MOST_DAYS, TEN_YEARS};
use crate::hir::{Calendar, DaySet};

/// Contradictions of one calendar that are told; more say the same again.
const MOST_TOLD: usize = 20;
/// A calendar of dates is said to end when nothing of it opens in the last so many days.
const LAST_YEAR: i32 = 400;

/// What is wrong with a calendar. Rules are named by their place among its rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Pairs of its own rules of one rank that contradict each other.
    pub contradictions: Vec<Contradiction>,
    /// Its own rules without effect at any instant, in order.
    pub dead: Vec<usize>,
    /// Its own rules of dates that are over.
    pub past: Vec<usize>,
    /// Which states some instant has, levers included.
    pub reached: Vec<bool>,
    /// Whether it is open at every instant, levers aside.
    pub always_open: bool,
    /// The instant at which it closes for good, when it does.
    pub last_closes: Option<i64>,
    /// Hours that begin or end where clocks change.
    pub clock_troubles: Vec<ClockTrouble>,
    /// The last day that was looked at.
    pub until: i32,
    /// Whether that is less than ten years, because a bound was reached.
    pub cut_short: bool,
}

/// Two rules that say different things of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// The rule that stands first.
    pub first: usize,
    /// The other.
    pub second: usize,
    /// The first instant at which they do.
    pub at: i64,
}

/// Hours of a rule that begin or end at a reading of the clock which is skipped, or shown twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockTrouble {
    /// The rule.
    pub rule: usize,
    /// Minute of the day.
    pub minute: u16,
    /// The first day on which it happens.
    pub day: i32,
    /// The instant that is meant there.
    pub meant: i64,
    /// Whether the clocks skip the reading; else they show it twice.
    pub skipped: bool,
    /// On how many days of the ten years.
    pub times: usize,
}

/// Judges a calendar from a day on. `steps` is what may be spent, for it and those after it, in stretches looked
/// at; what is left comes back in it.
pub fn judge(calendar: &Calendar, clock: &Clock, today: i32, steps: &mut usize) -> Findings {
    let horizon = today.saturating_add(TEN_YEARS);
    let most = MOST_DAYS.min(*steps);
    let plan = Plan::new(calendar, today, horizon, most, &[]);
    let mut walk = Walk {
        clock,
        steps,
        odd: Vec::new(),
        alone: vec![false; calendar.rules.len()],
        findings: Findings {
            reached: vec![false; calendar.states.len()],
            always_open: true,
            until: plan.last,
            cut_short: plan.last < horizon,
            ..Findings::default()
        },
        plan,
    };
    walk.odd = walk.odd_days(today);
    walk.days();
    walk.levers();
    walk.last_closes(today);
    walk.dead(today);
    walk.clock_troubles(today);
    walk.findings
}

struct Walk<'c, 's> {
    clock: &'c Clock,
    plan: Plan<'c>,
    steps: &'s mut usize,
    /// The days to look at, in order.
    odd: Vec<Day>,
    /// Rules that at some instant are the only ones to say what they say.
    alone: Vec<bool>,
    findings: Findings,
}

impl Walk<'_, '_> {
    /// Looks at every day that is not like one before it.
    fn days(&mut self) {
        let mut seen = [false; 7];
        let mut pieces = Vec::new();
        for index in 0..self.odd.len() {
            let Some(day) = self.odd[index].or_plain(&mut seen) else { continue };
            if !self.look(day, &[], &mut pieces) {
                self.findings.until = day;
                self.findings.cut_short = true;
                return;
            }
            self.note(&pieces);
        }
    }

    /// All days from the first on: those that are odd, and those that are like every such weekday.
    fn odd_days(&self, today: i32) -> Vec<Day> {
        let mut changes: Vec<i32> = Vec::new();
        for change in self.clock.changes() {
            let readings = change.readings();
            changes.extend([readings.start, readings.end].map(|r| r.div_euclid(DAY) as i32));
        }
        changes.sort_unstable();
        let mut changes = changes.into_iter().peekable();
        let mut dated = self.plan.dated.iter().map(|(day, ..)| *day).peekable();
        let weekly_over = self.weekly_over();
        let mut was_dated = false;
        let mut out = Vec::with_capacity((self.plan.last - today + 1) as usize);
        for day in today - 1..=self.plan.last {
            while dated.next_if(|d| *d < day).is_some() {}
            while changes.next_if(|d| *d < day).is_some() {}
            let is_dated = dated.peek() == Some(&day);
            let weekday = weekday_of(day);
            let after =
                was_dated && (weekly_over[usize::from((weekday + 6) % 7)] || self.plan.runs_over(day - 1));
            if day >= today {
                let odd = is_dated || after || changes.peek() == Some(&day);
                out.push(if odd { Day::Odd(day) } else { Day::Plain(day, weekday) });
            }
            was_dated = is_dated;
        }
        out
    }

    /// By weekday, whether weekly hours run over into the next day.
    fn weekly_over(&self) -> [bool; 7] {
        std::array::from_fn(|day| {
            let mut hours = self.plan.weekly[day].iter().flat_map(|rule| &self.plan.rules[*rule].hours);
            hours.any(|(start, end)| end < start)
        })
    }

    /// The stretches of a day, as far as there are steps left.
    fn look(&mut self, day: i32, gone: &[bool], pieces: &mut Vec<Piece>) -> bool {
        pieces.clear();
        if *self.steps == 0 {
            return false;
        }
        let cost = self.plan.day(self.clock, day, gone, pieces);
        *self.steps = self.steps.saturating_sub(cost);
        true
    }

    fn note(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            self.findings.always_open &= piece.state == 0;
            self.findings.reached[piece.state] = true;
            let Some(rule) = piece.rule else { continue };
            self.alone[rule] |= piece.alone && self.plan.rules[rule].rank == 4;
            if let Some(other) = piece.against {
                let (first, second) = (rule.min(other), rule.max(other));
                let told = &mut self.findings.contradictions;
                if told.len() < MOST_TOLD && told.iter().all(|c| c.second != second) {
                    told.push(Contradiction { first, second, at: piece.from });
                }
            }
        }
    }

    /// What levers do: their states are reached when somebody throws them, whatever the hours.
    fn levers(&mut self) {
        for rule in self.plan.rules.iter().filter(|rule| matches!(rule.days, DaySet::Switch(_))) {
            self.findings.reached[rule.state] = true;
        }
    }

    /// When it opens no more after some day, the instant at which it closes for the last time.
    fn last_closes(&mut self, today: i32) {
        if self.findings.cut_short || !self.findings.reached[0] {
            return;
        }
        let mut pieces = Vec::new();
        for day in (today..=self.plan.last).rev() {
            if !self.look(day, &[], &mut pieces) {
                return;
            }
            let Some(open) = pieces.iter().rev().find(|p| p.state == 0) else { continue };
            // What comes every year comes again, though the ten years end before.
            let again = open.rule.is_some_and(|rule| self.plan.rules[rule].rank == 3);
            if day <= self.plan.last - LAST_YEAR && !again {
                self.findings.last_closes = Some(open.until);
            }
            return;
        }
    }

    /// The calendar's own rules that change nothing: without such a rule, every instant has the state that it
    /// has with it. From the last to the first, so that of two that say the same the second goes.
    fn dead(&mut self, today: i32) {
        let rules = self.plan.rules;
        let mut odd = std::mem::take(&mut self.odd);
        let mut levers = HashSet::new();
        let said_before: Vec<bool> = rules
            .iter()
            .map(|rule| match rule.days {
                DaySet::Switch(lever) if !rule.inherited => !levers.insert((lever, rule.state)),
                _ => false,
            })
            .collect();
        let mut gone = vec![false; rules.len()];
        let mut falls: Vec<Vec<i32>> = vec![Vec::new(); rules.len()];
        for (day, _, inherited, rule) in &self.plan.dated {
            if !inherited {
                falls[*rule].push(*day);
            }
        }
        for (index, rule) in rules.iter().enumerate().rev() {
            if rule.inherited || self.alone[index] {
                continue;
            }
            let dead = match &rule.days {
                DaySet::Dates(_, to) if *to < today => {
                    self.findings.past.push(index);
                    continue;
                }
                DaySet::Switch(_) => said_before[index],
                DaySet::Week(bits) => {
                    let mut seen = [false; 7];
                    let on = |day: i32| bits >> weekday_of(day) & 1 == 1;
                    let mut changes = |day: Day| {
                        let day = day.or_plain(&mut seen).filter(|day| on(*day) || on(*day - 1));
                        day.is_some_and(|day| self.changes(index, day, &mut gone))
                    };
                    let days = std::mem::take(&mut odd);
                    let dead = !days.iter().any(|day| changes(*day));
                    odd = days;
                    dead
                }
                // What was not looked at may have its effect there.
                _ if self.findings.cut_short => false,
                _ => {
                    let days = std::mem::take(&mut falls[index]);
                    !days.iter().any(|day| {
                        self.changes(index, *day, &mut gone) || self.changes(index, *day + 1, &mut gone)
                    })
                }
            };
            if dead {
                gone[index] = true;
                self.findings.dead.push(index);
            }
        }
        self.findings.dead.reverse();
        self.findings.past.reverse();
        for contradiction in &self.findings.contradictions {
            let pair = [contradiction.first, contradiction.second];
            self.findings.dead.retain(|rule| !pair.contains(rule));
        }
    }

    /// Whether a rule changes what a day is like. A line that says `closed` of time which nothing else opens
    /// counts: it is said for the reader. So does every day when there are no steps left.
    fn changes(&mut self, rule: usize, day: i32, gone: &mut [bool]) -> bool {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        let whole = self.look(day, gone, &mut with);
        gone[rule] = true;
        let whole = self.look(day, gone, &mut without) && whole;
        gone[rule] = false;
        if !whole {
            self.findings.cut_short = true;
            return true;
        }
        let said = |pieces: &[Piece]| -> Vec<(i64, usize)> {
            let mut out: Vec<(i64, usize)> = Vec::new();
            for piece in pieces {
                let state = if piece.named { piece.state } else { usize::MAX };
                if out.last().is_none_or(|(_, last)| *last != state) {
                    out.push((piece.from, state));
                }
            }
            out
        };
        said(&with) != said(&without)
    }

    /// Hours that lie within what the clocks skip on a day, and so hold nothing on it.
    fn hours_skipped(&mut self, day: i32, readings: &std::ops::Range<i64>) {
        let reading = |minute: u16| i64::from(day) * DAY + i64::from(minute) * 60;
        for (index, rule) in self.plan.rules.iter().enumerate().filter(|(_, rule)| !rule.inherited) {
            let applies = match &rule.days {
                DaySet::Week(bits) => bits >> weekday_of(day) & 1 == 1,
                DaySet::Dates(first, last) => (*first..=*last).contains(&day),
                _ => false,
            };
            let within = |(start, end): &&(u16, u16)| {
                start < end && readings.start <= reading(*start) && reading(*end) <= readings.end
            };
            for (start, _) in rule.hours.iter().filter(|_| applies).filter(within) {
                let told = &mut self.findings.clock_troubles;
                let full = told.len() >= MOST_TOLD;
                match told.iter_mut().find(|t| (t.rule, t.minute, t.skipped) == (index, *start, true)) {
                    Some(trouble) => trouble.times += 1,
                    None if full => {}
                    None => told.push(ClockTrouble {
                        rule: index,
                        minute: *start,
                        day,
                        meant: self.clock.instant(day, *start),
                        skipped: true,
                        times: 1,
                    }),
                }
            }
        }
    }

    /// Hours that begin or end at a reading of the clock that is skipped or shown twice. The first of a skipped
    /// stretch is the very moment of the change, and a midnight shown twice begins its day: nobody is misled.
    fn clock_troubles(&mut self, today: i32) {
        let clock = self.clock;
        let mut pieces = Vec::new();
        for change in clock.changes() {
            let readings = change.readings();
            let (first, last) = (readings.start.div_euclid(DAY), (readings.end - 1).div_euclid(DAY));
            for day in first..=last {
                let day = day as i32;
                if !(today..=self.plan.last).contains(&day) || !self.look(day, &[], &mut pieces) {
                    continue;
                }
                let mut rules: Vec<usize> = pieces.iter().filter_map(|piece| piece.rule).collect();
                // Hours that are skipped whole leave no piece behind.
                let swallowed = |(start, end): (u16, u16)| {
                    let reading = |minute| i64::from(day) * DAY + i64::from(minute) * 60;
                    change.skips()
                        && start < end
                        && readings.start <= reading(start)
                        && reading(end) <= readings.end
                };
                if !self.plan.dated.iter().any(|(dated, ..)| *dated == day) {
                    let weekly = self.plan.weekly[usize::from(weekday_of(day))].iter().copied();
                    let rules_of = &self.plan.rules;
                    rules.extend(weekly.filter(|rule| rules_of[*rule].hours.iter().copied().any(swallowed)));
                }
                rules.sort_unstable();
                rules.dedup();
                if change.skips() {
                    self.hours_skipped(day, &readings);
                }
                for rule in rules {
                    let of_rule = &self.plan.rules[rule];
                    if of_rule.inherited {
                        continue;
                    }
                    let ends = of_rule.hours.iter().flat_map(|hours| [(hours.0, *hours), (hours.1, *hours)]);
                    for (minute, hours) in ends {
                        let reading = i64::from(day) * DAY + i64::from(minute) * 60;
                        let harmless = match change.skips() {
                            true if swallowed(hours) => minute == hours.1,
                            true => reading == readings.start,
                            false => minute % 1440 == 0,
                        };
                        if minute == 1440 || harmless || !readings.contains(&reading) {
                            continue;
                        }
                        let told = &mut self.findings.clock_troubles;
                        let same = |t: &&mut ClockTrouble| {
                            (t.rule, t.minute, t.skipped) == (rule, minute, change.skips())
                        };
                        let full = told.len() >= MOST_TOLD;
                        match told.iter_mut().find(same) {
                            Some(trouble) => trouble.times += 1,
                            None if full => {}
                            None => told.push(ClockTrouble {
                                rule,
                                minute,
                                day,
                                meant: clock.instant(day, minute),
                                skipped: change.skips(),
                                times: 1,
                            }),
                        }
                    }
                }
            }
        }
    }
}

/// A day to look at.
#[derive(Debug, Clone, Copy)]
enum Day {
    /// One of its own.
    Odd(i32),
    /// Like every such weekday without rules of dates.
    Plain(i32, u8),
}

impl Day {
    /// The day, unless one like it has been seen.
    fn or_plain(self, seen: &mut [bool; 7]) -> Option<i32> {
        match self {
            Day::Odd(day) => Some(day),
            Day::Plain(day, weekday) => {
                (!std::mem::replace(&mut seen[usize::from(weekday)], true)).then_some(day)
            }
        }
    }
}
