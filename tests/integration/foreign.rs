//! Lists and files as spreadsheets and programs of several languages write them: read, or refused with what to do.

use crate::lists::{files, pairs, scored};
use crate::misread::notice;
use crate::reading::{SPEC, codes, counts, json, linked, refused};
use serde_json::Value;

fn result(list: &str, more: &[&str]) -> Value {
    json(&scored(list, &files(), SPEC, more))
}

#[test]
fn words_of_several_languages_say_which_pairs_are_matches() {
    for (yes, no) in [
        ("ja", "nein"),
        ("oui", "non"),
        ("si", "no"),
        ("sí", "no"),
        ("WAHR", "FALSCH"),
        ("VRAI", "FAUX"),
        ("VERDADERO", "FALSO"),
        ("M", "U"),
        ("S", "N"),
        ("o", "n"),
        ("V", "F"),
        ("match", "non-match"),
        ("matched", "unmatched"),
        ("Treffer", "kein Treffer"),
    ] {
        let result = result(&pairs("decision", yes, no), &[]);
        assert_eq!((counts(&result), &result["list"]["decided_by"]), ([20, 10, 0], &"decision".into()), "{yes}");
        assert_eq!(notice(&result, "list-says-no")["count"], 5);
        // A column of another name is asked about, and named by the flag it is read.
        let other = pairs("status", yes, no);
        refused(&scored(&other, &files(), SPEC, &[]), &["\"status\"", "--matches"]);
        assert_eq!(counts(&json(&scored(&other, &files(), SPEC, &["--matches", "status"]))), [20, 10, 0], "{yes}");
    }
    refused(&scored(&pairs("decision", "vielleicht", "nein"), &files(), SPEC, &[]), &["line 2", "\"vielleicht\""]);
    for (column, yes, no) in [("gekoppeld", "waar", "onwaar"), ("resultado", "sí", "no"), ("Ergebnis", "ja", "nein")] {
        let list = pairs(column, yes, no);
        refused(&scored(&list, &files(), SPEC, &[]), &[column, "--matches"]);
        assert_eq!(counts(&result(&list, &["--matches", column])), [20, 10, 0], "{column}");
    }
    // Columns about persons, and of how a match was found, decide nothing.
    for column in ["marital_status", "MATCH_LEVEL", "smoking status"] {
        assert_eq!(counts(&result(&pairs(column, "1", "2"), &[])), [20, 10, 5], "{column}");
    }
    // M and F are sexes.
    assert!(!codes(&result(&pairs("sex", "M", "F"), &[])).contains(&"list-says-no"));
}

#[test]
fn scores_with_decimal_commas_are_read_and_told() {
    let list = |delimiter: &str, right: &str, wrong: &str| {
        pairs("score", "RIGHT", "WRONG").replace(',', delimiter).replace("RIGHT", right).replace("WRONG", wrong)
    };
    for (right, wrong) in [("0,93", "0,2"), ("12,5", "-3,25"), ("1.234,5", "7"), ("9,1e-1", "1,5e-3"), (",98", ",2")] {
        for delimiter in [";", "\t", "|"] {
            let found = result(&list(delimiter, right, wrong), &["--threshold", "0.5"]);
            let wrong_too = if wrong == "7" { 5 } else { 0 };
            assert_eq!(counts(&found), [20, 10, wrong_too], "{right} {delimiter:?}");
            let told = notice(&found, "decimal-commas");
            assert!(told["sentence"].as_str().unwrap().contains("a decimal comma and are read so"), "{told}");
        }
    }
    assert_eq!(result(&list(";", "0,93", "0,2"), &[])["curve"][0]["threshold"], 0.93);
    // SPSS writes no zero in front.
    let bare = result(&list(";", ",98", "-,5"), &[]);
    assert_eq!((&bare["curve"][0]["threshold"], &notice(&bare, "decimal-commas")["count"]), (&0.98.into(), &15.into()));
    assert_eq!(counts(&result(&list(",", "\",98\"", "\",2\""), &["--threshold", "0.5"])), [20, 10, 0]);
    // In a list separated by commas they are within quotes.
    assert_eq!(counts(&result(&list(",", "\"0,93\"", "\"0,2\""), &["--threshold", "0.5"])), [20, 10, 0]);
    for (right, wrong, says) in [
        ("1,234", "2,345", "\"1,234\" may be 1.234 or 1234"),
        ("0,93", "0.2", "\"0,93\" has a decimal comma, and \"0.2\" on line 12"),
        ("1,234,567", "0,2", "\"1,234,567\" is not a number"),
    ] {
        refused(&scored(&list(";", right, wrong), &files(), SPEC, &[]), &["line 2", says]);
    }
    let points = result(&list(";", "0.93", "0.2"), &["--threshold", "0.5"]);
    assert!(counts(&points) == [20, 10, 0] && !codes(&points).contains(&"decimal-commas"));
    let probability = list(";", "0,93", "1,5").replace("score", "probability");
    refused(&scored(&probability, &files(), SPEC, &[]), &["line 12", "\"1,5\" is outside 0 to 1"]);
}

