//! Households and families: who lives with whom, who is whose child, who is called after whom.
//!
//! A block is settled household by household until its 256 people are there. Sizes follow the published shares; a
//! younger household is often that of a child of an older one in the same block, and then shares its surname and,
//! where a son is called after his father, the whole name.

use super::places::{DWELLINGS_PER_BLOCK, DwellingId, PEOPLE_PER_BLOCK, normal};
use super::{
    Block, Group, Household, Joiner, Person, PersonId, Population, PopulationConfig, Sex, Status, Suffix, TODAY,
};
use crate::population::names::SurnameCode;
use crate::random::{Decision, Stream};
use crate::record::Date;

/// Household sizes from one to eight: one 28.9 %, two 34.6 % (Current Population Survey 2022–24); the rest so that the
/// mean is 2.51.
const SIZES: [f64; 8] = [0.289, 0.346, 0.137, 0.114, 0.060, 0.030, 0.014, 0.010];

/// Women in opposite-sex marriages who kept their name, by group (Pew Research Center, April 2023); 5 % hyphenate.
const KEPT_NAME: [f64; 6] = [0.10, 0.09, 0.30, 0.20, 0.14, 0.14];
const HYPHENATED_AT_MARRIAGE: f64 = 0.05;

/// Share of people born into two surnames written with a hyphen, and with a space, by group (North Carolina voter
/// file, 2022, as computed by the authors of pseudopeople).
const BORN_WITH_HYPHEN: [f64; 6] = [0.0020, 0.0080, 0.0600, 0.0040, 0.0040, 0.0120];
const BORN_WITH_SPACE: [f64; 6] = [0.0035, 0.0041, 0.1281, 0.0086, 0.0041, 0.0200];

/// Twin births per 1,000 births, recent (National Center for Health Statistics).
const TWINS: f64 = 0.0312;
/// Sons called after their father, of all sons (state vital statistics: 2 to 5 %).
const CALLED_AFTER_FATHER: f64 = 0.03;
/// Spouses of the same group. Assumed.
const MARRIED_WITHIN_GROUP: f64 = 0.90;
/// Of younger households with an older one of fitting age near, those that are its child's. Assumed.
const CHILD_LIVES_NEAR: f64 = 0.45;
/// People with a middle name. Assumed.
const MIDDLE_NAME: f64 = 0.75;

const HOME_GROUP: Decision = Decision::named("kin.home_group");
const COMPOSITION: Decision = Decision::named("kin.composition");
const PERSON: Decision = Decision::named("kin.person");

/// Makes the people and households of a block.
pub(super) fn settle(country: &Population, index: u64) -> Block {
    let orders = country.orders_in_block(index) as usize;
    let mut settler = Settler::new(country, index, orders);
    let mut number = 0;
    while settler.left() > 0 {
        settler.household(number);
        number += 1;
    }
    settler.finish()
}

/// Shares of the groups among households without an order, such that with the others they give those of the country.
pub(super) fn groups_without_order(config: &PopulationConfig) -> [f64; 6] {
    let mean_size: f64 = SIZES.iter().enumerate().map(|(i, share)| (i + 1) as f64 * share).sum();
    let in_such_households = (config.final_order * mean_size).min(0.9);
    let mut shares = config.group_shares;
    for (share, among_orders) in shares.iter_mut().zip(config.final_order_groups) {
        *share = (*share - in_such_households * among_orders).max(0.0);
    }
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}

/// A block in the making.
struct Settler<'a> {
    country: &'a Population,
    index: u64,
    orders: usize,
    home_group: Group,
    /// By slot. The first slots are kept for those with an order, one household each.
    people: Vec<Option<Person>>,
    next_slot: usize,
    settled: usize,
    households: Vec<Draft>,
}

/// A household before it has a dwelling.
struct Draft {
    members: Vec<u16>,
    head_age: f64,
    /// Father (or the man of the house) and mother by slot, as those whose children may live near.
    father: Option<u16>,
    mother: Option<u16>,
    with_order: bool,
}

/// One member's part in a household, before the person is made.
#[derive(Clone, Copy)]
struct Part {
    age: f64,
    sex: Sex,
    group: Group,
    role: Role,
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Head,
    Spouse,
    Child,
    /// Born with the child before.
    Twin,
    /// Parent of the head.
    Parent,
    /// Unrelated.
    Other,
}

