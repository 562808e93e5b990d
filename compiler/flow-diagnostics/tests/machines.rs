//! The formats for machines: what each prints, that it is what it says it is, and that fingerprints hold.

use flow_diagnostics::render::{Format, Options, render};
use flow_diagnostics::{Applicability, Code, Diagnostic, Edit, Fix, SourceFile, SourceMap, Span};
use serde_json::Value;

const MAIN: &str = "flow main {\n    dial sales {\n        say \"Über\" on busy -> voicemial\n    }\n}\n";

/// An error with everything that a diagnostic may have, and a warning, in two files; a third has no problem.
fn findings(main: &str) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let at = main.find("voicemial").expect("it is there") as u32;
    let file = sources.add(SourceFile::new("./src/main flow,50%:.flow", main));
    let shared = sources.add(SourceFile::new("src/shared.flow", "public prompt voicemail = \"…\"\n"));
    sources.add(SourceFile::new("src/quiet.flow", "skill a\n"));
    let place = Span::new(at, at + 9).at(file);
    let unknown =
        Diagnostic::error(Code(101), "no block is named `voicemial` <&>, 100%", place, "unknown: block")
            .with_label(Span::new(14, 23).at(shared), "a prompt with a similar name")
            .with_help("did you mean `voicemail`?")
            .with_note("blocks and prompts have names of their own")
            .with_fix(Fix {
                title: "rename to `voicemail`".to_owned(),
                applicability: Applicability::Safe,
                edits: vec![Edit { location: place, text: "voicemail".to_owned() }],
            });
    let late =
        Diagnostic::warning(Code(901), "`shared` is not used", Span::new(7, 13).at(shared), "not needed");
    (sources, vec![unknown, late])
}

fn drawn(format: Format) -> String {
    let (sources, diagnostics) = findings(MAIN);
    render(format, &sources, &diagnostics, &Options { max: 1, ..Options::default() })
}

fn read(document: &str) -> Value {
    serde_json::from_str(document).expect("one JSON document")
}

#[test]
fn sarif() {
    // Pages are snapshots of their own: here only the shape of the rules.
    let mut document = read(&drawn(Format::Sarif));
    for rule in document["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("rules") {
        for text in ["fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| text.len() > 10), "{rule}");
            rule[text] = Value::String("…".into());
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).expect("JSON"));
}

#[test]
fn sarif_has_what_the_standard_requires_and_links_when_the_book_is_known() {
    let (sources, diagnostics) = findings(MAIN);
    let options = Options { book: Some("https://example.org/book/"), ..Options::default() };
    let document = read(&render(Format::Sarif, &sources, &diagnostics, &options));
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            rule["helpUri"]
                .as_str()
                .is_some_and(|uri| uri.starts_with("https://example.org/book/errors.html#F"))
        );
        assert!(result["message"]["text"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte)), "{uri}");
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
    }
}

#[test]
fn an_absolute_path_is_a_file_uri() {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("/srv/a b.flow", "x"));
    let diagnostic = Diagnostic::error(Code(2), "m", Span::new(0, 1).at(file), "");
    let document = read(&render(Format::Sarif, &sources, &[diagnostic], &Options::default()));
    let artifact = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(artifact.to_string(), r#"{"uri":"file:///srv/a%20b.flow"}"#);
}

#[test]
fn github() {
    insta::assert_snapshot!(drawn(Format::Github));
}

#[test]
fn gitlab() {
    let document = drawn(Format::Gitlab);
    read(&document);
    insta::assert_snapshot!(document);
}

#[test]
fn rdjson() {
    let document = drawn(Format::Rdjson);
    read(&document);
    insta::assert_snapshot!(document);
}

#[test]
fn junit() {
    let document = drawn(Format::Junit);
    well_formed(&document);
    insta::assert_snapshot!(document);
}

#[test]
fn nothing_to_say_is_a_whole_document() {
    let mut sources = SourceMap::default();
    sources.add(SourceFile::new("a.flow", ""));
    let empty = |format| render(format, &sources, &[], &Options::default());
    for format in [Format::Json, Format::Sarif, Format::Gitlab, Format::Rdjson] {
        read(&empty(format));
    }
    assert_eq!(empty(Format::Gitlab), "[]\n");
    assert_eq!(empty(Format::Github), "");
    well_formed(&empty(Format::Junit));
}

