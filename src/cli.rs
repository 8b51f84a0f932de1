//! The command line: flags become a scenario, results become files. The library does the rest and never mentions flags.

mod values;
mod examples;
mod interrupt;
mod output;
mod everywhere;
mod args;
mod clock;
mod folder;
mod threads;
mod memory;
mod shards;
mod run;
mod generate;
mod labelled;
mod explain;
mod validate;
mod journal;
mod sweep;
mod infer;
mod lab;
mod manual;

use args::{Cli, Command, RunArgs, ScenariosAction, ScenariosArgs, Simulated};
use clap::Parser;
use everywhere::Everywhere;
use namesake::experiment::most_requests;
use namesake::experiment::published::give;
use namesake::report::{self, cases, settings};
use namesake::scenario::{Scenario, built_in};
use output::{Failure, can_be_written, harmless, say, shortened, tell};
use std::path::Path;
use std::process::ExitCode;

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if let Err(Failure::Message(message)) = threads::start(cli.everywhere().threads) {
        tell(&message);
        return ExitCode::from(2);
    }
    if let (true, Err(Failure::Message(message))) = (cli.only_says(), output::can_be_said()) {
        tell(&message);
        return ExitCode::from(2);
    }
    let done = match cli.command {
        None => run::run_command(&RunArgs { common: cli.common, ..RunArgs::default() }),
        Some(Command::Run(args)) => run::run_command(&args),
        Some(Command::Scenarios(args)) => scenarios(&args),
        Some(Command::Generate(args)) => generate::generate(&args),
        Some(Command::Link(args)) => labelled::link_command(&args),
        Some(Command::Score(args)) => labelled::score_command(&args),
        Some(Command::Explain(args)) => explain::explain(&args),
        Some(Command::Compare(args)) => explain::compare(&args),
        Some(Command::Sweep(args)) => sweep::sweep_command(&args),
        Some(Command::Infer(args)) => infer::infer_command(&args),
        Some(Command::Merge(args)) => run::merge(&args),
        Some(Command::Lab(args)) => lab::lab_command(&args),
        Some(Command::Manual(args)) => manual::manual(&args),
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
            tell(&message);
            ExitCode::from(2)
        }
    }
}

/// Says what is wrong with what was typed, or gives the help that was asked for.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Whoever reads our output may have read enough.
        error.print().ok();
        return ExitCode::SUCCESS;
    }
    if let Some(message) = args::unused(error) {
        tell(&message);
    } else {
        let text = error.render().to_string();
        if shortened(&text) == text && harmless(&text) == text {
            error.print().ok();
        } else {
            tell(text.strip_prefix("error: ").unwrap_or(&text).trim_end());
        }
    }
    ExitCode::from(2)
}

fn scenarios(args: &ScenariosArgs) -> Result<(), Failure> {
    let give = |case: &Scenario, quiet: bool| {
        if !quiet {
            tell(&case.name);
        }
        let given = give(case, |scenario| namesake::experiment::run(scenario, &|_| {})).map_err(Failure::of)?;
        Ok(cases::cells(&given))
    };
    match &args.action {
        Some(ScenariosAction::Show { name, markdown: true, everywhere, .. }) => {
            let named = Scenario::parse(built_in(name).map_err(Failure::of)?, name).map_err(Failure::of)?;
            let library = cases::library().map_err(Failure::of)?;
            let case = cases::case_of(&named, &library);
            let cells = give(case, either(everywhere, &args.everywhere).quiet)?;
            return say(&report::handout(case, &library, &cells));
        }
        Some(ScenariosAction::Show { name, toml: true, .. }) => {
            return say(&cases::show_toml(name).map_err(Failure::of)?);
        }
        Some(ScenariosAction::Show { name, everywhere, .. }) => {
            let json = cases::show_json(name).map_err(Failure::of)?;
            return either(everywhere, &args.everywhere)
                .answer(|| json, || report::show_page(name).map_err(Failure::of));
        }
        Some(ScenariosAction::Settings { markdown: true, .. }) => {
            return say(&settings::settings_markdown().map_err(Failure::of)?);
        }
        Some(ScenariosAction::Settings { key, everywhere, .. }) => {
            let json = settings::settings_json().map_err(Failure::of)?;
            return either(everywhere, &args.everywhere)
                .answer(|| json, || settings::settings_text(key.as_deref()).map_err(Failure::Message));
        }
        None => {}
    }
    let library = cases::library().map_err(Failure::of)?;
    if args.markdown {
        let cells =
            library.iter().map(|case| give(case, args.everywhere.quiet)).collect::<Result<Vec<_>, Failure>>()?;
        return say(&cases::page(&library, &cells));
    }
    args.everywhere.answer(|| cases::list_json(&library), || Ok(cases::list_text(&library)))
}

