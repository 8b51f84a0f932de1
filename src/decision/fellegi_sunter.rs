//! Weights after I. P. Fellegi and A. B. Sunter (1969), "A theory for record linkage", JASA 64, 1183–1210.
//!
//! A pair is one of three things: the same **person**, two members of one **household**, or two people who have nothing
//! to do with each other. Each comparison has a probability for each of its levels under each of the three (`m`, `h`
//! and `u`). The third class is there because names and addresses agree within households for reasons other than
//! identity: a model of two classes that sees them finds households and calls them persons.
//!
//! The score is the log₂ odds of *person* against the other two, prior included, and is a sum of integer terms: the
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
//! - *Too little is said to be too little.* Where fewer than [`FEWEST_MATCHES`] matches are expected, `m` stays at its
//!   documented default, and [`Trained`] says so.

use super::{Score, Term};
use crate::comparison::{Comparison, Evidence, Kind};
use crate::record::coded::{Coded, Rows};
use crate::record::{Field, Records};
use crate::stats::Probability;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Below this number of expected matches `m` is not estimated but taken from [`default_m`].
pub const FEWEST_MATCHES: f64 = 200.0;

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
}

/// Shares of all pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Priors {
    /// Pairs that are one person.
    pub person: f64,
    /// Pairs that are two members of one household; 0 where the model has no such class.
    pub household: f64,
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
        match kind.field() {
            None if matches!(kind, Kind::Names) => Shared::ByNobody,
            None | Some(Field::Surname) => Shared::ByHousehold,
            Some(field) if Field::ADDRESS.contains(field) => Shared::ByHousehold,
            Some(_) => Shared::ByNobody,
        }
    }
}

/// How often each value of a field occurs. Missing values do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frequencies {
    field: Field,
    /// Shared, since a model and what it was trained on keep the same.
    counts: Arc<FxHashMap<String, u64>>,
    total: u64,
}

impl Frequencies {
    /// No value seen yet.
    pub fn new(field: Field) -> Frequencies {
        Frequencies { field, counts: Arc::default(), total: 0 }
    }

    /// Counts a value `times` more.
    pub fn add(&mut self, value: &str, times: u64) {
        if value.is_empty() {
            return;
        }
        self.total += times;
        let counts = Arc::make_mut(&mut self.counts);
        match counts.get_mut(value) {
            Some(count) => *count += times,
            None => drop(counts.insert(value.to_owned(), times)),
        }
    }

    /// Adds the counts of another part of the file, or of the other file.
    pub fn merge(&mut self, other: &Frequencies) {
        // Adding is the same in any order, so the order of the map does not show.
        other.counts.iter().for_each(|(value, &count)| self.add(value, count));
    }

    /// How often a value was seen.
    pub fn count(&self, value: &str) -> u64 {
        self.counts.get(value).copied().unwrap_or(0)
    }

    /// How many values were seen, repetitions counted.
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// What is known of how two unrelated people come to agree on one comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chance {
    /// The probability that they agree exactly; `None` to take it from random pairs, which is poor where agreement is
    /// rarer than one in the number of random pairs.
    pub same: Option<f64>,
    /// How common each value is, where agreement on a rare one shall weigh more.
    pub frequencies: Option<Frequencies>,
}

