//! Contrasts between the rates of a group and those of a reference group. The reference group is the same for every
//! seed. If the largest group were the reference, luck would decide which of several fifths or tenths that is.

use super::{Attribute, FEW_HITS, Groups, RateId, Rates, TOO_FEW};
use crate::stats::{Contrast, difference, ratio};

/// One rate of a group beside the same rate of the reference group.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The rate.
    pub rate: RateId,
    /// The group's rate over the reference's; `None` where the reference's is 0 or either has no trials.
    pub ratio: Option<Contrast>,
    /// The group's rate minus the reference's; `None` where either has no trials.
    pub difference: Option<Contrast>,
    /// `true` if either group has too few trials to tell: fewer than [`TOO_FEW`].
    pub too_few: bool,
    /// `true` if either group has too few hits to compare: fewer than [`FEW_HITS`].
    pub few_hits: bool,
}

/// The rates of a group beside those of another, rate by rate, where both have them. One of the two is the reference,
/// or of two attributes the references of both: rates know how they go together with that one's.
pub fn compared(group: &Rates, reference: &Rates) -> Vec<Compared> {
    // Shares of one whole move against each other; the formulas are for groups apart.
    let apart = group.iter().filter(|(id, _)| **id != RateId::ShareOfWrong);
    let pairs = apart.filter_map(|(&rate, own)| {
        let other = reference.get(&rate)?;
        let shares = own.share().zip(other.share());
        let correlation = own.with_reference.or(other.with_reference).unwrap_or(0.0);
        Some(Compared {
            rate,
            ratio: shares.and_then(|(own, other)| ratio(own, other, correlation)),
            difference: shares.map(|(own, other)| difference(own, other, correlation)),
            too_few: own.rate.trials.min(other.rate.trials) < TOO_FEW,
            few_hits: own.rate.hits.min(other.rate.hits) < FEW_HITS,
        })
    });
    pairs.collect()
}

impl Groups {
    /// The rates of one value of an attribute.
    pub fn of(&self, attribute: &str, value: &str) -> Option<&Rates> {
        let (Attribute { values, .. }, rates) = self.by_group.iter().find(|(known, _)| known.name == attribute)?;
        Some(&rates[values.iter().position(|known| *known == value)?])
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Measured, Method, reference};
    use super::*;
    use crate::stats::{Rate, independent};

    #[test]
    fn the_reference_is_the_same_in_every_country_and_groups_without_trials_are_not_compared() {
        let age = Attribute { name: "age", values: vec!["young", "middle", "old"], reference: 1 };
        assert_eq!([reference(&age, &[9, 3, 4]), reference(&age, &[9, 0, 9]), reference(&age, &[0, 0, 1])], [1, 0, 2]);
        let rates = |hits, trials| {
            let (rate, methods) = (Rate::new(hits, trials), [Method::Clustered, Method::ClusteredExact]);
            Rates::from([(RateId::Missed, Measured::with(rate, "requests", independent(rate), methods))])
        };
        let told = compared(&rates(20, 100), &rates(10, 100)).remove(0);
        assert!((told.ratio.unwrap().value - 2.0).abs() < 1e-12 && !told.too_few && !told.few_hits);
        let few = compared(&rates(3, 1_000), &rates(23, 1_000)).remove(0);
        assert!(!few.too_few && few.few_hits, "three hits are few, whatever they are of");
        assert!((told.difference.unwrap().value - 0.1).abs() < 1e-12);
        let none = compared(&rates(0, 0), &rates(10, 100)).remove(0);
        assert_eq!((none.ratio, none.difference, none.too_few), (None, None, true));
        assert_eq!(compared(&rates(5, 20), &rates(0, 100)).remove(0).ratio, None);
    }
}
