//! Files that are too large, too deep or too many of one thing: each shape is answered within a time and a size.
//!
//! The shapes are made here, at full size for the runner (16 MiB mostly) and smaller for `cargo test`. A shape is
//! read as `flowc check` and `flowc fmt` read it: loaded, checked, told of, laid out.

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use flow_diagnostics::render::{Format, Options, render};
use flow_project::{Memory, load_on};

/// What a file of any shape may take.
pub const SLOWEST: Duration = Duration::from_secs(5);
/// What it may take of memory, in KiB: 1 GiB.
pub const MOST_MEMORY: u64 = 1 << 20;

/// The full size of files.
const FULL: usize = 16 << 20;

/// A kind of hostile file.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// As the runner calls it.
    pub name: &'static str,
    /// The file, at a part of its full size (1 is full).
    pub make: fn(part: usize) -> Vec<u8>,
}

/// All shapes.
pub const SHAPES: [Shape; 39] = [
    Shape { name: "zeros", make: |part| vec![0; FULL / part] },
    Shape { name: "not_text", make: |part| b"\xff\xfe".repeat(FULL / 2 / part) },
    Shape { name: "braces", make: |part| repeated("{", part) },
    Shape { name: "closing_braces", make: |part| repeated("}", part) },
    Shape { name: "parentheses", make: |part| repeated("(", part) },
    Shape { name: "quotes", make: |part| repeated("\"", part) },
    Shape { name: "quotes_on_lines", make: |part| repeated("\"\n", part) },
    Shape { name: "slashes", make: |part| repeated("//", part) },
    Shape { name: "comments", make: |part| repeated("//\n", part) },
    Shape { name: "documents", make: |part| repeated("/// x\n", part) },
    Shape { name: "new_lines", make: |part| repeated("\n", part) },
    Shape { name: "bidi", make: |part| repeated("\u{202E}", part) },
    Shape { name: "bidi_in_text", make: |part| main(&format!("say \"{}\"", repeat("\u{2066}", part))) },
    Shape { name: "confusable", make: |part| repeated("\u{0430} ", part) },
    Shape { name: "one_name", make: |part| repeated("name ", 3 * part) },
    Shape { name: "flow_words", make: |part| repeated("flow\n", part) },
    Shape { name: "long_name", make: |part| main(&format!("let {} = 1", repeat("n", part))) },
    Shape { name: "long_number", make: |part| main(&format!("let x = {}", repeat("9", part))) },
    Shape { name: "long_text", make: |part| main(&format!("say \"{}\"", repeat("text ", part))) },
    Shape { name: "text_of_holes", make: |part| main(&format!("say \"{}\"", repeat("{caller} ", 8 * part))) },
    Shape { name: "lets", make: |part| main(&many(300_000 / part, |n| format!("let x{n} = {n}\n"))) },
    Shape { name: "same_lets", make: |part| main(&many(300_000 / part, |_| "let x = 1\n".into())) },
    Shape { name: "says", make: |part| main(&repeat("say \"Hello.\"\n", part)) },
    Shape {
        name: "blocks",
        make: |part| flow(&many(100_000 / part, |n| format!("step b{n} {{ -> b{} }}\n", n + 1))),
    },
    Shape { name: "same_blocks", make: |part| flow(&repeat("step b { -> b }\n", 4 * part)) },
    Shape {
        name: "unknown_blocks",
        make: |part| flow(&many(100_000 / part, |n| format!("step b{n} {{ -> c{n} }}\n"))),
    },
    Shape {
        name: "flows",
        make: |part| all(&many(100_000 / part, |n| format!("flow f{n} {{ end a {{ say \"Bye.\" }} }}\n"))),
    },
    Shape { name: "same_flows", make: |part| repeated("flow f { end a { say \"Bye.\" } }\n", part) },
    Shape {
        name: "choices",
        make: |part| menu(&many(50_000 / part, |n| format!("press {n} for \"x\" -> a\n"))),
    },
    Shape {
        name: "said_choices",
        make: |part| menu(&many(50_000 / part, |n| format!("say \"word {n}\" -> a\n"))),
    },
    Shape { name: "uses", make: |part| all(&many(1_000_000 / part, |n| format!("use a{n}\n"))) },
    Shape { name: "same_uses", make: |part| repeated("use a\n", part) },
    Shape {
        name: "deep_if",
        make: |part| {
            main(&format!(
                "let x = {}1{}",
                "when true then (".repeat(10_000 / part),
                " otherwise 1)".repeat(10_000 / part)
            ))
        },
    },
    Shape {
        name: "deep_parentheses",
        make: |part| main(&format!("let x = {}1{}", "(".repeat(100_000 / part), ")".repeat(100_000 / part))),
    },
    Shape { name: "long_sum", make: |part| main(&format!("let x = 1{}", " + 1".repeat(1_000_000 / part))) },
    Shape {
        name: "else_chain",
        make: |part| main(&format!("if true {{ }}{}", " else if true { }".repeat(10_000 / part))),
    },
    Shape {
        name: "rules",
        make: |part| {
            calendar(&many(100_000 / part, |n| {
                format!(
                    "open 20{:02}-{:02}-{:02} {:02}:00..23:00\n",
                    26 + n % 60,
                    1 + n / 60 % 12,
                    1 + n / 720 % 28,
                    n % 23
                )
            }))
        },
    },
    Shape {
        name: "holidays",
        make: |part| {
            all(&format!(
                "holidays h {{\n{}}}\n",
                many(50_000 / part, |n| format!(
                    "day 2{:03}-{:02}-{:02} \"Day {n}\"\n",
                    26 + n % 900,
                    1 + n % 12,
                    1 + n % 28
                ))
            ))
        },
    },
    Shape {
        name: "giants",
        make: |part| {
            main(&many(20_000 / part, |n| {
                format!("let x{n} = 9999999999999999999999{n} + 99999999999999999999d + 99999999-99-99\n")
            }))
        },
    },
];

