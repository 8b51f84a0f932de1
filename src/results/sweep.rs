//! Results of a sweep: a row for each run, and the replicates of each combination summed up.

use super::VERSION;
use crate::evaluation::RateId;
use crate::experiment::sweep::{Row, Sweep};
use crate::stats::{self, Replicated, replicated};
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The method of the intervals between replicates.
pub const INTERVAL: &str = "95 % interval of the mean, Student's t over seeds";

/// The rows and the summary of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Each key that is a number with three values or more, for each combination of the others.
    pub trends: Vec<Trends>,
}

format_of! {
    SweepResults:
    /// The format of [`SweepResults`].
    SweepSchema = "namesake.sweep/1"
}

/// A run of one combination with one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The value of each key.
    pub values: IndexMap<String, SweptValue>,
    /// The rates.
    pub rates: BTreeMap<RateId, Summed>,
}

/// A rate over the replicates of a combination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// The rates along one key, as the others stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Trends {
    /// The key.
    pub key: String,
    /// The values of the other keys.
    pub others: IndexMap<String, SweptValue>,
    /// The factor by which the key grows: 10, or 2 where its values span less.
    pub factor: f64,
    /// The trend of each rate; rates without a trend that can be told from the counts are left out.
    pub rates: BTreeMap<RateId, Trend>,
}

/// The trend of a rate: a Poisson regression with the trials as exposure and a variance between seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// The rate as the key grows by the factor, in units of what it was.
    pub times: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The chance of so strong a trend from luck alone.
    pub p: f64,
}

/// A value of a varied key, as text; a number in JSON where it is one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
impl schemars::JsonSchema for SweptValue {
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
        let mut replicates: Vec<Vec<&SweepRow>> = vec![Vec::new(); combinations.len()];
        rows.iter().zip(&made).for_each(|(row, made)| replicates[sweep.combination_of(row.row)].push(made));
        let summary = replicates.iter().enumerate().map(|(at, of)| {
            let rates = measured.iter().map(|id| (*id, Summed::of(of.iter().filter_map(|row| row.rates.get(id)))));
            Combination { values: named(at), rates: rates.collect() }
        });
        let summary = summary.collect();
        SweepResults {
            schema: SweepSchema::First,
            version: VERSION.to_string(),
            scenario: sweep.scenario().name.clone(),
            keys: sweep.keys().to_vec(),
            replicates: sweep.replicates(),
            interval: INTERVAL.to_string(),
            summary,
            trends: Trends::of(sweep.keys(), &made, &measured),
            rows: made,
        }
    }

    /// The rates that any run has.
    pub fn rates(&self) -> impl Iterator<Item = RateId> {
        self.summary.first().into_iter().flat_map(|first| first.rates.keys().copied())
    }
}

/// The runs along a key as the others stay, each with the logarithm of the key.
type Line<'r> = Vec<(f64, &'r SweepRow)>;

impl SweptValue {
    /// The logarithm of a number above 0.
    fn logarithm(&self) -> Option<f64> {
        self.0.parse().ok().filter(|number: &f64| *number > 0.0 && number.is_finite()).map(libm::log)
    }
}

impl Trends {
    fn of(keys: &[String], rows: &[SweepRow], rates: &[RateId]) -> Vec<Trends> {
        let mut trends = Vec::new();
        for key in keys {
            // Rows by the values of the other keys, in the order in which these first occur.
            let mut lines: IndexMap<Vec<&SweptValue>, Line> = IndexMap::new();
            for row in rows {
                let Some(at) = row.values[key].logarithm() else { continue };
                let others = row.values.iter().filter(|(other, _)| *other != key).map(|(_, value)| value);
                lines.entry(others.collect()).or_default().push((at, row));
            }
            trends.extend(lines.into_values().filter_map(|line| Trends::along(key, &line, rates)));
        }
        trends
    }

    /// The trends along one line; `None` with fewer than three values.
    fn along(key: &str, rows: &[(f64, &SweepRow)], rates: &[RateId]) -> Option<Trends> {
        let mut values: Vec<f64> = rows.iter().map(|(at, _)| *at).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let [first, .., last] = values[..] else { return None };
        if values.len() < 3 {
            return None;
        }
        let factor: f64 = if last - first > libm::log(9.999) { 10.0 } else { 2.0 };
        let trend_of = |id: &RateId| {
            let counted = rows.iter().filter_map(|(at, row)| {
                row.rates.get(id).map(|rate| (row.seed, *at, stats::Rate::new(rate.hits, rate.trials)))
            });
            let experiments: Vec<stats::Experiment> = counted.collect();
            let found = stats::trend(&experiments, libm::log(factor))?;
            let stats::Interval { low, high } = found.interval;
            Some((*id, Trend { times: found.times, low, high, p: found.p }))
        };
        let rates = rates.iter().filter_map(trend_of).collect();
        let mut others = rows.first()?.1.values.clone();
        others.shift_remove(key);
        Some(Trends { key: key.to_string(), others, factor, rates })
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
