//! The same people under two agreements, in words.

use super::thousands;
use crate::results::Against;
use std::fmt::Write;

/// Two runs of the same people beside each other, as a table.
pub fn against_text(against: &Against) -> String {
    let mut text = format!(
        "The same people under two agreements: {} and {}.\n{:<34}{:>14}{:>18}\n",
        against.scenario, against.against, "people on the holder's file", "sought", "never sought"
    );
    let (sought, never) = (against.sought, against.never_sought);
    for (label, sought, never) in [
        ("returned under both", sought.both, never.both),
        ("spared by the second", sought.spared, never.spared),
        ("newly returned by the second", sought.newly_returned, never.newly_returned),
        ("returned under neither", sought.neither, never.neither),
        ("all", sought.people, never.people),
    ] {
        writeln!(text, "{label:<34}{:>14}{:>18}", thousands(sought), thousands(never))
            .expect("writing to a string cannot fail");
    }
    text
}