#[test]
fn columns_of_ids_are_known_by_their_letters_whatever_stands_between() {
    let ids = |header: &str| {
        let rows = (10..20).map(|i| format!("a{i},b{i},0.9\n"));
        format!("{header},score\n{}", rows.collect::<String>())
    };
    for header in [
        "id.a,id.b",
        "ID A,ID B",
        "idA,idB",
        "id-a,id-b",
        "a.id,b.id",
        "a_id,b_id",
        "A id,B id",
        "id.l,id.r",
        "idL,idR",
        "id.left,id.right",
        "leftId,rightId",
        "Unique ID L,Unique ID R",
        "unique_id.l,unique_id.r",
        "rec.id.1,rec.id.2",
    ] {
        let result = result(&ids(header), &[]);
        assert_eq!(counts(&result), [20, 10, 0], "{header}");
        let columns = result["list"]["columns"].as_array().unwrap();
        assert_eq!(columns.iter().filter(|column| column["read_as"] == "id").count(), 2, "{header}");
    }
    // Ids that are called otherwise in the spec, and clusters.
    let spec = SPEC.replace("\"id\"", "\"rec_no\"");
    let with = files().map(|file| file.replace("id,", "rec_no,"));
    for header in ["rec_no_a,rec_no_b", "recNo.a,recNo.b", "Rec-No X,Rec-No Y"] {
        assert_eq!(counts(&json(&scored(&ids(header), &with, &spec, &[]))), [20, 10, 0], "{header}");
    }
    let clusters: String = (10..20).map(|i| format!("a{i},{i}\nb{i},{i}\n")).collect();
    assert_eq!(counts(&json(&scored(&format!("Rec No,Cluster\n{clusters}"), &with, &spec, &[]))), [20, 10, 0]);
    // Two columns of the same letters are none, and x is not .x.
    for header in ["id.a,id-b,ID.B", "x,y"] {
        let rows = "a10,b10,b10\n".split(',').take(header.split(',').count()).collect::<Vec<_>>().join(",");
        let list = format!("{header}\n{}\n", rows.trim_end());
        refused(&scored(&list, &files(), SPEC, &[]), &["no two columns of ids"]);
    }
}

#[test]
fn ids_that_lost_their_zeros_are_refused_as_such() {
    let with = |a: fn(u64) -> String, b: fn(u64) -> String| {
        [a, b].map(|id| {
            format!("id,person,last\n{}", (1..40).map(|i| format!("{},{i},N{i}\n", id(i))).collect::<String>())
        })
    };
    let (zeros, plain) = ((|i| format!("a{i}")) as fn(u64) -> String, (|i| format!("{i:04}")) as fn(u64) -> String);
    for id in ["31", "31.0", "031"] {
        let run = scored(&format!("id_a,id_b\na31,{id}\n"), &with(zeros, plain), SPEC, &[]);
        let says =
            ["line 2", "b.csv has \"0031\"", "zeros at the front were lost when the list was written", "as text"];
        refused(&run, &says);
    }
    // The file lost them.
    let run = scored("id_a,id_b\na31,0031\n", &with(zeros, |i| i.to_string()), SPEC, &[]);
    refused(&run, &["b.csv has \"31\"", "were lost when b.csv was written"]);
    let run = scored("id_a,id_b\na31,77\n", &with(zeros, plain), SPEC, &[]);
    refused(&run, &["check that the list is of these two files"]);
}

