//! What becomes of a text, by example. Each snapshot shows the text as written and as laid out.
#![allow(clippy::disallowed_methods)]

use flow_format::{Fault, Formatted, WIDTH, format, markdown};

fn formatted(text: &str) -> Formatted {
    format(text).expect("a layout")
}

/// The layout of a text, which is its own layout.
fn layout(text: &str) -> String {
    let once = formatted(text).text;
    assert_eq!(formatted(&once).text, once, "formatted twice");
    once
}

macro_rules! shows {
    ($name:ident, $text:expr) => {
        #[test]
        fn $name() {
            let text = $text;
            insta::assert_snapshot!(format!("{text}\n--------\n{}", layout(text)));
        }
    };
}

#[test]
fn every_form_has_its_layout() {
    let forms = include_str!("forms.flow");
    let formatted = formatted(forms);
    assert_eq!(formatted.left_alone, 0, "a form is not read");
    assert_eq!(formatted.text, forms);
    assert!(forms.lines().all(|line| line.chars().count() <= WIDTH));
}

shows!(
    all_on_one_line,
    "flow line { on no_input -> bye menu main { say \"Hello.\" press 1 for \"us\" -> bye press 2 for \"them\" { set a = 1 -> bye } } end bye { say \"Bye.\" } }"
);

shows!(
    all_in_words,
    "flow\nline\n{\nmenu\nmain {\npress\n1\nfor\n\"sales\"\n->\nsales\npress 22 for\n\"billing\"->billing\non no_input\n->bye otherwise->bye }\nend bye\n{\nsay\n\"Bye.\"\n}\n\n\n\n}\nswitch\nfrost"
);

shows!(
    a_blocks_clauses_have_an_order,
    "flow line {\n    queue wait {\n        on talked -> bye\n        // who waits\n        join help  // all of them\n\n        /// said first\n        say \"Hold.\"\n        otherwise -> bye\n        longest 5m\n    }\n}\n\nqueue help { pick longest_idle  agents }\n"
);

shows!(
    nothing_is_moved_over_an_exit,
    "flow line {\n    greet a {\n        longest 5m\n        -> bye\n        say \"Never said.\"\n    }\n}\n"
);

shows!(
    no_statement_is_moved_over_a_decision,
    "flow line {\n    step a {\n        when n > 0 -> bye\n        set n = 1\n        -> b\n    }\n}\n"
);

shows!(
    comments_keep_their_places,
    "//! The file.\n\n// About nothing.\n\n\n// Before the flow.\n/// Of the flow.\nflow line { // behind the brace\n  // first of all\n\n  menu main { // a menu\n    // before the choice\n    press 1 for \"x\" // the key\n      -> y // the place\n    on no_input, // one\n       no_match  // two\n       -> z // three\n    // last\n  } // behind the menu\n  // at the end\n} // behind the flow\n// the end\n"
);

shows!(
    remarks_stay_in_a_column,
    "flow line {\n    step a {\n        let number = caller.number else -> b // withheld\n        set c = d // short\n        do e\n        mark f // far\n\n        mark g // alone\n        -> h // out\n    }\n}\n"
);

shows!(
    comments_in_lists,
    "record A {\n    one: text // first\n    , two: text, // second\n    // before the third\n    three: list[text] // third\n    // the end\n}\nenum B { // all of them\n  c, d }\nagent ana at \"sip:a@b\" {\n    // none yet\n}\n"
);

shows!(
    blank_lines,
    "\n\n\nswitch a\nswitch b\n\n\n\nswitch c\nflow f {\n\n\n    state x: int = 1\n\n\n\n    // about the end\n\n    end bye {\n\n        say \"Bye.\"\n\n    }\n\n}\nswitch d\n\n\n"
);

shows!(
    long_clauses_are_broken_where_their_parts_are_largest,
    concat!(
        "flow line(parameter_one: text, parameter_two: list[text], parameter_three: map[text, int], parameter_four: int) gives verified(member: digits), locked {\n",
        "    queue wait {\n",
        "        let name = when customer is some(c) then \"{c.name}, whom we know\" when other is some(o) then o.name otherwise \"somebody\"\n",
        "        let order = orders.by_number_and_name(number: caller.number, name: caller.name, called: called, at: now, again: true) else -> main\n",
        "        whisper es \"Una llamada de alguien a quien no conocemos de nada\" en \"A call from somebody whom we do not know at all\"\n",
        "        show customer: customer?.name else \"nobody\", tier: customer?.tier, verified: verified, waiting: wait, place: position, calls: calls\n",
        "        ring \"sip:anna@somewhere.example\", \"sip:benedict@somewhere.example\", \"sip:christopher@somewhere.example\" for 20s\n",
        "        press 1 for \"the very long name of a choice that nobody would listen to\" or say \"the\", \"very\", \"long\", \"name\" -> somewhere_else\n",
        "        on talked, timeout, full, unstaffed, failed, something_else_that_is_long, and_yet_another_thing_that_is_long -> main\n",
        "        when customer is some(c) and c.tier is platinum and c.since < 2020-01-01 or verified and calls > 1000 and not blocked(c) -> main\n",
        "        otherwise { say \"A text that is so long that the body does not fit on the line any more, whatever one does.\"  -> main }\n",
        "    }\n",
        "    end bye { say \"A goodbye that is far too long to stand on one line with its block, and so the block is opened up.\" }\n",
        "}\n",
        "skill accounting, administration, advertising, agriculture, archaeology, architecture, arithmetic, astronomy, astrophysics\n",
    )
);

