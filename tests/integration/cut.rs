//! Files and lists that end too early, or behind their last record: told, or refused.

use crate::lists::{files, scored};
use crate::misread::notice;
use crate::reading::{SPEC, codes, counts, json, linked, refused};
use serde_json::Value;

fn result(list: &str) -> Value {
    json(&scored(list, &files(), SPEC, &[]))
}

fn pairs(rows: std::ops::Range<u64>) -> String {
    format!("id_a,id_b\n{}", rows.map(|i| format!("a{i},b{i}\n")).collect::<String>())
}

#[test]
fn a_list_that_ends_within_its_last_id_is_told() {
    // b20 is cut to b2, which is no id, and b31 of a longer list to b3, which B does not have either.
    let [a, b] = files();
    let with = |id: &str| format!("{b}{id},99,N99\n");
    let list = pairs(10..20) + "a20,b2";
    let told = json(&scored(&list, &[a.clone(), with("b2")], SPEC, &[]));
    let told = notice(&told, "file-cut");
    assert!(told["sentence"].as_str().unwrap().contains("line 12: the file ends within this line"), "{told}");
    assert_eq!(told["examples"], serde_json::json!(["b20", "b21", "b22"]));
    // With a line end, with a pair of one person, or where no other id begins so, there is nothing to tell.
    for (list, b) in [
        (format!("{list}\n"), with("b2")),
        (pairs(10..20) + "a20,b20", with("b2")),
        (pairs(10..20) + "a20,x2", with("x2")),
        (pairs(10..20).replace("id_a,id_b", "id_b,id_a,x").replace('\n', ",1\n"), b.clone()),
    ] {
        let list = list.replace("x,1", "x");
        let told = scored(&list, &[a.clone(), b], SPEC, &[]);
        assert!(told.code == Some(2) || !codes(&json(&told)).contains(&"file-cut"), "{list}: {told:?}");
    }
    // Where the rest is an id of neither file, the error says so, with quotes as well.
    for cut in ["a20,b2", "\"a20\",\"b2\"", "a20"] {
        refused(&scored(&(pairs(10..20) + cut), &files(), SPEC, &[]), &["line 12", "it may have been cut here"]);
    }
    let not_last = pairs(10..20).replace("a12,b12", "a12,b2") + "a20,b20";
    let run = scored(&not_last, &files(), SPEC, &[]);
    refused(&run, &["line 4", "\"b2\""]);
    assert!(!run.stderr.contains("cut here"), "{}", run.stderr);
}

#[test]
fn clusters_that_end_within_their_last_name_are_told() {
    let rows = |side: &str, from: u64, to: u64| (from..to).map(|i| format!("{side}{i},c{i}\n")).collect::<String>();
    let list = format!("id,cluster_id\n{}{}b39,c39\nb38,c3", rows("a", 0, 30), rows("b", 10, 38));
    // Person 38 is in B alone, so that the cluster decides nothing.
    assert!(!codes(&result(&list)).contains(&"file-cut"));
    let list = format!("id,cluster_id\n{}{}b29,c2", rows("a", 0, 30), rows("b", 10, 29) + &rows("b", 30, 40));
    let told = result(&list);
    assert_eq!((counts(&told), &notice(&told, "file-cut")["examples"][0]), ([20, 19, 1], &"c20".into()));
    assert!(!codes(&result(&format!("{list}9"))).contains(&"file-cut"));
}

#[test]
fn a_file_that_ends_within_its_last_truth_value_is_told() {
    let file = |side: &str, last: &str| {
        let rows = (1..13).map(|i| format!("{side}{i},N{i},{i}\n"));
        format!("id,last,person\n{}{side}99,Nn,{last}", rows.collect::<String>())
    };
    let told = json(&linked(SPEC, &file("a", "77\n"), &file("b", "1"), &["--json", "-"]));
    assert_eq!(notice(&told, "file-cut")["examples"], serde_json::json!(["10", "11", "12"]));
    for last in ["1\n", "77", "2", "12"] {
        let told = json(&linked(SPEC, &file("a", "77\n"), &file("b", last), &["--json", "-"]));
        assert!(!codes(&told).contains(&"file-cut"), "{last:?}");
    }
}

