//! Input that could be read as something else than it is, and give a wrong figure: read right, said, or refused.

use crate::reading::{SPEC, codes, counts, folder, json, linked, refused, scored};
use crate::support::namesake_in;
use serde_json::Value;

/// So many records of a side, each with a person and a surname of its own; `person` may change the person.
fn file(side: &str, people: u64, person: impl Fn(u64) -> String) -> String {
    let rows = (0..people).map(|i| format!("{side}{i},{},N{i}\n", person(i)));
    format!("id,person,last\n{}", rows.collect::<String>())
}

/// The notice of a kind in a result.
pub fn notice<'r>(result: &'r Value, code: &str) -> &'r Value {
    let all = result["notices"].as_array().unwrap();
    all.iter().find(|notice| notice["code"] == code).unwrap_or_else(|| panic!("no {code}: {all:?}"))
}

#[test]
fn a_list_is_read_by_what_it_says_of_each_pair() {
    let (a, b) =
        ("id,person,last\n1,1,Abel\n2,2,Brook\n3,3,Li\n", "id,person,last\n11,1,Abel\n12,2,Brook\n13,4,Dunn\n");
    for (column, yes, no) in [
        ("predicted", "1", "0"),
        ("prediction", "1.0", "0.0"),
        ("match", "TRUE", "FALSE"),
        ("Matched?", "yes", "no"),
        ("is_match", "True", "False"),
        ("isMatch", "accepted", "rejected"),
        ("z_prediction", "1.0", "0.0"),
        ("y_pred", "1", "0"),
        ("Matched", "Y", "N"),
        ("decision", "match", "non-match"),
        ("Class", "L", "N"),
    ] {
        let list = format!("id_a,id_b,{column}\n1,11,{yes}\n2,12,{no}\n3,13,{no}\n");
        let result = json(&scored(&list, a, b, SPEC));
        assert_eq!(counts(&result), [2, 1, 0], "{list}");
        assert_eq!((&result["list"]["decided_by"], &result["counts"]["listed_pairs"]), (&column.into(), &3.into()));
        assert_eq!(notice(&result, "list-says-no")["count"], 2);
    }
    // What a program decided goes before labels; of two that say it alike none is taken.
    let both = "id_a,id_b,label,predicted\n1,11,1,1\n2,12,1,0\n";
    let result = json(&scored(both, a, b, SPEC));
    assert_eq!(counts(&result), [2, 1, 0]);
    assert!(notice(&result, "list-says-no")["sentence"].as_str().unwrap().contains("\"label\" for labels"));
    refused(&scored("id_a,id_b,match,link\n1,11,1,1\n", a, b, SPEC), &["\"match\" and \"link\"", "--matches COLUMN"]);
    // Another value is neither; a column of scores may have such a name.
    for odd in ["maybe", "", "0.93", "2", "P"] {
        let list = format!("id_a,id_b,match\n1,11,1\n2,12,{odd}\n");
        refused(&scored(&list, a, b, SPEC), &["line 3, column \"match\"", "1 or 0", "--score"]);
    }
    let clusters = "id,prediction\n1,0\n11,0\n2,1\n12,1\n3,2\n13,3\n";
    assert_eq!(counts(&json(&scored(clusters, a, b, SPEC))), [2, 2, 0], "there it is a cluster");
}

