//! Calendars as rules with ranks.

use flow_diagnostics::Location;

use super::{SwitchId, ZoneId};

#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    pub name: String,
    pub zone: ZoneId,
    /// Names of the states: 0 is `open`, 1 is `closed`, then each reason.
    pub states: Vec<String>,
    /// Those of the calendars it is like first (rank wins over order; see `inherited`).
    pub rules: Vec<CalendarRule>,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CalendarRule {
    /// 1 switch, 2 date, 3 yearly or holidays, 4 weekly; the smallest that applies to a day decides it.
    pub rank: u8,
    pub days: DaySet,
    /// Minutes of the day, half open; empty means the whole day. An end smaller than the start runs into
    /// the next day; 1440 is midnight at the end.
    pub hours: Vec<(u16, u16)>,
    /// Index into `Calendar::states`; 0 opens.
    pub state: usize,
    /// From the calendar it is `like`: within a rank its own rules win over it for the hours they name.
    pub inherited: bool,
    pub location: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DaySet {
    /// Bit 0 is Monday.
    Week(u8),
    /// Days since 1970-01-01, both ends included.
    Dates(i32, i32),
    /// Month 1 to 12, day 1 to 31.
    Yearly(u8, u8),
    /// Ordinal 1 to 5, or 0 for last; weekday 0 is Monday; month.
    Nth(u8, u8, u8),
    Holidays(Vec<HolidayRule>),
    /// While a lever is thrown.
    Switch(SwitchId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct HolidayRule {
    pub day: HolidayDay,
    pub name: String,
    pub observed: Observed,
}

/// Where a holiday is kept that falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// On its day.
    No,
    /// On the nearest weekday.
    Nearest,
    /// On its day, and on the next weekday that no other holiday of the list takes.
    Next,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayDay {
    Yearly(u8, u8),
    Nth(u8, u8, u8),
    /// Days from Easter Sunday.
    Easter(i16),
}
