//! The sections `[blocking]` and `[model]`: [`BlockingSettings`] and [`ModelSettings`].
//!
//! There is one grammar for both drivers. A spec of two files has the sections at its top, a route of a scenario has them
//! below itself, and they are read and checked here. A key that means nothing to one of the drivers is refused there.

mod checks;
mod extensions;

pub use extensions::Extensions;

use super::blocking::BlockingRule;
use super::comparison::{Comparison, ComparisonKind, default_comparisons, dependent_comparisons};
use super::decision::fellegi_sunter::HouseholdGuard;
use super::decision::learned::Learner;
use super::decision::saved::{Saved, Written};
use super::decision::{CustomModel, Model, Points, Rule, RuleSet, Score, Weight};
use super::training::{ModelPlan, ModelSource, Sessions};
use crate::record::Field;
use crate::stats::Probability;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The most random points that EM is started from.
pub const MOST_STARTS: u32 = 1_000;

/// No score is further from 0: scores are thousandths in 32 bits.
const HIGHEST: f64 = 1_000_000.0;

/// The complaint about comparisons, rules or points beside a saved model.
const OWN_COMPARISONS: &str = "a saved model has comparisons, rules and points of its own";

/// The share of labels that a model learns from, unless said otherwise.
const TRAIN_SHARE: f64 = 0.5;

/// `[blocking]`: which pairs are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlockingSettings {
    /// The rules, in the order in which they are tried, such as `["surname:4 + zip"]`.
    pub rules: Vec<BlockingRule>,
    /// The guard on blocking keys of two files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pairs_per_key: Option<u64>,
    /// The guard on blocking rules of two files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pairs_per_rule: Option<u64>,
}

/// `[model]`: what is compared, and how the evidence about a pair becomes a decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelSettings {
    /// The kind of model; `None` for rules where there are rules, points where there are weights, and else match weights
    /// after Fellegi and Sunter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ModelKind>,
    /// The score from which a pair is a match, in bits, strength or points; the model's own where none is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Pairs above the threshold that are matches, of two files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
    /// The lead the best pair must have over the second, for [`Assignment::BestMargin`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// The score below which no pair is assigned one to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    /// A class of its own in training for members of one household: on or off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_guard: Option<bool>,
    /// Term-frequency adjustment of agreement on names: on or off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_frequencies: Option<bool>,
    /// The pairs over which EM runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Sessions>,
    /// Number of random points EM is started from besides, to see if it ends in the same place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts: Option<u32>,
    /// The share of the people of file A whose labels a model learns from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_share: Option<f64>,
    /// The file of a saved model. Whoever may open files reads it and puts its text into [`ModelSettings::saved`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<String>,
    /// The name of a custom model, where `kind` is `"custom"`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub uses: Option<String>,
    /// Notes about a model that was loaded, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The comparisons; those that suit the fields where none are stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comparison: Vec<Comparison>,
    /// The rules of a rule set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rule: Vec<Rule>,
    /// The points of a score card.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weight: Vec<Weight>,
    /// A saved model with its comparisons, as `link --save-model` writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<Box<Saved>>,
    /// The code of a custom model, once [`Extensions`] gave it.
    #[serde(skip)]
    custom: Code,
}

/// The code of a model. It has no say in whether two settings are the same: one name means one model.
#[derive(Clone, Debug, Default)]
struct Code(Option<Arc<dyn CustomModel>>);

impl PartialEq for Code {
    fn eq(&self, _: &Code) -> bool {
        true
    }
}

named! {
    /// The kinds of model.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
    pub enum ModelKind {
        /// Match weights after Fellegi and Sunter, trained without labels.
        FellegiSunter = "fellegi-sunter",
        /// The strongest rule that holds.
        Rules = "rules",
        /// Points for levels.
        Weights = "weights",
        /// Logistic regression, trained on labels.
        Logistic = "logistic",
        /// Gradient boosted trees, trained on labels.
        Boosted = "boosted",
        /// A custom model.
        Custom = "custom",
    }
}

named! {
    /// The pairs that are matches, of those that reach the threshold.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
    pub enum Assignment {
        /// All of them.
        #[default]
        All = "all",
        /// For each record of file A the one with the highest score; of equals one by lot.
        Best = "best",
        /// The best, if its score beats the second's by the margin.
        BestMargin = "best-margin",
        /// A record of file A is matched if exactly one pair of it reaches the threshold.
        Unique = "unique",
        /// No record in two pairs, and the sum of scores, counted from the floor or the lowest candidate's, the greatest
        /// possible; in a connected component of more than 300 records pairs are taken greedily, best first. Of equals one is
        /// taken by lot. The assignment is made once, among all candidates from the floor up, and the threshold applied to it.
        OneToOne = "one-to-one",
    }
}

/// An error in a section: the problem and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The key, from its section on: `model.threshold`.
    pub key: String,
    /// The problem.
    pub problem: String,
    /// The text to write instead; empty where the problem implies it.
    pub remedy: String,
}

