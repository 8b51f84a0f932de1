//! The files of a sweep: one tidy row for each run, a summary of each combination, charts.

use super::charts::{Chart, Line, Point, line_chart};
use super::written::{counted, csv_of};
use crate::evaluation::RateId;
use crate::results::sweep::{Combination, INTERVAL, Summed, SweepResults, SweptValue, Trend};
use indexmap::IndexMap;
use std::fmt::Write;

/// The name and the bytes of a file.
type File = (String, Vec<u8>);

/// Columns and rows.
pub type Table = (Vec<String>, Vec<Vec<String>>);

/// The files of a sweep that hold its results: JSON, two tables, and a chart for each rate. The command line adds rows,
/// scenario and times.
pub fn bundle(sweep: &SweepResults) -> Vec<File> {
    let tables = [("sweep.csv", runs(sweep)), ("summary.csv", summary(sweep))];
    let mut files: Vec<File> = tables.into_iter().map(|(name, table)| (name.to_string(), csv_text(table))).collect();
    files.push(("sweep.json".to_string(), sweep.to_json().into_bytes()));
    files.extend(charts(sweep).into_iter().map(|(id, svg)| (format!("{id}.svg"), svg.into_bytes())));
    files
}

/// The columns and rows of `sweep.csv`: the varied keys, the seed, and hits, trials and value of each rate.
pub fn runs(sweep: &SweepResults) -> Table {
    let mut header: Vec<String> = sweep.keys.clone();
    header.push("seed".to_string());
    for id in sweep.rates() {
        header.extend([format!("{id}_hits"), format!("{id}_trials"), id.to_string()]);
    }
    let rows = sweep.rows.iter().map(|row| {
        let mut cells = texts(&row.values);
        cells.push(row.seed.to_string());
        for id in sweep.rates() {
            match row.rates.get(&id) {
                Some(rate) => cells.extend([rate.hits.to_string(), rate.trials.to_string(), cell(rate.rate)]),
                None => cells.extend([const { String::new() }; 3]),
            }
        }
        cells
    });
    (header, rows.collect())
}

/// The columns and rows of `summary.csv`: the varied keys, the replicates, and for each rate the hits and trials over
/// all replicates and the mean, standard deviation and interval between replicates.
pub fn summary(sweep: &SweepResults) -> Table {
    let mut header: Vec<String> = sweep.keys.clone();
    header.push("replicates".to_string());
    for id in sweep.rates() {
        header.extend(["hits", "trials", "mean", "sd", "low", "high"].map(|what| format!("{id}_{what}")));
    }
    let rows = sweep.summary.iter().map(|combination| {
        let mut cells = texts(&combination.values);
        cells.push(sweep.replicates.to_string());
        for Summed { hits, trials, mean, sd, low, high, .. } in combination.rates.values() {
            cells.extend([hits.to_string(), trials.to_string()]);
            cells.extend([mean, sd, low, high].map(|value| cell(*value)));
        }
        cells
    });
    (header, rows.collect())
}

