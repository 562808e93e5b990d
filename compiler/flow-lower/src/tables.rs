//! The program's tables while they grow: each equal text, type, constant, template and entry is kept once,
//! in the order of first use, so that equal projects give equal bytes.
//!
//! It knows the bytecode's data and nothing of the language.

use std::collections::HashMap;
use std::hash::Hash;

use flow_bytecode::effects::Effect;
use flow_bytecode::program::{
    CallbackTable, Constant, EffectEntry, FormTable, KeyTable, Piece, Program, Pure, PureEntry, RingTable,
    Schema, SchemaId, StayTable, Template, TemplateVariant, TextId, VariantEntry,
};
use flow_bytecode::types::{Type, TypeId};

/// Values kept once, numbered in the order they came.
#[derive(Debug)]
pub(crate) struct Table<T> {
    ids: HashMap<T, u32>,
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { ids: HashMap::new(), items: Vec::new() }
    }
}

impl<T: Hash + Eq + Clone> Table<T> {
    fn add(&mut self, item: T) -> u32 {
        if let Some(id) = self.ids.get(&item) {
            return *id;
        }
        let id = self.items.len() as u32;
        self.items.push(item.clone());
        self.ids.insert(item, id);
        id
    }
}

/// All deduplicated tables of one program.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    texts: Table<String>,
    types: Table<Type>,
    constants: Table<Constant>,
    variants: Table<VariantEntry>,
    templates: Table<Template>,
    pures: Table<PureEntry>,
    effects: Table<EffectEntry>,
    keys: Table<KeyTable>,
    forms: Table<FormTable>,
    stays: Table<StayTable>,
    rings: Table<RingTable>,
    shares: Table<Vec<u32>>,
    callbacks: Table<CallbackTable>,
    schemas: Table<Schema>,
    /// Entries are instructions of the whole program; filled when their labels are known.
    pub(crate) jump_tables: Vec<Vec<u32>>,
}

/// The most entries that a table reached by a 16-bit operand may have.
pub(crate) const MOST_ENTRIES: usize = 1 << 16;

impl Tables {
    pub(crate) fn text(&mut self, text: &str) -> TextId {
        if let Some(id) = self.texts.ids.get(text) {
            return *id;
        }
        self.texts.add(text.to_owned())
    }

    pub(crate) fn ty(&mut self, ty: Type) -> TypeId {
        TypeId(self.types.add(ty) as u16)
    }

    /// The type of an id of this table.
    pub(crate) fn type_at(&self, id: TypeId) -> &Type {
        &self.types.items[usize::from(id.0)]
    }

    pub(crate) fn constant(&mut self, constant: Constant) -> u32 {
        self.constants.add(constant)
    }

    pub(crate) fn variant(&mut self, ty: TypeId, variant: u16) -> u16 {
        self.variants.add(VariantEntry { ty, variant }) as u16
    }

    pub(crate) fn template(&mut self, template: Template) -> u16 {
        self.templates.add(template) as u16
    }

    /// The template that says nothing.
    pub(crate) fn silence(&mut self) -> u16 {
        let variants = vec![TemplateVariant { language: None, pieces: Vec::<Piece>::new() }];
        self.template(Template { arguments: Vec::new(), variants, in_turn: false })
    }

    pub(crate) fn pure_entry(&mut self, function: Pure, arguments: Vec<TypeId>, result: TypeId) -> u16 {
        self.pures.add(PureEntry { function, arguments, result }) as u16
    }

    pub(crate) fn keys(&mut self, keys: KeyTable) -> u16 {
        self.keys.add(keys) as u16
    }

    pub(crate) fn form(&mut self, form: FormTable) -> u16 {
        self.forms.add(form) as u16
    }

    pub(crate) fn stay(&mut self, stay: StayTable) -> u16 {
        self.stays.add(stay) as u16
    }

    pub(crate) fn rings(&mut self, rings: RingTable) -> u16 {
        self.rings.add(rings) as u16
    }

    pub(crate) fn callback(&mut self, callback: CallbackTable) -> u16 {
        self.callbacks.add(callback) as u16
    }

    pub(crate) fn shares(&mut self, shares: Vec<u32>) -> u16 {
        self.shares.add(shares) as u16
    }

