//! Loss from exact ties: what is lost where two people cannot be told apart by the recorded fields.
//!
//! A request is *lost* when it is not resolved correctly: the right person alone, or nobody when the person is not on
//! file. Requests whose compared fields are recorded alike get the same answer, and of records that are alike a rule can
//! only take one by lot. For a set of *a* requests that are alike, a₀ of them for people not on file, and each set *h* of
//! alike records on the holder's file, m_h of which are of people whom the set seeks, at most max(a₀, max_h m_h/|h|) of the
//! a are expected to be resolved. What is left, added up, is the loss from exact ties.
//!
//! It is a lower bound of the expected loss of every rule that sees only these fields, over who is who among those who are
//! alike. It is seen in hindsight: whoever reached it would have to know, for each set apart, whether to answer and with
//! which records. What a rule loses that has to decide without that knowledge is more, often several times as much. People
//! who see more than the records are not bound by it.

use super::{Attribute, Judged, LostAt, Measured, Returns};
use crate::record::{Field, Records};
use crate::stats::Rate;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Sets of requests and records that are alike in the fields compared.
#[derive(Default)]
pub struct Alike {
    /// For each route, and last for requests that are refused: the fields that are seen.
    views: Vec<Vec<Field>>,
    /// The view of each request, what it says there, and the set of records alike to that of the person sought.
    requests: Vec<(u32, u64, Option<u32>)>,
    /// The sets of records that matter, by view and what they say there.
    sets: FxHashMap<(u32, u64), u32>,
}

impl Alike {
    /// Collects the requests, each of which takes one of the `views`, and the records of the people sought who are on
    /// file.
    ///
    /// `requests` and `records` are in normal form; `row_of` gives the row of a request's true record.
    pub fn new(
        views: Vec<Vec<Field>>,
        requests: &Records,
        view_of: impl Fn(usize) -> usize,
        records: &Records,
        row_of: impl Fn(usize) -> Option<usize>,
    ) -> Alike {
        let mut alike = Alike { views, ..Alike::default() };
        for request in 0..requests.len() {
            let view = view_of(request);
            let said = signature(requests, request, &columns(requests, &alike.views[view]));
            let set = row_of(request).map(|row| {
                let said = signature(records, row, &columns(records, &alike.views[view]));
                let next = alike.sets.len() as u32;
                *alike.sets.entry((view as u32, said)).or_insert(next)
            });
            alike.requests.push((view as u32, said, set));
        }
        alike
    }

    /// The number of sets of records that matter.
    pub fn sets(&self) -> usize {
        self.sets.len()
    }

    /// Counts records of the holder's file, in normal form, into the sets that matter.
    pub fn count(&self, records: &Records, sizes: &mut [u64]) {
        for (view, fields) in self.views.iter().enumerate() {
            let columns = columns(records, fields);
            for row in 0..records.len() {
                if let Some(set) = self.sets.get(&(view as u32, signature(records, row, &columns))) {
                    sizes[*set as usize] += 1;
                }
            }
        }
    }

    /// The part of each request that is lost by exact ties, from 0 to 1, given how large the sets are.
    pub fn from_ties(&self, sizes: &[u64]) -> Vec<f64> {
        let mut groups: BTreeMap<(u32, u64), Vec<Option<u32>>> = BTreeMap::new();
        for (view, said, set) in &self.requests {
            groups.entry((*view, *said)).or_default().push(*set);
        }
        let resolved: BTreeMap<(u32, u64), f64> = groups
            .into_iter()
            .map(|(key, mut sought)| {
                sought.sort_unstable();
                let absent = sought.iter().filter(|set| set.is_none()).count() as f64;
                let by_set = sought.chunk_by(|a, b| a == b).filter_map(|set| Some((set[0]?, set.len())));
                let best = by_set.map(|(set, m)| m as f64 / sizes[set as usize].max(1) as f64).fold(absent, f64::max);
                (key, best / sought.len() as f64)
            })
            .collect();
        self.requests.iter().map(|(view, said, _)| 1.0 - resolved[&(*view, *said)]).collect()
    }
}

fn columns(records: &Records, fields: &[Field]) -> Vec<usize> {
    fields.iter().filter_map(|field| records.column(field)).collect()
}

