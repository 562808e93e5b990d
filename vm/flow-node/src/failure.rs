//! What SIP says about a leg, in the words of the switch.

use flow_sip::EndCause;
use flow_switch::boundary::{Failure, HangUp};

/// Why a call of ours was not answered. `rang` tells a phone that nobody picked up from one that is not
/// there.
pub(crate) fn failure(cause: &EndCause, rang: bool) -> Failure {
    match cause {
        EndCause::Rejected { code, .. } => match code {
            486 | 600 => Failure::Busy,
            408 | 480 | 487 => Failure::NoAnswer,
            603 | 607 | 608 => Failure::Declined,
            _ => Failure::Unreachable,
        },
        EndCause::Timeout | EndCause::TransportError if rang => Failure::NoAnswer,
        EndCause::ByRemote | EndCause::Cancelled => Failure::NoAnswer,
        _ => Failure::Unreachable,
    }
}

/// How a leg that stood ended, when the other side or the network ended it.
pub(crate) fn hang_up(cause: &EndCause) -> HangUp {
    match cause {
        EndCause::ByRemote | EndCause::Cancelled => HangUp::ByParty,
        _ => HangUp::ConnectionLost,
    }
}
