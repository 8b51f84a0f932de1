//! Tests of whole links: files are read, matched and measured.

use super::*;
use crate::bridge::Spec;
use crate::linkage::assignment::{Taken, greedy, one_to_one};
use crate::linkage::comparison::Evidence;
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::{HouseholdGuard, Trained, places};
use crate::linkage::{Assignment, Extensions};
use crate::outside_data::shared_data;
use crate::random::{Decision, Seed};

/// Links two of the shared labelled files with the example spec of that name.
fn linked(a: &str, b: &str, spec: &str, change: impl Fn(&mut LinkSpec)) -> Option<LinkResult> {
    let (a, b) = (shared_data(&format!("data/labelled/{a}.csv"))?, shared_data(&format!("data/labelled/{b}.csv"))?);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/examples/{spec}.toml"));
    let spec = Spec::read(&path).unwrap();
    let files = LabelledPair::read(&a, &b, &spec).unwrap();
    let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
    change(&mut link_spec);
    Some(link(&files, &link_spec))
}

fn summary(name: &str, result: &LinkResult) {
    eprintln!("{name}: {:?}\n  at {} {:?}", result.counts, result.threshold, result.best_f1);
    for rule in &result.by_rule {
        eprintln!("  {:<40} {:>8} pairs {:>6} true", rule.rule.to_string(), rule.pairs, rule.true_pairs);
    }
    if let Some(trained) = &result.training {
        let Trained { rounds, converged, expected_matches, m, .. } = trained;
        eprintln!(
            "  {rounds} rounds, {converged}, {expected_matches:.1} expected, {m:?}, {:?}",
            trained.model.priors()
        );
        for (p, comparison) in trained.model.parameters().iter().zip(&result.comparisons) {
            eprintln!("  {}", p.name);
            for (i, label) in places(comparison).into_iter().enumerate() {
                eprintln!("    {label:<24} m {:.5} h {:.5} u {:.8}", p.m[i], p.h[i], p.u[i]);
            }
        }
    }
}

#[test]
fn febrl_is_linked_nearly_without_error() {
    let Some(result) = linked("febrl4a", "febrl4b", "febrl4", |_| ()) else { return };
    summary("febrl4", &result);
    assert!(result.best_f1.unwrap().f1 >= 0.999);
}

#[test]
fn every_example_spec_is_one() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            LinkSpec::from_spec(&Spec::read(&path).unwrap()).unwrap();
            read += 1;
        }
    }
    assert!(read >= 3);
}

#[test]
fn a_rule_written_by_hand_links_the_census_and_tax_files_nearly_as_well() {
    let (a, b) = ("pseudopeople_census_2020", "pseudopeople_tax1040_2020");
    let Some(result) = linked(a, b, "census_tax_rules", |_| ()) else { return };
    summary("census × tax, by rules", &result);
    assert!(result.best_f1.unwrap().f1 >= 0.9);
}

#[test]
fn census_and_tax_files_are_linked_by_person_and_not_by_household() {
    let link = |change: fn(&mut LinkSpec)| {
        linked("pseudopeople_census_2020", "pseudopeople_tax1040_2020", "census_tax", change)
    };
    let Some(result) = link(|_| ()) else { return };
    summary("census × tax", &result);
    assert!(result.best_f1.unwrap().f1 >= 0.955);
    let Some(single) = link(|spec| spec.assignment = Assignment::OneToOne) else { return };
    eprintln!("one to one: {:?}", single.best_f1);
}