#[test]
fn a_truth_value_that_others_begin_with_is_no_sign_in_a_file_of_such_values() {
    let file = |side: &str, persons: &[u32], end: &str| {
        let rows = persons.iter().enumerate().map(|(i, person)| format!("{side}{i},N{person},{person}\n"));
        format!("id,last,person\n{}{end}", rows.collect::<String>().trim_end())
    };
    let is_told = |a: &[u32], b: &[u32]| {
        let told = json(&linked(SPEC, &file("a", a, "\n"), &file("b", b, ""), &["--json", "-"]));
        codes(&told).contains(&"file-cut")
    };
    let all: Vec<u32> = (1..101).collect();
    let downwards: Vec<u32> = (1..80).rev().collect();
    assert!(!is_told(&all, &downwards) && !is_told(&all, &downwards[..74]), "the least comes last");
    // With a letter in front too.
    let named = |persons: &[u32]| {
        let rows = persons.iter().enumerate().map(|(i, person)| format!("b{i},N{person},P{person}\n"));
        format!("id,last,person\n{}", rows.collect::<String>().trim_end())
    };
    let others = named(&all).replace("\nb", "\na") + "\n";
    let told = json(&linked(SPEC, &others, &named(&[&downwards[..], &[1]].concat()), &["--json", "-"]));
    assert!(!codes(&told).contains(&"file-cut"));
    assert!(is_told(&all, &[&downwards[..20], &[5]].concat()), "59 became 5");
    // Several records of a person.
    let twice: Vec<u32> = (1..60).chain((1..60).rev()).collect();
    assert!(!is_told(&all, &twice) && !is_told(&all, &[&twice[..], &[4]].concat()));
    let once: Vec<u32> = (1..60).collect();
    assert!(is_told(&all, &[&once[..], &[4]].concat()));
}

#[test]
fn a_list_that_ends_within_its_last_score_is_told() {
    let list = |scores: &[&str]| {
        let rows = (0..30).map(|i| format!("a{i},b{},{}\n", 10 + i, scores[i % scores.len()]));
        format!("id_a,id_b,score\n{}", rows.collect::<String>())
    };
    let is_told = |list: &str| codes(&result(list)).contains(&"list-cut");
    let whole = list(&["0.9312", "0.87", "0.7541"]);
    for (cut, told) in [("0.", true), ("0", true), ("0.7", true), ("0.75", false), ("0.75\n", false), ("0.7\n", false)]
    {
        let list = whole.trim_end().strip_suffix("0.7541").unwrap().to_owned() + cut;
        assert_eq!(is_told(&list), told, "{cut:?}");
    }
    assert!(!is_told(whole.trim_end()) && !is_told(list(&["1"]).trim_end()));
    let few: String = whole.lines().take(15).map(|row| format!("{row}\n")).collect();
    assert!(!is_told(&(few + "a20,b20,0")), "of a few scores one is short by chance");
}

