//! Run folders without a file system: the name and the bytes of each file.

mod tables;
mod groups;

use super::page::{self, Run};
use super::table::Table;
use super::{decomposition, sensitivity};
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

/// A file of a run folder.
enum Output {
    /// A table that declares its columns.
    Table(&'static Table),
    /// Any other file: its name, and how it is made.
    Other(&'static str, fn(&Made<'_>) -> Vec<u8>),
}

/// The files of a run folder, in the order in which they are made: the page holds the tables before it. To add an output,
/// add a row here and the module that writes it.
const RUN: [Output; 10] = [
    Output::Other("results.json", |run| run.results.to_json().into_bytes()),
    Output::Table(&tables::OUTCOMES),
    Output::Table(&tables::DISCLOSURES),
    Output::Table(&tables::CURVE),
    Output::Table(&groups::GROUPS),
    Output::Table(&sensitivity::SENSITIVITY),
    Output::Table(&decomposition::DECOMPOSITION),
    Output::Other("report.html", |run| {
        let Made { results, scenario, details, files } = *run;
        page::page(&Run { results, scenario, explained: &details.explained, files }).into_bytes()
    }),
    Output::Other("scenario.toml", |run| run.scenario.to_toml().into_bytes()),
    Output::Other("data-dictionary.md", |_| run_dictionary().into_bytes()),
];

impl Output {
    fn name(&self) -> &'static str {
        match self {
            Output::Table(table) => table.file,
            Output::Other(name, _) => name,
        }
    }
}

/// The names of every file that a run folder may have from [`bundle`], `results.json` first.
pub fn run_files() -> impl Iterator<Item = &'static str> {
    RUN.iter().map(Output::name)
}

/// The dictionary of a run folder: every CSV file and column, and what it holds.
pub fn run_dictionary() -> String {
    let sections = RUN.iter().filter_map(|output| match output {
        Output::Table(table) => Some(table.section()),
        Output::Other(..) => None,
    });
    let first = "# The tables of a run folder\n\nEvery CSV file that `namesake run` writes, and what each column holds. A blank \
                 cell is a value that does not exist;\nshares are from 0 to 1. All people are invented. This page is written \
                 from the declarations of the tables in\n`src/report`; `NAMESAKE_BLESS=1 cargo test dictionary` writes it \
                 anew.\n";
    [first.to_string()].into_iter().chain(sections).collect()
}

/// The files of a run folder, by name. Whoever makes one writes or serves these bytes: the command line, a page in the
/// browser, a binding. A run folder on disk has `timings.json` beside them, since only the command line has a clock.
pub fn bundle(results: &Results, scenario: &Scenario, details: &Details) -> Vec<File> {
    let mut files = Vec::new();
    for output in &RUN {
        let made = match output {
            Output::Table(table) => table.csv(results, details),
            Output::Other(_, make) => Some(make(&Made { results, scenario, details, files: &files })),
        };
        files.extend(made.map(|bytes| (output.name(), bytes)));
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
