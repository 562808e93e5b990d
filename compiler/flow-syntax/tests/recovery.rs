//! A mistake costs the smallest whole thing around it: neighbours stay in the tree.

use flow_diagnostics::{FileId, Interner};
use flow_syntax::ast::{ElementKind, File, Flow, FlowPart, ItemKind, Name};
use flow_syntax::{Parsed, parse};

struct Read {
    parsed: Parsed,
    names: Interner,
}

fn read(text: &str) -> Read {
    let mut names = Interner::default();
    let parsed = parse(FileId(0), text, &mut names);
    Read { parsed, names }
}

impl Read {
    fn name(&self, name: Name) -> &str {
        self.names.name(name.symbol)
    }

    fn file(&self) -> &File {
        &self.parsed.file
    }

    fn flow(&self, wanted: &str) -> &Flow {
        let flows = self.file().items.iter().filter_map(|item| match &item.kind {
            ItemKind::Flow(flow) => Some(&**flow),
            _ => None,
        });
        let mut found: Vec<&Flow> = flows.filter(|flow| self.name(flow.name) == wanted).collect();
        assert_eq!(found.len(), 1, "flows named {wanted}");
        found.remove(0)
    }

    /// `kind name(number of elements)` of each block of a flow.
    fn blocks(&self, flow: &str) -> Vec<String> {
        let parts = self.flow(flow).parts.iter();
        let blocks = parts.filter_map(|part| match part {
            FlowPart::Block(block) => Some(block),
            _ => None,
        });
        blocks
            .map(|block| {
                format!("{} {}({})", self.name(block.kind), self.name(block.name), block.body.elements.len())
            })
            .collect()
    }
}

#[test]
fn everything_is_read_without_a_word() {
    let read = read(include_str!("flows/everything.flow"));
    assert_eq!(read.parsed.diagnostics, []);
    assert_eq!(read.file().items.len(), 41);
    assert!(read.file().items.iter().all(|item| !matches!(item.kind, ItemKind::Broken { .. })));
    assert_eq!(read.file().doc.as_deref().map(|doc| doc.lines().count()), Some(2));
}

#[test]
fn an_unclosed_brace_ends_with_its_flow() {
    let text = "flow a {\n    menu m {\n        press 1 for \"x\" -> bye\n    end bye { say \"Bye.\" }\n\n\
                flow b {\n    end bye { say \"Bye.\" }\n}\n";
    let read = read(text);
    assert_eq!(read.blocks("a"), ["menu m(1)", "end bye(1)"]);
    assert_eq!(read.blocks("b"), ["end bye(1)"]);
    assert_eq!(read.parsed.diagnostics.len(), 2, "one for each brace: {:?}", read.parsed.diagnostics);
}

#[test]
fn a_stray_brace_does_not_end_its_flow() {
    let text = "flow a {\n    menu m {\n        press 1 for \"x\" -> bye\n        }\n    }\n    \
                end bye { say \"Bye.\" }\n}\nflow b { end bye { say \"Bye.\" } }\n";
    let read = read(text);
    assert_eq!(read.blocks("a"), ["menu m(1)", "end bye(1)"]);
    assert_eq!(read.blocks("b"), ["end bye(1)"]);
}

#[test]
fn a_broken_clause_costs_only_itself() {
    let text = "flow a {\n    menu m {\n        say \"Hello.\"\n        press 1 for -> bye\n        \
                press 2 for \"y\" -> bye\n        on no_input -> bye\n    }\n    end bye { say \"Bye.\" }\n}\n";
    let read = read(text);
    assert_eq!(read.blocks("a"), ["menu m(3)", "end bye(1)"]);
    assert_eq!(read.parsed.diagnostics.len(), 1);
    assert_eq!(read.parsed.left_out.len(), 1, "and where it was is known");
}

#[test]
fn a_clause_inside_a_body_costs_only_itself() {
    let text = "flow a {\n    step s {\n        when x { let y =\n            mark z\n            -> bye }\n        \
                otherwise -> bye\n    }\n    end bye { say \"Bye.\" }\n}\n";
    let read = read(text);
    assert_eq!(read.blocks("a"), ["step s(2)", "end bye(1)"]);
    let FlowPart::Block(step) = &read.flow("a").parts[0] else { panic!("a step") };
    let ElementKind::When { go, .. } = &step.body.elements[0].kind else { panic!("a `when`") };
    let flow_syntax::ast::Go::Body(body) = &**go else { panic!("a body") };
    assert_eq!(body.elements.len(), 1, "the exit is there");
}

#[test]
fn a_plain_mistake_is_mended_and_nothing_is_left_out() {
    let text = "flow a {\n    menue m(c: int) {\n        press 1 for \"x\" bye\n        on busy goto bye\n        \
                when c = 1 => bye\n    }\n    end bye { say 'Bye.'; }\n}\nrecord R { a text, b: int }\n";
    let read = read(text);
    assert_eq!(read.blocks("a"), ["menue m(3)", "end bye(1)"]);
    assert_eq!(read.parsed.left_out, []);
    let ItemKind::Record { fields, .. } = &read.file().items[1].kind else { panic!("a record") };
    assert_eq!(fields.len(), 2);
}

#[test]
fn a_broken_item_keeps_its_name_and_its_neighbours() {
    let text = "skill one\nflow broken( {\n    end bye { say \"Bye.\" }\n}\nservice crm {\n}\nskill two\n";
    let read = read(text);
    assert!(matches!(&read.file().items[0].kind, ItemKind::Skill(_)));
    let broken: Vec<&str> = read
        .file()
        .items
        .iter()
        .filter_map(|item| match item.kind {
            ItemKind::Broken { name: Some(name), .. } => Some(read.name(name)),
            _ => None,
        })
        .collect();
    assert!(broken.contains(&"crm"), "{broken:?}");
    assert!(matches!(read.file().items.last().map(|item| &item.kind), Some(ItemKind::Skill(_))));
}

#[test]
fn words_of_the_language_are_names_where_a_name_is_expected() {
    let text = "flow queue(flow: int, press: text) {\n    menu menu {\n        press 1 for \"x\" -> queue(flow)\n    }\n    \
                queue queue(say: int) { join queue.queue  longest 5m  on talked -> end }\n    \
                end end { say \"Bye {press} {flow.say}.\" }\n}\nagent agent at \"sip:a@b\" { skill 1 }\n\
                table table of Row from \"a.csv\"\ncalendar calendar like calendar { }\nskill skill, team\n";
    let read = read(text);
    assert_eq!(read.parsed.diagnostics, []);
    assert_eq!(read.blocks("queue"), ["menu menu(1)", "queue queue(3)", "end end(1)"]);
    assert_eq!(read.file().items.len(), 5);
}

#[test]
fn line_ends_mean_nothing() {
    let text = include_str!("flows/everything.flow");
    // Comments end with their line, so they go; then everything stands on one line.
    let no_comments: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    let one_line = read(&no_comments.join(" "));
    assert_eq!(one_line.parsed.diagnostics, []);
    assert_eq!(one_line.file().items.len(), 41);
    let crlf = read(&text.replace('\n', "\r\n"));
    assert_eq!(crlf.parsed.diagnostics, []);
    assert_eq!(crlf.file().items.len(), 41);
}
