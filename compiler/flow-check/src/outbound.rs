//! The kinds that make calls of our own or hand one away: `callback`, `detect`, `transfer`. What they share with
//! campaigns is here as well: when a call is tried again, and which flow may begin by itself.

use flow_syntax::ast::{self, Setting};

use crate::codes;
use crate::context::{Checker, Say as _, Scope, open};
use crate::flows::FlowContext;
use crate::hir::{self, Callback, FlowId, Ring, TypeKind, Wait};
use crate::names::Def;
use crate::waits::settings;

const DAY: u64 = 86_400_000;
/// How long a callback is tried when it does not say.
const EXPIRES_MILLIS: u64 = 2 * DAY;
/// The longest that a call may be put off, and the longest that a callback may be kept.
const LONGEST_DELAY: u64 = 30 * DAY;

impl<'a> Checker<'a> {
    /// A call back that is booked.
    pub fn callback(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Option<Callback> {
        let mut number = None;
        let mut queue = None;
        let mut out = Callback {
            number: crate::items::text_expr(String::new(), f.scope.at(Default::default())),
            queue: 0,
            during: None,
            delay_millis: 0,
            retry: None,
            expires_millis: EXPIRES_MILLIS,
            priority: None,
            from: None,
            whisper: None,
            show: Vec::new(),
            afterwards: None,
        };
        let mut broken = false;
        for (setting, _) in settings(elements) {
            match setting {
                Setting::Expr { value, .. } => {
                    let value = self.expr(&mut f.scope, value, Some(&TypeKind::Phone));
                    self.refuse_secret(&value, "dialled");
                    let value = self.coerce(value, &open(TypeKind::Phone), "`number`");
                    if let hir::ExprKind::Text(text) = &value.kind {
                        self.not_dear(&text.clone(), value.location);
                    }
                    number = Some(value);
                }
                Setting::Join(path) => {
                    queue = self.resolve_as(f.scope.module, path, "queue", |d| match d {
                        Def::Queue(id) => Some(id),
                        _ => None,
                    });
                }
                Setting::During(path) => out.during = self.calendar_of(f, path),
                Setting::Duration { word, value } => {
                    let millis = self.put_off(&f.scope, *value);
                    match self.name(word.symbol) {
                        "delay" => out.delay_millis = millis,
                        _ => out.expires_millis = millis,
                    }
                }
                Setting::Retry(retry) => out.retry = self.retry(&f.scope, retry),
                Setting::Priority(value) => out.priority = Some(self.priority(f, value)),
                Setting::From(value) => {
                    let value = self.expr(&mut f.scope, value, Some(&TypeKind::Phone));
                    out.from = Some(self.coerce(value, &open(TypeKind::Phone), "`from`"));
                }
                Setting::Whisper(spoken) => out.whisper = Some(self.whisper(f, spoken)),
                Setting::Show(list) => out.show = self.show(f, list),
                Setting::Afterwards { path, arguments } => {
                    let begun = self.begun(&mut f.scope, path, arguments.as_ref(), "a callback");
                    broken |= begun.is_none();
                    if let Some((flow, arguments)) = begun {
                        self.speaks_all(f, flow, f.scope.at(path.span));
                        for argument in &arguments {
                            self.refuse_secret(argument, "kept on disk until the call is made");
                        }
                        out.afterwards = Some((flow, arguments));
                    }
                }
                _ => {}
            }
        }
        self.expires_in_time(f, elements, &out);
        out.number = number?;
        out.queue = queue?;
        (!broken).then_some(out)
    }

    /// A callback that expires before its first call is made would never be one.
    fn expires_in_time(&mut self, f: &FlowContext<'a>, elements: &[&ast::Element], callback: &Callback) {
        if callback.delay_millis < callback.expires_millis {
            return;
        }
        let delay = settings(elements).find_map(|(setting, span)| match setting {
            Setting::Duration { word, .. } if self.name(word.symbol) == "delay" => Some(span),
            _ => None,
        });
        if let Some(span) = delay {
            let at = f.scope.at(span);
            self.error(codes::NEVER_CALLED, at, "this callback expires before it is made", "later than that")
                .add_help("say `expires` with a longer time than `delay`; without it a callback is kept for two days");
        }
    }

    /// The flow that begins by itself: it gives nothing, as there is nobody to take it.
    pub fn begun(
        &mut self,
        scope: &mut Scope,
        path: &ast::Path,
        arguments: Option<&ast::Arguments>,
        who: &str,
    ) -> Option<(FlowId, Vec<hir::Expr>)> {
        let flow = self.resolve_as(scope.module, path, "flow", |d| match d {
            Def::Flow(id) => Some(id),
            _ => None,
        })?;
        let at = scope.at(path.span);
        // A flow that books a call which begins the same flow would call without end.
        if let Some(booking) = scope.flow {
            self.uses.runs.push((booking, flow, at));
        }
        let shape = self.shapes.flows[flow].clone();
        let text = self.path_text(path);
        let arguments = self.arguments(Some(scope), &shape.signature, arguments, &text, at);
        if shape.returns {
            self.error(
                codes::LEAVING,
                at,
                format!("`{text}` gives back an outcome, and {who} has nobody to take it"),
                "must be run by another flow",
            )
            .add_help(format!("name a flow with a `run` block that runs `{text}`"));
            return None;
        }
        Some((flow, arguments))
    }

    /// `retry busy, no_answer 2 times every 10m`
    pub fn retry(&mut self, scope: &Scope, retry: &ast::Retry) -> Option<hir::Retry> {
        const CAUSES: [&str; 3] = ["busy", "no_answer", "failed"];
        let mut out = hir::Retry {
            busy: retry.causes.is_empty(),
            no_answer: retry.causes.is_empty(),
            failed: false,
            times: 0,
            every_millis: self.put_off(scope, retry.every),
        };
        for cause in &retry.causes {
            match self.name(cause.symbol) {
                "busy" => out.busy = true,
                "no_answer" => out.no_answer = true,
                "failed" => out.failed = true,
                other => {
                    let (near, at) = (crate::near::nearest(other, CAUSES), scope.at(cause.span));
                    self.error(
                        codes::RETRY_CAUSE,
                        at,
                        format!("no call comes to nothing by `{other}`"),
                        "not a cause",
                    )
                    .suggest(other, &near, at)
                    .add_note("there are `busy`, `no_answer` and `failed`");
                }
            }
        }
        out.times = match u32::try_from(retry.times.value) {
            Ok(times) if (1..=20).contains(&times) => times,
            _ => {
                let at = scope.at(retry.times.span);
                self.error(
                    codes::OUT_OF_RANGE,
                    at,
                    "a call is tried again from 1 to 20 times",
                    "not in this range",
                );
                1
            }
        };
        Some(out)
    }

    /// A time between calls, or until one: from a second to thirty days.
    pub fn put_off(&mut self, scope: &Scope, value: ast::DurationLiteral) -> u64 {
        if !(1_000..=LONGEST_DELAY).contains(&value.millis) {
            let at = scope.at(value.span);
            self.error(
                codes::OUT_OF_RANGE,
                at,
                "between calls there are from one second to thirty days",
                "not in this range",
            );
        }
        value.millis.clamp(1_000, LONGEST_DELAY)
    }

    /// Who picked up.
    pub fn detect(&mut self, f: &FlowContext<'a>, elements: &[&ast::Element]) -> Wait {
        let longest = settings(elements).find_map(|(setting, _)| match setting {
            Setting::Duration { value, .. } => Some(*value),
            _ => None,
        });
        Wait::Detect { longest_millis: longest.map_or(1, |value| self.positive(f, value)) }
    }

    /// The call is handed away.
    pub fn transfer(&mut self, f: &mut FlowContext<'a>, elements: &[&ast::Element]) -> Wait {
        let mut rings = Vec::new();
        for (setting, _) in settings(elements) {
            if let Setting::Ring { addresses, period } = setting {
                let for_millis = self.positive(f, *period);
                // Who is called is the telephone network's matter from then on, so nobody accepts.
                let addresses = addresses.iter().map(|address| self.address(f, address, true)).collect();
                rings.push(Ring { addresses, for_millis });
            }
        }
        Wait::Transfer { rings }
    }
}
