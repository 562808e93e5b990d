//! Dates: "the third of March", "tres de marzo de dos mil veintiséis", "next Friday", "in two weeks", "3/4/2026".

use flow_bytecode::moment;

use super::numbers::{Cursor, cardinal, figures};
use super::pieces::Piece;
use super::words::Meaning;
use crate::forms::DateOrder;

/// Years ahead in which a day is looked for that is not in every year.
const LEAP_YEARS: i64 = 8;
/// A year of two figures is at most so far ahead.
const YEARS_AHEAD: i64 = 19;

/// The eight keys of each date that may be meant.
pub(super) fn dates(said: &[Piece], order: DateOrder, today: i64) -> Vec<String> {
    let date = Date { order, today };
    let days = date.relative(said).unwrap_or_else(|| date.named(without_weekday(said)));
    let mut keys: Vec<String> = days.into_iter().filter_map(|day| order.keys(day)).collect();
    // The keys themselves, said one by one.
    if !said.iter().any(|piece| matches!(piece, Piece::Mark(_))) {
        keys.extend(figures(said, false).filter(|keys| keys.len() == 8));
    }
    keys
}

/// "Monday the third of March": the day says it all.
fn without_weekday(said: &[Piece]) -> &[Piece] {
    let is_weekday =
        |piece: &Piece| matches!(piece, Piece::Meant(Meaning::Weekday(_) | Meaning::This | Meaning::Next));
    let mut rest = said;
    while let [first, more @ ..] = rest
        && is_weekday(first)
    {
        rest = more;
    }
    while let [more @ .., last] = rest
        && is_weekday(last)
    {
        rest = more;
    }
    rest
}

