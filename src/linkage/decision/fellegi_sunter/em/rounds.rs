//! The state of EM and its rounds.

use super::super::{
    FEWEST_RELATIVES, FellegiSunter, Given, MOST_ROUNDS, Parameters, Priors, Shared, TOLERANCE, Training,
    given::default_in_states, states,
};
use super::classes::{Classes, Places};
use super::twins::Twins;
use super::{HouseholdGuard, OfRule, Session, Source, Trained, TrainingInput};
use crate::linkage::comparison::{Comparison, ComparisonKind, Evidence};
use crate::record::Field;
use std::collections::BTreeMap;

/// The state of EM.
#[derive(Clone, Debug)]
pub(super) struct Em {
    pub(super) patterns: Vec<(Evidence, f64)>,
    places: Places,
    pub(super) pairs: f64,
    pub(super) priors: Priors,
    pub(super) classes: Vec<Classes>,
    pub(super) held: Held,
    /// The share of the pairs of members of a household that are candidates. Of persons it is taken to be all, as it
    /// nearly is with blocking that is worth its name.
    pub(super) seen_households: f64,
    /// The share of relatives of one recorded surname and address among the pairs within files; 0 where that is not
    /// known.
    pub(super) relatives: f64,
    /// Two people of one surname and birth date who live apart, where they are known.
    twins: Option<Twins>,
}

/// The parameters that stay fixed in each round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Held {
    Nothing,
    /// All that is not about persons.
    Others,
    /// That, and the share of persons.
    OthersAndShare,
}

impl Em {
    pub(super) fn start(observed: &TrainingInput) -> Em {
        let &TrainingInput { training, comparisons, chances, pairs, matches, guard } = observed;
        let shared: Vec<Shared> = comparisons.iter().map(|comparison| Shared::of(&comparison.kind)).collect();
        // A household shows where names stand beside an address; with only one of the two it cannot be told.
        let address = |comparison: &Comparison| {
            matches!(comparison.kind, ComparisonKind::Address {}) || comparison.kind.column() == Some(Field::Street)
        };
        let with_address = comparisons.iter().any(address);
        let household = guard == HouseholdGuard::On && with_address && shared.contains(&Shared::ByNobody);
        // Without addresses relatives show where one uses the number of another.
        let borrowed = guard == HouseholdGuard::On && !with_address && comparisons.iter().any(is_number);
        let given = Given::of(comparisons);
        let places = Places::new(comparisons);
        let mut classes: Vec<Classes> = comparisons
            .iter()
            .zip(chances)
            .zip(&shared)
            .enumerate()
            .map(|(i, ((comparison, chance), &shared))| {
                let levels = comparison.labels().len();
                let states = states(given[i].as_ref());
                let m = default_in_states(comparison, given[i].as_ref());
                let mut random = vec![0.0; m.len()];
                for (evidence, &count) in &training.random {
                    if let Some(place) = places.of_level(evidence, i) {
                        random[place] += count as f64;
                    }
                }
                let of_relatives = match shared {
                    Shared::ByNobody if borrowed && is_number(comparison) => Shared::ByHousehold,
                    shared => shared,
                };
                let relatives = match of_relatives {
                    Shared::ByHousehold => Vec::new(),
                    Shared::ByNobody => levels_of_relatives(training, comparisons, i, &places),
                };
                let same = chance.same;
                Classes {
                    h: m.clone(),
                    r: m.clone(),
                    t: m.clone(),
                    u: m.clone(),
                    default_m: m.clone(),
                    m,
                    shared,
                    of_relatives,
                    relatives,
                    random,
                    same,
                    levels,
                    states: vec![1.0 / states as f64; states],
                }
            })
            .collect();
        // Half a pair keeps a class possible of which none was seen.
        let [proposed, all] = training.proposed.map(|count| count as f64 + 0.5);
        let seen_households = if all < FEWEST_RELATIVES { 1.0 } else { proposed / all };
        let relatives = if household || borrowed { share_of_relatives(training, comparisons, borrowed) } else { 0.0 };
        let person = (0.5 * matches / pairs).clamp(1e-300, 0.25);
        let priors = Priors { person, household: if household { person } else { 0.0 }, relatives: 0.0, twins: 0.0 };
        classes.iter_mut().for_each(|class| class.settle_u(priors.person, pairs));
        let twins = household.then(|| Twins::of(training, comparisons, &places, &classes)).flatten();
        let patterns =
            training.candidates.iter().map(|(evidence, &count)| (places.of(evidence), count as f64)).collect();
        Em { patterns, places, pairs, priors, classes, held: Held::Nothing, seen_households, relatives, twins }
    }

