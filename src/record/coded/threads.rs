//! Work on many items on as many threads as there are: [`both`], [`each`], [`change`], [`change_each`], [`end_to_end`].

use super::AT_A_TIME;

/// Does two things, at a time where there are threads.
pub fn both<X: Send, Y: Send>(x: impl FnOnce() -> X + Send, y: impl FnOnce() -> Y + Send) -> (X, Y) {
    #[cfg(feature = "parallel")]
    return rayon::join(x, y);
    #[cfg(not(feature = "parallel"))]
    (x(), y())
}

/// The results of `work` for each item, in the order of the items. It runs on as many threads as there are.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
        items.par_iter().map(work).collect()
    }
    #[cfg(not(feature = "parallel"))]
    items.iter().map(work).collect()
}

/// Changes each item, and gives what that results in, in the order of the items. It runs on as many threads as there are.
pub fn change_each<T: Send, R: Send>(items: &mut [T], work: impl Fn(&mut T) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};
        items.par_iter_mut().map(work).collect()
    }
    #[cfg(not(feature = "parallel"))]
    items.iter_mut().map(work).collect()
}

/// So many results for each of some parts, end to end, each of the number of its part and its place there. They are made on as
/// many threads as there are.
pub fn end_to_end<R: Send>(lengths: &[usize], work: impl Fn(usize, usize) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        let start = |sum: &mut usize, length: &usize| Some(std::mem::replace(sum, *sum + length));
        let starts: Vec<usize> = lengths.iter().chain([&0]).scan(0, start).collect();
        let of = |part: &mut usize, place: usize| {
            // Mostly it is the part of the place before.
            if !(starts[*part]..starts[*part + 1]).contains(&place) {
                *part = starts.partition_point(|start| *start <= place) - 1;
            }
            work(*part, place - starts[*part])
        };
        (0..lengths.iter().sum()).into_par_iter().map_with(0, of).collect()
    }
    #[cfg(not(feature = "parallel"))]
    (0..lengths.len())
        .flat_map(|part| (0..lengths[part]).map(move |place| (part, place)))
        .map(|(p, i)| work(p, i))
        .collect()
}

/// Changes all items, a part of them at a time and as many parts at once as there are threads. A part is so few that what
/// belongs to it stays near at hand.
pub fn change<T: Send>(items: &mut [T], work: impl Fn(&mut [T]) + Sync + Send) {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::ParallelIterator;
        use rayon::slice::ParallelSliceMut;
        items.par_chunks_mut(AT_A_TIME).for_each(work);
    }
    #[cfg(not(feature = "parallel"))]
    items.chunks_mut(AT_A_TIME).for_each(work);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_end_to_end_whatever_their_lengths() {
        let lengths = [0, 3, 0, 0, 70_000, 1, 0];
        let expected: Vec<(usize, usize)> =
            (0..lengths.len()).flat_map(|part| (0..lengths[part]).map(move |place| (part, place))).collect();
        assert_eq!(end_to_end(&lengths, |part, place| (part, place)), expected);
        assert_eq!(end_to_end(&[], |part, place| (part, place)), []);
    }
}
