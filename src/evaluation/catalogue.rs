//! The catalogue of rates: one entry for each, with its formula, trials, interval, other names and when it misleads.
//!
//! `docs/glossary.md`, the columns of a sweep and the words of the report are made from it. To add a rate, add a row here
//! and its count in `rates.rs`.

use super::measured::Method;
use crate::scenario::did_you_mean;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Facts about a rate that are known before any run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateEntry {
    /// The name in results, columns and documents.
    pub name: &'static str,
    /// The formula, in counts.
    pub formula: &'static str,
    /// The events counted.
    pub hits: &'static str,
    /// The denominator: what one trial is.
    pub trials: &'static str,
    /// The denominator at the end of a sentence that says who was returned in error, or was not returned.
    pub among: &'static str,
    /// The method of its interval, where enough events were seen for it.
    pub interval: Method,
    /// The scope in which the rate is reported.
    pub scope: Scope,
    /// Its names elsewhere; empty where none is known.
    pub other_names: &'static str,
    /// Conditions under which the rate misleads.
    pub misleads: &'static str,
}

/// The scope in which a rate is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For the whole run and for each group.
    Everywhere,
    /// For the whole run only.
    Overall,
    /// For each group only.
    Groups,
    /// In sweeps only.
    Sweeps,
}

/// Declares [`RateId`] and its entries from one table, so that neither can lack a row of the other.
macro_rules! catalogue {
    ($($id:ident {
        name: $name:literal, formula: $formula:literal, hits: $hits:literal, trials: $trials:literal, among: $among:literal,
        interval: $interval:ident, scope: $scope:ident, other_names: $other:literal, misleads: $misleads:literal $(,)?
    })*) => {
        /// A rate, by its name; in the order in which rates are reported.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum RateId {
            $(#[doc = concat!("Of ", $trials, ", the ", $hits, ".")] #[serde(rename = $name)] $id,)*
        }

        impl RateId {
            /// Every rate, in the order in which rates are reported.
            pub const ALL: &[RateId] = &[$(RateId::$id),*];

            /// Its entry in the catalogue.
            pub const fn entry(self) -> &'static RateEntry {
                match self {
                    $(RateId::$id => &RateEntry {
                        name: $name, formula: $formula, hits: $hits, trials: $trials, among: $among,
                        interval: Method::$interval, scope: Scope::$scope, other_names: $other, misleads: $misleads,
                    },)*
                }
            }
        }
    };
}