/// The place for JSON and the wish for quiet, where the flags of a command come before those of the command around it.
fn either(inner: &Everywhere, outer: &Everywhere) -> Everywhere {
    let json = inner.json.clone().or(outer.json.clone());
    Everywhere { json, quiet: inner.quiet || outer.quiet, threads: None }
}

const DEFAULT_SCENARIO: &str = "tax-address-request";

/// Reads a scenario and puts the flags into it.
fn scenario(name: Option<&str>, simulated: &Simulated, quiet: bool) -> Result<Scenario, Failure> {
    let mut scenario = read_scenario(name, simulated, &[])?;
    if says_requests(simulated)
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
        if !quiet {
            tell(&format!(
                "this country has {} people to ask for; all of them are (choose fewer with --requests)",
                report::thousands(most)
            ));
        }
    }
    Ok(scenario)
}

/// Returns `true` if a flag sets the number of requests.
fn says_requests(simulated: &Simulated) -> bool {
    let says = |set: &String| set.split_once('=').is_some_and(|(key, _)| key.trim() == "requester.requests");
    simulated.requests.is_some() || simulated.sets.iter().any(says)
}

/// The complaint about a scenario that asks for more people than the country has to ask for.
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

/// Reads a scenario and puts the flags and more values into it. An error names the flag that is to blame, as it was typed.
fn read_scenario(name: Option<&str>, simulated: &Simulated, more: &[String]) -> Result<Scenario, Failure> {
    let name = name.unwrap_or(DEFAULT_SCENARIO);
    let is_path = name.ends_with(".toml") || name.contains('/');
    let text =
        if is_path { output::read_text(Path::new(name))? } else { built_in(name).map_err(Failure::of)?.to_string() };
    let flags = [
        ("seed", simulated.seed, &["seed.population", "seed.errors", "seed.requests"][..]),
        ("people", simulated.people, &["population.people"]),
        ("requests", simulated.requests, &["requester.requests"]),
    ];
    let mut typed: Vec<(String, Vec<String>)> = Vec::new();
    for (flag, value, keys) in flags {
        let Some(value) = value else { continue };
        typed.push((format!("--{flag} {value}"), keys.iter().map(|key| format!("{key}={value}")).collect()));
    }
    typed.extend(simulated.sets.iter().chain(more).map(|set| (format!("--set {set}"), vec![set.clone()])));
    let folder = if is_path { Path::new(name).parent() } else { None };
    let models = output::saved_models(folder);
    let parsed = |typed: &[(String, Vec<String>)]| {
        let sets: Vec<String> = typed.iter().flat_map(|(_, sets)| sets.iter().cloned()).collect();
        Scenario::extended(&text, name, &sets, &models)
    };
    parsed(&typed).map_err(|error| {
        // The message begins with all that was set.
        let all: Vec<String> =
            typed.iter().flat_map(|(_, sets)| sets.iter().map(|set| format!("--set {set}"))).collect();
        let message = error.to_string();
        let Some(what) = message.strip_prefix(&format!("{}: ", all.join(" "))) else {
            let of_one = |(flag, sets): &(String, Vec<String>)| {
                let what = sets.iter().find_map(|set| message.strip_prefix(&format!("--set {set}: ")))?;
                Some(format!("{flag}: {what}"))
            };
            return Failure::Message(typed.iter().find_map(of_one).unwrap_or(message));
        };
        // Those are to blame without which there is no such error; where each is, or none alone, all of them together.
        let innocent = |at: &usize| {
            let others: Vec<_> =
                typed.iter().enumerate().filter(|(i, _)| i != at).map(|(_, one)| one.clone()).collect();
            parsed(&others).is_err_and(|error| error.to_string().ends_with(what))
        };
        let all: Vec<usize> = (0..typed.len()).collect();
        let guilty: Vec<usize> = all.iter().copied().filter(|at| !innocent(at)).collect();
        let named = if guilty.is_empty() { all } else { guilty };
        let named: Vec<&str> = named.into_iter().map(|at| typed[at].0.as_str()).collect();
        Failure::Message(format!("{}: {what}", named.join(" ")))
    })
}

/// Refuses a file that cannot be written, or that would be lost: one in a folder that is about to be made anew.
fn not_inside(json: Option<&Path>, out: &Path) -> Result<(), Failure> {
    match json {
        Some(json) if json.parent() == Some(out) => Err(Failure::Message(format!(
            "--json {}: lies in the folder that is written as a whole; choose another place",
            json.display()
        ))),
        _ => can_be_written(json),
    }
}

/// The notes in every Parquet file: the program's version, the scenario and the seeds.
fn notes(scenario: &Scenario) -> [(&'static str, String); 3] {
    let seed = serde_json::to_string(&scenario.seed).expect("seeds are numbers");
    [("version", report::VERSION.to_owned()), ("scenario", scenario.name.clone()), ("seeds", seed)]
}
