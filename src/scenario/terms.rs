//! The section `[agreement]`: the terms of the exchange, and the safeguards a scenario switches on.
//!
//! A safeguard has a section of its own, `[agreement.review]` say, and is on when the section is there, unless it says
//! `on = false`. What a section does not say comes from `synthetic-data/agreements/safeguards.toml`, so that
//! `--set agreement.review.share=0.5` switches review on and changes one value of it.

use super::{ByGroup, COMPARED, Setting, Share, did_you_mean};
use crate::record::Field;
use crate::stats::Probability;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// The terms of the exchange.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementSettings {
    /// Fields that a request must contain.
    pub must_contain: Setting<Vec<String>>,
    /// How the address of a request is checked before it is used.
    pub address_check: Setting<AddressCheck>,
    /// What the terms require to be compared before anything is handed over.
    pub must_compare: Setting<Vec<String>>,
    /// What is handed over when several records answer.
    pub answers: Setting<AnswerRule>,
    /// At most so many records are handed over for a request.
    pub most_answers: Setting<u32>,
    /// A second identifier, beyond the route's rule.
    #[serde(default, skip_serializing_if = "is_off")]
    pub second_identifier: Option<SecondIdentifierSettings>,
    /// The least distance from the best answer to the next.
    #[serde(default, skip_serializing_if = "is_off")]
    pub margin: Option<MarginSettings>,
    /// Human review.
    #[serde(default, skip_serializing_if = "is_off")]
    pub review: Option<ReviewSettings>,
    /// Notice to the person found.
    #[serde(default, skip_serializing_if = "is_off")]
    pub notice: Option<NoticeSettings>,
    /// A letter follows from a return.
    #[serde(default, skip_serializing_if = "is_off")]
    pub letter: Option<LetterSettings>,
    /// A benefit is stopped after a return.
    #[serde(default, skip_serializing_if = "is_off")]
    pub benefit_stopped: Option<BenefitStoppedSettings>,
    /// Somebody comes to the address returned.
    #[serde(default, skip_serializing_if = "is_off")]
    pub visit: Option<VisitSettings>,
    /// Somebody is detained after a return.
    #[serde(default, skip_serializing_if = "is_off")]
    pub detention: Option<DetentionSettings>,
    /// Appeal against what follows.
    #[serde(default, skip_serializing_if = "is_off")]
    pub appeal: Option<AppealSettings>,
    /// A sample is looked at afterwards.
    #[serde(default, skip_serializing_if = "is_off")]
    pub audit: Option<AuditSettings>,
    /// Returned records are deleted in time.
    #[serde(default, skip_serializing_if = "is_off")]
    pub retention: Option<RetentionSettings>,
}

/// How the address of a request is checked before it is used.
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

/// What is handed over when several records answer.
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

/// What no reply to a notice is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Confirmation: the record is handed over.
    Confirms,
    /// No confirmation: the record is held back.
    Withholds,
}

/// What may follow from a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// A letter is sent.
    Letter,
    /// A benefit is stopped.
    BenefitStopped,
    /// Somebody comes to the address.
    Visit,
    /// Somebody is detained.
    Detention,
}

impl Consequence {
    /// All of them, from the mildest on.
    pub const ALL: [Consequence; 4] =
        [Consequence::Letter, Consequence::BenefitStopped, Consequence::Visit, Consequence::Detention];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Consequence::Letter => "letter",
            Consequence::BenefitStopped => "benefit_stopped",
            Consequence::Visit => "visit",
            Consequence::Detention => "detention",
        }
    }
}

/// A section that can be switched off.
pub trait Safeguard {
    /// The section is switched on.
    fn on(&self) -> bool;
}

/// A section that is off is no part of a scenario.
fn is_off<S: Safeguard>(section: &Option<S>) -> bool {
    !section.as_ref().is_some_and(Safeguard::on)
}

