//! Results as text: the summary, the tables and the page of a run, and what every other command says.
//!
//! A report computes nothing that it tells: it reads [`Results`](crate::results::Results). [`bundle`] makes the whole run
//! folder without a file system; the caller writes or serves it.

mod summary;
mod tables;
mod against;
mod allowed;
mod bundle;
mod charts;
mod decomposition;
mod dictionary;
pub mod cases;
mod handout;
pub mod check;
pub mod compare;
pub mod explain;
pub mod files;
mod groups;
pub mod infer;
pub mod link;
mod notices;
mod outcomes;
pub mod score;
mod sensitivity;
mod shown;
mod page;
pub mod settings;
pub mod sweep;
pub mod waterfall;
pub mod validation;

use crate::results::Rate;
pub use crate::results::VERSION;
pub use against::against_text;
pub use bundle::{AGAINST_FILES, File, against_bundle, bundle, run_files};
pub use decomposition::decomposition_text;
pub use dictionary::dictionary as run_dictionary;
pub use handout::handout;
pub use sensitivity::sensitivity_text;
pub use shown::show_page;
pub use summary::{summary, training_warnings};
use tables::csv_of;

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
fn percents(low: f64, high: f64) -> String {
    let digits = decimals(high - low);
    format!("{:.digits$}-{:.digits$} %", low * 100.0, high * 100.0)
}

/// `, as of 40 neighbourhoods` where an interval counts these instead of trials.
fn by_neighbourhoods(rate: &Rate) -> String {
    let count = rate.neighbourhoods();
    count.map_or(String::new(), |n| format!(", as of {}", counted(n, "neighbourhood", "neighbourhoods")))
}

/// A text that begins with a capital.
fn capital(text: &str) -> String {
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