/// The summary for the terminal: the rates people ask for first.
pub fn text(sweep: &SweepResults) -> String {
    let shown = [RateId::WrongAmongAnswers, RateId::WrongPerson, RateId::Missed];
    let keys = &sweep.keys;
    let value = |of: &Combination, key: usize| label(&of.values[key]).to_string();
    let first = |key: usize| sweep.summary.first().map_or(String::new(), |first| value(first, key));
    let same = |key: &usize| sweep.summary.iter().all(|combination| value(combination, *key) == first(*key));
    let (mut fixed, mut varied): (Vec<usize>, Vec<usize>) = (0..keys.len()).partition(same);
    if varied.is_empty() {
        std::mem::swap(&mut fixed, &mut varied);
    }
    let mut text = format!(
        "NAMESAKE  sweep of {}  {}, {} each  version {}\n\
         Shares in percent, mean over seeds; in brackets {INTERVAL}.\n\n",
        sweep.scenario,
        counted(sweep.summary.len() as u64, "combination", "combinations"),
        counted(sweep.replicates, "seed", "seeds"),
        sweep.version,
    );
    if !fixed.is_empty() {
        let fixed = fixed.iter().map(|&key| format!("{} {}", keys[key], first(key)));
        text = text.trim_end().to_string() + "\nIn all of them: " + &fixed.collect::<Vec<_>>().join("; ") + ".\n\n";
    }
    let mut lines = vec![
        varied
            .iter()
            .map(|&key| keys[key].clone())
            .chain(shown.map(|id| id.to_string()))
            .chain(["wrong returns per 1,000 requests".to_string()])
            .collect::<Vec<_>>(),
    ];
    for combination in &sweep.summary {
        let mut line: Vec<String> = varied.iter().map(|&key| value(combination, key)).collect();
        line.extend(shown.map(|id| mean(combination.rates.get(&id), 100.0)));
        line.push(mean(combination.rates.get(&RateId::WrongReturnsPerRequest), 1_000.0));
        lines.push(line);
    }
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    for line in &lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}")).collect();
        writeln!(text, "{}", cells.join("  ")).expect("writing to a string cannot fail");
    }
    text + &trends(sweep, &shown)
}

/// The largest number of trend lines that are printed.
const MOST_TRENDS: usize = 12;

