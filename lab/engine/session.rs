//! A scenario that is open, and its run.

use namesake::agreement::Agreement;
use namesake::evaluation::{Fate, RateId, Rates};
use namesake::experiment::against::Returned;
use namesake::experiment::replay::{self, Rejudged, Replay};
use namesake::experiment::{Progress, most_requests};
use namesake::linkage::decision::Score;
use namesake::results::{Rate, Results};
use namesake::scenario::{AnswerRule, Basis, Margin, RouteSettings, Scenario, attributes, built_in};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// Number of wrong scores handed out for a request: `WRONG_KEPT` of the page.
const WRONG_KEPT: usize = 3;

/// The most people that a comparison lists.
const MOST_PERSONS: usize = 500;

/// Told how far a stage has come: its number, what is done, and of how much.
pub type Tell<'t> = &'t (dyn Fn(u32, u64, u64) + Sync);

/// A scenario that is open.
pub struct Session {
    pub scenario: Scenario,
    text: String,
    sets: Vec<String>,
    ran: Option<Ran>,
}

/// Run of a session.
struct Ran {
    replay: Replay,
    fates: Vec<u8>,
    lost_at: Vec<u8>,
}

/// The terms of `judge`, `explain` and `compare`: what is left out stays as the scenario has it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    thresholds: BTreeMap<String, f64>,
    parts: Vec<Part>,
    answers: Option<AnswerRule>,
    most_answers: Option<usize>,
    #[serde(deserialize_with = "present")]
    margin: Option<Option<f64>>,
    safeguards: BTreeMap<String, Option<BTreeMap<String, String>>>,
}

/// Some of the people sought.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    #[serde(rename = "name")]
    _name: String,
    attribute: String,
    values: Vec<String>,
    thresholds: BTreeMap<String, f64>,
}

/// Tells a null from a key that is absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Serialize)]
pub struct Knob {
    key: String,
    value: String,
    kind: &'static str,
    basis: &'static str,
    range: Option<[f64; 2]>,
    alternatives: Vec<String>,
    source: String,
}

/// One entry a request. Texts of one digit an entry stand for bytes, and null for NaN.
#[derive(Serialize)]
pub struct Outcomes {
    length: usize,
    right: Vec<Option<f32>>,
    wrong: Vec<Option<f32>>,
    wrong_record: Vec<i64>,
    route: Vec<u8>,
    on_file: Vec<u8>,
    fate: Vec<u8>,
    lost_at: Vec<u8>,
    group: BTreeMap<&'static str, Vec<u8>>,
    groups: BTreeMap<&'static str, Vec<&'static str>>,
}

#[derive(Serialize)]
pub struct JudgedRates {
    wrong_among_answers: Rate,
    wrong_person: Rate,
    answered_though_absent: Rate,
    missed: Rate,
}

#[derive(Serialize)]
pub struct Judged {
    fate: Vec<u8>,
    fates: BTreeMap<&'static str, u64>,
    returned_right: u64,
    returned_wrong: u64,
    rates: JudgedRates,
    parts: Vec<JudgedRates>,
}

/// A person with a fate under two agreements.
#[derive(Serialize)]
pub struct ComparedPerson {
    request: usize,
    record: u64,
    sought: bool,
    first: bool,
    second: bool,
}

/// Reads a scenario: a built-in name, which is one line, or the text of a scenario file.
pub fn read(text: &str, sets: &[String]) -> Result<Scenario, String> {
    let (text, origin) = match text.contains('\n') {
        true => (text, "the scenario"),
        false => (built_in(text).map_err(|error| error.to_string())?, text),
    };
    let scenario = Scenario::parse_with(text, origin, sets).map_err(|error| error.to_string())?;
    let most = most_requests(&scenario);
    if scenario.requester.requests > most {
        return Err(format!(
            "requester.requests: {} people are to be asked for, but this country has only {most} to ask for; lower it, or \
             raise population.people",
            scenario.requester.requests
        ));
    }
    Ok(scenario)
}

/// Adds up what the core says is done, and tells it by the numbers of `Stage` of the page.
pub fn watch(tell: Tell<'_>) -> impl Fn(Progress) + Sync {
    let so_far = Mutex::new(("", 0));
    move |progress: Progress| {
        let mut so_far = so_far.lock().expect("nobody panics while telling");
        if progress.done == 0 || so_far.0 != progress.stage {
            *so_far = (progress.stage, 0);
        }
        so_far.1 += progress.done;
        let stage = match progress.stage {
            "list" | "requests" => 1,
            "training" | "labels" => 2,
            "matching" => 3,
            _ => 4,
        };
        tell(stage, so_far.1, progress.total);
    }
}

/// Kind of decision of a route.
pub fn decision(route: &RouteSettings) -> &'static str {
    match (route.model.weighs(), route.model.kind().name()) {
        (false, _) => "rules",
        (true, "fellegi-sunter") => "fellegi_sunter",
        (true, _) => "learned",
    }
}