impl Chance {
    /// What two files tell about a comparison.
    ///
    /// Records of two files agree by chance or because they are one person, records of one file by chance or because
    /// it holds somebody twice; the lesser of the two rates is the better estimate of chance. Values weigh by how
    /// common they are for the fields in which some are far more common than others and nobody is to blame: names.
    pub fn of(comparison: &Comparison, files: &Coded) -> Chance {
        let Some(field) = comparison.kind.field() else { return Chance::default() };
        let Some(column) = files.column(field) else { return Chance::default() };
        let values = files.values(column);
        let counts = |rows: &Rows| {
            let mut counts = vec![0_u64; values.len()];
            rows.iter().for_each(|row| counts[row[column] as usize] += 1);
            // Missing values do not count.
            counts[0] = 0;
            counts
        };
        let (of_a, of_b) = (counts(&files.a), counts(&files.b));
        let (total_a, total_b) = (of_a.iter().sum::<u64>(), of_b.iter().sum::<u64>());
        let share = |same: u128, pairs: u128| (pairs > 0).then(|| same as f64 / pairs as f64);
        let wide = u128::from;
        let twice = |counts: &[u64], total: u64| {
            let same = counts.iter().map(|&count| wide(count) * wide(count.saturating_sub(1))).sum();
            share(same, wide(total) * wide(total.saturating_sub(1)))
        };
        let both = of_a.iter().zip(&of_b).map(|(&x, &y)| wide(x) * wide(y)).sum();
        let across = share(both, wide(total_a) * wide(total_b));
        let pairs = |n: u64| n as f64 * n.saturating_sub(1) as f64;
        let (pairs_a, pairs_b) = (pairs(total_a), pairs(total_b));
        let within = twice(&of_a, total_a)
            .zip(twice(&of_b, total_b))
            .map(|(same_a, same_b)| (same_a * pairs_a + same_b * pairs_b) / (pairs_a + pairs_b));
        let same = across.map(|across| within.map_or(across, |within| across.min(within)));
        let names = matches!(field, Field::GivenName | Field::MiddleName | Field::Surname);
        let pooled = || {
            let mut pooled = Frequencies::new(field.clone());
            let counts = of_a.iter().zip(&of_b).map(|(x, y)| x + y);
            values.iter().zip(counts).filter(|(_, n)| *n > 0).for_each(|(value, n)| pooled.add(value, n));
            pooled
        };
        Chance { same, frequencies: names.then(pooled) }
    }
}

/// One comparison in millibits.
#[derive(Clone, Debug)]
struct Weights {
    person: Vec<i32>,
    household: Vec<i32>,
    by_value: Option<ByValue>,
}

/// What agreement on a value weighs beside agreement as such.
#[derive(Clone, Debug)]
struct ByValue {
    field: Field,
    top: u8,
    known: Arc<FxHashMap<String, i32>>,
    unknown: i32,
    shared: Shared,
}

