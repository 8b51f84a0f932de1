//! Pairs of one file that have one surname and one address: what members of a household have in common. In files without
//! addresses they are the pairs of one surname and one number: relatives of whom one uses the number of another. And pairs
//! that have one surname and one birth date and not one address: twins who live apart.
//!
//! A file that holds nobody twice tells without labels how often two people of one household share a birth date or a
//! given name, and how near to each other twins live. Records that are one person after all look like each other, and are
//! told from relatives where the pairs are made use of.

use super::LinkSpec;
use super::order::Keys;
use crate::linkage::blocking::{BlockingRule, Index, MAX_BLOCK, Scratch};
use crate::linkage::comparison::{CodedComparer, Evidence};
use crate::linkage::decision::fellegi_sunter::Training;
use crate::record::coded::{Coded, Counts, Dataset, Rows, each};
use crate::record::{Field, RecordId, Records};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;

/// Of more records than this of one surname at one address, or born on one day, each is held against those next to it
/// alone.
const LARGEST_GROUP: usize = 12;

/// So many records of a file, drawn by their keys, are held against all others of the same surname.
const MOST_RECORDS: usize = 20_000;

/// Bits of a hash of a group: many more values than groups that are drawn from.
const BITS: u32 = 18;

/// Counts the relatives within either file, and which of them the blocking rules would propose. Nothing where the files
/// have no surname, or neither street nor number.
pub(super) fn count(
    records: &Coded,
    counts: &Counts,
    keys: &Keys,
    comparer: &CodedComparer,
    spec: &LinkSpec,
    training: &mut Training,
) {
    let seen = each(&[(Dataset::A, &records.a), (Dataset::B, &records.b)], |&(side, rows)| {
        let sampled = keys.sample(side, MOST_RECORDS);
        let drawn = Drawn { rows, sampled: &sampled, key: &|row| keys.key(side, row) };
        let (relatives, twins) = (relatives(records, &drawn), twins(records, &drawn));
        let by_evidence = [&relatives, &twins].map(|pairs| {
            let mut counts: FxHashMap<Evidence, u64> = FxHashMap::default();
            for evidence in comparer.compare_all(rows, rows, pairs.iter().copied()) {
                *counts.entry(evidence).or_default() += 1;
            }
            counts
        });
        // Every pair of the file of which at least one record was drawn.
        let (drawn, others) = (sampled.len() as u64, (rows.len() - sampled.len()) as u64);
        let within = drawn * others + drawn * drawn.saturating_sub(1) / 2;
        let by_chance = (within as f64 * chance_of_twins(records, &counts[side as usize])).round() as u64;
        let proposed = [proposed(records, rows, &relatives, &spec.blocking), relatives.len() as u64];
        (by_evidence, within, by_chance, proposed)
    });
    for ([relatives, twins], within, by_chance, [proposed, pairs]) in seen {
        training.add_twins_by_chance(by_chance);
        relatives.into_iter().for_each(|(evidence, times)| training.add_relatives_times(evidence, times));
        twins.into_iter().for_each(|(evidence, times)| training.add_twins_times(evidence, times));
        training.add_within(within);
        training.add_proposed(proposed, pairs);
    }
}

/// One file, and the records of it that are held against the others.
struct Drawn<'r> {
    rows: &'r Rows,
    sampled: &'r [u32],
    key: &'r dyn Fn(u32) -> u64,
}

/// Pairs of one surname and one address or number.
fn relatives(records: &Coded, drawn: &Drawn) -> Vec<(u32, u32)> {
    let Some(surname) = records.column(&Field::Surname) else { return Vec::new() };
    // Where no address is compared, relatives show by a number that one of them has borrowed.
    let Some(home) = records.column(&Field::Street).or(records.column(&Field::Number)) else { return Vec::new() };
    let house = records.column(&Field::HouseNumber);
    let area = records.column(&Field::Zip).or(records.column(&Field::City));
    let with_address = records.fields()[home] == Field::Street;
    let household = |row: &[u32]| {
        let within = |column: Option<usize>| column.filter(|_| with_address).map_or(0, |column| row[column]);
        let complete = row[surname] > 0 && row[home] > 0 && !house.is_some_and(|house| with_address && row[house] == 0);
        complete.then(|| [row[surname], row[home], within(house), within(area)])
    };
    drawn.pairs(household, |x, y| !with_address || one_home(records, x, y))
}

/// Pairs of one surname and one birth date, but not of one address, in files with addresses.
fn twins(records: &Coded, drawn: &Drawn) -> Vec<(u32, u32)> {
    let columns = [Field::Surname, Field::DateOfBirth, Field::Street].map(|field| records.column(&field));
    let [Some(surname), Some(born), Some(_)] = columns else { return Vec::new() };
    let birth = |row: &[u32]| (row[surname] > 0 && row[born] > 0).then(|| [row[surname], row[born], 0, 0]);
    drawn.pairs(birth, |x, y| !one_home(records, x, y))
}

