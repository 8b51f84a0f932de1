//! Lists of other programs with a score, a decision or ids that are not read or are read in one of two ways: told, or
//! refused with the flag that chooses.

use crate::lists::{files, pairs, scored};
use crate::misread::notice;
use crate::reading::{SPEC, codes, counts, json, refused};
use serde_json::Value;

fn result(list: &str, more: &[&str]) -> Value {
    json(&scored(list, &files(), SPEC, more))
}

/// The sentence that says that every pair counts, if there is one.
fn every_pair(result: &Value) -> String {
    let all = result["notices"].as_array().unwrap();
    let told = all.iter().find(|notice| notice["code"] == "every-pair-counts");
    told.map_or(String::new(), |notice| notice["sentence"].as_str().unwrap().to_owned())
}

#[test]
fn scores_of_whole_numbers_are_told_as_fractions_are() {
    for column in [
        "similarity_score",
        "fuzz_score",
        "ratio",
        "match_pct",
        "points",
        "rank",
        "fuzzScore",
        "sim2",
        "name_similarity",
        "Levenshtein",
        "anything",
    ] {
        for (right, wrong) in [("95", "20"), ("95%", "20%"), ("\"0,95\"", "\"0,2\"")] {
            let list = pairs(column, right, wrong);
            let result = result(&list, &[]);
            assert_eq!(counts(&result), [20, 10, 5]);
            assert!(every_pair(&result).contains(&format!("Not read: {column:?}")), "{column}: {result}");
        }
        let named = scored(&pairs(column, "95", "20"), &files(), SPEC, &["--score", column, "--threshold", "90"]);
        if column == "rank" {
            refused(&named, &["less means more alike"]);
        } else {
            assert_eq!(counts(&json(&named)), [20, 10, 0], "{column}");
        }
    }
    // Fields of a record, the number of a blocking rule, and numbers that say nothing of a pair.
    for column in ["amount", "age", "year", "birth_year", "zip", "Zip5", "postcode", "match_key"] {
        let result = result(&pairs(column, "95", "20"), &[]);
        assert!(!codes(&result).contains(&"every-pair-counts"), "{column}: {result}");
    }
    assert_eq!(every_pair(&result(&pairs("match_key", "0", "1"), &[])), "");
    let numbered: Vec<String> = pairs("x", "y", "y").lines().skip(1).map(str::to_owned).collect();
    let rows: String = numbered.iter().enumerate().map(|(i, row)| format!("{i},{row}\n")).collect();
    assert!(!codes(&result(&format!("\"\",id_a,id_b,x\n{rows}"), &[])).contains(&"every-pair-counts"));
}

#[test]
fn a_threshold_that_leaves_nothing_out_is_told() {
    let of = |right: &str, wrong: &str, threshold: &str| {
        let result = result(&pairs("score", right, wrong), &["--threshold", threshold]);
        let told = result["notices"].as_array().unwrap().iter().find(|n| n["code"] == "threshold-without-effect");
        (counts(&result), told.map(|told| told["sentence"].as_str().unwrap().to_owned()))
    };
    let (all, told) = of("95", "20", "0.9");
    assert!(
        all == [20, 10, 5] && told.unwrap().contains("leaves no pair out: the scores in \"score\" are from 20 to 95")
    );
    let (all, told) = of("95", "0", "0.9");
    assert!(all == [20, 10, 0] && told.unwrap().contains("the pairs of score 0 alone"));
    assert_eq!(of("95", "20", "90"), ([20, 10, 0], None));
    // A list that was written from this threshold up begins a little above it.
    assert_eq!(of("0.98", "0.53", "0.5"), ([20, 10, 5], None));
    assert!(of("0.98", "0.53", "0.3").1.is_some() && of("98", "1", "0.9").1.is_some());
    assert_eq!(of("0.95", "0.2", "0.9"), ([20, 10, 0], None));
    assert_eq!(of("12.5", "-3.5", "0.9"), ([20, 10, 0], None));
    // Above all of them nothing is matched, which is told with the highest.
    let none = result(&pairs("score", "0.95", "0.2"), &["--threshold", "90"]);
    assert!(notice(&none, "nothing-matched")["sentence"].as_str().unwrap().contains("highest score of a pair is 0.95"));
    // Two scores of one name but for a number.
    for (header, other) in
        [("score,score_2", "score_2"), ("score1,score2", "score1"), ("match_score,match score 2", "match score 2")]
    {
        let list = pairs(header, "0.9,0.3", "0.2,0.1");
        refused(&scored(&list, &files(), SPEC, &[]), &["may each hold the scores", other, "--score COLUMN"]);
        assert_eq!(counts(&result(&list, &["--score", other, "--threshold", "0.25"]))[0], 20);
    }
}

