//! From a loaded project to a program that runs.

use flow_bytecode::{Program, VerifiedProgram, verify};
use flow_diagnostics::Diagnostic;
use flow_project::Loaded;

/// Why there is no program.
#[derive(Debug)]
pub enum Refused {
    /// The flows have errors; they are in the project's diagnostics.
    Errors,
    /// The program is beyond a limit of the machine.
    Limits(Vec<Diagnostic>),
    /// The compiler made something that the verifier refuses: a fault of flowc.
    Fault(String),
}

/// Lowers and verifies the project's program.
pub fn compile(loaded: &Loaded) -> Result<(Program, VerifiedProgram), Refused> {
    let Some(checked) = &loaded.program else { return Err(Refused::Errors) };
    let program = flow_lower::lower(checked, &loaded.sources).map_err(Refused::Limits)?;
    match verify(program.clone()) {
        Ok(verified) => Ok((program, verified)),
        Err(faults) => {
            if let Some(limits) = flow_lower::limits::beyond(checked, &faults) {
                return Err(Refused::Limits(limits));
            }
            let faults: Vec<String> = faults.iter().map(|fault| fault.to_string()).collect();
            Err(Refused::Fault(faults.join("\n")))
        }
    }
}