#[test]
fn a_list_in_the_order_of_a_file_that_stops_before_its_end_is_told() {
    // Sixty people in both files, in one order in A and in another in B.
    let file = |side: &str, step: u64| {
        let rows = (0..60).map(|i| format!("{side}{0},{0},N{0}\n", i * step % 60));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    let files = [file("a", 1), file("b", 7)];
    let cut = |list: &str| {
        let result = json(&scored(list, &files, SPEC, &[]));
        let told = result["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == "list-cut");
        told.map(|told| (told["count"].as_u64().unwrap(), told["sentence"].as_str().unwrap().to_owned()))
    };
    let (missing, sentence) = cut(&pairs(0..33)).unwrap();
    assert!(missing == 27 && sentence.contains("is in the order of A and ends at record 33 of 60"), "{sentence}");
    // In the order of B as well.
    let of_b: String = (0..33).map(|i| format!("a{0},b{0}\n", i * 7 % 60)).collect();
    let (missing, sentence) = cut(&format!("id_a,id_b\n{of_b}")).unwrap();
    assert!(missing == 27 && sentence.contains("in the order of B"), "{sentence}");
    // A list that goes on to the end, one in another order, and one that lacks a few at the end are none.
    let turned: String = (0..33).rev().map(|i| format!("a{i},b{i}\n")).collect();
    let half: String = (0..60).step_by(2).map(|i| format!("a{i},b{i}\n")).collect();
    for list in [pairs(0..60), pairs(0..59), format!("id_a,id_b\n{turned}"), format!("id_a,id_b\n{half}")] {
        assert_eq!(cut(&list), None, "{list}");
    }
}

#[test]
fn a_short_list_and_one_in_another_order_of_a_file_that_stops_are_told() {
    let file = |side: &str| {
        let rows = (0..60).map(|i| format!("{side}{i},{i},N{i}\n"));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    let files = [file("a"), file("b")];
    let cut = |rows: &[u64]| {
        let list = rows.iter().map(|i| format!("a{i},b{i}\n")).collect::<String>();
        let result = json(&scored(&format!("id_a,id_b\n{list}"), &files, SPEC, &[]));
        let told = result["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == "list-cut");
        told.map(|told| (told["count"].as_u64().unwrap(), told["sentence"].as_str().unwrap().to_owned()))
    };
    let (missing, sentence) = cut(&(0..7).collect::<Vec<u64>>()).unwrap();
    assert!(missing == 53 && sentence.contains("is in the order of A and ends at record 7 of 60"), "{sentence}");
    let (missing, sentence) = cut(&(20..60).rev().collect::<Vec<u64>>()).unwrap();
    assert!(missing == 20 && sentence.contains("in the reverse order of A and ends at record 21 of 60"), "{sentence}");
    // As text 10 comes before 2.
    let mut by_id: Vec<u64> = (0..60).collect();
    by_id.sort_by_key(|i| i.to_string());
    let (missing, sentence) = cut(&by_id[..25]).unwrap();
    let end =
        format!("in the order of the ids of A and ends with \"a{0}\", at record {1} of 60", by_id[24], by_id[24] + 1);
    assert!(missing == 35 && sentence.contains(&end), "{sentence}");
    by_id.reverse();
    let (missing, sentence) = cut(&by_id[..25]).unwrap();
    assert!(missing == 35 && sentence.contains("in the reverse order of the ids of A and ends with"), "{sentence}");
    // As numbers, in files of another order.
    let mixed = |side: &str, step: u64| {
        let rows = (0..60).map(|i| i * step % 60 + 1).map(|i| format!("{side}{i},{i},N{i}\n"));
        format!("id,person,last\n{}", rows.collect::<String>())
    };
    let list: String = (1..24).map(|i| format!("a{i},b{i}\n")).collect();
    let of_mixed = json(&scored(&format!("id_a,id_b\n{list}"), &[mixed("a", 7), mixed("b", 11)], SPEC, &[]));
    assert_eq!(notice(&of_mixed, "list-cut")["count"], 37);
    // Five pairs are in order by chance, and whole lists end at the end.
    let [whole, backward] = [(0..60).collect::<Vec<u64>>(), (0..60).rev().collect()];
    for rows in [&[0, 1, 2, 3, 4][..], &whole, &backward, &by_id, &[7, 3, 22, 9, 41, 5, 33]] {
        assert_eq!(cut(rows), None, "{rows:?}");
    }
}

#[test]
fn a_truth_value_that_was_cut_to_no_others_value_is_told() {
    let file = |side: &str, values: &mut dyn Iterator<Item = String>| {
        let rows = values.enumerate().map(|(i, value)| format!("{side}{i},N{i},{value}\n"));
        format!("id,last,person\n{}", rows.collect::<String>().trim_end())
    };
    let told = |a: &str, b: &str| {
        let told = json(&linked(SPEC, a, b, &["--json", "-"]));
        told["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == "file-cut").cloned()
    };
    let a = file("a", &mut (1000..1040).map(|i| format!("p{i}"))) + "\n";
    // p1039 became p103 or p10.
    for cut in ["p103", "p10"] {
        let b = file("b", &mut (1010..1039).map(|i| format!("p{i}")).chain([cut.to_owned()]));
        let notice = told(&a, &b).unwrap();
        assert!(notice["sentence"].as_str().unwrap().starts_with("b.csv, line 31"), "{notice}");
        assert_eq!(told(&a, &format!("{b}\n")), None, "the line ends");
        assert!(told(&file("a", &mut (1000..1039).map(|i| format!("p{i}")).chain([cut.to_owned()])), &a).is_some());
    }
    // Names of several lengths of which many begin others, and a whole last value.
    let a = file("a", &mut (1..120).map(|i| format!("p{i}"))) + "\n";
    for last in ["p11", "p7", "p119", "x"] {
        let b = file(
            "b",
            &mut (1..60).step_by(2).filter(|i| ![7, 11].contains(i)).map(|i| format!("p{i}")).chain([last.to_owned()]),
        );
        assert_eq!(told(&a, &b), None, "{last}");
    }
}

#[test]
fn a_number_of_rows_behind_the_last_record_is_told_or_refused() {
    let [a, b] = files();
    for count in ["N=30", "\"n = 20,000\"", "(30 rows)", "30 Zeilen"] {
        let told = json(&linked(SPEC, &a, &format!("{b}{count},{count},\n"), &["--json", "-"]));
        let told = notice(&told, "total-row");
        assert!(told["sentence"].as_str().unwrap().contains("line 32, column \"id\": the record is"), "{told}");
        refused(&scored(&(pairs(10..20) + count + ",x\n"), &files(), SPEC, &[]), &["line 12", "it counts the rows"]);
    }
    let ids = json(&linked(SPEC, &a, &format!("{b}n30,row 30,Nn\n"), &["--json", "-"]));
    assert!(!codes(&ids).contains(&"total-row"));
}