    pub(crate) fn schema(&mut self, schema: Schema) -> SchemaId {
        self.schemas.add(schema)
    }

    /// The entry of an effect, with `any` standing for the type given: in its arguments, and
    /// in its outcomes.
    pub(crate) fn effect(&mut self, effect: Effect, given: Option<TypeId>, any: Option<TypeId>) -> u16 {
        let signature = effect.signature();
        let arguments = signature.params.iter().map(|word| self.worded(word, given)).collect();
        let outcomes = signature.outcomes.iter().chain(signature.reports);
        let outcomes = outcomes
            .map(|o| o.data.iter().map(|word| self.worded(word, any)).collect())
            .collect::<Vec<Vec<_>>>();
        self.effects.add(EffectEntry { effect, arguments, outcomes }) as u16
    }

    /// The data types of each outcome, then of each report, of an entry.
    pub(crate) fn outcomes_of(&self, entry: u16) -> &[Vec<TypeId>] {
        &self.effects.items[usize::from(entry)].outcomes
    }

    /// The type that a word of the effects' table means.
    fn worded(&mut self, word: &str, any: Option<TypeId>) -> TypeId {
        if let Some(inner) = word.strip_prefix("option ") {
            let inner = self.worded(inner, any);
            return self.ty(Type::Option(inner));
        }
        if let Some(inner) = word.strip_prefix("list ") {
            let inner = self.worded(inner, any);
            return self.ty(Type::List(inner));
        }
        let ty = match word {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "text" => Type::Text,
            "digits" => Type::Digits,
            "phone" => Type::Phone,
            "duration" => Type::Duration,
            "date" => Type::Date,
            "time" => Type::Time,
            "datetime" => Type::DateTime,
            "decimal" => Type::Decimal,
            "money" => Type::Money,
            "public_key" => Type::PublicKey,
            "language" => Type::Language,
            "speech" => Type::Speech,
            "keys" => Type::Keys,
            "form" => Type::Form,
            "stay" => Type::Stay,
            "rings" => Type::Rings,
            "shares" => Type::Shares,
            "calendar" => Type::Calendar,
            "queue" => Type::Queue,
            "switch" => Type::Switch,
            "limit" => Type::Limit,
            "setting" => Type::Setting,
            "callback" => Type::Callback,
            "operation" => Type::Operation,
            "table" => Type::Table,
            "any" => return any.unwrap_or_else(|| self.ty(Type::Text)),
            other => unreachable!("the table of effects has the unknown type word `{other}`"),
        };
        self.ty(ty)
    }

    /// The name of the first table that has more entries than an operand can reach.
    pub(crate) fn overflow(&self) -> Option<&'static str> {
        [
            ("types", self.types.items.len()),
            ("constants", self.constants.items.len()),
            ("variants", self.variants.items.len()),
            ("sentences", self.templates.items.len()),
            ("library calls", self.pures.items.len()),
            ("effects", self.effects.items.len()),
            ("menus", self.keys.items.len()),
            ("forms", self.forms.items.len()),
            ("stays in queues", self.stays.items.len()),
            ("rings", self.rings.items.len()),
            ("shares", self.shares.items.len()),
            ("callbacks", self.callbacks.items.len()),
            ("schemas", self.schemas.items.len()),
            ("decisions", self.jump_tables.len()),
        ]
        .into_iter()
        .find(|(_, count)| *count > MOST_ENTRIES)
        .map(|(name, _)| name)
    }

    /// Puts the tables into the program.
    pub(crate) fn finish(self, program: &mut Program) {
        program.texts = self.texts.items;
        program.types = self.types.items;
        program.constants = self.constants.items;
        program.variants = self.variants.items;
        program.templates = self.templates.items;
        program.pures = self.pures.items;
        program.effects = self.effects.items;
        program.keys = self.keys.items;
        program.forms = self.forms.items;
        program.stays = self.stays.items;
        program.rings = self.rings.items;
        program.shares = self.shares.items;
        program.callbacks = self.callbacks.items;
        program.schemas = self.schemas.items;
        program.jump_tables = self.jump_tables;
    }
}
