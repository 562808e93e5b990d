//! People at addresses: what they do when their phone rings.

/// What happens when an address is rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// Picks up after so many milliseconds.
    After(u64),
    /// Refuses after so many milliseconds.
    Declines(u64),
    /// Is on the phone.
    Busy,
    /// Lets it ring.
    Never,
    /// Is not connected.
    Unreachable,
}

/// One person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// What happens when the phone rings.
    pub answering: Answering,
    /// For how many milliseconds they talk before they hang up; `None`: until told to.
    pub talks: Option<u64>,
    /// The key that they press a second after they picked up, to accept a call.
    pub accepts: Option<u8>,
}

impl Default for Person {
    fn default() -> Self {
        Self { answering: Answering::After(3_000), talks: Some(20_000), accepts: Some(b'1') }
    }
}