/// What a name is made of.
#[derive(Clone, Copy)]
struct FamilyName {
    first: SurnameCode,
    second: Option<(Joiner, SurnameCode)>,
}

impl<'a> Settler<'a> {
    fn new(country: &'a Population, index: u64, orders: usize) -> Settler<'a> {
        let seed = country.seed();
        Settler {
            country,
            index,
            orders,
            home_group: pick_group(&country.other_groups, seed.uniform(HOME_GROUP, index)),
            people: vec![None; PEOPLE_PER_BLOCK as usize],
            next_slot: orders,
            settled: 0,
            households: Vec::with_capacity(DWELLINGS_PER_BLOCK as usize),
        }
    }

    fn left(&self) -> usize {
        self.people.len() - self.settled - self.orders.saturating_sub(self.households.len())
    }

    fn household(&mut self, number: usize) {
        let household_key = self.index * PEOPLE_PER_BLOCK + number as u64;
        let mut stream = self.country.seed().stream(COMPOSITION, household_key);
        let with_order = number < self.orders;
        let config = self.country.config();
        let group = if with_order {
            pick_group(&config.final_order_groups, stream.uniform())
        } else if stream.chance(config.clustering) {
            self.home_group
        } else {
            pick_group(&self.country.other_groups, stream.uniform())
        };
        // The last household takes what is left; so does any if dwellings run out.
        let room = self.left() + usize::from(with_order);
        let last_dwelling = self.households.len() + 1 >= DWELLINGS_PER_BLOCK as usize;
        let size = if last_dwelling { room } else { draw_size(&mut stream).min(room) };
        let mut parts = compose(size, with_order, &mut stream);
        let elder = if with_order { None } else { self.elder_for(&parts, &mut stream) };
        let group = elder.map_or(group, |(slot, _)| self.person(slot).group);
        for part in &mut parts {
            part.group = if part.role == Role::Spouse && !stream.chance(MARRIED_WITHIN_GROUP) {
                pick_group(&self.country.other_groups, stream.uniform())
            } else {
                group
            };
        }
        let abroad = with_order || stream.chance(config.born_abroad[group as usize]);
        self.people_of(&parts, elder, abroad, with_order, &mut stream);
    }

    /// An older couple or parent of the block whose child the head or the spouse may be: the parent's slot, and which
    /// of the parts is the child.
    fn elder_for(&self, parts: &[Part], stream: &mut Stream) -> Option<(u16, usize)> {
        if self.households.is_empty() || !stream.chance(CHILD_LIVES_NEAR) {
            return None;
        }
        let couple = parts.len() > 1 && parts[1].role == Role::Spouse;
        let child = usize::from(couple && stream.chance(0.4));
        for _ in 0..4 {
            let candidate = &self.households[stream.below(self.households.len() as u64) as usize];
            let gap = candidate.head_age - parts[child].age;
            if candidate.with_order || !(20.0..42.0).contains(&gap) {
                continue;
            }
            if let Some(parent) = candidate.father.or(candidate.mother) {
                return Some((parent, child));
            }
        }
        None
    }

    fn people_of(
        &mut self,
        parts: &[Part],
        elder: Option<(u16, usize)>,
        abroad: bool,
        with_order: bool,
        stream: &mut Stream,
    ) {
        let names = self.country.names();
        let mut members: Vec<u16> = Vec::with_capacity(parts.len());
        let mut head_name: Option<FamilyName> = None;
        let mut family: Option<FamilyName> = None;
        let (mut father, mut mother) = (None, None);
        for (i, part) in parts.iter().enumerate() {
            let slot = if i == 0 && with_order {
                self.households.len()
            } else {
                self.next_slot += 1;
                self.next_slot - 1
            };
            let id = PersonId(self.index * PEOPLE_PER_BLOCK + slot as u64);
            let mut own = self.country.seed().stream(PERSON, id.0);
            let born = Date(TODAY.0 - (part.age * 365.2425) as i32);
            let birth_year = born.ymd().0;
            let parent = elder.filter(|&(_, child)| child == i).map(|(slot, _)| self.person(slot));
            let inherited = parent.map(|p| FamilyName { first: p.surname, second: p.second_surname });
            let maiden = inherited.unwrap_or_else(|| {
                let first = names.surname(part.group, &mut own);
                FamilyName { first, second: self.born_with_two(part.group, &mut own) }
            });
            let name = match part.role {
                Role::Head | Role::Other => maiden,
                Role::Spouse => match head_name {
                    Some(his) if part.sex == Sex::Female => name_at_marriage(his, maiden, part.group, &mut own),
                    _ => maiden,
                },
                Role::Child | Role::Twin => family.unwrap_or(maiden),
                Role::Parent => head_name.unwrap_or(maiden),
            };
            let mut given = names.given(part.group, part.sex, birth_year, &mut own);
            let mut middle = own.chance(MIDDLE_NAME).then(|| names.given(part.group, part.sex, birth_year, &mut own));
            let mut suffix = None;
            // A son called after his father carries the father's whole name and a suffix.
            let his_father = match part.role {
                Role::Child => father.map(|slot| self.person(slot)),
                _ => parent,
            };
            if let Some(his_father) = his_father
                && part.sex == Sex::Male
                && his_father.sex == Sex::Male
                && own.chance(CALLED_AFTER_FATHER)
            {
                (given, middle, suffix) = (his_father.given, his_father.middle, Some(Suffix::Jr));
            }
            // No two siblings of a household share a given name.
            for _ in 0..8 {
                let siblings = || members.iter().map(|&m| self.person(m)).filter(|_| part.role != Role::Head);
                if suffix.is_some() || siblings().all(|sibling| sibling.given != given) {
                    break;
                }
                given = names.given(part.group, part.sex, birth_year, &mut own);
            }
            let status = if i == 0 && with_order {
                status_with_order(own.uniform())
            } else {
                status(abroad, part, own.uniform(), own.uniform())
            };
            match part.role {
                Role::Head => {
                    head_name = Some(name);
                    family = Some(name);
                }
                // Children take their father's name; where the head is a woman and has a husband, his.
                Role::Spouse if part.sex == Sex::Male => family = Some(name),
                _ => {}
            }
            match (part.role, part.sex) {
                (Role::Head | Role::Spouse, Sex::Male) => father = Some(slot as u16),
                (Role::Head | Role::Spouse, Sex::Female) => mother = Some(slot as u16),
                _ => {}
            }
            self.people[slot] = Some(Person {
                id,
                household: 0,
                group: part.group,
                sex: part.sex,
                born,
                given,
                middle,
                surname: name.first,
                second_surname: name.second,
                suffix,
                status,
                final_order: i == 0 && with_order,
            });
            members.push(slot as u16);
            // A household with twins: the second is born the same day.
            if part.role == Role::Twin
                && let [.., first, second] = members[..]
            {
                let day = self.person(first).born;
                if let Some(twin) = self.people[usize::from(second)].as_mut() {
                    twin.born = day;
                }
            }
        }
        self.settled += parts.len();
        // Drawn last, so that it disturbs nothing above: ties of age are broken at random when dwellings are given.
        let head_age = parts[0].age + 0.001 * stream.uniform();
        self.households.push(Draft { members, head_age, father, mother, with_order });
    }

    fn born_with_two(&self, group: Group, own: &mut Stream) -> Option<(Joiner, SurnameCode)> {
        let u = own.uniform();
        let hyphen = BORN_WITH_HYPHEN[group as usize];
        let joiner = if u < hyphen {
            Joiner::Hyphen
        } else if u < hyphen + BORN_WITH_SPACE[group as usize] {
            Joiner::Space
        } else {
            return None;
        };
        Some((joiner, self.country.names().surname(group, own)))
    }

    fn person(&self, slot: u16) -> &Person {
        self.people[usize::from(slot)].as_ref().expect("a slot that was given out holds a person")
    }

    /// Gives the households their dwellings: the younger the householder, the more often the dwelling changes hands.
    fn finish(mut self) -> Block {
        self.households.sort_by(|a, b| a.head_age.total_cmp(&b.head_age));
        let count = self.households.len() as u64;
        let mut people: Vec<Person> = self.people.into_iter().flatten().collect();
        let households: Vec<Household> = self
            .households
            .into_iter()
            .enumerate()
            .map(|(i, draft)| {
                // Empty dwellings are spread evenly.
                let slot = i as u64 * DWELLINGS_PER_BLOCK / count;
                for &member in &draft.members {
                    people[usize::from(member)].household = i as u16;
                }
                Household { dwelling: DwellingId(self.index * DWELLINGS_PER_BLOCK + slot), members: draft.members }
            })
            .collect();
        Block { index: self.index, households, people }
    }
}

fn draw_size(stream: &mut Stream) -> usize {
    let mut left = stream.uniform();
    for (i, share) in SIZES.iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return i + 1;
        }
    }
    SIZES.len()
}

