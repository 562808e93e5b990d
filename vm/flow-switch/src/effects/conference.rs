//! Conference rooms: whoever is in a room hears everybody else there. Rooms are the deployment's, by name, and
//! there as long as somebody is in them.
//!
//! Who is alone hears music. The key `#` leaves; the stay ends by its `longest`, or when the room is closed.

use std::collections::BTreeMap;

use crate::boundary::{CallId, ConferenceVisit, Output, RoomId, SpeechItem, StoryLine};
use crate::call::{Call, Conferring, Wait};
use crate::switch::{Job, Switch};

/// Outcomes of `conference`, by number.
const LEFT: u16 = 0;
const ENDED: u16 = 1;
const FAILED: u16 = 2;
/// As many as a room holds.
const GREATEST_ROOM: usize = 32;
/// The key that leaves.
const LEAVE: u8 = b'#';
/// What who is alone hears when the block names nothing.
const MUSIC: SpeechItem = SpeechItem::Standard("hold/calm");

/// All rooms that somebody is in.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    by_name: BTreeMap<String, Room>,
    last: u32,
}

#[derive(Debug)]
struct Room {
    id: RoomId,
    members: Vec<CallId>,
}

impl Rooms {
    /// Puts a call into a room; `None` when it is full.
    fn enter(&mut self, name: &str, call: CallId) -> Option<(RoomId, usize)> {
        if !self.by_name.contains_key(name) {
            self.last = self.last.wrapping_add(1);
            let room = Room { id: RoomId(self.last), members: Vec::new() };
            self.by_name.insert(name.to_owned(), room);
        }
        let room = self.by_name.get_mut(name)?;
        if room.members.len() >= GREATEST_ROOM {
            return None;
        }
        room.members.push(call);
        Some((room.id, room.members.len()))
    }

    /// Takes a call out of a room, which is gone when it was the last; gives the room and who is left.
    fn leave(&mut self, name: &str, call: CallId) -> Option<(RoomId, Vec<CallId>)> {
        let room = self.by_name.get_mut(name)?;
        room.members.retain(|member| *member != call);
        let left = (room.id, room.members.clone());
        if left.1.is_empty() {
            self.by_name.remove(name);
        }
        Some(left)
    }

    /// Takes a call out of whichever room it is in.
    pub(crate) fn forget(&mut self, call: CallId) {
        self.by_name.retain(|_, room| {
            room.members.retain(|member| *member != call);
            !room.members.is_empty()
        });
    }

    fn members(&self, name: &str) -> &[CallId] {
        self.by_name.get(name).map_or(&[], |room| &room.members)
    }
}

impl Switch {
    /// Puts the caller into a room.
    pub(super) fn confer(&mut self, call: &mut Call, room: String, longest_micros: u64, music: Option<u32>) {
        self.answer(call);
        call.typed.clear();
        let now = self.now.monotonic;
        let entered = call.leg.and_then(|leg| Some((leg, self.rooms.enter(&room, call.id)?)));
        let Some((leg, (id, members))) = entered else {
            self.conferred(call, &room, now, "failed");
            return self.finish(call, FAILED, &[]);
        };
        let music = music.map_or(MUSIC, SpeechItem::Sound);
        let others = members as u32 - 1;
        let told = room.clone();
        self.story(call, |_| StoryLine::Conferring { room: told, others });
        self.outputs.push_back(Output::Mix(leg, id));
        call.wait = Wait::Conference(Box::new(Conferring {
            until: now.saturating_add(longest_micros),
            since: now,
            playing: None,
            music,
            room,
        }));
        self.room_changed(call);
        self.tell_members(call);
    }

    /// The other members look at who is there.
    fn tell_members(&mut self, call: &Call) {
        let Wait::Conference(stay) = &call.wait else { return };
        for member in self.rooms.members(&stay.room) {
            if *member != call.id {
                self.jobs.push_back((*member, Job::RoomChanged));
            }
        }
    }

    /// Somebody has come or gone: music for who is alone, and no music for others.
    pub(crate) fn room_changed(&mut self, call: &mut Call) {
        let Wait::Conference(stay) = &call.wait else { return };
        let Some(leg) = call.leg else { return };
        let alone = self.rooms.members(&stay.room).len() < 2;
        match stay.playing {
            None if alone => {
                let items = vec![stay.music.clone()];
                let play = self.play(call, leg, items, false, true);
                if let Wait::Conference(stay) = &mut call.wait {
                    stay.playing = play;
                }
            }
            Some(play) if !alone => {
                self.outputs.push_back(Output::Stop(leg, play));
                if let Wait::Conference(stay) = &mut call.wait {
                    stay.playing = None;
                }
            }
            _ => {}
        }
    }

    /// The caller is out of the room, however that came.
    fn leave_room(&mut self, call: &mut Call, word: &str) {
        let Wait::Conference(stay) = std::mem::replace(&mut call.wait, Wait::Nothing) else { return };
        let left = self.rooms.leave(&stay.room, call.id);
        if let Some((id, members)) = left {
            if let Some(leg) = call.leg {
                if let Some(play) = stay.playing {
                    self.outputs.push_back(Output::Stop(leg, play));
                }
                self.outputs.push_back(Output::Unmix(leg, id));
            }
            for member in members {
                self.jobs.push_back((member, Job::RoomChanged));
            }
        }
        self.conferred(call, &stay.room, stay.since, word);
    }

    fn conferred(&mut self, call: &mut Call, room: &str, since: u64, word: &str) {
        let millis = self.now.monotonic.saturating_sub(since) / 1000;
        call.record.conferences.push(ConferenceVisit {
            room: room.to_owned(),
            at: call.at(since),
            millis,
            outcome: word.to_owned(),
        });
    }

    /// A key in a room.
    pub(crate) fn room_key(&mut self, call: &mut Call, key: u8) {
        if key == LEAVE {
            self.leave_room(call, "left");
            self.finish(call, LEFT, &[]);
        }
    }

    /// The stay has lasted as long as it may.
    pub(crate) fn room_due(&mut self, call: &mut Call) {
        let Wait::Conference(stay) = &call.wait else { return };
        if stay.until <= self.now.monotonic {
            self.put_out(call);
        }
    }

    /// The room is closed for this caller.
    pub(crate) fn put_out(&mut self, call: &mut Call) {
        if matches!(call.wait, Wait::Conference(_)) {
            self.leave_room(call, "ended");
            self.finish(call, ENDED, &[]);
        }
    }

    /// The machine that mixes cannot take this leg.
    pub(crate) fn mix_failed(&mut self, call: &mut Call) {
        if matches!(call.wait, Wait::Conference(_)) {
            self.leave_room(call, "failed");
            self.finish(call, FAILED, &[]);
        }
    }

    /// Everybody is put out of a room.
    pub(crate) fn close_room(&mut self, room: &str) {
        for member in self.rooms.members(room).to_vec() {
            self.with_call(member, Self::put_out);
        }
    }

    /// The call ends in a room.
    pub(super) fn drop_room(&mut self, call: &mut Call) {
        self.leave_room(call, "hangup");
    }
}
