//! Gathers the pages of `codes/` into one table, so that a new code is a new file and nothing else.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)] // A build script reads a folder and prints.

use std::fmt::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=codes");
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir("codes")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name == "README.md" {
            continue;
        }
        let digits = name.strip_prefix('F').and_then(|name| name.strip_suffix(".md"));
        match digits.filter(|digits| digits.len() == 4).and_then(|digits| digits.parse::<u16>().ok()) {
            Some(number) => numbers.push(number),
            None => return Err(format!("codes/{name}: pages are named F0000.md").into()),
        }
    }
    numbers.sort_unstable();
    let mut table = String::from("static PAGES: &[(u16, &str)] = &[\n");
    for number in numbers {
        writeln!(
            table,
            "    ({number}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/codes/F{number:04}.md\"))),"
        )?;
    }
    table.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").ok_or("no OUT_DIR")?;
    std::fs::write(std::path::Path::new(&out).join("pages.rs"), table)?;
    Ok(())
}
