//! The call of a campaign's row: its flow begins with the number, and goes on when somebody answers.

use flow_bytecode::Datum;
use flow_vm::Fiber;

use crate::boundary::{
    CallRecord, CampaignRow, CampaignRun, Failure, LegId, Outcome, Output, Placed, ProgramId, RowState,
    StoreId, Stored, StoryLine,
};
use crate::call::{Call, RowKept, Wait};
use crate::campaigns::{GREATEST_ROWS, GREATEST_RUNS, Next, RowOf, rows_of};
use crate::switch::{Switch, on_our_clock};

/// Outcomes of `place_call`, by number.
const ANSWERED: u16 = 0;
const OVER: u16 = 1;
/// Rows begun in one go; the rest has its turn at once, after what waits meanwhile.
const ROWS_AT_ONCE: usize = 1_000;
/// How long a row waits whose number is being called already, in milliseconds.
const SAME_NUMBER_MILLIS: i64 = 15_000;
/// How long a row waits that the disk did not take.
const UNKEPT_MILLIS: i64 = 5_000;

/// Why a campaign is not started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotStarted {
    /// The program has no campaign of this name.
    Unknown,
    /// It is under way already.
    Running,
    /// So many campaigns, or rows, are not taken on.
    TooMany,
}

impl std::fmt::Display for NotStarted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("there is no such campaign"),
            Self::Running => f.write_str("the campaign is under way already"),
            Self::TooMany => {
                write!(f, "at most {GREATEST_RUNS} campaigns of {GREATEST_ROWS} rows run at once")
            }
        }
    }
}

impl std::error::Error for NotStarted {}

impl Switch {
    /// Starts a campaign of a program over the rows of its table; `id` is unique for ever.
    ///
    /// # Errors
    /// When there is none of this name, it runs already, or is too large.
    pub fn start_campaign(
        &mut self,
        now: crate::boundary::Now,
        program: ProgramId,
        campaign: &str,
        id: String,
    ) -> Result<(), NotStarted> {
        self.now = on_our_clock(now);
        let loaded = self.programs.get(program.0 as usize).cloned().ok_or(NotStarted::Unknown)?;
        let index = loaded.campaign(campaign).ok_or(NotStarted::Unknown)?;
        if self.campaigns.is_running(campaign) {
            return Err(NotStarted::Running);
        }
        let table = loaded.program.campaigns.get(usize::from(index)).map_or(u32::MAX, |entry| entry.table);
        let rows = rows_of(&loaded.program, table);
        if self.campaigns.len() >= GREATEST_RUNS || rows.len() > GREATEST_ROWS {
            return Err(NotStarted::TooMany);
        }
        let row = |row| CampaignRow { row, attempts: 0, next: 0, state: RowState::Waiting };
        let run = CampaignRun {
            id,
            campaign: campaign.to_owned(),
            program: loaded.identity(),
            started: self.now.unix_millis,
            ended: None,
            rows: rows.into_iter().map(row).collect(),
        };
        // Its first row is called when the disk has it.
        self.ask_disk(Stored::Campaign(Box::new(run.clone())));
        self.campaigns.insert(run, loaded, index, false);
        self.pass_time();
        self.settle();
        Ok(())
    }

    /// Takes up a campaign that was under way before the server started. Who was being called then is not
    /// called again.
    pub fn resume_campaign(&mut self, now: crate::boundary::Now, program: ProgramId, mut run: CampaignRun) {
        self.now = on_our_clock(now);
        let Some(loaded) = self.programs.get(program.0 as usize).cloned() else { return };
        let Some(index) = loaded.campaign(&run.campaign) else { return };
        if self.campaigns.len() >= GREATEST_RUNS || self.campaigns.is_running(&run.campaign) {
            return;
        }
        for row in &mut run.rows {
            if row.state == RowState::Calling {
                row.state = RowState::Over { how: "interrupted".to_owned() };
            }
        }
        let run = self.campaigns.insert(run, loaded, index, true);
        self.campaigns.set_due(run, Some(self.now.monotonic));
    }

    /// The disk has a campaign that was started: it begins.
    pub(crate) fn campaign_kept(&mut self, id: &str) {
        let Some(index) = self.campaigns.named(id) else { return };
        if let Some(run) = self.campaigns.get_mut(index) {
            run.kept = true;
        }
        self.campaigns.set_due(index, Some(self.now.monotonic));
    }

