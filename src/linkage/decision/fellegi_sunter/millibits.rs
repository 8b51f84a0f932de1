//! Logarithms to base 2 in thousandths, and back: every pair is scored by some, so they come from tables.

use std::sync::LazyLock;

/// The thousandths of a doubling.
const STEPS: usize = 1_000;

/// 2 to the power of each thousandth.
static POWERS: LazyLock<Vec<f64>> = LazyLock::new(|| (0..STEPS).map(|step| libm::exp2(step as f64 / 1000.0)).collect());

/// The numbers from which one thousandth more is nearer, and behind them one that no mantissa reaches.
static BOUNDS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..=STEPS).map(|step| libm::exp2((step as f64 + 0.5) / 1000.0)).collect());

/// The bits of a mantissa by which [`FIRST`] is looked up, and those behind them.
const LOOKED_UP: u32 = 10;
const MANTISSA: u32 = f64::MANTISSA_DIGITS - 1;

/// By the first bits of a mantissa: how many bounds are no greater than the least number that begins so.
static FIRST: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let least = |bits: usize| 1.0 + bits as f64 / f64::from(1 << LOOKED_UP);
    (0..1 << LOOKED_UP).map(|bits| BOUNDS.partition_point(|bound| *bound <= least(bits)) as u16).collect()
});

/// 2 to the power of so many thousandths, which come to fewer than a thousand doublings either way.
pub(super) fn power(thousandths: i32) -> f64 {
    let (whole, rest) = (thousandths.div_euclid(STEPS as i32), thousandths.rem_euclid(STEPS as i32));
    let doublings = f64::from_bits(((whole + f64::MAX_EXP - 1) as u64) << MANTISSA);
    POWERS[rest as usize] * doublings
}

/// The logarithm to base 2 of a number from 1 up, in thousandths, to the nearest.
pub(super) fn of(number: f64) -> i32 {
    debug_assert!(number >= 1.0);
    let bits = number.to_bits();
    let doublings = (bits >> MANTISSA) as i32 - (f64::MAX_EXP - 1);
    let of_mantissa = bits & ((1 << MANTISSA) - 1);
    let mantissa = f64::from_bits(of_mantissa | 1.0_f64.to_bits());
    let first = usize::from(FIRST[(of_mantissa >> (MANTISSA - LOOKED_UP)) as usize]);
    let further = BOUNDS[first..].iter().take_while(|bound| **bound <= mantissa).count();
    doublings * STEPS as i32 + (first + further) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_give_what_the_functions_give() {
        for thousandths in -14_000..60_000 {
            let (table, function) = (power(thousandths), libm::exp2(f64::from(thousandths) / 1000.0));
            assert!((table / function - 1.0).abs() < 1e-14, "{thousandths}");
            for number in [1.0 + table, 1.0 + 1.7 * table] {
                assert_eq!(of(number), (1000.0 * libm::log2(number)).round_ties_even() as i32, "{number}");
            }
        }
        assert_eq!([1.0, 2.0, 4.0, 1.999_9].map(of), [0, 1_000, 2_000, 1_000]);
    }
}
