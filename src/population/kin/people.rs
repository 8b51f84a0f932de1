//! The people of a household: made one after the other, and named after each other.

use super::composition::Role;
use super::family_name::FamilyName;
use super::status::{Members, arrived};
use super::{Draft, Drawn, Plan, Related, Settler, married, pick_group};
use crate::population::names::{GivenCode, Origin, SurnameCode, Tradition};
use crate::population::places::PEOPLE_PER_BLOCK;
use crate::population::{Group, Joiner, Kin, Person, PersonId, Sex, Suffix};
use crate::random::{Decision, Stream};

/// Sons called after their father, of all sons (state vital statistics: 2 to 5 %).
const CALLED_AFTER_FATHER: f64 = 0.03;
/// The share in the third generation of those called after a father elsewhere. Assumed.
const THIRD: f64 = 0.15;
/// The share of fathers of a Jr who write Sr. Assumed.
const WRITES_SENIOR: f64 = 0.25;
/// Spouses of the same group. Assumed.
const MARRIED_WITHIN_GROUP: f64 = 0.90;
/// Spouses of the same group whose families are of the same tradition as well. Assumed, from 0.8 to 0.97.
const MARRIED_WITHIN_TRADITION: f64 = 0.92;
/// People with a middle name. Assumed.
const MIDDLE_NAME: f64 = 0.75;
/// Given names of two parts among those born here, of the share among those born abroad. Assumed, from 0.1 to 0.6.
const COMPOUND_BORN_HERE: f64 = 1.0 / 3.0;
/// Vietnamese people born abroad whose middle name is Thi (women) or Van (men). Assumed, from 0.3 to 0.8 and 0.1 to 0.5.
const VIETNAMESE_MIDDLE: [f64; 2] = [0.6, 0.3];
/// Least days between the births of siblings who are no twins.
const BETWEEN_BIRTHS: i32 = 280;
const COMPOUND_GIVEN: Decision = Decision::named("kin.compound_given");

impl Settler<'_> {
    /// Makes the people of a household, one after the other, and names them after each other.
    pub(super) fn people_of(&mut self, household: Drawn, stream: &mut Stream) {
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
        let of_children = self.named_like(Origin { group: his_group, tradition: his_tradition, abroad });
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
        let named_like = self.named_like(self.person(wife).origin());
        if let Some(husband) = self.people[usize::from(husband)].as_mut() {
            husband.kin.spouse = Some(wife);
        }
        if let Some(wife) = self.people[usize::from(wife)].as_mut() {
            wife.kin.spouse = Some(husband);
            let group = named_like.group;
            // The name of an order is that of the documents she came with.
            if wife.final_order && group == Group::Hispanic {
                return;
            }
            if let Some(taken) = maiden.taken_at_marriage(his, group, wife.age(), own) {
                (wife.surname, wife.second_surname) = (taken.first, taken.second);
            }
        }
    }

    /// The origin whose names somebody gets: the own, unless everybody is named alike.
    fn named_like(&self, origin: Origin) -> Origin {
        if self.country.altered().one_naming { Origin::born_here(Group::White) } else { origin }
    }

    /// Makes one person.
    pub(super) fn make(&mut self, slot: u16, plan: Plan, siblings: &[u16], own: &mut Stream) {
        let names = self.country.names();
        let Plan { part, group, tradition, .. } = plan;
        let abroad = plan.standing.since.is_some();
        let origin = self.named_like(Origin { group, tradition, abroad });
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
        if plan.order && origin.group == Group::Hispanic && own.chance(self.country.config().two_surnames_with_order) {
            name.second.get_or_insert_with(|| (Joiner::Space, names.surname(origin, own)));
        }
        let mut given = names.given(origin, part.sex, birth_year, own);
        let mut middle = own.chance(MIDDLE_NAME).then(|| names.given(origin, part.sex, birth_year, own));
        if origin.abroad
            && origin.tradition == Tradition::Vietnamese
            && own.chance(VIETNAMESE_MIDDLE[part.sex as usize])
        {
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
            abroad,
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

    /// Returns `true` if the two given names of somebody of that origin form one given name of two parts.
    fn compound_given(&self, slot: u16, origin: Origin) -> bool {
        let share = self.country.config().compound_given * if origin.abroad { 1.0 } else { COMPOUND_BORN_HERE };
        let of_two = origin.group == Group::Hispanic || origin.tradition == Tradition::Vietnamese;
        of_two && self.country.seed().uniform(COMPOUND_GIVEN, self.index * PEOPLE_PER_BLOCK + u64::from(slot)) < share
    }
}

/// The suffix written by a son who is called after a father with that suffix.
fn next_generation(father: Option<Suffix>) -> Suffix {
    match father {
        None | Some(Suffix::Sr) => Suffix::Jr,
        Some(Suffix::Jr) => Suffix::III,
        Some(Suffix::III | Suffix::IV) => Suffix::IV,
    }
}
