//! Truth values that were damaged in one file: the records of a person still agree, and are of two people.

use crate::support::{done_in, namesake_in};
use serde_json::Value;
use std::path::Path;

const PEOPLE: u32 = 200;

/// Two files of the same people, whose truth is `truth` in A and what `damage` makes of it in B.
fn files(folder: &Path, truth: impl Fn(u32) -> String, damage: impl Fn(u32, String) -> String) {
    let row = |i: u32, truth: String| {
        let given = ["Ana", "Zoë", "Eve", "Łukasz", "Ōta"][(i % 5) as usize];
        let surname = ["Nuñez", "Smith", "Weiß", "Ōe", "O'Brien", "Li", "Garcia"][(i % 7) as usize];
        format!("{i},{truth},{given},{surname},19{:02}-{:02}-{:02}\n", 30 + i * 3 % 70, 1 + i % 12, 1 + i % 28)
    };
    let header = "id,who,first,last,born\n";
    let a: String = (0..PEOPLE).map(|i| row(i, truth(i))).collect();
    let b: String = (0..PEOPLE).map(|i| row(i, damage(i, truth(i)))).collect();
    std::fs::write(folder.join("a.csv"), format!("{header}{a}")).unwrap();
    std::fs::write(folder.join("b.csv"), format!("{header}{b}")).unwrap();
    let spec = "id = \"id\"\ntruth = \"who\"\n[fields]\ngiven_name = \"first\"\nsurname = \"last\"\ndate_of_birth = \"born\"\n";
    std::fs::write(folder.join("spec.toml"), spec).unwrap();
}

/// The pairs that a notice about truth tells, and its sentence.
fn told(notices: &Value) -> Option<(u64, String)> {
    let notice = notices.as_array().unwrap().iter().find(|notice| notice["code"] == "truth-apart")?;
    Some((notice["count"].as_u64().unwrap(), notice["sentence"].as_str().unwrap().to_owned()))
}

fn notices(folder: &Path, arguments: &[&str]) -> Value {
    let run = done_in(folder, &[arguments, &["--spec", "spec.toml", "--json", "-"]].concat());
    serde_json::from_str::<Value>(&run.stdout).unwrap()["notices"].clone()
}

#[test]
fn whatever_became_of_the_truth_the_records_show_it() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let number = |i: u32| format!("{:03}-{:02}-{:04}", 100 + i * 3, 10 + i % 89, 6000 + i * 7);
    let long = |i: u32| format!("12345678901{:08}", i * 112_233);
    type Damage<'t> = (&'t str, &'t dyn Fn(u32) -> String, fn(u32, String) -> String);
    let damages: [Damage; 6] = [
        ("hyphens between digits", &number, |_, text| text.replace('-', "")),
        ("hyphens of few", &number, |i, text| if i % 10 == 0 { text.replace('-', "") } else { text }),
        ("dates made by a spreadsheet", &|i| format!("{}-{}", 1 + i % 12, 1 + i / 12), |i, text| {
            if i % 2 == 0 { text.replacen('-', "-Mar ", 1) } else { text }
        }),
        ("rounded digits", &long, |i, text| if i % 4 == 0 { format!("{}000", &text[..16]) } else { text }),
        (
            "letters at the front",
            &|i| format!("P{i:04}"),
            |i, text| if i % 3 == 0 { text[1..].to_owned() } else { text },
        ),
        ("ids given anew", &|i| format!("p{i}"), |i, text| if i % 3 == 0 { format!("q{}", 7 * i) } else { text }),
    ];
    for (name, truth, damage) in damages {
        files(here, truth, damage);
        let damaged = (0..PEOPLE).filter(|&i| damage(i, truth(i)) != truth(i)).count() as u64;
        if damaged == u64::from(PEOPLE) {
            // Nobody is in both files: that is told as such.
            let run = namesake_in(here, &["link", "a.csv", "b.csv", "--spec", "spec.toml"]);
            assert!(
                run.code == Some(2) && run.stderr.contains("no record of a.csv has the truth value"),
                "{name}: {run:?}"
            );
            continue;
        }
        for arguments in
            [&["link", "a.csv", "b.csv"][..], &["link", "b.csv", "a.csv"], &["link", "a.csv", "b.csv", "--check"]]
        {
            let (count, sentence) = told(&notices(here, arguments)).unwrap_or_else(|| panic!("{name} {arguments:?}"));
            assert!(count == damaged && sentence.contains("by chance it would be fewer than one"), "{name} {sentence}");
        }
        std::fs::write(here.join("list.csv"), "id_a,id_b\n1,1\n2,2\n").unwrap();
        let of_score = told(&notices(here, &["score", "list.csv", "--a", "a.csv", "--b", "b.csv"]));
        assert_eq!(of_score.map(|(count, _)| count), Some(damaged), "{name}");
    }
}

#[test]
fn people_in_one_file_alone_who_agree_by_chance_are_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    // Of every three people one is in both files, one in A and one in B.
    files(here, |i| format!("p{i}"), |i, text| if i % 3 == 0 { text } else { format!("other {i}") });
    // Everybody has one of three names, whoever they are.
    for name in ["a.csv", "b.csv"] {
        let text = std::fs::read_to_string(here.join(name)).unwrap();
        let line = |(i, line): (usize, &str)| match i {
            0 => format!("{line}\n"),
            _ => {
                let cells: Vec<&str> = line.split(',').collect();
                let luck = if name == "a.csv" { i * 7 / 5 } else { i * 11 / 7 };
                format!("{},{},{},Li,1980-01-01\n", cells[0], cells[1], ["Ana", "Eve", "Zoë"][luck % 3])
            }
        };
        std::fs::write(here.join(name), text.lines().enumerate().map(line).collect::<String>()).unwrap();
    }
    assert_eq!(told(&notices(here, &["link", "a.csv", "b.csv", "--check"])), None);
}
