//! A request explained to a reader: the records, the differing characters, the score, and what the terms then did.

use super::session::{Session, Terms};
use namesake::agreement::Agreement;
use namesake::evaluation::Stop;
use namesake::experiment::replay::Followed;
use namesake::experiment::{Explanation, Run};
use namesake::linkage::decision::Term;
use namesake::record::RecordId;
use namesake::results::{ErrorMade, ExplainedRecord, ExplainedRequest, RecordView};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub struct Explained {
    request: usize,
    fate: &'static str,
    lost_at: Option<&'static str>,
    person_sought_on_file: bool,
    requester: Side,
    pub records: Vec<Beside>,
}

#[derive(Serialize)]
struct Side {
    as_recorded: Fields,
    without_errors: Fields,
    errors: Vec<ErrorMade>,
    differs: BTreeMap<String, Vec<[usize; 2]>>,
}

/// Fields in the order of the file.
type Fields = serde_json::Map<String, serde_json::Value>;

#[derive(Serialize)]
pub struct Beside {
    pub record: u64,
    is_person_sought: bool,
    returned: bool,
    holder: Side,
    pub why: Option<Why>,
    primary_cause: Option<String>,
    enough_alone: Vec<String>,
    steps: Vec<Step>,
    others_at_address: usize,
}

#[derive(Serialize)]
pub struct Why {
    route: String,
    proposed_by: String,
    levels: Vec<(String, String)>,
    terms: Vec<Term>,
    pub score: i32,
    pub threshold: i32,
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    passed: bool,
}

impl Explained {
    /// A request under some terms: beside it the records returned, that of the person sought, the best answers of other
    /// people, and `record` if one is named.
    pub fn of(session: &mut Session, request: usize, record: Option<u64>, terms: &Terms) -> Result<Explained, String> {
        let terms = session.terms(terms)?;
        let replay = session.replay()?;
        let requests = replay.run().requests().records().len();
        if request >= requests {
            return Err(format!("request {request}: there are {requests}, counted from 0"));
        }
        let best: Option<RecordId> = replay.wrong(request).map(|answer| answer.record).next();
        if let Some(record) = record.map(RecordId)
            && !replay.run().world().has_record(record)
        {
            return Err(format!("record {}: the holder's file has no such record", record.0));
        }
        Ok(replay.follow(&terms, request, &|_| {}, |run, followed| {
            let judged = &followed.judged;
            let mut shown: Vec<RecordId> = judged.returned.iter().map(|(answer, _)| answer.record).collect();
            shown.extend(&followed.by_the_rules);
            shown.extend(record.map(RecordId));
            if shown.is_empty() {
                shown.extend(best);
            }
            let truth = run.world().truth();
            if judged.on_file {
                shown.push(truth.record_of(truth.sought_by(request)));
            }
            let mut seen = Vec::new();
            shown.retain(|record| !seen.contains(record) && (seen.push(*record), true).1);
            Explained::from(run, followed, request, shown)
        }))
    }

    /// A request beside some records.
    pub fn from(run: &Run<'_>, followed: &Followed, request: usize, shown: Vec<RecordId>) -> Explained {
        let told = ExplainedRequest::judged(run, &followed.judged, &followed.disclosures, request, shown);
        let nothing = serde_json::Map::new();
        let first = told.records.first().map(|record| fields(&record.holder.as_recorded));
        let requester = fields(&told.requester.as_recorded);
        let records = told.records.into_iter().map(|record| Beside::of(run, followed, request, record, &requester));
        let records: Vec<Beside> = records.collect();
        Explained {
            request,
            fate: told.fate.name(),
            lost_at: told.lost_at.map(|place| place.name()),
            person_sought_on_file: told.person_sought_on_file,
            requester: Side::of(told.requester, first.as_ref().unwrap_or(&nothing)),
            records,
        }
    }
}

impl Beside {
    fn of(run: &Run<'_>, followed: &Followed, request: usize, record: ExplainedRecord, requester: &Fields) -> Beside {
        let ExplainedRecord { record, is_person_sought, returned, holder, why, primary_cause, enough_alone, .. } =
            record;
        let alone = enough_alone.into_iter().flatten();
        Beside {
            record,
            is_person_sought,
            returned,
            steps: steps(run, followed, request, RecordId(record), why.as_ref()),
            holder: Side::of(holder, requester),
            why: why.and_then(Why::of),
            primary_cause,
            enough_alone: alone.map(|error| format!("{}:{}:{}", error.file, error.error, error.cell)).collect(),
            others_at_address: run.others_at_address(RecordId(record)),
        }
    }
}

impl Why {
    /// `None` where no blocking rule proposed the pair.
    fn of(why: Explanation) -> Option<Why> {
        let Explanation { route, proposed_by, levels, terms, score, threshold } = why;
        Some(Why { route, proposed_by: proposed_by?, levels, terms, score: score.0, threshold: threshold.0 })
    }
}

/// Steps of the terms for one answer, up to the step that held it back.
fn steps(run: &Run<'_>, followed: &Followed, request: usize, record: RecordId, why: Option<&Explanation>) -> Vec<Step> {
    let agreement: &Agreement = run.world().agreement();
    let safeguards = &agreement.safeguards;
    let answered = why.is_some_and(|why| why.proposed_by.is_some() && why.score >= why.threshold);
    let stopped = followed.follow_ups.iter().find(|f| f.answer.record == record).and_then(|f| f.stopped);
    let several = followed.by_the_rules.contains(&record);
    let all = [
        (true, "answered", answered),
        (safeguards.second_identifier.is_some(), "second_identifier", run.confirms(request, record)),
        (true, "several_answers", several),
        (safeguards.review.is_some(), "review", stopped != Some(Stop::Review)),
        (safeguards.notice.is_some(), "notice", stopped != Some(Stop::Notice)),
    ];
    let mut steps = Vec::new();
    for (_, step, passed) in all.into_iter().filter(|(on, ..)| *on) {
        steps.push(Step { step, passed });
        if !passed {
            break;
        }
    }
    steps
}

fn fields<'f>(record: impl IntoIterator<Item = (&'f String, &'f String)>) -> Fields {
    record.into_iter().map(|(field, value)| (field.clone(), value.clone().into())).collect()
}

impl Side {
    fn of(view: RecordView, other: &Fields) -> Side {
        let mut differs = BTreeMap::new();
        for (field, value) in &view.as_recorded {
            let other = other.get(field).and_then(|value| value.as_str()).unwrap_or_default();
            let found = differing(value, other);
            if !found.is_empty() {
                differs.insert(field.clone(), found);
            }
        }
        Side {
            as_recorded: fields(&view.as_recorded),
            without_errors: fields(&view.without_errors),
            errors: view.errors,
            differs,
        }
    }
}

/// The runs of UTF-16 code units of a value, from and up to, that are in no longest common subsequence with another. Where that has less
/// than half of the longer value, the whole value differs.
fn differing(value: &str, other: &str) -> Vec<[usize; 2]> {
    let (a, b): (Vec<u16>, Vec<u16>) = (value.encode_utf16().collect(), other.encode_utf16().collect());
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = match a[i] == b[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    if longest[0][0] * 2 < a.len().max(b.len()) {
        return if a.is_empty() { Vec::new() } else { vec![[0, a.len()]] };
    }
    let mut found: Vec<[usize; 2]> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() {
        if j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        } else if j < b.len() && longest[i][j + 1] > longest[i + 1][j] {
            j += 1;
        } else {
            match found.last_mut() {
                Some([_, end]) if *end == i => *end += 1,
                _ => found.push([i, i + 1]),
            }
            i += 1;
        }
    }
    found
}
