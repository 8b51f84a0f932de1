//! Cells as files have them: values that are two are not read as one, and values that are one not as two.

use crate::support::{done_in, namesake_in, shared_data};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Matches two files of a folder.
fn linked(folder: &Path, a: &str, b: &str, spec: &str) -> Value {
    let run = done_in(folder, &["link", a, b, "--spec", spec, "--quiet", "--json", "-"]);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Matches two files of one record each, of one person, and gives the true pairs found.
fn found(fields: &[(&str, &str, &str)], rule: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<&str> = fields.iter().map(|(field, ..)| *field).collect();
    let file = |cells: Vec<&str>| format!("id,person,{}\n1,p,{}\n", names.join(","), cells.join(","));
    let of = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    of("a.csv", file(fields.iter().map(|(_, a, _)| *a).collect()));
    of("b.csv", file(fields.iter().map(|(.., b)| *b).collect()));
    let fields: String = names.iter().map(|name| format!("{name} = \"{name}\"\n")).collect();
    of(
        "spec.toml",
        format!(
            "id = \"id\"\ntruth = \"person\"\n[fields]\n{fields}[blocking]\nrules = [\"surname\"]\n\
             [[model.rule]]\nname = \"rule\"\nstrength = 1\nall = {rule}\n"
        ),
    );
    linked(folder.path(), "a.csv", "b.csv", "spec.toml")["counts"]["returned_right"].as_u64().unwrap()
}

#[test]
fn two_house_numbers_are_not_one_because_of_what_stands_between_their_digits() {
    let dwelling = |a: &str, b: &str| {
        found(
            &[("surname", "Ōe", "Ōe"), ("house_number", a, b), ("street", "Oak Street", "Oak Street")],
            "[\"address: same dwelling\"]",
        )
    };
    for (a, b) in [("12 1/2", "1212"), ("1-11", "111"), ("12½", "121"), ("1.5", "15"), ("7/1", "71")] {
        assert_eq!(dwelling(a, b), 0, "{a} {b}");
    }
    for (a, b) in [("221-b", "221 B"), ("12 1/2", "12½"), ("1-11", "1/11"), ("007", "7")] {
        assert_eq!(dwelling(a, b), 1, "{a} {b}");
    }
    let Some(spec) = shared_data("reports/house-number-collision/spec.toml") else { return };
    // None of its records has a partner, which is refused; with a partner for one of them nothing wrong is matched.
    let files = ["a.csv", "b.csv", "spec.toml"].map(|name| fs::read_to_string(spec.with_file_name(name)).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let more = ["a3,3,Zoë,Ōe,7,Oak Street,01001\n", "b3,3,Zoë,Ōe,7,Oak Street,01001\n", ""];
    for ((name, text), more) in ["a.csv", "b.csv", "spec.toml"].into_iter().zip(&files).zip(more) {
        fs::write(folder.path().join(name), format!("{}\n{more}", text.trim_end())).unwrap();
    }
    let counts = &linked(folder.path(), "a.csv", "b.csv", "spec.toml")["counts"];
    assert_eq!((&counts["returned_right"], &counts["returned_wrong"]), (&Value::from(1), &Value::from(0)));
}

#[test]
fn boxes_and_units_are_compared_as_numbers() {
    let place = |street: [&str; 2], unit: [&str; 2], level: &str| {
        found(
            &[
                ("surname", "Ōe", "Ōe"),
                ("street", street[0], street[1]),
                ("house_number", "", ""),
                ("unit", unit[0], unit[1]),
            ],
            &format!("[\"address: {level}\"]"),
        )
    };
    assert_eq!(place(["PO BOX 4843", "PO BOX 1441"], ["", ""], "same street"), 0);
    assert_eq!(place(["P.O. Box 4843", "PO BOX #4843"], ["", ""], "same dwelling"), 1);
    assert_eq!(place(["Post Office Box 12", "POB 012"], ["", ""], "same dwelling"), 1);
    assert_eq!(place(["North 5th Street", "North 6th Street"], ["", ""], "same street"), 0);
    let unit = |a: &str, b: &str| {
        found(
            &[("surname", "Ōe", "Ōe"), ("street", "Oak", "Oak"), ("house_number", "7", "7"), ("unit", a, b)],
            "[\"address: same dwelling\"]",
        )
    };
    assert_eq!(unit("Apt 1-11", "111"), 0);
    assert_eq!(unit("Apt. 4-B", "Unit 04b"), 1);
}

#[test]
fn characters_that_nobody_sees_make_no_other_name() {
    let same = |a: &str, b: &str| found(&[("surname", a, b), ("city", a, b)], "[\"surname: same\", \"city: same\"]");
    for name in [
        "Mc\u{200b}Donald",
        "Mc\u{00ad}Donald",
        "\u{feff}McDonald",
        "Mc\u{2060}Don\u{feff}ald",
        "Mc\u{200d}Donald\u{200e}",
        "McDonald\u{fe0f}",
    ] {
        assert_eq!(same(name, "McDonald"), 1, "{}", name.escape_unicode());
        let run = namesake_in(Path::new("."), &["compare", name, "McDonald", "--json", "-"]);
        assert!(run.stdout.contains("MCDONALD") && !run.stdout.contains("MC DONALD"), "{run:?}");
    }
    assert_eq!(same("Mc Donald", "McDonald"), 0, "a space that is seen is one");
}

#[test]
fn a_number_keeps_its_sign_and_its_decimals() {
    let near = |a: &str, b: &str| {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        of("a.csv", format!("id,person,surname,score\n1,p,Ōe,{a}\n"));
        of("b.csv", format!("id,person,surname,score\n1,p,Ōe,{b}\n"));
        let spec = "id = \"id\"\ntruth = \"person\"\n[fields]\nsurname = \"surname\"\nscore = \"score\"\n\
                    [blocking]\nrules = [\"surname\"]\n\
                    [[model.comparison]]\nkind = \"numeric\"\nfield = \"score\"\nwithin = [1]\n\
                    [[model.rule]]\nname = \"near\"\nstrength = 1\nall = [\"score: within 1\"]\n";
        of("spec.toml", spec.to_owned());
        linked(folder.path(), "a.csv", "b.csv", "spec.toml")["counts"]["returned_right"].as_u64().unwrap()
    };
    for (a, b, found) in [("1.5", "15", 0), ("-5", "5", 0), ("3.14", "3.99", 1), ("-0.5", "+0.5", 1)] {
        assert_eq!(near(a, b), found, "{a} {b}");
    }
}
