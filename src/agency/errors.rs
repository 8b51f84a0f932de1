//! The closed, ordered catalogue of what can go wrong between a person and a record.
//!
//! An error of a kind is *drawn* for a cell when the cell's own uniform number is below the kind's rate. Draws are
//! keyed by agency, kind, cell and person, so raising a rate only adds errors, and taking one error away leaves every
//! other as it was. Errors are made in catalogue order, as they happen to a record: the address is out of date before
//! it is mistyped, and mistyped before the whole line is replaced by a placeholder, which then masks the earlier ones.

use super::{Agency, Draft, Subject};
use crate::population::Population;
use crate::population::places::DwellingId;
use crate::random::{Decision, Stream};
use crate::record::{Date, Field};

/// A kind of error. The order is the order in which errors are made and, when a wrong return is explained, the order
/// in which they are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The address is one where the household lived some years ago.
    OldAddress,
    /// The number is that of another member of the household.
    NumberOfRelative,
    /// The given name is a diminutive: Bill for William, Lupe for Guadalupe.
    Nickname,
    /// One keystroke is wrong: a letter replaced by a neighbour on the keyboard, left out, put in, or two exchanged.
    Typing,
    /// One digit is wrong, in a date, a house number, a postal code or an identity number.
    WrongDigit,
    /// The unit is left out of an address in a building of several.
    MissingUnit,
    /// The address line holds a text that is no address.
    PlaceholderAddress,
    /// The cell is blank.
    Missing,
}

impl ErrorKind {
    /// All kinds, in catalogue order.
    pub const ALL: [ErrorKind; 8] = [
        ErrorKind::OldAddress,
        ErrorKind::NumberOfRelative,
        ErrorKind::Nickname,
        ErrorKind::Typing,
        ErrorKind::WrongDigit,
        ErrorKind::MissingUnit,
        ErrorKind::PlaceholderAddress,
        ErrorKind::Missing,
    ];

    /// The word used in scenarios, files and results.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::OldAddress => "old_address",
            ErrorKind::NumberOfRelative => "number_of_relative",
            ErrorKind::Nickname => "nickname",
            ErrorKind::Typing => "typing",
            ErrorKind::WrongDigit => "wrong_digit",
            ErrorKind::MissingUnit => "missing_unit",
            ErrorKind::PlaceholderAddress => "placeholder_address",
            ErrorKind::Missing => "missing",
        }
    }

    /// The cells it can happen to, each with a draw of its own.
    fn cells(self) -> &'static [Cell] {
        const MISSING: [Cell; 7] =
            [Cell::GIVEN, Cell::MIDDLE, Cell::SUFFIX, Cell::SEX, Cell::BORN, Cell::HOUSE, Cell::ZIP];
        match self {
            ErrorKind::OldAddress | ErrorKind::PlaceholderAddress => &[Cell::ADDRESS],
            ErrorKind::NumberOfRelative => &[Cell::NUMBER],
            ErrorKind::Nickname => &[Cell::GIVEN],
            ErrorKind::Typing => &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::STREET, Cell::CITY],
            ErrorKind::WrongDigit => &[Cell::BORN, Cell::HOUSE, Cell::ZIP, Cell::NUMBER],
            ErrorKind::MissingUnit => &[Cell::UNIT],
            ErrorKind::Missing => &MISSING,
        }
    }
}

impl Agency<'_> {
    /// The draws of one error about one person: whether it happens, then how.
    fn stream(&self, error: ErrorRef, subject: Subject<'_>) -> Stream {
        const ERRORS: Decision = Decision::named("errors");
        let decision = ERRORS.about(error.kind as u64).about(self.side as u64 * 16 + u64::from(error.cell.0));
        self.seed.stream(decision, subject.person.id.0)
    }
}

/// What an error happened to: one cell of a record, or its whole address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(u8);

static FIELDS: [Field; 13] = Field::NAMED;
static ADDRESS_FIELDS: [Field; 6] = Field::ADDRESS;

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

    /// The fields it covers.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Cell::ADDRESS => &ADDRESS_FIELDS,
            Cell(field) => std::slice::from_ref(&FIELDS[usize::from(field)]),
        }
    }

    /// The word used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Cell::ADDRESS => "address",
            Cell(field) => FIELDS[usize::from(field)].name(),
        }
    }

    /// Its place in a [`Draft`]; the address begins at the house number.
    pub(super) fn index(self) -> usize {
        match self {
            Cell::ADDRESS => usize::from(Cell::HOUSE.0),
            Cell(field) => usize::from(field),
        }
    }
}

/// How often each kind of error happens to each cell it can happen to; at 0 it never does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
        ErrorSet(self.0 | 1 << ErrorSet::bit(error))
    }

    /// Whether the error is in the set.
    pub fn contains(self, error: ErrorRef) -> bool {
        self.0 >> ErrorSet::bit(error) & 1 == 1
    }

    // Fourteen cells, eight kinds: 112 bits.
    fn bit(error: ErrorRef) -> u32 {
        error.kind as u32 * 14 + u32::from(error.cell.0)
    }
}

