//! A text that takes longer to say than callers listen.
//!
//! Measured by its words, at the pace of an announcer: what a call says in one go, its question included, counts
//! together. A shared prompt is measured where it is written.

use flow_diagnostics::{Diagnostic, Location, Span};
use flow_syntax::ast::{ElementKind, ItemKind, Setting, Speech, Spoken, TextLiteral, TextPart, Timely};

use crate::{File, Found, Project, codes, tree};

/// Words that an announcer says in ten seconds: 150 in a minute.
const WORDS_IN_TEN_SECONDS: usize = 25;
/// What a hole is worth: a number, a time or a name.
const WORDS_OF_A_HOLE: usize = 3;
/// From how many on the digits of a number are said one by one.
const SPELLED_DIGITS: usize = 5;
/// Characters of a text that are marked.
const MARKED: usize = 40;

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    for file in project.own_files() {
        for item in &file.ast.items {
            if let ItemKind::Prompt { spoken, .. } = &item.kind {
                report(project, file, &[spoken], found);
            }
        }
        for flow in tree::flows(file) {
            for block in tree::blocks(flow) {
                let mut bodies = Vec::new();
                tree::each_body(&block.body, &mut |body| bodies.push(body));
                for (index, body) in bodies.into_iter().enumerate() {
                    let mut heard: Vec<&Spoken> = tree::speeches(body).collect();
                    // The first is the block's own body: what it asks follows what it says.
                    heard.extend(tree::ask(block).filter(|_| index == 0));
                    report(project, file, &heard, found);
                    for element in &body.elements {
                        match &element.kind {
                            ElementKind::Setting(Setting::Again { spoken, .. }) => {
                                report(project, file, &[spoken], found);
                            }
                            ElementKind::Setting(Setting::Whisper(spoken)) => {
                                report(project, file, &[spoken], found);
                            }
                            ElementKind::Timed(timed) => {
                                if let Timely::Speech(Speech::Say(spoken) | Speech::Announce(spoken)) =
                                    &timed.what
                                {
                                    report(project, file, &[spoken], found);
                                }
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
    }
}

/// Reports what is heard in one go when it is too long.
fn report(project: &Project<'_>, file: &File<'_>, heard: &[&Spoken], found: &mut Found) {
    let most = project.config.prompt_seconds as usize;
    // Nothing has more words than it is long in the file.
    let long: usize = heard.iter().map(|spoken| (spoken.span.end - spoken.span.start) as usize).sum();
    if long * 10 / WORDS_IN_TEN_SECONDS <= most {
        return;
    }
    let words: usize = heard.iter().map(|spoken| words(spoken)).sum();
    let seconds = words * 10 / WORDS_IN_TEN_SECONDS;
    if seconds <= most {
        return;
    }
    let Some(longest) = heard.iter().max_by_key(|spoken| self::words(spoken)) else { return };
    let at = beginning(file, longest.span);
    let mut diagnostic = Diagnostic::warning(
        codes::LONG_PROMPT,
        format!("callers would listen to this for about {seconds} seconds"),
        at,
        format!("{words} words, and {most} seconds are long on a telephone"),
    )
    .with_help("say what most callers need, and offer the rest by key");
    if heard.len() > 1 {
        diagnostic = diagnostic.with_note(format!("{} texts follow each other here", heard.len()));
    }
    found.push(diagnostic);
}

/// The first words of a text: a mark under all of them would be as long as what it complains of.
fn beginning(file: &File<'_>, span: Span) -> Location {
    let text = file.text.get(span.start as usize..span.end as usize).unwrap_or("");
    let shown: usize = text.chars().take(MARKED).map(char::len_utf8).sum();
    Span::new(span.start, span.start + shown as u32).at(file.file)
}

/// Words of the longest version of something spoken.
fn words(spoken: &Spoken) -> usize {
    let versions = tree::texts(spoken).into_iter();
    versions.map(|texts| texts.into_iter().map(words_of_text).sum()).max().unwrap_or(0)
}

fn words_of_text(text: &TextLiteral) -> usize {
    let parts = text.parts.iter().map(|part| match part {
        TextPart::Hole(_) => WORDS_OF_A_HOLE,
        TextPart::Text(text) => text
            .split_whitespace()
            .map(|word| {
                let digits = word.chars().filter(char::is_ascii_digit).count();
                let spoken = word.chars().any(char::is_alphanumeric);
                if digits >= SPELLED_DIGITS { digits } else { usize::from(spoken) }
            })
            .sum(),
    });
    parts.sum()
}
