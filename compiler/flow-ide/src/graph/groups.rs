//! Ways that a reader takes for one.

use super::{Cause, Edge, EdgeOrigin};

/// Edges that read as one row: outcomes of one block that lead to the same place for the same reason. What the
/// flow says is left out.
pub(crate) fn grouped(edges: &[Edge]) -> Vec<Vec<&Edge>> {
    let mut groups: Vec<Vec<&Edge>> = Vec::new();
    // Edges of one block stand together.
    let mut begin = 0;
    for edge in edges.iter().filter(|edge| edge.origin != EdgeOrigin::Flow) {
        if groups.get(begin).is_some_and(|group| group[0].from != edge.from) {
            begin = groups.len();
        }
        let outcome = |edge: &Edge| matches!(edge.causes.as_slice(), [Cause::Outcome { .. }]);
        let same = groups[begin..].iter_mut().find(|group| {
            let first = group[0];
            outcome(first)
                && outcome(edge)
                && first.to == edge.to
                && first.origin == edge.origin
                && first.says == edge.says
        });
        match same {
            Some(group) => group.push(edge),
            None => groups.push(vec![edge]),
        }
    }
    groups
}
