//! Counts of the people of a country: whole numbers that add up in any order.
//!
//! Longer than 500 lines: each count has a field, a line where it is added and one where it is merged, side by side.

use super::Ratio;
use super::given::Called;
use super::standing::Standings;
use crate::parallel::{Watch, in_parallel};
use crate::population::names::{GivenCode, Names, SurnameCode};
use crate::population::places::{DWELLINGS_PER_BLOCK, DwellingId};
use crate::population::{Block, Group, Joiner, Person, Population, Sex};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

/// The groups of people whose surnames are counted.
pub(super) const SCOPES: [&str; 5] = ["all", "white", "Black", "Hispanic", "Asian and Pacific"];
/// The numbers of most common names examined.
pub(super) const TOPS: [u32; 4] = [10, 100, 1_000, 10_000];
/// No group has had a larger share of births, over its share of the country.
const MOST_OF_BIRTHS: f64 = 1.7;

/// Sexes times decades of birth of which given names are counted.
pub(super) const COHORTS: usize = 16;

/// The interval, in blocks, at which old addresses are looked up.
const OLD_ADDRESSES_EVERY: u64 = 8;

/// Shares of the groups among people with a surname in 2010 (Comenetz 2016), of whom the surnames of all are published.
const GROUPS_OF_2010: [f64; 6] = [0.643, 0.120, 0.163, 0.049, 0.007, 0.018];

/// The share of each group that is counted among all, so that the groups are in the proportions of 2010.
fn kept_of_groups(today: &[f64; 6]) -> [f64; 6] {
    let more: Vec<f64> = GROUPS_OF_2010.iter().zip(today).map(|(then, now)| then / now.max(1e-9)).collect();
    // Groups that hardly anybody is of would leave nothing of the others.
    let most = more.iter().zip(today).filter(|(_, now)| **now > 0.001).map(|(more, _)| *more).fold(0.0, f64::max);
    [0, 1, 2, 3, 4, 5].map(|group| (more[group] / most).min(1.0))
}

/// The number of people of a name in each group, and among all with the groups in the proportions of 2010.
pub(super) type ByScope = [u32; 7];

/// The count of a group, or of all, in a scope.
pub(super) fn in_scope(counts: &ByScope, scope: usize) -> u64 {
    u64::from(counts[if scope == 0 { 6 } else { scope - 1 }])
}

/// The most common names by the model: what shares are counted of. Ranked by the sample itself, the names that were
/// lucky would be counted.
pub(super) struct Tops {
    /// For each name that is among the most common of a scope: by scope, the first of [`TOPS`] it belongs to.
    surnames: FxHashMap<SurnameCode, [u8; 5]>,
    /// By cohort and the first three of [`TOPS`].
    pub(super) given: Vec<[FxHashSet<GivenCode>; 3]>,
}

impl Tops {
    pub(super) fn new(names: &Names) -> Tops {
        let mut surnames: FxHashMap<SurnameCode, [u8; 5]> = FxHashMap::default();
        for scope in 0..SCOPES.len() {
            let group = (scope > 0).then(|| Group::ALL[scope - 1]);
            let most = names.most_common_surnames(group, TOPS[3]);
            for (rank, name) in most.into_iter().enumerate() {
                let level = TOPS.iter().filter(|&&n| rank as u32 >= n).count() as u8;
                surnames.entry(name).or_insert([4; 5])[scope] = level;
            }
        }
        let given = (0..COHORTS)
            .map(|cohort| {
                let (sex, first) = (Sex::ALL[cohort / 8], 1940 + 10 * (cohort % 8) as i32);
                let most = names.most_common_given(sex, first..=first + 9, TOPS[2] as usize);
                [0, 1, 2].map(|i| most.iter().take(TOPS[i] as usize).copied().collect())
            })
            .collect();
        Tops { surnames, given }
    }
}

/// Shares of compound surnames in a group.
#[derive(Clone, Copy, Default)]
pub(super) struct Compound {
    pub(super) hyphen: Ratio,
    pub(super) space: Ratio,
}

/// Counts of wives by what they did with their names.
#[derive(Clone, Copy, Default)]
pub(super) struct Marriages {
    pub(super) took: Ratio,
    pub(super) kept: Ratio,
    pub(super) hyphenated: Ratio,
    pub(super) hispanic_kept: Ratio,
    pub(super) kept_under_50: Ratio,
    pub(super) kept_from_50: Ratio,
}

/// A band of ages and how often its households move, as published.
#[derive(Clone, Copy)]
pub(super) struct Band {
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) rate: f64,
}

