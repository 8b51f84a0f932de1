//! Given names: what people of an origin, a sex and a birth year are called.
//!
//! A list is made for each group, sex and decade from the national births of that decade and the group shares of each
//! name's bearers. The product is raked until every name has its births and every group its share of them: groups
//! together give the national counts exactly. Hispanic and Asian people born abroad have lists of their own, without
//! decades: what the census counts beyond those born here. Names rise and fall between decades, so a person is of the decade before or after the birth year, with
//! chances that shift from year to year.
//!
//! Inside a group a name that belongs to one tradition ([`super::tradition`]) is borne by people of that tradition
//! alone; the other names, and those too rare for the tables, are shared. The traditions together give the list of the
//! group exactly.

use super::curve::Curve;
use super::draw::Draw;
use super::tradition::{self, Origin, Tradition};
use super::{GROUPS, Table, group_index, numbers};
use crate::population::{Group, Sex};
use crate::random::Stream;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The styles of names beyond the tables.
pub(super) const STYLES: [&str; 9] =
    ["general", "black", "spanish", "chinese", "indian", "vietnamese", "korean", "japanese", "other_asian"];

/// The middle of the first decade, and how many there are.
const FIRST: f64 = 1935.0;
pub(super) const DECADES: usize = 10;

/// Shares of the groups among people born here in each decade, from the 1930s on, in the order of [`GROUPS`]. Assumed, each
/// within a fifth of itself: with survival they give the people of each group born here in 2020 within a tenth.
fn shares_of_births() -> [[f64; 6]; DECADES] {
    let mut lines = numbers::<6>(include_str!("../../../synthetic-data/names/given-groups.csv"), 1).into_iter();
    std::array::from_fn(|_| lines.next().expect("given-groups.csv has every decade").1)
}

/// Share of births whose name is on the national lists, by sex and decade from the 1940s to the 2010s. Lists leave out names
/// that fewer than five were given in a year; the agency's totals of births have them.
pub const LISTED_BIRTHS: [[f64; 8]; 2] = [
    [0.972, 0.975, 0.966, 0.938, 0.931, 0.916, 0.909, 0.911],
    [0.982, 0.985, 0.982, 0.966, 0.960, 0.948, 0.938, 0.935],
];

/// Rounds of raking; the shares of groups are then met to a hundredth of a per cent.
const RAKING: usize = 12;

/// Groups that have lists of people born abroad.
const ABROAD: [Group; 3] = [Group::Hispanic, Group::AsianPacific, Group::Black];
/// The share of Black people born abroad whose given name is one of the group's names here; the others have rare names.
/// Nothing is known of their names except that most are different. Assumed, from 0.2 to 0.8.
const NAMED_AS_HERE: f64 = 0.4;
/// The decade of those names.
const AS_HERE: usize = 4;

/// A tradition never has more than this share of names that are its alone; what would be more is shared.
const MOST_OWN: f64 = 0.95;
/// People of a small tradition who bear one of its listed names: born here and abroad. Assumed.
const OWN_LIST: [f64; 2] = [0.35, 0.85];

/// The distribution of names beyond the table, as ranks and shares of them: national births of the names beyond it.
const RARE: [(f64, f64); 6] = [(1.0, 0.0003), (100.0, 0.024), (1e3, 0.2), (4e3, 0.52), (2e4, 0.93), (1e5, 1.0)];
/// The same inside an Asian tradition, whose names beyond the table are few. Assumed.
const RARE_OF_TRADITION: [(f64, f64); 4] = [(1.0, 0.0005), (100.0, 0.04), (1e3, 0.36), (3e3, 1.0)];

/// All given names.
pub(super) struct Given {
    /// In the order of [`list_of`].
    lists: Vec<List>,
    /// Shares of the groups among births, by decade.
    births: [[f64; 6]; DECADES],
    /// The listed names of small traditions, by place in [`Tradition::ALL`]; empty for the others.
    small: Vec<Draw>,
    /// Curves of names beyond the table: those of groups, and those of Asian traditions.
    rare: [Curve; 2],
    /// The tradition a name belongs to, by code: one more than its place in [`Tradition::ALL`], or 0; for Hispanic and for
    /// Asian people.
    classes: [Vec<u8>; 2],
}

/// Codes and shares, falling.
type Shares = Vec<(u32, f64)>;

