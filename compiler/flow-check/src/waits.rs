//! What each waiting kind waits for: one builder per kind.

use flow_diagnostics::{Applicability, Location};
use flow_syntax::ast::{self, ElementKind, Setting};

use crate::codes;
use crate::context::{Checker, Place, Say as _, fix, open};
use crate::flows::FlowContext;
use crate::hir::{
    self, Again, BlockBody, Choice, Collect, Form, Question, Say, Statement, StatementKind, SurveyQuestion,
    Type, TypeKind, Wait,
};
use crate::keys::{Told, choices};
use crate::kinds::Kind;
use crate::names::Def;
use crate::outcomes::Extra;

/// Before the first key, unless the block says otherwise.
const WAIT_MILLIS: u64 = 5_000;
/// Between keys, unless the block says otherwise.
pub(crate) const GAP_MILLIS: u64 = 3_000;

/// The settings among the elements of a block.
pub(crate) fn settings<'e>(
    elements: &[&'e ast::Element],
) -> impl Iterator<Item = (&'e Setting, flow_diagnostics::Span)> {
    elements.iter().filter_map(|e| match &e.kind {
        ElementKind::Setting(setting) => Some((setting, e.span)),
        _ => None,
    })
}

impl<'a> Checker<'a> {
    /// A block that waits: statements, the wait, an arm for each outcome.
    pub fn wait_block(
        &mut self,
        f: &mut FlowContext<'a>,
        kind: &'static Kind,
        block: &ast::Block,
        elements: &[&ast::Element],
    ) -> BlockBody {
        let mut before = self.before(f, elements);
        let at = f.scope.at(block.name.span);
        let mut extra = None;
        let wait = match kind.word {
            "after_hours" => self.after_hours(f, elements),
            "menu" => Some(Wait::Menu(Box::new(self.menu(f, elements, at)))),
            "collect" => self.collect(f, elements, at, &mut extra).map(|c| Wait::Collect(Box::new(c))),
            "queue" => self.queue_stay(f, block, elements, &mut before).map(|q| Wait::Queue(Box::new(q))),
            "dial" => Some(Wait::Dial(Box::new(self.dial(f, elements)))),
            "callback" => self.callback(f, elements).map(|c| Wait::Callback(Box::new(c))),
            "detect" => Some(self.detect(f, elements)),
            "transfer" => Some(self.transfer(f, elements)),
            "voicemail" => self.voicemail(f, elements),
            "survey" => self.survey(f, elements, &mut before, &mut extra),
            "conference" => self.conference(f, elements),
            _ => self.run_flow(f, elements),
        };
        let own = self.own_arms(f, elements);
        let Some(wait) = wait else {
            // What it waits for is not known: its outcomes are not either, so nothing is said of them. Where its
            // arms lead is.
            f.lost = true;
            self.ways_of_arms(f, &own);
            return BlockBody::End { before };
        };
        let all = self.outcomes(&wait);
        let outcomes = match &wait {
            Wait::Collect(collect) if collect.checks.is_empty() && collect.confirm.is_none() => &all[..3],
            _ => &all[..],
        };
        let arms = self.arms_and_failed(f, block, outcomes, &own, extra.as_ref());
        BlockBody::Wait { before, wait, arms }
    }

    fn after_hours(&mut self, f: &FlowContext<'a>, elements: &[&ast::Element]) -> Option<Wait> {
        let path = settings(elements).find_map(|(s, _)| match s {
            Setting::Calendar(path) => Some(path),
            _ => None,
        })?;
        let calendar = self.calendar_of(f, path)?;
        Some(Wait::AfterHours { calendar })
    }

    pub(crate) fn calendar_of(&mut self, f: &FlowContext<'a>, path: &ast::Path) -> Option<hir::CalendarId> {
        self.resolve_as(f.scope.module, path, "calendar", |d| match d {
            Def::Calendar(id) => Some(id),
            _ => None,
        })
    }

