//! Households and families: who lives with whom, who is whose child, who is called after whom.
//!
//! A block is settled household by household until its 256 people are there. A younger household is often that of a
//! child of an older one in the same block, and then shares its surname and, where a son is called after his father,
//! the whole name; some are those of twins. Wives take, keep or hyphenate names at the published rates. Families with
//! a final order are settled first: some have several, in one household or with kin near by.

pub(super) mod composition;
mod family_name;
mod people;
mod status;

use super::births::twins;
use super::places::{DWELLINGS_PER_BLOCK, DwellingId, PEOPLE_PER_BLOCK};
use super::{Block, Country, Group, Household, Institution, Person, Population, PopulationConfig, TODAY};
use crate::population::names::{SurnameCode, Tradition};
use crate::random::{Decision, Stream};
use composition::{Made, MemberPlan, Role, SIZES, inmate};
use family_name::FamilyName;
use status::{Members, Near, Standing};

/// The share of younger households with an older one of fitting age near that are its child's. Assumed.
const CHILD_LIVES_NEAR: f64 = 0.45;
/// Adults for each household whose head may be made somebody's twin, so that twins among adults are as many as were
/// born. Fitted.
const ADULTS_PER_HEAD: f64 = 1.86;
/// Households drawn, at most, until the head of one is of an age to be a child of kin near by.
const TRIES_FOR_KIN: u32 = 12;

const HOME_GROUP: Decision = Decision::named("kin.home_group");
const COMPOSITION: Decision = Decision::named("kin.composition");
const INSTITUTION: Decision = Decision::named("kin.institution");
const PERSON: Decision = Decision::named("kin.person");
const STANDING: Decision = Decision::named("kin.standing");
const ORDERS: Decision = Decision::named("kin.orders");
/// In place of a household's number, for the people of an institution.
const INMATES: u64 = PEOPLE_PER_BLOCK - 1;
const TRADITION: Decision = Decision::named("kin.tradition");
const INMATE_TRADITION: Decision = Decision::named("kin.inmate_tradition");

/// Makes the people and households of a block.
pub(super) fn settle(country: &Population, index: u64) -> Block {
    let mut settler = Settler::new(country, index);
    settler.institution();
    let mut number = 0;
    // Those with an order are settled even where an institution has taken all other room.
    while settler.left() > 0 || settler.households.len() < settler.with_orders.len() {
        settler.household(number);
        number += 1;
    }
    settler.finish()
}

/// Shares of the groups among households without an order, such that with the others they give those of the country.
pub(super) fn groups_without_order(config: &PopulationConfig) -> [f64; 6] {
    let mean_size: f64 = SIZES.iter().enumerate().map(|(i, share)| (i + 1) as f64 * share).sum();
    // Each household with orders has one and its share of those further ones that live in it.
    let orders = 1.0 / (1.0 - config.final_order_further * (1.0 - config.final_order_elsewhere));
    let in_such_households = (config.final_order * mean_size / orders).min(0.9);
    let mut shares = config.group_shares;
    for (country, among_orders) in Country::ALL.into_iter().zip(config.final_order_countries) {
        let share = &mut shares[country.group() as usize];
        *share = (*share - in_such_households * among_orders).max(0.0);
    }
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}

/// A block in the making.
struct Settler<'a> {
    country: &'a Population,
    index: u64,
    /// The first households, of families with orders.
    with_orders: Vec<WithOrders>,
    /// The number of people of the block who have an order; the first slots are kept for them.
    orders: usize,
    /// The number of these people made so far.
    orders_made: usize,
    home_group: Group,
    /// By slot.
    people: Vec<Option<Person>>,
    /// By slot: the name a person was born into.
    maiden: Vec<FamilyName>,
    next_slot: usize,
    settled: usize,
    households: Vec<Draft>,
    institution: Option<(Institution, Vec<u16>)>,
}

/// Facts about a household with orders that are known before it is drawn.
#[derive(Clone, Copy)]
struct WithOrders {
    /// The number of its members who have an order.
    orders: usize,
    country: Country,
    /// The household of the family that was settled before.
    kin: Option<usize>,
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
    /// `true` if the head has a twin.
    twin: bool,
    with_order: bool,
}

/// Draws for a household that are made before its people are.
struct Drawn {
    parts: Vec<MemberPlan>,
    /// The householder's position among the parts.
    head: usize,
    group: Group,
    /// Draws the traditions of the families in it.
    traditions: Stream,
    related: Option<Related>,
    /// Draws nativity and status.
    standings: Stream,
    /// Facts about the orders, for a household with orders.
    with_orders: Option<WithOrders>,
}

/// The kinship of the head of a new household: a child or a twin in an earlier one.
#[derive(Clone, Copy)]
enum Related {
    /// Child of a household; which of the parts is the child.
    ChildOf(usize, usize),
    /// The head is the twin of the head of a household.
    TwinOf(usize),
}

/// The properties of a person, besides those that the person's own stream draws.
#[derive(Clone, Copy)]
struct Plan {
    part: MemberPlan,
    group: Group,
    tradition: Tradition,
    standing: Standing,
    /// Slot of somebody born on the same day.
    twin: Option<u16>,
    father: Option<u16>,
    mother: Option<u16>,
    /// `true` if a father elsewhere may have given his name.
    father_elsewhere: bool,
    born_into: Option<FamilyName>,
    order: bool,
}

