//! Telephone numbers as people of a country write them, and as the world does: E.164.
//!
//! Pure: it knows the plans of countries (the national destination's lengths and the digits that people dial before
//! it at home), and nothing of who calls whom. What cannot be a number of its country is none. Sources: ITU-T E.164
//! (assigned country codes; at most 15 digits) and the national numbering plans as ITU-T publishes them (E.129).

/// How a country writes its numbers.
struct Plan {
    /// The country calling code.
    code: &'static str,
    /// Dialled at home before the national number, and no part of it.
    trunk: &'static str,
    /// Digits of a national number.
    digits: std::ops::RangeInclusive<usize>,
    /// Dialled before the code of another country.
    abroad: &'static str,
}

const fn plan(code: &'static str, trunk: &'static str, least: usize, most: usize) -> Plan {
    Plan { code, trunk, digits: least..=most, abroad: "00" }
}

const fn plan_abroad(plan: Plan, abroad: &'static str) -> Plan {
    Plan { abroad, ..plan }
}

/// Plans of countries; the others drop a 0 and are judged by the lengths of E.164 alone.
const PLANS: &[Plan] = &[
    plan_abroad(plan("1", "1", 10, 10), "011"),
    plan_abroad(plan("7", "8", 10, 10), "810"),
    plan("20", "0", 8, 10),
    plan("27", "0", 9, 9),
    plan("30", "", 10, 10),
    plan("31", "0", 9, 9),
    plan("32", "0", 8, 9),
    plan("33", "0", 9, 9),
    plan("34", "", 9, 9),
    plan("36", "06", 8, 9),
    // Italy's 0 is part of the number.
    plan("39", "", 6, 11),
    plan("40", "0", 9, 9),
    plan("41", "0", 9, 9),
    plan("43", "0", 5, 13),
    plan("44", "0", 9, 10),
    plan("45", "", 8, 8),
    plan("46", "0", 7, 9),
    plan("47", "", 8, 8),
    plan("48", "", 9, 9),
    plan("49", "0", 5, 12),
    plan("51", "0", 8, 9),
    plan("52", "", 10, 10),
    plan("54", "0", 10, 11),
    plan("55", "0", 10, 11),
    plan("56", "", 9, 9),
    plan("57", "", 10, 10),
    plan("58", "0", 10, 10),
    plan("60", "0", 8, 10),
    plan_abroad(plan("61", "0", 9, 9), "0011"),
    plan("63", "0", 8, 10),
    plan("64", "0", 8, 10),
    plan("65", "", 8, 8),
    plan("66", "0", 8, 9),
    plan_abroad(plan("81", "0", 9, 10), "010"),
    plan("82", "0", 8, 11),
    plan("84", "0", 9, 10),
    plan("86", "0", 10, 11),
    plan("90", "0", 10, 10),
    plan("91", "0", 10, 10),
    plan("351", "", 9, 9),
    plan("352", "", 4, 11),
    plan("353", "0", 7, 9),
    plan("354", "", 7, 9),
    plan("356", "", 8, 8),
    plan("357", "", 8, 8),
    plan("358", "0", 5, 12),
    plan("359", "0", 6, 9),
    plan("370", "0", 8, 8),
    plan("371", "", 8, 8),
    plan("372", "", 7, 8),
    plan("377", "", 8, 9),
    plan("380", "0", 9, 9),
    plan("385", "0", 8, 9),
    plan("386", "0", 8, 8),
    plan("420", "", 9, 9),
    plan("421", "0", 9, 9),
    plan("502", "", 8, 8),
    plan("503", "", 8, 8),
    plan("504", "", 8, 8),
    plan("505", "", 8, 8),
    plan("506", "", 8, 8),
    plan("507", "", 7, 8),
    plan("593", "0", 8, 9),
    plan("598", "0", 8, 8),
    plan("852", "", 8, 8),
    plan("886", "0", 8, 9),
    plan("971", "0", 8, 9),
    plan("972", "0", 8, 9),
];

