//! The reference of a scenario's keys: the meaning of each, and for a setting the extreme that must hold.
//!
//! `keys.toml` holds the texts. Values, ranges and sources are those of the scenarios, so they stand there and nowhere
//! else.

use super::{Assumption, Scenario, ScenarioError, terms};
use serde::Deserialize;
use std::sync::OnceLock;
use toml::{Table, Value};

/// A section of the reference.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// A sentence or two about the keys of the section.
    pub about: String,
    /// The keys, in the order in which they are read.
    #[serde(rename = "key")]
    pub keys: Vec<KeyText>,
}

/// The texts about a key, or about keys that differ in a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyText {
    /// The key; a part in capitals stands for any name, `[]` for the entries of a list.
    pub name: String,
    /// The meaning of the key.
    pub meaning: String,
    /// The extreme that must hold, for a setting with a basis.
    #[serde(default)]
    pub extreme: String,
}

impl KeyText {
    /// Number of parts that a key has in common with the name; `None` if the key is not one of these.
    fn fits(&self, key: &str) -> Option<usize> {
        let (name, key): (Vec<&str>, Vec<&str>) = (self.name.split('.').collect(), key.split('.').collect());
        let mut same = 0;
        for (part, of_key) in name.iter().zip(&key) {
            match *part {
                part if part == *of_key => same += 1,
                "AGENCY" if ["requester", "holder"].contains(of_key) => {}
                "AGENCY" => return None,
                part if part.chars().all(|c| c.is_ascii_uppercase()) => {}
                _ => return None,
            }
        }
        (name.len() == key.len()).then_some(same)
    }

    /// Returns `true` if the name stands for more than one key.
    pub fn is_general(&self) -> bool {
        self.name.contains("[]") || self.name.split('.').any(|part| part.chars().all(|c| c.is_ascii_uppercase()))
    }
}

/// The sections of the reference.
pub fn reference() -> &'static [Section] {
    #[derive(Deserialize)]
    struct File {
        section: Vec<Section>,
    }
    static SECTIONS: OnceLock<Vec<Section>> = OnceLock::new();
    SECTIONS.get_or_init(|| {
        let file: File = toml::from_str(include_str!("keys.toml")).expect("a test reads the built-in reference");
        file.section
    })
}

/// The texts about a key: those whose name has the most parts in common with it.
pub fn key_text(key: &str) -> Option<&'static KeyText> {
    let texts = reference().iter().flat_map(|section| &section.keys);
    texts.filter_map(|text| Some((text.fits(key)?, text))).max_by_key(|(same, _)| *same).map(|(_, text)| text)
}

impl Scenario {
    /// The keys with a plain value, which have no basis, each with its value. The entries of a list, other than routes,
    /// share a key: `published[].value`.
    pub fn plain_keys(&self) -> Vec<(String, serde_json::Value)> {
        let table = Table::try_from(self).expect("every part of a scenario has a TOML form");
        let mut keys = Vec::new();
        plain(&Value::Table(table), String::new(), &mut keys);
        keys
    }

    /// The scenario with every safeguard and consequence switched on.
    pub fn with_every_safeguard(&self) -> Result<Scenario, ScenarioError> {
        let on: Vec<String> = terms::safeguards().map(|name| format!("agreement.{name}.on=true")).collect();
        self.with(&self.name, &on)
    }

    /// The settings of safeguards and consequences that are off, with the values they have once switched on.
    pub fn settings_switched_off(&self) -> Result<Vec<Assumption>, ScenarioError> {
        let own = self.assumptions();
        let mut all = self.with_every_safeguard()?.assumptions();
        all.retain(|setting| own.iter().all(|own| own.key != setting.key));
        Ok(all)
    }
}

/// Gathers the keys that `assumptions` leaves out.
fn plain(value: &Value, key: String, keys: &mut Vec<(String, serde_json::Value)>) {
    let below = |part: &str| if key.is_empty() { part.to_string() } else { format!("{key}.{part}") };
    match value {
        Value::Table(table) if table.contains_key("basis") && table.contains_key("value") => {}
        Value::Table(table) => table.iter().for_each(|(part, value)| plain(value, below(part), keys)),
        Value::Array(entries) if entries.iter().any(Value::is_table) => {
            for entry in entries {
                let name = entry.get("name").and_then(Value::as_str).filter(|_| key == "routes");
                plain(entry, name.map_or(format!("{key}[]"), below), keys);
            }
        }
        value if keys.iter().all(|(known, _)| *known != key) => {
            keys.push((key, serde_json::to_value(value).unwrap_or(serde_json::Value::Null)));
        }
        _ => {}
    }
}
