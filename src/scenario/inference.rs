//! The section `[infer]`: what `namesake infer` draws beside the assumed settings and their ranges.
//!
//! Every assumed setting is drawn from its own plausible range. Where inference needs another range (a setting that
//! the scenario leaves out, or one of which more is known once published figures are to be met), a [`Prior`] says so.
//! A [`Choice`] is between ways to do a step, each of which is several settings at once.

use super::document::is_optional;
use super::hints::did_you_mean;
use super::{Assumption, Scenario};
use serde::{Deserialize, Serialize};

/// From this ratio of its ends a range is log-uniform, unless its prior says otherwise.
const LOG_FROM: f64 = 5.0;

/// `[infer]`: priors beside those of the assumed settings, and choices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InferSettings {
    /// Ranges in place of those of the settings themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prior: Vec<Prior>,
    /// Ways to do a step, of which each is as likely as the others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choice: Vec<Choice>,
}

/// The range from which inference draws a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// The key, as `--set` takes it.
    pub key: String,
    /// The lowest and the highest value.
    pub range: [f64; 2],
    /// The shape; the one that suits the range where none is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// The reason for the range.
    pub source: String,
}

named! {
    /// The shape of a prior.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
    pub enum Shape {
        /// Every value is as likely.
        Uniform = "uniform",
        /// Every ratio is as likely: 0.01 to 0.02 as much as 0.1 to 0.2.
        LogUniform = "log_uniform",
    }
}

impl Shape {
    /// The shape that suits a range: log-uniform where its ends differ by more than a factor of five.
    pub fn of([low, high]: [f64; 2]) -> Shape {
        if low > 0.0 && high / low > LOG_FROM { Shape::LogUniform } else { Shape::Uniform }
    }

    /// The value at `u` from 0 to 1 of a range.
    pub fn at(self, [low, high]: [f64; 2], u: f64) -> f64 {
        let value = match self {
            Shape::Uniform => low + u * (high - low),
            Shape::LogUniform => low * libm::exp(u * libm::log(high / low)),
        };
        value.clamp(low, high)
    }
}

/// A choice between ways to do a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The name of the choice.
    pub name: String,
    /// The ways.
    pub options: Vec<Way>,
    /// The reason for these ways.
    pub source: String,
}

/// One way to do a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The name of the way.
    pub name: String,
    /// The settings it makes, each `KEY=VALUE`; nothing for the scenario as it is.
    #[serde(default)]
    pub set: Vec<String>,
}

impl InferSettings {
    /// Returns `true` if nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.prior.is_empty() && self.choice.is_empty()
    }

    /// The error in the section, if there is one.
    pub(super) fn check(&self) -> Result<(), String> {
        for (i, prior) in self.prior.iter().enumerate() {
            let [low, high] = prior.range;
            let wrong = |what: &str| Err(format!("infer.prior: {}: {what}", prior.key));
            if self.prior[..i].iter().any(|earlier| earlier.key == prior.key) {
                return wrong("twice; keep one");
            }
            if !(low < high && low.is_finite() && high.is_finite()) {
                return wrong("write range = [LOW, HIGH], the lower end first");
            }
            if prior.shape == Some(Shape::LogUniform) && low <= 0.0 {
                return wrong("a log-uniform range begins above 0; write shape = \"uniform\"");
            }
            if prior.source.trim().is_empty() {
                return wrong("write source = \"…\", the reason for the range");
            }
        }
        for (i, choice) in self.choice.iter().enumerate() {
            let wrong = |what: &str| Err(format!("infer.choice: {}: {what}", choice.name));
            if self.choice[..i].iter().any(|earlier| earlier.name == choice.name) {
                return wrong("twice; keep one");
            }
            if choice.options.len() < 2 {
                return wrong("write two options or more");
            }
            if choice.source.trim().is_empty() {
                return wrong("write source = \"…\", the reason for these options");
            }
        }
        Ok(())
    }
}

