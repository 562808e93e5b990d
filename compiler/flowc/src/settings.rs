//! The values of a program's settings: what `flow.toml` says, else what the flows say.

use flow_bytecode::decimal::{self, Currency, Money};
use flow_bytecode::program::{Constant, Setting};
use flow_bytecode::{Datum, Program, Type, base64};
use flow_project::{Manifest, Problem, amount_parts, date_days, datetime_millis, span_millis, time_millis};

/// The value of each setting, in the order of the program.
///
/// # Errors
/// When a setting has no value, or one that does not fit.
pub fn values(program: &Program, manifest: &Manifest) -> Result<Vec<Datum>, Problem> {
    program.settings.iter().map(|setting| value(program, setting, manifest)).collect()
}

fn value(program: &Program, setting: &Setting, manifest: &Manifest) -> Result<Datum, Problem> {
    let name = text(program, setting.name);
    let ty = program.types.get(usize::from(setting.ty.0));
    // Variants have names only in the source: what the manifest chose is the program's default already.
    let is_enum = matches!(ty, Some(Type::Enum(_)));
    if let Some(given) = manifest.settings.iter().find(|given| given.name == name && !is_enum) {
        return ty.and_then(|ty| read(program, ty, &given.value)).ok_or_else(|| Problem {
            what: format!("the setting `{name}` cannot be read from `{}`", given.value),
            action: "write it in [settings] of flow.toml as in a flow: 1234, true, \"20s\", \"EUR 12.50\", \"2026-11-27\""
                .into(),
        });
    }
    let default = setting.default.and_then(|at| program.constants.get(at as usize));
    match (default, ty) {
        (Some(constant), Some(Type::Option(_))) => Ok(Datum::Some(Box::new(datum(program, constant)))),
        (Some(constant), _) => Ok(datum(program, constant)),
        (None, Some(Type::Option(_))) => Ok(Datum::None),
        (None, _) => Err(Problem {
            what: format!("the setting `{name}` has no value"),
            action: format!("add `{name} = …` to [settings] in flow.toml"),
        }),
    }
}

fn datum(program: &Program, constant: &Constant) -> Datum {
    match constant {
        Constant::Bool(value) => Datum::Bool(*value),
        Constant::Int(value) => Datum::Int(*value),
        Constant::Decimal(number) => Datum::Decimal(*number),
        Constant::Money(money) => Datum::Money(*money),
        Constant::Text(at) | Constant::Digits(at) | Constant::Phone(at) => {
            Datum::Text(text(program, *at).to_owned())
        }
        Constant::Duration(millis) => Datum::Duration(*millis),
        Constant::Date(days) => Datum::Date(*days),
        Constant::Time(millis) => Datum::Time(*millis),
        Constant::DateTime(millis, zone) => Datum::DateTime(*millis, *zone),
        Constant::Language(language) => Datum::Language(*language),
        Constant::Variant(_, variant) => Datum::Variant(*variant, Vec::new()),
        Constant::Table(..) => Datum::None,
    }
}

/// A value as people write it in a flow, without quotes.
fn read(program: &Program, ty: &Type, value: &str) -> Option<Datum> {
    Some(match ty {
        Type::Bool => Datum::Bool(value.parse().ok()?),
        Type::Int => Datum::Int(value.parse().ok()?),
        Type::Decimal => Datum::Decimal(decimal::read(value)?),
        Type::Money => {
            let (code, amount) = amount_parts(value)?;
            Datum::Money(Money::new(decimal::read(amount)?, Currency::new(code)?))
        }
        Type::Date => Datum::Date(date_days(value)?),
        Type::Time => Datum::Time(time_millis(value)?),
        Type::DateTime => Datum::DateTime(datetime_millis(value, program.zones.first()?)?, 0),
        Type::PublicKey => base64::public_key(value).map(|_| Datum::Text(value.to_owned()))?,
        Type::Digits if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        Type::Text | Type::Digits | Type::Phone => Datum::Text(value.to_owned()),
        Type::Duration => Datum::Duration(span_millis(value)?),
        Type::Language => {
            let at = program.languages.iter().position(|code| code == value)?;
            Datum::Language(u16::try_from(at).ok()?)
        }
        Type::Option(inner) => {
            let inner = program.types.get(usize::from(inner.0))?;
            Datum::Some(Box::new(read(program, inner, value)?))
        }
        _ => return None,
    })
}

fn text(program: &Program, at: u32) -> &str {
    program.texts.get(at as usize).map(String::as_str).unwrap_or_default()
}

/// For how long what is over is kept.
pub fn keep(manifest: &Manifest) -> flow_server::Keep {
    let usual = flow_server::Keep::default();
    flow_server::Keep { days: manifest.run.keep_days.unwrap_or(usual.days) }
}

/// Whom the deployment lets us call.
pub fn outbound(manifest: &Manifest) -> flow_server::Outbound {
    let said = &manifest.outbound;
    flow_server::Outbound { allow: said.allow.clone(), deny: said.deny.clone(), from: said.from.clone() }
}
