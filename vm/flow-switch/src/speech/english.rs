//! English, as in the United States; the clock and the order of dates as in Britain where the region says so.

use super::said::{Said, Word, clips, word, words};
use super::tongue::{Called, Context, Counted, CurrencyWords, Noun, Region, Table, Tongue};

/// English.
pub(super) struct English;

/// 0 to 20.
const SMALL: [&str; 21] = clips!("en/number/", "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14"
    "15" "16" "17" "18" "19" "20");
const TENS: [&str; 10] = clips!("en/number/", "0" "10" "20" "30" "40" "50" "60" "70" "80" "90");
/// First to thirty-first.
const ORDINALS: [&str; 31] = clips!("en/ordinal/", "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15"
    "16" "17" "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29" "30" "31");
/// By tens, from 10.
const ORDINAL_TENS: [&str; 9] = clips!("en/ordinal/", "10" "20" "30" "40" "50" "60" "70" "80" "90");
/// Sizes with their cardinals and ordinals, greatest first.
const SIZES: [(u64, &str, &str); 4] = [
    (1_000_000_000, "en/number/billion", "en/ordinal/billionth"),
    (1_000_000, "en/number/million", "en/ordinal/millionth"),
    (1_000, "en/number/thousand", "en/ordinal/thousandth"),
    (100, "en/number/hundred", "en/ordinal/hundredth"),
];

const AND: Word = word!("en/word/", "and" = "and");
const AT: Word = word!("en/word/", "at" = "at");
const ON: Word = word!("en/word/", "on" = "on");
const BETWEEN: Word = word!("en/word/", "between" = "between");
const NOON: Word = word!("en/word/", "noon" = "noon");
const MIDNIGHT: Word = word!("en/word/", "midnight" = "midnight");
const AND_A_HALF: Word = word!("en/word/", "and a half" = "and-a-half");
const OH: &str = "en/word/oh";

/// Longer numbers are read digit by digit, since nobody follows them.
const GREATEST: u64 = 1_000_000_000_000;

const fn counted(one: Word, many: Word) -> Counted {
    Counted { one, many, noun: Noun::Masculine }
}

const fn currency(
    codes: &'static [&'static str],
    major: Counted,
    minor: Option<Counted>,
    bare: bool,
) -> CurrencyWords {
    CurrencyWords { codes, major, minor, bare }
}

const HOUR: Counted = counted(word!("en/word/", "hour" = "hour"), word!("en/word/", "hours" = "hours"));
const MINUTE: Counted =
    counted(word!("en/word/", "minute" = "minute"), word!("en/word/", "minutes" = "minutes"));
const CENTS: Option<Counted> =
    Some(counted(word!("en/word/", "cent" = "cent"), word!("en/word/", "cents" = "cents")));
const CENTAVOS: Option<Counted> =
    Some(counted(word!("en/word/", "centavo" = "centavo"), word!("en/word/", "centavos" = "centavos")));
const FILS: Word = word!("en/word/", "fils" = "fils");
const YEN: Word = word!("en/word/", "yen" = "yen");
const PAISE: Word = word!("en/word/", "paise" = "paise");

