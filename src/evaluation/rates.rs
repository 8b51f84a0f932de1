//! Rates with their denominators and intervals, overall and by group.

use super::{Attribute, Judged, Observed, Profile};
use crate::agreement::Agreement;
use crate::record::RecordId;
use crate::stats::{Interval, Rate, clustered, wilson};
use std::collections::BTreeSet;

/// A rate, what a trial of it is, and an interval with its method.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Hits and trials.
    pub rate: Rate,
    /// What a trial is.
    pub of: &'static str,
    /// A 95 % interval, where one is claimed.
    pub interval: Option<Interval>,
    /// The method of the interval.
    pub method: Method,
}

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Wilson score interval; trials are independent requests.
    Wilson,
    /// Wilson score interval of the effective number of trials, clustered by request.
    Clustered,
    /// No interval is claimed.
    None,
}

impl Method {
    /// The words used in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Wilson => "Wilson",
            Method::Clustered => "Wilson, effective trials, clustered by request",
            Method::None => "none claimed",
        }
    }
}

/// Named rates, in the order in which they are reported.
pub type Rates = Vec<(&'static str, Measured)>;

/// Groups with fewer trials than this are too small to tell anything from.
pub const TOO_FEW: u64 = 30;

/// Somebody returned who is not the person sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The request.
    pub request: usize,
    /// The record handed over.
    pub record: RecordId,
    /// Who it is about.
    pub profile: Profile,
    /// Whether that person is sought by another request.
    pub sought_elsewhere: bool,
}

/// Who was asked for and who was returned: what rates are made of.
#[derive(Clone, Copy)]
pub struct Returns<'a> {
    /// The terms.
    pub agreement: &'a Agreement,
    /// What was seen of the file.
    pub observed: &'a Observed,
    /// The attributes of people.
    pub attributes: &'a [Attribute],
    /// The profile of the person each request seeks.
    pub sought: &'a [Profile],
    /// What became of each request.
    pub judged: &'a [Judged],
    /// Each person wrongly returned, by request and rank.
    pub wrong: &'a [Wrong],
}

/// The rates of a run, overall and by group.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// Overall.
    pub rates: Rates,
    /// By attribute and value.
    pub by_group: Vec<(Attribute, Vec<Rates>)>,
}

/// The rates of a run, overall and by group.
pub fn groups(returns: &Returns<'_>) -> Groups {
    Groups { rates: overall(returns), by_group: by_group(returns) }
}

/// All rates of an returns.
fn overall(returns: &Returns<'_>) -> Rates {
    let mut rates = request_rates(returns, |_| true);
    rates.push(("pair_false_match", pair_false_match(returns)));
    rates.push(("people_exposed", people_exposed(returns, None)));
    rates
}

/// The rates whose trials are requests, or persons returned for them, over the requests that `include` lets in.
fn request_rates(returns: &Returns<'_>, include: impl Fn(usize) -> bool) -> Rates {
    let judged: Vec<&Judged> =
        returns.judged.iter().enumerate().filter(|(request, _)| include(*request)).map(|(_, j)| j).collect();
    let share = |trial: &dyn Fn(&Judged) -> bool, hit: &dyn Fn(&Judged) -> bool| {
        let mut rate = Rate::default();
        judged.iter().filter(|j| trial(j)).for_each(|j| rate.count(hit(j)));
        rate
    };
    let independent = |rate: Rate, of| Measured { rate, of, interval: wilson(rate), method: Method::Wilson };
    let returned = |hits: &dyn Fn(&Judged) -> u64| {
        let clusters: Vec<Rate> = judged.iter().map(|j| Rate::new(hits(j), j.returned.len() as u64)).collect();
        let rate = clusters.iter().fold(Rate::default(), |sum, c| Rate::new(sum.hits + c.hits, sum.trials + c.trials));
        let interval = clustered(clusters.iter().copied());
        Measured { rate, of: "persons returned", interval, method: Method::Clustered }
    };
    const REQUESTS: &str = "requests";
    const ON_FILE: &str = "requests whose person is on file";
    const ABSENT: &str = "requests whose person is not on file";
    vec![
        ("wrong_among_answers", returned(&|j| j.wrong())),
        ("wrong_person", independent(share(&|_| true, &|j| j.wrong() > 0), REQUESTS)),
        ("answered_though_absent", independent(share(&|j| !j.on_file, &|j| !j.returned.is_empty()), ABSENT)),
        ("missed", independent(share(&|j| j.on_file, &|j| !j.right()), ON_FILE)),
        ("precision", returned(&|j| u64::from(j.right()))),
        ("recall", independent(share(&|j| j.on_file, &|j| j.right()), ON_FILE)),
    ]
}

