//! The flags as they are typed, checked one by one; what they mean together is for the commands to say.

use super::everywhere::Everywhere;
use super::examples;
use super::values::{count, finite, ready_sweeps, shard};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand};
use namesake::experiment::sweep::Varied;
use namesake::scenario::By;
use std::path::{Path, PathBuf};

/// The formats of tables.
const FORMATS: [&str; 2] = ["csv", "parquet"];

/// Simulates record matching between two agencies in an invented country, and measures who is misidentified.
#[derive(Parser)]
#[command(name = "namesake", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = examples::NAMESAKE)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Subcommand)]
pub enum Command {
    /// Simulate, match, measure; print the summary and write the run folder (the default command)
    Run(RunArgs),
    /// List the documented cases and other built-in scenarios by theme, or print one
    Scenarios(ScenariosArgs),
    /// Write the synthetic files: requester, holder, truth, people, provenance
    Generate(GenerateArgs),
    /// Match two labelled files and measure the errors
    Link(LinkArgs),
    /// Measure another program's list of pairs, or of clusters, against the truth
    Score(ScoreArgs),
    /// Say why a request ended as it did, or why two records of labelled files were or were not matched
    Explain(ExplainArgs),
    /// Compare two strings: every similarity and phonetic code
    Compare(CompareArgs),
    /// Run every combination of some values, with several seeds each: tidy rows, a summary, charts
    Sweep(SweepArgs),
    /// Infer from published figures: what they allow, and which unpublished number would narrow it most
    Infer(InferArgs),
    /// Join the shards of a run, a sweep or an inference
    Merge(MergeArgs),
    /// Write the Lab, a page on which people without a terminal use Namesake, and open it in the browser
    Lab(LabArgs),
    /// Print published figures beside simulated ones; exit code 1 if a figure is outside its tolerance or has nobody to count
    Validate(ValidateArgs),
    /// Print the page of commands, write the man pages, or print completions for a shell
    #[command(hide = true)]
    Manual(ManualArgs),
}

impl Cli {
    /// The flags that every command takes, as given to this one.
    pub fn everywhere(&self) -> &Everywhere {
        match &self.command {
            None | Some(Command::Manual(_)) => &self.common.everywhere,
            Some(Command::Run(args)) => &args.common.everywhere,
            Some(Command::Scenarios(args)) => match &args.action {
                Some(ScenariosAction::Show { everywhere, .. } | ScenariosAction::Settings { everywhere, .. }) => {
                    everywhere
                }
                None => &args.everywhere,
            },
            Some(Command::Generate(args)) => &args.everywhere,
            Some(Command::Link(args)) => &args.everywhere,
            Some(Command::Score(args)) => &args.everywhere,
            Some(Command::Explain(args)) => &args.everywhere,
            Some(Command::Compare(args)) => &args.everywhere,
            Some(Command::Sweep(args)) => &args.common.everywhere,
            Some(Command::Infer(args)) => &args.common.everywhere,
            Some(Command::Merge(args)) => &args.everywhere,
            Some(Command::Lab(args)) => &args.everywhere,
            Some(Command::Validate(args)) => &args.everywhere,
        }
    }

    /// Says if standard output is the only place to which the results go.
    pub fn only_says(&self) -> bool {
        let Everywhere { json, quiet, .. } = self.everywhere();
        if let Some(json) = json {
            return json == Path::new("-");
        }
        let in_files = match &self.command {
            None
            | Some(
                Command::Run(_)
                | Command::Generate(_)
                | Command::Sweep(_)
                | Command::Infer(_)
                | Command::Merge(_)
                | Command::Lab(_),
            ) => true,
            Some(Command::Link(args)) => args.pairs.is_some() || args.save_model.is_some(),
            Some(Command::Explain(args)) => args.svg.is_some(),
            Some(Command::Manual(args)) => matches!(args.part, ManualPart::Man { .. }),
            Some(Command::Scenarios(_) | Command::Score(_) | Command::Compare(_) | Command::Validate(_)) => false,
        };
        !in_files && !quiet
    }
}

