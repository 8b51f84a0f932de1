//! A scenario: everything that is simulated, and under which terms, read from TOML.
//!
//! Each value that describes the world or an agency is a [`Setting`]: it carries where it comes from, *published* with
//! a source or *assumed* with a plausible range. What a user chooses (how many people, which seed) is a plain value.

mod agencies;
mod attributes;
mod bank;
mod beside;
pub mod case;
mod check;
mod document;
mod errors;
mod hints;
mod inference;
mod inferred;
pub mod kinds;
mod people;
mod reference;
mod setting;
mod terms;

use crate::linkage::decision::Score;
use crate::linkage::{BlockingSettings, Complaint, Extensions, ModelPlan, ModelSettings};
use crate::random::Seed;
use crate::record::Field;
use crate::stats::Probability;
pub use agencies::*;
pub use attributes::{AGE_BANDS, Attribute, By, Pair, attributes};
pub use bank::{Bank, Situation, Switch};
pub use beside::Beside;
pub use case::BUILT_IN;
use case::{ALIASES, BASES, Fact, Harm, Published, Source, THEMES, Teaching, View};
pub use check::MOST_WITH_FINAL_ORDER;
pub use document::parse_count;
use document::{overlay, put};
pub use errors::{ErrorSettings, GeneralRate, general_rates};
pub use hints::did_you_mean;
use hints::{explained, located};
pub use inference::{Choice, InferSettings, Prior, Shape, Way};
pub use inferred::{AllowedShare, Inferred};
pub use people::{Country, Group, Sex, Status};
pub use reference::{KeyText, Section, key_text, reference};
use serde::{Deserialize, Serialize};
use setting::collect;
pub use setting::{Assumption, Basis, ByCountry, ByGroup, ByStatus, Setting, Share};
use std::collections::BTreeMap;
use std::fmt;
pub use terms::*;
use toml::{Table, Value};

/// A scenario, complete and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name: lower case, hyphens.
    pub name: String,
    /// The subject, in a few words.
    pub title: String,
    /// The subject, in a sentence or two.
    pub summary: String,
    /// The case of which it is a variant: its facts stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_of: Option<String>,
    /// The day on which its sources were last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<case::When>,
    /// A note to give a class before it begins.
    #[serde(default)]
    pub content_note: String,
    /// Gaps in the documentation, and the assumptions made in their place.
    pub gaps: Vec<String>,
    /// The theme under which it is listed: one of [`THEMES`].
    #[serde(default = "your_own")]
    pub theme: String,
    /// The outcome that does harm here.
    #[serde(default)]
    pub harm: Harm,
    /// Runs made beside this one on the same people, for the tables of groups; empty for none.
    #[serde(default = "all_beside")]
    pub beside: Vec<Beside>,
    /// Pairs of attributes by which results are told apart beside each attribute alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<By>,
    /// The sources, by the names that facts, views and figures use.
    #[serde(default)]
    pub sources: BTreeMap<String, Source>,
    /// Documented facts about the procedure.
    pub documented: Vec<Fact>,
    /// Responses of courts, legislatures or agencies.
    #[serde(default)]
    pub outcome: Vec<Fact>,
    /// Views of others.
    #[serde(default)]
    pub counter_views: Vec<View>,
    /// The seeds.
    pub seed: Seeds,
    /// The country.
    pub population: PopulationSettings,
    /// The agency that submits requests.
    pub requester: RequesterSettings,
    /// The agency that holds the file.
    pub holder: AgencySettings,
    /// The amount of each situation that confuses identity.
    #[serde(default)]
    pub bank: Bank,
    /// The terms.
    pub agreement: AgreementSettings,
    /// The routes a request may take, in order.
    pub routes: Vec<RouteSettings>,
    /// Published figures, and what of a run stands beside each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<Published>,
    /// Priors and choices of inference from the published figures.
    #[serde(default, skip_serializing_if = "InferSettings::is_empty")]
    pub infer: InferSettings,
    /// The shares that the published figures allow, as inference found them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<Inferred>,
    /// Guidance for teaching with the scenario.
    #[serde(default)]
    pub teaching: Teaching,
    /// The custom comparisons and models that it was read with.
    #[serde(skip)]
    extensions: Extensions,
}

fn all_beside() -> Vec<Beside> {
    Beside::ALL.to_vec()
}

fn your_own() -> String {
    THEMES[THEMES.len() - 1].to_string()
}

