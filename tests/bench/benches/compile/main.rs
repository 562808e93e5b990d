//! How fast a project of 200 files and 100,000 lines is compiled on one core:
//! `cargo bench -p flow-bench --bench compile`.
//!
//! Prints lines per second of reading tokens (`lex`), of reading files to trees (`parse`, `lex` included), of
//! checking the trees, of lowering to bytecode, and of `flowc check`'s work (`parse` and `check`); then the most
//! memory that was taken per byte of source. Files are in memory, so the disk is not measured.
//!
//! `compile rounds STAGE N` does one stage N times and prints nothing; `benches/compile/instructions` counts
//! with it, by cachegrind, how many instructions a line takes. `compile large` reads one file of 16 MiB and
//! hostile nesting. `compile write FOLDER` writes the project, for `flowc check FOLDER`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

mod project;

use std::hint::black_box;
use std::time::{Duration, Instant};

use flow_check::{Checked, Module, Options, check};
use flow_diagnostics::{FileId, Interner, SourceFile, SourceMap, Symbol};
use flow_syntax::{Parsed, parse, token_count};

use crate::project::File;

/// The allocator of `flowc`, so that what is measured here is what it does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Files of the project.
const FILES: usize = 200;
/// Each stage is timed so often; the best counts, since the machine has other work.
const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => table(),
        ["rounds", stage, rounds] => repeat(stage, rounds.parse().expect("a number of rounds")),
        ["large"] => large(),
        ["write", folder] => write(folder),
        _ => panic!("arguments: none, `rounds STAGE N`, `large` or `write FOLDER`"),
    }
}

/// The trees of a project and the names in them.
struct Trees {
    interner: Interner,
    parsed: Vec<Parsed>,
}

fn lex(files: &[File]) -> usize {
    files.iter().map(|file| token_count(&file.text)).sum()
}

fn trees(files: &[File]) -> Trees {
    let mut interner = Interner::default();
    let mut read = |(at, file): (usize, &File)| parse(FileId(at as u32), &file.text, &mut interner);
    let parsed = files.iter().enumerate().map(&mut read).collect();
    Trees { interner, parsed }
}

fn checked(files: &[File], trees: &mut Trees) -> Checked {
    let mut modules = Vec::new();
    for (at, (file, parsed)) in files.iter().zip(&trees.parsed).enumerate() {
        let name: Vec<Symbol> = file
            .name
            .split('.')
            .filter(|part| !part.is_empty())
            .map(|part| trees.interner.intern(part))
            .collect();
        modules.push(Module { name, file: FileId(at as u32), ast: &parsed.file });
    }
    check(&modules, &trees.interner, &Options { project: "acme".into(), ..Options::default() })
}

fn sources(files: &[File]) -> SourceMap {
    let mut sources = SourceMap::default();
    for file in files {
        sources.add(SourceFile::new(format!("src/{}.flow", file.name), file.text.clone()));
    }
    sources
}

fn lines(files: &[File]) -> usize {
    files.iter().map(|file| file.text.lines().count()).sum()
}

fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    let timed = |_| {
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        drop(black_box(result));
        took
    };
    (0..ROUNDS).map(timed).min().unwrap_or_default()
}

fn table() {
    let files = project::files(FILES);
    let (lines, bytes) = (lines(&files), files.iter().map(|file| file.text.len()).sum::<usize>());
    println!("{FILES} files, {lines} lines, {bytes} bytes, {} tokens", lex(&files));

    let before = status("VmRSS:");
    let mut read = trees(&files);
    let after_parse = status("VmHWM:");
    let result = checked(&files, &mut read);
    let after_check = status("VmHWM:");
    for diagnostic in
        result.diagnostics.iter().chain(read.parsed.iter().flat_map(|it| &it.diagnostics)).take(10)
    {
        println!("{:?} {} {:?}", diagnostic.severity, diagnostic.message, diagnostic.primary.location);
    }
    let program = result.program.expect("the project checks without errors");
    let sources = sources(&files);

    let row = |what: &str, took: Duration| {
        let seconds = took.as_secs_f64();
        println!("{what:<14} {:>9.1} ms {:>12.0} lines/s", seconds * 1e3, lines as f64 / seconds);
    };
    row("lex", best(|| lex(&files)));
    let parse = best(|| trees(&files));
    row("parse", parse);
    let check = best(|| checked(&files, &mut read));
    row("check", check);
    row("parse + check", parse + check);
    match flow_lower::lower(&program, &sources) {
        Ok(_) => row("lower", best(|| flow_lower::lower(&program, &sources))),
        Err(diagnostics) => println!("lower          refused: {}", diagnostics[0].message),
    }
    let per_byte = |kib: u64| (kib.saturating_sub(before) * 1024) as f64 / bytes as f64;
    println!(
        "peak memory per source byte: {:.1} parsed, {:.1} checked",
        per_byte(after_parse),
        per_byte(after_check)
    );
}

