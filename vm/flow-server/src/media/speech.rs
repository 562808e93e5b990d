//! The way of one utterance from a media thread to whoever recognises it.
//!
//! A media thread never waits: what is not fetched in time is dropped, and counted. Both ends work with the same two
//! buffers in turn, so that packets cost no memory of their own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Bytes that may wait: three seconds at 8 kHz.
const WAITING: usize = 3 * 16_000;

/// The media thread's end. Dropped before the utterance is over, it says that nobody listens any more.
pub(crate) struct SpeechPipe {
    shared: Arc<Shared>,
}

/// The recogniser's end.
pub(crate) struct Speech {
    shared: Arc<Shared>,
}

/// What comes next of an utterance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// More of it.
    Audio,
    /// It is over.
    Over,
    /// Nobody listens any more.
    Gone,
}

struct Shared {
    state: Mutex<State>,
    news: Notify,
    /// Samples that were dropped, of all utterances.
    dropped: Arc<AtomicU64>,
}

#[derive(Default)]
struct State {
    /// Samples, the low byte first.
    bytes: Vec<u8>,
    over: bool,
    gone: bool,
}

/// The two ends for one utterance. What is dropped is added to `dropped`.
pub(crate) fn pipe(dropped: Arc<AtomicU64>) -> (SpeechPipe, Speech) {
    let shared = Arc::new(Shared { state: Mutex::default(), news: Notify::new(), dropped });
    (SpeechPipe { shared: shared.clone() }, Speech { shared })
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpeechPipe {
    /// Hands samples over.
    pub(crate) fn hear(&self, samples: &[i16]) {
        {
            let mut state = self.shared.state();
            let room = WAITING.saturating_sub(state.bytes.len()) / 2;
            let (kept, lost) = samples.split_at(room.min(samples.len()));
            state.bytes.extend(kept.iter().flat_map(|sample| sample.to_le_bytes()));
            if !lost.is_empty() {
                self.shared.dropped.fetch_add(lost.len() as u64, Ordering::Relaxed);
            }
        }
        self.shared.news.notify_one();
    }

    /// The utterance is over.
    pub(crate) fn over(self) {
        self.shared.state().over = true;
    }
}

impl Drop for SpeechPipe {
    fn drop(&mut self) {
        self.shared.state().gone = true;
        self.shared.news.notify_one();
    }
}

impl Speech {
    /// Waits for what comes next. Audio is put in place of what is in `buffer`. It may be given up at any point.
    pub(crate) async fn next(&mut self, buffer: &mut Vec<u8>) -> Next {
        loop {
            {
                let mut state = self.shared.state();
                if !state.bytes.is_empty() && (!state.gone || state.over) {
                    buffer.clear();
                    std::mem::swap(buffer, &mut state.bytes);
                    return Next::Audio;
                }
                if state.over {
                    return Next::Over;
                }
                if state.gone {
                    return Next::Gone;
                }
            }
            self.shared.news.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn all_of_an_utterance_arrives_and_then_its_end() {
        let (pipe, mut speech) = pipe(Arc::default());
        let talker = std::thread::spawn(move || {
            for packet in 0..50i16 {
                pipe.hear(&[packet; 160]);
            }
            pipe.over();
        });
        let (mut all, mut buffer) = (Vec::new(), Vec::new());
        let end = wait(async {
            loop {
                match speech.next(&mut buffer).await {
                    Next::Audio => all.extend_from_slice(&buffer),
                    end => return end,
                }
            }
        });
        talker.join().unwrap();
        assert_eq!(end, Next::Over);
        let expected: Vec<u8> = (0..50i16).flat_map(|packet| packet.to_le_bytes().repeat(160)).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn what_nobody_fetches_is_dropped_and_counted() {
        let dropped = Arc::new(AtomicU64::new(0));
        let (pipe, mut speech) = pipe(dropped.clone());
        for _ in 0..200 {
            pipe.hear(&[1; 160]);
        }
        assert_eq!(dropped.load(Ordering::Relaxed), 200 * 160 - 24_000);
        let mut buffer = Vec::new();
        assert_eq!(wait(speech.next(&mut buffer)), Next::Audio);
        assert_eq!(buffer.len(), WAITING);
        drop(pipe);
        assert_eq!(wait(speech.next(&mut buffer)), Next::Gone);
    }
}
