//! The case a scenario stands for: facts and views with their sources, guidance for teaching with it, and the published
//! figures that stand beside its results. The module also lists the cases that come with Namesake.

use crate::record::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! library {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../synthetic-data/scenarios/", $name, ".toml")))),*]
    };
}

/// The scenarios that come with Namesake, by name; the default one first.
pub const BUILT_IN: [(&str, &str); 29] = library![
    "tax-address-request",
    "tax-address-request-assumed",
    "tax-address-request-checked",
    "tax-address-request-weighted",
    "tax-address-request-full-name",
    "tax-address-request-with-notice",
    "health-service-tracing",
    "library-card",
    "benefit-delivered",
    "interstate-crosscheck",
    "placeholder-birth-dates",
    "conviction-list-2000",
    "conviction-list-2004",
    "matched-before-registered",
    "exact-match",
    "last-four-verification",
    "strong-weak-ladder",
    "stale-status-list",
    "status-check-2025",
    "jury-list",
    "movers-list",
    "merged-identities",
    "death-file",
    "warrants",
    "ration-cards",
    "employment-verification",
    "watch-list",
    "sanctions-screening",
    "name-only-screening",
];

/// Names that built-in scenarios had before, each with the name of today; both work.
pub const ALIASES: [(&str, &str); 3] = [
    ("felon-list-2000", "conviction-list-2000"),
    ("felon-list-2004", "conviction-list-2004"),
    ("no-match-no-vote", "matched-before-registered"),
];

/// Bases that `base = "…"` at the head of a text may name, beside the built-in scenarios: a country in which nothing
/// happens yet.
pub const BASES: [(&str, &str); 1] = [("country", include_str!("../../synthetic-data/scenarios/bases/country.toml"))];

/// The themes by which cases are listed, in order.
pub const THEMES: [&str; 6] = [
    "To begin with",
    "Addresses of people sought",
    "Who may vote",
    "Whose record is it",
    "Work, travel and money",
    "Your own",
];

/// The outcome that does harm in a case: the summary states it first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// Somebody else is returned.
    #[default]
    SomebodyElse,
    /// Somebody who is on file is not matched.
    NotMatched,
    /// The person is the right one, and what is on file about the person is no longer true.
    OutOfDate,
}

/// A day, a month or a year: 2026-06-30, 2026-06 or 2026.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct When(String);

impl TryFrom<String> for When {
    type Error = String;

    fn try_from(text: String) -> Result<When, String> {
        let wrong = format!("\"{text}\" is not a day, a month or a year; write 2026-06-30, 2026-06 or 2026");
        // A month stands for its first day, a year for its first month.
        let whole = format!("{text}{}", &"2000-01-01"[text.len().min(10)..]);
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let formed = parts.iter().zip([4, 2, 2]).all(|(part, length)| digits(part, length)) && parts.len() <= 3;
        if formed && Date::parse(&whole).is_some() { Ok(When(text)) } else { Err(wrong) }
    }
}

impl From<When> for String {
    fn from(when: When) -> String {
        when.0
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind of source a statement rests on, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// An opinion, an order, a statute, a sworn declaration.
    CourtRecord,
    /// A report of an auditor, an inspector general or a parliament.
    Audit,
    /// A paper of researchers.
    Paper,
    /// An agency about itself.
    Agency,
    /// A newspaper, a magazine, a news agency; also where it quotes one of those above.
    Press,
    /// A party to the dispute, an association, a seller.
    Advocacy,
}

impl Strength {
    /// The words used in texts.
    pub fn words(self) -> &'static str {
        match self {
            Strength::CourtRecord => "court record",
            Strength::Audit => "audit",
            Strength::Paper => "paper",
            Strength::Agency => "agency",
            Strength::Press => "press",
            Strength::Advocacy => "advocacy",
        }
    }
}

/// The place where a statement was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The author and the publication, and whom it quotes.
    pub title: String,
    /// The kind of source.
    pub strength: Strength,
    /// The date when it was published or decided.
    pub date: When,
    /// Its address, where it has one that a reader should be sent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl fmt::Display for Source {
    /// The title, with strength and date in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.title, self.strength.words(), self.date)
    }
}

