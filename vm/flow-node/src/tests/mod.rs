//! Legs against phones made of the same SIP endpoint, on a network in virtual time. The test plays the
//! switch: it orders, and reads what it would be told. What went over the wire is shown as a ladder.

mod calls;
mod hostile;
mod world;