/// A line for each trend of these rates: the factor by which the rate grows for ten times the key, with its interval. The
/// first trends are printed, and a last line says where the others are.
fn trends(sweep: &SweepResults, shown: &[RateId]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for trends in &sweep.trends {
        let by = if trends.factor == 10.0 { "ten times" } else { "twice" };
        let others: Vec<String> =
            trends.others.iter().map(|(key, value)| format!(", {key} {}", label(value))).collect();
        let told = shown.iter().filter_map(|id| {
            let Trend { times, low, high, .. } = trends.rates.get(id)?;
            Some(format!("{id} \u{d7} {times:.2} ({low:.2}–{high:.2})"))
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            lines.push(format!("For {by} the {}{}: {}.\n", trends.key, others.concat(), told.join("; ")));
        }
    }
    let further = match lines.len().saturating_sub(MOST_TRENDS) {
        0 => String::new(),
        further => format!("{} more in sweep.json, under trends.\n", counted(further as u64, "line", "lines")),
    };
    lines.truncate(MOST_TRENDS);
    match lines.is_empty() {
        true => String::new(),
        false => {
            format!("\n{}{further}A trend whose interval contains 1 may be luck.\n", lines.concat())
        }
    }
}

/// One chart for each rate, under its name: the axis is the key with the most values, and each combination of the other
/// keys is a line. Empty if there would be more than [`MOST_LINES`] lines.
pub fn charts(sweep: &SweepResults) -> Vec<(RateId, String)> {
    let distinct = |key: usize| {
        let mut values: Vec<&SweptValue> = Vec::new();
        for combination in &sweep.summary {
            if !values.contains(&&combination.values[key]) {
                values.push(&combination.values[key]);
            }
        }
        values
    };
    // The first of several keys with that many values, so that it stands for the paired keys.
    let along = (0..sweep.keys.len()).rev().max_by_key(|&key| distinct(key).len()).unwrap_or(0);
    let paired = sweep.summary.len() == distinct(along).len();
    let name_of = |combination: &Combination| -> String {
        let others = combination.values.iter().enumerate().filter(|(key, _)| *key != along && !paired);
        others.map(|(_, (key, value))| format!("{key} {}", label(value))).collect::<Vec<_>>().join(", ")
    };
    let ticks: Vec<String> = distinct(along).into_iter().map(|value| label(value).to_string()).collect();
    let chart = |id: RateId| {
        let mut lines: Vec<Line> = Vec::new();
        for combination in &sweep.summary {
            let name = name_of(combination);
            let place = lines.iter().position(|line| line.name == name).unwrap_or_else(|| {
                lines.push(Line { name, points: Vec::new() });
                lines.len() - 1
            });
            let Some(Summed { mean: Some(y), low, high, .. }) = combination.rates.get(&id).copied() else { continue };
            let x = label(&combination.values[along]).to_string();
            lines[place].points.push(Point { x, y, band: low.zip(high) });
        }
        let chart = Chart {
            title: format!("{} by {}", id.name().replace('_', " "), sweep.keys[along]),
            about: format!(
                "{}; mean of {}; band: {INTERVAL}",
                sweep.scenario,
                counted(sweep.replicates, "seed", "seeds")
            ),
            x: sweep.keys[along].clone(),
            y: id.name().replace('_', " "),
            ticks: ticks.clone(),
            lines,
        };
        (chart.lines.len() <= MOST_LINES).then(|| (id, line_chart(&chart)))
    };
    sweep.rates().filter_map(chart).collect()
}

/// The largest number of lines in a readable chart.
pub const MOST_LINES: usize = 6;

/// A table as CSV.
pub fn csv_text((header, rows): Table) -> Vec<u8> {
    csv_of(header.iter().map(String::as_str), rows.into_iter())
}

fn texts(values: &IndexMap<String, SweptValue>) -> Vec<String> {
    values.values().map(|value| value.0.clone()).collect()
}

/// A value for people to read: an empty list is `none`.
fn label(SweptValue(value): &SweptValue) -> &str {
    if value.is_empty() { "none" } else { value }
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// `1.23 (0.98-1.48)`.
fn mean(summed: Option<&Summed>, times: f64) -> String {
    match summed {
        Some(Summed { mean: Some(mean), low: Some(low), high: Some(high), .. }) => {
            format!("{:.2} ({:.2}-{:.2})", mean * times, low * times, high * times)
        }
        Some(Summed { mean: Some(mean), .. }) => format!("{:.2}", mean * times),
        _ => "no trials".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sweep::{Row, Sweep, Together, Varied};
    use crate::scenario::{BUILT_IN, Scenario};
    use serde_json::Value;

    fn sweep(varied: &[&str], together: Together, replicates: u64) -> Sweep {
        let scenario = |sets: &[String]| {
            Scenario::parse_with(BUILT_IN[0].1, BUILT_IN[0].0, sets).map_err(|error| error.to_string())
        };
        let varied: Vec<Varied> = varied.iter().map(|text| Varied::parse(text).unwrap()).collect();
        Sweep::new(scenario, &varied, together, replicates).unwrap()
    }

    fn row(row: u64, hits: u64, trials: u64) -> Row {
        Row { row, rates: vec![(RateId::Missed, hits, trials)] }
    }

    #[test]
    fn rows_are_tidy_and_the_summary_is_worked_out_by_hand() {
        let sweep = sweep(&["people=3k,4k"], Together::Grid, 3);
        // In any order; the second combination has a replicate without trials.
        let rows = vec![row(5, 1, 10), row(0, 2, 10), row(1, 4, 10), row(3, 0, 0), row(4, 1, 10), row(2, 6, 10)];
        let table = SweepResults::of(&sweep, rows);
        let csv = String::from_utf8(csv_text(runs(&table))).unwrap();
        assert_eq!(
            csv,
            "people,seed,missed_hits,missed_trials,missed\n3000,1,2,10,0.2\n3000,2,4,10,0.4\n3000,3,6,10,0.6\n\
             4000,1,0,0,\n4000,2,1,10,0.1\n4000,3,1,10,0.1\n"
        );
        let (header, rows) = summary(&table);
        assert_eq!(header[..4], ["people", "replicates", "missed_hits", "missed_trials"]);
        let number = |at: usize| rows[0][at].parse::<f64>().unwrap();
        assert_eq!(rows[0][..4], ["3000", "3", "12", "30"]);
        // 0.4 ± 4.3027 · 0.2 / √3 = 0.4 ± 0.4968: the lower end is below 0 and is 0.
        assert!((number(4) - 0.4).abs() < 1e-12 && (number(5) - 0.2).abs() < 1e-12);
        assert!(number(6) == 0.0 && (number(7) - 0.8968).abs() < 1e-4);
        assert_eq!(rows[1][2..], ["2", "20", "0.1", "0", "", ""], "equal replicates claim no interval");
        let json: Value = serde_json::from_str(&table.to_json()).unwrap();
        assert_eq!(json["rows"][3]["rates"]["missed"]["rate"], Value::Null);
        assert_eq!(json["summary"][1]["rates"]["missed"]["replicates"], 2);
        assert_eq!(json["summary"][0]["values"]["people"], 3_000);
        let again: SweepResults = serde_json::from_str(&table.to_json()).unwrap();
        assert_eq!(again, table);
    }

    #[test]
    fn the_text_has_a_column_for_each_key_that_differs_and_a_word_for_an_empty_list() {
        let varied = ["holder.dependence=0", "agreement.must_contain=[],[surname]"];
        let sweep = sweep(&varied, Together::Grid, 1);
        let rows = (0..sweep.rows()).map(|number| row(number, number + 1, 50)).collect();
        let text = text(&SweepResults::of(&sweep, rows));
        assert!(text.contains("\nIn all of them: holder.dependence 0.\n\n"), "{text}");
        let table: Vec<&str> = text.lines().skip_while(|line| !line.is_empty()).skip(1).collect();
        let first = |line: &str| line.split_whitespace().next().map(str::to_string);
        let firsts: Vec<String> = table.iter().filter_map(|line| first(line)).collect();
        assert_eq!(firsts, ["agreement.must_contain", "none", "surname"], "{text}");
    }

    #[test]
    fn of_many_trends_the_first_are_printed_and_the_rest_are_said_to_be_in_the_file() {
        let lines = |others: &str| {
            let sweep = sweep(&["people=1k,2k,4k", others], Together::Grid, 3);
            let rows = (0..sweep.rows()).map(|number| row(number, 20 + number % 7, 500)).collect();
            let results = SweepResults::of(&sweep, rows);
            let text = text(&results);
            let further = text.lines().find(|line| line.ends_with("more in sweep.json, under trends."));
            let printed = text.lines().filter(|line| line.starts_with("For ")).count();
            (results.trends.len(), printed, further.map(str::to_string))
        };
        // One along people for each dependence, and one along dependence for each number of people.
        assert_eq!(lines("holder.dependence=0..0.4:0.1"), (5 + 3, 8, None));
        let (all, printed, further) = lines("holder.dependence=0..0.7:0.05");
        assert_eq!((all, printed), (15 + 3, MOST_TRENDS));
        assert_eq!(further.as_deref(), Some("6 lines more in sweep.json, under trends."));
    }

    #[test]
    fn a_chart_has_a_line_for_each_combination_of_the_other_keys() {
        let lines = |varied: &[&str], together| {
            let sweep = sweep(varied, together, 1);
            let rows = (0..sweep.rows()).map(|number| row(number, number + 1, 50)).collect();
            let charts = charts(&SweepResults::of(&sweep, rows));
            charts.first().map(|(_, svg)| svg.matches("class=\"line").count())
        };
        assert_eq!(lines(&["people=1k,2k,3k"], Together::Grid), Some(1));
        assert_eq!(lines(&["people=1k,2k,3k", "holder.dependence=0,0.5"], Together::Grid), Some(2));
        assert_eq!(lines(&["people=1k,2k,3k", "holder.dependence=0,0.1,0.2"], Together::Paired), Some(1));
        assert_eq!(lines(&["people=1k..8k:1k", "holder.dependence=0..0.7:0.1"], Together::Grid), None);
    }
}