/// Seeds of the parts of a run; one number sets all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Seeds {
    /// The seed of the country and its people.
    pub population: u64,
    /// The seed of the errors in the files.
    pub errors: u64,
    /// The seed of the list of people sought.
    pub requests: u64,
}

impl Seeds {
    /// One number for all.
    pub fn all(seed: u64) -> Seeds {
        Seeds { population: seed, errors: seed, requests: seed }
    }
}

/// The parameters of the country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationSettings {
    /// The number of people who live in it.
    pub people: u64,
    /// Shares of the census categories; they sum to 1.
    pub groups: ByGroup<Probability>,
    /// The strength of residential segregation between groups.
    pub clustering: Share,
    /// Share born abroad of people beside whom nobody decides it.
    pub born_abroad: ByGroup<Probability>,
    /// The relative growth, with each member of the household, of the chance that the householder was born abroad.
    pub larger_households_abroad: Share,
    /// Statuses of Hispanic people born abroad; they sum to 1.
    pub status_hispanic: ByStatus<Probability>,
    /// Statuses of other people born abroad; they sum to 1.
    pub status_others: ByStatus<Probability>,
    /// Chance that adults of a household are alike in nativity since they live together.
    pub alike_nativity: Share,
    /// Share of adults beside somebody without a status, or with an application pending, who are citizens.
    pub citizen_beside_without_status: Share,
    /// Share of them who are permanent residents; all others came with that one and stand alike.
    pub resident_beside_without_status: Share,
    /// Chance that of two adults born abroad one has the other's status since they live together.
    pub alike_status: Share,
    /// Share of Hispanic and Vietnamese people born abroad whose given name is of two parts, of those with two.
    pub compound_given: Share,
    /// Share of people with a final order on record.
    pub final_order: Share,
    /// Countries of birth of families with a final order; they sum to 1.
    pub final_order_countries: ByCountry,
    /// Statuses of people with a final order; they sum to 1.
    pub status_with_order: ByStatus<Probability>,
    /// Share of Hispanic people with a final order whose documents carry two surnames.
    pub two_surnames_with_order: Share,
    /// Chance that an order is followed by one more in the family.
    pub final_order_further: Share,
    /// Share of those further orders whose bearers live in a household of their own near by.
    pub final_order_elsewhere: Share,
    /// Households that move in a year within their county.
    pub moved_within_county: Share,
    /// Households that move in a year to another county of their state.
    pub moved_within_state: Share,
    /// Households that move in a year to another state.
    pub moved_beyond: Share,
    /// Share of all identity numbers that is issued to somebody.
    pub numbers_issued: Share,
    /// Share of people who have no identity number, by status.
    pub without_number: ByStatus<Probability>,
}

/// One way in which a request is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    /// The name of the route.
    pub name: String,
    /// The requests that take the route.
    pub when: When,
    /// The comparisons made on the route, in the words of `agreement.must_compare`.
    pub compares: Vec<String>,
    /// The basis of the rule of this route: published or assumed.
    pub basis: Basis,
    /// Plausible alternatives to the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// The publisher of the rule, or the reason for assuming it.
    pub source: String,
    /// The blocking rules that propose the pairs compared.
    pub blocking: BlockingSettings,
    /// The fields compared, and how the pairs are decided.
    pub model: ModelSettings,
}

/// The requests that take a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Those that give an identity number.
    NumberGiven,
    /// Those that give none.
    NoNumber,
    /// All that no earlier route took.
    Always,
}

impl RouteSettings {
    /// The plan for making the model. A scenario that was read has one.
    pub fn plan(&self) -> ModelPlan {
        self.model.plan().expect("a scenario that was read has models that can be made")
    }

    /// Every field that the route uses to propose pairs or to compare them, in order.
    pub fn fields(&self) -> Vec<Field> {
        let proposed = self.blocking.rules.iter().flat_map(|rule| &rule.parts).map(|part| part.field.clone());
        let mut fields: Vec<Field> = proposed.chain(self.model.fields()).collect();
        fields.sort();
        fields.dedup();
        fields
    }

    /// The score from which a record answers: the threshold that is stated, or the model's own.
    pub fn threshold(&self) -> Score {
        self.model.threshold().unwrap_or_else(|| self.plan().default_threshold())
    }
}

