//! Published figures as draws are held against them: on the logit scale, with their uncertainty and the luck of a draw.

use super::draws::{Draws, Row};
use super::proposal::normal;
use crate::random::{Decision, Seed};
use crate::stats::{Nearby, Z95, expit, logit, nearby};

const BLUR: Decision = Decision::named("infer.blur");

/// A published figure that is aimed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Aim {
    /// Its short name.
    pub name: String,
    /// Its measure: the name of one of the figures of a draw.
    pub measure: String,
    /// The published value.
    pub value: f64,
    /// The ends between which the share lies that the figure stands for, 95 % certain.
    pub range: [f64; 2],
    /// The records on file when it was published, for a share of wrong returns.
    pub at_records: Option<u64>,
}

/// The uncertainty of an aim beside a draw, on the logit scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uncertain {
    /// The standard error of the published figure.
    pub published: f64,
    /// The standard deviation of a draw's figure by the luck of its counts, were its share the published one.
    pub luck: f64,
}

impl Uncertain {
    /// The unit in which offsets are measured.
    pub fn unit(self) -> f64 {
        self.published.max(self.luck)
    }

    /// The blur of a draw's figure, so that it is as uncertain as the published one. Where the luck of a draw
    /// exceeds that already nothing is added, and what is concluded is less certain than it could be.
    fn blur(self) -> f64 {
        let more = self.published * self.published - self.luck * self.luck;
        libm::sqrt(more.max(0.0))
    }
}

impl Aim {
    /// A draw's figure blurred until it is as uncertain as the published one. `number` is that of the aim.
    pub(super) fn blurred(&self, seen: f64, trials: f64, number: usize, seed: Seed) -> f64 {
        let mut stream = seed.stream(BLUR.about(number as u64), u64::MAX);
        seen + self.uncertain(trials, expit(seen)).blur() * normal(&mut stream)
    }

    /// The published figure in a draw's world, as a logit: wrong returns grow with the file and right ones do not, so their
    /// odds are carried over.
    pub fn at(&self, row: &Row) -> f64 {
        let grown = self.at_records.map_or(1.0, |records| row.records as f64 / records as f64);
        logit(self.value) + libm::log(grown)
    }

    /// Its uncertainty beside draws that have so many trials, in whose world it is that share.
    pub fn uncertain(&self, trials: f64, share: f64) -> Uncertain {
        let [low, high] = self.range.map(logit);
        let binomial = trials.max(1.0) * share * (1.0 - share);
        Uncertain { published: (high - low) / (2.0 * Z95), luck: 1.0 / libm::sqrt(binomial) }
    }
}

/// A figure of a draw as a logit, half a case added to hits and to misses; `None` without trials.
pub fn figure([hits, trials]: [u64; 2]) -> Option<f64> {
    let misses = (trials > 0).then(|| (trials - hits) as f64 + 0.5)?;
    Some(libm::log((hits as f64 + 0.5) / misses))
}

/// The draws near some aims.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The draws that are kept.
    pub kept: Nearby,
    /// The offset of every draw from each aim, in units of its uncertainty; `None` where a draw lacks a figure.
    pub offsets: Vec<Option<Vec<f64>>>,
    /// The uncertainty of each aim.
    pub uncertain: Vec<Uncertain>,
}

impl Near {
    /// The draws near the aims. How much luck is in a draw's figure depends on its trials, and those of the draws near by
    /// count; so the draws are looked for twice.
    pub fn of(aims: &[Aim], draws: &Draws, seed: Seed, keep: usize) -> Near {
        let trials = |aim: &Aim, row: usize| draws.counts(row, &aim.measure).map_or(0, |[_, trials]| trials) as f64;
        let every: Vec<usize> = (0..draws.rows.len()).filter(|row| draws.rows[*row].records > 0).collect();
        let typical = |aim: &Aim, rows: &[usize]| {
            let mut all: Vec<f64> = rows.iter().map(|row| trials(aim, *row)).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(0.0)
        };
        let look = |rows: &[usize]| {
            let share = |aim: &Aim| rows.first().map_or(aim.value, |row| expit(aim.at(&draws.rows[*row])));
            let uncertain = aims.iter().map(|aim| aim.uncertain(typical(aim, rows), share(aim)));
            let uncertain: Vec<Uncertain> = uncertain.collect();
            let offset = |row: usize, (number, aim): (usize, &Aim)| {
                let mut stream = seed.stream(BLUR.about(number as u64), draws.rows[row].row);
                let seen = figure(draws.counts(row, &aim.measure)?)? + uncertain[number].blur() * normal(&mut stream);
                Some((seen - aim.at(&draws.rows[row])) / uncertain[number].unit())
            };
            let offsets: Vec<Option<Vec<f64>>> = (0..draws.rows.len())
                .map(|row| aims.iter().enumerate().map(|aim| offset(row, aim)).collect())
                .collect();
            Near { kept: nearby(&offsets, &draws.weights, keep), offsets, uncertain }
        };
        let first = look(&every);
        look(&first.kept.draws)
    }
}
