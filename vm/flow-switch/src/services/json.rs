//! JSON to values of a program's types, and back.
//!
//! | type | JSON |
//! |---|---|
//! | `bool`, `int` | `true`, `42` (no fraction) |
//! | `decimal` | a string (`"12.50"`), which it is written as, or a number of at most 15 digits |
//! | `money` | `{"amount": "12.50", "currency": "EUR"}`, or a string `"EUR 12.50"` |
//! | `map[K, V]` | an object |
//! | `text`, `digits`, `phone`, `date`, `time`, `datetime`, `language` | a string |
//! | `duration` | seconds as a number (`1.5`), or a string as in a flow (`"1h30m"`) |
//! | `T?` | `null`, or nothing at all in a record |
//! | `list[T]` | an array |
//! | a record | an object; keys that the record does not have are passed over |
//! | an enum | the variant's name; with data `{"paid": {"ref": "x"}}` |
//!
//! An answer is refused with the place where it does not fit, never with what stands there: it may be
//! somebody's data.

use flow_bytecode::decimal::{self, Currency, Decimal, Money};
use flow_bytecode::program::{SchemaId, Shape, TextId};
use flow_bytecode::{Datum, Type, VerifiedProgram, limits, plain};
use serde_json::{Map, Number, Value};

/// Bytes of an answer that are read at most.
pub const GREATEST_BYTES: usize = 256 * 1024;
/// Bytes that an answer may take in a call's memory: half of what a call has.
const GREATEST_DECODED: usize = 32 * 1024;

/// Why JSON does not fit a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where: `customer.visits[2]`, or nothing for the whole.
    pub place: String,
    /// What is wrong there, in a few words, without what stands there.
    pub what: String,
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.place.is_empty() {
            true => write!(f, "the answer {}", self.what),
            false => write!(f, "`{}` {}", self.place, self.what),
        }
    }
}

/// Reads an answer as a value of a schema.
///
/// # Errors
/// Where and why it does not fit.
pub fn decode(program: &VerifiedProgram, schema: SchemaId, bytes: &[u8]) -> Result<Datum, Misfit> {
    let whole = |what: &str| Misfit { place: String::new(), what: what.to_owned() };
    if bytes.len() > GREATEST_BYTES {
        return Err(whole("is larger than 256 KB"));
    }
    let json: Value = serde_json::from_slice(bytes).map_err(|_| whole("is no JSON"))?;
    let mut reader = Reader { program, place: Vec::new(), left: GREATEST_DECODED };
    reader.value(schema, &json)
}

struct Reader<'p> {
    program: &'p VerifiedProgram,
    place: Vec<String>,
    /// Bytes that it may still take.
    left: usize,
}

impl<'p> Reader<'p> {
    fn misfit<T>(&self, what: impl Into<String>) -> Result<T, Misfit> {
        let place = self.place.concat();
        Err(Misfit { place: place.trim_start_matches('.').to_owned(), what: what.into() })
    }

