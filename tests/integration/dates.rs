//! Dates as files have them: read as what they are, refused, or told. None is guessed without a word.

use crate::support::{Run, namesake_in, shared_data};
use serde_json::Value;
use std::fs;

/// Matches two files in which record *i* of either is person *i*, found by the surname and matched by the level that the
/// date of birth reaches.
fn run(a: &[&str], b: &[&str], level: &str, more: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let file = |dates: &[&str]| {
        let rows = dates.iter().enumerate();
        let rows = rows.map(|(i, date)| format!("{i},p{i},Ōe{},\"{date}\"\n", char::from(b'a' + i as u8)));
        format!("id,person,last,born\n{}", rows.collect::<String>())
    };
    fs::write(folder.path().join("a.csv"), file(a)).unwrap();
    fs::write(folder.path().join("b.csv"), file(b)).unwrap();
    let spec = format!(
        "id = \"id\"\ntruth = \"person\"\n{more}\n[fields]\nsurname = \"last\"\ndob = \"born\"\n\
         [blocking]\nrules = [\"surname\"]\n\
         [[model.rule]]\nname = \"date\"\nstrength = 1\nall = [\"date_of_birth: {level}\"]\n"
    );
    fs::write(folder.path().join("spec.toml"), spec).unwrap();
    namesake_in(folder.path(), &["link", "a.csv", "b.csv", "--spec", "spec.toml", "--quiet", "--json", "-"])
}

fn json(run: &Run) -> Value {
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

fn found(result: &Value) -> u64 {
    result["counts"]["returned_right"].as_u64().unwrap()
}

/// The notice of that kind, if there is one.
fn notice<'r>(result: &'r Value, code: &str) -> Option<&'r Value> {
    result["notices"].as_array().unwrap().iter().find(|notice| notice["code"] == code)
}

const DATES: [&str; 3] = ["1980-05-17", "1981-06-04", "1979-12-31"];

