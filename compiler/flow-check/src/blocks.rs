//! One block: its kind, its order, its body. Waits have a builder each in `waits`.

use flow_syntax::ast::{self, ElementKind, Setting};

use crate::codes;
use crate::context::{Checker, Say};
use crate::endings::{Rules, plain};
use crate::flows::{FlowContext, nowhere};
use crate::hir::{self, Block, BlockBody, Statement};
use crate::kinds::{self, Kind, Shape};
use crate::outcomes::OwnArms;

impl<'a> Checker<'a> {
    /// Checks a block of a flow.
    pub fn block(&mut self, f: &mut FlowContext<'a>, index: usize, block: &ast::Block) -> Block {
        let mark = f.scope.names.len();
        let shape = f.block_shapes[index].clone();
        let word = self.name(block.kind.symbol);
        f.scope.in_queue = word == "queue";
        let params = self.declare_params(&mut f.scope, &block.params, &shape, false);
        let location = f.scope.at(block.name.span);
        let visits = self.visits(f, block);
        let may_fail = f.may_fail || self.asks_without_else(f.scope.module, &block.body);
        f.block_may_fail = may_fail;
        f.block_names = f.scope.names.len();
        let (kind, body) = match kinds::kind(word) {
            Some(kind) => (kind.word, self.block_body(f, kind, block)),
            None => {
                // The parser has said that there is no such kind.
                f.lost = true;
                ("step", BlockBody::Act(plain(nowhere(location))))
            }
        };
        let failed = f.block_failed.take();
        f.scope.names.truncate(mark);
        f.scope.in_queue = false;
        Block { name: self.name(block.name.symbol).into(), kind, params, visits, body, failed, location }
    }

    fn visits(&mut self, f: &mut FlowContext<'a>, block: &ast::Block) -> Option<(u32, hir::Exit)> {
        let found = block.body.elements.iter().find_map(|e| match &e.kind {
            ElementKind::Setting(Setting::Visits { count, otherwise }) => Some((count, otherwise)),
            _ => None,
        });
        let (count, otherwise) = found?;
        let exit = self.exit(f, otherwise, false);
        let number = u32::try_from(count.value).ok().filter(|n| (1..=1000).contains(n));
        if number.is_none() {
            let at = f.scope.at(count.span);
            self.error(
                codes::OUT_OF_RANGE,
                at,
                "a block is entered from 1 to 1000 times",
                "not in this range",
            );
        }
        Some((number.unwrap_or(1), exit))
    }

    fn block_body(&mut self, f: &mut FlowContext<'a>, kind: &'static Kind, block: &ast::Block) -> BlockBody {
        let at = f.scope.at(block.body.span);
        let elements = self.fitting(f, kind, block);
        match kind.shape {
            Shape::Act => {
                let inner: Vec<&ast::Element> = elements
                    .into_iter()
                    .filter(|e| {
                        !matches!(e.kind, ElementKind::Setting(Setting::Visits { .. }) | ElementKind::Arm(_))
                    })
                    .collect();
                let rules = Rules { again: false, silent: kind.word == "route" };
                let tail = self.tail(f, &inner, at, rules);
                self.failed_of(f, block);
                BlockBody::Act(tail)
            }
            Shape::End if kind.word == "decline" => self.decline(f, &elements),
            Shape::End => {
                let before = self.before(f, &elements);
                // An `end` without any speech lacks a clause, and was told so.
                if crate::reach::speaks(&before) && !crate::reach::has_words(&before, &self.program) {
                    let name = self.name(block.name.symbol).to_owned();
                    self.silent_end(&name, f.scope.at(block.name.span));
                }
                self.failed_of(f, block);
                BlockBody::End { before }
            }
            _ => self.wait_block(f, kind, block, &elements),
        }
    }

    /// The statements of a block, which are what happens before it waits.
    pub fn before(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Vec<Statement> {
        let mut out = Vec::new();
        for element in elements {
            if let ElementKind::Statement(statement) = &element.kind {
                let at = f.scope.at(element.span);
                out.extend(self.statement(f, statement, at));
            }
        }
        out
    }

    /// Only an `end` that speaks ends a call.
    pub fn silent_end(&mut self, name: &str, at: flow_diagnostics::Location) {
        self.error(codes::SILENT_END, at, format!("`{name}` ends the call without a word"), "silent")
            .add_help("say goodbye in words that are always there: `say \"Goodbye.\"`")
            .add_note("a line that goes dead is what callers complain of most");
    }

    fn decline(&mut self, f: &FlowContext<'a>, elements: &[&ast::Element]) -> BlockBody {
        let code = elements.iter().find_map(|e| match &e.kind {
            ElementKind::Setting(Setting::Int { value, .. }) => Some(*value),
            _ => None,
        });
        let Some(value) = code else { return BlockBody::Decline { code: 480 } };
        match u16::try_from(value.value).ok().filter(|c| (400..=699).contains(c)) {
            Some(code) => BlockBody::Decline { code },
            None => {
                let at = f.scope.at(value.span);
                self.error(
                    codes::OUT_OF_RANGE,
                    at,
                    "a call is refused with a code from 400 to 699",
                    "not one",
                )
                .add_help("486 is busy, 480 is not available, 603 declines for everybody");
                BlockBody::Decline { code: 480 }
            }
        }
    }

    /// The arms that a block writes.
    pub fn own_arms<'e>(&mut self, f: &FlowContext<'a>, elements: &[&'e ast::Element]) -> OwnArms<'e> {
        let mut own = OwnArms::default();
        for element in elements {
            match &element.kind {
                ElementKind::Arm(arm) => own.arms.push(arm),
                ElementKind::Otherwise(go) => own.otherwise = Some((go, f.scope.at(element.span))),
                _ => {}
            }
        }
        own
    }
}
