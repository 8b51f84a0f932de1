//! Sweeps: the same exchange under every combination of some values, with several seeds each.
//!
//! The plan is made and checked before anything runs; then each row, a combination and a seed, is a run of its own that
//! can be made at any time, anywhere, in any order. Every combination has the same seeds, so that combinations differ
//! by what was varied and share their luck.

mod ready;
mod values;

use super::outcome::Outcome;
use super::run::{most_requests, run};
use crate::evaluation::RateId;
use crate::parallel::Watch;
use crate::scenario::Scenario;
pub use ready::{READY, Ready};
use serde::{Deserialize, Serialize};
pub use values::Varied;
use values::path_of;

/// The combination of several varied keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// Every value of one with every value of the others.
    Grid,
    /// The first value of each, then the second of each, and so on.
    Paired,
}

/// The most rows a sweep may have.
pub const MOST_ROWS: u64 = 1_000_000;

/// The plan of a sweep: a scenario, the combinations, and the number of seeds of each.
#[derive(Clone, Debug)]
pub struct Sweep {
    scenario: Scenario,
    keys: Vec<String>,
    combinations: Vec<Combination>,
    replicates: u64,
}

/// One value for each varied key, and the scenario they make.
#[derive(Clone, Debug)]
struct Combination {
    values: Vec<String>,
    scenario: Scenario,
}

/// The results of one run: a combination and a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number: replicates run fastest, combinations in the order of the plan.
    pub row: u64,
    /// Hits and trials of each rate.
    pub rates: Vec<(RateId, u64, u64)>,
}

impl Row {
    /// The fault of a row that was read; `None` if a run can have given it.
    pub fn complaint(&self) -> Option<String> {
        if !self.rates.iter().map(|(id, ..)| *id).eq(RateId::of_sweeps()) {
            return Some("not every rate of a sweep is listed once, in its order".to_string());
        }
        let shares = self.rates.iter().filter(|(id, ..)| *id != RateId::WrongReturnsPerRequest);
        let over = shares.into_iter().find(|(_, hits, trials)| hits > trials);
        over.map(|(name, hits, trials)| format!("{name} has {hits} hits in {trials} trials"))
            .or_else(|| self.contradiction())
    }

    /// The contradiction between the counts of a row that has every rate, if there is one.
    fn contradiction(&self) -> Option<String> {
        use RateId::*;
        let of = |wanted: RateId| {
            let found = self.rates.iter().find(|(id, ..)| *id == wanted);
            found.map_or([0; 2], |(_, hits, trials)| [u128::from(*hits), u128::from(*trials)])
        };
        for (a, b) in [(Missed, Recall), (WrongAmongAnswers, Precision), (AnsweredThoughAbsent, Specificity)] {
            let ([hits, trials], [rest, same]) = (of(a), of(b));
            if trials != same || hits + rest != trials {
                return Some(format!(
                    "{a} has {hits} hits in {trials} trials and {b} {rest} in {same}; together they are all of the same trials"
                ));
            }
        }
        let [wrong, _] = of(WrongAmongAnswers);
        let ([right, _], [missed, sought]) = (of(Recall), of(Missed));
        let [nobody, absent] = of(Specificity);
        let requests = ("requests on file and not", sought + absent);
        let ([f1, f1_of], [per_request, of_requests]) = (of(F1), of(WrongReturnsPerRequest));
        let counts = [
            (Precision, "hits", of(Precision)[0], ("recall hits", right)),
            (F1, "hits", f1, ("twice the recall hits", 2 * right)),
            (F1, "trials", f1_of, ("right persons twice, wrong and missed once", 2 * right + wrong + missed)),
            (NegativePredictiveValue, "hits", of(NegativePredictiveValue)[0], ("specificity hits", nobody)),
            (WrongPerson, "trials", of(WrongPerson)[1], requests),
            (NotResolved, "trials", of(NotResolved)[1], requests),
            (WrongReturnsPerRequest, "trials", of_requests, requests),
            (WrongReturnsPerRequest, "hits", per_request, ("wrong_among_answers hits", wrong)),
        ];
        let differing = counts.into_iter().find(|(.., count, (_, other))| count != other);
        differing.map(|(id, what, count, (other, wanted))| {
            format!("{id} {what} are {count}, and {other} {wanted}; they are the same")
        })
    }
}

