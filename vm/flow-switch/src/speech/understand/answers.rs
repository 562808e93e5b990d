//! Yes and no.

use super::pieces::Piece;
use super::words::Meaning;

/// `1` for yes and `2` for no, as they are keyed; none when it is neither, or both.
pub(super) fn yes_no(said: &[Piece]) -> Option<&'static str> {
    let says = |meaning| said.contains(&Piece::Meant(meaning));
    if says(Meaning::Not) {
        // "That is not right"; "not wrong" is for people.
        return (!says(Meaning::No)).then_some("2");
    }
    match (says(Meaning::Yes), says(Meaning::No)) {
        (true, false) => Some("1"),
        (false, true) => Some("2"),
        (true, true) => None,
        (false, false) => keyed(said),
    }
}

/// The key itself, said.
fn keyed(said: &[Piece]) -> Option<&'static str> {
    let mut numbers = said.iter().filter(|piece| piece.is_core());
    let key = match numbers.next()? {
        Piece::Meant(Meaning::Unit(1)) => "1",
        Piece::Meant(Meaning::Unit(2)) => "2",
        Piece::Figures(figures) if figures == "1" => "1",
        Piece::Figures(figures) if figures == "2" => "2",
        _ => return None,
    };
    numbers.next().is_none().then_some(key)
}