/// Who lives in a household of that size, with ages and sexes; groups are filled in by the caller.
fn compose(size: usize, with_order: bool, stream: &mut Stream) -> Vec<Part> {
    let group = Group::White;
    let sex = if stream.chance(0.5) { Sex::Female } else { Sex::Male };
    let part = |age: f64, sex: Sex, role: Role| Part { age: age.clamp(0.0, 104.0), sex, group, role };
    let random_sex = |stream: &mut Stream| if stream.chance(0.5) { Sex::Female } else { Sex::Male };
    let spouse_of = |head: Part, stream: &mut Stream| {
        let other = if head.sex == Sex::Male { Sex::Female } else { Sex::Male };
        let gap = if other == Sex::Female { -2.0 } else { 2.0 };
        part((head.age + gap + 4.0 * normal(stream)).max(18.0), other, Role::Spouse)
    };
    let kind = stream.uniform();
    let mut parts = Vec::with_capacity(size);
    if size == 1 || (size == 2 && kind >= 0.82) || (size > 2 && kind >= 0.92) {
        // Alone, or unrelated adults under one roof.
        let age = if with_order || size > 1 {
            18.0 + 47.0 * stream.uniform()
        } else {
            between(stream, &[(0.20, 20.0, 35.0), (0.35, 35.0, 60.0), (0.45, 60.0, 94.0)])
        };
        parts.push(part(age, sex, Role::Head));
        while parts.len() < size {
            let other = 18.0 + 40.0 * stream.uniform();
            parts.push(part(other, random_sex(stream), Role::Other));
        }
    } else if size == 2 && kind < 0.64 {
        let age = if with_order {
            20.0 + 40.0 * stream.uniform()
        } else {
            between(stream, &[(0.20, 22.0, 35.0), (0.30, 35.0, 60.0), (0.50, 60.0, 92.0)])
        };
        parts.push(part(age, sex, Role::Head));
        parts.push(spouse_of(parts[0], stream));
    } else {
        // Parents and children; one in ten with a grandparent in the house.
        let single = if size == 2 { true } else { kind >= 0.70 };
        let grandparent = size >= 4 && !single && kind < 0.10;
        let children = size - if single { 1 } else { 2 } - usize::from(grandparent);
        let eldest = 24.0 * stream.uniform();
        let at_first_birth = (27.0 + 5.5 * normal(stream)).clamp(16.0, 44.0);
        let sex = if single && stream.chance(0.8) { Sex::Female } else { sex };
        parts.push(part(eldest + at_first_birth, sex, Role::Head));
        if !single {
            parts.push(spouse_of(parts[0], stream));
        }
        let mut age = eldest;
        for child in 0..children {
            let twin = child > 0 && parts.last().is_some_and(|p| p.role == Role::Child) && stream.chance(TWINS / 2.0);
            if child > 0 && !twin {
                // Births that would lie in the future fold back to an age between the youngest two.
                let gap = 1.0 + 4.5 * stream.uniform();
                age = if age > gap { age - gap } else { age * stream.uniform() };
            }
            parts.push(part(age, random_sex(stream), if twin { Role::Twin } else { Role::Child }));
        }
        if grandparent {
            let age = parts[0].age + 20.0 + 14.0 * stream.uniform();
            parts.push(part(age, random_sex(stream), Role::Parent));
        }
    }
    parts
}

