//! The input report on two files before they are matched, as a text for the terminal.

use super::notices::notice_lines;
use super::written::{Text, by_number, counted, thousands};
use crate::results::VERSION;
use crate::results::labelled::{CheckResults, CheckedFile, InputFile, Inputs};

/// The report for the terminal.
pub fn check_text(checked: &CheckResults) -> String {
    let mut text = Text::default();
    writeln!(text, "NAMESAKE  link --check  version {VERSION}");
    let inputs = checked.inputs();
    input_lines(&mut text, &inputs);
    let persons = |of: &CheckedFile| {
        let repeated = match of.persons_repeated {
            0 => "each with one record".to_owned(),
            several => {
                format!("{} with several records, at most {}", thousands(several), of.most_records_of_a_person)
            }
        };
        format!("{}, {repeated}.", counted(of.persons, "person", "persons"))
    };
    writeln!(text, "TRUTH     A: {}", persons(&checked.files.a));
    writeln!(text, "          B: {}", persons(&checked.files.b));
    let is = by_number(checked.true_pairs, "is", "are");
    writeln!(text, "          {} across the files {is} one person.", counted(checked.true_pairs, "pair", "pairs"));
    let width = checked.fields.iter().map(|field| field.field.chars().count()).max().unwrap_or(0).max(5);
    let mut row = |label: &str, cells: [&str; 6]| {
        let [field, blank_a, blank_b, distinct_a, distinct_b, shared] = cells;
        writeln!(
            text,
            "{label:<10}{field:<width$} {blank_a:>9} {blank_b:>9} {distinct_a:>11} {distinct_b:>11} {shared:>11}"
        );
    };
    row("FIELDS", ["", "blank A", "blank B", "distinct A", "distinct B", "in both"]);
    for field in &checked.fields {
        let [a, b] = &inputs.files;
        let blank = [share(field.blank.a, a), share(field.blank.b, b)];
        let [a, b, both] = [field.distinct.a, field.distinct.b, field.shared].map(thousands);
        row("", [&field.field, &blank[0], &blank[1], &a, &b, &both]);
    }
    notice_lines(&mut text, &checked.notices);
    text.trimmed()
}

/// Blank cells as a share of a file's records.
fn share(blank: u64, file: &InputFile) -> String {
    format!("{:.1} %", 100.0 * blank as f64 / file.records as f64)
}

/// Adds the lines about the files with which every summary begins.
pub(super) fn input_lines(text: &mut Text, inputs: &Inputs) {
    let [a, b] = &inputs.files;
    for (label, file) in [("FILES     A", a), ("          B", b)] {
        let separated = match file.separated_by.as_deref() {
            Some("commas") => String::new(),
            Some(other) => format!(", separated by {other}"),
            None => ", a Parquet file".to_owned(),
        };
        writeln!(text, "{label} {}: {}{separated}", file.name, counted(file.records, "record", "records"));
    }
    let ignored = a.ignored + b.ignored;
    if ignored > 0 {
        writeln!(text, "          Left out without truth: {}.", counted(ignored, "record", "records"));
    }
    let blank = inputs.blank.iter().filter(|(_, [in_a, in_b])| in_a + in_b > 0);
    let blank: Vec<String> =
        blank.map(|(field, [in_a, in_b])| format!("{field} {} / {}", share(*in_a, a), share(*in_b, b))).collect();
    if !blank.is_empty() {
        writeln!(text, "          Blank in A / B: {}.", blank.join(", "));
    }
}