#[test]
fn a_placeholder_for_a_missing_person_is_never_one_large_person() {
    let with = |word: &'static str, records: u64| {
        ["a", "b"].map(|side| file(side, 40, move |i| if i < records { word.to_owned() } else { format!("p{i}") }))
    };
    // No person is called so, however few records there are.
    for word in ["UNK", "unknown", "?", ".", "--", "Undefined", "#REF!", "not known", "sin dato", "aucun", "ohne", ".b"]
    {
        let [a, b] = with(word, 1);
        refused(&linked(SPEC, &a, &b, &[]), &["a.csv, line 2, column \"person\"", word, "missing = ["]);
    }
    // Others may be a value, and are one as long as no more records have them than other values.
    for word in ["-9", "9999", "999999999", "0", "No", "999-99-9999", "xxx", "-1.0e", "88"] {
        let code = word != "-1.0e";
        assert_eq!(
            counts(&json(&linked(SPEC, &with(word, 1)[0], &with(word, 1)[1], &["--json", "-"])))[0],
            40,
            "{word}"
        );
        let [a, b] = with(word, 5);
        let run = linked(SPEC, &a, &b, &["--json", "-"]);
        if code {
            refused(
                &run,
                &["a.csv, line 2, column \"person\"", "5 records of A and 5 of B", "more than 2", "missing = ["],
            );
        }
        let stated = json(&linked(&format!("missing = []\n{SPEC}"), &a, &b, &["--json", "-"]));
        let told = notice(&stated, "large-person");
        assert!(told["count"] == 25 && told["sentence"].as_str().unwrap().contains(word), "{told}");
    }
    // Clusters likewise; a cluster of everybody is a word, and may be what a program found.
    let (a, b) = (file("a", 20, |i| i.to_string()), file("b", 20, |i| i.to_string()));
    let clusters = |word: &str| -> String {
        let rows = (0..20).flat_map(|i| {
            let cluster = if i < 6 { word.to_owned() } else { format!("c{i}") };
            [format!("a{i},{cluster}\n"), format!("b{i},{cluster}\n")]
        });
        format!("id,cluster_id\n{}", rows.collect::<String>())
    };
    for word in ["-9", "0", "9999", "No"] {
        let refusal = ["list.csv, line 2, column \"cluster_id\"", "6 records of A and 6 of B", "missing = ["];
        refused(&scored(&clusters(word), &a, &b, SPEC), &refusal);
    }
    let result = json(&scored(&clusters("Ō"), &a, &b, SPEC));
    assert_eq!((counts(&result), &notice(&result, "large-cluster")["count"]), ([20, 20, 30], &36.into()));
}

#[test]
fn names_that_differ_only_in_how_they_are_written_are_told() {
    for (one, other) in [
        ("p", "P"),
        ("é", "e\u{301}"),
        ("p", "\u{440}"),
        ("p ", "p"),
        ("p ", "P\u{a0}"),
        ("", "00"),
        ("ｐ", "p"),
        ("p", "`p"),
        ("p", "p-"),
        ("", "+"),
        ("p_", "p"),
    ] {
        // One half of B is written as A is.
        let a = file("a", 10, |i| format!("{one}{i}x"));
        let b = file("b", 10, |i| format!("{}{i}x", if i < 5 { one } else { other }));
        let result = json(&linked(SPEC, &a, &b, &["--json", "-"]));
        let told = notice(&result, "truth-alike");
        assert_eq!((counts(&result)[0], &told["count"]), (5, &10.into()), "{one} {other}");
        assert!(told["sentence"].as_str().unwrap().contains("5 pairs across the files are not of one"), "{told}");
        // Where none meets, the error says what they differ in.
        let b = file("b", 10, |i| format!("{other}{i}x"));
        refused(&linked(SPEC, &a, &b, &[]), &["no record of a.csv", "differ from others only in capitals"]);
    }
    let (a, b) = (file("a", 4, |i| i.to_string()), file("b", 4, |i| i.to_string()));
    let clusters = "id,cluster_id\na1,c1\nb1,C1\na2,c2\nb2,c2\n";
    let result = json(&scored(clusters, &a, &b, SPEC));
    assert_eq!((counts(&result), &notice(&result, "clusters-alike")["count"]), ([4, 1, 0], &2.into()));
}

