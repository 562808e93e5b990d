//! What is spoken: a template of the program with its arguments becomes the pieces that are played, in the
//! call's language, and the text that a person reads in a story.
//!
//! Pieces that were written are named by their text's number, so that nothing is built at run time for them.
//! Values are read aloud with the shipped words of the standard library; what those cannot say is left to a
//! voice (`Synthesise`). Each language is a file of its own, `tongue` says what it holds.

mod amounts;
mod days;
mod display;
mod durations;
mod english;
mod phones;
mod said;
mod spanish;
mod tongue;
pub mod understand;
mod values;

use flow_bytecode::plurals;
use flow_bytecode::program::{Piece, PluralClass, Program, TemplateVariant};
use flow_bytecode::{Datum, Type};
use jiff::tz::TimeZone;

use crate::boundary::SpeechItem;
pub use display::{display, display_item};
use tongue::{Region, Tongue};

/// The shipped word that spells a character in a language, by its code; for what has no voice.
pub fn spelling(language: &str, character: char) -> Option<&'static str> {
    tongue::of(language).0.character(character)
}

/// What callers hear when a call cannot go on, in a language and then in one that is always shipped.
pub(crate) fn apology(language: &str) -> Vec<SpeechItem> {
    // English follows any other tongue, whose sentence the driver may not have: nobody is hung up in silence.
    let english = "en/prompt/something-went-wrong";
    let own = match tongue::of(language).0.table().language {
        "es" => Some("es/prompt/something-went-wrong"),
        _ => None,
    };
    own.into_iter().chain([english]).map(SpeechItem::Standard).collect()
}

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
    /// Whether callers are told what they may say.
    pub listening: bool,
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
                Piece::IfListening(text) if self.listening => items.push(self.unit(*text, language)),
                Piece::IfNotListening(text) if !self.listening => items.push(self.unit(*text, language)),
                Piece::IfListening(_) | Piece::IfNotListening(_) => {}
                Piece::Recording(name, words) => {
                    items.push(SpeechItem::Recording { name: *name, words: *words, language });
                }
                Piece::Sound(name) => items.push(SpeechItem::Sound(*name)),
                Piece::Hole(index, reading) => {
                    let index = usize::from(*index);
                    if let Some(Argument::Value(value)) = arguments.get(index) {
                        let ty = types.get(index).and_then(|ty| self.program.types.get(usize::from(ty.0)));
                        let before = self.written(items.last());
                        values::read_aloud(&voice, value, ty.unwrap_or(&Type::Text), *reading, before, items);
                    }
                }
                Piece::Plural(index, forms) => {
                    if let Some(Argument::Value(value)) = arguments.get(usize::from(*index)) {
                        let class = voice.plural_class(value);
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

    /// What was written where a value follows, so that "until" and the value go together.
    fn written(&self, item: Option<&SpeechItem>) -> &str {
        match item {
            Some(SpeechItem::Text { text, .. } | SpeechItem::Recording { words: text, .. }) => {
                self.program.texts.get(*text as usize).map_or("", String::as_str)
            }
            _ => "",
        }
    }

    fn code(&self) -> &str {
        self.program.languages.get(usize::from(self.language)).map_or("en", String::as_str)
    }

    fn tongue(&self) -> (&'static dyn Tongue, &'static Region) {
        tongue::of(self.code())
    }

    fn plural_class(&self, value: &Datum) -> PluralClass {
        match value {
            Datum::Int(number) => plurals::class(self.code(), *number),
            Datum::Some(inner) => self.plural_class(inner),
            _ => PluralClass::Other,
        }
    }
}
