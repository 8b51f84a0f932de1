//! Causes of wrong returns, as counterfactuals: what would have ended a return, had it been otherwise.

use super::Disclosure;
use crate::agency::{ErrorKind, ErrorRef, Side};
use crate::stats::shapley;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The cause of a wrong return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A comparison that the terms require was not made.
    CheckNotMade,
    /// The whole name was not asked for; a relative at the same address.
    RelativeOfSimilarName,
    /// The whole name was not asked for; anybody else.
    NameComparedLoosely,
    /// Neither errors nor the rule: a relative of the same name at the same address.
    RelativeOfSameName,
    /// Neither errors nor the rule: somebody of the same name who lives where the person sought used to live.
    LaterOccupant,
    /// Neither errors nor the rule: another person of that name.
    Namesake,
    /// An error of this kind.
    Error(ErrorKind),
}

impl Cause {
    /// All causes: the rules, who the two people are to each other, then the errors in catalogue order.
    pub fn all() -> impl Iterator<Item = Cause> {
        [
            Cause::CheckNotMade,
            Cause::RelativeOfSimilarName,
            Cause::NameComparedLoosely,
            Cause::RelativeOfSameName,
            Cause::LaterOccupant,
            Cause::Namesake,
        ]
        .into_iter()
        .chain(ErrorKind::ALL.into_iter().map(Cause::Error))
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Cause::CheckNotMade => "check_not_made",
            Cause::RelativeOfSimilarName => "relative_of_similar_name",
            Cause::NameComparedLoosely => "name_compared_loosely",
            Cause::RelativeOfSameName => "relative_of_same_name",
            Cause::LaterOccupant => "later_occupant",
            Cause::Namesake => "namesake",
            Cause::Error(kind) => kind.name(),
        }
    }
}

/// An error that stands between one of two records and its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairError {
    /// The error; first in order, so that errors sort as in the catalogue.
    pub error: ErrorRef,
    /// The side whose record contains the error.
    pub side: Side,
    /// `true` if it changes nothing as long as the other errors are there.
    pub latent: bool,
}

named! {
    /// A comparison beyond those of the route.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Rule {
        /// The comparisons that the terms require and the route leaves out are made.
        MissingCheck = "make_the_missing_check",
        /// The whole name has to agree, as far as both files hold it.
        WholeName = "ask_for_the_whole_name",
    }
}

/// One thing that might have been otherwise: an error not made, or a rule that asks for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counterfactual {
    /// The error is undone.
    Undo(PairError),
    /// The rule holds.
    Require(Rule),
}

impl Counterfactual {
    /// The error, if it is one that is undone.
    pub fn error(&self) -> Option<&PairError> {
        match self {
            Counterfactual::Undo(error) => Some(error),
            Counterfactual::Require(_) => None,
        }
    }

    /// The words used in files: `requester:typing:surname`, `terms:ask_for_the_whole_name`.
    pub fn name(&self) -> String {
        match self {
            Counterfactual::Undo(PairError { error, side, .. }) => {
                format!("{}:{}:{}", side.name(), error.kind.name(), error.cell.name())
            }
            Counterfactual::Require(rule) => format!("terms:{}", rule.name()),
        }
    }
}

/// The relation of two people, apart from any error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The two are of one household.
    pub one_household: bool,
    /// The person returned lives where the person sought used to live.
    pub later_occupant: bool,
}

impl Relation {
    /// The cause of a return that nothing ends.
    fn cause(self) -> Cause {
        match self {
            Relation { one_household: true, .. } => Cause::RelativeOfSameName,
            Relation { later_occupant: true, .. } => Cause::LaterOccupant,
            _ => Cause::Namesake,
        }
    }

    /// The cause of a return that a counterfactual ends.
    fn ended_by(self, counterfactual: &Counterfactual) -> Cause {
        match counterfactual {
            Counterfactual::Undo(error) => Cause::Error(error.error.kind),
            Counterfactual::Require(Rule::MissingCheck) => Cause::CheckNotMade,
            Counterfactual::Require(Rule::WholeName) if self.one_household => Cause::RelativeOfSimilarName,
            Counterfactual::Require(Rule::WholeName) => Cause::NameComparedLoosely,
        }
    }
}

/// The causes of one wrong return.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The counterfactuals: the errors of both records in catalogue order, then the rules.
    pub counterfactuals: Vec<Counterfactual>,
    /// The relation of the two people.
    pub relation: Relation,
    /// The position of the first counterfactual that ends the return together with all before it; `None` where errors
    /// and rules do not end it.
    pub first: Option<usize>,
    /// Positions of the counterfactuals each of which alone would have ended it.
    pub alone: Vec<usize>,
    /// The share of each counterfactual: its Shapley value in the game that is won when the return ends.
    pub shares: Vec<f64>,
}

