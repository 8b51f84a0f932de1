//! Composition of households: their sizes, their members, and the age of everybody.
//!
//! Sizes are published. The members of a household of a given size, and the age of its head, come from a fitted table.
//! The table was fitted so that all people together have the age pyramid of the country
//! (`synthetic-data/population/README.md` explains the method). Ages of children follow from the head's: from the age
//! of parents at a birth, and the age at which children leave home.

use super::super::places::normal;
use super::super::{Institution, Sex};
use crate::random::Stream;

/// Household sizes from one to eight: one 28.9 %, two 34.6 % (Current Population Survey 2022–24); the rest so that the
/// mean is 2.51.
pub(in crate::population) const SIZES: [f64; 8] = [0.289, 0.346, 0.137, 0.114, 0.060, 0.030, 0.014, 0.010];

/// The mean of [`SIZES`].
pub(super) const MEAN_SIZE: f64 = 2.51;

/// Share of boys among births: 105 to 100 girls.
const BOYS: f64 = 0.512;

/// Children at home for each that has an elder one there, who alone can be made a twin: over the sizes of families.
const CHILDREN_PER_YOUNGER: f64 = 2.0;

/// One member's part in a household, before the person is made.
#[derive(Clone, Copy)]
pub(super) struct MemberPlan {
    /// Age in years.
    pub(super) age: f64,
    /// Sex.
    pub(super) sex: Sex,
    /// Role.
    pub(super) role: Role,
}

impl MemberPlan {
    /// Returns `true` if this is a child of the household.
    pub(super) fn is_child(&self) -> bool {
        matches!(self.role, Role::Child | Role::Twin)
    }
}

/// The role of somebody in a household. Couples stand first, the man before the woman.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Role {
    /// Alone, the only parent, or the first of unrelated people.
    Single,
    /// Lives with a partner.
    Partner,
    /// Child of those.
    Child,
    /// Child, born with the one before.
    Twin,
    /// Parent of the head.
    Parent,
    /// Unrelated.
    Other,
}

/// A household before its people are made.
pub(super) struct Made {
    pub(super) parts: Vec<MemberPlan>,
    /// The householder's position among the parts.
    pub(super) head: usize,
}

#[derive(Clone, Copy)]
enum HouseholdType {
    Alone,
    Couple,
    Single,
    Grandparent,
    Unrelated,
}

/// The tables from which households are drawn.
pub(in crate::population) struct Composition {
    /// By size: running weight, kind, and the ages between which the head is.
    kinds: Vec<Vec<(f64, HouseholdType, f64, f64)>>,
    /// By the head's age from 16 on: cumulative shares of the ages of a child at home, by year.
    children: Vec<Vec<f64>>,
}

impl Composition {
    pub(in crate::population) fn new() -> Composition {
        let mut kinds = vec![Vec::new(); SIZES.len()];
        for line in include_str!("../../../synthetic-data/population/households.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |i: usize| cells[i].parse::<f64>().expect("a number in households.csv");
            let kind = match cells[1] {
                "alone" => HouseholdType::Alone,
                "couple" => HouseholdType::Couple,
                "single" => HouseholdType::Single,
                "grand" => HouseholdType::Grandparent,
                _ => HouseholdType::Unrelated,
            };
            let of_size: &mut Vec<(f64, HouseholdType, f64, f64)> = &mut kinds[number(0) as usize - 1];
            let sum = of_size.last().map_or(0.0, |last| last.0);
            of_size.push((sum + number(4), kind, number(2), number(3)));
        }
        for of_size in &mut kinds {
            let sum = of_size.last().map_or(1.0, |last| last.0);
            of_size.iter_mut().for_each(|entry| entry.0 /= sum);
        }
        Composition { kinds, children: (16..=104).map(child_ages).collect() }
    }

    /// Draws a household of `size` people. Where the head has to be of working age, another is drawn until it is.
    pub(super) fn household(&self, size: usize, working_age: bool, stream: &mut Stream) -> Made {
        let of_size = &self.kinds[size.min(SIZES.len()) - 1];
        let (kind, age) = loop {
            let u = stream.uniform();
            let &(_, kind, from, to) =
                of_size.get(of_size.partition_point(|entry| entry.0 <= u)).unwrap_or(&of_size[of_size.len() - 1]);
            let age = from + (to - from) * stream.uniform();
            if !working_age || (18.0..65.0).contains(&age) {
                break (kind, age);
            }
        };
        let mut parts = Vec::with_capacity(size);
        let mut head = 0;
        match kind {
            HouseholdType::Alone => parts.push(MemberPlan { age, sex: sex_alone(age, stream), role: Role::Single }),
            HouseholdType::Unrelated => {
                parts.push(MemberPlan { age, sex: sex(0.5, stream), role: Role::Single });
                while parts.len() < size {
                    let age = (age - 6.0 + 12.0 * stream.uniform()).clamp(18.0, 99.0);
                    parts.push(MemberPlan { age, sex: sex(0.5, stream), role: Role::Other });
                }
            }
            HouseholdType::Single => {
                // Four of five parents without a partner are mothers.
                parts.push(MemberPlan { age, sex: sex(0.8, stream), role: Role::Single });
                self.add_children(size - 1, age, &mut parts, stream);
            }
            HouseholdType::Couple | HouseholdType::Grandparent => {
                let man_is_head = stream.chance(0.5);
                let gap = 2.2 + 3.8 * normal(stream);
                let other = if man_is_head { age - gap } else { age + gap }.clamp(18.0, 99.0);
                let (his, hers) = if man_is_head { (age, other) } else { (other, age) };
                head = usize::from(!man_is_head);
                parts.push(MemberPlan { age: his, sex: Sex::Male, role: Role::Partner });
                parts.push(MemberPlan { age: hers, sex: Sex::Female, role: Role::Partner });
                let grandparent = matches!(kind, HouseholdType::Grandparent);
                self.add_children(size - 2 - usize::from(grandparent), age, &mut parts, stream);
                if let [_, _, eldest, ..] = parts[..] {
                    // The partner of the head is no child when the children are born either, nor too old.
                    let youngest = parts[parts.len() - 1].age;
                    let partner = &mut parts[1 - head];
                    partner.age = partner.age.clamp(eldest.age + 16.5, (youngest + 46.0).max(eldest.age + 16.5));
                }
                if grandparent {
                    let age = (age + 20.0 + 14.0 * stream.uniform()).min(99.0);
                    parts.push(MemberPlan { age, sex: sex_alone(age, stream), role: Role::Parent });
                }
            }
        }
        Made { parts, head }
    }

