//! One engine: what `link` accepts as a model runs in a scenario, word for word, and so does custom code.

use namesake::bridge::{LabelledPair, Spec};
use namesake::experiment::link::{LinkSpec, link};
use namesake::experiment::{Outcome, prepare_with, run};
use namesake::linkage::{Assignment, Extensions, ModelKind};
use namesake::record::Field;
use namesake::scenario::Scenario;

#[path = "../../examples/own_matcher.rs"]
mod own_matcher;

const BLOCKING: &str = "rules = [\"surname:4 + zip\", \"street + house_number\", \"surname + date_of_birth\"]";

const COMPARISONS: &str = r#"
comparison = [
    { name = "given name", kind = "given_name", field = "given_name" },
    { name = "surname", kind = "surname", field = "surname" },
    { name = "date of birth", kind = "date", field = "date_of_birth" },
    { name = "address", kind = "address" },
]
"#;

/// Every kind of model that needs no code, each with the keys that go with it.
fn models() -> Vec<(ModelKind, String)> {
    let rules =
        "\nrule = [{ name = \"all\", strength = 1, all = [\"surname: similar 0.92\", \"address: same building\"] }]";
    let points = "\nweight = [{ comparison = \"surname\", points = { same = 3, differs = -2 } }, \
                  { comparison = \"address\", points = { \"same dwelling\" = 2 } }]";
    [
        (ModelKind::FellegiSunter, String::new()),
        (ModelKind::FellegiSunter, COMPARISONS.to_string()),
        (ModelKind::FellegiSunter, format!("household_guard = false\nterm_frequencies = false\n{COMPARISONS}")),
        (ModelKind::FellegiSunter, format!("sessions = \"per-rule\"\nthreshold = 3\n{COMPARISONS}")),
        (ModelKind::Rules, format!("{COMPARISONS}{rules}")),
        (ModelKind::Weights, format!("threshold = 4.5\n{COMPARISONS}{points}")),
        (ModelKind::Logistic, format!("kind = \"logistic\"\n{COMPARISONS}")),
        (ModelKind::Boosted, format!("kind = \"boosted\"\nthreshold = 1\n{COMPARISONS}")),
    ]
    .into()
}

fn route(model: &str, extensions: &Extensions) -> Result<Scenario, String> {
    let text = format!(
        "base = \"tax-address-request-assumed\"\nname = \"mine\"\n[population]\npeople = 10_240\n[requester]\nrequests = 300\n\
         on_file = {{ value = 0.7, basis = \"assumed\", source = \"the test\", range = [0.0, 1.0] }}\n\
         [[routes]]\nname = \"all\"\nwhen = \"always\"\ncompares = [\"name\"]\nbasis = \"assumed\"\n\
         alternatives = [\"another\"]\nsource = \"the test\"\n\
         [routes.blocking]\n{BLOCKING}\n[routes.model]\n{model}"
    );
    Scenario::extended(&text, "mine.toml", &[], extensions).map_err(|error| error.to_string())
}

/// A run in which every request has one fate, most people on file are found, and a second run gives the same.
fn works(model: &str, extensions: &Extensions) -> Outcome {
    let scenario = route(model, extensions).unwrap_or_else(|error| panic!("{model}: {error}"));
    let outcome = run(&scenario, &|_| {});
    let requests = outcome.judged.len();
    assert_eq!(outcome.evaluation.fates.values().sum::<u64>(), requests as u64, "{model}");
    let right = outcome.judged.iter().filter(|judged| judged.returned.iter().any(|(_, right)| *right)).count();
    assert!(right * 5 > requests, "{model}: {right} of {requests} found");
    // What it was told, and no more, makes a scenario again.
    let again = Scenario::extended(&scenario.to_toml(), "again", &[], extensions).unwrap();
    assert_eq!(again, scenario, "{model}");
    outcome
}

