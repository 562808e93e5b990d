//! What is played to a caller, and where in it a session is.

use std::sync::Arc;
use std::time::Duration;

use crate::codec::Codec;
use crate::sound::{FRAME, Sound};

/// Sounds and gaps, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Playlist {
    /// What to play, in order.
    pub items: Vec<PlaylistItem>,
    /// Whether to begin again at the end, for ever: hold music, ringback.
    pub repeat: bool,
}

/// One piece of a [`Playlist`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaylistItem {
    /// A sound.
    Sound(Arc<Sound>),
    /// Nothing, for so long (rounded up to whole frames of 20 ms); nothing is sent.
    Silence(Duration),
}

impl Playlist {
    /// One sound, once.
    pub fn once(sound: Arc<Sound>) -> Playlist {
        Playlist { items: vec![PlaylistItem::Sound(sound)], repeat: false }
    }

    /// One sound, over and over.
    pub fn looped(sound: Arc<Sound>) -> Playlist {
        Playlist { items: vec![PlaylistItem::Sound(sound)], repeat: true }
    }

    /// How long one round lasts.
    pub fn duration(&self) -> Duration {
        self.items
            .iter()
            .fold(Duration::ZERO, |sum, item| sum.saturating_add(FRAME.saturating_mul(item.frames())))
    }
}

impl PlaylistItem {
    fn frames(&self) -> u32 {
        match self {
            PlaylistItem::Sound(sound) => sound.frames(),
            PlaylistItem::Silence(span) => {
                u32::try_from(span.as_micros().div_ceil(FRAME.as_micros())).unwrap_or(u32::MAX)
            }
        }
    }
}

/// A place in a playlist.
#[derive(Debug)]
pub(crate) struct Player {
    playlist: Playlist,
    item: usize,
    frame: u32,
}

/// What a playlist has for the next 20 ms.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// A payload to send.
    Payload(&'a [u8]),
    /// Nothing to send for this frame.
    Gap,
    /// The end.
    End,
}

impl Player {
    pub(crate) fn new(playlist: Playlist) -> Player {
        Player { playlist, item: 0, frame: 0 }
    }

    /// Goes so far into the list, over its end where it repeats.
    pub(crate) fn skip(&mut self, from: Duration) {
        let length = self.playlist.items.iter().map(|item| u64::from(item.frames())).sum::<u64>();
        let mut frames = u64::try_from(from.as_micros() / FRAME.as_micros()).unwrap_or(u64::MAX);
        if self.playlist.repeat && length > 0 {
            frames %= length;
        }
        while let Some(item) = self.playlist.items.get(self.item) {
            let own = u64::from(item.frames());
            if frames < own {
                self.frame = frames as u32;
                return;
            }
            frames -= own;
            self.item += 1;
        }
    }

    /// Takes the next frame.
    pub(crate) fn step(&mut self, codec: Codec) -> Step<'_> {
        let count = self.playlist.items.len();
        // Each item is looked at once at most, so that a repeated list of empty sounds ends here too.
        for _ in 0..=count {
            if self.item == count {
                if !self.playlist.repeat || count == 0 {
                    return Step::End;
                }
                self.item = 0;
            }
            let item = &self.playlist.items[self.item];
            if self.frame >= item.frames() {
                self.item += 1;
                self.frame = 0;
                continue;
            }
            break;
        }
        let Some(item) = self.playlist.items.get(self.item) else { return Step::End };
        let frame = self.frame;
        if frame >= item.frames() {
            return Step::End;
        }
        self.frame += 1;
        match item {
            PlaylistItem::Silence(_) => Step::Gap,
            PlaylistItem::Sound(sound) => sound.frame(codec, frame).map_or(Step::End, Step::Payload),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(frames: usize, level: i16) -> PlaylistItem {
        PlaylistItem::Sound(Arc::new(Sound::from_samples(&vec![level; frames * 160])))
    }

    fn steps(playlist: Playlist, limit: usize) -> String {
        let mut player = Player::new(playlist);
        let mut out = String::new();
        for _ in 0..limit {
            match player.step(Codec::Pcmu) {
                Step::Payload(bytes) => out.push_str(&format!("{:02x} ", bytes[0])),
                Step::Gap => out.push_str("gap "),
                Step::End => {
                    out.push_str("end");
                    break;
                }
            }
        }
        out
    }

    #[test]
    fn items_follow_each_other_and_then_it_ends() {
        let items = vec![sound(2, 0), PlaylistItem::Silence(Duration::from_millis(50)), sound(1, 32_000)];
        assert_eq!(steps(Playlist { items, repeat: false }, 10), "ff ff gap gap gap 80 end");
    }

    #[test]
    fn a_repeated_list_begins_again() {
        let items = vec![sound(1, 0), sound(1, 32_000)];
        assert_eq!(steps(Playlist { items, repeat: true }, 5), "ff 80 ff 80 ff ");
    }

    #[test]
    fn music_goes_on_where_it_was() {
        let items = vec![sound(2, 0), PlaylistItem::Silence(Duration::from_millis(20)), sound(1, 32_000)];
        let from = |millis, repeat| {
            let mut player = Player::new(Playlist { items: items.clone(), repeat });
            player.skip(Duration::from_millis(millis));
            match player.step(Codec::Pcmu) {
                Step::Payload(bytes) => format!("{:02x}", bytes[0]),
                Step::Gap => "gap".to_owned(),
                Step::End => "end".to_owned(),
            }
        };
        assert_eq!(
            [0, 20, 40, 60, 80, 130].map(|millis| from(millis, true)),
            ["ff", "ff", "gap", "80", "ff", "gap"]
        );
        assert_eq!([60, 80, 1_000].map(|millis| from(millis, false)), ["80", "end", "end"]);
    }

    #[test]
    fn empty_lists_end_even_when_repeated() {
        let empties = vec![sound(0, 0), PlaylistItem::Silence(Duration::ZERO), sound(0, 0)];
        assert_eq!(steps(Playlist { items: vec![], repeat: true }, 5), "end");
        assert_eq!(steps(Playlist { items: empties.clone(), repeat: true }, 5), "end");
        assert_eq!(steps(Playlist { items: empties, repeat: false }, 5), "end");
    }
}
