//! RTCP (RFC 3550 §6): the little that a call needs, read with tolerance and written without allocation.
//!
//! We send a sender or receiver report with the CNAME that §6.1 demands, and read of the peer's reports how
//! our stream arrives. Everything else in a compound packet is skipped; a broken part ends the reading, what
//! was read before it counts.

/// The longest compound packet that [`write_report`] makes.
pub const MAX_REPORT: usize = 8 + 20 + 24 + 24;

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const GOODBYE: u8 = 203;
const CNAME: u8 = 1;
/// What our CNAME begins with; the SSRC in hexadecimal follows.
const CNAME_PREFIX: &[u8] = b"f-";

/// How a stream is sent (§6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderInfo {
    /// The instant of the report as an NTP timestamp. Ours counts from the driver's epoch: it tells
    /// intervals, not the time of day.
    pub ntp: u64,
    /// The same instant on the RTP clock.
    pub rtp_timestamp: u32,
    /// RTP packets sent.
    pub packets: u32,
    /// Octets of payload sent.
    pub octets: u32,
}

/// How a stream arrives (§6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReceptionReport {
    /// The stream's SSRC.
    pub ssrc: u32,
    /// Lost since the last report, in 1/256.
    pub fraction_lost: u8,
    /// Lost since the beginning, 24 bits, signed.
    pub cumulative_lost: i32,
    /// Highest sequence number with its cycles.
    pub highest_sequence: u32,
    /// Jitter in ticks of the RTP clock.
    pub jitter: u32,
    /// The middle 32 bits of the NTP timestamp of the last sender report.
    pub last_sender_report: u32,
    /// Since then, in 1/65536 s.
    pub delay: u32,
}

/// What a compound packet said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Who sent it.
    pub ssrc: u32,
    /// Its sender report.
    pub sender: Option<SenderInfo>,
    /// What it says about the stream with the SSRC that was asked for.
    pub reception: Option<ReceptionReport>,
    /// Whether it says goodbye.
    pub goodbye: bool,
}

/// Reads a compound packet; `None` if its first packet is no report (§A.2) or is cut off. `about` is the SSRC
/// whose reception is of interest.
pub fn read_report(datagram: &[u8], about: u32) -> Option<Report> {
    let mut report: Option<Report> = None;
    let mut rest = datagram;
    while let Some((&[flags, kind, high, low], body)) = rest.split_first_chunk::<4>() {
        let len = usize::from(u16::from_be_bytes([high, low])) * 4;
        let Some(body) = body.get(..len) else { break };
        if flags >> 6 != 2 || (report.is_none() && !matches!(kind, SENDER_REPORT | RECEIVER_REPORT)) {
            break;
        }
        rest = &rest[4 + len..];
        match kind {
            SENDER_REPORT | RECEIVER_REPORT => {
                let Some(ssrc) = word(body, 0) else { break };
                let report = report.get_or_insert(Report { ssrc, ..Report::default() });
                let sender = if kind == SENDER_REPORT { sender_info(body) } else { None };
                report.sender = report.sender.or(sender);
                let blocks = body.get(if kind == SENDER_REPORT { 24 } else { 4 }..).unwrap_or_default();
                let found = blocks
                    .chunks_exact(24)
                    .take(usize::from(flags & 0x1F))
                    .find(|b| word(b, 0) == Some(about));
                report.reception = report.reception.or(found.and_then(reception_report));
            }
            GOODBYE => {
                if let Some(report) = &mut report {
                    report.goodbye = true;
                }
            }
            _ => {}
        }
    }
    report
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

fn sender_info(body: &[u8]) -> Option<SenderInfo> {
    Some(SenderInfo {
        ntp: (u64::from(word(body, 4)?) << 32) | u64::from(word(body, 8)?),
        rtp_timestamp: word(body, 12)?,
        packets: word(body, 16)?,
        octets: word(body, 20)?,
    })
}

fn reception_report(block: &[u8]) -> Option<ReceptionReport> {
    let lost = word(block, 4)?;
    Some(ReceptionReport {
        ssrc: word(block, 0)?,
        fraction_lost: (lost >> 24) as u8,
        // Sign-extends the 24 bits.
        cumulative_lost: ((lost << 8) as i32) >> 8,
        highest_sequence: word(block, 8)?,
        jitter: word(block, 12)?,
        last_sender_report: word(block, 16)?,
        delay: word(block, 20)?,
    })
}

/// Writes a compound packet from `ssrc` into `out`, which holds at least [`MAX_REPORT`] octets, and returns its length. With
/// `goodbye` it ends with a BYE in place of the description.
pub fn write_report(
    out: &mut [u8],
    ssrc: u32,
    sender: Option<SenderInfo>,
    reception: Option<ReceptionReport>,
    goodbye: bool,
) -> usize {
    let mut writer = Writer { out, len: 0 };
    let kind = if sender.is_some() { SENDER_REPORT } else { RECEIVER_REPORT };
    let words = 1 + if sender.is_some() { 5 } else { 0 } + if reception.is_some() { 6 } else { 0 };
    writer.head(u8::from(reception.is_some()), kind, words);
    writer.word(ssrc);
    if let Some(info) = sender {
        writer.word((info.ntp >> 32) as u32);
        writer.word(info.ntp as u32);
        writer.word(info.rtp_timestamp);
        writer.word(info.packets);
        writer.word(info.octets);
    }
    if let Some(report) = reception {
        let lost = report.cumulative_lost.clamp(-0x80_0000, 0x7F_FFFF) as u32 & 0xFF_FFFF;
        writer.word(report.ssrc);
        writer.word((u32::from(report.fraction_lost) << 24) | lost);
        writer.word(report.highest_sequence);
        writer.word(report.jitter);
        writer.word(report.last_sender_report);
        writer.word(report.delay);
    }
    if goodbye {
        writer.head(1, GOODBYE, 1);
        writer.word(ssrc);
    } else {
        // SSRC, then item type and length, prefix and 8 hexadecimal digits, and zeros up to a whole word.
        let text = CNAME_PREFIX.len() + 8;
        writer.head(1, SOURCE_DESCRIPTION, 1 + (2 + text + 1).div_ceil(4));
        writer.word(ssrc);
        writer.bytes(&[CNAME, text as u8]);
        writer.bytes(CNAME_PREFIX);
        for shift in (0..8).rev() {
            writer.bytes(&[b"0123456789abcdef"[(ssrc >> (shift * 4)) as usize & 0x0F]]);
        }
        let zeros = (2 + text + 1).next_multiple_of(4) - (2 + text);
        writer.bytes(&[0; 4][..zeros]);
    }
    writer.len
}

struct Writer<'a> {
    out: &'a mut [u8],
    len: usize,
}

