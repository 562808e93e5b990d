//! Whatever the bytes: no panic, no hang, and every span on whole characters of the text.

use flow_diagnostics::{Diagnostic, FileId, Format, Interner, Options, SourceFile, SourceMap, Span, render};
use flow_syntax::{Parsed, parse};
use proptest::prelude::*;

fn check(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text, &mut Interner::default());
    let whole = |span: Span| {
        assert!(span.start <= span.end, "{span:?} is backwards in {text:?}");
        let cut = text.get(span.start as usize..span.end as usize);
        assert!(cut.is_some(), "{span:?} cuts a character or leaves the text {text:?}");
    };
    let places = |diagnostic: &Diagnostic| {
        whole(diagnostic.primary.location.span);
        diagnostic.secondary.iter().for_each(|label| whole(label.location.span));
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits);
        edits.for_each(|edit| whole(edit.location.span));
    };
    parsed.diagnostics.iter().for_each(places);
    parsed.comments.iter().for_each(|comment| whole(comment.span));
    parsed.file.items.iter().for_each(|item| whole(item.span));
    parsed.left_out.iter().copied().for_each(whole);
    parsed
}

/// Renders all formats too: they must stand what the parser gives them.
fn check_and_render(text: &str) {
    let parsed = check(text);
    let mut sources = SourceMap::default();
    sources.add(SourceFile::new("main.flow", text));
    for (_, format) in Format::ALL {
        let drawn = render(format, &sources, &parsed.diagnostics, &Options::default());
        assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202E}'));
    }
}

/// Pieces of flows, so that random texts come near real ones.
const PIECES: [&str; 64] = [
    "flow main {",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    "menu choice {",
    "press 1 for ",
    "\"sales\"",
    "-> bye",
    "on busy",
    "\n",
    "\n    ",
    " ",
    ",",
    ":",
    "=",
    "==",
    "when a ",
    "otherwise ",
    "then ",
    "else ",
    "not ",
    "is some(x)",
    "say ",
    "take digits 4 as pin",
    "queue q {",
    "calendar office {",
    "open mon to fri ",
    "08:30..18:00",
    "2026-02-30",
    "{position}",
    "\"{a} b\"",
    "\"{a else \"b\"}\"",
    "\"open",
    "\\",
    "'",
    "“x”",
    ";",
    "=>",
    "// c\n",
    "/// doc\n",
    "//! file\n",
    "/*",
    "é",
    "漢字",
    "\u{301}",
    "\u{202E}",
    "\r\n",
    "\u{FEFF}",
    "\u{2028}",
    "1h30m",
    "5min",
    "30%",
    "test \"t\" {",
    "caller presses 1",
    "expect ended",
    "service s at u {",
    "get a(): text \"/a\" within 1s",
    "record R {",
    "x: text",
    "every 5s ",
    "return done(x)",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text(text in any::<String>()) {
        check_and_render(&text);
    }

    #[test]
    fn anything_like_a_flow(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        check_and_render(&pieces.concat());
    }

    #[test]
    fn a_flow_with_a_hole_in_it(start in 0usize..1000, length in 0usize..60) {
        let whole = include_str!("flows/everything.flow");
        let floor = |mut at: usize| { while !whole.is_char_boundary(at) { at -= 1; } at };
        let start = floor(start * whole.len() / 1000);
        let end = floor((start + length).min(whole.len()));
        check_and_render(&format!("{}{}", &whole[..start], &whole[end..]));
    }
}

/// The deepest and longest things that are cheap to write.
#[test]
fn a_hundred_thousand_of_anything() {
    let many = |piece: &str| piece.repeat(100_000);
    let texts = [
        format!("const a = {}1{}", many("("), many(")")),
        format!("const a = {}", many("(")),
        format!("const a = {}", many("[")),
        format!("flow main {{ step a {{ {} {} }} }}", many("if x { "), many("}")),
        many("{"),
        many("}"),
        many("{\n"),
        format!("{}{}", many(" {\n"), many("}\n")),
        format!("{}{}", many("(\n"), many("}\n")),
        format!("const a = 1{}", many(" + 1")),
        format!("const a = b{}", many(".c")),
        format!("const a = b{}", many("()")),
        format!("const a = {}1", many("not ")),
        format!("const a = {}1", many("- ")),
        format!("const a = 1{}", many(" else 1")),
        format!("const a = {}1", many("when a then b otherwise ")),
        format!("const a = \"{}", many("{")),
        format!("const a = \"{}\"", many("{\"")),
        format!("const a = \"{}\"", many("{ \"")),
        many("\"{\" "),
        format!("const a = \"{}\"", many("{x}")),
        many("flow a { menue b { } } "),
        format!("flow a {{ {} }}", many("menue b { } ")),
        format!("flow a {{ menu b {{ {} }} }}", many("press for 1\n")),
        format!("record R {{ {} }}", many("a b\n")),
        many("flow "),
        many("const A_b = 1\n"),
        many("//\n"),
        many("\u{202E}"),
        many("@\n"),
        many("\u{A0}x\n"),
        many("'"),
        many("2026-"),
        many("/* "),
    ];
    for text in texts {
        check(&text);
    }
}

#[test]
fn what_is_not_utf8_is_said_with_its_line() {
    let refused = flow_syntax::decode(FileId(0), b"edition 2026\nflow caf\xE9 {".to_vec());
    let message = refused.map_err(|diagnostic| diagnostic.message);
    assert_eq!(message, Err("this file is not UTF-8 text: line 2 has the byte 0xE9".to_owned()));
}
