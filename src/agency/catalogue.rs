//! The catalogue of errors: a row for each kind, in the order in which errors are made, and what each kind does.
//!
//! To add a kind, add a row at its place in the order, and its general rate to `synthetic-data/agencies/errors.toml`.
//! The order follows a record's life: an address is out of date before it is mistyped, and mistyped before the whole line
//! is replaced by a placeholder.

use super::cell::Cell;
use super::errors::{ErrorKind, ErrorRow};
use super::making::{Making, old_dwelling, other_member};
use super::{Draft, numbers, texts};
use crate::population::Sex;
use crate::population::places::{DWELLINGS_PER_BLOCK, DwellingId};
use crate::random::Decision;

/// Defines the kinds of error from their rows.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $kind:ident: $row:expr;)+) => {
        /// The places of the kinds in the order.
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "they are the names of the constants")]
        #[derive(Clone, Copy)]
        enum At { $($kind),+ }

        impl ErrorKind {
            $(
                $(#[$doc])*
                pub const $kind: ErrorKind = {
                    static ROW: ErrorRow = $row;
                    ErrorKind::built_in(&ROW, At::$kind as u8)
                };
            )+

            /// All kinds that are built in, in the order in which errors are made.
            pub const ALL: [ErrorKind; [$(At::$kind),+].len()] = [$(ErrorKind::$kind),+];
        }
    };
}

