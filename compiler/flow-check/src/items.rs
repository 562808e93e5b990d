//! The items that are values and shapes: records, enums, settings, constants, functions, prompts, limits,
//! and the numbers that are bound to flows.

use std::collections::HashMap;

use flow_diagnostics::{Location, Symbol};
use flow_syntax::ast::{self, ItemKind};

use crate::codes;
use crate::context::{Checker, Constant, Place, Say, Scope, Signature, open, unknown};
use crate::hir::{self, ExprKind, Type, TypeKind};
use crate::names::Def;
use crate::types::phone_problem;

impl<'a> Checker<'a> {
    /// Editions, zones of files, and which languages are spoken at all.
    pub fn zones_and_languages(&mut self) {
        self.module_zones = vec![None; self.modules.len()];
        let mut others = self.sources.others.clone();
        others.sort_by_key(|s| !self.modules[s.module].name.is_empty());
        for source in others {
            match &source.item.kind {
                ItemKind::Timezone(text) => {
                    // One that does not exist was told; nothing else is said for the lack of it.
                    self.module_zones[source.module] = Some(self.zone_of(source.module, text).unwrap_or(0));
                }
                ItemKind::Edition(number) if number.value != 2026 => {
                    let at = number.span.at(self.file(source.module));
                    let shown = number.value;
                    self.error(
                        codes::UNKNOWN_EDITION,
                        at,
                        format!("this flowc does not know the edition {shown}"),
                        "unknown edition",
                    )
                    .add_help("write `edition 2026`");
                }
                ItemKind::Roster(_) => self.has_roster = true,
                _ => {}
            }
        }
        if self.program.zones.is_empty() {
            self.program.zones.push("UTC".into());
        }
        // The main file's word goes first, wherever it stands among the files.
        let modules = self.modules;
        let is_main = |s: &&crate::context::Source<'_>| modules[s.module].name.is_empty();
        let flows = &self.sources.flows;
        let ordered = flows.iter().filter(is_main).chain(flows.iter().filter(|s| !is_main(s)));
        let first = ordered.into_iter().find_map(|s| match &s.item.kind {
            ItemKind::Flow(flow) => flow.parts.iter().find_map(|p| match p {
                ast::FlowPart::Speaks(names) => names.first().copied(),
                _ => None,
            }),
            _ => None,
        });
        let default = match (&self.options.language, first) {
            (Some(language), _) => language.clone(),
            (None, Some(name)) => crate::sentences::language_code(self.name(name.symbol)),
            (None, None) => "en".into(),
        };
        self.program.languages.push(default);
    }

    /// The zone of a name, added to the program; reports one that does not exist.
    pub fn zone_of(&mut self, module: usize, text: &ast::TextLiteral) -> Option<hir::ZoneId> {
        let name = plain_text(text);
        if jiff::tz::TimeZone::get(&name).is_err() {
            let at = text.span.at(self.file(module));
            self.error(
                codes::TIMEZONE,
                at,
                format!("there is no time zone \"{name}\""),
                "not in the zone database",
            )
            .add_help("write a name such as \"Europe/Madrid\" or \"America/New_York\"");
            return None;
        }
        if !is_place(&name) {
            let at = text.span.at(self.file(module));
            self.error(
                codes::TIMEZONE,
                at,
                format!("\"{name}\" is a distance from Greenwich, not a place"),
                "summer time is not known of it",
            )
            .add_help(match place_of(&name) {
                Some(place) => format!("write the zone of a place, such as \"{place}\""),
                None => "write the zone of a place, such as \"Europe/Madrid\" or \"America/New_York\"".into(),
            });
            return None;
        }
        let found = self.program.zones.iter().position(|z| *z == name);
        Some(found.unwrap_or_else(|| {
            self.program.zones.push(name);
            self.program.zones.len() - 1
        }))
    }

    /// The id of a language that somebody speaks.
    pub fn language_id(&mut self, symbol: Symbol) -> hir::LanguageId {
        let code = crate::sentences::language_code(self.name(symbol));
        let found = self.program.languages.iter().position(|l| *l == code);
        found.unwrap_or_else(|| {
            self.program.languages.push(code);
            self.program.languages.len() - 1
        })
    }

    /// Settings and constants.
    pub fn values(&mut self) {
        for source in self.sources.settings.clone() {
            let ItemKind::Setting { name, ty, default } = &source.item.kind else { continue };
            let ty = self.ty(source.module, ty);
            let place = format!("`{}`", self.name(name.symbol));
            let default = default.as_ref().map(|value| {
                let mut scope =
                    Scope::new(source.module, self.file(source.module), Place::Constant, Vec::new());
                let value = self.expr(&mut scope, value, Some(&ty.kind));
                self.coerce(value, &ty, &place)
            });
            let location = name.span.at(self.file(source.module));
            let name = self.full_name(source.module, name.symbol);
            self.program.settings.push(hir::Setting { name, ty, default, location });
        }
        for id in 0..self.constants.len() {
            self.constant(id);
        }
    }

