//! `infer`, and `merge` of its shards: many draws, each of which is made once however often the command is interrupted.
//!
//! Draws are kept in a [`Journal`] as the runs of a sweep are. Rounds are made one after the other, since where a later
//! one looks follows from all draws before it.

use super::args::{InferArgs, MergeArgs, Simulated};
use super::clock::Clock;
use super::everywhere::Everywhere;
use super::folder::{Folder, Holds};
use super::journal::{Header, Journal, merged, part_of};
use super::output::{Failure, read_text, tell};
use super::{memory, not_inside, read_scenario, threads};
use namesake::experiment::Progress;
use namesake::experiment::infer::{Inference, Plan, Row, Wanted};
use namesake::report::infer::{bundle, text};
use namesake::report::thousands;
use namesake::results::infer::InferResults;
use std::path::{Path, PathBuf};
use std::time::Instant;

const FINISHED: &str = "rows.jsonl";

/// Keys that the size of a draw decides, with the flag that says it.
const SIZES: [(&str, &str); 3] =
    [("population.people", "--people"), ("requester.requests", "--requests"), ("population.final_order", "--requests")];

/// `infer`.
pub fn infer_command(args: &InferArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let common = &args.common;
    let simulated = &common.simulated;
    for set in &simulated.sets {
        let key = set.split('=').next().unwrap_or_default().trim();
        if let Some((_, flag)) = SIZES.iter().find(|(known, _)| *known == key) {
            return Err(Failure::Message(format!("--set {set}: a draw's world is small; write {flag} N for its size")));
        }
    }
    let wanted = Wanted {
        targets: args.targets.clone(),
        held_out: args.hold_out.clone(),
        supposed: args.supposed.clone(),
        quantity: args.quantity.clone(),
        only: args.only.clone(),
        draws: args.draws,
        rounds: args.rounds,
        people: simulated.people,
        requests: simulated.requests,
    };
    if let Some(from) = &args.from {
        return ask_again(args, from, &wanted, started);
    }
    let plain = Simulated { people: None, requests: None, ..simulated.clone() };
    let scenario = read_scenario(args.scenario.as_deref(), &plain, &[])?;
    let inference = Inference::new(&scenario, &wanted).map_err(Failure::Message)?;
    memory::enough(inference.plan().requests * rayon::current_num_threads() as u64, 0)?;
    let default = format!("namesake-out/infer-{}-{}", scenario.name, scenario.seed.population);
    let (part, parts) = common.shard.unwrap_or((1, 1));
    if common.shard.is_some() && inference.plan().rounds > 1 {
        return Err(Failure::Message(
            "--shard: where a later round looks follows from all draws before it, so parts are made of one round; add \
             --rounds 1"
                .to_string(),
        ));
    }
    let header = Header::new(inference.plan().clone(), part, parts);
    let clock = Clock::new(common.everywhere.quiet);
    let quiet = common.everywhere.quiet;
    if common.shard.is_some() {
        let out = common.out.clone().unwrap_or_else(|| PathBuf::from(format!("{default}-shard-{part}-of-{parts}")));
        let folder = Folder::begin(&out, Holds::InferShard)?;
        let rows = finish(&inference, &header, &folder, Holds::InferShard.known_by(), &clock, quiet)?;
        folder.write(Holds::InferShard.known_by(), header.text(&rows)?.as_bytes())?;
        folder.write("scenario.toml", inference.scenario().to_toml().as_bytes())?;
        folder.write("timings.json", clock.timings(started).as_bytes())?;
        folder.finish()?;
        if !quiet {
            tell(&format!("part {part} of {parts} is in {}", out.display()));
        }
        return Ok(());
    }
    let out = common.out.clone().unwrap_or_else(|| PathBuf::from(default));
    not_inside(common.everywhere.json.as_deref(), &out)?;
    let folder = Folder::begin(&out, Holds::Infer)?;
    let rows = finish(&inference, &header, &folder, FINISHED, &clock, quiet)?;
    write(folder, &inference, &header, &rows, &clock.timings(started), &common.everywhere)
}

