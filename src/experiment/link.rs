//! Two labelled files, matched and measured: [`link`].
//!
//! The same stages as in a simulation, in the same order, on records somebody brings. Nothing is trained on the labels;
//! they are read at the end, to count.

mod candidates;
mod check;
mod choose;
mod found;
mod measure;
mod notices;
mod one_to_one;
mod order;
mod relatives;
mod sessions;
mod spec;

use super::explain::Explanation;
use crate::bridge::{LabelledPair, PairRow, Side};
use crate::evaluation::CurvePoint;
use crate::linkage::blocking::{BlockingRule, LeftOut, normal_fields, normal_form, normalise_with, source};
use crate::linkage::comparison::{CodedComparer, Comparer, Comparison, Evidence};
use crate::linkage::decision::fellegi_sunter::{
    Chance, HouseholdGuard, Observed, Restarts, Trained, Training, ValueWeight, restart, train, train_in_sessions,
};
use crate::linkage::decision::learned::{Labelled, learn};
use crate::linkage::decision::saved::{History, Saved};
use crate::linkage::decision::{Model, Score};
use crate::notice::Notice;
use crate::random::{Decision, Seed};
use crate::record::coded::{Coded, change, each};
use crate::record::{Field, RecordId, Records};
use crate::stats::Rate;
use candidates::Candidates;
pub use check::{Checked, CheckedField, Persons, check};
pub use choose::{RuleLeftOut, default_blocking};
pub use found::{Scored, score};
use measure::measure;
use order::Keys;
use rustc_hash::FxHashMap;
use serde::Serialize;
pub use spec::{Assignment, Decide, LinkSpec, Sessions};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

/// Pairs drawn at random to learn how alike unrelated people are, where the files make more pairs than this.
pub const RANDOM_PAIRS: u64 = 400_000;

/// A blocking key that makes more pairs than this is left out, and counted.
pub const MAX_PAIRS_PER_KEY: u64 = 1_000_000;

/// Where a blocking rule makes more pairs than this, its largest keys are left out, and counted: the pairs of a link
/// are held in memory.
pub const MAX_PAIRS_PER_RULE: u64 = 10_000_000;

/// The largest connected component, in records of its smaller side, that is assigned exactly; in a larger one pairs are
/// taken greedily, best first.
pub const LARGEST_EXACT: usize = 300;

/// The margin of [`Assignment::BestMargin`] unless said otherwise: odds of eight to one over the second best. Assumed.
pub const DEFAULT_MARGIN: i32 = 3_000;

/// The most random points that EM is started from.
pub const MOST_STARTS: u32 = 1_000;

/// A pair that blocking proposed, with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoredPair {
    /// The row in file A.
    pub a: u32,
    /// The row in file B.
    pub b: u32,
    /// The first blocking rule that proposed it.
    pub rule: u8,
    /// Its evidence.
    pub evidence: Evidence,
    /// Its score.
    pub score: Score,
}

/// How many of what there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkCounts {
    /// Records of file A.
    pub records_a: u64,
    /// Records of file B.
    pub records_b: u64,
    /// Records without truth that were left out, of both files.
    pub ignored: u64,
    /// All pairs of a record of A and one of B.
    pub pairs: u64,
    /// Pairs that are one person.
    pub true_pairs: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// Those among them that are one person.
    pub candidate_true_pairs: u64,
    /// Pairs matched that are one person.
    pub returned_right: u64,
    /// Pairs matched that are two.
    pub returned_wrong: u64,
    /// Pairs matched of which another pair with the same score could as well have been taken: a hash of the record ids
    /// decided.
    pub tied: u64,
}

impl LinkCounts {
    /// Right among pairs matched.
    pub fn precision(&self) -> Rate {
        Rate::new(self.returned_right, self.returned_right + self.returned_wrong)
    }

    /// Pairs matched among those that are one person.
    pub fn recall(&self) -> Rate {
        Rate::new(self.returned_right, self.true_pairs)
    }

    /// Pairs matched among those that are two persons.
    pub fn pair_false_match(&self) -> Rate {
        Rate::new(self.returned_wrong, self.pairs - self.true_pairs)
    }

    /// True pairs that no blocking rule proposed.
    pub fn lost_at_blocking(&self) -> Rate {
        Rate::new(self.true_pairs - self.candidate_true_pairs, self.true_pairs)
    }
}

/// The threshold of the highest F1; the highest such threshold of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestF1<T = Score> {
    /// The F1.
    pub f1: f64,
    /// Its precision.
    pub precision: Rate,
    /// Its recall.
    pub recall: Rate,
    /// Its threshold.
    pub threshold: T,
    /// The assignment it belongs to.
    pub assignment: Assignment,
}