#[test]
fn a_threshold_beside_two_scores_is_refused_until_one_is_named() {
    for (header, right, wrong, threshold) in [
        ("match_weight,match_probability", "9,0.998", "1.5,0.74", "0.9"),
        ("match_weight,score", "9,95", "1.5,20", "5"),
        ("match_probability,score", "0.99,0.95", "0.7,0.2", "0.5"),
        ("weight,similarity_score", "9,0.95", "1.5,0.2", "0.9"),
        ("match_weight,fuzz_ratio", "9,95", "1.5,20", "50"),
        ("match_probability,total_score", "0.99,95", "0.7,20", "0.9"),
        ("score,matchPct", "0.9,95", "0.1,20", "0.5"),
    ] {
        let list = pairs(header, right, wrong);
        let columns: Vec<&str> = header.split(',').collect();
        let says =
            [&format!("--threshold {threshold} may be meant of each")[..], columns[0], columns[1], "--score COLUMN"];
        refused(&scored(&list, &files(), SPEC, &["--threshold", threshold]), &says);
        let named = result(&list, &["--threshold", threshold, "--score", columns[0]]);
        assert_eq!(named["list"]["score"], columns[0], "{header}");
    }
    // Scores of parts are what a score was made of.
    for header in ["match_weight,jaro_surname", "score,name_similarity", "match_weight,gamma_last"] {
        let found = result(&pairs(header, "9,1", "1.5,0"), &["--threshold", "5"]);
        assert_eq!(counts(&found), [20, 10, 0], "{header}");
    }
}

#[test]
fn a_distance_is_no_score_by_its_name_or_by_the_truth() {
    for column in ["distance", "dist", "abstand", "p_value", "pvalue", "edit_distance", "cost", "p.value", "Distance2"]
    {
        let list = pairs(column, "1", "7");
        refused(&scored(&list, &files(), SPEC, &["--score", column]), &["less means more alike"]);
    }
    // These may be either, and the truth says which.
    for column in ["levenshtein", "hamming", "Levenshtein2", "edits"] {
        let run = |right: &str, wrong: &str| scored(&pairs(column, right, wrong), &files(), SPEC, &["--score", column]);
        refused(&run("1", "7"), &["may be a number of differences"]);
        refused(&run("1", "1"), &["may be a number of differences"]);
        assert_eq!(counts(&json(&run("0.95", "0.2"))), [20, 10, 5], "{column}");
    }
    let likeness =
        scored(&pairs("levenshtein_similarity", "0.9", "0.9"), &files(), SPEC, &["--score", "levenshtein_similarity"]);
    assert_eq!(counts(&json(&likeness)), [20, 10, 5]);
}

#[test]
fn scores_in_per_cent_beside_fractions_are_told() {
    let list = |scores: [&str; 4]| {
        let rows = (10..26).map(|i| format!("a{i},b{i},{}\n", scores[i as usize % 4]));
        format!("id_a,id_b,score\n{}", rows.collect::<String>())
    };
    let told = result(&list(["0.93", "95", "0.88", "97"]), &[]);
    let told = notice(&told, "scores-mixed");
    assert!(told["count"] == 8 && told["sentence"].as_str().unwrap().contains("fractions from 0.88 to 0.93"), "{told}");
    for scores in [
        ["93", "95", "88", "97"],
        ["0.93", "0.95", "0.88", "0.97"],
        ["0.9", "12.5", "3.25", "-7"],
        ["0", "95", "1", "97"],
    ] {
        assert!(!codes(&result(&list(scores), &[])).contains(&"scores-mixed"), "{scores:?}");
    }
}