/// The text of a record in some columns as a number: FNV-1a of the cells and their ends, mixed. Two different texts
/// give the same number with a chance of one in 10¹⁹.
fn signature(records: &Records, row: usize, columns: &[usize]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &column in columns {
        for byte in records.get(row, column).bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash ^= hash >> 32;
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Losses, and how many are expected of exact ties alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Losses {
    /// Requests not resolved correctly.
    pub actual: Measured,
    /// The loss from exact ties.
    pub from_ties: f64,
    /// Losses by place.
    pub lost: Lost,
}

/// Losses by place; each loss is in one of these counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Losses of people on file who were not returned, by stage; a stage without any is absent.
    pub at: BTreeMap<LostAt, u64>,
    /// Requests that returned the right person and others.
    pub right_with_others: u64,
    /// Requests that returned somebody though the person sought is not on file.
    pub answered_though_absent: u64,
}

impl Lost {
    fn count(&mut self, judged: &Judged) {
        match judged.lost_at {
            Some(place) => *self.at.entry(place).or_insert(0) += 1,
            None if judged.on_file => self.right_with_others += 1,
            None => self.answered_though_absent += 1,
        }
    }
}

/// Losses beside those from exact ties, overall and by group of the person sought.
#[derive(Clone, Debug, PartialEq)]
pub struct Ties {
    /// Overall.
    pub all: Losses,
    /// By attribute and value.
    pub by_group: Vec<(Attribute, Vec<Losses>)>,
}

/// Adds up what was lost, and what exact ties lose. `from_ties` is by request, as [`Alike::from_ties`] gives it.
pub(super) fn ties(returns: &Returns<'_>, from_ties: &[f64]) -> Ties {
    let Returns { judged, attributes, sought, clusters, .. } = *returns;
    let losses = |include: &dyn Fn(usize) -> bool| {
        let (mut of_ties, mut lost) = (0.0, Lost::default());
        for (request, judged) in judged.iter().enumerate().filter(|(request, _)| include(*request)) {
            of_ties += from_ties[request];
            if !judged.resolved() {
                lost.count(judged);
            }
        }
        let of_request = |request: usize| Rate::new(u64::from(!judged[request].resolved()), 1);
        let actual = clusters.sums(&clusters.requests(include), of_request);
        Losses { actual: Measured::of_clusters(&actual, "requests"), from_ties: of_ties, lost }
    };
    let by_group = attributes.iter().enumerate().map(|(i, attribute)| {
        let of_value = |value: usize| losses(&|request| usize::from(sought[request][i]) == value);
        (attribute.clone(), (0..attribute.values.len()).map(of_value).collect())
    });
    Ties { all: losses(&|_| true), by_group: by_group.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    fn records(rows: &[[&str; 2]]) -> Records {
        let mut records = Records::new(&[Field::Surname, Field::Zip]);
        for (i, row) in rows.iter().enumerate() {
            records.push(RecordId(i as u64), row);
        }
        records
    }

    #[test]
    fn of_people_who_are_alike_one_is_found_by_lot() {
        let file = records(&[["García", "1"], ["García", "1"], ["García", "1"], ["Nguyễn", "2"], ["O'Brien", "3"]]);
        // Two of the three García, the one Nguyễn, one O'Brien on file and two requests like it for people who are not.
        let asked =
            [["García", "1"], ["García", "1"], ["Nguyễn", "9"], ["O'Brien", "3"], ["O'Brien", "3"], ["O'Brien", "3"]];
        let truth = [Some(0), Some(1), Some(3), Some(4), None, None];
        let alike = Alike::new(
            vec![vec![Field::Surname, Field::Zip]],
            &records(&asked),
            |_| 0,
            &file,
            |request| truth[request],
        );
        assert_eq!(alike.sets(), 3);
        let mut sizes = vec![0; alike.sets()];
        alike.count(&file, &mut sizes);
        assert_eq!(sizes.iter().sum::<u64>(), 5);
        let from_ties = alike.from_ties(&sizes);
        // García: two thirds of a request of two is resolved. Nguyễn is alone. O'Brien: better to return nobody.
        let expected = [2.0 / 3.0, 2.0 / 3.0, 0.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0];
        for (got, wanted) in from_ties.iter().zip(expected) {
            assert!((got - wanted).abs() < 1e-12, "{from_ties:?}");
        }
        // Parts of the file counted apart add up.
        let mut again = vec![0; alike.sets()];
        alike.count(&records(&[["García", "1"], ["García", "1"]]), &mut again);
        alike.count(&records(&[["García", "1"], ["Nguyễn", "2"], ["O'Brien", "3"]]), &mut again);
        assert_eq!(again, sizes);
    }
}
