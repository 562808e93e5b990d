//! Amounts of money: "twelve pounds fifty", "doce euros con cincuenta", "twelve fifty", "$12.50".

use flow_bytecode::decimal::Currency;

use super::numbers::{Cursor, cardinal, figures};
use super::pieces::{Extra, Piece, pieces, plain};
use super::words::{Lexicon, Meaning};
use crate::speech::tongue;

/// Figures of an amount at most; longer ones are beyond all money.
const LONGEST_AMOUNT: usize = 24;

/// The keys of each amount that may be meant, with `*` for the point. One in another currency is none.
pub(super) fn money(lexicon: &Lexicon, language: &str, currency: Currency, text: &str) -> Vec<String> {
    let Some(pieces) = pieces(text, lexicon, &coins(lexicon, language, currency)) else { return Vec::new() };
    let of_other = |piece: &Piece| match piece {
        Piece::Meant(Meaning::Foreign) => true,
        Piece::Mark(mark) => signs(*mark).is_some_and(|codes| !codes.contains(&currency.code())),
        _ => false,
    };
    if pieces.iter().any(of_other) {
        return Vec::new();
    }
    let said: Vec<Piece> = pieces
        .into_iter()
        .filter(|piece| !matches!(piece, Piece::Mark(mark) if signs(*mark).is_some()))
        .collect();
    let Some(said) = super::core(&said) else { return Vec::new() };
    let (_, region) = tongue::of(language);
    let amount = Amount { said, digits: currency.digits() as usize, comma: region.comma };
    amount.readings()
}

