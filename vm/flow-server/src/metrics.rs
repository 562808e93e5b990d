//! Counts for Prometheus: what the node and the store report, read by HTTP.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flow_sip::Counters;
use flow_switch::boundary::{CallRecord, Outcome};

/// Shared between the node's thread and HTTP.
#[derive(Default)]
pub(crate) struct Metrics {
    /// Calls in progress.
    pub(crate) active: AtomicU64,
    /// Whether new calls are taken.
    pub(crate) ready: AtomicBool,
    /// Calls refused before any flow heard of them.
    pub(crate) refused: AtomicU64,
    /// SIP messages that the system would not take at once.
    pub(crate) send_failures: AtomicU64,
    /// Pieces of speech that there was no sound for.
    pub(crate) unvoiced: AtomicU64,
    /// Records that could not be kept.
    pub(crate) records_lost: AtomicU64,
    /// Panics that were survived.
    pub(crate) defects: AtomicU64,
    /// What is waiting in the outbox, and what was given up.
    pub(crate) outbox_waiting: AtomicU64,
    pub(crate) outbox_undelivered: AtomicU64,
    /// Processes of the recogniser that are alive, and how often one broke.
    pub(crate) recognizers: AtomicU64,
    pub(crate) recognizer_failures: AtomicU64,
    /// Samples of speech that the recogniser did not take in time.
    pub(crate) speech_dropped: Arc<AtomicU64>,
    listened: Mutex<BTreeMap<&'static str, u64>>,
    calls: Mutex<BTreeMap<(String, &'static str), u64>>,
    services: Mutex<BTreeMap<(String, &'static str), u64>>,
    sip: Mutex<Counters>,
}

impl Metrics {
    /// Counts a call that is over.
    pub(crate) fn count(&self, record: &CallRecord) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry((record.flow.clone(), outcome(&record.outcome))).or_default() += 1;
    }

    /// Counts a request to a service that is over.
    pub(crate) fn service(&self, operation: &str, outcome: &'static str) {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        *services.entry((operation.to_owned(), outcome)).or_default() += 1;
    }

    /// Counts an utterance that was listened for.
    pub(crate) fn listened(&self, outcome: &'static str) {
        let mut listened = self.listened.lock().unwrap_or_else(PoisonError::into_inner);
        *listened.entry(outcome).or_default() += 1;
    }

    /// Takes over what SIP has counted.
    pub(crate) fn sip(&self, counters: Counters) {
        *self.sip.lock().unwrap_or_else(PoisonError::into_inner) = counters;
    }

    /// The page for Prometheus (text format 0.0.4).
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        let load = |value: &AtomicU64| value.load(Ordering::Relaxed);
        gauge(&mut page, "flowc_calls_active", "Calls in progress.", load(&self.active));
        head(&mut page, "flowc_calls_total", "counter", "Calls that are over, by flow and outcome.");
        for ((flow, outcome), count) in self.calls.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(page, "flowc_calls_total{{flow=\"{flow}\",outcome=\"{outcome}\"}} {count}");
        }
        head(
            &mut page,
            "flowc_service_requests_total",
            "counter",
            "Requests to services, by operation and outcome.",
        );
        for ((operation, outcome), count) in
            self.services.lock().unwrap_or_else(PoisonError::into_inner).iter()
        {
            let _ = writeln!(
                page,
                "flowc_service_requests_total{{operation=\"{operation}\",outcome=\"{outcome}\"}} {count}"
            );
        }
        gauge(
            &mut page,
            "flowc_outbox_waiting",
            "What is to be delivered still.",
            load(&self.outbox_waiting),
        );
        gauge(&mut page, "flowc_outbox_undelivered", "What was given up.", load(&self.outbox_undelivered));
        gauge(
            &mut page,
            "flowc_recognizers",
            "Processes that understand speech and are alive.",
            load(&self.recognizers),
        );
        head(&mut page, "flowc_listens_total", "counter", "Utterances that were listened for, by outcome.");
        for (outcome, count) in self.listened.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(page, "flowc_listens_total{{outcome=\"{outcome}\"}} {count}");
        }
        let sip = *self.sip.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, help, value) in [
            (
                "flowc_calls_refused_total",
                "Calls refused before any flow heard of them.",
                load(&self.refused),
            ),
            ("flowc_speech_missing_total", "Pieces of speech without a sound.", load(&self.unvoiced)),
            ("flowc_records_lost_total", "Call records that could not be kept.", load(&self.records_lost)),
            (
                "flowc_recognizer_failures_total",
                "Processes of the recogniser that broke.",
                load(&self.recognizer_failures),
            ),
            (
                "flowc_speech_dropped_samples_total",
                "Samples of speech that the recogniser did not take in time.",
                load(&self.speech_dropped),
            ),
            ("flowc_defects_total", "Defects of flowc that were survived.", load(&self.defects)),
            (
                "flowc_sip_send_failures_total",
                "SIP datagrams that could not be sent.",
                load(&self.send_failures),
            ),
            ("flowc_sip_received_total", "SIP datagrams received.", sip.received),
            ("flowc_sip_sent_total", "SIP datagrams handed out.", sip.sent),
            ("flowc_sip_retransmitted_total", "SIP messages sent again.", sip.retransmitted),
            ("flowc_sip_unreadable_total", "Datagrams that are no SIP.", sip.unreadable),
            ("flowc_sip_malformed_total", "Requests answered 400.", sip.malformed),
            ("flowc_sip_refused_by_limit_total", "Requests refused at a limit.", sip.refused_by_limit),
        ] {
            head(&mut page, name, "counter", help);
            let _ = writeln!(page, "{name} {value}");
        }
        page
    }
}

fn gauge(page: &mut String, name: &str, help: &str, value: u64) {
    head(page, name, "gauge", help);
    let _ = writeln!(page, "{name} {value}");
}

fn head(page: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(page, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

/// The kind of an outcome as records name it.
pub(crate) fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Ended { .. } => "ended",
        Outcome::CallerHungUp { .. } => "caller_hung_up",
        Outcome::Lost { .. } => "lost",
        Outcome::Declined { .. } => "declined",
        Outcome::Fault { .. } => "fault",
        Outcome::Shutdown { .. } => "shutdown",
        Outcome::TooLong { .. } => "too_long",
        Outcome::Transferred { .. } => "transferred",
        Outcome::NotReached { .. } => "not_reached",
    }
}
