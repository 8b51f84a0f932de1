//! The one trainer: what a driver has seen of two files becomes a model.

use super::comparison::{Comparison, dependent_comparisons};
use super::decision::fellegi_sunter::{
    Chance, FellegiSunter, HouseholdGuard, OfRule, Restarts, Trained, Training, TrainingInput, restart, train,
    train_in_sessions,
};
use super::decision::learned::{Labelled, Learner, learn};
use super::decision::saved::Saved;
use super::decision::{Model, Score};
use crate::random::{Decision, Seed};
use crate::record::Field;
use crate::stats::Probability;
use serde::{Deserialize, Serialize};

/// The plan for making a model.
#[derive(Clone, Debug)]
pub struct ModelPlan {
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
    /// The origin of the model.
    pub source: ModelSource,
    /// Term-frequency adjustment of names: on or off.
    pub term_frequencies: bool,
    /// The class of its own for members of one household: on or off.
    pub household_guard: HouseholdGuard,
    /// The pairs over which EM runs.
    pub sessions: Sessions,
    /// Number of random points EM is started from besides.
    pub starts: u32,
}

/// The origin of a model.
#[derive(Clone, Debug)]
pub enum ModelSource {
    /// Weights after Fellegi and Sunter, trained on the files without labels.
    FellegiSunter,
    /// Rules, points, or custom code: nothing is trained.
    Written(Model),
    /// Trained on labels; of two files, on those of this share of the people of file A.
    Learn(Learner, Probability),
    /// Read from a file; how common values are is counted in the files at hand.
    Saved(Box<Saved>),
}

impl ModelPlan {
    /// The defaults for files that share these fields.
    pub fn new(fields: &[Field]) -> ModelPlan {
        ModelPlan {
            comparisons: dependent_comparisons(fields),
            source: ModelSource::FellegiSunter,
            term_frequencies: true,
            household_guard: HouseholdGuard::On,
            sessions: Sessions::One,
            starts: 0,
        }
    }
}

/// The pairs over which EM runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sessions {
    /// All candidates at once.
    #[default]
    One,
    /// The candidates of each blocking rule apart; see
    /// [`train_in_sessions`](super::decision::fellegi_sunter::train_in_sessions).
    PerRule,
}

/// The observations of two files.
pub struct Seen<'s> {
    /// The counts of pairs by evidence.
    pub training: &'s Training,
    /// The chance agreement of two unrelated people, comparison by comparison.
    pub chances: &'s [Chance],
    /// All pairs of a record of one file and one of the other.
    pub pairs: f64,
    /// Matches at most, before anything is known.
    pub matches: f64,
}

/// A model and how it was trained.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The model.
    pub model: Model,
    /// The training of its match weights; `None` where they were not trained.
    pub training: Option<Trained>,
    /// The ends of EM from other starts, if the plan asks for them.
    pub restarts: Option<Restarts>,
}

impl ModelPlan {
    /// Returns `true` if match weights are trained.
    pub fn trains(&self) -> bool {
        matches!(self.source, ModelSource::FellegiSunter | ModelSource::Learn(..))
    }

    /// The share of the people of file A whose labels are learned from; none where no model learns.
    pub fn train_share(&self) -> Option<Probability> {
        match &self.source {
            ModelSource::Learn(_, share) => Some(*share),
            _ => None,
        }
    }

    /// Returns `true` if the frequency of values matters to the model.
    pub fn wants_chances(&self) -> bool {
        self.trains() || matches!(&self.source, ModelSource::Saved(saved) if saved.wants_frequencies())
    }

    /// The counts of chance agreement, without frequencies where names have no term-frequency adjustment.
    pub fn chances(&self, mut counted: Vec<Chance>) -> Vec<Chance> {
        if !self.term_frequencies {
            counted.iter_mut().for_each(|chance| chance.frequencies = None);
        }
        counted
    }

    /// The threshold of the model where none is stated. No model needs its training to know it.
    pub fn default_threshold(&self) -> Score {
        match &self.source {
            ModelSource::FellegiSunter | ModelSource::Learn(..) => Score(0),
            ModelSource::Written(model) => model.default_threshold(),
            ModelSource::Saved(saved) => saved.model(&[]).map_or(Score(0), |model| model.default_threshold()),
        }
    }

    /// Makes the model.
    ///
    /// `of_rules` gives the candidates of each blocking rule apart, for training in sessions. `labelled` gives labelled
    /// pairs, for a model that learns from labels; their scores are those of the model trained without labels.
    pub fn fit(
        &self,
        seen: &Seen<'_>,
        of_rules: impl FnOnce() -> Vec<OfRule>,
        labelled: impl FnOnce(&FellegiSunter) -> Labelled,
    ) -> Fitted {
        let (model, training, restarts) = match &self.source {
            ModelSource::Written(model) => (model.clone(), None, None),
            ModelSource::Saved(saved) => {
                let chances = if saved.wants_frequencies() { seen.chances } else { &[] };
                let model = saved.model(chances).expect("what is wrong with a saved model is said where it is read");
                (model, None, None)
            }
            ModelSource::FellegiSunter => {
                let (trained, restarts) = self.train(seen, of_rules);
                (Model::FellegiSunter(trained.model.clone()), Some(trained), restarts)
            }
            ModelSource::Learn(learner, _) => {
                let (trained, restarts) = self.train(seen, of_rules);
                let learned = learn(*learner, &labelled(&trained.model), &trained.model);
                (Model::Learned(learned), Some(trained), restarts)
            }
        };
        Fitted { model, training, restarts }
    }

    /// Trains match weights without labels.
    fn train(&self, seen: &Seen<'_>, of_rules: impl FnOnce() -> Vec<OfRule>) -> (Trained, Option<Restarts>) {
        let observed = TrainingInput {
            training: seen.training,
            comparisons: &self.comparisons,
            chances: seen.chances,
            pairs: seen.pairs,
            matches: seen.matches,
            guard: self.household_guard,
        };
        let trained = match self.sessions {
            Sessions::One => train(&observed),
            Sessions::PerRule => train_in_sessions(&observed, &of_rules()),
        };
        let restarts = (self.starts > 0).then(|| {
            // The draws need no seed of the user's: they settle no fate.
            const STARTS: Decision = Decision::named("link.em_starts");
            let mut stream = Seed(0).stream(STARTS, 0);
            restart(&observed, self.starts, || stream.uniform())
        });
        (trained, restarts)
    }
}
