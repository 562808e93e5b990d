//! Makes the parser's tables from the grammar.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)] // A build script speaks to cargo by printing.

use std::path::Path;
use std::{env, fs};

/// Where the made parser hands its tables to LALRPOP's driver, and to ours.
const THEIRS: &str = "__state_machine::Parser::drive(";
const OURS: &str = "crate::automaton::drive(";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src/grammar.lalrpop");
    lalrpop::Configuration::new().use_cargo_dir_conventions().emit_rerun_directives(true).process()?;
    let made = Path::new(&env::var("OUT_DIR")?).join("grammar.rs");
    let parser = fs::read_to_string(&made)?;
    if parser.matches(THEIRS).count() + parser.matches(OURS).count() != 1 {
        return Err("LALRPOP makes another kind of parser now: see `src/automaton.rs`".into());
    }
    if parser.contains(THEIRS) {
        fs::write(&made, parser.replace(THEIRS, OURS))?;
    }
    Ok(())
}
