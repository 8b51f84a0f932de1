//! Matching labelled files made by others, with the example specs of the documentation.

use crate::support::{done_in, namesake_in, root, shared_data};
use serde_json::Value;
use std::path::PathBuf;

fn linked(spec: &str, a: &str, b: &str, more: &[&str]) -> Option<Value> {
    let (a, b) = (shared_data(&format!("data/labelled/{a}"))?, shared_data(&format!("data/labelled/{b}"))?);
    let spec: PathBuf = root().join("docs/examples").join(spec);
    let paths = [a, b].map(|path| path.canonicalize().unwrap().to_str().unwrap().to_string());
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        [&["link", &paths[0], &paths[1], "--spec", spec.to_str().unwrap(), "--json", "-"][..], more].concat();
    let run = done_in(folder.path(), &arguments);
    Some(serde_json::from_str(&run.stdout).unwrap())
}

#[test]
fn febrl_files_are_matched_nearly_without_error() {
    let Some(result) = linked("febrl4.toml", "febrl4a.csv", "febrl4b.csv", &[]) else { return };
    assert_eq!(result["counts"]["true_pairs"], 5_000);
    assert!(result["best_f1"]["f1"].as_f64().unwrap() >= 0.995, "{}", result["best_f1"]);
}

#[test]
fn seven_fields_of_the_febrl_files_leave_at_most_two_errors() {
    let Some(result) = linked("febrl4_seven.toml", "febrl4a.csv", "febrl4b.csv", &[]) else { return };
    let curve: Vec<[u64; 3]> = result["curve"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| ["returned_right", "returned_wrong", "missed"].map(|count| point[count].as_u64().unwrap()))
        .collect();
    let fewest = curve.iter().map(|[_, wrong, missed]| wrong + missed).min().unwrap();
    assert!(fewest <= 2, "{fewest} errors");
    let all_right = curve.iter().filter(|[_, wrong, _]| *wrong == 0).map(|[right, ..]| *right).max().unwrap();
    assert!(all_right >= 4_990, "without a wrong pair only {all_right} of 5,000 are found");
}

#[test]
fn a_census_and_a_tax_file_are_matched_by_name_and_address_without_labels() {
    let files = ("pseudopeople_census_2020.csv", "pseudopeople_tax1040_2020.csv");
    let Some(result) = linked("census_tax.toml", files.0, files.1, &[]) else { return };
    assert_eq!(result["counts"]["true_pairs"], 5_811);
    assert!(result["best_f1"]["f1"].as_f64().unwrap() >= 0.90, "{}", result["best_f1"]);
    let one = linked("census_tax.toml", files.0, files.1, &["--assignment", "one-to-one"]).unwrap();
    assert!(one["best_f1"]["f1"].as_f64() > result["best_f1"]["f1"].as_f64());
    assert!(!result["by_group"].as_object().unwrap().is_empty());
}

#[test]
fn tied_pairs_of_the_same_ids_in_both_files_are_settled_whatever_the_order_of_rows() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, rows: &[&str]| {
        std::fs::write(folder.path().join(name), format!("id,person,last\n{}\n", rows.join("\n"))).unwrap()
    };
    let rule = "[[model.rule]]\nname = \"n\"\nstrength = 1\nall = [\"surname: same\"]\n";
    let spec = format!("id = \"id\"\ntruth = \"person\"\n[fields]\nsurname = \"last\"\n{rule}");
    std::fs::write(folder.path().join("spec.toml"), spec).unwrap();
    let counts = |a: &str, b: &str| -> Value {
        let arguments = ["link", a, b, "--spec", "spec.toml", "--assignment", "one-to-one", "--json", "-"];
        let result: Value = serde_json::from_str(&done_in(folder.path(), &arguments).stdout).unwrap();
        result["counts"].clone()
    };
    let [x, y, z] = ["68,p0,LEE", "12,p1,LEE", "46,p2,LEE"];
    write("b.csv", &["46,p0,LEE", "68,p1,LEE", "12,p2,LEE"]);
    write("a.csv", &[x, y, z]);
    let first = counts("a.csv", "b.csv");
    assert_eq!(first["returned_right"].as_u64().unwrap() + first["returned_wrong"].as_u64().unwrap(), 3);
    for order in [[x, z, y], [y, x, z], [y, z, x], [z, x, y], [z, y, x]] {
        write("a.csv", &order);
        assert_eq!(counts("a.csv", "b.csv"), first, "{order:?}");
        assert_eq!(counts("b.csv", "a.csv"), first, "{order:?}, the files exchanged");
    }
}

