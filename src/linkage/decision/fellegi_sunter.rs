//! Weights after I. P. Fellegi and A. B. Sunter (1969), "A theory for record linkage", JASA 64, 1183–1210.
//!
//! A pair is one of four things: the same **person**, two members of one **household**, two **relatives** of one surname
//! in one home, or two people who have nothing to do with each other. Each comparison has a probability for each of its
//! levels under each of the four (`m`, `h`, `r` and `u`). The classes in the middle are there because names and addresses
//! agree within households for reasons other than identity: a model of two classes that sees them finds households and
//! calls them persons. Relatives besides are born on one day, or named after one another, more often than strangers.
//!
//! The score is the log₂ odds of *person* against the other three, prior included, and is a sum of integer terms: the
//! prior, one weight log₂(m/u) per comparison, how much rarer than usual the agreeing value is, and `household`, which
//! takes away what a common household would explain as well.
//!
//! [`train`] estimates all of it without labels, by the EM algorithm (A. P. Dempster, N. M. Laird, D. B. Rubin (1977);
//! for record linkage W. E. Winkler (1988), "Using the EM algorithm for weight computation in the Fellegi–Sunter model
//! of record linkage"). Three things keep it from going wrong:
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
//! - *Too little is said to be too little.* Where fewer than [`FEWEST_MATCHES`] matches are expected, `m` stays at its
//!   documented default, and [`Trained`] says so.

mod chance;
mod em;

pub use chance::{Chance, Frequencies};
pub use em::{
    HouseholdGuard, Observed, OfRule, Restarts, SAME_PLACE, Session, Source, Trained, restart, train, train_in_sessions,
};

use super::{Score, Term};
use crate::linkage::comparison::{Comparison, Evidence, Kind};
use crate::record::coded::Values;
use crate::record::{Field, Records};
use crate::stats::Probability;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Below this number of expected matches `m` is not estimated but taken from [`default_m`].
pub const FEWEST_MATCHES: f64 = 200.0;

/// Below this number of pairs of one surname and one address in one file `h` stays at `u`, but for surname and address.
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
}

/// What a model knows about one comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The comparison's name.
    pub name: String,
    /// The labels of its levels.
    pub labels: Vec<String>,
    /// Probability of each level for two records of one person, given that neither side is missing.
    pub m: Vec<f64>,
    /// The same for two members of one household.
    pub h: Vec<f64>,
    /// The same for two relatives in one home.
    pub r: Vec<f64>,
    /// The same for two unrelated people.
    pub u: Vec<f64>,
    /// Whether members of a household agree here because they are one (surname, address).
    pub shared: Shared,
    /// How common each value is, where agreement on a rare one weighs more.
    pub frequencies: Option<Frequencies>,
}

/// Whether members of one household have a thing in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// Surname, address.
    ByHousehold,
    /// Given name, birth date, number.
    ByNobody,
}

impl Shared {
    /// What a comparison compares.
    pub fn of(kind: &Kind) -> Shared {
        match kind.column() {
            None if matches!(kind, Kind::Names {}) => Shared::ByNobody,
            None | Some(Field::Surname) => Shared::ByHousehold,
            Some(field) if Field::ADDRESS.contains(&field) => Shared::ByHousehold,
            Some(_) => Shared::ByNobody,
        }
    }
}

/// One comparison in millibits.
#[derive(Clone, Debug)]
struct Weights {
    person: Vec<i32>,
    household: Vec<i32>,
    relatives: Vec<i32>,
    by_value: Option<ByValue>,
}

/// What agreement on a value weighs beside agreement as such.
#[derive(Clone, Debug)]
struct ByValue {
    field: Field,
    top: u8,
    values: Arc<Values>,
    /// By code.
    weights: Arc<[ValueWeight]>,
    unknown: ValueWeight,
}

impl ByValue {
    fn weight(&self, value: &str) -> ValueWeight {
        self.values.find(value).map_or(self.unknown, |code| self.weights[code as usize])
    }
}

/// What agreement on one value weighs beside agreement as such, in millibits against two unrelated people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValueWeight {
    /// For one person.
    pub person: i32,
    /// For two members of a household: as much where they share the value, nothing where they agree by chance.
    pub household: i32,
    /// For two relatives, of whom some share the value and others agree by chance: sons named after their fathers.
    pub relatives: i32,
}

