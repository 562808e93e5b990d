//! Every code that lowering, the verifier or a running call may show has a page, so that `flowc explain` always
//! answers.

use flow_bytecode::{FaultKind, TrapReason};
use flow_diagnostics::explain;

#[test]
fn every_code_of_lowering_verifier_and_traps_has_a_page() {
    let lowering = flow_lower::limits::CODES.iter().map(ToString::to_string);
    let faults = FaultKind::ALL.iter().map(|kind| kind.code().to_owned());
    let traps = TrapReason::ALL.iter().map(|reason| reason.code().to_owned());
    let missing: Vec<String> =
        lowering.chain(faults).chain(traps).filter(|code| explain(code).is_none()).collect();
    assert!(missing.is_empty(), "no page: {missing:?}");
}
