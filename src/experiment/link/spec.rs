//! What is to be done with two files: [`LinkSpec`], read from the tables of a spec.

use super::super::splink;
use super::choose::default_blocking;
use super::{DEFAULT_MARGIN, MAX_PAIRS_PER_KEY, MAX_PAIRS_PER_RULE, MOST_STARTS};
use crate::bridge::{BridgeError, Spec, check_keys, suggestion};
use crate::linkage::blocking::{BlockingRule, KeyForm, KeyPart};
use crate::linkage::comparison::{Comparison, MAX_COMPARISONS, Nicknames, default_comparisons};
use crate::linkage::decision::fellegi_sunter::HouseholdGuard;
use crate::linkage::decision::learned::Learner;
use crate::linkage::decision::saved::Saved;
use crate::linkage::decision::{Model, Points, Rule, RuleSet, RuleSetError, Score, Weight};
use crate::notice::{Code, Notice};
use crate::record::Field;
use crate::stats::Probability;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// What is to be done with two files, parsed.
#[derive(Clone, Debug)]
pub struct LinkSpec {
    /// The blocking rules, in the order in which they are tried.
    pub blocking: Vec<BlockingRule>,
    /// Whether some of these are chosen for the files at hand; else all are used.
    pub choose_rules: bool,
    /// The guard on blocking keys; see [`MAX_PAIRS_PER_KEY`].
    pub max_pairs_per_key: u64,
    /// The guard on blocking rules; see [`MAX_PAIRS_PER_RULE`].
    pub max_pairs_per_rule: u64,
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
    /// Where the model comes from.
    pub decide: Decide,
    /// Whether names weigh by how common they are.
    pub term_frequencies: bool,
    /// Whether members of one household are a class of their own.
    pub household_guard: HouseholdGuard,
    /// Over which pairs EM runs.
    pub sessions: Sessions,
    /// From how many random points EM is started besides, to see whether it ends in the same place.
    pub starts: u32,
    /// The threshold; `None` for the model's own.
    pub threshold: Option<Score>,
    /// By how much the best pair must beat the second, for [`Assignment::BestMargin`].
    pub margin: Score,
    /// Pairs below it are never assigned one to one; `None` for no floor.
    pub floor: Option<Score>,
    /// Which of the pairs above the threshold count as matches.
    pub assignment: Assignment,
    /// Forms of one given name; the built-in table unless said otherwise.
    pub nicknames: Nicknames,
    /// What to know about the model that was loaded.
    pub notices: Vec<Notice>,
}

/// Where a model comes from.
#[derive(Clone, Debug)]
pub enum Decide {
    /// Weights after Fellegi and Sunter, trained on the files without labels.
    FellegiSunter,
    /// Rules or points, written by somebody.
    Written(Model),
    /// Trained on the labels of a share of the people of file A; errors are counted on the others alone.
    Learn(Learner, Probability),
    /// Read from a file; how common values are is counted in the files at hand.
    Saved(Box<Saved>),
}

/// Over which pairs EM runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sessions {
    /// All candidates at once.
    #[default]
    One,
    /// The candidates of each blocking rule apart; see
    /// [`train_in_sessions`](crate::linkage::decision::fellegi_sunter::train_in_sessions).
    PerRule,
}

impl Sessions {
    /// Both with the name that users give them.
    const NAMED: [(&str, Sessions); 2] = [("one", Sessions::One), ("per-rule", Sessions::PerRule)];
}

/// Which pairs are matches among those that reach the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assignment {
    /// All of them.
    #[default]
    All,
    /// For each record of file A the one with the highest score; of equals one by lot.
    Best,
    /// The best, if its score beats the second's by the margin of the spec.
    BestMargin,
    /// A record of file A is matched if exactly one pair of it reaches the threshold.
    Unique,
    /// No record in two pairs, and the sum of scores, counted from the floor or the lowest candidate's, the greatest
    /// possible; see [`LARGEST_EXACT`](super::LARGEST_EXACT). Of equals one is taken by lot. The assignment is made once,
    /// among all candidates from the floor up, and the threshold applied to it.
    OneToOne,
}

impl Assignment {
    /// Every assignment with the name that users give it.
    pub const NAMED: [(&str, Assignment); 5] = [
        ("all", Assignment::All),
        ("best", Assignment::Best),
        ("best-margin", Assignment::BestMargin),
        ("unique", Assignment::Unique),
        ("one-to-one", Assignment::OneToOne),
    ];

    /// The assignment of that name.
    pub fn from_name(name: &str) -> Option<Assignment> {
        Assignment::NAMED.iter().find(|(known, _)| *known == name).map(|&(_, assignment)| assignment)
    }

