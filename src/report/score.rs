//! The quality of another program's list, as a summary.

use super::check::input_lines;
use super::link::{NO_TRIALS, closing_lines, rate_lines, share, with_bracket};
use super::written::{Text, by_number, counted, thousands};
use crate::bridge::Role;
use crate::evaluation::RateId;
use crate::results::VERSION;
use crate::results::labelled::{Inputs, ListRead, ScoreResults};

/// The summary for the terminal.
pub fn score_summary(inputs: &Inputs, results: &ScoreResults) -> String {
    let (list, counts) = (&results.list, &results.counts);
    let mut text = Text::default();
    writeln!(text, "NAMESAKE  score  version {VERSION}");
    input_lines(&mut text, inputs);
    writeln!(
        text,
        "LIST      {}: {} across the files{}{}.",
        list.columns_of,
        counted(counts.listed_pairs, "pair", "pairs"),
        list.score.as_ref().map_or(", without scores".to_string(), |score| format!(", scored by {score}")),
        list.decided_by.as_ref().map_or(String::new(), |column| format!(", decided by {column}"))
    );
    column_lines(&mut text, list);
    if list.left_out > 0 {
        let were = by_number(list.left_out, "was", "were");
        let left_out = thousands(list.left_out);
        writeln!(text, "          {left_out} more {were} left out: of one file, or of records without truth.");
    }
    writeln!(
        text,
        "MATCHED   {}{}: {} one person, {} two people; {} of {} of one person {} missed.",
        counted(counts.returned_right + counts.returned_wrong, "pair", "pairs"),
        results.threshold.map_or(String::new(), |threshold| format!(" from {threshold} up")),
        thousands(counts.returned_right),
        thousands(counts.returned_wrong),
        thousands(counts.missed),
        counted(counts.true_pairs, "pair", "pairs"),
        by_number(counts.missed, "was", "were")
    );
    rate_lines(&mut text, &results.rates.precision, &results.rates.recall);
    if let Some(best) = &results.best_f1 {
        let (precision, recall) = (share(best.precision, NO_TRIALS), share(best.recall, NO_TRIALS));
        writeln!(text, "BEST F1   {:.4} at {}: precision {precision}, recall {recall}.", best.f1, best.threshold);
    }
    for (column, values) in &results.by_group {
        for (value, group) in values {
            writeln!(
                text,
                "GROUP     {column} = {value} ({}): precision {}, recall {}",
                counted(group.records, "record", "records"),
                with_bracket(&group.rates[&RateId::Precision]),
                with_bracket(&group.rates[&RateId::Recall])
            );
        }
    }
    closing_lines(&mut text, &results.notices);
    text.into()
}

/// The lines that say which part each column of the list plays.
fn column_lines(text: &mut Text, list: &ListRead) {
    const MOST: usize = 12;
    let of = |role: Role| {
        let columns = list.columns.iter().filter(move |column| column.read_as == role.name());
        let names = columns.map(|column| if column.name.is_empty() { "(no name)" } else { &column.name });
        let names: Vec<&str> = names.collect();
        match names.len().saturating_sub(MOST) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names[..MOST].join(", ")),
        }
    };
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Unread).map(|role| (role, of(role)));
    let read = roles.filter(|(_, columns)| !columns.is_empty());
    let read: Vec<String> = read.map(|(role, columns)| format!("{} {columns}", role.name())).collect();
    writeln!(text, "          Columns read: {}.", read.join("; "));
    let unread = of(Role::Unread);
    if !unread.is_empty() {
        writeln!(text, "          Columns not read: {unread}.");
    }
}
