//! The checked program becomes registers and bytecode.
//!
//! [`lower`] takes what `flow-check` proved and writes what `flow-bytecode` verifies: tables, one function for
//! each flow and `fn`, type maps, a source map. It decides nothing about the language any more: defaults were
//! spread and every outcome has its way. It knows no files, no prompts' audio and nothing that runs.

mod arithmetic;
mod assembler;
mod builtins;
mod calendars;
mod campaigns;
mod conditions;
mod equality;
mod expressions;
mod flow;
mod functions;
pub mod limits;
mod people;
mod placeholders;
mod rounds;
mod samples;
mod sentences;
mod services;
mod speech;
mod standard;
mod statements;
mod table_rows;
mod tables;
mod texts;
mod types;
mod waits;

use flow_bytecode::program::{self, Program, SourceEntry};
use flow_bytecode::types::TypeId;
use flow_check::hir;
use flow_diagnostics::{Diagnostic, FileId, Location, SourceMap, Span};

use crate::assembler::Frame;
use crate::flow::FlowFrame;
use crate::rounds::Rounds;
use crate::tables::Tables;

/// The bytecode of a checked program. The same program gives the same bytes.
///
/// # Errors
/// Only limits: a table, a flow or a frame is too large, or the machine of this edition lacks something.
pub fn lower(hir: &hir::Program, sources: &SourceMap) -> Result<Program, Vec<Diagnostic>> {
    let mut lowering = Lowering {
        hir,
        sources,
        tables: Tables::default(),
        shape_types: vec![None; hir.records.len() + hir.enums.len()],
        program: Program::default(),
        code: Vec::new(),
        source_entries: Vec::new(),
        location: None,
        frame: Frame::default(),
        flow_frame: FlowFrame::default(),
        rounds: Rounds::of(hir),
        diagnostics: Vec::new(),
    };
    lowering.declarations();
    for flow in 0..hir.flows.len() {
        lowering.flow(flow);
    }
    for function in 0..hir.functions.len() {
        lowering.pure_function(function);
    }
    for flow in 0..hir.flows.len() {
        if let Some(function) = lowering.rounds.entry_of(flow) {
            lowering.flow_body(flow, function);
        }
    }
    lowering.campaigns();
    lowering.finish()
}

/// A program in the making.
struct Lowering<'h> {
    hir: &'h hir::Program,
    sources: &'h SourceMap,
    tables: Tables,
    /// The types of records, then of enums, so that each is taken apart once.
    shape_types: Vec<Option<TypeId>>,
    program: Program,
    code: Vec<u32>,
    source_entries: Vec<SourceEntry>,
    location: Option<Location>,
    frame: Frame,
    flow_frame: FlowFrame,
    rounds: Rounds,
    diagnostics: Vec<Diagnostic>,
}

impl Lowering<'_> {
    /// Everything that has no code.
    fn declarations(&mut self) {
        let hir = self.hir;
        self.program.name = hir.name.clone();
        self.program.zones = hir.zones.clone();
        self.program.languages = hir.languages.clone();
        for setting in &hir.settings {
            let name = self.tables.text(&setting.name);
            let ty = self.ty(&setting.ty.kind);
            let default = setting.default.as_ref().and_then(|value| self.constant(value, ty));
            self.program.settings.push(program::Setting { name, ty, default, secret: setting.ty.secret });
        }
        self.calendars();
        self.people();
        self.services();
        self.data_tables();
        for inbound in &hir.inbound {
            let number = self.tables.text(&inbound.number);
            self.program.inbound.push(program::Inbound { number, flow: inbound.flow as u16 });
        }
    }

    fn finish(mut self) -> Result<Program, Vec<Diagnostic>> {
        if let Some(table) = self.tables.overflow() {
            let start = Location { file: FileId(0), span: Span::default() };
            let at = self.hir.flows.first().map_or(start, |flow| flow.location);
            self.too_large(table, at);
        }
        if !self.diagnostics.is_empty() {
            return Err(self.diagnostics);
        }
        let mut program = self.program;
        self.tables.finish(&mut program);
        program.code = self.code;
        program.source_map.files = self.sources.iter().map(|(_, file)| file.path.clone()).collect();
        program.source_map.entries = self.source_entries;
        Ok(program)
    }
}
