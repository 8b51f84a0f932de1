//! Given names: what people of a sex, a group and a birth year are called.
//!
//! For each sex and decade there is one published curve of ranks. Its ranks are dealt to four *traditions* (general,
//! Black American, Spanish, Asian and Pacific), each of which has names of its own; a group draws a tradition with
//! fixed chances and then a name of that tradition. The chances and the dealing agree, so that over all groups the
//! published curve comes out exactly, while groups share names only partly. A tradition other than the general one
//! gets no rank above a cap on its own most common name: no Black name of the 1970s is borne by a tenth of Black women.
//!
//! Names rise and fall: the table lists them by decade, most common first. In a decade that does not list it, a name
//! stands where its nearest listing has it, pushed down by a factor for each decade between. A person is of the decade
//! before or after the birth year, with chances that shift from year to year.

use super::curve::Curve;
use super::deals::GROUP_SHARES;
use super::{Table, group_index, numbers};
use crate::population::{Group, Sex};
use crate::random::Stream;
use std::collections::{BTreeMap, BTreeSet};

/// The traditions of given names, which are also the styles of those beyond the table.
pub(super) const TRADITIONS: [&str; 4] = ["general", "black", "spanish", "asian"];

/// The first decade of the published curves, by the year in its middle, and how many there are.
const FIRST: f64 = 1935.0;
pub(super) const DECADES: usize = 9;

/// Ranks of each curve that are dealt one by one; beyond them each tradition has its share of every stretch.
const HEAD: usize = 2048;

/// How many names of a tradition beyond the head are summed one by one.
const FEW_THOUSANDS: f64 = 6000.0;

/// A name that a decade does not list stands lower by this factor for each decade to its nearest listing.
const FALL: f64 = 2.2;

/// A name that would stand lower than this, however many there are, is out of use in a decade.
const LOWEST: f64 = 1500.0;

/// No name of these traditions has a larger share of its tradition; the general one has no cap. Assumed, after the
/// relative coincidences of first names in K. Tzioumis (2018), "Demographic aspects of first names", Scientific Data 5.
const CAPS: [f64; 4] = [1.0, 0.03, 0.07, 0.03];

/// The chances with which a group's parents choose from each tradition. Assumed, after the same coincidences: Black
/// and white people share first names half as often as white people do among themselves, Hispanic and white or Asian
/// and white people about a quarter as often.
pub(super) fn chances(group: Group, decade: usize) -> [f64; 4] {
    match group {
        Group::White => [0.985, 0.004, 0.008, 0.003],
        Group::Black => {
            // Distinctive names spread from the 1960s on (R. Fryer and S. Levitt (2004), QJE 119, 767–805).
            let own = [0.23, 0.25, 0.30, 0.38, 0.48, 0.53, 0.53, 0.53, 0.53][decade];
            [0.98 - own, own, 0.01, 0.01]
        }
        Group::Hispanic => [0.29, 0.01, 0.695, 0.005],
        Group::AsianPacific => [0.27, 0.005, 0.025, 0.70],
        Group::Native => [0.75, 0.05, 0.15, 0.05],
        Group::TwoOrMore => [0.74, 0.12, 0.08, 0.06],
    }
}

/// All given names: the order of each tradition and how its shares fall, by sex and decade.
pub(super) struct Given {
    cohorts: Vec<Cohort>,
}

/// One sex in one decade.
struct Cohort {
    curve: Curve,
    traditions: Vec<Tradition>,
    /// Cumulative chances of the traditions for each group.
    chances: [[f64; 4]; 6],
}

/// One tradition in one cohort.
struct Tradition {
    /// Cumulative shares of the tradition's first names; the last entry is the share of all of them.
    sums: Vec<f64>,
    /// Where to begin looking in `sums`, by the first byte of the uniform number.
    guide: Vec<u16>,
    codes: Vec<u32>,
    /// Of how many ranks of the curve beyond the head one is this tradition's.
    thinning: f64,
    /// The first number of the style that is beyond the head.
    next: u32,
    /// The pool of the style: tradition and sex.
    pool: u32,
    /// Share of the curve's mass this tradition has, head and tail.
    total: f64,
}

impl Given {
    pub(super) fn code(&self, group: Group, sex: Sex, birth_year: i32, stream: &mut Stream) -> u32 {
        let (decade, later) = decade_of(birth_year);
        // One uniform number decides the decade and, what is left of it, the tradition.
        let u = stream.uniform();
        let (decade, u) = if u < later { (decade + 1, u / later) } else { (decade, (u - later) / (1.0 - later)) };
        let cohort = &self.cohorts[cohort_index(sex, decade)];
        let chances = &cohort.chances[group_index(group)];
        let tradition = chances.iter().position(|&sum| u < sum).unwrap_or(0);
        cohort.draw(tradition, stream.uniform())
    }

