//! Campaigns: whom they call, for which rows, when, and with which flow.

use std::collections::HashMap;

use flow_diagnostics::{Location, Symbol};
use flow_syntax::ast::{self, CampaignPart, ItemKind};

use crate::codes;
use crate::context::{Checker, Place, Say, Scope, Source, open};
use crate::hir::{Campaign, Type, TypeKind};
use crate::names::Def;

/// Calls of a campaign at once, at most.
const MOST_AT_ONCE: i64 = 1_000;
/// Calls within one span of a pace, at most.
const MOST_PACE: i64 = 100_000;

impl<'a> Checker<'a> {
    /// Checks every campaign.
    pub fn campaigns(&mut self) {
        let mut seen: HashMap<(usize, Symbol), Location> = HashMap::new();
        for source in self.sources.others.clone() {
            let ItemKind::Campaign { name, parts } = &source.item.kind else { continue };
            let at = name.span.at(self.file(source.module));
            if let Some(first) = seen.insert((source.module, name.symbol), at) {
                let text = self.name(name.symbol);
                self.error(
                    codes::DEFINED_TWICE,
                    at,
                    format!("two campaigns are named `{text}`"),
                    "the second one",
                )
                .add_label(first, "the first one")
                .add_help("rename one of them");
                continue;
            }
            if let Some(campaign) = self.campaign(source, *name, parts, at) {
                self.program.campaigns.push(campaign);
            }
        }
    }

    fn campaign(
        &mut self,
        source: Source<'a>,
        name: ast::Name,
        parts: &'a [CampaignPart],
        at: Location,
    ) -> Option<Campaign> {
        self.once_each(source, parts);
        let module = source.module;
        let from = parts.iter().find_map(|part| match part {
            CampaignPart::From { table, row } => Some((table, *row)),
            _ => None,
        });
        let call = parts.iter().find_map(|part| match part {
            CampaignPart::Call { number, target, arguments } => Some((number, target, arguments)),
            _ => None,
        });
        let (Some((table, row)), Some((number, target, arguments))) = (from, call) else {
            if !self.is_torn(source.item.span.at(self.file(module))) {
                let lacks = if from.is_none() { "rows" } else { "whom to call" };
                self.error(
                    codes::MISSING_CLAUSE,
                    at,
                    format!("this campaign does not say {lacks}"),
                    "incomplete",
                )
                .add_help("write `from TABLE as row` and `call row.number -> FLOW(row)`");
            }
            return None;
        };
        let (table_name, kind) = self.table_called(module, table)?;
        let mut scope = Scope::new(module, self.file(module), Place::Call, vec![0]);
        let row = self.declare(&mut scope, row, Type { kind, secret: false }, false);
        let number = self.expr(&mut scope, number, Some(&TypeKind::Phone));
        self.refuse_secret(&number, "dialled");
        let number = self.coerce(number, &open(TypeKind::Phone), "`call`");
        let begun = self.begun(&mut scope, target, arguments.as_deref(), "a campaign");
        let mut out = Campaign {
            name: self.full_name(module, name.symbol),
            table: table_name,
            row,
            locals: Vec::new(),
            number,
            skip: None,
            flow: 0,
            arguments: Vec::new(),
            during: None,
            pace: None,
            concurrent: 1,
            retry: None,
            location: at,
        };
        for part in parts {
            match part {
                CampaignPart::During(path) => {
                    out.during = self.resolve_as(module, path, "calendar", |def| match def {
                        Def::Calendar(id) => Some(id),
                        _ => None,
                    });
                }
                CampaignPart::Pace { count, per } => {
                    let most = "a pace is from 1 to 100000 calls";
                    let count = self.count_of(&scope, *count, MOST_PACE, most);
                    out.pace = Some((count, self.put_off(&scope, *per)));
                }
                CampaignPart::Concurrent(count) => {
                    let most = "from 1 to 1000 calls are made at once";
                    out.concurrent = self.count_of(&scope, *count, MOST_AT_ONCE, most);
                }
                CampaignPart::Retry(retry) => out.retry = self.retry(&scope, retry),
                CampaignPart::SkipWhen(condition) => out.skip = Some(self.condition(&mut scope, condition)),
                CampaignPart::From { .. } | CampaignPart::Call { .. } => {}
            }
        }
        (out.flow, out.arguments) = begun?;
        for argument in &out.arguments {
            self.refuse_secret(argument, "kept on disk until the call is made");
        }
        out.locals = scope.locals;
        Some(out)
    }

    /// The full name of a table, and the type of its rows.
    fn table_called(&mut self, module: usize, path: &ast::Path) -> Option<(String, TypeKind)> {
        let table = self.resolve_as(module, path, "table", |def| match def {
            Def::Table(id) => Some(id),
            _ => None,
        })?;
        let source = self.sources.tables[table];
        let ItemKind::Table { name, row, .. } = &source.item.kind else { return None };
        let row = ast::Path::of(*row);
        let record = self.resolve_as(source.module, &row, "record", |def| match def {
            Def::Record(id) => Some(id),
            _ => None,
        })?;
        Some((self.full_name(source.module, name.symbol), TypeKind::Record(record)))
    }

    fn count_of(&mut self, scope: &Scope, literal: ast::IntLiteral, most: i64, text: &str) -> u32 {
        match u32::try_from(literal.value) {
            Ok(count) if (1..=most).contains(&literal.value) => count,
            _ => {
                self.error(codes::OUT_OF_RANGE, scope.at(literal.span), text, "not in this range");
                1
            }
        }
    }

    /// Every clause stands once.
    fn once_each(&mut self, source: Source<'a>, parts: &[CampaignPart]) {
        let word = |part: &CampaignPart| match part {
            CampaignPart::From { .. } => "from",
            CampaignPart::Call { .. } => "call",
            CampaignPart::During(_) => "during",
            CampaignPart::Pace { .. } => "pace",
            CampaignPart::Concurrent(_) => "concurrent",
            CampaignPart::Retry(_) => "retry",
            CampaignPart::SkipWhen(_) => "skip when",
        };
        let at = source.item.span.at(self.file(source.module));
        for (index, part) in parts.iter().enumerate() {
            let word_of = word(part);
            if parts[..index].iter().any(|before| word(before) == word_of) {
                self.error(
                    codes::CLAUSE_TWICE,
                    at,
                    format!("this campaign has `{word_of}` twice"),
                    "which of them?",
                )
                .add_help("keep one of them");
            }
        }
    }
}
