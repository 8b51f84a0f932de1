//! Households and families: who lives with whom, who is whose child, who is called after whom.
//!
//! A block is settled household by household until its 256 people are there. A younger household is often that of a
//! child of an older one in the same block, and then shares its surname and, where a son is called after his father,
//! the whole name; some are those of twins. Wives take, keep or hyphenate names at the published rates.

pub(super) mod composition;
mod family_name;
mod status;

use super::births::twins;
use super::places::{DWELLINGS_PER_BLOCK, DwellingId, PEOPLE_PER_BLOCK};
use super::{
    Block, Group, Household, Institution, Kin, Person, PersonId, Population, PopulationConfig, Sex, Status, Suffix,
    TODAY,
};
use crate::population::names::{GivenCode, Origin, SurnameCode, Tradition};
use crate::random::{Decision, Stream};
use composition::{Made, Part, Role, SIZES, inmate};
use family_name::FamilyName;
use status::{arrived, status, status_with_order};

/// Sons called after their father, of all sons (state vital statistics: 2 to 5 %).
const CALLED_AFTER_FATHER: f64 = 0.03;
/// Of those called after a father elsewhere, the ones in the third generation; of fathers of a Jr, those who write Sr.
/// Assumed.
const THIRD: f64 = 0.15;
const WRITES_SENIOR: f64 = 0.25;
/// Spouses of the same group. Assumed.
const MARRIED_WITHIN_GROUP: f64 = 0.90;
/// Spouses of the same group whose families are of the same tradition as well. Assumed, from 0.8 to 0.97.
const MARRIED_WITHIN_TRADITION: f64 = 0.92;
/// Of younger households with an older one of fitting age near, those that are its child's. Assumed.
const CHILD_LIVES_NEAR: f64 = 0.45;
/// People with a middle name. Assumed.
const MIDDLE_NAME: f64 = 0.75;
/// Adults for each household whose head may be made somebody's twin, so that twins among adults are as many as were
/// born. Fitted.
const ADULTS_PER_HEAD: f64 = 1.86;
/// Least days between the births of siblings who are no twins.
const BETWEEN_BIRTHS: i32 = 280;

const HOME_GROUP: Decision = Decision::named("kin.home_group");
const COMPOSITION: Decision = Decision::named("kin.composition");
const INSTITUTION: Decision = Decision::named("kin.institution");
const PERSON: Decision = Decision::named("kin.person");
const TRADITION: Decision = Decision::named("kin.tradition");
const INMATE_TRADITION: Decision = Decision::named("kin.inmate_tradition");

