//! Tests of match weights, their training and their terms.

use super::*;
use crate::linkage::comparison::{Comparer, Nicknames};
use crate::random::{Decision, Seed, Stream};
use crate::record::RecordId;

fn comparisons() -> Vec<Comparison> {
    vec![
        Comparison::new(ComparisonKind::Surname { field: Field::Surname.into() }),
        Comparison::new(ComparisonKind::Exact { field: Field::GivenName.into() }),
        Comparison::new(ComparisonKind::Date { field: Field::DateOfBirth.into() }),
        Comparison::new(ComparisonKind::Address {}),
    ]
}

const M: [&[f64]; 4] = [
    &[0.03, 0.02, 0.01, 0.04, 0.9],
    &[0.12, 0.88],
    &[0.02, 0.01, 0.02, 0.03, 0.01, 0.91],
    &[0.3, 0.0, 0.02, 0.08, 0.0, 0.6],
];
const H: [&[f64]; 4] = [
    &[0.2, 0.01, 0.01, 0.03, 0.75],
    &[0.99, 0.01],
    &[0.978, 0.012, 0.006, 0.002, 0.001, 0.001],
    &[0.0, 0.0, 0.0, 0.08, 0.02, 0.9],
];
const U: [&[f64]; 4] = [
    &[0.977, 0.01, 0.002, 0.001, 0.01],
    &[0.99, 0.01],
    &[0.978, 0.012, 0.006, 0.002, 0.001, 0.001],
    &[0.984, 0.0, 0.01, 0.003, 0.001, 0.002],
];

fn draw(stream: &mut Stream, classes: &[&[f64]; 4]) -> Evidence {
    let level = |p: &&[f64]| {
        let (u, mut below) = (stream.uniform(), 0.0);
        let reached = |p: &f64| {
            below += p;
            u < below
        };
        Some(p.iter().position(reached).unwrap_or(0) as u8)
    };
    let mut levels: Vec<Option<u8>> = classes.iter().map(level).collect();
    if stream.chance(0.05) {
        levels[2] = None;
    }
    Evidence::new(&levels)
}

/// Pairs of known classes; those that agree on a name, the date or the address are candidates.
fn simulated(persons: u64, households: u64, pairs: u64) -> Training {
    let mut training = Training::new();
    for i in 0..pairs {
        let mut stream = Seed(5).stream(Decision::named("test.pairs"), i);
        let class = if i < persons {
            M
        } else if i < persons + households {
            H
        } else {
            U
        };
        let evidence = draw(&mut stream, &class);
        let top = |c: usize, level: u8| evidence.level(c) == Some(level);
        if (top(0, 4) && top(1, 1)) || top(2, 5) || top(3, 5) {
            training.add(evidence, 0);
        }
        if stream.chance(0.2) {
            training.add_random(evidence);
        }
    }
    training
}

fn chances() -> Vec<Chance> {
    U.iter().map(|u| Chance { same: u.last().copied(), frequencies: None }).collect()
}

fn observed<'f>(
    training: &'f Training,
    comparisons: &'f [Comparison],
    chances: &'f [Chance],
    pairs: u64,
    matches: u64,
) -> TrainingInput<'f> {
    let (pairs, matches) = (pairs as f64, matches as f64);
    TrainingInput { training, comparisons, chances, pairs, matches, guard: HouseholdGuard::On }
}

fn trained(training: &Training, pairs: u64, matches: u64) -> Trained {
    train(&observed(training, &comparisons(), &chances(), pairs, matches))
}

#[test]
fn em_finds_the_probabilities_that_made_the_evidence() {
    let (persons, households, pairs) = (4_000, 6_000, 2_000_000);
    let trained = trained(&simulated(persons, households, pairs), pairs, persons * 2);
    assert!(trained.converged && trained.m == Source::Estimated);
    // Candidates are not all persons: 0.3 percent of them agree on nothing that blocks.
    assert!((trained.expected_matches / persons as f64 - 1.0).abs() < 0.03, "{}", trained.expected_matches);
    for (c, parameters) in trained.model.parameters().iter().enumerate() {
        for level in 0..M[c].len() {
            let near = |found: f64, made: f64, within: f64| (found - made).abs() < within;
            assert!(near(parameters.m[level], M[c][level], 0.03), "m {} {:?}", parameters.name, parameters.m);
            assert!(near(parameters.u[level], U[c][level], 0.005), "u {} {:?}", parameters.name, parameters.u);
        }
    }
    // Of a household only those at one address are seen, which is most of them.
    let households_found = trained.model.priors().household * pairs as f64;
    assert!((households_found / households as f64 - 0.9).abs() < 0.1, "{households_found}");
}

