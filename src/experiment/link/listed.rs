//! Notices about the scores and decisions of another program's list, beside the truth: [`notices`].

use crate::bridge::{Format, Found, FoundPair};
use crate::evaluation::CurvePoint;
use crate::notice::{Code, Notice, by_number};

/// The notices about a list. `same` says if a pair is one person, `threshold` from which score up a pair counts.
pub(super) fn notices(
    found: &Found,
    same: impl Fn(&FoundPair) -> bool,
    curve: &[CurvePoint<f64>],
    threshold: Option<f64>,
) -> Vec<Notice> {
    let score = found.score.as_deref().unwrap_or_default();
    let all = [
        left_out(found),
        upside_down(score, curve),
        threshold.and_then(|threshold| of_threshold(threshold, score, curve)),
        two_scales(score, curve),
        cut(found, score, curve),
        decided_as_known(found, same),
    ];
    all.into_iter().flatten().collect()
}

/// The notice that no matched pair is one person: the list may be of other files, or of rows in another order.
pub(super) fn nothing_right(matched: u64, right: u64) -> Option<Notice> {
    const FEWEST: u64 = 5;
    (right == 0 && matched >= FEWEST).then(|| {
        let sentence = format!(
            "None of {matched} matched pairs is one person. Check that the list is of these two files, that each id is of the \
             file it is read in, and that rows are counted from 1 in files that were not sorted since."
        );
        Notice::new(Code::NothingRight, sentence).counting(matched)
    })
}

/// The notice that half of the list or more was left out.
fn left_out(found: &Found) -> Option<Notice> {
    let (left_out, read) = (found.left_out, found.pairs.len() as u64);
    // Of clusters, records are left out.
    let is_of_pairs = found.format != Format::Clusters;
    (is_of_pairs && left_out > 0 && left_out >= read).then(|| {
        let sentence = format!(
            "{left_out} of {} listed pairs {} within one file, or of records without truth, and {} left out: only pairs across A \
             and B are measured. To measure repeats within a file, divide it in two.",
            left_out + read,
            by_number(left_out, "is", "are"),
            by_number(left_out, "was", "were"),
        );
        Notice::new(Code::PairsLeftOut, sentence).counting(left_out)
    })
}

/// The number of ways to choose some of so many, large numbers cut short.
fn ways(some: f64, others: f64) -> f64 {
    (0..some.min(others).min(60.0) as u32).map(|i| (some + others - f64::from(i)) / f64::from(i + 1)).product()
}

/// The notice that lower scores are right more often than higher ones.
fn upside_down(column: &str, curve: &[CurvePoint<f64>]) -> Option<Notice> {
    // Pairs of one person and another pair: the former scores higher in so many halves of them.
    let (mut halves, mut right, mut wrong) = (0.0, 0.0, 0.0);
    for point in curve {
        let (of_right, of_wrong) = (point.returned_right as f64 - right, point.returned_wrong as f64 - wrong);
        halves += of_wrong * (2.0 * right + of_right);
        (right, wrong) = (right + of_right, wrong + of_wrong);
    }
    /// Nearly all pairs are the other way round, as in one order of twenty by chance.
    const FEWEST_WAYS: f64 = 20.0;
    /// Standard errors of the share if scores say nothing, by H. B. Mann and D. R. Whitney (1947), "On a test of whether one
    /// of two random variables is stochastically larger than the other", Annals of Mathematical Statistics 18, 50–60.
    const FAR: f64 = 3.0;
    let share = halves / (2.0 * right * wrong);
    let error = libm::sqrt((right + wrong + 1.0) / (12.0 * right * wrong));
    let is_turned = share <= 0.1 && ways(right, wrong) >= FEWEST_WAYS;
    let is_told = is_turned || (share < 0.4 && 0.5 - share > FAR * error);
    is_told.then(|| {
        let sentence = format!(
            "Pairs of one person have lower scores in {column:?} than others: of two such pairs the right one scores higher in \
             {:.0} of 100. More has to mean more alike; of a distance, list the negative.",
            100.0 * share
        );
        Notice::new(Code::ScoresUpsideDown, sentence)
    })
}

