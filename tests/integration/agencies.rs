//! The agencies' files: what is written, in whose columns, what undoes it, and the pages that say so.

use crate::support::{done_in, namesake_in, same_or_blessed, scenario};
use namesake::agency::{Cell, Draft, ErrorKind, ErrorSet, FileFigure, Subject, disagreement, figures, spellings};
use namesake::experiment::World;
use namesake::record::Field;
use namesake::report::files::dictionary;
use namesake::report::run_dictionary;
use namesake::scenario::general_rates;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().iter().map(str::to_string).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect();
    (header, rows)
}

#[test]
fn the_data_dictionary_is_what_the_files_hold() {
    same_or_blessed("docs/data-dictionary.md", None, &dictionary());
}

#[test]
fn the_dictionary_of_a_run_folder_is_that_of_the_docs_and_has_every_column_of_every_table() {
    same_or_blessed("docs/run-dictionary.md", None, &run_dictionary());
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let size = ["run", "--quiet", "--people", "10k", "--requests", "100", "--set", "population.final_order=0.02"];
    done_in(here, &[&size[..], &["--decompose", "--out", "out"]].concat());
    let text = fs::read_to_string(here.join("out/data-dictionary.md")).unwrap();
    assert_eq!(text, run_dictionary());
    for section in text.split("\n## ").skip(1) {
        let (file, rest) = section.split_once('\n').unwrap();
        let declared: Vec<&str> =
            rest.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0)).collect();
        let path = here.join("out").join(file);
        if file != "sensitivity.csv" {
            assert_eq!(rows(&path).0, declared, "{file}");
        }
    }
    let tables = fs::read_dir(here.join("out")).unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.ends_with(".csv").then_some(name)
    });
    for table in tables {
        assert!(text.contains(&format!("## {table}\n")), "{table}");
    }
}

#[test]
fn the_catalogue_of_the_docs_is_that_of_the_program() {
    let mut table = String::from("\n| kind | cells | story | default | range | source |\n|---|---|---|---|---|---|\n");
    for (kind, general) in ErrorKind::ALL.into_iter().zip(general_rates()) {
        let cells: Vec<String> = kind.cells().iter().map(|cell: &Cell| cell.name().replace('_', " ")).collect();
        let range = general.rate.range.map_or("published".to_string(), |[low, high]| format!("{low} to {high}"));
        table += &format!(
            "| `{}` | {} | {} | {} | {range} | {} |\n",
            kind.name(),
            cells.join(", "),
            kind.story(),
            general.rate.value.get(),
            general.rate.source
        );
    }
    same_or_blessed("docs/model-agencies.md", Some("catalogue"), &format!("{table}\n"));
}

#[test]
fn the_figures_of_the_files_in_the_docs_are_those_of_the_program() {
    let scenario = scenario(&["population.people=102400", "requester.requests=10"]);
    let world = World::new(&scenario, &|_| {});
    let mut table = String::from(
        "\n| file | figure | published of | published | simulated | source |\n|---|---|---|---|---|---|\n",
    );
    let mut say = |file: &str, rows: &[FileFigure]| {
        for row in rows {
            let percent = |share: f64| format!("{:.3} %", 100.0 * share);
            table += &format!(
                "| {file} | {} | {} | {} | {} | {} |\n",
                row.figure,
                row.population,
                percent(row.published),
                row.simulated.value().map_or("none".to_string(), percent),
                row.source
            );
        }
    };
    let of_requester = figures(&world.requester(), 400);
    say("requester", &of_requester);
    say("requester", &spellings(&world.requester(), 400));
    say("holder", &figures(&world.holder(), 400));
    say("holder", &spellings(&world.holder(), 400));
    say("both", &disagreement(&world.requester(), &world.holder(), 400));
    for row in &of_requester {
        if let (Some(tolerance), Some(simulated)) = (row.tolerance, row.simulated.value()) {
            assert!((simulated / row.published - 1.0).abs() <= tolerance, "{row:?}");
        }
    }
    same_or_blessed("docs/model-agencies.md", Some("figures"), &format!("{table}\n"));
}