/// The rates of the records that share a value of a group column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRates {
    /// The group column.
    pub column: String,
    /// The file it is in.
    pub side: Side,
    /// The value.
    pub value: String,
    /// Records of that value.
    pub records: u64,
    /// Right among pairs matched that have such a record.
    pub precision: Rate,
    /// Pairs matched among those with such a record that are one person.
    pub recall: Rate,
}

/// One blocking rule and what it was good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCounts {
    /// The rule.
    pub rule: BlockingRule,
    /// Pairs that it was the first to propose.
    pub pairs: u64,
    /// Those among them that are one person.
    pub true_pairs: u64,
    /// Pairs that it proposes, whether another rule did before or not.
    pub alone: u64,
    /// Those among them that are one person.
    pub alone_true: u64,
    /// Pairs that its largest key makes.
    pub largest: u64,
    /// What the guard left out.
    pub left_out: LeftOut,
}

/// The candidate pairs to which a model gave a probability within one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// How many, and how many of them are one person.
    pub right: Rate,
    /// The mean of the probabilities given.
    pub given: f64,
}

/// The result of [`link`].
#[derive(Clone, Debug)]
pub struct LinkResult {
    /// How many of what.
    pub counts: LinkCounts,
    /// The threshold used.
    pub threshold: Score,
    /// The assignment used.
    pub assignment: Assignment,
    /// One point for each score that occurs, falling, for that assignment.
    pub curve: Vec<CurvePoint>,
    /// The best point of the curve; `None` without any true pair among the candidates.
    pub best_f1: Option<BestF1>,
    /// Rates by group, columns in the order of the spec, values sorted.
    pub by_group: Vec<GroupRates>,
    /// The blocking rules and what they proposed.
    pub by_rule: Vec<RuleCounts>,
    /// The rules of default blocking that were not used.
    pub rules_left_out: Vec<RuleLeftOut>,
    /// All candidate pairs with their scores, by row of A, then of B.
    pub pairs: Vec<ScoredPair>,
    /// The model.
    pub model: Model,
    /// How it was trained; `None` for models that somebody wrote or saved.
    pub training: Option<Trained>,
    /// How a saved model says that it was trained.
    pub trained_before: Option<History>,
    /// Where EM ended from other starts, if the spec asked for them.
    pub restarts: Option<Restarts>,
    /// Records of file A on which errors were counted, where the others were trained on.
    pub held_out: Option<u64>,
    /// Candidate pairs by tenths of the probability that the model gave them; empty where it gives none.
    pub calibration: Vec<Tenth>,
    /// The comparisons whose levels the evidence holds.
    pub comparisons: Vec<Comparison>,
    /// What to know about the figures, the files among them.
    pub notices: Vec<Notice>,
}

impl LinkResult {
    /// Every scored pair as other tools list them.
    pub fn pair_rows<'r>(&'r self, files: &'r LabelledPair) -> impl Iterator<Item = PairRow<'r>> {
        self.pairs.iter().map(|pair| PairRow {
            unique_id_l: files.a.ids.get(pair.a as usize),
            unique_id_r: files.b.ids.get(pair.b as usize),
            match_weight: pair.score.bits(),
            match_probability: self.model.probability(pair.score).map(|probability| probability.get()),
        })
    }