/// Pairs of persons, of relatives of whom one in twenty are twins, and of strangers; those of one birth date or one
/// name are candidates. With `within`, the relatives of a file are counted as well.
fn with_twins(within: bool) -> Trained {
    let twins: [&[f64]; 4] = [M[0], U[1], &[0.93, 0.012, 0.006, 0.002, 0.0, 0.05], M[3]];
    let (persons, relatives, pairs) = (4_000, 40_000, 1_000_000);
    let mut training = Training::new();
    for i in 0..pairs {
        let mut stream = Seed(6).stream(Decision::named("test.twins"), i);
        let of = |i: u64| {
            if i < persons {
                &M
            } else if i < persons + relatives {
                &twins
            } else {
                &U
            }
        };
        let evidence = draw(&mut stream, of(i));
        let top = |evidence: &Evidence, c: usize, level: u8| evidence.level(c) == Some(level);
        if top(&evidence, 2, 5) || (top(&evidence, 0, 4) && top(&evidence, 1, 1)) {
            training.add(evidence, 0);
        }
        if stream.chance(0.2) {
            training.add_random(evidence);
        }
        // A file holds nobody twice.
        let evidence = draw(&mut stream, of(i.max(persons)));
        if within && i >= persons && top(&evidence, 0, 4) && top(&evidence, 3, 5) {
            training.add_relatives_times(evidence, 1);
        }
    }
    training.add_within(if within { pairs - persons } else { 0 });
    trained(&training, pairs, 2 * persons)
}

#[test]
fn twins_are_told_from_persons_by_what_relatives_within_a_file_share() {
    let off = |trained: &Trained| {
        let given_name = (trained.model.parameters()[1].m[0] - M[1][0]).abs();
        (given_name, (trained.expected_matches / 4_000.0 - 1.0).abs())
    };
    let (with, without) = (off(&with_twins(true)), off(&with_twins(false)));
    assert!(with.0 < 0.07 && with.1 < 0.1, "{with:?}");
    assert!(without.0 > 0.2 && without.1 > 0.4, "without them twins are taken for persons: {without:?}");
    let relatives = &with_twins(true).model;
    assert!((relatives.priors().relatives / 0.04 - 1.0).abs() < 0.1, "{:?}", relatives.priors());
    assert!((relatives.parameters()[2].r[5] - 0.05).abs() < 0.01, "{:?}", relatives.parameters()[2].r);
}

/// Twins live near each other, at another number of one street.
const T: [&[f64]; 4] = [M[0], U[1], M[2], &[0.4, 0.0, 0.6, 0.0, 0.0, 0.0]];

/// Pairs of persons, of twins who live apart, and of strangers. Of the pairs within a file those of one surname and birth
/// date are counted; for each twenty pairs of twins the file holds `twice` people twice.
fn with_near_twins(within: bool, twice: u64) -> Trained {
    let (persons, twins, pairs) = (4_000, 2_000, 1_000_000);
    let mut training = Training::new();
    for i in 0..pairs {
        let mut stream = Seed(7).stream(Decision::named("test.near"), i);
        let of = |i: u64| {
            if i < persons {
                &M
            } else if i < persons + twins {
                &T
            } else {
                &U
            }
        };
        let evidence = draw(&mut stream, of(i));
        let born_together = |evidence: &Evidence| evidence.level(0) == Some(4) && evidence.level(2) == Some(5);
        if evidence.level(2) == Some(5) || (evidence.level(0) == Some(4) && evidence.level(1) == Some(1)) {
            training.add(evidence, 0);
        }
        if stream.chance(0.2) {
            training.add_random(evidence);
        }
        let held_twice = if (persons..persons + twins).contains(&i) && i % 20 == 0 { twice } else { 0 };
        let in_file = draw(&mut stream, of(i.max(persons)));
        let again: Vec<Evidence> = (0..held_twice).map(|_| draw(&mut stream, &M)).collect();
        for evidence in again.into_iter().chain([in_file]) {
            if within && i >= persons && born_together(&evidence) && evidence.level(3) != Some(5) {
                training.add_twins_times(evidence, 1);
            }
        }
    }
    training.add_within(if within { pairs - persons } else { 0 });
    training.add_twins_by_chance(if within { (pairs - persons) / 100_000 } else { 0 });
    trained(&training, pairs, 2 * persons)
}

