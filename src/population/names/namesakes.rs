//! Expected namesakes by chance, worked out from how common names are.
//!
//! Two people who are no kin have the same full name with the probability Σ p q over surnames times Σ p q over given
//! names, where p and q are the shares of the name among people like the one and like the other: of a tradition for
//! surnames; of a tradition, a place of birth, a sex and a birth year for given names. Within a class this is Σ p², so a file of N people
//! alike has N·Σp² others for each of them; a file of many classes has the sum over its pairs of classes, which is not
//! what the mean shares of the whole would give.

use super::given::{CLASSES, DECADES, LISTS, decade_of, list_of, sex_index};
use super::tradition::{self, kind};
use super::{Names, Origin, Tradition};
use crate::population::{Group, Sex};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The properties that a person's names depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The group and tradition that the surname comes from: a husband's for a wife who took his name.
    pub surname: (Group, Tradition),
    /// The origin of the person's given names.
    pub origin: Origin,
    /// The person's sex.
    pub sex: Sex,
    /// The person's year of birth.
    pub year: i32,
}

/// Birth years that are told apart; earlier and later ones count as the first and the last.
const YEARS: std::ops::RangeInclusive<i32> = 1890..=2030;
const YEAR_COUNT: usize = (*YEARS.end() - *YEARS.start() + 1) as usize;
/// Traditions of all groups.
const KINDS: usize = 18;
/// Traditions of the surname, traditions of the person, places of birth and sexes: what is counted of each birth year.
const CELLS: usize = KINDS * KINDS * 2 * 2;

/// The number of people of each kind in a file: whole numbers, which add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u32, u64)>", into = "Vec<(u32, u64)>")]
pub struct Bearers {
    /// By year, tradition of the surname, tradition, place of birth and sex; empty while nobody was counted.
    counts: Vec<u64>,
}

impl From<Vec<(u32, u64)>> for Bearers {
    fn from(counted: Vec<(u32, u64)>) -> Bearers {
        let mut counts = vec![0; if counted.is_empty() { 0 } else { YEAR_COUNT * CELLS }];
        for (cell, people) in counted {
            if let Some(count) = counts.get_mut(cell as usize) {
                *count += people;
            }
        }
        Bearers { counts }
    }
}

impl From<Bearers> for Vec<(u32, u64)> {
    fn from(bearers: Bearers) -> Vec<(u32, u64)> {
        (0..).zip(bearers.counts).filter(|(_, count)| *count > 0).collect()
    }
}

impl Bearers {
    /// Counts people of one kind.
    pub fn add(&mut self, bearer: Bearer, people: u64) {
        if self.counts.is_empty() {
            self.counts = vec![0; YEAR_COUNT * CELLS];
        }
        let year = (bearer.year.clamp(*YEARS.start(), *YEARS.end()) - YEARS.start()) as usize;
        let Bearer { surname: (group, tradition), origin, sex, .. } = bearer;
        let names = kind(group, tradition) * KINDS + kind(origin.group, origin.tradition);
        let cell = (names * 2 + usize::from(origin.abroad)) * 2 + sex_index(sex);
        self.counts[year * CELLS + cell] += people;
    }

    /// Adds the people of another file.
    pub fn merge(&mut self, other: &Bearers) {
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
            return;
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// The people of every birth year, by kind.
    fn years(&self) -> impl Iterator<Item = (i32, Vec<(Bearer, u64)>)> {
        let kinds: Vec<(Group, Tradition)> = tradition::kinds().collect();
        YEARS.zip(self.counts.chunks(CELLS)).map(move |(year, counts)| {
            let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
            let bearer = |cell: usize| {
                let (group, tradition) = kinds[cell / 4 % KINDS];
                let origin = Origin { group, tradition, abroad: cell / 2 % 2 == 1 };
                Bearer { surname: kinds[cell / 4 / KINDS], origin, sex: Sex::ALL[cell % 2], year }
            };
            (year, counted.map(|(cell, &count)| (bearer(cell), count)).collect())
        })
    }

    fn kinds(&self) -> Vec<(Bearer, u64)> {
        self.years().flat_map(|(_, kinds)| kinds).collect()
    }
}

impl<const N: usize> From<[(Bearer, u64); N]> for Bearers {
    fn from(people: [(Bearer, u64); N]) -> Bearers {
        let mut bearers = Bearers::default();
        people.into_iter().for_each(|(bearer, count)| bearers.add(bearer, count));
        bearers
    }
}

/// Chances of having the same name, of people of every kind.
pub struct Namesakes {
    /// By tradition and tradition: of the same surname.
    surnames: Vec<Vec<f64>>,
    /// By kind of given names ([`given_kind`]) and the same again: of the same given name.
    given: Vec<Vec<f64>>,
}

/// Kinds of people whose given names differ: traditions, places of birth, sexes and decades.
const GIVEN_KINDS: usize = KINDS * 2 * 2 * DECADES;

/// The kind of somebody's given names in a decade. People whose names from abroad have no list of their own are of the
/// kind of those born here, and a list without decades is of the first.
fn given_kind(origin: Origin, sex: Sex, decade: usize) -> usize {
    let here = list_of(Origin { abroad: false, ..origin }, sex, 0);
    let abroad = list_of(origin, sex, 0) != here;
    let decade = if abroad { 0 } else { decade.min(DECADES - 1) };
    ((kind(origin.group, origin.tradition) * 2 + usize::from(abroad)) * 2 + sex_index(sex)) * DECADES + decade
}

impl Namesakes {
    /// Those of the shared tables, worked out when they are first wanted.
    pub fn shared() -> &'static Namesakes {
        static NAMESAKES: OnceLock<Namesakes> = OnceLock::new();
        NAMESAKES.get_or_init(|| Namesakes::new(Names::shared()))
    }

