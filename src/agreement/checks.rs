//! Comparisons that terms could ask for beyond those of a route, in their strictest reading.

use super::Agreement;
use crate::record::Field;
use crate::scenario::SecondIdentifier;

impl Agreement {
    /// The comparisons that the terms require and a route leaves out.
    pub fn left_out(&self, route: usize) -> impl Iterator<Item = &str> {
        let compares = &self.routes[route].compares;
        self.must_compare.iter().filter(|required| !compares.contains(required)).map(String::as_str)
    }

    /// Returns `true` if a route hands records over without a comparison that the terms require.
    pub fn skips_a_check(&self, route: usize) -> bool {
        self.left_out(route).next().is_some()
    }
}

/// The strictest comparison that a word of `agreement.must_compare` can mean, of the fields that both files have. `None`
/// where they have nothing of the kind: fingerprints, say.
pub fn strictest(word: &str, files: [&[Field]; 2]) -> Option<SecondIdentifier> {
    let (agree, not_conflict): (&[Field], &[Field]) = match word {
        "name" => (&[Field::GivenName, Field::Surname], &[Field::MiddleName, Field::Suffix]),
        "address" => (&[Field::HouseNumber, Field::Street, Field::Zip], &[Field::Unit]),
        "number" => (&[Field::Number], &[]),
        "date_of_birth" => (&[Field::DateOfBirth], &[]),
        "sex" => (&[Field::Sex], &[]),
        _ => (&[], &[]),
    };
    let shared = |wanted: &[Field]| -> Vec<Field> {
        wanted.iter().filter(|field| files.iter().all(|file| file.contains(field))).cloned().collect()
    };
    let check = SecondIdentifier { agree: shared(agree), not_conflict: shared(not_conflict) };
    (!check.agree.is_empty()).then_some(check)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{RecordId, Records};

    #[test]
    fn the_whole_name_tells_a_middle_name_and_a_suffix_apart_and_asks_for_nothing_a_file_does_not_have() {
        let full = [Field::GivenName, Field::MiddleName, Field::Surname, Field::Suffix];
        let mut records = Records::new(&full);
        for cells in [
            ["LUIS", "", "NUÑEZ GIL", ""],
            ["LUIS", "M", "NUÑEZ GIL", "JR"],
            ["LUIS", "O", "NUÑEZ GIL", ""],
            ["LISA", "", "NUÑEZ GIL", ""],
            ["LUIS", "", "NUÑEZ", ""],
        ] {
            records.push(RecordId(0), &cells);
        }
        let passes = |files: [&[Field]; 2], a| -> Vec<bool> {
            let check = strictest("name", files).unwrap();
            (0..records.len()).map(|b| check.confirms(&records, a, &records, b)).collect()
        };
        assert_eq!(passes([&full, &full], 0), [true, true, true, false, false]);
        assert_eq!(passes([&full, &full], 1), [true, true, false, false, false]);
        assert_eq!(passes([&full, &full[2..]], 1), [true, true, true, true, false]);
        assert_eq!(strictest("fingerprints", [&full, &full]), None);
        assert_eq!(strictest("date_of_birth", [&full, &full]), None);
    }
}
