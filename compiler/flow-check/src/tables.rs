//! Tables from files: the rows of a CSV file against a record, cell by cell, and what may be asked of them.
//!
//! The first line names the columns. Each field of the record has its column; those of a record within it have
//! theirs, with its name and a dot in front (`visit.starts`). Other columns are passed over. A cell is kept in one
//! form, whatever way it was written, so that equal values are equal texts.

use flow_diagnostics::{FileId, Location, Span};
use flow_syntax::ast::{self, ItemKind};
use jiff::tz::TimeZone;

use crate::codes;
use crate::context::{Checker, Say, Scope, open, unknown};
use crate::csv::{self, Field};
use crate::hir::{Expr, ExprKind, Sample, Table, TableId, Type, TypeKind};
use crate::types::article;

/// Rows of a table: what a program carries along.
const MOST_ROWS: usize = 100_000;
/// How deep records may stand in records of a row, and how many columns a row may have.
const MOST_WITHIN: usize = 8;
const MOST_COLUMNS: usize = 500;
/// Bytes of a text in a cell.
const MOST_TEXT: usize = 4096;
/// Bytes that the rows of a table may take for a call to go through all of them.
const MOST_IN_A_CALL: usize = 24 * 1024;
/// Mistakes of a file that are told one by one.
const MOST_TOLD: usize = 10;

/// A file that items of the project read, as it was found.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// The number of the library whose files name it (`Options::libraries`); 0 is the project.
    pub library: usize,
    /// As it is written after `from`.
    pub path: String,
    /// Where its text stands among the sources; or why it cannot be read.
    pub text: Result<(FileId, String), String>,
}

impl<'a> Checker<'a> {
    /// Every table of the project.
    pub fn tables(&mut self) {
        for source in self.sources.tables.clone() {
            let ItemKind::Table { name, row, from } = &source.item.kind else { continue };
            let at = row.span.at(self.file(source.module));
            let location = name.span.at(self.file(source.module));
            let id = self.resolve_as(source.module, &ast::Path::of(*row), "record", |def| match def {
                crate::names::Def::Record(id) => Some(id),
                _ => None,
            });
            let name = self.full_name(source.module, name.symbol);
            let rows = match id {
                Some(id) if self.fits_a_row(id, at) => self.rows_of(source.module, id, from),
                _ => Vec::new(),
            };
            self.program.tables.push(Table { name, row: id.unwrap_or(0), rows, location });
        }
    }

    /// Whether a cell can hold each field of a record.
    fn fits_a_row(&mut self, record: usize, at: Location) -> bool {
        let columns = self.columns(record);
        let mut fits = true;
        for (text, ty) in &columns {
            let inner = match &ty.kind {
                TypeKind::Optional(inner) => inner,
                kind => kind,
            };
            let plain = match inner {
                TypeKind::Enum(id) => self.program.enums[*id].variants.iter().all(|v| v.fields.is_empty()),
                TypeKind::Optional(_) | TypeKind::List(_) | TypeKind::Map(..) | TypeKind::Record(_) => false,
                TypeKind::PublicKey => false,
                _ => true,
            };
            if ty.secret {
                fits = false;
                self.error(
                    codes::SECRET_LEAVES,
                    at,
                    format!("`{text}` is secret, and a table stands in the program for all to read"),
                    "has a secret field",
                )
                .add_help("ask a service for what is secret");
            } else if !plain {
                fits = false;
                let kind = article(&self.type_text(&ty.kind));
                self.error(
                    codes::NOT_CARRIED,
                    at,
                    format!("`{text}` is {kind}, which does not fit into a cell"),
                    "not a row",
                )
                .add_help("make a row of plain values: texts, numbers, dates, enums without data");
            }
        }
        fits
    }

    /// What stands in the columns of a row: the fields of a record, and in the place of one that is a record itself
    /// its fields, named `visit.starts`. Beyond the bounds a record stays one column, which no cell holds.
    fn columns(&self, record: usize) -> Vec<(String, Type)> {
        let mut columns = Vec::new();
        self.columns_within(record, "", 0, &mut columns);
        columns
    }

