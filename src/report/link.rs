//! The report on matching two labelled files: a summary, and a table of blocking rules.

use super::check::file_lines;
use super::notices::notice_lines;
use super::written::{counted, thousands};
use crate::bridge::LabelledPair;
use crate::evaluation::Measured;
use crate::experiment::link::{LinkResult, PairRates};
use crate::linkage::decision::Model;
use crate::linkage::decision::fellegi_sunter::{Session, Source};
use crate::results::Rate;
use crate::results::VERSION;
use crate::results::labelled::{BlockingResults, RuleLeftOut};
use crate::stats;
use std::fmt::Write;

/// The worth of each blocking rule, as a table: by rule, and by group who is lost.
pub fn blocking_text(blocking: &BlockingResults) -> String {
    let (pairs, all_pairs, all) = (blocking.candidate_pairs, blocking.all_pairs, &blocking.completeness);
    let percent = |rate: &Rate| rate.rate.map_or("-".to_string(), |value| format!("{:.2} %", value * 100.0));
    let mut text = String::new();
    let mut say = |line: String| writeln!(text, "{}", line.trim_end()).expect("writing to a string cannot fail");
    say(format!(
        "BLOCKING  {} of {} pairs are looked at: a reduction of {:.6} %.",
        thousands(pairs),
        thousands(all_pairs),
        100.0 * blocking.reduction
    ));
    say(format!(
        "          {} of {} pairs that are one person are among them: completeness {}.",
        thousands(all.hits),
        thousands(all.trials),
        percent(all)
    ));
    say(String::new());
    let width = blocking.rules.iter().map(|rule| rule.rule.chars().count()).max().unwrap_or(4).max(4);
    say(format!(
        "{:<width$}  {:>13} {:>12} {:>13} {:>11} {:>12} {:>9}",
        "rule", "pairs", "complete", "first", "true first", "largest", "left out"
    ));
    for rule in &blocking.rules {
        say(format!(
            "{:<width$}  {:>13} {:>12} {:>13} {:>11} {:>12} {:>9}",
            rule.rule,
            thousands(rule.pairs),
            percent(&rule.completeness),
            thousands(rule.pairs_first),
            thousands(rule.true_first),
            thousands(rule.largest_block),
            thousands(rule.keys_left_out)
        ));
    }
    say("complete: true pairs found by the rule alone; first: pairs that no earlier rule proposed;".to_string());
    say("largest: pairs of its largest key; left out: keys that the guard found too large.".to_string());
    say("Completeness is of these files; no interval is claimed.".to_string());
    for RuleLeftOut { rule, pairs_added: pairs, expected_matches_added } in &blocking.left_out {
        let matches =
            expected_matches_added.map_or("not tried".to_string(), |matches| format!("{matches:.1} matches expected"));
        say(format!("left out: {rule}, {} more pairs, {matches}", thousands(*pairs)));
    }
    for group in &blocking.by_group {
        let found = &group.completeness;
        say(format!(
            "{} = {}: completeness {}, {} of {} lost",
            group.column,
            group.value,
            percent(found),
            thousands(found.trials - found.hits),
            thousands(found.trials)
        ));
    }
    text
}

/// The summary for the terminal.
pub fn link_summary(files: &LabelledPair, result: &LinkResult) -> String {
    let counts = &result.counts;
    let percent =
        |rate: stats::Rate| rate.value().map_or("no trials".to_string(), |value| format!("{:.2} %", value * 100.0));
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
    rate_lines(&result.rates).into_iter().for_each(|line| say("", line));
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
    say("LIMITS", CLUSTERED.to_string());
    text
}

/// The limits of the brackets.
pub(super) const CLUSTERED: &str =
    "Brackets are 95 %, clustered by person, for these weights and this threshold. Figures without one claim none.";

/// Precision and recall with their brackets, or why there is none.
pub(super) fn rate_lines(rates: &PairRates) -> [String; 2] {
    let line = |measured: &Measured, says: &dyn Fn(String) -> String, none: &str| match measured.rate.value() {
        Some(_) => says(with_bracket(measured)),
        None => none.to_string(),
    };
    [
        line(
            &rates.precision,
            &|share| format!("Of pairs matched, {share} are one person (precision)."),
            "No pair was matched: there is no precision.",
        ),
        line(
            &rates.recall,
            &|share| format!("Of pairs that are one person, {share} were matched (recall)."),
            "No pair that is counted is one person: there is no recall.",
        ),
    ]
}

/// `98.20 % (97.10-99.00 %)`.
pub(super) fn with_bracket(measured: &Measured) -> String {
    let Some(share) = measured.rate.value() else { return "no trials".to_string() };
    let bracket = measured
        .interval
        .map_or(String::new(), |interval| format!(" ({:.2}-{:.2} %)", interval.low * 100.0, interval.high * 100.0));
    format!("{:.2} %{bracket}", share * 100.0)
}
