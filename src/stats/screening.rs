//! Many factors of a share and few events in each experiment: a folded two-level design in which every effect is averaged
//! over all experiments, judged against columns that stand for nothing.

use super::exact::{beta_below, t_beyond, t_quantile};
use super::{Interval, Rate};

/// The share of false discoveries that is accepted among the factors told.
const FALSE_DISCOVERIES: f64 = 0.05;
/// With fewer hits in all experiments together nothing is told.
const FEWEST: u64 = 10;
/// The chance to tell an effect of the size that is called visible.
const POWER: f64 = 0.8;

/// A folded Plackett–Burman design: every experiment has each factor at one of two levels, and each also occurs with all
/// levels exchanged, so that no effect of one factor is mixed up with how two of them act together.
///
/// R. L. Plackett and J. P. Burman (1946), "The design of optimum multifactorial experiments", Biometrika 33, 305–325;
/// the folding is that of G. E. P. Box and K. B. Wilson (1951), Journal of the Royal Statistical Society B 13, 1–45. The
/// matrix is that of R. E. A. C. Paley (1933), "On orthogonal matrices", Journal of Mathematics and Physics 12, 311–320.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// Columns, a prime that leaves 3 when divided by 4, and one more.
    columns: usize,
    /// For each remainder by the prime, `true` if it is a square.
    square: Vec<bool>,
}

impl Folded {
    /// The smallest design with so many columns at least.
    pub fn new(columns: usize) -> Folded {
        let is_prime = |n: usize| (2..).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
        let prime = (3..).step_by(4).find(|&n| n + 1 >= columns && is_prime(n)).expect("there is always a greater one");
        let mut square = vec![false; prime];
        (1..prime).for_each(|root| square[root * root % prime] = true);
        Folded { columns: prime + 1, square }
    }

    /// Its columns; those without a factor stand for nothing.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Its experiments.
    pub fn experiments(&self) -> usize {
        2 * self.columns
    }

    /// `true` if an experiment has a column at its upper level.
    pub fn upper(&self, experiment: usize, column: usize) -> bool {
        let (row, folded) = (experiment % self.columns, experiment >= self.columns);
        let prime = self.square.len();
        let upper = match (row, column) {
            (0, _) => true,
            (_, 0) => false,
            (row, column) if row == column => true,
            (row, column) => self.square[(prime + column - row) % prime],
        };
        upper != folded
    }
}

/// The effect of a factor: the share at its upper level, in units of that at its lower.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The ratio of the shares of all experiments with the one level and of all with the other.
    pub times: f64,
    /// Its 95 % interval, of this factor alone.
    pub interval: Interval,
    /// The chance of so strong an effect from luck and from how other factors act together.
    pub p: f64,
    /// `true` if it is told from that, among all factors together.
    pub told: bool,
}

/// The effects that a folded design shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// The effect of each factor.
    pub effects: Vec<Effect>,
    /// Columns that stand for nothing, from which the error is taken.
    pub dummies: usize,
    /// The error of the logarithm of an effect.
    pub error: f64,
    /// The chance that effects as strong as these together come from no factor at all.
    pub any: f64,
    /// Hits of all experiments.
    hits: u64,
}

