//! Two agencies, each with its own imperfect file about the same people.
//!
//! An [`Agency`] says who is on its file and makes the record of one person, errors and all. [`Truth`] knows who each
//! record really is; it is made here and read only where results are measured, never where records are matched.

mod cell;
mod errors;
mod catalogue;
mod own;
mod capture;
mod config;
mod figures;
mod filing;
mod levelled;
mod making;
mod drawn;
mod numbers;
mod texts;

pub use capture::{AGES, Capture, Profile, recording_quality};
pub use cell::Cell;
pub use errors::{Change, ErrorKind, ErrorRates, ErrorRef, ErrorRow, ErrorSet};
pub use figures::{FileFigure, disagreement, figures, spellings};
pub use filing::{Filing, FilingCounts};
pub use making::Making;
pub use own::{OwnErrors, Refused};

use crate::population::places::{Address, DwellingId, PEOPLE_PER_BLOCK};
use crate::population::{Block, Group, Household, MOST_ORDERS, Person, PersonId, Population, Status};
use crate::random::{Decision, Permutation, Seed};
use crate::record::{Field, RecordId, Records};
use crate::scenario::{DateFormat, Letters, ListOf, Numbers};
use std::collections::BTreeMap;

/// The content and quality of an agency's file.
#[derive(Clone, Debug, PartialEq)]
pub struct AgencyConfig {
    /// The fields of its file, in column order.
    pub fields: Vec<Field>,
    /// Probability that a person of each status, in the order of [`Status::ALL`], is on file, given age and group.
    pub coverage: [f64; 6],
    /// The part of that which holds for each group, in the order of [`Group::ALL`]. At 1 the group plays no part.
    pub coverage_by_group: [f64; 6],
    /// The least age in years of anybody on file.
    pub least_age: u32,
    /// Share of records that hold an identity number. At 0 none does.
    pub number_given: f64,
    /// The rate of each kind of error, the people it happens to, and the dependence between errors.
    pub capture: Capture,
    /// An old address is from one to this many years old, each as likely: the record is renewed at least this often.
    pub old_address_years: u32,
    /// The filing of tax returns, where the file is one of returns; `None` where every person is asked alone.
    pub filing: Option<Filing>,
    /// The most characters a value may have, in the order of [`Field::NAMED`]; at 0 any number.
    pub lengths: [usize; 14],
    /// The most characters of the whole name, where it stands in one column; at 0 any number.
    pub name_length: usize,
    /// The format of dates.
    pub dates: DateFormat,
    /// The case of letters.
    pub letters: Letters,
    /// The part of an identity number that is held.
    pub numbers: Numbers,
    /// Share of Hispanic people whose record says white. At 1 the file has no code for them.
    pub hispanic_as_white: f64,
}

named! {
    /// One of the two agencies.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Side {
        /// Submits requests.
        Requester = "requester",
        /// Holds the file.
        Holder = "holder",
    }
}

/// An agency at work in a country.
pub struct Agency<'a> {
    country: &'a Population,
    config: &'a AgencyConfig,
    side: Side,
    seed: Seed,
}

/// A person among neighbours: what an agency needs to see to make the record.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The person.
    pub person: &'a Person,
    /// The person's block.
    pub block: &'a Block,
}

impl<'a> Subject<'a> {
    /// The person in that slot of a block.
    pub fn of(block: &'a Block, slot: usize) -> Subject<'a> {
        Subject { person: &block.people[slot], block }
    }

    /// The household the person lives in.
    pub fn household(&self) -> &'a Household {
        &self.block.households[usize::from(self.person.household)]
    }
}

/// A person's place on a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// On a return of their own.
    Own,
    /// On one return with the spouse in that slot.
    Joint(usize),
    /// On the return of the person in that slot, as a dependant.
    Dependant(usize),
}

/// A record in the making: one cell for each of [`Field::NAMED`], in that order, whether or not the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    cells: [String; 14],
}

