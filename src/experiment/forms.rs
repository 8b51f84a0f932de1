//! The forms in which fields are looked at: normal, and where a comparison or a blocking rule says so, as recorded.

use crate::linkage::blocking::{normal_form, recorded};
use crate::record::Field;
use crate::scenario::Scenario;

/// The normal form of a name.
pub fn normal_name(text: &str) -> String {
    let mut form = String::new();
    normal_form(&Field::Surname, text, &mut String::new(), &mut form);
    form
}

/// The fields that any route of a scenario wants as they were recorded.
pub(super) fn of_routes(scenario: &Scenario) -> Vec<Field> {
    let compared = scenario.routes.iter().flat_map(|route| route.model.comparisons()).flat_map(|c| c.kind.fields());
    let blocked = scenario.routes.iter().flat_map(|route| &route.blocking.rules).flat_map(|rule| &rule.parts);
    recorded(compared.chain(blocked.map(|part| &part.field)))
}
