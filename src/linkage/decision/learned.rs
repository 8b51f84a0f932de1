//! Models trained on labels: logistic regression and gradient boosted trees. They are the ceiling, not the method: no
//! agency that sends a list has the answers to train on.
//!
//! Both see what a [`FellegiSunter`] model sees and its score besides, so that what they add is what labels add. Both
//! give a score in millibits of log₂ odds that is the exact sum of integer terms: a logistic model has a weight for
//! each level, a tree hands every step down from its root to the comparison that decided the step (A. Saabas (2014);
//! the steps of a path sum to its leaf).
//!
//! Training is the same every time: nothing is sampled, and pairs of the same evidence are counted together in order.

use super::{FellegiSunter, Score, Term};
use crate::linkage::comparison::Evidence;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A labelled pair's evidence and its score without labels, in tenths of a bit.
pub type Seen = (Evidence, i16);

/// Labelled pairs, counted: how many were two people and how many one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labelled(BTreeMap<Seen, [u64; 2]>);

impl Labelled {
    /// No pair yet.
    pub fn new() -> Labelled {
        Labelled::default()
    }

    /// Counts a pair with the score that a model without labels gave it.
    pub fn add(&mut self, evidence: Evidence, base: Score, one_person: bool) {
        self.0.entry((evidence, tenths(base))).or_default()[usize::from(one_person)] += 1;
    }

    /// Adds the pairs that were counted elsewhere.
    pub fn merge(&mut self, other: &Labelled) {
        for (seen, [two, one]) in &other.0 {
            let counts = self.0.entry(*seen).or_default();
            *counts = [counts[0] + two, counts[1] + one];
        }
    }
}

/// Beyond 30 bits more makes no difference.
fn tenths(score: Score) -> i16 {
    (score.0.clamp(-30_000, 30_000) / 100) as i16
}

/// The kind of model that is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learner {
    /// Logistic regression with a ridge of one pair to a weight.
    Logistic,
    /// Gradient boosting of [`TREES`] trees of depth [`DEPTH`].
    Boosted,
}

/// Trees of a boosted model.
pub const TREES: usize = 150;
/// Splits from the root of a tree to a leaf.
pub const DEPTH: usize = 3;
/// The part of each tree's step that is taken.
pub const SHRINKAGE: f64 = 0.15;
/// Pairs' worth of doubt that hold back each weight and each leaf.
pub const RIDGE: f64 = 1.0;

/// A model trained on labels.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model whose score it begins with.
    pub base: FellegiSunter,
    /// The correction learned from labels.
    pub form: Form,
}

/// The form of a correction learned from labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Form {
    /// A weight for each level.
    Logistic {
        /// The value from which every pair starts, in millibits.
        start: i32,
        /// Millibits for each tenth of a bit of the score without labels.
        per_tenth: i32,
        /// For each comparison the millibits of a missing value and of each level.
        levels: Vec<Vec<i32>>,
    },
    /// Trees whose leaves sum.
    Boosted {
        /// The value from which every pair starts, in millibits.
        start: i32,
        /// The trees.
        trees: Vec<Vec<Node>>,
    },
}

/// A node of a tree; the first of a tree is its root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its contribution as a leaf, in millibits.
    pub value: i32,
    /// The split that sends a pair on; `None` for a leaf.
    pub split: Option<Split>,
}

/// A question with two answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The comparison; one past the last for the score without labels.
    pub feature: u8,
    /// The level (0 missing, 1 the lowest), or tenths of a bit, from which a pair goes to the upper branch.
    pub at_least: i16,
    /// The node for no.
    pub no: u16,
    /// The node for yes.
    pub yes: u16,
}

/// The value of a feature: one more than the level, 0 where it is missing; past the last, the score in tenths.
fn feature(seen: &Seen, feature: usize) -> i16 {
    if feature < seen.0.len() { seen.0.level(feature).map_or(0, |level| i16::from(level) + 1) } else { seen.1 }
}

