//! Why a request ended as it did: the person, the record, what went wrong, and each answer with the terms of its score.

use crate::agency::{Agency, Change, Draft, ErrorSet, Side, Subject};
use crate::agreement::Refusal;
use crate::evaluation::{Disclosure, Judged};
use crate::experiment::link::Flip;
use crate::experiment::{Explanation, Outcome, Run, Watch, World};
use crate::population::PersonId;
use crate::record::{Field, RecordId, Records};
use crate::report::spoken;
use crate::scenario::Scenario;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// An explanation in both forms.
pub struct Explained {
    /// For machines.
    pub json: String,
    /// For people.
    pub text: String,
}

/// Explains a request of a scenario, with its answers, the record of the person sought, and `record` if one is named.
///
/// The whole exchange is run, since what else answers decides too. An error if `record` is not on the holder's file.
pub fn explain_request(
    scenario: &Scenario,
    request: usize,
    record: Option<RecordId>,
    watch: Watch<'_>,
) -> Result<Explained, String> {
    let run = Run::alone(scenario, watch);
    let (world, outcome) = (run.world(), run.outcome(watch));
    let judged = &outcome.judged[request];
    let sought = world.truth().sought_by(request);
    let mut shown: Vec<RecordId> = judged.returned.iter().map(|(answer, _)| answer.record).collect();
    if judged.on_file {
        shown.push(world.truth().record_of(sought));
    }
    if let Some(record) = record {
        let person = world.truth().person_of(record);
        let block = world.country().block(person.block());
        if !world.on_file(Subject::of(&block, person.slot())) {
            return Err(format!("--record {}: the holder's file has no such record", record.0));
        }
        shown.push(record);
    }
    let mut seen = Vec::new();
    shown.retain(|record| !seen.contains(record) && (seen.push(*record), true).1);
    let asked = view(world, Side::Requester, sought);
    let records: Vec<Held> = shown.into_iter().map(|record| held(&run, &outcome, request, record)).collect();
    let json = format!("{:#}\n", as_json(request, judged, &asked, &records));
    Ok(Explained { json, text: as_text(request, judged, &asked, &records) })
}

/// Up to `most` of the returns in error that `which` lets in, each as JSON with the request and the one record it is
/// about: one for each main cause, the most frequent first, then others in the order of requests.
pub fn cases(run: &Run<'_>, outcome: &Outcome, most: usize, which: impl Fn(&Disclosure) -> bool) -> Vec<Value> {
    let frequency = |d: &Disclosure| outcome.evaluation.causes.get(&d.attribution.primary).map_or(0, |n| n.primary);
    let mut order: Vec<(usize, &Disclosure)> = Vec::new();
    let mut earlier = BTreeMap::new();
    for disclosure in outcome.disclosures.iter().filter(|disclosure| which(disclosure)) {
        let nth: &mut usize = earlier.entry(disclosure.attribution.primary).or_default();
        order.push((*nth, disclosure));
        *nth += 1;
    }
    order.sort_by_key(|(nth, disclosure)| (*nth, u64::MAX - frequency(disclosure)));
    let chosen = order.into_iter().take(most);
    chosen
        .map(|(_, disclosure)| {
            let request = disclosure.request;
            let asked = view(run.world(), Side::Requester, run.world().truth().sought_by(request));
            let held = held(run, outcome, request, disclosure.answer.record);
            as_json(request, &outcome.judged[request], &asked, &[held])
        })
        .collect()
}

/// A record of the holder's file, held beside a request.
fn held<'o>(run: &Run<'_>, outcome: &'o Outcome, request: usize, record: RecordId) -> Held<'o> {
    let world = run.world();
    let person = world.truth().person_of(record);
    let view = view(world, Side::Holder, person);
    let explanation = run.explain(request, &view.as_recorded);
    let returned = outcome.judged[request].returned.iter().any(|(answer, _)| answer.record == record);
    let cause = outcome.disclosures.iter().find(|d| d.request == request && d.answer.record == record);
    Held { record, right: person == world.truth().sought_by(request), returned, view, explanation, cause }
}

/// A record of the holder's file beside the request.
struct Held<'o> {
    record: RecordId,
    right: bool,
    returned: bool,
    view: View,
    explanation: Option<Explanation>,
    cause: Option<&'o Disclosure>,
}

/// A record as it is, as it should be, and what came between.
struct View {
    fields: Vec<Field>,
    as_recorded: Records,
    without_errors: Records,
    changes: Vec<Change>,
}

fn view(world: &World<'_>, side: Side, person: PersonId) -> View {
    let agency: Agency<'_> = match side {
        Side::Requester => world.requester(),
        Side::Holder => world.holder(),
    };
    let block = world.country().block(person.block());
    let subject = Subject::of(&block, person.slot());
    let mut changes = Vec::new();
    agency.record(subject, ErrorSet::NONE, &mut Draft::default(), Some(&mut changes));
    changes.retain(|change| agency.fields().contains(change.field));
    View {
        fields: agency.fields().to_vec(),
        as_recorded: agency.remade(subject, ErrorSet::NONE, RecordId(0)),
        without_errors: agency.remade(subject, ErrorSet::ALL, RecordId(0)),
        changes,
    }
}

fn record_json(view: &View) -> Value {
    let cells = |records: &Records| -> serde_json::Map<String, Value> {
        view.fields.iter().map(|field| (field.name().to_string(), json!(records.value(0, field)))).collect()
    };
    let changes: Vec<Value> = view
        .changes
        .iter()
        .map(|change| {
            json!({
                "error": change.error.kind.name(),
                "field": change.field.name(),
                "before": change.before,
                "after": change.after,
            })
        })
        .collect();
    json!({ "as_recorded": cells(&view.as_recorded), "without_errors": cells(&view.without_errors), "errors": changes })
}

