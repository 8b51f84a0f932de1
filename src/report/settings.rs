//! The reference of every key of every scenario, as a page, as text and as JSON.

use super::cases::library;
use super::written::value_text;
use crate::agency::ErrorKind;
use crate::scenario::{
    Assumption, Basis, KeyText, Scenario, ScenarioError, Section, did_you_mean, key_text, reference,
};
use indexmap::IndexMap;
use serde_json::{Value, json};
use std::fmt::Write;

/// A setting, and its values in the built-in scenarios.
struct Entry {
    /// The texts about it.
    text: Option<&'static KeyText>,
    /// The setting where it is first stated: in the default scenario, if there.
    default: Assumption,
    /// The scenario of that value; `None` for the default scenario.
    stated_in: Option<String>,
    /// `true` if it belongs to a safeguard that the default scenario leaves off.
    off: bool,
    /// The values of the other scenarios that have the setting and differ.
    others: Vec<Value>,
}

/// Every setting of the built-in scenarios, and every plain key of the default scenario with its value.
struct Keys {
    settings: IndexMap<String, Entry>,
    plain: IndexMap<String, (Option<&'static KeyText>, Value)>,
}

impl Keys {
    fn gather() -> Result<Keys, ScenarioError> {
        let mut all = library()?;
        let default = all.iter().position(|scenario| scenario.name == crate::scenario::BUILT_IN[0].0);
        // The default scenario first: what it states is the default.
        all[..=default.unwrap_or(0)].rotate_right(1);
        let mut settings: IndexMap<String, Entry> = IndexMap::new();
        let mut add = |default: Assumption, stated_in: Option<&Scenario>, off: bool| {
            let known = settings.get_mut(&default.key);
            match known {
                Some(known) if known.default.value != default.value && !off => known.others.push(default.value),
                Some(_) => {}
                None => {
                    let stated_in = stated_in.map(|scenario| scenario.name.clone());
                    let text = key_text(&default.key);
                    let key = default.key.clone();
                    settings.insert(key, Entry { text, default, stated_in, off, others: Vec::new() });
                }
            }
        };
        all[0].assumptions().into_iter().for_each(|setting| add(setting, None, false));
        all[0].settings_switched_off()?.into_iter().for_each(|setting| add(setting, None, true));
        for scenario in &all[1..] {
            scenario.assumptions().into_iter().for_each(|setting| add(setting, Some(scenario), false));
        }
        let plain = all[0].plain_keys().into_iter().map(|(key, value)| {
            let text = key_text(&key);
            (key, (text, value))
        });
        Ok(Keys { settings, plain: plain.collect() })
    }

    /// The settings about which a text is, in the order of the scenarios.
    fn of<'k>(&'k self, text: &'k KeyText) -> impl Iterator<Item = (&'k str, &'k Entry)> {
        let own = self.settings.iter().filter(move |(_, entry)| entry.text == Some(text));
        own.map(|(key, entry)| (key.as_str(), entry))
    }

    /// The plain value of a key, in Markdown: where the name stands for several keys, the value that all have, or that of
    /// either agency; empty for values that are long or belong to entries of a list.
    fn plain(&self, text: &KeyText) -> String {
        let own: Vec<(&str, String)> = self
            .plain
            .iter()
            .filter(|(_, (of_key, _))| *of_key == Some(text))
            .map(|(key, (_, value))| (key.split('.').next().unwrap_or(key), written(value)))
            .filter(|(_, value)| !value.is_empty() && value.chars().count() <= 80)
            .collect();
        match &own[..] {
            _ if text.name.contains("[]") => String::new(),
            [(_, first), others @ ..] if others.iter().all(|(_, value)| value == first) => format!("`{first}`"),
            [(first, of_first), (second, of_second)] => format!("`{of_first}` ({first}), `{of_second}` ({second})"),
            _ => String::new(),
        }
    }
}

