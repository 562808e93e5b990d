//! A value whose name says that it is a secret, taken as if it were none.

use flow_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span};
use flow_syntax::ast::{Element, ElementKind, Setting};

use crate::{File, Project, codes, tree};

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

/// What questions call them, in English and Spanish.
const ASKED: &[&str] = &[
    "passcode",
    "password",
    "access code",
    "security code",
    "social security number",
    "credit card number",
    "card number",
    "one-time code",
    "número de tarjeta",
    "contraseña",
    "código de seguridad",
    "clave secreta",
];

/// The secret that a question asks for, in so many words.
fn asks_for(file: &File<'_>, element: &Element) -> Option<&'static str> {
    let ElementKind::Setting(Setting::Ask(spoken)) = &element.kind else { return None };
    let text = file.text.get(spoken.span.start as usize..spoken.span.end as usize)?.to_lowercase();
    ASKED.iter().find(|word| text.contains(**word)).copied()
}

pub(super) fn check(project: &Project<'_>, found: &mut Vec<Diagnostic>) {
    for file in project.own_files() {
        for block in tree::flows(file).flat_map(tree::blocks) {
            for element in &block.body.elements {
                let ElementKind::Setting(Setting::Take(take)) = &element.kind else { continue };
                let name = project.interner.name(take.name.symbol);
                let form = take.form.names.first().map_or("", |form| project.interner.name(form.symbol));
                let by_name = name.split('_').any(|word| SECRETS.contains(&word));
                let asked = || block.body.elements.iter().find_map(|element| asks_for(file, element));
                let by_question = if by_name { None } else { asked() };
                if take.secret
                    || !(by_name || by_question.is_some())
                    || !matches!(form, "digits" | "text" | "number" | "int")
                {
                    continue;
                }
                let before = Span::new(take.form.span.start, take.form.span.start).at(file.file);
                found.push(
                    Diagnostic::warning(
                        codes::UNMARKED_SECRET,
                        match by_question {
                            Some(word) => format!(
                                "the caller is asked for a {word}, and `{name}` is taken as no secret"
                            ),
                            None => format!("`{name}` sounds like a secret and is taken as none"),
                        },
                        take.name.span.at(file.file),
                        "may reach records, screens and logs",
                    )
                    .with_help(format!(
                        "write `take secret {form} …`; if it is none, say so: `// allow F0810: REASON`"
                    ))
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
