//! Namesakes of the people sought: counted on the holder's file as it streams by, beside what the closed formula expects.
//!
//! A pair of a request and a record of somebody else counts if the true given name and first surname are those of the
//! person sought; a second surname plays no part. Pairs born in the same year, and on the same day, are counted as well.
//! Count and formula leave out people of the person's own block: kin live there, and the formula does not expect a son
//! called after his father.

use crate::evaluation::Measured;
use crate::population::names::{Bearer, Bearers, GivenCode, Namesakes, SurnameCode};
use crate::population::{Block, Person, Population};
use crate::record::Date;
use crate::stats::{Dyads, Home, Moments, Rate};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Things that two unrelated people can have in common by chance.
const SHARED: [&str; 3] = ["same_name", "same_name_and_birth_year", "same_name_and_birth_date"];

/// Pairs of a request and a record of somebody else who have something in common: expected by the
/// formula, and counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Coincidence {
    /// The thing in common.
    pub what: &'static str,
    /// Number of such pairs that the formula expects from the frequencies of names.
    pub expected: f64,
    /// Number of such pairs counted.
    pub counted: Measured,
}

/// Given name and surname.
pub(super) type Called = (GivenCode, SurnameCode);

/// A person sought: the name, the attributes it depends on, and the people of the own block whom the formula would count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    request: u32,
    block: u64,
    pub born: Date,
    called: Called,
    bearer: Bearer,
    /// Namesakes expected among the people of the block who are on file, and how many these are.
    at_home: [f64; 3],
    neighbours: u64,
}

impl Asked {
    /// A person of a block; `neighbours` are the people of the block who are on file.
    pub fn of(request: u32, person: &Person, block: &Block, neighbours: &[Bearer], country: &Population) -> Asked {
        let bearer = person.bearer(&block.people);
        let mut at_home = [0.0; 3];
        for other in neighbours {
            let chance = Namesakes::shared().chance(bearer, *other);
            at_home[0] += chance;
            if bearer.year == other.year {
                at_home[1] += chance;
                at_home[2] += chance * country.same_birth_date(bearer.year);
            }
        }
        let (block, born, called) = (block.index, person.born, person.called());
        Asked { request, block, born, called, bearer, at_home, neighbours: neighbours.len() as u64 }
    }
}

/// One of the requests for people of a name.
#[derive(Clone, Copy, Debug)]
struct Request {
    number: u32,
    block: u64,
    born: Date,
    year: i32,
}

/// The people sought, by name.
#[derive(Debug, Default)]
pub(super) struct Sought {
    called: FxHashMap<Called, Vec<Request>>,
    /// The number of people sought in each block.
    of_blocks: FxHashMap<u64, u64>,
    bearers: Bearers,
    at_home: [f64; 3],
    pairs_at_home: u64,
}

impl Sought {
    /// The people of all requests, in order.
    pub fn new(asked: impl Iterator<Item = Asked>) -> Sought {
        let mut sought = Sought::default();
        for asked in asked {
            let Asked { request: number, block, born, bearer, .. } = asked;
            let request = Request { number, block, born, year: bearer.year };
            sought.called.entry(asked.called).or_default().push(request);
            *sought.of_blocks.entry(block).or_default() += 1;
            sought.bearers.add(asked.bearer, 1);
            sought.pairs_at_home += asked.neighbours;
            sought.at_home.iter_mut().zip(asked.at_home).for_each(|(sum, of_one)| *sum += of_one);
        }
        sought
    }

    /// The requests for people of a name who live in other blocks.
    fn called(&self, called: Called, block: u64) -> impl Iterator<Item = &Request> {
        self.called.get(&called).into_iter().flatten().filter(move |request| request.block != block)
    }
}

