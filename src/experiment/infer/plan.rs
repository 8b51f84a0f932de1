//! The plan of an inference: settings drawn from the cube, each for a small world of its own.
//!
//! A draw's world is small, and dense with people who are asked for: [`PEOPLE`] people, of whom one in [`A_REQUEST`] is
//! asked for. Each draw has its own seed, so that the luck of a country is part of what draws differ by.

use super::super::run::{most_requests, run};
use super::aims::{Aim, Near};
use super::draws::{Draws, MEETS, Row};
use super::figures::{Figures, QUANTITY};
use super::proposal::Proposal;
use super::space::Space;
use crate::parallel::Watch;
use crate::random::{Decision, Seed};
use crate::scenario::case::{Measure, Published, Target};
use crate::scenario::{ListOf, MOST_WITH_FINAL_ORDER, Scenario, Seeds, did_you_mean};
use crate::stats::{Z95, expit, logit};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// People of the country of a draw, unless said otherwise.
pub const PEOPLE: u64 = 80_000;
/// One in so many of them is asked for, unless said otherwise.
pub const A_REQUEST: u64 = 25;
/// Draws, unless said otherwise.
pub const DRAWS: u64 = 2_000;
/// Rounds, unless said otherwise: draws from the prior, and twice draws near those accepted so far.
pub const ROUNDS: u64 = 3;
/// The most draws: as many as the sequence of even points has.
pub const MOST_DRAWS: u64 = 1 << 16;
/// A later round looks near the accepted draws if fewer than one draw in so many of the rounds before met every figure.
const FEW: usize = 10;

const POINT: Decision = Decision::named("infer.point");
const MOVED: Decision = Decision::named("infer.moved");
const WORLD: Decision = Decision::named("infer.world");

/// The question to an inference: figures by their short names, sizes, and how many draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// The figures to use; all of the scenario where none is named.
    pub targets: Vec<String>,
    /// The figures not to use, but to look at.
    pub held_out: Vec<String>,
    /// Figures that are not published, each `MEASURE=SHARE`: what if it were?
    pub supposed: Vec<String>,
    /// The quantity of interest.
    pub quantity: Option<String>,
    /// The assumptions that are drawn, by their keys; all where none is named.
    pub only: Vec<String>,
    /// Draws.
    pub draws: Option<u64>,
    /// Rounds.
    pub rounds: Option<u64>,
    /// People of the country of a draw.
    pub people: Option<u64>,
    /// Requests of a draw.
    pub requests: Option<u64>,
}

/// An inference, planned and checked.
#[derive(Clone, Debug)]
pub struct Inference {
    scenario: Scenario,
    space: Space,
    figures: Figures,
    /// The figures towards which later rounds are moved.
    towards: Vec<Aim>,
    question: Question,
    plan: Plan,
}

/// The question to draws that may have been made for another one.
#[derive(Clone, Debug)]
struct Question {
    aims: Vec<Aim>,
    held_out: Vec<Aim>,
    quantity: Measure,
}

/// Everything that decides the rows: two inferences of one plan have the same rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Draws.
    pub draws: u64,
    /// Rounds.
    pub rounds: u64,
    /// People of the country of a draw.
    pub people: u64,
    /// Requests of a draw.
    pub requests: u64,
    /// The figures towards which later rounds are moved; none of a single round.
    pub targets: Vec<String>,
    /// The assumptions that are drawn; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The figures of each row.
    pub figures: Vec<String>,
    /// As TOML.
    pub scenario: String,
}

/// The requests of a draw among so many people, unless said otherwise.
pub fn requests_of(people: u64) -> u64 {
    (people / A_REQUEST).max(1)
}

impl Plan {
    /// The difference of another plan from this one, in a word.
    pub fn differs_in(&self, other: &Plan) -> &'static str {
        match () {
            () if self.scenario != other.scenario => "another scenario or other settings",
            () if self.draws != other.draws => "another number of draws",
            () if self.rounds != other.rounds => "another number of rounds",
            () if (self.people, self.requests) != (other.people, other.requests) => "worlds of another size",
            () if self.only != other.only => "other assumptions that are drawn",
            () if self.targets != other.targets => "other figures to use",
            () => "other figures in each row",
        }
    }

    /// The fault of a row that was read; `None` if a draw can have given it.
    pub fn complaint(&self, row: &Row) -> Option<String> {
        let figures = if row.records == 0 { 0 } else { self.figures.len() };
        if row.counts.len() != figures {
            return Some(format!("{} figures are counted, not {figures}", row.counts.len()));
        }
        let over = row.counts.iter().find(|[hits, trials]| hits > trials);
        over.map(|[hits, trials]| format!("a figure has {hits} hits in {trials} trials"))
    }

    /// The draws of each round: at least half are of the first.
    pub fn rounds(&self) -> Vec<Range<u64>> {
        let later = self.rounds - 1;
        let first = if later == 0 { self.draws } else { self.draws.div_ceil(2) };
        let end = |round: u64| first + (self.draws - first) * round / later.max(1);
        std::iter::once(0..first).chain((0..later).map(|round| end(round)..end(round + 1))).collect()
    }
}

