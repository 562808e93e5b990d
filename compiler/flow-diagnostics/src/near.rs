//! Names that look alike: what a person may have meant.

/// The most names that are offered.
const MOST: usize = 3;
/// Longer names are not compared: nobody mistypes one of these.
const LONGEST: usize = 64;

/// A change of one letter makes another word of a shorter one, so that alone says nothing.
const SHORTEST_MISSPELT: usize = 4;

/// The candidates nearest to `name`, best first, at most three: those that are the same but for capitals and `_`,
/// and those that take at most a third of its letters in changes (Damerau and Levenshtein's: a letter added, lost,
/// changed, or two swapped). A name of one letter is near none.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let letters = name.chars().count();
    let allowed = (letters / 3).max(usize::from(letters > 1));
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| match is_folded(name, candidate) {
            true => Some((0, candidate)),
            false if allowed > 0 => Some((distance(name, candidate, allowed)?, candidate)),
            false => None,
        })
        .collect();
    near.sort();
    near.dedup();
    near.truncate(MOST);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Whether one name can only be the other, badly written: the same but for capitals and `_`, or so like it that a
/// slip of a finger tells them apart. Figures tell names apart on purpose: `sales2` is not `sales1`.
pub fn is_misspelt(name: &str, right: &str) -> bool {
    let figures = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = name.chars().count();
    name != right
        && (is_folded(name, right)
            || (letters >= SHORTEST_MISSPELT
                && figures(name) == figures(right)
                && distance(name, right, letters / 3).is_some()))
}

/// Whether two names are the same but for capitals and `_`.
fn is_folded(a: &str, b: &str) -> bool {
    let folded = |name: &'_ str| -> Vec<u8> {
        name.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase()).collect()
    };
    a.len().abs_diff(b.len()) <= a.len().min(b.len()) && folded(a) == folded(b)
}

/// The number of changes between two names, when it is at most `allowed`.
fn distance(a: &str, b: &str, allowed: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().take(LONGEST + 1).collect();
    let b: Vec<char> = b.chars().take(LONGEST + 1).collect();
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, right) in b.iter().enumerate() {
            let changed = last[j] + usize::from(left != right);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|changes| *changes <= allowed)
}

#[cfg(test)]
mod tests {
    use super::{is_misspelt, nearest};

    #[test]
    fn a_slip_of_a_finger_is_told_from_another_name() {
        for (name, right) in [("overlfow", "overflow"), ("Office", "office"), ("roundrobin", "round_robin")] {
            assert!(is_misspelt(name, right), "{name}");
        }
        for (name, right) in [("sales2", "sales1"), ("pay", "day"), ("goodbye", "welcome"), ("x", "y")] {
            assert!(!is_misspelt(name, right), "{name}");
        }
        assert!(nearest("n", ["f", "q"]).is_empty());
        assert_eq!(nearest("N", ["n", "q"]), ["n"]);
    }

    #[test]
    fn swapped_letters_and_one_letter_less_are_near() {
        assert_eq!(nearest("voicemial", ["voicemail", "menu", "dial"]), ["voicemail"]);
        assert_eq!(nearest("menue", ["voicemail", "menu", "dial"]), ["menu"]);
    }

    #[test]
    fn the_nearest_comes_first_and_there_are_at_most_three() {
        assert_eq!(nearest("sales", ["sale", "salt", "tales", "bales", "males"]), ["bales", "males", "sale"]);
    }

    #[test]
    fn a_name_is_not_near_itself_nor_to_everything() {
        assert!(nearest("main", ["main"]).is_empty());
        assert!(nearest("ab", ["xyz", "operator"]).is_empty());
    }
}
