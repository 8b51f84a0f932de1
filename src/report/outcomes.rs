//! What people made of the answers and what followed: the section `outcomes`, columns of the CSV files, and the lines of
//! the summary where a safeguard is on.

use super::thousands;
use crate::evaluation::{End, Evaluation, FollowUp, RightAndWrong, Stop, Tally};
use crate::scenario::Consequence;
use serde_json::{Map, Value, json};

/// The section of results.json.
pub(super) fn outcomes_json(e: &Evaluation) -> Value {
    let by_group: Map<String, Value> = e
        .outcomes
        .by_group
        .iter()
        .map(|(attribute, tallies)| {
            let values = attribute.values.iter().zip(tallies);
            let values: Map<String, Value> =
                values.map(|(value, tally)| (value.to_string(), group_json(tally))).collect();
            (attribute.name.to_string(), Value::Object(values))
        })
        .collect();
    let all = &e.outcomes.all;
    let steps = all.steps.iter().map(|step| {
        json!({ "step": step.name, "says": step.says, "right": step.answers.right, "wrong": step.answers.wrong })
    });
    let days = all.person_days.iter();
    let days = days.map(|(what, n)| json!({ "consequence": what, "right": n.right, "wrong": n.wrong }));
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "person_days": days.collect::<Vec<_>>(),
        "never_sought_at_returned_addresses": e.aside.bystanders,
        "by_group": by_group,
    })
}

/// The steps and days of one group, by name.
fn group_json(tally: &Tally) -> Value {
    let both = |n: &RightAndWrong| json!({ "right": n.right, "wrong": n.wrong });
    let steps: Map<String, Value> =
        tally.steps.iter().map(|step| (step.name.to_string(), both(&step.answers))).collect();
    let days: Map<String, Value> = tally.person_days.iter().map(|(what, n)| (what.to_string(), both(n))).collect();
    json!({ "steps": steps, "person_days": days })
}

/// The columns about one answer, after a prefix.
pub(super) fn columns(prefix: &str) -> Vec<String> {
    let own = ["held_back_by", "address_out_of_date", "check_not_made", "sought_in_error"].into_iter();
    let days = Consequence::ALL.into_iter().map(|kind| format!("{}_days", kind.name()));
    let own = own.map(str::to_string).chain(days).chain(["record_kept_days".to_string(), "ended_by".to_string()]);
    own.map(|name| format!("{prefix}{name}")).collect()
}

/// The cells of those columns; blank where there was no such answer.
pub(super) fn cells(follow_up: Option<&FollowUp>) -> Vec<String> {
    let Some(f) = follow_up else { return vec![String::new(); columns("").len()] };
    let mut cells = vec![
        f.stopped.map_or("", Stop::name).to_string(),
        f.case.moved.to_string(),
        f.case.check_not_made.to_string(),
        f.case.sought_in_error.to_string(),
    ];
    let number = |days: Option<u64>| days.map_or(String::new(), |days| days.to_string());
    cells.extend(Consequence::ALL.map(|kind| number(f.days.get(&kind).copied())));
    cells.push(number(f.kept_days));
    cells.push(f.ended.map_or("", |(end, _)| End::name(end)).to_string());
    cells
}

/// Lines of the summary: what was held back, what followed, and what was taken back. None where the terms have nothing
/// of the kind.
pub(super) fn lines(e: &Evaluation) -> Vec<(&'static str, String)> {
    let all = &e.outcomes.all;
    let step = |name: &str| all.steps.iter().find(|step| step.name == name).map(|step| step.answers);
    let both = |n: RightAndWrong| format!("{} right and {} wrong persons", thousands(n.right), thousands(n.wrong));
    let mut lines = Vec::new();
    let held = [("rejected_by_review", "by review"), ("held_back_after_notice", "after a notice")];
    let held: Vec<String> =
        held.iter().filter_map(|(name, how)| Some(format!("{how} {}", both(step(name)?)))).collect();
    if !held.is_empty() {
        lines.push(("HELD BACK", format!("{}.", capital(&held.join("; ")))));
    }
    let followed: Vec<String> = all
        .steps
        .iter()
        .filter_map(|s| Some((s, all.person_days.iter().find(|(what, _)| *what == s.name)?.1)))
        .map(|(s, days)| {
            let days = format!("{} and {} person-days", thousands(days.right), thousands(days.wrong));
            format!("{} for {}: {days}", s.says, both(s.answers))
        })
        .collect();
    let ended = [("ended_by_appeal", "taken back after an objection"), ("ended_by_audit", "taken back after an audit")];
    let ended = ended.iter().filter_map(|(name, how)| Some(format!("{how}: {}", both(step(name)?))));
    let after: Vec<String> = followed.into_iter().chain(ended).collect();
    if !after.is_empty() {
        lines.push(("AFTER", format!("{}.", capital(&after.join("; ")))));
    }
    lines
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