/// An age from a list of (share, from, to).
fn between(stream: &mut Stream, bands: &[(f64, f64, f64)]) -> f64 {
    let mut left = stream.uniform();
    for &(share, from, to) in bands {
        left -= share;
        if left < 0.0 {
            return from + (to - from) * stream.uniform();
        }
    }
    bands[bands.len() - 1].2
}

fn name_at_marriage(his: FamilyName, maiden: FamilyName, group: Group, own: &mut Stream) -> FamilyName {
    let u = own.uniform();
    let kept = KEPT_NAME[group as usize];
    if u < kept {
        maiden
    } else if u < kept + HYPHENATED_AT_MARRIAGE {
        FamilyName { first: maiden.first, second: Some((Joiner::Hyphen, his.first)) }
    } else {
        his
    }
}

/// Status of somebody with a final order on record. Assumed; the last are people whose order should not stand.
fn status_with_order(u: f64) -> Status {
    match u {
        u if u < 0.78 => Status::NoneRecorded,
        u if u < 0.90 => Status::Pending,
        u if u < 0.95 => Status::OtherLawful,
        u if u < 0.98 => Status::PermanentResident,
        u if u < 0.99 => Status::Naturalised,
        _ => Status::CitizenByBirth,
    }
}

/// Status of somebody without an order. Assumed, of the size of published estimates of those born abroad.
fn status(abroad: bool, part: &Part, born_here: f64, u: f64) -> Status {
    let child = matches!(part.role, Role::Child | Role::Twin);
    if !abroad || (child && born_here < 0.80) {
        return Status::CitizenByBirth;
    }
    match u {
        u if u < 0.50 => Status::Naturalised,
        u if u < 0.75 => Status::PermanentResident,
        u if u < 0.82 => Status::OtherLawful,
        u if u < 0.87 => Status::Pending,
        _ => Status::NoneRecorded,
    }
}

