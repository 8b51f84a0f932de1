//! Custom kinds of error: [`OwnErrors`].

use super::Side;
use super::errors::{ErrorKind, ErrorRates, ErrorRow, MOST_OWN, MOST_OWN_CELLS};
use crate::stats::Probability;
use std::fmt;

/// Kinds of error that are not built in, each with its rate in either file.
///
/// A kind is a row with a function. It is drawn like any other: from streams named after it, with the rate scaled by
/// the profile of capture. Its changes are in the provenance and can be undone, and it can be the cause of a wrong return.
///
/// ```
/// use namesake::agency::{Cell, ErrorKind, ErrorRow, OwnErrors};
/// use namesake::evaluation::Cause;
/// use namesake::experiment::run_with;
/// use namesake::scenario::{Scenario, built_in};
/// use namesake::stats::Probability;
///
/// /// A clerk doubles the first letter of a name: Ggarcía.
/// static DOUBLED: ErrorRow = ErrorRow::new("doubled_letter", &[Cell::GIVEN, Cell::SURNAME], |making| {
///     let Some(first) = making.text().chars().next() else { return false };
///     let doubled = format!("{first}{}", making.text());
///     making.put(doubled)
/// })
/// .story("A key was pressed twice.");
///
/// // It happens before names are cut to the length of their field: in 5 of 100 names of the list, in every second name
/// // of the file.
/// let rates = [0.05, 0.5].map(|rate| Probability::new(rate).expect("a share"));
/// let own = OwnErrors::none().with(&DOUBLED, Some(ErrorKind::TRUNCATED), rates)?;
///
/// let sets = ["population.people=20k".to_string(), "requester.requests=300".to_string()];
/// let scenario = Scenario::parse_with(built_in("library-card")?, "library-card", &sets)?;
/// let outcome = run_with(&scenario, &own, &|_| {});
/// let plain = namesake::experiment::run(&scenario, &|_| {});
/// assert!(outcome.evaluation.returned_right < plain.evaluation.returned_right);
///
/// // The kind has a name, and wrong returns are put down to it by that name.
/// let doubled = own.kind("doubled_letter").expect("it was added");
/// assert_eq!(Cause::Error(doubled).name(), "doubled_letter");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Only [`run_with`](crate::experiment::run_with) and what is prepared by
/// [`prepare_with`](crate::experiment::prepare_with) have these kinds; every other analysis of the scenario goes without.
///
/// The effect of the function must depend on the record and its random numbers alone, and change only the cell it is given:
/// results are the same on any number of threads only if it does.
#[derive(Clone, Debug, Default)]
pub struct OwnErrors(Vec<(ErrorKind, [f64; 2])>);

