//! Decimals and money read aloud: "zero point five", "12 pounds 50".
//!
//! An amount comes as exact text (`-12.5`), so that nothing here rounds.

use super::said::Said;
use super::tongue::{Context, Noun, Tongue};

/// An amount cut at its point.
struct Parts<'a> {
    negative: bool,
    /// Digits only, at least one.
    whole: &'a str,
    /// Digits only; perhaps none.
    fraction: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a text as decimals write themselves; `None` for another text.
    fn of(text: &'a str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (!whole.is_empty() && plain(whole) && plain(fraction)).then_some(Self { negative, whole, fraction })
    }
}

/// A decimal: its whole part as a number, its fraction digit by digit.
pub(super) fn decimal(tongue: &dyn Tongue, text: &str, context: Context<'_>) -> Said {
    match Parts::of(text) {
        Some(parts) => plain(tongue, &parts, Noun::Alone, context),
        None => Said { display: text.to_owned(), clips: Vec::new() },
    }
}

fn plain(tongue: &dyn Tongue, parts: &Parts<'_>, noun: Noun, context: Context<'_>) -> Said {
    let table = tongue.table();
    let mut said = Said::default();
    if parts.negative {
        said.clips.push(table.minus.clip);
    }
    let sign = if parts.negative { "-" } else { "" };
    match parts.whole.parse::<u64>() {
        Ok(number) => tongue.cardinal(number, noun, context.region, &mut said.clips),
        Err(_) => said.clips.extend(parts.whole.chars().filter_map(|digit| tongue.character(digit))),
    }
    if parts.fraction.is_empty() {
        said.show(format_args!("{sign}{}", parts.whole));
    } else {
        let (mark, word) = if context.region.comma { (',', &table.comma) } else { ('.', &table.point) };
        said.show(format_args!("{sign}{}{mark}{}", parts.whole, parts.fraction));
        said.clips.push(word.clip);
        said.clips.extend(parts.fraction.chars().filter_map(|digit| tongue.character(digit)));
    }
    said
}

/// Money: an amount in a currency (ISO 4217) whose amounts are written with so many digits after the point.
pub(super) fn money(tongue: &dyn Tongue, text: &str, code: &str, digits: u32, context: Context<'_>) -> Said {
    let table = tongue.table();
    let Some(parts) = Parts::of(text) else {
        return Said { display: format!("{text} {code}"), clips: Vec::new() };
    };
    let fraction = format!("{:0<width$}", parts.fraction, width = digits as usize);
    let Some(currency) = table.currencies.iter().find(|currency| currency.codes.contains(&code)) else {
        // A currency without words here goes by its letters.
        let mut said = plain(tongue, &Parts { fraction: &fraction, ..parts }, Noun::Alone, context);
        said.append(tongue.spelled(code));
        return said;
    };
    let mut said = Said::default();
    let (whole, minor) = (parts.whole.parse::<u64>(), fraction.parse::<u64>());
    let has_minor = fraction.bytes().any(|digit| digit != b'0');
    match (whole, minor, &currency.minor) {
        (Ok(whole), Ok(minor), Some(unit)) if has_minor && fraction.len() == digits as usize => {
            if parts.negative {
                said.word(&table.minus);
            }
            if whole == 0 {
                tongue.counted(&mut said, minor, unit, context.region);
            } else {
                tongue.coins(&mut said, whole, minor, currency, context.region);
            }
        }
        (Ok(whole), ..) if !has_minor => {
            if parts.negative {
                said.word(&table.minus);
            }
            tongue.counted(&mut said, whole, &currency.major, context.region);
        }
        // Parts of the smallest coin, and sums that no number word reaches.
        _ => {
            said = plain(tongue, &parts, currency.major.noun, context);
            said.word(&currency.major.many);
        }
    }
    said
}
