//! `run` and `merge`: a scenario becomes a run folder.

use super::args::{Common, MergeArgs, RunArgs};
use super::clock::Clock;
use super::everywhere::Everywhere;
use super::folder::{Folder, Holds};
use super::output::{Failure, tell};
use super::{memory, not_inside, scenario, shards};
use namesake::evaluation::Disclosure;
use namesake::experiment::against::{against, changes, differing};
use namesake::experiment::decompose::decompose;
use namesake::experiment::sensitivity::sensitivity;
use namesake::experiment::{
    Analyses, Outcome, Progress, Run, Streamed, learned_loss, measure, prepare, run_part, stream,
};
use namesake::record::RecordId;
use namesake::report;
use namesake::results::{Against, Details, Results, explained};
use namesake::scenario::Scenario;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

/// `run`.
pub fn run_command(args: &RunArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let common = &args.common;
    let alone = args.alone || args.against.is_some();
    let scenario = |name: Option<&str>| -> Result<Scenario, Failure> {
        let mut scenario = scenario(name, &common.simulated, common.everywhere.quiet)?;
        if alone {
            scenario.beside.clear();
        }
        Ok(scenario)
    };
    let first = scenario(args.scenario.as_deref())?;
    if let Some(second) = &args.against {
        return run_against(&first, &scenario(Some(second))?, common);
    }
    let mut scenario = first;
    memory::enough(scenario.requester.requests, scenario.beside.len() as u64)?;
    for by in &args.by {
        if !scenario.by.iter().any(|known| known.same_as(*by)) {
            scenario.by.push(*by);
        }
    }
    let default = format!("namesake-out/{}-{}", scenario.name, scenario.seed.population);
    let clock = Clock::new(common.everywhere.quiet);
    let watch = |progress: Progress| clock.saw(progress);
    match common.shard {
        Some((part, parts)) => {
            let out = common.out.clone().unwrap_or_else(|| PathBuf::from(format!("{default}-shard-{part}-of-{parts}")));
            let folder = Folder::begin(&out, Holds::Shard)?;
            let streamed = run_part(&scenario, part, parts, &watch);
            folder.write("scenario.toml", scenario.to_toml().as_bytes())?;
            folder.write("shard.json", &shards::shard_text(part, parts, &scenario, &streamed)?)?;
            folder.write("timings.json", clock.timings(started).as_bytes())?;
            folder.finish()?;
            if !common.everywhere.quiet {
                tell(&format!("part {part} of {parts} is in {}", out.display()));
            }
            Ok(())
        }
        None => {
            let out = common.out.clone().unwrap_or_else(|| PathBuf::from(default));
            not_inside(common.everywhere.json.as_deref(), &out)?;
            let folder = Folder::begin(&out, Holds::Run)?;
            let runs = prepare(&scenario, &watch);
            let blocks = 0..runs[0].world().country().blocks();
            let outcome = measure(&runs, &stream(&runs, blocks, &watch), &watch);
            let analyses = Analyses {
                sensitivity: args.sensitivity.then(|| sensitivity(&scenario, &watch)),
                decomposition: args.decompose.then(|| decompose(&scenario, &watch)),
                learned_loss: args.bayes_risk.then(|| learned_loss(&scenario, &watch)),
            };
            write_run(folder, &runs[0], &outcome, &analyses, &clock, started, &common.everywhere)
        }
    }
}

