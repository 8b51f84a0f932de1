//! The summary of a run for the terminal.

use super::{
    VERSION, by_number, cases, counted, missing, outcomes, percents, sensitivity, spoken, thousands, validation,
};
use crate::evaluation::{Evaluation, Measured, TOO_FEW};
use crate::experiment::Outcome;
use crate::linkage::decision::fellegi_sunter::Source;
use crate::scenario::{Basis, Scenario};
use crate::stats::Rate;
use crate::validation::documented;
use std::fmt::Write;

/// The summary for the terminal. `repeat` is the command that gives the same run.
pub fn summary(scenario: &Scenario, outcome: &Outcome, repeat: &str) -> String {
    let e = &outcome.evaluation;
    let rate = |name: &str| e.groups.rates.iter().find(|(known, _)| *known == name).map(|(_, measured)| measured);
    let bracket = |name: &str| rate(name).map_or_else(String::new, bracket);
    let hits = |name: &str| rate(name).map_or(0, |measured| measured.rate.hits);
    let assumptions = scenario.assumptions();
    let published = assumptions.iter().filter(|assumption| assumption.basis == Basis::Published).count();
    let returned = e.returned_right + e.returned_wrong;
    let absent = e.requests - e.requested_on_file;
    let seeds = scenario.seed;
    let seed = if seeds.population == seeds.errors && seeds.errors == seeds.requests {
        seeds.population.to_string()
    } else {
        format!("{}/{}/{}", seeds.population, seeds.errors, seeds.requests)
    };
    let mut lines = Vec::new();
    let mut say = |label: &str, text: String| lines.push((label.to_string(), text));
    say(
        "ASKED",
        format!(
            "{}; a file of {} about {}. {} of the people sought {} on it (assumed).",
            counted(e.requests, "request", "requests"),
            counted(e.holder_records, "record", "records"),
            counted(scenario.population.people, "person", "people"),
            thousands(e.requested_on_file),
            by_number(e.requested_on_file, "is", "are")
        ),
    );
    if let Some(line) = cases::harm_line(scenario, outcome) {
        say("HARM", line);
    }
    say(
        "RETURNED",
        format!(
            "{}: {} the person sought, {} somebody else.",
            counted(returned, "person", "persons"),
            thousands(e.returned_right),
            thousands(e.returned_wrong)
        ),
    );
    say(
        "",
        format!(
            "Of persons returned, {} of {} {} somebody else{}.",
            thousands(e.returned_wrong),
            thousands(returned),
            by_number(e.returned_wrong, "was", "were"),
            bracket("wrong_among_answers")
        ),
    );
    say(
        "",
        format!(
            "Of all requests, {} of {} returned somebody else{}.",
            thousands(hits("wrong_person")),
            thousands(e.requests),
            bracket("wrong_person")
        ),
    );
    say(
        "ABSENT",
        format!(
            "Of {} for people not on file, {} returned somebody{}.",
            counted(absent, "request", "requests"),
            thousands(hits("answered_though_absent")),
            bracket("answered_though_absent")
        ),
    );
    say(
        "NOT FOUND",
        format!(
            "Of {} on file, {} {} not returned{}.",
            counted(e.requested_on_file, "sought person", "sought people"),
            thousands(hits("missed")),
            by_number(hits("missed"), "was", "were"),
            bracket("missed")
        ),
    );
    if let Some(line) = missing::line(outcome) {
        say("MISSING", line);
    }
    say(
        "ADDRESS",
        format!(
            "{} of {} had moved; {} never sought {} at returned addresses.",
            thousands(e.aside.right_but_moved),
            counted(e.returned_right, "right person", "right persons"),
            counted(e.aside.bystanders, "person", "people"),
            by_number(e.aside.bystanders, "lives", "live")
        ),
    );
    say(
        "TERMS",
        format!(
            "{} of {} skipped a required check, right persons included.",
            thousands(e.check_skipped),
            counted(returned, "return", "returns")
        ),
    );
    for (label, text) in outcomes::lines(e) {
        say(label, text);
    }
    say("WHO", who(outcome));
    say("WHY", why(e));
    for (i, line) in cases::beside_lines(&cases::beside(scenario, outcome)).into_iter().enumerate() {
        say(if i == 0 { "PUBLISHED" } else { "" }, line);
    }
    say("CHANCE", "Brackets: 95 %, luck only, assumptions held fixed.".to_string());
    let untested = || {
        format!(
            "How far the {} assumed values move this: not tested; run {repeat} --sensitivity.",
            assumptions.len() - published
        )
    };
    say("ASSUMED", outcome.sensitivity.as_ref().map_or_else(untested, sensitivity::assumed_line));
    say("LIMITS", format!("Do not multiply to other sizes. Of the country, {}.", validation::predicted(&documented())));
    say(
        "",
        format!("Not measured: who should have been sought, lawfulness, any real programme's error. Repeat: {repeat}"),
    );
    let mut text = format!(
        "NAMESAKE  {}  seed {seed}  version {VERSION}  -  an invented country\n\
         Figures describe this model, not any agency. {published} settings published, {} assumed.\n",
        scenario.name,
        assumptions.len() - published
    );
    for (label, line) in lines {
        wrap(&mut text, &label, &line);
    }
    text
}