/// Two files of three and four records with three true pairs, and what Splink might say of them.
#[test]
fn a_list_of_another_program_is_counted_as_it_is_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).unwrap();
    write("a.csv", "unique_id,cluster,sex,surname\n1,x,f,Nuñez\n2,y,m,Li\n3,z,f,O’Neil\n");
    write("b.csv", "unique_id,cluster,sex,surname\n1,y,m,Li\n2,x,f,Nunez\n3,w,m,Lee\n4,z,f,Oneil\n");
    let spec =
        "id = \"unique_id\"\ntruth = \"cluster\"\ngroups = [\"sex\"]\n[fields]\nsurname = \"surname\"\nsex = \"sex\"\n";
    write("spec.toml", spec);
    // The last line has B on the left; both files have a record 2 and a record 3.
    write(
        "splink.csv",
        "match_weight,match_probability,source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\n\
         7.5,0.99,a,1,b,2\n3.1,0.9,a,2,b,1\n3.1,0.9,a,2,b,3\n-4,0.06,b,4,a,3\n",
    );
    let score = |more: &[&str]| -> Value {
        let files = ["score", "splink.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml", "--json", "-"];
        let run = done_in(here, &[&files, more].concat());
        serde_json::from_str(&run.stdout).unwrap()
    };
    let counts = |result: &Value| -> [u64; 3] {
        ["returned_right", "returned_wrong", "missed"].map(|name| result["counts"][name].as_u64().unwrap())
    };
    let all = score(&[]);
    assert_eq!(counts(&all), [3, 1, 0]);
    assert_eq!(all["list"]["score"], "match_weight");
    assert_eq!(all["curve"].as_array().unwrap().len(), 3);
    let men = &all["by_group"]["sex"]["m"]["rates"]["precision"];
    assert_eq!((&men["hits"], &men["trials"]), (&Value::from(1), &Value::from(2)));
    assert_eq!(counts(&score(&["--threshold", "3.1"])), [2, 1, 1]);
    assert_eq!(counts(&score(&["--score", "match_probability", "--threshold", "0.95"])), [1, 0, 2]);
    // What `link` writes with --pairs is such a list, and is counted alike.
    let link = ["link", "a.csv", "b.csv", "--spec", "spec.toml", "--pairs", "splink.csv", "--json", "-"];
    let linked: Value = serde_json::from_str(&namesake_in(here, &link).stdout).unwrap();
    let threshold = linked["threshold"].as_f64().unwrap().to_string();
    let again = score(&["--threshold", &threshold]);
    for name in ["returned_right", "returned_wrong"] {
        assert_eq!(again["counts"][name], linked["counts"][name], "{name}");
    }
}

/// The holder's file of an invented country, with these draws of errors: the CSV with a further column `entity`, the
/// person whom each record is about.
fn file_of_the_country(folder: &std::path::Path, luck: &str) -> String {
    let errors = format!("seed.errors={luck}");
    let arguments = [
        "generate",
        "--people",
        "40000",
        "--requests",
        "100",
        "--set",
        "population.final_order=0.02",
        "--set",
        &errors,
        "--out",
        luck,
        "--quiet",
    ];
    done_in(folder, &arguments);
    let rows = |name: &str| {
        let mut reader = csv::Reader::from_path(folder.join(luck).join(name)).unwrap();
        let header = reader.headers().unwrap().clone();
        (header, reader.records().map(Result::unwrap).collect::<Vec<csv::StringRecord>>())
    };
    let (of_truth, truth) = rows("truth.csv");
    let column = |name: &str| of_truth.iter().position(|column| column == name).unwrap();
    let (file, id, person) = (column("file"), column("record_id"), column("person_id"));
    let of_holder = truth.iter().filter(|row| &row[file] == "holder");
    let people: std::collections::BTreeMap<&str, &str> = of_holder.map(|row| (&row[id], &row[person])).collect();
    let (mut header, records) = rows("holder.csv");
    let id = header.iter().position(|column| column == "record_id").unwrap();
    header.push_field("entity");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for mut record in records {
        let entity = people[&record[id]].to_string();
        record.push_field(&entity);
        writer.write_record(&record).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn members_of_a_household_are_not_one_person_without_birth_dates_either() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.csv"), file_of_the_country(here, "1")).unwrap();
    std::fs::write(here.join("b.csv"), file_of_the_country(here, "2")).unwrap();
    let fields = ["given_name", "surname", "house_number", "street", "city", "zip"];
    let fields: String = fields.iter().map(|field| format!("{field} = \"{field}\"\n")).collect();
    let linked = |model: &str| -> Value {
        let spec = format!("id = \"record_id\"\ntruth = \"entity\"\n[fields]\n{fields}{model}");
        std::fs::write(here.join("spec.toml"), spec).unwrap();
        let run = done_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "-"]);
        serde_json::from_str(&run.stdout).unwrap()
    };
    let wrong = |result: &Value| {
        let count = |name: &str| result["counts"][name].as_f64().unwrap();
        count("returned_wrong") / count("returned_right")
    };
    let result = linked("");
    assert!(wrong(&result) < 0.04, "{}", result["counts"]);
    assert_eq!(result["training"]["converged"], true);
    assert!(result["best_f1"]["f1"].as_f64().unwrap() > 0.94, "{}", result["best_f1"]);
    assert!(wrong(&linked("[model]\nhousehold_guard = false\n")) > 0.5, "the guard is what tells them apart");
}