/// Runs two scenarios on the same people and says who is returned under both, one or neither, in a folder of its own.
fn run_against(first: &Scenario, second: &Scenario, common: &Common) -> Result<(), Failure> {
    let started = Instant::now();
    memory::enough(first.requester.requests.max(second.requester.requests), 1)?;
    let default = format!("namesake-out/{}-against-{}-{}", first.name, second.name, first.seed.population);
    let out = common.out.clone().unwrap_or_else(|| PathBuf::from(default));
    not_inside(common.everywhere.json.as_deref(), &out)?;
    let folder = Folder::begin(&out, Holds::Against)?;
    let clock = Clock::new(common.everywhere.quiet);
    let watch = |progress: Progress| clock.saw(progress);
    let runs = [Run::alone(first, &watch), Run::alone(second, &watch)];
    let outcomes = [runs[0].outcome(&watch), runs[1].outcome(&watch)];
    let compared = against(&outcomes[0], &outcomes[1]).ok_or_else(|| {
        const SHOWN: usize = 6;
        let keys = differing(first, second);
        let more = if keys.len() > SHOWN { format!(", and {} more", keys.len() - SHOWN) } else { String::new() };
        let named = if keys.is_empty() {
            String::new()
        } else {
            format!(": {}{more}", keys[..keys.len().min(SHOWN)].join(", "))
        };
        Failure::Message(format!(
            "{} and {} differ in the country, in who is on file or in who is sought{named}; to compare agreements only \
             terms, rules and errors may differ",
            first.name, second.name
        ))
    })?;
    let compared = Against::of(first, second, &compared, &changes(&outcomes[0], &outcomes[1]));
    let results = [Results::of(first, &outcomes[0]), Results::of(second, &outcomes[1])];
    // Those that the other agreement does not return.
    let explained = [0, 1].map(|side: usize| {
        let other = outcomes[1 - side].judged.iter().flat_map(|judged| &judged.returned);
        let returned: BTreeSet<RecordId> = other.map(|(answer, _)| answer.record).collect();
        let alone = |wrong: &Disclosure| !wrong.sought_elsewhere && !returned.contains(&wrong.answer.record);
        explained(&runs[side], &outcomes[side], SPARED, alone)
    });
    let [a, b] = [0, 1].map(|side: usize| (&results[side], runs[side].world().scenario(), &explained[side][..]));
    let json = compared.to_json();
    report::against_bundle(&compared, a, b).iter().try_for_each(|(name, bytes)| folder.write(name, bytes))?;
    folder.write("timings.json", clock.timings(started).as_bytes())?;
    folder.answer(&common.everywhere, &json, Some("report.html"), |_| report::against_text(&compared))
}

/// `merge`.
pub fn merge(args: &MergeArgs) -> Result<(), Failure> {
    let started = Instant::now();
    if shards::holds_part(&args.shards, Holds::SweepShard) {
        return super::sweep::merge(args, started);
    }
    if shards::holds_part(&args.shards, Holds::InferShard) {
        return super::infer::merge(args, started);
    }
    let (scenario, parts) = shards::read_shards(&args.shards)?;
    let clock = Clock::new(args.everywhere.quiet);
    not_inside(args.everywhere.json.as_deref(), &args.out)?;
    let folder = Folder::begin(&args.out, Holds::Run)?;
    let watch = |progress: Progress| clock.saw(progress);
    let runs = prepare(&scenario, &watch);
    let outcome = measure(&runs, &Streamed::joined(&runs, &parts), &watch);
    write_run(folder, &runs[0], &outcome, &Analyses::default(), &clock, started, &args.everywhere)
}

/// Number of returns in error that one agreement spares which are shown record beside record, on either side.
const SPARED: usize = 3;

/// Writes a run folder and whatever else was asked for.
fn write_run(
    folder: Folder,
    run: &Run<'_>,
    outcome: &Outcome,
    analyses: &Analyses,
    clock: &Clock,
    started: Instant,
    how: &Everywhere,
) -> Result<(), Failure> {
    let scenario = run.world().scenario();
    let (results, details) = (Results::with(scenario, outcome, analyses), Details::of(run, outcome));
    let files = report::bundle(&results, scenario, &details);
    files.iter().try_for_each(|(name, bytes)| folder.write(name, bytes))?;
    folder.write("timings.json", clock.timings(started).as_bytes())?;
    if !how.quiet {
        for route in &scenario.routes {
            route.model.notes.iter().for_each(|note| tell(&format!("route {}: {note}", route.name)));
        }
        report::training_warnings(&results).iter().for_each(|warning| tell(warning));
    }
    folder.answer(how, &results.to_json(), Some("report.html"), |place| {
        let repeat = format!("namesake run {}/scenario.toml", place.display());
        let summary = report::summary(&results, scenario, &repeat);
        let moved = results.sensitivity.as_ref().map(report::sensitivity_text);
        let decomposition = results.decomposition.as_ref().map(report::decomposition_text);
        [Some(summary), moved, decomposition].into_iter().flatten().collect::<Vec<String>>().join("\n")
    })
}
