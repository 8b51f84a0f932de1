//! From evidence to a score with its reasons: [`Model`], [`Score`], [`Term`], [`RuleSet`].
//!
//! Five kinds of model. A [`RuleSet`] is what agencies print in agreements: *number and name control agree*. [`Points`]
//! are those of an office's score card. A [`FellegiSunter`] model weighs each level of agreement by how much
//! likelier it is for one person than for two. A [`Learned`] model adds what labels teach, where there are any. A
//! [`CustomModel`] is somebody's own. All give a score that is the exact sum of named integer terms; what is done at which
//! score is policy and is decided elsewhere.

mod custom;
pub mod fellegi_sunter;
pub mod learned;
pub mod saved;

pub use custom::CustomModel;
pub use fellegi_sunter::FellegiSunter;
pub use learned::Learned;

use crate::linkage::comparison::{Comparison, Evidence};
use crate::record::Records;
use crate::stats::Probability;
use fellegi_sunter::MatchWeight;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A score in millibits: 1000 is one bit of evidence (odds doubled) for a Fellegi–Sunter model, and one step of
/// strength for a rule set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Score(pub i32);

impl Score {
    /// The score in bits, or steps.
    pub fn bits(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// The nearest score to a number of bits.
    pub fn from_bits(bits: f64) -> Score {
        // `as` saturates, so that an infinite threshold is the extreme score.
        Score((bits * 1000.0).round_ties_even() as i32)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.bits())
    }
}

/// One reason for a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Term {
    /// The comparison, or the rule, or what else it stands for (`prior`, `household`).
    pub name: String,
    /// The level reached, or the conditions of the rule.
    pub level: String,
    /// Its contribution, in millibits.
    pub value: i32,
}

/// A model: the rule by which evidence becomes a score.
#[derive(Clone, Debug)]
pub enum Model {
    /// A ladder of rules.
    Rules(RuleSet),
    /// Points for levels.
    Points(Points),
    /// Weights after Fellegi and Sunter.
    FellegiSunter(FellegiSunter),
    /// Those weights and what labels added.
    Learned(Learned),
    /// A model of somebody's own.
    Custom(Arc<dyn CustomModel>),
}

impl Model {
    /// The score of a pair.
    ///
    /// `a` and `row` name the records of the two sides, in normal form. Where both agree on a value, one of them is
    /// enough.
    pub fn score(&self, evidence: &Evidence, a: &Records, row: usize) -> Score {
        self.score_with(evidence, |comparison| self.value_weight(comparison, a, row))
    }

    /// The term-frequency adjustment of a comparison for the value of a record, in normal form; nothing where the model
    /// has none.
    pub fn value_weight(&self, comparison: usize, a: &Records, row: usize) -> MatchWeight {
        self.weights().map_or(MatchWeight::default(), |weights| weights.value_weight(comparison, a, row))
    }

    /// The score of a pair whose term-frequency adjustments are known already: `value_weight` gives that of each comparison,
    /// see [`FellegiSunter::weight_of_value`].
    pub fn score_with(&self, evidence: &Evidence, value_weight: impl Fn(usize) -> MatchWeight) -> Score {
        match self {
            Model::Rules(rules) => rules.score(evidence),
            Model::Points(points) => points.score(evidence),
            Model::FellegiSunter(model) => model.score_with(evidence, value_weight),
            Model::Learned(model) => model.score(evidence, model.base.score_with(evidence, value_weight)),
            Model::Custom(model) => custom::score(model.as_ref(), evidence),
        }
    }

    /// The scores of a batch of pairs, in their order, added to `scores`. `value_weight` gives the weight of the agreeing
    /// value of a pair, by its place in the batch, and of a comparison.
    pub fn score_all(
        &self,
        pairs: &[Evidence],
        value_weight: impl Fn(usize, usize) -> MatchWeight,
        scores: &mut Vec<Score>,
    ) {
        match self {
            Model::Custom(model) => scores.extend(custom::scores(model.as_ref(), pairs)),
            _ => scores.extend(
                (0..pairs.len()).map(|pair| self.score_with(&pairs[pair], |comparison| value_weight(pair, comparison))),
            ),
        }
    }

    /// The match weights in it, if there are any.
    pub fn weights(&self) -> Option<&FellegiSunter> {
        match self {
            Model::Rules(_) | Model::Points(_) | Model::Custom(_) => None,
            Model::FellegiSunter(model) => Some(model),
            Model::Learned(model) => Some(&model.base),
        }
    }

    /// The terms of the score of a pair; they sum to it exactly.
    pub fn terms(&self, evidence: &Evidence, a: &Records, row: usize) -> Vec<Term> {
        match self {
            Model::Rules(rules) => rules.terms(evidence),
            Model::Points(points) => points.terms(evidence),
            Model::FellegiSunter(model) => model.terms(evidence, a, row),
            Model::Learned(model) => model.terms(evidence, model.base.score(evidence, a, row)),
            Model::Custom(model) => custom::terms(model.as_ref(), evidence),
        }
    }

