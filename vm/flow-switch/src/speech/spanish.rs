//! Spanish, as in Spain; the clock of 12 hours and the marks of numbers of the Americas where the region says so.

use super::said::{Said, Word, clips, word, words};
use super::tongue::{Called, Context, Counted, CurrencyWords, Noun, Region, Table, Tongue};

/// Spanish.
pub(super) struct Spanish;

/// 0 to 29, as they are counted.
const SMALL: [&str; 30] = clips!("es/number/", "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15"
    "16" "17" "18" "19" "20" "21" "22" "23" "24" "25" "26" "27" "28" "29");
const TENS: [&str; 10] = clips!("es/number/", "0" "10" "20" "30" "40" "50" "60" "70" "80" "90");
const HUNDREDS: [&str; 10] =
    clips!("es/number/", "0" "ciento" "200" "300" "400" "500" "600" "700" "800" "900");
/// The same before a feminine noun.
const HUNDREDS_OF_HER: [&str; 10] = clips!("es/number/", "0" "ciento" "doscientas" "trescientas" "cuatrocientas"
    "quinientas" "seiscientas" "setecientas" "ochocientas" "novecientas");
/// First to tenth; what comes after goes by its number.
const ORDINALS: [&str; 10] = clips!("es/ordinal/", "1" "2" "3" "4" "5" "6" "7" "8" "9" "10");

const Y: Word = word!("es/word/", "y" = "y");
const E: Word = word!("es/word/", "e" = "e");
const EL: Word = word!("es/word/", "el" = "el");
const A: Word = word!("es/word/", "a" = "a");
const DE: Word = word!("es/word/", "de" = "de");
const DEL: Word = word!("es/word/", "del" = "del");
const CON: Word = word!("es/word/", "con" = "con");
const ENTRE: Word = word!("es/word/", "entre" = "entre");
const LA: Word = word!("es/word/", "la" = "la");
const LAS: Word = word!("es/word/", "las" = "las");
const NOON: Word = word!("es/word/", "mediodía" = "mediodia");
const MIDNIGHT: Word = word!("es/word/", "medianoche" = "medianoche");
const SMALL_HOURS: Word = word!("es/word/", "de la madrugada" = "de-la-madrugada");
const IN_THE_MORNING: Word = word!("es/word/", "de la mañana" = "de-la-manana");
const IN_THE_AFTERNOON: Word = word!("es/word/", "de la tarde" = "de-la-tarde");
const AT_NIGHT: Word = word!("es/word/", "de la noche" = "de-la-noche");

/// Longer numbers are read digit by digit, since nobody follows them.
const GREATEST: u64 = 1_000_000_000_000;

const fn counted(one: Word, many: Word, noun: Noun) -> Counted {
    Counted { one, many, noun }
}

const fn currency(
    codes: &'static [&'static str],
    major: Counted,
    minor: Option<Counted>,
    bare: bool,
) -> CurrencyWords {
    CurrencyWords { codes, major, minor, bare }
}

const CENTIMOS: Option<Counted> = Some(counted(
    word!("es/word/", "céntimo" = "centimo"),
    word!("es/word/", "céntimos" = "centimos"),
    Noun::Masculine,
));
const CENTAVOS: Option<Counted> = Some(counted(
    word!("es/word/", "centavo" = "centavo"),
    word!("es/word/", "centavos" = "centavos"),
    Noun::Masculine,
));
const FILS: Word = word!("es/word/", "fils" = "fils");
const PAISAS: Word = word!("es/word/", "paisas" = "paisas");

static CURRENCIES: [CurrencyWords; 9] = [
    currency(
        &["EUR"],
        counted(word!("es/word/", "euro" = "euro"), word!("es/word/", "euros" = "euros"), Noun::Masculine),
        CENTIMOS,
        true,
    ),
    currency(
        &["USD", "CAD", "AUD", "NZD", "SGD", "HKD"],
        counted(
            word!("es/word/", "dólar" = "dolar"),
            word!("es/word/", "dólares" = "dolares"),
            Noun::Masculine,
        ),
        CENTAVOS,
        false,
    ),
    currency(
        &["GBP"],
        counted(word!("es/word/", "libra" = "libra"), word!("es/word/", "libras" = "libras"), Noun::Feminine),
        Some(counted(
            word!("es/word/", "penique" = "penique"),
            word!("es/word/", "peniques" = "peniques"),
            Noun::Masculine,
        )),
        true,
    ),
    currency(
        &["MXN", "ARS", "COP", "CLP", "UYU", "DOP", "PHP"],
        counted(word!("es/word/", "peso" = "peso"), word!("es/word/", "pesos" = "pesos"), Noun::Masculine),
        CENTAVOS,
        false,
    ),
    currency(
        &["JPY"],
        counted(word!("es/word/", "yen" = "yen"), word!("es/word/", "yenes" = "yenes"), Noun::Masculine),
        None,
        false,
    ),
    currency(
        &["CHF"],
        counted(
            word!("es/word/", "franco" = "franco"),
            word!("es/word/", "francos" = "francos"),
            Noun::Masculine,
        ),
        CENTIMOS,
        false,
    ),
    currency(
        &["KWD", "BHD", "IQD", "JOD"],
        counted(
            word!("es/word/", "dinar" = "dinar"),
            word!("es/word/", "dinares" = "dinares"),
            Noun::Masculine,
        ),
        Some(counted(FILS, FILS, Noun::Masculine)),
        false,
    ),
    currency(
        &["INR"],
        counted(word!("es/word/", "rupia" = "rupia"), word!("es/word/", "rupias" = "rupias"), Noun::Feminine),
        Some(counted(PAISAS, PAISAS, Noun::Masculine)),
        false,
    ),
    currency(
        &["BRL"],
        counted(word!("es/word/", "real" = "real"), word!("es/word/", "reales" = "reales"), Noun::Masculine),
        CENTAVOS,
        false,
    ),
];

