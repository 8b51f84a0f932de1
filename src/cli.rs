//! The command line: flags become a scenario, results become files. The library does the rest and never mentions flags.

mod output;

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use namesake::agency::{Agency, Side};
use namesake::bridge::{LabelledPair, Spec};
use namesake::experiment::against::against;
use namesake::experiment::link::{self, Assignment, LinkSpec, link};
use namesake::experiment::scenario::{BUILT_IN, Scenario, built_in, did_you_mean, parse_count};
use namesake::experiment::{Progress, Watch, World, conclude, most_requests, run, run_part};
use namesake::population::Population;
use namesake::record::{Field, RecordId};
use namesake::report;
use namesake::report::files::{Columns, parquet::Parquet};
use namesake::validation::{NATION, Verdict, of_files, validate};
use output::{Failure, Folder, Holds, json_target, say};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => run_command(&RunArgs { scenario: None, against: None, common: cli.common }),
        Some(Command::Run(args)) => run_command(&args),
        Some(Command::Scenarios(args)) => scenarios(&args),
        Some(Command::Generate(args)) => generate(&args),
        Some(Command::Link(args)) => link_command(&args),
        Some(Command::Explain(args)) => explain(&args),
        Some(Command::Compare(args)) => compare(&args),
        Some(Command::Merge(args)) => merge(&args),
        Some(Command::Validate(args)) => match validate_command(&args) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has read enough.
        Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Message(message)) => {
            eprintln!("namesake: {message}");
            ExitCode::from(2)
        }
    }
}

/// Simulates record matching between two agencies in an invented country, and measures who is misidentified.
#[derive(Parser)]
#[command(name = "namesake", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "Examples:
  namesake                                   simulate the default scenario and print what was measured
  namesake run --people 10k --requests 200   a class-sized country
  namesake run --set holder.errors.typing=0  the same luck, one value changed
  namesake scenarios                         what can be simulated
  namesake explain --request 17              why request 17 ended as it did
  namesake link a.csv b.csv --spec spec.toml match two labelled files and measure the errors")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum Command {
    /// Simulate, match, measure; print the summary and write the run folder (the default command)
    Run(RunArgs),
    /// List the built-in scenarios, or print one as TOML
    Scenarios(ScenariosArgs),
    /// Write the synthetic files: requester, holder, truth, people, provenance
    Generate(GenerateArgs),
    /// Match two labelled files and measure the errors
    Link(LinkArgs),
    /// Say why a request ended as it did, or why two records of labelled files were or were not matched
    Explain(ExplainArgs),
    /// Compare two strings: every similarity and phonetic code
    Compare(CompareArgs),
    /// Join the shards of a run
    Merge(MergeArgs),
    /// Show published figures beside simulated ones; ends with 1 if a figure is out of its tolerance
    Validate(ValidateArgs),
}

/// Flags that every command about a scenario takes.
#[derive(Args, Clone, Default)]
struct Common {
    /// Seed of everything: who lives in the country, what goes wrong, who is sought
    #[arg(long, value_name = "N", value_parser = count)]
    seed: Option<u64>,
    /// A country of N people (10k, 1M, 330M, 1e6, 1_000_000)
    #[arg(long, value_name = "N", value_parser = count)]
    people: Option<u64>,
    /// How many people are asked for
    #[arg(long, value_name = "N", value_parser = count)]
    requests: Option<u64>,
    /// Put another value into the scenario; may be given several times (keys: namesake scenarios show NAME)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Threads to use; results are the same with any number [default: as many as the machine has]
    #[arg(long, value_name = "N", value_parser = count)]
    threads: Option<u64>,
    /// Folder to write to [default: namesake-out/SCENARIO-SEED]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write the result as JSON to a file, or with - to standard output and nothing else there
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
    /// Print no summary and show no progress
    #[arg(long)]
    quiet: bool,
    /// Do only part K of N of the holder's file; join the parts with `namesake merge`
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
}