#[test]
fn what_is_known_of_pairs_is_not_what_a_program_decided() {
    let of_r = |header: &str, right: &str, wrong: &str| pairs(header, right, wrong).replace("id_a,id_b", "id1,id2");
    let list = of_r("is_match,Weight", "TRUE,9", "FALSE,3");
    refused(
        &scored(&list, &files(), SPEC, &[]),
        &["the column \"is_match\"", "R's RecordLinkage", "--matches \"is_match\""],
    );
    assert_eq!(counts(&result(&list, &["--matches", "all"])), [20, 10, 5]);
    // Its Class is the decision, beside which the other is told as a label.
    let with_class = result(&of_r("Class,is_match", "L,TRUE", "L,FALSE"), &[]);
    assert_eq!((counts(&with_class), &with_class["list"]["decided_by"]), ([20, 10, 5], &"Class".into()));
    assert!(notice(&with_class, "list-says-no")["sentence"].as_str().unwrap().contains("\"is_match\" for labels"));
    // A decision that is the truth on every pair.
    let same = result(&pairs("is_match", "1", "0"), &[]);
    assert!(
        notice(&same, "copies-truth")["sentence"]
            .as_str()
            .unwrap()
            .contains("\"is_match\" agrees with the truth on all 15")
    );
    let one_off = pairs("is_match", "1", "0").replacen(",1\n", ",0\n", 1);
    assert!(!codes(&result(&one_off, &[])).contains(&"copies-truth"));
}

#[test]
fn words_that_tell_right_pairs_from_others_are_told_or_refused() {
    for (column, right, wrong) in
        [("_merge", "both", "left_only"), ("agreement", "full", "none"), ("verified", "x", ""), ("result", "ok", "bad")]
    {
        let list = pairs(column, right, wrong);
        refused(&scored(&list, &files(), SPEC, &[]), &[&format!("the column \"{column}\""), "--matches all"]);
    }
    let merged = pairs("_merge", "both", "right_only");
    assert_eq!(counts(&result(&merged, &["--matches", "_merge"])), [20, 10, 0]);
    for column in ["category", "quality", "x"] {
        let told = every_pair(&result(&pairs(column, "good", "bad"), &[]));
        assert!(told.contains(&format!("Not read: {column:?} (\"bad\" and \"good\")")), "{column}: {told}");
        let told = every_pair(&result(&pairs(&format!("{column},score"), "good,0.9", "bad,0.2"), &[]));
        assert!(told.contains(&format!("Not read: {column:?}")), "{column}: {told}");
    }
    // Words for yes and no are a decision in the column of Splink's rules as well.
    for (right, wrong) in [("match", "non-match"), ("yes", "no"), ("tak", "nie")] {
        let list = pairs("match_key", right, wrong);
        refused(&scored(&list, &files(), SPEC, &[]), &["the column \"match_key\"", "--matches \"match_key\""]);
    }
    // Other words in it that tell pairs apart are told, and its numbers are not.
    for (right, wrong) in [("yes", ""), ("same", "different"), ("certain", "no")] {
        assert!(every_pair(&result(&pairs("match_key", right, wrong), &[])).contains("\"match_key\""), "{right}");
    }
    for column in ["city", "state", "sex", "matched_name_rule"] {
        assert_eq!(every_pair(&result(&pairs(column, "good", "good"), &[])), "");
    }
    assert_eq!(every_pair(&result(&pairs("city", "Ōtsu", "Bern"), &[])), "");
}