    /// The value of a constant, worked out when first needed.
    pub fn constant(&mut self, id: usize) -> hir::Expr {
        let source = self.sources.constants[id];
        let ItemKind::Const { name, value } = &source.item.kind else {
            unreachable!("only constants are here")
        };
        let at = name.span.at(self.file(source.module));
        match &self.constants[id] {
            Constant::Done(value) => return value.clone(),
            Constant::Running => {
                let text = self.name(name.symbol);
                self.error(
                    codes::RECURSION,
                    at,
                    format!("`{text}` needs its own value"),
                    "goes round in a circle",
                );
                return unknown(at);
            }
            Constant::Waiting => self.constants[id] = Constant::Running,
        }
        let mut scope = Scope::new(source.module, self.file(source.module), Place::Constant, Vec::new());
        let value = self.expr(&mut scope, value, None);
        if value.ty.kind == TypeKind::Nothing {
            self.untold(value.location);
        }
        self.constants[id] = Constant::Done(value.clone());
        value
    }

    /// A type that cannot be told from the text.
    pub fn untold(&mut self, at: Location) {
        self.error(codes::UNTOLD_TYPE, at, "it cannot be told of what this is", "of which type?")
            .add_help("state the type: `let x: phone? = none`");
    }

    /// Whether the body of a function is secret though none of its arguments is so itself: it reads a setting, or
    /// what a record or an enum keeps secret.
    fn gives_own_secret(&mut self, id: hir::FunctionId, result: &Type) -> bool {
        let source = self.sources.functions[id];
        let ItemKind::Fn { params, body, .. } = &source.item.kind else { return false };
        let mut shape = Signature::clone(&self.shapes.functions[id]);
        shape.types.iter_mut().for_each(|ty| ty.secret = false);
        let mut scope = Scope::new(source.module, self.file(source.module), Place::Pure, Vec::new());
        let (said, leaks) = (self.diagnostics.len(), self.leaks.len());
        let used = self.uses.functions.len();
        self.declare_params(&mut scope, params, &shape, false);
        let secret = self.expr(&mut scope, body, Some(&result.kind)).ty.secret;
        self.diagnostics.truncate(said);
        self.leaks.truncate(leaks);
        self.uses.functions.truncate(used);
        secret
    }

    /// Bodies of functions and prompts.
    pub fn functions_and_prompts(&mut self) {
        for id in 0..self.sources.functions.len() {
            let source = self.sources.functions[id];
            let ItemKind::Fn { name, params, result, body } = &source.item.kind else { continue };
            let mut scope = Scope::new(source.module, self.file(source.module), Place::Pure, Vec::new());
            scope.function = Some(id);
            let shape = self.shapes.functions[id].clone();
            let locals = self.declare_params(&mut scope, params, &shape, false);
            let result = self.ty(source.module, result);
            let value = self.expr(&mut scope, body, Some(&result.kind));
            let place = format!("the result of `{}`", self.name(name.symbol));
            // Whether a call gives a secret is told by its arguments, but for one that comes from elsewhere.
            if value.ty.secret && !result.secret && self.gives_own_secret(id, &result) {
                self.secret_stored(&value, &place);
            }
            let body = self.coerce_kind(value, &result.kind, &place);
            let location = name.span.at(scope.file);
            let name = self.full_name(source.module, name.symbol);
            let function =
                hir::Function { name, params: locals, locals: scope.locals, result, body, location };
            self.program.functions.push(function);
        }
        for id in 0..self.sources.prompts.len() {
            let source = self.sources.prompts[id];
            let ItemKind::Prompt { name, params, spoken } = &source.item.kind else { continue };
            let mut scope = Scope::new(source.module, self.file(source.module), Place::Call, vec![0]);
            scope.prompt = Some(id);
            let shape = self.shapes.prompts[id].clone();
            let locals = self.declare_params(&mut scope, params, &shape, false);
            let spoken = self.spoken(&mut scope, spoken);
            let location = name.span.at(scope.file);
            let name = self.full_name(source.module, name.symbol);
            self.program.prompts.push(hir::Prompt {
                name,
                params: locals,
                locals: scope.locals,
                spoken,
                location,
            });
        }
        self.prompt_uses = vec![Vec::new(); self.sources.prompts.len()];
        for (user, used, _) in &self.uses.prompts {
            self.prompt_uses[*user].push(*used);
        }
    }

