//! What the switch asks of the world, carried out: phones ring, sentences take their time, disks store.

use flow_switch::boundary::{
    Failure, Input, LegId, Output, PlayId, ProgramId, RoomId, SpeechItem, StoreId, Stored,
};
use flow_switch::speech::display;

use crate::people::Answering;
use crate::world::{Heard, Party, Plan, Recording, What, World};

/// How long it takes to tell a machine from a person, in milliseconds.
const DETECTION_MILLIS: u64 = 1_200;

impl World {
    /// Carries out everything that the switch asks for now.
    pub(crate) fn drain(&mut self) {
        while let Some(output) = self.switch.poll() {
            self.output(output);
        }
    }

    fn output(&mut self, output: Output) {
        match output {
            Output::Ring(_) | Output::Answer(_) => {}
            Output::Decline(leg, code) => {
                self.parties.remove(&leg);
                self.see(What::Declined(leg, code));
            }
            Output::Dial { leg, address, .. } => self.rung(leg, address),
            Output::HangUp(leg) => {
                if let Some(party) = self.take_away(leg) {
                    self.late_recording(leg, &party);
                }
                self.see(What::HungUp(leg));
            }
            Output::Play { leg, play, program, items, barge_in, repeat, from_millis } => {
                self.play(leg, play, program, &items, (barge_in, repeat), from_millis);
            }
            Output::Stop(leg, play) => {
                if let Some(party) = self.parties.get_mut(&leg)
                    && party.playing.is_some_and(|(own, _)| own == play)
                {
                    party.playing = None;
                }
            }
            Output::Bridge(near, far) => self.bridge(near, far),
            Output::Unbridge(near, far) => {
                for leg in [near, far] {
                    if let Some(party) = self.parties.get_mut(&leg) {
                        party.bridged = None;
                    }
                }
            }
            Output::Record { leg, recording, longest_millis, silence_millis, .. } => {
                let now = self.now.monotonic;
                if let Some(party) = self.parties.get_mut(&leg) {
                    party.recording = Some((recording, now));
                    let silence = silence_millis.map(|silence| party.speaks.saturating_add(silence));
                    let length = silence.unwrap_or(longest_millis).min(longest_millis);
                    self.plan(length, Plan::Recorded(leg, recording));
                }
            }
            Output::RecordCall { leg, recording, name, channel } => {
                if let Some(party) = self.parties.get_mut(&leg) {
                    party.tap = Some(recording);
                }
                if !self.disk_works {
                    self.plan(0, Plan::Input(Input::RecordingFailed { leg, recording }));
                }
                self.see(What::Recording(Recording::Began { leg, name, channel }));
            }
            Output::PauseRecording(leg, _, paused) => {
                self.see(What::Recording(Recording::Paused { leg, paused }));
            }
            Output::StopRecording(leg, recording) => {
                let tapped =
                    self.parties.get_mut(&leg).and_then(|party| party.tap.take_if(|own| *own == recording));
                match tapped {
                    Some(_) => self.see(What::Recording(Recording::Stopped { leg })),
                    None => self.plan(0, Plan::Recorded(leg, recording)),
                }
            }
            Output::Mix(leg, room) => self.mix(leg, Some(room)),
            Output::Unmix(leg, _) => self.mix(leg, None),
            Output::Detect(leg) => {
                let address = self.parties.get(&leg).and_then(|party| party.address.as_deref());
                let known = address.is_some_and(|address| self.machines.contains(address));
                let machine = known || self.machines_answer;
                self.plan(DETECTION_MILLIS, Plan::Input(Input::Detected { leg, machine }));
            }
            Output::Transfer { leg, address } => {
                let person = self.people.get(&address).copied().unwrap_or(self.stranger);
                self.see(What::Rings { address });
                match person.answering {
                    Answering::After(millis) => self.plan(millis, Plan::Input(Input::Transferred(leg))),
                    Answering::Declines(millis) => self.plan(millis, Plan::Input(Input::TransferFailed(leg))),
                    Answering::Busy | Answering::Unreachable => {
                        self.plan(0, Plan::Input(Input::TransferFailed(leg)));
                    }
                    Answering::Never => {}
                }
            }
            // An empty screen is nothing to be seen.
            Output::Show { fields, .. } if fields.is_empty() => {}
            Output::Show { agent, fields } => self.see(What::Shown { agent, fields }),
            Output::Request(request) => {
                let Some(program) = self.switch.program(request.program) else { return };
                let (reply, millis) = self.services.ask(program, &request);
                self.plan(millis, Plan::Input(Input::Replied(request.id, reply)));
            }
            Output::Store(store, stored) => self.store(store, stored),
            Output::CallRecord(record) => {
                self.records.push((*record).clone());
                self.see(What::Record(record));
            }
            Output::Story(story) => self.see(What::Story(story)),
        }
    }

