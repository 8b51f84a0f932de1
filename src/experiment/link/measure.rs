//! Scored pairs counted against the truth: which are matched, the curve, the groups, the calibration.

use super::notices::notices;
use super::persons::{ByPerson, MATCHED, ONE_PERSON};
use super::result::{BestF1, GroupRates, LinkCounts, LinkResult, Tenth};
use crate::bridge::LabelledPair;
use crate::evaluation::CurvePoint;
use crate::linkage::assignment::{Chosen, ScoredPair, assigned};
use crate::linkage::batch::{Keys, LinkSpec, Linked};
use crate::linkage::decision::{Model, Score};
use crate::linkage::{Assignment, Fitted, ModelSource};
use crate::record::coded::{Dataset, both, each};
use crate::stats::Rate;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Applies the assignment and the threshold to scored pairs and counts what is right.
pub(super) fn measure(
    files: &LabelledPair,
    blank: [Vec<u64>; 2],
    spec: &LinkSpec,
    keys: &Keys,
    Linked { pairs, by_rule, rules_left_out, fitted, tested }: Linked,
) -> LinkResult {
    let Fitted { model, training, restarts } = fitted;
    // Whether each pair is one person: looked up once, since rows of B lie far apart in memory.
    let right = || each(&pairs, |pair| files.truth.same(pair.a as usize, pair.b as usize));
    let is_tested = |row: u32| tested.as_ref().is_none_or(|tested| tested[row as usize]);
    let threshold = spec.threshold.unwrap_or_else(|| model.default_threshold());
    let assigned = || {
        let key = |pair: &ScoredPair| keys.of_pair(pair.a, pair.b);
        let mut assigned = assigned(&pairs, spec.assignment, spec.margin, spec.floor, key);
        if tested.is_some() {
            assigned.retain(|chosen| is_tested(pairs[chosen.pair as usize].a));
        }
        assigned
    };
    let (right, assigned) = both(right, assigned);
    let true_pairs = match &tested {
        None => files.truth.pairs(),
        Some(tested) => files.truth.partners().iter().zip(tested).filter(|(_, tested)| **tested).map(|(n, _)| n).sum(),
    };
    let returned = || assigned.iter().filter(|chosen| chosen.at(&pairs, threshold)).map(|chosen| chosen.pair as usize);
    let of_candidates = || {
        let mut candidates = Rate::default();
        let counted = pairs.iter().zip(&right).filter(|(pair, _)| is_tested(pair.a));
        counted.for_each(|(_, &right)| candidates.count(right));
        candidates
    };
    let of_matched = || {
        let matched: Vec<(u32, u32)> = returned().map(|pair| (pairs[pair].a, pairs[pair].b)).collect();
        let persons = ByPerson::of(files, &matched);
        (matched, persons)
    };
    let ((matched, persons), ((curve, returned_right), (calibration, candidates))) = both(of_matched, || {
        let returned_right = || returned().filter(|&pair| right[pair]).count() as u64;
        both(
            || (curve(&pairs, &assigned, &right, true_pairs), returned_right()),
            || (calibration(&pairs, &model, |pair| is_tested(pair.a), &right), of_candidates()),
        )
    });
    let all_pairs = files.a.ids.len() as u64 * files.b.ids.len() as u64;
    let held_out = tested.as_ref().map(|tested| tested.iter().filter(|&&tested| tested).count() as u64);
    let counts = LinkCounts {
        records_a: files.a.ids.len() as u64,
        records_b: files.b.ids.len() as u64,
        ignored: files.a.ignored + files.b.ignored,
        pairs: held_out.map_or(all_pairs, |rows| rows * files.b.ids.len() as u64),
        true_pairs,
        candidate_pairs: candidates.trials,
        candidate_true_pairs: candidates.hits,
        returned_right,
        returned_wrong: matched.len() as u64 - returned_right,
        tied: assigned.iter().filter(|chosen| chosen.tied && chosen.at(&pairs, threshold)).count() as u64,
    };
    // Candidate pairs of the records that were learned from.
    let learned = tested.as_ref().map(|tested| {
        let of = pairs.iter().zip(&right).filter(|(pair, _)| !tested[pair.a as usize]);
        of.fold([0, 0], |mut counts, (_, &right)| {
            counts[usize::from(!right)] += 1;
            counts
        })
    });
    let seen = pairs.iter().zip(&right).filter(|(pair, right)| **right && is_tested(pair.a)).map(|(pair, _)| pair.a);
    let mut result = LinkResult {
        notices: Vec::new(),
        blank,
        counts,
        rates: persons.rates(files, &matched, seen, is_tested, counts.pairs),
        threshold,
        assignment: spec.assignment,
        best_f1: best_f1(&curve, true_pairs, spec.assignment),
        curve,
        by_group: by_group(files, &matched, &persons, is_tested),
        by_rule,
        rules_left_out,
        calibration,
        pairs,
        model,
        training,
        trained_before: match &spec.model.source {
            ModelSource::Saved(saved) => saved.training.clone(),
            _ => None,
        },
        restarts,
        held_out,
        comparisons: spec.model.comparisons.clone(),
    };
    result.notices = notices(files, spec, &result, &matched, learned);
    result
}

