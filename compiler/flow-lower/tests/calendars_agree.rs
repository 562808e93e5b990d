//! A calendar means the same to the checker, which lays it out as intervals, and to a running call, which asks
//! for one instant: over random calendars, zones and instants, changes of clocks included. And what the checker
//! calls dead can go without anybody noticing, while what it does not call dead cannot.

use flow_bytecode::calendar;
use flow_check::calendar_intervals::{Clock, Findings, Interval, intervals, judge};
use flow_check::hir::{
    Calendar, CalendarRule, DaySet, HolidayDay, HolidayRule, Observed, Program, Switch as Lever,
};
use flow_diagnostics::{FileId, Location, SourceMap, Span};
use proptest::collection::vec;
use proptest::prelude::*;

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Madrid",
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
];
/// 2026-01-01
const TODAY: i32 = 20_454;
const STATES: usize = 4;
const LEVERS: usize = 2;

fn nowhere() -> Location {
    Span { start: 0, end: 0 }.at(FileId(0))
}

fn holiday() -> impl Strategy<Value = HolidayRule> {
    let day = prop_oneof![
        (1..=12u8, 1..=28u8).prop_map(|(month, day)| HolidayDay::Yearly(month, day)),
        Just(HolidayDay::Yearly(2, 29)),
        (0..=5u8, 0..7u8, 1..=12u8).prop_map(|(nth, day, month)| HolidayDay::Nth(nth, day, month)),
        (-60..=60i16).prop_map(HolidayDay::Easter),
        Just(HolidayDay::Yearly(12, 25)),
        Just(HolidayDay::Yearly(12, 26)),
        Just(HolidayDay::Yearly(1, 1)),
    ];
    let observed = prop_oneof![Just(Observed::No), Just(Observed::Nearest), Just(Observed::Next)];
    (day, observed).prop_map(|(day, observed)| HolidayRule { day, name: "day".into(), observed })
}

fn days() -> impl Strategy<Value = (u8, DaySet)> {
    prop_oneof![
        4 => (1..128u8).prop_map(|bits| (4, DaySet::Week(bits))),
        2 => (-20..500i32, 0..20i32).prop_map(|(from, length)| {
            (2, DaySet::Dates(TODAY + from, TODAY + from + length))
        }),
        1 => (1..=12u8, 1..=28u8).prop_map(|(month, day)| (3, DaySet::Yearly(month, day))),
        1 => (0..=5u8, 0..7u8, 1..=12u8).prop_map(|(n, day, month)| (3, DaySet::Nth(n, day, month))),
        2 => vec(holiday(), 1..6).prop_map(|list| (3, DaySet::Holidays(list))),
        1 => (0..LEVERS).prop_map(|lever| (1, DaySet::Switch(lever))),
    ]
}

/// Quarters of an hour, often those at which clocks change.
fn minute() -> impl Strategy<Value = u16> {
    prop_oneof![
        (0..96u16).prop_map(|quarter| quarter * 15),
        (0..14u16).prop_map(|quarter| quarter * 15),
        Just(1425)
    ]
}

fn hours() -> impl Strategy<Value = Vec<(u16, u16)>> {
    let range =
        (minute(), minute(), any::<bool>()).prop_filter_map("hours hold something", |(from, to, end)| {
            let to = if end && to == 0 { 1440 } else { to };
            (from != to).then_some((from, to))
        });
    vec(range, 0..3)
}

fn rule() -> impl Strategy<Value = CalendarRule> {
    (days(), hours(), 0..STATES, any::<bool>()).prop_map(|((rank, days), hours, state, inherited)| {
        let hours = if rank == 1 { Vec::new() } else { hours };
        CalendarRule { rank, days, hours, state, inherited, location: nowhere() }
    })
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (0..ZONES.len(), vec(rule(), 0..9)).prop_map(|(zone, rules)| Calendar {
        name: "office".into(),
        zone,
        states: ["open", "closed", "holiday", "shut"].map(String::from).to_vec(),
        rules,
        location: nowhere(),
    })
}

/// The calendar as a running call has it.
fn lowered(calendar: &Calendar) -> flow_bytecode::program::Calendar {
    let levers = (0..LEVERS).map(|n| Lever { name: format!("lever_{n}"), location: nowhere() });
    let hir = Program {
        zones: ZONES.map(String::from).to_vec(),
        switches: levers.collect(),
        calendars: vec![calendar.clone()],
        ..Program::default()
    };
    flow_lower::lower(&hir, &SourceMap::default()).expect("lowered").calendars.remove(0)
}

fn clock(calendar: &Calendar) -> Clock {
    Clock::new(ZONES[calendar.zone], TODAY..=TODAY + 4000).expect("a zone")
}

fn zones() -> Vec<jiff::tz::TimeZone> {
    ZONES.iter().map(|zone| jiff::tz::TimeZone::get(zone).expect("a zone")).collect()
}

/// The states one after the other; time that no rule names is told from time that a rule calls closed.
fn states(calendar: &Calendar, clock: &Clock, days: i32) -> Vec<(i64, usize)> {
    let mut out: Vec<(i64, usize)> = Vec::new();
    for interval in intervals(calendar, clock, TODAY..=TODAY + days, &[]) {
        if out.last().is_none_or(|(_, state)| *state != interval.state) {
            out.push((interval.from, interval.state));
        }
    }
    out
}

