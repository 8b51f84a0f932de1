//! What matching two labelled files found, and how good another program's list is.
//!
//! Pairs that share a record are not independent, so no interval is claimed here.

use super::{Point, Rate, Training, VERSION, json_text};
use crate::bridge::{Found, LabelledFile, LabelledPair};
use crate::evaluation::RateId;
use crate::experiment::link::{self, BlockingOfGroup, Checked, GroupRates, LinkCounts, LinkResult, Persons, Scored};
use crate::linkage::comparison::Comparison;
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::{Restarts, Session};
use crate::linkage::decision::saved::History;
use crate::notice::Notice;
use crate::record::coded::Dataset;
use crate::stats;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const MATCHED: &str = "pairs matched";
const ONE_PERSON: &str = "pairs that are one person";
const TWO_PEOPLE: &str = "pairs that are two people";

/// The names of the two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileNames {
    /// File A.
    pub a: String,
    /// File B.
    pub b: String,
}

impl FileNames {
    fn of(files: &LabelledPair) -> FileNames {
        FileNames { a: files.a.name.clone(), b: files.b.name.clone() }
    }
}

/// The result of `link`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkResults {
    /// The version of this format.
    pub schema: String,
    /// The version of Namesake.
    pub version: String,
    /// The files.
    pub files: FileNames,
    /// What to know about the figures.
    pub notices: Vec<Notice>,
    /// How many records and pairs there were.
    pub counts: LinkCounts,
    /// The threshold, in bits or steps.
    pub threshold: f64,
    /// The assignment.
    pub assignment: String,
    /// The rates.
    pub rates: LinkRates,
    /// The best point of the curve; null without a true pair among the candidates.
    pub best_f1: Option<BestF1>,
    /// Rates by group column and value.
    pub by_group: super::ByGroup<LabelledGroup>,
    /// The blocking rules and what they proposed.
    pub blocking: Vec<RuleUse>,
    /// The rules that default blocking did not use.
    pub blocking_left_out: Vec<RuleLeftOut>,
    /// How the model was trained; null for a model that somebody wrote or saved.
    pub training: Option<LinkTraining>,
    /// Records of A on which errors were counted, where the others were trained on.
    pub held_out: Option<u64>,
    /// Candidate pairs by tenths of the probability the model gave them.
    pub calibration: Vec<Tenth>,
    /// The threshold curve.
    pub curve: Vec<Point>,
    /// How a saved model says that it was trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_before: Option<History>,
}

/// The rates of two labelled files that were matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkRates {
    /// Of pairs matched, those that are one person.
    pub precision: Rate,
    /// Of pairs that are one person, those matched.
    pub recall: Rate,
    /// Of pairs that are two people, those matched.
    pub pair_false_match: Rate,
    /// Of pairs that are one person, those that no blocking rule proposed.
    pub lost_at_blocking: Rate,
}

/// The point of a curve with the highest F1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BestF1 {
    /// The F1.
    pub f1: f64,
    /// Its precision.
    pub precision: Option<f64>,
    /// Its recall.
    pub recall: Option<f64>,
    /// Its threshold.
    pub threshold: f64,
    /// The assignment it belongs to.
    pub assignment: String,
}

impl BestF1 {
    fn of<T: Copy>(best: &link::BestF1<T>, number: impl Fn(T) -> f64) -> BestF1 {
        BestF1 {
            f1: best.f1,
            precision: best.precision.value(),
            recall: best.recall.value(),
            threshold: number(best.threshold),
            assignment: best.assignment.name().to_string(),
        }
    }
}

/// The records that share a value of a group column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledGroup {
    /// How many records.
    pub records: u64,
    /// Precision and recall of the pairs with such a record.
    pub rates: BTreeMap<RateId, Rate>,
}

