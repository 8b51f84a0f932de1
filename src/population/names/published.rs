//! Figures of the names, to put beside published ones: tests alone ask for them.

use super::{COMPOUND_IN_CENSUS, GROUPS, Names, deals, group_index, national, surnames};
use crate::population::{Group, Sex};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

impl Names {
    /// Calls `f` with the shares of all groups that bear a surname, and the number of names they stand for.
    fn for_each_surname(&self, mut f: impl FnMut(&[f64; 6], f64)) {
        surnames::for_each_name(&self.holders, self.surnames.len(), |code, shares, names| {
            f(&std::array::from_fn(|group| self.holders[group].of_group(code, shares[group])), names);
        });
    }

    /// The borders between `parts` equal parts of the country's people by how common their surname is: the share of the
    /// country that bears the surname, falling. A few hundred milliseconds.
    pub fn surname_borders(&self, parts: usize) -> Vec<f64> {
        let mut shares = Vec::new();
        self.for_each_surname(|groups, names| shares.push((national(groups), names)));
        shares.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all: f64 = shares.iter().map(|(share, names)| share * names).sum();
        let (mut borders, mut below) = (Vec::new(), 0.0);
        for (share, names) in shares {
            below += share * names;
            while borders.len() + 1 < parts && below >= all * (borders.len() + 1) as f64 / parts as f64 {
                borders.push(share);
            }
        }
        borders
    }

    /// The chance that one person of `a` and another of `b` have the same surname: Σ pₐ p_b.
    pub(super) fn coincidence(&self, a: Group, b: Group) -> f64 {
        self.coincidences()[group_index(a)][group_index(b)]
    }

    /// All chances of [`Names::coincidence`], in the order of [`GROUPS`]. A few tens of milliseconds.
    pub(super) fn coincidences(&self) -> [[f64; 6]; 6] {
        let mut sums = [[0.0; 6]; 6];
        self.for_each_surname(|shares, names| {
            for (row, a) in sums.iter_mut().zip(shares) {
                for (sum, b) in row.iter_mut().zip(shares) {
                    *sum += names * a * b;
                }
            }
        });
        sums
    }

    /// The chance that two people of the country, groups at their national shares, have the same surname: Σ p².
    pub(super) fn national_coincidence(&self) -> f64 {
        let mut sum = 0.0;
        self.for_each_surname(|shares, names| {
            let share = national(shares);
            sum += names * share * share;
        });
        sum
    }

    /// The share of `group` that bears one of its `n` most common surnames.
    pub(super) fn share_of_top(&self, group: Group, n: u32) -> f64 {
        self.holders[group_index(group)].share_of_top(n)
    }

    /// The share of the country that bears one of its n most common surnames, for each n of `tops`.
    pub(super) fn national_share_of_top(&self, tops: &[usize]) -> Vec<f64> {
        let mut shares = Vec::new();
        self.for_each_surname(|groups, names| shares.push((national(groups), names)));
        shares.sort_by(|a, b| b.0.total_cmp(&a.0));
        tops.iter().map(|&n| share_of_first(&shares, n)).collect()
    }

    /// The expected number of surnames borne by `low..=high` of `people`, for each range.
    ///
    /// A name comes in families who live together or near each other; `families` are the shares of those of 1, 2, …
    /// bearers. Families are independent draws, so their number is Poisson and that of their bearers compound Poisson.
    /// Two surnames in one are a name of their own, for as many people as in the census.
    pub(super) fn expected_names_borne(
        &self,
        people: f64,
        families: &[f64],
        ranges: &[RangeInclusive<u32>],
    ) -> Vec<f64> {
        let mut expected = vec![0.0; ranges.len()];
        let mut add = |share: f64, names: f64| {
            let at_most = bearers_at_most(share * people, families);
            for (sum, range) in expected.iter_mut().zip(ranges) {
                let fewer = range.start().checked_sub(1).map_or(0.0, &at_most);
                *sum += names * (at_most(*range.end()) - fewer);
            }
        };
        // Names about as common, by sixteenths of a doubling: how many there are, and the share of people who bear them.
        let mut alike: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
        let hispanic = group_index(Group::Hispanic);
        self.for_each_surname(|groups, names| {
            let mut with_one = *groups;
            GROUPS
                .iter()
                .zip(&mut with_one)
                .for_each(|(group, share)| *share *= 1.0 - deals::compound_in_census(*group));
            add(national(&with_one), names);
            if groups[hispanic] > 0.0 {
                let sums = alike.entry((16.0 * libm::log2(groups[hispanic])) as i32).or_default();
                *sums = (sums.0 + names, sums.1 + names * groups[hispanic]);
            }
        });
        let of_compounds = deals::GROUP_SHARES[hispanic] * COMPOUND_IN_CENSUS;
        for (firsts, of_first) in alike.values() {
            for (seconds, of_second) in alike.values() {
                let names = firsts * seconds;
                add(of_compounds * of_first * of_second / names, names);
            }
        }
        expected
    }

    /// Σ p² of the given names of one sex born here evenly over `years`, in all groups together or in one.
    pub(super) fn given_coincidence(&self, sex: Sex, years: RangeInclusive<i32>, group: Option<Group>) -> f64 {
        self.given.shares(sex, years, group).iter().map(|(share, names)| share * share * names).sum()
    }

    /// The share of those people who bear one of their n most common given names, for each n of `tops`.
    pub(super) fn given_share_of_top(&self, sex: Sex, years: RangeInclusive<i32>, tops: &[usize]) -> Vec<f64> {
        let shares = self.given.shares(sex, years, None);
        tops.iter().map(|&n| share_of_first(&shares, n)).collect()
    }
}

/// The mass of the first `n` names; pairs of share and number of names, falling.
fn share_of_first(shares: &[(f64, f64)], n: usize) -> f64 {
    let (mut left, mut sum) = (n as f64, 0.0);
    for &(share, names) in shares {
        let take = names.min(left);
        sum += share * take;
        left -= take;
        if left <= 0.0 {
            break;
        }
    }
    sum
}

/// Counts of bearers that are worked out exactly.
const EXACT_BEARERS: usize = 200;

/// The chance that a name that `mean` people are expected to bear is borne by at most so many, when it comes in families
/// of these sizes: by the recursion of H. H. Panjer (1981), ASTIN Bulletin 12, 22–26, and far from small counts by the
/// normal approximation, which is then off by less than the figures it is used for.
fn bearers_at_most(mean: f64, families: &[f64]) -> impl Fn(u32) -> f64 {
    let (mut bearers, mut squares) = (0.0, 0.0);
    for (share, size) in families.iter().zip(1..) {
        let size = f64::from(size);
        bearers += share * size;
        squares += share * size * size;
    }
    let deviation = libm::sqrt(mean * squares / bearers);
    let mut sums = Vec::new();
    if mean < 600.0 {
        let rate = mean / bearers;
        let mut chances = vec![libm::exp(-rate)];
        for count in 1..=EXACT_BEARERS {
            let sum: f64 =
                families.iter().zip(1..=count).map(|(share, size)| size as f64 * share * chances[count - size]).sum();
            chances.push(rate / count as f64 * sum);
        }
        sums = chances;
        (1..sums.len()).for_each(|count| sums[count] += sums[count - 1]);
    }
    move |count| match sums.get(count as usize) {
        Some(sum) => sum.min(1.0),
        None if mean <= 0.0 => 1.0,
        None => {
            let z = (f64::from(count) + 0.5 - mean) / deviation;
            0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
        }
    }
}
