//! The calibration of `infer`, as Markdown: `cargo run --release --example calibration -- 2000 200 > docs/calibration.md`.
//!
//! The numbers are those of draws and of data sets. Without them they are 200 and 50, enough to see that it works.

use namesake::experiment::Progress;
use namesake::experiment::infer::{Inference, Row, Wanted, calibrate};
use namesake::parallel::in_parallel;
use namesake::scenario::{Scenario, built_in};

/// The assumptions that are ranked: those that the published figures say something of, and one that they do not.
const KEYS: [&str; 5] = [
    "requester.number_given",
    "requester.on_file_with_number",
    "requester.on_file_without_number",
    "requester.errors.old_address",
    "requester.errors.number_of_relative",
];

fn main() {
    let number = |at: usize, otherwise: u64| std::env::args().nth(at).and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (draws, sets) = (number(1, 200), number(2, 50));
    let name = "tax-address-request";
    let scenario = built_in(name).and_then(|text| Scenario::parse(text, name)).expect("it comes with Namesake");
    let wanted = Wanted { draws: Some(draws), rounds: Some(1), ..Wanted::default() };
    let inference = Inference::new(&scenario, &wanted).expect("the default case has targets");
    let points = inference.points(0, &[]);
    let quiet = |_: Progress| {};
    let make = |rows: &mut Vec<Row>, row: u64| rows.push(inference.run(row, &points[row as usize], &quiet));
    let mut rows: Vec<Row> = in_parallel(0..draws, Vec::new, make, "draws", &quiet).into_iter().flatten().collect();
    rows.sort_unstable_by_key(|row| row.row);
    let all = inference.all(&rows);
    println!(
        "# Calibration of inference

Each of {sets} draws of `{name}` is taken for the published one and inferred from the other {} draws
([inference.md](inference.md)). If inference keeps its promises the rank of the truth among what is inferred is uniform,
and the middle 90 % holds it nine times of ten (Talts and others 2018). Made, this text included, by
`cargo run --release --example calibration -- {draws} {sets}`.

Of the quantity of interest the truth is a count, which is ranked among the counts that are predicted. A chi-square of
nine degrees of freedom exceeds 16.9 once in twenty times and 21.7 once in a hundred.

| | data sets | in the middle 90 % | chi-square of ten bins |
|---|---:|---:|---:|",
        draws - 1
    );
    for one in calibrate(&inference, &all, sets as usize, &KEYS) {
        let (covered, chi) = (100.0 * one.covered(), one.chi_square());
        println!("| `{}` | {} | {covered:.1} % | {chi:.1} |", one.of, one.ranks.len());
    }
}
