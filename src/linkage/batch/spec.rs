//! The description of a link of two files: [`LinkSpec`].

use crate::linkage::blocking::{BlockingRule, recorded};
use crate::linkage::comparison::Nicknames;
use crate::linkage::decision::Score;
use crate::linkage::{Assignment, BlockingSettings, Complaint, ModelPlan, ModelSettings};
use crate::notice::Notice;
use crate::record::Field;

/// A blocking key that makes more pairs than this is left out, and counted.
pub const MAX_PAIRS_PER_KEY: u64 = 1_000_000;

/// The largest number of pairs of a blocking rule: beyond it the rule's largest keys are left out, and counted. The
/// pairs of a link are held in memory.
pub const MAX_PAIRS_PER_RULE: u64 = 10_000_000;

/// The margin of [`Assignment::BestMargin`] unless said otherwise: odds of eight to one over the second best. Assumed.
pub const DEFAULT_MARGIN: i32 = 3_000;

/// The most rules there may be; each has a bit of its own in [`super::choose`].
pub(super) const MOST_RULES: usize = 128;

/// The description of a link of two files, parsed.
#[derive(Clone, Debug)]
pub struct LinkSpec {
    /// The blocking rules, in the order in which they are tried.
    pub blocking: Vec<BlockingRule>,
    /// Choose some of these rules for the files at hand; else use all.
    pub choose_rules: bool,
    /// The guard on blocking keys; see [`MAX_PAIRS_PER_KEY`].
    pub max_pairs_per_key: u64,
    /// The guard on blocking rules; see [`MAX_PAIRS_PER_RULE`].
    pub max_pairs_per_rule: u64,
    /// The model, or how to train it.
    pub model: ModelPlan,
    /// The threshold; `None` for the model's own.
    pub threshold: Option<Score>,
    /// The lead the best pair must have over the second, for [`Assignment::BestMargin`].
    pub margin: Score,
    /// Pairs below it are never assigned one to one; `None` for no floor.
    pub floor: Option<Score>,
    /// The assignment: which pairs above the threshold count as matches.
    pub assignment: Assignment,
    /// The keys that a spec states for one assignment, and which it is.
    pub for_assignment: Vec<(&'static str, Assignment)>,
    /// Forms of one given name; the built-in table unless said otherwise.
    pub nicknames: Nicknames,
    /// Notices about the model that was loaded.
    pub notices: Vec<Notice>,
}

impl LinkSpec {
    /// The defaults for files that share these fields.
    pub fn new(fields: &[Field]) -> LinkSpec {
        LinkSpec {
            blocking: default_blocking(fields),
            choose_rules: true,
            max_pairs_per_key: MAX_PAIRS_PER_KEY,
            max_pairs_per_rule: MAX_PAIRS_PER_RULE,
            model: ModelPlan::new(fields),
            threshold: None,
            margin: Score(DEFAULT_MARGIN),
            floor: None,
            assignment: Assignment::All,
            for_assignment: Vec::new(),
            nicknames: Nicknames::built_in(),
            notices: Vec::new(),
        }
    }