/// Digits of a number with its country's code (ITU-T E.164 section 6.1; the least is ours).
const E164_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The country calling code of a number that begins with a plus, with its plus: one, two or three digits.
pub fn country(number: &str) -> Option<&str> {
    const TWO: &[&str] = &[
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let digits = number.strip_prefix('+')?;
    let length = match digits.get(..2)? {
        two if two.starts_with(['1', '7']) => 1,
        two if TWO.contains(&two) => 2,
        _ => 3,
    };
    number.get(..=length)
}

/// The E.164 number that somebody means who dials these digits where the numbers look like `home`, a number with its
/// plus. `None` when it can be no number of its country. Where `home` is no such number, what does not say its
/// country stays as it is.
pub fn e164(dialled: &str, home: &str) -> Option<String> {
    if dialled.is_empty() || !dialled.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let at_home = country(home).and_then(|code| code.strip_prefix('+'));
    let plan = at_home.map(|code| (code, PLANS.iter().find(|plan| plan.code == code)));
    let abroad = plan.and_then(|(_, plan)| plan).map_or("00", |plan| plan.abroad);
    let away = dialled.strip_prefix(abroad).or_else(|| dialled.strip_prefix("00"));
    if let Some(number) = away {
        return possible(format!("+{number}"));
    }
    let Some((code, plan)) = plan else { return Some(dialled.to_owned()) };
    let Some(plan) = plan else {
        return possible(format!("+{code}{}", dialled.strip_prefix('0').unwrap_or(dialled)));
    };
    let fits = |number: &str| plan.digits.contains(&number.len());
    let national = match dialled.strip_prefix(plan.trunk).filter(|_| !plan.trunk.is_empty()) {
        Some(rest) if fits(rest) => rest,
        // Without the trunk prefix only what every place of the country would understand: where numbers have
        // different lengths, this is a number of one town.
        _ if plan.trunk.is_empty() || (plan.digits.start() == plan.digits.end()) => dialled,
        _ => return None,
    };
    possible(format!("+{code}{national}"))
}

/// A number that its country may have.
fn possible(number: String) -> Option<String> {
    let digits = number.strip_prefix('+')?;
    if !E164_DIGITS.contains(&digits.len()) || digits.starts_with('0') {
        return None;
    }
    let code = country(&number)?.strip_prefix('+')?;
    let national = digits.strip_prefix(code)?;
    let fits = match PLANS.iter().find(|plan| plan.code == code) {
        // In North America neither an area nor an exchange begins with 0 or 1.
        Some(plan) if code == "1" => {
            let begins = |at: usize| national.as_bytes().get(at).is_some_and(|digit| *digit >= b'2');
            plan.digits.contains(&national.len()) && begins(0) && begins(3)
        }
        Some(plan) => plan.digits.contains(&national.len()),
        None => true,
    };
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_understood_as_their_country_writes_them() {
        for (home, dialled, number) in [
            ("+12125550100", "3125550123", Some("+13125550123")),
            ("+12125550100", "13125550123", Some("+13125550123")),
            ("+12125550100", "5550123", None),
            ("+12125550100", "0125550123", None),
            ("+12125550100", "2120550123", None),
            ("+12125550100", "01134600000001", Some("+34600000001")),
            ("+34910000000", "600000001", Some("+34600000001")),
            ("+34910000000", "60000000", None),
            ("+34910000000", "0012125550123", Some("+12125550123")),
            ("+34910000000", "0015550123", None),
            ("+442079460000", "07700900123", Some("+447700900123")),
            ("+442079460000", "7946000", None),
            ("+4930123456", "030123456", Some("+4930123456")),
            ("+4930123456", "123456", None),
            ("+4930123456", "015112345678", Some("+4915112345678")),
            ("+33123456789", "0612345678", Some("+33612345678")),
            ("+33123456789", "612345678", Some("+33612345678")),
            ("+390612345678", "0612345678", Some("+390612345678")),
            ("+390612345678", "3331234567", Some("+393331234567")),
            ("+3612345678", "06301234567", Some("+36301234567")),
            ("+74951234567", "84951234567", Some("+74951234567")),
            ("+74951234567", "81034600000001", Some("+34600000001")),
            ("+61212345678", "0412345678", Some("+61412345678")),
            ("+61212345678", "001134600000001", Some("+34600000001")),
            ("+810312345678", "09012345678", Some("+819012345678")),
            ("+254201234567", "0712345678", Some("+254712345678")),
            ("", "12345", Some("12345")),
            ("", "0034600000001", Some("+34600000001")),
            ("", "000600000001", None),
            ("", "00", None),
            ("+34910000000", "", None),
            ("+34910000000", "6*0", None),
        ] {
            assert_eq!(e164(dialled, home).as_deref(), number, "{dialled} in {home}");
        }
    }

    #[test]
    fn countries_have_one_to_three_digits() {
        assert_eq!(country("+15550100"), Some("+1"));
        assert_eq!(country("+34600000001"), Some("+34"));
        assert_eq!(country("+351210000000"), Some("+351"));
        assert_eq!(country("+4"), None);
    }
}
