//! The attributes by which results are told apart, and what a person is by each.

use super::scenario::did_you_mean;
use crate::agency::{Subject, recording_quality};
use crate::evaluation::{Attribute, MOST_ATTRIBUTES, Pair, Profile};
use crate::population::{Group, Joiner, Population, Sex, Status};
use crate::random::Seed;
use serde::{Deserialize, Serialize};

/// Age bands, each up to and without an age in years.
const AGE_BANDS: [(&str, i32); 5] = [("0-17", 18), ("18-29", 30), ("30-44", 45), ("45-64", 65), ("65+", i32::MAX)];

/// How a surname is written.
const NAME_FORMS: [&str; 3] = ["one_surname", "two_surnames", "hyphenated"];

/// Tenths of the country by how common their surname is; ten people in a hundred stand in each.
const TENTHS: [&str; 10] = ["01_most_common", "02", "03", "04", "05", "06", "07", "08", "09", "10_rarest"];

/// The shares of the country's people that bear a surname, at the borders of the tenths: whose surname more people
/// bear than the first is in the first tenth. From the model's own curve; a test computes them again, to a tenth.
pub(super) const SURNAME_TENTHS: [f64; 9] =
    [1.67e-3, 6.13e-4, 2.77e-4, 1.302e-4, 6.16e-5, 2.74e-5, 8.86e-6, 2.22e-6, 5.20e-7];

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

/// Two attributes by which people are told apart at once; in files `group,sex`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct By(pub Pair);

impl By {
    /// Reads the names of two attributes with a comma between them.
    pub fn parse(text: &str) -> Result<By, String> {
        let attributes = attributes();
        let names = || attributes.iter().map(|attribute| attribute.name);
        let list = names().collect::<Vec<_>>().join(", ");
        let position = |name: &str| {
            let name = name.trim();
            let hint = || format!("no attribute \"{name}\"{}; there are {list}", did_you_mean(name, names()));
            names().position(|known| known == name).ok_or_else(hint)
        };
        match text.split(',').collect::<Vec<_>>()[..] {
            [first, second] => match [position(first)?, position(second)?] {
                [a, b] if a == b => Err(format!("{} twice; write two of {list}", first.trim())),
                pair => Ok(By(pair)),
            },
            _ => Err(format!("write two attributes, such as group,sex; there are {list}")),
        }
    }

    /// Whether another has the same two attributes.
    pub fn same_as(self, other: By) -> bool {
        let By([a, b]) = self;
        [[a, b], [b, a]].contains(&other.0)
    }
}

impl TryFrom<String> for By {
    type Error = String;

    fn try_from(text: String) -> Result<By, String> {
        By::parse(&text).map_err(|error| format!("by: {error}"))
    }
}

impl From<By> for String {
    fn from(By([first, second]): By) -> String {
        let attributes = attributes();
        format!("{},{}", attributes[first].name, attributes[second].name)
    }
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
    fn pairs_of_attributes_are_read_as_they_are_written_and_wrong_ones_are_told() {
        let read = By::parse("group, sex").unwrap();
        assert_eq!((read, String::from(read)), (By([0, 2]), "group,sex".to_string()));
        assert!(read.same_as(By([2, 0])) && !read.same_as(By([0, 1])));
        for (text, said) in [
            ("grup,sex", "did you mean \"group\"?"),
            ("group,height", "there are group, status, sex"),
            ("group,group", "group twice; write two of"),
            ("group", "write two attributes"),
            ("group,sex,age", "write two attributes"),
        ] {
            let error = By::parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn the_tenths_of_name_commonness_are_those_of_the_model() {
        let borders = Names::new().surname_borders(TENTHS.len());
        let close = |(known, now): (&f64, &f64)| (known / now - 1.0).abs() < 0.1;
        assert!(SURNAME_TENTHS.iter().zip(&borders).all(close), "they are now {borders:?}");
    }
}
