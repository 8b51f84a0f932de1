//! Households and families: who lives with whom, who is whose child, who is called after whom.
//!
//! A block is settled household by household until its 256 people are there. A younger household is often that of a
//! child of an older one in the same block, and then shares its surname and, where a son is called after his father,
//! the whole name; some are those of twins. Wives take, keep or hyphenate names at the published rates. Families with
//! a final order are settled first: some have several, in one household or with kin near by.

pub(super) mod composition;
mod family_name;
mod status;

use super::births::twins;
use super::places::{DWELLINGS_PER_BLOCK, DwellingId, PEOPLE_PER_BLOCK};
use super::{
    Block, Country, Group, Household, Institution, Joiner, Kin, Person, PersonId, Population, PopulationConfig, Sex,
    Suffix, TODAY,
};
use crate::population::names::{GivenCode, Origin, SurnameCode, Tradition};
use crate::random::{Decision, Stream};
use composition::{Made, MemberPlan, Role, SIZES, inmate};
use family_name::FamilyName;
use status::{Members, Near, Standing, arrived};

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
/// Given names of two parts among those born here, of the share among those born abroad. Assumed, from 0.1 to 0.6.
const COMPOUND_BORN_HERE: f64 = 1.0 / 3.0;
/// Vietnamese people born abroad whose middle name is Thi (women) or Van (men). Assumed, from 0.3 to 0.8 and 0.1 to 0.5.
const VIETNAMESE_MIDDLE: [f64; 2] = [0.6, 0.3];
/// Adults for each household whose head may be made somebody's twin, so that twins among adults are as many as were
/// born. Fitted.
const ADULTS_PER_HEAD: f64 = 1.86;
/// Least days between the births of siblings who are no twins.
const BETWEEN_BIRTHS: i32 = 280;
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
const COMPOUND_GIVEN: Decision = Decision::named("kin.compound_given");
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
    /// How many people of the block have an order; the first slots are kept for them.
    orders: usize,
    /// How many of these are made.
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

/// What is known of a household with orders before it is drawn.
#[derive(Clone, Copy)]
struct WithOrders {
    /// How many of its members have one.
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
    /// Whether the head has a twin.
    twin: bool,
    with_order: bool,
}

/// What is drawn of a household before its people are made.
struct Drawn {
    parts: Vec<MemberPlan>,
    /// Which of the parts is the householder.
    head: usize,
    group: Group,
    /// Draws the traditions of the families in it.
    traditions: Stream,
    related: Option<Related>,
    /// Draws nativity and status.
    standings: Stream,
    /// Of a household with orders.
    with_orders: Option<WithOrders>,
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
    part: MemberPlan,
    group: Group,
    tradition: Tradition,
    standing: Standing,
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

    /// Whether somebody of that age may be a child of the couple or parent of an earlier household.
    fn child_of(&self, earlier: usize, age: f64) -> bool {
        let elder = &self.households[earlier];
        elder.father.or(elder.mother).is_some() && (19.0..42.0).contains(&(elder.head_age - age))
    }

    /// Who of a household have its orders: the householder, and of the others as likely one as another.
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

    /// From whose standing that of a part follows whose parents or twin live near.
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