/// The reason why a custom kind of error is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl OwnErrors {
    /// No custom kind.
    pub fn none() -> OwnErrors {
        OwnErrors::default()
    }

    /// Adds a kind, with its rates in the requester's list and in the holder's file. It is made just before the built-in
    /// kind `before`, or after all of them.
    pub fn with(
        mut self,
        row: &'static ErrorRow,
        before: Option<ErrorKind>,
        rates: [Probability; 2],
    ) -> Result<OwnErrors, Refused> {
        let (name, cells) = (row.name, row.cells.len());
        let fail = |why: String| Err(Refused(format!("kind of error \"{name}\": {why}")));
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return fail("a name has lower-case letters, digits and _".to_string());
        }
        if ErrorKind::from_name(name).is_some() || self.kind(name).is_some() {
            return fail("there is already a kind of this name; choose another".to_string());
        }
        if !(1..=MOST_OWN_CELLS).contains(&cells) {
            return fail(format!("it names {cells} cells; name 1 to {MOST_OWN_CELLS}"));
        }
        if self.0.len() == MOST_OWN {
            return fail(format!("there are already {MOST_OWN} custom kinds, and no room for more"));
        }
        let kind = ErrorKind::of_ones_own(row, before, self.0.len() as u8);
        self.0.push((kind, rates.map(Probability::get)));
        Ok(self)
    }

    /// The kind of that name.
    pub fn kind(&self, name: &str) -> Option<ErrorKind> {
        self.0.iter().map(|(kind, _)| *kind).find(|kind| kind.name() == name)
    }

    /// The rates of one file with those of these kinds.
    pub(super) fn added_to(&self, rates: ErrorRates, side: Side) -> ErrorRates {
        self.0.iter().fold(rates, |rates, (kind, own)| rates.with(*kind, own[side as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{agency, capture};
    use super::*;
    use crate::agency::{Agency, AgencyConfig, Cell, Change, Draft, ErrorSet, Subject};
    use crate::population::Population;
    use crate::population::tests::config;
    use crate::random::Seed;
    use crate::record::Field;

    static DOUBLED: ErrorRow = ErrorRow::new("doubled_letter", &[Cell::GIVEN, Cell::SURNAME], |making| {
        let Some(first) = making.text().chars().next() else { return false };
        let doubled = format!("{first}{}", making.text());
        making.put(doubled)
    });

    fn own(rate: f64) -> OwnErrors {
        let rates = [Probability::new(rate).unwrap(); 2];
        OwnErrors::none().with(&DOUBLED, Some(ErrorKind::TRUNCATED), rates).unwrap()
    }

    #[test]
    fn an_error_of_ones_own_is_drawn_noted_and_undone_like_any_other_and_disturbs_none() {
        let country = Population::new(config(256 * 40), Seed(1));
        let rates = || ErrorRates::from_fn(|_| 0.2);
        let own = own(0.3);
        let kind = own.kind("doubled_letter").unwrap();
        let with = AgencyConfig { capture: capture(own.added_to(rates(), Side::Holder), 0.2), ..agency(0.0) };
        let without = AgencyConfig { capture: capture(rates(), 0.2), ..agency(0.0) };
        let (with, without) =
            [&with, &without].map(|config| Agency::new(&country, config, Side::Holder, Seed(2))).into();
        let (mut draft, mut other) = (Draft::default(), Draft::default());
        let (mut drawn, mut masked, mut cut) = (0, 0, 0);
        for index in 0..20 {
            let block = country.block(index);
            for slot in 0..block.people.len() {
                let subject = Subject::of(&block, slot);
                let all = with.drawn(subject);
                assert!(all.is_sorted());
                drawn += all.iter().filter(|error| error.kind == kind).count();
                let others: Vec<_> = all.iter().filter(|error| error.kind != kind).copied().collect();
                assert_eq!(others, without.drawn(subject));
                let mut changes: Vec<Change> = Vec::new();
                with.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
                let names = |error: &Change| error.error.kind.name() == "doubled_letter";
                masked += changes.iter().filter(|change| names(change) && change.masked).count();
                let cut_later = |change: &Change| change.error.kind == ErrorKind::TRUNCATED;
                let at = changes.iter().position(names);
                cut += at.map_or(0, |at| changes[..at].iter().filter(|change| cut_later(change)).count());
                // Left out, the record is as if there were no such kind.
                let alone = all.iter().filter(|error| error.kind == kind).fold(ErrorSet::NONE, |set, e| set.with(*e));
                with.record(subject, alone, &mut draft, None);
                without.record(subject, ErrorSet::NONE, &mut other, None);
                assert_eq!(draft, other);
                // Undone backwards, the changes give back the truth.
                with.record(subject, ErrorSet::NONE, &mut draft, None);
                without.record(subject, ErrorSet::ALL, &mut other, None);
                for change in changes.iter().rev() {
                    let cell = Field::NAMED.iter().position(|field| field == change.field).unwrap();
                    assert_eq!(draft.cells[cell], change.after);
                    draft.cells[cell].clone_from(&change.before);
                }
                assert_eq!(draft, other);
            }
        }
        // 5,120 people with two cells each; four standard errors of 0.3 are 0.026 of one cell.
        assert!((drawn as f64 / 10_240.0 - 0.3).abs() < 0.026, "{drawn}");
        assert!(masked > 0 && cut == 0, "{masked} masked, {cut} after they were cut");
    }

    #[test]
    fn a_kind_that_cannot_be_is_refused_with_the_reason() {
        static TWICE: ErrorRow = ErrorRow::new("typing", &[Cell::GIVEN], |_| false);
        static NOWHERE: ErrorRow = ErrorRow::new("nowhere", &[], |_| false);
        static SHOUTED: ErrorRow = ErrorRow::new("Shouted", &[Cell::GIVEN], |_| false);
        let rates = [Probability::new(0.1).unwrap(); 2];
        for (row, said) in [(&TWICE, "already a kind"), (&NOWHERE, "0 cells"), (&SHOUTED, "lower-case")] {
            let error = OwnErrors::none().with(row, None, rates).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(own(0.1).with(&DOUBLED, None, rates).is_err());
    }
}
