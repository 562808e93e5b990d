//! What all questions share: the tables of the project, the scope of names, and how to complain.

use std::collections::HashMap;
use std::rc::Rc;

use flow_diagnostics::{
    Applicability, Code, Diagnostic, Edit, FileId, Fix, Interner, Location, Severity, Span, Symbol,
};
use flow_syntax::ast;

use crate::hir::{self, LanguageId, LocalId, Type, TypeKind};
use crate::names::ModuleNames;
use crate::{Checked, Module, Options};

/// More than anybody reads; a bound for hostile text, as the parser has it.
const MOST_DIAGNOSTICS: usize = 10_000;
/// How many problems a project has before nobody looks any more for names that may have been meant.
pub(crate) const MOST_LOOKED_FOR: usize = 200;
/// How many names are looked through for one.
const MOST_CANDIDATES: usize = 10_000;

/// Where an item came from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// Index of its module.
    pub module: usize,
    pub item: &'a ast::Item,
}

/// What a call, an exit or a record wants: names, types and defaults in order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Signature {
    pub names: Vec<Symbol>,
    pub types: Vec<Type>,
    pub defaults: Vec<Option<hir::Expr>>,
}

/// The shapes behind the ids of the program: what `hir` keeps as text is kept here as symbols.
#[derive(Default)]
pub(crate) struct Shapes {
    pub records: Vec<Rc<Signature>>,
    /// Variants of each enum with their names.
    pub enums: Vec<Vec<(Symbol, Rc<Signature>)>>,
    pub functions: Vec<Rc<Signature>>,
    pub prompts: Vec<Rc<Signature>>,
    pub limits: Vec<Rc<Signature>>,
    pub flows: Vec<Rc<FlowShape>>,
    /// Operations of each service with their ids.
    pub services: Vec<Vec<(Symbol, hir::OperationId)>>,
    /// By `hir::OperationId`.
    pub operations: Vec<Rc<Signature>>,
}

/// What others see of a flow.
#[derive(Default)]
pub(crate) struct FlowShape {
    pub signature: Rc<Signature>,
    pub gives: Vec<(Symbol, Rc<Signature>)>,
    /// Whether `gives` is written.
    pub returns: bool,
}

/// A constant before and after somebody needed it.
pub(crate) enum Constant {
    Waiting,
    Running,
    Done(hir::Expr),
}

/// What has been asked for elsewhere and must stay acyclic: who uses whom.
#[derive(Default)]
pub(crate) struct Uses {
    /// Caller, called, place.
    pub functions: Vec<(usize, usize, Location)>,
    pub prompts: Vec<(usize, usize, Location)>,
    pub runs: Vec<(usize, usize, Location)>,
}

/// Everything about one compilation.
pub(crate) struct Checker<'a> {
    pub modules: &'a [Module<'a>],
    pub interner: &'a Interner,
    pub options: &'a Options,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether one of them is an error.
    has_error: bool,
    /// The last of those that nobody will be told of.
    unsaid: Option<Diagnostic>,
    pub names: Vec<ModuleNames>,
    pub people: crate::names::People,
    /// The last variant of each name, for variants where no enum is expected.
    pub variants: HashMap<Symbol, Vec<(usize, usize)>>,
    pub sources: crate::names::Sources<'a>,
    pub shapes: Shapes,
    /// Which of them hold secrets.
    pub holders: crate::secrets::Holders,
    pub constants: Vec<Constant>,
    pub holidays: Vec<Option<Vec<hir::HolidayRule>>>,
    /// Whether nothing of a calendar was refused, so that what it lacks may be told.
    pub whole_calendars: Vec<bool>,
    /// What was found about each calendar.
    pub calendar_findings: Vec<crate::calendar_intervals::Findings>,
    /// Zone of each module, when it says one that exists.
    pub module_zones: Vec<Option<hir::ZoneId>>,
    pub uses: Uses,
    /// Reached from which languages, by prompt.
    pub prompt_languages: Vec<crate::spoken::PromptLanguages>,
    /// People come from data, so that who is missing here may be there.
    pub has_roster: bool,
    /// What the parser left out, in order.
    pub left_out: Vec<Location>,
    /// Prompts that each prompt speaks.
    pub prompt_uses: Vec<Vec<hir::PromptId>>,
    /// The flow being read.
    pub current_flow: Option<hir::FlowId>,
    /// Secrets that would leave, for the ways that they take.
    pub leaks: Vec<crate::ways::Leak>,
    pub lasts: Vec<crate::ways::LastUse>,
    pub program: hir::Program,
}

