//! Which places of a clause are aligned with the clauses above and below it.
//!
//! It knows the forms of clauses; how wide anything is, it does not.

use flow_syntax::ClauseKind;

use crate::long;
use crate::pieces::Source;
use crate::tree::Clause;

/// Behind the last piece: a column that a clause leaves empty.
pub(crate) const END: usize = usize::MAX;

/// Arms on events name few or many: an arrow farther away than this is no longer read with them.
const MOST_FOR_EVENTS: usize = 16;
/// The same for blocks on one line.
const MOST_FOR_BLOCKS: usize = 16;
/// The same for what stands in them.
const MOST_WITHIN: usize = 24;

/// A place to align.
pub(crate) struct Column {
    /// The piece that begins it, or [`END`].
    pub place: usize,
    /// Columns of one shape are aligned.
    pub shape: String,
    /// How many blanks are worth it.
    pub most: usize,
    /// Blanks besides.
    pub extra: usize,
}

impl Column {
    fn new(place: usize, shape: impl Into<String>) -> Self {
        Self { place, shape: shape.into(), most: usize::MAX, extra: 0 }
    }

    fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    fn wide(self) -> Self {
        Self { extra: 1, ..self }
    }
}

/// The columns of a clause that stands on one line. `family` is what the arm before an `otherwise` begins with.
pub(crate) fn columns(
    source: &Source<'_>,
    clause: &Clause<'_>,
    indent: usize,
    family: Option<&str>,
) -> Vec<Column> {
    let (first, end) = (clause.first, clause.end);
    let word = source.word(first);
    let body = clause.body.as_ref();
    let mut columns = Vec::new();
    match word {
        "on" | "press" | "when" | "share" | "otherwise" => {
            let family = family.unwrap_or(word);
            // What a flow gives all its blocks is a list of its own.
            let loose = family == "on" || clause.kind == ClauseKind::Part;
            let most = if loose { MOST_FOR_EVENTS } else { usize::MAX };
            let go = body.map(|body| body.open).or_else(|| long::exit(source, first, end));
            columns.extend(go.map(|go| Column::new(go, family).at_most(most)));
        }
        "agent" if indent == 0 && body.is_some() => {
            let open = body.map_or(end, |body| body.open);
            columns.push(Column::new(first + 2, "agent"));
            let teams = (first + 3..open).find(|at| source.word(*at) == "in");
            columns.extend(teams.map(|at| Column::new(at, "in")));
            columns.push(Column::new(open, "skills"));
        }
        "get" | "post" | "put" | "delete" if clause.kind == ClauseKind::Part => {
            columns.push(Column::new(first + 1, "operation"));
            let path = (first + 1..end).rev().find(|at| source.word(*at).starts_with('"'));
            columns.extend(path.map(|at| Column::new(at, "path").wide()));
            let within = end.checked_sub(2).filter(|at| source.word(*at) == "within");
            columns.extend(within.map(|at| Column::new(at, "within").wide()));
        }
        "day" if clause.kind == ClauseKind::Part => {
            let observed = if source.word(end - 1) == "observed" { end - 1 } else { END };
            let name = (first + 1..end).find(|at| source.word(*at).starts_with('"'));
            columns.push(Column::new(name.unwrap_or(observed), "day").wide());
            columns.push(Column::new(observed, "observed").wide());
        }
        "prompt" if indent == 0 => {
            let equals = (first..end).find(|at| source.word(*at) == "=");
            columns.extend(equals.map(|at| Column::new(at, "prompt")));
        }
        "ask" | "again" => {
            let languages = long::languages(source, first, end);
            columns.extend(languages.iter().map(|at| Column::new(*at, source.word(*at))));
        }
        _ if clause.kind == ClauseKind::Part && (indent > 0 || word == "queue") => {
            columns.extend(body.map(|body| Column::new(body.open, "block").at_most(MOST_FOR_BLOCKS)));
        }
        _ => {}
    }
    if let Some(body) = body.filter(|body| !body.list) {
        let mut shape = String::new();
        for (index, inner) in body.clauses.iter().enumerate() {
            shape.push_str(source.word(inner.first));
            shape.push(' ');
            if index > 0 {
                columns.push(Column::new(inner.first, shape.clone()).at_most(MOST_WITHIN));
            }
        }
    }
    columns
}
