//! The processes of a recogniser: one from the start, more when callers speak at once, each started again when it
//! ends.
//!
//! A process that ends, answers late or breaks the protocol fails the utterance it had, and no other. While none
//! is alive nobody is listened to; the times between attempts to start one double up to a minute.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Mutex, Notify, oneshot, watch};
use tokio::task::JoinHandle;

use super::process::{Broken, Process};
use super::{Notices, Outcome, RecognizerConfig, Utterance};
use crate::metrics::Metrics;

/// A recogniser that does not work.
const CODE: &str = "F0770";
/// How long an utterance waits for a process that is free; its beginning is kept meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);
/// Utterances that may wait.
const QUEUE: usize = 1_000;
/// The time before the first attempt to start a process again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A process that is started again is relied upon when it has lived so long.
const PROBATION: Duration = Duration::from_millis(500);

struct Job {
    utterance: Utterance,
    /// Told when a process has it; closed when nobody waits for it any more.
    taken: oneshot::Sender<()>,
    done: oneshot::Sender<Outcome>,
}

/// What the processes share.
struct Shared {
    config: RecognizerConfig,
    jobs: Mutex<Receiver<Job>>,
    /// Processes that are relied upon, and those of them with nothing to do.
    alive: AtomicUsize,
    idle: AtomicUsize,
    /// Utterances that wait for one.
    waiting: AtomicUsize,
    /// Another process is wanted.
    demand: Notify,
    utterances: AtomicU64,
    notices: Notices,
    metrics: Arc<Metrics>,
}

/// The processes.
pub(super) struct Pool {
    jobs: Sender<Job>,
    shared: Arc<Shared>,
    keepers: Mutex<Vec<JoinHandle<()>>>,
}

impl Pool {
    /// Starts the first process.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(super) fn start(
        config: RecognizerConfig,
        notices: Notices,
        metrics: Arc<Metrics>,
        stopping: watch::Receiver<()>,
    ) -> io::Result<Pool> {
        let first = Process::start(&config)?;
        let processes = config.processes.max(1);
        let (jobs, incoming) = channel(QUEUE);
        let shared = Arc::new(Shared {
            config,
            jobs: Mutex::new(incoming),
            alive: AtomicUsize::new(1),
            idle: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            demand: Notify::new(),
            utterances: AtomicU64::new(0),
            notices,
            metrics,
        });
        shared.report();
        let mut keepers = vec![tokio::spawn(keep(shared.clone(), Some(first), stopping.clone()))];
        keepers.extend((1..processes).map(|_| tokio::spawn(keep(shared.clone(), None, stopping.clone()))));
        Ok(Pool { jobs, shared, keepers: Mutex::new(keepers) })
    }

    /// Whether anybody can listen.
    pub(super) fn is_up(&self) -> bool {
        self.shared.alive.load(Ordering::Relaxed) > 0
    }

    /// Has an utterance understood.
    pub(super) async fn understand(&self, utterance: Utterance) -> Outcome {
        let (taken, is_taken) = oneshot::channel();
        let (done, outcome) = oneshot::channel();
        if self.jobs.try_send(Job { utterance, taken, done }).is_err() {
            return Outcome::Busy;
        }
        let waiting = self.shared.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shared.idle.load(Ordering::Relaxed) < waiting {
            self.shared.demand.notify_one();
        }
        let is_taken = tokio::time::timeout(PATIENCE, is_taken).await;
        self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        match is_taken {
            Ok(Ok(())) => outcome.await.unwrap_or(Outcome::Failed),
            Ok(Err(_)) => Outcome::Failed,
            Err(_) => Outcome::Busy,
        }
    }

    /// Waits until every process has ended, which they do when the pool is told to stop.
    pub(super) async fn ended(&self) {
        for keeper in self.keepers.lock().await.drain(..) {
            let _ = keeper.await;
        }
    }
}

impl Shared {
    fn report(&self) {
        self.metrics.recognizers.store(self.alive.load(Ordering::Relaxed) as u64, Ordering::Relaxed);
    }

