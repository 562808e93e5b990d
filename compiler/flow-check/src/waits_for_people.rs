//! The kinds that wait for a person: `queue` and `dial`.

use flow_syntax::ast::{self, ElementKind, Setting};

use crate::codes;
use crate::context::{Checker, Say as _, open};
use crate::flows::FlowContext;
use crate::hir::{self, Dial, QueueStay, Ring, Statement, Timed, TimedWhat, TypeKind};
use crate::keys::Told;
use crate::names::Def;
use crate::waits::{settings, sip_uri};

/// Until the person who is asked to `accept` must have pressed.
const ACCEPT_MILLIS: u64 = 10_000;
/// What a caller has of whom nothing is said.
const MIDDLE_PRIORITY: i64 = 5;

impl<'a> Checker<'a> {
    /// A caller's stay in a queue.
    pub fn queue_stay(
        &mut self,
        f: &mut FlowContext<'a>,
        block: &ast::Block,
        elements: &[&ast::Element],
        before: &mut Vec<Statement>,
    ) -> Option<QueueStay> {
        let own = self.own_choices(f, elements);
        let mut timed_choices = Vec::new();
        let mut stay = QueueStay {
            queue: 0,
            priority: None,
            longest_millis: 1,
            music: None,
            timed: Vec::new(),
            choices: Vec::new(),
            during: None,
            prefer: None,
            whisper: None,
            show: Vec::new(),
            recall_millis: None,
            assists: Vec::new(),
        };
        let mut queue = None;
        for (setting, _) in settings(elements) {
            match setting {
                Setting::Join(path) => {
                    queue = self.resolve_as(f.scope.module, path, "queue", |d| match d {
                        Def::Queue(id) => Some(id),
                        _ => None,
                    });
                }
                Setting::Priority(value) => stay.priority = Some(self.priority(f, value)),
                Setting::Duration { word, value } => {
                    let millis = self.positive(f, *value);
                    match self.name(word.symbol) {
                        "longest" => stay.longest_millis = millis,
                        "recall" => stay.recall_millis = Some(millis),
                        _ => {}
                    }
                }
                Setting::Music(name) => stay.music = Some(self.sound(&f.scope, name)),
                Setting::During(path) => stay.during = self.calendar_of(f, path),
                Setting::Whisper(spoken) => stay.whisper = Some(self.whisper(f, spoken)),
                Setting::Show(list) => stay.show = self.show(f, list),
                Setting::Prefer { whom, period } => stay.prefer = self.prefer(f, whom, *period),
                Setting::Assist { flow, arguments, label } => {
                    stay.assists.extend(self.assist(f, flow, arguments, label));
                }
                _ => {}
            }
        }
        for element in elements {
            let ElementKind::Timed(timed) = &element.kind else { continue };
            if matches!(timed.what, ast::Timely::Agents(_)) {
                self.relaxation(f, timed, elements);
                continue;
            }
            let longest = settings(elements).find_map(|(setting, _)| match setting {
                Setting::Duration { word, value } if self.name(word.symbol) == "longest" => {
                    Some(value.millis)
                }
                _ => None,
            });
            if let (ast::Timely::Choice(_), false, Some(longest)) = (&timed.what, timed.repeats, longest)
                && timed.period.millis >= longest
            {
                let at = f.scope.at(timed.span);
                self.error(codes::NEVER_OFFERED, at, "this is never offered", "the stay is over by then")
                    .add_help("offer it earlier than `longest`, or let callers wait longer");
            }
            if let Some((timed, told)) = self.timed(f, timed) {
                timed_choices.extend(told);
                stay.timed.push(timed);
            }
        }
        self.only_forward(&stay);
        self.assists(&stay.assists);
        stay.choices = self.announced(f, own, timed_choices, before);
        let timed = stay.timed.iter().filter_map(|timed| match &timed.what {
            TimedWhat::Choice { choice, .. } => Some(choice),
            _ => None,
        });
        let live: Vec<&hir::Choice> = stay.choices.iter().chain(timed).collect();
        let told = stay.timed.iter().filter_map(|timed| match &timed.what {
            TimedWhat::Speech(say) => Some(&say.spoken),
            _ => None,
        });
        self.named_besides(told, &live);
        let has_agents = settings(elements).any(|(s, _)| matches!(s, Setting::Agents(_)));
        let joins = settings(elements).any(|(s, _)| matches!(s, Setting::Join(_)));
        stay.queue = match (joins, has_agents) {
            (true, true) => {
                let at = f.scope.at(block.name.span);
                self.error(codes::CLAUSE_TWICE, at, "this queue joins one and is one", "`join` and `agents`")
                    .add_help("keep `join`, and write the agents in the queue that it joins");
                return None;
            }
            (false, true) => self.own_queue(f, block, elements),
            _ => queue?,
        };
        Some(stay)
    }

