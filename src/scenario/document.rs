//! A scenario's TOML as a document: putting values in by key, and laying one document over another.

use super::hints::{NAMED, hint_or_all};
use super::setting::number;
use super::terms;
use crate::linkage::{BlockingSettings, ModelSettings};
use toml::{Table, Value};

/// Keys that a scenario may do without, by section.
const OPTIONAL: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "version_of",
            "as_of",
            "content_note",
            "theme",
            "harm",
            "by",
            "sources",
            "outcome",
            "counter_views",
            "published",
            "infer",
            "inferred",
            "teaching",
        ],
    ),
    (
        "requester",
        &[
            "on_file",
            "on_file_with_number",
            "on_file_without_number",
            "least_age",
            "coverage",
            "coverage_by_group",
            "numbers",
            "hispanic_as_white",
            "filing",
        ],
    ),
    ("holder", &["numbers", "hispanic_as_white", "filing"]),
];

/// The keys that a section may do without, safeguards among them.
fn optional(section: &str) -> Vec<String> {
    let plain = OPTIONAL.iter().filter(|(known, _)| *known == section).flat_map(|(_, keys)| *keys);
    let plain = plain.map(|key| key.to_string());
    let of_route = of_route(section).iter().map(|key| key.to_string());
    if section == "agreement" { plain.chain(terms::safeguards()).collect() } else { plain.chain(of_route).collect() }
}

pub(super) fn is_optional(section: &str, key: &str) -> bool {
    OPTIONAL.iter().any(|(known, keys)| *known == section && keys.contains(&key)) || of_route(section).contains(&key)
}

/// The keys of a section below a route.
fn of_route(section: &str) -> &'static [&'static str] {
    match section.strip_prefix("routes.").and_then(|rest| rest.rsplit_once('.')) {
        Some((_, "blocking")) => &BlockingSettings::KEYS,
        Some((_, "model")) => &ModelSettings::KEYS,
        _ => &[],
    }
}

/// The kind of value of an optional key that stands in no section; `None` for any other key.
fn kind_of(key: &str) -> Option<Value> {
    match key {
        "theme" | "harm" => Some(Value::String(String::new())),
        "by" => Some(Value::Array(Vec::new())),
        _ => None,
    }
}

/// Puts `KEY=VALUE` into a scenario's document.
pub(super) fn put(document: &mut Value, set: &str) -> Result<(), String> {
    let (key, text) = set.split_once('=').ok_or("write KEY=VALUE")?;
    let path: Vec<&str> = key.trim().split('.').collect();
    if let [key] = path[..]
        && let Some(like) = kind_of(key)
        && let Value::Table(document) = &mut *document
    {
        // `group,sex` is one pair of attributes, not two.
        let text = text.trim();
        let pair = key == "by" && !text.starts_with('[');
        let value = if pair { Value::Array(vec![Value::String(text.to_string())]) } else { typed(&like, text)? };
        document.insert(key.to_string(), value);
        return Ok(());
    }
    if let [section @ .., last] = &path[..]
        && !section.is_empty()
        && is_optional(&section.join("."), last)
        && let Value::Table(table) = find(document, section, "")?
        && !table.contains_key(*last)
    {
        // What is not there yet has no type to be read as: a list, a number, true or false if it is one.
        let text = text.trim();
        let list = text.starts_with('[').then(|| Value::Array(Vec::new()));
        let like = [Value::Float(0.0), Value::Boolean(true), Value::String(String::new())];
        let read = list.iter().chain(&like).find_map(|like| typed(like, text).ok());
        let value = read.ok_or("write KEY=VALUE")?;
        table.insert(last.to_string(), value);
        return Ok(());
    }
    if path.len() > 1
        && document.get(path[0]).is_none()
        && let Some(error) = in_whole(document, "", key.trim())
    {
        return Err(error);
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

/// Adds the keys of a document that end in `end`, those included that a section may have. `walked` is the key of `value`.
fn ending_in(value: &Value, walked: &str, end: &str, found: &mut Vec<String>) {
    let key_of = |name: &str| if walked.is_empty() { name.to_string() } else { format!("{walked}.{name}") };
    let mut visit = |name: &str, below: Option<&Value>| {
        let key = key_of(name);
        if key.strip_suffix(end).is_some_and(|before| before.ends_with('.')) {
            found.push(key);
        } else if let Some(below) = below {
            ending_in(below, &key, end, found);
        }
    };
    match value {
        // The parts of a setting are no keys.
        Value::Table(setting) if setting.contains_key("basis") && setting.contains_key("value") => {}
        Value::Table(table) => {
            table.iter().for_each(|(name, below)| visit(name, Some(below)));
            optional(walked)
                .iter()
                .filter(|name| !table.contains_key(name.as_str()))
                .for_each(|name| visit(name, None));
        }
        Value::Array(entries) => {
            let named = entries.iter().filter_map(|entry| Some((entry.get("name")?.as_str()?, entry)));
            named.for_each(|(name, entry)| visit(name, Some(entry)));
        }
        _ => {}
    }
}

/// An error that names the whole keys that end in `key`; `None` where there are none. `section` is where it was looked for.
fn in_whole(value: &Value, section: &str, key: &str) -> Option<String> {
    let mut found = Vec::new();
    ending_in(value, section, key, &mut found);
    let more = if found.len() > NAMED { format!(" ({} more)", found.len() - NAMED) } else { String::new() };
    let keys: Vec<String> = found.iter().take(NAMED).map(|key| format!("{key}=VALUE")).collect();
    let flag = if ["people", "requests"].contains(&key) { format!(", or --{key} N") } else { String::new() };
    (!keys.is_empty()).then(|| format!("no key \"{key}\"; write {}{more}{flag}", keys.join(" or ")))
}

/// The value under a key that must exist, or an error with the nearest key that does.
fn known<'d>(table: &'d mut Table, key: &str, section: &str) -> Result<&'d mut Value, String> {
    if !table.contains_key(key) {
        let at = if section.is_empty() { String::new() } else { format!(" in {section}") };
        if is_optional(section, key) {
            return Err(format!(
                "this scenario has no \"{key}\"{at}; it may have it, written whole in a scenario's file that begins with \
                 base = \"NAME\""
            ));
        }
        if let Some(error) = in_whole(&Value::Table(table.clone()), section, key) {
            return Err(error);
        }
        let mut keys: Vec<String> = table.keys().cloned().collect();
        keys.extend(optional(section).into_iter().filter(|key| !table.contains_key(key)));
        let known = hint_or_all(key, keys.iter().map(String::as_str));
        return Err(format!("no key \"{key}\"{at}{known}"));
    }
    Ok(&mut table[key])
}

