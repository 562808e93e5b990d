//! Legs that are handed on: the switch names an address, SIP asks the peer to call it (RFC 3515).

use flow_sip::CallHandle;
use flow_switch::boundary::{Input, LegId, Now};

use crate::connections::{Connections, sip_time};
use crate::leg::Referred;

impl Connections {
    /// The switch hands a leg on.
    pub(crate) fn transfer(&mut self, now: Now, id: LegId, address: &str) {
        let target = self.uri_of(address);
        let leg = self.legs.get(id).filter(|leg| leg.is_connected());
        match (leg.and_then(|leg| leg.sip), target) {
            (Some(call), Some(target)) => {
                if let Some(leg) = self.legs.get(id) {
                    leg.referred = Referred::Asked;
                }
                self.endpoint.refer(sip_time(now), call, &target);
            }
            _ => self.tell_switch(Input::TransferFailed(id)),
        }
    }

    /// The peer takes the address, or does not.
    pub(crate) fn refer_answered(&mut self, call: CallHandle, code: u16) {
        let Some(leg) = self.leg_of(call).filter(|leg| leg.referred == Referred::Asked) else { return };
        let id = leg.id;
        leg.referred = if code < 300 { Referred::Accepted } else { Referred::No };
        if code >= 300 {
            self.tell_switch(Input::TransferFailed(id));
        }
    }

    /// How the peer's own call goes.
    pub(crate) fn refer_progress(&mut self, call: CallHandle, code: u16) {
        // The first NOTIFY may overtake the 202.
        let Some(leg) = self.leg_of(call).filter(|leg| leg.referred != Referred::No) else { return };
        let id = leg.id;
        match code {
            ..200 => leg.referred = Referred::Accepted,
            200..300 => {
                leg.referred = Referred::No;
                self.tell_switch(Input::Transferred(id));
            }
            _ => {
                leg.referred = Referred::No;
                self.tell_switch(Input::TransferFailed(id));
            }
        }
    }
}
