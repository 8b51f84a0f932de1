//! Runs: each principal function calls the stages in order, once.

pub mod scenario;
pub mod against;
pub mod sensitivity;
pub mod beside;
pub mod link;
pub mod splink;
pub mod sweep;
mod list;
mod lookup;
mod matching;
mod profile;
mod situations;
mod coincidences;
#[cfg(test)]
mod floor;
mod forms;

pub use crate::parallel::{Progress, Watch};
pub use coincidences::Coincidence;
pub use profile::By;
use profile::{attributes, profile};
pub use situations::Counted;

use crate::agency::{Agency, AgencyConfig, Draft, ErrorSet, Side, Subject, Truth};
use crate::agreement::{Agreement, Answer, Answers, Refusal};
use crate::blocking::{Scratch, normalise_into};
use crate::comparison::Kind;
use crate::decision::fellegi_sunter::Trained;
use crate::decision::{Score, Term};
use crate::evaluation::{
    Alike, Aside, Attribute, Disclosure, Evaluation, Exchange, FirstSeen, FollowUp, Groups, Judged, Observed, Pair,
    Profile, Returns, Wrong, evaluate, groups, judge,
};
use crate::parallel::in_parallel;
use crate::population::names::Bearer;
use crate::population::{Block, Person, PersonId, Population};
use crate::record::{Date, Field, RecordId, Records};
use crate::stats::{Rate, first_of_each};
use beside::Beside;
use coincidences::{Asked, Sought, coincidences};
pub use forms::normal_name;
use matching::{Files, Matcher, matchers};
use rustc_hash::FxHashMap;
use scenario::{Decide, Scenario, Situation};
use sensitivity::Sensitivity;
use serde::{Deserialize, Serialize};
use situations::{Present, Tallied, among_people, arranged, counted, of_request};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What was measured.
    pub evaluation: Evaluation,
    /// The answers kept for each request.
    pub answers: Vec<Answers>,
    /// What became of each request.
    pub judged: Vec<Judged>,
    /// Each wrong return.
    pub disclosures: Vec<Disclosure>,
    /// What became of each answer that the rules would hand over.
    pub follow_ups: Vec<FollowUp>,
    /// Whom each request sought, and that person's profile.
    pub sought: Vec<(PersonId, Profile)>,
    /// Whom each wrong return was about.
    pub returned: Vec<PersonId>,
    /// The attributes that profiles refer to.
    pub attributes: Vec<Attribute>,
    /// The rates of the runs beside it.
    pub beside: Vec<(Beside, Groups)>,
    /// Pairs of people asked for who were born on the same day, of all such pairs.
    pub same_birth_date: Rate,
    /// How each route that weighs evidence came by its weights, by the route's number.
    pub trained: Vec<(usize, Trained)>,
    /// How often each situation of the namesake bank is there.
    pub situations: Vec<(Situation, Counted)>,
    /// Namesakes of the people sought, expected and counted.
    pub coincidences: Vec<Coincidence>,
    /// How far the assumed values move the headline, where that was asked for.
    pub sensitivity: Option<Sensitivity>,
}

/// Simulates, matches and measures: the main job.
pub fn run(scenario: &Scenario, watch: Watch<'_>) -> Outcome {
    World::with_beside(scenario, watch).run(watch)
}

/// Streams the `part`-th (from 1) of `parts` parts of the holder's file, for [`conclude`] to join with the others.
pub fn run_part(scenario: &Scenario, part: u64, parts: u64, watch: Watch<'_>) -> Streamed {
    let exchange = World::with_beside(scenario, watch);
    let blocks = exchange.country.blocks();
    // Parts differ by at most one block.
    let from = |part: u64| (u128::from(blocks) * u128::from(part) / u128::from(parts)) as u64;
    exchange.stream(from(part - 1)..from(part), watch)
}

/// Joins all parts of the holder's file and measures the exchange, as [`run`] does of the whole.
pub fn conclude(scenario: &Scenario, parts: &[Streamed], watch: Watch<'_>) -> Outcome {
    World::with_beside(scenario, watch).join(parts, watch)
}

