//! Lists of other programs in which more than one column could be meant: read right, told, or refused with the flag that
//! chooses.

use crate::misread::notice;
use crate::reading::{SPEC, codes, counts, folder, json, refused};
use crate::support::{Run, namesake_in};
use serde_json::Value;

/// Forty people, of whom A has the first thirty and B the last thirty: twenty true pairs.
pub fn files() -> [String; 2] {
    ["a", "b"].map(|side| {
        let from = if side == "a" { 0 } else { 10 };
        let rows = (from..from + 30).map(|i| format!("{side}{i},{i},N{i}\n"));
        format!("id,person,last\n{}", rows.collect::<String>())
    })
}

/// The same with ids that both files have: record 5 of A is person 5, of B person 15.
fn files_of_same_ids() -> [String; 2] {
    [0, 10].map(|first| {
        let rows = (0..30).map(|i| format!("{i},{},N{}\n", i + first, i + first));
        format!("id,person,last\n{}", rows.collect::<String>())
    })
}

pub fn scored(list: &str, [a, b]: &[String; 2], spec: &str, more: &[&str]) -> Run {
    let folder = folder(&[("spec.toml", spec), ("a.csv", a), ("b.csv", b), ("list.csv", list)]);
    let command = ["score", "list.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml", "--json", "-"];
    namesake_in(folder.path(), &[&command, more].concat())
}

/// Ten pairs of one person and five of two, each with further cells.
pub fn pairs(header: &str, right: &str, wrong: &str) -> String {
    let of_one = (10..20).map(|i| format!("a{i},b{i},{right}\n"));
    let of_two = (20..25).map(|i| format!("a{i},b{},{wrong}\n", i + 1));
    format!("id_a,id_b,{header}\n{}", of_one.chain(of_two).collect::<String>())
}

#[test]
fn the_column_of_truth_in_a_list_is_not_what_the_program_found() {
    let spec = |truth: &str| SPEC.replace("\"person\"", &format!("{truth:?}"));
    let with = |truth: &str| files().map(|file| file.replace("person", truth));
    let list = |header: &str, found: &dyn Fn(u64) -> u64| {
        let rows = (0..30).map(|i| format!("a{i},{i},{}\n", found(i)));
        let rows = rows.chain((10..40).map(|i| format!("b{i},{i},{}\n", found(i))));
        format!("{header}\n{}", rows.collect::<String>())
    };
    // Two people in each cluster, whatever the columns are called.
    let by_twos = |i: u64| 100 + i / 2;
    for (truth, found) in
        [("cluster", "prediction"), ("cluster_id", "cluster"), ("cluster", "cluster_id"), ("MatchID", "membership")]
    {
        let run = scored(&list(&format!("id,{truth},{found}"), &by_twos), &with(truth), &spec(truth), &[]);
        assert_eq!(counts(&json(&run)), [20, 20, 20], "{truth} {found}");
        let columns = json(&run)["list"]["columns"].as_array().unwrap().clone();
        let part = |name: &str| columns.iter().find(|column| column["name"] == name).unwrap()["read_as"].clone();
        assert_eq!([part("id"), part(found), part(truth)], ["id", "cluster", "not read"]);
    }
    // Where nothing else is called a cluster, and each value is one person, it is no result.
    let unknown = list("id,cluster,found", &by_twos);
    let refusal = ["column \"cluster\"", "column of truth of the spec", "--clusters COLUMN"];
    refused(&scored(&unknown, &with("cluster"), &spec("cluster"), &[]), &refusal);
    for (chosen, right) in [("found", [20, 20, 20]), ("cluster", [20, 20, 0])] {
        let run = scored(&unknown, &with("cluster"), &spec("cluster"), &["--clusters", chosen]);
        assert_eq!(counts(&json(&run)), right, "{chosen}");
    }
    let programs = unknown.replace(",cluster,", ",note,").replace(",found", ",cluster");
    assert_eq!(counts(&json(&scored(&programs, &with("cluster"), &spec("cluster"), &[]))), [20, 20, 20]);
    // Two that could be meant.
    let several = list("id,cluster_id,cluster", &by_twos);
    refused(&scored(&several, &files(), SPEC, &[]), &["\"cluster_id\" and \"cluster\"", "--clusters COLUMN"]);
    assert_eq!(counts(&json(&scored(&several, &files(), SPEC, &["--clusters", "cluster"]))), [20, 20, 20]);
    refused(&scored(&several, &files(), SPEC, &["--clusters", "klaster"]), &["\"klaster\"", "change --clusters"]);
    let ids = "id_a,id_b,id_x,id_y\na10,b10,a11,b12\n";
    refused(&scored(ids, &files(), SPEC, &[]), &["\"id_a\" and \"id_b\", or \"id_x\" and \"id_y\","]);
}

