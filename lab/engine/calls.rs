//! The calls of the page, as types, and who answers each.

use super::explained::Explained;
use super::session::{Judged, Knob, Outcomes, Session, Tell, Terms};
use super::{pairs, session};
use namesake::experiment::against::against_returned;
use namesake::experiment::{most_requests, run as run_scenario};
use namesake::report;
use namesake::results::Results;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Open sessions, by handle.
#[derive(Default)]
pub struct Engine {
    sessions: BTreeMap<u32, Session>,
    opened: u32,
}

/// A call with its arguments.
#[derive(Deserialize)]
#[serde(tag = "call", content = "args", rename_all = "snake_case")]
enum Call {
    Version([u8; 0]),
    Scenarios([u8; 0]),
    Open((Open,)),
    Run((u32,)),
    Outcomes((u32,)),
    Judge((u32, Terms)),
    Explain((u32, usize, Option<u64>, Terms)),
    Pairs((u32, usize)),
    Compare((u32, Terms, u32, Terms)),
    Coincidences((Question,)),
    Close((u32,)),
    /// The results of a run with the runs beside it, byte for byte as `namesake run` writes them; nothing is kept.
    Results((Whole,)),
}

/// Parameters of `open`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    scenario: String,
    seed: u64,
    set: Vec<String>,
}

/// Parameters of `results`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    scenario: String,
    #[serde(default)]
    set: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    asked: f64,
    on_file: f64,
    one_in: f64,
}

#[derive(Serialize)]
struct ScenarioInfo {
    name: String,
    title: String,
    summary: String,
    theme: String,
    content_note: String,
}

#[derive(Serialize)]
struct RouteInfo {
    name: String,
    decision: &'static str,
    threshold: f64,
    when: serde_json::Value,
    compares: Vec<String>,
}

#[derive(Serialize)]
struct Opened {
    handle: u32,
    name: String,
    title: String,
    summary: String,
    content_note: String,
    seed: u64,
    people: u64,
    requests: u64,
    most_requests: u64,
    routes: Vec<RouteInfo>,
    knobs: Vec<Knob>,
    toml: String,
}

#[derive(Serialize)]
struct Coincidences {
    pairs: f64,
    expected: f64,
    at_least_one: f64,
}

#[derive(Serialize)]
struct Fourfold {
    people: u64,
    both: u64,
    spared: u64,
    newly_returned: u64,
    neither: u64,
}

#[derive(Serialize)]
struct Compared {
    sought: Fourfold,
    never_sought: Fourfold,
    persons: Vec<session::ComparedPerson>,
    cut: bool,
    first: session::JudgedRates,
    second: session::JudgedRates,
}

impl Engine {
    /// The answer to a call, or what is wrong with it.
    pub fn answer(&mut self, call: &[u8], tell: Tell<'_>) -> Result<String, String> {
        match serde_json::from_slice(call).map_err(|error| format!("the call: {error}"))? {
            Call::Version([]) => Ok(json(&report::VERSION)),
            Call::Scenarios([]) => Ok(json(&scenarios()?)),
            Call::Open((open,)) => self.open(open).map(|opened| json(&opened)),
            // The text of a JSON file, as a JSON string.
            Call::Run((handle,)) => self.at(handle)?.run(tell).map(|results| json(&results.to_json())),
            Call::Outcomes((handle,)) => Outcomes::of(self.at(handle)?).map(|outcomes| json(&outcomes)),
            Call::Judge((handle, terms)) => {
                let session = self.at(handle)?;
                let judged = session.judge(&terms)?;
                Ok(json(&Judged::of(&judged)))
            }
            Call::Explain((handle, request, record, terms)) => {
                Explained::of(self.at(handle)?, request, record, &terms).map(|explained| json(&explained))
            }
            Call::Pairs((handle, count)) => pairs::pairs(self.at(handle)?, count).map(|pairs| json(&pairs)),
            Call::Compare((first, terms, second, other)) => {
                self.compare(first, &terms, second, &other).map(|compared| json(&compared))
            }
            Call::Coincidences((question,)) => coincidences(&question).map(|answer| json(&answer)),
            Call::Close((handle,)) => {
                self.sessions.remove(&handle);
                Ok("null".to_string())
            }
            Call::Results((whole,)) => {
                let scenario = session::read(&whole.scenario, &whole.set)?;
                let watch = session::watch(tell);
                Ok(Results::of(&scenario, &run_scenario(&scenario, &watch)).to_json())
            }
        }
    }

