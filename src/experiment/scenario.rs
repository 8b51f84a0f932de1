//! A scenario: everything that is simulated, and under which terms, read from TOML.
//!
//! Each value that describes the world or an agency is a [`Setting`]: it carries where it comes from, *published* with
//! a source or *assumed* with a plausible range. What a user chooses (how many people, which seed) is a plain value.

mod bank;
pub mod case;
mod document;
pub mod kinds;
mod terms;

use super::beside::Beside;
use crate::agency::{
    AGES, AgencyConfig, CATALOGUE, Capture, DateFormat, ErrorKind, ErrorRates, Letters, ListOf, Numbers, OneAddressPer,
    Profile,
};
use crate::agreement::{Agreement, Route, When};
use crate::blocking::BlockingRule;
use crate::comparison::{Comparison, MAX_COMPARISONS};
use crate::decision::{Rule, RuleSet, Score};
use crate::population::{Group, MOST_ORDERS, PopulationConfig, Status, places::MoveRates};
use crate::random::Seed;
use crate::record::Field;
use crate::stats::Probability;
pub use bank::{Bank, Situation, Switch};
pub use case::BUILT_IN;
use case::{BASES, Harm, Published, THEMES, Teaching};
pub use document::{did_you_mean, parse_count};
use document::{explained, located, number, overlay, put};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;
pub use terms::*;
use toml::{Table, Value};

/// A scenario, complete and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name: lower case, hyphens.
    pub name: String,
    /// What it is about, in a few words.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// What is documented about the procedure, each with its source.
    pub documented: Vec<String>,
    /// What is not documented, and what is assumed in its place.
    pub gaps: Vec<String>,
    /// How others see it, each with its source.
    #[serde(default)]
    pub counter_views: Vec<String>,
    /// The theme under which it is listed: one of [`THEMES`].
    #[serde(default = "your_own")]
    pub theme: String,
    /// Which outcome does harm here.
    #[serde(default)]
    pub harm: Harm,
    /// Runs made beside this one on the same people, for the tables of groups; empty for none.
    #[serde(default = "Beside::all")]
    pub beside: Vec<Beside>,
    /// The seeds.
    pub seed: Seeds,
    /// The country.
    pub population: PopulationSettings,
    /// The agency that submits requests.
    pub requester: RequesterSettings,
    /// The agency that holds the file.
    pub holder: AgencySettings,
    /// How much there is of each situation that confuses identity.
    #[serde(default)]
    pub bank: Bank,
    /// The terms.
    pub agreement: AgreementSettings,
    /// The routes a request may take, in order.
    pub routes: Vec<RouteSettings>,
    /// Published figures, and what of a run stands beside each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<Published>,
    /// How to teach with it.
    #[serde(default)]
    pub teaching: Teaching,
}

fn your_own() -> String {
    THEMES[THEMES.len() - 1].to_string()
}

/// Seeds of the parts of a run; one number sets all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seeds {
    /// Who lives in the country.
    pub population: u64,
    /// What goes wrong in the files.
    pub errors: u64,
    /// Who is sought.
    pub requests: u64,
}

impl Seeds {
    /// One number for all.
    pub fn all(seed: u64) -> Seeds {
        Seeds { population: seed, errors: seed, requests: seed }
    }
}

/// A value and where it comes from.
///
/// In TOML `{ value = 0.02, basis = "assumed", range = [0.0, 0.1], source = "…" }`. A bare value is read as one that
/// the user assumes, with no range but itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Whether it is published or assumed.
    pub basis: Basis,
    /// From where to where it may plausibly lie, if it is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// What else it may plausibly be, if it is a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Who published it, or why it is assumed.
    pub source: String,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Stated by a published source.
    Published,
    /// Assumed, within a plausible range.
    Assumed,
}