#[rustfmt::skip]
catalogue! {
    /// The address is one where the household lived some years ago.
    OLD_ADDRESS: ErrorRow::new("old_address", &[Cell::ADDRESS], old_address).replacing()
        .story("The household moved and the file was not told.");
    /// The city is called by another name, that of a quarter or of the place next to it.
    CITY_ALIAS: ErrorRow::new("city_alias", &[Cell::CITY], |making| making.rewrite(texts::city_alias))
        .story("A postal code has one preferred city and several accepted ones.");
    /// The address is a post office box.
    PO_BOX: ErrorRow::new("po_box", &[Cell::ADDRESS], po_box).replacing()
        .story("Mail goes to a box, and the box is what is on file.");
    /// The type or direction of the street is abbreviated: St for Street, N for North.
    STREET_ABBREVIATED: ErrorRow::new("street_abbreviated", &[Cell::STREET], |making| making.rewrite(|text, _| texts::street_abbreviated(text))).of_format()
        .story("People and forms abbreviate street types and directions.");
    /// The street has another type: Avenue for Street.
    STREET_TYPE_WRONG: ErrorRow::new("street_type_wrong", &[Cell::STREET], |making| making.rewrite(texts::street_type_wrong))
        .story("The type of a street is what is remembered least.");
    /// The street has another direction, or has lost the one it has.
    DIRECTION_WRONG: ErrorRow::new("direction_wrong", &[Cell::STREET], |making| making.rewrite(texts::direction_wrong))
        .story("A direction is left out, put in or mistaken.");
    /// The number is that of another member of the household.
    NUMBER_OF_RELATIVE: ErrorRow::new("number_of_relative", &[Cell::NUMBER], |making| making.number_of_another(numbers::of_relative)).replacing()
        .story("Numbers of a household stand on one page.");
    /// The number is that of somebody else in the country; the name stays the person's own.
    BORROWED_NUMBER: ErrorRow::new("borrowed_number", &[Cell::NUMBER], |making| making.number_of_another(numbers::of_anybody)).replacing()
        .story("Somebody works or files under a number issued to another, and under the own name.");
    /// The number is that of somebody who died.
    NUMBER_OF_DEAD: ErrorRow::new("number_of_dead", &[Cell::NUMBER], |making| making.number_of_another(numbers::of_dead)).replacing()
        .story("Somebody works or files under the number of a person who died.");
    /// The number was made up, and issued to nobody.
    INVENTED_NUMBER: ErrorRow::new("invented_number", &[Cell::NUMBER], |making| making.number_of_another(numbers::invented)).replacing()
        .story("Somebody works or files under a number made up, which was issued to nobody.");
    /// The value is that of another member of the household.
    COPIED_FROM_HOUSEHOLD: ErrorRow::new("copied_from_household", &[Cell::GIVEN, Cell::BORN], copied_from_household).replacing()
        .story("A line of the form is filled with the value of the line above.");
    /// The surname is the one before marriage.
    MAIDEN_NAME: ErrorRow::new("maiden_name", &[Cell::SURNAME], maiden_name).replacing()
        .story("One file was told of the marriage and the other was not; happens to women who live with a husband of their surname.");
    /// Of two surnames only the first is kept.
    SECOND_SURNAME_DROPPED: ErrorRow::new("second_surname_dropped", &[Cell::SURNAME], second_surname_dropped)
        .story("A form for one surname keeps the first of two.");
    /// Of two surnames the second stands first.
    SURNAMES_SWAPPED: ErrorRow::new("surnames_swapped", &[Cell::SURNAME], surnames_swapped)
        .story("Whoever takes the last word for the surname puts the second first.");
    /// Of a given name of two parts one is kept: María, or Ma. Guadalupe, for María Guadalupe.
    GIVEN_PART_LOST: ErrorRow::new("given_part_lost", &[Cell::GIVEN], given_part_lost)
        .story("Of a given name of two parts (María Guadalupe, Thi Lan) the file keeps one, or has the second for a middle name, or abbreviates the first; happens to people who have such a name.");
    /// The parts of a name are written as one: Delacruz.
    COMPOUND_JOINED: ErrorRow::new("compound_joined", &[Cell::GIVEN, Cell::SURNAME], |making| making.rewrite(|text, _| texts::joined(text)))
        .story("A field without spaces or hyphens joins the parts of a name.");
    /// A name is written in parts: Mc Donald, García López for García-López.
    COMPOUND_SPLIT: ErrorRow::new("compound_split", &[Cell::GIVEN, Cell::SURNAME], |making| making.rewrite(|text, _| texts::split(text)))
        .story("A hyphen becomes a space, or a space is put into a name.");
    /// The given name is a diminutive: Bill for William, Lupe for Guadalupe.
    NICKNAME: ErrorRow::new("nickname", &[Cell::GIVEN], nickname)
        .story("The person is asked for a name and gives the one in use.");
    /// The given name is an initial.
    INITIAL_FOR_GIVEN: ErrorRow::new("initial_for_given", &[Cell::GIVEN], |making| making.rewrite(|text, _| texts::initial(text)))
        .story("An initial is given for the name.");
    /// The middle name is an initial.
    INITIAL_FOR_MIDDLE: ErrorRow::new("initial_for_middle", &[Cell::MIDDLE], |making| making.rewrite(|text, _| texts::initial(text)))
        .story("Forms ask for a middle initial.");
    /// The name is written as another romanisation has it: Chang for Zhang, Mohamed for Muhammad.
    OTHER_ROMANISATION: ErrorRow::new("other_romanisation", &[Cell::GIVEN, Cell::SURNAME], |making| making.rewrite(texts::romanised))
        .story("A name of another script has several spellings in this one; happens to names that have another here.");
    /// The name is written as it was heard: Filip for Philip.
    MISHEARD: ErrorRow::new("misheard", &[Cell::GIVEN, Cell::SURNAME], |making| making.rewrite(texts::misheard))
        .story("The name was spoken, and whoever wrote it down did not ask.");
    /// The generational suffix is left out.
    SUFFIX_LOST: ErrorRow::new("suffix_lost", &[Cell::SUFFIX], |making| making.put(String::new()))
        .story("The suffix is not asked for, or not given.");
    /// The generational suffix stands behind the given name.
    SUFFIX_IN_GIVEN_NAME: ErrorRow::new("suffix_in_given_name", &[Cell::GIVEN], suffix_in_given_name)
        .story("There is no field for the suffix, so it goes behind the given name.");
    /// The middle name or its initial stands behind the given name.
    MIDDLE_IN_GIVEN_NAME: ErrorRow::new("middle_in_given_name", &[Cell::GIVEN], middle_in_given_name)
        .story("The middle name, mostly its initial, runs on to the given name; happens to people who have one.");
    /// The middle initial stands before the surname.
    MIDDLE_IN_SURNAME: ErrorRow::new("middle_in_surname", &[Cell::SURNAME], middle_in_surname)
        .story("The middle initial runs on to the surname; happens to people who have a middle name.");
    /// Given name and surname have changed places.
    NAMES_EXCHANGED: ErrorRow::new("names_exchanged", &[Cell::NAME], names_exchanged)
        .story("Surname first is the custom, or the form's order was misread.");
    /// Accents, and the tilde of ñ, are lost.
    ACCENTS_LOST: ErrorRow::new("accents_lost", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME], |making| making.rewrite(|text, _| texts::without_accents(text))).of_format().idle_if(|making| making.text().is_ascii())
        .story("The keyboard or the file has no accents; a file in ASCII loses all.");
    /// A character is read as one that looks like it: rn for m, 7 for 1.
    MISREAD: ErrorRow::new("misread", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::HOUSE, Cell::STREET, Cell::ZIP, Cell::NUMBER], |making| making.rewrite(texts::misread))
        .story("Handwriting or print was read by eye or machine; almost all such errors replace a character (Pollock and Zamora 1984).");
    /// One keystroke is wrong: a letter replaced by a neighbour on the keyboard, left out, put in, or two exchanged.
    TYPING: ErrorRow::new("typing", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::STREET, Cell::CITY], |making| making.rewrite(texts::mistyped))
        .story("Shares of the four keystrokes after Damerau (1964); the first letter is wrong in 7.8 %, the second in 11.7 %, the third in 19.2 % (Pollock and Zamora 1984).");
    /// The year of birth is one too early or too late.
    YEAR_OFF: ErrorRow::new("year_off", &[Cell::BORN], |making| making.rewrite(texts::year_off))
        .story("The age was asked for, and the year worked out from it.");
    /// Day and month of birth have changed places.
    DAY_MONTH_EXCHANGED: ErrorRow::new("day_month_exchanged", &[Cell::BORN], |making| making.rewrite(|text, _| texts::day_month_exchanged(text)))
        .story("The person writes the day first and the form wants the month first.");
    /// One digit is wrong, in a date, a house number or an identity number.
    WRONG_DIGIT: ErrorRow::new("wrong_digit", &[Cell::BORN, Cell::HOUSE, Cell::NUMBER], wrong_digit)
        .story("A digit is mistaken in copying.");
    /// One digit of the postal code is wrong, most often one of the last.
    WRONG_ZIP_DIGIT: ErrorRow::new("wrong_zip_digit", &[Cell::ZIP], |making| making.rewrite(texts::wrong_zip_digit))
        .story("The postal code is guessed from a neighbouring one: the five digits are wrong as 4, 4, 20, 36 and 36 (pseudopeople).");
    /// Two neighbouring digits have changed places.
    DIGITS_TRANSPOSED: ErrorRow::new("digits_transposed", &[Cell::HOUSE, Cell::NUMBER], |making| making.rewrite(texts::digits_transposed))
        .story("Two digits are typed in the wrong order.");
    /// The sex is the other one.
    WRONG_SEX: ErrorRow::new("wrong_sex", &[Cell::SEX], wrong_sex).replacing()
        .story("The wrong box is ticked.");
    /// The unit is left out of an address in a building of several.
    MISSING_UNIT: ErrorRow::new("missing_unit", &[Cell::UNIT], |making| making.put(String::new())).replacing()
        .story("The building is known and the door is not.");
    /// The city's last characters stand in the next column, the state's.
    SHIFTED_COLUMN: ErrorRow::new("shifted_column", &[Cell::CITY], shifted_column).of_format().idle_if(fits)
        .story("A file of fixed columns was read by a layout whose city column is too short: what is left of a long name stands at the beginning of the state's column, and the code is pushed out.");
    /// The whole name stands in one column, surname first, and is cut at the column's end.
    TRUNCATED_BY_LAYOUT: ErrorRow::new("truncated_by_layout", &[Cell::NAME], truncated_by_layout).of_format().idle_if(|making| making.agency.config.name_length == 0)
        .story("Surname, given name, middle name and suffix share one column; a long surname leaves less room for what follows.");
    /// The value is cut at the length of its field.
    TRUNCATED: ErrorRow::new("truncated", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::STREET, Cell::CITY], truncated).of_format().idle_if(fits)
        .story("The field has so many characters and no more; the lengths are the agency's.");
    /// The day of birth is 1 January of the right year.
    DEFAULT_BIRTHDAY: ErrorRow::new("default_birthday", &[Cell::BORN], |making| making.rewrite(|text, _| texts::first_of_january(text)))
        .story("Only the year is known, and the system wants a day.");
    /// The date of birth is a date that stands for none: 1900-01-01.
    PLACEHOLDER_DATE: ErrorRow::new("placeholder_date", &[Cell::BORN], |making| making.put("1900-01-01".to_string())).replacing()
        .story("An old system's records had no date, and the new one wanted one: 1900-01-01.");
    /// The name is a text that is no name: John Doe, UNKNOWN.
    PLACEHOLDER_NAME: ErrorRow::new("placeholder_name", &[Cell::NAME], placeholder_name).replacing()
        .story("The name was not given: John or Jane Doe, UNKNOWN, FNU for a given name unknown.");
    /// The address is that of an institution, an office or a place of detention.
    INSTITUTION_ADDRESS: ErrorRow::new("institution_address", &[Cell::ADDRESS], institution_address).replacing()
        .story("The agency wrote down the office, shelter or place of detention where it met the person; many share one.");
    /// The address line holds a text that is no address.
    PLACEHOLDER_ADDRESS: ErrorRow::new("placeholder_address", &[Cell::ADDRESS], placeholder_address).replacing()
        .story("The field must not be empty, so a text is put in.");
    /// The whole address is blank.
    BLANK_ADDRESS: ErrorRow::new("blank_address", &[Cell::ADDRESS], blank_address).replacing()
        .story("No address was taken down.");
    /// The cell is blank.
    MISSING: ErrorRow::new("missing", &[Cell::GIVEN, Cell::MIDDLE, Cell::SURNAME, Cell::SUFFIX, Cell::SEX, Cell::BORN, Cell::HOUSE, Cell::ZIP], |making| making.put(String::new())).replacing()
        .story("The cell was left blank.");
    /// The record carries the name, birth date and number of somebody else, under whose name the person works or files.
    BORROWED_IDENTITY: ErrorRow::new("borrowed_identity", &[Cell::IDENTITY], other_identity).replacing()
        .story("Somebody works or files as the owner of a number, under the owner's name and birth date; here somebody of the same neighbourhood, who may be a relative.");
    /// The record carries the name, birth date and number of somebody else: two people were taken for one upstream.
    MERGED_IDENTITY: ErrorRow::new("merged_identity", &[Cell::IDENTITY], other_identity).replacing()
        .story("Two people were taken for one when files were joined, so the record of one goes by the identity of the other; here somebody of the same neighbourhood.");
}

