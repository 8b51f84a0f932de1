//! The forms in which fields are looked at: normal, and where a comparison or a blocking rule says so, as recorded.

use crate::linkage::blocking::normal_form;
use crate::record::Field;
use crate::scenario::Scenario;

/// The normal form of a name.
pub fn normal_name(text: &str) -> String {
    let mut form = String::new();
    normal_form(&Field::Surname, text, &mut String::new(), &mut form);
    form
}

/// Those fields among some that are meant as they were recorded, each once.
pub(super) fn recorded<'f>(fields: impl Iterator<Item = &'f Field>) -> Vec<Field> {
    let mut fields: Vec<Field> = fields.filter(|field| field.recorded().is_some()).cloned().collect();
    fields.sort();
    fields.dedup();
    fields
}

/// The fields that any route of a scenario wants as they were recorded.
pub(super) fn of_routes(scenario: &Scenario) -> Vec<Field> {
    let compared = scenario.routes.iter().flat_map(|route| route.model.comparisons()).flat_map(|c| c.kind.fields());
    let blocked = scenario.routes.iter().flat_map(|route| &route.blocking.rules).flat_map(|rule| &rule.parts);
    recorded(compared.chain(blocked.map(|part| &part.field)))
}
