//! Names that look alike: what a person may have meant.

/// The most names that are offered.
const MOST: usize = 3;
/// Longer names are not compared: nobody mistypes one of these.
const LONGEST: usize = 64;

/// The candidates nearest to `name`, best first, at most three: those that take at most a third of its
/// letters in changes (Damerau and Levenshtein's: a letter added, lost, changed, or two swapped).
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| Some((distance(name, candidate, allowed)?, candidate)))
        .collect();
    near.sort();
    near.dedup();
    near.truncate(MOST);
    near.into_iter().map(|(_, candidate)| candidate).collect()
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
    use super::nearest;

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