    fn name(&self, id: TextId) -> &'p str {
        self.program.texts.get(id as usize).map_or("", String::as_str)
    }

    fn take(&mut self, bytes: usize) -> Result<(), Misfit> {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return self.misfit("is more than the 32 KB that a call keeps of an answer"),
        }
        Ok(())
    }

    fn value(&mut self, id: SchemaId, json: &Value) -> Result<Datum, Misfit> {
        self.take(8)?;
        let schema = &self.program.schemas[id as usize];
        match (&schema.shape, self.program.ty(schema.ty)) {
            (Shape::Plain, ty) => self.plain(ty, json),
            (Shape::Of(of), Type::Option(_)) => match json {
                Value::Null => Ok(Datum::None),
                json => Ok(Datum::Some(Box::new(self.value(*of, json)?))),
            },
            (Shape::Of(of), _) => {
                let Value::Array(elements) = json else { return self.wrong("a list", json) };
                let mut values = Vec::new();
                for (index, element) in elements.iter().enumerate() {
                    self.place.push(format!("[{index}]"));
                    values.push(self.value(*of, element)?);
                    self.place.pop();
                }
                Ok(Datum::List(values))
            }
            (Shape::Record(fields), _) => {
                let Value::Object(object) = json else { return self.wrong("an object", json) };
                Ok(Datum::Record(self.fields(fields, object)?))
            }
            (Shape::Map(key, value), _) => {
                let Value::Object(object) = json else { return self.wrong("an object", json) };
                let mut entries = Vec::new();
                for (name, element) in object {
                    self.place.push(format!("[{}]", entries.len()));
                    let name = self.value(*key, &Value::String(name.clone()))?;
                    entries.push((name, self.value(*value, element)?));
                    self.place.pop();
                }
                Ok(Datum::Map(entries))
            }
            (Shape::Enum(variants), _) => self.variant(variants, json),
        }
    }

    fn fields(
        &mut self,
        fields: &[(TextId, SchemaId)],
        object: &Map<String, Value>,
    ) -> Result<Vec<Datum>, Misfit> {
        let mut values = Vec::with_capacity(fields.len());
        for (name, of) in fields {
            let name = self.name(*name);
            self.place.push(format!(".{name}"));
            let optional = matches!(self.program.ty(self.program.schemas[*of as usize].ty), Type::Option(_));
            values.push(match object.get(name) {
                Some(value) => self.value(*of, value)?,
                None if optional => Datum::None,
                None => return self.misfit("is missing"),
            });
            self.place.pop();
        }
        Ok(values)
    }

    fn variant(
        &mut self,
        variants: &[(TextId, Vec<(TextId, SchemaId)>)],
        json: &Value,
    ) -> Result<Datum, Misfit> {
        let empty = Map::new();
        let (word, data) = match json {
            Value::String(word) => (word.as_str(), &empty),
            Value::Object(object) if object.len() == 1 => match object.iter().next() {
                Some((word, Value::Object(data))) => (word.as_str(), data),
                _ => return self.misfit("is no variant with its data"),
            },
            other => return self.wrong("the name of a variant", other),
        };
        let Some(tag) = variants.iter().position(|(name, _)| self.name(*name) == word) else {
            let known: Vec<&str> = variants.iter().take(8).map(|(name, _)| self.name(*name)).collect();
            return self.misfit(format!("is none of {}", known.join(", ")));
        };
        Ok(Datum::Variant(tag as u16, self.fields(&variants[tag].1, data)?))
    }

    fn plain(&mut self, ty: &Type, json: &Value) -> Result<Datum, Misfit> {
        match (ty, json) {
            (Type::Bool, Value::Bool(value)) => Ok(Datum::Bool(*value)),
            (Type::Bool, other) => self.wrong("true or false", other),
            (Type::Int, Value::Number(number)) => match number.as_i64() {
                Some(value) => Ok(Datum::Int(value)),
                None => self.misfit("is no whole number of 64 bits"),
            },
            (Type::Int, other) => self.wrong("a number", other),
            (Type::Decimal, Value::Number(number)) => match exact(number) {
                Some(value) => Ok(Datum::Decimal(value)),
                None => self.misfit("is a number of too many digits: write it as a text"),
            },
            (Type::Money, Value::Object(object)) => match money(object) {
                Some(value) => Ok(Datum::Money(value)),
                None => self.misfit("is no amount with its currency"),
            },
            (Type::Duration, Value::Number(number)) => match number.as_f64() {
                Some(seconds) if (0.0..=1e12).contains(&seconds) => {
                    Ok(Datum::Duration((seconds * 1000.0).round() as i64))
                }
                _ => self.misfit("is no span of time"),
            },
            (_, Value::String(text)) => {
                if text.len() > limits::TEXT_BYTES {
                    return self.misfit("is a text of more than 4 KB");
                }
                self.take(text.len())?;
                let utc = jiff::tz::TimeZone::UTC;
                let zone = self.program.time_zones().first().unwrap_or(&utc);
                match plain::read(self.program, zone, ty, text) {
                    Some(value) => Ok(value),
                    None => self.misfit(format!("is no {}", word_of(ty))),
                }
            }
            (_, other) => self.wrong("a text", other),
        }
    }

    fn wrong<T>(&self, wanted: &str, found: &Value) -> Result<T, Misfit> {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.misfit(format!("is {found}, not {wanted}"))
    }
}

