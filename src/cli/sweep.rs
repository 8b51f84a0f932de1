//! `sweep`, and `merge` of its shards: many runs, each of which is done once however often the command is interrupted.
//!
//! Each finished run is a line in a journal, in a hidden folder beside the one to be written. A line is there whole or it
//! does not count, and the results are made of the lines in the order of the plan; so it makes no difference how often a
//! sweep was killed, on how many threads it ran, or in which order.

use super::args::{Common, MergeArgs, SweepArgs};
use super::clock::Clock;
use super::output::{self, Failure, Folder, Holds, json_target, say};
use super::{asks_beyond, not_inside, read_scenario, says_requests, threads};
use namesake::experiment::Progress;
use namesake::experiment::scenario::did_you_mean;
use namesake::experiment::sweep::{MOST_ROWS, Plan, READY, Ready, Row, Sweep, Together};
use namesake::report::files::parquet::Parquet;
use namesake::report::sweep::{Table, csv_text};
use namesake::report::{VERSION, thousands};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Countries up to this size are run several at a time, one a thread; larger ones one at a time, on all threads.
const SMALL: u64 = 2_000_000;

const REPLICATES: u64 = 10;
const FINISHED: &str = "rows.jsonl";
const SHARD: &str = "sweep-shard.jsonl";

/// `sweep`.
pub fn sweep_command(args: &SweepArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let common = &args.common;
    threads(common.threads)?;
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
        read_scenario(name, common, sets).map_err(|failure| match failure {
            Failure::Message(message) => message,
            Failure::BrokenPipe => "standard output is closed".to_string(),
        })
    };
    let sweep = Sweep::new(scenario, &varied, together, replicates).map_err(Failure::Message)?;
    nobody_beyond(&sweep, common)?;
    let what = ready.map_or_else(
        || format!("{}-{}", sweep.scenario().name, sweep.keys().join("+")),
        |ready| ready.name.to_string(),
    );
    let default = format!("namesake-out/sweep-{what}-{}", sweep.scenario().seed.population);
    let (part, parts) = common.shard.unwrap_or((1, 1));
    let header = Header { schema: SCHEMA.to_string(), version: VERSION.to_string(), part, parts, plan: sweep.plan() };
    let wanted: Vec<u64> = (0..sweep.rows()).filter(|row| row % parts == part - 1).collect();
    let clock = Clock::new(common.quiet);
    if common.shard.is_some() {
        let out = common.out.clone().unwrap_or_else(|| PathBuf::from(format!("{default}-shard-{part}-of-{parts}")));
        let folder = Folder::begin(&out, Holds::SweepShard)?;
        let journal = Journal::open(&out, SHARD, &header)?;
        let rows = finish(&sweep, &wanted, &journal, &clock, common.quiet)?;
        folder.write(SHARD, header.text(&rows)?.as_bytes())?;
        folder.write("scenario.toml", sweep.scenario().to_toml().as_bytes())?;
        folder.write("timings.json", clock.timings(started).as_bytes())?;
        folder.finish()?;
        journal.remove()?;
        if !common.quiet {
            eprintln!("namesake: part {part} of {parts} is in {}", out.display());
        }
        return Ok(());
    }
    let out = common.out.clone().unwrap_or_else(|| PathBuf::from(default));
    not_inside(common.json.as_deref(), &out)?;
    let folder = Folder::begin(&out, Holds::Sweep)?;
    let journal = Journal::open(&out, FINISHED, &header)?;
    let rows = finish(&sweep, &wanted, &journal, &clock, common.quiet)?;
    let written = Written { format: &args.format, json: common.json.as_deref(), quiet: common.quiet };
    write_sweep(folder, &sweep, &header, rows, &clock.timings(started), &written)?;
    journal.remove()
}

