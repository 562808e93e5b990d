//! Values as text: `text(x)`, interpolation, what an agent's screen shows, keys of limits.
//!
//! Text is exact here, unlike speech: no reading aloud, no recorded sentences.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{Piece, PluralClass, Pure, Reading, Template, TemplateVariant};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{self, Expr, Segment, TypeKind};

use crate::Lowering;

impl Lowering<'_> {
    /// Puts the text of a value into a register.
    pub(crate) fn text_of(&mut self, expr: &Expr, dest: u8) {
        let mark = self.mark();
        let text = self.tables.ty(Type::Text);
        // A literal phone number or digit string is a text constant at once.
        if let hir::ExprKind::Text(literal) = &expr.kind {
            self.load_text(dest, literal, text);
            return;
        }
        let register = self.value(expr, None);
        self.text_from(&expr.ty.kind, register, dest, expr);
        self.release(mark);
    }

    /// Puts the text of what a register holds into another; of a type that has one.
    pub(crate) fn text_in(&mut self, kind: &TypeKind, register: u8, dest: u8) {
        let location = self.location.unwrap_or(self.hir.flows[self.flow_frame.flow].location);
        let expr =
            Expr { kind: hir::ExprKind::None, ty: hir::Type { kind: kind.clone(), secret: false }, location };
        self.text_from(kind, register, dest, &expr);
    }

    /// Puts the text of what a register holds into another.
    fn text_from(&mut self, kind: &TypeKind, register: u8, dest: u8, expr: &Expr) {
        let mark = self.mark();
        let (text, boolean) = (self.tables.ty(Type::Text), self.tables.ty(Type::Bool));
        match kind {
            TypeKind::Text => self.move_to(dest, register),
            TypeKind::Nothing => self.load_text(dest, "", text),
            TypeKind::Optional(inner) => {
                let (absent, done) = (self.label(), self.label());
                let held = self.alloc();
                self.abc(Opcode::IsNone, held, register, 0, boolean);
                self.jump_if(held, absent);
                let ty = self.ty(inner);
                self.abc(Opcode::Unwrap, held, register, 0, ty);
                self.text_from(inner, held, dest, expr);
                self.jump(done);
                self.place(absent);
                self.load_text(dest, "", text);
                self.place(done);
            }
            TypeKind::Enum(id) => {
                let tag = self.tag_of(register);
                let names: Vec<_> = self.hir.enums[*id].variants.iter().map(|v| v.name.as_str()).collect();
                self.named(tag, &names, dest);
            }
            TypeKind::Record(id) => {
                let fields = &self.hir.records[*id].fields;
                let first = self.begin_block(dest);
                for (index, field) in fields.iter().enumerate() {
                    let part = self.alloc();
                    let value = self.alloc();
                    let ty = self.ty(&field.ty.kind);
                    self.abc(Opcode::Field, value, register, index as u8, ty);
                    self.text_from(&field.ty.kind, value, part, expr);
                    self.release(part + 1);
                }
                self.reserve_to(first + 1);
                self.joined(first, fields.len() as u8, ", ");
                self.move_to(dest, first);
            }
            TypeKind::List(inner) => {
                let ty = self.ty(kind);
                self.text_of_each(register, ty, dest, |this, item, part| {
                    this.text_from(inner, item, part, expr);
                });
            }
            TypeKind::Map(key, value) => self.text_of_map(register, (key, value), dest, expr),
            TypeKind::Bool
            | TypeKind::Language
            | TypeKind::Int
            | TypeKind::Decimal
            | TypeKind::Money
            | TypeKind::Digits
            | TypeKind::Phone
            | TypeKind::Duration
            | TypeKind::Date
            | TypeKind::Time
            | TypeKind::DateTime => {
                let ty = self.ty(kind);
                let first = self.begin_block(dest);
                let argument = self.alloc();
                self.move_to(argument, register);
                self.library(Pure::TextOf, first, vec![ty], text);
                self.move_to(dest, first);
            }
            _ => {
                self.unsupported(expr.location, "a value of this type as text");
                self.define(dest, text);
            }
        }
        self.release(mark);
    }

    /// The texts of a list's elements with commas between; `write` puts the text of one into a register.
    fn text_of_each(&mut self, list: u8, ty: TypeId, dest: u8, write: impl FnOnce(&mut Self, u8, u8)) {
        let text = self.tables.ty(Type::Text);
        let texts = self.tables.ty(Type::List(text));
        let parts = self.alloc();
        self.abx(Opcode::EmptyList, parts, texts.0, texts);
        self.each_item(list, ty, |this, item, _| {
            let part = this.alloc();
            write(this, item, part);
            this.abc(Opcode::Append, parts, parts, part, texts);
        });
        let comma = self.alloc();
        self.load_text(comma, ", ", text);
        self.apply(Pure::Join, &[(parts, texts), (comma, text)], dest, text);
    }

    /// `key: value, key: value`
    fn text_of_map(&mut self, map: u8, (key, value): (&TypeKind, &TypeKind), dest: u8, expr: &Expr) {
        let text = self.tables.ty(Type::Text);
        let (key_type, value_type) = (self.ty(key), self.ty(value));
        let map_type = self.tables.ty(Type::Map(key_type, value_type));
        let keys_type = self.tables.ty(Type::List(key_type));
        let option = self.tables.ty(Type::Option(value_type));
        let keys = self.alloc();
        self.apply(Pure::Keys, &[(map, map_type)], keys, keys_type);
        self.text_of_each(keys, keys_type, dest, |this, item, part| {
            let found = this.alloc();
            this.apply(Pure::At, &[(map, map_type), (item, key_type)], found, option);
            this.abc(Opcode::Unwrap, found, found, 0, value_type);
            let first = this.alloc();
            let last = this.alloc();
            this.text_from(key, item, first, expr);
            this.text_from(value, found, last, expr);
            this.define(first, text);
            this.joined(first, 2, ": ");
            this.move_to(part, first);
        });
    }

    /// The index of the variant of an enum value, in a register of its own.
    fn tag_of(&mut self, register: u8) -> u8 {
        let int = self.tables.ty(Type::Int);
        let tag = self.alloc();
        self.abc(Opcode::Tag, tag, register, 0, int);
        tag
    }

    /// The name at an index.
    fn named(&mut self, index: u8, names: &[&str], dest: u8) {
        let text = self.tables.ty(Type::Text);
        let labels = self.labels(names.len());
        let done = self.label();
        self.switch(index, &labels);
        for (label, name) in labels.iter().zip(names) {
            self.place(*label);
            self.load_text(dest, name, text);
            self.jump(done);
        }
        self.place(done);
    }

    /// `R[first] =` the texts in so many registers from there on, with a separator between.
    pub(crate) fn joined(&mut self, first: u8, count: u8, separator: &str) {
        let text = self.tables.ty(Type::Text);
        if count == 1 {
            return;
        }
        let mut pieces = Vec::new();
        for index in 0..count {
            if index > 0 && !separator.is_empty() {
                pieces.push(Piece::Text(self.tables.text(separator)));
            }
            pieces.push(Piece::Hole(index, Reading::Plain));
        }
        self.format(first, pieces, vec![text; usize::from(count)]);
    }

    fn format(&mut self, first: u8, pieces: Vec<Piece>, arguments: Vec<TypeId>) {
        let text = self.tables.ty(Type::Text);
        let variants = vec![TemplateVariant { language: None, pieces }];
        let template = self.tables.template(Template { arguments, variants, in_turn: false });
        self.abx(Opcode::Format, first, template, text);
    }

    /// Text made of pieces, as a value.
    pub(crate) fn interpolated(&mut self, segments: &[Segment], dest: u8) {
        let first = self.begin_block(dest);
        let (mut pieces, mut types) = (Vec::new(), Vec::new());
        for segment in segments {
            match segment {
                Segment::Text(text) | Segment::Listening { deaf: text, .. } => {
                    pieces.push(Piece::Text(self.tables.text(text)));
                }
                Segment::Hole { value, reading } => {
                    let (argument, index) = (self.alloc(), types.len() as u8);
                    types.push(self.hole_argument(value, argument, false));
                    pieces.push(Piece::Hole(index, reading_of(*reading)));
                }
                Segment::Plural(plural) => {
                    let (value, forms) = (&plural.value, &plural.forms);
                    let (argument, index) = (self.alloc(), types.len() as u8);
                    self.into(value, argument, None);
                    types.push(self.type_of(value, None));
                    let forms = forms.iter().map(|(class, text)| (class_of(*class), self.tables.text(text)));
                    pieces.push(Piece::Plural(index, forms.collect()));
                }
            }
        }
        self.reserve_to(first + 1);
        self.format(first, pieces, types);
        self.move_to(dest, first);
    }

    /// Puts what fills a hole into a register and gives its type: itself when the machine can read it, its
    /// text when not.
    /// A list that is spoken is read aloud one by one, so it stays what it is.
    pub(crate) fn hole_argument(&mut self, value: &Expr, register: u8, spoken: bool) -> TypeId {
        match value.ty.kind {
            TypeKind::List(_) if spoken => {
                self.into(value, register, None);
                self.type_of(value, None)
            }
            TypeKind::Bool
            | TypeKind::Optional(_)
            | TypeKind::List(_)
            | TypeKind::Map(..)
            | TypeKind::Enum(_)
            | TypeKind::Record(_)
            | TypeKind::Language => {
                self.text_of(value, register);
                self.tables.ty(Type::Text)
            }
            _ => {
                self.into(value, register, None);
                self.type_of(value, None)
            }
        }
    }
}

pub(crate) fn reading_of(reading: hir::Reading) -> Reading {
    match reading {
        hir::Reading::Plain => Reading::Plain,
        hir::Reading::Digits => Reading::Digits,
        hir::Reading::Ordinal => Reading::Ordinal,
        hir::Reading::Spelled => Reading::Spelled,
        hir::Reading::Date => Reading::Date,
        hir::Reading::Time => Reading::Time,
    }
}

pub(crate) fn class_of(class: hir::PluralClass) -> PluralClass {
    match class {
        hir::PluralClass::Zero => PluralClass::Zero,
        hir::PluralClass::One => PluralClass::One,
        hir::PluralClass::Two => PluralClass::Two,
        hir::PluralClass::Few => PluralClass::Few,
        hir::PluralClass::Many => PluralClass::Many,
        hir::PluralClass::Other => PluralClass::Other,
    }
}
