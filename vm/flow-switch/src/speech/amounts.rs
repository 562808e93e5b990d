//! Decimals and money read aloud: "zero point five", "12 pounds 50".
//!
//! An amount is exact and stays so: nothing here rounds.

use flow_bytecode::decimal::{Decimal, Money};

use super::said::Said;
use super::tongue::{Context, Noun, Tongue};

/// An amount as it is written, cut at its point.
struct Parts<'a> {
    negative: bool,
    /// Digits only, at least one.
    whole: &'a str,
    /// Digits only; perhaps none.
    fraction: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a text as decimals write themselves.
    fn of(text: &'a str) -> Self {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        Self { negative, whole, fraction }
    }
}

/// A decimal: its whole part as a number, its fraction digit by digit.
pub(super) fn decimal(tongue: &dyn Tongue, number: Decimal, context: Context<'_>) -> Said {
    plain(tongue, &Parts::of(&number.to_string()), Noun::Alone, context)
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

/// Money by the words of its currency; one without words here goes by its letters.
pub(super) fn money(tongue: &dyn Tongue, money: Money, context: Context<'_>) -> Said {
    let table = tongue.table();
    let (code, digits) = (money.currency.code(), money.currency.digits());
    let mut amount = money.amount;
    if amount.scale() < digits {
        amount.rescale(digits);
    }
    let text = amount.to_string();
    let parts = Parts::of(&text);
    let Some(currency) = table.currencies.iter().find(|currency| currency.codes.contains(&code)) else {
        let mut said = plain(tongue, &parts, Noun::Alone, context);
        said.append(tongue.spelled(code));
        return said;
    };
    let mut said = Said::default();
    let (whole, minor) = (parts.whole.parse::<u64>(), parts.fraction.parse::<u64>());
    let has_minor = parts.fraction.bytes().any(|digit| digit != b'0');
    match (whole, minor, &currency.minor) {
        (Ok(whole), Ok(minor), Some(unit)) if has_minor && parts.fraction.len() == digits as usize => {
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
