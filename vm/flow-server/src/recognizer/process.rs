//! One process of a recogniser: its pipes, and one utterance at a time.
//!
//! It is trusted with nothing: each write and each answer has its time, each line its length. Whatever it does not
//! keep to makes it [`Broken`], and then it is killed.

use std::fmt;
use std::io;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

use super::protocol::{self, Answer};
use super::{Outcome, RecognizerConfig, Utterance};
use crate::media::Next;

/// How long it may take what we write.
const WRITING: Duration = Duration::from_secs(2);
/// How long an answer may take after the caller has said all.
const ANSWER: Duration = Duration::from_secs(5);
/// How long a killed process is waited for.
const DYING: Duration = Duration::from_secs(1);
/// How long the last words of one that has ended are waited for.
const LAST_READING: Duration = Duration::from_millis(200);
/// Bytes of a line.
const LONGEST_LINE: usize = 64 * 1024;
/// Lines about one utterance, and bytes of audio in one piece.
const MOST_LINES: usize = 1_000;
const PIECE: usize = 16_000;
/// Bytes of its last words on standard error that are kept.
const LAST_WORDS: usize = 300;

/// Why a process is of no more use, in words that follow its name.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A running process. It is killed when this is dropped.
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// What was read and is no whole line yet.
    unread: Vec<u8>,
    last_words: Arc<Mutex<Vec<u8>>>,
    /// Reads them.
    last_reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts it. It is out of reach of the terminal's Ctrl-C: calls in progress may still speak.
    ///
    /// # Errors
    /// When the system cannot run it.
    pub(super) fn start(config: &RecognizerConfig) -> io::Result<Process> {
        let (program, arguments) = config
            .command
            .split_first()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no command"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(&config.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let missing = || io::Error::other("it has no pipes");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let errors = child.stderr.take();
        let last_reader = errors.map(|errors| tokio::spawn(remember(errors, last_words.clone())));
        Ok(Process { child, input, output, unread: Vec::new(), last_words, last_reader })
    }

    /// Waits for its end, which is never asked for while it is needed.
    pub(super) async fn ended(&mut self) -> Broken {
        let status = self.child.wait().await;
        let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        if let Some(reader) = self.last_reader.take() {
            let _ = timeout(LAST_READING, reader).await;
        }
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words);
        let last = words.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        let said: String = last.chars().filter(|character| !character.is_control()).collect();
        Broken(if said.is_empty() { format!("ended ({how})") } else { format!("ended ({how}): {said}") })
    }

    /// It closed a pipe: most likely it has ended, and then that is the reason.
    async fn closed(&mut self, pipe: &str) -> Broken {
        timeout(DYING, self.ended()).await.unwrap_or_else(|_| Broken(format!("closed its {pipe}")))
    }

    /// Ends it for good.
    pub(super) async fn kill(&mut self) {
        // One that has ended is only waited for, so that no zombie stays.
        let _ = self.child.start_kill();
        let _ = timeout(DYING, self.child.wait()).await;
    }

    /// Has it understand an utterance.
    ///
    /// # Errors
    /// When it ended, was too slow, or said what is not of the protocol.
    pub(super) async fn understand(&mut self, id: u64, mut utterance: Utterance) -> Result<Outcome, Broken> {
        self.write(protocol::start(id, &utterance.language, &utterance.hints).as_bytes()).await?;
        let mut audio = std::mem::take(&mut utterance.audio);
        self.send(id, &audio).await?;
        // When it has all, the time until which it answers.
        let mut deadline: Option<Instant> = None;
        let mut worded = false;
        for _ in 0..MOST_LINES {
            let line = loop {
                let due = async {
                    match deadline {
                        Some(deadline) => sleep_until(deadline).await,
                        None => std::future::pending().await,
                    }
                };
                let next = tokio::select! {
                    line = line(&mut self.output, &mut self.unread) => break line?,
                    next = utterance.speech.next(&mut audio), if deadline.is_none() => next,
                    () = due => {
                        return Err(Broken(format!("gave no answer within {} s", ANSWER.as_secs())));
                    }
                };
                match next {
                    Next::Audio => self.send(id, &audio).await?,
                    Next::Over => {
                        self.write(protocol::end(id).as_bytes()).await?;
                        deadline = Some(Instant::now() + ANSWER);
                    }
                    Next::Gone => {
                        self.write(protocol::cancel(id).as_bytes()).await?;
                        return Ok(Outcome::Gone);
                    }
                }
            };
            let Some(line) = line else { return Err(self.closed("output").await) };
            let outcome = match protocol::read(&line, id) {
                Ok(Answer::Nothing) => continue,
                Ok(Answer::Word) => {
                    if !std::mem::replace(&mut worded, true) {
                        (utterance.word)();
                    }
                    continue;
                }
                Ok(Answer::Heard(hypotheses)) => Outcome::Heard(hypotheses),
                Ok(Answer::Refused(reason)) => Outcome::Refused(reason),
                Err(error) => return Err(Broken(format!("said what is not of the protocol ({error})"))),
            };
            if deadline.is_none() {
                // It knew before the caller had ended; the rest is of no use.
                self.write(protocol::cancel(id).as_bytes()).await?;
            }
            return Ok(outcome);
        }
        Err(Broken(format!("said more than {MOST_LINES} lines about one utterance")))
    }

    async fn send(&mut self, id: u64, audio: &[u8]) -> Result<(), Broken> {
        for piece in audio.chunks(PIECE) {
            self.write(protocol::audio(id, piece.len()).as_bytes()).await?;
            self.write(piece).await?;
        }
        Ok(())
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        match timeout(WRITING, self.input.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.closed("input").await),
            Err(_) => Err(Broken(format!("took no audio for {} s", WRITING.as_secs()))),
        }
    }
}

/// The next line; none when there will be no more. It may be given up at any point.
async fn line(output: &mut ChildStdout, unread: &mut Vec<u8>) -> Result<Option<Vec<u8>>, Broken> {
    loop {
        if let Some(end) = unread.iter().position(|byte| *byte == b'\n') {
            let rest = unread.split_off(end + 1);
            return Ok(Some(std::mem::replace(unread, rest)));
        }
        if unread.len() > LONGEST_LINE {
            return Err(Broken(format!("said a line of more than {LONGEST_LINE} bytes")));
        }
        match output.read_buf(unread).await {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(Broken(format!("cannot be read: {error}"))),
        }
    }
}

/// Reads what it says on standard error, so that it never waits for us, and keeps the end of it.
async fn remember(mut errors: ChildStderr, last_words: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1_024];
    while let Ok(count @ 1..) = errors.read(&mut buffer).await {
        let mut words = last_words.lock().unwrap_or_else(PoisonError::into_inner);
        words.extend_from_slice(&buffer[..count]);
        let surplus = words.len().saturating_sub(LAST_WORDS);
        words.drain(..surplus);
    }
}
