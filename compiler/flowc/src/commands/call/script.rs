//! What the user types, as keys, words and commands: `1 "billing" 2s 1234# hangup`, or line by line, where a line
//! that is nothing else is said.

use super::people::Behaviour;
use flow_project::Problem;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// Press keys, once what is being said has been heard.
    Keys(String),
    /// Press keys at once: `!1`.
    CutIn(String),
    /// Say words, once what is being said has been heard: `"billing"`.
    Say(String),
    /// Say words at once: `!"billing"`.
    SayAtOnce(String),
    /// Let so many milliseconds pass: `45s`, `wait 45s`.
    Wait(u64),
    /// `hangup`.
    HangUp,
    /// `agent hangs up`.
    AgentHangsUp,
    /// `agent dana away`.
    Agent(String, Behaviour),
    /// `agent dana starts take_card`.
    Assist(String, String),
    /// `agent dana holds`, `agent dana resumes`.
    Hold(String, bool),
}

/// The words that commands begin with.
const COMMANDS: &[&str] = &["agent", "wait", "hang", "hangup", "agent-hangs-up"];

/// Reads lines: what is no command and no keys is what the caller says.
pub(super) fn parse_lines(text: &str) -> Result<Vec<Command>, Problem> {
    let mut commands = Vec::new();
    for line in text.lines() {
        commands.extend(parse_line(line)?);
    }
    Ok(commands)
}

/// Reads one line.
pub(super) fn parse_line(line: &str) -> Result<Vec<Command>, Problem> {
    let line = line.trim();
    let mut words = line.split_whitespace();
    let command = words.next().is_some_and(|first| COMMANDS.contains(&first)) && words.next().is_some();
    let said = line.chars().any(char::is_alphabetic) && !line.contains('"') && !line.starts_with('!');
    match parse(line) {
        Err(_) if said && !command => Ok(vec![Command::Say(line.to_owned())]),
        read => read,
    }
}

/// The words of a text; what stands in quotation marks is one, its marks and all.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let opening = if rest.starts_with("!\"") { 2 } else { usize::from(rest.starts_with('"')) };
        let closing = rest.get(opening..).filter(|_| opening > 0).and_then(|inner| inner.find('"'));
        let end = match closing {
            Some(at) => opening + at + 1,
            None => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// Reads words into commands.
pub(super) fn parse(text: &str) -> Result<Vec<Command>, Problem> {
    let words = split(text);
    let mut rest = words.as_slice();
    let mut commands = Vec::new();
    while !rest.is_empty() {
        let (command, used) = one(rest)?;
        commands.push(command);
        rest = &rest[used..];
    }
    Ok(commands)
}

fn one(words: &[&str]) -> Result<(Command, usize), Problem> {
    let problem = |what: String| {
        Problem {
        what,
        action: "write keys (`1234#`), words in quotation marks (`\"billing\"`), a time (`45s`), `!1` to cut in, `hangup`, `agent hangs up`, `agent NAME ready|busy|away`, `agent NAME starts FLOW` or `agent NAME holds|resumes`".into(),
    }
    };
    Ok(match words {
        ["hang", "up", ..] => (Command::HangUp, 2),
        ["hangup", ..] => (Command::HangUp, 1),
        ["agent", "hangs", "up", ..] => (Command::AgentHangsUp, 3),
        ["agent-hangs-up", ..] => (Command::AgentHangsUp, 1),
        ["agent", name, "starts", what, ..] => (Command::Assist((*name).to_owned(), (*what).to_owned()), 4),
        ["agent", name, "holds", ..] => (Command::Hold((*name).to_owned(), true), 3),
        ["agent", name, "resumes", ..] => (Command::Hold((*name).to_owned(), false), 3),
        ["agent", name, word, ..] => {
            let behaviour = word.parse().map_err(problem)?;
            (Command::Agent((*name).to_owned(), behaviour), 3)
        }
        ["wait", time, ..] => match duration(time) {
            Some(millis) => (Command::Wait(millis), 2),
            None => return Err(problem(format!("`{time}` is not a time"))),
        },
        [word, ..] => {
            let keys = word.strip_prefix('!').unwrap_or(word);
            let quoted = keys.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
            if let Some(said) = quoted.map(str::trim).filter(|said| !said.is_empty()) {
                let said = said.to_owned();
                return Ok((
                    if word.starts_with('!') { Command::SayAtOnce(said) } else { Command::Say(said) },
                    1,
                ));
            }
            let is_keys =
                !keys.is_empty() && keys.bytes().all(|key| key.is_ascii_digit() || b"*#ABCD".contains(&key));
            if is_keys && word.starts_with('!') {
                (Command::CutIn(keys.to_owned()), 1)
            } else if is_keys {
                (Command::Keys(keys.to_owned()), 1)
            } else if let Some(millis) = duration(word) {
                (Command::Wait(millis), 1)
            } else {
                return Err(problem(format!("`{word}` is neither keys nor a command")));
            }
        }
        [] => return Err(problem("nothing".to_owned())),
    })
}

/// `800ms`, `45s`, `2m`, `1h`, at most a day.
fn duration(word: &str) -> Option<u64> {
    let digits = word.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = word.split_at(digits);
    let scale = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(scale).filter(|millis| *millis <= 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_commands() {
        let commands =
            parse("1 !2 1234# 2s wait 45s\nagent dana away agent dana starts card agent dana holds agent hangs up hang up")
                .expect("all known");
        assert_eq!(
            commands,
            [
                Command::Keys("1".into()),
                Command::CutIn("2".into()),
                Command::Keys("1234#".into()),
                Command::Wait(2_000),
                Command::Wait(45_000),
                Command::Agent("dana".into(), Behaviour::Away),
                Command::Assist("dana".into(), "card".into()),
                Command::Hold("dana".into(), true),
                Command::AgentHangsUp,
                Command::HangUp,
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        for text in [
            "x",
            "wait",
            "wait long",
            "agent dana",
            "agent dana asleep",
            "!",
            "\"",
            "\"\"",
            "99999999999999h",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        for line in ["wait long", "agent dana asleep", "!x", "?"] {
            assert!(parse_line(line).is_err(), "{line}");
        }
    }

    #[test]
    fn words_are_said() {
        let say = |text: &str| Command::Say(text.to_owned());
        let at_once = Command::SayAtOnce("the first".into());
        let commands = parse("1 \"my bill, please\" !\"the first\" 2").expect("all known");
        assert_eq!(
            commands,
            [Command::Keys("1".into()), say("my bill, please"), at_once, Command::Keys("2".into())]
        );
        let lines = parse_lines("1\n my bill, please\nagent\nwait\n2s\n").expect("all known");
        let wait = Command::Wait(2_000);
        assert_eq!(
            lines,
            [Command::Keys("1".into()), say("my bill, please"), say("agent"), say("wait"), wait]
        );
    }
}
