//! Weights after I. P. Fellegi and A. B. Sunter (1969), "A theory for record linkage", JASA 64, 1183–1210.
//!
//! A pair is one of five things: the same **person**, two members of one **household**, two **relatives** of one surname
//! in one home, two **twins** of one surname and birth date who live apart, or two people who have nothing to do with each
//! other. Each comparison has a probability for each of its levels under each of the five (`m`, `h`, `r`, `t` and `u`). The
//! classes in the middle are there because names and addresses
//! agree within households for reasons other than identity: a model of two classes that sees them finds households and
//! calls them persons. Relatives besides are born on one day, or named after one another, more often than strangers.
//!
//! The score is the log₂ odds of *person* against the other four, prior included, and is a sum of integer terms: the
//! prior, one weight log₂(m/u) per comparison, how much rarer than usual the agreeing value is, and `household`, which
//! takes away what a common household would explain as well.
//!
//! [`train`] estimates all of it without labels, by the EM algorithm (A. P. Dempster, N. M. Laird, D. B. Rubin (1977);
//! for record linkage W. E. Winkler (1988), "Using the EM algorithm for weight computation in the Fellegi–Sunter model
//! of record linkage"). Five things keep it from going wrong:
//!
//! - *Blocking does not bias `u`.* Candidate pairs agree on blocked fields because blocking chose them. So `u` comes
//!   from random pairs and from how common values are, never from candidates, and the prior is per pair of *all* pairs:
//!   EM asks how many of the candidates that show this evidence a random pair explains, and gives the rest to persons
//!   and households.
//! - *Households cannot become persons.* What members of a household have in common is their surname and where they
//!   live; on everything else `h` is held at `u`.
//! - *Twins cannot, either.* A file that holds nobody twice shows how many relatives there are and what they share. So
//!   their number and `r` are counted within the files and not estimated by EM, which could not tell a twin from a person
//!   whose given name was recorded wrongly.
//! - *One neighbourhood counts once.* A comparison may be [`Given`] another one: then it has its probabilities once for each
//!   state of that other one, so that a city is no news where the street is the same.
//! - *Too little is said to be too little.* Where fewer than [`FEWEST_MATCHES`] matches are expected, `m` stays at its
//!   documented default, and [`Trained`] says so.

mod chance;
mod counts;
mod em;
mod given;
mod millibits;

pub use chance::{Chance, Frequencies};
pub use counts::Training;
pub use em::{
    HouseholdGuard, OfRule, Restarts, SAME_PLACE, Session, Source, Trained, TrainingInput, restart, train,
    train_in_sessions,
};
pub(super) use given::states;
pub use given::{Given, places};

use super::{Score, Term};
use crate::linkage::comparison::{Comparison, ComparisonKind, Evidence};
use crate::record::coded::Values;
use crate::record::{Field, Records};
use crate::stats::Probability;
use std::sync::Arc;

/// Below this number of expected matches `m` is not estimated but taken from [`default_m`].
pub const FEWEST_MATCHES: f64 = 200.0;

/// Below this number of pairs of one surname and one address in one file `h` stays at `u`, except for surname and address.
pub const FEWEST_RELATIVES: f64 = 200.0;

/// A value seen less often than this is weighed as if it had been seen this often: one sighting says little about how
/// rare a name is, and a misspelt name is rare without being anybody's.
pub const RAREST_COUNT: u64 = 2;

/// EM stops when no parameter moves by more than this share of itself, or after [`MOST_ROUNDS`].
pub const TOLERANCE: f64 = 1e-6;

/// The most rounds of EM.
pub const MOST_ROUNDS: u32 = 2_000;

/// No single weight is stronger than this, in millibits: beyond it a figure is an accident of the sample.
pub const STRONGEST_WEIGHT: i32 = 30_000;

/// A model ready to score.
#[derive(Clone, Debug)]
pub struct FellegiSunter {
    priors: Priors,
    parameters: Vec<Parameters>,
    weights: Vec<Weights>,
    prior_weight: i32,
    /// `None` where there is no household class.
    household_prior_weight: Option<i32>,
    /// `None` where there is no class of relatives.
    relatives_prior_weight: Option<i32>,
    /// `None` where there is no class of twins.
    twins_prior_weight: Option<i32>,
}