fn bands() -> Vec<(Band, Ratio)> {
    let lines = include_str!("../../synthetic-data/population/mobility-by-age.csv").lines().skip(1);
    let number = |cell: Option<&str>| cell.and_then(|cell| cell.parse::<f64>().ok()).expect("a number in every cell");
    lines
        .map(|line| {
            let mut cells = line.split(',');
            let (from, to) = (number(cells.next()) as i32, number(cells.next()) as i32);
            (Band { from, to, rate: number(cells.next()) }, Ratio::default())
        })
        .collect()
}

/// All counts of the sample.
pub(super) struct Tally {
    pub(super) people: u64,
    /// By surname, how many bear it in each group.
    pub(super) surnames: FxHashMap<SurnameCode, ByScope>,
    /// By scope: pairs of one block that have the same surname, and all pairs of one block.
    pub(super) same_block_pairs: [(u64, u64); 5],
    pub(super) surname_tops: [[Ratio; 4]; 5],
    pub(super) given: Vec<FxHashMap<GivenCode, u32>>,
    pub(super) adults_born: BTreeMap<i32, u32>,
    pub(super) new_year: u64,
    pub(super) compound: [Compound; 6],
    pub(super) marriages: Marriages,
    pub(super) twins_recent: Ratio,
    pub(super) twins_1980: Ratio,
    pub(super) juniors: Ratio,
    pub(super) sizes: [Ratio; 3],
    pub(super) units: Ratio,
    pub(super) group_quarters: Ratio,
    /// In all, within the county, within the state, beyond.
    pub(super) moved: [Ratio; 5],
    pub(super) moved_by_age: Vec<(Band, Ratio)>,
    /// After one year and ten.
    pub(super) stayed: [Ratio; 2],
    /// Nativity and status.
    pub(super) standings: Standings,
    /// Given names by group and place of birth.
    pub(super) called: Called,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            people: 0,
            surnames: FxHashMap::default(),
            same_block_pairs: [(0, 0); 5],
            surname_tops: Default::default(),
            given: vec![FxHashMap::default(); COHORTS],
            adults_born: BTreeMap::new(),
            new_year: 0,
            compound: Default::default(),
            marriages: Marriages::default(),
            twins_recent: Ratio::default(),
            twins_1980: Ratio::default(),
            juniors: Ratio::default(),
            sizes: Default::default(),
            units: Ratio::default(),
            group_quarters: Ratio::default(),
            moved: Default::default(),
            moved_by_age: bands(),
            stayed: Default::default(),
            standings: Standings::default(),
            called: Called::default(),
        }
    }
}

/// The share of the people of a block, or of those that `of` picks, for whom `hit` holds.
fn count<'p, T: 'p>(items: impl Iterator<Item = T>, hit: impl Fn(&T) -> bool) -> (u64, u64) {
    let (mut hits, mut trials) = (0, 0);
    for item in items {
        hits += u64::from(hit(&item));
        trials += 1;
    }
    (hits, trials)
}

impl Tally {
    /// Counts a block.
    pub(super) fn add(&mut self, country: &Population, block: &Block, tops: &Tops) {
        self.people += block.people.len() as u64;
        self.names(country, block, tops);
        for person in &block.people {
            let (year, month, day) = person.born.ymd();
            self.new_year += u64::from((month, day) == (1, 1));
            if person.age() >= 18 {
                *self.adults_born.entry(person.born.0).or_default() += 1;
            }
            // The groups of the country are those of today at every age; given names are compared with births of the time.
            let of_births = country.names().share_of_births(person.group, year)
                / country.config().group_shares[person.group as usize];
            if (1940..2020).contains(&year) && !person.abroad && country.sampled(person.id, of_births / MOST_OF_BIRTHS)
            {
                let cohort = 8 * person.sex as usize + (year - 1940) as usize / 10;
                *self.given[cohort].entry(person.given).or_default() += 1;
            }
        }
        self.families(block);
        self.standings.add(block);
        self.called.add(country.names(), block);
        self.homes(country, block);
        self.moves(country, block);
    }