/// Counts made while the holder's file streams by; they add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Namesaked {
    /// People on file by what their names depend on.
    bearers: Bearers,
    /// For each request its namesakes on file, those of the same birth year, and those of the same birth date.
    of_requests: Vec<[u32; 3]>,
    /// The blocks in which somebody is sought.
    of_sought: BTreeMap<u64, OnFile>,
    /// Namesakes on file and people on file of the other blocks.
    of_others: [Moments; 3],
    /// The squares of the namesakes that a request's block and one of the other blocks have in common.
    of_two: [u64; 3],
}

/// The people on file of a block in which somebody is sought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OnFile {
    people: u64,
    /// Those who are namesakes of people sought elsewhere, by the block of the person sought.
    namesakes: BTreeMap<u64, [u64; 3]>,
}

impl Namesaked {
    /// Counts before the file streams.
    pub fn new(requests: usize) -> Namesaked {
        Namesaked { of_requests: vec![[0; 3]; requests], ..Namesaked::default() }
    }

    /// Counts the people of a block who are on file, by slot. Gives for each whether somebody sought elsewhere has the
    /// same name.
    pub fn add(&mut self, block: &Block, slots: &[usize], sought: &Sought) -> Vec<bool> {
        let mut met: BTreeMap<u64, [u64; 3]> = BTreeMap::new();
        let has_namesake = slots.iter().map(|&slot| {
            let person = &block.people[slot];
            let bearer = person.bearer(&block.people);
            self.bearers.add(bearer, 1);
            let mut any = false;
            for request in sought.called(person.called(), block.index) {
                let shared = [true, request.year == bearer.year, request.born == person.born];
                let of_request = &mut self.of_requests[request.number as usize];
                let of_block = met.entry(request.block).or_default();
                for (i, shared) in shared.into_iter().enumerate() {
                    of_request[i] += u32::from(shared);
                    of_block[i] += u64::from(shared);
                }
                any = true;
            }
            any
        });
        let has_namesake = has_namesake.collect();
        let people = slots.len() as u64;
        if sought.of_blocks.contains_key(&block.index) {
            self.of_sought.insert(block.index, OnFile { people, namesakes: met });
        } else {
            for i in 0..SHARED.len() {
                let hits = met.values().map(|hits| hits[i]);
                self.of_others[i].add(Rate::new(hits.clone().sum(), people));
                self.of_two[i] += hits.map(|hits| hits * hits).sum::<u64>();
            }
        }
        has_namesake
    }

    /// Adds the counts of other blocks.
    pub fn merge(&mut self, other: &Namesaked) {
        self.bearers.merge(&other.bearers);
        for (mine, theirs) in self.of_requests.iter_mut().zip(&other.of_requests) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        self.of_sought.extend(other.of_sought.iter().map(|(block, on_file)| (*block, on_file.clone())));
        for i in 0..SHARED.len() {
            self.of_others[i].merge(&other.of_others[i]);
            self.of_two[i] += other.of_two[i];
        }
    }

    /// Number of requests that are counted for.
    pub fn requests(&self) -> usize {
        self.of_requests.len()
    }

    /// Requests whose person has a namesake on file elsewhere.
    pub fn with_namesake(&self) -> u64 {
        self.of_requests.iter().filter(|of| of[0] > 0).count() as u64
    }
}

/// The pairs that the formula expects, beside those counted.
pub(super) fn coincidences(
    sought: &Sought,
    counted: &Namesaked,
    records: u64,
    country: &Population,
) -> Vec<Coincidence> {
    let namesakes = Namesakes::shared();
    let born_alike =
        |times: &dyn Fn(i32) -> f64| namesakes.between_born_alike(&sought.bearers, &counted.bearers, times);
    let expected = [
        namesakes.between(&sought.bearers, &counted.bearers),
        born_alike(&|_| 1.0),
        born_alike(&|year| country.same_birth_date(year)),
    ];
    let requests = counted.of_requests.len() as u64;
    let pairs = requests * records - sought.pairs_at_home;
    let of = |i: usize| {
        let hits = counted.of_requests.iter().map(|of| u64::from(of[i])).sum();
        let says = "pairs of a request and a record of somebody of another block";
        Coincidence {
            what: SHARED[i],
            expected: (expected[i] - sought.at_home[i]).max(0.0),
            counted: Measured::of_pairs(Rate::new(hits, pairs), says, &sought.dyads(counted, i, records)),
        }
    };
    (0..SHARED.len()).map(of).collect()
}

