//! Who may speak in a session: symmetric RTP that learns strictly.
//!
//! The SDP names the peer's address. RTP from there pins the session to it at once, and to its SSRC. Behind a
//! NAT the SDP may be wrong; then another address is learnt, but only one that a NAT explains, only while the
//! named one has never sent anything, only after [`PROBATION`] packets in a row from one address and SSRC, and
//! only after a patience that depends on how plausible it is. During its probation nothing that it sends is
//! used: no audio, no digit. When the named address speaks after all, it takes its session back for good.
//! Nobody else ever takes over, however much he sends and however silent the peer is ("RTP bleed",
//! CVE-2017-14099, CVE-2025-53399).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::time::Time;

/// Packets in a row that a stranger must have sent before its address is learnt.
pub const PROBATION: u8 = 5;
/// Patience with the host that the signalling came from, when the SDP names another one: an evident NAT.
const NAT_PATIENCE: Duration = Duration::from_millis(60);
/// Patience with another port of the host that the SDP names.
const PORT_PATIENCE: Duration = Duration::from_millis(500);
/// Patience with a public host when the SDP names a private one, which cannot be reached anyway: a NAT behind a
/// proxy.
const PRIVATE_PATIENCE: Duration = Duration::from_secs(2);
/// A new SSRC from the pinned address is believed when the old one has been silent for so long: three packets.
/// Peers that hand over to another machine, or send keys from a stream of their own, change it in mid-call.
const SSRC_PATIENCE: Duration = Duration::from_millis(60);

/// What to do with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the peer's.
    Accept,
    /// It is the peer's, and the first one of a new stream: forget what was known of the one before.
    AcceptNew,
    /// It is a stranger's: drop it.
    Drop,
}

/// The address and SSRC of the peer, as far as they are known.
#[derive(Debug)]
pub(crate) struct Source {
    named: SocketAddr,
    named_rtcp: Option<SocketAddr>,
    signalling: Option<IpAddr>,
    /// When the SDP became known.
    since: Time,
    pinned: Option<Pinned>,
    candidate: Option<Candidate>,
    /// Where RTCP came from, once it came from the peer's host.
    rtcp: Option<SocketAddr>,
}

#[derive(Debug, Clone, Copy)]
struct Pinned {
    address: SocketAddr,
    ssrc: u32,
    last_packet: Time,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    address: SocketAddr,
    ssrc: u32,
    next_sequence: u16,
    packets: u8,
    since: Time,
}

impl Source {
    pub(crate) fn new(
        named: SocketAddr,
        rtcp: Option<SocketAddr>,
        signalling: Option<IpAddr>,
        now: Time,
    ) -> Source {
        Source { named, named_rtcp: rtcp, signalling, since: now, pinned: None, candidate: None, rtcp: None }
    }

    /// A new offer or answer. What was learnt is kept if it names the same address.
    pub(crate) fn rename(
        &mut self,
        named: SocketAddr,
        rtcp: Option<SocketAddr>,
        signalling: Option<IpAddr>,
        now: Time,
    ) {
        if named == self.named && signalling == self.signalling {
            self.named_rtcp = rtcp;
        } else {
            *self = Source::new(named, rtcp, signalling, now);
        }
    }

    /// Where our RTP goes.
    pub(crate) fn rtp_address(&self) -> SocketAddr {
        self.pinned.map_or(self.named, |pinned| pinned.address)
    }

    /// Where our RTCP goes; `None` when the peer's address was learnt and its RTCP has not been heard.
    pub(crate) fn rtcp_address(&self) -> Option<SocketAddr> {
        if self.rtcp.is_some() {
            return self.rtcp;
        }
        if self.pinned.is_some_and(|pinned| pinned.address != self.named) { None } else { self.named_rtcp }
    }

    /// Judges an RTP packet.
    pub(crate) fn judge_rtp(&mut self, from: SocketAddr, ssrc: u32, sequence: u16, now: Time) -> Verdict {
        if from == self.named {
            return self.judge_named(ssrc, now);
        }
        match &mut self.pinned {
            Some(pinned) if pinned.address == from => pinned.judge_ssrc(ssrc, now),
            Some(_) => Verdict::Drop,
            None => match self.patience(from) {
                Some(patience) => self.judge_candidate(from, ssrc, sequence, patience, now),
                None => Verdict::Drop,
            },
        }
    }

    fn judge_named(&mut self, ssrc: u32, now: Time) -> Verdict {
        match &mut self.pinned {
            Some(pinned) if pinned.address == self.named => pinned.judge_ssrc(ssrc, now),
            _ => {
                self.pinned = Some(Pinned { address: self.named, ssrc, last_packet: now });
                self.candidate = None;
                self.rtcp = None;
                Verdict::AcceptNew
            }
        }
    }

