//! A disk in memory: callbacks and campaigns as they were last kept.

use std::collections::BTreeMap;

use flow_switch::boundary::{Callback, CallbackState, CampaignRun, Stored};

/// What is kept, by id.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    callbacks: BTreeMap<String, Callback>,
    runs: BTreeMap<String, CampaignRun>,
}

impl Disk {
    /// Keeps something, in place of what was there of it.
    pub fn keep(&mut self, stored: Stored) {
        match stored {
            Stored::Callback(row) => {
                self.callbacks.insert(row.id.clone(), *row);
            }
            Stored::Campaign(run) => {
                self.runs.insert(run.id.clone(), *run);
            }
            Stored::CampaignRow { run, row, attempts, next, state } => {
                let own = self.runs.get_mut(&run).and_then(|run| run.rows.get_mut(row as usize));
                if let Some(own) = own {
                    own.attempts = attempts;
                    own.next = next;
                    own.state = state;
                }
            }
            Stored::CampaignEnded { run, at } => {
                if let Some(run) = self.runs.get_mut(&run) {
                    run.ended = Some(at);
                }
            }
            Stored::Message(_) | Stored::Sent(_) | Stored::Counted(_) | Stored::Cleared { .. } => {}
        }
    }

    /// Every callback, by id.
    pub fn callbacks(&self) -> impl Iterator<Item = &Callback> {
        self.callbacks.values()
    }

    /// Callbacks that are still to be made.
    pub fn waiting(&self) -> impl Iterator<Item = &Callback> {
        self.callbacks().filter(|row| row.state == CallbackState::Waiting)
    }

    /// Every campaign that was started, by id.
    pub fn runs(&self) -> impl Iterator<Item = &CampaignRun> {
        self.runs.values()
    }

    /// Campaigns with rows to be called.
    pub fn under_way(&self) -> impl Iterator<Item = &CampaignRun> {
        self.runs().filter(|run| run.ended.is_none())
    }
}
