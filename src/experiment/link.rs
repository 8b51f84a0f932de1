//! Two labelled files, matched and measured: [`link`].
//!
//! The same stages as in a simulation, in the same order, on records somebody brings. Nothing is trained on the labels;
//! they are read at the end, to count.

use super::Explanation;
use crate::blocking::{BlockingRule, Index, LeftOut, Scratch, normalise};
use crate::bridge::{BridgeError, LabelledPair, PairRow, Side, Spec, check_keys, suggestion};
use crate::comparison::{Comparer, Comparison, Evidence, MAX_COMPARISONS, Nicknames, default_comparisons};
use crate::decision::fellegi_sunter::{Chance, Trained, Training, train};
use crate::decision::{Model, Rule, RuleSet, Score};
use crate::random::{Decision, Seed};
use crate::record::{Field, Records};
use crate::stats::Rate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::{Table, Value};

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

/// What is to be done with two files, parsed.
#[derive(Clone, Debug)]
pub struct LinkSpec {
    /// The blocking rules, in the order in which they are tried.
    pub blocking: Vec<BlockingRule>,
    /// The guard on blocking keys; see [`MAX_PAIRS_PER_KEY`].
    pub max_pairs_per_key: u64,
    /// The guard on blocking rules; see [`MAX_PAIRS_PER_RULE`].
    pub max_pairs_per_rule: u64,
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
    /// A rule set; `None` for a Fellegi–Sunter model trained on the files.
    pub rules: Option<RuleSet>,
    /// The threshold; `None` for the model's own.
    pub threshold: Option<Score>,
    /// Which of the pairs above the threshold count as matches.
    pub assignment: Assignment,
    /// Which file is indexed inside. It changes no pair and no score.
    pub indexed: Side,
    /// Forms of one given name; the built-in table unless said otherwise.
    pub nicknames: Nicknames,
}

/// Which pairs are matches among those that reach the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assignment {
    /// All of them.
    #[default]
    All,
    /// For each record of file A the one with the highest score; of equals the one that stands first in file B.
    Best,
    /// No record in two pairs, and the sum of scores, counted from the lowest candidate's, the greatest possible; see
    /// [`LARGEST_EXACT`]. It is made once, among all candidates, and the threshold applied to it.
    OneToOne,
}

impl Assignment {
    /// Every assignment with the name that users give it.
    pub const NAMED: [(&str, Assignment); 3] =
        [("all", Assignment::All), ("best", Assignment::Best), ("one-to-one", Assignment::OneToOne)];

    /// The assignment of that name.
    pub fn from_name(name: &str) -> Option<Assignment> {
        Assignment::NAMED.iter().find(|(known, _)| *known == name).map(|&(_, assignment)| assignment)
    }

    /// The name that users give it.
    pub fn name(self) -> &'static str {
        Assignment::NAMED.iter().find(|(_, assignment)| *assignment == self).map_or("", |(name, _)| name)
    }
}

/// The blocking rules that suit files in which these fields are present on both sides.
///
/// Each rule lives on other fields than its neighbours, so that one error does not silence them all.
pub fn default_blocking(fields: &[Field]) -> Vec<BlockingRule> {
    const RULES: [&str; 11] = [
        "number",
        "surname + date_of_birth",
        "given_name + date_of_birth",
        "given_name + surname",
        "house_number + street",
        "date_of_birth + zip",
        "surname + house_number",
        "given_name + house_number",
        "given_name + street",
        "surname:soundex + given_name:2",
        "given_name + surname:2",
    ];
    let parsed = |text: &&str| text.parse::<BlockingRule>().expect("the rules above are rules");
    let usable = |rule: &BlockingRule| rule.0.iter().all(|part| fields.contains(&part.field));
    let chosen: Vec<BlockingRule> = RULES.iter().map(parsed).filter(usable).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    // Files that share none of these combinations still share something.
    fields.iter().filter_map(|field| field.name().parse().ok()).collect()
}

impl LinkSpec {
    /// The defaults for files that share these fields.
    pub fn new(fields: &[Field]) -> LinkSpec {
        LinkSpec {
            blocking: default_blocking(fields),
            max_pairs_per_key: MAX_PAIRS_PER_KEY,
            max_pairs_per_rule: MAX_PAIRS_PER_RULE,
            comparisons: default_comparisons(fields),
            rules: None,
            threshold: None,
            assignment: Assignment::All,
            indexed: Side::A,
            nicknames: Nicknames::built_in(),
        }
    }