impl Sweep {
    /// Plans a sweep of the scenario that `scenario` makes of a list of `KEY=VALUE`, and checks every combination.
    /// Errors name the flag that is to blame.
    pub fn new(
        scenario: impl Fn(&[String]) -> Result<Scenario, String>,
        varied: &[Varied],
        together: Together,
        replicates: u64,
    ) -> Result<Sweep, String> {
        if varied.is_empty() {
            return Err("what is to be varied? write --vary KEY=VALUE,VALUE,… or --ready NAME".to_string());
        }
        if replicates == 0 {
            return Err("--replicates 0: each combination needs a seed at least; write 1 or more".to_string());
        }
        for (i, one) in varied.iter().enumerate() {
            if varied[..i].iter().any(|other| other.path() == one.path()) {
                return Err(format!(
                    "--vary {}: this key is varied twice; put all its values into one list",
                    one.key()
                ));
            }
        }
        let lists: Vec<Vec<String>> = match together {
            Together::Grid => {
                let sizes = varied.iter().map(|one| one.values().len() as u64);
                let rows = sizes.fold(replicates, u64::saturating_mul);
                if rows > MOST_ROWS {
                    return Err(format!("this would be {rows} runs; at most {MOST_ROWS} are planned at once"));
                }
                varied.iter().fold(vec![Vec::new()], |lists, one| {
                    let with_each = |list: Vec<String>| {
                        one.values().iter().map(move |value| [&list[..], std::slice::from_ref(value)].concat())
                    };
                    lists.into_iter().flat_map(with_each).collect()
                })
            }
            Together::Paired => {
                let length = varied[0].values().len();
                if let Some(other) = varied.iter().find(|one| one.values().len() != length) {
                    return Err(format!(
                        "--paired: {} has {length} values and {} has {}; give each as many",
                        varied[0].key(),
                        other.key(),
                        other.values().len()
                    ));
                }
                (0..length).map(|at| varied.iter().map(|one| one.values()[at].clone()).collect()).collect()
            }
        };
        for one in varied {
            if let Some(complaint) = one.complaint() {
                return Err(complaint);
            }
        }
        let base = scenario(&[])?;
        let mut combinations = Vec::new();
        for values in lists {
            let sets: Vec<String> =
                varied.iter().zip(&values).map(|(one, value)| format!("{}={value}", one.path())).collect();
            // What was said with --vary is blamed on it.
            let blamed = |message: String| {
                varied.iter().fold(message, |message, one| {
                    message.replace(&format!("--set {}=", one.path()), &format!("--vary {}=", one.key()))
                })
            };
            combinations.push(Combination { scenario: scenario(&sets).map_err(blamed)?, values });
        }
        let keys = varied.iter().map(|one| one.key().to_string()).collect();
        Ok(Sweep { scenario: base, keys, combinations, replicates })
    }

    /// The scenario in which values are varied.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The varied keys.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// For each combination its values, in the order of the keys.
    pub fn combinations(&self) -> impl ExactSizeIterator<Item = &[String]> {
        self.combinations.iter().map(|combination| &combination.values[..])
    }

    /// Seeds for each combination.
    pub fn replicates(&self) -> u64 {
        self.replicates
    }

    /// Rows in all.
    pub fn rows(&self) -> u64 {
        self.combinations.len() as u64 * self.replicates
    }

    /// The number of a row's combination.
    pub fn combination_of(&self, row: u64) -> usize {
        (row / self.replicates) as usize
    }

    /// The seed of a row: that of the scenario, plus one for each replicate before it.
    pub fn seed_of(&self, row: u64) -> u64 {
        self.combinations[self.combination_of(row)].scenario.seed.population.wrapping_add(row % self.replicates)
    }

    /// The scenario of a row: its combination with its seeds.
    pub fn scenario_of(&self, row: u64) -> Scenario {
        let mut scenario = self.combinations[self.combination_of(row)].scenario.clone();
        let seed = &mut scenario.seed;
        for seed in [&mut seed.population, &mut seed.errors, &mut seed.requests] {
            *seed = seed.wrapping_add(row % self.replicates);
        }
        scenario
    }