/// The notice that a threshold leaves no pair out, or seems to be of another scale than the scores.
fn of_threshold(threshold: f64, column: &str, curve: &[CurvePoint<f64>]) -> Option<Notice> {
    let (highest, lowest) = (curve.first()?.threshold, curve.last()?.threshold);
    let are_whole = || curve.iter().all(|point| point.threshold.fract() == 0.0);
    // A list of the pairs from this threshold up begins a little above it.
    let is_other_scale = 0.0 < threshold && threshold < 1.0 && highest > 1.0;
    let begins_there = lowest - threshold <= 0.1 * (highest - lowest);
    let problem = if lowest >= threshold && begins_there && !is_other_scale {
        return None;
    } else if lowest >= threshold {
        "leaves no pair out"
    } else if is_other_scale && lowest >= 0.0 && are_whole() {
        "leaves out the pairs of score 0 alone"
    } else {
        return None;
    };
    let sentence = format!(
        "--threshold {threshold} {problem}: the scores in {column:?} are from {lowest} to {highest}. Check that it is on their \
         scale."
    );
    Some(Notice::new(Code::ThresholdIdle, sentence))
}

/// The notice that some scores are fractions and others per cent.
fn two_scales(column: &str, curve: &[CurvePoint<f64>]) -> Option<Notice> {
    /// Per cent are up to 100, and nearly none of a list are below 10.
    const PERCENT: [f64; 2] = [10.0, 100.0];
    const FEWEST: u64 = 2;
    let (highest, lowest) = (curve.first()?.threshold, curve.last()?.threshold);
    // A weight may be any number.
    let is_weight = ["weight", "odds", "llr"].iter().any(|word| column.to_lowercase().contains(word));
    if is_weight || highest > PERCENT[1] || lowest < 0.0 {
        return None;
    }
    let from = |least: f64| curve.partition_point(|point| point.threshold >= least);
    let returned =
        |points: usize| points.checked_sub(1).map_or(0, |last| curve[last].returned_right + curve[last].returned_wrong);
    let points = curve.partition_point(|point| point.threshold > 1.0);
    let (percent, fractions) = curve.split_at(points);
    let (least, most) = (percent.last()?.threshold, fractions.first()?.threshold);
    let between = fractions.iter().filter(|point| point.threshold.fract() > 0.0).count();
    let (of_percent, all) = (returned(points), returned(curve.len()));
    let of_fractions = all - of_percent;
    // Scores of one scale that are below 1 and above 10 have others between.
    let tens = returned(from(PERCENT[0]));
    let tenths = returned(from(PERCENT[0] / PERCENT[1])) - of_percent;
    // On one scale what is below 1 per cent is hardly ever right; on two it is as often as what is above 50.
    let counts = |[from, to]: [usize; 2]| {
        let returned = |points: usize| {
            points.checked_sub(1).map_or([0, 0], |last| [curve[last].returned_right, curve[last].returned_wrong])
        };
        let ([right, wrong], [before, wrong_before]) = (returned(to), returned(from));
        [right - before, wrong - wrong_before]
    };
    let of_either = [counts([points, from(0.5)]), counts([0, from(50.0)])];
    let share = |[right, wrong]: [u64; 2]| right as f64 / ((right + wrong) as f64).max(1.0);
    let are_alike = share(of_either[0]) * 2.0 >= share(of_either[1]);
    let are_right = of_either.iter().all(|&[right, wrong]| right > FEWEST && right > wrong);
    let is_told = (are_right || (of_percent - tens) * 4 <= tens.min(tenths))
        && percent[0].threshold > 50.0
        && most >= 0.5
        && percent.len() >= 2
        && between >= 2
        // A few rare matches of a bimodal score in per cent are below 1.
        && of_fractions * 10 >= all
        && of_percent >= FEWEST
        && of_percent * 50 >= all
        && are_alike;
    is_told.then(|| {
        let sentence = format!(
            "Of the scores in {column:?}, {of_fractions} are fractions from {lowest} to {most}, and {of_percent} are from {least} to \
             {highest}, as if they were per cent: one threshold cannot be of both. Write all on one scale."
        );
        Notice::new(Code::ScoresMixed, sentence).counting(of_fractions.min(of_percent))
    })
}

/// Returns `true` for a number at which lists are cut: one digit with zeros behind, or the most rows of a spreadsheet.
fn is_round(number: u64) -> bool {
    const OF_SPREADSHEETS: [u64; 4] = [65_535, 65_536, 1_048_575, 1_048_576];
    let tens = 10_u64.pow(number.checked_ilog10().unwrap_or(0));
    (number >= 100 && number.is_multiple_of(tens)) || OF_SPREADSHEETS.contains(&number)
}

