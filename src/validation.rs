//! Published figures beside simulated ones: how far the invented country is like a real one, and where it is not.
//!
//! One pass over the people of a country counts what every figure needs, in whole numbers, so that the rows are the same
//! on any number of threads. Each [`Row`] says whether the figure was put in, fitted, or predicted: only predicted rows
//! say that the model is right, so [`Counts`] keeps the three apart. Rows of the whole nation, whose figures depend on
//! its size, are counted by streaming a country of that size.
//!
//! Rows stand in a file for each subject: `names`, `standing`, `homes`, `files`, `filing`. A new subject is a new file, with what it counts
//! (a struct with `add` and `merge`) and the rows made of it.

mod documented;
mod files;
mod filing;
mod given;
mod homes;
mod names;
mod standing;
mod tally;

pub use documented::{JudgedRow, Validation};
pub use files::of_files;

use crate::parallel::{Watch, in_parallel};
use crate::population::Population;
pub use crate::scenario::case::FigureOrigin;
use crate::stats::{Rate, Z95, wilson};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tally::{Tally, Tops};

/// One figure, published and simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The quantity measured.
    pub figure: String,
    /// The population and the date.
    pub population: String,
    /// The publisher.
    pub source: Cow<'static, str>,
    /// The origin of the simulated figure.
    pub kind: FigureOrigin,
    /// The published figure.
    pub published: f64,
    /// The simulated figure.
    pub simulated: f64,
    /// A 95 % interval of the simulated figure, where it was sampled: luck of this country, no more.
    pub interval: Option<(f64, f64)>,
    /// The largest difference allowed between the two.
    pub tolerance: Tolerance,
    /// The reason for the tolerance, or for claiming nothing. Every predicted row has one.
    pub because: Cow<'static, str>,
}

/// The largest difference allowed between a simulated figure and the published one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// By this share of the published figure.
    Share(f64),
    /// By so much, in the unit of the figure.
    Within(f64),
    /// Between two values, where more than one is published.
    Between(f64, f64),
    /// Shown beside; nothing is claimed.
    Reported,
}

named! {
    /// The verdict on a row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
    pub enum Verdict {
        /// Within the tolerance, as far as sampling can tell.
        Holds = "holds",
        /// The whole interval is beyond the tolerance.
        Out = "out",
        /// No tolerance is claimed.
        Reported = "reported",
        /// The country is too small to have anybody whom the figure counts.
        Uncounted = "nobody to count",
    }
}

impl Row {
    /// Simulated over published.
    pub fn ratio(&self) -> f64 {
        self.simulated / self.published
    }

    /// The verdict: the row is out only when no value of its interval is within the tolerance.
    pub fn verdict(&self) -> Verdict {
        if self.simulated.is_nan() {
            return Verdict::Uncounted;
        }
        let (from, to) = match self.tolerance {
            Tolerance::Share(share) => (self.published * (1.0 - share), self.published * (1.0 + share)),
            Tolerance::Within(by) => (self.published - by, self.published + by),
            Tolerance::Between(from, to) => (from, to),
            Tolerance::Reported => return Verdict::Reported,
        };
        let (low, high) = self.interval.unwrap_or((self.simulated, self.simulated));
        if high >= from && low <= to { Verdict::Holds } else { Verdict::Out }
    }
}

/// People with a surname in the 2010 census: the size at which its counts of names hold.
pub const NATION: u64 = 294_979_229;

/// Numbers of rows of a kind that hold, are out, and have no tolerance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Within the tolerance.
    pub holds: u64,
    /// Beyond it.
    pub out: u64,
    /// Without a tolerance.
    pub reported: u64,
}

impl Counts {
    /// Counts the rows of a kind.
    pub fn of(rows: &[Row], kind: FigureOrigin) -> Counts {
        let mut counts = Counts::default();
        for row in rows.iter().filter(|row| row.kind == kind) {
            match row.verdict() {
                Verdict::Holds => counts.holds += 1,
                Verdict::Out => counts.out += 1,
                Verdict::Reported => counts.reported += 1,
                Verdict::Uncounted => {}
            }
        }
        counts
    }

    /// Number of rows that have a tolerance.
    pub fn claimed(&self) -> u64 {
        self.holds + self.out
    }
}

/// The rows for a country and, if a country of [`NATION`] people is given as well, those for a whole nation.
///
/// Memory follows the number of distinct names; the nation takes about two gigabytes.
pub fn validate(country: &Population, nation: Option<&Population>, watch: Watch<'_>) -> Vec<Row> {
    let tops = Tops::new(country.names());
    let mut tally = Tally::default();
    for part in in_parallel(
        0..country.blocks(),
        Tally::default,
        |tally, block| tally.add(country, &country.block(block), &tops),
        "people",
        watch,
    ) {
        tally.merge(part);
    }
    let mut rows = Vec::new();
    names::surnames(&tally, &mut rows);
    names::given_names(&tally, &tops, &mut rows);
    homes::birthdays(&tally, &mut rows);
    names::compound_names(&tally.compound, &mut rows);
    homes::families(&tally, &mut rows);
    tally.standings.rows(&mut rows);
    tally.called.rows(&mut rows);
    homes::homes(&tally, &mut rows);
    homes::moves(&tally, homes::states(country), &mut rows);
    homes::zips(country, watch, &mut rows);
    if let Some(nation) = nation {
        names::whole_nation(nation, &tally.compound, watch, &mut rows);
    }
    rows
}