    fn came(&self) {
        self.alive.fetch_add(1, Ordering::Relaxed);
        self.report();
    }

    fn went(&self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
        self.report();
    }

    async fn next_job(&self) -> Job {
        match self.jobs.lock().await.recv().await {
            Some(job) => job,
            // The pool goes, and says so by its own way.
            None => std::future::pending().await,
        }
    }

    fn tell(&self, broken: &Broken, pause: Duration) {
        let program = self.config.command.first().map_or("", String::as_str);
        let deaf = if self.alive.load(Ordering::Relaxed) == 0 {
            ", until then callers have their keys only"
        } else {
            ""
        };
        let again = pause.as_secs_f32();
        (self.notices)(format!(
            "[{CODE}] the recogniser `{program}` {broken}; it is started again in {again} s{deaf}"
        ));
    }
}

/// Keeps one process alive until the pool stops; without a first one, from when it is wanted.
async fn keep(shared: Arc<Shared>, mut first: Option<Process>, mut stopping: watch::Receiver<()>) {
    if first.is_none() {
        tokio::select! {
            () = shared.demand.notified() => {}
            _ = stopping.changed() => return,
        }
    }
    let mut failures = 0;
    loop {
        let counted = first.is_some();
        let (mut process, end) = match first.take().map_or_else(|| Process::start(&shared.config), Ok) {
            Err(error) => (None, End::of(Broken(format!("cannot be started: {error}")))),
            Ok(mut process) => {
                let mut keeper = Keeper { shared: &shared, process: &mut process, failures: &mut failures };
                let end = tokio::select! {
                    end = keeper.serve(counted) => end,
                    _ = stopping.changed() => return process.kill().await,
                };
                (Some(process), end)
            }
        };
        failures += 1;
        shared.metrics.recognizer_failures.fetch_add(1, Ordering::Relaxed);
        let pause = FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(LONGEST_PAUSE);
        shared.tell(&end.broken, pause);
        // Last, so that the question which is put again knows that nobody listens.
        if let Some(unanswered) = end.unanswered {
            let _ = unanswered.send(Outcome::Failed);
        }
        if let Some(process) = &mut process {
            process.kill().await;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.changed() => return,
        }
    }
}

/// How the work of a process ended.
struct End {
    broken: Broken,
    /// The utterance that it had.
    unanswered: Option<oneshot::Sender<Outcome>>,
}

impl End {
    fn of(broken: Broken) -> End {
        End { broken, unanswered: None }
    }
}

/// One process at work.
struct Keeper<'a> {
    shared: &'a Shared,
    process: &'a mut Process,
    /// Times in a row that it failed.
    failures: &'a mut u32,
}

impl Keeper<'_> {
    /// Serves until the process breaks; says why. It may be given up at any point, and the process with it.
    async fn serve(&mut self, counted: bool) -> End {
        if !counted {
            if *self.failures > 0 {
                tokio::select! {
                    broken = self.process.ended() => return End::of(broken),
                    () = tokio::time::sleep(PROBATION) => {}
                }
            }
            self.shared.came();
        }
        let end = self.attend().await;
        self.shared.went();
        end
    }

    async fn attend(&mut self) -> End {
        loop {
            self.shared.idle.fetch_add(1, Ordering::Relaxed);
            let next = tokio::select! {
                job = self.shared.next_job() => Ok(job),
                broken = self.process.ended() => Err(broken),
            };
            self.shared.idle.fetch_sub(1, Ordering::Relaxed);
            let Job { utterance, taken, done } = match next {
                Ok(job) => job,
                Err(broken) => return End::of(broken),
            };
            if taken.send(()).is_err() {
                continue;
            }
            let id = self.shared.utterances.fetch_add(1, Ordering::Relaxed) + 1;
            match self.process.understand(id, utterance).await {
                Ok(outcome) => {
                    *self.failures = 0;
                    // A caller who is gone needs no answer.
                    let _ = done.send(outcome);
                }
                Err(broken) => return End { broken, unanswered: Some(done) },
            }
        }
    }
}
