//! The tree of a few texts, written out.

use flow_diagnostics::{FileId, Interner};

macro_rules! trees {
    ($($name:ident: $text:expr,)*) => { $(
        #[test]
        fn $name() {
            let mut names = Interner::default();
            let parsed = flow_syntax::parse(FileId(0), $text, &mut names);
            assert_eq!(parsed.diagnostics, []);
            let tree = format!("{:#?}", parsed.file.items);
            // A span on one line, and a symbol with its name, are easier to read.
            let mut short = String::new();
            let mut lines = tree.lines();
            while let Some(line) = lines.next() {
                let trimmed = line.trim_end();
                if trimmed.ends_with("Span {") {
                    let mut figure = || lines.next().and_then(|l| l.split(": ").nth(1)).unwrap_or("").trim_end_matches(',').to_owned();
                    let (start, end) = (figure(), figure());
                    lines.next();
                    short.push_str(&format!("{} {start}..{end}\n", trimmed.trim_end_matches(" Span {")));
                } else if trimmed.ends_with("Symbol(") {
                    let number = lines.next().and_then(|l| l.trim().trim_end_matches(',').parse().ok()).unwrap_or(0);
                    lines.next();
                    let name = names.name(flow_diagnostics::Symbol(number));
                    short.push_str(&format!("{} `{name}`\n", trimmed.trim_end_matches(" Symbol(")));
                } else {
                    short.push_str(trimmed);
                    short.push('\n');
                }
            }
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(concat!("tree_", stringify!($name)), format!("{}\n----------------\n{short}", $text));
            });
        }
    )* };
}

trees! {
    menu: "/// Says hello.\nflow a {\n    menu m { press 1 for \"x\" or say \"y\" -> b(1, n: c?.d) }\n}",
    text_with_holes: "prompt p = es \"{n as digits} \\\"{{\" en \"{n plural one \"call\" other \"calls\"}\"",
    precedence: "const a = not b or c and -d + 2 * e.f(1) < 3 else when g then h otherwise i",
    calendar: "calendar c { closed dec 25 as holiday  open mon to wed, fri 08:30..24:00 }",
    take: "flow a { collect c { take secret digits 4 to 6 until # by key or voice as n  check a in 1 to 3 else \"no\" } }",
}
