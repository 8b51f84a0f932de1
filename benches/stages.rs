//! One benchmark group for each stage, named after it. `cargo bench -- population` runs one.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use namesake::agency::{Draft, ErrorSet, Subject};
use namesake::agreement::{Answer, Answers};

use namesake::experiment::{Run, World, run};
use namesake::linkage::blocking::{Index, MAX_BLOCK, Scratch, normalise, normalise_into};
use namesake::linkage::comparison::{Comparer, Nicknames, text};
use namesake::linkage::decision::{Model, RuleSet, Score};
use namesake::population::places::DwellingId;
use namesake::random::{Decision, Seed};
use namesake::record::{RecordId, Records};
use namesake::results::Results;
use namesake::scenario::{BUILT_IN, Scenario};
use namesake::stats::{Rate, clustered};
use std::hint::black_box;

fn scenario(people: u64, requests: u64) -> Scenario {
    let sets = [format!("population.people={people}"), format!("requester.requests={requests}")];
    Scenario::parse_with(BUILT_IN[0].1, BUILT_IN[0].0, &sets).expect("the built-in scenario with other sizes")
}

/// The holder's records of a few blocks.
fn holder_records(world: &World<'_>, blocks: u64) -> Records {
    let holder = world.holder();
    let mut records = Records::new(holder.fields());
    let mut draft = Draft::default();
    for index in 0..blocks {
        let block = world.country().block(index);
        for slot in 0..block.people.len() {
            let subject = Subject::of(&block, slot);
            if holder.covers(subject) {
                holder.record(subject, ErrorSet::NONE, &mut draft, None);
                records.push(RecordId(records.len() as u64), &holder.row(&draft));
            }
        }
    }
    records
}

fn population(c: &mut Criterion) {
    let scenario = scenario(1_000_000, 100);
    let world = World::new(&scenario, &|_| {});
    let country = world.country();
    let mut group = c.benchmark_group("population");
    group.throughput(Throughput::Elements(256));
    let mut index = 0;
    group.bench_function("block of people with names, families and dwellings", |b| {
        b.iter(|| {
            index = (index + 1) % country.blocks();
            country.block(black_box(index))
        });
    });
    group.bench_function("block of people with present addresses as text", |b| {
        b.iter(|| {
            index = (index + 1) % country.blocks();
            let block = country.block(black_box(index));
            for household in &block.households {
                black_box(country.address(household.dwelling));
            }
            block
        });
    });
    group.bench_function("ten years of addresses for everyone", |b| {
        b.iter(|| {
            index = (index + 1) % country.blocks();
            let block = country.block(black_box(index));
            for slot in 0..block.people.len() {
                for years in 0..=10 {
                    black_box(country.home_years_ago(&block, slot, years));
                }
            }
            block
        });
    });
    group.throughput(Throughput::Elements(1));
    let mut dwelling = 0;
    group.bench_function("an address", |b| {
        b.iter(|| {
            dwelling = (dwelling + 977) % 400_000;
            country.address(DwellingId(black_box(dwelling)))
        });
    });
    group.bench_function("a dwelling ten years ago", |b| {
        b.iter(|| {
            dwelling = (dwelling + 977) % 400_000;
            country.places().dwelling_years_ago(DwellingId(black_box(dwelling)), 10)
        });
    });
    group.finish();
}

fn agency(c: &mut Criterion) {
    let scenario = scenario(1_000_000, 100);
    let world = World::new(&scenario, &|_| {});
    let block = world.country().block(7);
    let mut group = c.benchmark_group("agency");
    group.throughput(Throughput::Elements(block.people.len() as u64));
    group.bench_function("records of a block", |b| {
        let holder = world.holder();
        let mut draft = Draft::default();
        b.iter(|| {
            for slot in 0..block.people.len() {
                holder.record(Subject::of(&block, slot), ErrorSet::NONE, &mut draft, None);
            }
            black_box(draft.cells()[0].len())
        });
    });
    group.finish();
}

