//! The worth of each blocking rule for two labelled files.

use super::{RuleLeftOut, left_out};
use crate::bridge::LabelledPair;
use crate::experiment::link::{self, BlockingOfGroup, LinkResult};
use crate::results::{Rate, VERSION};
use crate::stats;
use serde::{Deserialize, Serialize};

/// The worth of each blocking rule for two labelled files: by rule, and by group who is lost.
///
/// *Reduction* is the share of all pairs that nobody need look at, *completeness* the share of the true pairs that are
/// among the candidates (M. G. Elfeky, V. S. Verykios, A. K. Elmagarmid (2002), "TAILOR").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BlockingResults {
    /// The version of this format.
    pub schema: BlockingSchema,
    /// The version of Namesake.
    pub version: String,
    /// All pairs of a record of A and one of B.
    pub all_pairs: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// The share of all pairs that it did not propose.
    pub reduction: f64,
    /// Of pairs that are one person, those it proposed.
    pub completeness: Rate,
    /// Each rule.
    pub rules: Vec<RuleWorth>,
    /// The rules that default blocking did not use.
    pub left_out: Vec<RuleLeftOut>,
    /// Completeness by group.
    pub by_group: Vec<GroupCompleteness>,
}

format_of! {
    BlockingResults:
    /// The format of [`BlockingResults`].
    BlockingSchema = "namesake.blocking/1"
}

/// The worth of one blocking rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleWorth {
    /// The rule.
    pub rule: String,
    /// Pairs that it proposes, whether another rule does as well or not.
    pub pairs: u64,
    /// Pairs that it was the first to propose.
    pub pairs_first: u64,
    /// Of pairs that are one person, those it proposes.
    pub completeness: Rate,
    /// Pairs of one person that it was the first to propose.
    pub true_first: u64,
    /// Pairs of its largest key.
    pub largest_block: u64,
    /// Keys that the limit on pairs left out.
    pub keys_left_out: u64,
    /// Records that the limit on pairs left out.
    pub records_left_out: u64,
}

/// The completeness of blocking for one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupCompleteness {
    /// The group column.
    pub column: String,
    /// Its value.
    pub value: String,
    /// Of the group's pairs that are one person, those proposed.
    pub completeness: Rate,
    /// The same for each rule alone.
    pub by_rule: Vec<Rate>,
}

impl BlockingResults {
    /// Measures each blocking rule on two labelled files.
    pub fn of(files: &LabelledPair, result: &LinkResult) -> BlockingResults {
        let all_true = files.truth.pairs();
        let all_pairs = result.counts.records_a * result.counts.records_b;
        let found: u64 = result.by_rule.iter().map(|rule| rule.true_pairs).sum();
        let candidate_pairs: u64 = result.by_rule.iter().map(|rule| rule.pairs).sum();
        let of_true = |rate: stats::Rate| Rate::without_interval(rate, "pairs that are one person");
        let rule = |rule: &link::RuleCounts| RuleWorth {
            rule: rule.rule.to_string(),
            pairs: rule.alone,
            pairs_first: rule.pairs,
            completeness: of_true(stats::Rate::new(rule.alone_true, all_true)),
            true_first: rule.true_pairs,
            largest_block: rule.largest,
            keys_left_out: rule.left_out.keys,
            records_left_out: rule.left_out.entries,
        };
        let group = |group: BlockingOfGroup| GroupCompleteness {
            column: group.column,
            value: group.value,
            completeness: of_true(group.found),
            by_rule: group.by_rule.into_iter().map(of_true).collect(),
        };
        BlockingResults {
            schema: BlockingSchema::First,
            version: VERSION.to_string(),
            all_pairs,
            candidate_pairs,
            reduction: 1.0 - candidate_pairs as f64 / all_pairs as f64,
            completeness: of_true(stats::Rate::new(found, all_true)),
            rules: result.by_rule.iter().map(rule).collect(),
            left_out: left_out(&result.rules_left_out),
            by_group: result.blocking_by_group(files).into_iter().map(group).collect(),
        }
    }
}
