//! Calendars as people write them, asked at the instants where they have been misread.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::*;
use crate::program::{Holiday, HolidayDay, Observed};

const HOLIDAY: u16 = 2;
const EMERGENCY: u16 = 3;
const MONDAY_TO_FRIDAY: u8 = 0b001_1111;
const EVERY_DAY: u8 = 0b111_1111;

fn zones() -> Vec<TimeZone> {
    ["America/New_York", "Europe/Madrid", "UTC"].iter().map(|name| TimeZone::get(name).unwrap()).collect()
}

fn rule(rank: u8, days: DaySet, hours: &[(u16, u16)], state: u16) -> CalendarRule {
    CalendarRule { rank, days, hours: hours.to_vec(), state, inherited: false }
}

fn calendar(zone: u16, rules: Vec<CalendarRule>) -> Calendar {
    Calendar { name: 0, zone, states: vec![0; 4], rules }
}

fn hm(hour: u16, minute: u16) -> u16 {
    60 * hour + minute
}

fn day(text: &str) -> i32 {
    days::days_since_1970(text.parse().unwrap()) as i32
}

/// A wall clock's reading in a zone, as an instant.
fn at(zone: usize, text: &str) -> i64 {
    let local: DateTime = text.parse().unwrap();
    zones()[zone].to_zoned(local).unwrap().timestamp().as_millisecond()
}

