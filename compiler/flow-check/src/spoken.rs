//! What is heard: texts by language, holes and how they are read, shared prompts.

use flow_diagnostics::Location;
use flow_syntax::ast::{self, ExprKind as Ast, SpokenKind as AstSpoken};

use crate::codes;
use crate::context::{Checker, Say, Scope};
use crate::expressions::{DEEPEST, Role};
use crate::hir::{self, LanguageId, PluralClass, Reading, Segment, Spoken, SpokenKind, TypeKind, Words};
use crate::items::plain_text;
use crate::names::Def;
use crate::near::listed;
use crate::types::speakable;
use crate::written_out::MOST_PIECES;

/// In which languages a shared prompt is written.
#[derive(Debug, Default, Clone)]
pub(crate) struct PromptLanguages {
    /// Empty when it is untagged.
    pub tagged: Vec<LanguageId>,
    /// Some text in it has no tag.
    pub untagged: Option<Location>,
    /// The language of the first flow that speaks it, for text without a tag.
    pub reached: Option<LanguageId>,
}

impl Checker<'_> {
    /// Checks something spoken.
    pub fn spoken(&mut self, s: &mut Scope, spoken: &ast::Spoken) -> Spoken {
        let location = s.at(spoken.span);
        match &spoken.kind {
            AstSpoken::Expr { value, recording } => self.spoken_expr(s, value, recording.as_ref(), location),
            AstSpoken::Languages { variants, in_turn } => {
                self.variants_spoken(s, variants, *in_turn, location)
            }
        }
    }

    fn spoken_expr(
        &mut self,
        s: &mut Scope,
        value: &ast::Expr,
        recording: Option<&ast::TextLiteral>,
        location: Location,
    ) -> Spoken {
        match &value.kind {
            Ast::Text(literal) => {
                let language = self.untagged(s, location);
                let (segments, _) = self.segments(s, literal, true);
                // A shared prompt without a tag is of the language of whoever speaks it.
                if s.prompt.is_none() {
                    self.plural_forms(&segments, language, location);
                    self.day_words(&segments, language, location);
                }
                let recording = recording.map(plain_text);
                let variants = vec![Words { language, segments, recording }];
                Spoken { kind: SpokenKind::Words { variants, in_turn: false }, location }
            }
            Ast::When { arms, otherwise } if s.depth < DEEPEST => {
                s.depth += 1;
                let mut out = Vec::new();
                for (condition, value) in arms {
                    let mark = s.names.len();
                    let condition = self.condition(s, condition);
                    let at = s.at(value.span);
                    let spoken = self.spoken_expr(s, value, None, at);
                    s.names.truncate(mark);
                    out.push((condition, spoken));
                }
                let at = s.at(otherwise.span);
                let otherwise = Box::new(self.spoken_expr(s, otherwise, None, at));
                s.depth -= 1;
                Spoken { kind: SpokenKind::When { arms: out, otherwise }, location }
            }
            _ => {
                if let Some(prompt) = self.prompt_of(s, value, location) {
                    return prompt;
                }
                let language = s.languages.first().copied().unwrap_or(0);
                let value = match &value.kind {
                    Ast::Name(name) if self.is_nothing(s, *name) => {
                        self.unknown_name(s, *name, s.at(value.span), Role::Spoken)
                    }
                    _ => self.expr(s, value, None),
                };
                self.refuse_secret(&value, "spoken");
                self.hole_type(&value, Reading::Plain);
                let segments = vec![Segment::Hole { value, reading: Reading::Plain }];
                let variants = vec![Words { language, segments, recording: None }];
                Spoken { kind: SpokenKind::Words { variants, in_turn: false }, location }
            }
        }
    }

    /// `thanks`, `appointment(v)`, `shared.thanks`: when the expression names a shared prompt.
    fn prompt_of(&mut self, s: &mut Scope, value: &ast::Expr, at: Location) -> Option<Spoken> {
        let (target, arguments) = match &value.kind {
            Ast::Call { of, arguments } => (&**of, Some(&**arguments)),
            _ => (value, None),
        };
        let def = match &target.kind {
            Ast::Name(name) if s.find(*name).is_none() => self.item(s.module, *name)?,
            Ast::Field { of, name, .. } => match self.static_item(s, of)? {
                Def::Module(module) => match self.names[module].items.get(&name.symbol)?.def {
                    Def::Prompt(_) => self.public_item(module, *name, s.at(name.span)),
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        let Def::Prompt(id) = def else { return None };
        Some(self.prompt_use(s, id, arguments, at))
    }

    /// Speaks a shared prompt.
    pub fn prompt_use(
        &mut self,
        s: &mut Scope,
        id: hir::PromptId,
        arguments: Option<&ast::Arguments>,
        at: Location,
    ) -> Spoken {
        let shape = self.shapes.prompts[id].clone();
        let name = match &self.sources.prompts[id].item.kind {
            ast::ItemKind::Prompt { name, .. } => self.name(name.symbol),
            _ => "",
        };
        let values = self.arguments(Some(s), &shape, arguments, name, at);
        match s.prompt {
            Some(user) => self.uses.prompts.push((user, id, at)),
            None => {
                let mut seen = vec![id];
                let mut next = 0;
                while let Some(prompt) = seen.get(next).copied() {
                    self.prompt_covers(s, prompt, name, at);
                    for inner in self.prompt_uses.get(prompt).into_iter().flatten() {
                        if !seen.contains(inner) {
                            seen.push(*inner);
                        }
                    }
                    next += 1;
                }
            }
        }
        Spoken { kind: SpokenKind::Prompt(id, values), location: at }
    }

    /// A flow that speaks several languages needs each in every prompt it reaches.
    fn prompt_covers(&mut self, s: &Scope, id: hir::PromptId, name: &str, at: Location) {
        let written = self.prompt_languages[id].clone();
        if let Some(text_at) = written.untagged {
            let language = s.languages.first().copied().unwrap_or(0);
            let before = *self.prompt_languages[id].reached.get_or_insert(language);
            if s.languages.len() == 1 && before != language {
                let other = self.program.languages[before].clone();
                self.error(
                    codes::UNTAGGED,
                    text_at,
                    format!(
                        "`{name}` does not say in which language it is, and flows of two languages speak it"
                    ),
                    "in which language?",
                )
                .add_label(at, format!("spoken here, and elsewhere in `{other}`"))
                .add_help("write each language: `en \"…\" es \"…\"`");
            }
            if s.languages.len() > 1 {
                self.error(
                    codes::UNTAGGED,
                    text_at,
                    format!("`{name}` does not say in which language it is, and a flow of several speaks it"),
                    "in which language?",
                )
                .add_label(at, "spoken here")
                .add_help("write each language: `en \"…\" es \"…\"`");
            }
            return;
        }
        let missing = self.missing(&s.languages, &written.tagged);
        if !missing.is_empty() && !written.tagged.is_empty() {
            let all = listed(&missing, "and");
            self.error(
                codes::MISSING_LANGUAGE,
                at,
                format!("`{name}` is not written in {all}"),
                "spoken here",
            )
            .add_help(format!("add {all} to the prompt"));
        }
    }

    /// Gives untagged prompts the language of the flows that speak them.
    pub fn settle_prompts(&mut self) {
        fn settle(spoken: &mut Spoken, language: LanguageId) {
            match &mut spoken.kind {
                SpokenKind::Words { variants, .. } => {
                    if let [only] = variants.as_mut_slice() {
                        only.language = language;
                    }
                }
                SpokenKind::When { arms, otherwise } => {
                    arms.iter_mut().for_each(|(_, spoken)| settle(spoken, language));
                    settle(otherwise, language);
                }
                SpokenKind::Sequence(parts) => parts.iter_mut().for_each(|part| settle(part, language)),
                SpokenKind::Prompt(..) | SpokenKind::Sound(_) => {}
            }
        }
        for (prompt, written) in self.program.prompts.iter_mut().zip(&self.prompt_languages) {
            if let (Some(language), true, true) =
                (written.reached, written.untagged.is_some(), written.tagged.is_empty())
            {
                settle(&mut prompt.spoken, language);
            }
        }
    }

    fn missing(&self, wanted: &[LanguageId], written: &[LanguageId]) -> Vec<String> {
        let missing = wanted.iter().filter(|l| !written.contains(l));
        missing.map(|l| format!("`{}`", self.program.languages[*l])).collect()
    }

    /// The language of text without a tag: the only one spoken here.
    pub fn untagged(&mut self, s: &Scope, at: Location) -> LanguageId {
        if let Some(prompt) = s.prompt {
            self.prompt_languages[prompt].untagged.get_or_insert(at);
            return 0;
        }
        if s.languages.len() > 1 {
            let all: Vec<String> =
                s.languages.iter().map(|l| format!("{} \"…\"", self.program.languages[*l])).collect();
            self.error(
                codes::UNTAGGED,
                at,
                "this flow speaks several languages, and this text does not say which it is",
                "in which language?",
            )
            .add_help(format!("write each: {}", all.join(" ")));
        }
        s.languages.first().copied().unwrap_or(0)
    }

    fn variants_spoken(
        &mut self,
        s: &mut Scope,
        variants: &[ast::LanguageText],
        in_turn: bool,
        location: Location,
    ) -> Spoken {
        let mut out: Vec<Words> = Vec::new();
        for variant in variants {
            let language = self.language_id(variant.language.symbol);
            let at = s.at(variant.language.span);
            let text = self.name(variant.language.symbol);
            if s.prompt.is_none() && !s.languages.contains(&language) {
                self.error(
                    codes::OTHER_LANGUAGE,
                    at,
                    format!("this flow does not speak `{text}`"),
                    "not spoken",
                )
                .add_help(format!("add `{text}` to the flow's `speaks`, or remove this text"));
            }
            if out.iter().any(|w| w.language == language) {
                self.error(codes::DEFINED_TWICE, at, format!("`{text}` is written twice"), "the second one");
            }
            let (segments, _) = self.segments(s, &variant.text, true);
            self.plural_forms(&segments, language, at);
            self.day_words(&segments, language, at);
            out.push(Words { language, segments, recording: variant.recording.as_ref().map(plain_text) });
        }
        let written: Vec<LanguageId> = out.iter().map(|w| w.language).collect();
        match s.prompt {
            Some(prompt) => {
                let tagged = &mut self.prompt_languages[prompt].tagged;
                match tagged.is_empty() {
                    true => *tagged = written,
                    false => tagged.retain(|l| written.contains(l)),
                }
            }
            None if !in_turn => self.complete_languages(s, &written, location),
            None => {}
        }
        Spoken { kind: SpokenKind::Words { variants: out, in_turn }, location }
    }

    /// Reports the languages of the flow that a text lacks.
    pub fn complete_languages(&mut self, s: &Scope, written: &[LanguageId], at: Location) {
        let missing = self.missing(&s.languages, written);
        if !missing.is_empty() {
            let all = listed(&missing, "and");
            self.error(
                codes::MISSING_LANGUAGE,
                at,
                format!("this is not written in {all}"),
                "a language is missing",
            )
            .add_help(format!("add {all}, which the flow `speaks`"))
            .add_note("a caller who chose that language would hear nothing here");
        }
    }

    /// The pieces of a text and whether a secret is among them. What is `spoken` refuses what cannot be heard.
    pub fn segments(
        &mut self,
        s: &mut Scope,
        literal: &ast::TextLiteral,
        spoken: bool,
    ) -> (Vec<Segment>, bool) {
        if literal.parts.len() > MOST_PIECES {
            let message = format!("this text has more than {MOST_PIECES} pieces and holes");
            self.error(codes::WRITTEN_OUT, s.at(literal.span), message, "too long")
                .add_help("say it in several texts, or less of it");
        }
        let mut out = Vec::with_capacity(literal.parts.len().min(MOST_PIECES));
        let mut secret = false;
        for part in literal.parts.iter().take(MOST_PIECES) {
            match part {
                ast::TextPart::Text(text) => out.push(Segment::Text(text.to_string())),
                ast::TextPart::Hole(hole) => {
                    let value = self.expr(s, &hole.value, None);
                    secret |= self.is_secret(&value);
                    if spoken {
                        self.refuse_secret(&value, "spoken");
                    }
                    out.push(self.hole(s, hole, value, spoken));
                }
            }
        }
        (out, secret)
    }

    fn hole(&mut self, s: &Scope, hole: &ast::Hole, value: hir::Expr, spoken: bool) -> Segment {
        if !hole.plural.is_empty() {
            return self.plural(s, hole, value);
        }
        let reading = match hole.reading {
            None => Reading::Plain,
            Some(name) => match self.name(name.symbol) {
                "digits" => Reading::Digits,
                "ordinal" => Reading::Ordinal,
                "spelled" => Reading::Spelled,
                "date" => Reading::Date,
                "time" => Reading::Time,
                other => {
                    self.error(
                        codes::BAD_READING,
                        s.at(name.span),
                        format!("nothing is read as `{other}`"),
                        "unknown reading",
                    )
                    .add_help("there are `digits`, `ordinal`, `spelled`, `date` and `time`");
                    Reading::Plain
                }
            },
        };
        // What is only written, and not read in a way of its own, has a text whatever it is.
        if spoken || reading != Reading::Plain || !crate::types::writable(&value.ty.kind) {
            self.hole_type(&value, reading);
        }
        Segment::Hole { value, reading }
    }

    fn plural(&mut self, s: &Scope, hole: &ast::Hole, value: hir::Expr) -> Segment {
        let value = match &value.ty.kind {
            TypeKind::Int | TypeKind::Unknown => value,
            _ => {
                let at = value.location;
                let text = crate::types::article(&self.type_text(&value.ty.kind));
                self.error(codes::BAD_READING, at, format!("`plural` counts, but this is {text}"), text);
                value
            }
        };
        let mut forms: Vec<(PluralClass, String)> = Vec::new();
        for (name, text) in &hole.plural {
            let class = match self.name(name.symbol) {
                "zero" => PluralClass::Zero,
                "one" => PluralClass::One,
                "two" => PluralClass::Two,
                "few" => PluralClass::Few,
                "many" => PluralClass::Many,
                "other" => PluralClass::Other,
                word => {
                    self.error(
                        codes::BAD_READING,
                        s.at(name.span),
                        format!("no language has the plural class `{word}`"),
                        "unknown class",
                    )
                    .add_help("there are `zero`, `one`, `two`, `few`, `many` and `other`");
                    continue;
                }
            };
            forms.push((class, text.to_string()));
        }
        if !forms.iter().any(|(c, _)| *c == PluralClass::Other) {
            self.error(
                codes::BAD_READING,
                s.at(hole.span),
                "`plural` needs the form `other`, which every language has",
                "no `other`",
            )
            .add_help("add `other \"…\"`");
        }
        Segment::Plural { value, forms }
    }

    /// Whether a value can be heard, and read in this way.
    fn hole_type(&mut self, value: &hir::Expr, reading: Reading) {
        // The next opening may be open-ended; in speech its absence has a sentence of its own.
        let next_open = matches!(value.kind, hir::ExprKind::Sample(hir::Sample::CalendarNextOpen(_)));
        if !speakable(&value.ty.kind) && !next_open {
            self.unspeakable(value, "a hole speaks");
            return;
        }
        let fits = match reading {
            Reading::Plain | Reading::Spelled => true,
            Reading::Digits => {
                matches!(value.ty.kind, TypeKind::Int | TypeKind::Digits | TypeKind::Phone | TypeKind::Text)
            }
            Reading::Ordinal => value.ty.kind == TypeKind::Int,
            Reading::Date => matches!(value.ty.kind, TypeKind::Date | TypeKind::DateTime),
            Reading::Time => matches!(value.ty.kind, TypeKind::Time | TypeKind::DateTime),
        };
        if !fits && value.ty.kind != TypeKind::Unknown && !next_open {
            let text = crate::types::article(&self.type_text(&value.ty.kind));
            self.error(codes::BAD_READING, value.location, format!("{text} cannot be read so"), text);
        }
    }

    /// A word before a day that is spoken with its own: "on tomorrow".
    fn day_words(&mut self, segments: &[Segment], language: LanguageId, at: Location) {
        let word = match self.program.languages[language].split('-').next() {
            Some("en") => "on",
            Some("es") => "el",
            _ => return,
        };
        for pair in segments.windows(2) {
            let [Segment::Text(before), Segment::Hole { value, reading: Reading::Plain | Reading::Date }] =
                pair
            else {
                continue;
            };
            let is_day = matches!(value.ty.kind, TypeKind::Date | TypeKind::DateTime);
            let last =
                before.split_whitespace().next_back().is_some_and(|last| last.eq_ignore_ascii_case(word));
            if !is_day || !last || !before.ends_with(char::is_whitespace) {
                continue;
            }
            let spoken = if word == "on" { "on tomorrow" } else { "el mañana" };
            self.warning(
                codes::ON_TOMORROW,
                at,
                format!("callers may hear \"{spoken}\": a day that is near is spoken by its name"),
                format!("`{word}` stands before the day"),
            )
            .add_help(format!("leave the `{word}` out: a day is spoken with the words that it needs"));
        }
    }

    /// A value that has no sound.
    pub fn unspeakable(&mut self, value: &hir::Expr, verb: &str) {
        let text = crate::types::article(&self.type_text(&value.ty.kind));
        let help = match value.ty.kind {
            TypeKind::Optional(ref inner) if **inner == TypeKind::Text => "give a default: `{x else \"…\"}`",
            TypeKind::Optional(_) => {
                "choose the words: `say when x is some(v) then \"… {v} …\" otherwise \"…\"`"
            }
            TypeKind::Bool | TypeKind::Enum(_) => "choose the words: `say when x then \"…\" otherwise \"…\"`",
            TypeKind::Record(_) => "speak one of its fields",
            _ => "speak something else",
        };
        self.error(
            codes::UNSPEAKABLE,
            value.location,
            format!("{verb} a value, and {text} has no words"),
            text,
        )
        .add_help(help);
    }

    /// A sound without words.
    pub fn sound(&mut self, s: &Scope, literal: &ast::TextLiteral) -> String {
        self.no_holes(s, literal, "the name of a sound")
    }

    /// A text that must be known when the flow is built.
    pub fn no_holes(&mut self, s: &Scope, literal: &ast::TextLiteral, what: &str) -> String {
        if literal.parts.iter().any(|p| matches!(p, ast::TextPart::Hole(_))) {
            let at = s.at(literal.span);
            self.error(
                codes::NOT_CONSTANT,
                at,
                format!("{what} is fixed when the flow is built"),
                "has a hole",
            );
        }
        plain_text(literal)
    }
}