/// Shares of all pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Priors {
    /// Pairs that are one person.
    pub person: f64,
    /// Pairs that are two members of one household; 0 where the model has no such class.
    pub household: f64,
    /// Pairs that are two relatives of one surname in one home; 0 where the model has no such class.
    pub relatives: f64,
    /// Pairs that are two people of one surname and birth date who live apart; 0 where the model has no such class.
    pub twins: f64,
}

impl Priors {
    /// The rest: pairs that are two people who have nothing to do with each other. Never quite none, in whatever small files.
    fn strangers(&self) -> f64 {
        (1.0 - self.person - self.household - self.relatives - self.twins).max(1e-12)
    }
}

/// A model's parameters for one comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The comparison's name.
    pub name: String,
    /// The labels of its levels.
    pub labels: Vec<String>,
    /// The comparison on which it depends, if there is one; then the probabilities are those of all levels for each state of
    /// that comparison, one after the other.
    pub given: Option<Given>,
    /// Probability of each level for two records of one person, given that neither side is missing.
    pub m: Vec<f64>,
    /// The same for two members of one household.
    pub h: Vec<f64>,
    /// The same for two relatives in one home.
    pub r: Vec<f64>,
    /// Those for two people of one surname and birth date who live apart.
    pub t: Vec<f64>,
    /// The same for two unrelated people.
    pub u: Vec<f64>,
    /// The reason for members of a household to agree here: they share it (surname, address).
    pub shared: Shared,
    /// The frequency of each value, where agreement on a rare one weighs more.
    pub frequencies: Option<Frequencies>,
}

/// The things that members of one household have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// Surname, address.
    ByHousehold,
    /// Given name, birth date, number.
    ByNobody,
}

impl Shared {
    /// The things in common that a kind of comparison compares.
    pub fn of(kind: &ComparisonKind) -> Shared {
        let of_household = |field: &Field| *field == Field::Surname || Field::ADDRESS.contains(field);
        match kind.column() {
            None if matches!(kind, ComparisonKind::Names {}) => Shared::ByNobody,
            None if matches!(kind, ComparisonKind::Custom(_)) => {
                let by_nobody = kind.fields().into_iter().all(|field| !of_household(&field.column()));
                if by_nobody { Shared::ByNobody } else { Shared::ByHousehold }
            }
            Some(field) if !of_household(&field) => Shared::ByNobody,
            _ => Shared::ByHousehold,
        }
    }
}

/// One comparison in millibits.
#[derive(Clone, Debug)]
struct Weights {
    levels: Vec<MatchWeight>,
    by_value: Option<ByValue>,
}

/// Term-frequency adjustments by value.
#[derive(Clone, Debug)]
struct ByValue {
    field: Field,
    top: u8,
    values: Arc<Values>,
    /// By code.
    weights: Arc<[MatchWeight]>,
    unknown: MatchWeight,
}

impl ByValue {
    fn weight(&self, value: &str) -> MatchWeight {
        self.values.find(value).map_or(self.unknown, |code| self.weights[code as usize])
    }
}

/// The weight of a level, or the term-frequency adjustment of one value, in millibits against two unrelated people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchWeight {
    /// For one person.
    pub person: i32,
    /// For two members of a household: as much where they share the value, nothing where they agree by chance.
    pub household: i32,
    /// For two relatives, of whom some share the value and others agree by chance: sons named after their fathers.
    pub relatives: i32,
    /// The same for two people of one surname and birth date who live apart.
    pub twins: i32,
}

impl std::ops::AddAssign for MatchWeight {
    fn add_assign(&mut self, other: MatchWeight) {
        self.person += other.person;
        self.household += other.household;
        self.relatives += other.relatives;
        self.twins += other.twins;
    }
}

fn millibits(ratio: f64) -> i32 {
    let weight = (1000.0 * libm::log2(ratio)).round_ties_even() as i32;
    weight.clamp(-STRONGEST_WEIGHT, STRONGEST_WEIGHT)
}

impl FellegiSunter {
    /// The model of these priors and parameters.
    pub fn new(priors: Priors, parameters: Vec<Parameters>) -> FellegiSunter {
        let weights = parameters.iter().map(Weights::new).collect();
        let random = priors.strangers();
        // A prior is no accident of a sample and may be as small as one in a nation squared.
        let prior = |share: f64| (1000.0 * libm::log2(share / random)).round_ties_even() as i32;
        FellegiSunter {
            priors,
            parameters,
            weights,
            prior_weight: prior(priors.person),
            household_prior_weight: (priors.household > 0.0).then(|| prior(priors.household)),
            relatives_prior_weight: (priors.relatives > 0.0).then(|| prior(priors.relatives)),
            twins_prior_weight: (priors.twins > 0.0).then(|| prior(priors.twins)),
        }
    }

