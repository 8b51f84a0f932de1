//! The CSV files of a run: a row a request, a wrong return, a threshold.

use super::outcomes;
use crate::evaluation::FollowUp;
use crate::experiment::Outcome;
use crate::scenario::Scenario;
use std::collections::BTreeMap;

/// One row a request: its fate, score and groups.
pub fn outcomes_csv(scenario: &Scenario, outcome: &Outcome) -> Vec<u8> {
    let mut header = vec!["request", "person_sought", "on_file", "route", "fate", "lost_at", "persons_returned"];
    header.extend(["wrong_returned", "best_score"]);
    header.extend(outcome.attributes.iter().map(|attribute| attribute.name));
    let mut header: Vec<String> = header.into_iter().map(String::from).collect();
    header.extend(outcomes::columns("right_"));
    let right: BTreeMap<usize, &FollowUp> =
        outcome.follow_ups.iter().filter(|f| f.case.right).map(|f| (f.request, f)).collect();
    let rows = outcome.judged.iter().zip(&outcome.sought).enumerate().map(|(request, (judged, (person, profile)))| {
        let mut row = vec![
            request.to_string(),
            person.0.to_string(),
            judged.on_file.to_string(),
            judged.admitted.map_or(String::new(), |route| scenario.routes[route].name.clone()),
            judged.fate.name().to_string(),
            judged.lost_at.map_or(String::new(), |place| place.name().to_string()),
            judged.returned.len().to_string(),
            judged.returned.iter().filter(|(_, right)| !right).count().to_string(),
            judged.returned.first().map_or(String::new(), |(answer, _)| answer.score.to_string()),
        ];
        row.extend(outcome.attributes.iter().zip(profile).map(|(a, v)| a.values[usize::from(*v)].to_string()));
        row.extend(outcomes::cells(right.get(&request).copied()));
        row
    });
    csv_of(&header, rows)
}

/// One row a person wrongly returned: the cause, what alone would have prevented it, and the person's groups.
pub fn disclosures_csv(scenario: &Scenario, outcome: &Outcome) -> Vec<u8> {
    let mut header = vec!["request", "record", "person_returned", "route", "score", "primary_cause", "primary_error"];
    header.extend(["would_alone_have_prevented_it", "joint", "sought_by_another_request"]);
    header.extend(outcome.attributes.iter().map(|attribute| attribute.name));
    let mut header: Vec<String> = header.into_iter().map(String::from).collect();
    header.extend(outcomes::columns(""));
    // In the same order: by request and rank.
    let handed_over = outcome.follow_ups.iter().filter(|f| !f.case.right && f.stopped.is_none());
    let wrong = outcome.disclosures.iter().zip(&outcome.returned).zip(handed_over);
    let rows = wrong.map(|((disclosure, person), follow_up)| {
        let named = |i: usize| {
            let error = &disclosure.errors[i];
            format!("{}:{}:{}", error.side.name(), error.error.kind.name(), error.error.cell.name())
        };
        let route = outcome.judged[disclosure.request].admitted;
        let attribution = &disclosure.attribution;
        let mut row = vec![
            disclosure.request.to_string(),
            disclosure.answer.record.0.to_string(),
            person.0.to_string(),
            route.map_or(String::new(), |route| scenario.routes[route].name.clone()),
            disclosure.answer.score.to_string(),
            attribution.primary.name().to_string(),
            attribution.primary_error.map_or(String::new(), named),
            attribution.alone.iter().map(|&i| named(i)).collect::<Vec<_>>().join(" "),
            attribution.joint().to_string(),
            disclosure.sought_elsewhere.to_string(),
        ];
        let values = outcome.attributes.iter().zip(&disclosure.profile);
        row.extend(values.map(|(a, v)| a.values[usize::from(*v)].to_string()));
        row.extend(outcomes::cells(Some(follow_up)));
        row
    });
    csv_of(&header, rows)
}

/// One row a threshold.
pub fn curve_csv(outcome: &Outcome) -> Vec<u8> {
    let text = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let mut header = vec!["threshold", "returned_right", "returned_wrong", "missed"];
    header.extend(["precision", "precision_low", "precision_high", "precision_interval"]);
    header.extend(["recall", "recall_low", "recall_high", "recall_interval"]);
    let rows = outcome.evaluation.curve.iter().map(|(point, band)| {
        let mut row = vec![point.threshold.to_string()];
        row.extend([point.returned_right, point.returned_wrong, point.missed].map(|count| count.to_string()));
        for measured in [&band.precision, &band.recall] {
            row.push(text(measured.rate.value()));
            row.push(text(measured.interval.map(|interval| interval.low)));
            row.push(text(measured.interval.map(|interval| interval.high)));
            row.push(measured.method.name().to_string());
        }
        row
    });
    csv_of(&header, rows)
}

/// CSV text of a header and rows.
pub(super) fn csv_of(header: &[impl AsRef<[u8]>], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("writing to memory cannot fail");
    for row in rows {
        writer.write_record(&row).expect("writing to memory cannot fail");
    }
    writer.into_inner().expect("writing to memory cannot fail")
}