/// The notice that a list may have been cut among pairs of one score.
fn cut(found: &Found, column: &str, curve: &[CurvePoint<f64>]) -> Option<Notice> {
    let listed = found.pairs.len() as u64 + found.left_out;
    let [.., before, last] = curve else { return None };
    let returned = |point: &CurvePoint<f64>| point.returned_right + point.returned_wrong;
    let tied = returned(last) - returned(before);
    (tied > 1 && is_round(listed)).then(|| {
        let sentence = format!(
            "The list has exactly {listed} pairs, and {tied} of them have its lowest score in {column:?}, {}. If it was cut \
             there, others of that score are missing by chance: list all of them or none.",
            last.threshold
        );
        Notice::new(Code::ListCut, sentence).counting(tied)
    })
}

/// The notice that the column of decisions says the truth of every pair.
fn decided_as_known(found: &Found, same: impl Fn(&FoundPair) -> bool) -> Option<Notice> {
    const FEWEST: usize = 3;
    let column = found.decided_by.as_ref()?;
    let (all, yes) = (found.pairs.len(), found.pairs.iter().filter(|pair| pair.is_match).count());
    let is_truth = yes >= FEWEST && all - yes >= FEWEST && found.pairs.iter().all(|pair| pair.is_match == same(pair));
    is_truth.then(|| {
        let sentence = format!(
            "The column {column:?} agrees with the truth on all {all} listed pairs, of which it says of {yes} that they are \
             matches. If it holds what is known and not what the program decided, name another with --matches, or write \
             --matches all."
        );
        Notice::new(Code::CopiesTruth, sentence).counting(all as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_at_round_numbers() {
        assert!([100, 500, 1_000, 20_000, 1_048_575, 65_536].into_iter().all(is_round));
        assert!(![0, 1, 10, 90, 101, 110, 150, 1_048_574].into_iter().any(is_round));
    }

    #[test]
    fn fractions_beside_per_cent_are_two_scales() {
        let of = |scores: &[f64]| {
            let point = |(place, &threshold): (usize, &f64)| CurvePoint {
                threshold,
                returned_right: place as u64 + 1,
                returned_wrong: 0,
                missed: 0,
            };
            two_scales("s", &scores.iter().enumerate().map(point).collect::<Vec<_>>())
                .map(|notice| notice.count.unwrap())
        };
        assert_eq!(of(&[97.0, 95.0, 0.93, 0.88]), Some(2));
        assert_eq!(of(&[100.0, 80.0, 62.5, 1.0, 0.9, 0.7]), Some(3));
        // Per cent below 10, since there are fractions below 0.1.
        assert_eq!(of(&[97.0, 90.0, 88.0, 60.0, 42.0, 4.0, 0.95, 0.9, 0.8, 0.62, 0.5, 0.03]), Some(6));
        for scores in [
            &[0.97, 0.95, 0.93][..],
            &[97.0, 95.0, 1.0, 0.0],
            &[97.0, 95.0, 4.2, 0.9, 0.8],
            &[25.5, 12.1, 0.7, 0.6],
            &[97.0, 95.0, 0.9, 0.8, -3.0],
            &[],
        ] {
            assert_eq!(of(scores), None, "{scores:?}");
        }
    }

    #[test]
    fn few_pairs_are_upside_down_only_where_that_is_hardly_chance() {
        let curve = |points: &[(f64, u64, u64)]| -> Vec<CurvePoint<f64>> {
            let (mut returned_right, mut returned_wrong) = (0, 0);
            let point = |&(threshold, right, wrong): &(f64, u64, u64)| {
                (returned_right, returned_wrong) = (returned_right + right, returned_wrong + wrong);
                CurvePoint { threshold, returned_right, returned_wrong, missed: 0 }
            };
            points.iter().map(point).collect()
        };
        for (points, is_told) in [
            (&[(0.9, 0, 4), (0.1, 8, 0)][..], true),
            (&[(0.9, 0, 3), (0.1, 3, 0)], true),
            (&[(0.9, 0, 1), (0.1, 20, 0)], true),
            (&[(0.9, 0, 1), (0.1, 8, 0)], false),
            (&[(0.9, 2, 2), (0.1, 6, 2)], false),
            (&[(0.9, 8, 0), (0.1, 0, 4)], false),
            // Of five wrong pairs a share of 0.3 is chance, of fifty it is none.
            (&[(0.9, 2, 3), (0.1, 8, 2)], false),
            (&[(0.9, 20, 30), (0.1, 80, 20)], true),
            (&[], false),
        ] {
            assert_eq!(upside_down("d", &curve(points)).is_some(), is_told, "{points:?}");
        }
    }
}
