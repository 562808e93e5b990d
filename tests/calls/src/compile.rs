//! One source text to a verified program.

use std::sync::Arc;

use flow_bytecode::VerifiedProgram;
use flow_bytecode::verifier::verify;
use flow_check::{DataFile, Module, Options, check};
use flow_diagnostics::render::{self, Format, render};
use flow_diagnostics::{Interner, SourceFile, SourceMap};

/// Compiles a flow.
///
/// # Panics
/// With the diagnostics, when it has mistakes.
pub fn compile(source: &str) -> Arc<VerifiedProgram> {
    compile_with(source, &[])
}

/// The same with files of rows, by name.
///
/// # Panics
/// As [`compile`].
pub fn compile_with(source: &str, files: &[(&str, &str)]) -> Arc<VerifiedProgram> {
    let mut sources = SourceMap::default();
    let file = sources.add(SourceFile::new("main.flow", source));
    let data = files.iter().map(|(path, text)| {
        let file = sources.add(SourceFile::new(*path, *text));
        DataFile { path: (*path).to_owned(), library: 0, text: Ok((file, (*text).to_owned())) }
    });
    let data = data.collect();
    let mut interner = Interner::default();
    let parsed = flow_syntax::parse(file, source, &mut interner);
    let shown = |diagnostics: &[_]| render(Format::Text, &sources, diagnostics, &render::Options::default());
    assert!(parsed.diagnostics.is_empty(), "{}", shown(&parsed.diagnostics));
    let modules = [Module { name: Vec::new(), file, ast: &parsed.file }];
    let checked = check(&modules, &interner, &Options { project: "test".into(), data, ..Options::default() });
    let Some(program) = checked.program else { panic!("{}", shown(&checked.diagnostics)) };
    let program = flow_lower::lower(&program, &sources).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
    Arc::new(verify(program).unwrap_or_else(|faults| panic!("{faults:?}")))
}