    /// The name that users give it.
    pub fn name(self) -> &'static str {
        Assignment::NAMED.iter().find(|(_, assignment)| *assignment == self).map_or("", |(name, _)| name)
    }
}

/// The notice about fields of which nothing tells what they hold.
fn as_text(fields: &[Field]) -> Option<Notice> {
    let unknown =
        |field: &&Field| matches!(field, Field::Other(_)) && !field.is_phone() && !field.is_email() && !field.is_date();
    let names: Vec<&str> = fields.iter().filter(unknown).map(Field::name).collect();
    (!names.is_empty()).then(|| {
        let sentence = format!(
            "None of the names that Namesake knows: {}. What {} is compared as text. If it is a name, a date, a part of an \
             address or a number, call it as docs/link.md does.",
            names.join(", "),
            if names.len() == 1 { "this field holds" } else { "these fields hold" }
        );
        Notice::new(Code::FieldAsText, sentence).counting(names.len() as u64)
    })
}

impl LinkSpec {
    /// The defaults for files that share these fields.
    pub fn new(fields: &[Field]) -> LinkSpec {
        LinkSpec {
            blocking: default_blocking(fields),
            choose_rules: true,
            max_pairs_per_key: MAX_PAIRS_PER_KEY,
            max_pairs_per_rule: MAX_PAIRS_PER_RULE,
            comparisons: default_comparisons(fields),
            decide: Decide::FellegiSunter,
            term_frequencies: true,
            household_guard: HouseholdGuard::On,
            sessions: Sessions::One,
            starts: 0,
            threshold: None,
            margin: Score(DEFAULT_MARGIN),
            floor: None,
            assignment: Assignment::All,
            nicknames: Nicknames::built_in(),
            notices: Vec::new(),
        }
    }

    /// The `[blocking]` and `[model]` of a spec, and defaults where they say nothing.
    ///
    /// `[blocking]` has `rules` (a list such as `["surname:4 + zip"]`), `max_pairs_per_key` and
    /// `max_pairs_per_rule`. `[model]` has `kind` (`"fellegi-sunter"`, `"rules"`, `"weights"`, `"logistic"` or
    /// `"boosted"`), `threshold` (bits, strength or points), `assignment`, `margin`, `floor`, `household_guard`,
    /// `term_frequencies`, `sessions`, `starts`, `train_share`, and the lists `[[model.comparison]]`, `[[model.rule]]` and
    /// `[[model.weight]]`. `load` names a file, which whoever reads files hands to [`LinkSpec::load`].
    pub fn from_spec(spec: &Spec) -> Result<LinkSpec, BridgeError> {
        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        let mut link = LinkSpec::new(&fields);
        if let Some(table) = &spec.blocking {
            link.read_blocking(&spec.name, table, &fields)?;
        }
        if let Some(table) = &spec.model {
            link.read_model(&spec.name, table, &fields)?;
        }
        let stated =
            spec.model.as_ref().is_some_and(|table| table.contains_key("comparison") || table.contains_key("load"));
        link.notices.extend(as_text(&fields).filter(|_| !stated));
        if link.comparisons.len() > MAX_COMPARISONS {
            let problem = format!("{} comparisons are too many", link.comparisons.len());
            let remedy = format!("name at most {MAX_COMPARISONS}, under [[model.comparison]]");
            return Err(BridgeError::new(&spec.name, problem, remedy).about("model"));
        }
        Ok(link)
    }