/// Pairs of one person and of two with a further cell each, in turns.
fn mixed(column: &str, right: &[(&str, usize)], wrong: &[(&str, usize)]) -> String {
    let cells = |some: &[(&str, usize)]| {
        let all = some.iter().flat_map(|(cell, times)| std::iter::repeat_n(cell.to_string(), *times));
        all.collect::<Vec<String>>()
    };
    let of_one = cells(right).into_iter().zip(10..30).map(|(cell, i)| format!("a{i},b{i},{cell}\n"));
    let of_two = cells(wrong).into_iter().zip(0..29).map(|(cell, i)| format!("a{i},b{},{cell}\n", 39 - i % 15));
    format!("id_1,id_2,{column}\n{}", of_two.chain(of_one).collect::<String>())
}

#[test]
fn words_that_decide_less_than_perfectly_and_numbers_of_any_name_are_told() {
    for (column, yes, no) in
        [("review", "ok", "nok"), ("tier", "high", "low"), ("прим.", "да", "нет"), ("ocena", "dobrze", "źle")]
    {
        let list = mixed(column, &[(yes, 17), (no, 3)], &[(yes, 3), (no, 12)]);
        let told = every_pair(&result(&list, &[]));
        assert!(told.contains(&format!("Not read: {column:?}")), "{column}: {told}");
        let even = mixed(column, &[(yes, 11), (no, 9)], &[(yes, 8), (no, 7)]);
        assert_eq!(every_pair(&result(&even, &[])), "", "{column}");
    }
    for column in ["dist", "cost", "hamming_dist", "p_value", "Levenshtein", "d"] {
        let list = mixed(column, &[("0", 9), ("1", 6), ("2", 5)], &[("4", 5), ("5", 5), ("9", 5)]);
        let told = every_pair(&result(&list, &[]));
        assert!(told.contains(&format!("Not read: {column:?}")), "{column}: {told}");
    }
    // A name that says it is told with the fewest pairs; numbers of rows, of a record, and unlike in nothing are not.
    assert!(every_pair(&result(&mixed("dist", &[("0", 2)], &[("7", 1)]), &[])).contains("\"dist\""));
    let even = mixed("d", &[("1", 7), ("2", 7), ("3", 6)], &[("1", 5), ("2", 5), ("3", 5)]);
    assert_eq!(every_pair(&result(&even, &[])), "");
    let of_age = mixed("age", &[("20", 10), ("21", 10)], &[("70", 7), ("71", 8)]);
    assert_eq!(every_pair(&result(&of_age, &[])), "");
    let list = mixed("x", &[("0", 20)], &[("0", 15)]);
    let counted = list.lines().enumerate().map(|(i, row)| match i {
        0 => format!("{row}\n"),
        i => format!("{}{i}\n", row.trim_end_matches('0')),
    });
    let counted: Vec<String> = counted.collect();
    assert_eq!(every_pair(&result(&counted.concat(), &[])), "");
    let by_tens = |(i, row): (usize, &String)| match i {
        0 => row.clone(),
        i => format!("{},{}\n", row.rsplit_once(',').unwrap().0, 1000 - 10 * i),
    };
    assert_eq!(every_pair(&result(&counted.iter().enumerate().map(by_tens).collect::<String>(), &[])), "");
}

