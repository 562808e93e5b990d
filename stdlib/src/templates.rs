//! Projects to begin with: what `flowc new` writes.
//!
//! A template is a folder under `templates/`, whole and checked like any other project. Its own name in
//! `flow.toml` and in the README is [`NAME`], which is replaced by the new project's.

/// What stands in a template where a project has its name.
pub const NAME: &str = "project-name";

/// A project to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// What it is asked for by.
    pub name: &'static str,
    /// Paths in the project, with `/`, and texts.
    pub files: [(&'static str, &'static str); 4],
}

impl Template {
    /// What it is, in a sentence: the first line of its main flow.
    pub fn about(&self) -> &'static str {
        let main = self.files.iter().find(|(path, _)| *path == "src/main.flow").map_or("", |(_, text)| *text);
        main.lines().next().unwrap_or("").trim_start_matches("//!").trim()
    }

    /// The files of a project of this name: paths, with `/`, and texts.
    pub fn files_of(&self, project: &str) -> impl Iterator<Item = (&'static str, String)> {
        self.files.into_iter().map(move |(path, text)| (path, text.replace(NAME, project)))
    }
}

/// The files of a template. Git would heed a `.gitignore` among our own files, so there it is called otherwise.
macro_rules! template {
    ($name:literal) => {
        Template {
            name: $name,
            files: [
                (".gitignore", include_str!(concat!("../templates/", $name, "/gitignore"))),
                ("README.md", include_str!(concat!("../templates/", $name, "/README.md"))),
                ("flow.toml", include_str!(concat!("../templates/", $name, "/flow.toml"))),
                ("src/main.flow", include_str!(concat!("../templates/", $name, "/src/main.flow"))),
            ],
        }
    };
}

const TEMPLATES: &[Template] =
    &[template!("minimal"), template!("support"), template!("bilingual"), template!("after-hours")];

/// All templates, the plainest first.
pub fn templates() -> &'static [Template] {
    TEMPLATES
}

/// The template of a name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn every_folder_is_a_template() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let entries = std::fs::read_dir(folder).expect("the templates");
        let mut there: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        there.sort();
        let mut known: Vec<&str> = templates().iter().map(|template| template.name).collect();
        known.sort_unstable();
        assert_eq!(there, known);
    }

    #[test]
    fn a_project_has_its_name() {
        for template in templates() {
            assert!(template.about().ends_with('.'), "{}: {}", template.name, template.about());
            for (path, text) in template.files_of("harbour") {
                assert!(!text.contains(NAME), "{path}");
                assert_eq!(text.contains("harbour"), matches!(path, "README.md" | "flow.toml"), "{path}");
            }
        }
        assert_eq!(template("nothing"), None);
    }
}