#[test]
fn per_cent_of_small_fractions_are_told_and_weights_are_not() {
    let scores = ["0.97", "95", "0.88", "64", "0.6", "4", "0.03", "91", "88", "0.79", "0.91", "77"];
    let list = |column: &str| {
        let rows = (10..22).map(|i| format!("a{i},b{i},{}\n", scores[i as usize - 10]));
        format!("id_a,id_b,{column}\n{}", rows.collect::<String>())
    };
    let told = result(&list("score"), &[]);
    assert_eq!(notice(&told, "scores-mixed")["count"], 6);
    for column in ["match_weight", "weights", "weight"] {
        assert!(!codes(&result(&list(column), &[])).contains(&"scores-mixed"), "{column}");
    }
}

#[test]
fn a_few_scores_in_per_cent_among_fractions_are_told_and_rare_matches_in_per_cent_are_not() {
    let list = |score: &dyn Fn(u64) -> String| {
        let rows = (0..60).map(|i| format!("a{},b{},{}\n", i % 30, 10 + (i * 7 + i / 30) % 30, score(i)));
        format!("id_a,id_b,score\n{}", rows.collect::<String>())
    };
    let fraction = |i: u64| format!("0.{:02}", 40 + i);
    let told = result(&list(&|i| if i % 20 == 3 { format!("{}", 60 + i / 2) } else { fraction(i) }), &[]);
    assert_eq!(notice(&told, "scores-mixed")["count"], 3);
    let few_below_one = result(&list(&|i| if i % 20 == 3 { "0.6".to_owned() } else { format!("{}.5", 38 + i) }), &[]);
    assert!(!codes(&few_below_one).contains(&"scores-mixed"));
}

#[test]
fn per_cent_near_0_and_near_100_are_one_scale() {
    let list = |of_wrong: f64| {
        let of_one = (10..30).map(|i| format!("a{i},b{i},{}\n", 99.0 + (i - 10) as f64 / 20.0));
        let of_two = (0..29).map(|i| format!("a{i},b{},{}\n", 39 - i % 3, of_wrong * (1.0 + i as f64)));
        format!("id_a,id_b,score\n{}", of_one.chain(of_two).collect::<String>())
    };
    assert!(!codes(&result(&list(0.03), &[])).contains(&"scores-mixed"));
    // Of which half are of people too, as they are where a part of the list is on another scale.
    let per_cent = list(0.0009);
    let mixed = per_cent.lines().enumerate().map(|(i, row)| match i {
        1..10 => format!("a{0},b{0},0.99{i}\n", 9 + i),
        _ => format!("{row}\n"),
    });
    assert!(codes(&result(&mixed.collect::<String>(), &[])).contains(&"scores-mixed"));
    // Wrong pairs below 10 per cent beside them.
    let scores = [90.0, 91.0, 92.0, 0.93, 0.94, 0.95, 6.5, 7.5, 8.5, 0.02, 0.021, 0.022];
    let rows = scores.iter().enumerate().map(|(i, score)| match i {
        0..6 => format!("a{0},b{0},{score}\n", 10 + i),
        _ => format!("a{},b{},{score}\n", 10 + i, 11 + i),
    });
    let list = format!("id_a,id_b,score\n{}", rows.collect::<String>());
    assert_eq!(notice(&result(&list, &[]), "scores-mixed")["count"], 6);
}

#[test]
fn points_between_the_thousands_of_scores_are_refused_where_they_may_be_decimals() {
    let says = ["line 2", "\"1.250\" may be a decimal or 1250", "\"980\" on line 12"];
    refused(&scored(&pairs("score", "1.250", "980"), &files(), SPEC, &[]), &says);
    for (right, wrong) in [("1.250", "980.5"), ("0.930", "7"), ("1.250", "0"), ("12.340", "1.250"), ("1.25", "980")] {
        assert_eq!(counts(&result(&pairs("score", right, wrong), &[])), [20, 10, 5], "{right} {wrong}");
    }
}

