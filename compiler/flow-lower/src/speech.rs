//! What is spoken, to templates.
//!
//! Everything that is said in one go becomes one template, so that the machine gets one list of units per
//! language. Shared prompts are put in place with their arguments. What is decided while the call runs
//! becomes an argument of type `Speech`. Static text is cut into the units that are recorded.

use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::{Piece, Template, TemplateVariant};
use flow_bytecode::types::{Type, TypeId};
use flow_check::hir::{Expr, ExprKind, LanguageId, Reading, Segment, Spoken, SpokenKind, TypeKind, Words};

use crate::Lowering;
use crate::sentences::{marks, units};
use crate::standard::{Standard, says_until};
use crate::texts::{class_of, reading_of};

/// One of the things that are said one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Utterance<'h> {
    Written(&'h Spoken),
    Standard(Standard),
}

/// The registers of the locals of a flow or prompt.
type Locals = Vec<Option<u8>>;

/// A part of a template with the locals that its holes are about, by index.
struct Part<'h> {
    kind: PartKind<'h>,
    locals: usize,
}

enum PartKind<'h> {
    /// The variants by language, and whether all of them are said in turn.
    Words(&'h [Words], bool),
    Sound(&'h str),
    /// Made by a template of its own.
    Apart(&'h Spoken),
    Standard(Standard),
}

/// What goes into a template's argument.
#[derive(Clone, Copy)]
enum Argument<'h> {
    Value(&'h Expr),
    /// An option in a hole of speech: said when it is there. What stands before may have said "until".
    Optional(&'h Expr, Reading, bool),
    Spoken(&'h Spoken),
}

/// A template in the making.
struct Sketch<'h> {
    locals: Vec<Locals>,
    parts: Vec<Part<'h>>,
    arguments: Vec<(usize, Argument<'h>)>,
}

impl<'h> Lowering<'h> {
    /// Puts what is to be spoken into a register.
    pub(crate) fn speech(&mut self, utterances: &[Utterance<'h>], dest: u8) {
        if let [Utterance::Written(spoken)] = utterances
            && let SpokenKind::When { arms, otherwise } = &spoken.kind
        {
            self.at(spoken.location);
            return self.decided(arms, otherwise, dest);
        }
        let mark = self.mark();
        let mut sketch =
            Sketch { locals: vec![self.frame.locals.clone()], parts: Vec::new(), arguments: Vec::new() };
        for utterance in utterances {
            match utterance {
                Utterance::Written(spoken) => self.flatten(spoken, 0, utterances.len() == 1, &mut sketch),
                Utterance::Standard(standard) => {
                    sketch.parts.push(Part { kind: PartKind::Standard(*standard), locals: 0 });
                }
            }
        }
        if let Some(Utterance::Written(spoken)) = utterances.first() {
            self.at(spoken.location);
        }
        let in_turn = matches!(&sketch.parts[..], [Part { kind: PartKind::Words(_, true), .. }]);
        let languages = self.languages_of(&sketch.parts);
        let mut variants = Vec::new();
        if languages.is_empty() {
            let pieces = self.pieces(None, &mut sketch);
            variants.push(TemplateVariant { language: None, pieces });
        }
        for language in languages {
            let pieces = self.pieces(Some(language), &mut sketch);
            variants.push(TemplateVariant { language: Some(language as u16), pieces });
        }
        let first = if self.mark() == mark { self.begin_block(dest) } else { self.mark() };
        let arguments = self.arguments(&sketch);
        let template = self.tables.template(Template { arguments, variants, in_turn });
        self.reserve_to(first.saturating_add(1));
        let speech = self.tables.ty(Type::Speech);
        self.abx(Opcode::Speech, first, template, speech);
        self.move_to(dest, first);
        self.release(mark);
    }

    /// The template of a sentence without values, which no code asks for.
    pub(crate) fn fixed_sentence(&mut self, utterance: Utterance<'h>) -> u16 {
        let mut sketch = Sketch { locals: vec![Vec::new()], parts: Vec::new(), arguments: Vec::new() };
        match utterance {
            Utterance::Written(spoken) => self.flatten(spoken, 0, true, &mut sketch),
            Utterance::Standard(standard) => {
                sketch.parts.push(Part { kind: PartKind::Standard(standard), locals: 0 });
            }
        }
        let variants = self.languages_of(&sketch.parts).into_iter().map(|language| {
            let pieces = self.pieces(Some(language), &mut sketch);
            TemplateVariant { language: Some(language as u16), pieces }
        });
        let variants = variants.collect();
        self.tables.template(Template { arguments: Vec::new(), variants, in_turn: false })
    }

    /// Evaluates the arguments into fresh registers that follow one another; gives their types.
    fn arguments(&mut self, sketch: &Sketch<'h>) -> Vec<TypeId> {
        let mut types = Vec::new();
        for (locals, argument) in &sketch.arguments {
            let saved = std::mem::replace(&mut self.frame.locals, sketch.locals[*locals].clone());
            let register = self.alloc();
            let speech = self.tables.ty(Type::Speech);
            types.push(match argument {
                Argument::Value(value) => self.hole_argument(value, register, true),
                Argument::Optional(value, reading, until) => {
                    let notice = if *until { Standard::FurtherNotice } else { Standard::UntilFurtherNotice };
                    self.optional_hole(value, *reading, notice, register);
                    speech
                }
                Argument::Spoken(spoken) => {
                    self.speech(&[Utterance::Written(spoken)], register);
                    speech
                }
            });
            self.frame.locals = saved;
        }
        types
    }

    fn decided(&mut self, arms: &'h [(Expr, Spoken)], otherwise: &'h Spoken, dest: u8) {
        let done = self.label();
        for (condition, spoken) in arms {
            let next = self.label();
            let mark = self.mark();
            self.condition(condition, next);
            self.speech(&[Utterance::Written(spoken)], dest);
            self.release(mark);
            self.jump(done);
            self.place(next);
        }
        self.speech(&[Utterance::Written(otherwise)], dest);
        self.place(done);
    }

    /// Speech of an option: what is in it, or the sentence that stands for its absence.
    fn optional_hole(&mut self, value: &Expr, reading: Reading, notice: Standard, dest: u8) {
        let mark = self.mark();
        let (boolean, speech) = (self.tables.ty(Type::Bool), self.tables.ty(Type::Speech));
        let (absent, done) = (self.label(), self.label());
        let option = self.value(value, None);
        let ty = self.type_of(value, None);
        let inner = self.inner(ty);
        let held = self.alloc();
        self.abc(Opcode::IsNone, held, option, 0, boolean);
        self.jump_if(held, absent);
        self.abc(Opcode::Unwrap, held, option, 0, inner);
        let pieces = vec![Piece::Hole(0, reading_of(reading))];
        let variants = vec![TemplateVariant { language: None, pieces }];
        let template = self.tables.template(Template { arguments: vec![inner], variants, in_turn: false });
        self.abx(Opcode::Speech, held, template, speech);
        self.move_to(dest, held);
        self.jump(done);
        self.place(absent);
        if matches!(&value.ty.kind, TypeKind::Optional(of) if **of == TypeKind::DateTime) {
            self.speech(&[Utterance::Standard(notice)], dest);
        } else {
            let silence = self.tables.silence();
            self.abx(Opcode::Speech, dest, silence, speech);
        }
        self.place(done);
        self.release(mark);
    }

    /// Takes speech apart until only words, sounds and decisions are left.
    fn flatten(&mut self, spoken: &'h Spoken, locals: usize, alone: bool, sketch: &mut Sketch<'h>) {
        let kind = match &spoken.kind {
            SpokenKind::Words { in_turn: true, .. } if !alone => PartKind::Apart(spoken),
            SpokenKind::Words { variants, in_turn } => PartKind::Words(variants, *in_turn),
            SpokenKind::Sound(name) => PartKind::Sound(name),
            SpokenKind::When { .. } => PartKind::Apart(spoken),
            SpokenKind::Sequence(all) => {
                for spoken in all {
                    self.flatten(spoken, locals, alone && all.len() == 1, sketch);
                }
                return;
            }
            SpokenKind::Prompt(id, arguments) => {
                let prompt = &self.hir.prompts[*id];
                let saved = std::mem::replace(&mut self.frame.locals, sketch.locals[locals].clone());
                let mut inner = vec![None; prompt.locals.len()];
                for (local, argument) in prompt.params.iter().zip(arguments) {
                    let want = self.ty(&prompt.locals[*local].ty.kind);
                    inner[*local] = Some(self.value(argument, Some(want)));
                }
                self.frame.locals = saved;
                sketch.locals.push(inner);
                let locals = sketch.locals.len() - 1;
                return self.flatten(&prompt.spoken, locals, alone, sketch);
            }
        };
        sketch.parts.push(Part { kind, locals });
    }

    /// The languages that a template has variants for; none when it has no words.
    fn languages_of(&self, parts: &[Part]) -> Vec<LanguageId> {
        let mut languages = Vec::new();
        for part in parts {
            if let PartKind::Words(variants, _) = &part.kind {
                let new = variants.iter().map(|words| words.language);
                languages.extend(new.filter(|l| !languages.contains(l)).collect::<Vec<_>>());
            }
        }
        let has_standard = parts.iter().any(|part| matches!(part.kind, PartKind::Standard(_)));
        if languages.is_empty() && has_standard {
            languages.extend(0..self.hir.languages.len());
        }
        languages
    }

    /// The pieces of all parts in a language; a part without it is said in its first.
    fn pieces(&mut self, language: Option<LanguageId>, sketch: &mut Sketch<'h>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for index in 0..sketch.parts.len() {
            let locals = sketch.parts[index].locals;
            match sketch.parts[index].kind {
                PartKind::Words(variants, _) => {
                    let own = variants.iter().find(|words| Some(words.language) == language);
                    if let Some(words) = own.or(variants.first()) {
                        self.words(words, locals, &mut sketch.arguments, &mut pieces);
                    }
                }
                PartKind::Sound(name) => pieces.push(Piece::Sound(self.tables.text(name))),
                PartKind::Apart(spoken) => {
                    let argument = argument_index(&mut sketch.arguments, locals, Argument::Spoken(spoken));
                    pieces.push(Piece::Speech(argument));
                }
                PartKind::Standard(standard) => {
                    let code = language.map_or("", |language| &self.hir.languages[language]);
                    let (heard, said) = match standard.pair() {
                        Some((heard, deaf)) => (heard.in_language(code), deaf.in_language(code)),
                        None => (None, standard.in_language(code)),
                    };
                    for unit in heard.map(units).unwrap_or_default() {
                        pieces.push(Piece::IfListening(self.tables.text(unit)));
                    }
                    for unit in said.map(units).unwrap_or_default() {
                        let unit = self.tables.text(unit);
                        pieces.push(match heard {
                            Some(_) => Piece::IfNotListening(unit),
                            None => Piece::Text(unit),
                        });
                    }
                }
            }
        }
        pieces
    }

    fn words(
        &mut self,
        words: &'h Words,
        locals: usize,
        arguments: &mut Vec<(usize, Argument<'h>)>,
        pieces: &mut Vec<Piece>,
    ) {
        if let Some(recording) = &words.recording {
            let spoken: String = words.segments.iter().map(segment_text).collect();
            pieces.push(Piece::Recording(self.tables.text(recording), self.tables.text(spoken.trim())));
            return;
        }
        let mut until = false;
        for segment in &words.segments {
            let after_until = until;
            until = matches!(segment, Segment::Text(text) if says_until(text));
            match segment {
                Segment::Text(text) => {
                    if let Some(marks) = marks(text).filter(|_| !pieces.is_empty()) {
                        pieces.push(Piece::Text(self.tables.text(marks)));
                    }
                    for unit in units(text) {
                        pieces.push(Piece::Text(self.tables.text(unit)));
                    }
                }
                Segment::Listening { heard, deaf } => {
                    if let Some(marks) = marks(heard).filter(|_| !pieces.is_empty()) {
                        pieces.push(Piece::Text(self.tables.text(marks)));
                    }
                    for unit in units(heard) {
                        pieces.push(Piece::IfListening(self.tables.text(unit)));
                    }
                    for unit in units(deaf) {
                        pieces.push(Piece::IfNotListening(self.tables.text(unit)));
                    }
                }
                Segment::Hole { value, reading } if matches!(value.ty.kind, TypeKind::Optional(_)) => {
                    let argument =
                        argument_index(arguments, locals, Argument::Optional(value, *reading, after_until));
                    pieces.push(Piece::Speech(argument));
                }
                Segment::Hole { value, reading } => {
                    let argument = argument_index(arguments, locals, Argument::Value(value));
                    pieces.push(Piece::Hole(argument, reading_of(*reading)));
                }
                Segment::Plural { value, forms } => {
                    let argument = argument_index(arguments, locals, Argument::Value(value));
                    let forms =
                        forms.iter().map(|(class, text)| (class_of(*class), self.tables.text(text.trim())));
                    pieces.push(Piece::Plural(argument, forms.collect()));
                }
            }
        }
    }
}

fn segment_text(segment: &Segment) -> &str {
    match segment {
        Segment::Text(text) | Segment::Listening { deaf: text, .. } => text,
        Segment::Hole { .. } | Segment::Plural { .. } => "",
    }
}

/// The index of an argument; the same value in two languages is asked for once.
fn argument_index<'h>(
    arguments: &mut Vec<(usize, Argument<'h>)>,
    locals: usize,
    argument: Argument<'h>,
) -> u8 {
    let found = arguments.iter().position(|(l, have)| *l == locals && same_argument(*have, argument));
    let index = found.unwrap_or_else(|| {
        arguments.push((locals, argument));
        arguments.len() - 1
    });
    index.min(usize::from(u8::MAX)) as u8
}

fn same_argument(one: Argument, other: Argument) -> bool {
    match (one, other) {
        (Argument::Value(a), Argument::Value(b)) => same_value(a, b),
        (Argument::Optional(a, r, u), Argument::Optional(b, s, v)) => r == s && u == v && same_value(a, b),
        (Argument::Spoken(a), Argument::Spoken(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}

/// Whether two expressions surely have one value, wherever they stand.
fn same_value(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Local(a), ExprKind::Local(b)) => a == b,
        (ExprKind::Setting(a), ExprKind::Setting(b)) => a == b,
        (ExprKind::Field(a, i), ExprKind::Field(b, j)) => i == j && same_value(a, b),
        (ExprKind::Sample(a), ExprKind::Sample(b)) => a == b,
        _ => false,
    }
}