impl Question {
    /// Reads a question to the published figures in `known`.
    fn of(known: &[Aim], wanted: &Wanted) -> Result<Question, String> {
        let named = |flag: &str, names: &[String]| -> Result<Vec<Aim>, String> {
            names.iter().map(|name| aim_named(known, flag, name)).collect()
        };
        let held_out = named("--hold-out", &wanted.held_out)?;
        let mut aims = named("--targets", &wanted.targets)?;
        if aims.is_empty() {
            aims = known.iter().filter(|aim| !held_out.contains(aim)).cloned().collect();
        }
        if let Some(both) = aims.iter().find(|aim| held_out.contains(aim)) {
            return Err(format!("--hold-out {0}: --targets has it too; take {0} out of one of them", both.name));
        }
        if aims.is_empty() {
            return Err("--hold-out: every figure is held out, so none is left to infer from".to_string());
        }
        aims.extend(wanted.supposed.iter().map(|text| supposed(text)).collect::<Result<Vec<Aim>, String>>()?);
        let quantity = wanted.quantity.clone().unwrap_or_else(|| QUANTITY.to_string());
        let quantity = share(quantity).map_err(|error| format!("--quantity {error}"))?;
        Ok(Question { aims, held_out, quantity })
    }

    /// An error if it is about something that draws do not count.
    fn counted<'a>(&self, figures: impl Iterator<Item = &'a str> + Clone) -> Result<(), String> {
        let quantity = self.quantity.to_string();
        let aims = self.aims.iter().map(|aim| ("--suppose", &aim.measure));
        match aims
            .chain([("--quantity", &quantity)])
            .find(|(_, measure)| figures.clone().all(|known| known != *measure))
        {
            None => Ok(()),
            Some((flag, measure)) => {
                let list = figures.filter(|name| !name.contains('@')).collect::<Vec<_>>().join("; ");
                Err(format!("{flag} {measure}: the draws do not count it; they count {list}, and rates by group"))
            }
        }
    }
}

impl Inference {
    /// Plans the inference of a scenario. Errors name the flag or the entry of the scenario that is to blame.
    pub fn new(scenario: &Scenario, wanted: &Wanted) -> Result<Inference, String> {
        let mut scenario = scenario.clone();
        scenario.beside.clear();
        scenario.inferred = None;
        let known: Vec<Aim> = aims_of(&scenario);
        if known.is_empty() {
            let case = scenario.version_of.as_deref();
            let case = case.map_or(String::new(), |case| format!("; its case has: namesake infer {case}"));
            return Err(format!(
                "{}: none of its published figures is a target, so there is nothing to infer from{case} (a figure is one \
                 with target = {{ name = \"…\", range = [LOW, HIGH], because = \"…\" }})",
                scenario.name
            ));
        }
        let question = Question::of(&known, wanted)?;
        let measures =
            known.iter().map(|aim| Measure::try_from(aim.measure.clone()).map_err(|error| error.to_string()));
        let measures: Vec<Measure> = measures.collect::<Result<_, String>>()?;
        let figures = Figures::of(measures.into_iter().chain([question.quantity.clone()]));
        question.counted(figures.names())?;
        let draws = wanted.draws.unwrap_or(DRAWS);
        if !(1..=MOST_DRAWS).contains(&draws) {
            return Err(format!("--draws {draws}: from 1 to {MOST_DRAWS}"));
        }
        let rounds = wanted.rounds.unwrap_or(ROUNDS);
        if !(1..=10).contains(&rounds) {
            return Err(format!("--rounds {rounds}: from 1 to 10"));
        }
        let people = wanted.people.unwrap_or(PEOPLE);
        let requests = wanted.requests.unwrap_or(requests_of(people));
        // How many have an order decides how many can be asked for, and in a small country that is a matter of its size.
        let held: &[&str] = match scenario.requester.list.value {
            ListOf::Orders => {
                let dense = (1.25 * requests as f64 / people as f64).min(MOST_WITH_FINAL_ORDER);
                scenario = scenario
                    .with("infer", &[format!("population.people={people}"), format!("population.final_order={dense}")])
                    .map_err(|error| error.to_string())?;
                &["population.final_order"]
            }
            _ => {
                let size = [format!("population.people={people}")];
                scenario = scenario.with("infer", &size).map_err(|error| error.to_string())?;
                &[]
            }
        };
        scenario.requester.requests = requests;
        let space = Space::of(&scenario, held)?.only(&wanted.only).map_err(|error| format!("--only {error}"))?;
        let towards: Vec<Aim> = question.aims.iter().filter(|aim| known.contains(aim)).cloned().collect();
        let targets = if rounds == 1 { Vec::new() } else { towards.iter().map(|aim| aim.name.clone()).collect() };
        let plan = Plan {
            draws,
            rounds,
            people,
            requests,
            targets,
            only: wanted.only.clone(),
            figures: figures.names().map(str::to_string).collect(),
            scenario: scenario.to_toml(),
        };
        Ok(Inference { scenario, space, figures, towards, question, plan })
    }