/// A row whose figure is the chance that two people drawn from these counts are alike, Σ n(n−1) / N(N−1), without the
/// pairs of one block, most of whom are kin. The interval is that of the linearised variance, 4(Σp³ − (Σp²)²)/N, times
/// how much people of one block clump.
fn coincidence(counts: impl Iterator<Item = u64>, clumping: f64, same_block: (u64, u64)) -> Row {
    let (mut people, mut pairs, mut triples) = (0_u64, 0_u128, 0_u128);
    for n in counts {
        people += n;
        pairs += u128::from(n) * u128::from(n.saturating_sub(1));
        triples += u128::from(n).pow(3);
    }
    let n = people as f64;
    let (same, within) = same_block;
    let p = (pairs as f64 - same as f64).max(0.0) / (n * (n - 1.0) - within as f64);
    let variance = 4.0 * (triples as f64 / (n * n * n) - p * p).max(0.0) / n * clumping + 2.0 * p / (n * n);
    sampled(p, libm::sqrt(variance))
}

fn share(hits: u64, trials: u64) -> Row {
    let p = hits as f64 / trials as f64;
    sampled(p, libm::sqrt(p * (1.0 - p) / trials as f64))
}

/// A ratio whose units are blocks: sums and their squares, for the linearised variance (W. G. Cochran, *Sampling
/// Techniques*, 3rd ed., 6.4). People of a block are kin and neighbours, so they are no independent draws.
#[derive(Clone, Copy, Default)]
struct Ratio {
    hits: u64,
    trials: u64,
    hits_squared: u128,
    both: u128,
    trials_squared: u128,
    units: u64,
}

impl Ratio {
    /// Adds a unit: a block with so many hits among so many trials.
    fn add(&mut self, hits: u64, trials: u64) {
        self.hits += hits;
        self.trials += trials;
        self.hits_squared += u128::from(hits) * u128::from(hits);
        self.both += u128::from(hits) * u128::from(trials);
        self.trials_squared += u128::from(trials) * u128::from(trials);
        self.units += u64::from(trials > 0);
    }

    fn merge(&mut self, other: &Ratio) {
        self.hits += other.hits;
        self.trials += other.trials;
        self.hits_squared += other.hits_squared;
        self.both += other.both;
        self.trials_squared += other.trials_squared;
        self.units += other.units;
    }

    fn hits(&self) -> u64 {
        self.hits
    }

    /// The number of trials.
    fn of(&self) -> u64 {
        self.trials
    }

    /// The share; no number where there are no trials.
    fn value(&self) -> f64 {
        self.hits as f64 / self.trials as f64
    }

    fn variance(&self) -> f64 {
        let (p, n) = (self.value(), self.units as f64);
        let squares = self.hits_squared as f64 - 2.0 * p * self.both as f64 + p * p * self.trials_squared as f64;
        n / (n - 1.0).max(1.0) * squares.max(0.0) / (self.trials as f64 * self.trials as f64)
    }

    /// The ratio of the variance to that of independent trials; at least 1.
    fn clumping(&self) -> f64 {
        let p = self.value();
        let independent = p * (1.0 - p) / self.trials as f64;
        if independent > 0.0 { (self.variance() / independent).max(1.0) } else { 1.0 }
    }

    /// The ratio, times `by`, as the simulated figure of a row.
    fn row(&self, by: f64) -> Row {
        // With no hit the variance says nothing; three hits are then still possible at 95 %.
        let blind = if self.hits == 0 { 1.5 / self.trials as f64 } else { 0.0 };
        let mut row = sampled(self.value() * by, (libm::sqrt(self.variance()) + blind) * by);
        // A share has the interval of Wilson for as many independent trials as its variance is worth: of few hits the
        // upper end lies farther off than the lower.
        let (p, variance) = (self.value(), self.variance());
        if by == 1.0 && 0.0 < p && p < 1.0 && variance > 0.0 {
            let trials = p * (1.0 - p) / variance;
            let worth = Rate::new((p * trials).round_ties_even() as u64, trials.round_ties_even() as u64);
            row.interval = wilson(worth).map(|interval| (interval.low, interval.high)).or(row.interval);
        }
        row
    }
}

/// A row that lacks everything but the simulated figure and its interval.
fn sampled(simulated: f64, error: f64) -> Row {
    Row {
        figure: String::new(),
        population: String::new(),
        source: Cow::Borrowed(""),
        kind: FigureOrigin::Predicted,
        published: f64::NAN,
        simulated,
        interval: Some((simulated - Z95 * error, simulated + Z95 * error)),
        tolerance: Tolerance::Reported,
        because: Cow::Borrowed(""),
    }
}

fn scaled(row: Row, by: f64) -> Row {
    Row { simulated: row.simulated * by, interval: row.interval.map(|(low, high)| (low * by, high * by)), ..row }
}
