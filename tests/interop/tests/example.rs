//! The example that the README runs, called by a softphone: what is heard is what its prompts say.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use flow_interop::audio::{correlation, envelope, read};
use flow_interop::baresip::{Baresip, Phone};
use flow_interop::eventually;
use flow_interop::project::Project;
use flow_interop::server::Server;

/// A sentence of the project, by the beginning of its file's name.
fn sentence(project: &Path, begins: &str) -> PathBuf {
    std::fs::read_dir(project.join("prompts/en"))
        .expect("the example ships its prompts")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begins)))
        .unwrap_or_else(|| panic!("no prompt begins with {begins}"))
}

#[test]
fn the_support_line_greets_and_knows_its_hours() {
    let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/support"));
    let project = Project::copy("support", example);
    let server = Server::start(project.path(), "127.38.0.1:5060", &[]);
    let phone = Phone { ip: "127.38.0.2", user: "caller", hertz: 1300.0, codec: "pcmu", answers: false };
    let mut caller = Baresip::start(project.path(), &phone);
    caller.dial("sip:support@127.38.0.1:5060");
    caller.wait_for("CALL_ESTABLISHED", Duration::from_secs(10));
    std::thread::sleep(Duration::from_secs(6));
    caller.hang_up();
    let recorded = eventually(Duration::from_secs(10), || server.records().len() == 1);
    assert!(recorded, "one call, one record:\n{}", server.story());

    let heard = envelope(&caller.heard());
    let likeness = |begins: &str| correlation(&envelope(&read(&sentence(project.path(), begins))), &heard);
    let greeting = likeness("thank-you-for-calling-northwind-support");
    assert!(greeting > 0.9, "the greeting was heard ({greeting:.3}); the story:\n{}", server.story());
    // Whatever the clock says: a PIN is asked for, or the hours are told.
    let next = likeness("please-enter-your-four").max(likeness("our-office-is-closed"));
    let next = next.max(likeness("we-are-closed-for-the-holiday"));
    assert!(next > 0.9, "what follows the greeting was heard ({next:.3}); the story:\n{}", server.story());
    assert!(likeness("we-could-not-take-your-message") < 0.8, "the ear can tell sentences apart");
}
