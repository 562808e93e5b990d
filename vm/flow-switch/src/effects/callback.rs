//! Booking a call back: the caller's place goes to a number, and is on disk before the caller is told.

use flow_bytecode::Datum;

use crate::boundary::{Callback, CallbackState, StoreId, Stored, StoryLine};
use crate::call::{Booking, Call, Wait};
use crate::callbacks::Stage;
use crate::queues::Whose;
use crate::request::CallbackRequest;
use crate::switch::Switch;

/// Outcomes of `callback`, by number.
const BOOKED: u16 = 0;
const DUPLICATE: u16 = 1;
const REFUSED: u16 = 2;
const FULL: u16 = 3;
const FAILED: u16 = 4;

impl Switch {
    /// Books a call back.
    pub(super) fn book(&mut self, call: &mut Call, request: CallbackRequest) {
        self.answer(call);
        let loaded = call.loaded.clone();
        let table = loaded.program.callbacks.get(usize::from(request.table)).cloned();
        let queue = loaded.queues.get(usize::from(request.queue)).copied();
        let (Some(table), Some(queue)) = (table, queue) else { return self.finish(call, FAILED, &[]) };
        if let Err(why) = self.may_call_back(&loaded, &request) {
            self.story(call, |_| StoryLine::Noted(format!("no call back to {}: {why}", request.number)));
            return self.finish(call, REFUSED, &[Datum::Text(why.to_owned())]);
        }
        if self.callbacks.has(&request.number, queue) {
            return self.finish(call, DUPLICATE, &[]);
        }
        if self.callbacks.is_full() {
            return self.finish(call, FAILED, &[]);
        }
        let (now, unix) = (self.now.monotonic, self.now.unix_millis);
        let had_place = call.place.is_some();
        let whose = Whose::Callback(self.callbacks.next_index());
        let Some(place) = self.queues.give(now, call.place, queue, request.priority, whose) else {
            return self.finish(call, FULL, &[]);
        };
        call.place = None;
        let (born, _, priority, _) = self.queues.parts(place);
        call.booked += 1;
        let millis = |after: u64| unix.saturating_add(i64::try_from(after).unwrap_or(i64::MAX));
        let row = Callback {
            id: format!("{}-b{}", call.record.call, call.booked),
            call: call.record.call.clone(),
            program: loaded.identity(),
            table: request.table,
            flow: loaded.function_name(call.fiber.flow()).to_owned(),
            block: call.block_name(),
            number: request.number,
            queue: self.queues.name(queue).to_owned(),
            priority,
            born: unix.saturating_sub((now.saturating_sub(born) / 1000) as i64),
            booked: unix,
            not_before: millis(table.delay_millis),
            expires: millis(table.expires_millis),
            from: request.from,
            caller_name: call.record.caller_name.clone(),
            whisper: request.whisper,
            show: request.show,
            arguments: request.arguments,
            language: call.language,
            attempts: 0,
            state: CallbackState::Waiting,
        };
        let store = self.keep(row.clone());
        let index = self.callbacks.insert(row, loaded, queue, place, Stage::Storing(store, call.id));
        let deadline = now.saturating_add(self.options.store_millis.saturating_mul(1000));
        call.wait = Wait::Booking(Box::new(Booking { index, deadline, had_place }));
    }

    fn may_call_back(
        &self,
        loaded: &crate::programs::Loaded,
        request: &CallbackRequest,
    ) -> Result<(), &'static str> {
        let policy = &self.options.outbound;
        policy.may_call(&request.number, loaded.own_numbers()).map_err(|refusal| refusal.word())?;
        match &request.from {
            Some(from) if !policy.may_show(from, loaded.own_numbers()) => {
                Err(crate::policy::Refusal::From.word())
            }
            _ => Ok(()),
        }
    }

    /// Puts a callback on disk as it is now.
    pub(crate) fn keep(&mut self, row: Callback) -> StoreId {
        self.ask_disk(Stored::Callback(Box::new(row)))
    }

    /// A callback is on disk, or cannot be.
    pub(crate) fn callback_stored(&mut self, store: StoreId, done: bool) {
        if let Some(mut row) = self.callbacks.withdrawn.remove(&store) {
            // The caller was told that it failed; what the disk took after all is taken back.
            if done {
                row.state = CallbackState::Over { how: "withdrawn".to_owned(), at: self.now.unix_millis };
                self.keep(row);
            }
            return;
        }
        let Some(index) = self.callbacks.stored(store) else { return };
        let Some(booked) = self.callbacks.get_mut(index) else { return };
        let Stage::Storing(_, id) = booked.stage else { return };
        booked.stage = Stage::Resting;
        if !done {
            // What is not kept is gone before its call goes on: that may book another at once.
            let Some(booked) = self.callbacks.remove(index) else { return };
            let place = booked.place;
            let waits = self
                .calls
                .get(id.slot, id.generation)
                .is_some_and(|call| matches!(&call.wait, Wait::Booking(booking) if booking.index == index));
            if waits {
                self.with_call(id, |switch, call| switch.booking_failed(call, Some(place)));
            } else {
                self.queues.leave(Some(place));
            }
            return;
        }
        self.with_call(id, |switch, call| {
            let Wait::Booking(booking) = &call.wait else { return };
            if booking.index != index {
                return;
            }
            let row = switch.callbacks.get(index).map(|booked| booked.row.clone());
            if let Some(row) = row {
                switch.story(call, |_| {
                    StoryLine::Noted(format!("a call back to {} is booked in {}", row.number, row.queue))
                });
                call.record.callbacks.push(row.id);
            }
            switch.finish(call, BOOKED, &[]);
        });
        self.callback_due(index);
    }

    /// The disk has not answered in time.
    pub(crate) fn booking_due(&mut self, call: &mut Call) {
        let Wait::Booking(booking) = &call.wait else { return };
        if booking.deadline > self.now.monotonic {
            return;
        }
        let index = booking.index;
        let own = self.callbacks.get(index).map(|booked| booked.stage);
        let Some(Stage::Storing(store, _)) = own.filter(|stage| stage.is_stored_for(call.id)) else {
            return self.booking_failed(call, None);
        };
        let place = self.callbacks.remove(index).map(|booked| {
            self.callbacks.withdrawn.insert(store, booked.row);
            booked.place
        });
        self.booking_failed(call, place);
    }

    /// The callback is not kept; a place that the caller had is the caller's again.
    fn booking_failed(&mut self, call: &mut Call, place: Option<u32>) {
        let had_place = matches!(&call.wait, Wait::Booking(booking) if booking.had_place);
        if let Some(place) = place {
            if had_place {
                self.queues.set_whose(place, Whose::Call(call.id));
                call.place = Some(place);
            } else {
                self.queues.leave(Some(place));
            }
        }
        self.finish(call, FAILED, &[]);
    }
}
