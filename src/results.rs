//! The findings of a run as one tree of types: [`Results`].
//!
//! The tree is made once, from the outcome of a run. `results.json` is the tree as JSON; the summary, the tables and
//! `report.html` read it, and so does whoever reads the file again with [`Results::from_json`]. Nothing looks into JSON by
//! the names of its keys. `docs/results.schema.json` holds its JSON schema; the trees of other commands have theirs beside
//! it.
//!
//! What the tree does not hold because it grows with the requests (a row for each request and each return in error) is in
//! [`Details`].

/// Defines the format of a tree, the version that is written and the only one that is read, and writes the tree as JSON.
macro_rules! format_of {
    ($tree:ident: $(#[$doc:meta])* $format:ident = $version:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum $format {
            /// The first.
            #[default]
            #[serde(rename = $version)]
            First,
        }

        impl $tree {
            /// The text of the JSON file: the same bytes wherever it is made.
            pub fn to_json(&self) -> String {
                $crate::results::json_text(self)
            }
        }
    };
}

mod rates;
mod groups;
mod outcomes;
mod ties;
mod claimed;
mod namesakes;
mod published;
mod allowed;
mod sensitivity;
mod explained;
mod details;
mod against;
pub mod labelled;
pub mod infer;
pub mod sweep;

pub use crate::experiment::decompose::{Composition, Decomposition, Difference};
pub use crate::stats::Contrast;
pub use against::{Against, AgainstSchema, Change, Fourfold};
pub use allowed::{Allowed, Share as AllowedShare};
pub use claimed::{BelinRubin, Claimed, FalseMatch, GroupClaim, Parameters, Reviewed, Tenth};
pub use details::{Answered, Causes, Details, DisclosureRow, RequestRow};
pub use explained::{ErrorAt, ErrorMade, ExplainedRecord, ExplainedRequest, RecordView, explained};
pub use groups::{Compared, ComparedRate, Group, GroupBeside};
pub use namesakes::{Coincidence, SituationCount};
pub use outcomes::{Consequences, Outcomes, Step, Tally};
pub use published::PublishedFigure;
pub use rates::{BandedPoint, Point, Rate, Rates, Share};
pub use sensitivity::{Effect, Look, Sensitivity};
pub use ties::{FromTies, Losses, Ties};

use crate::evaluation::{self, Fate, LostAt, Missing, RateId};
pub use crate::evaluation::{CauseCount, RightAndWrong};
use crate::experiment::{Analyses, Outcome};
use crate::linkage::decision::fellegi_sunter::{Source, Trained};
use crate::scenario::{Assumption, Basis, Scenario, Seeds};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The version of Namesake, as results carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Something for each value of each attribute, in the order of the scenario.
pub type ByGroup<T> = IndexMap<String, IndexMap<String, T>>;

/// Everything a run found, except for the rows of single requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// The version of this format.
    pub schema: Schema,
    /// The version of Namesake that made the run.
    pub version: String,
    /// The name of the scenario.
    pub scenario: String,
    /// The seed of the population.
    pub seed: u64,
    /// The seeds of the parts of the run.
    pub seeds: Seeds,
    /// Numbers of people, requests, records and answers.
    pub counts: Counts,
    /// The rates of the whole run.
    pub rates: Rates,
    /// Requests by what became of them.
    pub fates: BTreeMap<Fate, u64>,
    /// People on file who were not returned, by the stage at which they were lost.
    pub lost_at: BTreeMap<LostAt, u64>,
    /// Groups and cities of whom nobody was returned.
    pub who_is_missing: Missing,
    /// Returns in error by cause.
    pub causes: IndexMap<String, CauseCount>,
    /// The reactions of people to the answers, and the consequences.
    pub outcomes: Outcomes,
    /// The frequency of each situation of the namesake bank.
    pub situations: IndexMap<String, SituationCount>,
    /// The rates of each group, by attribute and value.
    pub by_group: ByGroup<Group>,
    /// The threshold curve.
    pub curve: Vec<BandedPoint>,
    /// Losses beside those from exact ties.
    pub ties: Ties,
    /// Namesakes of the people sought, expected and counted.
    pub coincidences: Vec<Coincidence>,
    /// The training of each route's model that uses match weights.
    pub training: IndexMap<String, Training>,
    /// Every setting, with its basis.
    pub assumptions: Vec<Assumption>,
    /// The rates of people who share two attributes, by both attributes and both values.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub by_pair: ByGroup<Group>,
    /// Published figures beside what the run gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedFigure>,
    /// The shares that the published figures allow, beside those of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Allowed>,
    /// The models' own estimates of their errors, beside the truth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Claimed>,
    /// The effect of the assumed values on the headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// The differences between groups, taken apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decomposition: Option<Decomposition>,
}

