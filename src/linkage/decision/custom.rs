//! Custom decision models: [`CustomModel`].

use super::{Score, Term};
use crate::linkage::comparison::Evidence;
use std::fmt;

/// A decision model that is not built in: evidence in, scores out.
///
/// It is given to whoever reads the scenario or spec, in [`Extensions`](crate::linkage::Extensions), and named in a model:
/// `kind = "custom"`, `use = "votes"`.
///
/// ```
/// use namesake::linkage::comparison::Evidence;
/// use namesake::linkage::decision::{CustomModel, Score};
///
/// /// One step for each comparison that does not disagree.
/// #[derive(Debug)]
/// struct Votes;
///
/// impl CustomModel for Votes {
///     fn scores(&self, pairs: &[Evidence]) -> Vec<Score> {
///         let agree = |pair: &Evidence| (0..pair.len()).filter(|&i| pair.level(i).is_some_and(|level| level > 0)).count();
///         pairs.iter().map(|pair| Score(1000 * agree(pair) as i32)).collect()
///     }
/// }
///
/// assert_eq!(Votes.scores(&[Evidence::new(&[Some(2), None, Some(0)])]), [Score(1000)]);
/// ```
///
/// The score of a pair must depend on its evidence alone, and on nothing that came before: results are the same on any
/// number of threads only if it does.
pub trait CustomModel: fmt::Debug + Send + Sync {
    /// The score of each pair, in their order. A higher score is a better match; results print a thousandth of it.
    fn scores(&self, pairs: &[Evidence]) -> Vec<Score>;

    /// The reasons for the score of a pair, for those who ask for them. What they leave of the score is shown as a term
    /// called `rest`.
    fn terms(&self, _evidence: &Evidence) -> Vec<Term> {
        Vec::new()
    }

    /// The score from which a pair is a match, where no threshold is stated.
    fn default_threshold(&self) -> Score {
        Score(1000)
    }
}

/// The score of one pair.
pub(super) fn score(model: &dyn CustomModel, evidence: &Evidence) -> Score {
    scores(model, std::slice::from_ref(evidence))[0]
}

/// The scores of pairs.
///
/// # Panics
/// If the model gives more or fewer scores than there are pairs: that is a mistake in its code.
pub(super) fn scores(model: &dyn CustomModel, pairs: &[Evidence]) -> Vec<Score> {
    let scores = model.scores(pairs);
    assert_eq!(scores.len(), pairs.len(), "{model:?} gave {} scores for {} pairs", scores.len(), pairs.len());
    scores
}

/// The terms of a score; they sum to it exactly.
pub(super) fn terms(model: &dyn CustomModel, evidence: &Evidence) -> Vec<Term> {
    let mut terms = model.terms(evidence);
    let rest = score(model, evidence).0 - terms.iter().map(|term| term.value).sum::<i32>();
    if rest != 0 {
        terms.push(Term { name: "rest".to_owned(), level: String::new(), value: rest });
    }
    terms
}