static CURRENCIES: [CurrencyWords; 9] = [
    currency(
        &["EUR"],
        counted(word!("en/word/", "euro" = "euro"), word!("en/word/", "euros" = "euros")),
        CENTS,
        true,
    ),
    currency(
        &["USD", "CAD", "AUD", "NZD", "SGD", "HKD"],
        counted(word!("en/word/", "dollar" = "dollar"), word!("en/word/", "dollars" = "dollars")),
        CENTS,
        false,
    ),
    currency(
        &["GBP"],
        counted(word!("en/word/", "pound" = "pound"), word!("en/word/", "pounds" = "pounds")),
        Some(counted(word!("en/word/", "penny" = "penny"), word!("en/word/", "pence" = "pence"))),
        true,
    ),
    currency(
        &["MXN", "ARS", "COP", "CLP", "UYU", "DOP", "PHP"],
        counted(word!("en/word/", "peso" = "peso"), word!("en/word/", "pesos" = "pesos")),
        CENTAVOS,
        false,
    ),
    currency(&["JPY"], counted(YEN, YEN), None, false),
    currency(
        &["CHF"],
        counted(word!("en/word/", "franc" = "franc"), word!("en/word/", "francs" = "francs")),
        CENTS,
        true,
    ),
    currency(
        &["KWD", "BHD", "IQD", "JOD"],
        counted(word!("en/word/", "dinar" = "dinar"), word!("en/word/", "dinars" = "dinars")),
        Some(counted(FILS, FILS)),
        false,
    ),
    currency(
        &["INR"],
        counted(word!("en/word/", "rupee" = "rupee"), word!("en/word/", "rupees" = "rupees")),
        Some(counted(PAISE, PAISE)),
        false,
    ),
    currency(
        &["BRL"],
        counted(word!("en/word/", "real" = "real"), word!("en/word/", "reais" = "reais")),
        CENTAVOS,
        false,
    ),
];

static REGIONS: [Region; 2] = [
    Region { tags: &["US", "CA"], full_day_clock: false, day_first: false, comma: false, long_forms: false },
    Region {
        tags: &["GB", "UK", "IE", "AU", "NZ", "ZA", "IN", "SG", "150"],
        full_day_clock: false,
        day_first: true,
        comma: false,
        long_forms: true,
    },
];

static TABLE: Table = Table {
    language: "en",
    regions: &REGIONS,
    digits: clips!("en/number/", "0" "1" "2" "3" "4" "5" "6" "7" "8" "9"),
    letters: clips!("en/letter/", "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p" "q" "r" "s" "t" "u"
        "v" "w" "x" "y" "z"),
    signs: &[
        ('*', "en/word/star"),
        ('#', "en/word/pound"),
        ('+', "en/word/plus"),
        ('.', "en/word/point"),
        ('-', "en/word/dash"),
        ('/', "en/word/slash"),
        ('_', "en/word/underscore"),
        ('@', "en/word/at"),
        ('ñ', "en/letter/n"),
    ],
    minus: word!("en/word/", "minus" = "minus"),
    comma: word!("en/word/", "point" = "point"),
    point: word!("en/word/", "point" = "point"),
    about: word!("en/word/", "about" = "about"),
    more: word!("en/word/", "more" = "more"),
    yesterday: word!("en/word/", "yesterday" = "yesterday"),
    today: word!("en/word/", "today" = "today"),
    tomorrow: word!("en/word/", "tomorrow" = "tomorrow"),
    tonight: word!("en/word/", "tonight" = "tonight"),
    last_night: word!("en/word/", "last night" = "last-night"),
    until_further_notice: word!("en/word/", "until further notice" = "until-further-notice"),
    further_notice: word!("en/word/", "further notice" = "further-notice"),
    before_notice: &["until", "till"],
    weekdays: words!(
        "en/day/",
        "Monday" = "monday",
        "Tuesday" = "tuesday",
        "Wednesday" = "wednesday",
        "Thursday" = "thursday",
        "Friday" = "friday",
        "Saturday" = "saturday",
        "Sunday" = "sunday"
    ),
    months: words!(
        "en/month/",
        "January" = "january",
        "February" = "february",
        "March" = "march",
        "April" = "april",
        "May" = "may",
        "June" = "june",
        "July" = "july",
        "August" = "august",
        "September" = "september",
        "October" = "october",
        "November" = "november",
        "December" = "december"
    ),
    second: counted(word!("en/word/", "second" = "second"), word!("en/word/", "seconds" = "seconds")),
    minute: MINUTE,
    hour: HOUR,
    day: counted(word!("en/word/", "day" = "day"), word!("en/word/", "days" = "days")),
    currencies: &CURRENCIES,
    before_times: &["until", "till", "to", "by", "before", "after", "from", "since", "than", "and", "at"],
    before_estimates: &["about", "around", "approximately", "roughly", "nearly", "almost", "than", "within"],
};

