//! Samples of the world: effects that finish at once with a value, recorded for replay by the value.

use flow_bytecode::{Datum, Effect};

use crate::call::Call;
use crate::switch::Switch;

/// What a caller in a queue is told at least to wait: nobody says "zero".
const LEAST_WAIT_MICROS: u64 = 60_000_000;

fn option(datum: Option<Datum>) -> Datum {
    datum.map_or(Datum::None, |datum| Datum::Some(Box::new(datum)))
}

fn duration(micros: u64) -> Datum {
    Datum::Duration(i64::try_from(micros / 1000).unwrap_or(i64::MAX))
}

impl Switch {
    /// The value of a sample.
    pub(super) fn sample(&mut self, call: &mut Call, sample: Effect) -> Datum {
        let now = self.now.monotonic;
        let loaded = call.loaded.clone();
        let arguments = call.fiber.arguments(&loaded.program);
        let queue = loaded.queues.get(usize::from(arguments.handle(0))).copied();
        let text = |text: Option<&String>| option(text.map(|text| Datum::Text(text.clone())));
        match sample {
            Effect::Now => Datum::DateTime(self.now.unix_millis, 0),
            Effect::Today => Datum::Date(self.today(&loaded)),
            Effect::CallerNumber => text(call.record.caller.as_ref()),
            Effect::CallerName => text(call.record.caller_name.as_ref()),
            Effect::CallerAttested => Datum::Bool(call.attested),
            Effect::Called => Datum::Text(call.record.called.clone()),
            Effect::CallId => Datum::Text(call.record.call.clone()),
            Effect::Language => Datum::Language(call.language),
            Effect::Encrypt => {
                // Without a box nothing is told: the datum does not fit, and the call ends as a fault.
                let sealed = self.sealing.seal(&arguments.text(0), &arguments.text(1));
                sealed.map_or(Datum::None, Datum::Text)
            }
            Effect::Setting => loaded.setting(arguments.handle(0)),
            Effect::SwitchState => Datum::Bool(self.lever(&loaded, arguments.handle(0))),
            Effect::Draw => {
                let shares = loaded.program.shares.get(usize::from(arguments.handle(0)));
                Datum::Int(self.draw(shares.map_or(&[], Vec::as_slice)))
            }
            Effect::Position => {
                Datum::Int(call.place.map_or(1, |place| i64::from(self.queues.position(place))))
            }
            Effect::ExpectedWait => {
                let micros = call.place.and_then(|place| {
                    let queue = self.queues.place(place).queue;
                    self.queues.expected_micros(queue, self.queues.position(place) - 1, &self.agents, now)
                });
                duration(micros.unwrap_or(0).max(LEAST_WAIT_MICROS))
            }
            Effect::QueueExpectedWait => option(queue.and_then(|queue| {
                let before = self.queues.waiting(queue);
                self.queues.expected_micros(queue, before, &self.agents, now).map(duration)
            })),
            Effect::QueueLongestWait => {
                duration(queue.map_or(0, |queue| self.queues.longest_wait(queue, now)))
            }
            Effect::QueueWaiting => {
                Datum::Int(queue.map_or(0, |queue| i64::from(self.queues.waiting(queue))))
            }
            Effect::QueueFree => {
                Datum::Int(queue.map_or(0, |queue| i64::from(self.queues.free(queue, &self.agents, now))))
            }
            Effect::QueueStaffed => {
                Datum::Bool(queue.is_some_and(|queue| self.queues.staff(queue, &self.agents) > 0))
            }
            Effect::CalendarState => Datum::Int(self.calendar_state(&loaded, arguments.handle(0))),
            Effect::CalendarNextOpen => option(self.next_open(&loaded, arguments.handle(0))),
            Effect::CalendarCloses => self.closes(&loaded, arguments.handle(0)),
            Effect::CalendarReason => self.calendar_reason(&loaded, arguments.handle(0)),
            Effect::CalendarOpenAt => {
                Datum::Bool(self.open_at(&loaded, arguments.handle(0), arguments.datetime(1).0))
            }
            Effect::Find => option(loaded.tables.get(usize::from(arguments.handle(0))).and_then(|table| {
                let wanted = arguments.value(2)?.datum()?;
                let column = usize::try_from(arguments.int(1)).ok()?;
                table.find(&loaded.program, column, &wanted).cloned()
            })),
            Effect::Rows => {
                let table = loaded.tables.get(usize::from(arguments.handle(0)));
                Datum::List(table.map_or_else(Vec::new, |table| table.all().to_vec()))
            }
            _ => Datum::None,
        }
    }

    fn draw(&mut self, shares: &[u32]) -> i64 {
        let total: u32 = shares.iter().sum();
        let mut drawn = self.chance.below(total);
        for (index, share) in shares.iter().enumerate() {
            if drawn < *share {
                return index as i64;
            }
            drawn -= share;
        }
        0
    }
}