impl Screened {
    /// The effects of the first `factors` columns, from the hits and trials of each experiment.
    ///
    /// The effect of a column is the logarithm of the ratio of two shares, each of half of the experiments, with one hit
    /// more, spread evenly over all trials. The error is the root mean square of the effects of the columns that stand for nothing; with them
    /// come Student's t and, for all factors together, Fisher's F. Which factors are told is decided by Y. Benjamini and
    /// Y. Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300.
    ///
    /// # Panics
    ///
    /// If no column stands for nothing.
    pub fn of(design: &Folded, factors: usize, experiments: &[Rate]) -> Screened {
        assert!(factors < design.columns(), "a column must stand for nothing");
        let total = experiments.iter().copied().fold(Rate::default(), Rate::with);
        let effect = |column: usize| {
            let mut halves = [Rate::default(); 2];
            for (experiment, rate) in experiments.iter().enumerate() {
                let half = &mut halves[usize::from(design.upper(experiment, column))];
                *half = half.with(*rate);
            }
            let [lower, upper] = halves.map(|half| half.hits as f64 / half.trials as f64 + 1.0 / total.trials as f64);
            if halves.iter().all(|half| half.trials > 0) { libm::log(upper / lower) } else { 0.0 }
        };
        let logs: Vec<f64> = (0..design.columns()).map(effect).collect();
        let mean_square = |logs: &[f64]| logs.iter().map(|log| log * log).sum::<f64>() / logs.len().max(1) as f64;
        let dummies = design.columns() - factors;
        let (k, m) = (factors as f64, dummies as f64);
        let error = libm::sqrt(mean_square(&logs[factors..])).max(f64::MIN_POSITIVE);
        let half_width = t_quantile(0.05, m) * error;
        let p_of = |log: f64| t_beyond(log / error, m);
        let mut ordered: Vec<f64> = logs[..factors].iter().map(|&log| p_of(log)).collect();
        ordered.sort_by(f64::total_cmp);
        let below = |(rank, p): &(usize, &f64)| **p <= FALSE_DISCOVERIES * (*rank + 1) as f64 / k;
        let enough = total.hits >= FEWEST;
        let bar = ordered.iter().enumerate().rev().find(below).map_or(-1.0, |(_, p)| *p);
        let effects = logs[..factors].iter().map(|&log| Effect {
            times: libm::exp(log),
            interval: Interval { low: libm::exp(log - half_width), high: libm::exp(log + half_width) },
            p: p_of(log),
            told: enough && p_of(log) <= bar,
        });
        let f = mean_square(&logs[..factors]) / (error * error);
        let any = beta_below(m / (m + k * f), m / 2.0, k / 2.0);
        Screened { effects: effects.collect(), dummies, error, any, hits: total.hits }
    }

    /// The smallest effect that would be told in four of five repetitions, were it the only one: how many times as large.
    /// `None` where there are too few hits to tell any.
    pub fn visible(&self) -> Option<f64> {
        let m = self.dummies as f64;
        let alone = FALSE_DISCOVERIES / self.effects.len().max(1) as f64;
        let visible = libm::exp((t_quantile(alone, m) + t_quantile(2.0 * (1.0 - POWER), m)) * self.error);
        (self.hits >= FEWEST).then_some(visible)
    }

    /// The factor by which events must grow until a doubling is visible, if luck were all of the error.
    pub fn events_wanted(&self) -> Option<f64> {
        let log = libm::log(self.visible()?) / std::f64::consts::LN_2;
        Some(log * log)
    }