fn millibits(ratio: f64) -> i32 {
    let weight = (1000.0 * libm::log2(ratio)).round_ties_even() as i32;
    weight.clamp(-STRONGEST_WEIGHT, STRONGEST_WEIGHT)
}

impl FellegiSunter {
    /// The model of these priors and parameters.
    pub fn new(priors: Priors, parameters: Vec<Parameters>) -> FellegiSunter {
        let weights = parameters.iter().map(Weights::new).collect();
        let random = 1.0 - priors.person - priors.household - priors.relatives;
        // A prior is no accident of a sample and may be as small as one in a nation squared.
        let prior = |share: f64| (1000.0 * libm::log2(share / random)).round_ties_even() as i32;
        FellegiSunter {
            priors,
            parameters,
            weights,
            prior_weight: prior(priors.person),
            household_prior_weight: (priors.household > 0.0).then(|| prior(priors.household)),
            relatives_prior_weight: (priors.relatives > 0.0).then(|| prior(priors.relatives)),
        }
    }

    /// What it knows, comparison by comparison.
    pub fn parameters(&self) -> &[Parameters] {
        &self.parameters
    }

    /// The shares of persons and households among all pairs.
    pub fn priors(&self) -> Priors {
        self.priors
    }

    /// The same model for files in which the share of pairs that are one person, or one household, is another.
    pub fn with_priors(&self, priors: Priors) -> FellegiSunter {
        FellegiSunter::new(priors, self.parameters.clone())
    }

    /// The weight of a level of a comparison in millibits, before any adjustment for the value.
    pub fn weight(&self, comparison: usize, level: u8) -> i32 {
        self.weights[comparison].person[usize::from(level)]
    }

    /// The field by whose values agreement on a comparison weighs more or less, if there is one.
    pub fn by_value(&self, comparison: usize) -> Option<&Field> {
        self.weights[comparison].by_value.as_ref().map(|by_value| &by_value.field)
    }

    /// What agreement on a value weighs beside agreement as such; nothing where a comparison does not weigh values.
    pub fn weight_of_value(&self, comparison: usize, value: &str) -> ValueWeight {
        self.weights[comparison].by_value.as_ref().map_or(ValueWeight::default(), |by_value| by_value.weight(value))
    }

    /// [`FellegiSunter::weight_of_value`] of each of the values of a column, by code.
    pub fn weights_of_values(&self, comparison: usize, values: &Arc<Values>) -> Arc<[ValueWeight]> {
        match &self.weights[comparison].by_value {
            Some(by_value) if Arc::ptr_eq(&by_value.values, values) => Arc::clone(&by_value.weights),
            _ => values.iter().map(|value| self.weight_of_value(comparison, value)).collect(),
        }
    }

    pub(super) fn value_weight(&self, comparison: usize, a: &Records, row: usize) -> ValueWeight {
        let weight = |field| self.weight_of_value(comparison, a.value(row, field));
        self.by_value(comparison).map_or(ValueWeight::default(), weight)
    }

    /// The score of a pair; see `Model::score`.
    pub fn score(&self, evidence: &Evidence, a: &Records, row: usize) -> Score {
        self.score_with(evidence, |comparison| self.value_weight(comparison, a, row))
    }

    /// The score of a pair; see `Model::score_with`.
    pub fn score_with(&self, evidence: &Evidence, value_weight: impl Fn(usize) -> ValueWeight) -> Score {
        let (mut person, mut household) = (self.prior_weight, self.household_prior_weight.unwrap_or(0));
        let mut relatives = self.relatives_prior_weight.unwrap_or(0);
        for (i, weights) in self.weights.iter().enumerate() {
            let Some(level) = evidence.level(i) else { continue };
            person += weights.person[usize::from(level)];
            household += weights.household[usize::from(level)];
            relatives += weights.relatives[usize::from(level)];
            if weights.by_value.as_ref().is_some_and(|by_value| by_value.top == level) {
                let weight = value_weight(i);
                person += weight.person;
                household += weight.household;
                relatives += weight.relatives;
            }
        }
        Score(person + self.household_term(household, relatives))
    }

