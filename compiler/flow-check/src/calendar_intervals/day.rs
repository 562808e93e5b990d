//! One civil day of a calendar, as stretches of instants that each have one state and one rule that gave it.
//!
//! This is the meaning of the ranks. It is written apart from what a running call asks
//! (`flow_bytecode::calendar`), and a test holds the two beside each other.

use super::clock::Clock;
use super::days::{self, weekday_of};
use crate::hir::{Calendar, CalendarRule, DaySet};

/// The rank of a day for which there is no rule.
const NONE: u8 = 5;
const WEEKLY: u8 = 4;
/// The state "closed".
const CLOSED: usize = 1;

/// A stretch of a day with one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub from: i64,
    pub until: i64,
    pub state: usize,
    /// The rule that gave it; none is unlisted time.
    pub rule: Option<usize>,
    /// Whether the rule names this time; else it is time that nothing names, on a day that the rule decides.
    pub named: bool,
    /// Whether no other rule says the same here.
    pub alone: bool,
    /// A rule that ties with `rule` and says something else.
    pub against: Option<usize>,
}

/// Hours of a rule on a day; the smallest `order` that holds wins.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: i64,
    until: i64,
    /// Layer (what runs over from a higher rank first), inherited or own, the rule's place.
    order: (u8, bool, usize),
}

/// Lists that are filled anew for each day; kept, so that a day takes no memory of its own.
#[derive(Default)]
pub(super) struct Scratch {
    today: Vec<usize>,
    before: Vec<usize>,
    stretches: Vec<Stretch>,
    events: Vec<(i64, bool, usize)>,
    holding: Vec<((u8, bool, usize), usize)>,
}

/// What a day's stretches depend on besides its place in time: days of one class are alike, minute by minute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    rank: u8,
    today: Vec<usize>,
    /// The rank of the day before when hours run over from it, and its rules.
    before: Option<(u8, Vec<usize>)>,
    /// Readings of the clock that are skipped or shown twice around the day, from its start.
    changes: Vec<(i64, i64, bool)>,
}

/// A calendar whose rules are laid out by the days they fall on.
pub(super) struct Plan<'c> {
    pub rules: &'c [CalendarRule],
    /// By weekday, in order of precedence.
    pub weekly: [Vec<usize>; 7],
    /// Rules of dates: day, rank, inherited, rule; in that order.
    pub dated: Vec<(i32, u8, bool, usize)>,
    /// Rules whose lever is thrown.
    thrown: Vec<usize>,
    /// By rule, whether some of its hours run into the next day.
    over: Vec<bool>,
    /// The last day that is laid out: fewer than were asked for, when the rules name more days than `most`.
    pub last: i32,
}

