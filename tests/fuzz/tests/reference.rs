//! What the reference interpreter is compared on: made programs compile, and what is different is seen.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use flow_bytecode::{VerifiedProgram, verify};
use flow_diagnostics::Severity;
use flow_fuzz::reference::{Compared, compare, compare_call};
use flow_fuzz::{Random, programs};
use flow_project::{Loaded, Memory, load_on};

fn loaded(text: &str) -> Loaded {
    load_on(&Memory::new([("p/main.flow", text)]), "p/main.flow", 20_454).expect("a file in memory")
}

#[test]
fn made_programs_compile_and_reach_far() {
    let cases = std::env::var("FUZZ_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(40);
    let mut errors: BTreeMap<String, usize> = BTreeMap::new();
    let (mut compile, mut effects, mut same) = (0, 0, 0);
    let mut undecided = BTreeMap::<String, usize>::new();
    for case in 0..cases {
        let text = programs::of_chance(&mut Random::new(5, case));
        let loaded = loaded(&text);
        for error in loaded.diagnostics.iter().filter(|it| it.severity == Severity::Error) {
            *errors.entry(format!("{} {}", error.code, error.message)).or_default() += 1;
        }
        let Some(compared) = compare(&loaded, case, 2) else { continue };
        compile += 1;
        for one in compared {
            match one {
                Compared::Same(count) => (same, effects) = (same + 1, effects + count),
                Compared::Undecided(why) => *undecided.entry(why).or_default() += 1,
                Compared::Different(why) => panic!("{text}\n---\n{why}"),
            }
        }
    }
    let told =
        format!("{compile} of {cases} compile; {same} calls, {effects} effects; {undecided:?}; {errors:#?}");
    assert!(compile * 4 > cases * 3, "{told}");
    assert!(effects > 4 * same, "{told}");
    assert!(undecided.values().sum::<usize>() * 10 < same, "{told}");
}

const LINE: &str = r#"
limit tries(key: text) = 3 per 1h
flow line {
    state owed: money = EUR(10)
    state list: list[int] = [3, 1, 2]
    on hangup { mark gone = owed }
    menu main {
        say "Hello."
        visits 2 else -> bye
        again "Once more."
        press 1 for "more" { set owed = owed + EUR(2.50)  mark owed = owed  -> main }
        press 2 for "less" { mark asked  mark big = [n each n in list if n > 1].sum  -> counted(list.length) }
        on no_input, no_match 3 times -> bye
    }
    step counted(n: int) {
        visits 2 else -> bye
        count tries("a") else -> bye
        when n in 2 to 3 and not owed < EUR(5) -> main
        otherwise -> bye
    }
    end bye { say "Goodbye, {owed}." }
}
"#;

/// The same flow with one thing changed: a compiler that did that would be found out.
#[test]
fn what_is_different_is_seen() {
    let changes = [
        ("EUR(2.50)", "EUR(2.51)"),
        ("owed + EUR", "owed - EUR"),
        ("visits 2 else", "visits 3 else"),
        ("3 times", "2 times"),
        ("n > 1", "n >= 1"),
        ("2 to 3", "2..3"),
        ("and not owed", "and owed"),
        ("mark asked  mark big", "mark big"),
        ("list.length", "list.length + 1"),
        ("[3, 1, 2]", "[3, 2, 2]"),
        ("say \"Hello.\"", "announce \"Hello.\""),
        ("Once more.", "Once again."),
        ("mark gone = owed", "mark left = owed"),
        ("Goodbye, {owed}", "Goodbye, {owed + EUR(1)}"),
        ("tries(\"a\")", "tries(\"b\")"),
        ("press 2 for", "press 3 for"),
    ];
    let code = |loaded: &Loaded| {
        let program = loaded.program.as_ref().expect("no mistakes");
        verify(flow_lower::lower(program, &loaded.sources).expect("lowered")).expect("verified")
    };
    let right = loaded(LINE);
    let program = right.program.as_ref().expect("no mistakes");
    let calls = |code: &VerifiedProgram| -> Vec<Compared> {
        (0..200).map(|seed| compare_call(program, code, 0, seed)).collect()
    };
    let fine = calls(&code(&right));
    assert!(fine.iter().all(|it| matches!(it, Compared::Same(_))), "{fine:?}");
    for (from, to) in changes {
        assert!(LINE.contains(from), "{from}");
        let wrong = loaded(&LINE.replacen(from, to, 1));
        let seen = calls(&code(&wrong)).iter().filter(|it| matches!(it, Compared::Different(_))).count();
        assert!(seen > 0, "`{to}` instead of `{from}` is not seen");
    }
}
