//! Safeguards: what else must hold before a record is handed over, who looks, who is told, what follows, who can object.
//!
//! Each is a switch, and off means that it plays no part. What people do depends on whether the answer is right, which
//! no agreement knows: an [`Act`] holds both potential outcomes, `if_right` and `if_wrong`, drawn from streams keyed by
//! request and record. Evaluation selects by the truth.

use super::named;
use crate::linkage::decision::Score;
use crate::random::{Decision, Seed, Stream};
use crate::record::{Field, RecordId, Records};
use crate::scenario::{AgreementSettings, Consequence, Safeguard, Setting, Share, Silence};
use std::collections::BTreeMap;

/// The safeguards of an agreement and what follows from a return. The default has none, and nothing follows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Safeguards {
    /// Other fields that must agree, whatever the route's rule says.
    pub second_identifier: Option<SecondIdentifier>,
    /// By how much the best answer must exceed the next; then it alone is handed over, and else nobody.
    pub margin: Option<Score>,
    /// People look at answers before they are handed over.
    pub review: Option<Review>,
    /// The person found is told before anything is handed over.
    pub notice: Option<Notice>,
    /// What follows from a return, by kind.
    pub follows: BTreeMap<Consequence, Course>,
    /// Who is affected can object.
    pub appeal: Option<Appeal>,
    /// A sample of returns is looked at afterwards.
    pub audit: Option<Audit>,
    /// For how many days a returned record is kept.
    pub retention_days: Option<u32>,
}

impl Safeguards {
    /// The safeguards that are on.
    pub(super) fn of(terms: &AgreementSettings) -> Safeguards {
        fn on<S: Safeguard>(section: &Option<S>) -> Option<&S> {
            section.as_ref().filter(|section| section.on())
        }
        let course = |share: &Share, after: &Setting<u32>, days: &Setting<u32>| Course {
            share: share.value.get(),
            after_days: after.value,
            days: days.value,
        };
        let follows = [
            on(&terms.letter).map(|s| (Consequence::Letter, course(&s.share, &s.after_days, &s.days))),
            on(&terms.benefit_stopped).map(|s| (Consequence::BenefitStopped, course(&s.share, &s.after_days, &s.days))),
            on(&terms.visit).map(|s| (Consequence::Visit, course(&s.share, &s.after_days, &s.days))),
            on(&terms.detention).map(|s| (Consequence::Detention, course(&s.share, &s.after_days, &s.days))),
        ];
        Safeguards {
            second_identifier: on(&terms.second_identifier).map(|second| SecondIdentifier {
                agree: named(&second.agree.value),
                not_conflict: named(&second.not_conflict.value),
            }),
            margin: on(&terms.margin).map(|margin| Score::from_bits(margin.bits.value)),
            review: on(&terms.review).map(|review| Review {
                share: review.share.value.get(),
                capacity_per_day: review.capacity_per_day.value,
                days: review.days.value,
                sees: named(&review.sees.value),
                rejects_wrong: review.rejects_wrong.value.get(),
                rejects_right: review.rejects_right.value.get(),
                rejects_unseen: review.rejects_unseen.value.get(),
                fatigue: review.fatigue.value.get(),
                deference: review.deference.value.get(),
            }),
            notice: on(&terms.notice).map(|notice| Notice {
                reaches: notice.reaches.value.get(),
                reaches_moved: notice.reaches_moved.value.get(),
                right_answer: notice.right_answer.value.get(),
                wrong_answer: notice.wrong_answer.value.get(),
                right_believed: notice.right_believed.value.get(),
                wrong_believed: notice.wrong_believed.value.get(),
                silence: notice.silence.value,
                wait_days: notice.wait_days.value,
            }),
            follows: follows.into_iter().flatten().collect(),
            appeal: on(&terms.appeal).map(|appeal| Appeal {
                reach: appeal.reach.values(),
                delay_days: appeal.delay_days.value,
                right_succeeds: appeal.right_succeeds.value.get(),
                wrong_succeeds: appeal.wrong_succeeds.value.get(),
            }),
            audit: on(&terms.audit).map(|audit| Audit {
                share: audit.share.value.get(),
                finds_wrong: audit.finds_wrong.value.get(),
                finds_right: audit.finds_right.value.get(),
                delay_days: audit.delay_days.value,
            }),
            retention_days: on(&terms.retention).map(|retention| retention.days.value),
        }
    }
}