    /// The `[blocking]` and `[model]` of a spec, and defaults where they say nothing.
    ///
    /// `[blocking]` has `rules` (a list such as `["surname:4 + zip"]`), `max_pairs_per_key` and
    /// `max_pairs_per_rule`. `[model]` has `kind`
    /// (`"fellegi-sunter"` or `"rules"`), `threshold` (bits, or strength), `assignment`, and the lists
    /// `[[model.comparison]]` and `[[model.rule]]`.
    pub fn from_spec(spec: &Spec) -> Result<LinkSpec, BridgeError> {
        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        let mut link = LinkSpec::new(&fields);
        if let Some(table) = &spec.blocking {
            link.read_blocking(&spec.name, table, &fields)?;
        }
        if let Some(table) = &spec.model {
            link.read_model(&spec.name, table, &fields)?;
        }
        if link.comparisons.len() > MAX_COMPARISONS {
            let problem = format!("{} comparisons are too many", link.comparisons.len());
            let remedy = format!("name at most {MAX_COMPARISONS}, under [[model.comparison]]");
            return Err(BridgeError::new(&spec.name, problem, remedy).about("model"));
        }
        Ok(link)
    }

    fn read_blocking(&mut self, file: &str, table: &Table, fields: &[Field]) -> Result<(), BridgeError> {
        check_keys(file, "blocking", table, &["rules", "max_pairs_per_key", "max_pairs_per_rule"])?;
        if let Some(rules) = table.get("rules") {
            let key = "blocking.rules";
            let rules: Vec<BlockingRule> = part(file, key, rules)?;
            for field in rules.iter().flat_map(|rule| &rule.0).map(|part| &part.field) {
                check_field(file, key, field, fields)?;
            }
            if rules.is_empty() || rules.len() > 255 {
                let error = BridgeError::new(file, "there must be from 1 to 255 rules", "or leave the key out");
                return Err(error.about(key));
            }
            self.blocking = rules;
        }
        if let Some(most) = table.get("max_pairs_per_key") {
            self.max_pairs_per_key = part(file, "blocking.max_pairs_per_key", most)?;
        }
        if let Some(most) = table.get("max_pairs_per_rule") {
            self.max_pairs_per_rule = part(file, "blocking.max_pairs_per_rule", most)?;
        }
        Ok(())
    }

    fn read_model(&mut self, file: &str, table: &Table, fields: &[Field]) -> Result<(), BridgeError> {
        check_keys(file, "model", table, &["kind", "threshold", "assignment", "comparison", "rule"])?;
        let error = |key: &str, problem: String, remedy: &str| Err(BridgeError::new(file, problem, remedy).about(key));
        if let Some(comparisons) = table.get("comparison") {
            let key = "model.comparison";
            self.comparisons = part::<Vec<Comparison>>(file, key, comparisons)?;
            for (i, comparison) in self.comparisons.iter().enumerate() {
                if let Some(field) = comparison.kind.field() {
                    check_field(file, key, field, fields)?;
                }
                if let Some(complaint) = comparison.complaint() {
                    return error(key, complaint, "change its cuts");
                }
                if self.comparisons[..i].iter().any(|other| other.name == comparison.name) {
                    let problem = format!("two comparisons are called {:?}", comparison.name);
                    return error(key, problem, "give one of them another name");
                }
            }
        }
        let rules: Option<Vec<Rule>> = table.get("rule").map(|rules| part(file, "model.rule", rules)).transpose()?;
        let kind = match table.get("kind") {
            Some(kind) => part::<String>(file, "model.kind", kind)?,
            None => (if rules.is_some() { "rules" } else { "fellegi-sunter" }).to_owned(),
        };
        match (kind.as_str(), rules) {
            ("fellegi-sunter", None) => {}
            ("fellegi-sunter", Some(_)) => {
                return error("model.rule", "this model has no rules".to_owned(), "write kind = \"rules\"");
            }
            ("rules", Some(rules)) => {
                let bound = RuleSet::new(&rules, &self.comparisons);
                self.rules = Some(bound.map_err(|error| BridgeError::new(file, error.to_string(), ""))?);
            }
            ("rules", None) => {
                return error("model", "a rule set needs rules".to_owned(), "add at least one [[model.rule]]");
            }
            (kind, _) => {
                let remedy = suggestion(kind, &["fellegi-sunter", "rules"]);
                return error("model.kind", format!("there is no model {kind:?}"), &remedy);
            }
        }
        if let Some(threshold) = table.get("threshold") {
            let bits = match threshold {
                Value::Integer(bits) => *bits as f64,
                other => part(file, "model.threshold", other)?,
            };
            if bits.is_nan() {
                return error("model.threshold", "this is no number".to_owned(), "write a number of bits");
            }
            self.threshold = Some(Score::from_bits(bits));
        }
        if let Some(name) = table.get("assignment") {
            let name: String = part(file, "model.assignment", name)?;
            let names = Assignment::NAMED.map(|(name, _)| name);
            self.assignment = match Assignment::from_name(&name) {
                Some(assignment) => assignment,
                None => {
                    let problem = format!("there is no assignment {name:?}");
                    return error("model.assignment", problem, &suggestion(&name, &names));
                }
            };
        }
        Ok(())
    }
}