/// That a combination asks for more people than there are is an error if somebody said how many.
fn nobody_beyond(sweep: &Sweep, common: &Common) -> Result<(), Failure> {
    const REQUESTS: [&str; 2] = ["requests", "requester.requests"];
    if !says_requests(common) && !sweep.keys().iter().any(|key| REQUESTS.contains(&&key[..])) {
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
fn finish(sweep: &Sweep, wanted: &[u64], journal: &Journal, clock: &Clock, quiet: bool) -> Result<Vec<Row>, Failure> {
    let known = journal.known();
    let missing: Vec<u64> = wanted.iter().copied().filter(|row| known.binary_search(row).is_err()).collect();
    if !quiet && !known.is_empty() {
        let (known, all) = (thousands(known.len() as u64), thousands(wanted.len() as u64));
        eprintln!("namesake: {known} of {all} runs were done before and are not repeated");
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
    // What a small run does on one thread alone (setting up a country) is most of it: several at a time are faster
    // than one on all threads. Each worker is a pool of one thread for the run it makes.
    let next = AtomicUsize::new(0);
    let work = || {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        alone.map_err(|error| Failure::Message(format!("no thread: {error}")))?;
        while let Some(row) = small.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(failure) = one(*row) {
                next.store(small.len(), Ordering::Relaxed);
                return Err(failure);
            }
        }
        Ok(())
    };
    let workers = rayon::current_num_threads().min(small.len());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a panic has ended the program already"))
    })?;
    large.into_iter().try_for_each(one)?;
    Ok(journal.rows())
}

/// How the results are wanted.
struct Written<'a> {
    format: &'a str,
    json: Option<&'a Path>,
    quiet: bool,
}

/// Writes the folder of a sweep and whatever else was asked for.
fn write_sweep(
    folder: Folder,
    sweep: &Sweep,
    header: &Header,
    rows: Vec<Row>,
    timings: &str,
    how: &Written<'_>,
) -> Result<(), Failure> {
    folder.write(FINISHED, header.text(&rows)?.as_bytes())?;
    let table = Table::new(sweep, rows);
    let json = table.json();
    for (name, (columns, rows)) in [("sweep", table.runs()), ("summary", table.summary())] {
        if how.format == "parquet" {
            folder.write(&format!("{name}.parquet"), &Parquet::whole(&columns, &rows))?;
        }
        folder.write(&format!("{name}.csv"), &csv_text((columns, rows)))?;
    }
    folder.write("sweep.json", json.as_bytes())?;
    for (rate, svg) in table.charts() {
        folder.write(&format!("{rate}.svg"), svg.as_bytes())?;
    }
    folder.write("scenario.toml", sweep.scenario().to_toml().as_bytes())?;
    folder.write("timings.json", timings.as_bytes())?;
    let to_stdout = json_target(how.json, &json)?;
    let place = folder.finish()?;
    if to_stdout {
        return say(&json);
    }
    if how.quiet {
        return Ok(());
    }
    say(&table.text())?;
    eprintln!("namesake: written to {}", place.display());
    Ok(())
}

/// Whether folders are those of shards of a sweep.
pub fn is_shard(folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| folder.join(SHARD).is_file())
}

