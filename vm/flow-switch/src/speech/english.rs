//! English words: which shipped clip says what.

use super::calendar_words::Called;
use super::values::{Said, Unit};

/// Clips `en/number/0` to `en/number/20`, then the tens by 30, 40, ….
const SMALL: [&str; 21] = [
    "en/number/0",
    "en/number/1",
    "en/number/2",
    "en/number/3",
    "en/number/4",
    "en/number/5",
    "en/number/6",
    "en/number/7",
    "en/number/8",
    "en/number/9",
    "en/number/10",
    "en/number/11",
    "en/number/12",
    "en/number/13",
    "en/number/14",
    "en/number/15",
    "en/number/16",
    "en/number/17",
    "en/number/18",
    "en/number/19",
    "en/number/20",
];
const TENS: [&str; 10] = [
    "en/number/0",
    "en/number/10",
    "en/number/20",
    "en/number/30",
    "en/number/40",
    "en/number/50",
    "en/number/60",
    "en/number/70",
    "en/number/80",
    "en/number/90",
];
const ORDINALS: [&str; 31] = [
    "en/ordinal/1",
    "en/ordinal/2",
    "en/ordinal/3",
    "en/ordinal/4",
    "en/ordinal/5",
    "en/ordinal/6",
    "en/ordinal/7",
    "en/ordinal/8",
    "en/ordinal/9",
    "en/ordinal/10",
    "en/ordinal/11",
    "en/ordinal/12",
    "en/ordinal/13",
    "en/ordinal/14",
    "en/ordinal/15",
    "en/ordinal/16",
    "en/ordinal/17",
    "en/ordinal/18",
    "en/ordinal/19",
    "en/ordinal/20",
    "en/ordinal/21",
    "en/ordinal/22",
    "en/ordinal/23",
    "en/ordinal/24",
    "en/ordinal/25",
    "en/ordinal/26",
    "en/ordinal/27",
    "en/ordinal/28",
    "en/ordinal/29",
    "en/ordinal/30",
    "en/ordinal/31",
];
const LETTERS: [&str; 26] = [
    "en/letter/a",
    "en/letter/b",
    "en/letter/c",
    "en/letter/d",
    "en/letter/e",
    "en/letter/f",
    "en/letter/g",
    "en/letter/h",
    "en/letter/i",
    "en/letter/j",
    "en/letter/k",
    "en/letter/l",
    "en/letter/m",
    "en/letter/n",
    "en/letter/o",
    "en/letter/p",
    "en/letter/q",
    "en/letter/r",
    "en/letter/s",
    "en/letter/t",
    "en/letter/u",
    "en/letter/v",
    "en/letter/w",
    "en/letter/x",
    "en/letter/y",
    "en/letter/z",
];
const DAYS: [(&str, &str); 7] = [
    ("Monday", "en/day/monday"),
    ("Tuesday", "en/day/tuesday"),
    ("Wednesday", "en/day/wednesday"),
    ("Thursday", "en/day/thursday"),
    ("Friday", "en/day/friday"),
    ("Saturday", "en/day/saturday"),
    ("Sunday", "en/day/sunday"),
];
const MONTHS: [(&str, &str); 12] = [
    ("January", "en/month/january"),
    ("February", "en/month/february"),
    ("March", "en/month/march"),
    ("April", "en/month/april"),
    ("May", "en/month/may"),
    ("June", "en/month/june"),
    ("July", "en/month/july"),
    ("August", "en/month/august"),
    ("September", "en/month/september"),
    ("October", "en/month/october"),
    ("November", "en/month/november"),
    ("December", "en/month/december"),
];

pub(super) fn cardinal(number: i64, clips: &mut Vec<&'static str>) {
    if number < 0 {
        clips.push("en/word/minus");
    }
    let mut rest = number.unsigned_abs();
    if rest == 0 {
        clips.push(SMALL[0]);
        return;
    }
    if rest >= 1_000_000_000_000 {
        // Longer than anybody follows: digit by digit.
        clips.extend(rest.to_string().chars().filter_map(character));
        return;
    }
    for (size, word) in [(1_000_000, "en/number/million"), (1000, "en/number/thousand")] {
        if rest >= size {
            cardinal((rest / size) as i64, clips);
            clips.push(word);
            rest %= size;
        }
    }
    if rest >= 100 {
        clips.push(SMALL[(rest / 100) as usize % 10]);
        clips.push("en/number/hundred");
        rest %= 100;
    }
    match rest {
        0 => {}
        1..=20 => clips.push(SMALL[rest as usize]),
        _ => {
            clips.push(TENS[(rest / 10) as usize]);
            if !rest.is_multiple_of(10) {
                clips.push(SMALL[(rest % 10) as usize]);
            }
        }
    }
}