fn as_json(request: usize, judged: &Judged, asked: &View, records: &[Held<'_>]) -> Value {
    let records: Vec<Value> = records
        .iter()
        .map(|held| {
            json!({
                "record": held.record.0,
                "is_person_sought": held.right,
                "returned": held.returned,
                "holder": record_json(&held.view),
                "why": held.explanation,
                "primary_cause": held.cause.map(|cause| cause.attribution.primary.name()),
                "enough_alone": held.cause.map(enough_alone),
            })
        })
        .collect();
    json!({
        "request": request,
        "fate": judged.fate.name(),
        "lost_at": judged.lost_at.map(|place| place.name()),
        "person_sought_on_file": judged.on_file,
        "requester": record_json(asked),
        "records": records,
    })
}

/// The errors whose removal alone would have ended a return in error.
fn enough_alone(disclosure: &Disclosure) -> Vec<Value> {
    let errors = disclosure.attribution.alone.iter().map(|&at| &disclosure.errors[at]);
    errors
        .map(|e| json!({ "file": e.side.name(), "error": e.error.kind.name(), "cell": e.error.cell.name() }))
        .collect()
}

fn as_text(request: usize, judged: &Judged, asked: &View, records: &[Held<'_>]) -> String {
    let mut text = String::new();
    let mut say = |line: String| writeln!(text, "{}", line.trim_end()).expect("writing to a string cannot fail");
    let fate = spoken(judged.fate.name());
    let lost = match (judged.admitted, judged.lost_at) {
        (Err(refusal), _) => format!(", {}", refusal_text(refusal)),
        (Ok(_), place) => place.map_or(String::new(), |place| format!(", lost at {}", place.name())),
    };
    say(format!("REQUEST {request}: {fate}{lost}"));
    say(format!("The person sought is {} the holder's file.", if judged.on_file { "on" } else { "not on" }));
    say(String::new());
    say(format!("  {:<16}{:<34}{}", "", "as requested", "without error"));
    for field in &asked.fields {
        let (recorded, truth) = (asked.as_recorded.value(0, field), asked.without_errors.value(0, field));
        let mark = if recorded == truth { "" } else { truth };
        say(format!("  {:<16}{recorded:<34}{mark}", field.name()));
    }
    changes_text(&asked.changes, &mut say);
    for held in records {
        let who = if held.right { "the person sought" } else { "somebody else" };
        let came = if held.returned { "returned" } else { "not returned" };
        say(String::new());
        say(format!("RECORD {}: {who}, {came}", held.record.0));
        if let Some(cause) = held.cause {
            say(format!("  main cause: {}", spoken(cause.attribution.primary.name())));
        }
        say(format!("  {:<16}{:<34}{}", "", "on file", "without error"));
        for field in &held.view.fields {
            let recorded = held.view.as_recorded.value(0, field);
            let truth = held.view.without_errors.value(0, field);
            let mark = if recorded == truth { "" } else { truth };
            say(format!("  {:<16}{recorded:<34}{mark}", field.name()));
        }
        changes_text(&held.view.changes, &mut say);
        match &held.explanation {
            None => say("  never compared: the request was refused".to_string()),
            Some(explanation) => say(explanation_text(explanation)),
        }
    }
    text
}

/// Why a request was refused, in words.
fn refusal_text(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Incomplete => "a field that it must contain is blank",
        Refusal::Address => "its address did not pass the check",
        Refusal::NoRoute => "no route takes it",
    }
}

fn changes_text(changes: &[Change], say: &mut impl FnMut(String)) {
    for change in changes {
        let kind = spoken(change.error.kind.name());
        say(format!("  {kind}: {} \"{}\" became \"{}\"", change.field.name(), change.before, change.after));
    }
}

/// What would have to differ for the decision to be the other one, as lines.
pub fn flips_text(flips: &[Flip]) -> String {
    if flips.is_empty() {
        return "  No one or two comparisons could change the decision.\n".to_string();
    }
    let mut text = "  The decision would be the other one, if\n".to_string();
    for flip in flips {
        let changes: Vec<String> =
            flip.changes.iter().map(|(name, from, to)| format!("{name} were \"{to}\", not \"{from}\"")).collect();
        writeln!(text, "    {:>+9.3}  {}", flip.score.bits(), changes.join(", and "))
            .expect("writing to a string cannot fail");
    }
    text
}

/// One explanation as lines: how the pair was proposed, each comparison, and the terms that sum to the score.
pub fn explanation_text(explanation: &Explanation) -> String {
    let mut text = String::new();
    let mut say = |line: String| writeln!(text, "{line}").expect("writing to a string cannot fail");
    match &explanation.proposed_by {
        Some(rule) => say(format!("  route {}, proposed by blocking rule {rule}", explanation.route)),
        None => say(format!("  route {}, proposed by no blocking rule: never compared in the run", explanation.route)),
    }
    let width =
        explanation.levels.iter().map(|(comparison, _)| comparison.chars().count() + 2).max().unwrap_or(0).max(16);
    for (comparison, level) in &explanation.levels {
        say(format!("    {comparison:<width$}{level}"));
    }
    for term in &explanation.terms {
        say(format!("    {:>+9.3}  {}: {}", f64::from(term.value) / 1000.0, term.name, term.level));
    }
    let reached = if explanation.score >= explanation.threshold { "reaches" } else { "stays below" };
    say(format!(
        "    {:>+9.3}  score, which {reached} the threshold {}",
        explanation.score.bits(),
        explanation.threshold
    ));
    text.trim_end().to_string()
}