    /// Its parameters, comparison by comparison.
    pub fn parameters(&self) -> &[Parameters] {
        &self.parameters
    }

    /// The shares of persons and households among all pairs.
    pub fn priors(&self) -> Priors {
        self.priors
    }

    /// The field by whose values agreement on a comparison weighs more or less, if there is one.
    pub fn by_value(&self, comparison: usize) -> Option<&Field> {
        self.weights[comparison].by_value.as_ref().map(|by_value| &by_value.field)
    }

    /// The term-frequency adjustment of a value; zero where a comparison does not weigh values.
    pub fn weight_of_value(&self, comparison: usize, value: &str) -> MatchWeight {
        self.weights[comparison].by_value.as_ref().map_or(MatchWeight::default(), |by_value| by_value.weight(value))
    }

    /// [`FellegiSunter::weight_of_value`] of each of the values of a column, by code.
    pub fn weights_of_values(&self, comparison: usize, values: &Arc<Values>) -> Arc<[MatchWeight]> {
        match &self.weights[comparison].by_value {
            Some(by_value) if Arc::ptr_eq(&by_value.values, values) => Arc::clone(&by_value.weights),
            _ => values.iter().map(|value| self.weight_of_value(comparison, value)).collect(),
        }
    }

    pub(super) fn value_weight(&self, comparison: usize, a: &Records, row: usize) -> MatchWeight {
        let weight = |field| self.weight_of_value(comparison, a.value(row, field));
        self.by_value(comparison).map_or(MatchWeight::default(), weight)
    }

    /// The score of a pair; see `Model::score`.
    pub fn score(&self, evidence: &Evidence, a: &Records, row: usize) -> Score {
        self.score_with(evidence, |comparison| self.value_weight(comparison, a, row))
    }

    /// The score of a pair; see `Model::score_with`.
    pub fn score_with(&self, evidence: &Evidence, value_weight: impl Fn(usize) -> MatchWeight) -> Score {
        let mut sum = self.prior();
        for (i, (weights, parameters)) in self.weights.iter().zip(&self.parameters).enumerate() {
            let Some(level) = evidence.level(i) else { continue };
            sum += weights.levels[parameters.place(level, evidence)];
            if weights.by_value.as_ref().is_some_and(|by_value| by_value.top == level) {
                sum += value_weight(i);
            }
        }
        Score(sum.person + self.household_term(sum))
    }

    /// The weights of the priors.
    fn prior(&self) -> MatchWeight {
        MatchWeight {
            person: self.prior_weight,
            household: self.household_prior_weight.unwrap_or(0),
            relatives: self.relatives_prior_weight.unwrap_or(0),
            twins: self.twins_prior_weight.unwrap_or(0),
        }
    }

    /// The terms of a score; they sum to it exactly.
    pub fn terms(&self, evidence: &Evidence, a: &Records, row: usize) -> Vec<Term> {
        let mut terms = vec![Term { name: "prior".to_owned(), level: String::new(), value: self.prior_weight }];
        let mut sum = self.prior();
        for (i, (weights, parameters)) in self.weights.iter().zip(&self.parameters).enumerate() {
            let Some(level) = evidence.level(i) else {
                terms.push(Term { name: parameters.name.clone(), level: "missing".to_owned(), value: 0 });
                continue;
            };
            let label = &parameters.labels[usize::from(level)];
            let label = match &parameters.given {
                Some(given) => given.label(label, evidence),
                None => label.clone(),
            };
            let weight = weights.levels[parameters.place(level, evidence)];
            terms.push(Term { name: parameters.name.clone(), level: label, value: weight.person });
            sum += weight;
            if let Some(by_value) = weights.by_value.as_ref().filter(|by_value| by_value.top == level) {
                let weight = by_value.weight(a.value(row, &by_value.field));
                let text = format!("how common {} is", a.value(row, &by_value.field));
                terms.push(Term { name: parameters.name.clone(), level: text, value: weight.person });
                sum += weight;
            }
        }
        let others = [self.household_prior_weight, self.relatives_prior_weight, self.twins_prior_weight];
        if others.iter().any(Option::is_some) {
            let level = "may be another member".to_owned();
            terms.push(Term { name: "household".to_owned(), level, value: self.household_term(sum) });
        }
        terms
    }