/// Fields that must agree, or not conflict, in normal form, for a record to answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecondIdentifier {
    /// Both records have them, and they are the same.
    pub agree: Vec<Field>,
    /// They are the same, or one of the records has none.
    pub not_conflict: Vec<Field>,
}

impl SecondIdentifier {
    /// Whether two records in normal form pass.
    pub fn confirms(&self, request: &Records, request_row: usize, record: &Records, row: usize) -> bool {
        let values = |field: &Field| (request.value(request_row, field), record.value(row, field));
        let same = |field: &Field| matches!(values(field), (a, b) if !a.is_empty() && a == b);
        self.agree.iter().all(same) && !self.not_conflict.iter().any(|field| conflicts(values(field)))
    }
}

/// Two values that are both there and differ.
fn conflicts((a, b): (&str, &str)) -> bool {
    !a.is_empty() && !b.is_empty() && a != b
}

/// Human review of answers before they are handed over, in the order of requests.
///
/// A reviewer sees the two records and nothing else. An answer that is looked at is rejected with a chance that depends
/// on whether the records visibly differ and, if they do, on whether it is right. Where nothing differs the chance is
/// the same for right and wrong answers: nobody can see what is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Share of answers that somebody is to look at.
    pub share: f64,
    /// Answers that can be looked at in a day; the rest of that day's are handed over unseen.
    pub capacity_per_day: u32,
    /// Days over which the requests come, evenly and in order.
    pub days: u32,
    /// The fields that a reviewer compares.
    pub sees: Vec<Field>,
    /// Chance that a wrong answer is rejected whose records visibly differ.
    pub rejects_wrong: f64,
    /// Chance that a right answer is rejected whose records visibly differ.
    pub rejects_right: f64,
    /// Chance that an answer is rejected whose records do not visibly differ.
    pub rejects_unseen: f64,
    /// Part of a reviewer's attention that is gone at the end of a full day; it goes evenly.
    pub fatigue: f64,
    /// Share of answers looked at in which the machine is believed whatever the records show.
    pub deference: f64,
}

impl Review {
    /// Whether two records in normal form differ in what a reviewer sees.
    pub fn sees_difference(&self, request: &Records, request_row: usize, record: &Records, row: usize) -> bool {
        self.sees.iter().any(|field| conflicts((request.value(request_row, field), record.value(row, field))))
    }
}

/// The person found is told, and has time to answer, before the record is handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Share of those who live at the address on file whom the notice reaches.
    pub reaches: f64,
    /// The same of those who do not live there any more.
    pub reaches_moved: f64,
    /// Share of right persons reached who answer that they are not meant, or should not be.
    pub right_answer: f64,
    /// Share of wrong persons reached who answer that they are not meant.
    pub wrong_answer: f64,
    /// Share of answers of right persons that are believed.
    pub right_believed: f64,
    /// Share of answers of wrong persons that are believed.
    pub wrong_believed: f64,
    /// What no reply is taken for.
    pub silence: Silence,
    /// For how many days a reply is waited for.
    pub wait_days: u32,
}

/// When something follows from a return, and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Share of returns from which it follows.
    pub share: f64,
    /// Days from the return until it begins.
    pub after_days: u32,
    /// Days it lasts, unless it is ended earlier.
    pub days: u32,
}

/// Somebody affected objects after the first consequence began.
#[derive(Clone, Debug, PartialEq)]
pub struct Appeal {
    /// Share of people affected who can and do object, by census category in the order of the population's groups.
    pub reach: [f64; 6],
    /// Days from the first consequence to the decision.
    pub delay_days: u32,
    /// Share of objections of right persons that succeed.
    pub right_succeeds: f64,
    /// Share of objections of wrong persons that succeed.
    pub wrong_succeeds: f64,
}

/// A sample of returns is looked at afterwards; what is found wrong is taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Audit {
    /// Share of returns that are looked at.
    pub share: f64,
    /// Share of wrong returns looked at that are found to be wrong.
    pub finds_wrong: f64,
    /// Share of right returns looked at that are taken for wrong.
    pub finds_right: f64,
    /// Days from the return to the finding.
    pub delay_days: u32,
}

/// What people would do about one answer: drawn for each case, whichever it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Act {
    /// Whether somebody looks at it before it is handed over.
    pub reviewed: bool,
    /// Whether a notice reaches the person, at home or moved.
    pub reached: [bool; 2],
    /// What else would happen if the person is the one sought.
    pub if_right: Reaction,
    /// What else would happen if the person is somebody else.
    pub if_wrong: Reaction,
    /// What would follow from the return.
    pub follows: Vec<Consequence>,
    /// Whether the person would object, for each census category.
    pub objects: [bool; 6],
    /// Whether the return is in the sample that is looked at afterwards.
    pub audited: bool,
}