    /// Children at home, eldest first. Which are twins depends on the year and is decided when they are made.
    fn add_children(&self, count: usize, head_age: f64, parts: &mut Vec<MemberPlan>, stream: &mut Stream) {
        let ages = &self.children[(head_age as usize).clamp(16, 104) - 16];
        let first = parts.len();
        for _ in 0..count {
            let u = stream.uniform();
            let age = ages.partition_point(|&sum| sum <= u).min(ages.len() - 1) as f64 + stream.uniform();
            parts.push(MemberPlan { age, sex: sex(1.0 - BOYS, stream), role: Role::Child });
        }
        parts[first..].sort_by(|a, b| b.age.total_cmp(&a.age));
        for i in first + 1..parts.len() {
            if parts[i - 1].role != Role::Child {
                continue;
            }
            // Two neighbours in age become twins, at the age of either: so twins are of all ages that children have.
            let age = parts[if stream.chance(0.5) { i } else { i - 1 }].age;
            let year = super::super::TODAY.ymd().0 - age as i32;
            if stream.chance(super::super::births::twins(year) / 2.0 * CHILDREN_PER_YOUNGER) {
                parts[i].role = Role::Twin;
                (parts[i - 1].age, parts[i].age) = (age, age);
            }
        }
    }

    /// Draws how many people live in a household.
    pub(super) fn size(&self, stream: &mut Stream) -> usize {
        let mut left = stream.uniform();
        for (i, share) in SIZES.iter().enumerate() {
            left -= share;
            if left < 0.0 {
                return i + 1;
            }
        }
        SIZES.len()
    }
}

/// Draws a member of an institution: ages by kind, mostly men in a prison and women in a nursing home.
pub(super) fn inmate(kind: Institution, stream: &mut Stream) -> MemberPlan {
    let (from, to, women) = match kind {
        Institution::Dormitory => (18.0, 23.0, 0.55),
        Institution::Prison => (20.0, 56.0, 0.08),
        Institution::NursingHome => (70.0, 98.0, 0.66),
        Institution::Shelter => (20.0, 66.0, 0.35),
    };
    let age = from + (to - from) * stream.uniform();
    MemberPlan { age, sex: sex(women, stream), role: Role::Other }
}

fn sex(women: f64, stream: &mut Stream) -> Sex {
    if stream.chance(women) { Sex::Female } else { Sex::Male }
}

/// Women outlive men: of the old who live alone, two of three are women.
fn sex_alone(age: f64, stream: &mut Stream) -> Sex {
    let women = match age {
        a if a < 60.0 => 0.46,
        a if a < 75.0 => 0.57,
        _ => 0.68,
    };
    sex(women, stream)
}

/// Cumulative shares of the ages of a child who lives with a parent of that age.
fn child_ages(parent: i32) -> Vec<f64> {
    let mut sum = 0.0;
    let mut ages: Vec<f64> = (0..=(parent - 16).max(0))
        .map(|age| {
            sum += at_birth(parent - age) * at_home(age);
            sum
        })
        .collect();
    // Too old for children at home by the table: the eldest possible.
    match sum {
        0.0 => ages = vec![0.0; (parent - 46).max(1) as usize],
        sum => ages.iter_mut().for_each(|age| *age /= sum),
    }
    ages
}

/// The frequency of parents' ages at a birth: normal about 29.5 with 6 years' deviation, from 16 to 47. Assumed.
fn at_birth(age: i32) -> f64 {
    let z = (f64::from(age) - 29.5) / 6.0;
    if (16..=47).contains(&age) { libm::exp(-z * z / 2.0) } else { 0.0 }
}

/// The share of children of an age who live with a parent. Assumed, of the shape of survey figures: nearly all to 18,
/// half of those in their early twenties, one in six of those about thirty.
fn at_home(age: i32) -> f64 {
    let age = f64::from(age);
    match age {
        a if a < 18.0 => 1.0,
        a if a < 25.0 => 0.88 - (a - 18.0) * 0.53 / 7.0,
        a if a < 35.0 => 0.35 - (a - 25.0) * 0.025,
        a => (0.10 - (a - 35.0) * 0.005).max(0.05),
    }
}