    fn timed(&mut self, f: &mut FlowContext<'a>, timed: &ast::Timed) -> Option<(Timed, Option<Told>)> {
        let location = f.scope.at(timed.span);
        let millis = self.positive(f, timed.period);
        let mut told = None;
        let what = match &timed.what {
            ast::Timely::Speech(speech) => TimedWhat::Speech(self.speech(f, speech, location)),
            ast::Timely::Priority(value) => TimedWhat::Priority(self.priority(f, value)),
            ast::Timely::Choice(choice) => {
                let found = self.choice(f, choice, false);
                let Some(question) = found.sentence.clone() else {
                    self.unspoken(&found);
                    return None;
                };
                told = Some(found.clone());
                TimedWhat::Choice { question, choice: found.choice }
            }
            ast::Timely::Agents(_) => return None,
        };
        Some((Timed { repeats: timed.repeats, millis, what, location }, told))
    }

    /// Waiting brings a caller forward, never back: a written priority that would not is a mistake.
    fn only_forward(&mut self, stay: &QueueStay) {
        let written = |value: &hir::Expr| match value.kind {
            hir::ExprKind::Int(number) => Some(number),
            _ => None,
        };
        let first = stay.priority.as_ref().map_or(Some(MIDDLE_PRIORITY), written);
        for timed in &stay.timed {
            let TimedWhat::Priority(value) = &timed.what else { continue };
            let (Some(first), Some(later)) = (first, written(value)) else { continue };
            if later >= first {
                self.error(
                    codes::PRIORITY_NOT_FORWARD,
                    value.location,
                    format!("waiting would bring the caller from priority {first} to {later}, which is not forward"),
                    "1 is the first, 10 the last",
                )
                .add_help(match first {
                    1 => "begin with a larger number, or take this out: priority 1 is the first".to_owned(),
                    _ => format!("write a number below {first}, or begin with a larger one"),
                });
            }
        }
    }

    pub(crate) fn priority(&mut self, f: &mut FlowContext<'a>, value: &ast::Expr) -> hir::Expr {
        let value = self.expr(&mut f.scope, value, Some(&TypeKind::Int));
        if let hir::ExprKind::Int(number) = value.kind
            && !(1..=10).contains(&number)
        {
            self.error(
                codes::OUT_OF_RANGE,
                value.location,
                "a priority goes from 1 (first) to 10",
                "not in this range",
            );
        }
        self.coerce(value, &open(TypeKind::Int), "`priority`")
    }

    pub(crate) fn whisper(&mut self, f: &mut FlowContext<'a>, spoken: &ast::Spoken) -> hir::Spoken {
        self.spoken(&mut f.scope, spoken)
    }

    pub(crate) fn show(
        &mut self,
        f: &mut FlowContext<'a>,
        list: &[(ast::Name, ast::Expr)],
    ) -> Vec<(String, hir::Expr)> {
        let mut out = Vec::new();
        for (name, value) in list {
            let value = self.expr(&mut f.scope, value, None);
            self.refuse_secret(&value, "shown on a screen");
            out.push((self.name(name.symbol).into(), value));
        }
        out
    }