/// Pairs by tenths of their probability.
fn calibration(
    pairs: &[ScoredPair],
    model: &Model,
    counted: impl Fn(&ScoredPair) -> bool,
    right: &[bool],
) -> Vec<Tenth> {
    // Scores in their order, so that sums do not depend on the order of the pairs.
    let mut by_score: FxHashMap<Score, Rate> = FxHashMap::default();
    let counted = pairs.iter().zip(right).filter(|(pair, _)| counted(pair));
    counted.for_each(|(pair, &right)| by_score.entry(pair.score).or_default().count(right));
    let mut by_score: Vec<(Score, Rate)> = by_score.into_iter().collect();
    by_score.sort_unstable_by_key(|(score, _)| *score);
    let mut tenths = vec![Tenth::default(); 10];
    for (score, right) in by_score {
        let Some(p) = model.probability(score).map(|probability| probability.get()) else { return Vec::new() };
        let tenth = &mut tenths[((p * 10.0) as usize).min(9)];
        tenth.right = Rate::new(tenth.right.hits + right.hits, tenth.right.trials + right.trials);
        tenth.given += p * right.trials as f64;
    }
    for tenth in tenths.iter_mut().filter(|tenth| tenth.right.trials > 0) {
        tenth.given /= tenth.right.trials as f64;
    }
    tenths
}

fn curve(pairs: &[ScoredPair], assigned: &[Chosen], right: &[bool], true_pairs: u64) -> Vec<CurvePoint> {
    // What comes in at a threshold, and what goes out: right, wrong.
    let mut by_score: FxHashMap<Score, [i64; 2]> = FxHashMap::default();
    for chosen in assigned {
        let pair = &pairs[chosen.pair as usize];
        let side = usize::from(!right[chosen.pair as usize]);
        if chosen.above != Some(pair.score) {
            by_score.entry(pair.score).or_default()[side] += 1;
            if let Some(above) = chosen.above {
                by_score.entry(above).or_default()[side] -= 1;
            }
        }
    }
    let (mut returned_right, mut returned_wrong) = (0, 0);
    let point = |(threshold, [right, wrong]): (Score, [i64; 2])| {
        returned_right += right;
        returned_wrong += wrong;
        let (right, wrong) = (returned_right as u64, returned_wrong as u64);
        CurvePoint { threshold, returned_right: right, returned_wrong: wrong, missed: true_pairs - right }
    };
    let mut by_score: Vec<(Score, [i64; 2])> = by_score.into_iter().collect();
    by_score.sort_unstable_by_key(|(threshold, _)| std::cmp::Reverse(*threshold));
    by_score.into_iter().map(point).collect()
}

pub(super) fn best_f1<T: Copy>(curve: &[CurvePoint<T>], true_pairs: u64, assignment: Assignment) -> Option<BestF1<T>> {
    let mut best: Option<&CurvePoint<T>> = None;
    for point in curve.iter().filter(|point| point.returned_right > 0) {
        if best.is_none_or(|best| point.f1() > best.f1()) {
            best = Some(point);
        }
    }
    best.map(|point| BestF1 {
        f1: point.f1(),
        precision: Rate::new(point.returned_right, point.returned_right + point.returned_wrong),
        recall: Rate::new(point.returned_right, true_pairs),
        threshold: point.threshold,
        assignment,
    })
}

/// Rates by group of the pairs that were matched, by their rows.
pub(super) fn by_group(
    files: &LabelledPair,
    matched: &[(u32, u32)],
    persons: &ByPerson,
    is_tested: impl Fn(u32) -> bool,
) -> Vec<GroupRates> {
    /// The hits and trials that the records of a group add to its rates, by their units.
    #[derive(Default)]
    struct Group {
        records: u64,
        precision: Vec<(usize, Rate)>,
        recall: Vec<(usize, Rate)>,
    }
    let mut all = Vec::new();
    for (side, file) in [(Dataset::A, &files.a), (Dataset::B, &files.b)] {
        if file.groups.is_empty() {
            continue;
        }
        let partners = if side == Dataset::A { files.truth.partners() } else { files.truth.partners_of_b() };
        let unit = |row: usize| if side == Dataset::A { row } else { persons.of_b(row) };
        for (column, values) in &file.groups {
            let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
            for (row, (value, partners)) in values.iter().zip(&partners).enumerate() {
                if side == Dataset::A && !is_tested(row as u32) {
                    continue;
                }
                let group = groups.entry(value).or_default();
                group.records += 1;
                group.recall.push((unit(row), Rate::new(0, *partners)));
            }
            for &(a, b) in matched {
                let row = if side == Dataset::A { a } else { b } as usize;
                let Some(group) = groups.get_mut(values.get(row)) else { continue };
                let right = u64::from(files.truth.same(a as usize, b as usize));
                group.precision.push((unit(row), Rate::new(right, 1)));
                group.recall.push((unit(row), Rate::new(right, 0)));
            }
            all.extend(groups.into_iter().map(|(value, group)| GroupRates {
                column: column.clone(),
                side,
                value: value.to_owned(),
                records: group.records,
                precision: persons.measured(group.precision.into_iter(), MATCHED),
                recall: persons.measured(group.recall.into_iter(), ONE_PERSON),
            }));
        }
    }
    all
}
