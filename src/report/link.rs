//! The report on matching two labelled files: a summary, and a table of blocking rules.

use super::check::input_lines;
use super::notices::notice_lines;
use super::written::{Text, counted, thousands};
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::Source;
use crate::notice::Notice;
use crate::results::labelled::{BlockingResults, Inputs, LinkResults, LinkTraining, RuleLeftOut};
use crate::results::{Rate, VERSION};

/// The worth of each blocking rule, as a table: by rule, and by group who is lost.
pub fn blocking_text(blocking: &BlockingResults) -> String {
    let (pairs, all_pairs, all) = (blocking.candidate_pairs, blocking.all_pairs, &blocking.completeness);
    let percent = |rate: &Rate| share(rate.rate, "-");
    let mut text = Text::default();
    writeln!(
        text,
        "BLOCKING  {} of {} pairs are looked at: a reduction of {:.6} %.",
        thousands(pairs),
        thousands(all_pairs),
        100.0 * blocking.reduction
    );
    writeln!(
        text,
        "          {} of {} pairs that are one person are among them: completeness {}.\n",
        thousands(all.hits),
        thousands(all.trials),
        percent(all)
    );
    let width = blocking.rules.iter().map(|rule| rule.rule.chars().count()).max().unwrap_or(4).max(4);
    writeln!(
        text,
        "{:<width$}  {:>13} {:>12} {:>13} {:>11} {:>12} {:>9}",
        "rule", "pairs", "complete", "first", "true first", "largest", "left out"
    );
    for rule in &blocking.rules {
        writeln!(
            text,
            "{:<width$}  {:>13} {:>12} {:>13} {:>11} {:>12} {:>9}",
            rule.rule,
            thousands(rule.pairs),
            percent(&rule.completeness),
            thousands(rule.pairs_first),
            thousands(rule.true_first),
            thousands(rule.largest_block),
            thousands(rule.keys_left_out)
        );
    }
    writeln!(text, "complete: true pairs found by the rule alone; first: pairs that no earlier rule proposed;");
    writeln!(text, "largest: pairs of its largest key; left out: keys that the guard found too large.");
    writeln!(text, "Completeness is of these files; no interval is claimed.");
    for RuleLeftOut { rule, pairs_added: pairs, expected_matches_added } in &blocking.left_out {
        let matches =
            expected_matches_added.map_or("not tried".to_string(), |matches| format!("{matches:.1} matches expected"));
        writeln!(text, "left out: {rule}, {} more pairs, {matches}", thousands(*pairs));
    }
    for group in &blocking.by_group {
        let found = &group.completeness;
        writeln!(
            text,
            "{} = {}: completeness {}, {} of {} lost",
            group.column,
            group.value,
            percent(found),
            thousands(found.trials - found.hits),
            thousands(found.trials)
        );
    }
    text.trimmed()
}

/// The summary for the terminal.
pub fn link_summary(inputs: &Inputs, results: &LinkResults) -> String {
    let counts = &results.counts;
    let mut text = Text::default();
    writeln!(text, "NAMESAKE  link  version {VERSION}");
    input_lines(&mut text, inputs);
    writeln!(
        text,
        "PAIRS     {} of {} are one person; blocking looked at {} and among them {}.",
        thousands(counts.true_pairs),
        thousands(counts.pairs),
        thousands(counts.candidate_pairs),
        thousands(counts.candidate_true_pairs)
    );
    writeln!(
        text,
        "MATCHED   {} from {} up ({}): {} one person, {} two people.",
        counted(counts.returned_right + counts.returned_wrong, "pair", "pairs"),
        Score::from_bits(results.threshold),
        results.assignment,
        thousands(counts.returned_right),
        thousands(counts.returned_wrong)
    );
    if counts.tied > 0 {
        let tied = counted(counts.tied, "pair was", "pairs were");
        writeln!(text, "          {tied} tied with another; a hash of the record ids decided.");
    }
    rate_lines(&mut text, &results.rates.precision, &results.rates.recall);
    if let Some(best) = &results.best_f1 {
        writeln!(
            text,
            "BEST F1   {:.4} at {} ({}): precision {}, recall {}.",
            best.f1,
            Score::from_bits(best.threshold),
            best.assignment,
            share(best.precision, NO_TRIALS),
            share(best.recall, NO_TRIALS)
        );
    }
    if let Some(training) = &results.training {
        training_lines(&mut text, training, results.held_out);
    }
    if let Some(before) = &results.trained_before {
        let state = converged(before.converged);
        let used = before.sessions.iter().filter(|session| session.used).count();
        let sessions = match before.sessions.len() {
            0 => String::new(),
            held => format!(", in sessions: {used} of {held} used"),
        };
        writeln!(text, "TRAINED   before, on other files or these; EM {state}{sessions}.");
    }
    if inputs.learned_before {
        writeln!(
            text,
            "          It learned from labels: about people it learned from it errs less than about others."
        );
    }
    if let Some(restarts) = results.training.as_ref().and_then(|training| training.restarts) {
        let (starts, same) = (restarts.starts, restarts.same_place);
        if same == starts {
            writeln!(text, "          From all of {starts} random starts EM ends in the same place.");
        } else {
            writeln!(
                text,
                "          From {same} of {starts} random starts EM ends in the same place; elsewhere m differs by up to {:.3}.",
                restarts.greatest_difference
            );
        }
    }
    closing_lines(&mut text, &results.notices);
    text.into()
}