/// `merge` of a sweep.
pub fn merge(args: &MergeArgs, started: Instant) -> Result<(), Failure> {
    let mut shards: Vec<(PathBuf, Header, Vec<Row>)> = Vec::new();
    for folder in &args.shards {
        let (path, text) = output::read_part(folder, Holds::SweepShard)?;
        let wrong = |what: String| Err(Failure::Message(format!("{}: {what}", path.display())));
        let Some(header) = header_of(&text) else {
            return wrong("is no part of a sweep; make one with sweep --shard K/N".to_string());
        };
        if header.version != VERSION {
            return wrong(format!("was written by version {}, not {VERSION}; run it again", header.version));
        }
        let rows = match rows_of(&text, &header) {
            Ok(rows) => rows,
            Err(what) => return wrong(format!("{what}; it was changed or cut short; run this part again")),
        };
        if let Some((first, known, _)) = shards.first()
            && (&known.plan, known.parts) != (&header.plan, header.parts)
        {
            return wrong(format!("belongs to another sweep than {}", first.display()));
        }
        if let Some((same, ..)) = shards.iter().find(|(_, other, _)| other.part == header.part) {
            return wrong(format!("is part {} of {}, as is {}", header.part, header.parts, same.display()));
        }
        shards.push((path, header, rows));
    }
    let Some((_, first, _)) = shards.first() else {
        return Err(Failure::Message("name the folders of the shards".to_string()));
    };
    let header = Header { part: 1, parts: 1, ..first.clone() };
    let parts = first.parts;
    let missing: Vec<String> = (1..=parts)
        .filter(|part| shards.iter().all(|(_, header, _)| header.part != *part))
        .map(|part| format!("{part}/{parts}"))
        .collect();
    if !missing.is_empty() {
        return Err(Failure::Message(format!("parts {} are missing; run them with --shard", missing.join(", "))));
    }
    let sweep = header.plan.sweep().map_err(Failure::Message)?;
    let mut rows: Vec<Row> = shards.into_iter().flat_map(|(.., rows)| rows).collect();
    rows.sort_unstable_by_key(|row| row.row);
    if !rows.iter().map(|row| row.row).eq(0..sweep.rows()) {
        return Err(Failure::Message("the parts have not every row once; run them again".to_string()));
    }
    not_inside(args.json.as_deref(), &args.out)?;
    let folder = Folder::begin(&args.out, Holds::Sweep)?;
    let timings = Clock::new(args.quiet).timings(started);
    let written = Written { format: "csv", json: args.json.as_deref(), quiet: args.quiet };
    write_sweep(folder, &sweep, &header, rows, &timings, &written)
}

const SCHEMA: &str = "namesake.sweep-rows/1";

/// What rows belong to: the first line of every file of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    schema: String,
    version: String,
    part: u64,
    parts: u64,
    plan: Plan,
}

impl Header {
    /// The header and rows, a line each.
    fn text(&self, rows: &[Row]) -> Result<String, Failure> {
        let mut text = line(self)?;
        for row in rows {
            text += &line(row)?;
        }
        Ok(text)
    }
}

fn line(value: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string(value).map_err(Failure::of)? + "\n")
}

/// The header of a text of rows; `None` for any other text.
fn header_of(text: &str) -> Option<Header> {
    let header: Header = serde_json::from_str(text.lines().next()?).ok()?;
    let fits = (1..=header.parts).contains(&header.part) && (1..=MOST_ROWS).contains(&header.plan.rows());
    (header.schema == SCHEMA && fits).then_some(header)
}

/// The rows of a text under its header, each once; an error says in which line something is wrong.
fn rows_of(text: &str, header: &Header) -> Result<Vec<Row>, String> {
    let mut rows: BTreeMap<u64, (usize, Row)> = BTreeMap::new();
    for (line, text) in text.lines().enumerate().skip(1).map(|(at, text)| (at + 1, text)) {
        let Ok(row) = serde_json::from_str::<Row>(text) else {
            return Err(format!("line {line} cannot be read as a row of a sweep"));
        };
        let number = row.row;
        if number >= header.plan.rows() || number % header.parts != header.part - 1 {
            return Err(format!("line {line}: there is no row {number} in this sweep or in this part of it"));
        }
        if let Some(complaint) = row.complaint() {
            return Err(format!("line {line}: {complaint}"));
        }
        if let Some((first, _)) = rows.insert(number, (line, row)) {
            return Err(format!("line {line}: row {number} stands in line {first} already"));
        }
    }
    Ok(rows.into_values().map(|(_, row)| row).collect())
}

/// The finished rows of a sweep that may not be complete.
struct Journal {
    folder: PathBuf,
    path: PathBuf,
    kept: Mutex<(File, Vec<Row>)>,
}