    /// The terms of a score; they sum to it exactly.
    pub fn terms(&self, evidence: &Evidence, a: &Records, row: usize) -> Vec<Term> {
        let mut terms = vec![Term { name: "prior".to_owned(), level: String::new(), value: self.prior_weight }];
        let mut household = self.household_prior_weight.unwrap_or(0);
        let mut relatives = self.relatives_prior_weight.unwrap_or(0);
        for (i, (weights, parameters)) in self.weights.iter().zip(&self.parameters).enumerate() {
            let Some(level) = evidence.level(i) else {
                terms.push(Term { name: parameters.name.clone(), level: "missing".to_owned(), value: 0 });
                continue;
            };
            let label = &parameters.labels[usize::from(level)];
            let value = weights.person[usize::from(level)];
            terms.push(Term { name: parameters.name.clone(), level: label.clone(), value });
            household += weights.household[usize::from(level)];
            relatives += weights.relatives[usize::from(level)];
            if let Some(by_value) = weights.by_value.as_ref().filter(|by_value| by_value.top == level) {
                let weight = by_value.weight(a.value(row, &by_value.field));
                let text = format!("how common {} is", a.value(row, &by_value.field));
                terms.push(Term { name: parameters.name.clone(), level: text, value: weight.person });
                household += weight.household;
                relatives += weight.relatives;
            }
        }
        if self.household_prior_weight.is_some() || self.relatives_prior_weight.is_some() {
            let level = "may be another member".to_owned();
            terms.push(Term { name: "household".to_owned(), level, value: self.household_term(household, relatives) });
        }
        terms
    }

    /// What the chance of a common household, or of relatives, takes away: −log₂(1 + 2^household + 2^relatives), where
    /// both are log₂ odds against unrelated.
    fn household_term(&self, household: i32, relatives: i32) -> i32 {
        // Below −13 bits it is less than a millibit.
        let odds = |prior: Option<i32>, weight: i32| match prior {
            Some(_) if weight > -13_000 => libm::exp2(f64::from(weight) / 1000.0),
            _ => 0.0,
        };
        let sum = odds(self.household_prior_weight, household) + odds(self.relatives_prior_weight, relatives);
        if sum == 0.0 { 0 } else { -((1000.0 * libm::log2(1.0 + sum)).round_ties_even() as i32) }
    }
}

