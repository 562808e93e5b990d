//! The library's flow files, which any project may `use`.
//!
//! `use std.holidays.us` reads `std/holidays/us.flow`.

/// Path without its ending, and text; in order.
const FLOWS: &[(&str, &str)] = &[
    ("std/cards", include_str!("../flows/std/cards.flow")),
    ("std/holidays/australia", include_str!("../flows/std/holidays/australia.flow")),
    ("std/holidays/canada", include_str!("../flows/std/holidays/canada.flow")),
    ("std/holidays/england", include_str!("../flows/std/holidays/england.flow")),
    ("std/holidays/france", include_str!("../flows/std/holidays/france.flow")),
    ("std/holidays/germany", include_str!("../flows/std/holidays/germany.flow")),
    ("std/holidays/ireland", include_str!("../flows/std/holidays/ireland.flow")),
    ("std/holidays/italy", include_str!("../flows/std/holidays/italy.flow")),
    ("std/holidays/mexico", include_str!("../flows/std/holidays/mexico.flow")),
    ("std/holidays/netherlands", include_str!("../flows/std/holidays/netherlands.flow")),
    ("std/holidays/portugal", include_str!("../flows/std/holidays/portugal.flow")),
    ("std/holidays/scotland", include_str!("../flows/std/holidays/scotland.flow")),
    ("std/holidays/spain", include_str!("../flows/std/holidays/spain.flow")),
    ("std/holidays/us", include_str!("../flows/std/holidays/us.flow")),
];

/// The text of a library file: `std/holidays/us`.
pub fn flow(path: &str) -> Option<&'static str> {
    let at = FLOWS.binary_search_by_key(&path, |(name, _)| name).ok()?;
    Some(FLOWS[at].1)
}

/// The paths of all library files, in order.
pub fn flows() -> impl Iterator<Item = &'static str> {
    FLOWS.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_by_its_path() {
        assert!(flows().all(|path| flow(path).is_some()));
        assert!(flows().is_sorted());
        assert_eq!(flow("std/holidays/atlantis"), None);
    }
}
