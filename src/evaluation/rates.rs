//! Rates with their denominators and intervals, overall and by group.
//!
//! All are ratios of sums over requests, and all have one variance: that between clusters of requests that depend on each other
//! ([`Clusters`]), because kin live in one neighbourhood and are sought and returned together.

use super::measured::{Measured, Method};
use super::{Attribute, Judged, Observed, Pair, PairOnFile, Profile, RateId};
use crate::agency::Truth;
use crate::agreement::{Agreement, Answer, Answers};
use crate::record::RecordId;
use crate::stats::{Clusters, Neighbourhood, Neighbours, Rate, Sums, clustered_in_few, design_effect};
use std::collections::BTreeMap;

/// Rates by name, in the order in which they are reported.
pub type Rates = BTreeMap<RateId, Measured>;

/// Groups with fewer trials than this are too small to tell anything from.
pub const TOO_FEW: u64 = 30;

/// A group's rate from fewer hits than this is too uncertain to be set beside another group's.
pub const FEW_HITS: u64 = 10;

/// The value of an attribute whose people others are compared with: the attribute's own reference, or where nobody on file
/// has that, the largest on file, of equals the first.
pub fn reference(attribute: &Attribute, on_file: &[u64]) -> usize {
    let own = attribute.reference;
    if on_file[own] > 0 { own } else { (0..on_file.len()).rev().max_by_key(|&value| on_file[value]).unwrap_or(own) }
}

/// Somebody returned who is not the person sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// The request.
    pub request: usize,
    /// The record handed over.
    pub record: RecordId,
    /// The profile of the person whose record it is.
    pub profile: Profile,
    /// `true` if that person is sought by another request.
    pub sought_elsewhere: bool,
}

/// Persons sought and persons returned: the input of the rates.
#[derive(Clone, Copy)]
pub struct Returns<'a> {
    /// The terms.
    pub agreement: &'a Agreement,
    /// The truth about identity.
    pub truth: &'a Truth,
    /// Observations of the file.
    pub observed: &'a Observed,
    /// The answers to each request.
    pub answers: &'a [Answers],
    /// The attributes of people.
    pub attributes: &'a [Attribute],
    /// The profile of the person each request seeks.
    pub sought: &'a [Profile],
    /// Clusters of dependent requests.
    pub clusters: &'a Clusters,
    /// The judgement of each request.
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
    /// The combination that others are compared with.
    pub reference: [usize; 2],
    /// By the value of the first and that of the second.
    pub cells: BTreeMap<[usize; 2], PairCell>,
}

/// The people who have one value of each of two attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCell {
    /// The number of them on file.
    pub on_file: u64,
    /// The number of them for whom a request asks.
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
    let mut rates = rates_of_requests(returns, |_| true);
    let exposed = exposed(returns, &People { only: &[], on_file: returns.observed.records, kind: 0 });
    rates.extend([
        (RateId::PairFalseMatch, pair_false_match(returns)),
        (RateId::PairFalseNonMatch, pair_false_non_match(returns)),
        // Where nobody at all is hit, nothing is known of a design effect.
        (RateId::PeopleExposed, Measured::of_people(&exposed, RateId::PeopleExposed.trials(), 1.0)),
    ]);
    rates
}

/// The rates whose trials are requests, or persons returned for them, over the requests that `include` lets in. They need
/// nothing but what became of each request.
pub fn rates_of_requests(returns: &Returns<'_>, include: impl Fn(usize) -> bool) -> Rates {
    measured(&sums(returns, include), None)
}

/// Hits and trials by cluster of the rates whose trials are requests, or persons returned for them, over the requests that
/// `include` lets in.
fn sums(returns: &Returns<'_>, include: impl Fn(usize) -> bool) -> Vec<(RateId, Sums)> {
    let requests = returns.clusters.requests(include);
    let of_rate = |id: RateId| {
        // Each of them is one of requests.
        let rate = |request: usize| rate_of_request(id, &returns.judged[request]).unwrap_or_default();
        (id, returns.clusters.sums(&requests, rate))
    };
    OF_REQUESTS.into_iter().map(of_rate).collect()
}

/// The rates whose trials are requests, or persons returned for them.
const OF_REQUESTS: [RateId; 10] = [
    RateId::WrongAmongAnswers,
    RateId::WrongPerson,
    RateId::AnsweredThoughAbsent,
    RateId::Missed,
    RateId::Precision,
    RateId::Recall,
    RateId::F1,
    RateId::Specificity,
    RateId::NegativePredictiveValue,
    RateId::NotResolved,
];

