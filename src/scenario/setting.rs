//! Settings: values with where they come from, and the list of all of them.

use super::people::{Country, Group, Status};
use crate::stats::Probability;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;
use toml::Value;

/// A value and where it comes from.
///
/// In TOML `{ value = 0.02, basis = "assumed", range = [0.0, 0.1], source = "…" }`. A bare value is read as one that
/// the user assumes, with no range but itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// The basis of the value: published or assumed.
    pub basis: Basis,
    /// The plausible range, if the value is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Plausible alternatives, if the value is a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// The publisher, or the reason for assuming the value.
    pub source: String,
}

named! {
    /// The origin of a value.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Basis {
        /// Stated by a published source.
        Published = "published",
        /// Assumed, within a plausible range.
        Assumed = "assumed",
    }
}

/// A share, from 0 to 1.
pub type Share = Setting<Probability>;

/// One setting for each census category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByGroup<T> {
    /// White, not Hispanic.
    pub white: Setting<T>,
    /// Black, not Hispanic.
    pub black: Setting<T>,
    /// Hispanic, of any race.
    pub hispanic: Setting<T>,
    /// Asian or Pacific Islander, not Hispanic.
    pub asian_pacific: Setting<T>,
    /// American Indian or Alaska Native, not Hispanic.
    pub native: Setting<T>,
    /// Two or more races, not Hispanic.
    pub two_or_more: Setting<T>,
}

impl<T: Copy + Into<f64>> ByGroup<T> {
    /// The values, in the order of `ALL` of what they are given by.
    pub fn values(&self) -> [f64; 6] {
        Group::ALL.map(|group| {
            match group {
                Group::White => &self.white,
                Group::Black => &self.black,
                Group::Hispanic => &self.hispanic,
                Group::AsianPacific => &self.asian_pacific,
                Group::Native => &self.native,
                Group::TwoOrMore => &self.two_or_more,
            }
            .value
            .into()
        })
    }
}

/// One setting for each status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByStatus<T> {
    /// Citizens by birth.
    pub citizen_by_birth: Setting<T>,
    /// Citizens by naturalisation.
    pub naturalised: Setting<T>,
    /// Permanent residents.
    pub permanent_resident: Setting<T>,
    /// Others of lawful status.
    pub other_lawful: Setting<T>,
    /// People whose application is pending.
    pub pending: Setting<T>,
    /// People of whom no status is recorded.
    pub none_recorded: Setting<T>,
}

impl<T: Copy + Into<f64>> ByStatus<T> {
    /// The values, in the order of `ALL` of what they are given by.
    pub fn values(&self) -> [f64; 6] {
        Status::ALL.map(|status| {
            match status {
                Status::CitizenByBirth => &self.citizen_by_birth,
                Status::Naturalised => &self.naturalised,
                Status::PermanentResident => &self.permanent_resident,
                Status::OtherLawful => &self.other_lawful,
                Status::Pending => &self.pending,
                Status::NoneRecorded => &self.none_recorded,
            }
            .value
            .into()
        })
    }
}

/// Shares of countries of birth, one setting for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByCountry {
    /// Honduras.
    pub honduras: Share,
    /// Guatemala.
    pub guatemala: Share,
    /// Mexico.
    pub mexico: Share,
    /// El Salvador.
    pub el_salvador: Share,
    /// Nicaragua.
    pub nicaragua: Share,
    /// Cuba.
    pub cuba: Share,
    /// Brazil.
    pub brazil: Share,
    /// China.
    pub china: Share,
    /// Haiti.
    pub haiti: Share,
    /// Ecuador.
    pub ecuador: Share,
    /// Colombia.
    pub colombia: Share,
    /// Venezuela.
    pub venezuela: Share,
    /// The Dominican Republic.
    pub dominican_republic: Share,
    /// Other Spanish-speaking countries of America.
    pub other_spanish_america: Share,
    /// India.
    pub india: Share,
    /// Other countries of Asia and the Pacific.
    pub other_asia: Share,
    /// Africa and the English-speaking Caribbean.
    pub africa_and_caribbean: Share,
    /// Europe and the Middle East.
    pub europe_and_middle_east: Share,
}

