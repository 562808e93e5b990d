//! Durations in rounded words: 45 seconds, about 2 minutes, an hour and a half.

use super::said::Said;
use super::tongue::{Context, Counted, Tongue};

/// A duration cut down to what people say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounded {
    Seconds(u64),
    Minutes(u64),
    /// A minute and a half.
    MinuteAndHalf,
    /// Hours, and minutes by fives.
    Hours(u64, u64),
    /// Days and hours.
    Days(u64, u64),
}

impl Rounded {
    /// Seconds below a minute, else whole minutes, from an hour on hours and five minutes, from a day on days and
    /// hours.
    fn of(seconds: u64) -> Self {
        match seconds {
            0..60 => Self::Seconds(seconds),
            80..=100 => Self::MinuteAndHalf,
            60..3570 => Self::Minutes((seconds + 30) / 60),
            3570..86_250 => {
                let fives = (seconds + 150) / 300;
                Self::Hours(fives / 12, fives % 12 * 5)
            }
            _ => {
                let hours = seconds.saturating_add(1800) / 3600;
                Self::Days(hours / 24, hours % 24)
            }
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Minutes(minutes) => minutes * 60,
            Self::MinuteAndHalf => 90,
            Self::Hours(hours, minutes) => hours * 3600 + minutes * 60,
            Self::Days(days, hours) => days.saturating_mul(24).saturating_add(hours).saturating_mul(3600),
        }
    }
}

/// Reads milliseconds. What was rounded is said to be, unless the words before do so already.
pub(super) fn duration(tongue: &dyn Tongue, millis: i64, context: Context<'_>) -> Said {
    let table = tongue.table();
    let seconds = millis.max(0).unsigned_abs().saturating_add(500) / 1000;
    let rounded = Rounded::of(seconds);
    let mut said = Said::default();
    if rounded.seconds() != seconds && !context.follows(table.before_estimates) {
        said.word(&table.about);
    }
    let mut parts = |parts: [(u64, &Counted); 2]| {
        let mut first = true;
        for (count, unit) in parts.into_iter().filter(|(count, _)| *count > 0) {
            if !first {
                said.word(&tongue.and(&count.to_string()));
            }
            first = false;
            tongue.counted(&mut said, count, unit, context.region);
        }
    };
    match rounded {
        Rounded::Seconds(seconds) => tongue.counted(&mut said, seconds, &table.second, context.region),
        Rounded::Minutes(minutes) => tongue.counted(&mut said, minutes, &table.minute, context.region),
        Rounded::MinuteAndHalf => said.append(tongue.and_a_half(1, &table.minute, context)),
        Rounded::Hours(hours, 30) if hours > 0 => said.append(tongue.and_a_half(hours, &table.hour, context)),
        Rounded::Hours(hours, minutes) => parts([(hours, &table.hour), (minutes, &table.minute)]),
        Rounded::Days(days, hours) => parts([(days, &table.day), (hours, &table.hour)]),
    }
    said
}