/// What depends on whether an answer is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaction {
    /// A reviewer rejects it though the records do not visibly differ.
    pub rejected_unseen: bool,
    /// A reviewer rejects it, the records differing visibly.
    pub rejected_seen: bool,
    /// The person answers the notice.
    pub answers: bool,
    /// The answer is believed.
    pub believed: bool,
    /// An objection succeeds.
    pub appeal_succeeds: bool,
    /// An audit takes it for wrong.
    pub audit_finds: bool,
}

const REVIEWED: Decision = Decision::named("agreement.reviewed");
const DEFERENCE: Decision = Decision::named("agreement.review.deference");
const REJECTS: [Decision; 2] =
    [Decision::named("agreement.review.if_wrong"), Decision::named("agreement.review.if_right")];
const REJECTS_UNSEEN: Decision = Decision::named("agreement.review.unseen");
const REACHED: [Decision; 2] = [Decision::named("agreement.notice.at_home"), Decision::named("agreement.notice.moved")];
const ANSWERS: [Decision; 2] =
    [Decision::named("agreement.notice.if_wrong"), Decision::named("agreement.notice.if_right")];
const FOLLOWS: Decision = Decision::named("agreement.follows");
const OBJECTS: Decision = Decision::named("agreement.appeal.reach");
const SUCCEEDS: [Decision; 2] =
    [Decision::named("agreement.appeal.if_wrong"), Decision::named("agreement.appeal.if_right")];
const AUDITED: Decision = Decision::named("agreement.audited");
const FINDS: [Decision; 2] = [Decision::named("agreement.audit.if_wrong"), Decision::named("agreement.audit.if_right")];

impl Safeguards {
    /// Whether people act before anything is handed over, so that somebody has to look the answers up.
    pub fn people_act_first(&self) -> bool {
        self.review.is_some() || self.notice.is_some()
    }

    /// What people would do about each answer of each request. Capacity and fatigue go by the order of requests, so
    /// this is done once, for all of them.
    pub fn acts<'a>(&self, answers: impl ExactSizeIterator<Item = Vec<RecordId>> + 'a, seed: Seed) -> Vec<Vec<Act>> {
        let requests = answers.len();
        let (mut today, mut seen_today) = (0, 0);
        answers
            .enumerate()
            .map(|(request, records)| {
                let day =
                    self.review.as_ref().map_or(0, |review| request as u64 * u64::from(review.days) / requests as u64);
                if day != today {
                    (today, seen_today) = (day, 0);
                }
                records.iter().map(|&record| self.act(Draws { seed, request, record }, &mut seen_today)).collect()
            })
            .collect()
    }

    fn act(&self, draws: Draws, seen_today: &mut u32) -> Act {
        let mut act = Act::default();
        if let Some(review) = &self.review
            && draws.of(REVIEWED).chance(review.share)
            && *seen_today < review.capacity_per_day
        {
            act.reviewed = true;
            let attention = 1.0 - review.fatigue * f64::from(*seen_today) / f64::from(review.capacity_per_day);
            *seen_today += 1;
            if !draws.of(DEFERENCE).chance(review.deference) {
                // One draw for both: where nothing is to be seen, right and wrong look alike.
                let unseen = draws.of(REJECTS_UNSEEN).chance(review.rejects_unseen * attention);
                let [wrong, right] = REJECTS.map(|decision| draws.of(decision).uniform());
                act.if_wrong.rejected_seen = wrong < review.rejects_wrong * attention;
                act.if_right.rejected_seen = right < review.rejects_right * attention;
                act.if_wrong.rejected_unseen = unseen;
                act.if_right.rejected_unseen = unseen;
            }
        }
        if let Some(notice) = &self.notice {
            let [home, moved] = REACHED.map(|decision| draws.of(decision).uniform());
            act.reached = [home < notice.reaches, moved < notice.reaches_moved];
            let answer = |decision: Decision, answers: f64, believed: f64| {
                let mut stream = draws.of(decision);
                (stream.chance(answers), stream.chance(believed))
            };
            (act.if_wrong.answers, act.if_wrong.believed) =
                answer(ANSWERS[0], notice.wrong_answer, notice.wrong_believed);
            (act.if_right.answers, act.if_right.believed) =
                answer(ANSWERS[1], notice.right_answer, notice.right_believed);
        }
        let follows = self.follows.iter();
        let follows = follows.filter(|(kind, course)| draws.of(FOLLOWS.about(**kind as u64)).chance(course.share));
        act.follows = follows.map(|(kind, _)| *kind).collect();
        if let Some(appeal) = &self.appeal {
            let luck = draws.of(OBJECTS).uniform();
            act.objects = appeal.reach.map(|reach| luck < reach);
            act.if_wrong.appeal_succeeds = draws.of(SUCCEEDS[0]).chance(appeal.wrong_succeeds);
            act.if_right.appeal_succeeds = draws.of(SUCCEEDS[1]).chance(appeal.right_succeeds);
        }
        if let Some(audit) = &self.audit {
            act.audited = draws.of(AUDITED).chance(audit.share);
            act.if_wrong.audit_finds = draws.of(FINDS[0]).chance(audit.finds_wrong);
            act.if_right.audit_finds = draws.of(FINDS[1]).chance(audit.finds_right);
        }
        act
    }
}