/// The hits and trials that a request adds to a rate; `None` of rates whose trials are not of requests.
pub fn rate_of_request(id: RateId, j: &Judged) -> Option<Rate> {
    let share = |trial: bool, hit: bool| if trial { Rate::new(u64::from(hit), 1) } else { Rate::default() };
    let (right, missed) = (u64::from(j.right()), u64::from(j.on_file && !j.right()));
    let returned = j.returned.len() as u64;
    Some(match id {
        RateId::WrongAmongAnswers => Rate::new(j.wrong(), returned),
        RateId::WrongPerson => share(true, j.wrong() > 0),
        RateId::AnsweredThoughAbsent => share(!j.on_file, returned > 0),
        RateId::Missed => share(j.on_file, !j.right()),
        RateId::Precision => Rate::new(right, returned),
        RateId::Recall => share(j.on_file, j.right()),
        RateId::F1 => Rate::new(2 * right, 2 * right + j.wrong() + missed),
        RateId::Specificity => share(!j.on_file, returned == 0),
        RateId::NegativePredictiveValue => share(returned == 0, !j.on_file),
        RateId::NotResolved => share(true, !j.resolved()),
        _ => return None,
    })
}

/// The rates of these sums, each with how it goes together with that of `reference`.
fn measured(sums: &[(RateId, Sums)], reference: Option<&[(RateId, Sums)]>) -> Rates {
    let rate = |(place, (id, own)): (usize, &(RateId, Sums))| {
        let with_reference = reference.map(|reference| own.correlation(&reference[place].1));
        (*id, Measured { with_reference, ..Measured::of_clusters(own, id.trials()) })
    };
    sums.iter().enumerate().map(rate).collect()
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
    let of_request = |request: usize| {
        let Ok(route) = judged[request].admitted else { return Rate::new(0, 1) };
        let (threshold, answers) = (agreement.routes[route].threshold, &answers[request]);
        let kept = answers.before_assignment(threshold);
        let (right, wrong): (Vec<&Answer>, Vec<&Answer>) =
            kept.partition(|answer| truth.is_match(request, answer.record));
        let reached = observed.true_pairs[request].is_some_and(|seen| seen.score >= threshold);
        let among_the_rest = reached && right.is_empty();
        Rate::new(wrong.len() as u64 + u64::from(answers.overflow().saturating_sub(u32::from(among_the_rest))), 1)
    };
    let hits = returns.clusters.sums(&returns.clusters.requests(|_| true), of_request);
    Measured::of_count(rate, RateId::PairFalseMatch.trials(), &hits)
}

/// Pairs that are one person and stay below the threshold, or are never looked at; one pair a request.
fn pair_false_non_match(returns: &Returns<'_>) -> Measured {
    let Returns { agreement, observed, judged, .. } = returns;
    let of_request = |request: usize| {
        let reaches = |route: usize| {
            observed.true_pairs[request].is_some_and(|seen| seen.score >= agreement.routes[route].threshold)
        };
        Rate::new(u64::from(!judged[request].admitted.is_ok_and(reaches)), 1)
    };
    let requests = returns.clusters.requests(|request| judged[request].on_file);
    Measured::of_clusters(&returns.clusters.sums(&requests, of_request), RateId::PairFalseNonMatch.trials())
}

/// People who have some values in common.
struct People<'a> {
    only: &'a [Is],
    /// The number of them on file.
    on_file: u64,
    /// Their place among the numbers that are kept of a neighbourhood.
    kind: usize,
}

