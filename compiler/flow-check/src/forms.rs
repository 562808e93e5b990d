//! What a caller may enter in a `collect`: the forms, their types and how many keys each takes.

use flow_diagnostics::Location;
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say as _};
use crate::flows::FlowContext;
use crate::hir::{Choice, Form, TypeKind};
use crate::keys::Told;
use crate::names::Def;

/// The most variants that one key each can choose from.
const MOST_VARIANTS: usize = 9;

impl<'a> Checker<'a> {
    /// The form that a `take` names, and the type of its value.
    pub(crate) fn form(&mut self, f: &FlowContext<'a>, take: &ast::Take) -> Option<(Form, TypeKind)> {
        let text = self.path_text(&take.form);
        let at = f.scope.at(take.form.span);
        Some(match text.as_str() {
            "digits" => (Form::Digits, TypeKind::Digits),
            "number" => (Form::Number, TypeKind::Int),
            "phone" => (Form::Phone, TypeKind::Phone),
            "date" => (Form::Date, TypeKind::Date),
            "time" => (Form::Time, TypeKind::Time),
            "yes_no" => (Form::YesNo, TypeKind::Bool),
            "money" => {
                self.error(
                    codes::NO_CURRENCY,
                    at,
                    "an amount is taken, but not of which currency",
                    "of what?",
                )
                .add_help("write the currency's code in place of `money`, as in `take EUR as amount`");
                return None;
            }
            "speech" => return self.take_speech(take, at),
            _ => {
                if let Some(code) = crate::money::code(&text) {
                    return Some((Form::Money(code), TypeKind::Money));
                }
                return self.take_variant(f, take, &text, at);
            }
        })
    }

    fn take_speech(&mut self, take: &ast::Take, at: Location) -> Option<(Form, TypeKind)> {
        if take.by.is_none_or(|by| by == ast::Sources::Key) {
            self.error(
                codes::SPEECH_BY_KEY,
                at,
                "words cannot be entered by key",
                "needs the caller's voice",
            )
            .add_help("write `take speech by voice`, or take a form that keys can enter");
            return None;
        }
        self.error(
            codes::LATER_CLAUSE,
            at,
            "`take speech` is not built in this version of flowc",
            "comes with a later version",
        );
        None
    }

    /// One variant of an enum without data, by its place.
    fn take_variant(
        &mut self,
        f: &FlowContext<'a>,
        take: &ast::Take,
        text: &str,
        at: Location,
    ) -> Option<(Form, TypeKind)> {
        let found = match take.form.names.as_slice() {
            [one] => self.item(f.scope.module, one.symbol),
            _ => self.resolve_as(f.scope.module, &take.form, "enum", |def| {
                matches!(def, Def::Enum(_)).then_some(def)
            }),
        };
        let Some(Def::Enum(id)) = found else {
            let known = ["digits", "number", "phone", "date", "time", "yes_no"];
            let near = crate::near::nearest(text, known);
            self.error(
                codes::OUT_OF_RANGE,
                at,
                format!("a caller cannot enter `{text}`"),
                "unknown form",
            )
            .suggest(text, &near, at)
            .add_note(
                "there are `digits`, `number`, `phone`, `date`, `time`, `yes_no`, the code of a currency, \
                 and enums",
            );
            return None;
        };
        let variants = &self.shapes.enums[id];
        if variants.len() > MOST_VARIANTS || variants.iter().any(|(_, shape)| !shape.names.is_empty()) {
            self.error(
                codes::NOT_CHOSEN_BY_KEY,
                at,
                format!("`{text}` cannot be chosen by one key"),
                "more than nine variants, or variants that hold data",
            )
            .add_help("ask with a `menu`, whose choices lead where you say");
            return None;
        }
        Some((Form::Variant(id), TypeKind::Enum(id)))
    }

    /// The keys that a form has by itself, as an `ask` may name them: 1 and 2 for yes and no and the star for the
    /// point need not be named; which key means which variant nobody can guess, so those must.
    pub(crate) fn told_by_form(&self, form: Form, at: Location) -> Vec<Told> {
        let keys = match form {
            Form::YesNo => "12",
            Form::Money(_) => "*",
            Form::Variant(id) => &"123456789"[..self.shapes.enums[id].len().min(MOST_VARIANTS)],
            _ => "",
        };
        let silently = !matches!(form, Form::Variant(_));
        let told = |key: char| Told {
            choice: Choice {
                keys: key.to_string(),
                phrases: Vec::new(),
                tail: crate::endings::plain(crate::flows::nowhere(at)),
                from_flow: false,
                location: at,
            },
            sentence: None,
            silently,
        };
        keys.chars().map(told).collect()
    }

    /// How many keys a value has.
    pub(crate) fn length(&mut self, f: &FlowContext<'a>, take: &ast::Take, form: Form) -> (u16, u16) {
        let own = match form {
            Form::Digits => (1, 32),
            Form::Number => (1, 18),
            Form::Phone => (4, 15),
            Form::Date => (8, 8),
            Form::Time => (4, 4),
            Form::Money(_) => (1, 12),
            Form::YesNo | Form::Variant(_) => (1, 1),
        };
        let Some((low, high)) = &take.length else { return own };
        let high_value = high.map_or(low.value, |h| h.value);
        let at = f.scope.at(low.span.to(high.map_or(low.span, |h| h.span)));
        if !matches!(form, Form::Digits | Form::Number) {
            self.error(codes::OUT_OF_RANGE, at, "this form has a length of its own", "a second length")
                .add_help("remove the numbers");
            return own;
        }
        if low.value > high_value {
            self.error(codes::EMPTY_RANGE, at, "no value is that long", "ends before it begins");
            return own;
        }
        match (u16::try_from(low.value), u16::try_from(high_value)) {
            (Ok(low), Ok(high)) if low >= 1 && high <= own.1 => (low, high),
            _ => {
                let most = own.1;
                self.error(
                    codes::OUT_OF_RANGE,
                    at,
                    format!("a value has 1 to {most} keys"),
                    "not in this range",
                );
                own
            }
        }
    }
}
