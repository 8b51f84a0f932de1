//! The library of documented cases: its list, one case to read, and published figures beside simulated ones.

use crate::evaluation::RateId;
use crate::experiment::published::{Given, beside};
use crate::report::summary::bracket;
use crate::report::{percent, spoken, thousands};
use crate::results::{PublishedFigure, Results, Setting};
use crate::scenario::case::{Fact, Harm, Published, Source, THEMES, View};
use crate::scenario::{Assumption, BUILT_IN, Basis, Scenario, ScenarioError, Situation, built_in};
use serde_json::{Value, json};
use std::fmt::Write;

/// The lines of the summary about published figures, one each.
pub(super) fn beside_lines(figures: &[PublishedFigure]) -> Vec<String> {
    let line = |row: &PublishedFigure| {
        let here = row
            .expected_at_this_size
            .map_or(String::new(), |expected| format!(" ({} on a file of this size)", figure(expected)));
        let simulated = row.simulated.map_or("none here".to_string(), |value| format!("here {}", figure(value)));
        let interval = row.low.zip(row.high);
        let interval = interval.map_or(String::new(), |(low, high)| format!(" ({}-{})", figure(low), figure(high)));
        let PublishedFigure { figure: what, published, kind, .. } = row;
        format!("{what}: {}{here}; {simulated}{interval}, {}.", figure(*published), kind.name())
    };
    figures.iter().map(line).collect()
}

/// The line that says what does harm, where it is not that somebody else is returned.
pub(super) fn harm_line(scenario: &Scenario, results: &Results) -> Option<String> {
    match scenario.harm {
        Harm::SomebodyElse => None,
        Harm::NotMatched => {
            let missed = results.rates.get(&RateId::Missed)?;
            let groups = results
                .groups("group")
                .filter_map(|(value, group)| Some((value, group.rates.get(&RateId::Missed)?)))
                .filter(|(_, rate)| !rate.too_few_to_tell)
                .map(|(value, rate)| {
                    let few = if rate.too_few_to_compare { " (too few to compare)" } else { "" };
                    format!("{} {}{few}", spoken(value), percent(rate.rate.unwrap_or(0.0)))
                })
                .collect::<Vec<_>>()
                .join(", ");
            Some(format!(
                "Not to be matched does harm here. Of {} people on file {} were not{}. By census category: {groups}.",
                thousands(missed.trials),
                thousands(missed.hits),
                bracket(missed)
            ))
        }
        Harm::OutOfDate => Some(format!(
            "What is on file is no longer so. Of {} right persons returned {} are citizens today, and {} had moved.",
            thousands(results.counts.returned_right),
            thousands(results.citizens(|group| group.hits(RateId::Recall))),
            thousands(results.counts.right_but_moved)
        )),
    }
}

/// A number with about three figures.
fn figure(value: f64) -> String {
    let size = value.abs();
    let digits = match size {
        s if s == 0.0 || s >= 100.0 => 0,
        s if s >= 10.0 => 1,
        s if s >= 0.1 => 2,
        s if s >= 0.01 => 3,
        s if s >= 0.001 => 4,
        _ => 6,
    };
    format!("{value:.digits$}")
}

/// The built-in scenarios, in the order of their themes.
pub fn library() -> Result<Vec<Scenario>, ScenarioError> {
    let mut all: Vec<Scenario> =
        BUILT_IN.iter().map(|(name, toml)| Scenario::parse(toml, name)).collect::<Result<_, _>>()?;
    // Stable: within a theme they keep their order.
    all.sort_by_key(|scenario| THEMES.iter().position(|theme| *theme == scenario.theme));
    Ok(all)
}

/// The list of scenarios, one line each under their themes.
pub fn list_text(library: &[Scenario]) -> String {
    let mut text = String::new();
    let longest = library.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    for theme in library.chunk_by(|a, b| a.theme == b.theme) {
        writeln!(text, "{}", theme[0].theme).expect("writing to a string cannot fail");
        for scenario in theme {
            writeln!(text, "  {:longest$}  {}", scenario.name, scenario.title)
                .expect("writing to a string cannot fail");
        }
    }
    text + "\nRun one:  namesake run NAME      Facts, sources and assumptions:  namesake scenarios show NAME\n"
}

/// The list of scenarios as JSON.
pub fn list_json(library: &[Scenario]) -> String {
    let entry = |scenario: &Scenario| {
        json!({
            "name": scenario.name, "title": scenario.title, "summary": scenario.summary, "theme": scenario.theme,
        })
    };
    format!("{:#}\n", json!({ "scenarios": library.iter().map(entry).collect::<Vec<_>>() }))
}

