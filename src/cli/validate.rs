//! `validate`: published figures beside simulated ones.

use super::args::{Simulated, ValidateArgs};
use super::clock::Clock;
use super::everywhere::Everywhere;
use super::output::{Failure, can_be_written};
use super::scenario;
use namesake::agency::{Agency, AgencyConfig, Side};
use namesake::experiment::Progress;
use namesake::population::{Population, PopulationConfig};
use namesake::report;
use namesake::scenario::Scenario;
use namesake::validation::{NATION, Validation, Verdict, of_files, validate};
use std::process::ExitCode;
use std::time::Instant;

/// The groups of the nation whose names were counted in 2010 (Comenetz 2016).
const OF_2010: [&str; 6] = [
    "population.groups.white=0.643",
    "population.groups.black=0.120",
    "population.groups.hispanic=0.163",
    "population.groups.asian_pacific=0.049",
    "population.groups.native=0.007",
    "population.groups.two_or_more=0.018",
];

/// The real density of orders: figures of families are of a real nation, and a scenario may have more to ask for.
const REAL_ORDERS: &str = "population.final_order=0.004";

/// Blocks whose people's records the rows about the files are counted on: about half a million people at most.
const BLOCKS_OF_FILES: u64 = 2_000;

/// `validate`; the exit code says whether a figure is out.
pub fn validate_command(args: &ValidateArgs) -> Result<ExitCode, Failure> {
    can_be_written(args.everywhere.json.as_deref())?;
    let scenario_of = |people, more: &[&str]| -> Result<Scenario, Failure> {
        // How many are asked for plays no part, so nothing needs to be said about it.
        let first = std::iter::once(REAL_ORDERS.to_string());
        let sets = first.chain(args.sets.iter().cloned()).chain(more.iter().map(|set| set.to_string())).collect();
        let simulated = Simulated { seed: args.seed, people: Some(people), sets, requests: None };
        scenario(args.scenario.as_deref(), &simulated, true)
    };
    let country =
        |scenario: &Scenario| Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed());
    let sampled = scenario_of(args.people, &[])?;
    let sample = country(&sampled);
    let nation = if args.full { Some(country(&scenario_of(NATION, &OF_2010)?)) } else { None };
    let clock = Clock::new(args.everywhere.quiet);
    let started = Instant::now();
    let watch = |progress: Progress| clock.saw(progress);
    let mut rows = validate(&sample, nation.as_ref(), &watch);
    let (requester, holder) = (AgencyConfig::requester(&sampled), AgencyConfig::holder(&sampled));
    let agency = |config, side| Agency::new(&sample, config, side, sampled.errors_seed());
    let blocks = sample.blocks().min(BLOCKS_OF_FILES);
    rows.extend(of_files(&agency(&requester, Side::Requester), &agency(&holder, Side::Holder), blocks));
    clock.timings(started);
    let settings = sampled.assumptions();
    let settings = settings.iter().map(|setting| (setting.key.as_str(), &setting.value));
    let validation = Validation::new(report::VERSION, settings, rows);
    let rows = validation.rows();
    let text = match args.markdown {
        true => report::validation::validation_markdown,
        false => report::validation::validation_text,
    };
    // Markdown was asked for by a flag of its own, so that it is printed even if no summary shall be.
    let asked = Everywhere { quiet: args.everywhere.quiet && !args.markdown, ..args.everywhere.clone() };
    asked.answer(|| validation.to_json(), || Ok(text(&rows)))?;
    let out = rows.iter().any(|row| matches!(row.verdict(), Verdict::Out | Verdict::Uncounted));
    Ok(if out { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
