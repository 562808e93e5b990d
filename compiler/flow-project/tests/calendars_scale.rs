//! Many calendars are looked at in work that grows with their lines and days, not with the ten years.

use flow_check::calendar_intervals::{Clock, TEN_YEARS, judge};
use flow_check::hir::DaySet;
use flow_project::{Loaded, Memory, load_on};

/// 2026-03-03
const TODAY: i32 = 20_515;

fn thousand(count: usize) -> Loaded {
    let mut main = String::from(
        "timezone \"America/New_York\"\nuse std.holidays.us\nuse std.holidays.england\nswitch evacuation\n\
         flow line { end bye { say \"Goodbye.\" } }\n",
    );
    for number in 0..count {
        let list = ["us.federal", "england.bank"][number % 2];
        let (minute, first) = (number % 60, 28 + number % 3);
        main.push_str(&format!(
            "public calendar c{number} {{\n    open mon to fri 08:{minute:02}..18:00\n    open sat 10:00..14:00, 22:00..04:00\n    \
             closed {list} as holiday\n    open 2026-12-24 08:30..13:00\n    \
             closed 2026-12-{first} to 2026-12-31 as building\n    closed feb 14 as rest\n    \
             closed when evacuation as emergency\n}}\n"
        ));
    }
    load_on(&Memory::new([("shop/src/main.flow", main.as_str())]), "shop", TODAY).expect("read")
}

#[test]
fn a_thousand_calendars_are_without_problems() {
    let loaded = thousand(1_000);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics.first());
    assert_eq!(loaded.program.expect("checked").calendars.len(), 1_000);
}

#[test]
fn what_a_calendar_costs_is_its_days_and_lines() {
    let program = thousand(1).program.expect("checked");
    let clock = Clock::new("America/New_York", TODAY..=TODAY + TEN_YEARS).expect("a zone");
    let cost = |calendar: &flow_check::hir::Calendar| {
        let mut steps = usize::MAX;
        judge(calendar, &clock, TODAY, &mut steps);
        usize::MAX - steps
    };
    // Some 120 days of holidays with the days after them, 20 changes of clocks, seven weekdays.
    let once = cost(&program.calendars[0]);
    assert!((200..4_000).contains(&once), "{once}");
    // Four times the days are about four times the work.
    let with = |days: u8| {
        let mut calendar = program.calendars[0].clone();
        let yearly = calendar.rules.iter().find(|rule| matches!(rule.days, DaySet::Yearly(..))).cloned();
        let yearly = yearly.expect("a day of every year");
        calendar.rules.extend((0..days).map(|number| {
            let days = DaySet::Yearly(3 + number / 14, 2 * (number % 14) + 1);
            flow_check::hir::CalendarRule { days, ..yearly.clone() }
        }));
        cost(&calendar)
    };
    let (ten, twenty, eighty) = (with(10), with(20), with(80));
    assert!(eighty - once < 10 * (ten - once) && eighty < 5 * twenty, "{once}, {ten}, {twenty}, {eighty}");
}
