//! `survey` over a list: questions that are known only during the call, out of a table or a service.
//!
//! The list is of texts, each asked on a scale from 1 to 5 and recorded under its own words; or of a record with
//! `id: text` (the name in records), `text: text` (what is asked) and, if the scales differ, `low: int` and
//! `high: int`.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, Setting};

use crate::codes;
use crate::context::{Checker, Say as _, open};
use crate::flows::FlowContext;
use crate::hir::{self, Expr, ExprKind, ListSurvey, Local, Statement, Type, TypeKind, Wait};
use crate::waits::settings;

/// The scale of questions that name none.
const SCALE: (i64, i64) = (1, 5);
/// Keys of scales that are known only during the call.
const ANY_SCALE: &str = "0123456789";

impl<'a> Checker<'a> {
    pub(crate) fn list_survey(
        &mut self,
        f: &mut FlowContext<'a>,
        elements: &[&ast::Element],
        before: &mut Vec<Statement>,
    ) -> Option<Wait> {
        let own = self.own_choices(f, elements);
        let list = settings(elements).find_map(|(s, _)| match s {
            Setting::Expr { value, .. } => Some(value),
            _ => None,
        })?;
        for (setting, span) in settings(elements) {
            if let Setting::Question { .. } = setting {
                let at = f.scope.at(span);
                let message = "a survey asks a list of questions or questions of its own, not both";
                self.error(codes::CLAUSE_TWICE, at, message, "`question` beside `questions`")
                    .add_help("keep one of them");
            }
        }
        let list = self.expr(&mut f.scope, list, None);
        let at = list.location;
        self.refuse_secret(&list, "asked");
        let element = self.element(&list);
        // It has no name of its own: only what is made here reads it.
        f.scope.locals.push(Local { name: "".into(), ty: element.clone(), is_state: false, location: at });
        let item = f.scope.locals.len() - 1;
        let value = |kind, ty| Expr { kind, ty, location: at };
        let whole = value(ExprKind::Local(item), element.clone());
        let number = |n| value(ExprKind::Int(n), open(TypeKind::Int));
        let (name, text, low, high) = match &element.kind {
            TypeKind::Text => (whole.clone(), whole, number(SCALE.0), number(SCALE.1)),
            TypeKind::Record(id) => {
                let id = self.question_field(*id, "id", &TypeKind::Text, &whole);
                let TypeKind::Record(record) = &element.kind else { return None };
                let text = self.question_field(*record, "text", &TypeKind::Text, &whole);
                let low = self.question_field(*record, "low", &TypeKind::Int, &whole);
                let high = self.question_field(*record, "high", &TypeKind::Int, &whole);
                let (Some(id), Some(text)) = (id, text) else {
                    self.not_a_question(&element.kind, at);
                    return None;
                };
                (id, text, low.unwrap_or(number(SCALE.0)), high.unwrap_or(number(SCALE.1)))
            }
            TypeKind::Unknown => return None,
            other => {
                self.not_a_question(&other.clone(), at);
                return None;
            }
        };
        let fixed = match (&low.kind, &high.kind) {
            (ExprKind::Int(low), ExprKind::Int(high)) => {
                (*low..=*high).filter_map(|key| char::from_digit(key as u32, 10)).collect()
            }
            _ => ANY_SCALE.to_owned(),
        };
        let spoken = self.spoken_value(f, &text, at);
        let mut named = own.clone();
        named.retain(|told| !fixed.contains(told.choice.keys.as_str()));
        let live = self.live_choices(f, own, &fixed, crate::waits::GAP_MILLIS);
        self.announced(f, named, Vec::new(), before);
        let choices = crate::keys::choices(live, 0);
        Some(Wait::Questions(Box::new(ListSurvey { list, item, name, spoken, low, high, choices })))
    }

    /// A field of the record of questions, where it has that name and type.
    fn question_field(&self, record: usize, name: &str, kind: &TypeKind, of: &Expr) -> Option<Expr> {
        let fields = &self.program.records.get(record)?.fields;
        let index = fields.iter().position(|field| field.name == name && field.ty.kind == *kind)?;
        let ty = Type { kind: kind.clone(), secret: fields[index].ty.secret || of.ty.secret };
        Some(Expr { kind: ExprKind::Field(Box::new(of.clone()), index), ty, location: of.location })
    }

    fn not_a_question(&mut self, kind: &TypeKind, at: Location) {
        let text = crate::types::article(&self.type_text(kind));
        self.error(
            codes::MISMATCH,
            at,
            format!("a caller is asked questions, but this is a list of {text}"),
            text,
        )
        .add_help(
            "give texts, or records with `id: text` and `text: text`, and `low: int`, `high: int` if need be",
        );
    }

    /// A text that is spoken in whichever language.
    fn spoken_value(&mut self, f: &FlowContext<'a>, value: &Expr, at: Location) -> hir::Spoken {
        let variants = f.scope.languages.iter().map(|language| {
            let segments =
                [hir::Segment::Hole { value: Box::new(value.clone()), reading: hir::Reading::Plain }];
            hir::Words { language: *language, segments: segments.into(), recording: None }
        });
        let variants = variants.collect();
        hir::Spoken { kind: hir::SpokenKind::Words { variants, in_turn: false }, location: at }
    }
}