fn repeat(text: &str, part: usize) -> String {
    text.repeat(FULL / part / text.len())
}

fn repeated(text: &str, part: usize) -> Vec<u8> {
    repeat(text, part).into_bytes()
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut all, n| {
        all.push_str(&one(n));
        all
    })
}

fn all(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn flow(blocks: &str) -> Vec<u8> {
    format!("flow main {{\n{blocks}\n}}\n").into_bytes()
}

fn main(statements: &str) -> Vec<u8> {
    flow(&format!("step a {{\n{statements}\n-> bye\n}}\nend bye {{ say \"Bye.\" }}"))
}

fn menu(choices: &str) -> Vec<u8> {
    flow(&format!("menu a {{\n{choices}on no_input, no_match 3 times -> bye\n}}\nend bye {{ say \"Bye.\" }}"))
}

fn calendar(rules: &str) -> Vec<u8> {
    format!("timezone \"UTC\"\ncalendar c {{\n{rules}}}\n").into_bytes()
}

/// What became of a shape.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How long it took to check and tell.
    pub check: Duration,
    /// How long it took to lay out.
    pub format: Duration,
    /// How many problems were found, and the first.
    pub said: String,
    /// The most memory of this process so far, in KiB.
    pub memory: u64,
}

/// Reads a shape as the commands do.
///
/// # Panics
/// When a reader does: that is what is looked for.
pub fn answer(shape: &Shape, part: usize) -> Answer {
    let bytes = (shape.make)(part);
    let text = String::from_utf8(bytes.clone());
    let mut files = Memory::default();
    files.insert("p/main.flow", bytes);
    let began = Instant::now();
    let mut said = String::new();
    if let Ok(loaded) = load_on(&files, "p/main.flow", 20_454) {
        let shown = render(Format::Text, &loaded.sources, &loaded.diagnostics, &Options::default());
        let first = shown.lines().next().unwrap_or_default();
        let _ = write!(said, "{} said: {:.90}", loaded.diagnostics.len(), first);
        if let Some(program) = &loaded.program {
            match flow_lower::lower(program, &loaded.sources) {
                Ok(code) => {
                    let _ = write!(said, "{} instructions", code.code.len());
                    if let Err(faults) = flow_bytecode::verify(code) {
                        let limits =
                            flow_lower::limits::beyond(program, &faults).expect("only limits refuse it");
                        said.push_str(limits.first().map_or("", |it| &it.message));
                    }
                }
                Err(limits) => said.push_str(limits.first().map_or("", |it| &it.message)),
            }
        }
    }
    let check = began.elapsed();
    let began = Instant::now();
    if let Ok(text) = text {
        match flow_format::format(&text) {
            Ok(_) | Err(flow_format::Fault::TooLarge) => {}
            Err(fault) => panic!("{fault:?}"),
        }
    }
    Answer { check, format: began.elapsed(), said, memory: most_memory() }
}

/// The most memory that this process had, in KiB; 0 where the system does not say.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
