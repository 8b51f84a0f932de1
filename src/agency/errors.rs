//! The closed, ordered catalogue of what can go wrong between a person and a record.
//!
//! An error of a kind is *drawn* for a cell when the cell's own uniform number is below the kind's rate. Draws are
//! keyed by agency, kind, cell and person, so raising a rate only adds errors, and taking one error away leaves every
//! other as it was. Errors are made in catalogue order, as they happen to a record: the address is out of date before
//! it is mistyped, and mistyped before the whole line is replaced by a placeholder, which then masks the earlier ones.

use crate::record::Field;
use std::ops::Range;

/// A kind of error. The order is the order in which errors are made and, when a wrong return is explained, the order
/// in which they are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The address is one where the household lived some years ago.
    OldAddress,
    /// The city is called by another name, that of a quarter or of the place next to it.
    CityAlias,
    /// The address is a post office box.
    PoBox,
    /// The type or direction of the street is abbreviated: St for Street, N for North.
    StreetAbbreviated,
    /// The street has another type: Avenue for Street.
    StreetTypeWrong,
    /// The street has another direction, or has lost the one it has.
    DirectionWrong,
    /// The number is that of another member of the household.
    NumberOfRelative,
    /// The number is that of somebody else in the country; the name stays the person's own.
    BorrowedNumber,
    /// The number is that of somebody who died.
    NumberOfDead,
    /// The number was made up, and issued to nobody.
    InventedNumber,
    /// The value is that of another member of the household.
    CopiedFromHousehold,
    /// The surname is the one before marriage.
    MaidenName,
    /// Of two surnames only the first is kept.
    SecondSurnameDropped,
    /// Of two surnames the second stands first.
    SurnamesSwapped,
    /// Of a given name of two parts one is kept: María, or Ma. Guadalupe, for María Guadalupe.
    GivenPartLost,
    /// The parts of a name are written as one: Delacruz.
    CompoundJoined,
    /// A name is written in parts: Mc Donald, García López for García-López.
    CompoundSplit,
    /// The given name is a diminutive: Bill for William, Lupe for Guadalupe.
    Nickname,
    /// The given name is an initial.
    InitialForGiven,
    /// The middle name is an initial.
    InitialForMiddle,
    /// The name is written as another romanisation has it: Chang for Zhang, Mohamed for Muhammad.
    OtherRomanisation,
    /// The name is written as it was heard: Filip for Philip.
    Misheard,
    /// The generational suffix is left out.
    SuffixLost,
    /// The generational suffix stands behind the given name.
    SuffixInGivenName,
    /// The middle name or its initial stands behind the given name.
    MiddleInGivenName,
    /// The middle initial stands before the surname.
    MiddleInSurname,
    /// Given name and surname have changed places.
    NamesExchanged,
    /// Accents, and the tilde of ñ, are lost.
    AccentsLost,
    /// A character is read as one that looks like it: rn for m, 7 for 1.
    Misread,
    /// One keystroke is wrong: a letter replaced by a neighbour on the keyboard, left out, put in, or two exchanged.
    Typing,
    /// The year of birth is one too early or too late.
    YearOff,
    /// Day and month of birth have changed places.
    DayMonthExchanged,
    /// One digit is wrong, in a date, a house number or an identity number.
    WrongDigit,
    /// One digit of the postal code is wrong, most often one of the last.
    WrongZipDigit,
    /// Two neighbouring digits have changed places.
    DigitsTransposed,
    /// The sex is the other one.
    WrongSex,
    /// The unit is left out of an address in a building of several.
    MissingUnit,
    /// The city's last characters stand in the next column, the state's.
    ShiftedColumn,
    /// The whole name stands in one column, surname first, and is cut at the column's end.
    TruncatedByLayout,
    /// The value is cut at the length of its field.
    Truncated,
    /// The day of birth is 1 January of the right year.
    DefaultBirthday,
    /// The date of birth is a date that stands for none: 1900-01-01.
    PlaceholderDate,
    /// The name is a text that is no name: John Doe, UNKNOWN.
    PlaceholderName,
    /// The address is that of an institution, an office or a place of detention.
    InstitutionAddress,
    /// The address line holds a text that is no address.
    PlaceholderAddress,
    /// The whole address is blank.
    BlankAddress,
    /// The cell is blank.
    Missing,
    /// The record carries the name, birth date and number of somebody else, under whose name the person works or files.
    BorrowedIdentity,
    /// The record carries the name, birth date and number of somebody else: two people were taken for one upstream.
    MergedIdentity,
}

