//! Observations made while the holder's file streams by: whole numbers and short lists, which add up.

use super::{Attribute, Claim, Pair, Profile};
use crate::linkage::decision::Score;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Observations made as the holder's file streamed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Records on the holder's file.
    pub records: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// People on file by attribute and value.
    pub on_file: Vec<Vec<u64>>,
    /// People on file by each pair of attributes that is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_file_by_pair: Vec<PairOnFile>,
    /// The same people by neighbourhood.
    pub neighbourhoods: Neighbourhoods,
    /// Candidate pairs of one person and of two, by route and score.
    pub pairs: Vec<BTreeMap<Score, PairCount>>,
    /// For each request whether the person sought is on file.
    pub sought_on_file: Vec<bool>,
    /// For each request how its true record was proposed, if it was.
    pub true_pairs: Vec<Option<FirstSeen>>,
    /// For each request what was claimed about its pairs; empty where no route uses match weights.
    pub claims: Vec<Claim>,
}

/// People on file by neighbourhood, as far as the interval of a share of them needs it.
///
/// Each neighbourhood has a count of everybody, then of each value of each attribute, then of each cell of each pair of
/// attributes that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbourhoods {
    /// Those where somebody is sought, by the first request for somebody there.
    pub sought: BTreeMap<u32, Vec<u16>>,
    /// The number of all others.
    pub others: u64,
    /// The sums of the squares over these.
    pub squares: Vec<u64>,
}

impl Neighbourhoods {
    fn add_squares(&mut self, squares: impl Iterator<Item = u64>) {
        self.squares.iter_mut().zip(squares).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// People on file by two attributes at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairOnFile {
    /// The two.
    pub pair: Pair,
    /// A row for each value of the first, with a count for each value of the second.
    pub counts: Vec<Vec<u64>>,
}

/// Pairs of one person and pairs of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairCount {
    /// Pairs that are one person.
    pub right: u64,
    /// Pairs that are two.
    pub wrong: u64,
}

/// The first time the true record of a request was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstSeen {
    /// The number of the first blocking rule that proposed it.
    pub rule: u8,
    /// Its score.
    pub score: Score,
    /// `true` if the record passed the second identifier, where the terms have one.
    pub confirmed: bool,
}

impl Observed {
    /// Nothing seen yet, of so many requests and attributes, and of one route for each of `weighs`, which says whether it
    /// uses match weights. `pairs` are the attributes that are counted together.
    pub fn new(requests: usize, weighs: &[bool], attributes: &[Attribute], pairs: &[Pair]) -> Observed {
        let by_pair = |&pair: &Pair| {
            let [rows, columns] = pair.map(|attribute| attributes[attribute].values.len());
            PairOnFile { pair, counts: vec![vec![0; columns]; rows] }
        };
        let mut observed = Observed {
            on_file_by_pair: pairs.iter().map(by_pair).collect(),
            on_file: attributes.iter().map(|attribute| vec![0; attribute.values.len()]).collect(),
            pairs: vec![BTreeMap::new(); weighs.len()],
            sought_on_file: vec![false; requests],
            true_pairs: vec![None; requests],
            claims: if weighs.contains(&true) { vec![Claim::default(); requests] } else { Vec::new() },
            ..Observed::default()
        };
        observed.neighbourhoods.squares = vec![0; observed.kinds()];
        observed
    }

    /// The records of a neighbourhood went by, which are about people of these profiles; `home` is the first request for
    /// somebody who lives there.
    pub fn neighbourhood(&mut self, home: Option<u32>, profiles: &[Profile]) {
        self.records += profiles.len() as u64;
        let mut there = vec![0_u16; self.kinds()];
        there[0] = profiles.len() as u16;
        for profile in profiles {
            let mut first = 1;
            for (counts, &value) in self.on_file.iter_mut().zip(profile) {
                counts[usize::from(value)] += 1;
                there[first + usize::from(value)] += 1;
                first += counts.len();
            }
            for PairOnFile { pair, counts } in &mut self.on_file_by_pair {
                let [row, column] = pair.map(|attribute| usize::from(profile[attribute]));
                counts[row][column] += 1;
                there[first + row * counts[0].len() + column] += 1;
                first += counts.len() * counts[0].len();
            }
        }
        match home {
            Some(home) => {
                self.neighbourhoods.sought.insert(home, there);
            }
            None => {
                self.neighbourhoods.others += 1;
                self.neighbourhoods.add_squares(there.iter().map(|&people| u64::from(people).pow(2)));
            }
        }
    }

    /// The numbers that are kept of a neighbourhood.
    fn kinds(&self) -> usize {
        let pairs = self.on_file_by_pair.iter().flat_map(|on_file| &on_file.counts);
        1 + self.on_file.iter().chain(pairs).map(Vec::len).sum::<usize>()
    }

    /// The place, among the numbers that are kept of a neighbourhood, of the people who have a value of an attribute.
    pub fn kind(&self, attribute: usize, value: usize) -> usize {
        1 + self.on_file[..attribute].iter().map(Vec::len).sum::<usize>() + value
    }

    /// The same of the people in a cell of a pair of attributes, of which this is the number in the list of pairs.
    pub fn kind_of_pair(&self, number: usize, [row, column]: [usize; 2]) -> usize {
        let cells = |on_file: &PairOnFile| on_file.counts.iter().map(Vec::len).sum::<usize>();
        let before: usize = self.on_file_by_pair[..number].iter().map(cells).sum();
        self.kind(self.on_file.len(), before) + row * self.on_file_by_pair[number].counts[row].len() + column
    }

