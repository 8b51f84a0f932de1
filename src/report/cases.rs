//! The library of documented cases: its list, one case to read, and published figures beside simulated ones.

use crate::evaluation::{FEW_HITS, Rates, TOO_FEW};
use crate::experiment::Outcome;
use crate::report::{assumption_json, missing, percent, percents, spoken, thousands};
use crate::scenario::case::{Fact, Harm, Measure, Published, Quantity, Source, THEMES, View};
use crate::scenario::{Assumption, BUILT_IN, Basis, Scenario, ScenarioError, Situation, built_in};
use crate::stats::{Interval, Rate, wilson};
use serde_json::{Value, json};
use std::fmt::Write;

/// A published figure beside what a run gives.
pub struct Beside<'s> {
    /// The published figure.
    pub published: &'s Published,
    /// What the run gives; none where nothing of its kind happened.
    pub simulated: Option<f64>,
    /// A 95 % interval of that, of luck alone.
    pub interval: Option<Interval>,
    /// The published share carried over to a file of this size.
    pub expected_here: Option<f64>,
}

/// What a run gives for each published figure of its scenario.
pub fn beside<'s>(scenario: &'s Scenario, outcome: &Outcome) -> Vec<Beside<'s>> {
    let row = |published: &'s Published| {
        let (simulated, interval) = measured(&published.measure, scenario, outcome);
        // Wrong returns grow with the file and right ones do not: the odds do.
        let expected_here = published.at_records.filter(|_| published.value < 1.0).map(|records| {
            let grown = outcome.evaluation.holder_records as f64 / records as f64;
            let odds = published.value / (1.0 - published.value) * grown;
            odds / (1.0 + odds)
        });
        Beside { published, simulated, interval, expected_here }
    };
    scenario.published.iter().map(row).collect()
}

/// The rows as results.json has them.
pub(super) fn beside_json(scenario: &Scenario, rows: &[Beside<'_>]) -> Vec<Value> {
    let row = |row: &Beside<'_>| {
        let source = &scenario.sources[&row.published.source];
        let mut json = json!({
            "figure": row.published.figure,
            "source": origin(row.published, source.to_string()),
            "strength": source.strength,
            "date": source.date,
            "address": source.address,
            "kind": row.published.kind.name(),
            "published": row.published.value,
            "simulated": row.simulated,
            "low": row.interval.map(|interval| interval.low),
            "high": row.interval.map(|interval| interval.high),
            "measure": row.published.measure.to_string(),
            "discussion": row.published.discussion,
        });
        if let (Some(records), Some(expected)) = (row.published.at_records, row.expected_here) {
            json["published_at_records"] = json!(records);
            json["expected_at_this_size"] = json!(expected);
        }
        json
    };
    rows.iter().map(row).collect()
}

/// The lines of the summary about published figures, one each.
pub(super) fn beside_lines(rows: &[Beside<'_>]) -> Vec<String> {
    let line = |row: &Beside<'_>| {
        let here = row
            .expected_here
            .map_or(String::new(), |expected| format!(" ({} on a file of this size)", figure(expected)));
        let simulated = row.simulated.map_or("none here".to_string(), |value| format!("here {}", figure(value)));
        let interval = row.interval.map_or(String::new(), |i| format!(" ({}-{})", figure(i.low), figure(i.high)));
        let Published { figure: what, value, kind, .. } = row.published;
        format!("{what}: {}{here}; {simulated}{interval}, {}.", figure(*value), kind.name())
    };
    rows.iter().map(line).collect()
}

/// The line that says what does harm, where it is not that somebody else is returned.
pub(super) fn harm_line(scenario: &Scenario, outcome: &Outcome) -> Option<String> {
    let e = &outcome.evaluation;
    match scenario.harm {
        Harm::SomebodyElse => None,
        Harm::NotMatched => {
            let missed = e.requested_on_file - e.returned_right;
            let (of, interval) =
                (Rate::new(missed, e.requested_on_file), wilson(Rate::new(missed, e.requested_on_file)));
            let bracket = interval.map_or(String::new(), |i| format!(" ({})", percents(i)));
            let groups = by_value(outcome, "group", "missed")
                .into_iter()
                .filter(|(_, rate)| rate.trials >= TOO_FEW)
                .map(|(value, rate)| {
                    let few = if rate.hits < FEW_HITS { " (too few to compare)" } else { "" };
                    format!("{} {}{few}", spoken(value), percent(rate.value().unwrap_or(0.0)))
                })
                .collect::<Vec<_>>()
                .join(", ");
            Some(format!(
                "Not to be matched does harm here. Of {} people on file {} were not{bracket}. By census category: {groups}.",
                thousands(of.trials),
                thousands(missed)
            ))
        }
        Harm::OutOfDate => {
            let citizens: u64 = ["citizen_by_birth", "naturalised"]
                .iter()
                .filter_map(|status| count("returned_right", Some(("status", status)), outcome))
                .sum();
            Some(format!(
                "What is on file is no longer so. Of {} right persons returned {} are citizens today, and {} had moved.",
                thousands(e.returned_right),
                thousands(citizens),
                thousands(e.aside.right_but_moved)
            ))
        }
    }
}

