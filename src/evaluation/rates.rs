//! Rates with their denominators and intervals, overall and by group.

use super::contrast::{largest, reference};
use super::{Attribute, Judged, Observed, Pair, PairOnFile, Profile, RateId};
use crate::agency::Truth;
use crate::agreement::{Agreement, Answers};
use crate::record::RecordId;
use crate::stats::{
    Crossed, Estimate, Interval, Rate, Share, Squares, clustered, independent, linked, together, two_way,
};
use std::collections::{BTreeMap, BTreeSet};

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
    /// How it goes together with the same rate of the group that others are compared with: their correlation. None for
    /// that group itself, and where groups share nothing.
    pub with_reference: Option<f64>,
}

/// How an interval was made. Each is Wilson's, or the exact one where few events were seen ([`crate::stats::FEW`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Trials are independent requests.
    Wilson,
    /// The same, exact.
    Exact,
    /// Effective trials, clustered by request.
    Clustered,
    /// The same, exact.
    ClusteredExact,
    /// Effective trials, clustered by the neighbourhood of the person sought, and by person returned.
    Linked,
    /// The same, exact.
    LinkedExact,
    /// Effective trials, two-way by request and by person.
    TwoWay,
    /// The same, exact.
    TwoWayExact,
    /// Quantiles of the share over requests drawn again ([`crate::evaluation::Band`]).
    Bootstrap,
    /// No interval is claimed.
    None,
}

impl Method {
    /// The words used in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::Wilson => "Wilson",
            Method::Exact => "Clopper-Pearson",
            Method::Clustered => "Wilson, effective trials, clustered by request",
            Method::ClusteredExact => "Clopper-Pearson, effective trials, clustered by request",
            Method::Linked => "Wilson, effective trials, clustered by neighbourhood and person returned",
            Method::LinkedExact => "Clopper-Pearson, effective trials, clustered by neighbourhood and person returned",
            Method::TwoWay => "Wilson, effective trials, two-way by request and person",
            Method::TwoWayExact => "Clopper-Pearson, effective trials, two-way by request and person",
            Method::Bootstrap => "bootstrap over requests, percentiles of 399",
            Method::None => "none claimed",
        }
    }

    /// Whether it is an exact one, as few events were seen.
    pub(super) fn is_exact(self) -> bool {
        matches!(self, Method::Exact | Method::ClusteredExact | Method::LinkedExact | Method::TwoWayExact)
    }
}

impl Measured {
    /// A rate whose trials are independent requests.
    pub fn of_requests(rate: Rate, of: &'static str) -> Measured {
        Measured::with(rate, of, independent(rate), [Method::Wilson, Method::Exact])
    }

    /// A ratio of sums over requests.
    pub fn of_clusters(clusters: impl Iterator<Item = Rate> + Clone, of: &'static str) -> Measured {
        let rate = clusters.clone().fold(Rate::default(), |sum, c| Rate::new(sum.hits + c.hits, sum.trials + c.trials));
        Measured::with(rate, of, clustered(clusters), [Method::Clustered, Method::ClusteredExact])
    }

    /// A rare share whose hits share requests, neighbourhoods and persons.
    fn of_linked(rate: Rate, of: &'static str, hits: &[Crossed], returns: &Returns<'_>) -> Measured {
        Measured::with(rate, of, linked(hits, rate, returns.homes), [Method::Linked, Method::LinkedExact])
    }

    /// A rare share of pairs of `requests` and `persons` who are drawn apart.
    pub fn of_pairs(rate: Rate, of: &'static str, squares: Squares, requests: u64, persons: u64) -> Measured {
        Measured::with(rate, of, two_way(squares, rate, requests, persons), [Method::TwoWay, Method::TwoWayExact])
    }

    fn with(rate: Rate, of: &'static str, estimate: Option<Estimate>, [method, exact]: [Method; 2]) -> Measured {
        let method = if estimate.is_some_and(|estimate| estimate.exact) { exact } else { method };
        Measured { rate, of, interval: estimate.map(|e| e.interval), method, with_reference: None }
    }

