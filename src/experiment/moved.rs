//! How far assumed values move the headline of a run: what `sensitivity` finds.

use crate::stats::{Interval, Rate};

/// A move counts as told from chance when it is this many standard errors away. Of a few hundred moves that change
/// nothing, hardly one in forty runs would show any: 300 times the 0.0001 that lie outside.
pub const BAR: f64 = 3.9;

/// How far the assumed values move the headline.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Worlds that were run.
    pub worlds: u64,
    /// The headline with every value as it is, in the country of the closer look, and that country.
    pub base: At,
    /// The least and the greatest share there, as it is and wherever it was moved to a share that can be told from
    /// chance; `None` if nothing moved it so.
    pub ends: Option<[f64; 2]>,
    /// Assumed values of the scenario.
    pub assumed: u64,
    /// How many of them were moved, alone or with others that mean something only together.
    pub moved: u64,
    /// Each assumption and what it did, the strongest first.
    pub one_at_a_time: Vec<Moved>,
    /// The headline at each point of the hypercube.
    pub together: Vec<Move>,
    /// Assumptions whose alternatives no scenario key can take.
    pub not_tried: Vec<String>,
}

/// The headline in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct At {
    /// People of the country.
    pub people: u64,
    /// Requests.
    pub requests: u64,
    /// Persons returned who are somebody else, of persons returned.
    pub rate: Rate,
    /// Its interval.
    pub interval: Option<Interval>,
}

/// An assumption, where it was moved to, and what that did.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Its key; of several that are moved together the beginning of their keys and a star.
    pub key: String,
    /// Its own value.
    pub own: String,
    /// People of the country in which this was seen.
    pub people: u64,
    /// The headline there with every value as it is.
    pub base: Option<f64>,
    /// Where it was moved to and the headline there, with its distance from the base in standard errors.
    pub moves: Vec<Move>,
}

/// One value of an assumption and the headline with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The value.
    pub value: String,
    /// The headline.
    pub share: Option<f64>,
    /// Its difference from the base.
    pub difference: f64,
    /// The standard error of the difference, pair by pair of requests.
    pub error: f64,
}

impl Move {
    pub(super) fn new(value: String, base: &[Rate], requests: &[Rate]) -> Move {
        let (difference, error) = paired(base, requests);
        Move { value, share: sum(requests).value(), difference, error }
    }

    /// Whether the difference can be told from chance.
    pub fn told_from_chance(&self) -> bool {
        self.difference.abs() > BAR * self.error && self.difference != 0.0
    }
}

impl Moved {
    /// The farthest that a move took the headline.
    pub fn farthest(&self) -> f64 {
        self.moves.iter().map(|m| m.difference.abs()).fold(0.0, f64::max)
    }

    /// Whether a move can be told from chance.
    pub fn told_from_chance(&self) -> bool {
        self.moves.iter().any(Move::told_from_chance)
    }
}

impl Sensitivity {
    /// Assumed values that have no other value to go to: their range is what they are.
    pub fn fixed(&self) -> u64 {
        self.assumed - self.moved - self.not_tried.len() as u64
    }

    /// The assumption that moves the headline most, of those looked at closely and told from chance.
    pub fn most(&self) -> Option<&Moved> {
        self.one_at_a_time.iter().find(|moved| moved.people == self.base.people && moved.told_from_chance())
    }
}

/// All requests as one rate.
pub(super) fn sum(requests: &[Rate]) -> Rate {
    requests.iter().fold(Rate::default(), |sum, r| Rate::new(sum.hits + r.hits, sum.trials + r.trials))
}

/// The difference of two ratios Σ hits / Σ trials over the same requests, and its standard error: the linearised
/// variance of a difference of ratios, n/(n−1) Σ (rᵢ − sᵢ)², with rᵢ = (hᵢ − p tᵢ)/Σt of either (W. G. Cochran,
/// *Sampling Techniques*, 3rd ed., 6.9). Both are 0 where one of the ratios has no trials.
fn paired(base: &[Rate], moved: &[Rate]) -> (f64, f64) {
    let (a, b) = (sum(base), sum(moved));
    let (Some(p), Some(q)) = (a.value(), b.value()) else { return (0.0, 0.0) };
    let n = base.len().max(moved.len());
    let residual = |list: &[Rate], i: usize, share: f64, total: Rate| {
        list.get(i).map_or(0.0, |r| (r.hits as f64 - share * r.trials as f64) / total.trials as f64)
    };
    let squares: f64 = (0..n)
        .map(|i| residual(moved, i, q, b) - residual(base, i, p, a))
        .map(|difference| difference * difference)
        .sum();
    (q - p, libm::sqrt(squares * n as f64 / (n.max(2) - 1) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paired_difference_is_that_of_the_ratios_and_nothing_where_nothing_differs() {
        let base: Vec<Rate> = (0..400).map(|i| Rate::new(u64::from(i % 20 == 0), 1)).collect();
        assert_eq!(paired(&base, &base), (0.0, 0.0));
        // One in twenty more, each where the other was right: the error is that of the discordant pairs.
        let moved: Vec<Rate> = (0..400).map(|i| Rate::new(u64::from(i % 10 == 0), 1)).collect();
        let (difference, error) = paired(&base, &moved);
        assert!((difference - 0.05).abs() < 1e-12);
        let mcnemar = libm::sqrt(20.0 * (1.0 - 20.0 / 400.0) / 399.0 / 400.0);
        assert!((error - mcnemar).abs() < 1e-3 * mcnemar, "{error} {mcnemar}");
        assert_eq!(paired(&base, &[]), (0.0, 0.0));
    }
}
