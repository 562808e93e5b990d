//! Keys that something said tells of, outside of the question: a caller who presses one of them where it does nothing
//! is told that it is wrong. Where choices are offered that is an error; where a value is keyed, or nothing is asked, a
//! number may mean something else, and it is a warning. What `ask` and `again` tell is judged with the choices, in `questions`.

use std::collections::BTreeSet;

use crate::codes;
use crate::context::{Checker, Say as _};
use crate::hir::{Block, BlockBody, Form, Spoken, StatementKind, Wait};

impl Checker<'_> {
    /// What is said in a menu, a queue, a `collect` and an `end` tells of no key that does nothing there. Blocks that
    /// go on by themselves are not asked: a key that is pressed in them counts where they lead.
    pub fn told_keys(&mut self) {
        let flows = std::mem::take(&mut self.program.flows);
        for block in flows.iter().flat_map(|flow| &flow.blocks) {
            let Some(live) = live_keys(block) else { continue };
            let mut said: Vec<&Spoken> = Vec::new();
            // An arm leads elsewhere: only what is said before the wait, and in it, is heard with its keys.
            let before = block.before().iter();
            said.extend(before.filter_map(|statement| match &statement.kind {
                StatementKind::Say(say) => Some(&say.spoken),
                _ => None,
            }));
            if let BlockBody::Wait { wait, .. } = &block.body {
                wait.each_said(&mut |spoken| said.push(spoken));
            }
            for spoken in said {
                let told: BTreeSet<String> = self.named_keys(spoken).into_iter().flatten().collect();
                for key in told.iter().filter(|key| !live.contains(*key)) {
                    if matches!(&block.body, BlockBody::Wait { wait, .. } if !matches!(wait, Wait::Collect(_)))
                    {
                        self.unbound_key(key, spoken.location);
                        continue;
                    }
                    let name = &block.name;
                    self.warning(
                        codes::TOLD_KEY,
                        spoken.location,
                        format!("the caller is told to press {key}, and {key} does nothing in `{name}`"),
                        format!("names {key}"),
                    )
                    .add_help(match block.body {
                        BlockBody::End { .. } => {
                            "no key counts in an `end`: ask in a `menu`, or take it out of the text"
                                .to_owned()
                        }
                        _ => format!("add `press {key} … -> BLOCK`, or take it out of the text"),
                    });
                }
            }
        }
        self.program.flows = flows;
    }
}

/// The keys that do something in a block; `None` where that is not to be told.
fn live_keys(block: &Block) -> Option<BTreeSet<String>> {
    let mut live = BTreeSet::new();
    match &block.body {
        BlockBody::End { .. } => return Some(live),
        BlockBody::Wait { wait, .. } => {
            match wait {
                Wait::Menu(_) | Wait::Queue(_) => {}
                Wait::Collect(collect) => {
                    let money = matches!(collect.form, Form::Money(_)).then_some('*');
                    let typed = ('0'..='9').chain(collect.until).chain(money);
                    live.extend(typed.map(String::from));
                }
                _ => return None,
            }
            wait.each_choice(&mut |choice| {
                live.insert(choice.keys.clone());
            });
        }
        _ => return None,
    }
    Some(live)
}
