//! What the user types, as keys and commands: `1 2s 1234# hangup`, or line by line.

use super::people::Behaviour;
use flow_project::Problem;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// Press keys, once what is being said has been heard.
    Keys(String),
    /// Press keys at once: `!1`.
    CutIn(String),
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

/// Reads words into commands.
pub(super) fn parse(text: &str) -> Result<Vec<Command>, Problem> {
    let words: Vec<&str> = text.split_whitespace().collect();
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
        action: "write keys (`1234#`), a time (`45s`), `!1` to cut in, `hangup`, `agent hangs up`, `agent NAME ready|busy|away`, `agent NAME starts FLOW` or `agent NAME holds|resumes`".into(),
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
        for text in ["x", "wait", "wait long", "agent dana", "agent dana asleep", "!", "99999999999999h"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
