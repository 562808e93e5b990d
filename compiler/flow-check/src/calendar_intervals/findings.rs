//! What is wrong with a calendar, over the ten years from a day.

use std::collections::{BTreeSet, HashSet};

use super::clock::Clock;
use super::day::{Class, Piece, Plan, Scratch};
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
        scratch: Scratch::default(),
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
    odd: Vec<i32>,
    scratch: Scratch,
    /// Rules that at some instant are the only ones to say what they say.
    alone: Vec<bool>,
    findings: Findings,
}

impl Walk<'_, '_> {
    /// Looks at every day that is not like one before it.
    fn days(&mut self) {
        let mut seen: BTreeSet<Class> = BTreeSet::new();
        let mut pieces = Vec::new();
        for index in 0..self.odd.len() {
            let day = self.odd[index];
            let (class, cost) = self.plan.class(self.clock, day, &mut self.scratch);
            *self.steps = self.steps.saturating_sub(cost);
            // What is like a day before it tells nothing new.
            if seen.contains(&class) {
                continue;
            }
            if !self.look(day, &[], &mut pieces) {
                self.findings.until = day;
                self.findings.cut_short = true;
                return;
            }
            self.note(&pieces);
            seen.insert(class);
        }
    }

    /// The days to look at, in order: those that are odd, and of all others the first of each weekday.
    fn odd_days(&mut self, today: i32) -> Vec<i32> {
        let mut odd: Vec<i32> = Vec::new();
        for change in self.clock.changes() {
            let readings = change.readings();
            odd.extend([readings.start, readings.end].map(|r| r.div_euclid(DAY) as i32));
        }
        let weekly_over = self.weekly_over();
        let any_over = self.plan.any_over();
        let mut before = None;
        for (day, ..) in &self.plan.dated {
            if before.replace(*day) == Some(*day) {
                continue;
            }
            odd.push(*day);
            let after = any_over
                && (weekly_over[usize::from(weekday_of(*day))]
                    || self.plan.runs_over(*day, &mut self.scratch));
            odd.extend(after.then_some(*day + 1));
        }
        odd.retain(|day| (today..=self.plan.last).contains(day));
        odd.sort_unstable();
        odd.dedup();
        let weekdays = today..today.saturating_add(7);
        let plain = weekdays.filter_map(|first| {
            let mut of_weekday = (first..=self.plan.last).step_by(7);
            of_weekday.find(|day| odd.binary_search(day).is_err())
        });
        let plain: Vec<i32> = plain.collect();
        odd.extend(plain);
        odd.sort_unstable();
        odd
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
        let cost = self.plan.day(self.clock, day, gone, &mut self.scratch, pieces);
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
        let odd = std::mem::take(&mut self.odd);
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
                    let on = |day: i32| bits >> weekday_of(day) & 1 == 1;
                    let mut days = odd.iter().filter(|day| on(**day) || on(**day - 1));
                    !days.any(|day| self.changes(index, *day, &mut gone))
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
        for (index, rule) in self.plan.rules.iter().enumerate().filter(|(_, rule)| !rule.inherited) {
            let applies = match &rule.days {
                DaySet::Week(bits) => bits >> weekday_of(day) & 1 == 1,
                DaySet::Dates(first, last) => (*first..=*last).contains(&day),
                _ => false,
            };
            let hours = rule.hours.iter().filter(|hours| applies && lie_within(day, **hours, readings));
            for (start, _) in hours {
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
        let own = self.plan.rules.iter().filter(|rule| !rule.inherited);
        let mut minutes: Vec<u16> = own.flat_map(|r| &r.hours).flat_map(|(s, e)| [*s, *e]).collect();
        minutes.sort_unstable();
        minutes.dedup();
        for change in clock.changes() {
            let readings = change.readings();
            let begins_or_ends = |day: i64, minute: u16| {
                let reading = day * DAY + i64::from(minute) * 60;
                let harmless =
                    if change.skips() { reading == readings.start } else { minute.is_multiple_of(1440) };
                minute != 1440 && !harmless && readings.contains(&reading)
            };
            let skipped_from = |day: i64, minute: u16| {
                change.skips() && day * DAY + i64::from(minute) * 60 == readings.start
            };
            let (first, last) = (readings.start.div_euclid(DAY), (readings.end - 1).div_euclid(DAY));
            for day in first..=last {
                let day = day as i32;
                let touched = (today..=self.plan.last).contains(&day)
                    && minutes.iter().any(|m| begins_or_ends(day.into(), *m) || skipped_from(day.into(), *m));
                if !touched || !self.look(day, &[], &mut pieces) {
                    continue;
                }
                let mut rules: Vec<usize> = pieces.iter().filter_map(|piece| piece.rule).collect();
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
                    // Those that are skipped whole were told once.
                    let hours = of_rule
                        .hours
                        .iter()
                        .filter(|hours| !(change.skips() && lie_within(day, **hours, &readings)));
                    for minute in hours.flat_map(|(start, end)| [*start, *end]) {
                        if !begins_or_ends(day.into(), minute) {
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

/// Whether hours of a day lie within readings of the clock.
fn lie_within(day: i32, (start, end): (u16, u16), readings: &std::ops::Range<i64>) -> bool {
    let reading = |minute: u16| i64::from(day) * DAY + i64::from(minute) * 60;
    start < end && readings.start <= reading(start) && reading(end) <= readings.end
}
