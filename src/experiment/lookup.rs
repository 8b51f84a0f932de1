//! Who was returned, looked up again: whether the address still holds, who lives there, and of the wrong ones why.

use super::prepared::Run;
use super::situations::{Present, between};
use crate::agency::{Cell, Draft, ErrorKind, ErrorRef, ErrorSet, Side, Subject};
use crate::agreement::{Answer, Answers, HandedOver};
use crate::evaluation::{Case, Disclosure, FollowUp, Judged, PairError, Profile, Structure, Wrong, attribute, stop};
use crate::linkage::blocking::{Index, MAX_BLOCK, Scratch};
use crate::parallel::Watch;
use crate::parallel::in_parallel;
use crate::population::places::DwellingId;
use crate::population::{Block, PersonId};
use crate::record::RecordId;
use crate::scenario::ListOf;
use std::collections::BTreeSet;

/// What was found out about one answer.
pub(super) struct Found {
    pub request: usize,
    pub answer: Answer,
    pub case: Case,
    pub profile: Profile,
    /// People never sought who live today at the address on file.
    pub residents: Vec<PersonId>,
}

/// Looks up everybody whom the rules would hand over, in the order of requests and ranks.
pub(super) fn look_up(run: &Run<'_>, judged: &[Judged], watch: Watch<'_>) -> Vec<Found> {
    let returns: Vec<(usize, Answer, bool)> = judged
        .iter()
        .enumerate()
        .flat_map(|(request, judged)| judged.returned.iter().map(move |(answer, right)| (request, *answer, *right)))
        .collect();
    in_this_order(&returns, |&(request, answer, right)| run.look_up_one(request, answer, right), "answers", watch)
}

/// The people wrongly returned, in the order of requests and ranks.
pub(super) fn wrongly_returned(run: &Run<'_>, judged: &[Judged], watch: Watch<'_>) -> Vec<Wrong> {
    let wrong = |(request, judged): (usize, &Judged)| {
        let wrong: Vec<RecordId> =
            judged.returned.iter().filter(|(_, right)| !right).map(|(answer, _)| answer.record).collect();
        wrong.into_iter().map(move |record| (request, record))
    };
    let returns: Vec<(usize, RecordId)> = judged.iter().enumerate().flat_map(wrong).collect();
    let look_up = |&(request, record): &(usize, RecordId)| {
        let person = run.world.truth.person_of(record);
        let block = run.world.country.block(person.block());
        let profile = run.world.profile(Subject::of(&block, person.slot()));
        let sought_elsewhere = run.world.is_sought(person);
        Wrong { request, record, profile, sought_elsewhere }
    };
    in_this_order(&returns, look_up, "groups", watch)
}

/// The wrong persons handed over, why each was, and the situations between the two; in the order of requests and
/// ranks.
pub(super) fn disclosures(
    run: &Run<'_>,
    follow_ups: &[FollowUp],
    answers: &[Answers],
    watch: Watch<'_>,
) -> Vec<(Disclosure, Present)> {
    let wrong: Vec<&FollowUp> = follow_ups.iter().filter(|f| !f.case.right && f.stopped.is_none()).collect();
    in_this_order(&wrong, |follow_up| run.disclosure(follow_up, &answers[follow_up.request]), "causes", watch)
}

