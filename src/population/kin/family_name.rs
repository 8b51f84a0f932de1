//! Surnames of families: what people are born into, what children bear, what wives take.

use super::super::names::{Names, Origin, SurnameCode};
use super::super::{Group, Joiner};
use crate::random::Stream;

/// Women in opposite-sex marriages who kept their name, by group: 10 % of white, 9 % of Black, 30 % of Hispanic women
/// (Pew Research Center, April 2023). The other groups are not published; with these the whole is the published 14 %.
const KEPT_NAME: [f64; 6] = [0.10, 0.09, 0.30, 0.22, 0.14, 0.14];
/// The same by age, over all ages: 20 % of wives under 50 and 9 % of older ones kept theirs.
const KEPT_UNDER_50: f64 = 1.38;
const KEPT_FROM_50: f64 = 0.68;
/// Wives who joined both names by a hyphen: 5 % (the same). By group nothing is published, but a voter file has hyphens
/// in 0.5 % of white and 6.8 % of Hispanic surnames, and 5 % of white wives alone would make more than twice the
/// former. So these are fitted to both as well as they go together.
const HYPHENATED_AT_MARRIAGE: [f64; 6] = [0.013, 0.030, 0.19, 0.02, 0.02, 0.05];

/// Share of people born into two surnames written with a hyphen, and with a space, by group: such that with wives who
/// hyphenate, and those who gave up two names for one, they are the shares of the North Carolina voter file of 2022 (as computed by the authors of pseudopeople).
const BORN_WITH_HYPHEN: [f64; 6] = [0.0021, 0.0077, 0.0272, 0.0023, 0.0028, 0.0066];
const BORN_WITH_SPACE: [f64; 6] = [0.0043, 0.0051, 0.1540, 0.0099, 0.0045, 0.0254];

/// Couples with children that are not the man's and bear another name. Assumed.
const STEPFAMILY: f64 = 0.10;
/// The share of lone mothers whose children bear her name: she kept her husband's, or they were given hers. Assumed.
const CHILDREN_BEAR_HERS: f64 = 0.5;

/// The parts of a family's name.
#[derive(Clone, Copy)]
pub(super) struct FamilyName {
    pub first: SurnameCode,
    pub second: Option<(Joiner, SurnameCode)>,
}

impl FamilyName {
    /// One surname.
    pub fn one(first: SurnameCode) -> FamilyName {
        FamilyName { first, second: None }
    }

    /// The name that somebody of an origin is born into whose parents are not known.
    pub fn born_into(origin: Origin, names: &Names, stream: &mut Stream) -> FamilyName {
        let first = names.surname(origin, stream);
        let second = joined_at_birth(origin.group, stream).map(|joiner| (joiner, names.surname(origin, stream)));
        FamilyName { first, second }
    }

    /// The name of the children of these parents, and whether the father in the house is theirs. `mother` is her
    /// surname and the one she was born into.
    ///
    /// In the two-surname tradition a child has the father's first surname and then the mother's; otherwise the
    /// father's alone. A father elsewhere has a name of his own.
    pub fn of_children(
        father: Option<SurnameCode>,
        mother: Option<(SurnameCode, SurnameCode)>,
        origin: Origin,
        names: &Names,
        stream: &mut Stream,
    ) -> (FamilyName, bool) {
        let two = joined_at_birth(origin.group, stream);
        let here = father.is_some() && (mother.is_none() || !stream.chance(STEPFAMILY));
        let his = match (father, mother) {
            (Some(father), _) if here => father,
            (None, Some((hers, _))) if stream.chance(CHILDREN_BEAR_HERS) => hers,
            _ => names.surname(origin, stream),
        };
        let second = two.map(|joiner| {
            let hers = mother.map_or_else(|| names.surname(origin, stream), |(_, maiden)| maiden);
            (joiner, hers)
        });
        (FamilyName { first: his, second }, here)
    }

    /// The name that a woman born into this one has from her marriage on, to a man of the surname `his`; `None` if she
    /// keeps hers.
    pub fn taken_at_marriage(
        self,
        his: SurnameCode,
        group: Group,
        age: i32,
        stream: &mut Stream,
    ) -> Option<FamilyName> {
        let u = stream.uniform();
        let by_age = if age < 50 { KEPT_UNDER_50 } else { KEPT_FROM_50 };
        // The rate for Hispanic women is published as a whole, and kept as it is at every age.
        let by_age = if group == Group::Hispanic { 1.0 } else { by_age };
        let kept = KEPT_NAME[group as usize] * by_age;
        if u >= kept + HYPHENATED_AT_MARRIAGE[group as usize] {
            Some(FamilyName::one(his))
        } else if u >= kept && self.first != his {
            Some(FamilyName { first: self.first, second: Some((Joiner::Hyphen, his)) })
        } else {
            None
        }
    }
}

/// The joiner of two surnames, if somebody is born into two.
fn joined_at_birth(group: Group, stream: &mut Stream) -> Option<Joiner> {
    let u = stream.uniform();
    let hyphen = BORN_WITH_HYPHEN[group as usize];
    if u < hyphen {
        Some(Joiner::Hyphen)
    } else if u < hyphen + BORN_WITH_SPACE[group as usize] {
        Some(Joiner::Space)
    } else {
        None
    }
}
