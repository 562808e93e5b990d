//! A running server: sockets, media threads and store around one node, until it is told to stop.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use flow_bytecode::{Datum, VerifiedProgram};
use flow_node::{Admin, Input, Node, Output};
use flow_sip::TransportId;
use flow_switch::boundary::{Now, Person, ProgramId, StoreId};
use flow_switch::services::ServicePlace;
use jiff::tz::TimeZone;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::audio;
use crate::catalogue::{Catalogue, SoundFiles};
use crate::error::StartError;
use crate::http;
use crate::media::{Media, MediaConfig, QUARANTINE};
use crate::metrics::Metrics;
use crate::orders::{self, Orders, Word};
use crate::outbox::{Destinations, Outbox};
use crate::promised::{self, Promised};
use crate::records::{self, Keep, NewsSink, Store, StoredSink};
use crate::roster::{Known, Roster};
use crate::screens::Screens;
use crate::services::{self, Services};
use crate::sockets::{self, SipSockets};
use crate::starting::{self, Names};
use crate::story::Stories;
use crate::threads;

/// Datagrams taken from one socket before other things get their turn.
const BATCH: usize = 64;
/// Bytes of the greatest datagram.
const DATAGRAM: usize = 65_535;
/// How long ended calls may take to say goodbye to their peers.
const FAREWELL: Duration = Duration::from_secs(2);
/// Longer than the first repetition of a request (RFC 3261 timer E, 500 ms).
const RESEND: Duration = Duration::from_millis(600);
/// Ranges of ports from which sockets are kept ready; smaller ones have none to spare.
const SPARE_FROM: usize = 2_000;

/// Reads the people of the deployment; an error says in words for people why they stay as they are.
pub type RosterSource = Box<dyn FnMut() -> Result<Vec<Person>, String> + Send>;

/// How a server is set up.
pub struct ServerConfig {
    /// What runs.
    pub program: Arc<VerifiedProgram>,
    /// The values of its settings, in its order.
    pub settings: Vec<Datum>,
    /// Its sounds.
    pub sounds: SoundFiles,
    /// UDP addresses for SIP; port 0 takes any free one.
    pub sip: Vec<SocketAddr>,
    /// UDP ports for RTP.
    pub rtp: RangeInclusive<u16>,
    /// The folder of records and messages.
    pub state: PathBuf,
    /// Where HTTP is served, if at all.
    pub http: Option<SocketAddr>,
    /// Where stories are told; `None` makes none.
    pub stories: Option<Box<dyn Write + Send>>,
    /// How long calls may go on after the server was told to stop.
    pub drain: Duration,
    /// Where services are, and what e-mail and text messages go by.
    pub destinations: Destinations,
    /// Where people are read from anew at SIGHUP.
    pub roster: Option<RosterSource>,
    /// Calls at once.
    pub calls: usize,
    /// Chance, from the operating system.
    pub seed: [u8; 32],
    /// Whom we may call, and which number we may show.
    pub outbound: flow_switch::Outbound,
    /// Where telephone numbers are called: `sip:HOST:PORT`.
    pub trunk: Option<String>,
    /// Earlier programs that calls were promised on.
    pub kept: Vec<KeptProgram>,
    /// What is still to be called.
    pub promised: Promised,
    /// Campaigns that are started with the server, by name, where they never were.
    pub campaigns: Vec<String>,
    /// For how long what is over is kept.
    pub keep: Keep,
}

/// An earlier program that something is still to be called on.
pub struct KeptProgram {
    /// The program.
    pub program: Arc<VerifiedProgram>,
    /// The values of its settings, in its order.
    pub settings: Vec<Datum>,
    /// Its sounds.
    pub sounds: SoundFiles,
    /// Where its services are.
    pub services: Vec<ServicePlace>,
}

/// Where a server that is up can be reached.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The addresses of SIP, as peers are told them.
    pub sip: Vec<SocketAddr>,
    /// The address of HTTP.
    pub http: Option<SocketAddr>,
}

/// A server that is up.
pub struct Server {
    runtime: tokio::runtime::Runtime,
    work: Work,
    reports: UnboundedReceiver<Input>,
    signals: Signals,
    stop: UnboundedSender<()>,
    ready: Ready,
    drain: Duration,
}