/// Reads a value as the type of the one it replaces.
fn typed(old: &Value, text: &str) -> Result<Value, String> {
    let expected = |what: &str| format!("{text} is not {what}");
    Ok(match old {
        Value::Integer(_) => {
            let count = parse_count(text).map_err(|why| format!("{text} is {why}"))?;
            Value::Integer(i64::try_from(count).map_err(|_| expected("at most 9,223,372,036,854,775,807"))?)
        }
        Value::Float(_) => Value::Float(text.replace('_', "").parse().map_err(|_| expected("a number"))?),
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| expected("true or false"))?),
        Value::Array(_) => {
            // As TOML, or bare words, which may stand in brackets.
            if text.starts_with('[')
                && let Ok(mut table) = toml::from_str::<Table>(&format!("list = {text}"))
                && let Some(list) = table.remove("list")
            {
                return Ok(list);
            }
            let words = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']'));
            let words = words.filter(|words| !words.contains(['[', ']', '"', '{']));
            let words = words.ok_or_else(|| expected("a list; write [surname, zip], or with quotes as in a file"))?;
            let parts = words.split(',').map(str::trim).filter(|part| !part.is_empty());
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

/// Puts what a file says over what its base says.
pub(super) fn overlay(base: &mut Table, new: &Table, section: &str) -> Result<(), String> {
    for (key, value) in new {
        let path = if section.is_empty() { key.clone() } else { format!("{section}.{key}") };
        // Sources have whatever names a case gives them.
        if section == "sources" || is_optional(section, key) && !base.contains_key(key) {
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

/// Reads a count: `1000`, `1_000_000`, `1e6`, `10k`, `1M`, `330M`. An error says what the text is instead.
pub fn parse_count(text: &str) -> Result<u64, &'static str> {
    const NONE: &str = "not a whole number from 0 up; write 1000, 1_000, 1e3, 10k or 1M";
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
        return Ok(whole);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+')) {
        return Err(NONE);
    }
    let value = digits.parse::<f64>().map_err(|_| NONE)? * times;
    // Beyond 2⁵³ a float no longer knows every whole number.
    match value {
        _ if value > 9e15 => Err("too large a number"),
        _ if value == value.trunc() => Ok(value as u64),
        _ => Err(NONE),
    }
}
