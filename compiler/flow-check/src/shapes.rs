//! The shapes of everything that takes arguments: names, types and defaults of parameters.

use std::rc::Rc;

use flow_diagnostics::{Location, Symbol};
use flow_syntax::ast::{self, ItemKind};
use rustc_hash::FxHashMap;

use crate::codes;
use crate::context::{Checker, Constant, FlowShape, Place, Say, Scope, Signature, unknown};
use crate::hir::{self, TypeKind};

impl<'a> Checker<'a> {
    /// The shapes of everything that takes arguments, so that bodies may be read in any order.
    pub fn shapes(&mut self) {
        for id in 0..self.sources.records.len() {
            let source = self.sources.records[id];
            let ItemKind::Record { name, .. } = &source.item.kind else { continue };
            let name = self.full_name(source.module, name.symbol);
            self.program.records.push(hir::Record { name, fields: Vec::new() });
        }
        for id in 0..self.sources.enums.len() {
            let source = self.sources.enums[id];
            let ItemKind::Enum { name, .. } = &source.item.kind else { continue };
            let name = self.full_name(source.module, name.symbol);
            self.program.enums.push(hir::Enum { name, variants: Vec::new() });
        }
        for id in 0..self.sources.records.len() {
            let source = self.sources.records[id];
            let ItemKind::Record { fields, .. } = &source.item.kind else { continue };
            let shape = self.signature(source.module, fields);
            self.program.records[id].fields = self.fields(&shape);
            self.shapes.records.push(Rc::new(shape));
        }
        for id in 0..self.sources.enums.len() {
            let source = self.sources.enums[id];
            let ItemKind::Enum { variants, .. } = &source.item.kind else { continue };
            let shapes = self.variants(source.module, variants);
            for (index, (name, _)) in shapes.iter().enumerate() {
                self.variants.entry(*name).or_default().push((id, index));
            }
            self.program.enums[id].variants = self.hir_variants(&shapes);
            self.shapes.enums.push(shapes);
        }
        self.record_recursion();
        self.find_holders();
        self.large_shapes();
        for source in self.sources.functions.clone() {
            let ItemKind::Fn { params, .. } = &source.item.kind else { continue };
            let shape = self.signature(source.module, params);
            self.shapes.functions.push(Rc::new(shape));
        }
        self.prompt_languages.reserve_exact(self.sources.prompts.len());
        for source in self.sources.prompts.clone() {
            let ItemKind::Prompt { params, .. } = &source.item.kind else { continue };
            let shape = match params.is_empty() {
                true => self.shapes.nothing.clone(),
                false => Rc::new(self.signature(source.module, params)),
            };
            self.shapes.prompts.push(shape);
            self.prompt_languages.push(Default::default());
        }
        for source in self.sources.limits.clone() {
            let ItemKind::Limit { name, params, count, per } = &source.item.kind else { continue };
            let shape = self.signature(source.module, params);
            let location = name.span.at(self.file(source.module));
            for (param, ty) in params.iter().zip(&shape.types) {
                if ty.secret {
                    let at = param.ty.span.at(self.file(source.module));
                    self.error(
                        codes::SECRET_LEAVES,
                        at,
                        "a secret would be written to disk",
                        "counted across calls",
                    )
                    .add_help("count by something that is not secret: a number, a member's id");
                }
            }
            if count.value < 1 || per.millis == 0 {
                self.error(
                    codes::OUT_OF_RANGE,
                    count.span.at(self.file(source.module)),
                    "a limit lets at least one through in a time longer than nothing",
                    "nothing would pass",
                );
            }
            self.program.limits.push(hir::Limit {
                name: self.full_name(source.module, name.symbol),
                params: shape.types.clone(),
                count: u32::try_from(count.value).unwrap_or(u32::MAX),
                per_millis: per.millis,
                location,
            });
            self.shapes.limits.push(Rc::new(shape));
        }
        for source in self.sources.flows.clone() {
            let ItemKind::Flow(flow) = &source.item.kind else { continue };
            let signature = Rc::new(self.signature(source.module, &flow.params));
            let gives = match &flow.gives {
                Some(variants) => self.variants(source.module, variants),
                None => Vec::new(),
            };
            self.shapes.flows.push(Rc::new(FlowShape { signature, gives, returns: flow.gives.is_some() }));
        }
        // Twice, as defaults may need defaults that stand further down; only the second time counts.
        let said = self.diagnostics.len();
        self.all_defaults();
        self.diagnostics.truncate(said);
        self.constants.iter_mut().for_each(|c| *c = Constant::Waiting);
        self.all_defaults();
    }