#[test]
fn dates_are_read_in_the_format_that_their_file_has() {
    for (b, format) in [
        (["17/05/1980", "04/06/1981", "31/12/1979"], "%d/%m/%Y (3)"),
        (["5/17/80", "6/4/81", "12/31/79"], "%m/%d/%y (3)"),
        (["17-MAY-1980", "04-JUN-1981", "31-DEC-1979"], "%d-%b-%Y (3)"),
        (["17-May-80", "04-Jun-81", "31-Dec-79"], "%d-%b-%y (3)"),
        (["17MAY1980", "04JUN1981", "31DEC1979"], "%d%b%Y (3)"),
        (["17 May 1980", "4 Jun 1981", "31 Dec 1979"], "%d %b %Y (3)"),
        (["May 17th, 1980", "June 4, 1981", "Dec 31, 1979"], "%b %d, %Y (3)"),
        (["17 maggio 1980", "4 giugno 1981", "31 dicembre 1979"], "%d %b %Y (3)"),
        (["17 mei 1980", "4 juni 1981", "31 december 1979"], "%d %b %Y (3)"),
        (["17 de maio de 1980", "4 de junho de 1981", "31 de dezembro de 1979"], "%d de %b de %Y (3)"),
        (["17\u{2011}05\u{2011}1980", "04\u{2010}06\u{2010}1981", "31\u{2212}12\u{2212}1979"], "%d-%m-%Y (3)"),
        (["1980-05-17 00:00 CET", "1981-06-04 23:59:59 UTC", "1979-12-31T12:00+02:00"], "%Y-%m-%d (3)"),
        (["1980-05-17Z", "1981-06-04+02:00", "1979-12-31-05:00"], "%Y-%m-%d (3)"),
        (["17. Mai 1980", "4. Juni 1981", "31. De\u{7a}ember 1979"], "%d. %b %Y (3)"),
        (["17 mai 1980", "4 juin 1981", "31 de\u{301}cembre 1979"], "%d %b %Y (3)"),
        (["samedi 17 mai 1980", "jeudi 4 juin 1981", "lundi 31 décembre 1979"], "%a %d %b %Y (3)"),
        (["Samstag, 17. Mai 1980", "Do, 4. Juni 1981", "Mo, 31. Dezember 1979"], "%a, %d. %b %Y (3)"),
        (["mar. 17 mai 1980", "mar. 4 juin 1981", "mar. 31 déc 1979"], "%a. %d %b %Y (3)"),
        (["May 17 1980", "mar. Jun 4 1981", "Dec 31 1979"], "%b %d %Y (2)"),
        (
            ["sábado 17 de mayo de 1980", "jueves 4 de junio de 1981", "lunes 31 de diciembre de 1979"],
            "%a %d de %b de %Y (3)",
        ),
        (["17.05.1980 0:00 MEZ", "04.06.1981 12:00 Uhr", "31.12.1979 1:30 GMT+1"], "%d.%m.%Y (3)"),
        (["1980-05-17 00:00:00", "1981-06-04 00:00:00", "1979-12-31 00:00:00"], "%Y-%m-%d (3)"),
        (["1980-05-17T00:00:00Z", "1981-06-04T00:00:00+02:00", "1979-12-31T23:30:00.5-0500"], "%Y-%m-%d (3)"),
        (["29358", "29741", "29220"], "Excel's numbers of days (3)"),
        (["29358.0", "29741.0", "29220.5"], "Excel's numbers of days (3)"),
        (["17051980", "4061981", "31121979"], "%d%m%Y (3)"),
        (["80-05-17", "81-06-04", "79-12-31"], "%y-%m-%d (3)"),
        (["1980  5.17", "1981/06-04", "1979, 12/31"], "%Y %m %d (3)"),
        (["17. 5. 1980", "4. 6. 1981", "31. 12. 1979"], "%d. %m. %Y (3)"),
        (["1980. 05. 17.", "1981. 06. 04.", "1979. 12. 31."], "%Y. %m. %d. (3)"),
        (["zaterdag 17-05-1980", "donderdag 04-06-1981", "maandag 31-12-1979"], "%a %d-%m-%Y (3)"),
        (["za 17 mei 1980", "do 4 juni 1981", "ma 31 december 1979"], "%a %d %b %Y (3)"),
        (["sábado, 17/05/1980", "Quinta-feira, 04/06/1981", "segunda-feira, 31/12/1979"], "%a, %d/%m/%Y (3)"),
        (
            ["sábado, 17 de maio de 1980", "quinta-feira, 4 de junho de 1981", "segunda, 31 de dezembro de 1979"],
            "%a, %d de %b de %Y (3)",
        ),
        (["sab 17/mag/1980", "gio 04/giu/1981", "mar 31/dic/1979"], "%a %d/%b/%Y (3)"),
        (["sab 17/05/1980", "mar 04/06/1981", "lun 31/12/1979"], "%a %d/%m/%Y (3)"),
        (["Sat, 1980-05-17", "Thu, 1981-06-04", "Mon, 1979-12-31"], "%a, %Y-%m-%d (3)"),
        (["17-MAY-80 12.00.00 AM", "04-JUN-81 11.30.59 PM", "31-DEC-79 12.00.00.000000 AM +01:00"], "%d-%b-%y (3)"),
        (
            [
                "Sat May 17 1980 00:00:00 GMT+0100 (CET)",
                "Thu Jun 04 1981 00:00:00 GMT+0200 (Mitteleuropäische Sommerzeit)",
                "Mon Dec 31 1979 00:00:00 GMT-0500 (Eastern Standard Time)",
            ],
            "%a %b %d %Y (3)",
        ),
        (
            ["Sat May 17 00:00:00 CET 1980", "Thu Jun  4 00:00:00 1981", "Mon Dec 31 00:00:00 UTC 1979"],
            "%a %b %d %Y (3)",
        ),
        (["\u{200e}17.05.1980", "04.06.1981\u{200b}", "31.12.1979"], "%d.%m.%Y (3)"),
        (["5/17/1980 12:00:00 AM", "6/4/1981 12:00:00 AM", "12/31/1979 12:00:00 AM"], "%m/%d/%Y (3)"),
    ] {
        let result = json(&run(&DATES, &b, "same", ""));
        assert_eq!(found(&result), 3, "{b:?}: {result:#}");
        let sentence = &notice(&result, "date-formats").unwrap()["sentence"];
        assert!(
            sentence.as_str().unwrap().contains(&format!("b.csv, column \"born\": dates are read as {format}")),
            "{sentence}"
        );
        assert_eq!(notice(&result, "dates-open"), None, "{b:?}");
        assert_eq!(notice(&result, "dates-not-read"), None, "{b:?}");
        // What is told can be stated, but for numbers of days and for several marks.
        if format.contains("Excel") || b[0].contains("  ") {
            continue;
        }
        let (format, _) = format.split_once(" (").unwrap();
        let stated = json(&run(&DATES, &b, "same", &format!("date_format = {{ b = \"{format}\" }}")));
        assert_eq!(found(&stated), 3, "{format}");
    }
    for b in [["19800517", "19810604", "19791231"], ["19800517/", "19810604.", "19791231 -"]] {
        let result = json(&run(&DATES, &b, "same", ""));
        assert_eq!((found(&result), notice(&result, "date-formats")), (3, None), "{b:?}: year first needs no word");
    }
}