    /// The same draws, asked another question. Each draw counts by how likely it was to be drawn, whatever the figures were
    /// towards which it was moved.
    pub fn asked(mut self, wanted: &Wanted) -> Result<Inference, String> {
        self.question = Question::of(&aims_of(&self.scenario), wanted)?;
        self.question.counted(self.plan.figures.iter().map(String::as_str))?;
        Ok(self)
    }

    /// The inference of a plan: from the figures towards which it moved, or all of its scenario.
    pub fn planned(plan: &Plan) -> Result<Inference, String> {
        let scenario = Scenario::parse(&plan.scenario, "plan").map_err(|error| error.to_string())?;
        let (draws, rounds) = (Some(plan.draws), Some(plan.rounds));
        let (people, requests) = (Some(plan.people), Some(plan.requests));
        let (targets, only) = (plan.targets.clone(), plan.only.clone());
        let mut wanted = Wanted { targets, only, draws, rounds, people, requests, ..Wanted::default() };
        let inference = Inference::new(&scenario, &wanted)?;
        // A figure that it does not count by itself was the quantity of interest.
        let usual = &inference.plan.figures;
        wanted.quantity = plan.figures.iter().find(|figure| !usual.contains(figure)).cloned();
        let inference = Inference::new(&scenario, &wanted)?;
        if inference.plan == *plan {
            return Ok(inference);
        }
        Err(format!("the plan has {}; run the parts again", inference.plan.differs_in(plan)))
    }

    /// The scenario, at the size of a draw.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The values drawn.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// The figures that are used.
    pub fn aims(&self) -> &[Aim] {
        &self.question.aims
    }

    /// The figures that are held out.
    pub fn held_out(&self) -> &[Aim] {
        &self.question.held_out
    }