/// One group's names of one sex and decade, or from abroad.
struct List {
    /// Listed names and their shares.
    shares: Shares,
    /// Share of people with a name beyond the table.
    rare: f64,
    /// By place of the tradition in the group.
    traditions: Vec<Own>,
    /// The names that traditions share.
    shared: Draw,
    /// The share with a name beyond the table, among those who draw from the shared names.
    shared_rare: f64,
    /// Share of each class's mass that is left to its tradition alone, by class.
    kept: [f64; CLASSES],
    /// Mass of the shared names.
    shared_mass: f64,
}

/// No class, and one for each tradition.
pub(super) const CLASSES: usize = Tradition::ALL.len() + 1;

/// A tradition's part of a list.
struct Own {
    tradition: Tradition,
    /// Share of the tradition in the group.
    of_group: f64,
    /// Chance of a name that is the tradition's alone.
    chance: f64,
    draw: Draw,
}

impl Given {
    pub(super) fn code(&self, origin: Origin, sex: Sex, birth_year: i32, stream: &mut Stream) -> u32 {
        let (decade, later) = decade_of(birth_year);
        // One uniform number decides the decade and, what is left of it, the part of the list.
        let u = stream.uniform();
        let (decade, u) = if u < later { (decade + 1, u / later) } else { (decade, (u - later) / (1.0 - later)) };
        let list = &self.lists[list_of(origin, sex, decade)];
        let v = stream.uniform();
        let place = tradition::place(origin.group, origin.tradition);
        if let Some(own) = list.traditions.get(place)
            && u < own.chance
        {
            let small = &self.small[origin.tradition as usize];
            return if small.is_empty() { own.draw.code(v) } else { small.code(v) };
        }
        if v < list.shared_rare {
            let (style, curve) = rare_style(origin);
            let index = self.rare[curve].point(v / list.shared_rare) as u32;
            return pooled(style * 2 + sex_index(sex), index);
        }
        list.shared.code((v - list.shared_rare) / (1.0 - list.shared_rare))
    }

    /// The tradition of a name among Asian people.
    pub(super) fn tradition(&self, code: u32) -> Option<Tradition> {
        match place(code) {
            Place::Table(entry) => Tradition::of_class(usize::from(self.classes[1][entry])),
            Place::Pool(pool, _) => match pool / 2 {
                3 => Some(Tradition::Chinese),
                4 => Some(Tradition::Indian),
                5 => Some(Tradition::Vietnamese),
                6 => Some(Tradition::Korean),
                7 => Some(Tradition::Japanese),
                8 => Some(Tradition::OtherAsian),
                _ => None,
            },
        }
    }

    /// The share of each name among people of `sex` born here evenly over `years`, in all groups or in one of them:
    /// pairs of a share and how many names have about that share, falling.
    #[cfg(test)]
    pub(super) fn shares(&self, sex: Sex, years: RangeInclusive<i32>, group: Option<Group>) -> Vec<(f64, f64)> {
        let (shares, rare) = self.shares_by_name(sex, years, group);
        let mut all: Vec<(f64, f64)> = shares.into_values().map(|share| (share, 1.0)).collect();
        let curve = &self.rare[0];
        let mut from = 0.0;
        while from < curve.size() {
            let names = (from / 64.0_f64).max(1.0).min(curve.size() - from);
            all.push((rare * (curve.share(from + names) - curve.share(from)) / names, names));
            from += names;
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all
    }

    /// The shares of the names of the table.
    pub(super) fn common_shares(&self, sex: Sex, years: RangeInclusive<i32>) -> BTreeMap<u32, f64> {
        self.shares_by_name(sex, years, None).0
    }

    /// The shares of names of the table by code, and of all other names together.
    fn shares_by_name(&self, sex: Sex, years: RangeInclusive<i32>, group: Option<Group>) -> (BTreeMap<u32, f64>, f64) {
        let mut weights = [0.0; DECADES + 1];
        let count = f64::from(years.end() - years.start() + 1);
        for year in years {
            let (decade, later) = decade_of(year);
            weights[decade] += (1.0 - later) / count;
            weights[decade + 1] += later / count;
        }
        let mut shares: BTreeMap<u32, f64> = BTreeMap::new();
        let mut rare = 0.0;
        for (decade, &weight) in weights.iter().enumerate().take(DECADES).filter(|(_, weight)| **weight > 0.0) {
            for of in GROUPS.into_iter().filter(|of| group.is_none_or(|group| group == *of)) {
                let weight = if group.is_some() { weight } else { weight * self.births[decade][group_index(of)] };
                let list = &self.lists[list_of(Origin::born_here(of), sex, decade)];
                rare += weight * list.rare;
                list.shares.iter().for_each(|(code, share)| *shares.entry(*code).or_default() += weight * share);
            }
        }
        (shares, rare)
    }

    /// The share of a group among births in a year.
    pub(super) fn share_of_births(&self, group: Group, year: i32) -> f64 {
        let (decade, later) = decade_of(year);
        let of = |decade: usize| self.births[decade.min(DECADES - 1)][group_index(group)];
        of(decade) * (1.0 - later) + of(decade + 1) * later
    }

    /// The listed names of a list, by [`list_of`]: code, class and share.
    pub(super) fn listed(&self, list: usize) -> impl Iterator<Item = (u32, usize, f64)> + '_ {
        let classes = classes_of(list).map(|which| &self.classes[which]);
        let class = move |code: u32| classes.map_or(0, |classes| usize::from(classes[code as usize]));
        self.lists[list].shares.iter().map(move |&(code, share)| (code, class(code), share))
    }