/// Two small files about invented people, some of them twice, with slips, gaps and relatives.
fn small() -> (LabelledPair, Spec) {
    const GIVEN: [&str; 8] = ["Zoë", "Ana", "Łukasz", "Ōta", "Maria", "John", "Bjørn", "Eve"];
    const SURNAME: [&str; 9] =
        ["Nuñez", "Smith", "O'Brien", "Weiß", "Ōe", "Garcia", "Ivanova", "De la Cruz", "Wilson-Lee"];
    let mut files = ["id,who,given,last,born,no,street\n"; 2].map(String::from);
    for person in 0..700_u64 {
        let mut draws = Seed(9).stream(Decision::named("test.person"), person);
        let mut house = Seed(9).stream(Decision::named("test.house"), person / 2);
        let surname = SURNAME[house.below(9) as usize];
        let (number, street) =
            (1 + house.below(90), ["Oak Street", "Peñón Road", "North Ave"][house.below(3) as usize]);
        let given = GIVEN[draws.below(8) as usize];
        let born = format!("{}-{:02}-{:02}", 1940 + draws.below(60), 1 + draws.below(12), 1 + draws.below(28));
        for (side, file) in files.iter_mut().enumerate() {
            if draws.chance(0.2) {
                continue;
            }
            let slip = |text: &str, draws: &mut crate::random::Stream| match draws.below(12) {
                0 => String::new(),
                1 => text.chars().skip(1).collect(),
                _ => text.to_owned(),
            };
            let (given, surname) = (slip(given, &mut draws), slip(surname, &mut draws));
            let born = slip(&born, &mut draws);
            file.push_str(&format!("{side}-{person},p{person},{given},{surname},{born},{number},{street}\n"));
        }
    }
    let spec = Spec::parse(
        "spec.toml",
        r#"
        id = "id"
        truth = { column = "who", pattern = "p(.+)" }
        groups = ["given"]
        [fields]
        given_name = "given"
        surname = "last"
        date_of_birth = "born"
        house_number = "no"
        street = "street"
        "#,
    )
    .unwrap();
    let pair = LabelledPair::from_readers(("a.csv", files[0].as_bytes()), ("b.csv", files[1].as_bytes()), &spec);
    (pair.unwrap(), spec)
}

#[test]
fn exchanging_the_files_changes_no_pair_and_no_score() {
    let (files, spec) = small();
    let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
    // Low enough for the guard to leave something out.
    link_spec.max_pairs_per_key = 12;
    let one_way = link(&files, &link_spec);
    let other_way = link(&files.turned(), &link_spec);
    assert!(one_way.by_rule.iter().any(|rule| rule.left_out.keys > 0));
    assert!(one_way.pairs.len() > 500);
    let mut pairs: Vec<ScoredPair> =
        other_way.pairs.iter().map(|pair| ScoredPair { a: pair.b, b: pair.a, ..*pair }).collect();
    pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    assert_eq!(one_way.pairs, pairs);
    assert_eq!(one_way.curve, other_way.curve);
    assert_eq!(one_way.by_rule, other_way.by_rule);
}

#[test]
fn counts_add_up_and_the_result_is_the_same_every_time() {
    let (files, spec) = small();
    let link_spec = LinkSpec::from_spec(&spec).unwrap();
    let result = link(&files, &link_spec);
    summary("small", &result);
    assert_eq!(result.pairs, link(&files, &link_spec).pairs);
    let counts = result.counts;
    // Eight given names and nine surnames: relatives of one given name are many, and meant to be.
    assert!(result.best_f1.unwrap().f1 > 0.9);
    assert_eq!(counts.candidate_pairs, result.by_rule.iter().map(|rule| rule.pairs).sum::<u64>());
    assert_eq!(counts.candidate_true_pairs, result.by_rule.iter().map(|rule| rule.true_pairs).sum::<u64>());
    let last = result.curve.last().unwrap();
    assert_eq!(last.returned_right, counts.candidate_true_pairs);
    assert_eq!(last.returned_right + last.returned_wrong, counts.candidate_pairs);
    assert!(result.curve.windows(2).all(|points| points[0].threshold > points[1].threshold));
    let (records, right, of): (Vec<u64>, Vec<u64>, Vec<u64>) = result
        .by_group
        .iter()
        .map(|group| (group.records, group.recall.rate.hits, group.recall.rate.trials))
        .fold(Default::default(), |mut sums: (Vec<u64>, Vec<u64>, Vec<u64>), (records, hits, trials)| {
            sums.0.push(records);
            sums.1.push(hits);
            sums.2.push(trials);
            sums
        });
    assert_eq!(records.iter().sum::<u64>(), counts.records_a);
    assert_eq!(right.iter().sum::<u64>(), counts.returned_right);
    assert_eq!(of.iter().sum::<u64>(), counts.true_pairs);
    for pair in result.pairs.iter().step_by(7) {
        let why = result.explain(&files, &link_spec, pair.a as usize, pair.b as usize);
        assert_eq!(why.terms.iter().map(|term| term.value).sum::<i32>(), pair.score.0);
        assert_eq!(why.levels, pair.evidence.named(&result.comparisons));
    }
}

