//! Statements of made programs, and what they say.

use super::types::{Kind, is_speakable};
use super::{Maker, Name};

impl Maker<'_> {
    /// Some statements; what they name is known from then on, until the scope is cut.
    pub(super) fn statements(&mut self, most: usize) -> String {
        let mut out = String::new();
        for _ in 0..self.below(most + 1) {
            let statement = self.statement(2);
            out.push_str("        ");
            out.push_str(&statement);
            out.push('\n');
        }
        out
    }

    /// Statements within another, without exits.
    fn inner(&mut self, depth: u32) -> String {
        let mark = self.scope.len();
        let all: Vec<String> = (0..1 + self.below(2)).map(|_| self.instant(depth)).collect();
        self.scope.truncate(mark);
        all.join("  ")
    }

    fn statement(&mut self, depth: u32) -> String {
        match self.below(12) {
            0..=2 => {
                let (name, kind) = (self.fresh("n"), self.kind(2));
                let value = self.expr(&kind, 3);
                let text = format!("let {name}: {} = {value}", self.type_text(&kind));
                self.scope.push(Name { text: name, kind, is_state: false });
                text
            }
            3 => {
                let (name, kind) = (self.fresh("n"), self.kind_not_optional());
                let option = Kind::Option(Box::new(kind.clone()));
                let value = self.expr(&option, 2);
                if value.starts_with("some(") || value.starts_with("none") {
                    return self.instant(depth);
                }
                let text = format!("let {name}: {} = {value} else {}", self.type_text(&kind), self.way());
                self.scope.push(Name { text: name, kind, is_state: false });
                text
            }
            4 if !self.limits.is_empty() => {
                let (name, kinds) = self.any(|maker| &maker.limits);
                let key = self.exprs(&kinds, 1);
                match self.below(3) {
                    0 => format!("reset {name}({key})"),
                    _ => format!("count {name}({key}) else {}", self.way()),
                }
            }
            5 | 6 if !self.operations.is_empty() => self.request(),
            _ => self.instant(depth),
        }
    }

    /// A request to a service.
    fn request(&mut self) -> String {
        let (name, kinds, result) = self.any(|maker| &maker.operations);
        let arguments = self.exprs(&kinds, 2);
        match result {
            Some(kind) if !self.once_in(4) => {
                let kept = self.fresh("n");
                let answer = match self.below(3) {
                    0 => self.default_for("failed"),
                    1 => format!(" else {}", self.expr(&kind, 1)),
                    _ => format!(" else {}", self.way()),
                };
                self.scope.push(Name { text: kept.clone(), kind, is_state: false });
                format!("let {kept} = {name}({arguments}){answer}")
            }
            _ => match self.below(3) {
                0 => format!("send {name}({arguments})"),
                1 => format!("do {name}({arguments}) else {}", self.way()),
                _ => format!("do {name}({arguments}){}", self.default_for("failed")),
            },
        }
    }

    /// Leaves an outcome to the flow's own arm for it.
    pub(super) fn default_for(&mut self, outcome: &'static str) -> String {
        self.defaults.insert(outcome);
        String::new()
    }

    /// A statement that leads nowhere.
    fn instant(&mut self, depth: u32) -> String {
        let states: Vec<Name> = self.scope.iter().filter(|name| name.is_state).cloned().collect();
        match self.below(9) {
            0 | 1 if !states.is_empty() => {
                let state = states[self.below(states.len())].clone();
                format!("set {} = {}", state.text, self.expr(&state.kind, 3))
            }
            2 | 3 => format!("{} {}", self.one(&["say", "say", "announce"]), self.spoken(2)),
            4 if depth > 0 => {
                let (condition, bound) = self.condition_and(2);
                let body = self.with(bound, |maker| maker.inner(depth - 1));
                format!("if {condition} {{ {body} }}")
            }
            5 if depth > 0 => {
                let kind = self.kind(1);
                let list = self.expr(&Kind::List(Box::new(kind.clone())), 2);
                let name = self.fresh("i");
                let item = vec![Name { text: name.clone(), kind, is_state: false }];
                let body = self.with(item, |maker| maker.inner(depth - 1));
                format!("each {name} in {list} {{ {body} }}")
            }
            6 => "discard".into(),
            _ => {
                let (name, kind) = (self.fresh("m"), self.kind_not_optional());
                format!("mark {name} = {}", self.expr(&kind, 3))
            }
        }
    }

    pub(super) fn speakable_kind(&mut self) -> Kind {
        let kind = self.plain_kind();
        if is_speakable(&kind) { kind } else { Kind::Int }
    }

    /// Something spoken.
    pub(super) fn spoken(&mut self, depth: u32) -> String {
        match self.below(6) {
            0 if !self.prompts.is_empty() => {
                let (name, kinds) = self.any(|maker| &maker.prompts);
                let arguments = self.exprs(&kinds, 2);
                format!("{name}({arguments})")
            }
            1 if depth > 0 && !self.bilingual => {
                let (condition, bound) = self.condition_and(2);
                let then = self.with(bound, |maker| maker.words());
                let otherwise = self.words();
                format!("when {condition} then {then} otherwise {otherwise}")
            }
            _ => self.words(),
        }
    }

    /// Words in each language.
    pub(super) fn words(&mut self) -> String {
        if self.bilingual {
            let (one, other) = (self.sentence(), self.sentence());
            return format!("en {one} es {other}");
        }
        self.sentence()
    }

    fn sentence(&mut self) -> String {
        let mut out = String::from("\"Hear");
        for _ in 0..self.below(3) {
            let fits: Vec<Name> = self.scope.iter().filter(|it| is_speakable(&it.kind)).cloned().collect();
            out.push_str(self.one(&[" this: ", " that, ", " and. So "]));
            match fits.get(self.below(fits.len() + 1)) {
                Some(Name { text, kind: Kind::Int, .. }) if !text.len().is_multiple_of(2) => {
                    out.push_str(&format!("{{{text} plural one \"piece\" other \"pieces\"}}"));
                }
                Some(Name { text, kind: Kind::Digits | Kind::Int, .. }) if self.once_in(3) => {
                    out.push_str(&format!("{{{text} as digits}}"));
                }
                Some(name) => {
                    let text = &name.text;
                    out.push_str(&format!("{{{text}}}"));
                }
                None if self.in_call && self.once_in(3) => out.push_str("until {hours.next_open}"),
                None if self.in_call && self.once_in(3) => out.push_str("{now}"),
                None => out.push_str("nothing"),
            }
        }
        out + ".\""
    }
}