/// Stops a server from another thread, as SIGTERM does.
#[derive(Debug, Clone)]
pub struct StopHandle(UnboundedSender<()>);

impl StopHandle {
    /// The first time no new calls are taken; the second time those in progress end.
    pub fn stop(&self) {
        // A server that is gone has stopped.
        let _ = self.0.send(());
    }
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
    asked: UnboundedReceiver<()>,
}

impl Signals {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            Some(()) = self.asked.recv() => {}
        }
    }
}

/// What the node's thread works with.
struct Work {
    node: Node,
    sockets: SipSockets,
    media: Media,
    catalogue: Catalogue,
    store: Store,
    services: Services,
    stories: Stories,
    metrics: Arc<Metrics>,
    folders: audio::Folders,
    reports: UnboundedSender<Input>,
    /// What operators order.
    words: UnboundedReceiver<Word>,
    orders: Orders,
    /// The newest program.
    program: ProgramId,
    screens: Arc<Screens>,
    roster: Roster,
    /// What came of reading the people again.
    people: UnboundedReceiver<Result<Vec<Person>, String>>,
    hangup: Signal,
    started: Instant,
    buffer: Vec<u8>,
    /// What came back at once while outputs were carried out.
    answers: Vec<Input>,
}

impl Server {
    /// Opens everything. When this returns, callers are answered as soon as [`Server::run`] is called.
    ///
    /// # Errors
    /// What could not be opened, where, and what to do.
    pub fn start(config: ServerConfig) -> Result<Server, StartError> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
        let entered = runtime.enter();
        let started = Instant::now();
        let metrics = Arc::new(Metrics::default());
        let (reports, received) = unbounded_channel();
        let sockets = SipSockets::open(&config.sip)?;
        let telling = config.stories.is_some();
        let mut stories = match config.stories {
            None => Stories::silent(),
            Some(out) => {
                let zone = config.program.zones.first().and_then(|zone| TimeZone::get(zone).ok());
                Stories::start(out, zone.unwrap_or(TimeZone::UTC)).map_err(StartError::System)?
            }
        };
        let notices = stories.notices();
        let news = Box::new(move |text| notices(now(started).unix_millis, text));
        let places = starting::places(&config.kept, &config.destinations.services);
        if let Some(problem) = places.iter().flatten().find_map(services::problem) {
            return Err(StartError::Service(problem));
        }
        let asking = Services::start(places.clone(), replied(&reports), metrics.clone())?;
        records::prepare(&config.state)?;
        let tells = |stories: &Stories| -> NewsSink {
            let notices = stories.notices();
            Box::new(move |text| notices(now(started).unix_millis, text))
        };
        // The newest program says where a service is; what only an earlier one had is still sent.
        let services = places.iter().rev().flatten().cloned().collect();
        let destinations = Destinations { services, ..config.destinations };
        let outbox = Outbox::start(&config.state, destinations, tells(&stories), metrics.clone())?;
        let kept = Box::new(outbox.waker());
        let store = Store::start(&config.state, stored(&reports), news, kept, config.keep, metrics.clone())?;
        let media = start_media(config.rtp, &config.sip, &sockets, &reports)?;
        let to_node = reports.clone();
        let admin: http::AdminSink = Arc::new(move |word| drop(to_node.send(Input::Admin(word))));
        let screens = Arc::new(Screens::default());
        let http = config.http;
        let http = http
            .map(|address| http::start(address, metrics.clone(), admin, screens.clone(), tells(&stories)))
            .transpose()?;
        let (stop, asked) = unbounded_channel();
        let signals = Signals {
            asked,
            interrupt: signal(SignalKind::interrupt()).map_err(StartError::System)?,
            terminate: signal(SignalKind::terminate()).map_err(StartError::System)?,
        };
        let mut node = Node::new(flow_node::Config {
            calls: config.calls,
            rest_micros: u64::try_from(QUARANTINE.as_micros()).unwrap_or(u64::MAX),
            stories: telling,
            outbound: config.outbound,
            trunk: config.trunk,
            ..flow_node::Config::new(sockets.listeners().to_vec(), config.seed)
        });
        let mut catalogue = Catalogue::new(metrics.clone());
        let mut programs = BTreeMap::new();
        // The newest comes last: its agents, queues and numbers hold.
        let names = Names::of(config.kept.iter().map(|kept| &*kept.program).chain([&*config.program]));
        for KeptProgram { program, settings, sounds, .. } in config.kept {
            let id = node.load(now(started), program.clone(), settings);
            programs.insert(program.identity_text(), id);
            catalogue.load(id, program, sounds)?;
        }
        let identity = config.program.identity_text();
        if !(config.program.callbacks.is_empty() && config.program.campaigns.is_empty()) {
            let bytes = flow_bytecode::container::encode(&config.program);
            promised::keep_program(&config.state, &identity, &bytes, &config.promised.programs()).map_err(
                |error| StartError::State { path: config.state.clone(), reason: error.to_string() },
            )?;
        }
        let program = node.load(now(started), config.program.clone(), config.settings);
        node.counted(now(started), &records::read_counts(&config.state, now(started).unix_millis)?);
        programs.insert(identity, program);
        let verified = config.program.clone();
        catalogue.load(program, config.program, config.sounds)?;
        let lost = starting::take_up(&mut node, now(started), &programs, config.promised);
        if lost > 0 {
            let text =
                format!("{lost} promised calls are not made: the programs that they were booked on are lost");
            stories.notice(now(started).unix_millis, text);
        }
        names.write(&config.state)?;
        // Switches and people are as they were before the first caller comes.
        let (standing, levers) = orders::standing(&config.state)?;
        starting::stand(&mut node, now(started), standing);
        let (employ, people) = unbounded_channel();
        let sink = Box::new(move |people| drop(employ.send(people)));
        let known = Known::of(&verified);
        let roster = Roster::start(config.roster, known, config.state.clone(), sink)?;
        let (word, words) = unbounded_channel();
        let tell = Box::new(move |told| drop(word.send(told)));
        let orders = Orders::start(&config.state, levers, tell, tells(&stories))?;
        for name in config.campaigns {
            let text = starting::begin(&mut node, now(started), program, &config.state, name)?;
            stories.notice(now(started).unix_millis, text);
        }
        metrics.ready.store(true, Ordering::Relaxed);
        let hangup = signal(SignalKind::hangup()).map_err(StartError::System)?;
        drop(entered);
        let ready =
            Ready { sip: sockets.listeners().iter().map(|listener| listener.address).collect(), http };
        let folders = audio::Folders {
            messages: records::messages(&config.state),
            recordings: records::recordings(&config.state),
        };
        let buffer = vec![0; DATAGRAM];
        let answers = Vec::new();
        let work = Work {
            node,
            sockets,
            media,
            catalogue,
            store,
            services: asking,
            stories,
            metrics,
            folders,
            reports,
            words,
            orders,
            program,
            screens,
            roster,
            people,
            hangup,
            started,
            buffer,
            answers,
        };
        Ok(Server { runtime, work, reports: received, signals, stop, ready, drain: config.drain })
    }

    /// Where it can be reached.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// What stops it from another thread.
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle(self.stop.clone())
    }

    /// Serves until SIGINT or SIGTERM: then no new calls are taken, and those in progress may go on for
    /// `drain`, or until a second signal. Returns when every call is over and its record is kept.
    pub fn run(self) {
        let Server { runtime, mut work, mut reports, mut signals, drain, stop: _stop, .. } = self;
        runtime.block_on(async {
            work.carry_out();
            work.serve(&mut reports, signals.next()).await;
            work.drain(&mut reports, &mut signals, drain).await;
        });
        work.close();
    }
}

