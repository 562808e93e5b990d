//! Numbers that cost more than a call: premium services, satellites, islands that bill like far countries. The switch
//! has the same list, for numbers that are known only during a call; a test keeps the two equal.

/// Prefixes, E.164 with their plus.
pub const PREMIUM: &[&str] = &[
    // International.
    "+870", "+881", "+882", "+883", "+979",
    // North America: 900 and 976, and islands that look like area codes and bill like far countries.
    "+1900", "+1976", "+1242", "+1246", "+1264", "+1268", "+1284", "+1345", "+1441", "+1473", "+1649",
    "+1664", "+1721", "+1758", "+1767", "+1784", "+1809", "+1829", "+1849", "+1868", "+1869", "+1876",
    // Europe.
    "+39144", "+39166", "+39178", "+39199", "+39892", "+39899", "+3381", "+3382", "+3389", "+34803", "+34806",
    "+34807", "+34905", "+34907", "+44870", "+44871", "+44872", "+44873", "+449", "+4470", "+4976", "+4990",
    "+49137", "+49180", "+41900", "+41901", "+41906", "+43900", "+43901", "+43930", "+43931", "+31900",
    "+31906", "+31909", "+32900", "+32901", "+32902", "+32903", "+32904", "+32905", "+32906", "+32907",
    "+32908", "+32909", "+35115", "+35116", "+3517", "+46900", "+46939", "+46944", "+4782", "+4590",
    "+358600", "+358700", "+48700", "+48701", "+48703", "+42090", // Elsewhere.
    "+61190", "+6419", "+64900", "+81990", "+5590", "+52900", "+54600",
];

/// The prefix by which a number is expensive.
pub(crate) fn prefix(number: &str) -> Option<&'static str> {
    PREMIUM.iter().copied().filter(|prefix| number.starts_with(prefix)).max_by_key(|prefix| prefix.len())
}