/// Rates by group: by column, and where a column is one of both files, by the file too.
fn by_group(groups: &[GroupRates]) -> super::ByGroup<LabelledGroup> {
    let mut by_group: super::ByGroup<LabelledGroup> = IndexMap::new();
    let asked: BTreeSet<(&str, Dataset)> = groups.iter().map(|group| (group.column.as_str(), group.side)).collect();
    for group in groups {
        let of_both = [Dataset::A, Dataset::B].iter().all(|&side| asked.contains(&(&group.column, side)));
        let side = if group.side == Dataset::A { "a" } else { "b" };
        let name = if of_both { format!("{} in {side}", group.column) } else { group.column.clone() };
        let rates = BTreeMap::from([
            (RateId::Precision, Rate::without_interval(group.precision, MATCHED)),
            (RateId::Recall, Rate::without_interval(group.recall, ONE_PERSON)),
        ]);
        let values = by_group.entry(name).or_default();
        values.insert(group.value.clone(), LabelledGroup { records: group.records, rates });
    }
    by_group
}

/// A blocking rule and what it proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleUse {
    /// The rule.
    pub rule: String,
    /// Pairs that it was the first to propose.
    pub pairs: u64,
    /// Those of them that are one person.
    pub true_pairs: u64,
    /// Keys that the limit on pairs left out.
    pub keys_left_out: u64,
    /// Records that the limit on pairs left out.
    pub records_left_out: u64,
}

/// A rule that default blocking did not use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleLeftOut {
    /// The rule.
    pub rule: String,
    /// The pairs it would have added, as far as a sample tells.
    pub pairs_added: u64,
    /// The matches expected among them; null where it was not tried.
    pub expected_matches_added: Option<f64>,
}

fn left_out(rules: &[link::RuleLeftOut]) -> Vec<RuleLeftOut> {
    let of = |rule: &link::RuleLeftOut| RuleLeftOut {
        rule: rule.rule.to_string(),
        pairs_added: rule.pairs,
        expected_matches_added: rule.matches,
    };
    rules.iter().map(of).collect()
}

/// How a model was trained on two labelled files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkTraining {
    /// The last run of EM, or the sessions combined.
    #[serde(flatten)]
    pub trained: Training,
    /// Where EM ended from other starts; null if the spec asked for none.
    pub restarts: Option<Starts>,
    /// The sessions that were combined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<TrainedSession>,
}

/// Where EM ended from other starts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starts {
    /// Starts.
    pub starts: u32,
    /// Starts from which EM ended where it did from the documented one.
    pub same_place: u32,
    /// The greatest difference of an m-probability.
    pub greatest_difference: f64,
    /// By how much the best end explains the candidates better, in log-likelihood.
    pub better_by: f64,
}

/// One session of EM, on the pairs of one blocking rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainedSession {
    /// The rule.
    pub rule: String,
    /// Its pairs.
    pub pairs: u64,
    /// Rounds of EM.
    pub rounds: u32,
    /// Whether EM converged.
    pub converged: bool,
    /// Matches expected among the pairs.
    pub expected_matches: f64,
    /// Whether the session was used.
    pub used: bool,
    /// The m-probabilities by comparison and level; null where the rule looks at what is compared.
    pub m: IndexMap<String, Option<BTreeMap<String, f64>>>,
}

impl TrainedSession {
    fn of(session: &Session, comparisons: &[Comparison]) -> TrainedSession {
        let m = |(comparison, m): (&Comparison, &Option<Vec<f64>>)| {
            let levels = m.as_ref().map(|m| comparison.labels().into_iter().zip(m.clone()).collect());
            (comparison.name.clone(), levels)
        };
        TrainedSession {
            rule: session.rule.clone(),
            pairs: session.pairs,
            rounds: session.rounds,
            converged: session.converged,
            expected_matches: session.expected_matches,
            used: session.counts(),
            m: comparisons.iter().zip(&session.m).map(m).collect(),
        }
    }
}

/// Candidate pairs to which the model gave a probability within one tenth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenth {
    /// The lower end of the tenth.
    pub from: f64,
    /// The upper end of the tenth.
    pub to: f64,
    /// The mean probability given; null without pairs.
    pub mean_given: Option<f64>,
    /// Of the pairs, those that are one person.
    pub one_person: Rate,
}