    fn variants(&mut self, module: usize, variants: &[ast::Variant]) -> Vec<(Symbol, Rc<Signature>)> {
        let mut seen: FxHashMap<Symbol, Location> = FxHashMap::default();
        let mut shapes = Vec::new();
        for variant in variants {
            self.twice(&mut seen, module, variant.name, "variants");
            let shape = self.signature(module, &variant.fields);
            shapes.push((variant.name.symbol, Rc::new(shape)));
        }
        shapes
    }

    fn twice(&mut self, seen: &mut FxHashMap<Symbol, Location>, module: usize, name: ast::Name, what: &str) {
        let at = name.span.at(self.file(module));
        if let Some(first) = seen.insert(name.symbol, at) {
            let text = self.name(name.symbol);
            self.error(codes::DEFINED_TWICE, at, format!("two {what} are named `{text}`"), "the second one")
                .add_label(first, "the first one")
                .add_help("rename one of them");
        }
    }

    /// Names and types of parameters. Their defaults may need shapes that are not known yet, so each is a
    /// placeholder until [`Self::defaults`] has read them.
    pub fn signature(&mut self, module: usize, params: &[ast::Param]) -> Signature {
        let mut shape = Signature {
            names: Vec::with_capacity(params.len()),
            types: Vec::with_capacity(params.len()),
            defaults: Vec::with_capacity(params.len()),
        };
        let mut seen = FxHashMap::default();
        for param in params {
            self.twice(&mut seen, module, param.name, "parameters");
            let ty = self.ty(module, &param.ty);
            let at = param.name.span.at(self.file(module));
            shape.names.push(param.name.symbol);
            shape.types.push(ty);
            shape.defaults.push(param.default.as_ref().map(|_| unknown(at)));
        }
        shape
    }

    /// Reads the defaults of parameters; they must be known when built.
    pub fn defaults(&mut self, module: usize, params: &[ast::Param], shape: &mut Signature) {
        for (index, param) in params.iter().enumerate() {
            let Some(value) = &param.default else { continue };
            let ty = shape.types[index].clone();
            let mut scope = Scope::new(module, self.file(module), Place::Constant, Vec::new());
            let value = self.expr(&mut scope, value, Some(&ty.kind));
            let name = self.name(param.name.symbol);
            shape.defaults[index] = Some(self.coerce(value, &ty, format_args!("`{name}`")));
        }
    }

