//! Default blocking, chosen for the files at hand: [`choose`].
//!
//! No list of rules suits all files: on two files of a million one rule brings three quarters of all pairs for next to no
//! match, on two of some thousand the same rule finds what no other does. So every rule that the fields allow is tried on a
//! sample of the records. A model trained there without labels gives each pair a probability, and rules are taken one
//! after another: always the one that adds the most expected matches for what it costs, until what is left adds too little
//! or costs too much. The labels are not looked at.

use super::order::Keys;
use super::spec::MOST_RULES;
use super::{COUNTED_AT_A_TIME, Known, LinkSpec, counted};
use crate::linkage::blocking::{BlockingRule, join_whole};
use crate::linkage::comparison::{Comparer, Evidence};
use crate::linkage::decision::fellegi_sunter::{MatchWeight, Training, TrainingInput, probability, train};
use crate::record::coded::{Coded, Dataset, both, each};
use serde::Serialize;
use std::collections::BTreeMap;

/// Records of each file on which rules are tried, where it has more.
const SAMPLED: usize = 1 << 15;

/// The most pairs that are looked at to try rules. A rule that alone makes more than all together may is not tried either.
const MOST_TRIED: u64 = 2_000_000;

/// So many pairs a rule may always add, however little it finds: they take a tenth of a second.
const FREE_PAIRS: f64 = 200_000.0;

/// Beyond those a rule must find one expected match for so many pairs.
const PAIRS_FOR_A_MATCH: f64 = 5_000.0;

/// All rules together may propose so many pairs, or so many for each record of either file where that is more.
const MOST_PAIRS: f64 = 2_000_000.0;
const MOST_PAIRS_A_RECORD: f64 = 1.75;

/// To make the keys of a record takes as long as so many pairs.
const PAIRS_FOR_A_KEY: f64 = 0.05;

/// A model that expects more matches for each record of the smaller file is not trusted.
const MOST_MATCHES_A_RECORD: f64 = 10.0;

/// A rule that adds fewer expected matches to those of all others is not used.
const LEAST_MATCHES: f64 = 0.01;

/// A rule that default blocking did not take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleLeftOut {
    /// The rule.
    pub rule: BlockingRule,
    /// The pairs it would have added, as far as a sample tells.
    pub pairs: u64,
    /// The matches expected among them; `None` where it makes so many pairs that it was not tried.
    pub matches: Option<f64>,
}