    /// What to say beside the rate of a group: too few trials to tell, or too few hits to compare; else nothing.
    pub fn caution(&self) -> &'static str {
        match self.rate {
            rate if rate.trials < TOO_FEW => "too few to tell",
            rate if rate.hits < FEW_HITS => "too few to compare",
            _ => "",
        }
    }

    /// The share with its interval, where there are trials.
    pub fn share(&self) -> Option<Share> {
        Some(Share { value: self.rate.value()?, interval: self.interval? })
    }
}

/// Rates by name, in the order in which they are reported.
pub type Rates = BTreeMap<RateId, Measured>;

/// Groups with fewer trials than this are too small to tell anything from.
pub const TOO_FEW: u64 = 30;

/// A group's rate from fewer hits than this is too uncertain to be set beside another group's.
pub const FEW_HITS: u64 = 10;

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
    /// Who is who.
    pub truth: &'a Truth,
    /// What was seen of the file.
    pub observed: &'a Observed,
    /// The answers to each request.
    pub answers: &'a [Answers],
    /// The attributes of people.
    pub attributes: &'a [Attribute],
    /// The profile of the person each request seeks.
    pub sought: &'a [Profile],
    /// For each request the first one for somebody of the same neighbourhood.
    pub homes: &'a [usize],
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
    /// By each pair of attributes that is asked for.
    pub by_pair: Vec<RatesByPair>,
}

/// The rates of people told apart by two attributes at once.
#[derive(Clone, Debug, PartialEq)]
pub struct RatesByPair {
    /// The two.
    pub pair: Pair,
    /// By the value of the first and that of the second.
    pub cells: BTreeMap<[usize; 2], PairCell>,
}

/// The people who have one value of each of two attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCell {
    /// How many are on file.
    pub on_file: u64,
    /// For how many of them a request asks.
    pub sought: u64,
    /// The rates.
    pub rates: Rates,
}

/// The rates of a run, overall and by group.
pub fn groups(returns: &Returns<'_>) -> Groups {
    Groups { rates: overall(returns), by_group: by_group(returns), by_pair: by_pair(returns) }
}

/// All rates of the returns.
fn overall(returns: &Returns<'_>) -> Rates {
    let mut rates = request_rates(returns, |_| true);
    let exposed = exposed(returns, &[]);
    rates.extend([
        (RateId::PairFalseMatch, pair_false_match(returns)),
        (RateId::PairFalseNonMatch, pair_false_non_match(returns)),
        (RateId::PeopleExposed, people_exposed(returns, &exposed, &[], returns.observed.records)),
    ]);
    rates
}

/// The rates whose trials are requests, or persons returned for them, over the requests that `include` lets in.
fn request_rates(returns: &Returns<'_>, include: impl Fn(usize) -> bool) -> Rates {
    let judged: Vec<&Judged> =
        returns.judged.iter().enumerate().filter(|(request, _)| include(*request)).map(|(_, j)| j).collect();
    let share = |id: RateId, trial: &dyn Fn(&Judged) -> bool, hit: &dyn Fn(&Judged) -> bool| {
        let mut rate = Rate::default();
        judged.iter().filter(|j| trial(j)).for_each(|j| rate.count(hit(j)));
        (id, Measured::of_requests(rate, id.trials()))
    };
    let ratio = |id: RateId, cluster: &dyn Fn(&Judged) -> (u64, u64)| {
        let clusters: Vec<Rate> = judged
            .iter()
            .map(|j| {
                let (hits, trials) = cluster(j);
                Rate::new(hits, trials)
            })
            .collect();
        (id, Measured::of_clusters(clusters.iter().copied(), id.trials()))
    };
    let (right, missed) = (|j: &Judged| u64::from(j.right()), |j: &Judged| u64::from(j.on_file && !j.right()));
    let returned = |j: &Judged| j.returned.len() as u64;
    BTreeMap::from([
        ratio(RateId::WrongAmongAnswers, &|j| (j.wrong(), returned(j))),
        share(RateId::WrongPerson, &|_| true, &|j| j.wrong() > 0),
        share(RateId::AnsweredThoughAbsent, &|j| !j.on_file, &|j| !j.returned.is_empty()),
        share(RateId::Missed, &|j| j.on_file, &|j| !j.right()),
        ratio(RateId::Precision, &|j| (right(j), returned(j))),
        share(RateId::Recall, &|j| j.on_file, &|j| j.right()),
        ratio(RateId::F1, &|j| (2 * right(j), 2 * right(j) + j.wrong() + missed(j))),
        share(RateId::Specificity, &|j| !j.on_file, &|j| j.returned.is_empty()),
        share(RateId::NegativePredictiveValue, &|j| j.returned.is_empty(), &|j| !j.on_file),
        share(RateId::NotResolved, &|_| true, &|j| !j.resolved()),
    ])
}

