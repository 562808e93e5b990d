//! What editors and readers see of a checked project, as plain data: the graph of its flows, drawings of it, and
//! the phone tree as callers know it.
//!
//! [`graph::graph`] turns the checked program into data; everything else here is made from that data and text.
//! It knows nothing of files on a disk, of terminals, or of editor protocols. Equal projects give equal bytes.

pub mod draw;
pub mod graph;
pub mod tree;