#[test]
fn twins_who_live_apart_are_told_from_persons_by_pairs_within_a_file() {
    let (with, without) = (with_near_twins(true, 0), with_near_twins(false, 0));
    // Of one surname and birth date, at other numbers of one street.
    let near = Evidence::new(&[Some(4), Some(0), Some(5), Some(2)]);
    let score = |trained: &Trained, evidence: &Evidence| trained.model.score_with(evidence, |_| MatchWeight::default());
    let is_person = |trained: &Trained| probability(score(trained, &near)).get();
    // One in 140 of such pairs is one person.
    assert!(is_person(&with) < 0.05, "{}", is_person(&with));
    assert!(is_person(&without) > 0.9, "without the class they are persons: {}", is_person(&without));
    let same = Evidence::new(&[Some(4), Some(1), Some(5), Some(5)]);
    assert!(probability(score(&with, &same)).get() > 0.999);
    let priors = with.model.priors();
    assert!((priors.twins / 0.002 - 1.0).abs() < 0.1, "{priors:?}");
    assert!((with.model.parameters()[3].t[2] - 0.6).abs() < 0.05, "{:?}", with.model.parameters()[3].t);
    assert_eq!(with.model.parameters()[2].t, with.model.parameters()[2].m);
}

#[test]
fn twins_are_no_class_where_a_file_holds_people_twice_or_too_few_are_seen() {
    assert!(with_near_twins(true, 2).model.priors().twins > 0.0);
    // Some of those who stand twice stand there with two given names.
    assert_eq!(with_near_twins(true, 20).model.priors().twins, 0.0);
    assert_eq!(with_near_twins(false, 0).model.priors().twins, 0.0);
    // What chance makes among strangers is no class.
    let training = |given_name, born, times| {
        let mut training = Training::new();
        (0..50_000).for_each(|i| {
            let mut stream = Seed(8).stream(Decision::named("test.near"), i);
            training.add_random(draw(&mut stream, &U));
        });
        training.add_twins_times(Evidence::new(&[Some(4), Some(given_name), Some(born), Some(0)]), times);
        training.add_within(100_000_000);
        training.add_twins_by_chance(1_000);
        training
    };
    let twins = |training: &Training| trained(training, 1_000_000, 8_000).model.priors().twins;
    assert_eq!(twins(&training(0, 5, 1_100)), 0.0);
    let more = training(0, 5, 1_400);
    assert!(twins(&more) > 0.0);
    // Dates that are the same text and not the same day, and the same people under one given name, are none.
    assert_eq!(twins(&training(0, 4, 1_400)), 0.0);
    assert_eq!(twins(&training(1, 5, 1_400)), 0.0);
    // If next to no person has one birth date in both files, there are not more twins than people.
    let mut apart = more.clone();
    for _ in 0..4_000 {
        apart.add(Evidence::new(&[Some(4), Some(1), Some(2), Some(5)]), 0);
    }
    let model = trained(&apart, 1_000_000, 8_000).model;
    assert!(model.parameters()[2].m[5] < 0.1 && model.priors().twins < 1e-5, "{:?}", model.priors());
}

#[test]
fn weights_are_numbers_where_classes_leave_nothing_for_strangers() {
    let parameters = with_twins(true).model.parameters().to_vec();
    let priors = Priors { person: 0.5, household: 0.4, relatives: 0.4, twins: 0.1 };
    let model = FellegiSunter::new(priors, parameters);
    let score = |levels: [u8; 4]| model.score_with(&Evidence::new(&levels.map(Some)), |_| MatchWeight::default());
    assert!(score([4, 1, 5, 5]) > score([0, 0, 0, 0]));
    assert!(score([4, 1, 5, 5]).bits() < 60.0, "{:?}", score([4, 1, 5, 5]));
}

#[test]
fn relatives_whom_a_name_alone_tells_apart_are_a_class_unless_a_file_holds_people_twice() {
    // Without birth dates.
    let comparisons: Vec<Comparison> =
        comparisons().into_iter().enumerate().filter(|(i, _)| *i != 2).map(|(_, c)| c).collect();
    let chances = [0, 1, 3].map(|i| Chance { same: U[i].last().copied(), frequencies: None });
    let relatives = |twice: u64| {
        let mut training = Training::new();
        (0..50_000).for_each(|i| {
            let evidence = draw(&mut Seed(9).stream(Decision::named("test.alone"), i), &U);
            let levels = [0, 1, 3].map(|i| evidence.level(i));
            training.add_random(Evidence::new(&levels));
        });
        training.add_relatives_times(Evidence::new(&[Some(4), Some(0), Some(5)]), 1_000);
        training.add_relatives_times(Evidence::new(&[Some(4), Some(1), Some(5)]), twice);
        training.add_within(100_000_000);
        train(&observed(&training, &comparisons, &chances, 1_000_000, 8_000)).model
    };
    let model = relatives(100);
    assert!(model.priors().relatives > 1e-5, "{:?}", model.priors());
    assert_eq!(model.parameters()[1].r, model.parameters()[1].u);
    assert_eq!(relatives(600).priors().relatives, 0.0);
}

