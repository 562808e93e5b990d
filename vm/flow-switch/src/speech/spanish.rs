//! Spanish words: which shipped clip says what.

use super::calendar_words::Called;
use super::values::{Said, Unit};

/// Clips `es/number/0` to `es/number/29` are one word each; then the tens by 30, 40, ….
const SMALL: [&str; 30] = [
    "es/number/0",
    "es/number/1",
    "es/number/2",
    "es/number/3",
    "es/number/4",
    "es/number/5",
    "es/number/6",
    "es/number/7",
    "es/number/8",
    "es/number/9",
    "es/number/10",
    "es/number/11",
    "es/number/12",
    "es/number/13",
    "es/number/14",
    "es/number/15",
    "es/number/16",
    "es/number/17",
    "es/number/18",
    "es/number/19",
    "es/number/20",
    "es/number/21",
    "es/number/22",
    "es/number/23",
    "es/number/24",
    "es/number/25",
    "es/number/26",
    "es/number/27",
    "es/number/28",
    "es/number/29",
];
const TENS: [&str; 10] = [
    "es/number/0",
    "es/number/10",
    "es/number/20",
    "es/number/30",
    "es/number/40",
    "es/number/50",
    "es/number/60",
    "es/number/70",
    "es/number/80",
    "es/number/90",
];
const HUNDREDS: [&str; 10] = [
    "es/number/0",
    "es/number/ciento",
    "es/number/200",
    "es/number/300",
    "es/number/400",
    "es/number/500",
    "es/number/600",
    "es/number/700",
    "es/number/800",
    "es/number/900",
];
const LETTERS: [&str; 26] = [
    "es/letter/a",
    "es/letter/b",
    "es/letter/c",
    "es/letter/d",
    "es/letter/e",
    "es/letter/f",
    "es/letter/g",
    "es/letter/h",
    "es/letter/i",
    "es/letter/j",
    "es/letter/k",
    "es/letter/l",
    "es/letter/m",
    "es/letter/n",
    "es/letter/o",
    "es/letter/p",
    "es/letter/q",
    "es/letter/r",
    "es/letter/s",
    "es/letter/t",
    "es/letter/u",
    "es/letter/v",
    "es/letter/w",
    "es/letter/x",
    "es/letter/y",
    "es/letter/z",
];
const DAYS: [(&str, &str); 7] = [
    ("el lunes", "es/day/lunes"),
    ("el martes", "es/day/martes"),
    ("el miércoles", "es/day/miercoles"),
    ("el jueves", "es/day/jueves"),
    ("el viernes", "es/day/viernes"),
    ("el sábado", "es/day/sabado"),
    ("el domingo", "es/day/domingo"),
];
const MONTHS: [(&str, &str); 12] = [
    ("enero", "es/month/enero"),
    ("febrero", "es/month/febrero"),
    ("marzo", "es/month/marzo"),
    ("abril", "es/month/abril"),
    ("mayo", "es/month/mayo"),
    ("junio", "es/month/junio"),
    ("julio", "es/month/julio"),
    ("agosto", "es/month/agosto"),
    ("septiembre", "es/month/septiembre"),
    ("octubre", "es/month/octubre"),
    ("noviembre", "es/month/noviembre"),
    ("diciembre", "es/month/diciembre"),
];

pub(super) fn cardinal(number: i64, clips: &mut Vec<&'static str>) {
    if number < 0 {
        clips.push("es/word/menos");
    }
    let mut rest = number.unsigned_abs();
    if rest == 0 {
        clips.push(SMALL[0]);
        return;
    }
    if rest >= 1_000_000_000_000 {
        clips.extend(rest.to_string().chars().filter_map(character));
        return;
    }
    if rest >= 1_000_000 {
        let millions = rest / 1_000_000;
        if millions == 1 {
            clips.push("es/number/un-millon");
        } else {
            cardinal(millions as i64, clips);
            clips.push("es/number/millones");
        }
        rest %= 1_000_000;
    }
    if rest >= 1000 {
        if rest >= 2000 {
            cardinal((rest / 1000) as i64, clips);
        }
        clips.push("es/number/mil");
        rest %= 1000;
    }
    if rest == 100 {
        clips.push("es/number/100");
        return;
    }
    if rest > 100 {
        clips.push(HUNDREDS[(rest / 100) as usize]);
        rest %= 100;
    }
    match rest {
        0 => {}
        1..=29 => clips.push(SMALL[rest as usize]),
        _ => {
            clips.push(TENS[(rest / 10) as usize]);
            if !rest.is_multiple_of(10) {
                clips.push("es/word/y");
                clips.push(SMALL[(rest % 10) as usize]);
            }
        }
    }
}

