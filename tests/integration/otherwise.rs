//! Values of two files that are written in different ways, or say more than they should: told, or refused.

use crate::lists::scored as scored_with;
use crate::misread::notice;
use crate::reading::{SPEC, codes, counts, json, linked, refused, scored};
use serde_json::Value;

/// A file of so many people with a further column.
fn file(side: &str, people: u64, column: &str, value: impl Fn(u64) -> String) -> String {
    let rows = (0..people).map(|i| format!("{side}{i},p{i},N{i},{}\n", value(i)));
    format!("id,person,last,{column}\n{}", rows.collect::<String>())
}

fn with_truth(side: &str, people: u64, truth: impl Fn(u64) -> String) -> String {
    let rows = (0..people).map(|i| format!("{side}{i},\"{}\",N{i}\n", truth(i)));
    format!("id,person,last\n{}", rows.collect::<String>())
}

/// The result of two files whose further column is a field.
fn checked(field: &str, a: impl Fn(u64) -> String, b: impl Fn(u64) -> String, people: u64) -> Value {
    let spec = SPEC.replace("\n[[", &format!("\n{field} = \"x\"\n[["));
    let (a, b) = (file("a", people, "x", a), file("b", people, "x", b));
    // A run tells the same as --check.
    let run = json(&linked(&spec, &a, &b, &["--json", "-"]));
    let check = json(&linked(&spec, &a, &b, &["--check", "--json", "-"]));
    let of = |result: &Value| {
        let all = result["notices"].as_array().unwrap().iter();
        all.filter(|notice| {
            ["one-sided-value", "values-exchanged", "same-people-differ"].iter().any(|code| notice["code"] == *code)
        })
        .cloned()
        .collect::<Vec<_>>()
    };
    assert_eq!(of(&run), of(&check));
    check
}

#[test]
fn a_frequent_value_that_one_file_alone_has_is_told() {
    let of = |values: &'static [&'static str]| move |i: u64| values[i as usize % values.len()].to_owned();
    let result = checked("sex", of(&["m", "w"]), of(&["M", "F"]), 10);
    let told = notice(&result, "one-sided-value");
    assert_eq!((&told["count"], &told["examples"]), (&10.into(), &serde_json::json!(["W in A, F in B"])));
    for part in [
        "5 of 10 people in both files have \"W\" in A",
        "no record of B has, and most often \"F\" there (5)",
        "\"F\" in B",
    ] {
        assert!(told["sentence"].as_str().unwrap().contains(part), "{told}");
    }
    // One side alone, and any field of few values.
    let result = checked("state", of(&["TX", "NA", "CA", "TX"]), of(&["TX", "NC", "CA", "TX"]), 40);
    assert_eq!(notice(&result, "one-sided-value")["examples"], serde_json::json!(["NA in A, NC in B"]));
    let result = checked("marital", of(&["single", "married", "other"]), of(&["single", "married", "married"]), 30);
    assert_eq!(notice(&result, "one-sided-value")["count"], 10);
    let result = checked("sex", of(&["m", "f", "d"]), of(&["m", "f", "x"]), 10);
    assert_eq!(notice(&result, "one-sided-value")["examples"], serde_json::json!(["D in A, X in B"]));
    // Where no value is in both, that says it.
    let result = checked("sex", of(&["1", "2"]), of(&["m", "f"]), 20);
    assert!(codes(&result).contains(&"no-common-value") && !codes(&result).contains(&"one-sided-value"));
    // Codes that mean the opposite.
    let result = checked("sex", of(&["1", "2"]), of(&["2", "1"]), 20);
    assert!(notice(&result, "values-exchanged")["sentence"].as_str().unwrap().contains("the same for 0 of 20 people"));
    // Many values, few people, one value alone, rare values, and values that agree are nothing to tell.
    let name = |side: &'static str| move |i: u64| format!("{}{i}", if i.is_multiple_of(2) { side } else { "N" });
    let rare = |i: u64| {
        if i == 7 {
            "X"
        } else if i.is_multiple_of(2) {
            "M"
        } else {
            "F"
        }
        .to_owned()
    };
    for (result, what) in [
        (checked("city", name("A"), name("B"), 40), "many values"),
        (checked("sex", rare, of(&["M", "F"]), 60), "rare"),
        (checked("sex", of(&["F"]), of(&["M", "F"]), 20), "one value"),
        (checked("sex", of(&["M", "F"]), of(&["male", "female"]), 20), "alike"),
        (checked("sex", of(&["M", "F", "M", ""]), of(&["M", "F", "F", "F"]), 20), "some errors"),
    ] {
        let told = codes(&result);
        assert!(!told.contains(&"one-sided-value") && !told.contains(&"values-exchanged"), "{what}: {result}");
    }
    // Initials beside names.
    let initial = |i: u64| char::from(b'A' + i as u8).to_string();
    let whole = |i: u64| format!("{}na", char::from(b'A' + i as u8));
    assert!(!codes(&checked("middle_name", initial, whole, 10)).contains(&"no-common-value"));
    let of_many =
        checked("middle_name", |i| initial(i % 8), |i| if i < 30 { whole(i % 8) } else { initial(i % 8) }, 90);
    assert!(!codes(&of_many).contains(&"one-sided-value"), "{of_many}");
    assert!(codes(&checked("middle_name", |i| format!("É{i}"), whole, 10)).contains(&"no-common-value"));
    assert!(codes(&checked("city", initial, whole, 10)).contains(&"no-common-value"));
}

