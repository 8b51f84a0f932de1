//! The documented rows, with the settings of the population that they were counted in.

use super::{Counts, FigureOrigin, Row, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The rows of one run of `validate`, with the settings of the population that they were counted in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// The version of Namesake that counted them.
    pub version: String,
    /// The settings of the population on which the verdicts hang, by key.
    pub population: BTreeMap<String, Value>,
    /// Number of rows of each kind that hold.
    pub counts: BTreeMap<FigureOrigin, Counts>,
    /// The rows.
    pub rows: Vec<JudgedRow>,
}

/// A row with its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedRow {
    /// The row.
    #[serde(flatten)]
    pub row: Row,
    /// Simulated over published; null where nobody was counted.
    pub ratio: Option<f64>,
    /// The verdict on it.
    pub verdict: Verdict,
}

/// The one setting of the population on which no row hangs: `validate` sets the density of orders itself.
const SET_BY_VALIDATE: &str = "population.final_order";

impl Validation {
    /// Rows, with the settings they were counted in: pairs of key and value, of which those of the population are kept.
    pub fn new<'s>(version: &str, settings: impl Iterator<Item = (&'s str, &'s Value)>, rows: Vec<Row>) -> Validation {
        let counts = FigureOrigin::ALL.into_iter().map(|kind| (kind, Counts::of(&rows, kind))).collect();
        let judged = |row: Row| JudgedRow {
            ratio: Some(row.ratio()).filter(|ratio| ratio.is_finite()),
            verdict: row.verdict(),
            row,
        };
        Validation {
            version: version.to_string(),
            population: of_population(settings).map(|(key, value)| (key.to_string(), value.clone())).collect(),
            counts,
            rows: rows.into_iter().map(judged).collect(),
        }
    }

    /// The rows of the run that `docs/validation.md` shows, as `namesake validate` wrote them to `docs/validation.json`.
    pub fn documented() -> Validation {
        serde_json::from_str(include_str!("../../docs/validation.json")).expect("a test reads the file")
    }

    /// The rows, without their verdicts.
    pub fn rows(&self) -> Vec<Row> {
        self.rows.iter().map(|judged| judged.row.clone()).collect()
    }

    /// The keys of a population's settings that differ from those the rows were counted in. If there are any, the verdicts
    /// do not apply to that population.
    pub fn altered<'s>(&self, settings: impl Iterator<Item = (&'s str, &'s Value)>) -> Vec<String> {
        let other: BTreeMap<&str, &Value> = of_population(settings).collect();
        let own = self.population.iter().map(|(key, value)| (key.as_str(), value));
        let changed = own.filter(|(key, value)| other.get(key) != Some(value)).map(|(key, _)| key);
        let added = other.keys().copied().filter(|key| !self.population.contains_key(*key));
        changed.chain(added).map(str::to_string).collect()
    }

    /// The text of the JSON file.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a tree of plain values can be written") + "\n"
    }
}

/// The settings of the population on which rows hang.
fn of_population<'s>(
    settings: impl Iterator<Item = (&'s str, &'s Value)>,
) -> impl Iterator<Item = (&'s str, &'s Value)> {
    settings.filter(|(key, _)| key.starts_with("population.") && *key != SET_BY_VALIDATE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_documented_rows_are_read_and_written_the_same() {
        assert!(Validation::documented().to_json() == include_str!("../../docs/validation.json"));
    }

    #[test]
    fn an_altered_population_is_told_by_its_settings() {
        let (own, other) = (json!(0.2), json!(0.3));
        let with = |clustering, orders| {
            [
                ("population.clustering", clustering),
                ("population.final_order", orders),
                ("holder.errors.typing", orders),
            ]
            .into_iter()
        };
        let validation = Validation::new("0.1.0", with(&own, &own), Vec::new());
        assert_eq!(validation.altered(with(&own, &other)), [""; 0]);
        assert_eq!(validation.altered(with(&other, &own)), ["population.clustering"]);
        assert_eq!(validation.altered(std::iter::empty()), ["population.clustering"]);
        let more = [("population.clustering", &own), ("population.twins", &own)];
        assert_eq!(validation.altered(more.into_iter()), ["population.twins"]);
    }
}