fn measured(measure: &Measure, scenario: &Scenario, outcome: &Outcome) -> (Option<f64>, Option<Interval>) {
    match measure {
        Measure::Setting(key) => {
            let found = scenario.assumptions().into_iter().find(|assumption| assumption.key == *key);
            (found.and_then(|assumption| assumption.value.as_f64()), None)
        }
        Measure::LeastOfCities => {
            let least = missing::least(outcome).map(|(_, rate)| rate);
            (least.and_then(Rate::value), least.and_then(wilson))
        }
        Measure::SameBirthDate(people) => {
            // Of n people there are n(n−1)/2 pairs, and few share a date: a Poisson number of them.
            let pairs = (people * people.saturating_sub(1) / 2) as f64;
            let two = |share: f64| 1.0 - libm::exp(-pairs * share);
            // Pairs of one list are nearly independent: people of one date are few.
            let interval = wilson(outcome.same_birth_date).map(|i| Interval { low: two(i.low), high: two(i.high) });
            (outcome.same_birth_date.value().map(two), interval)
        }
        Measure::One(one) => match quantity(one, outcome) {
            Some(Counted::Rate(rate, interval)) => (rate.value(), interval),
            Some(Counted::Count(count)) => (Some(count as f64), None),
            None => (None, None),
        },
        Measure::Ratio(over, under) => match (quantity(over, outcome), quantity(under, outcome)) {
            (Some(Counted::Count(over)), Some(Counted::Count(under))) if under > 0 => {
                let interval = if over <= under { wilson(Rate::new(over, under)) } else { None };
                (Some(over as f64 / under as f64), interval)
            }
            (Some(over), Some(under)) => {
                let ratio = over.value().zip(under.value()).filter(|(_, under)| *under > 0.0);
                (ratio.map(|(over, under)| over / under), None)
            }
            _ => (None, None),
        },
    }
}

enum Counted {
    Count(u64),
    Rate(Rate, Option<Interval>),
}

impl Counted {
    fn value(&self) -> Option<f64> {
        match self {
            Counted::Count(count) => Some(*count as f64),
            Counted::Rate(rate, _) => rate.value(),
        }
    }
}

fn quantity(quantity: &Quantity, outcome: &Outcome) -> Option<Counted> {
    let of = quantity.of.as_ref().map(|(attribute, value)| (attribute.as_str(), value.as_str()));
    if let Some(count) = count(&quantity.name, of, outcome) {
        return Some(Counted::Count(count));
    }
    let rates = match of {
        None => &outcome.evaluation.groups.rates,
        Some(of) => rates_of(outcome, of)?.0,
    };
    let (_, measured) = rates.iter().find(|(name, _)| *name == quantity.name)?;
    Some(Counted::Rate(measured.rate, measured.interval))
}

/// The rates of a value of an attribute, and the numbers of both.
fn rates_of<'o>(outcome: &'o Outcome, (name, value): (&str, &str)) -> Option<(&'o Rates, usize, usize)> {
    let at = outcome.attributes.iter().position(|attribute| attribute.name == name)?;
    let value = outcome.attributes[at].values.iter().position(|known| *known == value)?;
    Some((&outcome.evaluation.groups.by_group[at].1[value], at, value))
}

/// A rate of each value of an attribute.
fn by_value(outcome: &Outcome, attribute: &str, name: &str) -> Vec<(&'static str, Rate)> {
    let found = outcome.attributes.iter().find(|known| known.name == attribute);
    let values = found.map_or(&[][..], |attribute| &attribute.values);
    let rate = |value: &&'static str| {
        let (rates, ..) = rates_of(outcome, (attribute, value))?;
        Some((*value, rates.iter().find(|(known, _)| *known == name)?.1.rate))
    };
    values.iter().filter_map(rate).collect()
}

