//! Conference rooms, which the sessions of all media threads share. Each is held for the microseconds that one
//! packet takes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flow_media::{FRAME_SAMPLES, Mixer, SessionId, Time};

/// All rooms, by their numbers.
#[derive(Clone, Default)]
pub(super) struct Rooms(Arc<Mutex<HashMap<u32, Mixer>>>);

impl Rooms {
    fn all(&self) -> MutexGuard<'_, HashMap<u32, Mixer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn join(&self, room: u32, session: SessionId) {
        self.all().entry(room).or_default().join(session);
    }

    pub(super) fn leave(&self, room: u32, session: SessionId) {
        let mut all = self.all();
        if let Some(mixer) = all.get_mut(&room) {
            mixer.leave(session);
            if mixer.is_empty() {
                all.remove(&room);
            }
        }
    }

    pub(super) fn put(&self, room: u32, session: SessionId, timestamp: u32, samples: &[i16], now: Time) {
        if let Some(mixer) = self.all().get_mut(&room) {
            mixer.put(session, timestamp, samples, now);
        }
    }

    pub(super) fn take(&self, room: u32, session: SessionId, at: Time) -> [i16; FRAME_SAMPLES] {
        self.all().get(&room).map_or([0; FRAME_SAMPLES], |mixer| mixer.take(session, at))
    }
}