impl Sought {
    /// Namesakes by the blocks that they join.
    fn dyads(&self, counted: &Namesaked, shared: usize, records: u64) -> Dyads {
        let mut hits: BTreeMap<u64, u64> = self.of_blocks.keys().map(|&block| (block, 0)).collect();
        for request in self.called.values().flatten() {
            *hits.entry(request.block).or_default() += u64::from(counted.of_requests[request.number as usize][shared]);
        }
        let of = |from: u64, on_file: u64| {
            counted.of_sought.get(&on_file).and_then(|file| file.namesakes.get(&from)).map_or(0, |hits| hits[shared])
        };
        let mut of_two = counted.of_two[shared];
        for (&block, file) in &counted.of_sought {
            for (&from, own) in &file.namesakes {
                let own = own[shared];
                *hits.entry(block).or_default() += own;
                // Each two blocks are met from both sides: own² + other² + 2 own·other.
                of_two += own * own + own * of(block, from);
            }
        }
        let share = |part: u64, of: u64| part as f64 / of.max(1) as f64;
        let requests = counted.of_requests.len() as u64;
        let home = |(block, hits): (u64, u64)| Home {
            hits,
            requests: share(self.of_blocks[&block], requests),
            records: share(counted.of_sought.get(&block).map_or(0, |file| file.people), records),
        };
        Dyads { sought: hits.into_iter().map(home).collect(), others: counted.of_others[shared], records, of_two }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Run;
    use super::*;
    use crate::agency::Subject;
    use crate::scenario::tests::scenario;

    #[test]
    fn what_streams_by_adds_up_to_every_pair_taken_apart() {
        let sets = ["population.people=12800", "requester.requests=300", "requester.list=like_population", "beside=[]"];
        let scenario = scenario(&sets);
        let run = Run::alone(&scenario, &|_| {});
        let (world, outcome) = (run.world(), run.outcome(&|_| {}));
        let country = world.country();
        let blocks: Vec<_> = (0..country.blocks()).map(|index| country.block(index)).collect();
        let (mut pairs, mut counted, mut expected) = (0, [0_u64; 3], [0.0; 3]);
        for (sought, _) in &outcome.sought {
            let home = &blocks[sought.block() as usize];
            let person = &home.people[sought.slot()];
            let own = person.bearer(&home.people);
            for block in blocks.iter().filter(|block| block.index != home.index) {
                for other in block.people.iter().filter(|person| world.on_file(Subject { person, block })) {
                    let bearer = other.bearer(&block.people);
                    let (named, year) = (u64::from(other.called() == person.called()), own.year == bearer.year);
                    let alike = [1, u64::from(year), u64::from(other.born == person.born)];
                    let chances = [1.0, f64::from(u8::from(year)), country.same_birth_date(own.year)];
                    let chance = Namesakes::shared().chance(own, bearer);
                    for i in 0..3 {
                        counted[i] += named * alike[i];
                        expected[i] += if i == 0 || year { chance * chances[i] } else { 0.0 };
                    }
                    pairs += 1;
                }
            }
        }
        assert!(counted[0] > 0);
        for (i, coincidence) in outcome.coincidences.iter().enumerate() {
            assert_eq!(coincidence.counted.rate, Rate::new(counted[i], pairs), "{}", coincidence.what);
            let found = coincidence.expected;
            assert!((found / expected[i] - 1.0).abs() < 1e-6, "{}: {found}, not {}", coincidence.what, expected[i]);
        }
    }
}
