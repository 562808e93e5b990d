//! Numbers that a call may dial at the cost of the one who runs it: premium ones, and any that come from data
//! while nothing says which ones may be dialled.
//!
//! `dial_to` in `[lints]` is the deployment's permission: how the numbers begin that it may dial. It silences the
//! lint on data; a premium number is only permitted by a prefix that reaches into it. `accept` on a dial says that
//! whoever answers must press a key, which a premium service does not.

use std::collections::BTreeMap;

use flow_diagnostics::{Diagnostic, Span, Symbol};
use flow_syntax::ast::{Block, ElementKind, Expr, ExprKind, ItemKind, Setting, TextLiteral, TextPart};

use crate::{File, Project, codes, tree};

/// How numbers begin that charge the caller a premium or that fraud likes best, with whose they are.
const PREMIUM: &[(&str, &str)] = &[
    ("+1900", "premium rate in North America"),
    ("+1976", "premium rate in North America"),
    ("+3389", "premium rate in France"),
    ("+34803", "premium rate in Spain"),
    ("+34806", "premium rate in Spain"),
    ("+34807", "premium rate in Spain"),
    ("+34905", "premium rate in Spain"),
    ("+3190", "premium rate in the Netherlands"),
    ("+3290", "premium rate in Belgium"),
    ("+35315", "premium rate in Ireland"),
    ("+3989", "premium rate in Italy"),
    ("+4190", "premium rate in Switzerland"),
    ("+4390", "premium rate in Austria"),
    ("+4393", "premium rate in Austria"),
    ("+4470", "personal numbers in the United Kingdom"),
    ("+449", "premium rate in the United Kingdom"),
    ("+49900", "premium rate in Germany"),
    ("+49137", "televoting in Germany"),
    ("+61190", "premium rate in Australia"),
    ("+870", "satellite"),
    ("+878", "personal numbers"),
    ("+881", "satellite"),
    ("+882", "international networks"),
    ("+883", "international networks"),
    ("+979", "international premium rate"),
];

/// A literal number with a premium prefix.
pub(super) fn premium(project: &Project<'_>, found: &mut Vec<Diagnostic>) {
    each_dialled(project, &mut |file, _, _, value| {
        let Dialled::Text(text) = value else { return };
        let [TextPart::Text(number)] = text.parts.as_slice() else { return };
        let Some((prefix, whose)) = premium_prefix(number) else { return };
        if permitted(project, number, prefix) {
            return;
        }
        found.push(
            Diagnostic::warning(
                codes::PREMIUM_NUMBER,
                format!("every call to {number} is charged: {whose}"),
                text.span.at(file.file),
                format!("numbers of {prefix} cost whoever dials them"),
            )
            .with_help(format!(
                "dial another number, or permit it in flow.toml: `dial_to = [\"{prefix}\"]` in [lints]"
            )),
        );
    });
}

/// A number that is no literal.
pub(super) fn data(project: &Project<'_>, found: &mut Vec<Diagnostic>) {
    if project.config.dial_to.is_some() {
        return;
    }
    each_dialled(project, &mut |file, block, span, value| {
        let accepts = block
            .body
            .elements
            .iter()
            .any(|element| matches!(element.kind, ElementKind::Setting(Setting::Accept { .. })));
        if accepts || !matches!(value, Dialled::Data) {
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
            .with_help(
                "say which numbers may be dialled, in flow.toml: `dial_to = [\"+1555\"]` in [lints]; or let \
                 whoever answers `accept` the call by key",
            )
            .with_note("a stranger who chooses the number can choose one that charges you by the minute"),
        );
    });
}

/// What is dialled.
enum Dialled<'a> {
    /// A text of the flow.
    Text(&'a TextLiteral),
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

fn dialled<'a>(names: &Names<'a>, value: &'a Expr, depth: usize) -> Dialled<'a> {
    let name = match &value.kind {
        ExprKind::Text(text) => {
            let fixed = text.parts.iter().all(|part| matches!(part, TextPart::Text(_)));
            return if fixed { Dialled::Text(text) } else { Dialled::Data };
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
fn each_dialled<'a>(project: &Project<'a>, take: &mut dyn FnMut(&File<'a>, &'a Block, Span, Dialled<'a>)) {
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
                        each_case(value, 0, &mut |case| {
                            take(file, block, case.span, dialled(&names, case, 0))
                        });
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

/// The longest premium prefix of a number or of the user part of an address.
fn premium_prefix(number: &str) -> Option<(&'static str, &'static str)> {
    let number = number.trim_start_matches("sip:").trim_start_matches("sips:").trim_start_matches("tel:");
    let digits: String =
        number.split('@').next().unwrap_or("").chars().filter(|c| !" -().".contains(*c)).collect();
    PREMIUM
        .iter()
        .filter(|(prefix, _)| digits.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .copied()
}

/// Whether a prefix of `dial_to` reaches into the premium range and the number begins with it.
fn permitted(project: &Project<'_>, number: &str, premium: &str) -> bool {
    let allowed = project.config.dial_to.iter().flatten();
    let mut reaching = allowed.filter(|prefix| prefix.starts_with(premium));
    reaching.any(|prefix| number.contains(prefix.as_str()))
}

fn slice<'a>(file: &File<'a>, span: Span) -> &'a str {
    file.text.get(span.start as usize..span.end as usize).unwrap_or("")
}
