//! What a reader of a link's figures should know about them.

use super::{LinkCounts, LinkSpec, RuleCounts, RuleLeftOut};
use crate::bridge::LabelledPair;
use crate::linkage::comparison::Kind;
use crate::notice::{Code, Notice};
use crate::record::Field;

/// From this mean number of matches a record on, a link says how many there are: few files hold a person so often.
const MANY: f64 = 2.0;

/// The notices about the result of a link, in the order in which they are told. `learned` are the labelled pairs of one
/// person, and of two, that a model learned from.
pub(super) fn notices(
    files: &LabelledPair,
    spec: &LinkSpec,
    counts: &LinkCounts,
    by_rule: &[RuleCounts],
    rules_left_out: &[RuleLeftOut],
    matched: &[(u32, u32)],
    learned: Option<[u64; 2]>,
) -> Vec<Notice> {
    let mut notices = of_fields(files, spec);
    notices.extend(spec.notices.iter().cloned());
    notices.extend(by_rule.iter().filter_map(|rule| left_out(rule, spec)));
    notices.extend(not_chosen(rules_left_out));
    notices.extend(of_matches(matched, counts.records_a, counts.records_b));
    if counts.true_pairs == 0 {
        let sentence = "No pair that is counted is one person, so that there is no recall.";
        notices.push(Notice::new(Code::NoTruePairs, sentence));
    }
    if let Some(learned) = learned
        && (learned[0] == 0 || learned[1] == 0)
    {
        let sentence = format!(
            "The model learned from {} candidate pairs of one person and {} of two people, which is \
             too little: give a larger train_share.",
            learned[0], learned[1]
        );
        notices.push(Notice::new(Code::LearnedFromNone, sentence).counting(learned[0] + learned[1]));
    }
    notices
}

/// Fields that are of no use to the model, as far as it is known before the files are matched.
pub(super) fn of_fields(files: &LabelledPair, spec: &LinkSpec) -> Vec<Notice> {
    let compared = spec.comparisons.iter().flat_map(|comparison| comparison.kind.fields()).map(|field| field.column());
    let in_rules = spec.blocking.iter().flat_map(|rule| &rule.parts).map(|part| part.field.column());
    let dwelling = spec.comparisons.iter().any(|comparison| matches!(comparison.kind, Kind::Address {}));
    let dwelling = [Field::HouseNumber, Field::Street, Field::Unit].into_iter().filter(|_| dwelling);
    let used: Vec<Field> = compared.chain(in_rules).chain(dwelling).collect();
    let of_field = |(place, field): (usize, &Field)| {
        let blank = [&files.a, &files.b].into_iter().find(|file| file.blank[place] == file.ids.len() as u64);
        let problem = match blank {
            Some(file) => format!("is blank in every record of {}", file.name),
            None if !used.contains(field) => "is neither compared nor used by a blocking rule".to_owned(),
            None => return None,
        };
        Some(Notice::new(Code::FieldWithoutUse, format!("The field {field} {problem}.")))
    };
    files.records.fields().iter().enumerate().filter_map(of_field).collect()
}

/// The notices about matches, however they were found.
pub(super) fn of_matches(matched: &[(u32, u32)], records_a: u64, records_b: u64) -> Option<Notice> {
    if matched.is_empty() {
        let sentence = "No pair was matched, so that there is no precision and the recall is 0.";
        return Some(Notice::new(Code::NothingMatched, sentence));
    }
    many_matches(matched, records_a, records_b)
}

/// Rules that default blocking could have used.
fn not_chosen(rules: &[RuleLeftOut]) -> Option<Notice> {
    let mut rules: Vec<&RuleLeftOut> = rules.iter().collect();
    // Those of which most is lost first; of the untried nobody knows.
    rules.sort_by(|x, y| y.matches.unwrap_or(0.0).total_cmp(&x.matches.unwrap_or(0.0)).then(x.pairs.cmp(&y.pairs)));
    let described = |rule: &&RuleLeftOut| match rule.matches {
        Some(matches) => format!("{} ({} pairs, {matches:.0} matches)", rule.rule, rule.pairs),
        None => format!("{} ({} pairs)", rule.rule, rule.pairs),
    };
    // Examples of a notice are short texts from files; what these rules would add is part of the sentence.
    let first = rules.iter().take(Notice::EXAMPLES).map(described).collect::<Vec<String>>().join("; ");
    (!rules.is_empty()).then(|| {
        let sentence = format!(
            "Default blocking left out {} rules that add many pairs for few expected matches; each would add: {first}. \
             --thorough uses all; the JSON lists them (blocking_left_out).",
            rules.len()
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

/// Matches of the file whose records have more of them on average, where these are many.
fn many_matches(matched: &[(u32, u32)], records_a: u64, records_b: u64) -> Option<Notice> {
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
            "The {records} matched records of {file} have {} matches, {each:.1} each. If a person has one record in the \
             other file, at most {:.0} % of the matches are right. An assignment of best, unique or one-to-one takes \
             at most one each.",
            matched.len(),
            100.0 / each
        );
        Notice::new(Code::ManyMatches, sentence).counting(matched.len() as u64)
    })
}
