//! Statements: what happens in order before a block waits.

use flow_bytecode::Effect;
use flow_bytecode::instruction::Opcode;
use flow_bytecode::program::Constant;
use flow_bytecode::types::Type;
use flow_check::hir::{Exit, Expr, Keep, LimitId, LocalId, Recording, Say, Statement, StatementKind};

use crate::Lowering;
use crate::flow::Place;
use crate::speech::Utterance;

impl<'h> Lowering<'h> {
    pub(crate) fn statements(&mut self, statements: &'h [Statement], place: &Place) {
        for statement in statements {
            self.at(statement.location);
            self.statement(statement, place);
        }
    }

    fn statement(&mut self, statement: &'h Statement, place: &Place) {
        let mark = self.mark();
        match &statement.kind {
            StatementKind::Let { local, value, otherwise } => {
                let register = self.alloc();
                let want = self.local_type(*local);
                match otherwise {
                    None => self.into(value, register, Some(want)),
                    Some(exit) => self.open(value, register, exit, place),
                }
                self.frame.locals[*local] = Some(register);
                // The name lives on; what its value took on the way does not.
                self.release(register.saturating_add(1));
                return;
            }
            StatementKind::Set { local, value, otherwise } => {
                let want = self.local_type(*local);
                let Some(register) = self.frame.locals[*local] else { return };
                match otherwise {
                    None => self.into(value, register, Some(want)),
                    Some(exit) => self.open(value, register, exit, place),
                }
            }
            StatementKind::SetLanguage(language) => {
                let a = self.alloc();
                self.into(language, a, None);
                self.perform(Effect::SetLanguage, a, None);
            }
            StatementKind::SetVoice(voice) => {
                let a = self.alloc();
                self.into(voice, a, None);
                self.perform(Effect::SetVoice, a, None);
            }
            StatementKind::SetRecording(recording) => {
                let a = self.alloc();
                self.load_int(
                    a,
                    match recording {
                        Recording::Nobody => 0,
                        Recording::Caller => 1,
                        Recording::Agent => 2,
                        Recording::Both => 3,
                    },
                );
                self.perform(Effect::SetRecording, a, None);
            }
            StatementKind::Say(say) => self.say(say, place),
            StatementKind::Count { limit, key, otherwise } => {
                self.count(*limit, key, otherwise.as_deref(), place);
            }
            StatementKind::Reset { limit, key } => {
                let a = self.limit_key(*limit, key);
                self.perform(Effect::Reset, a, None);
            }
            StatementKind::Request(request) => {
                self.request(request, place);
                if let Keep::Let(_) = request.keep {
                    // As of `let`: the name lives on.
                    self.release(mark.saturating_add(1));
                    return;
                }
            }
            StatementKind::Send { operation, arguments } => self.send(*operation, arguments),
            StatementKind::If { condition, body } => {
                let done = self.label();
                self.condition(condition, done);
                self.statements(body, place);
                self.release(mark);
                self.place(done);
            }
            StatementKind::Each { local, list, body } => {
                self.each(*local, list, |this, _| this.statements(body, place));
            }
            StatementKind::Mark { name, value } => {
                let text = self.tables.ty(Type::Text);
                let option = self.tables.ty(Type::Option(text));
                let (a, b) = (self.alloc(), self.alloc());
                self.load_text(a, name, text);
                match value {
                    Some(value) => {
                        self.text_of(value, b);
                        self.abc(Opcode::Some, b, b, 0, option);
                    }
                    None => self.abx(Opcode::None, b, option.0, option),
                }
                self.perform(Effect::Mark, a, None);
            }
            StatementKind::Discard => {
                let a = self.alloc();
                self.perform(Effect::Discard, a, None);
            }
        }
        self.release(mark);
    }

    fn local_type(&mut self, local: LocalId) -> flow_bytecode::TypeId {
        let local = &self.hir.flows[self.flow_frame.flow].locals[local];
        self.ty(&local.ty.kind)
    }

    /// What is in an option, or the exit when there is nothing.
    fn open(&mut self, value: &Expr, dest: u8, exit: &'h Exit, place: &Place) {
        let boolean = self.tables.ty(Type::Bool);
        let option = self.value(value, None);
        let ty = self.type_of(value, None);
        let inner = self.inner(ty);
        let (absent, present) = (self.alloc(), self.label());
        self.abc(Opcode::IsNone, absent, option, 0, boolean);
        self.jump_unless(absent, present);
        let mark = self.mark();
        self.exit(exit, place);
        self.release(mark);
        self.place(present);
        self.abc(Opcode::Unwrap, dest, option, 0, inner);
    }

    /// Speaks; over the music, when the caller is waiting in a queue.
    pub(crate) fn say(&mut self, say: &'h Say, place: &Place) {
        self.at(say.spoken.location);
        let mark = self.mark();
        let a = self.alloc();
        self.speech(&[Utterance::Written(&say.spoken)], a);
        if place.stay.is_some() {
            self.perform(Effect::Interject, a, None);
        } else {
            let (boolean, b) = (self.tables.ty(Type::Bool), self.alloc());
            self.load(b, Constant::Bool(say.interruptible), boolean);
            self.perform(Effect::Say, a, None);
        }
        self.release(mark);
    }

    fn count(&mut self, limit: LimitId, key: &[Expr], otherwise: Option<&'h Exit>, place: &Place) {
        let a = self.limit_key(limit, key);
        // After a hang-up there is nowhere to go, and nothing is waited for.
        let Some(exit) = otherwise else {
            self.perform(Effect::Tally, a, None);
            return;
        };
        let entry = self.perform(Effect::Count, a, None);
        let (counted, reached) = (self.label(), self.label());
        self.switch_outcome(a, entry, &[counted, reached]);
        self.place(reached);
        self.release(a);
        self.exit(exit, place);
        self.place(counted);
        self.release(a);
    }

    /// The limit and its key as one text, in registers that follow one another.
    fn limit_key(&mut self, limit: LimitId, key: &[Expr]) -> u8 {
        let a = self.alloc();
        self.load_handle(a, Type::Limit, limit);
        let parts: Vec<_> = key.iter().collect();
        let first = self.values_of(&parts);
        if parts.is_empty() {
            let (text, register) = (self.tables.ty(Type::Text), self.alloc());
            self.load_text(register, "", text);
        }
        // A mark that no key has keeps ("a", "bc") and ("ab", "c") apart.
        self.joined(first, parts.len().max(1) as u8, "\u{1f}");
        a
    }
}
