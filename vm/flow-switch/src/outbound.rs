//! What callbacks and campaigns share: why somebody was not reached, and when they are called again.

use flow_bytecode::program::Retry;

use crate::boundary::Failure;
use crate::switch::Switch;

/// Why nobody came, as records and retries name it.
pub(crate) fn why(failure: Failure) -> &'static str {
    match failure {
        Failure::Busy => "busy",
        Failure::NoAnswer => "no_answer",
        Failure::Declined => "declined",
        Failure::Unreachable => "unreachable",
    }
}

/// In how many milliseconds to call again after so many attempts; `None` for never.
pub(crate) fn again(retry: Option<Retry>, failure: Failure, attempts: u32) -> Option<i64> {
    let retry = retry?;
    let named = match failure {
        Failure::Busy => retry.busy,
        Failure::NoAnswer => retry.no_answer,
        Failure::Declined | Failure::Unreachable => retry.failed,
    };
    (named && attempts <= retry.times).then(|| i64::try_from(retry.every_millis).unwrap_or(i64::MAX))
}

impl Switch {
    /// Whether a number is being called for a callback or a campaign.
    pub(crate) fn is_called(&self, number: &str) -> bool {
        self.callbacks.is_calling(number) || self.campaigns.is_calling(number)
    }
}
