//! Names, numbers, lines and tables as reports write them.

pub use crate::notice::by_number;
use crate::results::Rate;
use serde_json::Value;
use std::fmt::{self, Write};

/// A text to which `write!` and `writeln!` add without a result to look at: nothing can fail.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    /// The method that `write!` and `writeln!` call.
    pub fn write_fmt(&mut self, arguments: fmt::Arguments<'_>) {
        self.0.write_fmt(arguments).expect("writing to a string cannot fail");
    }

    /// The text, without the blanks at the ends of its lines.
    pub fn trimmed(self) -> String {
        self.0.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.0
    }
}

/// A name of the code or of a file as readers are told it: spaces for underscores, abbreviations in capitals.
pub(super) fn spoken(name: &str) -> String {
    let words = name.split('_').map(|word| match word {
        "po" => "PO",
        "zip" => "ZIP",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A value of a setting as text.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(value_text).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A share in per cent, with as many places as it needs to show something: 0.70 %, 3.1 %, 42 %.
pub(super) fn percent(share: f64) -> String {
    let digits = match share {
        s if s >= 0.1 => 0,
        s if s >= 0.01 => 1,
        _ => 2,
    };
    format!("{:.digits$} %", share * 100.0)
}

/// Decimal places at which an interval of this width shows two figures.
pub(super) fn decimals(width: f64) -> usize {
    match width {
        w if w >= 0.02 => 0,
        w if w >= 0.002 => 1,
        w if w >= 0.0002 => 2,
        _ => 3,
    }
}

/// An interval of shares in per cent, with two figures of its width: 0.4-1.2 %.
pub(super) fn percents(low: f64, high: f64) -> String {
    let digits = decimals(high - low);
    format!("{:.digits$}-{:.digits$} %", low * 100.0, high * 100.0)
}

/// `, as of 40 neighbourhoods` where an interval counts these instead of trials.
pub(super) fn by_neighbourhoods(rate: &Rate) -> String {
    let count = rate.neighbourhoods();
    count.map_or(String::new(), |n| format!(", as of {}", counted(n, "neighbourhood", "neighbourhoods")))
}

/// `1.2 % to 9.8 %`.
pub(super) fn ends([low, high]: [f64; 2]) -> String {
    format!("{} to {}", percent(low), percent(high))
}

/// A text that begins with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A whole number with commas: 1,000,000.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with the word that goes with it: 1 person, 2,000 people.
pub fn counted(number: u64, one: &str, several: &str) -> String {
    format!("{} {}", thousands(number), by_number(number, one, several))
}

/// ` (0.4-1.2 %)`, with what it counts if that is not the trials, or why there is none.
pub(super) fn bracket(rate: &Rate) -> String {
    match rate.ends() {
        Some((low, high)) => format!(" ({}{})", percents(low, high), by_neighbourhoods(rate)),
        None => " (no interval: no trials)".to_string(),
    }
}

/// Adds a labelled line, wrapped at 100 columns under its label.
pub(super) fn wrap(text: &mut String, label: &str, line: &str) {
    wrap_under(text, label, 10, line);
}

/// Adds a line behind a label, wrapped at 100 columns; every line of it begins at column `indent`.
pub(super) fn wrap_under(text: &mut String, label: &str, indent: usize, line: &str) {
    const WIDTH: usize = 100;
    let mut column = indent;
    write!(text, "{label:<indent$}").expect("writing to a string cannot fail");
    for (i, word) in line.split(' ').enumerate() {
        let length = word.chars().count();
        if i > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else if i > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

/// CSV text of a header and rows.
pub(super) fn csv_of(
    header: impl IntoIterator<Item = impl AsRef<[u8]>>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("writing to memory cannot fail");
    for row in rows {
        writer.write_record(&row).expect("writing to memory cannot fail");
    }
    writer.into_inner().expect("writing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{Measured, Method};
    use crate::stats::{self, wilson};

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(330_000_000), "330,000,000");
    }

    fn measured(rate: stats::Rate, interval: Option<stats::Interval>, method: Method) -> Measured {
        Measured { rate, of: "", interval, method, with_reference: None }
    }

    #[test]
    fn a_bracket_shows_two_figures_of_its_width() {
        let of = |hits, trials| {
            let rate = stats::Rate::new(hits, trials);
            bracket(&Rate::of(&measured(rate, wilson(rate), Method::Clustered)))
        };
        assert_eq!(of(5, 20), " (11-47 %)");
        assert_eq!(of(50, 10_000), " (0.4-0.7 %)");
        assert_eq!(of(0, 0), " (no interval: no trials)");
    }

    #[test]
    fn a_bracket_without_a_case_says_that_it_counts_neighbourhoods() {
        let of = |hits, trials, interval, method| {
            bracket(&Rate::of(&measured(stats::Rate::new(hits, trials), Some(interval), method)))
        };
        let exact = stats::clopper_pearson;
        assert_eq!(of(0, 10_000, exact(0.0, 40.0), Method::ClusteredExact), " (0-9 %, as of 40 neighbourhoods)");
        assert_eq!(of(10, 10, exact(1.0, 8.0), Method::ClusteredExact), " (63-100 %, as of 8 neighbourhoods)");
        // Trials that are no neighbourhoods, as many clusters as trials, and a count.
        assert_eq!(of(0, 10_000, exact(0.0, 40.0), Method::ByPersonExact), " (0-9 %)");
        assert_eq!(of(0, 10_000, exact(0.0, 1e4), Method::ClusteredExact), " (0.00-0.04 %)");
        assert_eq!(of(0, 40, exact(0.0, 40.0), Method::ClusteredExact), " (0-9 %)");
        assert_eq!(of(0, 257_000_000, exact(0.0, 257e6), Method::ClusteredExact), " (0.000-0.000 %)");
        assert_eq!(of(3, 10_000, exact(3e-4, 1e4), Method::ClusteredExact), " (0.01-0.09 %)");
    }
}
