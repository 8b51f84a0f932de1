//! The same people under two agreements: who is returned under both, spared by the second, newly returned by it, or
//! returned under neither.

use super::outcome::Outcome;
use crate::evaluation::{RateId, rate_of_request};
use crate::population::PersonId;
use crate::record::RecordId;
use crate::scenario::Scenario;
use crate::stats::{Clusters, Contrast, Rate, Sums, first_of_each, jackknife, mcnemar, weighted_sum};
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// People on the holder's file, by whether they are returned under the first agreement, the second, both or neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fourfold {
    /// Returned under both.
    pub both: u64,
    /// Returned under the first only.
    pub spared: u64,
    /// Returned under the second only.
    pub newly_returned: u64,
    /// Returned under neither.
    pub neither: u64,
}

impl Fourfold {
    /// The p-value of McNemar's exact test that the second agreement spares as many as it newly returns.
    pub fn mcnemar(&self) -> f64 {
        mcnemar(self.spared, self.newly_returned)
    }

    /// All people.
    pub fn total(&self) -> u64 {
        self.both + self.spared + self.newly_returned + self.neither
    }
}

/// Two agreements beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Against {
    /// People who are sought by some request and on file.
    pub sought: Fourfold,
    /// People on file whom no request seeks.
    pub never_sought: Fourfold,
}

/// The persons returned under an agreement, and the requests they answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The person each request seeks.
    pub sought: Vec<PersonId>,
    /// Number of them who are on file.
    pub requested_on_file: u64,
    /// Records on the holder's file, by attribute and value.
    pub on_file: Vec<Vec<u64>>,
    /// All of them.
    pub holder_records: u64,
    /// Every record returned, with whether its person is sought by some request.
    pub records: BTreeMap<RecordId, bool>,
}

impl Returned {
    /// The persons returned by a run.
    pub fn of(outcome: &Outcome) -> Returned {
        let right = outcome.judged.iter().flat_map(|judged| &judged.returned).filter(|(_, right)| *right);
        let wrong = outcome.disclosures.iter().map(|wrong| (wrong.answer.record, wrong.sought_elsewhere));
        let evaluation = &outcome.evaluation;
        Returned {
            sought: outcome.sought.iter().map(|(person, _)| *person).collect(),
            requested_on_file: evaluation.requested_on_file,
            on_file: evaluation.on_file.clone(),
            holder_records: evaluation.holder_records,
            records: right.map(|(answer, _)| (answer.record, true)).chain(wrong).collect(),
        }
    }
}

/// Holds one run against another of the same people: same country, same file, same people sought. `None` if they are
/// not, since then luck differs and not only terms.
pub fn against(first: &Outcome, second: &Outcome) -> Option<Against> {
    against_returned(&Returned::of(first), &Returned::of(second))
}

/// The same of who is returned.
pub fn against_returned(a: &Returned, b: &Returned) -> Option<Against> {
    let same = a.sought == b.sought
        && (a.holder_records, a.requested_on_file, &a.on_file) == (b.holder_records, b.requested_on_file, &b.on_file);
    if !same {
        return None;
    }
    let (returned_a, returned_b) = (&a.records, &b.records);
    let fourfold = |sought: bool, people: u64| {
        let in_a = returned_a.iter().filter(|(_, s)| **s == sought);
        let both = in_a.clone().filter(|(record, _)| returned_b.contains_key(record)).count() as u64;
        let spared = in_a.count() as u64 - both;
        let newly_returned = returned_b.values().filter(|s| **s == sought).count() as u64 - both;
        Fourfold { both, spared, newly_returned, neither: people - both - spared - newly_returned }
    };
    Some(Against {
        sought: fourfold(true, a.requested_on_file),
        never_sought: fourfold(false, a.holder_records - a.requested_on_file),
    })
}

/// A rate under both agreements, and the paired change from the first to the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The rate.
    pub rate: RateId,
    /// Its hits and trials under the first agreement, and under the second.
    pub of: [Rate; 2],
    /// The second less the first, with its interval; `None` where either has no trials.
    pub change: Option<Contrast>,
}

/// With fewer clusters that differ the interval of a change comes from the counts of what differs.
const FEW_CLUSTERS: usize = 30;

/// The rates whose change is given.
const CHANGES: [RateId; 4] = [RateId::WrongAmongAnswers, RateId::WrongPerson, RateId::Missed, RateId::NotResolved];