    /// The spec of a checked description, with defaults for missing keys, for files that share these fields.
    pub fn of(fields: &[Field], blocking: BlockingSettings, model: &ModelSettings) -> Result<LinkSpec, Complaint> {
        let choose_rules = blocking.rules.is_empty();
        Ok(LinkSpec {
            blocking: if choose_rules { default_blocking(fields) } else { blocking.rules },
            choose_rules,
            max_pairs_per_key: blocking.max_pairs_per_key.unwrap_or(MAX_PAIRS_PER_KEY),
            max_pairs_per_rule: blocking.max_pairs_per_rule.unwrap_or(MAX_PAIRS_PER_RULE),
            threshold: model.threshold(),
            margin: model.margin.map_or(Score(DEFAULT_MARGIN), Score::from_bits),
            floor: model.floor.map(Score::from_bits),
            assignment: model.assignment.unwrap_or_default(),
            for_assignment: [
                model.margin.map(|_| ("margin", Assignment::BestMargin)),
                model.floor.map(|_| ("floor", Assignment::OneToOne)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            model: model.plan()?,
            nicknames: Nicknames::built_in(),
            notices: Vec::new(),
        })
    }

    /// A key that is stated and does nothing with this assignment.
    pub fn idle_key(&self) -> Option<Complaint> {
        self.for_assignment.iter().find(|(_, assignment)| *assignment != self.assignment).map(|(key, assignment)| {
            let problem = format!("this does nothing with assignment = {:?}", self.assignment.name());
            let remedy = format!("leave it out, or write assignment = {:?}", assignment.name());
            Complaint::new(&format!("model.{key}"), problem, remedy)
        })
    }

    /// The fields that comparisons and blocking rules want as they were recorded.
    pub fn recorded(&self) -> Vec<Field> {
        let compared = self.model.comparisons.iter().flat_map(|comparison| comparison.kind.fields());
        let blocked = self.blocking.iter().flat_map(|rule| &rule.parts).map(|part| &part.field);
        recorded(compared.chain(blocked))
    }
}

/// The rules from which default blocking chooses for files in which these fields are present on both sides.
///
/// Each looks at other fields, or other parts of them, than its neighbours, so that one error does not silence them all.
pub fn default_blocking(fields: &[Field]) -> Vec<BlockingRule> {
    const RULES: [&str; 58] = [
        "number",
        "date_of_birth",
        "house_number + street",
        "street",
        "zip",
        "surname + date_of_birth",
        "given_name + date_of_birth",
        "given_name + surname",
        "date_of_birth + zip",
        "date_of_birth + city",
        "surname + house_number",
        "given_name + house_number",
        "house_number + zip",
        "house_number + date_of_birth:year",
        "given_name + street",
        "surname + street",
        "street + given_name:1",
        "street + surname:1",
        "street + date_of_birth:year",
        "surname:soundex + given_name:soundex",
        "surname:soundex + given_name:2",
        "given_name + surname:2",
        "given_name + surname:1",
        "surname + given_name:1",
        "surname:last3 + given_name:last3",
        "given_name:1 + date_of_birth",
        "surname:1 + date_of_birth",
        "surname + date_of_birth:year",
        "given_name + date_of_birth:year",
        "surname:2 + given_name:1 + date_of_birth:year",
        "surname + date_of_birth:monthday",
        "given_name + date_of_birth:monthday",
        "surname:2 + date_of_birth:monthday",
        "given_name:2 + date_of_birth:monthday",
        "surname:deletions + date_of_birth:year",
        "given_name:deletions + surname:1",
        "zip + surname",
        "zip + given_name",
        "zip + surname:2",
        "zip + given_name:2",
        "zip + date_of_birth:year",
        "zip + date_of_birth:monthday",
        "city + surname",
        "city + given_name",
        "city + surname:2 + given_name:1",
        "city + given_name:2 + date_of_birth:year",
        "middle_name + surname",
        "middle_name + given_name",
        "middle_name + date_of_birth",
        "number:last4 + surname:2",
        "number:last4 + given_name:2",
        "number:last4 + date_of_birth:year",
        "number:5 + surname:2",
        "number:5 + given_name:2",
        "number:5 + date_of_birth:year",
        "state + given_name + surname:1",
        "surname",
        "given_name",
    ];
    /// With a further field alone, and with part of something else.
    const FURTHER: [&str; 5] = ["", " + surname:2", " + given_name:2", " + date_of_birth:year", " + city"];
    let further = fields.iter().filter(|field| matches!(field, Field::Other(_)));
    let of_further = further.flat_map(|field| FURTHER.map(|rest| format!("{field}{rest}")));
    // A column may have a name that no rule can hold.
    let parsed = |text: String| text.parse::<BlockingRule>().ok();
    let usable = |rule: &BlockingRule| rule.parts.iter().all(|part| fields.contains(&part.field));
    let chosen: Vec<BlockingRule> = RULES
        .map(String::from)
        .into_iter()
        .chain(of_further)
        .filter_map(parsed)
        .filter(usable)
        .take(MOST_RULES)
        .collect();
    if !chosen.is_empty() {
        return chosen;
    }
    // Files that share none of these combinations still share something.
    fields.iter().filter_map(|field| parsed(field.to_string())).collect()
}
