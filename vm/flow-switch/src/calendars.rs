//! Calendars and levers of the deployment, asked at the instant of the event.

use flow_bytecode::program::{Calendar, Constant};
use flow_bytecode::{Datum, Type, calendar};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::programs::Loaded;
use crate::switch::Switch;

/// How long a calendar that does not change within years is not looked at again.
const LOOKED_UP_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A calendar over a span of time in which it neither opens nor closes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hours {
    open: bool,
    /// When it closes and opens next.
    closes: Option<i64>,
    next_open: Option<i64>,
    from: i64,
    until: i64,
}

impl Hours {
    fn is_of(&self, millis: i64) -> bool {
        (self.from..self.until).contains(&millis)
    }
}

impl Switch {
    /// Whether a lever of the program is thrown.
    pub(crate) fn lever(&self, loaded: &Loaded, lever: u16) -> bool {
        let name = loaded.program.switches.get(usize::from(lever)).map_or("", |name| loaded.text(*name));
        self.levers.get(name).copied().unwrap_or(false)
    }

    fn state_at(&self, loaded: &Loaded, index: u16, unix_millis: i64) -> u16 {
        let Some(calendar) = calendar_of(loaded, index) else { return calendar::CLOSED };
        calendar::state_at(unix_millis, calendar, loaded.program.time_zones(), &|lever| {
            self.lever(loaded, lever)
        })
        .0
    }

    /// The number of a calendar's state now.
    pub(crate) fn calendar_state(&self, loaded: &Loaded, index: u16) -> i64 {
        i64::from(self.state_at(loaded, index, self.now.unix_millis))
    }

    /// The name of that state.
    pub(crate) fn calendar_reason(&self, loaded: &Loaded, index: u16) -> Datum {
        let state = self.state_at(loaded, index, self.now.unix_millis);
        let name = calendar_of(loaded, index).and_then(|calendar| calendar.states.get(usize::from(state)));
        Datum::Text(name.map_or("", |name| loaded.text(*name)).to_owned())
    }

    pub(crate) fn is_open(&self, loaded: &Loaded, index: u16) -> bool {
        self.hours(loaded, index).open
    }

    /// A calendar from now until it opens or closes next. It is worked out once for all who wait, and again when
    /// that time has come or a lever was moved: a walk over years of days is nothing to do for each caller.
    fn hours(&self, loaded: &Loaded, index: u16) -> Hours {
        let Some(calendar) = calendar_of(loaded, index) else { return Hours::default() };
        let now = self.now.unix_millis;
        let key = (loaded.id.0, index);
        if let Some(known) = self.hours.borrow().get(&key).filter(|known| known.is_of(now)) {
            return *known;
        }
        let zones = loaded.program.time_zones();
        let lever = |lever| self.lever(loaded, lever);
        let open = calendar::state_at(now, calendar, zones, &lever).0 == calendar::OPEN;
        let closes = calendar::closes(now, calendar, zones, &lever);
        let next_open = calendar::next_open(now, calendar, zones, &lever);
        let change = if open { closes } else { next_open };
        let until = change.unwrap_or_else(|| now.saturating_add(LOOKED_UP_MILLIS));
        let hours = Hours { open, closes, next_open, from: now, until };
        self.hours.borrow_mut().insert(key, hours);
        hours
    }

    pub(crate) fn open_at(&self, loaded: &Loaded, index: u16, unix_millis: i64) -> bool {
        self.state_at(loaded, index, unix_millis) == calendar::OPEN
    }

    /// When a calendar opens next, in its zone.
    pub(crate) fn next_open(&self, loaded: &Loaded, index: u16) -> Option<Datum> {
        let calendar = calendar_of(loaded, index)?;
        Some(Datum::DateTime(self.hours(loaded, index).next_open?, calendar.zone))
    }

    fn closes_millis(&self, loaded: &Loaded, index: u16) -> Option<i64> {
        self.hours(loaded, index).closes
    }

    /// When a calendar closes next, in its zone; now, when it never does.
    pub(crate) fn closes(&self, loaded: &Loaded, index: u16) -> Datum {
        let zone = calendar_of(loaded, index).map_or(0, |calendar| calendar.zone);
        Datum::DateTime(self.closes_millis(loaded, index).unwrap_or(self.now.unix_millis), zone)
    }

    /// The same on the timers' clock.
    pub(crate) fn closes_at(&self, loaded: &Loaded, index: u16) -> Option<u64> {
        let ahead = self.closes_millis(loaded, index)?.saturating_sub(self.now.unix_millis).max(1);
        Some(self.now.monotonic.saturating_add(ahead.unsigned_abs().saturating_mul(1000)))
    }

    /// The date in the program's zone, as days since 1970.
    pub(crate) fn today(&self, loaded: &Loaded) -> i32 {
        let zone = loaded.program.time_zones().first();
        let now = Timestamp::from_millisecond(self.now.unix_millis).unwrap_or_default();
        let date = zone
            .map_or_else(|| jiff::tz::TimeZone::UTC.to_datetime(now), |zone| zone.to_datetime(now))
            .date();
        Date::constant(1970, 1, 1).until(date).map_or(0, |span| span.get_days())
    }
}

fn calendar_of(loaded: &Loaded, index: u16) -> Option<&Calendar> {
    loaded.program.calendars.get(usize::from(index))
}

impl Loaded {
    /// A setting: what the deployment says, else the program's default.
    pub(crate) fn setting(&self, index: u16) -> Datum {
        if let Some(value) = self.settings.get(usize::from(index)) {
            return value.clone();
        }
        let Some(setting) = self.program.settings.get(usize::from(index)) else { return Datum::None };
        let constant = setting.default.and_then(|constant| self.program.constants.get(constant as usize));
        let Some(value) = constant.map(|constant| self.datum(constant)) else { return Datum::None };
        match self.program.ty(setting.ty) {
            Type::Option(_) => Datum::Some(Box::new(value)),
            _ => value,
        }
    }

    fn datum(&self, constant: &Constant) -> Datum {
        match *constant {
            Constant::Bool(value) => Datum::Bool(value),
            Constant::Int(value) => Datum::Int(value),
            Constant::Decimal(number) => Datum::Decimal(number),
            Constant::Money(money) => Datum::Money(money),
            Constant::Text(id) | Constant::Digits(id) | Constant::Phone(id) => {
                Datum::Text(self.text(id).to_owned())
            }
            Constant::Duration(millis) => Datum::Duration(millis),
            Constant::Date(days) => Datum::Date(days),
            Constant::Time(millis) => Datum::Time(millis),
            Constant::DateTime(millis, zone) => Datum::DateTime(millis, zone),
            Constant::Language(index) => Datum::Language(index),
            Constant::Variant(_, variant) => Datum::Variant(variant, Vec::new()),
            Constant::Table(..) => Datum::None,
        }
    }
}
