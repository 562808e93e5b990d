//! What is drawn and told of real projects, of hostile texts, and of large ones.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flow_ide::draw::{dot, json, mermaid, svg};
use flow_ide::graph::{Graph, graph};
use flow_ide::tree::{html, markdown, phone_tree};
use flow_project::{Loaded, Memory, load_on};
use proptest::prelude::*;

/// 2026-03-03.
const TODAY: i32 = 20_515;

fn loaded(text: &str) -> Loaded {
    let mut files = Memory::default();
    files.insert("line/main.flow", text);
    let loaded = load_on(&files, "line/main.flow", TODAY).expect("the file is there");
    assert!(loaded.program.is_some(), "{:#?}", loaded.diagnostics);
    loaded
}

fn example(name: &str) -> Loaded {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let mut files = Memory::default();
    for path in ["flow.toml", "src/main.flow"] {
        files.insert(format!("{name}/{path}"), fs::read(root.join(path)).expect("a file of the example"));
    }
    let loaded = load_on(&files, name, TODAY).expect("the project is there");
    assert!(loaded.program.is_some(), "{:#?}", loaded.diagnostics);
    loaded
}

fn graph_of(loaded: &Loaded) -> Graph {
    graph(loaded.program.as_ref().expect("no errors"), &loaded.sources)
}

/// Every form, each held to what its readers need.
fn forms(loaded: &Loaded) -> [(&'static str, String); 6] {
    let graph = graph_of(loaded);
    let page = phone_tree(loaded.program.as_ref().expect("no errors"), &loaded.sources);
    let forms = [
        ("svg", svg(&graph)),
        ("dot", dot(&graph)),
        ("mermaid", mermaid(&graph)),
        ("json", json(&graph)),
        ("html", html(&page)),
        ("markdown", markdown(&page)),
    ];
    links_lead_somewhere(&forms[0].1);
    links_lead_somewhere(forms[4].1.trim_start_matches("<!doctype html>"));
    let again = json(&graph_of(loaded));
    assert_eq!(again, forms[3].1, "equal projects give equal bytes");
    forms
}

/// The text is well-formed XML, its anchors are given once, and every link has one.
fn links_lead_somewhere(text: &str) {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut ids = BTreeSet::new();
    for node in document.descendants() {
        assert_ne!(node.tag_name().name(), "script");
        if let Some(id) = node.attribute("id") {
            assert!(ids.insert(id), "the anchor {id} is given twice");
        }
    }
    for node in document.descendants() {
        if let Some(to) = node.attribute("href") {
            let to = to.strip_prefix('#').expect("links stay within the file");
            assert!(ids.contains(to), "nothing is at #{to}");
        }
    }
}

#[test]
fn the_examples_in_every_form() {
    for name in ["hello", "support"] {
        for (form, text) in forms(&example(name)) {
            insta::assert_snapshot!(format!("{name}_{form}"), text);
        }
    }
}

#[test]
fn every_edge_leads_to_a_node_and_ids_are_given_once() {
    for name in ["hello", "support"] {
        for flow in graph_of(&example(name)).flows {
            let nodes: BTreeSet<&str> = flow.nodes.iter().map(|node| node.id.as_str()).collect();
            assert_eq!(nodes.len(), flow.nodes.len());
            let edges: BTreeSet<&str> = flow.edges.iter().map(|edge| edge.id.as_str()).collect();
            assert_eq!(edges.len(), flow.edges.len());
            for edge in &flow.edges {
                assert!(nodes.contains(edge.from.as_str()) && nodes.contains(edge.to.as_str()), "{edge:?}");
            }
        }
    }
}

fn menu(label: &str, said: &str) -> String {
    format!(
        "inbound \"+15550100\" -> line\nflow line {{\n    on no_input, no_match 2 times -> bye\n\
         menu main {{\n say \"{said}\"\n press 1 for \"{label}\" -> bye\n press 2 for \"more\" -> main }}\n\
         end bye {{ say \"Goodbye.\" }}\n}}\n"
    )
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = "</svg><script>alert(1)</script>]] | ``` & ' #quot; --> \\n *b* [x](y) <!-- ";
    let source = menu(&hostile.replace('\\', "\\\\"), &hostile.replace('\\', "\\\\"));
    for (form, text) in forms(&loaded(&source)) {
        match form {
            "svg" | "html" => assert!(!text.contains("<script") && text.contains("&lt;script&gt;"), "{text}"),
            "markdown" => assert!(!text.contains("<script") && text.contains("\\[x\\](y)"), "{text}"),
            "mermaid" => assert!(!text.contains("<script") && !text.contains("]]"), "{text}"),
            "dot" => assert!(text.contains("\\\\n"), "{text}"),
            _ => {
                let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(value["schema"], 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_the_drawings_hold(text in "[^\"\\\\{}\\p{C}\\p{Z}]{1,40}") {
        let mut files = Memory::default();
        files.insert("line/main.flow", menu(&text, &text));
        let read = load_on(&files, "line/main.flow", TODAY).expect("the file is there");
        if read.program.is_some() {
            forms(&read);
        }
    }
}

/// A flow of menus, each leading on, back, and far away.
fn large(blocks: usize) -> String {
    let mut text = String::from(
        "inbound \"+15550100\" -> line\nflow line {\n    on no_input, no_match 2 times -> bye\n",
    );
    for block in 0..blocks {
        let next = |by: usize| match block + by {
            next if next < blocks => format!("m{next}"),
            _ => "bye".to_owned(),
        };
        text.push_str(&format!(
            "    menu m{block} {{\n press 1 for \"on\" -> {}\n press 2 for \"far\" -> {}\n \
             press 3 for \"back\" -> m{}\n press 4 for \"out\" -> bye }}\n",
            next(1),
            next(7),
            block / 2,
        ));
    }
    text.push_str("    end bye { say \"Goodbye.\" }\n}\n");
    text
}

#[test]
fn a_thousand_blocks_are_drawn() {
    let loaded = loaded(&large(1_000));
    for (form, text) in forms(&loaded) {
        assert!(text.len() < 8_000_000, "{form} has {} bytes", text.len());
    }
}

#[test]
fn boxes_do_not_overlap() {
    for text in [
        large(60),
        fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/support/src/main.flow"),
        )
        .expect("the example"),
    ] {
        let drawn = svg(&graph_of(&loaded(&text)));
        let document = roxmltree::Document::parse(&drawn).expect("well-formed");
        let number = |node: &roxmltree::Node<'_, '_>, name| -> i64 {
            node.attribute(name).expect("an attribute").parse().expect("a whole number")
        };
        let boxes: Vec<[i64; 4]> = document
            .descendants()
            .filter(|node| node.attribute("class").is_some_and(|class| class.starts_with("box")))
            .map(|node| ["x", "y", "width", "height"].map(|name| number(&node, name)))
            .collect();
        assert!(boxes.len() > 10);
        let picture = document.root_element();
        let (width, height) = (number(&picture, "width"), number(&picture, "height"));
        for (index, one) in boxes.iter().enumerate() {
            assert!(one[0] + one[2] <= width && one[1] + one[3] <= height, "{one:?} is cut");
            for other in &boxes[..index] {
                let apart = one[0] + one[2] <= other[0]
                    || other[0] + other[2] <= one[0]
                    || one[1] + one[3] <= other[1]
                    || other[1] + other[3] <= one[1];
                assert!(apart, "{one:?} lies on {other:?}");
            }
        }
    }
}