fn old_address(making: &mut Making<'_>) -> bool {
    let then = old_dwelling(making.agency, making.subject, making.stream);
    making.draft.set_address(&making.agency.country.address(then));
    then != making.subject.household().dwelling
}

fn po_box(making: &mut Making<'_>) -> bool {
    let cells = &mut making.draft.cells;
    if cells[Cell::STREET.index()].is_empty() {
        return false;
    }
    cells[Cell::HOUSE.index()].clear();
    cells[Cell::UNIT.index()].clear();
    cells[Cell::STREET.index()] = format!("PO Box {}", 1 + making.stream.below(9_999));
    true
}

fn copied_from_household(making: &mut Making<'_>) -> bool {
    let Some(slot) = other_member(making.subject, making.stream) else { return false };
    let other = &making.subject.block.people[slot];
    if making.cell == Cell::BORN {
        return making.put(other.born.to_string());
    }
    let mut name = String::new();
    making.agency.country.names().write_given(other.given, &mut name);
    making.put(name)
}

/// The surname before marriage of a woman who lives with a grown man of her surname and about her age. It is hers, not
/// the file's: two files that both kept it have the same.
fn maiden_name(making: &mut Making<'_>) -> bool {
    let (agency, subject) = (making.agency, making.subject);
    const MAIDEN_NAME: Decision = Decision::named("errors.maiden_name");
    let own = subject.person;
    if own.sex != Sex::Female || own.age() < 18 {
        return false;
    }
    let married =
        subject.household().members.iter().map(|&slot| &subject.block.people[usize::from(slot)]).any(|other| {
            other.sex == Sex::Male
                && other.surname == own.surname
                && other.age() >= 18
                && other.age().abs_diff(own.age()) <= 15
        });
    if !married {
        return false;
    }
    let mut stream = agency.seed.stream(MAIDEN_NAME, own.id.0);
    let mut name = String::new();
    agency.country.names().write_surname(agency.country.names().surname(own.origin(), &mut stream), &mut name);
    making.put(name)
}