    fn columns_within(&self, record: usize, prefix: &str, depth: usize, columns: &mut Vec<(String, Type)>) {
        let shape = self.shapes.records[record].clone();
        for (name, ty) in shape.names.iter().zip(&shape.types) {
            let text = format!("{prefix}{}", self.name(*name));
            match &ty.kind {
                TypeKind::Record(inner)
                    if !ty.secret && depth < MOST_WITHIN && columns.len() < MOST_COLUMNS =>
                {
                    self.columns_within(*inner, &format!("{text}."), depth + 1, columns);
                }
                _ => columns.push((text, ty.clone())),
            }
        }
    }

    /// The text of a file that is read by an item.
    pub(crate) fn data_file(&mut self, module: usize, from: &ast::TextLiteral) -> Option<(FileId, &'a str)> {
        let path = crate::items::plain_text(from);
        let options = self.options;
        let library = self.library_of(module);
        let found = options.data.iter().find(|data| data.library == library && data.path == path);
        match found.map(|data| &data.text) {
            Some(Ok((file, text))) => Some((*file, text)),
            other => {
                let why = match other {
                    Some(Err(why)) => why.clone(),
                    _ => "nothing was read".into(),
                };
                let at = from.span.at(self.file(module));
                self.error(codes::DATA_FILE, at, format!("\"{path}\" cannot be read: {why}"), "from here")
                    .add_help(match library {
                        0 => "name a file of the project, from the project's folder on",
                        _ => "name a file of the library, from the library's folder on",
                    });
                None
            }
        }
    }

    /// The rows of a file with the first line's names; what cannot be read is told.
    pub(crate) fn csv_rows(
        &mut self,
        module: usize,
        from: &ast::TextLiteral,
    ) -> Option<(FileId, Vec<Field>, Vec<Vec<Field>>)> {
        let (file, text) = self.data_file(module, from)?;
        let mut rows = match csv::read(text) {
            Ok(rows) => rows,
            Err(unreadable) => {
                let at = unreadable.span.at(file);
                self.error(codes::NOT_CSV, at, unreadable.what, "not CSV")
                    .add_help("put the field into quotes, and double the quotes inside");
                return None;
            }
        };
        if rows.is_empty() {
            let at = Span::new(0, 0).at(file);
            self.error(codes::NOT_CSV, at, "the file is empty", "no line of names")
                .add_help("begin it with a line of the columns' names");
            return None;
        }
        let names = rows.remove(0);
        if rows.len() > MOST_ROWS {
            let at = rows[MOST_ROWS][0].span.at(file);
            self.error(
                codes::DATA_TOO_LARGE,
                at,
                format!("a file has at most {MOST_ROWS} rows"),
                "one too many",
            )
            .add_help("ask a service instead");
            return None;
        }
        for row in &rows {
            if row.len() != names.len() {
                let at = row[0].span.to(row[row.len() - 1].span).at(file);
                let (have, want) = (row.len(), names.len());
                self.error(
                    codes::NOT_CSV,
                    at,
                    format!("this row has {have} fields, and there are {want} columns"),
                    "not a row",
                )
                .add_label(names[0].span.to(names[names.len() - 1].span).at(file), "the columns");
                return None;
            }
        }
        Some((file, names, rows))
    }

