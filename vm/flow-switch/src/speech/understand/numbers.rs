//! Whole numbers, and figures one after the other.

use super::pieces::Piece;
use super::words::Meaning;

/// Keys of a value at most; what is longer is no value of any form.
const LONGEST_KEYS: usize = 64;

/// Keys of a whole number: more do not fit one.
const LONGEST_NUMBER: usize = 18;

/// A place in the pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [Piece],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(pieces: &'a [Piece]) -> Self {
        Self { rest: pieces }
    }

    pub(super) fn rest(&self) -> &'a [Piece] {
        self.rest
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'a Piece> {
        self.rest.first()
    }

    pub(super) fn advance(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// What the next word means.
    pub(super) fn meaning(&self) -> Option<Meaning> {
        match self.peek() {
            Some(Piece::Meant(meaning)) => Some(*meaning),
            _ => None,
        }
    }

    /// Goes past a word of this meaning.
    pub(super) fn take(&mut self, meaning: Meaning) -> bool {
        let here = self.meaning() == Some(meaning);
        if here {
            self.advance();
        }
        here
    }

    /// Goes past one of these marks.
    pub(super) fn mark(&mut self, marks: &[char]) -> Option<char> {
        match self.peek() {
            Some(Piece::Mark(mark)) if marks.contains(mark) => {
                self.advance();
                Some(*mark)
            }
            _ => None,
        }
    }

    /// Goes past figures.
    pub(super) fn figures(&mut self) -> Option<&'a str> {
        match self.peek() {
            Some(Piece::Figures(figures)) => {
                self.advance();
                Some(figures)
            }
            _ => None,
        }
    }
}

/// A number under way.
#[derive(Default)]
struct Sum {
    /// Millions and more, done with.
    closed: u64,
    /// Thousands below them.
    thousands: u64,
    /// Below a thousand; none before its first word.
    group: Option<u64>,
    /// The greatest that may still join the group.
    room: u64,
    /// What the next millions have to be below.
    limit: Option<u64>,
}

impl Sum {
    fn value(&self) -> Option<u64> {
        self.closed.checked_add(self.thousands)?.checked_add(self.group.unwrap_or(0))
    }

    /// Takes a word in; false when it is no part of this number.
    fn join(&mut self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::Unit(value) if value > 0 => self.add(u64::from(value), 0),
            Meaning::Small(value) => self.add(u64::from(value), 0),
            Meaning::Tens(value) => self.add(u64::from(value), 9),
            Meaning::Hundreds(value) => self.add(u64::from(value), 99),
            Meaning::Hundred => match self.group {
                None if self.room == 999 => self.add(100, 99),
                Some(group @ 1..=99) => {
                    (self.group, self.room) = (Some(group * 100), 99);
                    true
                }
                _ => false,
            },
            Meaning::Scale(1_000) if self.thousands == 0 => {
                match self.group.unwrap_or(1).checked_mul(1_000) {
                    Some(thousands) => {
                        (self.thousands, self.group, self.room) = (thousands, None, 999);
                        true
                    }
                    None => false,
                }
            }
            Meaning::Scale(scale) if scale > 1_000 && self.limit.is_none_or(|limit| scale < limit) => {
                let count = if self.thousands == 0 && self.group.is_none() {
                    Some(1)
                } else {
                    self.thousands.checked_add(self.group.unwrap_or(0))
                };
                let closed = count.and_then(|count| count.checked_mul(scale)?.checked_add(self.closed));
                let Some(closed) = closed else { return false };
                *self = Self { closed, limit: Some(scale), room: 999, ..Self::default() };
                true
            }
            _ => false,
        }
    }

    fn add(&mut self, value: u64, room: u64) -> bool {
        let fits = value <= self.room;
        if fits {
            self.group = Some(self.group.unwrap_or(0) + value);
            self.room = room;
        }
        fits
    }
}

