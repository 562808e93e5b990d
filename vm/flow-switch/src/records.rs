//! The one record that every call leaves.

use crate::boundary::{Outcome, Output, Step};
use crate::call::Call;
use crate::switch::Switch;

impl Switch {
    /// The call is over and nothing of it is under way: its record goes out, its places are given up.
    pub(crate) fn close(&mut self, call: Call) {
        let Call { id, loaded, way, mut record, outcome, over, began, row, silent, shown, .. } = call;
        let end = over.unwrap_or(self.now.monotonic);
        record.duration = end.saturating_sub(began.monotonic) / 1000;
        record.way = way
            .into_iter()
            .map(|(block, at)| {
                let flow = loaded.program.blocks.get(usize::from(block)).map_or(u16::MAX, |block| block.flow);
                let (_, name) = loaded.block_names(block);
                Step { flow: loaded.function_name(flow).to_owned(), block: name.to_owned(), at }
            })
            .collect();
        let block = record.way.last().map_or_else(String::new, |step| step.block.clone());
        record.outcome = outcome.unwrap_or(Outcome::Ended { block });
        if !silent {
            self.outputs.push_back(Output::CallRecord(record));
        }
        for agent in shown {
            self.outputs.push_back(Output::Show { agent, fields: Vec::new() });
        }
        if let Some(of) = row {
            self.row_closed(of);
            self.campaigns.call_over(of.run, of.row, self.now.monotonic);
        }
        self.forget(id);
    }
}