#[test]
fn agreement_of_a_field_and_what_is_unlike_in_nothing_is_no_decision() {
    // Values that right and wrong pairs have alike, under names that speak of matches or say yes and no.
    for (column, yes, no) in [
        ("surname_match", "TRUE", "FALSE"),
        ("dob_match", "1", "0"),
        ("same_sex", "yes", "no"),
        ("agree_zip", "1", "0"),
        ("match_type", "exact", "fuzzy"),
        ("linked_by", "anna", "ben"),
        ("status", "alive", "dead"),
        ("sex", "0", "1"),
        ("smoker", "yes", "no"),
        ("bmi", "22.5", "31.25"),
    ] {
        let even = mixed(column, &[(yes, 11), (no, 9)], &[(yes, 8), (no, 7)]);
        assert_eq!(every_pair(&result(&even, &[])), "", "{column}");
    }
    // A field by another name than usual is one of the spec.
    let spec = SPEC.replace("\"last\"", "\"Ōe\"");
    let of_field = files().map(|file| file.replacen("last", "Ōe", 1));
    let even = |column: &str| mixed(column, &[("1", 11), ("0", 9)], &[("1", 8), ("0", 7)]);
    assert_eq!(counts(&json(&scored(&even("ōe_match"), &of_field, &spec, &[])))[0], 20);
    refused(&scored(&even("exact_match"), &of_field, &spec, &[]), &["the column \"exact_match\""]);
    // Where they tell pairs apart, the agreement of a field is told and a state is asked about.
    let told = every_pair(&result(&mixed("surname_match", &[("1", 18), ("0", 2)], &[("1", 3), ("0", 12)]), &[]));
    assert!(told.contains("Not read: \"surname_match\""), "{told}");
    for (column, yes, no, says) in [
        ("status", "alive", "dead", "write 1 or 0 in it"),
        ("is_match", "1", "0", "--matches"),
        ("outcome", "yes", "no", "write --matches \"outcome\""),
    ] {
        let list = mixed(column, &[(yes, 18), (no, 2)], &[(yes, 3), (no, 12)]);
        match column {
            "is_match" => assert_eq!(counts(&result(&list, &[])), [20, 18, 3]),
            _ => refused(&scored(&list, &files(), SPEC, &[]), &[column, says]),
        }
    }
    // Remarks of a few words are read as other columns are.
    for column in ["note", "comments", "remarks"] {
        let told = every_pair(&result(&mixed(column, &[("ok", 18), ("drop", 2)], &[("ok", 2), ("drop", 13)]), &[]));
        assert!(told.contains(&format!("Not read: {column:?}")), "{column}: {told}");
    }
}

#[test]
fn a_state_of_all_pairs_is_told_and_a_no_that_excludes_none_is_not() {
    for column in ["rejected", "excluded", "non_match", "unlinked", "false_match"] {
        let none = result(&pairs(column, "0", "0"), &[]);
        assert_eq!((counts(&none), every_pair(&none)), ([20, 10, 5], String::new()), "{column}");
        refused(&scored(&pairs(column, "1", "1"), &files(), SPEC, &[]), &["pairs that are none"]);
    }
    let told = every_pair(&result(&pairs("status", "0", "0"), &[]));
    assert!(told.contains("Not read: \"status\" (\"0\")"), "{told}");
    refused(&scored(&pairs("linked_by_us", "0", "0"), &files(), SPEC, &[]), &["--matches"]);
}

#[test]
fn a_distance_is_told_with_few_wrong_pairs() {
    let of = |right: u64, wrong: u64, scores: [&str; 2]| {
        let of_one = (10..10 + right).map(|i| format!("a{i},b{i},{}\n", scores[0]));
        let of_two = (20..20 + wrong).map(|i| format!("a{i},b{},{}\n", i + 1, scores[1]));
        let list = format!("id_a,id_b,score\n{}", of_one.chain(of_two).collect::<String>());
        codes(&result(&list, &[])).contains(&"scores-upside-down")
    };
    assert!(of(8, 4, ["0.1", "0.9"]) && of(8, 2, ["1", "5"]) && of(3, 3, ["1", "5"]));
    assert!(!of(8, 4, ["0.9", "0.1"]) && !of(8, 1, ["0.1", "0.9"]) && !of(2, 2, ["0.1", "0.9"]));
}

