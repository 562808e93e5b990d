//! What a block says and does, in a few words each.

use flow_check::hir::{
    Block, BlockBody, End, Form, Recording, Ring, Statement, StatementKind, Tail, TimedWhat, Wait,
};

use super::edges::Walk;
use super::places::text;
use super::words::{sentences, shortened, span_text};
use super::{Node, NodeKind};

/// The longest source text within a detail, in characters.
const LONGEST: usize = 80;

/// The kind of a block.
pub(super) fn kind(block: &Block) -> NodeKind {
    match &block.body {
        BlockBody::Act(_) => match block.kind {
            "greet" => NodeKind::Greet,
            "route" => NodeKind::Route,
            _ => NodeKind::Step,
        },
        BlockBody::End { .. } => NodeKind::End,
        BlockBody::Decline { .. } => NodeKind::Decline,
        BlockBody::Wait { wait, .. } => match wait {
            Wait::AfterHours { .. } => NodeKind::AfterHours,
            Wait::Menu(_) => NodeKind::Menu,
            Wait::Collect(_) => NodeKind::Collect,
            Wait::Queue(_) => NodeKind::Queue,
            Wait::Dial(_) => NodeKind::Dial,
            Wait::Callback(_) => NodeKind::Callback,
            Wait::Detect { .. } => NodeKind::Detect,
            Wait::Transfer { .. } => NodeKind::Transfer,
            Wait::Voicemail { .. } => NodeKind::Voicemail,
            Wait::Survey { .. } | Wait::Questions(_) => NodeKind::Survey,
            Wait::Conference { .. } => NodeKind::Conference,
            Wait::Run { .. } => NodeKind::Run,
        },
    }
}

