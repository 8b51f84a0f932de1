//! The section `[agreement]`: the terms of the exchange, and the safeguards a scenario switches on.
//!
//! A safeguard has a section of its own, `[agreement.review]` say, and is on when the section is there, unless it says
//! `on = false`. What a section does not say comes from `synthetic-data/agreements/safeguards.toml`, so that
//! `--set agreement.review.share=0.5` switches review on and changes one value of it.
//!
//! To add a safeguard or a consequence, add a row to `terms!` below and its section to that file. Safeguards that only
//! records and scores decide have their function in `agreement`, those in which people act in `evaluation/follow_up.rs`.

use super::COMPARED;
use super::hints::did_you_mean;
use super::setting::{ByGroup, Setting, Share};
use crate::record::Field;
use crate::stats::Probability;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// The check of the address of a request before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressCheck {
    /// Not at all.
    Nothing,
    /// It must contain five or nine digits in a row, as a postal code does.
    ZipLike,
    /// It must have a house number, a street and a postal code.
    Complete,
}

/// The rule for handing over when several records answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerRule {
    /// All of them.
    All,
    /// The one with the highest score; of equals the one with the lowest record number.
    Best,
    /// The one, if it is the only one; of several none.
    Unique,
    /// No record for two requests: of the answers kept those for which the sum of scores, each counted from the threshold
    /// of its route, is the greatest possible. Of equals those with the lowest record numbers.
    OneToOne,
}

/// The meaning of no reply to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Confirmation: the record is handed over.
    Confirms,
    /// No confirmation: the record is held back.
    Withholds,
}

/// A setting of a safeguard that has a plain value, without basis and range.
pub trait Plain {
    /// The type of the plain value.
    type Value;

    /// The plain value.
    fn plain(&self) -> Self::Value;
}

impl Plain for Share {
    type Value = f64;

    fn plain(&self) -> f64 {
        self.value.get()
    }
}

impl Plain for Setting<f64> {
    type Value = f64;

    fn plain(&self) -> f64 {
        self.value
    }
}

impl Plain for Setting<u32> {
    type Value = u32;

    fn plain(&self) -> u32 {
        self.value
    }
}

impl Plain for Setting<Silence> {
    type Value = Silence;

    fn plain(&self) -> Silence {
        self.value
    }
}

impl Plain for Setting<Vec<String>> {
    type Value = Vec<Field>;

    fn plain(&self) -> Vec<Field> {
        self.value.iter().map(|name| Field::from_name(name)).collect()
    }
}

impl Plain for ByGroup<Probability> {
    type Value = [f64; 6];

    fn plain(&self) -> [f64; 6] {
        self.values()
    }
}

/// The chance, start and length of something that follows from a return.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Share of returns from which it follows.
    pub share: f64,
    /// Days from the return until it begins.
    pub after_days: u32,
    /// Days it lasts, unless it is ended earlier.
    pub days: u32,
}

/// Defines the terms: the keys that every scenario has, and a row for each safeguard and each consequence. A row gives its
/// section in a scenario, with defaults, and the plain values that a run uses. The row of a consequence names it and says
/// in words what happened; its keys are those of a [`Course`].
macro_rules! terms {
    (
        { $($fixed:tt)* }
        $(
            $(#[$doc:meta])*
            $section:ident: $settings:ident, $plain:ident $(= Consequence::$consequence:ident, $says:literal)?
            { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }
        )*
    ) => {
        /// The terms of the exchange.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct AgreementSettings {
            $($fixed)*
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "is_off")]
                pub $section: Option<$settings>,
            )*
        }

        /// The safeguards of an agreement and what follows from a return. The default has none, and nothing follows.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Safeguards {
            $($(#[$doc])* pub $section: Option<$plain>,)*
        }

        impl Safeguards {
            /// The safeguards that are switched on.
            pub fn of(terms: &AgreementSettings) -> Safeguards {
                Safeguards {
                    $($section: terms.$section.as_ref().filter(|section| section.on).map($settings::plain),)*
                }
            }

            /// The course of a consequence; `None` where it never follows.
            pub fn course(&self, consequence: Consequence) -> Option<Course> {
                match consequence {
                    $($(Consequence::$consequence => self.$section.as_ref().map(|section| Course {
                        share: section.share,
                        after_days: section.after_days,
                        days: section.days,
                    }),)?)*
                }
            }
        }

        /// A consequence of a return.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Consequence {
            $($(#[doc = $says] $consequence,)?)*
        }

        impl Consequence {
            /// All of them, from the mildest on.
            pub const ALL: [Consequence; [$($($says,)?)*].len()] = [$($(Consequence::$consequence,)?)*];

            /// The word used in files.
            pub fn name(self) -> &'static str {
                match self {
                    $($(Consequence::$consequence => stringify!($section),)?)*
                }
            }

            /// The event in words.
            pub fn says(self) -> &'static str {
                match self {
                    $($(Consequence::$consequence => $says,)?)*
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields, default)]
            pub struct $settings {
                /// The section is switched on.
                pub on: bool,
                $($(#[$field_doc])* pub $field: $kind,)*
            }

            impl Default for $settings {
                fn default() -> $settings {
                    // The raw form has no defaults of its own, so that reading them needs none.
                    #[derive(Deserialize)]
                    struct Raw { on: bool, $($field: $kind,)* }
                    let Raw { on, $($field,)* } = section(stringify!($section));
                    $settings { on, $($field,)* }
                }
            }

            impl Section for $settings {
                fn on(&self) -> bool {
                    self.on
                }
            }

            impl $settings {
                fn plain(&self) -> $plain {
                    $plain { $($field: self.$field.plain(),)* }
                }
            }

            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq)]
            pub struct $plain {
                $($(#[$field_doc])* pub $field: <$kind as Plain>::Value,)*
            }
        )*
    };
}