    /// The share of each name among people of `sex` born evenly over `years`, in all groups at their national shares
    /// (or in one of them): pairs of a share and how many names have about that share.
    pub(super) fn shares(
        &self,
        sex: Sex,
        years: std::ops::RangeInclusive<i32>,
        group: Option<Group>,
    ) -> Vec<(f64, f64)> {
        let (shares, mut rare) = self.shares_by_name(sex, years, group);
        rare.extend(shares.into_values().map(|share| (share, 1.0)));
        rare.sort_by(|a, b| b.0.total_cmp(&a.0));
        rare
    }

    /// The shares of the names that are summed one by one.
    pub(super) fn common_shares(&self, sex: Sex, years: std::ops::RangeInclusive<i32>) -> BTreeMap<u32, f64> {
        self.shares_by_name(sex, years, None).0
    }

    /// The share of each name in each tradition of one sex and decade: tradition, code and share. Names beyond the first
    /// thousands of each tradition are left out: all of them together add less than a thousandth to a sum of squares.
    pub(super) fn shares_in_decade(&self, sex: Sex, decade: usize) -> Vec<(usize, u32, f64)> {
        let cohort = &self.cohorts[cohort_index(sex, decade)];
        let mut shares = Vec::new();
        for (t, tradition) in cohort.traditions.iter().enumerate() {
            let mut below = 0.0;
            for (&code, &sum) in tradition.codes.iter().zip(&tradition.sums) {
                shares.push((t, code, (sum - below) / tradition.total));
                below = sum;
            }
            let names = ((cohort.curve.size() - HEAD as f64) * tradition.thinning).min(FEW_THOUSANDS);
            let mut from = cohort.curve.share(HEAD as f64);
            for index in 0..names as u32 {
                let to = cohort.curve.share(HEAD as f64 + f64::from(index + 1) / tradition.thinning);
                let share = (to - from) * tradition.thinning_mass(cohort) / tradition.total;
                shares.push((t, tradition.tail_code(index), share));
                from = to;
            }
        }
        shares
    }

    /// The shares of common names by code, and of the rest as stretches of names that are near alike.
    fn shares_by_name(
        &self,
        sex: Sex,
        years: std::ops::RangeInclusive<i32>,
        group: Option<Group>,
    ) -> (BTreeMap<u32, f64>, Vec<(f64, f64)>) {
        let mut weights = [0.0; DECADES + 1];
        let count = f64::from(years.end() - years.start() + 1);
        for year in years {
            let (decade, later) = decade_of(year);
            weights[decade] += (1.0 - later) / count;
            weights[decade + 1] += later / count;
        }
        let mut shares: BTreeMap<u32, f64> = Default::default();
        let mut rare = Vec::new();
        for (decade, &weight_of_decade) in weights.iter().enumerate().take(DECADES) {
            if weight_of_decade == 0.0 {
                continue;
            }
            let cohort = &self.cohorts[cohort_index(sex, decade)];
            for (t, tradition) in cohort.traditions.iter().enumerate() {
                let chance = match group {
                    Some(group) => chances(group, decade)[t],
                    None => over_groups(t, decade),
                };
                let weight = weight_of_decade * chance;
                for (i, &code) in tradition.codes.iter().enumerate() {
                    let below = if i == 0 { 0.0 } else { tradition.sums[i - 1] };
                    *shares.entry(code).or_default() += weight * (tradition.sums[i] - below) / tradition.total;
                }
                // Rare names keep their order from decade to decade; a few thousand are summed one by one, the rest
                // stand in stretches, whose shares are too small for their overlap to matter.
                let names = (cohort.curve.size() - HEAD as f64) * tradition.thinning;
                let mut index = 0.0;
                while index < names {
                    let stretch: f64 = if index < FEW_THOUSANDS { 1.0 } else { (index / 64.0).min(names - index) };
                    let from = HEAD as f64 + index / tradition.thinning;
                    let mass = cohort.curve.share(from + stretch / tradition.thinning) - cohort.curve.share(from);
                    let share = weight * mass * tradition.thinning_mass(cohort) / tradition.total;
                    if index < FEW_THOUSANDS {
                        *shares.entry(tradition.tail_code(index as u32)).or_default() += share;
                    } else {
                        rare.push((share / stretch, stretch));
                    }
                    index += stretch;
                }
            }
        }
        (shares, rare)
    }
}