    /// Makes the people of a household, one after the other, and names them after each other.
    fn people_of(&mut self, household: Drawn, stream: &mut Stream) {
        let Drawn { parts, head, group, mut traditions, mut standings, related, with_orders } = household;
        let mut members: Vec<u16> = Vec::with_capacity(parts.len());
        let couple = parts[0].role == Role::Partner;
        let orders =
            with_orders.map_or_else(Vec::new, |with| Settler::who_has_orders(&parts, head, with, &mut standings));
        // Where several have orders, the couple came from one country.
        let came_together = with_orders.is_some_and(|with| with.orders > 1);
        let mixed = couple && !stream.chance(MARRIED_WITHIN_GROUP) && !came_together;
        let partner_group = if mixed { pick_group(&self.country.other_groups, stream.uniform()) } else { group };
        let members_drawn = Members {
            parts: &parts,
            head,
            group,
            partner_group,
            // Children are of their father's group, whose name they bear.
            children_group: if couple && head == 1 { partner_group } else { group },
            orders: &orders,
            kin: self.near(related, head),
        };
        let standings = members_drawn.standings(self.country.config(), &mut standings);
        let [abroad, partner_abroad] =
            [head, if couple { 1 - head } else { head }].map(|part| standings[part].since.is_some());
        let tradition = match related {
            Some(Related::ChildOf(elder, _) | Related::TwinOf(elder)) => {
                self.person(self.households[elder].members[0]).tradition
            }
            None => match with_orders {
                Some(with) => with.country.tradition(traditions.uniform()),
                None => Tradition::of(group, abroad, traditions.uniform()),
            },
        };
        let alike = partner_group == group && traditions.chance(MARRIED_WITHIN_TRADITION);
        let partner_tradition =
            if alike { tradition } else { Tradition::of(partner_group, partner_abroad, traditions.uniform()) };
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
            let order = orders.get(i).is_some_and(|order| *order);
            let slot = if order { self.next_order() } else { self.next_slot() };
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
                standing: standings[i],
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
        self.households.push(Draft {
            members,
            head_age,
            father,
            mother,
            children_name,
            children,
            twin,
            with_order: with_orders.is_some(),
        });
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
            // The name of an order is that of the documents she came with.
            if wife.final_order && wife.group == Group::Hispanic {
                return;
            }
            if let Some(taken) = maiden.taken_at_marriage(his, wife.group, wife.age(), own) {
                (wife.surname, wife.second_surname) = (taken.first, taken.second);
            }
        }
    }

    /// Makes one person.
    fn make(&mut self, slot: u16, plan: Plan, siblings: &[u16], own: &mut Stream) {
        let names = self.country.names();
        let Plan { part, group, tradition, .. } = plan;
        let origin = Origin { group, tradition, abroad: plan.standing.since.is_some() };
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
        let mut name = plan.born_into.unwrap_or_else(|| FamilyName::born_into(origin, names, own));
        // Documents of Spanish-speaking countries carry the father's first surname and the mother's.
        if plan.order && group == Group::Hispanic && own.chance(self.country.config().two_surnames_with_order) {
            name.second.get_or_insert_with(|| (Joiner::Space, names.surname(origin, own)));
        }
        let mut given = names.given(origin, part.sex, birth_year, own);
        let mut middle = own.chance(MIDDLE_NAME).then(|| names.given(origin, part.sex, birth_year, own));
        if origin.abroad && tradition == Tradition::Vietnamese && own.chance(VIETNAMESE_MIDDLE[part.sex as usize]) {
            middle = names.find_given(if part.sex == Sex::Female { "Thi" } else { "Van" });
        }
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
            compound_given: middle.is_some() && self.compound_given(slot, origin),
            surname: name.first,
            second_surname: name.second,
            suffix,
            status: plan.standing.status,
            arrived: plan.standing.since.map(|since| arrived(since, born)),
            final_order: plan.order,
            kin: Kin { father: plan.father, mother: plan.mother, spouse: None, twin: plan.twin },
        });
        if let Some(other) = plan.twin.and_then(|twin| self.people[usize::from(twin)].as_mut()) {
            other.kin.twin = Some(slot);
        }
    }

    /// Whether the given name of somebody of that origin with two names is of two parts.
    fn compound_given(&self, slot: u16, origin: Origin) -> bool {
        let share = self.country.config().compound_given * if origin.abroad { 1.0 } else { COMPOUND_BORN_HERE };
        let of_two = origin.group == Group::Hispanic || origin.tradition == Tradition::Vietnamese;
        of_two && self.country.seed().uniform(COMPOUND_GIVEN, self.index * PEOPLE_PER_BLOCK + u64::from(slot)) < share
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
mod tests;
