//! What a reader of a link's figures should know about them.

use super::{LinkCounts, LinkSpec, RuleCounts};
use crate::notice::{Code, Notice};

/// From this mean number of matches a record on, a link says how many there are: few files hold a person so often.
const MANY: f64 = 2.0;

/// The notices about the result of a link, in the order in which they are told.
pub(super) fn notices(
    spec: &LinkSpec,
    counts: &LinkCounts,
    by_rule: &[RuleCounts],
    matched: &[(u32, u32)],
) -> Vec<Notice> {
    let mut notices = spec.notices.clone();
    notices.extend(by_rule.iter().filter_map(|rule| left_out(rule, spec)));
    notices.extend(many_matches(matched, counts.records_a, counts.records_b));
    if matched.is_empty() {
        let sentence = "No pair was matched, so that there is no precision and the recall is 0.";
        notices.push(Notice::new(Code::NothingMatched, sentence));
    }
    notices
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
pub(super) fn many_matches(matched: &[(u32, u32)], records_a: u64, records_b: u64) -> Option<Notice> {
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
             other file, at most {:.0} % of the matches are right; --assignment best, unique or one-to-one takes at most \
             one each.",
            matched.len(),
            100.0 / each
        );
        Notice::new(Code::ManyMatches, sentence).counting(matched.len() as u64)
    })
}
