//! The block kinds: their words, and the closed set of outcomes of each.

use crate::hir::{Field, Program, Type, TypeKind, Variant, Wait};

fn plain(name: &str) -> Variant {
    Variant { name: name.into(), fields: Vec::new() }
}

fn with(name: &str, fields: &[(&str, TypeKind)]) -> Variant {
    let fields = fields
        .iter()
        .map(|(name, kind)| Field { name: (*name).into(), ty: Type { kind: kind.clone(), secret: false } })
        .collect();
    Variant { name: name.into(), fields }
}

/// The outcomes of a wait, in the order that arms count them.
pub fn outcomes_of(wait: &Wait, program: &Program) -> Vec<Variant> {
    match wait {
        Wait::AfterHours { calendar } => program.calendars[*calendar].states.iter().map(|s| plain(s)).collect(),
        Wait::Menu(_) => vec![plain("no_input"), plain("no_match")],
        Wait::Collect(_) => {
            vec![plain("done"), plain("no_input"), plain("no_match"), plain("invalid")]
        }
        Wait::Queue(stay) => {
            let mut all = vec![
                with("talked", &[("agent", TypeKind::Text), ("talk", TypeKind::Duration)]),
                plain("timeout"),
                plain("full"),
                plain("unstaffed"),
                plain("failed"),
            ];
            if stay.during.is_some() {
                all.push(plain("closed"));
            }
            all
        }
        Wait::Dial(_) => vec![
            with("talked", &[("address", TypeKind::Text), ("talk", TypeKind::Duration)]),
            plain("busy"),
            plain("no_answer"),
            plain("failed"),
        ],
        Wait::Voicemail { .. } => {
            vec![with("recorded", &[("message", TypeKind::Text)]), plain("empty"), plain("failed")]
        }
        Wait::Survey { .. } => vec![plain("done")],
        Wait::Run { flow, .. } => program.flows[*flow].gives.clone(),
    }
}
