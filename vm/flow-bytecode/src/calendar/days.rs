//! Which civil days a rule is for.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::program::{DaySet, Holiday, HolidayDay};

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
        DaySet::Holidays(holidays) => holidays.iter().any(|holiday| falls_on(holiday, date)),
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
/// may be in the next year or the last.
fn falls_on(holiday: &Holiday, date: Date) -> bool {
    let year = date.year();
    let years = if holiday.observed { year - 1..=year + 1 } else { year..=year };
    years.into_iter().any(|year| kept(holiday, year) == Some(date))
}

fn kept(holiday: &Holiday, year: i16) -> Option<Date> {
    let day = match holiday.day {
        HolidayDay::Yearly(month, day) => Date::new(year, month as i8, day as i8).ok(),
        HolidayDay::Nth(ordinal, weekday, month) => nth(year, ordinal, weekday, month),
        HolidayDay::Easter(offset) => easter(year)?.checked_add(i32::from(offset).days()).ok(),
    }?;
    match day.weekday() {
        Weekday::Saturday if holiday.observed => day.yesterday().ok(),
        Weekday::Sunday if holiday.observed => day.tomorrow().ok(),
        _ => Some(day),
    }
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