#[test]
fn a_file_that_does_not_say_which_number_is_the_day_is_told() {
    let b = ["05/06/1980", "04/06/1981", "11/12/1979"];
    let result = json(&run(&["1980-05-06", "1981-04-06", "1979-11-12"], &b, "same", ""));
    assert_eq!(found(&result), 3);
    let open = notice(&result, "dates-open").unwrap();
    assert_eq!((&open["count"], &open["examples"][0]), (&Value::from(3), &Value::from(b[1])));
    assert!(open["sentence"].as_str().unwrap().contains("read month first"), "{open}");
    // Stated, it is read so without a word, in the one file alone.
    let stated = "date_format = { b = \"%d/%m/%Y\" }";
    let result = json(&run(&["1980-06-05", "1981-06-04", "1979-12-11"], &b, "same", stated));
    assert_eq!((found(&result), notice(&result, "dates-open")), (3, None));
    let unknown = json(&run(&["1980-05-06"], &["??/05/1980"], "same", ""));
    assert!(notice(&unknown, "dates-open").is_some(), "whether the day or the month is unknown is open");
    let dots = json(&run(&["1980-06-05"], &["05.06.1980"], "same", ""));
    assert!(found(&dots) == 1 && notice(&dots, "dates-open").is_some());
    let short = json(&run(&["1980-05-06"], &["05/06/80"], "same", ""));
    assert!(found(&short) == 1 && notice(&short, "dates-open").is_some());
}

#[test]
fn a_file_that_has_it_both_ways_is_refused_unless_it_is_stated() {
    let b = ["17/05/1980", "06/24/1981", "31/12/1979"];
    let refused = run(&DATES, &b, "same", "");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("2 with the day first and 1 with the month first"), "{}", refused.stderr);
    let result = json(&run(&DATES, &b, "same", "date_format = { b = \"%d/%m/%Y\" }"));
    assert_eq!(found(&result), 2);
    let told = notice(&result, "dates-in-part").unwrap();
    assert_eq!(told["examples"][0], "06/24/1981", "month 24 is told");
    // What fits the other order alone is not counted as read in this one.
    assert!(told["sentence"].as_str().unwrap().contains("1 of them would be a date with day and month"), "{told}");
    let formats = notice(&result, "date-formats").unwrap();
    assert!(formats["sentence"].as_str().unwrap().contains("%d/%m/%Y (2)"), "{formats}");
    assert!(refused.stderr.contains("date_format = { b = "), "{}", refused.stderr);
    let wrong = run(&DATES, &["17/05/1980", "x", "y"], "same", "date_format = { b = \"%d/%m/%Y\" }");
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("2 of 3 dates of b.csv") && wrong.stderr.contains("date_format"), "{}", wrong.stderr);
}

