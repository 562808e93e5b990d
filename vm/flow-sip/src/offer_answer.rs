//! Offer and answer (RFC 3264) for one audio stream.

use std::fmt::{self, Write};
use std::net::SocketAddr;

use crate::sdp::{self, Connection, Description, Media, NotSdp, RtpMap};
use crate::text;

/// An audio codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// G.711 µ-law, payload type 0.
    Pcmu,
    /// G.711 A-law, payload type 8.
    Pcma,
}

impl Codec {
    fn payload_type(self) -> u8 {
        match self {
            Codec::Pcmu => 0,
            Codec::Pcma => 8,
        }
    }

    fn from_payload_type(number: u8) -> Option<Codec> {
        [Codec::Pcmu, Codec::Pcma].into_iter().find(|codec| codec.payload_type() == number)
    }

    fn encoding(self) -> &'static str {
        match self {
            Codec::Pcmu => "PCMU",
            Codec::Pcma => "PCMA",
        }
    }

    fn from_map(map: &RtpMap<'_>) -> Option<Codec> {
        let same = |codec: &Codec| map.encoding.eq_ignore_ascii_case(codec.encoding().as_bytes());
        [Codec::Pcmu, Codec::Pcma].into_iter().find(same).filter(|_| map.clock == 8_000)
    }
}

/// Who may send, as seen from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both.
    #[default]
    SendRecv,
    /// Only we: they are on hold, and hear music if we play it.
    SendOnly,
    /// Only they: they hold us and may play music.
    RecvOnly,
    /// Nobody.
    Inactive,
}

impl Direction {
    /// Whether we may send.
    pub fn sends(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::SendOnly)
    }

    /// Whether they may send.
    pub fn receives(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::RecvOnly)
    }

    fn of(sends: bool, receives: bool) -> Direction {
        match (sends, receives) {
            (true, true) => Direction::SendRecv,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::RecvOnly,
            (false, false) => Direction::Inactive,
        }
    }

    fn attribute(self) -> &'static str {
        match self {
            Direction::SendRecv => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::RecvOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }
}

/// Our side of the audio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalMedia {
    /// Where we receive RTP: an address that the peer can reach, and the port.
    pub address: SocketAddr,
    /// What we speak, best first.
    pub codecs: Vec<Codec>,
    /// Whether we take digits as telephone-event (RFC 4733).
    pub telephone_event: bool,
    /// The packet length that we prefer, in milliseconds.
    pub ptime: u16,
    /// The session id of the `o=` line; a number of the driver's choice, the same for the call's life.
    pub session_id: u64,
}

/// What both sides agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    /// Where to send RTP. The address is unspecified (`0.0.0.0`) when they take none now.
    pub remote: SocketAddr,
    /// What to send.
    pub codec: Codec,
    /// The payload type to send it under, and to expect.
    pub payload_type: u8,
    /// The payload type of telephone-event at 8000 Hz; `None`: no digits by RFC 4733.
    pub telephone_event: Option<u8>,
    /// From our side.
    pub direction: Direction,
    /// Milliseconds a packet that they would like to receive.
    pub ptime: u16,
}

/// An answer to send and what it settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The session description.
    pub sdp: Vec<u8>,
    /// What it means.
    pub negotiated: Negotiated,
}

/// Why no agreement came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NegotiationError {
    /// Not a session description.
    Malformed,
    /// No audio over plain RTP offered, or it was refused with port 0.
    NoAudio,
    /// Audio, but no codec of ours.
    NoCommonCodec,
    /// The connection address is a name, not an address.
    UnresolvedAddress,
    /// An answer without an offer.
    NoOffer,
}

impl NegotiationError {
    /// The status that tells the offerer: 400 or 488.
    pub fn status(self) -> u16 {
        match self {
            NegotiationError::Malformed => 400,
            _ => 488,
        }
    }
}

/// The offers and answers of one call, one after another.
#[derive(Debug, Clone)]
pub struct MediaSession {
    local: LocalMedia,
    /// The `m=` lines so far; each keeps its place for the life of the session (RFC 3264 8).
    streams: Vec<Stream>,
    /// The `o=` version of the last description that we sent.
    version: u64,
    /// That description, but for its `o=` line.
    last: String,
    /// What our last offer allows both sides, until it is answered.
    offered: Option<Direction>,
    telephone_event: u8,
    negotiated: Option<Negotiated>,
}

/// An `m=` line of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stream {
    /// The one that we speak on.
    Audio,
    /// One that we refused; what stands after its port.
    Refused { kind: String, rest: String },
}

/// The payload type that we offer for telephone-event.
const TELEPHONE_EVENT: u8 = 101;