/// Chooses among the rules of a spec: those taken, and those left out.
pub(super) fn choose(
    records: &Coded,
    keys: &Keys,
    spec: &LinkSpec,
    known: &Known,
) -> (Vec<BlockingRule>, Vec<RuleLeftOut>) {
    let sample = sample(records, keys);
    let all_pairs = |files: &Coded| files.a.len() as f64 * files.b.len() as f64;
    let scale = all_pairs(records) / all_pairs(&sample);
    let candidates = &spec.blocking[..spec.blocking.len().min(MOST_RULES)];
    let (of_a, of_b) = (records.a.len() as f64, records.b.len() as f64);
    let records = of_a + of_b;
    let budget = MOST_PAIRS.max(MOST_PAIRS_A_RECORD * records);
    let most = MOST_TRIED.min((budget / scale) as u64);
    let tried = Tried::of(&sample, spec, candidates, known, most, of_a.min(of_b) / scale);
    let of = |rules: &[usize]| rules.iter().map(|&rule| candidates[rule].clone()).collect::<Vec<BlockingRule>>();
    let untried = |rule: usize| {
        let pairs = (tried.sizes[rule] as f64 * scale) as u64;
        RuleLeftOut { rule: candidates[rule].clone(), pairs, matches: None }
    };
    // A model that expects far more matches than there are records has taken neighbours for one person.
    if tried.expected * scale > MOST_MATCHES_A_RECORD * of_a.min(of_b) {
        let (rules, others): (Vec<usize>, Vec<usize>) =
            (0..candidates.len()).partition(|&rule| is_usual(&candidates[rule]));
        if !rules.is_empty() {
            return (of(&rules), others.into_iter().map(untried).collect());
        }
    }
    // Where all rules together cost next to nothing, no pair is left out.
    if tried.tried.count_ones() as usize == candidates.len() && tried.pairs() * scale <= FREE_PAIRS {
        let mut mask = 0;
        let finds_more = |&rule: &usize| {
            let more = tried.added(rule, mask, scale)[0] > 0.0;
            mask |= bit(rule);
            more
        };
        let rules: Vec<usize> = (0..candidates.len()).filter(finds_more).collect();
        let rules = if rules.is_empty() { (0..candidates.len()).collect() } else { rules };
        return (of(&rules), Vec::new());
    }
    let mut taken: Vec<usize> = Vec::new();
    let (mut mask, mut pairs) = (0, 0.0);
    let worth = |[new, matches]: [f64; 2]| matches / (new + PAIRS_FOR_A_KEY * records);
    let enough =
        |added: [f64; 2], pairs: f64| pairs + added[0] <= FREE_PAIRS || worth(added) * PAIRS_FOR_A_MATCH >= 1.0;
    loop {
        let added = |&rule: &usize| tried.added(rule, mask, scale);
        let best = (0..candidates.len())
            .filter(|rule| tried.is_tried(*rule) && mask & bit(*rule) == 0)
            .map(|rule| (rule, added(&rule)))
            .filter(|&(_, added)| added[1] > 0.0 && pairs + added[0] <= budget && enough(added, pairs))
            .max_by(|(x, of_x), (y, of_y)| worth(*of_x).total_cmp(&worth(*of_y)).then(y.cmp(x)));
        let Some((rule, added)) = best else { break };
        taken.push(rule);
        mask |= bit(rule);
        pairs += added[0];
    }
    // What the others find as well is not needed, whichever were taken first.
    for rule in taken.clone().into_iter().rev() {
        let alone = tried.added(rule, mask & !bit(rule), scale);
        if taken.len() > 1 && (alone[1] < LEAST_MATCHES || !enough(alone, pairs - alone[0])) {
            taken.retain(|&other| other != rule);
            mask &= !bit(rule);
            pairs -= alone[0];
        }
    }
    let left_out = |rule: usize| {
        let [pairs, matches] = tried.added(rule, mask, scale);
        let tried_rule = RuleLeftOut { rule: candidates[rule].clone(), pairs: pairs as u64, matches: Some(matches) };
        if tried.is_tried(rule) { (pairs >= 1.0).then_some(tried_rule) } else { Some(untried(rule)) }
    };
    let others = (0..candidates.len()).filter(|&rule| mask & bit(rule) == 0);
    (of(&taken), others.filter_map(left_out).collect())
}

/// Tells whether a rule is used where no model can be trusted to choose.
fn is_usual(rule: &BlockingRule) -> bool {
    const RULES: [&str; 8] = [
        "number",
        "surname + date_of_birth",
        "given_name + date_of_birth",
        "given_name + surname",
        "house_number + street",
        "date_of_birth + zip",
        "surname + house_number",
        "given_name + house_number",
    ];
    RULES.contains(&rule.to_string().as_str())
}

fn bit(rule: usize) -> u128 {
    1 << rule
}

/// The records on which rules are tried.
fn sample(records: &Coded, keys: &Keys) -> Coded {
    if records.a.len().max(records.b.len()) <= SAMPLED {
        return records.clone();
    }
    let (of_a, of_b) = both(|| keys.sample(Dataset::A, SAMPLED), || keys.sample(Dataset::B, SAMPLED));
    records.of_rows(&of_a, &of_b)
}

/// The pairs and expected matches that rules find in a sample.
struct Tried {
    /// Pairs of each rule.
    sizes: Vec<u64>,
    /// The rules that were tried.
    tried: u128,
    /// Pairs by the rules that propose them: how many, and how many matches are expected among them.
    found: Vec<(u128, [f64; 2])>,
    /// The matches that the model expects in the sample.
    expected: f64,
}