fn pick_group(shares: &[f64; 6], u: f64) -> Group {
    let mut left = u;
    for (group, share) in Group::ALL.into_iter().zip(shares) {
        left -= share;
        if left < 0.0 {
            return group;
        }
    }
    // Shares sum to 1 but for rounding: the largest group takes the rest.
    Group::White
}

#[cfg(test)]
mod tests {
    use super::super::tests::config;
    use super::*;
    use crate::random::Seed;

    fn blocks(count: u64) -> Vec<Block> {
        let country = Population::new(config(count * PEOPLE_PER_BLOCK), Seed(11));
        (0..count).map(|b| country.block(b)).collect()
    }

    #[test]
    fn household_sizes_are_the_published_ones() {
        let sizes: Vec<usize> = blocks(500).iter().flat_map(|b| &b.households).map(|h| h.members.len()).collect();
        let share = |n: usize| sizes.iter().filter(|&&s| s == n).count() as f64 / sizes.len() as f64;
        let mean = sizes.iter().sum::<usize>() as f64 / sizes.len() as f64;
        assert!((share(1) - 0.289).abs() < 0.015, "{}", share(1));
        assert!((share(2) - 0.346).abs() < 0.015, "{}", share(2));
        assert!((mean / 2.51 - 1.0).abs() < 0.03, "{mean}");
    }

    #[test]
    fn parents_are_older_than_the_children_who_live_with_them() {
        for block in blocks(60) {
            for household in &block.households {
                let people: Vec<&Person> = household.members.iter().map(|&m| &block.people[usize::from(m)]).collect();
                for person in &people {
                    assert!((0..=105).contains(&person.age()), "{person:?}");
                    if person.suffix.is_some() && people[0].given == person.given && people[0].id != person.id {
                        assert!(people[0].age() > person.age() + 12);
                    }
                }
            }
        }
    }

    #[test]
    fn kin_share_surnames_across_households_and_some_sons_the_whole_name() {
        let (mut shared, mut households, mut juniors, mut men) = (0, 0, 0, 0);
        for block in blocks(200) {
            let heads: Vec<&Person> =
                block.households.iter().map(|h| &block.people[usize::from(h.members[0])]).collect();
            for (i, head) in heads.iter().enumerate() {
                households += 1;
                shared += usize::from(heads.iter().enumerate().any(|(j, o)| i != j && o.surname == head.surname));
            }
            men += block.people.iter().filter(|p| p.sex == Sex::Male).count();
            juniors += block.people.iter().filter(|p| p.suffix.is_some()).count();
        }
        assert!(shared * 5 > households, "{shared} of {households}");
        assert!((0.005..0.05).contains(&(juniors as f64 / men as f64)), "{juniors} of {men}");
    }

    #[test]
    fn twins_share_a_birthday_and_not_a_name() {
        let (mut twins, mut children) = (0, 0);
        for block in blocks(400) {
            for household in &block.households {
                let people: Vec<&Person> = household.members.iter().map(|&m| &block.people[usize::from(m)]).collect();
                children += people.iter().filter(|p| p.age() < 18).count();
                for pair in people.windows(2) {
                    if pair[0].born == pair[1].born && pair[0].surname == pair[1].surname {
                        twins += 1;
                        assert_ne!(pair[0].given, pair[1].given);
                    }
                }
            }
        }
        assert!(twins > 0 && twins < children / 30, "{twins} of {children}");
    }
}