/// The lines about a model that was trained on the files. `held_out` counts the records of A on which errors are counted,
/// where it learned from the labels of the others.
fn training_lines(text: &mut Text, training: &LinkTraining, held_out: Option<u64>) {
    let trained = &training.trained;
    let state = converged(trained.converged);
    let rounds = counted(trained.rounds.into(), "round", "rounds");
    let default_m = trained.m == Source::Default;
    match held_out {
        None if default_m => {
            writeln!(text, "TRAINED   without labels; too few matches to estimate m, which is its documented default.")
        }
        None => writeln!(text, "TRAINED   without labels; EM {state} after {rounds}."),
        Some(rows) => writeln!(
            text,
            "TRAINED   on labels, and the score of EM without them ({state} after {rounds}); errors are counted on the other {}.",
            counted(rows, "record of A", "records of A")
        ),
    }
    if !training.sessions.is_empty() {
        let used = training.sessions.iter().map(|trained| &trained.session).filter(|session| session.used);
        let ended = used.clone().filter(|session| session.converged).count();
        writeln!(
            text,
            "          in sessions, one a blocking rule: {} of {} used, {ended} of these converged.",
            used.count(),
            training.sessions.len()
        );
    }
    if default_m && held_out.is_some() {
        writeln!(text, "          Too few matches to estimate m: its documented default is used.");
    }
}

fn converged(converged: bool) -> &'static str {
    if converged { "converged" } else { "did not converge" }
}

/// The last lines of a summary: the notices, and the limits of the brackets.
pub(super) fn closing_lines(text: &mut Text, notices: &[Notice]) {
    notice_lines(text, notices);
    writeln!(
        text,
        "LIMITS    Brackets are 95 %, clustered by person, for these weights and this threshold. Figures without one claim none."
    );
}

/// Precision and recall with their brackets, or why there is none.
pub(super) fn rate_lines(text: &mut Text, precision: &Rate, recall: &Rate) {
    match precision.rate {
        Some(_) => {
            writeln!(text, "          Of pairs matched, {} are one person (precision).", with_bracket(precision))
        }
        None => writeln!(text, "          No pair was matched: there is no precision."),
    }
    match recall.rate {
        Some(_) => {
            writeln!(text, "          Of pairs that are one person, {} were matched (recall).", with_bracket(recall));
        }
        None => writeln!(text, "          No pair that is counted is one person: there is no recall."),
    }
}

/// The words in place of a rate without trials.
pub(super) const NO_TRIALS: &str = "no trials";

/// `98.20 %`, or other words where there is no rate.
pub(super) fn share(rate: Option<f64>, none: &str) -> String {
    rate.map_or(none.to_string(), |rate| format!("{:.2} %", rate * 100.0))
}

/// `98.20 % (97.10-99.00 %)`.
pub(super) fn with_bracket(rate: &Rate) -> String {
    let ends = rate.ends().filter(|_| rate.rate.is_some());
    let bracket = ends.map_or(String::new(), |(low, high)| format!(" ({:.2}-{:.2} %)", low * 100.0, high * 100.0));
    share(rate.rate, NO_TRIALS) + &bracket
}
