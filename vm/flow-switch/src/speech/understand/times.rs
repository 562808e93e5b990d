//! Times of the day: "half past two", "quarter to nine in the evening", "las tres y media de la tarde", "15:30".

use super::numbers::{Cursor, cardinal};
use super::pieces::Piece;
use super::words::{Meaning, Part};

const DAY: i64 = 24 * 60;

/// A time as it was said, before the half of the day is known.
struct Clock {
    hour: u64,
    minute: i64,
    /// Only one of the two twelve hours can be meant.
    exact: bool,
}

/// The four keys of each time that may be meant.
pub(super) fn times(said: &[Piece]) -> Vec<String> {
    let readings: [fn(&mut Cursor<'_>) -> Option<Clock>; 3] = [before_or_past, hour_and_minutes, military];
    for reading in readings {
        let mut cursor = Cursor::new(said);
        let Some(clock) = reading(&mut cursor) else { continue };
        while cursor.take(Meaning::Clock) || cursor.take(Meaning::Of) || cursor.take(Meaning::And) {}
        let part = match cursor.meaning() {
            Some(Meaning::Part(part)) => {
                cursor.advance();
                Some(part)
            }
            // "Twelve noon", "las doce del mediodía".
            Some(twelve @ (Meaning::Noon | Meaning::Midnight)) if clock.hour == 12 => {
                cursor.advance();
                Some(if twelve == Meaning::Noon { Part::Pm } else { Part::Am })
            }
            _ => None,
        };
        if cursor.is_done() {
            return hours(&clock, part).into_iter().map(|hour| keys(hour, clock.minute)).collect();
        }
    }
    Vec::new()
}

fn keys(hour: u64, minute: i64) -> String {
    let minutes = (i64::try_from(hour).unwrap_or(0) * 60 + minute).rem_euclid(DAY);
    format!("{:02}{:02}", minutes / 60, minutes % 60)
}

/// The hours of the day that may be meant, the likelier first: without a word about it, from seven in the morning to
/// six in the evening.
fn hours(clock: &Clock, part: Option<Part>) -> Vec<u64> {
    let hour = clock.hour;
    if hour > 24 {
        return Vec::new();
    }
    if clock.exact || hour > 12 || hour == 0 {
        let fits = match part {
            None => true,
            Some(Part::Am | Part::Morning | Part::Forenoon) => hour < 12,
            Some(Part::Pm | Part::Afternoon | Part::Evening) => (12..24).contains(&hour),
            Some(Part::Night) => !(6..18).contains(&hour),
        };
        return if fits { vec![hour % 24] } else { Vec::new() };
    }
    let (first, second) = (hour % 12, hour % 12 + 12);
    match part {
        None if (7..12).contains(&hour) => vec![first, second],
        None => vec![second, first],
        Some(Part::Am | Part::Morning) => vec![first],
        Some(Part::Forenoon) if hour == 12 => vec![second],
        Some(Part::Forenoon) => vec![first],
        Some(Part::Pm | Part::Afternoon) => vec![second],
        Some(Part::Evening) if hour == 12 => vec![first],
        Some(Part::Evening) => vec![second],
        Some(Part::Night) if hour == 12 || hour < 6 => vec![first],
        Some(Part::Night) => vec![second],
    }
}

/// "Quarter past two", "ten to nine", "diez para las nueve", "half two".
fn before_or_past(cursor: &mut Cursor<'_>) -> Option<Clock> {
    let half = cursor.meaning() == Some(Meaning::Half);
    let minutes = span(cursor)?;
    let before = match cursor.meaning() {
        Some(Meaning::Past) => false,
        // "Quarter of nine", as some say for "to".
        Some(Meaning::To | Meaning::Of) => true,
        Some(_) if half => {
            // "Half two" is half past two.
            let clock = hour(cursor)?;
            return Some(Clock { minute: 30, ..clock });
        }
        _ => return None,
    };
    cursor.advance();
    let clock = hour(cursor)?;
    Some(Clock { minute: if before { -minutes } else { minutes }, ..clock })
}

/// A quarter, a half, or so many minutes.
fn span(cursor: &mut Cursor<'_>) -> Option<i64> {
    if cursor.take(Meaning::Quarter) {
        return Some(15);
    }
    if cursor.take(Meaning::Half) {
        return Some(30);
    }
    let minutes = cardinal(cursor).filter(|minutes| *minutes < 60)?;
    cursor.take(Meaning::Minutes);
    i64::try_from(minutes).ok()
}

fn hour(cursor: &mut Cursor<'_>) -> Option<Clock> {
    if cursor.take(Meaning::Noon) {
        return Some(Clock { hour: 12, minute: 0, exact: true });
    }
    if cursor.take(Meaning::Midnight) {
        return Some(Clock { hour: 0, minute: 0, exact: true });
    }
    // "Zero eight", "08".
    let mut exact = matches!(cursor.peek(), Some(Piece::Figures(figures)) if figures.starts_with('0'));
    let mut ahead = *cursor;
    if ahead.take(Meaning::Tens(20)) && ahead.meaning() == Some(Meaning::And) {
        // "Las veinte y cinco" is an hour and minutes.
        *cursor = ahead;
        return Some(Clock { hour: 20, minute: 0, exact });
    }
    let mut hour = cardinal(cursor)?;
    if let (0, Some(Meaning::Unit(unit))) = (hour, cursor.meaning()) {
        cursor.advance();
        (hour, exact) = (u64::from(unit), true);
    }
    (hour <= 24).then_some(Clock { hour, minute: 0, exact })
}

/// "Eight thirty", "eight oh five", "12:30", "tres y media", "nueve menos cuarto", "eight o'clock".
fn hour_and_minutes(cursor: &mut Cursor<'_>) -> Option<Clock> {
    let clock = hour(cursor)?;
    cursor.take(Meaning::Clock);
    if cursor.mark(&[':', '.']).is_some() {
        let minute = cursor
            .figures()
            .filter(|figures| figures.len() == 2)?
            .parse()
            .ok()
            .filter(|minute| *minute < 60)?;
        if cursor.mark(&[':']).is_some() {
            // Seconds are not keyed.
            cursor.figures()?;
        }
        return Some(Clock { minute, ..clock });
    }
    let mut ahead = *cursor;
    let before = ahead.take(Meaning::Minus);
    let joined = before || ahead.take(Meaning::And);
    let leading_zero = ahead.take(Meaning::Unit(0));
    let minutes = match ahead.meaning() {
        Some(Meaning::Unit(unit)) if leading_zero => {
            ahead.advance();
            Some(i64::from(unit))
        }
        _ if leading_zero => None,
        Some(Meaning::Half | Meaning::Quarter) if !joined => None,
        // One figure alone is no minute unless something joins it: "eight five" is none.
        Some(Meaning::Unit(_)) if !joined => None,
        _ => span(&mut ahead),
    };
    match minutes {
        Some(minutes) => {
            *cursor = ahead;
            cursor.take(Meaning::Minutes);
            Some(Clock { minute: if before { -minutes } else { minutes }, ..clock })
        }
        None => Some(clock),
    }
}

/// "Fifteen hundred hours", "oh eight hundred", "1530", "zero eight three zero".
fn military(cursor: &mut Cursor<'_>) -> Option<Clock> {
    let said = cursor.rest();
    let ends = |piece: &Piece| {
        matches!(
            piece,
            Piece::Meant(Meaning::Clock | Meaning::Part(_) | Meaning::Of | Meaning::Noon | Meaning::Midnight)
        )
    };
    let length = said.iter().position(ends).unwrap_or(said.len());
    let (figures_said, _) = said.split_at(length);
    if figures_said.iter().any(|piece| matches!(piece, Piece::Mark(_))) {
        return None;
    }
    let keys = super::numbers::figures(figures_said, false)?;
    if !(3..=4).contains(&keys.len()) {
        return None;
    }
    let number: u64 = keys.parse().ok()?;
    let (hour, minute) = (number / 100, number % 100);
    if hour > 24 || minute > 59 {
        return None;
    }
    for _ in figures_said {
        cursor.advance();
    }
    let exact = keys.len() == 4 && keys.starts_with('0');
    Some(Clock { hour, minute: i64::try_from(minute).ok()?, exact })
}