/// What the catalogue says about a kind.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The kind.
    pub kind: ErrorKind,
    /// The word used in scenarios, files and results.
    pub name: &'static str,
    /// The cells it can happen to, each with a draw of its own.
    pub cells: &'static [Cell],
    /// How it comes about, and to whom.
    pub story: &'static str,
}

/// One line of the table below.
const fn entry(kind: ErrorKind, name: &'static str, cells: &'static [Cell], story: &'static str) -> Entry {
    Entry { kind, name, cells, story }
}

/// The catalogue, in order.
#[rustfmt::skip]
pub const CATALOGUE: [Entry; ErrorKind::ALL.len()] = [
    entry(ErrorKind::OldAddress, "old_address", &[Cell::ADDRESS],
        "The household moved and the file was not told."),
    entry(ErrorKind::CityAlias, "city_alias", &[Cell::CITY],
        "A postal code has one preferred city and several accepted ones."),
    entry(ErrorKind::PoBox, "po_box", &[Cell::ADDRESS],
        "Mail goes to a box, and the box is what is on file."),
    entry(ErrorKind::StreetAbbreviated, "street_abbreviated", &[Cell::STREET],
        "People and forms abbreviate street types and directions."),
    entry(ErrorKind::StreetTypeWrong, "street_type_wrong", &[Cell::STREET],
        "The type of a street is what is remembered least."),
    entry(ErrorKind::DirectionWrong, "direction_wrong", &[Cell::STREET],
        "A direction is left out, put in or mistaken."),
    entry(ErrorKind::NumberOfRelative, "number_of_relative", &[Cell::NUMBER],
        "Numbers of a household stand on one page."),
    entry(ErrorKind::BorrowedNumber, "borrowed_number", &[Cell::NUMBER],
        "Somebody works or files under a number issued to another, and under the own name."),
    entry(ErrorKind::NumberOfDead, "number_of_dead", &[Cell::NUMBER],
        "Somebody works or files under the number of a person who died."),
    entry(ErrorKind::InventedNumber, "invented_number", &[Cell::NUMBER],
        "Somebody works or files under a number made up, which was issued to nobody."),
    entry(ErrorKind::CopiedFromHousehold, "copied_from_household", &[Cell::GIVEN, Cell::BORN],
        "A line of the form is filled with the value of the line above."),
    entry(ErrorKind::MaidenName, "maiden_name", &[Cell::SURNAME],
        "One file was told of the marriage and the other was not; happens to women who live with a husband of their surname."),
    entry(ErrorKind::SecondSurnameDropped, "second_surname_dropped", &[Cell::SURNAME],
        "A form for one surname keeps the first of two."),
    entry(ErrorKind::SurnamesSwapped, "surnames_swapped", &[Cell::SURNAME],
        "Whoever takes the last word for the surname puts the second first."),
    entry(ErrorKind::GivenPartLost, "given_part_lost", &[Cell::GIVEN],
        "Of a given name of two parts (María Guadalupe, Thi Lan) the file keeps one, or has the second for a middle name, or abbreviates the first; happens to people who have such a name."),
    entry(ErrorKind::CompoundJoined, "compound_joined", &[Cell::GIVEN, Cell::SURNAME],
        "A field without spaces or hyphens joins the parts of a name."),
    entry(ErrorKind::CompoundSplit, "compound_split", &[Cell::GIVEN, Cell::SURNAME],
        "A hyphen becomes a space, or a space is put into a name."),
    entry(ErrorKind::Nickname, "nickname", &[Cell::GIVEN],
        "The person is asked for a name and gives the one in use."),
    entry(ErrorKind::InitialForGiven, "initial_for_given", &[Cell::GIVEN],
        "An initial is given for the name."),
    entry(ErrorKind::InitialForMiddle, "initial_for_middle", &[Cell::MIDDLE],
        "Forms ask for a middle initial."),
    entry(ErrorKind::OtherRomanisation, "other_romanisation", &[Cell::GIVEN, Cell::SURNAME],
        "A name of another script has several spellings in this one; happens to names that have another here."),
    entry(ErrorKind::Misheard, "misheard", &[Cell::GIVEN, Cell::SURNAME],
        "The name was spoken, and whoever wrote it down did not ask."),
    entry(ErrorKind::SuffixLost, "suffix_lost", &[Cell::SUFFIX],
        "The suffix is not asked for, or not given."),
    entry(ErrorKind::SuffixInGivenName, "suffix_in_given_name", &[Cell::GIVEN],
        "There is no field for the suffix, so it goes behind the given name."),
    entry(ErrorKind::MiddleInGivenName, "middle_in_given_name", &[Cell::GIVEN],
        "The middle name, mostly its initial, runs on to the given name; happens to people who have one."),
    entry(ErrorKind::MiddleInSurname, "middle_in_surname", &[Cell::SURNAME],
        "The middle initial runs on to the surname; happens to people who have a middle name."),
    entry(ErrorKind::NamesExchanged, "names_exchanged", &[Cell::NAME],
        "Surname first is the custom, or the form's order was misread."),
    entry(ErrorKind::AccentsLost, "accents_lost", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME],
        "The keyboard or the file has no accents; a file in ASCII loses all."),
    entry(ErrorKind::Misread, "misread", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::HOUSE, Cell::STREET, Cell::ZIP, Cell::NUMBER],
        "Handwriting or print was read by eye or machine; almost all such errors replace a character (Pollock and Zamora 1984)."),
    entry(ErrorKind::Typing, "typing", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::STREET, Cell::CITY],
        "Shares of the four keystrokes after Damerau (1964); the first letter is wrong in 7.8 %, the second in 11.7 %, the third in 19.2 % (Pollock and Zamora 1984)."),
    entry(ErrorKind::YearOff, "year_off", &[Cell::BORN],
        "The age was asked for, and the year worked out from it."),
    entry(ErrorKind::DayMonthExchanged, "day_month_exchanged", &[Cell::BORN],
        "The person writes the day first and the form wants the month first."),
    entry(ErrorKind::WrongDigit, "wrong_digit", &[Cell::BORN, Cell::HOUSE, Cell::NUMBER],
        "A digit is mistaken in copying."),
    entry(ErrorKind::WrongZipDigit, "wrong_zip_digit", &[Cell::ZIP],
        "The postal code is guessed from a neighbouring one: the five digits are wrong as 4, 4, 20, 36 and 36 (pseudopeople)."),
    entry(ErrorKind::DigitsTransposed, "digits_transposed", &[Cell::HOUSE, Cell::NUMBER],
        "Two digits are typed in the wrong order."),
    entry(ErrorKind::WrongSex, "wrong_sex", &[Cell::SEX],
        "The wrong box is ticked."),
    entry(ErrorKind::MissingUnit, "missing_unit", &[Cell::UNIT],
        "The building is known and the door is not."),
    entry(ErrorKind::ShiftedColumn, "shifted_column", &[Cell::CITY],
        "A file of fixed columns was read by a layout whose city column is too short: what is left of a long name stands at the beginning of the state's column, and the code is pushed out."),
    entry(ErrorKind::TruncatedByLayout, "truncated_by_layout", &[Cell::NAME],
        "Surname, given name, middle name and suffix share one column; a long surname leaves less room for what follows."),
    entry(ErrorKind::Truncated, "truncated", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::STREET, Cell::CITY],
        "The field has so many characters and no more; the lengths are the agency's."),
    entry(ErrorKind::DefaultBirthday, "default_birthday", &[Cell::BORN],
        "Only the year is known, and the system wants a day."),
    entry(ErrorKind::PlaceholderDate, "placeholder_date", &[Cell::BORN],
        "An old system's records had no date, and the new one wanted one: 1900-01-01."),
    entry(ErrorKind::PlaceholderName, "placeholder_name", &[Cell::NAME],
        "The name was not given: John or Jane Doe, UNKNOWN, FNU for a given name unknown."),
    entry(ErrorKind::InstitutionAddress, "institution_address", &[Cell::ADDRESS],
        "The agency wrote down the office, shelter or place of detention where it met the person; many share one."),
    entry(ErrorKind::PlaceholderAddress, "placeholder_address", &[Cell::ADDRESS],
        "The field must not be empty, so a text is put in."),
    entry(ErrorKind::BlankAddress, "blank_address", &[Cell::ADDRESS],
        "No address was taken down."),
    entry(ErrorKind::Missing, "missing", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::SUFFIX, Cell::SEX, Cell::BORN, Cell::HOUSE, Cell::ZIP],
        "The cell was left blank."),
    entry(ErrorKind::BorrowedIdentity, "borrowed_identity", &[Cell::IDENTITY],
        "Somebody works or files as the owner of a number, under the owner's name and birth date; here somebody of the same neighbourhood, who may be a relative."),
    entry(ErrorKind::MergedIdentity, "merged_identity", &[Cell::IDENTITY],
        "Two people were taken for one when files were joined, so the record of one goes by the identity of the other; here somebody of the same neighbourhood."),
];

