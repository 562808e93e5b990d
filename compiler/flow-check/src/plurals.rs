//! Which plural forms a language has, and whether what is written has them.
//!
//! The classes are those of whole numbers in the Unicode CLDR. The machine, which picks a form by a number, has the same
//! table; a test keeps the two alike.

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::PluralClass::{self, Few, Many, One, Other, Two, Zero};
use crate::hir::{LanguageId, Segment};
use crate::near::listed;

/// The classes of whole numbers in a language, by its code; `Other` is always among them.
pub fn classes(language: &str) -> &'static [PluralClass] {
    let primary = language.split(['-', '_']).next().unwrap_or(language);
    match primary {
        "ja" | "zh" | "ko" | "vi" | "th" | "id" | "ms" | "lo" | "my" => &[Other],
        "fr" | "pt" | "es" | "it" | "ca" => &[One, Many, Other],
        "ru" | "uk" | "be" | "pl" => &[One, Few, Many, Other],
        "hr" | "sr" | "bs" | "cs" | "sk" | "lt" | "ro" | "mo" => &[One, Few, Other],
        "sl" => &[One, Two, Few, Other],
        "lv" => &[Zero, One, Other],
        "ar" | "cy" => &[Zero, One, Two, Few, Many, Other],
        "he" | "iw" => &[One, Two, Other],
        "ga" => &[One, Two, Few, Many, Other],
        _ => &[One, Other],
    }
}

/// Whether a class may be left out, because few numbers take it: millions in Romance languages, and none at all.
fn may_be_left_out(language: &str, class: PluralClass) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or(language);
    class == Zero || class == Many && ["fr", "pt", "es", "it", "ca"].contains(&primary)
}

impl Checker<'_> {
    /// Every `plural` of a text has the forms of its language, and none that no number of it takes.
    pub fn plural_forms(&mut self, segments: &[Segment], language: LanguageId, at: Location) {
        if !segments.iter().any(|segment| matches!(segment, Segment::Plural(_))) {
            return;
        }
        let code = self.program.languages[language].clone();
        for segment in segments {
            let Segment::Plural(plural) = segment else { continue };
            let forms = &plural.forms;
            let written = |class: &PluralClass| forms.iter().any(|(own, _)| own == class);
            let missing: Vec<String> = classes(&code)
                .iter()
                .filter(|class| **class != Other && !written(class) && !may_be_left_out(&code, **class))
                .map(|class| format!("`{}`", name(*class)))
                .collect();
            if !missing.is_empty() {
                let (all, each) = (listed(&missing, "and"), missing[0].trim_matches('`'));
                self.error(
                    codes::PLURAL_FORM_MISSING,
                    at,
                    format!("`{code}` counts with {all}, which this `plural` does not have"),
                    "a form is missing",
                )
                .add_help(format!("add `{each} \"…\"`: {}", example(&code)));
            }
            for (class, _) in forms.iter().filter(|(class, _)| !classes(&code).contains(class)) {
                self.warning(
                    codes::PLURAL_FORM_UNUSED,
                    at,
                    format!("no number takes the form `{}` in `{code}`", name(*class)),
                    "this form is never heard",
                )
                .add_help(format!("remove `{} \"…\"`", name(*class)));
            }
        }
    }
}

fn name(class: PluralClass) -> &'static str {
    match class {
        Zero => "zero",
        One => "one",
        Two => "two",
        Few => "few",
        Many => "many",
        Other => "other",
    }
}

/// Which numbers take which form.
fn example(language: &str) -> &'static str {
    match language.split(['-', '_']).next().unwrap_or(language) {
        "pl" => "1 is `one`, 2 to 4 are `few`, 5 and 12 are `many`",
        "ru" | "uk" | "be" => "1 and 21 are `one`, 2 to 4 are `few`, 5 and 11 are `many`",
        "hr" | "sr" | "bs" => "1 and 21 are `one`, 2 to 4 are `few`",
        "cs" | "sk" => "1 is `one`, 2 to 4 are `few`",
        "ro" | "mo" => "1 is `one`, 2 to 19 are `few`",
        "lt" => "1 and 21 are `one`, 2 to 9 are `few`",
        "ar" => "0 to 2 have forms of their own, 3 to 10 are `few`, 11 to 99 are `many`",
        "he" | "iw" => "1 is `one`, 2 is `two`",
        _ => "the Unicode CLDR lists which numbers take it",
    }
}
