//! Loops on all threads whose results do not depend on the threads.
//!
//! Any loop over the blocks of a country, to run an exchange or to count its people, runs here.

use std::ops::Range;

/// Progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage being worked on.
    pub stage: &'static str,
    /// The amount just done.
    pub done: u64,
    /// The total amount.
    pub total: u64,
}

/// Somebody who wants to know how far it has come; called from several threads.
pub type Watch<'w> = &'w (dyn Fn(Progress) + Sync);

/// Does `step` for every number of a range, on as many threads as there are, each with a state of its own.
///
/// The numbers that share a state differ from run to run, so states must hold what does not depend on order: sums, or
/// items that carry their number.
pub fn in_parallel<S: Send>(
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

/// Makes something of every number of a range, on all threads, and gives it to `take` in the order of the numbers, while
/// the next are made. A few hundred results are held at a time. The first failure of `take` ends it.
pub fn in_order<T: Send, E: Send>(
    range: Range<u64>,
    make: impl Fn(u64) -> T + Sync,
    stage: &'static str,
    watch: Watch<'_>,
    take: &mut (impl FnMut(T) -> Result<(), E> + Send),
) -> Result<(), E> {
    const AT_A_TIME: u64 = 256;
    let total = range.end.saturating_sub(range.start);
    watch(Progress { stage, done: 0, total });
    let made_from = |from: u64| -> Vec<T> {
        let to = (from + AT_A_TIME).min(range.end);
        let quiet = |_: Progress| {};
        sorted(in_parallel(from..to, Vec::new, |made, number| made.push((number, make(number))), stage, &quiet))
    };
    let mut from = range.start;
    let mut made = made_from(from);
    while !made.is_empty() {
        let done = made.len() as u64;
        from += done;
        let (taken, next) = both(|| made.into_iter().try_for_each(&mut *take), || made_from(from));
        taken?;
        watch(Progress { stage, done, total });
        made = next;
    }
    Ok(())
}

/// Makes something of every entry of a list, on all threads, in the order of the list.
pub fn in_this_order<T: Sync, R: Send>(
    list: &[T],
    make: impl Fn(&T) -> R + Sync,
    stage: &'static str,
    watch: Watch<'_>,
) -> Vec<R> {
    let range = 0..list.len() as u64;
    sorted(in_parallel(range, Vec::new, |made, at| made.push((at, make(&list[at as usize]))), stage, watch))
}

/// Numbered things that several threads made, in the order of their numbers.
pub fn sorted<R>(parts: Vec<Vec<(u64, R)>>) -> Vec<R> {
    let mut made: Vec<(u64, R)> = parts.into_iter().flatten().collect();
    made.sort_unstable_by_key(|(number, _)| *number);
    made.into_iter().map(|(_, made)| made).collect()
}

/// Does two things, at the same time where there are threads.
fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    #[cfg(feature = "parallel")]
    {
        rayon::join(a, b)
    }
    #[cfg(not(feature = "parallel"))]
    {
        (a(), b())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn every_number_is_done_once_and_progress_adds_up_to_the_total() {
        for range in [0..0, 5..6, 3..1_003] {
            let seen = AtomicU64::new(0);
            let watch = |progress: Progress| {
                seen.fetch_add(progress.done, Ordering::Relaxed);
            };
            let states = in_parallel(range.clone(), Vec::new, |done, number| done.push(number), "test", &watch);
            let mut done: Vec<u64> = states.into_iter().flatten().collect();
            done.sort_unstable();
            assert!(done.iter().copied().eq(range.clone()), "{range:?}");
            assert_eq!(seen.into_inner(), range.end - range.start);
        }
    }

    #[test]
    fn what_is_made_of_a_list_stands_in_its_order() {
        let list: Vec<u64> = (0..1_003).rev().collect();
        assert_eq!(
            in_this_order(&list, |number| number * 2, "test", &|_| {}),
            (0..1_003).rev().map(|n| n * 2).collect::<Vec<_>>()
        );
    }

    #[test]
    fn results_are_taken_in_order_until_one_is_refused() {
        let mut taken = Vec::new();
        let mut take = |number: u64| {
            taken.push(number);
            if number == 700 { Err("enough") } else { Ok(()) }
        };
        assert_eq!(in_order(0..2_000, |number| number, "test", &|_| {}, &mut take), Err("enough"));
        assert!(taken.into_iter().eq(0..=700));
    }
}
