//! Intervals cover what they say they cover. The full study, at larger size, is in `docs/`.

use namesake::random::{Decision, Seed, Stream};
use namesake::stats::{Interval, Rate, clustered, wilson};

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
