//! Handing a call on (RFC 3515): our REFER, and the NOTIFYs that tell how the peer's own call went. The subscription
//! is implicit, lives in the call's dialog, and ends with it.

use std::sync::Arc;

use super::{Endpoint, Request};
use crate::call::Phase;
use crate::event::{CallHandle, Event};
use crate::time::Time;
use crate::transaction::{Claim, ClientTransaction, ResponseHead};
use crate::uri::Uri;
use crate::vocabulary::{Known, name};
use crate::wire::Core;

impl Endpoint {
    /// Asks the peer of a call that stands to call `target`. `ReferAnswered` follows; after a 2xx,
    /// `ReferProgress` tells how the peer's call goes, as far as the peer says. Neither ends this call: hang it up
    /// once the other is answered.
    pub fn refer(&mut self, now: Time, call: CallHandle, target: &Uri) {
        let full = self.clients.len() >= self.config.limits.client_transactions;
        let Some(state) = self.call(call).filter(|call| call.phase == Phase::Established) else {
            self.counters.ignored_commands += 1;
            return;
        };
        if full {
            return self.tell(Event::ReferAnswered { call, code: 503 });
        }
        let Some(dialog) = state.dialog.as_mut() else { return };
        let cseq = dialog.next_cseq();
        let dialog = dialog.clone();
        let (via, branch) = self.fresh_via(dialog.transport);
        let mut lines = dialog.request(name(Known::Refer), cseq, &via);
        lines.lines(self.dialog_headers(dialog.transport));
        lines.header("Refer-To", format!("<{target}>").as_bytes());
        self.user_agent(&mut lines);
        let way = (dialog.transport, dialog.next_hop());
        let request: Arc<[u8]> = lines.finish(None).into();
        let client = ClientTransaction::new(now, branch, request, way, false, Claim::Refer(call));
        self.send_request(client);
    }

    /// The answer to a REFER of ours.
    pub(super) fn refer_answered(&mut self, call: CallHandle, code: u16) {
        if code >= 200 && self.call(call).is_some() {
            self.tell(Event::ReferAnswered { call, code });
        }
    }

    /// A NOTIFY within a call: about a REFER of ours, or about nothing that we asked for.
    pub(super) fn notify(
        &mut self,
        now: Time,
        request: &Request<'_>,
        core: &Core<'_>,
        key: Arc<[u8]>,
        handle: CallHandle,
    ) {
        let event = request.message.header_named(b"Event").unwrap_or_default();
        let about_refer = event.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if !about_refer.eq_ignore_ascii_case(b"refer") {
            return self.answer(request, core, 489, None, b"");
        }
        let head = ResponseHead::new(request.message, core, request.transport, request.source, "");
        let Some(index) = self.add_server(now, key, head, core.cseq, false) else {
            return self.refuse_by_limit(request, core);
        };
        self.respond_plain(now, index, 200, None, b"");
        if let Some(code) = fragment_status(request.message.body) {
            self.tell(Event::ReferProgress { call: handle, code });
        }
    }
}

/// The status of a `message/sipfrag` body (RFC 3420): the first line of a response.
fn fragment_status(body: &[u8]) -> Option<u16> {
    let rest = body.trim_ascii_start().strip_prefix(b"SIP/2.0 ")?;
    let digits = std::str::from_utf8(rest.get(..3)?).ok()?;
    let ends = rest.get(3).is_none_or(|byte| !byte.is_ascii_digit());
    digits.parse().ok().filter(|code| ends && (100..700).contains(code))
}

#[cfg(test)]
mod tests {
    use super::fragment_status;

    #[test]
    fn a_fragment_is_the_first_line_of_a_response() {
        assert_eq!(fragment_status(b"SIP/2.0 200 OK\r\n"), Some(200));
        assert_eq!(fragment_status(b"\r\nSIP/2.0 486 Busy Here\r\nVia: x"), Some(486));
        for wrong in [
            &b""[..],
            b"SIP/2.0 20",
            b"SIP/2.0 2000 OK",
            b"SIP/2.0 099 x",
            b"200 OK",
            b"SIP/2.0 \xff\xff\xff",
        ] {
            assert_eq!(fragment_status(wrong), None, "{wrong:?}");
        }
    }
}
