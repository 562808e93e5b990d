//! The question that a menu asks: made of its choices, or written and checked against them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use flow_diagnostics::{Applicability, Location, Span};
use flow_syntax::ast;

use crate::codes;
use crate::context::{Checker, Say, fix};
use crate::flows::FlowContext;
use crate::hir::{Again, Choice, ExprKind, LanguageId, Segment, Spoken, SpokenKind, Words};
use crate::items::plain_text;
use crate::keys::Told;
use crate::sentences::{Sentences, sentences};

/// Keys that a text names, for one language or for languages heard in turn.
type Named = Vec<BTreeSet<String>>;

/// Which of the keys in a text are meant.
type KeysOf = fn(&Sentences, &str) -> Vec<String>;

impl<'a> Checker<'a> {
    /// "For sales, press 1 or say buy.", in each language of the flow.
    pub fn choice_sentence(
        &mut self,
        f: &mut FlowContext<'a>,
        choice: &ast::Choice,
        phrases: &[(LanguageId, Vec<String>)],
    ) -> Option<Spoken> {
        let location = f.scope.at(choice.span);
        let word = choice.label.as_ref().map_or(ast::LabelWord::For, |(word, _)| *word);
        let labels: Vec<(LanguageId, Vec<Segment>)> = match &choice.label {
            Some((_, ast::Label::Text(literal))) => {
                let language = self.untagged(&f.scope, f.scope.at(literal.span));
                vec![(language, self.segments(&mut f.scope, literal, true).0)]
            }
            Some((_, ast::Label::Languages(list))) => {
                let mut out = Vec::new();
                for text in list {
                    let language = self.language_id(text.language.symbol);
                    if !f.scope.languages.contains(&language) {
                        let name = self.name(text.language.symbol);
                        let at = f.scope.at(text.language.span);
                        self.error(
                            codes::OTHER_LANGUAGE,
                            at,
                            format!("this flow does not speak `{name}`"),
                            "not spoken",
                        )
                        .add_help(format!("add `{name}` to the flow's `speaks`"));
                    }
                    out.push((language, self.segments(&mut f.scope, &text.text, true).0));
                }
                let written: Vec<LanguageId> = out.iter().map(|(l, _)| *l).collect();
                self.complete_languages(&f.scope, &written, location);
                out
            }
            Some((_, ast::Label::Prompt { path, arguments })) => {
                return self.prompt_sentence(f, choice, phrases, path, arguments.as_deref());
            }
            None => phrases
                .iter()
                .filter_map(|(l, list)| list.first().map(|p| (*l, vec![Segment::Text(p.as_str().into())])))
                .collect(),
        };
        if labels.is_empty() {
            return None;
        }
        let mut variants = Vec::new();
        for (language, label) in labels {
            let Some(row) = self.row(language, location) else { continue };
            let said = phrases.iter().find(|(l, _)| *l == language).and_then(|(_, list)| list.first());
            let segments = told(row, word, label, choice, said);
            variants.push(Words { language, segments, recording: None });
        }
        Some(Spoken { kind: SpokenKind::Words { variants: variants.into(), in_turn: false }, location })
    }

