//! The library's holidays fall where the almanacs of their countries have them.

use flow_check::calendar_intervals::{civil_of, kept};
use flow_check::hir::{DaySet, HolidayRule};
use flow_project::{Memory, load};

/// The rules of a list, as a calendar has them.
fn rules(country: &str, list: &str) -> Vec<HolidayRule> {
    let main = format!(
        "use std.holidays.{country}\ntimezone \"UTC\"\n\
         calendar office {{ open every day 08:00..18:00 closed {country}.{list} as holiday }}\n\
         flow line {{ end bye {{ say \"Goodbye.\" }} }}\n"
    );
    let files = Memory::new([("shop/src/main.flow", main.as_str())]);
    let program = load(&files, "shop").expect("read").program.expect("checked");
    let mut rules = program.calendars[0].rules.iter();
    rules
        .find_map(|rule| match &rule.days {
            DaySet::Holidays(list) => Some(list.clone()),
            _ => None,
        })
        .expect("a list")
}

/// The days of a year on which a list is kept, `MM-DD`.
fn days(country: &str, list: &str, year: i32) -> Vec<String> {
    let rules = rules(country, list);
    let mut days: Vec<i32> =
        (year - 1..=year + 1).flat_map(|year| kept(&rules, year)).map(|(day, _)| day).collect();
    days.sort_unstable();
    days.dedup();
    let dates = days.into_iter().map(civil_of).filter(|(of, ..)| *of == year);
    dates.map(|(_, month, day)| format!("{month:02}-{day:02}")).collect()
}

#[test]
fn every_list_falls_where_its_almanac_says() {
    for (country, list, year, expected) in [
        ("us", "federal", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
        ("us", "federal", 2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"),
        ("england", "bank", 2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-25 12-26 12-27"),
        ("england", "bank", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"),
        ("england", "bank", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"),
        ("scotland", "bank", 2017, "01-01 01-02 01-03 04-14 05-01 05-29 08-07 11-30 12-25 12-26"),
        ("scotland", "bank", 2027, "01-01 01-02 01-04 03-26 05-03 05-31 08-02 11-30 12-25 12-26 12-27 12-28"),
        ("scotland", "bank", 2028, "01-01 01-02 01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26"),
        ("ireland", "national", 2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26"),
        ("spain", "national", 2026, "01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25"),
        ("germany", "national", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"),
        ("germany", "national", 2025, "01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26"),
        ("france", "national", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"),
        (
            "italy",
            "national",
            2026,
            "01-01 01-06 04-05 04-06 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26",
        ),
        ("netherlands", "national", 2026, "01-01 04-05 04-06 04-27 05-14 05-24 05-25 12-25 12-26"),
        (
            "portugal",
            "national",
            2026,
            "01-01 04-03 04-05 04-25 05-01 06-04 06-10 08-15 10-05 11-01 12-01 12-08 12-25",
        ),
        ("mexico", "national", 2026, "01-01 02-02 03-16 05-01 09-16 11-16 12-25"),
        ("canada", "federal", 2026, "01-01 04-03 07-01 09-07 09-30 10-12 11-11 12-25 12-26 12-28"),
        ("canada", "federal", 2027, "01-01 03-26 07-01 09-06 09-30 10-11 11-11 12-25 12-26 12-27 12-28"),
        ("australia", "national", 2025, "01-01 01-26 01-27 04-18 04-21 04-25 12-25 12-26"),
        ("australia", "national", 2026, "01-01 01-26 04-03 04-06 04-25 12-25 12-26 12-28"),
    ] {
        assert_eq!(days(country, list, year).join(" "), expected, "{country} {year}");
    }
}

#[test]
fn every_country_of_the_library_is_tested_here() {
    let text = include_str!("holidays.rs");
    for path in flow_stdlib::flows::flows().filter(|path| path.starts_with("std/holidays/")) {
        let country = path.rsplit('/').next().expect("a name");
        assert!(text.contains(&format!("\"{country}\"")), "{country}");
    }
}