    /// Three values, for people of an origin: the factors on the share of a name of each class in the list, the share
    /// of names beyond the table, and the pool of these names. A small tradition is counted as its group.
    pub(super) fn weights(&self, list: usize, origin: Origin, sex: Sex) -> ([f64; CLASSES], f64, usize) {
        let of = &self.lists[list];
        let (style, _) = rare_style(origin);
        let pool = style * 2 + sex_index(sex);
        let Some(own) = of.traditions.get(tradition::place(origin.group, origin.tradition)) else {
            return ([1.0; CLASSES], of.rare, pool);
        };
        if !self.small[origin.tradition as usize].is_empty() || of.shared_mass <= 0.0 {
            return ([1.0; CLASSES], of.rare, pool);
        }
        let shared = (1.0 - own.chance) / of.shared_mass;
        let mut weights = of.kept.map(|kept| (1.0 - kept) * shared);
        let class = own.tradition as usize + 1;
        weights[class] += of.kept[class] / own.of_group;
        (weights, of.rare * shared, pool)
    }

    /// The chance that two people with a name beyond the table have the same one, in a pool.
    pub(super) fn rare_coincidence(&self, pool: usize) -> f64 {
        let curve = &self.rare[usize::from(pool / 2 > 2)];
        let (mut sum, mut from) = (0.0, 0.0);
        while from < curve.size() {
            let names = (from / 16.0_f64).max(1.0).min(curve.size() - from);
            let share = (curve.share(from + names) - curve.share(from)) / names;
            sum += share * share * names;
            from += names;
        }
        sum
    }
}

/// The number of lists.
pub(super) const LISTS: usize = 2 * (GROUPS.len() * DECADES + ABROAD.len());

/// The number of the list that people of an origin, a sex and a decade draw from.
pub(super) fn list_of(origin: Origin, sex: Sex, decade: usize) -> usize {
    match ABROAD.iter().position(|group| origin.abroad && *group == origin.group) {
        Some(abroad) => 2 * GROUPS.len() * DECADES + 2 * abroad + sex_index(sex),
        None => (group_index(origin.group) * 2 + sex_index(sex)) * DECADES + decade.min(DECADES - 1),
    }
}

/// The group of a list, and whether it is one of people born abroad.
fn group_of(list: usize) -> (Group, bool) {
    match list.checked_sub(2 * GROUPS.len() * DECADES) {
        Some(abroad) => (ABROAD[abroad / 2], true),
        None => (GROUPS[list / (2 * DECADES)], false),
    }
}

/// The classes that hold in a list: those of Hispanic people (0) or those of Asian people (1).
fn classes_of(list: usize) -> Option<usize> {
    match group_of(list).0 {
        Group::Hispanic => Some(0),
        Group::AsianPacific => Some(1),
        _ => None,
    }
}

/// The style and the curve of names beyond the table.
fn rare_style(origin: Origin) -> (usize, usize) {
    match (origin.group, origin.tradition) {
        (Group::Black, _) => (1, 0),
        (Group::Hispanic, _) | (_, Tradition::Filipino) => (2, 0),
        (_, Tradition::Chinese) => (3, 1),
        (_, Tradition::Indian) => (4, 1),
        (_, Tradition::Vietnamese) => (5, 1),
        (_, Tradition::Korean) => (6, 1),
        (_, Tradition::Japanese) => (7, 1),
        (_, Tradition::OtherAsian) => (8, 1),
        _ => (0, 0),
    }
}

/// The decade whose middle is at or before the middle of `birth_year`, and the chance of the decade after it.
pub(super) fn decade_of(birth_year: i32) -> (usize, f64) {
    let at = ((f64::from(birth_year) + 0.5 - FIRST) / 10.0).clamp(0.0, (DECADES - 1) as f64);
    let between = at - (at as usize) as f64;
    // A smooth step instead of a line: the middle years of a decade are named like the decade.
    (at as usize, between * between * (3.0 - 2.0 * between))
}

