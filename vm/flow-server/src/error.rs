//! Why a server cannot start: what, where, and what to do.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A reason not to start. The text is for people and names the way out.
#[derive(Debug)]
pub enum StartError {
    /// Another program listens there.
    PortInUse {
        /// What for: `SIP`, `HTTP`.
        what: &'static str,
        /// Where.
        address: SocketAddr,
    },
    /// The system refuses an address.
    Bind {
        /// What for.
        what: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The media threads could not be started.
    Media(io::Error),
    /// The state folder cannot be used.
    State {
        /// The folder, or the file in it.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A sound file cannot be played.
    Sound {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A campaign cannot be started.
    Campaign {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
    /// HTTP beyond this machine without a token.
    OpenHttp(SocketAddr),
    /// The system trusts no certificate, and this service is reached by TLS.
    NoCertificates(String),
    /// A service cannot be placed; the text says which and why.
    Service(String),
    /// The program that understands callers cannot be run.
    Recognizer {
        /// Which.
        program: String,
        /// Why.
        error: io::Error,
    },
    /// The system refuses what every server needs.
    System(io::Error),
}

impl StartError {
    pub(crate) fn bind(what: &'static str, address: SocketAddr, error: io::Error) -> StartError {
        match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortInUse { what, address },
            _ => StartError::Bind { what, address, error },
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::PortInUse { what, address } => {
                let option = if *what == "HTTP" { "--http HOST:PORT" } else { "--sip udp:HOST:PORT" };
                write!(
                    f,
                    "another program already uses {what} address {address}\n  help: end it (`ss -lunp` shows it), or choose another address with `{option}`"
                )
            }
            StartError::Bind { what, address, error } => write!(
                f,
                "cannot listen for {what} on {address}: {error}\n  help: use an address of this machine (`ip address` lists them) and a port that you may open"
            ),
            StartError::Media(error) => write!(
                f,
                "cannot start the media threads: {error}\n  help: give a range of free UDP ports with `--rtp LOW-HIGH`, such as `--rtp 20000-29999`"
            ),
            StartError::State { path, reason } => write!(
                f,
                "cannot keep call records in {}: {reason}\n  help: choose a folder that you may write to with `--state DIR`",
                path.display()
            ),
            StartError::Sound { path, reason } => write!(
                f,
                "cannot play {}: {reason}\n  help: replace it by a WAV file of 16-bit samples, or delete it and run `flowc prompts --draft`",
                path.display()
            ),
            StartError::Campaign { name, reason } => write!(
                f,
                "cannot start the campaign `{name}`: {reason}\n  help: one that was under way when the server stopped goes on by itself; `flowc callbacks --state DIR` shows it"
            ),
            StartError::OpenHttp(address) => write!(
                f,
                "will not serve HTTP on {address}: everybody who reaches it could read it\n  help: use a loopback address such as 127.0.0.1:{}",
                address.port()
            ),
            StartError::NoCertificates(service) => write!(
                f,
                "cannot reach the service `{service}` by https: this system trusts no certificates\n  help: install its list of trusted certificates (the package `ca-certificates`)"
            ),
            StartError::Service(text) => write!(f, "{text}\n  help: correct it in [settings] of flow.toml"),
            StartError::Recognizer { program, error } => write!(
                f,
                "the recogniser `{program}` cannot be run: {error}\n  help: install it, or correct `command` in [speech] of flow.toml"
            ),
            StartError::System(error) => write!(f, "the system refuses to start the server: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
