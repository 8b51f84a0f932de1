//! How far the assumed values move the headline: the table for the terminal, and a line of the summary.

use super::{by_number, counted, percent, thousands};
use crate::results::Sensitivity;
use std::fmt::Write;

/// What became of all assumed values.
fn tried(s: &Sensitivity) -> String {
    let (steps, fixed) = ((s.one_at_a_time.len() + s.screened.len()) as u64, s.no_other_value);
    let mut text = format!("{} of {} assumed values were moved", thousands(s.moved), thousands(s.assumed));
    if steps != s.moved {
        text += &format!(", in {} since some go together", counted(steps, "step", "steps"));
    }
    if !s.not_tried.is_empty() {
        text += &format!("; {} not tried", s.not_tried.len());
    }
    if fixed > 0 {
        text += &format!("; {fixed} {} no other value", by_number(fixed, "has", "have"));
    }
    text + "."
}

/// The table for the terminal: what moves the headline, strongest first, and how many assumptions cannot be told from
/// chance.
pub fn sensitivity_text(s: &Sensitivity) -> String {
    const MOST: usize = 12;
    let shown = |share: Option<f64>| share.map_or("nobody returned".to_string(), percent);
    let mut text = String::new();
    let mut say = |line: String| writeln!(text, "{}", line.trim_end()).expect("writing to a string cannot fail");
    say(format!(
        "SENSITIVITY  somebody else, of persons returned: {} in a country of {} with {}.",
        shown(s.value),
        counted(s.people, "person", "people"),
        counted(s.requests, "request", "requests")
    ));
    say(format!("{:<44}{:>22}{:>12}{:>16}", "assumption", "moved to", "share", "difference"));
    let all = s.strongest_first();
    let told = || all.iter().filter(|moved| moved.told_from_chance);
    for moved in told().take(MOST) {
        for (i, (value, share, difference, error)) in moved.moves().enumerate() {
            let mark = if moved.people == s.people { "" } else { " *" };
            let key = if i == 0 { format!("{}{mark}", moved.key) } else { String::new() };
            let value: String = value.chars().take(20).collect();
            let difference = format!("{:+.2} ± {:.2}", difference * 100.0, 1.96 * error * 100.0);
            say(format!("{key:<44}{value:>22}{:>12}{difference:>16}", shown(share)));
        }
    }
    let (all, strong) = (all.len(), told().count());
    if strong > MOST {
        let more = (strong - MOST) as u64;
        say(format!("{more} more {} it; all are in sensitivity.csv.", by_number(more, "moves", "move")));
    }
    say(format!(
        "{} of {all} cannot be told from chance; differences are points, with the 95 % of luck that is left.",
        all - strong
    ));
    if told().take(MOST).any(|moved| moved.people != s.people) {
        say("* seen in the smaller country of the screening only.".to_string());
    }
    if let (Some(low), Some(high)) = (s.together.low, s.together.high) {
        let (runs, told) = (s.together.runs, s.together.told_from_chance);
        let (low, high) = (percent(low), percent(high));
        say(format!("All together, {runs} times: {low} to {high}; {told} of them can be told from chance."));
    }
    say(tried(s));
    if !s.not_tried.is_empty() {
        say(format!("Not tried, since their alternatives are words: {}.", s.not_tried.join(", ")));
    }
    text
}

/// The line of the summary.
pub(super) fn assumed_line(s: &Sensitivity) -> String {
    let tried = tried(s);
    let Some(own) = s.value else {
        return "With every value as set nobody was returned, so there is no share to move.".to_string();
    };
    let (people, own) = (thousands(s.people), percent(own));
    let Some((low, high)) = s.ends() else {
        return format!(
            "Nothing moved the somebody-else share, {own} among {people} people, by more than luck; more people and \
             requests tell more. {tried}"
        );
    };
    let most = s.most.as_ref();
    let most = most.map_or("no single one can be told from chance".to_string(), |key| format!("most from {key}"));
    format!(
        "Over the stated ranges, the somebody-else share is {} to {}; {most}. (Among {people} people; there {own} as set.) \
         {tried}",
        percent(low),
        percent(high),
    )
}
