//! Whether the tables name only what is there, and keep the limits.

use super::Checker;
use crate::fault::FaultKind;
use crate::limits;
use crate::program::{
    AgentsRule, Assist, Calendar, Constant, DaySet, FormTable, FunctionKind, HolidayDay, KeyTable, Pick,
    Piece, SkillTerm, Template,
};
use crate::types::{Type, TypeId};

impl Checker<'_> {
    pub(super) fn tables(&mut self) {
        self.sizes();
        self.types();
        if !self.faults.is_empty() {
            return;
        }
        self.find_comparable();
        self.texts();
        self.values();
        self.used();
        self.interaction();
        self.outbound();
        self.services();
        self.people();
        self.calendars();
        self.functions();
    }

    fn sizes(&mut self) {
        let p = self.program;
        let tables = [
            ("types", p.types.len()),
            ("constants", p.constants.len()),
            ("variants", p.variants.len()),
            ("templates", p.templates.len()),
            ("library functions", p.pures.len()),
            ("effects", p.effects.len()),
            ("jump tables", p.jump_tables.len()),
            ("key tables", p.keys.len()),
            ("forms", p.forms.len()),
            ("stays", p.stays.len()),
            ("rings", p.rings.len()),
            ("shares", p.shares.len()),
            ("settings", p.settings.len()),
            ("switches", p.switches.len()),
            ("calendars", p.calendars.len()),
            ("skills", p.skills.len()),
            ("teams", p.teams.len()),
            ("agents", p.agents.len()),
            ("queues", p.queues.len()),
            ("limits", p.limits.len()),
            ("callbacks", p.callbacks.len()),
            ("campaigns", p.campaigns.len()),
            ("schemas", p.schemas.len()),
            ("services", p.services.len()),
            ("operations", p.operations.len()),
            ("data tables", p.tables.len()),
            ("functions", p.functions.len()),
            ("blocks", p.blocks.len()),
            ("inbound numbers", p.inbound.len()),
            ("zones", p.zones.len()),
            ("languages", p.languages.len()),
        ];
        for (name, length) in tables {
            self.limit(name, length, limits::TABLE);
        }
        self.limit("texts", p.texts.len(), limits::TEXTS);
        self.limit("instructions", p.code.len(), limits::INSTRUCTIONS);
    }

    pub(super) fn limit(&mut self, what: &str, have: usize, most: usize) {
        if have > most {
            self.fault(FaultKind::Limit, format!("{have} {what}, at most {most} fit"));
        }
    }

    pub(super) fn index(&mut self, what: &str, index: usize, length: usize) -> bool {
        if index >= length {
            self.fault(FaultKind::Index, format!("{what} {index} is named, of {length}"));
        }
        index < length
    }

    pub(super) fn text_id(&mut self, what: &str, id: u32) {
        self.index(&format!("text of {what}"), id as usize, self.program.texts.len());
    }

    pub(super) fn type_id(&mut self, what: &str, id: TypeId) -> bool {
        self.index(&format!("type of {what}"), usize::from(id.0), self.program.types.len())
    }

    fn type_ids(&mut self, what: &str, ids: &[TypeId]) -> bool {
        self.limit(what, ids.len(), limits::FIELDS);
        ids.iter().all(|id| self.type_id(what, *id))
    }

    /// Components stand before what is made of them, so no type contains itself.
    fn types(&mut self) {
        let types = &self.program.types;
        let mut depths: Vec<usize> = Vec::with_capacity(types.len());
        let mut sorted: Vec<&Type> = types.iter().collect();
        sorted.sort();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            self.fault(FaultKind::Types, "a type is in the table twice");
        }
        for (index, ty) in types.iter().enumerate() {
            let components: Vec<TypeId> = match ty {
                Type::Option(of) | Type::List(of) => vec![*of],
                Type::Map(key, value) => vec![*key, *value],
                Type::Record(fields) => fields.clone(),
                Type::Enum(variants) => variants.iter().flatten().copied().collect(),
                _ => Vec::new(),
            };
            let widest = match ty {
                Type::Record(fields) => fields.len(),
                Type::Enum(variants) => variants.iter().map(Vec::len).max().unwrap_or(0),
                _ => 0,
            };
            self.limit("fields", widest, limits::FIELDS);
            if let Type::Enum(variants) = ty {
                self.limit("variants", variants.len(), limits::VARIANTS);
                if variants.is_empty() {
                    self.fault(FaultKind::Types, format!("type {index} is an enum without variants"));
                }
            }
            let mut depth = 0;
            for id in components {
                match depths.get(usize::from(id.0)) {
                    Some(inner) => depth = depth.max(inner + 1),
                    None => self
                        .fault(FaultKind::Types, format!("type {index} is made of the later type {}", id.0)),
                }
            }
            if depth > limits::TYPE_DEPTH {
                self.fault(
                    FaultKind::Limit,
                    format!("type {index} nests deeper than {}", limits::TYPE_DEPTH),
                );
                return;
            }
            depths.push(depth);
        }
    }

    fn texts(&mut self) {
        for (index, text) in self.program.texts.iter().enumerate() {
            if text.len() > limits::TEXT_BYTES {
                let message =
                    format!("text {index} has {} bytes, at most {} fit", text.len(), limits::TEXT_BYTES);
                self.fault(FaultKind::Limit, message);
            }
        }
    }

    fn values(&mut self) {
        let p = self.program;
        for constant in &p.constants {
            match *constant {
                Constant::Text(id) | Constant::Digits(id) | Constant::Phone(id) => {
                    self.text_id("a constant", id)
                }
                Constant::DateTime(millis, zone) => {
                    self.index("zone", usize::from(zone), p.zones.len());
                    if millis.unsigned_abs() >= 1 << 46 {
                        self.fault(FaultKind::Limit, "an instant lies further than 2,000 years from 1970");
                    }
                }
                Constant::Language(index) => {
                    self.index("language", usize::from(index), p.languages.len());
                }
                Constant::Variant(ty, variant) => self.plain_variant(ty, variant),
                Constant::Table(ref ty, index) => self.handle(ty, usize::from(index)),
                Constant::Bool(_)
                | Constant::Int(_)
                | Constant::Decimal(_)
                | Constant::Money(_)
                | Constant::Duration(_)
                | Constant::Date(_)
                | Constant::Time(_) => {}
            }
        }
        for entry in &p.variants {
            if self.type_id("a variant", entry.ty) {
                match self.ty(entry.ty) {
                    Type::Enum(variants) => {
                        self.index("variant", usize::from(entry.variant), variants.len());
                    }
                    _ => self.fault(FaultKind::Types, "a variant is of a type that is no enum"),
                }
            }
        }
        for template in &p.templates {
            self.template(template);
        }
    }

    fn plain_variant(&mut self, ty: TypeId, variant: u16) {
        if !self.type_id("a constant", ty) {
            return;
        }
        match self.ty(ty) {
            Type::Enum(variants) if variants.iter().all(Vec::is_empty) => {
                self.index("variant", usize::from(variant), variants.len());
            }
            _ => {
                self.fault(FaultKind::Types, "a constant is a variant of a type that is no enum without data")
            }
        }
    }

    fn handle(&mut self, ty: &Type, index: usize) {
        let p = self.program;
        let length = match ty {
            Type::Keys => p.keys.len(),
            Type::Form => p.forms.len(),
            Type::Stay => p.stays.len(),
            Type::Rings => p.rings.len(),
            Type::Shares => p.shares.len(),
            Type::Calendar => p.calendars.len(),
            Type::Queue => p.queues.len(),
            Type::Switch => p.switches.len(),
            Type::Limit => p.limits.len(),
            Type::Setting => p.settings.len(),
            Type::Callback => p.callbacks.len(),
            Type::Operation => p.operations.len(),
            Type::Table => p.tables.len(),
            _ => return self.fault(FaultKind::Types, "a constant names a table by a type that has none"),
        };
        self.index("table entry", index, length);
    }

    fn template(&mut self, template: &Template) {
        if !self.type_ids("template arguments", &template.arguments) {
            return;
        }
        if template.variants.is_empty() {
            self.fault(FaultKind::Index, "a template has no variant");
        }
        for variant in &template.variants {
            if let Some(language) = variant.language {
                self.index("language", usize::from(language), self.program.languages.len());
            }
            for piece in &variant.pieces {
                match piece {
                    Piece::Text(id)
                    | Piece::Sound(id)
                    | Piece::IfListening(id)
                    | Piece::IfNotListening(id) => self.text_id("a template", *id),
                    Piece::Recording(name, words) => {
                        self.text_id("a template", *name);
                        self.text_id("a template", *words);
                    }
                    Piece::Hole(argument, _) => {
                        self.argument(template, *argument, |ty| *ty != Type::Speech);
                    }
                    Piece::Speech(argument) => self.argument(template, *argument, |ty| *ty == Type::Speech),
                    Piece::Plural(argument, classes) => {
                        self.argument(template, *argument, |ty| *ty == Type::Int);
                        for (_, id) in classes {
                            self.text_id("a plural", *id);
                        }
                    }
                }
            }
        }
    }

    fn argument(&mut self, template: &Template, argument: u8, fits: impl Fn(&Type) -> bool) {
        match template.arguments.get(usize::from(argument)) {
            Some(id) if fits(self.ty(*id)) => {}
            Some(_) => self.fault(FaultKind::Types, "a template uses an argument as what it is not"),
            None => self.fault(FaultKind::Index, format!("a template names its argument {argument}")),
        }
    }

    fn used(&mut self) {
        let p = self.program;
        for (index, entry) in p.pures.iter().enumerate() {
            if self.type_ids("library arguments", &entry.arguments) && self.type_id("a result", entry.result)
            {
                self.pure_entry(index, entry);
            }
        }
        for (index, entry) in p.effects.iter().enumerate() {
            let arguments = self.type_ids("effect arguments", &entry.arguments);
            let outcomes = entry.outcomes.iter().all(|data| self.type_ids("outcome data", data));
            if arguments && outcomes {
                self.effect_entry(index, entry);
            }
        }
    }

    fn interaction(&mut self) {
        let p = self.program;
        for table in &p.keys {
            self.keys(table);
        }
        for FormTable { length: (least, most), until, words, .. } in &p.forms {
            self.keys(words);
            if least > most || *most == 0 {
                self.fault(FaultKind::Index, "a form takes at least more keys than at most");
            }
            if until.is_some_and(|key| key != b'#' && key != b'*') {
                self.fault(FaultKind::Index, "a form ends with a key that is not # or *");
            }
        }
        for stay in &p.stays {
            self.keys(&stay.keys);
            if let Some(id) = stay.music {
                self.text_id("a stay", id);
            }
            self.assists(&stay.assists);
            if let Some(calendar) = stay.during {
                self.index("calendar", usize::from(calendar), p.calendars.len());
            }
            for timed in &stay.timed {
                if let Some(choice) = timed.activates {
                    self.index("choice", usize::from(choice), stay.keys.choices.len());
                }
            }
        }
        for table in &p.rings {
            self.pick(table.pick);
            if let Some(id) = table.music {
                self.text_id("a ring table", id);
            }
            self.assists(&table.assists);
        }
        for setting in &p.settings {
            self.text_id("a setting", setting.name);
            self.type_id("a setting", setting.ty);
            if let Some(default) = setting.default {
                self.index("constant", default as usize, p.constants.len());
            }
        }
        for id in &p.switches {
            self.text_id("a switch", *id);
        }
    }

    fn assists(&mut self, assists: &[Assist]) {
        for assist in assists {
            self.text_id("an assist", assist.label);
            self.text_id("an assist", assist.flow);
        }
    }

    fn keys(&mut self, table: &KeyTable) {
        let mut heard = vec![0_usize; self.program.languages.len()];
        for choice in &table.choices {
            self.text_id("a choice", choice.keys);
            for (language, phrases) in &choice.phrases {
                match heard.get_mut(usize::from(*language)) {
                    Some(count) => *count = count.saturating_add(phrases.len()),
                    None => self.fault(FaultKind::Index, "a phrase is in a language that is not there"),
                }
                for id in phrases {
                    self.text_id("a phrase", *id);
                    let long = self.program.texts.get(*id as usize).map_or(0, String::len);
                    if long > limits::PHRASE_BYTES {
                        self.fault(FaultKind::Limit, format!("a phrase has {long} bytes"));
                    }
                }
            }
        }
        for count in heard.into_iter().filter(|count| *count > limits::PHRASES) {
            self.fault(FaultKind::Limit, format!("{count} phrases are listened for at once"));
        }
        for told in table.choices.iter().filter_map(|choice| choice.told).chain(table.between) {
            self.index("template", usize::from(told), self.program.templates.len());
            let template = self.program.templates.get(usize::from(told));
            if template.is_some_and(|template| !template.arguments.is_empty()) {
                self.fault(FaultKind::Types, "a sentence that tells a choice has arguments");
            }
        }
    }

    fn people(&mut self) {
        let p = self.program;
        for id in p.skills.iter().chain(&p.teams) {
            self.text_id("a skill or team", *id);
        }
        for agent in &p.agents {
            self.text_id("an agent", agent.name);
            self.text_id("an agent", agent.address);
            for team in &agent.teams {
                self.index("team", usize::from(*team), p.teams.len());
            }
            for (skill, _) in &agent.skills {
                self.index("skill", usize::from(*skill), p.skills.len());
            }
        }
        for queue in &p.queues {
            self.text_id("a queue", queue.name);
            self.agents(&queue.agents);
            self.pick(queue.pick);
            for (_, rule) in &queue.after {
                self.agents(rule);
            }
        }
        for limit in &p.limits {
            self.text_id("a limit", limit.name);
        }
    }

    fn pick(&mut self, pick: Pick) {
        if let Pick::Best(skill) = pick {
            self.index("skill", usize::from(skill), self.program.skills.len());
        }
    }

    /// A condition in postfix order leaves exactly one value.
    fn agents(&mut self, rule: &AgentsRule) {
        if let Some(team) = rule.team {
            self.index("team", usize::from(team), self.program.teams.len());
        }
        let mut depth = 0usize;
        for term in &rule.condition {
            let (needs, leaves) = match term {
                SkillTerm::Compare(skill, ..) => {
                    self.index("skill", usize::from(*skill), self.program.skills.len());
                    (0, 1)
                }
                SkillTerm::Not => (1, 1),
                SkillTerm::And | SkillTerm::Or => (2, 1),
            };
            if depth < needs {
                return self.fault(FaultKind::Index, "a condition on skills joins what is not there");
            }
            depth = depth - needs + leaves;
        }
        if depth > 1 {
            self.fault(FaultKind::Index, "a condition on skills leaves more than one answer");
        }
    }

    fn calendars(&mut self) {
        for calendar in &self.program.calendars {
            self.calendar(calendar);
        }
    }

    fn calendar(&mut self, calendar: &Calendar) {
        let p = self.program;
        self.text_id("a calendar", calendar.name);
        self.index("zone", usize::from(calendar.zone), p.zones.len());
        if calendar.states.len() < 2 {
            self.fault(FaultKind::Index, "a calendar has fewer states than open and closed");
        }
        for id in &calendar.states {
            self.text_id("a calendar", *id);
        }
        for rule in &calendar.rules {
            self.index("state", usize::from(rule.state), calendar.states.len());
            let hours = rule.hours.iter().all(|(start, end)| *start <= 1440 && *end <= 1440 && start != end);
            let days = match &rule.days {
                DaySet::Week(bits) => rule.rank == 4 && *bits < 128,
                DaySet::Dates(from, to) => rule.rank == 2 && from <= to && from.unsigned_abs() < 1 << 20,
                DaySet::Yearly(month, day) => rule.rank == 3 && is_day(*month, *day),
                DaySet::Nth(ordinal, weekday, month) => rule.rank == 3 && is_nth(*ordinal, *weekday, *month),
                DaySet::Switch(switch) => {
                    rule.rank == 1 && self.index("switch", usize::from(*switch), p.switches.len())
                }
                DaySet::Holidays(holidays) => {
                    for holiday in holidays {
                        self.text_id("a holiday", holiday.name);
                    }
                    let fits = |day: &HolidayDay| match *day {
                        HolidayDay::Yearly(month, day) => is_day(month, day),
                        HolidayDay::Nth(ordinal, weekday, month) => is_nth(ordinal, weekday, month),
                        HolidayDay::Easter(offset) => offset.unsigned_abs() <= 366,
                    };
                    rule.rank == 3 && holidays.iter().all(|holiday| fits(&holiday.day))
                }
            };
            if !hours || !days {
                self.fault(FaultKind::Index, "a calendar's rule has a rank, day or hour that there is not");
            }
        }
    }

    fn functions(&mut self) {
        let p = self.program;
        let mut last = 0;
        for (index, function) in p.functions.iter().enumerate() {
            self.text_id("a function", function.name);
            let mut well = self.type_ids("parameters", &function.params);
            well &= match &function.kind {
                FunctionKind::Flow { gives } => {
                    self.limit("outcomes", gives.len(), limits::VARIANTS);
                    gives.iter().all(|data| self.type_ids("outcome data", data))
                }
                FunctionKind::Pure(result) => self.type_id("a result", *result),
            };
            let (start, end) = function.code;
            if start != last || end <= start || end as usize > p.code.len() {
                self.fault(
                    FaultKind::Layout,
                    format!("function {index} lies at {start}..{end}, not behind {last}"),
                );
                return;
            }
            last = end;
            let holds = |at: u32| (start..end).contains(&at);
            well &= usize::from(function.registers) >= function.params.len();
            well &= function.on_hangup.is_none_or(|at| holds(at) && at > start);
            well &= function.maps.windows(2).all(|pair| pair[0].at < pair[1].at);
            well &= function.maps.iter().all(|map| holds(map.at));
            for map in &function.maps {
                well &= map.registers.windows(2).all(|pair| pair[0].0 < pair[1].0);
                well &= map.registers.iter().all(|(register, _)| *register < function.registers);
                well &= map.registers.iter().all(|(_, id)| usize::from(id.0) < p.types.len());
            }
            if !well {
                self.fault(
                    FaultKind::Layout,
                    format!("function {index}: parameters, maps or handler out of place"),
                );
            }
        }
        if last as usize != p.code.len() {
            self.fault(FaultKind::Layout, "instructions stand behind the last function");
        }
        for table in &p.jump_tables {
            self.limit("jumps of a table", table.len(), limits::JUMPS);
            if table.is_empty() {
                self.fault(FaultKind::Index, "a jump table is empty");
            }
        }
        let is_flow = |index: u16| {
            p.functions.get(usize::from(index)).is_some_and(|f| matches!(f.kind, FunctionKind::Flow { .. }))
        };
        for block in &p.blocks {
            self.text_id("a block", block.name);
            self.text_id("a block", block.kind);
            if !is_flow(block.flow) {
                self.fault(FaultKind::Index, "a block is of no flow");
            }
        }
        for inbound in &p.inbound {
            self.text_id("an inbound number", inbound.number);
            if !is_flow(inbound.flow) {
                self.fault(FaultKind::Index, "an inbound number leads to no flow");
            } else if !p.functions[usize::from(inbound.flow)].params.is_empty() {
                self.fault(FaultKind::Index, "an inbound number leads to a flow with parameters");
            }
        }
    }
}

fn is_day(month: u8, day: u8) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn is_nth(ordinal: u8, weekday: u8, month: u8) -> bool {
    ordinal <= 5 && weekday < 7 && (1..=12).contains(&month)
}
