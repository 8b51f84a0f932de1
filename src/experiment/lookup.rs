//! The people returned, looked up again: whether the address still holds, and who lives there.

use super::prepared::Run;
use crate::agency::{ErrorSet, Subject};
use crate::agreement::Answer;
use crate::evaluation::{Case, Judged, Profile, Wrong};
use crate::parallel::{Watch, in_parallel, sorted};
use crate::population::places::DwellingId;
use crate::population::{Block, PersonId};
use crate::record::RecordId;
use crate::scenario::ListOf;

/// The facts found about one answer.
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
    let person = |(_, answer, _): &(usize, Answer, bool)| run.world.truth.person_of(answer.record);
    let look_up =
        |&(request, answer, right): &_, subject: Subject<'_>| run.look_up_one(request, answer, right, subject);
    in_their_blocks(run, &returns, person, look_up, "answers", watch)
}

/// The people wrongly returned, in the order of requests and ranks.
pub(super) fn wrongly_returned(run: &Run<'_>, judged: &[Judged], watch: Watch<'_>) -> Vec<Wrong> {
    let wrong = |(request, judged): (usize, &Judged)| {
        let wrong: Vec<RecordId> =
            judged.returned.iter().filter(|(_, right)| !right).map(|(answer, _)| answer.record).collect();
        wrong.into_iter().map(move |record| (request, record))
    };
    let returns: Vec<(usize, RecordId)> = judged.iter().enumerate().flat_map(wrong).collect();
    let look_up = |&(request, record): &(usize, RecordId), subject: Subject<'_>| Wrong {
        request,
        record,
        profile: run.world.profile(subject),
        sought_elsewhere: run.world.is_sought(subject.person.id),
    };
    in_their_blocks(run, &returns, |(_, record)| run.world.truth.person_of(*record), look_up, "groups", watch)
}

impl Run<'_> {
    fn look_up_one(&self, request: usize, answer: Answer, right: bool, subject: Subject<'_>) -> Found {
        let recorded = self.world.holder().recorded_dwelling(subject);
        let residents = self.never_sought_at(recorded, subject.block);
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

    /// Number of people never sought, other than the person on a record, who live today at the address on the record.
    pub fn others_at_address(&self, record: RecordId) -> usize {
        let person = self.world.truth.person_of(record);
        let block = self.world.country.block(person.block());
        let recorded = self.world.holder().recorded_dwelling(Subject::of(&block, person.slot()));
        self.never_sought_at(recorded, &block).into_iter().filter(|other| *other != person).count()
    }

    /// Returns `true` if a request asks for somebody who is on the list in error.
    fn sought_in_error(&self, request: usize) -> bool {
        let sought = self.world.truth.sought_by(request);
        self.world.scenario.requester.list.value == ListOf::Orders
            && sought.slot() as u64 >= self.world.country.orders_in_block(sought.block())
    }
}

/// Makes something of every entry of a list and the person it is about, in the order of the list. Blocks are made once,
/// however many of their people are in the list.
fn in_their_blocks<T: Sync, R: Send>(
    run: &Run<'_>,
    list: &[T],
    person: impl Fn(&T) -> PersonId + Sync,
    make: impl Fn(&T, Subject<'_>) -> R + Sync,
    stage: &'static str,
    watch: Watch<'_>,
) -> Vec<R> {
    let mut by_block: Vec<(PersonId, usize)> = list.iter().map(&person).zip(0..).collect();
    by_block.sort_unstable();
    let blocks: Vec<&[(PersonId, usize)]> = by_block.chunk_by(|(a, _), (b, _)| a.block() == b.block()).collect();
    let step = |made: &mut Vec<(u64, R)>, at: u64| {
        let wanted = blocks[at as usize];
        let block = run.world.country.block(wanted[0].0.block());
        let subject = |person: PersonId| Subject::of(&block, person.slot());
        made.extend(wanted.iter().map(|&(person, i)| (i as u64, make(&list[i], subject(person)))));
    };
    sorted(in_parallel(0..blocks.len() as u64, Vec::new, step, stage, watch))
}
