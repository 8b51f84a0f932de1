//! Errors between a person and a record: their kinds, sets and changes of them.
//!
//! An error of a kind is *drawn* for a cell when the cell's own uniform number is below the kind's rate. Draws are
//! keyed by agency, kind, cell and person, so raising a rate only adds errors, and taking one error away leaves every
//! other as it was. Errors are made in catalogue order, as they happen to a record: the address is out of date before
//! it is mistyped, and mistyped before the whole line is replaced by a placeholder, which then masks the earlier ones.

use super::cell::Cell;
use super::making::Making;
use crate::record::Field;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A kind of error as one row: its name, the cells it can happen to, and what it does.
///
/// The built-in rows are in `agency/catalogue.rs`. A custom row is a `static`, and [`OwnErrors`](super::OwnErrors) puts it at its
/// place in the order.
pub struct ErrorRow {
    pub(super) name: &'static str,
    pub(super) cells: &'static [Cell],
    pub(super) story: &'static str,
    pub(super) replaces: bool,
    pub(super) of_format: bool,
    pub(super) idle: Option<fn(&Making<'_>) -> bool>,
    pub(super) how: fn(&mut Making<'_>) -> bool,
}

impl ErrorRow {
    /// A kind of error. `how` makes it in a record and says whether it found something to change; each of `cells` has a
    /// draw of its own.
    pub const fn new(name: &'static str, cells: &'static [Cell], how: fn(&mut Making<'_>) -> bool) -> ErrorRow {
        ErrorRow { name, cells, story: "", replaces: false, of_format: false, idle: None, how }
    }

    /// Says how it comes about, and to whom.
    pub const fn story(self, story: &'static str) -> ErrorRow {
        ErrorRow { story, ..self }
    }

    /// Says that what it writes does not depend on what was there, so that earlier errors of the field are masked.
    pub const fn replacing(self) -> ErrorRow {
        ErrorRow { replaces: true, ..self }
    }

    /// Says that it is a matter of the file's format, which concerns everybody alike: neither the profile of capture nor
    /// a person's hidden trait touches it.
    pub const fn of_format(self) -> ErrorRow {
        ErrorRow { of_format: true, ..self }
    }

    /// Says when it plainly finds nothing to change. A kind that is drawn for nearly every record costs less so.
    pub(super) const fn idle_if(self, idle: fn(&Making<'_>) -> bool) -> ErrorRow {
        ErrorRow { idle: Some(idle), ..self }
    }
}

/// A kind of error. The order is the order in which errors are made and, when a wrong return is explained, the order in
/// which they are taken away.
#[derive(Clone, Copy)]
pub struct ErrorKind {
    row: &'static ErrorRow,
    /// Its place among the built-in kinds; of a custom kind the place of the kind before which it is made.
    at: u8,
    /// Its place among custom kinds; [`BUILT_IN`] of a built-in kind, which so comes after them.
    own: u8,
}

const BUILT_IN: u8 = u8::MAX;

impl ErrorKind {
    pub(super) const fn built_in(row: &'static ErrorRow, at: u8) -> ErrorKind {
        ErrorKind { row, at, own: BUILT_IN }
    }

    /// A custom kind, the `number`-th, made before a built-in kind or after all.
    pub(super) fn of_ones_own(row: &'static ErrorRow, before: Option<ErrorKind>, number: u8) -> ErrorKind {
        ErrorKind { row, at: before.map_or(ErrorKind::ALL.len() as u8, |kind| kind.at), own: number }
    }

    /// The built-in kind of that name.
    pub fn from_name(name: &str) -> Option<ErrorKind> {
        ErrorKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word used in scenarios, files and results.
    pub fn name(self) -> &'static str {
        self.row.name
    }

    /// The cells it can happen to, each with a draw of its own.
    pub fn cells(self) -> &'static [Cell] {
        self.row.cells
    }

    /// The story: how the error comes about, and to whom.
    pub fn story(self) -> &'static str {
        self.row.story
    }

    /// Tells whether the error is in a name; such errors depend on the kind of name.
    pub fn is_of_names(self) -> bool {
        self.cells().iter().all(|cell| *cell == Cell::NAME || cell.0 <= Cell::SUFFIX.0)
    }

    pub(super) fn row(self) -> &'static ErrorRow {
        self.row
    }

    fn order(self) -> (u8, u8) {
        (self.at, self.own)
    }
}

impl PartialEq for ErrorKind {
    fn eq(&self, other: &ErrorKind) -> bool {
        self.order() == other.order()
    }
}

impl Eq for ErrorKind {}

impl Hash for ErrorKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.order().hash(state);
    }
}

