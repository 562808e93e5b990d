//! `roster from "agents.csv"`: people as data. The first line names the columns: `name`, `address`, perhaps `teams`
//! (apart by blanks), and a column for each skill with the person's level in it, empty for none.
//!
//! A skill or team that no flow knows refuses the whole file: who runs on yesterday's roster is better off than
//! with half of today's.

use flow_diagnostics::{FileId, Location};
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say};
use crate::csv::Field;
use crate::hir;
use crate::near::nearest;

/// What a column of a roster holds.
enum Column {
    Name,
    Address,
    Teams,
    Skill(hir::SkillId),
}

impl<'a> Checker<'a> {
    /// The people of a roster, added to those of the flows.
    pub(crate) fn roster(&mut self, module: usize, from: &ast::TextLiteral) {
        let Some((file, names, rows)) = self.csv_rows(module, from) else { return };
        let Some(columns) = self.roster_columns(file, &names) else { return };
        for row in &rows {
            self.person(file, &columns, row);
        }
    }

    fn roster_columns(&mut self, file: FileId, names: &[Field]) -> Option<Vec<Column>> {
        let mut columns = Vec::new();
        let mut fine = true;
        for (index, field) in names.iter().enumerate() {
            let text = field.text.trim().to_owned();
            let at = field.span.at(file);
            if names[..index].iter().any(|other| other.text.trim() == text) {
                fine = false;
                self.error(codes::ROSTER, at, format!("two columns are named `{text}`"), "the second one")
                    .add_help("remove one of them");
            }
            columns.push(match text.as_str() {
                "name" => Column::Name,
                "address" => Column::Address,
                "teams" => Column::Teams,
                skill => match self.program.skills.iter().position(|known| known == skill) {
                    Some(id) => Column::Skill(id),
                    None => {
                        fine = false;
                        self.not_known(at, "skill", &text);
                        Column::Teams
                    }
                },
            });
        }
        let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
        for (there, name) in [
            (has(|column| matches!(column, Column::Name)), "name"),
            (has(|column| matches!(column, Column::Address)), "address"),
        ] {
            if !there {
                fine = false;
                let at = names[0].span.to(names[names.len() - 1].span).at(file);
                self.error(codes::NO_COLUMN, at, format!("a roster needs a column `{name}`"), "the columns")
                    .add_help("name the columns `name`, `address`, `teams`, then each skill");
            }
        }
        fine.then_some(columns)
    }

    fn not_known(&mut self, at: Location, what: &str, text: &str) {
        let all: &[String] = if what == "skill" { &self.program.skills } else { &self.program.teams };
        let near: Vec<String> =
            nearest(text, all.iter().map(String::as_str)).into_iter().map(String::from).collect();
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        self.error(
            codes::ROSTER,
            at,
            format!("no flow knows the {what} `{text}`"),
            format!("unknown {what}"),
        )
        .suggest(text, &near, at)
        .add_help(format!("declare it in a flow: `{what} {text}`"));
    }

    fn person(&mut self, file: FileId, columns: &[Column], row: &[Field]) {
        let (mut name, mut address) = (None, None);
        let (mut teams, mut skills) = (Vec::new(), Vec::new());
        for (column, field) in columns.iter().zip(row) {
            let (text, at) = (field.text.trim(), field.span.at(file));
            match column {
                Column::Name => name = Some((text.to_owned(), at)),
                Column::Address => {
                    if !crate::waits::sip_uri(text) {
                        self.error(
                            codes::BAD_CELL,
                            at,
                            format!("\"{text}\" cannot be rung"),
                            "not a SIP address",
                        )
                        .add_help("write sip:NAME@HOST");
                    }
                    self.not_dear(text, at);
                    address = Some(text.to_owned());
                }
                Column::Teams => {
                    for team in text.split([' ', ';']).filter(|team| !team.is_empty()) {
                        match self.program.teams.iter().position(|known| known == team) {
                            Some(id) => teams.push(id),
                            None => self.not_known(at, "team", team),
                        }
                    }
                }
                Column::Skill(_) if text.is_empty() => {}
                Column::Skill(id) => match text.parse::<u32>() {
                    Ok(level @ 1..=100) => skills.push((*id, level)),
                    Ok(0) => {}
                    _ => {
                        self.error(codes::BAD_CELL, at, "a level goes from 1 to 100", "not in this range")
                            .add_help("leave the cell empty for somebody without the skill");
                    }
                },
            }
        }
        let (Some((name, location)), Some(address)) = (name, address) else { return };
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_name {
            self.error(codes::BAD_CELL, location, format!("\"{name}\" is no name of an agent"), "not a name")
                .add_help("write small letters, digits and `_`, as flows and tests name people");
        } else if let Some(first) = self.program.agents.iter().find(|agent| agent.name == name) {
            let first = first.location;
            self.error(codes::ROSTER, location, format!("two agents are named `{name}`"), "the second one")
                .add_label(first, "the first one")
                .add_help("remove one of them");
        } else {
            self.program.agents.push(hir::Agent { name, address, teams, skills, location });
        }
    }
}