impl Session {
    /// Reads a scenario. It runs alone, without the runs that it wants beside it.
    pub fn new(text: String, sets: Vec<String>) -> Result<Session, String> {
        let mut scenario = read(&text, &sets)?;
        scenario.beside.clear();
        Ok(Session { scenario, text, sets, ran: None })
    }

    /// Every setting.
    pub fn knobs(&self) -> Vec<Knob> {
        let chosen: BTreeSet<&str> = self.sets.iter().filter_map(|set| Some(set.split_once('=')?.0.trim())).collect();
        let knob = |setting: namesake::scenario::Assumption| {
            let word = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let kind = match &setting.value {
                serde_json::Value::Bool(_) => "switch",
                serde_json::Value::Number(n) if n.is_f64() => "number",
                serde_json::Value::Number(_) => "whole",
                serde_json::Value::String(value)
                    if word(value) && !setting.alternatives.is_empty() && setting.alternatives.iter().all(word) =>
                {
                    "choice"
                }
                _ => "text",
            };
            let basis = match setting.basis {
                _ if chosen.contains(setting.key.as_str()) => "chosen",
                Basis::Published => "published",
                Basis::Assumed => "assumed",
            };
            let value = match setting.value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            let namesake::scenario::Assumption { key, range, alternatives, source, .. } = setting;
            Knob { key, value, kind, basis, range, alternatives, source }
        };
        self.scenario.assumptions().into_iter().map(knob).collect()
    }

    /// Runs it.
    pub fn run(&mut self, tell: Tell<'_>) -> Result<Results, String> {
        let watch = watch(tell);
        let replay = Replay::new(self.scenario.clone(), &watch);
        let outcome = replay.outcome(&watch);
        let results = Results::of(&self.scenario, &outcome);
        let lost_at = |judged: &namesake::evaluation::Judged| judged.lost_at.map_or(0, |place| 1 + place as u8);
        self.ran = Some(Ran {
            replay,
            fates: outcome.judged.iter().map(|judged| judged.fate as u8).collect(),
            lost_at: outcome.judged.iter().map(lost_at).collect(),
        });
        Ok(results)
    }

    fn ran(&mut self) -> Result<&mut Ran, String> {
        self.ran.as_mut().ok_or_else(|| "this scenario is open and has not run; call `run` first".to_string())
    }

    /// The run.
    pub fn replay(&mut self) -> Result<&mut Replay, String> {
        Ok(&mut self.ran()?.replay)
    }

    /// Judges the run again.
    pub fn judge(&mut self, terms: &Terms) -> Result<Rejudged, String> {
        let terms = self.terms(terms)?;
        Ok(self.replay()?.judge(&terms, &|_| {}))
    }

    /// Lists who is returned under some terms.
    pub fn returned(&mut self, terms: &Terms) -> Result<(Returned, Rejudged), String> {
        let terms = self.terms(terms)?;
        Ok(self.replay()?.returned(&terms, &|_| {}))
    }

    /// Terms of the page as terms of the core.
    pub fn terms(&mut self, terms: &Terms) -> Result<replay::Terms, String> {
        let mut agreement = match terms.safeguards.is_empty() {
            true => Agreement::of(&self.scenario),
            false => {
                let safeguards = terms.safeguards.iter().flat_map(|(name, settings)| {
                    let on = std::iter::once(format!("agreement.{name}.on={}", settings.is_some()));
                    let set = |(key, value)| format!("agreement.{name}.{key}={value}");
                    on.chain(settings.iter().flatten().map(set)).collect::<Vec<_>>()
                });
                let sets: Vec<String> = self.sets.iter().cloned().chain(safeguards).collect();
                Agreement::of(&read(&self.text, &sets)?)
            }
        };
        let route = |name: &str| {
            self.scenario.routes.iter().position(|route| route.name == name).ok_or_else(|| {
                let names: Vec<&str> = self.scenario.routes.iter().map(|route| route.name.as_str()).collect();
                format!("thresholds.{name}: no route is called that; there are {}", names.join(", "))
            })
        };
        for (name, bits) in &terms.thresholds {
            agreement.routes[route(name)?].threshold = Score::from_bits(*bits);
        }
        if let Some(answers) = terms.answers {
            agreement.answers = answers;
        }
        if let Some(margin) = terms.margin {
            agreement.safeguards.margin = margin.map(|bits| Margin { bits });
        }
        let attributes = attributes();
        let part = |part: &Part| {
            let found = attributes.iter().position(|attribute| attribute.name == part.attribute);
            let attribute = found.ok_or_else(|| format!("parts: no attribute is called {}", part.attribute))?;
            let value = |value: &String| {
                let values = &attributes[attribute].values;
                let found = values.iter().position(|known| known == value).map(|value| value as u8);
                found.ok_or_else(|| format!("parts: {} is never {value}", part.attribute))
            };
            let mut thresholds: Vec<Score> = agreement.routes.iter().map(|route| route.threshold).collect();
            for (name, bits) in &part.thresholds {
                thresholds[route(name)?] = Score::from_bits(*bits);
            }
            let values = part.values.iter().map(value).collect::<Result<_, String>>()?;
            Ok(replay::OwnThresholds { attribute, values, thresholds })
        };
        let parts = terms.parts.iter().map(part).collect::<Result<_, String>>()?;
        let most = self.replay()?.most_answers();
        if let Some(answers) = terms.most_answers {
            if answers == 0 || answers > most {
                return Err(format!("most_answers: {answers}; it must be from 1 to {most}"));
            }
            agreement.most_answers = answers;
        }
        Ok(replay::Terms { agreement, parts })
    }
}

