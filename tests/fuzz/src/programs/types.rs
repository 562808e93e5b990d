//! Types of made programs.

use super::Maker;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Bool,
    Decimal,
    Money,
    Digits,
    Phone,
    Duration,
    Date,
    Time,
    Moment,
    Option(Box<Kind>),
    List(Box<Kind>),
    Map(Box<Kind>, Box<Kind>),
    Record(usize),
    Enum(usize),
}

use Kind::{Bool, Date, Decimal, Digits, Duration, Int, Moment, Money, Phone, Text, Time};

const PLAIN: [Kind; 11] = [Int, Text, Bool, Decimal, Money, Duration, Date, Time, Moment, Digits, Phone];

impl Maker<'_> {
    /// A type without parts.
    pub(super) fn plain_kind(&mut self) -> Kind {
        PLAIN[self.below(PLAIN.len())].clone()
    }

    /// Any type, with parts that nest so deep at most.
    pub(super) fn kind(&mut self, depth: u32) -> Kind {
        if depth == 0 {
            return self.plain_kind();
        }
        match self.below(10) {
            0..=4 => self.plain_kind(),
            5 => match self.kind(depth - 1) {
                // What may be missing is not missing twice.
                option @ Kind::Option(_) => option,
                of => Kind::Option(Box::new(of)),
            },
            6 => Kind::List(Box::new(self.kind(depth - 1))),
            7 => {
                let key = [Text, Int, Date, Digits][self.below(4)].clone();
                Kind::Map(Box::new(key), Box::new(self.kind(depth - 1)))
            }
            8 if !self.records.is_empty() => Kind::Record(self.below(self.records.len())),
            9 if !self.enums.is_empty() => Kind::Enum(self.below(self.enums.len())),
            _ => self.plain_kind(),
        }
    }

    /// Any type but an option.
    pub(super) fn kind_not_optional(&mut self) -> Kind {
        match self.kind(1) {
            Kind::Option(of) => *of,
            kind => kind,
        }
    }

    /// A type as it is written.
    pub(super) fn type_text(&self, kind: &Kind) -> String {
        match kind {
            Int => "int".into(),
            Text => "text".into(),
            Bool => "bool".into(),
            Decimal => "decimal".into(),
            Money => "money".into(),
            Digits => "digits".into(),
            Phone => "phone".into(),
            Duration => "duration".into(),
            Date => "date".into(),
            Time => "time".into(),
            Moment => "datetime".into(),
            Kind::Option(of) => format!("{}?", self.type_text(of)),
            Kind::List(of) => format!("list[{}]", self.type_text(of)),
            Kind::Map(key, of) => format!("map[{}, {}]", self.type_text(key), self.type_text(of)),
            Kind::Record(id) => self.records[*id].0.clone(),
            Kind::Enum(id) => self.enums[*id].0.clone(),
        }
    }

    /// Parameters as they are written.
    pub(super) fn params_text(&self, params: &[(String, Kind)]) -> String {
        if params.is_empty() {
            return String::new();
        }
        let each = params.iter().map(|(name, kind)| format!("{name}: {}", self.type_text(kind)));
        format!("({})", each.collect::<Vec<_>>().join(", "))
    }
}

/// Whether values of the type can be told in speech.
pub(super) fn is_speakable(kind: &Kind) -> bool {
    match kind {
        Kind::List(of) => is_speakable(of),
        Bool | Kind::Option(_) | Kind::Map(..) | Kind::Record(_) | Kind::Enum(_) => false,
        _ => true,
    }
}

/// Whether values of the type have an order.
pub(super) fn is_ordered(kind: &Kind) -> bool {
    matches!(kind, Int | Decimal | Money | Duration | Date | Time | Moment)
}