impl Writer<'_> {
    fn head(&mut self, count: u8, kind: u8, words: usize) {
        let [high, low] = (words as u16).to_be_bytes();
        self.bytes(&[0x80 | count, kind, high, low]);
    }

    fn word(&mut self, word: u32) {
        self.bytes(&word.to_be_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.out[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: SenderInfo =
        SenderInfo { ntp: 0x0102_0304_0506_0708, rtp_timestamp: 9, packets: 10, octets: 1_600 };
    const RECEPTION: ReceptionReport = ReceptionReport {
        ssrc: 77,
        fraction_lost: 12,
        cumulative_lost: -3,
        highest_sequence: 65_540,
        jitter: 8,
        last_sender_report: 1,
        delay: 2,
    };

    #[test]
    fn what_is_written_is_read() {
        for sender in [None, Some(INFO)] {
            for reception in [None, Some(RECEPTION)] {
                for goodbye in [false, true] {
                    let mut out = [0; MAX_REPORT];
                    let len = write_report(&mut out, 5, sender, reception, goodbye);
                    assert_eq!(len % 4, 0);
                    assert_eq!(
                        read_report(&out[..len], 77),
                        Some(Report { ssrc: 5, sender, reception, goodbye })
                    );
                    assert_eq!(read_report(&out[..len], 78).unwrap().reception, None);
                }
            }
        }
    }

    #[test]
    fn broken_packets_are_no_reports() {
        let mut out = [0; MAX_REPORT];
        let len = write_report(&mut out, 5, Some(INFO), Some(RECEPTION), false);
        for cut in 0..52 {
            assert_eq!(read_report(&out[..cut], 77), None, "cut at {cut}");
        }
        for cut in 52..len {
            assert!(read_report(&out[..cut], 77).is_some(), "the report is whole at {cut}");
        }
        // A lone header of four octets (AST-2017-008), and a report that counts more blocks than it has.
        assert_eq!(read_report(&[0x80, 201, 0, 0], 77), None);
        assert_eq!(
            read_report(&[0x9F, 201, 0, 1, 0, 0, 0, 5], 77),
            Some(Report { ssrc: 5, ..Report::default() })
        );
        // A goodbye alone comes from who knows whom.
        assert_eq!(read_report(&[0x81, 203, 0, 1, 0, 0, 0, 5], 77), None);
    }
}
