//! What matching two labelled files says: JSON in the shape of results.json, and a summary.

use super::check::file_lines;
use super::notices::notice_lines;
use super::{VERSION, counted, curve_json, thousands, trained_json};
use crate::bridge::{LabelledPair, Side};
use crate::experiment::link::{BestF1, GroupRates, LinkResult, RuleLeftOut};
use crate::linkage::comparison::Comparison;
use crate::linkage::decision::fellegi_sunter::{Session, Source};
use crate::linkage::decision::{Model, Score};
use crate::stats::Rate;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
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
    let training = result.training.as_ref().map(|trained| {
        let mut json = trained_json(trained);
        json["restarts"] = json!(result.restarts.as_ref().map(|restarts| json!({
            "starts": restarts.starts,
            "same_place": restarts.same,
            "greatest_difference": restarts.greatest_difference,
            "better_by": restarts.better_by,
        })));
        if !trained.sessions.is_empty() {
            json["sessions"] = trained.sessions.iter().map(|session| session_json(session, result)).collect();
        }
        json
    });
    let calibration: Vec<Value> = result
        .calibration
        .iter()
        .enumerate()
        .map(|(tenth, of)| {
            json!({
                "from": tenth as f64 / 10.0,
                "to": (tenth + 1) as f64 / 10.0,
                "mean_given": (of.right.trials > 0).then_some(of.given),
                "one_person": rate_json(of.right, "candidate pairs given a probability in this tenth"),
            })
        })
        .collect();
    let mut json = json!({
        "schema": "namesake.link/1",
        "version": VERSION,
        "files": { "a": files.a.name, "b": files.b.name },
        "notices": result.notices,
        "counts": counts,
        "threshold": result.threshold.bits(),
        "assignment": result.assignment.name(),
        "rates": rates,
        "best_f1": result.best_f1.as_ref().map(|best| best_f1_json(best, Score::bits)),
        "by_group": groups_json(&result.by_group),
        "blocking": result.by_rule.iter().map(|rule| json!({
            "rule": rule.rule.to_string(),
            "pairs": rule.pairs,
            "true_pairs": rule.true_pairs,
            "keys_left_out": rule.left_out.keys,
            "records_left_out": rule.left_out.entries,
        })).collect::<Vec<_>>(),
        "blocking_left_out": left_out_json(&result.rules_left_out),
        "training": training,
        "held_out": result.held_out,
        "calibration": calibration,
        "curve": curve_json(&result.curve, Score::bits),
    });
    if let Some(before) = &result.trained_before {
        json["trained_before"] = json!(before);
    }
    format!("{json:#}\n")
}

/// The rules that default blocking did not use.
fn left_out_json(rules: &[RuleLeftOut]) -> Value {
    let of = |rule: &RuleLeftOut| json!({ "rule": rule.rule.to_string(), "pairs_added": rule.pairs, "expected_matches_added": rule.matches });
    rules.iter().map(of).collect()
}

/// One session of EM; what it estimated by comparison and level, null where its rule looks at what is compared.
fn session_json(session: &Session, result: &LinkResult) -> Value {
    let m = |(comparison, m): (&Comparison, &Option<Vec<f64>>)| {
        let levels = m.as_ref().map(|m| comparison.labels().into_iter().zip(m.clone()).collect::<BTreeMap<_, _>>());
        (comparison.name.clone(), json!(levels))
    };
    json!({
        "rule": session.rule,
        "pairs": session.pairs,
        "rounds": session.rounds,
        "converged": session.converged,
        "expected_matches": session.expected_matches,
        "used": session.counts(),
        "m": result.comparisons.iter().zip(&session.m).map(m).collect::<Map<String, Value>>(),
    })
}