impl<'c> Plan<'c> {
    /// Lays out a calendar from a day to another. `thrown` says which levers are, by their number.
    pub fn new(calendar: &'c Calendar, first: i32, last: i32, most: usize, thrown: &[bool]) -> Self {
        let rules = &calendar.rules;
        let mut last = last;
        // The days before and after count as well: what runs over from one, and into the other.
        while last > first
            && rules.iter().map(|r| days::most(&r.days, first - 1, last + 1)).fold(0, usize::saturating_add)
                > most
        {
            last = first + (last - first) / 2;
        }
        let over = rules.iter().map(|rule| rule.hours.iter().any(|(start, end)| end < start)).collect();
        let mut plan =
            Self { rules, weekly: Default::default(), dated: Vec::new(), thrown: Vec::new(), over, last };
        let mut falls = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            match &rule.days {
                DaySet::Week(bits) => {
                    for (day, list) in plan.weekly.iter_mut().enumerate().filter(|(d, _)| bits >> d & 1 == 1)
                    {
                        debug_assert!(day < 7);
                        list.push(index);
                    }
                }
                DaySet::Switch(lever) => {
                    if thrown.get(*lever).copied().unwrap_or(false) {
                        plan.thrown.push(index);
                    }
                }
                dates => {
                    falls.clear();
                    days::occurrences(dates, first - 1, last + 1, &mut falls);
                    plan.dated.extend(falls.iter().map(|day| (*day, rule.rank, rule.inherited, index)));
                }
            }
        }
        for list in &mut plan.weekly {
            list.sort_by_key(|rule| (rules[*rule].inherited, *rule));
        }
        plan.thrown.sort_by_key(|rule| (rules[*rule].inherited, *rule));
        plan.dated.sort_unstable();
        plan
    }

    /// The rank that decides a day, and its rules; rules that are `gone` do not count.
    fn deciding(&self, day: i32, gone: &[bool], out: &mut Vec<usize>) -> u8 {
        out.clear();
        let stays = |rule: &usize| !gone.get(*rule).copied().unwrap_or(false);
        out.extend(self.thrown.iter().copied().filter(stays));
        if !out.is_empty() {
            return 1;
        }
        let at = self.dated.partition_point(|(other, ..)| *other < day);
        let mut rank = NONE;
        for (_, r, _, rule) in self.dated[at..].iter().take_while(|(other, ..)| *other == day) {
            if !stays(rule) {
                continue;
            }
            if rank == NONE {
                rank = *r;
            }
            if *r != rank {
                break;
            }
            out.push(*rule);
        }
        if rank != NONE {
            return rank;
        }
        out.extend(self.weekly[usize::from(weekday_of(day))].iter().copied().filter(stays));
        if out.is_empty() { NONE } else { WEEKLY }
    }

    /// Whether hours of a day run into the next.
    pub fn runs_over(&self, day: i32, scratch: &mut Scratch) -> bool {
        self.deciding(day, &[], &mut scratch.today);
        scratch.today.iter().any(|rule| self.over[*rule])
    }

    /// Whether the hours of some rule run into the next day.
    pub fn any_over(&self) -> bool {
        self.over.contains(&true)
    }

    /// What a day is like; days of one class need be looked at once. What it cost, in rules looked at.
    pub fn class(&self, clock: &Clock, day: i32, scratch: &mut Scratch) -> (Class, usize) {
        let rank = self.deciding(day, &[], &mut scratch.today);
        let mut cost = 1 + scratch.today.len();
        let mut before = None;
        if self.any_over() {
            let rank = self.deciding(day - 1, &[], &mut scratch.before);
            cost += scratch.before.len();
            let over: Vec<usize> = scratch.before.iter().copied().filter(|rule| self.over[*rule]).collect();
            before = (!over.is_empty()).then_some((rank, over));
        }
        let changes = clock.changes_around(day);
        (Class { rank, today: scratch.today.clone(), before, changes }, cost)
    }

    /// The stretches of one day, in order and without a hole, added to `pieces`; what they cost, in stretches
    /// looked at.
    pub fn day(
        &self,
        clock: &Clock,
        day: i32,
        gone: &[bool],
        scratch: &mut Scratch,
        pieces: &mut Vec<Piece>,
    ) -> usize {
        let Scratch { today, before, stretches, .. } = scratch;
        let rank = self.deciding(day, gone, today);
        before.clear();
        let rank_before = match self.any_over() {
            true => self.deciding(day - 1, gone, before),
            false => NONE,
        };
        let (from, until) = (clock.instant(day, 0), clock.instant(day + 1, 0));
        stretches.clear();
        let mut add = |begin: i64, end: i64, layer: u8, rule: usize| {
            let (begin, end) = (begin.max(from), end.min(until));
            if begin < end {
                let order = (layer, self.rules[rule].inherited, rule);
                stretches.push(Stretch { from: begin, until: end, order });
            }
        };
        for rule in today.iter() {
            let hours = &self.rules[*rule].hours;
            if hours.is_empty() {
                add(from, until, 1, *rule);
            }
            for (start, end) in hours {
                let end = if end < start { until } else { clock.instant(day, *end) };
                add(clock.instant(day, *start), end, 1, *rule);
            }
        }
        if rank_before <= rank && rank_before != NONE {
            let layer = u8::from(rank_before == rank);
            for rule in before.iter() {
                let over = self.rules[*rule].hours.iter().filter(|(start, end)| end < start);
                over.into_iter().for_each(|(_, end)| add(from, clock.instant(day, *end), layer, *rule));
            }
        }
        let replaced = if rank < WEEKLY { today.iter().copied().min() } else { None };
        let unlisted =
            Piece { from, until, state: CLOSED, rule: replaced, named: false, alone: false, against: None };
        today.len() + before.len() + self.sweep(scratch, unlisted, rank != 1, pieces)
    }

    /// Lays stretches over a day; what it cost.
    fn sweep(&self, scratch: &mut Scratch, unlisted: Piece, ties: bool, pieces: &mut Vec<Piece>) -> usize {
        let Scratch { stretches, events, holding, .. } = scratch;
        // At one instant what ends goes before what begins.
        events.clear();
        for (index, stretch) in stretches.iter().enumerate() {
            events.push((stretch.from, true, index));
            events.push((stretch.until, false, index));
        }
        events.push((unlisted.until, true, usize::MAX));
        events.sort_unstable();
        let start = pieces.len();
        holding.clear();
        let mut at = unlisted.from;
        let mut cost = 1;
        for (instant, begins, index) in events.iter().copied() {
            cost += 1 + holding.len();
            if instant > at {
                let piece = Piece { from: at, until: instant, ..self.piece(holding, unlisted, ties) };
                match pieces[start..].last_mut() {
                    Some(last) if Piece { from: last.from, until: last.until, ..piece } == *last => {
                        last.until = instant;
                    }
                    _ => pieces.push(piece),
                }
                at = instant;
            }
            let Some(stretch) = stretches.get(index) else { continue };
            let key = (stretch.order, index);
            let place = holding.partition_point(|other| *other < key);
            match begins {
                true => holding.insert(place, key),
                false => drop(holding.remove(place)),
            }
        }
        cost
    }

    fn piece(&self, holding: &[((u8, bool, usize), usize)], unlisted: Piece, ties: bool) -> Piece {
        let Some(((layer, inherited, rule), _)) = holding.first().copied() else { return unlisted };
        let state = self.rules[rule].state;
        let others = || holding[1..].iter().map(|((l, i, r), _)| (*l, *i, *r)).filter(|(.., r)| *r != rule);
        // Looking at all of many would make a long list of equal lines slow; those it leaves are told apart
        // by taking rules away one by one.
        let alone = holding.len() <= 8 && others().all(|(.., r)| self.rules[r].state != state);
        let mut tied = others().take_while(|(l, i, _)| (*l, *i) == (layer, inherited));
        let against = match ties && !inherited {
            true => tied.find(|(.., r)| self.rules[*r].state != state).map(|(.., r)| r),
            false => None,
        };
        Piece { state, rule: Some(rule), named: true, alone, against, ..unlisted }
    }
}