#[test]
fn names_of_files_are_those_of_a_convention_or_are_shown_by_ids() {
    // Person i is i in A and i − 10 in B.
    let list = |l: &str, r: &str| {
        let rows = (10..30).map(|i| format!("{l},{i},{r},{},0.9\n", i - 10));
        format!(
            "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r,match_probability\n{}",
            rows.collect::<String>()
        )
    };
    for (l, r) in [("1", "2"), ("1.0", "2.0"), ("0", "1"), ("a", "b"), ("A", "B"), ("a.csv", "b.csv")] {
        let result = json(&scored(&list(l, r), &files_of_same_ids(), SPEC, &[]));
        assert_eq!(counts(&result), [20, 20, 0], "{l} {r}");
    }
    for (l, r) in [("B", "C"), ("b1", "b2"), ("input", "a"), ("left", "right"), ("0", "2"), ("a", "tax")] {
        refused(&scored(&list(l, r), &files_of_same_ids(), SPEC, &[]), &["line 2", l, r, "datasets = {"]);
    }
    // Ids that one file has alone show it.
    let shown = list("B", "C") + "B,29,C,0x,0.9\n";
    let [a, b] = files_of_same_ids();
    let b = b + "0x,99,N99\n";
    assert_eq!(counts(&json(&scored(&shown, &[a, b], SPEC, &[])))[1], 20);
    // A name that the ids contradict is an error, and so it is with clusters.
    let one = "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\nb,a10,a,b10\n";
    refused(
        &scored(one, &files(), SPEC, &[]),
        &["line 2", "\"b\" says that the id \"a10\" is of file B", "only a.csv has it"],
    );
    let clusters = "dataset,id,cluster_id\nb,a10,c\na,b10,c\n";
    refused(&scored(clusters, &files(), SPEC, &[]), &["line 2", "\"b\" says that the id \"a10\" is of file B"]);
    // Exchanged files, where every id is in both: by the names of columns, of files, and in clusters.
    let exchanged = |list: &str| {
        let result = json(&scored(list, &files_of_same_ids(), SPEC, &[]));
        let told = notice(&result, "files-exchanged").clone();
        assert!(counts(&result)[1] == 0 && told["count"] == 20, "{told}");
        told["sentence"].as_str().unwrap().to_owned()
    };
    let lettered: String = (10..30).map(|i| format!("{},{i}\n", i - 10)).collect();
    assert!(exchanged(&format!("id_a,id_b\n{lettered}")).contains("exchange the names of the two columns"));
    assert!(exchanged(&list("b", "a")).contains("datasets = {"));
    let rows = |name: &str, first: u64| (0..30).map(|i| format!("{name},{i},c{}\n", i + first)).collect::<String>();
    exchanged(&format!("dataset,id,cluster_id\n{}{}", rows("b", 0), rows("a", 10)));
    let right = format!("dataset,id,cluster_id\n{}{}", rows("1", 0), rows("2", 10));
    assert!(!codes(&json(&scored(&right, &files_of_same_ids(), SPEC, &[]))).contains(&"files-exchanged"));
    // One of many wrong pairs is right the other way round by chance.
    let wrong: String = (0..20).map(|i| format!("{i},{}\n", (i * 7 + 3) % 30)).collect();
    let chance = json(&scored(&format!("id_a,id_b\n{wrong}15,5\n"), &files_of_same_ids(), SPEC, &[]));
    assert!(!codes(&chance).contains(&"files-exchanged"), "{chance}");
}