/// Words for what may be compared, shared by what the terms require and what a route does.
const COMPARED: [&str; 8] =
    ["name", "number", "address", "date_of_birth", "sex", "photograph", "fingerprints", "second_number"];

/// The error in a scenario.
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
    let name = ALIASES.iter().find(|(before, _)| *before == name).map_or(name, |(_, today)| *today);
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).ok_or_else(|| {
        let list = names().collect::<Vec<_>>().join(", ");
        ScenarioError(format!(
            "no built-in scenario is called \"{name}\"{}; there are {list} (see them with: namesake scenarios; a file's path ends in .toml)",
            did_you_mean(name, names())
        ))
    })
}

/// The table of a file, laid over that of its base, which is laid over that of its own base.
fn on_its_base(mut table: Table) -> Result<Table, String> {
    let Some(base) = table.remove("base") else { return complete(table) };
    let base = base.as_str().ok_or("base: the name of a built-in scenario, in quotes")?;
    let known = BASES.iter().find(|(name, _)| *name == base).map(|(_, text)| Ok(*text));
    let text = known.unwrap_or_else(|| built_in(base)).map_err(|error| error.to_string())?;
    let mut whole = on_its_base(toml::from_str(text).map_err(|error| explained(&error))?)?;
    switches_as_text(&mut whole);
    kinds::lend(&mut whole, &mut table)?;
    let sections = table.get("agreement").and_then(Value::as_table).into_iter().flat_map(Table::keys);
    terms::lend(&mut whole, sections.cloned());
    overlay(&mut whole, &table, "")?;
    Ok(whole)
}

impl Scenario {
    /// Reads a scenario from TOML. `origin` is what errors call the text: a path, or the name of a built-in one.
    ///
    /// A text that begins with `base = "NAME"` takes everything it does not say from the built-in scenario of that
    /// name, and what that one does not say from its own base.
    pub fn parse(text: &str, origin: &str) -> Result<Scenario, ScenarioError> {
        Scenario::parse_with(text, origin, &[])
    }

    /// Reads a scenario and then puts other values in: each of `sets` is `KEY=VALUE`, the key as in the TOML, with the
    /// name of a route for its position in the list.
    pub fn parse_with(text: &str, origin: &str, sets: &[String]) -> Result<Scenario, ScenarioError> {
        Scenario::extended(text, origin, sets, &Extensions::new())
    }

    /// The same with custom comparisons and models, and saved models, which routes name.
    pub fn extended(
        text: &str,
        origin: &str,
        sets: &[String],
        extensions: &Extensions,
    ) -> Result<Scenario, ScenarioError> {
        let from_document = |document: &Value| from_document(document, extensions);
        let here = |error: String| ScenarioError(format!("{origin}: {error}"));
        let mut table: Table = toml::from_str(text).map_err(|error| here(explained(&error)))?;
        if table.contains_key("base") {
            table = on_its_base(table).map_err(here)?;
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

    /// The scenario with other values put in; see [`Scenario::parse_with`].
    pub fn with(&self, origin: &str, sets: &[String]) -> Result<Scenario, ScenarioError> {
        Scenario::extended(&self.to_toml(), origin, sets, &self.extensions)
    }

    /// Gives the routes their saved models, the code they name, and the comparisons that suit both files where none are
    /// stated.
    fn complete_models(&mut self, extensions: &Extensions) -> Result<(), String> {
        let shared = self.requester.fields.iter().filter(|name| self.holder.fields.contains(name));
        let shared: Vec<Field> = shared.map(|name| Field::from_name(name)).collect();
        for route in &mut self.routes {
            let at = |complaint: Complaint| format!("routes.{}.{complaint}", route.name);
            extensions.attach(&mut route.blocking, &mut route.model).map_err(at)?;
            route.model.complete(&shared);
        }
        self.extensions = extensions.clone();
        Ok(())
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
    let all = || Value::Array(Beside::ALL.into_iter().map(|beside| beside.name().into()).collect());
    document.entry("beside").or_insert_with(all);
    Ok(document)
}

fn from_document(document: &Value, extensions: &Extensions) -> Result<Scenario, String> {
    let text = toml::to_string(document).expect("a table read from TOML has a TOML form");
    let mut scenario: Scenario = toml::from_str(&text).map_err(|error| located(&text, &error))?;
    scenario.complete_models(extensions)?;
    scenario.check()?;
    Ok(scenario)
}

#[cfg(test)]
pub(crate) mod tests;