impl Learned {
    /// The score of a pair to which the model without labels gives `base`.
    pub fn score(&self, evidence: &Evidence, base: Score) -> Score {
        let seen = (*evidence, tenths(base));
        Score(match &self.form {
            Form::Logistic { start, per_tenth, levels } => {
                let weights = levels.iter().enumerate().map(|(i, weights)| weights[feature(&seen, i) as usize]);
                start + per_tenth * i32::from(seen.1) + weights.sum::<i32>()
            }
            Form::Boosted { start, trees } => {
                start + trees.iter().map(|tree| leaf(tree, &seen, |_, _| {})).sum::<i32>()
            }
        })
    }

    /// The terms of the score; they sum to it exactly.
    pub fn terms(&self, evidence: &Evidence, base: Score) -> Vec<Term> {
        let seen = (*evidence, tenths(base));
        let mut by_feature = vec![0; evidence.len() + 1];
        let start = match &self.form {
            Form::Logistic { start, per_tenth, levels } => {
                for (i, weights) in levels.iter().enumerate() {
                    by_feature[i] = weights[feature(&seen, i) as usize];
                }
                by_feature[evidence.len()] = per_tenth * i32::from(seen.1);
                *start
            }
            Form::Boosted { start, trees } => {
                let mut roots = 0;
                for tree in trees {
                    roots += tree[0].value;
                    leaf(tree, &seen, |feature, step| by_feature[feature] += step);
                }
                start + roots
            }
        };
        let mut terms = vec![Term { name: "start".to_owned(), level: String::new(), value: start }];
        for (i, parameters) in self.base.parameters().iter().enumerate() {
            let level = evidence.level(i).map_or("missing", |level| parameters.labels[usize::from(level)].as_str());
            terms.push(Term { name: parameters.name.clone(), level: level.to_owned(), value: by_feature[i] });
        }
        let level = format!("{base} without labels");
        terms.push(Term { name: "match weight".to_owned(), level, value: by_feature[evidence.len()] });
        terms
    }
}

/// The leaf that a pair comes to; `step` sees what each split on the way added.
fn leaf(tree: &[Node], seen: &Seen, mut step: impl FnMut(usize, i32)) -> i32 {
    let mut node = &tree[0];
    while let Some(split) = node.split {
        let yes = feature(seen, usize::from(split.feature)) >= split.at_least;
        let next = &tree[usize::from(if yes { split.yes } else { split.no })];
        step(usize::from(split.feature), next.value - node.value);
        node = next;
    }
    node.value
}

/// Trains on labelled pairs what `base` does not know.
pub fn learn(learner: Learner, labelled: &Labelled, base: &FellegiSunter) -> Learned {
    let form = match learner {
        Learner::Logistic => logistic(labelled, base),
        Learner::Boosted => boosted(labelled, base),
    };
    Learned { base: base.clone(), form }
}

fn millibits(log_odds: f64) -> i32 {
    (1000.0 * log_odds / std::f64::consts::LN_2).round_ties_even().clamp(-1e6, 1e6) as i32
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Newton's method with a ridge (S. le Cessie, J. C. van Houwelingen (1992), "Ridge estimators in logistic
/// regression").
fn logistic(labelled: &Labelled, base: &FellegiSunter) -> Form {
    // Columns: the start, the score without labels in bits, and each level of each comparison but the lowest.
    let sizes: Vec<usize> = base.parameters().iter().map(|parameters| parameters.labels.len()).collect();
    let mut offsets = Vec::new();
    let mut width = 2;
    for size in &sizes {
        offsets.push(width);
        width += size;
    }
    // Missing has the first column of a comparison, level 1 the second; level 0 has none.
    let column = |i: usize, value: i16| match value {
        0 => Some(offsets[i]),
        1 => None,
        level => Some(offsets[i] + level as usize - 1),
    };
    let rows: Vec<(Vec<usize>, f64, [f64; 2])> = labelled
        .0
        .iter()
        .map(|(seen, counts)| {
            let columns = (0..sizes.len()).filter_map(|i| column(i, feature(seen, i))).collect();
            (columns, f64::from(seen.1) / 10.0, counts.map(|n| n as f64))
        })
        .collect();
    let mut weights = vec![0.0; width];
    for _ in 0..60 {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| -RIDGE * weight).collect();
        gradient[0] = 0.0;
        let mut hessian = vec![vec![0.0; width]; width];
        (0..width).for_each(|i| hessian[i][i] = if i == 0 { 1e-9 } else { RIDGE });
        for (columns, bits, [wrong, right]) in &rows {
            let x = weights[0] + weights[1] * bits + columns.iter().map(|&column| weights[column]).sum::<f64>();
            let p = sigmoid(x);
            let (slope, curve) = (right - (right + wrong) * p, (right + wrong) * p * (1.0 - p));
            let entries: Vec<(usize, f64)> =
                [(0, 1.0), (1, *bits)].into_iter().chain(columns.iter().map(|&column| (column, 1.0))).collect();
            for &(i, x) in &entries {
                gradient[i] += slope * x;
                for &(j, y) in &entries {
                    hessian[i][j] += curve * x * y;
                }
            }
        }
        let step = solve(hessian, gradient);
        let largest = step.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
        // Far from the answer Newton's steps may be too long.
        let scale = if largest > 4.0 { 4.0 / largest } else { 1.0 };
        weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += scale * step);
        if largest < 1e-9 {
            break;
        }
    }
    let levels = sizes.iter().enumerate().map(|(i, &size)| {
        (0..=size as i16).map(|value| column(i, value).map_or(0, |column| millibits(weights[column]))).collect()
    });
    Form::Logistic { start: millibits(weights[0]), per_tenth: millibits(weights[1] / 10.0), levels: levels.collect() }
}

