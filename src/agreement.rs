//! The terms under which one agency answers another: what a request must contain, which route it takes, and what is
//! handed over.
//!
//! The terms see requests and scores, never the truth.

mod checks;
mod safeguards;

pub use checks::strictest;

use crate::linkage::decision::Score;
use crate::record::{Field, RecordId, Records};
use crate::scenario::{AddressCheck, AnswerRule, Safeguards, Scenario, When};
use serde::{Deserialize, Serialize};

/// The least number of answers kept for each request where no record is handed over for two.
const KEPT_FOR_ASSIGNMENT: usize = 10;

/// The terms of an exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Fields that a request must contain; without one of them it is refused.
    pub must_contain: Vec<Field>,
    /// The check of a request's address before anything is matched.
    pub address_check: AddressCheck,
    /// The comparisons that the terms require before anything is handed over, in words shared with [`Route::compares`].
    pub must_compare: Vec<String>,
    /// Routes, mutually exclusive: a request takes the first that admits it.
    pub routes: Vec<Route>,
    /// The rule for handing over when several records answer a request.
    pub answers: AnswerRule,
    /// At most this many records are handed over for a request.
    pub most_answers: usize,
    /// The further conditions, human checks, notices and consequences.
    pub safeguards: Safeguards,
}

/// One way in which a request is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The name of the route.
    pub name: String,
    /// The requests that take it.
    pub when: When,
    /// The comparisons made on it.
    pub compares: Vec<String>,
    /// The score from which a record answers a request.
    pub threshold: Score,
}

/// A record that answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The score of the pair.
    pub score: Score,
    /// The record.
    pub record: RecordId,
}

impl Answer {
    /// Better answers first: by score, and among equals by record number, which says nothing about anybody.
    fn rank(&self) -> (std::cmp::Reverse<Score>, RecordId) {
        (std::cmp::Reverse(self.score), self.record)
    }
}

/// The best answers to one request so far, and how many more there were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    best: Vec<Answer>,
    /// Answers at or above the threshold that did not fit.
    overflow: u32,
    /// Answers at or above the threshold that a second identifier did not confirm.
    unconfirmed: u32,
    /// Kept answers that an assignment left out, of records that it gave to no other request.
    #[serde(skip)]
    left: Vec<Answer>,
    /// The same of records that it gave to other requests.
    #[serde(skip)]
    elsewhere: Vec<Answer>,
}

impl Answers {
    /// Takes an answer into account; keeps at most `most`.
    pub fn offer(&mut self, answer: Answer, most: usize, threshold: Score) {
        let at = self.best.partition_point(|kept| kept.rank() < answer.rank());
        if at < most {
            self.best.insert(at, answer);
        } else if answer.score >= threshold {
            self.overflow += 1;
        }
        if self.best.len() > most
            && let Some(dropped) = self.best.pop()
            && dropped.score >= threshold
        {
            self.overflow += 1;
        }
    }

    /// Takes note of an answer that a second identifier does not confirm; it is not kept.
    pub fn turn_away(&mut self, score: Score, threshold: Score) {
        self.unconfirmed += u32::from(score >= threshold);
    }

    /// Takes in the answers that another part of the holder's file gave. The order of parts makes no difference.
    pub fn merge(&mut self, other: &Answers, most: usize, threshold: Score) {
        self.overflow += other.overflow;
        self.unconfirmed += other.unconfirmed;
        for answer in &other.best {
            self.offer(*answer, most, threshold);
        }
    }

    /// Leaves the answer that an assignment gives to the request, or none. `is_taken` tells which records it gives to any.
    pub fn assign(&mut self, record: Option<RecordId>, is_taken: impl Fn(RecordId) -> bool) {
        let others = self.best.iter().filter(|other| Some(other.record) != record);
        (self.elsewhere, self.left) = others.partition(|other| is_taken(other.record));
        self.best.retain(|answer| Some(answer.record) == record);
    }

    /// The records that compete for a place: those kept, except for those that an assignment gave to other requests.
    pub fn rivals(&self) -> impl Iterator<Item = RecordId> {
        self.best.iter().chain(&self.left).map(|answer| answer.record)
    }

    /// Returns `true` if an assignment gave a record to another request.
    pub fn is_elsewhere(&self, record: RecordId) -> bool {
        self.elsewhere.iter().any(|answer| answer.record == record)
    }

    /// The best answers, best first, whatever their score.
    pub fn best(&self) -> &[Answer] {
        &self.best
    }