    /// Why a record of A and one of B scored as they did.
    pub fn explain(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> Explanation {
        let proposed = self.pairs.iter().find(|pair| (pair.a as usize, pair.b as usize) == (a, b));
        let (evidence, of_a) = self.compared(files, spec, a, b);
        Explanation {
            route: "link".to_owned(),
            proposed_by: proposed.map(|pair| self.by_rule[usize::from(pair.rule)].rule.to_string()),
            levels: evidence.named(&self.comparisons),
            terms: self.model.terms(&evidence, &of_a, 0),
            score: self.model.score(&evidence, &of_a, 0),
            threshold: self.threshold,
        }
    }

    /// The evidence about a record of A and one of B, and the normal form of the first.
    fn compared(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> (Evidence, Records) {
        let fields = files.records.fields();
        let [a, b] = [files.records.a.get(a), files.records.b.get(b)].map(|codes| {
            let cells: Vec<&str> = files.records.texts(codes).collect();
            let mut record = Records::new(fields);
            record.push(RecordId(0), &cells);
            normalise_with(&record, &spec.recorded())
        });
        let comparer = Comparer::new(&self.comparisons, a.fields(), b.fields(), &spec.nicknames);
        (comparer.compare(&a, 0, &b, 0), a)
    }
}

/// Who is lost at blocking, of the records of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockingOfGroup {
    /// The group column.
    pub column: String,
    /// The value.
    pub value: String,
    /// True pairs of such a record that any rule proposes.
    pub found: Rate,
    /// Those that each rule is the first to propose.
    pub by_rule: Vec<Rate>,
}

impl LinkResult {
    /// The completeness of blocking by the groups of file A.
    pub fn blocking_by_group(&self, files: &LabelledPair) -> Vec<BlockingOfGroup> {
        let partners = files.truth.partners();
        let mut all = Vec::new();
        for (column, values) in &files.a.groups {
            let mut groups: BTreeMap<&str, (u64, Vec<u64>)> = BTreeMap::new();
            let none = || (0, vec![0; self.by_rule.len()]);
            for (value, partners) in values.iter().zip(&partners) {
                groups.entry(value).or_insert_with(none).0 += partners;
            }
            for pair in self.pairs.iter().filter(|pair| files.truth.same(pair.a as usize, pair.b as usize)) {
                if let Some((_, by_rule)) = groups.get_mut(values.get(pair.a as usize)) {
                    by_rule[usize::from(pair.rule)] += 1;
                }
            }
            all.extend(groups.into_iter().map(|(value, (trials, by_rule))| BlockingOfGroup {
                column: column.clone(),
                value: value.to_owned(),
                found: Rate::new(by_rule.iter().sum(), trials),
                by_rule: by_rule.into_iter().map(|found| Rate::new(found, trials)).collect(),
            }));
        }
        all
    }

    /// The model as it can be saved.
    pub fn saved(&self, spec: &LinkSpec) -> Saved {
        let training = self.training.as_ref().map(History::of).or_else(|| self.trained_before.clone());
        Saved { training, ..Saved::of(&self.model, &self.comparisons, spec.threshold.map(Score::bits)) }
    }
}

/// A change of evidence that would change the decision about a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// What would have to differ: each comparison, its level, and the level it would have to have.
    pub changes: Vec<(String, String, String)>,
    /// The score then.
    pub score: Score,
}