impl ByValue {
    fn weight(&self, value: &str) -> i32 {
        self.known.get(value).copied().unwrap_or(self.unknown)
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
        let random = 1.0 - priors.person - priors.household;
        // A prior is no accident of a sample and may be as small as one in a nation squared.
        let prior = |share: f64| (1000.0 * libm::log2(share / random)).round_ties_even() as i32;
        FellegiSunter {
            priors,
            parameters,
            weights,
            prior_weight: prior(priors.person),
            household_prior_weight: (priors.household > 0.0).then(|| prior(priors.household)),
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

    /// What agreement on a value weighs beside agreement as such, in millibits; 0 where a comparison does not weigh
    /// values.
    pub fn weight_of_value(&self, comparison: usize, value: &str) -> i32 {
        self.weights[comparison].by_value.as_ref().map_or(0, |by_value| by_value.weight(value))
    }

    pub(super) fn value_weight(&self, comparison: usize, a: &Records, row: usize) -> i32 {
        self.by_value(comparison).map_or(0, |field| self.weight_of_value(comparison, a.value(row, field)))
    }

    /// The score of a pair; see `Model::score`.
    pub fn score(&self, evidence: &Evidence, a: &Records, row: usize) -> Score {
        self.score_with(evidence, |comparison| self.value_weight(comparison, a, row))
    }

    /// The score of a pair; see `Model::score_with`.
    pub fn score_with(&self, evidence: &Evidence, value_weight: impl Fn(usize) -> i32) -> Score {
        let (mut person, mut household) = (self.prior_weight, self.household_prior_weight.unwrap_or(0));
        for (i, weights) in self.weights.iter().enumerate() {
            let Some(level) = evidence.level(i) else { continue };
            person += weights.person[usize::from(level)];
            household += weights.household[usize::from(level)];
            if let Some(by_value) = weights.by_value.as_ref().filter(|by_value| by_value.top == level) {
                let weight = value_weight(i);
                person += weight;
                household += if by_value.shared == Shared::ByHousehold { weight } else { 0 };
            }
        }
        Score(person + self.household_term(household))
    }

    /// The terms of a score; they sum to it exactly.
    pub fn terms(&self, evidence: &Evidence, a: &Records, row: usize) -> Vec<Term> {
        let mut terms = vec![Term { name: "prior".to_owned(), level: String::new(), value: self.prior_weight }];
        let mut household = self.household_prior_weight.unwrap_or(0);
        for (i, (weights, parameters)) in self.weights.iter().zip(&self.parameters).enumerate() {
            let Some(level) = evidence.level(i) else {
                terms.push(Term { name: parameters.name.clone(), level: "missing".to_owned(), value: 0 });
                continue;
            };
            let label = &parameters.labels[usize::from(level)];
            let value = weights.person[usize::from(level)];
            terms.push(Term { name: parameters.name.clone(), level: label.clone(), value });
            household += weights.household[usize::from(level)];
            if let Some(by_value) = weights.by_value.as_ref().filter(|by_value| by_value.top == level) {
                let value = by_value.weight(a.value(row, &by_value.field));
                let text = format!("how common {} is", a.value(row, &by_value.field));
                terms.push(Term { name: parameters.name.clone(), level: text, value });
                household += if by_value.shared == Shared::ByHousehold { value } else { 0 };
            }
        }
        if self.household_prior_weight.is_some() {
            let level = "may be another member".to_owned();
            terms.push(Term { name: "household".to_owned(), level, value: self.household_term(household) });
        }
        terms
    }

    /// What the chance of a common household takes away: −log₂(1 + 2^household), where `household` are the log₂ odds of
    /// household against unrelated.
    fn household_term(&self, household: i32) -> i32 {
        if self.household_prior_weight.is_none() {
            return 0;
        }
        match household {
            ..=-12_000 => 0,
            // From here on 1 adds less than a millibit.
            12_000.. => -household,
            _ => {
                let odds = libm::exp2(f64::from(household) / 1000.0);
                -((1000.0 * libm::log2(1.0 + odds)).round_ties_even() as i32)
            }
        }
    }
}

impl Weights {
    fn new(parameters: &Parameters) -> Weights {
        let weights = |p: &[f64]| p.iter().zip(&parameters.u).map(|(&p, &u)| millibits(p / u)).collect();
        let top = parameters.u.len() - 1;
        let by_value = parameters.frequencies.as_ref().filter(|frequencies| frequencies.total > 0).map(|frequencies| {
            let same = parameters.u[top];
            let weight = |count: u64| millibits(same * frequencies.total as f64 / count.max(RAREST_COUNT) as f64);
            // Rarer values weigh as those never seen.
            let common = frequencies.counts.iter().filter(|&(_, &count)| count > RAREST_COUNT);
            ByValue {
                field: frequencies.field.clone(),
                top: top as u8,
                known: Arc::new(common.map(|(value, &count)| (value.clone(), weight(count))).collect()),
                unknown: weight(0),
                shared: parameters.shared,
            }
        });
        Weights { person: weights(&parameters.m), household: weights(&parameters.h), by_value }
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
    let (low, top) = if matches!(comparison.kind, Kind::Address) { (0.2, 0.7) } else { (0.04, 0.9) };
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

    /// Adds what another part of the stream counted.
    pub fn merge(&mut self, other: &Training) {
        other.candidates.iter().for_each(|(&evidence, n)| *self.candidates.entry(evidence).or_default() += n);
        other.by_rule.iter().for_each(|(&rule, n)| *self.by_rule.entry(rule).or_default() += n);
        other.random.iter().for_each(|(&evidence, n)| *self.random.entry(evidence).or_default() += n);
    }

    /// Candidate pairs by the rule that proposed them first.
    pub fn by_rule(&self) -> &BTreeMap<u8, u64> {
        &self.by_rule
    }
}

/// A model and how it was come by.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: FellegiSunter,
    /// Rounds of EM.
    pub rounds: u32,
    /// Whether EM came to rest before [`MOST_ROUNDS`].
    pub converged: bool,
    /// Matches that the model expects among the candidate pairs.
    pub expected_matches: f64,
    /// Where `m` comes from.
    pub m: Source,
}

/// Where m-probabilities come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Estimated from the files.
    Estimated,
    /// [`default_m`], because too few matches are expected to estimate it.
    Default,
}

/// Trains a model on what `training` counted in files that make `pairs` pairs, candidates or not; `chances` says of
/// each comparison what is known about chance agreement.
///
/// `matches` is the greatest number of matches there can be, where EM starts looking: the number of records of the
/// smaller file.
pub fn train(training: &Training, comparisons: &[Comparison], chances: &[Chance], pairs: f64, matches: f64) -> Trained {
    train_with(training, comparisons, chances, pairs, matches, HouseholdGuard::On)
}

/// Whether a model has a class for two members of one household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HouseholdGuard {
    /// It has, where names stand beside an address.
    #[default]
    On,
    /// It has not. Then members of one household, who share surname and address, are taken for one person: this is here
    /// so that the failure can be seen.
    Off,
}