impl Basis {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Published => "published",
            Basis::Assumed => "assumed",
        }
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
    fn values(&self) -> [f64; 6] {
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
    fn values(&self) -> [f64; 6] {
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

/// What the country is like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationSettings {
    /// How many people live in it.
    pub people: u64,
    /// Shares of the census categories; they sum to 1.
    pub groups: ByGroup<Probability>,
    /// How strongly groups live apart.
    pub clustering: Share,
    /// Share of households whose adults were born abroad.
    pub born_abroad: ByGroup<Probability>,
    /// Share of people with a final order on record.
    pub final_order: Share,
    /// Census categories of people with a final order; they sum to 1.
    pub final_order_groups: ByGroup<Probability>,
    /// Households that move in a year within their county.
    pub moved_within_county: Share,
    /// Households that move in a year to another county of their state.
    pub moved_within_state: Share,
    /// Households that move in a year to another state.
    pub moved_beyond: Share,
    /// Share of all identity numbers that is issued to somebody.
    pub numbers_issued: Share,
}

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
    /// Whose address a record has.
    pub one_address_per: OneAddressPer,
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
    /// Whose address a record has.
    pub one_address_per: OneAddressPer,
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

/// The most characters of the fields that are cut; 0 for as many as there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
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
    fn of_fields(&self) -> [usize; 14] {
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
    fn profile(&self, population: &PopulationSettings) -> Profile {
        let groups = population.groups.values();
        let abroad: f64 =
            groups.iter().zip(population.born_abroad.values()).map(|(group, abroad)| group * abroad).sum();
        // Citizens by birth are those not born abroad; the others as the population divides them.
        const BORN_ABROAD: [f64; 6] = [0.0, 0.50, 0.25, 0.07, 0.05, 0.13];
        let mut statuses = BORN_ABROAD.map(|share| share * abroad);
        statuses[0] = 1.0 - abroad;
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

    fn rates(&self, bank: &Bank) -> ErrorRates {
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

/// One way in which a request is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    /// What it is called.
    pub name: String,
    /// Which requests take it.
    pub when: When,
    /// What is compared on it, in the words of `agreement.must_compare`.
    pub compares: Vec<String>,
    /// Whether the rule of this route is published or assumed.
    pub basis: Basis,
    /// What else the rule may plausibly be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Who published it, or why it is assumed.
    pub source: String,
    /// Which pairs are looked at.
    pub blocking: Vec<BlockingRule>,
    /// How the pairs are decided.
    pub decision: Decide,
    /// The score from which a record answers: the strength of a rule, or bits of match weight.
    pub threshold: f64,
    /// What is compared, and how.
    pub comparisons: Vec<Comparison>,
    /// The rules, where rules decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

/// How pairs are decided on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decide {
    /// By the strongest rule that holds.
    Rules,
    /// By match weights after Fellegi and Sunter, trained without labels.
    FellegiSunter,
}

/// Words for what may be compared, shared by what the terms require and what a route does.
const COMPARED: [&str; 8] =
    ["name", "number", "address", "date_of_birth", "sex", "photograph", "fingerprints", "second_number"];

/// One line of the list of assumptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// The key, as `--set` takes it.
    pub key: String,
    /// The value.
    pub value: serde_json::Value,
    /// The plausible range of a number.
    pub range: Option<[f64; 2]>,
    /// The plausible alternatives of a choice.
    pub alternatives: Vec<String>,
    /// Published or assumed.
    pub basis: Basis,
    /// Who published it, or why it is assumed.
    pub source: String,
}

/// What is wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError(String);

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScenarioError {}

/// The text of a built-in scenario, or an error that lists them.
pub fn built_in(name: &str) -> Result<&'static str, ScenarioError> {
    let names = || BUILT_IN.iter().map(|(name, _)| *name);
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).ok_or_else(|| {
        let list = names().collect::<Vec<_>>().join(", ");
        ScenarioError(format!(
            "no built-in scenario is called \"{name}\"{}; there are {list} (see them with: namesake scenarios; a file's path ends in .toml)",
            did_you_mean(name, names())
        ))
    })
}

impl Scenario {
    /// Reads a scenario from TOML. `origin` is what errors call the text: a path, or the name of a built-in one.
    ///
    /// A text that begins with `base = "NAME"` takes everything it does not say from the built-in scenario of that
    /// name.
    pub fn parse(text: &str, origin: &str) -> Result<Scenario, ScenarioError> {
        Scenario::parse_with(text, origin, &[])
    }

