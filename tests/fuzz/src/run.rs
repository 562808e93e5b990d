//! Cases, one after the other, until a bound; what breaks a target is caught, made smaller and handed back.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::time::{Duration, Instant};

use crate::containers;
use crate::corpus;
use crate::programs;
use crate::random::Random;
use crate::shrink::shrink;
use crate::targets::{Input, Target};
use crate::texts::{self, Seed};

/// What one case may take, in any build.
pub const SLOWEST: Duration = Duration::from_secs(5);

/// What cases are made of.
#[derive(Debug)]
pub enum Seeds {
    /// Of flows, and of `flow.toml`.
    Texts {
        /// Flows, whole ones and examples.
        flows: Vec<Seed>,
        /// Manifests of projects.
        manifests: Vec<Seed>,
    },
    /// Of containers.
    Programs(Vec<Vec<u8>>),
}

impl Seeds {
    /// Those of the repository.
    pub fn of(input: Input) -> Self {
        match input {
            Input::Text => Self::Texts { flows: corpus::texts(), manifests: corpus::manifests() },
            Input::Container => Self::Programs(corpus::programs()),
        }
    }

    /// The bytes of a case.
    pub fn case(&self, target: &Target, seed: u64, number: u64) -> Vec<u8> {
        let mut random = Random::new(seed, number);
        match self {
            Self::Programs(seeds) => containers::mutate(seeds, &mut random),
            // A mutated flow seldom compiles; a made one nearly always.
            Self::Texts { .. } if target.name == "reference" && !random.once_in(4) => {
                programs::of_chance(&mut random).into_bytes()
            }
            Self::Texts { flows: seeds, manifests } => {
                let mut text = texts::mutate(seeds, &mut random);
                if target.name == "project" {
                    // A file that it uses perhaps, and a manifest.
                    if random.once_in(2) {
                        text.insert_str(0, "use shared\n");
                    }
                    let (shared, manifest) =
                        (texts::mutate(seeds, &mut random), texts::mutate(manifests, &mut random));
                    text.push_str(&format!("\n=== src/shared.flow\n{shared}\n=== flow.toml\n{manifest}"));
                }
                let mut bytes = text.into_bytes();
                if random.once_in(40) && !bytes.is_empty() {
                    let at = random.below(bytes.len());
                    bytes[at] = random.number() as u8;
                }
                bytes
            }
        }
    }
}

/// A case that broke a target.
#[derive(Debug)]
pub struct Broken {
    /// The number of the case, where it was made.
    pub number: u64,
    /// What the target said.
    pub why: String,
    /// As small as it became.
    pub bytes: Vec<u8>,
}

thread_local! {
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Why a target is not content with some bytes.
pub fn complaint(target: &Target, bytes: &[u8]) -> Option<String> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            SAID.with(|said| match said.borrow_mut().as_mut() {
                Some(said) => *said = info.to_string(),
                None => usual(info),
            });
        }));
    });
    SAID.set(Some(String::new()));
    let began = Instant::now();
    let answer = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(bytes)));
    let took = began.elapsed();
    let said = SAID.take().unwrap_or_default();
    match answer {
        Err(_) => Some(said),
        Ok(()) if took > SLOWEST => Some(format!("it takes {took:?}")),
        Ok(()) => None,
    }
}

/// What a complaint is about, without names and numbers: where it was made, and its words.
pub fn kind_of(why: &str) -> String {
    let mut lines = why.lines();
    let (place, words) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let words: Vec<&str> =
        words.split(' ').filter(|word| word.chars().all(char::is_alphabetic)).take(8).collect();
    format!("{place} {}", words.join(" "))
}

/// Runs cases from a number on until `done` says so.
///
/// # Errors
/// The first case that breaks the target.
pub fn run(
    target: &Target,
    seeds: &Seeds,
    seed: u64,
    from: u64,
    mut done: impl FnMut(u64) -> bool,
) -> Result<u64, Broken> {
    let mut number = from;
    while !done(number) {
        let bytes = seeds.case(target, seed, number);
        if let Some(why) = complaint(target, &bytes) {
            let place = kind_of(&why);
            let same = |bytes: &[u8]| complaint(target, bytes).is_some_and(|why| kind_of(&why) == place);
            let slow = why.starts_with("it takes");
            let bytes = if slow { bytes } else { shrink(bytes, target.input == Input::Text, same) };
            return Err(Broken { number, why, bytes });
        }
        number += 1;
    }
    Ok(number - from)
}