/// [`train`], with or without the class of households.
pub fn train_with(
    training: &Training,
    comparisons: &[Comparison],
    chances: &[Chance],
    pairs: f64,
    matches: f64,
    guard: HouseholdGuard,
) -> Trained {
    let start = Em::start(training, comparisons, chances, pairs, matches, guard);
    let mut em = start.clone();
    let (mut rounds, mut converged) = em.run(Source::Estimated);
    let mut source = Source::Estimated;
    if em.expected_matches() < FEWEST_MATCHES {
        em = start;
        source = Source::Default;
        (rounds, converged) = em.run(Source::Default);
    }
    let parameters = comparisons.iter().zip(chances).zip(&em.classes).map(|((comparison, chance), class)| Parameters {
        name: comparison.name.clone(),
        labels: comparison.labels(),
        m: class.m.clone(),
        h: class.h.clone(),
        u: class.u.clone(),
        shared: class.shared,
        frequencies: chance.frequencies.clone(),
    });
    let model = FellegiSunter::new(em.priors, parameters.collect());
    Trained { model, rounds, converged, expected_matches: em.expected_matches(), m: source }
}

/// Where EM ends when it starts elsewhere; see [`restart`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restarts {
    /// Starts tried.
    pub starts: u32,
    /// Those that came to rest where the documented start did: no m-probability further off than
    /// [`SAME_PLACE`], and the share of persons no further than that share of itself.
    pub same: u32,
    /// The greatest difference of an m-probability from the documented start's.
    pub greatest_difference: f64,
    /// By how much the best of them explains the candidates better than the documented start, in log-likelihood; at
    /// most rounding where none does.
    pub better_by: f64,
}

/// Ends of EM that differ by no more than this are one place.
pub const SAME_PLACE: f64 = 1e-3;

