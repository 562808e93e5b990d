//! The ways that secrets take: from where they are taken, through names and blocks, to where they would leave;
//! and how long they are known to be on the way.
//!
//! Asked when all flows are known: a block's parameter holds what any exit to it passes.

use std::collections::{BTreeMap, BTreeSet};

use flow_diagnostics::Location;

use crate::codes;
use crate::context::{Checker, Say as _};
use crate::cycles::each_exit;
use crate::hir::{
    BlockBody, ExitKind, Expr, ExprKind, FlowId, Form, LocalId, Program, Segment, StatementKind, Wait,
};

/// Steps of a way that are shown; a longer one is shown by its end.
const MOST_STEPS: usize = 8;
/// Of a secret no more than this many characters may be told …
const MOST_TOLD: i64 = 4;
/// … and only where it is at least so many times as long.
const TIMES_AS_LONG: i64 = 3;

/// A name in a flow.
type Place = (FlowId, LocalId);

/// A secret that would leave, and the diagnostic that says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leak {
    /// Index of the diagnostic.
    pub diagnostic: usize,
    pub place: Place,
}

/// `last(n, x)` of a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastUse {
    pub place: Place,
    pub count: i64,
    pub at: Location,
}

/// How something came into a name.
struct Step {
    at: Location,
    text: String,
    from: Option<Place>,
    /// At least so many characters; `None` when it is as long as what it comes from.
    least: Option<i64>,
}

type Steps = BTreeMap<Place, Vec<Step>>;

impl Checker<'_> {
    /// The secret name in a value, with the flow that is being read.
    pub(crate) fn secret_place(&self, value: &Expr) -> Option<Place> {
        Some((self.current_flow?, first_local(value, true)?))
    }

    /// `last(n, x)` of a secret: what can be said at once; how long it is, when all is known.
    pub(crate) fn last_of_secret(&mut self, count: &Expr, value: &Expr) {
        let (count_is, at) = (&count.kind, value.location);
        let problem = match (count_is, &value.kind, self.current_flow) {
            (ExprKind::Int(count), ExprKind::Local(local), Some(flow)) if (1..=MOST_TOLD).contains(count) => {
                self.lasts.push(LastUse { place: (flow, *local), count: *count, at });
                return;
            }
            (ExprKind::Int(count), ..) if !(1..=MOST_TOLD).contains(count) => "tells more than four",
            (ExprKind::Int(_), ..) => "it is not known how long this is",
            _ => "it is not known how much is told",
        };
        self.error(codes::TOO_MUCH_TOLD, at, "too much of a secret would be told", problem)
            .add_help("write at most `last(4, x)`, of a name that was taken with its length");
    }

    /// Puts the ways of secrets into what was said about them, and looks at what is told in part.
    pub(crate) fn secret_ways(&mut self) {
        if self.leaks.is_empty() && self.lasts.is_empty() {
            return;
        }
        let steps = steps(&self.program);
        for leak in std::mem::take(&mut self.leaks) {
            let way = way(&self.program, &steps, leak.place);
            let onward = onward(&self.program, &steps, leak.place);
            let Some(diagnostic) = self.diagnostics.get_mut(leak.diagnostic) else { continue };
            if diagnostic.code == codes::SECRET_STORED && onward.len() > 1 {
                let names = crate::near::listed(&onward, "and");
                diagnostic.add_note(format!(
                    "it goes on from there: {names} are to be declared `secret`, all of them"
                ));
            }
            for (number, (at, text)) in way.into_iter().enumerate() {
                diagnostic.add_label(at, format!("{}. {text}", number + 1));
            }
        }
        let least = least(&steps);
        for last in std::mem::take(&mut self.lasts) {
            let known = least.get(&last.place).copied().unwrap_or(0);
            if known >= TIMES_AS_LONG * last.count {
                continue;
            }
            let LastUse { count, at, .. } = last;
            let way = way(&self.program, &steps, last.place);
            let needed = TIMES_AS_LONG * count;
            let long = match known {
                0 => "its length is not known".to_owned(),
                known => format!("it may have only {known} digits"),
            };
            let diagnostic = self.error(
                codes::TOO_MUCH_TOLD,
                at,
                format!("`last({count}, …)` would tell too much of this secret: {long}"),
                format!("at least {needed} digits are needed"),
            );
            diagnostic.add_help(format!("take at least {needed} digits, or tell fewer of them"));
            for (number, (at, text)) in way.into_iter().enumerate() {
                diagnostic.add_label(at, format!("{}. {text}", number + 1));
            }
        }
    }
}

