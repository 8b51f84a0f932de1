//! Comparisons given one another, because what they compare depends on each other.

use super::{Comparison, ComparisonKind, default_comparisons};
use crate::record::Field;

/// [`default_comparisons`] with those of one address given each other: whoever lives in one street has one postal code,
/// one city and one state. Each is given the next smaller one.
pub fn dependent_comparisons(fields: &[Field]) -> Vec<Comparison> {
    const AREA: [Field; 3] = [Field::Zip, Field::City, Field::State];
    let mut comparisons = default_comparisons(fields);
    let is_street = |comparison: &Comparison| {
        comparison.kind == ComparisonKind::Address {} || comparison.kind.field() == Some(&Field::Street)
    };
    let mut smaller = comparisons.iter().find(|comparison| is_street(comparison)).map(|street| street.name.clone());
    for field in AREA {
        if let Some(comparison) = comparisons.iter_mut().find(|comparison| comparison.kind.field() == Some(&field)) {
            comparison.given = smaller.replace(comparison.name.clone());
        }
    }
    comparisons
}

/// The error in what comparisons depend on, if there is one.
pub fn complaint_of_given(comparisons: &[Comparison]) -> Option<String> {
    let of = |name: &str| comparisons.iter().find(|comparison| comparison.name == name);
    comparisons.iter().find_map(|comparison| {
        let Comparison { name, given, .. } = comparison;
        let mut next = given.as_ref()?;
        for _ in comparisons {
            if next == name {
                return Some(format!("{name:?} depends on itself by its given = {:?}", given.as_ref()?));
            }
            let Some(found) = of(next) else {
                let names: Vec<String> = comparisons.iter().map(|other| format!("{:?}", other.name)).collect();
                return Some(format!(
                    "no comparison is called {next:?}, as given has it; there are {}",
                    names.join(", ")
                ));
            };
            next = found.given.as_ref()?;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_an_address_is_given_the_next_smaller_one() {
        let given = |fields: &[Field]| {
            let comparisons = dependent_comparisons(fields).into_iter();
            comparisons.filter_map(|c| Some(format!("{} {}", c.name, c.given?))).collect::<Vec<String>>().join(", ")
        };
        let around = [Field::City, Field::State, Field::Zip];
        assert_eq!(given(&around), "city zip, state city");
        assert_eq!(given(&[&around[..], &[Field::Street]].concat()), "city zip, state city, zip street");
        let all = [&around[..], &[Field::Street, Field::HouseNumber, Field::Unit, Field::Surname]].concat();
        assert_eq!(given(&all), "city zip, state city, zip address");
        assert_eq!(given(&[Field::State, Field::Street]), "state street");
        assert_eq!(given(&[Field::Surname, Field::DateOfBirth, Field::City]), "");
    }

    #[test]
    fn a_comparison_depends_on_one_that_there_is_and_never_on_itself() {
        let complaint = |given: [Option<&str>; 3]| {
            let mut comparisons = default_comparisons(&[Field::City, Field::State, Field::Zip]);
            comparisons
                .iter_mut()
                .zip(given)
                .for_each(|(comparison, given)| comparison.given = given.map(str::to_owned));
            complaint_of_given(&comparisons)
        };
        assert_eq!(complaint([Some("zip"), Some("city"), None]), None);
        let circles =
            [[Some("city"), None, None], [Some("zip"), None, Some("city")], [None, Some("zip"), Some("state")]];
        for given in circles.into_iter().chain([[Some("zip"), Some("city"), Some("state")]]) {
            let said = complaint(given);
            assert!(said.as_ref().is_some_and(|said| said.contains("depends on itself")), "{given:?} {said:?}");
        }
        let said = complaint([Some("town"), None, None]).unwrap();
        assert!(said.contains("\"town\"") && said.contains("\"zip\""), "{said}");
    }
}