impl Cohort {
    #[inline]
    fn draw(&self, tradition: usize, u: f64) -> u32 {
        let names = &self.traditions[tradition];
        let mass = u * names.total;
        let common = names.sums[names.sums.len() - 1];
        if mass < common {
            let mut i = names.guide[(u * 256.0) as usize] as usize;
            while names.sums[i] <= mass {
                i += 1;
            }
            return names.codes[i];
        }
        let beyond = (mass - common) / (names.total - common);
        let at_head = self.curve.share(HEAD as f64);
        let x = self.curve.point(at_head + beyond * (1.0 - at_head));
        names.tail_code(((x - HEAD as f64).max(0.0) * names.thinning) as u32)
    }
}

impl Tradition {
    fn tail_code(&self, index: u32) -> u32 {
        pooled(self.pool, self.next + index)
    }

    /// The tradition's share of the mass of any stretch beyond the head.
    fn thinning_mass(&self, cohort: &Cohort) -> f64 {
        (self.total - self.sums[self.sums.len() - 1]) / (1.0 - cohort.curve.share(HEAD as f64))
    }
}

/// The decade whose middle is at or before the middle of `birth_year`, and the chance of the decade after it.
pub(super) fn decade_of(birth_year: i32) -> (usize, f64) {
    let at = ((f64::from(birth_year) + 0.5 - FIRST) / 10.0).clamp(0.0, (DECADES - 1) as f64);
    let between = at - (at as usize) as f64;
    // A smooth step instead of a line: the middle years of a decade are named like the decade.
    (at as usize, between * between * (3.0 - 2.0 * between))
}

fn cohort_index(sex: Sex, decade: usize) -> usize {
    sex_index(sex) * DECADES + decade
}

pub(super) fn sex_index(sex: Sex) -> usize {
    match sex {
        Sex::Female => 0,
        Sex::Male => 1,
    }
}

/// The low 28 bits of a code are an index, the high 4 a pool plus one (tradition and sex), or 0 for the table.
fn pooled(pool: u32, index: u32) -> u32 {
    debug_assert!(index < 1 << 28);
    (pool + 1) << 28 | index
}

/// How often a tradition is chosen in all groups together.
fn over_groups(tradition: usize, decade: usize) -> f64 {
    super::GROUPS.iter().map(|&group| GROUP_SHARES[group_index(group)] * chances(group, decade)[tradition]).sum()
}

/// The table of all listed names and the cohorts.
pub(super) fn build() -> (Table, Given) {
    let mut table = Table::default();
    // Listings: by tradition and sex, the names of each listed decade in order.
    let mut listings: Vec<Vec<(usize, Vec<u32>)>> = vec![Vec::new(); TRADITIONS.len() * 2];
    let text = include_str!("../../../synthetic-data/names/given-names.csv");
    for line in text.lines().skip(1) {
        let mut cells = line.split(',');
        let mut cell = || cells.next().expect("four cells in a line of given-names.csv");
        let (tradition, sex, decade, name) = (cell(), cell(), cell(), cell());
        let tradition = TRADITIONS.iter().position(|&t| t == tradition).expect("a tradition of TRADITIONS");
        let decade: usize = decade.parse().expect("a decade is a year");
        let decade = (decade - 1930) / 10;
        let listing = &mut listings[tradition * 2 + usize::from(sex == "M")];
        let code = table.enter(name);
        match listing.last_mut() {
            Some((last, codes)) if *last == decade => codes.push(code),
            _ => listing.push((decade, vec![code])),
        }
    }
    let mut points: Vec<Vec<(f64, f64)>> = vec![Vec::new(); 2 * DECADES];
    for (keys, values) in numbers::<2>(include_str!("../../../synthetic-data/names/given-shares.csv"), 2) {
        let decade: usize = keys[0].parse().expect("a decade is a year");
        points[usize::from(keys[1] == "M") * DECADES + (decade - 1930) / 10].push((values[0], values[1]));
    }
    let cohorts = [Sex::Female, Sex::Male]
        .into_iter()
        .flat_map(|sex| (0..DECADES).map(move |decade| (sex, decade)))
        .map(|(sex, decade)| {
            let mut points = std::mem::take(&mut points[cohort_index(sex, decade)]);
            points.push((120_000.0, 1.0));
            cohort(sex, decade, Curve::through(&points), &listings)
        })
        .collect();
    (table, Given { cohorts })
}

