//! What a run says: the summary for people, results.json and the CSV files for machines. All of it is text; writing it
//! somewhere is left to the caller.

mod charts;
pub mod cases;
mod claimed;
pub mod compare;
pub mod explain;
pub mod files;
mod floor;
pub mod groups;
pub mod link;
mod outcomes;
pub mod score;
pub mod sensitivity;
pub mod page;
pub mod sweep;
pub mod waterfall;
pub mod validation;

use crate::decision::Score;
use crate::decision::fellegi_sunter::{Source, Trained};
use crate::evaluation::{Band, CurvePoint, Evaluation, FollowUp, Measured, Rates, TOO_FEW};
use crate::experiment::against::{Against, Fourfold};
use crate::experiment::scenario::{Assumption, Basis, Scenario, Situation};
use crate::experiment::{Coincidence, Counted, Outcome};
use crate::stats::Rate;
use crate::validation::documented;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The version of Namesake, as results carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The results of a run as JSON, the same bytes wherever they are made.
pub fn results_json(scenario: &Scenario, outcome: &Outcome) -> String {
    let e = &outcome.evaluation;
    let counted = |pairs: &mut dyn Iterator<Item = (&'static str, u64)>| -> Map<String, Value> {
        pairs.map(|(name, count)| (name.to_string(), json!(count))).collect()
    };
    let causes: Map<String, Value> = e
        .causes
        .iter()
        .map(|(cause, n)| (cause.name().to_string(), json!({ "primary": n.primary, "sufficient": n.sufficient })))
        .collect();
    let mut results = json!({
        "schema": "namesake.results/1",
        "version": VERSION,
        "scenario": scenario.name,
        "seed": scenario.seed.population,
        "seeds": scenario.seed,
        "counts": {
            "people": scenario.population.people,
            "requests": e.requests,
            "requested_on_file": e.requested_on_file,
            "holder_records": e.holder_records,
            "candidate_pairs": e.candidate_pairs,
            "returned_right": e.returned_right,
            "returned_wrong": e.returned_wrong,
            "answers_not_handed_over": e.overflow,
            "required_check_skipped": e.check_skipped,
            "right_but_moved": e.aside.right_but_moved,
            "never_sought_at_returned_addresses": e.aside.bystanders,
        },
        "rates": rates_json(&e.groups.rates),
        "fates": counted(&mut e.fates.iter().map(|(fate, n)| (fate.name(), *n))),
        "lost_at": counted(&mut e.lost_at.iter().map(|(place, n)| (place.name(), *n))),
        "causes": causes,
        "outcomes": outcomes::outcomes_json(e),
        "situations": situations_json(scenario, outcome),
        "by_group": groups::json(outcome),
        "curve": bands_json(&e.curve),
        "floor": floor::json(&e.floor),
        "coincidences": outcome.coincidences.iter().map(coincidence_json).collect::<Vec<_>>(),
        "training": training_json(scenario, outcome),
        "assumptions": scenario.assumptions().iter().map(assumption_json).collect::<Vec<_>>(),
    });
    if !e.groups.by_pair.is_empty() {
        results["by_pair"] = Value::Object(groups::pairs_json(outcome));
    }
    if !scenario.published.is_empty() {
        results["published"] = json!(cases::beside_json(&cases::beside(scenario, outcome)));
    }
    if let Some(claims) = &e.claimed {
        results["claimed"] = claimed::claimed_json(claims);
    }
    if let Some(moved) = &outcome.sensitivity {
        results["sensitivity"] = sensitivity::sensitivity_json(moved);
    }
    format!("{results:#}\n")
}

/// The threshold curve of an exchange, each point with both shares and their intervals.
fn bands_json(curve: &[(CurvePoint, Band)]) -> Vec<Value> {
    let share = |measured: &Measured| {
        json!({
            "rate": measured.rate.value(),
            "low": measured.interval.map(|interval| interval.low),
            "high": measured.interval.map(|interval| interval.high),
            "interval": measured.method.name(),
        })
    };
    let points: Vec<CurvePoint> = curve.iter().map(|(point, _)| *point).collect();
    let mut points = curve_json(&points, Score::bits);
    for (json, (_, band)) in points.iter_mut().zip(curve) {
        json["precision"] = share(&band.precision);
        json["recall"] = share(&band.recall);
    }
    points
}

