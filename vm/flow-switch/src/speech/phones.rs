//! Telephone numbers in the groups in which people of each country say them.

/// The digits of a number, cut into groups; the country's code is the first where there is one.
pub(super) fn groups(number: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut groups = Vec::new();
    let national = if number.trim_start().starts_with('+') {
        let (code, national) = digits.split_at(country_length(&digits).min(digits.len()));
        groups.push(code.to_owned());
        national
    } else {
        digits.as_str()
    };
    let pattern = groups.first().map_or(&[][..], |code| pattern(code, national));
    let fits = pattern.iter().sum::<usize>() == national.len();
    groups.extend(if fits && !pattern.is_empty() { cut(national, pattern) } else { threes(national) });
    groups.retain(|group| !group.is_empty());
    groups
}

/// The lengths of groups, by the country's code and the digits that follow; empty where we know none.
fn pattern(code: &str, national: &str) -> &'static [usize] {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| national.starts_with(prefix));
    match code {
        // North America.
        "1" if national.len() == 7 => &[3, 4],
        "1" => &[3, 3, 4],
        "7" => &[3, 3, 2, 2],
        "34" => &[3, 3, 3],
        "33" => &[1, 2, 2, 2, 2],
        "351" | "48" | "420" => &[3, 3, 3],
        "39" => &[3, 3, 4],
        // Great Britain: London and the like, mobiles, other cities, towns.
        "44" if starts(&["2"]) => &[2, 4, 4],
        "44" if starts(&["7"]) => &[4, 3, 3],
        "44" if starts(&["3", "8", "9", "11"]) || national.as_bytes().get(2) == Some(&b'1') => &[3, 3, 4],
        "44" => &[4, 3, 3],
        // Mexico: the three great cities have two digits.
        "52" if starts(&["55", "56", "33", "81"]) => &[2, 4, 4],
        "52" => &[3, 3, 4],
        "57" | "90" | "98" => &[3, 3, 4],
        "61" if starts(&["4"]) => &[3, 3, 3],
        "61" => &[1, 4, 4],
        "91" => &[5, 5],
        _ => &[],
    }
}

/// The length of the country's code at the front (ITU-T E.164).
fn country_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

fn cut(digits: &str, lengths: &[usize]) -> Vec<String> {
    let mut rest = digits;
    let mut groups = Vec::new();
    for length in lengths {
        let (group, more) = rest.split_at((*length).min(rest.len()));
        groups.push(group.to_owned());
        rest = more;
    }
    groups
}

/// Threes, with two to four digits last.
fn threes(digits: &str) -> Vec<String> {
    let mut rest = digits;
    let mut groups = Vec::new();
    while rest.len() > 4 {
        let (group, more) = rest.split_at(3);
        groups.push(group.to_owned());
        rest = more;
    }
    groups.push(rest.to_owned());
    groups
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn numbers_are_grouped_as_in_their_country() {
        let table: Vec<String> = [
            "+15550123",
            "+12125550123",
            "+442079460000",
            "+447911123456",
            "+441632960000",
            "+441214960000",
            "+34600000001",
            "+33123456789",
            "+525512345678",
            "+4930123456",
            "+35312345678",
            "+1",
            "+",
            "",
            "0800123456",
            "112",
            "5550123",
        ]
        .iter()
        .map(|number| format!("{number}: {}", groups(number).join(" ")))
        .collect();
        insta::assert_snapshot!(table.join("\n"));
    }
}
