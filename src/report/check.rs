//! The input report on two files before they are matched, as a text for the terminal.

use super::notices::notice_lines;
use super::written::{by_number, counted, thousands};
use crate::bridge::LabelledPair;
use crate::experiment::link::{Checked, Persons};
use crate::results::VERSION;
use std::fmt::Write;

/// The report for the terminal.
pub fn check_text(files: &LabelledPair, checked: &Checked) -> String {
    let mut text = format!("NAMESAKE  link --check  version {VERSION}\n");
    let mut say = |label: &str, line: String| {
        writeln!(text, "{}", format!("{label:<10}{line}").trim_end()).expect("writing to a string cannot fail");
    };
    file_lines(files, &checked.blank).into_iter().for_each(|(label, line)| say(label, line));
    let persons = |name: &str, of: Persons| {
        let repeated = match of.repeated {
            0 => "each with one record".to_owned(),
            several => format!("{} with several records, at most {}", thousands(several), of.most),
        };
        format!("{name}: {}, {repeated}.", counted(of.persons, "person", "persons"))
    };
    say("TRUTH", persons("A", checked.persons[0]));
    say("", persons("B", checked.persons[1]));
    let is = by_number(checked.true_pairs, "is", "are");
    say("", format!("{} across the files {is} one person.", counted(checked.true_pairs, "pair", "pairs")));
    let width = checked.fields.iter().map(|field| field.field.name().chars().count()).max().unwrap_or(0).max(5);
    let row = |cells: [&str; 6]| {
        let [field, blank_a, blank_b, distinct_a, distinct_b, shared] = cells;
        format!("{field:<width$} {blank_a:>9} {blank_b:>9} {distinct_a:>11} {distinct_b:>11} {shared:>11}")
    };
    say("FIELDS", row(["", "blank A", "blank B", "distinct A", "distinct B", "in both"]));
    for (place, field) in checked.fields.iter().enumerate() {
        let [a, b] = field.distinct.map(thousands);
        let sides = [(&checked.blank[0], &files.a), (&checked.blank[1], &files.b)];
        let blank = sides.map(|(blank, file)| share(blank[place], file.ids.len()));
        say("", row([field.field.name(), &blank[0], &blank[1], &a, &b, &thousands(field.shared)]));
    }
    notice_lines(&checked.notices).for_each(|(label, line)| say(label, line));
    text
}

/// The share of so many records, as far as it is told.
fn share(blank: u64, records: usize) -> String {
    format!("{:.1} %", 100.0 * blank as f64 / records as f64)
}

/// The lines about the files with which every summary begins. The numbers are the blank cells of A and of B by field.
pub(super) fn file_lines(files: &LabelledPair, [blank_a, blank_b]: &[Vec<u64>; 2]) -> Vec<(&'static str, String)> {
    let file = |letter: &str, file: &crate::bridge::LabelledFile| {
        let separated = match file.separated_by.as_deref() {
            Some("commas") => String::new(),
            Some(other) => format!(", separated by {other}"),
            None => ", a Parquet file".to_owned(),
        };
        let records = counted(file.ids.len() as u64, "record", "records");
        format!("{letter} {}: {records}{separated}", file.name)
    };
    let mut lines = vec![("FILES", file("A", &files.a)), ("", file("B", &files.b))];
    let ignored = files.a.ignored + files.b.ignored;
    if ignored > 0 {
        lines.push(("", format!("Left out without truth: {}.", counted(ignored, "record", "records"))));
    }
    let blank = |((field, &a), &b): ((&crate::record::Field, &u64), &u64)| {
        let shares = || format!("{field} {} / {}", share(a, files.a.ids.len()), share(b, files.b.ids.len()));
        (a + b > 0).then(shares)
    };
    let blanks: Vec<String> = files.records.fields().iter().zip(blank_a).zip(blank_b).filter_map(blank).collect();
    if !blanks.is_empty() {
        lines.push(("", format!("Blank in A / B: {}.", blanks.join(", "))));
    }
    lines
}
