//! The errors drawn about somebody, and the record with them.

use super::capture::Luck;
use super::cell::{Cell, field};
use super::errors::{Change, ErrorKind, ErrorRef, ErrorSet};
use super::making::{Making, old_dwelling};
use super::{Agency, Draft, Subject, texts};
use crate::population::places::DwellingId;
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
