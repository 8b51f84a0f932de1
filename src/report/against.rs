//! Two agreements beside each other, as JSON and in words.

use super::{VERSION, thousands};
use crate::experiment::against::{Against, Fourfold};
use crate::scenario::Scenario;
use serde_json::json;
use std::fmt::Write;

/// Two runs of the same people beside each other, as JSON.
pub fn against_json(first: &Scenario, second: &Scenario, against: &Against) -> String {
    let fourfold = |f: &Fourfold| {
        json!({
            "people": f.total(),
            "both": f.both,
            "spared": f.spared,
            "newly_returned": f.newly_returned,
            "neither": f.neither,
        })
    };
    let json = json!({
        "schema": "namesake.against/1",
        "version": VERSION,
        "scenario": first.name,
        "against": second.name,
        "seed": first.seed.population,
        "sought": fourfold(&against.sought),
        "never_sought": fourfold(&against.never_sought),
    });
    format!("{json:#}\n")
}

/// Two runs of the same people beside each other, as a table.
pub fn against_text(first: &Scenario, second: &Scenario, against: &Against) -> String {
    let mut text = format!(
        "The same people under two agreements: {} and {}.\n{:<34}{:>14}{:>18}\n",
        first.name, second.name, "people on the holder's file", "sought", "never sought"
    );
    let (sought, never) = (against.sought, against.never_sought);
    for (label, sought, never) in [
        ("returned under both", sought.both, never.both),
        ("spared by the second", sought.spared, never.spared),
        ("newly returned by the second", sought.newly_returned, never.newly_returned),
        ("returned under neither", sought.neither, never.neither),
        ("all", sought.total(), never.total()),
    ] {
        writeln!(text, "{label:<34}{:>14}{:>18}", thousands(sought), thousands(never))
            .expect("writing to a string cannot fail");
    }
    text
}
