//! Two agencies, each with its own imperfect file about the same people.
//!
//! An [`Agency`] says who is on its file and makes the record of one person, errors and all. [`Truth`] knows who each
//! record really is; it is made here and read only where results are measured, never where records are matched.

mod errors;

pub use errors::{Cell, Change, ErrorKind, ErrorRates, ErrorRef, ErrorSet};

use crate::population::places::{Address, DwellingId, PEOPLE_PER_BLOCK};
use crate::population::{Block, Household, MOST_ORDERS, Person, PersonId, Population, Status};
use crate::random::{Decision, Permutation, Seed};
use crate::record::{Field, RecordId, Records};

/// What an agency's file is like.
#[derive(Clone, Debug, PartialEq)]
pub struct AgencyConfig {
    /// The fields of its file, in column order.
    pub fields: Vec<Field>,
    /// Probability that a person of each status, in the order of [`Status::ALL`], is on file, given the age.
    pub coverage: [f64; 6],
    /// The least age in years of anybody on file.
    pub least_age: u32,
    /// Share of records that hold an identity number. At 0 none does.
    pub number_given: f64,
    /// How often each kind of error happens.
    pub errors: ErrorRates,
    /// An old address is from one to this many years old, each as likely.
    pub old_address_years: u32,
}

/// Which of the two agencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Submits requests.
    Requester,
    /// Holds the file.
    Holder,
}

impl Side {
    /// The word used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Side::Requester => "requester",
            Side::Holder => "holder",
        }
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

/// A record in the making: one cell for each of [`Field::NAMED`], in that order, whether or not the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    cells: [String; 13],
}

impl Draft {
    /// The value of a named field; empty where it is missing.
    pub fn get(&self, field: &Field) -> &str {
        Field::NAMED.iter().position(|named| named == field).map_or("", |i| &self.cells[i])
    }

    /// All cells, in the order of [`Field::NAMED`].
    pub fn cells(&self) -> &[String; 13] {
        &self.cells
    }

    fn set_address(&mut self, address: &Address) {
        for (cell, part) in self.cells[Cell::HOUSE.index()..].iter_mut().zip(address.parts()) {
            cell.clear();
            cell.push_str(part);
        }
    }
}

const COVERED: Decision = Decision::named("agency.covered");
const NUMBER_GIVEN: Decision = Decision::named("agency.number_given");
const SOUGHT: Decision = Decision::named("requests.sought");
const LISTED_IN_ERROR: Decision = Decision::named("requests.listed_in_error");
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

    /// Whether the person is on the agency's file.
    pub fn covers(&self, person: &Person) -> bool {
        person.age() >= self.config.least_age as i32
            && self.seed.uniform(COVERED.about(self.side as u64), person.id.0) < self.coverage(person.status)
    }

    fn coverage(&self, status: Status) -> f64 {
        self.config.coverage[status as usize]
    }

    /// Writes the record of a person into `draft`, as the agency holds it, but without the errors in `without`.
    ///
    /// Each value that an error changed is noted in `changes`, in the order in which it happened: undone backwards,
    /// they give the record without error.
    pub fn record(
        &self,
        subject: Subject<'_>,
        without: ErrorSet,
        draft: &mut Draft,
        changes: Option<&mut Vec<Change>>,
    ) {
        self.true_record(subject, draft);
        errors::make(self, subject, without, draft, changes);
        self.keep_own_fields(draft);
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
        errors::recorded_dwelling(self, subject)
    }

    /// The cells of the file's own fields, in column order.
    pub fn row<'d>(&self, draft: &'d Draft) -> Vec<&'d str> {
        self.config.fields.iter().map(|field| draft.get(field)).collect()
    }

    fn true_record(&self, subject: Subject<'_>, draft: &mut Draft) {
        let person = subject.person;
        let names = self.country.names();
        for cell in &mut draft.cells {
            cell.clear();
        }
        let cells = &mut draft.cells;
        names.write_given(person.given, &mut cells[Cell::GIVEN.index()]);
        if let Some(middle) = person.middle {
            names.write_given(middle, &mut cells[Cell::MIDDLE.index()]);
        }
        self.country.surname(person, &mut cells[Cell::SURNAME.index()]);
        cells[Cell::SUFFIX.index()].push_str(person.suffix.map_or("", |suffix| suffix.text()));
        cells[Cell::SEX.index()].push_str(person.sex.name());
        cells[Cell::BORN.index()] = person.born.to_string();
        if self.seed.uniform(NUMBER_GIVEN.about(self.side as u64), person.id.0) < self.config.number_given {
            cells[Cell::NUMBER.index()] = self.country.number(person.id);
        }
        draft.set_address(&self.country.address(subject.household().dwelling));
    }

    fn keep_own_fields(&self, draft: &mut Draft) {
        for (cell, field) in draft.cells.iter_mut().zip(&Field::NAMED) {
            if !self.config.fields.contains(field) {
                cell.clear();
            }
        }
    }
}