    fn names(&mut self, country: &Population, block: &Block, tops: &Tops) {
        let kept = kept_of_groups(&country.config().group_shares);
        let among_all = |person: &Person| country.sampled(person.id, kept[person.group as usize]);
        let mut levels = [[0_u64; 5]; 5];
        for person in &block.people {
            let counted = among_all(person);
            let counts = self.surnames.entry(person.surname).or_default();
            counts[person.group as usize] += 1;
            counts[6] += u32::from(counted);
            let level = tops.surnames.get(&person.surname).copied().unwrap_or([4; 5]);
            let scope = person.group as usize + 1;
            levels[0][level[0] as usize] += u64::from(counted);
            if scope < SCOPES.len() {
                levels[scope][level[scope] as usize] += 1;
            }
        }
        let mut sorted: Vec<SurnameCode> = Vec::with_capacity(block.people.len());
        for (scope, levels) in levels.iter().enumerate() {
            let all: u64 = levels.iter().sum();
            let mut sum = 0;
            for (ratio, level) in self.surname_tops[scope].iter_mut().zip(levels) {
                sum += level;
                ratio.add(sum, all);
            }
            sorted.clear();
            let here =
                block.people.iter().filter(|p| if scope == 0 { among_all(p) } else { p.group as usize + 1 == scope });
            sorted.extend(here.map(|person| person.surname));
            sorted.sort_unstable();
            let pairs = &mut self.same_block_pairs[scope];
            pairs.0 += sorted.chunk_by(|a, b| a == b).map(|c| (c.len() * (c.len() - 1)) as u64).sum::<u64>();
            pairs.1 += (sorted.len() * sorted.len().saturating_sub(1)) as u64;
        }
        for group in Group::ALL {
            let adults = || block.people.iter().filter(|p| p.group == group && p.age() >= 18 && p.status.is_citizen());
            let with = |joiner| count(adults(), |p| p.second_surname.is_some_and(|(j, _)| j == joiner));
            let figures = &mut self.compound[group as usize];
            let ((hyphen, all), (space, _)) = (with(Joiner::Hyphen), with(Joiner::Space));
            figures.hyphen.add(hyphen, all);
            figures.space.add(space, all);
        }
    }

    fn families(&mut self, block: &Block) {
        #[derive(Clone, Copy, PartialEq)]
        enum Choice {
            Took,
            Kept,
            Hyphenated,
        }
        let spouse = |wife: &Person| wife.kin.spouse.and_then(|slot| block.people.get(usize::from(slot)));
        let wives: Vec<(&Person, Choice)> = block
            .people
            .iter()
            .filter(|person| person.sex == Sex::Female)
            .filter_map(|wife| Some((wife, spouse(wife)?)))
            .map(|(wife, husband)| {
                let choice = match wife.second_surname {
                    Some((Joiner::Hyphen, second)) if second == husband.surname => Choice::Hyphenated,
                    None if wife.surname == husband.surname => Choice::Took,
                    _ => Choice::Kept,
                };
                (wife, choice)
            })
            .collect();
        let mut add = |ratio: fn(&mut Marriages) -> &mut Ratio, of: &dyn Fn(&Person) -> bool, what: Choice| {
            let (hits, trials) = count(wives.iter().filter(|(wife, _)| of(wife)), |(_, choice)| *choice == what);
            ratio(&mut self.marriages).add(hits, trials);
        };
        add(|m| &mut m.took, &|_| true, Choice::Took);
        add(|m| &mut m.kept, &|_| true, Choice::Kept);
        add(|m| &mut m.hyphenated, &|_| true, Choice::Hyphenated);
        add(|m| &mut m.hispanic_kept, &|wife| wife.group == Group::Hispanic, Choice::Kept);
        add(|m| &mut m.kept_under_50, &|wife| wife.age() < 50, Choice::Kept);
        add(|m| &mut m.kept_from_50, &|wife| wife.age() >= 50, Choice::Kept);

        for (ratio, from, to) in [(&mut self.twins_recent, 2019, 2025), (&mut self.twins_1980, 1976, 1982)] {
            let born = block.people.iter().filter(|person| (from..=to).contains(&person.born.ymd().0));
            let (twins, births) = count(born, |person| person.kin.twin.is_some());
            ratio.add(twins, births);
        }
        let father = |boy: &Person| boy.kin.father.and_then(|slot| block.people.get(usize::from(slot)));
        let boys = block.people.iter().filter(|person| person.sex == Sex::Male && person.age() < 18);
        let (juniors, sons) = count(boys.filter_map(|boy| Some((boy, father(boy)?))), |(boy, father)| {
            (boy.given, boy.surname) == (father.given, father.surname)
        });
        self.juniors.add(juniors, sons);
    }