/// The message about a flag that this command does not take and others do; `None` for any other error.
pub fn unused(error: &clap::Error) -> Option<String> {
    let typed = (error.kind(), error.get(ContextKind::InvalidArg));
    let (ErrorKind::UnknownArgument, Some(ContextValue::String(typed))) = typed else { return None };
    let flag = typed.split('=').next()?;
    let name = flag.strip_prefix("--")?;
    let cli = Cli::command();
    let takes = |command: &clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    let (run, sweep) = (cli.find_subcommand("run")?, cli.find_subcommand("sweep")?);
    if !takes(run) || !takes(sweep) {
        return None;
    }
    let command = std::env::args().skip(1).find_map(|word| Some(cli.find_subcommand(word)?.get_name().to_string()))?;
    let why = match (flag, &command[..]) {
        ("--out", _) => "it writes no folder of results",
        ("--shard", _) => "it is not done in parts",
        ("--requests", "validate") => "it looks at the country and its files, and nobody is asked for",
        (_, "merge") => "the parts say what was simulated",
        (_, "scenarios") => "it shows what is built in; give the flag to the command that runs a scenario",
        _ => "it simulates nothing",
    };
    let others: Vec<&str> = cli.get_subcommands().filter(|other| takes(other)).map(clap::Command::get_name).collect();
    Some(format!("{command} does not take {flag}: {why}; leave it out (commands that take it: {})", others.join(", ")))
}

#[derive(Args)]
pub struct ManualArgs {
    #[command(subcommand)]
    pub part: ManualPart,
}

#[derive(Subcommand)]
pub enum ManualPart {
    /// Print docs/reference/commands.md: every command with its options and examples
    Commands,
    /// Write a man page for each command
    Man {
        /// Folder to write to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Flags of every command that simulates: what they put into the scenario.
#[derive(Args, Clone, Default)]
pub struct Simulated {
    /// Seed of the whole run: the people, the errors, the requests
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub seed: Option<u64>,
    /// A country of N people (10k, 1M, 330M, 1e6, 1_000_000)
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub people: Option<u64>,
    /// Number of people to ask for
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub requests: Option<u64>,
    /// Change a setting of the scenario; may be given several times (keys: namesake scenarios settings)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
}

impl Simulated {
    /// The first flag that changes the scenario, if one was given.
    pub fn any(&self) -> Option<&'static str> {
        let given = [
            (self.seed.is_some(), "--seed"),
            (self.people.is_some(), "--people"),
            (self.requests.is_some(), "--requests"),
            (!self.sets.is_empty(), "--set"),
        ];
        given.into_iter().find_map(|(given, flag)| given.then_some(flag))
    }
}

/// Flags of the commands that run a scenario and write a folder.
#[derive(Args, Clone, Default)]
pub struct Common {
    #[command(flatten)]
    pub simulated: Simulated,
    /// Folder to write to [default: namesake-out/SCENARIO-SEED]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Do only part K of N, of the holder's file, the runs of a sweep or the draws of an inference; join the parts with `namesake merge`
    #[arg(long, value_name = "K/N", value_parser = shard)]
    pub shard: Option<(u64, u64)>,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args, Default)]
#[command(after_help = examples::RUN)]
pub struct RunArgs {
    /// A built-in scenario, or a path to a .toml file [default: tax-address-request]
    pub scenario: Option<String>,
    /// Run a second scenario on the same people, and say who is returned under both, one or neither
    #[arg(long, value_name = "SCENARIO", conflicts_with = "shard")]
    pub against: Option<String>,
    /// Leave out the runs beside it, with equal capture and with a list like the population: about half the work
    #[arg(long)]
    pub alone: bool,
    /// Give the rates by two attributes at once as well, such as group,sex; may be given several times
    #[arg(long, value_name = "A,B", value_parser = By::parse, conflicts_with = "against")]
    pub by: Vec<By>,
    /// Say how far the assumed values move the headline, each averaged over worlds that differ in all others; some minutes
    #[arg(long, conflicts_with_all = ["shard", "against"])]
    pub sensitivity: bool,
    /// Take the differences between groups apart, by names, capture, coverage and who is sought; as long as 16 runs
    #[arg(long, conflicts_with_all = ["shard", "against"])]
    pub decompose: bool,
    /// Estimate what no rule avoids, by a flexible model that learns from other seeds; as long as two runs
    #[arg(long, conflicts_with_all = ["shard", "against"])]
    pub bayes_risk: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args)]