impl LinkResult {
    /// What would have to differ for the decision about a pair to be the other one: every single comparison that would
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

/// Matches two labelled files and measures the errors.
pub fn link(files: &LabelledPair, spec: &LinkSpec) -> LinkResult {
    let records = normal_forms(&files.records, &spec.recorded());
    let comparer = Comparer::new(&spec.comparisons, records.fields(), records.fields(), &spec.nicknames);
    let comparer = comparer.over(&records);
    let keys = Keys::of(files);
    let known = Known::of(&records, &keys, &comparer, spec);
    let (chosen, rules_left_out) = match spec.choose_rules {
        true => choose::choose(&records, &keys, spec, &known),
        false => (spec.blocking.clone(), Vec::new()),
    };
    let spec = &LinkSpec { blocking: chosen, ..spec.clone() };
    let Candidates { mut pairs, by_rule } = Candidates::of(&records, &files.truth, spec);
    change(&mut pairs, |pairs| {
        let evidence = comparer.compare_all(&records.a, &records.b, pairs.iter().map(|pair| (pair.a, pair.b)));
        pairs.iter_mut().zip(evidence).for_each(|(pair, evidence)| pair.evidence = evidence);
    });
    let (mut training, mut restarts, mut tested) = (None, None, None);
    let mut trained = || {
        let (found, again) = train_on(&records, &keys, &known, &pairs, &comparer, spec);
        (training, restarts) = (Some(found.clone()), again);
        found.model
    };
    let model = match &spec.decide {
        Decide::Written(model) => model.clone(),
        Decide::FellegiSunter => Model::FellegiSunter(trained()),
        Decide::Saved(saved) => {
            let chances = if saved.wants_frequencies() { &known.chances[..] } else { &[] };
            saved.model(chances).expect("what is wrong with a saved model is said where it is read")
        }
        Decide::Learn(learner, share) => {
            let base = Model::FellegiSunter(trained());
            let test: Vec<bool> = keys.trained_on(&files.truth, *share).iter().map(|trained_on| !trained_on).collect();
            let mut labelled = Labelled::new();
            score_all(&base, &records, &mut pairs);
            for pair in pairs.iter().filter(|pair| !test[pair.a as usize]) {
                labelled.add(pair.evidence, pair.score, files.truth.same(pair.a as usize, pair.b as usize));
            }
            tested = Some(test);
            let Model::FellegiSunter(base) = base else { unreachable!("made above") };
            Model::Learned(learn(*learner, &labelled, &base))
        }
    };
    score_all(&model, &records, &mut pairs);
    measure(files, spec, &keys, pairs, Decided { model, training, restarts, tested }, by_rule, rules_left_out)
}

/// Two files in normal form, and beside that the fields that are compared as recorded.
fn normal_forms(files: &Coded, recorded: &[Field]) -> Coded {
    if recorded.is_empty() {
        return files.mapped(normal_form);
    }
    let column = |form: Field| source(files.fields(), &form).map(|column| (form, column));
    let columns: Vec<(Field, usize)> = normal_fields(files.fields(), recorded).into_iter().filter_map(column).collect();
    files.with_columns(&columns).mapped(normal_form)
}

/// Gives pairs the scores of a model.
fn score_all(model: &Model, records: &Coded, pairs: &mut [ScoredPair]) {
    // What agreement on each value weighs, by comparison and code.
    let of_comparison = |&comparison: &usize| {
        let weights = model.weights()?;
        let column = records.column(weights.by_value(comparison)?)?;
        Some((column, weights.weights_of_values(comparison, records.values(column))))
    };
    let comparisons: Vec<usize> = (0..model.weights().map_or(0, |weights| weights.parameters().len())).collect();
    let weights: Vec<Option<(usize, Arc<[ValueWeight]>)>> = each(&comparisons, of_comparison);
    let score = |pair: &ScoredPair| {
        let codes = records.a.get(pair.a as usize);
        model.score_with(&pair.evidence, |comparison| {
            let of_value = |(column, weights): &(usize, Arc<[ValueWeight]>)| weights[codes[*column] as usize];
            weights[comparison].as_ref().map_or(ValueWeight::default(), of_value)
        })
    };
    change(pairs, |pairs| pairs.iter_mut().for_each(|pair| pair.score = score(pair)));
}

/// A model, where it comes from, and on which rows of A its errors are to be counted; all where that is `None`.
struct Decided {
    model: Model,
    training: Option<Trained>,
    restarts: Option<Restarts>,
    tested: Option<Vec<bool>>,
}

/// Pairs that are counted at a time.
const COUNTED_AT_A_TIME: usize = 1 << 16;

/// How often each comes. The counts are added up elsewhere, so that the order of the table does not show.
fn counted<T: Hash + Eq>(items: impl Iterator<Item = T>) -> FxHashMap<T, u64> {
    let mut counts = FxHashMap::default();
    items.for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}

fn train_on(
    records: &Coded,
    keys: &Keys,
    known: &Known,
    candidates: &[ScoredPair],
    comparer: &CodedComparer,
    spec: &LinkSpec,
) -> (Trained, Option<Restarts>) {
    let mut training = Training::new();
    let parts: Vec<&[ScoredPair]> = candidates.chunks(COUNTED_AT_A_TIME).collect();
    for counts in each(&parts, |part| counted(part.iter().map(|pair| (pair.evidence, pair.rule)))) {
        counts.into_iter().for_each(|((evidence, rule), times)| training.add_times(evidence, rule, times));
    }
    known.random.iter().for_each(|(&evidence, &times)| training.add_random_times(evidence, times));
    if spec.household_guard == HouseholdGuard::On {
        relatives::count(records, keys, comparer, spec, &mut training);
    }
    let (of_a, of_b) = (records.a.len() as f64, records.b.len() as f64);
    let observed = Observed {
        training: &training,
        comparisons: &spec.comparisons,
        chances: &known.chances,
        pairs: of_a * of_b,
        matches: of_a.min(of_b),
        guard: spec.household_guard,
    };
    let trained = match spec.sessions {
        Sessions::One => train(&observed),
        Sessions::PerRule => train_in_sessions(&observed, &sessions::of_rules(records, candidates, spec)),
    };
    let again = (spec.starts > 0).then(|| {
        const STARTS: Decision = Decision::named("link.em_starts");
        let mut stream = Seed(0).stream(STARTS, 0);
        restart(&observed, spec.starts, || stream.uniform())
    });
    (trained, again)
}

/// What two files tell before any rule looks at them; nothing where no model is trained and no rule chosen.
#[derive(Default)]
struct Known {
    /// Of pairs drawn at random how many show each evidence.
    random: BTreeMap<Evidence, u64>,
    /// What chance makes agree, comparison by comparison.
    chances: Vec<Chance>,
}

impl Known {
    fn of(records: &Coded, keys: &Keys, comparer: &CodedComparer, spec: &LinkSpec) -> Known {
        let trains = matches!(spec.decide, Decide::FellegiSunter | Decide::Learn(..)) || spec.choose_rules;
        let mut known = Known::default();
        if trains {
            // The draws need no seed of the user's: they settle no fate, and one answer is better than many.
            let drawn = keys.random_pairs(RANDOM_PAIRS);
            let parts: Vec<&[(u32, u32)]> = drawn.chunks(COUNTED_AT_A_TIME).collect();
            let compared = |part: &[(u32, u32)]| comparer.compare_all(&records.a, &records.b, part.iter().copied());
            for counts in each(&parts, |part| counted(compared(part).into_iter())) {
                counts.into_iter().for_each(|(evidence, times)| *known.random.entry(evidence).or_default() += times);
            }
        }
        if trains || matches!(&spec.decide, Decide::Saved(saved) if saved.wants_frequencies()) {
            known.chances = Chance::of(&spec.comparisons, records);
            if !spec.term_frequencies {
                known.chances.iter_mut().for_each(|chance| chance.frequencies = None);
            }
        }
        known
    }
}

// The tests read files.
#[cfg(test)]
#[cfg(feature = "cli")]
mod tests {
    use super::one_to_one::Taken;
    use super::*;
    use crate::bridge::Spec;
    use crate::outside_data::shared_data;