/// The threshold curve, of an exchange, of two labelled files or of another program's list.
fn curve_json<T: Copy>(curve: &[CurvePoint<T>], number: impl Fn(T) -> f64) -> Vec<Value> {
    let point = |point: &CurvePoint<T>| {
        json!({
            "threshold": number(point.threshold),
            "returned_right": point.returned_right,
            "returned_wrong": point.returned_wrong,
            "missed": point.missed,
        })
    };
    curve.iter().map(point).collect()
}

/// How often each situation of the namesake bank is there.
fn situations_json(scenario: &Scenario, outcome: &Outcome) -> Map<String, Value> {
    let json = |(situation, counted): &(Situation, Counted)| {
        let Counted { added, requests, records, wrong } = counted;
        let switch = scenario.bank.of(*situation);
        let of = json!({ "switch": switch, "added": added, "requests": requests, "records": records, "wrong": wrong });
        (situation.name().to_string(), of)
    };
    outcome.situations.iter().map(json).collect()
}

/// Namesakes of the people sought: pairs expected and counted, with the interval in pairs as well.
fn coincidence_json(coincidence: &Coincidence) -> Value {
    let Coincidence { what, expected, counted } = coincidence;
    let in_pairs = |share: f64| share * counted.rate.trials as f64;
    json!({
        "what": what,
        "expected": expected,
        "simulated": counted.rate.hits,
        "low": counted.interval.map(|interval| in_pairs(interval.low)),
        "high": counted.interval.map(|interval| in_pairs(interval.high)),
        "trials": counted.rate.trials,
        "of": counted.of,
        "interval": counted.method.name(),
    })
}

/// How each route that weighs evidence was trained.
fn training_json(scenario: &Scenario, outcome: &Outcome) -> Map<String, Value> {
    let trained = outcome.trained.iter();
    trained.map(|(route, trained)| (scenario.routes[*route].name.clone(), trained_json(trained))).collect()
}