/// What one error did to one cell.
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
}

/// Makes the drawn errors in a draft, in catalogue order, but for those `without`; notes each change.
pub(super) fn make(
    agency: &Agency<'_>,
    subject: Subject<'_>,
    without: ErrorSet,
    draft: &mut Draft,
    mut changes: Option<&mut Vec<Change>>,
) {
    for kind in ErrorKind::ALL {
        let rate = agency.config.errors.of(kind);
        if rate == 0.0 {
            continue;
        }
        for &cell in kind.cells() {
            let error = ErrorRef { kind, cell };
            let mut stream = agency.stream(error, subject);
            if !stream.chance(rate) || without.contains(error) {
                continue;
            }
            let before = changes.is_some().then(|| draft.clone());
            happen(agency, error, subject, draft, &mut stream);
            if let (Some(changes), Some(before)) = (changes.as_deref_mut(), before) {
                for field in cell.fields() {
                    let (old, new) = (before.get(field), draft.get(field));
                    if old != new {
                        changes.push(Change { error, field, before: old.to_string(), after: new.to_string() });
                    }
                }
            }
        }
    }
}

/// The dwelling whose address an agency recorded for somebody: today's, or an old one.
pub(super) fn recorded_dwelling(agency: &Agency<'_>, subject: Subject<'_>) -> DwellingId {
    let error = ErrorRef { kind: ErrorKind::OldAddress, cell: Cell::ADDRESS };
    let mut stream = agency.stream(error, subject);
    let today = subject.household().dwelling;
    if stream.chance(agency.config.errors.of(error.kind)) { old_dwelling(agency, subject, &mut stream) } else { today }
}

fn old_dwelling(agency: &Agency<'_>, subject: Subject<'_>, stream: &mut Stream) -> DwellingId {
    let years = u64::from(agency.config.old_address_years.max(1));
    let years_ago = 1 + stream.below(years) as u32;
    agency.country.places().dwelling_years_ago(subject.household().dwelling, years_ago)
}

/// One error happens to a draft. It may leave it as it was: who has no nickname keeps the name.
fn happen(agency: &Agency<'_>, error: ErrorRef, subject: Subject<'_>, draft: &mut Draft, stream: &mut Stream) {
    let country = agency.country;
    let cell = error.cell.index();
    match error.kind {
        ErrorKind::OldAddress => {
            let then = old_dwelling(agency, subject, stream);
            draft.set_address(&country.address(then));
        }
        ErrorKind::NumberOfRelative => {
            let others = subject.household().members.iter().filter(|&&m| usize::from(m) != subject.person.id.slot());
            let count = others.clone().count() as u64;
            // Where no number was asked for, nobody else's was written down either.
            if count > 0
                && !draft.cells[cell].is_empty()
                && let Some(&slot) = others.clone().nth(stream.below(count) as usize)
            {
                draft.cells[cell] = country.number(subject.block.people[usize::from(slot)].id);
            }
        }
        ErrorKind::Nickname => {
            let nicknames = country.names().nicknames(&draft.cells[cell]);
            if !nicknames.is_empty() {
                draft.cells[cell] = nicknames[stream.below(nicknames.len() as u64) as usize].to_string();
            }
        }
        ErrorKind::Typing => draft.cells[cell] = mistyped(&draft.cells[cell], stream),
        ErrorKind::WrongDigit => {
            let wrong = match error.cell {
                Cell::NUMBER => wrong_number(country, &draft.cells[cell], stream),
                Cell::BORN => wrong_date(&draft.cells[cell], stream),
                _ => wrong_digit(&draft.cells[cell], stream),
            };
            draft.cells[cell] = wrong;
        }
        ErrorKind::MissingUnit | ErrorKind::Missing => draft.cells[cell].clear(),
        ErrorKind::PlaceholderAddress => {
            // Texts reported of the address field of the list of 2025; the last two hold something like a postal code.
            const TEXTS: [(&str, &str); 5] = [
                ("FAILED TO PROVIDE", ""),
                ("UNKNOWN ADDRESS", ""),
                ("NA NA", ""),
                ("UNKNOWN ADDRESS", "00000"),
                ("FAILED TO PROVIDE", "00000"),
            ];
            let (street, zip) = TEXTS[stream.below(TEXTS.len() as u64) as usize];
            for part in &mut draft.cells[Cell::HOUSE.index()..=Cell::ZIP.index()] {
                part.clear();
            }
            draft.cells[Cell::STREET.index()].push_str(street);
            draft.cells[Cell::ZIP.index()].push_str(zip);
        }
    }
}