impl ErrorKind {
    /// All kinds, in catalogue order.
    pub const ALL: [ErrorKind; 49] = [
        ErrorKind::OldAddress,
        ErrorKind::CityAlias,
        ErrorKind::PoBox,
        ErrorKind::StreetAbbreviated,
        ErrorKind::StreetTypeWrong,
        ErrorKind::DirectionWrong,
        ErrorKind::NumberOfRelative,
        ErrorKind::BorrowedNumber,
        ErrorKind::NumberOfDead,
        ErrorKind::InventedNumber,
        ErrorKind::CopiedFromHousehold,
        ErrorKind::MaidenName,
        ErrorKind::SecondSurnameDropped,
        ErrorKind::SurnamesSwapped,
        ErrorKind::GivenPartLost,
        ErrorKind::CompoundJoined,
        ErrorKind::CompoundSplit,
        ErrorKind::Nickname,
        ErrorKind::InitialForGiven,
        ErrorKind::InitialForMiddle,
        ErrorKind::OtherRomanisation,
        ErrorKind::Misheard,
        ErrorKind::SuffixLost,
        ErrorKind::SuffixInGivenName,
        ErrorKind::MiddleInGivenName,
        ErrorKind::MiddleInSurname,
        ErrorKind::NamesExchanged,
        ErrorKind::AccentsLost,
        ErrorKind::Misread,
        ErrorKind::Typing,
        ErrorKind::YearOff,
        ErrorKind::DayMonthExchanged,
        ErrorKind::WrongDigit,
        ErrorKind::WrongZipDigit,
        ErrorKind::DigitsTransposed,
        ErrorKind::WrongSex,
        ErrorKind::MissingUnit,
        ErrorKind::ShiftedColumn,
        ErrorKind::TruncatedByLayout,
        ErrorKind::Truncated,
        ErrorKind::DefaultBirthday,
        ErrorKind::PlaceholderDate,
        ErrorKind::PlaceholderName,
        ErrorKind::InstitutionAddress,
        ErrorKind::PlaceholderAddress,
        ErrorKind::BlankAddress,
        ErrorKind::Missing,
        ErrorKind::BorrowedIdentity,
        ErrorKind::MergedIdentity,
    ];

