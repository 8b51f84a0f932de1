//! The second phase of a run: the requests as they are submitted, and the route that the terms give each or refuse it.

use super::coincidences::{Asked, Sought};
use super::situations::{Present, among_people, of_request};
use super::world::World;
use crate::agency::{Draft, ErrorSet, Subject};
use crate::agreement::Refusal;
use crate::evaluation::{Alike, Profile};
use crate::linkage::stream::Look;
use crate::parallel::{Watch, in_parallel};
use crate::population::names::Bearer;
use crate::record::{Date, Field, RecordId, Records};
use crate::stats::{Rate, first_of_each};
use rustc_hash::FxHashMap;

/// The requests as submitted, the route or refusal of each, and the people they ask for.
pub struct Requests {
    pub(super) records: Records,
    pub(super) normal_forms: Records,
    pub(super) profiles: Vec<Profile>,
    pub(super) same_birth_date: Rate,
    pub(super) admitted: Vec<Result<usize, Refusal>>,
    pub(super) situations: Vec<Present>,
    /// For each request the first one for somebody of the same block.
    pub(super) homes: Vec<usize>,
    /// The first request for somebody of a block.
    pub(super) home_of: FxHashMap<u64, u32>,
    pub(super) sought: Sought,
    pub(super) alike: Alike,
}

impl Requests {
    /// A route's comparisons before it has a model.
    pub(super) fn look(&self, world: &World<'_>, route: usize) -> Look {
        let settings = &world.scenario.routes[route];
        let rows = (0..self.records.len() as u32).filter(|&row| self.admitted[row as usize] == Ok(route));
        let (plan, rules) = (settings.plan(), &settings.blocking.rules);
        Look::new(plan, rules, &self.normal_forms, rows.collect(), &world.holder_forms())
    }

    /// The records, as they were submitted.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The profile of the person that each request asks for.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The route that each request takes, or the reason why it is refused.
    pub fn admitted(&self) -> &[Result<usize, Refusal>] {
        &self.admitted
    }
}

/// Makes the requests: a record for each person sought.
pub(super) fn submit(world: &World<'_>, watch: Watch<'_>) -> Requests {
    let people = world.truth.sought();
    let requester = world.requester();
    // Made in blocks, each once however many of its people are sought.
    let mut order: Vec<u32> = (0..people.len() as u32).collect();
    order.sort_unstable_by_key(|&request| people[request as usize]);
    let blocks: Vec<&[u32]> =
        order.chunk_by(|&a, &b| people[a as usize].block() == people[b as usize].block()).collect();
    let holder = world.holder();
    let mut made = in_parallel(
        0..blocks.len() as u64,
        Vec::new,
        |made, i| {
            let wanted = blocks[i as usize];
            let block = world.country.block(people[wanted[0] as usize].block());
            let is_on_file = |person| world.is_on_file(&holder, Subject { person, block: &block });
            let on_file: Vec<bool> = block.people.iter().map(is_on_file).collect();
            let among = among_people(&block, |person| on_file[person.id.slot()]);
            let neighbours = block.people.iter().filter(|person| on_file[person.id.slot()]);
            let neighbours: Vec<Bearer> = neighbours.map(|person| person.bearer(&block.people)).collect();
            for &request in wanted {
                let subject = Subject::of(&block, people[request as usize].slot());
                let mut draft = Draft::default();
                let errors = requester.record(subject, ErrorSet::NONE, &mut draft, None);
                let situations = of_request(subject, errors, &among);
                let on_file = on_file[subject.person.id.slot()].then(|| {
                    let mut draft = Draft::default();
                    holder.record(subject, ErrorSet::NONE, &mut draft, None);
                    draft
                });
                let asked = Asked::of(request, subject.person, &block, &neighbours, &world.country);
                made.push((request, draft, world.profile(subject), situations, asked, on_file));
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
    let normal_forms = world.normal_forms(&records);
    let admitted: Vec<_> = (0..records.len()).map(|row| world.agreement.admit(&records, row)).collect();
    let mut views: Vec<Vec<Field>> = (0..world.scenario.routes.len()).map(|route| compared_on(world, route)).collect();
    let all = views.concat();
    views.push(all);
    let refused = views.len() - 1;
    let view_of = |request: usize| admitted[request].unwrap_or(refused);
    Requests {
        alike: Alike::new(views, &normal_forms, view_of, &world.normal_forms(&on_file), |request| rows[request]),
        normal_forms,
        profiles: made.iter().map(|(_, _, profile, ..)| *profile).collect(),
        homes: first_of_each(people.iter().map(|person| person.block())),
        home_of: people.iter().enumerate().rev().map(|(request, person)| (person.block(), request as u32)).collect(),
        situations: made.iter().map(|(_, _, _, situations, ..)| *situations).collect(),
        same_birth_date: same_birth_date(made.iter().map(|(.., asked, _)| asked.born).collect()),
        sought: Sought::new(made.iter().map(|(.., asked, _)| *asked)),
        admitted,
        records,
    }
}

/// Every field that a route looks at: to propose pairs, to compare them, to confirm them.
fn compared_on(world: &World<'_>, route: usize) -> Vec<Field> {
    let mut fields = world.scenario.routes[route].fields();
    if let Some(second) = &world.agreement.safeguards.second_identifier {
        fields.extend(second.agree.iter().chain(&second.not_conflict).cloned());
    }
    fields.sort();
    fields.dedup();
    fields
}

/// Pairs of equal dates, of all pairs.
fn same_birth_date(mut born: Vec<Date>) -> Rate {
    let pairs = |n: usize| (n as u64) * (n as u64).saturating_sub(1) / 2;
    born.sort_unstable();
    Rate::new(born.chunk_by(|a, b| a == b).map(|same| pairs(same.len())).sum(), pairs(born.len()))
}
