//! The CSV files of a run: a row for each request, return in error, threshold, and value of an assumption.

use super::dictionary;
use super::outcomes;
use super::written::csv_of;
use crate::linkage::decision::Score;
use crate::results::{Causes, Details, Results};

/// One row per request: its fate, score and groups.
pub(super) fn outcomes_csv(details: &Details) -> Vec<u8> {
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
    csv_of(dictionary::outcomes().header(), rows)
}

/// One row per person whom the rules return in error: the causes, the person's groups, and who held the record back.
pub(super) fn disclosures_csv(details: &Details) -> Vec<u8> {
    let rows = details.disclosures.iter().map(|row| {
        let of_causes = |text: &dyn Fn(&Causes) -> String| row.causes.as_ref().map_or(String::new(), text);
        let mut cells = vec![
            row.request.to_string(),
            row.record.to_string(),
            row.person_returned.to_string(),
            row.route.clone().unwrap_or_default(),
            row.score.to_string(),
            of_causes(&|causes| causes.primary.to_string()),
            of_causes(&|causes| causes.first.clone().unwrap_or_default()),
            of_causes(&|causes| causes.alone.join(" ")),
            of_causes(&|causes| causes.joint.to_string()),
            of_causes(&shares),
            row.sought_elsewhere.to_string(),
        ];
        cells.extend(row.values.iter().map(|value| value.to_string()));
        cells.extend(outcomes::cells(Some(&row.answered)));
        cells
    });
    csv_of(dictionary::disclosures().header(), rows)
}

/// `wrong_digit=0.500 name_compared_loosely=0.500`.
fn shares(causes: &Causes) -> String {
    let shares: Vec<String> = causes.shares.iter().map(|(cause, share)| format!("{cause}={share:.3}")).collect();
    shares.join(" ")
}

/// One row per threshold.
pub(super) fn curve_csv(results: &Results) -> Vec<u8> {
    let text = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let rows = results.curve.iter().map(|point| {
        let mut row = vec![Score::from_bits(point.threshold).to_string()];
        row.extend([point.returned_right, point.returned_wrong, point.missed].map(|count| count.to_string()));
        for share in [&point.precision, &point.recall] {
            row.extend([share.rate, share.low, share.high].map(text));
            row.push(share.interval.clone());
        }
        row
    });
    csv_of(dictionary::curve().header(), rows)
}