#[test]
fn undoing_the_provenance_file_gives_back_the_truth() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    // Where the share on file depends on whether a request gives a number, an error can change who is on file.
    let size = [
        "generate",
        "tax-address-request-assumed",
        "--people",
        "20k",
        "--requests",
        "300",
        "--set",
        "population.final_order=0.02",
        "--quiet",
        "--set",
        "holder.errors.typing=0.2",
    ];
    done_in(here, &[&size[..], &["--out", "files"]].concat());
    let clean = [&size[..9], &["--out", "clean"]].concat();
    let mut clean: Vec<String> = clean.iter().map(|arg| arg.to_string()).collect();
    for side in ["requester", "holder"] {
        for kind in ErrorKind::ALL {
            clean.extend(["--set".to_string(), format!("{side}.errors.{}=0", kind.name())]);
        }
    }
    done_in(here, &clean);
    let (_, mut provenance) = rows(&here.join("files/provenance.csv"));
    provenance.reverse();
    for side in ["requester", "holder"] {
        let (header, records) = rows(&here.join(format!("files/{side}.csv")));
        let mut records: BTreeMap<String, Vec<String>> = records.into_iter().map(|row| (row[0].clone(), row)).collect();
        let mut undone = 0;
        for row in provenance.iter().filter(|row| row[0] == side) {
            let [_, record, _, _, field, before, after, _] = &row[..] else { panic!("{row:?}") };
            let column = header.iter().position(|name| name == field).unwrap();
            let cell = &mut records.get_mut(record).unwrap()[column];
            assert_eq!(cell, after);
            cell.clone_from(before);
            undone += 1;
        }
        let (_, truth) = rows(&here.join(format!("clean/{side}.csv")));
        assert!(undone > 100 && truth.iter().all(|row| records[&row[0]] == *row), "{side}");
        assert_eq!(truth.len(), records.len());
    }
}

/// The same for a million records, without files, on two threads.
#[test]
fn undoing_the_changes_of_a_million_records_gives_back_the_truth() {
    let scenario = scenario(&["population.people=640000", "requester.requests=10", "beside=[]"]);
    let world = World::new(&scenario, &|_| {});
    let of_half = |half: u64| {
        let (mut records, mut changes, mut draft, mut truth) = (0, Vec::new(), Draft::default(), Draft::default());
        for index in (half..world.country().blocks()).step_by(2) {
            let block = world.country().block(index);
            for agency in [world.requester(), world.holder()] {
                for slot in (0..block.people.len()).filter(|&slot| agency.covers(Subject::of(&block, slot))) {
                    changes.clear();
                    agency.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, Some(&mut changes));
                    agency.record(Subject::of(&block, slot), ErrorSet::ALL, &mut truth, None);
                    let mut cells = draft.cells().clone();
                    for change in changes.iter().rev() {
                        let cell = &mut cells[Field::NAMED.iter().position(|f| f == change.field).unwrap()];
                        assert_eq!(*cell, change.after);
                        cell.clone_from(&change.before);
                    }
                    assert_eq!(cells, *truth.cells());
                    records += 1;
                }
            }
        }
        records
    };
    let records: u64 = std::thread::scope(|scope| {
        let other = scope.spawn(|| of_half(1));
        of_half(0) + other.join().unwrap()
    });
    assert!(records > 1_000_000, "{records}");
}

#[test]
fn files_come_in_the_columns_of_other_tools_and_in_parquet() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    for (tool, columns) in [
        ("splink", ["unique_id", "first_name", "surname", "dob", "city", "cluster"]),
        ("pseudopeople", ["simulant_id", "first_name", "middle_initial", "last_name", "street_number", "zipcode"]),
        ("febrl", ["rec_id", "given_name", "surname", "address_1", "suburb", "date_of_birth"]),
    ] {
        done_in(
            here,
            &[
                "generate",
                "--people",
                "5k",
                "--requests",
                "50",
                "--set",
                "population.final_order=0.02",
                "--columns",
                tool,
                "--out",
                tool,
                "--quiet",
            ],
        );
        let (header, records) = rows(&here.join(tool).join("holder.csv"));
        assert!(columns.iter().all(|column| header.iter().any(|name| name == column)), "{tool}: {header:?}");
        assert!(records.len() > 2_000);
        if let Some(dob) = header.iter().position(|name| name == "dob") {
            assert!(records.iter().all(|row| row[dob].is_empty() || row[dob].len() == 10 && row[dob].contains('-')));
        }
    }
    done_in(
        here,
        &[
            "generate",
            "--people",
            "5k",
            "--requests",
            "50",
            "--set",
            "population.final_order=0.02",
            "--format",
            "parquet",
            "--out",
            "parquet",
            "--quiet",
        ],
    );
    for file in ["requester", "holder", "truth", "people", "provenance"] {
        let bytes = fs::read(here.join(format!("parquet/{file}.parquet"))).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{file}");
    }
    let wrong = namesake_in(here, &["generate", "--columns", "splnk", "--out", "x"]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}