#[test]
fn impossible_and_partial_dates_are_compared_by_the_parts_that_they_have() {
    for (a, b, level, expected) in [
        ("1958-04-06", "1958-04-56", "one digit off", 1),
        ("1958-04-06", "19580479", "one part differs", 1),
        ("1958-04-06", "1958", "same year", 1),
        ("1958-04-06", "1959", "same year or missing", 0),
        ("1958-04-06", "1958-04", "one part differs", 1),
        ("1958-04-06", "April 1958", "one part differs", 1),
        ("1958-04-06", "1958-00-00", "same year", 1),
        ("1958", "1958", "one part differs", 0),
        ("1958", "1958", "same year", 1),
        ("1958-04-06", "04/??/1958", "one part differs", 1),
        ("1958-04-06", "not known", "same year", 0),
        ("1958-04-06", "not known", "same year or missing", 1),
        ("1958-04-06", "00/00/0000", "same or missing", 1),
        ("not known", "not known", "same year", 0),
    ] {
        let result = json(&run(&[a], &[b], level, ""));
        assert_eq!(found(&result), expected, "{a} {b} {level}: {result:#}");
        let told = ["dates-in-part", "dates-not-read"].map(|code| notice(&result, code).is_some());
        assert!(told.contains(&true), "{b} is told");
    }
    let result = json(&run(&DATES, &["1980-05-17", "Ōe", "31 Des 1979"], "same or missing", ""));
    let told = notice(&result, "dates-not-read").unwrap();
    assert_eq!((&told["count"], &told["examples"][1]), (&Value::from(2), &Value::from("Ōe")));
    assert_eq!(found(&result), 3);
}

#[test]
fn a_year_of_two_digits_is_of_the_hundred_years_that_are_stated() {
    let born = |first: &str, a: &str| {
        let result = json(&run(&[a], &["17-May-25"], "same", first));
        let sentence = notice(&result, "date-formats").unwrap()["sentence"].to_string();
        (found(&result), sentence)
    };
    let (found, sentence) = born("", "2025-05-17");
    assert!(found == 1 && sentence.contains("read as 1930 to 2029"), "{sentence}");
    let (found, sentence) = born("first_year = 1920", "1925-05-17");
    assert!(found == 1 && sentence.contains("read as 1920 to 2019"), "{sentence}");
}

#[test]
fn the_files_of_a_report_have_their_dates_read() {
    let Some(spec) = shared_data("reports/dates-not-read/spec.toml") else { return };
    for b in ["b_timestamp.csv", "b_excel.csv", "b_uk.csv"] {
        let arguments = ["link", "a.csv", b, "--spec", "spec.toml", "--quiet", "--json", "-"];
        let result = json(&namesake_in(spec.parent().unwrap(), &arguments));
        assert_eq!((found(&result), &result["counts"]["returned_wrong"]), (2, &Value::from(0)), "{b}: {result:#}");
        assert!(notice(&result, "date-formats").is_some(), "{b}");
    }
}

#[test]
fn a_year_with_the_day_behind_it_is_told_by_the_days_above_12() {
    for (b, format) in [
        (["1980-17-05", "1981-04-06", "1979-31-12"], "%Y-%d-%m (3)"),
        (["1980/17/05", "1981/04/06", "1979/31/12"], "%Y/%d/%m (3)"),
        (["19801705", "19810406", "19793112"], "%Y%d%m (3)"),
        (["80-17-05", "81-04-06", "79-31-12"], "%y-%d-%m (3)"),
        (["1980-17-05 00:00", "1981-04-06 00:00", "1979-31-12 00:00"], "%Y-%d-%m (3)"),
    ] {
        let result = json(&run(&DATES, &b, "same", ""));
        let sentence = notice(&result, "date-formats").unwrap()["sentence"].as_str().unwrap();
        assert!(found(&result) == 3 && sentence.contains(&format!("read as {format}")), "{b:?}: {sentence}");
        assert_eq!(notice(&result, "dates-in-part"), None, "{b:?}");
    }
    // Stated, the order holds for dates that do not tell it.
    let b = ["1980-06-05", "1981-04-06", "1979-11-12"];
    let a = ["1980-05-06", "1981-06-04", "1979-12-11"];
    assert_eq!(found(&json(&run(&a, &b, "same", "date_format = { b = \"%Y-%d-%m\" }"))), 3);
    // Both ways are refused, and one month above 12 is an error in a date.
    let both = run(&DATES, &["1980-17-05", "1981-18-06", "1979-12-31"], "same", "");
    assert_eq!(both.code, Some(2), "{both:?}");
    let says = ["2 with the day behind the year and 1 with the month behind", "date_format = { b = \"%Y-%d-%m\" }"];
    assert!(says.iter().all(|says| both.stderr.contains(says)), "{}", both.stderr);
    let one = json(&run(&DATES, &["1980-17-05", "1981-06-04", "1979-12-31"], "same", ""));
    assert_eq!((found(&one), &notice(&one, "dates-in-part").unwrap()["count"]), (2, &Value::from(1)));
}