    /// A campaign's turn: as many rows are called as may be.
    pub(crate) fn campaign_due(&mut self, index: u32) {
        for _ in 0..ROWS_AT_ONCE {
            if self.stopping {
                return;
            }
            let (now, unix) = (self.now.monotonic, self.now.unix_millis);
            let Some(run) = self.campaigns.get(index).filter(|run| run.kept) else { return };
            let (loaded, during) = (run.loaded.clone(), run.program().and_then(|campaign| campaign.during));
            if let Some(calendar) = during
                && !self.is_open(&loaded, calendar)
            {
                let hour = now.saturating_add(3_600_000_000);
                let opens = match self.next_open(&loaded, calendar) {
                    Some(Datum::DateTime(at, _)) => self.now.at_unix(at),
                    _ => hour,
                };
                return self.campaigns.set_due(index, Some(opens.min(hour).max(now + 1)));
            }
            if self.calls.len() >= self.options.greatest_calls {
                return self.campaigns.set_due(index, Some(now + 1_000_000));
            }
            let Some(run) = self.campaigns.get_mut(index) else { return };
            match run.next(now, unix) {
                Next::Row(row) => self.begin_row(index, row),
                Next::At(at) => return self.campaigns.set_due(index, Some(at.max(now + 1))),
                Next::AtUnix(at) => {
                    let at = self.now.at_unix(at).max(now + 1);
                    return self.campaigns.set_due(index, Some(at));
                }
                Next::Full => return,
                Next::Over => {
                    if let Some(run) = self.campaigns.remove(index) {
                        self.ask_disk(Stored::CampaignEnded { run: run.run.id, at: unix });
                    }
                    return;
                }
            }
        }
        self.campaigns.set_due(index, Some(self.now.monotonic));
    }

    /// Makes a call of a row, and runs its flow up to the number.
    fn begin_row(&mut self, index: u32, row: u32) {
        let Some(run) = self.campaigns.get_mut(index) else { return };
        let function = run.program().map(|campaign| campaign.function);
        let (loaded, id, name) = (run.loaded.clone(), run.run.id.clone(), run.run.campaign.clone());
        let Some(own) = run.run.rows.get_mut(row as usize) else { return };
        own.state = RowState::Calling;
        own.attempts += 1;
        let (datum, attempt) = (own.row.clone(), own.attempts);
        let fiber = function.and_then(|function| Fiber::new(&loaded.program, function, &[datum]).ok());
        let Some(fiber) = fiber else {
            self.row_over(RowOf { run: index, row }, "fault");
            return self.campaigns.call_over(index, row, self.now.monotonic);
        };
        let of = format!("{id}-r{}", row + 1);
        let record = CallRecord {
            flow: name,
            placed: Some(Placed { kind: "campaign".into(), of: of.clone(), attempt }),
            ..CallRecord::new(format!("{of}-{attempt}"), self.now.unix_millis)
        };
        let call = self.place_call(loaded, fiber, record, Wait::Nothing);
        self.with_call(call, |_, call| {
            call.row = Some(RowOf { run: index, row });
            call.silent = true;
            call.ready = true;
        });
    }

    /// The flow of a row says whom to call.
    pub(super) fn call_row(&mut self, call: &mut Call, skip: bool, number: String, from: Option<String>) {
        let Some(of) = call.row.filter(|_| call.leg.is_none() && !call.answered) else {
            return self.finish(call, OVER, &[]);
        };
        if skip {
            self.row_uncalled(of);
            return self.row_ends(call, of, "skipped");
        }
        let loaded = call.loaded.clone();
        if self.options.outbound.may_call(&number, loaded.own_numbers()).is_err() {
            self.row_uncalled(of);
            return self.row_ends(call, of, "refused");
        }
        if self.is_called(&number) {
            self.row_uncalled(of);
            let next = self.now.unix_millis.saturating_add(SAME_NUMBER_MILLIS);
            if let Some(run) = self.campaigns.get_mut(of.run) {
                if let Some(row) = run.run.rows.get_mut(of.row as usize) {
                    row.attempts = row.attempts.saturating_sub(1);
                }
                run.again(of.row, next);
            }
            self.end(call);
            return self.finish(call, OVER, &[]);
        }
        self.campaigns.set_number(of.run, of.row, &number);
        let Some(store) = self.keep_row(of) else {
            return self.row_ends(call, of, "fault");
        };
        self.promises.waits(store, call.id);
        let deadline = self.now.monotonic.saturating_add(self.options.store_millis.saturating_mul(1000));
        call.wait = Wait::RowKept(Box::new(RowKept { store, deadline, number, from }));
    }

    /// That the row is being called is on disk, or cannot be: then it is not called now.
    pub(crate) fn row_kept(&mut self, call: &mut Call, store: StoreId, done: bool) {
        match &call.wait {
            Wait::RowKept(kept) if kept.store == store => {}
            _ => return,
        }
        let Wait::RowKept(kept) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        if done {
            self.dial_row(call, kept.number, kept.from);
        } else {
            self.row_waits_again(call, UNKEPT_MILLIS);
            self.end(call);
            self.finish(call, OVER, &[]);
        }
    }

    /// The disk has not answered in time.
    pub(crate) fn row_kept_due(&mut self, call: &mut Call) {
        let Wait::RowKept(kept) = &call.wait else { return };
        if kept.deadline <= self.now.monotonic {
            let store = kept.store;
            self.promises.waits_no_longer(store);
            self.row_kept(call, store, false);
        }
    }

