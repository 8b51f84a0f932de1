//! Threads: how many there are, and what is said where the system refuses some.

use super::folder;
use super::interrupt;
use super::output::{Failure, tell};
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than any machine for which this was made has; each costs memory.
const MOST: u64 = 1024;

/// Starts the threads: as many as the flag says, or else `RAYON_NUM_THREADS`, or else as many as the machine has. From
/// then on Ctrl-C is taken care of.
pub fn start(flag: Option<u64>) -> Result<(), Failure> {
    let variable = || std::env::var("RAYON_NUM_THREADS").ok()?.trim().parse().ok().filter(|number| *number > 0);
    let (named, wanted) = match (flag, variable()) {
        (Some(number), _) => (format!("--threads {number}"), number),
        (None, Some(number)) => (format!("RAYON_NUM_THREADS={number}"), number),
        (None, None) => {
            let there = thread::available_parallelism().map_or(1, |number| number.get() as u64).min(MOST);
            (format!("--threads {there}"), there)
        }
    };
    if !(1..=MOST).contains(&wanted) {
        return Err(Failure::Message(format!("{named}: write a number of threads between 1 and {MOST}")));
    }
    // The first thread is the one we are on; Ctrl-C has another one.
    let wanted = wanted as usize;
    let allowed = allowed(wanted);
    if allowed > 0 {
        interrupt::watch(folder::clear, tell);
    }
    let number = allowed.clamp(1, wanted);
    if number < wanted {
        tell(&format!("the system allows {number} of {wanted} threads; the results are the same and take longer"));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(number).use_current_thread();
    pool.build_global().map_err(|error| {
        Failure::Message(format!(
            "{named}: no threads can be started: {error}; write --threads 1, or end other programs"
        ))
    })
}

/// As many threads, up to a number, as the system allows beside this one. It is tried, since a pool that gets fewer than
/// it wants cannot be made again.
fn allowed(wanted: usize) -> usize {
    let gate = RwLock::new(());
    thread::scope(|scope| {
        let shut = gate.write();
        let wait = || drop(gate.read());
        let started = (0..wanted).take_while(|_| thread::Builder::new().spawn_scoped(scope, wait).is_ok()).count();
        drop(shut);
        started
    })
}

/// Does something for some numbers, several at a time, each on one thread. What a small run does on one thread alone
/// (setting up a country) is most of it, so several at a time are faster than one on all threads. The first failure ends
/// it.
pub fn several_at_a_time(
    numbers: &[u64],
    one: impl Fn(u64) -> Result<(), Failure> + Sync + Copy,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    // Each worker is a pool of one thread for the run it makes.
    let work = || {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        alone.map_err(|error| Failure::Message(format!("no thread: {error}")))?;
        while let Some(number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(failure) = one(*number) {
                next.store(numbers.len(), Ordering::Relaxed);
                return Err(failure);
            }
        }
        Ok(())
    };
    let workers = rayon::current_num_threads().min(numbers.len());
    std::thread::scope(|scope| {
        // Fewer workers than there are threads do the same; what none of them does is done below.
        let spawn = |_| std::thread::Builder::new().spawn_scoped(scope, work).ok();
        let workers: Vec<_> = (0..workers).map_while(spawn).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a panic has ended the program already"))
    })?;
    let left = numbers.get(next.load(Ordering::Relaxed)..).unwrap_or_default();
    left.iter().copied().try_for_each(one)
}