/// Runs EM from `starts` random points: every probability drawn anew, shares of persons and households from an eighth to
/// eight times the documented start's. `uniform` gives numbers from 0 to 1.
#[allow(clippy::too_many_arguments)]
pub fn restart(
    training: &Training,
    comparisons: &[Comparison],
    chances: &[Chance],
    pairs: f64,
    matches: f64,
    guard: HouseholdGuard,
    starts: u32,
    mut uniform: impl FnMut() -> f64,
) -> Restarts {
    let start = Em::start(training, comparisons, chances, pairs, matches, guard);
    let mut reference = start.clone();
    reference.run(Source::Estimated);
    let likelihood = reference.log_likelihood();
    let mut restarts = Restarts { starts, same: 0, greatest_difference: 0.0, better_by: f64::NEG_INFINITY };
    for _ in 0..starts {
        let mut em = start.clone();
        let mut factor = || libm::exp2(6.0 * uniform() - 3.0);
        em.priors.person = (em.priors.person * factor()).min(0.25);
        em.priors.household = (em.priors.household * factor()).min(0.25);
        for class in &mut em.classes {
            for p in [&mut class.m, &mut class.h] {
                // Exponential draws over their sum are uniform over all distributions.
                let drawn: Vec<f64> = p.iter().map(|_| 1e-9 - libm::log(uniform().max(1e-12))).collect();
                let total: f64 = drawn.iter().sum();
                p.iter_mut().zip(&drawn).for_each(|(p, x)| *p = x / total);
                // A distribution that favours disagreement is no person's.
                p.sort_by(f64::total_cmp);
            }
        }
        em.run(Source::Estimated);
        let differences = em.classes.iter().zip(&reference.classes).flat_map(|(x, y)| x.m.iter().zip(&y.m));
        let difference = differences.fold(0.0_f64, |most, (x, y)| most.max((x - y).abs()));
        let persons = (em.priors.person / reference.priors.person - 1.0).abs();
        restarts.same += u32::from(difference <= SAME_PLACE && persons <= SAME_PLACE);
        restarts.greatest_difference = restarts.greatest_difference.max(difference);
        restarts.better_by = restarts.better_by.max(em.log_likelihood() - likelihood);
    }
    restarts
}

/// The state of EM.
#[derive(Clone, Debug)]
struct Em {
    patterns: Vec<(Evidence, f64)>,
    pairs: f64,
    priors: Priors,
    classes: Vec<Classes>,
}

#[derive(Clone, Debug)]
struct Classes {
    m: Vec<f64>,
    h: Vec<f64>,
    u: Vec<f64>,
    shared: Shared,
    default_m: Vec<f64>,
    random: Vec<f64>,
    same: Option<f64>,
}

impl Em {
    fn start(
        training: &Training,
        comparisons: &[Comparison],
        chances: &[Chance],
        pairs: f64,
        matches: f64,
        guard: HouseholdGuard,
    ) -> Em {
        let shared: Vec<Shared> = comparisons.iter().map(|comparison| Shared::of(&comparison.kind)).collect();
        // A household shows where names stand beside an address; with only one of the two it cannot be told.
        let address = |comparison: &Comparison| {
            matches!(comparison.kind, Kind::Address) || comparison.kind.field() == Some(&Field::Street)
        };
        let household =
            guard == HouseholdGuard::On && comparisons.iter().any(address) && shared.contains(&Shared::ByNobody);
        let mut classes: Vec<Classes> = comparisons
            .iter()
            .zip(chances)
            .zip(&shared)
            .enumerate()
            .map(|(i, ((comparison, chance), &shared))| {
                let m = default_m(comparison);
                let mut random = vec![0.0; m.len()];
                for (evidence, &count) in &training.random {
                    if let Some(level) = evidence.level(i) {
                        random[usize::from(level)] += count as f64;
                    }
                }
                Classes { h: m.clone(), u: m.clone(), default_m: m.clone(), m, shared, random, same: chance.same }
            })
            .collect();
        let person = (0.5 * matches / pairs).clamp(1e-300, 0.25);
        let priors = Priors { person, household: if household { person } else { 0.0 } };
        classes.iter_mut().for_each(|class| class.settle_u(priors.person, pairs));
        let patterns = training.candidates.iter().map(|(&evidence, &count)| (evidence, count as f64)).collect();
        Em { patterns, pairs, priors, classes }
    }

