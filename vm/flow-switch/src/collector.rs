//! The one collector of keys: what the keys pressed so far mean, given the choices and the form that are
//! asked for. Menus, collections, ratings and the choices of a queue all use it. It is pure: it knows neither
//! time nor calls; when keys could mean more than one thing it says so, and its user waits for the gap.

use flow_bytecode::program::{Form, FormTable, KeyTable};

/// As many keys as are kept ahead of their use; those beyond are lost.
pub const TYPED_AHEAD: usize = 64;

/// What may be pressed.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Choices by key.
    pub table: &'a KeyTable,
    /// Bit by choice: whether it is live. Choices past the 64th always are.
    pub live: u64,
    /// The program's texts.
    pub texts: &'a [String],
    /// A value that may be entered instead.
    pub form: Option<&'a FormTable>,
    /// A number that may be entered instead, both ends included.
    pub range: Option<(i64, i64)>,
}

/// What keys mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The choice of this index.
    Choice(u16),
    /// A value of the form: the first so many keys.
    Value(usize),
    /// A number of the range.
    Number(i64),
}

/// What to do after a key or a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Another key, or the gap, decides.
    More,
    /// This was meant. An unused key is typed ahead.
    Is {
        /// What.
        answer: Answer,
        /// Whether the last key was no part of it.
        unused: bool,
    },
    /// Nothing that was asked for.
    NoMatch,
}

struct Judged {
    complete: Option<Answer>,
    longer: bool,
}

/// Keys of one question, as they come.
#[derive(Debug, Clone, Default)]
pub struct Collector {
    entered: Vec<u8>,
}

impl Collector {
    /// The keys so far, in ASCII.
    pub fn entered(&self) -> &[u8] {
        &self.entered
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.entered.clear();
    }

    /// Takes one more key.
    pub fn press(&mut self, offer: &Offer<'_>, key: u8) -> Verdict {
        self.entered.push(key);
        let judged = offer.judge(&self.entered);
        if judged.longer && self.entered.len() < TYPED_AHEAD {
            return Verdict::More;
        }
        if let Some(answer) = judged.complete {
            return Verdict::Is { answer, unused: false };
        }
        // The key leads nowhere. In a value, a key that is a choice by itself was meant as that choice
        // ("* to start again"); else what was complete before it stands, and the key is for what follows.
        if offer.form.is_some()
            && let Some(answer @ Answer::Choice(_)) = offer.judge(&[key]).complete
        {
            return Verdict::Is { answer, unused: false };
        }
        let before = &self.entered[..self.entered.len() - 1];
        match offer.judge(before).complete {
            Some(answer) if !before.is_empty() => Verdict::Is { answer, unused: true },
            _ => Verdict::NoMatch,
        }
    }

    /// No key came in time: what is complete was meant.
    pub fn gap(&self, offer: &Offer<'_>) -> Verdict {
        match offer.judge(&self.entered).complete {
            Some(answer) => Verdict::Is { answer, unused: false },
            None => Verdict::NoMatch,
        }
    }
}

impl Offer<'_> {
    fn judge(&self, keys: &[u8]) -> Judged {
        let mut judged = Judged { complete: None, longer: false };
        for (index, choice) in self.table.choices.iter().enumerate() {
            if index < 64 && self.live & (1 << index) == 0 {
                continue;
            }
            let wanted = self.texts.get(choice.keys as usize).map_or(&b""[..], |text| text.as_bytes());
            if wanted == keys {
                judged.complete.get_or_insert(Answer::Choice(index as u16));
            } else if wanted.starts_with(keys) {
                judged.longer = true;
            }
        }
        if let Some(form) = self.form {
            judge_form(form, keys, &mut judged);
        }
        if let Some((low, high)) = self.range {
            judge_range(low, high, keys, &mut judged);
        }
        judged
    }
}

/// Whether a key may stand in a value.
fn fits(form: &FormTable, key: u8) -> bool {
    match form.form {
        Form::YesNo => matches!(key, b'1' | b'2'),
        Form::Money(_) => key.is_ascii_digit() || key == b'*',
        Form::Speech => false,
        _ => key.is_ascii_digit(),
    }
}

/// Whether keys that were said are as many as a value has, and of the right kind.
pub(crate) fn is_value(form: &FormTable, keys: &[u8]) -> bool {
    let (least, most) = (usize::from(form.length.0), usize::from(form.length.1));
    !keys.is_empty() && (least..=most).contains(&keys.len()) && keys.iter().all(|key| fits(form, *key))
}

