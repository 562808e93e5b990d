//! How fast a file is read: lines per second, on a generated project of a hundred thousand lines.

use std::fmt::Write as _;

use flow_diagnostics::{FileId, Interner};

fn main() {
    divan::main();
}

/// Lines of the generated file.
const LINES: usize = 100_000;

/// Flows of thirty lines each, with every usual construct.
fn generated() -> String {
    let mut text = String::new();
    let mut lines = 0;
    let mut number = 0;
    while lines < LINES {
        let before = text.len();
        let _ = write!(
            text,
            r#"/// The line of shop {number}.
flow shop_{number}(rank: int) gives done(reference: text), failed {{
    state customer: Customer? = none
    press 0 for "the operator" or say "operator", "agent" -> operator
    on no_input, no_match, invalid 3 times -> operator
    on failed -> operator

    step lookup {{
        let number = caller.number else -> main          // withheld: no lookup
        set customer = crm.customer(number) else none
        when customer is some(c) and c.tier is platinum -> pin(c)
        otherwise -> main
    }}

    collect pin(c: Customer) {{
        visits 3 else -> operator
        ask "Please enter your four digit PIN."
        take secret digits 4 as entered
        wait 6s  gap 3s
        on done -> verify(c, entered)
    }}

    menu main {{
        press 1 for "sales" or say "sales", "buy"          -> sales
        press 2 for "billing" or say "billing", "invoice"  -> billing
        press 3 for "help" {{ mark asked = rank * 2 + 1  -> waiting(rank) }}
    }}

    queue waiting(rank: int) {{
        join technical
        every 45s say "You are number {{position}} in line. The wait is about {{wait}}."
        on full, unstaffed, timeout -> message
    }}
    dial sales {{ ring "sip:ana@sales.example", "sip:bo@sales.example" for 20s  otherwise -> message }}
    end message {{ say "Thank you. Goodbye." }}
}}

"#
        );
        lines += text[before..].lines().count();
        number += 1;
    }
    text
}

#[divan::bench]
fn hundred_thousand_lines(bencher: divan::Bencher<'_, '_>) {
    let text = generated();
    bencher
        .counter(divan::counter::ItemsCount::new(text.lines().count()))
        .bench(|| flow_syntax::parse(FileId(0), divan::black_box(&text), &mut Interner::default()));
}
