//! Records compared as codes: [`CodedComparer`].

use super::comparer::{How, Measure, Step};
use super::sketch::Sketch;
use super::{Comparer, Evidence};
use crate::record::coded::{Coded, Rows, each};

/// A comparer of records that are held as codes.
#[derive(Clone, Debug)]
pub struct CodedComparer<'f> {
    comparer: &'f Comparer,
    files: &'f Coded,
    steps: Vec<CodedStep<'f>>,
}

impl Comparer {
    /// The same comparer for two files held as codes; it is one for the fields of `files` on both sides.
    pub fn over<'f>(&'f self, files: &'f Coded) -> CodedComparer<'f> {
        let steps = each(&self.steps, |step| {
            let settle = step.settle();
            let values = step.a[0].filter(|_| settle.is_some()).map(|column| files.values(column));
            let sketches = values.map_or(Vec::new(), |values| values.iter().map(Sketch::of).collect());
            (settle.filter(|_| !sketches.is_empty()), sketches)
        });
        let steps = self.steps.iter().zip(steps).map(|(step, (settle, sketches))| CodedStep {
            step,
            settle,
            sketches,
            incomplete: self.incomplete(step, files),
        });
        CodedComparer { comparer: self, files, steps: steps.collect() }
    }

    /// The codes of dates that are not known in full: one and the same text is not one and the same day.
    fn incomplete(&self, step: &Step, files: &Coded) -> Vec<u32> {
        let Some(column) = step.a[0].filter(|_| matches!(step.how, How::Date)) else { return Vec::new() };
        let texts = (0..).zip(files.values(column).iter()).skip(1);
        texts.filter(|(_, text)| self.level(step, |_| text, |_| text) != step.same).map(|(code, _)| code).collect()
    }
}

#[derive(Clone, Debug)]
struct CodedStep<'f> {
    step: &'f Step,
    settle: Option<Settle>,
    /// By code, where there is something to settle.
    sketches: Vec<Sketch>,
    /// Codes that do not reach the level of agreement with themselves, in rising order.
    incomplete: Vec<u32>,
}

/// The cases in which two sketches settle that two values reach no level.
#[derive(Clone, Copy, Debug)]
enum Settle {
    JaroBelow(f64),
    JaroWinklerBelow(f64),
    EditsAbove(f64),
}

impl Step {
    fn settle(&self) -> Option<Settle> {
        match (&self.how, self.measure) {
            (How::Similarity(_, cuts), Measure::Jaro) => cuts.first().map(|&cut| Settle::JaroBelow(cut)),
            (How::Similarity(_, cuts), Measure::JaroWinkler) => cuts.first().map(|&cut| Settle::JaroWinklerBelow(cut)),
            (How::Distance(_, cuts), _) => cuts.first().map(|&cut| Settle::EditsAbove(f64::from(cut))),
            _ => None,
        }
    }
}

/// Pairs whose rows are fetched together.
const PAIRS_AT_A_TIME: usize = 256;

impl CodedComparer<'_> {
    /// The evidence about two records, each given by its codes.
    pub fn compare(&self, a: &[u32], b: &[u32]) -> Evidence {
        let mut evidence = Evidence::new(&[]);
        self.steps.iter().for_each(|step| evidence.push(self.level(step, a, b)));
        evidence
    }

    /// The evidence about pairs of a row of `a` and a row of `b`, in their order.
    ///
    /// Rows and values lie far apart in memory. So the rows of some pairs are fetched together, and then these pairs are
    /// compared field by field.
    pub fn compare_all(&self, a: &Rows, b: &Rows, pairs: impl IntoIterator<Item = (u32, u32)>) -> Vec<Evidence> {
        let mut pairs = pairs.into_iter();
        let (mut all, mut codes): (Vec<Evidence>, Vec<u32>) = (Vec::with_capacity(pairs.size_hint().0), Vec::new());
        loop {
            codes.clear();
            for (row_a, row_b) in pairs.by_ref().take(PAIRS_AT_A_TIME) {
                codes.extend_from_slice(a.get(row_a as usize));
                codes.extend_from_slice(b.get(row_b as usize));
            }
            if codes.is_empty() {
                return all;
            }
            let (start, width) = (all.len(), self.files.fields().len());
            all.resize(start + codes.len() / (2 * width), Evidence::new(&[]));
            for step in &self.steps {
                for (evidence, codes) in all[start..].iter_mut().zip(codes.chunks_exact(2 * width)) {
                    let (a, b) = codes.split_at(width);
                    evidence.push(self.level(step, a, b));
                }
            }
        }
    }

    /// The level that two records reach in a step.
    #[inline]
    fn level(&self, coded: &CodedStep, a: &[u32], b: &[u32]) -> Option<u8> {
        let step = coded.step;
        // Most fields of most candidates agree, and that is seen without a look at the text.
        match (step.same, step.a[0].map(|column| (a[column], b[column]))) {
            (Some(_), None | Some((0, _) | (_, 0))) => None,
            (Some(same), Some((x, y))) if x == y && !coded.is_incomplete(x) => Some(same),
            (_, Some((x, y))) if coded.settled(x, y) => Some(0),
            _ => {
                let left = |i: usize| step.a[i].map_or("", |column| self.files.text(column, a[column]));
                let right = |i: usize| step.b[i].map_or("", |column| self.files.text(column, b[column]));
                self.comparer.level(step, left, right)
            }
        }
    }
}

impl CodedStep<'_> {
    #[inline]
    fn is_incomplete(&self, code: u32) -> bool {
        !self.incomplete.is_empty() && self.incomplete.binary_search(&code).is_ok()
    }

    /// Returns `true` if two different values are so unlike that their letters alone show it.
    fn settled(&self, x: u32, y: u32) -> bool {
        let Some(settle) = self.settle else { return false };
        let (x, y) = (&self.sketches[x as usize], &self.sketches[y as usize]);
        match settle {
            Settle::JaroBelow(cut) => x.most_jaro(y).is_some_and(|most| most < cut),
            Settle::JaroWinklerBelow(cut) => x.most_jaro_winkler(y).is_some_and(|most| most < cut),
            Settle::EditsAbove(cut) => x.least_edits(y).is_some_and(|least| least > cut),
        }
    }
}