    /// The reduction for the chance of a common household, of relatives or of twins: −log₂(1 + 2^household + 2^relatives +
    /// 2^twins), where these are log₂ odds against unrelated.
    fn household_term(&self, sum: MatchWeight) -> i32 {
        // Below −13 bits it is less than a millibit.
        let odds = |prior: Option<i32>, weight: i32| match prior {
            Some(_) if weight > -13_000 => millibits::power(weight),
            _ => 0.0,
        };
        let of_household = odds(self.household_prior_weight, sum.household);
        let of_kin = odds(self.relatives_prior_weight, sum.relatives) + odds(self.twins_prior_weight, sum.twins);
        let odds = of_household + of_kin;
        if odds == 0.0 { 0 } else { -millibits::of(1.0 + odds) }
    }
}

impl Parameters {
    /// The place of a level that a pair reached among the probabilities.
    #[inline]
    fn place(&self, level: u8, evidence: &Evidence) -> usize {
        given::place(self.given.as_ref(), self.labels.len(), level, evidence)
    }
}

impl Weights {
    fn new(parameters: &Parameters) -> Weights {
        let Parameters { m, h, r, t, u, .. } = parameters;
        let level = |place: usize| {
            let [person, household, relatives, twins] = [m, h, r, t].map(|p| millibits(p[place] / u[place]));
            MatchWeight { person, household, relatives, twins }
        };
        let top = parameters.u.len() - 1;
        let by_value =
            parameters.frequencies.as_ref().filter(|frequencies| frequencies.total() > 0).map(|frequencies| {
                let same = parameters.u[top];
                // The share of a class by whom the value is shared, and not the same by chance.
                let share = |p: &[f64]| ((p[top] - same) / (1.0 - same)).clamp(0.0, 1.0);
                let shares = [&parameters.r, &parameters.t].map(|p| share(p));
                let weight = |count: u64| {
                    let frequency = count.max(RAREST_COUNT) as f64 / frequencies.total() as f64;
                    let person = millibits(same / frequency);
                    let [of_relatives, twins] = shares.map(|share| {
                        let shared = |of_chance: f64| share / of_chance + (1.0 - share);
                        millibits(shared(frequency) / shared(same))
                    });
                    let [household, relatives] = match parameters.shared {
                        Shared::ByHousehold => [person; 2],
                        Shared::ByNobody => [0, of_relatives],
                    };
                    MatchWeight { person, household, relatives, twins }
                };
                // Rarer values weigh as those never seen.
                let unknown = weight(0);
                let of_count = |&count: &u64| if count > RAREST_COUNT { weight(count) } else { unknown };
                ByValue {
                    field: frequencies.field().clone(),
                    top: top as u8,
                    values: Arc::clone(frequencies.values()),
                    weights: frequencies.counts().iter().map(of_count).collect(),
                    unknown,
                }
            });
        Weights { levels: (0..u.len()).map(level).collect(), by_value }
    }
}

/// The probability that belongs to a score: odds of 2^bits.
pub fn probability(score: Score) -> Probability {
    let odds = libm::exp2(score.bits());
    let p = if odds.is_finite() { odds / (1.0 + odds) } else { 1.0 };
    Probability::new(p).expect("odds from 0 up make a probability")
}

/// The default m-probabilities of a comparison: 0.9 for the highest level, 0.04 for the lowest and the rest spread
/// evenly between. Assumed; the plausible range of the highest is 0.8 to 0.98, and 0.7 for addresses, which people
/// leave.
pub fn default_m(comparison: &Comparison) -> Vec<f64> {
    let levels = comparison.labels().len();
    let (low, top) = if matches!(comparison.kind, ComparisonKind::Address {}) { (0.2, 0.7) } else { (0.04, 0.9) };
    if levels == 2 {
        return vec![1.0 - top, top];
    }
    let between = (1.0 - low - top) / (levels - 2) as f64;
    (0..levels)
        .map(|level| {
            if level == 0 {
                low
            } else if level + 1 == levels {
                top
            } else {
                between
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