impl MediaSession {
    /// A session in which nothing was said yet.
    pub fn new(local: LocalMedia) -> MediaSession {
        MediaSession {
            local,
            streams: Vec::new(),
            version: 0,
            last: String::new(),
            offered: None,
            telephone_event: TELEPHONE_EVENT,
            negotiated: None,
        }
    }

    /// What was last agreed.
    pub fn negotiated(&self) -> Option<&Negotiated> {
        self.negotiated.as_ref()
    }

    /// Our offer. An offer that follows keeps the streams of the session and counts its version on.
    pub fn offer(&mut self, direction: Direction) -> Vec<u8> {
        if self.streams.is_empty() {
            self.streams.push(Stream::Audio);
        }
        self.offered = Some(direction);
        let formats: Vec<(u8, Codec)> =
            self.local.codecs.iter().map(|codec| (codec.payload_type(), *codec)).collect();
        let events = self.local.telephone_event.then_some((self.telephone_event, "0-16"));
        self.write(&formats, events, direction)
    }

    /// Answers their offer; `direction` is the most that we want (hold: `SendOnly` or `Inactive`).
    pub fn answer(&mut self, offer: &[u8], direction: Direction) -> Result<Answer, NegotiationError> {
        let offer = sdp::parse(offer).map_err(|NotSdp| NegotiationError::Malformed)?;
        let mut chosen = None;
        let mut problem = NegotiationError::NoAudio;
        for (place, media) in offer.media.iter().enumerate() {
            if media.port == 0 || !is_plain_audio(media) {
                continue;
            }
            match self.choose(media) {
                Some(choice) => {
                    chosen = Some((place, choice));
                    break;
                }
                None => problem = NegotiationError::NoCommonCodec,
            }
        }
        let (place, (payload_type, codec)) = chosen.ok_or(problem)?;
        let media = &offer.media[place];
        let remote = remote(&offer, media)?;
        let direction = agreed(direction, theirs(&offer, media, remote));
        let events = self.local.telephone_event.then(|| telephone_event(media)).flatten();
        self.streams = offer.media.iter().enumerate().map(|(at, media)| stream(at == place, media)).collect();
        self.offered = None;
        if let Some((events, _)) = events {
            self.telephone_event = events;
        }
        let sdp = self.write(&[(payload_type, codec)], events, direction);
        let negotiated = Negotiated {
            remote,
            codec,
            payload_type,
            telephone_event: events.map(|(payload_type, _)| payload_type),
            direction,
            ptime: packet_time(media, self.local.ptime),
        };
        self.negotiated = Some(negotiated.clone());
        Ok(Answer { sdp, negotiated })
    }

    /// Takes their answer to our last offer.
    pub fn receive_answer(&mut self, answer: &[u8]) -> Result<Negotiated, NegotiationError> {
        let offered = self.offered.ok_or(NegotiationError::NoOffer)?;
        let answer = sdp::parse(answer).map_err(|NotSdp| NegotiationError::Malformed)?;
        let place = self.streams.iter().position(|stream| *stream == Stream::Audio).unwrap_or(0);
        let media = answer.media.get(place).ok_or(NegotiationError::NoAudio)?;
        if media.port == 0 || !is_plain_audio(media) {
            return Err(NegotiationError::NoAudio);
        }
        let (payload_type, codec) = self.choose(media).ok_or(NegotiationError::NoCommonCodec)?;
        let remote = remote(&answer, media)?;
        let ours = self.telephone_event.to_string();
        let events = telephone_event(media).map(|(payload_type, _)| payload_type);
        // Some leave out the rtpmap and mean the number that we offered.
        let events =
            events.or_else(|| media.formats.contains(&ours.as_bytes()).then_some(self.telephone_event));
        let negotiated = Negotiated {
            remote,
            codec,
            payload_type,
            telephone_event: events.filter(|_| self.local.telephone_event),
            direction: agreed(offered, theirs(&answer, media, remote)),
            ptime: packet_time(media, self.local.ptime),
        };
        self.offered = None;
        self.negotiated = Some(negotiated.clone());
        Ok(negotiated)
    }

    /// The first of their formats that is a codec of ours: the offerer's order counts (RFC 3264 6.1).
    fn choose(&self, media: &Media<'_>) -> Option<(u8, Codec)> {
        media.formats.iter().find_map(|format| {
            let payload_type = sdp::payload_type(format)?;
            let map = media.maps.iter().find(|map| map.payload_type == payload_type);
            let codec = match map {
                Some(map) => Codec::from_map(map)?,
                None => Codec::from_payload_type(payload_type)?,
            };
            self.local.codecs.contains(&codec).then_some((payload_type, codec))
        })
    }