fn who(outcome: &Outcome) -> String {
    let e = &outcome.evaluation;
    let Some(status) = outcome.attributes.iter().position(|attribute| attribute.name == "status") else {
        return String::new();
    };
    let citizens = |of: &dyn Fn(usize) -> u64| -> u64 {
        let values = outcome.attributes[status].values.iter().enumerate();
        values.filter(|(_, v)| ["citizen_by_birth", "naturalised"].contains(*v)).map(|(i, _)| of(i)).sum()
    };
    let mut text = format!(
        "Somebody else: {} of {} citizens; citizens are {} of {} on file.",
        thousands(citizens(&|value| e.wrong_by_group[status][value])),
        thousands(e.returned_wrong),
        thousands(citizens(&|value| e.on_file[status][value])),
        thousands(e.holder_records)
    );
    let beside: Vec<String> = outcome
        .beside
        .iter()
        .map(|(beside, groups)| {
            let share = |value: usize| {
                let rates = &groups.by_group[status].1[value];
                rates
                    .iter()
                    .find(|(name, _)| *name == "share_of_wrong")
                    .map_or(Rate::default(), |(_, measured)| measured.rate)
            };
            format!(
                "{} {} of {}",
                beside.words(),
                thousands(citizens(&|value| share(value).hits)),
                thousands(share(0).trials)
            )
        })
        .collect();
    if !beside.is_empty() {
        text += &format!(" Beside it: {}.", beside.join(", "));
    }
    if e.returned_wrong < TOO_FEW {
        text += &format!(" Fewer than {TOO_FEW}: too few to tell.");
    }
    text
}

fn why(e: &Evaluation) -> String {
    // The first of equals in the printed order, so that ties fall the same way everywhere.
    let main = e.causes.iter().rev().max_by_key(|(_, count)| count.primary);
    match main {
        Some((cause, count)) if count.primary > 0 => format!(
            "Main cause: {}, {} of {}. Others, and what would have prevented each: in disclosures.csv.",
            spoken(cause.name()),
            thousands(count.primary),
            thousands(e.returned_wrong)
        ),
        _ => "Nobody else was returned.".to_string(),
    }
}

/// ` (0.4-1.2 %)`, or why there is none.
fn bracket(measured: &Measured) -> String {
    match measured.interval {
        Some(interval) => format!(" ({})", percents(interval)),
        None => " (no interval: no trials)".to_string(),
    }
}

/// Adds a labelled line, wrapped at 100 columns under its label.
fn wrap(text: &mut String, label: &str, line: &str) {
    const LABEL: usize = 10;
    const WIDTH: usize = 100;
    let mut column = LABEL;
    write!(text, "{label:<LABEL$}").expect("writing to a string cannot fail");
    for (i, word) in line.split(' ').enumerate() {
        let length = word.chars().count();
        if i > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(LABEL));
            column = LABEL;
        } else if i > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

/// What a user should know about training before believing the result; empty when all went well.
pub fn training_warnings(scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let mut warnings = Vec::new();
    for (route, trained) in &outcome.trained {
        let route = &scenario.routes[*route].name;
        if trained.m == Source::Default {
            warnings.push(format!(
                "route {route}: too few matches to train on; documented default m-probabilities are used"
            ));
        }
        if !trained.converged {
            warnings.push(format!("route {route}: EM did not converge in {} rounds", trained.rounds));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::wilson;

    #[test]
    fn a_bracket_shows_two_figures_of_its_width() {
        let of = |hits, trials| {
            let rate = Rate::new(hits, trials);
            let measured = Measured::of_requests(rate, "");
            bracket(&Measured { interval: wilson(rate), ..measured })
        };
        assert_eq!(of(5, 20), " (11-47 %)");
        assert_eq!(of(50, 10_000), " (0.4-0.7 %)");
        assert_eq!(of(0, 0), " (no interval: no trials)");
    }

    #[test]
    fn what_does_harm_is_told_in_per_cent_throughout() {
        let small = ["population.final_order=0.02", "population.people=25600", "requester.requests=500"];
        let mut scenario = crate::scenario::tests::scenario(&small);
        scenario.harm = crate::scenario::case::Harm::NotMatched;
        let outcome = crate::experiment::run(&scenario, &|_| {});
        let line = cases::harm_line(&scenario, &outcome).unwrap();
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
