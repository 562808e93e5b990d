//! A phone: our own SIP endpoint with a user.

use std::net::SocketAddr;

use flow_sip::{
    CallHandle, Codec, Direction, Endpoint, Event, Invite, Listener, LocalMedia, MediaSession, NameAddr,
    Output, Protocol, Time, TransportId, Uri,
};

/// A phone on the network.
pub struct Phone {
    /// Its name in ladders.
    pub name: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) endpoint: Endpoint,
    session: MediaSession,
    call: Option<CallHandle>,
    offered: Option<Vec<u8>>,
    /// Whether an INVITE is answered at once.
    pub answers: bool,
    /// Whether it hears and says nothing any more.
    pub dead: bool,
}

impl Phone {
    pub(crate) fn new(name: &'static str, address: SocketAddr, seed: u8) -> Phone {
        let endpoint = Endpoint::new(flow_sip::Config {
            listeners: vec![listener(address)],
            user_agent: None,
            seed: [seed; 32],
            limits: flow_sip::Limits::default(),
        });
        let session = MediaSession::new(LocalMedia {
            address: SocketAddr::new(address.ip(), 4_000),
            codecs: vec![Codec::Pcmu, Codec::Pcma],
            telephone_event: true,
            ptime: 20,
            session_id: 1,
        });
        Phone { name, address, endpoint, session, call: None, offered: None, answers: false, dead: false }
    }

    /// Whether it has a call, ringing or standing.
    pub fn is_busy(&self) -> bool {
        self.call.is_some()
    }

    pub(crate) fn dial(&mut self, now: Time, target: &str, destination: SocketAddr) {
        let target: Uri = target.parse().expect("a URI");
        let sdp = Some(self.session.offer(Direction::SendRecv));
        let from = NameAddr::with_display("Ada", Uri::sip(Some("+15550123"), self.address));
        let to = NameAddr::new(target.clone());
        let transport = TransportId(0);
        let invite =
            Invite { transport, destination, to, request_uri: target, from, sdp, headers: Vec::new() };
        self.call = Some(self.endpoint.invite(now, invite));
    }

    pub(crate) fn hang_up(&mut self, now: Time) {
        if let Some(call) = self.call {
            self.endpoint.hang_up(now, call);
        }
    }

    pub(crate) fn pick_up(&mut self, now: Time) {
        let (Some(call), Some(offer)) = (self.call, self.offered.take()) else { return };
        if let Ok(answer) = self.session.answer(&offer, Direction::SendRecv) {
            self.endpoint.accept(now, call, &answer.sdp);
        }
    }

    pub(crate) fn decline(&mut self, now: Time, code: u16) {
        if let Some(call) = self.call {
            self.endpoint.reject(now, call, code, None, None);
        }
    }

    pub(crate) fn hold(&mut self, now: Time, held: bool) {
        let direction = if held { Direction::SendOnly } else { Direction::SendRecv };
        let sdp = self.session.offer(direction);
        if let Some(call) = self.call {
            self.endpoint.reinvite(now, call, &sdp);
        }
    }

    /// Takes what its endpoint has: a packet to send, or something to write down.
    pub(crate) fn poll(&mut self, now: Time) -> Option<Act> {
        Some(match self.endpoint.poll()? {
            Output::Transmit { destination, bytes, .. } => Act::Send(destination, bytes.to_vec()),
            Output::Event(Event::Incoming { call, request }) => {
                self.call = Some(call);
                self.offered = request.offer;
                self.endpoint.ring(now, call, 180, None);
                if self.answers {
                    self.pick_up(now);
                }
                let from = request.from.to_string();
                Act::Note(format!("{}'s phone rings, from {from}", self.name))
            }
            Output::Event(
                Event::Answered { sdp: Some(sdp), .. } | Event::AnswerReceived { sdp: Some(sdp), .. },
            ) => {
                let _ = self.session.receive_answer(&sdp);
                Act::Nothing
            }
            Output::Event(Event::Ended { cause, .. }) => {
                self.call = None;
                Act::Note(format!("{}'s call is over: {cause:?}", self.name))
            }
            Output::Event(_) => Act::Nothing,
        })
    }
}

pub(crate) enum Act {
    Send(SocketAddr, Vec<u8>),
    Note(String),
    Nothing,
}

pub(crate) fn listener(address: SocketAddr) -> Listener {
    Listener { id: TransportId(0), protocol: Protocol::Udp, address }
}
