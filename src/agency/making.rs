//! A record in the making: which errors are drawn about somebody, and what each does to the record.

use super::capture::Luck;
use super::errors::{Cell, Change, ErrorKind, ErrorRef, ErrorSet, field};
use super::{Agency, Draft, Subject, numbers, texts};
use crate::population::places::{DWELLINGS_PER_BLOCK, DwellingId};
use crate::population::{Population, Sex};
use crate::random::{Decision, Stream};
use crate::record::{Date, Field};
use crate::scenario::{DateFormat, Letters, Numbers};

/// The luck that applies to a record: the person's own, and that of whoever the address was given by.
struct Lucks {
    own: Luck,
    address: Luck,
}

impl Lucks {
    fn of(agency: &Agency<'_>, subject: Subject<'_>) -> Lucks {
        let capture = &agency.config.capture;
        let own = capture.luck(agency.seed, agency.country, subject.person);
        let filer = &subject.block.people[agency.filer(subject)];
        let address =
            if filer.id == subject.person.id { own } else { capture.luck(agency.seed, agency.country, filer) };
        Lucks { own, address }
    }

    fn for_cell(&self, cell: Cell) -> &Luck {
        if cell.is_of_address() { &self.address } else { &self.own }
    }
}

/// The errors drawn about somebody, in catalogue order, whether or not they find anything to change.
pub(super) fn drawn(agency: &Agency<'_>, subject: Subject<'_>) -> Vec<ErrorRef> {
    let (capture, lucks) = (&agency.config.capture, Lucks::of(agency, subject));
    let happens = |&i: &usize| {
        let luck = lucks.for_cell(capture.error(i).cell);
        capture.drawn(i, agency.side, agency.seed, luck, subject.person.id).is_some()
    };
    (0..capture.len()).filter(happens).map(|i| capture.error(i)).collect()
}

/// Makes the drawn errors in a draft, in catalogue order, but for those `without`; notes each change. Gives the errors
/// that found something to change.
pub(super) fn make(
    agency: &Agency<'_>,
    subject: Subject<'_>,
    without: ErrorSet,
    draft: &mut Draft,
    changes: Option<&mut Vec<Change>>,
) -> ErrorSet {
    let mut made = ErrorSet::NONE;
    let (capture, lucks) = (&agency.config.capture, Lucks::of(agency, subject));
    let (mut noted, mut before) = (Vec::new(), Draft::default());
    for i in 0..capture.len() {
        let error = capture.error(i);
        let luck = lucks.for_cell(error.cell);
        let Some(mut stream) = capture.drawn(i, agency.side, agency.seed, luck, subject.person.id) else { continue };
        if without.contains(error) || leaves_as_it_was(agency, error, draft) {
            continue;
        }
        let reach = error.cell.reach();
        if changes.is_some() {
            before.cells[reach.clone()].clone_from_slice(&draft.cells[reach.clone()]);
        }
        if happen(agency, error, subject, draft, &mut stream) {
            made = made.with(error);
        }
        if changes.is_none() {
            continue;
        }
        for at in reach {
            let (field, old, new) = (field(at), &before.cells[at], &draft.cells[at]);
            if old != new && agency.config.fields.contains(field) {
                noted.push(Change { error, field, before: old.clone(), after: new.clone(), masked: false });
            }
        }
    }
    if let Some(changes) = changes {
        mark_masked(&mut noted);
        for change in &mut noted {
            agency.format(change.field, &mut change.before);
            agency.format(change.field, &mut change.after);
        }
        changes.extend(noted);
    }
    made
}

/// Whether an error plainly finds nothing to change. Those that concern every record mostly do, so it is asked first.
fn leaves_as_it_was(agency: &Agency<'_>, error: ErrorRef, draft: &Draft) -> bool {
    let at = error.cell.index();
    match error.kind {
        ErrorKind::AccentsLost => draft.cells[at].is_ascii(),
        ErrorKind::TruncatedByLayout => agency.config.name_length == 0,
        ErrorKind::ShiftedColumn | ErrorKind::Truncated => {
            agency.config.lengths[at] == 0 || draft.cells[at].len() <= agency.config.lengths[at]
        }
        _ => false,
    }
}