    /// What the catalogue says about it.
    pub fn entry(self) -> &'static Entry {
        &CATALOGUE[self as usize]
    }

    /// The word used in scenarios, files and results.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<ErrorKind> {
        ErrorKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The cells it can happen to, each with a draw of its own.
    pub fn cells(self) -> &'static [Cell] {
        self.entry().cells
    }

    /// Whether it is an error in a name, which depends on what kind of name it is.
    pub fn is_of_names(self) -> bool {
        self.cells().iter().all(|cell| *cell == Cell::NAME || cell.0 <= Cell::SUFFIX.0)
    }

    /// Whether what it writes does not depend on what stood there, so that earlier errors of the field are masked.
    pub fn replaces(self) -> bool {
        use ErrorKind::*;
        matches!(
            self,
            OldAddress
                | PoBox
                | NumberOfRelative
                | BorrowedNumber
                | NumberOfDead
                | InventedNumber
                | CopiedFromHousehold
                | MaidenName
                | WrongSex
                | MissingUnit
                | PlaceholderDate
                | PlaceholderName
                | InstitutionAddress
                | PlaceholderAddress
                | BlankAddress
                | Missing
                | BorrowedIdentity
                | MergedIdentity
        )
    }
}

/// What an error happened to: one cell of a record, its whole name or its whole address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(pub(super) u8);

static FIELDS: [Field; 14] = Field::NAMED;
static IDENTITY: [Field; 7] =
    [Field::GivenName, Field::MiddleName, Field::Surname, Field::Suffix, Field::Sex, Field::DateOfBirth, Field::Number];