    /// The record of the person that a request seeks went by.
    pub fn sought_record(&mut self, request: usize) {
        self.sought_on_file[request] = true;
    }

    /// A pair was scored; `right` if it is one person.
    pub fn pair(&mut self, request: usize, route: usize, seen: FirstSeen, right: bool) {
        self.candidate_pairs += 1;
        let count = self.pairs[route].entry(seen.score).or_default();
        if right {
            count.right += 1;
            self.true_pairs[request] = Some(seen);
        } else {
            count.wrong += 1;
        }
    }

    /// A route that uses match weights scored a pair; its score is what it claims.
    pub fn claim(&mut self, request: usize, score: Score, threshold: Score) {
        self.claims[request].add(score, threshold);
    }

    /// Returns `true` if `other` was made for the same numbers of requests, routes and attributes.
    pub fn same_size(&self, other: &Observed) -> bool {
        let sizes = |o: &Observed| {
            let values: Vec<usize> = o.on_file.iter().map(Vec::len).collect();
            (
                values,
                o.neighbourhoods.squares.len(),
                o.pairs.len(),
                o.sought_on_file.len(),
                o.true_pairs.len(),
                o.claims.len(),
            )
        };
        let by_pair = |o: &Observed| -> Vec<(Pair, Vec<usize>)> {
            o.on_file_by_pair
                .iter()
                .map(|on_file| (on_file.pair, on_file.counts.iter().map(Vec::len).collect()))
                .collect()
        };
        sizes(self) == sizes(other) && by_pair(self) == by_pair(other)
    }

    /// Adds what was seen of another part of the file.
    pub fn merge(&mut self, other: &Observed) {
        self.records += other.records;
        self.candidate_pairs += other.candidate_pairs;
        for (mine, theirs) in self.on_file.iter_mut().flatten().zip(other.on_file.iter().flatten()) {
            *mine += theirs;
        }
        let mine = self.on_file_by_pair.iter_mut().flat_map(|on_file| on_file.counts.iter_mut().flatten());
        let theirs = other.on_file_by_pair.iter().flat_map(|on_file| on_file.counts.iter().flatten());
        mine.zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        self.neighbourhoods.sought.extend(other.neighbourhoods.sought.clone());
        self.neighbourhoods.others += other.neighbourhoods.others;
        self.neighbourhoods.add_squares(other.neighbourhoods.squares.iter().copied());
        for (mine, theirs) in self.pairs.iter_mut().zip(&other.pairs) {
            for (score, count) in theirs {
                let sum = mine.entry(*score).or_default();
                sum.right += count.right;
                sum.wrong += count.wrong;
            }
        }
        for (mine, theirs) in self.sought_on_file.iter_mut().zip(&other.sought_on_file) {
            *mine |= theirs;
        }
        for (mine, theirs) in self.true_pairs.iter_mut().zip(&other.true_pairs) {
            *mine = mine.or(*theirs);
        }
        for (mine, theirs) in self.claims.iter_mut().zip(&other.claims) {
            mine.merge(theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_observed_apart_add_up() {
        let attributes = [
            Attribute { name: "sex", values: vec!["female", "male"], reference: 1 },
            Attribute { name: "age", values: vec!["0-17", "18-64", "65+"], reference: 1 },
        ];
        let profile = |i: u32| [(i % 2) as u8, (i % 3) as u8, 0, 0, 0, 0, 0, 0];
        let see = |observed: &mut Observed, home: Option<u32>, from: u32, to: u32| {
            observed.neighbourhood(home, &(from..to).map(profile).collect::<Vec<_>>());
            for i in from..to {
                let seen = FirstSeen { rule: (i % 3) as u8, score: Score(i as i32 % 5 * 1000), confirmed: true };
                observed.pair(i as usize % 4, 0, seen, i == 7);
                observed.claim(i as usize % 4, seen.score, Score(2000));
                if i == 7 {
                    observed.sought_record(3);
                }
            }
        };
        let nothing = || Observed::new(4, &[true], &attributes, &[[0, 1]]);
        let (mut whole, mut left, mut right) = (nothing(), nothing(), nothing());
        see(&mut whole, Some(3), 0, 6);
        see(&mut whole, None, 6, 13);
        see(&mut whole, None, 13, 20);
        assert_eq!(whole.on_file_by_pair[0].counts, [[4, 3, 3], [3, 4, 3]]);
        // Everybody, women and men, three ages, six cells: of 6 people, and the squares of 7 and 7.
        assert_eq!(whole.neighbourhoods.sought[&3], [6, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
        assert_eq!(whole.neighbourhoods.others, 2);
        assert_eq!(whole.neighbourhoods.squares, [98, 25, 25, 13, 13, 8, 5, 2, 2, 2, 5, 2]);
        assert_eq!((whole.kind(0, 1), whole.kind(1, 2), whole.kind_of_pair(0, [1, 1])), (2, 5, 10));
        assert!(!whole.same_size(&Observed::new(4, &[true], &attributes, &[[1, 0]])));
        see(&mut left, Some(3), 0, 6);
        see(&mut right, None, 6, 13);
        see(&mut right, None, 13, 20);
        right.merge(&left);
        assert_eq!(whole, right);
    }
}