/// Whom the requester asks for: `count` people, each once, in the order of their requests.
///
/// A share `in_error` of them has no final order on record and is listed all the same; the others are drawn from those
/// who have one, by a keyed shuffle of every slot an order could be in. No block is made to know whom it holds, so the
/// list costs the same in a class and in a nation. Fewer than `count` come back only when the country has no more.
pub fn sought(country: &Population, count: u64, in_error: f64, seed: Seed) -> Vec<PersonId> {
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

/// How many people of the country have a final order on record.
pub fn people_with_order(country: &Population) -> u64 {
    (0..country.blocks()).map(|block| country.orders_in_block(block)).sum()
}

/// Who each record really is.
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

    /// Whether a record is that of the person a request asks for.
    pub fn is_match(&self, request: usize, record: RecordId) -> bool {
        self.record_of(self.sought[request]) == record
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::population::tests::config;
    use std::collections::BTreeSet;

    pub(crate) fn agency(rate: f64) -> AgencyConfig {
        AgencyConfig {
            fields: Field::NAMED.to_vec(),
            coverage: [1.0; 6],
            least_age: 0,
            number_given: 1.0,
            errors: ErrorRates::from_fn(|_| rate),
            old_address_years: 10,
        }
    }

    fn country() -> Population {
        Population::new(config(256 * 40), Seed(1))
    }

    #[test]
    fn without_errors_a_record_is_the_person() {
        let (country, config) = (country(), agency(0.0));
        let agency = Agency::new(&country, &config, Side::Holder, Seed(1));
        let block = country.block(3);
        let (mut draft, mut changes) = (Draft::default(), Vec::new());
        for slot in 0..block.people.len() {
            let subject = Subject::of(&block, slot);
            agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
            assert!(changes.is_empty());
            assert_eq!(draft.get(&Field::DateOfBirth), subject.person.born.to_string());
            assert_eq!(draft.get(&Field::Number), country.number(subject.person.id));
            assert_eq!(draft.get(&Field::Zip), country.address(subject.household().dwelling).zip);
        }
    }

    #[test]
    fn undoing_the_changes_backwards_gives_back_the_truth() {
        let (country, config) = (country(), agency(0.4));
        let agency = Agency::new(&country, &config, Side::Requester, Seed(1));
        let (mut draft, mut truth) = (Draft::default(), Draft::default());
        for index in 0..20 {
            let block = country.block(index);
            for slot in 0..block.people.len() {
                let mut changes = Vec::new();
                agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, Some(&mut changes));
                agency.record(Subject::of(&block, slot), ErrorSet::ALL, &mut truth, None);
                for change in changes.iter().rev() {
                    let cell = Field::NAMED.iter().position(|f| f == change.field).unwrap();
                    assert_eq!(draft.cells[cell], change.after);
                    draft.cells[cell].clone_from(&change.before);
                }
                assert_eq!(draft, truth);
            }
        }
    }

    #[test]
    fn raising_a_rate_only_adds_errors_and_disturbs_none() {
        let country = country();
        let block = country.block(5);
        for kind in ErrorKind::ALL {
            let rates = |rate| AgencyConfig {
                errors: ErrorRates::from_fn(|k| if k == kind { rate } else { 0.2 }),
                ..agency(0.0)
            };
            let (low, high) = (rates(0.1), rates(0.6));
            let low = Agency::new(&country, &low, Side::Holder, Seed(2));
            let high = Agency::new(&country, &high, Side::Holder, Seed(2));
            let mut draft = Draft::default();
            for slot in 0..block.people.len() {
                let (mut few, mut many) = (Vec::new(), Vec::new());
                low.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, Some(&mut few));
                high.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, Some(&mut many));
                let many: BTreeSet<ErrorRef> = many.iter().map(|change| change.error).collect();
                // A later kind acts on what the earlier left, and may find nothing left to change.
                assert!(few.iter().all(|c| c.error.kind > kind || many.contains(&c.error)), "{kind:?}");
            }
        }
    }

    #[test]
    fn each_rate_at_one_changes_what_it_can_and_at_zero_nothing() {
        let country = country();
        let block = country.block(7);
        for kind in ErrorKind::ALL {
            let only =
                AgencyConfig { errors: ErrorRates::from_fn(|k| if k == kind { 1.0 } else { 0.0 }), ..agency(0.0) };
            let agency = Agency::new(&country, &only, Side::Holder, Seed(2));
            let (mut draft, mut changes) = (Draft::default(), Vec::new());
            for slot in 0..block.people.len() {
                agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, Some(&mut changes));
            }
            assert!(changes.iter().all(|change| change.error.kind == kind));
            let hit: BTreeSet<Cell> = changes.iter().map(|change| change.error.cell).collect();
            // Nicknames need a table; every other kind must reach every cell it names.
            if kind != ErrorKind::Nickname {
                assert!(!hit.is_empty(), "{kind:?}");
            }
        }
    }

    #[test]
    fn the_list_asks_for_each_person_once_and_for_the_stated_share_without_an_order() {
        let country = country();
        let all = people_with_order(&country);
        let list = sought(&country, 150, 0.2, Seed(1));
        assert_eq!(list.len(), 150);
        assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), 150);
        let in_error =
            list.iter().filter(|person| !country.block(person.block()).people[person.slot()].final_order).count();
        assert!((15..50).contains(&in_error), "{in_error}");
        let exhausted = sought(&country, all + 50, 0.0, Seed(1));
        assert_eq!(exhausted.len() as u64, all);
        assert_eq!(exhausted[..10], sought(&country, 10, 0.0, Seed(1))[..]);
    }

    #[test]
    fn truth_undoes_the_record_numbers() {
        let country = country();
        let truth = Truth::new(&country, vec![PersonId(12), PersonId(700)], Seed(8));
        for person in 0..country.people() {
            assert_eq!(truth.person_of(truth.record_of(PersonId(person))), PersonId(person));
        }
        assert!(truth.is_match(1, truth.record_of(PersonId(700))));
        assert!(!truth.is_match(0, truth.record_of(PersonId(700))));
    }

    #[test]
    fn coverage_of_zero_leaves_nobody_and_of_one_everybody_of_age() {
        let country = country();
        let none = AgencyConfig { coverage: [0.0; 6], ..agency(0.0) };
        let adults = AgencyConfig { least_age: 18, ..agency(0.0) };
        for person in &country.block(1).people {
            assert!(!Agency::new(&country, &none, Side::Holder, Seed(1)).covers(person));
            assert_eq!(Agency::new(&country, &adults, Side::Holder, Seed(1)).covers(person), person.age() >= 18);
        }
    }
}
