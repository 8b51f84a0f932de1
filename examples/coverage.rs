//! The coverage of every interval, as Markdown: `cargo run --release --example coverage -- 2000 > docs/coverage.md`.
//!
//! The number is that of runs a setting. Without one it is 100, enough to see that it works.

#[path = "coverage/study.rs"]
mod study;

use study::{Fared, SETTINGS, study};

fn main() {
    let runs: u64 = std::env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(100);
    println!("# Coverage of intervals\n");
    println!(
        "How often a 95 % interval holds the expectation over seeds: {runs} runs a setting, each another country with"
    );
    println!("other errors and other requests. The expectation is taken from all runs together. Made by");
    println!(
        "`cargo run --release --example coverage -- {runs}`. *Events* are the hits or the non-hits expected in a run,"
    );
    println!(
        "whichever are fewer; of a comparison those of the smaller group. *Exact* is the share of runs with so few"
    );
    println!("effective events that the exact interval was taken.");
    let mut all: Vec<Fared> = Vec::new();
    for setting in &SETTINGS {
        let mut fared = study(setting, runs);
        fared.sort_by(|a, b| a.kind.cmp(b.kind).then(a.expected().total_cmp(&b.expected())));
        println!("\n## {}\n\n`{}`\n", sentence(setting.title), setting.sets.join("`, `"));
        println!("| interval | rate | events | coverage | exact |\n|---|---|---:|---:|---:|");
        for row in &fared {
            let exact = 100.0 * row.exact as f64 / row.runs as f64;
            let (events, coverage) = (row.expected(), 100.0 * row.coverage());
            println!("| {} | {} | {events:.1} | {coverage:.1} % | {exact:.0} % |", row.kind, row.name);
        }
        all.append(&mut fared);
    }
    println!(
        "\n## By expected events\n\n| interval | events | rows | least | mean | most |\n|---|---|---:|---:|---:|---:|"
    );
    for kind in ["simple", "clustered", "two-way", "ratio", "difference"] {
        for (low, high) in [(0.0, 1.0), (1.0, 5.0), (5.0, 20.0), (20.0, 50.0), (50.0, f64::INFINITY)] {
            let rows = all.iter().filter(|row| row.kind == kind && (low..high).contains(&row.expected()));
            let coverages: Vec<f64> = rows.map(|row| 100.0 * row.coverage()).collect();
            if coverages.is_empty() {
                continue;
            }
            let least = coverages.iter().copied().fold(f64::INFINITY, f64::min);
            let most = coverages.iter().copied().fold(0.0, f64::max);
            let mean = coverages.iter().sum::<f64>() / coverages.len() as f64;
            let range = if high.is_finite() { format!("{low} to {high}") } else { format!("from {low}") };
            println!("| {kind} | {range} | {} | {least:.1} % | {mean:.1} % | {most:.1} % |", coverages.len());
        }
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
