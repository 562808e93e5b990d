//! Where a call goes: exits, and what stands before them.

use flow_check::hir::{BinaryOp, BlockId, End, Exit, ExitKind, Expr, ExprKind, FlowId, Tail};

use crate::call::{Call, Fault, Locals, Stop};
use crate::value::Value;
use crate::world::{Given, Sort};

/// Where a call goes next, with the values that it takes along.
#[derive(Debug)]
pub(crate) enum Way {
    Block(BlockId, Vec<Value>),
    Flow(FlowId, Vec<Value>),
    Return(usize, Vec<Value>),
    Again,
}

/// Where statements stand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    /// The caller is still in a queue: what is said is said over its music, and who leaves gives up the place.
    pub(crate) in_queue: bool,
}

impl<'p> Call<'p, '_> {
    /// Where some work leads, whether it comes to its end or leaves on the way.
    pub(crate) fn left(&mut self, work: impl FnOnce(&mut Self) -> Result<Way, Stop>) -> Result<Way, Stop> {
        match work(self) {
            Err(Stop::Leaves(way)) => Ok(way),
            other => other,
        }
    }

    /// Statements, then the one end that is taken.
    pub(crate) fn tail(&mut self, locals: &mut Locals, tail: &'p Tail, place: Place) -> Result<Way, Stop> {
        self.statements(locals, &tail.statements, place)?;
        match &tail.end {
            End::Exit(exit) => self.exit(locals, exit, place),
            End::Decide { arms, otherwise } => {
                for (index, (condition, tail)) in arms.iter().enumerate() {
                    // Where there is no `otherwise`, the last one holds when no other did; it is asked only for
                    // what it names.
                    let proved =
                        otherwise.is_none() && index + 1 == arms.len() && !names_something(condition);
                    if proved || self.holds(locals, condition)? {
                        return self.tail(locals, tail, place);
                    }
                }
                match otherwise {
                    Some(tail) => self.tail(locals, tail, place),
                    None => Err(Fault::Unreachable.into()),
                }
            }
            End::Share(shares) => {
                let percents: Vec<String> = shares.iter().map(|(percent, _)| percent.to_string()).collect();
                let outcomes = vec![vec![Given::Below(shares.len())]];
                let (_, data) = self.perform(Sort::AtOnce, "draw", vec![percents.join(",")], outcomes)?;
                let (_, tail) = &shares[index_of(&data)?];
                self.tail(locals, tail, place)
            }
        }
    }

    /// The values that an exit takes along are worked out when the place in a queue is given up.
    pub(crate) fn exit(&mut self, locals: &mut Locals, exit: &'p Exit, place: Place) -> Result<Way, Stop> {
        if place.in_queue && exit.kind != ExitKind::Again {
            self.world.cancelled();
        }
        Ok(match &exit.kind {
            ExitKind::Block(block, arguments) => Way::Block(*block, self.values(locals, arguments)?),
            ExitKind::Flow(flow, arguments) => Way::Flow(*flow, self.values(locals, arguments)?),
            ExitKind::Return(outcome, arguments) => Way::Return(*outcome, self.values(locals, arguments)?),
            ExitKind::Again => Way::Again,
        })
    }
}

/// The number that an answer carries.
pub(crate) fn index_of(data: &[Value]) -> Result<usize, Stop> {
    match data {
        [Value::Int(index)] => usize::try_from(*index).map_err(|_| Fault::Impossible.into()),
        _ => Err(Fault::Impossible.into()),
    }
}

fn names_something(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Is(is) => is.bindings.iter().any(Option::is_some),
        ExprKind::Binary(BinaryOp::And, left, right) => names_something(left) || names_something(right),
        _ => false,
    }
}
