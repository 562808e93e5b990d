//! Session descriptions (RFC 8866), read leniently: what a call for audio needs, as views into the body.
//!
//! `o=` lines with blanks in the user name, Latin-1 in `s=`, bare line feeds, lines in the wrong order
//! and lines that nobody knows are all read past; they occur.

use std::net::IpAddr;

use crate::offer_answer::Direction;
use crate::text;

/// Streams that are read of one description.
const MOST_MEDIA: usize = 32;
/// Formats, and format attributes, that are read of one stream.
const MOST_FORMATS: usize = 64;

/// A `c=` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// An address.
    Address(IpAddr),
    /// A name, which nobody here can resolve.
    Name,
}

/// An `a=rtpmap:` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RtpMap<'a> {
    pub(crate) payload_type: u8,
    pub(crate) encoding: &'a [u8],
    pub(crate) clock: u64,
}

/// A stream: an `m=` line and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Media<'a> {
    pub(crate) kind: &'a [u8],
    pub(crate) port: u16,
    pub(crate) protocol: &'a [u8],
    pub(crate) formats: Vec<&'a [u8]>,
    pub(crate) connection: Option<Connection>,
    pub(crate) direction: Option<Direction>,
    pub(crate) maps: Vec<RtpMap<'a>>,
    /// Payload types and their `a=fmtp:` texts.
    pub(crate) parameters: Vec<(u8, &'a [u8])>,
    pub(crate) ptime: Option<u16>,
}

/// A session description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Description<'a> {
    pub(crate) connection: Option<Connection>,
    pub(crate) direction: Option<Direction>,
    pub(crate) media: Vec<Media<'a>>,
}

/// The bytes are no session description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotSdp;

/// Reads a session description.
pub(crate) fn parse(bytes: &[u8]) -> Result<Description<'_>, NotSdp> {
    let mut lines = bytes.split(|b| *b == b'\n' || *b == b'\r').filter(|line| !line.is_empty());
    if lines.next().map(text::trim) != Some(b"v=0") {
        return Err(NotSdp);
    }
    let mut description = Description::default();
    for line in lines {
        let [kind, b'=', value @ ..] = line else { continue };
        let value = text::trim(value);
        match kind {
            b'm' => {
                if description.media.len() >= MOST_MEDIA {
                    return Err(NotSdp);
                }
                description.media.push(media(value).ok_or(NotSdp)?);
            }
            b'c' => {
                let connection = connection(value).ok_or(NotSdp)?;
                match description.media.last_mut() {
                    Some(media) => media.connection = Some(connection),
                    None => description.connection = Some(connection),
                }
            }
            b'a' => attribute(&mut description, value),
            _ => {}
        }
    }
    Ok(description)
}

/// `audio 49170/2 RTP/AVP 0 8`.
fn media(value: &[u8]) -> Option<Media<'_>> {
    let mut words = words(value);
    let kind = words.next()?;
    let port = words.next()?;
    let port = port.split(|b| *b == b'/').next()?;
    let port = u16::try_from(text::number(port)?).ok()?;
    let protocol = words.next()?;
    let formats: Vec<&[u8]> = words.take(MOST_FORMATS).collect();
    Some(Media {
        kind,
        port,
        protocol,
        formats,
        connection: None,
        direction: None,
        maps: Vec::new(),
        parameters: Vec::new(),
        ptime: None,
    })
}

/// `IN IP4 192.0.2.1/127`.
fn connection(value: &[u8]) -> Option<Connection> {
    let address = words(value).nth(2)?;
    let address = address.split(|b| *b == b'/').next()?;
    let address = std::str::from_utf8(address).ok()?;
    Some(address.parse().map_or(Connection::Name, Connection::Address))
}

fn attribute<'a>(description: &mut Description<'a>, value: &'a [u8]) {
    let (name, value) = match memchr::memchr(b':', value) {
        Some(colon) => (&value[..colon], text::trim(&value[colon + 1..])),
        None => (value, &b""[..]),
    };
    let direction = match name {
        b"sendrecv" => Some(Direction::SendRecv),
        b"sendonly" => Some(Direction::SendOnly),
        b"recvonly" => Some(Direction::RecvOnly),
        b"inactive" => Some(Direction::Inactive),
        _ => None,
    };
    let Some(media) = description.media.last_mut() else {
        description.direction = direction.or(description.direction);
        return;
    };
    media.direction = direction.or(media.direction);
    match name {
        b"rtpmap" if media.maps.len() < MOST_FORMATS => media.maps.extend(rtpmap(value)),
        b"fmtp" if media.parameters.len() < MOST_FORMATS => media.parameters.extend(fmtp(value)),
        b"ptime" => media.ptime = text::number(value).and_then(|ms| u16::try_from(ms).ok()).or(media.ptime),
        _ => {}
    }
}

/// `101 telephone-event/8000/1`.
fn rtpmap(value: &[u8]) -> Option<RtpMap<'_>> {
    let mut words = words(value);
    let payload_type = payload_type(words.next()?)?;
    let mut parts = words.next()?.split(|b| *b == b'/');
    let encoding = parts.next()?;
    let clock = text::number(parts.next()?)?;
    // More than one channel is another codec to us.
    if parts.next().is_some_and(|channels| channels != b"1") {
        return None;
    }
    Some(RtpMap { payload_type, encoding, clock })
}

fn fmtp(value: &[u8]) -> Option<(u8, &[u8])> {
    let blank = value.iter().position(u8::is_ascii_whitespace)?;
    Some((payload_type(&value[..blank])?, text::trim(&value[blank..])))
}

/// A payload type: 0 to 127.
pub(crate) fn payload_type(word: &[u8]) -> Option<u8> {
    text::number(word).and_then(|number| u8::try_from(number).ok()).filter(|number| *number < 128)
}

fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_phones_really_send() {
        let description = parse(
            b"v=0\no=Asterisk PBX 16 2890844526 1 IN IP4 host.example\ns=Anruf f\xfcr Sie\nt=0 0\n\
              c=IN IP4 192.0.2.1/127\na=sendonly\nm=audio 4000/2 RTP/AVP 8 101\na=rtpmap:101 \
              telephone-event/8000\na=fmtp:101 0-15\na=ptime:30\nz=strange\nm=video 0 RTP/AVP 31\n\
              c=IN IP6 ::1\n",
        )
        .unwrap();
        assert_eq!(description.connection, Some(Connection::Address("192.0.2.1".parse().unwrap())));
        assert_eq!(description.direction, Some(Direction::SendOnly));
        let audio = &description.media[0];
        assert_eq!((audio.port, audio.ptime, audio.formats.len()), (4000, Some(30), 2));
        assert_eq!(audio.parameters, [(101, &b"0-15"[..])]);
        assert_eq!(description.media[1].connection, Some(Connection::Address("::1".parse().unwrap())));
    }

    #[test]
    fn what_is_no_description_is_refused() {
        for bad in [&b""[..], b"v=1\r\n", b"o=- 1 1 IN IP4 x\r\n", b"v=0\r\nm=audio x RTP/AVP 0\r\n"] {
            assert_eq!(parse(bad), Err(NotSdp), "{}", text::decode(bad));
        }
        let many = format!("v=0\r\n{}", "m=audio 1 RTP/AVP 0\r\n".repeat(33));
        assert_eq!(parse(many.as_bytes()), Err(NotSdp));
    }
}
