//! The result of a link of two labelled files: [`LinkResult`].

use crate::bridge::{LabelledPair, PairRow};
use crate::evaluation::{CurvePoint, Measured};
use crate::experiment::explain::Explanation;
use crate::linkage::Assignment;
use crate::linkage::assignment::ScoredPair;
use crate::linkage::batch::{LinkSpec, RuleCounts, RuleLeftOut};
use crate::linkage::blocking::normalise_with;
use crate::linkage::comparison::{Comparer, Comparison, Evidence};
use crate::linkage::decision::fellegi_sunter::{Restarts, Trained};
use crate::linkage::decision::saved::{History, Saved};
use crate::linkage::decision::{Model, Score};
use crate::notice::Notice;
use crate::record::coded::Dataset;
use crate::record::{RecordId, Records};
use crate::stats::Rate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts of records and pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkCounts {
    /// Records of file A.
    pub records_a: u64,
    /// Records of file B.
    pub records_b: u64,
    /// Records without truth that were left out, of both files.
    pub ignored: u64,
    /// All pairs of a record of A and one of B.
    pub pairs: u64,
    /// Pairs that are one person.
    pub true_pairs: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// Those among them that are one person.
    pub candidate_true_pairs: u64,
    /// Pairs matched that are one person.
    pub returned_right: u64,
    /// Pairs matched that are two.
    pub returned_wrong: u64,
    /// Pairs matched of which another pair with the same score could as well have been taken: a hash of the record ids
    /// decided.
    pub tied: u64,
}

/// The rates of matched pairs, each with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct PairRates {
    /// Right among pairs matched.
    pub precision: Measured,
    /// Pairs matched among those that are one person.
    pub recall: Measured,
    /// Pairs matched among those that are two persons.
    pub pair_false_match: Measured,
    /// Pairs never looked at, or not listed, among those that are one person.
    pub never_seen: Measured,
}

/// The threshold of the highest F1; the highest such threshold of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestF1<T = Score> {
    /// The F1.
    pub f1: f64,
    /// Its precision.
    pub precision: Rate,
    /// Its recall.
    pub recall: Rate,
    /// Its threshold.
    pub threshold: T,
    /// The assignment it belongs to.
    pub assignment: Assignment,
}

/// The rates of the records that share a value of a group column.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRates {
    /// The group column.
    pub column: String,
    /// The file it is in.
    pub side: Dataset,
    /// The value.
    pub value: String,
    /// Records of that value.
    pub records: u64,
    /// Right among pairs matched that have such a record.
    pub precision: Measured,
    /// Pairs matched among those with such a record that are one person.
    pub recall: Measured,
}

/// The candidate pairs to which a model gave a probability within one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// The pairs, and how many of them are one person.
    pub right: Rate,
    /// The mean of the probabilities given.
    pub given: f64,
}

/// The result of [`link`](super::link).
#[derive(Clone, Debug)]
pub struct LinkResult {
    /// Counts of records and pairs.
    pub counts: LinkCounts,
    /// The rates.
    pub rates: PairRates,
    /// The threshold used.
    pub threshold: Score,
    /// The assignment used.
    pub assignment: Assignment,
    /// One point for each score that occurs, falling, for that assignment.
    pub curve: Vec<CurvePoint>,
    /// The best point of the curve; `None` without any true pair among the candidates.
    pub best_f1: Option<BestF1>,
    /// Rates by group, columns in the order of the spec, values sorted.
    pub by_group: Vec<GroupRates>,
    /// The blocking rules and what they proposed.
    pub by_rule: Vec<RuleCounts>,
    /// The rules of default blocking that were not used.
    pub rules_left_out: Vec<RuleLeftOut>,
    /// All candidate pairs with their scores, by row of A, then of B.
    pub pairs: Vec<ScoredPair>,
    /// The model.
    pub model: Model,
    /// The training; `None` for models that somebody wrote or saved.
    pub training: Option<Trained>,
    /// The training that a saved model reports.
    pub trained_before: Option<History>,
    /// The ends of EM from other starts, if the spec asked for them.
    pub restarts: Option<Restarts>,
    /// Records of file A on which errors were counted, where the others were trained on.
    pub held_out: Option<u64>,
    /// Candidate pairs by tenths of the probability that the model gave them; empty where it gives none.
    pub calibration: Vec<Tenth>,
    /// The comparisons whose levels the evidence holds.
    pub comparisons: Vec<Comparison>,
    /// Blank cells of A, and of B, by field.
    pub blank: [Vec<u64>; 2],
    /// Notices about the figures and the files.
    pub notices: Vec<Notice>,
}

