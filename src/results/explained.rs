//! A request explained: the record asked for, each answer, the errors made, and the terms of each score.

use crate::agency::{Change, Draft, ErrorSet, Side, Subject};
use crate::evaluation::{Attribution, Counterfactual, Disclosure, Fate, Judged, LostAt, PairError};
use crate::experiment::{Explanation, Outcome, Run, World};
use crate::population::PersonId;
use crate::record::{RecordId, Records};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request, with what the holder's file has to do with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExplainedRequest {
    /// Its number.
    pub request: usize,
    /// The fate of the request.
    pub fate: Fate,
    /// The stage at which the person sought was lost, if on file and not returned.
    pub lost_at: Option<LostAt>,
    /// `true` if the person sought is on the holder's file.
    pub person_sought_on_file: bool,
    /// The record of the person sought as the requester has it.
    pub requester: RecordView,
    /// Records of the holder's file.
    pub records: Vec<ExplainedRecord>,
}

/// A record of the holder's file beside a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExplainedRecord {
    /// Its number.
    pub record: u64,
    /// `true` if it is about the person sought.
    pub is_person_sought: bool,
    /// `true` if it was returned.
    pub returned: bool,
    /// The record.
    pub holder: RecordView,
    /// The terms of the score of the two; null if the request was refused.
    pub why: Option<Explanation>,
    /// The main cause, if it was returned in error.
    pub primary_cause: Option<String>,
    /// The errors whose removal alone would have ended the return in error.
    pub enough_alone: Option<Vec<ErrorAt>>,
    /// The rules that alone would have ended it.
    pub rules_enough_alone: Option<Vec<String>>,
}

/// A record as it is, as it would be without errors, and the errors made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordView {
    /// The fields as recorded.
    pub as_recorded: IndexMap<String, String>,
    /// The fields without errors.
    pub without_errors: IndexMap<String, String>,
    /// The errors, in the order in which they were made.
    pub errors: Vec<ErrorMade>,
}

/// One error and what it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErrorMade {
    /// The kind of error.
    pub error: String,
    /// The field.
    pub field: String,
    /// Its value before.
    pub before: String,
    /// Its value after.
    pub after: String,
}

/// An error in one of two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErrorAt {
    /// The agency in whose file it is.
    pub file: String,
    /// The kind of error.
    pub error: String,
    /// The cell to which it happened.
    pub cell: String,
}

impl ExplainedRequest {
    /// A request beside some records of the holder's file.
    pub fn of(
        run: &Run<'_>,
        outcome: &Outcome,
        request: usize,
        records: impl IntoIterator<Item = RecordId>,
    ) -> ExplainedRequest {
        ExplainedRequest::judged(run, &outcome.judged[request], &outcome.disclosures, request, records)
    }

    /// The same of a request that was judged. `disclosures` has its returns in error, among others or alone.
    pub fn judged(
        run: &Run<'_>,
        judged: &Judged,
        disclosures: &[Disclosure],
        request: usize,
        records: impl IntoIterator<Item = RecordId>,
    ) -> ExplainedRequest {
        let world = run.world();
        let record = |id| ExplainedRecord::of(run, judged, disclosures, request, id);
        ExplainedRequest {
            request,
            fate: judged.fate,
            lost_at: judged.lost_at,
            person_sought_on_file: judged.on_file,
            requester: RecordView::of(world, Side::Requester, world.truth().sought_by(request)).0,
            records: records.into_iter().map(record).collect(),
        }
    }
}