impl Attribution {
    /// The errors among the counterfactuals.
    pub fn errors(&self) -> impl Iterator<Item = &PairError> + Clone {
        self.counterfactuals.iter().filter_map(Counterfactual::error)
    }

    /// The primary cause.
    pub fn primary(&self) -> Cause {
        self.first.map_or(self.relation.cause(), |first| self.cause(first))
    }

    /// The cause that a counterfactual names.
    fn cause(&self, at: usize) -> Cause {
        self.relation.ended_by(&self.counterfactuals[at])
    }

    /// The share of each cause. They sum to 1: what no counterfactual accounts for is laid to who the two people are.
    pub fn by_cause(&self) -> impl Iterator<Item = (Cause, f64)> {
        let rest = 1.0 - self.shares.iter().sum::<f64>();
        let shares = self.shares.iter().enumerate().map(|(at, share)| (self.cause(at), *share));
        shares.chain([(self.relation.cause(), rest)])
    }

    /// Returns `true` if errors caused the wrong return together: an error is the primary cause, and undoing no single
    /// one, or any of several, would have ended it.
    pub fn joint(&self) -> bool {
        let errors = self.errors().count();
        self.first.is_some_and(|first| first < errors) && self.alone.iter().filter(|&&at| at < errors).count() != 1
    }
}

/// Attributes a wrong return to its causes.
///
/// `survives` tells whether the return would still happen with the counterfactuals at those positions, everything else
/// frozen. If it ends without any error, errors are undone one after the other and the first whose undoing ends it is the
/// primary cause; if not, rules are added to the undone errors in the same way.
pub fn attribute(
    counterfactuals: Vec<Counterfactual>,
    relation: Relation,
    mut survives: impl FnMut(&[usize]) -> bool,
) -> Attribution {
    let all: Vec<usize> = (0..counterfactuals.len()).collect();
    let errors = counterfactuals.iter().filter_map(Counterfactual::error).count();
    let among = if survives(&all[..errors]) { errors..all.len() } else { 0..errors };
    let first = among.into_iter().find(|&at| !survives(&all[..=at]));
    let alone = all.iter().copied().filter(|&at| !survives(&[at])).collect();
    let shares = shares(errors, all.len(), survives);
    Attribution { counterfactuals, relation, first, alone, shares }
}

/// The most errors that are players of their own; the last of more are undone together and share equally.
const MOST_ERRORS: usize = 12;

/// The Shapley value of each of `all` counterfactuals, the first `errors` of them errors.
fn shares(errors: usize, all: usize, mut survives: impl FnMut(&[usize]) -> bool) -> Vec<f64> {
    let apart = errors.min(MOST_ERRORS);
    let player = |at: usize| if at < errors { at.min(MOST_ERRORS - 1) } else { at - errors + apart };
    let coalitions: Vec<f64> = (0..1_usize << (apart + all - errors))
        .map(|coalition| {
            let undone: Vec<usize> = (0..all).filter(|&at| coalition >> player(at) & 1 == 1).collect();
            f64::from(u8::from(!survives(&undone)))
        })
        .collect();
    let values = shapley(&coalitions);
    let together = |at: usize| (0..all).filter(|&other| player(other) == player(at)).count() as f64;
    (0..all).map(|at| values[player(at)] / together(at)).collect()
}

/// Counts of a cause, and its share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CauseCount {
    /// Returns in error of which it is the main cause.
    pub primary: u64,
    /// Returns in error that an error not made, or a rule added, alone would have ended.
    pub sufficient: u64,
    /// The sum of its shares (Shapley values) of the returns in error; over all causes it is the number of them.
    pub share: f64,
}

