//! The models' own estimates of their errors, beside the truth.

use super::{ByGroup, Rate};
use crate::evaluation;
use serde::{Deserialize, Serialize};

/// The own error estimates of a run's models, beside the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Claimed {
    /// Pairs by tenths of the probability claimed.
    pub calibration: Vec<Tenth>,
    /// The share of wrong matches, estimated and true.
    pub false_match: FalseMatch,
    /// The same by attribute and value of the person sought.
    pub by_group: ByGroup<GroupClaim>,
}

/// The share of wrong matches of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupClaim {
    /// The share, estimated and true.
    pub false_match: FalseMatch,
}

/// The pairs to which a model gave a probability within one tenth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tenth {
    /// The lower end of the tenth.
    pub low: f64,
    /// The upper end of the tenth.
    pub high: f64,
    /// The pairs.
    pub pairs: u64,
    /// Pairs that are one person.
    pub one_person: u64,
    /// The mean probability claimed.
    pub claimed: f64,
    /// The share of the pairs that are one person.
    #[serde(rename = "true")]
    pub truth: Option<f64>,
    /// The lower end of the interval of that share.
    pub true_low: Option<f64>,
    /// The upper end.
    pub true_high: Option<f64>,
    /// The method of the interval.
    pub interval: String,
}

/// The share of wrong matches: estimated without the truth, and true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FalseMatch {
    /// The truth.
    #[serde(rename = "true")]
    pub truth: Rate,
    /// The estimate from the model's own probabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior: Option<f64>,
    /// The estimate of Belin and Rubin for the best answers, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belin_rubin: Option<f64>,
    /// The basis of that estimate, or the reason why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belin_rubin_fit: Option<BelinRubin>,
}

/// The basis of the estimate of Belin and Rubin, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BelinRubin {
    /// Best answers that were reviewed.
    pub reviewed: Reviewed,
    /// Best answers that were not reviewed: the scores to which the curves are fitted.
    pub scores: u64,
    /// The truth of the best answers that were not reviewed.
    #[serde(rename = "true")]
    pub truth: Rate,
    /// The estimate from the model's own probabilities for these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posterior: Option<f64>,
    /// The reason why there is no estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// The parameters of the two curves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Parameters>,
    /// The lower end of the 95 % interval of the estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The method of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
}

/// Best answers that were reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// Those that are the person sought.
    pub one_person: u64,
    /// Those that are somebody else.
    pub two_people: u64,
}

/// The parameters of the two curves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The power of the transformation of scores of one person.
    pub power_one_person: f64,
    /// The power of the transformation of scores of two people.
    pub power_two_people: f64,
    /// The ratio of the two variances.
    pub variance_ratio: f64,
    /// The share of two people.
    pub share_two_people: f64,
}

impl Claimed {
    pub(super) fn of(claims: &evaluation::Claimed) -> Claimed {
        let groups = claims.by_group.iter().map(|(attribute, of_values)| {
            let claim = |of| GroupClaim { false_match: FalseMatch::of(of) };
            let values = attribute.values.iter().zip(of_values);
            (attribute.name.to_string(), values.map(|(value, of)| (value.to_string(), claim(of))).collect())
        });
        Claimed {
            calibration: claims.calibration.iter().map(Tenth::of).collect(),
            false_match: FalseMatch::of(&claims.false_match),
            by_group: groups.collect(),
        }
    }
}

impl Tenth {
    fn of(tenth: &evaluation::Tenth) -> Tenth {
        let truth = Rate::of(&tenth.truth);
        Tenth {
            low: tenth.tenth as f64 / 10.0,
            high: (tenth.tenth + 1) as f64 / 10.0,
            pairs: truth.trials,
            one_person: truth.hits,
            claimed: tenth.claimed,
            truth: truth.rate,
            true_low: truth.low,
            true_high: truth.high,
            interval: truth.interval,
        }
    }
}

impl FalseMatch {
    fn of(estimate: &evaluation::FalseMatch) -> FalseMatch {
        let belin_rubin = estimate.belin_rubin.as_ref();
        FalseMatch {
            truth: Rate::of(&estimate.truth),
            posterior: estimate.posterior,
            belin_rubin: belin_rubin.and_then(|estimate| estimate.fit.ok()).map(|fitted| fitted.share),
            belin_rubin_fit: belin_rubin.map(BelinRubin::of),
        }
    }
}

impl BelinRubin {
    fn of(estimate: &evaluation::BelinRubin) -> BelinRubin {
        let fitted = estimate.fit.ok();
        let interval = fitted.and_then(|fitted| fitted.interval);
        BelinRubin {
            reviewed: Reviewed { one_person: estimate.reviewed.right, two_people: estimate.reviewed.wrong },
            scores: estimate.scores,
            truth: Rate::of(&estimate.truth),
            posterior: estimate.posterior,
            absent: estimate.fit.err().map(|unfit| unfit.says().to_string()),
            parameters: fitted.map(|fitted| Parameters {
                power_one_person: fitted.shape.right.power,
                power_two_people: fitted.shape.wrong.power,
                variance_ratio: fitted.shape.ratio,
                share_two_people: fitted.mixture.wrong,
            }),
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            interval: interval.map(|_| {
                let resamples = evaluation::BelinRubin::RESAMPLES;
                format!("bootstrap over requests, both halves, {resamples} resamples, normal on the logit")
            }),
        }
    }
}