    /// Makes the parameters of something known in its scope.
    pub fn declare_params(
        &mut self,
        scope: &mut Scope,
        params: &[ast::Param],
        shape: &Signature,
        is_state: bool,
    ) -> Vec<hir::LocalId> {
        let named = params.iter().zip(&shape.types);
        named.map(|(param, ty)| self.declare(scope, param.name, ty.clone(), is_state)).collect()
    }

    /// Which number is answered by which flow.
    pub fn inbound(&mut self) {
        let mut bound: HashMap<String, Location> = HashMap::new();
        for source in self.sources.others.clone() {
            let ItemKind::Inbound { numbers, target } = &source.item.kind else { continue };
            let flow = self.resolve_as(source.module, target, "flow", |d| match d {
                Def::Flow(id) => Some(id),
                _ => None,
            });
            if let Some(flow) = flow {
                self.inbound_target(source.module, target, flow);
            }
            for literal in numbers {
                let number = plain_text(literal);
                let at = literal.span.at(self.file(source.module));
                if let Some(problem) = phone_problem(&number) {
                    self.error(
                        codes::BAD_NUMBER,
                        at,
                        format!("\"{number}\" is no telephone number"),
                        problem,
                    )
                    .add_help("write it with plus, country and number: \"+15550100\"");
                    continue;
                }
                if let Some(first) = bound.insert(number.clone(), at) {
                    self.error(
                        codes::NUMBER_TWICE,
                        at,
                        format!("{number} is bound twice"),
                        "the second time",
                    )
                    .add_label(first, "the first time")
                    .add_help("a call can be answered by one flow only; remove one of them");
                    continue;
                }
                if let Some(flow) = flow {
                    self.program.inbound.push(hir::Inbound { number, flow, location: at });
                }
            }
        }
    }

    fn inbound_target(&mut self, module: usize, target: &ast::Path, flow: usize) {
        let shape = self.shapes.flows[flow].clone();
        let at = target.span.at(self.file(module));
        let text = self.path_text(target);
        if shape.returns {
            self.error(
                codes::LEAVING,
                at,
                format!("`{text}` gives back an outcome, and a telephone number has nobody to take it"),
                "must be run by another flow",
            )
            .add_help(format!("bind the number to a flow with a `run` block that runs `{text}`"));
        } else if shape.signature.defaults.iter().any(Option::is_none) {
            self.error(
                codes::MISSING_ARGUMENT,
                at,
                format!("`{text}` needs arguments, and a caller brings none"),
                "takes parameters",
            )
            .add_help("bind the number to a flow without parameters");
        }
    }
}

/// The text of a literal without holes.
pub(crate) fn plain_text(literal: &ast::TextLiteral) -> String {
    let mut out = String::new();
    for part in &literal.parts {
        if let ast::TextPart::Text(text) = part {
            out.push_str(text);
        }
    }
    out
}

/// A text value.
pub(crate) fn text_expr(text: String, location: Location) -> hir::Expr {
    hir::Expr { kind: ExprKind::Text(text), ty: open(TypeKind::Text), location }
}

/// Whether a zone of the database is a place, which has its own rules of summer time. `UTC` is asked for by whoever
/// means it.
fn is_place(name: &str) -> bool {
    let distance = matches!(
        name.to_ascii_uppercase().as_str(),
        "EST"
            | "MST"
            | "HST"
            | "EST5EDT"
            | "CST6CDT"
            | "MST7MDT"
            | "PST8PDT"
            | "WET"
            | "CET"
            | "MET"
            | "EET"
            | "GMT"
            | "GMT0"
            | "GMT+0"
            | "GMT-0"
            | "GREENWICH"
            | "UCT"
            | "UNIVERSAL"
            | "ZULU"
            | "FACTORY"
    );
    !distance && !name.to_ascii_lowercase().starts_with("etc/")
}

/// Where such a distance is most often meant.
fn place_of(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_uppercase().as_str() {
        "EST" | "EST5EDT" | "ETC/GMT+5" => "America/New_York",
        "CST6CDT" | "ETC/GMT+6" => "America/Chicago",
        "MST" | "MST7MDT" | "ETC/GMT+7" => "America/Denver",
        "PST8PDT" | "ETC/GMT+8" => "America/Los_Angeles",
        "HST" => "Pacific/Honolulu",
        "WET" => "Europe/Lisbon",
        "CET" | "MET" | "ETC/GMT-1" => "Europe/Berlin",
        "EET" => "Europe/Athens",
        "GMT" | "GMT0" | "GMT+0" | "GMT-0" | "GREENWICH" => "Europe/London",
        _ => return None,
    })
}