/// The longest number that stands here: "two hundred and five", "dos mil millones", "5 million".
pub(super) fn cardinal(cursor: &mut Cursor<'_>) -> Option<u64> {
    if cursor.take(Meaning::Unit(0)) {
        return Some(0);
    }
    let mut sum = Sum { room: 999, ..Sum::default() };
    let mut ahead = *cursor;
    let mut any = false;
    if let Some(figures) = ahead.figures() {
        sum.group = Some(figures.parse().ok()?);
        sum.room = 0;
        any = true;
        *cursor = ahead;
    }
    loop {
        let mut ahead = *cursor;
        if any {
            ahead.take(Meaning::And);
        }
        match ahead.meaning() {
            Some(meaning) if sum.join(meaning) => ahead.advance(),
            _ => break,
        }
        any = true;
        *cursor = ahead;
    }
    if any { sum.value() } else { None }
}

/// All that is said as figures one after the other: "one two three", "double five", "twelve thirty-four".
pub(super) fn digits(said: &[Piece]) -> Vec<String> {
    // "Twenty three" is 23, and may be 20 3.
    [figures(said, false), figures(said, true)].into_iter().flatten().collect()
}

/// The same; with `apart` tens do not take a unit in.
pub(super) fn figures(said: &[Piece], apart: bool) -> Option<String> {
    let mut keys = String::new();
    let mut cursor = Cursor::new(said);
    while !cursor.is_done() {
        let mut ahead = cursor;
        if ahead.figures().is_some() && !matches!(ahead.meaning(), Some(Meaning::Hundred | Meaning::Scale(_)))
        {
            keys.push_str(cursor.figures()?);
        } else if cursor.mark(&['-', '.', ',', ':', '/']).is_some() || cursor.take(Meaning::And) {
            continue;
        } else if let Some(Meaning::Times(times)) = cursor.meaning() {
            cursor.advance();
            let digit = match cursor.peek()? {
                Piece::Meant(Meaning::Unit(digit)) => digit.to_string(),
                Piece::Figures(figures) if figures.len() == 1 => figures.clone(),
                _ => return None,
            };
            cursor.advance();
            keys.push_str(&digit.repeat(usize::from(times)));
        } else if let (true, Some(Meaning::Tens(tens))) = (apart, cursor.meaning()) {
            cursor.advance();
            keys.push_str(&tens.to_string());
        } else {
            keys.push_str(&cardinal(&mut cursor)?.to_string());
        }
        if keys.len() > LONGEST_KEYS {
            return None;
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// A whole number.
pub(super) fn number(said: &[Piece]) -> Vec<String> {
    if let Some(grouped) = grouped(said) {
        return vec![grouped];
    }
    // A sign, a fraction or a time is no whole number.
    if said.iter().any(|piece| matches!(piece, Piece::Mark(_))) {
        return Vec::new();
    }
    let mut cursor = Cursor::new(said);
    let whole = cardinal(&mut cursor).filter(|_| cursor.is_done()).map(|number| number.to_string());
    let one_by_one = figures(said, false);
    whole.into_iter().chain(one_by_one).filter(|keys| keys.len() <= LONGEST_NUMBER).collect()
}

/// Figures with marks between the thousands: "1,234,567".
fn grouped(said: &[Piece]) -> Option<String> {
    let mut cursor = Cursor::new(said);
    let mut keys = cursor.figures().filter(|first| first.len() <= 3)?.to_owned();
    let mark = cursor.mark(&[',', '.'])?;
    loop {
        keys.push_str(cursor.figures().filter(|figures| figures.len() == 3)?);
        if cursor.is_done() {
            return (keys.len() <= LONGEST_KEYS).then_some(keys);
        }
        cursor.mark(&[mark])?;
    }
}

/// A telephone number; a plus is the two zeros that stand for it.
pub(super) fn phone(said: &[Piece]) -> Vec<String> {
    let (prefix, national) = match said {
        [Piece::Mark('+') | Piece::Meant(Meaning::Plus), national @ ..] => ("00", national),
        _ => ("", said),
    };
    digits(national).into_iter().map(|keys| format!("{prefix}{keys}")).collect()
}