impl Journal {
    /// Opens the journal of the sweep that is to be written to `out`, or begins it. Rows come from an earlier complete
    /// sweep as well (`finished` is the name of its file), so that giving a command twice repeats nothing.
    fn open(out: &Path, finished: &str, header: &Header) -> Result<Journal, Failure> {
        let name = out.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let folder = out.with_file_name(format!(".{name}.unfinished"));
        let path = folder.join("journal.jsonl");
        let mut rows = Vec::new();
        let complete = out.join(finished);
        if complete.is_file() {
            rows = fit(&complete, &output::read_text(&complete)?, header, out)?;
        }
        let failed = |error: std::io::Error| Failure::at(&folder, "cannot be written", &error);
        fs::create_dir_all(&folder).map_err(failed)?;
        claim(&folder)?;
        let mut text = String::new();
        if path.is_file() {
            text = output::read_text(&path)?;
            // A line without its end was being written when somebody pulled the plug.
            text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
        }
        if text.is_empty() {
            text = line(header)?;
            output::write_whole(&path, text.as_bytes())?;
        }
        rows.extend(fit(&path, &text, header, &folder)?);
        rows.sort_unstable_by_key(|row| row.row);
        rows.dedup_by_key(|row| row.row);
        let file = File::options().append(true).open(&path).map_err(failed)?;
        file.set_len(text.len() as u64).map_err(failed)?;
        Ok(Journal { folder, path, kept: Mutex::new((file, rows)) })
    }

    /// Adds a row: it is on the disk when this returns.
    fn add(&self, row: Row) -> Result<(), Failure> {
        let text = line(&row)?;
        let mut kept = self.kept.lock().expect("a panic has ended the program already");
        let written = kept.0.write_all(text.as_bytes()).and_then(|()| kept.0.sync_data());
        written.map_err(|error| Failure::at(&self.path, "cannot be written", &error))?;
        kept.1.push(row);
        Ok(())
    }

    /// All rows, in order.
    fn rows(&self) -> Vec<Row> {
        let mut rows = self.kept.lock().expect("a panic has ended the program already").1.clone();
        rows.sort_unstable_by_key(|row| row.row);
        rows
    }

    fn known(&self) -> Vec<u64> {
        self.rows().iter().map(|row| row.row).collect()
    }

    /// Removes it, once the results are in place.
    fn remove(self) -> Result<(), Failure> {
        fs::remove_dir_all(&self.folder).map_err(|error| Failure::at(&self.folder, "cannot be removed", &error))
    }
}

/// The rows of a text that belongs to the same sweep; `place` is what to remove if it does not.
fn fit(path: &Path, text: &str, header: &Header, place: &Path) -> Result<Vec<Row>, Failure> {
    let wrong = |what: String| {
        Err(Failure::Message(format!("{what}; choose another --out, or remove {} to begin anew", place.display())))
    };
    let Some(found) = header_of(text) else {
        return wrong(format!("{}: line 1 is not that of rows of a sweep", path.display()));
    };
    if found.version != header.version {
        return wrong(format!("{}: is of version {}, not {VERSION}", path.display(), found.version));
    }
    if found.plan != header.plan {
        let differs = header.plan.differs_in(&found.plan);
        return wrong(format!("{}: is of another sweep, with {differs}", path.display()));
    }
    if (found.part, found.parts) != (header.part, header.parts) {
        return wrong(format!("{}: is part {} of {}", path.display(), found.part, found.parts));
    }
    rows_of(text, header).or_else(|what| wrong(format!("{}, {what}", path.display())))
}

/// Takes a folder for this process. Who has it is known by the process number, where the system shows them.
fn claim(folder: &Path) -> Result<(), Failure> {
    let path = folder.join("process");
    let own = std::process::id().to_string();
    if let Ok(other) = fs::read_to_string(&path)
        && other != own
        && let Ok(program) = fs::read_link(Path::new("/proc").join(other.trim()).join("exe"))
        && std::env::current_exe().is_ok_and(|own| own == program)
    {
        return Err(Failure::Message(format!(
            "{}: process {} is at work on this sweep; wait for it, or remove the file if that is another program",
            path.display(),
            other.trim()
        )));
    }
    output::write_whole(&path, own.as_bytes())
}