    /// The label of a choice by language, where it holds no values.
    pub fn label_words(
        &mut self,
        choice: &ast::Choice,
        sentence: Option<&Spoken>,
    ) -> Vec<(LanguageId, String)> {
        let Some(Spoken { kind: SpokenKind::Words { variants, .. }, .. }) = sentence else {
            return Vec::new();
        };
        let fixed = |text: &ast::TextLiteral| {
            text.parts.iter().all(|part| matches!(part, ast::TextPart::Text(_))).then(|| plain_text(text))
        };
        match &choice.label {
            Some((_, ast::Label::Text(text))) => {
                let language = variants.first().map(|words| words.language);
                language.zip(fixed(text)).into_iter().collect()
            }
            Some((_, ast::Label::Languages(list))) => list
                .iter()
                .filter_map(|text| Some((self.language_id(text.language.symbol), fixed(&text.text)?)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn prompt_sentence(
        &mut self,
        f: &mut FlowContext<'a>,
        choice: &ast::Choice,
        phrases: &[(LanguageId, Vec<String>)],
        path: &ast::Path,
        arguments: Option<&ast::Arguments>,
    ) -> Option<Spoken> {
        let at = f.scope.at(path.span);
        let id = self.resolve_as(f.scope.module, path, "prompt", |d| match d {
            crate::names::Def::Prompt(id) => Some(id),
            _ => None,
        })?;
        let label = self.prompt_use(&mut f.scope, id, arguments, at);
        let word = choice.label.as_ref().map_or(ast::LabelWord::For, |(word, _)| *word);
        let mut first = Vec::new();
        let mut last = Vec::new();
        for language in f.scope.languages.clone() {
            let row = self.row(language, at)?;
            let words = |segment| Words { language, segments: [segment].into(), recording: None };
            first.push(words(Segment::Text(before(row, word).trim_end().into())));
            let said = phrases.iter().find(|(l, _)| *l == language).and_then(|(_, list)| list.first());
            last.push(words(after(row, word, choice, said, String::new())));
        }
        let words = |variants: Vec<Words>| Spoken {
            kind: SpokenKind::Words { variants: variants.into(), in_turn: false },
            location: at,
        };
        let kind = SpokenKind::Sequence([words(first), label, words(last)].into());
        Some(Spoken { kind, location: at })
    }

    fn row(&mut self, language: LanguageId, at: Location) -> Option<&'static Sentences> {
        let row = sentences(&self.program.languages[language]);
        if row.is_none() {
            let name = self.program.languages[language].clone();
            self.error(
                codes::NO_SENTENCES,
                at,
                format!("flowc cannot tell a choice in `{name}`"),
                "no sentence in this language",
            )
            .add_help("write the menu's `ask`, and no label here");
        }
        row
    }

    /// The sentence of a choice with phrases, without values: its own, or one made of the first phrase.
    pub fn told_choice(
        &mut self,
        choice: &ast::Choice,
        phrases: &[(LanguageId, Vec<String>)],
        sentence: Option<&Spoken>,
    ) -> Option<Spoken> {
        let sentence = sentence.filter(|_| !phrases.is_empty())?;
        let fixed = |words: &Words| {
            words.segments.iter().all(|s| matches!(s, Segment::Text(_) | Segment::Listening { .. }))
        };
        if matches!(&sentence.kind, SpokenKind::Words { variants, .. } if variants.iter().all(fixed)) {
            return Some(sentence.clone());
        }
        let word = ast::LabelWord::For;
        let each = phrases.iter().filter_map(|(language, list)| {
            let row = sentences(&self.program.languages[*language])?;
            let phrase = list.first()?;
            let label = vec![Segment::Text(phrase.as_str().into())];
            let segments = told(row, word, label, choice, Some(phrase));
            Some(Words { language: *language, segments, recording: None })
        });
        let kind = SpokenKind::Words { variants: each.collect(), in_turn: false };
        Some(Spoken { kind, location: sentence.location })
    }

    /// The whole first question of a block with choices, made of their sentences. `own` says how many of `live`
    /// are the block's; `typed` are the keys of a value, and what ends it.
    pub fn question(
        &mut self,
        ask: Option<Spoken>,
        live: &mut [Told],
        own: usize,
        typed: &str,
        at: Location,
    ) -> Option<Spoken> {
        let Some(ask) = ask else {
            for told in live.iter().filter(|t| t.sentence.is_none() && !t.silently) {
                self.unspoken(told);
            }
            let mut parts: Vec<Spoken> = Vec::with_capacity(live.len());
            parts.extend(live.iter_mut().filter(|t| !t.silently).filter_map(|t| t.sentence.take()));
            if parts.is_empty() {
                // A menu without any choice is reported as such.
                if !live.is_empty() && live.iter().all(|t| t.silently) {
                    self.error(codes::UNSPOKEN_KEY, at, "this menu asks nothing", "the caller hears silence")
                        .add_help("write an `ask`, or give a choice a label");
                }
                return None;
            }
            return Some(Spoken { kind: SpokenKind::Sequence(parts.into()), location: at });
        };
        let named = self.named_keys(&ask);
        self.unbound(&self.pressed_keys(&ask), live, typed, &ask);
        let mut appended = Vec::new();
        for (index, told) in live.iter_mut().enumerate() {
            let keys = &told.choice.keys;
            if told.silently || named.iter().all(|set| set.contains(keys)) {
                continue;
            }
            // A flow's choice stands in every block, so the block's own text need not name it.
            match told.sentence.take().filter(|_| index >= own) {
                Some(sentence) => appended.push(sentence),
                None => self.unspoken(told),
            }
        }
        if appended.is_empty() {
            return Some(ask);
        }
        let location = ask.location;
        appended.insert(0, ask);
        Some(Spoken { kind: SpokenKind::Sequence(appended.into()), location })
    }

    /// A later question need not name each key, but those that it names are bound as well.
    pub fn bound_again(&mut self, again: &[Again], live: &[Told], typed: &str) {
        for again in again {
            let named = self.pressed_keys(&again.spoken);
            self.unbound(&named, live, typed, &again.spoken);
        }
    }

    /// Keys that are told and do nothing here. `typed` is what belongs to the value that is taken, its end included.
    fn unbound(&mut self, named: &Named, live: &[Told], typed: &str, ask: &Spoken) {
        let mut reported = BTreeSet::new();
        for set in named {
            for key in set {
                let bound = live.iter().any(|t| t.choice.keys == *key);
                let ends = matches!(key.as_str(), "#" | "*") && typed.contains(key.as_str());
                let taken = key.chars().all(|k| typed.contains(k)) && !ends;
                if !bound && taken && reported.insert(key.clone()) {
                    self.error(
                        codes::UNBOUND_KEY,
                        ask.location,
                        format!("the caller is told to press {key}, but {key} is part of the value that is typed here"),
                        format!("names {key}"),
                    )
                    .add_help(format!(
                        "take it out of the text: a `press {key}` of the flow does not count here; bind `*` or `#`, \
                         which no value has"
                    ));
                } else if !bound && !ends && reported.insert(key.clone()) {
                    self.unbound_key(key, ask.location);
                }
            }
        }
    }

    /// Keys that something beside the question of a block names, by whatever word, and that do nothing in it.
    pub fn named_besides<'s>(&mut self, spoken: impl IntoIterator<Item = &'s Spoken>, live: &[&Choice]) {
        for spoken in spoken {
            let named: BTreeSet<String> = self.named_keys(spoken).into_iter().flatten().collect();
            for key in named.iter().filter(|key| live.iter().all(|choice| choice.keys != **key)) {
                self.unbound_key(key, spoken.location);
            }
        }
    }

    pub(crate) fn unbound_key(&mut self, key: &str, at: Location) {
        self.error(
            codes::UNBOUND_KEY,
            at,
            format!("the caller is told to press {key}, but no `press {key}` is live here"),
            format!("names {key}"),
        )
        .add_help(format!("add `press {key} … -> BLOCK`, or take it out of the text"))
        .add_note("a caller who presses it would be told that it is wrong");
    }

    /// A key of which the caller never hears.
    pub fn unspoken(&mut self, told: &Told) {
        let keys = &told.choice.keys;
        let message = format!("the caller is never told of the key {keys}");
        let at = told.choice.location;
        let behind = Span::new(at.span.end, at.span.end).at(at.file);
        self.error(codes::UNSPOKEN_KEY, at, message, "bound, but unspoken")
            .add_help(format!(
                "name it in the `ask`, give it a label, `press {keys} for \"…\"`, or say `silently`"
            ))
            .add_fix(fix("say `silently`", Applicability::Unsafe, behind, " silently"));
    }

    /// The keys that a text names, judged language by language; languages in turn are judged together.
    pub fn named_keys(&self, spoken: &Spoken) -> Named {
        self.keys_by(spoken, Sentences::named)
    }

    /// Those of them that a word for pressing tells of. A value may be entered or chosen as well.
    pub fn pressed_keys(&self, spoken: &Spoken) -> Named {
        self.keys_by(spoken, Sentences::mentioned)
    }

    fn keys_by(&self, spoken: &Spoken, keys: KeysOf) -> Named {
        let mut out = Named::new();
        self.gather_keys(spoken, keys, &mut out, 0);
        if out.is_empty() {
            out.push(BTreeSet::new());
        }
        out
    }

    fn gather_keys(&self, spoken: &Spoken, keys: KeysOf, out: &mut Named, depth: usize) {
        if depth > 16 {
            return;
        }
        match &spoken.kind {
            SpokenKind::Words { variants, in_turn } => {
                let mut sets = Vec::new();
                for words in variants {
                    let Some(row) = sentences(&self.program.languages[words.language]) else { continue };
                    let pieces = words.segments.iter().map(|s| match s {
                        Segment::Text(text) | Segment::Listening { heard: text, .. } => Cow::from(&**text),
                        Segment::Hole { value, .. } => match &value.kind {
                            ExprKind::Text(text) => Cow::from(&**text),
                            ExprKind::Int(number) => Cow::from(number.to_string()),
                            _ => Cow::from(" … "),
                        },
                        Segment::Plural(_) => Cow::from(" … "),
                    });
                    let named = match &*words.segments {
                        [Segment::Text(text) | Segment::Listening { heard: text, .. }] => keys(row, text),
                        _ => keys(row, &pieces.collect::<String>()),
                    };
                    sets.push(named.into_iter().collect::<BTreeSet<String>>());
                }
                match in_turn {
                    true => out.push(sets.into_iter().flatten().collect()),
                    false => out.extend(sets),
                }
            }
            SpokenKind::Prompt(id, _) => {
                if let Some(prompt) = self.program.prompts.get(*id) {
                    self.gather_keys(&prompt.spoken, keys, out, depth + 1);
                }
            }
            SpokenKind::When { arms, otherwise } => {
                for (_, spoken) in arms {
                    self.gather_keys(spoken, keys, out, depth + 1);
                }
                self.gather_keys(otherwise, keys, out, depth + 1);
            }
            SpokenKind::Sequence(parts) => {
                let mut whole = BTreeSet::new();
                for part in parts {
                    let mut inner = Named::new();
                    self.gather_keys(part, keys, &mut inner, depth + 1);
                    whole.extend(inner.into_iter().flatten());
                }
                out.push(whole);
            }
            SpokenKind::Sound(_) => {}
        }
    }
}

fn before(row: &Sentences, word: ast::LabelWord) -> &'static str {
    match word {
        ast::LabelWord::For => row.for_label.0,
        ast::LabelWord::To => row.to_label.0,
    }
}

/// A label with what stands before and behind it; texts that touch are one, so that a sentence without holes is one
/// text and can be recorded as such.
fn told(
    row: &Sentences,
    word: ast::LabelWord,
    label: Vec<Segment>,
    choice: &ast::Choice,
    said: Option<&String>,
) -> Box<[Segment]> {
    let mut out = Vec::with_capacity(label.len());
    let mut text = String::with_capacity(120);
    text.push_str(before(row, word));
    for segment in label {
        match segment {
            Segment::Text(more) => text.push_str(&more),
            other => {
                if !text.is_empty() {
                    out.push(Segment::Text(text.as_str().into()));
                }
                text.clear();
                out.push(other);
            }
        }
    }
    out.push(after(row, word, choice, said, text));
    out.into()
}

/// How the sentence of a choice ends, behind what stands before: ", press 1 or say buy."
fn after(
    row: &Sentences,
    word: ast::LabelWord,
    choice: &ast::Choice,
    said: Option<&String>,
    mut text: String,
) -> Segment {
    text.push_str(match word {
        ast::LabelWord::For => row.for_label.1,
        ast::LabelWord::To => row.to_label.1,
    });
    row.key(&choice.key.keys, &mut text);
    match said {
        Some(phrase) => {
            let heard = [&text, row.or_say, phrase, "."].concat();
            text.push('.');
            Segment::Listening { heard: heard.into(), deaf: text.into() }
        }
        None => {
            text.push('.');
            Segment::Text(text.as_str().into())
        }
    }
}
