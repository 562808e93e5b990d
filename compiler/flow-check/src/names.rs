//! Who is who: the items of every file, what `use` brings in, and what a path means.

use std::borrow::Cow;

use flow_diagnostics::{Applicability, Location, Symbol};
use flow_syntax::ast::{self, ItemKind};
use rustc_hash::FxHashMap;

use crate::codes;
use crate::context::{Checker, Constant, MOST_LOOKED_FOR, Say, Source, fix};
use crate::hir;
use crate::near::nearest;

/// What a name of a file stands for; the number is an index into the program or the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Def {
    Module(usize),
    Record(usize),
    Enum(usize),
    Setting(usize),
    Switch(usize),
    Const(usize),
    Function(usize),
    Prompt(usize),
    Limit(usize),
    Queue(usize),
    Calendar(usize),
    Holidays(usize),
    Flow(usize),
    Service(usize),
    Table(usize),
    /// Broken, or of a later version: already reported, never complained about again.
    Silent,
}

impl Def {
    /// "a calendar".
    pub fn what(self) -> &'static str {
        match self {
            Def::Module(_) => "a file",
            Def::Record(_) => "a record",
            Def::Enum(_) => "an enum",
            Def::Setting(_) => "a setting",
            Def::Switch(_) => "a switch",
            Def::Const(_) => "a constant",
            Def::Function(_) => "a function",
            Def::Prompt(_) => "a prompt",
            Def::Limit(_) => "a limit",
            Def::Queue(_) => "a queue",
            Def::Calendar(_) => "a calendar",
            Def::Holidays(_) => "a list of holidays",
            Def::Flow(_) => "a flow",
            Def::Service(_) => "a service",
            Def::Table(_) => "a table",
            Def::Silent => "something broken",
        }
    }
}

impl Def {
    /// Whether it is among what is wanted: "a block or flow".
    fn fits(self, wanted: &str) -> bool {
        let what = self.what();
        let noun = what.strip_prefix("a ").or_else(|| what.strip_prefix("an ")).unwrap_or(what);
        wanted.contains(noun) || (wanted == "type" && matches!(self, Def::Record(_) | Def::Enum(_)))
    }

    /// Whether it can be a value by itself.
    pub fn is_value(self) -> bool {
        matches!(self, Def::Setting(_) | Def::Switch(_) | Def::Const(_) | Def::Table(_))
    }

    /// Whether something of it can be asked behind a point.
    pub fn is_asked(self) -> bool {
        let asked = matches!(
            self,
            Def::Module(_)
                | Def::Calendar(_)
                | Def::Queue(_)
                | Def::Enum(_)
                | Def::Service(_)
                | Def::Table(_)
        );
        asked || self.is_value()
    }

    /// Whether it takes arguments in an expression.
    pub fn is_called(self) -> bool {
        matches!(self, Def::Function(_) | Def::Record(_) | Def::Prompt(_))
    }
}

/// Items of a file that are listed to whoever names another.
const MOST_LISTED: usize = 8;

/// A name of a file.
pub(crate) struct Entry {
    pub def: Def,
    pub public: bool,
    pub location: Location,
    /// It came by `use`, and whether anybody used it.
    pub imported: bool,
    pub used: bool,
}

/// The names that one file sees.
#[derive(Default)]
pub(crate) struct ModuleNames {
    pub items: FxHashMap<Symbol, Entry>,
    /// Names brought in by `use`, in source order.
    pub imports: Vec<Symbol>,
}

/// Skills, teams and agents are one vocabulary for the whole system.
#[derive(Default)]
pub(crate) struct People {
    pub skills: FxHashMap<Symbol, usize>,
    pub teams: FxHashMap<Symbol, usize>,
    pub agents: FxHashMap<Symbol, usize>,
    /// By skill, the agents that have it, in order, with their levels.
    pub by_skill: Vec<Vec<(usize, u32)>>,
    /// How many agents were looked at to see who serves what.
    pub looked_at: usize,
}