    /// The default threshold: the weakest rule of a rule set, half of the most points of a score card, even odds of the
    /// other models.
    pub fn default_threshold(&self) -> Score {
        match self {
            Model::Rules(rules) => rules.weakest(),
            Model::Points(points) => Score(points.most() / 2),
            Model::FellegiSunter(_) | Model::Learned(_) => Score(0),
            Model::Custom(model) => model.default_threshold(),
        }
    }

    /// The probability that a pair of this score is one person, as the model sees it; `None` for models without match
    /// weights, which claim none.
    pub fn probability(&self, score: Score) -> Option<Probability> {
        match self {
            Model::Rules(_) | Model::Points(_) | Model::Custom(_) => None,
            Model::FellegiSunter(_) | Model::Learned(_) => Some(fellegi_sunter::probability(score)),
        }
    }
}

/// A rule as it is written: `name = "number and name control"`, `strength = 3`,
/// `all = ["number: same", "name control: first 4 letters"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The name of the rule.
    pub name: String,
    /// Its strength; the score of a pair is the greatest strength among the rules that hold.
    pub strength: u16,
    /// The conditions, all of which must hold: `"comparison: level"` for at least that level, and
    /// `"comparison: level or missing"` where a missing value is let pass.
    pub all: Vec<String>,
}

/// A ladder of rules, bound to comparisons.
#[derive(Clone, Debug)]
pub struct RuleSet {
    // Strongest first; among equals as written. The first that holds decides.
    rules: Vec<Bound>,
}

#[derive(Clone, Debug)]
struct Bound {
    rule: Rule,
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug)]
struct Condition {
    comparison: usize,
    at_least: u8,
    missing: Missing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Missing {
    Fails,
    Passes,
}

/// A rule that names an unknown comparison or level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetError {
    /// The rule.
    pub rule: String,
    /// The condition.
    pub condition: String,
    /// The problem, and the names that exist.
    pub reason: String,
}

impl fmt::Display for RuleSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {:?}: {:?} {}", self.rule, self.condition, self.reason)
    }
}

impl std::error::Error for RuleSetError {}

impl RuleSet {
    /// Binds rules to comparisons, or says which condition names a comparison or a level that is not there.
    pub fn new(rules: &[Rule], comparisons: &[Comparison]) -> Result<RuleSet, RuleSetError> {
        let mut bound = Vec::with_capacity(rules.len());
        for rule in rules {
            let conditions =
                rule.all.iter().map(|text| bind(&rule.name, text, comparisons)).collect::<Result<_, _>>()?;
            bound.push(Bound { rule: rule.clone(), conditions });
        }
        bound.sort_by_key(|bound| std::cmp::Reverse(bound.rule.strength));
        Ok(RuleSet { rules: bound })
    }

    /// The first rule that holds, strongest first.
    pub fn holding(&self, evidence: &Evidence) -> Option<&Rule> {
        let holds = |condition: &Condition| match evidence.level(condition.comparison) {
            Some(level) => level >= condition.at_least,
            None => condition.missing == Missing::Passes,
        };
        self.rules.iter().find(|bound| bound.conditions.iter().all(holds)).map(|bound| &bound.rule)
    }

    /// The strength of the strongest rule that holds, times 1000; 0 when none does.
    pub fn score(&self, evidence: &Evidence) -> Score {
        self.holding(evidence).map_or(Score(0), strength)
    }

    /// The rule that decided, as one term; none when no rule holds.
    pub fn terms(&self, evidence: &Evidence) -> Vec<Term> {
        let term = |rule: &Rule| Term { name: rule.name.clone(), level: rule.all.join(", "), value: strength(rule).0 };
        self.holding(evidence).map(term).into_iter().collect()
    }

    /// The rules as they were written, strongest first.
    pub fn written(&self) -> Vec<Rule> {
        self.rules.iter().map(|bound| bound.rule.clone()).collect()
    }

    fn weakest(&self) -> Score {
        // No rule holds at score 0, so without any rule nothing reaches the threshold.
        self.rules.iter().map(|bound| strength(&bound.rule)).filter(|score| score.0 > 0).min().unwrap_or(Score(1))
    }
}

/// The points of one comparison as they are written: `comparison = "surname"`,
/// `points = { same = 4, "similar 0.92" = 3, differs = -2, missing = 0 }`. A level without points has those of the
/// highest level below it that has some, and 0 below all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// The comparison.
    pub comparison: String,
    /// The points of its levels by label; `missing` where a side is missing.
    pub points: BTreeMap<String, f64>,
}