/// As a cardinal: "número 3" is what people say in lines and queues.
pub(super) fn ordinal(number: i64) -> Said {
    let mut clips = Vec::new();
    cardinal(number, &mut clips);
    Said { display: format!("{number}.º"), clips }
}

pub(super) fn character(character: char) -> Option<&'static str> {
    match character {
        '0'..='9' => Some(SMALL[character as usize - '0' as usize]),
        'a'..='z' => Some(LETTERS[character as usize - 'a' as usize]),
        'A'..='Z' => Some(LETTERS[character as usize - 'A' as usize]),
        '*' => Some("es/word/asterisco"),
        '#' => Some("es/word/almohadilla"),
        '+' => Some("es/word/mas"),
        '.' => Some("es/word/punto"),
        _ => None,
    }
}

pub(super) fn duration(parts: &[(i64, Unit)]) -> Said {
    let mut said = Said::default();
    for (index, (count, unit)) in parts.iter().enumerate() {
        if index > 0 {
            said.display.push_str(" y ");
            said.clips.push("es/word/y");
        }
        // "un minuto", "una hora": the article before one is part of the clip.
        let (one, one_clip, many, many_clip) = match unit {
            Unit::Second => ("un segundo", "es/word/un-segundo", "segundos", "es/word/segundos"),
            Unit::Minute => ("un minuto", "es/word/un-minuto", "minutos", "es/word/minutos"),
            Unit::Hour => ("una hora", "es/word/una-hora", "horas", "es/word/horas"),
            Unit::Day => ("un día", "es/word/un-dia", "días", "es/word/dias"),
        };
        if *count == 1 {
            said.display.push_str(one);
            said.clips.push(one_clip);
        } else {
            said.display.push_str(&format!("{count} {many}"));
            cardinal(*count, &mut said.clips);
            said.clips.push(many_clip);
        }
    }
    said
}

/// By the clock of 24 hours.
pub(super) fn time(hour: i32, minute: i32) -> Said {
    let mut clips = Vec::new();
    let article = if hour == 1 {
        clips.push("es/word/la-una");
        "la"
    } else {
        clips.push("es/word/las");
        cardinal(i64::from(hour), &mut clips);
        "las"
    };
    if minute > 0 {
        clips.push("es/word/y");
        cardinal(i64::from(minute), &mut clips);
    }
    Said { display: format!("{article} {hour}:{minute:02}"), clips }
}

pub(super) fn day(called: Called) -> Said {
    let plain = |display: &str, clip| Said { display: display.to_owned(), clips: vec![clip] };
    match called {
        Called::Yesterday => plain("ayer", "es/word/ayer"),
        Called::Today => plain("hoy", "es/word/hoy"),
        Called::Tomorrow => plain("mañana", "es/word/manana"),
        Called::Weekday(index) => {
            let (name, clip) = DAYS[index.rem_euclid(7) as usize];
            Said { display: name.to_owned(), clips: vec!["es/word/el", clip] }
        }
        Called::Day(month, day, year) => {
            let (name, clip) = MONTHS[(month - 1).rem_euclid(12) as usize];
            let mut clips = vec!["es/word/el"];
            cardinal(i64::from(day), &mut clips);
            clips.extend(["es/word/de", clip]);
            let mut display = format!("el {day} de {name}");
            if let Some(year) = year {
                display.push_str(&format!(" de {year}"));
                clips.push("es/word/de");
                cardinal(i64::from(year), &mut clips);
            }
            Said { display, clips }
        }
    }
}

pub(super) fn day_and_time(day: Said, time: Said) -> Said {
    let mut clips = day.clips;
    clips.push("es/word/a");
    clips.extend(time.clips);
    Said { display: format!("{} a {}", day.display, time.display), clips }
}