    fn write(
        &mut self,
        formats: &[(u8, Codec)],
        events: Option<(u8, &str)>,
        direction: Direction,
    ) -> Vec<u8> {
        let address = self.local.address.ip();
        let family = if address.is_ipv4() { "IP4" } else { "IP6" };
        let mut body = String::with_capacity(512);
        append(&mut body, format_args!("s=-\r\nc=IN {family} {address}\r\nt=0 0\r\n"));
        for stream in &self.streams {
            match stream {
                Stream::Audio => self.write_audio(&mut body, formats, events, direction),
                Stream::Refused { kind, rest } => append(&mut body, format_args!("m={kind} 0 {rest}\r\n")),
            }
        }
        // RFC 3264 8: the version counts on when the description differs from the one before.
        if body != self.last {
            self.version += 1;
            self.last.clone_from(&body);
        }
        let (id, version) = (self.local.session_id, self.version);
        format!("v=0\r\no=- {id} {version} IN {family} {address}\r\n{body}").into_bytes()
    }

    fn write_audio(
        &self,
        body: &mut String,
        formats: &[(u8, Codec)],
        events: Option<(u8, &str)>,
        direction: Direction,
    ) {
        append(body, format_args!("m=audio {} RTP/AVP", self.local.address.port()));
        let numbers = formats.iter().map(|(number, _)| *number).chain(events.map(|(number, _)| number));
        for number in numbers {
            append(body, format_args!(" {number}"));
        }
        body.push_str("\r\n");
        for (number, codec) in formats {
            append(body, format_args!("a=rtpmap:{number} {}/8000\r\n", codec.encoding()));
        }
        if let Some((number, range)) = events {
            append(
                body,
                format_args!("a=rtpmap:{number} telephone-event/8000\r\na=fmtp:{number} {range}\r\n"),
            );
        }
        append(body, format_args!("a=ptime:{}\r\na={}\r\n", self.local.ptime, direction.attribute()));
    }
}

/// Appends to a text, without a text in between.
fn append(body: &mut String, arguments: fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = body.write_fmt(arguments);
}

fn is_plain_audio(media: &Media<'_>) -> bool {
    media.kind == b"audio" && media.protocol.eq_ignore_ascii_case(b"RTP/AVP")
}

fn stream(ours: bool, media: &Media<'_>) -> Stream {
    if ours {
        return Stream::Audio;
    }
    let mut rest = text::decode_readable(media.protocol);
    for format in &media.formats {
        rest.push(' ');
        rest.push_str(&text::decode_readable(format));
    }
    Stream::Refused { kind: text::decode_readable(media.kind), rest }
}

/// Where they take RTP. An unspecified address means nowhere (the hold of RFC 2543).
fn remote(description: &Description<'_>, media: &Media<'_>) -> Result<SocketAddr, NegotiationError> {
    match media.connection.or(description.connection) {
        Some(Connection::Address(address)) => Ok(SocketAddr::new(address, media.port)),
        Some(Connection::Name) => Err(NegotiationError::UnresolvedAddress),
        None => Err(NegotiationError::Malformed),
    }
}

/// Their direction; who takes RTP nowhere does not receive.
fn theirs(description: &Description<'_>, media: &Media<'_>, remote: SocketAddr) -> Direction {
    let direction = media.direction.or(description.direction).unwrap_or_default();
    let receives = direction.receives() && !remote.ip().is_unspecified();
    Direction::of(direction.sends(), receives)
}

/// What we may do when we want `ours` at most and they do `theirs` (RFC 3264 6.1).
fn agreed(ours: Direction, theirs: Direction) -> Direction {
    Direction::of(ours.sends() && theirs.receives(), ours.receives() && theirs.sends())
}

/// The payload type of telephone-event at 8000 Hz, and which events we take of theirs.
fn telephone_event(media: &Media<'_>) -> Option<(u8, &'static str)> {
    let map = media.maps.iter().find(|map| {
        let listed = || media.formats.iter().any(|f| sdp::payload_type(f) == Some(map.payload_type));
        map.encoding.eq_ignore_ascii_case(b"telephone-event") && map.clock == 8_000 && listed()
    })?;
    let range = media.parameters.iter().find(|(number, _)| *number == map.payload_type);
    let flash = range.is_some_and(|(_, range)| *range == b"0-16");
    Some((map.payload_type, if flash { "0-16" } else { "0-15" }))
}

/// Their wish for the length of our packets, when it is one that we can send.
fn packet_time(media: &Media<'_>, ours: u16) -> u16 {
    media.ptime.filter(|ms| (10..=100).contains(ms) && ms % 10 == 0).unwrap_or(ours)
}
