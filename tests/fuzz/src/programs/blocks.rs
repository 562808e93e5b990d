//! Blocks of made programs: each kind of wait, and ways between them.
//!
//! Every block counts its visits, so that any block may lead to any other; and each leads to the next, so that all
//! can be reached.

use super::Maker;
use super::items::names;
use super::types::{Kind, is_speakable};

impl Maker<'_> {
    /// A way that needs nothing: the end, or what the flow gives.
    pub(super) fn last_way(&mut self) -> String {
        if self.gives.is_empty() || self.once_in(3) {
            return "-> bye".into();
        }
        let given = self.any(|maker| &maker.gives);
        self.gift(&given)
    }

    /// Some way.
    pub(super) fn way(&mut self) -> String {
        match self.below(4) {
            0 => self.last_way(),
            1 if !self.gives.is_empty() => {
                let (name, kinds) = self.any(|maker| &maker.gives);
                let data = self.exprs(&kinds, 2);
                if data.is_empty() { format!("return {name}") } else { format!("return {name}({data})") }
            }
            _ => {
                let index = self.below(self.plans.len());
                self.way_to(index)
            }
        }
    }

    fn way_to(&mut self, index: usize) -> String {
        let Some(plan) = self.plans.get(index).cloned() else { return "-> bye".into() };
        let kinds: Vec<Kind> = plan.params.into_iter().map(|(_, kind)| kind).collect();
        let arguments = self.exprs(&kinds, 2);
        if arguments.is_empty() {
            format!("-> {}", plan.name)
        } else {
            format!("-> {}({arguments})", plan.name)
        }
    }

    /// What an arm does: a way, perhaps with something before it.
    fn go(&mut self, again: bool) -> String {
        if self.once_in(3) {
            let mark = self.scope.len();
            let mut body = self.statements(2).trim().replace('\n', " ");
            let way = if again && self.once_in(2) { "-> again".into() } else { self.way() };
            // Statements that leave with `-> again` are ways to stay, too.
            if again && self.once_in(3) {
                let option = Kind::Option(Box::new(Kind::Int));
                let value = self.expr(&option, 1);
                if !value.starts_with("some(") && !value.starts_with("none") {
                    let name = self.fresh("n");
                    body.push_str(&format!("  let {name} = {value} else -> again"));
                }
            }
            self.scope.truncate(mark);
            return format!("{{ {body}  {way} }}");
        }
        if again && self.once_in(3) { "-> again".into() } else { self.way() }
    }

    pub(super) fn block(&mut self, index: usize) {
        let plan = self.plans[index].clone();
        let mark = self.scope.len();
        self.scope.extend(names(&plan.params, false));
        let next = if index + 1 < self.plans.len() { Some(index + 1) } else { None };
        let kind = self.below(14);
        let word = [
            "step",
            "step",
            "step",
            "menu",
            "collect",
            "queue",
            "dial",
            "voicemail",
            "survey",
            "run",
            "after_hours",
            "route",
            "conference",
            "callback",
        ][kind];
        let word = if word == "run" && self.helpers.is_empty() { "step" } else { word };
        let open = format!("    {word} {}{} {{", plan.name, self.params_text(&plan.params));
        self.line(&open);
        if word != "route" {
            let marks = self.mark_of_state();
            let before = self.statements(4);
            self.out.push_str(&format!("        {marks}\n{before}"));
        }
        // The first block's way out is the end, so that it can be reached.
        let out = if index == 0 { "-> bye".into() } else { self.last_way() };
        let visits = format!("        visits {} else {out}", 1 + self.below(3));
        self.line(&visits);
        let body = match word {
            "menu" => self.menu(next),
            "collect" => self.collect(next),
            "queue" => self.queue(next),
            "dial" => self.dial(next),
            "voicemail" => {
                self.default_for("failed");
                let to = self.expr(&Kind::Text, 1);
                let ways = self.ways(&["recorded", "empty"], next);
                format!("        longest 1m\n        silence 3s\n        deliver to {to}\n{ways}")
            }
            "survey" => self.survey(next),
            "run" => self.run_helper(next),
            "after_hours" => {
                let ways = self.ways(&["open", "closed", "holiday", "storm"], next);
                format!("        calendar hours\n{ways}")
            }
            "route" if self.once_in(2) => {
                let (one, other) = (self.next_way(next), self.way());
                format!("        share 30% {one}\n        share 70% {other}\n")
            }
            "conference" => {
                self.default_for("failed");
                let room = self.expr(&Kind::Text, 1);
                let ways = self.ways(&["left", "ended"], next);
                format!("        room {room}\n        longest 5m\n{ways}")
            }
            "callback" => {
                self.default_for("failed");
                let number = self.expr(&Kind::Phone, 1);
                let why = self.fresh("w");
                let refused = format!("        on refused({why}) {{ mark why = {why}  -> bye }}\n");
                let ways = self.ways(&["booked", "duplicate", "full"], next);
                format!("        number {number}\n        join people\n{refused}{ways}")
            }
            _ => self.decided(next, word == "route"),
        };
        self.out.push_str(&body);
        self.line("    }");
        self.in_queue = false;
        self.scope.truncate(mark);
    }

    fn next_way(&mut self, next: Option<usize>) -> String {
        match next {
            Some(index) => self.way_to(index),
            None if self.gives.is_empty() => "-> bye".into(),
            None => "-> gives_all".into(),
        }
    }

    /// An arm for each outcome; the first leads on.
    fn ways(&mut self, outcomes: &[&str], next: Option<usize>) -> String {
        let mut out = String::new();
        for (index, outcome) in outcomes.iter().enumerate() {
            let way = if index == 0 { self.next_way(next) } else { self.go(false) };
            out.push_str(&format!("        on {outcome} {way}\n"));
        }
        out
    }

    fn decided(&mut self, next: Option<usize>, silently: bool) -> String {
        let mut out = String::new();
        for _ in 0..1 + self.below(2) {
            let (condition, bound) = self.condition_and(2);
            let go = self.with(bound, |maker| if silently { maker.way() } else { maker.go(false) });
            out.push_str(&format!("        when {condition} {go}\n"));
        }
        let way = self.next_way(next);
        out + &format!("        otherwise {way}\n")
    }

    fn label(&mut self) -> &'static str {
        if self.bilingual { "en \"this\" es \"esto\"" } else { "\"this\"" }
    }

    fn choices(&mut self, next: Option<usize>) -> String {
        let label = self.label();
        let first = self.next_way(next);
        let mut out = format!("        press 1 for {label} {first}\n");
        for key in 2..2 + self.below(3) {
            let go = self.go(true);
            // The label is what the key is for, and each key is for something else.
            let label =
                label.replace("this", &format!("thing {key}")).replace("esto", &format!("cosa {key}"));
            out.push_str(&format!("        press {key} for {label} {go}\n"));
        }
        out
    }

    fn menu(&mut self, next: Option<usize>) -> String {
        let again: Vec<String> =
            (0..self.below(3)).map(|_| format!("        again {}\n", self.words())).collect();
        let choices = self.choices(next);
        let own = match self.below(3) {
            0 => {
                let (times, go) = (1 + self.below(3), self.go(false));
                self.default_for("no_match 2 times");
                format!("        on no_input {times} times {go}\n")
            }
            1 => {
                let (times, way) = (1 + self.below(3), self.way());
                format!("        on no_input, no_match {times} times {way}\n")
            }
            _ => self.default_for("no_input 3 times") + &self.default_for("no_match 2 times"),
        };
        let after = if self.once_in(3) {
            format!("        again after no_match {}\n", self.words())
        } else {
            String::new()
        };
        let agains = if self.once_in(2) { again.concat() + &after } else { String::new() };
        format!("{agains}        wait 4s\n{choices}{own}")
    }

    fn collect(&mut self, next: Option<usize>) -> String {
        let value = self.fresh("v");
        let (take, kind) = match self.below(7) {
            0 => ("digits 2 to 6 until #".to_owned(), Kind::Digits),
            1 => ("number 1 to 3 until #".into(), Kind::Int),
            2 => ("date".into(), Kind::Date),
            3 => ("time".into(), Kind::Time),
            4 => ("phone".into(), Kind::Phone),
            5 => ("yes_no".into(), Kind::Bool),
            _ => {
                let plain =
                    self.enums.iter().position(|(_, all)| all.iter().all(|(_, data)| data.is_empty()));
                match plain {
                    Some(id) => (self.enums[id].0.clone(), Kind::Enum(id)),
                    None => ("digits 4".into(), Kind::Digits),
                }
            }
        };
        let ask = self.words();
        self.default_for("no_input 3 times");
        self.default_for("no_match 2 times");
        let known = names(&[(value.clone(), kind.clone())], false);
        let (checks, done) = self.with(known, |maker| {
            let mut checks = String::new();
            for _ in 0..maker.below(3) {
                let (condition, words) = (maker.condition(2), maker.words());
                checks.push_str(&format!("        check {condition} else {words}\n"));
            }
            if maker.once_in(3) && is_speakable(&kind) {
                checks.push_str("        confirm\n");
            }
            if !checks.is_empty() {
                maker.default_for("invalid 3 times");
            }
            (checks, maker.next_way(next))
        });
        format!("        ask {ask}\n        take {take} as {value}\n{checks}        on done {done}\n")
    }

    fn queue(&mut self, next: Option<usize>) -> String {
        self.default_for("failed");
        self.in_queue = true;
        let mut out = String::from("        join people\n        longest 10m\n");
        if self.once_in(2) {
            out.push_str(&format!("        priority {}\n", self.expr(&Kind::Int, 1)));
        }
        let words = if self.bilingual {
            "en \"You are {position}.\" es \"Es {position}.\""
        } else {
            "\"You are {position}.\""
        };
        if self.once_in(2) {
            out.push_str(&format!("        every 30s say {words}\n"));
        }
        let label = self.label();
        if self.once_in(2) {
            let go = self.go(true);
            out.push_str(&format!("        after 1m press 5 for {label} {go}\n"));
        }
        if self.once_in(2) {
            out.push_str("        after 5m priority 1\n");
        }
        if self.once_in(2) {
            let go = self.go(true);
            out.push_str(&format!("        press 6 for {label} silently {go}\n"));
        }
        if self.once_in(2) {
            let show = self.expr(&Kind::Text, 2);
            let whisper = self.words();
            out.push_str(&format!("        whisper {whisper}\n        show who: {show}\n"));
        }
        self.in_queue = false;
        if !self.helpers.is_empty() && self.once_in(2) {
            let (name, kinds, _) = self.any(|maker| &maker.helpers);
            let arguments = self.exprs(&kinds, 1);
            out.push_str(&format!("        assist {name}({arguments}) \"Do it\"\n"));
        }
        let (agent, talk) = (self.fresh("w"), self.fresh("w"));
        let talked = [(agent.clone(), Kind::Text), (talk.clone(), Kind::Duration)];
        let way = self.with(names(&talked, false), |maker| maker.next_way(next));
        out.push_str(&format!("        on talked({agent}, {talk}) {way}\n"));
        let rest = self.go(false);
        out + &format!("        on timeout, full, unstaffed {rest}\n")
    }

    fn dial(&mut self, next: Option<usize>) -> String {
        self.default_for("failed");
        let address = self.expr(&Kind::Text, 1);
        let fixed = "\"sip:b@127.0.0.1:5072\"";
        let address = if self.once_in(3) { address } else { fixed.into() };
        let (who, talk) = (self.fresh("w"), self.fresh("w"));
        let talked = [(who.clone(), Kind::Text), (talk.clone(), Kind::Duration)];
        let way = self.with(names(&talked, false), |maker| maker.next_way(next));
        let rest = self.go(false);
        let show = self.expr(&Kind::Int, 2);
        let whisper = if self.bilingual { "en \"Press 1.\" es \"Pulse 1.\"" } else { "\"Press 1.\"" };
        format!(
            "        ring \"sip:a@127.0.0.1:5071\", {address} for 10s\n        accept 1 within 8s\n        \
             whisper {whisper}\n        show what: {show}\n        \
             on talked({who}, {talk}) {way}\n        on busy, no_answer {rest}\n"
        )
    }

    fn survey(&mut self, next: Option<usize>) -> String {
        let count = 1 + self.below(3);
        let mut out = String::new();
        let mut answers = Vec::new();
        for _ in 0..count {
            let (name, words) = (self.fresh("q"), self.words());
            out.push_str(&format!("        question {name} {words} scale 1 to 5\n"));
            answers.push((name, Kind::Option(Box::new(Kind::Int))));
        }
        if self.once_in(2) {
            let go = self.go(true);
            let label = self.label();
            out.push_str(&format!("        press 8 for {label} silently {go}\n"));
        }
        let way = self.with(names(&answers, false), |maker| maker.next_way(next));
        out + &format!("        on done {way}\n")
    }

    fn run_helper(&mut self, next: Option<usize>) -> String {
        let (name, kinds, gives) = self.any(|maker| &maker.helpers);
        let arguments = self.exprs(&kinds, 2);
        let mut out = format!("        flow {name}({arguments})\n");
        for (outcome, data) in gives {
            let bound: Vec<(String, Kind)> = data.into_iter().map(|kind| (self.fresh("r"), kind)).collect();
            let texts: Vec<&str> = bound.iter().map(|(name, _)| name.as_str()).collect();
            let texts = if texts.is_empty() { String::new() } else { format!("({})", texts.join(", ")) };
            let way = self.with(names(&bound, false), |maker| maker.next_way(next));
            out.push_str(&format!("        on {outcome}{texts} {way}\n"));
        }
        out
    }
}
