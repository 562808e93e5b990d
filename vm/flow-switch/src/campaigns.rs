//! Campaigns: rows that are called one after the other, at a pace, some at once, within hours, and again where
//! nobody came. A row is called at most by one call at a time, and so is a number.
//!
//! Nothing here knows of legs; the call of a row stands in `effects::placing`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use flow_bytecode::program;
use flow_bytecode::{Datum, VerifiedProgram};
use slab::Slab;

use crate::boundary::{CampaignRun, RowState};
use crate::programs::Loaded;
use crate::services::rows::Rows;

/// As many rows as one campaign may have.
pub(crate) const GREATEST_ROWS: usize = 200_000;
/// As many campaigns as run at once.
pub(crate) const GREATEST_RUNS: usize = 64;

/// A campaign that is under way.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) run: CampaignRun,
    pub(crate) loaded: Arc<Loaded>,
    /// Index into the program's campaigns.
    pub(crate) index: u16,
    /// Rows to be called, by when.
    waiting: BTreeSet<(i64, u32)>,
    /// Rows that are being called, and their numbers.
    calling: BTreeMap<u32, Option<String>>,
    /// When calls began, within the span of the pace.
    begun: VecDeque<u64>,
    /// Whether it is on disk: nobody is called before.
    pub(crate) kept: bool,
    due: Option<u64>,
}

/// What a run may do now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Call this row.
    Row(u32),
    /// Nothing before then, in microseconds of our clock.
    At(u64),
    /// Nothing before then, in milliseconds since 1970.
    AtUnix(i64),
    /// Nothing before a call is over.
    Full,
    /// Every row is done.
    Over,
}

impl Run {
    fn new(run: CampaignRun, loaded: Arc<Loaded>, index: u16, kept: bool) -> Run {
        let rows = (0..).zip(&run.rows);
        let waiting =
            rows.filter(|(_, row)| row.state == RowState::Waiting).map(|(index, row)| (row.next, index));
        let waiting = waiting.collect();
        Run { run, loaded, index, waiting, calling: BTreeMap::new(), begun: VecDeque::new(), kept, due: None }
    }

    pub(crate) fn program(&self) -> Option<&program::Campaign> {
        self.loaded.program.campaigns.get(usize::from(self.index))
    }

    /// What comes next, at an instant of both clocks.
    pub(crate) fn next(&mut self, now: u64, unix: i64) -> Next {
        let Some((next, row)) = self.waiting.first().copied() else {
            return if self.calling.is_empty() { Next::Over } else { Next::Full };
        };
        let Some(campaign) = self.program() else { return Next::Full };
        let (concurrent, pace) = (campaign.concurrent, campaign.pace);
        if self.calling.len() >= concurrent as usize {
            return Next::Full;
        }
        if next > unix {
            return Next::AtUnix(next);
        }
        if let Some((count, per)) = pace {
            let per = per.saturating_mul(1000);
            while self.begun.front().is_some_and(|begun| begun.saturating_add(per) <= now) {
                self.begun.pop_front();
            }
            if self.begun.len() >= count as usize
                && let Some(first) = self.begun.front()
            {
                return Next::At(first.saturating_add(per));
            }
            self.begun.push_back(now);
        }
        self.waiting.remove(&(next, row));
        self.calling.insert(row, None);
        Next::Row(row)
    }

    /// Nobody was called for the row: it does not count for the pace.
    pub(crate) fn uncount(&mut self) {
        self.begun.pop_back();
    }

    /// The row goes back to wait.
    pub(crate) fn again(&mut self, row: u32, next: i64) {
        if let Some(own) = self.run.rows.get_mut(row as usize) {
            own.state = RowState::Waiting;
            own.next = next;
            self.waiting.insert((next, row));
        }
    }
}

/// All campaigns.
#[derive(Debug, Default)]
pub(crate) struct Campaigns {
    runs: Slab<Run>,
    due: BTreeSet<(u64, u32)>,
}

impl Campaigns {
    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    pub(crate) fn insert(&mut self, run: CampaignRun, loaded: Arc<Loaded>, index: u16, kept: bool) -> u32 {
        self.runs.insert(Run::new(run, loaded, index, kept)) as u32
    }

    /// The run of an id.
    pub(crate) fn named(&self, id: &str) -> Option<u32> {
        self.runs.iter().find(|(_, run)| run.run.id == id).map(|(run, _)| run as u32)
    }

    pub(crate) fn get_mut(&mut self, run: u32) -> Option<&mut Run> {
        self.runs.get_mut(run as usize)
    }

    pub(crate) fn get(&self, run: u32) -> Option<&Run> {
        self.runs.get(run as usize)
    }

    /// Whether a campaign of this name is under way.
    pub(crate) fn is_running(&self, campaign: &str) -> bool {
        self.runs.iter().any(|(_, run)| run.run.campaign == campaign)
    }

    pub(crate) fn remove(&mut self, run: u32) -> Option<Run> {
        self.set_due(run, None);
        self.runs.try_remove(run as usize)
    }

    pub(crate) fn set_number(&mut self, run: u32, row: u32, number: &str) {
        if let Some(own) = self.get_mut(run).and_then(|run| run.calling.get_mut(&row)) {
            *own = Some(number.to_owned());
        }
    }

    /// The call of a row is over: there is room for another.
    pub(crate) fn call_over(&mut self, run: u32, row: u32, now: u64) {
        if let Some(own) = self.get_mut(run) {
            own.calling.remove(&row);
            self.set_due(run, Some(now));
        }
    }

    pub(crate) fn is_calling(&self, number: &str) -> bool {
        let mut called = self.runs.iter().flat_map(|(_, run)| run.calling.values());
        called.any(|called| called.as_deref() == Some(number))
    }

    pub(crate) fn set_due(&mut self, run: u32, at: Option<u64>) {
        let Some(own) = self.runs.get_mut(run as usize) else { return };
        if let Some(before) = own.due.take() {
            self.due.remove(&(before, run));
        }
        if let Some(at) = at {
            own.due = Some(at);
            self.due.insert((at, run));
        }
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        self.due.first().map(|(at, _)| *at)
    }

    pub(crate) fn pop_due(&mut self, now: u64) -> Option<u32> {
        let (at, run) = *self.due.first()?;
        if at > now {
            return None;
        }
        self.set_due(run, None);
        Some(run)
    }

    /// Every run, to be looked at anew when the world has changed.
    pub(crate) fn all(&self) -> Vec<u32> {
        self.runs.iter().map(|(run, _)| run as u32).collect()
    }
}

/// The rows of a program's table, by the table's name.
pub(crate) fn rows_of(program: &VerifiedProgram, table: u32) -> Vec<Datum> {
    let found = program.tables.iter().find(|entry| entry.name == table);
    found.map_or_else(Vec::new, |table| Rows::of(program, table).all().to_vec())
}

/// The row of a campaign that a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowOf {
    pub(crate) run: u32,
    pub(crate) row: u32,
}
