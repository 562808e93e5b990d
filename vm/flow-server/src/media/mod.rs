//! Media threads: what carries RTP between the sockets and `flow-media`.
//!
//! Each thread owns the sessions that were opened on it, their sockets and their deadlines; nothing is shared but
//! the range of ports. Orders come in through a channel and wake the thread at once; events go out through
//! the sink that the driver gave. Nothing here knows of SIP or flows.
//!
//! Recordings are written by one more thread, so that a slow disk never holds up a packet.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod call_file;
mod deadlines;
mod ports;
mod recording;
mod rooms;
mod sockets;
mod speech;
mod worker;

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use flow_media::{Command, MediaEvent, SessionConfig, SessionId};
use mio::Waker;

use crate::threads;
use ports::PortPool;
use rooms::Rooms;
pub(crate) use speech::{Next, Speech, SpeechPipe, pipe};
use worker::{Order, Worker};

/// How long a port rests after its session. Whose packets are heard is settled by their source, so this only has to
/// outlast what is still under way (RFC 3261 T4).
pub const QUARANTINE: Duration = Duration::from_secs(5);

/// Where events go. Called on a media thread: it must not block.
pub type EventSink = Arc<dyn Fn(MediaEvent) + Send + Sync>;

/// How media is set up.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// The address that RTP is sent from and heard on.
    pub bind: IpAddr,
    /// The UDP ports of `--rtp LOW-HIGH`. Pairs of an even port and the next one are used.
    pub ports: RangeInclusive<u16>,
    /// How many media threads; at least one.
    pub threads: usize,
    /// How long a port rests after its session, so that late packets of one call never reach another.
    pub quarantine: Duration,
    /// Pairs of sockets that each thread keeps open ahead of need.
    pub spare: usize,
    /// What each session is set to.
    pub session: SessionConfig,
}

impl MediaConfig {
    /// One thread, [`QUARANTINE`], 16 spare pairs.
    pub fn new(bind: IpAddr, ports: RangeInclusive<u16>) -> MediaConfig {
        MediaConfig {
            bind,
            ports,
            threads: 1,
            quarantine: QUARANTINE,
            spare: 16,
            session: SessionConfig::default(),
        }
    }
}

/// The running media threads. Dropping it closes every session and ends them.
pub struct Media {
    threads: Vec<MediaThread>,
    /// Ends, with every file whole, when the last media thread has ended.
    writer: Option<JoinHandle<()>>,
    /// Which thread carries which session; filled when one is opened, emptied by its last event.
    shards: Arc<Mutex<HashMap<SessionId, usize>>>,
}

struct MediaThread {
    orders: Sender<Order>,
    waker: Arc<Waker>,
    handle: Option<JoinHandle<()>>,
}

impl Media {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the range holds no pair of ports, or the system refuses a poll or a thread.
    pub fn start(config: MediaConfig, sink: EventSink) -> io::Result<Media> {
        let ports = PortPool::new(config.ports.clone(), config.quarantine);
        if ports.pairs() == 0 {
            let text =
                format!("no even port with a next one in {}-{}", config.ports.start(), config.ports.end());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let threads = config.threads.max(1);
        // Spare pairs of one thread are out of reach of the others: they may take an eighth at most.
        let spare = config.spare.min(ports.pairs() / (8 * threads));
        let ports = Arc::new(Mutex::new(ports));
        let shards = Arc::new(Mutex::new(HashMap::new()));
        let sink = forgetting(sink, shards.clone());
        let (recordings, writer) = recording::start(sink.clone())?;
        // One clock for all threads: what one member of a conference says is laid where another listens.
        let epoch = std::time::Instant::now();
        let rooms = Rooms::default();
        let threads = (0..threads)
            .map(|index| {
                let poll = mio::Poll::new()?;
                let waker = Arc::new(Waker::new(poll.registry(), worker::WAKE)?);
                let (orders, incoming) = channel();
                let mut worker = Worker::new(
                    poll,
                    incoming,
                    sink.clone(),
                    &config,
                    ports.clone(),
                    spare,
                    (recordings.clone(), rooms.clone(), epoch),
                );
                let handle = threads::vital(&format!("media-{index}"), move || worker.run())?;
                Ok(MediaThread { orders, waker, handle: Some(handle) })
            })
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Media { threads, writer: Some(writer), shards })
    }

    /// Gives an order. It is under way when this returns; what comes of it is an event.
    pub fn send(&self, command: Command) {
        let thread = {
            let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
            match command {
                Command::Open { session, shard } => {
                    *shards.entry(session).or_insert(shard as usize % self.threads.len())
                }
                _ => match shards.get(&command.session()) {
                    Some(&thread) => thread,
                    None => return,
                },
            }
        };
        self.threads[thread].order(Order::Command(command));
    }

    /// Listens to one utterance, in place of one that is listened for; what is said goes into `pipe`, which is dropped
    /// when the session is not there.
    pub(crate) fn listen(&self, session: SessionId, listening: u32, pipe: SpeechPipe) {
        if let Some(thread) = self.thread_of(session) {
            thread.order(Order::Listen(session, listening, pipe));
        }
    }

    /// Listens no longer, if it is still that utterance.
    pub(crate) fn stop_listening(&self, session: SessionId, listening: u32) {
        if let Some(thread) = self.thread_of(session) {
            thread.order(Order::StopListening(session, listening));
        }
    }

    fn thread_of(&self, session: SessionId) -> Option<&MediaThread> {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        shards.get(&session).map(|thread| &self.threads[*thread])
    }
}

impl MediaThread {
    fn order(&self, order: Order) {
        // A thread that is gone hears nothing; its sessions ended with it.
        if self.orders.send(order).is_ok() {
            let _ = self.waker.wake();
        }
    }
}

impl Drop for MediaThread {
    fn drop(&mut self) {
        self.order(Order::Shutdown);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

impl Drop for Media {
    fn drop(&mut self) {
        self.threads.clear();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// A sink that also forgets the thread of a session whose last event goes by.
fn forgetting(sink: EventSink, shards: Arc<Mutex<HashMap<SessionId, usize>>>) -> EventSink {
    Arc::new(move |event| {
        if let MediaEvent::OpenFailed { session, .. } | MediaEvent::Closed { session, .. } = &event {
            shards.lock().unwrap_or_else(PoisonError::into_inner).remove(session);
        }
        sink(event);
    })
}

#[cfg(test)]
mod tests;
