//! Rates with their intervals, and the threshold curve.

use crate::evaluation::{self, Band, CurvePoint, FEW_HITS, Measured, Method, RateId, TOO_FEW};
use crate::linkage::decision::Score;
use crate::stats;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::ops::Not;

/// Rates by name, in the order in which they are reported.
pub type Rates = BTreeMap<RateId, Rate>;

/// A rate with its trials and interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Trials in which it happened.
    pub hits: u64,
    /// Trials in all.
    pub trials: u64,
    /// Hits over trials; null without trials.
    pub rate: Option<f64>,
    /// The lower end of the 95 % interval, where one is claimed.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// The meaning of one trial.
    pub of: String,
    /// The method of the interval.
    pub interval: String,
    /// `true` if there are fewer than 30 trials.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub too_few_to_tell: bool,
    /// `true` if there are enough trials and fewer than 10 hits.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub too_few_to_compare: bool,
    /// Of exposures: the rate of 100,000 on file.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub per_100000: Option<Option<f64>>,
}

/// Tells a null from a key that is absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Rate {
    /// A measured rate.
    pub fn of(measured: &Measured) -> Rate {
        let stats::Rate { hits, trials } = measured.rate;
        Rate {
            hits,
            trials,
            rate: measured.rate.value(),
            low: measured.interval.map(|interval| interval.low),
            high: measured.interval.map(|interval| interval.high),
            of: measured.of.to_string(),
            interval: measured.method.name().to_string(),
            too_few_to_tell: trials < TOO_FEW,
            too_few_to_compare: trials >= TOO_FEW && hits < FEW_HITS,
            per_100000: None,
        }
    }

    /// A rate for which no interval is claimed.
    pub fn without_interval(rate: stats::Rate, of: &str) -> Rate {
        Rate {
            hits: rate.hits,
            trials: rate.trials,
            rate: rate.value(),
            low: None,
            high: None,
            of: of.to_string(),
            interval: Method::None.name().to_string(),
            too_few_to_tell: false,
            too_few_to_compare: false,
            per_100000: None,
        }
    }

    /// Both ends of the interval, where one is claimed.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.low.zip(self.high)
    }

    /// The number of neighbourhoods that the interval counts instead of trials, where these are many more: with no hit, or
    /// nothing but hits, nothing tells how hits of neighbours come together.
    pub fn neighbourhoods(&self) -> Option<u64> {
        let (low, high) = self.ends()?;
        let end = match self.hits {
            0 => high,
            hits if hits == self.trials => 1.0 - low,
            _ => return None,
        };
        let count = libm::round(stats::trials_without_hit(end));
        let clustered = Method::from_name(&self.interval).is_some_and(Method::counts_neighbourhoods);
        (clustered && count < 0.9 * self.trials as f64).then_some(count as u64)
    }

    /// The warning that belongs beside the rate of a group; empty where none does.
    pub fn caution(&self) -> &'static str {
        match self {
            Rate { too_few_to_tell: true, .. } => "too few to tell",
            Rate { too_few_to_compare: true, .. } => "too few to compare",
            _ => "",
        }
    }
}

/// The rates of a run or a group.
pub(super) fn of(rates: &evaluation::Rates) -> Rates {
    let rate = |(&id, measured): (&RateId, &Measured)| {
        let mut rate = Rate::of(measured);
        if id == RateId::PeopleExposed {
            rate.per_100000 = Some(rate.rate.map(|value| value * 1e5));
        }
        (id, rate)
    };
    rates.iter().map(rate).collect()
}

/// A share with its interval, without its counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The share; null without trials.
    pub rate: Option<f64>,
    /// The lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// The method of the interval.
    pub interval: String,
}

impl Share {
    fn of(measured: &Measured) -> Share {
        Share {
            rate: measured.rate.value(),
            low: measured.interval.map(|interval| interval.low),
            high: measured.interval.map(|interval| interval.high),
            interval: measured.method.name().to_string(),
        }
    }

    /// The rest of the whole, with its interval: share, low and high.
    pub fn rest(&self) -> Option<[f64; 3]> {
        Some([1.0 - self.rate?, 1.0 - self.high?, 1.0 - self.low?])
    }
}

/// One threshold of the curve of a run, with both shares and their intervals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BandedPoint {
    /// The threshold, in bits or steps.
    pub threshold: f64,
    /// Right persons returned.
    pub returned_right: u64,
    /// Wrong persons returned.
    pub returned_wrong: u64,
    /// People on file who were sought and not returned.
    pub missed: u64,
    /// Of the persons returned, those who were sought.
    pub precision: Share,
    /// Of requests whose person is on file, those that return the person.
    pub recall: Share,
}

impl BandedPoint {
    pub(super) fn of(point: &CurvePoint, band: &Band) -> BandedPoint {
        let Point { threshold, returned_right, returned_wrong, missed } = Point::of(point, Score::bits);
        let (precision, recall) = (Share::of(&band.precision), Share::of(&band.recall));
        BandedPoint { threshold, returned_right, returned_wrong, missed, precision, recall }
    }

    /// The same point without its shares.
    pub fn counts(&self) -> Point {
        let BandedPoint { threshold, returned_right, returned_wrong, missed, .. } = *self;
        Point { threshold, returned_right, returned_wrong, missed }
    }
}

/// One threshold of the curve of two labelled files.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The threshold.
    pub threshold: f64,
    /// Pairs matched that are one person.
    pub returned_right: u64,
    /// Pairs matched that are two people.
    pub returned_wrong: u64,
    /// Pairs of one person that are not matched.
    pub missed: u64,
}

impl Point {
    pub(super) fn of<T: Copy>(point: &CurvePoint<T>, number: impl Fn(T) -> f64) -> Point {
        let CurvePoint { threshold, returned_right, returned_wrong, missed } = *point;
        Point { threshold: number(threshold), returned_right, returned_wrong, missed }
    }
}
