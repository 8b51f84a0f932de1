//! The reactions of people to the answers, and the consequences.

use super::ByGroup;
use crate::evaluation::{self, Evaluation, RightAndWrong};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The reactions of people to the answers, and the consequences, for the person sought and for somebody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// The steps that these terms have, in order.
    pub steps: Vec<Step>,
    /// Person-days of each consequence.
    pub person_days: Vec<Consequences>,
    /// People never sought who live today at an address that was handed over.
    pub never_sought_at_returned_addresses: u64,
    /// The same by attribute and value of the person found.
    pub by_group: ByGroup<Tally>,
}

/// One step on the way of answers, and how many took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The name of the step.
    pub step: String,
    /// The step in a sentence.
    pub says: String,
    /// Answers about the person sought.
    pub right: u64,
    /// Answers about somebody else.
    pub wrong: u64,
}

/// Person-days of one consequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Consequences {
    /// The consequence.
    pub consequence: String,
    /// Days of people who were sought.
    pub right: u64,
    /// Days of people who are somebody else.
    pub wrong: u64,
}

/// Steps and person-days of one group, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Answers that took each step.
    pub steps: IndexMap<String, RightAndWrong>,
    /// Person-days of each consequence.
    pub person_days: IndexMap<String, RightAndWrong>,
}

impl Outcomes {
    pub(super) fn of(e: &Evaluation) -> Outcomes {
        let all = &e.outcomes.all;
        let step = |step: &evaluation::Step| Step {
            step: step.name.to_string(),
            says: step.says.to_string(),
            right: step.answers.right,
            wrong: step.answers.wrong,
        };
        let days = |(what, n): &(&str, RightAndWrong)| Consequences {
            consequence: what.to_string(),
            right: n.right,
            wrong: n.wrong,
        };
        let groups = e.outcomes.by_group.iter().map(|(attribute, tallies)| {
            let values = attribute.values.iter().zip(tallies);
            (attribute.name.to_string(), values.map(|(value, tally)| (value.to_string(), Tally::of(tally))).collect())
        });
        Outcomes {
            steps: all.steps.iter().map(step).collect(),
            person_days: all.person_days.iter().map(days).collect(),
            never_sought_at_returned_addresses: e.aside.bystanders,
            by_group: groups.collect(),
        }
    }

    /// The answers that took a step, if these terms have it.
    pub fn step(&self, name: &str) -> Option<RightAndWrong> {
        let step = self.steps.iter().find(|step| step.step == name)?;
        Some(RightAndWrong { right: step.right, wrong: step.wrong })
    }
}

impl Tally {
    fn of(tally: &evaluation::Tally) -> Tally {
        Tally {
            steps: tally.steps.iter().map(|step| (step.name.to_string(), step.answers)).collect(),
            person_days: tally.person_days.iter().map(|(what, n)| (what.to_string(), *n)).collect(),
        }
    }
}