#[test]
fn two_columns_for_ids_or_for_clusters_have_to_say_the_same() {
    let list = |rows: &str| format!("unique_id_l,unique_id_r,id_l,id_r\n{rows}");
    let same = list("a10,b10,a10,b10\na11,b11,b11,a11\n");
    assert_eq!(counts(&result(&same, &[])), [20, 2, 0]);
    let refusal =
        ["line 3", "column \"id_l\"", "\"a12\" and \"b11\" are other records", "leave in the list the two columns"];
    refused(&scored(&list("a10,b10,a10,b10\na11,b11,a12,b11\n"), &files(), SPEC, &[]), &refusal);
    let two = "id_a,id_b,left_id,right_id\na10,b10,a11,b11\n";
    refused(&scored(two, &files(), SPEC, &[]), &["line 2", "\"a11\" and \"b11\" are other records"]);
    let two = "id_a,id_b,id1,id2\na10,b10,a10,b12\n";
    refused(&scored(two, &files(), SPEC, &[]), &["line 2", "\"a10\" and \"b12\" are other records"]);
    // Numbers of a program that are ids of neither file say nothing.
    assert_eq!(counts(&result("id_a,id_b,id1,id2\na10,b10,11,1\n", &[])), [20, 1, 0]);
    assert_eq!(counts(&result(&list("a10,b10,7,8\n"), &[])), [20, 1, 0]);
    let clusters = |header: &str| {
        let rows =
            (0..30).map(|i| format!("a{i},{i},{}\n", i / 2)).chain((10..40).map(|i| format!("b{i},{i},{}\n", i / 2)));
        format!("{header}\n{}", rows.collect::<String>())
    };
    for other in ["ClusterID", "cluster_old", "cluster 2", "old_clusters"] {
        let list = clusters(&format!("id,cluster_id,{other}"));
        refused(&scored(&list, &files(), SPEC, &[]), &["may each hold the clusters", other, "--clusters COLUMN"]);
        assert_eq!(counts(&result(&list, &["--clusters", other])), [20, 20, 20]);
    }
    assert_eq!(counts(&result(&clusters("id,cluster_id,cluster_size"), &[])), [20, 20, 0]);
    let twos = result(&clusters("id,size,cluster"), &[]);
    let told = notice(&twos, "many-matches")["sentence"].as_str().unwrap();
    assert!(told.contains("some clusters hold several people") && !told.contains("assignment"), "{told}");
    assert_eq!(counts(&result(&clusters("id,clusterID,x"), &[])), [20, 20, 0]);
    refused(&scored(&clusters("id,entity,x"), &files(), SPEC, &[]), &["--clusters COLUMN"]);
}

#[test]
fn a_list_that_was_cut_or_is_of_one_file_is_told() {
    let within: String = (0..6).map(|i| format!("a{i},a{}\n", i + 10)).collect();
    let told = result(&format!("id_a,id_b\n{within}").replace("id_a,id_b", "unique_id_l,unique_id_r"), &[]);
    assert_eq!((counts(&told), &notice(&told, "pairs-left-out")["count"]), ([20, 0, 0], &6.into()));
    let some = "unique_id_l,unique_id_r\na10,b10\na11,b11\na12,a13\n";
    assert!(!codes(&result(some, &[])).contains(&"pairs-left-out"));
    // A hundred pairs, of which ten have the lowest score.
    let list = |pairs: u64| {
        let rows = (0..pairs).map(|i| format!("a{},b{},{}\n", i / 10, 10 + i % 10, if i < 90 { 9 } else { 4 }));
        format!("id_a,id_b,score\n{}", rows.collect::<String>())
    };
    let told = result(&list(100), &[]);
    let told = notice(&told, "list-cut");
    assert!(
        told["count"] == 10 && told["sentence"].as_str().unwrap().contains("exactly 100 pairs, and 10 of them"),
        "{told}"
    );
    for pairs in [91, 101, 110] {
        assert!(!codes(&result(&list(pairs), &[])).contains(&"list-cut"), "{pairs}");
    }
    // What only link has is no advice here.
    let many = result(&list(101), &[]);
    let told = notice(&many, "many-matches")["sentence"].as_str().unwrap();
    assert!(!told.contains("assignment") && told.contains("leave in the list one match of each record"), "{told}");
}

