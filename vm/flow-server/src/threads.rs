//! Threads that the server cannot do without.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle};

/// The exit code of a server that lost one of them: an internal software error, as sysexits.h has it.
const LOST: i32 = 70;

/// Starts a thread whose panic ends the process: a server that can no longer carry audio or keep records must
/// not look alive. A panic that the thread itself catches stays its own matter.
pub(crate) fn vital<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.to_owned()).spawn(move || {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            // The panic hook has said what happened and where.
            std::process::exit(LOST)
        })
    })
}

/// Does a piece of work that a defect of ours may end half done. Says whether it was done whole.
pub(crate) fn survives(work: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(work)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_panics_is_survived_and_told() {
        assert!(survives(|| {}));
        assert!(!survives(|| panic!("a defect")));
    }
}
