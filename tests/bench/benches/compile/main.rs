//! How fast a project of 200 files and 100,000 lines is compiled on one core:
//! `cargo bench -p flow-bench --bench compile`.
//!
//! Prints lines per second of reading tokens (`lex`), of reading files to trees (`parse`, `lex` included), of
//! checking the trees, of the lints, of lowering to bytecode, and of `flowc check`'s work (`parse`, `check` and
//! `lint`); then the most memory that was taken per byte of source. Files are in memory, so the disk is not
//! measured.
//!
//! `compile rounds STAGE N [FILES]` does one stage N times and prints nothing; `benches/compile/instructions`
//! counts with it, by cachegrind, how many instructions a line takes. `compile size FILES` does all of `flowc
//! check`'s work once, for a project of so many files, and prints what it took. `compile large` reads one file of
//! 16 MiB and hostile nesting. `compile write FOLDER [FILES]` writes the project, for `flowc check FOLDER`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

mod project;

use std::hint::black_box;
use std::time::{Duration, Instant};

use flow_check::{Checked, Module, Options, check};
use flow_diagnostics::{Diagnostic, FileId, Interner, SourceFile, SourceMap, Symbol};
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
        ["rounds", stage, rounds] => repeat(stage, number(rounds), FILES),
        ["rounds", stage, rounds, files] => repeat(stage, number(rounds), number(files)),
        ["size", files] => size(number(files)),
        ["large"] => large(),
        ["write", folder] => write(folder, FILES),
        ["write", folder, files] => write(folder, number(files)),
        _ => panic!(
            "arguments: none, `rounds STAGE N [FILES]`, `size FILES`, `large` or `write FOLDER [FILES]`"
        ),
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

fn number(word: &str) -> usize {
    word.parse().expect("a number")
}

/// What `flowc check` adds to the checker's: every lint, and the comments that allow something.
fn linted(files: &[File], trees: &Trees, checked: &Checked) -> Vec<Diagnostic> {
    let all = files.iter().zip(&trees.parsed).enumerate();
    let files: Vec<flow_lint::File<'_>> = all
        .map(|(at, (file, parsed))| flow_lint::File {
            file: FileId(at as u32),
            text: &file.text,
            ast: &parsed.file,
            comments: &parsed.comments,
            is_main: file.name.is_empty(),
            is_library: false,
        })
        .collect();
    let config = flow_lint::Config::default();
    let project = flow_lint::Project {
        files: &files,
        interner: &trees.interner,
        program: checked.program.as_ref(),
        config: &config,
    };
    let mut diagnostics = flow_lint::lint(&project);
    flow_lint::settle(&project, &mut diagnostics);
    diagnostics
}

/// All of it, from text to what is said.
fn whole(files: &[File]) -> usize {
    let mut read = trees(files);
    let result = checked(files, &mut read);
    result.diagnostics.len() + linted(files, &read, &result).len()
}

/// `flowc check`'s work once, with the time, the memory and what was said.
fn size(count: usize) {
    let files = project::files(count);
    let (lines, bytes) = (lines(&files), files.iter().map(|file| file.text.len()).sum::<usize>());
    let before = status("VmRSS:");
    let start = Instant::now();
    let said = whole(&files);
    let seconds = start.elapsed().as_secs_f64();
    let memory = (status("VmHWM:").saturating_sub(before) * 1024) as f64;
    println!(
        "{count:>5} files {lines:>8} lines {:>6.1} MB {:>8.1} ms {:>10.0} lines/s {:>5.1} bytes of memory per byte, {said} said",
        bytes as f64 / 1e6,
        seconds * 1e3,
        lines as f64 / seconds,
        memory / bytes as f64,
    );
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
    let said = linted(&files, &read, &result);
    let after_lint = status("VmHWM:");
    let found = result.diagnostics.iter().chain(read.parsed.iter().flat_map(|it| &it.diagnostics));
    for diagnostic in found.chain(&said).take(10) {
        println!("{:?} {} {:?}", diagnostic.severity, diagnostic.message, diagnostic.primary.location);
    }
    let lint = best(|| linted(&files, &read, &result));
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
    row("lint", lint);
    row("all of check", parse + check + lint);
    match flow_lower::lower(&program, &sources) {
        Ok(_) => row("lower", best(|| flow_lower::lower(&program, &sources))),
        Err(diagnostics) => println!("lower          refused: {}", diagnostics[0].message),
    }
    let per_byte = |kib: u64| (kib.saturating_sub(before) * 1024) as f64 / bytes as f64;
    println!(
        "peak memory per source byte: {:.1} parsed, {:.1} checked, {:.1} linted",
        per_byte(after_parse),
        per_byte(after_check),
        per_byte(after_lint)
    );
}

/// Kibibytes of a line of this process's status; 0 where there is no such file.
fn status(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// One stage `rounds` times; what comes before it once.
fn repeat(stage: &str, rounds: usize, files: usize) {
    let files = project::files(files);
    if matches!(stage, "lex" | "parse" | "all") {
        for _ in 0..rounds {
            black_box(match stage {
                "lex" => lex(&files),
                "parse" => trees(&files).parsed.len(),
                _ => whole(&files),
            });
        }
        return;
    }
    let mut read = trees(&files);
    let result = checked(&files, &mut read);
    if stage == "lint" {
        (0..rounds).for_each(|_| drop(black_box(linted(&files, &read, &result))));
        return;
    }
    let program = result.program.expect("the project checks without errors");
    let sources = sources(&files);
    for _ in 0..rounds {
        match stage {
            "check" => drop(black_box(checked(&files, &mut read))),
            "lower" => drop(black_box(flow_lower::lower(&program, &sources))),
            _ => panic!("a stage is lex, parse, check, lint, all or lower"),
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

fn write(folder: &str, files: usize) {
    for file in project::files(files) {
        let name = if file.name.is_empty() { "main" } else { &file.name };
        let path = format!("{folder}/src/{name}.flow");
        std::fs::create_dir_all(format!("{folder}/src")).expect("a folder");
        std::fs::write(path, file.text).expect("a file");
    }
}
