//! The standard library: flows, holidays, shipped sounds, and projects to begin with, as embedded data.

pub mod flows;
pub mod sounds;
pub mod templates;
