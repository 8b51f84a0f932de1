//! `docs/glossary.md`: its table of rates is the catalogue. `NAMESAKE_BLESS=1 cargo test glossary` writes it anew.

use crate::support::{MANY_ORDERS, same_or_blessed, scenario};
use namesake::evaluation::{Method, RateId, Scope};
use namesake::experiment::run;

#[test]
fn the_table_of_rates_is_the_catalogue() {
    same_or_blessed("docs/glossary.md", Some("rates"), &format!("\n{}\n", RateId::markdown()));
}

#[test]
fn a_run_has_the_rates_of_the_catalogue_with_the_intervals_it_names() {
    let outcome =
        run(&scenario(&[MANY_ORDERS, "population.people=25600", "requester.requests=500", "beside=[]"]), &|_| {});
    let groups = &outcome.evaluation.groups;
    let of = |scopes: &[Scope]| -> Vec<RateId> {
        RateId::ALL.iter().copied().filter(|id| scopes.contains(&id.entry().scope)).collect()
    };
    let overall: Vec<RateId> = groups.rates.keys().copied().collect();
    assert_eq!(overall, of(&[Scope::Everywhere, Scope::Overall]));
    for rates in groups.by_group.iter().flat_map(|(_, of_values)| of_values).chain([&groups.rates]) {
        if !std::ptr::eq(rates, &groups.rates) {
            assert_eq!(rates.keys().copied().collect::<Vec<_>>(), of(&[Scope::Everywhere, Scope::Groups]));
        }
        for (id, measured) in rates {
            assert_eq!(measured.of, id.trials(), "{id}");
            let exact = match id.entry().interval {
                Method::Clustered => Method::ClusteredExact,
                other => panic!("{id}: {other:?} has no exact form"),
            };
            assert!([id.entry().interval, exact].contains(&measured.method), "{id}: {:?}", measured.method);
        }
    }
}
