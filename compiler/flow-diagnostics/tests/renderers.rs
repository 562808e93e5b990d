//! What the renderers print, and that they stand every span.

use flow_diagnostics::{
    Applicability, Code, Diagnostic, Edit, FileId, Fix, Format, Options, SourceFile, SourceMap, Span, render,
};

fn two_files() -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let main = "flow main {\n    dial sales {\n        on busy -> voicemial    // é\n    }\n}\n";
    let main = sources.add(SourceFile::new("src/main.flow", main));
    let shared = sources.add(SourceFile::new("src/shared.flow", "public prompt voicemail = \"…\"\n"));
    let use_of = Span::new(48, 57).at(main);
    let unknown = Diagnostic::error(Code(101), "no block is named `voicemial`", use_of, "unknown block")
        .with_label(Span::new(14, 23).at(shared), "a prompt with a similar name")
        .with_help("did you mean `voicemail`?")
        .with_note("blocks, flows and prompts have names of their own, so a block and a prompt may share one without harm")
        .with_fix(Fix {
            title: "rename to `voicemail`".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![Edit { location: use_of, text: "voicemail".to_owned() }],
        });
    let late = Diagnostic::warning(
        Code(901),
        "nothing leads to `sales`",
        Span::new(21, 26).at(main),
        "never reached",
    );
    (sources, vec![unknown.clone(), late, unknown])
}

fn drawn(format: Format, options: Options) -> String {
    let (sources, diagnostics) = two_files();
    render(format, &sources, &diagnostics, &options)
}

#[test]
fn text() {
    insta::assert_snapshot!(drawn(Format::Text, Options::default()));
}

#[test]
fn text_in_ascii_and_narrow() {
    let text = drawn(Format::Text, Options { ascii: true, width: 40, ..Options::default() });
    insta::assert_snapshot!(text);
}

#[test]
fn text_in_colour_is_the_same_text() {
    let colored = drawn(Format::Text, Options { color: true, ..Options::default() });
    assert!(colored.contains("\u{1b}["));
    assert!(!drawn(Format::Text, Options::default()).contains('\u{1b}'));
}

#[test]
fn concise() {
    insta::assert_snapshot!(drawn(Format::Concise, Options::default()));
}

#[test]
fn json() {
    insta::assert_snapshot!(drawn(Format::Json, Options::default()));
}

#[test]
fn only_as_many_as_asked_for() {
    let shown = drawn(Format::Concise, Options { max: 1, ..Options::default() });
    insta::assert_snapshot!(shown, @r"
    src/main.flow:2:10: warning[F0901] nothing leads to `sales`
    and 1 more; `--max 0` shows all
    ");
}

#[test]
fn a_file_without_text_gets_the_line_alone() {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("empty.flow", ""));
    let diagnostic =
        Diagnostic::error(Code(1), "this file is empty", Span::new(0, 0).at(file), "nothing here")
            .with_help("write a flow");
    insta::assert_snapshot!(render(Format::Text, &sources, &[diagnostic], &Options::default()), @r"
    empty.flow:1:1: error[F0001] this file is empty
      nothing here
      Help: write a flow
    ");
}

/// A file of one line of megabytes would be printed whole for each of its problems.
#[test]
fn a_line_that_is_too_long_for_a_picture_is_named_alone() {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("long.flow", "x".repeat(1 << 20)));
    let diagnostic =
        Diagnostic::error(Code(14), "this is nested too deeply", Span::new(700, 701).at(file), "here")
            .with_help("write less");
    insta::assert_snapshot!(render(Format::Text, &sources, &[diagnostic], &Options::default()), @r"
    long.flow:1:701: error[F0014] this is nested too deeply
      here
      Help: write less
    ");
}

#[test]
fn what_a_terminal_would_obey_is_never_printed() {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("a\u{1b}[2J.flow", "say \u{1b}[31m\u{202E}\u{85}\u{9B}é\n"));
    let diagnostic = Diagnostic::error(Code(2), "odd \u{1b}[0m\u{202E}", Span::new(4, 9).at(file), "\u{7}")
        .with_note("\u{9B}");
    for (word, format) in Format::ALL {
        let drawn = render(format, &sources, std::slice::from_ref(&diagnostic), &Options::default());
        let obeyed = drawn.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202E}');
        assert_eq!(obeyed, None, "{word}:\n{drawn}");
    }
}

/// ariadne has had panics on odd spans: every pair of bytes of odd texts is drawn.
#[test]
fn every_span_of_odd_texts_can_be_drawn() {
    let texts = [
        "漢字\nかな\n",
        "e\u{301}a\u{300}\n\u{301}",
        "\u{FEFF}flow a\r\n\r\nb\r",
        "a\u{2028}b\u{2029}c\u{85}d\x0Be\x0Cf",
        "👩‍👩‍👧 é\t\tx\n",
        "\n\n\n",
        "\u{202E}x\u{202C}\u{E0041}",
    ];
    for text in texts {
        let mut sources = SourceMap::default();
        let file = sources.add(SourceFile::new("odd.flow", text));
        let bytes = text.len() as u32;
        for start in 0..=bytes + 1 {
            for end in start..=bytes + 1 {
                let at = Span::new(start, end).at(file);
                let diagnostic = Diagnostic::error(Code(2), "m", at, "here")
                    .with_label(Span::new(bytes - start.min(bytes), bytes).at(file), "there")
                    .with_label(Span::new(0, end.min(bytes)).at(FileId(0)), "");
                let drawn = render(Format::Text, &sources, &[diagnostic], &Options::default());
                assert!(drawn.contains("F0002"), "{start}..{end} of {text:?}:\n{drawn}");
            }
        }
    }
}
