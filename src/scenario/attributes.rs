//! The attributes of people by which results are told apart, and pairs of them.

use super::did_you_mean;
use super::people::{Group, Sex, Status};
use serde::{Deserialize, Serialize};

/// A property of people by which results are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub values: Vec<&'static str>,
    /// The value whose people others are compared with, whatever the seed: the largest part of the country, or an end or
    /// the middle of values that have an order.
    pub reference: usize,
}

/// Two attributes by which results are told apart at once, as positions in the list of attributes.
pub type Pair = [usize; 2];

/// Age bands, each up to and without an age in years.
pub const AGE_BANDS: [(&str, i32); 5] = [("0-17", 18), ("18-29", 30), ("30-44", 45), ("45-64", 65), ("65+", i32::MAX)];

/// Forms of a surname.
const NAME_FORMS: [&str; 3] = ["one_surname", "two_surnames", "hyphenated"];

/// Tenths of the country by how common their surname is; ten people in a hundred stand in each.
const TENTHS: [&str; 10] = ["01_most_common", "02", "03", "04", "05", "06", "07", "08", "09", "10_rarest"];

/// Fifths of people by the hidden trait that makes errors about them depend on each other.
const QUALITIES: [&str; 5] = ["1_poorest", "2", "3", "4", "5_best"];

/// The attributes by which people are told apart.
pub fn attributes() -> Vec<Attribute> {
    let attribute = |name, values: Vec<&'static str>, reference: &str| {
        let place = values.iter().position(|value| *value == reference);
        Attribute { name, values, reference: place.expect("the reference is one of the values") }
    };
    vec![
        attribute("group", Group::ALL.iter().map(|group| group.name()).collect(), Group::White.name()),
        attribute("status", Status::ALL.iter().map(|status| status.name()).collect(), Status::CitizenByBirth.name()),
        attribute("sex", Sex::ALL.iter().map(|sex| sex.name()).collect(), Sex::Male.name()),
        attribute("age", AGE_BANDS.iter().map(|(name, _)| *name).collect(), "30-44"),
        attribute("name_form", NAME_FORMS.to_vec(), "one_surname"),
        attribute("name_commonness", TENTHS.to_vec(), "01_most_common"),
        attribute("recording_quality", QUALITIES.to_vec(), "5_best"),
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

    /// Returns `true` if `other` has the same two attributes.
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