impl LinkResults {
    /// The results of matching two labelled files.
    pub fn of(files: &LabelledPair, result: &LinkResult) -> LinkResults {
        let counts = result.counts;
        let training = result.training.as_ref().map(|trained| LinkTraining {
            trained: Training::of(trained),
            restarts: result.restarts.as_ref().map(|restarts: &Restarts| Starts {
                starts: restarts.starts,
                same_place: restarts.same,
                greatest_difference: restarts.greatest_difference,
                better_by: restarts.better_by,
            }),
            sessions: trained.sessions.iter().map(|s| TrainedSession::of(s, &result.comparisons)).collect(),
        });
        let tenth = |(tenth, of): (usize, &link::Tenth)| Tenth {
            from: tenth as f64 / 10.0,
            to: (tenth + 1) as f64 / 10.0,
            mean_given: (of.right.trials > 0).then_some(of.given),
            one_person: Rate::without_interval(of.right, "candidate pairs given a probability in this tenth"),
        };
        LinkResults {
            schema: "namesake.link/1".to_string(),
            version: VERSION.to_string(),
            files: FileNames::of(files),
            notices: result.notices.clone(),
            counts,
            threshold: result.threshold.bits(),
            assignment: result.assignment.name().to_string(),
            rates: LinkRates {
                precision: Rate::without_interval(counts.precision(), MATCHED),
                recall: Rate::without_interval(counts.recall(), ONE_PERSON),
                pair_false_match: Rate::without_interval(counts.pair_false_match(), TWO_PEOPLE),
                lost_at_blocking: Rate::without_interval(counts.lost_at_blocking(), ONE_PERSON),
            },
            best_f1: result.best_f1.as_ref().map(|best| BestF1::of(best, Score::bits)),
            by_group: by_group(&result.by_group),
            blocking: result
                .by_rule
                .iter()
                .map(|rule| RuleUse {
                    rule: rule.rule.to_string(),
                    pairs: rule.pairs,
                    true_pairs: rule.true_pairs,
                    keys_left_out: rule.left_out.keys,
                    records_left_out: rule.left_out.entries,
                })
                .collect(),
            blocking_left_out: left_out(&result.rules_left_out),
            training,
            held_out: result.held_out,
            calibration: result.calibration.iter().enumerate().map(tenth).collect(),
            curve: result.curve.iter().map(|point| Point::of(point, Score::bits)).collect(),
            trained_before: result.trained_before.clone(),
        }
    }

    /// The text of the JSON file.
    pub fn to_json(&self) -> String {
        json_text(self)
    }
}

/// What each blocking rule of two labelled files is good for: by rule, and by group who is lost.
///
/// *Reduction* is the share of all pairs that nobody need look at, *completeness* the share of the true pairs that are
/// among the candidates (M. G. Elfeky, V. S. Verykios, A. K. Elmagarmid (2002), "TAILOR").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockingResults {
    /// The version of this format.
    pub schema: String,
    /// The version of Namesake.
    pub version: String,
    /// All pairs of a record of A and one of B.
    pub all_pairs: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// The share of all pairs that it did not propose.
    pub reduction: f64,
    /// Of pairs that are one person, those it proposed.
    pub completeness: Rate,
    /// Each rule.
    pub rules: Vec<RuleWorth>,
    /// The rules that default blocking did not use.
    pub left_out: Vec<RuleLeftOut>,
    /// Completeness by group.
    pub by_group: Vec<GroupCompleteness>,
}

/// What one blocking rule is good for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleWorth {
    /// The rule.
    pub rule: String,
    /// Pairs that it proposes, whether another rule does as well or not.
    pub pairs: u64,
    /// Pairs that it was the first to propose.
    pub pairs_first: u64,
    /// Of pairs that are one person, those it proposes.
    pub completeness: Rate,
    /// Pairs of one person that it was the first to propose.
    pub true_first: u64,
    /// Pairs of its largest key.
    pub largest_block: u64,
    /// Keys that the limit on pairs left out.
    pub keys_left_out: u64,
    /// Records that the limit on pairs left out.
    pub records_left_out: u64,
}

/// The completeness of blocking for one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCompleteness {
    /// The group column.
    pub column: String,
    /// Its value.
    pub value: String,
    /// Of the group's pairs that are one person, those proposed.
    pub completeness: Rate,
    /// The same for each rule alone.
    pub by_rule: Vec<Rate>,
}