/// Marks each change whose field a later error replaced.
fn mark_masked(changes: &mut [Change]) {
    let mut replaced: Vec<&Field> = Vec::new();
    for change in changes.iter_mut().rev() {
        change.masked = replaced.contains(&change.field);
        if change.error.kind.replaces() {
            replaced.push(change.field);
        }
    }
}

/// The dwelling whose address an agency recorded for somebody: today's, or an old one.
pub(super) fn recorded_dwelling(agency: &Agency<'_>, subject: Subject<'_>) -> DwellingId {
    let capture = &agency.config.capture;
    let error = ErrorRef { kind: ErrorKind::OldAddress, cell: Cell::ADDRESS };
    let lucks = Lucks::of(agency, subject);
    let stream =
        capture.find(error).and_then(|i| capture.drawn(i, agency.side, agency.seed, &lucks.address, subject.person.id));
    match stream {
        Some(mut stream) => old_dwelling(agency, subject, &mut stream),
        None => subject.household().dwelling,
    }
}

fn old_dwelling(agency: &Agency<'_>, subject: Subject<'_>, stream: &mut Stream) -> DwellingId {
    let years = u64::from(agency.config.old_address_years.max(1));
    let years_ago = 1 + stream.below(years) as u32;
    let slot = agency.filer(subject);
    let home = |years_ago| agency.country.home_years_ago(subject.block, slot, years_ago);
    // Nobody's address is older than the person's life in the country.
    (0..=years_ago).rev().find_map(home).unwrap_or(subject.household().dwelling)
}

