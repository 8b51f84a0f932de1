//! The command line: flags become a scenario, results become files. The library does the rest and never mentions flags.

mod args;
mod clock;
mod output;
mod shards;
mod run;
mod generate;
mod labelled;
mod explain;
mod validate;
mod sweep;

use args::{Cli, Command, Common, RunArgs, ScenariosAction, ScenariosArgs};
use clap::Parser;
use namesake::experiment::most_requests;
use namesake::experiment::scenario::{Scenario, built_in};
use namesake::report::{self, cases};
use output::{Failure, json_target, say};
use std::path::Path;
use std::process::ExitCode;

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => run::run_command(&RunArgs {
            scenario: None,
            against: None,
            alone: false,
            by: Vec::new(),
            sensitivity: false,
            common: cli.common,
        }),
        Some(Command::Run(args)) => run::run_command(&args),
        Some(Command::Scenarios(args)) => scenarios(&args),
        Some(Command::Generate(args)) => generate::generate(&args),
        Some(Command::Link(args)) => labelled::link_command(&args),
        Some(Command::Score(args)) => labelled::score_command(&args),
        Some(Command::Explain(args)) => explain::explain(&args),
        Some(Command::Compare(args)) => explain::compare(&args),
        Some(Command::Sweep(args)) => sweep::sweep_command(&args),
        Some(Command::Merge(args)) => run::merge(&args),
        Some(Command::Validate(args)) => match validate::validate_command(&args) {
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

fn scenarios(args: &ScenariosArgs) -> Result<(), Failure> {
    let give = |case: &Scenario| {
        eprintln!("namesake: {}", case.name);
        cases::give(case, |scenario| namesake::experiment::run(scenario, &|_| {})).map_err(Failure::of)
    };
    if let Some(ScenariosAction::Show { name, json, markdown }) = &args.action {
        if *markdown {
            let case = Scenario::parse(built_in(name).map_err(Failure::of)?, name).map_err(Failure::of)?;
            return say(&cases::section(&case, Some(&give(&case)?)));
        }
        if let Some(target) = json.as_deref().or(args.json.as_deref()) {
            let json = cases::show_json(name).map_err(Failure::of)?;
            return if json_target(Some(target), &json)? { say(&json) } else { Ok(()) };
        }
        return say(&cases::show_text(name).map_err(Failure::of)?);
    }
    let library = cases::library().map_err(Failure::of)?;
    if args.markdown {
        let given = library.iter().map(give).collect::<Result<Vec<_>, _>>()?;
        return say(&cases::page(&library, &given));
    }
    let json = cases::list_json(&library);
    if json_target(args.json.as_deref(), &json)? {
        return say(&json);
    }
    say(&cases::list_text(&library))
}

const DEFAULT_SCENARIO: &str = "tax-address-request";

/// Reads a scenario and puts the flags into it.
fn scenario(name: Option<&str>, common: &Common) -> Result<Scenario, Failure> {
    let mut scenario = read_scenario(name, common, &[])?;
    if says_requests(common)
        && let Some(complaint) = asks_beyond(&scenario)
    {
        return Err(Failure::Message(complaint));
    }
    let most = most_requests(&scenario);
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

/// Whether a flag says for how many people is asked.
fn says_requests(common: &Common) -> bool {
    let says = |set: &String| set.split_once('=').is_some_and(|(key, _)| key.trim() == "requester.requests");
    common.requests.is_some() || common.sets.iter().any(says)
}

/// What is wrong with a scenario that asks for more people than there are to ask for.
fn asks_beyond(scenario: &Scenario) -> Option<String> {
    let (requests, most) = (scenario.requester.requests, most_requests(scenario));
    (requests > most).then(|| {
        format!(
            "requester.requests: {} people are to be asked for, but this country has only {} to ask for; \
             lower --requests, or raise --people or population.final_order",
            report::thousands(requests),
            report::thousands(most)
        )
    })
}

/// Reads a scenario and puts the flags and more values into it.
fn read_scenario(name: Option<&str>, common: &Common, more: &[String]) -> Result<Scenario, Failure> {
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
    sets.extend(common.sets.iter().chain(more).cloned());
    // What was said with a flag is blamed on the flag.
    let flags = [("population.people", "people", common.people), ("requester.requests", "requests", common.requests)];
    let in_flags = |message: String| {
        flags
            .iter()
            .filter(|(.., said)| said.is_some())
            .fold(message, |message, (key, flag, _)| message.replace(&format!("--set {key}="), &format!("--{flag} ")))
    };
    let parsed = Scenario::parse_with(&text, name, &sets);
    parsed.map_err(|error| Failure::Message(in_flags(error.to_string())))
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