shows!(
    a_body_below_a_long_head,
    concat!(
        "flow line(parameter_one: text, parameter_two: list[text], parameter_three: int) gives verified(member: digits), locked {\n",
        "    route a {\n",
        "        when customer is some(c) and c.tier is platinum and c.since < 2020-01-01 or verified and calls > 1000 and not blocked(c) {\n",
        "            -> b }\n",
        "        otherwise // because\n { -> c }\n",
        "    }\n",
        "}\n",
    )
);

shows!(
    what_cannot_be_broken_is_not,
    concat!(
        "prompt long = \"A sentence of more than one hundred and twenty characters, which is a lot to listen to when all one wants is to be called back.\"\n",
        "const address = \"https://a.very.long.host.example/with/a/very/long/path/that/goes/on/and/on/and/on/until/it/is/more/than/wide/enough\"\n",
    )
);

shows!(
    languages_stay_in_lines,
    "prompt a =\n  es \"Hola.\" en \"Hello.\"\nprompt b = es \"Hola.\" en \"Hello.\"\nfn c(t: time): text = when t < 12:00 then \"a\"\n  otherwise \"b\"\nfn d(t: time): text = when t < 12:00 then \"a\" otherwise \"b\"\n"
);

shows!(
    blanks_around_signs,
    "const a=-1+ -b*(c-d)-e.f ?. g(h,-i,[1,2 , 3],[\"x\":- 1])\nconst b = not(c)and(d or e)\nconst c = x in 1..2 and y in(a)to(b)\nfn d( a:list [ text ]? , b : map[text,int], ):int=a %b\n"
);

shows!(
    arrows_far_apart,
    "flow line {\n    press 0 for \"the operator\" or say \"operator\", \"agent\" -> operator\n    press * silently -> again\n    menu m {\n        on talked -> a\n        on full, unstaffed, timeout, failed -> b\n        press 1 for \"x\" -> c\n        press 2 for \"something that is rather longer than the other\" -> d\n    }\n}\n"
);

shows!(
    broken_items_are_left_alone,
    "switch   a\n  flow   broken  {  // as it was\n       menu   {  ;\n  }   // and here\n\n\n// about b\nswitch    b   \n"
);

shows!(debris_between_items, "switch   a\n/* not a comment\n here */  switch   b\nswitch    c\n ;; \n");

shows!(
    an_unclosed_brace,
    "switch   a\nflow   f   {\n  end   bye { say   \"x\"\n\nflow   g   { end  bye {say \"y\"} }\n"
);

#[test]
fn nothing_becomes_nothing() {
    for text in ["", "\n\n", "  \r\n", "\u{FEFF}"] {
        assert_eq!(formatted(text), Formatted { text: String::new(), left_alone: 0 });
    }
    assert_eq!(formatted("// only a comment").text, "// only a comment\n");
    assert_eq!(formatted("\u{FEFF}//! From another editor.\r\n").text, "//! From another editor.\n");
}

#[test]
fn what_is_too_large_is_refused() {
    let text = " ".repeat(flow_syntax::MAX_BYTES + 1);
    assert_eq!(format(&text), Err(Fault::TooLarge));
}

#[test]
fn a_large_file_takes_its_time_and_no_more() {
    let block = "    menu main { press 1 for \"x\" -> y on no_input -> z }\n".repeat(2_000);
    let flow = layout(&format!("flow line {{\n{block}}}\n"));
    assert_eq!(flow.lines().count(), 2_002);
    let list = "\"sip:a@b.example\", ".repeat(20_000);
    let ring = layout(&format!("flow line {{ dial a {{ ring {list}\"sip:c@d.example\" for 5s }} }}"));
    assert_eq!(ring.lines().filter(|line| line.contains("sip:")).count(), 20_001);
    // What the reader refuses, because no tree should be that deep, is left alone.
    let sum = format!("const a = {}1\n", "1 + ".repeat(20_000));
    assert_eq!(formatted(&sum), Formatted { text: sum.clone(), left_alone: 1 });
    let brackets = format!("const a = {}1{}\n", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(formatted(&brackets), Formatted { text: brackets.clone(), left_alone: 1 });
    let deep = format!("const a = {}1{}\n", "(".repeat(200), ")".repeat(200));
    assert_eq!(layout(&deep).lines().count(), 401);
}

#[test]
fn flows_in_pages_are_laid_out() {
    let page = "# Page\n\n```flow\nswitch   a\n```\n\n```flow,wrong\nswitch   b\n```\n\n```sh\n```flow\nswitch  c\n```\nText.\n```flow\nswitch   d";
    let laid_out = page.replacen("switch   a", "switch a", 1);
    assert_eq!(markdown(page), Ok(Formatted { text: laid_out.clone(), left_alone: 0 }));
    assert_eq!(markdown(&laid_out).map(|page| page.text), Ok(laid_out));
}