#[test]
fn the_exact_assignment_is_the_best_of_all_and_greedy_is_one() {
    let mut ties = 0;
    for round in 0..400 {
        let mut draws = Seed(2).stream(Decision::named("test.assignment"), round);
        // A few records of one file and many of the other, either way about, among them.
        let [most_a, most_b] = [[5, 5], [2, 9], [9, 2]][round as usize % 3];
        let (n, m) = (1 + draws.below(most_a) as u32, 1 + draws.below(most_b) as u32);
        let mut pairs = Vec::new();
        for a in 0..n {
            for b in 0..m {
                if draws.chance(0.6) {
                    let score = Score(draws.below(if round % 2 == 0 { 40 } else { 4 }) as i32 - 10);
                    pairs.push(ScoredPair { a, b, rule: 0, evidence: Evidence::new(&[]), score });
                }
            }
        }
        let lowest = pairs.iter().map(|pair| pair.score.0).min().unwrap_or(0);
        let total = |pairs: &[ScoredPair]| pairs.iter().map(|pair| pair.score.0 - lowest + 1).sum::<i32>();
        fn best_total(pairs: &[ScoredPair], lowest: i32, used: &[ScoredPair]) -> i32 {
            let Some((first, rest)) = pairs.split_first() else { return 0 };
            let without = best_total(rest, lowest, used);
            if used.iter().any(|pair| pair.a == first.a || pair.b == first.b) {
                return without;
            }
            let used = [used, &[*first]].concat();
            without.max(first.score.0 - lowest + 1 + best_total(rest, lowest, &used))
        }
        if pairs.len() > 14 {
            continue;
        }
        const KEY: Decision = Decision::named("test.key");
        let key = |pair: &ScoredPair| Seed(3).stream(KEY, u64::from(pair.a * 16 + pair.b)).bits();
        let pairs_of = |taken: &[Taken]| taken.iter().map(|taken| taken.pair).collect::<Vec<_>>();
        let taken = one_to_one(&pairs, None, key);
        let (chosen, greedy) = (pairs_of(&taken), pairs_of(&greedy(pairs.clone(), key)));
        for chosen in [&chosen, &greedy] {
            let once = |row: fn(&ScoredPair) -> u32| {
                let mut rows: Vec<u32> = chosen.iter().map(row).collect();
                rows.sort_unstable();
                rows.windows(2).all(|pair| pair[0] != pair[1])
            };
            assert!(once(|pair| pair.a) && once(|pair| pair.b));
        }
        let best = best_total(&pairs, lowest, &[]);
        assert_eq!(total(&chosen), best, "round {round}");
        for Taken { pair, tied } in taken {
            let others: Vec<ScoredPair> = pairs.iter().filter(|other| **other != pair).copied().collect();
            assert_eq!(tied, best_total(&others, lowest, &[]) == best, "round {round}, {pair:?}");
            ties += usize::from(tied);
        }
        assert!(total(&greedy) <= total(&chosen));
    }
    assert!(ties > 50, "{ties}");
}

#[test]
fn one_record_that_resembles_a_whole_file_takes_no_memory_of_that_size() {
    const KEY: Decision = Decision::named("test.key");
    let key = |pair: &ScoredPair| Seed(3).stream(KEY, u64::from(pair.a) << 32 | u64::from(pair.b)).bits();
    // Three records against 400,000: the matrix of all of them would take 1.2 million cells of 16 bytes in each step.
    let score = |a: u32, b: u32| Score(if b == 7 * a + 1 { 500 } else { (b % 400) as i32 });
    let pairs: Vec<ScoredPair> = (0..3)
        .flat_map(|a| (0..400_000).map(move |b| (a, b)))
        .map(|(a, b)| ScoredPair { a, b, rule: 0, evidence: Evidence::new(&[]), score: score(a, b) })
        .collect();
    let taken = one_to_one(&pairs, None, key);
    assert_eq!(taken.iter().map(|taken| (taken.pair.a, taken.pair.b)).collect::<Vec<_>>(), [(0, 1), (1, 8), (2, 15)]);
}