    /// Links two of the shared labelled files with the example spec of that name.
    fn linked(a: &str, b: &str, spec: &str, change: impl Fn(&mut LinkSpec)) -> Option<LinkResult> {
        let (a, b) = (shared_data(&format!("data/labelled/{a}.csv"))?, shared_data(&format!("data/labelled/{b}.csv"))?);
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/examples/{spec}.toml"));
        let spec = Spec::read(&path).unwrap();
        let files = LabelledPair::read(&a, &b, &spec).unwrap();
        let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
        change(&mut link_spec);
        Some(link(&files, &link_spec))
    }

    fn summary(name: &str, result: &LinkResult) {
        eprintln!("{name}: {:?}\n  at {} {:?}", result.counts, result.threshold, result.best_f1);
        for rule in &result.by_rule {
            eprintln!("  {:<40} {:>8} pairs {:>6} true", rule.rule.to_string(), rule.pairs, rule.true_pairs);
        }
        if let Some(trained) = &result.training {
            let Trained { rounds, converged, expected_matches, m, .. } = trained;
            eprintln!(
                "  {rounds} rounds, {converged}, {expected_matches:.1} expected, {m:?}, {:?}",
                trained.model.priors()
            );
            for p in trained.model.parameters() {
                eprintln!("  {}", p.name);
                for i in 0..p.m.len() {
                    eprintln!("    {:<24} m {:.5} h {:.5} u {:.8}", p.labels[i], p.m[i], p.h[i], p.u[i]);
                }
            }
        }
    }

    #[test]
    fn febrl_is_linked_nearly_without_error() {
        let Some(result) = linked("febrl4a", "febrl4b", "febrl4", |_| ()) else { return };
        summary("febrl4", &result);
        assert!(result.best_f1.unwrap().f1 >= 0.999);
    }

