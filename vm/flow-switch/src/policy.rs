//! Which numbers we may call, and which we may show: the deployment's word, and what costs the caller dearly.
//!
//! A flow can call a number that a stranger typed in. Whoever earns from calls to such a number would have found
//! a machine that pays: so a callback goes to the countries that the deployment names, and nobody is called at
//! a number of a premium service, an emergency service or a satellite unless the deployment names its prefix.

use flow_bytecode::numbering::country;

/// What a deployment allows. Prefixes are E.164 with their plus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbound {
    /// Prefixes that may be called. `None` allows the countries of the program's own numbers, and every country
    /// where the program has no numbers.
    pub allow: Option<Vec<String>>,
    /// Prefixes that may not be called, besides those that are expensive everywhere.
    pub deny: Vec<String>,
    /// Numbers that may be shown as the caller's. `None` allows the program's own numbers, and any where it has
    /// none.
    pub from: Option<Vec<String>>,
}

/// Why a number is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is no telephone number.
    Number,
    /// A country, or another prefix, that the deployment does not allow.
    Country,
    /// Whoever calls it pays more than for a call.
    Premium,
    /// The number to be shown is not ours to show.
    From,
}

impl Refusal {
    /// As `refused(why)` says it.
    pub fn word(self) -> &'static str {
        match self {
            Refusal::Number => "number",
            Refusal::Country => "country",
            Refusal::Premium => "premium",
            Refusal::From => "from",
        }
    }
}

/// Prefixes of numbers that cost more than a call: premium and shared-revenue services, satellites and
/// international networks (ITU-T E.164 assigned codes 870, 881 to 883, 979), by country.
pub const PREMIUM: &[&str] = &[
    // International.
    "+870", "+881", "+882", "+883", "+979",
    // North America: 900 and 976, and islands that look like area codes and bill like far countries.
    "+1900", "+1976", "+1242", "+1246", "+1264", "+1268", "+1284", "+1345", "+1441", "+1473", "+1649",
    "+1664", "+1721", "+1758", "+1767", "+1784", "+1809", "+1829", "+1849", "+1868", "+1869", "+1876",
    // Europe.
    "+39144", "+39166", "+39178", "+39199", "+39892", "+39899", "+3381", "+3382", "+3389", "+34803", "+34806",
    "+34807", "+34905", "+34907", "+44870", "+44871", "+44872", "+44873", "+449", "+4470", "+4976", "+4990",
    "+49137", "+49180", "+41900", "+41901", "+41906", "+43900", "+43901", "+43930", "+43931", "+31900",
    "+31906", "+31909", "+32900", "+32901", "+32902", "+32903", "+32904", "+32905", "+32906", "+32907",
    "+32908", "+32909", "+35115", "+35116", "+3517", "+46900", "+46939", "+46944", "+4782", "+4590",
    "+358600", "+358700", "+48700", "+48701", "+48703", "+42090", // Elsewhere.
    "+61190", "+6419", "+64900", "+81990", "+5590", "+52900", "+54600",
];

/// Characters of a number that is dialled within an area, with the plus before it: it tells no country.
const LONGEST_LOCAL: usize = 10;

impl Outbound {
    /// Whether a number may be called on behalf of somebody who typed it in. `own` are the program's numbers.
    ///
    /// # Errors
    /// Why not.
    pub fn may_call<'a>(&self, number: &str, own: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
        if !is_number(number) {
            return Err(Refusal::Number);
        }
        if let Some(allow) = &self.allow {
            let best = longest(number, allow.iter().map(String::as_str)).ok_or(Refusal::Country)?;
            // A prefix that names the service itself was meant.
            return self.is_cheap(number, best);
        }
        let mut own = own.peekable();
        if own.peek().is_some() && !own.any(|ours| same_country(ours, number)) {
            return Err(Refusal::Country);
        }
        self.is_cheap(number, 0)
    }

    /// Whether a number may be dialled for somebody who calls. `written` is a number that the project itself names:
    /// everything that is not expensive, where the deployment does not say what may be called. Any other may come from
    /// a stranger, as with [`Outbound::may_call`].
    ///
    /// # Errors
    /// Why not.
    pub fn may_dial<'a>(
        &self,
        number: &str,
        written: bool,
        own: impl Iterator<Item = &'a str>,
    ) -> Result<(), Refusal> {
        if written { self.may_call(number, std::iter::empty()) } else { self.may_call(number, own) }
    }

    /// Whether an address may be dialled: what is no number always, a number as [`Outbound::may_dial`] says. One that
    /// is dialled without its country may be read in several ways: none of them may be expensive, and one of them must
    /// be allowed, but for short ones where the deployment says nothing.
    pub fn may_reach<'a>(
        &self,
        address: &str,
        written: bool,
        own: impl Iterator<Item = &'a str> + Clone,
    ) -> bool {
        let numbers = crate::dialled::numbers_of(address);
        let mut one = numbers.is_empty();
        for number in &numbers {
            if crate::dialled::EMERGENCY.contains(&number.as_str()) {
                return self.allow.iter().flatten().any(|allowed| allowed == number);
            }
            match self.may_dial(number, written, own.clone()) {
                Ok(()) => one = true,
                Err(Refusal::Premium) => return false,
                Err(_) => {}
            }
        }
        let local = !address.contains('+') && numbers.iter().all(|number| number.len() <= LONGEST_LOCAL);
        one || (local && self.allow.is_none())
    }

    /// Whether a number may be shown as the caller's.
    pub fn may_show<'a>(&self, number: &str, own: impl Iterator<Item = &'a str>) -> bool {
        match &self.from {
            Some(from) => from.iter().any(|allowed| allowed == number),
            None => {
                let mut own = own.peekable();
                own.peek().is_none() || own.any(|ours| ours == number)
            }
        }
    }

    /// `allowed` is the length of the prefix by which the deployment allowed it.
    fn is_cheap(&self, number: &str, allowed: usize) -> Result<(), Refusal> {
        if longest(number, self.deny.iter().map(String::as_str)).is_some_and(|denied| denied >= allowed) {
            return Err(Refusal::Country);
        }
        match longest(number, PREMIUM.iter().copied()) {
            Some(premium) if premium > allowed => Err(Refusal::Premium),
            _ => Ok(()),
        }
    }
}

