//! How often intervals cover what they claim: many small runs that differ in nothing but their seed.

use namesake::evaluation::{Measured, RateId, Rates, compared};
use namesake::experiment;
use namesake::scenario::{Scenario, built_in};
use namesake::stats::Interval;
use std::collections::BTreeMap;

/// What is run.
pub struct Setting {
    /// What it is about, for the reader.
    pub title: &'static str,
    /// A scenario as TOML, or the default one.
    pub scenario: Option<&'static str>,
    /// What is set in it.
    pub sets: &'static [&'static str],
}

/// Whoever has the surname and the postal code of the request is returned: whole families, namesakes among them.
const FAMILIES: &str = r#"
base = "tax-address-request-assumed"
name = "families"
title = "Whole families"
summary = "Whoever has the surname and the postal code of the request is returned."

[agreement]
most_answers = { value = 20, basis = "assumed", range = [1, 20], source = "so that answers come in clusters" }

[[routes]]
name = "address"
when = "always"
compares = ["name", "address"]
basis = "assumed"
alternatives = ["the default rules"]
source = "so that answers come in clusters"

[routes.blocking]
rules = ["surname:4 + zip"]

[routes.model]
kind = "rules"
threshold = 1.0
comparison = [{ name = "surname", kind = "surname", field = "surname" }, { name = "zip", kind = "edit", field = "zip", cuts = [1] }]

[[routes.model.rule]]
name = "surname and postal code the same"
strength = 1
all = ["surname: same", "zip: same"]
"#;

/// A library that has readers in one household as one: kin are sought and returned together.
const LIBRARY: &str = r#"
base = "library-card"
name = "library-households"
title = "A library that takes one surname in one building for one reader"
summary = "Whoever has the surname, the house and the postal code of the request is returned."

[agreement]
most_answers = { value = 20, basis = "assumed", range = [1, 20], source = "so that whole households are returned" }

[[routes]]
name = "address"
when = "always"
compares = ["name", "address"]
basis = "assumed"
alternatives = ["the rules of library-card"]
source = "so that whole households are returned"

[routes.blocking]
rules = ["surname + zip"]

[routes.model]
kind = "rules"
threshold = 1.0
comparison = [{ name = "surname", kind = "surname", field = "surname" }, { name = "address", kind = "address" }]

[[routes.model.rule]]
name = "surname and building the same"
strength = 1
all = ["surname: same", "address: same building"]
"#;

/// Settings from few events to many, with answers alone and in clusters. Rules only: a model that is trained anew in
/// every country adds its own luck, which no interval of one run can see.
pub const SETTINGS: [Setting; 6] = [
    Setting {
        title: "the default terms, few requests",
        scenario: None,
        sets: &["population.final_order=0.02", "population.people=5120", "requester.requests=60"],
    },
    Setting {
        title: "the default terms, more requests",
        scenario: None,
        sets: &["population.final_order=0.02", "population.people=12800", "requester.requests=220"],
    },
    Setting {
        title: "whole families are returned",
        scenario: Some(FAMILIES),
        sets: &["population.final_order=0.02", "population.people=7680", "requester.requests=100"],
    },
    Setting {
        title: "whole families are returned, to a list like the population",
        scenario: Some(FAMILIES),
        sets: &["population.people=12800", "requester.requests=300", "requester.list=like_population"],
    },
    Setting {
        title: "a library that returns one surname in one building",
        scenario: Some(LIBRARY),
        sets: &["population.people=20480"],
    },
    Setting {
        title: "most of a small country is sought",
        scenario: None,
        sets: &["population.people=10240", "requester.requests=6500", "requester.list=like_population"],
    },
];

/// How one interval fared over all runs of a setting.
pub struct Fared {
    /// The rate, or what is compared.
    pub name: String,
    /// Expected hits of a run.
    pub hits: f64,
    /// Expected trials that are no hit.
    pub others: f64,
    /// Runs that gave an interval.
    pub runs: u64,
    /// Those whose interval holds the expectation.
    pub covered: u64,
    /// Those whose interval was the exact one.
    pub exact: u64,
    /// Whether it is the interval of a share, or of which contrast.
    pub kind: &'static str,
}

impl Fared {
    /// The share of runs whose interval holds the expectation.
    pub fn coverage(&self) -> f64 {
        self.covered as f64 / self.runs as f64
    }

    /// Expected events: hits or non-hits, whichever are fewer.
    pub fn expected(&self) -> f64 {
        self.hits.min(self.others)
    }
}