impl Outcomes {
    /// The outcomes of a run.
    pub fn of(session: &mut Session) -> Result<Outcomes, String> {
        let Ran { replay, fates, lost_at } = session.ran()?;
        let (run, attributes) = (replay.run(), attributes());
        let admitted = run.requests().admitted();
        let length = admitted.len();
        let bits = |score: Score| score.bits() as f32;
        let (mut wrong, mut wrong_record) = (Vec::new(), Vec::new());
        for request in 0..length {
            let best: Vec<_> = replay.wrong(request).take(WRONG_KEPT).collect();
            for place in 0..WRONG_KEPT {
                wrong.push(best.get(place).map(|answer| bits(answer.score)));
                wrong_record.push(best.get(place).map_or(-1, |answer| answer.record.0 as i64));
            }
        }
        let profiles = run.requests().profiles();
        let of = |attribute: usize| profiles.iter().map(|profile| profile[attribute]).collect();
        Ok(Outcomes {
            length,
            right: (0..length).map(|request| replay.right(request).map(bits)).collect(),
            wrong,
            wrong_record,
            route: admitted.iter().map(|route| route.map_or(255, |route| route as u8)).collect(),
            on_file: (0..length).map(|request| u8::from(replay.on_file(request))).collect(),
            fate: fates.clone(),
            lost_at: lost_at.clone(),
            group: attributes.iter().enumerate().map(|(i, attribute)| (attribute.name, of(i))).collect(),
            groups: attributes.into_iter().map(|attribute| (attribute.name, attribute.values)).collect(),
        })
    }
}

impl JudgedRates {
    /// Those of the rates that the page shows.
    pub fn of(rates: &Rates) -> JudgedRates {
        let rate = |id: RateId| Rate::of(&rates[&id]);
        JudgedRates {
            wrong_among_answers: rate(RateId::WrongAmongAnswers),
            wrong_person: rate(RateId::WrongPerson),
            answered_though_absent: rate(RateId::AnsweredThoughAbsent),
            missed: rate(RateId::Missed),
        }
    }
}

impl Judged {
    /// A run judged again, for the page.
    pub fn of(rejudged: &Rejudged) -> Judged {
        let mut fates: BTreeMap<&'static str, u64> = Fate::ALL.into_iter().map(|fate| (fate.name(), 0)).collect();
        for judged in &rejudged.judged {
            *fates.entry(judged.fate.name()).or_default() += 1;
        }
        let returned = |right: bool| {
            let returned = rejudged.judged.iter().flat_map(|judged| &judged.returned);
            returned.filter(|(_, is_right)| *is_right == right).count() as u64
        };
        Judged {
            fate: rejudged.judged.iter().map(|judged| judged.fate as u8).collect(),
            fates,
            returned_right: returned(true),
            returned_wrong: returned(false),
            rates: JudgedRates::of(&rejudged.rates),
            parts: rejudged.parts.iter().map(JudgedRates::of).collect(),
        }
    }
}

/// Everybody whose fate differs between two agreements, and everybody never sought who is returned under either, and
/// whether the list was cut.
pub fn persons(rejudged: [&Rejudged; 2], returned: [&Returned; 2]) -> (Vec<ComparedPerson>, bool) {
    let mut seen = BTreeSet::new();
    let mut persons = Vec::new();
    for rejudged in rejudged {
        for (request, judged) in rejudged.judged.iter().enumerate() {
            for (answer, _) in &judged.returned {
                let [first, second] = returned.map(|returned| returned.records.contains_key(&answer.record));
                let sought = returned.iter().any(|returned| returned.records.get(&answer.record) == Some(&true));
                if (first != second || !sought) && seen.insert(answer.record) {
                    persons.push(ComparedPerson { request, record: answer.record.0, sought, first, second });
                }
            }
        }
    }
    let cut = persons.len() > MOST_PERSONS;
    persons.truncate(MOST_PERSONS);
    (persons, cut)
}