catalogue! {
    WrongAmongAnswers {
        name: "wrong_among_answers",
        formula: "wrong / (right + wrong)",
        hits: "persons returned who are somebody else",
        trials: "persons returned",
        among: "of the persons returned",
        interval: Clustered,
        scope: Everywhere,
        other_names: "false discovery rate; 1 − precision; in medicine 1 − positive predictive value; in record linkage \
                      often “false match rate” or “false link rate”",
        misleads: "It falls when more of the people sought are on file, though not one person fewer is returned in error.",
    }
    WrongPerson {
        name: "wrong_person",
        formula: "requests with wrong ≥ 1 / requests",
        hits: "requests answered with at least one wrong person",
        trials: "requests",
        among: "of all requests",
        interval: Clustered,
        scope: Everywhere,
        other_names: "in the news, often just “the error rate”",
        misleads: "Requests that return nobody make it small.",
    }
    AnsweredThoughAbsent {
        name: "answered_though_absent",
        formula: "answered / absent",
        hits: "requests that returned somebody",
        trials: "requests whose person is not on file",
        among: "of requests for people who are not on the file",
        interval: Clustered,
        scope: Everywhere,
        other_names: "false positive identification rate (biometrics, open-set search)",
        misleads: "Here every person returned is somebody else. It grows with the size of the file. Where everybody sought \
                   is on file it has no trials, and the risk is still there.",
    }
    Missed {
        name: "missed",
        formula: "missed / on file",
        hits: "requests not returning the right person",
        trials: "requests whose person is on file",
        among: "of those sought who are on file",
        interval: Clustered,
        scope: Everywhere,
        other_names: "false negative rate; “false non-match rate” or missed match rate; false negative identification rate; \
                      1 − recall",
        misleads: "It counts refused and withheld requests too; the counts of where people were lost tell them apart.",
    }
    Precision {
        name: "precision",
        formula: "right / (right + wrong)",
        hits: "right persons returned",
        trials: "persons returned",
        among: "of the persons returned",
        interval: Clustered,
        scope: Everywhere,
        other_names: "positive predictive value; 1 − false discovery rate",
        misleads: "It rises when more of the people sought are on file, though not one person fewer is returned in error.",
    }
    Recall {
        name: "recall",
        formula: "right / on file",
        hits: "requests returning the right person",
        trials: "requests whose person is on file",
        among: "of those sought who are on file",
        interval: Clustered,
        scope: Everywhere,
        other_names: "sensitivity; true positive rate; completeness; 1 − false negative rate",
        misleads: "It says nothing about people who are not on file.",
    }
    F1 {
        name: "f1",
        formula: "2·right / (2·right + wrong + missed)",
        hits: "right persons twice",
        trials: "right persons twice, wrong and missed once",
        among: "of right persons twice, wrong and missed once",
        interval: Clustered,
        scope: Everywhere,
        other_names: "F-measure; F-score; Dice coefficient",
        misleads: "It weighs a person missed and a person returned in error alike, which hardly any use does. It says \
                   nothing about people who are not on file.",
    }
    Specificity {
        name: "specificity",
        formula: "not answered / absent",
        hits: "requests that returned nobody",
        trials: "requests whose person is not on file",
        among: "of requests for people who are not on the file",
        interval: Clustered,
        scope: Everywhere,
        other_names: "true negative rate; 1 − false positive identification rate",
        misleads: "In record linkage the word usually counts pairs, and is 0.999… for any rule.",
    }
    NegativePredictiveValue {
        name: "negative_predictive_value",
        formula: "absent and not answered / not answered",
        hits: "requests whose person is not on file",
        trials: "requests that returned nobody",
        among: "of requests that returned nobody",
        interval: Clustered,
        scope: Everywhere,
        other_names: "",
        misleads: "It rises as fewer of those sought are on file.",
    }
    NotResolved {
        name: "not_resolved",
        formula: "requests not resolved / requests",
        hits: "requests not resolved correctly: not the right person alone, and not nobody for a person not on file",
        trials: "requests",
        among: "of all requests",
        interval: Clustered,
        scope: Everywhere,
        other_names: "error rate; misclassification rate",
        misleads: "It counts a person missed and a person returned in error alike.",
    }
    PairFalseMatch {
        name: "pair_false_match",
        formula: "pairs of two people matched / pairs of two people",
        hits: "pairs at or above the threshold",
        trials: "pairs of a request and a record that are two people",
        among: "of all pairs of a request and another person’s record",
        interval: Clustered,
        scope: Overall,
        other_names: "“false match rate” in biometrics; false positive rate; 1 − specificity; pairwise false positive rate",
        misleads: "Nearly every pair is of two strangers whom nobody would confuse, so it is tiny for any rule. It grows \
                   smaller with the file while more people are harmed.",
    }
    PairFalseNonMatch {
        name: "pair_false_non_match",
        formula: "pairs of one person not matched / pairs of one person",
        hits: "pairs below the threshold, or never looked at",
        trials: "pairs of a request and a record that are one person",
        among: "of all pairs of a request and the same person’s record",
        interval: Clustered,
        scope: Overall,
        other_names: "“false non-match rate” (biometrics); pairwise false negative rate",
        misleads: "What the terms do with the matches afterwards is not in it.",
    }
    PeopleExposed {
        name: "people_exposed",
        formula: "people never sought and returned / people never sought",
        hits: "people whose record was returned",
        trials: "people on file who were never sought",
        among: "of people on the file whom nobody was looking for",
        interval: Clustered,
        scope: Everywhere,
        other_names: "exposure; also given of 100,000 on file",
        misleads: "One in a million of a nation is hundreds of people.",
    }
    ShareOfWrong {
        name: "share_of_wrong",
        formula: "wrong of the group / wrong",
        hits: "persons who are of the group",
        trials: "persons returned who are somebody else",
        among: "of the persons returned in error",
        interval: Clustered,
        scope: Groups,
        other_names: "",
        misleads: "Beside it belongs the group’s share of the file, and of those sought.",
    }
    WrongReturnsPerRequest {
        name: "wrong_returns_per_request",
        formula: "wrong / requests",
        hits: "persons returned who are somebody else",
        trials: "requests",
        among: "for each request",
        interval: None,
        scope: Sweeps,
        other_names: "mean number of false links a request",
        misleads: "It is not a share: a request that returns five persons counts five, so that it may exceed 1.",
    }
}

