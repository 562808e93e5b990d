//! What a call says to services: the target of a request, its body, and where the deployment has each service.
//!
//! Addresses and keys come from the program and its settings ([`places`]), not with each request, so that no
//! secret of the deployment passes through what is logged or replayed.

pub mod json;
pub(crate) mod rows;

use flow_bytecode::program::{Credentials, Given, Operation, PathPiece, ServiceKind};
use flow_bytecode::{Datum, VerifiedProgram, plain};
use serde_json::{Map, Value};

/// Something that nobody may read by accident: `Debug` shows dots.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("••••")
    }
}

/// Where a deployment has a service, and how it is known there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePlace {
    /// The service's name in the program.
    pub name: String,
    /// What it is spoken to by.
    pub kind: ServiceKind,
    /// The beginning of its URLs, without a slash at its end.
    pub address: String,
    /// Headers that go with each request.
    pub headers: Vec<(String, Secret)>,
    /// User and password, to be sent as a header of their own.
    pub basic: Option<(Secret, Secret)>,
}

/// The services of a program with its settings, in the program's order.
pub fn places(program: &VerifiedProgram, settings: &[Datum]) -> Vec<ServicePlace> {
    let text = |id: u32| program.texts.get(id as usize).cloned().unwrap_or_default();
    let given = |given: Given| match given {
        Given::Text(id) => text(id),
        Given::Setting(index) => match settings.get(usize::from(index)) {
            Some(Datum::Text(value)) => value.clone(),
            _ => String::new(),
        },
    };
    let services = program.services.iter().map(|service| {
        let mut place = ServicePlace {
            name: text(service.name),
            kind: service.kind,
            address: service
                .address
                .map_or_else(String::new, |address| given(address).trim_end_matches('/').to_owned()),
            headers: Vec::new(),
            basic: None,
        };
        match service.credentials {
            None => {}
            Some(Credentials::Bearer(key)) => {
                let value = Secret::new(format!("Bearer {}", given(key)));
                place.headers.push(("Authorization".to_owned(), value));
            }
            Some(Credentials::Basic(user, password)) => {
                place.basic = Some((Secret::new(given(user)), Secret::new(given(password))));
            }
            Some(Credentials::Header(name, value)) => {
                place.headers.push((text(name), Secret::new(given(value))));
            }
        }
        place
    });
    services.collect()
}

/// The path and query of a request.
///
/// # Errors
/// When a value would change which path it is, in words for people.
pub(crate) fn target(
    program: &VerifiedProgram,
    operation: &Operation,
    arguments: &[Datum],
) -> Result<String, String> {
    let mut out = String::new();
    for piece in &operation.path {
        match piece {
            PathPiece::Text(id) => out.push_str(program.texts.get(*id as usize).map_or("", String::as_str)),
            PathPiece::Param(index) => {
                let index = usize::from(*index);
                let written =
                    arguments.get(index).and_then(|value| written(program, operation, index, value));
                let written = written.unwrap_or_default();
                // A server may take these for another path than was meant.
                if !out.contains('?') && matches!(written.as_str(), "" | "." | "..") {
                    let name = operation.params.get(index).map_or(0, |param| param.name);
                    let name = program.texts.get(name as usize).map_or("", String::as_str);
                    return Err(format!("`{name}` is empty or a dot, which cannot stand in its path"));
                }
                percent_encode(&mut out, &written);
            }
        }
    }
    Ok(out)
}

fn written(program: &VerifiedProgram, operation: &Operation, index: usize, value: &Datum) -> Option<String> {
    match value {
        Datum::Variant(..) => match json::encode(program, operation.params.get(index)?.schema, value) {
            Value::String(word) => Some(word),
            _ => None,
        },
        value => plain::write(program, value),
    }
}

/// RFC 3986 section 2.3: what is not unreserved is encoded.
fn percent_encode(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => {
                out.push('%');
                out.push(char::from(HEX[usize::from(other >> 4)]));
                out.push(char::from(HEX[usize::from(other & 15)]));
            }
        }
    }
}

/// The body: the parameters that do not stand in the path. `None` where there are none.
pub(crate) fn body(program: &VerifiedProgram, operation: &Operation, arguments: &[Datum]) -> Option<String> {
    let params = operation.params.iter().zip(arguments).filter(|(param, _)| !param.in_path);
    let fields = params.map(|(param, value)| {
        let name = program.texts.get(param.name as usize).cloned().unwrap_or_default();
        (name, json::encode(program, param.schema, value))
    });
    let object: Map<String, Value> = fields.collect();
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}

/// What is asked, for people: `crm.verify("7", ••••)`.
pub(crate) fn display(program: &VerifiedProgram, operation: &Operation, arguments: &[Datum]) -> String {
    let shown = operation.params.iter().zip(arguments).map(|(param, value)| match param.secret {
        true => "••••".to_owned(),
        false => json::encode(program, param.schema, value).to_string(),
    });
    format!("{}({})", name(program, operation), shown.collect::<Vec<_>>().join(", "))
}

/// `crm.verify`
pub(crate) fn name(program: &VerifiedProgram, operation: &Operation) -> String {
    let text = |id: u32| program.texts.get(id as usize).map_or("", String::as_str);
    let service =
        program.services.get(usize::from(operation.service)).map_or("", |service| text(service.name));
    format!("{service}.{}", text(operation.name))
}

#[cfg(test)]
mod tests;