format_of! {
    Results:
    /// The format of [`Results`]; another one is refused.
    Schema = "namesake.results/1"
}

/// Numbers of people, requests, records and answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// People of the country.
    pub people: u64,
    /// Requests.
    pub requests: u64,
    /// Requests whose person is on the holder's file.
    pub requested_on_file: u64,
    /// Records on the holder's file.
    pub holder_records: u64,
    /// Pairs that blocking proposed.
    pub candidate_pairs: u64,
    /// Right persons returned.
    pub returned_right: u64,
    /// Wrong persons returned, a person once for each request that returned the person.
    pub returned_wrong: u64,
    /// Answers beyond the number handed over or kept.
    pub answers_not_handed_over: u64,
    /// Returns made without a comparison that the terms require.
    pub required_check_skipped: u64,
    /// Right persons whose address on file is not where they live now.
    pub right_but_moved: u64,
    /// People never sought who live today at an address that was handed over.
    pub never_sought_at_returned_addresses: u64,
}

impl Counts {
    /// Persons returned.
    pub fn returned(&self) -> u64 {
        self.returned_right + self.returned_wrong
    }

    /// Requests for people who are not on the holder's file.
    pub fn absent(&self) -> u64 {
        self.requests - self.requested_on_file
    }
}

/// The training of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Rounds of EM.
    pub rounds: u32,
    /// `true` if EM converged.
    pub converged: bool,
    /// Matches that the model expects among the candidate pairs.
    pub expected_matches: f64,
    /// The source of the m-probabilities.
    pub m: Source,
}

impl Training {
    /// The history of a model's weights.
    pub fn of(trained: &Trained) -> Training {
        Training {
            rounds: trained.rounds,
            converged: trained.converged,
            expected_matches: trained.expected_matches,
            m: trained.m,
        }
    }
}

/// Number of requests with each fate: those whose person is on file, and those whose person is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FatesByPresence {
    /// The person sought is on file.
    pub on_file: BTreeMap<Fate, u64>,
    /// The person sought is not on file.
    pub absent: BTreeMap<Fate, u64>,
}

impl Results {
    /// The results of a run.
    pub fn of(scenario: &Scenario, outcome: &Outcome) -> Results {
        Results::with(scenario, outcome, &Analyses::default())
    }

    /// The results of a run and of the analyses beside it.
    pub fn with(scenario: &Scenario, outcome: &Outcome, analyses: &Analyses) -> Results {
        let e = &outcome.evaluation;
        let trained = outcome.trained.iter();
        Results {
            schema: Schema::First,
            version: VERSION.to_string(),
            scenario: scenario.name.clone(),
            seed: scenario.seed.population,
            seeds: scenario.seed,
            counts: Counts {
                people: scenario.population.people,
                requests: e.requests,
                requested_on_file: e.requested_on_file,
                holder_records: e.holder_records,
                candidate_pairs: e.candidate_pairs,
                returned_right: e.returned_right,
                returned_wrong: e.returned_wrong,
                answers_not_handed_over: e.overflow,
                required_check_skipped: e.check_skipped,
                right_but_moved: e.aside.right_but_moved,
                never_sought_at_returned_addresses: e.aside.bystanders,
            },
            rates: rates::of(&e.groups.rates),
            fates: e.fates.clone(),
            lost_at: e.lost_at.clone(),
            who_is_missing: evaluation::missing(e, &outcome.by_city),
            causes: e.causes.iter().map(|(cause, count)| (cause.name().to_string(), *count)).collect(),
            outcomes: Outcomes::of(e),
            situations: namesakes::situations(scenario, outcome),
            by_group: groups::by_group(outcome),
            curve: e.curve.iter().map(|(point, band)| BandedPoint::of(point, band)).collect(),
            ties: Ties::of(&e.ties, analyses.learned_loss.as_ref()),
            coincidences: outcome.coincidences.iter().map(Coincidence::of).collect(),
            training: trained.map(|(route, t)| (scenario.routes[*route].name.clone(), Training::of(t))).collect(),
            assumptions: scenario.assumptions(),
            by_pair: groups::by_pair(outcome),
            published: published::figures(scenario, outcome),
            allowed: allowed::allowed(scenario, outcome),
            claimed: e.claimed.as_ref().map(Claimed::of),
            sensitivity: analyses.sensitivity.as_ref().map(Sensitivity::of),
            decomposition: analyses.decomposition.clone(),
        }
    }