    fn judge_candidate(
        &mut self,
        from: SocketAddr,
        ssrc: u32,
        sequence: u16,
        patience: Duration,
        now: Time,
    ) -> Verdict {
        let candidate = match self.candidate {
            Some(known) if known.address == from && known.ssrc == ssrc && known.next_sequence == sequence => {
                Candidate {
                    next_sequence: sequence.wrapping_add(1),
                    packets: known.packets.saturating_add(1),
                    ..known
                }
            }
            // While one stranger is on probation, another one begins his own only by displacing him: two
            // strangers that send at once never learn each other away from the named address.
            _ => Candidate {
                address: from,
                ssrc,
                next_sequence: sequence.wrapping_add(1),
                packets: 1,
                since: now,
            },
        };
        self.candidate = Some(candidate);
        let waited = now.since(candidate.since).min(now.since(self.since));
        if candidate.packets < PROBATION || waited < patience {
            return Verdict::Drop;
        }
        self.pinned = Some(Pinned { address: from, ssrc, last_packet: now });
        self.candidate = None;
        Verdict::AcceptNew
    }

    /// How long an address other than the named one has to wait; `None` for ever, as no NAT explains it.
    fn patience(&self, from: SocketAddr) -> Option<Duration> {
        let (host, named) = (from.ip(), self.named.ip());
        // A phone on this machine that binds no address sends from 127.0.0.1, whichever one it named.
        let unbound = named.is_loopback() && host == Ipv4Addr::LOCALHOST && from.port() == self.named.port();
        if host == named {
            Some(PORT_PATIENCE)
        } else if self.signalling == Some(host) || unbound {
            Some(NAT_PATIENCE)
        } else if is_private(named) && !is_private(host) && !host.is_loopback() {
            Some(PRIVATE_PATIENCE)
        } else {
            None
        }
    }

    /// Whether an RTCP packet is the peer's: it comes from where the SDP says, or from the host and next port
    /// (or, multiplexed, the port) that RTP was learnt from.
    pub(crate) fn judge_rtcp(&mut self, from: SocketAddr) -> bool {
        let learnt = self.pinned.filter(|pinned| pinned.address != self.named).map(|pinned| pinned.address);
        let ours = match learnt {
            None => Some(from) == self.named_rtcp || from == self.named,
            // A NAT maps the RTCP port as it likes: only the host is known. The first port heard is kept.
            Some(address) => from.ip() == address.ip() && self.rtcp.is_none_or(|known| known == from),
        };
        if ours {
            self.rtcp = Some(from);
        }
        ours
    }
}

/// Whether a host is one of a private network (RFC 1918, RFC 4193).
fn is_private(host: IpAddr) -> bool {
    match host {
        IpAddr::V4(host) => host.is_private(),
        IpAddr::V6(host) => host.is_unique_local(),
    }
}