/// Two small files with the fields of the scenario, about invented people.
fn files() -> (String, String) {
    let mut files = ["id,who,given,last,born,number,street,zip\n"; 2].map(String::from);
    for person in 0_u64..1_200 {
        let draw = |name: u64, n: u64| (((person << 8) + name).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % n;
        let given = ["ZOË", "ANA", "ŁUKASZ", "MARIA", "JOHN", "BJØRN", "EVE"][draw(1, 7) as usize];
        let last = ["NUÑEZ", "SMITH", "O'BRIEN", "WEISS", "GARCIA", "IVANOVA"][draw(2, 6) as usize];
        let born = format!("{}-{:02}-{:02}", 1940 + draw(3, 60), 1 + draw(4, 12), 1 + draw(5, 28));
        let (number, zip) = (1 + draw(6, 90), 10_000 + draw(7, 30));
        for (side, file) in files.iter_mut().enumerate() {
            let given = if draw(8 + side as u64, 9) == 0 { "" } else { given };
            let last: String = last.chars().skip(usize::from(draw(10 + side as u64, 8) == 0)).collect();
            file.push_str(&format!("{side}-{person},p{person},{given},{last},{born},{number},Oak Street,Q{zip}\n"));
        }
    }
    let [a, b] = files;
    (a, b)
}

/// A spec of the two files with a model.
fn spec(model: &str) -> Spec {
    let spec = format!(
        "id = \"id\"\ntruth = \"who\"\n[fields]\ngiven_name = \"given\"\nsurname = \"last\"\ndate_of_birth = \"born\"\n\
         house_number = \"number\"\nstreet = \"street\"\nzip = \"zip\"\n[blocking]\n{BLOCKING}\n[model]\n{model}"
    );
    Spec::parse("spec.toml", &spec).unwrap()
}

#[test]
fn one_to_one_hands_no_record_over_for_two_requests() {
    let outcome = |answers: &str| {
        // Names are not told apart within a household, so that relatives who are sought have the same best answer.
        let rule = "rule = [{ name = \"home\", strength = 1, all = [\"surname: same\", \"address: same building\"] }]";
        let scenario = route(&format!("{COMPARISONS}{rule}"), &Extensions::new()).unwrap();
        let sets =
            ["requester.list=like_population", "requester.requests=2000", &format!("agreement.answers={answers}")];
        let scenario = scenario.with("test", &sets.map(String::from)).unwrap();
        run(&scenario, &|_| {})
    };
    let records = |outcome: &Outcome| -> Vec<u64> {
        let returned = outcome.judged.iter().flat_map(|judged| &judged.returned);
        let mut records: Vec<u64> = returned.map(|(answer, _)| answer.record.0).collect();
        records.sort_unstable();
        records
    };
    let (best, single) = (outcome("best"), outcome("one_to_one"));
    let twice = |records: &[u64]| records.windows(2).filter(|two| two[0] == two[1]).count();
    assert!(twice(&records(&best)) > 0, "the test has nothing to show: {}", records(&best).len());
    assert_eq!(twice(&records(&single)), 0);
    assert!(records(&single).len() > 20 && single.judged.iter().all(|judged| judged.returned.len() <= 1));
    assert_eq!(single.evaluation.fates.values().sum::<u64>(), single.judged.len() as u64);
}

#[test]
fn code_of_one_s_own_links_two_files() {
    let (a, b) = files();
    let spec = spec(
        "kind = \"custom\"\nuse = \"ballot\"\ncomparison = [{ name = \"given name\", kind = \"custom\", \
         use = \"consonants\", fields = [\"given_name\"] }, { kind = \"date\", field = \"date_of_birth\" }]",
    );
    let how = LinkSpec::extended(&spec, &own_matcher::extensions()).unwrap();
    let pair = LabelledPair::from_readers(("a.csv", a.as_bytes()), ("b.csv", b.as_bytes()), &spec).unwrap();
    let result = link(&pair, &how);
    assert!(result.rates.precision.rate.value().unwrap() > 0.7, "{:?}", result.counts);
    assert!(result.counts.returned_right > 100 && result.training.is_none() && result.saved(&how).is_none());
    let matched = result.pairs.iter().find(|pair| pair.score >= result.threshold).unwrap();
    let why = result.explain(&pair, &how, matched.a as usize, matched.b as usize);
    assert_eq!(why.terms.iter().map(|term| term.value).sum::<i32>(), matched.score.0);
    assert!(LinkSpec::from_spec(&spec).unwrap_err().to_string().contains("Extensions::add_comparison"));
}

#[test]
fn any_model_that_link_accepts_runs_in_a_scenario() {
    let (a, b) = files();
    for (kind, model) in models() {
        works(&model, &Extensions::new());
        // The same words in a spec of two files.
        let spec = spec(&model);
        let how = LinkSpec::from_spec(&spec).unwrap_or_else(|error| panic!("{model}: {error}"));
        let pair = LabelledPair::from_readers(("a.csv", a.as_bytes()), ("b.csv", b.as_bytes()), &spec).unwrap();
        let result = link(&pair, &how);
        assert!(result.counts.returned_right > 100, "{model}: {:?}", result.counts);
        // What is saved there is loaded here.
        let saved = toml::to_string(&result.saved(&how).unwrap()).unwrap();
        let mut extensions = Extensions::new();
        extensions.read_files_with(move |name| if name == "saved.toml" { Ok(saved.clone()) } else { Err(name.into()) });
        let loaded = works("load = \"saved.toml\"", &extensions);
        let trained = matches!(kind, ModelKind::FellegiSunter | ModelKind::Logistic | ModelKind::Boosted);
        assert!(loaded.trained.is_empty());
        let claims = loaded.evaluation.claimed.is_some();
        assert_eq!(claims, trained, "{model}: a model with match weights claims probabilities");
    }
    // No kind is left out but the one that needs code.
    let seen: Vec<ModelKind> = models().into_iter().map(|(kind, _)| kind).collect();
    let of_own = |kind: &ModelKind| *kind == ModelKind::Custom;
    assert!(ModelKind::ALL.iter().all(|kind| of_own(kind) || seen.contains(kind)));
}

#[test]
fn a_key_that_means_nothing_in_a_route_is_refused_with_what_to_write() {
    let refused = |model: &str| route(model, &Extensions::new()).expect_err(model);
    for (model, hint) in [
        ("assignment = \"best\"", "agreement.answers"),
        ("margin = 3", "agreement.margin"),
        ("floor = 3", "the terms say who is handed over"),
        ("kind = \"logistic\"\ntrain_share = 0.5", "every request is counted"),
        ("starts = 3", "give them to link"),
        ("load = \"model.toml\"", "[model.saved]"),
        ("kind = \"custom\"\nuse = \"votes\"", "Extensions::add_model"),
        ("kind = \"custom\"", "use = \"NAME\""),
        ("comparison = [{ kind = \"custom\", use = \"mine\", fields = [\"surname\"] }]", "Extensions::add_comparison"),
        ("kind = \"rules\"", "[[model.rule]]"),
        ("kind = \"weights\"", "[[model.weight]]"),
        ("kind = \"felegi-sunter\"", "did you mean \"fellegi-sunter\"?"),
        (
            "sessions = \"per-rule\"\nkind = \"rules\"\nrule = [{ name = \"x\", strength = 1, all = [\"surname: same\"] }]",
            "leave it out",
        ),
        ("treshold = 2", "did you mean \"threshold\"?"),
        ("comparison = [{ kind = \"exact\", field = \"shoe size\" }]", "field of neither file"),
        ("rule = [{ name = \"x\", strength = 0, all = [\"surname: same\"] }]", "strength = 1"),
        ("rule = [{ name = \"x\", strength = 1, all = [] }]", "no condition"),
    ] {
        let message = refused(model);
        assert!(message.contains(hint), "{model}: {message}");
    }
    let saved = "format = \"namesake.model/1\"\n[model]\nkind = \"weights\"\nweight = []\n[[comparison]]\nkind = \"exact\"\nfield = \"surname\"\n";
    let mut extensions = Extensions::new();
    extensions.read_files_with(move |_| Ok(saved.to_string()));
    let message = route(&format!("load = \"x.toml\"\n{COMPARISONS}"), &extensions).unwrap_err();
    assert!(message.contains("comparisons, rules and points of its own"), "{message}");
    let guarded = "[[routes]]\nname = \"x\"";
    assert!(refused(&format!("{COMPARISONS}{guarded}")).contains("missing key"));
    assert!(Assignment::ALL.len() == 5);
}

#[test]
fn code_of_one_s_own_loses_no_fate_no_cause_no_group_and_no_interval() {
    let sets = ["population.people=40_960", "requester.requests=1_500", "routes.name and address.model.threshold=1"];
    let (scenario, outcome) = own_matcher::outcome(&sets).unwrap();
    let evaluation = &outcome.evaluation;
    assert_eq!(evaluation.fates.values().sum::<u64>(), outcome.judged.len() as u64);
    // Wrong returns have a cause each.
    assert!(outcome.disclosures.len() > 5, "{}", outcome.disclosures.len());
    assert!(outcome.trained.is_empty() && evaluation.claimed.is_none());
    // The custom kind of error is in the records of wrong returns, in its place among the built-in kinds.
    let silent_h = own_matcher::errors().kind("silent_h").unwrap();
    let of_pairs = || outcome.disclosures.iter().map(|wrong| wrong.attribution.errors());
    assert!(of_pairs().flatten().any(|found| found.error.kind == silent_h));
    assert!(of_pairs().all(|errors| errors.is_sorted()));
    // Groups and intervals are in the results as in any run.
    let results = namesake::results::Results::of(&scenario, &outcome).to_json();
    let results: serde_json::Value = serde_json::from_str(&results).unwrap();
    let rate = &results["rates"]["wrong_among_answers"];
    assert!(rate["low"].as_f64() < rate["rate"].as_f64() && rate["rate"].as_f64() < rate["high"].as_f64(), "{rate}");
    assert!(!evaluation.groups.by_group.is_empty() && !outcome.beside.is_empty());
    // A score explains itself, in the words of the model.
    let run = prepare_with(&scenario, &own_matcher::errors(), &|_| {}).swap_remove(0);
    let world = run.world();
    // A pair whose surnames are the same text.
    let (request, answer, record) = (outcome.judged.iter().enumerate())
        .flat_map(|(request, judged)| judged.returned.iter().map(move |(answer, _)| (request, *answer)))
        .map(|(request, answer)| {
            let person = world.truth().person_of(answer.record);
            let block = world.country().block(person.block());
            let subject = namesake::agency::Subject::of(&block, person.slot());
            (request, answer, world.holder().remade(subject, namesake::agency::ErrorSet::NONE, answer.record))
        })
        .find(|(request, _, record)| {
            record.value(0, &Field::Surname) == run.requests().records().value(*request, &Field::Surname)
        })
        .unwrap();
    let why = run.explain(request, &record).unwrap();
    assert_eq!(why.score, answer.score);
    assert_eq!(why.terms.iter().map(|term| term.value).sum::<i32>(), why.score.0);
    assert_eq!(why.levels[1].1, "same", "{why:?}");
    assert!(why.terms.iter().all(|term| term.name.starts_with("vote")), "{why:?}");
}