    fn expected_matches(&self) -> f64 {
        self.priors.person * self.pairs
    }

    /// How well the classes explain the candidates.
    fn log_likelihood(&self) -> f64 {
        let random_prior = 1.0 - self.priors.person - self.priors.household;
        let of = |evidence: &Evidence| {
            let (mut p, mut h, mut r) = (self.priors.person, self.priors.household, random_prior);
            for (i, class) in self.classes.iter().enumerate() {
                if let Some(level) = evidence.level(i) {
                    p *= class.m[usize::from(level)];
                    h *= class.h[usize::from(level)];
                    r *= class.u[usize::from(level)];
                }
            }
            libm::log(p + h + r)
        };
        self.patterns.iter().map(|(evidence, count)| count * of(evidence)).sum()
    }

    /// Runs to rest; gives the number of rounds and whether it came to rest.
    fn run(&mut self, source: Source) -> (u32, bool) {
        for round in 1..=MOST_ROUNDS {
            if self.round(source) < TOLERANCE {
                return (round, true);
            }
        }
        (MOST_ROUNDS, false)
    }

    /// One round of EM; gives the greatest relative change of a prior or absolute change of a probability.
    fn round(&mut self, source: Source) -> f64 {
        let zeros = || self.classes.iter().map(|class| vec![0.0; class.m.len()]).collect::<Vec<_>>();
        let (mut persons, mut households) = (zeros(), zeros());
        let (mut person_sum, mut household_sum) = (0.0, 0.0);
        let random_prior = 1.0 - self.priors.person - self.priors.household;
        for (evidence, count) in &self.patterns {
            let (mut p, mut h, mut r) = (self.priors.person, self.priors.household, random_prior);
            for (i, class) in self.classes.iter().enumerate() {
                if let Some(level) = evidence.level(i) {
                    p *= class.m[usize::from(level)];
                    h *= class.h[usize::from(level)];
                    r *= class.u[usize::from(level)];
                }
            }
            let all = p + h + r;
            let (p, h) = (count * p / all, count * h / all);
            person_sum += p;
            household_sum += h;
            for i in 0..self.classes.len() {
                if let Some(level) = evidence.level(i) {
                    persons[i][usize::from(level)] += p;
                    households[i][usize::from(level)] += h;
                }
            }
        }
        let mut change: f64 = 0.0;
        let mut set = |old: &mut f64, new: f64, relative: f64| {
            change = change.max((new - *old).abs() / relative);
            *old = new;
        };
        let floor = 1e-3 / self.pairs;
        let old = self.priors;
        set(&mut self.priors.person, (person_sum / self.pairs).clamp(floor, 0.5), old.person);
        if old.household > 0.0 {
            set(&mut self.priors.household, (household_sum / self.pairs).clamp(floor, 0.4), old.household);
        }
        for (class, (persons, households)) in self.classes.iter_mut().zip(persons.iter().zip(&households)) {
            if source == Source::Estimated {
                // One pair's worth of the default keeps every level possible.
                let total = persons.iter().sum::<f64>() + 1.0;
                for (level, count) in persons.iter().enumerate() {
                    set(&mut class.m[level], (count + class.default_m[level]) / total, 1.0);
                }
            }
            class.settle_u(self.priors.person, self.pairs);
            if class.shared == Shared::ByHousehold {
                let total = households.iter().sum::<f64>() + 1.0;
                for (level, count) in households.iter().enumerate() {
                    set(&mut class.h[level], (count + class.default_m[level]) / total, 1.0);
                }
            } else {
                class.h.clone_from(&class.u);
            }
        }
        change
    }
}