static REGIONS: [Region; 3] = [
    Region { tags: &["ES"], full_day_clock: true, day_first: true, comma: true, long_forms: false },
    Region {
        tags: &["419", "MX", "US", "PR", "DO", "GT", "HN", "NI", "SV", "PA", "PE"],
        full_day_clock: false,
        day_first: true,
        comma: false,
        long_forms: true,
    },
    Region {
        tags: &["AR", "BO", "CL", "CO", "CR", "CU", "EC", "PY", "UY", "VE"],
        full_day_clock: false,
        day_first: true,
        comma: true,
        long_forms: true,
    },
];

static TABLE: Table = Table {
    language: "es",
    regions: &REGIONS,
    digits: clips!("es/number/", "0" "1" "2" "3" "4" "5" "6" "7" "8" "9"),
    letters: clips!("es/letter/", "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p" "q" "r" "s" "t" "u"
        "v" "w" "x" "y" "z"),
    signs: &[
        ('ñ', "es/letter/n-tilde"),
        ('*', "es/word/asterisco"),
        ('#', "es/word/almohadilla"),
        ('+', "es/word/mas"),
        ('.', "es/word/punto"),
        ('-', "es/word/guion"),
        ('/', "es/word/barra"),
        ('_', "es/word/guion-bajo"),
        ('@', "es/word/arroba"),
    ],
    minus: word!("es/word/", "menos" = "menos"),
    comma: word!("es/word/", "coma" = "coma"),
    point: word!("es/word/", "punto" = "punto"),
    about: word!("es/word/", "alrededor de" = "alrededor-de"),
    more: word!("es/word/", "más" = "mas"),
    yesterday: word!("es/word/", "ayer" = "ayer"),
    today: word!("es/word/", "hoy" = "hoy"),
    tomorrow: word!("es/word/", "mañana" = "manana"),
    tonight: word!("es/word/", "esta noche" = "esta-noche"),
    last_night: word!("es/word/", "anoche" = "anoche"),
    until_further_notice: word!("es/word/", "hasta nuevo aviso" = "hasta-nuevo-aviso"),
    further_notice: word!("es/word/", "nuevo aviso" = "nuevo-aviso"),
    before_notice: &["hasta"],
    weekdays: words!(
        "es/day/",
        "lunes" = "lunes",
        "martes" = "martes",
        "miércoles" = "miercoles",
        "jueves" = "jueves",
        "viernes" = "viernes",
        "sábado" = "sabado",
        "domingo" = "domingo"
    ),
    months: words!(
        "es/month/",
        "enero" = "enero",
        "febrero" = "febrero",
        "marzo" = "marzo",
        "abril" = "abril",
        "mayo" = "mayo",
        "junio" = "junio",
        "julio" = "julio",
        "agosto" = "agosto",
        "septiembre" = "septiembre",
        "octubre" = "octubre",
        "noviembre" = "noviembre",
        "diciembre" = "diciembre"
    ),
    second: counted(
        word!("es/word/", "segundo" = "segundo"),
        word!("es/word/", "segundos" = "segundos"),
        Noun::Masculine,
    ),
    minute: counted(
        word!("es/word/", "minuto" = "minuto"),
        word!("es/word/", "minutos" = "minutos"),
        Noun::Masculine,
    ),
    hour: counted(word!("es/word/", "hora" = "hora"), word!("es/word/", "horas" = "horas"), Noun::Feminine),
    day: counted(word!("es/word/", "día" = "dia"), word!("es/word/", "días" = "dias"), Noun::Masculine),
    currencies: &CURRENCIES,
    before_times: &["hasta", "desde", "de", "antes de", "a partir de", "después de", "a", "y"],
    before_estimates: &[
        "unos",
        "unas",
        "aproximadamente",
        "casi",
        "cerca de",
        "alrededor de",
        "menos de",
        "más de",
    ],
};

