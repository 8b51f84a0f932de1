//! How many namesakes chance makes, worked out from how common names are.
//!
//! Two people who are no kin have the same full name with the probability Σ p q over surnames times Σ p q over given
//! names, where p and q are the shares of the name among people like the one and like the other: of a group for
//! surnames; of a group, a sex and a birth year for given names. Within a class this is Σ p², so a file of N people
//! alike has N·Σp² others for each of them; a file of many classes has the sum over its pairs of classes, which is not
//! what the mean shares of the whole would give.

use super::given::DECADES;
use super::{GROUPS, Names, group_index};
use crate::population::{Group, Sex};
use std::collections::BTreeMap;

/// What a person's names depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bearer {
    /// The group that the surname comes from: a husband's for a wife who took his name.
    pub surname: Group,
    /// The person's group, from whose given names the parents chose.
    pub group: Group,
    /// The person's sex.
    pub sex: Sex,
    /// The person's year of birth.
    pub year: i32,
}

/// How many people of each kind a file holds: whole numbers, which add up.
pub type Bearers = BTreeMap<Bearer, u64>;

/// Chances of having the same name, of people of every kind. Some seconds to make, and some milliseconds to use.
pub struct Namesakes {
    /// By group and group: of the same surname.
    surnames: [[f64; 6]; 6],
    /// By sex, decade and group, and the same again: of the same given name.
    given: Vec<Vec<f64>>,
}

/// Kinds of people whose given names differ: sexes, decades and groups.
const KINDS: usize = 2 * DECADES * 6;

fn kind(sex: usize, decade: usize, group: usize) -> usize {
    (sex * DECADES + decade) * 6 + group
}

impl Namesakes {
    /// Sums the products of all shares of these names.
    pub fn new(names: &Names) -> Namesakes {
        let lists: Vec<Vec<(u32, f64)>> = (0..KINDS)
            .map(|kind| {
                let (sex, decade, group) = (kind / 6 / DECADES, kind / 6 % DECADES, kind % 6);
                names.given.shares_in_decade(Sex::ALL[sex], decade, GROUPS[group])
            })
            .collect();
        let mut given = vec![vec![0.0; KINDS]; KINDS];
        for a in 0..KINDS {
            for b in a..KINDS {
                let sum = sum_of_products(&lists[a], &lists[b]);
                given[a][b] = sum;
                given[b][a] = sum;
            }
        }
        Namesakes { surnames: names.coincidences(), given }
    }

    /// The chance that two people who are no kin have the same given name and surname.
    pub fn chance(&self, a: Bearer, b: Bearer) -> f64 {
        let surname = self.surnames[group_index(a.surname)][group_index(b.surname)];
        let mut given = 0.0;
        for (kind_of_a, share_of_a) in kinds(a) {
            for (kind_of_b, share_of_b) in kinds(b) {
                given += share_of_a * share_of_b * self.given[kind_of_a][kind_of_b];
            }
        }
        surname * given
    }

    /// How many pairs of people with the same given name and surname are expected among these people, were none of them
    /// kin.
    pub fn pairs(&self, people: &Bearers) -> f64 {
        // Everybody with everybody, then without oneself, then each pair once.
        let mut weights = vec![0.0; 6 * KINDS];
        let mut oneself = 0.0;
        for (bearer, &count) in people {
            for (kind, share) in kinds(*bearer) {
                weights[group_index(bearer.surname) * KINDS + kind] += count as f64 * share;
            }
            oneself += count as f64 * self.chance(*bearer, *bearer);
        }
        let present: Vec<(usize, f64)> = weights.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0).collect();
        let mut sum = 0.0;
        for (a, of_a) in &present {
            for (b, of_b) in &present {
                let chance = self.surnames[a / KINDS][b / KINDS] * self.given[a % KINDS][b % KINDS];
                sum += of_a * of_b * chance;
            }
        }
        (sum - oneself) / 2.0
    }

    /// How many of these pairs are expected to be born on the same day as well, where two people born in the same year
    /// are with the chance `same_date` of that year.
    pub fn pairs_born_alike(&self, people: &Bearers, same_date: impl Fn(i32) -> f64) -> f64 {
        let mut by_year: BTreeMap<i32, Bearers> = BTreeMap::new();
        for (bearer, &count) in people {
            by_year.entry(bearer.year).or_default().insert(*bearer, count);
        }
        by_year.iter().map(|(&year, people)| self.pairs(people) * same_date(year)).sum()
    }
}

/// The kinds whose given names are a person's, with the chance of each: those of the decades before and after.
fn kinds(bearer: Bearer) -> [(usize, f64); 2] {
    let (decade, later) = super::given::decade_of(bearer.year);
    let of = |decade| kind(super::given::sex_index(bearer.sex), decade, group_index(bearer.group));
    [(of(decade), 1.0 - later), (of((decade + 1).min(DECADES - 1)), later)]
}

/// Σ p q of two lists in the order of codes.
fn sum_of_products(a: &[(u32, f64)], b: &[(u32, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_alike_have_the_namesakes_of_the_sum_of_squares() {
        let names = Names::shared();
        let namesakes = Namesakes::new(names);
        let bearer = Bearer { surname: Group::White, group: Group::White, sex: Sex::Male, year: 1970 };
        let squares = names.coincidence(Group::White, Group::White)
            * names.given_coincidence(Sex::Male, 1970..=1970, Some(Group::White));
        assert!((namesakes.chance(bearer, bearer) / squares - 1.0).abs() < 1e-3);
        let pairs = namesakes.pairs(&Bearers::from([(bearer, 1_000)]));
        assert!((pairs / (1_000.0 * 999.0 / 2.0 * squares) - 1.0).abs() < 1e-3, "{pairs}");
        // One with each of the others: no pair among those, which are each alone in their kind.
        let other = Bearer { group: Group::Hispanic, surname: Group::Hispanic, year: 1999, ..bearer };
        let two = namesakes.pairs(&Bearers::from([(bearer, 1), (other, 1)]));
        assert!((two / namesakes.chance(bearer, other) - 1.0).abs() < 1e-9);
        let alike = namesakes.pairs_born_alike(&Bearers::from([(bearer, 1_000), (other, 1)]), |_| 0.01);
        assert!((alike / (pairs * 0.01) - 1.0).abs() < 1e-9);
    }
}
