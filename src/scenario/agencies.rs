//! The sections `[requester]` and `[holder]`: what the two agencies' files are like.
//!
//! Fourteen keys are the same in both, and written twice: serde can share fields (`flatten`) or refuse a key that is not
//! known (`deny_unknown_fields`), but not both, and a mistyped key that is taken in silence would be worse.

use super::people::Group;
use super::{Bank, ByGroup, ByStatus, PopulationSettings, Setting, Share};
use crate::agency::{AGES, CATALOGUE, DateFormat, ErrorKind, ErrorRates, Filing, Letters, ListOf, Numbers, Profile};
use crate::record::Field;
use crate::stats::Probability;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the agency that submits requests is like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequesterSettings {
    /// What it is called.
    pub title: String,
    /// How many people it asks for; in a country with fewer to ask for, as many as there are.
    pub requests: u64,
    /// Why so many.
    pub requests_because: String,
    /// From whom the list is drawn.
    pub list: Setting<ListOf>,
    /// Share of requests for people without a final order on record, listed in error; it plays no part in other lists.
    pub listed_in_error: Share,
    /// Share of those asked for who are on the holder's file; where it is not said, the holder's coverage decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_file: Option<Share>,
    /// Of a roll: the least age of anybody on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_age: Option<Setting<u32>>,
    /// Of a roll: share of those of age who are on it, by status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<ByStatus<Probability>>,
    /// Of a roll: the part of that which holds for each group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage_by_group: Option<ByGroup<Probability>>,
    /// The fields of its list.
    pub fields: Vec<String>,
    /// Share of requests that give an identity number.
    pub number_given: Share,
    /// An old address is up to so many years old.
    pub old_address_years: Setting<u32>,
    /// How people file, of a file of tax returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<FilingSettings>,
    /// How dates are written.
    pub dates: DateFormat,
    /// How letters are written.
    pub letters: Letters,
    /// How much of an identity number is held.
    #[serde(default)]
    pub numbers: Numbers,
    /// Share of Hispanic people whose record says white; at 1 the file has no code for them, where it is not said all
    /// have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hispanic_as_white: Option<Share>,
    /// Whether errors happen to all alike, whatever `capture` says.
    pub equal_capture: bool,
    /// How much the errors about a person hang together, from 0 to 1.
    pub dependence: Share,
    /// The most characters of the fields that are cut.
    pub lengths: Lengths,
    /// To whom errors happen more often.
    pub capture: CaptureSettings,
    /// How often each kind of error happens.
    pub errors: ErrorSettings,
}

/// What the agency that holds the file is like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencySettings {
    /// What it is called.
    pub title: String,
    /// The fields of its file.
    pub fields: Vec<String>,
    /// The least age of anybody on file.
    pub least_age: Setting<u32>,
    /// Share of records that hold an identity number.
    pub number_given: Share,
    /// An old address is up to so many years old.
    pub old_address_years: Setting<u32>,
    /// How people file, of a file of tax returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<FilingSettings>,
    /// How dates are written.
    pub dates: DateFormat,
    /// How letters are written.
    pub letters: Letters,
    /// How much of an identity number is held.
    #[serde(default)]
    pub numbers: Numbers,
    /// Share of Hispanic people whose record says white; at 1 the file has no code for them, where it is not said all
    /// have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hispanic_as_white: Option<Share>,
    /// Whether errors happen to all alike, whatever `capture` says.
    pub equal_capture: bool,
    /// How much the errors about a person hang together, from 0 to 1.
    pub dependence: Share,
    /// Share of those of age who are on file, by status.
    pub coverage: ByStatus<Probability>,
    /// The part of that which holds for each group.
    pub coverage_by_group: ByGroup<Probability>,
    /// The most characters of the fields that are cut.
    pub lengths: Lengths,
    /// To whom errors happen more often.
    pub capture: CaptureSettings,
    /// How often each kind of error happens.
    pub errors: ErrorSettings,
}

/// How people file tax returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilingSettings {
    /// Share of married couples that file one return.
    pub joint: Share,
    /// Share of the unmarried children aged 18 to 23 at home who stand on a parent's return.
    pub dependant_to_23: Share,
}

impl FilingSettings {
    pub(super) fn filing(&self) -> Filing {
        Filing { joint: self.joint.value.get(), dependant_to_23: self.dependant_to_23.value.get() }
    }
}

/// The most characters of the fields that are cut; 0 for as many as there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
    /// Of the whole name, surname first, where it stands in one column.
    #[serde(default)]
    pub name: usize,
    /// Of the given name.
    pub given_name: usize,
    /// Of the middle name.
    pub middle_name: usize,
    /// Of the surname.
    pub surname: usize,
    /// Of the street.
    pub street: usize,
    /// Of the city.
    pub city: usize,
}