/// A score card: points for the level that each comparison reaches, summed.
#[derive(Clone, Debug)]
pub struct Points {
    weights: Vec<Weight>,
    /// For each comparison its name, its labels, and in thousandths of a point what a missing value and each level count.
    cards: Vec<(String, Vec<String>, Vec<i32>)>,
}

impl Points {
    /// Binds points to comparisons, or says what names a comparison or a level that is not there.
    pub fn new(weights: &[Weight], comparisons: &[Comparison]) -> Result<Points, RuleSetError> {
        let mut cards: Vec<(String, Vec<String>, Vec<i32>)> = comparisons
            .iter()
            .map(|comparison| (comparison.name.clone(), comparison.labels(), vec![0; comparison.labels().len() + 1]))
            .collect();
        for weight in weights {
            let error = |reason: String| RuleSetError {
                rule: "weight".to_owned(),
                condition: weight.comparison.clone(),
                reason,
            };
            let names = cards.iter().map(|(name, ..)| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            let Some((_, labels, card)) = cards.iter_mut().find(|(name, ..)| *name == weight.comparison) else {
                return Err(error(format!("names no comparison; there are {names}")));
            };
            for (label, points) in &weight.points {
                if label != "missing" && !labels.contains(label) {
                    let known = labels.iter().map(|label| format!("{label:?}")).collect::<Vec<_>>().join(", ");
                    return Err(error(format!("has no level {label:?}; its levels are {known}, and \"missing\"")));
                }
                if !(points.is_finite() && points.abs() <= 1e5) {
                    return Err(error(format!("gives {label:?} {points} points; at most 100000 either way")));
                }
            }
            let points =
                |label: &str| weight.points.get(label).map(|points| (points * 1000.0).round_ties_even() as i32);
            card[0] = points("missing").unwrap_or(0);
            let mut last = 0;
            for (label, place) in labels.iter().zip(&mut card[1..]) {
                last = points(label).unwrap_or(last);
                *place = last;
            }
        }
        Ok(Points { weights: weights.to_vec(), cards })
    }

    /// The points of a pair, times 1000.
    pub fn score(&self, evidence: &Evidence) -> Score {
        Score(self.cards.iter().enumerate().map(|(i, (_, _, card))| card[place(evidence, i)]).sum())
    }

    /// The contribution of each comparison.
    pub fn terms(&self, evidence: &Evidence) -> Vec<Term> {
        let term = |(i, (name, labels, card)): (usize, &(String, Vec<String>, Vec<i32>))| {
            let level = evidence.level(i).map_or("missing", |level| labels[usize::from(level)].as_str());
            Term { name: name.clone(), level: level.to_owned(), value: card[place(evidence, i)] }
        };
        self.cards.iter().enumerate().map(term).collect()
    }

    /// The points as they were written.
    pub fn written(&self) -> Vec<Weight> {
        self.weights.clone()
    }

    fn most(&self) -> i32 {
        self.cards.iter().map(|(_, _, card)| card.iter().copied().max().unwrap_or(0)).sum()
    }
}

fn place(evidence: &Evidence, comparison: usize) -> usize {
    evidence.level(comparison).map_or(0, |level| usize::from(level) + 1)
}

fn strength(rule: &Rule) -> Score {
    Score(i32::from(rule.strength) * 1000)
}

fn bind(rule: &str, text: &str, comparisons: &[Comparison]) -> Result<Condition, RuleSetError> {
    let error = |reason: String| RuleSetError { rule: rule.to_owned(), condition: text.to_owned(), reason };
    let quoted = |names: &[String]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let Some((name, level)) = text.split_once(':') else {
        return Err(error("has no colon; write \"comparison: level\"".to_owned()));
    };
    let (name, level) = (name.trim(), level.trim());
    let Some(comparison) = comparisons.iter().position(|comparison| comparison.name == name) else {
        let names: Vec<String> = comparisons.iter().map(|comparison| comparison.name.clone()).collect();
        return Err(error(format!("names no comparison; there are {}", quoted(&names))));
    };
    let (level, missing) = match level.strip_suffix(" or missing") {
        Some(level) => (level.trim(), Missing::Passes),
        None => (level, Missing::Fails),
    };
    let labels = comparisons[comparison].labels();
    match labels.iter().position(|label| label == level) {
        Some(at_least) => Ok(Condition { comparison, at_least: at_least as u8, missing }),
        None => Err(error(format!("names no level of {name:?}; its levels are {}", quoted(&labels)))),
    }
}

#[cfg(test)]
mod tests {
    use super::saved::Saved;
    use super::*;
    use crate::linkage::comparison::{Comparer, ComparisonKind, Nicknames};
    use crate::record::{Field, RecordId};

