//! The settings of Splink, as its `save_model_to_json` writes them, for the comparisons that both programs have.
//!
//! Splink writes a comparison as a list of SQL conditions. Read are the conditions of its comparison library: equality,
//! Jaro–Winkler, Jaro, Jaccard, Levenshtein and Damerau–Levenshtein with thresholds, each level of one comparison by
//! the same measure. Everything else is refused by name, not guessed.
//!
//! A settings file with probabilities is a model. Splink leaves out those of a level that no training pair reached, and
//! of a comparison that it did not train: what is there is kept, and each gap is filled in one stated way and named. A
//! settings file without any probability names comparisons and no model.

use crate::linkage::blocking::BlockingRule;
use crate::linkage::comparison::{Comparison, ComparisonKind, FieldName};
use crate::linkage::decision::saved::{FORMAT, Saved, Weighed, Written, WrittenParameters};
use crate::record::Field;
use serde_json::Value;

/// The content of a settings file.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
    /// The blocking rules, where each is an equality of columns.
    pub blocking: Option<Vec<BlockingRule>>,
    /// The model, unless there is no probability at all.
    pub model: Option<Saved>,
    /// The gaps of the model and the values put in their place, a sentence each.
    pub gaps: Vec<String>,
}

/// The share of matches of settings that give none: Splink's own default.
const DEFAULT_PERSON: f64 = 0.0001;

/// Below this share nothing is left for the levels that have no probability.
const NOTHING_LEFT: f64 = 0.01;

/// The most that a level has for one person and for two where training never saw it.
const NEVER_SEEN: f64 = 0.001;

/// Returns `true` if a text is Splink's settings, and not a model of Namesake's.
pub fn is_settings(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"comparison_levels\"")
}

/// Reads settings, or says what in them has no counterpart.
pub fn read(text: &str) -> Result<Settings, String> {
    let json: Value = serde_json::from_str(text).map_err(|error| format!("this is not JSON ({error})"))?;
    let list = json["comparisons"].as_array().ok_or("these settings have no comparisons")?;
    let read: Vec<(Comparison, Probabilities)> = list.iter().map(read_comparison).collect::<Result<_, _>>()?;
    let blocking = match json["blocking_rules_to_generate_predictions"].as_array() {
        Some(rules) if !rules.is_empty() => Some(rules.iter().map(read_rule).collect::<Result<_, _>>()?),
        _ => None,
    };
    let comparisons: Vec<Comparison> = read.iter().map(|(comparison, _)| comparison.clone()).collect();
    let mut gaps = Vec::new();
    let trained = read.iter().flat_map(|(_, levels)| levels.m.iter().chain(&levels.u)).any(Option::is_some);
    let model = trained.then(|| {
        let person = json["probability_two_random_records_match"].as_f64().unwrap_or_else(|| {
            gaps.push(format!("The share of matches is missing: it is {DEFAULT_PERSON}, as in Splink."));
            DEFAULT_PERSON
        });
        let parameters = read.iter().map(|(comparison, levels)| levels.completed(comparison, &mut gaps)).collect();
        Saved {
            format: FORMAT.to_owned(),
            threshold: None,
            training: None,
            model: Written::FellegiSunter(Weighed { person, household: 0.0, relatives: 0.0, twins: 0.0, parameters }),
            comparison: comparisons.clone(),
        }
    });
    Ok(Settings { comparisons, blocking, model, gaps })
}

/// The probabilities of a comparison's levels, rising, as far as they are there.
struct Probabilities {
    m: Vec<Option<f64>>,
    u: Vec<Option<f64>>,
    by_frequency: bool,
}