impl Work {
    /// Takes what comes until `end` is there.
    async fn serve(&mut self, reports: &mut UnboundedReceiver<Input>, end: impl Future<Output = ()>) {
        let mut end = std::pin::pin!(end);
        loop {
            let deadline =
                self.node.next_deadline().map(|micros| self.started + Duration::from_micros(micros));
            let due = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut end => return,
                _ = self.sockets.readable() => self.receive(),
                report = reports.recv() => {
                    if let Some(input) = report {
                        self.handle(input);
                    }
                    for _ in 0..BATCH {
                        let Ok(input) = reports.try_recv() else { break };
                        self.handle(input);
                    }
                }
                Some(word) = self.words.recv() => self.order(word),
                Some(people) = self.people.recv() => self.employ(people),
                _ = self.hangup.recv() => self.roster.read(),
                () = due => self.handle(Input::Deadline),
            }
        }
    }

    /// Takes no new calls and waits for those in progress; ends them when the time is up.
    async fn drain(
        &mut self,
        reports: &mut UnboundedReceiver<Input>,
        signals: &mut Signals,
        patience: Duration,
    ) {
        self.metrics.ready.store(false, Ordering::Relaxed);
        self.handle(Input::Admin(Admin::Drain));
        let calls = self.node.calls();
        if calls > 0 {
            let text = format!(
                "stopping: no new calls are taken; {calls} in progress may go on for {} s, or until a second signal",
                patience.as_secs()
            );
            self.notice(text);
            let end = tokio::time::sleep(patience);
            tokio::pin!(end);
            while self.node.calls() > 0 {
                let step = tokio::time::sleep(Duration::from_millis(50));
                let over = tokio::select! {
                    () = &mut end => true,
                    () = signals.next() => true,
                    () = self.serve(reports, step) => false,
                };
                if over {
                    break;
                }
            }
        }
        let ended = self.node.calls() > 0;
        self.handle(Input::Admin(Admin::EndAll));
        if ended {
            // Time for answers to our BYEs, and to send once more those that got lost.
            self.serve(reports, tokio::time::sleep(RESEND)).await;
        }
        let end = Instant::now() + FAREWELL;
        // Transactions linger for seconds after their last message; what counts is that no port and no
        // call is left.
        while !self.node.is_quiet() && Instant::now() < end {
            self.serve(reports, tokio::time::sleep(Duration::from_millis(10))).await;
        }
    }

    fn close(self) {
        drop(self.media);
        self.store.finish();
        self.stories.finish();
    }

    fn receive(&mut self) {
        for index in 0..self.sockets.count() {
            for _ in 0..BATCH {
                let Some((length, source)) = self.sockets.receive(index, &mut self.buffer) else { break };
                let bytes = self.buffer[..length].to_vec();
                let transport = TransportId(u32::try_from(index).unwrap_or(u32::MAX));
                self.handle(Input::Datagram { transport, source, bytes });
            }
        }
    }

    /// Gives the node an input and does what it asks, and so on with what that brings at once.
    fn handle(&mut self, input: Input) {
        self.tell_node(input);
        while let Some(answer) = self.answers.pop() {
            self.tell_node(answer);
        }
        self.metrics.active.store(self.node.calls() as u64, Ordering::Relaxed);
    }

    /// A defect of ours ends what it was at, and no other call.
    fn tell_node(&mut self, input: Input) {
        let (node, at) = (&mut self.node, now(self.started));
        let before = node.defects();
        let whole = threads::survives(|| node.handle(at, input));
        let defects = self.node.defects().saturating_sub(before) + u64::from(!whole);
        if defects > 0 {
            self.metrics.defects.fetch_add(defects, Ordering::Relaxed);
            self.notice("a defect of flowc was survived; what it said is above: please report it".to_owned());
        }
        self.carry_out();
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.node.poll() {
            self.perform(output);
        }
        self.metrics.sip(self.node.sip_counters());
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Transmit { transport, destination, bytes } => self.send(transport, destination, &bytes),
            Output::Media(order) => {
                self.media.send(audio::command(order, &mut self.catalogue, &self.folders));
            }
            Output::Resolve { id, host, port } => {
                let reports = self.reports.clone();
                tokio::spawn(async move {
                    let found = tokio::net::lookup_host((host.as_str(), port)).await;
                    // IPv4 first: phones that speak IPv6 only are rarer than names with dead IPv6 addresses.
                    let found = found.ok().and_then(|all| all.min_by_key(SocketAddr::is_ipv6));
                    let _ = reports.send(Input::Resolved(id, found));
                });
            }
            Output::Request(request) => self.services.ask(request),
            Output::Store(id, what) => {
                if self.store.store(id, what).is_err() {
                    self.answers.push(Input::Stored(id, false));
                }
            }
            Output::CallRecord(record) => {
                self.metrics.count(&record);
                let call = record.call.clone();
                if self.store.record(record).is_err() {
                    self.notice(format!("the record of call {call} is lost: the disk does not keep up"));
                }
                self.stories.call_over(&call);
            }
            Output::Story(story) => self.stories.tell(story),
            Output::Show { agent, fields } => {
                if !fields.is_empty() {
                    // Customers' data stand in no log.
                    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                    self.notice(format!("the screen of {agent} shows {}", names.join(", ")));
                }
                self.screens.show(agent, fields);
            }
            Output::Refused { source, called, code } => {
                self.metrics.refused.fetch_add(1, Ordering::Relaxed);
                self.stories.refused(now(self.started).unix_millis, source, called, code);
            }
        }
    }

    fn send(&mut self, transport: TransportId, destination: SocketAddr, bytes: &[u8]) {
        let Err(error) = self.sockets.send(transport, destination, bytes) else { return };
        self.metrics.send_failures.fetch_add(1, Ordering::Relaxed);
        // A full buffer is a lost packet, and SIP sends again; the rest will not get better by waiting.
        if error.kind() != std::io::ErrorKind::WouldBlock {
            self.answers.push(Input::Unreachable { transport, destination });
        }
    }

    /// An operator's order.
    fn order(&mut self, word: Word) {
        match word {
            Word::Lever { name, thrown } => self.handle(Input::Admin(Admin::Lever { name, thrown })),
            Word::Agent { name, ready } => {
                let how = if ready { "ready" } else { "away" };
                self.notice(format!("{name} is {how} now"));
                self.handle(Input::Admin(Admin::Presence { agent: name, ready }));
            }
            Word::Campaign { row, name } => {
                let at = now(self.started);
                let answer = match self.node.start_campaign(at, self.program, &name) {
                    Ok(()) => "started".to_owned(),
                    Err(why) => why.to_string(),
                };
                self.carry_out();
                self.notice(format!("the campaign {name}: {answer}"));
                self.orders.answer(row, answer);
            }
        }
    }

    /// Takes the people as they are written now, or leaves them as they are.
    fn employ(&mut self, people: Result<Vec<Person>, String>) {
        match people {
            Ok(people) => {
                let count = people.len();
                self.handle(Input::Admin(Admin::Roster(people)));
                self.notice(format!("the roster was read again: {count} people"));
            }
            Err(why) => self.notice(format!("the roster stays as it was: {why}")),
        }
    }

    fn notice(&mut self, text: String) {
        self.stories.notice(now(self.started).unix_millis, text);
    }
}

