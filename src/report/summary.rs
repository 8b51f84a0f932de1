//! The summary of a run for the terminal.

use super::written::{bracket, by_number, counted, spoken, thousands, wrap};
use super::{allowed, cases, outcomes, sensitivity, validation};
use crate::evaluation::{Missing, RateId, TOO_FEW};
use crate::linkage::decision::fellegi_sunter::Source;
use crate::results::{Group, Rates, Results};
use crate::scenario::Scenario;

/// The rates of the summary.
const SHOWN: [RateId; 4] =
    [RateId::WrongAmongAnswers, RateId::WrongPerson, RateId::AnsweredThoughAbsent, RateId::Missed];

/// The summary for the terminal. `repeat` is the command that gives the same run.
pub fn summary(results: &Results, scenario: &Scenario, repeat: &str) -> String {
    let counts = &results.counts;
    let bracket = |id: RateId| results.rates.get(&id).map_or_else(String::new, bracket);
    let hits = |id: RateId| results.rates.get(&id).map_or(0, |rate| rate.hits);
    let (published, assumed) = results.published_and_assumed();
    let returned = counts.returned();
    let mut lines = Vec::new();
    let mut say = |label: &str, text: String| lines.push((label.to_string(), text));
    say(
        "ASKED",
        format!(
            "{}; a file of {} about {}. {} of the people sought {} on it (assumed).",
            counted(counts.requests, "request", "requests"),
            counted(counts.holder_records, "record", "records"),
            counted(counts.people, "person", "people"),
            thousands(counts.requested_on_file),
            by_number(counts.requested_on_file, "is", "are")
        ),
    );
    if let Some(line) = cases::harm_line(scenario, results) {
        say("HARM", line);
    }
    say(
        "RETURNED",
        format!(
            "{}: {} the person sought, {} somebody else.",
            counted(returned, "person", "persons"),
            thousands(counts.returned_right),
            thousands(counts.returned_wrong)
        ),
    );
    say(
        "",
        format!(
            "Of persons returned, {} of {} {} somebody else{}.",
            thousands(counts.returned_wrong),
            thousands(returned),
            by_number(counts.returned_wrong, "was", "were"),
            bracket(RateId::WrongAmongAnswers)
        ),
    );
    say(
        "",
        format!(
            "Of all requests, {} of {} returned somebody else{}.",
            thousands(hits(RateId::WrongPerson)),
            thousands(counts.requests),
            bracket(RateId::WrongPerson)
        ),
    );
    say(
        "ABSENT",
        format!(
            "Of {} for people not on file, {} returned somebody{}.",
            counted(counts.absent(), "request", "requests"),
            thousands(hits(RateId::AnsweredThoughAbsent)),
            bracket(RateId::AnsweredThoughAbsent)
        ),
    );
    say(
        "NOT FOUND",
        format!(
            "Of {} on file, {} {} not returned{}.",
            counted(counts.requested_on_file, "sought person", "sought people"),
            thousands(hits(RateId::Missed)),
            by_number(hits(RateId::Missed), "was", "were"),
            bracket(RateId::Missed)
        ),
    );
    if let Some(line) = missing(&results.who_is_missing) {
        say("MISSING", line);
    }
    say(
        "ADDRESS",
        format!(
            "{} of {} had moved; {} never sought {} at returned addresses.",
            thousands(counts.right_but_moved),
            counted(counts.returned_right, "right person", "right persons"),
            counted(counts.never_sought_at_returned_addresses, "person", "people"),
            by_number(counts.never_sought_at_returned_addresses, "lives", "live")
        ),
    );
    say(
        "TERMS",
        format!(
            "{} of {} skipped a required check, right persons included.",
            thousands(counts.required_check_skipped),
            counted(returned, "return", "returns")
        ),
    );
    for (label, text) in outcomes::lines(&results.outcomes) {
        say(label, text);
    }
    say("WHO", who(results));
    say("WHY", why(results));
    for (i, line) in cases::beside_lines(&results.published).into_iter().enumerate() {
        say(if i == 0 { "PUBLISHED" } else { "" }, line);
    }
    if let Some(line) = results.allowed.as_ref().and_then(allowed::line) {
        say("ALLOWED", line);
    }
    let by_neighbourhood =
        SHOWN.iter().filter_map(|id| results.rates.get(id)).any(|rate| rate.neighbourhoods().is_some());
    let neighbours = " Neighbours may be returned together: with no case, or no other, each neighbourhood counts once.";
    let counts_so = if by_neighbourhood { neighbours } else { "" };
    say("CHANCE", format!("Brackets: 95 %, luck only, assumptions held fixed.{counts_so}"));
    let untested =
        || format!("How far the {} assumed values move this: not tested; run {repeat} --sensitivity.", assumed);
    say("ASSUMED", results.sensitivity.as_ref().map_or_else(untested, sensitivity::assumed_line));
    let country = match validation::of_country(results) {
        Ok(predicted) => format!("Of the country, {predicted}."),
        Err(altered) => format!("The verdicts of docs/validation.md do not apply: {altered}."),
    };
    say("LIMITS", format!("Do not extrapolate to other population sizes. {country}"));
    say(
        "",
        format!("Not measured: who should have been sought, lawfulness, any real programme's error. Repeat: {repeat}"),
    );
    let mut text = format!(
        "NAMESAKE  {}  seed {}  version {}  -  an invented country\n\
         Figures describe this model, not any agency. {published} settings published, {assumed} assumed.\n",
        results.scenario,
        results.seed_words(),
        results.version,
    );
    for (label, line) in lines {
        wrap(&mut text, &label, &line);
    }
    text
}