/// One way in which a date is said: the days that it may be, as far as the cursor then is.
type Reading = fn(&Date, &mut Cursor<'_>) -> Option<Vec<i64>>;

struct Date {
    order: DateOrder,
    /// Days since 1970.
    today: i64,
}

impl Date {
    /// By its distance from today; none when it is not said so.
    fn relative(&self, said: &[Piece]) -> Option<Vec<i64>> {
        let meanings: Option<Vec<Meaning>> = said
            .iter()
            .map(|piece| match piece {
                Piece::Meant(meaning) => Some(*meaning),
                _ => None,
            })
            .collect();
        match meanings.as_deref() {
            Some([Meaning::Day(ahead)]) => return Some(vec![self.today + i64::from(*ahead)]),
            // "Tomorrow, Friday".
            Some([Meaning::Day(ahead), Meaning::Weekday(_)] | [Meaning::Weekday(_), Meaning::Day(ahead)]) => {
                return Some(vec![self.today + i64::from(*ahead)]);
            }
            Some([Meaning::Weekday(weekday)] | [Meaning::This, Meaning::Weekday(weekday)]) => {
                let ahead = self.ahead(*weekday);
                let mut days = vec![self.today + ahead];
                days.extend((ahead == 7).then_some(self.today));
                return Some(days);
            }
            Some([Meaning::Next, Meaning::Weekday(weekday)] | [Meaning::Weekday(weekday), Meaning::Next]) => {
                // Some mean the one after.
                let first = self.today + self.ahead(*weekday);
                return Some(vec![first, first + 7]);
            }
            Some([Meaning::Last, Meaning::Weekday(weekday)] | [Meaning::Weekday(weekday), Meaning::Last]) => {
                let behind = 7 - self.ahead(*weekday) % 7;
                return Some(vec![self.today - behind]);
            }
            _ => {}
        }
        self.distance(said).map(|day| vec![day])
    }

    /// How many days until a weekday, today's own being a week away.
    fn ahead(&self, weekday: u8) -> i64 {
        (i64::from(weekday) - moment::weekday(self.today) - 1).rem_euclid(7) + 1
    }

    /// "In three days", "two weeks ago", "dentro de tres días", "hace una semana".
    fn distance(&self, said: &[Piece]) -> Option<i64> {
        let mut cursor = Cursor::new(said);
        let before = cursor.take(Meaning::Ago);
        cursor.take(Meaning::In);
        let count = match cursor.meaning() {
            // "A week ago".
            Some(Meaning::Days(_)) => 1,
            _ => cardinal(&mut cursor).filter(|count| *count <= 10_000)?,
        };
        let Some(Meaning::Days(days)) = cursor.meaning() else { return None };
        cursor.advance();
        let ago = before || cursor.take(Meaning::Ago);
        let distance = i64::try_from(count).ok()? * i64::from(days);
        cursor.is_done().then_some(if ago { self.today - distance } else { self.today + distance })
    }

    /// By its day, month and year, the missing ones as they come next.
    fn named(&self, said: &[Piece]) -> Vec<i64> {
        let readings: [Reading; 5] =
            [Self::in_figures, Self::month_first, Self::day_first, Self::numbers, Self::day_alone];
        for reading in readings {
            let mut cursor = Cursor::new(said);
            if let Some(days) = reading(self, &mut cursor)
                && cursor.is_done()
            {
                return days;
            }
        }
        Vec::new()
    }

    /// "3/4/2026", "2026-04-03", "3.4.".
    fn in_figures(&self, cursor: &mut Cursor<'_>) -> Option<Vec<i64>> {
        let marks = ['/', '-', '.'];
        let first = cursor.figures()?;
        cursor.mark(&marks)?;
        let second = cursor.figures()?;
        let third = cursor.mark(&marks).and_then(|_| cursor.figures());
        let number = |figures: &str| figures.parse::<i64>().ok();
        let (one, two) = (number(first)?, number(second)?);
        match third {
            Some(day) if first.len() == 4 => Some(self.day(Some(one), two, number(day)?)),
            Some(year) if self.order == DateOrder::YearMonthDay && year.len() <= 2 && first.len() == 2 => {
                Some(self.day(self.full(one, 2), two, number(year)?))
            }
            Some(year) => Some(self.in_order(one, two, self.full(number(year)?, year.len()))),
            None => Some(self.in_order(one, two, None)),
        }
    }

    /// A day and a month in the order of the place, else in the other.
    fn in_order(&self, one: i64, two: i64, year: Option<i64>) -> Vec<i64> {
        let (month, day) = if self.order == DateOrder::DayMonthYear { (two, one) } else { (one, two) };
        let days = self.day(year, month, day);
        if days.is_empty() { self.day(year, day, month) } else { days }
    }

    /// "March third twenty twenty-six".
    fn month_first(&self, cursor: &mut Cursor<'_>) -> Option<Vec<i64>> {
        let month = month(cursor)?;
        let day = day_of_month(cursor)?;
        let year = self.year(cursor);
        Some(self.day(year, month, day))
    }

    /// "The third of March", "tres de marzo del 2026".
    fn day_first(&self, cursor: &mut Cursor<'_>) -> Option<Vec<i64>> {
        let day = day_of_month(cursor)?;
        while cursor.take(Meaning::Of) {}
        let month = month(cursor)?;
        let year = self.year(cursor);
        Some(self.day(year, month, day))
    }

    /// "Three four twenty twenty-six".
    fn numbers(&self, cursor: &mut Cursor<'_>) -> Option<Vec<i64>> {
        let one = day_of_month(cursor)?;
        while cursor.take(Meaning::Of) {}
        let two = day_of_month(cursor)?;
        let year = self.year(cursor)?;
        Some(self.in_order(one, two, Some(year)))
    }

    /// "The third": of this month, or of the next that has it.
    fn day_alone(&self, cursor: &mut Cursor<'_>) -> Option<Vec<i64>> {
        let day = day_of_month(cursor)?;
        let (mut year, mut month) = (moment::year(self.today), moment::month(self.today));
        for _ in 0..4 {
            if let Some(found) = moment::date(year, month, day).map(i64::from)
                && found >= self.today
            {
                return Some(vec![found]);
            }
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        None
    }

    /// The days of a date; without a year the one that comes, then the one that was.
    fn day(&self, year: Option<i64>, month: i64, day: i64) -> Vec<i64> {
        if let Some(year) = year {
            return moment::date(year, month, day).map(i64::from).into_iter().collect();
        }
        let this = moment::year(self.today);
        let of = |year: i64| moment::date(year, month, day).map(i64::from);
        let next = (this..=this + LEAP_YEARS).filter_map(of).find(|found| *found >= self.today);
        let last = (this - LEAP_YEARS..=this).rev().filter_map(of).find(|found| *found < self.today);
        next.into_iter().chain(last).collect()
    }

    fn year(&self, cursor: &mut Cursor<'_>) -> Option<i64> {
        let start = *cursor;
        while cursor.take(Meaning::Of) {}
        let year = self.year_here(cursor);
        if year.is_none() {
            *cursor = start;
        }
        year
    }

    /// "2026", "twenty twenty-six", "nineteen oh five", "dos mil veintiséis", "eighty-five".
    fn year_here(&self, cursor: &mut Cursor<'_>) -> Option<i64> {
        if let Some(Piece::Figures(figures)) = cursor.peek() {
            cursor.advance();
            return self.full(figures.parse().ok()?, figures.len());
        }
        let first = i64::try_from(cardinal(cursor)?).ok()?;
        if first >= 100 {
            return (first <= 9999).then_some(first);
        }
        let mut ahead = *cursor;
        let second = if ahead.take(Meaning::Unit(0)) {
            cardinal(&mut ahead).filter(|unit| *unit < 10)
        } else {
            cardinal(&mut ahead).filter(|rest| (10..100).contains(rest))
        };
        match second {
            Some(rest) if first >= 10 => {
                *cursor = ahead;
                Some(first * 100 + i64::try_from(rest).ok()?)
            }
            // "Zero five".
            Some(rest) if first == 0 => {
                *cursor = ahead;
                self.full(i64::try_from(rest).ok()?, 2)
            }
            _ if first >= 10 => self.full(first, 2),
            _ => None,
        }
    }

    /// A year of so many figures; of two, that which is near.
    fn full(&self, year: i64, length: usize) -> Option<i64> {
        match length {
            4 => Some(year),
            2 => {
                let this = moment::year(self.today);
                let latest = this + YEARS_AHEAD;
                Some(latest - (latest - year).rem_euclid(100))
            }
            _ => None,
        }
    }
}

fn month(cursor: &mut Cursor<'_>) -> Option<i64> {
    let Some(Meaning::Month(month)) = cursor.meaning() else { return None };
    cursor.advance();
    Some(i64::from(month))
}

/// "Third", "twenty-first", "three", "3rd".
fn day_of_month(cursor: &mut Cursor<'_>) -> Option<i64> {
    let mut ahead = *cursor;
    let day = match ahead.meaning() {
        Some(Meaning::Ordinal(day)) => {
            ahead.advance();
            i64::from(day)
        }
        Some(Meaning::Tens(tens)) => {
            ahead.advance();
            match ahead.meaning() {
                Some(Meaning::Ordinal(unit @ 1..=9)) => {
                    ahead.advance();
                    i64::from(tens) + i64::from(unit)
                }
                _ => {
                    ahead = *cursor;
                    i64::try_from(cardinal(&mut ahead)?).ok()?
                }
            }
        }
        // "Oh three".
        Some(Meaning::Unit(0)) => {
            ahead.advance();
            i64::try_from(cardinal(&mut ahead)?).ok().filter(|day| *day < 10)?
        }
        _ => i64::try_from(cardinal(&mut ahead)?).ok()?,
    };
    ahead.take(Meaning::OrdinalMark);
    *cursor = ahead;
    (1..=31).contains(&day).then_some(day)
}
