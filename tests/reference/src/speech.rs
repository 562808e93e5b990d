//! What is spoken, with what is decided and read while the call runs.
//!
//! The language is the world's to choose, so the values of all languages are worked out.

use flow_check::hir::{Expr, Segment, Spoken, SpokenKind, TypeKind, Words};

use crate::call::{Call, Locals, Stop};
use crate::heard::{Part, Piece, told};
use crate::sentences::{Sentence, end_with_until, words};
use crate::shown::shown;
use crate::value::Value;
use crate::written::written;

impl<'p> Call<'p, '_> {
    /// What is heard when something is spoken.
    pub(crate) fn speech(&mut self, locals: &mut Locals, spoken: &'p Spoken) -> Result<String, Stop> {
        let parts = self.parts(locals, spoken, true)?;
        Ok(self.told(&parts))
    }

    /// The same with a sentence of the language's own before or behind it.
    pub(crate) fn with_sentence(
        &mut self,
        locals: &mut Locals,
        (before, behind): (Option<Sentence>, Option<Sentence>),
        spoken: Option<&'p Spoken>,
    ) -> Result<String, Stop> {
        let mut parts: Vec<Part> = before.map(|sentence| self.sentence(sentence)).into_iter().collect();
        if let Some(spoken) = spoken {
            let alone = before.is_none() && behind.is_none();
            parts.extend(self.parts(locals, spoken, alone)?);
        }
        parts.extend(behind.map(|sentence| self.sentence(sentence)));
        let only_words = |part: &&Part| matches!(part, Part::Words { .. });
        // A sentence of the language's own is said in the languages that the rest is said in.
        if spoken.is_some() && parts.iter().filter(only_words).count() > 1 {
            let own = usize::from(before.is_some());
            let end = parts.len() - usize::from(behind.is_some());
            let spoken_in: Vec<usize> = parts[own..end].iter().flat_map(languages_of).collect();
            if !spoken_in.is_empty() {
                for index in (0..own).chain(end..parts.len()) {
                    if let Part::Words { variants, .. } = &mut parts[index] {
                        // Those of the words come first, in their order.
                        variants.retain(|(of, _)| spoken_in.contains(of));
                        variants.sort_by_key(|(of, _)| spoken_in.iter().position(|have| have == of));
                    }
                }
            }
        }
        Ok(self.told(&parts))
    }

    fn told(&self, parts: &[Part]) -> String {
        told(parts, self.program.languages.len())
    }

    /// A sentence in every language of the program; of one that has none nothing is said.
    fn sentence(&self, sentence: Sentence) -> Part {
        let languages = self.program.languages.iter().enumerate();
        let variants =
            languages.map(|(index, code)| (index, vec![Piece::Words(words(sentence, code).into())]));
        Part::Words { variants: variants.collect(), in_turn: false }
    }

    /// Speech taken apart until only words and sounds are left. What is not alone and decides its languages itself
    /// stays together.
    fn parts(&mut self, locals: &mut Locals, spoken: &'p Spoken, alone: bool) -> Result<Vec<Part>, Stop> {
        self.tick()?;
        Ok(match &spoken.kind {
            SpokenKind::Words { variants, in_turn } => {
                let mut all = Vec::new();
                for words in variants {
                    all.push((words.language, self.pieces(locals, words)?));
                }
                let part = Part::Words { variants: all, in_turn: *in_turn };
                if *in_turn && !alone { vec![Part::Apart(vec![part])] } else { vec![part] }
            }
            SpokenKind::Sound(name) => vec![Part::Sound(name.to_string())],
            SpokenKind::Prompt(prompt, arguments) => {
                let arguments = self.values(locals, arguments)?;
                let prompt = &self.program.prompts[*prompt];
                let mut inner: Locals = vec![None; prompt.locals.len()];
                for (local, argument) in prompt.params.iter().zip(arguments) {
                    inner[*local] = Some(argument);
                }
                self.parts(&mut inner, &prompt.spoken, alone)?
            }
            SpokenKind::When { arms, otherwise } => {
                let mut chosen = &**otherwise;
                for (condition, spoken) in arms {
                    if self.holds(locals, condition)? {
                        chosen = spoken;
                        break;
                    }
                }
                let parts = self.parts(locals, chosen, true)?;
                if alone { parts } else { vec![Part::Apart(parts)] }
            }
            SpokenKind::Sequence(all) => {
                let mut parts = Vec::new();
                for spoken in all {
                    parts.extend(self.parts(locals, spoken, alone && all.len() == 1)?);
                }
                parts
            }
        })
    }

    fn pieces(&mut self, locals: &mut Locals, words: &'p Words) -> Result<Vec<Piece>, Stop> {
        if let Some(name) = &words.recording {
            let texts = words.segments.iter().map(|segment| match segment {
                Segment::Text(text) => &**text,
                _ => "",
            });
            return Ok(vec![Piece::Recording(name.to_string(), texts.collect())]);
        }
        let mut pieces = Vec::new();
        let mut until = false;
        for segment in &words.segments {
            let after_until = std::mem::replace(&mut until, false);
            pieces.push(match segment {
                Segment::Text(text) => {
                    until = end_with_until(text);
                    Piece::Words(text.to_string())
                }
                Segment::Hole { value, reading } => match &value.ty.kind {
                    TypeKind::Optional(of) => match self.value(locals, value)? {
                        Value::Some(inner) => {
                            let words = words_without_language(Piece::Hole(shown(&inner), *reading));
                            Piece::Apart(vec![words])
                        }
                        _ if **of == TypeKind::DateTime => {
                            Piece::Apart(vec![self.sentence(match after_until {
                                true => Sentence::FurtherNotice,
                                false => Sentence::UntilFurtherNotice,
                            })])
                        }
                        _ => Piece::Apart(Vec::new()),
                    },
                    _ => Piece::Hole(self.hole(locals, value)?, *reading),
                },
                // A call that is listened to: the machine's side is read alike.
                Segment::Listening { heard, .. } => Piece::Words(heard.to_string()),
                Segment::Plural(plural) => {
                    let flow_check::hir::Plural { value, forms } = &**plural;
                    let value = self.hole(locals, value)?;
                    let forms = forms.iter().map(|(class, text)| (format!("{class:?}"), text.to_string()));
                    Piece::Plural(value, forms.collect())
                }
            });
        }
        Ok(pieces)
    }

    /// What is in a hole: the value where it can be read aloud, its text where not.
    fn hole(&mut self, locals: &mut Locals, expr: &'p Expr) -> Result<String, Stop> {
        let value = self.value(locals, expr)?;
        let value = match &expr.ty.kind {
            kind @ (TypeKind::Bool
            | TypeKind::Optional(_)
            | TypeKind::Map(..)
            | TypeKind::Enum(_)
            | TypeKind::Record(_)
            | TypeKind::Language) => Value::Text(written(self.program, kind, &value)),
            _ => value,
        };
        Ok(shown(&value))
    }
}

fn languages_of(part: &Part) -> Vec<usize> {
    match part {
        Part::Words { variants, .. } => variants.iter().map(|(of, _)| *of).collect(),
        Part::Sound(_) | Part::Apart(_) => Vec::new(),
    }
}

/// Something that is the same in every language: heard in that of what it stands in.
fn words_without_language(piece: Piece) -> Part {
    Part::Words { variants: vec![(usize::MAX, vec![piece])], in_turn: false }
}