impl ExplainedRecord {
    fn of(
        run: &Run<'_>,
        judged: &Judged,
        disclosures: &[Disclosure],
        request: usize,
        record: RecordId,
    ) -> ExplainedRecord {
        let world = run.world();
        let person = world.truth().person_of(record);
        let (holder, as_recorded) = RecordView::of(world, Side::Holder, person);
        let cause = disclosures.iter().find(|d| d.request == request && d.answer.record == record);
        ExplainedRecord {
            record: record.0,
            is_person_sought: person == world.truth().sought_by(request),
            returned: judged.returned.iter().any(|(answer, _)| answer.record == record),
            holder,
            why: run.explain(request, &as_recorded),
            primary_cause: cause.map(|cause| cause.attribution.primary().name().to_string()),
            enough_alone: cause.map(|cause| enough_alone(&cause.attribution).filter_map(ErrorAt::of).collect()),
            rules_enough_alone: cause.map(|cause| enough_alone(&cause.attribution).filter_map(rule).collect()),
        }
    }
}

impl RecordView {
    /// The view of a person's record in one of the files, and the record itself.
    fn of(world: &World<'_>, side: Side, person: PersonId) -> (RecordView, Records) {
        let agency = match side {
            Side::Requester => world.requester(),
            Side::Holder => world.holder(),
        };
        let block = world.country().block(person.block());
        let subject = Subject::of(&block, person.slot());
        let mut changes = Vec::new();
        agency.record(subject, ErrorSet::NONE, &mut Draft::default(), Some(&mut changes));
        changes.retain(|change| agency.fields().contains(change.field));
        let made = |errors| agency.remade(subject, errors, RecordId(0));
        let cells = |records: &Records| -> IndexMap<String, String> {
            let fields = agency.fields().iter();
            fields.map(|field| (field.name().to_string(), records.value(0, field).to_string())).collect()
        };
        let error = |change: Change| ErrorMade {
            error: change.error.kind.name().to_string(),
            field: change.field.name().to_string(),
            before: change.before,
            after: change.after,
        };
        let as_recorded = made(ErrorSet::NONE);
        let view = RecordView {
            as_recorded: cells(&as_recorded),
            without_errors: cells(&made(ErrorSet::ALL)),
            errors: changes.into_iter().map(error).collect(),
        };
        (view, as_recorded)
    }
}

/// The counterfactuals each of which alone would have ended a return in error.
fn enough_alone(attribution: &Attribution) -> impl Iterator<Item = &Counterfactual> {
    attribution.alone.iter().map(|&at| &attribution.counterfactuals[at])
}

impl ErrorAt {
    fn of(counterfactual: &Counterfactual) -> Option<ErrorAt> {
        counterfactual.error().map(|PairError { error, side, .. }| ErrorAt {
            file: side.name().to_string(),
            error: error.kind.name().to_string(),
            cell: error.cell.name().to_string(),
        })
    }
}

/// The word for a rule.
fn rule(counterfactual: &Counterfactual) -> Option<String> {
    match counterfactual {
        Counterfactual::Require(rule) => Some(rule.name().to_string()),
        Counterfactual::Undo(_) => None,
    }
}

/// Up to `most` of the returns in error that `which` admits, each with its request and the one record it is about: one
/// for each main cause, the most frequent first, then others in the order of requests.
pub fn explained(
    run: &Run<'_>,
    outcome: &Outcome,
    most: usize,
    which: impl Fn(&Disclosure) -> bool,
) -> Vec<ExplainedRequest> {
    let frequency = |d: &Disclosure| outcome.evaluation.causes.get(&d.attribution.primary()).map_or(0, |n| n.primary);
    let mut order: Vec<(usize, &Disclosure)> = Vec::new();
    let mut earlier = BTreeMap::new();
    for disclosure in outcome.disclosures.iter().filter(|disclosure| which(disclosure)) {
        let nth: &mut usize = earlier.entry(disclosure.attribution.primary()).or_default();
        order.push((*nth, disclosure));
        *nth += 1;
    }
    order.sort_by_key(|(nth, disclosure)| (*nth, u64::MAX - frequency(disclosure)));
    let chosen = order.into_iter().take(most);
    chosen.map(|(_, d)| ExplainedRequest::of(run, outcome, d.request, [d.answer.record])).collect()
}