/// The items by kind, parallel to the vectors of the program.
#[derive(Default)]
pub(crate) struct Sources<'a> {
    pub records: Vec<Source<'a>>,
    pub enums: Vec<Source<'a>>,
    pub settings: Vec<Source<'a>>,
    pub constants: Vec<Source<'a>>,
    pub functions: Vec<Source<'a>>,
    pub prompts: Vec<Source<'a>>,
    pub limits: Vec<Source<'a>>,
    pub queues: Vec<Source<'a>>,
    pub calendars: Vec<Source<'a>>,
    pub holidays: Vec<Source<'a>>,
    pub flows: Vec<Source<'a>>,
    pub services: Vec<Source<'a>>,
    pub tables: Vec<Source<'a>>,
    /// Everything without a name of its own: uses, numbers, tests, people.
    pub others: Vec<Source<'a>>,
}

fn push<'a>(list: &mut Vec<Source<'a>>, source: Source<'a>) -> usize {
    list.push(source);
    list.len() - 1
}

impl<'a> Checker<'a> {
    /// Gives every item its id.
    pub fn collect_names(&mut self) {
        for module in 0..self.modules.len() {
            self.names.push(ModuleNames::default());
            for item in &self.modules[module].ast.items {
                self.collect_item(Source { module, item });
            }
        }
    }

    fn collect_item(&mut self, source: Source<'a>) {
        let sources = &mut self.sources;
        let location = |name: ast::Name| name.span.at(self.modules[source.module].file);
        let (name, def) = match &source.item.kind {
            ItemKind::Record { name, .. } => (*name, Def::Record(push(&mut sources.records, source))),
            ItemKind::Enum { name, .. } => (*name, Def::Enum(push(&mut sources.enums, source))),
            ItemKind::Setting { name, .. } => (*name, Def::Setting(push(&mut sources.settings, source))),
            ItemKind::Switch(name) => {
                let text = self.interner.name(name.symbol).into();
                self.program.switches.push(hir::Switch { name: text, location: location(*name) });
                (*name, Def::Switch(self.program.switches.len() - 1))
            }
            ItemKind::Const { name, .. } => {
                self.constants.push(Constant::Waiting);
                (*name, Def::Const(push(&mut sources.constants, source)))
            }
            ItemKind::Fn { name, .. } => (*name, Def::Function(push(&mut sources.functions, source))),
            ItemKind::Prompt { name, .. } => (*name, Def::Prompt(push(&mut sources.prompts, source))),
            ItemKind::Limit { name, .. } => (*name, Def::Limit(push(&mut sources.limits, source))),
            ItemKind::Queue { name, .. } => (*name, Def::Queue(push(&mut sources.queues, source))),
            ItemKind::Calendar { name, .. } => (*name, Def::Calendar(push(&mut sources.calendars, source))),
            ItemKind::Holidays { name, .. } => (*name, Def::Holidays(push(&mut sources.holidays, source))),
            ItemKind::Flow(flow) => (flow.name, Def::Flow(push(&mut sources.flows, source))),
            ItemKind::Service { name, .. } => (*name, Def::Service(push(&mut sources.services, source))),
            ItemKind::Table { name, .. } => (*name, Def::Table(push(&mut sources.tables, source))),
            ItemKind::Campaign { name, .. } | ItemKind::Broken { name: Some(name), .. } => {
                sources.others.push(source);
                (*name, Def::Silent)
            }
            _ => {
                sources.others.push(source);
                return;
            }
        };
        let at = location(name);
        self.insert(
            source.module,
            name.symbol,
            Entry { def, public: source.item.public, location: at, imported: false, used: false },
        );
    }

    fn insert(&mut self, module: usize, name: Symbol, entry: Entry) {
        if let Some(first) = self.names[module].items.get(&name) {
            if first.def == Def::Silent || entry.def == Def::Silent {
                return;
            }
            let (first, at, text) = (first.location, entry.location, self.name(name));
            self.error(codes::DEFINED_TWICE, at, format!("two items are named `{text}`"), "the second one")
                .add_label(first, "the first one")
                .add_help(format!("rename one of them; every use of `{text}` is ambiguous until then"));
            return;
        }
        if entry.imported {
            self.names[module].imports.push(name);
        }
        self.names[module].items.insert(name, entry);
    }