/// The names that an expression sees, and what may stand in it.
pub(crate) struct Scope {
    pub module: usize,
    pub file: FileId,
    pub locals: Vec<hir::Local>,
    pub names: crate::scope::VisibleNames,
    /// What must be spoken here; one or more.
    pub languages: Vec<LanguageId>,
    /// Inside a prompt item: its own tags decide, so that missing ones are found where it is used.
    pub prompt: Option<hir::PromptId>,
    pub function: Option<hir::FunctionId>,
    pub flow: Option<hir::FlowId>,
    pub place: Place,
    /// Nesting of the expression being read.
    pub depth: u16,
    /// Whether what the next expression tests holds for what is read after it: see [`Checker::tested`].
    pub keeps: bool,
    /// In the condition of a `check`, the one way out for a comparison of secrets.
    pub in_check: bool,
    /// Whether `position` and `wait` are there.
    pub in_queue: bool,
    /// Currencies of amounts that are named by `let`, where the text tells them.
    pub currencies: HashMap<LocalId, [u8; 3]>,
}

/// How much of the world an expression may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Known when built: literals and constants.
    Constant,
    /// A function: its parameters and constants, no samples.
    Pure,
    /// A prompt or a flow: everything.
    Call,
}

impl Scope {
    pub fn new(module: usize, file: FileId, place: Place, languages: Vec<LanguageId>) -> Self {
        Self {
            module,
            file,
            locals: Vec::new(),
            names: Default::default(),
            languages,
            prompt: None,
            function: None,
            flow: None,
            place,
            depth: 0,
            keeps: false,
            in_check: false,
            in_queue: false,
            currencies: HashMap::new(),
        }
    }

    /// The local of a name, innermost first.
    pub fn find(&self, name: Symbol) -> Option<LocalId> {
        self.names.find(name)
    }

    pub fn at(&self, span: Span) -> Location {
        span.at(self.file)
    }
}

/// A type that is not secret.
pub(crate) fn open(kind: TypeKind) -> Type {
    Type { kind, secret: false }
}

/// An expression that was already complained about.
pub(crate) fn unknown(location: Location) -> hir::Expr {
    hir::Expr { kind: hir::ExprKind::None, ty: open(TypeKind::Unknown), location }
}

/// A change of one place.
pub(crate) fn fix(
    title: impl Into<String>,
    applicability: Applicability,
    location: Location,
    text: impl Into<String>,
) -> Fix {
    Fix { title: title.into(), applicability, edits: vec![Edit { location, text: text.into() }] }
}

