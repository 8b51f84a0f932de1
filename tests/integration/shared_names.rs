//! Returns of people who share an exact name, and are returned together: their clustering beyond what the intervals
//! allow for.

use crate::support::case;
use namesake::agency::{Draft, ErrorSet, Subject};
use namesake::evaluation::{Disclosure, RateId};
use namesake::experiment::Run;
use namesake::population::PersonId;
use namesake::record::{Field, RecordId};
use namesake::stats::{Clusters, Interval, Rate, clustered, clustered_count_in_few, first_of_each};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn people_of_one_exact_name_as_clusters_hardly_widen_the_intervals_of_a_rule_by_name() {
    // A longer list than any real one, so that people of one name are on it.
    let sets = ["population.people=102400", "requester.requests=5000", "holder.coverage.citizen_by_birth=0.1"];
    let mut scenario = case("watch-list", &sets);
    let width = |interval: Interval| interval.high - interval.low;
    // Sums over runs: for each rate the width with clusters by person returned, as it is, and by name returned.
    let mut widths = [[0.0; 2]; 2];
    let (mut returned, mut alike) = (0, 0);
    for seed in 1..=30 {
        (scenario.seed.population, scenario.seed.errors, scenario.seed.requests) = (seed, seed, seed);
        let run = Run::alone(&scenario, &|_| {});
        let (world, outcome) = (run.world(), run.outcome(&|_| {}));
        let holder = world.holder();
        // The given name and the surname on file: what the rule goes by.
        let name = |person: PersonId| {
            let (block, mut draft) = (world.country().block(person.block()), Draft::default());
            holder.record(Subject::of(&block, person.slot()), ErrorSet::NONE, &mut draft, None);
            [Field::GivenName, Field::Surname]
                .map(|field| draft.cells()[Field::NAMED.iter().position(|known| *known == field).unwrap()].clone())
        };
        let mut names: BTreeMap<[String; 2], u64> = BTreeMap::new();
        let wrong: Vec<(&Disclosure, u64)> = (outcome.disclosures.iter().zip(&outcome.returned))
            .map(|(disclosure, person)| {
                let next = names.len() as u64;
                (disclosure, *names.entry(name(*person)).or_insert(next))
            })
            .collect();
        let people: BTreeSet<PersonId> = outcome.returned.iter().copied().collect();
        (returned, alike) = (returned + people.len(), alike + people.len() - names.len());
        let rates = &outcome.evaluation.groups.rates;
        let homes = first_of_each(outcome.sought.iter().map(|(person, _)| person.block()));
        let right = |request: usize| outcome.judged[request].returned.iter().filter(|(_, right)| *right);
        let returns = |request: usize| Rate::new(0, right(request).count() as u64);
        let mut of_request: Vec<Rate> = (0..outcome.judged.len()).map(returns).collect();
        wrong.iter().for_each(|(wrong, _)| of_request[wrong.request].count(true));
        let by_name = Clusters::linked(&homes, wrong.iter().map(|(wrong, name)| (wrong.request, *name)));
        // The first request that each person never sought is returned for, if all of them are of one cluster.
        let mut first: BTreeMap<RecordId, Option<usize>> = BTreeMap::new();
        for (wrong, _) in wrong.iter().filter(|(wrong, _)| !wrong.sought_elsewhere) {
            let known = first.entry(wrong.answer.record).or_insert(Some(wrong.request));
            *known = known.filter(|first| by_name.of()[*first] == by_name.of()[wrong.request]);
        }
        let mut exposed = vec![Rate::new(0, 1); outcome.judged.len()];
        first.values().flatten().for_each(|request| exposed[*request].hits += 1);
        let all = by_name.requests(|_| true);
        let (among, of_exposed) = (&rates[&RateId::WrongAmongAnswers], &rates[&RateId::PeopleExposed]);
        let sums = by_name.sums(&all, |request| of_request[request]);
        assert_eq!(sums.total(), among.rate);
        widths[0][0] += width(among.interval.unwrap());
        widths[0][1] += width(clustered(sums.rates()).unwrap().interval);
        let sums = by_name.sums(&all, |request| exposed[request]);
        widths[1][0] += width(of_exposed.interval.unwrap());
        widths[1][1] += width(clustered_count_in_few(sums.rates(), of_exposed.rate).unwrap().interval);
    }
    let [among, exposed] = widths.map(|[now, by_name]| by_name / now);
    eprintln!("{returned} people returned in error, {alike} of a name seen before; wider: {among:.4} {exposed:.4}");
    assert!(alike >= 30, "{alike} of {returned} had a name seen before: nothing to tell from");
    // A rule by name returns all of one name to one request or none: their names link nobody who was not linked.
    assert!((0.98..1.02).contains(&among), "wrong_among_answers: {among:?}");
    assert!((0.98..1.02).contains(&exposed), "people_exposed: {exposed:?}");
}
