//! A list of records and their clusters: [`Clusters`].

use super::contents::Contents;
use super::decisions::is_match;
use super::ends::{begins_others, within_a_line};
use super::handed::Said;
use super::heaps::{self, Heaps};
use super::layout::Layout;
use super::lookup::{Lookup, Place};
use super::missing::Missing;
use super::names;
use super::numbers::whole_names;
use super::pair::Last;
use super::rows::Batch;
use super::sides::{Names, Turned, exchanged};
use super::two_readings::{ambiguous, complaint, cut_off};
use super::whole::{LOST, is_of_spreadsheet, whole};
use super::{BridgeError, FoundPair, LabelledFile, LabelledPair, Spec};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Dataset::{self, A, B};
use rustc_hash::FxHashMap;

/// The most pairs that clusters may make.
const MOST_PAIRS: u64 = 100_000_000;

/// A cluster with more records of one file than this is told: few people are in a file so often.
const FEW: u64 = 3;

/// Records of a list with the cluster of each.
#[derive(Default)]
pub(super) struct Clusters {
    records: Vec<Record>,
    names: Names,
    /// The names of the clusters, in the order in which they come.
    clusters: Vec<String>,
    numbers: FxHashMap<String, u32>,
    left_out: u64,
    /// Columns that may say which records are in their cluster.
    said: Vec<Said>,
    /// Records of which the list says that they are in none.
    said_no: u64,
}

/// Contents of a list of clusters.
pub(super) struct InClusters {
    pub(super) pairs: Vec<FoundPair>,
    pub(super) left_out: u64,
    /// Records that are listed, and those of which the list says that they are in no cluster.
    pub(super) records: [u64; 2],
    /// The contents of columns that may say which records are in their cluster, among those that it makes a difference for.
    pub(super) seen: Vec<(usize, Contents)>,
}

struct Record {
    place: Place,
    /// The name of its file, where the list gives it.
    name: Option<u32>,
    /// The cluster; `None` for a record that is alone.
    cluster: Option<u32>,
    line: u64,
}

/// The rows of A and of B in a cluster.
type Rows = [Vec<u32>; 2];

impl Clusters {
    /// An empty list, of which these columns are looked at.
    pub(super) fn looking_at(columns: Vec<usize>) -> Clusters {
        Clusters { said: columns.into_iter().map(Said::of).collect(), ..Clusters::default() }
    }

    /// Takes in a row of a list.
    pub(super) fn add(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        layout: &Layout,
        lookup: &mut Lookup<'_>,
        missing: &Missing,
    ) -> Result<(), BridgeError> {
        let line = batch.line(row);
        let (id, text) = (batch.text(row, layout.ids.0)?, missing.cell(batch.text(row, layout.ids.1)?));
        if let Err((problem, remedy)) = missing.refuse(text, batch.is_ascii()) {
            return Err(batch.error(row, layout.ids.1, problem, &remedy));
        }
        let Some(place) = lookup.find(id, line)? else {
            self.left_out += 1;
            return Ok(());
        };
        let name = match layout.datasets {
            Some((column, _)) => Some(self.names.number(batch.text(row, column)?)),
            None => None,
        };
        let is_in =
            layout.decision.map_or(Ok(true), |column| is_match(batch, row, column, "this record is in its cluster"))?;
        self.said_no += u64::from(!is_in);
        for said in &mut self.said {
            let text = batch.text(row, said.column).unwrap_or_default();
            said.push(text);
        }
        let cluster = (is_in && !text.is_empty()).then(|| match self.numbers.get(text) {
            Some(&number) => number,
            None => {
                let number = self.clusters.len() as u32;
                self.numbers.insert(text.to_owned(), number);
                self.clusters.push(text.to_owned());
                number
            }
        });
        self.records.push(Record { place, name, cluster, line });
        Ok(())
    }

