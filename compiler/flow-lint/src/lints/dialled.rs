//! Numbers that come from data and are dialled while nothing says which ones may be: whoever runs the line pays.
//!
//! `allow` in `[outbound]` of `flow.toml` is the deployment's permission. That whoever answers has to `accept` does not
//! help: the call is paid for from the answer on. Premium numbers that a flow names itself are the checker's affair.

use std::collections::BTreeMap;

use flow_diagnostics::{Diagnostic, Span, Symbol};
use flow_syntax::ast::{ElementKind, Expr, ExprKind, ItemKind, Setting, TextPart};

use crate::{File, Project, codes, tree};

/// A number that is no literal.
pub(super) fn data(project: &Project<'_>, found: &mut Vec<Diagnostic>) {
    if project.config.numbers_limited {
        return;
    }
    each_dialled(project, &mut |file, span, value| {
        if !matches!(value, Dialled::Data) {
            return;
        }
        let written = slice(file, span);
        found.push(
            Diagnostic::warning(
                codes::DIALLED_DATA,
                format!("`{written}` may be any number, and the call would dial it"),
                span.at(file.file),
                "comes from outside of the flow",
            )
            .with_help("say which numbers may be dialled, in the project's flow.toml: `allow = [\"+1555\"]` in [outbound]")
            .with_note("a stranger who chooses the number can choose one that charges you by the minute"),
        );
    });
}

/// What is dialled.
enum Dialled {
    /// A text of the flow.
    Fixed,
    /// A setting: the deployment says it.
    Deployment,
    /// Anything else.
    Data,
}

/// What the names of a file stand for, as far as numbers go.
type Names<'a> = BTreeMap<Symbol, Named<'a>>;

enum Named<'a> {
    Constant(&'a Expr),
    /// A setting, an agent, or what `use` brings in.
    Deployment,
}

fn names<'a>(file: &File<'a>) -> Names<'a> {
    let named = file.ast.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Setting { name, .. } | ItemKind::Agent { name, .. } => {
            Some((name.symbol, Named::Deployment))
        }
        ItemKind::Use { path, rename } => {
            Some((rename.or(path.names.last().copied())?.symbol, Named::Deployment))
        }
        ItemKind::Const { name, value } => Some((name.symbol, Named::Constant(value))),
        _ => None,
    });
    named.collect()
}

fn dialled(names: &Names<'_>, value: &Expr, depth: usize) -> Dialled {
    let name = match &value.kind {
        ExprKind::Text(text) => {
            let fixed = text.parts.iter().all(|part| matches!(part, TextPart::Text(_)));
            return if fixed { Dialled::Fixed } else { Dialled::Data };
        }
        // `shared.number`, `dana.address`
        ExprKind::Field { of, .. } => {
            let of = tree::name_of(of).and_then(|name| names.get(&name));
            return if matches!(of, Some(Named::Deployment)) { Dialled::Deployment } else { Dialled::Data };
        }
        ExprKind::Name(name) => name,
        _ => return Dialled::Data,
    };
    match names.get(name) {
        Some(Named::Deployment) => Dialled::Deployment,
        Some(Named::Constant(value)) if depth < 16 => dialled(names, value, depth + 1),
        _ => Dialled::Data,
    }
}

/// Calls `take` with every address that a block dials, those of `when` one by one.
fn each_dialled<'a>(project: &Project<'a>, take: &mut dyn FnMut(&File<'a>, Span, Dialled)) {
    for file in project.own_files() {
        let names = names(file);
        for flow in tree::flows(file) {
            for block in tree::blocks(flow) {
                for element in &block.body.elements {
                    let values: Vec<&Expr> = match &element.kind {
                        ElementKind::Setting(Setting::Ring { addresses, .. }) => addresses.iter().collect(),
                        ElementKind::Setting(Setting::Expr { word, value })
                            if project.interner.name(word.symbol) == "number" =>
                        {
                            vec![value]
                        }
                        _ => continue,
                    };
                    for value in values {
                        each_case(value, 0, &mut |case| take(file, case.span, dialled(&names, case, 0)));
                    }
                }
            }
        }
    }
}

fn each_case<'a>(value: &'a Expr, depth: usize, take: &mut dyn FnMut(&'a Expr)) {
    match &value.kind {
        ExprKind::When { arms, otherwise } if depth < 32 => {
            for (_, value) in arms {
                each_case(value, depth + 1, take);
            }
            each_case(otherwise, depth + 1, take);
        }
        ExprKind::Else { of, otherwise } if depth < 32 => {
            each_case(of, depth + 1, take);
            each_case(otherwise, depth + 1, take);
        }
        _ => take(value),
    }
}

fn slice<'a>(file: &File<'a>, span: Span) -> &'a str {
    file.text.get(span.start as usize..span.end as usize).unwrap_or("")
}
