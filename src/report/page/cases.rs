//! Some returns in error: the request and the record beside each other, with what differs marked.

use super::html::Head::Text;
use super::html::Html;
use super::{Run, term, words};
use crate::evaluation::Fate;
use crate::experiment::Explanation;
use crate::linkage::decision::{Score, Term};
use crate::record::{Date, Field};
use crate::report::written::spoken;
use crate::results::{ErrorAt, ErrorMade, ExplainedRecord, ExplainedRequest};

/// The cases of a run.
pub fn cases(run: &Run<'_>) -> Html {
    let mut html = Html::new();
    if run.explained.is_empty() {
        return html;
    }
    html.put(
        "<p>{} of the returns in error, one for each main cause before a second of any. All people are invented. What \
         differs between the two records is <mark>marked</mark>; what an error hid is written below it.</p>\n",
        &[&run.explained.len()],
    );
    run.explained.iter().enumerate().for_each(|(i, case)| html.add(&one(i + 1, case)));
    html
}

/// A return in error.
fn one(number: usize, case: &ExplainedRequest) -> Html {
    let mut html = Html::new();
    let Some(record) = case.records.first() else { return html };
    let (title, story) = words::cause(record.primary_cause.as_deref().unwrap_or(""));
    html.put("<article class=\"case\">\n<h3>{}. {}</h3>\n<p>{}</p>\n", &[&number, &title, &story]);
    let (asked, held) = (&case.requester, &record.holder);
    let caption = format!("Request {} and record {}: two people", case.request, record.record);
    html.table("Two records", "records", &caption, &["Field", "Asked for", "Returned"].map(Text));
    for field in Field::NAMED {
        let name = field.name();
        let cells = [asked, held].map(|side| side.as_recorded.get(name));
        let given = cells.map(|cell| cell.map_or(String::new(), |cell| written(cell)));
        if given.iter().all(String::is_empty) {
            continue;
        }
        html.put("<tr><th scope=\"row\">{}</th>", &[&words::label(name)]);
        for (i, (side, known)) in [asked, held].into_iter().zip(cells).enumerate() {
            html.literal("<td>");
            if known.is_none() {
                html.literal("<span class=\"of\">not asked</span>");
            } else if given[i].is_empty() {
                html.literal("<span class=\"of\">blank</span>");
            } else if given[1 - i].is_empty() {
                html.text(&given[i]);
            } else {
                html.add(&marked(&given[i], &given[1 - i]));
            }
            let truth = side.without_errors.get(name).map_or(String::new(), |cell| written(cell));
            if truth != given[i] && known.is_some() {
                html.add(&without_error(&truth, &side.errors, name));
            }
            html.literal("</td>");
        }
        html.literal("</tr>\n");
    }
    html.literal("</tbody></table></div>\n");
    html.add(&what_would_have_helped(case, record));
    if let Some(why) = &record.why {
        html.add(&terms(why));
    }
    html.literal("</article>\n");
    html
}

/// A date as year, month and day whatever a file's habit; anything else as it stands.
fn written(cell: &str) -> String {
    Date::parse(cell).map_or_else(|| cell.to_string(), |date| date.to_string())
}

/// The value of a cell without errors, and the errors.
fn without_error(truth: &str, errors: &[ErrorMade], field: &str) -> Html {
    let mut kinds: Vec<String> = Vec::new();
    for error in errors.iter().filter(|error| error.field == field) {
        let kind = spoken(&error.error);
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

/// The end of the request, and the changes that would have prevented the return.
fn what_would_have_helped(case: &ExplainedRequest, record: &ExplainedRecord) -> Html {
    let mut html = Html::of("<p>", &[]);
    html.literal(match (case.person_sought_on_file, case.fate) {
        (true, Fate::RightWithOthers) => "The person sought is on the file and was returned as well. ",
        (true, _) => "The person sought is on the file, and was not returned. ",
        (false, _) => "The person sought is not on the file. ",
    });
    let error = |ErrorAt { file, error, cell }: &ErrorAt| {
        format!("{} ({}, in the {}’s file)", spoken(error), spoken(cell), spoken(file))
    };
    let alone: Vec<String> = record.enough_alone.iter().flatten().map(error).collect();
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
    let rules: Vec<String> = record.rules_enough_alone.iter().flatten().map(|rule| spoken(rule)).collect();
    match &rules[..] {
        [] => html.literal(" Neither the missing check nor the whole name would have."),
        rules => html.put(" The rule could have prevented it: {}.", &[&rules.join(", or ")]),
    }
    html.literal("</p>\n");
    html
}

/// The terms by which the rule took the two for one person.
fn terms(why: &Explanation) -> Html {
    let bits = |score: Score| format!("{:.1}", score.bits());
    let mut html = Html::of(
        "<details><summary>Why they were taken for one person: score {}, threshold {}</summary>\n<dl class=\"terms\">\n",
        &[&bits(why.score), &bits(why.threshold)],
    );
    for Term { name, level, value } in &why.terms {
        html.put("<dt>{}</dt><dd>{}", &[name, &bits(Score(*value))]);
        html.put(" <span class=\"says\">{}</span></dd>\n", &[level]);
    }
    html.put("</dl>\n<p class=\"note\">Route: {}", &[&why.route]);
    if let Some(rule) = &why.proposed_by {
        html.put(". Found by: {}", &[rule]);
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

/// Marks the items of `a` that belong to its longest common subsequence with `b`.
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