impl Scenario {
    /// The assumed settings as inference draws them: with the ranges of `[infer]` in place of their own, and with the
    /// settings that only `[infer]` names. The shape of each range stands beside it. An error names the entry of
    /// `[infer]` that cannot be put into the scenario.
    pub fn priors(&self) -> Result<Vec<(Assumption, Option<Shape>)>, String> {
        let mut all: Vec<(Assumption, Option<Shape>)> = self.assumptions().into_iter().map(|one| (one, None)).collect();
        for prior in &self.infer.prior {
            let put_in = |value: f64| {
                let set = format!("{}={value}", prior.key);
                let with = self.with("infer", &[set]).map_err(|error| format!("infer.prior: {error}"))?;
                let found = with.assumptions().into_iter().find(|known| known.key == prior.key);
                let keys = all.iter().map(|(known, _)| known.key.as_str());
                let hint = did_you_mean(&prior.key, keys);
                found.ok_or_else(|| format!("infer.prior: {}: no setting has this key{hint}", prior.key))
            };
            let [low, high] = prior.range;
            let ends = [put_in(low)?, put_in(high)?];
            let place = all.iter().position(|(known, _)| known.key == prior.key);
            let mut assumption = place.map_or_else(|| ends[0].clone(), |at| all[at].0.clone());
            assumption.range = Some(prior.range);
            assumption.basis = super::Basis::Assumed;
            assumption.source.clone_from(&prior.source);
            let shaped = (assumption, prior.shape);
            // A setting that scenarios may leave out comes last in any case: with and without it draws are the same.
            let (section, last) = prior.key.rsplit_once('.').unwrap_or_default();
            match place {
                Some(at) if is_optional(section, last) => {
                    all.remove(at);
                    all.push(shaped);
                }
                Some(at) => all[at] = shaped,
                None => all.push(shaped),
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::case::BUILT_IN;
    use crate::scenario::tests::scenario;

    #[test]
    fn a_range_of_more_than_a_factor_of_five_is_log_uniform() {
        assert_eq!(Shape::of([0.04, 0.2]), Shape::Uniform);
        assert_eq!(Shape::of([0.04, 0.35]), Shape::LogUniform);
        assert_eq!(Shape::of([0.0, 0.35]), Shape::Uniform, "no ratio is known from 0");
        assert!((Shape::LogUniform.at([0.01, 1.0], 0.5) - 0.1).abs() < 1e-12);
        assert_eq!([0.0, 0.5, 1.0].map(|u| Shape::Uniform.at([1.0, 3.0], u)), [1.0, 2.0, 3.0]);
        assert_eq!([0.0, 1.0].map(|u| Shape::LogUniform.at([0.03, 0.7], u)), [0.03, 0.7]);
    }

    #[test]
    fn a_prior_replaces_the_range_of_a_setting_or_adds_a_setting() {
        let scenario = scenario(&[]);
        let priors = scenario.priors().unwrap();
        let of = |key: &str| priors.iter().find(|(known, _)| known.key == key).map(|(known, _)| known.range).unwrap();
        for prior in &scenario.infer.prior {
            assert_eq!(of(&prior.key), Some(prior.range), "{}", prior.key);
        }
        assert!(scenario.assumptions().iter().all(|known| known.key != "requester.on_file_with_number"));
        assert!(of("requester.on_file_with_number").is_some(), "it is drawn though the scenario leaves it out");
        let mut wrong = scenario.clone();
        wrong.infer.prior[0].key = "requester.number_givn".to_string();
        let said = wrong.priors().unwrap_err();
        assert!(said.contains("infer.prior") && said.contains("number_given"), "{said}");
    }

    #[test]
    fn the_priors_and_choices_of_every_built_in_scenario_can_be_put_in() {
        for (name, text) in BUILT_IN {
            let scenario = Scenario::parse(text, name).unwrap();
            scenario.priors().unwrap_or_else(|error| panic!("{name}: {error}"));
            // Variants without figures of their own are no subject of inference.
            let ways = scenario.infer.choice.iter().flat_map(|choice| &choice.options);
            for way in ways.filter(|_| !scenario.published.is_empty()) {
                scenario.with(name, &way.set).unwrap_or_else(|error| panic!("{name}, {}: {error}", way.name));
            }
        }
    }
}
