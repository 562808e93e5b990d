//! A shape and a colour for each kind, so that neither alone tells it. Shapes are paths in a square of 16.

use crate::graph::NodeKind;

use super::boxes::BoxKind;

/// What kinds have a colour in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Speaks or acts.
    Tells,
    /// Asks the caller.
    Asks,
    /// Decides without asking.
    Decides,
    /// Connects people.
    People,
    /// Keeps what callers leave.
    Keeps,
    /// Other flows.
    Flows,
    /// Ends the call.
    Ends,
    /// What the flow says for all blocks.
    Defaults,
}

impl Family {
    pub(super) const ALL: [Self; 8] = [
        Self::Tells,
        Self::Asks,
        Self::Decides,
        Self::People,
        Self::Keeps,
        Self::Flows,
        Self::Ends,
        Self::Defaults,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Tells => "tells",
            Self::Asks => "asks",
            Self::Decides => "decides",
            Self::People => "people",
            Self::Keeps => "keeps",
            Self::Flows => "flows",
            Self::Ends => "ends",
            Self::Defaults => "defaults",
        }
    }

    /// Dark enough for white on it: a contrast of at least 4.5 to 1.
    pub(super) fn colour(self) -> &'static str {
        match self {
            Self::Tells => "#1f5fbf",
            Self::Asks => "#7a3fb5",
            Self::Decides => "#8a5a00",
            Self::People => "#1d7a3c",
            Self::Keeps => "#0b7285",
            Self::Flows => "#3d4fa8",
            Self::Ends => "#b3261e",
            Self::Defaults => "#57606a",
        }
    }
}

pub(super) fn family(kind: BoxKind) -> Family {
    let BoxKind::Node(kind) = kind else { return Family::Defaults };
    match kind {
        NodeKind::Greet | NodeKind::Step => Family::Tells,
        NodeKind::Menu | NodeKind::Collect | NodeKind::Survey => Family::Asks,
        NodeKind::Route | NodeKind::AfterHours | NodeKind::Detect => Family::Decides,
        NodeKind::Queue | NodeKind::Dial | NodeKind::Transfer | NodeKind::Conference => Family::People,
        NodeKind::Voicemail | NodeKind::Callback => Family::Keeps,
        NodeKind::Run | NodeKind::Return | NodeKind::Flow => Family::Flows,
        NodeKind::End | NodeKind::Decline => Family::Ends,
    }
}

/// What a reader who does not know the language calls it.
pub(super) fn label(kind: BoxKind) -> &'static str {
    let BoxKind::Node(kind) = kind else { return "defaults" };
    match kind {
        NodeKind::Greet => "speaks",
        NodeKind::Step => "acts",
        NodeKind::Route => "decides",
        NodeKind::AfterHours => "opening hours",
        NodeKind::Menu => "menu",
        NodeKind::Collect => "asks for a value",
        NodeKind::Queue => "queue",
        NodeKind::Dial => "calls a person",
        NodeKind::Callback => "call back",
        NodeKind::Detect => "who picked up?",
        NodeKind::Transfer => "hands over",
        NodeKind::Voicemail => "voicemail",
        NodeKind::Survey => "survey",
        NodeKind::Conference => "conference",
        NodeKind::Run => "runs a flow",
        NodeKind::End => "ends the call",
        NodeKind::Decline => "refuses the call",
        NodeKind::Return => "returns",
        NodeKind::Flow => "goes on in a flow",
    }
}

pub(super) fn path(kind: BoxKind) -> &'static str {
    let BoxKind::Node(kind) = kind else { return "M2 4h12M2 8h12M2 12h8" };
    match kind {
        NodeKind::Greet => "M2 3h12v8H7l-3 3v-3H2z",
        NodeKind::Step => "M3 3h10v10H3z",
        NodeKind::Route => "M8 1l7 7-7 7-7-7z",
        NodeKind::AfterHours => "M8 1a7 7 0 1 0 .01 0zM8 4v4l3 2",
        NodeKind::Menu => "M3 3h2M7 3h2M11 3h2M3 8h2M7 8h2M11 8h2M3 13h2M7 13h2M11 13h2",
        NodeKind::Collect => "M1 5h14v6H1zM4 7v2M7 7v2",
        NodeKind::Queue => {
            "M3 5a1.5 1.5 0 1 0 .01 0zM8 5a1.5 1.5 0 1 0 .01 0zM13 5a1.5 1.5 0 1 0 .01 0zM1 12h14"
        }
        NodeKind::Dial => "M3 2l3 0 1 4-2 1a8 8 0 0 0 4 4l1-2 4 1v3a11 11 0 0 1-11-11z",
        NodeKind::Callback => "M14 4v5H4M7 6L4 9l3 3",
        NodeKind::Detect => "M5 6a3 3 0 1 1 4 3l-1 1v1M8 13.5v.5",
        NodeKind::Transfer => "M2 8h11M9 4l4 4-4 4",
        NodeKind::Voicemail => "M4 5a3 3 0 1 0 .01 0zM12 5a3 3 0 1 0 .01 0zM4 11h8",
        NodeKind::Survey => "M8 1l2 5 5 .3-4 3.2 1.4 5L8 11.7 3.6 14.5 5 9.5 1 6.3 6 6z",
        NodeKind::Conference => "M8 1a2 2 0 1 0 .01 0zM3 9a2 2 0 1 0 .01 0zM13 9a2 2 0 1 0 .01 0z",
        NodeKind::Run => "M1 1h14v14H1zM5 5h6v6H5z",
        NodeKind::End => "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
        NodeKind::Decline => "M8 1a7 7 0 1 0 .01 0zM5 5l6 6M11 5l-6 6",
        NodeKind::Return => "M14 8H3M7 4L3 8l4 4",
        NodeKind::Flow => "M1 4h9v9H1zM6 1h9v9",
    }
}