pub(super) fn sex_index(sex: Sex) -> usize {
    match sex {
        Sex::Female => 0,
        Sex::Male => 1,
    }
}

/// The name that a code stands for: an entry of the table, or a number of a pool (style and sex).
pub(super) enum Place {
    Table(usize),
    Pool(usize, u32),
}

/// The low 27 bits of a code are an index, the high 5 a pool plus one, or 0 for the table.
pub(super) fn place(code: u32) -> Place {
    let index = code & ((1 << 27) - 1);
    match code >> 27 {
        0 => Place::Table(index as usize),
        pool => Place::Pool(pool as usize - 1, index),
    }
}

pub(super) fn pooled(pool: usize, index: u32) -> u32 {
    debug_assert!(index < 1 << 27);
    (pool as u32 + 1) << 27 | index
}

/// The table of all listed names and the lists.
pub(super) fn build() -> (Table, Given) {
    let mut table = Table::default();
    // A spelling with accents or inner capitals is entered first and so is the one that stands.
    for name in include_str!("../../../synthetic-data/names/given-spellings.csv").lines().skip(1) {
        table.enter(name);
    }
    let births = Births::read(&mut table);
    let shares_of_births = shares_of_births();
    let abroad = read_abroad(&mut table);
    let marks: Vec<[&str; 3]> = tradition::marks("given").collect();
    for [_, _, name] in &marks {
        table.enter(name);
    }
    let mut classes = [vec![0; table.len()], vec![0; table.len()]];
    let mut small: Vec<Vec<u32>> = vec![Vec::new(); Tradition::ALL.len()];
    for [_, tradition, name] in marks {
        let tradition = Tradition::named(tradition);
        let code = table.enter(name);
        if tradition.has_own_list() {
            small[tradition as usize].push(code);
        } else {
            classes[usize::from(tradition.is_asian())][code as usize] = tradition as u8 + 1;
        }
    }
    let mut lists: Vec<Option<(Shares, f64)>> = (0..LISTS).map(|_| None).collect();
    for sex in Sex::ALL {
        for (decade, of_births) in shares_of_births.iter().enumerate() {
            for (group, list) in GROUPS.into_iter().zip(births[sex_index(sex)].raked(decade, of_births)) {
                lists[list_of(Origin::born_here(group), sex, decade)] = Some(list);
            }
        }
    }
    for (which, group) in ABROAD.into_iter().enumerate() {
        for sex in Sex::ALL {
            let here = Origin::born_here(group);
            let mut shares = abroad[which * 2 + sex_index(sex)].clone();
            if shares.is_empty() {
                let of_here = lists[list_of(here, sex, AS_HERE)].as_ref();
                let (of_here, _) = of_here.expect("lists of those born here are made first");
                shares = of_here.iter().map(|(code, share)| (*code, NAMED_AS_HERE * share)).collect();
            }
            let rare = 1.0 - shares.iter().map(|(_, share)| share).sum::<f64>();
            lists[list_of(Origin { abroad: true, ..here }, sex, 0)] = Some((falling(shares), rare));
        }
    }
    let lists = lists.into_iter().enumerate().map(|(number, list)| {
        let (shares, rare) = list.expect("every list is made");
        List::new(number, shares, rare, &classes)
    });
    let given = Given {
        lists: lists.collect(),
        births: shares_of_births,
        // Nothing is published of how common these are: the first is some four times as common as the last.
        small: small
            .iter()
            .map(|codes| Draw::new(codes.iter().zip(12..).map(|(&code, n)| (code, 1.0 / f64::from(n)))))
            .collect(),
        rare: [Curve::through(&RARE), Curve::through(&RARE_OF_TRADITION)],
        classes,
    };
    (table, given)
}