    /// Reads a scenario and then puts other values in: each of `sets` is `KEY=VALUE`, the key as in the TOML, with the
    /// name of a route for its position in the list.
    pub fn parse_with(text: &str, origin: &str, sets: &[String]) -> Result<Scenario, ScenarioError> {
        let here = |error: String| ScenarioError(format!("{origin}: {error}"));
        let mut table: Table = toml::from_str(text).map_err(|error| here(explained(&error)))?;
        if let Some(base) = table.remove("base") {
            let base = base.as_str().ok_or_else(|| here("base: the name of a built-in scenario, in quotes".into()))?;
            let known = BASES.iter().find(|(name, _)| *name == base).map(|(_, text)| Ok(*text));
            let base = known.unwrap_or_else(|| built_in(base)).map_err(|error| here(error.to_string()))?;
            let mut whole: Table = toml::from_str(base).map_err(|error| here(explained(&error)))?;
            whole = complete(whole).map_err(here)?;
            switches_as_text(&mut whole);
            kinds::lend(&mut whole, &mut table).map_err(here)?;
            let sections = table.get("agreement").and_then(Value::as_table).into_iter().flat_map(Table::keys);
            terms::lend(&mut whole, sections.cloned());
            overlay(&mut whole, &table, "").map_err(here)?;
            table = whole;
        } else if kinds::any_like(&table) {
            table = complete(table).map_err(|error| here(kinds::with_line(text, error)))?;
        } else {
            // From the text, so that an error knows its line.
            toml::from_str::<Scenario>(text).map_err(|error| here(explained(&error)))?;
        }
        switches_as_text(&mut table);
        let scenario = from_document(&Value::Table(table.clone())).map_err(here)?;
        if sets.is_empty() {
            return Ok(scenario);
        }
        let sections = sets.iter().filter_map(|set| set.trim().strip_prefix("agreement.")?.split('.').next());
        terms::lend(&mut table, sections.map(str::to_string));
        let mut document = Value::Table(table);
        // All are put in before the whole is checked: shares that must sum to 1 change together.
        for set in sets {
            put(&mut document, set).map_err(|error| ScenarioError(format!("--set {set}: {error}")))?;
        }
        let all = || sets.iter().map(|set| format!("--set {set}")).collect::<Vec<_>>().join(" ");
        from_document(&document).map_err(|error| ScenarioError(format!("{}: {error}", all())))
    }

