//! A record in the making: which errors are drawn about somebody, and the record with them.

use super::capture::Luck;
use super::errors::{Cell, Change, ErrorKind, ErrorRef, ErrorSet, field};
use super::{Agency, Draft, Subject, texts};
use crate::population::Person;
use crate::population::places::DwellingId;
use crate::random::Stream;
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

/// A record in the making, as the function of a kind of error sees it: one cell is about to go wrong.
pub struct Making<'m> {
    pub(super) agency: &'m Agency<'m>,
    pub(super) subject: Subject<'m>,
    pub(super) cell: Cell,
    pub(super) draft: &'m mut Draft,
    pub(super) stream: &'m mut Stream,
}

impl<'m> Making<'m> {
    /// The cell that the error happens to.
    pub fn cell(&self) -> Cell {
        self.cell
    }

    /// The text in the cell; of a whole name or address the text of its first part.
    pub fn text(&self) -> &str {
        &self.draft.cells[self.cell.index()]
    }

    /// The value of a field as it is now, also of one that the error cannot change.
    pub fn value(&self, field: &Field) -> &str {
        self.draft.get(field)
    }

    /// The person whom the record is about, as the person truly is.
    pub fn person(&self) -> &'m Person {
        self.subject.person
    }

    /// The random numbers of this error in this record.
    pub fn stream(&mut self) -> &mut Stream {
        self.stream
    }

    /// Replaces the text in the cell. Returns whether the new text differs.
    pub fn put(&mut self, text: String) -> bool {
        let cell = self.cell_text();
        let differs = *cell != text;
        *cell = text;
        differs
    }

    /// Replaces the text in the cell by a function of it. Returns whether the new text differs.
    pub fn rewrite(&mut self, with: impl FnOnce(&str, &mut Stream) -> String) -> bool {
        let text = with(&self.draft.cells[self.cell.index()], self.stream);
        self.put(text)
    }

    pub(super) fn cell_text(&mut self) -> &mut String {
        &mut self.draft.cells[self.cell.index()]
    }

    /// Replaces the number of a record that gives one. People without a number of their own give such a number too.
    pub(super) fn number_of_another(
        &mut self,
        number: fn(&Agency<'_>, Subject<'_>, &mut Stream) -> Option<String>,
    ) -> bool {
        self.agency.gives_number(self.subject.person)
            && number(self.agency, self.subject, self.stream).is_some_and(|number| self.put(number))
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

/// Makes the drawn errors in a draft, in catalogue order, except for those `without`; notes each change. Gives the errors
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
        if without.contains(error) {
            continue;
        }
        let mut making = Making { agency, subject, cell: error.cell, draft, stream: &mut stream };
        let row = error.kind.row();
        if row.idle.is_some_and(|idle| idle(&making)) {
            continue;
        }
        let reach = error.cell.reach();
        if changes.is_some() {
            before.cells[reach.clone()].clone_from_slice(&making.draft.cells[reach.clone()]);
        }
        if (row.how)(&mut making) {
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

/// Marks each change whose field a later error replaced.
fn mark_masked(changes: &mut [Change]) {
    let mut replaced: Vec<&Field> = Vec::new();
    for change in changes.iter_mut().rev() {
        change.masked = replaced.contains(&change.field);
        if change.error.kind.row().replaces {
            replaced.push(change.field);
        }
    }
}

/// The dwelling whose address an agency recorded for somebody: today's, or an old one.
pub(super) fn recorded_dwelling(agency: &Agency<'_>, subject: Subject<'_>) -> DwellingId {
    let capture = &agency.config.capture;
    let error = ErrorRef { kind: ErrorKind::OLD_ADDRESS, cell: Cell::ADDRESS };
    let lucks = Lucks::of(agency, subject);
    let stream =
        capture.find(error).and_then(|i| capture.drawn(i, agency.side, agency.seed, &lucks.address, subject.person.id));
    match stream {
        Some(mut stream) => old_dwelling(agency, subject, &mut stream),
        None => subject.household().dwelling,
    }
}

pub(super) fn old_dwelling(agency: &Agency<'_>, subject: Subject<'_>, stream: &mut Stream) -> DwellingId {
    let years = u64::from(agency.config.old_address_years.max(1));
    let years_ago = 1 + stream.below(years) as u32;
    let slot = agency.filer(subject);
    let home = |years_ago| agency.country.home_years_ago(subject.block, slot, years_ago);
    // Nobody's address is older than the person's life in the country.
    (0..=years_ago).rev().find_map(home).unwrap_or(subject.household().dwelling)
}

/// Another member of the household, by slot in the block.
pub(super) fn other_member(subject: Subject<'_>, stream: &mut Stream) -> Option<usize> {
    let own = subject.person.id.slot();
    let others = || subject.household().members.iter().map(|&slot| usize::from(slot)).filter(|&slot| slot != own);
    let count = others().count() as u64;
    if count == 0 { None } else { others().nth(stream.below(count) as usize) }
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