#[test]
fn probabilities_are_as_true_as_the_documentation_says() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::write(here.join("a.csv"), file_of_the_country(here, "1")).unwrap();
    std::fs::write(here.join("b.csv"), file_of_the_country(here, "2")).unwrap();
    let spec = std::fs::read_to_string(root().join("benches/peers/spec.toml")).unwrap();
    let linked = |model: &str| -> Value {
        let text = spec.replacen("[[model.comparison]]", &format!("[model]\n{model}\n[[model.comparison]]"), 1);
        std::fs::write(here.join("spec.toml"), text).unwrap();
        let run = done_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "-"]);
        serde_json::from_str(&run.stdout).unwrap()
    };
    // How far off in the highest tenth, and how far off on average over the candidates.
    let off = |result: &Value| {
        let (mut all, mut off, mut highest) = (0.0, 0.0, 1.0_f64);
        for tenth in result["calibration"].as_array().unwrap() {
            let pairs = tenth["one_person"]["trials"].as_f64().unwrap();
            if pairs > 0.0 {
                highest = tenth["mean_given"].as_f64().unwrap() - tenth["one_person"]["rate"].as_f64().unwrap();
                all += pairs;
                off += pairs * highest.abs();
            }
        }
        (highest.abs(), off / all)
    };
    let one = linked("");
    assert_eq!(one["training"]["converged"], true);
    for (on, result) in [("on", &one), ("off", &linked("term_frequencies = false"))] {
        let (highest, average) = off(result);
        assert!(highest < 0.01, "term frequencies {on}: the highest tenth is {highest:.4} off");
        assert!(average < 0.02, "term frequencies {on}: {average:.4} off on average");
    }
    // What the guard is for: without it a twin passes for a person.
    let (highest, average) = off(&linked("household_guard = false"));
    assert!(highest > 0.01 && average > 0.015, "{highest:.4} {average:.4}");
    let apart = linked("sessions = \"per-rule\"");
    let (highest, average) = off(&apart);
    assert!(highest < 0.01 && average < 0.02, "in sessions: {highest:.4} {average:.4}");
    let sessions = apart["training"]["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 3);
    for session in sessions {
        assert!(session["converged"].is_boolean() && session["used"] == true, "{session}");
    }
    assert!(sessions[0]["m"]["surname"].is_null() && sessions[0]["m"]["given_name"]["same"].as_f64().unwrap() > 0.8);
    assert!(apart["training"]["converged"] == true && sessions.iter().all(|session| session["converged"] == true));
    // A saved model says so too, and whoever reads it keeps that, whatever the files.
    for form in ["toml", "json"] {
        let (first, second) = (format!("first.{form}"), format!("second.{form}"));
        let saved = |model: &str, name: &str| {
            let text = spec.replacen("[[model.comparison]]", &format!("[model]\n{model}\n[[model.comparison]]"), 1);
            let text = if model.starts_with("load") { text.split("[[model").next().unwrap() } else { &text };
            std::fs::write(here.join("spec.toml"), text).unwrap();
            let run = namesake_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--save-model", name]);
            assert_eq!(run.code, Some(0), "{run:?}");
            (std::fs::read_to_string(here.join(name)).unwrap(), run.stdout)
        };
        let (trained, _) = saved("sessions = \"per-rule\"", &first);
        assert!(trained.contains("surname + date_of_birth") && trained.contains("expected_matches"), "{trained}");
        let (read, summary) = saved(&format!("load = \"{first}\""), &second);
        assert_eq!(read, trained);
        assert!(summary.contains("EM converged, in sessions: 3 of 3 used."), "{summary}");
    }
}