fn matching(c: &mut Criterion) {
    let scenario = scenario(1_000_000, 10_000);
    let run = Run::alone(&scenario, &|_| {});
    let world = run.world();
    let records = holder_records(world, 40);
    let (requests, normal_forms) = (normalise(run.requests().records()), normalise(&records));
    let route = &scenario.routes[1];
    let index = Index::build(&route.blocking.rules, &requests, 0..requests.len() as u32, MAX_BLOCK);
    let mut group = c.benchmark_group("blocking");
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("normal forms", |b| {
        let mut out = Records::new(records.fields());
        b.iter(|| normalise_into(black_box(&records), &[], &mut out));
    });
    group.bench_function("candidates among 10,000 requests", |b| {
        let mut scratch = Scratch::new(&index, records.fields());
        b.iter(|| {
            let mut found = 0_u64;
            for row in 0..normal_forms.len() {
                index.candidates(&normal_forms, row, &mut scratch, |_, _| found += 1);
            }
            found
        });
    });
    group.finish();

    let comparer =
        Comparer::new(&route.model.comparison, requests.fields(), normal_forms.fields(), &Nicknames::default());
    let pairs: Vec<(usize, usize)> =
        (0..4_000).map(|i| (i * 7 % requests.len(), i * 13 % normal_forms.len())).collect();
    let mut group = c.benchmark_group("comparison");
    group.throughput(Throughput::Elements((pairs.len() * route.model.comparison.len()) as u64));
    group.bench_function("evidence, a pair and field", |b| {
        b.iter(|| pairs.iter().map(|&(a, b)| comparer.compare(&requests, a, &normal_forms, b).len()).sum::<usize>());
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("Jaro-Winkler", |b| {
        b.iter(|| text::jaro_winkler(black_box("SHACKLEFORD"), black_box("SHACKELFORD")));
    });
    group.finish();

    let rules =
        RuleSet::new(&route.model.rule, &route.model.comparison).expect("the built-in rules name their comparisons");
    let model = Model::Rules(rules);
    let evidence: Vec<_> = pairs.iter().map(|&(a, b)| comparer.compare(&requests, a, &normal_forms, b)).collect();
    let mut group = c.benchmark_group("decision");
    group.throughput(Throughput::Elements(evidence.len() as u64));
    group.bench_function("score by rules", |b| {
        b.iter(|| evidence.iter().map(|e| i64::from(model.score(e, &requests, 0).0)).sum::<i64>());
    });
    group.finish();
}

fn agreement(c: &mut Criterion) {
    let mut stream = Seed(1).stream(Decision::named("bench"), 0);
    let offered: Vec<Answer> = (0..1_000)
        .map(|_| Answer { score: Score(stream.below(3) as i32 * 1_000), record: RecordId(stream.below(1 << 40)) })
        .collect();
    let mut group = c.benchmark_group("agreement");
    group.throughput(Throughput::Elements(offered.len() as u64));
    group.bench_function("keep the best answers", |b| {
        b.iter_batched(
            Answers::default,
            |mut answers| {
                offered.iter().for_each(|answer| answers.offer(*answer, 5, Score(1_000)));
                answers
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn evaluation(c: &mut Criterion) {
    let clusters: Vec<Rate> = (0..10_000).map(|i| Rate::new(u64::from(i % 50 == 0), 1 + i % 3)).collect();
    let mut group = c.benchmark_group("evaluation");
    group.bench_function("interval clustered by 10,000 requests", |b| {
        b.iter(|| clustered(black_box(&clusters).iter().copied()));
    });
    group.finish();
}

fn experiment(c: &mut Criterion) {
    let scenario = scenario(100_000, 1_000);
    let mut group = c.benchmark_group("experiment");
    group.sample_size(10).throughput(Throughput::Elements(100_000));
    group.bench_function("a run of 100,000 people", |b| b.iter(|| run(&scenario, &|_| {}).evaluation.requests));
    group.finish();
    let outcome = run(&scenario, &|_| {});
    let mut group = c.benchmark_group("report");
    group.bench_function("results.json", |b| b.iter(|| Results::of(&scenario, &outcome).to_json().len()));
    group.finish();
}

criterion_group!(stages, population, agency, matching, agreement, evaluation, experiment);
criterion_main!(stages);