#[test]
fn a_date_format_that_few_or_no_dates_have_is_not_passed_over() {
    let none = run(&DATES, &DATES, "same", "date_format = { b = \"%d/%m/%Y\" }");
    assert_eq!(none.code, Some(2), "{none:?}");
    for says in ["spec.toml, date_format: no date of b.csv, column \"born\"", "like \"1979-12-31\"", "leave it out"] {
        assert!(none.stderr.contains(says), "{}", none.stderr);
    }
    for format in ["%Y", "%d %b %Y", "%Y%m%d"] {
        assert_eq!(run(&DATES, &DATES, "same", &format!("date_format = \"{format}\"")).code, Some(2), "{format}");
    }
    let few =
        json(&run(&DATES, &["17 May 1980", "1981-06-04", "1979-12-31"], "same", "date_format = { b = \"%d %b %Y\" }"));
    let told = notice(&few, "date-format-misses").unwrap();
    assert!(told["count"] == 2 && told["sentence"].as_str().unwrap().contains("1 of 3 dates are written as"), "{told}");
    let digits = json(&run(&DATES, &["800517", "810604", "791231"], "same", ""));
    assert!(notice(&digits, "dates-not-read").unwrap()["sentence"].as_str().unwrap().contains("\"%y%m%d\""));
    assert_eq!(
        found(&json(&run(&DATES, &["800517", "810604", "791231"], "same", "date_format = { b = \"%y%m%d\" }"))),
        3
    );
    // The advice names every format that all of them have, and one that they do not have is refused.
    for (b, advice) in [
        (["170580", "040681", "311279"], "date_format = \"%d%m%y\"."),
        (["051780", "060481", "123179"], "date_format = \"%m%d%y\"."),
        (["050680", "040681", "111279"], "date_format = \"%d%m%y\" or \"%m%d%y\"."),
        (["198005", "198106", "197912"], "date_format = \"%Y%m\"."),
        (["8005", "8106", "7912"], "date_format = \"%y%m\"."),
        (["17/1980/05", "04/1981/06", "31/1979/12"], "date_format = \"%d %b %Y\"."),
    ] {
        let result = json(&run(&DATES, &b, "same", ""));
        let sentence = notice(&result, "dates-not-read").unwrap()["sentence"].as_str().unwrap();
        assert!(sentence.contains(advice), "{b:?}: {sentence}");
    }
    let other = run(&DATES, &["170580", "040681", "311279"], "same", "date_format = { b = \"%y%m%d\" }");
    assert!(other.code == Some(2) && other.stderr.contains("have a month above 12 or a day above 31"), "{other:?}");
    // Words are no dates of another format.
    let words = json(&run(&DATES, &["17/05/1980", "NA", "unknown"], "same", "date_format = { b = \"%d/%m/%Y\" }"));
    assert_eq!(notice(&words, "dates-not-read").unwrap()["count"], 2);
    // Nor is a file without any date of one.
    assert_eq!(run(&DATES, &["NA", "NA", "unknown"], "same", "date_format = { b = \"%d/%m/%Y\" }").code, Some(0));
    // A word that is not known is asked about, and the format that a file has is named.
    let word = run(&DATES, &["17/05/1980", "sin fecha", "04/06/1981"], "same", "date_format = { b = \"%d/%m/%Y\" }");
    assert!(
        word.code == Some(2) && word.stderr.contains("write missing = [\"sin fecha\"]; if not, change"),
        "{word:?}"
    );
    let other = run(&DATES, &DATES, "same", "date_format = { b = \"%d/%m/%Y\" }");
    assert!(other.stderr.contains("state how this file writes them: { b = \"%Y-%m-%d\" }"), "{other:?}");
    // Days and months that are not known are no such.
    let unknown = ["19800099", "19810604", "19799999"];
    assert_eq!(run(&DATES, &unknown, "same", "date_format = { b = \"%Y%m%d\" }").code, Some(0));
}