    fn at(&mut self, handle: u32) -> Result<&mut Session, String> {
        self.sessions.get_mut(&handle).ok_or_else(|| format!("handle {handle} is not open; `open` gives a handle"))
    }

    fn open(&mut self, open: Open) -> Result<Opened, String> {
        let seeds = ["population", "errors", "requests"].map(|part| format!("seed.{part}={}", open.seed));
        let sets: Vec<String> = seeds.into_iter().chain(open.set).collect();
        let session = Session::new(open.scenario, sets)?;
        let scenario = &session.scenario;
        let route = |route: &namesake::scenario::RouteSettings| RouteInfo {
            name: route.name.clone(),
            decision: session::decision(route),
            threshold: route.threshold().bits(),
            when: serde_json::to_value(route.when).expect("a word"),
            compares: route.compares.clone(),
        };
        self.opened += 1;
        let opened = Opened {
            handle: self.opened,
            name: scenario.name.clone(),
            title: scenario.title.clone(),
            summary: scenario.summary.clone(),
            content_note: scenario.content_note.clone(),
            seed: scenario.seed.population,
            people: scenario.population.people,
            requests: scenario.requester.requests,
            most_requests: most_requests(scenario),
            routes: scenario.routes.iter().map(route).collect(),
            knobs: session.knobs(),
            toml: scenario.to_toml(),
        };
        self.sessions.insert(self.opened, session);
        Ok(opened)
    }

    fn compare(&mut self, first: u32, terms: &Terms, second: u32, other: &Terms) -> Result<Compared, String> {
        let (a, judged_a) = self.at(first)?.returned(terms)?;
        let (b, judged_b) = self.at(second)?.returned(other)?;
        let against = against_returned(&a, &b).ok_or(
            "the two runs differ in the country, in who is on file or in who is sought; only terms, rules and errors may \
             differ",
        )?;
        let fourfold = |f: namesake::experiment::against::Fourfold| Fourfold {
            people: f.total(),
            both: f.both,
            spared: f.spared,
            newly_returned: f.newly_returned,
            neither: f.neither,
        };
        let (persons, cut) = session::persons([&judged_a, &judged_b], [&a, &b]);
        Ok(Compared {
            sought: fourfold(against.sought),
            never_sought: fourfold(against.never_sought),
            persons,
            cut,
            first: session::JudgedRates::of(&judged_a.rates),
            second: session::JudgedRates::of(&judged_b.rates),
        })
    }
}

/// The built-in scenarios.
fn scenarios() -> Result<Vec<ScenarioInfo>, String> {
    let library = report::cases::library().map_err(|error| error.to_string())?;
    let info = |scenario: namesake::scenario::Scenario| {
        let namesake::scenario::Scenario { name, title, summary, theme, content_note, .. } = scenario;
        ScenarioInfo { name, title, summary, theme, content_note }
    };
    Ok(library.into_iter().map(info).collect())
}

/// The birthday arithmetic: every pair agrees by chance in one of so many cases.
fn coincidences(question: &Question) -> Result<Coincidences, String> {
    let Question { asked, on_file, one_in } = *question;
    let fits = |value: f64, least: f64| value.is_finite() && value >= least;
    if !(fits(asked, 0.0) && fits(on_file, 0.0) && fits(one_in, 1.0)) {
        return Err("coincidences: asked and on_file must be 0 or more, and one_in 1 or more".to_string());
    }
    let pairs = asked * on_file;
    let expected = pairs / one_in;
    Ok(Coincidences { pairs, expected, at_least_one: -libm::expm1(-expected) })
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain values can be written")
}