impl Tongue for English {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    fn cardinal(&self, number: u64, _noun: Noun, region: &Region, clips: &mut Vec<&'static str>) {
        let mut rest = number;
        if rest >= GREATEST {
            return clips.extend(rest.to_string().chars().filter_map(|digit| self.character(digit)));
        }
        for (size, word, _) in SIZES {
            if rest >= size {
                self.cardinal(rest / size, Noun::Alone, region, clips);
                clips.push(word);
                rest %= size;
                if rest == 0 {
                    return;
                }
            }
        }
        if region.long_forms && number >= 100 {
            clips.push(AND.clip);
        }
        below_hundred(rest, clips);
    }

    fn ordinal(&self, number: u64, region: &Region) -> Said {
        let ending = match (number % 100, number % 10) {
            _ if number == 0 => "",
            (11..=13, _) => "th",
            (_, 1) => "st",
            (_, 2) => "nd",
            (_, 3) => "rd",
            _ => "th",
        };
        let mut said = Said { display: format!("{number}{ending}"), clips: Vec::new() };
        let mut cardinal = |number| self.cardinal(number, Noun::Alone, region, &mut said.clips);
        let round = SIZES.iter().find(|(size, ..)| number >= *size && number.is_multiple_of(*size));
        if number == 0 || number >= GREATEST {
            cardinal(number);
            said.display = number.to_string();
        } else if let Some((size, _, word)) = round {
            cardinal(number / size);
            said.clips.push(word);
        } else {
            let last = number % 100;
            let (before, word) = match last {
                1..=31 => (number - last, ORDINALS[last as usize - 1]),
                _ if last.is_multiple_of(10) => (number - last, ORDINAL_TENS[last as usize / 10 - 1]),
                _ => (number - last % 10, ORDINALS[last as usize % 10 - 1]),
            };
            if before > 0 {
                cardinal(before);
                if region.long_forms && before.is_multiple_of(100) {
                    said.clips.push(AND.clip);
                }
            }
            said.clips.push(word);
        }
        said
    }

    /// By the clock of 12 hours; its two twelves have names, since "12 PM" is taken for either.
    fn time(&self, hour: i32, minute: i32, context: Context<'_>) -> Said {
        let mut said = Said::default();
        match (hour, minute) {
            (0, 0) => said.word(&MIDNIGHT),
            (12, 0) => said.word(&NOON),
            _ => {
                let (half, clip) = if hour < 12 { ("AM", "en/word/a-m") } else { ("PM", "en/word/p-m") };
                let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
                below_hundred(twelve as u64, &mut said.clips);
                if minute == 0 {
                    said.show(format_args!("{twelve} {half}"));
                } else {
                    said.show(format_args!("{twelve}:{minute:02} {half}"));
                    if minute < 10 {
                        said.clips.push(OH);
                    }
                    self.cardinal(minute as u64, Noun::Alone, context.region, &mut said.clips);
                }
                said.clips.push(clip);
            }
        }
        said
    }

    fn day(&self, called: Called, context: Context<'_>) -> Said {
        let mut said = Said::default();
        match called {
            Called::Yesterday => said.word(&TABLE.yesterday),
            Called::Today => said.word(&TABLE.today),
            Called::Tomorrow => said.word(&TABLE.tomorrow),
            Called::Weekday(index) => said.word(&TABLE.weekdays[index.rem_euclid(7) as usize]),
            Called::Day(month, day, year) => {
                let month = &TABLE.months[(month - 1).rem_euclid(12) as usize];
                let ordinal = ORDINALS[(day - 1).rem_euclid(31) as usize];
                if context.region.day_first {
                    said.show(day);
                    let article = !context.follows(&["the"]);
                    said.clips.extend(article.then_some("en/word/the"));
                    said.clips.extend([ordinal, "en/word/of"]);
                    said.word(month);
                } else {
                    said.word(month);
                    said.show(day);
                    said.clips.push(ordinal);
                }
                if let Some(year) = year {
                    if !context.region.day_first {
                        said.mark(",");
                    }
                    said.show(year);
                    self.year(u64::from(year.unsigned_abs()), context.region, &mut said.clips);
                }
            }
        }
        said
    }