/// What each blocking rule is good for, as JSON and as a table: by rule, and by group who is lost.
///
/// *Reduction* is the share of all pairs that nobody need look at, *completeness* the share of the true pairs that are
/// among the candidates (M. G. Elfeky, V. S. Verykios, A. K. Elmagarmid (2002), "TAILOR").
pub fn blocking_report(files: &LabelledPair, result: &LinkResult) -> (String, String) {
    let (counts, groups) = (&result.counts, result.blocking_by_group(files));
    let all_true = files.truth.pairs();
    let all_pairs = counts.records_a * counts.records_b;
    let found: u64 = result.by_rule.iter().map(|rule| rule.true_pairs).sum();
    let pairs: u64 = result.by_rule.iter().map(|rule| rule.pairs).sum();
    let of_true = "pairs that are one person";
    let rules: Vec<Value> = result
        .by_rule
        .iter()
        .map(|rule| {
            json!({
                "rule": rule.rule.to_string(),
                "pairs": rule.alone,
                "pairs_first": rule.pairs,
                "completeness": rate_json(Rate::new(rule.alone_true, all_true), of_true),
                "true_first": rule.true_pairs,
                "largest_block": rule.largest,
                "keys_left_out": rule.left_out.keys,
                "records_left_out": rule.left_out.entries,
            })
        })
        .collect();
    let by_group: Vec<Value> = groups
        .iter()
        .map(|group| {
            json!({
                "column": group.column,
                "value": group.value,
                "completeness": rate_json(group.found, of_true),
                "by_rule": group.by_rule.iter().map(|&rate| rate_json(rate, of_true)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let json = json!({
        "schema": "namesake.blocking/1",
        "version": VERSION,
        "all_pairs": all_pairs,
        "candidate_pairs": pairs,
        "reduction": 1.0 - pairs as f64 / all_pairs as f64,
        "completeness": rate_json(Rate::new(found, all_true), of_true),
        "rules": rules,
        "left_out": left_out_json(&result.rules_left_out),
        "by_group": by_group,
    });
    let percent = |rate: Rate| rate.value().map_or("-".to_string(), |value| format!("{:.2} %", value * 100.0));
    let mut text = String::new();
    let mut say = |line: String| writeln!(text, "{}", line.trim_end()).expect("writing to a string cannot fail");
    say(format!(
        "BLOCKING  {} of {} pairs are looked at: a reduction of {:.6} %.",
        thousands(pairs),
        thousands(all_pairs),
        100.0 * (1.0 - pairs as f64 / all_pairs as f64)
    ));
    say(format!(
        "          {} of {} pairs that are one person are among them: completeness {}.",
        thousands(found),
        thousands(all_true),
        percent(Rate::new(found, all_true))
    ));
    say(String::new());
    let width = result.by_rule.iter().map(|rule| rule.rule.to_string().chars().count()).max().unwrap_or(4).max(4);
    say(format!(
        "{:<width$}  {:>13} {:>12} {:>13} {:>11} {:>12} {:>9}",
        "rule", "pairs", "complete", "first", "true first", "largest", "left out"
    ));
    for rule in &result.by_rule {
        say(format!(
            "{:<width$}  {:>13} {:>12} {:>13} {:>11} {:>12} {:>9}",
            rule.rule.to_string(),
            thousands(rule.alone),
            percent(Rate::new(rule.alone_true, all_true)),
            thousands(rule.pairs),
            thousands(rule.true_pairs),
            thousands(rule.largest),
            thousands(rule.left_out.keys)
        ));
    }
    say("complete: true pairs found by the rule alone; first: pairs that no earlier rule proposed;".to_string());
    say("largest: pairs of its largest key; left out: keys that the guard found too large.".to_string());
    for RuleLeftOut { rule, pairs, matches } in &result.rules_left_out {
        let matches = matches.map_or("not tried".to_string(), |matches| format!("{matches:.1} matches expected"));
        say(format!("left out: {rule}, {} more pairs, {matches}", thousands(*pairs)));
    }
    for group in &groups {
        let lost = group.found.trials - group.found.hits;
        say(format!(
            "{} = {}: completeness {}, {} of {} lost",
            group.column,
            group.value,
            percent(group.found),
            thousands(lost),
            thousands(group.found.trials)
        ));
    }
    (format!("{json:#}\n"), text)
}

/// Rates by group: by column, and where a column is one of both files, by the file too.
pub(super) fn groups_json(groups: &[GroupRates]) -> Map<String, Value> {
    let mut by_group = Map::new();
    let asked: BTreeSet<(&str, Side)> = groups.iter().map(|group| (group.column.as_str(), group.side)).collect();
    for group in groups {
        let of_both = [Side::A, Side::B].iter().all(|&side| asked.contains(&(&group.column, side)));
        let side = if group.side == Side::A { "a" } else { "b" };
        let name = if of_both { format!("{} in {side}", group.column) } else { group.column.clone() };
        let values = by_group.entry(name).or_insert_with(|| json!({}));
        values[&group.value] = json!({
            "records": group.records,
            "rates": {
                "precision": rate_json(group.precision, "pairs matched"),
                "recall": rate_json(group.recall, "pairs that are one person"),
            },
        });
    }
    by_group
}

pub(super) fn best_f1_json<T: Copy>(best: &BestF1<T>, number: impl Fn(T) -> f64) -> Value {
    json!({
        "f1": best.f1,
        "precision": best.precision.value(),
        "recall": best.recall.value(),
        "threshold": number(best.threshold),
        "assignment": best.assignment.name(),
    })
}

pub(super) fn rate_json(rate: Rate, of: &str) -> Value {
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
    file_lines(files, &result.blank).into_iter().for_each(|(label, line)| say(label, line));
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
            "{} from {} up ({}): {} one person, {} two people.",
            counted(counts.returned_right + counts.returned_wrong, "pair", "pairs"),
            result.threshold,
            result.assignment.name(),
            thousands(counts.returned_right),
            thousands(counts.returned_wrong)
        ),
    );
    if counts.tied > 0 {
        let tied = counted(counts.tied, "pair was", "pairs were");
        say("", format!("{tied} tied with another; a hash of the record ids decided."));
    }
    say(
        "",
        match counts.precision().value() {
            Some(_) => format!("Of pairs matched, {} are one person (precision).", percent(counts.precision())),
            None => "No pair was matched: there is no precision.".to_string(),
        },
    );
    say(
        "",
        match counts.recall().value() {
            Some(_) => format!("Of pairs that are one person, {} were matched (recall).", percent(counts.recall())),
            None => "No pair that is counted is one person: there is no recall.".to_string(),
        },
    );
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
        let rounds = counted(trained.rounds.into(), "round", "rounds");
        let how = match result.held_out {
            None if trained.m == Source::Default => {
                "without labels; too few matches to estimate m, which is its documented default.".to_string()
            }
            None => format!("without labels; EM {state} after {rounds}."),
            Some(rows) => format!(
                "on labels, and the score of EM without them ({state} after {rounds}); errors are counted on the other {}.",
                counted(rows, "record of A", "records of A")
            ),
        };
        say("TRAINED", how);
        if !trained.sessions.is_empty() {
            let (all, used) = (trained.sessions.len(), trained.sessions.iter().filter(|session| session.counts()));
            let used: Vec<&Session> = used.collect();
            let rested = used.iter().filter(|session| session.converged).count();
            say(
                "",
                format!("in sessions, one a blocking rule: {} of {all} used, {rested} of these converged.", used.len()),
            );
        }
        if trained.m == Source::Default && result.held_out.is_some() {
            say("", "Too few matches to estimate m: its documented default is used.".to_string());
        }
    }
    if let Some(before) = &result.trained_before {
        let state = if before.converged { "converged" } else { "did not converge" };
        let sessions = match before.sessions.len() {
            0 => String::new(),
            held => format!(
                ", in sessions: {} of {held} used",
                before.sessions.iter().filter(|session| session.used).count()
            ),
        };
        say("TRAINED", format!("before, on other files or these; EM {state}{sessions}."));
    }
    if matches!(result.model, Model::Learned(_)) && result.held_out.is_none() {
        say("", "It learned from labels: about people it learned from it errs less than about others.".to_string());
    }
    if let Some(restarts) = &result.restarts {
        let line = if restarts.same == restarts.starts {
            format!("From all of {} random starts EM ends in the same place.", restarts.starts)
        } else {
            format!(
                "From {} of {} random starts EM ends in the same place; elsewhere m differs by up to {:.3}.",
                restarts.same, restarts.starts, restarts.greatest_difference
            )
        };
        say("", line);
    }
    notice_lines(&result.notices).for_each(|(label, line)| say(label, line));
    say("LIMITS", "Pairs that share a record are not independent: no interval is claimed.".to_string());
    text
}
