//! The checked program becomes registers and bytecode.