/// One error happens to a draft. It may leave it as it was: who has no nickname keeps the name. Says whether it found
/// something to change.
fn happen(agency: &Agency<'_>, error: ErrorRef, subject: Subject<'_>, draft: &mut Draft, stream: &mut Stream) -> bool {
    let country = agency.country;
    let at = error.cell.index();
    let text = draft.cells[at].as_str();
    let changed = match error.kind {
        ErrorKind::OldAddress => {
            let then = old_dwelling(agency, subject, stream);
            draft.set_address(&country.address(then));
            return then != subject.household().dwelling;
        }
        ErrorKind::CityAlias => texts::city_alias(text, stream),
        ErrorKind::PoBox => return to_po_box(draft, stream),
        ErrorKind::StreetAbbreviated => texts::street_abbreviated(text),
        ErrorKind::StreetTypeWrong => texts::street_type_wrong(text, stream),
        ErrorKind::DirectionWrong => texts::direction_wrong(text, stream),
        ErrorKind::NumberOfRelative
        | ErrorKind::BorrowedNumber
        | ErrorKind::NumberOfDead
        | ErrorKind::InventedNumber => match numbers::of_another(agency, error.kind, subject, stream) {
            Some(number) => number,
            None => return false,
        },
        ErrorKind::CopiedFromHousehold => {
            let Some(slot) = other_member(subject, stream) else { return false };
            let other = &subject.block.people[slot];
            match error.cell {
                Cell::BORN => other.born.to_string(),
                _ => {
                    let mut name = String::new();
                    country.names().write_given(other.given, &mut name);
                    name
                }
            }
        }
        ErrorKind::MaidenName => match maiden_name(agency, subject) {
            Some(name) => name,
            None => return false,
        },
        ErrorKind::SecondSurnameDropped => match two_surnames(country, subject, text) {
            Some((first, _)) => first,
            None => return false,
        },
        ErrorKind::SurnamesSwapped => match two_surnames(country, subject, text) {
            Some((first, second)) => format!("{second} {first}"),
            None => return false,
        },
        ErrorKind::GivenPartLost => {
            let person = subject.person;
            let Some((first, second)) = text.split_once(' ').filter(|_| person.compound_given) else { return false };
            match stream.uniform() {
                u if u < FIRST_KEPT => first.to_string(),
                u if u < FIRST_KEPT + SECOND_AS_MIDDLE => {
                    let (first, second) = (first.to_string(), second.to_string());
                    draft.cells[Cell::MIDDLE.index()] = second;
                    first
                }
                _ if texts::without_accents(first) == "Maria" => format!("Ma. {second}"),
                _ => second.to_string(),
            }
        }
        ErrorKind::CompoundJoined => texts::joined(text),
        ErrorKind::CompoundSplit => texts::split(text),
        ErrorKind::Nickname => match country.names().nicknames(text) {
            [] => return false,
            nicknames => nicknames[stream.below(nicknames.len() as u64) as usize].to_string(),
        },
        ErrorKind::InitialForGiven | ErrorKind::InitialForMiddle => texts::initial(text),
        ErrorKind::OtherRomanisation => texts::romanised(text, stream),
        ErrorKind::Misheard => texts::misheard(text, stream),
        ErrorKind::SuffixInGivenName => {
            let suffix = std::mem::take(&mut draft.cells[Cell::SUFFIX.index()]);
            return put_behind(&mut draft.cells[at], &suffix);
        }
        ErrorKind::MiddleInGivenName => {
            let middle = std::mem::take(&mut draft.cells[Cell::MIDDLE.index()]);
            // Mostly it is the initial that runs on; how often the whole name does is not known.
            let middle = if stream.chance(0.75) { texts::initial(&middle) } else { middle };
            return put_behind(&mut draft.cells[at], &middle);
        }
        ErrorKind::MiddleInSurname => {
            let initial = texts::initial(&draft.cells[Cell::MIDDLE.index()]);
            if initial.is_empty() || text.is_empty() {
                return false;
            }
            let surname = format!("{initial} {text}");
            draft.cells[Cell::MIDDLE.index()].clear();
            surname
        }
        ErrorKind::NamesExchanged => {
            draft.cells.swap(Cell::GIVEN.index(), Cell::SURNAME.index());
            return draft.cells[at] != draft.cells[Cell::SURNAME.index()];
        }
        ErrorKind::AccentsLost => texts::without_accents(text),
        ErrorKind::Misread => texts::misread(text, stream),
        ErrorKind::Typing => texts::mistyped(text, stream),
        ErrorKind::YearOff => texts::year_off(text, stream),
        ErrorKind::DayMonthExchanged => texts::day_month_exchanged(text),
        ErrorKind::WrongDigit => match error.cell {
            Cell::NUMBER => numbers::wrong(country, text, stream),
            Cell::BORN => texts::wrong_date(text, stream),
            _ => texts::wrong_digit(text, stream),
        },
        ErrorKind::WrongZipDigit => texts::wrong_zip_digit(text, stream),
        ErrorKind::DigitsTransposed => texts::digits_transposed(text, stream),
        ErrorKind::WrongSex => match text {
            "female" => Sex::Male.name().to_string(),
            "male" => Sex::Female.name().to_string(),
            _ => return false,
        },
        ErrorKind::ShiftedColumn => return shift_into_state(agency.config.lengths[at], draft),
        ErrorKind::TruncatedByLayout => {
            return texts::cut_together(&mut draft.cells, &NAME_IN_ONE_COLUMN, agency.config.name_length);
        }
        ErrorKind::Truncated => match agency.config.lengths[at] {
            0 => return false,
            length => texts::cut(text, length),
        },
        ErrorKind::DefaultBirthday => texts::first_of_january(text),
        ErrorKind::PlaceholderDate => "1900-01-01".to_string(),
        ErrorKind::PlaceholderName => return to_placeholder_name(subject, draft, stream),
        ErrorKind::InstitutionAddress => return to_institution(country, draft, stream),
        ErrorKind::PlaceholderAddress => return to_placeholder_address(draft, stream),
        ErrorKind::BlankAddress => {
            let there = draft.cells[at..=Cell::ZIP.index()].iter().any(|cell| !cell.is_empty());
            draft.clear_address();
            return there;
        }
        ErrorKind::BorrowedIdentity | ErrorKind::MergedIdentity => {
            return to_other_identity(agency, subject, draft, stream);
        }
        ErrorKind::SuffixLost | ErrorKind::MissingUnit | ErrorKind::Missing => String::new(),
    };
    let differs = draft.cells[at] != changed;
    draft.cells[at] = changed;
    differs
}

