//! The safeguards that see records: a second identifier, and what a reviewer has before them.
//!
//! A safeguard that is off plays no part. What people do depends on whether an answer is right, which no agreement knows;
//! evaluation follows them.

use crate::record::{Field, Records};
use crate::scenario::{Review, SecondIdentifier};

impl SecondIdentifier {
    /// Tells whether two records in normal form pass.
    pub fn confirms(&self, request: &Records, request_row: usize, record: &Records, row: usize) -> bool {
        let values = |field: &Field| (request.value(request_row, field), record.value(row, field));
        let same = |field: &Field| matches!(values(field), (a, b) if !a.is_empty() && a == b);
        self.agree.iter().all(same) && !self.not_conflict.iter().any(|field| conflicts(values(field)))
    }
}

/// Two values that are both there and differ.
fn conflicts((a, b): (&str, &str)) -> bool {
    !a.is_empty() && !b.is_empty() && a != b
}

impl Review {
    /// Tells whether two records in normal form differ in a field that a reviewer sees.
    pub fn sees_difference(&self, request: &Records, request_row: usize, record: &Records, row: usize) -> bool {
        self.sees.iter().any(|field| conflicts((request.value(request_row, field), record.value(row, field))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    #[test]
    fn a_second_identifier_that_is_missing_agrees_with_nothing_and_conflicts_with_nothing() {
        let fields = [Field::DateOfBirth, Field::Sex];
        let mut records = Records::new(&fields);
        for cells in [["1980-01-02", "F"], ["1980-01-02", ""], ["1980-01-03", "F"], ["", "F"]] {
            records.push(RecordId(0), &cells);
        }
        let passes = |agree: &[Field], not_conflict: &[Field]| -> Vec<bool> {
            let second = SecondIdentifier { agree: agree.to_vec(), not_conflict: not_conflict.to_vec() };
            (0..4).map(|row| second.confirms(&records, 0, &records, row)).collect()
        };
        assert_eq!(passes(&[Field::DateOfBirth], &[]), [true, true, false, false]);
        assert_eq!(passes(&[], &[Field::DateOfBirth]), [true, true, false, true]);
        assert_eq!(passes(&[], &fields), [true, true, false, true]);
        assert_eq!(passes(&fields, &[]), [true, false, false, false]);
        assert_eq!(passes(&[], &[]), [true; 4]);
    }
}
