//! The sections `[requester]` and `[holder]`: what the two agencies' files are like.
//!
//! The keys that the two have in common are declared once, in the macro `section_of_agency`. Serde can share fields
//! (`flatten`) or refuse an unknown key (`deny_unknown_fields`) but not both, and a mistyped key must be refused.

use super::{ByGroup, ByStatus, ErrorSettings, Setting, Share};
use crate::stats::Probability;
use serde::{Deserialize, Serialize};

/// Defines the section of an agency: its own keys in two places of the order in which a scenario is written, and the
/// keys that both agencies have.
macro_rules! section_of_agency {
    ($(#[$doc:meta])* $name:ident { $($first:tt)* } { $($later:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The agency's name in texts.
            pub title: String,
            $($first)*
            /// The fields of the file, in column order.
            pub fields: Vec<String>,
            /// Share of records that hold an identity number.
            pub number_given: Share,
            /// The greatest age of an old address, in years.
            pub old_address_years: Setting<u32>,
            /// The filing of tax returns, for a file of returns.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub filing: Option<FilingSettings>,
            /// The way dates are written.
            pub dates: DateFormat,
            /// The way letters are written.
            pub letters: Letters,
            /// The part of an identity number that is held.
            #[serde(default)]
            pub numbers: Numbers,
            /// Share of Hispanic people whose record says white. At 1 the file has no code for them; where the key is
            /// missing all have their own.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub hispanic_as_white: Option<Share>,
            /// Errors happen to all alike, whatever `capture` says.
            pub equal_capture: bool,
            /// The dependence between the errors about a person, from 0 to 1.
            pub dependence: Share,
            $($later)*
            /// The most characters of the fields that are cut.
            pub lengths: Lengths,
            /// The people to whom errors happen more often.
            pub capture: CaptureSettings,
            /// The rate of each kind of error.
            pub errors: ErrorSettings,
        }
    };
}

section_of_agency!(
    /// The agency that submits requests.
    RequesterSettings {
        /// The number of people it asks for; in a country with fewer to ask for, as many as there are.
        pub requests: u64,
        /// The reason for that number.
        pub requests_because: String,
        /// The people from whom the list is drawn.
        pub list: Setting<ListOf>,
        /// Share of requests for people without a final order on record, listed in error. It has no effect on other
        /// lists.
        pub listed_in_error: Share,
        /// Share of those asked for who are on the holder's file. Where the key is missing, the holder's coverage
        /// decides.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on_file: Option<Share>,
        /// The same for those whose request gives a number, in place of `on_file`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on_file_with_number: Option<Share>,
        /// The same for those whose request gives no number, in place of `on_file`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub on_file_without_number: Option<Share>,
        /// The least age of anybody on a roll.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub least_age: Option<Setting<u32>>,
        /// Share of those of age who are on a roll, by status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub coverage: Option<ByStatus<Probability>>,
        /// The part of `coverage` that holds for each group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub coverage_by_group: Option<ByGroup<Probability>>,
    } {}
);
section_of_agency!(
    /// The agency that holds the file.
    AgencySettings {
        /// The least age of anybody on file.
        pub least_age: Setting<u32>,
    } {
        /// Share of those of age who are on file, by status.
        pub coverage: ByStatus<Probability>,
        /// The part of `coverage` that holds for each group.
        pub coverage_by_group: ByGroup<Probability>,
    }
);

impl RequesterSettings {
    /// The share on file of those asked for without a number, and with one; `None` where the holder's coverage decides.
    pub fn on_file_by_number(&self) -> [Option<Probability>; 2] {
        [&self.on_file_without_number, &self.on_file_with_number]
            .map(|own| own.as_ref().or(self.on_file.as_ref()).map(|share| share.value))
    }
}

/// The people from whom the list is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOf {
    /// People with a final order on record, except for those listed in error.
    Orders,
    /// Everybody alike, so that the list is composed like the population.
    LikePopulation,
    /// People on the requester's own file: a roll, of whom that file covers.
    Roll,
    /// People on both files whose address on one is not that on the other.
    Movers,
}

/// The way a file writes dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// 1984-05-23
    Iso,
    /// 05/23/1984
    MonthFirst,
    /// 23.05.1984
    DayFirst,
    /// 19840523
    Digits,
}

/// The way a file writes letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letters {
    /// As people write: García.
    Mixed,
    /// In capitals: GARCÍA.
    Upper,
}

/// The part of an identity number that a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// All of it.
    #[default]
    Whole,
    /// Its last four digits.
    LastFour,
}

/// The filing of tax returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilingSettings {
    /// Share of married couples that file one return.
    pub joint: Share,
    /// Share of the unmarried children aged 18 to 23 at home who stand on a parent's return.
    pub dependant_to_23: Share,
}

/// The most characters of the fields that are cut; 0 for as many as there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
    /// The most characters of the whole name, surname first, where it stands in one column.
    #[serde(default)]
    pub name: usize,
    /// The most characters of the given name.
    pub given_name: usize,
    /// The most characters of the middle name.
    pub middle_name: usize,
    /// The most characters of the surname.
    pub surname: usize,
    /// The most characters of the street.
    pub street: usize,
    /// The most characters of the city.
    pub city: usize,
}

/// Rates of errors for some people, as multiples of the rates for others. Only proportions count: each part is scaled
/// to a mean of 1 over the country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureSettings {
    /// Errors in names, by census category.
    pub names: ByGroup<Factor>,
    /// Errors other than of format, by status.
    pub status: ByStatus<Factor>,
    /// Errors other than of format, by age.
    pub age: ByAge,
    /// Numbers that are another's or nobody's, of people who have none of their own.
    pub without_number: Setting<Factor>,
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

/// A multiple of a rate: a number from 0 to 100.
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

impl Factor {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl From<Factor> for f64 {
    fn from(factor: Factor) -> f64 {
        factor.0
    }
}
