//! Inference in a toy world whose answers are known in closed form.
//!
//! Two numbers are drawn evenly, x from −2 to 2 and y from −1 to 1, and two more, v and w. Figures are shares whose
//! logits are sums of these, each seen through a binomial count. Of a figure whose logit is x, published with a standard
//! error s, the posterior of x is normal about the figure with deviation s, cut off at −2 and 2.

use super::aims::{Aim, Near};
use super::conclusion::{Conclusion, Known, conclude};
use super::draws::{Draws, Row};
use super::posterior::{Along, Rates};
use super::proposal::{Proposal, normal};
use super::space::{Dimension, Drawn, Range, Space};
use crate::random::{Decision, Seed};
use crate::scenario::Shape;
use crate::stats::{Weighted, Z95, expit, logit};

const POINT: Decision = Decision::named("toy.point");
const COUNT: Decision = Decision::named("toy.count");
const TRUTH: Decision = Decision::named("toy.truth");

const TRIALS: u64 = 400;
/// The standard error of published figures.
const S: f64 = 0.2;

/// The figures: the published one, the quantity of interest, and what could be asked for, with the logits' weights of x, y,
/// v and w, and a constant.
const FIGURES: [(&str, [f64; 5]); 6] = [
    ("recall", [1.0, 0.0, 0.0, 0.0, 0.0]),
    ("wrong_among_answers", [0.5, 1.0, 0.3, 0.0, -2.5]),
    ("requests_with_number / requests", [0.0, 1.0, 0.0, 0.0, 0.0]),
    ("requested_on_file / requests", [0.0, 1.0, 1.0, 0.0, 0.0]),
    ("answered_several / answered", [0.0, 0.3, 0.0, 0.6, 0.0]),
    ("answered / requests", [0.0, 0.0, 0.0, 1.0, 0.0]),
];

fn space() -> Space {
    let dimension = |(key, end): (&str, f64)| {
        let range = Range { key: key.into(), ends: [-end, end], shape: Shape::Uniform, whole: false };
        Dimension { key: key.into(), source: "a toy".into(), drawn: Drawn::Number(range) }
    };
    Space::new([("x", 2.0), ("y", 1.0), ("v", 1.0), ("w", 1.0)].map(dimension).to_vec())
}