/// A section that can be switched off.
trait Section {
    fn on(&self) -> bool;
}

/// A section that is off is no part of a scenario.
fn is_off<S: Section>(section: &Option<S>) -> bool {
    !section.as_ref().is_some_and(Section::on)
}

terms! {
    {
        /// Fields that a request must contain.
        pub must_contain: Setting<Vec<String>>,
        /// The check of the address of a request before it is used.
        pub address_check: Setting<AddressCheck>,
        /// The comparisons that the terms require before anything is handed over.
        pub must_compare: Setting<Vec<String>>,
        /// The rule for handing over when several records answer.
        pub answers: Setting<AnswerRule>,
        /// At most so many records are handed over for a request.
        pub most_answers: Setting<u32>,
    }
    /// A second identifier: fields that must agree, or not conflict, whatever the route's rule says.
    second_identifier: SecondIdentifierSettings, SecondIdentifier {
        /// Both records have them, and they are the same.
        agree: Setting<Vec<String>>,
        /// They do not differ where both records have them.
        not_conflict: Setting<Vec<String>>,
    }
    /// The least distance from the best answer to the next. Then the best alone is handed over, and else nobody.
    margin: MarginSettings, Margin {
        /// In bits of a score, or strengths of rules.
        bits: Setting<f64>,
    }
    /// Human review of answers before they are handed over.
    review: ReviewSettings, Review {
        /// Share of answers that somebody is to look at.
        share: Share,
        /// Answers that can be looked at in a day.
        capacity_per_day: Setting<u32>,
        /// Days over which the requests come.
        days: Setting<u32>,
        /// The fields a reviewer compares.
        sees: Setting<Vec<String>>,
        /// Chance that a wrong answer is rejected whose records visibly differ.
        rejects_wrong: Share,
        /// Chance that a right answer is rejected whose records visibly differ.
        rejects_right: Share,
        /// Chance that an answer is rejected whose records do not visibly differ.
        rejects_unseen: Share,
        /// Part of the attention that is gone at the end of a full day.
        fatigue: Share,
        /// Share of answers in which the machine is believed whatever the records show.
        deference: Share,
    }
    /// The person found is told, and has time to answer, before the record is handed over.
    notice: NoticeSettings, NoticeToPerson {
        /// Share of those living at the address on file whom it reaches.
        reaches: Share,
        /// The same of those who have moved.
        reaches_moved: Share,
        /// Share of right persons reached who object.
        right_answer: Share,
        /// Share of wrong persons reached who object.
        wrong_answer: Share,
        /// Share of objections of right persons that are believed.
        right_believed: Share,
        /// Share of objections of wrong persons that are believed.
        wrong_believed: Share,
        /// The meaning of no reply.
        silence: Setting<Silence>,
        /// Days in which a reply is waited for.
        wait_days: Setting<u32>,
    }
    /// A letter follows from a return. Its days are the time in which it has to be dealt with.
    letter: LetterSettings, Letter = Consequence::Letter, "a letter was sent" {
        /// Share of returns from which it follows.
        share: Share,
        /// Days from the return until it begins.
        after_days: Setting<u32>,
        /// Days it lasts, unless it is ended earlier.
        days: Setting<u32>,
    }
    /// A benefit is stopped after a return.
    benefit_stopped: BenefitStoppedSettings, BenefitStopped = Consequence::BenefitStopped, "a benefit was stopped" {
        /// Share of returns from which it follows.
        share: Share,
        /// Days from the return until it begins.
        after_days: Setting<u32>,
        /// Days it lasts, unless it is ended earlier.
        days: Setting<u32>,
    }
    /// Somebody comes to the address returned.
    visit: VisitSettings, Visit = Consequence::Visit, "somebody came to the address" {
        /// Share of returns from which it follows.
        share: Share,
        /// Days from the return until it begins.
        after_days: Setting<u32>,
        /// Days it lasts, unless it is ended earlier.
        days: Setting<u32>,
    }
    /// Somebody is detained after a return.
    detention: DetentionSettings, Detention = Consequence::Detention, "somebody was detained" {
        /// Share of returns from which it follows.
        share: Share,
        /// Days from the return until it begins.
        after_days: Setting<u32>,
        /// Days it lasts, unless it is ended earlier.
        days: Setting<u32>,
    }
    /// People affected can object once the first consequence has begun.
    appeal: AppealSettings, Appeal {
        /// Share of those affected who can and do object.
        reach: ByGroup<Probability>,
        /// Days from the first consequence to the decision.
        delay_days: Setting<u32>,
        /// Share of objections of right persons that succeed.
        right_succeeds: Share,
        /// Share of objections of wrong persons that succeed.
        wrong_succeeds: Share,
    }
    /// A sample of returns is looked at afterwards. A return found wrong is taken back.
    audit: AuditSettings, Audit {
        /// Share of returns that are looked at.
        share: Share,
        /// Share of the wrong ones among them that are found.
        finds_wrong: Share,
        /// Share of the right ones among them that are taken for wrong.
        finds_right: Share,
        /// Days from the return to the finding.
        delay_days: Setting<u32>,
    }
    /// Returned records are deleted after a time.
    retention: RetentionSettings, Retention {
        /// Days for which they are kept.
        days: Setting<u32>,
    }
}