    /// Runs a row, alone: what stands beside a run says nothing that a row has. In a country with fewer to ask for, as
    /// many are asked for as there are.
    pub fn run(&self, row: u64, watch: Watch<'_>) -> Row {
        let mut scenario = self.scenario_of(row);
        scenario.beside.clear();
        scenario.requester.requests = scenario.requester.requests.min(most_requests(&scenario));
        Row { row, rates: rates(&run(&scenario, watch)) }
    }

    /// Everything that decides the rows: two sweeps of the same plan have the same rows.
    pub fn plan(&self) -> Plan {
        Plan {
            keys: self.keys.clone(),
            values: self.combinations().map(<[String]>::to_vec).collect(),
            replicates: self.replicates,
            scenario: self.scenario.to_toml(),
        }
    }
}

/// A sweep on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    keys: Vec<String>,
    values: Vec<Vec<String>>,
    replicates: u64,
    /// As TOML.
    scenario: String,
}

impl Plan {
    /// Rows in all.
    pub fn rows(&self) -> u64 {
        (self.values.len() as u64).saturating_mul(self.replicates)
    }

    /// The sweep of a plan.
    pub fn sweep(&self) -> Result<Sweep, String> {
        let read = |values: &[String]| {
            let sets: Vec<String> =
                self.keys.iter().zip(values).map(|(key, v)| format!("{}={v}", path_of(key))).collect();
            Scenario::parse_with(&self.scenario, "plan", &sets).map_err(|error| error.to_string())
        };
        let combination = |values: &Vec<String>| Ok(Combination { values: values.clone(), scenario: read(values)? });
        Ok(Sweep {
            scenario: read(&[])?,
            keys: self.keys.clone(),
            combinations: self.values.iter().map(combination).collect::<Result<_, String>>()?,
            replicates: self.replicates,
        })
    }

    /// The difference of another plan from this one, in a word.
    pub fn differs_in(&self, other: &Plan) -> &'static str {
        match () {
            () if self.scenario != other.scenario => "another scenario or other settings",
            () if self.keys != other.keys => "other keys",
            () if self.values != other.values => "other values",
            () => "another number of replicates",
        }
    }
}

