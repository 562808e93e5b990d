//! The wire: bytes to messages that are views into them, and back.
//!
//! The reader is tolerant where the intent is plain (white space before a colon, folding, bare line
//! feeds, any bytes in values) and remembers the first thing that was wrong, so that the layer above can
//! still answer 400. It never loses a header, and nothing is copied before somebody needs it.

mod body;
mod message;
mod names;
#[cfg(test)]
mod oracle;
mod reader;
mod via;
mod writer;

pub(crate) use body::{Body, media_type, session_description};
pub(crate) use message::{Core, Message, Start};
pub(crate) use names::HeaderId;
pub(crate) use reader::{Reading, read};
pub(crate) use via::Via;
pub(crate) use writer::{Lines, may_be_added, push_unfolded, top_via};

use crate::config::Limits;

/// The values of a header of a message, unfolded and decoded; none when the message is none.
pub(crate) fn header_values(raw: &[u8], name: &str) -> Vec<String> {
    let Reading::Message(message) = read(raw, &Limits::NONE) else { return Vec::new() };
    let wanted = names::long_form(name.as_bytes());
    message
        .lines()
        .filter(|(name, _)| names::long_form(name).eq_ignore_ascii_case(wanted))
        .map(|(_, value)| {
            let mut line = Vec::with_capacity(value.len());
            push_unfolded(&mut line, value);
            crate::text::decode(&line)
        })
        .collect()
}
