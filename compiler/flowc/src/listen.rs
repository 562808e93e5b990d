//! Addresses and port ranges as people write them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

use flow_project::Problem;

/// `udp:HOST:PORT`; the host is an address or `localhost`, the port 5060 when left out.
pub fn sip(text: &str) -> Result<SocketAddr, Problem> {
    let refused = |why: &str| Problem {
        what: format!("cannot listen for SIP on `{text}`: {why}"),
        action: "write it as `udp:127.0.0.1:5060`".into(),
    };
    let rest = match text.split_once(':') {
        Some((transport, rest)) if transport.eq_ignore_ascii_case("udp") => rest,
        Some(("tcp" | "tls" | "ws" | "wss", _)) => return Err(refused("only UDP is spoken yet")),
        _ => return Err(refused("it does not begin with `udp:`")),
    };
    address(rest, Some(5060)).ok_or_else(|| refused("it is not an address and a port"))
}

/// `HOST:PORT` for HTTP.
pub fn http(text: &str) -> Result<SocketAddr, Problem> {
    address(text, None).ok_or_else(|| Problem {
        what: format!("cannot serve HTTP on `{text}`: it is not an address and a port"),
        action: "write it as `127.0.0.1:8080`".into(),
    })
}

fn address(text: &str, port: Option<u16>) -> Option<SocketAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix("localhost") {
        let port = if rest.is_empty() { port? } else { rest.strip_prefix(':')?.parse().ok()? };
        return Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let ip: IpAddr = text.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    Some(SocketAddr::new(ip, port?))
}

/// `LOW-HIGH`, both included.
pub fn ports(text: &str) -> Result<RangeInclusive<u16>, Problem> {
    let range = text.split_once('-').and_then(|(low, high)| {
        let (low, high): (u16, u16) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        (low >= 1_024 && low < high).then_some(low..=high)
    });
    range.ok_or_else(|| Problem {
        what: format!("`{text}` is no range of ports for audio"),
        action: "write the lowest and the highest, 1024 or more, as `20000-29999`".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_write_them() {
        let said = |text: &str| sip(text).map_or_else(|problem| problem.what, |address| address.to_string());
        assert_eq!(said("udp:127.0.0.1:5080"), "127.0.0.1:5080");
        assert_eq!(said("UDP:0.0.0.0"), "0.0.0.0:5060");
        assert_eq!(said("udp:localhost"), "127.0.0.1:5060");
        assert_eq!(said("udp:[::1]:5061"), "[::1]:5061");
        assert_eq!(said("udp:::1"), "[::1]:5060");
        assert_eq!(said("tls:127.0.0.1"), "cannot listen for SIP on `tls:127.0.0.1`: only UDP is spoken yet");
        assert!(said("127.0.0.1:5060").contains("does not begin with `udp:`"));
        assert!(said("udp:example.com:5060").contains("is not an address"));
    }

    #[test]
    fn ranges_of_ports() {
        assert_eq!(ports("20000-29999").ok(), Some(20_000..=29_999));
        for odd in ["20000", "1-2", "3000-2000", "2000-2000", "a-b", "20000-70000"] {
            assert!(ports(odd).is_err(), "{odd}");
        }
    }
}
