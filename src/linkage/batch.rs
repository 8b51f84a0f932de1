//! The batch driver: two whole files are joined, compared and scored at once.
//!
//! Labels come in as functions. Rules are counted by them, and a model that learns is taught by them; nothing else here
//! looks at them.

mod candidates;
mod choose;
mod order;
mod relatives;
mod sessions;
mod spec;

use super::assignment::ScoredPair;
use super::blocking::{BlockingRule, LeftOut, normal_fields, normal_form, source};
use super::comparison::{CodedComparer, Comparer, Evidence};
use super::decision::fellegi_sunter::{Chance, HouseholdGuard, MatchWeight, Training};
use super::decision::learned::Labelled;
use super::decision::{Model, Score};
use super::training::{Fitted, Seen};
use crate::record::Field;
use crate::record::coded::{Coded, Counts, change, each};
use candidates::Candidates;
pub use choose::RuleLeftOut;
pub use order::Keys;
use rustc_hash::FxHashMap;
pub use spec::{DEFAULT_MARGIN, LinkSpec, MAX_PAIRS_PER_KEY, MAX_PAIRS_PER_RULE, default_blocking};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

/// Pairs drawn at random to learn how alike unrelated people are, where the files make more pairs than this.
pub const RANDOM_PAIRS: u64 = 400_000;

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
    /// Keys and records that the guard left out.
    pub left_out: LeftOut,
}

/// The labels of two files.
pub struct Labels<S, P> {
    /// Tells whether a row of A and a row of B are one person.
    pub same: S,
    /// The number of the person of a row of A.
    pub person_of_a: P,
}

/// The result of [`run`].
#[derive(Debug)]
pub struct Linked {
    /// Every candidate pair with its score, by row of A, then of B.
    pub pairs: Vec<ScoredPair>,
    /// The blocking rules used, and what each proposed.
    pub by_rule: Vec<RuleCounts>,
    /// The rules of default blocking that were not used.
    pub rules_left_out: Vec<RuleLeftOut>,
    /// The model.
    pub fitted: Fitted,
    /// The rows of A on which errors are to be counted, where the model learned from the labels of the others; `None` for
    /// all.
    pub tested: Option<Vec<bool>>,
}

/// Links two files of normal forms: chooses blocking rules if the spec leaves that open, joins the files, compares the
/// candidates, trains the model and scores them.
pub fn run<S, P>(records: &Coded, counts: &Counts, keys: &Keys, spec: &LinkSpec, labels: &Labels<S, P>) -> Linked
where
    S: Fn(u32, u32) -> bool + Sync,
    P: Fn(usize) -> u32,
{
    let comparer = Comparer::new(&spec.model.comparisons, records.fields(), records.fields(), &spec.nicknames);
    let comparer = comparer.over(records);
    let known = Known::of(records, counts, keys, &comparer, spec);
    let (chosen, rules_left_out) = match spec.choose_rules {
        true => choose::choose(records, keys, spec, &known),
        false => (spec.blocking.clone(), Vec::new()),
    };
    let spec = &LinkSpec { blocking: chosen, ..spec.clone() };
    let Candidates { mut pairs, by_rule } = Candidates::of(records, &labels.same, spec);
    change(&mut pairs, |pairs| {
        let evidence = comparer.compare_all(&records.a, &records.b, pairs.iter().map(|pair| (pair.a, pair.b)));
        pairs.iter_mut().zip(evidence).for_each(|(pair, evidence)| pair.evidence = evidence);
    });
    let mut tested = None;
    let training = trained_on(records, counts, keys, &known, &pairs, &comparer, spec);
    let (of_a, of_b) = (records.a.len() as f64, records.b.len() as f64);
    let seen = Seen { training: &training, chances: &known.chances, pairs: of_a * of_b, matches: of_a.min(of_b) };
    let fitted = spec.model.fit(
        &seen,
        || sessions::of_rules(records, &pairs, spec),
        |base| {
            let share = spec.model.train_share().expect("a model that learns has a share");
            let learns = keys.trained_on(&labels.person_of_a, share);
            let base = Model::FellegiSunter(base.clone());
            let (scorer, mut labelled) = (Scorer::of(&base, records), Labelled::new());
            let parts: Vec<&[ScoredPair]> = pairs.chunks(COUNTED_AT_A_TIME).collect();
            let scores = each(&parts, |part| scorer.scores(part));
            for (pair, score) in pairs.iter().zip(scores.into_iter().flatten()).filter(|(p, _)| learns[p.a as usize]) {
                labelled.add(pair.evidence, score, (labels.same)(pair.a, pair.b));
            }
            tested = Some(learns.into_iter().map(|learns| !learns).collect());
            labelled
        },
    );
    drop(training);
    let scorer = Scorer::of(&fitted.model, records);
    change(&mut pairs, |pairs| {
        let scores = scorer.scores(pairs);
        pairs.iter_mut().zip(scores).for_each(|(pair, score)| pair.score = score);
    });
    Linked { pairs, by_rule, rules_left_out, fitted, tested }
}

/// Two files in normal form, and beside that the fields that are compared as recorded.
pub fn normal_forms(files: &Coded, recorded: &[Field]) -> Coded {
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
    weights: Vec<Option<(usize, Arc<[MatchWeight]>)>>,
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
            let weight = |(column, weights): &(usize, Arc<[MatchWeight]>)| weights[codes[*column] as usize];
            self.weights[comparison].as_ref().map_or(MatchWeight::default(), weight)
        };
        self.model.score_all(&evidence, of_value, &mut scores);
        scores
    }
}

/// Pairs that are counted at a time.
const COUNTED_AT_A_TIME: usize = 1 << 14;

/// Counts of equal items. They are added up elsewhere, so that the order of the table does not show.
fn counted<T: Hash + Eq>(items: impl Iterator<Item = T>) -> FxHashMap<T, u64> {
    let mut counts = FxHashMap::default();
    items.for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}

/// The counts that match weights are trained on; nothing where they are not trained.
fn trained_on(
    records: &Coded,
    counts: &Counts,
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
        relatives::count(records, counts, keys, comparer, spec, &mut training);
    }
    training
}

/// Counts of two files before any rule is applied; empty where no model is trained and no rule chosen.
#[derive(Default)]
struct Known {
    /// Pairs drawn at random, by their evidence.
    random: BTreeMap<Evidence, u64>,
    /// Agreement by chance, comparison by comparison.
    chances: Vec<Chance>,
}

impl Known {
    fn of(records: &Coded, counts: &Counts, keys: &Keys, comparer: &CodedComparer, spec: &LinkSpec) -> Known {
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
            known.chances = spec.model.chances(Chance::of(&spec.model.comparisons, records, counts));
        }
        known
    }
}