    /// The scenario as TOML; reading it gives the same scenario.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("every part of a scenario has a TOML form")
    }

    /// Every setting with its basis, by key.
    pub fn assumptions(&self) -> Vec<Assumption> {
        let table = Table::try_from(self).expect("every part of a scenario has a TOML form");
        let mut list = Vec::new();
        collect(&Value::Table(table), String::new(), &mut list);
        list
    }

    /// The country it describes.
    pub fn population_config(&self) -> PopulationConfig {
        let p = &self.population;
        PopulationConfig {
            people: p.people,
            group_shares: p.groups.values(),
            clustering: p.clustering.value.get(),
            born_abroad: p.born_abroad.values(),
            final_order: p.final_order.value.get(),
            final_order_groups: p.final_order_groups.values(),
            moves: MoveRates {
                within_county: p.moved_within_county.value.get(),
                within_state: p.moved_within_state.value.get(),
                beyond: p.moved_beyond.value.get(),
            },
            numbers_issued: p.numbers_issued.value.get(),
        }
    }

    /// The requester's list. But for rolls it covers whom it seeks, so coverage plays no part.
    pub fn requester_config(&self) -> AgencyConfig {
        let r = &self.requester;
        let fields = named(&r.fields);
        AgencyConfig {
            coverage: r.coverage.as_ref().map_or([1.0; 6], ByStatus::values),
            coverage_by_group: r.coverage_by_group.as_ref().map_or([1.0; 6], ByGroup::values),
            least_age: r.least_age.as_ref().map_or(0, |age| age.value),
            number_given: r.number_given.value.get(),
            capture: self.capture(&r.errors, r.equal_capture, &r.capture, &r.dependence, &fields),
            old_address_years: r.old_address_years.value,
            one_address_per: r.one_address_per,
            lengths: r.lengths.of_fields(),
            dates: r.dates,
            letters: r.letters,
            numbers: r.numbers,
            hispanic_as_white: share_or_none(&r.hispanic_as_white),
            fields,
        }
    }

    /// The holder's file.
    pub fn holder_config(&self) -> AgencyConfig {
        let h = &self.holder;
        let fields = named(&h.fields);
        AgencyConfig {
            coverage: h.coverage.values(),
            coverage_by_group: h.coverage_by_group.values(),
            least_age: h.least_age.value,
            number_given: h.number_given.value.get(),
            capture: self.capture(&h.errors, h.equal_capture, &h.capture, &h.dependence, &fields),
            old_address_years: h.old_address_years.value,
            one_address_per: h.one_address_per,
            lengths: h.lengths.of_fields(),
            dates: h.dates,
            letters: h.letters,
            numbers: h.numbers,
            hispanic_as_white: share_or_none(&h.hispanic_as_white),
            fields,
        }
    }

    fn capture(
        &self,
        errors: &ErrorSettings,
        equal: bool,
        settings: &CaptureSettings,
        dependence: &Share,
        fields: &[Field],
    ) -> Capture {
        let profile = if equal { Profile::EQUAL } else { settings.profile(&self.population) };
        Capture::new(errors.rates(&self.bank), &profile, dependence.value.get(), fields)
    }

    /// The terms.
    pub fn agreement(&self) -> Agreement {
        let a = &self.agreement;
        Agreement {
            must_contain: a.must_contain.value.iter().map(|name| Field::from_name(name)).collect(),
            address_check: a.address_check.value,
            must_compare: a.must_compare.value.clone(),
            routes: self
                .routes
                .iter()
                .map(|route| Route {
                    name: route.name.clone(),
                    when: route.when,
                    compares: route.compares.clone(),
                    threshold: Score::from_bits(route.threshold),
                })
                .collect(),
            answers: a.answers.value,
            most_answers: a.most_answers.value as usize,
            safeguards: a.safeguards(),
        }
    }

    /// The seed of the population.
    pub fn population_seed(&self) -> Seed {
        Seed(self.seed.population)
    }

    /// The seed of the errors in the files.
    pub fn errors_seed(&self) -> Seed {
        Seed(self.seed.errors)
    }

    /// The seed of who is sought.
    pub fn requests_seed(&self) -> Seed {
        Seed(self.seed.requests)
    }

    /// What types cannot say: sums, sizes, names that must agree.
    fn check(&self) -> Result<(), String> {
        let fail = Err;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 80 || !self.name.chars().all(plain) {
            return fail("name: lower-case letters, digits and hyphens, since a folder is named after it".to_string());
        }
        if !THEMES.contains(&self.theme.as_str()) {
            return fail(format!("theme: there are {}", THEMES.join(", ")));
        }
        let requester = &self.requester;
        let of_rolls = [
            ("least_age", requester.least_age.is_some()),
            ("coverage", requester.coverage.is_some()),
            ("coverage_by_group", requester.coverage_by_group.is_some()),
        ];
        let is_roll = matches!(requester.list.value, ListOf::Roll | ListOf::Movers);
        for (key, said) in of_rolls {
            if is_roll && !said {
                return fail(format!("requester.{key}: a roll needs it; like = \"voter-roll\" and others have it"));
            }
            if !is_roll && said {
                return fail(format!("requester.{key}: only a roll has it; leave it out, or set list = \"roll\""));
            }
        }
        for published in &self.published {
            for (attribute, value) in published.measure.groups() {
                let known = super::attributes();
                if !known.iter().any(|known| known.name == attribute && known.values.contains(&value)) {
                    let names = known.iter().map(|known| format!("{} ({})", known.name, known.values.join(", ")));
                    let names = names.collect::<Vec<_>>().join("; ");
                    return fail(format!(
                        "published: \"{}\": no {attribute}={value}; there are {names}",
                        published.figure
                    ));
                }
            }
            if published.source.trim().is_empty() || !published.value.is_finite() {
                return fail(format!("published: \"{}\" needs a value and its source", published.figure));
            }
        }
        for (key, years) in [
            ("requester.old_address_years", &self.requester.old_address_years),
            ("holder.old_address_years", &self.holder.old_address_years),
        ] {
            if !(1..=100).contains(&years.value) {
                return fail(format!("{key}: from 1 to 100 years"));
            }
        }
        if self.population.people == 0 {
            return fail("population.people: a country needs at least one person".to_string());
        }
        if self.population.people > 10_000_000_000 {
            return fail("population.people: at most 10,000,000,000, more than there are people".to_string());
        }
        if self.requester.requests == 0 {
            return fail("requester.requests: at least one".to_string());
        }
        for (key, shares) in [
            ("population.groups", self.population.groups.values()),
            ("population.final_order_groups", self.population.final_order_groups.values()),
        ] {
            let sum: f64 = shares.iter().sum();
            if (sum - 1.0).abs() > 1e-6 {
                return fail(format!("{key}: the shares sum to {sum}, not to 1"));
            }
        }
        if self.bank.added() > self.requester.requests {
            return fail(format!(
                "bank: {} situations are to be added, but there are {} requests, each of which takes one at most; \
                 add fewer, or raise requester.requests",
                self.bank.added(),
                self.requester.requests
            ));
        }
        let per_block = self.population.final_order.value.get() * 256.0;
        if per_block > MOST_ORDERS as f64 / 2.0 {
            let most = MOST_ORDERS as f64 / 2.0 / 256.0;
            return fail(format!(
                "population.final_order: at most {most:.2}, or people with an order crowd each other"
            ));
        }
        if self.population.numbers_issued.value.get() <= 0.0 {
            return fail("population.numbers_issued: above 0, since everybody has a number".to_string());
        }
        let moves = &self.population;
        let moved = [&moves.moved_within_county, &moves.moved_within_state, &moves.moved_beyond];
        if moved.iter().map(|share| share.value.get()).sum::<f64>() > 0.3 {
            return fail("population.moved_…: together at most 0.3, since some dwellings change hands three times as often as the mean".to_string());
        }
        for (key, fields) in [("requester.fields", &self.requester.fields), ("holder.fields", &self.holder.fields)] {
            if fields.is_empty() {
                return fail(format!("{key}: at least one field"));
            }
            for (i, name) in fields.iter().enumerate() {
                let known = Field::NAMED;
                if !known.contains(&Field::from_name(name)) {
                    let names = || known.iter().map(Field::name);
                    return fail(format!(
                        "{key}: no field is called \"{name}\"{}; there are {}",
                        did_you_mean(name, names()),
                        names().collect::<Vec<_>>().join(", ")
                    ));
                }
                if fields[..i].contains(name) {
                    return fail(format!("{key}: \"{name}\" stands there twice"));
                }
            }
        }
        self.agreement.check(&self.requester.fields, &self.holder.fields)?;
        for route in &self.routes {
            terms::words(&format!("routes.{}.compares", route.name), &route.compares)?;
        }
        if self.routes.is_empty() {
            return fail("routes: at least one".to_string());
        }
        for (i, route) in self.routes.iter().enumerate() {
            let at = format!("routes.{}", route.name);
            if self.routes[..i].iter().any(|earlier| earlier.name == route.name) {
                return fail(format!("{at}: two routes have this name"));
            }
            if route.blocking.is_empty() || route.blocking.len() > 255 {
                return fail(format!("{at}.blocking: between 1 and 255 rules"));
            }
            if route.comparisons.is_empty() || route.comparisons.len() > MAX_COMPARISONS {
                return fail(format!("{at}.comparisons: between 1 and {MAX_COMPARISONS}"));
            }
            let blocked = route.blocking.iter().flat_map(|rule| &rule.parts).map(|part| ("blocking", &part.field));
            let compared = route.comparisons.iter().flat_map(|c| c.kind.fields()).map(|field| ("comparisons", field));
            for (part, field) in blocked.chain(compared) {
                // A list without numbers simply never takes the route that asks for one.
                let known = || self.requester.fields.iter().chain(&self.holder.fields).map(String::as_str);
                if !known().any(|name| name == field.name()) {
                    let hint = did_you_mean(field.name(), known());
                    return fail(format!("{at}.{part}: \"{field}\" is a field of neither file{hint}"));
                }
            }
            if let Some(complaint) = route.comparisons.iter().find_map(Comparison::complaint) {
                return fail(format!("{at}.comparisons: {complaint}"));
            }
            match route.decision {
                Decide::Rules if route.rules.is_empty() => return fail(format!("{at}.rules: at least one")),
                Decide::Rules => {
                    if let Err(error) = RuleSet::new(&route.rules, &route.comparisons) {
                        return fail(format!("{at}.{error}"));
                    }
                    if let Some(rule) = route.rules.iter().find(|rule| rule.strength == 0) {
                        return fail(format!("{at}.rules: \"{}\" has strength 0, as if it did not hold", rule.name));
                    }
                    // Scores are thousandths: what rounds to 0 is 0.
                    if Score::from_bits(route.threshold) <= Score(0) {
                        return fail(format!("{at}.threshold: at least 0.001; 0 is the score when no rule holds"));
                    }
                }
                Decide::FellegiSunter if !route.rules.is_empty() => {
                    return fail(format!(
                        "{at}.rules: rules do not decide here; leave them out, or set decision = \"rules\""
                    ));
                }
                Decide::FellegiSunter => {}
            }
            if !route.threshold.is_finite() || route.threshold.abs() > 1000.0 {
                return fail(format!("{at}.threshold: between -1000 and 1000"));
            }
        }
        for assumption in self.assumptions() {
            let Assumption { key, basis, range, alternatives, source, value } = assumption;
            if basis == Basis::Published && source.trim().is_empty() {
                return fail(format!("{key}: published, but without a source"));
            }
            if basis == Basis::Assumed && range.is_none() && alternatives.is_empty() {
                return fail(format!("{key}: assumed, but without a plausible range (or alternatives)"));
            }
            if let Some([low, high]) = range
                && (low > high || low.is_nan() || high.is_nan())
            {
                return fail(format!("{key}: the range {low} to {high} runs backwards"));
            }
            if let (Some([low, high]), Some(value)) = (range, value.as_f64())
                && !(low <= value && value <= high)
            {
                return fail(format!("{key}: {value} lies outside its own range, {low} to {high}"));
            }
        }
        Ok(())
    }
}

