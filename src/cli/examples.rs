//! The examples that `--help` gives for each command, and notes behind them.
//!
//! A line that begins with two spaces is an example; two or more spaces separate the command from its explanation. Tests
//! parse every example and run the quick ones.

/// Examples of the program.
pub const NAMESAKE: &str = "Examples:
  namesake                                   simulate the default scenario and print what was measured
  namesake run library-card                  a small case about a library's users
  namesake run --set holder.errors.typing=0  the same luck, one value changed
  namesake scenarios                         what can be simulated
  namesake explain --request 14              why request 14 was not answered
  namesake sweep watch-list --vary people=10k,100k,1M   the same rule in larger countries
  namesake infer                             what the published figures allow, and what to ask for
  namesake link a.csv b.csv --spec spec.toml  match two labelled files and measure the errors";

/// Examples of `run`.
pub const RUN: &str = "Examples:
  namesake run                                             the default scenario
  namesake run interstate-crosscheck --people 100k         another case, in a smaller country
  namesake run my.toml --seed 7                            a scenario of your own, with another seed
  namesake run --set agreement.review.on=true              a safeguard switched on
  namesake run --against tax-address-request-with-notice   two agreements on the same people
  namesake run --by group,sex --alone                      rates by two attributes at once
  namesake run --sensitivity                               the effect of the assumed values
  namesake run --json - --quiet                            the result as JSON
Keys of --set: namesake scenarios settings. The run folder is described in docs/run-dictionary.md.";

/// Examples of `scenarios`.
pub const SCENARIOS: &str = "Examples:
  namesake scenarios                                       the list, by theme
  namesake scenarios show interstate-crosscheck            one case to read
  namesake scenarios show library-card --toml > my.toml    a file to change and run
  namesake scenarios settings population.clustering        meaning, range and source of a setting";

/// Examples of `scenarios show`.
pub const SHOW: &str = "Examples:
  namesake scenarios show tax-address-request
  namesake scenarios show tax-address-request --toml > my.toml
  namesake scenarios show watch-list --markdown > handout.md
  namesake scenarios show watch-list --json -";

/// Examples of `scenarios settings`.
pub const SETTINGS: &str = "Examples:
  namesake scenarios settings
  namesake scenarios settings requester.on_file
  namesake scenarios settings agreement.review
  namesake scenarios settings --json -";

/// Examples of `generate`.
pub const GENERATE: &str = "Examples:
  namesake generate --people 100k --out files
  namesake generate interstate-crosscheck --format parquet --out files
  namesake generate --columns splink --people 100k --out for-splink
docs/data-dictionary.md describes every file and column.";

/// Examples of `link`.
pub const LINK: &str = "Examples:
  namesake link a.csv b.csv --spec spec.toml --check              look at the files first
  namesake link a.csv b.csv --spec spec.toml                      match them and measure the errors
  namesake link a.csv b.csv --spec spec.toml --analyse-blocking   the worth of each blocking rule
  namesake link a.csv b.csv --spec spec.toml --pairs pairs.csv --save-model model.toml
docs/link.md explains the spec.";

/// Examples of `score`.
pub const SCORE: &str = "Examples:
  namesake score predictions.csv --a a.csv --b b.csv --spec spec.toml
  namesake score predictions.csv --a a.csv --b b.csv --spec spec.toml --score match_probability --threshold 0.9
  namesake score predictions.csv --a a.csv --b b.csv --spec spec.toml --matches all
  namesake score clusters.csv --a a.csv --b b.csv --spec spec.toml --json -
Namesake recognises lists of Splink, recordlinkage, fastLink, dedupe and ER-Evaluation by their columns (docs/score.md).";

/// Examples of `explain`.
pub const EXPLAIN: &str = "Examples:
  namesake explain --request 14
  namesake explain tax-address-request --request 14 --record 4710
  namesake explain a.csv b.csv --spec spec.toml --pair a1 b1";

/// Examples of `compare`.
pub const COMPARE: &str = "Examples:
  namesake compare \"Maria Garcia\" \"María García\"
  namesake compare Smith Smyth --json -";

/// Examples of `sweep`.
pub const SWEEP: &str = "Examples:
  namesake sweep watch-list --vary people=10k,100k,1M --replicates 20
  namesake sweep --vary requester.errors.old_address=0..1:0.25 --vary agreement.answers=all,unique
  namesake sweep watch-list --vary people=10k..10M*10 --shard 1/4
  namesake sweep --ready threshold           a preset sweep
To continue an interrupted sweep, give the same command again.";

/// Examples of `infer`.
pub const INFER: &str = "Examples:
  namesake infer                                   what the published figures of the default case allow
  namesake infer --hold-out not-compared           infer from one figure and predict the other
  namesake infer --quantity wrong_among_answers@group=hispanic
  namesake infer interstate-crosscheck --draws 500
  namesake infer --rounds 1 --shard 1/4            a quarter of the draws; join them with namesake merge
  namesake infer --from FOLDER --hold-out answered     the draws of that folder, another question
  namesake infer --from FOLDER --suppose \"requests_with_number / requests=0.12\"     what if that were known?
To continue an interrupted inference, give the same command again.
The figures are those with a target in the scenario (namesake scenarios show NAME). docs/inference.md explains the method.";

/// Examples of `merge`.
pub const MERGE: &str = "Examples:
  namesake run --shard 1/2 --out part-1      one half of a run, here or on another machine
  namesake run --shard 2/2 --out part-2      the other half
  namesake merge part-1 part-2 --out whole   the bytes of the whole run";

/// Examples of `lab`.
pub const LAB: &str = "Examples:
  namesake lab                          write namesake-lab.html and open it
  namesake lab --out lab.html --no-open
The page is one file. It works from disk or any web server, needs no network and stores nothing.";

/// Examples of `validate`.
pub const VALIDATE: &str = "Examples:
  namesake validate                     a country of 10 million
  namesake validate --people 1M         a smaller country, with wider intervals
  namesake validate --markdown          the table of docs/validation.md
Exit code 1: a figure is outside its tolerance, or has nobody to count.";
