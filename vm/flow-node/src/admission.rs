//! Who gets one of the places for calls: nobody may take them all.
//!
//! Places are few, and an address that calls without end would keep everybody else out. So one address holds at
//! most [`SHARE`] times as many places as are free: in a flood some are always left for others, and without one
//! hardly a place goes unused. A place rests after its call for as long as its port does, so that a flood of
//! short calls is no way around this. Knows nothing of SIP and flows.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};

/// Places that one address may hold for each one that is free.
const SHARE: usize = 16;
/// Ports that the range holds for each call at once: the caller's, and that of somebody whom the call reaches.
const PORTS: usize = 2;

/// The places of a node.
pub(crate) struct Admission {
    /// Calls at once.
    calls: usize,
    /// How long a place rests, in microseconds.
    rest: u64,
    /// Whose each call in progress is.
    callers: HashMap<String, IpAddr>,
    /// What each address holds; no entry holds nothing.
    held: HashMap<IpAddr, Held>,
    /// Until when places of calls that are over rest, and whose they were; in order.
    resting: VecDeque<(u64, IpAddr)>,
}

/// The places of one address.
#[derive(Default)]
struct Held {
    active: usize,
    resting: usize,
}

impl Admission {
    pub(crate) fn new(calls: usize, rest: u64) -> Admission {
        Admission { calls, rest, callers: HashMap::new(), held: HashMap::new(), resting: VecDeque::new() }
    }

    /// Whether an address may have a place now.
    pub(crate) fn has_room(&mut self, now: u64, source: IpAddr) -> bool {
        self.expire(now);
        let (active, used) = (self.callers.len(), self.callers.len() + self.resting.len());
        let (own, own_used) =
            self.held.get(&key(source)).map_or((0, 0), |held| (held.active, held.active + held.resting));
        is_fair(own, active, self.calls)
            && (self.rest == 0 || is_fair(own_used, used, self.calls.saturating_mul(PORTS)))
    }

    /// A call of this name has begun.
    pub(crate) fn enter(&mut self, call: &str, source: IpAddr) {
        let source = key(source);
        self.callers.insert(call.to_owned(), source);
        self.held.entry(source).or_default().active += 1;
    }

    /// It has left its record.
    pub(crate) fn leave(&mut self, now: u64, call: &str) {
        let Some(source) = self.callers.remove(call) else { return };
        if let Some(held) = self.held.get_mut(&source) {
            held.active -= 1;
            held.resting += 1;
            self.resting.push_back((now.saturating_add(self.rest), source));
        }
        self.expire(now);
    }

    fn expire(&mut self, now: u64) {
        while let Some(&(until, source)) = self.resting.front() {
            if until > now {
                break;
            }
            self.resting.pop_front();
            if let Some(held) = self.held.get_mut(&source) {
                held.resting -= 1;
                if held.resting == 0 && held.active == 0 {
                    self.held.remove(&source);
                }
            }
        }
    }
}

/// Whether who holds `own` of the `used` places may have one more.
fn is_fair(own: usize, used: usize, places: usize) -> bool {
    own < SHARE.saturating_mul(places.saturating_sub(used))
}

/// Who counts as one: an address, or the network that an IPv6 host chooses its addresses from.
fn key(source: IpAddr) -> IpAddr {
    match source {
        IpAddr::V4(_) => source,
        IpAddr::V6(host) => Ipv6Addr::from_bits(host.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Lets an address call until it is refused; how many calls it got.
    fn flood(admission: &mut Admission, now: u64, source: &str) -> usize {
        (0..10_000)
            .take_while(|n| {
                let room = admission.has_room(now, ip(source));
                if room {
                    admission.enter(&format!("{source} {now} {n}"), ip(source));
                }
                room
            })
            .count()
    }

    #[test]
    fn one_address_gets_nearly_all_places_but_not_the_last_ones() {
        let mut admission = Admission::new(250, 0);
        assert_eq!(flood(&mut admission, 0, "192.0.2.1"), 236);
        assert_eq!(flood(&mut admission, 0, "192.0.2.2"), 14);
        assert_eq!(flood(&mut admission, 0, "192.0.2.3"), 0, "full is full");
    }

    #[test]
    fn a_small_house_is_nobodys_less_than_whole() {
        for places in 1..16 {
            assert_eq!(flood(&mut Admission::new(places, 0), 0, "192.0.2.1"), places);
        }
    }

    #[test]
    fn short_calls_without_end_leave_places_that_do_not_rest() {
        let mut admission = Admission::new(250, 5_000_000);
        let mut got = 0;
        for millis in 0..20_000u64 {
            let now = millis * 1_000;
            if admission.has_room(now, ip("192.0.2.1")) {
                let name = millis.to_string();
                admission.enter(&name, ip("192.0.2.1"));
                admission.leave(now, &name);
                got += 1;
            }
            assert!(admission.has_room(now, ip("192.0.2.2")), "after {millis} ms");
        }
        assert!((1_800..=2_000).contains(&got), "{got} calls in four rests");
        assert!(admission.has_room(30_000_000, ip("192.0.2.1")));
        assert!(admission.held.is_empty() && admission.callers.is_empty(), "nothing is kept of it");
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let mut admission = Admission::new(250, 0);
        assert_eq!(flood(&mut admission, 0, "2001:db8::1"), 236);
        assert_eq!(flood(&mut admission, 0, "2001:db8::2"), 0);
        assert_eq!(flood(&mut admission, 0, "2001:db8:0:1::1"), 14);
    }
}