/// A built-in scenario as a file: its TOML, which holds the facts and their sources, and behind it as comments every
/// setting it takes from its base and its agencies' kinds.
pub fn show_toml(name: &str) -> Result<String, ScenarioError> {
    let toml = built_in(name)?;
    let scenario = Scenario::parse(toml, name)?;
    let mut text = toml.trim_end().to_string();
    text += "\n\n# Every setting, also those taken from the base and from the kinds of agency. --set KEY=VALUE changes one.\n";
    for assumption in scenario.assumptions() {
        let Assumption { key, value, range, basis, source, .. } = assumption;
        let range = range.filter(|_| basis == Basis::Assumed).map_or(String::new(), |[l, h]| format!(", {l} to {h}"));
        let value = if value.is_string() || value.is_number() { value.to_string() } else { "…".to_string() };
        writeln!(text, "# {key} = {value}  ({}{range}) {source}", basis.name())
            .expect("writing to a string cannot fail");
    }
    text +=
        "\n# The namesake bank: as_modelled, none, or how many to add among those sought (docs/model-agencies.md).\n";
    for situation in Situation::ALL {
        text += &format!("# bank.{} = {}\n", situation.name(), scenario.bank.of(situation));
    }
    Ok(text)
}

/// A built-in scenario as JSON: facts, gaps, counter-views, figures, teaching, and every setting.
pub fn show_json(name: &str) -> Result<String, ScenarioError> {
    let scenario = Scenario::parse(built_in(name)?, name)?;
    let mut json = serde_json::to_value(&scenario).expect("every part of a scenario has a JSON form");
    json["assumptions"] = json!(scenario.assumptions().into_iter().map(Setting::from).collect::<Vec<_>>());
    Ok(format!("{json:#}\n"))
}

/// A source as Markdown: its title with its address, its strength and its date.
fn linked(source: &Source) -> String {
    let Source { title, strength, date, address } = source;
    let title = address.as_ref().map_or_else(|| title.clone(), |address| format!("[{title}]({address})"));
    format!("{title} ({}, {date})", strength.words())
}

/// The documented facts with their sources, each written by `cited`.
fn stated(scenario: &Scenario, text: &str, sources: &[String], cited: fn(&Source) -> String) -> String {
    let cited: Vec<String> = sources.iter().map(|name| cited(&scenario.sources[name])).collect();
    if cited.is_empty() {
        format!("{text} No source was found.")
    } else {
        format!("{text} Source: {}.", cited.join("; "))
    }
}

