//! `flowc inspect FILE.flowb|PROJECT`: what is in bytecode.

use std::fmt::Write;

use flow_bytecode::container::{MAJOR, MINOR, decode, describe, encode};
use flow_bytecode::disassemble::listing;
use flow_bytecode::{Program, VerifiedProgram, verify};
use flow_project::Problem;
use serde::Serialize;

use super::check::read;
use crate::compile::{Refused, compile};
use crate::disk::regular;
use crate::exit::Exit;
use crate::output::{Output, OutputFormat, counted};

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A `.flowb` file, a folder with `flow.toml`, or a `.flow` file.
    path: String,
}

/// The header, for programs. `schema` counts changes of meaning.
#[derive(Serialize)]
struct Header<'a> {
    schema: u32,
    version: String,
    name: &'a str,
    identity: String,
    zones: &'a [String],
    languages: &'a [String],
    sections: Vec<SectionEntry>,
    functions: usize,
    blocks: usize,
    instructions: usize,
    inbound: Vec<InboundEntry<'a>>,
}

#[derive(Serialize)]
struct SectionEntry {
    name: String,
    critical: bool,
    bytes: usize,
}

#[derive(Serialize)]
struct InboundEntry<'a> {
    number: &'a str,
    flow: &'a str,
}

pub fn run(args: &Args, output: &Output) -> Result<Exit, Problem> {
    let Some((bytes, program)) = program_of(args, output)? else { return Ok(Exit::Problems) };
    if output.format == OutputFormat::Json {
        let header = header(&bytes, &program, &args.path)?;
        let text = serde_json::to_string_pretty(&header).unwrap_or_default();
        output.shown(&format!("{text}\n"));
        return Ok(Exit::Fine);
    }
    output.shown(&sections_text(&bytes, &args.path)?);
    output.shown(&listing(&program));
    Ok(Exit::Fine)
}

/// The bytes and the program of a path; `None` when its flows have errors, which are told.
fn program_of(args: &Args, output: &Output) -> Result<Option<(Vec<u8>, VerifiedProgram)>, Problem> {
    if args.path.ends_with(".flowb") {
        return bytecode_of(&args.path).map(Some);
    }
    let loaded = read(&args.path, "stdin.flow")?;
    output.side_diagnostics(&loaded, &loaded.diagnostics);
    match compile(&loaded) {
        Ok((program, verified)) => Ok(Some((encode(&program), verified))),
        Err(Refused::Errors) => {
            output.note(&format!("{}: {}\n", args.path, counted(&loaded.diagnostics)));
            Ok(None)
        }
        Err(Refused::Limits(diagnostics)) => {
            output.side_diagnostics(&loaded, &diagnostics);
            Ok(None)
        }
        Err(Refused::Fault(faults)) => panic!("the compiler made bytecode that does not verify: {faults}"),
    }
}

fn bytecode_of(path: &str) -> Result<(Vec<u8>, VerifiedProgram), Problem> {
    let bytes = regular(path).map_err(|why| Problem {
        what: format!("{path} cannot be read: {why}"),
        action: "make it with `flowc build PROJECT -o FILE.flowb`".into(),
    })?;
    let refused = |why: String| Problem {
        what: format!("{path} is no bytecode that runs: {why}"),
        action: "build it again with `flowc build`".into(),
    };
    let program: Program = decode(&bytes).map_err(|fault| refused(fault.to_string()))?;
    let verified = verify(program)
        .map_err(|faults| refused(faults.first().map_or_else(String::new, ToString::to_string)))?;
    Ok((bytes, verified))
}

fn header<'a>(bytes: &[u8], program: &'a VerifiedProgram, path: &str) -> Result<Header<'a>, Problem> {
    let text = |id: u32| program.program().texts.get(id as usize).map_or("", String::as_str);
    let program_data = program.program();
    let inbound = program_data.inbound.iter().map(|inbound| InboundEntry {
        number: text(inbound.number),
        flow: program_data.functions.get(usize::from(inbound.flow)).map_or("", |flow| text(flow.name)),
    });
    Ok(Header {
        schema: 1,
        version: format!("{MAJOR}.{MINOR}"),
        name: &program_data.name,
        identity: hex(program.identity()),
        zones: &program_data.zones,
        languages: &program_data.languages,
        sections: sections(bytes, path)?,
        functions: program_data.functions.len(),
        blocks: program_data.blocks.len(),
        instructions: program_data.code.len(),
        inbound: inbound.collect(),
    })
}

fn sections(bytes: &[u8], path: &str) -> Result<Vec<SectionEntry>, Problem> {
    let sections = describe(bytes).map_err(|fault| Problem {
        what: format!("{path} is no bytecode that runs: {fault}"),
        action: "build it again with `flowc build`".into(),
    })?;
    let entry = |section: flow_bytecode::container::Section| SectionEntry {
        name: section.name.map_or_else(|| section.id.to_string(), str::to_owned),
        critical: section.critical,
        bytes: section.length,
    };
    Ok(sections.into_iter().map(entry).collect())
}

fn sections_text(bytes: &[u8], path: &str) -> Result<String, Problem> {
    let mut text = format!("container {MAJOR}.{MINOR}, {} bytes\n", bytes.len());
    for section in sections(bytes, path)? {
        let optional = if section.critical { "" } else { ", optional" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  section {:<12} {:>8} bytes{optional}", section.name, section.bytes);
    }
    Ok(text)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
