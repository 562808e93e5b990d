//! Lines of text within a width. Fonts differ, so widths are counted in columns: one for most characters, two for
//! those of East Asian scripts and for pictures.

/// Lines of at most `columns`; what does not fit in `most` lines ends in `…`.
pub(super) fn wrapped(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= columns {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        // A word that is longer than a line is cut.
        for c in word.chars() {
            if width(&line) + width_of(c) > columns {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
            if lines.len() > most {
                break;
            }
        }
        if lines.len() > most {
            break;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(last) >= columns {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// One line of at most `columns`.
pub(super) fn fitted(text: &str, columns: usize) -> String {
    wrapped(text, columns, 1).pop().unwrap_or_default()
}

pub(super) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

fn width_of(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036f | 0x200b..=0x200d | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{fitted, width, wrapped};

    #[test]
    fn lines_keep_within_their_width() {
        assert_eq!(wrapped("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(wrapped("one two three four", 7, 2), ["one two", "three…"]);
        assert_eq!(wrapped("", 7, 2), Vec::<String>::new());
        let long = "x".repeat(100_000);
        assert!(wrapped(&long, 10, 3).iter().all(|line| width(line) <= 10));
        assert_eq!(fitted("営業時間のご案内", 8), "営業時…");
    }
}
