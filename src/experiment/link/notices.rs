//! Notices about the figures of a link.

use super::result::{LinkCounts, LinkResult};
use crate::bridge::LabelledPair;
use crate::linkage::batch::{LinkSpec, RuleCounts, RuleLeftOut};
use crate::linkage::comparison::ComparisonKind;
use crate::linkage::decision::fellegi_sunter::{Source, Trained};
use crate::notice::{Code, Notice, by_number};
use crate::record::Field;

/// Mean number of matches per record from which a link reports them: few files hold a person so often.
const MANY: f64 = 2.0;

/// The notices about the result of a link, in the order in which they are printed. `learned` counts the labelled
/// pairs of one person, and of two, that a model learned from.
pub(super) fn notices(
    files: &LabelledPair,
    spec: &LinkSpec,
    result: &LinkResult,
    matched: &[(u32, u32)],
    learned: Option<[u64; 2]>,
) -> Vec<Notice> {
    let counts = &result.counts;
    let mut notices = files.notices.clone();
    notices.extend(of_fields(files, &result.blank, spec));
    notices.extend(spec.notices.iter().cloned());
    notices.extend(result.by_rule.iter().filter_map(|rule| left_out(rule, spec)));
    notices.extend(few_candidates(counts));
    notices.extend(not_chosen(&result.rules_left_out));
    notices.extend(result.training.as_ref().and_then(trained_on_few));
    let highest = || result.pairs.iter().map(|pair| pair.score).max().map(|highest| highest.to_string());
    let highest = if matched.is_empty() { highest() } else { None };
    let records = [counts.records_a, counts.records_b];
    let advice = "An assignment of best, unique or one-to-one takes at most one each.";
    notices.extend(of_matches(matched, records, highest, Some(result.threshold.to_string()), advice));
    if counts.true_pairs == 0 {
        let sentence = "No pair that is counted is one person, so that there is no recall.";
        notices.push(Notice::new(Code::NoTruePairs, sentence));
    }
    if let Some(learned) = learned
        && (learned[0] == 0 || learned[1] == 0)
    {
        let sentence = format!(
            "The model learned from {} candidate {} of one person and {} of two people, which is too little: give a \
             larger train_share.",
            learned[0],
            by_number(learned[0], "pair", "pairs"),
            learned[1]
        );
        notices.push(Notice::new(Code::LearnedFromNone, sentence).counting(learned[0] + learned[1]));
    }
    notices
}

/// Fields that cannot help the model, as far as that is known before the files are matched. `blank` counts the blank
/// cells of A and of B by field.
pub(super) fn of_fields(files: &LabelledPair, blank: &[Vec<u64>; 2], spec: &LinkSpec) -> Vec<Notice> {
    let compared =
        spec.model.comparisons.iter().flat_map(|comparison| comparison.kind.fields()).map(|field| field.column());
    let in_rules = spec.blocking.iter().flat_map(|rule| &rule.parts).map(|part| part.field.column());
    let dwelling =
        spec.model.comparisons.iter().any(|comparison| matches!(comparison.kind, ComparisonKind::Address {}));
    let dwelling = [Field::HouseNumber, Field::Street, Field::Unit].into_iter().filter(|_| dwelling);
    let used: Vec<Field> = compared.chain(in_rules).chain(dwelling).collect();
    let of_field = |(place, field): (usize, &Field)| {
        let files = [(&files.a, &blank[0]), (&files.b, &blank[1])];
        let problem = match files.into_iter().find(|(file, blank)| blank[place] == file.ids.len() as u64) {
            Some((file, _)) => format!("is blank in every record of {}", file.name),
            None if !used.contains(field) => "is neither compared nor used by a blocking rule".to_owned(),
            None => return None,
        };
        Some(Notice::new(Code::FieldWithoutUse, format!("The field {field} {problem}.")))
    };
    files.records.fields().iter().enumerate().filter_map(of_field).collect()
}

/// The notices about matches of Namesake or of another program. `highest` is the highest score of any pair, if pairs have
/// scores and none is matched, and `threshold` the score from which a pair is matched; `advice` says how to have one match a record.
pub(super) fn of_matches(
    matched: &[(u32, u32)],
    [records_a, records_b]: [u64; 2],
    highest: Option<String>,
    threshold: Option<String>,
    advice: &str,
) -> Option<Notice> {
    if matched.is_empty() {
        let why = match (highest, threshold) {
            (Some(highest), Some(threshold)) => {
                format!(" The highest score of a pair is {highest}, and from {threshold} up a pair is matched.")
            }
            _ => String::new(),
        };
        let sentence = format!("No pair was matched, so that there is no precision and the recall is 0.{why}");
        return Some(Notice::new(Code::NothingMatched, sentence));
    }
    many_matches(matched, records_a, records_b, advice)
}