/// The logit of a figure at a point of the cube.
fn logit_of(weights: &[f64; 5], point: &[f64]) -> f64 {
    let values = [4.0 * point[0] - 2.0, 2.0 * point[1] - 1.0, 2.0 * point[2] - 1.0, 2.0 * point[3] - 1.0, 1.0];
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

fn counted(seed: Seed, row: u64, point: &[f64]) -> Row {
    let count = |(number, (_, weights)): (usize, &(&str, [f64; 5]))| {
        let mut stream = seed.stream(COUNT.about(number as u64), row);
        let share = expit(logit_of(weights, point));
        [(0..TRIALS).filter(|_| stream.chance(share)).count() as u64, TRIALS]
    };
    Row { row, records: 1, counts: FIGURES.iter().enumerate().map(count).collect() }
}

fn draws(seed: Seed, n: u64) -> Draws {
    let points: Vec<Vec<f64>> = (0..n).map(|i| (0..4).map(|d| seed.even(POINT, i, d)).collect()).collect();
    Draws {
        figures: FIGURES.map(|(name, _)| name.to_string()).to_vec(),
        rows: points.iter().zip(0..).map(|(point, row)| counted(seed, row, point)).collect(),
        weights: vec![1.0; points.len()],
        points,
    }
}

/// A figure published with the standard error `error`.
fn aim(measure: &str, at: f64, error: f64) -> Aim {
    let range = [at - Z95 * error, at + Z95 * error].map(expit);
    Aim { name: measure.into(), measure: measure.into(), value: expit(at), range, at_records: None }
}

fn concluded(draws: &Draws, aims: &[Aim]) -> Conclusion {
    conclude(&space(), draws, aims, &[], "wrong_among_answers", Seed(1))
}

/// The width of the interval of the quantity of interest, as a logit.
fn width(conclusion: &Conclusion) -> f64 {
    let [low, high] = conclusion.quantities[0].posterior.most.map(logit);
    high - low
}

#[test]
fn a_posterior_known_in_closed_form_is_recovered() {
    let draws = draws(Seed(1), 4_000);
    for at in [-0.8, 0.0, 1.1] {
        let found = concluded(&draws, &[aim("recall", at, S)]);
        let x = found.assumed.iter().find(|one| one.key == "x").unwrap();
        let Known::Number(_, _, x) = &x.known else { panic!("{x:?}") };
        assert!((x.median - at).abs() < 0.05, "{at}: {x:?}");
        let deviation = (x.most[1] - x.most[0]) / (2.0 * 1.644_854);
        assert!((deviation / S - 1.0).abs() < 0.15, "{at}: {deviation}");
        // The quantity: its logit is x/2 + y + 0.3 v − 2.5, of which y and v stay as they were.
        let mut exact: Vec<(f64, f64)> = Vec::new();
        for i in 0..20_000 {
            let [a, b, y, v] = [0, 1, 2, 3].map(|d| Seed(2).even(POINT, i, d));
            let normal = libm::sqrt(-2.0 * libm::log(a)) * libm::cos(2.0 * std::f64::consts::PI * b);
            exact.push((0.5 * (at + S * normal) + (2.0 * y - 1.0) + 0.3 * (2.0 * v - 1.0) - 2.5, 1.0));
        }
        let exact = Weighted::new(exact).summary().unwrap();
        let quantity = found.quantities[0].posterior.map(logit);
        assert!((quantity.median - exact.median).abs() < 0.12, "{at}: {quantity:?} {exact:?}");
        let (wide, true_wide) = (quantity.most[1] - quantity.most[0], exact.most[1] - exact.most[0]);
        assert!((wide / true_wide - 1.0).abs() < 0.12, "{at}: {wide} {true_wide}");
        // What the figure says nothing of stays as it was.
        let w = found.assumed.iter().find(|one| one.key == "w").unwrap();
        assert!(!w.informed() && found.assumed[0].key == "x" && found.assumed[0].informed(), "{:?}", found.assumed);
        assert!(found.targets[0].within() && found.pressed.is_empty() && found.meet > 100);
    }
}

#[test]
fn ranks_of_true_values_are_uniform_and_intervals_cover() {
    // S. Talts et al. (2018), "Validating Bayesian inference algorithms with simulation-based calibration".
    const SETS: u64 = 200;
    let draws = draws(Seed(1), 2_000);
    let (mut bins, mut covered) = ([[0_u64; 10]; 2], [0_u64; 2]);
    for set in 0..SETS {
        let mut stream = Seed(3).stream(TRUTH, set);
        let point: Vec<f64> = (0..4).map(|_| stream.uniform()).collect();
        let published = logit_of(&FIGURES[0].1, &point) + S * normal(&mut stream);
        let near = Near::of(&[aim("recall", published, S)], &draws, Seed(1), draws.keep());
        let Along::Number(x) = Along::of(&space().dimensions[0], 0, &draws, &near) else { panic!("x is a number") };
        let rates = Rates::of(&draws, &near, "wrong_among_answers", Seed(1)).unwrap();
        let truths = [(x, logit(point[0])), (rates.adjusted, logit_of(&FIGURES[1].1, &point))];
        for (which, (values, truth)) in truths.into_iter().enumerate() {
            let below = values.iter().zip(&near.kept.weights).filter(|(value, _)| **value < truth);
            let rank = below.map(|(_, weight)| weight).sum::<f64>() / near.kept.weights.iter().sum::<f64>();
            covered[which] += u64::from((0.05..=0.95).contains(&rank));
            bins[which][((rank * 10.0) as usize).min(9)] += 1;
        }
    }
    for which in 0..2 {
        let expected = SETS as f64 / 10.0;
        let chi: f64 = bins[which].iter().map(|n| (*n as f64 - expected) * (*n as f64 - expected) / expected).sum();
        // Of 9 degrees of freedom 21.67 is exceeded once in a hundred.
        assert!(chi < 21.67, "{chi}: {:?}", bins[which]);
        let share = covered[which] as f64 / SETS as f64;
        assert!((0.85..=0.95).contains(&share), "{which}: {share}");
    }
}

#[test]
fn what_is_said_to_narrow_most_does_when_it_becomes_known() {
    let draws = draws(Seed(1), 6_000);
    let base = aim("recall", 0.3, S);
    let before = concluded(&draws, std::slice::from_ref(&base));
    let asked: Vec<(&str, f64)> = before
        .ask
        .iter()
        .filter(|asked| FIGURES.iter().any(|(name, _)| *name == asked.what))
        .map(|asked| (asked.what.as_str(), asked.narrows))
        .collect();
    let order: Vec<&str> = asked.iter().map(|(what, _)| *what).collect();
    assert_eq!(order[..2], ["requests_with_number / requests", "requested_on_file / requests"], "{asked:?}");
    assert_eq!(order[3], "answered / requests", "{asked:?}");
    let narrowed: Vec<f64> = order
        .iter()
        .map(|what| {
            let with = concluded(&draws, &[base.clone(), aim(what, 0.0, 0.05)]);
            1.0 - width(&with) / width(&before)
        })
        .collect();
    assert!(narrowed[0] > narrowed[1] + 0.05 && narrowed[1] > narrowed[2].max(narrowed[3]), "{narrowed:?} {asked:?}");
    assert!((narrowed[0] - asked[0].1).abs() < 0.25, "{narrowed:?} {asked:?}");
}

#[test]
fn a_figure_out_of_reach_is_said_to_be_and_the_range_that_keeps_from_it_is_named() {
    let draws = draws(Seed(1), 2_000);
    let found = concluded(&draws, &[aim("recall", 5.0, S)]);
    assert_eq!((found.meet, found.pressed[0].key.as_str(), found.pressed[0].towards.as_str()), (0, "x", "upper end"));
    let target = &found.targets[0];
    assert!(!target.within() && target.nearest.unwrap() < 0.95, "{target:?}");
    // The other way round: what is held out is predicted by what is used.
    let held =
        conclude(&space(), &draws, &[aim("recall", 0.5, S)], &[aim("wrong_among_answers", -2.2, S)], "recall", Seed(1));
    let held = &held.targets[1];
    assert!(!held.used && held.within(), "{held:?}");
}

#[test]
fn draws_of_a_proposal_count_by_the_mixture_and_the_posterior_is_the_same() {
    let mut both = draws(Seed(1), 2_000);
    let at = aim("recall", -1.4, 0.1);
    let near = Near::of(std::slice::from_ref(&at), &both, Seed(1), both.keep());
    let accepted: Vec<(&[f64], f64)> =
        near.kept.draws.iter().zip(&near.kept.weights).map(|(draw, w)| (&both.points[*draw][..], *w)).collect();
    let proposal = Proposal::near(&accepted).unwrap();
    let moved: Vec<Vec<f64>> = (2_000..4_000)
        .map(|row| {
            let even = (0..4).map(|d| Seed(1).even(POINT, row, d)).collect();
            proposal.moved(even, &mut Seed(4).stream(POINT, row))
        })
        .collect();
    both.rows.extend(moved.iter().zip(2_000..).map(|(point, row)| counted(Seed(1), row, point)));
    both.points.extend(moved);
    both.weights = both.points.iter().map(|point| 2.0 / (1.0 + proposal.density(point))).collect();
    let (once, twice) = (concluded(&draws(Seed(1), 4_000), std::slice::from_ref(&at)), concluded(&both, &[at]));
    assert!(twice.reach < once.reach / 2.0, "{} {}", twice.reach, once.reach);
    let [a, b] = [once, twice].map(|found| found.quantities[0].posterior.map(logit));
    assert!((a.median - b.median).abs() < 0.15 && (a.most[0] - b.most[0]).abs() < 0.25, "{a:?} {b:?}");
}
