//! Parquet files in and out, and files packed by gzip or zstd.

use crate::support::{done_in, namesake_in, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

const SPEC: &str =
    "id = \"id\"\ntruth = \"who\"\n[fields]\nsurname = \"last\"\ndate_of_birth = \"born\"\nzip = \"zip\"\n";

/// A folder with the three records as each program writes them, and a spec.
fn records() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("tests/data/parquet")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    fs::write(folder.path().join("spec.toml"), SPEC).unwrap();
    folder
}

/// The input report on a file set beside the CSV of the same records.
fn checked(here: &Path, file: &str) -> Value {
    let run = done_in(here, &["link", file, "records.csv", "--spec", "spec.toml", "--check", "--json", "-"]);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn what_pandas_polars_duckdb_and_arrow_write_is_read_as_the_csv_of_the_same_records() {
    let folder = records();
    for file in ["pandas", "pandas_timestamps", "polars", "duckdb", "duckdb_decimals", "pyarrow"] {
        let result = checked(folder.path(), &format!("{file}.parquet"));
        assert_eq!(result["true_pairs"], 3, "{file}");
        assert_eq!(result["files"]["a"]["separated_by"], Value::Null, "{file}");
        for field in result["fields"].as_array().unwrap() {
            let said = (&field["blank"]["a"], &field["distinct"]["a"], &field["shared"]);
            assert_eq!(said, (&1.into(), &2.into(), &2.into()), "{file}: {field}");
        }
    }
}

#[test]
fn what_gzip_and_zstd_packed_is_read_as_it_was_before() {
    let folder = records();
    let here = folder.path();
    let csv = fs::read(here.join("records.csv")).unwrap();
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packer, bytes).unwrap();
        packer.finish().unwrap()
    };
    // Two members, as programs that pack in pieces write them.
    let (first, second) = csv.split_at(40);
    fs::write(here.join("a.csv.gz"), [gzip(first), gzip(second)].concat()).unwrap();
    fs::write(here.join("a.zst"), zstd::encode_all(&csv[..], 3).unwrap()).unwrap();
    fs::write(here.join("plain.csv"), &csv).unwrap();
    let plain = checked(here, "plain.csv").to_string();
    for packed in ["a.csv.gz", "a.zst"] {
        assert_eq!(checked(here, packed).to_string().replace(packed, "plain.csv"), plain);
    }
    let whole = gzip(&csv);
    for (name, bytes, said) in [
        ("cut.gz", &whole[..whole.len() / 2], "what gzip packed is damaged or cut short"),
        ("twice.gz", &gzip(&whole), "packed twice"),
        ("empty.gz", &gzip(b""), "the file is empty"),
        ("binary.gz", &gzip(b"\0\0"), "binary"),
    ] {
        fs::write(here.join(name), bytes).unwrap();
        let run = namesake_in(here, &["link", name, "records.csv", "--spec", "spec.toml"]);
        assert_eq!(run.code, Some(2), "{name}");
        assert!(run.stderr.contains(said) && run.stderr.contains(name), "{}", run.stderr);
    }
}

#[test]
fn a_column_of_lists_is_refused_where_it_is_wanted() {
    let folder = records();
    let here = folder.path();
    fs::write(here.join("tags.toml"), SPEC.replace("zip = \"zip\"", "note = \"tags\"")).unwrap();
    let run = namesake_in(here, &["link", "pandas.parquet", "pandas.parquet", "--spec", "tags.toml"]);
    assert_eq!(run.code, Some(2));
    for said in ["pandas.parquet, line 2, column \"tags\"", "lists or records"] {
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
}

#[test]
fn parquet_that_was_damaged_ends_in_a_message() {
    let folder = records();
    let here = folder.path();
    let whole = fs::read(here.join("pandas.parquet")).unwrap();
    for length in [3, 4, 12, 200, whole.len() / 2, whole.len() - 1] {
        fs::write(here.join("cut.parquet"), &whole[..length]).unwrap();
        let run = namesake_in(here, &["link", "cut.parquet", "records.csv", "--spec", "spec.toml"]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains("cut.parquet"), "{}", run.stderr);
    }
}

#[test]
fn files_that_generate_writes_link_the_same_in_either_format() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let spec = "id = \"unique_id\"\ntruth = \"cluster\"\n[fields]\nsurname = \"surname\"\ngiven_name = \"first_name\"\n\
                date_of_birth = \"dob\"\nzip = \"postcode\"\n";
    fs::write(here.join("spec.toml"), spec).unwrap();
    let linked = |format: &str| {
        let made = [
            "generate",
            "--people",
            "5k",
            "--requests",
            "50",
            "--columns",
            "splink",
            "--quiet",
            "--set",
            "population.final_order=0.05",
        ];
        done_in(here, &[&made[..], &["--format", format, "--out", format]].concat());
        let [a, b] = ["requester", "holder"].map(|file| format!("{format}/{file}.{format}"));
        let run = done_in(here, &["link", &a, &b, "--spec", "spec.toml", "--json", "-"]);
        run.stdout.replace(&a, "A").replace(&b, "B")
    };
    let in_parquet = linked("parquet");
    assert_eq!(in_parquet, linked("csv"));
    assert_eq!(linked("parquet"), in_parquet, "the folder is replaced by one like it");
}