    #[test]
    fn every_example_spec_is_one() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples");
        let mut read = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                LinkSpec::from_spec(&Spec::read(&path).unwrap()).unwrap();
                read += 1;
            }
        }
        assert!(read >= 3);
    }

    #[test]
    fn a_rule_written_by_hand_links_the_census_and_tax_files_nearly_as_well() {
        let (a, b) = ("pseudopeople_census_2020", "pseudopeople_tax1040_2020");
        let Some(result) = linked(a, b, "census_tax_rules", |_| ()) else { return };
        summary("census × tax, by rules", &result);
        assert!(result.best_f1.unwrap().f1 >= 0.9);
    }

    #[test]
    fn census_and_tax_files_are_linked_by_person_and_not_by_household() {
        let link = |change: fn(&mut LinkSpec)| {
            linked("pseudopeople_census_2020", "pseudopeople_tax1040_2020", "census_tax", change)
        };
        let Some(result) = link(|_| ()) else { return };
        summary("census × tax", &result);
        assert!(result.best_f1.unwrap().f1 >= 0.955);
        let Some(single) = link(|spec| spec.assignment = Assignment::OneToOne) else { return };
        eprintln!("one to one: {:?}", single.best_f1);
    }

    /// Two small files about invented people, some of them twice, with slips, gaps and relatives.
    fn small() -> (LabelledPair, Spec) {
        const GIVEN: [&str; 8] = ["Zoë", "Ana", "Łukasz", "Ōta", "Maria", "John", "Bjørn", "Eve"];
        const SURNAME: [&str; 9] =
            ["Nuñez", "Smith", "O'Brien", "Weiß", "Ōe", "Garcia", "Ivanova", "De la Cruz", "Wilson-Lee"];
        let mut files = ["id,who,given,last,born,no,street\n"; 2].map(String::from);
        for person in 0..700_u64 {
            let mut draws = Seed(9).stream(Decision::named("test.person"), person);
            let mut house = Seed(9).stream(Decision::named("test.house"), person / 2);
            let surname = SURNAME[house.below(9) as usize];
            let (number, street) =
                (1 + house.below(90), ["Oak Street", "Peñón Road", "North Ave"][house.below(3) as usize]);
            let given = GIVEN[draws.below(8) as usize];
            let born = format!("{}-{:02}-{:02}", 1940 + draws.below(60), 1 + draws.below(12), 1 + draws.below(28));
            for (side, file) in files.iter_mut().enumerate() {
                if draws.chance(0.2) {
                    continue;
                }
                let slip = |text: &str, draws: &mut crate::random::Stream| match draws.below(12) {
                    0 => String::new(),
                    1 => text.chars().skip(1).collect(),
                    _ => text.to_owned(),
                };
                let (given, surname) = (slip(given, &mut draws), slip(surname, &mut draws));
                let born = slip(&born, &mut draws);
                file.push_str(&format!("{side}-{person},p{person},{given},{surname},{born},{number},{street}\n"));
            }
        }
        let spec = Spec::parse(
            "spec.toml",
            r#"
            id = "id"
            truth = { column = "who", pattern = "p(.+)" }
            groups = ["given"]
            [fields]
            given_name = "given"
            surname = "last"
            date_of_birth = "born"
            house_number = "no"
            street = "street"
            "#,
        )
        .unwrap();
        let pair = LabelledPair::from_readers(("a.csv", files[0].as_bytes()), ("b.csv", files[1].as_bytes()), &spec);
        (pair.unwrap(), spec)
    }

    #[test]
    fn exchanging_the_files_changes_no_pair_and_no_score() {
        let (files, spec) = small();
        let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
        // Low enough for the guard to leave something out.
        link_spec.max_pairs_per_key = 12;
        let one_way = link(&files, &link_spec);
        let other_way = link(&files.turned(), &link_spec);
        assert!(one_way.by_rule.iter().any(|rule| rule.left_out.keys > 0));
        assert!(one_way.pairs.len() > 500);
        let mut pairs: Vec<ScoredPair> =
            other_way.pairs.iter().map(|pair| ScoredPair { a: pair.b, b: pair.a, ..*pair }).collect();
        pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        assert_eq!(one_way.pairs, pairs);
        assert_eq!(one_way.curve, other_way.curve);
        assert_eq!(one_way.by_rule, other_way.by_rule);
    }

    #[test]
    fn counts_add_up_and_the_result_is_the_same_every_time() {
        let (files, spec) = small();
        let link_spec = LinkSpec::from_spec(&spec).unwrap();
        let result = link(&files, &link_spec);
        summary("small", &result);
        assert_eq!(result.pairs, link(&files, &link_spec).pairs);
        let counts = result.counts;
        // Eight given names and nine surnames: relatives of one given name are many, and meant to be.
        assert!(result.best_f1.unwrap().f1 > 0.9);
        assert_eq!(counts.candidate_pairs, result.by_rule.iter().map(|rule| rule.pairs).sum::<u64>());
        assert_eq!(counts.candidate_true_pairs, result.by_rule.iter().map(|rule| rule.true_pairs).sum::<u64>());
        let last = result.curve.last().unwrap();
        assert_eq!(last.returned_right, counts.candidate_true_pairs);
        assert_eq!(last.returned_right + last.returned_wrong, counts.candidate_pairs);
        assert!(result.curve.windows(2).all(|points| points[0].threshold > points[1].threshold));
        let (records, right, of): (Vec<u64>, Vec<u64>, Vec<u64>) = result
            .by_group
            .iter()
            .map(|group| (group.records, group.recall.hits, group.recall.trials))
            .fold(Default::default(), |mut sums: (Vec<u64>, Vec<u64>, Vec<u64>), (records, hits, trials)| {
                sums.0.push(records);
                sums.1.push(hits);
                sums.2.push(trials);
                sums
            });
        assert_eq!(records.iter().sum::<u64>(), counts.records_a);
        assert_eq!(right.iter().sum::<u64>(), counts.returned_right);
        assert_eq!(of.iter().sum::<u64>(), counts.true_pairs);
        for pair in result.pairs.iter().step_by(7) {
            let why = result.explain(&files, &link_spec, pair.a as usize, pair.b as usize);
            assert_eq!(why.terms.iter().map(|term| term.value).sum::<i32>(), pair.score.0);
            assert_eq!(why.levels, pair.evidence.named(&result.comparisons));
        }
    }

    #[test]
    fn the_exact_assignment_is_the_best_of_all_and_greedy_is_one() {
        let mut ties = 0;
        for round in 0..300 {
            let mut draws = Seed(2).stream(Decision::named("test.assignment"), round);
            let (n, m) = (1 + draws.below(5) as u32, 1 + draws.below(5) as u32);
            let mut pairs = Vec::new();
            for a in 0..n {
                for b in 0..m {
                    if draws.chance(0.6) {
                        let score = Score(draws.below(if round % 2 == 0 { 40 } else { 4 }) as i32 - 10);
                        pairs.push(ScoredPair { a, b, rule: 0, evidence: Evidence::new(&[]), score });
                    }
                }
            }
            let lowest = pairs.iter().map(|pair| pair.score.0).min().unwrap_or(0);
            let total = |pairs: &[ScoredPair]| pairs.iter().map(|pair| pair.score.0 - lowest + 1).sum::<i32>();
            fn best_total(pairs: &[ScoredPair], lowest: i32, used: &[ScoredPair]) -> i32 {
                let Some((first, rest)) = pairs.split_first() else { return 0 };
                let without = best_total(rest, lowest, used);
                if used.iter().any(|pair| pair.a == first.a || pair.b == first.b) {
                    return without;
                }
                let used = [used, &[*first]].concat();
                without.max(first.score.0 - lowest + 1 + best_total(rest, lowest, &used))
            }
            if pairs.len() > 14 {
                continue;
            }
            const KEY: Decision = Decision::named("test.key");
            let key = |pair: &ScoredPair| Seed(3).stream(KEY, u64::from(pair.a * 5 + pair.b)).bits();
            let pairs_of = |taken: &[Taken]| taken.iter().map(|taken| taken.pair).collect::<Vec<_>>();
            let taken = one_to_one::one_to_one(&pairs, None, key);
            let (chosen, greedy) = (pairs_of(&taken), pairs_of(&one_to_one::greedy(pairs.clone(), key)));
            for chosen in [&chosen, &greedy] {
                let once = |row: fn(&ScoredPair) -> u32| {
                    let mut rows: Vec<u32> = chosen.iter().map(row).collect();
                    rows.sort_unstable();
                    rows.windows(2).all(|pair| pair[0] != pair[1])
                };
                assert!(once(|pair| pair.a) && once(|pair| pair.b));
            }
            let best = best_total(&pairs, lowest, &[]);
            assert_eq!(total(&chosen), best, "round {round}");
            for Taken { pair, tied } in taken {
                let others: Vec<ScoredPair> = pairs.iter().filter(|other| **other != pair).copied().collect();
                assert_eq!(tied, best_total(&others, lowest, &[]) == best, "round {round}, {pair:?}");
                ties += usize::from(tied);
            }
            assert!(total(&greedy) <= total(&chosen));
        }
        assert!(ties > 50, "{ties}");
    }

    /// A country of families in two files without addresses, some of whose members use the number of another.
    fn with_borrowed_numbers() -> (LabelledPair, Spec) {
        let mut files = ["id,who,given,last,born,ssn\n"; 2].map(String::from);
        for person in 0..9_000_u64 {
            let of = |name: &str, index: u64, n: u64| Seed(4).stream(Decision::named(name), index).below(n);
            let family = person / 3;
            let given = format!(
                "{}{}",
                ["Zoë", "Ana", "Łu", "Jo", "Bjø"][of("one", person, 5) as usize],
                of("two", person, 40)
            );
            let surname = format!("Nuñez{}", of("surname", family, 1_500));
            let born = format!(
                "{}-{:02}-{:02}",
                1940 + of("year", person, 60),
                1 + of("month", person, 12),
                1 + of("day", person, 28)
            );
            for (side, file) in files.iter_mut().enumerate() {
                let index = person * 2 + side as u64;
                let owner = if of("borrows", index, 9) == 0 { family * 3 } else { person };
                let number = 100_000_000 + of("number", owner, 800_000_000);
                let given = if of("slip", index, 12) == 0 { given.replace('a', "e") } else { given.clone() };
                if of("absent", index, 6) > 0 {
                    file.push_str(&format!("{side}-{person},p{person},{given},{surname},{born},{number}\n"));
                }
            }
        }
        let spec = "id = \"id\"\ntruth = \"who\"\n[fields]\ngiven_name = \"given\"\nsurname = \"last\"\n\
                    date_of_birth = \"born\"\nnumber = \"ssn\"\n";
        let spec = Spec::parse("spec.toml", spec).unwrap();
        let pair = LabelledPair::from_readers(("a.csv", files[0].as_bytes()), ("b.csv", files[1].as_bytes()), &spec);
        (pair.unwrap(), spec)
    }

    #[test]
    fn relatives_without_addresses_who_share_a_number_are_not_one_person() {
        let (files, spec) = with_borrowed_numbers();
        let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
        let with = link(&files, &link_spec);
        link_spec.household_guard = HouseholdGuard::Off;
        let without = link(&files, &link_spec);
        assert!(without.counts.returned_wrong > 100, "{:?}", without.counts);
        assert!(with.counts.returned_wrong * 10 < without.counts.returned_wrong, "{:?}", with.counts);
        assert!(with.counts.recall().value().unwrap() > 0.99, "{:?}", with.counts);
        let pair = with.pairs.iter().find(|pair| pair.score > with.threshold).unwrap();
        let why = with.explain(&files, &link_spec, pair.a as usize, pair.b as usize);
        assert_eq!(why.terms.iter().map(|term| term.value).sum::<i32>(), pair.score.0);
    }

    #[test]
    fn default_blocking_takes_what_finds_matches_and_leaves_out_what_makes_pairs() {
        let (files, spec) = with_borrowed_numbers();
        let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
        let chosen = link(&files, &link_spec);
        link_spec.choose_rules = false;
        link_spec.max_pairs_per_rule = 100_000;
        let all = link(&files, &link_spec);
        assert!(all.rules_left_out.is_empty() && !chosen.rules_left_out.is_empty());
        assert_eq!(all.by_rule.len(), link_spec.blocking.len());
        let (few, many) = (&chosen.counts, &all.counts);
        assert!(few.candidate_pairs * 2 < many.candidate_pairs, "{few:?} {many:?}");
        assert!(few.candidate_true_pairs * 1_000 > many.candidate_true_pairs * 999, "{few:?} {many:?}");
        // What a rule left out would add is what it adds where it is used.
        let left_out = chosen.rules_left_out.iter().filter(|rule| rule.matches.is_some());
        let left_out = left_out.max_by_key(|rule| rule.pairs).unwrap();
        link_spec.blocking = chosen.by_rule.iter().map(|counts| counts.rule.clone()).collect();
        link_spec.blocking.push(left_out.rule.clone());
        link_spec.max_pairs_per_rule = u64::MAX;
        let with_it = link(&files, &link_spec);
        assert_eq!(with_it.by_rule.last().unwrap().pairs, left_out.pairs);
    }

    #[test]
    fn a_rule_set_links_and_what_is_wrong_with_one_is_said() {
        let (files, spec) = small();
        let with = |model: &str| {
            let mut spec = spec.clone();
            spec.model = Some(model.parse().unwrap());
            LinkSpec::from_spec(&spec)
        };
        let rules = with(
            r#"
            threshold = 2
            assignment = "best"
            [[rule]]
            name = "names and date"
            strength = 2
            all = ["given_name: similar 0.92", "surname: similar 0.92", "date_of_birth: same"]
            "#,
        );
        let result = link(&files, &rules.unwrap());
        assert_eq!(result.threshold, Score(2000));
        assert!(result.training.is_none());
        assert!(result.counts.precision().value().unwrap() > 0.99);
        for (model, expected) in [
            ("kind = \"felegi-sunter\"", "did you mean fellegi-sunter?"),
            ("kind = \"rules\"", "a rule set needs rules"),
            (
                "kind = \"logistic\"\nload = \"model.toml\"\nsessions = \"per-rule\"",
                "does nothing to a model that is loaded",
            ),
            ("train_share = 0.3", "does nothing to a model of kind \"fellegi-sunter\""),
            ("starts = 100000000", "write at most 1000"),
            ("margin = -5", "write 0 or more"),
            ("[[comparison]]\nkind = \"address\"\nfield = \"street\"", "field"),
            ("tresholds = 1", "did you mean threshold?"),
            ("assignment = \"one to one\"", "did you mean one-to-one?"),
            ("[[rule]]\nname = \"x\"\nstrength = 1\nall = [\"zip: same\"]", "\"date_of_birth\""),
            ("[[comparison]]\nkind = \"exact\"\nfield = \"zip\"", "not among the [fields]"),
            ("[[comparison]]\nkind = \"jaro_winkler\"\nfield = \"surname\"\ncuts = [92]", "above 0 and at most 1"),
            ("threshold = nan", "no number"),
            ("[[comparison]]\nkind = \"exakt\"\nfield = \"zip\"", "exact"),
        ] {
            let message = with(model).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
        let mut spec = spec.clone();
        spec.blocking = Some("rules = [\"surnam:4\"]".parse().unwrap());
        assert!(LinkSpec::from_spec(&spec).unwrap_err().to_string().contains("did you mean surname?"));
        spec.blocking = Some("rules = [\"date_of_birth as recorded:year\"]".parse().unwrap());
        assert!(LinkSpec::from_spec(&spec).unwrap_err().to_string().contains("leave out \"as recorded\""));
    }
}
