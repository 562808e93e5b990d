//! Days and moments near now by their names: today, tomorrow, Saturday, November 27.

use flow_bytecode::program::Reading;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::Voice;
use super::said::Said;
use super::tongue::{Called, Context, Tongue};

/// A date, by days since 1970.
pub(super) fn date(voice: &Voice<'_>, tongue: &dyn Tongue, days: i32, context: Context<'_>) -> Said {
    let Some(day) = date_of(days) else { return Said::default() };
    let today = voice.zones.first().and_then(|zone| local(voice.unix_millis, zone)).map(DateTime::date);
    tongue.day(called(day, today.unwrap_or(day)), context)
}

/// An instant in a zone.
pub(super) fn datetime(
    voice: &Voice<'_>,
    tongue: &dyn Tongue,
    (millis, zone): (i64, u16),
    reading: Reading,
    context: Context<'_>,
) -> Said {
    let utc = TimeZone::UTC;
    let zone = voice.zones.get(usize::from(zone)).unwrap_or(&utc);
    let (Some(then), Some(now)) = (local(millis, zone), local(voice.unix_millis, zone)) else {
        return Said::default();
    };
    let (hour, minute) = (i32::from(then.hour()), i32::from(then.minute()));
    let day = called(then.date(), now.date());
    match reading {
        Reading::Date => tongue.day(day, context),
        Reading::Time => tongue.time(hour, minute, context),
        _ if (hour, minute) == (0, 0) => match then.date().yesterday() {
            Ok(eve) => tongue.midnight(called(eve, now.date()), day, context),
            Err(_) => tongue.moment(day, hour, minute, context),
        },
        _ => tongue.moment(day, hour, minute, context),
    }
}

fn local(millis: i64, zone: &TimeZone) -> Option<DateTime> {
    Some(zone.to_datetime(Timestamp::from_millisecond(millis).ok()?))
}

fn date_of(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn called(day: Date, today: Date) -> Called {
    let ahead = today.until(day).map_or(i32::MAX, |span| span.get_days());
    match ahead {
        -1 => Called::Yesterday,
        0 => Called::Today,
        1 => Called::Tomorrow,
        2..=6 => Called::Weekday(day.weekday().to_monday_zero_offset()),
        _ => Called::Day(day.month(), day.day(), (day.year() != today.year()).then_some(day.year())),
    }
}