#[test]
fn an_id_in_a_column_named_after_a_file_is_of_that_file() {
    // b12 stands in the column of A, and only B has it.
    let wrong =
        |header: &str| format!("{header}\n{}b12,b13\n", (14..24).map(|i| format!("a{i},b{i}\n")).collect::<String>());
    for header in ["id_a,id_b", "a_id,b_id", "ID A,ID B"] {
        let says =
            ["line 12", "its column says that the id \"b12\" is of file A", "only b.csv has it", "id_1 and id_2"];
        refused(&scored(&wrong(header), &files(), SPEC, &[]), &says);
    }
    let turned = (14..24).map(|i| format!("b{i},a{i}\n")).collect::<String>();
    let turned = |header: &str| format!("{header}\n{turned}");
    refused(&scored(&turned("id_a,id_b"), &files(), SPEC, &[]), &["exchange the names of the two columns"]);
    // Columns that name no file may hold ids of either.
    assert_eq!(counts(&json(&scored(&turned("id_1,id_2"), &files(), SPEC, &[]))), [20, 10, 0]);
    let within = json(&scored(&wrong("id_1,id_2"), &files(), SPEC, &[]));
    assert_eq!((counts(&within), &within["list"]["left_out"]), ([20, 10, 0], &1.into()));
    // Ids of both files are of the file of their column.
    let both = (0..20).map(|i| format!("{},{i}\n", i + 10)).collect::<String>();
    assert_eq!(counts(&json(&scored(&format!("id_a,id_b\n{both}"), &files_of_same_ids(), SPEC, &[]))), [20, 20, 0]);
}

#[test]
fn a_list_in_which_some_lines_are_exchanged_is_told() {
    // Every fifth of twenty pairs has its two ids the wrong way round, in columns of every kind.
    let list = |header: &str, every: u64| {
        let rows = (0..20).map(|i| match i % every {
            0 => format!("{i},{}\n", i + 10),
            _ => format!("{},{i}\n", i + 10),
        });
        format!("{header}\n{}", rows.collect::<String>())
    };
    for header in ["id_a,id_b", "id_1,id_2", "id.x,id.y", "left_id,right_id", "inds.a,inds.b", "id1,id2"] {
        let is_rows = header.starts_with("inds");
        let list = match is_rows {
            true => list(header, 5).lines().enumerate().fold(String::new(), |text, (line, row)| {
                let plus = |cell: &str| cell.parse::<u64>().unwrap() + 1;
                let row = row
                    .split_once(',')
                    .filter(|_| line > 0)
                    .map_or(row.to_owned(), |(a, b)| format!("{},{}", plus(a), plus(b)));
                text + &row + "\n"
            }),
            false => list(header, 5),
        };
        let told = json(&scored(&list, &files_of_same_ids(), SPEC, &[]));
        assert_eq!(counts(&told), [20, 16, 4], "{header}");
        let told = notice(&told, "files-exchanged");
        let sentence = told["sentence"].as_str().unwrap();
        assert!(
            told["count"] == 4 && sentence.contains("4 of 4 pairs of two people would be one person"),
            "{sentence}"
        );
    }
    let clean = json(&scored(&list("id_a,id_b", 40).replace("\n0,10\n", "\n"), &files_of_same_ids(), SPEC, &[]));
    assert!(counts(&clean) == [20, 19, 0] && !codes(&clean).contains(&"files-exchanged"), "{clean}");
}