    fn homes(&mut self, country: &Population, block: &Block) {
        let households = || block.households.iter().filter(|h| h.institution.is_none() && !h.members.is_empty());
        for (i, size) in [1, 2].into_iter().enumerate() {
            let (hits, trials) = count(households(), |household| household.members.len() == size);
            self.sizes[i].add(hits, trials);
        }
        let in_households: u64 = households().map(|household| household.members.len() as u64).sum();
        self.sizes[2].add(in_households, households().count() as u64);
        let people = block.people.len() as u64;
        self.group_quarters.add(people - in_households, people);
        let first = block.index * DWELLINGS_PER_BLOCK;
        let dwellings = first..first + DWELLINGS_PER_BLOCK - u64::from(country.places().has_institution(block.index));
        let (units, all) = count(dwellings, |&dwelling| country.places().is_unit(DwellingId(dwelling)));
        self.units.add(units, all);
    }

    fn moves(&mut self, country: &Population, block: &Block) {
        let places = country.places();
        let mut moved = [0_u64; 5];
        let (mut people, mut households, mut stayed) = (0, 0, [0_u64; 2]);
        let mut by_age = vec![(0, 0); self.moved_by_age.len()];
        let look_back = block.index.is_multiple_of(OLD_ADDRESSES_EVERY);
        for household in block.households.iter().filter(|h| h.institution.is_none() && !h.members.is_empty()) {
            let home = household.dwelling;
            let before = |slot: u16, years| country.home_years_ago(block, usize::from(slot), years);
            households += 1;
            for &slot in &household.members {
                let person = &block.people[usize::from(slot)];
                // The survey asks for those of one year and over.
                if person.age() < 1 {
                    continue;
                }
                people += 1;
                let distance = match before(slot, 1) {
                    Some(before) if before == home => None,
                    None => Some(4),
                    Some(before) => match (before.block(), home.block()) {
                        (a, b) if places.county_of(a) == places.county_of(b) => Some(1),
                        (a, b) if places.state_of(a) == places.state_of(b) => Some(2),
                        _ => Some(3),
                    },
                };
                if let Some(distance) = distance {
                    moved[0] += 1;
                    moved[distance] += 1;
                }
                if slot != household.members[0] {
                    continue;
                }
                let age = person.age();
                if let Some(band) = self.moved_by_age.iter().position(|(band, _)| (band.from..=band.to).contains(&age))
                {
                    by_age[band].0 += u64::from(distance.is_some());
                    by_age[band].1 += 1;
                }
                if look_back {
                    stayed[0] += u64::from(distance.is_none());
                    // Who came back to an address did not stay there.
                    stayed[1] += u64::from((1..=10).all(|years| before(slot, years) == Some(home)));
                }
            }
        }
        for (ratio, moved) in self.moved.iter_mut().zip(moved) {
            ratio.add(moved, people);
        }
        for ((_, ratio), (moved, all)) in self.moved_by_age.iter_mut().zip(by_age) {
            ratio.add(moved, all);
        }
        if look_back {
            for (ratio, stayed) in self.stayed.iter_mut().zip(stayed) {
                ratio.add(stayed, households);
            }
        }
    }

    /// Adds what another thread counted.
    pub(super) fn merge(&mut self, mut other: Tally) {
        let mut ratios = Vec::new();
        other.for_each_ratio(|ratio| ratios.push(*ratio));
        self.standings.merge(&other.standings);
        self.called.merge(std::mem::take(&mut other.called));
        self.people += other.people;
        self.new_year += other.new_year;
        for (name, groups) in other.surnames {
            let counts = self.surnames.entry(name).or_default();
            counts.iter_mut().zip(groups).for_each(|(sum, n)| *sum += n);
        }
        for (sum, (same, all)) in self.same_block_pairs.iter_mut().zip(other.same_block_pairs) {
            sum.0 += same;
            sum.1 += all;
        }
        for (cohort, names) in self.given.iter_mut().zip(other.given) {
            for (name, n) in names {
                *cohort.entry(name).or_default() += n;
            }
        }
        for (day, n) in other.adults_born {
            *self.adults_born.entry(day).or_default() += n;
        }
        let mut ratios = ratios.iter();
        self.for_each_ratio(|ratio| {
            if let Some(other) = ratios.next() {
                ratio.merge(other);
            }
        });
    }

    /// Every ratio, in an order of its own.
    fn for_each_ratio(&mut self, mut f: impl FnMut(&mut Ratio)) {
        self.surname_tops.iter_mut().flatten().for_each(&mut f);
        for Compound { hyphen, space } in &mut self.compound {
            f(hyphen);
            f(space);
        }
        let Marriages { took, kept, hyphenated, hispanic_kept, kept_under_50, kept_from_50 } = &mut self.marriages;
        for ratio in [took, kept, hyphenated, hispanic_kept, kept_under_50, kept_from_50] {
            f(ratio);
        }
        for ratio in [&mut self.twins_recent, &mut self.twins_1980, &mut self.juniors, &mut self.units] {
            f(ratio);
        }
        f(&mut self.group_quarters);
        self.sizes.iter_mut().for_each(&mut f);
        self.moved.iter_mut().for_each(&mut f);
        self.moved_by_age.iter_mut().map(|(_, ratio)| ratio).for_each(&mut f);
        self.stayed.iter_mut().for_each(&mut f);
    }
}

