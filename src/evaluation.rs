//! Misidentifications: fates, causes and rates, measured against the truth.
//!
//! [`Observed`] counts every scored pair with its truth while the holder's file streams by. It consists of whole
//! numbers and short lists, so counts of separate parts of the file add up to those of the whole. Afterwards [`judge`]
//! gives each request its [`Fate`] and each wrong return its place in the list. [`evaluate`] turns them into rates with
//! denominators and intervals.

mod belin_rubin;
mod catalogue;
mod causes;
mod claim;
mod claimed;
mod contrast;
mod curve;
mod follow_up;
mod measured;
mod missing;
mod observed;
mod outcomes;
mod rates;
mod ties;

pub use belin_rubin::{BelinRubin, Fitted};
pub use catalogue::{RateEntry, RateId, Scope};
pub use causes::{Attribution, Cause, CauseCount, Counterfactual, PairError, Relation, Rule, attribute};
pub use claim::Claim;
pub use claimed::{Claimed, FalseMatch, Tenth};
pub use contrast::{Compared, compared};
pub use curve::{Band, CurvePoint, MOST_POINTS};
pub use follow_up::{Act, Case, End, FollowUp, Reaction, Stop, stop};
pub use measured::{Measured, Method};
pub use missing::{City, Missing, MissingGroup, least_city, missing};
pub use observed::{FirstSeen, Neighbourhoods, Observed, PairCount, PairOnFile};
pub use outcomes::{Outcomes, RightAndWrong, Step, Tally, hold_back};
pub use rates::{
    FEW_HITS, Groups, PairCell, Rates, RatesByPair, Returns, TOO_FEW, Wrong, groups, rate_of_request,
    rates_of_requests, reference,
};
pub use ties::{Alike, Losses, Lost, Ties};

use crate::agency::Truth;
use crate::agreement::{Agreement, Answer, Answers, HandedOver, Refusal};
use crate::linkage::decision::Score;
use crate::scenario::{Attribute, Pair};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The most attributes a person may be described by.
pub const MOST_ATTRIBUTES: usize = 8;

/// A person's values, as positions in [`Attribute::values`].
pub type Profile = [u8; MOST_ATTRIBUTES];

named! {
    /// The outcome of a request after all safeguards. Each request has exactly one.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Fate {
        /// The person sought was returned, and nobody else.
        RightAlone = "right_alone",
        /// The person sought was returned with others.
        RightWithOthers = "right_with_others",
        /// Somebody was returned, and not the person sought.
        WrongOnly = "wrong_only",
        /// The person sought is on file, and nobody was returned.
        NotReturned = "not_returned",
        /// The person sought is not on file, and nobody was returned.
        CorrectlyNobody = "correctly_nobody",
        /// The request was incomplete.
        Refused = "refused",
        /// Records answered, and the terms held them back.
        Withheld = "withheld",
    }
}

named! {
    /// The stage at which a person on file, who was not returned, was lost.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum LostAt {
        /// The request was refused.
        Refused = "refused",
        /// No blocking rule proposed the record.
        Blocking = "blocking",
        /// The record's score stayed below the threshold.
        Score = "score",
        /// Others answered better, and the terms do not hand over all.
        OutRanked = "out-ranked",
        /// The terms held the answers back.
        Withheld = "withheld",
        /// A reviewer rejected the record.
        Review = "review",
    }
}

/// A request and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The route it took, or why it was refused.
    pub admitted: Result<usize, Refusal>,
    /// `true` if the person sought is on file.
    pub on_file: bool,
    /// Its fate.
    pub fate: Fate,
    /// The stage at which the person sought was lost, if on file and not returned.
    pub lost_at: Option<LostAt>,
    /// The records handed over, best first, each with whether it is the person sought.
    pub returned: Vec<(Answer, bool)>,
}

impl Judged {
    fn wrong(&self) -> u64 {
        self.returned.iter().filter(|(_, right)| !right).count() as u64
    }

    fn right(&self) -> bool {
        self.returned.iter().any(|(_, right)| *right)
    }

    /// Returns `true` if the request was resolved correctly: the right person alone, or nobody when the person is not
    /// on file.
    pub fn resolved(&self) -> bool {
        match &self.returned[..] {
            [] => !self.on_file,
            [(_, right)] => *right,
            _ => false,
        }
    }
}

/// Gives a request its fate, with the thresholds moved by `shift` from where the agreement has them.
pub fn judge(
    agreement: &Agreement,
    truth: &Truth,
    observed: &Observed,
    request: usize,
    admitted: Result<usize, Refusal>,
    answers: &Answers,
    threshold: impl Fn(usize) -> Score,
) -> Judged {
    let on_file = observed.sought_on_file[request];
    let route = match admitted {
        Ok(route) => route,
        Err(_) => {
            let lost_at = on_file.then_some(LostAt::Refused);
            return Judged { admitted, on_file, fate: Fate::Refused, lost_at, returned: Vec::new() };
        }
    };
    let threshold = threshold(route);
    let (returned, held) = match agreement.hand_over(answers, threshold) {
        HandedOver::Returned(found) => {
            (found.iter().map(|answer| (*answer, truth.is_match(request, answer.record))).collect(), false)
        }
        HandedOver::Withheld => (Vec::new(), true),
        HandedOver::Nobody => (Vec::new(), false),
    };
    let mut judged = Judged { admitted, on_file, fate: Fate::Withheld, lost_at: None, returned };
    judged.fate = judged.fate_when(held);
    if on_file && !judged.right() {
        judged.lost_at = Some(match observed.true_pairs[request] {
            None => LostAt::Blocking,
            Some(seen) if seen.score < threshold => LostAt::Score,
            Some(seen) if held || !seen.confirmed => LostAt::Withheld,
            Some(_) => LostAt::OutRanked,
        });
    }
    judged
}

