//! Whether entries of effects and library functions fit what those are declared to be.

use super::Checker;
use crate::effects::Outcome;
use crate::fault::FaultKind;
use crate::program::EffectEntry;
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
            "decimal" => *ty == Type::Decimal,
            "money" => *ty == Type::Money,
            "public_key" => *ty == Type::PublicKey,
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

    /// Whether equal values of the type have equal slots.
    pub(super) fn is_number(&self, id: TypeId) -> bool {
        match self.ty(id) {
            Type::Bool | Type::Int | Type::Duration | Type::Date | Type::Time | Type::Language => true,
            Type::Enum(variants) => variants.iter().all(Vec::is_empty),
            _ => false,
        }
    }
}