/// A statement and the sources it rests on, by their names in `[sources]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The text of the statement.
    pub text: String,
    /// The sources of the statement, by the names in `[sources]`.
    pub sources: Vec<String>,
}

/// A view that somebody else holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The text of the view.
    pub text: String,
    /// The sources of those who hold the view, by the names in `[sources]`; empty where nobody was found who said it.
    #[serde(default)]
    pub sources: Vec<String>,
    /// `true` if no source was found, so that the view is marked as having none.
    #[serde(default)]
    pub no_source: bool,
}

/// Guidance for teaching with a case, under the headings that models for teaching have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Teaching {
    /// The text under “What is it?”.
    pub what_is_it: String,
    /// The text under “How it works”.
    pub how_it_works: String,
    /// The text under “How to use it”.
    pub how_to_use_it: String,
    /// Things to notice.
    pub things_to_notice: Vec<String>,
    /// Things to try: each a command, or a question with one.
    pub things_to_try: Vec<String>,
    /// Things that could be built on it.
    pub extending: Vec<String>,
    /// Further reading.
    pub references: Vec<String>,
}

/// A published figure, and what of a run stands beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The quantity counted.
    pub figure: String,
    /// The published value.
    pub value: f64,
    /// The publisher, by the name in `[sources]`.
    pub source: String,
    /// The derivation of the value from what was published, where it is not the published number itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub derived: String,
    /// The relation of the simulated figure to the published one: it was put in, was tuned to, or came out.
    pub kind: FigureOrigin,
    /// The measure of a run that stands beside the figure.
    pub measure: Measure,
    /// For a share of wrong returns: the records on file when it was published. Wrong returns grow with the file and
    /// right ones do not, so a smaller file has its own expectation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_records: Option<u64>,
    /// The figure as a target of inference; without it the figure is compared and nothing is inferred from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Settings that are assumed and move it: moved to the ends of their ranges together, they give its range.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
    /// The meaning of a difference.
    pub discussion: String,
}

impl Published {
    /// The origin of the figure: how it was derived, and its source as it is to be written.
    pub fn origin(&self, source: String) -> String {
        if self.derived.is_empty() { source } else { format!("{}; {source}", self.derived) }
    }
}

/// A published share as inference takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// A short name, for `--targets` and `--hold-out`.
    pub name: String,
    /// The ends between which the share lies that the figure stands for, 95 % certain: what was counted, rounding,
    /// sources that disagree.
    pub range: [f64; 2],
    /// The reason for the range.
    pub because: String,
}

named! {
    /// The relation between a published figure and a simulated one.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Comes"))]
    pub enum FigureOrigin {
        /// It was put in: agreement shows nothing.
        Input = "input",
        /// A setting was tuned until it agreed: agreement shows nothing more.
        Fitted = "fitted",
        /// It came out.
        Predicted = "predicted",
    }
}

/// A measure of a run: a rate by its name, a setting, or one count over another.
///
/// Written `missed`, `missed@group=hispanic`, `missed@group=hispanic / missed@group=white`,
/// `returned@group=hispanic / returned`, `setting requester.on_file`, `same_birth_date 180`, `least_of_cities`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Measure {
    /// The value of a setting.
    Setting(String),
    /// The probability that two of so many people asked for have the same date of birth.
    SameBirthDate(u64),
    /// The share returned of the people sought who are on file, in the city where that share is lowest.
    LeastOfCities,
    /// One quantity.
    One(Quantity),
    /// One over another.
    Ratio(Quantity, Quantity),
}

/// A rate or a count by its name, of everybody or of one value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Its name.
    pub name: String,
    /// The attribute and its value.
    pub of: Option<(String, String)>,
}

/// The counts a measure may name beside the rates of a run.
pub const COUNTS: [&str; 17] = [
    "requests",
    "requests_with_number",
    "requests_without_number",
    "requested_on_file",
    "on_file_with_number",
    "on_file_without_number",
    "answered_with_number",
    "answered",
    "answered_several",
    "unanswered",
    "returned",
    "returned_right",
    "returned_wrong",
    "not_matched",
    "check_skipped",
    "right_but_moved",
    "right_and_not_moved",
];

/// The rates a measure may name.
pub const RATES: [&str; 6] =
    ["wrong_among_answers", "wrong_person", "answered_though_absent", "missed", "precision", "recall"];

