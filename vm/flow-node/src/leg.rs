//! One leg: a party's SIP call, its offers and answers, and the media that waits for them.

use std::net::{IpAddr, SocketAddr};

use flow_sip::{CallHandle, MediaSession, Negotiated, TransportId, Uri};
use flow_switch::boundary::{LegId, PlayId, RecordingId};

use crate::boundary::{MediaCommand, SessionId};
use crate::config::PENDING_ORDERS;

/// A party's connection, from the first packet or the order to dial to its end.
pub(crate) struct Leg {
    pub(crate) id: LegId,
    /// `None` for a leg of ours whose INVITE is not sent yet.
    pub(crate) sip: Option<CallHandle>,
    /// Whether they called us.
    pub(crate) incoming: bool,
    pub(crate) stage: Stage,
    /// The listener that its signalling uses.
    pub(crate) transport: TransportId,
    /// Where its signalling comes from, or goes to.
    pub(crate) peer: SocketAddr,
    /// Which media thread carries it.
    pub(crate) shard: u32,
    /// Its offers and answers, once its port is known.
    pub(crate) session: Option<MediaSession>,
    /// Orders that wait until media can flow.
    pub(crate) pending: Vec<MediaCommand>,
    /// What is being played, and whether a key cuts it.
    pub(crate) playing: Option<(PlayId, bool)>,
    /// A playback that the key which is down has cut.
    pub(crate) cut: Option<PlayId>,
    /// What is being recorded.
    pub(crate) recording: Option<RecordingId>,
    /// Whether the key which is down has ended a recording, and does nothing else.
    pub(crate) swallow_key: bool,
    /// The way its keys come; the first way that brings one is the only one that counts.
    pub(crate) keys: Option<KeyWay>,
    /// Whether they have put us on hold.
    pub(crate) held: bool,
    /// Whether it rang, for legs that we call.
    pub(crate) rang: bool,
    /// How far handing it on is.
    pub(crate) referred: Referred,
}

/// Where a leg stands.
pub(crate) enum Stage {
    /// They called and wait for our answer; their offer, if it came along.
    Offered(Option<Vec<u8>>),
    /// We answer as soon as the port is open.
    Opening(Option<Vec<u8>>),
    /// Answered with an offer of ours; theirs comes with the ACK.
    OfferSent,
    /// We call a name whose address is asked for.
    Resolving(Plan),
    /// We call as soon as the port is open.
    Reserving(Plan),
    /// Our INVITE is under way.
    Calling,
    /// Media may flow.
    Connected,
}

/// A call of ours before its INVITE.
pub(crate) struct Plan {
    pub(crate) uri: Uri,
    pub(crate) from: Option<String>,
    pub(crate) display: Option<String>,
}

/// How a key reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyWay {
    /// In the audio stream (RFC 4733).
    Media,
    /// In SIP INFO.
    Info,
}

impl Leg {
    /// A leg at its beginning.
    pub(crate) fn new(id: LegId, stage: Stage, transport: TransportId, peer: SocketAddr, shard: u32) -> Leg {
        Leg {
            id,
            sip: None,
            incoming: matches!(stage, Stage::Offered(_)),
            stage,
            transport,
            peer,
            shard,
            session: None,
            pending: Vec::new(),
            playing: None,
            cut: None,
            recording: None,
            swallow_key: false,
            keys: None,
            held: false,
            rang: false,
            referred: Referred::No,
        }
    }

    pub(crate) fn session_id(&self) -> SessionId {
        SessionId::of(self.id)
    }

    /// Whether media orders can be carried out at once.
    pub(crate) fn is_connected(&self) -> bool {
        matches!(self.stage, Stage::Connected)
    }

    /// Whether its media session was opened, or is being opened.
    pub(crate) fn has_media(&self) -> bool {
        !matches!(self.stage, Stage::Offered(_) | Stage::Resolving(_))
    }

    /// Keeps an order until media can flow.
    pub(crate) fn hold_back(&mut self, command: MediaCommand) {
        if self.pending.len() < PENDING_ORDERS {
            self.pending.push(command);
        }
    }

    /// Whether a key that came this way counts.
    pub(crate) fn takes_key(&mut self, way: KeyWay) -> bool {
        *self.keys.get_or_insert(way) == way
    }
}

/// Whether the other side takes no audio from us now.
pub(crate) fn holds_us(negotiated: &Negotiated) -> bool {
    !negotiated.direction.sends() || negotiated.remote.ip().is_unspecified()
}

/// Whether a peer whose signalling reaches us from `signalling` is known to be where its description says: only
/// then may media flow there before any came from there, or a stranger could be flooded by our prompts.
pub(crate) fn is_at_home(negotiated: &Negotiated, signalling: IpAddr) -> bool {
    let named = negotiated.remote.ip();
    named == signalling || named.is_loopback() && signalling.is_loopback()
}

/// How far handing a leg on is (RFC 3515).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Referred {
    No,
    /// Our REFER is on its way.
    Asked,
    /// The peer tries.
    Accepted,
}

/// Legs by the slots that the switch gave them.
#[derive(Default)]
pub(crate) struct Legs {
    slots: Vec<Option<Box<Leg>>>,
    count: usize,
}

impl Legs {
    pub(crate) fn insert(&mut self, leg: Leg) {
        let slot = leg.id.slot as usize;
        if self.slots.len() <= slot {
            self.slots.resize_with(slot + 1, || None);
        }
        self.count += 1;
        self.slots[slot] = Some(Box::new(leg));
    }

    pub(crate) fn get(&mut self, id: LegId) -> Option<&mut Leg> {
        self.slots.get_mut(id.slot as usize)?.as_deref_mut().filter(|leg| leg.id == id)
    }

    pub(crate) fn remove(&mut self, id: LegId) -> Option<Box<Leg>> {
        let leg = self.slots.get_mut(id.slot as usize)?.take_if(|leg| leg.id == id)?;
        self.count -= 1;
        Some(leg)
    }

    /// How many legs there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}