/// The place of the census category in a draft. No error of the catalogue touches it.
const RACE: usize = 13;

impl Draft {
    /// The value of a named field; empty where it is missing.
    pub fn get(&self, field: &Field) -> &str {
        Field::NAMED.iter().position(|named| named == field).map_or("", |i| &self.cells[i])
    }

    /// All cells, in the order of [`Field::NAMED`].
    pub fn cells(&self) -> &[String; 14] {
        &self.cells
    }

    fn clear_address(&mut self) {
        self.cells[Cell::HOUSE.index()..=Cell::ZIP.index()].iter_mut().for_each(String::clear);
    }

    fn set_address(&mut self, address: &Address) {
        for (cell, part) in self.cells[Cell::HOUSE.index()..].iter_mut().zip(address.parts()) {
            cell.clear();
            cell.push_str(part);
        }
    }
}

const COVERED: Decision = Decision::named("agency.covered");
const HISPANIC_AS_WHITE: Decision = Decision::named("agency.hispanic_as_white");
const SOUGHT: Decision = Decision::named("requests.sought");
const LISTED_IN_ERROR: Decision = Decision::named("requests.listed_in_error");
const LIKE_POPULATION: Decision = Decision::named("requests.like_population");
const RECORD_NUMBER: Decision = Decision::named("agency.record_number");

