//! One file held by its keys while the other streams by: [`Index`].

use super::keys::Keys;
use super::{BlockingRule, KeyPart};
use crate::record::{Field, Records};
use rustc_hash::FxHashMap;

/// The most rows that may share a key of an index unless said otherwise; see [`Index::build`].
pub const MAX_BLOCK: usize = 5_000;

/// The blocking keys of the file that is held, by rule.
#[derive(Clone, Debug)]
pub struct Index {
    rules: Vec<BlockingRule>,
    /// One past the highest row in the index.
    rows: usize,
    tables: Vec<Table>,
    left_out: Vec<LeftOut>,
}

/// The records that a rule's guard left out of the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Keys shared by too many rows.
    pub keys: u64,
    /// Entries under those keys: rows that this rule will not find.
    pub entries: u64,
}

/// The keys of one rule. Keys are looked up by a 64-bit hash and then compared in full, so no two different keys are
/// ever taken for the same.
#[derive(Clone, Debug, Default)]
struct Table {
    by_hash: FxHashMap<u64, u32>,
    blocks: Vec<Block>,
    keys: Vec<u8>,
    entries: Vec<u32>,
    /// The blocks in the order of their keys, where a rule looks at neighbours.
    in_order: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Block {
    key: (u32, u32),
    rows: (u32, u32),
    /// The next block of the same hash, if there is one.
    next: Option<u32>,
}

/// The working memory of one reader of an index: which columns hold the key parts, and which rows were already
/// proposed for the record at hand.
#[derive(Clone, Debug)]
pub struct Scratch {
    columns: Vec<Vec<Option<usize>>>,
    keys: Keys,
    stamps: Vec<u32>,
    stamp: u32,
}

impl Scratch {
    /// For reading `index` with records of these fields.
    pub fn new(index: &Index, fields: &[Field]) -> Scratch {
        Scratch { columns: bind(&index.rules, fields), keys: Keys::default(), stamps: vec![0; index.rows], stamp: 0 }
    }
}

impl Index {
    /// The index of `rows` of a file's normal forms. A record that lacks a part of a rule has no key by that rule.
    ///
    /// A key that more than `max_block` rows share tells little and costs much: it is left out, and counted in
    /// [`Index::left_out`]. The count looks at this file alone, so every shard of the other file leaves out the same.
    pub fn build(
        rules: &[BlockingRule],
        records: &Records,
        rows: impl Iterator<Item = u32>,
        max_block: usize,
    ) -> Index {
        let columns = bind(rules, records.fields());
        let rows: Vec<u32> = rows.collect();
        let mut index = Index {
            rules: rules.to_vec(),
            rows: rows.iter().max().map_or(0, |&row| row as usize + 1),
            tables: Vec::with_capacity(rules.len()),
            left_out: Vec::with_capacity(rules.len()),
        };
        for (rule, columns) in rules.iter().zip(&columns) {
            let (table, left_out) = Table::build(rule, columns, records, &rows, max_block);
            index.tables.push(table);
            index.left_out.push(left_out);
        }
        index
    }

    /// The rules, in the order in which they are tried.
    pub fn rules(&self) -> &[BlockingRule] {
        &self.rules
    }

