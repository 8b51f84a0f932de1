//! Rows by a key, in shares that stay near at hand: [`shared_out`], [`Buckets`].
//!
//! A table of a million keys does not fit in a processor's cache, and nearly every look into it waits for memory. So rows
//! are first shared out by a hash of their keys, which goes through memory in order, and each share is worked on alone.

/// So many entries are about as many as a cache holds.
const SHARE: usize = 1 << 14;

/// Keys, each with a row.
pub type Entries = Vec<(u64, u32)>;

/// The best number of shares for `entries` entries, a power of two.
pub fn shares_for(entries: usize) -> usize {
    (entries / SHARE).next_power_of_two()
}

/// Entries shared out by a hash of their keys, in their order; there is a power of two of shares. There are at most so
/// many entries.
pub fn shared_out(entries: impl Iterator<Item = (u64, u32)>, most: usize, shares: usize) -> Vec<Entries> {
    if shares == 1 {
        return vec![entries.collect()];
    }
    let share = |key: u64| (hash(key) >> (64 - shares.trailing_zeros())) as usize;
    // Few shares are larger than others by more than an eighth.
    let mut all: Vec<Entries> = (0..shares).map(|_| Vec::with_capacity(most / shares * 9 / 8)).collect();
    entries.for_each(|entry| all[share(entry.0)].push(entry));
    all
}

/// Entries in the order of a hash of their keys, so that a key is found with one look.
pub struct Buckets {
    /// The number of hash bits that all entries have in common: those that name their share.
    common: u32,
    /// The start of the entries of each hash; one more than there are hashes.
    starts: Vec<u32>,
    entries: Entries,
}

impl Buckets {
    /// Entries whose keys are of one of so many shares.
    pub fn new(entries: &[(u64, u32)], shares: usize) -> Buckets {
        let buckets = entries.len().next_power_of_two().max(2);
        let common = shares.trailing_zeros();
        let mut starts = vec![0_u32; buckets + 1];
        entries.iter().for_each(|&(key, _)| starts[bucket(key, common, buckets)] += 1);
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Filled from behind, each start comes down from the end of its hash to its beginning.
        let mut sorted = vec![(0, 0); entries.len()];
        for entry in entries.iter().rev() {
            let place = &mut starts[bucket(entry.0, common, buckets)];
            *place -= 1;
            sorted[*place as usize] = *entry;
        }
        for bounds in starts.windows(2) {
            // Entries come in the order of their rows: the keys of a hash must be told apart, and nothing else.
            let of_hash = &mut sorted[bounds[0] as usize..bounds[1] as usize];
            if of_hash.windows(2).any(|pair| pair[0].0 != pair[1].0) {
                of_hash.sort_unstable();
            }
        }
        Buckets { common, starts, entries: sorted }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns `true` if there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The start of the entries of a key, if it has any.
    #[inline]
    pub fn find(&self, key: u64) -> Option<u32> {
        let bucket = bucket(key, self.common, self.starts.len() - 1);
        (self.starts[bucket]..self.starts[bucket + 1]).find(|&at| self.entries[at as usize].0 == key)
    }

    /// The entries of the key that begins there.
    #[inline]
    pub fn run(&self, start: usize) -> &[(u64, u32)] {
        let rest = &self.entries[start..];
        let end = rest.iter().position(|&(key, _)| key != rest[0].0).unwrap_or(rest.len());
        &rest[..end]
    }

    /// The entries of each key, rows in the order in which they came.
    pub fn runs(&self) -> impl Iterator<Item = &[(u64, u32)]> {
        self.entries.chunk_by(|x, y| x.0 == y.0)
    }
}

#[inline]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
fn bucket(key: u64, common: u32, buckets: usize) -> usize {
    ((hash(key) << common) >> (64 - buckets.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_in_one_run_with_all_others_of_its_key() {
        for (entries, keys) in [(0, 1), (1, 1), (10, 1), (1_000, 400), (100_000, 30_000)] {
            let key = |row: u32| hash(u64::from(row) + 7) % keys * 0x1_0001;
            let all: Entries = (0..entries).map(|row| (key(row), row)).collect();
            let shares = shares_for(all.len());
            let buckets: Vec<Buckets> = shared_out(all.iter().copied(), all.len(), shares)
                .iter()
                .map(|share| Buckets::new(share, shares))
                .collect();
            let mut found: Vec<Entries> =
                buckets.iter().flat_map(|buckets| buckets.runs().map(<[_]>::to_vec)).collect();
            found.sort_unstable();
            let mut expected = all;
            expected.sort_unstable();
            let expected: Vec<Entries> = expected.chunk_by(|x, y| x.0 == y.0).map(<[_]>::to_vec).collect();
            assert_eq!(found, expected);
            for run in &expected {
                let of_key = |buckets: &Buckets| Some(buckets.run(buckets.find(run[0].0)? as usize).to_vec());
                assert_eq!(buckets.iter().filter_map(of_key).collect::<Vec<_>>(), std::slice::from_ref(run));
            }
        }
    }
}