    /// The quantity of interest.
    pub fn quantity(&self) -> String {
        self.question.quantity.to_string()
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The seed of the draws.
    pub fn seed(&self) -> Seed {
        self.scenario.population_seed()
    }

    /// The seed of the world of a draw.
    pub fn seed_of(&self, row: u64) -> u64 {
        self.seed().stream(WORLD, row).bits() >> 11
    }

    /// The points of the draws of a round, given the rows of all rounds before it, by number.
    pub fn points(&self, round: usize, before: &[Row]) -> Vec<Vec<f64>> {
        self.points_after(round, &self.draws(before, round).1)
    }

    fn points_after(&self, round: usize, proposals: &[Option<Proposal>]) -> Vec<Vec<f64>> {
        let dimensions = self.space.dimensions.len() as u64;
        let point = |row: u64| {
            let even = (0..dimensions).map(|dimension| self.seed().even(POINT, row, dimension)).collect();
            match proposals.get(round).and_then(Option::as_ref) {
                Some(proposal) => proposal.moved(even, &mut self.seed().stream(MOVED, row)),
                None => even,
            }
        };
        self.plan.rounds()[round].clone().map(point).collect()
    }

    /// All draws of some complete rounds, with their points and weights.
    pub fn all(&self, rows: &[Row]) -> Draws {
        self.draws(rows, self.plan.rounds as usize).0
    }

    /// The draws of the rounds before one, and what each round up to it proposes.
    fn draws(&self, rows: &[Row], round: usize) -> (Draws, Vec<Option<Proposal>>) {
        let rounds = self.plan.rounds();
        let mut draws = Draws { figures: self.plan.figures.clone(), ..Draws::default() };
        let mut proposals: Vec<Option<Proposal>> = vec![None];
        for (number, range) in rounds.iter().enumerate().take(round) {
            draws.points.extend(self.points_after(number, &proposals));
            draws.rows.extend(rows.iter().filter(|row| range.contains(&row.row)).cloned());
            draws.weights = weights(&draws.points, &rounds[..=number], &proposals);
            if number + 1 < rounds.len() {
                proposals.push(self.proposal(&draws));
            }
        }
        (draws, proposals)
    }

    /// The proposal of the next round; `None` for the prior, where enough draws meet the figures as it is.
    fn proposal(&self, draws: &Draws) -> Option<Proposal> {
        let near = Near::of(&self.towards, draws, self.seed(), draws.keep());
        let meet = near.offsets.iter().flatten().filter(|z| z.iter().all(|z| z.abs() <= MEETS)).count();
        if meet * FEW >= draws.rows.len() {
            return None;
        }
        let accepted: Vec<(&[f64], f64)> = near
            .kept
            .draws
            .iter()
            .zip(&near.kept.weights)
            .map(|(draw, weight)| (&draws.points[*draw][..], *weight))
            .collect();
        Proposal::near(&accepted)
    }

    /// Makes the world of a draw at a point and counts it.
    pub fn run(&self, row: u64, point: &[f64], watch: Watch<'_>) -> Row {
        let none = Row { row, records: 0, counts: Vec::new() };
        let Ok(mut scenario) = self.scenario_at(row, point) else { return none };
        scenario.requester.requests = scenario.requester.requests.min(most_requests(&scenario));
        if scenario.requester.requests == 0 {
            return none;
        }
        let outcome = run(&scenario, watch);
        Row { row, records: outcome.evaluation.holder_records, counts: self.figures.measure(&outcome) }
    }

    /// The scenario of a draw at a point.
    pub fn scenario_at(&self, row: u64, point: &[f64]) -> Result<Scenario, String> {
        let scenario = self.scenario.with("infer", &self.space.sets(point));
        let mut scenario = scenario.map_err(|error| error.to_string())?;
        scenario.seed = Seeds::all(self.seed_of(row));
        Ok(scenario)
    }
}

/// The published figures of a scenario that are targets.
fn aims_of(scenario: &Scenario) -> Vec<Aim> {
    let targets = scenario.published.iter().filter_map(|published| Some((published, published.target.as_ref()?)));
    let aim = |(published, target): (&Published, &Target)| Aim {
        name: target.name.clone(),
        measure: published.measure.to_string(),
        value: published.value,
        range: target.range,
        at_records: published.at_records,
    };
    targets.map(aim).collect()
}

/// A share of counted cases, read from its measure.
fn share(text: String) -> Result<Measure, String> {
    let read = Measure::try_from(text.clone()).map_err(|error| format!("{text}: {error}"))?;
    match read.is_share() {
        true => Ok(read),
        false => Err(format!("{read}: not a share of counted cases; write one such as wrong_among_answers")),
    }
}

/// The aim of `MEASURE=SHARE`, as exact as a draw can tell.
fn supposed(text: &str) -> Result<Aim, String> {
    const ERROR: f64 = 0.05;
    let wrong = |what: &str| format!("--suppose {text}: {what}; write \"requests_with_number / requests=0.12\"");
    let (measure, value) = text.rsplit_once('=').ok_or_else(|| wrong("no share is there"))?;
    let measure = share(measure.trim().to_string()).map_err(|error| wrong(&error))?.to_string();
    let value: f64 = value.trim().parse().map_err(|_| wrong("the share is not a number"))?;
    if !(value > 0.0 && value < 1.0) {
        return Err(wrong("a share lies above 0 and below 1"));
    }
    let range = [-1.0, 1.0].map(|side| expit(logit(value) + side * Z95 * ERROR));
    Ok(Aim { name: measure.clone(), measure, value, range, at_records: None })
}

fn aim_named(known: &[Aim], flag: &str, name: &str) -> Result<Aim, String> {
    let names = || known.iter().map(|aim| aim.name.as_str());
    known.iter().find(|aim| aim.name == name.trim()).cloned().ok_or_else(|| {
        let hint = did_you_mean(name, names());
        format!("{flag} {name}: no figure has this name{hint}; there are {}", names().collect::<Vec<_>>().join(", "))
    })
}

/// The weight of each point: 1 over the mean density of all rounds, each as often as it has draws.
fn weights(points: &[Vec<f64>], rounds: &[Range<u64>], proposals: &[Option<Proposal>]) -> Vec<f64> {
    let all = points.len() as f64;
    let weight = |point: &Vec<f64>| {
        let density = |(range, proposal): (&Range<u64>, &Option<Proposal>)| {
            let part = (range.end - range.start) as f64 / all;
            part * proposal.as_ref().map_or(1.0, |proposal| proposal.density(point))
        };
        1.0 / rounds.iter().zip(proposals).map(density).sum::<f64>()
    };
    points.iter().map(weight).collect()
}