/// One wrong keystroke: a substitution (67 %), deletion (18 %), insertion (12 %) or transposition (3 %), which are the
/// shares of single errors in F. J. Damerau (1964), CACM 7, 171–176.
fn mistyped(text: &str, stream: &mut Stream) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.is_empty() {
        return String::new();
    }
    let at = stream.below(letters.len() as u64) as usize;
    let kind = stream.uniform();
    if kind < 0.67 {
        letters[at] = neighbour(letters[at], stream);
    } else if kind < 0.85 && letters.len() > 1 {
        letters.remove(at);
    } else if kind < 0.97 || at + 1 >= letters.len() {
        let put_in = neighbour(letters[at], stream);
        letters.insert(at, put_in);
    } else {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// A key beside the one of that letter on a QWERTY keyboard, in the same case; a letter it does not know gives one of
/// the row below.
fn neighbour(letter: char, stream: &mut Stream) -> char {
    const KEYS: [(char, &str); 26] = [
        ('a', "qwsz"),
        ('b', "vghn"),
        ('c', "xdfv"),
        ('d', "serfcx"),
        ('e', "wsdr"),
        ('f', "drtgvc"),
        ('g', "ftyhbv"),
        ('h', "gyujnb"),
        ('i', "ujko"),
        ('j', "huikmn"),
        ('k', "jiolm"),
        ('l', "kop"),
        ('m', "njk"),
        ('n', "bhjm"),
        ('o', "iklp"),
        ('p', "ol"),
        ('q', "wa"),
        ('r', "edft"),
        ('s', "awedxz"),
        ('t', "rfgy"),
        ('u', "yhji"),
        ('v', "cfgb"),
        ('w', "qase"),
        ('x', "zsdc"),
        ('y', "tghu"),
        ('z', "asx"),
    ];
    let lower = letter.to_ascii_lowercase();
    let near = KEYS.iter().find(|(key, _)| *key == lower).map_or("zxcvbnm", |(_, near)| near);
    let chosen = char::from(near.as_bytes()[stream.below(near.len() as u64) as usize]);
    if letter.is_uppercase() { chosen.to_ascii_uppercase() } else { chosen }
}

/// The text with one of its digits replaced by another.
fn wrong_digit(text: &str, stream: &mut Stream) -> String {
    let digits: Vec<usize> = text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(i, _)| i).collect();
    if digits.is_empty() {
        return text.to_string();
    }
    let at = digits[stream.below(digits.len() as u64) as usize];
    let old = text.as_bytes()[at] - b'0';
    let new = (u64::from(old) + 1 + stream.below(9)) % 10;
    format!("{}{new}{}", &text[..at], &text[at + 1..])
}

/// A date with one wrong digit that is still a date; after a few failures the date stays as it is.
fn wrong_date(text: &str, stream: &mut Stream) -> String {
    (0..8)
        .map(|_| wrong_digit(text, stream))
        .find(|wrong| Date::parse(wrong).is_some())
        .unwrap_or_else(|| text.to_string())
}

/// Another number of the country's space: as many of the wrong numbers are somebody's as numbers are issued.
fn wrong_number(country: &Population, text: &str, stream: &mut Stream) -> String {
    let in_space = |wrong: &str| wrong[2..].parse::<u64>().is_ok_and(|value| value < country.number_space());
    if text.len() < 3 {
        return text.to_string();
    }
    (0..8).map(|_| wrong_digit(text, stream)).find(|wrong| in_space(wrong)).unwrap_or_else(|| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    fn stream(key: u64) -> Stream {
        Seed(1).stream(Decision::named("test"), key)
    }

    #[test]
    fn a_wrong_keystroke_changes_one_letter_also_beyond_ascii() {
        for key in 0..500 {
            for name in ["García", "Ōe", "Nuñez-Ibáñez", "Li"] {
                let wrong = mistyped(name, &mut stream(key));
                assert!(strsim::damerau_levenshtein(name, &wrong) <= 1, "{name} {wrong}");
            }
        }
        assert_eq!(mistyped("", &mut stream(1)), "");
    }

    #[test]
    fn a_wrong_digit_is_always_another_digit() {
        for key in 0..500 {
            let wrong = wrong_digit("Q10234", &mut stream(key));
            assert_eq!(strsim::hamming("Q10234", &wrong), Ok(1));
            assert!(wrong.starts_with('Q'));
            assert!(Date::parse(&wrong_date("1984-02-29", &mut stream(key))).is_some());
        }
        assert_eq!(wrong_digit("no digit", &mut stream(1)), "no digit");
    }

    #[test]
    fn a_set_of_errors_holds_what_was_put_in() {
        let mut set = ErrorSet::NONE;
        let mut put = Vec::new();
        for kind in ErrorKind::ALL {
            for &cell in kind.cells() {
                let error = ErrorRef { kind, cell };
                assert!(!set.contains(error));
                assert!(ErrorSet::ALL.contains(error));
                set = set.with(error);
                put.push(error);
            }
        }
        assert!(put.iter().all(|&error| set.contains(error)));
    }
}