#[test]
fn what_is_compared_as_recorded_differs_by_a_hyphen() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).unwrap();
    write("a.csv", "id,who,last\n1,x,Wilson-Lee\n2,y,Nuñez\n3,z,O'Brien\n4,v,Li\n");
    write("b.csv", "id,who,last\n1,x,Wilson Lee\n2,y,NUNEZ\n3,z,OBrien\n4,v,Li\n");
    let matched = |blocking: &str, field: &str| -> (u64, u64) {
        let spec = format!(
            "id = \"id\"\ntruth = \"who\"\n[fields]\nsurname = \"last\"\n[blocking]\nrules = [\"{blocking}\"]\n\
             [[model.comparison]]\nkind = \"exact\"\nfield = \"{field}\"\n\
             [[model.rule]]\nname = \"same\"\nstrength = 1\nall = [\"{field}: same\"]\n"
        );
        write("spec.toml", &spec);
        let run = done_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "-"]);
        let counts = serde_json::from_str::<Value>(&run.stdout).unwrap()["counts"].clone();
        (counts["candidate_pairs"].as_u64().unwrap(), counts["returned_right"].as_u64().unwrap())
    };
    assert_eq!(matched("surname", "surname"), (4, 4));
    assert_eq!(matched("surname as recorded", "surname"), (1, 1));
    assert_eq!(matched("surname", "surname as recorded"), (4, 1));
    let pair = ["--spec", "spec.toml", "--pair", "1", "1", "--json", "-"];
    let why = namesake_in(here, &[&["explain", "a.csv", "b.csv"], &pair[..]].concat());
    assert!(why.stdout.contains("differs"), "{why:?}");
    let why = namesake_in(here, &[&["explain", "a.csv", "b.csv"], &pair[..5]].concat());
    assert!(why.stdout.contains("surname as recorded  differs"), "{why:?}");
    let compared = namesake_in(here, &["compare", "Wilson-Lee", "Wilson Lee", "--json", "-"]);
    let forms = &serde_json::from_str::<Value>(&compared.stdout).unwrap()["forms"];
    assert!(forms["as recorded"]["same"] == false && forms["normal form"]["same"] == true, "{forms}");
}

#[test]
fn a_model_trained_on_labels_says_so_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let spec = |kind: &str| {
        let head = "id = \"id\"\ntruth = \"id\"\n[fields]\nsurname = \"last\"\ngiven_name = \"first\"\n[model]\n";
        std::fs::write(here.join("spec.toml"), format!("{head}kind = \"{kind}\"\n")).unwrap();
        done_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml"]).stdout
    };
    let letters = || ('A'..='Z').map(|letter| format!("{letter}{letter}o"));
    let rows: String = letters().map(|name| format!("{name},{name}li,Ann{name}\n")).collect();
    for file in ["a.csv", "b.csv"] {
        std::fs::write(here.join(file), format!("id,last,first\n{rows}")).unwrap();
    }
    let lines = |kind: &str| spec(kind).lines().filter(|line| line.contains("label")).collect::<Vec<_>>().join("\n");
    assert!(lines("fellegi-sunter").starts_with("TRAINED   without labels; "), "{}", lines("fellegi-sunter"));
    for kind in ["logistic", "boosted"] {
        let said = lines(kind);
        assert!(said.starts_with("TRAINED   on labels, and the score of EM without them ("), "{said}");
        assert!(said.ends_with(" records of A.") && said.lines().count() == 1, "{said}");
    }
}

/// A draw for a test, below `n`.
fn drawn(name: &str, index: u64, n: u64) -> u64 {
    use namesake::random::{Decision, Seed};
    Seed(1).stream(Decision::named(name), index).below(n)
}

