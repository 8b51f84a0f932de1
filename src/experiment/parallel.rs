//! Doing something for every number of a range on all threads, with results that do not depend on how many there are.

use super::{Progress, Watch};
use std::ops::Range;

/// Does `step` for every number of a range, on as many threads as there are, each with a state of its own.
///
/// Which numbers share a state differs from run to run, so states must hold what does not depend on order: sums, or
/// items that carry their number.
pub(super) fn in_parallel<S: Send>(
    range: Range<u64>,
    new: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, u64) + Sync,
    stage: &'static str,
    watch: Watch<'_>,
) -> Vec<S> {
    use std::sync::atomic::{AtomicU64, Ordering};
    // A few dozen numbers at a time: fewer would quarrel over the counter, more would leave threads idle at the end.
    const AT_A_TIME: u64 = 16;
    let next = AtomicU64::new(range.start);
    let total = range.end.saturating_sub(range.start);
    watch(Progress { stage, done: 0, total });
    let work = || {
        let mut state = new();
        loop {
            let from = next.fetch_add(AT_A_TIME, Ordering::Relaxed);
            if from >= range.end {
                return state;
            }
            let to = (from + AT_A_TIME).min(range.end);
            (from..to).for_each(|number| step(&mut state, number));
            watch(Progress { stage, done: to - from, total });
        }
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        (0..rayon::current_num_threads()).into_par_iter().map(|_| work()).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        vec![work()]
    }
}

/// Makes something of every number of a range, on all threads, and gives it to `take` in the order of the numbers.
/// A few hundred results are held at a time. The first failure of `take` ends it.
pub fn in_order<T: Send, E>(
    range: Range<u64>,
    make: impl Fn(u64) -> T + Sync,
    stage: &'static str,
    watch: Watch<'_>,
    take: &mut impl FnMut(&T) -> Result<(), E>,
) -> Result<(), E> {
    const AT_A_TIME: u64 = 512;
    let total = range.end.saturating_sub(range.start);
    watch(Progress { stage, done: 0, total });
    let mut from = range.start;
    while from < range.end {
        let to = (from + AT_A_TIME).min(range.end);
        let quiet = |_: Progress| {};
        let parts = in_parallel(from..to, Vec::new, |made, number| made.push((number, make(number))), stage, &quiet);
        let mut made: Vec<(u64, T)> = parts.into_iter().flatten().collect();
        made.sort_unstable_by_key(|(number, _)| *number);
        made.iter().try_for_each(|(_, made)| take(made))?;
        watch(Progress { stage, done: to - from, total });
        from = to;
    }
    Ok(())
}