    /// Sums the products of all shares of these names; some tens of milliseconds.
    pub fn new(names: &Names) -> Namesakes {
        let mut shares: Vec<(u32, usize, usize, f64)> = Vec::new();
        for list in 0..LISTS {
            shares.extend(names.given.listed(list).map(|(code, class, share)| (code, list, class, share)));
        }
        shares.sort_unstable_by_key(|(code, list, ..)| (*code, *list));
        // Name by name, all pairs of lists that have it; classes of Hispanic and Asian lists are apart.
        let mut products: Vec<Vec<(usize, usize, f64)>> = vec![Vec::new(); LISTS * LISTS];
        for name in shares.chunk_by(|a, b| a.0 == b.0) {
            for (_, a, class_a, of_a) in name {
                for (_, b, class_b, of_b) in name {
                    let sums = &mut products[a * LISTS + b];
                    match sums.iter_mut().find(|sum| (sum.0, sum.1) == (*class_a, *class_b)) {
                        Some(sum) => sum.2 += of_a * of_b,
                        None => sums.push((*class_a, *class_b, of_a * of_b)),
                    }
                }
            }
        }
        // Kind, list, weights of its classes, share of rare names and their pool.
        let mut kinds: Vec<(usize, usize, [f64; CLASSES], f64, usize)> = Vec::new();
        for origin in Origin::all() {
            for sex in Sex::ALL {
                for decade in 0..DECADES {
                    let (kind, list) = (given_kind(origin, sex, decade), list_of(origin, sex, decade));
                    if kinds.iter().all(|known| known.0 != kind) {
                        let (weights, rare, pool) = names.given.weights(list, origin, sex);
                        kinds.push((kind, list, weights, rare, pool));
                    }
                }
            }
        }
        let pools = kinds.iter().map(|kind| kind.4).max().unwrap_or(0);
        let of_pools: Vec<f64> = (0..=pools).map(|pool| names.given.rare_coincidence(pool)).collect();
        let mut given = vec![vec![0.0; GIVEN_KINDS]; GIVEN_KINDS];
        for (a, list_a, weights_a, rare_a, pool_a) in &kinds {
            for (b, list_b, weights_b, rare_b, pool_b) in &kinds {
                let listed = &products[list_a * LISTS + list_b];
                let sum: f64 = listed.iter().map(|(x, y, product)| weights_a[*x] * weights_b[*y] * product).sum();
                let rare = if pool_a == pool_b { rare_a * rare_b * of_pools[*pool_a] } else { 0.0 };
                given[*a][*b] = sum + rare;
            }
        }
        Namesakes { surnames: names.coincidences_of_traditions(), given }
    }

    /// The chance that two people who are no kin have the same given name and surname.
    pub fn chance(&self, a: Bearer, b: Bearer) -> f64 {
        let surname = self.surnames[kind(a.surname.0, a.surname.1)][kind(b.surname.0, b.surname.1)];
        let mut given = 0.0;
        for (kind_of_a, share_of_a) in kinds(a) {
            for (kind_of_b, share_of_b) in kinds(b) {
                given += share_of_a * share_of_b * self.given[kind_of_a][kind_of_b];
            }
        }
        surname * given
    }

    /// The expected number of pairs of people with the same given name and surname among these people, were none of
    /// them kin.
    pub fn pairs(&self, people: &Bearers) -> f64 {
        self.among(&people.kinds())
    }

    /// The expected number of these pairs born on the same day as well, where two people born in the same year are with
    /// the chance `same_date` of that year.
    pub fn pairs_born_alike(&self, people: &Bearers, same_date: impl Fn(i32) -> f64) -> f64 {
        people.years().map(|(year, people)| self.among(&people) * same_date(year)).sum()
    }

