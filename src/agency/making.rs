//! A record in the making, as the function of a kind of error sees it: [`Making`].

use super::cell::Cell;
use super::{Agency, Draft, Subject};
use crate::population::Person;
use crate::population::places::DwellingId;
use crate::random::Stream;
use crate::record::Field;

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

    /// Replaces the text in the cell. Returns whether the new text differs. Of a cell of several fields, such as
    /// [`Cell::ADDRESS`], it is one field, as [`Making::text`] says: a kind of one's own changes one field.
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

/// The dwelling of some years ago whose address an agency may still have on file.
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
