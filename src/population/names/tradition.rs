//! Traditions: the parts of a group whose given names and surnames go together.
//!
//! A family's surname and the names it gives come from one tradition: nobody draws Linh from the one and Subramanian
//! from the other unless the family is mixed. A group without parts here has the general tradition.

use crate::population::Group;

/// Share of people born abroad by group, in the order of [`super::GROUPS`]: the weight with which traditions at home and
/// abroad make those of the group. Of the size of the American Community Survey, from general knowledge.
pub(super) const BORN_ABROAD: [f64; 6] = [0.04, 0.10, 0.32, 0.62, 0.02, 0.10];

named! {
    /// The tradition that a family's names come from.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Tradition {
        /// The names of a group that is not divided here.
        General = "general",
        /// Mexico.
        Mexican = "mexican",
        /// El Salvador, Honduras, Nicaragua and their neighbours.
        CentralAmerican = "central_american",
        /// The Maya of Guatemala and southern Mexico.
        Maya = "maya",
        /// Puerto Rico, Cuba and the Dominican Republic.
        Caribbean = "caribbean",
        /// Colombia, Ecuador, Peru, Venezuela and their neighbours.
        SouthAmerican = "south_american",
        /// Haiti: French name forms.
        Haitian = "haitian",
        /// Brazil: Portuguese name forms.
        Brazilian = "brazilian",
        /// China, Taiwan and Hong Kong.
        Chinese = "chinese",
        /// India, and its neighbours of the same names.
        Indian = "indian",
        /// The Philippines.
        Filipino = "filipino",
        /// Vietnam.
        Vietnamese = "vietnamese",
        /// Korea.
        Korean = "korean",
        /// Japan.
        Japanese = "japanese",
        /// Pakistan, Bangladesh, Laos, Cambodia, Thailand, the Pacific and the rest.
        OtherAsian = "other_asian",
    }
}

impl Tradition {
    pub(super) fn named(name: &str) -> Tradition {
        Tradition::from_name(name).expect("a tradition in our own file")
    }

    /// The tradition of a class: one more than its place in [`Tradition::ALL`], or 0 for none.
    pub(super) fn of_class(class: usize) -> Option<Tradition> {
        class.checked_sub(1).map(|place| Tradition::ALL[place])
    }

    /// Returns `true` if the tradition is too small for the published tables and has a list of names of its own.
    pub(super) fn has_own_list(self) -> bool {
        matches!(self, Tradition::Maya | Tradition::Haitian | Tradition::Brazilian)
    }

    /// Returns `true` if this is a tradition of Asian and Pacific people.
    pub(super) fn is_asian(self) -> bool {
        self >= Tradition::Chinese
    }

    /// The tradition at that place of the unit interval, for a family of `group` born abroad or here.
    ///
    /// Shares of national origin are of the size of the American Community Survey of 2021 to 2023, from general
    /// knowledge: assumed, each within a quarter of itself. Indigenous families of Mexico and Guatemala count as Maya
    /// only where they bear names of that form.
    pub fn of(group: Group, abroad: bool, mut u: f64) -> Tradition {
        for &(tradition, here, foreign) in shares(group) {
            u -= if abroad { foreign } else { here };
            if u < 0.0 {
                return tradition;
            }
        }
        // Shares sum to 1 up to rounding: the first takes the rest.
        shares(group)[0].0
    }
}

