//! One deterministic node: machine, switch and SIP behind Input and Output.