/// What a stranger may put into a file's name or text reaches no terminal, breaks no document, and starts no
/// workflow command.
#[test]
fn hostile_names_and_texts_stay_within_their_document() {
    let hostile = "a\u{1b}[2J\u{202E}\u{0}\n::error::gotcha\r\n\"'<>&]]>%0A,:\u{FFFE}\u{FFFF}\u{85}\u{7F}";
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new(hostile, hostile));
    let diagnostic = Diagnostic::error(Code(2), hostile, Span::new(1, 4).at(file), hostile)
        .with_note(hostile)
        .with_help(hostile)
        .with_label(Span::new(0, 900).at(file), hostile)
        .with_fix(Fix {
            title: hostile.to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![Edit { location: Span::new(0, 1).at(file), text: hostile.to_owned() }],
        });
    for (word, format) in Format::ALL {
        let drawn = render(format, &sources, std::slice::from_ref(&diagnostic), &Options::default());
        let obeyed = drawn.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202E}');
        assert_eq!(obeyed, None, "{word}:\n{drawn}");
        match format {
            Format::Json | Format::Sarif | Format::Gitlab | Format::Rdjson => drop(read(&drawn)),
            Format::Junit => well_formed(&drawn),
            Format::Github => assert_eq!(drawn.lines().count(), 1, "{drawn}"),
            Format::Concise => assert_eq!(drawn.lines().count(), 1, "{drawn}"),
            Format::Text => {}
        }
    }
}

fn prints(main: &str) -> Vec<String> {
    let (sources, diagnostics) = findings(main);
    let gitlab = read(&render(Format::Gitlab, &sources, &diagnostics, &Options::default()));
    let list = gitlab.as_array().expect("a list");
    list.iter().map(|finding| finding["fingerprint"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn a_fingerprint_holds_when_lines_move_and_indents_change() {
    let moved = MAIN.replace("        say", "  say").replace("flow main", "// One.\n\n// Two.\nflow main");
    assert_eq!(prints(MAIN), prints(&moved));
    let other = MAIN.replace("on busy", "on no_answer");
    assert_ne!(prints(MAIN)[0], prints(&other)[0]);
}

#[test]
fn the_same_line_twice_has_two_fingerprints() {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("a.flow", "say x\nsay x\n"));
    let found: Vec<Diagnostic> =
        [0, 6].map(|at| Diagnostic::error(Code(102), "m", Span::new(at + 4, at + 5).at(file), "")).into();
    let gitlab = read(&render(Format::Gitlab, &sources, &found, &Options::default()));
    assert_ne!(gitlab[0]["fingerprint"], gitlab[1]["fingerprint"]);
}

/// Enough of XML for what is written: tags that close each other, attributes in quotes, the five entities.
fn well_formed(document: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = document.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("a prolog");
    let mut roots = 0;
    while let Some(start) = rest.find('<') {
        entities(&rest[..start]);
        let (tag, after) = rest[start + 1..].split_once('>').expect("a tag ends");
        match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name), "{document}"),
            (None, Some(tag)) => attributes(tag),
            (None, None) => {
                attributes(tag);
                roots += usize::from(open.is_empty());
                open.push(tag.split(' ').next().expect("a name"));
            }
        }
        rest = after;
    }
    assert!(open.is_empty() && roots == 1 && rest.trim().is_empty(), "{document}");
}

fn attributes(tag: &str) {
    let parts: Vec<&str> = tag.split('"').collect();
    assert!(parts.len() % 2 == 1, "{tag}");
    for (index, part) in parts.iter().enumerate() {
        entities(part);
        assert!(index + 1 == parts.len() || index % 2 == 1 || part.ends_with('='), "{tag}");
    }
}

fn entities(text: &str) {
    assert!(!text.contains(['<', '>', '\u{FFFE}', '\u{FFFF}']), "{text}");
    for after in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|entity| after.starts_with(entity));
        assert!(known, "{text}");
    }
}

/// The published JSON Schema names the fields that are printed, no more and no fewer.
#[test]
fn json_is_what_its_schema_says() {
    let schema = read(include_str!("../../../editors/json/flowc-diagnostics.schema.json"));
    let document = read(&drawn(Format::Json));
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let said = |at: &str| {
        let definition = schema.pointer(at).unwrap_or_else(|| panic!("the schema has no {at}"));
        let mut required: Vec<String> = definition["required"]
            .as_array()
            .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
        required.sort();
        assert_eq!(keys(&definition["properties"]), required, "{at}");
        required
    };
    let diagnostic = &document["diagnostics"][0];
    assert_eq!(keys(&document), said(""));
    assert_eq!(keys(diagnostic), said("/$defs/diagnostic"));
    assert_eq!(keys(&diagnostic["primary"]), said("/$defs/place"));
    assert_eq!(keys(&diagnostic["primary"]["start"]), said("/$defs/point"));
    assert_eq!(keys(&diagnostic["fixes"][0]), said("/$defs/fix"));
    assert_eq!(keys(&diagnostic["fixes"][0]["edits"][0]), said("/$defs/fix/properties/edits/items"));
    assert_eq!(schema["properties"]["schema"]["const"], document["schema"]);
}
