//! `sweep`, and `merge` of its shards: many runs, each of which is done once however often the command is interrupted.
//!
//! Each finished run is a line in a [`Journal`], in a hidden folder beside the one to be written, and the results are
//! made of the lines in the order of the plan; so it makes no difference how often a sweep was killed, on how many
//! threads it ran, or in which order.

use super::args::{MergeArgs, Simulated, SweepArgs};
use super::clock::Clock;
use super::everywhere::Everywhere;
use super::folder::{Folder, Holds};
use super::journal::{Header, Journal, merged};
use super::output::{Failure, tell};
use super::{asks_beyond, memory, not_inside, read_scenario, says_requests, threads};
use namesake::experiment::Progress;
use namesake::experiment::sweep::{Plan, READY, Ready, Row, Sweep, Together, Varied};
use namesake::report::files::parquet::Parquet;
use namesake::report::sweep::{bundle, runs, summary, text};
use namesake::report::thousands;
use namesake::results::sweep::SweepResults;
use namesake::scenario::did_you_mean;
use std::path::PathBuf;
use std::time::Instant;

/// Countries up to this size are run several at a time, one a thread; larger ones one at a time, on all threads.
const SMALL: u64 = 2_000_000;

const REPLICATES: u64 = 10;
const FINISHED: &str = "rows.jsonl";

/// `sweep`.
pub fn sweep_command(args: &SweepArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let common = &args.common;
    let ready = args.ready.as_deref().map(ready).transpose()?;
    let name = args.scenario.as_deref().or(ready.map(|ready| ready.scenario));
    let together = match ready {
        Some(ready) => ready.together,
        None if args.paired => Together::Paired,
        None => Together::Grid,
    };
    let varied = ready.map_or_else(|| args.vary.clone(), |ready| ready.with(args.vary.clone()));
    let replicates = args.replicates.unwrap_or(ready.map_or(REPLICATES, |ready| ready.replicates));
    let scenario = |sets: &[String]| {
        read_scenario(name, &common.simulated, sets).map_err(|failure| match failure {
            Failure::Message(message) => message,
            Failure::BrokenPipe => "standard output is closed".to_string(),
        })
    };
    let own: Vec<&str> = args.vary.iter().map(Varied::path).collect();
    not_set_and_varied(&varied, &own, ready, &common.simulated)?;
    let sweep = Sweep::new(scenario, &varied, together, replicates);
    // A ready sweep of another scenario may vary what that one has and this one has not.
    let sweep = sweep.map_err(|error| match (ready, &args.scenario) {
        (Some(ready), Some(name)) if of_ready(&error, &varied, &own) => Failure::Message(format!(
            "{error}; --ready {} is made for {}: leave out {name}, or vary what {name} has with --vary (namesake scenarios \
             show {name})",
            ready.name, ready.scenario
        )),
        _ => Failure::Message(error),
    })?;
    nobody_beyond(&sweep, &common.simulated)?;
    fits_memory(&sweep)?;
    let what = ready.map_or_else(
        || format!("{}-{}", sweep.scenario().name, sweep.keys().join("+")),
        |ready| ready.name.to_string(),
    );
    let default = format!("namesake-out/sweep-{what}-{}", sweep.scenario().seed.population);
    let (part, parts) = common.shard.unwrap_or((1, 1));
    let header = Header::new(sweep.plan(), part, parts);
    let wanted: Vec<u64> = (0..sweep.rows()).filter(|row| row % parts == part - 1).collect();
    let clock = Clock::new(common.everywhere.quiet);
    if common.shard.is_some() {
        let out = common.out.clone().unwrap_or_else(|| PathBuf::from(format!("{default}-shard-{part}-of-{parts}")));
        let folder = Folder::begin(&out, Holds::SweepShard)?;
        let journal = Journal::open(&folder, Holds::SweepShard.known_by(), &header, wanted.len() as u64)?;
        let rows = finish(&sweep, &wanted, &journal, &clock, common.everywhere.quiet)?;
        folder.write(Holds::SweepShard.known_by(), header.text(&rows)?.as_bytes())?;
        folder.write("scenario.toml", sweep.scenario().to_toml().as_bytes())?;
        folder.write("timings.json", clock.timings(started).as_bytes())?;
        folder.finish()?;
        if !common.everywhere.quiet {
            tell(&format!("part {part} of {parts} is in {}", out.display()));
        }
        return Ok(());
    }
    let out = common.out.clone().unwrap_or_else(|| PathBuf::from(default));
    not_inside(common.everywhere.json.as_deref(), &out)?;
    let folder = Folder::begin(&out, Holds::Sweep)?;
    let journal = Journal::open(&folder, FINISHED, &header, wanted.len() as u64)?;
    let rows = finish(&sweep, &wanted, &journal, &clock, common.everywhere.quiet)?;
    write_sweep(folder, &sweep, &header, rows, &clock.timings(started), &args.format, &common.everywhere)
}

/// Returns `true` if an error is about a key that a preset sweep varies, and not about one of the user's own.
fn of_ready(error: &str, varied: &[Varied], own: &[&str]) -> bool {
    let mut ready = varied.iter().filter(|one| !own.contains(&one.path()));
    ready.any(|one| error.contains(&format!("--vary {}=", one.key())))
}