/// The notice that a model was not trained on the files, since they hold too few matches.
fn trained_on_few(trained: &Trained) -> Option<Notice> {
    (trained.m == Source::Default).then(|| {
        let sentence = format!(
            "Too few pairs are likely matches ({:.1} expected) to train a model on: how often fields agree for one person is \
             a documented default, not learned from these files. The threshold may not suit them.",
            trained.expected_matches
        );
        Notice::new(Code::TrainedOnFew, sentence)
    })
}

/// Pairs that are one person and that no blocking rule proposed, where they are more than half.
fn few_candidates(counts: &LinkCounts) -> Option<Notice> {
    let (found, all) = (counts.candidate_true_pairs, counts.true_pairs);
    let lost = all - found;
    (counts.candidate_pairs == 0 || (all > 0 && found * 2 < all)).then(|| {
        let proposed = match counts.candidate_pairs {
            0 => "Blocking proposed no pair at all".to_owned(),
            _ => format!("Blocking proposed {found} of {all} pairs that are one person"),
        };
        let sentence = format!(
            "{proposed}: {lost} {} lost before any score. --analyse-blocking shows what each rule finds, and --check the \
             fields in which the files share no value.",
            by_number(lost, "is", "are")
        );
        Notice::new(Code::FewCandidates, sentence).counting(lost)
    })
}

/// Rules that default blocking could have used.
fn not_chosen(rules: &[RuleLeftOut]) -> Option<Notice> {
    let mut rules: Vec<&RuleLeftOut> = rules.iter().collect();
    // Rules that would add the most matches first; the gain of an untried rule is unknown.
    rules.sort_by(|x, y| y.matches.unwrap_or(0.0).total_cmp(&x.matches.unwrap_or(0.0)).then(x.pairs.cmp(&y.pairs)));
    let described = |rule: &&RuleLeftOut| match rule.matches {
        Some(matches) => format!("{} ({} pairs, {matches:.0} matches)", rule.rule, rule.pairs),
        None => format!("{} ({} pairs)", rule.rule, rule.pairs),
    };
    // The examples of a notice are texts from files, so the gain of these rules is part of the sentence.
    let first = rules.iter().take(Notice::EXAMPLES).map(described).collect::<Vec<String>>().join("; ");
    (!rules.is_empty()).then(|| {
        let sentence = format!(
            "Default blocking left out {} {}; each would add: {first}. --thorough uses all; the JSON lists them \
             (blocking_left_out).",
            rules.len(),
            by_number(
                rules.len() as u64,
                "rule that adds many pairs for few expected matches",
                "rules that add many pairs for few expected matches"
            )
        );
        Notice::new(Code::RulesLeftOut, sentence).counting(rules.len() as u64)
    })
}

/// A blocking rule cut short by a limit.
fn left_out(rule: &RuleCounts, spec: &LinkSpec) -> Option<Notice> {
    let left_out = rule.left_out;
    (left_out.keys > 0).then(|| {
        let sentence = format!(
            "The blocking rule \"{}\" left out {} of its keys, with {} records, since a key may make {} pairs \
             (max_pairs_per_key) and a rule {} (max_pairs_per_rule). True pairs that no other rule finds are lost.",
            rule.rule, left_out.keys, left_out.entries, spec.max_pairs_per_key, spec.max_pairs_per_rule
        );
        Notice::new(Code::KeysLeftOut, sentence).counting(left_out.keys)
    })
}

/// The notice about the file whose records have more matches on average, if they have many.
fn many_matches(matched: &[(u32, u32)], records_a: u64, records_b: u64, advice: &str) -> Option<Notice> {
    let with_match = |records: u64, row: fn(&(u32, u32)) -> u32| {
        let mut has = vec![false; records as usize];
        matched.iter().for_each(|pair| has[row(pair) as usize] = true);
        has.into_iter().filter(|&has| has).count() as u64
    };
    let sides = [("A", with_match(records_a, |pair| pair.0)), ("B", with_match(records_b, |pair| pair.1))];
    let (file, records) = sides.into_iter().min_by_key(|&(_, records)| records).filter(|&(_, records)| records > 0)?;
    let each = matched.len() as f64 / records as f64;
    (each >= MANY).then(|| {
        let sentence = format!(
            "The {} of {file} {} {} matches, {each:.1} each. If a person has one record in the \
             other file, at most {:.0} % of the matches are right. {advice}",
            by_number(records, "one matched record", &format!("{records} matched records")),
            by_number(records, "has", "have"),
            matched.len(),
            100.0 / each
        );
        Notice::new(Code::ManyMatches, sentence).counting(matched.len() as u64)
    })
}
