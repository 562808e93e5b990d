//! Calendars as algebra: every instant of a calendar has one state and one rule that gave it.
//!
//! A calendar becomes stretches of instants, zones and changes of clocks included. [`intervals`] gives all of
//! them; [`judge`] asks what is wrong with a calendar over ten years, in time linear in its boundaries: plain
//! weeks are looked at once, and only days with rules of dates or a change of clocks one by one.
//!
//! Pure: the day from which ten years are looked at is given. It knows nothing of messages; `calendar_reports`
//! words them.

mod clock;
mod day;
mod days;
mod findings;

use std::ops::RangeInclusive;

pub use clock::{Change, Clock};
pub use days::{civil_of, day_of, days_in, kept, weekday_of};
pub(crate) use days::{nth, yearly};
pub use findings::{ClockTrouble, Contradiction, Findings, judge};

use crate::hir::Calendar;
use day::{Plan, Scratch};

/// Days of ten years.
pub const TEN_YEARS: i32 = 3_653;
/// Rule-days of one calendar that are laid out; a calendar of more is looked at for fewer years.
pub const MOST_DAYS: usize = 40_000;

/// A stretch of time in which a calendar has one state, given by one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Its first instant, in seconds since 1970.
    pub from: i64,
    /// The first instant after it.
    pub until: i64,
    /// Index into the calendar's states; 0 is open.
    pub state: usize,
    /// Index into the calendar's rules; none is unlisted time.
    pub rule: Option<usize>,
}

/// The calendar from the first day to the last, without a hole, while the levers `thrown` (by their number) stay
/// as they are. Fewer days come back when the rules name more than [`MOST_DAYS`].
pub fn intervals(
    calendar: &Calendar,
    clock: &Clock,
    days: RangeInclusive<i32>,
    thrown: &[bool],
) -> Vec<Interval> {
    let plan = Plan::new(calendar, *days.start(), *days.end(), MOST_DAYS, thrown);
    let mut out: Vec<Interval> = Vec::new();
    let (mut scratch, mut pieces) = (Scratch::default(), Vec::new());
    for day in *days.start()..=plan.last {
        pieces.clear();
        plan.day(clock, day, &[], &mut scratch, &mut pieces);
        for piece in &pieces {
            match out.last_mut() {
                Some(last) if (last.state, last.rule) == (piece.state, piece.rule) => {
                    last.until = piece.until
                }
                _ => out.push(Interval {
                    from: piece.from,
                    until: piece.until,
                    state: piece.state,
                    rule: piece.rule,
                }),
            }
        }
    }
    out
}

/// The calendar at an instant as it would be without some of its rules (`gone`, by their place): what applies
/// beneath them.
pub fn without(
    calendar: &Calendar,
    clock: &Clock,
    instant: i64,
    gone: &[bool],
    thrown: &[bool],
) -> Option<Interval> {
    let (day, _) = clock.reading(instant);
    let plan = Plan::new(calendar, day, day, MOST_DAYS, thrown);
    let mut pieces = Vec::new();
    plan.day(clock, day, gone, &mut Scratch::default(), &mut pieces);
    let piece = pieces.iter().find(|p| (p.from..p.until).contains(&instant))?;
    Some(Interval { from: piece.from, until: piece.until, state: piece.state, rule: piece.rule })
}