/// The paired changes of the rates between two runs of the same people.
///
/// The same requests stand on both sides, so what both runs share has no part in a change: the interval is a jackknife
/// over clusters of requests for people of one block, and of requests that one of the runs returns one person to. Where
/// fewer than 30 clusters differ it comes from the counts of what differs, for a jackknife of hardly any differences knows
/// nothing of those that luck left out.
pub fn changes(first: &Outcome, second: &Outcome) -> Vec<Change> {
    let homes = first_of_each(first.sought.iter().map(|(person, _)| person.block()));
    let outcomes = [first, second];
    let returned = outcomes.iter().flat_map(|outcome| {
        let judged = outcome.judged.iter().enumerate();
        judged.flat_map(|(request, judged)| judged.returned.iter().map(move |(answer, _)| (request, answer.record.0)))
    });
    let clusters = Clusters::linked(&homes, returned);
    let change = |id: RateId| {
        let of_request =
            |request: usize| outcomes.map(|outcome| rate_of_request(id, &outcome.judged[request]).unwrap_or_default());
        let mut of_clusters: BTreeMap<usize, Vec<(usize, Rate)>> = BTreeMap::new();
        let (mut sums, mut differ) = ([Rate::default(); 2], BTreeSet::new());
        for (request, &cluster) in clusters.of().iter().enumerate() {
            let both = of_request(request);
            if both[0] != both[1] {
                differ.insert(cluster);
            }
            sums = [0, 1].map(|side| sums[side].with(both[side]));
            of_clusters.entry(cluster).or_default().extend(both.into_iter().enumerate());
        }
        let change = match sums.map(Rate::value) {
            [Some(before), Some(after)] if differ.len() < FEW_CLUSTERS => {
                let [low, high] =
                    of_few(&clusters, of_request, [before, after], sums[0].with(sums[1]).trials as f64 / 2.0);
                Some(Contrast { value: after - before, low: after - before + low, high: after - before + high })
            }
            _ => {
                let of_clusters: Vec<Vec<(usize, Rate)>> = of_clusters.into_values().collect();
                jackknife(&of_clusters, 2, |sums| vec![sums[1].value().zip(sums[0].value()).map(|(b, a)| b - a)])[0]
            }
        };
        Change { rate: id, of: sums, change: change.map(Contrast::of_shares) }
    };
    CHANGES.into_iter().map(change).collect()
}

/// The change of a rate between two runs that differ in few requests, from the hits and non-hits that requests gain and
/// lose: ((1 − p) · hits gained less lost − p · non-hits gained less lost) / T, with p and T the means of both runs' rates and
/// trials. The distances from the change are those of the intervals of the four counts together.
fn of_few(clusters: &Clusters, of_request: impl Fn(usize) -> [Rate; 2], rates: [f64; 2], trials: f64) -> [f64; 2] {
    let requests = clusters.requests(|_| true);
    let more = |count: fn(Rate) -> u64, [less, more]: [usize; 2]| {
        clusters.sums(&requests, |request| {
            let both = of_request(request).map(count);
            Rate::new(both[more].saturating_sub(both[less]), 1)
        })
    };
    let hits: fn(Rate) -> u64 = |rate| rate.hits;
    let others: fn(Rate) -> u64 = |rate| rate.trials - rate.hits;
    // Where no request gains or loses a trial, hits and non-hits are the same events.
    let same_trials = requests.iter().all(|&request| of_request(request)[0].trials == of_request(request)[1].trials);
    let p = if same_trials { 0.0 } else { (rates[0] + rates[1]) / 2.0 };
    let [of_hit, of_other] = [(1.0 - p) / trials, p / trials];
    let all = [
        (of_hit, more(hits, [0, 1])),
        (-of_hit, more(hits, [1, 0])),
        (-of_other, more(others, [0, 1])),
        (of_other, more(others, [1, 0])),
    ];
    let used: Vec<(f64, &Sums)> =
        all.iter().filter(|(factor, _)| *factor != 0.0).map(|(factor, sums)| (*factor, sums)).collect();
    let Contrast { value, low, high } = weighted_sum(&used);
    [low - value, high - value]
}