    /// The model of this state.
    pub(super) fn trained(&self, observed: &TrainingInput, rounds: u32, converged: bool, m: Source) -> Trained {
        let comparisons = observed.comparisons.iter().zip(observed.chances).zip(Given::of(observed.comparisons));
        let parameters = comparisons.zip(&self.classes).map(|(((comparison, chance), given), class)| Parameters {
            name: comparison.name.clone(),
            labels: comparison.labels(),
            given,
            m: class.m.clone(),
            h: class.h.clone(),
            r: class.r.clone(),
            t: class.t.clone(),
            u: class.u.clone(),
            shared: class.shared,
            // Of a comparison that depends on another the frequencies in each state are not known.
            frequencies: chance.frequencies.clone().filter(|_| class.states.len() == 1),
        });
        let model = FellegiSunter::new(self.priors, parameters.collect());
        Trained { model, rounds, converged, expected_matches: self.expected_matches(), m, sessions: Vec::new() }
    }

    /// EM over the pairs of one rule for persons alone: what strangers, households and relatives are like, and how many
    /// of the pairs are members of a household or relatives, is held as it is here.
    ///
    /// Where only one comparison is left to learn about, more persons of whom fewer agree explain its levels as well as
    /// fewer persons of whom more do. EM would wander along that ridge, pulled by nothing but the default, and take as
    /// many rounds as there are pairs. So there the share of persons is held as well: all comparisons together told it.
    pub(super) fn session(&self, rule: &OfRule, observed: &TrainingInput) -> Session {
        let settled: Vec<bool> = observed.comparisons.iter().map(|comparison| rule.settles(&comparison.kind)).collect();
        let mut patterns: BTreeMap<Evidence, f64> = BTreeMap::new();
        let (mut pairs, mut persons, mut household, mut relatives, mut twins) = (0, 0.0, 0.0, 0.0, 0.0);
        for (evidence, &count) in &rule.training.candidates {
            let evidence = self.places.of(evidence);
            let explained @ [person, of_household, of_relatives, of_twins, _] = self.explained(&evidence);
            let all: f64 = explained.iter().sum();
            persons += count as f64 * person / all;
            household += count as f64 * of_household / all;
            relatives += count as f64 * of_relatives / all;
            twins += count as f64 * of_twins / all;
            pairs += count;
            let level = |i: usize| evidence.level(i).filter(|_| !settled[i]);
            let open: Vec<Option<u8>> = (0..evidence.len()).map(level).collect();
            *patterns.entry(Evidence::new(&open)).or_default() += count as f64;
        }
        let all = (pairs as f64).max(1.0);
        let alone = settled.iter().filter(|&&settled| !settled).count() < 2;
        let (person, held) = match alone {
            true => ((persons / all).max(1e-300), Held::OthersAndShare),
            false => ((0.5 * observed.matches / all).clamp(1e-300, 0.5), Held::Others),
        };
        let mut em = Em {
            patterns: patterns.into_iter().collect(),
            pairs: all,
            priors: Priors { person, household: household / all, relatives: relatives / all, twins: twins / all },
            held,
            ..self.clone()
        };
        em.classes.iter_mut().for_each(|class| class.m.clone_from(&class.default_m));
        let (rounds, converged) = em.run(Source::Estimated);
        Session {
            rule: rule.rule.clone(),
            pairs,
            rounds,
            converged,
            expected_matches: em.expected_matches(),
            states: em.classes.iter().map(|class| class.states.clone()).collect(),
            m: em.classes.into_iter().zip(settled).map(|(class, settled)| (!settled).then_some(class.m)).collect(),
        }
    }

