//! The findings of an inference: rates and assumptions before and after, and what to ask for.

use super::VERSION;
use crate::evaluation::TOO_FEW;
pub use crate::experiment::infer::{AskFor, InferredRate, Pressed, Trade};
use crate::experiment::infer::{Conclusion, Draws, Inference, Known, conclude};
pub use crate::stats::Summary;
use serde::{Deserialize, Serialize};

/// The reason for the range of a figure that is not published.
const SUPPOSED: &str = "supposed, and nowhere published";

/// The reach of published figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InferResults {
    /// The version of this format.
    pub schema: InferSchema,
    /// The version of Namesake that made the draws.
    pub version: String,
    /// The scenario.
    pub scenario: String,
    /// The seed of the draws.
    pub seed: u64,
    /// People of the country of a draw.
    pub people: u64,
    /// Requests of a draw.
    pub requests: u64,
    /// Rounds of draws.
    pub rounds: u64,
    /// Draws that have a world.
    pub draws: u64,
    /// Draws that are kept: those nearest to the published figures.
    pub kept: u64,
    /// The effective size of those kept.
    pub effective_size: f64,
    /// Draws that meet every figure in use, at most two units of uncertainty away.
    pub meet: u64,
    /// The distance of the nearest draw, in units of uncertainty.
    pub nearest: Option<f64>,
    /// The distance within which draws are kept.
    pub reach: f64,
    /// The published figures, those in use first.
    pub figures: Vec<PublishedTarget>,
    /// The ranges that would have to give way, where no draw meets the figures.
    pub pressed: Vec<Pressed>,
    /// Rates before and after, the quantity of interest first.
    pub quantities: Vec<InferredRate>,
    /// Every assumption, the one of which the kept draws tell most first.
    pub assumptions: Vec<Informed>,
    /// Assumptions of which the figures say only how they go together.
    pub together: Vec<Trade>,
    /// The things that would narrow the quantity of interest, the most first; without those of which the draws kept do not
    /// show it.
    pub ask_for: Vec<AskFor>,
    /// The kept draw nearest to the middle of what the figures allow.
    pub centre: Option<Middle>,
}

format_of! {
    InferResults:
    /// The format of [`InferResults`].
    InferSchema = "namesake.infer/1"
}

/// A published figure beside the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishedTarget {
    /// Its short name.
    pub name: String,
    /// The thing counted.
    pub figure: String,
    /// The measure of a draw that is held against it.
    pub measure: String,
    /// `true` if it was used, or held out.
    pub used: bool,
    /// The published value.
    pub published: f64,
    /// The ends between which the share lies that it stands for, 95 % certain.
    pub range: [f64; 2],
    /// The reason for the range.
    pub because: String,
    /// The standard error of the published figure, as a logit.
    pub error: f64,
    /// The luck of a draw's figure, as a logit.
    pub luck: f64,
    /// The shares that the assumptions allow.
    pub prior: Option<Summary>,
    /// The shares of the draws kept; of a figure held out, what the others predict.
    pub predicted: Option<Summary>,
    /// `true` if the published value lies in the middle 90 % of these.
    pub within: bool,
    /// The share of the nearest draw.
    pub nearest: Option<f64>,
}

/// An assumption before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Informed {
    /// Its key.
    pub key: String,
    /// The reason for its range.
    pub source: String,
    /// The range before; of several that go together from 0, all lowest, to 1, all highest. None of ways.
    pub range: Option<[f64; 2]>,
    /// The shape of the range.
    pub shape: Option<String>,
    /// Its middle after.
    pub posterior: Option<Summary>,
    /// Ways, each with its share after. Before, each is as likely.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<(String, f64)>,
    /// The knowledge gained, from 0 to 1.
    pub learned: f64,
    /// `true` if that is more than chance.
    pub informed: bool,
}

/// The kept draw nearest to the middle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Middle {
    /// Its number.
    pub draw: u64,
    /// The seed of its world.
    pub seed: u64,
    /// The settings it makes, each `KEY=VALUE`.
    pub sets: Vec<String>,
}

impl InferResults {
    /// The conclusion from the draws of an inference.
    pub fn of(inference: &Inference, draws: &Draws) -> InferResults {
        let plan = inference.plan();
        let (aims, held_out) = (inference.aims(), inference.held_out());
        let found: Conclusion =
            conclude(inference.space(), draws, aims, held_out, &inference.quantity(), inference.seed());
        let published = |name: &str| {
            let figures = inference.scenario().published.iter();
            figures.filter_map(|one| Some((one, one.target.as_ref()?))).find(|(_, target)| target.name == name)
        };
        let figure = |target: &crate::experiment::infer::Target| {
            let said = published(&target.aim.name);
            PublishedTarget {
                name: target.aim.name.clone(),
                figure: said.map_or_else(|| target.aim.measure.clone(), |(one, _)| one.figure.clone()),
                measure: target.aim.measure.clone(),
                used: target.used,
                published: target.aim.value,
                range: target.aim.range,
                because: said.map_or_else(|| SUPPOSED.to_string(), |(_, target)| target.because.clone()),
                error: target.uncertainty[0],
                luck: target.uncertainty[1],
                prior: target.prior,
                predicted: target.predicted,
                within: target.within(),
                nearest: target.nearest,
            }
        };
        let informed = |one: crate::experiment::infer::Assumed| {
            let informed = one.informed();
            let (range, shape, posterior, ways) = match one.known {
                Known::Number(range, shape, summary) => {
                    (Some(range), Some(shape.to_string()), Some(summary), Vec::new())
                }
                Known::Ways(ways) => (None, None, None, ways),
            };
            Informed { key: one.key, source: one.source, range, shape, posterior, ways, learned: one.learned, informed }
        };
        InferResults {
            schema: InferSchema::First,
            version: VERSION.to_string(),
            scenario: inference.scenario().name.clone(),
            seed: inference.scenario().seed.population,
            people: plan.people,
            requests: plan.requests,
            rounds: plan.rounds,
            draws: found.draws,
            kept: found.kept,
            effective_size: found.effective,
            meet: found.meet,
            nearest: Some(found.nearest).filter(|nearest| nearest.is_finite()),
            reach: found.reach,
            figures: found.targets.iter().map(figure).collect(),
            pressed: found.pressed,
            quantities: found.quantities,
            assumptions: found.assumed.into_iter().map(informed).collect(),
            together: found.trades,
            ask_for: found.ask.into_iter().filter(|one| one.narrows > 0.0).collect(),
            centre: found.centre.map(|one| Middle { draw: one.row, seed: inference.seed_of(one.row), sets: one.sets }),
        }
    }

    /// `true` if the draws kept are too few, or too large a part of all, to say much about the published figures.
    pub fn few_draws(&self) -> bool {
        2 * self.kept > self.draws || self.effective_size < TOO_FEW as f64
    }

    /// `true` if a draw meets every figure.
    pub fn reached(&self) -> bool {
        self.meet > 0
    }
}