impl Weights {
    fn new(parameters: &Parameters) -> Weights {
        let weights = |p: &[f64]| p.iter().zip(&parameters.u).map(|(&p, &u)| millibits(p / u)).collect();
        let top = parameters.u.len() - 1;
        let by_value =
            parameters.frequencies.as_ref().filter(|frequencies| frequencies.total() > 0).map(|frequencies| {
                let same = parameters.u[top];
                // The share of relatives by whom the value is shared, and not the same by chance.
                let share = ((parameters.r[top] - same) / (1.0 - same)).clamp(0.0, 1.0);
                let weight = |count: u64| {
                    let frequency = count.max(RAREST_COUNT) as f64 / frequencies.total() as f64;
                    let person = millibits(same / frequency);
                    let shared = |of_chance: f64| share / of_chance + (1.0 - share);
                    let [household, relatives] = match parameters.shared {
                        Shared::ByHousehold => [person; 2],
                        Shared::ByNobody => [0, millibits(shared(frequency) / shared(same))],
                    };
                    ValueWeight { person, household, relatives }
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
        Weights {
            person: weights(&parameters.m),
            household: weights(&parameters.h),
            relatives: weights(&parameters.r),
            by_value,
        }
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
    let (low, top) = if matches!(comparison.kind, Kind::Address {}) { (0.2, 0.7) } else { (0.04, 0.9) };
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

/// Counts from which a model is trained: integers, so that parts of a stream add up to the whole in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Training {
    candidates: BTreeMap<Evidence, u64>,
    by_rule: BTreeMap<u8, u64>,
    random: BTreeMap<Evidence, u64>,
    relatives: BTreeMap<Evidence, u64>,
    /// Pairs within files of which the relatives were looked for.
    within: u64,
    /// Of members of a household who agree by chance alone on all but surname and address: how many blocking proposes,
    /// and of how many.
    proposed: [u64; 2],
}

impl Training {
    /// Nothing seen yet.
    pub fn new() -> Training {
        Training::default()
    }

    /// Counts a candidate pair with the blocking rule that proposed it.
    pub fn add(&mut self, evidence: Evidence, rule: u8) {
        self.add_times(evidence, rule, 1);
    }

    /// Counts as many candidate pairs of one evidence and one rule.
    pub fn add_times(&mut self, evidence: Evidence, rule: u8, times: u64) {
        *self.candidates.entry(evidence).or_default() += times;
        *self.by_rule.entry(rule).or_default() += times;
    }

    /// Counts a pair drawn at random among all pairs.
    pub fn add_random(&mut self, evidence: Evidence) {
        self.add_random_times(evidence, 1);
    }

    /// Counts as many random pairs of one evidence.
    pub fn add_random_times(&mut self, evidence: Evidence, times: u64) {
        *self.random.entry(evidence).or_default() += times;
    }

    /// Counts as many pairs of records of *one* file that have one surname and one address: relatives, as long as the
    /// file holds nobody twice. From [`FEWEST_RELATIVES`] of them is learned how many there are and what they share.
    pub fn add_relatives_times(&mut self, evidence: Evidence, times: u64) {
        *self.relatives.entry(evidence).or_default() += times;
    }

    /// Counts pairs within a file, of whatever records, among which all relatives were looked for.
    pub fn add_within(&mut self, pairs: u64) {
        self.within += pairs;
    }

    /// Counts how many of some members of a household who agree by chance alone on all but surname and address blocking
    /// would propose.
    pub fn add_proposed(&mut self, proposed: u64, all: u64) {
        self.proposed = [self.proposed[0] + proposed, self.proposed[1] + all];
    }

    /// Adds what another part of the stream counted.
    pub fn merge(&mut self, other: &Training) {
        other.candidates.iter().for_each(|(&evidence, n)| *self.candidates.entry(evidence).or_default() += n);
        other.by_rule.iter().for_each(|(&rule, n)| *self.by_rule.entry(rule).or_default() += n);
        other.random.iter().for_each(|(&evidence, n)| *self.random.entry(evidence).or_default() += n);
        other.relatives.iter().for_each(|(&evidence, n)| *self.relatives.entry(evidence).or_default() += n);
        self.add_within(other.within);
        self.add_proposed(other.proposed[0], other.proposed[1]);
    }

    /// Candidate pairs by the rule that proposed them first.
    pub fn by_rule(&self) -> &BTreeMap<u8, u64> {
        &self.by_rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::comparison::{Comparer, Nicknames};
    use crate::random::{Decision, Seed, Stream};
    use crate::record::RecordId;

    fn comparisons() -> Vec<Comparison> {
        vec![
            Comparison::new(Kind::Surname { field: Field::Surname.into() }),
            Comparison::new(Kind::Exact { field: Field::GivenName.into() }),
            Comparison::new(Kind::Date { field: Field::DateOfBirth.into() }),
            Comparison::new(Kind::Address {}),
        ]
    }

    const M: [&[f64]; 4] = [
        &[0.03, 0.02, 0.01, 0.04, 0.9],
        &[0.12, 0.88],
        &[0.02, 0.01, 0.02, 0.03, 0.01, 0.91],
        &[0.3, 0.0, 0.02, 0.08, 0.0, 0.6],
    ];
    const H: [&[f64]; 4] = [
        &[0.2, 0.01, 0.01, 0.03, 0.75],
        &[0.99, 0.01],
        &[0.978, 0.012, 0.006, 0.002, 0.001, 0.001],
        &[0.0, 0.0, 0.0, 0.08, 0.02, 0.9],
    ];
    const U: [&[f64]; 4] = [
        &[0.977, 0.01, 0.002, 0.001, 0.01],
        &[0.99, 0.01],
        &[0.978, 0.012, 0.006, 0.002, 0.001, 0.001],
        &[0.984, 0.0, 0.01, 0.003, 0.001, 0.002],
    ];

    fn draw(stream: &mut Stream, classes: &[&[f64]; 4]) -> Evidence {
        let level = |p: &&[f64]| {
            let (u, mut below) = (stream.uniform(), 0.0);
            let reached = |p: &f64| {
                below += p;
                u < below
            };
            Some(p.iter().position(reached).unwrap_or(0) as u8)
        };
        let mut levels: Vec<Option<u8>> = classes.iter().map(level).collect();
        if stream.chance(0.05) {
            levels[2] = None;
        }
        Evidence::new(&levels)
    }

    /// Pairs of known classes; those that agree on a name, the date or the address are candidates.
    fn simulated(persons: u64, households: u64, pairs: u64) -> Training {
        let mut training = Training::new();
        for i in 0..pairs {
            let mut stream = Seed(5).stream(Decision::named("test.pairs"), i);
            let class = if i < persons {
                M
            } else if i < persons + households {
                H
            } else {
                U
            };
            let evidence = draw(&mut stream, &class);
            let top = |c: usize, level: u8| evidence.level(c) == Some(level);
            if (top(0, 4) && top(1, 1)) || top(2, 5) || top(3, 5) {
                training.add(evidence, 0);
            }
            if stream.chance(0.2) {
                training.add_random(evidence);
            }
        }
        training
    }

    fn chances() -> Vec<Chance> {
        U.iter().map(|u| Chance { same: u.last().copied(), frequencies: None }).collect()
    }

    fn observed<'f>(
        training: &'f Training,
        comparisons: &'f [Comparison],
        chances: &'f [Chance],
        pairs: u64,
        matches: u64,
    ) -> Observed<'f> {
        let (pairs, matches) = (pairs as f64, matches as f64);
        Observed { training, comparisons, chances, pairs, matches, guard: HouseholdGuard::On }
    }

    fn trained(training: &Training, pairs: u64, matches: u64) -> Trained {
        train(&observed(training, &comparisons(), &chances(), pairs, matches))
    }

    #[test]
    fn em_finds_the_probabilities_that_made_the_evidence() {
        let (persons, households, pairs) = (4_000, 6_000, 2_000_000);
        let trained = trained(&simulated(persons, households, pairs), pairs, persons * 2);
        assert!(trained.converged && trained.m == Source::Estimated);
        // Candidates are not all persons: 0.3 percent of them agree on nothing that blocks.
        assert!((trained.expected_matches / persons as f64 - 1.0).abs() < 0.03, "{}", trained.expected_matches);
        for (c, parameters) in trained.model.parameters().iter().enumerate() {
            for level in 0..M[c].len() {
                let near = |found: f64, made: f64, within: f64| (found - made).abs() < within;
                assert!(near(parameters.m[level], M[c][level], 0.03), "m {} {:?}", parameters.name, parameters.m);
                assert!(near(parameters.u[level], U[c][level], 0.005), "u {} {:?}", parameters.name, parameters.u);
            }
        }
        // Of a household only those at one address are seen, which is most of them.
        let households_found = trained.model.priors().household * pairs as f64;
        assert!((households_found / households as f64 - 0.9).abs() < 0.1, "{households_found}");
    }

    /// Pairs of persons, of relatives of whom one in twenty are twins, and of strangers; those of one birth date or one
    /// name are candidates. With `within`, the relatives of a file are counted as well.
    fn with_twins(within: bool) -> Trained {
        let twins: [&[f64]; 4] = [M[0], U[1], &[0.93, 0.012, 0.006, 0.002, 0.0, 0.05], M[3]];
        let (persons, relatives, pairs) = (4_000, 40_000, 1_000_000);
        let mut training = Training::new();
        for i in 0..pairs {
            let mut stream = Seed(6).stream(Decision::named("test.twins"), i);
            let of = |i: u64| {
                if i < persons {
                    &M
                } else if i < persons + relatives {
                    &twins
                } else {
                    &U
                }
            };
            let evidence = draw(&mut stream, of(i));
            let top = |evidence: &Evidence, c: usize, level: u8| evidence.level(c) == Some(level);
            if top(&evidence, 2, 5) || (top(&evidence, 0, 4) && top(&evidence, 1, 1)) {
                training.add(evidence, 0);
            }
            if stream.chance(0.2) {
                training.add_random(evidence);
            }
            // A file holds nobody twice.
            let evidence = draw(&mut stream, of(i.max(persons)));
            if within && i >= persons && top(&evidence, 0, 4) && top(&evidence, 3, 5) {
                training.add_relatives_times(evidence, 1);
            }
        }
        training.add_within(if within { pairs - persons } else { 0 });
        trained(&training, pairs, 2 * persons)
    }

    #[test]
    fn twins_are_told_from_persons_by_what_relatives_within_a_file_share() {
        let off = |trained: &Trained| {
            let given_name = (trained.model.parameters()[1].m[0] - M[1][0]).abs();
            (given_name, (trained.expected_matches / 4_000.0 - 1.0).abs())
        };
        let (with, without) = (off(&with_twins(true)), off(&with_twins(false)));
        assert!(with.0 < 0.07 && with.1 < 0.1, "{with:?}");
        assert!(without.0 > 0.2 && without.1 > 0.4, "without them twins are taken for persons: {without:?}");
        let relatives = &with_twins(true).model;
        assert!((relatives.priors().relatives / 0.04 - 1.0).abs() < 0.1, "{:?}", relatives.priors());
        assert!((relatives.parameters()[2].r[5] - 0.05).abs() < 0.01, "{:?}", relatives.parameters()[2].r);
    }

    #[test]
    fn each_session_finds_the_m_of_what_its_rule_does_not_look_at() {
        let (persons, households, pairs) = (10_000, 12_000, 1_000_000);
        let whole = simulated(persons, households, pairs);
        let by_date = |evidence: &Evidence| evidence.level(2) == Some(5);
        let by_name = |evidence: &Evidence| evidence.level(0) == Some(4) && evidence.level(1) == Some(1);
        let part = |wanted: &dyn Fn(&Evidence) -> bool| {
            let mut part = Training::new();
            let seen = whole.candidates.iter().filter(|(evidence, _)| wanted(evidence));
            seen.for_each(|(&evidence, &count)| part.add_times(evidence, 0, count));
            whole.random.iter().for_each(|(&evidence, &count)| part.add_random_times(evidence, count));
            part
        };
        let rule = |rule: &str, fields: &[Field], training| OfRule {
            rule: rule.to_owned(),
            fields: fields.to_vec(),
            training,
        };
        let rules = [
            rule("date_of_birth", &[Field::DateOfBirth], part(&by_date)),
            rule("surname + given_name", &[Field::Surname, Field::GivenName], part(&by_name)),
            // Too few to learn from.
            rule("zip", &[Field::Zip], Training::new()),
        ];
        let all = part(&|evidence| by_date(evidence) || by_name(evidence));
        let (comparisons, chances) = (comparisons(), chances());
        let observed = observed(&all, &comparisons, &chances, pairs, 2 * persons);
        let apart = train_in_sessions(&observed, &rules);
        assert!(apart.converged && apart.sessions.iter().map(Session::counts).eq([true, true, false]));
        for (session, open) in apart.sessions.iter().zip([&[0, 1, 3][..], &[2, 3]]) {
            for c in 0..4 {
                assert_eq!(session.m[c].is_some(), open.contains(&c), "{}", session.rule);
                let Some(m) = &session.m[c] else { continue };
                for (found, made) in m.iter().zip(M[c]) {
                    assert!((found - made).abs() < 0.015, "{}: {} {m:?}", session.rule, comparisons[c].name);
                }
            }
        }
        let date = |trained: &Trained| trained.model.parameters()[2].m[5] - M[2][5];
        let together = train(&observed);
        assert!(date(&apart).abs() < 0.01, "{}", date(&apart));
        assert!(date(&together) > 0.012, "who shares neither is no candidate: {}", date(&together));
        // What is held against all rules keeps the estimate over all candidates.
        let one = train_in_sessions(&observed, &rules[2..]);
        let m = |trained: &Trained| trained.model.parameters().iter().map(|p| p.m.clone()).collect::<Vec<_>>();
        assert_eq!(m(&one), m(&together));
    }

    #[test]
    fn a_session_that_leaves_one_comparison_open_comes_to_rest() {
        let (persons, pairs) = (2_000, 400_000);
        let all = simulated(persons, 3_000, pairs);
        // Who has one name and one address can differ in the date of birth alone.
        let mut training = Training::new();
        let of_rule = |evidence: &Evidence| [(0, 4), (1, 1), (3, 5)].iter().all(|&(c, l)| evidence.level(c) == Some(l));
        let seen = all.candidates.iter().filter(|(evidence, _)| of_rule(evidence));
        seen.for_each(|(&evidence, &count)| training.add_times(evidence, 0, count));
        let fields = vec![Field::Surname, Field::GivenName, Field::Street];
        let rules = [OfRule { rule: "surname + given_name + street".to_owned(), fields, training }];
        let (comparisons, chances) = (comparisons(), chances());
        let trained = train_in_sessions(&observed(&all, &comparisons, &chances, pairs, 2 * persons), &rules);
        let [session] = &trained.sessions[..] else { panic!("{:?}", trained.sessions) };
        assert!(trained.converged && session.converged && session.counts() && session.rounds < 200, "{session:?}");
        let m = session.m[2].as_ref().unwrap();
        let near = m.iter().zip(M[2]).all(|(found, made)| (found - made).abs() < 0.02);
        assert!(near, "{m:?} {:?}", session.expected_matches);
        let made = persons as f64 * M[0][4] * M[1][1] * M[3][5];
        assert!((session.expected_matches / made - 1.0).abs() < 0.05, "{} and not {made}", session.expected_matches);
    }

    #[test]
    fn training_is_the_same_in_parts_and_in_one_go() {
        let whole = simulated(1_000, 1_500, 200_000);
        let mut parts = Training::new();
        for rest in [1, 0] {
            let mut part = Training::new();
            for (i, (&evidence, &count)) in whole.candidates.iter().enumerate() {
                (0..count).filter(|_| i % 2 == rest).for_each(|_| part.add(evidence, 0));
            }
            for (i, (&evidence, &count)) in whole.random.iter().enumerate() {
                (0..count).filter(|_| i % 2 == rest).for_each(|_| part.add_random(evidence));
            }
            parts.merge(&part);
        }
        assert_eq!(parts, whole);
        let (x, y) = (trained(&whole, 200_000, 1_000), trained(&parts, 200_000, 1_000));
        assert_eq!(x.model.parameters(), y.model.parameters());
        assert_eq!(x.model.priors(), y.model.priors());
    }

    #[test]
    fn with_few_matches_the_default_is_used_and_said_to_be() {
        let trained = trained(&simulated(100, 150, 50_000), 50_000, 100);
        assert_eq!(trained.m, Source::Default);
        for (parameters, comparison) in trained.model.parameters().iter().zip(&comparisons()) {
            assert_eq!(parameters.m, default_m(comparison));
            assert!((parameters.m.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn with_nothing_to_learn_from_there_is_still_a_model() {
        let trained = trained(&Training::new(), 1_000_000, 1_000);
        assert_eq!(trained.m, Source::Default);
        let evidence = Evidence::new(&[Some(4), None, Some(0), Some(5)]);
        let mut records = Records::new(&[Field::Surname]);
        records.push(RecordId(0), &["ŌE"]);
        let score = trained.model.score(&evidence, &records, 0);
        assert!(score < Score(0), "one name and address against another birth date: {score}");
    }

    #[test]
    fn terms_sum_to_the_score_and_a_rare_name_weighs_more() {
        let mut chances = vec![Chance::default(); 4];
        let mut names = Values::default();
        assert_eq!(["NUNEZ", "ŌE", "SMITH"].map(|name| names.code(name)), [1, 2, 3]);
        let frequencies = Frequencies::new(Field::Surname, Arc::new(names), [0, 60, 3, 937]);
        chances[0] = Chance { same: Some(0.88), frequencies: Some(frequencies) };
        let (training, comparisons) = (simulated(1_000, 1_500, 200_000), comparisons());
        let trained = train(&observed(&training, &comparisons, &chances, 200_000, 1_000));
        let fields = [Field::Surname, Field::GivenName, Field::DateOfBirth, Field::HouseNumber, Field::Street];
        let mut a = Records::new(&fields);
        for surname in ["ŌE", "NUNEZ", "SMITH", "ØRSTED", ""] {
            a.push(RecordId(0), &[surname, "ZOË", "1984-05-03", "12", "CALLE PENON"]);
            a.push(RecordId(1), &[surname, "ANA", "", "12", "CALLE PENON"]);
        }
        let comparer = Comparer::new(&comparisons, &fields, &fields, &Nicknames::default());
        let score = |x: usize, y: usize| {
            let evidence = comparer.compare(&a, x, &a, y);
            let score = trained.model.score(&evidence, &a, x);
            let terms = trained.model.terms(&evidence, &a, x);
            assert_eq!(terms.iter().map(|term| term.value).sum::<i32>(), score.0, "{terms:?}");
            score
        };
        (0..a.len()).for_each(|x| (0..a.len()).for_each(|y| assert_eq!(score(x, y), score(y, x))));
        // Unseen names weigh like names seen twice, more than one seen three times.
        assert!(score(6, 6) > score(0, 0) && score(0, 0) > score(2, 2) && score(2, 2) > score(4, 4));
    }

    #[test]
    fn probabilities_belong_to_scores() {
        assert_eq!(probability(Score(0)).get(), 0.5);
        assert_eq!(probability(Score(-1000)).get(), 1.0 / 3.0);
        assert_eq!(probability(Score(i32::MAX)).get(), 1.0);
        assert_eq!(probability(Score(i32::MIN)).get(), 0.0);
    }
}