/// Defines the settings of one switch: each a setting with a default in the file of safeguards.
macro_rules! switch {
    ($(#[$doc:meta])* $name:ident, $section:literal { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            /// Whether it plays a part.
            pub on: bool,
            $($(#[$field_doc])* pub $field: $kind,)*
        }

        impl Default for $name {
            fn default() -> $name {
                // The raw form has no defaults of its own, so that reading them needs none.
                #[derive(Deserialize)]
                struct Raw { on: bool, $($field: $kind,)* }
                let Raw { on, $($field,)* } = section($section);
                $name { on, $($field,)* }
            }
        }

        impl Safeguard for $name {
            fn on(&self) -> bool {
                self.on
            }
        }
    };
}

switch!(
    /// Fields that must agree, or not conflict, whatever the route's rule says.
    SecondIdentifierSettings, "second_identifier" {
        /// Both records have them, and they are the same.
        agree: Setting<Vec<String>>,
        /// They do not differ where both records have them.
        not_conflict: Setting<Vec<String>>,
    }
);
switch!(
    /// The best answer must exceed the next by so much; then it alone is handed over, and else nobody.
    MarginSettings, "margin" {
        /// In bits of a score, or strengths of rules.
        bits: Setting<f64>,
    }
);
switch!(
    /// People look at answers before they are handed over.
    ReviewSettings, "review" {
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
);
switch!(
    /// The person found is told, and has time to answer, before the record is handed over.
    NoticeSettings, "notice" {
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
        /// What no reply is taken for.
        silence: Setting<Silence>,
        /// Days in which a reply is waited for.
        wait_days: Setting<u32>,
    }
);

/// Defines the settings of something that may follow from a return.
macro_rules! follows {
    ($(#[$doc:meta])* $name:ident, $section:literal) => {
        switch!(
            $(#[$doc])*
            $name, $section {
                /// Share of returns from which it follows.
                share: Share,
                /// Days from the return until it begins.
                after_days: Setting<u32>,
                /// Days it lasts, unless it is ended earlier.
                days: Setting<u32>,
            }
        );
    };
}

follows!(
    /// A letter is sent; its days are the time in which it has to be dealt with.
    LetterSettings, "letter"
);
follows!(
    /// A benefit is stopped.
    BenefitStoppedSettings, "benefit_stopped"
);
follows!(
    /// Somebody comes to the address.
    VisitSettings, "visit"
);
follows!(
    /// Somebody is detained.
    DetentionSettings, "detention"
);
switch!(
    /// Who is affected can object once the first consequence has begun.
    AppealSettings, "appeal" {
        /// Share of those affected who can and do object.
        reach: ByGroup<Probability>,
        /// Days from the first consequence to the decision.
        delay_days: Setting<u32>,
        /// Share of objections of right persons that succeed.
        right_succeeds: Share,
        /// Share of objections of wrong persons that succeed.
        wrong_succeeds: Share,
    }
);
switch!(
    /// A sample of returns is looked at afterwards; what is found wrong is taken back.
    AuditSettings, "audit" {
        /// Share of returns that are looked at.
        share: Share,
        /// Share of the wrong ones among them that are found.
        finds_wrong: Share,
        /// Share of the right ones among them that are taken for wrong.
        finds_right: Share,
        /// Days from the return to the finding.
        delay_days: Setting<u32>,
    }
);
switch!(
    /// Returned records are deleted after a time.
    RetentionSettings, "retention" {
        /// Days for which they are kept.
        days: Setting<u32>,
    }
);

impl AgreementSettings {
    /// What types cannot say of the terms, given the fields of the two files.
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

/// What is wrong with words for what is compared.
pub(super) fn words(key: &str, words: &[String]) -> Result<(), String> {
    match words.iter().find(|word| !COMPARED.contains(&word.as_str())) {
        Some(word) => {
            let hint = did_you_mean(word, COMPARED.into_iter());
            let list = COMPARED.join(", ");
            Err(format!("{key}: \"{word}\" is no word for what is compared{hint}; there are {list}"))
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
            // What the section has stays; what it lacks it is lent.
            for (key, value) in values {
                own.entry(key).or_insert_with(|| value.clone());
            }
        }
    }
}