#[test]
fn numbers_that_lost_digits_are_refused_with_the_right_remedy() {
    let remedy = "write the column as text in the program that made the file";
    for lost in ["9.007199254749e+15", "1.23457E+11", "1.23E+11", "1,23457E+11", "9007199254740993.0"] {
        let a = "id,person,last\na1,1,Abel\na2,2,Brook\n";
        let b = a.replace('a', "b").replace("lbst", "last");
        let in_truth = file("b", 3, |i| if i == 1 { format!("\"{lost}\"") } else { i.to_string() });
        refused(&linked(SPEC, a, &in_truth, &[]), &["b.csv, line 3, column \"person\"", lost, remedy]);
        // Two ids of which nothing but the lost digits differed are no repeated id.
        let ids = format!("id,person,last\n\"{lost}\",1,Abel\n\"{lost}\",2,Brook\n");
        refused(&linked(SPEC, &ids, &b, &[]), &["a.csv, line 2, column \"id\"", lost, remedy]);
        let list = format!("id_a,id_b\n\"{lost}\",1\n");
        refused(&scored(&list, a, a, SPEC), &["list.csv, line 2", lost, remedy]);
        let clusters = format!("id,cluster_id,source_dataset\na1,1,a\na2,\"{lost}\",a\n");
        refused(&scored(&clusters, a, a, SPEC), &["list.csv, line 3, column \"cluster_id\"", lost, remedy]);
        // In a field it is told.
        let spec = SPEC.replace("\n[[", "\nnumber = \"ssn\"\n[[");
        let file = |number: &str| format!("id,person,last,ssn\nx1,1,Abel,\"{number}\"\nx2,2,Brook,900000001\n");
        let result = json(&linked(&spec, &file(lost), &file("1"), &["--json", "-"]));
        assert_eq!(notice(&result, "digits-lost")["examples"][0], lost);
    }
}

#[test]
fn one_column_of_mixed_numbers_has_one_rule_for_persons_ids_and_clusters() {
    let (a, b) = (file("a", 3, |i| i.to_string()), file("b", 3, |i| format!("{i}{}", if i < 2 { ".0" } else { "" })));
    assert_eq!(counts(&json(&linked(SPEC, &a, &b, &["--json", "-"])))[0], 3);
    let clusters = "id,cluster_id\na0,1.0\nb0,1\na1,2\nb1,2.0\na2,\nb2,3\n";
    let result = json(&scored(clusters, &a, &a.replace("\na", "\nb"), SPEC));
    assert_eq!((counts(&result), &notice(&result, "whole-numbers")["count"]), ([3, 2, 0], &2.into()));
    // A stray value leaves all of the column as it is written, which is told in the run.
    let stray = file("b", 6, |i| if i == 5 { "x".to_owned() } else { format!("{i}.0") });
    let a = file("a", 6, |i| i.to_string());
    refused(&linked(SPEC, &a, &stray, &[]), &["no record of a.csv", "1.0 is not 1 here"]);
    let spec = SPEC.replace("\n[[", "\nzip = \"zip\"\n[[");
    let zips = |side: &str, point: &str, odd: &str| -> String {
        let rows = (0..6).map(|i| {
            format!("{side}{i},{i},N{i},{}\n", if i == 0 { odd.to_owned() } else { format!("1000{i}{point}") })
        });
        format!("id,person,last,zip\n{}", rows.collect::<String>())
    };
    let result = json(&linked(&spec, &zips("a", "", "10000"), &zips("b", ".0", "ABC"), &["--json", "-"]));
    let told = notice(&result, "numbers-as-text");
    assert_eq!((&told["count"], &told["examples"]), (&5.into(), &serde_json::json!(["ABC"])));
    let stray = "id,cluster_id\na0,1.0\nb0,1\na1,2.0\nb1,2.0\na2,x\nb2,3.0\n";
    let result = json(&scored(stray, &a, &a.replace("\na", "\nb"), SPEC));
    assert_eq!(notice(&result, "numbers-as-text")["count"], 3);
}

#[test]
fn a_number_of_a_spreadsheet_never_makes_one_person_of_two() {
    let (a, b) =
        (file("a", 40, |i| (120_000_000_000 + i).to_string()), file("b", 40, |i| (120_000_000_000 + i).to_string()));
    let lost = |file: &str, i: u64| file.replace(&format!(",{},", 120_000_000_000 + i), ",1.2E+11,");
    // In fewer than a tenth of the rows, in one file or in both, and beside the number that it is written for.
    for (a, b, place) in [
        (lost(&lost(&a, 7), 8), b.clone(), "a.csv, line 9"),
        (lost(&a, 7), lost(&b, 9), "a.csv, line 9"),
        (a.clone(), lost(&b, 9), "b.csv, line 11"),
    ] {
        refused(&linked(SPEC, &a, &b, &[]), &[place, "column \"person\"", "only because digits were lost", "as text"]);
    }
    // Alone it joins nobody, and is told.
    let alone = |file: &str, i: u64| file.replace(&format!(",{},", 120_000_000_000 + i), ",9.9E+11,");
    let result = json(&linked(SPEC, &alone(&a, 7), &b, &["--json", "-"]));
    assert_eq!((counts(&result)[0], &notice(&result, "digits-lost")["examples"][0]), (39, &"9.9E+11".into()));
    let ids = a.replace("\na7,", "\n1.2E+11,");
    let told = json(&linked(SPEC, &ids, &b, &["--json", "-"]));
    assert!(notice(&told, "digits-lost")["sentence"].as_str().unwrap().contains("column \"id\""));
    let clusters: String = (0..40)
        .map(|i| format!("a{i},{0}\nb{i},{0}\n", if i == 3 { "1.2E+11".to_owned() } else { i.to_string() }))
        .collect();
    refused(&scored(&format!("id,cluster_id\n{clusters}"), &a, &b, SPEC), &["line 8", "\"1.2E+11\"", "as text"]);
    // R writes the number itself, with a small e.
    let exact = |file: &str| file.replace(",120000000000,", ",1.2e+11,");
    assert_eq!(counts(&json(&linked(SPEC, &exact(&a), &b, &["--json", "-"])))[0], 40);
}

