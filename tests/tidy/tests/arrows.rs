//! Which crate may know which: the arrows of the architecture, over `cargo metadata`.
#![allow(clippy::disallowed_methods)]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .other_options(vec!["--offline".into()])
        .exec()
        .expect("cargo metadata runs")
}

fn members(metadata: &Metadata) -> Vec<&Package> {
    metadata.workspace_packages()
}

/// Names of what a package links, tests and benches apart.
fn links(package: &Package) -> Vec<String> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .map(|dependency| dependency.name.clone())
        .collect()
}

fn folder(package: &Package) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let root = std::fs::canonicalize(root).expect("the root exists");
    let path = package.manifest_path.parent().expect("a manifest is in a folder");
    path.as_std_path().strip_prefix(root).expect("members are below the root").display().to_string()
}

/// What each of our crates may link of our crates. A crate that is not listed here does not belong.
const ARROWS: &[(&str, &[&str])] = &[
    ("flow-diagnostics", &[]),
    ("flow-syntax", &["flow-diagnostics"]),
    ("flow-check", &["flow-diagnostics", "flow-syntax"]),
    ("flow-lint", &["flow-diagnostics", "flow-syntax", "flow-check"]),
    ("flow-format", &["flow-diagnostics", "flow-syntax"]),
    ("flow-lower", &["flow-diagnostics", "flow-check", "flow-bytecode"]),
    ("flow-ide", &["flow-diagnostics", "flow-syntax", "flow-check"]),
    ("flow-project", &["flow-diagnostics", "flow-syntax", "flow-check", "flow-lint", "flow-stdlib"]),
    (
        "flowc",
        &[
            "flow-diagnostics",
            "flow-syntax",
            "flow-check",
            "flow-lint",
            "flow-format",
            "flow-lower",
            "flow-project",
            "flow-ide",
            "flow-bytecode",
            "flow-sim",
            "flow-server",
            "flow-stdlib",
        ],
    ),
    ("flow-bytecode", &[]),
    ("flow-vm", &["flow-bytecode"]),
    ("flow-switch", &["flow-bytecode", "flow-vm"]),
    ("flow-sip", &[]),
    ("flow-media", &[]),
    ("flow-node", &["flow-bytecode", "flow-vm", "flow-switch", "flow-sip"]),
    ("flow-sim", &["flow-bytecode", "flow-vm", "flow-switch"]),
    (
        "flow-server",
        &["flow-bytecode", "flow-vm", "flow-switch", "flow-sip", "flow-media", "flow-node", "flow-stdlib"],
    ),
    ("flow-stdlib", &[]),
];

/// Crates under `tests/`: nothing may link them.
const TEST_CRATES: &[&str] =
    &["flow-tidy", "flow-interop", "flow-bench", "flow-calls", "flow-fuzz", "flow-reference"];

#[test]
fn crates_know_only_what_the_architecture_allows() {
    let metadata = metadata();
    let ours: Vec<&str> = members(&metadata).iter().map(|package| package.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in members(&metadata) {
        if TEST_CRATES.contains(&package.name.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name.as_str()) else {
            wrong.push(format!("`{}` has no place in the architecture: add it to ARROWS", package.name));
            continue;
        };
        for link in links(package) {
            if ours.contains(&link.as_str()) && !allowed.contains(&link.as_str()) {
                wrong.push(format!("`{}` must not know `{link}`", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_crate_is_called_like_its_folder() {
    let metadata = metadata();
    for package in members(&metadata) {
        let folder = folder(package);
        let last = folder.rsplit('/').next().expect("a path has a last part");
        let tests = folder.starts_with("tests/") && package.name.as_str() == format!("flow-{last}");
        let library = folder == "stdlib" && package.name.as_str() == "flow-stdlib";
        assert!(package.name.as_str() == last || tests || library, "`{}` lives in {folder}", package.name);
    }
}

#[test]
fn outside_libraries_stay_where_they_belong() {
    let only: &[(&str, &[&str])] = &[
        ("logos", &["flow-syntax"]),
        ("lalrpop-util", &["flow-syntax"]),
        ("ariadne", &["flow-diagnostics"]),
        ("rsip", &["flow-sip"]),
        ("tokio", &["flow-server"]),
        ("mio", &["flow-server"]),
        ("socket2", &["flow-server"]),
        ("rusqlite", &["flow-server"]),
        ("axum", &["flow-server"]),
        ("clap", &["flowc"]),
        ("anstream", &["flowc"]),
        ("ignore", &["flowc"]),
        ("similar", &["flowc"]),
    ];
    let metadata = metadata();
    for package in members(&metadata) {
        if TEST_CRATES.contains(&package.name.as_str()) {
            continue;
        }
        for link in links(package) {
            if let Some((_, homes)) = only.iter().find(|(name, _)| *name == link) {
                assert!(homes.contains(&package.name.as_str()), "`{}` must not link `{link}`", package.name);
            }
        }
    }
}

#[test]
fn what_is_linked_is_permissive() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let deny: toml::Value =
        toml::from_str(&std::fs::read_to_string(format!("{root}/deny.toml")).expect("deny.toml is there"))
            .expect("deny.toml is TOML");
    let texts = |value: &toml::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(String::from)).collect()
    };
    let allowed = texts(&deny["licenses"]["allow"]);
    let clarified: Vec<(String, String)> = deny["licenses"]["clarify"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().expect("a text").to_string();
            (text("crate"), text("expression"))
        })
        .collect();
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in metadata.packages.iter().filter(|package| package.source.is_some()) {
        let clarification = clarified.iter().find(|(name, _)| *name == package.name.as_str());
        let licence = package.license.clone().or(clarification.map(|(_, licence)| licence.clone()));
        let Some(licence) = licence else {
            wrong.push(format!("`{}` states no licence", package.name));
            continue;
        };
        if !satisfied(&licence, &allowed) {
            wrong.push(format!("`{}` is under {licence}", package.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether an SPDX expression (with the old `/` for OR) can be met by the allowed licences.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    // A conjunction needs each of its sides; without nested alternatives in use, AND splits first.
    expression.split(" AND ").all(|side| {
        side.split(" OR ").map(str::trim).any(|licence| allowed.iter().any(|allowed| allowed == licence))
    })
}

#[test]
fn licence_expressions_are_read() {
    let allowed = vec!["MIT".to_string(), "Unicode-3.0".to_string()];
    assert!(satisfied("MIT/Apache-2.0", &allowed));
    assert!(satisfied("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
    assert!(!satisfied("GPL-3.0", &allowed));
    assert!(!satisfied("MIT AND GPL-3.0", &allowed));
}
