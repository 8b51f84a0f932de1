//! Run folders without a file system: the name and the bytes of each file.

use super::page::{self, Run};
use super::{groups, tables};
use crate::results::{Against, Details, ExplainedRequest, Results};
use crate::scenario::Scenario;

/// The files of a run folder, by name. Whoever makes one writes or serves these bytes: the command line, a page in the
/// browser, a binding. A run folder on disk has `timings.json` beside them, since only the command line has a clock.
pub fn bundle(results: &Results, scenario: &Scenario, details: &Details) -> Vec<(&'static str, Vec<u8>)> {
    let mut files = vec![
        ("results.json", results.to_json().into_bytes()),
        ("outcomes.csv", tables::outcomes_csv(details)),
        ("disclosures.csv", tables::disclosures_csv(details)),
        ("curve.csv", tables::curve_csv(results)),
        ("groups.csv", groups::csv(results)),
    ];
    if results.sensitivity.is_some() {
        files.push(("sensitivity.csv", tables::sensitivity_csv(details)));
    }
    let page = page::page(&Run { results, scenario, explained: &details.explained, files: &files });
    files.push(("report.html", page.into_bytes()));
    files.push(("scenario.toml", scenario.to_toml().into_bytes()));
    files
}

/// A run of one of two agreements: its results, its scenario, and the returns in error that the other one spares.
pub type ComparedRun<'a> = (&'a Results, &'a Scenario, &'a [ExplainedRequest]);

/// The files of a folder that sets two agreements beside each other, by name.
pub fn against_bundle(
    against: &Against,
    first: ComparedRun<'_>,
    second: ComparedRun<'_>,
) -> Vec<(&'static str, Vec<u8>)> {
    let [a, b] = [first, second].map(|(results, scenario, explained)| Run { results, scenario, explained, files: &[] });
    vec![
        ("against.json", against.to_json().into_bytes()),
        ("first.toml", a.scenario.to_toml().into_bytes()),
        ("second.toml", b.scenario.to_toml().into_bytes()),
        ("report.html", page::against::against(&a, &b, against).into_bytes()),
    ]
}