#[test]
fn a_blank_group_is_told_where_it_is_large_or_filled_in_the_other_file() {
    let file = |side: &str, group: &dyn Fn(u64) -> &'static str| {
        let rows = (0..40).map(|i| format!("{side}{i},p{i},N{i},{}\n", group(i)));
        format!("id,person,last,sex\n{}", rows.collect::<String>())
    };
    let halves = |i: u64| if i.is_multiple_of(2) { "f" } else { "m" };
    let some = move |i: u64| if i < 6 { "" } else { halves(i) };
    let few = move |i: u64| if i < 2 { "" } else { halves(i) };
    let of = |groups: &str, a: &dyn Fn(u64) -> &'static str, b: &dyn Fn(u64) -> &'static str| {
        let spec = SPEC.replace("[fields]", &format!("groups = {groups}\n[fields]"));
        let result = json(&linked(&spec, &file("a", a), &file("b", b), &["--json", "-"]));
        let told = result["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == "group-blank");
        told.map(|told| (told["count"].as_u64().unwrap(), told["sentence"].as_str().unwrap().to_owned()))
    };
    let both = "[\"sex\", { column = \"sex\", file = \"b\" }]";
    let (count, sentence) = of(both, &some, &halves).unwrap();
    assert!(count == 6 && sentence.contains("a.csv, column \"sex\": 6 of 40 records are blank"), "{sentence}");
    assert!(sentence.contains("6 of them are of people who have a value in b.csv, column \"sex\""), "{sentence}");
    assert!(of(both, &halves, &some).unwrap().1.contains("b.csv, column \"sex\": 6 of 40"));
    for group in [
        |_: u64| "",
        |i: u64| {
            if i < 20 {
                ""
            } else if i < 30 {
                "f"
            } else {
                "m"
            }
        },
    ] {
        assert!(of("[\"sex\"]", &group, &halves).unwrap().1.contains("a group of their own"));
    }
    // A few blanks, or as many in either file, are what any file has.
    assert_eq!(of("[\"sex\"]", &few, &halves), None);
    assert_eq!(of(both, &few, &few), None);
    assert_eq!(of(both, &halves, &halves), None);
}

#[test]
fn cells_that_a_spreadsheet_marks_as_text_are_read_as_the_text_inside() {
    let spec = SPEC.replace("surname = \"last\"", "surname = \"last\"\ndob = \"born\"");
    let file = |cell: &dyn Fn(String) -> String| {
        let rows = (10..40).map(|i| {
            let cells = [format!("00{i}"), format!("{i}7"), format!("1984-05-{}", i % 20 + 10)].map(cell);
            format!("{},{},N{i},{}\n", cells[0], cells[1], cells[2])
        });
        format!("id,person,last,born\n{}", rows.collect::<String>())
    };
    let plain = file(&|text| text);
    let marks: [&dyn Fn(String) -> String; 4] =
        [&|text| format!("'{text}"), &|text| format!("=\"{text}\""), &|text| format!("\"=\"\"{text}\"\"\""), &|text| {
            format!("'{text}'")
        }];
    for marked in marks {
        let b = file(marked);
        let told = json(&linked(&spec, &plain, &b, &["--json", "-"]));
        assert_eq!(counts(&told), [30, 30, 0], "{b}");
        assert_eq!(notice(&told, "spreadsheet-text")["count"], 90, "{told}");
        assert_eq!(codes(&told).iter().filter(|code| **code == "spreadsheet-text").count(), 1);
        assert!(!codes(&told).contains(&"dates-not-read") && !codes(&told).contains(&"truth-alike"), "{told}");
        // In a list as well: ids and scores.
        let rows = (10..20).map(|i| format!("00{i},{},{}\n", marked(format!("00{i}")), marked("0.9".to_owned())));
        let list = format!("id_a,id_b,score\n{}", rows.collect::<String>());
        let found = json(&scored(&list, &[plain.clone(), b], &spec, &["--threshold", "0.5"]));
        assert_eq!(counts(&found), [30, 10, 0]);
        let told: Vec<u64> = found["notices"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|notice| notice["code"] == "spreadsheet-text")
            .map(|notice| notice["count"].as_u64().unwrap())
            .collect();
        assert_eq!(told, [90, 20]);
    }
    // An apostrophe of a name is its own.
    let names = plain.replace(",N", ",'t Hof ");
    assert!(!codes(&json(&linked(&spec, &names, &names, &["--json", "-"]))).contains(&"spreadsheet-text"));
}