impl<'a> People<'a> {
    /// People with a value of an attribute.
    fn with(observed: &Observed, only: &'a [Is; 1]) -> People<'a> {
        let [(attribute, value)] = *only;
        People { only, on_file: observed.on_file[attribute][value], kind: observed.kind(attribute, value) }
    }

    /// People with a value of each attribute of a pair, of which this is the number.
    fn in_cell(observed: &Observed, number: usize, only: &'a [Is; 2]) -> People<'a> {
        let cell = only.map(|(_, value)| value);
        let on_file = observed.on_file_by_pair[number].counts[cell[0]][cell[1]];
        People { only, on_file, kind: observed.kind_of_pair(number, cell) }
    }
}

/// People never sought whose record was returned, among those on file.
///
/// Somebody returned for requests of two clusters and counted once is a hit of neither: without either it would be one.
fn exposed(returns: &Returns<'_>, &People { only, on_file, kind }: &People<'_>) -> Neighbours {
    let wrong = returns.wrong.iter().filter(|wrong| !wrong.sought_elsewhere && is(&wrong.profile, only));
    let cluster = returns.clusters.of();
    // The first request that each is returned for, if all of them are of one cluster.
    let mut first: BTreeMap<RecordId, Option<usize>> = BTreeMap::new();
    for Wrong { request, record, .. } in wrong {
        let known = first.entry(*record).or_insert(Some(*request));
        *known = known.filter(|first| cluster[*first] == cluster[*request]);
    }
    let neighbourhoods = &returns.observed.neighbourhoods;
    let mut sought: BTreeMap<usize, Neighbourhood> = BTreeMap::new();
    for (&home, people) in &neighbourhoods.sought {
        sought.entry(cluster[home as usize]).or_default().people += u64::from(people[kind]);
    }
    let mut people = on_file;
    for (request, (judged, profile)) in returns.judged.iter().zip(returns.sought).enumerate() {
        let home = sought.entry(cluster[request]).or_default();
        home.requests += 1;
        if judged.on_file && is(profile, only) {
            home.people -= 1;
            people -= 1;
        }
    }
    first.values().flatten().for_each(|&request| sought.entry(cluster[request]).or_default().hits += 1);
    Neighbours {
        rate: Rate::new(first.len() as u64, people),
        sought: sought.into_iter().collect(),
        others: neighbourhoods.others,
        squares: neighbourhoods.squares[kind],
    }
}

/// An attribute and the value of it that somebody must have.
type Is = (usize, usize);

/// Returns `true` if somebody has every one of the values.
fn is(profile: &Profile, values: &[Is]) -> bool {
    values.iter().all(|&(attribute, value)| usize::from(profile[attribute]) == value)
}

/// The input of the rates of a group.
struct Group {
    sums: Vec<(RateId, Sums)>,
    exposed: Neighbours,
    /// Of the people returned in error, those who are of the group.
    wrong: Sums,
}

impl Group {
    fn of(returns: &Returns<'_>, people: &People<'_>) -> Group {
        Group {
            sums: sums(returns, |request| is(&returns.sought[request], people.only)),
            exposed: exposed(returns, people),
            wrong: wrong(returns, people.only),
        }
    }
}

/// The rates of some groups, each beside the reference group, whose neighbours and kin its people are.
fn rates_of(groups: &[Group], reference: usize) -> Vec<Rates> {
    let effect = design_effect(groups.iter().map(|group| &group.wrong));
    let effect_on_people = Neighbours::design_effect(groups.iter().map(|group| &group.exposed));
    let rates = |(place, own): (usize, &Group)| {
        let reference = groups.get(reference).filter(|_| place != reference);
        let mut rates = measured(&own.sums, reference.map(|reference| &reference.sums[..]));
        let mut exposed = Measured::of_people(&own.exposed, RateId::PeopleExposed.trials(), effect_on_people);
        exposed.with_reference = reference.map(|reference| own.exposed.correlation(&reference.exposed));
        // Families of one group are returned together, and of a small group few.
        let (share, estimate) = (own.wrong.total(), clustered_in_few(own.wrong.rates(), effect));
        let methods = [Method::Clustered, Method::ClusteredExact];
        let share_of_wrong = Measured::with(share, RateId::ShareOfWrong.trials(), estimate, methods);
        rates.extend([(RateId::PeopleExposed, exposed), (RateId::ShareOfWrong, share_of_wrong)]);
        rates
    };
    groups.iter().enumerate().map(rates).collect()
}

/// The rates of each value of each attribute.
fn by_group(returns: &Returns<'_>) -> Vec<(Attribute, Vec<Rates>)> {
    let rates = |(i, (attribute, on_file)): (usize, (&Attribute, &Vec<u64>))| {
        let group = |value: usize| Group::of(returns, &People::with(returns.observed, &[(i, value)]));
        let groups: Vec<Group> = (0..on_file.len()).map(group).collect();
        (attribute.clone(), rates_of(&groups, reference(attribute, on_file)))
    };
    returns.attributes.iter().zip(&returns.observed.on_file).enumerate().map(rates).collect()
}

/// The rates by each pair of attributes that was counted together.
fn by_pair(returns: &Returns<'_>) -> Vec<RatesByPair> {
    let rates = |(number, PairOnFile { pair, counts }): (usize, &PairOnFile)| {
        let of = |[row, column]: [usize; 2]| [(pair[0], row), (pair[1], column)];
        let reference = pair.map(|one| reference(&returns.attributes[one], &returns.observed.on_file[one]));
        let columns = |row: usize| (0..counts[row].len()).map(move |column| [row, column]);
        let places: Vec<[usize; 2]> = (0..counts.len()).flat_map(columns).collect();
        let group = |&place: &[usize; 2]| Group::of(returns, &People::in_cell(returns.observed, number, &of(place)));
        let groups: Vec<Group> = places.iter().map(group).collect();
        let of_reference = places.iter().position(|place| *place == reference).unwrap_or(places.len());
        let cell = |(place, rates): (&[usize; 2], Rates)| {
            let only = of(*place);
            let sought = returns.sought.iter().filter(|profile| is(profile, &only)).count() as u64;
            (*place, PairCell { on_file: counts[place[0]][place[1]], sought, rates })
        };
        let cells = places.iter().zip(rates_of(&groups, of_reference)).map(cell).collect();
        RatesByPair { pair: *pair, reference, cells }
    };
    returns.observed.on_file_by_pair.iter().enumerate().map(rates).collect()
}

/// The people returned in error, by cluster; hits have the values in `only`.
fn wrong(returns: &Returns<'_>, only: &[Is]) -> Sums {
    let mut wrong: BTreeMap<usize, Rate> = BTreeMap::new();
    returns.wrong.iter().for_each(|it| wrong.entry(it.request).or_default().count(is(&it.profile, only)));
    let of_request = |request: usize| wrong.get(&request).copied().unwrap_or_default();
    let requests = returns.clusters.requests(|request| wrong.contains_key(&request));
    returns.clusters.sums(&requests, of_request)
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