/// A plus, a country that does not begin with 0, and 7 to 15 digits in all.
fn is_number(number: &str) -> bool {
    let Some(digits) = number.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
}

/// The length of the longest prefix that a number begins with.
fn longest<'a>(number: &str, prefixes: impl Iterator<Item = &'a str>) -> Option<usize> {
    prefixes.filter(|prefix| number.starts_with(prefix)).map(str::len).max()
}

/// Whether two numbers have one country calling code.
fn same_country(one: &str, other: &str) -> bool {
    country(one).is_some() && country(one) == country(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[&str] = &["+15550100"];

    fn called(policy: &Outbound, number: &str) -> Result<(), &'static str> {
        policy.may_call(number, OWN.iter().copied()).map_err(Refusal::word)
    }

    #[test]
    fn without_a_word_of_the_deployment_own_countries_are_called() {
        let policy = Outbound::default();
        assert_eq!(called(&policy, "+15550123"), Ok(()));
        assert_eq!(called(&policy, "+34600000001"), Err("country"));
        assert_eq!(called(&policy, "+19005550123"), Err("premium"));
        assert_eq!(called(&policy, "+18765550123"), Err("premium"));
        for wrong in
            ["", "+", "112", "15550123", "+0155501234", "+1555012x", "+1234567890123456", "sip:x@y.example"]
        {
            assert_eq!(called(&policy, wrong), Err("number"), "{wrong}");
        }
        assert_eq!(policy.may_call("+34600000001", [].into_iter()), Ok(()));
    }

    #[test]
    fn a_number_of_the_project_may_be_abroad_and_a_strangers_may_not() {
        let policy = Outbound::default();
        let dialled = |number, written| policy.may_dial(number, written, OWN.iter().copied());
        assert_eq!(dialled("+34600000001", true), Ok(()));
        assert_eq!(dialled("+34600000001", false), Err(Refusal::Country));
        assert_eq!(dialled("+15550123", false), Ok(()));
        assert_eq!(dialled("+19005550123", true), Err(Refusal::Premium));
    }

    #[test]
    fn an_address_is_judged_by_the_number_that_it_reaches() {
        let policy = Outbound::default();
        let reached = |policy: &Outbound, address| policy.may_reach(address, false, OWN.iter().copied());
        for refused in [
            "sip:+19005551234@gw",
            "sip:19005551234@gw",
            "sip:9005551234@gw",
            "sip:0034600000001@gw",
            "sip:%2B34600000001@gw;user=phone",
            "sip:911@gw",
            "tel:112",
            "+34600000001",
        ] {
            assert!(!reached(&policy, refused), "{refused}");
        }
        for reached_by in
            ["sip:+12125550123@gw", "sip:2125550123@gw", "sip:2001@pbx", "sip:desk@pbx", "sip:5550123@gw"]
        {
            assert!(reached(&policy, reached_by), "{reached_by}");
        }
        let allow = |prefix: &str| Outbound { allow: Some(vec![prefix.into()]), ..Outbound::default() };
        assert!(!reached(&allow("+1555"), "sip:2125550123@gw"));
        assert!(!reached(&allow("+1555"), "sip:5550123@gw"));
        assert!(reached(&allow("+1212"), "sip:2125550123@gw"));
        assert!(reached(&allow("+1555"), "sip:desk@pbx"));
        assert!(reached(&allow("911"), "sip:911@gw"));
        assert!(reached(&allow("+1900"), "sip:19005551234@gw"));
    }

    #[test]
    fn the_longest_prefix_decides() {
        let policy = Outbound {
            allow: Some(vec!["+1".into(), "+34".into(), "+1876".into()]),
            deny: vec!["+346".into()],
            from: None,
        };
        assert_eq!(called(&policy, "+34900123456"), Ok(()));
        assert_eq!(called(&policy, "+34600123456"), Err("country"));
        assert_eq!(called(&policy, "+18765550123"), Ok(()), "its prefix is allowed by name");
        assert_eq!(called(&policy, "+19005550123"), Err("premium"));
        assert_eq!(called(&policy, "+442079460000"), Err("country"));
    }

    #[test]
    fn shown_is_what_is_ours() {
        let mut policy = Outbound::default();
        assert!(policy.may_show("+15550100", OWN.iter().copied()));
        assert!(!policy.may_show("+15550199", OWN.iter().copied()));
        policy.from = Some(vec!["+15550199".into()]);
        assert!(policy.may_show("+15550199", OWN.iter().copied()));
        assert!(!policy.may_show("+15550100", OWN.iter().copied()));
    }
}