    /// The defaults of everything whose shape is known by now.
    fn all_defaults(&mut self) {
        for id in 0..self.sources.records.len() {
            let source = self.sources.records[id];
            if let ItemKind::Record { fields, .. } = &source.item.kind
                && has_default(fields)
            {
                let mut shape = (*self.shapes.records[id]).clone();
                self.defaults(source.module, fields, &mut shape);
                self.shapes.records[id] = Rc::new(shape);
            }
        }
        for id in 0..self.sources.enums.len() {
            let source = self.sources.enums[id];
            let ItemKind::Enum { variants, .. } = &source.item.kind else { continue };
            for (index, variant) in variants.iter().enumerate().filter(|(_, v)| has_default(&v.fields)) {
                let mut shape = (*self.shapes.enums[id][index].1).clone();
                self.defaults(source.module, &variant.fields, &mut shape);
                self.shapes.enums[id][index].1 = Rc::new(shape);
            }
        }
        for id in 0..self.sources.functions.len() {
            let source = self.sources.functions[id];
            if let ItemKind::Fn { params, .. } = &source.item.kind
                && has_default(params)
            {
                let mut shape = (*self.shapes.functions[id]).clone();
                self.defaults(source.module, params, &mut shape);
                self.shapes.functions[id] = Rc::new(shape);
            }
        }
        for id in 0..self.sources.prompts.len() {
            let source = self.sources.prompts[id];
            if let ItemKind::Prompt { params, .. } = &source.item.kind
                && has_default(params)
            {
                let mut shape = (*self.shapes.prompts[id]).clone();
                self.defaults(source.module, params, &mut shape);
                self.shapes.prompts[id] = Rc::new(shape);
            }
        }
        for id in 0..self.sources.limits.len() {
            let source = self.sources.limits[id];
            if let ItemKind::Limit { params, .. } = &source.item.kind
                && has_default(params)
            {
                let mut shape = (*self.shapes.limits[id]).clone();
                self.defaults(source.module, params, &mut shape);
                self.shapes.limits[id] = Rc::new(shape);
            }
        }
        for id in 0..self.sources.flows.len() {
            let source = self.sources.flows[id];
            let ItemKind::Flow(flow) = &source.item.kind else { continue };
            let given = flow.gives.iter().flatten();
            if !has_default(&flow.params) && !given.into_iter().any(|variant| has_default(&variant.fields)) {
                continue;
            }
            let mut signature = (*self.shapes.flows[id].signature).clone();
            self.defaults(source.module, &flow.params, &mut signature);
            let mut gives = self.shapes.flows[id].gives.clone();
            for (variant, (_, shape)) in flow.gives.iter().flatten().zip(&mut gives) {
                let mut filled = (**shape).clone();
                self.defaults(source.module, &variant.fields, &mut filled);
                *shape = Rc::new(filled);
            }
            let returns = self.shapes.flows[id].returns;
            self.shapes.flows[id] = Rc::new(FlowShape { signature: Rc::new(signature), gives, returns });
        }
    }

    /// A signature as the program keeps it.
    pub fn fields(&self, shape: &Signature) -> Vec<hir::Field> {
        let named = shape.names.iter().zip(&shape.types);
        named.map(|(name, ty)| hir::Field { name: self.name(*name).into(), ty: ty.clone() }).collect()
    }

    /// Variants as the program keeps them.
    pub fn hir_variants(&self, shapes: &[(Symbol, Rc<Signature>)]) -> Vec<hir::Variant> {
        let each = shapes.iter();
        each.map(|(name, s)| hir::Variant { name: self.name(*name).into(), fields: self.fields(s) }).collect()
    }

    /// A record that holds itself would have no end.
    fn record_recursion(&mut self) {
        fn inside(kind: &TypeKind, out: &mut Vec<usize>) {
            if let TypeKind::Record(id) = kind {
                out.push(*id);
            }
        }
        let mut edges = Vec::new();
        for (id, shape) in self.shapes.records.iter().enumerate() {
            for ty in &shape.types {
                let mut targets = Vec::new();
                inside(&ty.kind, &mut targets);
                edges.extend(targets.into_iter().map(|t| (id, t)));
            }
        }
        for circle in crate::cycles::circles(self.shapes.records.len(), &edges) {
            let Some(id) = circle.first() else { continue };
            let ItemKind::Record { name, .. } = &self.sources.records[*id].item.kind else { continue };
            let at = name.span.at(self.file(self.sources.records[*id].module));
            let text = self.name(name.symbol);
            self.error(
                codes::RECURSION,
                at,
                format!("`{text}` would hold itself without end"),
                "needs itself",
            )
            .add_help("make the field that holds it optional with `?`, or a list");
        }
    }
}

/// Whether something may be left out of a call.
fn has_default(params: &[ast::Param]) -> bool {
    params.iter().any(|param| param.default.is_some())
}