impl Tried {
    fn of(
        sample: &Coded,
        spec: &LinkSpec,
        candidates: &[BlockingRule],
        known: &Known,
        most_pairs: u64,
        most_matches: f64,
    ) -> Tried {
        let most_pairs = most_pairs.min(MOST_TRIED);
        let joined = each(candidates, |rule| join_whole(rule, sample, most_pairs));
        let sizes: Vec<u64> = joined.iter().map(|joined| joined.all).collect();
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&rule| (sizes[rule], rule));
        let mut left = MOST_TRIED;
        order.retain(|&rule| {
            let fits = sizes[rule] <= left.min(most_pairs);
            left -= if fits { sizes[rule] } else { 0 };
            fits
        });
        let of_rules = each(&order, |&rule| {
            let pairs = joined[rule].pairs().into_iter();
            pairs.map(|(a, b)| (u64::from(a) << 32 | u64::from(b), rule as u8)).collect::<Vec<_>>()
        });
        drop(joined);
        let mut all = of_rules.concat();
        all.sort_unstable();
        let pairs: Vec<(u64, u128)> = all
            .chunk_by(|x, y| x.0 == y.0)
            .map(|of_pair| (of_pair[0].0, of_pair.iter().fold(0, |mask, &(_, rule)| mask | bit(rule.into()))))
            .collect();
        drop(all);
        let comparer = Comparer::new(&spec.model.comparisons, sample.fields(), sample.fields(), &spec.nicknames);
        let comparer = comparer.over(sample);
        let parts: Vec<&[(u64, u128)]> = pairs.chunks(COUNTED_AT_A_TIME).collect();
        let counts = each(&parts, |part| {
            let rows = part.iter().map(|&(pair, _)| ((pair >> 32) as u32, pair as u32));
            let evidence = comparer.compare_all(&sample.a, &sample.b, rows);
            counted(part.iter().zip(evidence).map(|(&(_, mask), evidence)| (mask, evidence)))
        });
        // In an order of their own, so that sums of probabilities do not depend on that of the rows.
        let mut by_rules: BTreeMap<(u128, Evidence), u64> = BTreeMap::new();
        for ((mask, evidence), times) in counts.into_iter().flatten() {
            *by_rules.entry((mask, evidence)).or_default() += times;
        }
        let mut training = Training::new();
        by_rules.iter().for_each(|(&(_, evidence), &times)| training.add_times(evidence, 0, times));
        known.random.iter().for_each(|(&evidence, &times)| training.add_random_times(evidence, times));
        let trained = train(&TrainingInput {
            training: &training,
            comparisons: &spec.model.comparisons,
            chances: &known.chances,
            pairs: sample.a.len() as f64 * sample.b.len() as f64,
            matches: most_matches,
            guard: spec.model.household_guard,
        });
        let (model, expected) = (trained.model, trained.expected_matches);
        let mut found: Vec<(u128, [f64; 2])> = Vec::new();
        for ((mask, evidence), times) in by_rules {
            let score = model.score_with(&evidence, |_| MatchWeight::default());
            let matches = probability(score).get() * times as f64;
            match found.last_mut() {
                Some((last, sums)) if *last == mask => *sums = [sums[0] + times as f64, sums[1] + matches],
                _ => found.push((mask, [times as f64, matches])),
            }
        }
        Tried { sizes, tried: order.iter().fold(0, |mask, &rule| mask | bit(rule)), found, expected }
    }

    /// The pairs that all rules together propose in the sample.
    fn pairs(&self) -> f64 {
        self.found.iter().map(|(_, of)| of[0]).sum()
    }

    fn is_tried(&self, rule: usize) -> bool {
        self.tried & bit(rule) != 0
    }

    /// The pairs that a rule adds to those of other rules, and the matches expected among them.
    fn added(&self, rule: usize, others: u128, scale: f64) -> [f64; 2] {
        let new = self.found.iter().filter(|(mask, _)| mask & bit(rule) != 0 && mask & others == 0);
        new.fold([0.0; 2], |sums, (_, of)| [sums[0] + of[0] * scale, sums[1] + of[1] * scale])
    }
}
