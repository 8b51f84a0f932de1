//! Who was returned, looked up again: whether the address still holds, who lives there, and of the wrong ones why.

use super::situations::{Present, between};
use super::{Outcome, Watch, World};
use crate::agency::{Draft, ErrorSet, Side, Subject};
use crate::agreement::{Answer, Answers, HandedOver};
use crate::blocking::{Index, MAX_BLOCK, Scratch, normalise};
use crate::evaluation::{Disclosure, Judged, PairError, Structure, Wrong, attribute};
use crate::parallel::in_parallel;
use crate::population::{Block, PersonId};
use crate::record::RecordId;
use std::collections::BTreeSet;

/// What was found out about one return.
pub(super) struct LookedUp {
    pub right_but_moved: bool,
    pub residents: Vec<PersonId>,
    /// Of somebody else: who it was, why, and the situations between the two.
    pub wrong: Option<(PersonId, Disclosure, Present)>,
}

impl World<'_> {
    /// Looks up everybody who was returned: whether the address still holds, who lives there, and of the wrong ones
    /// why. In the order of requests and ranks.
    pub(super) fn look_up(&self, judged: &[Judged], answers: &[Answers], watch: Watch<'_>) -> Vec<LookedUp> {
        let returns: Vec<(usize, Answer, bool)> = judged
            .iter()
            .enumerate()
            .flat_map(|(request, judged)| judged.returned.iter().map(move |(answer, right)| (request, *answer, *right)))
            .collect();
        let mut looked_up: Vec<(u64, LookedUp)> = in_parallel(
            0..returns.len() as u64,
            Vec::new,
            |done, i| {
                let (request, answer, right) = returns[i as usize];
                done.push((i, self.look_up_one(request, answer, right, &answers[request])));
            },
            "causes",
            watch,
        )
        .into_iter()
        .flatten()
        .collect();
        looked_up.sort_unstable_by_key(|(i, _)| *i);
        looked_up.into_iter().map(|(_, lookup)| lookup).collect()
    }

    /// The people wrongly returned, in the order of requests and ranks.
    pub(super) fn wrongly_returned(&self, judged: &[Judged], watch: Watch<'_>) -> Vec<Wrong> {
        let wrong = |(request, judged): (usize, &Judged)| {
            let wrong: Vec<RecordId> =
                judged.returned.iter().filter(|(_, right)| !right).map(|(answer, _)| answer.record).collect();
            wrong.into_iter().map(move |record| (request, record))
        };
        let returns: Vec<(usize, RecordId)> = judged.iter().enumerate().flat_map(wrong).collect();
        let parts = in_parallel(
            0..returns.len() as u64,
            Vec::new,
            |done, i| {
                let (request, record) = returns[i as usize];
                let person = self.truth.person_of(record);
                let block = self.country.block(person.block());
                let profile = self.profile(Subject::of(&block, person.slot()));
                let sought_elsewhere = self.requests.by_person.contains_key(&person);
                done.push((i, Wrong { request, record, profile, sought_elsewhere }));
            },
            "groups",
            watch,
        );
        let mut done: Vec<(u64, Wrong)> = parts.into_iter().flatten().collect();
        done.sort_unstable_by_key(|(i, _)| *i);
        done.into_iter().map(|(_, wrong)| wrong).collect()
    }

    fn look_up_one(&self, request: usize, answer: Answer, right: bool, answers: &Answers) -> LookedUp {
        let person = self.truth.person_of(answer.record);
        let block = self.country.block(person.block());
        let subject = Subject::of(&block, person.slot());
        let recorded = self.holder().recorded_dwelling(subject);
        let residents_of = |block: &Block| -> Vec<PersonId> {
            let household = block.households.iter().find(|household| household.dwelling == recorded);
            let members = household.map_or(&[][..], |household| &household.members);
            let people = members.iter().map(|&slot| block.people[usize::from(slot)].id);
            people.filter(|person| !self.requests.by_person.contains_key(person)).collect()
        };
        let residents = if recorded.block() == person.block() {
            residents_of(&block)
        } else {
            residents_of(&self.country.block(recorded.block()))
        };
        let wrong = (!right).then(|| {
            let sought = self.truth.sought_by(request);
            let sought_block = self.country.block(sought.block());
            let sought = Subject::of(&sought_block, sought.slot());
            let disclosure = self.disclosure(request, answer, sought, subject, answers);
            let situations = between(sought.person, subject.person, &disclosure.errors);
            (person, disclosure, situations)
        });
        LookedUp { right_but_moved: right && recorded != subject.household().dwelling, residents, wrong }
    }

    /// One wrong return and its cause.
    fn disclosure(
        &self,
        request: usize,
        answer: Answer,
        sought: Subject<'_>,
        wrong: Subject<'_>,
        answers: &Answers,
    ) -> Disclosure {
        let (mut draft, mut errors) = (Draft::default(), BTreeSet::new());
        for (agency, subject, side) in
            [(self.requester(), sought, Side::Requester), (self.holder(), wrong, Side::Holder)]
        {
            let mut changes = Vec::new();
            agency.record(subject, ErrorSet::NONE, &mut draft, Some(&mut changes));
            errors.extend(changes.iter().map(|change| PairError { error: change.error, side }));
        }
        let errors: Vec<PairError> = errors.into_iter().collect();
        let home = sought.household().dwelling;
        let structure = Structure {
            check_not_made: self.requests.admitted[request].is_ok_and(|route| self.agreement.skips_a_check(route)),
            one_household: wrong.household().dwelling == home,
            later_occupant: (1..=self.requester.old_address_years)
                .any(|years| self.country.places().dwelling_years_ago(home, years) == wrong.household().dwelling),
        };
        let survives = |removed: &[usize]| self.survives(answer, sought, wrong, &errors, removed, answers);
        let attribution = attribute(errors.len(), &structure, survives, |i| errors[i].error.kind);
        Disclosure {
            request,
            answer,
            profile: self.profile(wrong),
            sought_elsewhere: self.requests.by_person.contains_key(&wrong.person.id),
            attribution,
            errors,
        }
    }

    /// Whether a wrong return would still have happened without the errors at some positions of its list, everything
    /// else frozen.
    pub fn would_survive(&self, outcome: &Outcome, disclosure: &Disclosure, removed: &[usize]) -> bool {
        let sought = self.truth.sought_by(disclosure.request);
        let wrong = self.truth.person_of(disclosure.answer.record);
        let (of_sought, of_wrong) = (self.country.block(sought.block()), self.country.block(wrong.block()));
        let (sought, wrong) = (Subject::of(&of_sought, sought.slot()), Subject::of(&of_wrong, wrong.slot()));
        let answers = &outcome.answers[disclosure.request];
        self.survives(disclosure.answer, sought, wrong, &disclosure.errors, removed, answers)
    }

    fn survives(
        &self,
        answer: Answer,
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
        self.recheck(answer, sought, without(Side::Requester), wrong, without(Side::Holder), answers)
    }

    /// Whether a record would still be handed over if some errors had not been made: in the request, and in the record
    /// itself. Model, frequencies, thresholds and every other record are as they were; of those, the kept answers and
    /// the record of the person sought compete for a place.
    fn recheck(
        &self,
        answer: Answer,
        sought: Subject<'_>,
        not_in_request: ErrorSet,
        record: Subject<'_>,
        not_in_record: ErrorSet,
        answers: &Answers,
    ) -> bool {
        let request = self.requester().remade(sought, not_in_request, RecordId(0));
        let Ok(route) = self.agreement.admit(&request, 0) else { return false };
        let request = normalise(&request);
        let rules = self.matchers[route].index.rules();
        let index = Index::build(rules, &request, std::iter::once(0), MAX_BLOCK);
        let threshold = self.agreement.routes[route].threshold;
        let score = |subject: Subject<'_>, without: ErrorSet| {
            let record = normalise(&self.holder().remade(subject, without, RecordId(0)));
            let mut proposed = false;
            index.candidates(&record, 0, &mut Scratch::new(&index, record.fields()), |_, _| proposed = true);
            proposed.then(|| self.matchers[route].score(&request, 0, &record, 0))
        };
        let Some(own) = score(record, not_in_record).filter(|score| *score >= threshold) else { return false };
        let mut again = Answers::default();
        let most = self.agreement.answers_kept();
        again.offer(Answer { score: own, record: answer.record }, most, threshold);
        let mut rivals: BTreeSet<RecordId> = answers.best().iter().map(|rival| rival.record).collect();
        if self.on_file(sought.person) {
            rivals.insert(self.truth.record_of(sought.person.id));
        }
        rivals.remove(&answer.record);
        for rival in rivals {
            let person = self.truth.person_of(rival);
            let block = self.country.block(person.block());
            if let Some(score) = score(Subject::of(&block, person.slot()), ErrorSet::NONE) {
                again.offer(Answer { score, record: rival }, most, threshold);
            }
        }
        match self.agreement.hand_over(&again, threshold) {
            HandedOver::Returned(found) => found.iter().any(|found| found.record == answer.record),
            HandedOver::Ambiguous | HandedOver::Nobody => false,
        }
    }
}
