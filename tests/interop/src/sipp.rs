//! A sipp of our own: a scenario, run to its end.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// Runs `sipp` as a caller until it has made its calls; `-timeout` bounds it.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("sipp")
        .args(["-nostdin", "-timeout", "60s", "-timeout_error", "-recv_timeout", "30000"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("sipp is installed (tests/run installs it)")
}

/// A sipp that waits for calls; ended when dropped.
pub struct Answering {
    child: Child,
}

impl Answering {
    /// Starts it, with a limit on its life.
    pub fn start(folder: &Path, arguments: &[&str]) -> Answering {
        let child = Command::new("sipp")
            .args(["-nostdin", "-timeout", "60s"])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sipp is installed (tests/run installs it)");
        std::thread::sleep(Duration::from_millis(500));
        Answering { child }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a failed sipp said.
pub fn said(output: &Output) -> String {
    format!(
        "sipp ended with {:?}\n{}\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
