//! A menu that speaks more choices than people hold in mind.

use flow_diagnostics::Diagnostic;

use crate::{Found, Project, codes, tree};

pub(super) fn check(project: &Project<'_>, found: &mut Found) {
    let most = project.config.menu_options as usize;
    for file in project.own_files() {
        for flow in tree::flows(file) {
            for menu in tree::blocks(flow).filter(|block| tree::kind(project.interner, block) == "menu") {
                let count = tree::spoken_choices(flow, menu).len();
                if count <= most {
                    continue;
                }
                let name = project.interner.name(menu.name.symbol);
                let own = tree::own_choices(menu).count();
                let mut diagnostic = Diagnostic::warning(
                    codes::MENU_OPTIONS,
                    format!("`{name}` offers {count} choices, and callers keep {most} in mind"),
                    menu.name.span.at(file.file),
                    format!("{count} choices are spoken here"),
                )
                .with_help(
                    "move the rare ones into a second menu, or make a key that needs no words `silently`",
                );
                if own < count {
                    diagnostic = diagnostic
                        .with_note(format!("{} of them come from the flow", count.saturating_sub(own)));
                }
                found.push(diagnostic);
            }
        }
    }
}
