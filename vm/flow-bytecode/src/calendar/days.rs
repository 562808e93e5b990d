//! Which civil days a rule is for.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::program::{DaySet, Holiday, HolidayDay, Observed};

/// A substitute day is looked for this far.
const MOST_WAIT: usize = 14;

/// Whether a day is one of the set; a switch is no set of days.
pub(super) fn contains(days: &DaySet, date: Date) -> bool {
    match days {
        DaySet::Week(bits) => bits >> date.weekday().to_monday_zero_offset() & 1 == 1,
        DaySet::Dates(from, to) => {
            let day = days_since_1970(date);
            (i64::from(*from)..=i64::from(*to)).contains(&day)
        }
        DaySet::Yearly(month, day) => is_month_day(date, *month, *day),
        DaySet::Nth(ordinal, weekday, month) => nth(date.year(), *ordinal, *weekday, *month) == Some(date),
        DaySet::Holidays(holidays) => {
            holidays.iter().any(|holiday| falls_on(holiday, date)) || substitutes(holidays, date)
        }
        DaySet::Switch(_) => false,
    }
}

/// Days from 1970-01-01 to a day.
pub(super) fn days_since_1970(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.since(epoch).map_or(0, |span| i64::from(span.get_days()))
}

fn is_month_day(date: Date, month: u8, day: u8) -> bool {
    i16::from(date.month()) == i16::from(month) && i16::from(date.day()) == i16::from(day)
}

/// A holiday, where it is kept: an observed one that falls on a weekend is kept on the nearest weekday, which
/// may be in the next year or the last. Days that stand for others are the matter of [`substitutes`].
fn falls_on(holiday: &Holiday, date: Date) -> bool {
    let year = date.year();
    let years = if holiday.observed == Observed::No { year..=year } else { year - 1..=year + 1 };
    years.into_iter().any(|year| kept(holiday, year) == Some(date))
}

fn kept(holiday: &Holiday, year: i16) -> Option<Date> {
    let day = of_year(holiday.day, year)?;
    match (holiday.observed, day.weekday()) {
        (Observed::Nearest, Weekday::Saturday) => day.yesterday().ok(),
        (Observed::Nearest, Weekday::Sunday) => day.tomorrow().ok(),
        _ => Some(day),
    }
}

fn of_year(day: HolidayDay, year: i16) -> Option<Date> {
    match day {
        HolidayDay::Yearly(month, day) => Date::new(year, month as i8, day as i8).ok(),
        HolidayDay::Nth(ordinal, weekday, month) => nth(year, ordinal, weekday, month),
        HolidayDay::Easter(offset) => easter(year)?.checked_add(i32::from(offset).days()).ok(),
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Whether a day stands for a holiday that fell on the weekend before it: each takes, in the order of the list,
/// the next weekday that no other holiday of its year is kept on; where none is free soon, there is none.
fn substitutes(holidays: &[Holiday], date: Date) -> bool {
    if holidays.iter().all(|holiday| holiday.observed != Observed::Next) {
        return false;
    }
    let year = date.year();
    (year - 1..=year + 1).any(|year| {
        let mut taken: HashSet<Date> = holidays.iter().filter_map(|holiday| kept(holiday, year)).collect();
        let waiting = holidays.iter().filter(|holiday| holiday.observed == Observed::Next);
        let fallen = waiting.filter_map(|holiday| of_year(holiday.day, year)).filter(|day| is_weekend(*day));
        fallen.into_iter().any(|fallen| {
            let mut free = fallen;
            for _ in 0..MOST_WAIT {
                let Ok(next) = free.tomorrow() else { return false };
                free = next;
                if !is_weekend(free) && taken.insert(free) {
                    return free == date;
                }
            }
            false
        })
    })
}

/// The nth weekday (0 is Monday) of a month, 0 for the last; there is not always a fifth.
fn nth(year: i16, ordinal: u8, weekday: u8, month: u8) -> Option<Date> {
    let weekday = Weekday::from_monday_zero_offset(weekday as i8).ok()?;
    let ordinal = if ordinal == 0 { -1 } else { ordinal as i8 };
    Date::new(year, month as i8, 1).ok()?.nth_weekday_of_month(ordinal, weekday).ok()
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    Date::new(year, month as i8, day as i8).ok()
}
