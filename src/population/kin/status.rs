//! The birthplace, arrival and status of the members of a household. They are drawn for the household as a whole, since
//! spouses are mostly alike, and a child's status follows from where the child was born and from the parents' status.

use super::super::{Group, Person, PopulationConfig, Status, TODAY};
use super::composition::{MEAN_SIZE, MemberPlan, Role, SIZES};
use crate::random::Stream;
use crate::record::Date;

/// Years after which people are naturalised at the earliest (Immigration and Nationality Act, section 316).
const YEARS_TO_NATURALISE: f64 = 5.0;

/// The nativity and status of somebody.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Standing {
    /// Years since the person came, of who was born abroad.
    pub(super) since: Option<f64>,
    pub(super) status: Status,
}

impl Standing {
    const BORN_HERE: Standing = Standing { since: None, status: Status::CitizenByBirth };

    /// The standing of somebody who was made before.
    pub(super) fn of(person: &Person) -> Standing {
        let years = |arrived: Date| f64::from(TODAY.0 - arrived.0) / 365.2425;
        Standing { since: person.arrived.map(years), status: person.status }
    }

    /// Without a status, or waiting for one.
    fn is_without_status(&self) -> bool {
        matches!(self.status, Status::NoneRecorded | Status::Pending)
    }
}

/// The inputs to the standings of a household.
pub(super) struct Members<'a> {
    pub(super) parts: &'a [MemberPlan],
    /// The householder's position among the parts.
    pub(super) head: usize,
    /// The householder's group.
    pub(super) group: Group,
    pub(super) partner_group: Group,
    pub(super) children_group: Group,
    /// By part: who has an order; empty where nobody has.
    pub(super) orders: &'a [bool],
    /// One of the parts whose parents or twin live near, and their standing.
    pub(super) kin: Option<(usize, Near)>,
}

/// Kin near by from whose standing somebody's follows.
#[derive(Clone, Copy)]
pub(super) enum Near {
    /// Parents, of whom the mother, or who is there of the two, stands so.
    Parents(Standing),
    /// The twin.
    Twin(Standing),
}

impl<'a> Members<'a> {
    /// One person without kin here.
    pub(super) fn alone(part: &'a MemberPlan, group: Group) -> Members<'a> {
        let parts = std::slice::from_ref(part);
        Members { parts, head: 0, group, partner_group: group, children_group: group, orders: &[], kin: None }
    }

    /// Draws the standing of each part.
    pub(super) fn standings(&self, config: &PopulationConfig, stream: &mut Stream) -> Vec<Standing> {
        let draw = Draw { config };
        let mut standings = vec![Standing::BORN_HERE; self.parts.len()];
        // The householder, or whoever's kin live near, is drawn first, and the other adults beside that one.
        let first = self.kin.map_or(self.head, |(part, _)| part);
        let limit = self.latest_arrival();
        standings[first] = match self.kin {
            _ if self.with_order(first) => draw.with_order(limit, stream),
            Some((part, Near::Parents(parents))) => {
                draw.child(self.parts[part].age, &[parents], self.group(part), stream)
            }
            Some((_, Near::Twin(twin))) => twin,
            None => {
                let abroad = draw.born_abroad_in(self.parts.len(), self.group(first));
                draw.anybody_of(abroad, self.parts[first].age, self.group(first), stream)
            }
        };
        for (i, part) in self.parts.iter().enumerate().filter(|(i, part)| *i != first && !part.is_child()) {
            let beside = standings[if part.role == Role::Parent { self.head } else { first }];
            standings[i] = match part.role {
                _ if self.with_order(i) => draw.with_order_beside(standings[first], limit, stream),
                // Who was born abroad has parents who were.
                Role::Parent if beside.since.is_some() => draw.came_with(beside, part.age, self.group(i), stream),
                _ => draw.beside(beside, part.age, self.group(i), stream),
            };
        }
        // Of a couple the mother is the second.
        let couple = self.parts[0].role == Role::Partner;
        let both = [standings[usize::from(couple)], standings[0]];
        let parents = if couple { &both[..] } else { &both[..1] };
        for (i, part) in self.parts.iter().enumerate().filter(|(_, part)| part.is_child()) {
            standings[i] = match part.role {
                _ if self.with_order(i) => draw.with_order_beside(standings[first], limit, stream),
                // Twins are born in one place.
                Role::Twin => {
                    let twin = standings[i - 1];
                    if self.with_order(i - 1) { draw.child(part.age, parents, self.group(i), stream) } else { twin }
                }
                _ => draw.child(part.age, parents, self.group(i), stream),
            };
        }
        standings
    }

    fn with_order(&self, part: usize) -> bool {
        self.orders.get(part).is_some_and(|order| *order)
    }

    fn group(&self, part: usize) -> Group {
        match self.parts[part].role {
            Role::Child | Role::Twin => self.children_group,
            Role::Partner if part != self.head => self.partner_group,
            _ => self.group,
        }
    }

    /// The latest possible arrival of those with an order, in years before today: they came together, after all of them
    /// were born.
    fn latest_arrival(&self) -> f64 {
        let with_order = self.parts.iter().zip(self.orders).filter(|(_, order)| **order);
        with_order.map(|(part, _)| part.age).fold(99.0, f64::min)
    }
}

struct Draw<'a> {
    config: &'a PopulationConfig,
}