fn cohort(sex: Sex, decade: usize, curve: Curve, listings: &[Vec<(usize, Vec<u32>)>]) -> Cohort {
    let totals: [f64; 4] = std::array::from_fn(|t| over_groups(t, decade));
    let mut seen = BTreeSet::new();
    let mut traditions: Vec<Tradition> = (0..TRADITIONS.len())
        .map(|t| {
            let order = order(&listings[t * 2 + sex_index(sex)], decade, &mut seen);
            Tradition {
                sums: Vec::new(),
                guide: Vec::new(),
                codes: order,
                thinning: 0.0,
                next: 0,
                pool: (t * 2 + sex_index(sex)) as u32,
                total: totals[t],
            }
        })
        .collect();
    deal(&curve, &mut traditions);
    let mut sums = [[0.0; 4]; 6];
    for group in super::GROUPS {
        let mut sum = 0.0;
        sums[group_index(group)] = chances(group, decade).map(|chance| {
            sum += chance;
            sum
        });
    }
    Cohort { curve, traditions, chances: sums }
}

/// The listed names of a tradition in the order of `decade`, without those an earlier tradition has.
fn order(listing: &[(usize, Vec<u32>)], decade: usize, seen: &mut BTreeSet<u32>) -> Vec<u32> {
    let mut places: BTreeMap<u32, f64> = Default::default();
    for (listed, codes) in listing {
        let fall = libm::pow(FALL, listed.abs_diff(decade) as f64);
        for (i, &code) in codes.iter().enumerate() {
            let place = (i + 1) as f64 * fall;
            let best = places.entry(code).or_insert(place);
            *best = best.min(place);
        }
    }
    let mut order: Vec<(f64, u32)> =
        places.into_iter().map(|(code, place)| (place, code)).filter(|&(place, _)| place < LOWEST).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(_, code)| code).filter(|&code| seen.insert(code)).collect()
}

/// Deals the ranks of the curve: each goes to the tradition that is furthest behind what it should have by now. A
/// tradition with a cap comes in where the curve has fallen to it, and from there on at a constant rate.
fn deal(curve: &Curve, traditions: &mut [Tradition]) {
    let mut shares: Vec<f64> = (0..=HEAD).map(|rank| curve.share(rank as f64)).collect();
    let at_head = shares[HEAD];
    for rank in (1..=HEAD).rev() {
        shares[rank] -= shares[rank - 1];
    }
    let starts: Vec<usize> = traditions
        .iter()
        .zip(CAPS)
        .map(|(tradition, cap)| (1..=HEAD).find(|&rank| shares[rank] <= cap * tradition.total).unwrap_or(HEAD))
        .collect();
    let rates: Vec<f64> = traditions
        .iter()
        .zip(&starts)
        .map(|(tradition, &start)| tradition.total / (1.0 - curve.share((start - 1) as f64)))
        .collect();
    let mut owed = vec![0.0; traditions.len()];
    let listed: Vec<usize> = traditions.iter().map(|tradition| tradition.codes.len()).collect();
    for (rank, &share) in shares.iter().enumerate().skip(1) {
        let mut others = 0.0;
        for t in 1..traditions.len() {
            let rate = if rank >= starts[t] { rates[t] } else { 0.0 };
            others += rate;
            owed[t] += rate * share;
        }
        owed[0] += (1.0 - others) * share;
        let mut most = 0;
        for t in 1..owed.len() {
            if owed[t] > owed[most] {
                most = t;
            }
        }
        owed[most] -= share;
        let tradition = &mut traditions[most];
        let taken = tradition.sums.len();
        if taken >= listed[most] {
            tradition.codes.push(pooled(tradition.pool, (taken - listed[most]) as u32));
        }
        let sum = tradition.sums.last().copied().unwrap_or(0.0) + share;
        tradition.sums.push(sum);
    }
    for (tradition, listed) in traditions.iter_mut().zip(listed) {
        let taken = tradition.sums.len();
        // A listed name that this decade has no rank for is not in use then.
        tradition.codes.truncate(taken);
        tradition.next = taken.saturating_sub(listed) as u32;
        let common = tradition.sums[taken - 1];
        tradition.thinning = (tradition.total - common) / (1.0 - at_head);
        tradition.guide = (0..256)
            .map(|i| tradition.sums.partition_point(|&sum| sum <= f64::from(i) / 256.0 * tradition.total) as u16)
            .collect();
    }
}