    /// Every pair across the files in one cluster, and how many records were left out.
    pub(super) fn settled(
        mut self,
        (list, column): (&str, &str),
        files: &LabelledPair,
        spec: &Spec,
        layout: &Layout,
        cut: Option<&Last>,
        notices: &mut Vec<Notice>,
    ) -> Result<InClusters, BridgeError> {
        let about = |line: u64, problem: String, remedy: &str| {
            BridgeError::new(list, problem, remedy).at_line(line).about(format!("column {column:?}"))
        };
        self.names.read(files, spec.datasets.as_ref());
        let sides = self.sides(list, files)?;
        // Names that are whole numbers are read as such, and those of one number are one cluster.
        let mut all: Vec<&str> = self.clusters.iter().map(String::as_str).collect();
        all.sort_unstable();
        let line_of = |name: &str| {
            let of_name =
                |record: &&Record| record.cluster.is_some_and(|cluster| self.clusters[cluster as usize] == name);
            self.records.iter().find(of_name).map_or(1, |record| record.line)
        };
        let read = whole_names(&all);
        if let Some(lost) = &read.lost {
            return Err(about(line_of(lost), format!("digits of {lost:?} were lost when the list was written"), LOST));
        }
        let number_of = |record: &Record| record.cluster.and_then(|cluster| whole(&self.clusters[cluster as usize]));
        let is_joined = |name: &&&str| {
            is_of_spreadsheet(name) && self.records.iter().filter(|record| number_of(record) == whole(name)).count() > 1
        };
        if let Some(lost) = all.iter().find(is_joined) {
            return Err(about(line_of(lost), format!("digits of {lost:?} were lost when the list was written"), LOST));
        }
        if let Some(text) = ambiguous(all.iter().copied()) {
            let (problem, remedy) = complaint(text);
            return Err(about(line_of(text), problem, remedy));
        }
        notices.extend(read.notice(list, column));
        notices.extend(cut_off(list, column, all.iter().copied(), "Different clusters may have become one."));
        let mut clusters: FxHashMap<String, Rows> = FxHashMap::default();
        let mut members: FxHashMap<(Dataset, u32), u64> = FxHashMap::default();
        let mut exchangeable: FxHashMap<u32, [Rows; 2]> = FxHashMap::default();
        let mut in_cluster: Vec<(usize, String)> = Vec::new();
        for (number, (record, side)) in self.records.iter().zip(&sides).enumerate() {
            let Some((side, row)) = *side else {
                self.left_out += 1;
                continue;
            };
            if let Some(before) = members.insert((side, row), record.line) {
                let problem = format!("this record is on line {before} already");
                return Err(BridgeError::new(list, problem, "list every record once").at_line(record.line));
            }
            let Some(cluster) = record.cluster else { continue };
            let name = &self.clusters[cluster as usize];
            let name = if read.changed.contains(name) { whole(name).unwrap_or(name.into()) } else { name.into() };
            let name = name.into_owned();
            if !self.said.is_empty() {
                in_cluster.push((number, name.clone()));
            }
            clusters.entry(name).or_default()[side as usize].push(row);
            let other = if side == A { B } else { A };
            if let Some(turned) = record.place.row(other) {
                let both = exchangeable.entry(cluster).or_default();
                both[0][side as usize].push(row);
                both[1][other as usize].push(turned);
            }
        }
        let right = [0, 1].map(|way| exchangeable.values().map(|both| right_pairs(&both[way], files)).sum());
        notices.extend(exchanged(list, Turned { right, wrong: [0; 2] }, true));
        let mut sorted: Vec<(&str, &Rows)> = clusters.iter().map(|(name, rows)| (name.as_str(), rows)).collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        if layout.may_be_truth && is_truth(sorted.iter().map(|(_, rows)| *rows), files) {
            let problem = "this is the column of truth of the spec, and each of its values is one person".to_owned();
            let remedy =
                "name the column of the program's clusters with --clusters COLUMN; if it is this one, name it too";
            return Err(about(1, problem, remedy));
        }
        notices.extend(as_truth(column, &sorted, files));
        let sizes: Vec<[u64; 2]> = sorted.iter().map(|(_, [a, b])| [a.len() as u64, b.len() as u64]).collect();
        let name = |place: usize| sorted[place].0;
        let mut found = Heaps::of(&sizes, name);
        if let Some(code) = found.code.filter(|_| !spec.missing.is_stated()) {
            let (problem, remedy) = heaps::refusal("cluster", name(code), sizes[code], found.largest);
            return Err(about(line_of(name(code)), problem, &remedy));
        }
        let made: u64 = sizes.iter().map(|[a, b]| a * b).sum();
        if made > MOST_PAIRS {
            let problem = format!("these clusters are {made} pairs across the files; {MOST_PAIRS} can be measured");
            return Err(BridgeError::new(list, problem, "check the clusters: one may have swallowed the file"));
        }
        if found.large.is_empty() {
            let most = |place: &usize| (sizes[*place][0].max(sizes[*place][1]), std::cmp::Reverse(*place));
            found.large.extend((0..sizes.len()).max_by_key(most).filter(|place| most(place).0 > FEW));
        }
        notices.extend(found.notice(Code::LargeCluster, "cluster", &sizes, name));
        let place = format!("{list}, column {column:?}");
        notices.extend(names::alike(&place, Code::ClustersAlike, "clusters", &sizes, name));
        notices.extend(unlisted(list, files, &members));
        let pairs = |[a, b]: &Rows| {
            let b = b.clone();
            let of = move |a: u32| b.clone().into_iter().map(move |b| FoundPair { a, b, score: None, is_match: true });
            a.clone().into_iter().flat_map(of)
        };
        let mut pairs: Vec<FoundPair> = clusters.values().flat_map(pairs).collect();
        pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        if let (Some(last), Some(Some((side, row)))) = (cut, sides.last())
            && self.records.last().is_some_and(|record| record.line == last.line)
        {
            let row = *row as usize;
            let (partners, found) = match side {
                A => (
                    files.truth.partners()[row],
                    pairs.iter().any(|pair| is_one(files, pair) && pair.a as usize == row),
                ),
                B => (
                    files.truth.partners_of_b()[row],
                    pairs.iter().any(|pair| is_one(files, pair) && pair.b as usize == row),
                ),
            };
            let (of_list, ids) = (self.clusters.iter().map(String::as_str), [&files.a.ids, &files.b.ids]);
            let others: Vec<&str> = match layout.ids.1 > layout.ids.0 {
                true => of_list.collect(),
                false => ids.iter().flat_map(|ids| ids.iter()).collect(),
            };
            if partners > 0 && !found && begins_others(&last.text, others.iter().copied()) {
                notices.push(within_a_line(list, last, others.into_iter()));
            }
        }
        // A record of a cluster that makes no pair is alone, whatever is said of it.
        let of_pairs = in_cluster.iter().filter_map(|(number, name)| {
            let [a, b] = clusters.get(name).filter(|[a, b]| !a.is_empty() && !b.is_empty())?;
            let (side, row) = sides[*number]?;
            let same = |a: u32, b: u32| files.truth.same(a as usize, b as usize);
            let right = if side == A { b.iter().any(|&b| same(row, b)) } else { a.iter().any(|&a| same(a, row)) };
            Some((*number, right))
        });
        let of_pairs: Vec<(usize, bool)> = of_pairs.collect();
        let seen = self.said.iter().map(|said| (said.column, said.among(of_pairs.iter().copied()))).collect();
        let records = [self.records.len() as u64, self.said_no];
        Ok(InClusters { pairs, left_out: self.left_out, records, seen })
    }

