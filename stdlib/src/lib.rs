//! The standard library: flows, holidays, and shipped sounds, as embedded data.

pub mod flows;
pub mod sounds;
