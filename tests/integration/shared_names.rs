//! Whether people who share an exact name, and so are returned together, hang together more than the intervals allow for.

use crate::support::case;
use namesake::agency::{Draft, ErrorSet, Subject};
use namesake::evaluation::{Disclosure, RateId};
use namesake::experiment::Run;
use namesake::population::PersonId;
use namesake::record::{Field, RecordId};
use namesake::stats::{Crossed, Interval, Rate, clustered, first_of_each, linked};
use std::collections::{BTreeMap, BTreeSet};

/// For each request its cluster, where requests that return something in common are of one: `returned` has a request and
/// what it returned.
fn clusters(requests: usize, returned: impl Iterator<Item = (usize, u64)>) -> Vec<usize> {
    let mut cluster: Vec<usize> = (0..requests).collect();
    let mut first: BTreeMap<u64, usize> = BTreeMap::new();
    for (request, what) in returned {
        let (from, to) = (cluster[request], cluster[*first.entry(what).or_insert(request)]);
        cluster.iter_mut().filter(|of| **of == from).for_each(|of| *of = to);
    }
    cluster
}

#[test]
fn people_of_one_exact_name_as_clusters_hardly_widen_the_intervals_of_a_rule_by_name() {
    // A longer list than any real one, so that people of one name are on it.
    let sets = ["population.people=102400", "requester.requests=5000", "holder.coverage.citizen_by_birth=0.1"];
    let mut scenario = case("watch-list", &sets);
    let width = |interval: Interval| interval.high - interval.low;
    // Sums over runs: for each rate the width now, with clusters by person returned, and by name returned.
    let mut widths = [[0.0; 3]; 2];
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
        let by_person = |(wrong, _): &(&Disclosure, u64)| wrong.answer.record.0;
        let by_name = |(_, name): &(&Disclosure, u64)| *name;
        let rates = &outcome.evaluation.groups.rates;

        let among = |what: &dyn Fn(&(&Disclosure, u64)) -> u64| {
            let of_requests = clusters(outcome.judged.len(), wrong.iter().map(|it| (it.0.request, what(it))));
            let mut sums: BTreeMap<usize, Rate> = BTreeMap::new();
            for (judged, cluster) in outcome.judged.iter().zip(of_requests) {
                let sum = sums.entry(cluster).or_default();
                judged.returned.iter().for_each(|(_, right)| sum.count(!right));
            }
            clustered(sums.into_values().collect::<Vec<_>>().into_iter()).unwrap().interval
        };
        let now = rates[&RateId::WrongAmongAnswers].interval.unwrap();
        let three = [now, among(&by_person), among(&by_name)];
        widths[0].iter_mut().zip(three).for_each(|(sum, interval)| *sum += width(interval));

        let never_sought = || wrong.iter().filter(|(wrong, _)| !wrong.sought_elsewhere);
        let mut times: BTreeMap<RecordId, u32> = BTreeMap::new();
        never_sought().for_each(|(wrong, _)| *times.entry(wrong.answer.record).or_default() += 1);
        let homes = first_of_each(outcome.sought.iter().map(|(person, _)| person.block()));
        let exposed = &rates[&RateId::PeopleExposed];
        let of = |what: &dyn Fn(&(&Disclosure, u64)) -> u64| {
            let hits = never_sought().map(|it| {
                let own = times[&it.0.answer.record] == 1;
                Crossed { request: it.0.request, person: what(it), own }
            });
            linked(&hits.collect::<Vec<_>>(), exposed.rate, &homes).unwrap().interval
        };
        let three = [exposed.interval.unwrap(), of(&by_person), of(&by_name)];
        assert_eq!(three[0], three[1], "persons returned are linked already");
        widths[1].iter_mut().zip(three).for_each(|(sum, interval)| *sum += width(interval));
    }
    let [among, exposed] = widths.map(|[now, by_person, by_name]| [by_person / now, by_name / now]);
    eprintln!("{returned} people returned in error, {alike} of a name seen before; wider: {among:?} {exposed:?}");
    assert!(alike >= 30, "{alike} of {returned} had a name seen before: nothing to tell from");
    // A rule by name returns all of one name to one request or none: their names link nobody who was not linked.
    assert!((among[1] / among[0] - 1.0).abs() < 0.01, "names beyond persons: {among:?}");
    assert!((1.03..1.1).contains(&among[1]), "wrong_among_answers: {among:?}");
    assert!((0.98..1.02).contains(&exposed[1]), "people_exposed: {exposed:?}");
}
