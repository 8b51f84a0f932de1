//! Two populations of scores told apart by their shapes: a mixture of two normal distributions, each behind a power
//! transformation of its own.
//!
//! T. R. Belin and D. B. Rubin (1995), "A method for calibrating false-match rates in record linkage", JASA 90, 694–707.
//! Scores of matches and of non-matches are normal after the transformations of G. E. P. Box and D. R. Cox (1964), "An
//! analysis of transformations", JRSS B 26, 211–252, scaled by the geometric mean ω so that transformed scores are in the
//! units of scores: ψ(x) = (x^γ − 1) / (γ ω^(γ−1)), at γ = 0 ω ln x. What is taken from scores whose status is known
//! ([`Shape`]) stays as it is: γ and ω of both, and the ratio of the two variances. Left to be estimated from scores
//! whose status is not known ([`Mixture`]) are two means, one variance and the share of non-matches.

/// Scores in cells of equal width, counted; the cells stand for the numbers from 1 to 1000, evenly apart.
pub type Cells = [u64];

/// The number that a cell stands for; between two cells where `cell` is not whole.
fn place(cell: f64, cells: usize) -> f64 {
    1.0 + 999.0 * cell / (cells.max(2) - 1) as f64
}

/// The cells that are not empty: the logarithm of what each stands for, and its count.
fn filled(cells: &Cells) -> impl Iterator<Item = (f64, f64)> + Clone {
    let counted = cells.iter().enumerate().filter(|(_, count)| **count > 0);
    counted.map(|(cell, count)| (libm::log(place(cell as f64, cells.len())), *count as f64))
}

/// Reasons why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Too few labelled scores are matches, or too few are not.
    FewLabelled,
    /// No power makes the labelled scores of one kind look normal: all are alike, or the best power is at the end of
    /// those tried.
    NoPower,
    /// There are too few scores whose status is to be estimated.
    FewScores,
    /// The two populations lie in one another, or in the wrong order, so that nothing tells them apart.
    NotApart,
    /// One of the two populations is empty as far as the scores say.
    Empty,
    /// The estimate was still moving when the rounds were over.
    StillMoving,
    /// No score reaches the threshold.
    NoneAbove,
}

impl Unfit {
    /// The words used in files and on pages.
    pub fn says(self) -> &'static str {
        match self {
            Unfit::FewLabelled => "fewer than 30 reviewed scores of the one kind or the other: too few to learn from",
            Unfit::NoPower => "no power transformation makes the reviewed scores of both kinds look normal",
            Unfit::FewScores => "fewer than 100 scores: too few to fit two curves to",
            Unfit::NotApart => "the two fitted curves lie in one another: nothing in the scores tells them apart",
            Unfit::Empty => "one of the two fitted curves has fewer than five scores to it",
            Unfit::StillMoving => "the fit had not settled after 1,000 rounds",
            Unfit::NoneAbove => "no score reaches the threshold",
        }
    }
}

/// The fewest labelled scores of each kind.
const FEWEST_LABELLED: u64 = 30;
/// The fewest scores to fit to.
const FEWEST_SCORES: u64 = 100;
/// The fewest scores that make a population.
const FEWEST_OF_A_KIND: f64 = 5.0;
/// The powers that are tried.
const POWERS: (f64, f64) = (-10.0, 30.0);
const ROUNDS: usize = 1_000;

/// The transformation of one kind of scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// The power γ.
    pub power: f64,
    /// The logarithm of the geometric mean ω.
    pub ln_mean: f64,
}

impl Power {
    /// ψ of a score whose logarithm is given.
    fn of(&self, ln: f64) -> f64 {
        let Power { power, ln_mean } = *self;
        if power.abs() < 1e-9 {
            return libm::exp(ln_mean) * ln;
        }
        libm::expm1(power * ln) / power * libm::exp((1.0 - power) * ln_mean)
    }

    /// The logarithm of the score that has this ψ; the least one where none has.
    fn back(&self, value: f64) -> f64 {
        let Power { power, ln_mean } = *self;
        if power.abs() < 1e-9 {
            return value * libm::exp(-ln_mean);
        }
        let inside = 1.0 + value * power * libm::exp((power - 1.0) * ln_mean);
        libm::log(inside.max(1e-300)) / power
    }

