//! Two labelled files, matched and measured: [`link`].
//!
//! The same stages as in a simulation, in the same order, on records somebody brings. Nothing is trained on the labels;
//! they are read at the end, to count.

mod candidates;
mod check;
mod choose;
mod flips;
mod found;
mod measure;
mod notices;
mod order;
mod relatives;
mod sessions;
mod spec;

use super::explain::Explanation;
use crate::bridge::{LabelledPair, PairRow, Side};
use crate::evaluation::CurvePoint;
pub use crate::linkage::assignment::ScoredPair;
use crate::linkage::blocking::{BlockingRule, LeftOut, normal_fields, normal_form, normalise_with, source};
use crate::linkage::comparison::{CodedComparer, Comparer, Comparison, Evidence};
use crate::linkage::decision::fellegi_sunter::{Chance, HouseholdGuard, Restarts, Trained, Training, ValueWeight};
use crate::linkage::decision::learned::Labelled;
use crate::linkage::decision::saved::{History, Saved};
use crate::linkage::decision::{Model, Score};
use crate::linkage::{Assignment, Fitted, Seen};
use crate::notice::Notice;
use crate::record::coded::{Coded, change, each};
use crate::record::{Field, RecordId, Records};
use crate::stats::Rate;
use candidates::Candidates;
pub use check::{Checked, CheckedField, Persons, check};
pub use choose::{RuleLeftOut, default_blocking};
pub use flips::Flip;
pub use found::{Scored, score};
use measure::measure;
use order::Keys;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
pub use spec::LinkSpec;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

/// Pairs drawn at random to learn how alike unrelated people are, where the files make more pairs than this.
pub const RANDOM_PAIRS: u64 = 400_000;

/// A blocking key that makes more pairs than this is left out, and counted.
pub const MAX_PAIRS_PER_KEY: u64 = 1_000_000;

/// Where a blocking rule makes more pairs than this, its largest keys are left out, and counted: the pairs of a link
/// are held in memory.
pub const MAX_PAIRS_PER_RULE: u64 = 10_000_000;

/// The margin of [`Assignment::BestMargin`] unless said otherwise: odds of eight to one over the second best. Assumed.
pub const DEFAULT_MARGIN: i32 = 3_000;

/// How many of what there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl LinkCounts {
    /// Right among pairs matched.
    pub fn precision(&self) -> Rate {
        Rate::new(self.returned_right, self.returned_right + self.returned_wrong)
    }

    /// Pairs matched among those that are one person.
    pub fn recall(&self) -> Rate {
        Rate::new(self.returned_right, self.true_pairs)
    }

    /// Pairs matched among those that are two persons.
    pub fn pair_false_match(&self) -> Rate {
        Rate::new(self.returned_wrong, self.pairs - self.true_pairs)
    }

    /// True pairs that no blocking rule proposed.
    pub fn lost_at_blocking(&self) -> Rate {
        Rate::new(self.true_pairs - self.candidate_true_pairs, self.true_pairs)
    }
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRates {
    /// The group column.
    pub column: String,
    /// The file it is in.
    pub side: Side,
    /// The value.
    pub value: String,
    /// Records of that value.
    pub records: u64,
    /// Right among pairs matched that have such a record.
    pub precision: Rate,
    /// Pairs matched among those with such a record that are one person.
    pub recall: Rate,
}

/// One blocking rule and what it was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCounts {
    /// The rule.
    pub rule: BlockingRule,
    /// Pairs that it was the first to propose.
    pub pairs: u64,
    /// Those among them that are one person.
    pub true_pairs: u64,
    /// Pairs that it proposes, whether another rule did before or not.
    pub alone: u64,
    /// Those among them that are one person.
    pub alone_true: u64,
    /// Pairs that its largest key makes.
    pub largest: u64,
    /// What the guard left out.
    pub left_out: LeftOut,
}

/// The candidate pairs to which a model gave a probability within one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// How many, and how many of them are one person.
    pub right: Rate,
    /// The mean of the probabilities given.
    pub given: f64,
}

