//! Files and lists as people have them: the right figure, a notice, or a refusal that says what to do.

use crate::support::{Run, namesake_in, shared_data};
use serde_json::Value;
use tempfile::TempDir;

/// A spec whose one field is the surname, matched where it is the same.
pub const SPEC: &str = "id = \"id\"\ntruth = \"person\"\n[fields]\nsurname = \"last\"\n\
                    [[model.rule]]\nname = \"surname\"\nstrength = 1\nall = [\"surname: same\"]\n";

/// A folder with some files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
    folder
}

pub fn linked(spec: &str, a: &str, b: &str, more: &[&str]) -> Run {
    let folder = folder(&[("spec.toml", spec), ("a.csv", a), ("b.csv", b)]);
    namesake_in(folder.path(), &[&["link", "a.csv", "b.csv", "--spec", "spec.toml"], more].concat())
}

pub fn json(run: &Run) -> Value {
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

pub fn refused(run: &Run, says: &[&str]) {
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(says.iter().all(|says| run.stderr.contains(says)), "{says:?}: {}", run.stderr);
}

pub fn counts(result: &Value) -> [u64; 3] {
    ["true_pairs", "returned_right", "returned_wrong"].map(|name| result["counts"][name].as_u64().unwrap())
}

/// The codes of the notices of a result.
pub fn codes(result: &Value) -> Vec<&str> {
    result["notices"].as_array().unwrap().iter().map(|notice| notice["code"].as_str().unwrap()).collect()
}

#[test]
fn keys_left_out_by_a_limit_are_told_in_the_summary() {
    let rows = |side: &str| -> String {
        (0..20).map(|i| format!("{side}{i},p{i},{}\n", if i < 10 { "Abel" } else { "Brook" })).collect()
    };
    let files = ["a", "b"].map(|side| format!("id,person,last\n{}", rows(side)));
    let spec = format!("{SPEC}[blocking]\nrules = [\"surname\"]\nmax_pairs_per_key = 50\n");
    let summary = linked(&spec, &files[0], &files[1], &[]).stdout;
    assert!(
        summary.contains("NOTICE    The blocking rule \"surname\" left out 2 of its keys, with 40 records"),
        "{summary}"
    );
    let result = json(&linked(&spec, &files[0], &files[1], &["--json", "-"]));
    assert_eq!(codes(&result), ["keys-left-out", "few-candidates", "nothing-matched"]);
    assert_eq!(result["notices"][0]["count"], 2);
    // Within the limit there is nothing to tell but that each record has ten matches.
    let result = json(&linked(&spec.replace("= 50", "= 100"), &files[0], &files[1], &["--json", "-"]));
    assert_eq!((codes(&result), &result["notices"][0]["count"]), (vec!["many-matches"], &Value::from(200)));
}

#[test]
fn cells_are_divided_where_the_file_says_and_not_within_quotes() {
    let b = "id;person;last\nb1;1;Abel\n";
    for a in [
        "id;person;last;\"Note (a, b, c, d)\"\na1;1;Abel;x\n",
        "id;person;last;Note (a, b, c)\na1;1;Abel;x\n",
        "id|person|last|first, middle\na1|1|Abel|Ada, B\n",
        "id\tperson\tlast\tat, on; by\na1\t1\tAbel\tx\n",
        "sep=;\r\nid;person;last;a,b,c,d,e\r\na1;1;Abel;x\r\n",
    ] {
        let result = json(&linked(SPEC, a, b, &["--json", "-"]));
        assert_eq!(counts(&result), [1, 1, 0], "{a}");
    }
    // The spec may say it; else the error says what was taken.
    let odd = "id~person~last,x\na1~1~Abel,y\n";
    let refusal = ["a.csv, line 1", "separated by commas, it has id~person~last, x", "delimiter"];
    refused(&linked(SPEC, odd, b, &[]), &refusal);
    let spec = format!("delimiter = {{ a = \"~\" }}\n{SPEC}")
        .replace("surname = \"last\"", "surname = { a = \"last,x\", b = \"last\" }");
    assert_eq!(json(&linked(&spec, odd, b, &["--json", "-"]))["counts"]["true_pairs"], 1);
    refused(&linked(&format!("delimiter = \"::\"\n{SPEC}"), b, b, &[]), &["delimiter", "this cannot be a delimiter"]);
}

#[test]
fn words_for_a_missing_value_are_never_a_person() {
    let a = "id,person,last,ssn\na1,1,Abel,NA\na2,NA,Brook,NA\na3,NA,Carver,900000003\n";
    let b = "id,person,last,ssn\nb1,1,Abel,900000001\nb2,NA,Dunn,NA\nb3,NA,Ellis,NA\n";
    let spec = SPEC.replace("\n[[", "\nnumber = \"ssn\"\n[[").replace("surname: same", "number: same");
    let spec = format!("unlabelled = \"ignore\"\n{spec}");
    let with = |missing: &str| format!("missing = {missing}\n{spec}");
    for word in ["NA", "N/A", "nan", "NULL", "None", "#N/A", "<NA>", "-1", "unknown", "?"] {
        let file = |text: &str| text.replace(",NA,", &format!(",{word},"));
        let refusal = ["a.csv, line 3, column \"person\"", word, &format!("missing = [\"{word}\"]")];
        refused(&linked(&spec, &file(a), &file(b), &[]), &refusal);
        let result = json(&linked(&with(&format!("[\"{word}\", \"NA\"]")), &file(a), &file(b), &["--json", "-"]));
        assert_eq!((result["counts"]["ignored"].as_u64(), counts(&result)[0]), (Some(4), 1), "{word}");
    }
    // Who says that it is a value is believed.
    assert_eq!(counts(&json(&linked(&with("[]"), a, b, &["--json", "-"]))), [5, 2, 2]);
    // In an id too; in a field it is told, since Null is a surname.
    let refusal = ["b.csv, line 2, column \"id\"", "\"NaN\""];
    refused(&linked(SPEC, "id,person,last\na1,1,Abel\n", "id,person,last\nNaN,1,Abel\n", &[]), &refusal);
    let null = "id,person,last\n1,1,Null\n2,2,Null\n3,3,Li\n";
    let result = json(&linked(SPEC, null, null, &["--json", "-"]));
    let notice = &result["notices"][0];
    assert_eq!(
        (&notice["code"], &notice["count"], &notice["examples"][0]),
        (&"missing-words".into(), &2.into(), &"Null".into())
    );
    let told = linked(&format!("missing = [\"Null\"]\n{SPEC}"), null, null, &["--json", "-"]);
    assert_eq!(counts(&json(&told)), [3, 1, 0]);
    refused(&linked(&format!("missing = \"NA\"\n{SPEC}"), a, b, &[]), &["missing", "list of texts"]);
}

#[test]
fn a_person_with_most_of_the_true_pairs_is_told() {
    let file = |side: &str| -> String {
        let rows = (0..40).map(|i| format!("{side}{i},{},N{i}\n", if i < 12 { "0".to_owned() } else { i.to_string() }));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    // A number that often stands for a missing value is refused until the spec says that it is a value.
    let [a, b] = ["a", "b"].map(file);
    refused(
        &linked(SPEC, &a, &b, &[]),
        &["a.csv, line 2, column \"person\"", "12 records of A and 12 of B", "[\"0\"]"],
    );
    for (spec, a, b) in [
        (format!("missing = []\n{SPEC}"), a.clone(), b.clone()),
        (SPEC.to_owned(), a.replace(",0,", ",Ō,"), b.replace(",0,", ",Ō,")),
    ] {
        let result = json(&linked(&spec, &a, &b, &["--json", "-"]));
        assert_eq!(
            (codes(&result), &result["notices"][0]["count"]),
            (vec!["large-person", "few-candidates"], &Value::from(144))
        );
    }
}

#[test]
fn whole_numbers_are_read_however_they_are_written() {
    let spec =
        SPEC.replace("\n[[", "\nnumber = \"ssn\"\nhouse_number = \"no\"\n[[").replace("surname: same", "number: same");
    let a = "id,person,last,ssn,no\na1,1,Abel,900000001,24\na2,100000,Brook,900000002,7a\n";
    for b in [
        "id,person,last,ssn,no\nb1,1.0,Abel,900000001.0,24.0\nb2,100000.0,Brook,900000002.0,7.0\n",
        "id,person,last,ssn,no\nb1,1,Abel,9.00000001e+08,24\nb2,1e+05,Brook,9.00000002e+08,7\n",
        "id,person,last,ssn,no\nb1,1.00,Abel,900000001.00,\nb2,1e+05,Brook,900000002.00,7.00\n",
    ] {
        for (one, other) in [(a, b), (b, a), (b, b)] {
            let result = json(&linked(&spec, one, other, &["--json", "-"]));
            assert_eq!(counts(&result), [2, 2, 0], "{one}{other}");
            assert_eq!(codes(&result)[0], "whole-numbers");
        }
    }
    // Fractions are no names: 1.0 is not read as 1 where the other file has 1.5.
    let spec = SPEC.replace("\n[[", "\nheight = \"height\"\n[[").replace("surname: same", "height: same");
    let a = "id,person,last,height\na1,1,Abel,1.0\na2,2,Brook,2.0\n";
    let b = "id,person,last,height\nb1,1,Abel,1.0\nb2,2,Brook,2.5\n";
    let result = json(&linked(&spec, a, b, &["--json", "-"]));
    assert!(counts(&result)[1] == 1 && codes(&result) == ["field-as-text"], "{result}");
}

#[test]
fn truth_values_that_never_meet_are_an_error_that_shows_them() {
    let file = |prefix: &str| -> String {
        let rows = (1..5).map(|i| format!("a{i},{prefix}{i},Abel\n"));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    for other in ["q", "00", "P", "p-"] {
        let run = linked(SPEC, &file("p"), &file(other), &[]);
        let first = |side: &str, prefix: &str| format!("{side} \"a1\": \"{prefix}1\", \"a2\"");
        refused(&run, &[&first("of A are", "p"), &first("of B", other), "\"a3\"", "truth.pattern"]);
        assert!(!run.stderr.contains("a4"));
    }
}

pub fn scored(list: &str, a: &str, b: &str, spec: &str) -> Run {
    let folder = folder(&[("spec.toml", spec), ("a.csv", a), ("b.csv", b), ("list.csv", list)]);
    let command = ["score", "list.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml", "--json", "-"];
    namesake_in(folder.path(), &command)
}

#[test]
fn names_of_files_in_a_list_are_not_guessed() {
    let (a, b) =
        ("id,person,last\n0,p1,Abel\n1,p2,Brook\n2,p3,Li\n", "id,person,last\n0,p2,Brook\n1,p3,Li\n2,p1,Abel\n");
    let list = |dec: &str, tax: &str| {
        let rows = [(2, 0), (0, 1), (1, 2)].map(|(of_b, of_a)| format!("9,{dec},{of_b},{tax},{of_a}\n")).concat();
        format!("match_weight,source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\n{rows}")
    };
    refused(&scored(&list("decennial", "tax"), a, b, SPEC), &["list.csv, line 2", "\"decennial\"", "datasets = {"]);
    for (dec, tax) in [
        ("b.csv", "a.csv"),
        ("B", "A"),
        ("1", "0"),
        ("1.0", "0.0"),
        ("2", "1"),
        ("__splink__input_table_1", "__splink__input_table_0"),
    ] {
        assert_eq!(counts(&json(&scored(&list(dec, tax), a, b, SPEC))), [3, 3, 0], "{dec} {tax}");
    }
    // One name of a convention says nothing beside one that is not of it: a may be what the list calls B.
    for (dec, tax) in [("b", "tax"), ("decennial", "a"), ("x", "__splink__input_table_0"), ("c", "b"), ("2", "0")] {
        refused(&scored(&list(dec, tax), a, b, SPEC), &["list.csv, line 2", dec, tax, "datasets = {"]);
    }
    let spec = format!("datasets = {{ a = \"tax\", b = \"decennial\" }}\n{SPEC}");
    assert_eq!(counts(&json(&scored(&list("decennial", "tax"), a, b, &spec))), [3, 3, 0]);
}

#[test]
fn lists_are_read_as_programs_write_them() {
    let spec = SPEC.replace("id = \"id\"", "id = { a = \"id\", b = \"key\" }");
    let (a, b) = ("id,person,last\n0,1,Abel\n1,2,Brook\n", "key,person,last\n0,2,Brook\n1,1,Abel\n");
    for list in [
        ",,last\n0,1,1\n1,0,1\n",
        "id,key,last\n0,1,1\n1,0,1\n",
        "key,last,id\n1,1,0\n0,1,1\n",
        "\"\",\".x\",\".y\",\"weights\"\n\"1\",1,2,4.5\n\"2\",2,1,4\n",
        "id.x,key.y,select\n0,1,TRUE\n1,0,TRUE\n",
        "ltable_id;rtable_key\n0;1\n1;0\n",
        "id_left|key_right\n0.0|1\n1.0|0\n",
    ] {
        assert_eq!(counts(&json(&scored(list, a, b, &spec))), [2, 2, 0], "{list}");
    }
    // RecordLinkage of R counts rows from 1; where the numbers are ids as well, nothing is guessed.
    let (a, b) = ("id,person,last\n1,1,Abel\n2,2,Brook\n", "id,person,last\n2,2,Brook\n1,1,Abel\n");
    let list = "\"\",\"id1\",\"id2\",\"Weight\"\n\"1\",1,2,0.9\n\"2\",2,1,0.8\n";
    refused(&scored(list, a, b, SPEC), &["list.csv", "ids or row numbers", "id_a", "inds.a"]);
    let rows = |text: &str| text.replace("\n1,", "\nx1,").replace("\n2,", "\nx2,");
    assert_eq!(counts(&json(&scored(list, &rows(a), &rows(b), SPEC))), [2, 2, 0]);
    let zingg = "z_minScore,z_maxScore,z_cluster,id,z_source\n1,1,5,1,a\n1,1,5,1,b\n1,1,6,2,a\n1,1,6,2,b\n";
    assert_eq!(counts(&json(&scored(zingg, a, b, SPEC))), [2, 2, 0]);
    let clusters = |word: &str| format!("source_dataset,id,cluster_id\na,1,c1\na,2,{word}\nb,1,c1\nb,2,{word}\n");
    for word in ["NA", "nan", "-1", "None"] {
        refused(
            &scored(&clusters(word), a, b, SPEC),
            &["list.csv, line 3, column \"cluster_id\"", word, "missing = ["],
        );
        let spec = format!("missing = [\"{word}\"]\n{SPEC}");
        assert_eq!(counts(&json(&scored(&clusters(word), a, b, &spec))), [2, 1, 0], "{word}");
    }
    refused(&scored("prob,id_a,id_b\n1.5,1,1\n", a, b, SPEC), &["line 2", "\"1.5\"", "0 to 1"]);
}

#[test]
fn results_that_say_nothing_are_errors_or_say_so() {
    let a = "id,person,last,note\na1,1,Abel,\na2,2,Brook,\na3,3,Li,\n";
    let b = "id,person,last,note\nb1,1,Abel,x\nb2,2,Brook,y\nb3,4,Dunn,z\n";
    for (from, to, says) in [
        ("[\"surname: same\"]", "[]", &["model.rule", "no condition"][..]),
        ("[[", "[model]\nthreshold = inf\n[[", &["model.threshold", "inf is not a finite number"]),
        ("[[", "[model]\nthreshold = -2e6\n[[", &["model.threshold", "-2000000 is further from 0 than any score"]),
        ("\"last\"\n", "\"last\"\nwho = \"person\"\n", &["fields.who", "column of truth"]),
    ] {
        refused(&linked(&SPEC.replacen(from, to, 1), a, b, &[]), says);
    }
    refused(&linked(SPEC, a, b, &["--json", "x", "--pairs", "./x"]), &["x: is to be written twice"]);
    refused(&linked(SPEC, a, b, &["--pairs", "x", "--save-model", "x"]), &["x: is to be written twice"]);
    refused(&linked(SPEC, a, b, &["--save-model", "a.csv"]), &["a.csv", "read by this command"]);
    let codes_of = |spec: &str, a: &str, b: &str| -> Vec<String> {
        codes(&json(&linked(spec, a, b, &["--json", "-"]))).into_iter().map(str::to_owned).collect()
    };
    let none = b.replace("Abel", "Babel").replace("Brook", "Rook");
    assert_eq!(codes_of(SPEC, a, &none), ["no-common-value", "few-candidates", "nothing-matched"]);
    assert_eq!(codes_of(&SPEC.replace("\n[[", "\nnote = \"note\"\n[["), a, b), ["field-without-use", "field-as-text"]);
    let learning = SPEC.split("[[").next().unwrap().to_owned() + "[model]\nkind = \"logistic\"\ntrain_share = 0.001\n";
    assert!(codes_of(&learning, a, b).contains(&"learned-from-none".to_owned()));
    // One file as both sides, in whatever order of rows.
    let turned = "id,person,last,note\na3,3,Li,\na1,1,Abel,\na2,2,Brook,\n";
    for other in [a, turned] {
        assert_eq!(codes_of(SPEC, a, other), ["same-records"]);
    }
}

#[test]
fn a_check_shows_what_two_files_hold_and_matches_nothing() {
    let spec = SPEC.replace("\n[[", "\nsex = \"sex\"\nnumber = \"ssn\"\n[[");
    let a = "id;person;last;sex;ssn\na1;1;Abel;F;NA\na2;1;Abel;F;\na3;2;Li;M;900000001\n";
    let b = "id;person;last;sex;ssn\nb1;1;Abel;1;\nb2;3;;2;900000002\n";
    let result = json(&linked(&spec, a, b, &["--check", "--json", "-"]));
    assert_eq!(result["true_pairs"], 2);
    let of_a = &result["files"]["a"];
    assert_eq!(
        (&of_a["persons"], &of_a["persons_repeated"], &of_a["separated_by"]),
        (&2.into(), &1.into(), &"semicolons".into())
    );
    let surname = result["fields"].as_array().unwrap().iter().find(|field| field["field"] == "surname").unwrap();
    assert_eq!(
        (&surname["blank"]["b"], &surname["distinct"]["a"], &surname["shared"]),
        (&1.into(), &2.into(), &1.into())
    );
    assert_eq!(codes(&result), ["missing-words", "no-common-value", "no-common-value"]);
    let text = linked(&spec, a, b, &["--check"]).stdout;
    for line in
        ["A a.csv: 3 records, separated by semicolons", "A: 2 persons, 1 with several records, at most 2.", "33.3 %"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("MATCHED"));
    // Truth that never meets is shown, not refused: the report is there to find it.
    let apart = json(&linked(&spec, a, &b.replace(";1;", ";x;").replace(";3;", ";y;"), &["--check", "--json", "-"]));
    assert_eq!(apart["true_pairs"], 0);
    // The same lines head the summary of a run.
    let summary = linked(&spec, a, b, &[]).stdout;
    assert!(
        summary.contains("separated by semicolons\n") && summary.contains("Blank in A / B: surname 0.0 % / 50.0 %"),
        "{summary}"
    );
}

#[test]
fn the_order_of_columns_changes_nothing() {
    let columns = ["id", "person", "last", "first", "born", "sex"];
    let rows = |side: &str| -> Vec<[String; 6]> {
        let name = |i: usize| ["Abel", "Brook", "Nuñez", "Li"][i % 4].to_owned();
        let row = |i: usize| {
            let first = ["Ada", "Bea", "Zoë"][i % 3].to_owned();
            let born = format!("19{:02}-0{}-1{}", 40 + i % 50, 1 + i % 9, i % 8);
            let slip = if side == "b" && i.is_multiple_of(5) { "x" } else { "" };
            [format!("{side}{i}"), i.to_string(), name(i) + slip, first, born, ["F", "M"][i % 2].to_owned()]
        };
        (0..60).map(row).collect()
    };
    let file = |side: &str, order: [usize; 6]| {
        let line = |cells: &dyn Fn(usize) -> String| order.map(cells).join(",") + "\n";
        rows(side).iter().fold(line(&|i| columns[i].to_owned()), |text, row| text + &line(&|i| row[i].clone()))
    };
    let spec = "id = \"id\"\ntruth = \"person\"\ngroups = [\"sex\"]\n[fields]\nsurname = \"last\"\ngiven_name = \"first\"\n\
                date_of_birth = \"born\"\n";
    let plain = [0, 1, 2, 3, 4, 5];
    let first = linked(spec, &file("a", plain), &file("b", plain), &["--json", "-"]);
    assert!(counts(&json(&first))[1] > 30);
    for (a, b) in [([5, 4, 3, 2, 1, 0], plain), (plain, [2, 0, 4, 1, 5, 3]), ([1, 0, 3, 5, 2, 4], [4, 5, 0, 2, 3, 1])] {
        assert_eq!(linked(spec, &file("a", a), &file("b", b), &["--json", "-"]).stdout, first.stdout);
    }
    // Nor in a list, nor does the order of the fields in the spec.
    let lists =
        ["score,prob,id_a,id_b\n3,0.9,a1,b1\n2,0.5,a2,b3\n", "id_b,id_a,prob,score\nb1,a1,0.9,3\nb3,a2,0.5,2\n"];
    let [one, other] = lists.map(|list| scored(list, &file("a", plain), &file("b", plain), spec).stdout);
    assert!(one == other && one.contains("\"prob\""), "{one}{other}");
    let (head, fields) = spec.split_once("[fields]\n").unwrap();
    let turned: Vec<&str> = fields.lines().rev().collect();
    let spec = format!("{head}[fields]\n{}\n", turned.join("\n"));
    assert_eq!(linked(&spec, &file("a", plain), &file("b", plain), &["--json", "-"]).stdout, first.stdout);
}

#[test]
fn ids_and_truth_with_a_character_that_cannot_be_seen_are_refused() {
    let a = "id,person,last\n1,p\u{200b}1,Abel\n";
    let b = "id,person,last\n1,p1,Abel\n";
    refused(&linked(SPEC, a, b, &[]), &["a.csv, line 2", "\"person\"", "U+200B", "remove it"]);
    let a = "id,person,last\n1\u{feff},p1,Abel\n";
    refused(&linked(SPEC, a, b, &[]), &["a.csv, line 2", "\"id\"", "U+FEFF"]);
    // A capital changes neither a field nor its comparison.
    let spec = SPEC.replace("surname = \"last\"", "Surname = \"last\"");
    assert_eq!(json(&linked(&spec, b, b, &["--json", "-"]))["counts"]["returned_right"], 1);
}

#[test]
fn a_first_line_that_names_the_wrong_delimiter_is_named() {
    let a = "sep=;\nid,person,last\na1,1,Abel\n";
    refused(&linked(SPEC, a, "id,person,last\nb1,1,Abel\n", &[]), &["a.csv, line 2", "semicolons", "(sep=)"]);
}

#[test]
fn cells_with_nothing_that_is_compared_count_as_blank() {
    let spec = SPEC.replace("\n[[", "\ndob = \"born\"\n[[");
    let a = "id,person,last,born\na1,1,Abel,1980-05-17\na2,2,\u{200b},not known\na3,3,-,\n";
    let result = json(&linked(&spec, a, a, &["--check", "--json", "-"]));
    for (field, blank) in [("surname", 2), ("date_of_birth", 2)] {
        let of = result["fields"].as_array().unwrap().iter().find(|of| of["field"] == field).unwrap();
        assert_eq!((&of["blank"]["a"], &of["distinct"]["a"]), (&blank.into(), &1.into()), "{of}");
    }
    assert!(linked(&spec, a, a, &[]).stdout.contains("surname 66.7 % / 66.7 %"));
}

#[test]
fn a_threshold_that_nothing_reaches_and_files_too_small_to_train_on_are_explained() {
    let spec = SPEC.split("[[").next().unwrap();
    let (a, b) = ("id,person,last\na1,1,Abel\n", "id,person,last\nb1,1,Abel\n");
    let run = linked(&format!("{spec}[model]\nthreshold = 90\n"), a, b, &[]);
    for says in ["The highest score of a pair is", "from 90.000 up", "Too few pairs", "No pair was matched"] {
        assert!(run.stdout.contains(says), "{says}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("no trials") && !run.stdout.contains("EM converged"), "{}", run.stdout);
}

#[test]
fn years_in_which_nobody_of_a_file_was_born_are_told() {
    let spec = SPEC.replace("\n[[", "\ndob = \"born\"\n[[");
    let a = "id,person,last,born\na1,1,Abel,1980-05-17\na2,2,Li,2117-05-17\na3,3,Roe,10660517\n";
    let told = |spec: &str| {
        let result = json(&linked(spec, a, a, &["--check", "--json", "-"]));
        let of =
            result["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == "dates-unlikely").cloned();
        of.map(|notice| (notice["count"].as_u64().unwrap(), notice["sentence"].to_string()))
    };
    let (count, sentence) = told(&spec).unwrap();
    assert!(count == 2 && sentence.contains("before 1880 or after 2029"), "{sentence}");
    let (count, _) = told(&format!("first_year = 2020\n{spec}")).unwrap();
    assert_eq!(count, 1, "1980 and 2117 are within reach of 2020, 1066 is not");
    // 05/17/20 says by itself which number is which.
    let short = "id,person,last,born\na1,1,Abel,05/17/20\n";
    assert!(!codes(&json(&linked(&spec, short, short, &["--check", "--json", "-"]))).contains(&"dates-open"));
}

/// Inputs on which other people's programs gave a wrong figure, each with what is right: true pairs, right and wrong, or
/// the words of a refusal. Siblings of each kind are tests of their own.
#[test]
fn every_input_that_was_reported_gives_the_right_figure_or_a_refusal() {
    const LINK: &str = "link a.csv b.csv";
    type Expected = Result<[u64; 3], &'static [&'static str]>;
    let expected: [(&str, &str, Expected); 14] = [
        ("dates-not-read", "link a.csv b_timestamp.csv", Ok([2, 2, 0])),
        ("dates-not-read", "link a.csv b_excel.csv", Ok([2, 2, 0])),
        ("dates-not-read", "link a.csv b_uk.csv", Ok([2, 2, 0])),
        ("delimiter-in-quoted-header", LINK, Ok([1, 1, 0])),
        ("float-columns", LINK, Ok([2, 2, 0])),
        ("house-number-collision", LINK, Err(&["no record of a.csv has the truth value", "\"a1\": \"1\""])),
        ("na-is-a-person", LINK, Err(&["a.csv, line 3, column \"person\"", "missing = [\"NA\"]"])),
        ("na-is-a-person", "score clusters.csv --a a.csv --b b.csv", Err(&["line 3, column \"person\""])),
        // Five tied records a side: one in five pairs is right, by lot, whatever the order of rows.
        ("one-to-one-row-order", "link tie_a.csv tie_b.csv --assignment one-to-one", Ok([5, 0, 5])),
        ("one-to-one-row-order", "link tie_a.csv tie_b_reversed.csv --assignment one-to-one", Ok([5, 0, 5])),
        ("recordlinkage-to-csv", "score default_index.csv --a a.csv --b b.csv", Ok([2, 2, 0])),
        ("recordlinkage-to-csv", "score named_index.csv --a a.csv --b b.csv", Ok([2, 2, 0])),
        (
            "splink-alias-swapped",
            "score splink.csv --a a.csv --b b.csv",
            Err(&["\"decennial\" or \"tax\"", "datasets = {"]),
        ),
        ("splink-partly-trained", LINK, Ok([300, 300, 0])),
    ];
    let Some(reports) = shared_data("reports") else { return };
    let run = |folder: &str, command: &str| {
        let words: Vec<&str> = command.split(' ').chain(["--spec", "spec.toml", "--json", "-"]).collect();
        namesake_in(&reports.join(folder), &words)
    };
    for (folder, command, expected) in expected {
        let run = run(folder, command);
        match expected {
            Ok(right) => assert_eq!(counts(&json(&run)), right, "{folder}: {command}"),
            Err(says) => refused(&run, says),
        }
    }
    let why = json(&run("float-columns", "explain a.csv b.csv --pair a1 b1"))["why"].clone();
    assert_eq!((&why["levels"][3][1], &why["score"]), (&"same".into(), &1000.into()), "{why}");
}