    /// The file and row of each record; `None` for one that was left out.
    fn sides(&mut self, list: &str, files: &LabelledPair) -> Result<Vec<Option<(Dataset, u32)>>, BridgeError> {
        let alone = |place: Place| match (place.row(A), place.row(B)) {
            (Some(row), None) => Some((A, row)),
            (None, Some(row)) => Some((B, row)),
            _ => None,
        };
        for record in &self.records {
            if let (Some(name), Some((side, _))) = (record.name, alone(record.place))
                && self.names.side(name).is_none()
            {
                self.names.show(list, name, side, record.line)?;
            }
        }
        let side = |record: &Record| match (record.name, record.name.and_then(|name| self.names.side(name))) {
            (name, Some(side)) => {
                let row = self.names.check(list, files, (name, side), record.place, record.line)?;
                Ok(row.map(|row| (side, row)))
            }
            (name, None) => match (alone(record.place), name) {
                (Some(known), _) => Ok(Some(known)),
                (None, name) => {
                    let row = record.place.row(A).unwrap_or_default();
                    let id = format!("the id {:?} is", files.a.ids.get(row as usize));
                    Err(match name {
                        Some(name) => self.names.unclear(list, &id, &[name], record.line),
                        None => {
                            let problem = format!("{id} in both files, and nothing says which is meant");
                            let remedy = "add a column source_dataset with a or b";
                            BridgeError::new(list, problem, remedy).at_line(record.line)
                        }
                    })
                }
            },
        };
        self.records.iter().map(side).collect()
    }
}

