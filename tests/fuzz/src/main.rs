//! Long runs: `cargo run --release -p flow-fuzz -- TARGET --minutes 5`.
//!
//! `--seed N` begins elsewhere, `--from N` goes on at a case, `--keep` goes on after a case that breaks it; each
//! is written into the target's corpus. `--trace` names every case before it runs, for one that kills the process.
//! With files instead of options, these are read as cases.
//!
//! `bounds` instead of a target reads files of hostile shapes, each in a process of its own; names of shapes choose.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros)]

use std::collections::BTreeSet;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs};

use flow_fuzz::bounds::{MOST_MEMORY, SHAPES, SLOWEST, answer};
use flow_fuzz::run::{Seeds, complaint, kind_of, run};
use flow_fuzz::{TARGETS, Target, corpus};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "bounds") {
        return bounds(&words[1..]);
    }
    let Some(target) = TARGETS.iter().find(|target| words.first().is_some_and(|word| word == target.name))
    else {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("name a target: {}", names.join(", "));
        return ExitCode::from(2);
    };
    let files: Vec<&String> = words[1..].iter().filter(|word| fs::metadata(word).is_ok()).collect();
    if !files.is_empty() {
        return replay(target, &files);
    }
    let option = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let until = Instant::now() + Duration::from_secs(60 * option("--minutes").unwrap_or(1));
    let seed = option("--seed").unwrap_or(1);
    let has = |name: &str| words.iter().any(|word| word == name);
    let seeds = Seeds::of(target.input);
    let mut from = option("--from").unwrap_or(0);
    let mut known = BTreeSet::new();
    loop {
        let found = run(target, &seeds, seed, from, |number| {
            if has("--trace") {
                eprintln!("{number}");
            }
            Instant::now() > until
        });
        match found {
            Ok(cases) => {
                println!("{}: {} cases up to {}", target.name, cases, from + cases);
                return if known.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
            }
            Err(broken) => {
                from = broken.number + 1;
                if known.insert(kind_of(&broken.why)) {
                    let folder = corpus::folder(target.name);
                    let file = folder.join(format!("seed{seed}-{}.case", broken.number));
                    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, &broken.bytes));
                    println!("case {}: {}\n  {} {written:?}", broken.number, broken.why, file.display());
                }
                if !has("--keep") || known.len() > 40 {
                    return ExitCode::FAILURE;
                }
            }
        }
    }
}

fn replay(target: &Target, files: &[&String]) -> ExitCode {
    let mut exit = ExitCode::SUCCESS;
    for file in files {
        match complaint(target, &fs::read(file).unwrap_or_default()) {
            Some(why) => {
                println!("{file}: {why}");
                exit = ExitCode::FAILURE;
            }
            None => println!("{file}: fine"),
        }
    }
    exit
}

/// Each shape in a process of its own, so that its memory is its own.
fn bounds(words: &[String]) -> ExitCode {
    if let [here, name] = words
        && here == "--here"
    {
        let Some(shape) = SHAPES.iter().find(|shape| shape.name == name) else { return ExitCode::from(2) };
        let answer = answer(shape, 1);
        let fine = answer.check < SLOWEST && answer.format < SLOWEST && answer.memory < MOST_MEMORY;
        println!(
            "{} {name:18} check {:>5} ms, fmt {:>5} ms, {:>5} MiB  {}",
            if fine { "fine    " } else { "TOO MUCH" },
            answer.check.as_millis(),
            answer.format.as_millis(),
            answer.memory >> 10,
            answer.said
        );
        return if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let chosen = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let mut exit = ExitCode::SUCCESS;
    for shape in SHAPES.iter().filter(|shape| chosen(shape.name)) {
        let me = env::current_exe().expect("this program has a path");
        let status = Command::new(me).args(["bounds", "--here", shape.name]).status();
        if !status.as_ref().is_ok_and(|status| status.success()) {
            println!("{}: {status:?}", shape.name);
            exit = ExitCode::FAILURE;
        }
    }
    exit
}