fn judge_form(form: &FormTable, keys: &[u8], judged: &mut Judged) {
    if !form.by_key {
        return;
    }
    let (least, most) = (usize::from(form.length.0), usize::from(form.length.1));
    let fits = |key: &u8| fits(form, *key);
    if let (Some(until), Some((last, value))) = (form.until, keys.split_last())
        && *last == until
    {
        if value.len() >= least && value.len() <= most && value.iter().all(fits) {
            judged.complete.get_or_insert(Answer::Value(value.len()));
        }
        return;
    }
    if keys.len() > most || !keys.iter().all(fits) {
        return;
    }
    if keys.len() >= least && !keys.is_empty() {
        judged.complete.get_or_insert(Answer::Value(keys.len()));
    }
    // A fixed length ends by itself; its `until` key may follow and is swallowed by the caller of this.
    judged.longer |= keys.len() < most || (form.until.is_some() && least < most);
}

fn judge_range(low: i64, high: i64, keys: &[u8], judged: &mut Judged) {
    for number in low..=high.min(low.saturating_add(999)) {
        let text = number.to_string();
        if text.as_bytes() == keys {
            judged.complete.get_or_insert(Answer::Number(number));
        } else if text.as_bytes().starts_with(keys) {
            judged.longer = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_bytecode::program::KeyChoice;

    use super::*;

    fn table(keys: &[&str]) -> (KeyTable, Vec<String>) {
        let choices =
            (0..keys.len() as u32).map(|keys| KeyChoice { keys, phrases: Vec::new(), told: None }).collect();
        (KeyTable { choices, between: None }, keys.iter().map(|key| (*key).to_owned()).collect())
    }

    fn form(least: u16, most: u16, until: Option<u8>) -> FormTable {
        FormTable {
            form: Form::Digits,
            length: (least, most),
            until,
            by_key: true,
            by_voice: false,
            secret: false,
            words: KeyTable::default(),
        }
    }

    /// Presses the keys one by one; `.` is the gap. Tells what each led to.
    fn pressed(choices: &[&str], form: Option<FormTable>, keys: &str) -> String {
        let (table, texts) = table(choices);
        let offer = Offer { table: &table, live: !0, texts: &texts, form: form.as_ref(), range: None };
        let mut collector = Collector::default();
        let mut told = Vec::new();
        for key in keys.bytes() {
            let verdict = if key == b'.' { collector.gap(&offer) } else { collector.press(&offer, key) };
            told.push(match verdict {
                Verdict::More => "more".to_owned(),
                Verdict::NoMatch => "no match".to_owned(),
                Verdict::Is { answer, unused } => {
                    let answer = match answer {
                        Answer::Choice(index) => format!("choice {}", choices[usize::from(index)]),
                        Answer::Value(keys) => {
                            format!("value {}", String::from_utf8_lossy(&collector.entered()[..keys]))
                        }
                        Answer::Number(number) => format!("number {number}"),
                    };
                    if unused { format!("{answer}, the key kept") } else { answer }
                }
            });
        }
        told.join("; ")
    }

    #[test]
    fn a_choice_is_taken_at_once_unless_a_longer_one_begins_with_it() {
        assert_eq!(pressed(&["1", "2"], None, "2"), "choice 2");
        assert_eq!(pressed(&["1", "10"], None, "1."), "more; choice 1");
        assert_eq!(pressed(&["1", "10"], None, "10"), "more; choice 10");
        assert_eq!(pressed(&["1", "10"], None, "15"), "more; choice 1, the key kept");
        assert_eq!(pressed(&["1", "2"], None, "7"), "no match");
        assert_eq!(pressed(&["*9"], None, "*."), "more; no match");
    }

    #[test]
    fn a_value_ends_by_length_by_its_key_or_by_a_gap() {
        assert_eq!(pressed(&[], Some(form(4, 4, None)), "1234"), "more; more; more; value 1234");
        assert_eq!(pressed(&[], Some(form(4, 4, None)), "12."), "more; more; no match");
        assert_eq!(pressed(&[], Some(form(2, 4, None)), "12."), "more; more; value 12");
        assert_eq!(pressed(&[], Some(form(1, 9, Some(b'#'))), "12#"), "more; more; value 12");
        assert_eq!(pressed(&[], Some(form(2, 3, Some(b'#'))), "123#"), "more; more; more; value 123");
        assert_eq!(pressed(&[], Some(form(2, 3, Some(b'#'))), "1#"), "more; no match");
    }

    #[test]
    fn a_choice_beside_a_value() {
        assert_eq!(pressed(&["0"], Some(form(4, 4, None)), "0."), "more; choice 0");
        assert_eq!(pressed(&["0"], Some(form(4, 4, None)), "0123"), "more; more; more; value 0123");
        assert_eq!(pressed(&["*"], Some(form(4, 4, None)), "12*"), "more; more; choice *");
    }

    #[test]
    fn a_choice_that_is_not_live_is_not_heard() {
        let (table, texts) = table(&["1", "2"]);
        let offer = Offer { table: &table, live: 0b10, texts: &texts, form: None, range: None };
        assert_eq!(Collector::default().press(&offer, b'1'), Verdict::NoMatch);
        let live = Offer { live: !0, ..offer };
        let choice = Verdict::Is { answer: Answer::Choice(0), unused: false };
        assert_eq!(Collector::default().press(&live, b'1'), choice);
    }
}
