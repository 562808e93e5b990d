//! Makes the parser's tables from the grammar.
#![allow(clippy::disallowed_macros)] // A build script speaks to cargo by printing.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src/grammar.lalrpop");
    lalrpop::Configuration::new().use_cargo_dir_conventions().emit_rerun_directives(true).process()
}