    /// Mean and variance of transformed scores.
    fn moments(&self, scores: impl Iterator<Item = (f64, f64)> + Clone) -> (f64, f64) {
        let total: f64 = scores.clone().map(|(_, count)| count).sum();
        let mean = scores.clone().map(|(ln, count)| count * self.of(ln)).sum::<f64>() / total;
        let squares: f64 = scores.map(|(ln, count)| count * (self.of(ln) - mean) * (self.of(ln) - mean)).sum();
        (mean, squares / total)
    }

    /// The power of the greatest likelihood, by golden section: as ω scales the transformed scores, it is the power of
    /// the least variance.
    fn learn(cells: &Cells) -> Result<(Power, f64, f64), Unfit> {
        let scores = filled(cells);
        let total: f64 = scores.clone().map(|(_, count)| count).sum();
        let ln_mean = scores.clone().map(|(ln, count)| count * ln).sum::<f64>() / total;
        let variance = |power: f64| Power { power, ln_mean }.moments(scores.clone()).1;
        const GOLDEN: f64 = 0.618_033_988_749_894_8;
        let (mut low, mut high) = POWERS;
        let inner = |low: f64, high: f64| (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        let (mut left, mut right) = inner(low, high);
        let (mut of_left, mut of_right) = (variance(left), variance(right));
        while high - low > 1e-4 {
            if of_left <= of_right {
                (high, right, of_right) = (right, left, of_left);
                left = inner(low, high).0;
                of_left = variance(left);
            } else {
                (low, left, of_left) = (left, right, of_right);
                right = inner(low, high).1;
                of_right = variance(right);
            }
        }
        let power = (low + high) / 2.0;
        let found = Power { power, ln_mean };
        let (mean, variance) = found.moments(scores);
        let at_the_end = (power - POWERS.0).min(POWERS.1 - power) < 0.01;
        if at_the_end || !(variance > 0.0 && variance.is_finite()) {
            return Err(Unfit::NoPower);
        }
        Ok((found, mean, variance))
    }

    /// The logarithm of the density of a score, except for what all have in common.
    fn ln_density(&self, ln: f64, mean: f64, variance: f64) -> f64 {
        let away = self.of(ln) - mean;
        (self.power - 1.0) * (ln - self.ln_mean) - 0.5 * (away * away / variance + libm::log(variance))
    }
}

/// Parameters learned from scores whose status is known, and kept: the global parameters of the paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// The transformation of the scores of matches.
    pub right: Power,
    /// The transformation of the scores of non-matches.
    pub wrong: Power,
    /// The variance of transformed scores of non-matches over that of matches.
    pub ratio: f64,
    /// The labelled scores as a mixture, from which the search begins.
    pub start: Mixture,
}

/// Parameters estimated from scores whose status is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixture {
    /// The share of scores that are of non-matches.
    pub wrong: f64,
    /// The mean of transformed scores of matches.
    pub mean_right: f64,
    /// The mean of transformed scores of non-matches.
    pub mean_wrong: f64,
    /// The variance of transformed scores of matches.
    pub variance: f64,
}

impl Shape {
    /// Learns from scores of matches and of non-matches, counted in the same cells.
    pub fn learn(right: &Cells, wrong: &Cells) -> Result<Shape, Unfit> {
        let (rights, wrongs) = (right.iter().sum::<u64>(), wrong.iter().sum::<u64>());
        if rights.min(wrongs) < FEWEST_LABELLED {
            return Err(Unfit::FewLabelled);
        }
        let (right, mean_right, variance) = Power::learn(right)?;
        let (wrong, mean_wrong, variance_wrong) = Power::learn(wrong)?;
        let start = Mixture { wrong: wrongs as f64 / (rights + wrongs) as f64, mean_right, mean_wrong, variance };
        Ok(Shape { right, wrong, ratio: variance_wrong / variance, start })
    }

