//! What is spoken: a template of the program with its arguments becomes the pieces that are played, in the
//! call's language, and the text that a person reads in a story.
//!
//! Pieces that were written are named by their text's number, so that nothing is built at run time for them.
//! Values are read aloud with the shipped words of the standard library; what those cannot say is left to a
//! voice (`Synthesise`).

mod amounts;
mod calendar_words;
mod display;
mod english;
mod spanish;
mod values;

use flow_bytecode::program::{Piece, PluralClass, Program, TemplateVariant};
use flow_bytecode::{Datum, Type};
use jiff::tz::TimeZone;

use crate::boundary::SpeechItem;
pub use display::display;

/// Something to speak: a template and its arguments, taken out of a call's memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// Index into `Program::templates`; one past all says nothing.
    pub template: u16,
    /// In the template's order.
    pub arguments: Vec<Argument>,
}

impl Default for Utterance {
    fn default() -> Self {
        Self { template: u16::MAX, arguments: Vec::new() }
    }
}

/// An argument of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A value for a hole or a plural.
    Value(Datum),
    /// A part that was itself decided at run time.
    Speech(Utterance),
}

/// As many pieces as one utterance is cut into at most.
const GREATEST_PIECES: usize = 1000;

/// Where speech is made.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// The program that speaks.
    pub program: &'a Program,
    /// Its zones, in its order.
    pub zones: &'a [TimeZone],
    /// Index into its languages.
    pub language: u16,
    /// Now, in milliseconds since 1970: dates near it are called by name.
    pub unix_millis: i64,
}

/// The tongues that values are read aloud in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    English,
    Spanish,
}

impl Tongue {
    /// The tongue of a language code; English where we have no words of our own.
    pub(crate) fn of(code: &str) -> Tongue {
        match code.split(['-', '_']).next() {
            Some("es") => Tongue::Spanish,
            _ => Tongue::English,
        }
    }
}

impl Voice<'_> {
    /// The pieces of an utterance.
    pub fn render(&self, utterance: &Utterance) -> Vec<SpeechItem> {
        let mut items = Vec::new();
        self.utter(utterance, &mut items);
        items
    }

    fn utter(&self, utterance: &Utterance, items: &mut Vec<SpeechItem>) {
        let Some(template) = self.program.templates.get(usize::from(utterance.template)) else { return };
        if template.in_turn {
            for variant in &template.variants {
                self.variant(variant, template.arguments.as_slice(), &utterance.arguments, items);
            }
            return;
        }
        let fits = |variant: &&TemplateVariant| variant.language.is_none_or(|own| own == self.language);
        if let Some(variant) = template.variants.iter().find(fits).or(template.variants.first()) {
            self.variant(variant, template.arguments.as_slice(), &utterance.arguments, items);
        }
    }

    fn variant(
        &self,
        variant: &TemplateVariant,
        types: &[flow_bytecode::TypeId],
        arguments: &[Argument],
        items: &mut Vec<SpeechItem>,
    ) {
        let language = variant.language.unwrap_or(self.language);
        let voice = Voice { language, ..*self };
        for piece in &variant.pieces {
            if items.len() >= GREATEST_PIECES {
                return;
            }
            match piece {
                Piece::Text(text) => items.push(self.unit(*text, language)),
                Piece::Recording(name, words) => {
                    items.push(SpeechItem::Recording { name: *name, words: *words, language });
                }
                Piece::Sound(name) => items.push(SpeechItem::Sound(*name)),
                Piece::Hole(index, reading) => {
                    let index = usize::from(*index);
                    if let Some(Argument::Value(value)) = arguments.get(index) {
                        let ty = types.get(index).and_then(|ty| self.program.types.get(usize::from(ty.0)));
                        values::read_aloud(&voice, value, ty.unwrap_or(&Type::Text), *reading, items);
                    }
                }
                Piece::Plural(index, forms) => {
                    if let Some(Argument::Value(value)) = arguments.get(usize::from(*index)) {
                        let class = plural_class(value);
                        let form = forms.iter().find(|(of, _)| *of == class);
                        let other = || forms.iter().find(|(of, _)| *of == PluralClass::Other);
                        if let Some((_, text)) = form.or_else(other) {
                            items.push(SpeechItem::Text { text: *text, language });
                        }
                    }
                }
                Piece::Speech(index) => {
                    if let Some(Argument::Speech(part)) = arguments.get(usize::from(*index)) {
                        voice.utter(part, items);
                    }
                }
            }
        }
    }

    /// A text of the program; marks alone, such as the full stop after a value, are seen and not heard.
    fn unit(&self, text: u32, language: u16) -> SpeechItem {
        match self.program.texts.get(text as usize) {
            Some(marks) if !marks.chars().any(char::is_alphanumeric) => {
                SpeechItem::Words { display: marks.clone(), clips: Vec::new(), language }
            }
            _ => SpeechItem::Text { text, language },
        }
    }

    pub(crate) fn tongue(&self) -> Tongue {
        Tongue::of(self.program.languages.get(usize::from(self.language)).map_or("en", String::as_str))
    }
}

/// The plural class of whole numbers in English and Spanish (CLDR): one for 1, other for all else. Spanish
/// `many`, for millions, is spoken like `other` where no form was written for it.
fn plural_class(value: &Datum) -> PluralClass {
    match value {
        Datum::Int(1) => PluralClass::One,
        Datum::Some(inner) => plural_class(inner),
        _ => PluralClass::Other,
    }
}
