//! The answers in people's hands, and the consequences: cells of the CSV files, and the lines of the summary where a
//! safeguard is on.

use super::written::{capital, thousands};
use crate::evaluation::{End, Stop};
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
    let held = Stop::ALL.into_iter();
    let held: Vec<String> =
        held.filter_map(|stop| Some(format!("{} {}", stop.how(), both(outcomes.step(stop.step())?)))).collect();
    if !held.is_empty() {
        lines.push(("HELD BACK", format!("{}.", capital(&held.join("; ")))));
    }
    let followed = outcomes.steps.iter().filter_map(|step| {
        let days = outcomes.person_days.iter().find(|days| days.consequence == step.step)?;
        let days = format!("{} and {} person-days", thousands(days.right), thousands(days.wrong));
        let answers = both(RightAndWrong { right: step.right, wrong: step.wrong });
        Some(format!("{} for {answers}: {days}", step.says))
    });
    let ended = End::ALL.into_iter();
    let ended = ended.filter_map(|end| Some(format!("{}: {}", end.says(), both(outcomes.step(end.step())?))));
    let after: Vec<String> = followed.chain(ended).collect();
    if !after.is_empty() {
        lines.push(("AFTER", format!("{}.", capital(&after.join("; ")))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Step;

    #[test]
    fn the_summary_tells_of_everything_that_holds_back_or_ends() {
        let step = |step: &str| Step { step: step.to_string(), says: String::new(), right: 1, wrong: 2_000 };
        let steps = Stop::ALL.map(|stop| step(stop.step())).into_iter().chain(End::ALL.map(|end| step(end.step())));
        let outcomes = Outcomes { steps: steps.collect(), ..Outcomes::default() };
        let [held, after] = lines(&outcomes).try_into().expect("two lines");
        let n = "1 right and 2,000 wrong persons";
        assert_eq!(held, ("HELD BACK", format!("By review {n}; after a notice {n}.")));
        assert_eq!(after, ("AFTER", format!("Taken back after an objection: {n}; taken back after an audit: {n}.")));
    }
}
