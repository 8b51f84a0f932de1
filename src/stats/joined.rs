//! Units joined into clusters by links between them.

use super::Rate;

/// With fewer effective clusters than this there are too few to tell anything from.
const FEWEST: f64 = 5.0;

/// A cluster for each of some units: those that links join are of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined(Vec<u32>);

impl Joined {
    /// So many units, joined by `own` links and by `further` ones. Where the further links join nearly everything, so that
    /// fewer than five effective clusters would be left, the own links alone count.
    pub fn new(
        units: usize,
        own: impl Iterator<Item = [usize; 2]>,
        further: impl Iterator<Item = [usize; 2]>,
    ) -> Joined {
        let mut earlier: Vec<u32> =
            (0..u32::try_from(units).expect("fewer units than four thousand million")).collect();
        own.for_each(|link| join(&mut earlier, link));
        let mut all = earlier.clone();
        further.for_each(|link| join(&mut all, link));
        let firsts = |mut earlier: Vec<u32>| -> Vec<u32> {
            (0..units).map(|unit| first(&mut earlier, unit)).map(|first| first as u32).collect()
        };
        let all = firsts(all);
        let mut sizes = vec![0_u32; units];
        all.iter().for_each(|&cluster| sizes[cluster as usize] += 1);
        let squared: f64 = sizes.iter().map(|&size| (u64::from(size) * u64::from(size)) as f64).sum();
        Joined(if (units * units) as f64 >= FEWEST * squared { all } else { firsts(earlier) })
    }

    /// The cluster of a unit: its first unit.
    pub fn of(&self, unit: usize) -> usize {
        self.0[unit] as usize
    }

    /// The cluster of each unit.
    pub fn into_first(self) -> Vec<usize> {
        self.0.into_iter().map(|first| first as usize).collect()
    }

    /// Hits and trials of each cluster that has trials, of units with theirs; in an order that is not that of the units, so
    /// that what is summed over clusters is the same to the last bit in whatever order the units come.
    pub fn sums(&self, counted: impl Iterator<Item = (usize, Rate)>) -> Vec<Rate> {
        let mut sums = vec![Rate::default(); self.0.len()];
        for (unit, rate) in counted {
            let sum = &mut sums[self.of(unit)];
            *sum = sum.with(rate);
        }
        sums.retain(|sum| sum.trials > 0);
        sums.sort_unstable_by_key(|sum| (sum.trials, sum.hits));
        sums
    }
}

/// The first unit of a cluster, to which `earlier` leads from any; the way is made shorter for the next time.
fn first(earlier: &mut [u32], mut unit: usize) -> usize {
    while earlier[unit] as usize != unit {
        earlier[unit] = earlier[earlier[unit] as usize];
        unit = earlier[unit] as usize;
    }
    unit
}

/// Joins two units: the later one's cluster follows the earlier one's.
fn join(earlier: &mut [u32], [a, b]: [usize; 2]) {
    let (a, b) = (first(earlier, a), first(earlier, b));
    earlier[a.max(b)] = a.min(b) as u32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_join_units_and_too_many_of_them_join_nothing() {
        let of = |own: &[[usize; 2]], further: &[[usize; 2]]| {
            let joined = Joined::new(12, own.iter().copied(), further.iter().copied());
            (0..12).map(|unit| joined.of(unit)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[[3, 1]], &[[4, 3], [9, 8]]), [0, 1, 2, 1, 1, 5, 6, 7, 8, 8, 10, 11]);
        let everything: Vec<[usize; 2]> = (1..12).map(|unit| [unit, 0]).collect();
        assert_eq!(of(&[[3, 1]], &everything), [0, 1, 2, 1, 4, 5, 6, 7, 8, 9, 10, 11]);
        let joined = Joined::new(4, [[1, 2]].into_iter(), std::iter::empty());
        let counted = [(0, Rate::new(1, 1)), (2, Rate::new(0, 1)), (1, Rate::new(1, 1)), (3, Rate::new(0, 0))];
        assert_eq!(joined.sums(counted.into_iter()), [Rate::new(1, 1), Rate::new(1, 2)]);
    }
}
