//! The EM algorithm: [`train`], [`train_in_sessions`], [`restart`].

mod classes;
mod rounds;
mod twins;

use super::{Chance, FEWEST_MATCHES, FellegiSunter, Training};
use crate::linkage::comparison::{Comparison, ComparisonKind};
use crate::record::Field;
use rounds::Em;
use serde::{Deserialize, Serialize};

/// A model and its training.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub model: FellegiSunter,
    /// Rounds of EM.
    pub rounds: u32,
    /// `true` if EM converged before `MOST_ROUNDS`.
    pub converged: bool,
    /// Matches that the model expects among the candidate pairs.
    pub expected_matches: f64,
    /// The source of `m`.
    pub m: Source,
    /// The sessions that were combined; none where one EM saw all candidates.
    pub sessions: Vec<Session>,
}

/// EM over the candidates of one blocking rule, as part of [`train_in_sessions`].
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The rule.
    pub rule: String,
    /// Pairs that it proposes, whether another rule does as well or not.
    pub pairs: u64,
    /// Rounds of EM.
    pub rounds: u32,
    /// `true` if EM converged before `MOST_ROUNDS`.
    pub converged: bool,
    /// Matches expected among the pairs. Below [`FEWEST_MATCHES`] the session is not made use of.
    pub expected_matches: f64,
    /// The share of its persons in each state of what a comparison is given, by comparison.
    states: Vec<Vec<f64>>,
    /// The m-probabilities it found, by comparison; `None` where the rule looks at what is compared.
    pub m: Vec<Option<Vec<f64>>>,
}

impl Session {
    /// Returns `true` if its findings are among those combined.
    pub fn counts(&self) -> bool {
        self.expected_matches >= FEWEST_MATCHES
    }
}

/// The source of m-probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Estimated from the files.
    Estimated,
    /// The documented default, because too few matches are expected to estimate them.
    Default,
}

/// The observations of two files from which a model is trained.
#[derive(Clone, Copy, Debug)]
pub struct TrainingInput<'f> {
    /// The counts of pairs.
    pub training: &'f Training,
    /// The comparisons.
    pub comparisons: &'f [Comparison],
    /// Of each comparison what is known about chance agreement.
    pub chances: &'f [Chance],
    /// The pairs that the files make, candidates or not.
    pub pairs: f64,
    /// The greatest number of matches there can be, where EM starts looking: the records of the smaller file.
    pub matches: f64,
    /// The class of households: on or off.
    pub guard: HouseholdGuard,
}

/// A class for two members of one household in a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HouseholdGuard {
    /// It has, where names stand beside an address.
    #[default]
    On,
    /// It has not. Then members of one household, who share surname and address, are taken for one person: this is here
    /// so that the failure can be seen.
    Off,
}

/// Trains a model by one EM over all candidates.
pub fn train(observed: &TrainingInput) -> Trained {
    let start = Em::start(observed);
    let mut em = start.clone();
    let (mut rounds, mut converged) = em.run(Source::Estimated);
    let mut source = Source::Estimated;
    if em.expected_matches() < FEWEST_MATCHES {
        em = start;
        source = Source::Default;
        (rounds, converged) = em.run(Source::Default);
    }
    em.trained(observed, rounds, converged, source)
}

/// The pairs that one blocking rule proposes, to hold a [`Session`] on.
#[derive(Clone, Debug)]
pub struct OfRule {
    /// The rule as it is written.
    pub rule: String,
    /// The fields that it looks at, whole or in part.
    pub fields: Vec<Field>,
    /// The counts of its pairs; of these the candidates alone are used.
    pub training: Training,
}

impl OfRule {
    /// Returns `true` if all pairs of the rule agree on what a comparison compares, or nearly: it looks at a field of
    /// it. The parts of an address depend on each other, so whoever looks at one of them has looked at all.
    fn settles(&self, kind: &ComparisonKind) -> bool {
        let is_address = |field: &Field| Field::ADDRESS.contains(&field.column());
        let address = *kind == ComparisonKind::Address {} || kind.fields().into_iter().any(is_address);
        let looked_at = |field: &Field| self.fields.iter().any(|other| other.column() == field.column());
        kind.fields().into_iter().any(looked_at) || (address && self.fields.iter().any(is_address))
    }
}