    fn mix(&mut self, leg: LegId, room: Option<RoomId>) {
        if room.is_some() && !self.mixer_works {
            return self.plan(0, Plan::Input(Input::MixFailed(leg)));
        }
        if let Some(party) = self.parties.get_mut(&leg) {
            party.room = room;
        }
    }

    fn store(&mut self, store: StoreId, stored: Stored) {
        let works = self.disk_works && self.disk_refuses == 0;
        self.disk_refuses = self.disk_refuses.saturating_sub(1);
        match stored {
            _ if !works => {}
            Stored::Message(message) => self.see(What::Left(message)),
            Stored::Sent(sent) => self.see(What::Sent(sent)),
            other => self.disk.keep(other),
        }
        self.plan(0, Plan::Input(Input::Stored(store, works)));
    }

    fn rung(&mut self, leg: LegId, address: String) {
        let person = self.people.get(&address).copied().unwrap_or(self.stranger);
        self.see(What::Rings { address: address.clone() });
        let party = Party {
            address: Some(address),
            person,
            playing: None,
            recording: None,
            tap: None,
            bridged: None,
            joined: false,
            leaves: None,
            room: None,
            speaks: 0,
        };
        self.parties.insert(leg, party);
        let failed = |failure| Plan::Input(Input::Failed(leg, failure));
        match person.answering {
            Answering::After(millis) => {
                self.plan(0, Plan::Input(Input::Ringing(leg)));
                self.plan(millis, Plan::Input(Input::Answered(leg)));
            }
            Answering::Declines(millis) => self.plan(millis, failed(Failure::Declined)),
            Answering::Busy => self.plan(0, failed(Failure::Busy)),
            Answering::Never => self.plan(0, Plan::Input(Input::Ringing(leg))),
            Answering::Unreachable => self.plan(0, failed(Failure::Unreachable)),
        }
    }

    fn play(
        &mut self,
        leg: LegId,
        play: PlayId,
        program: ProgramId,
        items: &[SpeechItem],
        (barge_in, repeat): (bool, bool),
        from_millis: u64,
    ) {
        let Some(program) = self.switch.program(program) else { return };
        let (words, millis) = (display(program, items), self.durations.of(program, items));
        let Some(party) = self.parties.get_mut(&leg) else { return };
        party.playing = Some((play, barge_in));
        let address = party.address.clone();
        if !repeat && self.playback_ends {
            self.plan(millis, Plan::Played(leg, play));
        }
        self.see(What::Heard(Heard { leg, address, words, music: repeat, from_millis }));
    }

    fn bridge(&mut self, near: LegId, far: LegId) {
        let mut leaves = None;
        for (leg, other) in [(near, far), (far, near)] {
            if let Some(party) = self.parties.get_mut(&leg) {
                party.bridged = Some(other);
                party.joined = true;
                leaves = party.person.talks.map(|talks| (leg, talks)).or(leaves);
            }
        }
        if let Some((leg, talks)) = leaves {
            let talk = self.planned;
            if let Some(party) = self.parties.get_mut(&leg) {
                party.leaves = Some(talk);
            }
            self.plan(talks, Plan::LeaveTalk(leg, talk));
        }
        self.see(What::Joined(near, far));
    }
}
