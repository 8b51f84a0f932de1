//! weldrs over a.csv and b.csv: files to scored pairs, then the best F1. Prints one line of JSON.
//!
//!     weldrs_link DIR
//!
//! The same six fields, blocking rules and levels as spec.toml, except for the date of birth: weldrs has no edit distance
//! that knows an exchange of neighbours, so its levels are of Levenshtein's. Training as its documentation advises: the
//! share of matches by deterministic rules, u from random pairs, m by EM in three sessions that block on different
//! fields.

use polars::prelude::*;
use std::collections::HashSet;
use std::error::Error;
use std::time::Instant;
use weldrs::comparison::{Comparison, ComparisonBuilder};
use weldrs::prelude::{BlockingRule, LinkType, Linker, Settings};

const FIELDS: [&str; 6] = ["given_name", "surname", "date_of_birth", "street", "city", "zip"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: weldrs_link DIR")?;
    let started = Instant::now();
    let (a, b) = (table(&folder, "a")?, table(&folder, "b")?);
    let of_a = a.height();
    let whole = a.vstack(&b)?;
    // Two records of two files are a pair only where the left id is the lesser: A first.
    let ids: Vec<i64> = (0..whole.height() as i64).collect();
    let mut whole = whole;
    whole.with_column(Column::new("unique_id".into(), ids))?;
    let people = whole.drop_in_place("entity")?;
    let records = whole.lazy();
    let session =
        [["surname", "date_of_birth"].as_slice(), &["given_name", "date_of_birth"], &["surname", "given_name", "zip"]];
    let similar = |field: &str, cuts: &[f64]| {
        let start = ComparisonBuilder::new(field).null_level().exact_match_level();
        cuts.iter().fold(start, |built, &cut| built.jaro_winkler_level(cut)).else_level().build()
    };
    let exact = |field: &str| ComparisonBuilder::new(field).null_level().exact_match_level().else_level().build();
    let date = ComparisonBuilder::new("date_of_birth").null_level().exact_match_level();
    let comparisons: Vec<Comparison> = vec![
        similar("given_name", &[0.92, 0.8])?,
        similar("surname", &[0.92, 0.8])?,
        date.levenshtein_level(1).levenshtein_level(2).else_level().build()?,
        similar("street", &[0.92])?,
        exact("city")?,
        exact("zip")?,
    ];
    let settings = Settings::builder(LinkType::LinkOnly).source_dataset_column("source_dataset");
    let settings = comparisons.into_iter().fold(settings, |settings, comparison| settings.comparison(comparison));
    let settings = session.iter().fold(settings, |settings, fields| settings.blocking_rule(BlockingRule::on(fields)));
    let mut linker = Linker::new(settings.build()?)?;
    let certain = BlockingRule::on(&["given_name", "surname", "date_of_birth"]);
    linker.estimate_probability_two_random_records_match(&records, &[certain], 0.8)?;
    linker.estimate_u_using_random_sampling(&records, 1_000_000)?;
    for fields in session {
        linker.estimate_parameters_using_em(&records, &BlockingRule::on(fields))?;
    }
    let wanted = ["unique_id_l", "unique_id_r", "match_weight"].map(col);
    let scored = linker.predict(&records, None)?.select(wanted).collect()?;
    let seconds = started.elapsed().as_secs_f64();

    let people: Vec<&str> = people.str()?.into_iter().map(|person| person.unwrap_or_default()).collect();
    let side = |name: &str| -> PolarsResult<Vec<usize>> {
        Ok(scored.column(name)?.i64()?.into_no_null_iter().map(|id| id as usize).collect())
    };
    let weights = scored.column("match_weight")?.f64()?.into_no_null_iter();
    let mut pairs: Vec<(f64, bool)> = weights
        .zip(side("unique_id_l")?.into_iter().zip(side("unique_id_r")?))
        .map(|(weight, (left, right))| (weight, people[left] == people[right]))
        .collect();
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0));
    let persons = |people: &[&str]| people.iter().map(|&person| person.to_owned()).collect::<HashSet<String>>();
    let true_pairs = persons(&people[..of_a]).intersection(&persons(&people[of_a..])).count();
    // Only where the score changes is there a threshold.
    let (mut found, mut right, mut best) = (0, 0, 0.0_f64);
    for tied in pairs.chunk_by(|x, y| x.0 == y.0) {
        found += tied.len();
        right += tied.iter().filter(|(_, right)| *right).count();
        best = best.max(2.0 * right as f64 / (found + true_pairs) as f64);
    }
    let line = serde_json::json!({
        "program": "weldrs 0.2.2",
        "seconds": (seconds * 100.0).round() / 100.0,
        "pairs": pairs.len(),
        "best_f1": (best * 1e5).round() / 1e5,
    });
    // As the others of these programs write it, which run.sh reads.
    println!("{}", line.to_string().replace("\":", "\": "));
    Ok(())
}

/// The fields of one file as text, with the person and the file that each record is of.
fn table(folder: &str, name: &str) -> PolarsResult<DataFrame> {
    let columns: Vec<PlSmallStr> = FIELDS.iter().chain(&["entity"]).map(|&field| field.into()).collect();
    let mut table = CsvReadOptions::default()
        .with_infer_schema_length(Some(0))
        .with_columns(Some(columns.into()))
        .try_into_reader_with_file_path(Some(format!("{folder}/{name}.csv").into()))?
        .finish()?;
    table.with_column(Column::new("source_dataset".into(), vec![name; table.height()]))?;
    Ok(table)
}
