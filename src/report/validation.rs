//! Published figures beside simulated ones, as a table for people and a page for the docs.

use super::written::{by_number, counted, thousands};
use crate::results::Results;
use crate::results::VERSION;
use crate::validation::{Counts, FigureOrigin, Row, Tolerance, Validation, Verdict};
use std::fmt::Write;

/// The rows as a table of text, and how many hold.
pub fn validation_text(rows: &[Row]) -> String {
    let mut out = String::new();
    let lines: Vec<[String; 8]> = rows.iter().map(cells).collect();
    let head = HEAD.map(String::from);
    let width = |column: usize| {
        std::iter::once(&head).chain(&lines).map(|line| line[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; 8] = std::array::from_fn(width);
    for line in std::iter::once(&head).chain(&lines) {
        let mut text = String::new();
        for (i, (cell, width)) in line.iter().zip(widths).enumerate() {
            // Words to the left, numbers to the right.
            let gap = " ".repeat(width - cell.chars().count());
            text += &if (2..6).contains(&i) { format!("{gap}{cell}  ") } else { format!("{cell}{gap}  ") };
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    writeln!(out, "\n{}", summary(rows)).expect("writing to a string cannot fail");
    out
}

/// The rows as a table in Markdown, with the sources, and below it why predicted rows claim what they claim.
pub fn validation_markdown(rows: &[Row]) -> String {
    let mut out = format!("| {} | source |\n|{}\n", HEAD.join(" | "), "---|".repeat(HEAD.len() + 1));
    for row in rows {
        writeln!(out, "| {} | {} |", cells(row).join(" | "), row.source).expect("writing to a string cannot fail");
    }
    let mut reasons: Vec<(&str, &str)> = Vec::new();
    for row in rows.iter().filter(|row| row.kind == FigureOrigin::Predicted) {
        if !reasons.contains(&(&row.figure, &row.because)) {
            reasons.push((&row.figure, &row.because));
        }
    }
    out.push_str("\nWhy predicted rows have the tolerance they have, or none:\n\n");
    for (figure, because) in reasons {
        writeln!(out, "- *{figure}*: {because}").expect("writing to a string cannot fail");
    }
    write!(out, "\n{}\n", summary(rows)).expect("writing to a string cannot fail");
    out
}

/// The numbers of rows of each kind that hold, and the meaning of put in and fitted.
pub fn summary(rows: &[Row]) -> String {
    let told = [FigureOrigin::Input, FigureOrigin::Fitted].map(|kind| {
        let counts = Counts::of(rows, kind);
        format!(
            "{}: {} of {} rows within tolerance, {} without one.",
            kind.name(),
            counts.holds,
            counts.claimed(),
            counts.reported
        )
    });
    let uncounted = match rows.iter().filter(|row| row.verdict() == Verdict::Uncounted).count() {
        0 => String::new(),
        rows => format!(" {rows} rows have nobody to count: choose more --people."),
    };
    format!(
        "predicted: {}. {}{uncounted} Input and fitted rows show that the program does what it was told; only predicted \
         ones test the model. Version {VERSION}.",
        predicted(rows),
        told.join(" ")
    )
}

/// Number of predicted figures within their tolerance, and number without one.
pub fn predicted(rows: &[Row]) -> String {
    let Counts { holds, reported, .. } = Counts::of(rows, FigureOrigin::Predicted);
    let claimed = Counts::of(rows, FigureOrigin::Predicted).claimed();
    format!(
        "{holds} of {claimed} predicted {} within tolerance; {reported} predicted {} no tolerance",
        by_number(claimed, "figure is", "figures are"),
        by_number(reported, "figure has", "figures have")
    )
}

/// The likeness of a run's country to a real one, as the documented rows state it; or the altered settings that make
/// them inapplicable.
pub(super) fn of_country(results: &Results) -> Result<String, String> {
    let documented = Validation::documented();
    let settings = results.assumptions.iter().map(|setting| (setting.key.as_str(), &setting.value));
    let altered = documented.altered(settings);
    match &altered[..] {
        [] => Ok(predicted(&documented.rows())),
        [only] => Err(format!("{only} differs")),
        [first, more @ ..] => {
            let more = more.len() as u64;
            Err(format!("{first} and {} differ", counted(more, "more setting", "more settings")))
        }
    }
}

const HEAD: [&str; 8] = ["figure", "population", "published", "simulated", "95 %", "ratio", "verdict", "kind"];

fn cells(row: &Row) -> [String; 8] {
    let finite = row.interval.filter(|(low, high)| low.is_finite() && high.is_finite());
    let interval = finite.map_or_else(String::new, |(low, high)| format!("{}-{}", number(low), number(high)));
    let verdict = match row.verdict() {
        verdict @ (Verdict::Reported | Verdict::Uncounted) => verdict.name().to_string(),
        verdict => format!("{} ({})", verdict.name(), tolerance(row.tolerance)),
    };
    [
        row.figure.clone(),
        row.population.clone(),
        number(row.published),
        number(row.simulated),
        interval,
        if row.ratio().is_finite() { format!("{:.3}", row.ratio()) } else { "-".to_string() },
        verdict,
        row.kind.name().to_string(),
    ]
}

fn tolerance(tolerance: Tolerance) -> String {
    match tolerance {
        Tolerance::Share(share) => format!("within {} %", number(share * 100.0)),
        Tolerance::Within(by) => format!("within {}", number(by)),
        Tolerance::Between(from, to) => format!("{}-{}", number(from), number(to)),
        Tolerance::Reported => "none".to_string(),
    }
}

/// Four digits that matter, and whole numbers in groups of three.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_string();
    }
    let size = value.abs();
    if size >= 1_000.0 {
        return thousands(libm::round(value).max(0.0) as u64);
    }
    if size > 0.0 && size < 0.001 {
        return format!("{value:.3e}");
    }
    let digits = match size {
        s if s >= 100.0 => 1,
        s if s >= 10.0 => 2,
        s if s >= 1.0 => 3,
        s if s >= 0.01 => 4,
        _ => 5,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn row(simulated: f64, interval: Option<(f64, f64)>) -> Row {
        Row {
            figure: "households of one".into(),
            population: "households".into(),
            source: "a survey".into(),
            kind: FigureOrigin::Predicted,
            published: 0.289,
            simulated,
            interval,
            tolerance: Tolerance::Within(0.015),
            because: "a survey's own spread".into(),
        }
    }

    #[test]
    fn a_row_is_out_only_when_luck_does_not_explain_it() {
        assert_eq!(row(0.290, None).verdict(), Verdict::Holds);
        assert_eq!(row(0.310, None).verdict(), Verdict::Out);
        assert_eq!(row(0.310, Some((0.303, 0.317))).verdict(), Verdict::Holds);
    }

    #[test]
    fn a_row_with_nobody_to_count_is_said_to_be_one_and_shows_no_number() {
        let rows = [row(f64::NAN, Some((f64::NAN, f64::NAN)))];
        assert_eq!(rows[0].verdict(), Verdict::Uncounted);
        let json = Validation::new("", std::iter::empty(), rows.to_vec()).to_json();
        for text in [validation_text(&rows), validation_markdown(&rows), json] {
            assert!(text.contains("nobody to count") && !text.contains("NaN") && !text.contains(" --- "), "{text}");
        }
    }

    #[test]
    fn rows_are_written_for_people_and_for_machines() {
        let rows = [row(0.290, Some((0.288, 0.292))), row(0.5, None)];
        let text = validation_text(&rows);
        assert!(text.contains("0.288-0.292") && text.contains("out (within 0.015)"), "{text}");
        assert!(
            text.contains("1 of 2 predicted figures are within tolerance; 0 predicted figures have no tolerance"),
            "{text}"
        );
        let json: Value =
            serde_json::from_str(&Validation::new("", std::iter::empty(), rows.to_vec()).to_json()).unwrap();
        assert_eq!(json["rows"][0]["kind"], "predicted");
        assert_eq!(json["rows"][1]["verdict"], "out");
        assert!(json["rows"][1]["low"].is_null());
        assert_eq!(validation_markdown(&rows).lines().filter(|line| line.starts_with('|')).count(), 4);
        let counts = Counts { holds: 1, out: 1, reported: 0 };
        assert_eq!(json["counts"]["predicted"], json!(counts));
        let again: Vec<Row> = serde_json::from_value(json["rows"].clone()).unwrap();
        assert_eq!(again, rows);
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [(5.634e-4, "5.634e-4"), (0.289, "0.289"), (2.51, "2.51"), (22_800.0, "22,800")] {
            assert_eq!(number(value), text);
        }
    }
}
