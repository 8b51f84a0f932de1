//! The same people under two agreements, in words.

use super::decomposition::in_points;
use super::written::{Text, spoken, thousands};
use crate::results::{Against, Change};

/// Two runs of the same people beside each other, as a table.
pub fn against_text(against: &Against) -> String {
    let mut text = Text::default();
    writeln!(
        text,
        "The same people under two agreements: {} and {}.\n{:<34}{:>14}{:>18}",
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
        writeln!(text, "{label:<34}{:>14}{:>18}", thousands(sought), thousands(never));
    }
    writeln!(text, "{:<34}{:>14}{:>18}", "McNemar's exact test, p", p_value(sought.mcnemar), p_value(never.mcnemar));
    writeln!(text, "\n{:<34}{:>10}{:>10}  change, in points (95 %, paired)", "rate", "first", "second");
    let share = |share: Option<f64>| share.map_or("none".to_string(), |share| format!("{:.2} %", share * 100.0));
    for Change { rate, first, second, change } in &against.changes {
        let (first, second) = (share(*first), share(*second));
        writeln!(text, "{:<34}{first:>10}{second:>10}  {}", spoken(&rate.to_string()), in_points(*change));
    }
    text.into()
}

/// A p-value with as many places as it needs, or below which it is.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_string() } else { format!("{p:.4}") }
}