#[test]
fn a_word_that_people_are_called_by_is_told_only_where_it_is_no_name() {
    let file = |name: &str, times: u64| {
        let rows =
            (0..2_000).map(|i| format!("{i},p{i},{}\n", if i < times { name.to_owned() } else { format!("Ō{i}") }));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    let is_told = |name: &str, times: u64| {
        let told = json(&linked(SPEC, &file("x1", 0), &file(name, times), &["--check", "--json", "-"]));
        codes(&told).contains(&"missing-words")
    };
    for name in ["KEIN", "Kein", "Ohne", "Blank", "NAN"] {
        assert_eq!([1, 2, 3].map(|times| is_told(name, times)), [false, false, true], "{name}");
    }
    for word in ["nan", "NaN", "NULL", "NA", "UNKNOWN", "unbekannt"] {
        assert!(is_told(word, 1), "{word}");
    }
}

#[test]
fn columns_whose_names_have_marks_are_found_however_they_are_written() {
    let file = |name: &str| {
        let rows = (0..5).map(|i| format!("{i},p{i},N{i},{}\n", i % 2));
        format!("id,{name}_osoba,{name},{name}_g\n{}", rows.collect::<String>())
    };
    let (composed, apart) = ("imi\u{119}", "imie\u{328}");
    for (in_spec, in_a, in_b) in [(composed, apart, composed), (apart, composed, composed), (composed, apart, apart)] {
        let spec = SPEC.replace("\"last\"", &format!("\"{in_spec}\"")).replace("person", &format!("{in_spec}_osoba"));
        let spec = format!("groups = [\"{in_spec}_g\"]\n{spec}");
        assert_eq!(counts(&json(&linked(&spec, &file(in_a), &file(in_b), &["--json", "-"]))), [5, 5, 0], "{in_spec}");
    }
    // Of two columns that look alike neither is taken, and a letter without its mark is another.
    let spec = SPEC.replace("\"last\"", &format!("\"{composed}\"")).replace("person", &format!("{composed}_osoba"));
    let both = file(composed).replace(&format!("{composed}_g"), apart);
    refused(&linked(&spec, &both, &file(composed), &[]), &["a.csv", "columns 3 and 4 of the header have this name"]);
    refused(&linked(&spec, &file("imie"), &file(composed), &[]), &["a.csv", "the header has no such column"]);
}

#[test]
fn question_marks_in_place_of_letters_are_told_where_the_other_file_has_the_letters() {
    let file = |side: &str, name: &dyn Fn(u64) -> String, last: &dyn Fn(u64) -> String| {
        let rows = (0..20).map(|i| format!("{side}{i},{},{}\n", name(i), last(i)));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    let (whole, plain) = (|i: u64| format!("Müller{i:02}"), |i: u64| format!("N{i}"));
    let told = |name: &dyn Fn(u64) -> String, last: [&dyn Fn(u64) -> String; 2]| {
        let result = json(&linked(SPEC, &file("a", &whole, last[0]), &file("b", name, last[1]), &["--json", "-"]));
        let told = result["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == "broken-text").cloned();
        (counts(&result), told)
    };
    for mark in ["?", "??"] {
        let lost = |i: u64| whole(i).replace('ü', if i.is_multiple_of(5) { mark } else { "ü" });
        let (counts, told) = told(&lost, [&plain, &plain]);
        let told = told.unwrap();
        assert_eq!(
            (counts[0], &told["count"], &told["examples"][0]),
            (16, &4.into(), &format!("M{mark}ller00").into())
        );
        for part in ["b.csv, column \"person\": 4 values have", "a value of a.csv has a letter", "\"Müller00\""] {
            assert!(told["sentence"].as_str().unwrap().contains(part), "{told}");
        }
    }
    // In ids and in fields, of either file.
    let name = |i: u64| if i == 7 { "Zoë".to_owned() } else { plain(i) };
    let marked = |i: u64| name(i).replace('ë', "?");
    for (last, file) in [([&name as &dyn Fn(u64) -> String, &marked], "b.csv"), ([&marked, &name], "a.csv")] {
        let told = told(&whole, last).1.unwrap();
        assert!(
            told["sentence"].as_str().unwrap().contains(&format!("{file}, column \"last\": 1 value has")),
            "{told}"
        );
    }
    let ids = [file("", &whole, &plain).replace("\n3,", "\né3,"), file("", &whole, &plain).replace("\n3,", "\n?3,")];
    let result = json(&linked(SPEC, &ids[0], &ids[1], &["--json", "-"]));
    assert!(notice(&result, "broken-text")["sentence"].as_str().unwrap().contains("b.csv, column \"id\""));
    // Question marks that somebody wrote.
    for written in ["N?7", "Zoe?", "Z?e", "?", "Ann (?)", "Zoë?", "Who?"] {
        let last = |i: u64| if i == 8 { written.to_owned() } else { name(i) };
        assert_eq!(told(&whole, [&last, &name]).1, None, "{written}");
        assert_eq!(told(&whole, [&last, &last]).1, None, "{written}");
    }
}

#[test]
fn words_and_error_values_of_more_languages_are_no_person() {
    let file = |side: &str, person: &str, last: &str| {
        format!("id,person,last\n{side}1,1,Abel\n{side}2,{person},{last}\n{side}3,3,Li\n")
    };
    for word in [
        "нет",
        "НЕТ",
        "нет данных",
        "Нет данных",
        "不明",
        "無",
        "b.d.",
        "SYSMIS",
        "brak danych",
        "неизвестно",
        "#Н/Д",
        "#N/B",
        "#VERW!",
        "#ADR!",
        "#VACÍO!",
        "#NV",
        "#BEZUG!",
        "#WERT!",
        "#REF!",
        "#DIV/0!",
        "#ДЕЛ/0!",
        "#¡VALOR!",
        "#YOK",
    ] {
        refused(
            &linked(SPEC, &file("a", word, "Brook"), &file("b", word, "Brook"), &[]),
            &[
                "a.csv, line 3, column \"person\"",
                &format!("\"{word}\" usually stands for a missing value"),
                "missing = [",
            ],
        );
        let told = json(&linked(SPEC, &file("a", "2", word), &file("b", "2", "Brook"), &["--check", "--json", "-"]));
        assert_eq!(notice(&told, "missing-words")["examples"][0], word);
        let clusters = format!("id,cluster_id\na1,1\nb1,1\na2,{word}\nb2,{word}\n");
        let files = ["a", "b"].map(|side| file(side, "2", "Brook"));
        refused(&scored(&clusters, &files, SPEC, &[]), &["list.csv, line 4, column \"cluster_id\"", word]);
    }
    // Dwellings, tags and names.
    for value in ["#PH", "#A", "#4B", "#tag", "№ 4", "Нетова", "無門"] {
        let result = json(&linked(SPEC, &file("a", "2", value), &file("b", "2", value), &["--json", "-"]));
        assert!(!codes(&result).contains(&"missing-words"), "{value}");
    }
    for value in ["#A", "#A12", "#b2", "№4", "Нетова"] {
        assert_eq!(
            counts(&json(&linked(SPEC, &file("a", value, "Ō"), &file("b", value, "Ō"), &["--json", "-"])))[0],
            3
        );
    }
}