impl Cell {
    pub(super) const GIVEN: Cell = Cell(0);
    pub(super) const MIDDLE: Cell = Cell(1);
    pub(super) const SURNAME: Cell = Cell(2);
    pub(super) const SUFFIX: Cell = Cell(3);
    pub(super) const SEX: Cell = Cell(4);
    pub(super) const BORN: Cell = Cell(5);
    pub(super) const HOUSE: Cell = Cell(6);
    pub(super) const STREET: Cell = Cell(7);
    pub(super) const UNIT: Cell = Cell(8);
    pub(super) const CITY: Cell = Cell(9);
    pub(super) const ZIP: Cell = Cell(11);
    pub(super) const NUMBER: Cell = Cell(12);
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

    /// Whether it is of the address, whole or in part.
    pub(super) fn is_of_address(self) -> bool {
        self == Cell::ADDRESS || (Cell::HOUSE..=Cell::ZIP).contains(&self)
    }
}

/// A named field by its place in a draft.
pub(super) fn field(index: usize) -> &'static Field {
    &FIELDS[index]
}

/// How often each kind of error happens to each cell it can happen to; at 0 it never does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorRates([f64; ErrorKind::ALL.len()]);

impl ErrorRates {
    /// Rates from a function of the kind.
    pub fn from_fn(rate: impl Fn(ErrorKind) -> f64) -> ErrorRates {
        ErrorRates(ErrorKind::ALL.map(rate))
    }

    /// The rate of a kind.
    pub fn of(&self, kind: ErrorKind) -> f64 {
        self.0[kind as usize]
    }
}

/// An error of one kind in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorRef {
    /// What happened.
    pub kind: ErrorKind,
    /// To what.
    pub cell: Cell,
}

impl ErrorRef {
    /// Every error there can be, in catalogue order.
    pub fn all() -> impl Iterator<Item = ErrorRef> {
        CATALOGUE.iter().flat_map(|entry| entry.cells.iter().map(|&cell| ErrorRef { kind: entry.kind, cell }))
    }

    /// Its place among [`ErrorRef::all`].
    fn number(self) -> u32 {
        let within = self.kind.cells().iter().position(|cell| *cell == self.cell).unwrap_or(0);
        FIRST_NUMBERS[self.kind as usize] + within as u32
    }
}

/// The number of the first error of each kind.
const FIRST_NUMBERS: [u32; ErrorKind::ALL.len()] = {
    let mut numbers = [0; ErrorKind::ALL.len()];
    let mut kind = 1;
    while kind < numbers.len() {
        numbers[kind] = numbers[kind - 1] + CATALOGUE[kind - 1].cells.len() as u32;
        kind += 1;
    }
    let last = numbers.len() - 1;
    // The set below has a bit for each.
    assert!(numbers[last] as usize + CATALOGUE[last].cells.len() <= 128);
    numbers
};

/// A set of errors to leave out when a record is made again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorSet(u128);

impl ErrorSet {
    /// No error: the record is made as it is.
    pub const NONE: ErrorSet = ErrorSet(0);
    /// Every error: the record is made as it should be.
    pub const ALL: ErrorSet = ErrorSet(u128::MAX);

    /// The set with one more error.
    pub fn with(self, error: ErrorRef) -> ErrorSet {
        ErrorSet(self.0 | 1 << error.number())
    }

    /// Whether the error is in the set.
    pub fn contains(self, error: ErrorRef) -> bool {
        self.0 >> error.number() & 1 == 1
    }
}

/// What one error did to one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The error.
    pub error: ErrorRef,
    /// The field whose value it changed.
    pub field: &'static Field,
    /// The value before.
    pub before: String,
    /// The value after.
    pub after: String,
    /// Whether a later error replaced the field, so that nothing of this one is left to see.
    pub masked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_in_order_and_says_everything_of_every_kind() {
        for (kind, entry) in ErrorKind::ALL.into_iter().zip(&CATALOGUE) {
            assert_eq!(kind, entry.kind);
            assert_eq!(ErrorKind::from_name(entry.name), Some(kind));
            assert!(!entry.cells.is_empty() && !entry.story.is_empty(), "{kind:?}");
        }
        assert!(ErrorKind::ALL.is_sorted());
    }

    #[test]
    fn a_set_of_errors_holds_what_was_put_in() {
        let mut set = ErrorSet::NONE;
        for error in ErrorRef::all() {
            assert!(!set.contains(error), "{error:?}");
            assert!(ErrorSet::ALL.contains(error));
            set = set.with(error);
        }
        assert!(ErrorRef::all().all(|error| set.contains(error)));
    }
}
