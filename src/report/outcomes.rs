//! The answers in people's hands, and the consequences: cells of the CSV files, and the lines of the summary where a
//! safeguard is on.

use super::written::{capital, thousands};
use crate::results::{Answered, Outcomes, RightAndWrong};
use crate::scenario::Consequence;

/// The cells about one answer; blank where there was no such answer.
pub(super) fn cells(answered: Option<&Answered>) -> Vec<String> {
    // Held back, out of date, not checked, sought in error; days of each consequence; days kept, ended by.
    let Some(a) = answered else { return vec![String::new(); 6 + Consequence::ALL.len()] };
    let number = |days: Option<u64>| days.map_or(String::new(), |days| days.to_string());
    let mut cells = vec![
        a.held_back_by.unwrap_or("").to_string(),
        a.address_out_of_date.to_string(),
        a.check_not_made.to_string(),
        a.sought_in_error.to_string(),
    ];
    cells.extend(Consequence::ALL.map(|kind| number(a.days.get(&kind).copied())));
    cells.push(number(a.record_kept_days));
    cells.push(a.ended_by.unwrap_or("").to_string());
    cells
}

/// Lines of the summary: what was held back, what followed, and what was taken back. None where the terms have nothing
/// of the kind.
pub(super) fn lines(outcomes: &Outcomes) -> Vec<(&'static str, String)> {
    let both = |n: RightAndWrong| format!("{} right and {} wrong persons", thousands(n.right), thousands(n.wrong));
    let mut lines = Vec::new();
    let held = [("rejected_by_review", "by review"), ("held_back_after_notice", "after a notice")];
    let held: Vec<String> =
        held.iter().filter_map(|(name, how)| Some(format!("{how} {}", both(outcomes.step(name)?)))).collect();
    if !held.is_empty() {
        lines.push(("HELD BACK", format!("{}.", capital(&held.join("; ")))));
    }
    let followed = outcomes.steps.iter().filter_map(|step| {
        let days = outcomes.person_days.iter().find(|days| days.consequence == step.step)?;
        let days = format!("{} and {} person-days", thousands(days.right), thousands(days.wrong));
        let answers = both(RightAndWrong { right: step.right, wrong: step.wrong });
        Some(format!("{} for {answers}: {days}", step.says))
    });
    let ended = [("ended_by_appeal", "taken back after an objection"), ("ended_by_audit", "taken back after an audit")];
    let ended = ended.iter().filter_map(|(name, how)| Some(format!("{how}: {}", both(outcomes.step(name)?))));
    let after: Vec<String> = followed.chain(ended).collect();
    if !after.is_empty() {
        lines.push(("AFTER", format!("{}.", capital(&after.join("; ")))));
    }
    lines
}
