//! The jackknife over clusters: the interval of whatever can be worked out from rates.

use super::{Contrast, Rate, student95};

/// Estimates from the sums of rates over clusters, each with its interval; `None` of an estimate that the sums do not
/// give, or would not without one of the clusters.
///
/// `clusters` has for each cluster what it adds to which of `cells` sums. With θ₍c₎ the estimate without cluster *c* of *C*
/// the variance is (C − 1)/C Σ (θ₍c₎ − θ)² (J. W. Tukey (1958), Annals of Mathematical Statistics 29, 614; over clusters:
/// J. N. K. Rao and J. Shao (1992), Biometrika 79, 811–822). Estimates from the same clusters share their luck, so a
/// difference of two is itself an estimate to be asked for, and its interval is a paired one. Student's t has
/// (Σ d²)² / Σ d⁴ degrees of freedom, d = θ₍c₎ − θ: few where few clusters make the difference.
pub fn jackknife(
    clusters: &[Vec<(usize, Rate)>],
    cells: usize,
    estimates: impl Fn(&[Rate]) -> Vec<Option<f64>>,
) -> Vec<Option<Contrast>> {
    let mut sums = vec![Rate::default(); cells];
    clusters.iter().flatten().for_each(|&(cell, rate)| sums[cell] = sums[cell].with(rate));
    let whole = estimates(&sums);
    let mut squares = vec![Some([0.0, 0.0]); whole.len()];
    for cluster in clusters {
        for &(cell, Rate { hits, trials }) in cluster {
            sums[cell] = Rate::new(sums[cell].hits - hits, sums[cell].trials - trials);
        }
        for ((sums, value), without) in squares.iter_mut().zip(&whole).zip(estimates(&sums)) {
            *sums = sums.zip(*value).zip(without).map(|(([two, four], value), without)| {
                let square = (without - value) * (without - value);
                [two + square, four + square * square]
            });
        }
        cluster.iter().for_each(|&(cell, rate)| sums[cell] = sums[cell].with(rate));
    }
    let count = clusters.len() as f64;
    let interval = |(value, squares): (Option<f64>, Option<[f64; 2]>)| {
        let (value, [two, four]) = value.zip(squares)?;
        let degrees = if four > 0.0 { two * two / four } else { 1.0 };
        let half = student95(degrees as u64) * libm::sqrt(two * (count - 1.0) / count);
        Some(Contrast { value, low: value - half, high: value + half })
    };
    whole.into_iter().zip(squares).map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jackknife_of_a_mean_is_the_textbook_standard_error() {
        // Ten clusters of one trial, five hits: s²/n is 0.25/9 · … = 5/18/10, and all d are alike: ten degrees of freedom.
        let clusters: Vec<Vec<(usize, Rate)>> = (0..10).map(|i| vec![(0, Rate::new(i % 2, 1))]).collect();
        let mean = jackknife(&clusters, 1, |sums| vec![sums[0].value()])[0].unwrap();
        let half = student95(10) * (5.0_f64 / 18.0 / 10.0).sqrt();
        assert!((mean.value - 0.5).abs() < 1e-12 && (mean.high - mean.value - half).abs() < 1e-12, "{mean:?}");
    }

    #[test]
    fn what_two_figures_share_has_no_part_in_their_difference() {
        let clusters: Vec<Vec<(usize, Rate)>> = (0..40)
            .map(|i| vec![(0, Rate::new(u64::from(i % 3 == 0), 1)), (1, Rate::new(u64::from(i % 3 == 0 || i == 7), 1))])
            .collect();
        let of = jackknife(&clusters, 2, |sums| {
            let [a, b] = [sums[0].value(), sums[1].value()];
            vec![a, b.zip(a).map(|(b, a)| b - a), sums[0].value().filter(|_| sums[1].trials == 40)]
        });
        let width = |i: usize| of[i].unwrap().high - of[i].unwrap().low;
        // One cluster makes the whole difference: one degree of freedom, and the interval says so.
        assert!((of[1].unwrap().value - 1.0 / 40.0).abs() < 1e-12 && of[1].unwrap().low < 0.0);
        assert!(width(1) < 2.2 * width(0), "{} {}", width(1), width(0));
        assert_eq!(of[2], None);
        let same = jackknife(&clusters, 2, |sums| vec![Some(sums[0].value().unwrap() - sums[0].value().unwrap())]);
        assert_eq!(same[0], Some(Contrast { value: 0.0, low: 0.0, high: 0.0 }));
    }
}
