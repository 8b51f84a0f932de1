//! The quality of another program's list.

use super::{BestF1, FileNames, LabelledGroup, by_group};
use crate::bridge::{Found, LabelledPair};
use crate::experiment::link::Scored;
use crate::notice::Notice;
use crate::results::{ByGroup, Point, Rate, VERSION};
use serde::{Deserialize, Serialize};

/// The quality of another program's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreResults {
    /// The version of this format.
    pub schema: ScoreSchema,
    /// The version of Namesake.
    pub version: String,
    /// The files.
    pub files: FileNames,
    /// Notices about the figures.
    pub notices: Vec<Notice>,
    /// The list.
    pub list: ListRead,
    /// Numbers of records and pairs.
    pub counts: ScoreCounts,
    /// The score from which a listed pair counts as matched; null for all of them.
    pub threshold: Option<f64>,
    /// The rates.
    pub rates: ScoreRates,
    /// The best point of the curve; null without scores.
    pub best_f1: Option<BestF1>,
    /// Rates by group column and value.
    pub by_group: ByGroup<LabelledGroup>,
    /// The threshold curve.
    pub curve: Vec<Point>,
}

format_of! {
    ScoreResults:
    /// The format of [`ScoreResults`].
    ScoreSchema = "namesake.score/1"
}

/// The reading of another program's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListRead {
    /// The program whose columns it has.
    pub columns_of: String,
    /// The column of scores; null where it has none.
    pub score: Option<String>,
    /// The column that says which pairs are matches; null where it has none.
    pub decided_by: Option<String>,
    /// The columns with the part that each plays, in this order: id, file, cluster, score, decision, row or not read.
    pub columns: Vec<ListColumn>,
    /// Lines left out: pairs within one file, or of records without truth.
    pub left_out: u64,
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListColumn {
    /// Its name.
    pub name: String,
    /// The part that it plays.
    pub read_as: String,
}

/// Numbers of records and pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreCounts {
    /// Records of file A.
    pub records_a: u64,
    /// Records of file B.
    pub records_b: u64,
    /// Records without truth that were left out, of both files.
    pub ignored: u64,
    /// All pairs across the files.
    pub pairs: u64,
    /// Pairs that are one person.
    pub true_pairs: u64,
    /// Pairs listed.
    pub listed_pairs: u64,
    /// Pairs listed that are one person.
    pub listed_true_pairs: u64,
    /// Pairs matched that are one person.
    pub returned_right: u64,
    /// Pairs matched that are two people.
    pub returned_wrong: u64,
    /// Pairs of one person that are not matched.
    pub missed: u64,
}

/// The rates of another program's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreRates {
    /// Of pairs matched, those that are one person.
    pub precision: Rate,
    /// Of pairs that are one person, those matched.
    pub recall: Rate,
    /// Of pairs that are two people, those matched.
    pub pair_false_match: Rate,
    /// Of pairs that are one person, those not listed at any score.
    pub not_listed: Rate,
}

impl ScoreResults {
    /// Measures another program's list.
    pub fn of(files: &LabelledPair, found: &Found, scored: &Scored) -> ScoreResults {
        ScoreResults {
            schema: ScoreSchema::First,
            version: VERSION.to_string(),
            files: FileNames::of(files),
            notices: scored.notices.clone(),
            list: ListRead {
                columns_of: found.format.name().to_string(),
                score: found.score.clone(),
                decided_by: found.decided_by.clone(),
                columns: found
                    .columns
                    .iter()
                    .map(|(name, role)| ListColumn { name: name.clone(), read_as: role.name().to_owned() })
                    .collect(),
                left_out: found.left_out,
            },
            counts: ScoreCounts {
                records_a: scored.records.0,
                records_b: scored.records.1,
                ignored: scored.records.2,
                pairs: scored.pairs,
                true_pairs: scored.true_pairs,
                listed_pairs: scored.listed.0,
                listed_true_pairs: scored.listed.1,
                returned_right: scored.right,
                returned_wrong: scored.wrong,
                missed: scored.missed(),
            },
            threshold: scored.threshold,
            rates: ScoreRates {
                precision: Rate::of(&scored.rates.precision),
                recall: Rate::of(&scored.rates.recall),
                pair_false_match: Rate::of(&scored.rates.pair_false_match),
                not_listed: Rate::of(&scored.rates.never_seen),
            },
            best_f1: scored.best_f1.as_ref().map(|best| BestF1::of(best, |threshold| threshold)),
            by_group: by_group(&scored.by_group),
            curve: scored.curve.iter().map(|point| Point::of(point, |threshold| threshold)).collect(),
        }
    }
}
