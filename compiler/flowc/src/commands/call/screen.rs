//! What the terminal shows of a call: one line for each thing that happens, with the clock of the call.

use flow_diagnostics::render::harmless;
use std::io::Write;

use flow_bytecode::VerifiedProgram;
use flow_sim::flow_switch::Listens;
use flow_sim::flow_switch::boundary::{CallRecord, LegId, Outcome, StoryLine};
use flow_sim::{What, World};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::people::{ANSWERS_AFTER, Behaviour, TALKS};

/// The terminal.
pub(super) struct Screen<'a> {
    program: &'a VerifiedProgram,
    zone: TimeZone,
    out: &'a mut dyn Write,
    caller: Option<LegId>,
}

impl<'a> Screen<'a> {
    pub(super) fn new(program: &'a VerifiedProgram, zone: TimeZone, out: &'a mut dyn Write) -> Self {
        Self { program, zone, out, caller: None }
    }

    pub(super) fn program(&self) -> &'a VerifiedProgram {
        self.program
    }

    pub(super) fn caller(&mut self, caller: LegId) {
        self.caller = Some(caller);
    }

    fn clock(&self, unix_millis: i64) -> String {
        let instant = Timestamp::from_millisecond(unix_millis).unwrap_or_default();
        self.zone.to_datetime(instant).strftime("%H:%M:%S").to_string()
    }

    /// A reader that is gone (`flowc call … | head`) ends nothing: the lines are for nobody then.
    fn line(&mut self, unix_millis: i64, text: &str) {
        let clock = self.clock(unix_millis);
        // What a caller or a service said is one line, and steers no terminal.
        let text = harmless(text).replace('\n', " ");
        let _ = writeln!(self.out, "{clock}  {text}");
    }

    /// The head: the day, and how people behave.
    pub(super) fn begin(&mut self, unix_millis: i64, agents: &Behaviour) {
        let instant = Timestamp::from_millisecond(unix_millis).unwrap_or_default();
        let day = self.zone.to_datetime(instant).strftime("%A %-d %B %Y").to_string();
        let zone = self.zone.iana_name().unwrap_or("UTC").to_owned();
        let people = match agents {
            Behaviour::Ready => format!(
                "whoever is rung answers after {} s and talks for {} s (`agent hangs up` ends it)",
                ANSWERS_AFTER / 1000,
                TALKS / 1000
            ),
            Behaviour::Busy => "whoever is rung is busy".into(),
            Behaviour::Away => "nobody is there".into(),
            Behaviour::Silent => "whoever is rung lets it ring".into(),
        };
        let _ = writeln!(self.out, "{day}, {zone}; {people}");
    }

    /// Keys that the user pressed.
    pub(super) fn typed(&mut self, world: &World, keys: &str) {
        // A secret is masked in the story; here the user has typed it and sees that keys went out.
        let dots = "•".repeat(keys.len());
        let shown = if self.is_secret(world) { dots.as_str() } else { keys };
        self.line(world.now().unix_millis, &format!("        > {shown}"));
    }

    /// What the user said, as far as somebody listens.
    pub(super) fn said(&mut self, world: &World, words: &str, secret: bool, listened_to: bool) {
        let shown = if secret { "••••" } else { words };
        self.line(world.now().unix_millis, &format!("        caller says \"{shown}\""));
        if !listened_to {
            self.note(world, "nobody listens to words here; press a key");
        }
    }

    /// Whether what is typed now may be taken as a secret.
    pub(super) fn is_secret(&self, world: &World) -> bool {
        match self.caller.and_then(|caller| world.switch().listens(caller)) {
            Some(Listens::Secret) => true,
            // Nobody knows yet who will take it.
            Some(Listens::Ahead) => self.program.forms.iter().any(|form| form.secret),
            Some(Listens::Open) | None => false,
        }
    }

    /// Something about the terminal itself.
    pub(super) fn note(&mut self, world: &World, text: &str) {
        self.line(world.now().unix_millis, &format!("({text})"));
    }

    /// Shows what has happened since the last time.
    pub(super) fn show(&mut self, world: &mut World) {
        for seen in world.seen() {
            if let Some(text) = self.tell(&seen.what) {
                self.line(seen.unix_millis, &text);
            }
        }
        let _ = self.out.flush();
    }

    fn tell(&self, what: &What) -> Option<String> {
        Some(match what {
            What::Heard(heard) if heard.words.is_empty() => return None,
            What::Heard(heard) => match &heard.address {
                Some(address) => format!("        {} hears: {}", self.who(address), heard.words),
                None if heard.music => format!("        ♪ {}", heard.words.trim_matches(['[', ']'])),
                None => format!("        {}", heard.words),
            },
            What::Shown { agent, fields } => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("        {agent} sees {}", fields.join(", "))
            }
            What::Declined(_, code) => format!("refused with {code}"),
            What::Left(message) => {
                format!("        a message of {} s for {}", message.millis.div_ceil(1000), message.deliver_to)
            }
            What::Sent(_) => return None,
            What::Story(story) => return self.story_line(&story.line),
            // Silence is nothing to be heard, and the story tells of recordings.
            What::Recording(_) => return None,
            What::Rings { .. } | What::HungUp(_) | What::Joined(..) | What::Record(_) => return None,
        })
    }

    /// An agent's name for an address that is an agent's.
    fn who<'b>(&'b self, who: &'b str) -> &'b str {
        let text = |id: u32| self.program.texts[id as usize].as_str();
        let agent = self.program.agents.iter().find(|agent| text(agent.address) == who);
        agent.map_or(who, |agent| text(agent.name))
    }

    fn story_line(&self, line: &StoryLine) -> Option<String> {
        Some(match line {
            StoryLine::Began { called, caller, flow } => {
                let caller = caller.as_deref().unwrap_or("a withheld number");
                let to = if called.is_empty() { String::new() } else { format!(" to {called}") };
                format!("call from {caller}{to}, flow {flow}")
            }
            StoryLine::Entered { kind, block } => format!("[{kind} {block}]"),
            StoryLine::NotUnderstood(_) => "        (not understood)".into(),
            StoryLine::NoInput => "        (no key)".into(),
            StoryLine::NoMatch(keys) => format!("        ({keys}: not a choice)"),
            StoryLine::Queued { queue, position } => {
                format!("        in line for {queue}, number {position}")
            }
            StoryLine::Calling(who) => format!("        {}'s phone rings", self.who(who)),
            StoryLine::NotReached { who, why } => format!("        {} does not come: {why}", self.who(who)),
            StoryLine::Talking(who) => format!("        the caller and {} talk", self.who(who)),
            StoryLine::TalkEnded { with, by } => match by.as_str() {
                "agent" => format!("        {} hangs up", self.who(with)),
                "caller" | "server" => format!("        the talk with {} is over", self.who(with)),
                _ => format!("        {} is lost", self.who(with)),
            },
            StoryLine::Holding { who, held: true } => format!("        {} holds the line", self.who(who)),
            StoryLine::Holding { who, held: false } => format!("        {} is back from hold", self.who(who)),
            StoryLine::Assisting { by, label } => {
                format!("        {} starts \"{label}\" and waits", self.who(by))
            }
            StoryLine::Assisted { label, result } => format!("        \"{label}\": {result}"),
            StoryLine::Recording(who) => format!("        (recorded: {who})"),
            StoryLine::Conferring { room, others } => {
                format!("        in the room {room}, with {others} others")
            }
            StoryLine::Recorded { name, .. } => format!("        stored as {name}"),
            StoryLine::Rated { question, score } => match score {
                Some(score) => format!("        {question}: {score}"),
                None => format!("        {question}: no answer"),
            },
            StoryLine::Marked { name, value } => match value {
                Some(value) => format!("        mark {name} = {value}"),
                None => format!("        mark {name}"),
            },
            StoryLine::Requested(what) => format!("        asks {what}"),
            StoryLine::Replied { what, millis } => format!("        {what} answers after {millis} ms"),
            StoryLine::RequestFailed { what, why } => format!("        {what} fails: {why}"),
            StoryLine::Sent(what) => format!("        sends {what}"),
            StoryLine::NotStored(what) => format!("        the disk does not take {what}"),
            StoryLine::Fault { code, message, place } => format!("fault {code} at {place}: {message}"),
            StoryLine::Ended(how) => format!("the call is over: {how}"),
            StoryLine::Noted(what) => format!("        {what}"),
            // What is heard is shown as it is heard, and keys as they are typed.
            StoryLine::Answered | StoryLine::Said(_) | StoryLine::Pressed(_) | StoryLine::Heard(_) => {
                return None;
            }
        })
    }

    /// The call's record, in three lines.
    pub(super) fn end(&mut self, world: &World) {
        for record in world.records() {
            let [first, second, third] = record_lines(record).map(|line| harmless(&line).replace('\n', " "));
            let _ = writeln!(self.out, "record  {first}\nway     {second}\nalso    {third}");
        }
        let _ = self.out.flush();
    }
}