    fn comparisons() -> Vec<Comparison> {
        vec![
            Comparison::new(ComparisonKind::Number { field: Field::Number.into() }),
            Comparison {
                name: "name control".to_owned(),
                kind: ComparisonKind::Prefix { field: Field::Surname.into(), lengths: vec![4] },
                given: None,
            },
            Comparison::new(ComparisonKind::Date { field: Field::DateOfBirth.into() }),
        ]
    }

    #[derive(Deserialize)]
    struct File {
        rule: Vec<Rule>,
    }

    fn rules(text: &str) -> Result<RuleSet, RuleSetError> {
        RuleSet::new(&toml::from_str::<File>(text).unwrap().rule, &comparisons())
    }

    const LADDER: &str = r#"
        [[rule]]
        name = "number and name control"
        strength = 3
        all = ["number: same", "name control: first 4 letters"]
        [[rule]]
        name = "near number, name and birth date"
        strength = 5
        all = ["number: one digit off", "name control: first 4 letters", "date_of_birth: one digit off or missing"]
    "#;

    #[test]
    fn the_strongest_rule_that_holds_decides_and_is_the_only_term() {
        let rules = rules(LADDER).unwrap();
        let fields = [Field::Number, Field::Surname, Field::DateOfBirth];
        let comparer = Comparer::new(&comparisons(), &fields, &fields, &Nicknames::default());
        let mut a = Records::new(&fields);
        a.push(RecordId(0), &["900123456", "NUNEZ", "1984-05-03"]);
        let mut b = Records::new(&fields);
        b.push(RecordId(0), &["900123456", "NUNES", "1984-05-03"]);
        b.push(RecordId(1), &["900123456", "NUNES", "1950-01-01"]);
        b.push(RecordId(2), &["900123465", "NUNES", ""]);
        b.push(RecordId(3), &["900123456", "ŌE", "1984-05-03"]);
        let model = Model::Rules(rules);
        for (row, score) in [5000, 3000, 5000, 0].into_iter().enumerate() {
            let evidence = comparer.compare(&a, 0, &b, row);
            assert_eq!(model.score(&evidence, &a, 0), Score(score), "row {row}");
            let terms = model.terms(&evidence, &a, 0);
            assert_eq!(terms.iter().map(|term| term.value).sum::<i32>(), score);
        }
        assert_eq!(model.default_threshold(), Score(3000));
        assert_eq!(model.probability(Score(3000)), None);
    }

    #[test]
    fn points_are_summed_and_a_saved_model_is_the_same_again() {
        #[derive(Deserialize)]
        struct Card {
            weight: Vec<Weight>,
        }
        let text = r#"
            [[weight]]
            comparison = "number"
            points = { same = 5, "two digits off" = 2.5, differs = -3, missing = -0.5 }
            [[weight]]
            comparison = "name control"
            points = { "first 4 letters" = 2 }
        "#;
        let card = toml::from_str::<Card>(text).unwrap().weight;
        let model = Model::Points(Points::new(&card, &comparisons()).unwrap());
        let records = Records::new(&[]);
        for (levels, score) in [
            ([Some(4), Some(2), None], 7_000),
            ([Some(3), Some(1), Some(0)], 4_500),
            ([Some(1), Some(0), Some(0)], -3_000),
            ([None, Some(0), Some(5)], -500),
        ] {
            let evidence = Evidence::new(&levels);
            assert_eq!(model.score(&evidence, &records, 0), Score(score));
            assert_eq!(model.terms(&evidence, &records, 0).iter().map(|term| term.value).sum::<i32>(), score);
            let saved = Saved::of(&model, &comparisons(), Some(3.0)).unwrap();
            let from_toml: Saved = toml::from_str(&toml::to_string(&saved).unwrap()).unwrap();
            let from_json: Saved = serde_json::from_str(&serde_json::to_string(&saved).unwrap()).unwrap();
            assert!(from_toml == saved && from_json == saved);
            assert_eq!(saved.model(&[]).unwrap().score(&evidence, &records, 0), Score(score));
        }
        assert_eq!(model.default_threshold(), Score(3_500));
        for (from, to, expected) in [
            ("\"number\"", "\"nummer\"", "\"name control\""),
            ("two digits off", "three digits off", "\"two digits off\""),
            ("2.5", "inf", "at most 100000"),
        ] {
            let card = toml::from_str::<Card>(&text.replace(from, to)).unwrap().weight;
            let message = Points::new(&card, &comparisons()).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_rule_that_names_nothing_is_refused_with_what_there_is() {
        let error = |condition: &str| {
            let text = format!("[[rule]]\nname = \"r\"\nstrength = 1\nall = [\"{condition}\"]");
            rules(&text).unwrap_err().to_string()
        };
        assert!(error("surname: same").contains("\"name control\""));
        assert!(error("number: nearly").contains("\"one digit off\""));
        assert!(error("number").contains("comparison: level"));
    }
}
