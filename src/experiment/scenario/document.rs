//! A scenario's TOML as a document: putting values in by key, laying one document over another, and errors that say what
//! to write instead.

use toml::{Table, Value};

/// Keys that a scenario may do without, by section.
const OPTIONAL: [(&str, &[&str]); 3] = [
    ("", &["theme", "harm", "counter_views", "published", "teaching"]),
    ("requester", &["on_file", "least_age", "coverage", "coverage_by_group", "numbers", "hispanic_as_white"]),
    ("holder", &["numbers", "hispanic_as_white"]),
];

fn is_optional(section: &str, key: &str) -> bool {
    OPTIONAL.iter().any(|(known, keys)| *known == section && keys.contains(&key))
}

/// Puts `KEY=VALUE` into a scenario's document.
pub(super) fn put(document: &mut Value, set: &str) -> Result<(), String> {
    let (key, text) = set.split_once('=').ok_or("write KEY=VALUE")?;
    let path: Vec<&str> = key.trim().split('.').collect();
    if let [section, last] = path[..]
        && is_optional(section, last)
        && let Some(Value::Table(table)) = document.get_mut(section)
        && !table.contains_key(last)
    {
        // What is not there yet has no type to be read as: a number if it is one.
        let text = text.trim();
        let value = typed(&Value::Float(0.0), text).or_else(|_| typed(&Value::String(String::new()), text))?;
        table.insert(last.to_string(), value);
        return Ok(());
    }
    let place = find(document, &path, "")?;
    let new = match &*place {
        Value::Table(setting) if setting.contains_key("basis") && setting.contains_key("value") => {
            typed(&setting["value"], text.trim())?
        }
        Value::Table(section) => {
            let keys: Vec<&str> = section.keys().map(String::as_str).collect();
            return Err(format!("{} is a section; add one of its keys: {}", key.trim(), keys.join(", ")));
        }
        plain => typed(plain, text.trim())?,
    };
    replace(place, new);
    Ok(())
}

/// The value at a path that must exist. In a list, of routes say, a step is the name of an entry.
fn find<'d>(value: &'d mut Value, path: &[&str], walked: &str) -> Result<&'d mut Value, String> {
    let [step, rest @ ..] = path else { return Ok(value) };
    let below = match value {
        Value::Table(table) => known(table, step, walked)?,
        Value::Array(list) => {
            let name_of = |entry: &Value| entry.get("name").and_then(Value::as_str).unwrap_or_default().to_string();
            let names: Vec<String> = list.iter().map(name_of).collect();
            match names.iter().position(|name| name == step) {
                Some(at) => &mut list[at],
                None => return Err(format!("{walked} has no \"{step}\"; there are {}", names.join(", "))),
            }
        }
        _ => return Err(format!("{walked} is a value, not a section")),
    };
    let walked = if walked.is_empty() { step.to_string() } else { format!("{walked}.{step}") };
    find(below, rest, &walked)
}

/// The value under a key that must exist, or an error with the nearest key that does.
fn known<'d>(table: &'d mut Table, key: &str, section: &str) -> Result<&'d mut Value, String> {
    if !table.contains_key(key) {
        let at = if section.is_empty() { String::new() } else { format!(" in {section}") };
        let keys: Vec<&str> = table.keys().map(String::as_str).collect();
        let hint = did_you_mean(key, keys.iter().copied());
        return Err(format!("no key \"{key}\"{at}{hint}; there are {}", keys.join(", ")));
    }
    Ok(&mut table[key])
}

/// Reads a value as the type of the one it replaces.
fn typed(old: &Value, text: &str) -> Result<Value, String> {
    let expected = |what: &str| format!("{text} is not {what}");
    Ok(match old {
        Value::Integer(_) => {
            let count = parse_count(text).ok_or_else(|| expected("a whole number (1000, 1_000, 1e3 and 10k are)"))?;
            Value::Integer(i64::try_from(count).map_err(|_| expected("at most 9,223,372,036,854,775,807"))?)
        }
        Value::Float(_) => Value::Float(text.replace('_', "").parse().map_err(|_| expected("a number"))?),
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| expected("true or false"))?),
        Value::Array(_) if text.starts_with('[') => {
            let table: Table = toml::from_str(&format!("list = {text}")).map_err(|_| expected("a list"))?;
            table["list"].clone()
        }
        Value::Array(_) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Value::Array(parts.map(|part| Value::String(part.to_string())).collect())
        }
        _ => Value::String(text.trim_matches('"').to_string()),
    })
}