impl Entry {
    /// The plausible range or the alternatives, in words.
    fn range(&self) -> String {
        match (self.default.basis, self.default.range) {
            (Basis::Assumed, Some([low, high])) => format!("{low} to {high}"),
            _ => self.default.alternatives.join("; "),
        }
    }

    /// The basis, with what a reader has to know of the default.
    fn basis(&self) -> String {
        let off = if self.off { ", off by default" } else { "" };
        let stated = self.stated_in.as_ref().map_or(String::new(), |name| format!(", in {name}"));
        format!("{}{off}{stated}", self.default.basis.name())
    }

    /// The other values in built-in scenarios, in words.
    fn elsewhere(&self) -> String {
        let numbers: Option<Vec<f64>> = self.others.iter().map(Value::as_f64).collect();
        match (numbers.as_deref(), &self.others[..]) {
            (_, []) => String::new(),
            (Some(numbers), _) => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                if low == high { format!("{low}") } else { format!("{low} to {high}") }
            }
            (None, others) => {
                let mut words: Vec<String> = others.iter().map(written).collect();
                words.sort();
                words.dedup();
                words.join("; ")
            }
        }
    }
}

/// A value as text, where a list without entries shows.
fn written(value: &Value) -> String {
    if value.as_array().is_some_and(Vec::is_empty) { "[]".to_string() } else { value_text(value) }
}

/// A cell of a table in Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The page of every key, in Markdown.
pub fn settings_markdown() -> Result<String, ScenarioError> {
    let keys = Keys::gather()?;
    let mut page = String::from(
        "# Settings\n\n\
         Every key of every scenario. `--set KEY=VALUE` changes one for a run, a `.toml` file changes several, and\n\
         `namesake scenarios settings KEY` prints the entry of a key. This page is written from the program by\n\
         `namesake scenarios settings --markdown`.\n\n\
         A setting describes the world or an agency. It has a basis: *published*, with a source, or *assumed*, with a\n\
         plausible range or alternatives and the reason. **Default** is the value in `tax-address-request`, the default\n\
         scenario. **Elsewhere** gives the other values in built-in scenarios; `namesake scenarios show NAME` prints\n\
         them with their own sources. **Extreme** is what must hold at the end of a setting's scale; a test in\n\
         `tests/integration/knobs.rs` or `terms.rs` runs it. A plain key is a choice of the user and has no basis.\n",
    );
    for section in reference() {
        writeln!(page, "\n## {}\n\n{}", section.title, section.about).expect("writing to a string cannot fail");
        let mut in_table = false;
        for text in &section.keys {
            if keys.of(text).next().is_none() {
                if !in_table {
                    page += "\n| key | meaning | default |\n|---|---|---|\n";
                    in_table = true;
                }
                writeln!(page, "| `{}` | {} | {} |", text.name, cell(&text.meaning), cell(&keys.plain(text)))
                    .expect("writing to a string cannot fail");
                continue;
            }
            in_table = false;
            page += &of_setting(text, &keys);
        }
    }
    Ok(page)
}

