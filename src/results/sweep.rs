//! What a sweep found: a row for each run, and the replicates of each combination summed up.

use super::{VERSION, json_text};
use crate::evaluation::RateId;
use crate::experiment::sweep::{Row, Sweep};
use crate::stats::{self, Replicated, replicated};
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The method of the intervals between replicates.
pub const INTERVAL: &str = "95 % interval of the mean, Student's t over seeds";

/// The rows and the summary of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SweepResults {
    /// The version of this format.
    pub schema: SweepSchema,
    /// The version of Namesake that made the runs.
    pub version: String,
    /// The scenario in which values are varied.
    pub scenario: String,
    /// The varied keys.
    pub keys: Vec<String>,
    /// Seeds for each combination.
    pub replicates: u64,
    /// The method of the intervals.
    pub interval: String,
    /// Each run.
    pub rows: Vec<SweepRow>,
    /// Each combination.
    pub summary: Vec<Combination>,
}

/// The format of [`SweepResults`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub enum SweepSchema {
    /// The first.
    #[default]
    #[serde(rename = "namesake.sweep/1")]
    First,
}

/// A run of one combination with one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SweepRow {
    /// The value of each key.
    pub values: IndexMap<String, SweptValue>,
    /// The seed.
    pub seed: u64,
    /// The rates of the run.
    pub rates: BTreeMap<RateId, Counted>,
}

/// A rate of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Trials in which it happened.
    pub hits: u64,
    /// Trials in all.
    pub trials: u64,
    /// Hits over trials; null without trials.
    pub rate: Option<f64>,
}

/// One combination, over its replicates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The value of each key.
    pub values: IndexMap<String, SweptValue>,
    /// The rates.
    pub rates: BTreeMap<RateId, Summed>,
}

/// A rate over the replicates of a combination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Summed {
    /// Hits of all replicates.
    pub hits: u64,
    /// Trials of all replicates.
    pub trials: u64,
    /// Replicates that have trials.
    pub replicates: u64,
    /// The mean of these.
    pub mean: Option<f64>,
    /// Their standard deviation.
    pub sd: Option<f64>,
    /// The lower end of the interval of the mean.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// A value of a varied key, as text; a number in JSON where it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweptValue(pub String);

impl Serialize for SweptValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0.parse::<i64>(), self.0.parse::<f64>()) {
            (Ok(whole), _) => serializer.serialize_i64(whole),
            (_, Ok(number)) if number.is_finite() => serializer.serialize_f64(number),
            _ => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for SweptValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SweptValue, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Value {
            Whole(i64),
            Number(f64),
            Text(String),
        }
        Ok(SweptValue(match Value::deserialize(deserializer)? {
            Value::Whole(whole) => whole.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text,
        }))
    }
}

#[cfg(test)]
impl JsonSchema for SweptValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SweptValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"] })
    }
}

impl SweepResults {
    /// The results of all rows of a sweep, in whatever order they were made.
    pub fn of(sweep: &Sweep, mut rows: Vec<Row>) -> SweepResults {
        rows.sort_unstable_by_key(|row| row.row);
        let combinations: Vec<&[String]> = sweep.combinations().collect();
        let named = |at: usize| -> IndexMap<String, SweptValue> {
            let values = combinations[at].iter().map(|value| SweptValue(value.clone()));
            sweep.keys().iter().cloned().zip(values).collect()
        };
        let row = |row: &Row| {
            let rate = |&(id, hits, trials): &(RateId, u64, u64)| {
                (id, Counted { hits, trials, rate: stats::Rate::new(hits, trials).value() })
            };
            SweepRow {
                values: named(sweep.combination_of(row.row)),
                seed: sweep.seed_of(row.row),
                rates: row.rates.iter().map(rate).collect(),
            }
        };
        let made: Vec<SweepRow> = rows.iter().map(row).collect();
        let measured: Vec<RateId> =
            RateId::of_sweeps().filter(|id| made.iter().any(|row| row.rates.contains_key(id))).collect();
        let summary = (0..combinations.len()).map(|at| {
            let of = || rows.iter().zip(&made).filter(|(row, _)| sweep.combination_of(row.row) == at);
            let rates = measured.iter().map(|id| (*id, Summed::of(of().filter_map(|(_, row)| row.rates.get(id)))));
            Combination { values: named(at), rates: rates.collect() }
        });
        SweepResults {
            schema: SweepSchema::First,
            version: VERSION.to_string(),
            scenario: sweep.scenario().name.clone(),
            keys: sweep.keys().to_vec(),
            replicates: sweep.replicates(),
            interval: INTERVAL.to_string(),
            summary: summary.collect(),
            rows: made,
        }
    }

    /// The rates that any run has.
    pub fn rates(&self) -> impl Iterator<Item = RateId> {
        self.summary.first().into_iter().flat_map(|first| first.rates.keys().copied())
    }

    /// The text of sweep.json.
    pub fn to_json(&self) -> String {
        json_text(self)
    }
}

impl Summed {
    fn of<'r>(rates: impl Iterator<Item = &'r Counted>) -> Summed {
        let rates: Vec<&Counted> = rates.collect();
        let values: Vec<f64> = rates.iter().filter_map(|rate| rate.rate).collect();
        let over: Option<Replicated> = replicated(&values);
        // Student's interval knows nothing of the ends of a scale. No count is below 0, no share above 1.
        let share = rates.iter().all(|rate| rate.hits <= rate.trials);
        let interval = over.as_ref().and_then(|over| over.interval);
        Summed {
            hits: rates.iter().map(|rate| rate.hits).sum(),
            trials: rates.iter().map(|rate| rate.trials).sum(),
            replicates: over.as_ref().map_or(0, |over| over.count),
            mean: over.as_ref().map(|over| over.mean),
            sd: over.as_ref().and_then(|over| over.deviation),
            low: interval.map(|interval| interval.low.max(0.0)),
            high: interval.map(|interval| if share { interval.high.min(1.0) } else { interval.high }),
        }
    }
}