    /// The likelihood of evidence as that of a person, a household, relatives, twins and strangers, in all pairs.
    pub(super) fn explained(&self, evidence: &Evidence) -> [f64; 5] {
        let Priors { person, household, relatives, twins } = self.priors;
        let mut p = [person, household, relatives, twins, self.priors.strangers()];
        for (i, class) in self.classes.iter().enumerate() {
            if let Some(level) = evidence.level(i) {
                let level = usize::from(level);
                p[0] *= class.m[level];
                p[1] *= class.h[level];
                p[2] *= class.r[level];
                p[3] *= class.t[level];
                p[4] *= class.u[level];
            }
        }
        p
    }

    pub(super) fn expected_matches(&self) -> f64 {
        self.priors.person * self.pairs
    }

    /// The log-likelihood of the candidates under the classes.
    pub(super) fn log_likelihood(&self) -> f64 {
        let of = |evidence: &Evidence| libm::log(self.explained(evidence).iter().sum());
        self.patterns.iter().map(|(evidence, count)| count * of(evidence)).sum()
    }

    /// Runs until it converges; gives the number of rounds, and `true` if it converged.
    pub(super) fn run(&mut self, source: Source) -> (u32, bool) {
        for round in 1..=MOST_ROUNDS {
            if self.round(source) < TOLERANCE {
                return (round, true);
            }
        }
        (MOST_ROUNDS, false)
    }

    /// One round of EM; gives the greatest relative change of a prior or absolute change of a probability.
    pub(super) fn round(&mut self, source: Source) -> f64 {
        let zeros = || self.classes.iter().map(|class| vec![0.0; class.m.len()]).collect::<Vec<_>>();
        let (mut persons, mut households) = (zeros(), zeros());
        let (mut person_sum, mut household_sum, mut stranger_sum) = (0.0, 0.0, 0.0);
        for (evidence, count) in &self.patterns {
            let explained @ [p, h, .., u] = self.explained(evidence);
            let all: f64 = explained.iter().sum();
            let (p, h) = (count * p / all, count * h / all);
            person_sum += p;
            household_sum += h;
            stranger_sum += count * u / all;
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
        // A probability matters as much as the pairs that it concerns.
        let rarity = |share: f64| 1.0 / share.clamp(1e-300, 1.0);
        let households_share = old.household / old.person;
        let person = match self.held {
            // Of all pairs few are one person.
            Held::Nothing => (person_sum / self.pairs).min(0.5),
            // What the others leave is shared between persons and strangers.
            Held::Others => (old.person + old.strangers()) * person_sum / (person_sum + stranger_sum),
            Held::OthersAndShare => old.person,
        };
        set(&mut self.priors.person, person.max(floor), old.person);
        if old.household > 0.0 && self.held == Held::Nothing {
            let households = household_sum / (self.pairs * self.seen_households);
            set(&mut self.priors.household, households.clamp(floor, 0.4), old.household.max(old.person));
        }
        for (class, (persons, households)) in self.classes.iter_mut().zip(persons.iter().zip(&households)) {
            let all = persons.iter().sum::<f64>();
            for (state, persons) in persons.chunks(class.levels).enumerate() {
                let of_state = persons.iter().sum::<f64>();
                class.states[state] = if all > 0.0 { of_state / all } else { class.states[state] };
                if source == Source::Estimated {
                    // One pair's worth of the default keeps every level possible.
                    for (place, count) in (state * class.levels..).zip(persons) {
                        set(
                            &mut class.m[place],
                            (count + class.default_m[place]) / (of_state + 1.0),
                            rarity(class.states[state]),
                        );
                    }
                }
            }
            if self.held != Held::Nothing {
                continue;
            }
            class.settle_u(self.priors.person, self.pairs);
            if class.shared == Shared::ByHousehold {
                for (state, households) in households.chunks(class.levels).enumerate() {
                    let total = households.iter().sum::<f64>() + 1.0;
                    for (place, count) in (state * class.levels..).zip(households) {
                        set(&mut class.h[place], (count + class.default_m[place]) / total, rarity(households_share));
                    }
                }
            } else {
                class.h.clone_from(&class.u);
            }
        }
        if self.held == Held::Nothing {
            self.settle_relatives();
        }
        change
    }

    /// The classes of relatives and twins: as many as there are, and like those within files.
    pub(super) fn settle_relatives(&mut self) {
        let mut agree = 1.0;
        for class in &mut self.classes {
            class.settle_r();
            if class.of_relatives == Shared::ByHousehold {
                agree *= class.r.last().copied().unwrap_or(1.0);
            }
        }
        // Those counted agree on surname and address; of the others there are as many as errors and moves part.
        self.priors.relatives = (self.relatives / agree.max(LEAST_AGREEMENT)).min(0.4);
        self.priors.twins = self.twins.as_ref().map_or(0.0, |twins| twins.settle(&mut self.classes));
    }
}

fn is_number(comparison: &Comparison) -> bool {
    comparison.kind.column() == Some(Field::Number)
}

/// Returns `true` if a difference here shows that two members of a household are two people.
fn tells_apart(comparison: &Comparison) -> bool {
    matches!(comparison.kind, ComparisonKind::GivenNames {})
        || matches!(comparison.kind.column(), Some(Field::GivenName | Field::DateOfBirth | Field::Number))
}

/// Those pairs of relatives that are certainly two people, because they differ in something that tells people apart
/// other than `comparison`, and how many there are of each evidence.
fn relatives<'t>(
    training: &'t Training,
    comparisons: &[Comparison],
    comparison: Option<usize>,
) -> impl Iterator<Item = (&'t Evidence, f64)> {
    let others: Vec<usize> =
        (0..comparisons.len()).filter(|&i| comparison != Some(i) && tells_apart(&comparisons[i])).collect();
    let two_people = move |evidence: &Evidence| others.iter().any(|&i| evidence.level(i) == Some(0));
    training
        .relatives
        .iter()
        .map(|(evidence, &n)| (evidence, n as f64))
        .filter(move |(evidence, _)| two_people(evidence))
}