/// The result of [`link`].
#[derive(Clone, Debug)]
pub struct LinkResult {
    /// How many of what.
    pub counts: LinkCounts,
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
    /// How it was trained; `None` for models that somebody wrote or saved.
    pub training: Option<Trained>,
    /// How a saved model says that it was trained.
    pub trained_before: Option<History>,
    /// Where EM ended from other starts, if the spec asked for them.
    pub restarts: Option<Restarts>,
    /// Records of file A on which errors were counted, where the others were trained on.
    pub held_out: Option<u64>,
    /// Candidate pairs by tenths of the probability that the model gave them; empty where it gives none.
    pub calibration: Vec<Tenth>,
    /// The comparisons whose levels the evidence holds.
    pub comparisons: Vec<Comparison>,
    /// Blank cells of A, and of B, by field.
    pub blank: [Vec<u64>; 2],
    /// What to know about the figures, the files among them.
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

    /// Why a record of A and one of B scored as they did.
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
    fn compared(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> (Evidence, Records) {
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

/// Who is lost at blocking, of the records of one group.
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

/// Matches two labelled files and measures the errors.
pub fn link(files: &LabelledPair, spec: &LinkSpec) -> LinkResult {
    let records = normal_forms(&files.records, &spec.recorded());
    let comparer = Comparer::new(&spec.model.comparisons, records.fields(), records.fields(), &spec.nicknames);
    let comparer = comparer.over(&records);
    let keys = Keys::of(files);
    let known = Known::of(&records, &keys, &comparer, spec);
    let (chosen, rules_left_out) = match spec.choose_rules {
        true => choose::choose(&records, &keys, spec, &known),
        false => (spec.blocking.clone(), Vec::new()),
    };
    let spec = &LinkSpec { blocking: chosen, ..spec.clone() };
    let Candidates { mut pairs, by_rule } = Candidates::of(&records, &files.truth, spec);
    change(&mut pairs, |pairs| {
        let evidence = comparer.compare_all(&records.a, &records.b, pairs.iter().map(|pair| (pair.a, pair.b)));
        pairs.iter_mut().zip(evidence).for_each(|(pair, evidence)| pair.evidence = evidence);
    });
    let mut tested = None;
    let training = trained_on(&records, &keys, &known, &pairs, &comparer, spec);
    let (of_a, of_b) = (records.a.len() as f64, records.b.len() as f64);
    let seen = Seen { training: &training, chances: &known.chances, pairs: of_a * of_b, matches: of_a.min(of_b) };
    let fitted = spec.model.fit(
        &seen,
        || sessions::of_rules(&records, &pairs, spec),
        |base| {
            let learns =
                keys.trained_on(&files.truth, spec.model.train_share().expect("a model that learns has a share"));
            let base = Model::FellegiSunter(base.clone());
            let (scorer, mut labelled) = (Scorer::of(&base, &records), Labelled::new());
            let parts: Vec<&[ScoredPair]> = pairs.chunks(COUNTED_AT_A_TIME).collect();
            let scores = each(&parts, |part| scorer.scores(part));
            for (pair, score) in pairs.iter().zip(scores.into_iter().flatten()).filter(|(p, _)| learns[p.a as usize]) {
                labelled.add(pair.evidence, score, files.truth.same(pair.a as usize, pair.b as usize));
            }
            tested = Some(learns.into_iter().map(|learns| !learns).collect());
            labelled
        },
    );
    drop(training);
    let scorer = Scorer::of(&fitted.model, &records);
    change(&mut pairs, |pairs| {
        let scores = scorer.scores(pairs);
        pairs.iter_mut().zip(scores).for_each(|(pair, score)| pair.score = score);
    });
    let blank = check::blank(&records, files.records.fields().len());
    let candidates = Candidates { pairs, by_rule };
    measure(files, blank, spec, &keys, candidates, Decided { fitted, tested }, rules_left_out)
}

/// Two files in normal form, and beside that the fields that are compared as recorded.
fn normal_forms(files: &Coded, recorded: &[Field]) -> Coded {
    if recorded.is_empty() {
        return files.mapped(normal_form);
    }
    let column = |form: Field| source(files.fields(), &form).map(|column| (form, column));
    let columns: Vec<(Field, usize)> = normal_fields(files.fields(), recorded).into_iter().filter_map(column).collect();
    files.with_columns(&columns).mapped(normal_form)
}

/// A model that scores pairs of rows.
struct Scorer<'m> {
    model: &'m Model,
    records: &'m Coded,
    /// The term-frequency adjustment of each value, by comparison and code.
    weights: Vec<Option<(usize, Arc<[ValueWeight]>)>>,
}

impl<'m> Scorer<'m> {
    fn of(model: &'m Model, records: &'m Coded) -> Scorer<'m> {
        let of_comparison = |&comparison: &usize| {
            let weights = model.weights()?;
            let column = records.column(weights.by_value(comparison)?)?;
            Some((column, weights.weights_of_values(comparison, records.values(column))))
        };
        let comparisons: Vec<usize> = (0..model.weights().map_or(0, |weights| weights.parameters().len())).collect();
        Scorer { model, records, weights: each(&comparisons, of_comparison) }
    }

    /// The scores of pairs, in their order.
    fn scores(&self, pairs: &[ScoredPair]) -> Vec<Score> {
        let evidence: Vec<Evidence> = pairs.iter().map(|pair| pair.evidence).collect();
        let mut scores = Vec::with_capacity(pairs.len());
        let of_value = |pair: usize, comparison: usize| {
            let codes = self.records.a.get(pairs[pair].a as usize);
            let weight = |(column, weights): &(usize, Arc<[ValueWeight]>)| weights[codes[*column] as usize];
            self.weights[comparison].as_ref().map_or(ValueWeight::default(), weight)
        };
        self.model.score_all(&evidence, of_value, &mut scores);
        scores
    }
}

/// A model, and on which rows of A its errors are to be counted; all where that is `None`.
struct Decided {
    fitted: Fitted,
    tested: Option<Vec<bool>>,
}

/// Pairs that are counted at a time.
const COUNTED_AT_A_TIME: usize = 1 << 16;

/// How often each comes. The counts are added up elsewhere, so that the order of the table does not show.
fn counted<T: Hash + Eq>(items: impl Iterator<Item = T>) -> FxHashMap<T, u64> {
    let mut counts = FxHashMap::default();
    items.for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}

/// The counts that match weights are trained on; nothing where they are not trained.
fn trained_on(
    records: &Coded,
    keys: &Keys,
    known: &Known,
    candidates: &[ScoredPair],
    comparer: &CodedComparer,
    spec: &LinkSpec,
) -> Training {
    let mut training = Training::new();
    if !spec.model.trains() {
        return training;
    }
    let parts: Vec<&[ScoredPair]> = candidates.chunks(COUNTED_AT_A_TIME).collect();
    for counts in each(&parts, |part| counted(part.iter().map(|pair| (pair.evidence, pair.rule)))) {
        counts.into_iter().for_each(|((evidence, rule), times)| training.add_times(evidence, rule, times));
    }
    known.random.iter().for_each(|(&evidence, &times)| training.add_random_times(evidence, times));
    if spec.model.household_guard == HouseholdGuard::On {
        relatives::count(records, keys, comparer, spec, &mut training);
    }
    training
}

/// What two files tell before any rule looks at them; nothing where no model is trained and no rule chosen.
#[derive(Default)]
struct Known {
    /// Of pairs drawn at random how many show each evidence.
    random: BTreeMap<Evidence, u64>,
    /// What chance makes agree, comparison by comparison.
    chances: Vec<Chance>,
}

impl Known {
    fn of(records: &Coded, keys: &Keys, comparer: &CodedComparer, spec: &LinkSpec) -> Known {
        let trains = spec.model.trains() || spec.choose_rules;
        let mut known = Known::default();
        if trains {
            // The draws need no seed of the user's: they settle no fate, and one answer is better than many.
            let drawn = keys.random_pairs(RANDOM_PAIRS);
            let parts: Vec<&[(u32, u32)]> = drawn.chunks(COUNTED_AT_A_TIME).collect();
            let compared = |part: &[(u32, u32)]| comparer.compare_all(&records.a, &records.b, part.iter().copied());
            for counts in each(&parts, |part| counted(compared(part).into_iter())) {
                counts.into_iter().for_each(|(evidence, times)| *known.random.entry(evidence).or_default() += times);
            }
        }
        if trains || spec.model.wants_chances() {
            known.chances = spec.model.chances(Chance::of(&spec.model.comparisons, records));
        }
        known
    }
}

// The tests read files.
#[cfg(test)]
#[cfg(feature = "cli")]
mod tests;
