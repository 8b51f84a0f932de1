//! Comparisons that depend on another one: [`Given`].

use super::default_m;
use crate::linkage::comparison::{Comparison, ComparisonKind, Evidence};

/// The states of a comparison that another one depends on, with the words for them.
const STATES: [&str; 4] = ["differs", "is missing", "is similar", "is the same"];

/// The comparison that another one depends on, which has the probabilities of its levels once for each state of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its place among the comparisons.
    place: usize,
    name: String,
    /// Its highest level.
    top: u8,
    /// The level at which it counts as missing: a house number in common says nothing where a street is missing.
    missing: Option<u8>,
}

impl Given {
    /// The comparison that each one depends on, in their order.
    pub(in crate::linkage::decision) fn of(comparisons: &[Comparison]) -> Vec<Option<Given>> {
        let of = |comparison: &Comparison| {
            let name = comparison.given.as_ref()?;
            let place = comparisons.iter().position(|other| other.name == *name)?;
            let top = comparisons[place].labels().len() as u8 - 1;
            let missing = (comparisons[place].kind == ComparisonKind::Address {}).then_some(1);
            Some(Given { place, name: name.clone(), top, missing })
        };
        comparisons.iter().map(of).collect()
    }

    /// The number of the state in which a pair has it.
    fn state(&self, evidence: &Evidence) -> usize {
        match evidence.level(self.place) {
            Some(0) => 0,
            level if level.is_none() || level == self.missing => 1,
            level if level == Some(self.top) => 3,
            _ => 2,
        }
    }

    /// The label of a level in the state in which a pair has it.
    pub(super) fn label(&self, label: &str, evidence: &Evidence) -> String {
        in_state(label, &self.name, STATES[self.state(evidence)])
    }
}

/// The labels of the probabilities of a comparison: those of its levels, in each state of what it is given.
pub fn places(comparison: &Comparison) -> Vec<String> {
    let labels = comparison.labels();
    match &comparison.given {
        None => labels,
        Some(given) => {
            let label = |state: &'_ str| labels.iter().map(|label| in_state(label, given, state)).collect::<Vec<_>>();
            STATES.iter().flat_map(|state| label(state)).collect()
        }
    }
}

fn in_state(label: &str, given: &str, state: &str) -> String {
    format!("{label} ({given} {state})")
}

/// The number of states in which a comparison has probabilities of its levels.
pub(in crate::linkage::decision) fn states(given: Option<&Given>) -> usize {
    if given.is_some() { STATES.len() } else { 1 }
}

/// The default m-probabilities in all states. Whoever moves changes street and city at once, and how often is not known: where
/// the other comparison differs all levels are as likely.
pub(super) fn default_in_states(comparison: &Comparison, given: Option<&Given>) -> Vec<f64> {
    let m = default_m(comparison);
    let even = vec![1.0 / m.len() as f64; m.len()];
    let of_state = |state: usize| if state == 0 && given.is_some() { even.clone() } else { m.clone() };
    (0..states(given)).flat_map(of_state).collect()
}

/// The place of a level among the probabilities of all states.
#[inline]
pub(super) fn place(given: Option<&Given>, levels: usize, level: u8, evidence: &Evidence) -> usize {
    given.map_or(0, |given| given.state(evidence) * levels) + usize::from(level)
}

#[cfg(test)]
mod tests {
    use super::super::{
        Chance, FellegiSunter, HouseholdGuard, MatchWeight, OfRule, Training, TrainingInput, probability, train,
        train_in_sessions,
    };
    use super::{Given, default_in_states};
    use crate::linkage::comparison::{Comparison, ComparisonKind, Evidence};
    use crate::random::{Decision, Seed, Stream};
    use crate::record::{Field, RecordId, Records};

    use std::collections::BTreeMap;

    const PERSONS: u64 = 4_000;
    const PAIRS: u64 = 2_000_000;

    /// The levels of given name, birth date, street and city. Who lives in one street lives in one city, whether it is
    /// one person or two.
    fn draw(stream: &mut Stream, person: bool) -> Evidence {
        let chance = if person { [0.9, 0.9, 0.7] } else { [0.01, 0.001, 0.002] };
        let [name, born, street] = chance.map(|chance| u8::from(stream.chance(chance)));
        let of_city = match (street, person) {
            (1, _) => 0.97,
            (_, true) => 0.4,
            _ => 0.02,
        };
        let city = u8::from(stream.chance(of_city));
        let street = (!stream.chance(0.05)).then_some(street);
        Evidence::new(&[Some(name), Some(born), street, Some(city)])
    }

    fn comparisons(given: Option<&str>) -> Vec<Comparison> {
        let fields = [Field::GivenName, Field::DateOfBirth, Field::Street, Field::City];
        let mut comparisons =
            fields.map(|field| Comparison::new(ComparisonKind::Exact { field: field.into() })).to_vec();
        comparisons[3].given = given.map(str::to_owned);
        comparisons
    }

    /// Candidates by their evidence: pairs, and those of one person.
    type Seen = BTreeMap<Evidence, [f64; 2]>;

    fn world() -> (Training, Seen) {
        let (mut training, mut seen) = (Training::new(), Seen::new());
        for i in 0..PAIRS {
            let mut stream = Seed(7).stream(Decision::named("test.given"), i);
            let evidence = draw(&mut stream, i < PERSONS);
            let agrees = |c: usize| evidence.level(c) == Some(1);
            if agrees(1) || (agrees(0) && agrees(2)) || (agrees(0) && agrees(3)) {
                training.add(evidence, 0);
                let [pairs, persons] = seen.entry(evidence).or_default();
                *pairs += 1.0;
                *persons += f64::from(u8::from(i < PERSONS));
            }
            if stream.chance(0.2) {
                training.add_random(evidence);
            }
        }
        (training, seen)
    }