/// Number of them that reach each level of a comparison; empty where they are too few to tell.
fn levels_of_relatives(
    training: &Training,
    comparisons: &[Comparison],
    comparison: usize,
    places: &Places,
) -> Vec<f64> {
    let mut counts = vec![0.0; places.number(comparison)];
    for (evidence, count) in relatives(training, comparisons, Some(comparison)) {
        if let Some(place) = places.of_level(evidence, comparison) {
            counts[place] += count;
        }
    }
    if counts.iter().sum::<f64>() < FEWEST_RELATIVES { Vec::new() } else { counts }
}

/// Errors are taken to leave at least this share of relatives with one surname and address, however much the files differ in
/// how they write them.
const LEAST_AGREEMENT: f64 = 0.1;

/// At most so many pairs with one given name for each pair that differs in it, where a given name alone tells relatives
/// apart: those are people whom the file holds twice, some of them with different names.
const MOST_TWICE: f64 = 0.5;

/// The share of relatives among the pairs within files; 0 where they are too few to tell. A number that was borrowed tells
/// nobody apart.
///
/// Where one comparison alone tells people apart, nobody knows what of it relatives share, and they are taken to share what
/// strangers do. Then files that hold people twice show no relatives: some of those people differ in it as well.
fn share_of_relatives(training: &Training, comparisons: &[Comparison], borrowed: bool) -> f64 {
    let count: f64 = relatives(training, comparisons, None).map(|(_, count)| count).sum();
    let telling = |&i: &usize| tells_apart(&comparisons[i]) && !(borrowed && is_number(&comparisons[i]));
    let told_apart: Vec<usize> = (0..comparisons.len()).filter(telling).collect();
    let is_known = match told_apart[..] {
        [] => false,
        [_] if borrowed => false,
        [only] => {
            let top = comparisons[only].labels().len() as u8 - 1;
            let same = training.relatives.iter().filter(|(evidence, _)| evidence.level(only) == Some(top));
            same.map(|(_, &times)| times as f64).sum::<f64>() <= MOST_TWICE * count
        }
        _ => true,
    };
    if is_known && count >= FEWEST_RELATIVES { count / training.within as f64 } else { 0.0 }
}