/// The texts of a case beside its settings, as lists of lines under headings; sources are written by `cited`.
fn told(scenario: &Scenario, cited: fn(&Source) -> String) -> [(&'static str, Vec<String>); 4] {
    let fact = |fact: &Fact| stated(scenario, &fact.text, &fact.sources, cited);
    let view = |view: &View| stated(scenario, &view.text, &view.sources, cited);
    [
        ("Documented", scenario.documented.iter().map(fact).collect()),
        ("What courts and agencies made of it", scenario.outcome.iter().map(fact).collect()),
        ("Not documented, and assumed", scenario.gaps.clone()),
        ("Other views", scenario.counter_views.iter().map(view).collect()),
    ]
}

/// The same in plain text, for the report of a run.
pub(super) fn told_plainly(scenario: &Scenario) -> [(&'static str, Vec<String>); 4] {
    told(scenario, Source::to_string)
}

/// The settings of a variant that differ from those of its case, each with both values.
fn differing(scenario: &Scenario, of: &Scenario) -> Vec<String> {
    let (own, theirs) = (scenario.assumptions(), of.assumptions());
    let value = |setting: &Assumption| match &setting.value {
        Value::String(text) => text.clone(),
        Value::Null => "on".to_string(),
        other => other.to_string(),
    };
    let routes = scenario.routes.iter().filter(|route| !of.routes.contains(route)).map(|route| {
        let rules =
            route.model.rule.iter().map(|rule| format!("{} ({})", rule.name, rule.strength)).collect::<Vec<_>>();
        let decides = if rules.is_empty() { "match weights".to_string() } else { rules.join("; ") };
        format!("the route `{}`: compares {}; {decides}", route.name, route.compares.join(", "))
    });
    let settings = own.iter().filter(|setting| !setting.key.starts_with("routes.")).filter_map(|setting| match theirs
        .iter()
        .find(|known| known.key == setting.key)
    {
        Some(known) if known.value == setting.value => None,
        Some(known) => Some(format!("`{}` = {} instead of {}", setting.key, value(setting), value(known))),
        None => Some(format!("`{}` = {}", setting.key, value(setting))),
    });
    let left_out = theirs.iter().filter(|known| own.iter().all(|setting| setting.key != known.key));
    routes.chain(settings).chain(left_out.map(|known| format!("`{}` is left out", known.key))).collect()
}

/// One case as a section of the page of cases, with its published figures beside those of a run at its default size;
/// without a run the cells that depend on one are empty. A variant says what differs from its case, and no more.
pub fn section(scenario: &Scenario, given: Option<&Given>) -> Result<String, ScenarioError> {
    let mut text = String::new();
    let mut say = |line: &str| writeln!(text, "{line}").expect("writing to a string cannot fail");
    say(&format!("### {}\n\n{}. {}\n", scenario.name, scenario.title.trim_end_matches('.'), scenario.summary));
    let case = match &scenario.version_of {
        Some(name) => Some(Scenario::parse(built_in(name)?, name)?),
        None => None,
    };
    let before = case.as_ref().map(|case| told(case, linked));
    match &case {
        Some(case) => {
            say(&format!("A variant of [{0}](#{0}): facts, gaps and views stand there. It differs in:\n", case.name));
            differing(scenario, case).iter().for_each(|line| say(&format!("- {line}")));
            say("");
        }
        None => {
            if let Some(as_of) = &scenario.as_of {
                say(&format!("As of {as_of}. *{}*\n", scenario.content_note));
            }
        }
    }
    for (at, (heading, items)) in told(scenario, linked).iter().enumerate() {
        let known = |item: &String| before.as_ref().is_some_and(|before| before[at].1.contains(item));
        let items: Vec<&String> = items.iter().filter(|item| !known(item)).collect();
        if !items.is_empty() {
            say(&format!("{heading}:\n"));
            items.iter().for_each(|item| say(&format!("- {item}")));
            say("");
        }
    }
    if scenario.published.is_empty() {
        return Ok(text);
    }
    say("| figure | published | simulated | 95 %, luck only | over assumed ranges | | source |");
    say("|---|---|---|---|---|---|---|");
    let rows = given.map(|given| beside(scenario, &given.outcome));
    for (i, published) in scenario.published.iter().enumerate() {
        let Published { figure: what, value, kind, source, .. } = published;
        let row = rows.as_ref().map(|rows| &rows[i]);
        let simulated = row.map_or(String::new(), |row| {
            let expected = row.expected_here.map(|value| format!("; {} expected at this size", figure(value)));
            row.simulated.map_or("none".to_string(), figure) + &expected.unwrap_or_default()
        });
        let between = |low: f64, high: f64| format!("{} to {}", figure(low), figure(high));
        let interval = row.and_then(|row| row.interval).map_or(String::new(), |i| between(i.low, i.high));
        let ends = match given.and_then(|given| given.ends[i]) {
            Some([Some(low), Some(high)]) => between(low, high),
            _ => String::new(),
        };
        let (value, source) = (figure(*value), published.origin(linked(&scenario.sources[source])));
        say(&format!("| {what} | {value} | {simulated} | {interval} | {ends} | {} | {source} |", kind.name()));
    }
    say("");
    scenario.published.iter().for_each(|published| {
        let over = published.over.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let over = if over.is_empty() { over } else { format!(" Over the ranges of {over}.") };
        say(&format!("- *{}*: {}{over}", published.figure, published.discussion));
    });
    say("");
    Ok(text)
}

/// The page of cases; `given` in the order of the library, or nothing for a page whose simulated cells are empty.
pub fn page(library: &[Scenario], given: &[Given]) -> Result<String, ScenarioError> {
    let mut text = "# Documented cases\n\nEach case is a scenario: `namesake run NAME`. What is documented stands with its source; every gap is an assumption and\n\
         named as one. Behind each source stands how much it bears and its date. From the strongest: *court record*, *audit*,\n\
         *paper*, *agency* (about itself), *press* (also where it quotes one of those before), *advocacy* (a party, an\n\
         association, a seller). What nobody was found to have said is marked as having no source. A case says what was known\n\
         on its date; later events are not in it.\n\n\
         Published figures stand beside those of a run at the default size, seed 1. *Input*: it was put in.\n\
         *Fitted*: a setting was tuned to it. Both show nothing. *Predicted*: it came out, and may be a miss; a miss is\n\
         discussed and left. Where assumed settings decide, the last but two column shows what their ranges allow, all moved\n\
         together from one end to the other. No case says how often any real programme was wrong.\n\n\
         Disputes about matching that are none stand in [What matching is not](not-matching.md). How to teach with a case:\n\
         `namesake scenarios show NAME`. This page is written by `namesake scenarios --markdown`, one section by\n\
         `namesake scenarios show NAME --markdown`; where the simulated cells are empty, that waits to be done.\n\n"
        .to_string();
    for (i, scenario) in library.iter().enumerate() {
        if i == 0 || library[i - 1].theme != scenario.theme {
            writeln!(text, "## {}\n", scenario.theme).expect("writing to a string cannot fail");
        }
        text += &section(scenario, given.get(i))?;
    }
    text.truncate(text.trim_end().len());
    Ok(text + "\n")
}