/// A country of families in two files without addresses, some of whose members use the number of another.
fn with_borrowed_numbers() -> (LabelledPair, Spec) {
    let mut files = ["id,who,given,last,born,ssn\n"; 2].map(String::from);
    for person in 0..9_000_u64 {
        let of = |name: &str, index: u64, n: u64| Seed(4).stream(Decision::named(name), index).below(n);
        let family = person / 3;
        let given =
            format!("{}{}", ["Zoë", "Ana", "Łu", "Jo", "Bjø"][of("one", person, 5) as usize], of("two", person, 40));
        let surname = format!("Nuñez{}", of("surname", family, 1_500));
        let born = format!(
            "{}-{:02}-{:02}",
            1940 + of("year", person, 60),
            1 + of("month", person, 12),
            1 + of("day", person, 28)
        );
        for (side, file) in files.iter_mut().enumerate() {
            let index = person * 2 + side as u64;
            let owner = if of("borrows", index, 9) == 0 { family * 3 } else { person };
            let number = 100_000_000 + of("number", owner, 800_000_000);
            let given = if of("slip", index, 12) == 0 { given.replace('a', "e") } else { given.clone() };
            if of("absent", index, 6) > 0 {
                file.push_str(&format!("{side}-{person},p{person},{given},{surname},{born},{number}\n"));
            }
        }
    }
    let spec = "id = \"id\"\ntruth = \"who\"\n[fields]\ngiven_name = \"given\"\nsurname = \"last\"\n\
                date_of_birth = \"born\"\nnumber = \"ssn\"\n";
    let spec = Spec::parse("spec.toml", spec).unwrap();
    let pair = LabelledPair::from_readers(("a.csv", files[0].as_bytes()), ("b.csv", files[1].as_bytes()), &spec);
    (pair.unwrap(), spec)
}

#[test]
fn relatives_without_addresses_who_share_a_number_are_not_one_person() {
    let (files, spec) = with_borrowed_numbers();
    let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
    let with = link(&files, &link_spec);
    link_spec.model.household_guard = HouseholdGuard::Off;
    let without = link(&files, &link_spec);
    assert!(without.counts.returned_wrong > 100, "{:?}", without.counts);
    assert!(with.counts.returned_wrong * 10 < without.counts.returned_wrong, "{:?}", with.counts);
    assert!(with.rates.recall.rate.value().unwrap() > 0.99, "{:?}", with.counts);
    let pair = with.pairs.iter().find(|pair| pair.score > with.threshold).unwrap();
    let why = with.explain(&files, &link_spec, pair.a as usize, pair.b as usize);
    assert_eq!(why.terms.iter().map(|term| term.value).sum::<i32>(), pair.score.0);
}

#[test]
fn default_blocking_takes_what_finds_matches_and_leaves_out_what_makes_pairs() {
    let (files, spec) = with_borrowed_numbers();
    let mut link_spec = LinkSpec::from_spec(&spec).unwrap();
    let chosen = link(&files, &link_spec);
    link_spec.choose_rules = false;
    link_spec.max_pairs_per_rule = 100_000;
    let all = link(&files, &link_spec);
    assert!(all.rules_left_out.is_empty() && !chosen.rules_left_out.is_empty());
    assert_eq!(all.by_rule.len(), link_spec.blocking.len());
    let (few, many) = (&chosen.counts, &all.counts);
    assert!(few.candidate_pairs * 2 < many.candidate_pairs, "{few:?} {many:?}");
    assert!(few.candidate_true_pairs * 1_000 > many.candidate_true_pairs * 999, "{few:?} {many:?}");
    // What a rule left out would add is what it adds where it is used.
    let left_out = chosen.rules_left_out.iter().filter(|rule| rule.matches.is_some());
    let left_out = left_out.max_by_key(|rule| rule.pairs).unwrap();
    link_spec.blocking = chosen.by_rule.iter().map(|counts| counts.rule.clone()).collect();
    link_spec.blocking.push(left_out.rule.clone());
    link_spec.max_pairs_per_rule = u64::MAX;
    let with_it = link(&files, &link_spec);
    assert_eq!(with_it.by_rule.last().unwrap().pairs, left_out.pairs);
}