/// Solves a positive definite system by Cholesky's method.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for j in 0..n {
        for k in 0..j {
            for i in j..n {
                matrix[i][j] -= matrix[i][k] * matrix[j][k];
            }
        }
        let root = matrix[j][j].max(1e-12).sqrt();
        (j..n).for_each(|i| matrix[i][j] /= root);
    }
    for i in 0..n {
        let known: f64 = (0..i).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right
}

/// Gradient boosting with Newton steps (J. H. Friedman (2001), "Greedy function approximation: a gradient boosting
/// machine"; the gain of T. Chen and C. Guestrin (2016), "XGBoost").
fn boosted(labelled: &Labelled, base: &FellegiSunter) -> Form {
    let features = base.parameters().len() + 1;
    let pairs: Vec<(&Seen, [f64; 2])> =
        labelled.0.iter().map(|(seen, counts)| (seen, counts.map(|n| n as f64))).collect();
    let (wrong, right) = pairs.iter().fold((0.5, 0.5), |(wrong, right), (_, n)| (wrong + n[0], right + n[1]));
    let start = millibits(libm::log(right / wrong));
    let mut scores: Vec<i32> = vec![start; pairs.len()];
    let mut trees = Vec::new();
    for _ in 0..TREES {
        let slopes: Vec<(f64, f64)> = pairs
            .iter()
            .zip(&scores)
            .map(|((_, [wrong, right]), &score)| {
                let p = sigmoid(f64::from(score) / 1000.0 * std::f64::consts::LN_2);
                (right - (right + wrong) * p, (right + wrong) * p * (1.0 - p))
            })
            .collect();
        let mut tree = Vec::new();
        grow(&mut tree, &pairs, &slopes, (0..pairs.len()).collect(), features, DEPTH);
        scores.iter_mut().zip(&pairs).for_each(|(score, (seen, _))| *score += leaf(&tree, seen, |_, _| {}));
        trees.push(tree);
    }
    Form::Boosted { start, trees }
}

