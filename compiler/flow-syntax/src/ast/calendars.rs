//! Calendars and holidays.

use flow_diagnostics::Span;

use super::*;

#[derive(Debug, Clone, PartialEq)]
pub struct CalendarRule {
    pub kind: CalendarRuleKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CalendarRuleKind {
    Timezone(TextLiteral),
    /// No hours: the whole day.
    Open {
        days: Days,
        hours: Vec<Hours>,
    },
    Closed {
        days: Days,
        hours: Vec<Hours>,
        reason: Option<Name>,
    },
    ClosedWhen {
        condition: Expr,
        reason: Option<Name>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Days {
    /// `mon to fri, sun`
    Week(Vec<(Weekday, Option<Weekday>)>, Span),
    EveryDay(Span),
    /// `2026-12-24 to 2026-12-31`
    Dates {
        from: Date,
        to: Option<Date>,
        span: Span,
    },
    /// `dec 24`
    Yearly {
        month: Month,
        day: IntLiteral,
        span: Span,
    },
    /// `third mon of jan`
    Nth {
        ordinal: Ordinal,
        weekday: Weekday,
        month: Month,
        span: Span,
    },
    /// A list of holidays by name.
    Named(Path),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// 1 is January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub u8);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordinal {
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Last,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Holiday {
    pub day: HolidayDay,
    pub name: Option<TextLiteral>,
    /// A weekend day moves to the nearest weekday.
    pub observed: bool,
    /// For a weekend day the next weekday that the list leaves free is kept too; never with `observed`.
    pub substituted: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum HolidayDay {
    Yearly {
        month: Month,
        day: IntLiteral,
    },
    Nth {
        ordinal: Ordinal,
        weekday: Weekday,
        month: Month,
    },
    /// Days before (negative) or after Easter Sunday, in milliseconds as written.
    Easter {
        offset_millis: i64,
        span: Span,
    },
}