fn part<T: for<'de> Deserialize<'de>>(file: &str, key: &str, value: &Value) -> Result<T, BridgeError> {
    let wrong = |error: toml::de::Error| BridgeError::new(file, error.message().trim(), "").about(key);
    value.clone().try_into().map_err(wrong)
}

fn check_field(file: &str, key: &str, field: &Field, fields: &[Field]) -> Result<(), BridgeError> {
    if fields.contains(field) {
        return Ok(());
    }
    let names: Vec<&str> = fields.iter().map(Field::name).collect();
    let problem = format!("{field} is not among the [fields] of this spec");
    Err(BridgeError::new(file, problem, suggestion(field.name(), &names)).about(key))
}

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

/// What would be matched from one threshold up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// The threshold.
    pub threshold: Score,
    /// Pairs matched that are one person.
    pub returned_right: u64,
    /// Pairs matched that are two.
    pub returned_wrong: u64,
    /// Pairs that are one person and not matched.
    pub missed: u64,
}

impl CurvePoint {
    /// The harmonic mean of precision and recall; 0 without a right pair.
    pub fn f1(&self) -> f64 {
        let right = 2 * self.returned_right;
        if right == 0 {
            return 0.0;
        }
        right as f64 / (right + self.returned_wrong + self.missed) as f64
    }
}

/// The threshold of the highest F1; the highest such threshold of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestF1 {
    /// The F1.
    pub f1: f64,
    /// Its precision.
    pub precision: Rate,
    /// Its recall.
    pub recall: Rate,
    /// Its threshold.
    pub threshold: Score,
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
    /// What the guard left out.
    pub left_out: LeftOut,
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
    /// All candidate pairs with their scores, by row of A, then of B.
    pub pairs: Vec<ScoredPair>,
    /// The model.
    pub model: Model,
    /// How it was trained; `None` for rules.
    pub training: Option<Trained>,
    /// The comparisons whose levels the evidence holds.
    pub comparisons: Vec<Comparison>,
}

impl LinkResult {
    /// Every scored pair as other tools list them.
    pub fn pair_rows<'r>(&'r self, files: &'r LabelledPair) -> impl Iterator<Item = PairRow<'r>> {
        self.pairs.iter().map(|pair| PairRow {
            unique_id_l: &files.a.ids[pair.a as usize],
            unique_id_r: &files.b.ids[pair.b as usize],
            match_weight: pair.score.bits(),
            match_probability: self.model.probability(pair.score).map(|probability| probability.get()),
        })
    }

    /// Why a record of A and one of B scored as they did.
    pub fn explain(&self, files: &LabelledPair, spec: &LinkSpec, a: usize, b: usize) -> Explanation {
        let proposed = self.pairs.iter().find(|pair| (pair.a as usize, pair.b as usize) == (a, b));
        let (of_a, of_b) = (normalise(&files.a.records), normalise(&files.b.records));
        let comparer = Comparer::new(&self.comparisons, of_a.fields(), of_b.fields(), &spec.nicknames);
        let evidence = comparer.compare(&of_a, a, &of_b, b);
        Explanation {
            route: "link".to_owned(),
            proposed_by: proposed.map(|pair| spec.blocking[usize::from(pair.rule)].to_string()),
            levels: evidence.named(&self.comparisons),
            terms: self.model.terms(&evidence, &of_a, a),
            score: self.model.score(&evidence, &of_a, a),
            threshold: self.threshold,
        }
    }
}

