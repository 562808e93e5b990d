//! From the checked program to the graph: ids, targets, defaults.

use std::collections::{BTreeMap, BTreeSet};

use flow_check::hir::{Block, Exit, ExitKind, Flow, FlowId, Program};
use flow_diagnostics::{Location, SourceMap};

use super::details::kind;
use super::edges::{Walk, Way};
use super::places::place;
use super::written::Written;
use super::{
    Edge, EdgeOrigin, Entry, EntryKind, FlowDefault, FlowGraph, Graph, Node, NodeKind, SCHEMA, causes_text,
};

/// Where the standard library's files are, by name.
const LIBRARY: &str = "std/";

/// The graph of a checked project.
pub fn graph(program: &Program, sources: &SourceMap) -> Graph {
    let language = program.languages.first().map_or("en", String::as_str);
    let written = Written::of(sources, language);
    let mut entries: Vec<Entry> = Vec::new();
    let mut entry = |kind, name: &str, flow: FlowId, at: Location| {
        let flow = program.flows[flow].name.clone();
        entries.push(Entry { kind, name: name.to_owned(), flow, place: place(sources, at) });
    };
    for inbound in &program.inbound {
        entry(EntryKind::Inbound, &inbound.number, inbound.flow, inbound.location);
    }
    for campaign in &program.campaigns {
        entry(EntryKind::Campaign, &campaign.name, campaign.flow, campaign.location);
    }
    let all: Vec<FlowGraph> =
        program.flows.iter().map(|flow| flow_graph(program, sources, &written, flow)).collect();
    let flows = without_unused_libraries(all, &entries);
    Graph { schema: SCHEMA, project: program.name.clone(), language: language.to_owned(), entries, flows }
}

/// Flows of libraries that nothing leads to are not the project's.
fn without_unused_libraries(mut flows: Vec<FlowGraph>, entries: &[Entry]) -> Vec<FlowGraph> {
    let by_id: BTreeMap<&str, &FlowGraph> = flows.iter().map(|flow| (flow.id.as_str(), flow)).collect();
    let own = flows.iter().filter(|flow| !flow.library).map(|flow| flow.id.clone());
    let mut waiting: Vec<String> = own.chain(entries.iter().map(|entry| entry.flow.clone())).collect();
    let mut used = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if let Some(flow) = by_id.get(id.as_str())
            && used.insert(id)
        {
            waiting.extend(flow.nodes.iter().flat_map(|node| node.flows.iter().cloned()));
        }
    }
    flows.retain(|flow| used.contains(&flow.id));
    flows
}

fn flow_graph(program: &Program, sources: &SourceMap, written: &Written, flow: &Flow) -> FlowGraph {
    let language = flow.languages.first().copied().unwrap_or_default();
    let walk = Walk { program, sources, written, language };
    let mut builder = Builder {
        walk: &walk,
        flow,
        nodes: Vec::new(),
        leaving: BTreeMap::new(),
        edges: Vec::new(),
        ids: BTreeMap::new(),
        defaults: BTreeMap::new(),
    };
    for block in &flow.blocks {
        let node = builder.node(block);
        builder.nodes.push(node);
    }
    for block in &flow.blocks {
        for way in walk.ways(block) {
            builder.edge(block, way);
        }
    }
    let Builder { nodes, edges, defaults, .. } = builder;
    FlowGraph {
        id: flow.name.clone(),
        doc: written.doc(flow.location).map(str::to_owned),
        library: sources.file(flow.location.file).path.starts_with(LIBRARY),
        gives: flow.gives.iter().map(|outcome| outcome.name.clone()).collect(),
        defaults: defaults.into_values().collect(),
        nodes,
        edges,
        place: place(sources, flow.location),
    }
}

struct Builder<'a> {
    walk: &'a Walk<'a>,
    flow: &'a Flow,
    nodes: Vec<Node>,
    /// Nodes that are no blocks, by id.
    leaving: BTreeMap<String, usize>,
    edges: Vec<Edge>,
    /// How often an id was given.
    ids: BTreeMap<String, u32>,
    /// By place and cause.
    defaults: BTreeMap<(Location, String), FlowDefault>,
}

impl Builder<'_> {
    fn node(&self, block: &Block) -> Node {
        let mut node = self.empty(self.id(&block.name), kind(block), &block.name, block.location);
        node.doc = self.walk.written.doc(block.location).map(str::to_owned);
        self.walk.describe(block, &mut node);
        node
    }

    fn empty(&self, id: String, kind: NodeKind, name: &str, at: Location) -> Node {
        Node {
            id,
            kind,
            name: name.to_owned(),
            doc: None,
            says: Vec::new(),
            does: Vec::new(),
            visits: None,
            queue: None,
            calendar: None,
            flows: Vec::new(),
            services: Vec::new(),
            secret: false,
            records: Vec::new(),
            place: place(self.walk.sources, at),
        }
    }

    fn id(&self, name: &str) -> String {
        format!("{}/{name}", self.flow.name)
    }

    fn edge(&mut self, block: &Block, way: Way<'_>) {
        let from = self.id(&block.name);
        let again = matches!(way.exit.kind, ExitKind::Again);
        let to = self.target(&from, way.exit);
        let cause = causes_text(&way.causes);
        if way.origin == EdgeOrigin::Flow {
            let default = FlowDefault {
                causes: way.causes.clone(),
                to: (!again).then(|| to.clone()),
                place: place(self.walk.sources, way.location),
            };
            self.defaults.entry((way.location, cause.clone())).or_insert(default);
        }
        let id = if cause.is_empty() { format!("{from}: ->") } else { format!("{from}: {cause}") };
        let count = self.ids.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
        let id = if *count == 1 { id } else { format!("{id} #{count}") };
        self.edges.push(Edge {
            id,
            from,
            to,
            causes: way.causes,
            origin: way.origin,
            again,
            says: way.says,
            place: place(self.walk.sources, way.exit.location),
        });
    }

    /// The id of the node that an exit leads to; it is made if it is no block.
    fn target(&mut self, from: &str, exit: &Exit) -> String {
        let (kind, name) = match &exit.kind {
            ExitKind::Again => return from.to_owned(),
            ExitKind::Block(block, _) => return self.id(&self.flow.blocks[*block].name),
            ExitKind::Flow(flow, _) => (NodeKind::Flow, self.walk.program.flows[*flow].name.clone()),
            ExitKind::Return(outcome, _) => {
                let outcome = self.flow.gives.get(*outcome);
                (NodeKind::Return, outcome.map_or_else(String::new, |outcome| outcome.name.clone()))
            }
        };
        let id = self.id(&format!("{} {name}", kind.word()));
        if !self.leaving.contains_key(&id) {
            let mut node = self.empty(id.clone(), kind, &name, exit.location);
            if kind == NodeKind::Flow {
                node.flows.push(name);
            }
            self.leaving.insert(id.clone(), self.nodes.len());
            self.nodes.push(node);
        }
        id
    }
}
