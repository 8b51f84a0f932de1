//! The reach of the assumed values.

use crate::evaluation::RateId;
use crate::experiment;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The reach of the assumed values: the headline at both ends of every plausible range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sensitivity {
    /// The headline.
    pub rate: RateId,
    /// The headline with every value as set, in a country of the closer look's size; null where nobody was returned.
    pub value: Option<f64>,
    /// Its hits.
    pub hits: u64,
    /// Its trials.
    pub trials: u64,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// People of that country.
    pub people: u64,
    /// Requests in that country.
    pub requests: u64,
    /// Worlds that were run.
    pub worlds: u64,
    /// Every assumption at either end of its range, in half of the worlds each.
    pub screening: Look,
    /// The assumptions that moved it most in the screening, in other and larger worlds with the rest as set.
    pub closer: Look,
    /// Assumed values of the scenario.
    pub assumed: u64,
    /// Assumed values that were moved.
    pub moved: u64,
    /// Assumptions whose alternatives are words that no key takes.
    pub not_tried: Vec<String>,
    /// Assumed values whose range is the value itself.
    pub no_other_value: u64,
}

/// Worlds in which some assumptions are moved, and the effects found in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// People of each world.
    pub people: u64,
    /// Worlds.
    pub worlds: u64,
    /// Worlds left out, because values that are possible each are not possible together.
    pub impossible: u64,
    /// Somebody else among the persons returned, in all worlds together.
    pub hits: u64,
    /// Persons returned.
    pub trials: u64,
    /// Columns of the design that stand for nothing, from which errors are taken.
    pub dummies: u64,
    /// The chance that effects as strong as these together come from no assumption at all.
    pub any_p: f64,
    /// The smallest effect that an assumption alone must have to be told in four of five repetitions: times as large;
    /// null where there are too few hits to tell any.
    pub visible: Option<f64>,
    /// The factor by which events must grow until a doubling is visible, if luck were all of the error.
    pub events_wanted: Option<f64>,
    /// The part that each part of the scenario has in what all assumptions do one by one, as variance of the logarithm of
    /// the headline with luck taken off; null where nothing is left.
    pub parts: IndexMap<String, Option<f64>>,
    /// The effect of each assumption, the strongest first.
    pub effects: Vec<Effect>,
}

/// The effect of one assumption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Its key; of several that go together the beginning of their keys and a star.
    pub key: String,
    /// Its lower end; of a choice its own value.
    pub lower: String,
    /// Its upper end; of a choice the other values.
    pub upper: String,
    /// The headline at the upper end, in units of that at the lower.
    pub times: f64,
    /// Lower end of its 95 % interval, of this assumption alone.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The chance of so strong an effect from luck and from how other assumptions act together.
    pub p: f64,
    /// `true` if it is told from that, among all assumptions together, with one false discovery in twenty.
    pub told: bool,
}

impl Sensitivity {
    pub(super) fn of(s: &experiment::Sensitivity) -> Sensitivity {
        let [screening, closer] = [&s.screening, &s.closer].map(Look::of);
        Sensitivity {
            rate: RateId::WrongAmongAnswers,
            value: s.base.rate.value(),
            hits: s.base.rate.hits,
            trials: s.base.rate.trials,
            interval: s.base.interval.map(|interval| [interval.low, interval.high]),
            people: s.base.people,
            requests: s.base.requests,
            worlds: 1 + screening.worlds + closer.worlds,
            screening,
            closer,
            assumed: s.assumed,
            moved: s.moved,
            not_tried: s.not_tried.clone(),
            no_other_value: s.fixed(),
        }
    }

    /// The effect of an assumption in the closer look, if it was among those looked at.
    pub fn closer(&self, key: &str) -> Option<&Effect> {
        self.closer.effects.iter().find(|effect| effect.key == key)
    }
}

impl Look {
    fn of(look: &experiment::Look) -> Look {
        let screened = &look.screened;
        let effect = |(moved, effect): (&experiment::Moved, &crate::stats::Effect)| {
            let [lower, upper] = moved.ends.clone();
            let [low, high] = [effect.interval.low, effect.interval.high];
            let (key, times, p, told) = (moved.key.clone(), effect.times, effect.p, effect.told);
            Effect { key, lower, upper, times, low, high, p, told }
        };
        let mut effects: Vec<Effect> = look.moved.iter().zip(&screened.effects).map(effect).collect();
        effects.sort_by(|a, b| a.p.total_cmp(&b.p).then(a.key.cmp(&b.key)));
        let parts: BTreeSet<&str> = look.moved.iter().map(experiment::Moved::part).collect();
        let of_part = |name: &str| (name.to_string(), screened.part(|moved| look.moved[moved].part() == name));
        Look {
            people: look.people,
            worlds: look.worlds.len() as u64,
            impossible: look.impossible,
            hits: look.worlds.iter().map(|world| world.hits).sum(),
            trials: look.worlds.iter().map(|world| world.trials).sum(),
            dummies: screened.dummies as u64,
            any_p: screened.any,
            visible: screened.visible(),
            events_wanted: screened.events_wanted(),
            parts: parts.into_iter().map(of_part).collect(),
            effects,
        }
    }

    /// The effects that are told, the strongest first.
    pub fn told(&self) -> impl Iterator<Item = &Effect> + Clone {
        self.effects.iter().filter(|effect| effect.told)
    }
}
