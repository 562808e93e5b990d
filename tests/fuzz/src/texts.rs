//! Texts that are nearly flows: pieces, lines and blocks of real ones, taken out, doubled, moved and mixed.

use flow_diagnostics::{FileId, Interner};
use flow_syntax::parse_with_layout;

use crate::random::Random;

/// Texts grow no larger than this: a small case says more than a large one, and sooner.
const MOST_BYTES: usize = 24_000;

/// What may stand between two pieces, and should change nothing or be told of.
const ODD: [&str; 40] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    "->",
    "\"",
    "\"\"\"",
    "\\",
    "//",
    "// a comment\n",
    "/// documents\n",
    "/*",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{FEFF}",
    "\u{202E}",
    "\u{2066}",
    "\u{200B}",
    "\u{0430}",
    "é",
    "日本語",
    "\u{1F1E6}\u{1F1FA}",
    "\0",
    "\u{7f}",
    "{{",
    "}}",
    "..",
    "#",
    "*",
    "99999999999999999999999",
    "0.00000000000000000000000000000000001",
    "24:61",
    "2026-02-30",
    "-1",
    "%",
];

/// Words that mean something wherever they stand, and values at the edges.
const WORDS: [&str; 36] = [
    "flow",
    "menu",
    "step",
    "route",
    "when",
    "otherwise",
    "on",
    "let",
    "set",
    "say",
    "use",
    "public",
    "fn",
    "type",
    "enum",
    "if",
    "else",
    "each",
    "in",
    "and",
    "or",
    "not",
    "none",
    "true",
    "9223372036854775807",
    "-9223372036854775808",
    "0",
    "1 s",
    "100000000 days",
    "23:59",
    "2026-02-29",
    "9999-12-31",
    "0001-01-01",
    "100%",
    "1.5 EUR",
    "\"{x}\"",
];

/// A text, and where its pieces are.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The whole text.
    pub text: String,
    pieces: Vec<(usize, usize)>,
    /// Spans from an opening brace's line to its end.
    blocks: Vec<(usize, usize)>,
}

impl Seed {
    /// Cuts a text.
    pub fn new(text: String) -> Self {
        let (pieces, blocks) = cut(&text);
        Self { text, pieces, blocks }
    }
}

/// Bytes of a text, from and to.
type Range = (usize, usize);

/// The nearest end of a character at or before a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn cut(text: &str) -> (Vec<Range>, Vec<Range>) {
    let (_, layout) = parse_with_layout(FileId(0), text, &mut Interner::default());
    let pieces: Vec<(usize, usize)> =
        layout.pieces.iter().map(|it| (it.span.start as usize, it.span.end as usize)).collect();
    let mut open = Vec::new();
    let mut blocks = Vec::new();
    for (start, end) in &pieces {
        match &text[*start..*end] {
            "{" => open.push(text[..*start].rfind('\n').map_or(0, |at| at + 1)),
            "}" => blocks.extend(open.pop().map(|from| (from, *end))),
            _ => {}
        }
    }
    (pieces, blocks)
}

/// The text of a case.
pub fn mutate(seeds: &[Seed], random: &mut Random) -> String {
    if seeds.is_empty() {
        return String::new();
    }
    let seed = &seeds[random.below(seeds.len())];
    let mut text = seed.text.clone();
    // Mostly few changes: what is nearly right is read further than what is plainly wrong.
    let changes = 1 + [0, 0, 1, 2, 4, 12][random.below(6)];
    for change in 0..changes {
        let (pieces, blocks) =
            if change == 0 { (seed.pieces.clone(), seed.blocks.clone()) } else { cut(&text) };
        step(&mut text, &pieces, &blocks, seeds, random);
        shorten(&mut text);
    }
    text
}

fn step(
    text: &mut String,
    pieces: &[(usize, usize)],
    blocks: &[(usize, usize)],
    seeds: &[Seed],
    random: &mut Random,
) {
    let other = &seeds[random.below(seeds.len())];
    let piece = |random: &mut Random| pieces.get(random.below(pieces.len())).copied();
    let foreign = |random: &mut Random| {
        let span = other.pieces.get(random.below(other.pieces.len())).copied();
        span.map_or("", |(start, end)| &other.text[start..end])
    };
    let Some((start, end)) = piece(random) else {
        text.push_str(random.one(&ODD));
        return;
    };
    match random.below(16) {
        0 => text.replace_range(start..end, ""),
        1 => {
            let again = format!(" {}", &text[start..end]);
            text.insert_str(end, &again);
        }
        2 | 3 => {
            let (from, to) = piece(random).unwrap_or((start, end));
            let new = text[from..to].to_owned();
            text.replace_range(start..end, &new);
        }
        4 => text.replace_range(start..end, foreign(random)),
        5 => text.insert_str(start, &format!("{} ", foreign(random))),
        6 => text.replace_range(start..end, random.one(&WORDS)),
        7 => text.insert_str(start, random.one(&ODD)),
        8 => text.replace_range(start..end, random.one(&ODD)),
        9 | 10 => {
            // A block of this or another text, at the place of a block or behind it.
            let here = blocks.get(random.below(blocks.len())).copied();
            let (from, to) = here.unwrap_or((start, end));
            let there = other.blocks.get(random.below(other.blocks.len())).copied();
            let new = there.map_or("", |(from, to)| &other.text[from..to]).to_owned();
            if random.once_in(2) {
                text.replace_range(from..to, &new);
            } else {
                text.insert_str(to, &format!("\n{new}\n"));
            }
        }
        11 => {
            let (from, to) = blocks.get(random.below(blocks.len())).copied().unwrap_or((start, end));
            let again = format!("\n{}\n", &text[from..to]);
            if random.once_in(3) { text.replace_range(from..to, "") } else { text.insert_str(to, &again) }
        }
        12 | 13 => line(text, other, random),
        14 => deepen(text, (start, end), random),
        _ => {
            // Bytes out of the middle, wherever they begin.
            let from = boundary(text, random.below(text.len() + 1));
            let to = boundary(text, (from + 1 + random.below(60)).min(text.len()));
            text.replace_range(from..to, "");
        }
    }
}

/// A line out, doubled, or in from elsewhere.
fn line(text: &mut String, other: &Seed, random: &mut Random) {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = random.below(lines.len());
    let theirs: Vec<&str> = other.text.split_inclusive('\n').collect();
    match random.below(4) {
        0 if !lines.is_empty() => {
            lines.remove(at);
        }
        1 if !lines.is_empty() => lines.insert(at, lines[at]),
        2 if !lines.is_empty() => {
            let to = random.below(lines.len());
            lines.swap(at, to);
        }
        _ if !theirs.is_empty() => lines.insert(at, theirs[random.below(theirs.len())]),
        _ => {}
    }
    *text = lines.concat();
}

/// A piece within many brackets, or behind many operators.
fn deepen(text: &mut String, (start, end): (usize, usize), random: &mut Random) {
    let times = [3, 20, 90, 300, 3_000][random.below(5)];
    let (before, after) =
        [("(", ")"), ("{", "}"), ("[", "]"), ("not ", ""), ("- ", ""), ("", " + 1"), ("", ".x"), ("", "?")]
            [random.below(8)];
    let new = format!("{}{}{}", before.repeat(times), &text[start..end], after.repeat(times));
    text.replace_range(start..end, &new);
}

fn shorten(text: &mut String) {
    text.truncate(boundary(text, MOST_BYTES));
}
