//! How far the assumed values move the headline.

use crate::evaluation::RateId;
use crate::experiment::{self, BAR};
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far the assumed values move the headline, over their plausible ranges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sensitivity {
    /// The headline.
    pub rate: RateId,
    /// The headline with every value as set, in the country of the closer look; null where nobody was returned.
    pub value: Option<f64>,
    /// Its hits.
    pub hits: u64,
    /// Its trials.
    pub trials: u64,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// People of that country.
    pub people: u64,
    /// Requests in that country.
    pub requests: u64,
    /// The least share there that can be told from chance; null if nothing moved it so.
    pub low: Option<f64>,
    /// The greatest.
    pub high: Option<f64>,
    /// The assumption that moves the headline most.
    pub most: Option<String>,
    /// Worlds that were run.
    pub worlds: u64,
    /// How many standard errors away a move counts as told from chance.
    pub bar_in_standard_errors: f64,
    /// Assumptions that were looked at closely, the strongest first.
    pub one_at_a_time: Vec<Moved>,
    /// Assumptions that were screened in a smaller country only, the strongest first.
    pub screened: Vec<Moved>,
    /// All assumptions moved together.
    pub together: Together,
    /// Assumed values of the scenario.
    pub assumed: u64,
    /// Assumed values that were moved.
    pub moved: u64,
    /// Assumptions whose alternatives are words that no key takes.
    pub not_tried: Vec<String>,
    /// Assumed values whose range is the value itself.
    pub no_other_value: u64,
}

/// One assumption, and the headline along its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// Its key.
    pub key: String,
    /// Its own value, and then those it was moved to.
    pub values: Vec<String>,
    /// The headline with each of them.
    pub shares: Vec<Option<f64>>,
    /// The difference each move makes.
    pub differences: Vec<f64>,
    /// The standard error of each difference.
    pub standard_errors: Vec<f64>,
    /// Whether a move can be told from chance.
    pub told_from_chance: bool,
    /// People of the country in which this was seen.
    pub people: u64,
}

/// All assumptions moved together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// Runs.
    pub runs: u64,
    /// The least share.
    pub low: Option<f64>,
    /// The greatest share.
    pub high: Option<f64>,
    /// The share of each run.
    pub shares: Vec<Option<f64>>,
    /// Runs that can be told from chance.
    pub told_from_chance: u64,
}

impl Sensitivity {
    pub(super) fn of(s: &experiment::Sensitivity) -> Sensitivity {
        // Shares of countries of two sizes are not compared with each other.
        let (close, screened): (Vec<&experiment::Moved>, Vec<&experiment::Moved>) =
            s.one_at_a_time.iter().partition(|moved| moved.people == s.base.people);
        let shares = || s.together.iter().filter_map(|m| m.share);
        Sensitivity {
            rate: RateId::WrongAmongAnswers,
            value: s.base.rate.value(),
            hits: s.base.rate.hits,
            trials: s.base.rate.trials,
            interval: s.base.interval.map(|interval| [interval.low, interval.high]),
            people: s.base.people,
            requests: s.base.requests,
            low: s.ends.map(|[low, _]| low),
            high: s.ends.map(|[_, high]| high),
            most: s.most().map(|moved| moved.key.clone()),
            worlds: s.worlds,
            bar_in_standard_errors: BAR,
            one_at_a_time: close.into_iter().map(Moved::of).collect(),
            screened: screened.into_iter().map(Moved::of).collect(),
            together: Together {
                runs: s.together.len() as u64,
                low: shares().min_by(f64::total_cmp),
                high: shares().max_by(f64::total_cmp),
                shares: s.together.iter().map(|m| m.share).collect(),
                told_from_chance: s.together.iter().filter(|m| m.told_from_chance()).count() as u64,
            },
            assumed: s.assumed,
            moved: s.moved,
            not_tried: s.not_tried.clone(),
            no_other_value: s.fixed(),
        }
    }

    /// The least and the greatest share, where a move can be told from chance.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }

    /// The assumptions of both countries, the strongest first.
    pub fn strongest_first(&self) -> Vec<&Moved> {
        let mut all: Vec<&Moved> = self.one_at_a_time.iter().chain(&self.screened).collect();
        all.sort_by(|a, b| {
            let told = b.told_from_chance.cmp(&a.told_from_chance);
            told.then(b.farthest().total_cmp(&a.farthest())).then(a.key.cmp(&b.key))
        });
        all
    }
}

impl Moved {
    fn of(moved: &experiment::Moved) -> Moved {
        // Its own value first, and the headline with it.
        let own = std::iter::once(moved.own.clone());
        Moved {
            key: moved.key.clone(),
            values: own.chain(moved.moves.iter().map(|m| m.value.clone())).collect(),
            shares: std::iter::once(moved.base).chain(moved.moves.iter().map(|m| m.share)).collect(),
            differences: moved.moves.iter().map(|m| m.difference).collect(),
            standard_errors: moved.moves.iter().map(|m| m.error).collect(),
            told_from_chance: moved.told_from_chance(),
            people: moved.people,
        }
    }

    /// The farthest that a move took the headline.
    fn farthest(&self) -> f64 {
        self.differences.iter().map(|difference| difference.abs()).fold(0.0, f64::max)
    }

    /// Each value it was moved to, with the headline there, the difference and its standard error.
    pub fn moves(&self) -> impl Iterator<Item = (&str, Option<f64>, f64, f64)> {
        let values = self.values.iter().zip(&self.shares).skip(1);
        let moves = values.zip(self.differences.iter().zip(&self.standard_errors));
        moves.map(|((value, share), (difference, error))| (value.as_str(), *share, *difference, *error))
    }
}
