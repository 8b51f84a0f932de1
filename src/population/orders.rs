//! The number of people of a block who have a final order on record, and the families to which they belong.
//!
//! Families with an order are Poisson in number. A family has further members with an order, each as likely as the one
//! before. So the orders of a block have the law of Pólya and Aeppli (geometric clusters; N. L. Johnson, A. W. Kemp and
//! S. Kotz, *Univariate Discrete Distributions*, 3rd ed., 9.7). One uniform number gives the number of orders;
//! everything else about the orders of a block is drawn given that number.

use crate::random::Stream;

/// At most this many people of a block have a final order on record.
pub const MOST_ORDERS: u64 = 48;

/// The law of how many orders there are in a block.
pub(super) struct Orders {
    /// Cumulative probability of each number.
    cumulative: Vec<f64>,
    /// Probability of each number.
    probability: Vec<f64>,
    /// Chance of one more in the family.
    further: f64,
}

impl Orders {
    /// The law with that mean number in a block, where an order is followed by one more in the family with chance
    /// `further`.
    pub(super) fn new(mean: f64, further: f64) -> Orders {
        let families = mean * (1.0 - further);
        let mut probability = vec![libm::exp(-families)];
        for n in 1..MOST_ORDERS as usize {
            // Panjer's recursion: over the size of the family of one of the n.
            let sum: f64 = (1..=n).map(|size| size as f64 * of_size(size, further) * probability[n - size]).sum();
            probability.push(families / n as f64 * sum);
        }
        let mut sum = 0.0;
        let cumulative = probability.iter().map(|p| {
            sum += p;
            sum
        });
        Orders { cumulative: cumulative.collect(), probability, further }
    }

    /// The number at that place of the unit interval.
    pub(super) fn number(&self, u: f64) -> u64 {
        (self.cumulative.partition_point(|&cumulative| cumulative <= u) as u64).min(MOST_ORDERS)
    }

    /// Draws how many of `orders` are in the family of the first of them.
    pub(super) fn family(&self, orders: usize, stream: &mut Stream) -> usize {
        let weight = |size: usize| {
            size as f64 * of_size(size, self.further) * self.probability.get(orders - size).unwrap_or(&0.0)
        };
        let mut left = stream.uniform() * (1..=orders).map(weight).sum::<f64>();
        for size in 1..orders {
            left -= weight(size);
            if left < 0.0 {
                return size;
            }
        }
        orders
    }
}

/// The share of families of `size` orders.
fn of_size(size: usize, further: f64) -> f64 {
    (1.0 - further) * (1..size).fold(1.0, |power, _| power * further)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};

    #[test]
    fn orders_have_their_mean_and_families_their_sizes() {
        for (mean, further) in [(1.0, 0.0), (1.0, 0.3), (5.0, 0.2)] {
            let law = Orders::new(mean, further);
            let (mut orders, mut families, mut alone) = (0, 0, 0);
            let blocks = 40_000;
            for block in 0..blocks {
                let mut stream = Seed(2).stream(Decision::named("test"), block);
                let mut left = law.number(stream.uniform()) as usize;
                orders += left;
                while left > 0 {
                    let size = law.family(left, &mut stream);
                    families += 1;
                    alone += usize::from(size == 1);
                    left -= size;
                }
            }
            let got = orders as f64 / blocks as f64;
            assert!((got / mean - 1.0).abs() < 0.03, "{mean} {further}: {got}");
            let got = alone as f64 / families as f64;
            assert!((got - (1.0 - further)).abs() < 0.01, "{mean} {further}: {got}");
        }
        assert_eq!(Orders::new(0.0, 0.3).number(0.999_999), 0);
    }
}
