//! Shares, intervals and large numbers, as the page writes them.

use crate::report::written::thousands;

/// Shares that read better as 1 in a number.
fn tiny(share: f64) -> bool {
    share > 0.0 && share < 0.000_099_5
}

/// A share as a percentage with two figures, or as 1 in a number: 0.70 %, 42 %, 1 in 43,000.
pub(super) fn share(share: f64) -> String {
    if tiny(share) {
        return format!("1 in {}", large(1.0 / share));
    }
    let percent = share * 100.0;
    let digits = match percent {
        p if p == 0.0 || p >= 9.95 => 0,
        p if p >= 0.995 => 1,
        p if p >= 0.0995 => 2,
        _ => 3,
    };
    if percent > 99.5 && percent < 100.0 { ">99.5 %".to_string() } else { format!("{percent:.digits$} %") }
}

/// An interval in the unit of its share, with two figures of its width: 0.5–1.0 %, or 1 in 37,000 – 1 in 8,100. That of
/// no case at all has only an upper end where it is narrow.
pub(super) fn reach(share: f64, low: f64, high: f64) -> String {
    if tiny(share) || share == 0.0 && tiny(high) {
        let end = format!("1 in {}", large(1.0 / high));
        return if low > 0.0 { format!("1 in {} – {end}", large(1.0 / low)) } else { format!("at most {end}") };
    }
    let digits = crate::report::written::decimals(high - low);
    format!("{:.digits$}–{:.digits$} %", low * 100.0, high * 100.0)
}

/// A large number in two or three figures and words: 143, 8,700, 283 million.
pub(super) fn large(number: f64) -> String {
    let rounded = |number: f64| {
        let step = libm::exp10(libm::floor(libm::log10(number.max(1.0))) - 1.0).max(1.0);
        (number / step).round() * step
    };
    match number {
        n if n < 999_500.0 => thousands(rounded(n) as u64),
        n if n < 999_500_000.0 => format!("{} million", thousands(rounded(n / 1e6) as u64)),
        n => format!("{} billion", thousands(rounded(n / 1e9) as u64)),
    }
}