    /// Takes comparisons, model and threshold from the text of a saved model: TOML or JSON as Namesake writes it, or the
    /// settings of Splink in JSON. `name` is what errors call it; a threshold of the spec's own is kept.
    pub fn load(&mut self, name: &str, text: &str, fields: &[Field]) -> Result<(), BridgeError> {
        let wrong = |problem: String| BridgeError::new(name, problem, "save a model with --save-model to see one");
        let saved: Saved = if splink::is_settings(text) {
            let settings = splink::read(text).map_err(wrong)?;
            if let Some(rules) = settings.blocking {
                (self.blocking, self.choose_rules) = (rules, false);
            }
            self.comparisons = settings.comparisons.clone();
            let notice = |sentence: String| Notice::new(Code::ModelIncomplete, format!("{name}: {sentence}"));
            self.notices.extend(settings.gaps.into_iter().map(notice));
            match settings.model {
                Some(saved) => saved,
                None => {
                    let sentence = "These settings have no probability: the model was trained on the two files.";
                    self.notices.push(notice(sentence.to_owned()));
                    return self.check_loaded(name, fields);
                }
            }
        } else if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| wrong(format!("this is no model ({error})")))?
        } else {
            toml::from_str(text).map_err(|error| wrong(format!("this is no model ({})", error.message())))?
        };
        if let Some(complaint) = saved.complaint() {
            return Err(wrong(complaint));
        }
        self.comparisons = saved.comparison.clone();
        self.threshold = self.threshold.or(saved.threshold.map(Score::from_bits));
        self.decide = Decide::Saved(Box::new(saved));
        self.check_loaded(name, fields)
    }

    /// The fields that comparisons and blocking rules want as they were recorded.
    pub fn recorded(&self) -> Vec<Field> {
        let compared = self.comparisons.iter().flat_map(|comparison| comparison.kind.fields());
        let blocked = self.blocking.iter().flat_map(|rule| &rule.parts).map(|part| &part.field);
        super::super::forms::recorded(compared.chain(blocked))
    }

    fn check_loaded(&self, name: &str, fields: &[Field]) -> Result<(), BridgeError> {
        for field in self.comparisons.iter().flat_map(|comparison| comparison.kind.fields()) {
            check_field(name, "comparison", field, fields)?;
        }
        for field in self.blocking.iter().flat_map(|rule| &rule.parts).map(|part| &part.field) {
            check_field(name, "blocking rules", field, fields)?;
        }
        if self.comparisons.is_empty() || self.comparisons.len() > MAX_COMPARISONS {
            let problem = format!("{} comparisons; there may be 1 to {MAX_COMPARISONS}", self.comparisons.len());
            return Err(BridgeError::new(name, problem, ""));
        }
        Ok(())
    }

    fn read_blocking(&mut self, file: &str, table: &Table, fields: &[Field]) -> Result<(), BridgeError> {
        check_keys(file, "blocking", table, &["rules", "max_pairs_per_key", "max_pairs_per_rule"])?;
        if let Some(rules) = table.get("rules") {
            let key = "blocking.rules";
            let rules: Vec<BlockingRule> = part(file, key, rules)?;
            for field in rules.iter().flat_map(|rule| &rule.parts).map(|part| &part.field) {
                check_field(file, key, field, fields)?;
            }
            let parts = || rules.iter().flat_map(|rule| &rule.parts);
            let of_date = |part: &&KeyPart| matches!(part.form, KeyForm::Year | KeyForm::MonthDay);
            if let Some(part) = parts().filter(of_date).find(|part| part.field.recorded().is_some()) {
                let problem = format!("{part} takes a part of a date as recorded, which is a text");
                let error = BridgeError::new(file, problem, "leave out \"as recorded\"");
                return Err(error.about(key));
            }
            if rules.is_empty() || rules.len() > 255 {
                let error = BridgeError::new(file, "there must be from 1 to 255 rules", "or leave the key out");
                return Err(error.about(key));
            }
            (self.blocking, self.choose_rules) = (rules, false);
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
        const KEYS: [&str; 14] = [
            "kind",
            "threshold",
            "assignment",
            "margin",
            "floor",
            "household_guard",
            "term_frequencies",
            "sessions",
            "starts",
            "train_share",
            "load",
            "comparison",
            "rule",
            "weight",
        ];
        check_keys(file, "model", table, &KEYS)?;
        let error = |key: &str, problem: String, remedy: &str| Err(BridgeError::new(file, problem, remedy).about(key));
        if let Some(comparisons) = table.get("comparison") {
            let key = "model.comparison";
            self.comparisons = part::<Vec<Comparison>>(file, key, comparisons)?;
            for (i, comparison) in self.comparisons.iter().enumerate() {
                for field in comparison.kind.fields() {
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
        if let Some(rule) = rules.iter().flatten().find(|rule| rule.all.is_empty()) {
            let problem = format!("the rule {:?} has no condition and would match every pair", rule.name);
            return error("model.rule", problem, "write all = [\"surname: same\"], or leave the rule out");
        }
        let weights: Option<Vec<Weight>> =
            table.get("weight").map(|weights| part(file, "model.weight", weights)).transpose()?;
        let kind = match table.get("kind") {
            Some(kind) => part::<String>(file, "model.kind", kind)?,
            None if rules.is_some() => "rules".to_owned(),
            None if weights.is_some() => "weights".to_owned(),
            None => "fellegi-sunter".to_owned(),
        };
        if rules.is_some() && kind != "rules" {
            return error("model.rule", "this model has no rules".to_owned(), "write kind = \"rules\"");
        }
        if weights.is_some() && kind != "weights" {
            return error("model.weight", "this model gives no points".to_owned(), "write kind = \"weights\"");
        }
        let share = match table.get("train_share") {
            None => 0.5,
            Some(share) => part(file, "model.train_share", share)?,
        };
        let share = Probability::new(share).ok().filter(|share| share.get() > 0.0 && share.get() < 1.0);
        let Some(share) = share else {
            let problem = "this share leaves nobody to train on, or nobody to count errors on".to_owned();
            return error("model.train_share", problem, "write a number between 0 and 1, such as 0.5");
        };
        // A key that would do nothing is a mistake.
        let trained = !matches!(kind.as_str(), "rules" | "weights");
        for key in ["sessions", "starts", "household_guard", "term_frequencies", "train_share"] {
            let (wanted, learned) = (table.contains_key(key), matches!(kind.as_str(), "logistic" | "boosted"));
            let does = match key {
                "train_share" => learned,
                "term_frequencies" => trained,
                _ => trained && !table.contains_key("load"),
            };
            if wanted && !does {
                let what =
                    if trained && key != "train_share" { "that is loaded" } else { &format!("of kind {kind:?}") };
                let problem = format!("this does nothing to a model {what}");
                return error(&format!("model.{key}"), problem, "leave it out");
            }
        }
        let bad = |error: RuleSetError| BridgeError::new(file, error.to_string(), "");
        self.decide = match (kind.as_str(), rules, weights) {
            ("fellegi-sunter", ..) => Decide::FellegiSunter,
            ("logistic", ..) => Decide::Learn(Learner::Logistic, share),
            ("boosted", ..) => Decide::Learn(Learner::Boosted, share),
            ("rules", Some(rules), _) => {
                Decide::Written(Model::Rules(RuleSet::new(&rules, &self.comparisons).map_err(bad)?))
            }
            ("weights", _, Some(weights)) => {
                Decide::Written(Model::Points(Points::new(&weights, &self.comparisons).map_err(bad)?))
            }
            ("rules", ..) => {
                return error("model", "a rule set needs rules".to_owned(), "add at least one [[model.rule]]");
            }
            ("weights", ..) => {
                return error("model", "points are needed".to_owned(), "add at least one [[model.weight]]");
            }
            (kind, ..) => {
                let remedy = suggestion(kind, &["fellegi-sunter", "rules", "weights", "logistic", "boosted"]);
                return error("model.kind", format!("there is no model {kind:?}"), &remedy);
            }
        };
        if let Some(on) = table.get("household_guard") {
            let on = part(file, "model.household_guard", on)?;
            self.household_guard = if on { HouseholdGuard::On } else { HouseholdGuard::Off };
        }
        if let Some(on) = table.get("term_frequencies") {
            self.term_frequencies = part(file, "model.term_frequencies", on)?;
        }
        if let Some(name) = table.get("sessions") {
            let name: String = part(file, "model.sessions", name)?;
            self.sessions = match Sessions::NAMED.iter().find(|(known, _)| *known == name) {
                Some(&(_, sessions)) => sessions,
                None => {
                    let problem = format!("there are no sessions {name:?}");
                    return error(
                        "model.sessions",
                        problem,
                        &suggestion(&name, &Sessions::NAMED.map(|(name, _)| name)),
                    );
                }
            };
        }
        if let Some(starts) = table.get("starts") {
            self.starts = part(file, "model.starts", starts)?;
            if self.starts > MOST_STARTS {
                let problem = format!("{} starts are too many", self.starts);
                return error("model.starts", problem, &format!("write at most {MOST_STARTS}"));
            }
        }
        if let Some(margin) = table.get("margin") {
            self.margin = bits(file, "model.margin", margin)?;
            if self.margin < Score(0) {
                let problem = "by less than nothing no pair beats another".to_owned();
                return error("model.margin", problem, "write 0 or more");
            }
        }
        if let Some(floor) = table.get("floor") {
            self.floor = Some(bits(file, "model.floor", floor)?);
        }
        if let Some(threshold) = table.get("threshold") {
            self.threshold = Some(bits(file, "model.threshold", threshold)?);
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

/// A number of bits, points or steps.
fn bits(file: &str, key: &str, value: &Value) -> Result<Score, BridgeError> {
    let bits = match value {
        Value::Integer(bits) => *bits as f64,
        other => part(file, key, other)?,
    };
    if !bits.is_finite() {
        return Err(BridgeError::new(file, "this is no number", "write a finite number, such as 3.5").about(key));
    }
    Ok(Score::from_bits(bits))
}

fn part<T: for<'de> Deserialize<'de>>(file: &str, key: &str, value: &Value) -> Result<T, BridgeError> {
    let wrong = |error: toml::de::Error| BridgeError::new(file, error.message().trim(), "").about(key);
    value.clone().try_into().map_err(wrong)
}

fn check_field(file: &str, key: &str, field: &Field, fields: &[Field]) -> Result<(), BridgeError> {
    if fields.contains(&field.column()) {
        return Ok(());
    }
    let names: Vec<&str> = fields.iter().map(Field::name).collect();
    let problem = format!("{field} is not among the [fields] of this spec");
    Err(BridgeError::new(file, problem, suggestion(field.name(), &names)).about(key))
}
