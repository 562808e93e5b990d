//! The command line of flowc.
fn main() {}
