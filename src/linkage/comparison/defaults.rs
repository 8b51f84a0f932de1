//! The comparisons that suit the fields of two files.

use super::{Comparison, ComparisonKind, FieldName, SIMILAR};
use crate::record::Field;

/// The comparisons that suit a pair of files in which these fields are present on both sides.
pub fn default_comparisons(fields: &[Field]) -> Vec<Comparison> {
    let has = |field: &Field| fields.contains(field);
    let named = Field::NAMED.iter().filter(|&field| has(field));
    let others = fields.iter().filter(|field| matches!(field, Field::Other(_)));
    let kind = |field: &Field| {
        let name = FieldName(field.clone());
        Some(match field {
            Field::GivenName | Field::MiddleName => ComparisonKind::GivenName { field: name },
            Field::Surname => ComparisonKind::Surname { field: name },
            Field::Suffix | Field::Sex | Field::State | Field::Race => ComparisonKind::Exact { field: name },
            Field::DateOfBirth => ComparisonKind::Date { field: name },
            Field::Number => ComparisonKind::Number { field: name },
            Field::Zip => ComparisonKind::Edit { field: name, cuts: vec![1] },
            // One comparison for the address, at the place of its street. A street without a number beside it is
            // a text like others, and a number without a street is a number.
            Field::Street if has(&Field::HouseNumber) => ComparisonKind::Address {},
            Field::Other(_) if field.is_date() => ComparisonKind::Date { field: name },
            Field::Other(_) if field.is_phone() => ComparisonKind::Number { field: name },
            Field::Other(_) if field.is_email() => ComparisonKind::Edit { field: name, cuts: vec![1, 2] },
            Field::Street | Field::City | Field::Other(_) => {
                ComparisonKind::JaroWinkler { field: name, cuts: vec![SIMILAR] }
            }
            Field::HouseNumber if !has(&Field::Street) => ComparisonKind::Exact { field: name },
            Field::HouseNumber | Field::Unit => return None,
        })
    };
    named.chain(others).filter_map(kind).map(Comparison::new).collect()
}
