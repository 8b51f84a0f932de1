//! Causes of wrong returns: the decision about a pair made again, with errors undone and rules added.
//!
//! Model, frequencies, thresholds and all other records stay as they were. Of the other records the kept answers and that
//! of the person sought compete for a place. People act as they would have: a reviewer, or a notice, stops what shows
//! itself once an error is gone.

use super::prepared::Run;
use super::situations::{Present, between};
use crate::agency::{Cell, ErrorKind, ErrorRef, ErrorSet, Side, Subject};
use crate::agreement::{Answer, Answers, HandedOver, strictest};
use crate::evaluation::{Case, Counterfactual, Disclosure, FollowUp, PairError, Relation, Rule, attribute, stop};
use crate::linkage::blocking::{Index, MAX_BLOCK, Scratch};
use crate::linkage::decision::Score;
use crate::parallel::{Watch, in_this_order};
use crate::population::Block;
use crate::record::{RecordId, Records};
use crate::scenario::SecondIdentifier;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The wrong persons handed over, the causes of each, and the situations between the two; in the order of requests and
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
    /// One wrong return, its causes, and the situations between the two people.
    fn disclosure(&self, follow_up: &FollowUp, answers: &Answers) -> (Disclosure, Present) {
        let FollowUp { request, answer, .. } = *follow_up;
        let blocks = self.blocks_of_pair(request, answer.record);
        let [sought, wrong] = self.pair(request, answer.record, &blocks);
        let home = sought.household().dwelling;
        let relation = Relation {
            one_household: wrong.household().dwelling == home,
            later_occupant: (1..=self.world.requester.old_address_years).any(|years| {
                let then = self.world.country.home_years_ago(&blocks[0], sought.person.id.slot(), years);
                then == Some(wrong.household().dwelling)
            }),
        };
        let counterfactuals = self.counterfactuals(sought, wrong);
        let mut again = Again::new(self, follow_up, [sought, wrong], answers);
        let survives = |changed: &[usize]| again.happens(changed.iter().map(|&at| &counterfactuals[at]));
        let attribution = attribute(counterfactuals.clone(), relation, survives);
        let situations = between(sought.person, wrong.person, attribution.errors().filter(|error| !error.latent));
        let disclosure = Disclosure {
            request,
            answer,
            profile: self.world.profile(wrong),
            sought_elsewhere: self.world.is_sought(wrong.person.id),
            attribution,
        };
        (disclosure, situations)
    }

    /// Returns `true` if a wrong return would still have happened with these counterfactuals.
    pub(super) fn survives<'c>(
        &self,
        follow_up: &FollowUp,
        answers: &Answers,
        counterfactuals: impl Iterator<Item = &'c Counterfactual>,
    ) -> bool {
        let FollowUp { request, answer, .. } = *follow_up;
        let blocks = self.blocks_of_pair(request, answer.record);
        Again::new(self, follow_up, self.pair(request, answer.record, &blocks), answers).happens(counterfactuals)
    }

    /// The blocks of the person sought and of the person of a record.
    fn blocks_of_pair(&self, request: usize, record: RecordId) -> [Arc<Block>; 2] {
        let people = [self.world.truth.sought_by(request), self.world.truth.person_of(record)];
        people.map(|person| self.world.country.block(person.block()))
    }

    /// The person sought and the person of a record.
    fn pair<'b>(&self, request: usize, record: RecordId, blocks: &'b [Arc<Block>; 2]) -> [Subject<'b>; 2] {
        let [sought, found] = [self.world.truth.sought_by(request), self.world.truth.person_of(record)];
        [Subject::of(&blocks[0], sought.slot()), Subject::of(&blocks[1], found.slot())]
    }

    /// All that stands between a pair and the truth, and the rules that could have told the two apart.
    fn counterfactuals(&self, sought: Subject<'_>, wrong: Subject<'_>) -> Vec<Counterfactual> {
        let requester = (self.world.requester().differences(sought), Side::Requester);
        let holder = (self.world.holder().differences(wrong), Side::Holder);
        let errors = [requester, holder].into_iter().flat_map(|(errors, side)| {
            errors.into_iter().map(move |(error, latent)| Counterfactual::Undo(PairError { error, side, latent }))
        });
        let all: BTreeSet<Counterfactual> = errors.chain(Rule::ALL.map(Counterfactual::Require)).collect();
        all.into_iter().collect()
    }
}