/// The decimal that a JSON number says. More than 15 digits may have been rounded on the way here.
fn exact(number: &Number) -> Option<Decimal> {
    let written = number.to_string();
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    if number.is_f64() && (digits > 15 || written.contains(['e', 'E'])) {
        return None;
    }
    decimal::read(written.strip_suffix(".0").unwrap_or(&written))
}

/// `{"amount": "12.50", "currency": "EUR"}`
fn money(object: &Map<String, Value>) -> Option<Money> {
    let amount = match object.get("amount")? {
        Value::String(text) => decimal::read(text)?,
        Value::Number(number) => exact(number)?,
        _ => return None,
    };
    Some(Money::new(amount, Currency::new(object.get("currency")?.as_str()?)?))
}

fn word_of(ty: &Type) -> &'static str {
    match ty {
        Type::Decimal => "number",
        Type::Money => "amount with its currency",
        Type::PublicKey => "public key",
        Type::Digits => "digits",
        Type::Phone => "telephone number",
        Type::Duration => "span of time",
        Type::Date => "date",
        Type::Time => "time of day",
        Type::DateTime => "instant",
        Type::Language => "language of this program",
        _ => "value of its type",
    }
}

/// A value as JSON.
pub fn encode(program: &VerifiedProgram, schema: SchemaId, value: &Datum) -> Value {
    let Some(schema) = program.schemas.get(schema as usize) else { return Value::Null };
    let name = |id: TextId| program.texts.get(id as usize).cloned().unwrap_or_default();
    let object = |named: &[(TextId, SchemaId)], values: &[Datum]| {
        let fields = named.iter().zip(values);
        fields.map(|((id, of), value)| (name(*id), encode(program, *of, value))).collect::<Map<_, _>>()
    };
    match (&schema.shape, value) {
        (Shape::Of(of), Datum::Some(inner)) => encode(program, *of, inner),
        (Shape::Of(of), Datum::List(elements)) => {
            Value::Array(elements.iter().map(|element| encode(program, *of, element)).collect())
        }
        (Shape::Record(named), Datum::Record(values)) => Value::Object(object(named, values)),
        (Shape::Enum(variants), Datum::Variant(tag, values)) => match variants.get(usize::from(*tag)) {
            Some((id, named)) if named.is_empty() => Value::String(name(*id)),
            Some((id, named)) => {
                Value::Object(Map::from_iter([(name(*id), Value::Object(object(named, values)))]))
            }
            None => Value::Null,
        },
        (Shape::Map(key, of), Datum::Map(entries)) => {
            let entries = entries.iter().filter_map(|(name, value)| match encode(program, *key, name) {
                Value::String(name) => Some((name, encode(program, *of, value))),
                _ => None,
            });
            Value::Object(entries.collect())
        }
        (_, Datum::Money(money)) => Value::Object(Map::from_iter([
            ("amount".to_owned(), Value::String(money.to_string().split_off(4))),
            ("currency".to_owned(), Value::String(money.currency.code().to_owned())),
        ])),
        (_, Datum::Bool(value)) => Value::Bool(*value),
        (_, Datum::Int(value)) => Value::Number(Number::from(*value)),
        (_, Datum::Duration(millis)) if millis % 1000 == 0 => Value::Number(Number::from(millis / 1000)),
        (_, Datum::Duration(millis)) => {
            Number::from_f64(*millis as f64 / 1000.0).map_or(Value::Null, Value::Number)
        }
        (_, value) => plain::write(program, value).map_or(Value::Null, Value::String),
    }
}