impl Measure {
    /// `true` if it is a share of counted cases, so that a run gives hits and trials for it.
    pub fn is_share(&self) -> bool {
        match self {
            Measure::Setting(_) | Measure::SameBirthDate(_) | Measure::LeastOfCities => false,
            Measure::One(one) => RATES.contains(&one.name.as_str()),
            Measure::Ratio(over, under) => [over, under].iter().all(|one| !RATES.contains(&one.name.as_str())),
        }
    }

    /// The attributes and values that it names.
    pub(super) fn groups(&self) -> Vec<(&str, &str)> {
        let quantities = match self {
            Measure::Setting(_) | Measure::SameBirthDate(_) | Measure::LeastOfCities => Vec::new(),
            Measure::One(one) => vec![one],
            Measure::Ratio(over, under) => vec![over, under],
        };
        let of = quantities.into_iter().filter_map(|quantity| quantity.of.as_ref());
        of.map(|(attribute, value)| (attribute.as_str(), value.as_str())).collect()
    }
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Quantity, String> {
        let (name, of) = match text.trim().split_once('@') {
            None => (text.trim(), None),
            Some((name, of)) => {
                let of = of.split_once('=').ok_or_else(|| format!("\"{text}\": write name@attribute=value"))?;
                (name.trim(), Some((of.0.trim().to_string(), of.1.trim().to_string())))
            }
        };
        let known = COUNTS.contains(&name) || RATES.contains(&name) || name.starts_with("cause.");
        if !known {
            let names = COUNTS.into_iter().chain(RATES);
            let hint = super::did_you_mean(name, names.clone());
            let list = names.collect::<Vec<_>>().join(", ");
            return Err(format!("a run has no measure called \"{name}\"{hint}; there are {list}, and cause.NAME"));
        }
        Ok(Quantity { name: name.to_string(), of })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.of {
            Some((attribute, value)) => write!(f, "@{attribute}={value}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for Measure {
    type Error = String;

    fn try_from(text: String) -> Result<Measure, String> {
        if let Some(key) = text.strip_prefix("setting ") {
            return Ok(Measure::Setting(key.trim().to_string()));
        }
        if let Some(people) = text.strip_prefix("same_birth_date ") {
            let people = people.trim().parse().map_err(|_| format!("\"{text}\": write same_birth_date 180"))?;
            return Ok(Measure::SameBirthDate(people));
        }
        if text.trim() == "least_of_cities" {
            return Ok(Measure::LeastOfCities);
        }
        match text.split_once('/') {
            Some((over, under)) => Ok(Measure::Ratio(over.parse()?, under.parse()?)),
            None => Ok(Measure::One(text.parse()?)),
        }
    }
}

impl From<Measure> for String {
    fn from(measure: Measure) -> String {
        measure.to_string()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measure::Setting(key) => write!(f, "setting {key}"),
            Measure::LeastOfCities => f.write_str("least_of_cities"),
            Measure::SameBirthDate(people) => write!(f, "same_birth_date {people}"),
            Measure::One(quantity) => quantity.fmt(f),
            Measure::Ratio(over, under) => write!(f, "{over} / {under}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years_are_read_and_anything_else_is_refused() {
        for text in ["2026-02-26", "2026-02", "1989"] {
            assert_eq!(When::try_from(text.to_string()).unwrap().to_string(), text);
        }
        for text in ["", "26 February 2026", "2026-13", "2026-02-30", "26-02", "2026-02-26-01", "2026-2", "２０２６"]
        {
            assert!(When::try_from(text.to_string()).unwrap_err().contains("write 2026-06-30"), "{text}");
        }
    }

    #[test]
    fn a_measure_is_written_as_it_was_read_and_a_wrong_one_is_refused() {
        for text in [
            "missed@group=hispanic / missed@group=white",
            "setting requester.on_file",
            "same_birth_date 180",
            "least_of_cities",
        ] {
            assert_eq!(Measure::try_from(text.to_string()).unwrap().to_string(), text);
        }
        let wrong = Measure::try_from("retruned / requests".to_string()).unwrap_err();
        assert!(wrong.contains("did you mean \"returned\""), "{wrong}");
        assert!(Measure::try_from("missed@group".to_string()).is_err());
    }
}