#[test]
fn one_date_of_many_people_is_told() {
    let days: Vec<String> =
        (1..=20).map(|day| if day <= 6 { "1900-01-01".to_owned() } else { format!("1980-05-{day:02}") }).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let result = json(&run(&days, &DATES, "same", ""));
    let told = notice(&result, "heaped-value").unwrap();
    assert_eq!((&told["count"], &told["examples"][0]), (&Value::from(6), &Value::from("1900-01-01")));
    assert!(told["sentence"].as_str().unwrap().contains("a.csv, column \"born\": 6 of 20 cells"), "{told}");
    let stated = json(&run(&days, &DATES, "same", "missing = [\"1900-01-01\"]"));
    assert_eq!(notice(&stated, "heaped-value"), None);
}

#[test]
fn names_of_months_are_read_in_four_languages() {
    for b in [
        ["17. Mai 1980", "4. Juni 1981", "31. Dezember 1979"],
        ["17-may-1980", "04-jun-1981", "31-dic-1979"],
        ["17 de mayo de 1980", "4 de junio de 1981", "31 de diciembre de 1979"],
        ["17 mai 1980", "4 juin 1981", "31 décembre 1979"],
    ] {
        assert_eq!(found(&json(&run(&DATES, &b, "same", ""))), 3, "{b:?}");
    }
    let other = json(&run(&DATES, &["17 května 1980", "4 czerwca 1981", "31 joulukuuta 1979"], "same", ""));
    assert_eq!(notice(&other, "dates-not-read").unwrap()["count"], 3);
}

#[test]
fn a_stated_format_that_exchanges_day_and_month_is_refused() {
    let stated = |format: &str| format!("date_format = {format}");
    // One date in three shows it, and under the other order all are dates.
    for (dates, format, right) in [
        (["05/04/1980", "06/05/1981", "12/31/1979"], "{ b = \"%d/%m/%Y\" }", "%m/%d/%Y"),
        (["1980-04-05", "1981-05-06", "1979-12-31"], "{ b = \"%Y-%d-%m\" }", "%Y-%m-%d"),
        (["4.5.80", "5.6.81", "31.12.79"], "{ b = \"%m.%d.%y\" }", "%d.%m.%y"),
    ] {
        let run = run(&DATES, &dates, "same", &stated(format));
        assert_eq!(run.code, Some(2), "{dates:?}: {run:?}");
        for says in ["date_format", "1 of 3 dates of b.csv", "with day and month exchanged", right] {
            assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
        }
    }
    // Of eight digits with the year first, 2008 is no 20 August.
    let wrong = ["20080517", "20090604", "20101231"];
    for format in ["%d%m%Y", "%m%d%Y"] {
        let run = run(&DATES, &wrong, "same", &stated(&format!("{{ b = \"{format}\" }}")));
        assert!(!run.stderr.contains("with day and month exchanged"), "{run:?}");
    }
    // Where a date has the stated order, another is an error of the file, and told.
    let told = json(&run(&DATES, &["17/05/1980", "04/06/1981", "12/31/1979"], "same", &stated("{ b = \"%d/%m/%Y\" }")));
    assert_eq!(notice(&told, "dates-in-part").unwrap()["count"], 1);
}

#[test]
fn dates_with_the_year_first_and_no_day_above_12_are_told() {
    let dates =
        |day: &dyn Fn(u32) -> u32| (1..=12).map(|i| format!("19{}-{:02}-{:02}", 50 + i, i, day(i))).collect::<Vec<_>>();
    let open = |dates: &[String], more: &str| {
        let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
        let result = json(&run(&dates, &dates, "same", more));
        notice(&result, "dates-open").map(|told| told["count"].as_u64().unwrap())
    };
    let low = dates(&|i| 1 + i % 12);
    assert_eq!(open(&low, ""), Some(12));
    assert_eq!(open(&low.iter().map(|date| date.replace('-', "")).collect::<Vec<_>>(), ""), Some(12));
    assert_eq!(open(&low, "date_format = \"%Y-%m-%d\""), None);
    assert_eq!(open(&dates(&|i| 1 + i * 2), ""), None, "some are above 12");
    assert_eq!(open(&low[..8], ""), None, "of eight dates none is above 12 by chance");
    assert_eq!(open(&dates(&|i| i), ""), None, "the order changes nothing");
    // The first of every month is a day. That all were born in January is not what such a file has.
    assert_eq!(open(&dates(&|_| 1), ""), None, "the first of the month");
    let in_january: Vec<String> = (1..=12).map(|i| format!("19{}-01-{i:02}", 50 + i)).collect();
    assert_eq!(open(&in_january, ""), Some(11));
}

