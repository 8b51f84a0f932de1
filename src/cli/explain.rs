//! `explain` and `compare`: why two records, or two strings, are or are not alike.

use super::args::{CompareArgs, ExplainArgs};
use super::clock::Clock;
use super::labelled::labelled;
use super::output::{self, Failure};
use super::{memory, scenario};
use namesake::bridge::{LONGEST_CELL, Texts};
use namesake::experiment::link::link;
use namesake::experiment::{Run, Watch};
use namesake::record::RecordId;
use namesake::report;
use namesake::results::{ExplainedRequest, json_text};
use std::path::Path;
use std::time::Instant;

/// `explain`.
pub fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    for target in [&args.everywhere.json, &args.svg] {
        output::can_be_written(target.as_deref())?;
    }
    match (&args.inputs[..], &args.spec, &args.pair) {
        ([a, b], Some(spec), Some(pair)) => explain_pair(Path::new(a), Path::new(b), spec, pair, args),
        ([_, _], ..) | (_, Some(_), _) => Err(Failure::Message(
            "two labelled files are explained with: namesake explain A.csv B.csv --spec SPEC.toml --pair ID_A ID_B"
                .to_string(),
        )),
        (inputs, ..) => explain_request(inputs.first().map(String::as_str), args),
    }
}

fn explain_pair(a: &Path, b: &Path, spec: &Path, pair: &[String], args: &ExplainArgs) -> Result<(), Failure> {
    if let Some(flag) = args.simulated.any() {
        return Err(Failure::Message(format!(
            "{flag}: two labelled files are explained, nothing is simulated; leave it out"
        )));
    }
    let (files, how) = labelled(a, b, spec)?;
    let row = |ids: &Texts, id: &str, file: &Path| {
        let found = ids.iter().position(|known| known == id);
        found.ok_or_else(|| Failure::Message(format!("{}: no record has the id \"{id}\"", file.display())))
    };
    let rows = (row(&files.a.ids, &pair[0], a)?, row(&files.b.ids, &pair[1], b)?);
    let result = link(&files, &how);
    let explained = result.explain(&files, &how, rows.0, rows.1);
    let truth = if files.truth.same(rows.0, rows.1) { "one person" } else { "two people" };
    let flips = result.flips(&files, &how, rows.0, rows.1);
    if let Some(path) = &args.svg {
        let title = format!("{} and {}", pair[0], pair[1]);
        output::write_whole(path, report::waterfall::waterfall(&title, &explained).as_bytes())?;
    }
    let json = serde_json::json!({
        "a": pair[0], "b": pair[1], "truth": truth, "why": explained, "would_flip": flips,
    });
    let text = || {
        let (why, flips) = (report::explain::explanation_text(&explained), report::explain::flips_text(&flips));
        Ok(format!("{} and {}: in truth {truth}.\n{why}\n{flips}", pair[0], pair[1]))
    };
    args.everywhere.answer(|| format!("{json:#}\n"), text)
}

fn explain_request(name: Option<&str>, args: &ExplainArgs) -> Result<(), Failure> {
    let scenario = scenario(name, &args.simulated, args.everywhere.quiet)?;
    let Some(request) = args.request else {
        return Err(Failure::Message("which request? write --request N, a number from outcomes.csv".to_string()));
    };
    if request >= scenario.requester.requests {
        return Err(Failure::Message(format!(
            "--request {request}: requests are numbered 0 to {}",
            scenario.requester.requests - 1
        )));
    }
    if let Some(record) = args.record
        && record >= scenario.population.people
    {
        return Err(Failure::Message(format!(
            "--record {record}: record numbers go from 0 to {}",
            scenario.population.people - 1
        )));
    }
    memory::enough(scenario.requester.requests, 0)?;
    let clock = Clock::new(args.everywhere.quiet);
    let watch: Watch<'_> = &|progress| clock.saw(progress);
    // The whole exchange is run, since what else answers decides too.
    let run = Run::alone(&scenario, watch);
    let outcome = run.outcome(watch);
    clock.timings(Instant::now());
    let (world, request) = (run.world(), request as usize);
    let judged = &outcome.judged[request];
    let mut shown: Vec<RecordId> = judged.returned.iter().map(|(answer, _)| answer.record).collect();
    if judged.on_file {
        shown.push(world.truth().record_of(world.truth().sought_by(request)));
    }
    if let Some(record) = args.record.map(RecordId) {
        if !world.has_record(record) {
            return Err(Failure::Message(format!("--record {}: the holder's file has no such record", record.0)));
        }
        shown.push(record);
    }
    let mut seen = Vec::new();
    shown.retain(|record| !seen.contains(record) && (seen.push(*record), true).1);
    let explained = ExplainedRequest::of(&run, &outcome, request, shown);
    let text = || Ok(report::explain::request_text(&explained, judged.admitted.err()));
    args.everywhere.answer(|| json_text(&explained), text)
}

/// `compare`.
pub fn compare(args: &CompareArgs) -> Result<(), Failure> {
    for (which, text) in [("first", &args.a), ("second", &args.b)] {
        if text.len() > LONGEST_CELL {
            return Err(Failure::Message(format!(
                "the {which} text has {} bytes; at most {LONGEST_CELL} are compared, as in a cell of a labelled file: no \
                 name or address is longer, and comparing takes time as the product of the lengths",
                text.len()
            )));
        }
    }
    let (json, text) = report::compare::compare(&args.a, &args.b);
    args.everywhere.answer(|| json, || Ok(text))
}
