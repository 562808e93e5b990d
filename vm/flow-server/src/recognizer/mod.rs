//! Who understands what callers say: a provider behind one small interface, on a thread of its own.
//!
//! An utterance is asked for with [`Recognizer::listen`]; what comes of it is told to the sink, once or not at all.
//! Whatever becomes of a provider, nobody waits for it: it fails, and the menu goes on by keys. What was said is
//! in no log of ours.

#![allow(clippy::disallowed_methods)]

mod pool;
mod process;
mod protocol;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use flow_node::SessionId;
use flow_switch::boundary::{Hints, Hypothesis, ListenId};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::media::{Next, Speech};
use crate::metrics::Metrics;
use crate::threads;
use pool::Pool;

/// How long the end of the provider is waited for.
const FAREWELL: Duration = Duration::from_secs(2);

/// Who listens, as the deployment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognizerConfig {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Where it runs.
    pub folder: PathBuf,
    /// The languages that it understands: `en`, `es-MX`.
    pub languages: Vec<String>,
    /// Processes of it at most, each of which understands one caller at a time.
    pub processes: usize,
}

/// One utterance to be understood.
pub(crate) struct Request {
    /// Of which session.
    pub(crate) session: SessionId,
    /// Its name.
    pub(crate) listening: ListenId,
    /// What is spoken.
    pub(crate) language: String,
    /// What is likely.
    pub(crate) hints: Hints,
    /// The audio.
    pub(crate) speech: Speech,
}

/// What comes of an utterance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// Its first word was understood.
    Word,
    /// All of it; empty when nobody understood it.
    Heard(Vec<Hypothesis>),
    /// Nobody can listen now.
    Failed,
}

/// Where it is told. It must not block.
pub(crate) type Sink = Arc<dyn Fn(SessionId, ListenId, Told) + Send + Sync>;
/// Where the people of the deployment are told of the provider.
pub(crate) type Notices = Arc<dyn Fn(String) + Send + Sync>;

/// How a provider ended with an utterance.
enum Outcome {
    Heard(Vec<Hypothesis>),
    /// Every process is taken.
    Busy,
    /// The provider said why it cannot.
    Refused(String),
    /// It broke.
    Failed,
    /// Nobody waits for it.
    Gone,
}

/// An utterance in the hands of a provider.
struct Utterance {
    language: String,
    hints: Hints,
    speech: Speech,
    /// The first audio.
    audio: Vec<u8>,
    /// Tells the first word.
    word: Box<dyn Fn() + Send>,
}

/// The running provider. Dropping it ends it.
pub(crate) struct Recognizer {
    requests: Option<UnboundedSender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Recognizer {
    /// Starts the provider.
    ///
    /// # Errors
    /// When its program cannot be run at all.
    pub(crate) fn start(
        config: RecognizerConfig,
        sink: Sink,
        notices: Notices,
        metrics: Arc<Metrics>,
    ) -> io::Result<Recognizer> {
        let (requests, mut incoming) = unbounded_channel::<Request>();
        let (started, result) = std::sync::mpsc::channel();
        let thread = threads::vital("recognizer", move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(started.send(Err(error))),
            };
            runtime.block_on(async {
                let (stop, stopping) = watch::channel(());
                let languages = config.languages.clone();
                let pool = match Pool::start(config, notices.clone(), metrics.clone(), stopping) {
                    Ok(pool) => pool,
                    Err(error) => return drop(started.send(Err(error))),
                };
                let _ = started.send(Ok(()));
                let desk = Arc::new(Desk { pool, languages, sink, notices, metrics });
                while let Some(request) = incoming.recv().await {
                    tokio::spawn(desk.clone().attend(request));
                }
                drop(stop);
                let _ = tokio::time::timeout(FAREWELL, desk.pool.ended()).await;
            });
        })?;
        match result.recv() {
            Ok(Ok(())) => Ok(Recognizer { requests: Some(requests), thread: Some(thread) }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(io::Error::other("its thread ended")),
        }
    }

    /// Asks for an utterance to be understood.
    pub(crate) fn listen(&self, request: Request) {
        if let Some(requests) = &self.requests {
            // A provider that is gone goes with the server.
            let _ = requests.send(request);
        }
    }
}

impl Drop for Recognizer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Where utterances come in.
struct Desk {
    pool: Pool,
    languages: Vec<String>,
    sink: Sink,
    notices: Notices,
    metrics: Arc<Metrics>,
}

impl Desk {
    async fn attend(self: Arc<Self>, request: Request) {
        let Request { session, listening, language, hints, mut speech } = request;
        // Known before anybody has said a word, so that the question need not offer what nobody hears.
        if !self.understands(&language) || !self.pool.is_up() {
            self.metrics.listened("unavailable");
            return (self.sink)(session, listening, Told::Failed);
        }
        let mut audio = Vec::new();
        match speech.next(&mut audio).await {
            Next::Audio => {}
            Next::Over => {
                self.metrics.listened("not_understood");
                return (self.sink)(session, listening, Told::Heard(Vec::new()));
            }
            Next::Gone => return self.metrics.listened("unheard"),
        }
        let sink = self.sink.clone();
        let word = Box::new(move || sink(session, listening, Told::Word));
        let utterance = Utterance { language, hints, speech, audio, word };
        let (count, told) = match self.pool.understand(utterance).await {
            Outcome::Heard(hypotheses) if hypotheses.is_empty() => {
                ("not_understood", Told::Heard(hypotheses))
            }
            Outcome::Heard(hypotheses) => ("understood", Told::Heard(hypotheses)),
            Outcome::Busy => ("busy", Told::Failed),
            Outcome::Refused(reason) => {
                (self.notices)(format!("the recogniser refused to listen: {reason}"));
                ("failed", Told::Failed)
            }
            Outcome::Failed => ("failed", Told::Failed),
            Outcome::Gone => return self.metrics.listened("unheard"),
        };
        self.metrics.listened(count);
        (self.sink)(session, listening, told);
    }

    /// Whether a language, or its base, is one of those that were configured.
    fn understands(&self, language: &str) -> bool {
        let base = |code: &str| code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        self.languages
            .iter()
            .any(|own| own.eq_ignore_ascii_case(language) || *own == base(language) || base(own) == language)
    }
}
