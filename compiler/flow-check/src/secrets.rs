//! The secret rule (G12): a secret flows with its value, and these are the doors it may not pass.

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::Expr;

impl Checker<'_> {
    /// A secret would be heard, seen, or written down. `sink` says where: "spoken".
    pub fn refuse_secret(&mut self, value: &Expr, sink: &str) {
        if value.ty.secret {
            self.error(
                codes::SECRET_LEAVES,
                value.location,
                format!("a secret would be {sink}"),
                "this is secret",
            )
            .add_help("leave it out; a secret goes only into `check`, or where `secret` is declared");
        }
    }

    /// A secret would choose the way of the call.
    pub fn secret_decides(&mut self, at: Location) {
        self.error(
            codes::SECRET_DECIDES,
            at,
            "a secret would decide here, and the way of the call would tell it",
            "depends on a secret",
        )
        .add_help("compare it in the `check` of the `collect` that takes it");
    }

    /// A secret goes to a place that is not declared so.
    pub fn secret_stored(&mut self, at: Location, place: &str) {
        self.error(
            codes::SECRET_STORED,
            at,
            format!("{place} is not declared `secret`, but this is"),
            "this is secret",
        )
        .add_help("declare the place `secret`, as in `pin: secret digits`");
    }
}