/// Makes the people and households of a block.
pub(super) fn settle(country: &Population, index: u64) -> Block {
    let orders = country.orders_in_block(index) as usize;
    let mut settler = Settler::new(country, index, orders);
    settler.institution();
    let mut number = 0;
    // Those with an order are settled even where an institution has taken all other room.
    while settler.left() > 0 || settler.households.len() < orders {
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
    /// By slot: the name a person was born into.
    maiden: Vec<FamilyName>,
    next_slot: usize,
    settled: usize,
    households: Vec<Draft>,
    institution: Option<(Institution, Vec<u16>)>,
}

/// A household before it has a dwelling.
struct Draft {
    /// Householder first.
    members: Vec<u16>,
    head_age: f64,
    /// Father (or the man of the house) and mother by slot, as those whose children may live near.
    father: Option<u16>,
    mother: Option<u16>,
    /// The name their children bear.
    children_name: FamilyName,
    /// Their children, at home or in a household of their own.
    children: Vec<u16>,
    /// Whether the head has a twin.
    twin: bool,
    with_order: bool,
}

/// What is drawn of a household before its people are made.
struct Drawn {
    parts: Vec<Part>,
    /// Which of the parts is the householder.
    head: usize,
    group: Group,
    /// Draws the traditions of the families in it.
    traditions: Stream,
    related: Option<Related>,
    /// Years since its adults came, if they were born abroad.
    here_since: Option<f64>,
    with_order: bool,
}

/// Whose child, or whose twin, the head of a new household is.
#[derive(Clone, Copy)]
enum Related {
    /// Child of a household; which of the parts is the child.
    ChildOf(usize, usize),
    /// The head is the twin of the head of a household.
    TwinOf(usize),
}

/// What a person is made of, besides what the person's own stream draws.
#[derive(Clone, Copy)]
struct Plan {
    part: Part,
    group: Group,
    tradition: Tradition,
    /// Years since they came, of who was born abroad.
    here_since: Option<f64>,
    /// Slot of somebody born on the same day.
    twin: Option<u16>,
    father: Option<u16>,
    mother: Option<u16>,
    /// Whether a father elsewhere may have given his name.
    father_elsewhere: bool,
    born_into: Option<FamilyName>,
    order: bool,
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
            maiden: vec![FamilyName::one(SurnameCode(0)); PEOPLE_PER_BLOCK as usize],
            next_slot: orders,
            settled: 0,
            households: Vec::with_capacity(DWELLINGS_PER_BLOCK as usize),
            institution: None,
        }
    }

    fn left(&self) -> usize {
        self.people.len() - self.settled - self.orders.saturating_sub(self.households.len())
    }

    /// Fills the institution of the block, if it has one, with people who are nobody's kin here.
    fn institution(&mut self) {
        if !self.country.places().has_institution(self.index) {
            return;
        }
        let mut stream = self.country.seed().stream(INSTITUTION, self.index);
        let kind = Institution::drawn(stream.uniform());
        // From 64 to 191 people, 128 on average.
        let size = (64 + stream.below(128) as usize).min(self.left());
        let mut members = Vec::with_capacity(size);
        for _ in 0..size {
            let group = self.neighbour(&mut stream);
            let part = inmate(kind, &mut stream);
            let abroad = stream.chance(self.country.config().born_abroad[group as usize]);
            let slot = self.next_slot();
            let id = self.index * PEOPLE_PER_BLOCK + u64::from(slot);
            let plan = Plan {
                part,
                group,
                tradition: Tradition::of(group, abroad, self.country.seed().uniform(INMATE_TRADITION, id)),
                here_since: abroad.then(|| stream.uniform() * part.age),
                twin: None,
                father: None,
                mother: None,
                father_elsewhere: true,
                born_into: None,
                order: false,
            };
            let mut own = self.person_stream(slot);
            self.make(slot, plan, &[], &mut own);
            members.push(slot);
        }
        self.settled += size;
        self.institution = Some((kind, members));
    }

    /// The group of a household or person without an order.
    fn neighbour(&self, stream: &mut Stream) -> Group {
        if stream.chance(self.country.config().clustering) {
            self.home_group
        } else {
            pick_group(&self.country.other_groups, stream.uniform())
        }
    }

    fn household(&mut self, number: usize) {
        let household_key = self.index * PEOPLE_PER_BLOCK + number as u64;
        let mut stream = self.country.seed().stream(COMPOSITION, household_key);
        let with_order = number < self.orders;
        let config = self.country.config();
        let mut group = if with_order {
            pick_group(&config.final_order_groups, stream.uniform())
        } else {
            self.neighbour(&mut stream)
        };
        // The last household takes what is left; where dwellings run short, households grow.
        let room = self.left() + usize::from(with_order);
        let dwellings = (DWELLINGS_PER_BLOCK as usize - 1).saturating_sub(self.households.len()).max(1);
        let least = if dwellings == 1 || room > 4 * dwellings { room.div_ceil(dwellings) } else { 1 };
        let size = self.country.composition.size(&mut stream).max(least).min(room);
        let Made { mut parts, head } = self.country.composition.household(size, with_order, &mut stream);
        let related = if with_order { None } else { self.related(&mut parts, head, &mut stream) };
        if let Some(Related::ChildOf(elder, _) | Related::TwinOf(elder)) = related {
            group = self.person(self.households[elder].members[0]).group;
        }
        // When they came is drawn evenly over the life of the youngest of the adults. Assumed.
        let abroad = with_order || stream.chance(config.born_abroad[group as usize]);
        let since = abroad
            .then(|| stream.uniform() * parts.iter().filter(|p| !p.is_child()).map(|p| p.age).fold(99.0, f64::min));
        let traditions = self.country.seed().stream(TRADITION, household_key);
        self.people_of(Drawn { parts, head, group, traditions, related, here_since: since, with_order }, &mut stream);
    }

    /// An older household of the block whose child the head or the partner may be, or a head whose twin this one is.
    fn related(&self, parts: &mut [Part], head: usize, stream: &mut Stream) -> Option<Related> {
        let earlier = self.households.len();
        if earlier == 0 {
            return None;
        }
        let age = parts[head].age;
        let year = TODAY.ymd().0 - age as i32;
        // The earlier a household, the fewer there are before it.
        let wanted = twins(year) / 2.0 * ADULTS_PER_HEAD * (2.0 * earlier as f64 / 100.0).min(2.0);
        if stream.chance(wanted) {
            let from = stream.below(earlier as u64) as usize;
            let fits = |&i: &usize| {
                let other = &self.households[i];
                !other.twin && !other.with_order && (other.head_age - age).abs() < 4.0
            };
            if let Some(i) = (0..earlier).map(|i| (from + i) % earlier).find(fits) {
                parts[head].age = self.households[i].head_age;
                return Some(Related::TwinOf(i));
            }
        }
        if !stream.chance(CHILD_LIVES_NEAR) {
            return None;
        }
        let couple = parts[0].role == Role::Partner;
        let child = if couple && stream.chance(0.4) { 1 - head } else { head };
        for _ in 0..4 {
            let i = stream.below(earlier as u64) as usize;
            let elder = &self.households[i];
            let gap = elder.head_age - parts[child].age;
            if !elder.with_order && elder.father.or(elder.mother).is_some() && (19.0..42.0).contains(&gap) {
                return Some(Related::ChildOf(i, child));
            }
        }
        None
    }

    /// Makes the people of a household, one after the other, and names them after each other.
    fn people_of(&mut self, household: Drawn, stream: &mut Stream) {
        let Drawn { parts, head, group, mut traditions, related, here_since, with_order } = household;
        let mut members: Vec<u16> = Vec::with_capacity(parts.len());
        let couple = parts[0].role == Role::Partner;
        let mixed = couple && !stream.chance(MARRIED_WITHIN_GROUP);
        let partner_group = if mixed { pick_group(&self.country.other_groups, stream.uniform()) } else { group };
        let abroad = here_since.is_some();
        let tradition = match related {
            Some(Related::ChildOf(elder, _) | Related::TwinOf(elder)) => {
                self.person(self.households[elder].members[0]).tradition
            }
            None => Tradition::of(group, abroad, traditions.uniform()),
        };
        let alike = partner_group == group && traditions.chance(MARRIED_WITHIN_TRADITION);
        let partner_tradition =
            if alike { tradition } else { Tradition::of(partner_group, abroad, traditions.uniform()) };
        // Children are of their father's group, whose name they bear.
        let (his_group, his_tradition) =
            if couple && head == 1 { (partner_group, partner_tradition) } else { (group, tradition) };
        let of_children = Origin { group: his_group, tradition: his_tradition, abroad };
        let married = couple && stream.chance(married(parts[head].age));
        let (mut father, mut mother) = (None, None);
        let mut children_name = FamilyName::one(SurnameCode(0));
        let mut children: Vec<u16> = Vec::new();
        let mut children_of_father = true;
        for (i, part) in parts.iter().enumerate() {
            let is_head = i == head;
            let order = is_head && with_order;
            let slot = if order { self.households.len() as u16 } else { self.next_slot() };
            let mut own = self.person_stream(slot);
            let child = part.is_child();
            if child && children.is_empty() {
                (children_name, children_of_father) = self.name_of_children(father, mother, of_children, stream);
            }
            let (group_of_part, tradition_of_part) = if child {
                (his_group, his_tradition)
            } else if couple && !is_head && part.role == Role::Partner {
                (partner_group, partner_tradition)
            } else {
                (group, tradition)
            };
            let mut plan = Plan {
                part: *part,
                group: group_of_part,
                tradition: tradition_of_part,
                here_since: here_since.filter(|&since| !child || part.age > since),
                twin: if part.role == Role::Twin { children.last().copied() } else { None },
                father: None,
                mother: None,
                father_elsewhere: true,
                born_into: None,
                order,
            };
            let mut elder = None;
            match related {
                Some(Related::ChildOf(household, which)) if which == i => {
                    let parents = &self.households[household];
                    (plan.father, plan.mother) = (parents.father, parents.mother);
                    plan.born_into = Some(parents.children_name);
                    if !is_head {
                        let elder = self.person(parents.members[0]);
                        (plan.group, plan.tradition) = (elder.group, elder.tradition);
                    }
                    elder = Some(household);
                }
                Some(Related::TwinOf(household)) if is_head => {
                    let twin = self.households[household].members[0];
                    let kin = self.person(twin).kin;
                    (plan.father, plan.mother, plan.twin) = (kin.father, kin.mother, Some(twin));
                    plan.born_into = Some(self.maiden[usize::from(twin)]);
                }
                _ => {}
            }
            if child {
                (plan.father, plan.mother) = (father.filter(|_| children_of_father), mother);
                plan.born_into = Some(children_name);
            }
            if part.role == Role::Parent {
                // The father or mother of the head; she bears the name of the head's father.
                plan.born_into = Some(self.maiden[usize::from(members[head])]);
            }
            let siblings: Vec<u16> = match elder {
                Some(household) => self.households[household].children.clone(),
                None if child => children.clone(),
                None => plan.twin.into_iter().collect(),
            };
            self.make(slot, plan, &siblings, &mut own);
            if let Some(household) = elder {
                self.households[household].children.push(slot);
            }
            match (part.role, part.sex) {
                (Role::Single | Role::Partner, Sex::Male) => father = Some(slot),
                (Role::Single | Role::Partner, Sex::Female) => mother = Some(slot),
                (Role::Parent, _) => {
                    let head_slot = members[head];
                    if let Some(head) = self.people[usize::from(head_slot)].as_mut() {
                        let link = if part.sex == Sex::Male { &mut head.kin.father } else { &mut head.kin.mother };
                        link.get_or_insert(slot);
                    }
                }
                _ => {}
            }
            if child {
                children.push(slot);
            }
            members.push(slot);
            if i == 1 && married {
                self.marry(members[0], members[1], &mut own);
            }
        }
        if children.is_empty() {
            // Those who have none at home may have some elsewhere.
            (children_name, _) = self.name_of_children(father, mother, of_children, stream);
        }
        members.swap(0, head);
        self.settled += parts.len();
        let twin = matches!(related, Some(Related::TwinOf(_)));
        if let Some(Related::TwinOf(other)) = related {
            self.households[other].twin = true;
        }
        // Drawn last, so that it disturbs nothing above: ties of age are broken at random when dwellings are given.
        let head_age = parts[head].age + 0.001 * stream.uniform();
        self.households.push(Draft { members, head_age, father, mother, children_name, children, twin, with_order });
    }

    /// The name of the children of these parents, and whether the father in the house is theirs.
    fn name_of_children(
        &self,
        father: Option<u16>,
        mother: Option<u16>,
        origin: Origin,
        stream: &mut Stream,
    ) -> (FamilyName, bool) {
        let father = father.map(|slot| self.person(slot).surname);
        let mother = mother.map(|slot| (self.person(slot).surname, self.maiden[usize::from(slot)].first));
        FamilyName::of_children(father, mother, origin, self.country.names(), stream)
    }

    /// Joins two people of a household, and gives her the name she has from now on.
    fn marry(&mut self, husband: u16, wife: u16, own: &mut Stream) {
        let his = self.person(husband).surname;
        let maiden = self.maiden[usize::from(wife)];
        if let Some(husband) = self.people[usize::from(husband)].as_mut() {
            husband.kin.spouse = Some(wife);
        }
        if let Some(wife) = self.people[usize::from(wife)].as_mut() {
            wife.kin.spouse = Some(husband);
            if let Some(taken) = maiden.taken_at_marriage(his, wife.group, wife.age(), own) {
                (wife.surname, wife.second_surname) = (taken.first, taken.second);
            }
        }
    }

    /// Makes one person.
    fn make(&mut self, slot: u16, plan: Plan, siblings: &[u16], own: &mut Stream) {
        let names = self.country.names();
        let Plan { part, group, tradition, .. } = plan;
        let origin = Origin { group, tradition, abroad: plan.here_since.is_some() };
        let mut born = self.country.births.date(part.age, own);
        if let Some(twin) = plan.twin {
            born = self.person(twin).born;
        } else {
            // A mother does not bear twice within nine months.
            for _ in 0..12 {
                if siblings.iter().all(|&s| (self.person(s).born.0 - born.0).abs() >= BETWEEN_BIRTHS) {
                    break;
                }
                let later = part.age + 2.0 * own.uniform() - 1.0;
                born = self.country.births.date(later.max(0.0), own);
            }
        }
        let birth_year = born.ymd().0;
        let name = plan.born_into.unwrap_or_else(|| FamilyName::born_into(origin, names, own));
        let mut given = names.given(origin, part.sex, birth_year, own);
        let mut middle = own.chance(MIDDLE_NAME).then(|| names.given(origin, part.sex, birth_year, own));
        let mut suffix = None;
        // A son called after his father carries the father's whole name and a suffix.
        if part.sex == Sex::Male && own.chance(CALLED_AFTER_FATHER) {
            match plan.father {
                Some(father) => {
                    let free = |given: GivenCode| siblings.iter().all(|&s| self.person(s).given != given);
                    let father = self.people[usize::from(father)].as_ref();
                    if let Some(father) = father.filter(|f| f.surname == name.first && free(f.given)) {
                        (given, middle, suffix) = (father.given, father.middle, Some(next_generation(father.suffix)));
                    }
                }
                None if plan.father_elsewhere => {
                    suffix = Some(if own.chance(THIRD) { Suffix::III } else { Suffix::Jr });
                }
                None => {}
            }
            if suffix == Some(Suffix::Jr)
                && let Some(father) = plan.father
                && own.chance(WRITES_SENIOR)
                && let Some(father) = self.people[usize::from(father)].as_mut()
            {
                father.suffix.get_or_insert(Suffix::Sr);
            }
        }
        // No two siblings share a given name.
        for _ in 0..8 {
            if suffix.is_some() || siblings.iter().all(|&s| self.person(s).given != given) {
                break;
            }
            given = names.given(origin, part.sex, birth_year, own);
        }
        let status = if plan.order {
            status_with_order(own.uniform())
        } else {
            status(plan.here_since.is_some(), own.uniform())
        };
        self.maiden[usize::from(slot)] = name;
        self.people[usize::from(slot)] = Some(Person {
            id: PersonId(self.index * PEOPLE_PER_BLOCK + u64::from(slot)),
            household: 0,
            group,
            tradition,
            abroad: origin.abroad,
            sex: part.sex,
            born,
            given,
            middle,
            surname: name.first,
            second_surname: name.second,
            suffix,
            status,
            arrived: plan.here_since.filter(|_| status != Status::CitizenByBirth).map(|since| arrived(since, born)),
            final_order: plan.order,
            kin: Kin { father: plan.father, mother: plan.mother, spouse: None, twin: plan.twin },
        });
        if let Some(other) = plan.twin.and_then(|twin| self.people[usize::from(twin)].as_mut()) {
            other.kin.twin = Some(slot);
        }
    }

    fn next_slot(&mut self) -> u16 {
        self.next_slot += 1;
        (self.next_slot - 1) as u16
    }

    fn person_stream(&self, slot: u16) -> Stream {
        self.country.seed().stream(PERSON, self.index * PEOPLE_PER_BLOCK + u64::from(slot))
    }

    fn person(&self, slot: u16) -> &Person {
        self.people[usize::from(slot)].as_ref().expect("a slot that was given out holds a person")
    }

    /// Gives the households their dwellings: the younger the householder, the more often the dwelling changes hands.
    fn finish(mut self) -> Block {
        self.households.sort_by(|a, b| a.head_age.total_cmp(&b.head_age));
        let count = self.households.len() as u64;
        let mut people: Vec<Person> = self.people.into_iter().flatten().collect();
        let first = self.index * DWELLINGS_PER_BLOCK;
        let mut households: Vec<Household> = Vec::with_capacity(self.households.len() + 1);
        for (i, draft) in self.households.into_iter().enumerate() {
            // Empty dwellings are spread evenly; the last is kept for an institution.
            let slot = i as u64 * (DWELLINGS_PER_BLOCK - 1) / count;
            households.push(Household {
                dwelling: DwellingId(first + slot),
                members: draft.members,
                institution: None,
            });
        }
        if let Some((kind, members)) = self.institution {
            let dwelling = DwellingId(first + DWELLINGS_PER_BLOCK - 1);
            households.push(Household { dwelling, members, institution: Some(kind) });
        }
        for (i, household) in households.iter().enumerate() {
            for &member in &household.members {
                people[usize::from(member)].household = i as u16;
            }
        }
        Block { index: self.index, households, people }
    }
}