impl<'a> Settler<'a> {
    fn new(country: &'a Population, index: u64) -> Settler<'a> {
        let seed = country.seed();
        let orders = country.orders_in_block(index) as usize;
        Settler {
            country,
            index,
            with_orders: families_with_orders(country, index, orders),
            orders,
            orders_made: 0,
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
        self.people.len() - self.settled - (self.orders - self.orders_made)
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
        let mut standings = self.country.seed().stream(STANDING, self.index * PEOPLE_PER_BLOCK + INMATES);
        let mut members = Vec::with_capacity(size);
        for _ in 0..size {
            let group = self.neighbour(&mut stream);
            let part = inmate(kind, &mut stream);
            let alone = Members::alone(&part, group);
            let standing = alone.standings(self.country.config(), &mut standings)[0];
            let slot = self.next_slot();
            let id = self.index * PEOPLE_PER_BLOCK + u64::from(slot);
            let plan = Plan {
                part,
                group,
                tradition: Tradition::of(
                    group,
                    standing.since.is_some(),
                    self.country.seed().uniform(INMATE_TRADITION, id),
                ),
                standing,
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
        let with_orders = self.with_orders.get(number).copied();
        let orders = with_orders.map_or(0, |with| with.orders);
        let mut group = match with_orders {
            Some(with) => with.country.group(),
            None => self.neighbour(&mut stream),
        };
        // The last household takes what is left; where dwellings run short, households grow.
        let room = self.left() + orders;
        let dwellings = (DWELLINGS_PER_BLOCK as usize - 1).saturating_sub(self.households.len()).max(1);
        let least = if dwellings == 1 || room > 4 * dwellings { room.div_ceil(dwellings) } else { 1 };
        let size = self.country.composition.size(&mut stream).max(least).max(orders).min(room);
        let mut draw = || self.country.composition.household(size, orders > 0, &mut stream);
        let Made { mut parts, mut head } = draw();
        let related = match with_orders {
            None => self.related(&mut parts, head, &mut stream),
            // Kin with an order are grown children of the others, where one of that age can be had.
            Some(WithOrders { kin: Some(elder), .. }) => {
                for _ in 0..TRIES_FOR_KIN {
                    if self.child_of(elder, parts[head].age) {
                        break;
                    }
                    Made { parts, head } = draw();
                }
                self.child_of(elder, parts[head].age).then_some(Related::ChildOf(elder, head))
            }
            Some(_) => None,
        };
        if let Some(Related::ChildOf(elder, _) | Related::TwinOf(elder)) = related {
            group = self.person(self.households[elder].members[0]).group;
        }
        let seed = self.country.seed();
        let [standings, traditions] = [STANDING, TRADITION].map(|decision| seed.stream(decision, household_key));
        self.people_of(Drawn { parts, head, group, traditions, standings, related, with_orders }, &mut stream);
    }

    /// An older household of the block whose child the head or the partner may be, or a head whose twin this one is.
    fn related(&self, parts: &mut [MemberPlan], head: usize, stream: &mut Stream) -> Option<Related> {
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
            if self.child_of(i, parts[child].age) {
                return Some(Related::ChildOf(i, child));
            }
        }
        None
    }

    /// Returns `true` if somebody of that age may be a child of the couple or parent of an earlier household.
    fn child_of(&self, earlier: usize, age: f64) -> bool {
        let elder = &self.households[earlier];
        elder.father.or(elder.mother).is_some() && (19.0..42.0).contains(&(elder.head_age - age))
    }

    /// Draws the members of a household who have its orders: the householder, and the others with equal chances.
    fn who_has_orders(parts: &[MemberPlan], head: usize, with: WithOrders, stream: &mut Stream) -> Vec<bool> {
        let mut orders = vec![false; parts.len()];
        orders[head] = true;
        for _ in 1..with.orders {
            let free: Vec<usize> = (0..parts.len()).filter(|&part| !orders[part]).collect();
            if !free.is_empty() {
                orders[free[stream.below(free.len() as u64) as usize]] = true;
            }
        }
        orders
    }

    /// The status that decides that of a part whose parents or twin live near.
    fn near(&self, related: Option<Related>, head: usize) -> Option<(usize, Near)> {
        let standing = |slot: u16| Standing::of(self.person(slot));
        match related? {
            Related::ChildOf(household, child) => {
                let Draft { mother, father, .. } = self.households[household];
                let parents = [mother, father].into_iter().flatten().map(standing);
                // Born here if one of them was; else they came with her.
                let parent = parents.clone().find(|parent| parent.since.is_none()).or(parents.clone().next())?;
                Some((child, Near::Parents(parent)))
            }
            Related::TwinOf(household) => Some((head, Near::Twin(standing(self.households[household].members[0])))),
        }
    }

    fn next_order(&mut self) -> u16 {
        self.orders_made += 1;
        (self.orders_made - 1) as u16
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

/// The households of the families with orders in a block. Who else of a family has one lives with it, or with kin near.
fn families_with_orders(country: &Population, index: u64, orders: usize) -> Vec<WithOrders> {
    let mut households = Vec::new();
    if orders == 0 {
        return households;
    }
    let config = country.config();
    let mut stream = country.seed().stream(ORDERS, index);
    let mut left = orders;
    while left > 0 {
        let country_of_birth = Country::drawn(&config.final_order_countries, stream.uniform());
        let family = country.orders.family(left, &mut stream);
        left -= family;
        let first = households.len();
        households.push(WithOrders { orders: 1, country: country_of_birth, kin: None });
        for _ in 1..family {
            if stream.chance(config.final_order_elsewhere) {
                households.push(WithOrders { orders: 1, country: country_of_birth, kin: Some(first) });
            } else {
                households[first].orders += 1;
            }
        }
    }
    households
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

fn pick_group(shares: &[f64; 6], u: f64) -> Group {
    let mut left = u;
    for (group, share) in Group::ALL.into_iter().zip(shares) {
        left -= share;
        if left < 0.0 {
            return group;
        }
    }
    // Shares sum to 1 up to rounding: the largest group takes the rest.
    Group::White
}

#[cfg(test)]
mod tests;