#[test]
fn digits_beyond_the_fifteenth_that_are_zeros_are_told() {
    // A spreadsheet makes one number of ten.
    let exact = |i: u64| (1_234_567_890_123_450 + i).to_string();
    let saved = |i: u64| (1_234_567_890_123_450 + i / 10 * 10).to_string();
    let result = json(&linked(SPEC, &with_truth("a", 30, saved), &with_truth("b", 30, exact), &["--json", "-"]));
    let told = notice(&result, "digits-lost");
    assert_eq!((&told["count"], &told["examples"][0]), (&3.into(), &"1234567890123450".into()));
    assert!(
        told["sentence"].as_str().unwrap().contains("a.csv, column \"person\": 3 of 3 values of 16 or more digits"),
        "{told}"
    );
    let result = json(&linked(SPEC, &with_truth("a", 30, exact), &with_truth("b", 30, exact), &["--json", "-"]));
    assert!(!codes(&result).contains(&"digits-lost"));
    // In ids, in fields and in clusters too.
    let ids = with_truth("", 3, |i| i.to_string()).replace("\n0,", "\n12345678901234500,");
    let result = json(&linked(SPEC, &ids, &with_truth("b", 3, |i| i.to_string()), &["--json", "-"]));
    assert!(notice(&result, "digits-lost")["sentence"].as_str().unwrap().contains("column \"id\""));
    let result = checked("number", saved, exact, 30);
    assert!(notice(&result, "digits-lost")["sentence"].as_str().unwrap().contains("a.csv, column \"x\""));
    let (a, b) = (with_truth("a", 30, |i| i.to_string()), with_truth("b", 30, |i| i.to_string()));
    let rows: String = (0..30).map(|i| format!("a{i},{}\nb{i},{}\n", saved(i), saved(i))).collect();
    let result = json(&scored(&format!("id,cluster_id\n{rows}"), &a, &b, SPEC));
    assert_eq!(notice(&result, "digits-lost")["count"], 3);
}

