//! Named, keyed random streams; the only file that names a generator algorithm.
//!
//! Every draw of Namesake comes from a [`Stream`] keyed by a seed, the name of the decision it serves and the index of
//! whom it is about. Nothing depends on the order in which things are evaluated: the surname of person 812 is the same
//! on any thread, in any shard, on any machine, whether or not anybody else was generated before. Two runs that differ
//! in one knob share all other luck (common random numbers).
//!
//! A stream is a counter fed through the SplitMix64 finaliser (G. L. Steele, D. Lea, C. H. Flood (2014), "Fast
//! splittable pseudorandom number generators", OOPSLA; constants of D. Stafford's variant 13). It is fast, has 64-bit
//! state, and is not for secrets.

mod low_discrepancy;

use rand::TryRng;
use std::convert::Infallible;

/// A seed: one number from which a whole country, its files and its requests follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seed(pub u64);

/// The name of a decision that draws: `Decision::named("population.surname")`.
///
/// The name is hashed when the program is compiled; changing a name changes the luck of that decision and of no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decision(u64);

impl Decision {
    /// The decision of that name.
    pub const fn named(name: &str) -> Decision {
        // FNV-1a, then one round of mixing: short names that differ in one letter end far apart.
        let bytes = name.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            i += 1;
        }
        Decision(mix(hash))
    }

    /// A number that stands for it, with which another decision may be told what it is about.
    pub const fn key(self) -> u64 {
        self.0
    }

    /// The same decision about one of several things: an agency, a field, a year.
    pub const fn about(self, which: u64) -> Decision {
        Decision(mix(self.0 ^ which.wrapping_mul(GOLDEN)))
    }

    /// A number for a text, the same wherever the text stands: with it the text can be the index of a stream.
    pub fn of_text(self, text: &str) -> u64 {
        // The bytes as one number, the first the lowest. Two halves that overlap hold the same bytes where they do.
        let word = |bytes: &[u8]| {
            let last = bytes.len() - 1;
            match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(&low), Some(&high)) => {
                    u64::from(u32::from_le_bytes(low)) | u64::from(u32::from_le_bytes(high)) << (8 * (last - 3))
                }
                _ => [0, last / 2, last].iter().fold(0, |word, &at| word | u64::from(bytes[at]) << (8 * at)),
            }
        };
        let add = |key: u64, bytes: &[u8]| mix(key ^ word(bytes));
        text.as_bytes().chunks(8).fold(mix(self.0 ^ text.len() as u64), add)
    }
}

impl Seed {
    /// The stream of `decision` about `index` (a person, a household, a block, a request).
    pub const fn stream(self, decision: Decision, index: u64) -> Stream {
        Stream { state: mix(mix(self.0 ^ decision.0).wrapping_add(index.wrapping_mul(GOLDEN))) }
    }

    /// The first draw of that stream as a uniform number in [0, 1).
    pub fn uniform(self, decision: Decision, index: u64) -> f64 {
        self.stream(decision, index).uniform()
    }
}

/// A stream of random numbers; a `rand` generator, so every distribution of that crate can draw from it.
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
}

impl Stream {
    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// The next uniform number in [0, 1), of 53 random bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// The next uniform whole number below `n`, by Lemire's multiplication; its bias, at most n/2⁶⁴, is accepted.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// Returns `true` if an event of probability `p` happens at the next draw.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.bits().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// A keyed bijection of the whole numbers below `size`: a Feistel network on the next power of two, walked until it
/// lands inside (J. Black and P. Rogaway (2002), "Ciphers with arbitrary finite domains", CT-RSA).
///
/// It shuffles a nation without holding it: where does 17 go, and who came to 17, each in constant time and memory.
#[derive(Clone, Copy, Debug)]
pub struct Permutation {
    size: u64,
    high_bits: u32,
    low_bits: u32,
    key: u64,
}

const ROUNDS: u64 = 6;

impl Permutation {
    /// The permutation of `0..size` that belongs to `decision` under `seed`.
    ///
    /// # Panics
    /// If `size` is 0: there is nothing to permute.
    pub fn new(seed: Seed, decision: Decision, size: u64) -> Permutation {
        assert!(size > 0, "a permutation needs at least one element");
        // At least two bits, so that both halves exist.
        let bits = (64 - (size - 1).leading_zeros()).max(2);
        let low_bits = bits / 2;
        Permutation { size, high_bits: bits - low_bits, low_bits, key: mix(seed.0 ^ decision.0) }
    }

    /// The size of the range of numbers that are permuted.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The image of `x`.
    pub fn forward(&self, x: u64) -> u64 {
        debug_assert!(x < self.size);
        let mut y = x;
        loop {
            y = self.rounds_forward(y);
            if y < self.size {
                return y;
            }
        }
    }