/// A person wrongly returned, as experiment looked the person up.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    /// The request.
    pub request: usize,
    /// The record handed over.
    pub answer: Answer,
    /// The profile of the person whose record it is.
    pub profile: Profile,
    /// `true` if that person is sought by another request.
    pub sought_elsewhere: bool,
    /// The causes of the wrong return.
    pub attribution: Attribution,
}

impl Disclosure {
    /// The person returned, without causes.
    pub fn wrong(&self) -> Wrong {
        let Disclosure { request, profile, sought_elsewhere, .. } = *self;
        Wrong { request, record: self.answer.record, profile, sought_elsewhere }
    }
}

/// Counts about the answers beyond identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Right persons whose address on file is not where they live now.
    pub right_but_moved: u64,
    /// People never sought who live today at an address handed over.
    pub bystanders: u64,
}

/// Everything measured about one exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Requests.
    pub requests: u64,
    /// Requests whose person is on file.
    pub requested_on_file: u64,
    /// Records on the holder's file.
    pub holder_records: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// Right persons returned.
    pub returned_right: u64,
    /// Wrong persons returned, a person once for each request that returned the person.
    pub returned_wrong: u64,
    /// Answers above the threshold that were beyond the number handed over or kept.
    pub overflow: u64,
    /// Returns made without a comparison that the terms require.
    pub check_skipped: u64,
    /// Counts about the answers beyond identity.
    pub aside: Aside,
    /// Decisions people took on the answers, and the consequences.
    pub outcomes: Outcomes,
    /// Rates, overall and by attribute and value.
    pub groups: Groups,
    /// Requests by fate.
    pub fates: BTreeMap<Fate, u64>,
    /// Losses by stage.
    pub lost_at: BTreeMap<LostAt, u64>,
    /// Wrong returns by cause: as the primary one, as one that alone would have ended it, and by shares.
    pub causes: BTreeMap<Cause, CauseCount>,
    /// People on file by attribute and value.
    pub on_file: Vec<Vec<u64>>,
    /// Wrong returns by attribute and value of the person returned.
    pub wrong_by_group: Vec<Vec<u64>>,
    /// The threshold curve, each point with its shares and their intervals.
    pub curve: Vec<(CurvePoint, Band)>,
    /// Losses beside those from exact ties.
    pub ties: Ties,
    /// Claims of the routes that use match weights, beside the truth; `None` where there is no such route.
    pub claimed: Option<Claimed>,
}

/// Input of the evaluation of an exchange, once the holder's file has been streamed.
pub struct Exchange<'a> {
    /// Persons sought and persons returned.
    pub returns: Returns<'a>,
    /// Routes that use match weights, by route number.
    pub weighs: &'a [bool],
    /// Each wrong return, by request and rank.
    pub disclosures: &'a [Disclosure],
    /// The follow-up of each answer that the terms, people apart, hand over.
    pub follow_ups: &'a [FollowUp],
    /// The part of each request that is lost by exact ties.
    pub from_ties: &'a [f64],
    /// Counts about the answers beyond identity.
    pub aside: Aside,
}

/// Measures an exchange.
pub fn evaluate(exchange: &Exchange<'_>) -> Evaluation {
    let Returns { agreement, observed, answers, attributes, judged, wrong, .. } = exchange.returns;
    let mut fates: BTreeMap<Fate, u64> = Fate::ALL.into_iter().map(|fate| (fate, 0)).collect();
    let mut lost_at: BTreeMap<LostAt, u64> = LostAt::ALL.into_iter().map(|place| (place, 0)).collect();
    let mut check_skipped = 0;
    for request in judged {
        *fates.entry(request.fate).or_default() += 1;
        if let Some(place) = request.lost_at {
            *lost_at.entry(place).or_default() += 1;
        }
        if request.admitted.is_ok_and(|route| agreement.skips_a_check(route)) {
            check_skipped += request.returned.len() as u64;
        }
    }
    Evaluation {
        requests: judged.len() as u64,
        requested_on_file: judged.iter().filter(|request| request.on_file).count() as u64,
        holder_records: observed.records,
        candidate_pairs: observed.candidate_pairs,
        returned_right: judged.iter().filter(|request| request.right()).count() as u64,
        returned_wrong: judged.iter().map(Judged::wrong).sum(),
        overflow: answers.iter().map(|answers| u64::from(answers.overflow())).sum(),
        check_skipped,
        aside: exchange.aside.clone(),
        outcomes: outcomes::outcomes(&agreement.safeguards, attributes, exchange.follow_ups),
        groups: groups(&exchange.returns),
        fates,
        lost_at,
        causes: causes::count(exchange.disclosures),
        on_file: observed.on_file.clone(),
        wrong_by_group: rates::wrong_by_group(attributes, wrong),
        curve: curve::curve(&exchange.returns),
        ties: ties::ties(&exchange.returns, exchange.from_ties),
        claimed: claimed::claimed(exchange),
    }
}