/// Adds a node for these pairs, and below it what splitting them gains; gives its place.
fn grow(
    tree: &mut Vec<Node>,
    pairs: &[(&Seen, [f64; 2])],
    slopes: &[(f64, f64)],
    members: Vec<usize>,
    features: usize,
    depth: usize,
) -> u16 {
    let sums = members.iter().fold((0.0, 0.0), |sum, &i| (sum.0 + slopes[i].0, sum.1 + slopes[i].1));
    let here = tree.len() as u16;
    tree.push(Node { value: millibits(SHRINKAGE * sums.0 / (sums.1 + RIDGE)), split: None });
    if depth == 0 {
        return here;
    }
    let gain_of = |(slope, curve): (f64, f64)| slope * slope / (curve + RIDGE);
    let mut best: Option<(f64, usize, i16)> = None;
    for f in 0..features {
        let mut by_value: BTreeMap<i16, (f64, f64)> = BTreeMap::new();
        for &i in &members {
            let sum = by_value.entry(feature(pairs[i].0, f)).or_default();
            *sum = (sum.0 + slopes[i].0, sum.1 + slopes[i].1);
        }
        let mut below = (0.0, 0.0);
        let mut values = by_value.into_iter();
        let Some((_, mut at)) = values.next() else { continue };
        for (value, next) in values {
            below = (below.0 + at.0, below.1 + at.1);
            at = next;
            let above = (sums.0 - below.0, sums.1 - below.1);
            let gain = gain_of(below) + gain_of(above) - gain_of(sums);
            if gain > 1e-6 && best.is_none_or(|(most, ..)| gain > most) {
                best = Some((gain, f, value));
            }
        }
    }
    if let Some((_, f, at_least)) = best {
        let (yes, no): (Vec<usize>, Vec<usize>) =
            members.into_iter().partition(|&i| feature(pairs[i].0, f) >= at_least);
        let no = grow(tree, pairs, slopes, no, features, depth - 1);
        let yes = grow(tree, pairs, slopes, yes, features, depth - 1);
        tree[usize::from(here)].split = Some(Split { feature: f as u8, at_least, no, yes });
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::comparison::{Comparison, ComparisonKind};
    use crate::linkage::decision::fellegi_sunter::{Parameters, Priors, Shared};
    use crate::record::Field;

    fn base() -> FellegiSunter {
        let parameters = [Field::Surname, Field::GivenName].map(|field| {
            let comparison = Comparison::new(ComparisonKind::Exact { field: field.into() });
            let half = vec![0.5, 0.5];
            let (name, labels) = (comparison.name.clone(), comparison.labels());
            let shared = Shared::ByNobody;
            Parameters {
                name,
                labels,
                given: None,
                m: half.clone(),
                h: half.clone(),
                r: half.clone(),
                t: half.clone(),
                u: half,
                shared,
                frequencies: None,
            }
        });
        FellegiSunter::new(Priors { person: 0.5, household: 0.0, relatives: 0.0, twins: 0.0 }, parameters.to_vec())
    }

    /// Pairs whose odds are known: 9 to 1 where both agree, 1 to 9 where one does, 1 to 729 else; even where one is
    /// missing.
    fn labelled() -> Labelled {
        let mut labelled = Labelled::new();
        for (levels, right, wrong) in [
            ([Some(1), Some(1)], 9_000, 1_000),
            ([Some(1), Some(0)], 1_000, 9_000),
            ([Some(0), Some(1)], 1_000, 9_000),
            ([Some(0), Some(0)], 100, 72_900),
            ([None, Some(1)], 5_000, 5_000),
        ] {
            (0..right).for_each(|_| labelled.add(Evidence::new(&levels), Score(0), true));
            (0..wrong).for_each(|_| labelled.add(Evidence::new(&levels), Score(0), false));
        }
        labelled
    }

    #[test]
    fn trees_find_the_odds_that_made_the_labels_and_terms_sum() {
        for learner in [Learner::Boosted, Learner::Logistic] {
            let model = learn(learner, &labelled(), &base());
            for (levels, odds) in [
                ([Some(1), Some(1)], 9.0),
                ([Some(1), Some(0)], 1.0 / 9.0),
                ([Some(0), Some(0)], 1.0 / 729.0),
                ([None, Some(1)], 1.0),
            ] {
                let evidence = Evidence::new(&levels);
                let score = model.score(&evidence, Score(0));
                let terms = model.terms(&evidence, Score(0));
                assert_eq!(terms.iter().map(|term| term.value).sum::<i32>(), score.0);
                assert!((score.bits() - libm::log2(odds)).abs() < 0.2, "{learner:?} {levels:?} {score}");
            }
            assert_eq!(model.form, learn(learner, &labelled(), &base()).form);
        }
    }

    #[test]
    fn a_system_of_equations_is_solved() {
        let x = solve(vec![vec![4.0, 2.0], vec![2.0, 3.0]], vec![2.0, 5.0]);
        assert!((x[0] + 0.5).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12, "{x:?}");
    }

    #[test]
    fn without_labels_there_is_still_a_model() {
        for learner in [Learner::Boosted, Learner::Logistic] {
            let model = learn(learner, &Labelled::new(), &base());
            assert_eq!(model.score(&Evidence::new(&[Some(1), None]), Score(0)), Score(0));
        }
    }
}