/// The two surnames of somebody who has two, if they still stand there.
fn two_surnames(making: &Making<'_>) -> Option<(String, String)> {
    let person = making.subject.person;
    person.second_surname?;
    let mut first = String::new();
    making.agency.country.names().write_surname(person.surname, &mut first);
    let second = making.text().strip_prefix(first.as_str())?.strip_prefix([' ', '-'])?;
    (!second.is_empty()).then(|| (first.clone(), second.to_string()))
}

fn second_surname_dropped(making: &mut Making<'_>) -> bool {
    two_surnames(making).is_some_and(|(first, _)| making.put(first))
}

fn surnames_swapped(making: &mut Making<'_>) -> bool {
    two_surnames(making).is_some_and(|(first, second)| making.put(format!("{second} {first}")))
}

/// Of given names of which a file keeps one part, those of which it keeps the first alone, and those whose second part
/// stands for the middle name; of the others María is written Ma., and the second part is kept else. Assumed.
const FIRST_KEPT: f64 = 0.35;
const SECOND_AS_MIDDLE: f64 = 0.4;

fn given_part_lost(making: &mut Making<'_>) -> bool {
    let compound = making.person().compound_given;
    let parts = making.text().split_once(' ').filter(|_| compound);
    let Some((first, second)) = parts.map(|(first, second)| (first.to_string(), second.to_string())) else {
        return false;
    };
    match making.stream.uniform() {
        u if u < FIRST_KEPT => making.put(first),
        u if u < FIRST_KEPT + SECOND_AS_MIDDLE => {
            making.draft.cells[Cell::MIDDLE.index()] = second;
            making.put(first)
        }
        _ if texts::without_accents(&first) == "Maria" => making.put(format!("Ma. {second}")),
        _ => making.put(second),
    }
}

