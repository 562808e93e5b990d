//! Programs as bytes: what is written is read, what was damaged is noticed, what lies is refused.

mod programs;

use flow_bytecode::program::{SourceEntry, SourceMap};
use flow_bytecode::{FaultKind, Program, container, verify};
use programs::everything;
use proptest::prelude::*;

fn with_source_map() -> Program {
    let entry = |at, start, line| SourceEntry { at, file: 0, start, end: start + 9, line };
    let entries = vec![entry(0, 100, 7), entry(4, 40, 3), entry(20, 140, 9)];
    Program { source_map: SourceMap { files: vec!["src/main.flow".into()], entries }, ..everything() }
}

#[test]
fn what_is_written_is_read() {
    let program = with_source_map();
    let bytes = container::encode(&program);
    assert_eq!(container::decode(&bytes), Ok(program.clone()));
    assert_eq!(container::encode(&program), bytes, "equal programs give equal bytes");
}

#[test]
fn identity_is_of_the_program_not_of_its_source() {
    let identity = container::identity(&everything());
    assert_eq!(container::identity(&with_source_map()), identity);
    let mut renamed = everything();
    renamed.name.push('2');
    assert_ne!(container::identity(&renamed), identity);
    assert_eq!(verify(with_source_map()).unwrap().identity(), &identity);
}

fn refused(bytes: &[u8]) -> FaultKind {
    container::decode(bytes).expect_err("it is damaged").kind
}

#[test]
fn damage_is_noticed() {
    let bytes = container::encode(&everything());
    let changed = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        refused(&bytes)
    };
    assert_eq!(changed(0, 0x09), FaultKind::NotAContainer, "the high bit was stripped");
    assert_eq!(changed(5, b'\n'), FaultKind::NotAContainer, "line ends were converted");
    assert_eq!(changed(8, 2), FaultKind::Version);
    assert_eq!(changed(12, 1), FaultKind::Version);
    assert_eq!(changed(bytes.len() - 1, 0xff), FaultKind::Checksum);
    for length in [0, 7, 19, 60, bytes.len() - 1] {
        refused(&bytes[..length]);
    }
}

#[test]
fn unknown_sections_are_skipped_unless_critical() {
    // The source map's section, under a number that nobody knows.
    let mut bytes = container::encode(&with_source_map());
    let entry = (0..15).map(|index| 20 + 32 * index).find(|at| bytes[*at] == 64).unwrap();
    bytes[entry] = 99;
    assert_eq!(container::decode(&bytes), Ok(everything()));
    bytes[entry + 4] = 1;
    assert_eq!(refused(&bytes), FaultKind::Section);
}

#[test]
fn a_missing_section_is_named() {
    let mut bytes = container::encode(&with_source_map());
    let entry = (0..15).map(|index| 20 + 32 * index).find(|at| bytes[*at] == 12).unwrap();
    bytes[entry] = 99;
    bytes[entry + 4] = 0;
    let fault = container::decode(&bytes).unwrap_err();
    assert_eq!(fault.to_string(), "error[F0603]: the section CODE is missing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = container::decode(&bytes);
        let forged = [&container::encode(&everything())[..20], &bytes].concat();
        let _ = container::decode(&forged);
    }

    #[test]
    fn forged_sections_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = container::encode(&with_source_map());
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        container::reseal(&mut bytes);
        if let Ok(program) = container::decode(&bytes) {
            prop_assert_eq!(container::decode(&container::encode(&program)), Ok(program.clone()));
            if let Ok(program) = verify(program) {
                flow_bytecode::disassemble::listing(&program);
            }
        }
    }
}
