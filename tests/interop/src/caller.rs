//! A caller by hand: writes its own SIP and RTP, for what no decent phone does.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// A caller with a SIP and an RTP socket on a loopback address.
pub struct Caller {
    ip: String,
    server: SocketAddr,
    sip: UdpSocket,
    /// Its RTP socket.
    pub rtp: UdpSocket,
    user: String,
    call_id: String,
    to_tag: Option<String>,
    cseq: u32,
    branch: u32,
    sequence: u16,
    timestamp: u32,
    /// Where the server wants its RTP.
    pub media: Option<SocketAddr>,
}

impl Caller {
    /// A caller on `ip` for the flow `user` of the server.
    pub fn new(ip: &str, server: &str, user: &str) -> Caller {
        let socket = || {
            let socket = UdpSocket::bind((ip, 0)).expect("a free port");
            socket.set_read_timeout(Some(Duration::from_millis(100))).expect("a socket option");
            socket
        };
        let (sip, rtp) = (socket(), socket());
        let port = sip.local_addr().expect("bound").port();
        Caller {
            ip: ip.to_owned(),
            server: server.parse().expect("an address"),
            user: user.to_owned(),
            call_id: format!("{port}-0"),
            sip,
            rtp,
            to_tag: None,
            cseq: 1,
            branch: 0,
            sequence: 0,
            timestamp: 0,
            media: None,
        }
    }

    /// A request of this call, ready to be spoilt.
    pub fn request(&mut self, method: &str, body: &str) -> String {
        if method != "ACK" {
            self.branch += 1;
        }
        let (ip, port) = (&self.ip, self.sip.local_addr().expect("bound").port());
        let (server, user, call_id) = (self.server, &self.user, &self.call_id);
        let tag = self.to_tag.as_ref().map(|tag| format!(";tag={tag}")).unwrap_or_default();
        let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        format!(
            "{method} sip:{user}@{server} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {ip}:{port};branch=z9hG4bK{call_id}.{branch};rport\r\n\
             From: <sip:mallory@{ip}>;tag=m{call_id}\r\nTo: <sip:{user}@{server}>{tag}\r\n\
             Call-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:mallory@{ip}:{port}>\r\n\
             Max-Forwards: 70\r\n{kind}Content-Length: {length}\r\n\r\n{body}",
            branch = self.branch,
            cseq = self.cseq,
            length = body.len(),
        )
    }

    /// A session description that names its RTP socket.
    pub fn offer(&self) -> String {
        let (ip, port) = (&self.ip, self.rtp.local_addr().expect("bound").port());
        format!(
            "v=0\r\no=m 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n\
             a=rtpmap:101 telephone-event/8000\r\n"
        )
    }

    /// Sends bytes to the server's SIP port.
    pub fn send(&self, bytes: &[u8]) {
        // A datagram that is too long for the system is none that the server could get.
        let _ = self.sip.send_to(bytes, self.server);
    }

    /// Begins a call and forgets those before.
    pub fn invite(&mut self) {
        let (port, number) = self.call_id.split_once('-').expect("as we made it");
        let number: u32 = number.parse().expect("as we made it");
        self.call_id = format!("{port}-{}", number + 1);
        (self.to_tag, self.media, self.cseq) = (None, None, 1);
        let offer = self.offer();
        let invite = self.request("INVITE", &offer);
        self.send(invite.as_bytes());
    }

    /// The next message from the server.
    pub fn next(&mut self, limit: Duration) -> Option<String> {
        let end = Instant::now() + limit;
        let mut buffer = [0; 65_535];
        while Instant::now() < end {
            if let Ok((length, _)) = self.sip.recv_from(&mut buffer) {
                return Some(String::from_utf8_lossy(&buffer[..length]).into_owned());
            }
        }
        None
    }

    /// The status of the next final answer to `method`; an acceptance gives the call its tag and media.
    pub fn answer(&mut self, method: &str, limit: Duration) -> Option<u16> {
        let end = Instant::now() + limit;
        let ours = format!("Call-ID: {}\r\n", self.call_id);
        while let Some(message) = self.next(end.saturating_duration_since(Instant::now())) {
            let status: Option<u16> =
                message.strip_prefix("SIP/2.0 ").and_then(|rest| rest[..3].parse().ok());
            let Some(status) = status.filter(|status| *status >= 200) else { continue };
            if !message.contains(&ours) || !message.contains(&format!(" {method}\r\n")) {
                continue;
            }
            if method == "INVITE" && status == 200 {
                let after = |mark: &str, end: &[char]| {
                    let rest = message.split(mark).nth(1)?;
                    Some(rest[..rest.find(end)?].to_owned())
                };
                self.to_tag = message
                    .lines()
                    .find(|line| line.starts_with("To:"))
                    .and_then(|line| line.split(";tag=").nth(1).map(|tag| tag.trim().to_owned()));
                let port = after("m=audio ", &[' ']).and_then(|port| port.parse().ok());
                self.media = port.map(|port: u16| SocketAddr::new(self.server.ip(), port));
            }
            return Some(status);
        }
        None
    }

    /// Calls and acknowledges; the status of the answer.
    pub fn call(&mut self) -> Option<u16> {
        self.invite();
        let status = self.answer("INVITE", Duration::from_secs(3));
        let ack = self.request("ACK", "");
        self.send(ack.as_bytes());
        status
    }

    /// Hangs up; the status of the answer.
    pub fn hang_up(&mut self) -> Option<u16> {
        self.cseq += 1;
        let bye = self.request("BYE", "");
        self.send(bye.as_bytes());
        self.answer("BYE", Duration::from_secs(3))
    }

    /// The next RTP packet of its stream with this payload.
    pub fn packet(&mut self, payload_type: u8, payload: &[u8]) -> Vec<u8> {
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = self.timestamp.wrapping_add(160);
        packet(self.sequence, self.timestamp, payload_type, payload)
    }

    /// Sends 20 ms of silence as audio.
    pub fn speak(&mut self) {
        let packet = self.packet(0, &[0xff; 160]);
        let media = self.media.expect("a call that was answered");
        self.rtp.send_to(&packet, media).expect("loopback takes it");
    }

    /// RTP packets that have come to its RTP socket within `time`.
    pub fn hears(&self, time: Duration) -> usize {
        heard(&self.rtp, time)
    }
}

/// An RTP packet.
pub fn packet(sequence: u16, timestamp: u32, payload_type: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x80, payload_type];
    packet.extend(sequence.to_be_bytes());
    packet.extend(timestamp.to_be_bytes());
    packet.extend(0x6d_61_6cu32.to_be_bytes());
    packet.extend(payload);
    packet
}

/// The packets of one key, as RFC 4733 has them, from a stream that has come to `sequence`.
pub fn key(event: u8, sequence: u16, timestamp: u32) -> Vec<Vec<u8>> {
    (0..6u16)
        .map(|n| {
            let end = if n > 2 { 0x80 } else { 0 };
            let duration = (160 * (n + 1)).to_be_bytes();
            packet(sequence.wrapping_add(n), timestamp, 101, &[event, end | 10, duration[0], duration[1]])
        })
        .collect()
}

/// Datagrams that come to a socket within `time`.
pub fn heard(socket: &UdpSocket, time: Duration) -> usize {
    let end = Instant::now() + time;
    let mut buffer = [0; 2_048];
    let mut count = 0;
    while Instant::now() < end {
        count += usize::from(socket.recv_from(&mut buffer).is_ok());
    }
    count
}
