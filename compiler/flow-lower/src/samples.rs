//! What is read from outside the call's own data: each read is an effect that finishes at once.

use flow_bytecode::effects::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::types::Type;
use flow_check::hir::{self, Expr, Sample};

use crate::Lowering;

impl Lowering<'_> {
    pub(crate) fn setting(&mut self, setting: hir::SettingId, expr: &Expr) -> u8 {
        let ty = self.type_of(expr, None);
        let a = self.alloc();
        self.load_handle(a, Type::Setting, setting);
        self.perform(Effect::Setting, a, Some(ty));
        a + 1
    }

    /// The register of what was read from outside the call.
    pub(crate) fn sample(&mut self, sample: &Sample) -> u8 {
        let a = self.alloc();
        let effect = match sample {
            Sample::CallerNumber => Effect::CallerNumber,
            Sample::CallerName => Effect::CallerName,
            Sample::CallerAttested => Effect::CallerAttested,
            Sample::Called => Effect::Called,
            Sample::CallId => Effect::CallId,
            Sample::Now => Effect::Now,
            Sample::Today => Effect::Today,
            Sample::Language => Effect::Language,
            Sample::Recording => Effect::Recorded,
            Sample::Position => Effect::Position,
            Sample::Wait => Effect::ExpectedWait,
            Sample::CalendarOpen(calendar) => return self.calendar_open(a, *calendar),
            Sample::CalendarNextOpen(calendar) => {
                self.load_handle(a, Type::Calendar, *calendar);
                Effect::CalendarNextOpen
            }
            Sample::CalendarCloses(calendar) => {
                self.load_handle(a, Type::Calendar, *calendar);
                Effect::CalendarCloses
            }
            Sample::CalendarReason(calendar) => {
                self.load_handle(a, Type::Calendar, *calendar);
                Effect::CalendarReason
            }
            Sample::CalendarOpenAt(calendar, instant) => {
                self.load_handle(a, Type::Calendar, *calendar);
                let register = self.alloc();
                self.into(instant, register, None);
                Effect::CalendarOpenAt
            }
            Sample::QueueExpectedWait(queue) => self.queue_sample(a, *queue, Effect::QueueExpectedWait),
            Sample::QueueLongestWait(queue) => self.queue_sample(a, *queue, Effect::QueueLongestWait),
            Sample::QueueWaiting(queue) => self.queue_sample(a, *queue, Effect::QueueWaiting),
            Sample::QueueFree(queue) => self.queue_sample(a, *queue, Effect::QueueFree),
            Sample::QueueStaffed(queue) => self.queue_sample(a, *queue, Effect::QueueStaffed),
            Sample::Encrypt(value, key) => {
                self.text_of(value, a);
                let register = self.alloc();
                self.into(key, register, None);
                Effect::Encrypt
            }
            Sample::Find(table, sought) => return self.find(a, *table, sought.0, &sought.1),
            Sample::Rows(table) => return self.rows(a, *table),
            Sample::Switch(switch) => {
                self.load_handle(a, Type::Switch, *switch);
                Effect::SwitchState
            }
        };
        self.perform(effect, a, None);
        a.saturating_add(1)
    }

    fn queue_sample(&mut self, a: u8, queue: hir::QueueId, effect: Effect) -> Effect {
        self.load_handle(a, Type::Queue, queue);
        effect
    }

    /// A calendar is open when its state is the first.
    fn calendar_open(&mut self, a: u8, calendar: hir::CalendarId) -> u8 {
        let boolean = self.tables.ty(Type::Bool);
        self.load_handle(a, Type::Calendar, calendar);
        self.perform(Effect::CalendarState, a, None);
        let zero = self.alloc();
        self.load_int(zero, 0);
        self.abc(Opcode::Equal, a, a + 1, zero, boolean);
        a
    }
}
