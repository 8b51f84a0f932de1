//! Models as text: [`Saved`] goes into TOML or JSON and comes back as the same model.
//!
//! What is saved is what was learned or decided. How common each name is belongs to the files at hand, not to the
//! model, and is counted anew wherever the model is used.

use super::fellegi_sunter::{Chance, Frequencies, Given, Parameters, Priors, Session, Shared, Source, Trained, states};
use super::learned::{Form, Learned};
use super::{FellegiSunter, Model, Points, Rule, RuleSet, Weight};
use crate::linkage::comparison::{Comparison, complaint_of_given};
use serde::{Deserialize, Serialize};

/// The format that is written, and the only one that is read.
pub const FORMAT: &str = "namesake.model/1";

/// The largest difference from 1 of the sum of a comparison's probabilities: models of other programs come rounded.
const SUM_TOLERANCE: f64 = 0.02;

/// A model with its comparisons, ready to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// [`FORMAT`].
    pub format: String,
    /// The threshold in bits or points; the model's own where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// The training of the model; `None` for a model that somebody wrote, or that states nothing about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<History>,
    /// The model's values for the levels.
    pub model: Written,
    /// The comparisons whose levels it weighs.
    pub comparison: Vec<Comparison>,
}

/// The training of a model without labels. It is kept for whoever reads the model and changes no score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Rounds of EM.
    pub rounds: u32,
    /// `true` if EM, and every session that was used, converged.
    pub converged: bool,
    /// Matches expected among the candidates of the files trained on.
    pub expected_matches: f64,
    /// The source of `m`.
    pub m: Source,
    /// The sessions that were held; none where one EM saw all candidates.
    #[serde(default, rename = "session", skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<WrittenSession>,
}

/// One session of EM without what it found, which is in the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenSession {
    /// The blocking rule whose pairs it was held on.
    pub rule: String,
    /// Those pairs.
    pub pairs: u64,
    /// Rounds of EM.
    pub rounds: u32,
    /// `true` if EM converged.
    pub converged: bool,
    /// Matches expected among the pairs.
    pub expected_matches: f64,
    /// `true` if its findings were used.
    pub used: bool,
}

impl History {
    /// The training of a model that was just trained.
    pub fn of(trained: &Trained) -> History {
        History {
            rounds: trained.rounds,
            converged: trained.converged,
            expected_matches: trained.expected_matches,
            m: trained.m,
            sessions: trained.sessions.iter().map(WrittenSession::of).collect(),
        }
    }
}

impl WrittenSession {
    /// A session that was just held.
    pub fn of(session: &Session) -> WrittenSession {
        WrittenSession {
            rule: session.rule.clone(),
            pairs: session.pairs,
            rounds: session.rounds,
            converged: session.converged,
            expected_matches: session.expected_matches,
            used: session.counts(),
        }
    }
}

/// A model without its comparisons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Written {
    /// A ladder of rules.
    Rules {
        /// The rules.
        rule: Vec<Rule>,
    },
    /// Points for levels.
    Weights {
        /// The points.
        weight: Vec<Weight>,
    },
    /// Match weights.
    FellegiSunter(Weighed),
    /// The correction to match weights that was learned from labels.
    Learned {
        /// The match weights.
        base: Weighed,
        /// The correction.
        added: Form,
    },
}

/// A Fellegi–Sunter model without frequencies of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighed {
    /// The share of all pairs that are one person.
    pub person: f64,
    /// The share that are two members of one household; 0 without that class.
    pub household: f64,
    /// The share that are two relatives in one home; 0 without that class.
    #[serde(default, skip_serializing_if = "is_none")]
    pub relatives: f64,
    /// The share that are two people of one surname and birth date who live apart; 0 without that class.
    #[serde(default, skip_serializing_if = "is_none")]
    pub twins: f64,
    /// One entry for each comparison, in their order.
    pub parameters: Vec<WrittenParameters>,
}

/// The probabilities of one comparison's levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenParameters {
    /// For one person.
    pub m: Vec<f64>,
    /// For two members of a household.
    pub h: Vec<f64>,
    /// For two relatives in one home; nothing without that class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r: Vec<f64>,
    /// For two people of one surname and birth date who live apart; nothing without that class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub t: Vec<f64>,
    /// For two unrelated people.
    pub u: Vec<f64>,
    /// `true` if agreement on a rare value weighs more.
    pub by_frequency: bool,
}

/// Returns `true` if a class has no pairs.
fn is_none(share: &f64) -> bool {
    *share == 0.0
}

