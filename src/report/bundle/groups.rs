//! The table of groups: the run itself, and the runs beside it.

use crate::report::table::{Columns, Rows, Table};
use crate::results::{Group, Rates, Results};
use crate::scenario::Beside;

/// `groups.csv`.
pub(super) static GROUPS: Table = Table {
    file: "groups.csv",
    row: "a rate of a group in one of the runs",
    columns: || {
        Columns::of(&[
            ("run", "`this`, or the run beside it: `equal_capture`, `same_mix`"),
            ("attribute", "the attribute, or two with a comma"),
            ("value", "the value, or two with a comma"),
            ("rate", "the rate; see docs/glossary.md"),
            ("hits", "its hits"),
            ("trials", "its trials"),
            ("share", "hits over trials"),
            ("low", "the lower end of its 95 % interval"),
            ("high", "the upper end"),
            ("interval", "the method of the interval"),
            ("caution", "`too few to tell` below 30 trials, `too few to compare` below 10 hits"),
        ])
    },
    rows: |results, _| Some(all_rows(results)),
};

/// The rows of groups and of combinations of two, in this run and then in each beside it.
fn all_rows(results: &Results) -> Rows<'_> {
    let groups = move || {
        let attributes = results.by_group.iter().chain(&results.by_pair);
        attributes.flat_map(|(attribute, values)| values.iter().map(move |(value, group)| (attribute, value, group)))
    };
    let beside: Vec<Beside> =
        groups().next().map_or_else(Vec::new, |(.., group)| group.beside.keys().copied().collect());
    let this = groups().flat_map(|(attribute, value, group)| rows(["this", attribute, value], &group.rates));
    let others = beside.into_iter().flat_map(move |beside| {
        groups().flat_map(move |(attribute, value, group): (_, _, &Group)| {
            rows([beside.name(), attribute, value], &group.beside[&beside].rates)
        })
    });
    Box::new(this.chain(others))
}

/// A row a rate, each beginning with whose it is.
fn rows(of: [&str; 3], rates: &Rates) -> impl Iterator<Item = Vec<String>> {
    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let of = of.map(str::to_string);
    rates.iter().map(move |(id, rate)| {
        let [run, attribute, value] = of.clone();
        vec![
            run,
            attribute,
            value,
            id.to_string(),
            rate.hits.to_string(),
            rate.trials.to_string(),
            number(rate.rate),
            number(rate.low),
            number(rate.high),
            rate.interval.clone(),
            rate.caution().to_string(),
        ]
    })
}
