//! The places in a record that an error can happen to: [`Cell`].

use crate::record::Field;
use std::ops::Range;

/// The place of an error: one cell of a record, its whole name or its whole address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(pub(super) u8);

static FIELDS: [Field; 14] = Field::NAMED;
static IDENTITY: [Field; 7] =
    [Field::GivenName, Field::MiddleName, Field::Surname, Field::Suffix, Field::Sex, Field::DateOfBirth, Field::Number];

impl Cell {
    /// The given name.
    pub const GIVEN: Cell = Cell(0);
    /// The middle name.
    pub const MIDDLE: Cell = Cell(1);
    /// The surname.
    pub const SURNAME: Cell = Cell(2);
    /// The generational suffix.
    pub const SUFFIX: Cell = Cell(3);
    /// The sex.
    pub const SEX: Cell = Cell(4);
    /// The date of birth.
    pub const BORN: Cell = Cell(5);
    /// The house number.
    pub const HOUSE: Cell = Cell(6);
    /// The street.
    pub const STREET: Cell = Cell(7);
    /// The unit.
    pub const UNIT: Cell = Cell(8);
    /// The city.
    pub const CITY: Cell = Cell(9);
    /// The postal code.
    pub const ZIP: Cell = Cell(11);
    /// The identity number.
    pub const NUMBER: Cell = Cell(12);
    /// The whole address, house number to postal code.
    pub const ADDRESS: Cell = Cell(13);
    /// The whole name, given name to suffix.
    pub const NAME: Cell = Cell(14);
    /// Name, sex, date of birth and number: all by which a person is known.
    pub const IDENTITY: Cell = Cell(15);

    /// The fields it covers.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Cell::ADDRESS => &FIELDS[usize::from(Cell::HOUSE.0)..=usize::from(Cell::ZIP.0)],
            Cell::NAME => &FIELDS[..=usize::from(Cell::SUFFIX.0)],
            Cell::IDENTITY => &IDENTITY,
            Cell(field) => std::slice::from_ref(&FIELDS[usize::from(field)]),
        }
    }

    /// The word used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Cell::ADDRESS => "address",
            Cell::NAME => "name",
            Cell::IDENTITY => "identity",
            Cell(field) => FIELDS[usize::from(field)].name(),
        }
    }

    /// Its place in a draft; the address begins at the house number, the name at the given name.
    pub(super) const fn index(self) -> usize {
        match self {
            Cell::ADDRESS => Cell::HOUSE.0 as usize,
            Cell::NAME | Cell::IDENTITY => Cell::GIVEN.0 as usize,
            Cell(field) => field as usize,
        }
    }

    /// The places in a draft that an error in it can change: one in a name may move what belongs to another part of the
    /// name, one in an address any of its parts.
    pub(super) fn reach(self) -> Range<usize> {
        match self {
            Cell::IDENTITY => 0..FIELDS.len(),
            cell if cell == Cell::NAME || cell <= Cell::SUFFIX => Cell::GIVEN.index()..Cell::SUFFIX.index() + 1,
            cell if cell.is_of_address() => Cell::HOUSE.index()..Cell::ZIP.index() + 1,
            cell => cell.index()..cell.index() + 1,
        }
    }

    /// Tells whether the cell is the address or a part of it.
    pub(super) fn is_of_address(self) -> bool {
        self == Cell::ADDRESS || (Cell::HOUSE..=Cell::ZIP).contains(&self)
    }
}

/// A named field by its place in a draft.
pub(super) fn field(index: usize) -> &'static Field {
    &FIELDS[index]
}
