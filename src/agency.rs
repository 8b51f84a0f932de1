//! Two agencies, each with its own imperfect file about the same people.
//!
//! An [`Agency`] says who is on its file and makes the record of one person, errors and all. [`Truth`] knows who each
//! record really is; it is made here and read only where results are measured, never where records are matched.

mod errors;
mod catalogue;
mod own;
mod capture;
mod config;
mod figures;
mod filing;
mod making;
mod numbers;
mod texts;

pub use capture::{AGES, Capture, Profile, recording_quality};
pub use errors::{Cell, Change, ErrorKind, ErrorRates, ErrorRef, ErrorRow, ErrorSet};
pub use figures::{FileFigure, disagreement, figures, spellings};
pub use filing::{Filing, FilingCounts};
pub use making::Making;
pub use own::{OwnErrors, Refused};

use crate::population::places::{Address, DwellingId, PEOPLE_PER_BLOCK};
use crate::population::{Block, Group, Household, MOST_ORDERS, Person, PersonId, Population, Status};
use crate::random::{Decision, Permutation, Seed};
use crate::record::{Field, RecordId, Records};
use crate::scenario::{DateFormat, Letters, ListOf, Numbers};

/// What an agency's file is like.
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
    /// How often each kind of error happens, to whom, and how errors hang together.
    pub capture: Capture,
    /// An old address is from one to this many years old, each as likely: the record is renewed at least this often.
    pub old_address_years: u32,
    /// How people file, where the file is one of tax returns; `None` where every person is asked alone.
    pub filing: Option<Filing>,
    /// The most characters a value may have, in the order of [`Field::NAMED`]; at 0 any number.
    pub lengths: [usize; 14],
    /// The most characters of the whole name, where it stands in one column; at 0 any number.
    pub name_length: usize,
    /// How dates are written.
    pub dates: DateFormat,
    /// How letters are written.
    pub letters: Letters,
    /// How much of an identity number is held.
    pub numbers: Numbers,
    /// Share of Hispanic people whose record says white. At 1 the file has no code for them.
    pub hispanic_as_white: f64,
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