impl<'a> Agency<'a> {
    /// The agency on that side, whose errors are drawn from `seed`.
    pub fn new(country: &'a Population, config: &'a AgencyConfig, side: Side, seed: Seed) -> Agency<'a> {
        Agency { country, config, side, seed }
    }

    /// The fields of its file, in column order.
    pub fn fields(&self) -> &'a [Field] {
        &self.config.fields
    }

    /// Returns `true` if the person is on the agency's file.
    pub fn covers(&self, subject: Subject<'_>) -> bool {
        subject.person.age() >= self.config.least_age as i32 && self.is_covered(subject)
    }

    /// The same whatever the person's age. A child is on a return only if somebody files it.
    fn is_covered(&self, subject: Subject<'_>) -> bool {
        let person = subject.person;
        let covered = self.covers_at(subject, self.coverage(person.status, person.group));
        match self.place(subject) {
            Place::Dependant(parent) if person.age() < 18 => {
                covered && self.is_covered(Subject::of(subject.block, parent))
            }
            _ => covered,
        }
    }

    /// Returns `true` if the person is on file when people like that are on it with this probability. The luck is that
    /// of [`Agency::covers`], so raising the probability only adds people.
    pub fn covers_at(&self, subject: Subject<'_>, probability: f64) -> bool {
        self.seed.uniform(COVERED.about(self.side as u64), self.unit(subject).0) < probability
    }

    fn coverage(&self, status: Status, group: Group) -> f64 {
        self.config.coverage[status as usize] * self.config.coverage_by_group[group as usize]
    }

    /// Writes the record of a person into `draft`, as the agency holds it, but without the errors in `without`.
    ///
    /// Each value that an error changed is noted in `changes`, in the order in which it happened: undone backwards,
    /// they give the record without error. Those that a later error masks are there too, marked so. Gives the errors
    /// that found something to change, in whichever field, also where a later one masks them.
    pub fn record(
        &self,
        subject: Subject<'_>,
        without: ErrorSet,
        draft: &mut Draft,
        changes: Option<&mut Vec<Change>>,
    ) -> ErrorSet {
        self.true_record(subject, draft);
        let made = drawn::make(self, subject, without, draft, changes);
        self.keep_own_fields(draft);
        made
    }

    /// `true` if the person's record gives a number, whoever's it is.
    pub fn states_number(&self, subject: Subject<'_>) -> bool {
        let mut draft = Draft::default();
        self.record(subject, ErrorSet::NONE, &mut draft, None);
        !draft.get(&Field::Number).is_empty()
    }

    /// The errors drawn about a person, in catalogue order, also those that find nothing to change or are masked.
    pub fn drawn(&self, subject: Subject<'_>) -> Vec<ErrorRef> {
        drawn::drawn(self, subject)
    }

    /// The errors that stand between a person and the record, in catalogue order, each with `true` if it is latent: it
    /// changes nothing, and would once others are undone. Without all of them the record is the clean one.
    pub fn differences(&self, subject: Subject<'_>) -> BTreeMap<ErrorRef, bool> {
        let (mut found, mut without, mut draft) = (BTreeMap::new(), ErrorSet::NONE, Draft::default());
        loop {
            let mut changes = Vec::new();
            self.record(subject, without, &mut draft, Some(&mut changes));
            if changes.is_empty() {
                return found;
            }
            let latent = without != ErrorSet::NONE;
            for Change { error, .. } in changes {
                found.insert(error, latent);
                without = without.with(error);
            }
        }
    }

    /// A batch of one: the record of a person, without the errors in `without`.
    pub fn remade(&self, subject: Subject<'_>, without: ErrorSet, id: RecordId) -> Records {
        let mut draft = Draft::default();
        self.record(subject, without, &mut draft, None);
        let mut records = Records::new(self.fields());
        records.push(id, &self.row(&draft));
        records
    }

    /// The dwelling whose address the agency has for a person: where the person lives today, or an earlier one.
    pub fn recorded_dwelling(&self, subject: Subject<'_>) -> DwellingId {
        drawn::recorded_dwelling(self, subject)
    }

    /// The cells of the file's own fields, in column order.
    pub fn row<'d>(&self, draft: &'d Draft) -> Vec<&'d str> {
        self.config.fields.iter().map(|field| draft.get(field)).collect()
    }

    fn true_record(&self, subject: Subject<'_>, draft: &mut Draft) {
        let person = subject.person;
        for cell in &mut draft.cells {
            cell.clear();
        }
        self.true_identity(person, draft);
        let cells = &mut draft.cells;
        if self.gives_number(person) {
            cells[Cell::NUMBER.index()] = self.number_of(person);
        }
        if self.config.fields.contains(&Field::Race) {
            cells[RACE].push_str(self.recorded_group(person).name());
        }
        draft.set_address(&self.country.address(subject.household().dwelling));
    }

    /// Name, sex and date of birth, into cells that are empty.
    fn true_identity(&self, person: &Person, draft: &mut Draft) {
        let names = self.country.names();
        let cells = &mut draft.cells;
        self.country.given_name(person, &mut cells[Cell::GIVEN.index()]);
        if let Some(middle) = person.middle_name() {
            names.write_given(middle, &mut cells[Cell::MIDDLE.index()]);
        }
        self.country.surname(person, &mut cells[Cell::SURNAME.index()]);
        cells[Cell::SUFFIX.index()].push_str(person.suffix.map_or("", |suffix| suffix.text()));
        cells[Cell::SEX.index()].push_str(person.sex.name());
        cells[Cell::BORN.index()] = person.born.to_string();
    }

    /// The census category under which a person is on file: a matter of the agency's list of codes, not an error.
    fn recorded_group(&self, person: &Person) -> Group {
        let decision = HISPANIC_AS_WHITE.about(self.side as u64);
        let other_code =
            person.group == Group::Hispanic && self.seed.uniform(decision, person.id.0) < self.config.hispanic_as_white;
        if other_code { Group::White } else { person.group }
    }

    fn keep_own_fields(&self, draft: &mut Draft) {
        for (cell, field) in draft.cells.iter_mut().zip(&Field::NAMED) {
            if self.config.fields.contains(field) {
                self.format(field, cell);
            } else {
                cell.clear();
            }
        }
    }
}