/// A request as it would be submitted, with its route.
struct Asked {
    route: usize,
    normal: Records,
    index: Index,
    /// The checks that each rule asks for, in the order of [`Rule::ALL`]; `None` of what the files do not hold.
    checks: [Vec<Option<SecondIdentifier>>; Rule::ALL.len()],
}

/// Records of one side that differ in the errors left out, each made once and equal ones kept once.
struct Versions<T> {
    of: FxHashMap<ErrorSet, usize>,
    made: Vec<(Records, T)>,
}

impl<T> Versions<T> {
    fn new() -> Versions<T> {
        Versions { of: FxHashMap::default(), made: Vec::new() }
    }

    /// The place of the version without some errors.
    fn without(&mut self, errors: ErrorSet, make: impl FnOnce() -> Records, then: impl FnOnce(&Records) -> T) -> usize {
        if let Some(&at) = self.of.get(&errors) {
            return at;
        }
        let records = make();
        let at = self.made.iter().position(|(known, _)| *known == records).unwrap_or_else(|| {
            let then = then(&records);
            self.made.push((records, then));
            self.made.len() - 1
        });
        self.of.insert(errors, at);
        at
    }
}

/// All on which a decision hangs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Question {
    /// The places of the request and of the record among their versions.
    asked: usize,
    held: usize,
    /// The rules that hold, in the order of [`Rule::ALL`].
    rules: [bool; Rule::ALL.len()],
    /// The person returned does not live at the address on file.
    moved: bool,
}

/// A decision about a pair that is made again and again.
struct Again<'r, 's> {
    run: &'r Run<'s>,
    follow_up: &'r FollowUp,
    sought: Subject<'r>,
    found: Subject<'r>,
    /// Other records that compete for a place, in normal form.
    rivals: Vec<(RecordId, Records)>,
    /// The request; `None` where it would be refused.
    asked: Versions<Option<Asked>>,
    /// The record returned, in normal form.
    held: Versions<Records>,
    /// Decisions made.
    decided: FxHashMap<Question, bool>,
}

impl<'r, 's> Again<'r, 's> {
    fn new(
        run: &'r Run<'s>,
        follow_up: &'r FollowUp,
        [sought, found]: [Subject<'r>; 2],
        answers: &Answers,
    ) -> Again<'r, 's> {
        let world = &run.world;
        let mut rivals: BTreeSet<RecordId> = answers.rivals().collect();
        if world.on_file(sought) {
            rivals.insert(world.truth.record_of(sought.person.id));
        }
        // Other requests keep the records that they were given.
        rivals.retain(|rival| !answers.is_elsewhere(*rival));
        rivals.remove(&follow_up.answer.record);
        let record = |rival: RecordId| {
            let person = world.truth.person_of(rival);
            let block = world.country.block(person.block());
            let record = world.holder().remade(Subject::of(&block, person.slot()), ErrorSet::NONE, rival);
            (rival, world.normal_forms(&record))
        };
        Again {
            run,
            follow_up,
            sought,
            found,
            rivals: rivals.into_iter().map(record).collect(),
            asked: Versions::new(),
            held: Versions::new(),
            decided: FxHashMap::default(),
        }
    }

    /// Returns `true` if the record would still be handed over with these counterfactuals.
    fn happens<'c>(&mut self, counterfactuals: impl Iterator<Item = &'c Counterfactual>) -> bool {
        let (mut not_in_request, mut not_in_record) = (ErrorSet::NONE, ErrorSet::NONE);
        let mut rules = [false; Rule::ALL.len()];
        for counterfactual in counterfactuals {
            match counterfactual {
                Counterfactual::Undo(PairError { error, side: Side::Requester, .. }) => {
                    not_in_request = not_in_request.with(*error);
                }
                Counterfactual::Undo(PairError { error, side: Side::Holder, .. }) => {
                    not_in_record = not_in_record.with(*error);
                }
                Counterfactual::Require(rule) => rules[*rule as usize] = true,
            }
        }
        let (run, sought, found) = (self.run, self.sought, self.found);
        let asked = self.asked.without(
            not_in_request,
            || run.world.requester().remade(sought, not_in_request, RecordId(0)),
            |request| Asked::of(run, request),
        );
        let held = self.held.without(
            not_in_record,
            || run.world.holder().remade(found, not_in_record, RecordId(0)),
            |record| run.world.normal_forms(record),
        );
        // An address that is brought up to date is what a notice goes to, whatever else the record says.
        let old_address = ErrorRef { kind: ErrorKind::OLD_ADDRESS, cell: Cell::ADDRESS };
        let moved = self.follow_up.case.moved && !not_in_record.contains(old_address);
        let question = Question { asked, held, rules, moved };
        if let Some(&decided) = self.decided.get(&question) {
            return decided;
        }
        let decided = self.decide(&question);
        self.decided.insert(question, decided);
        decided
    }