/// [`train`], but `m` is estimated apart from the candidates of each blocking rule, for what that rule does not look
/// at, and the estimates are averaged in weight by the matches expected. What is not about persons is held in a session
/// as the EM over all candidates found it. For what every rule looks at, and where no
/// session finds [`FEWEST_MATCHES`], `m` is that of [`train`]. Shares of persons and households, and what
/// households have in common, are then estimated from all candidates with `m` held.
///
/// One rule's candidates all agree on what it looks at, so that within them nothing is to be learned about that; and
/// within all candidates together agreement is commoner than among all pairs of one person, because a pair that agrees
/// on too little is no candidate. A session is free of that as far as errors in different fields are independent.
pub fn train_in_sessions(observed: &TrainingInput, rules: &[OfRule]) -> Trained {
    let mut em = Em::start(observed);
    em.run(Source::Estimated);
    if em.expected_matches() < FEWEST_MATCHES {
        return train(observed);
    }
    let sessions: Vec<Session> = rules.iter().map(|rule| em.session(rule, observed)).collect();
    for (i, class) in em.classes.iter_mut().enumerate() {
        for (state, m) in class.m.chunks_mut(class.levels).enumerate() {
            let places = state * class.levels..(state + 1) * class.levels;
            // A session that saw nobody in a state says nothing about it.
            let found = || {
                let of = |session: &'_ Session| {
                    let persons = session.expected_matches * session.states[i][state];
                    let m = session.m[i].as_ref().filter(|_| persons >= 1.0)?;
                    Some((persons, m[places.clone()].to_vec()))
                };
                sessions.iter().filter(|session| session.counts()).filter_map(of)
            };
            let weight: f64 = found().map(|(weight, _)| weight).sum();
            if weight > 0.0 {
                m.fill(0.0);
                for (persons, found) in found() {
                    m.iter_mut().zip(found).for_each(|(sum, m)| *sum += persons / weight * m);
                }
            }
        }
    }
    let (rounds, converged) = em.run(Source::Default);
    let mut trained = em.trained(observed, rounds, converged, Source::Estimated);
    trained.converged &= sessions.iter().all(|session| session.converged || !session.counts());
    trained.sessions = sessions;
    trained
}

/// The ends of EM from other starts; see [`restart`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Restarts {
    /// Starts tried.
    pub starts: u32,
    /// Those that converged to the point of the documented start: no m-probability further off than
    /// [`SAME_PLACE`], and the share of persons no further than that share of itself.
    pub same_place: u32,
    /// The greatest difference of an m-probability from the documented start's.
    pub greatest_difference: f64,
    /// The gain in log-likelihood of the best of them over the documented start; at most rounding where none explains
    /// the candidates better.
    pub better_by: f64,
}

/// Ends of EM that differ by no more than this are one place.
pub const SAME_PLACE: f64 = 1e-3;

/// Runs EM from `starts` random points: every probability drawn anew, shares of persons and households from an eighth to
/// eight times the documented start's. `uniform` gives numbers from 0 to 1.
pub fn restart(observed: &TrainingInput, starts: u32, mut uniform: impl FnMut() -> f64) -> Restarts {
    let start = Em::start(observed);
    let mut reference = start.clone();
    reference.run(Source::Estimated);
    let likelihood = reference.log_likelihood();
    let mut restarts = Restarts { starts, same_place: 0, greatest_difference: 0.0, better_by: f64::NEG_INFINITY };
    for _ in 0..starts {
        let mut em = start.clone();
        let mut factor = || libm::exp2(6.0 * uniform() - 3.0);
        em.priors.person = (em.priors.person * factor()).min(0.25);
        em.priors.household = (em.priors.household * factor()).min(0.25);
        for class in &mut em.classes {
            for p in [&mut class.m, &mut class.h] {
                // Exponential draws over their sum are uniform over all distributions.
                let states = class.states.len();
                for (state, p) in p.chunks_mut(class.levels).enumerate() {
                    let drawn: Vec<f64> = p.iter().map(|_| 1e-9 - libm::log(uniform().max(1e-12))).collect();
                    let total: f64 = drawn.iter().sum();
                    p.iter_mut().zip(&drawn).for_each(|(p, x)| *p = x / total);
                    // A distribution that favours disagreement is no person's.
                    // Whoever moves changes street and city at once.
                    if states == 1 || state > 0 {
                        p.sort_by(f64::total_cmp);
                    }
                }
            }
        }
        em.run(Source::Estimated);
        let differences = em.classes.iter().zip(&reference.classes).flat_map(|(x, y)| x.m.iter().zip(&y.m));
        let difference = differences.fold(0.0_f64, |most, (x, y)| most.max((x - y).abs()));
        let persons = (em.priors.person / reference.priors.person - 1.0).abs();
        restarts.same_place += u32::from(difference <= SAME_PLACE && persons <= SAME_PLACE);
        restarts.greatest_difference = restarts.greatest_difference.max(difference);
        restarts.better_by = restarts.better_by.max(em.log_likelihood() - likelihood);
    }
    restarts
}