impl Tongue for Spanish {
    fn table(&self) -> &'static Table {
        &TABLE
    }

    fn cardinal(&self, number: u64, noun: Noun, _region: &Region, clips: &mut Vec<&'static str>) {
        if number >= GREATEST {
            return clips.extend(number.to_string().chars().filter_map(|digit| self.character(digit)));
        }
        below_greatest(number, noun, clips);
    }

    fn ordinal(&self, number: u64, region: &Region) -> Said {
        match (number as usize).checked_sub(1).and_then(|index| ORDINALS.get(index)) {
            Some(clip) => Said { display: format!("{number}.º"), clips: vec![clip] },
            None => {
                let mut said = Said { display: number.to_string(), clips: Vec::new() };
                self.cardinal(number, Noun::Alone, region, &mut said.clips);
                said
            }
        }
    }

    fn time(&self, hour: i32, minute: i32, context: Context<'_>) -> Said {
        let mut said = Said::default();
        let full = context.region.full_day_clock;
        // What stands before may have said the article: "abrimos a las {t}".
        let bare = context.follows(&["la", "las"]);
        match (hour, minute) {
            (0, 0) => {
                said.word(&MIDNIGHT);
                return said;
            }
            (12, 0) if !full => {
                said.word(&NOON);
                return said;
            }
            _ => {}
        }
        let shown = if full || (1..=12).contains(&hour) { hour } else { (hour - 12).abs() };
        if !bare {
            said.word(if shown == 1 { &LA } else { &LAS });
        }
        said.show(format_args!("{shown}:{minute:02}"));
        // "la una", "las veintiuna".
        self.cardinal(shown as u64, Noun::Feminine, context.region, &mut said.clips);
        match minute {
            0 => {}
            15 if !full => said.clips.push("es/word/y-cuarto"),
            30 if !full => said.clips.push("es/word/y-media"),
            _ => {
                said.clips.push(Y.clip);
                self.cardinal(minute as u64, Noun::Alone, context.region, &mut said.clips);
            }
        }
        if !full {
            said.word(match hour {
                0..=5 => &SMALL_HOURS,
                6..=11 => &IN_THE_MORNING,
                12..=19 => &IN_THE_AFTERNOON,
                _ => &AT_NIGHT,
            });
        }
        said
    }

    fn day(&self, called: Called, context: Context<'_>) -> Said {
        let mut said = Said::default();
        let article = !context.follows(&["el", "del", "al"]);
        match called {
            Called::Yesterday => said.word(&TABLE.yesterday),
            Called::Today => said.word(&TABLE.today),
            Called::Tomorrow => said.word(&TABLE.tomorrow),
            Called::Weekday(index) => {
                if article {
                    said.word(&EL);
                }
                said.word(&TABLE.weekdays[index.rem_euclid(7) as usize]);
            }
            Called::Day(month, day, year) => {
                if article {
                    said.word(&EL);
                }
                said.show(day);
                if day == 1 && context.region.long_forms {
                    said.clips.push(ORDINALS[0]);
                } else {
                    self.cardinal(
                        u64::from(day.unsigned_abs()),
                        Noun::Alone,
                        context.region,
                        &mut said.clips,
                    );
                }
                said.word(&DE);
                said.word(&TABLE.months[(month - 1).rem_euclid(12) as usize]);
                if let Some(year) = year {
                    said.word(&DE);
                    said.show(year);
                    let year = u64::from(year.unsigned_abs());
                    self.cardinal(year, Noun::Alone, context.region, &mut said.clips);
                }
            }
        }
        said
    }

    fn moment(&self, called: Called, hour: i32, minute: i32, context: Context<'_>) -> Said {
        // "hasta las 17:00 de hoy", "a las 10:00 del sábado"; else "el sábado a las 10:00".
        let time_first = context.follows(&["a", "las", "la"]);
        if time_first || called == Called::Today && context.follows(TABLE.before_times) {
            let mut said = self.time(hour, minute, context);
            self.of_day(&mut said, called, context);
            return said;
        }
        let mut said = self.day(called, context);
        said.word(&A);
        said.append(self.time(hour, minute, Context { before: "", ..context }));
        said
    }

    fn midnight(&self, before: Called, after: Called, context: Context<'_>) -> Said {
        let mut said = Said::default();
        let time_first = context.follows(&["a", "la", "las"]);
        let night = match (before, after) {
            (Called::Today, _) => Some(&TABLE.tonight),
            (_, Called::Today) => Some(&TABLE.last_night),
            _ => None,
        };
        if time_first {
            // "a las 12:00 de esta noche", "a las 12:00 de la noche del sábado": nobody takes that for noon.
            said.append(self.time(12, 0, Context { region: &REGIONS[0], ..context }));
            if night.is_none() {
                said.word(&AT_NIGHT);
            }
        }
        let context = Context { before: "", ..context };
        match night {
            Some(night) if time_first => {
                said.word(&DE);
                said.word(night);
            }
            Some(night) => {
                said.word(night);
                said.word(&A);
                said.word(&MIDNIGHT);
            }
            None if time_first => self.of_day(&mut said, before, context),
            None => {
                said.word(&LA);
                said.word(&MIDNIGHT);
                said.word(&ENTRE);
                said.append(self.day(before, context));
                said.word(&Y);
                said.append(self.day(after, context));
            }
        }
        said
    }

    fn and_a_half(&self, count: u64, unit: &Counted, context: Context<'_>) -> Said {
        let mut said = Said::default();
        (self as &dyn Tongue).counted(&mut said, count, unit, context.region);
        said.word(if unit.noun == Noun::Feminine {
            &word!("es/word/", "y media" = "y-media")
        } else {
            &word!("es/word/", "y medio" = "y-medio")
        });
        said
    }

    fn coins(&self, said: &mut Said, major: u64, minor: u64, currency: &CurrencyWords, region: &Region) {
        let tongue: &dyn Tongue = self;
        tongue.counted(said, major, &currency.major, region);
        let Some(unit) = &currency.minor else { return };
        said.word(&CON);
        if currency.bare && minor >= 10 {
            said.show(minor);
            self.cardinal(minor, Noun::Alone, region, &mut said.clips);
        } else {
            tongue.counted(said, minor, unit, region);
        }
    }

    /// "padre e hijo", but "agua y hielo".
    fn and(&self, next: &str) -> Word {
        let next = next.trim_start().to_lowercase();
        let i = next.strip_prefix('h').unwrap_or(&next);
        if i.starts_with(['i', 'í']) && !i.starts_with("ie") && !i.starts_with("ia") { E } else { Y }
    }

    fn shown(&self, count: u64, noun: Noun) -> String {
        match (count, noun) {
            (1, Noun::Masculine) => "un".into(),
            (1, Noun::Feminine) => "una".into(),
            _ => count.to_string(),
        }
    }

    fn link(&self, count: u64) -> Option<Word> {
        (count > 0 && count.is_multiple_of(1_000_000) && count < GREATEST).then_some(DE)
    }
}