/// Where somebody stands on a return.
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

    /// Whether the person is on the agency's file.
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

    /// Whether the person is on file if somebody like that is with this probability. It is the same luck as that of
    /// [`Agency::covers`], so raising the probability only adds people.
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
        let made = making::make(self, subject, without, draft, changes);
        self.keep_own_fields(draft);
        made
    }

    /// The errors drawn about a person, in catalogue order, also those that find nothing to change or are masked.
    pub fn drawn(&self, subject: Subject<'_>) -> Vec<ErrorRef> {
        making::drawn(self, subject)
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
        making::recorded_dwelling(self, subject)
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

/// Whom the requester asks for: `count` people, each once, in the order of their requests.
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

/// How many people [`sought`] can give at most: up to the first request for which nobody of its kind is left.
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
    use crate::population::PopulationConfig;
    use crate::population::tests::config;
    use std::collections::BTreeSet;

    pub(crate) fn agency(rate: f64) -> AgencyConfig {
        AgencyConfig {
            fields: Field::NAMED.to_vec(),
            coverage: [1.0; 6],
            coverage_by_group: [1.0; 6],
            least_age: 0,
            number_given: 1.0,
            capture: capture(ErrorRates::from_fn(|_| rate), 0.0),
            old_address_years: 10,
            filing: None,
            lengths: [4; 14],
            name_length: 8,
            dates: DateFormat::Iso,
            letters: Letters::Mixed,
            numbers: Numbers::Whole,
            hispanic_as_white: 0.0,
        }
    }

    pub(crate) fn capture(rates: ErrorRates, dependence: f64) -> Capture {
        Capture::new(rates, &Profile::EQUAL, dependence, &Field::NAMED)
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
                assert!(changes.iter().all(|change| agency.drawn(Subject::of(&block, slot)).contains(&change.error)));
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
    fn raising_a_rate_never_removes_a_drawn_error_and_disturbs_no_other() {
        let country = country();
        let block = country.block(5);
        let mut pairs = Seed(11).stream(Decision::named("test.rates"), 0);
        for kind in ErrorKind::ALL {
            for dependence in [0.0, pairs.uniform(), 1.0] {
                let (a, b) = (pairs.uniform(), pairs.uniform());
                let with = |rate| AgencyConfig {
                    capture: capture(ErrorRates::from_fn(|k| if k == kind { rate } else { 0.2 }), dependence),
                    ..agency(0.0)
                };
                let (low, high) = (with(a.min(b)), with(a.max(b)));
                let low = Agency::new(&country, &low, Side::Holder, Seed(2));
                let high = Agency::new(&country, &high, Side::Holder, Seed(2));
                let mut draft = Draft::default();
                for slot in 0..block.people.len() {
                    let subject = Subject::of(&block, slot);
                    let few: BTreeSet<ErrorRef> = low.drawn(subject).into_iter().collect();
                    let many: BTreeSet<ErrorRef> = high.drawn(subject).into_iter().collect();
                    assert!(few.is_subset(&many), "{kind:?}");
                    assert!(many.difference(&few).all(|error| error.kind == kind), "{kind:?}");
                    // In the provenance too, masked or not: later kinds act on what the earlier left, and may find
                    // nothing left to change.
                    let (mut less, mut more) = (Vec::new(), Vec::new());
                    low.record(subject, ErrorSet::NONE, &mut draft, Some(&mut less));
                    high.record(subject, ErrorSet::NONE, &mut draft, Some(&mut more));
                    let more: BTreeSet<ErrorRef> = more.iter().map(|change| change.error).collect();
                    assert!(less.iter().all(|c| c.error.kind > kind || more.contains(&c.error)), "{kind:?}");
                }
            }
        }
    }

    #[test]
    fn a_given_name_of_two_parts_is_one_name_of_which_a_file_may_keep_a_part() {
        let config = PopulationConfig { compound_given: 1.0, ..crate::population::tests::config(256 * 60) };
        let country = Population::new(config, Seed(1));
        let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::GIVEN_PART_LOST { 1.0 } else { 0.0 });
        let config = AgencyConfig { capture: capture(rates, 0.0), ..agency(0.0) };
        let file = Agency::new(&country, &config, Side::Holder, Seed(2));
        let (mut draft, mut own, mut forms) = (Draft::default(), Draft::default(), BTreeSet::new());
        for block in (0..60).map(|index| country.block(index)) {
            for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
                file.record(subject, ErrorSet::NONE, &mut draft, None);
                file.record(subject, ErrorSet::ALL, &mut own, None);
                let (whole, kept) = (own.get(&Field::GivenName), draft.get(&Field::GivenName));
                if !subject.person.compound_given {
                    assert_eq!(whole, kept);
                    continue;
                }
                let (first, second) = whole.split_once(' ').unwrap();
                assert_eq!(own.get(&Field::MiddleName), "");
                let as_middle = draft.get(&Field::MiddleName) == second;
                assert!(as_middle || draft.get(&Field::MiddleName).is_empty());
                forms.insert(match kept {
                    kept if kept == first && as_middle => "first, and the second for a middle name",
                    kept if kept == first => "first",
                    kept if kept == second => "second",
                    kept if kept == format!("Ma. {second}") => "abbreviated",
                    _ => panic!("{whole}: {kept}"),
                });
            }
        }
        assert_eq!(forms.len(), 4, "{forms:?}");
    }

    #[test]
    fn errors_that_a_later_one_masks_stay_in_the_provenance_and_are_marked() {
        let country = country();
        let certain = [ErrorKind::TYPING, ErrorKind::MISSING, ErrorKind::YEAR_OFF];
        let rates = ErrorRates::from_fn(|kind| f64::from(u8::from(certain.contains(&kind))));
        let config = AgencyConfig { capture: capture(rates, 0.0), ..agency(0.0) };
        let agency = Agency::new(&country, &config, Side::Holder, Seed(2));
        let block = country.block(2);
        let mut changes = Vec::new();
        agency.record(Subject::of(&block, 0), ErrorSet::NONE, &mut Draft::default(), Some(&mut changes));
        let masked = |kind, cell| changes.iter().find(|c| c.error == ErrorRef { kind, cell }).map(|c| c.masked);
        assert_eq!(masked(ErrorKind::TYPING, Cell::GIVEN), Some(true));
        assert_eq!(masked(ErrorKind::YEAR_OFF, Cell::BORN), Some(true));
        assert_eq!(masked(ErrorKind::TYPING, Cell::CITY), Some(false));
        assert_eq!(masked(ErrorKind::MISSING, Cell::GIVEN), Some(false));
    }

    #[test]
    fn each_rate_at_one_changes_what_it_can_and_at_zero_nothing() {
        let country = country();
        for kind in ErrorKind::ALL {
            let only = ErrorRates::from_fn(|k| if k == kind { 1.0 } else { 0.0 });
            let only = AgencyConfig { capture: capture(only, 0.0), ..agency(0.0) };
            let agency = Agency::new(&country, &only, Side::Holder, Seed(2));
            let (mut draft, mut changes) = (Draft::default(), Vec::new());
            for index in 0..20 {
                let block = country.block(index);
                for slot in 0..block.people.len() {
                    let subject = Subject::of(&block, slot);
                    agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
                    assert_eq!(agency.drawn(subject).len(), kind.cells().len(), "{kind:?}");
                }
            }
            assert!(changes.iter().all(|change| change.error.kind == kind && !change.masked));
            let hit: BTreeSet<Cell> = changes.iter().map(|change| change.error.cell).collect();
            // Every kind reaches every cell it names; given names of two parts are rare.
            let reached = kind.cells().iter().filter(|cell| hit.contains(cell)).count();
            let compound = [ErrorKind::COMPOUND_JOINED, ErrorKind::COMPOUND_SPLIT].contains(&kind);
            assert!(reached == kind.cells().len() || compound && reached > 0, "{kind:?}: {hit:?}");
        }
    }

    /// Over many people: how often each error is drawn, and how many people have exactly so many errors.
    fn draws(country: &Population, rate: f64, dependence: f64) -> (Vec<f64>, Vec<u64>) {
        let config = AgencyConfig { capture: capture(ErrorRates::from_fn(|_| rate), dependence), ..agency(0.0) };
        let agency = Agency::new(country, &config, Side::Holder, Seed(3));
        let all: Vec<ErrorRef> = ErrorRef::all().filter(|e| e.kind != ErrorKind::TRUNCATED).collect();
        let (mut hits, mut people) = (vec![0_u64; all.len()], vec![0_u64; all.len() + 1]);
        let mut count = 0;
        for index in 0..country.blocks() {
            let block = country.block(index);
            for slot in 0..block.people.len() {
                let drawn: BTreeSet<ErrorRef> = agency.drawn(Subject::of(&block, slot)).into_iter().collect();
                hits.iter_mut().zip(&all).for_each(|(hits, error)| *hits += u64::from(drawn.contains(error)));
                people[drawn.len().min(all.len())] += 1;
                count += 1;
            }
        }
        (hits.into_iter().map(|hits| hits as f64 / f64::from(count)).collect(), people)
    }

    #[test]
    fn the_dependence_knob_moves_how_errors_cluster_and_not_how_many_there_are() {
        let country = country();
        let rate = 0.05;
        let mut spread = Vec::new();
        for dependence in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let (rates, people) = draws(&country, rate, dependence);
            // 10,240 people: four standard errors of a share of 5 % are 0.0086. Errors share their luck, so all of them
            // may be off one way; the margin allows for it.
            let worst = rates.iter().map(|share| (share - rate).abs()).fold(0.0, f64::max);
            assert!(worst < 0.0095, "{dependence}: {worst}");
            let n: u64 = people.iter().sum();
            let mean = people.iter().enumerate().map(|(k, &c)| (k as u64 * c) as f64).sum::<f64>() / n as f64;
            let square = people.iter().enumerate().map(|(k, &c)| (k * k) as f64 * c as f64).sum::<f64>() / n as f64;
            spread.push(square - mean * mean);
        }
        assert!(spread.windows(2).all(|pair| pair[0] < pair[1]), "{spread:?}");
        assert!(spread[4] > 20.0 * spread[0], "{spread:?}");
    }

    #[test]
    fn a_rate_is_that_of_the_country_under_the_profile_too() {
        let country = country();
        let profile = Profile {
            names_by_group: [1.0, 1.1, 1.8, 2.0, 1.3, 1.2],
            by_status: [1.0, 1.2, 1.2, 1.4, 1.5, 1.7],
            by_age: [1.0, 1.2, 1.0, 0.9, 1.1],
            without_number: 1.0,
        };
        let abroad = 0.15;
        let statuses = [0.85, abroad * 0.5, abroad * 0.25, abroad * 0.07, abroad * 0.05, abroad * 0.13];
        let shares = config(1).group_shares;
        let profile = profile.scaled(shares, statuses, [0.0, 0.21, 0.25, 0.32, 0.22]);
        let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::MISHEARD { 0.3 } else { 0.0 });
        let capture = Capture::new(rates, &profile, 0.3, &Field::NAMED);
        let config = AgencyConfig { capture, ..agency(0.0) };
        let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
        let (mut drawn, mut trials) = (0.0, 0.0);
        let mut by_group = [(0.0, 0.0); 6];
        for index in 0..country.blocks() {
            let block = country.block(index);
            for (slot, person) in block.people.iter().enumerate().filter(|(_, person)| person.age() >= 18) {
                let hits = agency.drawn(Subject::of(&block, slot)).len() as f64;
                (drawn, trials) = (drawn + hits, trials + 2.0);
                let group = &mut by_group[person.group as usize];
                *group = (group.0 + hits, group.1 + 2.0);
            }
        }
        let mean: f64 = drawn / trials;
        assert!((mean / 0.3 - 1.0).abs() < 0.06, "{mean}");
        let rate = |group: Group| by_group[group as usize].0 / by_group[group as usize].1;
        assert!(rate(Group::AsianPacific) > 1.5 * rate(Group::White));
    }

    #[test]
    fn a_file_may_have_no_code_for_hispanic_people_and_hold_four_digits_of_a_number() {
        let country = country();
        let mut draft = Draft::default();
        for share in [0.0, 1.0] {
            let config = AgencyConfig { hispanic_as_white: share, numbers: Numbers::LastFour, ..agency(0.0) };
            let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
            let block = country.block(3);
            for (slot, person) in block.people.iter().enumerate() {
                agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, None);
                let other_code = share == 1.0 && person.group == Group::Hispanic;
                let expected = if other_code { Group::White } else { person.group };
                assert_eq!(draft.get(&Field::Race), expected.name());
                assert!(country.number(person.id).ends_with(draft.get(&Field::Number)));
                assert_eq!(draft.get(&Field::Number).len(), 4);
            }
        }
    }

    #[test]
    fn formats_are_no_errors_and_a_joint_return_has_one_address() {
        let country = country();
        let rates = ErrorRates::from_fn(|kind| if kind == ErrorKind::OLD_ADDRESS { 0.5 } else { 0.0 });
        let config = AgencyConfig {
            capture: capture(rates, 0.4),
            dates: DateFormat::MonthFirst,
            letters: Letters::Upper,
            filing: Some(Filing { joint: 1.0, dependant_to_23: 0.0 }),
            ..agency(0.0)
        };
        let agency = Agency::new(&country, &config, Side::Holder, Seed(3));
        let (mut draft, mut joint) = (Draft::default(), 0);
        for index in 0..10 {
            let block = country.block(index);
            for (slot, person) in block.people.iter().enumerate() {
                let subject = Subject::of(&block, slot);
                agency.record(subject, ErrorSet::NONE, &mut draft, None);
                assert_eq!(crate::record::Date::parse(draft.get(&Field::DateOfBirth)), Some(person.born));
                assert!(draft.get(&Field::Surname).chars().all(|c| !c.is_lowercase()));
                if let Some(spouse) = person.kin.spouse {
                    let of_spouse = agency.recorded_dwelling(Subject::of(&block, spouse.into()));
                    assert_eq!(agency.recorded_dwelling(subject), of_spouse);
                    joint += 1;
                }
            }
        }
        assert!(joint > 100);
    }

    #[test]
    fn the_list_asks_for_each_person_once_and_for_the_stated_share_without_an_order() {
        let country = country();
        let all = people_with_order(&country);
        let list = sought(&country, ListOf::Orders, 150, 0.2, Seed(1));
        assert_eq!(list.len(), 150);
        assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), 150);
        let in_error =
            list.iter().filter(|person| !country.block(person.block()).people[person.slot()].final_order).count();
        assert!((15..50).contains(&in_error), "{in_error}");
        for in_error in [0.0, 0.2, 1.0] {
            let most = most_sought(&country, ListOf::Orders, in_error, Seed(1));
            assert_eq!(sought(&country, ListOf::Orders, most + 50, in_error, Seed(1)).len() as u64, most);
        }
        let exhausted = sought(&country, ListOf::Orders, all + 50, 0.0, Seed(1));
        assert_eq!(exhausted.len() as u64, all);
        assert_eq!(exhausted[..10], sought(&country, ListOf::Orders, 10, 0.0, Seed(1))[..]);
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
        let block = country.block(1);
        for subject in (0..block.people.len()).map(|slot| Subject::of(&block, slot)) {
            assert!(!Agency::new(&country, &none, Side::Holder, Seed(1)).covers(subject));
            let adult = subject.person.age() >= 18;
            assert_eq!(Agency::new(&country, &adults, Side::Holder, Seed(1)).covers(subject), adult);
        }
    }
}
