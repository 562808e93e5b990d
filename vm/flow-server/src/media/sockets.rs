//! A pair of UDP sockets: an even port for RTP and the next one for RTCP.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use flow_media::OpenError;
use mio::net::UdpSocket;
use socket2::SockRef;

use super::ports::PortPool;

/// Ports of the range that are tried before the attempt is given up: others may sit in our range.
const ATTEMPTS: usize = 64;
/// Expedited forwarding (RFC 3246), as the octet of the IP header.
const EXPEDITED: u32 = 0xB8;

/// Two bound sockets; its port goes back into quarantine when it is dropped.
pub(super) struct Pair {
    pub(super) rtp: UdpSocket,
    pub(super) rtcp: UdpSocket,
    pub(super) port: u16,
    pool: Arc<Mutex<PortPool>>,
}

impl Pair {
    /// Binds the next free pair of the pool.
    pub(super) fn open(host: IpAddr, pool: &Arc<Mutex<PortPool>>) -> Result<Pair, OpenError> {
        for _ in 0..ATTEMPTS {
            let port = lock(pool).take(Instant::now()).ok_or(OpenError::PortsExhausted)?;
            match bind(host, port) {
                Ok((rtp, rtcp)) => return Ok(Pair { rtp, rtcp, port, pool: pool.clone() }),
                Err(error) => {
                    lock(pool).put_back(port, Instant::now());
                    if error.kind() != io::ErrorKind::AddrInUse {
                        return Err(OpenError::Socket(error.to_string()));
                    }
                }
            }
        }
        Err(OpenError::PortsExhausted)
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        lock(&self.pool).put_back(self.port, Instant::now());
    }
}

fn lock(pool: &Mutex<PortPool>) -> std::sync::MutexGuard<'_, PortPool> {
    pool.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bind(host: IpAddr, port: u16) -> io::Result<(UdpSocket, UdpSocket)> {
    let rtp = UdpSocket::bind(SocketAddr::new(host, port))?;
    let rtcp = UdpSocket::bind(SocketAddr::new(host, port + 1))?;
    // The mark is a wish: a system that does not grant it carries the call all the same.
    if host.is_ipv4() {
        let _ = SockRef::from(&rtp).set_tos_v4(EXPEDITED);
    }
    Ok((rtp, rtcp))
}