    /// Number of answers at or above the threshold that did not fit.
    pub fn overflow(&self) -> u32 {
        self.overflow
    }

    /// The answers kept at or above a threshold, those that an assignment left out among them.
    pub fn before_assignment(&self, threshold: Score) -> impl Iterator<Item = &Answer> {
        let kept = self.best.iter().chain(&self.left).chain(&self.elsewhere);
        kept.filter(move |answer| answer.score >= threshold)
    }

    /// The answers at or above a threshold, best first.
    pub fn from(&self, threshold: Score) -> &[Answer] {
        &self.best[..self.best.partition_point(|answer| answer.score >= threshold)]
    }
}

/// The reason why a request goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A field it must contain is blank.
    Incomplete,
    /// Its address did not pass the check.
    Address,
    /// No route takes it.
    NoRoute,
}

/// The result of the agreement for the answers to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedOver<'a> {
    /// These records.
    Returned(&'a [Answer]),
    /// None: there were several, and the terms allow only one; or a second identifier confirmed none.
    Withheld,
    /// None: there was no answer.
    Nobody,
}

impl Agreement {
    /// The terms of a scenario.
    pub fn of(scenario: &Scenario) -> Agreement {
        let a = &scenario.agreement;
        Agreement {
            must_contain: named(&a.must_contain.value),
            address_check: a.address_check.value,
            must_compare: a.must_compare.value.clone(),
            routes: scenario
                .routes
                .iter()
                .map(|route| Route {
                    name: route.name.clone(),
                    when: route.when,
                    compares: route.compares.clone(),
                    threshold: route.threshold(),
                })
                .collect(),
            answers: a.answers.value,
            most_answers: a.most_answers.value as usize,
            safeguards: Safeguards::of(a),
        }
    }

    /// The route that a request takes, by its number, or why it is refused. `requests` are as they were submitted.
    pub fn admit(&self, requests: &Records, row: usize) -> Result<usize, Refusal> {
        if self.must_contain.iter().any(|field| requests.value(row, field).is_empty()) {
            return Err(Refusal::Incomplete);
        }
        let passes = match self.address_check {
            AddressCheck::Nothing => true,
            AddressCheck::ZipLike => Field::ADDRESS.iter().any(|field| has_zip_like(requests.value(row, field))),
            AddressCheck::Complete => [Field::HouseNumber, Field::Street, Field::Zip]
                .iter()
                .all(|field| !requests.value(row, field).is_empty()),
        };
        if !passes {
            return Err(Refusal::Address);
        }
        let number_given = !requests.value(row, &Field::Number).is_empty();
        self.routes
            .iter()
            .position(|route| match route.when {
                When::NumberGiven => number_given,
                When::NoNumber => !number_given,
                When::Always => true,
            })
            .ok_or(Refusal::NoRoute)
    }

    /// Applies the agreement to the answers at a threshold.
    pub fn hand_over<'a>(&self, answers: &'a Answers, threshold: Score) -> HandedOver<'a> {
        let found = answers.from(threshold);
        if let (Some(margin), [best, ..]) = (&self.safeguards.margin, found) {
            let margin = Score::from_bits(margin.bits);
            let stands_out =
                answers.best().get(1).is_none_or(|next| best.score.0.saturating_sub(next.score.0) >= margin.0);
            return if stands_out { HandedOver::Returned(&found[..1]) } else { HandedOver::Withheld };
        }
        match (found, self.answers) {
            ([], _) if answers.unconfirmed > 0 => HandedOver::Withheld,
            ([], _) => HandedOver::Nobody,
            (_, AnswerRule::All) => HandedOver::Returned(&found[..found.len().min(self.most_answers)]),
            // One to one: the assignment has left a request one answer at most.
            (_, AnswerRule::Best | AnswerRule::OneToOne) | ([_], AnswerRule::Unique) => {
                HandedOver::Returned(&found[..1])
            }
            (_, AnswerRule::Unique) => HandedOver::Withheld,
        }
    }

    /// Returns `true` if a record in normal form passes the second identifier, or the terms have none.
    pub fn confirms(&self, request: &Records, request_row: usize, record: &Records, row: usize) -> bool {
        let second = self.safeguards.second_identifier.as_ref();
        second.is_none_or(|second| second.confirms(request, request_row, record, row))
    }

    /// Number of answers to keep for each request: as many as may be handed over, and enough to see that there were
    /// several, or to choose among where no record is handed over twice.
    pub fn answers_kept(&self) -> usize {
        let least = if self.answers == AnswerRule::OneToOne { KEPT_FOR_ASSIGNMENT } else { 2 };
        self.most_answers.max(least)
    }
}