    /// Addresses that are rung.
    pub fn dial(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Dial {
        let mut dial = Dial {
            rings: Vec::new(),
            pick: hir::Pick::InOrder,
            from: None,
            music: None,
            accept: None,
            whisper: None,
            show: Vec::new(),
            recall_millis: None,
            longest_millis: None,
            assists: Vec::new(),
        };
        let accepts = settings(elements).any(|(s, _)| matches!(s, Setting::Accept { .. }));
        for (setting, span) in settings(elements) {
            match setting {
                Setting::Ring { addresses, period } => {
                    let for_millis = self.positive(f, *period);
                    let mut list = Vec::new();
                    for address in addresses {
                        list.push(self.address(f, address, accepts));
                    }
                    dial.rings.push(Ring { addresses: list, for_millis });
                }
                Setting::Pick { word, argument } => {
                    dial.pick = self.pick(f.scope.module, *word, *argument).unwrap_or(dial.pick);
                }
                Setting::From(value) => {
                    let value = self.expr(&mut f.scope, value, Some(&TypeKind::Phone));
                    dial.from = Some(self.coerce(value, &open(TypeKind::Phone), "`from`"));
                }
                Setting::Music(name) => dial.music = Some(self.sound(&f.scope, name)),
                Setting::Accept { key, within } => {
                    let millis = within.map_or(ACCEPT_MILLIS, |w| self.positive(f, w));
                    let mut keys = key.keys.chars();
                    match (keys.next(), keys.next()) {
                        (Some(one), None) => dial.accept = Some((one, millis)),
                        _ => {
                            let at = f.scope.at(span);
                            self.error(codes::BAD_KEY, at, "`accept` takes one key", "not one key");
                        }
                    }
                }
                Setting::Whisper(spoken) => dial.whisper = Some(self.whisper(f, spoken)),
                Setting::Show(list) => dial.show = self.show(f, list),
                Setting::Duration { word, value } => {
                    let millis = self.positive(f, *value);
                    match self.name(word.symbol) {
                        "recall" => dial.recall_millis = Some(millis),
                        _ => dial.longest_millis = Some(millis),
                    }
                }
                Setting::Assist { flow, arguments, label } => {
                    dial.assists.extend(self.assist(f, flow, arguments, label));
                }
                _ => {}
            }
        }
        self.assists(&dial.assists);
        dial
    }

    /// A SIP address or a telephone number that can be rung.
    pub(crate) fn address(
        &mut self,
        f: &mut FlowContext<'a>,
        address: &ast::Expr,
        accepts: bool,
    ) -> hir::Expr {
        let mut value = self.expr(&mut f.scope, address, None);
        let at = value.location;
        self.refuse_secret(&value, "dialled");
        match (&value.kind, &value.ty.kind) {
            (hir::ExprKind::Text(text), _) => {
                let shown = text.clone();
                if shown.starts_with('+') && crate::types::phone_problem(&shown).is_none() {
                    value.ty.kind = TypeKind::Phone;
                    self.not_dear(&shown, at);
                } else if sip_uri(&shown) {
                    self.not_dear(&shown, at);
                } else {
                    self.error(
                        codes::BAD_ADDRESS,
                        at,
                        format!("\"{shown}\" cannot be rung"),
                        "not an address",
                    )
                    .add_help("write a SIP address, \"sip:ana@pbx.example\", or a number, \"+15550123\"");
                }
            }
            (hir::ExprKind::Setting(_), TypeKind::Text | TypeKind::Phone) => {}
            (_, TypeKind::Phone) if !accepts => {
                self.error(
                    codes::MISSING_CLAUSE,
                    at,
                    "an outside telephone is rung here, and it may be a mailbox that picks up",
                    "known only during the call",
                )
                .add_help("add `accept 1`: the person hears the whisper and presses 1 before the join");
            }
            (_, TypeKind::Text | TypeKind::Phone | TypeKind::Unknown) => {}
            (_, TypeKind::Optional(_)) => self.unopened(at, "`ring` takes an address"),
            (_, other) => {
                let text = crate::types::article(&self.type_text(other));
                self.error(codes::MISMATCH, at, format!("`ring` takes an address, but this is {text}"), text);
            }
        }
        value
    }
}
