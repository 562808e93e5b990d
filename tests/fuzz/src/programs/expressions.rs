//! Expressions of a type that is wanted.

use super::types::{Kind, is_ordered};
use super::{Maker, Name};

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "255",
    "256",
    "-1",
    "-7",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775807",
    "100",
];
const DECIMALS: [&str; 9] = [
    "0.5",
    "1.25",
    "-3.75",
    "0.0",
    "100.10",
    "0.000000000000000000000000001",
    "7922816251426433759354395033.5",
    "2.0",
    "-0.01",
];
const AMOUNTS: [&str; 6] = ["12.50", "0", "0.01", "99999999999.99", "3", "-7.25"];
const TEXTS: [&str; 9] =
    ["Ada", "", "x", "12", "+123", "long enough not to be inline", "Ñandú", "+15550123", "1.5"];
const SPANS: [&str; 7] = ["20s", "1h30m", "2d", "800ms", "0s", "36h", "1m"];
const DAYS: [&str; 4] = ["2026-11-27", "2028-02-29", "1999-12-31", "2026-03-29"];
const CLOCKS: [&str; 4] = ["08:30", "00:00", "23:59", "12:00"];
const MOMENTS: [&str; 3] = ["2026-03-03T12:00", "2026-07-01T00:00", "2030-01-01T23:59"];