/// How many requests a country can give at most.
pub fn most_requests(scenario: &Scenario) -> u64 {
    let country = Population::new(scenario.population_config(), scenario.population_seed());
    list::most(scenario, &country)
}

/// What is known once part of the holder's file has gone by: whole numbers and short lists, which add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamed {
    observed: Observed,
    answers: Vec<Answers>,
    situations: Tallied,
    /// Records on file that are alike to that of somebody sought, by set; of the run itself.
    alike: Vec<u64>,
    /// The same of the runs beside it.
    beside: Vec<Streamed>,
}

impl Streamed {
    /// Whether it has the size that a scenario gives it.
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let requests = scenario.requester.requests as usize;
        let sized = |streamed: &Streamed| {
            let weighs: Vec<bool> =
                scenario.routes.iter().map(|route| route.decision == Decide::FellegiSunter).collect();
            let whole = Observed::new(streamed.answers.len(), &weighs, &attributes(), &pairs(scenario));
            streamed.observed.same_size(&whole)
        };
        let beside = scenario.beside.iter().filter(|beside| beside.of(scenario).is_some()).count();
        // A list beside this one may be shorter.
        self.answers.len() == requests
            && self.situations.namesakes.requests() == requests
            && sized(self)
            && self.beside.len() == beside
            && self.beside.iter().all(sized)
    }
}

/// A country, two agencies, their terms and the requests: all that stands still while the holder's file goes by.
pub struct World<'s> {
    scenario: Cow<'s, Scenario>,
    country: Arc<Population>,
    requester: AgencyConfig,
    holder: AgencyConfig,
    agreement: Agreement,
    truth: Truth,
    requests: Requests,
    matchers: Vec<Matcher>,
    attributes: Vec<Attribute>,
    situations_added: [u64; Situation::ALL.len()],
    beside: Vec<(Beside, World<'s>)>,
    /// The fields that any route wants as they were recorded.
    recorded: Vec<Field>,
}

/// The requests as submitted and what the terms make of them.
struct Requests {
    records: Records,
    normal_forms: Records,
    profiles: Vec<Profile>,
    same_birth_date: Rate,
    admitted: Vec<Result<usize, Refusal>>,
    by_person: FxHashMap<PersonId, u32>,
    situations: Vec<Present>,
    /// For each the first request for somebody of the same block.
    homes: Vec<usize>,
    sought: Sought,
    alike: Alike,
}

/// Why two records scored as they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The route that was taken.
    pub route: String,
    /// The first blocking rule that proposed the pair; none if none did, and then it was never scored.
    pub proposed_by: Option<String>,
    /// Each comparison and the level it reached.
    pub levels: Vec<(String, String)>,
    /// The terms of the score.
    pub terms: Vec<Term>,
    /// The score: the sum of the terms.
    pub score: Score,
    /// The threshold of the route.
    pub threshold: Score,
}

