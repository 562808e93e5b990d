//! Which flow answers which address, and nothing else: a stranger reaches bound numbers and names, or 404.
//!
//! Nothing is dialled for strangers, and the answer to an address that nobody has is the same as to one
//! that is not for them.

use std::collections::BTreeMap;

use flow_sip::Uri;
use flow_switch::boundary::ProgramId;

/// What runs for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The program.
    pub program: ProgramId,
    /// Index of the flow in the program's functions.
    pub flow: u16,
}

/// The addresses of a deployment.
#[derive(Debug, Clone, Default)]
pub struct AddressBook {
    bound: BTreeMap<String, Target>,
    flows: BTreeMap<String, Target>,
}

/// Digits of a number that are looked at; E.164 allows fifteen.
const LONGEST_NUMBER: usize = 32;

impl AddressBook {
    /// A book without addresses.
    pub fn new() -> AddressBook {
        AddressBook::default()
    }

    /// Binds a number (E.164 with its plus) or a name, for every caller. A later binding replaces an earlier
    /// one.
    pub fn bind(&mut self, address: &str, target: Target) {
        let key = number(address).unwrap_or_else(|| address.to_owned());
        self.bound.insert(key, target);
    }

    /// Makes a flow's name an address for callers on this machine.
    pub fn name_flow(&mut self, name: &str, target: Target) {
        self.flows.insert(name.to_owned(), target);
    }

    /// Who answers a request-URI, and the number or name that was called. `local` says that the call came
    /// in on a loopback listener.
    pub fn find(&self, uri: &Uri, local: bool) -> Option<(Target, String)> {
        let user = uri.user();
        // Parameters of a telephone number may hide in the user part (RFC 3261 section 19.1.6).
        let user = user.split(';').next().unwrap_or_default();
        if let Some(number) = number(user)
            && let Some(target) = self.bound.get(&number)
        {
            return Some((*target, number));
        }
        if !uri.is_sip() {
            return None;
        }
        let named = self.bound.get(user).or_else(|| if local { self.flows.get(user) } else { None });
        named.map(|target| (*target, user.to_owned()))
    }
}

/// A text that is a telephone number, with a plus and without visual separators (RFC 3966 section 5.1.1).
pub fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '(') {
        return None;
    }
    let mut out = String::with_capacity(digits.len() + 1);
    out.push('+');
    for c in digits.chars() {
        match c {
            '0'..='9' if out.len() <= LONGEST_NUMBER => out.push(c),
            '-' | '.' | '(' | ')' | ' ' => {}
            _ => return None,
        }
    }
    (out.len() > 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> AddressBook {
        let target = |flow| Target { program: ProgramId(1), flow };
        let mut book = AddressBook::new();
        book.bind("+15550100", target(0));
        book.bind("frontdesk", target(1));
        book.name_flow("support", target(2));
        book
    }

    fn found(uri: &str, local: bool) -> Option<(u16, String)> {
        book().find(&uri.parse().unwrap(), local).map(|(target, called)| (target.flow, called))
    }

    #[test]
    fn a_bound_number_is_found_however_it_is_written() {
        let number = Some((0, "+15550100".to_owned()));
        for uri in [
            "sip:+15550100@192.0.2.1",
            "sip:15550100@192.0.2.1;user=phone",
            "tel:+1-555-0100",
            "sip:+15550100;phone-context=x@h",
            "sip:%2B15550100@h",
        ] {
            assert_eq!(found(uri, false), number, "{uri}");
        }
    }

    #[test]
    fn a_flow_name_is_an_address_on_this_machine_only() {
        assert_eq!(found("sip:support@127.0.0.1:5060", true), Some((2, "support".to_owned())));
        assert_eq!(found("sip:support@192.0.2.1", false), None);
        assert_eq!(found("sip:frontdesk@192.0.2.1", false), Some((1, "frontdesk".to_owned())));
    }

    #[test]
    fn nobody_else_is_reached() {
        for uri in ["sip:+15550199@h", "sip:h", "sip:900011442079460000@h", "mailto:support", "sip:Support@h"]
        {
            assert_eq!(found(uri, true), None, "{uri}");
        }
    }

    #[test]
    fn words_and_endless_digits_are_no_numbers() {
        for text in ["", "+", "alice", "12a", "()", "1".repeat(33).as_str()] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number("(555) 010-0"), Some("+5550100".to_owned()));
    }
}