fn nickname(making: &mut Making<'_>) -> bool {
    match making.agency.country.names().nicknames(making.text()) {
        [] => false,
        nicknames => {
            let nickname = nicknames[making.stream.below(nicknames.len() as u64) as usize].to_string();
            making.put(nickname)
        }
    }
}

fn suffix_in_given_name(making: &mut Making<'_>) -> bool {
    let suffix = std::mem::take(&mut making.draft.cells[Cell::SUFFIX.index()]);
    put_behind(making.cell_text(), &suffix)
}

fn middle_in_given_name(making: &mut Making<'_>) -> bool {
    let middle = std::mem::take(&mut making.draft.cells[Cell::MIDDLE.index()]);
    // Mostly it is the initial that runs on; how often the whole name does is not known.
    let middle = if making.stream.chance(0.75) { texts::initial(&middle) } else { middle };
    put_behind(making.cell_text(), &middle)
}

fn middle_in_surname(making: &mut Making<'_>) -> bool {
    let initial = texts::initial(&making.draft.cells[Cell::MIDDLE.index()]);
    if initial.is_empty() || making.text().is_empty() {
        return false;
    }
    let surname = format!("{initial} {}", making.text());
    making.draft.cells[Cell::MIDDLE.index()].clear();
    making.put(surname)
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

fn names_exchanged(making: &mut Making<'_>) -> bool {
    let cells = &mut making.draft.cells;
    cells.swap(Cell::GIVEN.index(), Cell::SURNAME.index());
    cells[Cell::GIVEN.index()] != cells[Cell::SURNAME.index()]
}

fn wrong_digit(making: &mut Making<'_>) -> bool {
    let country = making.agency.country;
    match making.cell {
        Cell::NUMBER => making.rewrite(|text, stream| numbers::wrong(country, text, stream)),
        Cell::BORN => making.rewrite(texts::wrong_date),
        _ => making.rewrite(texts::wrong_digit),
    }
}

fn wrong_sex(making: &mut Making<'_>) -> bool {
    match making.text() {
        "female" => making.put(Sex::Male.name().to_string()),
        "male" => making.put(Sex::Female.name().to_string()),
        _ => false,
    }
}

/// Returns `true` if a value fits its column.
fn fits(making: &Making<'_>) -> bool {
    let length = making.agency.config.lengths[making.cell.index()];
    length == 0 || making.text().len() <= length
}

/// Moves the part of the city that is beyond its column into the next one, before the state's code; each column keeps its
/// length.
fn shifted_column(making: &mut Making<'_>) -> bool {
    let length = making.agency.config.lengths[making.cell.index()];
    let cells = &mut making.draft.cells;
    let state = Cell::CITY.index() + 1;
    let city = std::mem::take(&mut cells[Cell::CITY.index()]);
    let beyond: String = city.chars().skip(length).collect();
    let columns = cells[state].chars().count();
    cells[state] = beyond.chars().chain(cells[state].chars()).take(columns).collect();
    cells[Cell::CITY.index()] = texts::cut(&city, length);
    !beyond.is_empty()
}

fn truncated_by_layout(making: &mut Making<'_>) -> bool {
    /// The parts of a name that stands in one column, in their order there.
    const NAME_IN_ONE_COLUMN: [usize; 4] =
        [Cell::SURNAME.index(), Cell::GIVEN.index(), Cell::MIDDLE.index(), Cell::SUFFIX.index()];
    texts::cut_together(&mut making.draft.cells, &NAME_IN_ONE_COLUMN, making.agency.config.name_length)
}

fn truncated(making: &mut Making<'_>) -> bool {
    match making.agency.config.lengths[making.cell.index()] {
        0 => false,
        length => making.rewrite(|text, _| texts::cut(text, length)),
    }
}

fn placeholder_name(making: &mut Making<'_>) -> bool {
    let doe = if making.subject.person.sex == Sex::Female { ("Jane", "Doe") } else { ("John", "Doe") };
    // John and Jane Doe are those counted; the other three, that a name is unknown, are assumed as common together.
    let (given, surname) = match making.stream.below(6) {
        0..=2 => (Some(doe.0), Some(doe.1)),
        3 => (Some("UNKNOWN"), Some("UNKNOWN")),
        4 => (Some("FNU"), None),
        _ => (None, Some("LNU")),
    };
    for (cell, text) in [(Cell::GIVEN, given), (Cell::SURNAME, surname)] {
        if let Some(text) = text {
            making.draft.cells[cell.index()] = text.to_string();
        }
    }
    making.draft.cells[Cell::MIDDLE.index()].clear();
    making.draft.cells[Cell::SUFFIX.index()].clear();
    true
}

/// One of a dozen institutions, spread over the country. Nobody lives in them, and no street is called like theirs.
fn institution_address(making: &mut Making<'_>) -> bool {
    const INSTITUTIONS: u64 = 12;
    let country = making.agency.country;
    let which = making.stream.below(INSTITUTIONS);
    let mut address = country.address(DwellingId(country.blocks() * which / INSTITUTIONS * DWELLINGS_PER_BLOCK));
    address.house_number = (100 * (which + 1)).to_string();
    address.street = "Institution Road".to_string();
    address.unit.clear();
    making.draft.set_address(&address);
    true
}

fn placeholder_address(making: &mut Making<'_>) -> bool {
    // Texts reported of the address field of the list of 2025; the last two hold something like a postal code.
    const TEXTS: [(&str, &str); 5] = [
        ("FAILED TO PROVIDE", ""),
        ("UNKNOWN ADDRESS", ""),
        ("NA NA", ""),
        ("UNKNOWN ADDRESS", "00000"),
        ("FAILED TO PROVIDE", "00000"),
    ];
    let (street, zip) = TEXTS[making.stream.below(TEXTS.len() as u64) as usize];
    making.draft.clear_address();
    making.draft.cells[Cell::STREET.index()].push_str(street);
    making.draft.cells[Cell::ZIP.index()].push_str(zip);
    true
}

fn blank_address(making: &mut Making<'_>) -> bool {
    let address = &making.draft.cells[Cell::HOUSE.index()..=Cell::ZIP.index()];
    let there = address.iter().any(|cell| !cell.is_empty());
    making.draft.clear_address();
    there
}

/// The identity of somebody else of the block. A record without a number does not come by one.
fn other_identity(making: &mut Making<'_>) -> bool {
    let (agency, subject) = (making.agency, making.subject);
    let others = subject.block.people.len() as u64 - 1;
    if others == 0 {
        return false;
    }
    let slot = making.stream.below(others) as usize;
    let other = &subject.block.people[if slot < subject.person.id.slot() { slot } else { slot + 1 }];
    let mut theirs = Draft::default();
    agency.true_identity(other, &mut theirs);
    if making.draft.cells[Cell::NUMBER.index()].is_empty() {
        theirs.cells[Cell::NUMBER.index()].clear();
    } else {
        theirs.cells[Cell::NUMBER.index()] = agency.number_of(other);
    }
    for at in (Cell::GIVEN.index()..=Cell::BORN.index()).chain([Cell::NUMBER.index()]) {
        std::mem::swap(&mut making.draft.cells[at], &mut theirs.cells[at]);
    }
    true
}
