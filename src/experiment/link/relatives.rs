//! Pairs of one file that have one surname and one address: what members of a household have in common.
//!
//! A file that holds nobody twice tells without labels how often two people of one household share a birth date or a
//! given name. Records that are one person after all look like each other, and are told from relatives where the pairs
//! are made use of.

use super::LinkSpec;
use crate::blocking::{BlockingRule, Index, MAX_BLOCK, Scratch};
use crate::comparison::{CodedComparer, Evidence};
use crate::decision::fellegi_sunter::Training;
use crate::record::coded::{Coded, Rows, each};
use crate::record::{Field, RecordId, Records};
use rustc_hash::FxHashMap;

/// With so many records of one surname at one address each new one is held against the last of them alone.
const LARGEST_HOUSEHOLD: usize = 12;

/// So many records of a file, evenly spread, are held against those before them at their address.
const MOST_RECORDS: usize = 40_000;

/// Counts the relatives within either file, and which of them the blocking rules would propose. Nothing where the files
/// have no surname or no street.
pub(super) fn count(records: &Coded, comparer: &CodedComparer, spec: &LinkSpec, training: &mut Training) {
    let seen = each(&[&records.a, &records.b], |rows| {
        let every = rows.len().div_ceil(MOST_RECORDS).max(1);
        let pairs = pairs(records, rows, every);
        let mut counts: FxHashMap<Evidence, u64> = FxHashMap::default();
        for evidence in comparer.compare_all(rows, rows, pairs.iter().copied()) {
            *counts.entry(evidence).or_default() += 1;
        }
        // Each record that was looked at was held against those before it.
        let within = (0..rows.len() as u64).step_by(every).sum();
        (counts, within, proposed(records, rows, &pairs, &spec.blocking), pairs.len() as u64)
    });
    for (counts, within, proposed, pairs) in seen {
        counts.into_iter().for_each(|(evidence, times)| training.add_relatives_times(evidence, times));
        training.add_within(within);
        training.add_proposed(proposed, pairs);
    }
}

/// Rows of one file that have one surname and one address, the later row first.
fn pairs(records: &Coded, rows: &Rows, every: usize) -> Vec<(u32, u32)> {
    let (Some(surname), Some(street)) = (records.column(&Field::Surname), records.column(&Field::Street)) else {
        return Vec::new();
    };
    let house = records.column(&Field::HouseNumber);
    let area = records.column(&Field::Zip).or(records.column(&Field::City));
    let address: Vec<usize> = Field::ADDRESS.iter().filter_map(|field| records.column(field)).collect();
    let key = |row: &[u32]| {
        let complete = row[surname] > 0 && row[street] > 0 && house.is_none_or(|house| row[house] > 0);
        let within = |column: Option<usize>| column.map_or(0, |column| row[column]);
        complete.then(|| [row[surname], row[street], within(house), within(area)])
    };
    // The records that are looked at say which keys matter; few do, so that they stay near at hand while the file goes by.
    let mut last: FxHashMap<[u32; 4], Option<u32>> =
        rows.iter().step_by(every).filter_map(key).map(|key| (key, None)).collect();
    // The record of its key before each record, where it matters.
    let mut before: Vec<Option<u32>> = vec![None; rows.len()];
    let mut pairs = Vec::new();
    for (number, row) in (0_u32..).zip(rows.iter()) {
        let Some(last) = key(row).and_then(|key| last.get_mut(&key)) else { continue };
        let mut other = last.replace(number);
        before[number as usize] = other;
        for _ in 0..LARGEST_HOUSEHOLD {
            let Some(earlier) = other.filter(|_| (number as usize).is_multiple_of(every)) else { break };
            let with = rows.get(earlier as usize);
            if address.iter().all(|&column| row[column] == with[column]) {
                pairs.push((number, earlier));
            }
            other = before[earlier as usize];
        }
    }
    pairs
}

/// How many of the pairs any rule would propose if all but surname and address were the same by chance alone: the other
/// fields of the earlier record are those of the earlier record of another pair.
fn proposed(records: &Coded, rows: &Rows, pairs: &[(u32, u32)], rules: &[BlockingRule]) -> u64 {
    let shared = |field: &Field| field.column() == Field::Surname || Field::ADDRESS.contains(&field.column());
    let shared: Vec<bool> = records.fields().iter().map(shared).collect();
    let (mut later, mut earlier) = (Records::new(records.fields()), Records::new(records.fields()));
    for (number, &(row, other)) in pairs.iter().enumerate() {
        // Half the list away nobody is of the same household.
        let stranger = rows.get(pairs[(number + pairs.len() / 2) % pairs.len()].1 as usize);
        let other = rows.get(other as usize);
        let mixed: Vec<u32> = (0..shared.len()).map(|i| if shared[i] { other[i] } else { stranger[i] }).collect();
        let id = RecordId(number as u64);
        later.push(id, &records.texts(rows.get(row as usize)).collect::<Vec<&str>>());
        earlier.push(id, &records.texts(&mixed).collect::<Vec<&str>>());
    }
    let index = Index::build(rules, &earlier, 0..pairs.len() as u32, MAX_BLOCK);
    let mut scratch = Scratch::new(&index, records.fields());
    let mut found = 0;
    for row in 0..later.len() {
        index.candidates(&later, row, &mut scratch, |candidate, _| found += u64::from(candidate as usize == row));
    }
    found
}
