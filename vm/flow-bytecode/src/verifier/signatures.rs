//! Whether entries of effects and library functions fit what those are declared to be.

use super::Checker;
use crate::effects::Outcome;
use crate::fault::FaultKind;
use crate::program::{EffectEntry, Pure, PureEntry};
use crate::types::{Type, TypeId};

impl Checker<'_> {
    pub(super) fn effect_entry(&mut self, index: usize, entry: &EffectEntry) {
        let signature = entry.effect.signature();
        let name = format!("effect {index} (`{}`)", signature.word);
        if entry.arguments.len() != signature.params.len() {
            let message =
                format!("{name} takes {} arguments, not {}", signature.params.len(), entry.arguments.len());
            return self.fault(FaultKind::Signature, message);
        }
        for (argument, word) in entry.arguments.iter().zip(signature.params) {
            self.word(&name, *argument, word);
        }
        let results: Vec<&Outcome> = signature.outcomes.iter().chain(signature.reports).collect();
        if entry.outcomes.len() != results.len() {
            let message =
                format!("{name} has {} outcomes and reports, not {}", results.len(), entry.outcomes.len());
            return self.fault(FaultKind::Signature, message);
        }
        for (data, outcome) in entry.outcomes.iter().zip(results) {
            if data.len() != outcome.data.len() {
                let message = format!("{name}: `{}` carries {} values", outcome.word, outcome.data.len());
                self.fault(FaultKind::Signature, message);
                continue;
            }
            for (ty, word) in data.iter().zip(outcome.data) {
                self.word(&name, *ty, word);
            }
        }
    }

    fn word(&mut self, name: &str, id: TypeId, word: &str) {
        if !self.fits(id, word) {
            self.fault(FaultKind::Signature, format!("{name} needs a type `{word}`"));
        }
    }

    fn fits(&self, id: TypeId, word: &str) -> bool {
        let ty = self.ty(id);
        if let Some(inner) = word.strip_prefix("option ") {
            return matches!(ty, Type::Option(of) if self.fits(*of, inner));
        }
        if let Some(inner) = word.strip_prefix("list ") {
            return matches!(ty, Type::List(of) if self.fits(*of, inner));
        }
        match word {
            "any" => true,
            "bool" => *ty == Type::Bool,
            "int" => *ty == Type::Int,
            "text" => *ty == Type::Text,
            "digits" => *ty == Type::Digits,
            "phone" => *ty == Type::Phone,
            "duration" => *ty == Type::Duration,
            "date" => *ty == Type::Date,
            "time" => *ty == Type::Time,
            "datetime" => *ty == Type::DateTime,
            "language" => *ty == Type::Language,
            "speech" => *ty == Type::Speech,
            "keys" => *ty == Type::Keys,
            "form" => *ty == Type::Form,
            "stay" => *ty == Type::Stay,
            "rings" => *ty == Type::Rings,
            "shares" => *ty == Type::Shares,
            "calendar" => *ty == Type::Calendar,
            "queue" => *ty == Type::Queue,
            "switch" => *ty == Type::Switch,
            "limit" => *ty == Type::Limit,
            "setting" => *ty == Type::Setting,
            "callback" => *ty == Type::Callback,
            "operation" => *ty == Type::Operation,
            "table" => *ty == Type::Table,
            _ => false,
        }
    }

    pub(super) fn pure_entry(&mut self, index: usize, entry: &PureEntry) {
        let result = self.ty(entry.result);
        let types: Vec<&Type> = entry.arguments.iter().map(|id| self.ty(*id)).collect();
        let is_text = |ty: &Type| matches!(ty, Type::Text | Type::Digits | Type::Phone);
        let is_option_of = |of: &TypeId| *result == Type::Option(*of);
        let fits = match (entry.function, types.as_slice()) {
            (Pure::TextOf, [of]) => {
                let simple = matches!(
                    of,
                    Type::Bool
                        | Type::Int
                        | Type::Duration
                        | Type::Date
                        | Type::Time
                        | Type::DateTime
                        | Type::Language
                );
                (simple || is_text(of)) && *result == Type::Text
            }
            (Pure::IntOf, [of]) => {
                is_text(of) && matches!(result, Type::Option(id) if *self.ty(*id) == Type::Int)
            }
            (Pure::Length, [of]) => (is_text(of) || matches!(of, Type::List(_))) && *result == Type::Int,
            (Pure::First, [Type::List(of)]) | (Pure::At, [Type::List(of), Type::Int]) => is_option_of(of),
            (Pure::Sum, [Type::List(of)]) => {
                matches!(self.ty(*of), Type::Int | Type::Duration) && entry.result == *of
            }
            (Pure::Last, [Type::Int, of] | [of, Type::Int]) => {
                is_text(of) && (*result == Type::Text || (**of == Type::Digits && *result == Type::Digits))
            }
            (Pure::Contains, [Type::List(of), _]) => {
                let comparable = is_text(self.ty(*of)) || self.is_number(*of);
                entry.arguments[1] == *of && comparable && *result == Type::Bool
            }
            _ => false,
        };
        if !fits {
            let message =
                format!("library function {index} ({:?}) is not defined at these types", entry.function);
            self.fault(FaultKind::Signature, message);
        }
    }

    /// Whether equal values of the type have equal slots.
    pub(super) fn is_number(&self, id: TypeId) -> bool {
        match self.ty(id) {
            Type::Bool | Type::Int | Type::Duration | Type::Date | Type::Time | Type::Language => true,
            Type::Enum(variants) => variants.iter().all(Vec::is_empty),
            _ => false,
        }
    }
}