/// The chance that two records of a file have one surname and one birth date, if neither tells anything of the other.
fn chance_of_twins(records: &Coded, counts: &[Vec<u32>]) -> f64 {
    let same = |field: Field| {
        let counts = &counts[records.column(&field)?];
        let all: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        let pairs = |count: f64| count * (count - 1.0).max(0.0);
        let known = counts.iter().skip(1).map(|&count| pairs(f64::from(count))).sum::<f64>();
        (all > 1.0).then(|| known / pairs(all))
    };
    same(Field::Surname).zip(same(Field::DateOfBirth)).map_or(0.0, |(surname, born)| surname * born)
}

fn one_home(records: &Coded, x: &[u32], y: &[u32]) -> bool {
    Field::ADDRESS.iter().filter_map(|field| records.column(field)).all(|column| x[column] == y[column])
}

impl Drawn<'_> {
    /// Pairs of rows, one of them drawn, for which `shared` is the same and that `belong` together: in the order of their
    /// keys, and of the two the one of the lesser key first.
    fn pairs(
        &self,
        shared: impl Fn(&[u32]) -> Option<[u32; 4]>,
        belong: impl Fn(&[u32], &[u32]) -> bool,
    ) -> Vec<(u32, u32)> {
        let Drawn { rows, sampled, key } = self;
        // The groups of the records drawn are few, so that they stay in cache while the file streams by.
        let of_drawn = sampled.iter().filter_map(|&row| shared(rows.get(row as usize)));
        let mut groups: FxHashMap<[u32; 4], Vec<(u64, u32)>> = of_drawn.map(|group| (group, Vec::new())).collect();
        // Nearly all records are of another group, which a bit says sooner than the table.
        let mut drawn_from = vec![false; 1 << BITS];
        let place = |group: &[u32; 4]| (FxBuildHasher.hash_one([group[0], group[1]]) >> (64 - BITS)) as usize;
        groups.keys().for_each(|group| drawn_from[place(group)] = true);
        for (number, row) in (0..).zip(rows.iter()) {
            let group = shared(row).filter(|group| drawn_from[place(group)]);
            if let Some(members) = group.and_then(|group| groups.get_mut(&group)) {
                members.push((key(number), number));
            }
        }
        let mut drawn = vec![false; rows.len()];
        sampled.iter().for_each(|&row| drawn[row as usize] = true);
        let mut pairs = Vec::new();
        for mut members in groups.into_values().filter(|members| members.len() > 1) {
            members.sort_unstable();
            for (place, &one) in members.iter().enumerate() {
                for &other in members[place + 1..].iter().take(LARGEST_GROUP) {
                    let [x, y] = [one, other].map(|(_, row)| rows.get(row as usize));
                    let either = drawn[one.1 as usize] || drawn[other.1 as usize];
                    if either && belong(x, y) {
                        pairs.push((one, other));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.into_iter().map(|((_, one), (_, other))| (one, other)).collect()
    }
}

/// The number of pairs that any rule would propose if all but surname and address were the same by chance alone: the other
/// fields of the second record are those of the second record of another pair.
fn proposed(records: &Coded, rows: &Rows, pairs: &[(u32, u32)], rules: &[BlockingRule]) -> u64 {
    let with_address = records.column(&Field::Street).is_some();
    let shared = |field: &Field| match field.column() {
        Field::Surname => true,
        Field::Number => !with_address,
        field => with_address && Field::ADDRESS.contains(&field),
    };
    let shared: Vec<bool> = records.fields().iter().map(shared).collect();
    let (mut ones, mut others) = (Records::new(records.fields()), Records::new(records.fields()));
    for (number, &(row, other)) in pairs.iter().enumerate() {
        // Half the list away nobody is of the same household.
        let stranger = rows.get(pairs[(number + pairs.len() / 2) % pairs.len()].1 as usize);
        let other = rows.get(other as usize);
        let mixed: Vec<u32> = (0..shared.len()).map(|i| if shared[i] { other[i] } else { stranger[i] }).collect();
        let id = RecordId(number as u64);
        ones.push(id, &records.texts(rows.get(row as usize)).collect::<Vec<&str>>());
        others.push(id, &records.texts(&mixed).collect::<Vec<&str>>());
    }
    let index = Index::build(rules, &others, 0..pairs.len() as u32, MAX_BLOCK);
    let mut scratch = Scratch::new(&index, records.fields());
    let mut found = 0;
    for row in 0..ones.len() {
        index.candidates(&ones, row, &mut scratch, |candidate, _| found += u64::from(candidate as usize == row));
    }
    found
}
