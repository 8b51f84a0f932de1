//! Intervals cover what they say they cover. The full study, at larger size, is in `docs/`.

use namesake::random::{Decision, Seed, Stream};
use namesake::stats::{Crossed, Interval, Rate, clustered, first_of_each, independent, linked, wilson};

const DRAWS: Decision = Decision::named("test.coverage");

/// The share of `studies` whose interval covers `truth`.
fn coverage(studies: u64, truth: f64, study: impl Fn(&mut Stream) -> Option<Interval>) -> f64 {
    let covered = (0..studies).filter_map(|i| study(&mut Seed(5).stream(DRAWS, i)));
    let (mut hits, mut all) = (0.0, 0.0);
    for interval in covered {
        all += 1.0;
        hits += f64::from(u8::from(interval.low <= truth && truth <= interval.high));
    }
    hits / all
}

/// Requests of which some are answered, by one person or by several who are nearly always all right or all wrong.
fn answers(stream: &mut Stream, requests: usize) -> Vec<Rate> {
    let mut made = Vec::new();
    for _ in 0..requests {
        if !stream.chance(0.4) {
            continue;
        }
        let persons = if stream.chance(0.15) { 8 } else { 1 };
        let wrong = stream.chance(if persons == 8 { 0.5 } else { 0.05 });
        made.push(Rate::new(if wrong { persons } else { 0 }, persons));
    }
    made
}

// Expected hits over expected trials of the above.
const SHARE: f64 = (0.15 * 8.0 * 0.5 + 0.85 * 0.05) / (0.15 * 8.0 + 0.85);

#[test]
fn the_clustered_interval_covers_and_plain_wilson_does_not() {
    let clusters = coverage(2_000, SHARE, |stream| clustered(answers(stream, 800).into_iter()).map(|e| e.interval));
    assert!((0.935..=0.965).contains(&clusters), "clustered: {clusters}");
    let plain = coverage(2_000, SHARE, |stream| {
        let all =
            answers(stream, 800).iter().fold(Rate::default(), |s, c| Rate::new(s.hits + c.hits, s.trials + c.trials));
        wilson(all)
    });
    assert!(plain < 0.80, "plain Wilson: {plain}");
}

#[test]
fn wilson_covers_shares_of_independent_requests() {
    for (share, requests) in [(0.02, 2_000_u64), (0.2, 200), (0.5, 100), (0.9, 300)] {
        let covered = coverage(2_000, share, |stream| {
            let mut rate = Rate::default();
            (0..requests).for_each(|_| rate.count(stream.chance(share)));
            wilson(rate)
        });
        assert!((0.93..=0.97).contains(&covered), "{share} of {requests}: {covered}");
    }
}

/// Whoever is of the family of the person sought is returned: the pairs of a request and another person, and the home of
/// each request. Families are large in some neighbourhoods and small in others, as where one surname is common.
fn families(stream: &mut Stream, requests: usize) -> (Vec<Crossed>, Vec<usize>) {
    const HOMES: u64 = 60;
    // For each neighbourhood its people, by family.
    let homes: Vec<Vec<usize>> = (0..HOMES)
        .map(|_| {
            let most = if stream.chance(0.2) { 9 } else { 3 };
            (0..8).flat_map(|family| vec![family; 1 + stream.below(most) as usize]).collect()
        })
        .collect();
    let (mut hits, mut of_requests) = (Vec::new(), Vec::new());
    for request in 0..requests {
        let home = stream.below(HOMES);
        let people = &homes[home as usize];
        let sought = stream.below(people.len() as u64) as usize;
        let others = (0..people.len()).filter(|&person| person != sought && people[person] == people[sought]);
        hits.extend(others.map(|person| Crossed { request, person: home * 1_000 + person as u64, own: true }));
        of_requests.push(home);
    }
    (hits, first_of_each(of_requests.into_iter()))
}

#[test]
fn the_interval_of_pairs_covers_where_families_and_neighbours_return_each_other() {
    const REQUESTS: usize = 150;
    const PAIRS: u64 = REQUESTS as u64 * 10_000;
    let studies = 1_500;
    let all: Vec<_> = (0..studies).map(|i| families(&mut Seed(5).stream(DRAWS, i), REQUESTS)).collect();
    let truth = all.iter().map(|(hits, _)| hits.len() as f64).sum::<f64>() / (studies * PAIRS) as f64;
    let covers = |interval: Interval| interval.low <= truth && truth <= interval.high;
    type Formula<'a> = &'a dyn Fn(&[Crossed], Rate, &[usize]) -> Interval;
    let share = |of: Formula<'_>| {
        let covered = all.iter().filter(|(hits, homes)| covers(of(hits, Rate::new(hits.len() as u64, PAIRS), homes)));
        covered.count() as f64 / studies as f64
    };
    let neighbours = share(&|hits, rate, homes| linked(hits, rate, homes).unwrap().interval);
    // 1,500 studies know 93.5 % to 1.2 points either way.
    assert!((0.923..=0.97).contains(&neighbours), "clustered by neighbourhood: {neighbours}");
    // With every request a neighbourhood of its own only families hang together, and with none nothing does.
    let alone: Vec<usize> = (0..REQUESTS).collect();
    let kin = share(&|hits, rate, _| linked(hits, rate, &alone).unwrap().interval);
    let none = share(&|_, rate, _| independent(rate).unwrap().interval);
    assert!(none < 0.75 && none < kin && kin < neighbours, "{none} {kin} {neighbours}");
}