/// Of given names of which a file keeps one part, those of which it keeps the first alone, and those whose second part
/// stands for the middle name; of the others María is written Ma., and the second part is kept else. Assumed.
const FIRST_KEPT: f64 = 0.35;
const SECOND_AS_MIDDLE: f64 = 0.4;

/// Another member of the household, by slot in the block.
pub(super) fn other_member(subject: Subject<'_>, stream: &mut Stream) -> Option<usize> {
    let own = subject.person.id.slot();
    let others = || subject.household().members.iter().map(|&slot| usize::from(slot)).filter(|&slot| slot != own);
    let count = others().count() as u64;
    if count == 0 { None } else { others().nth(stream.below(count) as usize) }
}

/// The two surnames of somebody who has two, if they still stand there.
fn two_surnames(country: &Population, subject: Subject<'_>, text: &str) -> Option<(String, String)> {
    subject.person.second_surname?;
    let mut first = String::new();
    country.names().write_surname(subject.person.surname, &mut first);
    let second = text.strip_prefix(first.as_str())?.strip_prefix([' ', '-'])?;
    (!second.is_empty()).then(|| (first.clone(), second.to_string()))
}

/// The surname before marriage of a woman who lives with a grown man of her surname and about her age. It is hers, not
/// the file's: two files that both kept it have the same.
fn maiden_name(agency: &Agency<'_>, subject: Subject<'_>) -> Option<String> {
    const MAIDEN_NAME: Decision = Decision::named("errors.maiden_name");
    let own = subject.person;
    if own.sex != Sex::Female || own.age() < 18 {
        return None;
    }
    let married =
        subject.household().members.iter().map(|&slot| &subject.block.people[usize::from(slot)]).any(|other| {
            other.sex == Sex::Male
                && other.surname == own.surname
                && other.age() >= 18
                && other.age().abs_diff(own.age()) <= 15
        });
    if !married {
        return None;
    }
    let mut stream = agency.seed.stream(MAIDEN_NAME, own.id.0);
    let mut name = String::new();
    agency.country.names().write_surname(agency.country.names().surname(own.origin(), &mut stream), &mut name);
    Some(name)
}

/// Puts a word behind another, if there is one.
fn put_behind(text: &mut String, word: &str) -> bool {
    if !word.is_empty() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    !word.is_empty()
}

fn to_po_box(draft: &mut Draft, stream: &mut Stream) -> bool {
    if draft.cells[Cell::STREET.index()].is_empty() {
        return false;
    }
    draft.cells[Cell::HOUSE.index()].clear();
    draft.cells[Cell::UNIT.index()].clear();
    draft.cells[Cell::STREET.index()] = format!("PO Box {}", 1 + stream.below(9_999));
    true
}

/// The parts of a name that stands in one column, in their order there.
const NAME_IN_ONE_COLUMN: [usize; 4] =
    [Cell::SURNAME.index(), Cell::GIVEN.index(), Cell::MIDDLE.index(), Cell::SUFFIX.index()];

/// Moves the part of the city that is beyond its column into the next one, before the state's code; each column keeps its
/// length.
fn shift_into_state(length: usize, draft: &mut Draft) -> bool {
    let state = Cell::CITY.index() + 1;
    let city = std::mem::take(&mut draft.cells[Cell::CITY.index()]);
    let beyond: String = city.chars().skip(length).collect();
    let columns = draft.cells[state].chars().count();
    draft.cells[state] = beyond.chars().chain(draft.cells[state].chars()).take(columns).collect();
    draft.cells[Cell::CITY.index()] = texts::cut(&city, length);
    !beyond.is_empty()
}