#[command(after_help = examples::SCENARIOS)]
pub struct ScenariosArgs {
    #[command(subcommand)]
    pub action: Option<ScenariosAction>,
    /// Run every case at its default size and print docs/cases.md: published figures beside simulated ones; takes minutes
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Subcommand)]
pub enum ScenariosAction {
    /// Print a built-in scenario to read: facts, gaps, terms, routes, published figures, and how to run it
    #[command(after_help = examples::SHOW)]
    Show {
        /// Its name
        name: String,
        /// Print its file, followed by every setting as a comment, to change and run
        #[arg(long, conflicts_with_all = ["json", "markdown"])]
        toml: bool,
        /// Run its case at the default size and print the handout: facts, gaps, figures, variants, questions (docs/cases/)
        #[arg(long, conflicts_with = "json")]
        markdown: bool,
        #[command(flatten)]
        everywhere: Everywhere,
    },
    /// Print every setting with its default, or the meaning, range, source and extreme of one
    #[command(after_help = examples::SETTINGS)]
    Settings {
        /// A key, or the beginning of several: agreement.review
        key: Option<String>,
        /// Print docs/reference/settings.md: every key of every scenario
        #[arg(long, conflicts_with_all = ["json", "key"])]
        markdown: bool,
        #[command(flatten)]
        everywhere: Everywhere,
    },
}

#[derive(Args)]
#[command(after_help = examples::GENERATE)]
pub struct GenerateArgs {
    /// A built-in scenario, or a path to a .toml file [default: tax-address-request]
    pub scenario: Option<String>,
    /// Format of the files: csv or parquet
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = FORMATS)]
    pub format: String,
    /// Column layout of the two files: namesake, splink, pseudopeople or febrl (see docs/data-dictionary.md)
    #[arg(long, value_name = "TOOL", default_value = "namesake", value_parser = ["namesake", "splink", "pseudopeople", "febrl"])]
    pub columns: String,
    #[command(flatten)]
    pub simulated: Simulated,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::LINK)]
pub struct LinkArgs {
    /// File A, the requester's (CSV with a header, or Parquet)
    pub a: PathBuf,
    /// File B, the holder's (CSV with a header, or Parquet)
    pub b: PathBuf,
    /// TOML file that names the columns: id, truth, groups and fields (see docs/link.md)
    #[arg(long, value_name = "SPEC.toml")]
    pub spec: PathBuf,
    /// Pairs above the threshold that count as matches: all, best, best-margin, unique or one-to-one
    #[arg(long, value_name = "NAME")]
    pub assignment: Option<String>,
    /// Show what the two files hold, without matching them: blanks, distinct values, persons, and what looks wrong
    #[arg(long, conflicts_with_all = ["analyse_blocking", "save_model", "pairs", "assignment"])]
    pub check: bool,
    /// Use every rule of default blocking, also those that add many pairs for few matches
    #[arg(long)]
    pub thorough: bool,
    /// Show what each blocking rule is good for, and who is lost there, instead of the matches
    #[arg(long)]
    pub analyse_blocking: bool,
    /// Write the model, to be used again with `[model] load = "FILE"` (.toml or .json)
    #[arg(long, value_name = "FILE")]
    pub save_model: Option<PathBuf>,
    /// Write every scored pair as CSV
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::SCORE)]
pub struct ScoreArgs {
    /// The list: pairs of ids, or a cluster for each record (CSV with a header, or Parquet)
    pub pairs: PathBuf,
    /// File A, the requester's (CSV with a header, or Parquet)
    #[arg(long, value_name = "A")]
    pub a: PathBuf,
    /// File B, the holder's (CSV with a header, or Parquet)
    #[arg(long, value_name = "B")]
    pub b: PathBuf,
    /// TOML file that names the columns: id, truth, groups and fields (see docs/link.md)
    #[arg(long, value_name = "SPEC.toml")]
    pub spec: PathBuf,
    /// The column of scores [default: the usual one of the program]
    #[arg(long, value_name = "COLUMN")]
    pub score: Option<String>,
    /// Count only pairs from this score up as matched [default: every pair of the list]
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true, value_parser = finite)]
    pub threshold: Option<f64>,
    /// The column that says which pairs are matches, or `all` for every pair [default: the usual one of the program]
    #[arg(long, value_name = "COLUMN")]
    pub matches: Option<String>,
    /// The column of clusters [default: the usual one of the program]
    #[arg(long, value_name = "COLUMN")]
    pub clusters: Option<String>,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::EXPLAIN)]