/// Groups and cities of whom nobody was returned; none where there is no such group.
fn missing(missing: &Missing) -> Option<String> {
    let told = missing.nobody_returned.iter().map(|group| {
        format!("{} {} ({} on file)", spoken(&group.attribute), spoken(&group.value), thousands(group.on_file))
    });
    let told = told.collect::<Vec<_>>().join(", ");
    (!told.is_empty()).then(|| format!("Nobody was returned of: {told}."))
}

/// Number of citizens among those returned in error, here and in the runs beside.
fn who(results: &Results) -> String {
    let wrong = |group: &Group| group.hits(RateId::ShareOfWrong);
    let mut text = format!(
        "Somebody else: {} of {} citizens; citizens are {} of {} on file.",
        thousands(results.citizens(wrong)),
        thousands(results.counts.returned_wrong),
        thousands(results.citizens(Group::on_file)),
        thousands(results.counts.holder_records)
    );
    let Some((_, any)) = results.groups("status").next() else { return String::new() };
    let beside: Vec<String> = any
        .beside
        .iter()
        .map(|(beside, any)| {
            let share =
                |rates: &Rates| rates.get(&RateId::ShareOfWrong).map_or((0, 0), |rate| (rate.hits, rate.trials));
            let of = |group: &Group| group.beside.get(beside).map_or(0, |other| share(&other.rates).0);
            format!("{} {} of {}", beside.words(), thousands(results.citizens(of)), thousands(share(&any.rates).1))
        })
        .collect();
    if !beside.is_empty() {
        text += &format!(" Beside it: {}.", beside.join(", "));
    }
    if results.counts.returned_wrong < TOO_FEW {
        text += &format!(" Fewer than {TOO_FEW}: too few to tell.");
    }
    text
}

fn why(results: &Results) -> String {
    // The first of equals in the printed order, so that ties fall the same way everywhere.
    let main = results.causes.iter().rev().max_by_key(|(_, count)| count.primary);
    match main {
        Some((cause, count)) if count.primary > 0 => format!(
            "Main cause: {}, {} of {}. Others, and what would have prevented each: in disclosures.csv.",
            spoken(cause),
            thousands(count.primary),
            thousands(results.counts.returned_wrong)
        ),
        _ => "Nobody else was returned.".to_string(),
    }
}

/// Warnings about training that a user should read before believing the result; empty when there are none.
pub fn training_warnings(results: &Results) -> Vec<String> {
    let mut warnings = Vec::new();
    for (route, training) in &results.training {
        if training.m == Source::Default {
            warnings.push(format!(
                "route {route}: too few matches to train on; documented default m-probabilities are used"
            ));
        }
        if !training.converged {
            warnings.push(format!("route {route}: EM did not converge in {} rounds", training.rounds));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_harm_is_told_in_per_cent_throughout() {
        let small = ["population.final_order=0.02", "population.people=25600", "requester.requests=500"];
        let mut scenario = crate::scenario::tests::scenario(&small);
        scenario.harm = crate::scenario::case::Harm::NotMatched;
        let outcome = crate::experiment::run(&scenario, &|_| {});
        let line = cases::harm_line(&scenario, &Results::of(&scenario, &outcome)).unwrap();
        let (before, groups) = line.split_once(" By census category: ").unwrap();
        assert!(before.ends_with(" %)."), "{line}");
        assert!(groups.trim_end_matches('.').split(", ").all(|group| group.ends_with(" %")), "{line}");
    }

    #[test]
    fn long_lines_wrap_under_their_label() {
        let mut text = String::new();
        wrap(&mut text, "WHO", &"word ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= 101));
        assert!(text.lines().nth(1).unwrap().starts_with("          word"));
    }
}