impl Saved {
    /// A model with its comparisons; `None` for a model of somebody's own, which only its own program can write.
    pub fn of(model: &Model, comparisons: &[Comparison], threshold: Option<f64>) -> Option<Saved> {
        let written = match model {
            Model::Rules(rules) => Written::Rules { rule: rules.written() },
            Model::Points(points) => Written::Weights { weight: points.written() },
            Model::FellegiSunter(model) => Written::FellegiSunter(Weighed::of(model)),
            Model::Learned(model) => Written::Learned { base: Weighed::of(&model.base), added: model.form.clone() },
            Model::Custom(_) => return None,
        };
        let comparison = comparisons.to_vec();
        Some(Saved { format: FORMAT.to_owned(), threshold, training: None, model: written, comparison })
    }

    /// Returns `true` if the model weighs values by their frequency and needs the frequencies of the files at hand.
    pub fn wants_frequencies(&self) -> bool {
        match &self.model {
            Written::FellegiSunter(weighed) | Written::Learned { base: weighed, .. } => {
                weighed.parameters.iter().any(|parameters| parameters.by_frequency)
            }
            _ => false,
        }
    }

    /// The error in it, if there is one.
    pub fn complaint(&self) -> Option<String> {
        if self.format != FORMAT {
            return Some(format!("this is a {:?}, not a {FORMAT:?}", self.format));
        }
        if let Some(complaint) = self.comparison.iter().find_map(Comparison::complaint) {
            return Some(complaint);
        }
        if let Some(complaint) = complaint_of_given(&self.comparison) {
            return Some(complaint);
        }
        let given = self.comparison.iter().find(|comparison| comparison.given.is_some());
        if let (Some(comparison), Written::Rules { .. } | Written::Weights { .. }) = (given, &self.model) {
            return Some(format!("{:?} has given, which only match weights have a use for", comparison.name));
        }
        let (weighed, added) = match &self.model {
            Written::Rules { rule } => {
                return RuleSet::new(rule, &self.comparison).err().map(|error| error.to_string());
            }
            Written::Weights { weight } => {
                return Points::new(weight, &self.comparison).err().map(|error| error.to_string());
            }
            Written::FellegiSunter(weighed) => (weighed, None),
            Written::Learned { base, added } => (base, Some(added)),
        };
        if weighed.parameters.len() != self.comparison.len() {
            return Some(format!("{} comparisons but {} parameters", self.comparison.len(), weighed.parameters.len()));
        }
        let share = |p: f64| p.is_finite() && (0.0..=1.0).contains(&p);
        let shares = [weighed.person, weighed.household, weighed.relatives, weighed.twins];
        let all: f64 = shares.iter().sum();
        if !(weighed.person > 0.0 && shares.into_iter().all(share) && all < 1.0) {
            return Some("the shares of persons, households, relatives and twins are not between 0 and 1".to_owned());
        }
        let given = Given::of(&self.comparison);
        for ((parameters, comparison), given) in weighed.parameters.iter().zip(&self.comparison).zip(&given) {
            let in_a_state = comparison.labels().len();
            let states = states(given.as_ref());
            let levels = in_a_state * states;
            let sound = |p: &Vec<f64>| p.len() == levels && p.iter().all(|&p| share(p) && p > 0.0);
            let WrittenParameters { m, h, r, t, u, .. } = parameters;
            // A class has probabilities if it has pairs, and not otherwise.
            for (name, p, share) in [("r", r, weighed.relatives), ("t", t, weighed.twins)] {
                if p.is_empty() == (share > 0.0) {
                    let class = if name == "r" { "relatives" } else { "twins" };
                    let has = if p.is_empty() { "no" } else { "a" };
                    return Some(format!("{:?} has {has} list {name}, and {class} is {share}", comparison.name));
                }
            }
            let relatives = if r.is_empty() { u } else { r };
            let twins = if t.is_empty() { u } else { t };
            if ![m, h, relatives, twins, u].into_iter().all(sound) {
                let of_each = if states > 1 { format!(" in each of {states} states") } else { String::new() };
                let levels = format!("{in_a_state} levels{of_each}, and a probability above 0 for each");
                return Some(format!("{:?} has {levels}", comparison.name));
            }
            if given.is_some() && parameters.by_frequency {
                let name = &comparison.name;
                return Some(format!(
                    "{name:?} is given another comparison, and cannot weigh values by how common they are"
                ));
            }
            let all = [("m", m), ("h", h), ("r", relatives), ("t", twins), ("u", u)];
            let sums = all
                .into_iter()
                .flat_map(|(name, p)| p.chunks(in_a_state).map(move |levels| (name, levels.iter().sum::<f64>())));
            if let Some((name, sum)) = sums.into_iter().find(|(_, sum)| (sum - 1.0).abs() > SUM_TOLERANCE) {
                return Some(format!("{:?}: the levels of {name} come to {sum:.3} and not to 1", comparison.name));
            }
        }
        let fits = match added {
            None => true,
            Some(Form::Logistic { levels, .. }) => {
                levels.len() == self.comparison.len()
                    && levels.iter().zip(&self.comparison).all(|(w, c)| w.len() == c.labels().len() + 1)
            }
            Some(Form::Boosted { trees, .. }) => trees.iter().all(|tree| {
                !tree.is_empty()
                    && tree.iter().enumerate().all(|(at, node)| {
                        // Downward only, so that every walk ends.
                        node.split.is_none_or(|split| {
                            let below = |next: u16| usize::from(next) > at && usize::from(next) < tree.len();
                            usize::from(split.feature) <= self.comparison.len() && below(split.no) && below(split.yes)
                        })
                    })
            }),
        };
        (!fits).then(|| "what labels added does not fit the comparisons".to_owned())
    }