impl BlockingResults {
    /// What each blocking rule of two labelled files is good for.
    pub fn of(files: &LabelledPair, result: &LinkResult) -> BlockingResults {
        let all_true = files.truth.pairs();
        let all_pairs = result.counts.records_a * result.counts.records_b;
        let found: u64 = result.by_rule.iter().map(|rule| rule.true_pairs).sum();
        let candidate_pairs: u64 = result.by_rule.iter().map(|rule| rule.pairs).sum();
        let of_true = |rate: stats::Rate| Rate::without_interval(rate, ONE_PERSON);
        let rule = |rule: &link::RuleCounts| RuleWorth {
            rule: rule.rule.to_string(),
            pairs: rule.alone,
            pairs_first: rule.pairs,
            completeness: of_true(stats::Rate::new(rule.alone_true, all_true)),
            true_first: rule.true_pairs,
            largest_block: rule.largest,
            keys_left_out: rule.left_out.keys,
            records_left_out: rule.left_out.entries,
        };
        let group = |group: BlockingOfGroup| GroupCompleteness {
            column: group.column,
            value: group.value,
            completeness: of_true(group.found),
            by_rule: group.by_rule.into_iter().map(of_true).collect(),
        };
        BlockingResults {
            schema: "namesake.blocking/1".to_string(),
            version: VERSION.to_string(),
            all_pairs,
            candidate_pairs,
            reduction: 1.0 - candidate_pairs as f64 / all_pairs as f64,
            completeness: of_true(stats::Rate::new(found, all_true)),
            rules: result.by_rule.iter().map(rule).collect(),
            left_out: left_out(&result.rules_left_out),
            by_group: result.blocking_by_group(files).into_iter().map(group).collect(),
        }
    }

    /// The text of the JSON file.
    pub fn to_json(&self) -> String {
        json_text(self)
    }
}

/// How good another program's list is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreResults {
    /// The version of this format.
    pub schema: String,
    /// The version of Namesake.
    pub version: String,
    /// The files.
    pub files: FileNames,
    /// What to know about the figures.
    pub notices: Vec<Notice>,
    /// The list.
    pub list: ListRead,
    /// How many records and pairs there were.
    pub counts: ScoreCounts,
    /// The score from which a listed pair counts as matched; null for all of them.
    pub threshold: Option<f64>,
    /// The rates.
    pub rates: ScoreRates,
    /// The best point of the curve; null without scores.
    pub best_f1: Option<BestF1>,
    /// Rates by group column and value.
    pub by_group: super::ByGroup<LabelledGroup>,
    /// The threshold curve.
    pub curve: Vec<Point>,
}

/// How another program's list was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRead {
    /// The program whose columns it has.
    pub columns_of: String,
    /// The column of scores; null where it has none.
    pub score: Option<String>,
    /// Lines left out: pairs within one file, or of records without truth.
    pub left_out: u64,
}

/// How many records and pairs there were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreCounts {
    /// Records of file A.
    pub records_a: u64,
    /// Records of file B.
    pub records_b: u64,
    /// Records without truth that were left out, of both files.
    pub ignored: u64,
    /// All pairs across the files.
    pub pairs: u64,
    /// Pairs that are one person.
    pub true_pairs: u64,
    /// Pairs listed.
    pub listed_pairs: u64,
    /// Pairs listed that are one person.
    pub listed_true_pairs: u64,
    /// Pairs matched that are one person.
    pub returned_right: u64,
    /// Pairs matched that are two people.
    pub returned_wrong: u64,
    /// Pairs of one person that are not matched.
    pub missed: u64,
}

/// The rates of another program's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRates {
    /// Of pairs matched, those that are one person.
    pub precision: Rate,
    /// Of pairs that are one person, those matched.
    pub recall: Rate,
    /// Of pairs that are two people, those matched.
    pub pair_false_match: Rate,
    /// Of pairs that are one person, those not listed at any score.
    pub not_listed: Rate,
}