fn findings(calendar: &Calendar) -> Findings {
    let mut steps = usize::MAX;
    judge(calendar, &clock(calendar), TODAY, &mut steps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_checker_and_a_running_call_agree(
        calendar in any_calendar(),
        first in 0..700i32,
        thrown in any::<[bool; LEVERS]>(),
    ) {
        let running = lowered(&calendar);
        let (clock, zones) = (clock(&calendar), zones());
        let levers = |lever: u16| thrown[usize::from(lever)];
        let ask = |second: i64| calendar::state_at(second * 1000, &running, &zones, &levers);
        let days = TODAY + first..=TODAY + first + 120;
        let laid: Vec<Interval> = intervals(&calendar, &clock, days.clone(), &thrown);
        for pair in laid.windows(2) {
            prop_assert_eq!(pair[0].until, pair[1].from, "a hole");
        }
        for interval in &laid {
            let expected = (interval.state as u16, interval.rule);
            for second in [interval.from, interval.from + 1, (interval.from + interval.until) / 2, interval.until - 1] {
                prop_assert_eq!(ask(second), expected, "at {}", second);
            }
        }
        // Minute by minute around the changes of clocks, and every hour elsewhere.
        let mut at = 0;
        let (begin, end) = (clock.instant(*days.start(), 0), clock.instant(*days.end() + 1, 0));
        let near = |second: i64| clock.changes().iter().any(|c| (c.at - second).abs() < 90_000);
        let mut second = begin;
        while second < end {
            while laid[at].until <= second {
                at += 1;
            }
            prop_assert_eq!(ask(second), (laid[at].state as u16, laid[at].rule), "at {}", second);
            second += if near(second) { 300 } else { 3_600 };
        }
        // The next opening, and the next close, are where the intervals have them.
        if thrown.iter().all(|thrown| !thrown) {
            let middle = (begin + end) / 2;
            let place = laid.iter().position(|i| (i.from..i.until).contains(&middle)).expect("no hole");
            let next = laid[place..].windows(2).find(|p| p[0].state != 0 && p[1].state == 0).map(|p| p[1].from);
            if let Some(next) = next {
                let answer = calendar::next_open(middle * 1000, &running, &zones, &levers);
                prop_assert_eq!(answer, Some(next * 1000));
            }
            let closes = laid[place..].windows(2).find(|p| p[0].state == 0 && p[1].state != 0).map(|p| p[1].from);
            if let Some(closes) = closes {
                let answer = calendar::closes(middle * 1000, &running, &zones, &levers);
                prop_assert_eq!(answer, Some(closes * 1000));
            }
        }
    }

    #[test]
    fn dead_rules_can_go_and_others_cannot(calendar in any_calendar()) {
        let clock = clock(&calendar);
        let found = findings(&calendar);
        prop_assert!(!found.cut_short);
        let levers_aside = |rule: &usize| !matches!(calendar.rules[*rule].days, DaySet::Switch(_));
        let keep = |gone: &[usize]| Calendar {
            rules: calendar.rules.iter().enumerate().filter(|(i, _)| !gone.contains(i)).map(|(_, r)| r.clone()).collect(),
            ..calendar.clone()
        };
        let dead: Vec<usize> = found.dead.iter().copied().filter(levers_aside).collect();
        let with = states(&keep(&[]), &clock, 3_653);
        prop_assert_eq!(&states(&keep(&dead), &clock, 3_653), &with, "{:?} are not dead", dead);
        let told: Vec<usize> = found.contradictions.iter().flat_map(|c| [c.first, c.second]).collect();
        // What opens, or gives a reason, and is not called dead, would be missed.
        for (index, rule) in calendar.rules.iter().enumerate() {
            let spoken_of = dead.contains(&index) || found.past.contains(&index) || told.contains(&index);
            if spoken_of || rule.inherited || rule.state == 1 || !levers_aside(&index) || !told.is_empty() {
                continue;
            }
            let mut gone = dead.clone();
            gone.push(index);
            prop_assert_ne!(&states(&keep(&gone), &clock, 3_653), &states(&keep(&dead), &clock, 3_653), "{} is dead", index);
        }
    }

    #[test]
    fn contradictions_are_where_the_order_of_lines_would_decide(calendar in any_calendar()) {
        let clock = clock(&calendar);
        let found = findings(&calendar);
        if found.contradictions.is_empty() {
            // Turned around, the calendar says the same at every instant.
            let mut rules: Vec<CalendarRule> = calendar.rules.clone();
            rules.retain(|rule| !rule.inherited);
            let own = Calendar { rules, ..calendar.clone() };
            let mut turned = own.clone();
            turned.rules.reverse();
            if findings(&own).contradictions.is_empty() {
                prop_assert_eq!(states(&own, &clock, 1_100), states(&turned, &clock, 1_100));
            }
        }
        for contradiction in &found.contradictions {
            let (first, second) = (&calendar.rules[contradiction.first], &calendar.rules[contradiction.second]);
            prop_assert_eq!(first.rank, second.rank);
            prop_assert_ne!(first.state, second.state);
            let at = intervals(&calendar, &clock, TODAY..=TODAY + 3_653, &[])
                .into_iter()
                .find(|i| (i.from..i.until).contains(&contradiction.at));
            let rule = at.and_then(|i| i.rule);
            prop_assert!(rule == Some(contradiction.first) || rule == Some(contradiction.second));
        }
    }
}
