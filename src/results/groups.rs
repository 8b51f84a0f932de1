//! The rates of groups, beside those of a reference group and those of the runs beside the run.

use super::ByGroup;
use super::rates::{self, Rates};
use crate::evaluation::{self, RateId, RatesByPair, compared, reference};
use crate::experiment::Outcome;
use crate::scenario::{Attribute, Beside, Pair};
use crate::stats::Contrast;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Not;

/// The rates of a group of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Group {
    /// The rates of the run itself.
    pub rates: Rates,
    /// The rates beside those of the reference group; absent for that group itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
    /// The rates of the runs beside the run, each with one assumption taken away.
    #[serde(flatten)]
    pub beside: IndexMap<Beside, GroupBeside>,
}

/// The rates of a group in a run beside the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupBeside {
    /// The rates.
    pub rates: Rates,
}

impl Group {
    /// Number of people of the group on the holder's file: the people sought who are on it, and the people never
    /// sought.
    pub fn on_file(&self) -> u64 {
        self.trials(RateId::Recall) + self.trials(RateId::PeopleExposed)
    }

    /// The hits of a rate of the group.
    pub fn hits(&self, id: RateId) -> u64 {
        self.rates.get(&id).map_or(0, |rate| rate.hits)
    }

    /// The trials of a rate of the group.
    pub fn trials(&self, id: RateId) -> u64 {
        self.rates.get(&id).map_or(0, |rate| rate.trials)
    }
}

/// The rates of a group beside those of the reference group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// The reference group.
    pub to: String,
    /// The method of the intervals.
    pub interval: String,
    /// Each rate compared.
    pub rates: BTreeMap<RateId, ComparedRate>,
}

/// A rate of a group beside the same rate of the reference group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ComparedRate {
    /// The rate over the reference group's; null where that is 0 or either has no trials.
    pub ratio: Option<Contrast>,
    /// The rate less the reference group's; null where either has no trials.
    pub difference: Option<Contrast>,
    /// `true` if either group has fewer than 30 trials.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub too_few_to_tell: bool,
    /// `true` if both have enough trials, and either has fewer than 10 hits.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub too_few_to_compare: bool,
}

impl Compared {
    fn of(to: String, group: &evaluation::Rates, reference: &evaluation::Rates) -> Compared {
        let rate = |compared: evaluation::Compared| {
            let rate = ComparedRate {
                ratio: compared.ratio,
                difference: compared.difference,
                too_few_to_tell: compared.too_few,
                too_few_to_compare: !compared.too_few && compared.few_hits,
            };
            (compared.rate, rate)
        };
        let rates = compared(group, reference).into_iter().map(rate).collect();
        Compared { to, interval: "MOVER, from the interval of each group".to_string(), rates }
    }
}

/// The rates by attribute and value.
pub(super) fn by_group(outcome: &Outcome) -> ByGroup<Group> {
    let groups = outcome.evaluation.groups.by_group.iter().enumerate();
    groups
        .map(|(i, (attribute, groups))| {
            let reference = reference(attribute, &outcome.evaluation.on_file[i]);
            let group = |(j, (value, own)): (usize, (&&str, &evaluation::Rates))| {
                let to = || Compared::of(attribute.values[reference].to_string(), own, &groups[reference]);
                let compared = (j != reference).then(to);
                (value.to_string(), with_beside(outcome, own, compared, |other| &other.by_group[i].1[j]))
            };
            (attribute.name.to_string(), attribute.values.iter().zip(groups).enumerate().map(group).collect())
        })
        .collect()
}

/// The rates by each pair of attributes that was asked for, and by both values. A combination that nobody on file or sought has, here or in a run beside, is left out.
pub(super) fn by_pair(outcome: &Outcome) -> ByGroup<Group> {
    let pairs = outcome.evaluation.groups.by_pair.iter().enumerate();
    pairs
        .map(|(i, RatesByPair { pair, reference, cells })| {
            let runs = || {
                let beside = outcome.beside.iter().map(|(_, groups)| groups);
                std::iter::once(&outcome.evaluation.groups).chain(beside)
            };
            let inhabited = |of: &[usize; 2]| {
                runs().map(|groups| &groups.by_pair[i].cells[of]).any(|cell| cell.on_file + cell.sought > 0)
            };
            let group = |of: &[usize; 2]| {
                let own = &cells[of].rates;
                let to = || value_name(&outcome.attributes, *pair, *reference);
                let compared = (of != reference).then(|| Compared::of(to(), own, &cells[reference].rates));
                let group = with_beside(outcome, own, compared, |other| &other.by_pair[i].cells[of].rates);
                (value_name(&outcome.attributes, *pair, *of), group)
            };
            let groups = cells.keys().filter(|of| inhabited(of)).map(group).collect();
            (pair.map(|attribute| outcome.attributes[attribute].name).join(","), groups)
        })
        .collect()
}

fn with_beside<'o>(
    outcome: &'o Outcome,
    own: &evaluation::Rates,
    compared: Option<Compared>,
    same: impl Fn(&'o evaluation::Groups) -> &'o evaluation::Rates,
) -> Group {
    let beside = outcome.beside.iter();
    let beside = beside.map(|(beside, groups)| (*beside, GroupBeside { rates: rates::of(same(groups)) })).collect();
    Group { rates: rates::of(own), compared, beside }
}

/// `hispanic,female`.
fn value_name(attributes: &[Attribute], pair: Pair, [first, second]: [usize; 2]) -> String {
    [attributes[pair[0]].values[first], attributes[pair[1]].values[second]].join(",")
}
