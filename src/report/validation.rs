//! Published figures beside simulated ones, as a table for people, JSON for machines and a page for the docs.

use super::{VERSION, thousands};
use crate::validation::{Row, Tolerance, Verdict};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The rows as JSON.
pub fn validation_json(rows: &[Row]) -> String {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut object = Map::new();
            object.insert("figure".into(), json!(row.figure));
            object.insert("population".into(), json!(row.population));
            object.insert("source".into(), json!(row.source));
            object.insert("kind".into(), json!(row.kind.name()));
            object.insert("published".into(), json!(row.published));
            object.insert("simulated".into(), json!(row.simulated));
            object.insert("low".into(), json!(row.interval.map(|(low, _)| low)));
            object.insert("high".into(), json!(row.interval.map(|(_, high)| high)));
            object.insert("ratio".into(), json!(row.ratio()));
            object.insert("tolerance".into(), json!(tolerance(row.tolerance)));
            object.insert("verdict".into(), json!(row.verdict().name()));
            Value::Object(object)
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "rows": rows })).expect("a tree of plain values can be written");
    text + "\n"
}

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

/// The rows as a table in Markdown, with the sources.
pub fn validation_markdown(rows: &[Row]) -> String {
    let mut out = format!("| {} | source |\n|{}\n", HEAD.join(" | "), "---|".repeat(HEAD.len() + 1));
    for row in rows {
        writeln!(out, "| {} | {} |", cells(row).join(" | "), row.source).expect("writing to a string cannot fail");
    }
    write!(out, "\n{}\n", summary(rows)).expect("writing to a string cannot fail");
    out
}

/// How many rows hold, are out, are reported and have nobody to count, and what put in or fitted means.
pub fn summary(rows: &[Row]) -> String {
    let with = |verdict: Verdict| rows.iter().filter(|row| row.verdict() == verdict).count();
    format!(
        "{} rows hold, {} are out, {} are reported{}. Input and fitted rows show that the program does what it was told; \
         only predicted ones test the model. Version {VERSION}.",
        with(Verdict::Holds),
        with(Verdict::Out),
        with(Verdict::Reported),
        match with(Verdict::Uncounted) {
            0 => String::new(),
            rows => format!(", and {rows} have nobody to count: choose more --people"),
        }
    )
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
    use crate::validation::Kind;

    fn row(simulated: f64, interval: Option<(f64, f64)>) -> Row {
        Row {
            figure: "households of one".into(),
            population: "households".into(),
            source: "a survey",
            kind: Kind::Predicted,
            published: 0.289,
            simulated,
            interval,
            tolerance: Tolerance::Within(0.015),
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
        for text in [validation_text(&rows), validation_markdown(&rows), validation_json(&rows)] {
            assert!(text.contains("nobody to count") && !text.contains("NaN") && !text.contains(" --- "), "{text}");
        }
    }

    #[test]
    fn rows_are_written_for_people_and_for_machines() {
        let rows = [row(0.290, Some((0.288, 0.292))), row(0.5, None)];
        let text = validation_text(&rows);
        assert!(text.contains("0.288-0.292") && text.contains("out (within 0.015)"), "{text}");
        assert!(text.contains("1 rows hold, 1 are out, 0 are reported."), "{text}");
        let json: Value = serde_json::from_str(&validation_json(&rows)).unwrap();
        assert_eq!(json["rows"][0]["kind"], "predicted");
        assert_eq!(json["rows"][1]["verdict"], "out");
        assert!(json["rows"][1]["low"].is_null());
        assert_eq!(validation_markdown(&rows).lines().filter(|line| line.starts_with('|')).count(), 4);
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [(5.634e-4, "5.634e-4"), (0.289, "0.289"), (2.51, "2.51"), (22_800.0, "22,800")] {
            assert_eq!(number(value), text);
        }
    }
}