/// The part of the page about one setting, or about settings that differ in a name.
fn of_setting(text: &KeyText, keys: &Keys) -> String {
    let KeyText { name, meaning, extreme } = text;
    let kinds = name.ends_with(".KIND");
    let (named, stories) = (text.is_general(), if kinds { " meaning |" } else { "" });
    let mut part = format!("\n### `{name}`\n\n{meaning} *Extreme:* {extreme}\n\n");
    part += if named { "| key |" } else { "|" };
    part += &format!("{stories} default | range | basis | elsewhere | source |\n");
    let columns = 5 + usize::from(named) + usize::from(kinds);
    part += &format!("{}|\n", "|---".repeat(columns));
    for (key, entry) in keys.of(text) {
        let own = if named { format!("| `{key}` |") } else { "|".to_string() };
        let kind = key.rsplit('.').next().unwrap_or(key);
        let story = ErrorKind::ALL.into_iter().find(|known| kinds && known.name() == kind);
        let story = story.map_or(String::new(), |kind| format!(" {} |", cell(kind.story())));
        let cells = [
            format!("`{}`", written(&entry.default.value)),
            entry.range(),
            entry.basis(),
            entry.elsewhere(),
            entry.default.source.clone(),
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        writeln!(part, "{own}{story} {} |", cells.join(" | ")).expect("writing to a string cannot fail");
    }
    part
}

/// Every setting in one line, or with `key` the whole entry of that key and of those below it; of a key that is not whole,
/// of those with these parts in them.
pub fn settings_text(key: Option<&str>) -> Result<String, String> {
    let keys = Keys::gather().map_err(|error| error.to_string())?;
    let Some(key) = key else {
        let line = |(key, entry): (&String, &Entry)| {
            let range =
                Some(entry.range()).filter(|range| !range.is_empty()).map_or(String::new(), |r| format!(", {r}"));
            format!("{key} = {}  ({}{range})\n", written(&entry.default.value), entry.basis())
        };
        return Ok(keys.settings.iter().map(line).collect());
    };
    let below = |known: &str| known == key || known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
    let all = || keys.settings.keys().chain(keys.plain.keys()).map(String::as_str);
    // A key that is not whole finds every key with these parts in it.
    let (whole, parts) = (all().any(below), format!(".{key}."));
    let wanted = |known: &str| if whole { below(known) } else { format!(".{known}.").contains(&parts) };
    let mut text = String::new();
    for (key, entry) in keys.settings.iter().filter(|(known, _)| wanted(known)) {
        let default = &entry.default;
        let KeyText { meaning, extreme, .. } = entry.text.ok_or_else(|| format!("{key} has no entry"))?;
        writeln!(text, "{key} = {}\n  {meaning}", written(&default.value)).expect("writing to a string cannot fail");
        let lines = [
            ("Basis", entry.basis()),
            (if default.range.is_some() { "Range" } else { "Alternatives" }, entry.range()),
            ("Source", default.source.clone()),
            ("Elsewhere", entry.elsewhere()),
            ("Extreme", extreme.clone()),
        ];
        for (label, said) in lines.into_iter().filter(|(_, said)| !said.is_empty()) {
            writeln!(text, "  {label}: {said}").expect("writing to a string cannot fail");
        }
    }
    for (key, (of_key, value)) in keys.plain.iter().filter(|(known, _)| wanted(known)) {
        let meaning = of_key.map_or("", |text| &text.meaning);
        writeln!(text, "{key} = {}\n  {meaning}\n  A plain key: the user's choice.", written(value))
            .expect("writing to a string cannot fail");
    }
    // A key that the default scenario lacks still has a meaning.
    if let (true, Some(KeyText { meaning, .. })) = (text.is_empty(), key_text(key)) {
        writeln!(text, "{key}\n  {meaning}").expect("writing to a string cannot fail");
    }
    if text.is_empty() {
        return Err(format!(
            "no setting is called \"{key}\"{}; see them all with: namesake scenarios settings",
            did_you_mean(key, all())
        ));
    }
    Ok(text)
}

/// Every setting as JSON, with its meaning and its extreme.
pub fn settings_json() -> Result<String, ScenarioError> {
    let keys = Keys::gather()?;
    let entry = |text: &KeyText, key: &str, entry: &Entry| {
        let Assumption { value, range, alternatives, basis, source, .. } = &entry.default;
        json!({
            "key": key, "meaning": text.meaning, "default": value, "basis": basis.name(), "range": range,
            "alternatives": alternatives, "source": source, "extreme": text.extreme, "off_by_default": entry.off,
            "scenario": entry.stated_in.as_deref().unwrap_or(crate::scenario::BUILT_IN[0].0),
        })
    };
    let texts = reference().iter().flat_map(|Section { keys, .. }| keys);
    let all: Vec<Value> = texts.flat_map(|text| keys.of(text).map(move |(key, own)| entry(text, key, own))).collect();
    Ok(format!("{:#}\n", json!({ "settings": all })))
}