impl Classes {
    /// `u` from random pairs, less the persons among them, with half a pair added to each level; and the highest level
    /// from the frequencies of values where those are known.
    fn settle_u(&mut self, person: f64, pairs: f64) {
        let drawn: f64 = self.random.iter().sum();
        let counts: Vec<f64> =
            self.random.iter().zip(&self.m).map(|(n, m)| (n - drawn * person * m).max(0.0) + 0.5).collect();
        let total: f64 = counts.iter().sum();
        self.u = counts.iter().map(|count| count / total).collect();
        if let Some(same) = self.same {
            // Where no two agree, half a pair is as near to never as these files can say.
            let same = same.clamp((0.5 / pairs).min(0.5), 0.999);
            let top = self.u.len() - 1;
            let rest = 1.0 - self.u[top];
            self.u.iter_mut().for_each(|u| *u *= (1.0 - same) / rest);
            self.u[top] = same;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::{Comparer, Nicknames};
    use crate::random::{Decision, Seed, Stream};
    use crate::record::RecordId;
    use crate::record::coded::Coding;

    fn comparisons() -> Vec<Comparison> {
        vec![
            Comparison::new(Kind::Surname { field: Field::Surname.into() }),
            Comparison::new(Kind::Exact { field: Field::GivenName.into() }),
            Comparison::new(Kind::Date { field: Field::DateOfBirth.into() }),
            Comparison::new(Kind::Address),
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

    fn trained(training: &Training, pairs: u64, matches: u64) -> Trained {
        let chances: Vec<Chance> = U.iter().map(|u| Chance { same: u.last().copied(), frequencies: None }).collect();
        train(training, &comparisons(), &chances, pairs as f64, matches as f64)
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
        let mut chances: Vec<Chance> = vec![Chance::default(); 4];
        let mut names = Frequencies::new(Field::Surname);
        names.add("NUNEZ", 60);
        names.add("ŌE", 3);
        names.add("SMITH", 937);
        chances[0] = Chance { same: Some(0.88), frequencies: Some(names) };
        let trained = train(&simulated(1_000, 1_500, 200_000), &comparisons(), &chances, 200_000.0, 1_000.0);
        let fields = [Field::Surname, Field::GivenName, Field::DateOfBirth, Field::HouseNumber, Field::Street];
        let mut a = Records::new(&fields);
        for surname in ["ŌE", "NUNEZ", "SMITH", "ØRSTED", ""] {
            a.push(RecordId(0), &[surname, "ZOË", "1984-05-03", "12", "CALLE PENON"]);
            a.push(RecordId(1), &[surname, "ANA", "", "12", "CALLE PENON"]);
        }
        let comparer = Comparer::new(&comparisons(), &fields, &fields, &Nicknames::default());
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

    #[test]
    fn frequencies_know_how_often_chance_agrees() {
        let fields = [Field::Surname];
        let coded = |names: &[&str]| {
            let mut records = Records::new(&fields);
            names.iter().for_each(|name| records.push(RecordId(0), &[name]));
            Coding::of(&records, &fields)
        };
        let files = Coded::of(coded(&["SMITH", "", "SMITH", "ŌE", "SMITH"]), coded(&["SMITH", "SMITH", ""]));
        let comparison = Comparison::new(Kind::Surname { field: Field::Surname.into() });
        let chance = Chance::of(&comparison, &files);
        // Across the files 6 of 8 pairs agree; within them 6 of 12 and 2 of 2 ordered pairs, which is 8 of 14.
        assert!((chance.same.unwrap() - 8.0 / 14.0).abs() < 1e-12);
        let mut frequencies = chance.frequencies.unwrap();
        assert_eq!((frequencies.total(), frequencies.count("SMITH"), frequencies.count("OE")), (6, 5, 0));
        let mut more = Frequencies::new(Field::Surname);
        [("SMITH", 3), ("", 5)].iter().for_each(|(name, times)| more.add(name, *times));
        frequencies.merge(&more);
        assert_eq!((frequencies.total(), frequencies.count("SMITH")), (9, 8));
        let none = Coded::of(coded(&[""]), coded(&["SMITH"]));
        assert_eq!(Chance::of(&comparison, &none).same, None);
    }
}