impl Maker<'_> {
    /// An expression of a type.
    pub(super) fn expr(&mut self, kind: &Kind, depth: u32) -> String {
        let names: Vec<String> =
            self.scope.iter().filter(|name| name.kind == *kind).map(|name| name.text.clone()).collect();
        if !names.is_empty() && (depth == 0 || !self.once_in(2)) {
            return names[self.below(names.len())].clone();
        }
        if depth == 0 {
            return self.written(kind, false);
        }
        let depth = depth - 1;
        match self.below(9) {
            0 => {
                let (condition, bound) = self.condition_and(depth);
                let then = self.with(bound, |maker| maker.expr(kind, depth));
                let otherwise = self.expr(kind, depth);
                return format!("(when {condition} then {then} otherwise {otherwise})");
            }
            1 if !matches!(kind, Kind::Option(_)) => {
                let option = Kind::Option(Box::new(kind.clone()));
                let (of, otherwise) = (self.expr(&option, depth), self.expr(kind, depth));
                // What is surely there needs no `else`.
                if !of.starts_with("some(") && !of.starts_with("none") {
                    return format!("({of} else {otherwise})");
                }
            }
            2 => {
                let fits: Vec<(String, Vec<Kind>)> = self
                    .functions
                    .iter()
                    .filter(|(_, _, result)| result == kind)
                    .map(|(name, params, _)| (name.clone(), params.clone()))
                    .collect();
                if !fits.is_empty() {
                    let (name, params) = fits[self.below(fits.len())].clone();
                    let arguments = self.exprs(&params, depth);
                    return format!("{name}({arguments})");
                }
            }
            3 => {
                if let Some(field) = self.field_of(kind) {
                    return field;
                }
            }
            4 if self.in_call => {
                let fits: Vec<String> =
                    self.settings.iter().filter(|(_, of)| of == kind).map(|(name, _)| name.clone()).collect();
                if !fits.is_empty() {
                    return fits[self.below(fits.len())].clone();
                }
                if let Some(sample) = self.sample(kind, depth) {
                    return sample;
                }
            }
            _ => {}
        }
        self.operation(kind, depth)
    }

    /// Expressions of several types, with commas between.
    pub(super) fn exprs(&mut self, kinds: &[Kind], depth: u32) -> String {
        let each: Vec<String> = kinds.iter().map(|kind| self.expr(kind, depth)).collect();
        each.join(", ")
    }

    /// Names that are known while something is made.
    pub(super) fn with<T>(&mut self, names: Vec<Name>, make: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.scope.len();
        self.scope.extend(names);
        let made = make(self);
        self.scope.truncate(mark);
        made
    }

    /// A literal where its type is known.
    pub(super) fn literal(&mut self, kind: &Kind) -> String {
        self.written(kind, true)
    }

    /// A literal. Where nobody says what it is, digits and phone numbers in quotes are texts, so that functions make
    /// them.
    fn written(&mut self, kind: &Kind, typed: bool) -> String {
        match kind {
            Kind::Int => self.one(&NUMBERS).into(),
            Kind::Text => format!("\"{}\"", self.one(&TEXTS)),
            Kind::Bool => self.one(&["true", "false"]).into(),
            Kind::Decimal => self.one(&DECIMALS).into(),
            Kind::Money => format!("EUR({})", self.one(&AMOUNTS)),
            Kind::Digits if !typed => format!("some_digits({})", self.one(&["1", "-1"])),
            Kind::Phone if !typed => format!("some_phone({})", self.one(&["1", "-1"])),
            Kind::Digits => format!("\"{}\"", self.one(&["0042", "7", "4111111111111111"])),
            Kind::Phone => format!("\"{}\"", self.one(&["+15550123", "+4915112345678"])),
            Kind::Duration => self.one(&SPANS).into(),
            Kind::Date => self.one(&DAYS).into(),
            Kind::Time => self.one(&CLOCKS).into(),
            Kind::Moment => self.one(&MOMENTS).into(),
            Kind::Option(of) => match self.below(3) {
                0 if typed => "none".into(),
                _ => format!("some({})", self.written(of, typed)),
            },
            Kind::List(of) => {
                let items: Vec<String> = (0..1 + self.below(3)).map(|_| self.written(of, typed)).collect();
                format!("[{}]", items.join(", "))
            }
            Kind::Map(key, of) => {
                let keys = self.keys(key, typed);
                let entries: Vec<String> =
                    keys.iter().map(|key| format!("{key}: {}", self.written(of, typed))).collect();
                format!("[{}]", entries.join(", "))
            }
            Kind::Record(id) => {
                let (name, fields) = self.records[*id].clone();
                let fields: Vec<String> =
                    fields.iter().map(|(name, kind)| format!("{name}: {}", self.literal(kind))).collect();
                format!("{name}({})", fields.join(", "))
            }
            Kind::Enum(id) => {
                let variants = self.enums[*id].1.clone();
                let (name, fields) = &variants[self.below(variants.len())];
                let data: Vec<String> = fields.iter().map(|(_, kind)| self.literal(kind)).collect();
                if data.is_empty() { name.clone() } else { format!("{name}({})", data.join(", ")) }
            }
        }
    }

    /// Keys of a map, each of which stands there once.
    fn keys(&mut self, kind: &Kind, typed: bool) -> Vec<String> {
        let count = 1 + self.below(3);
        let all: &[&str] = match kind {
            Kind::Int => &["1", "2", "-7"],
            Kind::Date => &DAYS,
            Kind::Digits if typed => &["\"0042\"", "\"7\"", "\"12\""],
            Kind::Digits => &["some_digits(1)"],
            _ => &["\"Ada\"", "\"\"", "\"x\""],
        };
        all.iter().take(count).map(|key| (*key).to_owned()).collect()
    }

    /// What operators and built-in functions make of a type.
    fn operation(&mut self, kind: &Kind, depth: u32) -> String {
        use Kind::{
            Bool, Date, Decimal, Digits, Duration, Int, List, Map, Moment, Money, Option, Phone, Text, Time,
        };
        let sign = self.one(&["+", "-"]);
        let pair =
            |maker: &mut Self, one: &Kind, other: &Kind| (maker.expr(one, depth), maker.expr(other, depth));
        match kind {
            Int => match self.below(14) {
                0 | 1 => {
                    let (a, b) = pair(self, &Int, &Int);
                    format!("({a} {sign} {b})")
                }
                2 => {
                    let (a, b) = pair(self, &Int, &Int);
                    format!("({a} * {b})")
                }
                3 => format!("({} % {})", self.expr(&Int, depth), self.one(&["3", "7", "-1", "2"])),
                4 => {
                    let (a, b) = pair(self, &Int, &Int);
                    let names_int = b.parse::<i64>().is_err();
                    if names_int { format!("(({a} % {b}) else 5)") } else { format!("(-({a}))") }
                }
                5 => format!("({}).length", self.expr(&Text, depth)),
                6 => {
                    let of = self.kind(1);
                    format!("({}).length", self.expr(&List(Box::new(of)), depth))
                }
                7 => format!("({}).sum", self.expr(&List(Box::new(Int)), depth)),
                8 => format!(
                    "({}).{}",
                    self.expr(&Duration, depth),
                    self.one(&["days", "hours", "minutes", "seconds"])
                ),
                9 => format!(
                    "({}).{}",
                    self.expr(&Date, depth),
                    self.one(&["year", "month", "day", "weekday"])
                ),
                10 => format!(
                    "({}).{}",
                    self.expr(&Moment, depth),
                    self.one(&["year", "weekday", "hour", "minute"])
                ),
                11 => format!("{}({})", self.one(&["round", "floor", "ceil"]), self.expr(&Decimal, depth)),
                12 => format!("(int({}) else {})", self.expr(&Text, depth), self.expr(&Int, depth)),
                _ => format!("(-{})", self.expr(&Int, 0).trim_start_matches('-')),
            },
            Decimal => match self.below(9) {
                0 | 1 => {
                    let (a, b) = pair(self, &Decimal, &Decimal);
                    format!("({a} {sign} {b})")
                }
                2 => {
                    let (a, b) = pair(self, &Decimal, &Decimal);
                    format!("({a} * {b})")
                }
                3 => format!("({} / {})", self.expr(&Decimal, depth), self.one(&["3", "0.7", "-2", "8"])),
                4 => format!("decimal({})", self.expr(&Int, depth)),
                5 => format!("({}).amount", self.expr(&Money, depth)),
                6 => format!(
                    "round({}, {})",
                    self.expr(&Decimal, depth),
                    self.one(&["2", "0", "28", "-3", "40"])
                ),
                7 => format!("(decimal({}) else {})", self.expr(&Text, depth), self.expr(&Decimal, depth)),
                _ => format!("({} % {})", self.expr(&Decimal, depth), self.one(&["0.3", "7"])),
            },
            Money => match self.below(5) {
                0 | 1 => {
                    let (a, b) = pair(self, &Money, &Money);
                    format!("({a} {sign} {b})")
                }
                2 => format!("({} * {})", self.expr(&Money, depth), self.expr(&Decimal, depth)),
                3 => format!("({} / {})", self.expr(&Money, depth), self.one(&["3", "1.1"])),
                _ => format!("round({}, 2)", self.expr(&Money, depth)),
            },
            Text => match self.below(6) {
                0 | 1 => self.interpolated(),
                2 => {
                    let (a, b) = pair(self, &Text, &Text);
                    format!("({a} + {b})")
                }
                3 => {
                    let of = self.kind_not_optional();
                    format!("text({})", self.expr(&of, depth))
                }
                4 => format!("last({}, {})", self.expr(&Int, depth), self.expr(&Text, depth)),
                _ => format!("({}).currency", self.expr(&Money, depth)),
            },
            Duration => match self.below(6) {
                0 => {
                    let (a, b) = pair(self, &Duration, &Duration);
                    format!("({a} {sign} {b})")
                }
                1 => format!("({} * {})", self.expr(&Duration, depth), self.expr(&Int, depth)),
                2 => format!("({} / {})", self.expr(&Duration, depth), self.one(&["2", "-7", "60"])),
                3 => {
                    let (a, b) = pair(self, &Moment, &Moment);
                    format!("({a} - {b})")
                }
                4 => {
                    let (a, b) = pair(self, &Date, &Date);
                    format!("({a} - {b})")
                }
                _ => format!("({}).sum", self.expr(&List(Box::new(Duration)), depth)),
            },
            Date => match self.below(2) {
                0 => format!("({} {sign} {})", self.expr(&Date, depth), self.one(&["2d", "400d", "7d"])),
                _ => format!("({}).date", self.expr(&Moment, depth)),
            },
            Time => format!("({}).time", self.expr(&Moment, depth)),
            Moment => format!("({} {sign} {})", self.expr(&Moment, depth), self.expr(&Duration, depth)),
            Bool => self.condition(depth),
            Digits => format!("last({}, {})", self.one(&["1", "3", "40"]), self.expr(&Digits, depth)),
            Phone => self.written(&Phone, false),
            Option(of) => self.option(of, depth),
            List(of) => match self.below(4) {
                0 => {
                    let from = self.kind(1);
                    let list = self.expr(&List(Box::new(from.clone())), depth);
                    self.comprehension(&list, &from, of, depth)
                }
                1 => {
                    let map = Map(Box::new(Text), of.clone());
                    format!("({}).values", self.expr(&map, depth))
                }
                2 if matches!(**of, Text | Int | Date | Digits) => {
                    let map = Map(of.clone(), Box::new(Int));
                    format!("({}).keys", self.expr(&map, depth))
                }
                _ => {
                    let items: Vec<String> = (0..1 + self.below(3)).map(|_| self.expr(of, depth)).collect();
                    format!("[{}]", items.join(", "))
                }
            },
            Map(key, of) => {
                let keys = if self.once_in(2) { vec![self.expr(key, depth)] } else { self.keys(key, false) };
                let entries: Vec<String> =
                    keys.iter().map(|key| format!("{key}: {}", self.expr(of, depth))).collect();
                format!("[{}]", entries.join(", "))
            }
            Kind::Record(id) => {
                let (name, fields) = self.records[*id].clone();
                let fields: Vec<String> =
                    fields.iter().map(|(name, kind)| format!("{name}: {}", self.expr(kind, depth))).collect();
                format!("{name}({})", fields.join(", "))
            }
            Kind::Enum(id) => {
                let variants = self.enums[*id].1.clone();
                let (name, fields) = &variants[self.below(variants.len())];
                let data: Vec<String> = fields.iter().map(|(_, kind)| self.expr(kind, depth)).collect();
                if data.is_empty() { name.clone() } else { format!("{name}({})", data.join(", ")) }
            }
        }
    }

    fn option(&mut self, of: &Kind, depth: u32) -> String {
        let list = Kind::List(Box::new(of.clone()));
        match (self.below(6), of) {
            (0, _) => format!("({}).first", self.expr(&list, depth)),
            (1, _) => format!("({}).at({})", self.expr(&list, depth), self.expr(&Kind::Int, depth)),
            (2, _) => {
                let map = Kind::Map(Box::new(Kind::Text), Box::new(of.clone()));
                format!("({}).at({})", self.expr(&map, depth), self.expr(&Kind::Text, depth))
            }
            (3, Kind::Int) => format!("int({})", self.expr(&Kind::Text, depth)),
            (3, Kind::Digits) => format!("digits({})", self.expr(&Kind::Text, depth)),
            (3, Kind::Phone) => format!("phone({})", self.expr(&Kind::Text, depth)),
            (3, Kind::Money) => format!("({}).sum", self.expr(&list, depth)),
            (3, Kind::Decimal) => format!("decimal({})", self.expr(&Kind::Text, depth)),
            (4, _) => "none".into(),
            _ => format!("some({})", self.expr(of, depth)),
        }
    }

    pub(super) fn comprehension(&mut self, list: &str, from: &Kind, to: &Kind, depth: u32) -> String {
        let name = self.fresh("i");
        let item = vec![Name { text: name.clone(), kind: from.clone(), is_state: false }];
        self.with(item, |maker| {
            let value = maker.expr(to, depth);
            let only =
                if maker.once_in(2) { format!(" if {}", maker.condition(depth)) } else { String::new() };
            format!("[{value} each {name} in {list}{only}]")
        })
    }

    /// A text with holes.
    pub(super) fn interpolated(&mut self) -> String {
        let mut out = String::from("\"");
        for _ in 0..1 + self.below(3) {
            out.push_str(self.one(&["so ", "and ", "It is ", ", "]));
            let known = self.below(self.scope.len() + 1);
            match self.scope.get(known) {
                Some(Name { text, kind: Kind::Int, .. }) if text.len().is_multiple_of(2) => {
                    out.push_str(&format!("{{{text} plural one \"piece\" other \"pieces\"}}"));
                }
                Some(Name { text, .. }) => out.push_str(&format!("{{{text}}}")),
                None => out.push_str("nothing"),
            }
        }
        out + ".\""
    }

    // ------------------------------------------------------------ conditions

    pub(super) fn condition(&mut self, depth: u32) -> String {
        let (condition, _) = self.condition_and(depth);
        format!("({condition})")
    }

    /// A condition, and the names that it binds where it holds.
    pub(super) fn condition_and(&mut self, depth: u32) -> (String, Vec<Name>) {
        let depth = depth.saturating_sub(1);
        match self.below(9) {
            0 => {
                let (one, mut bound) = self.condition_and(depth);
                let (other, more) = self.with(bound.clone(), |maker| maker.condition_and(depth));
                bound.extend(more);
                (format!("{one} and {other}"), bound)
            }
            1 => {
                let (one, other) = (self.condition(depth), self.condition(depth));
                (format!("({one} or {other})"), Vec::new())
            }
            2 => (format!("not {}", self.condition(depth)), Vec::new()),
            3 => self.is_option(depth),
            4 if !self.enums.is_empty() => self.is_variant(depth),
            5 => {
                let kind = self.ordered_kind();
                let value = self.expr(&kind, depth);
                let (low, high) = (self.expr(&kind, depth), self.expr(&kind, depth));
                let plain = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                // A range of two literals may hold nothing, which is told.
                if plain(&low) && plain(&high) {
                    return (format!("{value} < {high}"), Vec::new());
                }
                (format!("{value} in {low}{}{high}", self.one(&["..", " to "])), Vec::new())
            }
            6 => {
                let kind = self.kind(1);
                let list = Kind::List(Box::new(kind.clone()));
                let (value, list) = (self.expr(&kind, depth), self.expr(&list, depth));
                (format!("({list}).contains({value})"), Vec::new())
            }
            7 => {
                let (text, part) = (self.expr(&Kind::Text, depth), self.expr(&Kind::Text, depth));
                (
                    format!("({text}).{}({part})", self.one(&["starts_with", "ends_with", "contains"])),
                    Vec::new(),
                )
            }
            _ => {
                let kind = self.kind(1);
                let ordered = is_ordered(&kind) && !self.once_in(3);
                let sign = match ordered {
                    true => self.one(&["<", "<=", ">", ">="]),
                    false => self.one(&["==", "!="]),
                };
                let (one, other) = (self.expr(&kind, depth), self.expr(&kind, depth));
                (format!("{one} {sign} {other}"), Vec::new())
            }
        }
    }

    fn ordered_kind(&mut self) -> Kind {
        use Kind::{Date, Decimal, Duration, Int, Moment, Money, Time};
        [Int, Decimal, Money, Duration, Date, Time, Moment][self.below(7)].clone()
    }

    fn is_option(&mut self, depth: u32) -> (String, Vec<Name>) {
        let kind = self.kind_not_optional();
        let of = self.expr(&Kind::Option(Box::new(kind.clone())), depth);
        let of = if of.starts_with("none") || of.starts_with("some(") {
            self.option_that_may_be(&kind)
        } else {
            of
        };
        match self.below(4) {
            0 => (format!("{of} is none"), Vec::new()),
            1 => (format!("{of} is not some(_)"), Vec::new()),
            _ => {
                let name = self.fresh("o");
                (format!("{of} is some({name})"), vec![Name { text: name, kind, is_state: false }])
            }
        }
    }

    fn option_that_may_be(&mut self, kind: &Kind) -> String {
        format!("([{}]).at({})", self.expr(kind, 0), self.expr(&Kind::Int, 0))
    }

    fn is_variant(&mut self, depth: u32) -> (String, Vec<Name>) {
        let id = self.below(self.enums.len());
        let of = self.expr(&Kind::Enum(id), depth);
        let variants = self.enums[id].1.clone();
        let (name, fields) = variants[self.below(variants.len())].clone();
        if fields.is_empty() {
            return (format!("{of} is {}{name}", self.one(&["", "not "])), Vec::new());
        }
        let names: Vec<Name> = fields
            .iter()
            .map(|(_, kind)| Name { text: self.fresh("d"), kind: kind.clone(), is_state: false })
            .collect();
        let texts: Vec<String> = names.iter().map(|name| name.text.clone()).collect();
        (format!("{of} is {name}({})", texts.join(", ")), names)
    }

    // ------------------------------------------------------------ what is known

    /// A field of a record that is known, or of one that may be missing.
    fn field_of(&mut self, kind: &Kind) -> Option<String> {
        let mut found = Vec::new();
        for name in &self.scope {
            let (id, opened) = match &name.kind {
                Kind::Record(id) => (*id, false),
                Kind::Option(of) => match **of {
                    Kind::Record(id) => (id, true),
                    _ => continue,
                },
                _ => continue,
            };
            for (field, of) in &self.records[id].1 {
                let text = &name.text;
                match (opened, kind) {
                    (false, kind) if of == kind => found.push(format!("{text}.{field}")),
                    (true, Kind::Option(wanted)) if of == &**wanted || of == kind => {
                        found.push(format!("{text}?.{field}"));
                    }
                    _ => {}
                }
            }
        }
        (!found.is_empty()).then(|| found[self.below(found.len())].clone())
    }

    fn sample(&mut self, kind: &Kind, depth: u32) -> Option<String> {
        Some(match kind {
            Kind::Moment => self.one(&["now", "hours.closes"]).into(),
            Kind::Date => "today".into(),
            Kind::Phone => "called".into(),
            Kind::Text => self.one(&["call.id", "hours.reason"]).into(),
            Kind::Int if self.in_queue => self.one(&["position", "people.waiting"]).into(),
            Kind::Int => self.one(&["people.waiting", "people.free"]).into(),
            Kind::Bool if self.once_in(3) => format!("hours.open_at({})", self.expr(&Kind::Moment, depth)),
            Kind::Bool => self.one(&["caller.attested", "hours.open", "people.staffed", "lever"]).into(),
            Kind::Duration if self.in_queue => "wait".into(),
            Kind::Duration => "people.longest_wait".into(),
            Kind::Option(of) => match **of {
                Kind::Phone => "caller.number".into(),
                Kind::Text => "caller.name".into(),
                Kind::Duration => "people.expected_wait".into(),
                Kind::Moment => "hours.next_open".into(),
                _ => return None,
            },
            _ => return None,
        })
    }
}