/// The first name in a value; of secrets only, if so asked.
fn first_local(value: &Expr, secret: bool) -> Option<LocalId> {
    let of = |inner: &Expr| first_local(inner, secret);
    match &value.kind {
        ExprKind::Local(local) => (!secret || value.ty.secret).then_some(*local),
        ExprKind::Some(a) | ExprKind::Field(a, _) | ExprKind::OptionalField(a, _) => of(a),
        ExprKind::Not(a) | ExprKind::Negate(a) => of(a),
        ExprKind::Else(a, b) | ExprKind::Binary(_, a, b) => of(a).or_else(|| of(b)),
        ExprKind::Between { value, low, high, .. } => of(value).or_else(|| of(low)).or_else(|| of(high)),
        ExprKind::Contains { list, value } => of(list).or_else(|| of(value)),
        ExprKind::Is { value, .. } => of(value),
        ExprKind::When { arms, otherwise } => {
            arms.iter().find_map(|(_, value)| of(value)).or_else(|| of(otherwise))
        }
        ExprKind::Comprehension { list, value, .. } => of(list).or_else(|| of(value)),
        ExprKind::List(all)
        | ExprKind::Record(_, all)
        | ExprKind::Variant(_, _, all)
        | ExprKind::Call(_, all)
        | ExprKind::Builtin(_, all) => all.iter().find_map(of),
        ExprKind::Map(entries) => entries.iter().find_map(|(key, value)| of(key).or_else(|| of(value))),
        ExprKind::Interpolated(segments) => segments.iter().find_map(|segment| match segment {
            Segment::Hole { value, .. } | Segment::Plural { value, .. } => of(value),
            Segment::Text(_) => None,
        }),
        _ => None,
    }
}

/// How everything came into every name of every flow.
fn steps(program: &Program) -> Steps {
    let mut steps = Steps::new();
    for (id, flow) in program.flows.iter().enumerate() {
        let mut add = |local: LocalId, value: Option<&Expr>, at: Location, text: String, least| {
            let from = value.and_then(|value| first_local(value, false)).map(|from| (id, from));
            steps.entry((id, local)).or_default().push(Step { at, text, from, least });
        };
        for (local, value) in &flow.state {
            let Some(named) = flow.locals.get(*local) else { continue };
            add(*local, Some(value), named.location, format!("`{}` is secret", named.name), Some(0));
        }
        for block in &flow.blocks {
            if let BlockBody::Wait { wait: Wait::Collect(collect), .. } = &block.body
                && let Some(local) = flow.locals.get(collect.value)
            {
                let least = if collect.form == Form::Digits { i64::from(collect.length.0) } else { 0 };
                let text = format!("the caller enters `{}`", local.name);
                add(collect.value, None, local.location, text, Some(least));
            }
            block.each_statement(&mut |statement| {
                let (StatementKind::Let { local, value, .. } | StatementKind::Set { local, value, .. }) =
                    &statement.kind
                else {
                    return;
                };
                let Some(named) = flow.locals.get(*local) else { return };
                let whole = matches!(value.kind, ExprKind::Local(_));
                let text = format!("goes into `{}`", named.name);
                add(*local, Some(value), statement.location, text, (!whole).then_some(0));
            });
            each_exit(block, &mut |exit, _| {
                let ExitKind::Block(target, arguments) = &exit.kind else { return };
                let Some(target) = flow.blocks.get(*target) else { return };
                for (param, value) in target.params.iter().zip(arguments) {
                    let whole = matches!(value.kind, ExprKind::Local(_));
                    let text = format!("is passed to `{}`", target.name);
                    add(*param, Some(value), exit.location, text, (!whole).then_some(0));
                }
            });
        }
    }
    steps
}

/// The way to a name, its beginning first.
fn way(program: &Program, steps: &Steps, to: Place) -> Vec<(Location, String)> {
    let mut way = Vec::new();
    let mut seen = BTreeSet::new();
    let mut place = Some(to);
    while let Some(here) = place.filter(|here| seen.insert(*here)) {
        let Some(step) = steps.get(&here).and_then(|steps| steps.first()) else {
            let named = program.flows.get(here.0).and_then(|flow| flow.locals.get(here.1));
            way.extend(named.map(|named| (named.location, format!("`{}` is secret", named.name))));
            break;
        };
        way.push((step.at, step.text.clone()));
        place = step.from;
    }
    way.truncate(MOST_STEPS);
    way.reverse();
    way
}

/// The names without `secret` that a secret goes into, one after the other, and through each other.
fn onward(program: &Program, steps: &Steps, from: Place) -> Vec<String> {
    let mut seen = BTreeSet::from([from]);
    let mut found = Vec::new();
    let mut todo = vec![from];
    while let Some(here) = todo.pop() {
        for (to, ways) in steps {
            if !ways.iter().any(|step| step.from == Some(here)) || !seen.insert(*to) {
                continue;
            }
            let named = program.flows.get(to.0).and_then(|flow| flow.locals.get(to.1));
            if let Some(named) = named.filter(|named| !named.ty.secret && found.len() < MOST_STEPS) {
                found.push(format!("`{}`", named.name));
                todo.push(*to);
            }
        }
    }
    found
}

/// How long what is in each name is at least. A name that nothing known goes into may be empty.
fn least(steps: &Steps) -> BTreeMap<Place, i64> {
    let mut least: BTreeMap<Place, i64> = steps.keys().map(|place| (*place, i64::MAX)).collect();
    // Lengths only ever fall, to one of the few that were taken.
    loop {
        let mut changed = false;
        for (place, steps) in steps {
            let known = |step: &Step| {
                let from = step.from.and_then(|from| least.get(&from)).copied().unwrap_or(0);
                step.least.unwrap_or(from)
            };
            let shortest = steps.iter().map(known).min().unwrap_or(0);
            if least.get(place).is_some_and(|have| shortest < *have) {
                least.insert(*place, shortest);
                changed = true;
            }
        }
        if !changed {
            return least;
        }
    }
}
