//! Run folders without a file system: the name and the bytes of each file.

use super::page::{self, Run};
use super::{decomposition, dictionary, groups, sensitivity, tables};
use crate::results::{Against, Details, ExplainedRequest, Results};
use crate::scenario::Scenario;

/// The name and the bytes of a file.
pub type File = (&'static str, Vec<u8>);

/// The input of a run folder's files; `files` are those made before.
struct Made<'a> {
    results: &'a Results,
    scenario: &'a Scenario,
    details: &'a Details,
    files: &'a [File],
}

/// Makes one file of a run folder; `None` where the run has nothing for it.
type Make = fn(&Made<'_>) -> Option<Vec<u8>>;

/// The files of a run folder, in the order in which they are made: the page holds the tables before it. To add an output,
/// add a row here and the module that writes it.
const RUN: [(&str, Make); 10] = [
    ("results.json", |run| Some(run.results.to_json().into_bytes())),
    ("outcomes.csv", |run| Some(tables::outcomes_csv(run.details))),
    ("disclosures.csv", |run| Some(tables::disclosures_csv(run.details))),
    ("curve.csv", |run| Some(tables::curve_csv(run.results))),
    ("groups.csv", |run| Some(groups::csv(run.results))),
    ("sensitivity.csv", |run| run.results.sensitivity.as_ref().map(sensitivity::csv)),
    ("decomposition.csv", |run| run.results.decomposition.as_ref().map(decomposition::csv)),
    ("report.html", |run| {
        let Made { results, scenario, details, files } = *run;
        Some(page::page(&Run { results, scenario, explained: &details.explained, files }).into_bytes())
    }),
    ("scenario.toml", |run| Some(run.scenario.to_toml().into_bytes())),
    ("data-dictionary.md", |_| Some(dictionary::dictionary().into_bytes())),
];

/// The names of every file that a run folder may have from [`bundle`], `results.json` first.
pub fn run_files() -> impl Iterator<Item = &'static str> {
    RUN.iter().map(|(name, _)| *name)
}

/// The files of a run folder, by name. Whoever makes one writes or serves these bytes: the command line, a page in the
/// browser, a binding. A run folder on disk has `timings.json` beside them, since only the command line has a clock.
pub fn bundle(results: &Results, scenario: &Scenario, details: &Details) -> Vec<File> {
    let mut files = Vec::new();
    for (name, make) in RUN {
        let made = make(&Made { results, scenario, details, files: &files });
        files.extend(made.map(|bytes| (name, bytes)));
    }
    files
}

/// A run of one of two agreements: its results, its scenario, and the returns in error that the other one spares.
pub type ComparedRun<'a> = (&'a Results, &'a Scenario, &'a [ExplainedRequest]);

/// The names of the files of a folder that sets two agreements beside each other.
pub const AGAINST_FILES: [&str; 4] = ["against.json", "first.toml", "second.toml", "report.html"];

/// The files of [`AGAINST_FILES`].
pub fn against_bundle(against: &Against, first: ComparedRun<'_>, second: ComparedRun<'_>) -> Vec<File> {
    let [a, b] = [first, second].map(|(results, scenario, explained)| Run { results, scenario, explained, files: &[] });
    let page = page::against::against(&a, &b, against);
    let texts = [against.to_json(), a.scenario.to_toml(), b.scenario.to_toml(), page];
    AGAINST_FILES.into_iter().zip(texts.map(String::into_bytes)).collect()
}