impl Walk<'_> {
    /// Fills in what the block says and does.
    pub(super) fn describe(&self, block: &Block, node: &mut Node) {
        node.visits = block.visits.as_ref().map(|(count, _)| *count);
        match &block.body {
            BlockBody::Act(tail) => self.act(tail, true, node),
            BlockBody::Wait { before, wait, arms } => {
                self.statements_of(before, true, node);
                self.wait(wait, node);
                for arm in arms {
                    self.act(&arm.tail, false, node);
                }
            }
            BlockBody::End { before } => self.statements_of(before, true, node),
            BlockBody::Decline { code } => node.does.push(format!("refuses the call with SIP {code}")),
        }
        node.flows.dedup();
        let mut seen = Vec::new();
        node.services.retain(|service| {
            !seen.contains(service) && {
                seen.push(service.clone());
                true
            }
        });
    }

    fn act(&self, tail: &Tail, says: bool, node: &mut Node) {
        self.statements_of(&tail.statements, says, node);
        match &tail.end {
            End::Exit(_) => {}
            End::Decide { arms, otherwise } => {
                for tail in arms.iter().map(|(_, tail)| tail).chain(otherwise.as_deref()) {
                    self.act(tail, false, node);
                }
            }
            End::Share(shares) => shares.iter().for_each(|(_, tail)| self.act(tail, false, node)),
        }
    }

    fn statements_of(&self, statements: &[Statement], says: bool, node: &mut Node) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Say(say) => {
                    if says {
                        node.says.extend(self.said(&say.spoken));
                    }
                }
                StatementKind::Request(request) => {
                    node.services.push(self.operation(request.operation));
                    node.does.push(format!("asks {}", self.operation(request.operation)));
                }
                StatementKind::Send { operation, .. } => {
                    node.services.push(self.operation(*operation));
                    node.does.push(format!("sends {}", self.operation(*operation)));
                }
                StatementKind::SetRecording(recording) => {
                    let whom = match recording {
                        Recording::Nobody => None,
                        Recording::Caller => Some("the caller"),
                        Recording::Agent => Some("the agent"),
                        Recording::Both => Some("the call"),
                    };
                    node.does.push(match whom {
                        Some(whom) => format!("records {whom}"),
                        None => "stops recording the call".into(),
                    });
                    node.records.extend(whom.map(str::to_owned));
                }
                StatementKind::SetLanguage(value) => {
                    node.does.push(format!("goes on in {}", self.source_of(value.location)));
                }
                StatementKind::Count { limit, .. } => {
                    node.does.push(format!("counts {}", self.program.limits[*limit].name));
                }
                StatementKind::Discard => node.does.push("discards the recording".into()),
                StatementKind::If { body, .. } | StatementKind::Each { body, .. } => {
                    self.statements_of(body, says, node);
                }
                StatementKind::Let { .. }
                | StatementKind::Set { .. }
                | StatementKind::SetVoice(_)
                | StatementKind::Reset { .. }
                | StatementKind::Mark { .. } => {}
            }
        }
    }

    fn wait(&self, wait: &Wait, node: &mut Node) {
        match wait {
            Wait::AfterHours { calendar } => self.calendar(*calendar, node),
            Wait::Menu(question) => {
                node.says.extend(question.ask.iter().flat_map(|ask| self.said(ask)));
            }
            Wait::Collect(collect) => {
                node.says.extend(collect.question.ask.iter().flat_map(|ask| self.said(ask)));
                node.secret = collect.secret;
                let secret = if collect.secret { "secret " } else { "" };
                let (low, high) = collect.length;
                let length = match collect.form {
                    Form::Digits | Form::Number if low == high => format!(", {low} keys"),
                    Form::Digits | Form::Number => format!(", {low} to {high} keys"),
                    Form::Phone
                    | Form::Date
                    | Form::Time
                    | Form::Money(_)
                    | Form::YesNo
                    | Form::Variant(_)
                    | Form::Speech => String::new(),
                };
                let by = match (collect.by_key, collect.by_voice) {
                    (true, true) => ", by key or voice",
                    (false, true) if collect.form != Form::Speech => ", by voice",
                    _ => "",
                };
                node.does.push(format!("takes {secret}{}{length}{by}", form_word(collect.form)));
                for (condition, _) in &collect.checks {
                    node.does.push(format!("checks {}", self.source_of(condition.location)));
                }
            }
            Wait::Queue(stay) => {
                let queue = &self.program.queues[stay.queue];
                node.queue = Some(queue.name.clone());
                let longest = span_text(stay.longest_millis);
                node.does.push(format!("waits in the queue {} for at most {longest}", queue.name));
                for timed in &stay.timed {
                    let when = if timed.repeats { "every" } else { "after" };
                    let when = format!("{when} {}", span_text(timed.millis));
                    match &timed.what {
                        TimedWhat::Speech(say) => {
                            node.does.push(format!("{when} says “{}”", self.said(&say.spoken).join(" ")));
                        }
                        TimedWhat::Priority(value) => {
                            node.does.push(format!("{when} priority {}", self.source_of(value.location)));
                        }
                        // An edge.
                        TimedWhat::Choice { .. } => {}
                    }
                }
                if let Some(calendar) = stay.during {
                    self.calendar(calendar, node);
                }
                self.assists(&stay.assists, node);
            }
            Wait::Dial(dial) => {
                self.rings(&dial.rings, node);
                self.assists(&dial.assists, node);
            }
            Wait::Callback(callback) => {
                let queue = &self.program.queues[callback.queue];
                node.queue = Some(queue.name.clone());
                node.does.push(format!("promises a call back from the queue {}", queue.name));
                if let Some((flow, _)) = &callback.afterwards {
                    let name = &self.program.flows[*flow].name;
                    node.does.push(format!("afterwards runs {name}"));
                    node.flows.push(name.clone());
                }
                if let Some(calendar) = callback.during {
                    self.calendar(calendar, node);
                }
            }
            Wait::Detect { longest_millis } => {
                node.does.push(format!("listens for at most {} who picked up", span_text(*longest_millis)));
            }
            Wait::Transfer { rings } => {
                node.does.push("hands the call away for good".into());
                self.rings(rings, node);
            }
            Wait::Voicemail { longest_millis, deliver_to, .. } => {
                let message = format!("a message of at most {}", span_text(*longest_millis));
                node.does.push(format!("records {message}"));
                node.records.push(message);
                node.does.push(format!("delivers it to {}", self.source_of(deliver_to.location)));
            }
            Wait::Survey { questions, .. } => {
                for question in questions {
                    node.says.extend(self.said(&question.spoken));
                    node.does
                        .push(format!("asks for {}, {} to {}", question.name, question.low, question.high));
                }
            }
            Wait::Questions(survey) => {
                node.says.extend(self.said(&survey.spoken));
                node.does.push(format!("asks the questions of {}", self.source_of(survey.list.location)));
            }
            Wait::Conference { room, longest_millis, .. } => {
                let room = self.source_of(room.location);
                node.does.push(format!("joins the room {room} for at most {}", span_text(*longest_millis)));
            }
            Wait::Run { flow, .. } => {
                let name = &self.program.flows[*flow].name;
                node.does.push(format!("runs the flow {name} and comes back"));
                node.flows.push(name.clone());
            }
        }
    }

    fn rings(&self, rings: &[Ring], node: &mut Node) {
        for ring in rings {
            let addresses: Vec<String> =
                ring.addresses.iter().map(|address| self.source_of(address.location)).collect();
            node.does.push(format!("rings {} for {}", addresses.join(", "), span_text(ring.for_millis)));
        }
    }

    fn assists(&self, assists: &[flow_check::hir::Assist], node: &mut Node) {
        for assist in assists {
            let name = &self.program.flows[assist.flow].name;
            node.does.push(format!("the agent may start {name}: {}", assist.label));
            node.flows.push(name.clone());
        }
    }

    fn calendar(&self, calendar: usize, node: &mut Node) {
        let name = &self.program.calendars[calendar].name;
        node.calendar = Some(name.clone());
        node.does.push(format!("asks the calendar {name}"));
    }

    fn said(&self, spoken: &flow_check::hir::Spoken) -> Vec<String> {
        sentences(self.program, self.sources, self.language, spoken)
    }

    fn operation(&self, operation: usize) -> String {
        let operation = &self.program.operations[operation];
        format!("{}.{}", self.program.services[operation.service].name, operation.name)
    }

    fn source_of(&self, at: flow_diagnostics::Location) -> String {
        shortened(&text(self.sources, at), LONGEST)
    }
}

fn form_word(form: Form) -> &'static str {
    match form {
        Form::Digits => "digits",
        Form::Number => "a number",
        Form::Phone => "a phone number",
        Form::Date => "a date",
        Form::Time => "a time of day",
        Form::Money(_) => "an amount of money",
        Form::YesNo => "yes or no",
        Form::Variant(_) => "one of several",
        Form::Speech => "what is said",
    }
}
