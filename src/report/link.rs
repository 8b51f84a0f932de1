//! What matching two labelled files says: JSON in the shape of results.json, and a summary.

use super::{VERSION, thousands, trained_json};
use crate::bridge::LabelledPair;
use crate::experiment::link::{BestF1, LinkResult};
use crate::stats::Rate;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The result as JSON. Pairs that share a record are not independent, so no interval is claimed.
pub fn link_json(files: &LabelledPair, result: &LinkResult) -> String {
    let counts = &result.counts;
    let rates: Map<String, Value> = [
        ("precision", rate_json(counts.precision(), "pairs matched")),
        ("recall", rate_json(counts.recall(), "pairs that are one person")),
        ("pair_false_match", rate_json(counts.pair_false_match(), "pairs that are two people")),
        ("lost_at_blocking", rate_json(counts.lost_at_blocking(), "pairs that are one person")),
    ]
    .into_iter()
    .map(|(name, rate)| (name.to_string(), rate))
    .collect();
    let mut by_group = Map::new();
    for group in &result.by_group {
        let values = by_group.entry(group.column.clone()).or_insert_with(|| json!({}));
        values[&group.value] = json!({
            "records": group.records,
            "rates": {
                "precision": rate_json(group.precision, "pairs matched"),
                "recall": rate_json(group.recall, "pairs that are one person"),
            },
        });
    }
    let curve: Vec<Value> = result
        .curve
        .iter()
        .map(|point| {
            json!({
                "threshold": point.threshold.bits(),
                "returned_right": point.returned_right,
                "returned_wrong": point.returned_wrong,
                "missed": point.missed,
            })
        })
        .collect();
    let training = result.training.as_ref().map(trained_json);
    let json = json!({
        "schema": "namesake.link/1",
        "version": VERSION,
        "files": { "a": files.a.name, "b": files.b.name },
        "counts": counts,
        "threshold": result.threshold.bits(),
        "assignment": result.assignment.name(),
        "rates": rates,
        "best_f1": result.best_f1.as_ref().map(best_f1_json),
        "by_group": by_group,
        "blocking": result.by_rule.iter().map(|rule| json!({
            "rule": rule.rule.to_string(),
            "pairs": rule.pairs,
            "true_pairs": rule.true_pairs,
            "keys_left_out": rule.left_out.keys,
            "records_left_out": rule.left_out.entries,
        })).collect::<Vec<_>>(),
        "training": training,
        "curve": curve,
    });
    format!("{json:#}\n")
}

fn best_f1_json(best: &BestF1) -> Value {
    json!({
        "f1": best.f1,
        "precision": best.precision.value(),
        "recall": best.recall.value(),
        "threshold": best.threshold.bits(),
        "assignment": best.assignment.name(),
    })
}

fn rate_json(rate: Rate, of: &str) -> Value {
    json!({
        "hits": rate.hits,
        "trials": rate.trials,
        "rate": rate.value(),
        "low": null,
        "high": null,
        "of": of,
        "interval": "none claimed",
    })
}

/// The summary for the terminal.
pub fn link_summary(files: &LabelledPair, result: &LinkResult) -> String {
    let counts = &result.counts;
    let percent = |rate: Rate| rate.value().map_or("no trials".to_string(), |value| format!("{:.2} %", value * 100.0));
    let mut text = format!("NAMESAKE  link  version {VERSION}\n");
    let mut say = |label: &str, line: String| {
        writeln!(text, "{label:<10}{line}").expect("writing to a string cannot fail");
    };
    say("FILES", format!("A {}: {} records", files.a.name, thousands(counts.records_a)));
    say("", format!("B {}: {} records", files.b.name, thousands(counts.records_b)));
    if counts.ignored > 0 {
        say("", format!("{} records without truth were left out.", thousands(counts.ignored)));
    }
    say(
        "PAIRS",
        format!(
            "{} of {} are one person; blocking looked at {} and among them {}.",
            thousands(counts.true_pairs),
            thousands(counts.pairs),
            thousands(counts.candidate_pairs),
            thousands(counts.candidate_true_pairs)
        ),
    );
    say(
        "MATCHED",
        format!(
            "{} pairs from {} up ({}): {} one person, {} two people.",
            thousands(counts.returned_right + counts.returned_wrong),
            result.threshold,
            result.assignment.name(),
            thousands(counts.returned_right),
            thousands(counts.returned_wrong)
        ),
    );
    say("", format!("Of pairs matched, {} are one person (precision).", percent(counts.precision())));
    say("", format!("Of pairs that are one person, {} were matched (recall).", percent(counts.recall())));
    if let Some(best) = &result.best_f1 {
        say(
            "BEST F1",
            format!(
                "{:.4} at {} ({}): precision {}, recall {}.",
                best.f1,
                best.threshold,
                best.assignment.name(),
                percent(best.precision),
                percent(best.recall)
            ),
        );
    }
    if let Some(trained) = &result.training {
        let state = if trained.converged { "converged" } else { "did not converge" };
        say("TRAINED", format!("without labels; EM {state} after {} rounds.", trained.rounds));
    }
    say("LIMITS", "Pairs that share a record are not independent: no interval is claimed.".to_string());
    text
}