fn count(name: &str, of: Option<(&str, &str)>, outcome: &Outcome) -> Option<u64> {
    let e = &outcome.evaluation;
    if let Some(cause) = name.strip_prefix("cause.") {
        let found = e.causes.iter().find(|(known, _)| known.name() == cause);
        return found.filter(|_| of.is_none()).map(|(_, n)| n.primary);
    }
    let Some(of) = of else {
        return Some(match name {
            "requests" => e.requests,
            "requested_on_file" => e.requested_on_file,
            "unanswered" => outcome.judged.iter().filter(|judged| judged.returned.is_empty()).count() as u64,
            "answered" => outcome.judged.iter().filter(|judged| !judged.returned.is_empty()).count() as u64,
            "returned" => e.returned_right + e.returned_wrong,
            "returned_right" => e.returned_right,
            "returned_wrong" => e.returned_wrong,
            "not_matched" => e.requested_on_file - e.returned_right,
            "check_skipped" => e.check_skipped,
            "right_but_moved" => e.aside.right_but_moved,
            "right_and_not_moved" => e.returned_right - e.aside.right_but_moved,
            _ => return None,
        });
    };
    let (rates, attribute, value) = rates_of(outcome, of)?;
    let rate = |name: &str| rates.iter().find(|(known, _)| *known == name).map(|(_, measured)| measured.rate);
    let wrong = e.wrong_by_group[attribute][value];
    Some(match name {
        "requests" => rate("wrong_person")?.trials,
        "requested_on_file" => rate("recall")?.trials,
        "returned" => rate("recall")?.hits + wrong,
        "returned_right" => rate("recall")?.hits,
        "returned_wrong" => wrong,
        "not_matched" => rate("missed")?.hits,
        _ => return None,
    })
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

/// A built-in scenario to read: its TOML, which holds the facts and their sources, and behind it as comments every
/// setting it takes from its base and its agencies' kinds.
pub fn show_text(name: &str) -> Result<String, ScenarioError> {
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
    json["assumptions"] = scenario.assumptions().iter().map(assumption_json).collect();
    Ok(format!("{json:#}\n"))
}

/// What a case gave: its run, and for each published figure what came of its assumed settings at the low and the high
/// ends of their ranges.
pub struct Given {
    /// The run at the default size.
    pub outcome: Outcome,
    /// For each published figure, if it names settings that move it.
    pub ends: Vec<Option<[Option<f64>; 2]>>,
}

/// Runs a case at its default size, and again wherever a figure asks for the ends of assumed ranges.
pub fn give(scenario: &Scenario, run: impl Fn(&Scenario) -> Outcome) -> Result<Given, ScenarioError> {
    let assumptions = scenario.assumptions();
    let mut made: Vec<(&[String], [Outcome; 2])> = Vec::new();
    let mut ends = Vec::new();
    for published in &scenario.published {
        let over = published.over.as_slice();
        if over.is_empty() {
            ends.push(None);
            continue;
        }
        if !made.iter().any(|(known, _)| *known == over) {
            let at = |end: usize| {
                let value =
                    |key: &String| assumptions.iter().find(|known| known.key == *key)?.range.map(|range| range[end]);
                let sets = over.iter().filter_map(|key| Some(format!("{key}={}", value(key)?)));
                let moved = Scenario::parse_with(&scenario.to_toml(), &scenario.name, &sets.collect::<Vec<_>>())?;
                Ok(run(&moved))
            };
            made.push((over, [at(0)?, at(1)?]));
        }
        let found = made.iter().find(|(known, _)| *known == over);
        ends.push(found.map(|(_, both)| both.each_ref().map(|one| measured(&published.measure, scenario, one).0)));
    }
    Ok(Given { outcome: run(scenario), ends })
}

/// Where a published figure comes from: how it was derived, and `source` as it is to be written.
fn origin(published: &Published, source: String) -> String {
    if published.derived.is_empty() { source } else { format!("{}; {source}", published.derived) }
}

/// A source as Markdown: its title with its address, its strength and its date.
fn linked(source: &Source) -> String {
    let Source { title, strength, date, address } = source;
    let title = address.as_ref().map_or_else(|| title.clone(), |address| format!("[{title}]({address})"));
    format!("{title} ({}, {date})", strength.words())
}

/// What is stated, with its sources, each written by `cited`.
fn stated(scenario: &Scenario, text: &str, sources: &[String], cited: fn(&Source) -> String) -> String {
    let cited: Vec<String> = sources.iter().map(|name| cited(&scenario.sources[name])).collect();
    if cited.is_empty() {
        format!("{text} No source was found.")
    } else {
        format!("{text} Source: {}.", cited.join("; "))
    }
}

/// What a case says beside its settings, as lists of lines under headings; sources are written by `cited`.
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
        let rules = route.rules.iter().map(|rule| format!("{} ({})", rule.name, rule.strength)).collect::<Vec<_>>();
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
    routes.chain(settings).collect()
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
        let (value, source) = (figure(*value), origin(published, linked(&scenario.sources[source])));
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
