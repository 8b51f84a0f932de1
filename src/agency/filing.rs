//! Filing units: the people who stand on one tax return.
//!
//! A *filing unit* is the people named on one return: a couple that files jointly, or somebody alone, with those who
//! depend on them. A unit shares the luck of being on file and gives one address. Spouses so are on file together or
//! not at all, unless their statuses file at different rates and one of them files alone. Whether somebody is on file
//! still has the probability that coverage says for the person's own status.
//!
//! All members of a unit live in one household, so a unit is a function of its block.

use super::{Agency, Place, Subject};
use crate::population::PersonId;
use crate::random::Decision;
use crate::stats::Rate;

/// The ways in which people file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filing {
    /// Share of married couples that file one return. At 0 spouses file apart, at 1 together.
    pub joint: f64,
    /// Share of the unmarried children aged 18 to 23 at home who stand on a parent's return. At 0 all file their own.
    pub dependant_to_23: f64,
}

/// The age from which nobody depends on others; students do until then (26 U.S.C. 152(c)(3)).
const INDEPENDENT: i32 = 24;

const JOINT: Decision = Decision::named("agency.joint_return");
const DEPENDANT: Decision = Decision::named("agency.dependant");

impl Filing {
    /// A person's place on a return.
    fn place(&self, agency: &Agency<'_>, subject: Subject<'_>) -> Place {
        let (person, side) = (subject.person, agency.side as u64);
        let own = person.id.slot() as u16;
        if let Some(spouse) = person.kin.spouse {
            // The couple's luck, whichever of the two is asked.
            let couple = PersonId(person.id.0 - u64::from(own) + u64::from(own.min(spouse)));
            let joint = agency.seed.uniform(JOINT.about(side), couple.0) < self.joint;
            return if joint { Place::Joint(spouse.into()) } else { Place::Own };
        }
        let age = person.age();
        if age >= INDEPENDENT {
            return Place::Own;
        }
        let members = &subject.household().members;
        let at_home = |slot: &u16| *slot != own && members.contains(slot);
        let parent = person.kin.mother.filter(at_home).or(person.kin.father.filter(at_home));
        if age >= 18 {
            let depends = || agency.seed.uniform(DEPENDANT.about(side), person.id.0) < self.dependant_to_23;
            return parent.filter(|_| depends()).map_or(Place::Own, |parent| Place::Dependant(parent.into()));
        }
        // A child who lives with neither parent depends on the householder.
        let householder = || members.first().copied().filter(|slot| at_home(slot) && subject.age_of(*slot) >= 18);
        parent.or_else(householder).map_or(Place::Own, |parent| Place::Dependant(parent.into()))
    }
}

impl Subject<'_> {
    fn age_of(&self, slot: u16) -> i32 {
        self.block.people[usize::from(slot)].age()
    }
}

impl Agency<'_> {
    /// A person's place on a return; on their own in a file of single people.
    pub(super) fn place(&self, subject: Subject<'_>) -> Place {
        self.config.filing.map_or(Place::Own, |filing| filing.place(self, subject))
    }

    /// The person whose luck of being on file is that of everybody on the return.
    pub(super) fn unit(&self, subject: Subject<'_>) -> PersonId {
        match self.place(subject) {
            Place::Own => subject.person.id,
            Place::Joint(spouse) => subject.person.id.min(subject.block.people[spouse].id),
            Place::Dependant(parent) => self.unit(Subject::of(subject.block, parent)),
        }
    }

    /// The slot of the person whose address the record has: of a couple that files jointly the first, of those who
    /// depend on others whoever files for them. Where that return is not filed, people file for themselves.
    pub(super) fn filer(&self, subject: Subject<'_>) -> usize {
        let own = subject.person.id.slot();
        let files = |slot| self.is_covered(Subject::of(subject.block, slot));
        match self.place(subject) {
            Place::Joint(spouse) if files(spouse) => own.min(spouse),
            Place::Dependant(parent) if files(parent) => self.filer(Subject::of(subject.block, parent)),
            _ => own,
        }
    }
}

/// Counts about the returns of a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct FilingCounts {
    /// Of married couples with both on file, those on one return.
    pub joint: Rate,
    /// Of married couples, those with one on file and the other not.
    pub split: Rate,
    /// Of people on file, those under a taxpayer number.
    pub taxpayer_number: Rate,
}