fn rates(outcome: &Outcome) -> Vec<(RateId, u64, u64)> {
    let e = &outcome.evaluation;
    let of_run = e.groups.rates.iter().map(|(id, measured)| (*id, measured.rate.hits, measured.rate.trials));
    let per_request = (RateId::WrongReturnsPerRequest, e.returned_wrong, e.requests);
    of_run.chain([per_request]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::BUILT_IN;

    fn scenario(sets: &[String]) -> Result<Scenario, String> {
        let (name, text) = BUILT_IN[0];
        let small =
            ["population.final_order=0.02", "population.people=3k", "requester.requests=20", "seed.population=5"]
                .map(str::to_string);
        Scenario::parse_with(text, name, &[&small[..], sets].concat()).map_err(|error| error.to_string())
    }

    fn plan(varied: &[&str], together: Together, replicates: u64) -> Result<Sweep, String> {
        let varied: Vec<Varied> = varied.iter().map(|text| Varied::parse(text).unwrap()).collect();
        Sweep::new(scenario, &varied, together, replicates)
    }

    #[test]
    fn a_grid_has_every_combination_and_paired_lists_go_together() {
        let varied = ["people=3k,4k", "holder.dependence=0,0.5"];
        let grid = plan(&varied, Together::Grid, 3).unwrap();
        let combinations: Vec<&[String]> = grid.combinations().collect();
        assert_eq!(combinations, [["3000", "0"], ["3000", "0.5"], ["4000", "0"], ["4000", "0.5"]]);
        assert_eq!(grid.rows(), 12);
        let paired = plan(&varied, Together::Paired, 3).unwrap();
        assert_eq!(paired.combinations().collect::<Vec<_>>(), [["3000", "0"], ["4000", "0.5"]]);
    }

    #[test]
    fn every_combination_has_the_same_seeds_and_its_own_values() {
        let sweep = plan(&["people=3k,4k"], Together::Grid, 3).unwrap();
        let seeds: Vec<u64> = (0..sweep.rows()).map(|row| sweep.seed_of(row)).collect();
        assert_eq!(seeds, [5, 6, 7, 5, 6, 7]);
        let last = sweep.scenario_of(5);
        assert_eq!((last.population.people, last.seed.population, last.seed.errors), (4_000, 7, 3));
    }

    #[test]
    fn a_row_is_the_run_of_its_scenario() {
        let sweep = plan(&["people=3k,4k"], Together::Grid, 2).unwrap();
        let row = sweep.run(3, &|_| {});
        let outcome = run(&sweep.scenario_of(3), &|_| {});
        let measured = &outcome.evaluation.groups.rates[&RateId::WrongAmongAnswers];
        assert_eq!(row.rates[0], (RateId::WrongAmongAnswers, measured.rate.hits, measured.rate.trials));
        assert_eq!((row.row, row.complaint()), (3, None));
    }

    #[test]
    fn a_row_that_no_run_gave_is_known() {
        let sweep = plan(&["people=3k,4k"], Together::Grid, 1).unwrap();
        let whole = sweep.run(0, &|_| {});
        assert_eq!(whole.complaint(), None);
        let changed = |change: &dyn Fn(&mut Row)| {
            let mut row = whole.clone();
            change(&mut row);
            row.complaint().expect("no run gives this")
        };
        assert!(changed(&|row| row.rates[3].0 = RateId::ShareOfWrong).contains("not every rate"));
        assert!(changed(&|row| row.rates.truncate(3)).contains("not every rate"));
        assert!(changed(&|row| row.rates.swap(0, 1)).contains("not every rate"));
        assert!(changed(&|row| row.rates[5].1 = 1_000).contains("recall has 1000 hits in "));
        // Any single count that stands against another one.
        for (rate, id) in RateId::of_sweeps().enumerate().take(10).filter(|(rate, _)| *rate != 1 && *rate != 9) {
            let said = changed(&|row| row.rates[rate].1 = row.rates[rate].1.checked_sub(1).unwrap_or(1));
            let said_of = if rate == 6 || rate == 8 { id.name() } else { "together they are all" };
            assert!(said.contains(said_of), "{id}: {said}");
        }
        let last = whole.rates.len() - 1;
        assert!(changed(&|row| row.rates[last].2 += 1).contains("wrong_returns_per_request trials"));
        assert!(changed(&|row| row.rates[last].1 += 1).contains("wrong_returns_per_request hits"));
    }

    #[test]
    fn a_plan_gives_back_its_sweep() {
        let sweep =
            plan(&["people=3k,4k", "agreement.must_contain=[surname],[given_name, surname]"], Together::Grid, 2);
        let sweep = sweep.unwrap();
        let again = sweep.plan().sweep().unwrap();
        assert_eq!(again.plan(), sweep.plan());
        assert!((0..sweep.rows()).all(|row| again.scenario_of(row) == sweep.scenario_of(row)));
    }

    #[test]
    fn a_plan_that_cannot_be_run_is_refused_before_anything_runs() {
        let refused = |varied: &[&str], together, replicates| plan(varied, together, replicates).unwrap_err();
        assert!(refused(&[], Together::Grid, 1).contains("--vary"));
        assert!(refused(&["people=3k"], Together::Grid, 0).contains("--replicates 0"));
        assert!(refused(&["people=3k", "population.people=4k"], Together::Grid, 1).contains("varied twice"));
        assert!(refused(&["people=3k", "holder.dependence=0,1"], Together::Paired, 1).contains("has 1 values"));
        let unknown = refused(&["holder.dependance=0"], Together::Grid, 1);
        assert!(unknown.contains("--vary holder.dependance=0") && unknown.contains("dependence"), "{unknown}");
        assert!(refused(&["people=3k,many"], Together::Grid, 1).contains("--vary people=many"));
        assert!(refused(&["people=3k..1M:1k"], Together::Grid, 1_003).contains("at most"));
    }
}