/// A small country in two files, some people in one of them alone and some twice, with families, namesakes and slips:
/// a header and rows for each file. Records of one person have one id in both files.
fn two_files(people: u64) -> [(Vec<String>, Vec<Vec<String>>); 2] {
    const GIVEN: [&str; 12] =
        ["Zoë", "Ana", "Łukasz", "Ōta", "Maria", "John", "Bjørn", "Eve", "Jonathan", "Mary Ann", "Liz", "Elizabeth"];
    const SURNAME: [&str; 10] =
        ["Nuñez", "Smith", "O'Brien", "Weiß", "Ōe", "Garcia", "Ivanova", "De la Cruz", "Wilson-Lee", "Wilson"];
    let header: Vec<String> = ["id", "who", "given", "last", "born", "no", "street", "sex"].map(String::from).to_vec();
    let rows = |side: u64| {
        let mut rows = Vec::new();
        for person in (0..people).filter(|&person| drawn("absent", person * 2 + side, 5) > 0) {
            for copy in 0..1 + u64::from(drawn("twice", person * 2 + side, 40) == 0) {
                let slip =
                    |field: u64, text: String| match drawn("slip", ((person * 2 + side) * 2 + copy) * 9 + field, 14) {
                        0 => String::new(),
                        1 => text.chars().skip(1).collect(),
                        _ => text,
                    };
                let home = person / 3;
                let year = 1940 + drawn("year", person, 60);
                let born = format!("{year}-{:02}-{:02}", 1 + drawn("month", person, 12), 1 + drawn("day", person, 28));
                let street = ["Oak Street", "Peñón Road", "North Avenue"][drawn("street", home, 3) as usize];
                let id = if copy == 0 { format!("{person}") } else { format!("{person}-{side}-{copy}") };
                rows.push(vec![
                    id,
                    format!("p{person}"),
                    slip(0, GIVEN[drawn("given", person, 12) as usize].to_owned()),
                    slip(1, SURNAME[drawn("last", home, 10) as usize].to_owned()),
                    slip(2, born),
                    slip(3, (1 + drawn("no", home, 90)).to_string()),
                    slip(4, street.to_owned()),
                    ["f", "m"][drawn("sex", person, 2) as usize].to_owned(),
                ]);
            }
        }
        (header.clone(), rows)
    };
    [rows(0), rows(1)]
}

/// The same table with its rows and its columns in an order of their own.
fn shuffled((header, rows): &(Vec<String>, Vec<Vec<String>>), luck: u64) -> (Vec<String>, Vec<Vec<String>>) {
    let order = |name: &str, n: usize| {
        let mut places: Vec<usize> = (0..n).collect();
        places.sort_by_key(|&place| drawn(name, luck << 32 | place as u64, u64::MAX));
        places
    };
    let columns = order("column", header.len());
    let pick = |row: &Vec<String>| columns.iter().map(|&column| row[column].clone()).collect::<Vec<String>>();
    (pick(header), order("row", rows.len()).into_iter().map(|row| pick(&rows[row])).collect())
}

#[test]
fn the_order_of_rows_and_columns_and_which_file_is_a_change_no_figure() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |name: &str, (header, rows): &(Vec<String>, Vec<Vec<String>>)| {
        let mut csv = csv::Writer::from_path(here.join(name)).unwrap();
        csv.write_record(header).unwrap();
        rows.iter().for_each(|row| csv.write_record(row).unwrap());
        csv.flush().unwrap();
    };
    let linked = |model: &str, [a, b]: [&(Vec<String>, Vec<Vec<String>>); 2]| -> Value {
        write("a.csv", a);
        write("b.csv", b);
        let fields = "given_name = \"given\"\nsurname = \"last\"\ndate_of_birth = \"born\"\nhouse_number = \"no\"\nstreet = \"street\"\n";
        let spec = format!("id = \"id\"\ntruth = \"who\"\ngroups = [\"sex\"]\n[fields]\n{fields}[model]\n{model}\n");
        std::fs::write(here.join("spec.toml"), spec).unwrap();
        let run = namesake_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "-"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    };
    // More pairs than are drawn to learn what chance makes agree.
    let [a, b] = two_files(1_200);
    for (model, either_way) in [
        ("starts = 3", true),
        ("assignment = \"one-to-one\"", true),
        ("household_guard = false\nassignment = \"one-to-one\"\nfloor = -2\nsessions = \"per-rule\"", true),
        ("assignment = \"best\"", false),
        ("assignment = \"unique\"\nterm_frequencies = false", false),
        ("assignment = \"best-margin\"\nmargin = 0", false),
        ("kind = \"logistic\"", false),
        ("kind = \"boosted\"\nassignment = \"one-to-one\"", false),
    ] {
        let first = linked(model, [&a, &b]);
        assert!(first["counts"]["candidate_pairs"].as_u64().unwrap() > 2_000, "{model}: {}", first["counts"]);
        for luck in 1..4 {
            let again = linked(model, [&shuffled(&a, luck), &shuffled(&b, luck + 10)]);
            assert_eq!(again, first, "{model}");
        }
        let mut turned = linked(model, [&shuffled(&b, 5), &shuffled(&a, 6)]);
        for name in ["records_a", "records_b"] {
            turned["counts"][name] = first["counts"][name].clone();
        }
        // A group is one of file A, whichever that is.
        turned["by_group"] = first["by_group"].clone();
        // A notice names the file that it is about.
        turned["notices"] = first["notices"].clone();
        assert!(!either_way || turned == first, "{model}");
    }
    // Records that nothing tells apart: the order of the files would give away which belongs to which.
    let alike = |side: &str| {
        let (header, mut rows) = two_files(1).into_iter().next().unwrap();
        let row = rows.pop().unwrap_or_else(|| vec!["Zoë".to_owned(); header.len()]);
        let copy = |person: u64| {
            let mut row = row.clone();
            (row[0], row[1]) = (format!("{side}{person}"), format!("p{person}"));
            row
        };
        (header, (0..200).map(copy).collect::<Vec<Vec<String>>>())
    };
    for ids in [["a", "b"], ["", ""]] {
        let [a, b] = ids.map(alike);
        for assignment in ["best", "one-to-one"] {
            let counts = linked(&format!("assignment = \"{assignment}\"\nthreshold = -99"), [&a, &b])["counts"].clone();
            assert_eq!((&counts["tied"], &counts["true_pairs"]), (&Value::from(200), &Value::from(200)));
            assert!(counts["returned_right"].as_u64().unwrap() < 8, "{assignment}: {counts}");
        }
    }
}