fn is_one(files: &LabelledPair, pair: &FoundPair) -> bool {
    files.truth.same(pair.a as usize, pair.b as usize)
}

/// Pairs of one person across the files among the rows of a cluster.
fn right_pairs([a, b]: &Rows, files: &LabelledPair) -> u64 {
    let mut in_a: FxHashMap<u32, u64> = FxHashMap::default();
    a.iter().for_each(|&row| *in_a.entry(files.truth.person_of_a(row as usize)).or_default() += 1);
    b.iter().filter_map(|&row| in_a.get(&files.truth.person_of_b(row as usize))).sum()
}

/// Returns `true` if each cluster is one person with all the listed records of that person.
fn is_truth<'r>(clusters: impl Iterator<Item = &'r Rows>, files: &LabelledPair) -> bool {
    let mut seen: FxHashMap<u32, usize> = FxHashMap::default();
    clusters.enumerate().all(|(number, [a, b])| {
        let of_a = a.iter().map(|&row| files.truth.person_of_a(row as usize));
        let of_b = b.iter().map(|&row| files.truth.person_of_b(row as usize));
        let mut persons = of_a.chain(of_b);
        let first = persons.next();
        persons.all(|person| Some(person) == first)
            && first.is_none_or(|first| *seen.entry(first).or_insert(number) == number)
    })
}

/// The notice that the clusters are the persons of the truth.
fn as_truth(column: &str, clusters: &[(&str, &Rows)], files: &LabelledPair) -> Option<Notice> {
    // Of fewer people in both files, a program may be right in all.
    const FEW_PEOPLE: usize = 5;
    let in_both = clusters.iter().filter(|(_, [a, b])| !a.is_empty() && !b.is_empty()).count();
    (in_both >= FEW_PEOPLE && is_truth(clusters.iter().map(|(_, rows)| *rows), files)).then(|| {
        let sentence = format!(
            "The clusters in {column:?} are the persons of the truth, without one error as far as records are in one. If the \
             column was made from the truth, name the program's with --clusters COLUMN."
        );
        Notice::new(Code::CopiesTruth, sentence).counting(clusters.len() as u64)
    })
}

/// The notice that a list of clusters does not mention all records.
fn unlisted(list: &str, files: &LabelledPair, members: &FxHashMap<(Dataset, u32), u64>) -> Option<Notice> {
    let of = |side: Dataset, file: &LabelledFile| {
        let listed = members.keys().filter(|(of, _)| *of == side).count() as u64;
        file.ids.len() as u64 - listed
    };
    let (a, b) = (of(A, &files.a), of(B, &files.b));
    (a + b > 0).then(|| {
        let sentence = format!(
            "{list} does not mention {a} of {} {} of A and {b} of {} of B: they count as alone. Check that the list is whole.",
            files.a.ids.len(),
            by_number(files.a.ids.len() as u64, "record", "records"),
            files.b.ids.len()
        );
        Notice::new(Code::RecordsUnlisted, sentence).counting(a + b)
    })
}