/// Writes every switch of the bank into a document, as text, so that each can be set to a word or a count.
fn switches_as_text(document: &mut Table) {
    let bank = document.entry("bank").or_insert_with(|| Value::Table(Table::new()));
    let Value::Table(bank) = bank else { return };
    for situation in Situation::ALL {
        let switch = bank.entry(situation.name()).or_insert_with(|| Value::String("as_modelled".to_string()));
        if let Value::Integer(count) = switch {
            *switch = Value::String(count.to_string());
        }
    }
}

/// A scenario's document with what its agencies take from their kinds.
fn complete(mut document: Table) -> Result<Table, String> {
    let mut lent = Table::new();
    kinds::lend(&mut lent, &mut document)?;
    for (side, mut agency) in lent {
        if let (Value::Table(agency), Some(Value::Table(own))) = (&mut agency, document.get(&side)) {
            overlay(agency, own, &side)?;
        }
        document.insert(side, agency);
    }
    // Said in every scenario once it is complete, so that --set finds it.
    let all = || Value::Array(Beside::all().into_iter().map(|beside| beside.name().into()).collect());
    document.entry("beside").or_insert_with(all);
    Ok(document)
}

/// A share, or none where it is not said.
fn share_or_none(share: &Option<Share>) -> f64 {
    share.as_ref().map_or(0.0, |share| share.value.get())
}

