//! A value whose name says that it is a secret, taken as if it were none.

use flow_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span};
use flow_syntax::ast::{ElementKind, Setting};

use crate::{Found, Project, codes, tree};

/// Words of names that stand for secrets.
const SECRETS: &[&str] = &[
    "pin",
    "password",
    "passcode",
    "passphrase",
    "cvv",
    "cvc",
    "ssn",
    "tan",
    "otp",
    "iban",
    "card",
    "secret",
];

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    for file in project.own_files() {
        for block in tree::flows(file).flat_map(tree::blocks) {
            for element in &block.body.elements {
                let ElementKind::Setting(Setting::Take(take)) = &element.kind else { continue };
                let name = project.interner.name(take.name.symbol);
                let form = take.form.names.first().map_or("", |form| project.interner.name(form.symbol));
                let sounds = name.split('_').any(|word| SECRETS.contains(&word));
                if take.secret || !sounds || !matches!(form, "digits" | "text" | "number" | "int") {
                    continue;
                }
                let before = Span::new(take.form.span.start, take.form.span.start).at(file.file);
                found.push(
                    Diagnostic::warning(
                        codes::UNMARKED_SECRET,
                        format!("`{name}` sounds like a secret and is taken as none"),
                        take.name.span.at(file.file),
                        "may reach records, screens and logs",
                    )
                    .with_help(format!("write `take secret {form} …`, or give it another name"))
                    .with_fix(Fix {
                        title: "take it as `secret`".into(),
                        applicability: Applicability::Unsafe,
                        edits: vec![Edit { location: before, text: "secret ".into() }],
                    }),
                );
            }
        }
    }
}
