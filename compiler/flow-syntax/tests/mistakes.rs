//! What a person sees for each mistake in the text: the flow and the report in one snapshot.

use flow_diagnostics::{FileId, Format, Interner, Options, SourceFile, SourceMap, render};

/// The source, and beneath it what is reported.
fn seen(text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("main.flow", text));
    let parsed = flow_syntax::parse(file, text, &mut Interner::default());
    assert_eq!(file, FileId(0));
    assert!(!parsed.diagnostics.is_empty(), "no mistake was found in:\n{text}");
    let report = render(Format::Text, &sources, &parsed.diagnostics, &Options::default());
    format!("{}\n----------------\n{report}", text.trim_end())
}

macro_rules! mistakes {
    ($($name:ident: $text:expr,)*) => { $(
        #[test]
        fn $name() {
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(stringify!($name), seen($text));
            });
        }
    )* };
}

/// A flow with one block of the given inside.
macro_rules! block {
    ($inside:literal) => {
        concat!("flow main {\n    menu choice {\n", $inside, "\n    }\n    end bye { say \"Goodbye.\" }\n}\n")
    };
}

mistakes! {
    // Characters and literals.
    hidden_character: "prompt a = \"Press \u{202E}1\u{202C} now\"\n",
    no_break_space: "edition\u{A0}2026\n",
    strange_character: "flow main {\n    end bye @ { say \"Goodbye.\" }\n}\n",
    unclosed_text: block!("        say \"Welcome.\n        press 1 for \"sales\" -> bye"),
    single_quotes: block!("        say 'Welcome.'"),
    curly_quotes: block!("        say “Welcome.”"),
    lone_quote: block!("        say don't"),
    unknown_escape: block!("        say \"50\\% off\""),
    escape_without_character: block!("        say \"\\u{110000}\""),
    unclosed_hole: block!("        say \"You are number {position.\""),
    empty_hole: block!("        say \"You are number {}.\""),
    hole_with_a_mistake: block!("        say \"You are number {position +}.\""),
    hole_with_two_values: block!("        say \"Hello {first last}.\""),
    hole_in_a_plural_form: block!("        say \"{n plural one \"one trade\" other \"{n} trades\"}\""),
    texts_too_deep: block!("        say \"a {b else \"c {d else \"e {f else \"g {h else \"i {j}\"}\"}\"}\"}\""),
    unit_in_words: block!("        wait 5min"),
    unknown_unit: block!("        wait 5w"),
    fraction_of_a_unit: block!("        wait 1.5h"),
    number_too_large: "const n = 99999999999999999999\n",
    time_too_long: block!("        wait 99999999999d"),
    no_such_date: "calendar office { closed 2026-02-30 }\n",
    date_written_short: "calendar office { closed 2026-3-5 }\n",
    no_such_time: "calendar office { open mon 08:30..25:00 }\n",
    not_a_key: block!("        press \"9a\" for \"sales\" -> bye"),
    letters_outside_ascii: "flow atención { end bye { say \"Adiós.\" } }\n",
    name_in_capitals: "flow Support {\n    end Goodbye { say \"Goodbye.\" }\n}\ninbound \"+15550100\" -> Support\n",
    type_in_small_letters: "record customer_row { id: text }\nconst a = customer_row(id: \"1\")\n",
    semicolon: block!("        say \"Welcome.\";"),
    fat_arrow: block!("        press 1 for \"sales\" => bye"),
    and_sign: block!("        when a && !b -> bye"),
    block_comment: "/* the\n   office */\nskill a\n",

    // Brackets.
    unclosed_brace_before_a_flow: "flow first {\n    menu main {\n        press 1 for \"x\" -> bye\n    end bye { say \"Goodbye.\" }\n}\n\nflow second {\n    end bye { say \"Goodbye.\" }\n}\n",
    unclosed_brace_at_the_end: "flow main {\n    end bye { say \"Goodbye.\" }\n",
    unclosed_parenthesis: block!("        when (a or b -> bye"),
    stray_brace: "flow main {\n    menu choice {\n        press 1 for \"x\" -> bye\n        }\n    }\n    end bye { say \"Goodbye.\" }\n}\n",
    stray_brace_at_the_end: "flow main {\n    end bye { say \"Goodbye.\" }\n}\n}\n",
    wrong_bracket: block!("        when at(bye] -> bye"),

    // Items.
    misspelt_item: "flwo main {\n    end bye { say \"Goodbye.\" }\n}\n",
    block_outside_a_flow: "menu main {\n    press 1 for \"x\" -> bye\n}\n",
    unfinished_item: "setting url\nskill a\n",
    item_without_a_name: "flow {\n    end bye { say \"Goodbye.\" }\n}\n",
    missing_type: "flow main {\n    state verified = false\n    end bye { say \"Goodbye.\" }\n}\n",
    missing_colon: "record Account { id: text, holder text }\n",
    missing_comma: "record Account { id: text holder: text }\n",
    arrow_for_a_result: "fn double(n: int) -> int = n * 2\n",
    calendar_rule_with_one_end: "calendar office {\n    open mon to fri 08:30\n    closed sun\n}\n",
    unknown_calendar_rule: "calendar office {\n    opened mon to fri\n    closed sun\n}\n",
    operation_without_a_limit: "service crm at url {\n    get customer(n: phone): text \"/c/{n}\"\n    get other(): text \"/o\" within 1s\n}\n",
    unknown_step: "test \"a\" {\n    at 2026-03-03T12:00\n    caler presses 1\n    expect ended\n}\n",
    unfinished_step: "test \"a\" {\n    caller presses\n    expect ended\n}\n",
    act_of_another: "test \"a\" {\n    caller declines\n    expect ended\n}\n",

    // Blocks and clauses.
    unknown_kind: "flow main {\n    menue choice {\n        press 1 for \"x\" -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n",
    unknown_kind_far_from_all: "flow main {\n    frobnicate choice { say \"Hello.\" }\n}\n",
    no_kind: "flow main {\n    choice {\n        press 1 for \"x\" -> bye\n    }\n    end bye { say \"Goodbye.\" }\n}\n",
    clause_in_a_flow: "flow main {\n    say \"Welcome.\"\n    end bye { say \"Goodbye.\" }\n}\n",
    block_in_a_block: block!("        menu inner { press 1 for \"x\" -> bye }"),
    no_outcome: block!("        on -> bye"),
    no_arrow: block!("        on busy bye"),
    no_arrow_after_a_label: block!("        press 1 for \"sales\" bye"),
    no_place_to_go: block!("        on busy\n        on failed -> bye"),
    no_label: block!("        press 1 for -> bye"),
    no_key: block!("        press for \"sales\" -> bye"),
    goto: block!("        on busy goto bye"),
    goto_behind_an_arrow: block!("        on busy -> goto bye"),
    if_else: block!("        if late { say \"Late.\" } else { say \"Early.\" }\n        press 1 for \"x\" -> bye"),
    else_as_the_last_arm: block!("        when late -> bye\n        else -> bye"),
    one_equals: block!("        when tier = gold -> bye"),
    two_equals: block!("        set tier == gold\n        -> bye"),
    question_mark: block!("        let a = late ? 1 : 2\n        -> bye"),
    hard_word_for_a_name: block!("        let after = 3\n        -> bye"),
    unknown_clause: block!("        prss 1 for \"x\" -> bye"),
    unknown_clause_far_from_all: block!("        frobnicate 1\n        press 1 for \"x\" -> bye"),
    unfinished_take: block!("        take digits 4\n        on done -> bye"),
    unfinished_let: block!("        let a =\n        -> bye"),
    missing_comma_in_a_call: block!("        send crm.rate(a b)\n        -> bye"),
    when_without_otherwise: "const a = when b then \"c\"\n",
    two_mistakes_in_one_flow: "flow main {\n    menu one {\n        press 1 for -> two\n    }\n    menu two {\n        take digits as\n        press 1 for \"x\" -> one\n    }\n}\n",
    too_deep: &format!("const a = {}1{}\n", "(".repeat(300), ")".repeat(300)),
    hash_comments: "# our skills\nskill technical # and more\n  # indented, with a { and a \"\nskill billing\n",
    hash_after_a_key: block!("        press # for \"the operator\" -> bye # zero is easier"),
    unclosed_text_before_an_arrow: block!("        press 1 for \"sales -> bye"),
    unclosed_text_before_the_end: "flow main {\n    end bye { say \"Goodbye. }\n}\n",
    unclosed_text_with_a_hole: "flow main {\n    end bye { say \"Goodbye, { name } }\n}\n",
}