#[test]
fn numbers_of_rows_from_0_or_of_the_other_file_are_told() {
    // Row i of A is row i − 10 of B.
    let rows = |from: u64, is_turned: bool| {
        let rows = (from + 12..from + 30)
            .map(|a| if is_turned { format!("{},{a}\n", a - 10) } else { format!("{a},{}\n", a - 10) });
        rows.collect::<String>()
    };
    for header in ["inds.a,inds.b", ".x,.y"] {
        let of = |list: String| json(&scored(&format!("{header}\n{list}"), &files(), SPEC, &[]));
        assert_eq!(codes(&of(rows(1, false))), Vec::<&str>::new(), "{header}");
        let turned = of(rows(1, true));
        assert_eq!(notice(&turned, "files-exchanged")["count"], 18, "{header}");
    }
    // Files in other orders: the list of rows from 0 is nearly all wrong.
    let shuffled = ["a", "b"].map(|side| {
        let rows = (0..30).map(|i| {
            let person = if side == "a" { i * 7 % 30 } else { i * 11 % 30 };
            format!("{side}{i},{person},N{person}\n")
        });
        format!("id,person,last\n{}", rows.collect::<String>())
    });
    let place = |person: u64, step: u64| (0..30).find(|i| i * step % 30 == person).unwrap();
    let list = |from: u64| {
        let rows = (1..29).filter(|&person| place(person, 7) > 0 && place(person, 11) > 0);
        let rows = rows.map(|person| format!("{},{}\n", place(person, 7) + from, place(person, 11) + from));
        format!("inds.a,inds.b\n{}", rows.collect::<String>())
    };
    let told = json(&scored(&list(0), &shuffled, SPEC, &[]));
    let told = notice(&told, "rows-moved")["sentence"].as_str().unwrap();
    assert!(told.contains("would be with rows counted from 0"), "{told}");
    assert!(!codes(&json(&scored(&list(1), &shuffled, SPEC, &[]))).contains(&"rows-moved"));
}

#[test]
fn a_threshold_is_of_the_one_column_that_it_can_be_of() {
    let list = pairs("match_weight,match_probability", "9,0.998", "1.5,0.74");
    refused(
        &scored(&list, &files(), SPEC, &["--threshold", "0.9"]),
        &["--threshold 0.9", "\"match_weight\" and \"match_probability\"", "--score COLUMN"],
    );
    refused(
        &scored(&list, &files(), SPEC, &["--threshold", "1"]),
        &["--threshold 1 may be meant of each", "--score COLUMN"],
    );
    // From 0 up are all probabilities, so that a weight is meant, which is told.
    let from_0 = json(&scored(&list, &files(), SPEC, &["--threshold", "0"]));
    let told = notice(&from_0, "threshold-without-effect")["sentence"].as_str().unwrap();
    assert!(told.contains("read as one of \"match_weight\"") && told.contains("--score COLUMN"), "{told}");
    for (more, right) in [
        (&["--threshold", "0.9", "--score", "match_probability"][..], [20, 10, 0]),
        (&["--threshold", "0.9", "--score", "match_weight"], [20, 10, 5]),
        // No probability is 5, and from 0 up all are.
        (&["--threshold", "5"], [20, 10, 0]),
        (&["--threshold", "0"], [20, 10, 5]),
    ] {
        assert_eq!(counts(&json(&scored(&list, &files(), SPEC, more))), right, "{more:?}");
    }
    let one = pairs("match_probability", "0.998", "0.74");
    assert_eq!(counts(&json(&scored(&one, &files(), SPEC, &["--threshold", "0.9"]))), [20, 10, 0]);
    refused(&scored(&one, &files(), SPEC, &["--threshold", "90"]), &["--threshold 90", "from 0 to 1"]);
    refused(&scored(&pairs("x", "9", "1"), &files(), SPEC, &["--threshold", "5"]), &["no scores", "--score COLUMN"]);
}