/// The share of couples under one roof who are married, by the age of the householder. Assumed.
fn married(age: f64) -> f64 {
    match age {
        a if a < 25.0 => 0.45,
        a if a < 35.0 => 0.78,
        a if a < 50.0 => 0.90,
        _ => 0.95,
    }
}

/// What a son called after a father with that suffix writes.
fn next_generation(father: Option<Suffix>) -> Suffix {
    match father {
        None | Some(Suffix::Sr) => Suffix::Jr,
        Some(Suffix::Jr) => Suffix::III,
        Some(Suffix::III | Suffix::IV) => Suffix::IV,
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
    fn cousins_are_children_of_siblings_and_live_near() {
        let parents = |person: &Person| [person.kin.father, person.kin.mother].map(|p| p.map(usize::from));
        let places = Population::new(config(200 * PEOPLE_PER_BLOCK), Seed(11));
        let (mut with_cousin, mut with_grandparent, mut children) = (0, 0, 0);
        for block in blocks(200) {
            let people = &block.people;
            let grandparents = |person: &Person| -> Vec<usize> {
                parents(person).into_iter().flatten().flat_map(|p| parents(&people[p])).flatten().collect()
            };
            let dwelling = |person: &Person| block.households[usize::from(person.household)].dwelling;
            for child in people.iter().filter(|person| person.age() < 18) {
                let own = grandparents(child);
                let cousins = people.iter().filter(|other| {
                    let siblings = parents(child).iter().flatten().any(|p| parents(other).contains(&Some(*p)));
                    !siblings && grandparents(other).iter().any(|one| own.contains(one))
                });
                let mut some = false;
                for cousin in cousins {
                    some = true;
                    // Of two households, in one county, in which no parent of the one is a parent of the other.
                    let [here, there] = [child, cousin].map(dwelling);
                    assert_ne!(here, there, "{child:?} {cousin:?}");
                    let county = |dwelling: DwellingId| places.places().county_of(dwelling.block());
                    assert_eq!(county(here), county(there));
                }
                children += 1;
                with_cousin += u32::from(some);
                with_grandparent += u32::from(!own.is_empty());
            }
        }
        let [cousins, grandparents] = [with_cousin, with_grandparent].map(|n| f64::from(n) / f64::from(children));
        assert!((0.05..0.15).contains(&cousins), "{cousins}");
        assert!((0.2..0.45).contains(&grandparents), "{grandparents}");
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
