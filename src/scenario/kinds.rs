//! Kinds of agency: what tax agencies, voter rolls or watch lists have of their own, as TOML.
//!
//! `[holder]` with `like = "voter-roll"` takes from that kind everything it does not say itself. A kind takes what it
//! does not say from the general agency, and the general agency takes its rates from `errors.toml`.

use super::document::overlay;
use super::general_rates;
use super::hints::did_you_mean;
use toml::{Table, Value};

/// The kinds that come with Namesake, by name.
pub const KINDS: [(&str, &str); 8] = [
    ("general", GENERAL),
    ("tax-holder", include_str!("../../synthetic-data/agencies/tax-holder.toml")),
    ("immigration-requester", include_str!("../../synthetic-data/agencies/immigration-requester.toml")),
    ("voter-roll", include_str!("../../synthetic-data/agencies/voter-roll.toml")),
    ("driver-licences", include_str!("../../synthetic-data/agencies/driver-licences.toml")),
    ("wage-reports", include_str!("../../synthetic-data/agencies/wage-reports.toml")),
    ("benefit-rolls", include_str!("../../synthetic-data/agencies/benefit-rolls.toml")),
    ("watch-list", include_str!("../../synthetic-data/agencies/watch-list.toml")),
];

const GENERAL: &str = include_str!("../../synthetic-data/agencies/general.toml");

/// Keys of a requester that a kind of agency does not set.
const OF_REQUESTERS: [&str; 4] = ["requests", "requests_because", "list", "listed_in_error"];
/// Lists of whom the requester's own file covers.
const ROLLS: [&str; 2] = ["roll", "movers"];
/// Keys that a holder has, and a requester only for such a list: any other list covers whom it seeks.
const OF_HOLDERS: [&str; 3] = ["least_age", "coverage", "coverage_by_group"];

/// Returns `true` if one of the two agencies of a scenario's document is like a kind.
pub(super) fn any_like(document: &Table) -> bool {
    ["requester", "holder"].iter().any(|side| document.get(*side).is_some_and(|agency| agency.get("like").is_some()))
}

/// Puts what the agencies of `new` take from their kinds into `base`, the document over which `new` will be laid, and
/// takes `like` out of `new`.
pub(super) fn lend(base: &mut Table, new: &mut Table) -> Result<(), String> {
    for side in ["requester", "holder"] {
        let Some(Value::Table(agency)) = new.get_mut(side) else { continue };
        let Some(name) = agency.remove("like") else { continue };
        let name = name.as_str().ok_or_else(|| format!("{side}.like: the name of a kind of agency, in quotes"))?;
        let mut kind = kind(name).map_err(|error| format!("{side}.like: {error}"))?;
        if side == "requester" {
            let list = agency.get("list").or_else(|| base.get(side)?.get("list"));
            let list = list.map(|list| list.get("value").unwrap_or(list));
            if !list.and_then(Value::as_str).is_some_and(|list| ROLLS.contains(&list)) {
                OF_HOLDERS.iter().for_each(|key| drop(kind.remove(*key)));
            }
            kind.insert("list".to_string(), list_of_orders());
            for key in OF_REQUESTERS {
                let said = agency.remove(key).or_else(|| base.get(side)?.get(key).cloned());
                if let Some(value) = said {
                    kind.insert(key.to_string(), value);
                }
            }
        }
        base.insert(side.to_string(), Value::Table(kind));
    }
    Ok(())
}

/// A kind of agency, complete.
fn kind(name: &str) -> Result<Table, String> {
    let names = || KINDS.iter().map(|(name, _)| *name);
    let text = KINDS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).ok_or_else(|| {
        let list = names().collect::<Vec<_>>().join(", ");
        format!("no kind of agency is called \"{name}\"{}; there are {list}", did_you_mean(name, names()))
    })?;
    let parsed = |text: &str| toml::from_str::<Table>(text).expect("a test reads every kind");
    let mut agency = parsed(GENERAL);
    agency.insert("errors".to_string(), Value::Table(errors()));
    let mut own = parsed(text);
    own.iter_mut().for_each(|(_, value)| assume(value));
    // Only files of returns have it, so the general agency has nothing to lay it over.
    if let Some(filing) = own.remove("filing") {
        agency.insert("filing".to_string(), filing);
    }
    overlay(&mut agency, &own, "")?;
    Ok(agency)
}

/// A kind's own settings are assumed unless they say otherwise, also where what they replace was published.
fn assume(value: &mut Value) {
    let Value::Table(table) = value else { return };
    if table.contains_key("value") {
        table.entry("basis").or_insert_with(|| Value::String("assumed".to_string()));
    } else {
        table.iter_mut().for_each(|(_, below)| assume(below));
    }
}

/// The general rates of errors, as settings.
fn errors() -> Table {
    let setting = |rate| Value::try_from(rate).expect("a setting has a TOML form");
    general_rates().iter().map(|general| (general.name.clone(), setting(&general.rate))).collect()
}

fn list_of_orders() -> Value {
    let mut list = Table::new();
    list.insert("value".to_string(), Value::String("orders".to_string()));
    list.insert("basis".to_string(), Value::String("published".to_string()));
    list.insert("source".to_string(), Value::String("the list is of people with a final order on record".to_string()));
    Value::Table(list)
}

/// The line of a text that sets the key an error quotes first, for an error that has no line of its own.
pub(super) fn with_line(text: &str, error: String) -> String {
    let quoted = error.split('"').nth(1).unwrap_or_default();
    let sets = |line: &str| {
        let rest = line.trim_start().strip_prefix(quoted).map(str::trim_start);
        !quoted.is_empty() && rest.is_some_and(|rest| rest.starts_with('='))
    };
    match text.lines().position(sets) {
        Some(at) => format!("{error}\n  line {}: {}", at + 1, text.lines().nth(at).unwrap_or_default().trim()),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    #[test]
    fn every_kind_of_agency_can_hold_a_file_and_make_a_list() {
        for (name, _) in KINDS {
            // One side at a time: the routes need a number, and some files have none.
            for side in ["requester", "holder"] {
                let text = format!("base = \"tax-address-request\"\n[{side}]\nlike = \"{name}\"\n");
                let scenario = Scenario::parse(&text, name).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(scenario, Scenario::parse(&scenario.to_toml(), name).unwrap());
                assert!(scenario.requester.requests > 0);
            }
        }
    }

    #[test]
    fn a_kind_changes_only_what_it_says_of_the_catalogue() {
        let like = |name: &str| kind(name).unwrap();
        let rate = |table: &Table, key: &str| table["errors"][key]["value"].as_float().unwrap();
        assert_eq!(rate(&like("voter-roll"), "placeholder_date"), 0.005);
        assert_eq!(rate(&like("voter-roll"), "names_exchanged"), 0.006);
        assert_eq!(like("voter-roll")["errors"]["names_exchanged"]["basis"].as_str(), Some("published"));
        assert!(kind("voter-rol").unwrap_err().contains("did you mean \"voter-roll\""));
    }
}