    /// The model again; `chances` as the files at hand have them, empty where they are not wanted.
    ///
    /// `None` for one that [`Saved::complaint`] complains of.
    pub fn model(&self, chances: &[Chance]) -> Option<Model> {
        if self.complaint().is_some() {
            return None;
        }
        Some(match &self.model {
            Written::Rules { rule } => Model::Rules(RuleSet::new(rule, &self.comparison).ok()?),
            Written::Weights { weight } => Model::Points(Points::new(weight, &self.comparison).ok()?),
            Written::FellegiSunter(weighed) => Model::FellegiSunter(weighed.model(&self.comparison, chances)),
            Written::Learned { base, added } => {
                Model::Learned(Learned { base: base.model(&self.comparison, chances), form: added.clone() })
            }
        })
    }
}

impl Weighed {
    fn of(model: &FellegiSunter) -> Weighed {
        let priors = model.priors();
        let parameters = model.parameters().iter().map(|parameters| WrittenParameters {
            m: parameters.m.clone(),
            h: parameters.h.clone(),
            r: if priors.relatives > 0.0 { parameters.r.clone() } else { Vec::new() },
            t: if priors.twins > 0.0 { parameters.t.clone() } else { Vec::new() },
            u: parameters.u.clone(),
            by_frequency: parameters.frequencies.is_some(),
        });
        Weighed {
            person: priors.person,
            household: priors.household,
            relatives: priors.relatives,
            twins: priors.twins,
            parameters: parameters.collect(),
        }
    }

    fn model(&self, comparisons: &[Comparison], chances: &[Chance]) -> FellegiSunter {
        let frequencies = |i: usize| -> Option<Frequencies> { chances.get(i)?.frequencies.clone() };
        let parameters = self.parameters.iter().zip(comparisons).zip(Given::of(comparisons)).enumerate().map(
            |(i, ((written, comparison), given))| Parameters {
                name: comparison.name.clone(),
                labels: comparison.labels(),
                given,
                m: written.m.clone(),
                h: written.h.clone(),
                r: if written.r.is_empty() { written.u.clone() } else { written.r.clone() },
                t: if written.t.is_empty() { written.u.clone() } else { written.t.clone() },
                u: written.u.clone(),
                shared: Shared::of(&comparison.kind),
                frequencies: if written.by_frequency { frequencies(i) } else { None },
            },
        );
        let Weighed { person, household, relatives, twins, .. } = *self;
        let priors = Priors { person, household, relatives, twins };
        FellegiSunter::new(priors, parameters.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::comparison::ComparisonKind;
    use crate::record::Field;

    #[test]
    fn a_class_has_probabilities_if_it_has_pairs_and_not_otherwise() {
        let comparison = vec![Comparison::new(ComparisonKind::Exact { field: Field::Surname.into() })];
        let complaint = |relatives: f64, r: &[f64], twins: f64, t: &[f64]| {
            let half = || vec![0.5, 0.5];
            let parameters = WrittenParameters {
                m: half(),
                h: half(),
                r: r.to_vec(),
                t: t.to_vec(),
                u: half(),
                by_frequency: false,
            };
            let weighed = Weighed { person: 0.1, household: 0.1, relatives, twins, parameters: vec![parameters] };
            let (format, model) = (FORMAT.to_owned(), Written::FellegiSunter(weighed));
            Saved { format, threshold: None, training: None, model, comparison: comparison.clone() }.complaint()
        };
        let half = [0.5, 0.5];
        assert_eq!(complaint(0.1, &half, 0.1, &half), None);
        assert_eq!(complaint(0.0, &[], 0.0, &[]), None);
        for (complaint, expected) in [
            (complaint(0.0, &half, 0.0, &[]), "has a list r, and relatives is 0"),
            (complaint(0.0, &[], 0.0, &[0.5]), "has a list t, and twins is 0"),
            (complaint(0.0, &[], 0.1, &[]), "has no list t, and twins is 0.1"),
            (complaint(0.0, &[], 0.1, &[1.0]), "2 levels"),
            (complaint(0.0, &[], 0.1, &[0.5, 0.4]), "the levels of t come to 0.900"),
            (complaint(0.0, &[], 0.9, &half), "are not between 0 and 1"),
        ] {
            assert!(complaint.as_ref().is_some_and(|said| said.contains(expected)), "{complaint:?}");
        }
    }
}
