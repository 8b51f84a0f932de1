//! The CSV files of a run: a row for each request, return in error, threshold, and value of an assumption.

use super::outcomes;
use crate::linkage::decision::Score;
use crate::results::{Details, Results};

/// The columns before those of the attributes, those of the attributes, and those about an answer.
fn header(own: &[&str], details: &Details, answer: &str) -> Vec<String> {
    let own = own.iter().chain(&details.attributes).map(|name| name.to_string());
    own.chain(outcomes::columns(answer)).collect()
}

/// One row a request: its fate, score and groups.
pub(super) fn outcomes_csv(details: &Details) -> Vec<u8> {
    let own = ["request", "person_sought", "on_file", "route", "fate", "lost_at", "persons_returned", "wrong_returned"];
    let header = header(&[&own[..], &["best_score"]].concat(), details, "right_");
    let rows = details.requests.iter().map(|row| {
        let mut cells = vec![
            row.request.to_string(),
            row.person_sought.to_string(),
            row.on_file.to_string(),
            row.route.clone().unwrap_or_default(),
            row.fate.name().to_string(),
            row.lost_at.map_or(String::new(), |place| place.name().to_string()),
            row.persons_returned.to_string(),
            row.wrong_returned.to_string(),
            row.best_score.map_or(String::new(), |score| score.to_string()),
        ];
        cells.extend(row.values.iter().map(|value| value.to_string()));
        cells.extend(outcomes::cells(row.right.as_ref()));
        cells
    });
    csv_of(&header, rows)
}

/// One row a person wrongly returned: the cause, what alone would have prevented it, and the person's groups.
pub(super) fn disclosures_csv(details: &Details) -> Vec<u8> {
    let own = ["request", "record", "person_returned", "route", "score", "primary_cause", "primary_error"];
    let more = ["would_alone_have_prevented_it", "joint", "sought_by_another_request"];
    let header = header(&[&own[..], &more].concat(), details, "");
    let rows = details.disclosures.iter().map(|row| {
        let mut cells = vec![
            row.request.to_string(),
            row.record.to_string(),
            row.person_returned.to_string(),
            row.route.clone().unwrap_or_default(),
            row.score.to_string(),
            row.primary_cause.to_string(),
            row.primary_error.clone(),
            row.alone.join(" "),
            row.joint.to_string(),
            row.sought_elsewhere.to_string(),
        ];
        cells.extend(row.values.iter().map(|value| value.to_string()));
        cells.extend(outcomes::cells(Some(&row.answered)));
        cells
    });
    csv_of(&header, rows)
}

/// One row a threshold.
pub(super) fn curve_csv(results: &Results) -> Vec<u8> {
    let text = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let mut header = vec!["threshold", "returned_right", "returned_wrong", "missed"];
    header.extend(["precision", "precision_low", "precision_high", "precision_interval"]);
    header.extend(["recall", "recall_low", "recall_high", "recall_interval"]);
    let rows = results.curve.iter().map(|point| {
        let mut row = vec![Score::from_bits(point.threshold).to_string()];
        row.extend([point.returned_right, point.returned_wrong, point.missed].map(|count| count.to_string()));
        for share in [&point.precision, &point.recall] {
            row.extend([share.rate, share.low, share.high].map(text));
            row.push(share.interval.clone());
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