/// The traditions of a group, with their shares among families born here and abroad.
pub(super) fn shares(group: Group) -> &'static [(Tradition, f64, f64)] {
    match group {
        Group::Hispanic => &[
            (Tradition::Mexican, 0.670, 0.510),
            (Tradition::CentralAmerican, 0.066, 0.180),
            (Tradition::Maya, 0.004, 0.010),
            (Tradition::Caribbean, 0.210, 0.130),
            (Tradition::SouthAmerican, 0.050, 0.170),
        ],
        Group::Black => &[(Tradition::General, 0.985, 0.84), (Tradition::Haitian, 0.015, 0.16)],
        Group::White => &[(Tradition::General, 0.999, 0.945), (Tradition::Brazilian, 0.001, 0.055)],
        Group::AsianPacific => &[
            (Tradition::Chinese, 0.230, 0.210),
            (Tradition::Indian, 0.160, 0.230),
            (Tradition::Filipino, 0.190, 0.155),
            (Tradition::Vietnamese, 0.090, 0.105),
            (Tradition::Korean, 0.080, 0.080),
            (Tradition::Japanese, 0.080, 0.025),
            (Tradition::OtherAsian, 0.170, 0.195),
        ],
        Group::Native | Group::TwoOrMore => &[(Tradition::General, 1.0, 1.0)],
    }
}

/// The share of a tradition in its whole group, born here and abroad.
pub(super) fn share_of_all(group: Group, place: usize) -> f64 {
    let (_, here, foreign) = shares(group)[place];
    let abroad = BORN_ABROAD[super::group_index(group)];
    here * (1.0 - abroad) + foreign * abroad
}

/// Every tradition of every group.
pub(super) fn kinds() -> impl Iterator<Item = (Group, Tradition)> {
    super::GROUPS.into_iter().flat_map(|group| shares(group).iter().map(move |share| (group, share.0)))
}

/// The place of a group's tradition in [`kinds`]; that of the group's first for a tradition of another group.
pub(super) fn kind(group: Group, tradition: Tradition) -> usize {
    let before: usize = super::GROUPS.iter().take_while(|of| **of != group).map(|of| shares(*of).len()).sum();
    let place = place(group, tradition);
    before + if place < shares(group).len() { place } else { 0 }
}

/// The place of a tradition among those of its group; past the end for one of another group.
pub(super) fn place(group: Group, tradition: Tradition) -> usize {
    let shares = shares(group);
    shares.iter().position(|share| share.0 == tradition).unwrap_or(shares.len())
}

/// The names that mark a tradition: kind (given or surname), tradition and name.
pub(super) fn marks(kind: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    let text = include_str!("../../../synthetic-data/names/traditions.csv");
    text.lines().skip(1).map(super::cells::<3>).filter(move |cells| cells[0] == kind)
}

/// The source of somebody's names, besides sex and birth year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Census category.
    pub group: Group,
    /// The part of the group.
    pub tradition: Tradition,
    /// `true` if the person was named abroad.
    pub abroad: bool,
}

impl Origin {
    /// A person of the first tradition of a group, born here.
    pub fn born_here(group: Group) -> Origin {
        Origin { group, tradition: shares(group)[0].0, abroad: false }
    }

    /// All origins that occur: each tradition of each group, born here and abroad.
    pub fn all() -> impl Iterator<Item = Origin> {
        kinds().flat_map(|(group, tradition)| [false, true].map(|abroad| Origin { group, tradition, abroad }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditions_of_each_group_sum_to_one_and_are_drawn_at_their_shares() {
        for group in super::super::GROUPS {
            let [here, abroad] = shares(group).iter().fold([0.0; 2], |[a, b], share| [a + share.1, b + share.2]);
            assert!((here - 1.0).abs() < 1e-9 && (abroad - 1.0).abs() < 1e-9, "{group:?} {here} {abroad}");
            for (tradition, here, foreign) in shares(group) {
                for (abroad, share) in [(false, here), (true, foreign)] {
                    let hits = (0..1000).filter(|i| Tradition::of(group, abroad, f64::from(*i) / 1000.0) == *tradition);
                    assert!((hits.count() as f64 / 1000.0 - share).abs() < 0.002, "{tradition:?}");
                }
            }
        }
        let listed: std::collections::BTreeSet<Tradition> = Origin::all().map(|origin| origin.tradition).collect();
        assert_eq!(listed.into_iter().collect::<Vec<_>>(), Tradition::ALL);
    }
}
