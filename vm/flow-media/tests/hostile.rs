//! Packets of any bytes, from anywhere, in any order.

use std::net::SocketAddr;

use flow_media::{
    Codec, DigitReceiver, Event, HEADER_LEN, Header, MAX_PACKET, Packet, Remote, Session, SessionConfig,
    StreamStart, Time, event_payload, read_report, read_wav,
};
use proptest::prelude::*;
use util::marshal::{Marshal, Unmarshal};

fn session() -> Session {
    let start = StreamStart { ssrc: 1, sequence: 0, timestamp: 0 };
    let mut session = Session::new(SessionConfig::default(), start, Time(0));
    session.set_remote(Remote::new("192.0.2.1:4000".parse().unwrap(), Codec::Pcmu), Time(0));
    session.record(flow_media::RecordingId(1), flow_media::RecordingLimits::default(), Time(0));
    session
}

/// Something near an RTP packet: mostly right at its head, so that it gets past the first checks.
fn packet_like() -> impl Strategy<Value = Vec<u8>> {
    (
        any::<u8>(),
        prop_oneof![Just(0u8), Just(8), Just(101), Just(229), any::<u8>()],
        prop::collection::vec(any::<u8>(), 0..300),
    )
        .prop_map(|(first, second, mut rest)| {
            let mut packet = vec![if first < 200 { 0x80 | (first & 0x3F) } else { first }, second];
            packet.append(&mut rest);
            packet
        })
}

