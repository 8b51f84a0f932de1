//! Runs: each principal function calls the stages in order, once.

pub mod against;
pub mod sensitivity;
pub mod link;
pub mod splink;
pub mod sweep;
mod list;
mod requests;
mod matching;
mod holder_file;
mod stream;
mod lookup;
mod forms;
mod profile;
mod situations;
mod coincidences;
#[cfg(test)]
mod floor;

pub use crate::parallel::{Progress, Watch};
pub use coincidences::Coincidence;
pub use forms::normal_name;
pub use situations::Counted;
pub use stream::Streamed;

use crate::agency::{Agency, AgencyConfig, Side, Subject, Truth};
use crate::agreement::{Agreement, Answers, Refusal};
use crate::evaluation::{
    Aside, Disclosure, Evaluation, Exchange, FollowUp, Groups, Judged, Profile, Returns, Wrong, evaluate, groups, judge,
};
use crate::linkage::blocking::Scratch;
use crate::linkage::decision::fellegi_sunter::Trained;
use crate::linkage::decision::{Score, Term};
use crate::population::places::{DWELLINGS_PER_BLOCK, DwellingId};
use crate::population::{PersonId, Population, PopulationConfig};
use crate::record::{Field, Records};
use crate::stats::Rate;

use crate::scenario::{Attribute, Beside, Scenario, Situation, attributes};
use coincidences::coincidences;
use matching::{Matcher, matchers};
use profile::profile;
use requests::Requests;
use sensitivity::Sensitivity;
use serde::Serialize;
use situations::{arranged, counted};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What was measured.
    pub evaluation: Evaluation,
    /// The answers kept for each request.
    pub answers: Vec<Answers>,
    /// What became of each request.
    pub judged: Vec<Judged>,
    /// Each wrong return.
    pub disclosures: Vec<Disclosure>,
    /// What became of each answer that the rules would hand over.
    pub follow_ups: Vec<FollowUp>,
    /// Whom each request sought, and that person's profile.
    pub sought: Vec<(PersonId, Profile)>,
    /// Whom each wrong return was about.
    pub returned: Vec<PersonId>,
    /// Of the people sought who are on file, how many were returned, by the city where they live.
    pub by_city: Vec<(String, Rate)>,
    /// The attributes that profiles refer to.
    pub attributes: Vec<Attribute>,
    /// The rates of the runs beside it.
    pub beside: Vec<(Beside, Groups)>,
    /// Pairs of people asked for who were born on the same day, of all such pairs.
    pub same_birth_date: Rate,
    /// How each route that weighs evidence came by its weights, by the route's number.
    pub trained: Vec<(usize, Trained)>,
    /// How often each situation of the namesake bank is there.
    pub situations: Vec<(Situation, Counted)>,
    /// Namesakes of the people sought, expected and counted.
    pub coincidences: Vec<Coincidence>,
    /// How far the assumed values move the headline, where that was asked for.
    pub sensitivity: Option<Sensitivity>,
}

/// Simulates, matches and measures: the main job.
pub fn run(scenario: &Scenario, watch: Watch<'_>) -> Outcome {
    World::with_beside(scenario, watch).run(watch)
}

/// Streams the `part`-th (from 1) of `parts` parts of the holder's file, for [`conclude`] to join with the others.
pub fn run_part(scenario: &Scenario, part: u64, parts: u64, watch: Watch<'_>) -> Streamed {
    let exchange = World::with_beside(scenario, watch);
    let blocks = exchange.country.blocks();
    // Parts differ by at most one block.
    let from = |part: u64| (u128::from(blocks) * u128::from(part) / u128::from(parts)) as u64;
    exchange.stream(from(part - 1)..from(part), watch)
}

/// Joins all parts of the holder's file and measures the exchange, as [`run`] does of the whole.
pub fn conclude(scenario: &Scenario, parts: &[Streamed], watch: Watch<'_>) -> Outcome {
    World::with_beside(scenario, watch).join(parts, watch)
}

/// How many requests a country can give at most.
pub fn most_requests(scenario: &Scenario) -> u64 {
    let country = Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed());
    list::most(scenario, &country)
}

/// A country, two agencies, their terms and the requests: all that stands still while the holder's file goes by.
pub struct World<'s> {
    scenario: Cow<'s, Scenario>,
    country: Arc<Population>,
    requester: AgencyConfig,
    holder: AgencyConfig,
    agreement: Agreement,
    truth: Truth,
    requests: Requests,
    matchers: Vec<Matcher>,
    attributes: Vec<Attribute>,
    situations_added: [u64; Situation::ALL.len()],
    beside: Vec<(Beside, World<'s>)>,
    /// The fields that any route wants as they were recorded.
    recorded: Vec<Field>,
}

