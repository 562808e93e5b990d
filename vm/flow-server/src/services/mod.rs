//! Services over HTTP: asked on a thread of their own, so that no service can hold up signalling.
//!
//! A service that keeps failing is left alone for a while, and no more than a few requests to one are under way,
//! so that a dead one costs a caller nothing and this machine little ([`guard`]). What a request says is never
//! written anywhere.

mod client;
mod guard;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flow_bytecode::program::ServiceKind;
use flow_switch::boundary::{NoReply, Reply, RequestId, ServiceRequest};
use flow_switch::services::ServicePlace;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

pub(crate) use client::{Client, Outgoing};
pub(crate) use guard::Guard;

use crate::error::StartError;
use crate::metrics::Metrics;
use crate::threads;

/// Told what came of a request. Called on the services' thread.
pub(crate) type ReplySink = Arc<dyn Fn(RequestId, Reply) + Send + Sync>;

/// The way to the services' thread.
pub(crate) struct Services {
    jobs: UnboundedSender<Box<ServiceRequest>>,
}

impl Services {
    /// Starts the thread. Places are those of each program, in its order; the programs in the order that they are
    /// loaded in.
    pub(crate) fn start(
        places: Vec<Vec<ServicePlace>>,
        sink: ReplySink,
        metrics: Arc<Metrics>,
    ) -> Result<Services, StartError> {
        let (jobs, mut waiting) = unbounded_channel::<Box<ServiceRequest>>();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
        let client = Client::new();
        if let Some(place) = places.iter().flatten().find(|place| place.address.starts_with("https:"))
            && !client.is_secure()
        {
            return Err(StartError::NoCertificates(place.name.clone()));
        }
        let serve = async move {
            // A service is its program's: another program's of the same index is another.
            let mut guards: BTreeMap<(u32, u16), Guard> = BTreeMap::new();
            let (done, mut over) = unbounded_channel::<((u32, u16), bool)>();
            loop {
                let request = tokio::select! {
                    // What is over counts before what begins.
                    biased;
                    Some((service, failed)) = over.recv() => {
                        guards.entry(service).or_default().over(Instant::now(), failed);
                        continue;
                    }
                    request = waiting.recv() => match request {
                        Some(request) => request,
                        None => break,
                    },
                };
                let service = (request.program.0, request.service);
                let own = places.get(request.program.0 as usize);
                let Some(place) = own.and_then(|own| own.get(usize::from(request.service))).cloned() else {
                    sink(request.id, Reply::Failed(NoReply::Unreachable));
                    continue;
                };
                if let Err(refused) = guards.entry(service).or_default().begin(Instant::now()) {
                    metrics.service(&request.name, refused.text());
                    sink(request.id, Reply::Failed(refused));
                    continue;
                }
                let (client, sink, metrics, done) =
                    (client.clone(), sink.clone(), metrics.clone(), done.clone());
                tokio::spawn(async move {
                    let reply = client.ask(&place, Outgoing::of(&request)).await;
                    metrics.service(&request.name, outcome(&reply));
                    // The loop outlives its requests, or the process is ending.
                    let _ = done.send((service, is_failure(&reply)));
                    sink(request.id, reply);
                });
            }
        };
        threads::vital("services", move || runtime.block_on(serve)).map_err(StartError::System)?;
        Ok(Services { jobs })
    }

    /// Asks; the sink is told what came of it.
    pub(crate) fn ask(&self, request: Box<ServiceRequest>) {
        // A thread that is gone answers nothing, and the switch's own limit of time holds.
        let _ = self.jobs.send(request);
    }
}

/// The real services, asked one after the other: for `flowc call --live-services`.
pub struct LiveServices {
    runtime: tokio::runtime::Runtime,
    client: Client,
    places: Vec<ServicePlace>,
}

impl std::fmt::Debug for LiveServices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveServices").field("places", &self.places).finish_non_exhaustive()
    }
}

impl LiveServices {
    /// The services of a program by their places.
    ///
    /// # Errors
    /// When the system refuses what it needs.
    pub fn new(places: Vec<ServicePlace>) -> Result<Self, StartError> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
        let client = Client::new();
        Ok(Self { runtime, client, places })
    }

    /// Asks and waits, and tells how many milliseconds it took.
    pub fn ask(&self, request: &ServiceRequest) -> (Reply, u64) {
        let Some(place) = self.places.get(usize::from(request.service)) else {
            return (Reply::Failed(NoReply::Unreachable), 0);
        };
        let began = Instant::now();
        let reply = self.runtime.block_on(self.client.ask(place, Outgoing::of(request)));
        (reply, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

/// What keeps a service from being asked at all, in words for people.
pub fn problem(place: &ServicePlace) -> Option<String> {
    if place.kind != ServiceKind::Http {
        return None;
    }
    let uri = place.address.parse::<hyper::Uri>().ok();
    let fine = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    (!fine).then(|| {
        format!("the address of the service `{}` is no http or https URL: `{}`", place.name, place.address)
    })
}

fn outcome(reply: &Reply) -> &'static str {
    match reply {
        Reply::Answered { status: 200..=299, .. } => "answered",
        Reply::Answered { status: 300..=399, .. } => "redirected",
        Reply::Answered { status: 400..=499, .. } => "refused",
        Reply::Answered { .. } => "broken",
        Reply::Failed(why) => why.text(),
    }
}

/// Whether the service itself is to blame.
fn is_failure(reply: &Reply) -> bool {
    match reply {
        Reply::Answered { status, .. } => *status >= 500 || *status == 429,
        Reply::Failed(_) => true,
    }
}

/// A limit in milliseconds.
fn within(request: &ServiceRequest) -> Duration {
    Duration::from_millis(request.within_millis)
}

#[cfg(test)]
mod tests;
