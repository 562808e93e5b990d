//! The graph of a project as plain data. The JSON of `flowc graph --format json` is these types as they stand;
//! [`SCHEMA`] counts changes of meaning.

mod build;
mod details;
mod edges;
mod groups;
pub(crate) mod places;
mod words;
mod written;

use serde::Serialize;

pub use build::graph;
pub(crate) use groups::grouped;
pub use words::shortened;
pub(crate) use words::span_text;
pub(crate) use written::Written;

/// Changes of meaning of the data. A new field or a new kind is none.
pub const SCHEMA: u32 = 1;

/// A project's flows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Graph {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The project's name.
    pub project: String,
    /// The language that texts are given in: the project's first.
    pub language: String,
    /// How calls begin.
    pub entries: Vec<Entry>,
    /// The project's flows, and those of libraries that they lead to, in the order of the program.
    pub flows: Vec<FlowGraph>,
}

/// How calls begin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Who calls whom.
    pub kind: EntryKind,
    /// A number in E.164, or a campaign's name.
    pub name: String,
    /// The flow's id.
    pub flow: String,
    /// The item's place.
    pub place: Place,
}

/// Who calls whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A number that people call.
    Inbound,
    /// A campaign that calls people.
    Campaign,
}

/// One flow. Its call begins at the first node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowGraph {
    /// The flow's full name: stable as long as nobody renames it.
    pub id: String,
    /// What `///` says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// It comes with flowc.
    pub library: bool,
    /// Outcomes that it gives to whom runs it.
    pub gives: Vec<String>,
    /// What applies in every block that says nothing else, with the edges that it makes.
    pub defaults: Vec<FlowDefault>,
    /// Blocks in the order of the text, then where the flow is left.
    pub nodes: Vec<Node>,
    /// Ways from block to block, in the order of the blocks.
    pub edges: Vec<Edge>,
    /// The flow's name.
    pub place: Place,
}

/// An arm or choice of the flow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowDefault {
    /// What makes the call go this way.
    pub causes: Vec<Cause>,
    /// A node's id; nothing when the block asks again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The arm's place.
    pub place: Place,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The kinds of blocks, as the language names them.
pub enum NodeKind {
    Greet,
    Step,
    Route,
    AfterHours,
    Menu,
    Collect,
    Queue,
    Dial,
    Callback,
    Detect,
    Transfer,
    Voicemail,
    Survey,
    Conference,
    Run,
    End,
    Decline,
    /// No block: the flow gives an outcome to the flow that runs it.
    Return,
    /// No block: the call goes on in another flow for good.
    Flow,
}

impl NodeKind {
    /// The word that the language, or the reader, has for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Greet => "greet",
            Self::Step => "step",
            Self::Route => "route",
            Self::AfterHours => "after_hours",
            Self::Menu => "menu",
            Self::Collect => "collect",
            Self::Queue => "queue",
            Self::Dial => "dial",
            Self::Callback => "callback",
            Self::Detect => "detect",
            Self::Transfer => "transfer",
            Self::Voicemail => "voicemail",
            Self::Survey => "survey",
            Self::Conference => "conference",
            Self::Run => "run",
            Self::End => "end",
            Self::Decline => "decline",
            Self::Return => "return",
            Self::Flow => "flow",
        }
    }
}

/// A place where a call can be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// `FLOW/BLOCK`, `FLOW/return OUTCOME` or `FLOW/flow OTHER`.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// The block's name, the outcome's or the other flow's.
    pub name: String,
    /// What `///` says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// All that is said on the way in, then what is asked; holes stand as `{expression}`.
    pub says: Vec<String>,
    /// What it does beside speaking, each in a few words: "rings sales_phone for 20s".
    pub does: Vec<String>,
    /// How often it may be entered before the `visits` edge is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<u32>,
    /// The queue that callers join here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The calendar that is asked here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Flows that are run here and come back, or that the call leaves for.
    pub flows: Vec<String>,
    /// Operations of services that are called here: `crm.customer`.
    pub services: Vec<String>,
    /// What is taken here is secret.
    pub secret: bool,
    /// What is recorded from here on.
    pub records: Vec<String>,
    /// The block's name, or the first exit that leads here.
    pub place: Place,
}

/// A way on from a block.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edge {
    /// The id of `from` and the causes; equal ones are counted.
    pub id: String,
    /// A node's id.
    pub from: String,
    /// A node's id; `from` itself when the block asks again.
    pub to: String,
    /// What makes the call go this way: the outer cause first. Empty for a block that just goes on.
    pub causes: Vec<Cause>,
    /// Who says so.
    pub origin: EdgeOrigin,
    /// `-> again`: the block goes on as it is.
    pub again: bool,
    /// What is said on this way.
    pub says: Vec<String>,
    /// The exit's place.
    pub place: Place,
}

/// Who says that a call goes this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeOrigin {
    /// The block itself.
    Own,
    /// The block's `otherwise`.
    Otherwise,
    /// The flow, for all its blocks.
    Flow,
}

/// What makes a call go one way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// The caller pressed a key, or said its words.
    Key {
        /// `1`, `*`, `12`.
        keys: String,
        /// What the caller is told of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// The label is what the key does (`to "hang up"`), not what it is for (`for "sales"`).
        deed: bool,
        /// Words that do the same.
        phrases: Vec<String>,
    },
    /// After so long in a queue; a key follows.
    After {
        /// Milliseconds.
        millis: u64,
    },
    /// The wait ended like this.
    Outcome {
        /// The outcome's name.
        name: String,
        /// Asked again until it was so that many times.
        #[serde(skip_serializing_if = "Option::is_none")]
        times: Option<u32>,
    },
    /// A condition holds, as it is written.
    When {
        /// The source text.
        text: String,
    },
    /// None of the conditions holds.
    Otherwise,
    /// By chance.
    Share {
        /// Of a hundred.
        percent: u32,
    },
    /// The block was entered more often than it may be.
    Visits {
        /// How often it may.
        count: u32,
    },
    /// Something is missing or a limit is reached.
    Else {
        /// The statement's words.
        what: String,
    },
    /// A service failed, and its statement has no `else`.
    Failed,
}

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// From the project's folder.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in bytes of UTF-8.
    pub column: u32,
    /// Of the first byte after it.
    pub end_line: u32,
    /// Of the first byte after it.
    pub end_column: u32,
}

impl Cause {
    /// A few words for a reader.
    pub fn text(&self) -> String {
        match self {
            Self::Key { keys, label: Some(label), .. } => format!("{keys}: {label}"),
            Self::Key { keys, label: None, .. } => format!("key {keys}"),
            Self::After { millis } => format!("after {}", span_text(*millis)),
            Self::Outcome { name, times } => {
                let times = times.map_or_else(String::new, |times| format!(" ({times} times)"));
                format!("{}{times}", name.replace('_', " "))
            }
            Self::When { text } => text.clone(),
            Self::Otherwise => "otherwise".into(),
            Self::Share { percent } => format!("{percent}%"),
            Self::Visits { count } => format!("after {count} visits"),
            Self::Else { what } => format!("else, {what}"),
            Self::Failed => "a service fails".into(),
        }
    }
}

/// All causes of a way in one line; nothing for a block that just goes on.
pub fn causes_text(causes: &[Cause]) -> String {
    let texts: Vec<String> = causes.iter().map(Cause::text).collect();
    texts.join(", ")
}