/// Matches two labelled files and measures the errors.
pub fn link(files: &LabelledPair, spec: &LinkSpec) -> LinkResult {
    let [a, b] = [&files.a.records, &files.b.records].map(normalise);
    let comparer = Comparer::new(&spec.comparisons, a.fields(), b.fields(), &spec.nicknames);
    let (candidates, left_out) = candidates(&a, &b, spec);
    let mut pairs: Vec<ScoredPair> = each(&candidates, |&(row_a, row_b, rule)| {
        let evidence = comparer.compare(&a, row_a as usize, &b, row_b as usize);
        ScoredPair { a: row_a, b: row_b, rule, evidence, score: Score(0) }
    });
    let training = match spec.rules {
        Some(_) => None,
        None => Some(train_on(&a, &b, &pairs, &comparer, &spec.comparisons)),
    };
    let model = match (&spec.rules, &training) {
        (Some(rules), _) => Model::Rules(rules.clone()),
        (None, Some(trained)) => Model::FellegiSunter(trained.model.clone()),
        (None, None) => unreachable!("without rules there is a trained model"),
    };
    let scores = each(&pairs, |pair| model.score(&pair.evidence, &a, pair.a as usize));
    pairs.iter_mut().zip(scores).for_each(|(pair, score)| pair.score = score);
    measure(files, spec, pairs, model, training, &left_out)
}

/// What `work` makes of each item, in their order, on as many threads as there are.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
        items.par_iter().map(work).collect()
    }
    #[cfg(not(feature = "parallel"))]
    items.iter().map(work).collect()
}

/// Every candidate pair once, with its first rule, by row of A and then of B; and what the guard left out by rule.
fn candidates(a: &Records, b: &Records, spec: &LinkSpec) -> (Vec<(u32, u32, u8)>, Vec<LeftOut>) {
    let (held, stream) = match spec.indexed {
        Side::A => (a, b),
        Side::B => (b, a),
    };
    let build = |records: &&Records| Index::build(&spec.blocking, records, 0..records.len() as u32, usize::MAX);
    let mut indices = each(&[held, stream], build).into_iter();
    let (Some(mut held), Some(other)) = (indices.next(), indices.next()) else {
        unreachable!("two files, two indices")
    };
    held.leave_out_products(&other, spec.max_pairs_per_key, spec.max_pairs_per_rule);
    let mut scratch = Scratch::new(&held, stream.fields());
    let mut pairs = Vec::new();
    for row in 0..stream.len() as u32 {
        held.candidates(stream, row as usize, &mut scratch, |candidate, rule| {
            pairs.push(match spec.indexed {
                Side::A => (candidate, row, rule),
                Side::B => (row, candidate, rule),
            });
        });
    }
    pairs.sort_unstable();
    (pairs, held.left_out().to_vec())
}

fn train_on(
    a: &Records,
    b: &Records,
    candidates: &[ScoredPair],
    comparer: &Comparer,
    comparisons: &[Comparison],
) -> Trained {
    let mut training = Training::new();
    for pair in candidates {
        training.add(pair.evidence, pair.rule);
    }
    let all = a.len() as u64 * b.len() as u64;
    const DECISION: Decision = Decision::named("link.random_pairs");
    let drawn: Vec<u64> = (0..all.min(RANDOM_PAIRS)).collect();
    let random = each(&drawn, |&i| {
        // The draw needs no seed of the user's: it settles no fate, and one answer is better than many.
        let pair = if all <= RANDOM_PAIRS { i } else { Seed(0).stream(DECISION, i).below(all) };
        comparer.compare(a, (pair / b.len() as u64) as usize, b, (pair % b.len() as u64) as usize)
    });
    random.into_iter().for_each(|evidence| training.add_random(evidence));
    let chances: Vec<Chance> = each(comparisons, |comparison| Chance::of(comparison, a, b));
    train(&training, comparisons, &chances, all as f64, a.len().min(b.len()) as f64)
}

