//! Calls as stories that a person can read: one line for each thing that happened.
//!
//! Written by a thread of its own: a terminal that stands still must not hold up a call. What cannot be
//! written in time is left out, and the gap is said.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use flow_switch::boundary::{Story, StoryLine};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::threads;

/// Lines that may wait for the terminal.
const WAITING: usize = 4_096;
/// Refused strangers that are told of in one second.
const REFUSALS: u32 = 5;
/// Characters of a text from outside that are shown.
const LONGEST: usize = 200;

/// The way to the storyteller. Without one, nothing is told.
pub(crate) struct Stories {
    lines: Option<SyncSender<Told>>,
    teller: Option<JoinHandle<()>>,
    left_out: u64,
}

enum Told {
    Story(Story),
    CallOver(String),
    Refused {
        unix_millis: i64,
        source: SocketAddr,
        called: String,
        code: u16,
    },
    Notice {
        unix_millis: i64,
        text: String,
    },
    LeftOut(u64),
    /// Nothing more will be told, whoever could still tell of something.
    Over,
}

impl Stories {
    /// Starts the storyteller.
    pub(crate) fn start(out: Box<dyn Write + Send>, zone: TimeZone) -> std::io::Result<Stories> {
        let (lines, told) = sync_channel(WAITING);
        let teller = threads::vital("stories", move || Teller::new(out, zone).run(&told))?;
        Ok(Stories { lines: Some(lines), teller: Some(teller), left_out: 0 })
    }

    /// Tells nothing.
    pub(crate) fn silent() -> Stories {
        Stories { lines: None, teller: None, left_out: 0 }
    }

    pub(crate) fn tell(&mut self, story: Story) {
        self.send(Told::Story(story));
    }

    /// The call has its record; nothing more will be told of it.
    pub(crate) fn call_over(&mut self, call: &str) {
        self.send(Told::CallOver(call.to_owned()));
    }

    pub(crate) fn refused(&mut self, unix_millis: i64, source: SocketAddr, called: String, code: u16) {
        self.send(Told::Refused { unix_millis, source, called, code });
    }

    pub(crate) fn notice(&mut self, unix_millis: i64, text: String) {
        self.send(Told::Notice { unix_millis, text });
    }

    /// A way to tell notices from another thread. What cannot be told in time is left out.
    pub(crate) fn notices(&self) -> impl Fn(i64, String) + Send + Sync + 'static {
        let lines = self.lines.clone();
        move |unix_millis, text| {
            if let Some(lines) = &lines {
                let _ = lines.try_send(Told::Notice { unix_millis, text });
            }
        }
    }

    fn send(&mut self, told: Told) {
        let Some(lines) = &self.lines else { return };
        if self.left_out > 0 && lines.try_send(Told::LeftOut(self.left_out)).is_ok() {
            self.left_out = 0;
        }
        if let Err(TrySendError::Full(_)) = lines.try_send(told) {
            self.left_out += 1;
        }
    }

    /// Waits until everything is told.
    pub(crate) fn finish(mut self) {
        // Other threads may hold ways to tell notices for as long as the process lives.
        if let Some(lines) = self.lines.take() {
            let _ = lines.send(Told::Over);
        }
        if let Some(teller) = self.teller.take() {
            let _ = teller.join();
        }
    }
}

struct Teller {
    out: Box<dyn Write + Send>,
    zone: TimeZone,
    /// Short numbers of the calls in progress.
    numbers: BTreeMap<String, u64>,
    last_number: u64,
    refusal_second: i64,
    refusals: u32,
}

impl Teller {
    fn new(out: Box<dyn Write + Send>, zone: TimeZone) -> Teller {
        Teller { out, zone, numbers: BTreeMap::new(), last_number: 0, refusal_second: 0, refusals: 0 }
    }

    fn run(mut self, told: &Receiver<Told>) {
        while let Ok(first) = told.recv() {
            let mut text = String::new();
            let mut over = false;
            // What waits is written in one go.
            for told in std::iter::once(first).chain(told.try_iter().take(256)) {
                over |= matches!(told, Told::Over);
                if let Some(line) = self.line(told) {
                    text.push_str(&line);
                    text.push('\n');
                }
            }
            let _ = self.out.write_all(text.as_bytes());
            let _ = self.out.flush();
            if over {
                return;
            }
        }
    }

    fn line(&mut self, told: Told) -> Option<String> {
        Some(match told {
            Told::Story(story) => {
                let number = self.number(&story.call);
                let text = sentence(&story.line)?;
                format!("{}  call {number:<4} {text}", self.clock(story.unix_millis))
            }
            Told::Over => return None,
            Told::CallOver(call) => {
                self.numbers.remove(&call);
                return None;
            }
            Told::Refused { unix_millis, source, called, code } => {
                let second = unix_millis / 1_000;
                if self.refusal_second != second {
                    (self.refusal_second, self.refusals) = (second, 0);
                }
                self.refusals += 1;
                if self.refusals > REFUSALS {
                    return None;
                }
                let called = readable(&called);
                format!(
                    "{}  refused   {called} for {source}: {code} {}",
                    self.clock(unix_millis),
                    reason(code)
                )
            }
            Told::Notice { unix_millis, text } => format!("{}  {text}", self.clock(unix_millis)),
            Told::LeftOut(count) => {
                format!("… {count} lines left out: they came faster than they could be written")
            }
        })
    }

