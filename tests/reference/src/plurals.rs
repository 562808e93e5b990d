//! Which form of a word a number takes, in the languages that the examples and tests are written in.

use flow_check::hir::PluralClass::{self, Few, Many, One, Other};

/// The class of a number in a language; `None` of a language that is not told here.
pub(crate) fn class(language: &str, number: i64) -> Option<PluralClass> {
    let n = number.unsigned_abs();
    let few = (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100));
    let millions = n > 0 && n.is_multiple_of(1_000_000);
    Some(match language.split('-').next().unwrap_or_default() {
        "en" | "de" | "nl" | "sv" if n == 1 => One,
        "en" | "de" | "nl" | "sv" => Other,
        "es" | "it" if n == 1 => One,
        "fr" if n < 2 => One,
        "es" | "it" | "fr" if millions => Many,
        "es" | "it" | "fr" => Other,
        "pl" if n == 1 => One,
        "ru" if n % 10 == 1 && n % 100 != 11 => One,
        "pl" | "ru" if few => Few,
        "pl" | "ru" => Many,
        _ => return None,
    })
}
