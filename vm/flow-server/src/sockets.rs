//! The UDP sockets on which SIP is spoken.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::{Context, Poll};

use flow_sip::{Listener, Protocol, TransportId};
use socket2::{Domain, Socket, Type};
use tokio::net::UdpSocket;

use crate::error::StartError;

/// What the system is asked to keep for us while we are busy: a burst of some thousand messages.
const RECEIVE_BUFFER: usize = 4 << 20;

/// All of them; the place of one is its transport's number.
pub(crate) struct SipSockets {
    sockets: Vec<UdpSocket>,
    listeners: Vec<Listener>,
}

impl SipSockets {
    /// Opens one socket for each address. Needs a tokio runtime.
    pub(crate) fn open(addresses: &[SocketAddr]) -> Result<SipSockets, StartError> {
        let mut sockets = Vec::new();
        let mut listeners = Vec::new();
        for (index, &address) in (0u32..).zip(addresses) {
            let socket = open(address).map_err(|error| StartError::bind("SIP", address, error))?;
            let bound = socket.local_addr().map_err(StartError::System)?;
            listeners.push(Listener {
                id: TransportId(index),
                protocol: Protocol::Udp,
                address: reachable(bound),
            });
            sockets.push(socket);
        }
        Ok(SipSockets { sockets, listeners })
    }

    /// The sockets as SIP sees them, with the addresses that peers are told.
    pub(crate) fn listeners(&self) -> &[Listener] {
        &self.listeners
    }

    /// Waits until a datagram has come to one of them.
    pub(crate) async fn readable(&self) -> io::Result<()> {
        std::future::poll_fn(|context: &mut Context<'_>| {
            for socket in &self.sockets {
                if let Poll::Ready(result) = socket.poll_recv_ready(context) {
                    return Poll::Ready(result);
                }
            }
            Poll::Pending
        })
        .await
    }

    /// A datagram that has come to a socket already.
    pub(crate) fn receive(&self, index: usize, buffer: &mut [u8]) -> Option<(usize, SocketAddr)> {
        // Errors of a datagram socket are about packets of the past; the next one is read all the same.
        self.sockets.get(index)?.try_recv_from(buffer).ok()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.sockets.len()
    }

    /// Sends at once or not at all.
    pub(crate) fn send(
        &self,
        transport: TransportId,
        destination: SocketAddr,
        bytes: &[u8],
    ) -> io::Result<()> {
        let Some(socket) = self.sockets.get(transport.0 as usize) else { return Ok(()) };
        socket.try_send_to(bytes, destination).map(drop)
    }
}

fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, None)?;
    // As much as the system gives; it is not an error when that is less.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

/// The address that peers are told: for a socket on every address, the one by which this machine reaches
/// the outside. Nothing is sent to find out.
fn reachable(bound: SocketAddr) -> SocketAddr {
    if !bound.ip().is_unspecified() {
        return bound;
    }
    let (any, outside, loopback): (SocketAddr, SocketAddr, IpAddr) = if bound.is_ipv4() {
        (
            (Ipv4Addr::UNSPECIFIED, 0).into(),
            (Ipv4Addr::new(192, 0, 2, 1), 9).into(),
            Ipv4Addr::LOCALHOST.into(),
        )
    } else {
        let outside = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
        ((Ipv6Addr::UNSPECIFIED, 0).into(), (outside, 9).into(), Ipv6Addr::LOCALHOST.into())
    };
    let route = || -> io::Result<IpAddr> {
        let socket = Socket::new(Domain::for_address(any), Type::DGRAM, None)?;
        socket.connect(&outside.into())?;
        let local = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(local.ip())
    };
    SocketAddr::new(route().ok().filter(|ip| !ip.is_unspecified()).unwrap_or(loopback), bound.port())
}

/// Where media sockets are bound: the one address of the listeners, or every address.
pub(crate) fn media_address(listeners: &[Listener], asked: &[SocketAddr]) -> IpAddr {
    let first = asked.first().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), SocketAddr::ip);
    let one = asked.iter().all(|address| address.ip() == first) && !first.is_unspecified();
    if one {
        return first;
    }
    match listeners.iter().all(|listener| listener.address.is_ipv4()) {
        true => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        false => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}
