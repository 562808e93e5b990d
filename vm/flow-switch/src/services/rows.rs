//! Tables of a program: their rows as values, and how one is found.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use flow_bytecode::program::{DataTable, SchemaId, Shape};
use flow_bytecode::{Datum, VerifiedProgram, plain};

/// A table whose cells have been read.
#[derive(Debug)]
pub(crate) struct Rows {
    rows: Vec<Datum>,
    /// By column: the first row of each value, made when it is first asked for.
    indices: Vec<OnceLock<BTreeMap<String, u32>>>,
}

impl Rows {
    /// The rows of a table. A cell that does not fit, which no compiler writes, leaves its row out.
    pub(crate) fn of(program: &VerifiedProgram, table: &DataTable) -> Rows {
        let fields = match program.schemas.get(table.row as usize).map(|schema| &schema.shape) {
            Some(Shape::Record(fields)) => fields.len(),
            _ => 0,
        };
        let row = |cells: &Vec<Option<u32>>| value_of(program, table.row, &mut cells.iter());
        let rows = table.rows.iter().filter_map(row).collect();
        Rows { rows, indices: (0..fields).map(|_| OnceLock::new()).collect() }
    }

    /// All rows.
    pub(crate) fn all(&self) -> &[Datum] {
        &self.rows
    }

    /// The first row whose column has a value.
    pub(crate) fn find(&self, program: &VerifiedProgram, column: usize, value: &Datum) -> Option<&Datum> {
        let index = self.indices.get(column)?.get_or_init(|| {
            let mut index = BTreeMap::new();
            for (at, row) in (0_u32..).zip(&self.rows) {
                if let Datum::Record(fields) = row
                    && let Some(key) = fields.get(column).and_then(|value| key(program, value))
                {
                    index.entry(key).or_insert(at);
                }
            }
            index
        });
        self.rows.get(*index.get(&key(program, value)?)? as usize)
    }
}

/// Equal values have equal keys.
fn key(program: &VerifiedProgram, value: &Datum) -> Option<String> {
    match value {
        Datum::Some(inner) => key(program, inner),
        Datum::Variant(tag, _) => Some(tag.to_string()),
        value => plain::write(program, value),
    }
}

/// The value that the next cells make: one cell, or for a record those of its fields.
fn value_of(
    program: &VerifiedProgram,
    schema: SchemaId,
    cells: &mut std::slice::Iter<'_, Option<u32>>,
) -> Option<Datum> {
    if let Shape::Record(fields) = &program.schemas.get(schema as usize)?.shape {
        let fields = fields.iter().map(|(_, field)| value_of(program, *field, cells));
        return fields.collect::<Option<Vec<Datum>>>().map(Datum::Record);
    }
    let text = cells.next()?.map(|id| program.texts.get(id as usize).map_or("", String::as_str));
    cell_of(program, schema, text)
}

fn cell_of(program: &VerifiedProgram, schema: SchemaId, text: Option<&str>) -> Option<Datum> {
    let schema = program.schemas.get(schema as usize)?;
    match (&schema.shape, text) {
        (Shape::Of(_), None) => Some(Datum::None),
        (Shape::Of(of), text) => Some(Datum::Some(Box::new(cell_of(program, *of, text)?))),
        (Shape::Enum(variants), Some(text)) => {
            let name = |id: u32| program.texts.get(id as usize).map_or("", String::as_str);
            let tag = variants.iter().position(|(id, _)| name(*id) == text)?;
            Some(Datum::Variant(tag as u16, Vec::new()))
        }
        (_, Some(text)) => {
            let zone = program.time_zones().first()?;
            plain::read(program, zone, program.ty(schema.ty), text)
        }
        (_, None) => None,
    }
}
