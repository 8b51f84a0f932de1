//! Memory: an estimate before the work, since a program that runs out of it is ended without a word.

use super::output::Failure;
use namesake::report::thousands;
use std::fs;

/// The memory that every command needs, in bytes.
const BASE: u64 = 30_000_000;

/// The memory that a request takes in a run, in bytes: measured with 10,000 and 100,000 requests in a country of ten
/// million.
const A_REQUEST: u64 = 1_800;

/// The memory that a request takes in each run beside the main one, which shares the country and the texts of results.
const A_REQUEST_BESIDE: u64 = 900;

/// Refuses what cannot fit: a run of so many requests, and so many runs beside it.
pub fn enough(requests: u64, beside: u64) -> Result<(), Failure> {
    let each = A_REQUEST + A_REQUEST_BESIDE * beside;
    let wanted = requests.saturating_mul(each).saturating_add(BASE);
    match available() {
        Some(there) if wanted > there => Err(Failure::Message(format!(
            "requester.requests: {} people asked for at a time take about {} of memory, and {} are free; lower --requests",
            thousands(requests),
            bytes(wanted),
            bytes(there)
        ))),
        _ => Ok(()),
    }
}

/// A number of bytes in words.
fn bytes(number: u64) -> String {
    match number {
        0..1_000_000_000 => format!("{} MB", number / 1_000_000),
        _ => format!("{:.1} GB", number as f64 / 1e9),
    }
}

/// The memory this process can still have, where the system says so: what is free on the machine, in its container and
/// below its own limit.
fn available() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let number = |text: &str| text.split_whitespace().find_map(|word| word.parse::<u64>().ok());
    let line = |path: &str, begins: &str| number(read(path)?.lines().find_map(|line| line.strip_prefix(begins))?);
    let free = line("/proc/meminfo", "MemAvailable:").map(|kilobytes| kilobytes * 1024);
    let of_container = || {
        let limit = number(&read("/sys/fs/cgroup/memory.max")?)?;
        // What it holds of files on disk is given back when it is needed.
        Some(limit.saturating_sub(line("/sys/fs/cgroup/memory.stat", "anon ")?))
    };
    let own = || {
        let used = line("/proc/self/status", "VmSize:")? * 1024;
        Some(line("/proc/self/limits", "Max address space")?.saturating_sub(used))
    };
    [free, of_container(), own()].into_iter().flatten().min()
}
