//! Published figures beside what a run gives.

use crate::experiment::Outcome;
use crate::experiment::published::beside;
use crate::scenario::Scenario;
use crate::scenario::case::{FigureOrigin, Strength, When};
use serde::{Deserialize, Serialize};

/// A published figure beside what the run gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishedFigure {
    /// The thing counted.
    pub figure: String,
    /// The publisher, and the derivation.
    pub source: String,
    /// The kind of source.
    pub strength: Strength,
    /// The date of publication.
    #[cfg_attr(test, schemars(with = "String"))]
    pub date: When,
    /// The address of the source.
    pub address: Option<String>,
    /// The relation to the run: put in, fitted or predicted.
    pub kind: FigureOrigin,
    /// The published value.
    pub published: f64,
    /// The run's value; null where nothing of its kind happened.
    pub simulated: Option<f64>,
    /// The lower end of the 95 % interval of that.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The measure of the run that stands beside the figure.
    pub measure: String,
    /// The meaning of a difference.
    pub discussion: String,
    /// Records on file when the figure was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at_records: Option<u64>,
    /// The published value carried over to a file of this size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at_this_size: Option<f64>,
}

/// The published figures of a scenario beside what a run gives.
pub(super) fn figures(scenario: &Scenario, outcome: &Outcome) -> Vec<PublishedFigure> {
    let beside = beside(scenario, outcome);
    let figures = scenario.published.iter().zip(beside).map(|(published, beside)| {
        let source = &scenario.sources[&published.source];
        PublishedFigure {
            figure: published.figure.clone(),
            source: published.origin(source.to_string()),
            strength: source.strength,
            date: source.date.clone(),
            address: source.address.clone(),
            kind: published.kind,
            published: published.value,
            simulated: beside.simulated,
            low: beside.interval.map(|interval| interval.low),
            high: beside.interval.map(|interval| interval.high),
            measure: published.measure.to_string(),
            discussion: published.discussion.clone(),
            published_at_records: published.at_records.filter(|_| beside.expected_here.is_some()),
            expected_at_this_size: beside.expected_here,
        }
    });
    figures.collect()
}