/// The draws about one answer.
#[derive(Clone, Copy)]
struct Draws {
    seed: Seed,
    request: usize,
    record: RecordId,
}

impl Draws {
    fn of(self, decision: Decision) -> Stream {
        self.seed.stream(decision.about(self.request as u64), self.record.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review() -> Review {
        Review {
            share: 1.0,
            capacity_per_day: 3,
            days: 2,
            sees: vec![Field::DateOfBirth],
            rejects_wrong: 1.0,
            rejects_right: 0.0,
            rejects_unseen: 0.0,
            fatigue: 0.0,
            deference: 0.0,
        }
    }

    fn acts(review: Review) -> Vec<Act> {
        let safeguards = Safeguards { review: Some(review), ..Safeguards::default() };
        let answers: Vec<Vec<RecordId>> = (0..10).map(|i| vec![RecordId(i)]).collect();
        safeguards.acts(answers.into_iter(), Seed(1)).into_iter().flatten().collect()
    }

    #[test]
    fn a_day_has_its_capacity_and_the_next_begins_afresh() {
        let reviewed: Vec<bool> = acts(review()).iter().map(|act| act.reviewed).collect();
        assert_eq!(reviewed, [true, true, true, false, false, true, true, true, false, false]);
        assert!(acts(Review { capacity_per_day: 0, ..review() }).iter().all(|act| *act == Act::default()));
    }

    #[test]
    fn deference_and_fatigue_only_take_rejections_away() {
        let rejected =
            |review: Review| -> Vec<bool> { acts(review).iter().map(|a| a.if_wrong.rejected_seen).collect() };
        let alert = rejected(Review { capacity_per_day: 10, ..review() });
        assert!(alert.iter().all(|rejected| *rejected));
        for tired in [
            Review { capacity_per_day: 10, fatigue: 1.0, ..review() },
            Review { capacity_per_day: 10, deference: 0.5, ..review() },
        ] {
            let tired = rejected(tired);
            assert!(tired != alert && tired.contains(&true), "{tired:?}");
        }
        assert!(rejected(Review { deference: 1.0, ..review() }).iter().all(|rejected| !rejected));
    }

    #[test]
    fn a_second_identifier_that_is_missing_agrees_with_nothing_and_conflicts_with_nothing() {
        let fields = [Field::DateOfBirth, Field::Sex];
        let mut records = Records::new(&fields);
        for cells in [["1980-01-02", "F"], ["1980-01-02", ""], ["1980-01-03", "F"], ["", "F"]] {
            records.push(RecordId(0), &cells);
        }
        let passes = |agree: &[Field], not_conflict: &[Field]| -> Vec<bool> {
            let second = SecondIdentifier { agree: agree.to_vec(), not_conflict: not_conflict.to_vec() };
            (0..4).map(|row| second.confirms(&records, 0, &records, row)).collect()
        };
        assert_eq!(passes(&[Field::DateOfBirth], &[]), [true, true, false, false]);
        assert_eq!(passes(&[], &[Field::DateOfBirth]), [true, true, false, true]);
        assert_eq!(passes(&[], &fields), [true, true, false, true]);
        assert_eq!(passes(&fields, &[]), [true, false, false, false]);
        assert_eq!(passes(&[], &[]), [true; 4]);
    }
}