impl Run<'_> {
    fn look_up_one(&self, request: usize, answer: Answer, right: bool) -> Found {
        let person = self.world.truth.person_of(answer.record);
        let block = self.world.country.block(person.block());
        let subject = Subject::of(&block, person.slot());
        let recorded = self.world.holder().recorded_dwelling(subject);
        let residents = self.never_sought_at(recorded, &block);
        let differs = self.world.agreement.safeguards.review.as_ref().is_some_and(|review| {
            let record = self.world.normal_forms(&self.world.holder().remade(subject, ErrorSet::NONE, RecordId(0)));
            review.sees_difference(&self.requests.normal_forms, request, &record, 0)
        });
        let case = Case {
            right,
            differs,
            moved: recorded != subject.household().dwelling,
            sought_in_error: self.sought_in_error(request),
            check_not_made: self.requests.admitted[request]
                .is_ok_and(|route| self.world.agreement.skips_a_check(route)),
            group: subject.person.group as usize,
        };
        Found { request, answer, case, profile: self.world.profile(subject), residents }
    }

    /// The people never sought who live in a dwelling today; a block that is at hand is not made again.
    fn never_sought_at(&self, dwelling: DwellingId, at_hand: &Block) -> Vec<PersonId> {
        let residents_of = |block: &Block| -> Vec<PersonId> {
            let household = block.households.iter().find(|household| household.dwelling == dwelling);
            let members = household.map_or(&[][..], |household| &household.members);
            let people = members.iter().map(|&slot| block.people[usize::from(slot)].id);
            people.filter(|person| !self.world.is_sought(*person)).collect()
        };
        match dwelling.block() == at_hand.index {
            true => residents_of(at_hand),
            false => residents_of(&self.world.country.block(dwelling.block())),
        }
    }

    /// How many people never sought, other than the person on a record, live today at the address on the record.
    pub fn others_at_address(&self, record: RecordId) -> usize {
        let person = self.world.truth.person_of(record);
        let block = self.world.country.block(person.block());
        let recorded = self.world.holder().recorded_dwelling(Subject::of(&block, person.slot()));
        self.never_sought_at(recorded, &block).into_iter().filter(|other| *other != person).count()
    }

    /// Whether a request asks for somebody who is on the list in error.
    fn sought_in_error(&self, request: usize) -> bool {
        let sought = self.world.truth.sought_by(request);
        self.world.scenario.requester.list.value == ListOf::Orders
            && sought.slot() as u64 >= self.world.country.orders_in_block(sought.block())
    }

    /// One wrong return, its cause, and the situations between the two people.
    fn disclosure(&self, follow_up: &FollowUp, answers: &Answers) -> (Disclosure, Present) {
        let FollowUp { request, answer, case, .. } = *follow_up;
        let wrong = self.world.truth.person_of(answer.record);
        let wrong_block = self.world.country.block(wrong.block());
        let wrong = Subject::of(&wrong_block, wrong.slot());
        let sought = self.world.truth.sought_by(request);
        let sought_block = self.world.country.block(sought.block());
        let sought = Subject::of(&sought_block, sought.slot());
        let (mut draft, mut errors) = (Draft::default(), BTreeSet::new());
        for (agency, subject, side) in
            [(self.world.requester(), sought, Side::Requester), (self.world.holder(), wrong, Side::Holder)]
        {
            let mut changes = Vec::new();
            agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
            errors.extend(changes.iter().map(|change| PairError { error: change.error, side }));
        }
        let errors: Vec<PairError> = errors.into_iter().collect();
        let home = sought.household().dwelling;
        let structure = Structure {
            check_not_made: case.check_not_made,
            one_household: wrong.household().dwelling == home,
            later_occupant: (1..=self.world.requester.old_address_years).any(|years| {
                let then = self.world.country.home_years_ago(&sought_block, sought.person.id.slot(), years);
                then == Some(wrong.household().dwelling)
            }),
        };
        let survives = |removed: &[usize]| self.survives(follow_up, sought, wrong, &errors, removed, answers);
        let attribution = attribute(errors.len(), &structure, survives, |i| errors[i].error.kind);
        let situations = between(sought.person, wrong.person, &errors);
        let disclosure = Disclosure {
            request,
            answer,
            profile: self.world.profile(wrong),
            sought_elsewhere: self.world.is_sought(wrong.person.id),
            attribution,
            errors,
        };
        (disclosure, situations)
    }

    /// Whether a wrong return would still have happened without the errors at some positions of its list.
    pub(super) fn survives(
        &self,
        follow_up: &FollowUp,
        sought: Subject<'_>,
        wrong: Subject<'_>,
        errors: &[PairError],
        removed: &[usize],
        answers: &Answers,
    ) -> bool {
        let without = |side: Side| {
            let of_side = removed.iter().map(|&i| errors[i]).filter(|error| error.side == side);
            of_side.fold(ErrorSet::NONE, |set, error| set.with(error.error))
        };
        self.recheck(follow_up, sought, without(Side::Requester), wrong, without(Side::Holder), answers)
    }

    /// Whether a record would still be handed over if some errors had not been made: in the request, and in the record
    /// itself. Model, frequencies, thresholds and every other record are as they were; of those, the kept answers and
    /// the record of the person sought compete for a place. People act as they would have: a reviewer, or a notice,
    /// stops what shows itself once an error is gone.
    fn recheck(
        &self,
        follow_up: &FollowUp,
        sought: Subject<'_>,
        not_in_request: ErrorSet,
        record: Subject<'_>,
        not_in_record: ErrorSet,
        answers: &Answers,
    ) -> bool {
        let answer = follow_up.answer;
        let request = self.world.requester().remade(sought, not_in_request, RecordId(0));
        let Ok(route) = self.world.agreement.admit(&request, 0) else { return false };
        let request = self.world.normal_forms(&request);
        let rules = self.matchers[route].index.rules();
        let index = Index::build(rules, &request, std::iter::once(0), MAX_BLOCK);
        let threshold = self.world.agreement.routes[route].threshold;
        let score = |subject: Subject<'_>, without: ErrorSet| {
            let record = self.world.normal_forms(&self.world.holder().remade(subject, without, RecordId(0)));
            let mut proposed = false;
            index.candidates(&record, 0, &mut Scratch::new(&index, record.fields()), |_, _| proposed = true);
            proposed &= self.world.agreement.confirms(&request, 0, &record, 0);
            proposed.then(|| self.matchers[route].score(&request, 0, &record, 0))
        };
        let Some(own) = score(record, not_in_record).filter(|score| *score >= threshold) else { return false };
        let mut again = Answers::default();
        let most = self.world.agreement.answers_kept();
        again.offer(Answer { score: own, record: answer.record }, most, threshold);
        let mut rivals: BTreeSet<RecordId> = answers.rivals().collect();
        if self.world.on_file(sought) {
            rivals.insert(self.world.truth.record_of(sought.person.id));
        }
        // Other requests keep the records that they were given.
        rivals.retain(|rival| !answers.is_elsewhere(*rival));
        rivals.remove(&answer.record);
        for rival in rivals {
            let person = self.world.truth.person_of(rival);
            let block = self.world.country.block(person.block());
            if let Some(score) = score(Subject::of(&block, person.slot()), ErrorSet::NONE) {
                again.offer(Answer { score, record: rival }, most, threshold);
            }
        }
        let handed_over = match self.world.agreement.hand_over(&again, threshold) {
            HandedOver::Returned(found) => found.iter().any(|found| found.record == answer.record),
            HandedOver::Withheld | HandedOver::Nobody => false,
        };
        let safeguards = &self.world.agreement.safeguards;
        if !handed_over || !safeguards.people_act_first() {
            return handed_over;
        }
        let old_address = ErrorRef { kind: ErrorKind::OLD_ADDRESS, cell: Cell::ADDRESS };
        let case = Case {
            differs: safeguards.review.as_ref().is_some_and(|review| {
                let own = self.world.normal_forms(&self.world.holder().remade(record, not_in_record, RecordId(0)));
                review.sees_difference(&request, 0, &own, 0)
            }),
            moved: follow_up.case.moved && !not_in_record.contains(old_address),
            ..follow_up.case
        };
        stop(safeguards, &follow_up.act, &case).is_none()
    }
}

/// Makes something of every entry of a list, on all threads, in the order of the list.
fn in_this_order<T: Sync, R: Send>(
    list: &[T],
    make: impl Fn(&T) -> R + Sync,
    stage: &'static str,
    watch: Watch<'_>,
) -> Vec<R> {
    let range = 0..list.len() as u64;
    let parts = in_parallel(range, Vec::new, |done, i| done.push((i, make(&list[i as usize]))), stage, watch);
    let mut made: Vec<(u64, R)> = parts.into_iter().flatten().collect();
    made.sort_unstable_by_key(|(i, _)| *i);
    made.into_iter().map(|(_, made)| made).collect()
}
