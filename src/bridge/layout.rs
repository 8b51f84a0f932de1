//! Columns of a list by which the program that wrote it is known; `docs/score.md` has the table.

use super::rows::RowReader;
use super::verdict::Verdicts;
use super::{BridgeError, Format, Spec, listed};
use std::io::Read;

/// Columns that may hold the score, the finest first.
const SCORES: [&str; 11] = [
    "match_weight",
    "match_probability",
    "posterior",
    "mpost",
    "probability",
    "prob",
    "score",
    "confidence_score",
    "link score",
    "weights",
    "weight",
];
/// Columns of scores that are probabilities.
const PROBABILITIES: [&str; 5] = ["match_probability", "posterior", "mpost", "probability", "prob"];
const CLUSTERS: [&str; 8] =
    ["cluster_id", "cluster id", "cluster", "membership", "prediction", "z_cluster", "matchid", "resolved_entity_id"];
const MEMBERS: [&str; 6] = ["unique_id", "mention_id", "record_id", "rec_id", "id", "recordid"];
const DATASETS: [&str; 6] = ["source_dataset", "source file", "dataset", "file", "z_source", "data_source"];

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
    pub(super) verdicts: Option<Verdicts>,
    /// Numbers of rows beside ids, which have to name the same records.
    pub(super) rows: Option<(usize, usize)>,
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
    /// The columns of a list, told from its header. `score` names the column of scores where the usual ones are not
    /// meant.
    pub(super) fn of(
        name: &str,
        table: &RowReader<'_, impl Read>,
        spec: &Spec,
        score: Option<&str>,
    ) -> Result<Layout, BridgeError> {
        let header = table.header();
        let lower: Vec<String> = header.iter().map(|cell| cell.to_lowercase()).collect();
        let (id_a, id_b) = (spec.id.a.to_lowercase(), spec.id.b.to_lowercase());
        let wrong =
            |problem: String, remedy: &str| Err(BridgeError::new(name, problem, remedy).at_line(table.header_line()));
        // Two levels of an index may both be called as the ids are.
        let own: Vec<usize> = (0..lower.len()).filter(|&i| lower[i] == id_a && id_a == id_b).collect();
        let may_be_twice = |cell: &str| cell.is_empty() || own.len() == 2 && cell == id_a;
        if let Some(twice) = (1..header.len()).find(|&i| !may_be_twice(&lower[i]) && lower[..i].contains(&lower[i])) {
            let problem = format!("the header names the column {:?} twice", header[twice]);
            return wrong(problem, "give each column a name of its own");
        }
        let column = |wanted: &str| lower.iter().position(|cell| *cell == wanted.to_lowercase());
        let both = |l: &str, r: &str| Some((column(l)?, column(r)?));
        let first = |names: &[&str]| names.iter().find_map(|name| column(name));
        let asked_for = score.and_then(column);
        let score = match score {
            Some(wanted) => match column(wanted) {
                Some(score) => Some(score),
                None => {
                    let problem = format!("the header has no column {wanted:?}; it has {}", listed(header));
                    return wrong(problem, "change --score");
                }
            },
            None => first(&SCORES),
        };
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
            score: score.filter(|_| format != Format::Clusters),
            probability: score.is_some_and(|score| PROBABILITIES.contains(&lower[score].as_str())),
            verdicts: None,
            rows: both(".x", ".y").filter(|rows| format == Format::Reclin2 && *rows != ids),
        };
        let pairs = |format, meant, ids: Option<(usize, usize)>| ids.map(|ids| found(format, meant, ids));
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
            Some(found(Format::Clusters, Meant::Ids, (member, first(&CLUSTERS)?)))
        };
        // The two levels of an index that has no names, or is called as the ids are.
        let index = || match (&lower[..], &own[..]) {
            (_, &[l, r]) => Some((l, r)),
            ([l, r, ..], _) if l.is_empty() && r.is_empty() => Some((0, 1)),
            _ => None,
        };
        let of_a_and_b = || both(&id_a, &id_b).filter(|_| id_a != id_b);
        use Format::{FastLink, Ids, RRecordLinkage, Reclin2, RecordLinkage, Splink};
        let layout = pairs(Splink, Meant::Ids, both("unique_id_l", "unique_id_r"))
            .or_else(|| pairs(Splink, Meant::Ids, suffixes("_l", "_r")))
            .or_else(|| pairs(FastLink, Meant::Rows, both("inds.a", "inds.b")))
            .or_else(|| pairs(RecordLinkage, Meant::Ids, suffixes("_1", "_2")))
            .or_else(|| pairs(RecordLinkage, Meant::Ids, both("rec_id_1", "rec_id_2")))
            .or_else(|| pairs(RecordLinkage, Meant::Ids, both("level_0", "level_1")))
            .or_else(|| pairs(Ids, Meant::Ids, both("id_a", "id_b")))
            .or_else(|| pairs(Reclin2, Meant::Ids, suffixes(".x", ".y")))
            .or_else(|| pairs(Reclin2, Meant::Rows, both(".x", ".y")))
            .or_else(|| pairs(RRecordLinkage, Meant::IdsOrRows, both("id1", "id2")))
            .or_else(|| pairs(Ids, Meant::Ids, prefixes("ltable_", "rtable_")))
            .or_else(|| pairs(Ids, Meant::Ids, prefixes("left_", "right_")))
            .or_else(|| pairs(Ids, Meant::Ids, suffixes("_left", "_right")))
            .or_else(|| pairs(Ids, Meant::Ids, suffixes("_x", "_y")))
            .or_else(clusters)
            .or_else(|| pairs(RecordLinkage, Meant::IdsOfAAndB, of_a_and_b()))
            .or_else(|| pairs(RecordLinkage, Meant::Ids, index()))
            .ok_or_else(|| {
                let problem = format!(
                    "no two columns of ids, nor one of clusters; {}the header has {}",
                    table.as_separated(),
                    listed(header)
                );
                let remedy = format!(
                    "name them unique_id_l and unique_id_r (Splink), {id}_1 and {id}_2 (recordlinkage), inds.a and inds.b \
                     (fastLink), .x and .y (reclin2), id_a and id_b, or {id} and cluster_id; or set delimiter.list in {}",
                    spec.name,
                    id = spec.id.a
                );
                BridgeError::new(name, problem, remedy).at_line(table.header_line())
            })?;
        let taken = [Some(layout.ids.0), Some(layout.ids.1), score];
        if let Some(score) = asked_for {
            if layout.format == Format::Clusters {
                return wrong(format!("--score {:?}: clusters have no scores", header[score]), "leave it out");
            }
            if [layout.ids.0, layout.ids.1].contains(&score) {
                let problem = format!("--score {:?}: this column holds ids", header[score]);
                return wrong(problem, "name the column of scores, or leave it out");
            }
        }
        if layout.format == Format::Clusters {
            return Ok(layout);
        }
        match Verdicts::of(header, &taken.into_iter().flatten().collect::<Vec<usize>>()) {
            Ok(verdicts) => Ok(Layout { verdicts, ..layout }),
            Err(several) => wrong(
                format!("the columns {several:?} may each say which pairs are matches"),
                "leave in the list the one that does, or give the others another name",
            ),
        }
    }
}