impl RateId {
    /// The rates whose hits are people returned in error, as a reader meets them: the same persons as shares of five things.
    pub const SOMEBODY_ELSE: [RateId; 5] = [
        RateId::WrongAmongAnswers,
        RateId::WrongPerson,
        RateId::AnsweredThoughAbsent,
        RateId::PeopleExposed,
        RateId::PairFalseMatch,
    ];

    /// The name in results, columns and documents.
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// The description of one trial.
    pub const fn trials(self) -> &'static str {
        self.entry().trials
    }

    /// The rate of a name.
    pub fn from_name(name: &str) -> Option<RateId> {
        RateId::ALL.iter().copied().find(|id| id.name() == name)
    }

    /// The rates of a row of a sweep: those of a whole run, and those that only sweeps have.
    pub fn of_sweeps() -> impl Iterator<Item = RateId> {
        RateId::ALL.iter().copied().filter(|id| id.entry().scope != Scope::Groups)
    }

    /// The catalogue as a table in Markdown, as `docs/glossary.md` shows it.
    pub fn markdown() -> String {
        let mut text =
            "| name in `results.json` | formula | hits | trials | interval | other names | when it misleads |\n\
                        |---|---|---|---|---|---|---|\n"
                .to_string();
        let or_dash = |words: &'static str| if words.is_empty() { "–" } else { words };
        for id in RateId::ALL {
            let RateEntry { name, formula, hits, trials, interval, scope, other_names, misleads, .. } = id.entry();
            let scope = match scope {
                Scope::Everywhere | Scope::Overall => "",
                Scope::Groups => " (by group)",
                Scope::Sweeps => " (of a sweep)",
            };
            let (interval, others) = (interval.name(), or_dash(other_names));
            let misleads = misleads.trim_end_matches('.');
            text +=
                &format!("| `{name}`{scope} | {formula} | {hits} | {trials} | {interval} | {others} | {misleads} |\n");
        }
        text
    }
}

impl<'de> Deserialize<'de> for RateId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RateId, D::Error> {
        let name = String::deserialize(deserializer)?;
        RateId::from_name(&name).ok_or_else(|| {
            let hint = did_you_mean(&name, RateId::ALL.iter().map(|id| id.name()));
            D::Error::custom(format!("there is no rate \"{name}\"{hint}"))
        })
    }
}

impl fmt::Display for RateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_has_one_name_everywhere_and_an_entry_that_says_something() {
        for (i, &id) in RateId::ALL.iter().enumerate() {
            assert_eq!(id as usize, i, "{id}");
            assert_eq!(serde_json::to_value(id).unwrap(), id.name());
            assert_eq!(RateId::from_name(id.name()), Some(id));
            let RateEntry { formula, hits, trials, among, misleads, .. } = *id.entry();
            assert!([formula, hits, trials, among, misleads].iter().all(|words| !words.is_empty()), "{id}");
        }
        assert_eq!(RateId::from_name("misssed"), None);
    }
}