    fn number(&mut self, call: &str) -> u64 {
        if let Some(number) = self.numbers.get(call) {
            return *number;
        }
        self.last_number += 1;
        self.numbers.insert(call.to_owned(), self.last_number);
        self.last_number
    }

    fn clock(&self, unix_millis: i64) -> String {
        let instant = Timestamp::from_millisecond(unix_millis).unwrap_or(Timestamp::UNIX_EPOCH);
        let time = instant.to_zoned(self.zone.clone()).time();
        let millis = time.millisecond();
        format!("{:02}:{:02}:{:02}.{millis:03}", time.hour(), time.minute(), time.second())
    }
}

fn sentence(line: &StoryLine) -> Option<String> {
    Some(match line {
        StoryLine::Began { called, caller, flow } => {
            let caller = caller.as_deref().map_or_else(|| "somebody".to_owned(), readable);
            format!("{caller} calls {}: flow {flow}", readable(called))
        }
        StoryLine::Answered => "answered".to_owned(),
        StoryLine::Entered { kind, block } => format!("→ {kind} {block}"),
        StoryLine::Said(text) => format!("  says “{}”", readable(text)),
        StoryLine::Pressed(keys) => format!("  the caller presses {}", readable(keys)),
        StoryLine::Heard(text) => format!("  the caller says “{}”", readable(text)),
        StoryLine::NotUnderstood(text) if text.is_empty() => {
            "  the caller says what nobody understands".to_owned()
        }
        StoryLine::NotUnderstood(text) => {
            format!("  the caller says “{}”, which means nothing here", readable(text))
        }
        StoryLine::NoInput => "  the caller presses nothing".to_owned(),
        StoryLine::NoMatch(keys) => format!("  {} means nothing here", readable(keys)),
        StoryLine::Queued { queue, position } => format!("  waits in {queue}, number {position} in line"),
        StoryLine::Calling(who) => format!("  calls {}", readable(who)),
        StoryLine::NotReached { who, why } => format!("  {} does not come: {}", readable(who), readable(why)),
        StoryLine::Talking(with) => format!("  talks with {}", readable(with)),
        StoryLine::TalkEnded { with, by } => {
            format!("  the talk with {} is over, ended by {by}", readable(with))
        }
        StoryLine::Holding { who, held: true } => format!("  {} holds the line", readable(who)),
        StoryLine::Holding { who, held: false } => format!("  {} is back from hold", readable(who)),
        StoryLine::Assisting { by, label } => {
            format!("  {} starts “{}” and waits", readable(by), readable(label))
        }
        StoryLine::Assisted { label, result } => format!("  “{}”: {}", readable(label), readable(result)),
        StoryLine::Recording(who) => format!("  is recorded: {who}"),
        StoryLine::Conferring { room, others } => {
            format!("  is in the room {}, with {others} others", readable(room))
        }
        StoryLine::Recorded { name, millis } => {
            format!("  a message of {}.{} s is kept as {name}", millis / 1_000, millis % 1_000 / 100)
        }
        StoryLine::Rated { question, score: Some(score) } => format!("  {question}: {score}"),
        StoryLine::Rated { question, score: None } => format!("  {question}: no answer"),
        StoryLine::Marked { name, value: Some(value) } => format!("  mark {name} = {}", readable(value)),
        StoryLine::Marked { name, value: None } => format!("  mark {name}"),
        StoryLine::Requested(what) => format!("  asks {}", readable(what)),
        StoryLine::Replied { what, millis } => format!("  {what} answers after {millis} ms"),
        StoryLine::RequestFailed { what, why } => format!("  {what} fails: {}", readable(why)),
        StoryLine::Sent(what) => format!("  sends {}", readable(what)),
        StoryLine::NotStored(what) => format!("  the disk does not take {what}"),
        StoryLine::Fault { code, message, place } => format!("! {code} {} at {place}", readable(message)),
        StoryLine::Ended(how) => format!("■ {}", readable(how)),
        StoryLine::Noted(what) => format!("  {}", readable(what)),
    })
}

fn reason(code: u16) -> &'static str {
    match code {
        404 => "nobody has that address",
        488 => "no audio that both sides speak",
        400 => "the session description cannot be read",
        503 => "no room for another call",
        _ => "refused",
    }
}

/// Whether a character would steer a terminal, turn the direction of writing, or cannot be seen.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Texts from outside, without what could move a cursor, and not endless.
fn readable(text: &str) -> String {
    let mut out: String = text.chars().filter(|c| !steers(*c)).take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_call_reads_as_a_story() {
        let page = Arc::new(Mutex::new(Vec::new()));
        let mut stories = Stories::start(Box::new(Page(page.clone())), TimeZone::UTC).unwrap();
        let mut at = 1_772_539_200_000;
        for line in [
            StoryLine::Began {
                called: "support".into(),
                caller: Some("+15550123".into()),
                flow: "support".into(),
            },
            StoryLine::Answered,
            StoryLine::Entered { kind: "menu".into(), block: "main".into() },
            StoryLine::Said("For sales,\u{1b}[2J press 1.".into()),
            StoryLine::Pressed("1".into()),
            StoryLine::Ended("the caller hung up in main".into()),
        ] {
            at += 250;
            stories.tell(Story { call: "01h".into(), unix_millis: at, line });
        }
        stories.call_over("01h");
        for _ in 0..100 {
            stories.refused(at, "192.0.2.9:5060".parse().unwrap(), "sip:900@x".into(), 404);
        }
        stories.finish();
        insta::assert_snapshot!(String::from_utf8(page.lock().unwrap().clone()).unwrap());
    }
}
