//! How many namesakes chance makes, worked out from how common names are.
//!
//! Two people who are no kin have the same full name with the probability Σ p q over surnames times Σ p q over given
//! names, where p and q are the shares of the name among people like the one and like the other: of a group for
//! surnames; of a group, a sex and a birth year for given names. Within a class this is Σ p², so a file of N people
//! alike has N·Σp² others for each of them; a file of many classes has the sum over its pairs of classes, which is not
//! what the mean shares of the whole would give.

use super::given::{DECADES, TRADITIONS, chances, decade_of, sex_index};
use super::{GROUPS, Names, group_index};
use crate::population::{Group, Person, Sex};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// What a person's names depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Bearer {
    /// What the names of one of the people of a block depend on.
    pub fn of(person: &Person, block: &[Person]) -> Bearer {
        let spouse = person.kin.spouse.map(|slot| &block[usize::from(slot)]);
        let taken = spouse.filter(|spouse| spouse.surname == person.surname && spouse.sex != person.sex);
        Bearer {
            surname: taken.map_or(person.group, |spouse| spouse.group),
            group: person.group,
            sex: person.sex,
            year: person.born.ymd().0,
        }
    }
}

/// Birth years that are told apart; earlier and later ones count as the first and the last.
const YEARS: std::ops::RangeInclusive<i32> = 1890..=2030;
const YEAR_COUNT: usize = (*YEARS.end() - *YEARS.start() + 1) as usize;
/// Groups of the surname, groups of the person, and sexes: what is counted of each birth year.
const CELLS: usize = 6 * 6 * 2;

/// How many people of each kind a file holds: whole numbers, which add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearers {
    /// By year, group of the surname, group and sex; empty while nobody was counted.
    counts: Vec<u64>,
}

impl Bearers {
    /// Counts people of one kind.
    pub fn add(&mut self, bearer: Bearer, people: u64) {
        if self.counts.is_empty() {
            self.counts = vec![0; YEAR_COUNT * CELLS];
        }
        let year = (bearer.year.clamp(*YEARS.start(), *YEARS.end()) - YEARS.start()) as usize;
        let cell = (group_index(bearer.surname) * 6 + group_index(bearer.group)) * 2 + sex_index(bearer.sex);
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
        YEARS.zip(self.counts.chunks(CELLS)).map(|(year, counts)| {
            let kinds = counts.iter().enumerate().filter(|(_, count)| **count > 0);
            let bearer = |cell: usize| {
                let [surname, group] = [cell / 12, cell / 2 % 6].map(|group| GROUPS[group]);
                Bearer { surname, group, sex: Sex::ALL[cell % 2], year }
            };
            (year, kinds.map(|(cell, &count)| (bearer(cell), count)).collect())
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
    /// By group and group: of the same surname.
    surnames: [[f64; 6]; 6],
    /// By sex, decade and group, and the same again: of the same given name.
    given: Vec<Vec<f64>>,
}

/// Kinds of people whose given names differ: sexes, decades and groups.
const KINDS: usize = 2 * DECADES * 6;

/// Lists of given names: sexes, decades and traditions.
const LISTS: usize = 2 * DECADES * TRADITIONS.len();

impl Namesakes {
    /// Those of the shared tables, worked out when they are first wanted.
    pub fn shared() -> &'static Namesakes {
        static NAMESAKES: OnceLock<Namesakes> = OnceLock::new();
        NAMESAKES.get_or_init(|| Namesakes::new(Names::shared()))
    }

    /// Sums the products of all shares of these names; some tens of milliseconds.
    pub fn new(names: &Names) -> Namesakes {
        let mut shares: Vec<(u32, usize, f64)> = Vec::new();
        for list in 0..2 * DECADES {
            let of_list = names.given.shares_in_decade(Sex::ALL[list / DECADES], list % DECADES);
            shares.extend(of_list.into_iter().map(|(t, code, share)| (code, list * TRADITIONS.len() + t, share)));
        }
        shares.sort_unstable_by_key(|(code, list, _)| (*code, *list));
        // Name by name, all pairs of lists that have it.
        let mut products = vec![[0.0; LISTS]; LISTS];
        for name in shares.chunk_by(|a, b| a.0 == b.0) {
            for (_, a, of_a) in name {
                name.iter().for_each(|(_, b, of_b)| products[*a][*b] += of_a * of_b);
            }
        }
        let of_kind = |kind: usize| {
            let (list, group) = (kind / 6, kind % 6);
            (list * TRADITIONS.len(), chances(GROUPS[group], list % DECADES))
        };
        let chance = |a: usize, b: usize| {
            let ((first_a, chances_a), (first_b, chances_b)) = (of_kind(a), of_kind(b));
            let mut sum = 0.0;
            for (t, of_a) in chances_a.into_iter().enumerate() {
                for (s, of_b) in chances_b.into_iter().enumerate() {
                    sum += of_a * of_b * products[first_a + t][first_b + s];
                }
            }
            sum
        };
        let given = (0..KINDS).map(|a| (0..KINDS).map(|b| chance(a, b)).collect()).collect();
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
        self.among(&people.kinds())
    }

    /// How many of these pairs are expected to be born on the same day as well, where two people born in the same year
    /// are with the chance `same_date` of that year.
    pub fn pairs_born_alike(&self, people: &Bearers, same_date: impl Fn(i32) -> f64) -> f64 {
        people.years().map(|(year, people)| self.among(&people) * same_date(year)).sum()
    }

    /// How many pairs of one of these and one of those people are expected to have the same given name and surname.
    pub fn between(&self, these: &Bearers, those: &Bearers) -> f64 {
        self.products(&weights(&these.kinds()), &weights(&those.kinds()))
    }

    /// How many of these pairs are expected to be born in the same year as well, each year counted `times` so often: with
    /// the chance of the same date, how many are born on the same day.
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
                let chance = self.surnames[a / KINDS][b / KINDS] * self.given[a % KINDS][b % KINDS];
                sum += of_a * of_b * chance;
            }
        }
        sum
    }
}

/// How many people draw their names from each group's surnames and each kind's given names.
fn weights(people: &[(Bearer, u64)]) -> Vec<(usize, f64)> {
    let mut weights = vec![0.0; 6 * KINDS];
    for (bearer, count) in people {
        for (kind, share) in kinds(*bearer) {
            weights[group_index(bearer.surname) * KINDS + kind] += *count as f64 * share;
        }
    }
    weights.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0).collect()
}

/// The kinds whose given names are a person's, with the chance of each: those of the decades before and after.
fn kinds(bearer: Bearer) -> [(usize, f64); 2] {
    let (decade, later) = decade_of(bearer.year);
    let of = |decade| (sex_index(bearer.sex) * DECADES + decade) * 6 + group_index(bearer.group);
    [(of(decade), 1.0 - later), (of((decade + 1).min(DECADES - 1)), later)]
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