impl<'s> World<'s> {
    /// Sets up everything that stands still.
    pub fn new(scenario: &'s Scenario, watch: Watch<'_>) -> World<'s> {
        let country = Population::new(scenario.population_config(), scenario.population_seed());
        let mut world = World::of(Cow::Borrowed(scenario), Arc::new(country), watch);
        world.matchers = matchers(&[&world], watch).remove(0);
        world
    }

    /// The same, and the runs that the scenario wants beside it, in the same country.
    pub fn with_beside(scenario: &'s Scenario, watch: Watch<'_>) -> World<'s> {
        let country = Arc::new(Population::new(scenario.population_config(), scenario.population_seed()));
        let mut world = World::of(Cow::Borrowed(scenario), Arc::clone(&country), watch);
        let beside = scenario.beside.iter().filter_map(|beside| Some((*beside, beside.of(scenario)?)));
        let mut beside: Vec<(Beside, World<'s>)> = beside
            .map(|(beside, scenario)| (beside, World::of(Cow::Owned(scenario), Arc::clone(&country), watch)))
            .collect();
        let worlds: Vec<&World<'s>> = std::iter::once(&world).chain(beside.iter().map(|(_, world)| world)).collect();
        let mut made = matchers(&worlds, watch);
        for ((_, world), matchers) in beside.iter_mut().zip(made.drain(1..)) {
            world.matchers = matchers;
        }
        world.matchers = made.remove(0);
        world.beside = beside;
        world
    }

    /// Everything but how the routes look for records.
    fn of(scenario: Cow<'s, Scenario>, country: Arc<Population>, watch: Watch<'_>) -> World<'s> {
        let list = list::asked_for(&scenario, &country, watch);
        let (mut requester, holder) = (scenario.requester_config(), scenario.holder_config());
        let (country, situations_added) = arranged(&scenario, country, &mut requester, &holder, &list);
        let truth = Truth::new(&country, list, scenario.requests_seed());
        let recorded = forms::of_routes(&scenario);
        let mut world = World {
            requester,
            holder,
            agreement: scenario.agreement(),
            requests: Requests::none(),
            matchers: Vec::new(),
            attributes: attributes(),
            situations_added,
            beside: Vec::new(),
            recorded,
            scenario,
            country,
            truth,
        };
        world.requests = world.submit(watch);
        world
    }

    /// What is simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The country.
    pub fn country(&self) -> &Population {
        &self.country
    }

    /// Who is who.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Whether somebody is on the holder's file.
    pub fn on_file(&self, person: &Person) -> bool {
        self.is_on_file(&self.holder(), person, self.is_sought(person.id))
    }

    /// Of those sought as many are on file as the scenario says, if it says so; coverage decides about all others.
    fn is_on_file(&self, holder: &Agency<'_>, person: &Person, sought: bool) -> bool {
        match &self.scenario.requester.on_file {
            Some(share) if sought => holder.covers_at(person, share.value.get()),
            _ => holder.covers(person),
        }
    }

    /// Whether a request asks for somebody.
    pub fn is_sought(&self, person: PersonId) -> bool {
        self.requests.by_person.contains_key(&person)
    }

    /// The request that asks for somebody, if one does.
    pub fn request_for(&self, person: PersonId) -> Option<u32> {
        self.requests.by_person.get(&person).copied()
    }

    /// The requester at work.
    pub fn requester(&self) -> Agency<'_> {
        Agency::new(&self.country, &self.requester, Side::Requester, self.scenario.errors_seed())
    }

    /// The holder at work.
    pub fn holder(&self) -> Agency<'_> {
        Agency::new(&self.country, &self.holder, Side::Holder, self.scenario.errors_seed())
    }

    /// The requests, as they were submitted.
    pub fn requests(&self) -> &Records {
        &self.requests.records
    }

    /// The route each request takes, or why it is refused.
    pub fn admitted(&self, request: usize) -> Result<usize, Refusal> {
        self.requests.admitted[request]
    }

    fn profile(&self, subject: Subject<'_>) -> Profile {
        profile(&self.country, self.scenario.errors_seed(), subject)
    }

    /// Makes the requests: a record for each person sought.
    fn submit(&self, watch: Watch<'_>) -> Requests {
        let people = self.truth.sought();
        let requester = self.requester();
        // Made in blocks, each once however many of its people are sought.
        let mut order: Vec<u32> = (0..people.len() as u32).collect();
        order.sort_unstable_by_key(|&request| people[request as usize]);
        let blocks: Vec<&[u32]> =
            order.chunk_by(|&a, &b| people[a as usize].block() == people[b as usize].block()).collect();
        let by_person: FxHashMap<PersonId, u32> =
            people.iter().enumerate().map(|(request, person)| (*person, request as u32)).collect();
        let holder = self.holder();
        let mut made = in_parallel(
            0..blocks.len() as u64,
            Vec::new,
            |made, i| {
                let wanted = blocks[i as usize];
                let block = self.country.block(people[wanted[0] as usize].block());
                let on_file = |person: &Person| self.is_on_file(&holder, person, by_person.contains_key(&person.id));
                let among = among_people(&block, on_file);
                let neighbours = block.people.iter().filter(|person| on_file(person));
                let neighbours: Vec<Bearer> = neighbours.map(|person| Bearer::of(person, &block.people)).collect();
                for &request in wanted {
                    let subject = Subject::of(&block, people[request as usize].slot());
                    let mut draft = Draft::default();
                    let errors = requester.record(subject, ErrorSet::NONE, &mut draft, None);
                    let situations = of_request(subject, errors, &among);
                    let mut on_file = Draft::default();
                    let on_file = self.is_on_file(&holder, subject.person, true).then(|| {
                        holder.record(subject, ErrorSet::NONE, &mut on_file, None);
                        on_file
                    });
                    let asked = Asked::of(request, subject.person, &block, &neighbours, &self.country);
                    made.push((request, draft, self.profile(subject), situations, asked, on_file));
                }
            },
            "requests",
            watch,
        )
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
        made.sort_unstable_by_key(|(request, ..)| *request);
        let mut records = Records::new(requester.fields());
        for (request, draft, ..) in &made {
            records.push(RecordId(u64::from(*request)), &requester.row(draft));
        }
        let mut on_file = Records::new(holder.fields());
        let mut rows: Vec<Option<usize>> = Vec::new();
        for (request, .., own) in &made {
            rows.push(own.as_ref().map(|draft| {
                on_file.push(RecordId(u64::from(*request)), &holder.row(draft));
                on_file.len() - 1
            }));
        }
        let normal_forms = self.normal_forms(&records);
        let admitted: Vec<_> = (0..records.len()).map(|row| self.agreement.admit(&records, row)).collect();
        let mut views: Vec<Vec<Field>> = (0..self.scenario.routes.len()).map(|route| self.compared_on(route)).collect();
        let all = views.concat();
        views.push(all);
        let refused = views.len() - 1;
        let view_of = |request: usize| admitted[request].unwrap_or(refused);
        Requests {
            alike: Alike::new(views, &normal_forms, view_of, &self.normal_forms(&on_file), |request| rows[request]),
            normal_forms,
            profiles: made.iter().map(|(_, _, profile, ..)| *profile).collect(),
            homes: first_of_each(people.iter().map(|person| person.block())),
            situations: made.iter().map(|(_, _, _, situations, ..)| *situations).collect(),
            same_birth_date: same_birth_date(made.iter().map(|(.., asked, _)| asked.born).collect()),
            sought: Sought::new(made.iter().map(|(.., asked, _)| *asked)),
            admitted,
            by_person,
            records,
        }
    }

    /// Every field that a route looks at: to propose pairs, to compare them, to confirm them.
    fn compared_on(&self, route: usize) -> Vec<Field> {
        let settings = &self.scenario.routes[route];
        let mut fields: Vec<Field> =
            settings.blocking.iter().flat_map(|rule| &rule.parts).map(|part| part.field.clone()).collect();
        for comparison in &settings.comparisons {
            fields.extend(comparison.kind.fields().into_iter().cloned());
            if comparison.kind == Kind::Address {
                fields.extend(Field::ADDRESS);
            }
        }
        if let Some(second) = &self.agreement.safeguards.second_identifier {
            fields.extend(second.agree.iter().chain(&second.not_conflict).cloned());
        }
        fields.sort();
        fields.dedup();
        fields
    }

    /// Writes the holder's records of a block into a batch.
    fn file(&self, block: &Block, holder: &Agency<'_>, batch: &mut Batch) {
        batch.records.clear();
        batch.slots.clear();
        batch.errors.clear();
        batch.profiles.clear();
        for slot in 0..block.people.len() {
            let subject = Subject::of(block, slot);
            if !self.is_on_file(holder, subject.person, self.is_sought(subject.person.id)) {
                continue;
            }
            batch.errors.push(holder.record(subject, ErrorSet::NONE, &mut batch.draft, None));
            let record = self.truth.record_of(subject.person.id);
            batch.records.push(record, &holder.row(&batch.draft));
            batch.slots.push(slot);
            batch.profiles.push(self.profile(subject));
        }
        normalise_into(&batch.records, &self.recorded, &mut batch.normal_forms);
    }

    /// Lets the whole of the holder's file go by and measures.
    pub fn run(&self, watch: Watch<'_>) -> Outcome {
        let streamed = self.stream(0..self.country.blocks(), watch);
        self.conclude(&streamed, watch)
    }

    /// Joins all parts of the holder's file and measures.
    pub fn join(&self, parts: &[Streamed], watch: Watch<'_>) -> Outcome {
        let mut whole = self.nothing_streamed();
        parts.iter().for_each(|part| self.merge(&mut whole, part));
        self.conclude(&whole, watch)
    }

    /// Lets the whole of the holder's file go by and gives the rates alone: nobody asks why.
    pub fn rates(&self, watch: Watch<'_>) -> Groups {
        self.groups(&self.stream(0..self.country.blocks(), watch), watch)
    }

    fn nothing_streamed(&self) -> Streamed {
        let requests = self.requests.records.len();
        Streamed {
            observed: Observed::new(requests, &self.weighs(), &self.attributes, &pairs(&self.scenario)),
            answers: vec![Answers::default(); requests],
            situations: Tallied::new(requests),
            alike: vec![0; self.requests.alike.sets()],
            // Of what is counted apart from rates nothing is wanted there.
            beside: self
                .beside
                .iter()
                .map(|(_, world)| Streamed { situations: Tallied::default(), ..world.nothing_streamed() })
                .collect(),
        }
    }

    /// Lets blocks of the holder's file go by, once for this run and those beside it: each person is made once, each
    /// record once for all runs that have the same file.
    fn stream(&self, blocks: Range<u64>, watch: Watch<'_>) -> Streamed {
        let worlds: Vec<&World<'_>> = std::iter::once(self).chain(self.beside.iter().map(|(_, world)| world)).collect();
        let files = Files::new(&worlds);
        let scratches = || -> Vec<Vec<Scratch>> { worlds.iter().map(|world| world.scratches()).collect() };
        let parts = in_parallel(
            blocks,
            || (self.nothing_streamed(), scratches(), files.batches()),
            |(streamed, scratches, batches), index| {
                files.make(
                    index,
                    batches,
                    |_| true,
                    |i, block, batch| {
                        if i > 0 {
                            worlds[i].look(block, batch, &mut scratches[i], &mut streamed.beside[i - 1]);
                            return;
                        }
                        self.look(block, batch, &mut scratches[0], streamed);
                        self.requests.alike.count(&batch.normal_forms, &mut streamed.alike);
                        streamed.situations.add(block, &batch.slots, &batch.errors, &self.requests.sought);
                    },
                );
            },
            "matching",
            watch,
        );
        let mut whole = self.nothing_streamed();
        parts.iter().for_each(|(part, ..)| self.merge(&mut whole, part));
        whole
    }

    /// For each route whether it weighs evidence.
    fn weighs(&self) -> Vec<bool> {
        self.matchers.iter().map(|matcher| matcher.model.weights().is_some()).collect()
    }

    fn scratches(&self) -> Vec<Scratch> {
        self.matchers.iter().map(|matcher| Scratch::new(&matcher.index, &self.holder_forms())).collect()
    }

    /// Whether the holder's file is that of another run, in the same country: the same records of the same people.
    fn has_the_file_of(&self, other: &World<'_>) -> bool {
        Arc::ptr_eq(&self.country, &other.country)
            && self.holder == other.holder
            && self.scenario.requester.on_file.is_none()
    }

    /// Looks at a piece of the holder's file: the matcher keeps the best answers, evaluation looks on with the truth.
    fn look(&self, block: &Block, batch: &Batch, scratches: &mut [Scratch], streamed: &mut Streamed) {
        let Streamed { observed, answers, .. } = streamed;
        let most = self.agreement.answers_kept();
        let sought = |row: usize| self.requests.by_person.get(&block.people[batch.slots[row]].id).copied();
        for (row, profile) in batch.profiles.iter().enumerate() {
            observed.record(profile);
            if let Some(request) = sought(row) {
                observed.sought_record(request as usize);
            }
        }
        let (asked, records) = (&self.requests.normal_forms, &batch.normal_forms);
        for (route, (matcher, scratch)) in self.matchers.iter().zip(scratches).enumerate() {
            let threshold = self.agreement.routes[route].threshold;
            let weighs = matcher.model.weights().is_some();
            for row in 0..records.len() {
                let sought = sought(row);
                matcher.index.candidates(records, row, scratch, |request, rule| {
                    let score = matcher.score(asked, request as usize, records, row);
                    let answer = Answer { score, record: records.id(row) };
                    let confirmed = self.agreement.confirms(asked, request as usize, records, row);
                    if confirmed {
                        answers[request as usize].offer(answer, most, threshold);
                    } else {
                        answers[request as usize].turn_away(score, threshold);
                    }
                    let seen = FirstSeen { rule, score, confirmed };
                    observed.pair(request as usize, route, seen, sought == Some(request));
                    if weighs {
                        observed.claim(request as usize, score, threshold);
                    }
                });
            }
        }
    }

    fn merge(&self, whole: &mut Streamed, part: &Streamed) {
        whole.observed.merge(&part.observed);
        whole.situations.merge(&part.situations);
        whole.alike.iter_mut().zip(&part.alike).for_each(|(mine, theirs)| *mine += theirs);
        let most = self.agreement.answers_kept();
        for (request, (mine, theirs)) in whole.answers.iter_mut().zip(&part.answers).enumerate() {
            if let Ok(route) = self.requests.admitted[request] {
                mine.merge(theirs, most, self.agreement.routes[route].threshold);
            }
        }
        for (((_, world), mine), theirs) in self.beside.iter().zip(&mut whole.beside).zip(&part.beside) {
            world.merge(mine, theirs);
        }
    }

    /// What becomes of each request, people's part in it included.
    fn handed_over(&self, streamed: &Streamed, watch: Watch<'_>) -> Vec<Judged> {
        let mut judged = self.judged(streamed);
        if self.agreement.safeguards.people_act_first() {
            let found = self.look_up(&judged, watch);
            self.follow_up(&mut judged, &found);
        }
        judged
    }

    /// What becomes of each request under the terms, before people have a part in it.
    fn judged(&self, streamed: &Streamed) -> Vec<Judged> {
        let Streamed { observed, answers, .. } = streamed;
        let threshold = |route: usize| self.agreement.routes[route].threshold;
        let requests = answers.iter().enumerate();
        let judged = requests.map(|(request, answers)| {
            let admitted = self.requests.admitted[request];
            judge(&self.agreement, &self.truth, observed, request, admitted, answers, threshold)
        });
        judged.collect()
    }

    /// The rates of a run beside another: who was returned in error is looked up, but not why.
    fn groups(&self, streamed: &Streamed, watch: Watch<'_>) -> Groups {
        let judged = self.handed_over(streamed, watch);
        let wrong = self.wrongly_returned(&judged, watch);
        groups(&self.returns(streamed, &judged, &wrong))
    }

    /// Who was asked for and who was returned.
    fn returns<'a>(&'a self, streamed: &'a Streamed, judged: &'a [Judged], wrong: &'a [Wrong]) -> Returns<'a> {
        Returns {
            agreement: &self.agreement,
            truth: &self.truth,
            observed: &streamed.observed,
            answers: &streamed.answers,
            attributes: &self.attributes,
            sought: &self.requests.profiles,
            homes: &self.requests.homes,
            judged,
            wrong,
        }
    }

    /// For each request how many of the persons returned are somebody else: what a run measures, without asking why.
    fn answered(&self, watch: Watch<'_>) -> Vec<Rate> {
        let judged = self.handed_over(&self.stream(0..self.country.blocks(), watch), watch);
        let wrong = |j: &Judged| j.returned.iter().filter(|(_, right)| !right).count() as u64;
        judged.iter().map(|j| Rate::new(wrong(j), j.returned.len() as u64)).collect()
    }

    /// Applies the terms and measures.
    fn conclude(&self, streamed: &Streamed, watch: Watch<'_>) -> Outcome {
        let Streamed { answers, situations, .. } = streamed;
        let mut judged = self.judged(streamed);
        let found = self.look_up(&judged, watch);
        let follow_ups = self.follow_up(&mut judged, &found);
        let handed_over = || found.iter().zip(&follow_ups).filter(|(_, f)| f.stopped.is_none());
        let bystanders: BTreeSet<PersonId> = handed_over().flat_map(|(f, _)| f.residents.iter().copied()).collect();
        let aside = Aside {
            right_but_moved: handed_over().filter(|(f, _)| f.case.right && f.case.moved).count() as u64,
            bystanders: bystanders.len() as u64,
        };
        let (disclosures, between): (Vec<_>, Vec<_>) =
            self.disclosures(&follow_ups, answers, watch).into_iter().unzip();
        let wrong: Vec<Wrong> = disclosures.iter().map(Disclosure::wrong).collect();
        let evaluation = evaluate(&Exchange {
            returns: self.returns(streamed, &judged, &wrong),
            weighs: &self.weighs(),
            disclosures: &disclosures,
            unavoidable: &self.requests.alike.unavoidable(&streamed.alike),
            follow_ups: &follow_ups,
            aside,
        });
        let beside = self.beside.iter().zip(&streamed.beside);
        let beside = beside.map(|((beside, world), streamed)| (*beside, world.groups(streamed, watch)));
        Outcome {
            evaluation,
            answers: answers.clone(),
            judged,
            returned: disclosures.iter().map(|wrong| self.truth.person_of(wrong.answer.record)).collect(),
            disclosures,
            follow_ups,
            sought: self.truth.sought().iter().copied().zip(self.requests.profiles.iter().copied()).collect(),
            attributes: self.attributes.clone(),
            sensitivity: None,
            beside: beside.collect(),
            same_birth_date: self.requests.same_birth_date,
            trained: (0..self.matchers.len()).filter_map(|r| Some((r, self.matchers[r].trained.clone()?))).collect(),
            coincidences: coincidences(
                &self.requests.sought,
                &situations.namesakes,
                streamed.observed.records,
                &self.country,
            ),
            situations: counted(self.situations_added, &self.requests.situations, situations, &between),
        }
    }

    /// Why a request and a record scored as they did; `None` if the request was refused.
    pub fn explain(&self, request: usize, record: &Records) -> Option<Explanation> {
        let route = self.requests.admitted[request].ok()?;
        let (matcher, settings) = (&self.matchers[route], &self.scenario.routes[route]);
        let record = self.normal_forms(record);
        let requests = &self.requests.normal_forms;
        let mut rule = None;
        let mut scratch = Scratch::new(&matcher.index, record.fields());
        matcher.index.candidates(&record, 0, &mut scratch, |row, number| {
            if row as usize == request {
                rule = Some(number);
            }
        });
        let evidence = matcher.comparer.compare(requests, request, &record, 0);
        Some(Explanation {
            route: settings.name.clone(),
            proposed_by: rule.map(|rule| settings.blocking[usize::from(rule)].to_string()),
            levels: evidence.named(&settings.comparisons),
            terms: matcher.model.terms(&evidence, requests, request),
            score: matcher.model.score(&evidence, requests, request),
            threshold: self.agreement.routes[route].threshold,
        })
    }
}