struct Seen {
    hits: u64,
    trials: u64,
    interval: Interval,
    exact: bool,
}

/// Runs a setting `runs` times, with seeds from 1 up.
pub fn study(setting: &Setting, runs: u64) -> Vec<Fared> {
    let default = built_in("tax-address-request-assumed").expect("a built-in scenario");
    let text = setting.scenario.unwrap_or(default);
    let sets: Vec<String> = setting.sets.iter().map(|set| set.to_string()).collect();
    let mut scenario = Scenario::parse_with(text, setting.title, &sets).expect("settings that fit it");
    let mut rates: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
    // Women beside men: the intervals of ratio and difference, and both groups' counts for the truth.
    let mut contrasts: BTreeMap<String, Vec<[Option<Interval>; 2]>> = BTreeMap::new();
    let mut counts: BTreeMap<String, [[u64; 2]; 2]> = BTreeMap::new();
    for seed in 1..=runs {
        (scenario.seed.population, scenario.seed.errors, scenario.seed.requests) = (seed, seed, seed);
        let groups = experiment::rates(&scenario, &|_| {});
        let mut see = |name: String, measured: &Measured| {
            if let Some(interval) = measured.interval {
                let (hits, trials) = (measured.rate.hits, measured.rate.trials);
                rates.entry(name).or_default().push(Seen { hits, trials, interval, exact: measured.method.is_exact() });
            }
        };
        groups.rates.iter().for_each(|(name, measured)| see(name.to_string(), measured));
        for (attribute, of_values) in groups.by_group.iter().filter(|(attribute, _)| attribute.name == "group") {
            for (value, of_value) in attribute.values.iter().zip(of_values) {
                for id in [RateId::ShareOfWrong, RateId::WrongAmongAnswers, RateId::Missed] {
                    see(format!("{id}, {value}"), &of_value[&id]);
                }
            }
        }
        let of = |value: &str| -> &Rates { groups.of("sex", value).expect("an attribute of people") };
        let (women, men) = (of("female"), of("male"));
        for compared in compared(women, men) {
            let interval = |c: namesake::stats::Contrast| Interval { low: c.low, high: c.high };
            let both = [compared.ratio.map(interval), compared.difference.map(interval)];
            contrasts.entry(compared.rate.to_string()).or_default().push(both);
        }
        for (sex, rates) in [women, men].into_iter().enumerate() {
            for (name, measured) in rates {
                let sums = &mut counts.entry(name.to_string()).or_default()[sex];
                sums[0] += measured.rate.hits;
                sums[1] += measured.rate.trials;
            }
        }
    }
    let mut fared: Vec<Fared> = rates
        .into_iter()
        .map(|(name, seen)| {
            let sum = |of: fn(&Seen) -> u64| seen.iter().map(of).sum::<u64>() as f64;
            let (hits, trials, all) = (sum(|seen| seen.hits), sum(|seen| seen.trials), seen.len() as f64);
            let truth = hits / trials;
            Fared {
                name,
                hits: hits / all,
                others: (trials - hits) / all,
                runs: seen.len() as u64,
                covered: seen.iter().filter(|seen| holds(&seen.interval, truth)).count() as u64,
                exact: seen.iter().filter(|seen| seen.exact).count() as u64,
                kind: "share",
            }
        })
        .collect();
    for (name, seen) in contrasts {
        let [women, men] = counts[&name].map(|[hits, trials]| (hits as f64, (trials - hits) as f64));
        let share = |(hits, others): (f64, f64)| hits / (hits + others);
        for (i, (what, truth)) in
            [("ratio", share(women) / share(men)), ("difference", share(women) - share(men))].into_iter().enumerate()
        {
            let intervals: Vec<Interval> = seen.iter().filter_map(|both| both[i]).collect();
            fared.push(Fared {
                name: format!("{name}, women to men: {what}"),
                hits: women.0.min(men.0) / runs as f64,
                others: women.1.min(men.1) / runs as f64,
                runs: intervals.len() as u64,
                covered: intervals.iter().filter(|interval| holds(interval, truth)).count() as u64,
                exact: 0,
                kind: what,
            });
        }
    }
    fared.retain(|fared| fared.runs > 0 && fared.expected() > 0.0);
    fared
}

fn holds(interval: &Interval, truth: f64) -> bool {
    interval.low <= truth && truth <= interval.high
}