#[test]
fn a_column_that_may_say_which_pairs_are_matches_is_never_passed_over() {
    let result = |list: &str, more: &[&str]| json(&scored(list, &files(), SPEC, more));
    // Names that say it are read.
    for (column, yes, no) in [("z_prediction", "1.0", "0.0"), ("Matched?", "yes", "no"), ("y_pred", "1", "0")] {
        assert_eq!(counts(&result(&pairs(column, yes, no), &[])), [20, 10, 0], "{column}");
    }
    // Others are refused by what they hold, labels that somebody gave among them.
    for (column, yes, no) in [
        ("status", "match", "nonmatch"),
        ("threshold", "TRUE", "FALSE"),
        ("greedy", "TRUE", "FALSE"),
        ("label", "1", "0"),
        ("gold_labels", "1", "0"),
        ("clerical_match_score", "1.0", "0.0"),
        ("z_isMatch", "1", "0"),
        ("match_type", "x", ""),
        ("outcome", "ja", "nein"),
        ("outcome", "gut", "schlecht"),
        ("score", "1", "0"),
        ("probability", "1.0", "0.0"),
    ] {
        let list = pairs(column, yes, no);
        refused(
            &scored(&list, &files(), SPEC, &[]),
            &[&format!("the column \"{column}\""), &format!("--matches \"{column}\""), "--matches all"],
        );
        assert_eq!(counts(&result(&list, &["--matches", "all"])), [20, 10, 5], "{column}");
        if no.is_empty() || yes == "gut" {
            refused(
                &scored(&list, &files(), SPEC, &["--matches", column]),
                &["does not say whether this pair is a match"],
            );
        } else {
            assert_eq!(counts(&result(&list, &["--matches", column])), [20, 10, 0], "{column}");
        }
    }
    for column in ["rejected", "is_rejected", "non_match", "exclude"] {
        let list = pairs(column, "0", "1");
        let refusal = [column, "take out of the list the pairs that are none"];
        refused(&scored(&list, &files(), SPEC, &[]), &refusal);
    }
    // Whoever names such a column would count the pairs that are none.
    for column in ["rejected", "non_match", "mismatch", "kein_match", "unlinked"] {
        let list = pairs(column, "0", "1");
        refused(
            &scored(&list, &files(), SPEC, &["--matches", column]),
            &[column, "a yes in this column means no match"],
        );
        assert_eq!(counts(&result(&list, &["--matches", "all"])), [20, 10, 5], "{column}");
    }
    // A label beside scores; the threshold says what counts.
    let labelled = pairs("score,label", "0.9,1", "0.2,0");
    refused(&scored(&labelled, &files(), SPEC, &[]), &["the column \"label\"", "\"0\" and \"1\""]);
    assert_eq!(counts(&result(&labelled, &["--threshold", "0.5"])), [20, 10, 0]);
    assert_eq!(counts(&result(&labelled, &["--matches", "label"])), [20, 10, 0]);
    let decided = pairs("score,match", "0.9,1", "0.95,0");
    assert_eq!(counts(&result(&decided, &["--matches", "all", "--threshold", "0.93"])), [20, 0, 5]);
    // The same answer everywhere decides nothing, and neither does Splink's number of a blocking rule.
    for list in [pairs("status", "match", "match"), pairs("match_key", "0", "1")] {
        assert_eq!(counts(&result(&list, &[])), [20, 10, 5], "{list}");
    }
    refused(&scored(&decided, &files(), SPEC, &["--matches", "maybe"]), &["\"maybe\"", "change --matches"]);
}