/// Why two records scored as they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The route that was taken.
    pub route: String,
    /// The first blocking rule that proposed the pair; none if none did, and then it was never scored.
    pub proposed_by: Option<String>,
    /// Each comparison and the level it reached.
    pub levels: Vec<(String, String)>,
    /// The terms of the score.
    pub terms: Vec<Term>,
    /// The score: the sum of the terms.
    pub score: Score,
    /// The threshold of the route.
    pub threshold: Score,
}

impl<'s> World<'s> {
    /// Sets up everything that stands still.
    pub fn new(scenario: &'s Scenario, watch: Watch<'_>) -> World<'s> {
        let country = Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed());
        let mut world = World::of(Cow::Borrowed(scenario), Arc::new(country), watch);
        world.matchers = matchers(&[&world], watch).remove(0);
        world
    }

    /// The same, and the runs that the scenario wants beside it, in the same country.
    pub fn with_beside(scenario: &'s Scenario, watch: Watch<'_>) -> World<'s> {
        let country = Arc::new(Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed()));
        let mut world = World::of(Cow::Borrowed(scenario), Arc::clone(&country), watch);
        let beside = scenario.beside.iter().filter_map(|beside| Some((*beside, beside.of(scenario)?)));
        let mut beside: Vec<(Beside, World<'s>)> = beside
            .map(|(beside, scenario)| (beside, World::of(Cow::Owned(scenario), Arc::clone(&country), watch)))
            .collect();
        let worlds: Vec<&World<'s>> = std::iter::once(&world).chain(beside.iter().map(|(_, world)| world)).collect();
        let mut made = matchers(&worlds, watch);
        for ((_, world), matchers) in beside.iter_mut().zip(made.drain(1..)) {
            world.matchers = matchers;
        }
        world.matchers = made.remove(0);
        world.beside = beside;
        world
    }

    /// Everything but how the routes look for records.
    fn of(scenario: Cow<'s, Scenario>, country: Arc<Population>, watch: Watch<'_>) -> World<'s> {
        let list = list::asked_for(&scenario, &country, watch);
        let (mut requester, holder) = (AgencyConfig::requester(&scenario), AgencyConfig::holder(&scenario));
        let (country, situations_added) = arranged(&scenario, country, &mut requester, &holder, &list);
        let truth = Truth::new(&country, list, scenario.requests_seed());
        let recorded = forms::of_routes(&scenario);
        let mut world = World {
            requester,
            holder,
            agreement: Agreement::of(&scenario),
            requests: Requests::none(),
            matchers: Vec::new(),
            attributes: attributes(),
            situations_added,
            beside: Vec::new(),
            recorded,
            scenario,
            country,
            truth,
        };
        world.requests = world.submit(watch);
        world
    }

    /// What is simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The country.
    pub fn country(&self) -> &Population {
        &self.country
    }

    /// Who is who.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Whether somebody is on the holder's file.
    pub fn on_file(&self, subject: Subject<'_>) -> bool {
        self.is_on_file(&self.holder(), subject, self.is_sought(subject.person.id))
    }

    /// Of those sought as many are on file as the scenario says, if it says so; coverage decides about all others.
    fn is_on_file(&self, holder: &Agency<'_>, subject: Subject<'_>, sought: bool) -> bool {
        match &self.scenario.requester.on_file {
            Some(share) if sought => holder.covers_at(subject, share.value.get()),
            _ => holder.covers(subject),
        }
    }

    /// Whether a request asks for somebody.
    pub fn is_sought(&self, person: PersonId) -> bool {
        self.requests.by_person.contains_key(&person)
    }

    /// The request that asks for somebody, if one does.
    pub fn request_for(&self, person: PersonId) -> Option<u32> {
        self.requests.by_person.get(&person).copied()
    }

    /// The requester at work.
    pub fn requester(&self) -> Agency<'_> {
        Agency::new(&self.country, &self.requester, Side::Requester, self.scenario.errors_seed())
    }

    /// The holder at work.
    pub fn holder(&self) -> Agency<'_> {
        Agency::new(&self.country, &self.holder, Side::Holder, self.scenario.errors_seed())
    }

    /// The requests, as they were submitted.
    pub fn requests(&self) -> &Records {
        &self.requests.records
    }

    /// The route each request takes, or why it is refused.
    pub fn admitted(&self, request: usize) -> Result<usize, Refusal> {
        self.requests.admitted[request]
    }

    fn profile(&self, subject: Subject<'_>) -> Profile {
        profile(&self.country, self.scenario.errors_seed(), subject)
    }

    /// Lets the whole of the holder's file go by and measures.
    pub fn run(&self, watch: Watch<'_>) -> Outcome {
        let streamed = self.stream(0..self.country.blocks(), watch);
        self.conclude(&streamed, watch)
    }

    /// Joins all parts of the holder's file and measures.
    pub fn join(&self, parts: &[Streamed], watch: Watch<'_>) -> Outcome {
        let mut whole = self.nothing_streamed();
        parts.iter().for_each(|part| self.merge(&mut whole, part));
        self.conclude(&whole, watch)
    }

    /// Lets the whole of the holder's file go by and gives the rates alone: nobody asks why.
    pub fn rates(&self, watch: Watch<'_>) -> Groups {
        self.groups(&self.stream(0..self.country.blocks(), watch), watch)
    }

    /// What becomes of each request, people's part in it included.
    fn handed_over(&self, streamed: &Streamed, watch: Watch<'_>) -> Vec<Judged> {
        let mut judged = self.judged(streamed);
        if self.agreement.safeguards.people_act_first() {
            let found = self.look_up(&judged, watch);
            self.follow_up(&mut judged, &found);
        }
        judged
    }

    /// What becomes of each request under the terms, before people have a part in it.
    fn judged(&self, streamed: &Streamed) -> Vec<Judged> {
        let Streamed { observed, answers, .. } = streamed;
        let threshold = |route: usize| self.agreement.routes[route].threshold;
        let requests = answers.iter().enumerate();
        let judged = requests.map(|(request, answers)| {
            let admitted = self.requests.admitted[request];
            judge(&self.agreement, &self.truth, observed, request, admitted, answers, threshold)
        });
        judged.collect()
    }

    /// The rates of a run beside another: who was returned in error is looked up, but not why.
    fn groups(&self, streamed: &Streamed, watch: Watch<'_>) -> Groups {
        let judged = self.handed_over(streamed, watch);
        let wrong = self.wrongly_returned(&judged, watch);
        groups(&self.returns(streamed, &judged, &wrong))
    }

    /// Who was asked for and who was returned.
    fn returns<'a>(&'a self, streamed: &'a Streamed, judged: &'a [Judged], wrong: &'a [Wrong]) -> Returns<'a> {
        Returns {
            agreement: &self.agreement,
            truth: &self.truth,
            observed: &streamed.observed,
            answers: &streamed.answers,
            attributes: &self.attributes,
            sought: &self.requests.profiles,
            homes: &self.requests.homes,
            judged,
            wrong,
        }
    }

    /// For each request how many of the persons returned are somebody else: what a run measures, without asking why.
    fn answered(&self, watch: Watch<'_>) -> Vec<Rate> {
        let judged = self.handed_over(&self.stream(0..self.country.blocks(), watch), watch);
        let wrong = |j: &Judged| j.returned.iter().filter(|(_, right)| !right).count() as u64;
        judged.iter().map(|j| Rate::new(wrong(j), j.returned.len() as u64)).collect()
    }

    /// Of the people sought who are on file, how many were returned, by city. All who live in a block live in one.
    fn by_city(&self, judged: &[Judged]) -> Vec<(String, Rate)> {
        let mut by_block: BTreeMap<u64, Rate> = BTreeMap::new();
        for (judged, person) in judged.iter().zip(self.truth.sought()).filter(|(judged, _)| judged.on_file) {
            let right = judged.returned.iter().any(|(_, right)| *right);
            let rate = by_block.entry(person.block()).or_default();
            *rate = Rate::new(rate.hits + u64::from(right), rate.trials + 1);
        }
        let mut by_city: BTreeMap<String, Rate> = BTreeMap::new();
        for (block, of_block) in by_block {
            let city = self.country.address(DwellingId(block * DWELLINGS_PER_BLOCK)).city;
            let rate = by_city.entry(city).or_default();
            *rate = Rate::new(rate.hits + of_block.hits, rate.trials + of_block.trials);
        }
        by_city.into_iter().collect()
    }

    /// Applies the terms and measures.
    fn conclude(&self, streamed: &Streamed, watch: Watch<'_>) -> Outcome {
        let Streamed { answers, situations, .. } = streamed;
        let mut judged = self.judged(streamed);
        let found = self.look_up(&judged, watch);
        let follow_ups = self.follow_up(&mut judged, &found);
        let handed_over = || found.iter().zip(&follow_ups).filter(|(_, f)| f.stopped.is_none());
        let bystanders: BTreeSet<PersonId> = handed_over().flat_map(|(f, _)| f.residents.iter().copied()).collect();
        let aside = Aside {
            right_but_moved: handed_over().filter(|(f, _)| f.case.right && f.case.moved).count() as u64,
            bystanders: bystanders.len() as u64,
        };
        let (disclosures, between): (Vec<_>, Vec<_>) =
            self.disclosures(&follow_ups, answers, watch).into_iter().unzip();
        let wrong: Vec<Wrong> = disclosures.iter().map(Disclosure::wrong).collect();
        let evaluation = evaluate(&Exchange {
            returns: self.returns(streamed, &judged, &wrong),
            weighs: &self.weighs(),
            disclosures: &disclosures,
            unavoidable: &self.requests.alike.unavoidable(&streamed.alike),
            follow_ups: &follow_ups,
            aside,
        });
        let by_city = self.by_city(&judged);
        let beside = self.beside.iter().zip(&streamed.beside);
        let beside = beside.map(|((beside, world), streamed)| (*beside, world.groups(streamed, watch)));
        Outcome {
            evaluation,
            answers: answers.clone(),
            judged,
            by_city,
            returned: disclosures.iter().map(|wrong| self.truth.person_of(wrong.answer.record)).collect(),
            disclosures,
            follow_ups,
            sought: self.truth.sought().iter().copied().zip(self.requests.profiles.iter().copied()).collect(),
            attributes: self.attributes.clone(),
            sensitivity: None,
            beside: beside.collect(),
            same_birth_date: self.requests.same_birth_date,
            trained: (0..self.matchers.len()).filter_map(|r| Some((r, self.matchers[r].trained.clone()?))).collect(),
            coincidences: coincidences(
                &self.requests.sought,
                &situations.namesakes,
                streamed.observed.records,
                &self.country,
            ),
            situations: counted(self.situations_added, &self.requests.situations, situations, &between),
        }
    }

    /// Why a request and a record scored as they did; `None` if the request was refused.
    pub fn explain(&self, request: usize, record: &Records) -> Option<Explanation> {
        let route = self.requests.admitted[request].ok()?;
        let (matcher, settings) = (&self.matchers[route], &self.scenario.routes[route]);
        let record = self.normal_forms(record);
        let requests = &self.requests.normal_forms;
        let mut rule = None;
        let mut scratch = Scratch::new(&matcher.index, record.fields());
        matcher.index.candidates(&record, 0, &mut scratch, |row, number| {
            if row as usize == request {
                rule = Some(number);
            }
        });
        let evidence = matcher.comparer.compare(requests, request, &record, 0);
        Some(Explanation {
            route: settings.name.clone(),
            proposed_by: rule.map(|rule| settings.blocking[usize::from(rule)].to_string()),
            levels: evidence.named(&settings.comparisons),
            terms: matcher.model.terms(&evidence, requests, request),
            score: matcher.model.score(&evidence, requests, request),
            threshold: self.agreement.routes[route].threshold,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tests::scenario;

    #[test]
    fn a_run_beside_another_is_the_run_of_its_own_scenario() {
        let size = ["population.people=25600", "requester.requests=300", "holder.dependence=0.5"];
        let first = scenario(&size);
        let outcome = run(&first, &|_| {});
        assert_eq!(outcome.beside.iter().map(|(beside, _)| *beside).collect::<Vec<_>>(), Beside::all());
        for (beside, groups) in &outcome.beside {
            let own = beside.of(&first).unwrap();
            let alone = World::new(&own, &|_| {}).run(&|_| {});
            assert_eq!(*groups, alone.evaluation.groups, "{beside:?}");
            assert!(alone.beside.is_empty());
            assert_ne!(*groups, outcome.evaluation.groups, "{beside:?}");
            // It is no run beside itself.
            assert_eq!(beside.of(&own), None);
        }
    }

    #[test]
    fn with_equal_capture_and_equal_mix_nothing_differs_by_capture_or_list() {
        // In the list like the population the groups are sought as often as they are in the country.
        let outcome = run(&scenario(&["population.people=51200", "requester.requests=900"]), &|_| {});
        let trials = |groups: &crate::evaluation::Groups| groups.by_group[0].1[0][1].1.rate.trials as f64 / 900.0;
        let (_, same_mix) = outcome.beside.iter().find(|(beside, _)| *beside == Beside::SameMix).unwrap();
        assert!((trials(same_mix) - 0.643).abs() < 0.1, "white people sought: {}", trials(same_mix));
        assert!(trials(&outcome.evaluation.groups) < 0.3);
    }
}