fn seconds(millis: u64) -> String {
    format!("{}.{} s", millis / 1000, millis % 1000 / 100)
}

fn record_lines(record: &CallRecord) -> [String; 3] {
    let outcome = match &record.outcome {
        Outcome::Ended { block } => format!("ended in {block}"),
        Outcome::CallerHungUp { block } => format!("the caller hung up in {block}"),
        Outcome::Lost { block } => format!("lost in {block}"),
        Outcome::Declined { code } => format!("refused with {code}"),
        Outcome::Fault { code, place, .. } => format!("fault {code} at {place}"),
        Outcome::Shutdown { block } => format!("stopped in {block}"),
        Outcome::Transferred { block, to } => format!("handed on to {to} in {block}"),
        Outcome::NotReached { why } => format!("not reached: {}", why.replace('_', " ")),
        Outcome::TooLong { block } => format!("too long, in {block}"),
    };
    let answered = match record.answered_after {
        Some(after) => format!("answered after {}", seconds(after)),
        None => "never answered".into(),
    };
    let way: Vec<&str> = record.way.iter().map(|step| step.block.as_str()).collect();
    let mut more = Vec::new();
    for visit in &record.queues {
        more.push(format!("queue {} {} ({})", visit.queue, seconds(visit.waited), visit.outcome));
    }
    for talk in &record.talks {
        more.push(format!("talk with {} {} (ended by {})", talk.with, seconds(talk.millis), talk.ended_by));
    }
    for rating in &record.ratings {
        let score = rating.score.map_or_else(|| "none".to_owned(), |score| score.to_string());
        more.push(format!("{} {score}", rating.question));
    }
    for mark in &record.marks {
        more.push(match &mark.value {
            Some(value) => format!("mark {} = {value}", mark.name),
            None => format!("mark {}", mark.name),
        });
    }
    for assist in &record.assists {
        let result = assist.result.as_deref().unwrap_or("not finished");
        more.push(format!("assist \"{}\" by {}: {result}", assist.label, assist.by));
    }
    for visit in &record.conferences {
        more.push(format!("room {} {} ({})", visit.room, seconds(visit.millis), visit.outcome));
    }
    for recording in &record.recordings {
        more.push(format!("recording {recording}"));
    }
    for callback in &record.callbacks {
        more.push(format!("call back {callback}"));
    }
    if let Some(placed) = &record.placed {
        more.push(format!("for {} {}, call {}", placed.kind, placed.of, placed.attempt));
    }
    for asked in &record.requests {
        let failed = asked.failed.as_deref().map_or(String::new(), |why| format!(" ({why})"));
        more.push(format!("{} {}{failed}", asked.what, seconds(asked.millis)));
    }
    for sent in &record.sends {
        more.push(format!("sent {sent}"));
    }
    for message in &record.messages {
        more.push(format!("message {message}"));
    }
    if more.is_empty() {
        more.push("nothing else".into());
    }
    [format!("{outcome}, {}, {answered}", seconds(record.duration)), way.join(" > "), more.join("; ")]
}