pub(super) fn ordinal(number: i64) -> Said {
    let ending = match (number.rem_euclid(100), number.rem_euclid(10)) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    // There are words up to "thirty-first"; "forty-second" is made of two. Where the last word would be a ten
    // or a hundred ("fortieth") the number itself is said, which people understand.
    let last = match number.rem_euclid(100) {
        last @ 1..=31 => last,
        last => last % 10,
    };
    let mut clips = Vec::new();
    if number < 1 || last == 0 {
        cardinal(number, &mut clips);
    } else {
        if number > last {
            cardinal(number - last, &mut clips);
        }
        clips.push(ORDINALS[last as usize - 1]);
    }
    Said { display: format!("{number}{ending}"), clips }
}

pub(super) fn character(character: char) -> Option<&'static str> {
    match character {
        '0'..='9' => Some(SMALL[character as usize - '0' as usize]),
        'a'..='z' => Some(LETTERS[character as usize - 'a' as usize]),
        'A'..='Z' => Some(LETTERS[character as usize - 'A' as usize]),
        '*' => Some("en/word/star"),
        '#' => Some("en/word/pound"),
        '+' => Some("en/word/plus"),
        '.' => Some("en/word/point"),
        _ => None,
    }
}

pub(super) fn duration(parts: &[(i64, Unit)]) -> Said {
    let mut said = Said::default();
    for (index, (count, unit)) in parts.iter().enumerate() {
        if index > 0 {
            said.display.push_str(" and ");
            said.clips.push("en/word/and");
        }
        let (one, many) = match unit {
            Unit::Second => ("en/word/second", "en/word/seconds"),
            Unit::Minute => ("en/word/minute", "en/word/minutes"),
            Unit::Hour => ("en/word/hour", "en/word/hours"),
            Unit::Day => ("en/word/day", "en/word/days"),
        };
        let word = if *count == 1 { one } else { many };
        cardinal(*count, &mut said.clips);
        said.clips.push(word);
        said.display.push_str(&format!("{count} {}", word.trim_start_matches("en/word/")));
    }
    said
}

pub(super) fn time(hour: i32, minute: i32) -> Said {
    let (half, half_clip) = if hour < 12 { ("AM", "en/word/a-m") } else { ("PM", "en/word/p-m") };
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let mut clips = vec![SMALL[twelve as usize]];
    let display = if minute == 0 {
        format!("{twelve} {half}")
    } else {
        if minute < 10 {
            clips.push("en/word/oh");
        }
        cardinal(i64::from(minute), &mut clips);
        format!("{twelve}:{minute:02} {half}")
    };
    clips.push(half_clip);
    Said { display, clips }
}

pub(super) fn day(called: Called) -> Said {
    let plain = |display: &str, clip| Said { display: display.to_owned(), clips: vec![clip] };
    match called {
        Called::Yesterday => plain("yesterday", "en/word/yesterday"),
        Called::Today => plain("today", "en/word/today"),
        Called::Tomorrow => plain("tomorrow", "en/word/tomorrow"),
        Called::Weekday(index) => {
            let (name, clip) = DAYS[index.rem_euclid(7) as usize];
            plain(name, clip)
        }
        Called::Day(month, day, year) => {
            let (name, clip) = MONTHS[(month - 1).rem_euclid(12) as usize];
            let mut said = plain(name, clip);
            said.display.push_str(&format!(" {day}"));
            said.clips.push(ORDINALS[(day - 1).rem_euclid(31) as usize]);
            if let Some(year) = year {
                said.display.push_str(&format!(", {year}"));
                year_in_pairs(i64::from(year), &mut said.clips);
            }
            said
        }
    }
}

/// "twenty twenty-six", "two thousand five", "nineteen oh five", "nineteen hundred".
fn year_in_pairs(year: i64, clips: &mut Vec<&'static str>) {
    let pairs = (1100..10_000).contains(&year) && (year % 100 >= 10 || year % 1000 >= 100);
    if !pairs {
        return cardinal(year, clips);
    }
    cardinal(year / 100, clips);
    match year % 100 {
        0 => clips.push("en/number/hundred"),
        1..=9 => {
            clips.push("en/word/oh");
            cardinal(year % 100, clips);
        }
        rest => cardinal(rest, clips),
    }
}

pub(super) fn day_and_time(day: Said, time: Said) -> Said {
    let mut clips = day.clips;
    clips.push("en/word/at");
    clips.extend(time.clips);
    Said { display: format!("{} at {}", day.display, time.display), clips }
}