/// Wrong pairs at or above the threshold among all pairs that are two people.
fn pair_false_match(returns: &Returns<'_>) -> Measured {
    let Returns { agreement, observed, judged, answers, truth, .. } = returns;
    let hits = observed
        .pairs
        .iter()
        .zip(&agreement.routes)
        .flat_map(|(pairs, route)| pairs.range(route.threshold..))
        .map(|(_, count)| count.wrong)
        .sum();
    let on_file = judged.iter().filter(|request| request.on_file).count() as u64;
    let rate = Rate::new(hits, observed.records * judged.len() as u64 - on_file);
    let mut crossed = Vec::new();
    // Of answers that did not fit nobody knows the person: each counts as another one.
    let mut unknown = u64::MAX;
    for (request, (judged, answers)) in judged.iter().zip(*answers).enumerate() {
        let Ok(route) = judged.admitted else { continue };
        let threshold = agreement.routes[route].threshold;
        let kept = answers.from(threshold);
        let wrong = kept.iter().filter(|answer| !truth.is_match(request, answer.record));
        let known = wrong.clone().count();
        let reached = observed.true_pairs[request].is_some_and(|seen| seen.score >= threshold);
        let among_the_rest = reached && known == kept.len();
        crossed.extend(wrong.map(|answer| (request, answer.record.0)));
        for _ in 0..answers.overflow().saturating_sub(u32::from(among_the_rest)) {
            crossed.push((request, unknown));
            unknown -= 1;
        }
    }
    let crossed: Vec<Crossed> =
        crossed.into_iter().map(|(request, person)| Crossed { request, person, own: true }).collect();
    Measured::of_linked(rate, RateId::PairFalseMatch.trials(), &crossed, returns)
}

/// Pairs that are one person and stay below the threshold, or are never looked at; one pair a request.
fn pair_false_non_match(returns: &Returns<'_>) -> Measured {
    let Returns { agreement, observed, judged, .. } = returns;
    let mut rate = Rate::default();
    for (judged, seen) in judged.iter().zip(&observed.true_pairs).filter(|(judged, _)| judged.on_file) {
        let matched =
            judged.admitted.is_ok_and(|route| seen.is_some_and(|seen| seen.score >= agreement.routes[route].threshold));
        rate.count(!matched);
    }
    Measured::of_requests(rate, RateId::PairFalseNonMatch.trials())
}

/// Returns of people never sought, who are `only`.
fn exposed(returns: &Returns<'_>, only: &[Is]) -> Vec<Crossed> {
    let wrong = returns.wrong.iter().filter(|wrong| !wrong.sought_elsewhere && is(&wrong.profile, only));
    let mut times: BTreeMap<RecordId, u32> = BTreeMap::new();
    wrong.clone().for_each(|wrong| *times.entry(wrong.record).or_default() += 1);
    wrong
        .map(|wrong| Crossed { request: wrong.request, person: wrong.record.0, own: times[&wrong.record] == 1 })
        .collect()
}

