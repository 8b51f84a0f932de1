//! Results of matching two labelled files.

use super::{BestF1, FileNames, LabelledGroup, RuleLeftOut, by_group, left_out};
use crate::bridge::LabelledPair;
use crate::experiment::link::{self, LinkCounts, LinkResult};
use crate::linkage::comparison::Comparison;
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::{Restarts, Session, places};
use crate::linkage::decision::saved::{History, WrittenSession};
use crate::notice::Notice;
use crate::results::{ByGroup, Point, Rate, Training, VERSION};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The result of `link`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkResults {
    /// The version of this format.
    pub schema: LinkSchema,
    /// The version of Namesake.
    pub version: String,
    /// The files.
    pub files: FileNames,
    /// Notices about the figures.
    pub notices: Vec<Notice>,
    /// Numbers of records and pairs.
    pub counts: LinkCounts,
    /// The threshold, in bits or steps.
    pub threshold: f64,
    /// The assignment.
    pub assignment: String,
    /// The rates.
    pub rates: LinkRates,
    /// The best point of the curve; null without a true pair among the candidates.
    pub best_f1: Option<BestF1>,
    /// Rates by group column and value.
    pub by_group: ByGroup<LabelledGroup>,
    /// The blocking rules and what they proposed.
    pub blocking: Vec<RuleUse>,
    /// The rules that default blocking did not use.
    pub blocking_left_out: Vec<RuleLeftOut>,
    /// The training of the model; null for a model that somebody wrote or saved.
    pub training: Option<LinkTraining>,
    /// Records of A on which errors were counted, where the others were trained on.
    pub held_out: Option<u64>,
    /// Candidate pairs by tenths of the probability the model gave them.
    pub calibration: Vec<Tenth>,
    /// The threshold curve.
    pub curve: Vec<Point>,
    /// The training that a saved model states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_before: Option<History>,
}

format_of! {
    LinkResults:
    /// The format of [`LinkResults`].
    LinkSchema = "namesake.link/1"
}

/// The rates of two labelled files that were matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkRates {
    /// Of pairs matched, those that are one person.
    pub precision: Rate,
    /// Of pairs that are one person, those matched.
    pub recall: Rate,
    /// Of pairs that are two people, those matched.
    pub pair_false_match: Rate,
    /// Of pairs that are one person, those that no blocking rule proposed.
    pub lost_at_blocking: Rate,
}

/// A blocking rule and what it proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleUse {
    /// The rule.
    pub rule: String,
    /// Pairs that it was the first to propose.
    pub pairs: u64,
    /// Those of them that are one person.
    pub true_pairs: u64,
    /// Keys that the limit on pairs left out.
    pub keys_left_out: u64,
    /// Records that the limit on pairs left out.
    pub records_left_out: u64,
}

/// The training of a model on two labelled files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LinkTraining {
    /// The last run of EM, or the sessions combined.
    #[serde(flatten)]
    pub trained: Training,
    /// The ends of EM from other starts; null if the spec asked for none.
    pub restarts: Option<Restarts>,
    /// The sessions that were combined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<TrainedSession>,
}

/// One session of EM, on the pairs of one blocking rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrainedSession {
    /// The session as models keep it.
    #[serde(flatten)]
    pub session: WrittenSession,
    /// The m-probabilities by comparison and level, of a comparison that is given another one in each state of that one;
    /// null where the rule looks at what is compared.
    pub m: IndexMap<String, Option<BTreeMap<String, f64>>>,
}

impl TrainedSession {
    fn of(session: &Session, comparisons: &[Comparison]) -> TrainedSession {
        let m = |(comparison, m): (&Comparison, &Option<Vec<f64>>)| {
            let levels = m.as_ref().map(|m| places(comparison).into_iter().zip(m.clone()).collect());
            (comparison.name.clone(), levels)
        };
        TrainedSession { session: WrittenSession::of(session), m: comparisons.iter().zip(&session.m).map(m).collect() }
    }
}

/// Candidate pairs to which the model gave a probability within one tenth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tenth {
    /// The lower end of the tenth.
    pub from: f64,
    /// The upper end of the tenth.
    pub to: f64,
    /// The mean probability given; null without pairs.
    pub mean_given: Option<f64>,
    /// Of the pairs, those that are one person.
    pub one_person: Rate,
}

impl LinkResults {
    /// The results of matching two labelled files.
    pub fn of(files: &LabelledPair, result: &LinkResult) -> LinkResults {
        let counts = result.counts;
        let training = result.training.as_ref().map(|trained| LinkTraining {
            trained: Training::of(trained),
            restarts: result.restarts,
            sessions: trained.sessions.iter().map(|s| TrainedSession::of(s, &result.comparisons)).collect(),
        });
        let tenth = |(tenth, of): (usize, &link::Tenth)| Tenth {
            from: tenth as f64 / 10.0,
            to: (tenth + 1) as f64 / 10.0,
            mean_given: (of.right.trials > 0).then_some(of.given),
            one_person: Rate::without_interval(of.right, "candidate pairs given a probability in this tenth"),
        };
        LinkResults {
            schema: LinkSchema::First,
            version: VERSION.to_string(),
            files: FileNames::of(files),
            notices: result.notices.clone(),
            counts,
            threshold: result.threshold.bits(),
            assignment: result.assignment.name().to_string(),
            rates: LinkRates {
                precision: Rate::of(&result.rates.precision),
                recall: Rate::of(&result.rates.recall),
                pair_false_match: Rate::of(&result.rates.pair_false_match),
                lost_at_blocking: Rate::of(&result.rates.never_seen),
            },
            best_f1: result.best_f1.as_ref().map(|best| BestF1::of(best, Score::bits)),
            by_group: by_group(&result.by_group),
            blocking: result
                .by_rule
                .iter()
                .map(|rule| RuleUse {
                    rule: rule.rule.to_string(),
                    pairs: rule.pairs,
                    true_pairs: rule.true_pairs,
                    keys_left_out: rule.left_out.keys,
                    records_left_out: rule.left_out.entries,
                })
                .collect(),
            blocking_left_out: left_out(&result.rules_left_out),
            training,
            held_out: result.held_out,
            calibration: result.calibration.iter().enumerate().map(tenth).collect(),
            curve: result.curve.iter().map(|point| Point::of(point, Score::bits)).collect(),
            trained_before: result.trained_before.clone(),
        }
    }
}
