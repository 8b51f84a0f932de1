//! The shares that the published figures allow, beside those of a run, in words.

use super::written::{capital, ends, percent};
use crate::experiment::infer::QUANTITY;
use crate::results::{Allowed, AllowedShare};

/// A rate in words, as the subject of a sentence about people or requests.
pub(super) fn in_words(measure: &str) -> String {
    let (rate, group) = measure.split_once('@').map_or((measure, None), |(rate, group)| (rate, Some(group)));
    let words = match rate {
        QUANTITY => "somebody else, of persons returned",
        "wrong_person" => "requests that returned somebody else, of requests",
        "answered_though_absent" => "requests answered, of those for people not on file",
        "missed" => "not returned, of those sought who are on file",
        other => other,
    };
    group.map_or_else(|| words.to_string(), |group| format!("{words} ({group})"))
}

/// The share of the run, and if it lies outside the range: `51 %, outside that range`.
pub(super) fn here(share: &AllowedShare) -> Option<String> {
    let [low, high] = share.after;
    let outside = |here: &f64| if (low..=high).contains(here) { "" } else { ", outside that range" };
    share.here.map(|here| percent(here) + outside(&here))
}

/// `1.1 % to 4.9 %; this run has 2.0 %`, and if the run lies outside.
pub(super) fn beside(share: &AllowedShare) -> String {
    let here = here(share).map_or("this run has nobody to count".to_string(), |here| format!("this run has {here}"));
    format!("{}; {here}", ends(share.after))
}

/// The reasons why a run may not be put beside the ranges, as sentences: they were made for other settings, or the run
/// misses the figures. Nothing if there is none.
pub(super) fn caution(allowed: &Allowed) -> String {
    let said = |reason: &String| format!(" The range was not made for these settings: {reason}.");
    let mut text = allowed.not_made_for.as_ref().map_or_else(String::new, said);
    if !allowed.missed.is_empty() {
        text +=
            &format!(" This run misses the published figures, and is no such world: {}.", allowed.missed.join("; "));
    }
    text
}

/// The line of the summary about the quantity of interest.
pub fn line(allowed: &Allowed) -> Option<String> {
    let first = allowed.shares.first()?;
    let what = capital(&in_words(&first.measure));
    Some(format!("{what}: the published figures allow {}.{}", beside(first), caution(allowed)))
}