/// The share of people of whole postal areas who are the only ones of their sex and date of birth there.
#[derive(Default)]
pub(super) struct Zips {
    pub(super) unique: Ratio,
    born: Vec<(i32, Sex)>,
}

impl Zips {
    pub(super) fn add(&mut self, country: &Population, blocks: Range<u64>) {
        self.born.clear();
        for block in blocks {
            self.born.extend(country.block(block).people.iter().map(|person| (person.born.0, person.sex)));
        }
        self.born.sort_unstable();
        let unique = self.born.chunk_by(|a, b| a == b).filter(|same| same.len() == 1).count();
        self.unique.add(unique as u64, self.born.len() as u64);
    }
}

/// Counts of a whole nation.
pub(super) struct Nation {
    /// The number of bearers of each surname, in no order that matters. Two surnames in one are a name of their own,
    /// for as many as in the census.
    pub(super) borne: Vec<u32>,
    pub(super) voters: u64,
    /// Pairs of voters with the same first name, whole last name and date of birth.
    pub(super) pairs: u64,
}

/// Parts by which voters are told apart, so that one after the other can be sorted.
const PARTS: usize = 64;

impl Nation {
    /// Streams a nation of which `voters` voted, if it is of full size, or in proportion. Of Hispanic people with two surnames
    /// a share `in_one` is counted under both in one.
    pub(super) fn count(nation: &Population, voters: f64, in_one: f64, watch: Watch<'_>) -> Nation {
        let index = nation.names().surname_index();
        let borne: Vec<AtomicU32> = (0..index.len()).map(|_| AtomicU32::new(0)).collect();
        // Adults are 78.1 % of people.
        let share = voters / (super::NATION as f64 * 0.781);
        let states = in_parallel(
            0..nation.blocks(),
            || (vec![Vec::<u64>::new(); PARTS], Vec::<u64>::new()),
            |(parts, compounds), block| {
                for person in &nation.block(block).people {
                    match person.second_surname.filter(|_| person.group == Group::Hispanic) {
                        Some((_, second)) if nation.surnames_in_one(person.id, in_one) => {
                            compounds.push(u64::from(person.surname.0) << 32 | u64::from(second.0));
                        }
                        _ => drop(borne[index.of(person.surname)].fetch_add(1, Ordering::Relaxed)),
                    }
                    if person.age() >= 18 && nation.voted(person.id, share) {
                        let key = whole_name_and_birth(person);
                        parts[(key >> 58) as usize].push(key);
                    }
                }
            },
            "nation",
            watch,
        );
        let (mut states, compounds): (Vec<_>, Vec<_>) =
            states.into_iter().map(|(parts, compounds)| (parts.into_iter(), compounds)).unzip();
        let mut compounds = compounds.concat();
        compounds.sort_unstable();
        let (mut voters, mut pairs) = (0, 0);
        for _ in 0..PARTS {
            let mut keys: Vec<u64> = Vec::new();
            for state in &mut states {
                keys.append(&mut state.next().unwrap_or_default());
            }
            keys.sort_unstable();
            voters += keys.len() as u64;
            pairs += keys.chunk_by(|a, b| a == b).map(|c| (c.len() as u64) * (c.len() as u64 - 1) / 2).sum::<u64>();
        }
        let compounds = compounds.chunk_by(|a, b| a == b).map(|same| same.len() as u32);
        let borne = borne.into_iter().map(AtomicU32::into_inner).chain(compounds).collect();
        Nation { borne, voters, pairs }
    }
}

/// First name, whole last name and date of birth as one number. Among 129 million voters chance makes two different
/// ones equal once in two thousand runs.
fn whole_name_and_birth(person: &Person) -> u64 {
    let second = person.second_surname.map_or(0, |(joiner, code)| (u64::from(code.0) << 1 | joiner as u64) + 1);
    let mix = |sum: u64, next: u64| {
        // The finaliser of SplitMix64, as in `random`, over what came before.
        let mut z = (sum ^ next).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let names = mix(u64::from(person.given.0) << 32 | u64::from(person.surname.0), 0);
    mix(mix(names, second), person.born.0 as u64)
}