#[test]
fn the_first_of_every_month_says_which_number_is_the_day() {
    let iso: Vec<String> = (1..=12).map(|i| format!("19{}-{i:02}-01", 50 + i)).collect();
    let a: Vec<&str> = iso.iter().map(String::as_str).collect();
    let written = |form: &dyn Fn(u32, u32) -> String| -> Vec<String> { (1..=12).map(|i| form(50 + i, i)).collect() };
    for (b, format) in [
        (written(&|year, month| format!("01/{month:02}/19{year}")), "%d/%m/%Y"),
        (written(&|year, month| format!("{month:02}/01/19{year}")), "%m/%d/%Y"),
        (written(&|year, month| format!("{month}.1.{year}")), "%m.%d.%y"),
        (written(&|year, month| format!("01{month:02}19{year}")), "%d%m%Y"),
        (written(&|year, month| format!("{month:02}0119{year}")), "%m%d%Y"),
    ] {
        let b: Vec<&str> = b.iter().map(String::as_str).collect();
        let result = json(&run(&a, &b, "same", ""));
        assert_eq!((found(&result), notice(&result, "dates-open")), (12, None), "{b:?}");
        let told = notice(&result, "date-formats").unwrap()["sentence"].as_str().unwrap();
        assert!(told.contains(&format!("read as {format} (12)")), "{told}");
        // Of a few dates chance makes it so.
        let few = json(&run(&a, &b[..6], "same", ""));
        assert!(notice(&few, "dates-open").is_some(), "{b:?}");
    }
    let other = written(&|year, month| format!("{:02}/{month:02}/19{year}", 1 + month % 2));
    let other: Vec<&str> = other.iter().map(String::as_str).collect();
    assert!(notice(&json(&run(&a, &other, "same", "")), "dates-open").is_some(), "one in two is the second");
}

#[test]
fn the_format_that_is_advised_for_open_dates_is_accepted_and_reads_them() {
    // As they are read, and as they may be meant.
    for (b, formats) in [
        (&["Friday, 01/08/2003", "Monday, 03/04/1981"][..], &["%a, %m/%d/%Y", "%a, %d/%m/%Y"][..]),
        (&["01041940", "05061951"], &["%m%d%Y", "%d%m%Y"]),
        (&["05-01-01", "03-02-04"], &["%m-%d-%y", "%d-%m-%y", "%y-%m-%d"]),
        (&["13-05-06", "03-02-04"], &["%d-%m-%y", "%y-%m-%d"]),
        (&["5. 6. 1980", "4. 6. 1981"], &["%d. %m. %Y", "%m. %d. %Y"]),
        (&["05.06.80", "04.06.81"], &["%d.%m.%y", "%m.%d.%y"]),
        (&["05/06/1980 0:00", "04/06/1981 0:00"], &["%m/%d/%Y", "%d/%m/%Y"]),
    ] {
        let result = json(&run(&DATES, b, "same", ""));
        let told = notice(&result, "dates-open").unwrap()["sentence"].as_str().unwrap();
        let listed: Vec<String> = formats.iter().map(|format| format!("\"{format}\"")).collect();
        assert!(told.contains(&format!("date_format = {}.", listed.join(" or "))), "{told}");
        for format in formats {
            let stated = json(&run(&DATES, b, "same", &format!("date_format = {{ b = \"{format}\" }}")));
            let told = ["dates-open", "dates-not-read", "dates-in-part", "date-format-misses"];
            assert!(told.iter().all(|code| notice(&stated, code).is_none()), "{format}: {stated:#}");
            let read = notice(&stated, "date-formats").unwrap()["sentence"].as_str().unwrap();
            assert!(read.contains(&format!("read as {format} (2)")), "{read}");
        }
    }
    // With the year first, and where a column has it both ways.
    for (mark, short) in [("-", ""), ("/", ""), ("", ""), ("-", "19")] {
        let dates: Vec<String> = (1..=12)
            .map(|i| format!("19{}{mark}{i:02}{mark}{:02}", 60 + i, 1 + i % 12).replacen(short, "", 1))
            .collect();
        let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
        let result = json(&run(&DATES, &dates, "same", ""));
        let told = notice(&result, "dates-open").unwrap()["sentence"].as_str().unwrap();
        let year = if short.is_empty() { "%Y" } else { "%y" };
        let formats = [("m", "d"), ("d", "m")].map(|(one, other)| format!("{year}{mark}%{one}{mark}%{other}"));
        assert!(told.contains(&format!("date_format = \"{}\" or \"{}\".", formats[0], formats[1])), "{told}");
        for format in formats {
            let stated = json(&run(&DATES, &dates, "same", &format!("date_format = {{ b = \"{format}\" }}")));
            assert!(["dates-open", "dates-not-read"].iter().all(|code| notice(&stated, code).is_none()), "{format}");
        }
    }
    for (b, format) in [
        (["17.05.1980", "06.24.1981", "31.12.1979"], "%d.%m.%Y"),
        (["Sat 17/05/80", "Wed 06/24/81", "Mon 31/12/79"], "%a %d/%m/%y"),
        (["19801705", "19811806", "19791231"], "%Y%d%m"),
    ] {
        let refused = run(&DATES, &b, "same", "");
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains(&format!("date_format = {{ b = \"{format}\" }}")), "{}", refused.stderr);
        assert_eq!(run(&DATES, &b, "same", &format!("date_format = {{ b = \"{format}\" }}")).code, Some(0), "{format}");
    }
}

