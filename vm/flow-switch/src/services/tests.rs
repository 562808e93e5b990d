//! Answers of any shape against a schema: they fit, or say where they do not, and never more.

use std::sync::OnceLock;

use flow_bytecode::program::{Program, Schema, Shape};
use flow_bytecode::{Datum, Type, TypeId, VerifiedProgram, verify};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::json::{decode, encode};

/// `record Customer { id: text, number: phone?, visits: list[date], tier: gold | paid(ref: int), wait: duration }`
const CUSTOMER: u32 = 9;
const INT: u32 = 1;
const DECIMAL: u32 = 10;
/// `map[text, money]`
const PRICES: u32 = 12;

fn program() -> &'static VerifiedProgram {
    static PROGRAM: OnceLock<VerifiedProgram> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let types = vec![
            Type::Text,
            Type::Int,
            Type::Phone,
            Type::Date,
            Type::Duration,
            Type::Option(TypeId(2)),
            Type::List(TypeId(3)),
            Type::Enum(vec![vec![], vec![TypeId(1)]]),
            Type::Record(vec![TypeId(0), TypeId(5), TypeId(6), TypeId(7), TypeId(4)]),
            Type::Bool,
            Type::Decimal,
            Type::Money,
            Type::Map(TypeId(0), TypeId(11)),
        ];
        let texts = ["id", "number", "visits", "tier", "wait", "gold", "paid", "ref"];
        let plain = |ty| Schema { ty: TypeId(ty), shape: Shape::Plain };
        let schemas = vec![
            plain(0),
            plain(1),
            plain(2),
            plain(3),
            plain(4),
            Schema { ty: TypeId(5), shape: Shape::Of(2) },
            Schema { ty: TypeId(6), shape: Shape::Of(3) },
            Schema { ty: TypeId(7), shape: Shape::Enum(vec![(5, vec![]), (6, vec![(7, 1)])]) },
            plain(9),
            Schema { ty: TypeId(8), shape: Shape::Record(vec![(0, 0), (1, 5), (2, 6), (3, 7), (4, 4)]) },
            plain(10),
            plain(11),
            Schema { ty: TypeId(12), shape: Shape::Map(0, 11) },
        ];
        verify(Program {
            zones: vec!["UTC".into()],
            languages: vec!["en".into()],
            texts: texts.map(String::from).to_vec(),
            types,
            schemas,
            ..Program::default()
        })
        .expect("a program without code")
    })
}

fn misfit(schema: u32, answer: &Value) -> String {
    decode(program(), schema, answer.to_string().as_bytes()).unwrap_err().to_string()
}

fn ada() -> Value {
    json!({"id": "7", "number": "+15550123", "visits": ["2026-03-03"], "tier": "gold", "wait": 90, "more": 1})
}

#[test]
fn an_answer_becomes_a_value_and_the_value_the_answer() {
    let value = decode(program(), CUSTOMER, ada().to_string().as_bytes()).unwrap();
    let Datum::Record(fields) = &value else { panic!("{value:?}") };
    assert_eq!(fields[0], Datum::Text("7".into()));
    assert_eq!(fields[3], Datum::Variant(0, vec![]));
    assert_eq!(fields[4], Datum::Duration(90_000));
    let mut told = ada();
    told.as_object_mut().unwrap().remove("more");
    assert_eq!(encode(program(), CUSTOMER, &value), told);
}

#[test]
fn what_may_be_missing_may_be_missing_or_null() {
    let mut answer = ada();
    answer["number"] = Value::Null;
    answer["tier"] = json!({"paid": {"ref": 3}});
    let value = decode(program(), CUSTOMER, answer.to_string().as_bytes()).unwrap();
    answer.as_object_mut().unwrap().remove("number");
    assert_eq!(decode(program(), CUSTOMER, answer.to_string().as_bytes()).unwrap(), value);
}

#[test]
fn what_does_not_fit_is_named_by_its_place_and_not_told() {
    let with = |key: &str, value: Value| {
        let mut answer = ada();
        answer[key] = value;
        misfit(CUSTOMER, &answer)
    };
    assert_eq!(with("id", json!(7)), "`id` is a number, not a text");
    assert_eq!(with("number", json!("secret 555")), "`number` is no telephone number");
    assert_eq!(with("visits", json!(["2026-03-03", "2026-02-30"])), "`visits[1]` is no date");
    assert_eq!(with("tier", json!("silver")), "`tier` is none of gold, paid");
    assert_eq!(with("tier", json!({"paid": {}})), "`tier.ref` is missing");
    assert_eq!(with("tier", json!({"paid": {"ref": 1.5}})), "`tier.ref` is no whole number of 64 bits");
    assert_eq!(with("wait", json!(-1)), "`wait` is no span of time");
    assert_eq!(with("id", json!("x".repeat(4097))), "`id` is a text of more than 4 KB");
    let many = json!(vec!["2026-03-03"; 3000]);
    assert!(with("visits", many).ends_with("is more than the 32 KB that a call keeps of an answer"));
    assert_eq!(misfit(CUSTOMER, &json!([])), "the answer is a list, not an object");
    assert_eq!(
        misfit(INT, &json!(18_446_744_073_709_551_615_u64)),
        "the answer is no whole number of 64 bits"
    );
}

#[test]
fn numbers_stay_exact() {
    let prices =
        json!({"bed": {"amount": "12.50", "currency": "EUR"}, "room": {"amount": "7", "currency": "JPY"}});
    let value = decode(program(), PRICES, prices.to_string().as_bytes()).unwrap();
    assert_eq!(encode(program(), PRICES, &value), prices);
    let short = json!({"bed": "EUR 12.5", "room": {"amount": 7, "currency": "JPY"}});
    assert_eq!(decode(program(), PRICES, short.to_string().as_bytes()).unwrap(), value);
    let decimal = |text: &str| {
        decode(program(), DECIMAL, text.as_bytes()).map(|value| encode(program(), DECIMAL, &value))
    };
    assert_eq!(decimal("0.1"), Ok(json!("0.1")));
    assert_eq!(decimal("\"1234567890123456.789\""), Ok(json!("1234567890123456.789")));
    assert!(decimal("1234567890123456.789").is_err(), "a number that was rounded");
    assert_eq!(misfit(PRICES, &json!({"bed": {"amount": "x"}})), "`[0]` is no amount with its currency");
}

#[test]
fn what_is_no_json_is_refused() {
    for bytes in [&b""[..], b"<html>", b"{\"id\":", b"\xff\xfe", b"1 2"] {
        assert_eq!(decode(program(), CUSTOMER, bytes).unwrap_err().to_string(), "the answer is no JSON");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(
        decode(program(), CUSTOMER, deep.as_bytes()).unwrap_err().to_string(),
        "the answer is no JSON"
    );
    let huge = vec![b' '; super::json::GREATEST_BYTES + 1];
    assert_eq!(
        decode(program(), CUSTOMER, &huge).unwrap_err().to_string(),
        "the answer is larger than 256 KB"
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["gold", "paid", "2026-03-03", "+15550123"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        let key = prop::sample::select(vec!["id", "number", "visits", "tier", "wait", "paid", "ref", "x"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_answer_fits_or_says_where_not(answer in any_json(), schema in 0..13_u32) {
        if let Ok(value) = decode(program(), schema, answer.to_string().as_bytes()) {
            // What fits is the same value when it is written and read again.
            let told = encode(program(), schema, &value).to_string();
            prop_assert_eq!(decode(program(), schema, told.as_bytes()), Ok(value));
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), schema in 0..13_u32) {
        let _ = decode(program(), schema, &bytes);
    }
}