fn to_placeholder_name(subject: Subject<'_>, draft: &mut Draft, stream: &mut Stream) -> bool {
    let doe = if subject.person.sex == Sex::Female { ("Jane", "Doe") } else { ("John", "Doe") };
    // John and Jane Doe are those counted; the other three, that a name is unknown, are assumed as common together.
    let (given, surname) = match stream.below(6) {
        0..=2 => (Some(doe.0), Some(doe.1)),
        3 => (Some("UNKNOWN"), Some("UNKNOWN")),
        4 => (Some("FNU"), None),
        _ => (None, Some("LNU")),
    };
    for (cell, text) in [(Cell::GIVEN, given), (Cell::SURNAME, surname)] {
        if let Some(text) = text {
            draft.cells[cell.index()] = text.to_string();
        }
    }
    draft.cells[Cell::MIDDLE.index()].clear();
    draft.cells[Cell::SUFFIX.index()].clear();
    true
}

/// One of a dozen institutions, spread over the country. Nobody lives in them, and no street is called like theirs.
fn to_institution(country: &Population, draft: &mut Draft, stream: &mut Stream) -> bool {
    const INSTITUTIONS: u64 = 12;
    let which = stream.below(INSTITUTIONS);
    let mut address = country.address(DwellingId(country.blocks() * which / INSTITUTIONS * DWELLINGS_PER_BLOCK));
    address.house_number = (100 * (which + 1)).to_string();
    address.street = "Institution Road".to_string();
    address.unit.clear();
    draft.set_address(&address);
    true
}

/// The identity of somebody else of the block. A record without a number does not come by one.
fn to_other_identity(agency: &Agency<'_>, subject: Subject<'_>, draft: &mut Draft, stream: &mut Stream) -> bool {
    let others = subject.block.people.len() as u64 - 1;
    if others == 0 {
        return false;
    }
    let slot = stream.below(others) as usize;
    let other = &subject.block.people[if slot < subject.person.id.slot() { slot } else { slot + 1 }];
    let mut theirs = Draft::default();
    agency.true_identity(other, &mut theirs);
    if draft.cells[Cell::NUMBER.index()].is_empty() {
        theirs.cells[Cell::NUMBER.index()].clear();
    } else {
        theirs.cells[Cell::NUMBER.index()] = agency.number_of(other);
    }
    for at in (Cell::GIVEN.index()..=Cell::BORN.index()).chain([Cell::NUMBER.index()]) {
        std::mem::swap(&mut draft.cells[at], &mut theirs.cells[at]);
    }
    true
}

fn to_placeholder_address(draft: &mut Draft, stream: &mut Stream) -> bool {
    // Texts reported of the address field of the list of 2025; the last two hold something like a postal code.
    const TEXTS: [(&str, &str); 5] = [
        ("FAILED TO PROVIDE", ""),
        ("UNKNOWN ADDRESS", ""),
        ("NA NA", ""),
        ("UNKNOWN ADDRESS", "00000"),
        ("FAILED TO PROVIDE", "00000"),
    ];
    let (street, zip) = TEXTS[stream.below(TEXTS.len() as u64) as usize];
    draft.clear_address();
    draft.cells[Cell::STREET.index()].push_str(street);
    draft.cells[Cell::ZIP.index()].push_str(zip);
    true
}

impl Agency<'_> {
    /// Writes a value as the agency's file writes values of that field; not an error, and nobody's in particular.
    pub(super) fn format(&self, field: &Field, value: &mut String) {
        match field {
            Field::DateOfBirth => write_date(self.config.dates, value),
            Field::Number if self.config.numbers == Numbers::LastFour => texts::keep_last(value, 4),
            Field::Sex | Field::Zip | Field::Number | Field::HouseNumber => {}
            _ if self.config.letters == Letters::Upper && value.is_ascii() => value.make_ascii_uppercase(),
            _ if self.config.letters == Letters::Upper => *value = value.to_uppercase(),
            _ => {}
        }
    }
}

/// Writes an ISO date in a format; text that is no date stays as it is.
fn write_date(format: DateFormat, value: &mut String) {
    let Some((year, month, day)) = Date::parse(value).map(Date::ymd) else { return };
    *value = match format {
        DateFormat::Iso => return,
        DateFormat::MonthFirst => format!("{month:02}/{day:02}/{year:04}"),
        DateFormat::DayFirst => format!("{day:02}.{month:02}.{year:04}"),
        DateFormat::Digits => format!("{year:04}{month:02}{day:02}"),
    };
}
