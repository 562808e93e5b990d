//! Sources with several mistakes each: all of them are found, each said once.

mod common;

use common::check_files;
use flow_diagnostics::render::{Format, Options, render};

fn said(text: &str) -> String {
    let answer = check_files(text, &[]);
    assert!(answer.checked.program.is_none());
    let look = Options { max: 0, ..Options::default() };
    render(Format::Text, &answer.sources, &answer.all(), &look)
}

macro_rules! sources {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(said(include_str!(concat!("flows/", stringify!($name), ".flow"))));
            }
        )*
    };
}

sources!(peers money secrets ends outcomes clauses cycles languages expressions torn names calendars values services);

/// A record around a record, and so on, with a secret in the innermost; the declarations in either order.
fn nested(depth: usize, inside_out: bool) -> String {
    let mut records: Vec<String> = (1..=depth)
        .map(|level| match level % 3 {
            0 => format!("record R{level} {{ inner: list[R{}] }}\n", level - 1),
            1 => format!("record R{level} {{ inner: R{} }}\n", level - 1),
            _ => format!("enum R{level} {{ nothing, something(inner: R{}) }}\n", level - 1),
        })
        .collect();
    records.insert(0, "record R0 { pin: secret digits }\n".to_owned());
    records.push(format!("record Outer {{ inner: R{depth} }}\n"));
    if !inside_out {
        records.reverse();
    }
    let flow = String::from(
        "flow main(value: Outer) {\n    greet hello {\n        mark seen = value\n        say \"Hello.\"\n        -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n",
    );
    format!(
        "inbound \"+15550100\" -> other\n{}{flow}flow other {{ end bye {{ say \"Goodbye.\" }} }}\n",
        records.concat()
    )
}

#[test]
fn a_secret_is_found_however_deep_it_lies() {
    for depth in [0, 1, 2, 8, 9, 10, 41, 500] {
        for inside_out in [true, false] {
            let codes: Vec<String> = check_files(&nested(depth, inside_out), &[])
                .all()
                .iter()
                .map(|d| d.code.to_string())
                .filter(|code| code != "F0318")
                .collect();
            assert_eq!(codes, ["F0450"], "{depth} {inside_out}");
        }
    }
}