/// Fields by their names.
fn named(fields: &[String]) -> Vec<Field> {
    fields.iter().map(|name| Field::from_name(name)).collect()
}

/// Returns `true` if a text contains exactly five or nine digits in a row.
fn has_zip_like(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 5 || digits.len() == 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(answers: AnswerRule) -> Agreement {
        let route = |name: &str, when, compares: &[&str]| Route {
            name: name.to_string(),
            when,
            compares: compares.iter().map(|s| s.to_string()).collect(),
            threshold: Score(1000),
        };
        Agreement {
            must_contain: vec![Field::Surname],
            address_check: AddressCheck::ZipLike,
            must_compare: vec!["address".to_string()],
            routes: vec![
                route("number", When::NumberGiven, &["number"]),
                route("address", When::NoNumber, &["name", "address"]),
            ],
            answers,
            most_answers: 3,
            safeguards: Safeguards::default(),
        }
    }

    fn answer(score: i32, record: u64) -> Answer {
        Answer { score: Score(score), record: RecordId(record) }
    }

    #[test]
    fn the_kept_answers_do_not_depend_on_the_order_in_which_they_come() {
        let offered: Vec<Answer> = (0..40).map(|i| answer((i * 7919 % 13) * 250, (i * 31 % 40) as u64)).collect();
        let all = |order: &[Answer]| {
            let mut answers = Answers::default();
            order.iter().for_each(|a| answers.offer(*a, 5, Score(1000)));
            answers
        };
        let forward = all(&offered);
        let backward = all(&offered.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(forward, backward);
        let (mut left, right) = (all(&offered[..11]), all(&offered[11..]));
        left.merge(&right, 5, Score(1000));
        assert_eq!(forward, left);
        let above = offered.iter().filter(|a| a.score >= Score(1000)).count();
        assert_eq!(forward.from(Score(1000)).len() + forward.overflow() as usize, above);
        // An assignment leaves one of them, and all that were found are known still.
        let (found, mut assigned) = (forward.from(Score(1000)).len(), forward.clone());
        assigned.assign(Some(forward.best()[1].record), |record| record.0 % 2 == 0);
        assert_eq!((assigned.best().len(), assigned.before_assignment(Score(1000)).count()), (1, found));
    }

    #[test]
    fn each_answer_rule_hands_over_what_it_says() {
        let mut two = Answers::default();
        two.offer(answer(1000, 4), 3, Score(1000));
        two.offer(answer(2000, 9), 3, Score(1000));
        let mut one = Answers::default();
        one.offer(answer(1000, 4), 3, Score(1000));
        let returned = |rule, answers: &Answers| match agreement(rule).hand_over(answers, Score(1000)) {
            HandedOver::Returned(found) => found.iter().map(|a| a.record.0).collect::<Vec<_>>(),
            HandedOver::Withheld => vec![999],
            HandedOver::Nobody => vec![],
        };
        assert_eq!(returned(AnswerRule::All, &two), [9, 4]);
        assert_eq!(returned(AnswerRule::Best, &two), [9]);
        assert_eq!(returned(AnswerRule::Unique, &two), [999]);
        assert_eq!(returned(AnswerRule::Unique, &one), [4]);
        assert!(returned(AnswerRule::All, &Answers::default()).is_empty());
    }

    #[test]
    fn a_request_takes_one_route_or_is_refused() {
        let fields = [Field::Surname, Field::Street, Field::Zip, Field::Number];
        let mut requests = Records::new(&fields);
        for cells in [
            ["Nuñez", "5 Oak Street", "Q10002", "QQ123"],
            ["Nuñez", "Don't Care 12345", "", ""],
            ["", "5 Oak Street", "Q10002", "QQ123"],
            ["Ōe", "NA NA", "", "QQ123"],
            ["Ōe", "123456", "1234", ""],
        ] {
            requests.push(RecordId(0), &cells);
        }
        let terms = agreement(AnswerRule::All);
        let admitted: Vec<_> = (0..requests.len()).map(|row| terms.admit(&requests, row)).collect();
        assert_eq!(admitted, [Ok(0), Ok(1), Err(Refusal::Incomplete), Err(Refusal::Address), Err(Refusal::Address)]);
        assert!(terms.skips_a_check(0) && !terms.skips_a_check(1));
    }
}