    /// The records that the guard left out, by rule.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Gives every row of the index that shares a key with the record at `row` to `propose`, once, with the number of
    /// the first rule that proposed it: rule by rule, rows ascending within a rule.
    ///
    /// `records` holds normal forms and has the fields that `scratch` was made for. A sorted neighbourhood is counted
    /// in the keys of the indexed file alone: the other one streams and is never seen whole.
    pub fn candidates(&self, records: &Records, row: usize, scratch: &mut Scratch, mut propose: impl FnMut(u32, u8)) {
        let Scratch { columns, keys, stamps, stamp } = scratch;
        if *stamp == u32::MAX {
            stamps.fill(0);
            *stamp = 0;
        }
        *stamp += 1;
        for (number, ((rule, columns), table)) in self.rules.iter().zip(columns.iter()).zip(&self.tables).enumerate() {
            // A rule set of more than 255 rules is refused where it is read.
            let mut see = |candidate: u32| {
                let seen = &mut stamps[candidate as usize];
                if *seen != *stamp {
                    *seen = *stamp;
                    propose(candidate, number as u8);
                }
            };
            keys.make(rule, |part| cell(columns[part], records, row));
            match keys.several() {
                None => {}
                Some(false) if rule.within == 0 => table.find(keys.get(0)).iter().copied().for_each(see),
                Some(_) => {
                    let mut found: Vec<u32> = Vec::new();
                    for key in 0..keys.len() {
                        match rule.within {
                            0 => found.extend(table.find(keys.get(key))),
                            within => table.find_near(keys.get(key), usize::from(within), &mut found),
                        }
                    }
                    found.sort_unstable();
                    found.into_iter().for_each(&mut see);
                }
            }
        }
    }
}

impl Table {
    fn build(
        rule: &BlockingRule,
        columns: &[Option<usize>],
        records: &Records,
        rows: &[u32],
        max_block: usize,
    ) -> (Table, LeftOut) {
        // All keys in one piece of memory, and for each row the hash of its key and where it stands there.
        let (mut text, mut keys) = (Vec::new(), Keys::default());
        let mut keyed: Vec<(u64, usize, u32)> = Vec::with_capacity(rows.len());
        for &row in rows {
            keys.make(rule, |part| cell(columns[part], records, row as usize));
            for key in (0..keys.len()).map(|key| keys.get(key)) {
                keyed.push((hash(key), text.len(), row));
                text.extend_from_slice(&(key.len() as u32).to_le_bytes());
                text.extend_from_slice(key);
            }
        }
        let key_at = |start: usize| {
            let (length, rest) = text[start..].split_at(4);
            let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]);
            &rest[..length as usize]
        };
        // Rows of one key come to stand together and ascending. The order of the keys does not show outside.
        keyed.sort_unstable_by(|x, y| (x.0, key_at(x.1), x.2).cmp(&(y.0, key_at(y.1), y.2)));
        keyed.dedup_by(|x, y| x.2 == y.2 && x.0 == y.0 && key_at(x.1) == key_at(y.1));
        let (mut table, mut left_out) = (Table::default(), LeftOut::default());
        for block in keyed.chunk_by(|x, y| x.0 == y.0 && key_at(x.1) == key_at(y.1)) {
            if block.len() > max_block {
                left_out.keys += 1;
                left_out.entries += block.len() as u64;
            } else {
                table.insert(key_at(block[0].1), block.iter().map(|&(_, _, row)| row));
            }
        }
        if rule.within > 0 {
            table.in_order = (0..table.blocks.len() as u32).collect();
            let mut in_order = std::mem::take(&mut table.in_order);
            in_order.sort_unstable_by(|&x, &y| table.key(x).cmp(table.key(y)));
            table.in_order = in_order;
        }
        (table, left_out)
    }

    fn key(&self, block: u32) -> &[u8] {
        let (start, end) = self.blocks[block as usize].key;
        &self.keys[start as usize..end as usize]
    }

    /// The entries of the keys at most `within` places from `key`, which need not be a key itself.
    fn find_near(&self, key: &[u8], within: usize, found: &mut Vec<u32>) {
        let place = self.in_order.partition_point(|&block| self.key(block) < key);
        let is_key = self.in_order.get(place).is_some_and(|&block| self.key(block) == key);
        let end = (place + within + usize::from(is_key)).min(self.in_order.len());
        for &block in &self.in_order[place.saturating_sub(within)..end] {
            let (start, end) = self.blocks[block as usize].rows;
            found.extend(&self.entries[start as usize..end as usize]);
        }
    }

    fn insert(&mut self, key: &[u8], rows: impl Iterator<Item = u32>) {
        let first = (self.keys.len() as u32, self.entries.len() as u32);
        self.keys.extend_from_slice(key);
        self.entries.extend(rows);
        let next = self.by_hash.insert(hash(key), self.blocks.len() as u32);
        let block = Block { key: (first.0, self.keys.len() as u32), rows: (first.1, self.entries.len() as u32), next };
        self.blocks.push(block);
    }

    fn find(&self, key: &[u8]) -> &[u32] {
        let mut next = self.by_hash.get(&hash(key)).copied();
        while let Some(i) = next {
            let block = &self.blocks[i as usize];
            if &self.keys[block.key.0 as usize..block.key.1 as usize] == key {
                return &self.entries[block.rows.0 as usize..block.rows.1 as usize];
            }
            next = block.next;
        }
        &[]
    }
}

/// Eight bytes at a time through a 64-bit multiply and shift; the last round spreads what is left over all bits.
fn hash(key: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = key.len() as u64;
    for chunk in key.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state ^ u64::from_le_bytes(word)).wrapping_mul(MULTIPLIER);
        state ^= state >> 29;
    }
    state
}

/// For each rule, the column of each part in a file of these fields.
fn bind(rules: &[BlockingRule], fields: &[Field]) -> Vec<Vec<Option<usize>>> {
    let column = |part: &KeyPart| fields.iter().position(|field| *field == part.field);
    rules.iter().map(|rule| rule.parts.iter().map(column).collect()).collect()
}

fn cell(column: Option<usize>, records: &Records, row: usize) -> &str {
    column.map_or("", |column| records.get(row, column))
}