    fn chances() -> [Chance; 4] {
        [0.01, 0.001, 0.002, 0.022].map(|same| Chance { same: Some(same), frequencies: None })
    }

    fn input<'f>(training: &'f Training, comparisons: &'f [Comparison], chances: &'f [Chance]) -> TrainingInput<'f> {
        let (pairs, matches) = (PAIRS as f64, 2.0 * PERSONS as f64);
        TrainingInput { training, comparisons, chances, pairs, matches, guard: HouseholdGuard::Off }
    }

    /// The model, and by how much its probabilities of the candidates are off on average.
    fn trained(given: Option<&str>) -> (FellegiSunter, f64, f64) {
        let ((training, seen), comparisons, chances) = (world(), comparisons(given), chances());
        let trained = train(&input(&training, &comparisons, &chances));
        assert!(trained.converged);
        let off = |(evidence, [pairs, persons]): (&Evidence, &[f64; 2])| {
            let given = probability(trained.model.score_with(evidence, |_| MatchWeight::default())).get();
            (pairs * given - persons).abs()
        };
        let pairs: f64 = seen.values().map(|[pairs, _]| pairs).sum();
        let off = seen.iter().map(off).sum::<f64>() / pairs;
        (trained.model, off, trained.expected_matches)
    }

    #[test]
    fn a_city_is_no_news_to_who_knows_the_street() {
        let (model, off, matches) = trained(Some("street"));
        let city = &model.parameters()[3];
        for (state, same) in [(0, [0.4, 0.02]), (3, [0.97, 0.97])] {
            let top = 2 * state + 1;
            let found = [city.m[top], city.u[top]];
            assert!(found.iter().zip(same).all(|(found, made)| (found - made).abs() < 0.03), "{state} {found:?}");
        }
        let (_, off_alone, matches_alone) = trained(None);
        // One person in forty agrees on too little to be a candidate.
        assert!(off < 0.01 && (matches / PERSONS as f64 - 1.0).abs() < 0.05, "{off} {matches}");
        assert!(off_alone > 2.0 * off, "as if it were news: {off_alone} {matches_alone}");
    }

    #[test]
    fn a_house_number_without_its_street_is_no_address_in_common() {
        let city = Comparison { given: Some("address".to_owned()), ..comparisons(None)[3].clone() };
        let comparisons = [Comparison::new(ComparisonKind::Address {}), city];
        let [_, Some(given)] = &Given::of(&comparisons)[..] else { panic!("city is given the address") };
        let state = |level: Option<u8>| given.state(&Evidence::new(&[level, Some(1)]));
        let states = [Some(0), Some(1), None, Some(2), Some(4), Some(5)].map(state);
        assert_eq!(states, [0, 1, 1, 2, 2, 3]);
        // Whoever moves may have moved to another city: in that state no level is likelier than another.
        let m = default_in_states(&comparisons[1], Some(given));
        assert!(m[..2] == [0.5, 0.5] && m[2] < m[3] && m.len() == 8, "{m:?}");
    }

    #[test]
    fn a_session_says_nothing_of_a_state_that_it_does_not_see() {
        let ((training, seen), mut comparisons, chances) = (world(), comparisons(None), chances());
        comparisons[0].given = Some("date_of_birth".to_owned());
        // All pairs of this rule have one birth date.
        let mut of_rule = Training::new();
        for (&evidence, [pairs, _]) in seen.iter().filter(|(evidence, _)| evidence.level(1) == Some(1)) {
            of_rule.add_times(evidence, 0, *pairs as u64);
        }
        let fields = vec![Field::DateOfBirth];
        let rules = [OfRule { rule: "date_of_birth".to_owned(), fields, training: of_rule }];
        let observed = input(&training, &comparisons, &chances);
        let [together, apart] = [train(&observed), train_in_sessions(&observed, &rules)]
            .map(|trained| trained.model.parameters()[0].m.clone());
        assert_eq!(apart[..2], together[..2], "given names where birth dates differ");
        assert!((apart[7] - 0.9).abs() < 0.02, "{apart:?}");
    }

    #[test]
    fn terms_name_the_state_of_what_a_comparison_is_given() {
        let (model, ..) = trained(Some("street"));
        let mut records = Records::new(&[Field::Street]);
        records.push(RecordId(0), &["OAK ST"]);
        let term = |street: Option<u8>| {
            let evidence = Evidence::new(&[Some(1), Some(0), street, Some(1)]);
            let terms = model.terms(&evidence, &records, 0);
            assert_eq!(terms.iter().map(|term| term.value).sum::<i32>(), model.score(&evidence, &records, 0).0);
            let city = terms.into_iter().find(|term| term.name == "city").unwrap();
            (city.level, city.value)
        };
        let [differs, missing, same] = [Some(0), None, Some(1)].map(term);
        assert_eq!(differs.0, "same (street differs)");
        assert_eq!(missing.0, "same (street is missing)");
        assert_eq!(same.0, "same (street is the same)");
        assert!(same.1.abs() < 300 && differs.1 > 3_000, "{same:?} {differs:?}");
    }
}