fn measure(
    files: &LabelledPair,
    spec: &LinkSpec,
    pairs: Vec<ScoredPair>,
    model: Model,
    training: Option<Trained>,
    left_out: &[LeftOut],
) -> LinkResult {
    let right = |pair: &ScoredPair| files.truth.same(pair.a as usize, pair.b as usize);
    let threshold = spec.threshold.unwrap_or_else(|| model.default_threshold());
    let assigned: Vec<ScoredPair> = match spec.assignment {
        Assignment::All => pairs.clone(),
        Assignment::Best => best(&pairs),
        Assignment::OneToOne => one_to_one(&pairs),
    };
    let true_pairs = files.truth.pairs();
    let curve = curve(&assigned, right, true_pairs);
    let returned: Vec<&ScoredPair> = assigned.iter().filter(|pair| pair.score >= threshold).collect();
    let returned_right = returned.iter().filter(|pair| right(pair)).count() as u64;
    let counts = LinkCounts {
        records_a: files.a.ids.len() as u64,
        records_b: files.b.ids.len() as u64,
        ignored: files.a.ignored + files.b.ignored,
        pairs: files.a.ids.len() as u64 * files.b.ids.len() as u64,
        true_pairs,
        candidate_pairs: pairs.len() as u64,
        candidate_true_pairs: pairs.iter().filter(|pair| right(pair)).count() as u64,
        returned_right,
        returned_wrong: returned.len() as u64 - returned_right,
    };
    let mut by_rule: Vec<RuleCounts> = spec
        .blocking
        .iter()
        .zip(left_out)
        .map(|(rule, &left_out)| RuleCounts { rule: rule.clone(), pairs: 0, true_pairs: 0, left_out })
        .collect();
    for pair in &pairs {
        let counts = &mut by_rule[usize::from(pair.rule)];
        counts.pairs += 1;
        counts.true_pairs += u64::from(right(pair));
    }
    LinkResult {
        counts,
        threshold,
        assignment: spec.assignment,
        best_f1: best_f1(&curve, true_pairs, spec.assignment),
        curve,
        by_group: by_group(files, &returned),
        by_rule,
        pairs,
        model,
        training,
        comparisons: spec.comparisons.clone(),
    }
}

fn curve(pairs: &[ScoredPair], right: impl Fn(&ScoredPair) -> bool, true_pairs: u64) -> Vec<CurvePoint> {
    let mut by_score: BTreeMap<Score, (u64, u64)> = BTreeMap::new();
    for pair in pairs {
        let counts = by_score.entry(pair.score).or_default();
        *(if right(pair) { &mut counts.0 } else { &mut counts.1 }) += 1;
    }
    let (mut returned_right, mut returned_wrong) = (0, 0);
    let point = |(&threshold, &(right, wrong)): (&Score, &(u64, u64))| {
        returned_right += right;
        returned_wrong += wrong;
        CurvePoint { threshold, returned_right, returned_wrong, missed: true_pairs - returned_right }
    };
    by_score.iter().rev().map(point).collect()
}

fn best_f1(curve: &[CurvePoint], true_pairs: u64, assignment: Assignment) -> Option<BestF1> {
    let mut best: Option<&CurvePoint> = None;
    for point in curve.iter().filter(|point| point.returned_right > 0) {
        if best.is_none_or(|best| point.f1() > best.f1()) {
            best = Some(point);
        }
    }
    best.map(|point| BestF1 {
        f1: point.f1(),
        precision: Rate::new(point.returned_right, point.returned_right + point.returned_wrong),
        recall: Rate::new(point.returned_right, true_pairs),
        threshold: point.threshold,
        assignment,
    })
}

fn by_group(files: &LabelledPair, returned: &[&ScoredPair]) -> Vec<GroupRates> {
    let mut all = Vec::new();
    let sides = [(Side::A, &files.a, files.truth.partners()), (Side::B, &files.b, files.truth.partners_of_b())];
    for (side, file, partners) in sides {
        for (column, values) in &file.groups {
            let mut groups: BTreeMap<&str, GroupRates> = BTreeMap::new();
            for (value, partners) in values.iter().zip(&partners) {
                let group = groups.entry(value).or_insert_with(|| GroupRates {
                    column: column.clone(),
                    side,
                    value: value.clone(),
                    records: 0,
                    precision: Rate::default(),
                    recall: Rate::default(),
                });
                group.records += 1;
                group.recall.trials += partners;
            }
            for pair in returned {
                let row = if side == Side::A { pair.a } else { pair.b };
                let Some(group) = groups.get_mut(values[row as usize].as_str()) else { continue };
                let right = files.truth.same(pair.a as usize, pair.b as usize);
                group.precision.count(right);
                group.recall.hits += u64::from(right);
            }
            all.extend(groups.into_values());
        }
    }
    all
}

