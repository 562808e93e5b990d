//! A small writer of programs for tests: blocks that say, ask, queue, ring and record, put together from
//! constants only. It makes the instructions and tables that the compiler would make of a simple flow.

use std::collections::BTreeMap;
use std::sync::Arc;

use flow_bytecode::effects::Effect;
use flow_bytecode::program::*;
use flow_bytecode::{Instruction as I, Opcode as O, Program, Type, TypeId, VerifiedProgram, verify};

const BOOL: TypeId = TypeId(0);
const INT: TypeId = TypeId(1);
const TEXT: TypeId = TypeId(2);
const DURATION: TypeId = TypeId(3);
const SPEECH: TypeId = TypeId(4);
const KEYS: TypeId = TypeId(5);
const FORM: TypeId = TypeId(6);
const STAY: TypeId = TypeId(7);
const RINGS: TypeId = TypeId(8);
const QUEUE: TypeId = TypeId(9);
const LIMIT: TypeId = TypeId(10);
const OPTION_TEXT: TypeId = TypeId(11);
const OPTION_SPEECH: TypeId = TypeId(12);
const LIST_TEXT: TypeId = TypeId(13);
const DIGITS: TypeId = TypeId(14);

/// What a timed entry of a queue does.
#[derive(Clone)]
pub enum Due {
    Position,
    Say(&'static str),
    Priority(i64),
}

/// How a block ends.
#[derive(Clone)]
pub enum Then {
    Go(&'static str),
    End,
    Trap,
    Decline(i64),
    Menu {
        ask: &'static str,
        keys: Vec<(&'static str, &'static str)>,
        no_input: &'static str,
        no_match: &'static str,
    },
    Collect {
        ask: &'static str,
        form: FormTable,
        keys: Vec<(&'static str, &'static str)>,
        done: &'static str,
        no_input: &'static str,
        no_match: &'static str,
    },
    Rate {
        name: &'static str,
        ask: &'static str,
        low: i64,
        high: i64,
        then: &'static str,
    },
    Queue {
        queue: &'static str,
        priority: i64,
        longest: i64,
        timed: Vec<(Timed, Due)>,
        /// Keys and where they lead; an empty target stays.
        keys: Vec<(&'static str, &'static str)>,
        whisper: Option<&'static str>,
        talked: &'static str,
        otherwise: &'static str,
    },
    Dial {
        rings: Vec<(Vec<&'static str>, u64)>,
        pick: Pick,
        accept: Option<(u8, u64)>,
        talked: &'static str,
        busy: &'static str,
        otherwise: &'static str,
    },
    Voicemail {
        longest: i64,
        silence: i64,
        recorded: &'static str,
        empty: &'static str,
        failed: &'static str,
    },
    Count {
        limit: &'static str,
        key: &'static str,
        counted: &'static str,
        reached: &'static str,
    },
}

/// One block: what it says (interruptible or not), then how it ends.
pub struct Block {
    name: &'static str,
    kind: &'static str,
    says: Vec<(&'static str, bool)>,
    marks: Vec<&'static str>,
    then: Then,
}

/// A block that says nothing.
pub fn block(kind: &'static str, name: &'static str, then: Then) -> Block {
    Block { name, kind, says: Vec::new(), marks: Vec::new(), then }
}

impl Block {
    pub fn say(mut self, text: &'static str) -> Block {
        self.says.push((text, true));
        self
    }

    pub fn announce(mut self, text: &'static str) -> Block {
        self.says.push((text, false));
        self
    }

    pub fn mark(mut self, name: &'static str) -> Block {
        self.marks.push(name);
        self
    }
}

pub fn digits(least: u16, most: u16, until: Option<u8>, secret: bool) -> FormTable {
    FormTable {
        form: Form::Digits,
        length: (least, most),
        until,
        by_key: true,
        by_voice: false,
        secret,
        words: KeyTable::default(),
    }
}

/// A program being written.
pub struct Writer {
    program: Program,
    texts: BTreeMap<String, u32>,
    code: Vec<I>,
    /// Instructions to be patched with the block that they lead to.
    jumps: Vec<(usize, &'static str)>,
    /// Entries of jump tables to be patched.
    entries: Vec<(usize, usize, &'static str)>,
    starts: BTreeMap<&'static str, u32>,
    maps: BTreeMap<u32, Vec<(u8, TypeId)>>,
}

impl Writer {
    pub fn new() -> Writer {
        let types = vec![
            Type::Bool,
            Type::Int,
            Type::Text,
            Type::Duration,
            Type::Speech,
            Type::Keys,
            Type::Form,
            Type::Stay,
            Type::Rings,
            Type::Queue,
            Type::Limit,
            Type::Option(TEXT),
            Type::Option(SPEECH),
            Type::List(TEXT),
            Type::Digits,
        ];
        let program = Program {
            name: "test".into(),
            zones: vec!["America/New_York".into()],
            languages: vec!["en".into()],
            types,
            ..Program::default()
        };
        Writer {
            program,
            texts: BTreeMap::new(),
            code: Vec::new(),
            jumps: Vec::new(),
            entries: Vec::new(),
            starts: BTreeMap::new(),
            maps: BTreeMap::new(),
        }
    }

    pub fn text(&mut self, text: &str) -> u32 {
        let next = self.texts.len() as u32;
        let id = *self.texts.entry(text.to_owned()).or_insert(next);
        if id == next {
            self.program.texts.push(text.to_owned());
        }
        id
    }

    /// A person with a level in the one skill that there is, `technical`.
    pub fn agent(&mut self, name: &str, address: &str, level: u32) -> &mut Self {
        if self.program.skills.is_empty() {
            let skill = self.text("technical");
            self.program.skills.push(skill);
        }
        let (name, address) = (self.text(name), self.text(address));
        self.program.agents.push(Agent { name, address, teams: Vec::new(), skills: vec![(0, level)] });
        self
    }

    /// A queue for people of a level, and of another after a minute.
    pub fn queue(
        &mut self,
        name: &str,
        least: i64,
        after_a_minute: i64,
        capacity: Option<u32>,
        pick: Pick,
    ) -> &mut Self {
        let name = self.text(name);
        let rule = |level| AgentsRule {
            team: None,
            condition: vec![SkillTerm::Compare(0, Comparison::GreaterOrEqual, level)],
        };
        self.program.queues.push(Queue {
            name,
            agents: rule(least),
            after: vec![(60_000, rule(after_a_minute))],
            pick,
            capacity,
            beyond_capacity: Some(1),
            wrap_millis: 5_000,
        });
        self
    }

    fn constant(&mut self, constant: Constant) -> u16 {
        let at = self.program.constants.iter().position(|own| *own == constant);
        at.unwrap_or_else(|| {
            self.program.constants.push(constant);
            self.program.constants.len() - 1
        }) as u16
    }

    fn load(&mut self, register: u8, constant: Constant) {
        let index = self.constant(constant);
        self.code.push(I::abx(O::Load, register, index));
    }

    fn load_text(&mut self, register: u8, text: &str) {
        let id = self.text(text);
        self.load(register, Constant::Text(id));
    }

    fn template(&mut self, arguments: Vec<TypeId>, pieces: Vec<Piece>) -> u16 {
        let template = Template {
            arguments,
            variants: vec![TemplateVariant { language: Some(0), pieces }],
            in_turn: false,
        };
        let at = self.program.templates.iter().position(|own| *own == template);
        at.unwrap_or_else(|| {
            self.program.templates.push(template);
            self.program.templates.len() - 1
        }) as u16
    }

    fn speech(&mut self, register: u8, text: &str) {
        let id = self.text(text);
        let template = self.template(Vec::new(), vec![Piece::Text(id)]);
        self.code.push(I::abx(O::Speech, register, template));
    }

    fn effect(&mut self, effect: Effect) -> u16 {
        let ty = |word: &&str| match *word {
            "bool" => BOOL,
            "int" => INT,
            "text" => TEXT,
            "duration" => DURATION,
            "speech" => SPEECH,
            "keys" => KEYS,
            "form" => FORM,
            "stay" => STAY,
            "rings" => RINGS,
            "queue" => QUEUE,
            "limit" => LIMIT,
            "option text" => OPTION_TEXT,
            "option speech" => OPTION_SPEECH,
            "list text" => LIST_TEXT,
            "any" => DIGITS,
            other => panic!("no type for {other}"),
        };
        let signature = effect.signature();
        let all = signature.outcomes.iter().chain(signature.reports);
        let entry = EffectEntry {
            effect,
            arguments: signature.params.iter().map(ty).collect(),
            outcomes: all.map(|outcome| outcome.data.iter().map(ty).collect()).collect(),
        };
        let at = self.program.effects.iter().position(|own| *own == entry);
        at.unwrap_or_else(|| {
            self.program.effects.push(entry);
            self.program.effects.len() - 1
        }) as u16
    }

    fn perform(&mut self, effect: Effect, register: u8) -> u16 {
        let entry = self.effect(effect);
        self.code.push(I::abx(O::Perform, register, entry));
        entry
    }

    fn here(&self) -> u32 {
        self.code.len() as u32
    }

    /// A place that is jumped to, with what lives there.
    fn land(&mut self, registers: Vec<(u8, TypeId)>) -> u32 {
        let here = self.here();
        self.maps.insert(here, registers);
        here
    }

    /// A switch on register 0 or 1 over blocks.
    fn switch(&mut self, register: u8, targets: &[&'static str]) {
        let table = self.program.jump_tables.len();
        self.program.jump_tables.push(vec![0; targets.len()]);
        for (entry, target) in targets.iter().enumerate() {
            self.entries.push((table, entry, target));
        }
        self.code.push(I::abx(O::Switch, register, table as u16));
    }

    fn jump(&mut self, target: &'static str) {
        self.jumps.push((self.code.len(), target));
        self.code.push(I::jump(O::Jump, 0));
    }

    fn keys(&mut self, keys: &[(&'static str, &'static str)]) -> KeyTable {
        // Whoever is listened to may say where a key leads.
        let choices = keys.iter().map(|(key, target)| KeyChoice {
            keys: self.text(key),
            phrases: vec![(0, vec![self.text(target)])],
            told: None,
        });
        KeyTable { choices: choices.collect(), between: None }
    }

    fn key_table(&mut self, register: u8, keys: &[(&'static str, &'static str)]) {
        let table = self.keys(keys);
        self.program.keys.push(table);
        let index = self.program.keys.len() as u16 - 1;
        self.load(register, Constant::Table(Type::Keys, index));
    }

    /// Behind outcome tables that have one entry that carries the choice: a landing that switches on it.
    fn choices(&mut self, keys: &[(&'static str, &'static str)], fallback: &'static str) -> u32 {
        let at = self.land(vec![(1, INT)]);
        let mut targets: Vec<_> = keys.iter().map(|(_, target)| *target).collect();
        if targets.is_empty() {
            targets.push(fallback);
        }
        self.switch(1, &targets);
        at
    }

    /// Writes the flow and checks the program.
    pub fn finish(mut self, blocks: Vec<Block>) -> Arc<VerifiedProgram> {
        for (index, block) in blocks.iter().enumerate() {
            let start = self.land(Vec::new());
            self.starts.insert(block.name, start);
            let (name, kind) = (self.text(block.name), self.text(block.kind));
            self.program.blocks.push(flow_bytecode::program::Block { flow: 0, name, kind });
            self.code.push(I::abx(O::Block, 0, index as u16));
            for name in &block.marks {
                self.load_text(0, name);
                self.code.push(I::abx(O::None, 1, OPTION_TEXT.0));
                self.perform(Effect::Mark, 0);
            }
            for (text, cut) in &block.says {
                self.speech(0, text);
                self.load(1, Constant::Bool(*cut));
                self.perform(Effect::Say, 0);
            }
            self.then(block.then.clone());
        }
        for (at, target) in std::mem::take(&mut self.jumps) {
            let distance = self.starts[target] as i32 - at as i32 - 1;
            self.code[at] = I::jump(O::Jump, distance);
        }
        for (table, entry, target) in std::mem::take(&mut self.entries) {
            self.program.jump_tables[table][entry] = self.starts[target];
        }
        let name = self.text("main");
        self.program.functions.push(Function {
            name,
            kind: FunctionKind::Flow { gives: Vec::new() },
            params: Vec::new(),
            registers: 20,
            code: (0, self.code.len() as u32),
            on_hangup: None,
            maps: self.maps.into_iter().map(|(at, registers)| TypeMap { at, registers }).collect(),
        });
        self.program.code = self.code.iter().map(|instruction| instruction.0).collect();
        Arc::new(verify(self.program).expect("the program is right"))
    }

    fn then(&mut self, then: Then) {
        match then {
            Then::Go(target) => self.jump(target),
            Then::End => self.code.push(I::abc(O::End, 0, 0, 0)),
            Then::Trap => self.code.push(I::abx(O::Trap, 0, 10)),
            Then::Decline(code) => {
                self.load(0, Constant::Int(code));
                self.perform(Effect::Decline, 0);
                self.code.push(I::abc(O::End, 0, 0, 0));
            }
            Then::Menu { ask, keys, no_input, no_match } => {
                self.speech(0, ask);
                self.key_table(1, &keys);
                self.load(2, Constant::Duration(5_000));
                self.load(3, Constant::Duration(3_000));
                self.perform(Effect::Menu, 0);
                self.outcomes(&[None, Some(no_input), Some(no_match)], &keys, no_match);
            }
            Then::Collect { ask, form, keys, done, no_input, no_match } => {
                self.speech(0, ask);
                self.program.forms.push(form);
                let index = self.program.forms.len() as u16 - 1;
                self.load(1, Constant::Table(Type::Form, index));
                self.key_table(2, &keys);
                self.load(3, Constant::Duration(5_000));
                self.load(4, Constant::Duration(3_000));
                self.perform(Effect::Collect, 0);
                self.outcomes(&[Some(done), None, Some(no_input), Some(no_match)], &keys, no_match);
            }
            Then::Rate { name, ask, low, high, then } => {
                self.load_text(0, name);
                self.speech(1, ask);
                self.load(2, Constant::Int(low));
                self.load(3, Constant::Int(high));
                self.key_table(4, &[]);
                self.perform(Effect::Rate, 0);
                self.switch(0, &[then, then, then]);
            }
            Then::Queue { queue, priority, longest, timed, keys, whisper, talked, otherwise } => {
                self.stay(queue, priority, longest, &timed, &keys, whisper, talked, otherwise);
            }
            Then::Dial { rings, pick, accept, talked, busy, otherwise } => {
                let table =
                    rings.iter().map(|(addresses, millis)| (addresses.len() as u16, *millis)).collect();
                self.program.rings.push(RingTable {
                    rings: table,
                    pick,
                    music: None,
                    accept,
                    recall_millis: None,
                    longest_millis: None,
                    assists: Vec::new(),
                });
                let index = self.program.rings.len() as u16 - 1;
                let addresses: Vec<_> = rings.into_iter().flat_map(|(addresses, _)| addresses).collect();
                self.load(0, Constant::Table(Type::Rings, index));
                for (offset, address) in addresses.iter().enumerate() {
                    self.load_text(10 + offset as u8, address);
                }
                self.code.push(I::abc(O::List, 1, 10, addresses.len() as u8));
                self.code.push(I::abx(O::None, 2, OPTION_TEXT.0));
                self.speech(3, "A call for you.");
                self.code.push(I::abc(O::Some, 3, 3, 0));
                self.code.push(I::abx(O::EmptyList, 4, LIST_TEXT.0));
                self.perform(Effect::Dial, 0);
                self.switch(0, &[talked, busy, otherwise, otherwise, otherwise]);
            }
            Then::Voicemail { longest, silence, recorded, empty, failed } => {
                self.load(0, Constant::Duration(longest));
                self.load(1, Constant::Duration(silence));
                self.load_text(2, "mailto:support@acme.example");
                self.perform(Effect::Voicemail, 0);
                self.switch(0, &[recorded, empty, failed]);
            }
            Then::Count { limit, key, counted, reached } => {
                let name = self.text(limit);
                self.program.limits.push(Limit { name, count: 2, per_millis: 3_600_000 });
                let index = self.program.limits.len() as u16 - 1;
                self.load(0, Constant::Table(Type::Limit, index));
                self.load_text(1, key);
                self.perform(Effect::Count, 0);
                self.switch(0, &[counted, reached]);
            }
        }
    }

    /// A switch on the outcome, where one outcome (`None`) carries the index of a choice.
    fn outcomes(
        &mut self,
        targets: &[Option<&'static str>],
        keys: &[(&'static str, &'static str)],
        fallback: &'static str,
    ) {
        let table = self.program.jump_tables.len();
        self.program.jump_tables.push(vec![0; targets.len()]);
        self.code.push(I::abx(O::Switch, 0, table as u16));
        for (entry, target) in targets.iter().enumerate() {
            match target {
                Some(target) => self.entries.push((table, entry, target)),
                None => {
                    let landing = self.choices(keys, fallback);
                    self.program.jump_tables[table][entry] = landing;
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn stay(
        &mut self,
        queue: &'static str,
        priority: i64,
        longest: i64,
        timed: &[(Timed, Due)],
        keys: &[(&'static str, &'static str)],
        whisper: Option<&'static str>,
        talked: &'static str,
        otherwise: &'static str,
    ) {
        let music = Some(self.text("hold/calm"));
        let table = self.keys(keys);
        self.program.stays.push(StayTable {
            music,
            timed: timed.iter().map(|(entry, _)| entry.clone()).collect(),
            keys: table,
            during: None,
            recall_millis: Some(120_000),
            assists: Vec::new(),
        });
        let stay = self.program.stays.len() as u16 - 1;
        let name = self.text(queue);
        let index = self.program.queues.iter().position(|own| own.name == name).expect("the queue") as u16;
        self.load(0, Constant::Table(Type::Queue, index));
        self.load(1, Constant::Int(priority));
        self.load(2, Constant::Duration(longest));
        self.load(3, Constant::Table(Type::Stay, stay));
        self.code.push(I::abx(O::None, 4, OPTION_TEXT.0));
        self.load(5, Constant::Duration(0));
        match whisper {
            Some(words) => {
                self.speech(6, words);
                self.code.push(I::abc(O::Some, 6, 6, 0));
            }
            None => self.code.push(I::abx(O::None, 6, OPTION_SPEECH.0)),
        }
        self.load_text(10, "tier");
        self.load_text(11, "gold");
        self.code.push(I::abc(O::List, 7, 10, 2));
        let entry = self.perform(Effect::Queue, 0);
        let table = self.program.jump_tables.len();
        self.program.jump_tables.push(vec![0; 9]);
        self.code.push(I::abx(O::Switch, 0, table as u16));
        self.entries.push((table, 0, talked));
        for outcome in 1..7 {
            self.entries.push((table, outcome, otherwise));
        }
        let again = |writer: &mut Writer| {
            writer.code.push(I::abx(O::Wait, 0, entry));
            writer.code.push(I::abx(O::Switch, 0, table as u16));
        };
        // Due: each entry does its thing and waits again.
        self.program.jump_tables[table][7] = self.land(vec![(1, INT)]);
        let due = self.program.jump_tables.len();
        self.program.jump_tables.push(vec![0; timed.len().max(1)]);
        self.code.push(I::abx(O::Switch, 1, due as u16));
        if timed.is_empty() {
            self.program.jump_tables[due][0] = self.land(Vec::new());
            again(self);
        }
        for (index, (_, what)) in timed.iter().enumerate() {
            self.program.jump_tables[due][index] = self.land(Vec::new());
            match what {
                Due::Say(words) => {
                    self.speech(0, words);
                    self.perform(Effect::Interject, 0);
                }
                Due::Position => {
                    self.perform(Effect::Position, 2);
                    self.code.push(I::abc(O::Move, 0, 3, 0));
                    self.perform(Effect::ExpectedWait, 4);
                    self.code.push(I::abc(O::Move, 1, 5, 0));
                    let pieces = vec![
                        Piece::Text(self.text("You are number")),
                        Piece::Hole(0, Reading::Plain),
                        Piece::Text(self.text("in line. The wait is about")),
                        Piece::Hole(1, Reading::Plain),
                        Piece::Text(self.text(".")),
                    ];
                    let template = self.template(vec![INT, DURATION], pieces);
                    self.code.push(I::abx(O::Speech, 0, template));
                    self.perform(Effect::Interject, 0);
                }
                Due::Priority(priority) => {
                    self.load(0, Constant::Int(*priority));
                    self.perform(Effect::SetPriority, 0);
                }
            }
            again(self);
        }
        // Pressed: leaves for a block, or stays.
        self.program.jump_tables[table][8] = self.land(vec![(1, INT)]);
        let pressed = self.program.jump_tables.len();
        self.program.jump_tables.push(vec![0; keys.len().max(1)]);
        self.code.push(I::abx(O::Switch, 1, pressed as u16));
        if keys.is_empty() {
            self.program.jump_tables[pressed][0] = self.land(Vec::new());
            again(self);
        }
        for (index, (_, target)) in keys.iter().enumerate() {
            self.program.jump_tables[pressed][index] = self.land(Vec::new());
            if target.is_empty() {
                again(self);
            } else {
                self.code.push(I::abx(O::Cancel, 0, entry));
                self.jump(target);
            }
        }
    }
}
