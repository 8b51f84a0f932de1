//! Each wrong return has one primary cause: taking it away, with all before it, ends the return. Where the clean records
//! are returned all the same no error is blamed.

use namesake::evaluation::Cause;
use namesake::experiment::Run;
use namesake::scenario::{BUILT_IN, Scenario, Seeds};
use std::collections::BTreeSet;

/// A number alone is enough, or a name alike in the same postal area: many are returned in error, for many reasons.
const LOOSE: &str = r#"
base = "tax-address-request-assumed"
name = "loose"
[[routes]]
name = "number"
when = "number_given"
compares = ["number"]
basis = "assumed"
alternatives = ["stricter"]
source = "for this test"

[routes.blocking]
rules = ["number"]

[routes.model]
kind = "rules"
threshold = 1.0
comparison = [{ name = "number", kind = "exact", field = "number" }]
[[routes.model.rule]]
name = "number"
strength = 1
all = ["number: same"]
[[routes]]
name = "address"
when = "no_number"
compares = ["name", "address"]
basis = "assumed"
alternatives = ["stricter"]
source = "for this test"

[routes.blocking]
rules = ["zip + surname:2"]

[routes.model]
kind = "rules"
threshold = 1.0
comparison = [
    { name = "given name", kind = "jaro_winkler", field = "given_name", cuts = [0.75] },
    { name = "surname", kind = "jaro_winkler", field = "surname", cuts = [0.8] },
]
[[routes.model.rule]]
name = "names alike"
strength = 1
all = ["given name: similar 0.75", "surname: similar 0.80"]
"#;

#[test]
fn removal_up_to_the_cause_ends_a_wrong_return_and_up_to_its_predecessor_does_not() {
    let (mut seen, mut latent, mut hidden) = (BTreeSet::new(), 0, Vec::new());
    for (scenario, text) in [("loose", LOOSE), BUILT_IN[2]] {
        for (seed, rule) in [(1, "all"), (2, "best"), (3, "all"), (4, "unique")] {
            let sets: Vec<String> = [
                crate::support::MANY_ORDERS.to_string(),
                "population.people=40000".to_string(),
                "requester.requests=600".to_string(),
                format!("agreement.answers={rule}"),
                "agreement.address_check=nothing".to_string(),
                "requester.errors.number_of_relative=0.3".to_string(),
                "requester.errors.wrong_digit=0.2".to_string(),
                "requester.errors.typing=0.1".to_string(),
                "holder.errors.typing=0.1".to_string(),
                "holder.errors.number_of_relative=0.1".to_string(),
            ]
            .into();
            let mut scenario = Scenario::parse_with(text, scenario, &sets).unwrap();
            scenario.seed = Seeds::all(seed);
            let run = Run::alone(&scenario, &|_| {});
            let outcome = run.outcome(&|_| {});
            for disclosure in &outcome.disclosures {
                let attribution = &disclosure.attribution;
                let survives = |changed: &[usize]| run.would_survive(&outcome, disclosure, changed);
                let errors = attribution.errors().count();
                let all: Vec<usize> = (0..attribution.counterfactuals.len()).collect();
                assert!(survives(&[]), "with every error in place it is what happened");
                match attribution.first {
                    Some(first) => {
                        assert!(!survives(&all[..=first]) && survives(&all[..first]));
                        let of_an_error = matches!(attribution.primary(), Cause::Error(_));
                        assert_eq!(of_an_error, first < errors);
                        assert_eq!(of_an_error, !survives(&all[..errors]));
                    }
                    None => assert!(survives(&all)),
                }
                for &at in &all {
                    assert_eq!(attribution.alone.contains(&at), !survives(&[at]));
                }
                let shares: f64 = attribution.by_cause().map(|(_, share)| share).sum();
                assert!((shares - 1.0).abs() < 1e-9, "{shares}");
                // A latent error takes the place of those that show, and the clean records are returned: nobody's error.
                let showing: Vec<usize> =
                    attribution.errors().enumerate().filter(|(_, error)| !error.latent).map(|(at, _)| at).collect();
                if !survives(&showing) && survives(&all[..errors]) {
                    assert!(!matches!(attribution.primary(), Cause::Error(_)));
                    hidden.push((scenario.name.clone(), seed, rule, disclosure.request));
                }
                latent += usize::from(attribution.errors().any(|error| error.latent));
                seen.insert(attribution.primary());
            }
        }
    }
    assert!(seen.len() >= 4, "too few kinds of cause to prove anything: {seen:?}");
    assert!(latent > 5, "too few latent errors to prove anything: {latent}");
    assert!(!hidden.is_empty(), "no return that undoing the errors that show would end, and undoing all would not");
    eprintln!("{hidden:?}");
}
