//! Text to a tree: total, the same each time, and what is said of it points into the text and is harmless.

use flow_diagnostics::render::{Format, Options, render};
use flow_diagnostics::{Applicability, Diagnostic, Edit, FileId, Interner, SourceFile, SourceMap};
use flow_syntax::parse;

/// Any bytes.
pub(super) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parsed = parse(FileId(0), text, &mut Interner::default());
    let again = parse(FileId(0), text, &mut Interner::default());
    assert_eq!(parsed.diagnostics, again.diagnostics, "another answer the second time");
    assert_eq!(parsed.file, again.file, "another tree the second time");
    let mut sources = SourceMap::default();
    sources.add(SourceFile::new("main.flow", text));
    said(&sources, &parsed.diagnostics);
}

/// What every answer keeps to, whoever gave it.
pub(super) fn said(sources: &SourceMap, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
        for label in labels {
            let (file, span) = (sources.file(label.location.file), label.location.span);
            let within = file.text.get(span.start as usize..span.end as usize);
            assert!(
                within.is_some(),
                "{}: {} points out of {}",
                diagnostic.code,
                diagnostic.message,
                file.path
            );
        }
        assert!(!diagnostic.message.is_empty());
        for fix in &diagnostic.fixes {
            assert!(!fix.edits.is_empty(), "{}: the fix `{}` changes nothing", diagnostic.code, fix.title);
            edits(sources, &fix.edits, fix.applicability, &diagnostic.message);
        }
    }
    let look = Options { max: 50, ..Options::default() };
    for (name, format) in Format::ALL {
        for letter in render(format, sources, diagnostics, &look).chars() {
            let raw = letter.is_control() && letter != '\n' && letter != '\t';
            let turns =
                matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
            assert!(!raw && !turns, "{name} prints {letter:?} as it is");
        }
    }
}

/// A fix changes places that are there, each once.
fn edits(sources: &SourceMap, edits: &[Edit], applicability: Applicability, message: &str) {
    let mut places: Vec<_> = edits.iter().map(|edit| edit.location).collect();
    places.sort_unstable();
    for place in &places {
        let text = &sources.file(place.file).text;
        let within = text.get(place.span.start as usize..place.span.end as usize);
        assert!(within.is_some(), "a fix of `{message}` lies outside of the text");
    }
    for pair in places.windows(2) {
        let apart = pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start;
        assert!(apart, "{applicability:?}: edits of one fix overlap: {message}");
    }
}