    fn moment(&self, called: Called, hour: i32, minute: i32, context: Context<'_>) -> Said {
        // "until 5 PM today", "at 5 PM on Saturday"; else "Saturday at 5 PM".
        let at = context.follows(&["at"]);
        let mut said;
        if at || called == Called::Today && context.follows(TABLE.before_times) {
            said = self.time(hour, minute, context);
            if matches!(called, Called::Weekday(_) | Called::Day(..)) {
                said.word(&ON);
            }
            said.append(self.day(called, Context { before: "", ..context }));
        } else {
            said = self.day(called, context);
            said.word(&AT);
            said.append(self.time(hour, minute, context));
        }
        said
    }

    fn midnight(&self, before: Called, after: Called, context: Context<'_>) -> Said {
        let mut said = Said::default();
        let time_first = context.follows(TABLE.before_times);
        let night = match (before, after) {
            (Called::Today, _) => Some(&TABLE.tonight),
            (_, Called::Today) => Some(&TABLE.last_night),
            _ => None,
        };
        match night {
            Some(night) if time_first => {
                said.word(&MIDNIGHT);
                said.word(night);
            }
            Some(night) => {
                said.word(night);
                said.word(&AT);
                said.word(&MIDNIGHT);
            }
            None => {
                if !time_first {
                    said.word(&AT);
                }
                said.word(&MIDNIGHT);
                said.word(&BETWEEN);
                let context = Context { before: "", ..context };
                said.append(self.day(before, context));
                said.word(&AND);
                said.append(self.day(after, context));
            }
        }
        said
    }

    fn and_a_half(&self, count: u64, unit: &Counted, context: Context<'_>) -> Said {
        let mut said = Said::default();
        if count == 1 {
            said.word(if unit.one == HOUR.one {
                &word!("en/word/", "an hour and a half" = "an-hour-and-a-half")
            } else {
                &word!("en/word/", "a minute and a half" = "a-minute-and-a-half")
            });
        } else {
            said.show(count);
            self.cardinal(count, unit.noun, context.region, &mut said.clips);
            said.word(&AND_A_HALF);
            said.word(&unit.many);
        }
        said
    }

    fn coins(&self, said: &mut Said, major: u64, minor: u64, currency: &CurrencyWords, region: &Region) {
        let tongue: &dyn Tongue = self;
        tongue.counted(said, major, &currency.major, region);
        match &currency.minor {
            Some(_) if currency.bare && minor >= 10 => {
                said.show(minor);
                self.cardinal(minor, Noun::Alone, region, &mut said.clips);
            }
            Some(unit) => {
                said.word(&AND);
                tongue.counted(said, minor, unit, region);
            }
            None => {}
        }
    }

    fn and(&self, _next: &str) -> Word {
        AND
    }
}

impl English {
    /// "twenty twenty-six", "two thousand five", "nineteen oh five", "nineteen hundred".
    fn year(&self, year: u64, region: &Region, clips: &mut Vec<&'static str>) {
        let pairs = (1100..10_000).contains(&year) && (year % 100 >= 10 || year % 1000 >= 100);
        if !pairs {
            return self.cardinal(year, Noun::Alone, region, clips);
        }
        below_hundred(year / 100, clips);
        match year % 100 {
            0 => clips.push("en/number/hundred"),
            rest => {
                if rest < 10 {
                    clips.push(OH);
                }
                below_hundred(rest, clips);
            }
        }
    }
}

/// From 0 to 99.
fn below_hundred(number: u64, clips: &mut Vec<&'static str>) {
    let number = number as usize % 100;
    match SMALL.get(number) {
        Some(clip) => clips.push(clip),
        None => {
            clips.push(TENS[number / 10]);
            clips.extend((!number.is_multiple_of(10)).then(|| SMALL[number % 10]));
        }
    }
}
