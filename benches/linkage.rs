//! The cost of the linkage engine: the time of one key, one pair and field, one score. `cargo bench --bench linkage`.
//!
//! The pairs are of names that are mostly alike, as candidates are: two unlike names are cheaper.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use namesake::linkage::blocking::{Guard, join, normalise};
use namesake::linkage::comparison::phonetic::Algorithm;
use namesake::linkage::comparison::{Comparer, Comparison, ComparisonKind, Nicknames};
use namesake::linkage::decision::fellegi_sunter::{Chance, HouseholdGuard, Training, TrainingInput, train};
use namesake::linkage::decision::{Model, Score};
use namesake::record::coded::{Coded, Coding};
use namesake::record::{Field, RecordId, Records};
use std::hint::black_box;

const ROWS: usize = 4_096;

/// Records of invented people; with `slips` every third cell has lost or exchanged a letter.
fn records(slips: bool) -> Records {
    const GIVEN: [&str; 8] = ["Zoë", "Guadalupe", "Łukasz", "Katherine", "Maria", "Jonathan", "Bjørn", "Evangeline"];
    const SURNAME: [&str; 8] = ["Nuñez Ibáñez", "Smith", "O'Brien", "Weiß", "Ōtani", "Garcia", "Ivanova", "Wilson-Lee"];
    const STREET: [&str; 4] = ["North Fifth Street", "Peñón Road", "South Lilac Drive", "Old Mill Lane"];
    let fields = [Field::GivenName, Field::Surname, Field::DateOfBirth, Field::HouseNumber, Field::Street, Field::Zip];
    let mut records = Records::new(&fields);
    for row in 0..ROWS {
        let slip = |text: &str, salt: usize| {
            if !slips || !(row + salt).is_multiple_of(3) {
                return text.to_owned();
            }
            let mut letters: Vec<char> = text.chars().collect();
            let at = 1 + row % (letters.len() - 2);
            letters.swap(at, at + 1);
            letters.into_iter().collect()
        };
        let born = format!("{}-{:02}-{:02}", 1940 + row % 60, 1 + row % 12, 1 + row % 28);
        let cells = [
            slip(GIVEN[row % 8], 0),
            slip(SURNAME[row / 8 % 8], 1),
            slip(&born, 2),
            (100 + row % 900).to_string(),
            slip(STREET[row % 4], 0),
            format!("{:05}", row % 700),
        ];
        records.push(RecordId(row as u64), &cells);
    }
    normalise(&records)
}

fn comparisons() -> Vec<(&'static str, ComparisonKind)> {
    let surname = || Field::Surname.into();
    vec![
        ("exact", ComparisonKind::Exact { field: surname() }),
        ("jaro_winkler", ComparisonKind::JaroWinkler { field: surname(), cuts: vec![0.92, 0.8] }),
        ("edit", ComparisonKind::Edit { field: Field::DateOfBirth.into(), cuts: vec![1, 2] }),
        ("date", ComparisonKind::Date { field: Field::DateOfBirth.into() }),
        ("given_name", ComparisonKind::GivenName { field: Field::GivenName.into() }),
        ("surname", ComparisonKind::Surname { field: surname() }),
        ("address", ComparisonKind::Address {}),
        ("names", ComparisonKind::Names {}),
        ("words", ComparisonKind::Words { field: surname(), cuts: vec![0.5] }),
        ("dice", ComparisonKind::Dice { field: surname(), cuts: vec![0.8], q: 2 }),
        ("soundex", ComparisonKind::Phonetic { field: surname(), algorithms: vec![Algorithm::Soundex] }),
    ]
}

fn blocking(c: &mut Criterion) {
    let (a, b) = (records(false), records(true));
    let files = Coded::of(Coding::of(&a, a.fields()), Coding::of(&b, a.fields()));
    let guard = Guard { max_pairs_per_key: u64::MAX, max_pairs_per_rule: u64::MAX };
    let mut group = c.benchmark_group("blocking");
    group.throughput(Throughput::Elements(2 * ROWS as u64));
    for rule in
        ["surname + date_of_birth", "surname:4 + zip", "surname:double_metaphone + zip", "zip + surname:deletions"]
    {
        let rule = rule.parse().expect("a blocking rule");
        group
            .bench_function(format!("join by {rule}"), |bench| bench.iter(|| join(&rule, &files, guard).pairs().len()));
    }
    group.finish();
}

fn comparison(c: &mut Criterion) {
    let (a, b) = (records(false), records(true));
    let mut group = c.benchmark_group("comparison");
    group.throughput(Throughput::Elements(1));
    let mut measure = |name: &str, comparisons: &[Comparison], fields: u64| {
        let comparer = Comparer::new(comparisons, a.fields(), b.fields(), &Nicknames::built_in());
        let mut row = 0;
        group.throughput(Throughput::Elements(fields));
        group.bench_function(name, |bench| {
            bench.iter(|| {
                row = (row + 1) % ROWS;
                comparer.compare(&a, black_box(row), &b, row)
            });
        });
    };
    let kinds = comparisons();
    for (name, kind) in &kinds {
        measure(name, &[Comparison::new(kind.clone())], 1);
    }
    let six: Vec<Comparison> = kinds[1..7].iter().map(|(_, kind)| Comparison::new(kind.clone())).collect();
    measure("a pair of six fields", &six, 6);
    group.finish();
}

fn decision(c: &mut Criterion) {
    let (a, b) = (records(false), records(true));
    let comparisons: Vec<Comparison> =
        comparisons()[1..7].iter().map(|(_, kind)| Comparison::new(kind.clone())).collect();
    let comparer = Comparer::new(&comparisons, a.fields(), b.fields(), &Nicknames::built_in());
    let mut training = Training::new();
    for row in 0..ROWS {
        training.add(comparer.compare(&a, row, &b, row), 0);
        training.add_random(comparer.compare(&a, row, &b, row * 31 % ROWS));
    }
    let files = Coded::of(Coding::of(&a, a.fields()), Coding::of(&b, a.fields()));
    let chances = Chance::of(&comparisons, &files, &files.counts());
    let pairs = (ROWS * ROWS) as f64;
    let (training, comparisons, chances) = (&training, &comparisons, &chances);
    let matches = ROWS as f64;
    let observed = TrainingInput { training, comparisons, chances, pairs, matches, guard: HouseholdGuard::On };
    let model = Model::FellegiSunter(train(&observed).model);
    let mut group = c.benchmark_group("decision");
    group.throughput(Throughput::Elements(comparisons.len() as u64));
    let evidence = comparer.compare(&a, 7, &b, 7);
    let mut row = 0;
    group.bench_function("match weight of a pair of six fields", |bench| {
        bench.iter(|| {
            row = (row + 1) % ROWS;
            model.score(black_box(&evidence), &a, row)
        });
    });
    group.bench_function("compared and weighed, six fields", |bench| {
        bench.iter(|| {
            row = (row + 1) % ROWS;
            let evidence = comparer.compare(&a, black_box(row), &b, row);
            model.score(&evidence, &a, row).max(Score(0))
        });
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("training by EM", |bench| {
        bench.iter(|| train(&observed).rounds);
    });
    group.finish();
}

criterion_group!(benches, blocking, comparison, decision);
criterion_main!(benches);
