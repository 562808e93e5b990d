//! Programs without a mistake: nothing is said, and what comes out is whole.

mod common;

use common::check_text;

#[test]
fn a_support_line_is_fine() {
    let answer = check_text(include_str!("good/support.flow"));
    assert_eq!(answer.text(), "");
    assert!(answer.checked.program.is_some());
}

#[test]
fn two_languages_are_fine() {
    let answer = check_text(include_str!("good/clinic.flow"));
    assert_eq!(answer.text(), "");
    assert!(answer.checked.program.is_some());
}