impl Pinned {
    fn judge_ssrc(&mut self, ssrc: u32, now: Time) -> Verdict {
        if ssrc == self.ssrc {
            self.last_packet = now;
            return Verdict::Accept;
        }
        if now.since(self.last_packet) < SSRC_PATIENCE {
            return Verdict::Drop;
        }
        self.ssrc = ssrc;
        self.last_packet = now;
        Verdict::AcceptNew
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDP: &str = "192.0.2.1:4000";
    const ELSEWHERE: &str = "198.51.100.9:4000";

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    /// A stream of packets each 20 ms from one address, judged; returns the verdicts as letters.
    fn stream(source: &mut Source, from: &str, ssrc: u32, start_ms: u64, count: u16) -> String {
        (0..count)
            .map(|n| {
                let now = Time::from_millis(start_ms + u64::from(n) * 20);
                match source.judge_rtp(address(from), ssrc, n, now) {
                    Verdict::Accept => 'a',
                    Verdict::AcceptNew => 'N',
                    Verdict::Drop => '.',
                }
            })
            .collect()
    }

    fn source(signalling: &str) -> Source {
        Source::new(address(SDP), Some(address("192.0.2.1:4001")), Some(signalling.parse().unwrap()), Time(0))
    }

    #[test]
    fn the_named_address_is_believed_at_once() {
        let mut source = source("192.0.2.1");
        assert_eq!(stream(&mut source, SDP, 7, 0, 3), "Naa");
        assert_eq!(source.rtp_address(), address(SDP));
    }

    #[test]
    fn rtp_bleed_a_third_party_never_takes_over() {
        let mut source = source("192.0.2.1");
        stream(&mut source, SDP, 7, 0, 3);
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 60, 200), ".".repeat(200));
        // Nor with the peer's own SSRC, nor after the peer fell silent.
        assert_eq!(stream(&mut source, ELSEWHERE, 7, 60_000, 200), ".".repeat(200));
        assert_eq!(source.rtp_address(), address(SDP));
    }

    #[test]
    fn early_injection_is_dropped_and_the_named_address_wins() {
        let mut source = source("192.0.2.1");
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 0, 50), ".".repeat(50));
        assert_eq!(source.rtp_address(), address(SDP), "nothing goes to the stranger");
        assert_eq!(stream(&mut source, SDP, 7, 1_000, 2), "Na");
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 1_040, 200), ".".repeat(200));
    }

    #[test]
    fn a_burst_teaches_nothing() {
        let mut source = source("198.51.100.9");
        for n in 0..1_000 {
            assert_eq!(source.judge_rtp(address(ELSEWHERE), 9, n, Time::from_millis(10)), Verdict::Drop);
        }
    }

    #[test]
    fn an_evident_nat_is_learnt_after_five_packets() {
        let mut source = source("198.51.100.9");
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 0, 7), "....Naa");
        assert_eq!(source.rtp_address(), address(ELSEWHERE));
        assert_eq!(source.rtcp_address(), None, "its RTCP port is not known yet");
        assert!(source.judge_rtcp(address("198.51.100.9:61000")));
        assert!(!source.judge_rtcp(address("198.51.100.9:61002")));
        assert_eq!(source.rtcp_address(), Some(address("198.51.100.9:61000")));
    }

    #[test]
    fn another_port_of_the_named_host_is_learnt_after_half_a_second() {
        let mut source = source("192.0.2.1");
        assert_eq!(stream(&mut source, "192.0.2.1:6000", 9, 0, 27), format!("{}Na", ".".repeat(25)));
    }

    #[test]
    fn a_host_that_no_nat_explains_is_never_learnt_however_silent_the_peer() {
        let mut source = source("192.0.2.1");
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 0, 3_000), ".".repeat(3_000));
        assert_eq!(source.rtp_address(), address(SDP));
        assert_eq!(stream(&mut source, SDP, 7, 90_000, 2), "Na");
    }

    #[test]
    fn behind_a_proxy_a_public_host_is_learnt_when_the_sdp_names_a_private_one() {
        let named = address("192.168.1.7:4000");
        let mut source = Source::new(named, None, Some("192.0.2.1".parse().unwrap()), Time(0));
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 0, 102), format!("{}Na", ".".repeat(100)));
        // Pinned: a third one is not learnt any more, the named one still is.
        assert_eq!(stream(&mut source, "203.0.113.5:4000", 5, 2_100, 200), ".".repeat(200));
        assert_eq!(stream(&mut source, "192.168.1.7:4000", 7, 9_000, 2), "Na");
        assert_eq!(stream(&mut source, ELSEWHERE, 9, 9_100, 200), ".".repeat(200));
    }

    #[test]
    fn on_this_machine_only_a_phone_that_binds_no_address_is_learnt() {
        let named = address("127.0.0.2:4000");
        let mut source = Source::new(named, None, Some("127.0.0.2".parse().unwrap()), Time(0));
        assert_eq!(stream(&mut source, "127.0.0.9:4000", 9, 0, 300), ".".repeat(300));
        assert_eq!(stream(&mut source, "127.0.0.1:4002", 9, 0, 300), ".".repeat(300));
        assert_eq!(stream(&mut source, "127.0.0.1:4000", 9, 6_000, 7), "....Naa");
    }

    #[test]
    fn two_strangers_at_once_learn_nothing() {
        let mut source = Source::new(address("10.0.0.1:4000"), None, None, Time(0));
        for n in 0..500u16 {
            let now = Time::from_millis(u64::from(n) * 20);
            assert_eq!(source.judge_rtp(address(ELSEWHERE), 9, n, now), Verdict::Drop);
            assert_eq!(source.judge_rtp(address("203.0.113.5:4000"), 5, n, now), Verdict::Drop);
        }
    }

    #[test]
    fn a_foreign_ssrc_cannot_slip_in_but_the_peer_may_restart() {
        let mut source = source("192.0.2.1");
        stream(&mut source, SDP, 7, 0, 3);
        assert_eq!(source.judge_rtp(address(SDP), 8, 50, Time::from_millis(41)), Verdict::Drop);
        assert_eq!(stream(&mut source, SDP, 7, 60, 2), "aa");
        assert_eq!(
            stream(&mut source, SDP, 8, 300, 2),
            "Na",
            "once the old one is silent it is a new stream"
        );
    }

    #[test]
    fn rtcp_of_a_third_party_is_dropped() {
        let mut source = source("192.0.2.1");
        assert!(!source.judge_rtcp(address("198.51.100.9:4001")));
        assert!(!source.judge_rtcp(address("192.0.2.1:9999")));
        assert!(source.judge_rtcp(address("192.0.2.1:4001")));
        assert_eq!(source.rtcp_address(), Some(address("192.0.2.1:4001")));
    }

    #[test]
    fn a_new_offer_for_another_address_starts_over() {
        let mut source = source("192.0.2.1");
        stream(&mut source, SDP, 7, 0, 3);
        source.rename(address("192.0.2.1:7000"), None, None, Time::from_millis(100));
        assert_eq!(stream(&mut source, "192.0.2.1:7000", 70, 120, 2), "Na");
        assert_eq!(stream(&mut source, SDP, 7, 160, 5), ".....");
    }
}