/// The people the requester asks for: `count` of them, each once, in the order of their requests.
///
/// Of a list of orders a share `in_error` of them has no final order on record and is listed all the same; the others are drawn from those
/// who have one, by a keyed shuffle of every slot an order could be in. No block is made to know whom it holds, so the
/// list costs the same in a class and in a nation. Fewer than `count` come back only when the country has no more.
///
/// # Panics
/// For a roll or a list of movers, which depend on the files.
pub fn sought(country: &Population, list: ListOf, count: u64, in_error: f64, seed: Seed) -> Vec<PersonId> {
    if list == ListOf::LikePopulation {
        let anybody = Permutation::new(seed, LIKE_POPULATION, country.people());
        return (0..count.min(country.people())).map(|i| PersonId(anybody.forward(i))).collect();
    }
    assert!(list == ListOf::Orders, "who is on a roll depends on the files");
    let order_slots = country.blocks() * MOST_ORDERS;
    let with_order = Permutation::new(seed, SOUGHT, order_slots);
    let anybody = Permutation::new(seed, LISTED_IN_ERROR, country.people());
    let mut with_order = (0..order_slots).map(|i| with_order.forward(i)).filter_map(|place| {
        let (block, slot) = (place / MOST_ORDERS, place % MOST_ORDERS);
        (slot < country.orders_in_block(block)).then_some(PersonId(block * PEOPLE_PER_BLOCK + slot))
    });
    let mut without_order = (0..country.people())
        .map(|i| PersonId(anybody.forward(i)))
        .filter(|person| person.slot() as u64 >= country.orders_in_block(person.block()));
    (0..count)
        .map_while(|request| {
            if seed.uniform(LISTED_IN_ERROR, request) < in_error { without_order.next() } else { with_order.next() }
        })
        .collect()
}

/// The largest number that [`sought`] can give: up to the first request for which nobody of its kind is left.
pub fn most_sought(country: &Population, list: ListOf, in_error: f64, seed: Seed) -> u64 {
    if list == ListOf::LikePopulation {
        return country.people();
    }
    let with_order = people_with_order(country);
    let (mut with_order, mut without_order) = (with_order, country.people() - with_order);
    for request in 0.. {
        let listed_in_error = seed.uniform(LISTED_IN_ERROR, request) < in_error;
        let left = if listed_in_error { &mut without_order } else { &mut with_order };
        match left.checked_sub(1) {
            Some(fewer) => *left = fewer,
            None => return request,
        }
    }
    0
}

/// Number of people in the country who have a final order on record.
pub fn people_with_order(country: &Population) -> u64 {
    (0..country.blocks()).map(|block| country.orders_in_block(block)).sum()
}

/// The person behind each record.
///
/// The holder's record number is a keyed shuffle of the person's number: it tells the matcher nothing, and only this
/// type undoes it. A request is its position in the list.
pub struct Truth {
    holder: Permutation,
    sought: Vec<PersonId>,
}

impl Truth {
    /// The truth about a holder's file of `country` and a list of people sought.
    pub fn new(country: &Population, sought: Vec<PersonId>, seed: Seed) -> Truth {
        Truth { holder: Permutation::new(seed, RECORD_NUMBER, country.people()), sought }
    }

    /// The number that the holder's file gives the record of a person.
    pub fn record_of(&self, person: PersonId) -> RecordId {
        RecordId(self.holder.forward(person.0))
    }

    /// The person whom a record of the holder's file is about.
    pub fn person_of(&self, record: RecordId) -> PersonId {
        PersonId(self.holder.backward(record.0))
    }

    /// The person whom a request asks for.
    pub fn sought_by(&self, request: usize) -> PersonId {
        self.sought[request]
    }

    /// Everybody asked for, by request.
    pub fn sought(&self) -> &[PersonId] {
        &self.sought
    }

    /// Returns `true` if a record is that of the person a request asks for.
    pub fn is_match(&self, request: usize, record: RecordId) -> bool {
        self.record_of(self.sought[request]) == record
    }
}

#[cfg(test)]
pub(crate) mod tests;