    /// The expected number of pairs of one of these and one of those people with the same given name and surname.
    pub fn between(&self, these: &Bearers, those: &Bearers) -> f64 {
        self.products(&weights(&these.kinds()), &weights(&those.kinds()))
    }

    /// The expected number of these pairs born in the same year as well, each year weighted by `times`. With the chance
    /// of the same date as `times`, the result is the number born on the same day.
    pub fn between_born_alike(&self, these: &Bearers, those: &Bearers, times: impl Fn(i32) -> f64) -> f64 {
        let years = these.years().zip(those.years());
        years.map(|((year, a), (_, b))| self.products(&weights(&a), &weights(&b)) * times(year)).sum()
    }

    fn among(&self, people: &[(Bearer, u64)]) -> f64 {
        // Everybody with everybody, then without oneself, then each pair once.
        let weights = weights(people);
        let oneself: f64 = people.iter().map(|(bearer, count)| *count as f64 * self.chance(*bearer, *bearer)).sum();
        (self.products(&weights, &weights) - oneself) / 2.0
    }

    fn products(&self, a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
        let mut sum = 0.0;
        for (a, of_a) in a {
            for (b, of_b) in b {
                let chance =
                    self.surnames[a / GIVEN_KINDS][b / GIVEN_KINDS] * self.given[a % GIVEN_KINDS][b % GIVEN_KINDS];
                sum += of_a * of_b * chance;
            }
        }
        sum
    }
}

/// The number of people who draw their names from each tradition's surnames and each kind's given names.
fn weights(people: &[(Bearer, u64)]) -> Vec<(usize, f64)> {
    let mut weights = vec![0.0; KINDS * GIVEN_KINDS];
    for (bearer, count) in people {
        for (of_given, share) in kinds(*bearer) {
            weights[kind(bearer.surname.0, bearer.surname.1) * GIVEN_KINDS + of_given] += *count as f64 * share;
        }
    }
    weights.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0).collect()
}

/// The kinds whose given names are a person's, with the chance of each: those of the decades before and after.
fn kinds(bearer: Bearer) -> [(usize, f64); 2] {
    let (decade, later) = decade_of(bearer.year);
    let of = |decade| given_kind(bearer.origin, bearer.sex, decade);
    [(of(decade), 1.0 - later), (of(decade + 1), later)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_alike_have_the_namesakes_of_the_sum_of_squares() {
        let names = Names::shared();
        let namesakes = Namesakes::new(names);
        // A group of one tradition.
        let group = Group::TwoOrMore;
        let surname = (group, Tradition::General);
        let bearer = Bearer { surname, origin: Origin::born_here(group), sex: Sex::Male, year: 1970 };
        let squares = names.coincidence(group, group) * names.given_coincidence(Sex::Male, 1970..=1970, Some(group));
        assert!((namesakes.chance(bearer, bearer) / squares - 1.0).abs() < 1e-3);
        let pairs = namesakes.pairs(&Bearers::from([(bearer, 1_000)]));
        assert!((pairs / (1_000.0 * 999.0 / 2.0 * squares) - 1.0).abs() < 1e-3, "{pairs}");
        // One with each of the others: no pair among those, which are each alone in their kind.
        let mexican = Origin::born_here(Group::Hispanic);
        let other = Bearer { origin: mexican, surname: (mexican.group, mexican.tradition), year: 1999, ..bearer };
        let two = namesakes.pairs(&Bearers::from([(bearer, 1), (other, 1)]));
        assert!((two / namesakes.chance(bearer, other) - 1.0).abs() < 1e-9);
        let both = Bearers::from([(bearer, 1_000), (other, 1)]);
        let alike = namesakes.pairs_born_alike(&both, |_| 0.01);
        assert!((alike / (pairs * 0.01) - 1.0).abs() < 1e-9);
        // Two files: every pair of one person of each, and of those born in one year only the men of 1970.
        let asked = Bearers::from([(bearer, 7)]);
        let between = 7.0 * (1_000.0 * squares + namesakes.chance(bearer, other));
        assert!((namesakes.between(&asked, &both) / between - 1.0).abs() < 1e-3);
        let of_1970 = namesakes.between_born_alike(&asked, &both, |year| f64::from(year - 1968));
        assert!((of_1970 / (2.0 * 7_000.0 * squares) - 1.0).abs() < 1e-3);
        // Counts of parts of a file add up.
        let mut sum = asked.clone();
        sum.merge(&both);
        assert_eq!(sum, Bearers::from([(bearer, 1_007), (other, 1)]));
    }
}