impl Requests {
    fn none() -> Requests {
        Requests {
            records: Records::default(),
            normal_forms: Records::default(),
            profiles: Vec::new(),
            homes: Vec::new(),
            same_birth_date: Rate::default(),
            admitted: Vec::new(),
            by_person: FxHashMap::default(),
            situations: Vec::new(),
            sought: Sought::default(),
            alike: Alike::default(),
        }
    }
}

/// A piece of the holder's file with its working memory.
struct Batch {
    records: Records,
    normal_forms: Records,
    /// Whose record each is: the person's slot in the block.
    slots: Vec<usize>,
    /// Which errors found something to change in each.
    errors: Vec<ErrorSet>,
    /// And what the person is by each attribute.
    profiles: Vec<Profile>,
    draft: Draft,
}

impl Batch {
    fn new(fields: &[Field]) -> Batch {
        Batch {
            records: Records::new(fields),
            normal_forms: Records::new(fields),
            slots: Vec::new(),
            errors: Vec::new(),
            profiles: Vec::new(),
            draft: Draft::default(),
        }
    }
}

/// The pairs of attributes that a scenario wants counted together.
fn pairs(scenario: &Scenario) -> Vec<Pair> {
    scenario.by.iter().map(|by| by.0).collect()
}

/// Pairs of equal dates, of all pairs.
fn same_birth_date(mut born: Vec<Date>) -> Rate {
    let pairs = |n: usize| (n as u64) * (n as u64).saturating_sub(1) / 2;
    born.sort_unstable();
    Rate::new(born.chunk_by(|a, b| a == b).map(|same| pairs(same.len())).sum(), pairs(born.len()))
}
