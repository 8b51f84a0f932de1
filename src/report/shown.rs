//! A built-in scenario as a page to read: facts, gaps, terms, routes, and how to run it.

use super::cases::told_plainly;
use super::written::{thousands, wrap_under};
use crate::linkage::decision::Rule;
use crate::scenario::{Basis, RouteSettings, Scenario, ScenarioError, When, built_in};
use std::fmt::Write;

/// A built-in scenario as a page for the terminal.
pub fn show_page(name: &str) -> Result<String, ScenarioError> {
    let scenario = Scenario::parse(built_in(name)?, name)?;
    // A former name finds the scenario of today.
    let name = &scenario.name;
    let mut page = format!("{name}\n\n");
    paragraph(&mut page, "", &scenario.title);
    page.push('\n');
    paragraph(&mut page, "", &scenario.summary);
    let notes = [
        ("Theme", scenario.theme.clone()),
        ("As of", scenario.as_of.as_ref().map_or(String::new(), ToString::to_string)),
        ("Variant of", scenario.version_of.clone().unwrap_or_default()),
        ("Content note", scenario.content_note.clone()),
    ];
    page.push('\n');
    for (label, text) in notes.iter().filter(|(_, text)| !text.is_empty()) {
        paragraph(&mut page, "", &format!("{label}: {text}"));
    }
    heading(&mut page, "How to run it");
    page += &format!(
        "  namesake run {name}\n  namesake run {name} --seed 2\n  \
         namesake scenarios show {name} --toml > my.toml\n  namesake scenarios settings KEY\n\n"
    );
    let files = "The file can be changed and run as my.toml. A setting is explained by its key.";
    paragraph(&mut page, "", files);
    heading(&mut page, "What is simulated");
    size(&scenario).iter().for_each(|line| paragraph(&mut page, "- ", line));
    for (title, lines) in told_plainly(&scenario).iter().filter(|(_, lines)| !lines.is_empty()) {
        heading(&mut page, title);
        lines.iter().for_each(|line| paragraph(&mut page, "- ", line));
    }
    heading(&mut page, "Terms");
    terms(&scenario).iter().for_each(|line| paragraph(&mut page, "- ", line));
    heading(&mut page, "Routes");
    scenario.routes.iter().for_each(|of| paragraph(&mut page, "- ", &route(of)));
    if !scenario.published.is_empty() {
        heading(&mut page, "Published figures");
        for figure in &scenario.published {
            let source = &scenario.sources[&figure.source].title;
            let line = format!("{}: {} ({source}; {}).", figure.figure, figure.value, figure.kind.name());
            paragraph(&mut page, "- ", &line);
        }
    }
    let teaching = &scenario.teaching;
    for (title, lines) in [("Things to notice", &teaching.things_to_notice), ("Things to try", &teaching.things_to_try)]
    {
        if !lines.is_empty() {
            heading(&mut page, title);
            lines.iter().for_each(|line| paragraph(&mut page, "- ", line));
        }
    }
    Ok(page)
}

fn heading(page: &mut String, title: &str) {
    write!(page, "\n{}\n\n", title.to_uppercase()).expect("writing to a string cannot fail");
}

/// Adds a paragraph; its lines begin where the text of the first one does.
fn paragraph(page: &mut String, mark: &str, text: &str) {
    wrap_under(page, mark, mark.len(), text);
}

/// The country, the two agencies and the settings, a line each.
fn size(scenario: &Scenario) -> Vec<String> {
    let all = scenario.assumptions();
    let published = all.iter().filter(|setting| setting.basis == Basis::Published).count();
    let Scenario { requester, holder, .. } = scenario;
    vec![
        format!(
            "A country of {} people; {} requests.",
            thousands(scenario.population.people),
            thousands(requester.requests)
        ),
        format!("{} asks. Its records have: {}.", requester.title, requester.fields.join(", ")),
        format!("{} answers. Its records have: {}.", holder.title, holder.fields.join(", ")),
        format!("{published} settings are published and {} assumed.", all.len() - published),
    ]
}

/// The terms of the exchange, a line each.
fn terms(scenario: &Scenario) -> Vec<String> {
    let said = |list: &[String]| if list.is_empty() { "nothing".to_string() } else { list.join(", ") };
    let agreement = &scenario.agreement;
    let words = |key: &str| {
        let setting = scenario.assumptions().into_iter().find(|setting| setting.key == key);
        setting.and_then(|setting| setting.value.as_str().map(|word| word.replace('_', " "))).unwrap_or_default()
    };
    let mut lines = vec![
        format!("A request must contain: {}.", said(&agreement.must_contain.value)),
        format!("Check of its address: {}.", words("agreement.address_check")),
        format!("Must be compared before anything is handed over: {}.", said(&agreement.must_compare.value)),
        format!("If several records answer: {}, at most {}.", words("agreement.answers"), agreement.most_answers.value),
    ];
    let plain = scenario.plain_keys();
    let on = plain.iter().filter(|(_, value)| value == true);
    let on = on.filter_map(|(key, _)| key.strip_prefix("agreement.")?.strip_suffix(".on"));
    let on: Vec<String> = on.map(|name| name.replace('_', " ")).collect();
    lines.push(format!("Safeguards and consequences: {}.", if on.is_empty() { "none".into() } else { on.join(", ") }));
    lines
}

/// A route in words: its requests, its blocking rules and its decision.
fn route(route: &RouteSettings) -> String {
    let when = match route.when {
        When::NumberGiven => "requests with an identity number",
        When::NoNumber => "requests without an identity number",
        When::Always => "all other requests",
    };
    let rule = |Rule { name, strength, .. }: &Rule| format!("{name} ({strength})");
    let rules: Vec<String> = route.model.rule.iter().map(rule).collect();
    let decides = if rules.is_empty() { "match weights".to_string() } else { format!("rules {}", rules.join("; ")) };
    let blocking: Vec<String> = route.blocking.rules.iter().map(ToString::to_string).collect();
    let compares = if route.compares.is_empty() { "nothing".to_string() } else { route.compares.join(", ") };
    let mut text = format!(
        "{}, for {when}: compares {compares}; candidates share {}; decides by {decides}, from {} up. {}: {}.",
        route.name,
        blocking.join(", or "),
        route.threshold(),
        if route.basis == Basis::Published { "Published" } else { "Assumed" },
        route.source
    );
    if !route.alternatives.is_empty() {
        text += &format!(" Alternatives: {}.", route.alternatives.join("; "));
    }
    text
}
