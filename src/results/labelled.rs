//! Results of matching two labelled files, and of measuring another program's list.
//!
//! Pairs that share a record are not independent: intervals are clustered by person.

mod blocking;
mod check;
mod link;
mod score;

pub use blocking::{BlockingResults, BlockingSchema, GroupCompleteness, RuleWorth};
pub use check::{Both, CheckResults, CheckSchema, CheckedField, CheckedFile, CheckedFiles};
pub use link::{LinkRates, LinkResults, LinkSchema, LinkTraining, RuleUse, Tenth, TrainedSession};
pub use score::{ListColumn, ListRead, ScoreCounts, ScoreRates, ScoreResults, ScoreSchema};

use super::{ByGroup, Rate};
use crate::bridge::{LabelledFile, LabelledPair};
use crate::evaluation::RateId;
use crate::experiment::link::{self as experiment, GroupRates, LinkResult, Scored};
use crate::linkage::decision::Model;
use crate::record::coded::Dataset;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The input of `link` and of `score` as it was read. Their summaries begin with it; their JSON names the files alone, and
/// that of `link --check` has the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// File A and file B.
    pub files: [InputFile; 2],
    /// Blank cells of A and of B, by field.
    pub blank: Vec<(String, [u64; 2])>,
    /// `true` if a saved model was read that had learned from labels.
    pub learned_before: bool,
}

/// One of the two files as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Its name.
    pub name: String,
    /// The delimiter of its cells in words; `None` for Parquet.
    pub separated_by: Option<String>,
    /// Its records.
    pub records: u64,
    /// Records without truth that were left out.
    pub ignored: u64,
}

impl Inputs {
    /// The input of a link.
    pub fn of_link(files: &LabelledPair, result: &LinkResult) -> Inputs {
        let learned_before = matches!(result.model, Model::Learned(_)) && result.held_out.is_none();
        Inputs { learned_before, ..Inputs::of(files, &result.blank) }
    }

    /// The two files that another program's list is about.
    pub fn of_score(files: &LabelledPair, scored: &Scored) -> Inputs {
        Inputs::of(files, &scored.blank)
    }

    fn of(files: &LabelledPair, [blank_a, blank_b]: &[Vec<u64>; 2]) -> Inputs {
        let file = |file: &LabelledFile| InputFile {
            name: file.name.clone(),
            separated_by: file.separated_by.clone(),
            records: file.ids.len() as u64,
            ignored: file.ignored,
        };
        let blank = files.records.fields().iter().zip(blank_a.iter().zip(blank_b));
        Inputs {
            files: [file(&files.a), file(&files.b)],
            blank: blank.map(|(field, (&a, &b))| (field.name().to_string(), [a, b])).collect(),
            learned_before: false,
        }
    }
}

/// The names of the two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileNames {
    /// File A.
    pub a: String,
    /// File B.
    pub b: String,
}

impl FileNames {
    fn of(files: &LabelledPair) -> FileNames {
        FileNames { a: files.a.name.clone(), b: files.b.name.clone() }
    }
}

/// The point of a curve with the highest F1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BestF1 {
    /// The F1.
    pub f1: f64,
    /// Its precision.
    pub precision: Option<f64>,
    /// Its recall.
    pub recall: Option<f64>,
    /// Its threshold.
    pub threshold: f64,
    /// The assignment it belongs to.
    pub assignment: String,
}

impl BestF1 {
    fn of<T: Copy>(best: &experiment::BestF1<T>, number: impl Fn(T) -> f64) -> BestF1 {
        BestF1 {
            f1: best.f1,
            precision: best.precision.value(),
            recall: best.recall.value(),
            threshold: number(best.threshold),
            assignment: best.assignment.name().to_string(),
        }
    }
}

/// The records that share a value of a group column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LabelledGroup {
    /// Number of records.
    pub records: u64,
    /// Precision and recall of the pairs with such a record.
    pub rates: BTreeMap<RateId, Rate>,
}

/// Rates by group: by column, and where a column is one of both files, by the file too.
fn by_group(groups: &[GroupRates]) -> ByGroup<LabelledGroup> {
    let mut by_group: ByGroup<LabelledGroup> = IndexMap::new();
    let asked: BTreeSet<(&str, Dataset)> = groups.iter().map(|group| (group.column.as_str(), group.side)).collect();
    for group in groups {
        let of_both = [Dataset::A, Dataset::B].iter().all(|&side| asked.contains(&(&group.column, side)));
        let side = if group.side == Dataset::A { "a" } else { "b" };
        let name = if of_both { format!("{} in {side}", group.column) } else { group.column.clone() };
        let rates = BTreeMap::from([
            (RateId::Precision, Rate::of(&group.precision)),
            (RateId::Recall, Rate::of(&group.recall)),
        ]);
        let values = by_group.entry(name).or_default();
        values.insert(group.value.clone(), LabelledGroup { records: group.records, rates });
    }
    by_group
}

/// A rule that default blocking did not use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleLeftOut {
    /// The rule.
    pub rule: String,
    /// The pairs it would have added, as far as a sample tells.
    pub pairs_added: u64,
    /// The matches expected among them; null where it was not tried.
    pub expected_matches_added: Option<f64>,
}

fn left_out(rules: &[experiment::RuleLeftOut]) -> Vec<RuleLeftOut> {
    let of = |rule: &experiment::RuleLeftOut| RuleLeftOut {
        rule: rule.rule.to_string(),
        pairs_added: rule.pairs,
        expected_matches_added: rule.matches,
    };
    rules.iter().map(of).collect()
}
