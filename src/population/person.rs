//! One invented person, as the person truly is: [`Person`].

use super::names::{Bearer, GivenCode, Origin, SurnameCode, Tradition};
use super::places::PEOPLE_PER_BLOCK;
use super::{Group, Sex, Status, TODAY};
use crate::record::Date;

/// The number of a person: the block's number times [`PEOPLE_PER_BLOCK`], plus the slot in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub u64);

impl PersonId {
    /// The block the person belongs to.
    pub fn block(self) -> u64 {
        self.0 / PEOPLE_PER_BLOCK
    }

    /// The person's slot in the block.
    pub fn slot(self) -> usize {
        (self.0 % PEOPLE_PER_BLOCK) as usize
    }
}

/// One invented person, as the person truly is.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The person's number.
    pub id: PersonId,
    /// The household's position in the block's list.
    pub household: u16,
    /// Census category.
    pub group: Group,
    /// The part of the group that the person's names come from.
    pub tradition: Tradition,
    /// `true` if the person was born abroad.
    pub abroad: bool,
    /// Sex.
    pub sex: Sex,
    /// Date of birth.
    pub born: Date,
    /// Given name.
    pub given: GivenCode,
    /// Middle name, or the second part of a given name of two, where there is one.
    pub middle: Option<GivenCode>,
    /// `true` if the two are one given name: María Guadalupe.
    pub compound_given: bool,
    /// Surname, or the first of two.
    pub surname: SurnameCode,
    /// Second surname and how it is joined to the first, where there are two.
    pub second_surname: Option<(Joiner, SurnameCode)>,
    /// Generational suffix.
    pub suffix: Option<Suffix>,
    /// Citizenship or immigration status.
    pub status: Status,
    /// The day of arrival, of who was born abroad.
    pub arrived: Option<Date>,
    /// `true` if a final order is on record. It is a matter apart from status.
    pub final_order: bool,
    /// Kin in the same block.
    pub kin: Kin,
}

/// Those of a person's parents, spouse and twin who are in the same block, by slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kin {
    /// Father.
    pub father: Option<u16>,
    /// Mother.
    pub mother: Option<u16>,
    /// Husband or wife; partners who are not married are none.
    pub spouse: Option<u16>,
    /// Twin.
    pub twin: Option<u16>,
}

impl Person {
    /// Age today in whole years.
    pub fn age(&self) -> i32 {
        let (year, month, day) = TODAY.ymd();
        let (y, m, d) = self.born.ymd();
        year - y - i32::from((month, day) < (m, d))
    }

    /// The middle name, of who has one beside the given name.
    pub fn middle_name(&self) -> Option<GivenCode> {
        self.middle.filter(|_| !self.compound_given)
    }

    /// The origin of the person's names.
    pub fn origin(&self) -> Origin {
        Origin { group: self.group, tradition: self.tradition, abroad: self.abroad }
    }

    /// The properties on which the person's names depend. `block` is everybody of the person's block.
    pub fn bearer(&self, block: &[Person]) -> Bearer {
        let spouse = self.kin.spouse.map(|slot| &block[usize::from(slot)]);
        let taken = spouse.filter(|spouse| spouse.surname == self.surname && spouse.sex != self.sex);
        let surname = taken.unwrap_or(self);
        Bearer {
            surname: (surname.group, surname.tradition),
            origin: self.origin(),
            sex: self.sex,
            year: self.born.ymd().0,
        }
    }

    /// Given name and surname, the first of two: what makes a namesake.
    pub fn called(&self) -> (GivenCode, SurnameCode) {
        (self.given, self.surname)
    }

    /// Returns `true` if the other person, of the same block, is a parent or a child.
    pub fn is_parent_or_child_of(&self, other: &Person) -> bool {
        let parent =
            |child: &Person, of: &Person| [child.kin.father, child.kin.mother].contains(&Some(of.id.slot() as u16));
        self.id.block() == other.id.block() && (parent(self, other) || parent(other, self))
    }
}

/// The way two surnames are written as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joiner {
    /// García-López.
    Hyphen,
    /// García López.
    Space,
}

/// A suffix that tells generations of one name apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// The elder of two.
    Sr,
    /// The younger of two.
    Jr,
    /// Called after a Jr.
    III,
    /// Called after a III.
    IV,
}

impl Suffix {
    /// As files write it.
    pub fn text(self) -> &'static str {
        match self {
            Suffix::Sr => "Sr",
            Suffix::Jr => "Jr",
            Suffix::III => "III",
            Suffix::IV => "IV",
        }
    }
}
