//! Where each prompt of a program is used: the line and block that say it, and what is heard directly before and
//! after, so that whoever records it knows how it has to sound.

use std::collections::{BTreeMap, BTreeSet};

use crate::instruction::{Instruction, Opcode};
use crate::program::{Piece, Program, Template, TemplateVariant};
use crate::prompts::{recording_file, sentence_file, sound_file};
use crate::types::Type;

/// A place that says a prompt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The source file, from the project's folder.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// The flow's name; empty outside of one.
    pub flow: String,
    /// The block's name; empty outside of one.
    pub block: String,
    /// What is heard directly before in the same breath: words, or `{number}` and the like.
    pub before: String,
    /// What is heard directly after.
    pub after: String,
}

/// The places of each prompt, by the prompt's file, in the order of the program.
pub fn uses(program: &Program) -> BTreeMap<String, Vec<Use>> {
    let mut all: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for (at, template) in spoken(program) {
        let (file, line) = match program.source_map.location(at as u32) {
            Some((file, entry)) => (file.to_owned(), entry.line),
            None => (String::new(), 0),
        };
        let (flow, block) = block_of(program, at);
        let Some(template) = program.templates.get(template) else { continue };
        for variant in &template.variants {
            for (index, piece) in variant.pieces.iter().enumerate() {
                // What is said in place of this, or of its neighbours, is not heard together with it.
                let deaf = matches!(piece, Piece::IfNotListening(_));
                let together = |other: &&Piece| match other {
                    Piece::IfListening(_) => !deaf,
                    Piece::IfNotListening(_) => deaf,
                    _ => true,
                };
                let (before, rest) = variant.pieces.split_at(index);
                let before = before.iter().rfind(together);
                let after = rest.iter().skip(1).find(together);
                let neighbour = |piece: Option<&Piece>| {
                    piece.map(|piece| shown(program, template, piece)).unwrap_or_default()
                };
                for prompt in files(program, variant, piece) {
                    let places = all.entry(prompt).or_default();
                    let place = Use {
                        file: file.clone(),
                        line,
                        flow: flow.clone(),
                        block: block.clone(),
                        before: neighbour(before),
                        after: neighbour(after),
                    };
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
            }
        }
    }
    all
}

/// The templates that only make text, which nobody hears.
pub(crate) fn only_written(program: &Program) -> BTreeSet<usize> {
    let spoken: BTreeSet<usize> = spoken(program).map(|(_, template)| template).collect();
    instructions(program)
        .filter(|(_, instruction)| instruction.opcode() == Some(Opcode::Format))
        .map(|(_, instruction)| usize::from(instruction.bx()))
        .filter(|template| !spoken.contains(template))
        .collect()
}

fn instructions(program: &Program) -> impl Iterator<Item = (usize, Instruction)> {
    program.code.iter().map(|word| Instruction(*word)).enumerate()
}

/// Instruction and template of everything that is spoken.
fn spoken(program: &Program) -> impl Iterator<Item = (usize, usize)> {
    instructions(program)
        .filter(|(_, instruction)| instruction.opcode() == Some(Opcode::Speech))
        .map(|(at, instruction)| (at, usize::from(instruction.bx())))
}

/// The flow and the block in which an instruction stands.
fn block_of(program: &Program, at: usize) -> (String, String) {
    let text = |text: u32| program.texts.get(text as usize).cloned().unwrap_or_default();
    let inside = |code: (u32, u32)| (code.0 as usize..code.1 as usize).contains(&at);
    let Some(function) = program.functions.iter().find(|function| inside(function.code)) else {
        return Default::default();
    };
    let first = (function.code.0 as usize).min(at);
    let entered = program.code.get(first..at).unwrap_or_default().iter().rev().map(|word| Instruction(*word));
    let block = entered
        .into_iter()
        .find(|instruction| instruction.opcode() == Some(Opcode::Block))
        .and_then(|instruction| program.blocks.get(usize::from(instruction.bx())));
    (text(function.name), block.map(|block| text(block.name)).unwrap_or_default())
}

/// The files of the prompts of a piece, in each language that it is said in.
fn files(program: &Program, variant: &TemplateVariant, piece: &Piece) -> Vec<String> {
    let text = |text: u32| program.texts.get(text as usize).map(String::as_str).unwrap_or_default();
    let languages: Vec<&str> = match variant.language {
        Some(language) => {
            program.languages.get(usize::from(language)).map(String::as_str).into_iter().collect()
        }
        None => program.languages.iter().map(String::as_str).collect(),
    };
    let mut files = Vec::new();
    for language in languages {
        match piece {
            Piece::Text(of) | Piece::IfListening(of) | Piece::IfNotListening(of) => {
                files.push(sentence_file(language, text(*of)))
            }
            Piece::Plural(_, forms) => {
                files.extend(forms.iter().map(|(_, of)| sentence_file(language, text(*of))));
            }
            Piece::Recording(name, _) => files.push(recording_file(language, text(*name))),
            Piece::Sound(name) => files.push(sound_file(text(*name))),
            Piece::Hole(..) | Piece::Speech(_) => {}
        }
    }
    files
}

/// A piece as its neighbours see it.
fn shown(program: &Program, template: &Template, piece: &Piece) -> String {
    let text = |text: u32| program.texts.get(text as usize).cloned().unwrap_or_default();
    match piece {
        Piece::Text(of) | Piece::Recording(_, of) | Piece::IfListening(of) | Piece::IfNotListening(of) => {
            text(*of)
        }
        Piece::Plural(_, forms) => forms.last().map(|(_, of)| text(*of)).unwrap_or_default(),
        Piece::Sound(name) => format!("[{}]", text(*name)),
        Piece::Speech(_) => "{…}".to_owned(),
        Piece::Hole(index, _) => {
            let ty = template.arguments.get(usize::from(*index));
            let ty = ty.and_then(|ty| program.types.get(usize::from(ty.0)));
            format!("{{{}}}", ty.map_or("…", |ty| name_of(program, ty)))
        }
    }
}

fn name_of(program: &Program, ty: &Type) -> &'static str {
    match ty {
        Type::Int | Type::Decimal => "number",
        Type::Money => "money",
        Type::Text => "text",
        Type::Digits => "digits",
        Type::Phone => "phone",
        Type::Duration => "duration",
        Type::Date => "date",
        Type::Time => "time",
        Type::DateTime => "date and time",
        Type::Option(inner) => match program.types.get(usize::from(inner.0)) {
            Some(Type::DateTime) => "date and time",
            _ => "…",
        },
        Type::List(_) => "list",
        _ => "…",
    }
}