#[test]
fn numbers_that_a_floating_point_number_rounded_are_told() {
    let whole = |i: u64| (12_345_678_901_234_501 + 7 * i).to_string();
    let rounded = |i: u64| ((12_345_678_901_234_501 + 7 * i) as f64 as u64).to_string();
    let told = |a: fn(u64) -> String, b: fn(u64) -> String| {
        let (a, b) = (with_truth("a", 60, a), with_truth("b", 60, b));
        let result = json(&linked(SPEC, &a, &b, &["--json", "-"]));
        let all = result["notices"].as_array().unwrap().iter().filter(|notice| notice["code"] == "digits-lost");
        all.map(|notice| notice["sentence"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told(whole, whole), Vec::<String>::new());
    let one = told(rounded, whole);
    assert!(
        one.len() == 1 && one[0].contains("a.csv") && one[0].contains("that a floating-point number holds"),
        "{one:?}"
    );
    assert_eq!(told(rounded, rounded).len(), 2);
}

#[test]
fn points_between_thousands_are_refused_or_told_where_they_may_be_decimals() {
    let plain = |i: u64| (1_000 + 1_000 * i).to_string();
    let points = |i: u64| format!("{}.000", i + 1);
    let truth = |a: &dyn Fn(u64) -> String, b: &dyn Fn(u64) -> String| {
        linked(SPEC, &with_truth("a", 9, a), &with_truth("b", 9, b), &["--json", "-"])
    };
    let refusal = ["a.csv, line 2, column \"person\"", "\"1.000\" may be 1 or 1000", "without a point"];
    refused(&truth(&points, &plain), &refusal);
    // Where nothing is 1000, or a number shows decimals, they are whole numbers.
    assert_eq!(counts(&json(&truth(&points, &|i| (i + 1).to_string())))[..2], [9, 9]);
    let decimals = |i: u64| format!("{}.000", [1, 1000][i as usize % 2] + i);
    assert_eq!(counts(&json(&truth(&decimals, &|i| ([1, 1000][i as usize % 2] + i).to_string())))[..2], [9, 9]);
    // Points and commas beside plain numbers are told, and join nobody.
    for written in [|i: u64| format!("{}.234", i + 1), |i: u64| format!("{},234", i + 1)] {
        let other = move |i: u64| if i < 4 { written(i) } else { format!("{}234", i + 1) };
        let result = json(&truth(&other, &|i| format!("{}234", i + 1)));
        assert_eq!((counts(&result)[0], &notice(&result, "truth-alike")["count"]), (5, &8.into()));
    }
    let list: String = (0..9).map(|i| format!("{}.000,b{i}\n", i + 1)).collect();
    let ids = |i: u64| format!("\n{},", if i == 0 { 1 } else { 1_000 * i });
    let a = (0..9).fold(with_truth("a", 9, |i| i.to_string()), |file, i| file.replace(&format!("\na{i},"), &ids(i)));
    refused(
        &scored(&format!("id_a,id_b\n{list}"), &a, &with_truth("b", 9, |i| i.to_string()), SPEC),
        &["line 2", "may be 1 or 1000"],
    );
    let (a, b) = (with_truth("a", 9, |i| i.to_string()), with_truth("b", 9, |i| i.to_string()));
    let rows: String = (0..9).map(|i| format!("a{i},{}\nb{i},{}\n", points(i), plain(i))).collect();
    refused(&scored(&format!("id,cluster_id\n{rows}"), &a, &b, SPEC), &["column \"cluster_id\"", "may be 1 or 1000"]);
    let result = checked("number", points, plain, 9);
    assert!(notice(&result, "numbers-as-text")["sentence"].as_str().unwrap().contains("may be 1 or 1000"));
}

#[test]
fn letters_in_place_of_digits_are_told() {
    for (right, wrong) in [("p10", "p1O"), ("p10", "pl0"), ("10", "1O"), ("col10", "colI0")] {
        let name = |i: u64| format!("{}{}", right.trim_end_matches(|c: char| c.is_ascii_digit()), 10 + i);
        let b = move |i: u64| if i == 0 { wrong.to_owned() } else { name(i) };
        let result = json(&linked(SPEC, &with_truth("a", 12, name), &with_truth("b", 12, b), &["--json", "-"]));
        let told = notice(&result, "truth-alike");
        assert_eq!((counts(&result)[0], &told["count"]), (11, &2.into()), "{wrong}");
        assert!(told["sentence"].as_str().unwrap().contains("or like digits"), "{told}");
    }
    // Names of letters and digits in which both are meant.
    let mixed = |i: u64| ["a1o", "a10", "bl2", "b12", "xyz", "o0o", "lll", "I1I", "q7w"][i as usize].to_owned();
    let result = json(&linked(SPEC, &with_truth("a", 9, mixed), &with_truth("b", 9, mixed), &["--json", "-"]));
    assert_eq!(counts(&result)[0], 9);
}

#[test]
fn groups_that_differ_only_in_writing_are_told() {
    let spec = format!("groups = [\"x\"]\n{SPEC}");
    let told = |values: &'static [&'static str]| {
        let a = file("a", 20, "x", |i| values[i as usize % values.len()].to_owned());
        let result = json(&linked(&spec, &a, &file("b", 20, "x", |_| String::new()), &["--json", "-"]));
        let all = result["notices"].as_array().unwrap().iter();
        all.filter(|notice| notice["code"] == "groups-alike").cloned().collect::<Vec<Value>>()
    };
    let both = told(&["F", "f", "M", "m", "male", "NA", "", "1", "1.0", "x"]);
    assert_eq!((&both[0]["count"], &both[0]["examples"][0]), (&7.into(), &"1 and 1.0".into()));
    assert_eq!((&both[1]["count"], &both[1]["examples"][0]), (&2.into(), &"NA".into()));
    for part in ["2 more records are blank", "missing = [\"NA\"]"] {
        assert!(both[1]["sentence"].as_str().unwrap().contains(part), "{both:?}");
    }
    for values in [&["F", "M", ""][..], &["White", "Black", "Asian"], &["1", "2"]] {
        assert_eq!(told(values), Vec::<Value>::new(), "{values:?}");
    }
}

#[test]
fn a_field_or_clusters_that_say_the_truth_are_told() {
    let codes_of = |field: &str, value: fn(u64) -> String| {
        let result = checked(field, value, value, 12);
        codes(&result).contains(&"copies-truth")
    };
    assert!(codes_of("city", |i| format!("p{i}")), "equal");
    assert!(codes_of("number", |i| (700 + i * 3).to_string()) && codes_of("key", |i| format!("k{i}")), "one to one");
    assert!(!codes_of("number", |i| (i / 2).to_string()) && !codes_of("city", |i| format!("k{i}")));
    assert!(!codes_of("number", |i| if i < 3 { i.to_string() } else { String::new() }));
    let (a, b) = (with_truth("a", 9, |i| i.to_string()), with_truth("b", 9, |i| i.to_string()));
    let clusters = |of: &dyn Fn(u64) -> u64| {
        let rows: String = (0..9).map(|i| format!("a{i},k{}\nb{i},k{}\n", 3 * i, of(3 * i))).collect();
        json(&scored_with(&format!("id,cluster_id\n{rows}"), &[a.clone(), b.clone()], SPEC, &[]))
    };
    let result = clusters(&|i| i);
    assert!(notice(&result, "copies-truth")["sentence"].as_str().unwrap().contains("\"cluster_id\" are the persons"));
    assert!(!codes(&clusters(&|i| if i == 3 { 6 } else { i })).contains(&"copies-truth"));
}

#[test]
fn what_is_told_of_numbers_and_of_copies_is_true() {
    // Nothing was lost at the front, unless the other file shows it.
    let whole = |a: fn(u64) -> String, b: fn(u64) -> String| {
        let result = checked("zip", a, b, 12);
        notice(&result, "whole-numbers")["sentence"].as_str().unwrap().to_owned()
    };
    assert!(!whole(|i| format!("{}.0", 21_000 + i), |i| (21_000 + i).to_string()).contains("zeros at the front"));
    let told = whole(|i| format!("{}.0", 2_100 + i), |i| format!("0{}", 2_100 + i));
    assert!(told.contains("The other file has numbers with zeros at the front in x"), "{told}");
    // A number that lost digits is told once.
    for lost in ["1.950010E+07", "1.2E+08"] {
        for (field, says) in [("number", "are compared as zeros"), ("dob", "they are no dates")] {
            let spec = SPEC.replace("\n[[", &format!("\n{field} = \"x\"\n[["));
            let a = file("a", 9, "x", |_| lost.to_owned());
            let b = file("b", 9, "x", |i| format!("1950010{}", i + 1));
            let result = json(&linked(&spec, &a, &b, &["--json", "-"]));
            assert!(notice(&result, "digits-lost")["sentence"].as_str().unwrap().contains(says), "{result}");
            let told = codes(&result);
            assert!(!told.contains(&"whole-numbers") && !told.contains(&"numbers-as-text"), "{told:?}");
        }
    }
    // Of many records some are looked up.
    let (a, b) = (file("a", 150, "x", |i| i.to_string()), file("b", 150, "x", |i| i.to_string()));
    let result = json(&linked(SPEC, &a, &b, &["--json", "-"]));
    let told = notice(&result, "same-records")["sentence"].as_str().unwrap();
    assert!(told.contains("of 100 records drawn from 150 of A 100 are in B"), "{told}");
}

#[test]
fn totals_anywhere_and_more_words_for_a_missing_value_are_told() {
    let (a, b) = (with_truth("a", 30, |i| i.to_string()), with_truth("b", 30, |i| i.to_string()));
    let with_row = a.replace("\na7,", "\nTotal,x,Nn\na7,");
    let told = json(&linked(SPEC, &with_row, &b, &["--json", "-"]));
    assert!(notice(&told, "total-row")["sentence"].as_str().unwrap().contains("a.csv, line 9"), "{told}");
    for word in ["n.v.", "N.V.", "pending", "Pending", "unbek.", "not provided", "#NV", "n.d.", "(blank)"] {
        let told = json(&linked(SPEC, &a.replace(",N4\n", &format!(",{word}\n")), &b, &["--check", "--json", "-"]));
        assert_eq!(notice(&told, "missing-words")["examples"][0], word);
        let person = a.replace(",\"4\",", &format!(",{word},"));
        refused(&linked(SPEC, &person, &b, &[]), &["line 6", word, "missing = ["]);
    }
}

/// The one sentence about values of the same people that differ in one way.
fn differs(result: &Value) -> String {
    let all = result["notices"].as_array().unwrap().iter().filter(|notice| notice["code"] == "same-people-differ");
    let sentences: Vec<&str> = all.map(|notice| notice["sentence"].as_str().unwrap()).collect();
    assert!(sentences.len() < 2, "{sentences:?}");
    sentences.concat()
}

#[test]
fn zeros_lost_at_the_front_are_told_of_the_same_people() {
    let zip = |i: u64| format!("{:05}", 1000 + i % 40 * 217);
    let lost = |i: u64| (1000 + i % 40 * 217).to_string();
    let result = checked("zip", lost, zip, 60);
    let told = notice(&result, "same-people-differ");
    assert_eq!((&told["count"], &told["examples"][0]), (&60.into(), &"1000 in A, 01000 in B".into()));
    assert!(differs(&result).contains("of 60 of 60 people in both files, A has the number in B without the zeros"));
    // Some alone, in the other file, and in a further field.
    let result = checked("county_code", zip, |i| if i < 6 { lost(i) } else { zip(i) }, 60);
    assert!(differs(&result).contains("of 6 of 60 people in both files, B has the number in A"), "{result}");
    // Two by typing, and as often in either file.
    assert_eq!(differs(&checked("zip", zip, |i| if i < 2 { lost(i) } else { zip(i) }, 60)), "");
    let a = |i| if i < 5 { lost(i) } else { zip(i) };
    assert_eq!(differs(&checked("zip", a, |i| if i > 54 { lost(i) } else { zip(i) }, 60)), "");
    assert_eq!(differs(&checked("zip", zip, zip, 60)), "");
}

#[test]
fn dates_that_differ_in_one_way_are_told() {
    let parts = |i: u64| (1950 + i % 37, 1 + i % 12, 1 + i * 7 % 28);
    let date = |(year, month, day): (u64, u64, u64)| format!("{year}-{month:02}-{day:02}");
    let iso = |i: u64| date(parts(i));
    // A spreadsheet that reads the day as the month where it can.
    let turned = |i: u64| match parts(i) {
        (year, month, day) if day <= 12 => date((year, day, month)),
        whole => date(whole),
    };
    let swapped = (0..200).filter(|&i| parts(i).2 <= 12 && parts(i).1 != parts(i).2).count();
    let result = checked("date_of_birth", turned, iso, 200);
    assert_eq!(notice(&result, "same-people-differ")["count"], swapped);
    assert!(
        differs(&result)
            .contains(&format!("of {swapped} of 200 people in both files, A has the day where B has the month"))
    );
    // Midnight in another time zone, and another first day.
    let before = |i: u64| match parts(i) {
        (year, month, 1) => date((year, month, 1)),
        (year, month, day) => date((year, month, day - 1)) + "T23:00:00Z",
    };
    let moved = (0..200).filter(|&i| parts(i).2 > 1).count();
    let result = checked("date_of_birth", before, iso, 200);
    assert!(
        differs(&result).contains(&format!("of {moved} of 200 people in both files, the date in A is 1 day before"))
    );
    let by_four_years =
        checked("visit_date", |i| (i * 50 + 20_000).to_string(), |i| (i * 50 + 21_462).to_string(), 100);
    assert!(differs(&by_four_years).contains("of 100 of 100 people in both files, the date in A is 1462 days before"));
    // Years of two digits of people born before 1930.
    let before = |i: u64| format!("{}-{:02}-{:02}", 1900 + i % 29, 1 + i % 12, 1 + i % 28);
    let behind = |i: u64| format!("{}-{:02}-{:02}", 2000 + i % 29, 1 + i % 12, 1 + i % 28);
    let sentence = differs(&checked("date_of_birth", behind, before, 200));
    assert!(sentence.contains("of 200 of 200 people in both files, the dates are a hundred years apart"), "{sentence}");
    // Errors of typing.
    let typed = |i: u64| {
        if i.is_multiple_of(20) {
            turned(i)
        } else if i % 20 == 1 {
            before(i)
        } else {
            iso(i)
        }
    };
    assert_eq!(differs(&checked("date_of_birth", typed, iso, 200)), "");
    // Days and months that are exchanged are not moved as well, where all days are the first.
    let first = |i: u64| format!("{}-{:02}-01", 1950 + i % 37, 1 + i * i % 5 * 2);
    let exchanged = |i: u64| format!("{}-01-{:02}", 1950 + i % 37, 1 + i * i % 5 * 2);
    let sentence = differs(&checked("date_of_birth", exchanged, first, 200));
    assert!(sentence.contains("A has the day where B has the month"), "{sentence}");
}

#[test]
fn dates_that_are_whole_years_apart_are_told_in_years() {
    let date = |i: u64, more: u64| format!("{}-{:02}-{:02}", 1950 + i % 37 + more, 1 + i % 12, 1 + i * 7 % 28);
    let of = |years: u64, some: u64, all: u64| {
        let result = checked("date_of_birth", |i| date(i, if i < some { years } else { 0 }), |i| date(i, 0), all);
        differs(&result)
    };
    let told = of(543, 200, 200);
    assert!(told.contains("of 200 of 200 people in both files, the dates are 543 years apart"), "{told}");
    assert!(told.contains("the Buddhist calendar") && !told.contains("days"), "{told}");
    let told = differs(&checked("date_of_birth", |i| format!("00{}", &date(i, 0)[2..]), |i| date(i, 11), 100));
    assert!(told.contains("of 100 of 100 people in both files, the dates are 1911 years apart"), "{told}");
    assert!(of(57, 100, 100).contains("the dates are 57 years apart. One file may have years of another calendar"));
    assert!(of(1, 90, 100).contains("the dates are a year apart"));
    // A century, and what no error of typing makes, in one of fifty people and at least three.
    for (years, some, all) in [(100, 20, 300), (100, 5, 60), (100, 3, 150), (543, 3, 150), (4, 15, 150)] {
        let told = of(years, some, all);
        assert!(told.contains(&format!("of {some} of {all} people in both files, the dates are ")), "{years}: {told}");
    }
    for (years, some, all) in [(100, 2, 60), (100, 3, 160), (543, 2, 60), (4, 14, 150), (10, 9, 100)] {
        assert_eq!(of(years, some, all), "", "{years} {some} {all}");
    }
}

#[test]
fn a_column_or_a_truth_of_other_records_is_told() {
    const NAMES: [&str; 11] = ["Abel", "Brook", "Cole", "Dunn", "Eck", "Falk", "Gray", "Holt", "Iris", "Jung", "Kern"];
    let town = |i: u64| NAMES[(i * i % 11) as usize].to_owned();
    let result = checked("city", |i| town(i + 1), town, 110);
    let same = (0..110).filter(|&i| town(i) == town(i + 1)).count();
    assert!(differs(&result).contains(&format!("The field city is the same for {same} of 110 people")), "{result}");
    for agree in
        [town, |i: u64| if i.is_multiple_of(3) { String::new() } else { NAMES[(i * i % 11) as usize].to_owned() }]
    {
        assert_eq!(differs(&checked("city", agree, town, 110)), "");
    }
    // Names in each other's place in half of the records, and all fields of other records.
    let spec = SPEC.replace("\n[[", "\ngiven_name = \"first\"\n[[");
    let file = |side: &str, row: &dyn Fn(u64) -> String| {
        let rows = (0..110).map(|i| format!("{side}{i},p{i},{}\n", row(i)));
        format!("id,person,last,first\n{}", rows.collect::<String>())
    };
    let name = |i: u64| NAMES[(i * 3 % 11) as usize];
    let given = |i: u64| ["Ann", "Bo", "Cy", "Di", "Ed"][(i / 3 % 5) as usize];
    let b = file("b", &|i| format!("{},{}", name(i), given(i)));
    let of =
        |row: &dyn Fn(u64) -> String| differs(&json(&linked(&spec, &file("a", row), &b, &["--check", "--json", "-"])));
    let told = of(&|i| {
        if i.is_multiple_of(2) { format!("{},{}", given(i), name(i)) } else { format!("{},{}", name(i), given(i)) }
    });
    assert!(
        told.starts_with("Given name and surname: of 55 of 110 people in both files, A has the given name"),
        "{told}"
    );
    let told = of(&|i| format!("{},{}", name(i * 7 + 5), given(i * 7 + 4)));
    assert!(
        told.starts_with("The fields given_name, surname are the same") && told.contains("The truth may be"),
        "{told}"
    );
    assert_eq!(of(&|i| format!("{},{}", name(i), given(i))), "");
}