    /// The choices that a block writes itself.
    pub(crate) fn own_choices(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Vec<Told> {
        let mut out = Vec::new();
        for element in elements {
            if let ElementKind::Choice(choice) = &element.kind {
                out.push(self.choice(f, choice, false));
            }
        }
        out
    }

    fn menu(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element], at: Location) -> Question {
        let own = self.own_choices(f, elements);
        let own_count = own.len();
        let mut question = self.bare_question(f, elements, &["no_input", "no_match"]);
        let mut live = self.live_choices(f, own, "", question.gap_millis);
        let ask = question.ask.take();
        let written = ask.is_some();
        question.ask = self.question(ask, &mut live, own_count, "", at);
        self.bound_again(&question.again, &live, "");
        question.choices = choices(live, 0);
        let live: Vec<&Choice> = question.choices.iter().collect();
        // A question that is made of the choices names theirs.
        let asked = question.ask.iter().filter(|_| written);
        let asked = asked.chain(question.again.iter().map(|again| &again.spoken));
        self.named_besides(asked, &live);
        question
    }

    /// `ask`, `again`, `wait`, `gap`.
    fn bare_question(
        &mut self,
        f: &mut FlowContext<'a>,
        elements: &[&ast::Element],
        outcomes: &[&str],
    ) -> Question {
        let mut question = Question {
            ask: None,
            again: Vec::new(),
            choices: Vec::new(),
            wait_millis: WAIT_MILLIS,
            gap_millis: GAP_MILLIS,
        };
        for (setting, _) in settings(elements) {
            match setting {
                Setting::Ask(spoken) => question.ask = Some(self.spoken(&mut f.scope, spoken)),
                Setting::Again { after, spoken } => {
                    let spoken = self.spoken(&mut f.scope, spoken);
                    let after = after.map(|name| {
                        let text = self.name(name.symbol);
                        let found = outcomes.iter().position(|o| *o == text);
                        if found.is_none() {
                            let near = crate::near::nearest(text, outcomes.iter().copied());
                            let at = f.scope.at(name.span);
                            self.error(
                                codes::UNKNOWN_OUTCOME,
                                at,
                                format!("nothing is asked again after `{text}`"),
                                "not a cause",
                            )
                            .suggest(text, &near, at);
                        }
                        found.unwrap_or(0)
                    });
                    question.again.push(Again { after, spoken });
                }
                Setting::Duration { word, value } => {
                    let millis = self.positive(f, *value);
                    match self.name(word.symbol) {
                        "wait" => question.wait_millis = millis,
                        "gap" => question.gap_millis = millis,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        question
    }

    /// A time that is longer than nothing and shorter than a day.
    pub(crate) fn positive(&mut self, f: &FlowContext<'a>, value: ast::DurationLiteral) -> u64 {
        if value.millis == 0 || value.millis > 86_400_000 {
            let at = f.scope.at(value.span);
            self.error(
                codes::OUT_OF_RANGE,
                at,
                "this lasts more than nothing and at most a day",
                "not in this range",
            );
        }
        value.millis.clamp(1, 86_400_000)
    }

    fn collect(
        &mut self,
        f: &mut FlowContext<'a>,
        elements: &[&ast::Element],
        at: Location,
        extra: &mut Option<Extra>,
    ) -> Option<Collect> {
        let take = settings(elements).find_map(|(s, _)| match s {
            Setting::Take(take) => Some(take),
            _ => None,
        });
        let own = self.own_choices(f, elements);
        let causes = ["done", "no_input", "no_match", "invalid"];
        let mut question = self.bare_question(f, elements, &causes);
        let take = take?;
        let (form, kind) = self.form(f, take)?;
        let until = take.until.as_ref().and_then(|key| self.until(f, key));
        let length = self.length(f, take, form);
        let by = take.by.unwrap_or(ast::Sources::Key);
        let by_key = by != ast::Sources::Voice;
        let value_keys = match form {
            _ if !by_key => "",
            Form::Speech => "",
            Form::YesNo => "12",
            Form::Money(_) => "0123456789*",
            Form::Variant(id) => &"123456789"[..self.shapes.enums[id].len().min(9)],
            _ => "0123456789",
        };
        let value_keys: String = value_keys.chars().chain(until).collect();
        let own_count = own.len();
        let live = self.live_choices(f, own, &value_keys, question.gap_millis);
        let ask = question.ask.take();
        let mut tell = match ask.is_some() && by_key {
            true => self.told_by_form(form, at),
            false => Vec::new(),
        };
        let by_form = tell.len();
        tell.extend(live);
        if let Some(ask) = ask {
            question.ask = self.question(Some(ask), &mut tell, by_form + own_count, &value_keys, at);
            self.bound_again(&question.again, &tell, &value_keys);
        }
        question.choices = choices(tell, by_form);
        let mark = f.scope.names.len();
        let value = self.declare(&mut f.scope, take.name, Type { kind, secret: take.secret }, false);
        let (checks, confirm) = self.checks(f, take, elements);
        f.scope.names.truncate(mark);
        *extra = Some(Extra { outcome: "done", names: vec![(take.name.symbol, value)] });
        Some(Collect {
            question,
            form,
            length,
            until,
            by_key,
            by_voice: by != ast::Sources::Key,
            value,
            checks,
            confirm,
            secret: take.secret,
        })
    }

    fn until(&mut self, f: &FlowContext<'a>, key: &ast::Key) -> Option<char> {
        let mut keys = key.keys.chars();
        match (keys.next(), keys.next()) {
            (Some(k @ ('#' | '*')), None) => Some(k),
            _ => {
                let at = f.scope.at(key.span);
                self.error(codes::BAD_KEY, at, "a value ends with `#` or `*`", "not one of them");
                None
            }
        }
    }

    fn checks(
        &mut self,
        f: &mut FlowContext<'a>,
        take: &ast::Take,
        elements: &[&ast::Element],
    ) -> (Vec<(hir::Expr, hir::Spoken)>, Option<hir::Spoken>) {
        let mut checks = Vec::new();
        let mut confirm = None;
        for (setting, span) in settings(elements) {
            let at = f.scope.at(span);
            match setting {
                Setting::Check { condition, otherwise } => {
                    f.scope.in_check = true;
                    let condition = self.condition(&mut f.scope, condition);
                    f.scope.in_check = false;
                    let spoken = self.spoken(&mut f.scope, otherwise);
                    checks.push((condition, spoken));
                }
                Setting::Confirm(spoken) => {
                    if take.secret {
                        self.error(
                            codes::SECRET_LEAVES,
                            at,
                            "a secret would be read back",
                            "`confirm` speaks the value",
                        )
                        .add_help("remove `confirm`; ask for the value a second time if it matters");
                    }
                    confirm = Some(match spoken {
                        Some(spoken) => self.spoken(&mut f.scope, spoken),
                        None => self.read_back(f, take, at),
                    });
                }
                _ => {}
            }
        }
        (checks, confirm)
    }

    /// What `confirm` says when nothing is written: the value alone; the question after it is standard.
    fn read_back(&mut self, f: &FlowContext<'a>, take: &ast::Take, at: Location) -> hir::Spoken {
        let local = f.scope.find(take.name.symbol).unwrap_or(0);
        let ty = f.scope.locals[local].ty.clone();
        let value = hir::Expr { kind: hir::ExprKind::Local(local), ty: ty.clone(), location: at };
        let spoken = |variants| hir::Spoken {
            kind: hir::SpokenKind::Words { variants, in_turn: false },
            location: at,
        };
        let languages = f.scope.languages.clone();
        let words = |program: &hir::Program, yes: bool| {
            let each = languages.iter().map(|language| {
                let text = crate::sentences::yes_or_no(&program.languages[*language], yes).into();
                hir::Words {
                    language: *language,
                    segments: [hir::Segment::Text(text)].into(),
                    recording: None,
                }
            });
            spoken(each.collect())
        };
        if ty.kind == TypeKind::Bool {
            let (yes, no) = (words(&self.program, true), words(&self.program, false));
            let kind = hir::SpokenKind::When { arms: [(value, yes)].into(), otherwise: Box::new(no) };
            return hir::Spoken { kind, location: at };
        }
        let each = languages.iter().map(|language| {
            let segments =
                [hir::Segment::Hole { value: Box::new(value.clone()), reading: hir::Reading::Plain }];
            hir::Words { language: *language, segments: segments.into(), recording: None }
        });
        spoken(each.collect())
    }

    /// Choices outside of a question: told in the block's own speech, or said once before the wait.
    pub(crate) fn announced(
        &mut self,
        f: &FlowContext<'a>,
        own: Vec<Told>,
        timed: Vec<Told>,
        before: &mut Vec<Statement>,
    ) -> Vec<Choice> {
        let mut named = std::collections::BTreeSet::new();
        for statement in before.iter() {
            if let StatementKind::Say(say) = &statement.kind {
                named.extend(self.named_keys(&say.spoken).into_iter().flatten());
            }
        }
        let untimed = own.len();
        let mut all = own;
        all.extend(timed);
        let timed_end = all.len();
        let live = self.live_choices(f, all, "", GAP_MILLIS);
        // Those of the flow come last, as in a menu; those that come with time are told then.
        let mut out: Vec<Choice> = Vec::with_capacity(live.len() + untimed - timed_end);
        for (index, mut told) in live.into_iter().enumerate() {
            if (untimed..timed_end).contains(&index) {
                continue;
            }
            if !told.silently && !named.contains(&told.choice.keys) {
                match told.sentence.take() {
                    Some(spoken) => before.push(Statement {
                        kind: StatementKind::Say(Say { spoken, interruptible: true }),
                        location: told.choice.location,
                    }),
                    None => self.unspoken(&told),
                }
            }
            out.push(told.choice);
        }
        out
    }

    fn voicemail(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Option<Wait> {
        let mut longest_millis = 1;
        let mut silence_millis = None;
        let mut deliver_to = None;
        for (setting, _) in settings(elements) {
            match setting {
                Setting::Duration { word, value } => {
                    let millis = self.positive(f, *value);
                    match self.name(word.symbol) {
                        "longest" => longest_millis = millis,
                        _ => silence_millis = Some(millis),
                    }
                }
                Setting::DeliverTo(value) => {
                    let value = self.expr(&mut f.scope, value, Some(&TypeKind::Text));
                    let value = self.coerce(value, &open(TypeKind::Text), "`deliver to`");
                    self.deliverable(&value);
                    deliver_to = Some(value);
                }
                _ => {}
            }
        }
        // A missing clause is reported; the outcomes of a mailbox are known all the same.
        let nobody = || crate::items::text_expr(String::new(), f.scope.at(Default::default()));
        let deliver_to = deliver_to.unwrap_or_else(nobody);
        let deliver_to = Box::new(deliver_to);
        Some(Wait::Voicemail { longest_millis, silence_millis, deliver_to })
    }

    /// A place that is written must be one that a message can go to.
    fn deliverable(&mut self, place: &hir::Expr) {
        let begins = match &place.kind {
            hir::ExprKind::Text(text) => &**text,
            // The first words are there, whatever comes behind them.
            hir::ExprKind::Interpolated(segments) => match segments.first() {
                Some(hir::Segment::Text(text)) => &**text,
                _ => return,
            },
            _ => return,
        };
        let whole = matches!(place.kind, hir::ExprKind::Text(_));
        let mail = begins.strip_prefix("mailto:");
        let is_address = |address: &str| {
            let parts = address.split_once('@');
            parts.is_some_and(|(name, host)| {
                !name.is_empty() && host.contains('.') && !host.contains(['@', ' '])
            })
        };
        if mail.is_some_and(|address| !whole || is_address(address)) {
            return;
        }
        let web = ["https://", "http://", "mailbox:"]
            .iter()
            .any(|scheme| begins.starts_with(scheme) && begins.len() > scheme.len());
        if web && mail.is_none() {
            return;
        }
        let message = format!("a message cannot be delivered to \"{begins}\"");
        let said =
            self.error(codes::DELIVER_ADDRESS, place.location, message, "no address for mail, and no URL");
        if is_address(begins) && whole {
            let right = format!("\"mailto:{begins}\"");
            said.add_help(format!("write `deliver to {right}`"));
            said.add_fix(fix(format!("write {right}"), Applicability::Safe, place.location, right));
        } else {
            said.add_help(
                "write `deliver to \"mailto:desk@acme.example\"`, or a URL that takes it: `\"https://…\"`",
            );
        }
    }

    fn survey(
        &mut self,
        f: &mut FlowContext<'a>,
        elements: &[&ast::Element],
        before: &mut Vec<Statement>,
        extra: &mut Option<Extra>,
    ) -> Option<Wait> {
        if settings(elements).any(|(s, _)| matches!(s, Setting::Expr { .. })) {
            return self.list_survey(f, elements, before);
        }
        let own = self.own_choices(f, elements);
        let mut questions = Vec::new();
        let mut names = Vec::new();
        let mut scale_keys = String::new();
        let mark = f.scope.names.len();
        for (setting, _) in settings(elements) {
            let Setting::Question { name, spoken, low, high } = setting else { continue };
            let at = f.scope.at(low.span.to(high.span));
            if !(0..=9).contains(&low.value) || !(0..=9).contains(&high.value) || low.value >= high.value {
                self.error(
                    codes::EMPTY_RANGE,
                    at,
                    "a scale goes up within 0 to 9, one key each",
                    "not a scale",
                );
            }
            scale_keys.extend((low.value.max(0)..=high.value.min(9)).map(|d| char::from(b'0' + d as u8)));
            let spoken = self.spoken(&mut f.scope, spoken);
            let answer = open(TypeKind::Optional(Box::new(TypeKind::Int)));
            let value = self.declare(&mut f.scope, *name, answer, false);
            names.push((name.symbol, value));
            questions.push(SurveyQuestion {
                name: self.name(name.symbol).into(),
                spoken,
                low: low.value,
                high: high.value,
                value,
            });
        }
        f.scope.names.truncate(mark);
        *extra = Some(Extra { outcome: "done", names });
        let mut named = own.clone();
        named.retain(|t| !scale_keys.contains(t.choice.keys.as_str()));
        let live = self.live_choices(f, own, &scale_keys, GAP_MILLIS);
        // They come last, as in a menu: behind the first question.
        if let Some(first) = questions.first_mut() {
            let heard: Vec<String> = self.named_keys(&first.spoken).into_iter().flatten().collect();
            named.retain(|told| !heard.contains(&told.choice.keys));
            let mark = before.len();
            self.announced(f, named, Vec::new(), before);
            let told = before.split_off(mark).into_iter().filter_map(|statement| match statement.kind {
                StatementKind::Say(say) => Some(say.spoken),
                _ => None,
            });
            let location = first.spoken.location;
            let parts: Vec<hir::Spoken> = std::iter::once(first.spoken.clone()).chain(told).collect();
            if parts.len() > 1 {
                first.spoken = hir::Spoken { kind: hir::SpokenKind::Sequence(parts.into()), location };
            }
        }
        questions.shrink_to_fit();
        Some(Wait::Survey { questions, choices: choices(live, 0) })
    }

    fn run_flow(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Option<Wait> {
        let (path, arguments) = settings(elements).find_map(|(s, _)| match s {
            Setting::Flow { path, arguments } => Some((path, arguments.as_deref())),
            _ => None,
        })?;
        debug_assert_eq!(f.scope.place, Place::Call);
        let flow = self.resolve_as(f.scope.module, path, "flow", |d| match d {
            Def::Flow(id) => Some(id),
            _ => None,
        })?;
        let at = f.scope.at(path.span);
        let shape = self.shapes.flows[flow].clone();
        let text = self.path_text(path);
        let arguments = self.arguments(Some(&mut f.scope), &shape.signature, arguments, &text, at);
        if !shape.returns {
            self.error(
                codes::LEAVING,
                at,
                format!("`{text}` gives nothing, so `run` would never come back"),
                "has no `gives`",
            )
            .add_help(format!("go there for good with `-> {text}`, or let it `gives` an outcome"));
            return None;
        }
        self.uses.runs.push((f.id, flow, at));
        self.speaks_all(f, flow, at);
        Some(Wait::Run { flow, arguments })
    }
}

/// `sip:user@host` or `sips:…`, loosely: something on both sides, nothing that would end a header.
pub(crate) fn sip_uri(text: &str) -> bool {
    let rest = text.strip_prefix("sip:").or_else(|| text.strip_prefix("sips:"));
    rest.is_some_and(|rest| {
        let host = rest.rsplit_once('@').map_or(rest, |(user, host)| if user.is_empty() { "" } else { host });
        !host.is_empty() && !rest.bytes().any(|b| b <= b' ' || matches!(b, b'<' | b'>' | b'"'))
    })
}