impl ByCountry {
    /// The values, in the order of `ALL` of what they are given by.
    pub fn values(&self) -> [f64; 18] {
        Country::ALL.map(|country| {
            match country {
                Country::Honduras => &self.honduras,
                Country::Guatemala => &self.guatemala,
                Country::Mexico => &self.mexico,
                Country::ElSalvador => &self.el_salvador,
                Country::Nicaragua => &self.nicaragua,
                Country::Cuba => &self.cuba,
                Country::Brazil => &self.brazil,
                Country::China => &self.china,
                Country::Haiti => &self.haiti,
                Country::Ecuador => &self.ecuador,
                Country::Colombia => &self.colombia,
                Country::Venezuela => &self.venezuela,
                Country::DominicanRepublic => &self.dominican_republic,
                Country::OtherSpanishAmerica => &self.other_spanish_america,
                Country::India => &self.india,
                Country::OtherAsia => &self.other_asia,
                Country::AfricaAndCaribbean => &self.africa_and_caribbean,
                Country::EuropeAndMiddleEast => &self.europe_and_middle_east,
            }
            .value
            .get()
        })
    }
}

/// A setting of the scenario with its basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Setting"))]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The key, as `--set` takes it.
    pub key: String,
    /// The value.
    pub value: serde_json::Value,
    /// The plausible range of a number.
    pub range: Option<[f64; 2]>,
    /// Published or assumed.
    pub basis: Basis,
    /// The source of a published value, or the reason for an assumed one.
    pub source: String,
    /// Plausible alternatives of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

/// Gathers every table that has a basis.
pub(super) fn collect(value: &Value, key: String, list: &mut Vec<Assumption>) {
    let below = |part: &str| if key.is_empty() { part.to_string() } else { format!("{key}.{part}") };
    match value {
        Value::Table(table) if table.contains_key("basis") => {
            let text = |key: &str| table.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
            let range = table.get("range").and_then(Value::as_array);
            let strings = |list: &Vec<Value>| list.iter().filter_map(Value::as_str).map(str::to_string).collect();
            list.push(Assumption {
                value: table.get("value").or(table.get("name")).map_or(serde_json::Value::Null, to_json),
                range: range.and_then(|range| Some([number(range.first()?)?, number(range.get(1)?)?])),
                alternatives: table.get("alternatives").and_then(Value::as_array).map_or_else(Vec::new, strings),
                basis: if text("basis") == "published" { Basis::Published } else { Basis::Assumed },
                source: text("source"),
                key,
            });
        }
        Value::Table(table) => table.iter().for_each(|(part, value)| collect(value, below(part), list)),
        Value::Array(routes) => {
            for route in routes {
                if let Some(name) = route.get("name").and_then(Value::as_str) {
                    collect(route, below(name), list);
                }
            }
        }
        _ => {}
    }
}

/// The number that a value is, if it is one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(whole) => Some(*whole as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn to_json(value: &Value) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Setting<T>, D::Error> {
        deserializer.deserialize_any(SettingVisitor(PhantomData))
    }
}

/// Reads a setting from a table or from a bare value.
struct SettingVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SettingVisitor<T> {
    type Value = Setting<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or a table with value, basis, range and source")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Setting<T>, E> {
        bare(T::deserialize(value.into_deserializer())?, None)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Setting<T>, E> {
        bare(T::deserialize(value.into_deserializer())?, Some(value as f64))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Setting<T>, E> {
        bare(T::deserialize(value.into_deserializer())?, Some(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Setting<T>, E> {
        bare(T::deserialize(value.into_deserializer())?, None)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, list: A) -> Result<Setting<T>, A::Error> {
        bare(T::deserialize(serde::de::value::SeqAccessDeserializer::new(list))?, None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Setting<T>, A::Error> {
        let Full { value, basis, range, alternatives, source } = Full::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Setting { value, basis, range, alternatives, source })
    }
}

/// A setting as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Full<T> {
    value: T,
    basis: Basis,
    range: Option<[f64; 2]>,
    #[serde(default)]
    alternatives: Vec<String>,
    source: String,
}

/// A value on its own: the user assumes it, and it has no other.
fn bare<T, E>(value: T, number: Option<f64>) -> Result<Setting<T>, E> {
    let alternatives = if number.is_none() { vec!["not stated".to_string()] } else { Vec::new() };
    let range = number.map(|number| [number, number]);
    Ok(Setting { value, basis: Basis::Assumed, range, alternatives, source: "set by the user".to_string() })
}
