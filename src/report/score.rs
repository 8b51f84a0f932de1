//! How good another program's list is: JSON in the shape of results.json, and a summary.

use super::check::file_lines;
use super::link::{best_f1_json, groups_json, rate_json};
use super::notices::notice_lines;
use super::{VERSION, by_number, counted, curve_json, thousands};
use crate::bridge::{Found, LabelledPair};
use crate::experiment::link::Scored;
use crate::stats::Rate;
use serde_json::json;
use std::fmt::Write;

/// The result as JSON. Pairs that share a record are not independent, so no interval is claimed.
pub fn score_json(files: &LabelledPair, found: &Found, scored: &Scored) -> String {
    let json = json!({
        "schema": "namesake.score/1",
        "version": VERSION,
        "files": { "a": files.a.name, "b": files.b.name },
        "notices": scored.notices,
        "list": { "columns_of": found.format.name(), "score": found.score, "left_out": found.left_out },
        "counts": {
            "records_a": scored.records.0,
            "records_b": scored.records.1,
            "ignored": scored.records.2,
            "pairs": scored.pairs,
            "true_pairs": scored.true_pairs,
            "listed_pairs": scored.listed.0,
            "listed_true_pairs": scored.listed.1,
            "returned_right": scored.right,
            "returned_wrong": scored.wrong,
            "missed": scored.missed(),
        },
        "threshold": scored.threshold,
        "rates": {
            "precision": rate_json(scored.precision(), "pairs matched"),
            "recall": rate_json(scored.recall(), "pairs that are one person"),
            "pair_false_match": rate_json(scored.pair_false_match(), "pairs that are two people"),
            "not_listed": rate_json(scored.not_listed(), "pairs that are one person"),
        },
        "best_f1": scored.best_f1.as_ref().map(|best| best_f1_json(best, |threshold| threshold)),
        "by_group": groups_json(&scored.by_group),
        "curve": curve_json(&scored.curve, |threshold| threshold),
    });
    format!("{json:#}\n")
}

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
            "{}: {} across the files{}.",
            found.format.name(),
            counted(scored.listed.0, "pair", "pairs"),
            found.score.as_ref().map_or(", without scores".to_string(), |score| format!(", scored by {score}"))
        ),
    );
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
    say(
        "",
        match scored.precision().value() {
            Some(_) => format!("Of pairs matched, {} are one person (precision).", percent(scored.precision())),
            None => "No pair was matched: there is no precision.".to_string(),
        },
    );
    say(
        "",
        match scored.recall().value() {
            Some(_) => format!("Of pairs that are one person, {} were matched (recall).", percent(scored.recall())),
            None => "No pair that is counted is one person: there is no recall.".to_string(),
        },
    );
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
                percent(group.precision),
                percent(group.recall)
            ),
        );
    }
    notice_lines(&scored.notices).for_each(|(label, line)| say(label, line));
    say("LIMITS", "Pairs that share a record are not independent: no interval is claimed.".to_string());
    text
}
