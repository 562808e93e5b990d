//! Civil days as numbers since 1970-01-01, and the days on which the rules of a calendar fall.

use std::collections::HashSet;

use crate::hir::{DaySet, HolidayDay, HolidayRule, Observed};

/// Seconds of a day on which the clocks do not change.
pub(super) const DAY: i64 = 86_400;
/// A substitute day is looked for this far; where a list leaves none free there is none.
const MOST_WAIT: i32 = 14;

/// The number of a civil day of the Gregorian calendar.
pub fn day_of(year: i32, month: u8, day: u8) -> i32 {
    // Years begin in March here, so that a leap day is their last (Hinnant).
    let (month, day) = (i32::from(month), i32::from(day));
    let year = year - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number.
pub fn civil_of(day: i32) -> (i32, u8, u8) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i32::from(month <= 2), month as u8, day as u8)
}

/// The weekday of a day; Monday is 0.
pub fn weekday_of(day: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as u8
}

/// How many days a month has.
pub fn days_in(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day of every year, in one year.
pub(crate) fn yearly(year: i32, month: u8, day: u8) -> Option<i32> {
    (day <= days_in(year, month)).then(|| day_of(year, month, day))
}

/// The nth weekday of a month (0 is the last) in one year; there is not always a fifth.
pub(crate) fn nth(year: i32, ordinal: u8, weekday: u8, month: u8) -> Option<i32> {
    let longest = days_in(year, month);
    if ordinal == 0 {
        let last = day_of(year, month, longest);
        return Some(last - i32::from((weekday_of(last) + 7 - weekday) % 7));
    }
    let first = day_of(year, month, 1);
    let day = 1 + (weekday + 7 - weekday_of(first)) % 7 + 7 * (ordinal - 1);
    (day <= longest).then(|| day_of(year, month, day))
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus 1991).
pub(crate) fn easter(year: i32) -> i32 {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day_of(year, (n / 31) as u8, (n % 31 + 1) as u8)
}

fn in_year(day: HolidayDay, year: i32) -> Option<i32> {
    match day {
        HolidayDay::Yearly(month, day) => yearly(year, month, day),
        HolidayDay::Nth(ordinal, weekday, month) => nth(year, ordinal, weekday, month),
        HolidayDay::Easter(days) => Some(easter(year) + i32::from(days)),
    }
}

/// The days on which a list's holidays of one year are kept, with the holiday's place in the list. One that is
/// observed may be kept in the year before or after.
pub fn kept(list: &[HolidayRule], year: i32) -> Vec<(i32, usize)> {
    let mut out: Vec<(i32, usize)> = Vec::with_capacity(list.len());
    for (index, holiday) in list.iter().enumerate() {
        let Some(day) = in_year(holiday.day, year) else { continue };
        match (holiday.observed, weekday_of(day)) {
            (Observed::Nearest, 5) => out.push((day - 1, index)),
            (Observed::Nearest, 6) => out.push((day + 1, index)),
            _ => out.push((day, index)),
        }
    }
    // A substitute finds all others in their places.
    let waiting = || list.iter().enumerate().filter(|(_, holiday)| holiday.observed == Observed::Next);
    if waiting().next().is_none() {
        return out;
    }
    let mut taken: HashSet<i32> = out.iter().map(|(day, _)| *day).collect();
    for (index, holiday) in waiting() {
        let Some(day) = in_year(holiday.day, year).filter(|day| weekday_of(*day) >= 5) else { continue };
        let free = (day + 1..=day + MOST_WAIT).find(|d| weekday_of(*d) < 5 && !taken.contains(d));
        if let Some(free) = free {
            taken.insert(free);
            out.push((free, index));
        }
    }
    out
}

fn years(first: i32, last: i32) -> std::ops::RangeInclusive<i32> {
    civil_of(first).0 - 1..=civil_of(last).0 + 1
}

/// How many days, at most, a set has between two days; weeks and levers are no sets of dates.
pub(super) fn most(days: &DaySet, first: i32, last: i32) -> usize {
    let years = (last - first) as usize / 365 + 2;
    match days {
        DaySet::Dates(from, to) => {
            usize::try_from(i64::from((*to).min(last)) - i64::from((*from).max(first)) + 1)
                .unwrap_or_default()
        }
        DaySet::Yearly(..) | DaySet::Nth(..) => years,
        DaySet::Holidays(list) => years.saturating_mul(list.len()),
        DaySet::Week(_) | DaySet::Switch(_) => 0,
    }
}

/// The days of a set of dates, from one day to another; weeks and levers are no sets of dates.
pub(super) fn occurrences(days: &DaySet, first: i32, last: i32, out: &mut Vec<i32>) {
    let start = out.len();
    let mut keep = |day: Option<i32>| out.extend(day.filter(|d| (first..=last).contains(d)));
    match days {
        DaySet::Dates(from, to) => out.extend((*from).max(first)..=(*to).min(last)),
        DaySet::Yearly(month, day) => years(first, last).for_each(|year| keep(yearly(year, *month, *day))),
        DaySet::Nth(ordinal, weekday, month) => {
            years(first, last).for_each(|year| keep(nth(year, *ordinal, *weekday, *month)));
        }
        DaySet::Holidays(list) => {
            years(first, last).flat_map(|year| kept(list, year)).for_each(|(day, _)| keep(Some(day)));
            out[start..].sort_unstable();
            let mut unique = start;
            for i in start..out.len() {
                if i == start || out[i] != out[unique - 1] {
                    out[unique] = out[i];
                    unique += 1;
                }
            }
            out.truncate(unique);
        }
        DaySet::Week(_) | DaySet::Switch(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_numbers_that_they_have_elsewhere() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for day in (-200_000..200_000).step_by(97) {
            let (year, month, of_month) = civil_of(day);
            let date = epoch.checked_add(jiff::Span::new().days(day)).unwrap();
            assert_eq!(
                (date.year(), date.month(), date.day()),
                (year as i16, month as i8, of_month as i8),
                "{day}"
            );
            assert_eq!(day_of(year, month, of_month), day);
            assert_eq!(date.weekday().to_monday_zero_offset(), weekday_of(day) as i8);
            assert_eq!(date.days_in_month(), days_in(year, month) as i8);
        }
    }

    #[test]
    fn feasts_fall_where_the_almanac_says() {
        assert_eq!(civil_of(easter(2026)), (2026, 4, 5));
        assert_eq!(civil_of(easter(2025)), (2025, 4, 20));
        // Thanksgiving of 2026 is the fourth Thursday of November.
        assert_eq!(nth(2026, 4, 3, 11).map(civil_of), Some((2026, 11, 26)));
        assert_eq!(nth(2026, 0, 0, 5).map(civil_of), Some((2026, 5, 25)));
        assert_eq!(nth(2026, 5, 0, 2), None);
    }
}