    fn decide(&self, question: &Question) -> bool {
        let Question { asked, held, rules, moved } = *question;
        let Some(asked) = &self.asked.made[asked].1 else { return false };
        let (agreement, held) = (&self.run.world.agreement, &self.held.made[held].1);
        let (answer, threshold) = (self.follow_up.answer, agreement.routes[asked.route].threshold);
        let score = |record: &Records, is_sought: bool| asked.score(self.run, rules, record, is_sought);
        let Some(own) = score(held, false).filter(|score| *score >= threshold) else { return false };
        let mut again = Answers::default();
        let most = agreement.answers_kept();
        again.offer(Answer { score: own, record: answer.record }, most, threshold);
        let own_record = self.run.world.truth.record_of(self.sought.person.id);
        for (rival, record) in &self.rivals {
            if let Some(score) = score(record, *rival == own_record) {
                again.offer(Answer { score, record: *rival }, most, threshold);
            }
        }
        let handed_over = match agreement.hand_over(&again, threshold) {
            HandedOver::Returned(found) => found.iter().any(|found| found.record == answer.record),
            HandedOver::Withheld | HandedOver::Nobody => false,
        };
        let safeguards = &agreement.safeguards;
        if !handed_over || !safeguards.people_act_first() {
            return handed_over;
        }
        let differs =
            safeguards.review.as_ref().is_some_and(|review| review.sees_difference(&asked.normal, 0, held, 0));
        let case = Case { differs, moved, ..self.follow_up.case };
        stop(safeguards, &self.follow_up.act, &case).is_none()
    }
}

impl Asked {
    /// The request as the agreement takes it; `None` where it is refused.
    fn of(run: &Run<'_>, request: &Records) -> Option<Asked> {
        let world = &run.world;
        let route = world.agreement.admit(request, 0).ok()?;
        let normal = world.normal_forms(request);
        let index = Index::build(run.matchers[route].index.rules(), &normal, std::iter::once(0), MAX_BLOCK);
        let check = |word: &str| strictest(word, [&world.requester.fields, &world.holder.fields]);
        let checks = Rule::ALL.map(|rule| match rule {
            Rule::MissingCheck => world.agreement.left_out(route).map(check).collect(),
            // Files without names have nothing to ask for.
            Rule::WholeName => check("name").map(Some).into_iter().collect(),
        });
        Some(Asked { route, normal, index, checks })
    }

    /// The score of a record, if the pair is proposed and passes what the terms and the rules ask for.
    fn score(&self, run: &Run<'_>, rules: [bool; Rule::ALL.len()], record: &Records, is_sought: bool) -> Option<Score> {
        let mut proposed = false;
        let mut scratch = Scratch::new(&self.index, record.fields());
        self.index.candidates(record, 0, &mut scratch, |_, _| proposed = true);
        let passes = |check: &Option<SecondIdentifier>| match check {
            Some(check) => check.confirms(&self.normal, 0, record, 0),
            // What the files do not hold, such as fingerprints, tells any two people apart.
            None => is_sought,
        };
        let asked_for = self.checks.iter().zip(rules).filter(|(_, holds)| *holds).flat_map(|(checks, _)| checks);
        let passes =
            proposed && run.world.agreement.confirms(&self.normal, 0, record, 0) && asked_for.into_iter().all(passes);
        passes.then(|| run.matchers[self.route].score(&self.normal, 0, record, 0))
    }
}