/// Counts how often each cause was a primary and a sufficient one, and sums its shares.
pub(super) fn count(disclosures: &[Disclosure]) -> BTreeMap<Cause, CauseCount> {
    let mut causes: BTreeMap<Cause, CauseCount> = Cause::all().map(|cause| (cause, CauseCount::default())).collect();
    for Disclosure { attribution, .. } in disclosures {
        causes.entry(attribution.primary()).or_default().primary += 1;
        let sufficient: BTreeSet<Cause> = attribution.alone.iter().map(|&at| attribution.cause(at)).collect();
        for cause in sufficient {
            causes.entry(cause).or_default().sufficient += 1;
        }
        for (cause, share) in attribution.by_cause() {
            causes.entry(cause).or_default().share += share;
        }
    }
    causes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::Cell;

    /// So many errors, each of another kind, and the rules.
    fn things(errors: usize) -> Vec<Counterfactual> {
        let error = |kind: ErrorKind| ErrorRef { kind, cell: kind.cells()[0] };
        let errors = ErrorKind::ALL
            .into_iter()
            .take(errors)
            .map(|kind| Counterfactual::Undo(PairError { error: error(kind), side: Side::Requester, latent: false }));
        errors.chain(Rule::ALL.map(Counterfactual::Require)).collect()
    }

    fn near(found: &[f64], wanted: &[f64]) -> bool {
        found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn the_primary_cause_is_the_first_error_whose_removal_ends_it() {
        let kind = |at: usize| Cause::Error(ErrorKind::ALL[at]);
        // Ends when both 1 and 2 are gone: each has half of it.
        let survives = |removed: &[usize]| !(removed.contains(&1) && removed.contains(&2));
        let both = attribute(things(4), Relation::default(), survives);
        assert_eq!((both.primary(), both.first), (kind(2), Some(2)));
        assert!(both.alone.is_empty() && both.joint());
        assert!(near(&both.shares, &[0.0, 0.5, 0.5, 0.0, 0.0, 0.0]), "{:?}", both.shares);
        // Ends when either is gone, or the whole name is asked for: a third each.
        let either = attribute(things(4), Relation::default(), |r| ![1, 3, 5].iter().any(|at| r.contains(at)));
        assert_eq!((either.primary(), either.alone.clone()), (kind(1), vec![1, 3, 5]));
        assert!(either.joint());
        let third = 1.0 / 3.0;
        assert!(near(&either.shares, &[0.0, third, 0.0, third, 0.0, third]), "{:?}", either.shares);
    }

    #[test]
    fn what_survives_without_errors_is_laid_to_the_first_rule_that_ends_it_and_then_to_who_the_two_are() {
        let of = |relation, ends: &'static [usize]| {
            let found = attribute(things(2), relation, |r| !ends.iter().any(|at| r.contains(at)));
            // In tenths, for thirds and halves are not exact.
            let tenths = found.by_cause().map(|(cause, share)| (cause, libm::round(share * 10.0) as i64));
            let by_cause: BTreeMap<Cause, i64> = tenths.filter(|(_, share)| *share != 0).collect();
            (found.primary(), by_cause)
        };
        let (stranger, relative) = (Relation::default(), Relation { one_household: true, later_occupant: true });
        let later = Relation { later_occupant: true, ..stranger };
        assert_eq!(of(relative, &[]), (Cause::RelativeOfSameName, BTreeMap::from([(Cause::RelativeOfSameName, 10)])));
        assert_eq!(of(later, &[]).0, Cause::LaterOccupant);
        assert_eq!(of(stranger, &[]).0, Cause::Namesake);
        assert_eq!(of(relative, &[3]).0, Cause::RelativeOfSimilarName);
        assert_eq!(of(later, &[3]).0, Cause::NameComparedLoosely);
        let halves = BTreeMap::from([(Cause::CheckNotMade, 5), (Cause::NameComparedLoosely, 5)]);
        assert_eq!(of(stranger, &[2, 3]), (Cause::CheckNotMade, halves));
    }

    #[test]
    fn undoing_one_error_may_end_what_undoing_all_does_not_and_then_no_error_is_the_cause() {
        let found = attribute(things(2), Relation::default(), |removed| removed != [0]);
        assert_eq!((found.primary(), found.alone.clone()), (Cause::Namesake, vec![0]));
        let sum: f64 = found.by_cause().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }

    #[test]
    fn of_very_many_errors_the_last_share_equally() {
        let found = attribute(things(20), Relation::default(), |removed| !removed.contains(&19));
        assert_eq!(found.primary(), Cause::Error(ErrorKind::ALL[19]));
        assert!(found.shares[..11].iter().all(|share| *share == 0.0));
        assert!(found.shares[11..20].iter().all(|share| (share - 1.0 / 9.0).abs() < 1e-12), "{:?}", found.shares);
    }

    #[test]
    fn errors_sort_by_the_catalogue_then_by_side() {
        let error = |kind, side| PairError { error: ErrorRef { kind, cell: Cell::ADDRESS }, side, latent: false };
        let mut errors = [
            error(ErrorKind::MISSING, Side::Requester),
            error(ErrorKind::OLD_ADDRESS, Side::Holder),
            error(ErrorKind::OLD_ADDRESS, Side::Requester),
        ];
        errors.sort();
        assert_eq!(errors.map(|e| e.side), [Side::Requester, Side::Holder, Side::Requester]);
        assert_eq!(errors[2].error.kind, ErrorKind::MISSING);
    }
}
