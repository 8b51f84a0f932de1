//! The library of documented cases: its list, one case to read, and published figures beside simulated ones.

use super::written::{bracket, percent, spoken, thousands};
use crate::evaluation::RateId;
use crate::experiment::published::{Given, Simulated};
use crate::results::{PublishedFigure, Results, json_text};
use crate::scenario::case::{Fact, Harm, Published, Source, THEMES, View};
use crate::scenario::{Assumption, BUILT_IN, Basis, Scenario, ScenarioError, Situation, built_in};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write;
use std::iter;

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
            "The record on file is out of date. Of {} right persons returned {} are citizens today, and {} had moved.",
            thousands(results.counts.returned_right),
            thousands(results.citizens(|group| group.hits(RateId::Recall))),
            thousands(results.counts.right_but_moved)
        )),
    }
}

/// A number with about three figures.
pub(super) fn figure(value: f64) -> String {
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
    let entries =
        library.iter().map(|Scenario { name, title, summary, theme, .. }| Entry { name, title, summary, theme });
    json_text(&Listed { scenarios: entries.collect() })
}

/// The list as JSON holds it.
#[derive(Serialize)]
struct Listed<'s> {
    scenarios: Vec<Entry<'s>>,
}

#[derive(Serialize)]
struct Entry<'s> {
    name: &'s str,
    title: &'s str,
    summary: &'s str,
    theme: &'s str,
}

/// A scenario as JSON holds it: what its file says, and every setting.
#[derive(Serialize)]
struct Shown<'s> {
    #[serde(flatten)]
    scenario: &'s Scenario,
    assumptions: Vec<Assumption>,
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
    Ok(json_text(&Shown { scenario: &scenario, assumptions: scenario.assumptions() }))
}

/// A source as Markdown: its title with its address, its strength and its date.
pub(super) fn linked(source: &Source) -> String {
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
pub(super) fn differing(scenario: &Scenario, of: &Scenario) -> Vec<String> {
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

/// The case that a scenario is a variant of, through all variants between; a case is its own.
pub fn case_of<'a>(scenario: &'a Scenario, library: &'a [Scenario]) -> &'a Scenario {
    let parent = |of: &&'a Scenario| library.iter().find(|other| of.version_of.as_ref() == Some(&other.name));
    iter::successors(Some(scenario), parent).take(library.len()).last().unwrap_or(scenario)
}

/// The cells of a published figure that a run gives, as text; empty without a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// The figure of the run, and the one expected of a file of its size where that differs.
    pub simulated: String,
    /// Its 95 % interval.
    pub interval: String,
    /// The ends of the figure over the ranges of the settings that decide it.
    pub ends: String,
}

/// The cells of each published figure of a scenario, from what runs of it gave.
pub fn cells(given: &Given) -> Vec<Cells> {
    let between = |low: f64, high: f64| format!("{} to {}", figure(low), figure(high));
    let cells = |(row, ends): (&Simulated, &Option<[Option<f64>; 2]>)| {
        let expected = row.expected_here.map(|value| format!("; {} expected at this size", figure(value)));
        Cells {
            simulated: row.simulated.map_or("none".to_string(), figure) + &expected.unwrap_or_default(),
            interval: row.interval.map_or(String::new(), |i| between(i.low, i.high)),
            ends: match ends {
                Some([Some(low), Some(high)]) => between(*low, *high),
                _ => String::new(),
            },
        }
    };
    given.figures.iter().zip(&given.ends).map(cells).collect()
}

/// Published figures beside those of a run, as a table. The column of ranges is left out where no figure has any.
pub(super) fn figures(
    published: &[Published],
    cells: &[Cells],
    from: &str,
    origin: impl Fn(&Published) -> String,
) -> String {
    let ranges = cells.iter().any(|cells| !cells.ends.is_empty());
    let line = |first: [&str; 4], ends: &str, last: [&str; 2]| {
        let ends = if ranges { format!(" {ends} |") } else { String::new() };
        format!("| {} |{ends} {} |\n", first.join(" | "), last.join(" | "))
    };
    let mut text = line(["figure", "published", "simulated", "95 %, luck only"], "over assumed ranges", ["role", from]);
    text += &format!("|{}\n", "---|".repeat(6 + usize::from(ranges)));
    for (i, published) in published.iter().enumerate() {
        let Cells { simulated, interval, ends } = cells.get(i).cloned().unwrap_or_default();
        let (value, origin) = (figure(published.value), origin(published));
        text += &line([&published.figure, &value, &simulated, &interval], &ends, [published.kind.name(), &origin]);
    }
    text
}

/// One case as a section of the page of cases: its published figures beside those of a run at its default size. Facts,
/// gaps, other views and variants stand in its handout.
fn section(scenario: &Scenario, library: &[Scenario], cells: &[Cells]) -> String {
    let Scenario { name, title, summary, version_of, .. } = scenario;
    let begins = if version_of.is_some() { "What differs, and the facts" } else { "Facts" };
    let case = &case_of(scenario, library).name;
    let mut text = format!(
        "### {name}\n\n{}. {summary}\n\n{begins}, gaps, other views, questions: [handout](cases/{case}.md).\n\n",
        title.trim_end_matches('.')
    );
    if scenario.published.is_empty() {
        return text;
    }
    let origin = |published: &Published| published.origin(linked(&scenario.sources[&published.source]));
    text += &figures(&scenario.published, cells, "source", origin);
    text += "\n";
    for published in &scenario.published {
        let over = published.over.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let over = if over.is_empty() { over } else { format!(" Over the ranges of {over}.") };
        text += &format!("- *{}*: {}{over}\n", published.figure, published.discussion);
    }
    text + "\n"
}

/// The page of cases; `cells` in the order of the library, or nothing for a page whose simulated cells are empty.
pub fn page(library: &[Scenario], cells: &[Vec<Cells>]) -> String {
    let mut text = "# Documented cases\n\nEach case is a scenario: `namesake run NAME`. Its handout has the facts, each with its source, the gaps, other views,\n\
         variants and questions, and prints on a few pages. Every gap is an assumption and named as one. Each source is given\n\
         with its kind and its date. The kinds, strongest first: *court record*, *audit*, *paper*, *agency* (about itself),\n\
         *press* (also where it quotes one of those before), *advocacy* (a party, an association, a seller). A case says what\n\
         was known on its date; later events are not in it.\n\n\
         This page puts published figures beside those of a run at the default size, seed 1. The column *role* says what a\n\
         figure is to the model. *Input*: it was put in. *Fitted*: a setting was tuned to it. Agreement of these two kinds\n\
         shows nothing. *Predicted*: it came out of the model. Some predicted figures miss; each miss is discussed, and no\n\
         setting was changed to mend it. Where assumed settings decide, the column \"over assumed ranges\" gives the figure at\n\
         both ends of their ranges, all moved together. No case says how often any real programme was wrong.\n\n\
         [What matching is not](not-matching.md) lists disputes that are not about matching. `namesake scenarios show NAME`\n\
         says how to teach with a case. `namesake scenarios --markdown` writes this page, and\n\
         `namesake scenarios show NAME --markdown` a handout.\n\n"
        .to_string();
    for (i, scenario) in library.iter().enumerate() {
        if i == 0 || library[i - 1].theme != scenario.theme {
            text += &format!("## {}\n\n", scenario.theme);
        }
        text += &section(scenario, library, cells.get(i).map_or(&[], Vec::as_slice));
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}