impl Probabilities {
    /// All of them. A level takes what the others leave; where they leave nothing, or where one of the two is missing
    /// throughout, it weighs nothing. Each gap is told.
    fn completed(&self, comparison: &Comparison, gaps: &mut Vec<String>) -> WrittenParameters {
        let name = &comparison.name;
        let parameters = |m: Vec<f64>, u: Vec<f64>| {
            let floor = |p: Vec<f64>| p.into_iter().map(|p| p.max(1e-9)).collect::<Vec<f64>>();
            let u = floor(u);
            WrittenParameters {
                m: floor(m),
                h: u.clone(),
                r: Vec::new(),
                t: Vec::new(),
                u,
                by_frequency: self.by_frequency,
            }
        };
        let none = |p: &[Option<f64>]| p.iter().all(Option::is_none);
        if none(&self.m) || none(&self.u) {
            let lacks = match (none(&self.m), none(&self.u)) {
                (true, false) => "m-probabilities",
                (false, _) => "u-probabilities",
                _ => "probabilities",
            };
            gaps.push(format!("The comparison {name:?} has no {lacks}: it weighs nothing."));
            let even = vec![1.0 / self.m.len() as f64; self.m.len()];
            return WrittenParameters { by_frequency: false, ..parameters(even.clone(), even) };
        }
        let labels = comparison.labels();
        let left = |p: &[Option<f64>]| {
            let known: f64 = p.iter().flatten().sum();
            let share = (1.0 - known) / p.iter().filter(|p| p.is_none()).count().max(1) as f64;
            (share > NOTHING_LEFT).then_some(share)
        };
        let left = [left(&self.m), left(&self.u)];
        let (mut m, mut u) = (Vec::new(), Vec::new());
        for (label, known) in labels.iter().zip(self.m.iter().copied().zip(self.u.iter().copied())) {
            let both = match [known.0.or(left[0]), known.1.or(left[1])] {
                [Some(m), Some(u)] => [m, u],
                some => [some.into_iter().flatten().fold(NEVER_SEEN, f64::min); 2],
            };
            let lacks = match known {
                (Some(_), Some(_)) => "",
                (None, Some(_)) => "m-probability",
                (Some(_), None) => "u-probability",
                (None, None) => "m- and u-probability",
            };
            if !lacks.is_empty() {
                let filled = if both[0] == both[1] {
                    "it weighs nothing".to_owned()
                } else {
                    format!("what the other levels leave makes it weigh {:.1} bits", libm::log2(both[0] / both[1]))
                };
                gaps.push(format!("The level {label:?} of {name:?} has no {lacks}: {filled}."));
            }
            m.push(both[0]);
            u.push(both[1]);
        }
        parameters(m, u)
    }
}

