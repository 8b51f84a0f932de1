//! The tables with a row for each request, return in error, and threshold.

use crate::linkage::decision::Score;
use crate::report::outcomes;
use crate::report::table::{Columns, Rows, Table};
use crate::results::{Causes, Details, Results};

/// `outcomes.csv`.
pub(super) static OUTCOMES: Table = Table {
    file: "outcomes.csv",
    row: "a request",
    columns: || {
        Columns::of(&[
            ("request", "the number of the request, from 0"),
            ("person_sought", "the number of the person sought: the truth"),
            ("on_file", "whether that person is on the holder's file"),
            ("route", "the route that the request took; blank if it was refused"),
            ("fate", "what became of the request; see docs/model.md"),
            ("lost_at", "the stage at which the person sought was lost, if on file and not returned"),
            ("persons_returned", "how many persons were returned"),
            ("wrong_returned", "how many of them are somebody else"),
            ("best_score", "the score of the best answer returned, in bits or steps"),
        ])
        .with_attributes("of the person sought")
        .with_answer("right_", "of the right answer, if there was one")
    },
    rows: |_, details| Some(outcome_rows(details)),
};

fn outcome_rows(details: &Details) -> Rows<'_> {
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
    Box::new(rows)
}

/// `disclosures.csv`.
pub(super) static DISCLOSURES: Table = Table {
    file: "disclosures.csv",
    row: "a person whom the rules return in error, also where somebody then held the record back; such rows have no causes",
    columns: || {
        Columns::of(&[
            ("request", "the number of the request, from 0"),
            ("record", "the number of the record on the holder's file"),
            ("person_returned", "the number of the person the record is about: the truth"),
            ("route", "the route that the request took"),
            ("score", "the score of the pair, in bits or steps"),
            ("primary_cause", "the main cause; see docs/model.md"),
            (
                "first_that_ends_it",
                "the first error not made, or rule added, that ends the return together with all before it, as \
             `file:error:cell` or `terms:rule`; blank if nothing ends it",
            ),
            (
                "would_alone_have_prevented_it",
                "those each of which alone would have ended the return, in the same form",
            ),
            (
                "joint",
                "whether an error is the main cause, and none or several of the errors would have ended it alone",
            ),
            ("shares", "the share of each cause (Shapley value), as `cause=share`; they sum to 1"),
            ("sought_by_another_request", "whether another request asks for the person returned"),
        ])
        .with_attributes("of the person returned")
        .with_answer("", "of the answer")
    },
    rows: |_, details| Some(disclosure_rows(details)),
};

fn disclosure_rows(details: &Details) -> Rows<'_> {
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
    Box::new(rows)
}

/// `wrong_digit=0.500 name_compared_loosely=0.500`.
fn shares(causes: &Causes) -> String {
    let shares: Vec<String> = causes.shares.iter().map(|(cause, share)| format!("{cause}={share:.3}")).collect();
    shares.join(" ")
}

/// `curve.csv`.
pub(super) static CURVE: Table = Table {
    file: "curve.csv",
    row: "a threshold, for all routes at once",
    columns: || {
        Columns::of(&[
            ("threshold", "the threshold, in bits or steps"),
            ("returned_right", "persons returned who were sought"),
            ("returned_wrong", "persons returned who are somebody else"),
            ("missed", "people sought who are on file and not returned"),
            ("precision", "right among persons returned"),
            ("precision_low", "the lower end of its 95 % interval"),
            ("precision_high", "the upper end"),
            ("precision_interval", "the method of the interval"),
            ("recall", "returned among people sought who are on file"),
            ("recall_low", "the lower end of its 95 % interval"),
            ("recall_high", "the upper end"),
            ("recall_interval", "the method of the interval"),
        ])
    },
    rows: |results, _| Some(curve_rows(results)),
};

fn curve_rows(results: &Results) -> Rows<'_> {
    let text = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let rows = results.curve.iter().map(move |point| {
        let mut row = vec![Score::from_bits(point.threshold).to_string()];
        row.extend([point.returned_right, point.returned_wrong, point.missed].map(|count| count.to_string()));
        for share in [&point.precision, &point.recall] {
            row.extend([share.rate, share.low, share.high].map(text));
            row.push(share.interval.clone());
        }
        row
    });
    Box::new(rows)
}
