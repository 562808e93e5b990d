//! Records and messages as they are written, kept and read.

use super::*;
use flow_switch::boundary::Message;
use flow_switch::boundary::{Outcome, Step};
use std::sync::mpsc::channel;

fn record(call: &str, started: i64) -> Box<CallRecord> {
    Box::new(CallRecord {
        flow: "support".into(),
        called: "+15550100".into(),
        caller_name: Some("Ada".into()),
        answered_after: Some(12),
        duration: 4_000,
        outcome: Outcome::CallerHungUp { block: "main".into() },
        way: vec![Step { flow: "support".into(), block: "main".into(), at: 0 }],
        ..CallRecord::new(call.into(), started)
    })
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("flow-server-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn records_and_messages_are_read_as_they_were_written_and_survive_a_restart() {
    let state = folder("records");
    let (tell, told) = channel();
    for round in 0..2 {
        let tell = tell.clone();
        let sink = Box::new(move |id: StoreId, stored| tell.send((id, stored)).unwrap());
        let store = Store::start(
            &state,
            sink,
            Box::new(drop),
            Box::new(|| ()),
            Keep { days: u32::MAX },
            Arc::new(Metrics::default()),
        )
        .unwrap();
        assert!(store.record(record(&format!("b{round}"), 2_000)).is_ok());
        assert!(store.record(record(&format!("a{round}"), 1_000)).is_ok());
        let message = Message {
            name: format!("m{round}"),
            call: "a0".into(),
            deliver_to: "mailto:x@y.example".into(),
            caller: None,
            flow: "support".into(),
            block: "message".into(),
            unix_millis: 7,
            millis: 3_000,
        };
        assert!(store.store(StoreId(round), Stored::Message(message)).is_ok());
        assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok((StoreId(round), true)));
        store.finish();
    }
    let records = read_records(&state).unwrap();
    assert_eq!(records[0], *record("a0", 1_000));
    let calls: Vec<&str> = records.iter().map(|record| record.call.as_str()).collect();
    assert_eq!(calls, ["a0", "a1", "b0", "b1"]);
    assert_eq!(read_messages(&state).unwrap().len(), 2);
    std::fs::remove_dir_all(&state).unwrap();
}

/// A store, how its messages are answered, and its news.
fn store(state: &Path) -> (Store, Receiver<(StoreId, bool)>, Receiver<String>) {
    let ((tell, told), (announce, news)) = (channel(), channel());
    let sink = Box::new(move |id: StoreId, stored| tell.send((id, stored)).unwrap());
    let announce = Box::new(move |text| announce.send(text).unwrap());
    (
        Store::start(
            state,
            sink,
            announce,
            Box::new(|| ()),
            Keep { days: u32::MAX },
            Arc::new(Metrics::default()),
        )
        .unwrap(),
        told,
        news,
    )
}

fn message(name: &str) -> Stored {
    Stored::Message(Message {
        name: name.into(),
        call: "a0".into(),
        deliver_to: "mailto:x@y.example".into(),
        caller: None,
        flow: "support".into(),
        block: "message".into(),
        unix_millis: 7,
        millis: 3_000,
    })
}

#[test]
fn records_go_to_a_new_file_when_the_folder_was_taken_away() {
    let state = folder("taken");
    let (store, told, news) = store(&state);
    assert!(store.store(StoreId(1), message("m1")).is_ok());
    assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok((StoreId(1), true)));
    std::fs::remove_dir_all(&state).unwrap();
    assert!(store.record(record("a", 1)).is_ok());
    store.finish();
    assert_eq!(news.iter().next(), None);
    assert_eq!(read_records(&state).unwrap().len(), 1);
    std::fs::remove_dir_all(&state).unwrap();
}

#[test]
fn records_wait_for_a_disk_that_comes_back() {
    let state = folder("back");
    let (store, told, news) = store(&state);
    std::fs::remove_dir_all(&state).unwrap();
    // Where the folder was, nothing can be written now.
    std::fs::write(&state, "in the way").unwrap();
    assert!(store.record(record("a", 1)).is_ok());
    assert!(store.store(StoreId(1), message("m1")).is_ok());
    let answer = told.recv_timeout(Duration::from_secs(5));
    assert_eq!(answer, Ok((StoreId(1), false)), "who waits is told at once");
    let next = || news.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(next().starts_with("call records cannot be written to"));
    std::fs::remove_file(&state).unwrap();
    assert!(next().starts_with("call records can be written again; 1 "), "without another call");
    assert_eq!(read_records(&state).unwrap().len(), 1);
    store.finish();
    std::fs::remove_dir_all(&state).unwrap();
}

#[test]
fn what_cannot_be_read_is_said() {
    let state = folder("nothing");
    assert!(read_records(&state).unwrap_err().starts_with("there are no call records in"));
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join(FILE), "not a database at all, but long enough to look at").unwrap();
    assert!(read_records(&state).is_err());
    assert!(open(&state.join(FILE)).is_err());
    std::fs::remove_dir_all(&state).unwrap();
}
