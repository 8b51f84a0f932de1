//! The attributes by which results are told apart, and what a person is by each.

use crate::agency::{Subject, recording_quality};
use crate::evaluation::{Attribute, MOST_ATTRIBUTES, Profile};
use crate::population::{Group, Joiner, Population, Sex, Status};
use crate::random::Seed;

/// Age bands, each up to and without an age in years.
const AGE_BANDS: [(&str, i32); 5] = [("0-17", 18), ("18-29", 30), ("30-44", 45), ("45-64", 65), ("65+", i32::MAX)];

/// How a surname is written.
const NAME_FORMS: [&str; 3] = ["one_surname", "two_surnames", "hyphenated"];

/// Tenths of the country by how common their surname is; ten people in a hundred stand in each.
const TENTHS: [&str; 10] = ["01_most_common", "02", "03", "04", "05", "06", "07", "08", "09", "10_rarest"];

/// The shares of the country's people that bear a surname, at the borders of the tenths: whose surname more people
/// bear than the first is in the first tenth. From the model's own curve; a test computes them again, to a tenth.
pub(super) const SURNAME_TENTHS: [f64; 9] =
    [1.67e-3, 6.12e-4, 2.77e-4, 1.295e-4, 6.12e-5, 2.69e-5, 8.64e-6, 2.11e-6, 4.31e-7];

/// Fifths of people by the hidden trait on which errors about them hang together.
const QUALITIES: [&str; 5] = ["1_poorest", "2", "3", "4", "5_best"];

/// The attributes by which people are told apart.
pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        Attribute { name: "group", values: Group::ALL.iter().map(|group| group.name()).collect() },
        Attribute { name: "status", values: Status::ALL.iter().map(|status| status.name()).collect() },
        Attribute { name: "sex", values: Sex::ALL.iter().map(|sex| sex.name()).collect() },
        Attribute { name: "age", values: AGE_BANDS.iter().map(|(name, _)| *name).collect() },
        Attribute { name: "name_form", values: NAME_FORMS.to_vec() },
        Attribute { name: "name_commonness", values: TENTHS.to_vec() },
        Attribute { name: "recording_quality", values: QUALITIES.to_vec() },
    ]
}

/// What a person is by each attribute. `errors` is the seed of errors, which the recording of a person hangs on.
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
        let borders = Names::new().surname_borders(TENTHS.len());
        let close = |(known, now): (&f64, &f64)| (known / now - 1.0).abs() < 0.1;
        assert!(SURNAME_TENTHS.iter().zip(&borders).all(close), "they are now {borders:?}");
    }
}
