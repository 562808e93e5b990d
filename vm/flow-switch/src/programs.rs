//! A program as the switch holds it: with its settings, and its names bound to the deployment's numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use flow_bytecode::{Datum, VerifiedProgram};

use crate::boundary::ProgramId;
use crate::services::rows::Rows;

/// A program that calls run on.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) id: ProgramId,
    pub(crate) program: Arc<VerifiedProgram>,
    /// In the program's order.
    pub(crate) settings: Vec<Datum>,
    /// Its tables.
    pub(crate) tables: Vec<Rows>,
    /// For each queue of the program the deployment's.
    pub(crate) queues: Vec<u32>,
    /// Telephone numbers and addresses that the project or its settings name.
    written: BTreeSet<String>,
}

impl Loaded {
    pub(crate) fn new(
        id: ProgramId,
        program: Arc<VerifiedProgram>,
        settings: Vec<Datum>,
        queues: Vec<u32>,
    ) -> Loaded {
        let tables = program.tables.iter().map(|table| Rows::of(&program, table)).collect();
        let said = settings.iter().filter_map(|value| match value {
            Datum::Text(text) => Some(text),
            _ => None,
        });
        let written =
            program.texts.iter().chain(said).filter(|text| !crate::dialled::numbers_of(text).is_empty());
        let written = written.cloned().collect();
        Loaded { id, program, settings, tables, queues, written }
    }

    /// Whether an address stands in the project or its settings, rather than coming from a caller.
    pub(crate) fn is_written(&self, address: &str) -> bool {
        self.written.contains(address)
    }
}

impl Loaded {
    pub(crate) fn text(&self, id: u32) -> &str {
        self.program.texts.get(id as usize).map_or("", String::as_str)
    }
}

impl Loaded {
    /// The numbers that the program answers.
    pub(crate) fn own_numbers(&self) -> impl Iterator<Item = &str> + Clone {
        self.program.inbound.iter().map(|inbound| self.text(inbound.number))
    }

    /// What makes the program the same as another, in hexadecimal.
    pub(crate) fn identity(&self) -> String {
        self.program.identity_text()
    }

    /// The index of a campaign.
    pub(crate) fn campaign(&self, name: &str) -> Option<u16> {
        let at = self.program.campaigns.iter().position(|campaign| self.text(campaign.name) == name)?;
        u16::try_from(at).ok()
    }

    /// The name of a flow.
    pub(crate) fn function_name(&self, index: u16) -> &str {
        self.program.functions.get(usize::from(index)).map_or("", |function| self.text(function.name))
    }

    /// A block's kind and name.
    pub(crate) fn block_names(&self, index: u16) -> (&str, &str) {
        let block = self.program.blocks.get(usize::from(index));
        block.map_or(("", ""), |block| (self.text(block.kind), self.text(block.name)))
    }

    /// A language's code.
    pub(crate) fn language(&self, index: u16) -> &str {
        self.program.languages.get(usize::from(index)).map_or("en", String::as_str)
    }
}
