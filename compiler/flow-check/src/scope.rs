//! The names that are visible at a place, innermost last.
//!
//! A body sees few names, and a look along the list is the fastest way to one; a generated flow may see a
//! hundred thousand, and then the look would make checking quadratic. So the list grows an index when it is
//! long. It knows nothing of what the names stand for.

use flow_diagnostics::Symbol;
use rustc_hash::FxHashMap;

use crate::hir::LocalId;

/// Up to so many names the list is looked along.
const SHORT: usize = 24;

/// Names and what they stand for; as names do not shadow each other, each stands here once in a sound program.
#[derive(Debug, Default)]
pub(crate) struct VisibleNames {
    /// An entry without a name says of what it stands for that it was tested not to be zero: it is forgotten with
    /// the names that were bound beside the test.
    list: Vec<(Option<Symbol>, LocalId)>,
    /// Empty while the list is short.
    index: FxHashMap<Symbol, LocalId>,
}

/// What [`VisibleNames::hide`] took away.
#[derive(Debug, Default)]
pub(crate) struct Hidden(Vec<(Option<Symbol>, LocalId)>);

impl VisibleNames {
    /// What a name stands for.
    pub fn find(&self, name: Symbol) -> Option<LocalId> {
        match self.list.len() > SHORT {
            true => self.index.get(&name).copied(),
            false => self.list.iter().rev().find(|(n, _)| *n == Some(name)).map(|(_, id)| *id),
        }
    }

    /// How many are visible: a mark to come back to.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Makes one more visible. Of two with one name (an error that was reported) the inner one is found.
    pub fn push(&mut self, name: (Symbol, LocalId)) {
        self.add(Some(name.0), name.1);
    }

    /// Keeps that something was tested not to be zero.
    pub fn push_nonzero(&mut self, local: LocalId) {
        self.add(None, local);
    }

    /// Whether something was tested not to be zero.
    pub fn is_nonzero(&self, local: LocalId) -> bool {
        self.list.contains(&(None, local))
    }

    fn add(&mut self, name: Option<Symbol>, local: LocalId) {
        self.list.push((name, local));
        match (self.list.len(), name) {
            (..=SHORT, _) => {}
            (long, _) if long == SHORT + 1 => self.index = self.iter().collect(),
            (_, Some(name)) => {
                self.index.insert(name, local);
            }
            (_, None) => {}
        }
    }

    /// Makes many visible.
    pub fn extend(&mut self, names: impl IntoIterator<Item = (Symbol, LocalId)>) {
        names.into_iter().for_each(|name| self.push(name));
    }

    /// Back to a mark.
    pub fn truncate(&mut self, mark: usize) {
        while self.list.len() > mark.max(SHORT) {
            let Some((name, id)) = self.list.pop() else { break };
            if let Some(name) = name
                && self.index.get(&name) == Some(&id)
            {
                self.index.remove(&name);
            }
        }
        self.list.truncate(mark);
        if self.list.len() <= SHORT {
            self.index.clear();
        }
    }

    /// Takes away those from a mark on, to be put back with [`Self::show`].
    pub fn hide(&mut self, mark: usize) -> Hidden {
        let hidden = self.list[mark.min(self.list.len())..].to_vec();
        self.truncate(mark);
        Hidden(hidden)
    }

    /// Puts back what was hidden.
    pub fn show(&mut self, hidden: Hidden) {
        hidden.0.into_iter().for_each(|(name, local)| self.add(name, local));
    }

    /// All of them, outermost first.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, LocalId)> {
        self.list.iter().filter_map(|(name, local)| Some(((*name)?, *local)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_diagnostics::Interner;

    #[test]
    fn a_name_is_found_until_its_body_ends_however_many_there_are() {
        let mut interner = Interner::default();
        let symbols: Vec<Symbol> = (0..100).map(|n| interner.intern(&format!("x{n}"))).collect();
        let mut names = VisibleNames::default();
        for (id, symbol) in symbols.iter().enumerate() {
            assert_eq!(names.find(*symbol), None);
            names.push((*symbol, id));
            assert_eq!(names.find(*symbol), Some(id));
        }
        assert_eq!(names.find(symbols[0]), Some(0));
        for mark in [60, 30, SHORT + 1, SHORT, 3, 0] {
            names.truncate(mark);
            assert_eq!(names.len(), mark);
            for (id, symbol) in symbols.iter().enumerate() {
                assert_eq!(names.find(*symbol), (id < mark).then_some(id), "{id} at {mark}");
            }
        }
    }
}