/// One level of a comparison: the measure, its threshold, and the probabilities.
struct Level {
    measure: Measure,
    m: Option<f64>,
    u: Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Measure {
    Equal,
    Else,
    By(&'static str, f64),
}

const MEASURES: [&str; 7] = [
    "jaro_winkler_similarity",
    "jaro_similarity",
    "jaccard",
    "damerau_levenshtein",
    "levenshtein",
    "jaro_winkler",
    "editdist3",
];

fn read_comparison(comparison: &Value) -> Result<(Comparison, Probabilities), String> {
    let name = comparison["output_column_name"].as_str().ok_or("a comparison has no output_column_name")?.to_owned();
    let levels = comparison["comparison_levels"].as_array().ok_or("a comparison has no comparison_levels")?;
    let (mut read, mut by_frequency) = (Vec::new(), false);
    for level in levels.iter().filter(|level| level["is_null_level"].as_bool() != Some(true)) {
        let condition = level["sql_condition"].as_str().ok_or("a comparison level has no sql_condition")?;
        let measure = read_condition(condition).ok_or_else(|| {
            format!("comparison {name:?}: no counterpart for the condition {condition:?}; write the comparison in TOML")
        })?;
        by_frequency |= level["tf_adjustment_column"].is_string();
        read.push(Level { measure, m: level["m_probability"].as_f64(), u: level["u_probability"].as_f64() });
    }
    // Splink's levels fall, Namesake's rise.
    read.reverse();
    let field = FieldName(Field::from_name(&name));
    let middle: Vec<(&str, f64)> = read
        .iter()
        .filter_map(|level| if let Measure::By(name, cut) = level.measure { Some((name, cut)) } else { None })
        .collect();
    let ends = read.first().map(|level| level.measure) == Some(Measure::Else)
        && read.last().map(|level| level.measure) == Some(Measure::Equal);
    if !ends || middle.len() + 2 != read.len() || middle.windows(2).any(|pair| pair[0].0 != pair[1].0) {
        return Err(format!(
            "comparison {name:?}: its levels are not equality, thresholds of one measure, and the rest; \
             write the comparison in TOML"
        ));
    }
    let cuts: Vec<f64> = middle.iter().map(|(_, cut)| *cut).collect();
    let edits = || cuts.iter().map(|&cut| cut as u8).collect::<Vec<u8>>();
    let kind = match middle.first().map(|(name, _)| *name) {
        None => ComparisonKind::Exact { field },
        Some("jaro_winkler_similarity" | "jaro_winkler") => ComparisonKind::JaroWinkler { field, cuts },
        Some("jaro_similarity") => ComparisonKind::Jaro { field, cuts },
        // DuckDB compares the sets of characters.
        Some("jaccard") => ComparisonKind::Jaccard { field, cuts, q: 1 },
        Some("damerau_levenshtein") => ComparisonKind::Damerau { field, cuts: edits() },
        _ => ComparisonKind::Levenshtein { field, cuts: edits() },
    };
    let m = read.iter().map(|level| level.m).collect();
    let u = read.iter().map(|level| level.u).collect();
    Ok((Comparison { name, kind, given: None }, Probabilities { m, u, by_frequency }))
}

fn read_condition(condition: &str) -> Option<Measure> {
    let plain: String = condition.chars().filter(|c| !c.is_whitespace() && !"\"`".contains(*c)).collect();
    let plain = plain.to_lowercase();
    if plain == "else" {
        return Some(Measure::Else);
    }
    let same_column = |left: &str, right: &str| {
        left.strip_suffix("_l").is_some_and(|stem| !stem.contains('(') && right.strip_suffix("_r") == Some(stem))
    };
    if let Some((left, right)) = plain.split_once('=').filter(|(left, _)| !left.ends_with(['<', '>'])) {
        return same_column(left, right).then_some(Measure::Equal);
    }
    let name = MEASURES.into_iter().find(|name| plain.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')))?;
    let (arguments, bound) = plain[name.len() + 1..].split_once(')')?;
    let (left, right) = arguments.split_once(',')?;
    let similarity = name.starts_with("ja");
    let bound = bound.strip_prefix(if similarity { ">=" } else { "<=" })?;
    let bound: f64 = bound.parse().ok()?;
    let sensible = if similarity { bound > 0.0 && bound <= 1.0 } else { (1.0..=255.0).contains(&bound) };
    (same_column(left, right) && sensible).then_some(Measure::By(name, bound))
}

fn read_rule(rule: &Value) -> Result<BlockingRule, String> {
    let text = rule.as_str().or_else(|| rule["blocking_rule"].as_str()).ok_or("a blocking rule is not a text")?;
    let plain: String = text.chars().filter(|c| !"\"`()".contains(*c)).collect();
    let refused = || format!("no counterpart for the blocking rule {text:?}; write it under [blocking]");
    let mut parts = Vec::new();
    for part in plain.split(" AND ").flat_map(|part| part.split(" and ")) {
        let (left, right) = part.split_once('=').ok_or_else(refused)?;
        let left = left.trim().strip_prefix("l.").ok_or_else(refused)?;
        if right.trim().strip_prefix("r.") != Some(left) {
            return Err(refused());
        }
        parts.push(left.parse().map_err(|_| refused())?);
    }
    Ok(BlockingRule { parts, within: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = r#"{
        "link_type": "link_only",
        "probability_two_random_records_match": 0.0001,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "(l.\"surname\" = r.\"surname\") AND (l.\"zip\" = r.\"zip\")", "sql_dialect": "duckdb"}
        ],
        "comparisons": [
            {"output_column_name": "surname", "comparison_levels": [
                {"sql_condition": "\"surname_l\" IS NULL OR \"surname_r\" IS NULL", "is_null_level": true},
                {"sql_condition": "\"surname_l\" = \"surname_r\"", "m_probability": 0.9, "u_probability": 0.001,
                 "tf_adjustment_column": "surname"},
                {"sql_condition": "jaro_winkler_similarity(\"surname_l\", \"surname_r\") >= 0.92",
                 "m_probability": 0.06, "u_probability": 0.002},
                {"sql_condition": "ELSE", "m_probability": 0.04, "u_probability": 0.997}
            ]},
            {"output_column_name": "zip", "comparison_levels": [
                {"sql_condition": "\"zip_l\" IS NULL OR \"zip_r\" IS NULL", "is_null_level": true},
                {"sql_condition": "\"zip_l\" = \"zip_r\"", "m_probability": 0.7, "u_probability": 0.01},
                {"sql_condition": "levenshtein(\"zip_l\", \"zip_r\") <= 1", "m_probability": 0.1, "u_probability": 0.02},
                {"sql_condition": "ELSE", "m_probability": 0.2, "u_probability": 0.97}
            ]}
        ]
    }"#;

    #[test]
    fn settings_become_comparisons_rules_and_a_model() {
        assert!(is_settings(SETTINGS) && !is_settings("format = \"namesake.model/1\""));
        let settings = read(SETTINGS).unwrap();
        assert_eq!(settings.comparisons[0].labels(), ["differs", "similar 0.92", "same"]);
        assert_eq!(settings.comparisons[1].labels(), ["differs", "1 edits", "same"]);
        assert_eq!(settings.blocking.unwrap()[0].to_string(), "surname + zip");
        let saved = settings.model.unwrap();
        assert_eq!(saved.complaint(), None);
        assert!(saved.wants_frequencies());
        let Written::FellegiSunter(weighed) = saved.model else { panic!("a Fellegi–Sunter model") };
        assert_eq!(weighed.parameters[0].m, [0.04, 0.06, 0.9]);
    }

    /// The weights of the levels of a comparison in settings that lack what `from` says, and the gaps told.
    fn filled(changes: &[(&str, &str)], comparison: usize) -> (Vec<f64>, Vec<String>) {
        let text = changes.iter().fold(SETTINGS.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let settings = read(&text).unwrap();
        let saved = settings.model.unwrap();
        assert_eq!(saved.complaint(), None);
        let Written::FellegiSunter(weighed) = saved.model else { panic!("a Fellegi–Sunter model") };
        let of = &weighed.parameters[comparison];
        (of.m.iter().zip(&of.u).map(|(m, u)| m / u).collect(), settings.gaps)
    }

    #[test]
    fn what_training_left_out_is_filled_and_named_and_the_rest_is_kept() {
        let trained = filled(&[], 0);
        assert_eq!(trained.1, [""; 0]);
        // A level that no training pair reached, of which the others leave nothing.
        let never =
            [("\"m_probability\": 0.06, \"u_probability\": 0.002", "\"x\": 0"), ("0.04", "0.1"), ("0.997", "0.999")];
        let (weights, gaps) = filled(&never, 0);
        assert_eq!((weights[1], weights[2]), (1.0, trained.0[2]));
        assert_eq!(gaps, ["The level \"similar 0.92\" of \"surname\" has no m- and u-probability: it weighs nothing."]);
        // The same of which its u is known.
        let (weights, gaps) = filled(&[("\"m_probability\": 0.06, ", ""), ("0.04", "0.1")], 0);
        assert_eq!((weights[1], weights[2]), (1.0, trained.0[2]));
        assert!(gaps.len() == 1 && gaps[0].contains("no m-probability: it weighs nothing"), "{gaps:?}");
        // What the others leave.
        let (weights, gaps) = filled(&[("\"m_probability\": 0.2, ", "")], 1);
        assert!((weights[0] - 0.2 / 0.97).abs() < 1e-9, "{weights:?}");
        assert!(
            gaps.len() == 1 && gaps[0].contains("\"differs\" of \"zip\"") && gaps[0].contains("-2.3 bits"),
            "{gaps:?}"
        );
        // A comparison that was never trained, and one of which only u is known.
        let zip = ["0.7", "0.1", "0.2"].map(|m| (format!("\"m_probability\": {m}, "), String::new()));
        let zip: Vec<(&str, &str)> = zip.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        let (weights, gaps) = filled(&zip, 1);
        assert_eq!((weights, gaps.len()), (vec![1.0; 3], 1));
        assert_eq!(filled(&zip, 0).0, trained.0);
        // The share of matches.
        let (weights, gaps) = filled(&[("\"probability_two_random_records_match\": 0.0001,", "")], 0);
        assert!(weights == trained.0 && gaps.len() == 1 && gaps[0].contains("share of matches"), "{gaps:?}");
    }

    #[test]
    fn without_probabilities_there_is_no_model_and_what_has_no_counterpart_is_named() {
        let none = SETTINGS.replace("m_probability", "x").replace("u_probability", "y");
        assert!(read(&none).unwrap().model.is_none());
        for (from, to, expected) in [
            ("levenshtein(", "soundslike(", "soundslike"),
            ("jaro_winkler_similarity(\\\"surname_l", "jaro_winkler_similarity(\\\"name_l", "name_l"),
            ("= r.\\\"zip\\\"", "< r.\\\"zip\\\"", "blocking rule"),
        ] {
            let text = SETTINGS.replace(from, to);
            assert_ne!(text, SETTINGS);
            let message = read(&text).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
    }
}