    /// What each `use` brings in, and that files do not use each other in a circle.
    pub fn resolve_uses(&mut self) {
        let by_path = self.module_paths();
        let mut edges: Vec<(usize, usize, Location)> = Vec::new();
        for source in self.sources.others.clone() {
            let ItemKind::Use { path, rename } = &source.item.kind else { continue };
            let symbols: Vec<Symbol> = path.names.iter().map(|n| n.symbol).collect();
            let Some(last) = path.names.last() else { continue };
            let at = path.span.at(self.file(source.module));
            let meant = self.meant(source.module, &symbols);
            let def = if meant.is_none() {
                Def::Silent
            } else if let Some(module) = meant.as_ref().and_then(|meant| by_path.module(meant)) {
                edges.push((source.module, module, at));
                Def::Module(module)
            } else if let Some(module) = meant.as_ref().and_then(|meant| by_path.module_of_item(meant)) {
                edges.push((source.module, module, at));
                self.public_item(module, *last, last.span.at(self.file(source.module)))
            } else {
                let text = self.path_text(path);
                let known = self.usable_modules(source.module);
                let near = nearest(&text, known.iter().map(String::as_str));
                self.error(
                    codes::UNKNOWN_MODULE,
                    at,
                    format!("there is no file `{text}`"),
                    match self.options.libraries.len() {
                        0 | 1 => "no file of the project or the standard library",
                        _ => "no file of the project, its libraries or the standard library",
                    },
                )
                .suggest(&text, &near, at);
                Def::Silent
            };
            let name = rename.unwrap_or(*last);
            let location = name.span.at(self.file(source.module));
            let used = def == Def::Silent;
            self.insert(
                source.module,
                name.symbol,
                Entry { def, public: false, location, imported: true, used },
            );
        }
        self.module_cycles(&edges);
    }

    fn module_cycles(&mut self, edges: &[(usize, usize, Location)]) {
        let pairs: Vec<(usize, usize)> = edges.iter().map(|(a, b, _)| (*a, *b)).collect();
        for cycle in crate::cycles::circles(self.modules.len(), &pairs) {
            let named: Vec<String> = cycle.iter().map(|m| format!("`{}`", self.module_text(*m))).collect();
            let Some((_, _, at)) = edges.iter().find(|(a, b, _)| cycle.contains(a) && cycle.contains(b))
            else {
                continue;
            };
            self.error(
                codes::MODULE_CYCLE,
                *at,
                format!("files use each other in a circle: {}", named.join(", ")),
                "closes the circle",
            )
            .add_help("move what both need into a file of its own");
        }
    }

    /// The public item of another file.
    pub fn public_item(&mut self, module: usize, name: ast::Name, at: Location) -> Def {
        let text = self.name(name.symbol);
        match self.names[module].items.get(&name.symbol) {
            Some(entry) if entry.imported => {}
            Some(entry) if entry.public || entry.def == Def::Silent => return entry.def,
            Some(entry) => {
                let there = entry.location;
                self.error(codes::PRIVATE, at, format!("`{text}` is private to its file"), "not `public`")
                    .add_label(there, "defined here")
                    .add_help(format!("write `public` before it if other files may use `{text}`"));
                return Def::Silent;
            }
            None => {}
        }
        let file = self.module_text(module);
        let candidates: Vec<&str> = self.modules[module]
            .ast
            .items
            .iter()
            .filter(|i| i.public)
            .filter_map(|i| i.name().map(|n| self.name(n.symbol)))
            .collect();
        let near = self.nearest(text, candidates.iter().copied());
        let few: Vec<String> =
            candidates.iter().take(MOST_LISTED).map(|name| format!("`{file}.{name}`")).collect();
        let more = candidates.len() > few.len();
        let diagnostic = self.error(
            codes::UNKNOWN_MODULE,
            at,
            format!("`{file}` has no item `{text}`"),
            "nothing public has this name",
        );
        diagnostic.suggest(text, &near, at);
        if near.is_empty() && !few.is_empty() {
            let and_more = if more { ", and more" } else { "" };
            diagnostic.add_note(format!("it has {}{and_more}", crate::near::listed(&few, "and")));
        }
        Def::Silent
    }

    /// The item that a name of a file stands for, marked as used.
    pub fn item(&mut self, module: usize, name: Symbol) -> Option<Def> {
        let entry = self.names[module].items.get_mut(&name)?;
        entry.used = true;
        Some(entry.def)
    }

