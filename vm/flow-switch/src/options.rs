//! What a deployment may decide about the switch.

use crate::policy::Outbound;

/// Settings of a [`Switch`](crate::Switch); times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where every draw and every random pick begins; the same seed and inputs give the same calls.
    pub seed: u64,
    /// What the keys of encrypted texts are drawn from. Nobody may know it and it may never be used twice, so on
    /// a live line it is drawn from the system when it starts; in a simulation it is as good as any other.
    pub sealing_secret: [u8; 32],
    /// Whether [`Output::Story`](crate::boundary::Output::Story) lines are made.
    pub stories: bool,
    /// How long an agent's phone rings before the caller is offered to somebody else.
    pub agent_ring_millis: u64,
    /// How long an agent who did not come is not offered calls.
    pub agent_pause_millis: u64,
    /// The greatest length of a call.
    pub greatest_call_millis: u64,
    /// How long a place in a queue is kept for a caller who left it by a key.
    pub place_kept_millis: u64,
    /// How long a message may take to be on disk.
    pub store_millis: u64,
    /// How long what is counted or sent may take to be on disk.
    pub decide_millis: u64,
    /// After how long of waiting for a service the caller hears that we are at it.
    pub working_millis: u64,
    /// How many calls there may be at once; those beyond are declined with 503.
    pub greatest_calls: usize,
    /// How long the phone of somebody rings whom we call back, or call for a campaign.
    pub customer_ring_millis: u64,
    /// The languages in which callers can be understood when they speak: `en`, `es-MX`.
    pub listens: Vec<String>,
    /// Whom we may call, and which number we may show.
    pub outbound: Outbound,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 0,
            sealing_secret: [0; 32],
            stories: true,
            agent_ring_millis: 20_000,
            agent_pause_millis: 30_000,
            greatest_call_millis: 4 * 60 * 60 * 1000,
            place_kept_millis: 10 * 60 * 1000,
            store_millis: 5_000,
            decide_millis: 1_000,
            working_millis: 1_000,
            greatest_calls: 100_000,
            customer_ring_millis: 40_000,
            listens: Vec::new(),
            outbound: Outbound::default(),
        }
    }
}
