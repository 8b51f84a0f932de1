//! What a sweep says: one tidy row a run, a summary of each combination, charts.

use super::charts::{Chart, Line, Point, line_chart};
use super::{VERSION, counted, csv_of};
use crate::evaluation::RateId;
use crate::experiment::sweep::{Row, Sweep};
use crate::stats::{Rate, Replicated, replicated};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The rows of a sweep, all of them and in order, with the names of their rates.
pub struct Table<'s> {
    sweep: &'s Sweep,
    rows: Vec<Row>,
    rates: Vec<RateId>,
}

/// One rate of one combination.
struct Summed {
    /// Over all replicates.
    pooled: Rate,
    /// Mean, spread and interval of the replicates that have trials.
    over: Option<Replicated>,
}

impl<'s> Table<'s> {
    /// A table of all rows of a sweep, in whatever order they were made.
    pub fn new(sweep: &'s Sweep, mut rows: Vec<Row>) -> Table<'s> {
        rows.sort_unstable_by_key(|row| row.row);
        let measured = |id: &RateId| rows.iter().any(|row| row.rates.iter().any(|(known, ..)| known == id));
        let rates = RateId::of_sweeps().filter(measured).collect();
        Table { sweep, rows, rates }
    }

    fn values(&self, row: &Row) -> &[String] {
        self.combination(self.sweep.combination_of(row.row))
    }

    fn combination(&self, at: usize) -> &[String] {
        self.sweep.combinations().nth(at).unwrap_or_default()
    }

    /// The rate of a row, if the run had one of that name.
    fn rate(row: &Row, id: RateId) -> Option<Rate> {
        row.rates.iter().find(|(known, ..)| *known == id).map(|&(_, hits, trials)| Rate::new(hits, trials))
    }

    fn summed(&self, combination: usize, id: RateId) -> Summed {
        let of = |row: &&Row| self.sweep.combination_of(row.row) == combination;
        let rates: Vec<Rate> = self.rows.iter().filter(of).filter_map(|row| Table::rate(row, id)).collect();
        let mut pooled = Rate::default();
        for rate in &rates {
            pooled = Rate::new(pooled.hits + rate.hits, pooled.trials + rate.trials);
        }
        let values: Vec<f64> = rates.iter().filter_map(|rate| rate.value()).collect();
        let mut over = replicated(&values);
        // Student's interval knows nothing of the ends of a scale. No count is below 0, no share above 1.
        let share = rates.iter().all(|rate| rate.hits <= rate.trials);
        if let Some(interval) = over.as_mut().and_then(|over| over.interval.as_mut()) {
            interval.low = interval.low.max(0.0);
            interval.high = if share { interval.high.min(1.0) } else { interval.high };
        }
        Summed { pooled, over }
    }

    /// The columns and rows of `sweep.csv`: the varied keys, the seed, and hits, trials and value of each rate.
    pub fn runs(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut header: Vec<String> = self.sweep.keys().to_vec();
        header.push("seed".to_string());
        for name in &self.rates {
            header.extend([format!("{name}_hits"), format!("{name}_trials"), name.to_string()]);
        }
        let rows = self.rows.iter().map(|row| {
            let mut cells = self.values(row).to_vec();
            cells.push(self.sweep.seed_of(row.row).to_string());
            for name in &self.rates {
                match Table::rate(row, *name) {
                    Some(rate) => {
                        cells.extend([rate.hits.to_string(), rate.trials.to_string(), cell(rate.value())]);
                    }
                    None => cells.extend([const { String::new() }; 3]),
                }
            }
            cells
        });
        (header, rows.collect())
    }

    /// The columns and rows of `summary.csv`: the varied keys, the replicates, and of each rate hits and trials over all
    /// replicates, and mean, standard deviation and interval between them.
    pub fn summary(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut header: Vec<String> = self.sweep.keys().to_vec();
        header.push("replicates".to_string());
        for name in &self.rates {
            header.extend(["hits", "trials", "mean", "sd", "low", "high"].map(|what| format!("{name}_{what}")));
        }
        let rows = (0..self.sweep.combinations().len()).map(|at| {
            let mut cells = self.combination(at).to_vec();
            cells.push(self.sweep.replicates().to_string());
            for name in &self.rates {
                let Summed { pooled, over } = self.summed(at, *name);
                let interval = over.and_then(|over| over.interval);
                cells.extend([pooled.hits.to_string(), pooled.trials.to_string()]);
                cells.extend([
                    cell(over.map(|over| over.mean)),
                    cell(over.and_then(|over| over.deviation)),
                    cell(interval.map(|interval| interval.low)),
                    cell(interval.map(|interval| interval.high)),
                ]);
            }
            cells
        });
        (header, rows.collect())
    }

    /// The sweep as JSON: rows and summary.
    pub fn json(&self) -> String {
        let named = |values: &[String]| -> Map<String, Value> {
            self.sweep.keys().iter().cloned().zip(values.iter().map(|value| typed(value))).collect()
        };
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let rates: Map<String, Value> = row
                    .rates
                    .iter()
                    .map(|(name, hits, trials)| {
                        let rate = Rate::new(*hits, *trials);
                        (name.to_string(), json!({ "hits": hits, "trials": trials, "rate": rate.value() }))
                    })
                    .collect();
                json!({ "values": named(self.values(row)), "seed": self.sweep.seed_of(row.row), "rates": rates })
            })
            .collect();
        let summary: Vec<Value> = (0..self.sweep.combinations().len())
            .map(|at| {
                let rates: Map<String, Value> =
                    self.rates.iter().map(|name| (name.to_string(), summed_json(&self.summed(at, *name)))).collect();
                json!({ "values": named(self.combination(at)), "rates": rates })
            })
            .collect();
        let json = json!({
            "schema": "namesake.sweep/1",
            "version": VERSION,
            "scenario": self.sweep.scenario().name,
            "keys": self.sweep.keys(),
            "replicates": self.sweep.replicates(),
            "interval": INTERVAL,
            "rows": rows,
            "summary": summary,
        });
        format!("{json:#}\n")
    }

    /// The summary for the terminal: the rates people ask for first.
    pub fn text(&self) -> String {
        let shown = [RateId::WrongAmongAnswers, RateId::WrongPerson, RateId::Missed];
        let keys = self.sweep.keys();
        let same = |key: &usize| self.sweep.combinations().all(|values| values[*key] == self.combination(0)[*key]);
        let (mut fixed, mut varied): (Vec<usize>, Vec<usize>) = (0..keys.len()).partition(same);
        if varied.is_empty() {
            std::mem::swap(&mut fixed, &mut varied);
        }
        let mut text = format!(
            "NAMESAKE  sweep of {}  {}, {} each  version {VERSION}\n\
             Shares in percent, mean over seeds; in brackets {INTERVAL}.\n\n",
            self.sweep.scenario().name,
            counted(self.sweep.combinations().len() as u64, "combination", "combinations"),
            counted(self.sweep.replicates(), "seed", "seeds")
        );
        if !fixed.is_empty() {
            let fixed = fixed.iter().map(|&key| format!("{} {}", keys[key], label(&self.combination(0)[key])));
            text = text.trim_end().to_string() + "\nIn all of them: " + &fixed.collect::<Vec<_>>().join("; ") + ".\n\n";
        }
        let mut lines = vec![
            varied
                .iter()
                .map(|&key| keys[key].clone())
                .chain(shown.map(|id| id.to_string()))
                .chain(["wrong returns a 1,000 requests".to_string()])
                .collect::<Vec<_>>(),
        ];
        for at in 0..self.sweep.combinations().len() {
            let values = self.combination(at);
            let mut line: Vec<String> = varied.iter().map(|&key| label(&values[key]).to_string()).collect();
            line.extend(shown.map(|id| shown_mean(self.summed(at, id).over, 100.0)));
            line.push(shown_mean(self.summed(at, RateId::WrongReturnsPerRequest).over, 1_000.0));
            lines.push(line);
        }
        let widths: Vec<usize> = (0..lines[0].len())
            .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
            .collect();
        for line in &lines {
            let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}")).collect();
            writeln!(text, "{}", cells.join("  ")).expect("writing to a string cannot fail");
        }
        text
    }

    /// One chart a rate, named by it: along the axis the key with the most values, a line for each combination of the
    /// others. Empty where there would be more than [`MOST_LINES`] lines.
    pub fn charts(&self) -> Vec<(String, String)> {
        let combinations: Vec<&[String]> = self.sweep.combinations().collect();
        let distinct = |key: usize| {
            let mut values: Vec<&String> = Vec::new();
            for combination in &combinations {
                if !values.contains(&&combination[key]) {
                    values.push(&combination[key]);
                }
            }
            values
        };
        // Of keys with as many values the first, so that paired keys are shown by it.
        let along = (0..self.sweep.keys().len()).rev().max_by_key(|&key| distinct(key).len()).unwrap_or(0);
        let paired = combinations.len() == distinct(along).len();
        let name_of = |combination: &[String]| -> String {
            let others =
                self.sweep.keys().iter().zip(combination).enumerate().filter(|(key, _)| *key != along && !paired);
            others.map(|(_, (key, value))| format!("{key} {}", label(value))).collect::<Vec<_>>().join(", ")
        };
        let ticks: Vec<String> = distinct(along).into_iter().map(|value| label(value).to_string()).collect();
        let chart = |id: &RateId| {
            let mut lines: Vec<Line> = Vec::new();
            for (at, combination) in combinations.iter().enumerate() {
                let name_of_line = name_of(combination);
                let place = lines.iter().position(|line| line.name == name_of_line).unwrap_or_else(|| {
                    lines.push(Line { name: name_of_line, points: Vec::new() });
                    lines.len() - 1
                });
                let Some(over) = self.summed(at, *id).over else { continue };
                let band = over.interval.map(|interval| (interval.low, interval.high));
                lines[place].points.push(Point { x: label(&combination[along]).to_string(), y: over.mean, band });
            }
            let chart = Chart {
                title: format!("{} by {}", id.name().replace('_', " "), self.sweep.keys()[along]),
                about: format!(
                    "{}; mean of {}; band: {INTERVAL}",
                    self.sweep.scenario().name,
                    counted(self.sweep.replicates(), "seed", "seeds")
                ),
                x: self.sweep.keys()[along].clone(),
                y: id.name().replace('_', " "),
                ticks: ticks.clone(),
                lines,
            };
            (chart.lines.len() <= MOST_LINES).then(|| (id.to_string(), line_chart(&chart)))
        };
        self.rates.iter().filter_map(chart).collect()
    }
}

