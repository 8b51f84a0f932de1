//! The sections `[requester.errors]` and `[holder.errors]`: how often each kind of error happens.

use super::Share;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::OnceLock;

/// The rates of errors in a file about which nothing else is known.
const GENERAL: &str = include_str!("../../synthetic-data/agencies/errors.toml");

/// A kind of error and its rate in a file about which nothing else is known.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneralRate {
    /// The name of the kind.
    pub name: String,
    /// The rate, with its basis.
    pub rate: Share,
}

/// The rate of every kind of error in a file about which nothing else is known, in the order in which errors are made.
pub fn general_rates() -> &'static [GeneralRate] {
    #[derive(Deserialize)]
    struct File {
        error: Vec<toml::Table>,
    }
    static RATES: OnceLock<Vec<GeneralRate>> = OnceLock::new();
    RATES.get_or_init(|| {
        let rate = |mut row: toml::Table| {
            let name = row.remove("name")?.as_str()?.to_string();
            Some(GeneralRate { name, rate: row.try_into().ok()? })
        };
        let file: File = toml::from_str(GENERAL).expect("a test reads the built-in rates of errors");
        file.error.into_iter().map(|row| rate(row).expect("a test reads the built-in rates of errors")).collect()
    })
}

/// The names of all kinds of error, in the order in which errors are made.
fn names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| general_rates().iter().map(|general| general.name.as_str()).collect())
}

/// The rates of each kind of error at each cell it can happen to: one setting for each kind.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorSettings(Vec<Share>);

impl ErrorSettings {
    /// The setting of a kind of error, by its name.
    pub fn of(&self, name: &str) -> Option<&Share> {
        names().iter().position(|known| *known == name).map(|at| &self.0[at])
    }
}

impl Serialize for ErrorSettings {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(names().iter().zip(&self.0))
    }
}

impl<'de> Deserialize<'de> for ErrorSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ErrorSettings, D::Error> {
        struct Kinds;
        impl<'de> Visitor<'de> for Kinds {
            type Value = ErrorSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rate for each kind of error")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ErrorSettings, A::Error> {
                let mut settings: Vec<Option<Share>> = vec![None; names().len()];
                while let Some(name) = map.next_key::<String>()? {
                    let at = names().iter().position(|known| *known == name);
                    let at = at.ok_or_else(|| serde::de::Error::unknown_field(&name, names()))?;
                    settings[at] = Some(map.next_value()?);
                }
                let all = settings.into_iter().zip(names());
                let all: Result<Vec<Share>, A::Error> =
                    all.map(|(setting, name)| setting.ok_or_else(|| serde::de::Error::missing_field(name))).collect();
                all.map(ErrorSettings)
            }
        }
        deserializer.deserialize_map(Kinds)
    }
}