#[test]
fn each_session_finds_the_m_of_what_its_rule_does_not_look_at() {
    let (persons, households, pairs) = (10_000, 12_000, 1_000_000);
    let whole = simulated(persons, households, pairs);
    let by_date = |evidence: &Evidence| evidence.level(2) == Some(5);
    let by_name = |evidence: &Evidence| evidence.level(0) == Some(4) && evidence.level(1) == Some(1);
    let part = |wanted: &dyn Fn(&Evidence) -> bool| {
        let mut part = Training::new();
        let seen = whole.candidates.iter().filter(|(evidence, _)| wanted(evidence));
        seen.for_each(|(&evidence, &count)| part.add_times(evidence, 0, count));
        whole.random.iter().for_each(|(&evidence, &count)| part.add_random_times(evidence, count));
        part
    };
    let rule =
        |rule: &str, fields: &[Field], training| OfRule { rule: rule.to_owned(), fields: fields.to_vec(), training };
    let rules = [
        rule("date_of_birth", &[Field::DateOfBirth], part(&by_date)),
        rule("surname + given_name", &[Field::Surname, Field::GivenName], part(&by_name)),
        // Too few to learn from.
        rule("zip", &[Field::Zip], Training::new()),
    ];
    let all = part(&|evidence| by_date(evidence) || by_name(evidence));
    let (comparisons, chances) = (comparisons(), chances());
    let observed = observed(&all, &comparisons, &chances, pairs, 2 * persons);
    let apart = train_in_sessions(&observed, &rules);
    assert!(apart.converged && apart.sessions.iter().map(Session::counts).eq([true, true, false]));
    for (session, open) in apart.sessions.iter().zip([&[0, 1, 3][..], &[2, 3]]) {
        for c in 0..4 {
            assert_eq!(session.m[c].is_some(), open.contains(&c), "{}", session.rule);
            let Some(m) = &session.m[c] else { continue };
            for (found, made) in m.iter().zip(M[c]) {
                assert!((found - made).abs() < 0.015, "{}: {} {m:?}", session.rule, comparisons[c].name);
            }
        }
    }
    let date = |trained: &Trained| trained.model.parameters()[2].m[5] - M[2][5];
    let together = train(&observed);
    assert!(date(&apart).abs() < 0.01, "{}", date(&apart));
    assert!(date(&together) > 0.012, "who shares neither is no candidate: {}", date(&together));
    // What is held against all rules keeps the estimate over all candidates.
    let one = train_in_sessions(&observed, &rules[2..]);
    let m = |trained: &Trained| trained.model.parameters().iter().map(|p| p.m.clone()).collect::<Vec<_>>();
    assert_eq!(m(&one), m(&together));
}

#[test]
fn a_session_that_leaves_one_comparison_open_comes_to_rest() {
    let (persons, pairs) = (2_000, 400_000);
    let all = simulated(persons, 3_000, pairs);
    // Who has one name and one address can differ in the date of birth alone.
    let mut training = Training::new();
    let of_rule = |evidence: &Evidence| [(0, 4), (1, 1), (3, 5)].iter().all(|&(c, l)| evidence.level(c) == Some(l));
    let seen = all.candidates.iter().filter(|(evidence, _)| of_rule(evidence));
    seen.for_each(|(&evidence, &count)| training.add_times(evidence, 0, count));
    let fields = vec![Field::Surname, Field::GivenName, Field::Street];
    let rules = [OfRule { rule: "surname + given_name + street".to_owned(), fields, training }];
    let (comparisons, chances) = (comparisons(), chances());
    let trained = train_in_sessions(&observed(&all, &comparisons, &chances, pairs, 2 * persons), &rules);
    let [session] = &trained.sessions[..] else { panic!("{:?}", trained.sessions) };
    assert!(trained.converged && session.converged && session.counts() && session.rounds < 200, "{session:?}");
    let m = session.m[2].as_ref().unwrap();
    let near = m.iter().zip(M[2]).all(|(found, made)| (found - made).abs() < 0.02);
    assert!(near, "{m:?} {:?}", session.expected_matches);
    let made = persons as f64 * M[0][4] * M[1][1] * M[3][5];
    assert!((session.expected_matches / made - 1.0).abs() < 0.05, "{} and not {made}", session.expected_matches);
}