/// The most lines a chart can be read with.
pub const MOST_LINES: usize = 6;

const INTERVAL: &str = "95 % interval of the mean, Student's t over seeds";

/// Tidy rows as CSV.
pub fn csv_text((header, rows): (Vec<String>, Vec<Vec<String>>)) -> Vec<u8> {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    csv_of(&header, rows.into_iter())
}

/// A value as people read it: a list of nothing is `none`.
fn label(value: &str) -> &str {
    if value.is_empty() { "none" } else { value }
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn summed_json(summed: &Summed) -> Value {
    let over = summed.over;
    let interval = over.and_then(|over| over.interval);
    json!({
        "hits": summed.pooled.hits,
        "trials": summed.pooled.trials,
        "replicates": over.map_or(0, |over| over.count),
        "mean": over.map(|over| over.mean),
        "sd": over.and_then(|over| over.deviation),
        "low": interval.map(|interval| interval.low),
        "high": interval.map(|interval| interval.high),
    })
}

/// A value as JSON has it: a number where it is one.
fn typed(value: &str) -> Value {
    match (value.parse::<i64>(), value.parse::<f64>()) {
        (Ok(whole), _) => json!(whole),
        (_, Ok(number)) if number.is_finite() => json!(number),
        _ => json!(value),
    }
}

/// `1.23 (0.98-1.48)`.
fn shown_mean(over: Option<Replicated>, times: f64) -> String {
    match over {
        None => "no trials".to_string(),
        Some(Replicated { mean, interval: None, .. }) => format!("{:.2}", mean * times),
        Some(Replicated { mean, interval: Some(interval), .. }) => {
            format!("{:.2} ({:.2}-{:.2})", mean * times, interval.low * times, interval.high * times)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sweep::{Together, Varied};
    use crate::scenario::{BUILT_IN, Scenario};

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
        let table = Table::new(&sweep, rows);
        let csv = String::from_utf8(csv_text(table.runs())).unwrap();
        assert_eq!(
            csv,
            "people,seed,missed_hits,missed_trials,missed\n3000,1,2,10,0.2\n3000,2,4,10,0.4\n3000,3,6,10,0.6\n\
             4000,1,0,0,\n4000,2,1,10,0.1\n4000,3,1,10,0.1\n"
        );
        let (header, rows) = table.summary();
        assert_eq!(header[..4], ["people", "replicates", "missed_hits", "missed_trials"]);
        let number = |at: usize| rows[0][at].parse::<f64>().unwrap();
        assert_eq!(rows[0][..4], ["3000", "3", "12", "30"]);
        // 0.4 ± 4.3027 · 0.2 / √3 = 0.4 ± 0.4968: the lower end is below 0 and is 0.
        assert!((number(4) - 0.4).abs() < 1e-12 && (number(5) - 0.2).abs() < 1e-12);
        assert!(number(6) == 0.0 && (number(7) - 0.8968).abs() < 1e-4);
        assert_eq!(rows[1][2..], ["2", "20", "0.1", "0", "", ""], "equal replicates claim no interval");
        let json: Value = serde_json::from_str(&table.json()).unwrap();
        assert_eq!(json["rows"][3]["rates"]["missed"]["rate"], Value::Null);
        assert_eq!(json["summary"][1]["rates"]["missed"]["replicates"], 2);
        assert_eq!(json["summary"][0]["values"]["people"], 3_000);
    }

    #[test]
    fn the_text_has_a_column_for_each_key_that_differs_and_a_word_for_an_empty_list() {
        let varied = ["holder.dependence=0", "agreement.must_contain=[],[surname]"];
        let sweep = sweep(&varied, Together::Grid, 1);
        let rows = (0..sweep.rows()).map(|number| row(number, number + 1, 50)).collect();
        let text = Table::new(&sweep, rows).text();
        assert!(text.contains("\nIn all of them: holder.dependence 0.\n\n"), "{text}");
        let table: Vec<&str> = text.lines().skip_while(|line| !line.is_empty()).skip(1).collect();
        let first = |line: &str| line.split_whitespace().next().map(str::to_string);
        let firsts: Vec<String> = table.iter().filter_map(|line| first(line)).collect();
        assert_eq!(firsts, ["agreement.must_contain", "none", "surname"], "{text}");
    }

    #[test]
    fn a_chart_has_a_line_for_each_combination_of_the_other_keys() {
        let lines = |varied: &[&str], together| {
            let sweep = sweep(varied, together, 1);
            let rows = (0..sweep.rows()).map(|number| row(number, number + 1, 50)).collect();
            let charts = Table::new(&sweep, rows).charts();
            charts.first().map(|(_, svg)| svg.matches("class=\"line").count())
        };
        assert_eq!(lines(&["people=1k,2k,3k"], Together::Grid), Some(1));
        assert_eq!(lines(&["people=1k,2k,3k", "holder.dependence=0,0.5"], Together::Grid), Some(2));
        assert_eq!(lines(&["people=1k,2k,3k", "holder.dependence=0,0.1,0.2"], Together::Paired), Some(1));
        assert_eq!(lines(&["people=1k..8k:1k", "holder.dependence=0..0.7:0.1"], Together::Grid), None);
    }
}
