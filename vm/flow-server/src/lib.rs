//! What flowc run starts: sockets, media threads, stores, HTTP.

pub mod media;
