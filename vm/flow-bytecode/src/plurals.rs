//! Plural classes of whole numbers, as the Unicode CLDR defines them for each language.
//!
//! The compiler asks which forms a language needs, the machine which one a number takes.

use crate::program::PluralClass::{self, Few, Many, One, Other, Two, Zero};

/// The families of languages that count alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// One form: Japanese, Chinese, Korean, Vietnamese, Thai, Indonesian, Malay.
    Same,
    /// One thing and several: English, German, and most of Europe.
    OneOther,
    /// Zero counts as one: Hindi, Bengali, Persian.
    ZeroIsOne,
    /// The same, with a form for millions: French, Brazilian Portuguese.
    French,
    /// One, millions, and the rest: Spanish, Italian, Catalan, Portuguese.
    Spanish,
    /// Russian, Ukrainian, Belarusian.
    EastSlavic,
    /// Croatian, Serbian, Bosnian.
    SouthSlavic,
    Polish,
    /// Czech, Slovak.
    Czech,
    Slovene,
    Lithuanian,
    Latvian,
    Romanian,
    Arabic,
    Hebrew,
    Welsh,
    Irish,
}

fn family(language: &str) -> Family {
    let primary = language.split(['-', '_']).next().unwrap_or(language).to_ascii_lowercase();
    match primary.as_str() {
        "ja" | "zh" | "ko" | "vi" | "th" | "id" | "ms" | "lo" | "my" => Family::Same,
        "hi" | "bn" | "fa" | "gu" | "kn" | "zu" | "am" => Family::ZeroIsOne,
        "fr" => Family::French,
        "pt" if !language.to_ascii_uppercase().ends_with("PT") => Family::French,
        "es" | "it" | "ca" | "pt" => Family::Spanish,
        "ru" | "uk" | "be" => Family::EastSlavic,
        "hr" | "sr" | "bs" => Family::SouthSlavic,
        "pl" => Family::Polish,
        "cs" | "sk" => Family::Czech,
        "sl" => Family::Slovene,
        "lt" => Family::Lithuanian,
        "lv" => Family::Latvian,
        "ro" | "mo" => Family::Romanian,
        "ar" => Family::Arabic,
        "he" | "iw" => Family::Hebrew,
        "cy" => Family::Welsh,
        "ga" => Family::Irish,
        _ => Family::OneOther,
    }
}

/// The class of a number in a language, by its code; a number below zero counts as above.
pub fn class(language: &str, number: i64) -> PluralClass {
    let n = number.unsigned_abs();
    let (ten, hundred) = (n % 10, n % 100);
    let millions = n != 0 && n.is_multiple_of(1_000_000);
    match family(language) {
        Family::Same => Other,
        Family::OneOther => pick(&[(n == 1, One)]),
        Family::ZeroIsOne => pick(&[(n <= 1, One)]),
        Family::French => pick(&[(n <= 1, One), (millions, Many)]),
        Family::Spanish => pick(&[(n == 1, One), (millions, Many)]),
        Family::EastSlavic => pick(&[
            (ten == 1 && hundred != 11, One),
            ((2..=4).contains(&ten) && !(12..=14).contains(&hundred), Few),
            (true, Many),
        ]),
        Family::SouthSlavic => pick(&[
            (ten == 1 && hundred != 11, One),
            ((2..=4).contains(&ten) && !(12..=14).contains(&hundred), Few),
        ]),
        Family::Polish => pick(&[
            (n == 1, One),
            ((2..=4).contains(&ten) && !(12..=14).contains(&hundred), Few),
            (true, Many),
        ]),
        Family::Czech => pick(&[(n == 1, One), ((2..=4).contains(&n), Few)]),
        Family::Slovene => {
            pick(&[(hundred == 1, One), (hundred == 2, Two), (hundred == 3 || hundred == 4, Few)])
        }
        Family::Lithuanian => {
            let teen = (11..=19).contains(&hundred);
            pick(&[(ten == 1 && !teen, One), ((2..=9).contains(&ten) && !teen, Few)])
        }
        Family::Latvian => {
            pick(&[(ten == 0 || (11..=19).contains(&hundred), Zero), (ten == 1 && hundred != 11, One)])
        }
        Family::Romanian => pick(&[(n == 1, One), (n == 0 || (1..=19).contains(&hundred), Few)]),
        Family::Arabic => pick(&[
            (n == 0, Zero),
            (n == 1, One),
            (n == 2, Two),
            ((3..=10).contains(&hundred), Few),
            ((11..=99).contains(&hundred), Many),
        ]),
        Family::Hebrew => pick(&[(n == 1, One), (n == 2, Two)]),
        Family::Welsh => pick(&[(n == 0, Zero), (n == 1, One), (n == 2, Two), (n == 3, Few), (n == 6, Many)]),
        Family::Irish => {
            pick(&[(n == 1, One), (n == 2, Two), ((3..=6).contains(&n), Few), ((7..=10).contains(&n), Many)])
        }
    }
}

/// The class of the first rule that holds.
fn pick(rules: &[(bool, PluralClass)]) -> PluralClass {
    rules.iter().find(|(holds, _)| *holds).map_or(Other, |(_, class)| *class)
}

/// The classes that whole numbers take in a language, `Other` among them: every language has that form.
pub fn classes(language: &str) -> &'static [PluralClass] {
    match family(language) {
        Family::Same => &[Other],
        Family::OneOther | Family::ZeroIsOne => &[One, Other],
        Family::French | Family::Spanish => &[One, Many, Other],
        Family::EastSlavic | Family::Polish => &[One, Few, Many, Other],
        Family::SouthSlavic | Family::Czech | Family::Lithuanian | Family::Romanian => &[One, Few, Other],
        Family::Slovene => &[One, Two, Few, Other],
        Family::Latvian => &[Zero, One, Other],
        Family::Arabic | Family::Welsh => &[Zero, One, Two, Few, Many, Other],
        Family::Hebrew => &[One, Two, Other],
        Family::Irish => &[One, Two, Few, Many, Other],
    }
}

/// The classes whose form may be left out, since few numbers take it and `other` is understood: millions.
pub fn is_rare(language: &str, class: PluralClass) -> bool {
    matches!(family(language), Family::French | Family::Spanish) && class == Many
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fall_into_the_classes_of_cldr() {
        let mut table = Vec::new();
        let numbers =
            [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 14, 20, 21, 22, 25, 100, 101, 102, 103, 111, 1_000_000];
        for language in
            ["en", "es-MX", "fr", "de", "pl", "ru", "ar", "cs", "ro", "ja", "cy", "pt-PT", "pt-BR"]
        {
            let row: Vec<String> =
                numbers.iter().map(|n| format!("{n} {:?}", class(language, *n)).to_lowercase()).collect();
            table.push(format!("{language}: {}", row.join(", ")));
        }
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn no_number_takes_a_class_that_its_language_does_not_list() {
        for language in "en es fr de pl ru ar uk hr cs sl lt lv ro he cy ga ja hi it pt pt-PT tlh".split(' ')
        {
            let listed = classes(language);
            assert!(listed.contains(&Other), "{language}");
            let taken: Vec<PluralClass> =
                (0..1_000).chain([1_000_000, i64::MIN, i64::MAX]).map(|n| class(language, n)).collect();
            assert!(taken.iter().all(|class| listed.contains(class)), "{language}");
            let used = |class: &PluralClass| *class == Other || taken.contains(class);
            assert!(listed.iter().all(used), "{language}: a class that no number takes");
        }
    }
}
