//! The calibration of `infer`, as Markdown: `cargo run --release --example calibration -- FOLDER 200 > docs/calibration.md`.
//!
//! FOLDER is that of a finished `namesake infer`; the number is that of data sets, 50 unless said otherwise. Each data set
//! is a draw of the first round, which comes from the whole ranges, taken for the published figures.

use namesake::experiment::infer::{Inference, Plan, Row, calibrate};
use serde_json::Value;
use std::path::Path;

/// The assumptions that are ranked: those that the published figures say something of, and one that they do not.
const KEYS: [&str; 5] = [
    "requester.number_given",
    "requester.on_file_with_number",
    "requester.on_file_without_number",
    "requester.errors.old_address",
    "requester.errors.number_of_relative",
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("calibration: name the folder of a finished namesake infer");
        std::process::exit(2);
    };
    let sets: usize = arguments.next().and_then(|sets| sets.parse().ok()).unwrap_or(50);
    let text = std::fs::read_to_string(Path::new(&folder).join("rows.jsonl")).expect("a folder of namesake infer");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of rows.jsonl is JSON"));
    let plan: Plan = serde_json::from_value(lines.next().expect("a header")["plan"].take()).expect("a plan");
    let row = |mut line: Value| -> Row {
        line.as_object_mut().expect("a row").remove("checksum");
        serde_json::from_value(line).expect("a row")
    };
    let rows: Vec<Row> = lines.map(row).collect();
    let inference = Inference::planned(&plan).expect("a plan of this version");
    let all = inference.all(&rows);
    println!(
        "# Calibration of inference

Each of {sets} draws of `{}` is taken for the published one and inferred from the other {} draws
([inference.md](inference.md)). They are spread evenly over the first round, whose draws come from the whole ranges. If
inference keeps its promises the rank of the truth among what is inferred is uniform, and the middle 90 % holds it nine
times of ten (Talts and others 2018). Made, this text included, from the draws of `namesake infer` by
`cargo run --release --example calibration -- FOLDER {sets}`.

Of the quantity of interest the truth is a count, which is ranked among the counts that are predicted. A chi-square of
nine degrees of freedom exceeds 16.9 once in twenty times and 21.7 once in a hundred.

| | data sets | in the middle 90 % | chi-square of ten bins |
|---|---:|---:|---:|",
        inference.scenario().name,
        rows.len() - 1
    );
    for one in calibrate(&inference, &all, sets, &KEYS) {
        let (covered, chi) = (100.0 * one.covered(), one.chi_square());
        println!("| `{}` | {} | {covered:.1} % | {chi:.1} |", one.of, one.ranks.len());
    }
}
