//! Tables from files: their rows in the program, and the samples that read them.

use flow_bytecode::effects::Effect;
use flow_bytecode::program::DataTable;
use flow_bytecode::types::Type;
use flow_check::hir::{Expr, TableId, TypeKind};

use crate::Lowering;

impl Lowering<'_> {
    /// Every table with its rows.
    pub(crate) fn data_tables(&mut self) {
        let hir = self.hir;
        for table in &hir.tables {
            let name = self.tables.text(&table.name);
            let row = self.schema(&TypeKind::Record(table.row));
            let rows = table
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.as_ref().map(|text| self.tables.text(text))).collect());
            let rows = rows.collect();
            self.program.tables.push(DataTable { name, row, rows });
        }
    }

    /// The register of a row, as an option.
    pub(crate) fn find(&mut self, a: u8, table: TableId, column: usize, value: &Expr) -> u8 {
        let hir = self.hir;
        let row = self.ty(&TypeKind::Record(hir.tables[table].row));
        let option = self.tables.ty(Type::Option(row));
        let wanted = &hir.records[hir.tables[table].row].fields[column].ty.kind;
        let wanted = match wanted {
            TypeKind::Optional(inner) => inner,
            kind => kind,
        };
        let key = self.ty(wanted);
        self.load_handle(a, Type::Table, table);
        let register = self.alloc();
        self.load_int(register, column as i64);
        let register = self.alloc();
        self.into(value, register, Some(key));
        self.perform_with(Effect::Find, a, Some(key), Some(option));
        a.saturating_add(1)
    }

    /// The register of all rows, as a list.
    pub(crate) fn rows(&mut self, a: u8, table: TableId) -> u8 {
        let row = self.ty(&TypeKind::Record(self.hir.tables[table].row));
        let list = self.tables.ty(Type::List(row));
        self.load_handle(a, Type::Table, table);
        self.perform(Effect::Rows, a, Some(list));
        a.saturating_add(1)
    }
}
