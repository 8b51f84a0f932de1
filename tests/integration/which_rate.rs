//! `docs/which-error-rate.md`: six error rates of one run. `NAMESAKE_BLESS=1 cargo test which_rate` writes it anew.

use crate::support::{same_or_blessed, scenario};
use namesake::evaluation::{Measured, RateId};
use namesake::experiment::run;
use namesake::report::thousands;

/// A rate, what it may be called, and who would quote it.
const SIX: [(RateId, &str, &str); 6] = [
    (RateId::Missed, "false negative rate, or miss rate", "whoever asked, and calls for a looser rule"),
    (
        RateId::WrongAmongAnswers,
        "false discovery rate, or false match rate in record linkage",
        "a court, or a reporter who holds the list of answers",
    ),
    (
        RateId::AnsweredThoughAbsent,
        "false positive identification rate",
        "an evaluator who learned the trade in biometrics",
    ),
    (
        RateId::WrongPerson,
        "share of requests in error",
        "the office that answered, and an auditor who sampled its requests",
    ),
    (
        RateId::PeopleExposed,
        "exposure",
        "somebody on file who has nothing to do with it and asks how likely it is to be next",
    ),
    (
        RateId::PairFalseMatch,
        "false match rate in biometrics, or 1 − specificity",
        "who compares matching programs, and brochures",
    ),
];

#[test]
fn six_error_rates_of_one_run_lie_orders_of_magnitude_apart_and_each_is_correct() {
    let scenario = scenario(&["population.people=200000", "requester.requests=2000", "beside=[]"]);
    let outcome = run(&scenario, &|_| {});
    let rates = &outcome.evaluation.groups.rates;
    let mut six: Vec<(RateId, &str, &str, &Measured)> =
        SIX.into_iter().map(|(id, called, by)| (id, called, by, &rates[&id])).collect();
    let value = |measured: &Measured| measured.rate.value().unwrap();
    six.sort_by(|a, b| value(b.3).total_cmp(&value(a.3)));
    assert!(value(six[0].3) > 1e4 * value(six[5].3) && value(six[5].3) > 0.0);

    // Counted again from what became of each request.
    let of = |id: RateId| six.iter().find(|row| row.0 == id).map(|row| (row.3.rate.hits, row.3.rate.trials)).unwrap();
    let judged = &outcome.judged;
    let count = |test: &dyn Fn(&(bool, u64, u64)) -> bool| {
        let facts = judged.iter().map(|j| {
            let wrong = j.returned.iter().filter(|(_, right)| !right).count() as u64;
            (j.on_file, wrong, j.returned.len() as u64 - wrong)
        });
        facts.filter(|facts| test(facts)).count() as u64
    };
    let wrong = outcome.disclosures.len() as u64;
    let returned: u64 = judged.iter().map(|j| j.returned.len() as u64).sum();
    let on_file = count(&|(on_file, ..)| *on_file);
    let requests = judged.len() as u64;
    assert_eq!(of(RateId::WrongAmongAnswers), (wrong, returned));
    assert_eq!(of(RateId::WrongPerson), (count(&|(_, wrong, _)| *wrong > 0), requests));
    assert_eq!(of(RateId::Missed), (count(&|(on_file, _, right)| *on_file && *right == 0), on_file));
    let absent = count(&|(on_file, wrong, right)| !on_file && wrong + right > 0);
    assert_eq!(of(RateId::AnsweredThoughAbsent), (absent, requests - on_file));
    assert_eq!(of(RateId::PairFalseMatch).1, requests * outcome.evaluation.holder_records - on_file);
    assert!(of(RateId::PeopleExposed).0 <= wrong && of(RateId::PeopleExposed).1 < outcome.evaluation.holder_records);

    let mut table = format!(
        "\n{} requests; a file of {} records about {} people; {} of the people sought are on it. {} persons were returned, \
         {wrong} of them somebody else.\n\n| the error rate is … | it is called | hits | of trials | 95 % interval | who \
         would quote it |\n|---|---|---|---|---|---|\n",
        thousands(requests),
        thousands(outcome.evaluation.holder_records),
        thousands(scenario.population.people),
        thousands(on_file),
        thousands(returned),
    );
    for (name, called, by, measured) in &six {
        let interval = measured.interval.unwrap();
        table += &format!(
            "| **{}** | {called} (`{name}`) | {} | {} {} | {} to {} | {by} |\n",
            share(value(measured)),
            thousands(measured.rate.hits),
            thousands(measured.rate.trials),
            measured.of,
            share(interval.low),
            share(interval.high),
        );
    }
    same_or_blessed("docs/which-error-rate.md", Some("six rates"), &format!("{table}\n"));
}

/// Per cent with two figures that say something.
fn share(share: f64) -> String {
    let percent = 100.0 * share;
    if percent == 0.0 {
        return "0 %".to_string();
    }
    let places = (1.0 - percent.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{percent:.places$} %")
}