/// The keys on which it hangs who lives in the country, is on file and is sought, and that differ between two scenarios:
/// each with both values.
pub fn differing(first: &Scenario, second: &Scenario) -> Vec<String> {
    let (mut a, mut b) = (BTreeMap::new(), BTreeMap::new());
    for (scenario, list) in [(first, &mut a), (second, &mut b)] {
        let document = Value::try_from(scenario).expect("every part of a scenario has a TOML form");
        values(&document, String::new(), list);
    }
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let people = keys.into_iter().filter(|key| {
        PEOPLE.iter().any(|start| key.starts_with(start) && !key.ends_with("_because")) && a.get(*key) != b.get(*key)
    });
    let shown = |value: Option<&String>| value.map_or("nothing".to_string(), Clone::clone);
    people.map(|key| format!("{key} ({} and {})", shown(a.get(key)), shown(b.get(key)))).collect()
}

/// The keys that decide who there is, who is on file and who is sought, or their beginnings.
const PEOPLE: [&str; 10] = [
    "seed.",
    "population.",
    "bank.",
    "holder.coverage",
    "holder.least_age",
    "requester.requests",
    "requester.list",
    "requester.on_file",
    "requester.coverage",
    "requester.least_age",
];

/// Every value of a document by its key, settings without where they come from.
fn values(value: &Value, key: String, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(setting) if setting.contains_key("basis") && setting.contains_key("value") => {
            into.insert(key, setting["value"].to_string());
        }
        Value::Table(section) => {
            for (name, value) in section {
                values(value, if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, into);
            }
        }
        plain => {
            into.insert(key, plain.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::run;
    use crate::scenario::tests::scenario;

    #[test]
    fn the_four_parts_are_everybody_on_file_and_a_run_differs_from_itself_in_nobody() {
        let size = ["population.final_order=0.02", "population.people=25600", "requester.requests=300"];
        let first = run(&scenario(&size), &|_| {});
        let strict = run(
            &scenario(&[
                size[0],
                size[1],
                size[2],
                "routes.number.model.threshold=2",
                "routes.address.model.threshold=3",
            ]),
            &|_| {},
        );
        let itself = against(&first, &first).unwrap();
        assert_eq!((itself.sought.spared, itself.sought.newly_returned), (0, 0));
        let both = against(&first, &strict).unwrap();
        assert_eq!(both.sought.total(), first.evaluation.requested_on_file);
        assert_eq!(both.sought.total() + both.never_sought.total(), first.evaluation.holder_records);
        // A higher threshold returns nobody new.
        assert_eq!(both.sought.newly_returned + both.never_sought.newly_returned, 0);
        assert!(both.sought.spared > 0);
        for change in changes(&first, &strict) {
            let of = |outcome: &Outcome| outcome.evaluation.groups.rates[&change.rate].rate;
            assert_eq!(change.of, [of(&first), of(&strict)], "{:?}", change.rate);
            let (told, turned) = (change.change.unwrap(), changes(&strict, &first));
            let back = turned.iter().find(|other| other.rate == change.rate).unwrap().change.unwrap();
            assert!((told.value + back.value).abs() < 1e-12 && (told.low + back.high).abs() < 1e-12);
            // More are missed, beyond luck: the same requests stand on both sides.
            assert!(change.rate != RateId::Missed || told.low > 0.0, "{told:?}");
        }
        // Where nothing differs, luck may have left out a few differences either way.
        for change in changes(&first, &first) {
            let (told, trials) = (change.change.unwrap(), change.of[0].trials as f64);
            assert!(told.value == 0.0 && told.low < 0.0 && told.high > 0.0 && told.high < 5.3 / trials, "{told:?}");
        }
        assert!(both.sought.mcnemar() < 1e-6 && itself.sought.mcnemar() == 1.0);
        let turned = against(&strict, &first).unwrap();
        assert_eq!(turned.sought.newly_returned, both.sought.spared);
        let other = run(&scenario(&[size[0], "requester.requests=299"]), &|_| {});
        assert_eq!(against(&first, &other), None);
    }

    #[test]
    fn the_keys_that_make_other_people_are_named_with_both_values() {
        let base = scenario(&["requester.requests=300"]);
        let other =
            scenario(&["requester.requests=299", "holder.coverage.pending=0.5", "routes.number.model.threshold=2"]);
        let said = differing(&base, &other);
        assert!(said.len() == 2 && said[0].starts_with("holder.coverage.pending (") && said[0].ends_with(" and 0.5)"));
        assert_eq!(said[1], "requester.requests (300 and 299)");
        assert!(differing(&base, &base).is_empty());
    }
}