fn start_media(
    ports: RangeInclusive<u16>,
    asked: &[SocketAddr],
    sockets: &SipSockets,
    reports: &UnboundedSender<Input>,
) -> Result<Media, StartError> {
    let bind = sockets::media_address(sockets.listeners(), asked);
    let spare_ports = ports.len() >= SPARE_FROM;
    let mut media = MediaConfig::new(bind, ports);
    if !spare_ports {
        media.spare = 0;
    }
    let reports = reports.clone();
    let sink = Arc::new(move |event| {
        if let Some(event) = audio::event(event) {
            let _ = reports.send(Input::Media(event));
        }
    });
    Media::start(media, sink).map_err(StartError::Media)
}

fn stored(reports: &UnboundedSender<Input>) -> StoredSink {
    let reports = reports.clone();
    Box::new(move |id: StoreId, stored: bool| {
        let _ = reports.send(Input::Stored(id, stored));
    })
}

fn replied(reports: &UnboundedSender<Input>) -> services::ReplySink {
    let reports = reports.clone();
    Arc::new(move |id, reply| {
        let _ = reports.send(Input::Replied(id, reply));
    })
}

/// The instant, by both clocks.
fn now(started: Instant) -> Now {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Now {
        monotonic: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        unix_millis: i64::try_from(unix.as_millis()).unwrap_or(i64::MAX),
    }
}