#[test]
fn a_list_in_which_every_pair_counts_says_so_and_names_what_was_not_read() {
    let told = |list: &str, more: &[&str]| -> (Value, String) {
        let result = json(&scored(list, &files(), SPEC, more));
        let told = notice(&result, "every-pair-counts")["sentence"].as_str().unwrap().to_owned();
        (result, told)
    };
    for (column, right, wrong) in [("cosine", "0.9", "0.2"), ("distance", "0.1", "0.9"), ("gamma_x", "1", "0")] {
        let (result, sentence) = told(&pairs(column, right, wrong), &[]);
        assert!(sentence.contains(&format!("Not read: \"{column}\"")), "{sentence}");
        assert_eq!((counts(&result), &result["list"]["score"]), ([20, 10, 5], &Value::Null));
    }
    for column in ["confidence", "similarity", "proba", "match_score"] {
        let (result, sentence) = told(&pairs(column, "0.9", "0.2"), &[]);
        assert!(sentence.contains("--threshold SCORE") && result["list"]["score"] == column, "{sentence}");
    }
    let plain = json(&scored(&pairs("county", "x", "y"), &files(), SPEC, &[]));
    assert!(!codes(&plain).contains(&"every-pair-counts"));
    let summary = |list: &str| {
        let [a, b] = files();
        let folder = folder(&[("spec.toml", SPEC), ("a.csv", &a), ("b.csv", &b), ("list.csv", list)]);
        namesake_in(folder.path(), &["score", "list.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"]).stdout
    };
    let text = summary(&pairs("match_weight,note", "9,x", "1,y"));
    assert!(
        text.contains("Columns read: id id_a, id_b; score match_weight.") && text.contains("Columns not read: note."),
        "{text}"
    );
    // Less is more alike: by its name, or by what the truth says.
    let distances = pairs("distance", "0.1", "0.9");
    refused(&scored(&distances, &files(), SPEC, &["--score", "distance"]), &["less means more alike", "negative"]);
    let result = json(&scored(&pairs("score", "0.1", "0.9"), &files(), SPEC, &[]));
    assert!(codes(&result).contains(&"scores-upside-down"), "{result}");
    let result = json(&scored(&pairs("score", "0.9", "0.1"), &files(), SPEC, &[]));
    assert!(!codes(&result).contains(&"scores-upside-down"));
}

#[test]
fn a_list_of_clusters_that_is_cut_short_or_joins_many_is_told() {
    let clusters = |of: &dyn Fn(u64) -> Option<u64>| {
        let rows = |side: &'static str, from: u64| {
            (from..from + 30).filter_map(move |i| of(i).map(|cluster| format!("{side}{i},c{cluster}\n")))
        };
        format!("id,cluster_id\n{}{}", rows("a", 0).collect::<String>(), rows("b", 10).collect::<String>())
    };
    let result = json(&scored(&clusters(&|i| (i < 20).then_some(i)), &files(), SPEC, &[]));
    let told = notice(&result, "records-unlisted");
    assert!(told["count"] == 30, "{told}");
    assert!(told["sentence"].as_str().unwrap().contains("10 of 30 records of A and 20 of 30 of B"), "{told}");
    let whole = json(&scored(&clusters(&Some), &files(), SPEC, &[]));
    assert_eq!(codes(&whole), ["copies-truth"], "all people, and no error");
    // Every cluster has ten people, so that none stands out.
    let tens = json(&scored(&clusters(&|i| Some(i / 10)), &files(), SPEC, &[]));
    assert!(notice(&tens, "large-cluster")["sentence"].as_str().unwrap().contains("10 records of A"), "{tens}");
    let twos = json(&scored(&clusters(&|i| Some(i / 2)), &files(), SPEC, &[]));
    assert!(!codes(&twos).contains(&"large-cluster"));
}

#[test]
fn a_record_that_is_matched_with_many_is_told() {
    let list = |times: u64| {
        let of_one = (11..11 + times).map(|i| format!("a10,b{i}\n"));
        let others = (11..25).map(|i| format!("a{i},b{i}\n"));
        format!("id_a,id_b\n{}", of_one.chain(others).collect::<String>())
    };
    let result = json(&scored(&list(9), &files(), SPEC, &[]));
    let told = notice(&result, "crowded-record");
    assert!(told["count"] == 9 && told["sentence"].as_str().unwrap().contains("\"a10\" of a.csv"), "{told}");
    assert!(!codes(&json(&scored(&list(3), &files(), SPEC, &[]))).contains(&"crowded-record"));
}

#[test]
fn fields_of_either_record_say_nothing_of_a_pair() {
    let fields =
        pairs("marital_status_l,marital_status_r,gender_l,gender_r", "single,married,Y,N", "married,single,N,Y");
    let result = json(&scored(&fields, &files(), SPEC, &[]));
    assert!(counts(&result) == [20, 10, 5] && !codes(&result).contains(&"every-pair-counts"), "{result}");
}
