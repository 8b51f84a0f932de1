//! What a run says: the summary for people, results.json and the CSV files for machines. All of it is text; writing it
//! somewhere is left to the caller.

mod results;
mod summary;
mod tables;
mod against;
mod charts;
pub mod cases;
pub mod check;
mod claimed;
pub mod compare;
pub mod explain;
pub mod files;
mod floor;
pub mod groups;
pub mod link;
mod notices;
mod missing;
mod outcomes;
pub mod score;
pub mod sensitivity;
pub mod page;
pub mod sweep;
pub mod waterfall;
pub mod validation;

use crate::stats::Interval;
pub use against::{against_json, against_text};
pub use results::results_json;
use results::{assumption_json, curve_json, rate_json, rates_json, trained_json};
pub use summary::{summary, training_warnings};
use tables::csv_of;
pub use tables::{curve_csv, disclosures_csv, outcomes_csv};

/// The version of Namesake, as results carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A name of the code or of a file as readers are told it: spaces for underscores, abbreviations in capitals.
fn spoken(name: &str) -> String {
    let words = name.split('_').map(|word| match word {
        "po" => "PO",
        "zip" => "ZIP",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A share in per cent, with as many places as it needs to show something: 0.70 %, 3.1 %, 42 %.
fn percent(share: f64) -> String {
    let digits = match share {
        s if s >= 0.1 => 0,
        s if s >= 0.01 => 1,
        _ => 2,
    };
    format!("{:.digits$} %", share * 100.0)
}

/// Decimal places at which an interval of this width shows two figures.
fn decimals(width: f64) -> usize {
    match width {
        w if w >= 0.02 => 0,
        w if w >= 0.002 => 1,
        w if w >= 0.0002 => 2,
        _ => 3,
    }
}

/// An interval of shares in per cent, with two figures of its width: 0.4-1.2 %.
fn percents(interval: Interval) -> String {
    let digits = decimals(interval.high - interval.low);
    format!("{:.digits$}-{:.digits$} %", interval.low * 100.0, interval.high * 100.0)
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

pub use crate::notice::by_number;

/// A number with the word that goes with it: 1 person, 2,000 people.
pub fn counted(number: u64, one: &str, several: &str) -> String {
    format!("{} {}", thousands(number), by_number(number, one, several))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(330_000_000), "330,000,000");
    }
}
