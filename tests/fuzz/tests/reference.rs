//! What the reference interpreter is compared on: made programs compile, and what is different is seen.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use flow_diagnostics::Severity;
use flow_fuzz::reference::{Compared, compare};
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
