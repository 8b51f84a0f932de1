//! Causes of wrong returns.

use super::Disclosure;
use crate::agency::{ErrorKind, ErrorRef, Side};
use std::collections::{BTreeMap, BTreeSet};

/// The cause of a wrong return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// No error in either record: the terms required a comparison that was not made.
    CheckNotMade,
    /// No error: a relative at the same address.
    Relative,
    /// No error: somebody who lives where the person sought used to live.
    LaterOccupant,
    /// No error: another person of that name.
    Namesake,
    /// An error of this kind, the last of those that had to be taken away.
    Error(ErrorKind),
}

impl Cause {
    /// All causes: the structural ones in the order in which they are tried, then the errors in catalogue order.
    pub fn all() -> impl Iterator<Item = Cause> {
        [Cause::CheckNotMade, Cause::Relative, Cause::LaterOccupant, Cause::Namesake]
            .into_iter()
            .chain(ErrorKind::ALL.into_iter().map(Cause::Error))
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Cause::CheckNotMade => "check_not_made",
            Cause::Relative => "relative_at_same_address",
            Cause::LaterOccupant => "later_occupant",
            Cause::Namesake => "namesake",
            Cause::Error(kind) => kind.name(),
        }
    }
}

/// An error in one of the two records of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairError {
    /// The error; first in order, so that errors sort as in the catalogue.
    pub error: ErrorRef,
    /// The side whose record contains the error.
    pub side: Side,
}

/// Facts about two people apart from any error, in the order in which structural causes are tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Structure {
    /// A comparison that the terms require was not made.
    pub check_not_made: bool,
    /// The two are of one household.
    pub one_household: bool,
    /// The person returned lives where the person sought used to live.
    pub later_occupant: bool,
}

/// The cause of one wrong return.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The primary cause.
    pub primary: Cause,
    /// The position of the primary error in the list of errors, where the primary cause is an error.
    pub primary_error: Option<usize>,
    /// Positions of the errors whose removal alone would have ended the wrong return. Several, or none though errors
    /// are the cause, make it a joint cause.
    pub alone: Vec<usize>,
}

impl Attribution {
    /// Returns `true` if errors caused the wrong return together: the removal of no single error, or of any one of
    /// several, would have ended it.
    pub fn joint(&self) -> bool {
        self.primary_error.is_some() && self.alone.len() != 1
    }
}

/// Attributes a wrong return to its cause.
///
/// `errors` are those of both records in catalogue order; `survives` tells whether the wrong return would still happen
/// with the errors at those positions taken away and everything else frozen. If it survives without any of them the
/// cause is structural, by the first that holds. Otherwise errors are taken away one after the other, and the primary
/// cause is the first whose removal ends it.
pub fn attribute(
    errors: usize,
    structure: &Structure,
    survives: impl Fn(&[usize]) -> bool,
    kind: impl Fn(usize) -> ErrorKind,
) -> Attribution {
    let all: Vec<usize> = (0..errors).collect();
    let alone: Vec<usize> = all.iter().copied().filter(|&error| !survives(&[error])).collect();
    if survives(&all) {
        let primary = match structure {
            Structure { check_not_made: true, .. } => Cause::CheckNotMade,
            Structure { one_household: true, .. } => Cause::Relative,
            Structure { later_occupant: true, .. } => Cause::LaterOccupant,
            _ => Cause::Namesake,
        };
        return Attribution { primary, primary_error: None, alone };
    }
    // It survives with nothing removed and ends with everything removed, so one of the steps ends it.
    let last = (1..=errors).find(|&removed| !survives(&all[..removed])).unwrap_or(errors) - 1;
    Attribution { primary: Cause::Error(kind(last)), primary_error: Some(last), alone }
}

/// Counts of a cause: how often it was the primary one, and how often removing it alone would have been enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CauseCount {
    /// As the primary cause.
    pub primary: u64,
    /// As a sufficient one.
    pub sufficient: u64,
}

/// Counts how often each cause was a primary and a sufficient one.
pub(super) fn count(disclosures: &[Disclosure]) -> BTreeMap<Cause, CauseCount> {
    let mut causes: BTreeMap<Cause, CauseCount> = Cause::all().map(|cause| (cause, CauseCount::default())).collect();
    for disclosure in disclosures {
        causes.entry(disclosure.attribution.primary).or_default().primary += 1;
        let kinds: BTreeSet<ErrorKind> =
            disclosure.attribution.alone.iter().map(|&error| disclosure.errors[error].error.kind).collect();
        for kind in kinds {
            causes.entry(Cause::Error(kind)).or_default().sufficient += 1;
        }
    }
    causes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::Cell;

    #[test]
    fn the_primary_cause_is_the_first_error_whose_removal_ends_it() {
        let kind = |i: usize| ErrorKind::ALL[i];
        // Ends when both 1 and 2 are gone.
        let survives = |removed: &[usize]| !(removed.contains(&1) && removed.contains(&2));
        let joint = attribute(4, &Structure::default(), survives, kind);
        assert_eq!(joint.primary, Cause::Error(ErrorKind::ALL[2]));
        assert!(joint.alone.is_empty() && joint.joint());
        assert!(!survives(&[0, 1, 2]) && survives(&[0, 1]));
        // Ends when either is gone.
        let either = attribute(4, &Structure::default(), |r| !r.contains(&1) && !r.contains(&3), kind);
        assert_eq!((either.primary, either.alone.clone()), (Cause::Error(ErrorKind::ALL[1]), vec![1, 3]));
        assert!(either.joint());
    }

    #[test]
    fn what_survives_without_errors_is_structural_by_the_printed_order() {
        let of = |structure: Structure| attribute(2, &structure, |_| true, |i| ErrorKind::ALL[i]).primary;
        let all = Structure { check_not_made: true, one_household: true, later_occupant: true };
        assert_eq!(of(all), Cause::CheckNotMade);
        assert_eq!(of(Structure { check_not_made: false, ..all }), Cause::Relative);
        assert_eq!(of(Structure { later_occupant: true, ..Structure::default() }), Cause::LaterOccupant);
        assert_eq!(of(Structure::default()), Cause::Namesake);
    }

    #[test]
    fn errors_sort_by_the_catalogue_then_by_side() {
        let error = |kind, side| PairError { error: ErrorRef { kind, cell: Cell::ADDRESS }, side };
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