impl Lengths {
    pub(super) fn of_fields(&self) -> [usize; 14] {
        Field::NAMED.map(|field| match field {
            Field::GivenName => self.given_name,
            Field::MiddleName => self.middle_name,
            Field::Surname => self.surname,
            Field::Street => self.street,
            Field::City => self.city,
            _ => 0,
        })
    }
}

/// How many times as often errors happen to some people as to others. Only proportions count: each part is scaled to a
/// mean of 1 over the country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureSettings {
    /// Errors in names, by census category.
    pub names: ByGroup<Factor>,
    /// Errors other than of format, by status.
    pub status: ByStatus<Factor>,
    /// Errors other than of format, by age.
    pub age: ByAge,
}

/// One setting for each age band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByAge {
    /// Under 18 years.
    pub to_17: Setting<Factor>,
    /// 18 to 29 years.
    pub to_29: Setting<Factor>,
    /// 30 to 44 years.
    pub to_44: Setting<Factor>,
    /// 45 to 64 years.
    pub to_64: Setting<Factor>,
    /// 65 years or more.
    pub from_65: Setting<Factor>,
}

/// How many times as often: a number from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Factor(f64);

impl TryFrom<f64> for Factor {
    type Error = String;

    fn try_from(value: f64) -> Result<Factor, String> {
        let fits = (0.0..=100.0).contains(&value);
        if fits { Ok(Factor(value)) } else { Err(format!("{value} is not between 0 and 100")) }
    }
}

impl From<Factor> for f64 {
    fn from(factor: Factor) -> f64 {
        factor.0
    }
}

impl CaptureSettings {
    /// The profile for a country: scaled to its groups, to the statuses that follow from who was born abroad, and to
    /// adults by age as of about 2020. The last two are near enough: a test holds the mean over the country to 3 %.
    pub(super) fn profile(&self, population: &PopulationSettings) -> Profile {
        let groups = population.groups.values();
        // Citizens by birth are those not born abroad, among them nearly all children; the others as the population
        // divides them.
        const NO_CHILDREN_BORN_ABROAD: f64 = 0.85;
        let mut statuses = [0.0; 6];
        for ((group, share), abroad) in Group::ALL.into_iter().zip(groups).zip(population.born_abroad.values()) {
            let shares = match group {
                Group::Hispanic => population.status_hispanic.values(),
                _ => population.status_others.values(),
            };
            let abroad = abroad * NO_CHILDREN_BORN_ABROAD;
            for (status, of_abroad) in statuses.iter_mut().zip(shares) {
                *status += share * abroad * of_abroad;
            }
            statuses[0] += share * (1.0 - abroad);
        }
        const ADULTS: [f64; AGES.len() + 1] = [0.0, 0.21, 0.25, 0.32, 0.22];
        let age = &self.age;
        let profile = Profile {
            names_by_group: self.names.values(),
            by_status: self.status.values(),
            by_age: [&age.to_17, &age.to_29, &age.to_44, &age.to_64, &age.from_65].map(|setting| setting.value.0),
        };
        profile.scaled(groups, statuses, ADULTS)
    }
}

/// How often each kind of error happens to each cell it can happen to: one setting for each kind of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorSettings(Vec<Share>);

impl ErrorSettings {
    /// The setting of a kind.
    pub fn of(&self, kind: ErrorKind) -> &Share {
        &self.0[kind as usize]
    }

    pub(super) fn rates(&self, bank: &Bank) -> ErrorRates {
        ErrorRates::from_fn(|kind| if bank.removes(kind) { 0.0 } else { self.of(kind).value.get() })
    }
}

impl Serialize for ErrorSettings {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(ErrorKind::ALL.into_iter().map(ErrorKind::name).zip(&self.0))
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
                const NAMES: [&str; CATALOGUE.len()] = {
                    let mut names = [""; CATALOGUE.len()];
                    let mut kind = 0;
                    while kind < names.len() {
                        names[kind] = CATALOGUE[kind].name;
                        kind += 1;
                    }
                    names
                };
                let mut settings: Vec<Option<Share>> = vec![None; CATALOGUE.len()];
                while let Some(name) = map.next_key::<String>()? {
                    let kind =
                        ErrorKind::from_name(&name).ok_or_else(|| serde::de::Error::unknown_field(&name, &NAMES))?;
                    settings[kind as usize] = Some(map.next_value()?);
                }
                let all = settings.into_iter().zip(NAMES);
                let all: Result<Vec<Share>, A::Error> =
                    all.map(|(setting, name)| setting.ok_or_else(|| serde::de::Error::missing_field(name))).collect();
                all.map(ErrorSettings)
            }
        }
        deserializer.deserialize_map(Kinds)
    }
}