/// A value that is set for a key that is varied would count for nothing.
fn not_set_and_varied(
    varied: &[Varied],
    own: &[&str],
    ready: Option<&Ready>,
    simulated: &Simulated,
) -> Result<(), Failure> {
    let sets = simulated.sets.iter().filter_map(|set| Some((set.split_once('=')?.0.trim(), format!("--set {set}"))));
    let flag = |key, flag: &str, value: Option<u64>| value.map(|value| (key, format!("--{flag} {value}")));
    let people = flag("population.people", "people", simulated.people);
    let requests = flag("requester.requests", "requests", simulated.requests);
    for (key, said) in sets.chain(people).chain(requests) {
        let key = key.strip_suffix(".value").unwrap_or(key);
        let Some(one) = varied.iter().find(|one| one.path() == key) else { continue };
        let by = match ready.filter(|_| !own.contains(&key)) {
            Some(ready) => format!("--ready {}", ready.name),
            None => format!("--vary {}", one.key()),
        };
        return Err(Failure::Message(format!(
            "{said}: {by} gives this key its values, so this one would count for nothing; take out {said}, or put the \
             value into the list of --vary {}=…",
            one.key()
        )));
    }
    Ok(())
}

/// That a combination asks for more people than there are is an error if somebody said how many.
fn nobody_beyond(sweep: &Sweep, simulated: &Simulated) -> Result<(), Failure> {
    const REQUESTS: [&str; 2] = ["requests", "requester.requests"];
    if !says_requests(simulated) && !sweep.keys().iter().any(|key| REQUESTS.contains(&&key[..])) {
        return Ok(());
    }
    for (at, values) in sweep.combinations().enumerate() {
        if let Some(complaint) = asks_beyond(&sweep.scenario_of(at as u64 * sweep.replicates())) {
            let varied = sweep.keys().iter().zip(values).map(|(key, value)| format!("--vary {key}={value}"));
            return Err(Failure::Message(format!("{}: {complaint}", varied.collect::<Vec<_>>().join(" "))));
        }
    }
    Ok(())
}

/// That the runs which are made at a time fit into memory.
fn fits_memory(sweep: &Sweep) -> Result<(), Failure> {
    let at_a_time = |at: usize| {
        let scenario = sweep.scenario_of(at as u64 * sweep.replicates());
        let runs = if scenario.population.people <= SMALL { rayon::current_num_threads() as u64 } else { 1 };
        scenario.requester.requests.min(scenario.population.people) * runs
    };
    memory::enough((0..sweep.combinations().len()).map(at_a_time).max().unwrap_or_default(), 0)
}

/// The ready sweep of a name.
fn ready(name: &str) -> Result<&'static Ready, Failure> {
    Ready::from_name(name).ok_or_else(|| {
        let names = || READY.iter().map(|ready| ready.name);
        let list: Vec<String> = READY.iter().map(|ready| format!("\n  {:<20}{}", ready.name, ready.shows)).collect();
        let hint = did_you_mean(name, names());
        Failure::Message(format!("--ready {name}: no such sweep{hint}; there are{}", list.concat()))
    })
}

/// Makes every wanted row that the journal has not, and gives them all.
fn finish(
    sweep: &Sweep,
    wanted: &[u64],
    journal: &Journal<Plan>,
    clock: &Clock,
    quiet: bool,
) -> Result<Vec<Row>, Failure> {
    let known = journal.known();
    let missing: Vec<u64> = wanted.iter().copied().filter(|row| known.binary_search(row).is_err()).collect();
    if !quiet && !known.is_empty() {
        let (known, all) = (thousands(known.len() as u64), thousands(wanted.len() as u64));
        tell(&format!("{known} of {all} runs were done before and are not repeated"));
    }
    let total = missing.len() as u64;
    clock.saw(Progress { stage: "runs", done: 0, total });
    let one = |row: u64| {
        journal.add(sweep.run(row, &|_| {}))?;
        clock.saw(Progress { stage: "runs", done: 1, total });
        Ok(())
    };
    let (small, large): (Vec<u64>, Vec<u64>) =
        missing.into_iter().partition(|row| sweep.scenario_of(*row).population.people <= SMALL);
    threads::several_at_a_time(&small, one)?;
    large.into_iter().try_for_each(one)?;
    Ok(journal.rows())
}

/// Writes the folder of a sweep and whatever else was asked for.
fn write_sweep(
    folder: Folder,
    sweep: &Sweep,
    header: &Header<Plan>,
    rows: Vec<Row>,
    timings: &str,
    format: &str,
    how: &Everywhere,
) -> Result<(), Failure> {
    folder.write(FINISHED, header.text(&rows)?.as_bytes())?;
    let results = SweepResults::of(sweep, rows);
    if format == "parquet" {
        for (name, (columns, rows)) in [("sweep", runs(&results)), ("summary", summary(&results))] {
            let whole = Parquet::whole(&columns, &rows, &super::notes(sweep.scenario()));
            folder.write(&format!("{name}.parquet"), &whole)?;
        }
    }
    bundle(&results).iter().try_for_each(|(name, bytes)| folder.write(name, bytes))?;
    folder.write("scenario.toml", sweep.scenario().to_toml().as_bytes())?;
    folder.write("timings.json", timings.as_bytes())?;
    folder.answer(how, &results.to_json(), None, |_| text(&results))
}

/// `merge` of a sweep.
pub fn merge(args: &MergeArgs, started: Instant) -> Result<(), Failure> {
    let (header, rows): (Header<Plan>, Vec<Row>) = merged(&args.shards, Holds::SweepShard)?;
    let sweep = header.plan.sweep().map_err(Failure::Message)?;
    not_inside(args.everywhere.json.as_deref(), &args.out)?;
    let folder = Folder::begin(&args.out, Holds::Sweep)?;
    let timings = Clock::new(args.everywhere.quiet).timings(started);
    write_sweep(folder, &sweep, &header, rows, &timings, "csv", &args.everywhere)
}
