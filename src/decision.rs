//! From evidence to a score with its reasons: [`Model`], [`Score`], [`Term`], [`RuleSet`].
//!
//! Two kinds of model. A [`RuleSet`] is what agencies print in agreements: *number and name control agree*. A
//! [`FellegiSunter`] model weighs each level of agreement by how much likelier it is for one person than for two. Both
//! give a score that is the exact sum of named integer terms; what is done at which score is policy and is decided
//! elsewhere.

pub mod fellegi_sunter;

pub use fellegi_sunter::FellegiSunter;

use crate::comparison::{Comparison, Evidence};
use crate::record::Records;
use crate::stats::Probability;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A score in millibits: 1000 is one bit of evidence (odds doubled) for a Fellegi–Sunter model, and one step of
/// strength for a rule set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The comparison, or the rule, or what else it stands for (`prior`, `household`).
    pub name: String,
    /// The level reached, or the conditions of the rule.
    pub level: String,
    /// What it adds, in millibits.
    pub value: i32,
}

/// How evidence becomes a score.
#[derive(Clone, Debug)]
pub enum Model {
    /// A ladder of rules.
    Rules(RuleSet),
    /// Weights after Fellegi and Sunter.
    FellegiSunter(FellegiSunter),
}

impl Model {
    /// The score of a pair.
    ///
    /// `a` and `row` name the record of either side, in normal form: of a value on which both agree it is enough to
    /// see one.
    pub fn score(&self, evidence: &Evidence, a: &Records, row: usize) -> Score {
        match self {
            Model::Rules(rules) => rules.score(evidence),
            Model::FellegiSunter(model) => model.score(evidence, a, row),
        }
    }

    /// The terms of the score of a pair; they sum to it exactly.
    pub fn terms(&self, evidence: &Evidence, a: &Records, row: usize) -> Vec<Term> {
        match self {
            Model::Rules(rules) => rules.terms(evidence),
            Model::FellegiSunter(model) => model.terms(evidence, a, row),
        }
    }

    /// The score from which a pair counts as a match unless said otherwise: the weakest rule of a rule set, even odds
    /// of a Fellegi–Sunter model.
    pub fn default_threshold(&self) -> Score {
        match self {
            Model::Rules(rules) => rules.weakest(),
            Model::FellegiSunter(_) => Score(0),
        }
    }

    /// The probability that a pair of this score is one person, as the model sees it; `None` for rules, which claim
    /// none.
    pub fn probability(&self, score: Score) -> Option<Probability> {
        match self {
            Model::Rules(_) => None,
            Model::FellegiSunter(_) => Some(fellegi_sunter::probability(score)),
        }
    }
}

/// A rule as it is written: `name = "number and name control"`, `strength = 3`,
/// `all = ["number: same", "name control: first 4 letters"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What the rule is called.
    pub name: String,
    /// How strong it is; the score of a pair is the greatest strength among the rules that hold.
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

/// A rule that names what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetError {
    /// The rule.
    pub rule: String,
    /// The condition.
    pub condition: String,
    /// What is wrong with it and what exists.
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

    fn weakest(&self) -> Score {
        // No rule holds at score 0, so without any rule nothing reaches the threshold.
        self.rules.iter().map(|bound| strength(&bound.rule)).filter(|score| score.0 > 0).min().unwrap_or(Score(1))
    }
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
    use super::*;
    use crate::comparison::{Comparer, Kind, Nicknames};
    use crate::record::{Field, RecordId};

    fn comparisons() -> Vec<Comparison> {
        vec![
            Comparison::new(Kind::Number { field: Field::Number.into() }),
            Comparison {
                name: "name control".to_owned(),
                kind: Kind::Prefix { field: Field::Surname.into(), lengths: vec![4] },
            },
            Comparison::new(Kind::Date { field: Field::DateOfBirth.into() }),
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
