//! Tests, properties and budgets: for now only that the flows, agents and people they name exist. What they
//! mean is proved elsewhere, and nothing of them enters the program.

use flow_syntax::ast::{self, ItemKind, StepKind};

use crate::codes;
use crate::context::{Checker, Say};
use crate::names::Def;
use crate::near::nearest;

impl Checker<'_> {
    /// Looks at every such item.
    pub fn properties(&mut self) {
        for source in self.sources.others.clone() {
            match &source.item.kind {
                ItemKind::Always { flow, .. }
                | ItemKind::Never { flow, .. }
                | ItemKind::Budget { flow, .. } => {
                    self.flow_named(source.module, flow);
                }
                ItemKind::Test { steps, .. } => {
                    for step in steps {
                        self.step(source.module, step);
                    }
                }
                _ => {}
            }
        }
    }

    fn flow_named(&mut self, module: usize, path: &ast::Path) {
        self.resolve_as(module, path, "flow", |d| match d {
            Def::Flow(id) => Some(id),
            _ => None,
        });
    }

    fn step(&mut self, module: usize, step: &ast::Step) {
        match &step.kind {
            StepKind::Call { flow, .. } => self.flow_named(module, flow),
            StepKind::GivenSwitch(path) => {
                self.resolve_as(module, path, "switch", |d| match d {
                    Def::Switch(id) => Some(id),
                    _ => None,
                });
            }
            StepKind::GivenAgent { agent, .. } | StepKind::Agent { agent, .. } => {
                self.agent_named(module, *agent)
            }
            StepKind::At(date, time) => {
                let at = step.span.at(self.file(module));
                self.date(at, *date);
                self.time_of_day(at, *time);
            }
            _ => {}
        }
    }

    fn agent_named(&mut self, module: usize, name: ast::Name) {
        if self.has_roster || self.people.agents.contains_key(&name.symbol) {
            return;
        }
        let text = self.name(name.symbol);
        let near: Vec<String> = nearest(text, self.program.agents.iter().map(|a| a.name.as_str()))
            .into_iter()
            .map(String::from)
            .collect();
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let at = name.span.at(self.file(module));
        self.error(codes::UNKNOWN_NAME, at, format!("there is no agent `{text}`"), "unknown agent")
            .suggest(text, &near, at);
    }
}
