//! The quality of another program's list, as a summary.

use super::check::file_lines;
use super::link::{CLUSTERED, rate_lines, with_bracket};
use super::notices::notice_lines;
use super::written::{by_number, counted, thousands};
use crate::bridge::{Found, LabelledPair, Role};
use crate::experiment::link::Scored;
use crate::results::VERSION;
use crate::stats::Rate;
use std::fmt::Write;

/// The summary for the terminal.
pub fn score_summary(files: &LabelledPair, found: &Found, scored: &Scored) -> String {
    let percent = |rate: Rate| rate.value().map_or("no trials".to_string(), |value| format!("{:.2} %", value * 100.0));
    let mut text = format!("NAMESAKE  score  version {VERSION}\n");
    let mut say = |label: &str, line: String| {
        writeln!(text, "{label:<10}{line}").expect("writing to a string cannot fail");
    };
    file_lines(files, &scored.blank).into_iter().for_each(|(label, line)| say(label, line));
    say(
        "LIST",
        format!(
            "{}: {} across the files{}{}.",
            found.format.name(),
            counted(scored.listed.0, "pair", "pairs"),
            found.score.as_ref().map_or(", without scores".to_string(), |score| format!(", scored by {score}")),
            found.decided_by.as_ref().map_or(String::new(), |column| format!(", decided by {column}"))
        ),
    );
    column_lines(found).into_iter().for_each(|line| say("", line));
    if found.left_out > 0 {
        let why = "of one file, or of records without truth";
        let were = by_number(found.left_out, "was", "were");
        say("", format!("{} more {were} left out: {why}.", thousands(found.left_out)));
    }
    say(
        "MATCHED",
        format!(
            "{}{}: {} one person, {} two people; {} of {} of one person {} missed.",
            counted(scored.right + scored.wrong, "pair", "pairs"),
            scored.threshold.map_or(String::new(), |threshold| format!(" from {threshold} up")),
            thousands(scored.right),
            thousands(scored.wrong),
            thousands(scored.missed()),
            counted(scored.true_pairs, "pair", "pairs"),
            by_number(scored.missed(), "was", "were")
        ),
    );
    rate_lines(&scored.rates).into_iter().for_each(|line| say("", line));
    if let Some(best) = &scored.best_f1 {
        let (precision, recall) = (percent(best.precision), percent(best.recall));
        say("BEST F1", format!("{:.4} at {}: precision {precision}, recall {recall}.", best.f1, best.threshold));
    }
    for group in &scored.by_group {
        say(
            "GROUP",
            format!(
                "{} = {} ({}): precision {}, recall {}",
                group.column,
                group.value,
                counted(group.records, "record", "records"),
                with_bracket(&group.precision),
                with_bracket(&group.recall)
            ),
        );
    }
    notice_lines(&scored.notices).for_each(|(label, line)| say(label, line));
    say("LIMITS", CLUSTERED.to_string());
    text
}

/// The lines that say which part each column of the list plays.
fn column_lines(found: &Found) -> Vec<String> {
    const MOST: usize = 12;
    let of = |role: Role| {
        let of_role = found.columns.iter().filter(|(_, played)| *played == role);
        of_role.map(|(column, _)| if column.is_empty() { "(no name)" } else { column.as_str() }).collect::<Vec<&str>>()
    };
    let listed = |columns: &[&str]| match columns.len().saturating_sub(MOST) {
        0 => columns.join(", "),
        more => format!("{} and {more} more", columns[..MOST].join(", ")),
    };
    let read: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| *role != Role::Unread)
        .map(|role| (role, of(role)))
        .filter(|(_, columns)| !columns.is_empty())
        .map(|(role, columns)| format!("{} {}", role.name(), listed(&columns)))
        .collect();
    let unread = of(Role::Unread);
    let unread = (!unread.is_empty()).then(|| format!("Columns not read: {}.", listed(&unread)));
    [format!("Columns read: {}.", read.join("; "))].into_iter().chain(unread).collect()
}