#[test]
fn words_for_a_missing_value_in_fields_are_told_whatever_they_are() {
    let cells = |word: &str| {
        let rows =
            (0..20).map(|i| format!("a{i},{i},{}\n", if i % 4 == 0 { word.to_owned() } else { format!("N{i}") }));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    for word in [
        "UNKNOWN",
        "Unknown",
        "unk",
        "99999",
        "00000",
        "REFUSED",
        "Declined",
        "XXX",
        "xxxx",
        "TEST",
        "unbekannt",
        "Inconnu",
        "NULL",
        "not known",
        "keine Angabe",
        "k.A.",
        "k. A.",
        "Nicht Bekannt",
        "(Leer)",
        "(vide)",
        "Sin Dato",
        "Ninguno",
        "aucun",
        "n.c.",
        "#WERT!",
        ".a",
        "999999999",
    ] {
        let told = json(&linked(SPEC, &cells(word), &cells("N0"), &["--check", "--json", "-"]));
        let code = if word.starts_with(['9', '0']) { "heaped-value" } else { "missing-words" };
        let told = notice(&told, code);
        assert_eq!((&told["count"], &told["examples"][0]), (&5.into(), &word.into()), "{told}");
        // Stated, it is missing and nothing is told; a word in other capitals is another word.
        let spec = format!("missing = [{word:?}]\n{SPEC}");
        let result = json(&linked(&spec, &cells(word), &cells("N0"), &["--check", "--json", "-"]));
        assert!(!codes(&result).contains(&code) && !codes(&result).contains(&"missing-unused"), "{result}");
    }
    // A sign alone has nothing that is compared, and a word in a column of dates is none.
    let of = |spec: &str, word: &str| {
        let told = json(&linked(spec, &cells(word), &cells("N0"), &["--check", "--json", "-"]));
        notice(&told, "missing-words")["sentence"].as_str().unwrap().to_owned()
    };
    let dates = SPEC.replace("surname = \"last\"", "date_of_birth = \"last\"\nsurname = \"id\"");
    assert!(of(SPEC, "NA").contains("compared as a value.") && of(SPEC, ".").contains("compared as missing."));
    assert!(of(&dates, "NaT").contains("compared as missing."));
    // Singleton is a surname, and no cluster.
    let surname = json(&linked(SPEC, &cells("Singleton"), &cells("N0"), &["--check", "--json", "-"]));
    assert!(!codes(&surname).contains(&"missing-words"), "{surname}");
    for word in ["na", "NULL", "#N/A"] {
        let spec = format!("missing = [\"NA\", \"Ōe\"]\n{SPEC}");
        let result = json(&linked(&spec, &cells(word), &cells("NA"), &["--check", "--json", "-"]));
        let told = notice(&result, "missing-words")["sentence"].as_str().unwrap();
        assert!(
            told.contains("missing in the spec does not list") && told.contains(&format!("[\"NA\", \"Ōe\", {word:?}]"))
        );
        let unused = notice(&result, "missing-unused");
        assert!(unused["count"] == 1 && unused["sentence"].as_str().unwrap().contains("\"Ōe\""), "{unused}");
        // A person of that name is refused as long as the spec does not say that no word is missing.
        let persons = cells("N0").replace(",5,", &format!(",{word},"));
        refused(&linked(&spec, &persons, &cells("N0"), &[]), &["a.csv, line 7", word, "missing = [\"NA\", \"Ōe\", "]);
    }
    let none =
        json(&linked(&format!("missing = []\n{SPEC}"), &cells("NULL"), &cells("NULL"), &["--check", "--json", "-"]));
    assert!(!codes(&none).contains(&"missing-words"), "{none}");
    // Common house numbers and codes that are not heaped are values.
    let few = cells("N0").replace(",N3\n", ",99999\n");
    assert!(!codes(&json(&linked(SPEC, &few, &few, &["--check", "--json", "-"]))).contains(&"heaped-value"));
}

#[test]
fn signs_of_a_spreadsheet_or_another_encoding_are_told() {
    let (a, b) = (file("a", 30, |i| i.to_string()), file("b", 30, |i| i.to_string()));
    let result = |a: &str, b: &str| json(&linked(SPEC, a, b, &["--json", "-"]));
    for row in ["Total,30,Nn", "SUM:,x,Nn", "a99,Gesamt,Nn"] {
        let told = result(&format!("{a}{row}\n"), &b);
        assert!(notice(&told, "total-row")["sentence"].as_str().unwrap().contains("a.csv, line 32"), "{row}");
    }
    assert!(codes(&result(&a, &b)).is_empty());
    for broken in ["Zo\u{fffd}", "ZoÃ«", "Oâ€™Neil"] {
        let told = result(&a, &b.replace("N7\n", &format!("{broken}\n")));
        assert_eq!(notice(&told, "broken-text")["examples"][0], broken);
    }
    assert!(!codes(&result(&a, &b.replace("N7\n", "Zoë São Tomé\n"))).contains(&"broken-text"));
    for id in ["0", "9999", "-9"] {
        let twice = a.replace("\na3,", &format!("\n{id},")).replace("\na4,", &format!("\n{id},"));
        refused(&linked(SPEC, &twice, &b, &[]), &["line 6", id, "seems to stand for a missing id"]);
    }
    // --check shows what a run would refuse.
    let apart = json(&linked(SPEC, &a, &b.replace(",N", "x,N"), &["--check", "--json", "-"]));
    assert!(notice(&apart, "no-true-pairs")["sentence"].as_str().unwrap().contains("\"a0\": \"0\""), "{apart}");
}

#[test]
fn a_header_within_a_file_is_no_record() {
    let a = "id,person,last\na1,1,Abel\n";
    let b = "id,person,last\nb1,1,Abel\nid,person,last\nb2,2,Brook\n";
    let refusal = ["line 3, column \"id\"", "the header stands here once more"];
    refused(&linked(SPEC, a, b, &[]), &[&["b.csv"], &refusal[..]].concat());
    refused(&linked(&format!("unlabelled = \"ignore\"\n{SPEC}"), b, a, &[]), &refusal);
    let list = "unique_id_l,unique_id_r\na1,b1\nunique_id_l,unique_id_r\n";
    let b = "id,person,last\nb1,1,Abel\n";
    refused(&scored(list, a, b, SPEC), &["list.csv, line 3", refusal[1]]);
}

#[test]
fn numbers_of_rows_beside_ids_have_to_name_the_same_records() {
    let (a, b) = (file("a", 3, |i| i.to_string()), file("b", 3, |i| i.to_string()));
    let list = |rows: &str| format!(".x,.y,id.x,id.y\n{rows}");
    assert_eq!(counts(&json(&scored(&list("1,1,a0,b0\n3,3,a2,b2\n"), &a, &b, SPEC))), [3, 2, 0]);
    let refusal = ["line 3", "row 1 is not the record \"a1\" of a.csv, which is row 2"];
    refused(&scored(&list("1,1,a0,b0\n1,2,a1,b1\n"), &a, &b, SPEC), &refusal);
}

#[test]
fn a_copy_of_a_file_under_other_ids_is_seen() {
    let a = file("a", 80, |i| i.to_string());
    let copy = a.replace("\na", "\nx");
    let mut turned: Vec<&str> = copy.lines().skip(1).collect();
    turned.reverse();
    for other in [copy.clone(), format!("id,person,last\n{}\n", turned.join("\n"))] {
        let told = json(&linked(SPEC, &a, &other, &["--json", "-"]));
        assert!(notice(&told, "same-records")["sentence"].as_str().unwrap().contains("under other ids"), "{told}");
    }
    // A copy with another record or two, or in capitals, is one too; a file with its errors is none.
    let other_record = copy.clone() + "x99,99,Nn\n";
    let capitals = copy.replace(",N", ",n");
    let corrected = copy.replace(",N77\n", ",Ō77\n").replace(",N0\n", ",Ō0\n");
    for other in [other_record, capitals, corrected] {
        let told = json(&linked(SPEC, &a, &other, &["--json", "-"]));
        assert!(notice(&told, "same-records")["sentence"].as_str().unwrap().contains("under other ids"), "{other}");
    }
    let differs = copy.replace(",N1", ",Ō1");
    assert!(!codes(&json(&linked(SPEC, &a, &differs, &["--json", "-"]))).contains(&"same-records"));
    // Under its own ids a part of a file is noticed as well.
    let most: String = a.lines().take(75).map(|line| format!("{line}\n")).collect();
    let told = json(&linked(SPEC, &a, &most, &["--json", "-"]));
    assert!(notice(&told, "same-records")["sentence"].as_str().unwrap().contains("under the same ids"), "{told}");
}

#[test]
fn blocking_that_finds_next_to_nothing_is_told() {
    let a = file("a", 10, |i| i.to_string());
    let b = |same: u64| -> String {
        let rows = (0..10).map(|i| format!("b{i},{i},{}\n", if i < same { format!("N{i}") } else { format!("Ō{i}") }));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    let spec = format!("{SPEC}[blocking]\nrules = [\"surname\"]\n");
    for (same, says) in [(0, "no pair at all: 10 are lost"), (4, "4 of 10 pairs that are one person: 6 are lost")] {
        let result = json(&linked(&spec, &a, &b(same), &["--json", "-"]));
        let told = notice(&result, "few-candidates");
        assert!(told["count"] == 10 - same && told["sentence"].as_str().unwrap().contains(says), "{told}");
    }
    let result = json(&linked(&spec, &a, &b(5), &["--json", "-"]));
    assert!(!codes(&result).contains(&"few-candidates"));
    // A field in which the files share nothing is told in the run, and not in --check alone.
    let result = json(&linked(&spec, &a, &b(0), &["--json", "-"]));
    assert!(notice(&result, "no-common-value")["sentence"].as_str().unwrap().contains("No value of surname"));
}

#[test]
fn what_a_spec_cannot_mean_is_refused_and_what_it_hardly_means_is_told() {
    let (a, b) = (file("a", 3, |i| i.to_string()), file("b", 3, |i| i.to_string()));
    let before = |key: &str| format!("{key}\n{SPEC}");
    let model = |keys: &str| SPEC.replace("[[model.rule]]", &format!("[model]\n{keys}\n[[model.rule]]"));
    let fields = |line: &str| SPEC.replace("\n[[", &format!("\n{line}\n[["));
    let again = SPEC.split_once("[[").map(|(_, rule)| format!("{SPEC}[[{rule}")).unwrap();
    let blocking = |rules: &str| format!("{}[blocking]\nrules = {rules}\n", fields("zip = \"zip\"\ndob = \"born\""));
    for (spec, says) in [
        (before("datasets = { a = \"X\", b = \"x\" }"), &["datasets", "neither from the other"][..]),
        (before("groups = [\"person\"]"), &["groups", "column of truth"]),
        (before("groups = [\"id\"]"), &["groups", "column of ids"]),
        (before("groups = [\"last\", \"last\"]"), &["groups", "\"last\" is listed twice"]),
        (before("date_format = \"%d/%m/%Y\""), &["date_format", "add date_of_birth"]),
        (model("margin = 2"), &["model.margin", "assignment = \"all\"", "\"best-margin\""]),
        (model("floor = 2\nassignment = \"best\""), &["model.floor", "\"one-to-one\""]),
        (model("threshold = 1e308"), &["model.threshold", "1e308 is further from 0"]),
        (SPEC.replace("strength = 1", "strength = nan"), &["model.rule", "strength", "whole number"]),
        (again, &["model.rule", "two rules are called \"surname\""]),
        (blocking("[\"surname\", \"surname\"]"), &["blocking.rules", "listed twice"]),
        (blocking("[\"surname + zip\", \"zip + surname\"]"), &["blocking.rules", "listed twice"]),
        (blocking("[\"surname + surname\"]"), &["blocking.rules", "one part twice"]),
        (blocking("[\"zip:soundex\"]"), &["blocking.rules", "phonetic code of digits", "zip:3"]),
        (blocking("[\"date_of_birth:soundex\"]"), &["blocking.rules", "phonetic code of digits"]),
        (blocking("[\"zip:year\"]"), &["blocking.rules", "zip:year takes a part that only date_of_birth has"]),
        (blocking("[\"surname:monthday\"]"), &["blocking.rules", "surname:monthday takes a part", "surname:4"]),
        (fields("name = \"last\""), &["fields.name", "full_name", "given_name"]),
        (fields("surnam = \"last\""), &["fields.surnam", "did you mean \"surname\"?"]),
    ] {
        let run = linked(&spec, &a, &b, &[]);
        refused(&run, says);
        assert!(run.stderr.len() < 400, "{}", run.stderr);
    }
    // A margin for the assignment that the command line names, or takes the place of, is no mistake.
    let margin = linked(&model("margin = 2"), &a, &b, &["--assignment", "best-margin"]);
    assert_eq!(margin.code, Some(0), "{margin:?}");
    let other = linked(&model("margin = 2\nassignment = \"best-margin\""), &a, &b, &["--assignment", "all"]);
    assert_eq!(other.code, Some(0), "{other:?}");
    // One column for two things may be meant.
    for line in ["ssn = \"id\"", "city = \"last\""] {
        let result = json(&linked(&fields(line), &a, &b, &["--json", "-"]));
        assert!(codes(&result).contains(&"column-twice"), "{result}");
    }
    // One field by any of its names.
    for name in ["email", "e-mail", "E-Mail", "e_mail", "\"e.mail\"", "Phone", "mobile-number"] {
        let result = json(&linked(&fields(&format!("{name} = \"last\"")), &a, &b, &["--json", "-"]));
        assert!(!codes(&result).contains(&"field-as-text"), "{name}: {result}");
    }
}

#[test]
fn a_threshold_or_a_column_of_scores_for_clusters_is_refused() {
    let (a, b) = (file("a", 3, |i| i.to_string()), file("b", 3, |i| i.to_string()));
    let with = |list: &str, more: &[&str]| {
        let folder = folder(&[("spec.toml", SPEC), ("a.csv", &a), ("b.csv", &b), ("list.csv", list)]);
        let command = ["score", "list.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"];
        namesake_in(folder.path(), &[&command, more].concat())
    };
    let clusters = "id,cluster_id,confidence_score\na0,1,0.9\nb0,1,0.9\n";
    refused(&with(clusters, &["--threshold", "0.5"]), &["list of clusters, which has no scores; leave it out"]);
    refused(&with(clusters, &["--score", "confidence_score"]), &["clusters have no scores", "leave it out"]);
    let pairs = "id_a,id_b,score,match\na0,b0,0.9,1\n";
    refused(&with(pairs, &["--score", "id_a"]), &["this column holds ids"]);
    refused(
        &with(pairs, &["--threshold", "0.5"]),
        &["the column \"match\" says which pairs are matches", "--matches all"],
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_before_the_work() {
    let (a, b) = (file("a", 3, |i| i.to_string()), file("b", 3, |i| i.to_string()));
    let folder = folder(&[("spec.toml", SPEC), ("a.csv", &a), ("b.csv", &b)]);
    assert!(std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    for flag in ["--json", "--pairs", "--save-model"] {
        let run = namesake_in(folder.path(), &["link", "a.csv", "b.csv", "--spec", "spec.toml", flag, "pipe"]);
        refused(&run, &["pipe: is a device, a pipe or a socket", "name a file"]);
    }
    let run = namesake_in(folder.path(), &["run", "--people", "100", "--json", "pipe"]);
    refused(&run, &["pipe: is a device, a pipe or a socket"]);
    let null = namesake_in(folder.path(), &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "/dev/null"]);
    assert_eq!(null.code, Some(0), "{null:?}");
}