impl LinkResult {
    /// Every scored pair as other tools list them.
    pub fn pair_rows<'r>(&'r self, files: &'r LabelledPair) -> impl Iterator<Item = PairRow<'r>> {
        self.pairs.iter().map(|pair| PairRow {
            unique_id_l: files.a.ids.get(pair.a as usize),
            unique_id_r: files.b.ids.get(pair.b as usize),
            match_weight: pair.score.bits(),
            match_probability: self.model.probability(pair.score).map(|probability| probability.get()),
        })
    }

    /// The terms of the score of a record of A and one of B.
    pub fn explain(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> Explanation {
        let proposed = self.pairs.iter().find(|pair| (pair.a as usize, pair.b as usize) == (a, b));
        let (evidence, of_a) = self.compared(files, spec, a, b);
        Explanation {
            route: "link".to_owned(),
            proposed_by: proposed.map(|pair| self.by_rule[usize::from(pair.rule)].rule.to_string()),
            levels: evidence.named(&self.comparisons),
            terms: self.model.terms(&evidence, &of_a, 0),
            score: self.model.score(&evidence, &of_a, 0),
            threshold: self.threshold,
        }
    }

    /// The evidence about a record of A and one of B, and the normal form of the first.
    pub(super) fn compared(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> (Evidence, Records) {
        let fields = files.records.fields();
        let [a, b] = [files.records.a.get(a), files.records.b.get(b)].map(|codes| {
            let cells: Vec<&str> = files.records.texts(codes).collect();
            let mut record = Records::new(fields);
            record.push(RecordId(0), &cells);
            normalise_with(&record, &spec.recorded())
        });
        let comparer = Comparer::new(&self.comparisons, a.fields(), b.fields(), &spec.nicknames);
        (comparer.compare(&a, 0, &b, 0), a)
    }
}

/// The records of one group that are lost at blocking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockingOfGroup {
    /// The group column.
    pub column: String,
    /// The value.
    pub value: String,
    /// True pairs of such a record that any rule proposes.
    pub found: Rate,
    /// Those that each rule is the first to propose.
    pub by_rule: Vec<Rate>,
}

impl LinkResult {
    /// The completeness of blocking by the groups of file A.
    pub fn blocking_by_group(&self, files: &LabelledPair) -> Vec<BlockingOfGroup> {
        let partners = files.truth.partners();
        let mut all = Vec::new();
        for (column, values) in &files.a.groups {
            let mut groups: BTreeMap<&str, (u64, Vec<u64>)> = BTreeMap::new();
            let none = || (0, vec![0; self.by_rule.len()]);
            for (value, partners) in values.iter().zip(&partners) {
                groups.entry(value).or_insert_with(none).0 += partners;
            }
            for pair in self.pairs.iter().filter(|pair| files.truth.same(pair.a as usize, pair.b as usize)) {
                if let Some((_, by_rule)) = groups.get_mut(values.get(pair.a as usize)) {
                    by_rule[usize::from(pair.rule)] += 1;
                }
            }
            all.extend(groups.into_iter().map(|(value, (trials, by_rule))| BlockingOfGroup {
                column: column.clone(),
                value: value.to_owned(),
                found: Rate::new(by_rule.iter().sum(), trials),
                by_rule: by_rule.into_iter().map(|found| Rate::new(found, trials)).collect(),
            }));
        }
        all
    }

    /// The model as it can be saved; `None` for a model of somebody's own.
    pub fn saved(&self, spec: &LinkSpec) -> Option<Saved> {
        let training = self.training.as_ref().map(History::of).or_else(|| self.trained_before.clone());
        let saved = Saved::of(&self.model, &self.comparisons, spec.threshold.map(Score::bits))?;
        Some(Saved { training, ..saved })
    }
}