#[test]
fn grades_and_names_of_columns_are_read_as_people_see_them() {
    // A grade whose worst has one pair of one person too.
    let graded: String = pairs("grade", "A", "D").lines().enumerate().fold(String::new(), |text, (i, row)| {
        let row = match i {
            1..=3 => row.replace(",A", ",B"),
            4..=6 => row.replace(",A", ",C"),
            7 => row.replace(",A", ",D"),
            _ => row.to_owned(),
        };
        text + &row + "\n"
    });
    let told = every_pair(&result(&graded, &[]));
    assert!(told.contains("\"grade\" (\"A\", \"B\", \"C\" and others)"), "{told}");
    // Characters around the name of a column that nobody sees.
    for header in ["\u{feff}\u{feff}id_a,id_b,score", "\u{200b}id_a,id_b\u{a0},score\u{200b}"] {
        let list = pairs("score", "0.9", "0.2").replace("id_a,id_b,score", header);
        assert_eq!(counts(&result(&list, &["--threshold", "0.5"])), [20, 10, 0], "{header:?}");
    }
    for column in ["no_match", "unmatched", "discard"] {
        let list = pairs(column, "0", "1");
        refused(&scored(&list, &files(), SPEC, &[]), &["pairs that are none, or write --matches all to count every"]);
    }
    let told = every_pair(&result(&pairs("mismatch", "n", "y"), &[]));
    assert!(told.contains("Not read: \"mismatch\"") && told.contains("take the pair out of the list"), "{told}");
    assert!(!told.contains("--matches"), "{told}");
}

#[test]
fn a_column_of_a_list_of_clusters_that_may_decide_is_asked_about() {
    // Fifteen clusters of two people, of which the records of B of every second person were removed.
    let clusters = |header: &str, yes: &str, no: &str| {
        let of_a = (10..30).map(|i| format!("a{i},{},{yes}\n", i / 2));
        let of_b = (10..30).map(|i| format!("b{i},{},{}\n", i / 2, if i % 2 == 0 { yes } else { no }));
        format!("{header}\n{}", of_a.chain(of_b).collect::<String>())
    };
    for (column, yes, no) in [
        ("status", "kept", "removed"),
        ("decision", "accepted", "rejected"),
        ("keep", "1", "0"),
        ("is_match", "ja", "nein"),
        ("verified", "x", ""),
    ] {
        let list = clusters(&format!("id,cluster,{column}"), yes, no);
        let says = [&format!("the column \"{column}\" may say which records"), "--matches all", "every listed record"];
        refused(&scored(&list, &files(), SPEC, &[]), &says);
        assert_eq!(counts(&result(&list, &["--matches", "all"])), [20, 20, 20], "{column}");
        if column != "verified" {
            let decided = result(&list, &["--matches", column]);
            assert_eq!((counts(&decided), &decided["list"]["decided_by"]), ([20, 10, 10], &column.into()));
            let told = notice(&decided, "list-says-no");
            assert_eq!(told["count"], 10);
            assert!(told["sentence"].as_str().unwrap().contains("10 of 40 listed records"), "{told}");
        }
    }
    let told = every_pair(&result(&clusters("id,cluster,flag", "yes", "no"), &[]));
    assert!(told.contains("every listed record counts as in its cluster. Not read: \"flag\""), "{told}");
    refused(
        &scored(&clusters("id,cluster,x", "1", "0"), &files(), SPEC, &["--matches", "id"]),
        &["holds ids or clusters"],
    );
    refused(
        &scored(&clusters("id,cluster,status", "ok", "bad"), &files(), SPEC, &["--matches", "status"]),
        &["line 2", "\"ok\""],
    );
    // A column that the files have was handed on; one that is the same throughout a cluster's pairs, or says no of records that
    // are alone, makes no difference.
    let handed = files().map(|file| file.replace('\n', ",x\n").replacen(",x", ",Status", 1));
    let list = clusters("id,cluster,status", "kept", "removed");
    assert_eq!(counts(&json(&scored(&list, &handed, SPEC, &[]))), [20, 20, 20]);
    let alone: String = (0..10).map(|i| format!("a{i},n{i},0\n")).collect();
    let list = clusters("id,cluster,matched", "1", "1") + &alone;
    assert_eq!(counts(&result(&list, &[])), [20, 20, 20]);
}
