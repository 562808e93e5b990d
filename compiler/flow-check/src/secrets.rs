//! The secret rule (G12): a secret flows with its value, and these are the doors it may not pass.

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say};
use crate::hir::{Expr, Type, TypeKind};
use crate::ways::Leak;

/// Which records and enums hold a secret, however deep inside.
#[derive(Debug, Default)]
pub struct Holders {
    records: Vec<bool>,
    enums: Vec<bool>,
}

/// A record or an enum.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Record(usize),
    Enum(usize),
}

impl Holders {
    /// From the types of the fields, variant by variant. Each shape is looked at once: what holds a secret passes
    /// it on to those that hold it.
    fn of(records: &[Vec<&[Type]>], enums: &[Vec<&[Type]>]) -> Holders {
        let mut found = Holders { records: vec![false; records.len()], enums: vec![false; enums.len()] };
        let mut held_by: [Vec<Vec<Shape>>; 2] =
            [vec![Vec::new(); records.len()], vec![Vec::new(); enums.len()]];
        let mut news = Vec::new();
        let records = records.iter().enumerate().map(|(id, fields)| (Shape::Record(id), fields));
        let enums = enums.iter().enumerate().map(|(id, fields)| (Shape::Enum(id), fields));
        for (shape, fields) in records.chain(enums) {
            for ty in fields.iter().copied().flatten() {
                if ty.secret {
                    news.push(shape);
                }
                each_shape(&ty.kind, &mut |inner| {
                    let holders = match inner {
                        Shape::Record(id) => held_by[0].get_mut(id),
                        Shape::Enum(id) => held_by[1].get_mut(id),
                    };
                    holders.into_iter().for_each(|holders| holders.push(shape));
                });
            }
        }
        while let Some(shape) = news.pop() {
            let (known, holders) = match shape {
                Shape::Record(id) => (&mut found.records[id], &held_by[0][id]),
                Shape::Enum(id) => (&mut found.enums[id], &held_by[1][id]),
            };
            if !std::mem::replace(known, true) {
                news.extend(holders);
            }
        }
        found
    }

    fn holds(&self, kind: &TypeKind) -> bool {
        let mut any = false;
        each_shape(kind, &mut |shape| {
            any |= match shape {
                Shape::Record(id) => self.records.get(id).copied().unwrap_or_default(),
                Shape::Enum(id) => self.enums.get(id).copied().unwrap_or_default(),
            };
        });
        any
    }
}

/// The records and enums that a type names, itself or inside a list.
fn each_shape(kind: &TypeKind, see: &mut impl FnMut(Shape)) {
    match kind {
        TypeKind::Optional(inner) | TypeKind::List(inner) => each_shape(inner, see),
        TypeKind::Map(key, value) => {
            each_shape(key, see);
            each_shape(value, see);
        }
        TypeKind::Record(id) => see(Shape::Record(*id)),
        TypeKind::Enum(id) => see(Shape::Enum(*id)),
        _ => {}
    }
}

impl Checker<'_> {
    /// Whether a value is secret, or holds something that is.
    pub fn is_secret(&self, value: &Expr) -> bool {
        value.ty.secret || self.holders.holds(&value.ty.kind)
    }

    /// Finds out which records and enums hold secrets, when their fields are known.
    pub fn find_holders(&mut self) {
        let records = self.shapes.records.iter().map(|shape| vec![shape.types.as_slice()]);
        let enums = self.shapes.enums.iter();
        let enums = enums.map(|variants| variants.iter().map(|(_, v)| v.types.as_slice()).collect());
        self.holders = Holders::of(&records.collect::<Vec<_>>(), &enums.collect::<Vec<_>>());
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
