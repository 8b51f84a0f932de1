//! The figures by which every drawn world is measured.

use super::super::outcome::Outcome;
use super::super::published::share;
use crate::scenario::attributes;
use crate::scenario::case::Measure;
use crate::stats::Rate;

/// The quantity of interest, unless another is named.
pub const QUANTITY: &str = "wrong_among_answers";

/// Rates that are inferred for everybody.
const OVERALL: [&str; 4] = [QUANTITY, "wrong_person", "answered_though_absent", "missed"];

/// Rates that are inferred for each value of each attribute.
const BY_GROUP: [&str; 2] = [QUANTITY, "wrong_person"];

/// Figures that an agency can count and has not published, with what to ask for.
pub const UNPUBLISHED: [(&str, &str); 7] = [
    ("requests_with_number / requests", "how many requests gave a number"),
    ("answered_with_number / requests_with_number", "how many requests with a number were answered"),
    ("answered / requests", "how many requests were answered"),
    ("requested_on_file / requests", "how many of the people sought are on the file at all, by a thorough search"),
    ("on_file_with_number / requests_with_number", "the same of those sought with a number"),
    ("on_file_without_number / requests_without_number", "the same of those sought without a number"),
    ("answered_several / answered", "how many answered requests were given several persons"),
];

/// A figure by its measure; the same text is never read twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures(Vec<(String, Measure)>);

impl Figures {
    /// The figures of an inference: those of some measures, the rates of everybody and of groups, and what could be asked
    /// for.
    pub fn of(measures: impl IntoIterator<Item = Measure>) -> Figures {
        let read = |text: String| Measure::try_from(text).expect("a test reads every figure");
        let groups = attributes().into_iter().flat_map(|attribute| {
            let named = move |value: &str| BY_GROUP.map(|rate| format!("{rate}@{}={value}", attribute.name));
            attribute.values.into_iter().flat_map(named).collect::<Vec<_>>()
        });
        let unpublished = UNPUBLISHED.into_iter().map(|(measure, _)| measure.to_string());
        let own = OVERALL.map(str::to_string).into_iter().chain(unpublished).chain(groups).map(read);
        let mut figures: Vec<(String, Measure)> = Vec::new();
        for measure in measures.into_iter().chain(own) {
            let name = measure.to_string();
            if figures.iter().all(|(known, _)| *known != name) {
                figures.push((name, measure));
            }
        }
        Figures(figures)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The hits and trials of each in a run; none where nothing of its kind happened.
    pub fn measure(&self, outcome: &Outcome) -> Vec<[u64; 2]> {
        let of = |(_, measure): &(String, Measure)| share(measure, outcome).unwrap_or_default();
        self.0.iter().map(of).map(|Rate { hits, trials }| [hits, trials]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_can_be_read_and_is_there_once() {
        let target = Measure::try_from("answered / requests".to_string()).unwrap();
        let figures = Figures::of([target]);
        let mut names: Vec<&str> = figures.names().collect();
        assert_eq!(names[0], "answered / requests");
        assert!(names.contains(&"wrong_among_answers@group=hispanic"));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(figures.0.iter().all(|(_, measure)| measure.is_share()));
    }
}