impl<'a> Checker<'a> {
    pub fn new(modules: &'a [Module<'a>], interner: &'a Interner, options: &'a Options) -> Self {
        let mut left_out = options.left_out.clone();
        left_out.sort_unstable();
        Self {
            modules,
            interner,
            options,
            diagnostics: Vec::new(),
            has_error: false,
            unsaid: None,
            names: Vec::new(),
            people: Default::default(),
            variants: HashMap::new(),
            sources: Default::default(),
            shapes: Shapes::default(),
            holders: crate::secrets::Holders::default(),
            constants: Vec::new(),
            holidays: Vec::new(),
            whole_calendars: Vec::new(),
            calendar_findings: Vec::new(),
            module_zones: Vec::new(),
            uses: Uses::default(),
            prompt_languages: Vec::new(),
            current_flow: None,
            leaks: Vec::new(),
            lasts: Vec::new(),
            has_roster: false,
            left_out,
            prompt_uses: Vec::new(),
            program: hir::Program { name: options.project.clone(), ..Default::default() },
        }
    }

    /// All questions in the order in which they need each other's answers.
    pub fn run(mut self) -> Checked {
        self.collect_names();
        self.resolve_uses();
        self.zones_and_languages();
        self.shapes();
        self.values();
        self.services();
        self.tables();
        self.people();
        self.calendars();
        self.queues();
        self.functions_and_prompts();
        self.large_prompts();
        self.flows();
        self.hours_asked();
        self.told_keys();
        self.secret_ways();
        self.campaigns();
        self.settle_prompts();
        self.inbound();
        self.properties();
        self.large_calls();
        self.recursion();
        self.endless_cycles();
        self.late_declines();
        self.unused_uses();
        self.finish()
    }

    fn finish(mut self) -> Checked {
        self.diagnostics.sort_by_key(|d| (d.primary.location.file, d.primary.location.span, d.code));
        self.diagnostics.dedup();
        let clean = self.diagnostics.iter().all(|d| d.severity != Severity::Error);
        Checked { program: clean.then_some(self.program), diagnostics: self.diagnostics }
    }

    /// Whether any error was reported so far.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether the parser left something out of this place, so that what it lacks may have been there.
    pub fn is_torn(&self, place: Location) -> bool {
        let first =
            self.left_out.partition_point(|l| (l.file, l.span.start) < (place.file, place.span.start));
        self.left_out.get(first).is_some_and(|l| l.file == place.file && l.span.start < place.span.end)
    }

    /// The text of a name.
    pub fn name(&self, symbol: Symbol) -> &'a str {
        self.interner.name(symbol)
    }

    /// The file of a module.
    pub fn file(&self, module: usize) -> FileId {
        self.modules[module].file
    }

    /// Reports an error and hands it back for labels, helps and fixes.
    pub fn error(
        &mut self,
        code: Code,
        at: Location,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.report(Diagnostic::error(code, message, at, label))
    }

    /// Reports a warning and hands it back.
    pub fn warning(
        &mut self,
        code: Code,
        at: Location,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.report(Diagnostic::warning(code, message, at, label))
    }

    fn report(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        let is_error = diagnostic.severity == Severity::Error;
        // What comes after so many is unsaid; but an error is never lost among warnings.
        if self.diagnostics.len() >= MOST_DIAGNOSTICS && (!is_error || self.has_error) {
            return self.unsaid.insert(diagnostic);
        }
        self.has_error |= is_error;
        let index = self.diagnostics.len();
        self.diagnostics.push(diagnostic);
        &mut self.diagnostics[index]
    }

    /// What [`crate::near::nearest`] finds, for the first mistakes of a project: each looks through all names.
    pub fn nearest<'n>(&self, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
        if self.diagnostics.len() >= MOST_LOOKED_FOR {
            return Vec::new();
        }
        crate::near::nearest(name, candidates.into_iter().take(MOST_CANDIDATES))
    }

    /// Declares a name in a scope; hiding another is an error.
    pub fn declare(&mut self, scope: &mut Scope, name: ast::Name, ty: Type, is_state: bool) -> LocalId {
        let location = scope.at(name.span);
        let text = self.name(name.symbol);
        if let Some(other) = scope.find(name.symbol) {
            let first = scope.locals[other].location;
            self.error(
                crate::codes::SHADOWED,
                location,
                format!("`{text}` already has a meaning here"),
                "the second one",
            )
            .add_label(first, "the first one")
            .add_help("give it another name; a name means one thing in a block");
        } else if let Some(entry) = self.names[scope.module].items.get(&name.symbol) {
            let first = entry.location;
            self.error(
                crate::codes::SHADOWED,
                location,
                format!("`{text}` already names an item of this file"),
                "would hide it",
            )
            .add_label(first, "the item")
            .add_help("give it another name");
        } else if crate::members::is_builtin(text, scope.in_queue) {
            self.error(
                crate::codes::SHADOWED,
                location,
                format!("`{text}` is built in"),
                "would hide what every call knows",
            )
            .add_help("give it another name");
        }
        scope.locals.push(hir::Local { name: text.into(), ty, is_state, location });
        let id = scope.locals.len() - 1;
        scope.names.push((name.symbol, id));
        id
    }
}

/// Additions to a diagnostic that is already in the list.
pub(crate) trait Say {
    fn add_label(&mut self, at: Location, text: impl Into<String>) -> &mut Self;
    fn add_note(&mut self, text: impl Into<String>) -> &mut Self;
    fn add_help(&mut self, text: impl Into<String>) -> &mut Self;
    fn add_fix(&mut self, fix: Fix) -> &mut Self;
    /// "did you mean …?" of what is `written`, with a fix: a safe one when it can only be that name.
    fn suggest(&mut self, written: &str, names: &[&str], at: Location) -> &mut Self;
}

impl Say for Diagnostic {
    fn add_label(&mut self, at: Location, text: impl Into<String>) -> &mut Self {
        self.secondary.push(flow_diagnostics::Label { location: at, text: text.into() });
        self
    }

    fn add_note(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(text.into());
        self
    }

    fn add_help(&mut self, text: impl Into<String>) -> &mut Self {
        self.helps.push(text.into());
        self
    }

    fn add_fix(&mut self, fix: Fix) -> &mut Self {
        self.fixes.push(fix);
        self
    }

    fn suggest(&mut self, written: &str, names: &[&str], at: Location) -> &mut Self {
        if let Some(text) = crate::near::did_you_mean(names) {
            self.helps.push(text);
            let first = names[0];
            let only = names.len() == 1 && flow_diagnostics::is_misspelt(written, first);
            let applicability = if only { Applicability::Safe } else { Applicability::Unsafe };
            self.fixes.push(fix(format!("change it to `{first}`"), applicability, at, first));
        }
        self
    }
}