#[test]
fn a_column_put_together_from_two_countries_is_read_by_what_stands_between() {
    let read = |b: &[&str], more: &str| {
        let result = json(&run(&DATES, b, "same", more));
        let told = notice(&result, "date-formats").map(|told| told["sentence"].as_str().unwrap().to_owned());
        (found(&result), told.unwrap_or_default())
    };
    // 17 May 1980, 4 June 1981 and 31 December 1979.
    for b in [["17.05.1980", "06/04/1981", "12/31/1979"], ["05-17-1980", "4.6.1981", "31.12.1979"]] {
        let (right, told) = read(&b, "");
        assert!(right == 3 && told.contains("%d.%m.%Y") && told.contains("%m"), "{b:?} {right} {told}");
    }
    // A stated format is that of its own mark.
    for format in ["%d.%m.%Y", "%m/%d/%Y"] {
        let (right, told) =
            read(&["17.05.1980", "06/04/1981", "12/31/1979"], &format!("date_format = {{ b = \"{format}\" }}"));
        assert_eq!(right, 3, "{format}: {told}");
    }
    // A mark that no date tells the order of is told, also beside others that do, and beside a stated format.
    for more in ["", "date_format = { b = \"%m/%d/%Y\" }"] {
        let result = json(&run(&DATES, &["05/17/1980", "04.06.1981", "12/31/1979"], "same", more));
        let told = notice(&result, "dates-open").unwrap()["sentence"].as_str().unwrap();
        assert!(told.contains("of 1 date, read"), "{told}");
    }
    // With one mark both ways nobody can tell.
    let refused = run(&DATES, &["17.05.1980", "06/24/1981", "31/12/1979"], "same", "");
    assert!(refused.code == Some(2) && refused.stderr.contains("both ways"), "{refused:?}");
}

#[test]
fn digits_that_are_no_date_yet_come_with_the_format_to_state() {
    for (dates, format) in [
        (["8005", "8106", "7912"], "%y%m"),
        (["198005", "198106", "197912"], "%Y%m"),
        (["800517", "810604", "791231"], "%y%m%d"),
    ] {
        let result = json(&run(&DATES, &dates, "same", ""));
        let told = notice(&result, "dates-not-read").unwrap()["sentence"].as_str().unwrap().to_owned();
        assert!(told.contains(&format!("date_format = \"{format}\"")), "{told}");
        let stated = json(&run(&DATES, &dates, "same year", &format!("date_format = {{ b = \"{format}\" }}")));
        assert_eq!(found(&stated), 3, "{format}");
    }
}