/// Puts a value in a place; where a setting stands, it becomes the user's assumption.
fn replace(place: &mut Value, new: Value) {
    let Value::Table(setting) = place else {
        *place = new;
        return;
    };
    if !setting.contains_key("basis") || new.is_table() {
        *place = new;
        return;
    }
    if let Some(value) = number(&new) {
        let old = setting.get("range").and_then(Value::as_array);
        let end = |i: usize| old.and_then(|range| number(range.get(i)?)).unwrap_or(value);
        let range = [end(0).min(value), end(1).max(value)].map(Value::Float).to_vec();
        setting.insert("range".to_string(), Value::Array(range));
    } else if !setting.contains_key("alternatives") {
        let before = setting["value"].to_string();
        setting.insert("alternatives".to_string(), Value::Array(vec![Value::String(before)]));
    }
    setting.insert("value".to_string(), new);
    setting.insert("basis".to_string(), Value::String("assumed".to_string()));
    setting.insert("source".to_string(), Value::String("set by the user".to_string()));
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(whole) => Some(*whole as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// Puts what a file says over what its base says.
pub(super) fn overlay(base: &mut Table, new: &Table, section: &str) -> Result<(), String> {
    for (key, value) in new {
        let path = if section.is_empty() { key.clone() } else { format!("{section}.{key}") };
        if is_optional(section, key) && !base.contains_key(key) {
            base.insert(key.clone(), value.clone());
            continue;
        }
        match (known(base, key, section)?, value) {
            (Value::Table(setting), Value::Table(parts)) if setting.contains_key("basis") => {
                if parts.get("basis").and_then(Value::as_str) == Some("published") {
                    // What is published has no range, whatever was assumed before.
                    ["range", "alternatives"].iter().for_each(|key| drop(setting.remove(*key)));
                }
                setting.extend(parts.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            (Value::Table(below), Value::Table(new)) => overlay(below, new, &path)?,
            (place, value) => replace(place, value.clone()),
        }
    }
    Ok(())
}

/// Reads a count: `1000`, `1_000_000`, `1e6`, `10k`, `1M`, `330M`. `None` for what is no whole number.
pub fn parse_count(text: &str) -> Option<u64> {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let (digits, times) = match plain.char_indices().last() {
        Some((at, 'k' | 'K')) => (&plain[..at], 1e3),
        Some((at, 'm' | 'M')) => (&plain[..at], 1e6),
        Some((at, 'b' | 'B' | 'g' | 'G')) => (&plain[..at], 1e9),
        _ => (plain.as_str(), 1.0),
    };
    if times == 1.0
        && let Ok(whole) = digits.parse()
    {
        return Some(whole);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+')) {
        return None;
    }
    let value: f64 = digits.parse::<f64>().ok()? * times;
    // Beyond 2⁵³ a float no longer knows every whole number.
    ((0.0..=9e15).contains(&value) && value == value.trunc()).then_some(value as u64)
}

/// `; did you mean "x"?` for the name most like a wrong one, or nothing.
pub fn did_you_mean<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    names
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, name)| format!("; did you mean \"{name}\"?"))
}

/// A TOML error with its line, and for an unknown key the nearest known one.
pub(super) fn explained(error: &toml::de::Error) -> String {
    // The first lines show where; a line may be as long as the file.
    let place: Vec<String> = error.to_string().lines().take(4).map(|line| line.chars().take(160).collect()).collect();
    format!("{}\n{}", suggested(error.message()), place.join("\n"))
}

/// Adds the nearest known name to "unknown field `x`, expected one of `y`, `z`".
pub(super) fn suggested(message: &str) -> String {
    let Some((unknown, known)) = message.split_once(", expected") else { return message.trim().to_string() };
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_string).collect::<Vec<_>>();
    let hint = quoted(unknown)
        .first()
        .map_or_else(String::new, |wrong| did_you_mean(wrong, quoted(known).iter().map(String::as_str)));
    format!("{}{hint}", message.trim())
}