    /// What a path means; reports when it means nothing.
    pub fn resolve(&mut self, module: usize, path: &ast::Path, wanted: &str) -> Option<Def> {
        let (first, rest) = path.names.split_first()?;
        let file = self.file(module);
        let Some(mut def) = self.item(module, first.symbol) else {
            let text = self.name(first.symbol);
            // Of a path the first name is a file's.
            let is_path = !rest.is_empty();
            let near = self.near_items(module, text, |def| match def {
                Def::Module(_) => is_path,
                Def::Silent => false,
                other => !is_path && other.fits(wanted),
            });
            self.error(
                codes::UNKNOWN_NAME,
                first.span.at(file),
                format!("there is no {wanted} `{text}`"),
                "nothing in this file has this name",
            )
            .suggest(text, &near, first.span.at(file));
            return Some(Def::Silent);
        };
        for name in rest {
            match def {
                Def::Module(inner) => def = self.public_item(inner, *name, name.span.at(file)),
                Def::Silent => return Some(Def::Silent),
                _ => return None,
            }
        }
        Some(def)
    }

    /// An item of one sort, or a complaint that it is another.
    pub fn resolve_as<T>(
        &mut self,
        module: usize,
        path: &ast::Path,
        wanted: &str,
        pick: impl Fn(Def) -> Option<T>,
    ) -> Option<T> {
        let def = self.resolve(module, path, wanted);
        if def == Some(Def::Silent) {
            return None;
        }
        if let Some(found) = def.and_then(&pick) {
            return Some(found);
        }
        let text = self.path_text(path);
        let is = def.map_or("no item", Def::what);
        let at = path.span.at(self.file(module));
        self.error(
            codes::WRONG_THING,
            at,
            format!("`{text}` is {is}, but a {wanted} is needed here"),
            format!("not a {wanted}"),
        );
        None
    }

    /// Item names of a file that look like a text and could stand where it stands.
    pub fn near_items(&self, module: usize, text: &str, fits: impl Fn(Def) -> bool) -> Vec<&'a str> {
        if self.diagnostics.len() >= MOST_LOOKED_FOR {
            return Vec::new();
        }
        let mut all: Vec<Symbol> = Vec::new();
        for item in &self.modules[module].ast.items {
            all.extend(item.name().map(|n| n.symbol));
        }
        all.extend(&self.names[module].imports);
        let items = &self.names[module].items;
        all.retain(|name| items.get(name).is_some_and(|entry| fits(entry.def)));
        self.nearest(text, all.into_iter().map(|s| self.name(s)))
    }

    /// A path as it is written.
    pub fn path_text(&self, path: &ast::Path) -> Cow<'a, str> {
        if let [one] = path.names.as_slice() {
            return self.name(one.symbol).into();
        }
        let names: Vec<&str> = path.names.iter().map(|n| self.name(n.symbol)).collect();
        names.join(".").into()
    }

    pub fn module_text(&self, module: usize) -> String {
        let names: Vec<&str> = self.modules[module].name.iter().map(|s| self.name(*s)).collect();
        if names.is_empty() { "the main file".into() } else { names.join(".") }
    }

    /// An item's name in the program: those of other files carry the path.
    pub fn full_name(&self, module: usize, name: Symbol) -> String {
        let parts = || self.modules[module].name.iter().chain([&name]).map(|part| self.name(*part));
        let mut full = String::with_capacity(parts().map(|part| part.len() + 1).sum::<usize>() - 1);
        for part in parts() {
            if !full.is_empty() {
                full.push('.');
            }
            full.push_str(part);
        }
        full
    }

    /// Warns of what was brought in for nothing.
    pub fn unused_uses(&mut self) {
        for module in 0..self.modules.len() {
            let names = &self.names[module];
            let unused: Vec<(Symbol, Location)> = names
                .imports
                .iter()
                .filter_map(|s| names.items.get(s).map(|e| (*s, e)))
                .filter(|(_, e)| e.imported && !e.used)
                .map(|(s, e)| (s, e.location))
                .collect();
            for (name, at) in unused {
                let text = self.name(name);
                let items = &self.modules[module].ast.items;
                let item = items
                    .iter()
                    .find(|item| item.span.start <= at.span.start && at.span.end <= item.span.end);
                let whole = item.map(|item| item.span.at(at.file));
                let diagnostic = self.warning(
                    codes::UNUSED_USE,
                    at,
                    format!("`{text}` is brought in but not used"),
                    "never used",
                );
                diagnostic.add_help("remove the `use`");
                if let Some(whole) = whole {
                    diagnostic.add_fix(fix("remove the `use`", Applicability::Safe, whole, ""));
                }
            }
        }
    }
}
