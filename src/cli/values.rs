//! Values of flags, from the text that was typed.

use namesake::experiment::sweep::READY;
use namesake::scenario::parse_count;

/// The most parts that a command may be divided into.
pub(super) const MOST_PARTS: u64 = 100_000;

/// The help of `--ready`.
pub(super) fn ready_sweeps() -> String {
    let names: Vec<&str> = READY.iter().map(|ready| ready.name).collect();
    format!("A preset sweep, one of {}", names.join(", "))
}

/// A number of people or requests.
pub(super) fn count(text: &str) -> Result<u64, String> {
    parse_count(text).map_err(str::to_string)
}

/// A finite number.
pub(super) fn finite(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|n: &f64| n.is_finite()).ok_or_else(|| "not a number; write 0.9 or -3.5".to_string())
}

/// A shard and the number of shards.
pub(super) fn shard(text: &str) -> Result<(u64, u64), String> {
    let parsed = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match parsed {
        Some((k, n)) if 1 <= k && k <= n && n <= MOST_PARTS => Ok((k, n)),
        _ => Err("write K/N with K from 1 to N, such as 1/3".to_string()),
    }
}
