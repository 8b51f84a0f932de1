//! Some returns in error: the request and the record beside each other, with what differs marked.

use super::html::Html;
use super::{Run, term, words};
use crate::record::{Date, Field};
use crate::report::spoken;
use serde_json::Value;

/// The cases of a run.
pub fn cases(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    if run.cases.is_empty() {
        return html;
    }
    html.put(
        "<p>{} of the returns in error, one for each main cause before a second of any. All people are invented. What \
         differs between the two records is <mark>marked</mark>; what an error hid is written below it.</p>\n",
        &[&run.cases.len()],
    );
    run.cases.iter().enumerate().for_each(|(i, case)| html.add(&one(i + 1, case)));
    html
}

/// A return in error.
fn one(number: usize, case: &Value) -> Html {
    let record = &case["records"][0];
    let (title, story) = words::cause(record["primary_cause"].as_str().unwrap_or(""));
    let mut html = Html::of("<article class=\"case\">\n<h3>{}. {}</h3>\n<p>{}</p>\n", &[&number, &title, &story]);
    let (asked, held) = (&case["requester"], &record["holder"]);
    html.literal(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Two records\"><table class=\"records\">\n",
    );
    html.put(
        "<caption>Request {} and record {}: two people</caption>\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">\
         Asked for</th><th scope=\"col\">Returned</th></tr></thead>\n<tbody>\n",
        &[&case["request"], &record["record"]],
    );
    for field in Field::NAMED {
        let name = field.name();
        let (a, b) = (&asked["as_recorded"][name], &held["as_recorded"][name]);
        let given = [a, b].map(|cell| written(cell.as_str().unwrap_or("")));
        if given.iter().all(String::is_empty) {
            continue;
        }
        html.put("<tr><th scope=\"row\">{}</th>", &[&words::label(name)]);
        for (i, (side, known)) in [(asked, a), (held, b)].into_iter().enumerate() {
            html.literal("<td>");
            if known.is_null() {
                html.literal("<span class=\"of\">not asked</span>");
            } else if given[i].is_empty() {
                html.literal("<span class=\"of\">blank</span>");
            } else if given[1 - i].is_empty() {
                html.text(&given[i]);
            } else {
                html.add(&marked(&given[i], &given[1 - i]));
            }
            let truth = written(side["without_errors"][name].as_str().unwrap_or(""));
            if truth != given[i] && !known.is_null() {
                html.add(&without_error(&truth, &side["errors"], name));
            }
            html.literal("</td>");
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html.add(&what_would_have_helped(case, record));
    html.add(&terms(&record["why"]));
    html.literal("</article>\n");
    html
}

/// A date as year, month and day whatever a file's habit; anything else as it stands.
fn written(cell: &str) -> String {
    Date::parse(cell).map_or_else(|| cell.to_string(), |date| date.to_string())
}

/// What a cell would hold without errors, and which they were.
fn without_error(truth: &str, errors: &Value, field: &str) -> Html {
    let mut kinds: Vec<String> = Vec::new();
    for error in errors.as_array().into_iter().flatten().filter(|error| error["field"] == field) {
        let kind = spoken(error["error"].as_str().unwrap_or(""));
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let truth = if truth.is_empty() { "blank" } else { truth };
    let kinds = kinds.join(", ");
    if kinds.is_empty() {
        return Html::of(" <span class=\"says\">without error: {}</span>", &[&truth]);
    }
    Html::of(" <span class=\"says\">without error: {} ({})</span>", &[&truth, &kinds])
}

/// What became of the request, and what would have prevented the return.
fn what_would_have_helped(case: &Value, record: &Value) -> Html {
    let mut html = Html::of("<p>", &[]);
    html.literal(match (case["person_sought_on_file"] == true, case["fate"].as_str()) {
        (true, Some("right_with_others")) => "The person sought is on the file and was returned as well. ",
        (true, _) => "The person sought is on the file, and was not returned. ",
        (false, _) => "The person sought is not on the file. ",
    });
    let alone: Vec<String> = record["enough_alone"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| {
            let of = |key: &str| spoken(error[key].as_str().unwrap_or(""));
            format!("{} ({}, in the {}’s file)", of("error"), of("cell"), of("file"))
        })
        .collect();
    match &alone[..] {
        [] => {
            html.literal("No single error was ");
            html.add(&term("alone", "enough alone"));
            html.literal(" to prevent it.");
        }
        [only] => html.put("Had this one error not been made, it would not have happened: {}.", &[only]),
        several => {
            let errors = several.join("; ");
            html.put("Any one of these errors, not made, would have prevented it: {}.", &[&errors]);
        }
    }
    html.literal("</p>\n");
    html
}

/// Why the rule took the two for one person.
fn terms(why: &Value) -> Html {
    let mut html = Html::new();
    let Some(score) = why["score"].as_f64() else { return html };
    let bits = |value: f64| format!("{:.1}", value / 1000.0);
    html.put(
        "<details><summary>Why they were taken for one person: score {}, threshold {}</summary>\n<dl class=\"terms\">\n",
        &[&bits(score), &bits(why["threshold"].as_f64().unwrap_or(0.0))],
    );
    for term in why["terms"].as_array().into_iter().flatten() {
        let of = |key: &str| term[key].as_str().unwrap_or("");
        html.put("<dt>{}</dt><dd>{}", &[&of("name"), &bits(term["value"].as_f64().unwrap_or(0.0))]);
        html.put(" <span class=\"says\">{}</span></dd>\n", &[&of("level")]);
    }
    html.put("</dl>\n<p class=\"note\">Route: {}", &[&why["route"].as_str().unwrap_or("")]);
    if let Some(rule) = why["proposed_by"].as_str() {
        html.put(". Found by: {}", &[&rule]);
    }
    html.literal(".</p></details>\n");
    html
}

/// A text with the characters marked that are not in the other, by their longest common subsequence.
fn marked(text: &str, other: &str) -> Html {
    let (a, b): (Vec<char>, Vec<char>) = (text.chars().collect(), other.chars().collect());
    let shared = shared(&a, &b);
    let mut html = Html::new();
    // Texts that have little in common are different texts and not variants of one.
    if shared.iter().filter(|shared| **shared).count() * 2 < a.len().max(b.len()) {
        html.put("<mark>{}</mark>", &[&text]);
        return html;
    }
    let mut at = 0;
    for run in shared.chunk_by(|one, next| one == next) {
        let run_text: String = a[at..at + run.len()].iter().collect();
        html.put(if run[0] { "{}" } else { "<mark>{}</mark>" }, &[&run_text]);
        at += run.len();
    }
    html
}

/// Which items of `a` belong to its longest common subsequence with `b`.
pub(super) fn shared<T: PartialEq>(a: &[T], b: &[T]) -> Vec<bool> {
    // common[i][j]: how much a[i..] and b[j..] have in common.
    let mut common = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut shared, mut j) = (vec![false; a.len()], 0);
    for i in 0..a.len() {
        while j < b.len() && a[i] != b[j] && common[i][j + 1] >= common[i + 1][j] {
            j += 1;
        }
        if j < b.len() && a[i] == b[j] {
            shared[i] = true;
            j += 1;
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_two_texts_is_marked_by_characters() {
        let of = |a, b| marked(a, b).into_string();
        assert_eq!(of("HARBOR RD", "HARBOR ROAD"), "HARBOR RD");
        assert_eq!(of("HARBOR ROAD", "HARBOR RD"), "HARBOR R<mark>OA</mark>D");
        assert_eq!(of("MUÑOZ", "MUNOZ"), "MU<mark>Ñ</mark>OZ");
        assert_eq!(of("PETER", "<b>ANNA</b>"), "<mark>PETER</mark>");
        assert_eq!(of("Ōe", "Ōe"), "Ōe");
    }

    #[test]
    fn dates_are_written_alike_whatever_the_habit_of_a_file() {
        assert_eq!(written("10/21/1966"), written("19661021"));
        assert_eq!(written("QQ0161105"), "QQ0161105");
    }
}