    fn rows_of(&mut self, module: usize, record: usize, from: &ast::TextLiteral) -> Vec<Vec<Option<String>>> {
        let Some((file, names, rows)) = self.csv_rows(module, from) else { return Vec::new() };
        let mut columns = Vec::new();
        for (text, ty) in self.columns(record) {
            let found = names.iter().position(|field| field.text.trim() == text);
            if found.is_none() && !matches!(ty.kind, TypeKind::Optional(_)) {
                let at = names[0].span.to(names[names.len() - 1].span).at(file);
                let known: Vec<&str> = names.iter().map(|field| field.text.trim()).collect();
                let near = crate::near::nearest(&text, known);
                let row = self.program.records[record].name.clone();
                let diagnostic = self.error(
                    codes::NO_COLUMN,
                    at,
                    format!("there is no column `{text}`, which `{row}` needs"),
                    "the columns",
                );
                match near.first() {
                    Some(near) => {
                        diagnostic.add_help(format!("rename the column `{near}`, if that is meant"))
                    }
                    None => diagnostic.add_help("add the column, or make the field optional with `?`"),
                };
                return Vec::new();
            }
            columns.push((found, ty.kind, text));
        }
        let zone = self.zone_of_module(module);
        let mut wrong = 0;
        let mut out = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut cells = Vec::with_capacity(columns.len());
            for (column, kind, name) in &columns {
                let cell = column.map(|column| &row[column]);
                match cell.map_or(Ok(None), |cell| self.cell(&cell.text, kind, &zone)) {
                    Ok(cell) => cells.push(cell),
                    Err(wanted) => {
                        wrong += 1;
                        if wrong <= MOST_TOLD
                            && let Some(cell) = cell
                        {
                            let at = cell.span.at(file);
                            self.error(
                                codes::BAD_CELL,
                                at,
                                format!("`{name}` is {wanted}, and this is not"),
                                "does not fit",
                            )
                            .add_help(format!("write {wanted} here"));
                        }
                        cells.push(None);
                    }
                }
            }
            out.push(cells);
        }
        if wrong > MOST_TOLD {
            let at = from.span.at(self.file(module));
            let more = wrong - MOST_TOLD;
            self.error(
                codes::BAD_CELL,
                at,
                format!("{more} more cells of this file do not fit"),
                "from here",
            );
        }
        out
    }

    fn zone_of_module(&self, module: usize) -> TimeZone {
        let id = self.module_zones.get(module).copied().flatten().unwrap_or(0);
        let name = self.program.zones.get(id).map_or("UTC", String::as_str);
        TimeZone::get(name).unwrap_or(TimeZone::UTC)
    }

    /// A cell in its one form; an error says what it should be.
    fn cell(&self, text: &str, kind: &TypeKind, zone: &TimeZone) -> Result<Option<String>, String> {
        let trimmed = text.trim();
        if let TypeKind::Optional(inner) = kind {
            return if trimmed.is_empty() { Ok(None) } else { self.cell(text, inner, zone) };
        }
        let fits = |fits: bool, wanted: &str| match fits {
            true => Ok(Some(trimmed.to_owned())),
            false => Err(wanted.to_owned()),
        };
        match kind {
            TypeKind::Text => match text.len() <= MOST_TEXT {
                true => Ok(Some(text.to_owned())),
                false => Err("a text of at most 4 KB".into()),
            },
            TypeKind::Bool => fits(matches!(trimmed, "true" | "false"), "true or false"),
            TypeKind::Int => match trimmed.parse::<i64>() {
                Ok(number) => Ok(Some(number.to_string())),
                Err(_) => Err("a whole number".into()),
            },
            TypeKind::Decimal => match trimmed.parse::<rust_decimal::Decimal>() {
                Ok(number) => Ok(Some(number.normalize().to_string())),
                Err(_) => Err("a number like 12.5".into()),
            },
            TypeKind::Money => match money(trimmed) {
                Some(amount) => Ok(Some(amount)),
                None => Err("an amount like EUR 12.50".into()),
            },
            TypeKind::Digits => {
                fits(!trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit()), "digits")
            }
            TypeKind::Phone => {
                fits(crate::types::phone_problem(trimmed).is_none(), "a telephone number like +15550123")
            }
            TypeKind::Duration => fits(is_span(trimmed), "a span of time like 90s or 1h30m"),
            TypeKind::Date => match trimmed.parse::<jiff::civil::Date>() {
                Ok(date) if trimmed.len() == 10 => Ok(Some(date.to_string())),
                _ => Err("a date like 2026-03-03".into()),
            },
            TypeKind::Time => match trimmed.parse::<jiff::civil::Time>() {
                Ok(time) if trimmed.contains(':') => Ok(Some(time.strftime("%H:%M:%S").to_string())),
                _ => Err("a time like 08:30".into()),
            },
            TypeKind::DateTime => match instant(trimmed, zone) {
                Some(instant) => Ok(Some(instant.to_string())),
                None => Err("an instant like 2026-03-03T12:00".into()),
            },
            TypeKind::Language => {
                fits(self.program.languages.iter().any(|code| code == trimmed), "a language that is spoken")
            }
            TypeKind::Enum(id) => {
                let variants = &self.program.enums[*id].variants;
                let names: Vec<&str> = variants.iter().take(8).map(|variant| variant.name.as_str()).collect();
                let wanted = format!("one of {}", names.join(", "));
                fits(variants.iter().any(|variant| variant.name == trimmed), &wanted)
            }
            _ => Err("of a type that no cell has".into()),
        }
    }

    /// `t.find(column: value)`
    pub(crate) fn find(
        &mut self,
        s: &mut Scope,
        table: TableId,
        arguments: &ast::Arguments,
        at: Location,
    ) -> Expr {
        self.needs_call(s, at);
        let row = self.program.tables.get(table).map_or(0, |table| table.row);
        let Some(shape) = self.shapes.records.get(row).cloned() else { return unknown(at) };
        let [ast::Argument { name: Some(name), value }] = arguments.list.as_slice() else {
            self.error(
                codes::MISSING_ARGUMENT,
                at,
                "`find` takes one column and its value",
                "not these arguments",
            )
            .add_help("write `TABLE.find(column: value)`");
            return unknown(at);
        };
        let Some(column) = shape.names.iter().position(|known| *known == name.symbol) else {
            let names: Vec<&str> = shape.names.iter().map(|known| self.name(*known)).collect();
            let what = format!("the table `{}`", self.program.tables[table].name);
            self.expr(s, value, None);
            return self.unknown_property(&what, &names, *name, s.at(name.span));
        };
        if matches!(shape.types[column].kind, TypeKind::Record(_)) {
            self.error(
                codes::NOT_CARRIED,
                s.at(name.span),
                format!("`{}` has columns of its own, and `find` looks along one", self.name(name.symbol)),
                "a record",
            )
            .add_help("look for the value of a column that is no record");
            self.expr(s, value, None);
            return unknown(at);
        }
        let kind = match &shape.types[column].kind {
            TypeKind::Optional(inner) => (**inner).clone(),
            kind => kind.clone(),
        };
        let value = self.expr(s, value, Some(&kind));
        let label = format!("`{}`", self.name(name.symbol));
        // Whether a row is found would tell a secret.
        let value = self.coerce(value, &open(kind), &label);
        let ty = open(TypeKind::Optional(Box::new(TypeKind::Record(row))));
        Expr { kind: ExprKind::Sample(Sample::Find(table, Box::new((column, value)))), ty, location: at }
    }

    /// A table as the list of its rows.
    pub(crate) fn rows(&mut self, s: &Scope, table: TableId, at: Location) -> Expr {
        self.needs_call(s, at);
        let Some(known) = self.program.tables.get(table) else { return unknown(at) };
        let bytes: usize =
            known.rows.iter().flatten().map(|cell| 12 + cell.as_ref().map_or(0, String::len)).sum();
        let (row, name) = (known.row, known.name.clone());
        if bytes > MOST_IN_A_CALL {
            self.error(
                codes::DATA_TOO_LARGE,
                at,
                format!("`{name}` has too many rows for one call to go through"),
                "takes more than 24 KB",
            )
            .add_help(format!("look one up: `{name}.find(column: value)`"));
        }
        let ty: Type = open(TypeKind::List(Box::new(TypeKind::Record(row))));
        Expr { kind: ExprKind::Sample(Sample::Rows(table)), ty, location: at }
    }
}

/// `EUR 12.50`, with the amount in its shortest form.
fn money(text: &str) -> Option<String> {
    let (code, amount) = text.split_once(' ')?;
    let known = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let amount = amount.trim().parse::<rust_decimal::Decimal>().ok()?;
    known.then(|| format!("{code} {}", amount.normalize()))
}

/// `90s`, `1h30m`: the largest unit first, each once.
fn is_span(text: &str) -> bool {
    let mut rest = text;
    let mut units = ["d", "h", "m", "s", "ms"].as_slice();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let after = &rest[digits..];
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let known = units.iter().position(|known| *known == &after[..unit]);
        let (Some(at), 1..=9) = (known, digits) else { return false };
        units = &units[at + 1..];
        rest = &after[unit..];
    }
    !text.is_empty()
}

fn instant(text: &str, zone: &TimeZone) -> Option<jiff::Timestamp> {
    match text.parse() {
        Ok(instant) => Some(instant),
        Err(_) => zone.to_timestamp(text.parse::<jiff::civil::DateTime>().ok()?).ok(),
    }
}