#[derive(Args)]
struct RunArgs {
    /// A built-in scenario, or a path to a .toml file [default: tax-address-request]
    scenario: Option<String>,
    /// Run a second scenario on the same people, and say who is returned under both, one or neither
    #[arg(long, value_name = "SCENARIO", conflicts_with = "shard")]
    against: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct ScenariosArgs {
    #[command(subcommand)]
    action: Option<ScenariosAction>,
    /// Write the list as JSON to a file, or with - to standard output
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

#[derive(Subcommand)]
enum ScenariosAction {
    /// Print a built-in scenario as TOML, to read or to change
    Show {
        /// Its name
        name: String,
    },
}

#[derive(Args)]
struct GenerateArgs {
    /// A built-in scenario, or a path to a .toml file [default: tax-address-request]
    scenario: Option<String>,
    /// How the files are written: csv or parquet
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = ["csv", "parquet"])]
    format: String,
    /// Whose columns the two files have: namesake, splink, pseudopeople or febrl (see docs/data-dictionary.md)
    #[arg(long, value_name = "TOOL", default_value = "namesake", value_parser = ["namesake", "splink", "pseudopeople", "febrl"])]
    columns: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct LinkArgs {
    /// File A, the requester's (CSV with a header)
    a: PathBuf,
    /// File B, the holder's (CSV with a header)
    b: PathBuf,
    /// Which column is what: id, truth, groups and fields, as TOML (see docs/link.md)
    #[arg(long, value_name = "SPEC.toml")]
    spec: PathBuf,
    /// What is matched of the pairs above the threshold: all, best, best-margin, unique or one-to-one
    #[arg(long, value_name = "NAME")]
    assignment: Option<String>,
    /// Show what each blocking rule is good for, and who is lost there, instead of the matches
    #[arg(long)]
    analyse_blocking: bool,
    /// Write the model, to be used again with `[model] load = "FILE"` (.toml or .json)
    #[arg(long, value_name = "FILE")]
    save_model: Option<PathBuf>,
    /// Write every scored pair as CSV
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// Write the result as JSON to a file, or with - to standard output and nothing else there
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
    /// Print no summary
    #[arg(long)]
    quiet: bool,
}

#[derive(Args)]
#[command(after_help = "Examples:
  namesake explain --request 17
  namesake explain tax-address-request --request 17 --record 4711
  namesake explain a.csv b.csv --spec spec.toml --pair ID_A ID_B")]
struct ExplainArgs {
    /// A scenario, or two labelled files
    #[arg(num_args = 0..=2)]
    inputs: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// The request to explain, by its number in outcomes.csv
    #[arg(long, value_name = "N", value_parser = count)]
    request: Option<u64>,
    /// A record of the holder's file to hold beside it, by its number
    #[arg(long, value_name = "N", value_parser = count, requires = "request")]
    record: Option<u64>,
    /// For two labelled files: which column is what
    #[arg(long, value_name = "SPEC.toml")]
    spec: Option<PathBuf>,
    /// For two labelled files: draw the terms of the score as a waterfall
    #[arg(long, value_name = "FILE", requires = "pair")]
    svg: Option<PathBuf>,
    /// For two labelled files: the ids of the two records
    #[arg(long, num_args = 2, value_names = ["ID_A", "ID_B"], requires = "spec")]
    pair: Option<Vec<String>>,
}

#[derive(Args)]
struct CompareArgs {
    /// One string
    a: String,
    /// The other
    b: String,
    /// Write the result as JSON to a file, or with - to standard output
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

#[derive(Args)]
struct MergeArgs {
    /// The folders of all shards of one run
    #[arg(required = true)]
    shards: Vec<PathBuf>,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write the result as JSON to a file, or with - to standard output and nothing else there
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
    /// Threads to use
    #[arg(long, value_name = "N", value_parser = count)]
    threads: Option<u64>,
    /// Print no summary and show no progress
    #[arg(long)]
    quiet: bool,
}

#[derive(Args)]
struct ValidateArgs {
    /// A built-in scenario, or a path to a .toml file, whose country is looked at [default: tax-address-request]
    scenario: Option<String>,
    /// Seed of the country
    #[arg(long, value_name = "N", value_parser = count)]
    seed: Option<u64>,
    /// Look at a country of N people
    #[arg(long, value_name = "N", value_parser = count, default_value = "10M")]
    people: u64,
    /// Also count the names and namesakes of a nation of 295 million; takes minutes and two gigabytes
    #[arg(long)]
    full: bool,
    /// Put another value into the scenario; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Threads to use; results are the same with any number [default: as many as the machine has]
    #[arg(long, value_name = "N", value_parser = count)]
    threads: Option<u64>,
    /// Write the rows as JSON to a file, or with - to standard output and nothing else there
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
    /// Print the table as Markdown, with the sources
    #[arg(long)]
    markdown: bool,
    /// Print no table and show no progress
    #[arg(long)]
    quiet: bool,
}

fn count(text: &str) -> Result<u64, String> {
    parse_count(text).ok_or_else(|| "not a whole number; write 1000, 1_000, 1e3, 10k or 1M".to_string())
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parsed = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match parsed {
        Some((k, n)) if 1 <= k && k <= n && n <= 100_000 => Ok((k, n)),
        _ => Err("write K/N with K from 1 to N, such as 1/3".to_string()),
    }
}

const DEFAULT_SCENARIO: &str = "tax-address-request";

/// Reads a scenario and puts the flags into it.
fn scenario(name: Option<&str>, common: &Common) -> Result<Scenario, Failure> {
    let name = name.unwrap_or(DEFAULT_SCENARIO);
    let is_path = name.ends_with(".toml") || name.contains('/');
    let text =
        if is_path { output::read_text(Path::new(name))? } else { built_in(name).map_err(Failure::of)?.to_string() };
    let mut sets = Vec::new();
    let mut flag = |key: &str, value: Option<u64>| sets.extend(value.map(|value| format!("{key}={value}")));
    flag("seed.population", common.seed);
    flag("seed.errors", common.seed);
    flag("seed.requests", common.seed);
    flag("population.people", common.people);
    flag("requester.requests", common.requests);
    sets.extend(common.sets.iter().cloned());
    // What was said with a flag is blamed on the flag.
    let in_flags = |message: String| {
        let keys = [("population.people", "people"), ("requester.requests", "requests")];
        keys.iter()
            .fold(message, |message, (key, flag)| message.replace(&format!("--set {key}="), &format!("--{flag} ")))
    };
    let parsed = Scenario::parse_with(&text, name, &sets);
    let mut scenario = parsed.map_err(|error| Failure::Message(in_flags(error.to_string())))?;
    let most = most_requests(&scenario);
    let asked = common.requests.is_some() || common.sets.iter().any(|set| set.starts_with("requester.requests"));
    if scenario.requester.requests > most && asked {
        return Err(Failure::Message(format!(
            "requester.requests: {} people are to be asked for, but this country has only {} to ask for; \
             lower --requests, or raise --people or population.final_order",
            report::thousands(scenario.requester.requests),
            report::thousands(most)
        )));
    }
    if scenario.requester.requests > most {
        if most == 0 {
            return Err(Failure::Message(
                "nobody to ask for: no one in this country has an order on record; raise --people or population.final_order"
                    .to_string(),
            ));
        }
        scenario.requester.requests = most;
        scenario.requester.requests_because = "as many as this country has to ask for".to_string();
        if !common.quiet {
            eprintln!(
                "namesake: this country has {} people to ask for; all of them are (choose fewer with --requests)",
                report::thousands(most)
            );
        }
    }
    Ok(scenario)
}

/// Sets the number of threads.
fn threads(number: Option<u64>) -> Result<(), Failure> {
    let Some(number) = number else { return Ok(()) };
    if !(1..=1024).contains(&number) {
        return Err(Failure::Message(format!("--threads {number}: between 1 and 1024")));
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(number as usize)
        .build_global()
        .map_err(|error| Failure::Message(format!("--threads {number}: {error}")))
}

/// Shows how far a run has come, on a terminal, and keeps the time of each stage.
struct Clock {
    bar: Option<ProgressBar>,
    stages: Mutex<Vec<(&'static str, Instant, Duration)>>,
}

impl Clock {
    fn new(quiet: bool) -> Clock {
        let shown = !quiet && std::io::stderr().is_terminal();
        let bar = shown.then(|| {
            let style = ProgressStyle::with_template("{msg:>10} [{bar:40}] {percent:>3} %  {eta} left");
            let bar = ProgressBar::new(0);
            style.map(|style| bar.set_style(style.progress_chars("=> "))).ok();
            bar
        });
        Clock { bar, stages: Mutex::new(Vec::new()) }
    }

    fn saw(&self, progress: Progress) {
        let now = Instant::now();
        if let Ok(mut stages) = self.stages.lock() {
            if progress.done == 0 {
                stages.push((progress.stage, now, Duration::ZERO));
            }
            if let Some((_, start, elapsed)) = stages.iter_mut().rev().find(|(stage, ..)| *stage == progress.stage) {
                *elapsed = now.duration_since(*start);
            }
        }
        if let Some(bar) = &self.bar {
            if progress.done == 0 {
                bar.set_message(progress.stage);
                bar.set_length(progress.total);
                bar.set_position(0);
            }
            bar.inc(progress.done);
        }
    }

    /// Clears the bar and gives the times as JSON.
    fn timings(&self, started: Instant) -> String {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let stages = self.stages.lock().map(|stages| stages.clone()).unwrap_or_default();
        let stages: Vec<_> = stages
            .iter()
            .map(|(stage, _, elapsed)| serde_json::json!({ "stage": stage, "seconds": elapsed.as_secs_f64() }))
            .collect();
        let total = started.elapsed().as_secs_f64();
        let threads = rayon::current_num_threads();
        format!("{:#}\n", serde_json::json!({ "seconds": total, "threads": threads, "stages": stages }))
    }
}

fn run_command(args: &RunArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let common = &args.common;
    threads(common.threads)?;
    let first = scenario(args.scenario.as_deref(), common)?;
    if let Some(second) = &args.against {
        return run_against(&first, &scenario(Some(second), common)?, common);
    }
    let scenario = first;
    let default = format!("namesake-out/{}-{}", scenario.name, scenario.seed.population);
    let clock = Clock::new(common.quiet);
    let watch = |progress: Progress| clock.saw(progress);
    match common.shard {
        Some((part, parts)) => {
            let out = common.out.clone().unwrap_or_else(|| PathBuf::from(format!("{default}-shard-{part}-of-{parts}")));
            let folder = Folder::begin(&out, Holds::Shard)?;
            let streamed = run_part(&scenario, part, parts, &watch);
            folder.write("scenario.toml", scenario.to_toml().as_bytes())?;
            folder.write("shard.json", &output::shard_text(part, parts, &scenario, &streamed)?)?;
            folder.write("timings.json", clock.timings(started).as_bytes())?;
            folder.finish()?;
            if !common.quiet {
                eprintln!("namesake: part {part} of {parts} is in {}", out.display());
            }
            Ok(())
        }
        None => {
            let out = common.out.clone().unwrap_or_else(|| PathBuf::from(default));
            not_inside(common.json.as_deref(), &out)?;
            let folder = Folder::begin(&out, Holds::Run)?;
            let outcome = run(&scenario, &watch);
            write_run(folder, &scenario, &outcome, &clock, started, common.json.as_deref(), common.quiet)
        }
    }
}

/// Runs two scenarios on the same people and says who is returned under both, one or neither. It writes no run folder.
fn run_against(first: &Scenario, second: &Scenario, common: &Common) -> Result<(), Failure> {
    if let Some(out) = &common.out {
        let out = out.display();
        return Err(Failure::Message(format!(
            "--out {out}: two runs beside each other write no folder; use --json FILE"
        )));
    }
    let clock = Clock::new(common.quiet);
    let watch = |progress: Progress| clock.saw(progress);
    let (a, b) = (run(first, &watch), run(second, &watch));
    clock.timings(Instant::now());
    let compared = against(&a, &b).ok_or_else(|| {
        Failure::Message(format!(
            "{} and {} differ in the country, in who is on file or in who is sought; to compare agreements only terms, \
             rules and errors may differ",
            first.name, second.name
        ))
    })?;
    let json = report::against_json(first, second, &compared);
    if json_target(common.json.as_deref(), &json)? {
        return say(&json);
    }
    if common.quiet { Ok(()) } else { say(&report::against_text(first, second, &compared)) }
}

/// A file in a folder that is about to be made anew would be lost with the earlier one.
fn not_inside(json: Option<&Path>, out: &Path) -> Result<(), Failure> {
    match json {
        Some(json) if json.parent() == Some(out) => Err(Failure::Message(format!(
            "--json {}: lies in the folder that is written as a whole; choose another place",
            json.display()
        ))),
        _ => Ok(()),
    }
}

/// Writes a run folder and whatever else was asked for.
fn write_run(
    folder: Folder,
    scenario: &Scenario,
    outcome: &namesake::experiment::Outcome,
    clock: &Clock,
    started: Instant,
    json: Option<&Path>,
    quiet: bool,
) -> Result<(), Failure> {
    let results = report::results_json(scenario, outcome);
    folder.write("scenario.toml", scenario.to_toml().as_bytes())?;
    folder.write("results.json", results.as_bytes())?;
    folder.write("outcomes.csv", &report::outcomes_csv(scenario, outcome))?;
    folder.write("disclosures.csv", &report::disclosures_csv(scenario, outcome))?;
    folder.write("curve.csv", &report::curve_csv(outcome))?;
    folder.write("timings.json", clock.timings(started).as_bytes())?;
    let to_stdout = json_target(json, &results)?;
    let place = folder.finish()?;
    if !quiet {
        report::training_warnings(scenario, outcome).iter().for_each(|warning| eprintln!("namesake: {warning}"));
    }
    if to_stdout {
        return say(&results);
    }
    if quiet {
        return Ok(());
    }
    let repeat = format!("namesake run {}/scenario.toml", place.display());
    say(&report::summary(scenario, outcome, &repeat))?;
    eprintln!("namesake: written to {}", place.display());
    Ok(())
}

/// Blocks whose people's records the rows about the files are counted on: about half a million people at most.
const BLOCKS_OF_FILES: u64 = 2_000;

fn validate_command(args: &ValidateArgs) -> Result<ExitCode, Failure> {
    threads(args.threads)?;
    let scenario = |people| -> Result<Scenario, Failure> {
        // How many are asked for plays no part, so nothing needs to be said about it.
        let common =
            Common { seed: args.seed, people: Some(people), sets: args.sets.clone(), quiet: true, ..Common::default() };
        scenario(args.scenario.as_deref(), &common)
    };
    let country = |scenario: &Scenario| Population::new(scenario.population_config(), scenario.population_seed());
    let sampled = scenario(args.people)?;
    let sample = country(&sampled);
    let nation = if args.full { Some(country(&scenario(NATION)?)) } else { None };
    let clock = Clock::new(args.quiet);
    let started = Instant::now();
    let watch = |stage, done, total| clock.saw(Progress { stage, done, total });
    let mut rows = validate(&sample, nation.as_ref(), &watch);
    let (requester, holder) = (sampled.requester_config(), sampled.holder_config());
    let agency = |config, side| Agency::new(&sample, config, side, sampled.errors_seed());
    let blocks = sample.blocks().min(BLOCKS_OF_FILES);
    rows.extend(of_files(&agency(&requester, Side::Requester), &agency(&holder, Side::Holder), blocks));
    clock.timings(started);
    let json = report::validation::validation_json(&rows);
    if json_target(args.json.as_deref(), &json)? {
        say(&json)?;
    } else if args.markdown {
        say(&report::validation::validation_markdown(&rows))?;
    } else if !args.quiet {
        say(&report::validation::validation_text(&rows))?;
    }
    let out = rows.iter().any(|row| row.verdict() == Verdict::Out);
    Ok(if out { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn merge(args: &MergeArgs) -> Result<(), Failure> {
    let started = Instant::now();
    threads(args.threads)?;
    let (scenario, parts) = output::read_shards(&args.shards)?;
    let clock = Clock::new(args.quiet);
    not_inside(args.json.as_deref(), &args.out)?;
    let folder = Folder::begin(&args.out, Holds::Run)?;
    let outcome = conclude(&scenario, &parts, &|progress| clock.saw(progress));
    write_run(folder, &scenario, &outcome, &clock, started, args.json.as_deref(), args.quiet)
}

fn scenarios(args: &ScenariosArgs) -> Result<(), Failure> {
    if let Some(ScenariosAction::Show { name }) = &args.action {
        return say(built_in(name).map_err(Failure::of)?);
    }
    let mut list = Vec::new();
    let mut text = String::new();
    for (name, toml) in BUILT_IN {
        let scenario = Scenario::parse(toml, name).map_err(Failure::of)?;
        list.push(serde_json::json!({ "name": name, "title": scenario.title, "summary": scenario.summary }));
        text += &format!("{name}\n    {}\n    {}\n", scenario.title, scenario.summary);
    }
    text += "\nRun one:  namesake run NAME      Read one:  namesake scenarios show NAME\n";
    let json = format!("{:#}\n", serde_json::json!({ "scenarios": list }));
    if json_target(args.json.as_deref(), &json)? {
        return say(&json);
    }
    say(&text)
}

fn generate(args: &GenerateArgs) -> Result<(), Failure> {
    let started = Instant::now();
    let common = &args.common;
    if let Some((part, parts)) = common.shard {
        return Err(Failure::Message(format!("--shard {part}/{parts}: generate writes whole files; leave it out")));
    }
    let Some(out) = &common.out else {
        return Err(Failure::Message("generate writes files: say where with --out DIR".to_string()));
    };
    threads(common.threads)?;
    let scenario = scenario(args.scenario.as_deref(), common)?;
    let clock = Clock::new(common.quiet);
    let watch = |progress: Progress| clock.saw(progress);
    not_inside(common.json.as_deref(), out)?;
    let folder = Folder::begin(out, Holds::Files)?;
    let world = World::new(&scenario, &watch);
    let columns = Columns::from_name(&args.columns).expect("the parser of arguments knows the names");
    let parquet = args.format == "parquet";
    let mut files = Vec::new();
    let headers = report::files::headers(&world, columns).into_iter().zip(report::files::column_names(&world, columns));
    for (name, (header, columns)) in report::files::FILES.iter().zip(headers) {
        let mut file = folder.create(&format!("{name}.{}", args.format))?;
        let mut table = None;
        if parquet {
            let (begun, begin) = Parquet::begin(&columns);
            file.write(begin)?;
            table = Some(begun);
        } else {
            file.write(&header)?;
        }
        files.push((file, table));
    }
    let mut rows = 0_u64;
    let mut add = |sheets: &report::files::Sheets| -> Result<(), Failure> {
        for ((file, table), sheet) in files.iter_mut().zip(sheets) {
            rows += sheet.iter().filter(|&&byte| byte == b'\n').count() as u64;
            match table {
                Some(table) => file.write(&table.add(sheet))?,
                None => file.write(sheet)?,
            }
        }
        Ok(())
    };
    report::files::write_all(&world, columns, &watch, &mut add)?;
    for (mut file, table) in files {
        if let Some(table) = table {
            file.write(&table.finish())?;
        }
        file.finish()?;
    }
    folder.write("scenario.toml", scenario.to_toml().as_bytes())?;
    folder.write("timings.json", clock.timings(started).as_bytes())?;
    let place = folder.finish()?;
    let json = format!(
        "{:#}\n",
        serde_json::json!({ "folder": place, "files": report::files::FILES, "rows": rows, "people": scenario.population.people })
    );
    if json_target(common.json.as_deref(), &json)? {
        return say(&json);
    }
    if !common.quiet {
        eprintln!("namesake: {} rows written to {}", report::thousands(rows), place.display());
    }
    Ok(())
}

fn labelled(a: &Path, b: &Path, spec: &Path) -> Result<(LabelledPair, LinkSpec), Failure> {
    let path = spec;
    let spec = Spec::read(path).map_err(Failure::of)?;
    let mut how = LinkSpec::from_spec(&spec).map_err(Failure::of)?;
    if let Some(load) = spec.model.as_ref().and_then(|model| model.get("load")) {
        let Some(file) = load.as_str() else {
            return Err(Failure::Message(format!(
                "{}, model.load: write the name of a file in quotes",
                path.display()
            )));
        };
        // A name in a spec is meant from where the spec is.
        let file = path.parent().unwrap_or(Path::new("")).join(file);
        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        how.load(&file.display().to_string(), &output::read_text(&file)?, &fields).map_err(Failure::of)?;
    }
    Ok((link::read(a, b, &spec).map_err(Failure::of)?, how))
}

fn link_command(args: &LinkArgs) -> Result<(), Failure> {
    for written in [&args.pairs, &args.json].into_iter().flatten() {
        let same = |read: &&PathBuf| written.canonicalize().is_ok_and(|path| read.canonicalize().ok() == Some(path));
        if let Some(read) = [&args.a, &args.b, &args.spec].into_iter().find(same) {
            return Err(Failure::Message(format!(
                "{}: is read by this command; write to another file",
                read.display()
            )));
        }
    }
    let (files, mut how) = labelled(&args.a, &args.b, &args.spec)?;
    if let Some(name) = &args.assignment {
        let names = || Assignment::NAMED.iter().map(|(name, _)| *name);
        how.assignment = Assignment::from_name(name).ok_or_else(|| {
            Failure::Message(format!(
                "--assignment {name}: there are {}{}",
                names().collect::<Vec<_>>().join(", "),
                did_you_mean(name, names())
            ))
        })?;
    }
    let result = link(&files, &how);
    if let Some(path) = &args.pairs {
        let mut text = Vec::new();
        namesake::bridge::write_pairs(&mut text, result.pair_rows(&files)).map_err(Failure::of)?;
        output::write_whole(path, &text)?;
    }
    if let Some(path) = &args.save_model {
        let saved = result.saved(&how);
        let text = if path.extension().is_some_and(|extension| extension == "json") {
            serde_json::to_string_pretty(&saved).map_err(Failure::of)? + "\n"
        } else {
            toml::to_string(&saved).map_err(Failure::of)?
        };
        output::write_whole(path, text.as_bytes())?;
    }
    if args.analyse_blocking {
        let (json, text) = report::link::blocking_report(&files, &result);
        return if json_target(args.json.as_deref(), &json)? { say(&json) } else { say(&text) };
    }
    // A curve of a million pairs is a long text: it is made where somebody wants it.
    if let Some(path) = &args.json {
        let json = report::link::link_json(&files, &result);
        if json_target(Some(path), &json)? {
            return say(&json);
        }
    }
    if args.quiet { Ok(()) } else { say(&report::link::link_summary(&files, &result)) }
}

fn explain(args: &ExplainArgs) -> Result<(), Failure> {
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
    let (files, how) = labelled(a, b, spec)?;
    let row = |ids: &namesake::bridge::Texts, id: &str, file: &Path| {
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
    let json = format!("{json:#}\n");
    if json_target(args.common.json.as_deref(), &json)? {
        return say(&json);
    }
    say(&format!(
        "{} and {}: in truth {truth}.\n{}\n{}",
        pair[0],
        pair[1],
        report::explain::explanation_text(&explained),
        report::explain::flips_text(&flips)
    ))
}

fn explain_request(name: Option<&str>, args: &ExplainArgs) -> Result<(), Failure> {
    threads(args.common.threads)?;
    let scenario = scenario(name, &args.common)?;
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
    let clock = Clock::new(args.common.quiet);
    let watch: Watch<'_> = &|progress| clock.saw(progress);
    let explained = report::explain::explain_request(&scenario, request as usize, args.record.map(RecordId), watch);
    clock.timings(Instant::now());
    let explained = explained.map_err(Failure::Message)?;
    if json_target(args.common.json.as_deref(), &explained.json)? {
        return say(&explained.json);
    }
    say(&explained.text)
}

fn compare(args: &CompareArgs) -> Result<(), Failure> {
    let (json, text) = report::compare::compare(&args.a, &args.b);
    if json_target(args.json.as_deref(), &json)? {
        return say(&json);
    }
    say(&text)
}
