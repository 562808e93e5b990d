//! The secret rule (G12): a secret flows with its value, and these are the doors it may not pass.

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::{Expr, TypeKind};
use crate::ways::Leak;

impl Checker<'_> {
    /// Whether a value is secret, or holds something that is.
    pub fn is_secret(&self, value: &Expr) -> bool {
        value.ty.secret || self.holds_secret(&value.ty.kind, 0)
    }

    fn holds_secret(&self, kind: &TypeKind, depth: usize) -> bool {
        // A record that holds itself is in error already; the depth keeps the walk finite.
        if depth > 8 {
            return false;
        }
        let any = |types: &[crate::hir::Type]| {
            types.iter().any(|t| t.secret || self.holds_secret(&t.kind, depth + 1))
        };
        match kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) => self.holds_secret(inner, depth + 1),
            TypeKind::Map(key, value) => {
                self.holds_secret(key, depth + 1) || self.holds_secret(value, depth + 1)
            }
            TypeKind::Record(id) => self.shapes.records.get(*id).is_some_and(|r| any(&r.types)),
            TypeKind::Enum(id) => {
                self.shapes.enums.get(*id).is_some_and(|variants| variants.iter().any(|(_, v)| any(&v.types)))
            }
            _ => false,
        }
    }

    /// A secret would be heard, seen, or written down. `sink` says where: "spoken".
    pub fn refuse_secret(&mut self, value: &Expr, sink: &str) {
        if self.is_secret(value) {
            self.leak(value);
            self.error(
                codes::SECRET_LEAVES,
                value.location,
                format!("a secret would be {sink}"),
                "this is secret",
            )
            .add_help("leave it out; a secret goes only into `check`, or where `secret` is declared");
        }
    }

    /// Keeps from which name the secret of the next complaint comes; its way there is told when all is known.
    fn leak(&mut self, value: &Expr) {
        if let Some(place) = self.secret_place(value) {
            self.leaks.push(Leak { diagnostic: self.diagnostics.len(), place });
        }
    }

    /// A secret would choose the way of the call.
    pub fn secret_decides(&mut self, at: Location, value: &Expr) {
        self.leak(value);
        self.error(
            codes::SECRET_DECIDES,
            at,
            "a secret would decide here, and the way of the call would tell it",
            "depends on a secret",
        )
        .add_help("compare it in the `check` of the `collect` that takes it");
    }

    /// A secret goes to a place that is not declared so.
    pub fn secret_stored(&mut self, value: &Expr, place: &dyn std::fmt::Display) {
        let at = value.location;
        self.leak(value);
        self.error(
            codes::SECRET_STORED,
            at,
            format!("{place} is not declared `secret`, but this is"),
            "this is secret",
        )
        .add_help("declare the place `secret`, as in `pin: secret digits`");
    }
}