impl PartialOrd for ErrorKind {
    fn partial_cmp(&self, other: &ErrorKind) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ErrorKind {
    fn cmp(&self, other: &ErrorKind) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl fmt::Debug for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The rate of each kind of error in each cell it can happen to, in the order of the kinds; at 0 it never happens.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorRates(Vec<(ErrorKind, f64)>);

impl ErrorRates {
    /// Rates of the built-in kinds, from a function of the kind.
    pub fn from_fn(rate: impl Fn(ErrorKind) -> f64) -> ErrorRates {
        ErrorRates(ErrorKind::ALL.into_iter().map(|kind| (kind, rate(kind))).collect())
    }

    /// The same and one more kind.
    pub(super) fn with(mut self, kind: ErrorKind, rate: f64) -> ErrorRates {
        let at = self.0.partition_point(|(earlier, _)| *earlier < kind);
        self.0.insert(at, (kind, rate));
        self
    }

    /// The rate of a kind; 0 of one of somebody's own that the file does not have.
    pub fn of(&self, kind: ErrorKind) -> f64 {
        self.0.binary_search_by_key(&kind, |(kind, _)| *kind).map_or(0.0, |at| self.0[at].1)
    }

    /// Every error that a file can have, in order, with its rate.
    pub(super) fn errors(&self) -> impl Iterator<Item = (ErrorRef, f64)> {
        let of =
            |&(kind, rate): &(ErrorKind, f64)| kind.cells().iter().map(move |&cell| (ErrorRef { kind, cell }, rate));
        self.0.iter().flat_map(of)
    }
}

/// An error of one kind in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErrorRef {
    /// The error.
    pub kind: ErrorKind,
    /// The cell it happens to.
    pub cell: Cell,
}

impl ErrorRef {
    /// Every error of the built-in kinds, in order.
    pub fn all() -> impl Iterator<Item = ErrorRef> {
        ErrorKind::ALL.into_iter().flat_map(|kind| kind.cells().iter().map(move |&cell| ErrorRef { kind, cell }))
    }

    /// The bit that stands for it in an [`ErrorSet`]: custom kinds follow the built-in ones.
    fn bit(self) -> u128 {
        let within = self.kind.cells().iter().position(|cell| *cell == self.cell).unwrap_or(0) as u32;
        1 << match self.kind.own {
            BUILT_IN => FIRST_BITS[usize::from(self.kind.at)] + within,
            own => OWN_BITS + u32::from(own) * MOST_OWN_CELLS as u32 + within,
        }
    }
}

/// The most cells that a custom kind can happen to.
pub(super) const MOST_OWN_CELLS: usize = 4;
/// The most custom kinds.
pub(super) const MOST_OWN: usize = ((u128::BITS - OWN_BITS) as usize) / MOST_OWN_CELLS;

/// The bit of the first error of each built-in kind.
const FIRST_BITS: [u32; ErrorKind::ALL.len()] = {
    let mut bits = [0; ErrorKind::ALL.len()];
    let mut kind = 1;
    while kind < bits.len() {
        bits[kind] = bits[kind - 1] + ErrorKind::ALL[kind - 1].row.cells.len() as u32;
        kind += 1;
    }
    bits
};

/// The bit of the first custom error.
const OWN_BITS: u32 = {
    let last = ErrorKind::ALL.len() - 1;
    let bits = FIRST_BITS[last] + ErrorKind::ALL[last].row.cells.len() as u32;
    assert!(bits + 4 * MOST_OWN_CELLS as u32 <= u128::BITS, "an ErrorSet has a bit for each error");
    bits
};

/// A set of errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ErrorSet(u128);

impl ErrorSet {
    /// No error: left out, the record is made as it is.
    pub const NONE: ErrorSet = ErrorSet(0);
    /// Every error: left out, the record is made as it should be.
    pub const ALL: ErrorSet = ErrorSet(u128::MAX);

    /// The set with one more error.
    pub fn with(self, error: ErrorRef) -> ErrorSet {
        ErrorSet(self.0 | error.bit())
    }

    /// Tells whether the error is in the set.
    pub fn contains(self, error: ErrorRef) -> bool {
        self.0 & error.bit() != 0
    }
}

/// The change that one error made in one field.
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
    /// A later error replaced the field, so that nothing of this one is left to see.
    pub masked: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_in_order_and_says_everything_of_every_kind() {
        for kind in ErrorKind::ALL {
            assert_eq!(ErrorKind::from_name(kind.name()), Some(kind));
            assert!(!kind.cells().is_empty() && !kind.story().is_empty(), "{kind:?}");
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