/// Kibibytes of a line of this process's status; 0 where there is no such file.
fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// One stage `rounds` times; what comes before it once.
fn repeat(stage: &str, rounds: usize) {
    let files = project::files(FILES);
    if matches!(stage, "lex" | "parse") {
        for _ in 0..rounds {
            black_box(if stage == "lex" { lex(&files) } else { trees(&files).parsed.len() });
        }
        return;
    }
    let mut read = trees(&files);
    let program = checked(&files, &mut read).program.expect("the project checks without errors");
    let sources = sources(&files);
    for _ in 0..rounds {
        match stage {
            "check" => drop(black_box(checked(&files, &mut read))),
            "lower" => drop(black_box(flow_lower::lower(&program, &sources))),
            _ => panic!("a stage is lex, parse, check or lower"),
        }
    }
}

/// One file of 16 MiB, and brackets a hundred thousand deep.
fn large() {
    let mut text = String::new();
    for (at, file) in project::files(FILES * 8).into_iter().enumerate() {
        if text.len() + file.text.len() > 16 << 20 {
            break;
        }
        let start = if at == 0 { 0 } else { file.text.find("\n\n").unwrap_or(0) };
        text.push_str(&file.text[start..]);
    }
    time("an ordinary file of 16 MiB", &text);
    let deep = 100_000;
    let around = |open: &str, inside: &str, close: &str| {
        format!("{}{inside}{}", open.repeat(deep), close.repeat(deep))
    };
    time("100,000 parentheses", &format!("const deep = {}", around("(", "1", ")")));
    time("100,000 lists", &format!("const deep = {}", around("[", "1", "]")));
    time("100,000 blocks", &format!("flow f {{ step s {} }}", around("{ if true ", "{ }", "}")));
    time("100,000 braces never closed", &"flow f {\n".repeat(deep));
    time("100,000 signs of minus", &format!("const deep = {}1", "-".repeat(deep)));
    time("a chain of 100,000 sums", &format!("const deep = {}1", "1 + ".repeat(deep)));
    time("16 MiB of open braces", &"{".repeat(16 << 20));
    time("16 MiB of quotes", &"\"{".repeat(8 << 20));
}

fn time(what: &str, text: &str) {
    let start = Instant::now();
    let parsed = parse(FileId(0), text, &mut Interner::default());
    let module = Module { name: Vec::new(), file: FileId(0), ast: &parsed.file };
    let took = start.elapsed();
    let mut interner = Interner::default();
    let _ = parse(FileId(0), text, &mut interner);
    let start = Instant::now();
    let checked = check(&[module], &interner, &Options::default());
    let said = parsed.diagnostics.len() + checked.diagnostics.len();
    println!(
        "{what:<28} {:>6.1} MiB  parse {:>7.3} s  check {:>7.3} s  {said} diagnostics  {} MiB at most so far",
        text.len() as f64 / f64::from(1 << 20),
        took.as_secs_f64(),
        start.elapsed().as_secs_f64(),
        status("VmHWM:") / 1024,
    );
}

fn write(folder: &str) {
    for file in project::files(FILES) {
        let name = if file.name.is_empty() { "main" } else { &file.name };
        let path = format!("{folder}/src/{name}.flow");
        std::fs::create_dir_all(format!("{folder}/src")).expect("a folder");
        std::fs::write(path, file.text).expect("a file");
    }
}
