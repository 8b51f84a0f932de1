//! Two labelled files, matched and measured: [`link`].
//!
//! The same stages as in a simulation, in the same order, on records somebody brings. Labels are read at the end, to count;
//! only a model that learns is trained on some of them.
//!
//! The list of modules is in reading order: each imports only from those above it.

mod spec;
mod result;
mod notices;
mod same_people;
mod apart;
mod check;
mod persons;
mod measure;
mod flips;
mod listed;
mod found;

use crate::bridge::LabelledPair;
pub use crate::linkage::assignment::ScoredPair;
use crate::linkage::batch::{Keys, Labels, normal_forms, run};
pub use crate::linkage::batch::{LinkSpec, RuleCounts, RuleLeftOut};
use crate::record::coded::both;
pub use check::{Checked, CheckedField, Persons, check};
pub use flips::Flip;
pub use found::{Scored, score};
use measure::measure;
pub use result::{BestF1, BlockingOfGroup, GroupRates, LinkCounts, LinkResult, PairRates, Tenth};

/// Matches two labelled files and measures the errors.
pub fn link(files: &LabelledPair, spec: &LinkSpec) -> LinkResult {
    let records = normal_forms(&files.records, &spec.recorded());
    let keys = Keys::of(files.a.ids.iter(), files.b.ids.iter(), &files.records);
    let labels = Labels {
        same: |a: u32, b: u32| files.truth.same(a as usize, b as usize),
        person_of_a: |row: usize| files.truth.person_of_a(row),
    };
    let fields = files.records.fields();
    let counts = records.counts();
    let checked = || {
        let never_meet = check::never_meet(&records, &counts, fields);
        [never_meet, check::written_otherwise(files, &records, &counts)].concat()
    };
    let (linked, checked) = both(|| run(&records, &counts, &keys, spec, &labels), checked);
    let blank = check::blank(&counts, fields.len());
    let blocking = linked.by_rule.iter().map(|counts| counts.rule.clone()).collect();
    let notices = [spec.notices.clone(), checked].concat();
    let spec = &LinkSpec { blocking, notices, ..spec.clone() };
    measure(files, blank, spec, &keys, linked)
}

// The tests read files.
#[cfg(test)]
#[cfg(feature = "cli")]
mod tests;