/// People never sought whose record was returned, as [`exposed`] has them, among those on file; of people who are `only`,
/// of whom so many are on file.
fn people_exposed(returns: &Returns<'_>, exposed: &[Crossed], only: &[Is], on_file: u64) -> Measured {
    let persons: BTreeSet<u64> = exposed.iter().map(|hit| hit.person).collect();
    let sought = returns.judged.iter().zip(returns.sought).filter(|(j, profile)| j.on_file && is(profile, only));
    let rate = Rate::new(persons.len() as u64, on_file - sought.count() as u64);
    Measured::of_linked(rate, RateId::PeopleExposed.trials(), exposed, returns)
}

/// An attribute and the value of it that somebody must have.
type Is = (usize, usize);

/// Whether somebody has every one of some values.
fn is(profile: &Profile, values: &[Is]) -> bool {
    values.iter().all(|&(attribute, value)| usize::from(profile[attribute]) == value)
}

/// The rates of people who are `only`, of whom so many are on file; others are compared with those of whom
/// `reference` were returned.
fn rates_of(returns: &Returns<'_>, only: &[Is], on_file: u64, reference: Option<&[Crossed]>) -> Rates {
    let mut rates = request_rates(returns, |request| is(&returns.sought[request], only));
    // Requests are for people of one group; whom they return may be of any. So this rate alone has clusters that groups
    // share.
    let own = exposed(returns, only);
    let mut measured = people_exposed(returns, &own, only, on_file);
    measured.with_reference = reference.map(|reference| together(&own, reference, returns.homes));
    rates.extend([(RateId::PeopleExposed, measured), (RateId::ShareOfWrong, share_of_wrong(returns, only))]);
    rates
}

/// The rates of each value of each attribute.
fn by_group(returns: &Returns<'_>) -> Vec<(Attribute, Vec<Rates>)> {
    let rates = |attribute: usize, on_file: &[u64]| {
        let most = reference(attribute, &returns.observed.on_file);
        let of_most = exposed(returns, &[(attribute, most)]);
        let rates = |value: usize, on_file: u64| {
            rates_of(returns, &[(attribute, value)], on_file, (value != most).then_some(&of_most))
        };
        on_file.iter().enumerate().map(|(value, on_file)| rates(value, *on_file)).collect()
    };
    let attributes = returns.attributes.iter().zip(&returns.observed.on_file).enumerate();
    attributes.map(|(i, (attribute, on_file))| (attribute.clone(), rates(i, on_file))).collect()
}

/// The rates by each pair of attributes that was counted together.
fn by_pair(returns: &Returns<'_>) -> Vec<RatesByPair> {
    let rates = |PairOnFile { pair, counts }: &PairOnFile| {
        let mut cells = BTreeMap::new();
        let most = largest(counts);
        let of_most = exposed(returns, &[(pair[0], most[0]), (pair[1], most[1])]);
        for (row, counts) in counts.iter().enumerate() {
            for (column, on_file) in counts.iter().enumerate() {
                let only = [(pair[0], row), (pair[1], column)];
                let sought = returns.sought.iter().filter(|profile| is(profile, &only)).count() as u64;
                let rates = rates_of(returns, &only, *on_file, ([row, column] != most).then_some(&of_most));
                cells.insert([row, column], PairCell { on_file: *on_file, sought, rates });
            }
        }
        RatesByPair { pair: *pair, cells }
    };
    returns.observed.on_file_by_pair.iter().map(rates).collect()
}

/// Of the people returned in error, those who are `only`; clustered by request.
fn share_of_wrong(returns: &Returns<'_>, only: &[Is]) -> Measured {
    let by_request = returns.wrong.chunk_by(|a, b| a.request == b.request);
    let clusters = by_request.map(|wrong| {
        let of_value = wrong.iter().filter(|wrong| is(&wrong.profile, only));
        Rate::new(of_value.count() as u64, wrong.len() as u64)
    });
    Measured::of_clusters(clusters, RateId::ShareOfWrong.trials())
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