impl ScoreResults {
    /// How good another program's list is.
    pub fn of(files: &LabelledPair, found: &Found, scored: &Scored) -> ScoreResults {
        ScoreResults {
            schema: "namesake.score/1".to_string(),
            version: VERSION.to_string(),
            files: FileNames::of(files),
            notices: scored.notices.clone(),
            list: ListRead {
                columns_of: found.format.name().to_string(),
                score: found.score.clone(),
                left_out: found.left_out,
            },
            counts: ScoreCounts {
                records_a: scored.records.0,
                records_b: scored.records.1,
                ignored: scored.records.2,
                pairs: scored.pairs,
                true_pairs: scored.true_pairs,
                listed_pairs: scored.listed.0,
                listed_true_pairs: scored.listed.1,
                returned_right: scored.right,
                returned_wrong: scored.wrong,
                missed: scored.missed(),
            },
            threshold: scored.threshold,
            rates: ScoreRates {
                precision: Rate::without_interval(scored.precision(), MATCHED),
                recall: Rate::without_interval(scored.recall(), ONE_PERSON),
                pair_false_match: Rate::without_interval(scored.pair_false_match(), TWO_PEOPLE),
                not_listed: Rate::without_interval(scored.not_listed(), ONE_PERSON),
            },
            best_f1: scored.best_f1.as_ref().map(|best| BestF1::of(best, |threshold| threshold)),
            by_group: by_group(&scored.by_group),
            curve: scored.curve.iter().map(|point| Point::of(point, |threshold| threshold)).collect(),
        }
    }

    /// The text of the JSON file.
    pub fn to_json(&self) -> String {
        json_text(self)
    }
}

/// What two labelled files hold before they are matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckResults {
    /// The version of this format.
    pub schema: String,
    /// The version of Namesake.
    pub version: String,
    /// The files.
    pub files: CheckedFiles,
    /// Pairs across the files that are one person.
    pub true_pairs: u64,
    /// The fields.
    pub fields: Vec<CheckedField>,
    /// What to know about the files.
    pub notices: Vec<Notice>,
}

/// The two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedFiles {
    /// File A.
    pub a: CheckedFile,
    /// File B.
    pub b: CheckedFile,
}

/// One of the two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedFile {
    /// Its name.
    pub name: String,
    /// What stands between its cells; null in a file that has no separators.
    pub separated_by: Option<String>,
    /// Its records.
    pub records: usize,
    /// Records without truth that were left out.
    pub ignored: u64,
    /// Its persons.
    pub persons: u64,
    /// Persons with several records.
    pub persons_repeated: u64,
    /// The most records of one person.
    pub most_records_of_a_person: u64,
}

/// A field of both files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedField {
    /// Its name.
    pub field: String,
    /// Blank cells.
    pub blank: Both,
    /// Distinct values.
    pub distinct: Both,
    /// Values that both files have.
    pub shared: u64,
}

/// A count in each of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In file A.
    pub a: u64,
    /// In file B.
    pub b: u64,
}

impl CheckResults {
    /// What two labelled files hold.
    pub fn of(files: &LabelledPair, checked: &Checked) -> CheckResults {
        let file = |file: &LabelledFile, persons: Persons| CheckedFile {
            name: file.name.clone(),
            separated_by: file.separated_by.clone(),
            records: file.ids.len(),
            ignored: file.ignored,
            persons: persons.persons,
            persons_repeated: persons.repeated,
            most_records_of_a_person: persons.most,
        };
        let both = |[a, b]: [u64; 2]| Both { a, b };
        let blank = &checked.blank;
        let field = |(place, field): (usize, &link::CheckedField)| CheckedField {
            field: field.field.name().to_string(),
            blank: both([blank[0][place], blank[1][place]]),
            distinct: both(field.distinct),
            shared: field.shared,
        };
        CheckResults {
            schema: "namesake.check/1".to_string(),
            version: VERSION.to_string(),
            files: CheckedFiles { a: file(&files.a, checked.persons[0]), b: file(&files.b, checked.persons[1]) },
            true_pairs: checked.true_pairs,
            fields: checked.fields.iter().enumerate().map(field).collect(),
            notices: checked.notices.clone(),
        }
    }

    /// The text of the JSON file.
    pub fn to_json(&self) -> String {
        json_text(self)
    }
}