impl AgreementSettings {
    /// Checks the terms beyond their types, given the fields of the two files.
    pub(super) fn check(&self, requester: &[String], holder: &[String]) -> Result<(), String> {
        if let Some(name) = self.must_contain.value.iter().find(|name| !requester.contains(name)) {
            return Err(format!("agreement.must_contain: \"{name}\" is not among requester.fields"));
        }
        words("agreement.must_compare", &self.must_compare.value)?;
        if !(1..=1000).contains(&self.most_answers.value) {
            let at_least = self.most_answers.value == 0;
            return Err(format!("agreement.most_answers: at {}", if at_least { "least 1" } else { "most 1000" }));
        }
        let known = || requester.iter().chain(holder).map(String::as_str);
        let mut fields = Vec::new();
        if let Some(second) = &self.second_identifier {
            fields.push(("second_identifier.agree", &second.agree.value));
            fields.push(("second_identifier.not_conflict", &second.not_conflict.value));
        }
        if let Some(review) = &self.review {
            fields.push(("review.sees", &review.sees.value));
            if review.days.value == 0 {
                return Err("agreement.review.days: at least 1".to_string());
            }
        }
        for (key, names) in fields {
            if let Some(name) = names.iter().find(|name| !Field::NAMED.contains(&Field::from_name(name))) {
                let hint = did_you_mean(name, known());
                return Err(format!("agreement.{key}: no field is called \"{name}\"{hint}"));
            }
        }
        if let Some(margin) = &self.margin
            && !(0.0..=1000.0).contains(&margin.bits.value)
        {
            return Err("agreement.margin.bits: between 0 and 1000".to_string());
        }
        Ok(())
    }
}

/// Checks words for comparisons.
pub(super) fn words(key: &str, words: &[String]) -> Result<(), String> {
    match words.iter().find(|word| !COMPARED.contains(&word.as_str())) {
        Some(word) => {
            let hint = did_you_mean(word, COMPARED.into_iter());
            let list = COMPARED.join(", ");
            Err(format!("{key}: \"{word}\" is not a thing to compare{hint}; there are {list}"))
        }
        None => Ok(()),
    }
}

/// The built-in sections.
const SECTIONS: &str = include_str!("../../synthetic-data/agreements/safeguards.toml");

fn sections() -> Table {
    toml::from_str(SECTIONS).expect("a test reads the built-in safeguards")
}

/// The names of all sections that a scenario may switch on.
pub(super) fn safeguards() -> impl Iterator<Item = String> {
    sections().into_iter().map(|(name, _)| name)
}

fn section<S: DeserializeOwned>(name: &str) -> S {
    sections()[name].clone().try_into().expect("a test reads the built-in safeguards")
}

/// Puts a section with its built-in values into a document for each safeguard that is named and not there yet: by
/// another document that will be laid over it, or by the key of a value that will be put in.
pub(super) fn lend(document: &mut Table, names: impl Iterator<Item = String>) {
    let Some(Value::Table(agreement)) = document.get_mut("agreement") else { return };
    let built_in = sections();
    for name in names {
        if let Some(Value::Table(values)) = built_in.get(&name) {
            let Value::Table(own) = agreement.entry(name).or_insert_with(|| Value::Table(Table::new())) else {
                continue;
            };
            // A section keeps its own keys and takes the others from the built-in one.
            for (key, value) in values {
                own.entry(key).or_insert_with(|| value.clone());
            }
        }
    }
}