    /// The part that some factors have in the variance that all have one by one, as the logarithm of the share varies
    /// with the levels; the variance of luck is taken off each. `None` if nothing is left of all of them.
    pub fn part(&self, of: impl Fn(usize) -> bool) -> Option<f64> {
        let of_one = |effect: &Effect| {
            let log = libm::log(effect.times);
            log * log - self.error * self.error
        };
        let all: f64 = self.effects.iter().map(of_one).sum();
        let some: f64 = self.effects.iter().enumerate().filter(|(i, _)| of(*i)).map(|(_, effect)| of_one(effect)).sum();
        (all > 0.0).then(|| (some / all).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};

    #[test]
    fn columns_are_orthogonal_and_half_of_their_experiments_are_up() {
        for wanted in [3, 12, 40, 97] {
            let design = Folded::new(wanted);
            assert!(design.columns() >= wanted && design.columns().is_multiple_of(4));
            let alike = |a, b| (0..design.experiments()).filter(|&e| design.upper(e, a) == design.upper(e, b)).count();
            for a in 0..design.columns() {
                let up = (0..design.experiments()).filter(|&e| design.upper(e, a)).count();
                assert_eq!(up, design.columns());
                assert!((0..a).all(|b| alike(a, b) == design.columns()), "{wanted}: {a}");
                // Of two columns together nothing is in a third: as often alike with it up as with it down.
                let [b, c] = [(a + 1) % design.columns(), (a + 2) % design.columns()];
                let with = |up| {
                    let all = (0..design.experiments()).filter(|&e| design.upper(e, c) == up);
                    all.filter(|&e| design.upper(e, a) == design.upper(e, b)).count()
                };
                assert_eq!(with(true), with(false));
            }
        }
    }

    /// Experiments with a few events each: factor 0 doubles the share, four others move it by a half, and of the rest none
    /// does anything. Trials vary, and so does the share for reasons of its own.
    fn experiments(design: &Folded, seed: u64) -> Vec<Rate> {
        let mut stream = Seed(seed).stream(Decision::named("test.screening"), 0);
        let experiment = |e: usize| {
            let mut log = libm::log(0.008) + 0.3 * (0..12).map(|_| stream.uniform() - 0.5).sum::<f64>();
            for column in 0..5 {
                let step = if column == 0 { std::f64::consts::LN_2 / 2.0 } else { 0.2 };
                log += if design.upper(e, column) { step } else { -step };
            }
            let trials = 60 + (stream.uniform() * 200.0) as u64;
            let share = libm::exp(log);
            Rate::new((0..trials).filter(|_| stream.uniform() < share).count() as u64, trials)
        };
        (0..design.experiments()).map(experiment).collect()
    }

    #[test]
    fn a_doubling_is_found_in_four_of_five_seeds_and_what_does_nothing_in_hardly_one_of_twenty() {
        let factors = 80;
        let design = Folded::new(factors + 12);
        let (mut found, mut nothing, mut in_interval) = (0, vec![0; factors], 0);
        for seed in 0..100 {
            let screened = Screened::of(&design, factors, &experiments(&design, seed));
            found += u32::from(screened.effects[0].told);
            in_interval +=
                u32::from((screened.effects[0].interval.low..=screened.effects[0].interval.high).contains(&2.0));
            (5..factors).for_each(|factor| nothing[factor] += u32::from(screened.effects[factor].told));
            assert!(screened.visible().unwrap() < 4.0, "{screened:?}");
        }
        assert!(found >= 80, "{found} of 100");
        assert!((88..=100).contains(&in_interval), "{in_interval} of 100");
        assert!(nothing.iter().all(|&told| told <= 5), "{nothing:?}");
    }

    #[test]
    fn luck_alone_is_told_in_about_one_of_twenty_seeds() {
        let design = Folded::new(40);
        let (mut any, mut told) = (0, 0);
        for seed in 0..200 {
            let mut stream = Seed(seed).stream(Decision::named("test.luck"), 1);
            let luck = |_| Rate::new((0..300).filter(|_| stream.uniform() < 0.02).count() as u64, 300);
            let experiments: Vec<Rate> = (0..design.experiments()).map(luck).collect();
            let screened = Screened::of(&design, 28, &experiments);
            any += u32::from(screened.any < 0.05);
            told += u32::from(screened.effects.iter().any(|effect| effect.told));
        }
        assert!((2..=20).contains(&any) && told <= 20, "{any} and {told} of 200");
    }

    #[test]
    fn of_hardly_any_hits_nothing_is_told_though_trials_go_with_a_factor() {
        let design = Folded::new(40);
        for hits in [0, 1] {
            let trials = |e: usize| if design.upper(e, 0) { 1_000 } else { 10 };
            let experiment = |e| Rate::new(if e == 3 { hits } else { 0 }, trials(e));
            let experiments: Vec<Rate> = (0..design.experiments()).map(experiment).collect();
            let screened = Screened::of(&design, 28, &experiments);
            assert!(screened.effects.iter().all(|effect| !effect.told), "{screened:?}");
            assert_eq!((screened.visible(), screened.events_wanted()), (None, None));
            assert!(hits > 0 || screened.effects.iter().all(|effect| effect.times == 1.0), "{screened:?}");
        }
    }

    #[test]
    fn parts_sum_to_one_and_go_to_what_moves_the_share() {
        let design = Folded::new(92);
        let screened = Screened::of(&design, 80, &experiments(&design, 3));
        let [strong, rest] = [screened.part(|i| i < 5).unwrap(), screened.part(|i| i >= 5).unwrap()];
        assert!(strong > 0.6 && (strong + rest - 1.0).abs() < 0.4, "{strong} {rest}");
    }
}
