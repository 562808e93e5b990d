//! Sources with several mistakes each: all of them are found, each said once.

mod common;

use common::check_files;
use flow_diagnostics::render::{Format, Options, render};

fn said(text: &str) -> String {
    let answer = check_files(text, &[]);
    assert!(answer.checked.program.is_none());
    let look = Options { max: 0, ..Options::default() };
    render(Format::Text, &answer.sources, &answer.all(), &look)
}

macro_rules! sources {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(said(include_str!(concat!("flows/", stringify!($name), ".flow"))));
            }
        )*
    };
}

sources!(peers money secrets ends outcomes clauses cycles languages expressions torn names calendars values services);