/// For each record of A its best pair. The pairs come by row of A, then of B.
fn best(pairs: &[ScoredPair]) -> Vec<ScoredPair> {
    let strongest = |block: &[ScoredPair]| {
        let mut best = block[0];
        for pair in block {
            if pair.score > best.score {
                best = *pair;
            }
        }
        best
    };
    pairs.chunk_by(|x, y| x.a == y.a).map(strongest).collect()
}

/// The assignment of greatest total score, component by component.
fn one_to_one(pairs: &[ScoredPair]) -> Vec<ScoredPair> {
    let lowest = pairs.iter().map(|pair| pair.score.0).min().unwrap_or(0);
    let weight = |pair: &ScoredPair| i64::from(pair.score.0) - i64::from(lowest) + 1;
    let mut chosen = Vec::new();
    for component in components(pairs) {
        let mut rows_a: Vec<u32> = component.iter().map(|pair| pair.a).collect();
        let mut rows_b: Vec<u32> = component.iter().map(|pair| pair.b).collect();
        for rows in [&mut rows_a, &mut rows_b] {
            rows.sort_unstable();
            rows.dedup();
        }
        if rows_a.len().min(rows_b.len()) <= LARGEST_EXACT {
            chosen.extend(exact(&component, &rows_a, &rows_b, weight));
        } else {
            chosen.extend(greedy(component));
        }
    }
    chosen.sort_unstable_by_key(|pair| (pair.a, pair.b));
    chosen
}

/// The connected components of the graph whose edges are the pairs.
fn components(pairs: &[ScoredPair]) -> Vec<Vec<ScoredPair>> {
    let rows_a = pairs.iter().map(|pair| pair.a as usize + 1).max().unwrap_or(0);
    let rows_b = pairs.iter().map(|pair| pair.b as usize + 1).max().unwrap_or(0);
    let mut parent: Vec<usize> = (0..rows_a + rows_b).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    for pair in pairs {
        let (x, y) = (root(&mut parent, pair.a as usize), root(&mut parent, rows_a + pair.b as usize));
        parent[x.max(y)] = x.min(y);
    }
    let mut by_root: BTreeMap<usize, Vec<ScoredPair>> = BTreeMap::new();
    for pair in pairs {
        by_root.entry(root(&mut parent, pair.a as usize)).or_default().push(*pair);
    }
    by_root.into_values().collect()
}

/// Best first; of equals the one that stands first.
fn greedy(mut component: Vec<ScoredPair>) -> Vec<ScoredPair> {
    component.sort_by_key(|pair| (std::cmp::Reverse(pair.score), pair.a, pair.b));
    let (mut taken_a, mut taken_b) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    component.retain(|pair| {
        let free = !taken_a.contains(&pair.a) && !taken_b.contains(&pair.b);
        free && taken_a.insert(pair.a) && taken_b.insert(pair.b)
    });
    component
}

