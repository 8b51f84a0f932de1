//! The section `[inferred]`: what an inference from the published figures allowed, kept with the scenario it was made for.
//!
//! `namesake infer` writes the section to `inferred.toml`. A run of the scenario prints its own shares beside these.

use super::Scenario;
use super::case::Measure;
use serde::{Deserialize, Serialize};

/// `[inferred]`: the shares that the published figures allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inferred {
    /// The command that found them.
    pub command: String,
    /// The version of Namesake that ran it.
    pub version: String,
    /// The seed of the draws.
    pub seed: u64,
    /// Draws.
    pub draws: u64,
    /// Draws that were kept.
    pub kept: u64,
    /// The digest of the ranges, rules and terms for which it was made.
    pub made_for: String,
    /// The shares, the quantity of interest first.
    pub shares: Vec<AllowedShare>,
}

/// A share that the published figures allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedShare {
    /// The measure of a run.
    pub measure: Measure,
    /// The ends of the middle 90 % of what the assumptions allow.
    pub before: [f64; 2],
    /// The ends of the middle 90 % of what the published figures leave of it.
    pub after: [f64; 2],
    /// The median of what they leave.
    pub median: f64,
    /// A picture of both: shares, and the densities there on the logit scale. Of the quantity of interest only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub density: Vec<[f64; 3]>,
}

impl Inferred {
    /// The error in the section, if there is one.
    pub(super) fn check(&self) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("inferred: {what}; namesake infer writes the section to inferred.toml"));
        let Some(first) = self.shares.first() else { return wrong("no share is there") };
        if first.density.is_empty() {
            return wrong("the first share has no density");
        }
        for share in &self.shares {
            let ordered = |ends: [f64; 2]| 0.0 <= ends[0] && ends[0] <= ends[1] && ends[1] <= 1.0;
            if !share.measure.is_share() {
                return wrong(&format!("{} is not a share of counted cases", share.measure));
            }
            if !ordered(share.before)
                || !ordered(share.after)
                || !(share.after[0]..=share.after[1]).contains(&share.median)
            {
                return wrong(&format!("{}: write the lower end first, both from 0 to 1", share.measure));
            }
        }
        Ok(())
    }
}

/// Keys that hold texts or the size of a run, on which no inference depends.
const ASIDE: [&str; 23] = [
    "name",
    "title",
    "summary",
    "version_of",
    "as_of",
    "content_note",
    "gaps",
    "theme",
    "beside",
    "by",
    "sources",
    "documented",
    "outcome",
    "counter_views",
    "teaching",
    "inferred",
    "seed",
    "requests_because",
    "source",
    "because",
    "figure",
    "derived",
    "discussion",
];

impl Scenario {
    /// The scenario as TOML without its texts, its seed and what was inferred: all on which draws depend.
    pub fn bare_toml(&self) -> String {
        fn bare(value: &mut toml::Value) {
            match value {
                toml::Value::Table(table) => {
                    table.retain(|key, _| ASIDE.iter().all(|aside| *aside != key));
                    table.iter_mut().for_each(|(_, below)| bare(below));
                }
                toml::Value::Array(list) => list.iter_mut().for_each(bare),
                _ => {}
            }
        }
        let mut whole = toml::Value::try_from(self).expect("every part of a scenario has a TOML form");
        bare(&mut whole);
        toml::to_string(&whole).expect("a table has a TOML form")
    }
}