impl Complaint {
    pub(super) fn new(key: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Complaint {
        Complaint { key: key.to_owned(), problem: problem.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.remedy.is_empty() { "" } else { "; " };
        write!(f, "{}: {}{between}{}", self.key, self.problem, self.remedy)
    }
}

impl std::error::Error for Complaint {}

/// The two ways to link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Requests are held while the holder's file streams: a route of a scenario.
    Stream,
    /// Two whole files: a spec.
    Batch,
}

impl BlockingSettings {
    /// The keys of the section.
    pub const KEYS: [&str; 3] = ["rules", "max_pairs_per_key", "max_pairs_per_rule"];
}

impl ModelSettings {
    /// The keys of the section.
    pub const KEYS: [&str; 17] = [
        "kind",
        "threshold",
        "assignment",
        "margin",
        "floor",
        "household_guard",
        "term_frequencies",
        "sessions",
        "starts",
        "train_share",
        "load",
        "use",
        "notes",
        "comparison",
        "rule",
        "weight",
        "saved",
    ];

    /// The section of a model of some kind with a threshold and the comparisons that suit files with these fields.
    pub fn of_kind(kind: ModelKind, threshold: f64, fields: &[Field]) -> ModelSettings {
        let mut settings = ModelSettings { kind: Some(kind), threshold: Some(threshold), ..ModelSettings::default() };
        settings.complete(fields);
        settings
    }

    /// The kind of model, stated or not.
    pub fn kind(&self) -> ModelKind {
        match (self.kind, self.rule.is_empty(), self.weight.is_empty()) {
            (Some(kind), ..) => kind,
            (None, false, _) => ModelKind::Rules,
            (None, true, false) => ModelKind::Weights,
            (None, true, true) => ModelKind::FellegiSunter,
        }
    }

    /// The comparisons in use: those of a saved model, if there is one.
    pub fn comparisons(&self) -> &[Comparison] {
        self.saved.as_ref().map_or(&self.comparison, |saved| &saved.comparison)
    }

    /// Every field that the comparisons use; a field that two of them use is listed twice.
    pub fn fields(&self) -> Vec<Field> {
        let of_comparison = |comparison: &Comparison| {
            let address: &[Field] =
                if matches!(comparison.kind, ComparisonKind::Address {}) { &Field::ADDRESS } else { &[] };
            comparison.kind.fields().into_iter().chain(address).cloned().collect::<Vec<Field>>()
        };
        self.comparisons().iter().flat_map(of_comparison).collect()
    }

    /// Returns `true` if scores are match weights, from which a probability follows.
    pub fn weighs(&self) -> bool {
        match &self.saved {
            Some(saved) => matches!(saved.model, Written::FellegiSunter(_) | Written::Learned { .. }),
            None => matches!(self.kind(), ModelKind::FellegiSunter | ModelKind::Logistic | ModelKind::Boosted),
        }
    }

    /// Puts the comparisons that suit files with these fields where none are stated.
    pub fn complete(&mut self, fields: &[Field]) {
        if self.comparison.is_empty() && self.saved.is_none() {
            let trained = !matches!(self.kind(), ModelKind::Rules | ModelKind::Weights);
            self.comparison = if trained { dependent_comparisons(fields) } else { default_comparisons(fields) };
        }
    }

    /// The plan of a section that is complete.
    pub fn plan(&self) -> Result<ModelPlan, Complaint> {
        Ok(ModelPlan {
            comparisons: self.comparisons().to_vec(),
            source: self.source()?,
            term_frequencies: self.term_frequencies.unwrap_or(true),
            household_guard: if self.household_guard == Some(false) { HouseholdGuard::Off } else { HouseholdGuard::On },
            sessions: self.sessions.unwrap_or_default(),
            starts: self.starts.unwrap_or(0),
        })
    }

    /// The threshold that is stated, by the section or by a saved model.
    pub fn threshold(&self) -> Option<Score> {
        let saved = || self.saved.as_ref().and_then(|saved| saved.threshold);
        self.threshold.or_else(saved).map(Score::from_bits)
    }

    fn source(&self) -> Result<ModelSource, Complaint> {
        if let Some(saved) = &self.saved {
            return match saved.complaint() {
                Some(problem) => {
                    Err(Complaint::new("model.saved", problem, "save a model with --save-model to see one"))
                }
                None => Ok(ModelSource::Saved(saved.clone())),
            };
        }
        let share = self.train_share.unwrap_or(TRAIN_SHARE);
        let share = Probability::new(share).ok().filter(|share| share.get() > 0.0 && share.get() < 1.0);
        let Some(share) = share else {
            let problem = "this share leaves nobody to train on, or nobody to count errors on";
            return Err(Complaint::new("model.train_share", problem, "write a number between 0 and 1, such as 0.5"));
        };
        Ok(match self.kind() {
            ModelKind::FellegiSunter => ModelSource::FellegiSunter,
            ModelKind::Logistic => ModelSource::Learn(Learner::Logistic, share),
            ModelKind::Boosted => ModelSource::Learn(Learner::Boosted, share),
            ModelKind::Rules => {
                let rules = RuleSet::new(&self.rule, &self.comparison);
                ModelSource::Written(Model::Rules(
                    rules.map_err(|error| Complaint::new("model.rule", error.to_string(), ""))?,
                ))
            }
            ModelKind::Weights => {
                let points = Points::new(&self.weight, &self.comparison);
                ModelSource::Written(Model::Points(
                    points.map_err(|error| Complaint::new("model.weight", error.to_string(), ""))?,
                ))
            }
            ModelKind::Custom => match &self.custom.0 {
                Some(code) => ModelSource::Written(Model::Custom(Arc::clone(code))),
                None => {
                    let remedy = "give it to whoever reads this, with Extensions::add_model";
                    return Err(Complaint::new("model.use", "a custom model needs its code", remedy));
                }
            },
        })
    }
}