/// `infer --from`: the draws of a finished inference, asked another question.
fn ask_again(args: &InferArgs, from: &Path, wanted: &Wanted, started: Instant) -> Result<(), Failure> {
    let common = &args.common;
    let drawn = [
        (args.scenario.is_some(), "the scenario"),
        (args.draws.is_some(), "--draws"),
        (args.rounds.is_some(), "--rounds"),
        (!args.only.is_empty(), "--only"),
        (common.shard.is_some(), "--shard"),
    ];
    let given = drawn.into_iter().find_map(|(given, what)| given.then_some(what)).or(common.simulated.any());
    if let Some(what) = given {
        return Err(Failure::Message(format!("--from {}: its draws are made; leave out {what}", from.display())));
    }
    let path = from.join(FINISHED);
    let wrong = |what: String| Failure::Message(format!("--from {}: {what}", path.display()));
    let (header, rows) = part_of::<Plan>(&read_text(&path)?).map_err(wrong)?;
    if !rows.iter().map(|row| row.row).eq(0..header.plan.draws) {
        return Err(wrong("draws are missing; finish them with the command that began them".to_string()));
    }
    let inference = Inference::planned(&header.plan).and_then(|drawn| drawn.asked(wanted)).map_err(Failure::Message)?;
    let everywhere = &common.everywhere;
    if let Some(out) = &common.out {
        not_inside(everywhere.json.as_deref(), out)?;
        let folder = Folder::begin(out, Holds::Infer)?;
        let timings = Clock::new(everywhere.quiet).timings(started);
        return write(folder, &inference, &header, &rows, &timings, everywhere);
    }
    let results = InferResults::of(&inference, &inference.all(&rows));
    everywhere.answer(|| results.to_json(), || Ok(text(&results)))
}

/// Makes every draw of this part that the journal has not, round by round, and gives them all.
fn finish(
    inference: &Inference,
    header: &Header<Plan>,
    folder: &Folder,
    finished: &str,
    clock: &Clock,
    quiet: bool,
) -> Result<Vec<Row>, Failure> {
    let plan = inference.plan();
    let own = |row: &u64| row % header.parts == header.part - 1;
    let all = (0..plan.draws).filter(own).count() as u64;
    let journal = Journal::open(folder, finished, header, all)?;
    let known = journal.known();
    if !quiet && !known.is_empty() {
        let (known, all) = (thousands(known.len() as u64), thousands(all));
        tell(&format!("{known} of {all} draws were made before and are not repeated"));
    }
    let total = all - known.len() as u64;
    clock.saw(Progress { stage: "draws", done: 0, total });
    for (round, range) in plan.rounds().into_iter().enumerate() {
        let missing: Vec<u64> = range.clone().filter(own).filter(|row| known.binary_search(row).is_err()).collect();
        if missing.is_empty() {
            continue;
        }
        let points = inference.points(round, &journal.rows());
        let one = |row: u64| {
            journal.add(inference.run(row, &points[(row - range.start) as usize], &|_| {}))?;
            clock.saw(Progress { stage: "draws", done: 1, total });
            Ok(())
        };
        threads::several_at_a_time(&missing, one)?;
    }
    Ok(journal.rows())
}

/// Writes the folder of an inference and whatever else was asked for.
fn write(
    folder: Folder,
    inference: &Inference,
    header: &Header<Plan>,
    rows: &[Row],
    timings: &str,
    how: &Everywhere,
) -> Result<(), Failure> {
    folder.write(FINISHED, header.text(rows)?.as_bytes())?;
    let draws = inference.all(rows);
    let results = InferResults::of(inference, &draws);
    bundle(&results, inference, &draws).iter().try_for_each(|(name, bytes)| folder.write(name, bytes))?;
    folder.write("scenario.toml", inference.scenario().to_toml().as_bytes())?;
    folder.write("timings.json", timings.as_bytes())?;
    folder.answer(how, &results.to_json(), Some("infer.html"), |_| text(&results))
}

/// `merge` of an inference.
pub fn merge(args: &MergeArgs, started: Instant) -> Result<(), Failure> {
    let (header, rows): (Header<Plan>, Vec<Row>) = merged(&args.shards, Holds::InferShard)?;
    let inference = Inference::planned(&header.plan).map_err(Failure::Message)?;
    not_inside(args.everywhere.json.as_deref(), &args.out)?;
    let folder = Folder::begin(&args.out, Holds::Infer)?;
    let timings = Clock::new(args.everywhere.quiet).timings(started);
    write(folder, &inference, &header, &rows, &timings, &args.everywhere)
}