    /// Nobody was called for the row after all: it waits for its turn as before.
    pub(crate) fn row_waits_again(&mut self, call: &Call, after_millis: i64) {
        let Some(of) = call.row else { return };
        let next = self.now.unix_millis.saturating_add(after_millis);
        self.row_uncalled(of);
        if let Some(run) = self.campaigns.get_mut(of.run) {
            if let Some(row) = run.run.rows.get_mut(of.row as usize) {
                row.attempts = row.attempts.saturating_sub(1);
            }
            run.again(of.row, next);
        }
        self.keep_row(of);
    }

    fn dial_row(&mut self, call: &mut Call, number: String, from: Option<String>) {
        let loaded = call.loaded.clone();
        let shown = self.options.outbound.from.as_ref().and_then(|from| from.first().cloned());
        let from = from.or(shown).or_else(|| loaded.own_numbers().next().map(str::to_owned));
        let (slot, generation) = self.legs.insert_with(|_, _| call.id);
        let leg = LegId { slot, generation };
        call.leg = Some(leg);
        call.silent = false;
        call.record.caller = Some(number.clone());
        call.record.called = from.clone().unwrap_or_default();
        let ring = self.options.customer_ring_millis.saturating_mul(1000);
        call.wait = Wait::Placing { until: self.now.monotonic.saturating_add(ring) };
        self.story(call, |call| StoryLine::Noted(format!("a call of the campaign {}", call.record.flow)));
        self.story(call, |_| StoryLine::Calling(number.clone()));
        self.outputs.push_back(Output::Dial { leg, near: leg, address: number, from, display: None });
    }

    /// Somebody answered: the flow begins.
    pub(crate) fn row_answered(&mut self, call: &mut Call) {
        call.answered = true;
        call.record.answered_after = Some(call.at(self.now.monotonic));
        if let Some(of) = call.row {
            self.row_over(of, "answered");
        }
        self.story(call, |_| StoryLine::Answered);
        self.finish(call, ANSWERED, &[]);
    }

    /// Nobody answered; the leg is gone.
    pub(crate) fn row_not_reached(&mut self, call: &mut Call, failure: Failure) {
        call.leg = None;
        let why = crate::outbound::why(failure);
        let number = call.record.caller.clone().unwrap_or_default();
        self.story(call, |_| StoryLine::NotReached { who: number, why: why.replace('_', " ") });
        call.outcome = Some(Outcome::NotReached { why: why.to_owned() });
        let Some(of) = call.row else { return self.end(call) };
        let run = self.campaigns.get(of.run);
        let retry = run.and_then(|run| run.program()).and_then(|campaign| campaign.retry);
        let attempts = run.and_then(|run| run.run.rows.get(of.row as usize)).map_or(0, |row| row.attempts);
        match crate::outbound::again(retry, failure, attempts) {
            Some(millis) => {
                let next = self.now.unix_millis.saturating_add(millis);
                if let Some(run) = self.campaigns.get_mut(of.run) {
                    run.again(of.row, next);
                }
                self.keep_row(of);
                self.end(call);
                self.finish(call, OVER, &[]);
            }
            None => self.row_ends(call, of, why),
        }
    }

    /// The phone has rung out.
    pub(crate) fn row_rang_out(&mut self, call: &mut Call) {
        if let Some(leg) = call.leg {
            self.hang_up(leg);
        }
        self.row_not_reached(call, Failure::NoAnswer);
    }

    /// The call ends while the phone still rings.
    pub(super) fn drop_placing(&mut self, call: &Call) {
        if let Some(of) = call.row {
            self.row_over(of, "interrupted");
        }
    }

    /// The call of a row is over; one that called nobody failed before it could.
    pub(crate) fn row_closed(&mut self, of: RowOf) {
        let run = self.campaigns.get(of.run);
        let row = run.and_then(|run| run.run.rows.get(of.row as usize));
        if row.is_some_and(|row| row.state == RowState::Calling) {
            self.row_over(of, "fault");
        }
    }

    fn row_uncalled(&mut self, of: RowOf) {
        if let Some(run) = self.campaigns.get_mut(of.run) {
            run.uncount();
        }
    }

    fn row_ends(&mut self, call: &mut Call, of: RowOf, how: &str) {
        self.row_over(of, how);
        self.end(call);
        self.finish(call, OVER, &[]);
    }

    fn row_over(&mut self, of: RowOf, how: &str) {
        if let Some(run) = self.campaigns.get_mut(of.run)
            && let Some(row) = run.run.rows.get_mut(of.row as usize)
        {
            row.state = RowState::Over { how: how.to_owned() };
            self.keep_row(of);
        }
    }

    /// Puts how far a row is on disk.
    fn keep_row(&mut self, of: RowOf) -> Option<StoreId> {
        let run = self.campaigns.get(of.run)?;
        let row = run.run.rows.get(of.row as usize)?;
        let stored = Stored::CampaignRow {
            run: run.run.id.clone(),
            row: of.row,
            attempts: row.attempts,
            next: row.next,
            state: row.state.clone(),
        };
        Some(self.ask_disk(stored))
    }
}