    /// Fits a mixture of this shape to scores by EM, from `start`.
    pub fn fit(&self, cells: &Cells, start: Mixture) -> Result<Mixture, Unfit> {
        let total = cells.iter().sum::<u64>();
        if total < FEWEST_SCORES {
            return Err(Unfit::FewScores);
        }
        let total = total as f64;
        let scores: Vec<[f64; 4]> =
            filled(cells).map(|(ln, count)| [ln, count, self.right.of(ln), self.wrong.of(ln)]).collect();
        let mut now = start;
        for _ in 0..ROUNDS {
            let (mut sums, mut squares) = ([[0.0; 2]; 2], [0.0; 2]);
            let doubts: Vec<f64> = scores.iter().map(|[ln, ..]| self.doubt(&now, *ln)).collect();
            for ([_, count, right, wrong], doubt) in scores.iter().zip(&doubts) {
                for (sum, (weight, value)) in sums.iter_mut().zip([(1.0 - doubt, right), (*doubt, wrong)]) {
                    sum[0] += count * weight;
                    sum[1] += count * weight * value;
                }
            }
            if sums[0][0].min(sums[1][0]) < FEWEST_OF_A_KIND {
                return Err(Unfit::Empty);
            }
            let [mean_right, mean_wrong] = sums.map(|[weight, sum]| sum / weight);
            for ([_, count, right, wrong], doubt) in scores.iter().zip(&doubts) {
                squares[0] += count * (1.0 - doubt) * (right - mean_right) * (right - mean_right);
                squares[1] += count * doubt * (wrong - mean_wrong) * (wrong - mean_wrong);
            }
            let variance = (squares[0] + squares[1] / self.ratio) / total;
            let next = Mixture { wrong: sums[1][0] / total, mean_right, mean_wrong, variance };
            if !(variance > 0.0 && variance.is_finite()) {
                return Err(Unfit::Empty);
            }
            let deviation = libm::sqrt(variance);
            let moved = [
                (next.wrong - now.wrong) / next.wrong,
                (mean_right - now.mean_right) / deviation,
                (mean_wrong - now.mean_wrong) / deviation / libm::sqrt(self.ratio),
                (variance - now.variance) / variance,
            ];
            now = next;
            if moved.iter().all(|moved| moved.abs() < 1e-6) {
                return if self.apart(&now) { Ok(now) } else { Err(Unfit::NotApart) };
            }
        }
        Err(Unfit::StillMoving)
    }

    /// The chance that a score is of a non-match.
    fn doubt(&self, mixture: &Mixture, ln: f64) -> f64 {
        let Mixture { wrong, mean_right, mean_wrong, variance } = *mixture;
        let right = self.right.ln_density(ln, mean_right, variance) + libm::log(1.0 - wrong);
        let wrong = self.wrong.ln_density(ln, mean_wrong, variance * self.ratio) + libm::log(wrong);
        1.0 / (1.0 + libm::exp(right - wrong))
    }

    /// Returns `true` if matches score higher, and so much that two humps can be seen. Two normal distributions have
    /// only one hump if their means are no more than twice the smaller deviation apart (J. Behboodian (1970), "On the
    /// modes of a mixture of two normal distributions", Technometrics 12, 131–139).
    fn apart(&self, mixture: &Mixture) -> bool {
        let (right, wrong) = (self.right.back(mixture.mean_right), self.wrong.back(mixture.mean_wrong));
        let deviation = libm::sqrt(mixture.variance);
        let of_right = (mixture.mean_right - self.right.of(wrong)) / deviation;
        let of_wrong = (self.wrong.of(right) - mixture.mean_wrong) / (deviation * libm::sqrt(self.ratio));
        right > wrong && of_right.max(of_wrong) > 2.0
    }

    /// The share of non-matches among scores from a cell up; `cells` is the number of all cells.
    pub fn false_match(&self, mixture: &Mixture, from: f64, cells: usize) -> f64 {
        let ln = libm::log(place(from, cells).max(1e-3));
        let beyond = |power: Power, mean: f64, variance: f64| {
            0.5 * libm::erfc((power.of(ln) - mean) / libm::sqrt(2.0 * variance))
        };
        let right = (1.0 - mixture.wrong) * beyond(self.right, mixture.mean_right, mixture.variance);
        let wrong = mixture.wrong * beyond(self.wrong, mixture.mean_wrong, mixture.variance * self.ratio);
        wrong / (right + wrong)
    }
}