proptest! {
    #[test]
    fn any_packets_leave_a_session_in_order(
        packets in prop::collection::vec((packet_like(), 0u8..3, 0u32..200_000), 0..60),
    ) {
        let mut session = session();
        let mut other = self::session();
        let mut out = [0; MAX_PACKET];
        let mut now = Time(0);
        let sources: [SocketAddr; 3] =
            ["192.0.2.1:4000".parse().unwrap(), "192.0.2.1:4001".parse().unwrap(), "198.51.100.1:5".parse().unwrap()];
        let (mut down, mut up) = (0, 0);
        for (packet, source, wait) in packets {
            now = Time(now.0 + u64::from(wait));
            let from = sources[usize::from(source)];
            if let Some(forward) = session.receive_rtp(from, &packet, now)
                && let Some(transmit) = other.forward(&forward, now, &mut out)
            {
                prop_assert!(Packet::read(&out[..transmit.len]).is_ok());
            }
            session.receive_rtcp(from, &packet, now);
            while session.poll_transmit(now, &mut out).is_some() {}
            while session.poll_recorded().is_some() {}
            prop_assert!(session.next_deadline().is_none_or(|due| due > now));
            while let Some(event) = session.poll_event() {
                match event {
                    Event::DigitStarted { .. } => down += 1,
                    Event::Digit { .. } => up += 1,
                    _ => {}
                }
                prop_assert!(down - up <= 1 && up <= down, "each press ends once, before the next");
            }
        }
        session.close(now, &mut out);
        while let Some(event) = session.poll_event() {
            up += i32::from(matches!(event, Event::Digit { .. }));
        }
        prop_assert_eq!(down, up);
        session.stats();
    }

    #[test]
    fn our_reader_agrees_with_the_rtp_crate(packet in packet_like()) {
        let ours = Packet::read(&packet);
        let theirs = rtp::packet::Packet::unmarshal(&mut &packet[..]);
        // The crate does not judge the version, takes RTCP for RTP, wants one-byte and two-byte extensions to be
        // well-formed inside, and lets padding eat the header: there we are the ones who are careful.
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(ours.header.marker, theirs.header.marker);
            prop_assert_eq!(ours.header.payload_type, theirs.header.payload_type);
            prop_assert_eq!(ours.header.sequence, theirs.header.sequence_number);
            prop_assert_eq!(ours.header.timestamp, theirs.header.timestamp);
            prop_assert_eq!(ours.header.ssrc, theirs.header.ssrc);
            prop_assert_eq!(ours.payload, &theirs.payload[..]);
        }
    }

    #[test]
    fn what_the_rtp_crate_writes_we_read(
        marker in any::<bool>(),
        payload_type in prop_oneof![0u8..72, 77u8..128],
        sequence_number in any::<u16>(),
        timestamp in any::<u32>(),
        ssrc in any::<u32>(),
        csrc in prop::collection::vec(any::<u32>(), 0..15),
        extension in prop::option::of(prop::collection::vec(any::<u32>(), 0..8)),
        payload in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let words = extension.unwrap_or_default();
        let header = rtp::header::Header {
            version: 2, marker, payload_type, sequence_number, timestamp, ssrc, csrc,
            extension: !words.is_empty(),
            // A profile of nobody's: its words are opaque.
            extension_profile: 0x4242,
            extensions: if words.is_empty() { vec![] } else {
                let octets: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
                vec![rtp::header::Extension { id: 0, payload: octets.into() }]
            },
            ..Default::default()
        };
        let written = rtp::packet::Packet { header, payload: payload.clone().into() }.marshal().unwrap();
        let read = Packet::read(&written).unwrap();
        prop_assert_eq!(read.header, Header { marker, payload_type, sequence: sequence_number, timestamp, ssrc });
        prop_assert_eq!(read.payload, &payload[..]);
    }

    #[test]
    fn what_we_write_the_rtp_crate_reads(
        marker in any::<bool>(),
        payload_type in 0u8..128,
        sequence in any::<u16>(),
        timestamp in any::<u32>(),
        ssrc in any::<u32>(),
    ) {
        let mut packet = [0; HEADER_LEN + 160];
        Header { marker, payload_type, sequence, timestamp, ssrc }.write(&mut packet);
        let read = rtp::packet::Packet::unmarshal(&mut &packet[..]).unwrap();
        prop_assert_eq!(read.header.version, 2);
        prop_assert_eq!(read.header.marker, marker);
        prop_assert_eq!(read.header.payload_type, payload_type);
        prop_assert_eq!(read.header.sequence_number, sequence);
        prop_assert_eq!(read.header.timestamp, timestamp);
        prop_assert_eq!(read.header.ssrc, ssrc);
        prop_assert_eq!(read.payload.len(), 160);
    }

    #[test]
    fn any_reports_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), count in 0u8..32) {
        read_report(&bytes, 1);
        let mut near = vec![0x80 | count, 200 + (count & 1), 0, bytes.len() as u8 / 4];
        near.extend_from_slice(&bytes);
        read_report(&near, 1);
    }

    #[test]
    fn keys_in_any_order_with_losses_and_doubles_count_once_each(
        // Each press: its key, and for each of its 8 packets how often it arrives and how many packets it is late.
        presses in prop::collection::vec((0u8..16, prop::collection::vec((0u8..3, 0u8..4), 8)), 1..12),
    ) {
        let mut arrivals = Vec::new();
        let mut expected = Vec::new();
        for (number, (key, packets)) in presses.iter().enumerate() {
            let digit = flow_media::Digit::from_event(*key).unwrap();
            for (n, (copies, late)) in packets.iter().enumerate() {
                let at = number as u64 * 400 + (n as u64 + u64::from(*late)) * 20;
                let payload = event_payload(digit, n >= 5, (n.min(5) as u16 + 1) * 160);
                arrivals.extend((0..*copies).map(|_| (at, number as u32 * 3_200, payload)));
            }
            if packets.iter().any(|packet| packet.0 > 0) {
                expected.push(digit);
            }
        }
        arrivals.sort_by_key(|arrival| arrival.0);
        let mut receiver = DigitReceiver::default();
        let mut heard = Vec::new();
        let mut report = |event| if let flow_media::DigitEvent::Ended(digit, _) = event { heard.push(digit) };
        for (at, timestamp, payload) in arrivals {
            receiver.packet(timestamp, &payload, Time::from_millis(at), &mut report);
        }
        receiver.timeout(Time::from_millis(60_000), &mut report);
        prop_assert_eq!(heard, expected);
    }

    #[test]
    fn any_file_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), tag in 0u16..9, cut in 0usize..444) {
        let _ = read_wav(&bytes);
        let mut file = flow_media::wav_header(bytes.len() as u32 / 2).to_vec();
        file[20..22].copy_from_slice(&tag.to_le_bytes());
        file.extend_from_slice(&bytes);
        for (place, octet) in bytes.iter().take(2).enumerate() {
            // One or two octets of the header are wrong.
            let at = (usize::from(*octet) + place * 7) % 44;
            file[at] ^= octet;
        }
        file.truncate(cut);
        let _ = read_wav(&file);
    }
}
