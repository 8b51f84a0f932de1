//! The explanation of a request: the person, the record, its errors, and each answer with the terms of its score.

use crate::agreement::Refusal;
use crate::experiment::Explanation;
use crate::experiment::link::Flip;
use crate::report::written::{Text, spoken};
use crate::results::{ErrorMade, ExplainedRequest, RecordView};

/// A request explained, as text; `refused` is the reason if no route took it.
pub fn request_text(explained: &ExplainedRequest, refused: Option<Refusal>) -> String {
    let mut text = Text::default();
    let fate = spoken(explained.fate.name());
    let lost = match (refused, explained.lost_at) {
        (Some(refusal), _) => format!(", {}", refusal_text(refusal)),
        (None, place) => place.map_or(String::new(), |place| format!(", lost at {}", place.name())),
    };
    writeln!(text, "REQUEST {}: {fate}{lost}", explained.request);
    let on = if explained.person_sought_on_file { "on" } else { "not on" };
    writeln!(text, "The person sought is {on} the holder's file.");
    writeln!(text);
    record_text("as requested", &explained.requester, &mut text);
    for held in &explained.records {
        let who = if held.is_person_sought { "the person sought" } else { "somebody else" };
        let came = if held.returned { "returned" } else { "not returned" };
        writeln!(text);
        writeln!(text, "RECORD {}: {who}, {came}", held.record);
        if let Some(cause) = &held.primary_cause {
            writeln!(text, "  main cause: {}", spoken(cause));
        }
        record_text("on file", &held.holder, &mut text);
        match &held.why {
            None => writeln!(text, "  never compared: the request was refused"),
            Some(explanation) => writeln!(text, "{}", explanation_text(explanation)),
        }
    }
    text.into()
}

/// A record as it is, what it would be without errors where that differs, and the errors.
fn record_text(heading: &str, record: &RecordView, text: &mut Text) {
    writeln!(text, "  {:<16}{heading:<34}without error", "");
    for ((field, recorded), truth) in record.as_recorded.iter().zip(record.without_errors.values()) {
        let mark = if recorded == truth { "" } else { truth };
        writeln!(text, "{}", format!("  {field:<16}{recorded:<34}{mark}").trim_end());
    }
    for ErrorMade { error, field, before, after } in &record.errors {
        writeln!(text, "  {}: {field} \"{before}\" became \"{after}\"", spoken(error));
    }
}

/// The reason why a request was refused, in words.
fn refusal_text(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Incomplete => "a field that it must contain is blank",
        Refusal::Address => "its address did not pass the check",
        Refusal::NoRoute => "no route takes it",
    }
}

/// The changes that would reverse the decision, as lines.
pub fn flips_text(flips: &[Flip]) -> String {
    if flips.is_empty() {
        return "  No one or two comparisons could change the decision.\n".to_string();
    }
    let mut text = Text::default();
    writeln!(text, "  The decision would be the other one, if");
    for flip in flips {
        let changes: Vec<String> =
            flip.changes.iter().map(|(name, from, to)| format!("{name} were \"{to}\", not \"{from}\"")).collect();
        writeln!(text, "    {:>+9.3}  {}", flip.score.bits(), changes.join(", and "));
    }
    text.into()
}

/// One explanation as lines: how the pair was proposed, each comparison, and the terms that sum to the score.
pub fn explanation_text(explanation: &Explanation) -> String {
    let mut text = Text::default();
    match &explanation.proposed_by {
        Some(rule) => writeln!(text, "  route {}, proposed by blocking rule {rule}", explanation.route),
        None => {
            writeln!(text, "  route {}, proposed by no blocking rule: never compared in the run", explanation.route)
        }
    }
    let width =
        explanation.levels.iter().map(|(comparison, _)| comparison.chars().count() + 2).max().unwrap_or(0).max(16);
    for (comparison, level) in &explanation.levels {
        writeln!(text, "    {comparison:<width$}{level}");
    }
    for term in &explanation.terms {
        writeln!(text, "    {:>+9.3}  {}: {}", f64::from(term.value) / 1000.0, term.name, term.level);
    }
    let reached = if explanation.score >= explanation.threshold { "reaches" } else { "stays below" };
    writeln!(
        text,
        "    {:>+9.3}  score, which {reached} the threshold {}",
        explanation.score.bits(),
        explanation.threshold
    );
    String::from(text).trim_end().to_string()
}
