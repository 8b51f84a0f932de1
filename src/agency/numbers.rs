//! The identity number under which a file has a person: the person's own, somebody else's, or nobody's.

use super::making::other_member;
use super::{Agency, Subject, texts};
use crate::population::{Person, PersonId, Population};
use crate::random::{Decision, Stream};

const NUMBER_GIVEN: Decision = Decision::named("agency.number_given");

impl Agency<'_> {
    /// Says if the record of a person gives a number, where there is one to give.
    pub(super) fn gives_number(&self, person: &Person) -> bool {
        self.seed.uniform(NUMBER_GIVEN.about(self.side as u64), person.id.0) < self.config.number_given
    }

    /// The number under which the file has somebody: the identity number, or for who has none, on a return, the
    /// taxpayer number. Empty where there is neither.
    pub(super) fn number_of(&self, person: &Person) -> String {
        match self.country.has_number(person) {
            true => self.country.number(person.id),
            false if self.config.filing.is_some() => self.country.taxpayer_number(person.id),
            false => String::new(),
        }
    }
}

/// The number of another member of the household who has one.
pub(super) fn of_relative(agency: &Agency<'_>, subject: Subject<'_>, stream: &mut Stream) -> Option<String> {
    let relative = &subject.block.people[other_member(subject, stream)?];
    Some(agency.number_of(relative)).filter(|number| !number.is_empty())
}

/// The number of somebody who died.
pub(super) fn of_dead(agency: &Agency<'_>, _: Subject<'_>, stream: &mut Stream) -> Option<String> {
    agency.country.number_of_dead(stream)
}

/// A number that was issued to nobody.
pub(super) fn invented(agency: &Agency<'_>, _: Subject<'_>, stream: &mut Stream) -> Option<String> {
    agency.country.number_never_issued(stream)
}

/// The number of somebody of the country.
pub(super) fn of_anybody(agency: &Agency<'_>, _: Subject<'_>, stream: &mut Stream) -> Option<String> {
    let country = agency.country;
    Some(country.number(PersonId(stream.below(country.people()))))
}

/// Another number of the country's space: as many of the wrong numbers are somebody's as numbers are issued.
pub(super) fn wrong(country: &Population, text: &str, stream: &mut Stream) -> String {
    let in_space = |wrong: &str| wrong[2..].parse::<u64>().is_ok_and(|value| value < country.number_space());
    if text.len() < 3 {
        return text.to_string();
    }
    (0..8).map(|_| texts::wrong_digit(text, stream)).find(|wrong| in_space(wrong)).unwrap_or_else(|| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{agency, capture};
    use super::super::{AgencyConfig, Capture, Draft, ErrorKind, ErrorRates, ErrorSet, Profile, Side};
    use super::*;
    use crate::population::PopulationConfig;
    use crate::population::tests::config;
    use crate::random::Seed;
    use crate::record::Field;

    #[test]
    fn numbers_of_others_are_of_the_living_the_dead_or_nobody_and_only_of_records_that_give_one() {
        let country = Population::new(PopulationConfig { without_number: [0.5; 6], ..config(256 * 40) }, Seed(1));
        let block = country.block(2);
        let mut draft = Draft::default();
        let living = 256 * 40;
        for (kind, from, to) in [
            (ErrorKind::BORROWED_NUMBER, 0, living),
            (ErrorKind::NUMBER_OF_DEAD, living, living + living / 3),
            (ErrorKind::INVENTED_NUMBER, living + living / 3, u64::MAX),
        ] {
            let rates = ErrorRates::from_fn(|k| if k == kind { 1.0 } else { 0.0 });
            let config = AgencyConfig { capture: capture(rates, 0.0), number_given: 0.7, ..agency(0.0) };
            let agency = Agency::new(&country, &config, Side::Requester, Seed(2));
            let mut numbers = 0;
            for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
                agency.record(subject, ErrorSet::NONE, &mut draft, None);
                let number = draft.get(&Field::Number);
                assert_eq!(number.is_empty(), !agency.gives_number(subject.person), "{kind:?}");
                if let Some(digits) = number.strip_prefix("QQ") {
                    let of = country.place_of_number(digits.parse().unwrap());
                    assert!((from..to).contains(&of) && of != subject.person.id.0, "{kind:?}: {of}");
                    numbers += 1;
                }
            }
            assert!(numbers > 100, "{kind:?}");
        }
    }

    #[test]
    fn who_has_no_number_is_under_another_s_as_many_times_as_often_as_the_factor_says() {
        let country = Population::new(PopulationConfig { without_number: [0.5; 6], ..config(256 * 60) }, Seed(1));
        let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::BORROWED_NUMBER { 0.02 } else { 0.0 });
        let profile = Profile { without_number: 10.0, ..Profile::EQUAL };
        let capture = Capture::new(rates, &profile, 0.3, &Field::NAMED);
        let config = AgencyConfig { capture, ..agency(0.0) };
        let file = Agency::new(&country, &config, Side::Holder, Seed(2));
        let mut borrowed = [(0, 0); 2];
        for block in (0..60).map(|index| country.block(index)) {
            for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
                let (hits, all) = &mut borrowed[usize::from(country.has_number(subject.person))];
                (*hits, *all) = (*hits + file.drawn(subject).len(), *all + 1);
            }
        }
        let [without, with] = borrowed.map(|(hits, all)| hits as f64 / all as f64);
        // 1 − 0.98^10 is 0.183.
        assert!((without - 0.183).abs() < 0.015 && (with - 0.02).abs() < 0.006, "{without} {with}");
    }

    #[test]
    fn who_works_under_an_owner_s_name_has_all_by_which_the_owner_is_known_but_the_address() {
        let country = Population::new(config(256 * 40), Seed(1));
        let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::BORROWED_IDENTITY { 1.0 } else { 0.0 });
        let config = AgencyConfig { capture: capture(rates, 0.0), ..agency(0.0) };
        let agency = Agency::new(&country, &config, Side::Holder, Seed(2));
        let block = country.block(2);
        let (mut draft, mut own) = (Draft::default(), Draft::default());
        for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
            agency.record(subject, ErrorSet::NONE, &mut draft, None);
            agency.record(subject, ErrorSet::ALL, &mut own, None);
            let owner = country.number_holder(draft.get(&Field::Number)[2..].parse().unwrap()).unwrap();
            assert!(owner != subject.person.id && owner.block() == 2);
            assert_eq!(draft.get(&Field::DateOfBirth), block.people[owner.slot()].born.to_string());
            for field in [Field::HouseNumber, Field::Street, Field::Zip] {
                assert_eq!(draft.get(&field), own.get(&field));
            }
        }
    }
}