#[test]
fn training_is_the_same_in_parts_and_in_one_go() {
    let whole = simulated(1_000, 1_500, 200_000);
    let mut parts = Training::new();
    for rest in [1, 0] {
        let mut part = Training::new();
        for (i, (&evidence, &count)) in whole.candidates.iter().enumerate() {
            (0..count).filter(|_| i % 2 == rest).for_each(|_| part.add(evidence, 0));
        }
        for (i, (&evidence, &count)) in whole.random.iter().enumerate() {
            (0..count).filter(|_| i % 2 == rest).for_each(|_| part.add_random(evidence));
        }
        parts.merge(&part);
    }
    assert_eq!(parts, whole);
    let (x, y) = (trained(&whole, 200_000, 1_000), trained(&parts, 200_000, 1_000));
    assert_eq!(x.model.parameters(), y.model.parameters());
    assert_eq!(x.model.priors(), y.model.priors());
}

#[test]
fn with_few_matches_the_default_is_used_and_said_to_be() {
    let trained = trained(&simulated(100, 150, 50_000), 50_000, 100);
    assert_eq!(trained.m, Source::Default);
    for (parameters, comparison) in trained.model.parameters().iter().zip(&comparisons()) {
        assert_eq!(parameters.m, default_m(comparison));
        assert!((parameters.m.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn with_nothing_to_learn_from_there_is_still_a_model() {
    let trained = trained(&Training::new(), 1_000_000, 1_000);
    assert_eq!(trained.m, Source::Default);
    let evidence = Evidence::new(&[Some(4), None, Some(0), Some(5)]);
    let mut records = Records::new(&[Field::Surname]);
    records.push(RecordId(0), &["ŌE"]);
    let score = trained.model.score(&evidence, &records, 0);
    assert!(score < Score(0), "one name and address against another birth date: {score}");
}

#[test]
fn terms_sum_to_the_score_and_a_rare_name_weighs_more() {
    let mut chances = vec![Chance::default(); 4];
    let mut names = Values::default();
    assert_eq!(["NUNEZ", "ŌE", "SMITH"].map(|name| names.code(name)), [1, 2, 3]);
    let frequencies = Frequencies::new(Field::Surname, Arc::new(names), [0, 60, 3, 937]);
    chances[0] = Chance { same: Some(0.88), frequencies: Some(frequencies) };
    let (training, comparisons) = (simulated(1_000, 1_500, 200_000), comparisons());
    let trained = train(&observed(&training, &comparisons, &chances, 200_000, 1_000));
    let fields = [Field::Surname, Field::GivenName, Field::DateOfBirth, Field::HouseNumber, Field::Street];
    let mut a = Records::new(&fields);
    for surname in ["ŌE", "NUNEZ", "SMITH", "ØRSTED", ""] {
        a.push(RecordId(0), &[surname, "ZOË", "1984-05-03", "12", "CALLE PENON"]);
        a.push(RecordId(1), &[surname, "ANA", "", "12", "CALLE PENON"]);
    }
    let comparer = Comparer::new(&comparisons, &fields, &fields, &Nicknames::default());
    let score = |x: usize, y: usize| {
        let evidence = comparer.compare(&a, x, &a, y);
        let score = trained.model.score(&evidence, &a, x);
        let terms = trained.model.terms(&evidence, &a, x);
        assert_eq!(terms.iter().map(|term| term.value).sum::<i32>(), score.0, "{terms:?}");
        score
    };
    (0..a.len()).for_each(|x| (0..a.len()).for_each(|y| assert_eq!(score(x, y), score(y, x))));
    // Unseen names weigh like names seen twice, more than one seen three times.
    assert!(score(6, 6) > score(0, 0) && score(0, 0) > score(2, 2) && score(2, 2) > score(4, 4));
}

#[test]
fn probabilities_belong_to_scores() {
    assert_eq!(probability(Score(0)).get(), 0.5);
    assert_eq!(probability(Score(-1000)).get(), 1.0 / 3.0);
    assert_eq!(probability(Score(i32::MAX)).get(), 1.0);
    assert_eq!(probability(Score(i32::MIN)).get(), 0.0);
}
