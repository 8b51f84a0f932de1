//! A person's value of each attribute by which results are told apart.

use crate::agency::{Subject, recording_quality};
use crate::evaluation::{MOST_ATTRIBUTES, Profile};
use crate::population::{Joiner, Population};
use crate::random::Seed;
use crate::scenario::AGE_BANDS;

/// The shares of the country's people that bear a surname, at the borders of the tenths: whose surname more people
/// bear than the first is in the first tenth. From the model's own curve; a test computes them again, to a tenth.
pub(super) const SURNAME_TENTHS: [f64; 9] =
    [1.752e-3, 6.38e-4, 2.96e-4, 1.424e-4, 6.77e-5, 3.12e-5, 1.073e-5, 2.75e-6, 6.56e-7];

/// A person's value of each attribute. `errors` is the seed of errors, on which the recording of a person depends.
pub(super) fn profile(country: &Population, errors: Seed, subject: Subject<'_>) -> Profile {
    let person = subject.person;
    let age = person.age();
    let band = AGE_BANDS.iter().position(|(_, end)| age < *end).unwrap_or(AGE_BANDS.len() - 1);
    let form = match person.second_surname {
        None => 0,
        Some((Joiner::Space, _)) => 1,
        Some((Joiner::Hyphen, _)) => 2,
    };
    let share = country.names().national_share(person.surname);
    let tenth = SURNAME_TENTHS.partition_point(|border| *border > share);
    let fifth = ((recording_quality(errors, person.id) * 5.0) as usize).min(4);
    let values = [person.group as usize, person.status as usize, person.sex as usize, band, form, tenth, fifth];
    let mut profile = [0; MOST_ATTRIBUTES];
    profile.iter_mut().zip(values).for_each(|(place, value)| *place = value as u8);
    profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::names::Names;

    #[test]
    fn the_tenths_of_name_commonness_are_those_of_the_model() {
        let borders = Names::new().surname_borders(SURNAME_TENTHS.len() + 1);
        let close = |(known, now): (&f64, &f64)| (known / now - 1.0).abs() < 0.1;
        assert!(SURNAME_TENTHS.iter().zip(&borders).all(close), "they are now {borders:?}");
    }
}