    /// The results that a text of results.json holds.
    pub fn from_json(text: &str) -> Result<Results, ResultsError> {
        serde_json::from_str(text).map_err(ResultsError)
    }

    /// The seed, or the three of them where they differ.
    pub fn seed_words(&self) -> String {
        let Seeds { population, errors, requests } = self.seeds;
        if population == errors && errors == requests {
            return population.to_string();
        }
        format!("{population}/{errors}/{requests}")
    }

    /// Number of settings that are published, and number that are assumed.
    pub fn published_and_assumed(&self) -> (usize, usize) {
        let published = self.assumptions.iter().filter(|setting| setting.basis == Basis::Published).count();
        (published, self.assumptions.len() - published)
    }

    /// The groups of an attribute, by value.
    pub fn groups(&self, attribute: &str) -> impl Iterator<Item = (&str, &Group)> {
        self.by_group.get(attribute).into_iter().flatten().map(|(value, group)| (value.as_str(), group))
    }

    /// The citizens among people whom `of` counts in each group.
    pub fn citizens(&self, of: impl Fn(&Group) -> u64) -> u64 {
        let citizens = ["citizen_by_birth", "naturalised"];
        self.groups("status").filter(|(status, _)| citizens.contains(status)).map(|(_, group)| of(group)).sum()
    }

    /// Requests by fate, apart for people on file and people who are not.
    pub fn fates_by_presence(&self) -> FatesByPresence {
        let all = |fate: Fate| self.fates.get(&fate).copied().unwrap_or(0);
        let refused = self.lost_at.get(&LostAt::Refused).copied().unwrap_or(0);
        let answered_though_absent = self.rates.get(&RateId::AnsweredThoughAbsent).map_or(0, |rate| rate.hits);
        let wrong = all(Fate::WrongOnly).saturating_sub(answered_though_absent);
        let known = all(Fate::RightWithOthers) + all(Fate::RightAlone) + all(Fate::NotReturned);
        // Of the people on file, those left over were withheld.
        let withheld = self.counts.requested_on_file.saturating_sub(known + wrong + refused);
        let on_file: BTreeMap<Fate, u64> = Fate::ALL
            .into_iter()
            .map(|fate| {
                let count = match fate {
                    Fate::WrongOnly => wrong,
                    Fate::Withheld => withheld,
                    Fate::Refused => refused,
                    Fate::CorrectlyNobody => 0,
                    Fate::RightAlone | Fate::RightWithOthers | Fate::NotReturned => all(fate),
                };
                (fate, count)
            })
            .collect();
        let absent = on_file.iter().map(|(&fate, count)| (fate, all(fate).saturating_sub(*count))).collect();
        FatesByPresence { on_file, absent }
    }
}

/// A tree as the text of a JSON file.
pub fn json_text(tree: &impl Serialize) -> String {
    serde_json::to_string_pretty(tree).expect("a tree of plain values can be written") + "\n"
}

/// The reason why a text is not that of results.json.
#[derive(Debug)]
pub struct ResultsError(serde_json::Error);

impl fmt::Display for ResultsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "results.json: {}; it has to be the file as Namesake {VERSION} writes it (docs/results.schema.json)",
            self.0
        )
    }
}

impl std::error::Error for ResultsError {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs};

    /// The JSON schema of a type, as it is written: a value that may be missing and is written as null is always there.
    fn schema_of<T: schemars::JsonSchema>() -> String {
        let written = schemars::generate::SchemaSettings::default().for_serialize();
        json_text(&written.into_generator().into_root_schema_for::<T>())
    }

    /// The schemas are made by the types themselves, in a build for tests alone: they would be a tenth of every other
    /// build.
    #[test]
    fn the_documented_schemas_are_those_of_the_types() {
        for (name, made) in [
            ("results", schema_of::<Results>()),
            ("against", schema_of::<Against>()),
            ("sweep", schema_of::<sweep::SweepResults>()),
            ("infer", schema_of::<infer::InferResults>()),
            ("link", schema_of::<labelled::LinkResults>()),
            ("blocking", schema_of::<labelled::BlockingResults>()),
            ("check", schema_of::<labelled::CheckResults>()),
            ("score", schema_of::<labelled::ScoreResults>()),
        ] {
            let documented = format!("{}/docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
            if env::var_os("NAMESAKE_BLESS").is_some() {
                fs::write(&documented, &made).unwrap();
            }
            assert!(
                fs::read_to_string(&documented).is_ok_and(|text| text == made),
                "{documented}: NAMESAKE_BLESS=1 cargo test --lib results writes it anew"
            );
        }
    }
}