impl FilingCounts {
    /// Counts the people of the first so many blocks; `None` of a file without returns.
    pub fn of(agency: &Agency<'_>, blocks: u64) -> Option<FilingCounts> {
        agency.config.filing?;
        let mut counts = FilingCounts::default();
        for index in 0..blocks.min(agency.country.blocks()) {
            let block = agency.country.block(index);
            let on_file = |slot| agency.covers(Subject::of(&block, slot));
            for (slot, person) in block.people.iter().enumerate() {
                if on_file(slot) {
                    counts.taxpayer_number.count(!agency.country.has_number(person));
                }
                let Some(spouse) = person.kin.spouse.map(usize::from).filter(|&spouse| slot < spouse) else { continue };
                let (one, other) = (on_file(slot), on_file(spouse));
                counts.split.count(one != other);
                if one && other {
                    counts.joint.count(agency.filer(Subject::of(&block, spouse)) == slot);
                }
            }
        }
        Some(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::agency;
    use super::super::{AgencyConfig, Side};
    use super::*;
    use crate::population::{Population, Status};
    use crate::random::Seed;

    fn country() -> Population {
        Population::new(crate::population::tests::config(256 * 120), Seed(1))
    }

    fn returns(joint: f64, coverage: [f64; 6]) -> AgencyConfig {
        AgencyConfig { coverage, filing: Some(Filing { joint, dependant_to_23: 0.5 }), ..agency(0.0) }
    }

    #[test]
    fn couples_that_file_jointly_are_on_file_together_and_everybody_as_often_as_coverage_says() {
        let country = country();
        for (joint, most_split, least_split) in [(0.0, 0.40, 0.30), (0.95, 0.04, 0.01), (1.0, 0.0, 0.0)] {
            let config = returns(joint, [0.75; 6]);
            let counts = FilingCounts::of(&Agency::new(&country, &config, Side::Holder, Seed(1)), 120).unwrap();
            let (split, together) = (counts.split.value().unwrap(), counts.joint.value().unwrap());
            assert!((least_split..=most_split).contains(&split), "{joint}: {split}");
            assert!((together - joint).abs() < 0.02, "{joint}: {together}");
            let agency = Agency::new(&country, &config, Side::Holder, Seed(1));
            let mut adults = Rate::default();
            for block in (0..120).map(|index| country.block(index)) {
                for slot in (0..block.people.len()).filter(|&slot| block.people[slot].age() >= 18) {
                    adults.count(agency.covers(Subject::of(&block, slot)));
                }
            }
            assert!((adults.value().unwrap() - 0.75).abs() < 0.015, "{adults:?}");
        }
        let alone = agency(0.0);
        assert!(FilingCounts::of(&Agency::new(&country, &alone, Side::Holder, Seed(1)), 120).is_none());
    }

    #[test]
    fn raising_coverage_or_joint_filing_takes_nobody_off_the_file_whom_their_own_luck_put_there() {
        let country = country();
        let (low, high) = (returns(0.9, [0.5, 0.5, 0.5, 0.4, 0.4, 0.3]), returns(0.9, [0.8, 0.7, 0.5, 0.5, 0.6, 0.3]));
        let low = Agency::new(&country, &low, Side::Holder, Seed(2));
        let high = Agency::new(&country, &high, Side::Holder, Seed(2));
        let (few, many) = (returns(0.3, [0.5; 6]), returns(0.8, [0.5; 6]));
        let few = Agency::new(&country, &few, Side::Holder, Seed(2));
        let many = Agency::new(&country, &many, Side::Holder, Seed(2));
        for block in (0..120).map(|index| country.block(index)) {
            for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
                assert!(!low.covers(subject) || high.covers(subject));
                let joint = |agency: &Agency<'_>| matches!(agency.place(subject), Place::Joint(_));
                assert!(!joint(&few) || joint(&many));
            }
        }
    }

    #[test]
    fn children_are_on_file_only_with_a_return_of_whoever_they_live_with() {
        let country = country();
        let config = returns(0.95, [0.6, 0.6, 0.6, 0.6, 0.6, 0.1]);
        let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
        let mut children = 0;
        for block in (0..120).map(|index| country.block(index)) {
            for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
                let filer = Subject::of(&block, agency.filer(subject));
                assert_eq!(filer.person.household, subject.person.household);
                if agency.covers(subject) {
                    assert!(agency.covers(filer));
                    assert_eq!(agency.unit(filer), agency.unit(subject));
                }
                // Householders and spouses of 17, who turn 18 this year, are on nobody's return.
                let own = subject.person.id.slot() as u16;
                let leads = subject.household().members[0] == own || subject.person.kin.spouse.is_some();
                if subject.person.age() < 18 && !leads && agency.covers(subject) {
                    children += 1;
                    let alone = filer.person.id == subject.person.id;
                    // Exactly those are on nobody's return who live with no parent and with a householder under age.
                    let members = &subject.household().members;
                    let kin = subject.person.kin;
                    let with_parent =
                        [kin.mother, kin.father].into_iter().flatten().any(|slot| members.contains(&slot));
                    let householder = subject.age_of(members[0]);
                    assert_eq!(alone, !with_parent && householder < 18, "{:?} {householder}", subject.person);
                }
            }
        }
        assert!(children > 1_000, "{children}");
    }

    #[test]
    fn who_has_no_identity_number_files_under_a_taxpayer_number_and_lists_have_none() {
        let mut config = crate::population::tests::config(256 * 60);
        config.without_number[Status::NoneRecorded as usize] = 0.5;
        let country = Population::new(config, Seed(1));
        let (of_returns, of_people) = (returns(0.9, [1.0; 6]), agency(0.0));
        let file = Agency::new(&country, &of_returns, Side::Holder, Seed(1));
        let list = Agency::new(&country, &of_people, Side::Requester, Seed(1));
        let mut without = 0;
        for block in (0..60).map(|index| country.block(index)) {
            for person in &block.people {
                let (on_return, on_list) = (file.number_of(person), list.number_of(person));
                if country.has_number(person) {
                    assert_eq!((&on_return, &on_list), (&country.number(person.id), &country.number(person.id)));
                } else {
                    assert_eq!(person.status, Status::NoneRecorded);
                    assert!(on_return.starts_with("QT") && on_list.is_empty());
                    without += 1;
                }
            }
        }
        assert!(without > 20, "{without}");
    }
}
