//! The items of a made program, and its flows.

use super::types::Kind;
use super::{Maker, Name, Plan};

impl Maker<'_> {
    /// A whole program.
    pub(super) fn program(mut self) -> String {
        self.bilingual = self.once_in(4);
        self.line("edition 2026");
        self.line("timezone \"Europe/Madrid\"");
        self.line("switch lever");
        self.line("calendar hours { open mon to fri 09:00..17:00  closed jan 1 as holiday  closed when lever as storm }");
        self.line("team desk");
        self.line("agent ann at \"sip:ann@127.0.0.1:5071\" in desk { }");
        self.line("queue people { agents in desk }");
        self.line("fn some_digits(n: int): digits = \"0042\"");
        self.line("fn some_phone(n: int): phone = \"+15550123\"");
        self.shapes();
        self.outside();
        self.functions();
        self.prompts();
        for _ in 0..self.below(3) {
            self.helper();
        }
        self.flow("line", Vec::new(), Vec::new());
        self.out
    }

    fn shapes(&mut self) {
        for _ in 0..self.below(3) {
            let name = self.fresh("R");
            let fields = self.fields(1 + 3);
            let text = self.params_text(&fields);
            let line = format!("record {name} {{ {} }}", text.trim_matches(['(', ')']));
            self.line(&line);
            self.records.push((name, fields));
            if self.once_in(2) {
                let name = self.fresh("E");
                let variants: Vec<(String, Vec<(String, Kind)>)> = (0..2 + self.below(3))
                    .map(|_| {
                        let fields = if self.once_in(2) { self.fields(2) } else { Vec::new() };
                        (self.fresh("e"), fields)
                    })
                    .collect();
                let each: Vec<String> =
                    variants.iter().map(|(name, data)| format!("{name}{}", self.params_text(data))).collect();
                let line = format!("enum {name} {{ {} }}", each.join(", "));
                self.line(&line);
                self.enums.push((name, variants));
            }
        }
    }

    fn fields(&mut self, most: usize) -> Vec<(String, Kind)> {
        (0..1 + self.below(most)).map(|_| (self.fresh("f"), self.kind(1))).collect()
    }

    fn outside(&mut self) {
        for _ in 0..self.below(3) {
            let (name, kind) = (self.fresh("s"), self.plain_kind());
            let default = if self.once_in(2) { format!(" = {}", self.literal(&kind)) } else { String::new() };
            let line = format!("setting {name}: {}{default}", self.type_text(&kind));
            self.line(&line);
            self.settings.push((name, kind));
        }
        for _ in 0..self.below(2) {
            let name = self.fresh("l");
            let params: Vec<(String, Kind)> =
                (0..1 + self.below(2)).map(|_| (self.fresh("k"), self.plain_kind())).collect();
            let line = format!("limit {name}{} = 3 per 1h", self.params_text(&params));
            self.line(&line);
            self.limits.push((name, params.into_iter().map(|(_, kind)| kind).collect()));
        }
        let operations = self.below(3);
        if operations == 0 {
            return;
        }
        self.line("service far at \"http://127.0.0.1:9\" {");
        for _ in 0..operations {
            let (name, params) = (self.fresh("ask"), vec![(self.fresh("p"), self.kind(1))]);
            let result = if self.once_in(4) { None } else { Some(self.kind(2)) };
            let gives = result.as_ref().map_or(String::new(), |kind| format!(": {}", self.type_text(kind)));
            let line = format!("    post {name}{}{gives} \"/{name}\" within 2s", self.params_text(&params));
            self.line(&line);
            let params = params.into_iter().map(|(_, kind)| kind).collect();
            self.operations.push((format!("far.{name}"), params, result));
        }
        self.line("}");
    }

    fn functions(&mut self) {
        for _ in 0..self.below(3) {
            let name = self.fresh("fun");
            let params = self.fields(3);
            let result = self.kind(2);
            let known = names(&params, false);
            let body = self.with(known, |maker| maker.expr(&result, 3));
            let line =
                format!("fn {name}{}: {} = {body}", self.params_text(&params), self.type_text(&result));
            self.line(&line);
            self.functions.push((name, params.into_iter().map(|(_, kind)| kind).collect(), result));
        }
    }

    fn prompts(&mut self) {
        for _ in 0..self.below(2) {
            let name = self.fresh("told");
            let kind = self.speakable_kind();
            let params = vec![(self.fresh("v"), kind)];
            let known = names(&params, false);
            let spoken = self.with(known, |maker| maker.words());
            let line = format!("prompt {name}{} = {spoken}", self.params_text(&params));
            self.line(&line);
            self.prompts.push((name, params.into_iter().map(|(_, kind)| kind).collect()));
        }
    }

    /// A flow that others run.
    fn helper(&mut self) {
        let name = self.fresh("help");
        let params: Vec<(String, Kind)> =
            (0..self.below(3)).map(|_| (self.fresh("a"), self.kind(1))).collect();
        let gives: Vec<(String, Vec<Kind>)> = (0..1 + self.below(2))
            .map(|_| (self.fresh("g"), (0..self.below(3)).map(|_| self.kind(1)).collect()))
            .collect();
        self.flow(&name, params.clone(), gives.clone());
        self.helpers.push((name, params.into_iter().map(|(_, kind)| kind).collect(), gives));
    }

    fn flow(&mut self, name: &str, params: Vec<(String, Kind)>, gives: Vec<(String, Vec<Kind>)>) {
        let given = gives.iter().map(|(name, data)| {
            let data: Vec<(String, Kind)> =
                data.iter().enumerate().map(|(at, kind)| (format!("x{at}"), kind.clone())).collect();
            format!("{name}{}", self.params_text(&data))
        });
        let given: Vec<String> = given.collect();
        let given = if given.is_empty() { String::new() } else { format!(" gives {}", given.join(", ")) };
        let line = format!("flow {name}{}{given} {{", self.params_text(&params));
        self.line(&line);
        self.gives = gives;
        if self.bilingual {
            self.line("    speaks en, es");
        }
        let known = names(&params, false);
        self.scope.extend(known);
        let mut states = Vec::new();
        for _ in 0..self.below(4) {
            let (name, kind) = (self.fresh("st"), self.kind(2));
            // Most first values are written; some are worked out, or asked of the world.
            self.in_call = true;
            let first = if self.once_in(4) { self.expr(&kind, 2) } else { self.literal(&kind) };
            let line = format!("    state {name}: {} = {first}", self.type_text(&kind));
            self.line(&line);
            states.push((name, kind));
        }
        self.scope.extend(names(&states, true));
        self.in_call = true;
        let blocks = 1 + self.below(6);
        self.plans = (0..blocks)
            .map(|index| {
                let count = if index == 0 { 0 } else { self.below(3) };
                let params = (0..count).map(|_| (self.fresh("b"), self.kind(1))).collect();
                Plan { name: self.fresh("block"), params }
            })
            .collect();
        self.defaults.clear();
        if self.once_in(2) {
            let mark = self.mark_of_state();
            let line = format!("    on hangup {{ {mark} }}");
            self.line(&line);
        }
        for index in 0..blocks {
            self.block(index);
        }
        for outcome in self.defaults.clone() {
            let way = self.last_way();
            let line = format!("    on {outcome} {way}");
            self.line(&line);
        }
        self.gives_all();
        let bye = if self.bilingual { "en \"Goodbye.\" es \"Adiós.\"" } else { "\"Goodbye.\"" };
        self.line(&format!("    end bye {{ say {bye} }}"));
        self.line("}");
        self.in_call = false;
        self.scope.clear();
    }

    /// The last block of a flow that gives something: everything it may give.
    fn gives_all(&mut self) {
        let all: Vec<String> = self.gives.clone().iter().map(|given| self.gift(given)).collect();
        if let [first, rest @ ..] = all.as_slice() {
            let signs = ["lever", "caller.attested"];
            let arms: Vec<String> =
                rest.iter().zip(signs).map(|(gift, sign)| format!("when {sign} {gift} ")).collect();
            let otherwise = if arms.is_empty() { "" } else { "otherwise " };
            let kind = if arms.is_empty() { "step" } else { "route" };
            let line = format!("    {kind} gives_all {{ {}{otherwise}{first} }}", arms.concat());
            self.line(&line);
        }
    }

    /// A way out with written data.
    pub(super) fn gift(&mut self, (name, kinds): &(String, Vec<Kind>)) -> String {
        let data: Vec<String> = kinds.iter().map(|kind| self.literal(kind)).collect();
        if data.is_empty() { format!("return {name}") } else { format!("return {name}({})", data.join(", ")) }
    }

    /// The state as milestones, so that the trace shows it.
    pub(super) fn mark_of_state(&mut self) -> String {
        let states: Vec<String> =
            self.scope.iter().filter(|name| name.is_state).map(|name| name.text.clone()).collect();
        let marks: Vec<String> = states.iter().map(|name| format!("mark {name} = text({name})")).collect();
        if marks.is_empty() { "mark nothing".into() } else { marks.join("  ") }
    }
}

/// What can be read under parameters' names.
pub(super) fn names(params: &[(String, Kind)], is_state: bool) -> Vec<Name> {
    params.iter().map(|(text, kind)| Name { text: text.clone(), kind: kind.clone(), is_state }).collect()
}