/// Wrong pairs at or above the threshold among all pairs that are two people. No interval is claimed: pairs that share
/// a record are not independent.
fn pair_false_match(returns: &Returns<'_>) -> Measured {
    let Returns { agreement, observed, judged, .. } = returns;
    let hits = observed
        .pairs
        .iter()
        .zip(&agreement.routes)
        .flat_map(|(pairs, route)| pairs.range(route.threshold..))
        .map(|(_, count)| count.wrong)
        .sum();
    let on_file = judged.iter().filter(|request| request.on_file).count() as u64;
    let rate = Rate::new(hits, observed.records * judged.len() as u64 - on_file);
    Measured { rate, of: "pairs of a request and a record that are two people", interval: None, method: Method::None }
}

/// People never sought whose record was returned, among those on file; of one attribute and value, or all. No interval
/// is claimed: people of one name are returned together.
fn people_exposed(returns: &Returns<'_>, only: Option<(usize, usize)>) -> Measured {
    let included = |profile: &Profile| only.is_none_or(|(attribute, value)| usize::from(profile[attribute]) == value);
    let exposed: BTreeSet<RecordId> = returns
        .wrong
        .iter()
        .filter(|wrong| !wrong.sought_elsewhere && included(&wrong.profile))
        .map(|wrong| wrong.record)
        .collect();
    let on_file = match only {
        None => returns.observed.records,
        Some((attribute, value)) => returns.observed.on_file[attribute][value],
    };
    let sought = returns.judged.iter().zip(returns.sought).filter(|(j, profile)| j.on_file && included(profile));
    let rate = Rate::new(exposed.len() as u64, on_file - sought.count() as u64);
    Measured { rate, of: "people on file who were never sought", interval: None, method: Method::None }
}

/// The rates of each value of each attribute.
fn by_group(returns: &Returns<'_>) -> Vec<(Attribute, Vec<Rates>)> {
    let rates_of = |attribute: usize, value: usize| {
        let mut rates = request_rates(returns, |request| usize::from(returns.sought[request][attribute]) == value);
        rates.push(("people_exposed", people_exposed(returns, Some((attribute, value)))));
        rates.push(("share_of_wrong", share_of_wrong(returns, attribute, value)));
        rates
    };
    returns
        .attributes
        .iter()
        .enumerate()
        .map(|(i, attribute)| (attribute.clone(), (0..attribute.values.len()).map(|v| rates_of(i, v)).collect()))
        .collect()
}

/// Of the people returned in error, those of one attribute and value; clustered by request.
fn share_of_wrong(returns: &Returns<'_>, attribute: usize, value: usize) -> Measured {
    let by_request = returns.wrong.chunk_by(|a, b| a.request == b.request);
    let clusters = by_request.map(|wrong| {
        let of_value = wrong.iter().filter(|wrong| usize::from(wrong.profile[attribute]) == value);
        Rate::new(of_value.count() as u64, wrong.len() as u64)
    });
    let rate = clusters.clone().fold(Rate::default(), |sum, c| Rate::new(sum.hits + c.hits, sum.trials + c.trials));
    Measured {
        rate,
        of: "persons returned who are somebody else",
        interval: clustered(clusters),
        method: Method::Clustered,
    }
}

/// Wrong returns by attribute and value of the person returned.
pub(super) fn wrong_by_group(attributes: &[Attribute], wrong: &[Wrong]) -> Vec<Vec<u64>> {
    let mut counts: Vec<Vec<u64>> = attributes.iter().map(|a| vec![0; a.values.len()]).collect();
    for wrong in wrong {
        for (counts, &value) in counts.iter_mut().zip(&wrong.profile) {
            counts[usize::from(value)] += 1;
        }
    }
    counts
}