#[test]
fn settings_of_splink_with_gaps_are_used_and_never_trained_again_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let [a, b] = two_files(300);
    for (name, (header, rows)) in [("a.csv", a), ("b.csv", b)] {
        let mut csv = csv::Writer::from_path(here.join(name)).unwrap();
        csv.write_record(header).unwrap();
        rows.iter().for_each(|row| csv.write_record(row).unwrap());
    }
    let level = |condition: &str, probabilities: &str| format!("{{\"sql_condition\": {condition:?}{probabilities}}}");
    let comparison = |name: &str, [same, near, other]: [&str; 3]| {
        let levels = [
            level(&format!("{name}_l = {name}_r"), same),
            level(&format!("levenshtein({name}_l, {name}_r) <= 1"), near),
            level("ELSE", other),
        ];
        format!("{{\"output_column_name\": \"{name}\", \"comparison_levels\": [{}]}}", levels.join(", "))
    };
    let trained = [
        ", \"m_probability\": 0.9, \"u_probability\": 0.01",
        ", \"m_probability\": 0.06, \"u_probability\": 0.01",
        ", \"m_probability\": 0.04, \"u_probability\": 0.98",
    ];
    let summary = |share: &str, born: [&str; 3], last: [&str; 3]| {
        let comparisons = [comparison("born", born), comparison("surname", last)].join(", ");
        let rule = "[{\"blocking_rule\": \"l.surname = r.surname\"}]";
        let json =
            format!("{{{share} \"blocking_rules_to_generate_predictions\": {rule}, \"comparisons\": [{comparisons}]}}");
        std::fs::write(here.join("settings.json"), json).unwrap();
        let spec = "id = \"id\"\ntruth = \"who\"\n[fields]\nborn = \"born\"\nsurname = \"last\"\n[model]\nload = \"settings.json\"\n";
        std::fs::write(here.join("spec.toml"), spec).unwrap();
        let run = namesake_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        run.stdout
    };
    let share = "\"probability_two_random_records_match\": 0.003,";
    let whole = summary(share, trained, trained);
    assert!(!whole.contains("settings.json") && !whole.contains("TRAINED"), "{whole}");
    let never_seen = [trained[0], "", ", \"m_probability\": 0.1, \"u_probability\": 0.99"];
    for (share, born, expected) in [
        (share, never_seen, "\"1 edits\" of \"born\" has no m- and u-probability: it weighs nothing"),
        (
            share,
            [trained[0], trained[1], ""],
            "\"differs\" of \"born\" has no m- and u-probability: what the other levels",
        ),
        (share, ["", "", ""], "comparison \"born\" has no probabilities: it weighs nothing"),
        ("", trained, "share of matches is missing"),
    ] {
        let text = summary(share, born, trained).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(expected) && !text.contains("TRAINED"), "{expected}: {text}");
    }
    let text = summary(share, ["", "", ""], ["", "", ""]);
    assert!(text.contains("TRAINED") && text.contains("trained on the two files"), "{text}");
}