pub struct ExplainArgs {
    /// A scenario, or two labelled files
    #[arg(num_args = 0..=2)]
    pub inputs: Vec<String>,
    #[command(flatten)]
    pub simulated: Simulated,
    /// The request to explain, by its number in outcomes.csv
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub request: Option<u64>,
    /// A record of the holder's file to hold beside it, by its number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count, requires = "request")]
    pub record: Option<u64>,
    /// For two labelled files: which column is what
    #[arg(long, value_name = "SPEC.toml")]
    pub spec: Option<PathBuf>,
    /// For two labelled files: draw the terms of the score as a waterfall
    #[arg(long, value_name = "FILE", requires = "pair")]
    pub svg: Option<PathBuf>,
    /// For two labelled files: the ids of the two records
    #[arg(long, num_args = 2, value_names = ["ID_A", "ID_B"], requires = "spec")]
    pub pair: Option<Vec<String>>,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::COMPARE)]
pub struct CompareArgs {
    /// One string
    pub a: String,
    /// The other
    pub b: String,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::SWEEP)]
pub struct SweepArgs {
    /// A built-in scenario, or a path to a .toml file [default: tax-address-request]
    pub scenario: Option<String>,
    /// A key and its values: a list, a range FROM..TO:STEP or FROM..TO*FACTOR; may be given several times
    #[arg(long, value_name = "KEY=VALUES", value_parser = Varied::parse)]
    pub vary: Vec<Varied>,
    /// Take the first value of each key together, then the second of each, instead of every combination
    #[arg(long)]
    pub paired: bool,
    /// Seeds for each combination, the same ones for all [default: 10]
    #[arg(long, value_name = "R", allow_negative_numbers = true, value_parser = count)]
    pub replicates: Option<u64>,
    #[arg(long, value_name = "NAME", conflicts_with = "paired", help = ready_sweeps())]
    pub ready: Option<String>,
    /// Format of the tables: csv, or parquet beside it
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = FORMATS)]
    pub format: String,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args)]
#[command(after_help = examples::INFER)]
pub struct InferArgs {
    /// A built-in scenario, or a path to a .toml file [default: tax-address-request]
    pub scenario: Option<String>,
    /// Published figures to infer from, by their short names [default: all but those held out]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub targets: Vec<String>,
    /// Published figures not to use, but to predict
    #[arg(long, value_name = "C", value_delimiter = ',')]
    pub hold_out: Vec<String>,
    /// Ask the draws of a finished inference another question; nothing is drawn, and nothing written without --out
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Add a figure that nobody published, to see how much it would narrow; may be given several times
    #[arg(long = "suppose", value_name = "MEASURE=SHARE")]
    pub supposed: Vec<String>,
    /// The quantity of interest: a share such as missed, or wrong_person@group=hispanic [default: wrong_among_answers]
    #[arg(long, value_name = "RATE")]
    pub quantity: Option<String>,
    /// Draw these assumptions only, and leave all others as the scenario says
    #[arg(long, value_name = "KEY,KEY", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Worlds to draw; 2,000 take some minutes [default: 2000]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub draws: Option<u64>,
    /// Rounds: the first draws from the whole ranges, later ones near what the figures allow, where few do [default: 3]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub rounds: Option<u64>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args)]
#[command(after_help = examples::MERGE)]
pub struct MergeArgs {
    /// The folders of all shards of one run, one sweep or one inference
    #[arg(required = true)]
    pub shards: Vec<PathBuf>,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::LAB)]
pub struct LabArgs {
    /// File to write to [default: namesake-lab.html]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the page without opening it
    #[arg(long)]
    pub no_open: bool,
    #[command(flatten)]
    pub everywhere: Everywhere,
}

#[derive(Args)]
#[command(after_help = examples::VALIDATE)]
pub struct ValidateArgs {
    /// Scenario whose country is measured: a built-in name or a path to a .toml file [default: tax-address-request]
    pub scenario: Option<String>,
    /// Seed of the country
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub seed: Option<u64>,
    /// Size of the country, in people
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count, default_value = "10M")]
    pub people: u64,
    /// Also count the names and namesakes of a nation of 295 million; takes minutes and two gigabytes
    #[arg(long)]
    pub full: bool,
    /// Change a setting of the scenario; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Print the table as Markdown, with the sources
    #[arg(long)]
    pub markdown: bool,
    #[command(flatten)]
    pub everywhere: Everywhere,
}