impl List {
    fn new(number: usize, shares: Shares, rare: f64, classes: &[Vec<u8>; 2]) -> List {
        let (group, abroad) = group_of(number);
        let classes = classes_of(number).map(|which| &classes[which]);
        let class = |code: u32| classes.map_or(0, |classes| usize::from(classes[code as usize]));
        let mut masses = [0.0; CLASSES];
        shares.iter().for_each(|(code, share)| masses[class(*code)] += share);
        let (mut kept, mut shared_mass) = ([0.0; CLASSES], 1.0);
        let mut traditions = Vec::new();
        for &(tradition, here, foreign) in tradition::shares(group) {
            let of_group = if abroad { foreign } else { here };
            let own = tradition as usize + 1;
            if masses[own] > 0.0 {
                kept[own] = f64::min(1.0, MOST_OWN * of_group / masses[own]);
                shared_mass -= kept[own] * masses[own];
            }
            let chance = if tradition.has_own_list() {
                OWN_LIST[usize::from(abroad)]
            } else {
                kept[own] * masses[own] / of_group
            };
            let draw = Draw::new(shares.iter().copied().filter(|(code, _)| own == class(*code)));
            traditions.push(Own { tradition, of_group, chance, draw });
        }
        let shared = Draw::new(shares.iter().map(|&(code, share)| (code, share * (1.0 - kept[class(code)]))));
        List { shared_rare: rare / shared_mass, shares, rare, traditions, shared, kept, shared_mass }
    }
}

/// National births of one sex.
struct Births {
    /// Code, or `None` for the names beyond the table, births by decade, and the share of each group among bearers.
    names: Vec<(Option<u32>, [f64; DECADES], [f64; 6])>,
}

impl Births {
    /// Those of women and of men.
    fn read(table: &mut Table) -> [Births; 2] {
        let mut births = [Births { names: Vec::new() }, Births { names: Vec::new() }];
        for line in include_str!("../../../synthetic-data/names/given-births.csv").lines().skip(1) {
            let [sex, name, by_decade, groups] = super::cells(line);
            let code = (name != "*").then(|| table.enter(name));
            let of_sex = &mut births[usize::from(sex == "M")];
            of_sex.names.push((code, values(by_decade), values(groups)));
        }
        births
    }

    /// The names of a decade for each group, with the share of those beyond the table: births times the share of the
    /// group among bearers, raked to the births of each name and to the share of each group (W. E. Deming and F. F.
    /// Stephan (1940), Annals of Mathematical Statistics 11, 427–444).
    fn raked(&self, decade: usize, of_births: &[f64; 6]) -> Vec<(Shares, f64)> {
        let used = self.names.iter().filter(|(_, births, _)| births[decade] > 0.0);
        let mut cells: Vec<(Option<u32>, f64, [f64; 6])> =
            used.map(|(code, births, groups)| (*code, births[decade], *groups)).collect();
        let all: f64 = cells.iter().map(|cell| cell.1).sum();
        for _ in 0..RAKING {
            let mut sums = [0.0; 6];
            for (_, births, groups) in &mut cells {
                let scale = *births / (all * groups.iter().sum::<f64>());
                for (sum, cell) in sums.iter_mut().zip(groups) {
                    *cell *= scale;
                    *sum += *cell;
                }
            }
            let scales: [f64; 6] = std::array::from_fn(|g| of_births[g] / sums[g]);
            cells
                .iter_mut()
                .for_each(|(_, _, groups)| groups.iter_mut().zip(scales).for_each(|(cell, by)| *cell *= by));
        }
        let of_group = |g: usize| {
            let sum: f64 = cells.iter().map(|(_, _, groups)| groups[g]).sum();
            let named = cells.iter().filter_map(|(code, _, groups)| Some(((*code)?, groups[g] / sum)));
            let shares: Vec<(u32, f64)> = named.filter(|(_, share)| *share > 0.0).collect();
            let rare = 1.0 - shares.iter().map(|(_, share)| share).sum::<f64>();
            (falling(shares), rare.max(0.0))
        };
        (0..6).map(of_group).collect()
    }
}

/// Names from abroad with their shares: women and men of each group of [`ABROAD`], none of Black people.
fn read_abroad(table: &mut Table) -> [Vec<(u32, f64)>; 2 * ABROAD.len()] {
    let mut lists: [Vec<(u32, f64)>; 2 * ABROAD.len()] = Default::default();
    for line in include_str!("../../../synthetic-data/names/given-abroad.csv").lines().skip(1) {
        let [group, sex, name, people] = super::cells(line);
        let people: f64 = people.parse().expect("a count in given-abroad.csv");
        let list = usize::from(group != "hispanic") * 2 + usize::from(sex == "M");
        lists[list].push((table.enter(name), people / 1e5));
    }
    lists
}

/// Sorted by share, the most common first.
fn falling(mut shares: Shares) -> Shares {
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    shares
}

/// Numbers with a space between them; what is left out at the end or between two spaces is 0.
fn values<const N: usize>(cell: &str) -> [f64; N] {
    let mut values = [0.0; N];
    for (value, text) in values.iter_mut().zip(cell.split(' ')) {
        if !text.is_empty() {
            *value = text.parse().expect("a number in a table of given names");
        }
    }
    values
}