/// The currencies of a sign.
fn signs(mark: char) -> Option<&'static [&'static str]> {
    match mark {
        '$' => Some(&["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "COP", "CLP", "UYU", "DOP"]),
        '€' => Some(&["EUR"]),
        '£' => Some(&["GBP"]),
        '¥' => Some(&["JPY", "CNY"]),
        _ => None,
    }
}

/// What the coins are called: as we call them ourselves, by other names, and by their code, in letters or as a word.
fn coins(lexicon: &Lexicon, language: &str, currency: Currency) -> Vec<Extra> {
    let code = currency.code().to_lowercase();
    let letters: Vec<String> = code.chars().map(String::from).collect();
    let mut own = vec![(letters.join(" "), Meaning::Major), (code, Meaning::Major)];
    let mut foreign = Vec::new();
    let (speaker, _) = tongue::of(language);
    let speaks = language
        .split(['-', '_'])
        .next()
        .is_some_and(|base| base.eq_ignore_ascii_case(speaker.table().language));
    let spoken = if speaks { speaker.table().currencies } else { &[] };
    for words in spoken {
        let is_own = words.codes.contains(&currency.code());
        let major = [words.major.one.text, words.major.many.text];
        let minor = words.minor.iter().flat_map(|unit| [unit.one.text, unit.many.text]);
        if is_own {
            own.extend(major.map(|word| (plain(word), Meaning::Major)));
            own.extend(minor.map(|word| (plain(word), Meaning::Minor)));
        } else {
            foreign.extend(major.into_iter().chain(minor).map(|word| (plain(word), Meaning::Foreign)));
        }
    }
    for (names, meaning) in [(lexicon.coins, Meaning::Major), (lexicon.small_coins, Meaning::Minor)] {
        for (name, codes) in names {
            if codes.contains(&currency.code()) {
                own.push(((*name).to_owned(), meaning));
            } else {
                foreign.push(((*name).to_owned(), Meaning::Foreign));
            }
        }
    }
    // Of one name for two coins ("centavo") the own is meant: the first that fits.
    own.extend(foreign);
    own
}

struct Amount<'a> {
    said: &'a [Piece],
    /// Of the smaller coin; none where there is no such coin.
    digits: usize,
    /// Whether a comma is the point here.
    comma: bool,
}

impl Amount<'_> {
    fn readings(&self) -> Vec<String> {
        let readings = [self.written(), self.pointed(), self.minor_alone(), self.both(), self.whole()];
        let mut keys: Vec<String> = readings.into_iter().flatten().collect();
        // "One two three" is said for figures too.
        if keys.is_empty()
            || !self.said.iter().any(|piece| matches!(piece, Piece::Meant(Meaning::Major | Meaning::Minor)))
        {
            let marked = self.said.iter().any(|piece| matches!(piece, Piece::Mark(_)));
            keys.extend((!marked).then(|| figures(self.said, false)).flatten().map(|keys| shortened(&keys)));
        }
        keys.retain(|keys| keys.len() <= LONGEST_AMOUNT);
        keys
    }

    /// Figures with a point: "12.50", "1.234,50".
    fn written(&self) -> Option<String> {
        let mut cursor = Cursor::new(self.said);
        let mut whole = cursor.figures()?.to_owned();
        let mut groups: Vec<(char, &str)> = Vec::new();
        while let Some(mark) = cursor.mark(&['.', ',']) {
            groups.push((mark, cursor.figures()?));
        }
        self.end(&mut cursor)?;
        let (last_mark, last) = groups.pop()?;
        // Three figures after the last mark are thousands, unless the currency has three behind the point.
        let point = if self.comma { ',' } else { '.' };
        let is_fraction = match last.len() {
            3 => self.digits == 3 && last_mark == point,
            length => length <= self.digits,
        };
        if groups.iter().any(|(_, group)| group.len() != 3) || !(is_fraction || last.len() == 3) {
            return None;
        }
        for (_, group) in groups {
            whole.push_str(group);
        }
        if is_fraction {
            return Some(format!("{}*{last}", shortened(&whole)));
        }
        whole.push_str(last);
        Some(shortened(&whole))
    }

    /// "Twelve point five", "doce coma cincuenta".
    fn pointed(&self) -> Option<String> {
        let point = self.said.iter().position(|piece| *piece == Piece::Meant(Meaning::Point))?;
        let (whole, after) = self.said.split_at(point);
        let mut cursor = Cursor::new(whole);
        let whole = if cursor.is_done() { 0 } else { cardinal(&mut cursor)? };
        let after = after.get(1..)?;
        let length = after
            .iter()
            .position(|piece| matches!(piece, Piece::Meant(Meaning::Major | Meaning::Minor)))
            .unwrap_or(after.len());
        let (fraction, coin) = after.split_at(length);
        self.end(&mut Cursor::new(coin))?;
        let fraction = figures(fraction, false).filter(|fraction| fraction.len() <= self.digits)?;
        cursor.is_done().then(|| format!("{whole}*{fraction}"))
    }

    /// "Fifty pence".
    fn minor_alone(&self) -> Option<String> {
        let mut cursor = Cursor::new(self.said);
        let minor = self.coins(&mut cursor)?;
        (cursor.take(Meaning::Minor) && cursor.is_done()).then(|| format!("0*{minor}"))
    }

    /// "Twelve pounds fifty", "twelve pounds and five pence", "doce con cincuenta", "doce euros y medio".
    fn both(&self) -> Option<String> {
        let mut cursor = Cursor::new(self.said);
        let whole = cardinal(&mut cursor)?;
        while cursor.take(Meaning::Of) {}
        let mut joined = cursor.take(Meaning::Major);
        joined |= cursor.take(Meaning::And);
        let half = cursor.take(Meaning::Half);
        let minor = if half {
            // Of the greater coin: 50 of 100.
            (joined && self.digits > 0).then(|| format!("5{}", "0".repeat(self.digits - 1)))?
        } else if joined
            || matches!(cursor.meaning(), Some(Meaning::Small(_) | Meaning::Tens(_)))
            || matches!(cursor.rest(), [Piece::Meant(Meaning::Unit(0)), Piece::Meant(Meaning::Unit(_))])
        {
            self.coins(&mut cursor)?
        } else {
            return None;
        };
        if !cursor.take(Meaning::Minor) {
            cursor.take(Meaning::Major);
        }
        cursor.is_done().then(|| format!("{whole}*{minor}"))
    }

    /// "Five hundred", "one million dollars".
    fn whole(&self) -> Option<String> {
        let mut cursor = Cursor::new(self.said);
        let whole = cardinal(&mut cursor)?;
        self.end(&mut cursor)?;
        Some(whole.to_string())
    }

    /// So many of the smaller coin, with the zeros before them.
    fn coins(&self, cursor: &mut Cursor<'_>) -> Option<String> {
        if cursor.take(Meaning::Unit(0))
            && let Some(Meaning::Unit(unit)) = cursor.meaning()
        {
            // "Twelve oh five".
            cursor.advance();
            return (self.digits == 2).then(|| format!("0{unit}"));
        }
        let minor = cardinal(cursor)?.to_string();
        (minor.len() <= self.digits).then(|| format!("{minor:0>width$}", width = self.digits))
    }

    /// Only the coin's name may follow.
    fn end(&self, cursor: &mut Cursor<'_>) -> Option<()> {
        while cursor.take(Meaning::Of) {}
        cursor.take(Meaning::Major);
        cursor.is_done().then_some(())
    }
}

/// Without zeros in front.
fn shortened(figures: &str) -> String {
    match figures.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest => rest.to_owned(),
    }
}