/// The Hungarian method with potentials, O(n²m) (H. W. Kuhn (1955); J. Munkres (1957); in the form of R. Jonker and A.
/// Volgenant (1987)). A pair that is no candidate has weight 0 and is dropped from the answer.
fn exact(
    component: &[ScoredPair],
    rows_a: &[u32],
    rows_b: &[u32],
    weight: impl Fn(&ScoredPair) -> i64,
) -> Vec<ScoredPair> {
    if let [pair] = component {
        return vec![*pair];
    }
    // The shorter side makes the rows of the matrix.
    let turned = rows_a.len() > rows_b.len();
    let (n, m) = (rows_a.len().min(rows_b.len()), rows_a.len().max(rows_b.len()));
    let mut edges: Vec<Option<usize>> = vec![None; n * m];
    let position = |rows: &[u32], row: u32| rows.partition_point(|&other| other < row);
    for (edge, pair) in component.iter().enumerate() {
        let (i, j) = (position(rows_a, pair.a), position(rows_b, pair.b));
        let (i, j) = if turned { (j, i) } else { (i, j) };
        edges[i * m + j] = Some(edge);
    }
    let cost = |i: usize, j: usize| edges[i * m + j].map_or(0, |edge| -weight(&component[edge]));
    // Row and column 0 are the empty ones of the usual formulation.
    let (mut row_potential, mut column_potential) = (vec![0_i64; n + 1], vec![0_i64; m + 1]);
    let mut row_of = vec![0_usize; m + 1];
    let mut came_from = vec![0_usize; m + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let (mut slack, mut used) = (vec![i64::MAX; m + 1], vec![false; m + 1]);
        loop {
            used[column] = true;
            let (i, mut delta, mut next) = (row_of[column], i64::MAX, 0);
            for j in (1..=m).filter(|&j| !used[j]) {
                let reduced = cost(i - 1, j - 1) - row_potential[i] - column_potential[j];
                if reduced < slack[j] {
                    slack[j] = reduced;
                    came_from[j] = column;
                }
                if slack[j] < delta {
                    delta = slack[j];
                    next = j;
                }
            }
            for j in 0..=m {
                if used[j] {
                    row_potential[row_of[j]] += delta;
                    column_potential[j] -= delta;
                } else if j > 0 {
                    slack[j] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let previous = came_from[column];
            row_of[column] = row_of[previous];
            column = previous;
        }
    }
    (1..=m)
        .filter(|&j| row_of[j] > 0)
        .filter_map(|j| edges[(row_of[j] - 1) * m + j - 1])
        .map(|e| component[e])
        .collect()
}

// The tests read files.
#[cfg(test)]
#[cfg(feature = "cli")]
mod tests {
    use super::*;
    use crate::bridge::LabelledPair;

    fn shared(path: &str) -> Option<std::path::PathBuf> {
        let shared = std::env::var("NAMESAKE_SHARED").unwrap_or_else(|_| "../shared".to_owned());
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(shared).join(path);
        if path.exists() {
            return Some(path);
        }
        eprintln!("not tested: {} is not there", path.display());
        None
    }

    /// Links two of the shared labelled files with the example spec of that name.
    fn linked(a: &str, b: &str, spec: &str, change: impl Fn(&mut LinkSpec)) -> Option<LinkResult> {
        let (a, b) = (shared(&format!("data/labelled/{a}.csv"))?, shared(&format!("data/labelled/{b}.csv"))?);
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
    fn which_side_is_indexed_changes_no_pair_and_no_score() {
        let (files, spec) = small();
        let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
        // Low enough for the guard to leave something out.
        link_spec.max_pairs_per_key = 12;
        let from_a = link(&files, &link_spec);
        link_spec.indexed = Side::B;
        let from_b = link(&files, &link_spec);
        assert!(from_a.by_rule.iter().any(|rule| rule.left_out.keys > 0));
        assert!(from_a.pairs.len() > 500);
        assert_eq!(from_a.pairs, from_b.pairs);
        assert_eq!(from_a.curve, from_b.curve);
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
            let a = normalise(&files.a.records);
            let terms = result.model.terms(&pair.evidence, &a, pair.a as usize);
            assert_eq!(terms.iter().map(|term| term.value).sum::<i32>(), pair.score.0);
        }
    }

    #[test]
    fn the_exact_assignment_is_the_best_of_all_and_greedy_is_one() {
        for round in 0..300 {
            let mut draws = Seed(2).stream(Decision::named("test.assignment"), round);
            let (n, m) = (1 + draws.below(5) as u32, 1 + draws.below(5) as u32);
            let mut pairs = Vec::new();
            for a in 0..n {
                for b in 0..m {
                    if draws.chance(0.6) {
                        let score = Score(draws.below(40) as i32 - 10);
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
            let chosen = one_to_one(&pairs);
            let greedy = greedy(pairs.clone());
            for chosen in [&chosen, &greedy] {
                let once = |row: fn(&ScoredPair) -> u32| {
                    let mut rows: Vec<u32> = chosen.iter().map(row).collect();
                    rows.sort_unstable();
                    rows.windows(2).all(|pair| pair[0] != pair[1])
                };
                assert!(once(|pair| pair.a) && once(|pair| pair.b));
            }
            assert_eq!(total(&chosen), best_total(&pairs, lowest, &[]), "round {round}");
            assert!(total(&greedy) <= total(&chosen));
        }
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
    }
}