impl Draw<'_> {
    /// The chance that the householder of so many people was born abroad.
    fn born_abroad_in(&self, members: usize, group: Group) -> f64 {
        let beyond_mean = members.min(SIZES.len()) as f64 - MEAN_SIZE;
        self.config.born_abroad[group as usize] * (1.0 + self.config.larger_households_abroad * beyond_mean).max(0.0)
    }

    fn anybody(&self, age: f64, group: Group, stream: &mut Stream) -> Standing {
        self.anybody_of(self.config.born_abroad[group as usize], age, group, stream)
    }

    fn anybody_of(&self, born_abroad: f64, age: f64, group: Group, stream: &mut Stream) -> Standing {
        if stream.chance(born_abroad) { self.abroad(age, group, stream) } else { Standing::BORN_HERE }
    }

    /// Statuses of people of the group born abroad.
    fn shares(&self, group: Group) -> &[f64; 6] {
        match group {
            Group::Hispanic => &self.config.status_hispanic,
            _ => &self.config.status_others,
        }
    }

    /// Somebody born abroad. When the person came is drawn evenly over the years in which it may have been. Assumed.
    fn abroad(&self, age: f64, group: Group, stream: &mut Stream) -> Standing {
        let status = pick_status(self.shares(group), stream.uniform());
        let least = if status == Status::Naturalised { YEARS_TO_NATURALISE.min(age) } else { 0.0 };
        Standing { since: Some(least + stream.uniform() * (age - least)), status }
    }

    /// An adult who lives with that one: alike in nativity and in status at the stated chances, and drawn alone else.
    fn beside(&self, other: Standing, age: f64, group: Group, stream: &mut Stream) -> Standing {
        if other.is_without_status() {
            return self.beside_without_status(other, age, group, stream);
        }
        if !stream.chance(self.config.alike_nativity) {
            self.anybody(age, group, stream)
        } else if other.since.is_some() {
            self.came_with(other, age, group, stream)
        } else {
            Standing::BORN_HERE
        }
    }

    /// An adult who lives with somebody without a status.
    fn beside_without_status(&self, other: Standing, age: f64, group: Group, stream: &mut Stream) -> Standing {
        let PopulationConfig {
            citizen_beside_without_status: citizen, resident_beside_without_status: resident, ..
        } = *self.config;
        let u = stream.uniform();
        let later = stream.uniform() * age;
        if u < citizen {
            // As many of these citizens were born here as of all citizens of the group.
            let abroad = self.config.born_abroad[group as usize];
            let naturalised = abroad * self.shares(group)[Status::Naturalised as usize];
            let by_birth = 1.0 - abroad;
            match stream.chance(naturalised / (naturalised + by_birth).max(f64::MIN_POSITIVE)) {
                true => Standing { since: Some(later.max(YEARS_TO_NATURALISE.min(age))), status: Status::Naturalised },
                false => Standing::BORN_HERE,
            }
        } else if u < citizen + resident {
            Standing { since: Some(later), status: Status::PermanentResident }
        } else {
            Standing { since: other.since.map(|since| since.min(age)), status: other.status }
        }
    }

    /// Somebody born abroad who came with that one.
    fn came_with(&self, other: Standing, age: f64, group: Group, stream: &mut Stream) -> Standing {
        let mut own = self.abroad(age, group, stream);
        if stream.chance(self.config.alike_status) {
            own = Standing { since: other.since.map(|since| since.min(age)), status: other.status };
        }
        own
    }

    /// Somebody with an order who came `limit` years ago at most.
    fn with_order(&self, limit: f64, stream: &mut Stream) -> Standing {
        let status = pick_status(&self.config.status_with_order, stream.uniform());
        let since = stream.uniform() * limit;
        if status == Status::CitizenByBirth { Standing::BORN_HERE } else { Standing { since: Some(since), status } }
    }

    /// Somebody with an order in the household of that one.
    fn with_order_beside(&self, other: Standing, limit: f64, stream: &mut Stream) -> Standing {
        let own = self.with_order(limit, stream);
        let came = other.since.map(|since| since.min(limit));
        if stream.chance(self.config.alike_status) && other.is_without_status() {
            Standing { since: came, status: other.status }
        } else {
            Standing { since: own.since.map(|since| came.unwrap_or(since)), ..own }
        }
    }

    /// A child of these parents, the mother first: born here if one of them was or if she was here by then. Who came as
    /// a minor and still is one is what she is, or naturalised with a parent; who has grown up stands alike at the
    /// stated chance.
    fn child(&self, age: f64, parents: &[Standing], group: Group, stream: &mut Stream) -> Standing {
        let mother = parents[0];
        let Some(since) = mother.since.filter(|&since| age > since && parents.iter().all(|p| p.since.is_some())) else {
            return Standing::BORN_HERE;
        };
        let status = if age >= 18.0 && !stream.chance(self.config.alike_status) {
            self.abroad(age, group, stream).status
        } else if age < 18.0 && parents.iter().any(|parent| parent.status == Status::Naturalised) {
            Status::Naturalised
        } else {
            mother.status
        };
        Standing { since: Some(since), status }
    }
}

/// The day on which somebody came who was born on that day and has been here for so many years.
pub(super) fn arrived(since: f64, born: Date) -> Date {
    Date((TODAY.0 - (since * 365.2425) as i32).max(born.0))
}

/// The status at that place of the unit interval, by shares in the order of [`Status::ALL`].
fn pick_status(shares: &[f64; 6], mut u: f64) -> Status {
    for (status, share) in Status::ALL.into_iter().zip(shares) {
        u -= share;
        if u < 0.0 {
            return status;
        }
    }
    // Shares sum to 1 up to rounding.
    Status::NoneRecorded
}