fn utc(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn no_switch(_: u16) -> bool {
    false
}

fn state(calendar: &Calendar, text: &str) -> u16 {
    state_at(at(usize::from(calendar.zone), text), calendar, &zones(), &no_switch).0
}

fn opens(calendar: &Calendar, text: &str) -> Option<i64> {
    next_open(at(usize::from(calendar.zone), text), calendar, &zones(), &no_switch)
}

fn shuts(calendar: &Calendar, text: &str) -> Option<i64> {
    closes(at(usize::from(calendar.zone), text), calendar, &zones(), &no_switch)
}

fn federal() -> Vec<Holiday> {
    let holiday = |day, observed: bool| {
        let observed = if observed { Observed::Nearest } else { Observed::No };
        Holiday { day, name: 0, observed }
    };
    vec![
        holiday(HolidayDay::Yearly(1, 1), true),
        holiday(HolidayDay::Nth(3, 0, 1), false),
        holiday(HolidayDay::Nth(0, 0, 5), false),
        holiday(HolidayDay::Yearly(7, 4), true),
        holiday(HolidayDay::Nth(4, 3, 11), false),
        holiday(HolidayDay::Yearly(12, 25), true),
    ]
}

/// The charter's office.
fn office() -> Calendar {
    calendar(
        0,
        vec![
            rule(4, DaySet::Week(MONDAY_TO_FRIDAY), &[(hm(8, 30), hm(18, 0))], OPEN),
            rule(3, DaySet::Holidays(federal()), &[], HOLIDAY),
            rule(2, DaySet::Dates(day("2026-12-24"), day("2026-12-24")), &[(hm(8, 30), hm(13, 0))], OPEN),
            rule(2, DaySet::Dates(day("2026-11-27"), day("2026-11-27")), &[], HOLIDAY),
            rule(1, DaySet::Switch(0), &[], EMERGENCY),
        ],
    )
}

#[test]
fn an_office_keeps_its_hours() {
    let office = office();
    for (when, expected) in [
        ("2026-03-03T08:29:59", CLOSED),
        ("2026-03-03T08:30", OPEN),
        ("2026-03-03T17:59:59", OPEN),
        ("2026-03-03T18:00", CLOSED),
        ("2026-03-07T12:00", CLOSED),
        ("2026-11-26T12:00", HOLIDAY),
        ("2026-11-27T12:00", HOLIDAY),
        ("2026-11-30T12:00", OPEN),
        ("2026-12-24T12:59", OPEN),
        // These hours replace that day's.
        ("2026-12-24T13:00", CLOSED),
        ("2026-12-24T15:00", CLOSED),
        ("2026-12-25T12:00", HOLIDAY),
    ] {
        assert_eq!(state(&office, when), expected, "{when}");
    }
}

#[test]
fn the_rule_that_gave_the_state_is_named() {
    let rule_at = |text| state_at(at(0, text), &office(), &zones(), &no_switch).1;
    assert_eq!(rule_at("2026-03-03T12:00"), Some(0));
    assert_eq!(rule_at("2026-03-03T19:00"), None);
    assert_eq!(rule_at("2026-11-26T12:00"), Some(1));
    assert_eq!(rule_at("2026-12-24T15:00"), Some(2));
}

#[test]
fn a_switch_rules_over_everything_and_nothing_opens_while_it_is_thrown() {
    let thrown = |index| index == 0;
    let noon = at(0, "2026-03-03T12:00");
    assert_eq!(state_at(noon, &office(), &zones(), &thrown), (EMERGENCY, Some(4)));
    assert_eq!(next_open(noon, &office(), &zones(), &thrown), None);
    assert_eq!(next_open(noon, &office(), &zones(), &no_switch), Some(at(0, "2026-03-04T08:30")));
}

#[test]
fn an_office_opens_and_closes_next() {
    let office = office();
    for (when, opening, closing) in [
        ("2026-03-03T07:00", "2026-03-03T08:30", "2026-03-03T18:00"),
        ("2026-03-03T12:00", "2026-03-04T08:30", "2026-03-03T18:00"),
        ("2026-03-06T18:00", "2026-03-09T08:30", "2026-03-09T18:00"),
        // Thanksgiving, the day after it, a weekend.
        ("2026-11-25T18:00", "2026-11-30T08:30", "2026-11-30T18:00"),
        ("2026-12-23T20:00", "2026-12-24T08:30", "2026-12-24T13:00"),
        // Christmas is a Friday; a weekend follows.
        ("2026-12-24T13:00", "2026-12-28T08:30", "2026-12-28T18:00"),
    ] {
        assert_eq!(opens(&office, when), Some(at(0, opening)), "opens after {when}");
        assert_eq!(shuts(&office, when), Some(at(0, closing)), "closes after {when}");
    }
}

#[test]
fn thanksgiving_is_the_fourth_thursday() {
    let thanksgiving = calendar(
        0,
        vec![rule(4, DaySet::Week(EVERY_DAY), &[], OPEN), rule(3, DaySet::Nth(4, 3, 11), &[], HOLIDAY)],
    );
    let days =
        [(2026, 26), (2027, 25), (2028, 23), (2029, 22), (2030, 28), (2031, 27), (2032, 25), (2033, 24)];
    for (year, day) in days.into_iter().chain([(2034, 23), (2035, 22), (2036, 27)]) {
        for other in 20..=30 {
            let expected = if other == day { HOLIDAY } else { OPEN };
            assert_eq!(
                state(&thanksgiving, &format!("{year}-11-{other}T09:00")),
                expected,
                "{year}-11-{other}"
            );
        }
    }
}

#[test]
fn observed_holidays_move_to_the_nearest_weekday() {
    let office = office();
    // 2026-07-04 is a Saturday, 2027-07-04 a Sunday; 2028-01-01 a Saturday.
    for (when, expected) in [
        ("2026-07-03T12:00", HOLIDAY),
        ("2026-07-04T12:00", CLOSED),
        ("2026-07-06T12:00", OPEN),
        ("2027-07-02T12:00", OPEN),
        ("2027-07-05T12:00", HOLIDAY),
        ("2027-12-31T12:00", HOLIDAY),
        ("2028-01-03T12:00", OPEN),
    ] {
        assert_eq!(state(&office, when), expected, "{when}");
    }
}

#[test]
fn good_friday_is_two_days_before_easter() {
    let holidays = vec![Holiday { day: HolidayDay::Easter(-2), name: 0, observed: Observed::No }];
    let open = rule(4, DaySet::Week(EVERY_DAY), &[], OPEN);
    let calendar = calendar(1, vec![open, rule(3, DaySet::Holidays(holidays), &[], HOLIDAY)]);
    for good_friday in [
        "2026-04-03",
        "2027-03-26",
        "2028-04-14",
        "2029-03-30",
        "2030-04-19",
        "2031-04-11",
        "2032-03-26",
        "2033-04-15",
        "2034-04-07",
        "2035-03-23",
        "2036-04-11",
    ] {
        assert_eq!(state(&calendar, &format!("{good_friday}T12:00")), HOLIDAY, "{good_friday}");
    }
    assert_eq!(state(&calendar, "2026-04-05T12:00"), OPEN);
}

#[test]
fn a_leap_day_is_kept_in_leap_years_only() {
    let calendar = calendar(2, vec![rule(3, DaySet::Yearly(2, 29), &[], HOLIDAY)]);
    assert_eq!(state(&calendar, "2028-02-29T12:00"), HOLIDAY);
    assert_eq!(state(&calendar, "2027-03-01T12:00"), CLOSED);
}

#[test]
fn night_hours_run_into_the_next_day() {
    let night = calendar(
        1,
        vec![
            rule(4, DaySet::Week(0b000_0001), &[(hm(22, 0), hm(6, 0))], OPEN),
            rule(3, DaySet::Yearly(12, 29), &[], HOLIDAY),
        ],
    );
    for (when, expected) in [
        ("2026-12-07T21:59", CLOSED),
        ("2026-12-07T22:00", OPEN),
        ("2026-12-08T05:59", OPEN),
        ("2026-12-08T06:00", CLOSED),
        ("2026-12-07T03:00", CLOSED),
        // The holiday decides its whole day.
        ("2026-12-28T23:00", OPEN),
        ("2026-12-29T03:00", HOLIDAY),
    ] {
        assert_eq!(state(&night, when), expected, "{when}");
    }
    assert_eq!(shuts(&night, "2026-12-07T23:00"), Some(at(1, "2026-12-08T06:00")));
    assert_eq!(shuts(&night, "2026-12-28T23:00"), Some(at(1, "2026-12-29T00:00")));
}

#[test]
fn a_date_s_night_holds_its_ground_against_the_next_day_s_week() {
    let calendar = calendar(
        2,
        vec![
            rule(4, DaySet::Week(EVERY_DAY), &[(hm(9, 0), hm(17, 0))], OPEN),
            rule(2, DaySet::Dates(day("2026-12-31"), day("2026-12-31")), &[(hm(20, 0), hm(2, 0))], OPEN),
        ],
    );
    for (when, expected) in [
        ("2026-12-31T10:00", CLOSED),
        ("2026-12-31T20:00", OPEN),
        ("2027-01-01T01:59", OPEN),
        ("2027-01-01T02:00", CLOSED),
        ("2027-01-01T09:00", OPEN),
    ] {
        assert_eq!(state(&calendar, when), expected, "{when}");
    }
}

#[test]
fn rules_of_one_rank_add_up() {
    let calendar = calendar(
        1,
        vec![
            rule(4, DaySet::Week(MONDAY_TO_FRIDAY), &[(hm(9, 0), hm(14, 0))], OPEN),
            rule(4, DaySet::Week(0b000_0001), &[(hm(16, 0), hm(20, 0))], OPEN),
        ],
    );
    assert_eq!(state(&calendar, "2026-03-02T15:00"), CLOSED);
    assert_eq!(state(&calendar, "2026-03-02T16:00"), OPEN);
    assert_eq!(state(&calendar, "2026-03-03T16:00"), CLOSED);
    assert_eq!(opens(&calendar, "2026-03-02T15:00"), Some(at(1, "2026-03-02T16:00")));
}

#[test]
fn own_rules_win_for_the_hours_they_name_only() {
    let mut inherited = rule(4, DaySet::Week(EVERY_DAY), &[(hm(9, 0), hm(17, 0))], OPEN);
    inherited.inherited = true;
    let lunch = rule(4, DaySet::Week(EVERY_DAY), &[(hm(12, 0), hm(13, 0))], HOLIDAY);
    let calendar = calendar(2, vec![inherited, lunch]);
    for (when, expected) in
        [("2026-03-03T11:59", OPEN), ("2026-03-03T12:00", HOLIDAY), ("2026-03-03T13:00", OPEN)]
    {
        assert_eq!(state(&calendar, when), expected, "{when}");
    }
}

#[test]
fn clocks_that_skip_an_hour_skip_no_opening() {
    // New York, 2026-03-08: 02:00 becomes 03:00. Madrid, 2026-03-29: 02:00 becomes 03:00.
    let early = |zone| calendar(zone, vec![rule(4, DaySet::Week(EVERY_DAY), &[(hm(2, 30), hm(5, 0))], OPEN)]);
    for (zone, day, skip) in
        [(0, "2026-03-08", "2026-03-08T07:30:00Z"), (1, "2026-03-29", "2026-03-29T01:30:00Z")]
    {
        let calendar = early(zone);
        assert_eq!(opens(&calendar, &format!("{day}T00:00")), Some(utc(skip)), "{day}");
        assert_eq!(
            shuts(&calendar, &format!("{day}T04:00")),
            Some(at(usize::from(zone), &format!("{day}T05:00")))
        );
        assert_eq!(state_at(utc(skip) - 1, &calendar, &zones(), &no_switch).0, CLOSED);
    }
}

#[test]
fn clocks_that_show_an_hour_twice_open_once() {
    // New York, 2026-11-01: 02:00 becomes 01:00. Madrid, 2026-10-25: 03:00 becomes 02:00.
    let calendar = calendar(0, vec![rule(4, DaySet::Week(EVERY_DAY), &[(hm(1, 30), hm(5, 0))], OPEN)]);
    let first = utc("2026-11-01T05:30:00Z");
    assert_eq!(opens(&calendar, "2026-11-01T00:00"), Some(first));
    // 01:15 for the second time is after 01:30 for the first: the opening is not undone.
    assert_eq!(state_at(utc("2026-11-01T06:15:00Z"), &calendar, &zones(), &no_switch).0, OPEN);
    assert_eq!(shuts(&calendar, "2026-11-01T00:00"), Some(utc("2026-11-01T10:00:00Z")));

    let madrid =
        super::tests::calendar(1, vec![rule(4, DaySet::Week(EVERY_DAY), &[(hm(2, 30), hm(5, 0))], OPEN)]);
    assert_eq!(opens(&madrid, "2026-10-25T00:00"), Some(utc("2026-10-25T00:30:00Z")));
    assert_eq!(shuts(&madrid, "2026-10-25T00:00"), Some(utc("2026-10-25T04:00:00Z")));
}

#[test]
fn closed_weeks_are_crossed() {
    let calendar = calendar(
        1,
        vec![
            rule(4, DaySet::Week(MONDAY_TO_FRIDAY), &[(hm(9, 0), hm(18, 0))], OPEN),
            rule(2, DaySet::Dates(day("2026-08-03"), day("2026-08-30")), &[], HOLIDAY),
        ],
    );
    assert_eq!(opens(&calendar, "2026-08-05T12:00"), Some(at(1, "2026-08-31T09:00")));
}

#[test]
fn what_never_opens_or_never_closes_says_so() {
    let never = calendar(2, vec![]);
    assert_eq!(state(&never, "2026-03-03T12:00"), CLOSED);
    assert_eq!(opens(&never, "2026-03-03T12:00"), None);
    let always = calendar(2, vec![rule(4, DaySet::Week(EVERY_DAY), &[], OPEN)]);
    assert_eq!(shuts(&always, "2026-03-03T12:00"), None);
}

#[test]
fn instants_beyond_the_calendar_are_answered() {
    for millis in [i64::MIN, i64::MAX] {
        state_at(millis, &office(), &zones(), &no_switch);
        next_open(millis, &office(), &zones(), &no_switch);
    }
}

#[test]
fn who_is_open_up_to_midnight_and_from_midnight_does_not_close() {
    let night = calendar(
        0,
        vec![
            rule(WEEKLY, DaySet::Week(0b010_0000), &[(hm(18, 0), 1440)], OPEN),
            rule(WEEKLY, DaySet::Week(0b100_0000), &[(0, hm(6, 0))], OPEN),
        ],
    );
    // Saturday, 7 March 2026.
    assert_eq!(shuts(&night, "2026-03-07T20:00"), Some(at(0, "2026-03-08T06:00")));
    assert_eq!(opens(&night, "2026-03-07T20:00"), Some(at(0, "2026-03-14T18:00")));
    let always = calendar(0, vec![rule(WEEKLY, DaySet::Week(EVERY_DAY), &[(0, 1440)], OPEN)]);
    assert_eq!((opens(&always, "2026-03-07T20:00"), shuts(&always, "2026-03-07T20:00")), (None, None));
}