impl Spanish {
    /// "de hoy", "del sábado".
    fn of_day(&self, said: &mut Said, called: Called, context: Context<'_>) {
        let del = matches!(called, Called::Weekday(_) | Called::Day(..));
        said.word(if del { &DEL } else { &DE });
        said.append(self.day(called, Context { before: if del { "del" } else { "" }, ..context }));
    }
}

/// Below a million million.
fn below_greatest(number: u64, noun: Noun, clips: &mut Vec<&'static str>) {
    let mut rest = number;
    if rest >= 1_000_000 {
        let millions = rest / 1_000_000;
        below_greatest(millions, Noun::Masculine, clips);
        clips.push(if millions == 1 { "es/number/millon" } else { "es/number/millones" });
        rest %= 1_000_000;
    }
    if rest >= 1000 {
        // "veintiún mil libras", but "doscientas mil libras".
        if rest >= 2000 {
            below_thousand(rest / 1000, Noun::Masculine, noun == Noun::Feminine, clips);
        }
        clips.push("es/number/mil");
        rest %= 1000;
    }
    if rest > 0 || number == 0 {
        below_thousand(rest, noun, noun == Noun::Feminine, clips);
    }
}

/// From 0 to 999; hundreds agree with a feminine noun, and so does a last one.
fn below_thousand(number: u64, noun: Noun, of_her: bool, clips: &mut Vec<&'static str>) {
    let number = number as usize % 1000;
    if number == 100 {
        return clips.push("es/number/100");
    }
    if number > 100 {
        clips.push(if of_her { HUNDREDS_OF_HER } else { HUNDREDS }[number / 100]);
    }
    let rest = number % 100;
    match (rest, noun) {
        (0, _) if number > 0 => {}
        (1, Noun::Masculine) => clips.push("es/number/un"),
        (1, Noun::Feminine) => clips.push("es/number/una"),
        (21, Noun::Masculine) => clips.push("es/number/veintiun"),
        (21, Noun::Feminine) => clips.push("es/number/veintiuna"),
        (0..=29, _) => clips.push(SMALL[rest]),
        _ => {
            clips.push(TENS[rest / 10]);
            if !rest.is_multiple_of(10) {
                clips.push(Y.clip);
                below_thousand(rest as u64 % 10, noun, of_her, clips);
            }
        }
    }
}
