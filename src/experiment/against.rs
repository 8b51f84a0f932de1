//! The same people under two agreements: who is returned under both, spared by the second, newly returned by it, or
//! returned under neither.

use super::Outcome;
use crate::record::RecordId;
use std::collections::BTreeMap;

/// People on the holder's file, by whether they are returned under the first agreement, the second, both or neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fourfold {
    /// Returned under both.
    pub both: u64,
    /// Returned under the first only.
    pub spared: u64,
    /// Returned under the second only.
    pub newly_returned: u64,
    /// Returned under neither.
    pub neither: u64,
}

impl Fourfold {
    /// All people.
    pub fn total(&self) -> u64 {
        self.both + self.spared + self.newly_returned + self.neither
    }
}

/// Two agreements beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Against {
    /// People who are sought by some request and on file.
    pub sought: Fourfold,
    /// People on file whom no request seeks.
    pub never_sought: Fourfold,
}

/// Holds one run against another of the same people: same country, same file, same people sought. `None` if they are
/// not, since then luck differs and not only terms.
pub fn against(first: &Outcome, second: &Outcome) -> Option<Against> {
    let (a, b) = (&first.evaluation, &second.evaluation);
    let same = first.sought == second.sought
        && (a.holder_records, a.requested_on_file, &a.on_file) == (b.holder_records, b.requested_on_file, &b.on_file);
    if !same {
        return None;
    }
    let (returned_a, returned_b) = (returned(first), returned(second));
    let fourfold = |sought: bool, people: u64| {
        let in_a = returned_a.iter().filter(|(_, s)| **s == sought);
        let both = in_a.clone().filter(|(record, _)| returned_b.contains_key(record)).count() as u64;
        let spared = in_a.count() as u64 - both;
        let newly_returned = returned_b.values().filter(|s| **s == sought).count() as u64 - both;
        Fourfold { both, spared, newly_returned, neither: people - both - spared - newly_returned }
    };
    Some(Against {
        sought: fourfold(true, a.requested_on_file),
        never_sought: fourfold(false, a.holder_records - a.requested_on_file),
    })
}

/// Every record returned, with whether its person is sought by some request.
fn returned(outcome: &Outcome) -> BTreeMap<RecordId, bool> {
    let right = outcome.judged.iter().flat_map(|judged| &judged.returned).filter(|(_, right)| *right);
    let wrong = outcome.disclosures.iter().map(|wrong| (wrong.answer.record, wrong.sought_elsewhere));
    right.map(|(answer, _)| (answer.record, true)).chain(wrong).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::run;
    use crate::experiment::scenario::tests::scenario;

    #[test]
    fn the_four_parts_are_everybody_on_file_and_a_run_differs_from_itself_in_nobody() {
        let size = ["population.people=25600", "requester.requests=300"];
        let first = run(&scenario(&size), &|_| {});
        let strict =
            run(&scenario(&[size[0], size[1], "routes.number.threshold=2", "routes.address.threshold=3"]), &|_| {});
        let itself = against(&first, &first).unwrap();
        assert_eq!((itself.sought.spared, itself.sought.newly_returned), (0, 0));
        let both = against(&first, &strict).unwrap();
        assert_eq!(both.sought.total(), first.evaluation.requested_on_file);
        assert_eq!(both.sought.total() + both.never_sought.total(), first.evaluation.holder_records);
        // A higher threshold returns nobody new.
        assert_eq!(both.sought.newly_returned + both.never_sought.newly_returned, 0);
        assert!(both.sought.spared > 0);
        let turned = against(&strict, &first).unwrap();
        assert_eq!(turned.sought.newly_returned, both.sought.spared);
        let other = run(&scenario(&[size[0], "requester.requests=299"]), &|_| {});
        assert_eq!(against(&first, &other), None);
    }
}