/// How a model came by its weights.
fn trained_json(trained: &Trained) -> Value {
    json!({
        "rounds": trained.rounds,
        "converged": trained.converged,
        "expected_matches": trained.expected_matches,
        "m": match trained.m {
            Source::Estimated => "estimated",
            Source::Default => "documented default, too few matches to estimate",
        },
    })
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

fn assumption_json(assumption: &Assumption) -> Value {
    let mut json = json!({
        "key": assumption.key,
        "value": assumption.value,
        "range": assumption.range,
        "basis": assumption.basis.name(),
        "source": assumption.source,
    });
    if !assumption.alternatives.is_empty() {
        json["alternatives"] = json!(assumption.alternatives);
    }
    json
}

fn rates_json(rates: &Rates) -> Map<String, Value> {
    let json = |(name, measured): &(&'static str, Measured)| {
        let mut json = rate_json(measured);
        if *name == "people_exposed" {
            // Of 100,000 on file, as exposures are usually given.
            json["per_100000"] = json!(measured.rate.value().map(|value| value * 1e5));
        }
        (name.to_string(), json)
    };
    rates.iter().map(json).collect()
}

fn rate_json(measured: &Measured) -> Value {
    let mut json = json!({
        "hits": measured.rate.hits,
        "trials": measured.rate.trials,
        "rate": measured.rate.value(),
        "low": measured.interval.map(|interval| interval.low),
        "high": measured.interval.map(|interval| interval.high),
        "of": measured.of,
        "interval": measured.method.name(),
    });
    if measured.rate.trials < TOO_FEW {
        json["too_few_to_tell"] = json!(true);
    }
    json
}

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
    let (hold, claimed) = documented();
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
    say(
        "LIMITS",
        format!(
            "Do not multiply to other sizes. {hold} of {claimed} validation figures hold; \
             same-name-and-birth-date strangers are probably too few."
        ),
    );
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

/// A name of the code or of a file as readers are told it: spaces for underscores, abbreviations in capitals.
fn spoken(name: &str) -> String {
    let words = name.split('_').map(|word| match word {
        "po" => "PO",
        "zip" => "ZIP",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// ` (0.4-1.2 %)`, or why there is none.
fn bracket(measured: &Measured) -> String {
    match measured.interval {
        Some(interval) => {
            let digits = decimals(interval.high - interval.low);
            format!(" ({:.digits$}-{:.digits$} %)", interval.low * 100.0, interval.high * 100.0)
        }
        None => " (no interval: no trials)".to_string(),
    }
}

/// A share in per cent, with as many places as it needs to show something: 0.70 %, 3.1 %, 42 %.
fn percent(share: f64) -> String {
    let digits = match share {
        s if s >= 0.1 => 0,
        s if s >= 0.01 => 1,
        _ => 2,
    };
    format!("{:.digits$} %", share * 100.0)
}

/// Decimal places at which an interval of this width shows two figures.
fn decimals(width: f64) -> usize {
    match width {
        w if w >= 0.02 => 0,
        w if w >= 0.002 => 1,
        w if w >= 0.0002 => 2,
        _ => 3,
    }
}

/// A whole number with commas: 1,000,000.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The word that goes with a number: one person, two people.
pub fn by_number<'w>(number: u64, one: &'w str, several: &'w str) -> &'w str {
    if number == 1 { one } else { several }
}

/// A number with the word that goes with it: 1 person, 2,000 people.
pub fn counted(number: u64, one: &str, several: &str) -> String {
    format!("{} {}", thousands(number), by_number(number, one, several))
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

/// Two runs of the same people beside each other, as JSON.
pub fn against_json(first: &Scenario, second: &Scenario, against: &Against) -> String {
    let fourfold = |f: &Fourfold| {
        json!({
            "people": f.total(),
            "both": f.both,
            "spared": f.spared,
            "newly_returned": f.newly_returned,
            "neither": f.neither,
        })
    };
    let json = json!({
        "schema": "namesake.against/1",
        "version": VERSION,
        "scenario": first.name,
        "against": second.name,
        "seed": first.seed.population,
        "sought": fourfold(&against.sought),
        "never_sought": fourfold(&against.never_sought),
    });
    format!("{json:#}\n")
}

/// Two runs of the same people beside each other, as a table.
pub fn against_text(first: &Scenario, second: &Scenario, against: &Against) -> String {
    let mut text = format!(
        "The same people under two agreements: {} and {}.\n{:<34}{:>14}{:>18}\n",
        first.name, second.name, "people on the holder's file", "sought", "never sought"
    );
    let (sought, never) = (against.sought, against.never_sought);
    for (label, sought, never) in [
        ("returned under both", sought.both, never.both),
        ("spared by the second", sought.spared, never.spared),
        ("newly returned by the second", sought.newly_returned, never.newly_returned),
        ("returned under neither", sought.neither, never.neither),
        ("all", sought.total(), never.total()),
    ] {
        writeln!(text, "{label:<34}{:>14}{:>18}", thousands(sought), thousands(never))
            .expect("writing to a string cannot fail");
    }
    text
}

/// One row a request: its fate, score and groups.
pub fn outcomes_csv(scenario: &Scenario, outcome: &Outcome) -> Vec<u8> {
    let mut header = vec!["request", "person_sought", "on_file", "route", "fate", "lost_at", "persons_returned"];
    header.extend(["wrong_returned", "best_score"]);
    header.extend(outcome.attributes.iter().map(|attribute| attribute.name));
    let mut header: Vec<String> = header.into_iter().map(String::from).collect();
    header.extend(outcomes::columns("right_"));
    let right: BTreeMap<usize, &FollowUp> =
        outcome.follow_ups.iter().filter(|f| f.case.right).map(|f| (f.request, f)).collect();
    let rows = outcome.judged.iter().zip(&outcome.sought).enumerate().map(|(request, (judged, (person, profile)))| {
        let mut row = vec![
            request.to_string(),
            person.0.to_string(),
            judged.on_file.to_string(),
            judged.admitted.map_or(String::new(), |route| scenario.routes[route].name.clone()),
            judged.fate.name().to_string(),
            judged.lost_at.map_or(String::new(), |place| place.name().to_string()),
            judged.returned.len().to_string(),
            judged.returned.iter().filter(|(_, right)| !right).count().to_string(),
            judged.returned.first().map_or(String::new(), |(answer, _)| answer.score.to_string()),
        ];
        row.extend(outcome.attributes.iter().zip(profile).map(|(a, v)| a.values[usize::from(*v)].to_string()));
        row.extend(outcomes::cells(right.get(&request).copied()));
        row
    });
    csv_of(&header, rows)
}

/// One row a person wrongly returned: the cause, what alone would have prevented it, and the person's groups.
pub fn disclosures_csv(scenario: &Scenario, outcome: &Outcome) -> Vec<u8> {
    let mut header = vec!["request", "record", "person_returned", "route", "score", "primary_cause", "primary_error"];
    header.extend(["would_alone_have_prevented_it", "joint", "sought_by_another_request"]);
    header.extend(outcome.attributes.iter().map(|attribute| attribute.name));
    let mut header: Vec<String> = header.into_iter().map(String::from).collect();
    header.extend(outcomes::columns(""));
    // In the same order: by request and rank.
    let handed_over = outcome.follow_ups.iter().filter(|f| !f.case.right && f.stopped.is_none());
    let wrong = outcome.disclosures.iter().zip(&outcome.returned).zip(handed_over);
    let rows = wrong.map(|((disclosure, person), follow_up)| {
        let named = |i: usize| {
            let error = &disclosure.errors[i];
            format!("{}:{}:{}", error.side.name(), error.error.kind.name(), error.error.cell.name())
        };
        let route = outcome.judged[disclosure.request].admitted;
        let attribution = &disclosure.attribution;
        let mut row = vec![
            disclosure.request.to_string(),
            disclosure.answer.record.0.to_string(),
            person.0.to_string(),
            route.map_or(String::new(), |route| scenario.routes[route].name.clone()),
            disclosure.answer.score.to_string(),
            attribution.primary.name().to_string(),
            attribution.primary_error.map_or(String::new(), named),
            attribution.alone.iter().map(|&i| named(i)).collect::<Vec<_>>().join(" "),
            attribution.joint().to_string(),
            disclosure.sought_elsewhere.to_string(),
        ];
        let values = outcome.attributes.iter().zip(&disclosure.profile);
        row.extend(values.map(|(a, v)| a.values[usize::from(*v)].to_string()));
        row.extend(outcomes::cells(Some(follow_up)));
        row
    });
    csv_of(&header, rows)
}

/// One row a threshold.
pub fn curve_csv(outcome: &Outcome) -> Vec<u8> {
    let text = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let mut header = vec!["threshold", "returned_right", "returned_wrong", "missed"];
    header.extend(["precision", "precision_low", "precision_high", "precision_interval"]);
    header.extend(["recall", "recall_low", "recall_high", "recall_interval"]);
    let rows = outcome.evaluation.curve.iter().map(|(point, band)| {
        let mut row = vec![point.threshold.to_string()];
        row.extend([point.returned_right, point.returned_wrong, point.missed].map(|count| count.to_string()));
        for measured in [&band.precision, &band.recall] {
            row.push(text(measured.rate.value()));
            row.push(text(measured.interval.map(|interval| interval.low)));
            row.push(text(measured.interval.map(|interval| interval.high)));
            row.push(measured.method.name().to_string());
        }
        row
    });
    csv_of(&header, rows)
}

/// CSV text of a header and rows.
fn csv_of(header: &[impl AsRef<[u8]>], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("writing to memory cannot fail");
    for row in rows {
        writer.write_record(&row).expect("writing to memory cannot fail");
    }
    writer.into_inner().expect("writing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::wilson;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(330_000_000), "330,000,000");
    }

    #[test]
    fn a_bracket_shows_two_figures_of_its_width() {
        let of = |hits, trials| {
            let rate = Rate::new(hits, trials);
            bracket(&Measured { rate, of: "", interval: wilson(rate), method: crate::evaluation::Method::Wilson })
        };
        assert_eq!(of(5, 20), " (11-47 %)");
        assert_eq!(of(50, 10_000), " (0.4-0.7 %)");
        assert_eq!(of(0, 0), " (no interval: no trials)");
    }

    #[test]
    fn long_lines_wrap_under_their_label() {
        let mut text = String::new();
        wrap(&mut text, "WHO", &"word ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= 101));
        assert!(text.lines().nth(1).unwrap().starts_with("          word"));
    }
}