    /// The number whose image is `y`: the inverse of [`Permutation::forward`].
    pub fn backward(&self, y: u64) -> u64 {
        debug_assert!(y < self.size);
        let mut x = y;
        loop {
            x = self.rounds_backward(x);
            if x < self.size {
                return x;
            }
        }
    }

    // The halves may differ by one bit, so rounds alternate: even ones change the low half, odd ones the high half.
    fn rounds_forward(&self, x: u64) -> u64 {
        let (mut high, mut low) = self.split(x);
        for round in 0..ROUNDS {
            self.round(round, &mut high, &mut low);
        }
        (high << self.low_bits) | low
    }

    fn rounds_backward(&self, x: u64) -> u64 {
        let (mut high, mut low) = self.split(x);
        for round in (0..ROUNDS).rev() {
            self.round(round, &mut high, &mut low);
        }
        (high << self.low_bits) | low
    }

    fn split(&self, x: u64) -> (u64, u64) {
        (x >> self.low_bits, x & ((1 << self.low_bits) - 1))
    }

    // Each round is its own inverse: it exclusive-ors one half with a function of the other.
    fn round(&self, round: u64, high: &mut u64, low: &mut u64) {
        let round_key = self.key.wrapping_add(round.wrapping_mul(GOLDEN));
        if round.is_multiple_of(2) {
            *low ^= mix(round_key ^ *high) & ((1 << self.low_bits) - 1);
        } else {
            *high ^= mix(round_key ^ *low) & ((1 << self.high_bits) - 1);
        }
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    const DECISION: Decision = Decision::named("test");

    #[test]
    fn a_text_is_read_eight_bytes_at_a_time_the_first_the_lowest() {
        const DECISION: Decision = Decision::named("test.text");
        let text = "Nuñez Ōe 1234567 Łódź";
        for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
            let word = |bytes: &[u8]| bytes.iter().rfold(0, |word, &byte| word << 8 | u64::from(byte));
            let add = |key: u64, bytes: &[u8]| mix(key ^ word(bytes));
            let expected = text.as_bytes()[..end].chunks(8).fold(mix(DECISION.0 ^ end as u64), add);
            assert_eq!(DECISION.of_text(&text[..end]), expected, "{end}");
        }
    }

    #[test]
    fn a_stream_is_the_same_wherever_it_is_made() {
        let draw = |seed, index| Seed(seed).stream(DECISION, index).bits();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
        assert_ne!(Seed(1).stream(DECISION.about(1), 2).bits(), Seed(1).stream(DECISION, 2).bits());
    }

    #[test]
    fn first_draws_of_neighbouring_streams_are_uniform_and_unrelated() {
        let n = 100_000;
        let draws: Vec<f64> = (0..n).map(|i| Seed(7).uniform(DECISION, i)).collect();
        let mean = draws.iter().sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
        let serial: f64 = draws.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>();
        assert!((serial / n as f64 * 12.0).abs() < 0.015);
        let mut tenths = [0_u32; 10];
        for u in draws {
            tenths[(u * 10.0) as usize] += 1;
        }
        assert!(tenths.iter().all(|&c| (9_500..10_500).contains(&c)), "{tenths:?}");
    }

    #[test]
    fn values_are_stable() {
        // These numbers are the contract: if they change, every published run changes.
        let mut stream = Seed(1).stream(Decision::named("population.surname"), 0);
        assert_eq!(stream.bits(), 0x841d_ec49_6db1_997d);
        let rolls: Vec<u32> = (0..3).map(|_| stream.random_range(0..1000)).collect();
        assert_eq!(rolls, [271, 904, 161]);
    }

    #[test]
    fn a_permutation_is_a_bijection_and_knows_its_inverse() {
        for size in [1, 2, 3, 5, 64, 100, 1023, 1025, 4000] {
            let permutation = Permutation::new(Seed(3), DECISION, size);
            let mut seen = vec![false; size as usize];
            for x in 0..size {
                let y = permutation.forward(x);
                assert!(y < size && !seen[y as usize]);
                seen[y as usize] = true;
                assert_eq!(permutation.backward(y), x);
            }
        }
    }

    #[test]
    fn a_permutation_moves_nearly_everybody_far() {
        let size = 10_000;
        let permutation = Permutation::new(Seed(4), DECISION, size);
        let distance: f64 = (0..size).map(|x| permutation.forward(x).abs_diff(x) as f64).sum::<f64>() / size as f64;
        // Two independent uniform numbers are a third of the range apart on average.
        assert!((distance / size as f64 - 1.0 / 3.0).abs() < 0.02, "{distance}");
    }
}