#[test]
fn a_rule_set_links_and_what_is_wrong_with_one_is_said() {
    let (files, spec) = small();
    let with = |model: &str| {
        let mut spec = spec.clone();
        spec.model = Some(model.parse().unwrap());
        LinkSpec::from_spec(&spec)
    };
    let rules = with(
        r#"
        threshold = 2
        assignment = "best"
        [[rule]]
        name = "names and date"
        strength = 2
        all = ["given_name: similar 0.92", "surname: similar 0.92", "date_of_birth: same"]
        "#,
    );
    let rules = rules.unwrap();
    let result = link(&files, &rules);
    assert_eq!(result.threshold, Score(2000));
    let saved = toml::to_string(&result.saved(&rules).unwrap()).unwrap();
    let mut extensions = Extensions::new();
    extensions.read_files_with(move |_| Ok(saved.clone()));
    let loading = |model: &str| {
        let mut spec = spec.clone();
        spec.model = Some(format!("load = \"model.toml\"\n{model}").parse().unwrap());
        LinkSpec::extended(&spec, &extensions)
    };
    assert_eq!(loading("").unwrap().threshold, Some(Score(2000)));
    let message = loading("kind = \"logistic\"\nsessions = \"per-rule\"").unwrap_err().to_string();
    assert!(
        message.contains("model.sessions") && message.contains("has no effect on a model that is loaded"),
        "{message}"
    );
    assert!(result.training.is_none());
    assert!(result.rates.precision.rate.value().unwrap() > 0.99);
    for (model, expected) in [
        ("kind = \"felegi-sunter\"", "did you mean \"fellegi-sunter\"?"),
        ("kind = \"rules\"", "a rule set needs rules"),
        ("load = \"model.toml\"", "write the model itself under [model.saved]"),
        ("train_share = 0.3", "has no effect on a model of kind \"fellegi-sunter\""),
        ("starts = 100000000", "write at most 1000"),
        ("margin = -5", "write 0 or more"),
        ("[[comparison]]\nkind = \"address\"\nfield = \"street\"", "field"),
        ("tresholds = 1", "did you mean \"threshold\"?"),
        ("assignment = \"one to one\"", "did you mean \"one-to-one\"?"),
        ("[[rule]]\nname = \"x\"\nstrength = 1\nall = [\"zip: same\"]", "\"date_of_birth\""),
        ("[[comparison]]\nkind = \"exact\"\nfield = \"zip\"", "not among the [fields]"),
        ("[[comparison]]\nkind = \"jaro_winkler\"\nfield = \"surname\"\ncuts = [92]", "above 0 and at most 1"),
        ("threshold = nan", "NaN is not a finite number"),
        ("[[comparison]]\nkind = \"exakt\"\nfield = \"zip\"", "exact"),
        ("[[comparison]]\nkind = \"exact\"\nfield = \"surname\"\ngivn = \"zip\"", "did you mean \"given\"?"),
        ("[[comparison]]\nkind = \"exact\"\nfeild = \"surname\"", "did you mean \"field\"?"),
        ("[[comparison]]\nkid = \"exact\"\nfield = \"surname\"", "did you mean it by \"kid\"?"),
        ("[[comparison]]\nfield = \"surname\"", "the key \"kind\" is missing; add kind = "),
        (
            "[[comparison]]\nkind = \"exact\"\nfield = \"surname\"\n[[comparison]]\nkind = \"address\"\ncuts = [1]",
            "model.comparison, number 2",
        ),
        ("[[rule]]\nname = \"x\"\nstrenght = 1\nall = [\"surname: same\"]", "did you mean \"strength\"?"),
    ] {
        let message = with(model).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
    let mut spec = spec.clone();
    spec.blocking = Some("rules = [\"surnam:4\"]".parse().unwrap());
    assert!(LinkSpec::from_spec(&spec).unwrap_err().to_string().contains("did you mean \"surname\"?"));
    spec.blocking = Some("rules = [\"date_of_birth as recorded:year\"]".parse().unwrap());
    assert!(LinkSpec::from_spec(&spec).unwrap_err().to_string().contains("leave out \"as recorded\""));
}
