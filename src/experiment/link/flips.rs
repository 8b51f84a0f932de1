//! Counterfactual explanations of a decision: [`Flip`].

use super::result::LinkResult;
use crate::bridge::LabelledPair;
use crate::linkage::batch::LinkSpec;
use crate::linkage::comparison::{Comparison, Evidence};
use crate::linkage::decision::Score;
use serde::Serialize;

/// A change of evidence that would change the decision about a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// The changes: each comparison, its level, and the level it would have to have.
    pub changes: Vec<(String, String, String)>,
    /// The score then.
    pub score: Score,
}

impl LinkResult {
    /// The changes that would turn the decision about a pair round: every single comparison that would
    /// do it alone, with the nearest level that does; or if none would, every two that would do it together. How common
    /// a value is stays as it is.
    pub fn flips(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> Vec<Flip> {
        let (evidence, of_a) = self.compared(files, spec, a, b);
        let reached = |evidence: &Evidence| self.model.score(evidence, &of_a, 0) >= self.threshold;
        let now = reached(&evidence);
        let labels: Vec<Vec<String>> = self.comparisons.iter().map(Comparison::labels).collect();
        let label = |i: usize, level: Option<u8>| {
            level.map_or("missing", |level| labels[i][usize::from(level)].as_str()).to_owned()
        };
        let with = |changes: &[(usize, u8)]| {
            let mut levels: Vec<Option<u8>> = (0..evidence.len()).map(|i| evidence.level(i)).collect();
            changes.iter().for_each(|&(i, level)| levels[i] = Some(level));
            Evidence::new(&levels)
        };
        let flip = |changes: &[(usize, u8)]| Flip {
            changes: changes
                .iter()
                .map(|&(i, level)| {
                    (self.comparisons[i].name.clone(), label(i, evidence.level(i)), label(i, Some(level)))
                })
                .collect(),
            score: self.model.score(&with(changes), &of_a, 0),
        };
        // The levels a comparison could have instead, nearest first.
        let others = |i: usize| {
            let at = evidence.level(i).map_or(0, i16::from);
            let mut levels: Vec<u8> =
                (0..labels[i].len() as u8).filter(|&level| evidence.level(i) != Some(level)).collect();
            levels.sort_by_key(|&level| ((i16::from(level) - at).abs(), level));
            levels
        };
        let does = |changes: &[(usize, u8)]| reached(&with(changes)) != now;
        let alone: Vec<Flip> = (0..labels.len())
            .filter_map(|i| others(i).into_iter().find(|&level| does(&[(i, level)])).map(|level| flip(&[(i, level)])))
            .collect();
        if !alone.is_empty() {
            return alone;
        }
        let mut both = Vec::new();
        for i in 0..labels.len() {
            for j in i + 1..labels.len() {
                let choices = others(i).into_iter().flat_map(|x| others(j).into_iter().map(move |y| [(i, x), (j, y)]));
                both.extend(choices.into_iter().find(|changes| does(changes)).map(|changes| flip(&changes)));
            }
        }
        both
    }
}