/// Fields by their names.
fn named(fields: &[String]) -> Vec<Field> {
    fields.iter().map(|name| Field::from_name(name)).collect()
}

fn from_document(document: &Value) -> Result<Scenario, String> {
    let text = toml::to_string(document).expect("a table read from TOML has a TOML form");
    let scenario: Scenario = toml::from_str(&text).map_err(|error| located(&text, &error))?;
    scenario.check()?;
    Ok(scenario)
}

/// Gathers every table that has a basis.
fn collect(value: &Value, key: String, list: &mut Vec<Assumption>) {
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::agreement::AnswerRule;

    pub(crate) fn scenario(sets: &[&str]) -> Scenario {
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        Scenario::parse_with(BUILT_IN[0].1, BUILT_IN[0].0, &sets).expect("the sets of a test are right")
    }

    fn error(text: &str, sets: &[&str]) -> String {
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        Scenario::parse_with(text, "my.toml", &sets).expect_err("this scenario is wrong").to_string()
    }

    #[test]
    fn every_built_in_scenario_is_read_and_written_the_same() {
        for (name, text) in BUILT_IN {
            let scenario = Scenario::parse(text, name).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(scenario.name, name);
            let again = Scenario::parse(&scenario.to_toml(), name).unwrap();
            assert_eq!(scenario, again);
            assert_eq!(scenario.to_toml(), again.to_toml());
            assert!(scenario.assumptions().len() > 30);
        }
    }

    #[test]
    fn a_value_that_is_set_becomes_the_users_assumption() {
        let set = scenario(&["holder.errors.typing=0.5", "population.people=10k", "routes.address.threshold=2"]);
        assert_eq!(set.holder.errors.of(ErrorKind::Typing).value.get(), 0.5);
        assert_eq!(set.holder.errors.of(ErrorKind::Typing).basis, Basis::Assumed);
        assert_eq!(set.holder.errors.of(ErrorKind::Typing).range.unwrap()[1], 0.5);
        assert_eq!(set.population.people, 10_000);
        assert_eq!(set.routes[1].threshold, 2.0);
        let list = scenario(&["requester.fields=given_name,surname,street", "agreement.answers=unique"]);
        assert_eq!(list.requester.fields.len(), 3);
        assert_eq!(list.agreement.answers.value, AnswerRule::Unique);
    }

    #[test]
    fn a_base_lends_what_a_file_does_not_say() {
        let text = "base = \"tax-address-request\"\nname = \"mine\"\n[holder.errors]\ntyping = 0.2\n[population]\npeople = 5000\n";
        let mine = Scenario::parse(text, "mine.toml").unwrap();
        assert_eq!((mine.name.as_str(), mine.population.people), ("mine", 5_000));
        assert_eq!(mine.holder.errors.of(ErrorKind::Typing).value.get(), 0.2);
        let missing = |of: &Scenario| of.holder.errors.of(ErrorKind::Missing).clone();
        assert_eq!(missing(&mine), missing(&scenario(&[])));
        assert!(error("base = \"tax-adress-request\"", &[]).contains("did you mean \"tax-address-request\""));
        assert!(error("base = \"tax-address-request\"\n[holder]\nagee = 3", &[]).contains("agee"));
    }

    #[test]
    fn wrong_keys_and_values_are_refused_with_what_to_write() {
        let built_in = BUILT_IN[0].1;
        for (set, hint) in [
            ("holder.errors.typng=0.1", "did you mean \"typing\""),
            ("holdr.errors.typing=0.1", "did you mean \"holder\""),
            ("holder.errors.typing=-1", "not between 0 and 1"),
            ("holder.errors.typing=much", "not a number"),
            ("holder.errors=3", "is a section"),
            ("routes.adress.threshold=1", "there are number, address"),
            ("routes.address=1", "is a section"),
            ("population.people=0", "at least one person"),
            ("population.people=ten", "not a whole number"),
            ("agreement.answers=some", "agreement.answers: unknown word `some`"),
            ("population.groups.white=0.9", "sum to"),
            ("requester.fields=surnam", "did you mean \"surname\""),
            ("nonsense", "KEY=VALUE"),
            ("routes.number.blocking=[\"surnam\"]", "did you mean \"surname\""),
            ("agreement.must_compare=nam", "did you mean \"name\""),
            ("routes.number.threshold=0.0001", "at least 0.001"),
            ("holder.old_address_years=1000000", "from 1 to 100"),
            ("name=x/../../y", "a folder is named after it"),
            ("holder.fields=[]", "at least one field"),
        ] {
            let message = error(built_in, &[set]);
            assert!(message.contains(hint), "{set}: {message}");
        }
        let line =
            error(&built_in.replace("like = \"tax-holder\"", "like = \"tax-holder\"\ntitel = \"An agency\""), &[]);
        assert!(line.contains("did you mean \"title\"") && line.contains("line "), "{line}");
        assert!(error("", &[]).contains("missing key"));
        assert!(error("name = ", &[]).contains("line 1"));
    }

    #[test]
    fn counts_are_read_as_people_write_them() {
        for (text, count) in
            [("1e6", 1_000_000), ("1_000_000", 1_000_000), ("1M", 1_000_000), ("2.5k", 2_500), ("7", 7)]
        {
            assert_eq!(parse_count(text), Ok(count), "{text}");
        }
        for text in ["", "-1", "1.5", "M", "1e-3", "ten", "inf", "NaN", "٣"] {
            assert!(parse_count(text).is_err_and(|why| why.starts_with("not a whole number")), "{text}");
        }
        for text in ["1e400", "1e30", "18446744073709551616", "9e9G"] {
            assert_eq!(parse_count(text), Err("too large a number"), "{text}");
        }
    }
}
