//! The output of another program: a list of pairs, or of records and their clusters.
//!
//! Which program wrote it is told from the header; `docs/score.md` has the table.

use super::clusters::Clusters;
use super::columns::Chosen;
use super::contents::Contents;
use super::damage::Marked;
use super::decisions::is_match;
use super::ends::{begins_others, stops_early, within_a_line};
use super::heaps::{stands_out, usual};
use super::layout::{Format, Layout, Meant, Role};
use super::lookup::Lookup;
#[cfg(feature = "cli")]
use super::open;
use super::pair::{FoundPair, LabelledFile, LabelledPair, Last};
use super::rows::{Batch, RowReader};
use super::scores::{Scores, refuse_edits};
use super::sides::{Listed, Names, Order, rows_moved, settle};
use super::{BridgeError, Spec};
use crate::notice::{Code, Notice};
use crate::record::coded::Dataset;
use std::cmp::Reverse;
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
    /// Each column of the list with the part that it plays, by these.
    pub columns: Vec<(String, Role)>,
    /// The column that says which pairs are matches, if there is one.
    pub decided_by: Option<String>,
    /// Pairs left out: within one file, or of a record that was left out because it has no truth value.
    pub left_out: u64,
    /// Notices about the list.
    pub notices: Vec<Notice>,
}

impl Found {
    /// Reads a list of the records of two labelled files. `chosen` says which columns hold what, where that is open.
    #[cfg(feature = "cli")]
    pub fn read(path: &Path, files: &LabelledPair, spec: &Spec, chosen: &Chosen<'_>) -> Result<Found, BridgeError> {
        Found::from_reader(&path.display().to_string(), open(path)?, files, spec, chosen)
    }

    /// The same, from a reader; `name` is what errors call it.
    pub fn from_reader(
        name: &str,
        reader: impl Read,
        files: &LabelledPair,
        spec: &Spec,
        chosen: &Chosen<'_>,
    ) -> Result<Found, BridgeError> {
        let mut table = RowReader::open(name, reader, spec.delimiters.list)?;
        let mut last = Last::default();
        Found::of(name, &mut table, &mut last, files, spec, chosen).map_err(|error| {
            // What is behind a wrong record says whether it is the last.
            let is_last = table.next_batch().is_ok_and(|batch| batch.is_none());
            last.explain(error, is_last && table.is_unended())
        })
    }

    fn of(
        name: &str,
        table: &mut RowReader<'_, impl Read>,
        last: &mut Last,
        files: &LabelledPair,
        spec: &Spec,
        chosen: &Chosen<'_>,
    ) -> Result<Found, BridgeError> {
        let layout = Layout::of(name, table, spec, chosen)?;
        let header = table.header().to_vec();
        let mut lookup = Lookup::new(name, files);
        let looked_at = layout.to_be_looked_at(&header, &[&files.a.columns, &files.b.columns]);
        let (mut list, mut clusters) = match layout.format {
            Format::Clusters => (List::default(), Clusters::looking_at(looked_at)),
            _ => (List::of(&layout, looked_at), Clusters::default()),
        };
        let roles = layout.roles();
        let read: Vec<usize> = (0..roles.len()).filter(|&column| roles[column] != Role::Unread).collect();
        let mut marked = Marked::default();
        while let Some(batch) = table.next_batch()? {
            last.see(&batch);
            marked.see(&batch, &read);
            for row in 0..batch.len() {
                batch.not_the_header(row, &[layout.ids.0, layout.ids.1])?;
                match layout.format {
                    Format::Clusters => clusters.add(&batch, row, &layout, &mut lookup, &spec.missing)?,
                    _ => list.add(&batch, row, &layout, &mut lookup)?,
                }
            }
        }
        let whole = lookup.whole;
        let as_whole = (whole > 0).then(|| {
            let sentence =
                format!("{name}: ids written with a decimal point or an exponent are read as whole numbers ({whole}).");
            Notice::new(Code::WholeNumbers, sentence).counting(whole)
        });
        let mut notices: Vec<Notice> = as_whole.into_iter().chain(marked.notice(name, &header)).collect();
        let mut seen = std::mem::take(&mut list.seen);
        // A last cell that is no id may be cut without a sign.
        let cut = Some(&*last).filter(|_| table.is_unended() && layout.ends_with_ids());
        let column = |column: usize| header[column].clone();
        let (pairs, left_out, counts) = match layout.format {
            Format::Clusters => {
                let column = &header[layout.ids.1];
                let found = clusters.settled((name, column), files, spec, &layout, cut, &mut notices)?;
                seen = found.seen;
                (found.pairs, found.left_out, found.records)
            }
            _ => {
                if let Some(score) = layout.score {
                    notices.extend(list.scores.notice(name, &header[score])?);
                    let ends_with_score = table.is_unended() && score + 1 == header.len();
                    notices.extend(list.scores.cut(name, last).filter(|_| ends_with_score));
                }
                let (pairs, left_out) = list.pairs(name, files, spec, &layout, cut, &mut notices)?;
                notices.extend(crowded(name, files, &pairs));
                let same = |pair: &FoundPair| files.truth.same(pair.a as usize, pair.b as usize);
                if let Some(score) = chosen.score {
                    refuse_edits(name, score, &pairs, same)?;
                }
                let said_no = pairs.iter().filter(|pair| !pair.is_match).count();
                let counts = [pairs.len(), said_no].map(|count| count as u64);
                (pairs, left_out, counts)
            }
        };
        notices.extend(layout.told.clone());
        notices.extend(layout.check_contents(name, &header, &seen, counts)?);
        let (score, decided_by) = (layout.score.map(column), layout.decision.map(column));
        let mut columns: Vec<(String, Role)> = header.iter().cloned().zip(layout.roles()).collect();
        // The order of columns changes nothing.
        columns.sort_by(|(x, of_x), (y, of_y)| (of_x, x).cmp(&(of_y, y)));
        Ok(Found { format: layout.format, columns, score, decided_by, left_out, notices, pairs })
    }
}

/// The notice that a record is in far more of the matched pairs than others: its id may stand for a missing one.
fn crowded(list: &str, files: &LabelledPair, pairs: &[FoundPair]) -> Option<Notice> {
    let of = |file: &LabelledFile, row: fn(&FoundPair) -> u32| {
        let mut times = vec![0_u64; file.ids.len()];
        pairs.iter().filter(|pair| pair.is_match).for_each(|pair| times[row(pair) as usize] += 1);
        let usual = usual(times.iter().copied());
        let (most, id) = times.into_iter().zip(file.ids.iter()).max_by_key(|&(times, id)| (times, Reverse(id)))?;
        stands_out(most, usual).then(|| {
            let sentence = format!(
                "{list}: the record {id:?} of {} is in {most} matched pairs; 95 of 100 such records are in at most {usual}. If \
                 its id stands for a missing value, take these pairs out of the list.",
                file.name
            );
            Notice::new(Code::CrowdedRecord, sentence).counting(most)
        })
    };
    of(&files.a, |pair| pair.a).or_else(|| of(&files.b, |pair| pair.b))
}

/// A list of pairs as it is read.
#[derive(Default)]
struct List {
    listed: Vec<Listed>,
    /// The names that the list gives the two files.
    names: Names,
    /// The contents of columns that may say which pairs are matches.
    seen: Vec<(usize, Contents)>,
    /// The pairs of which the two numbers are rows, or may be; `None` once one of them is no row.
    by_row: Option<Vec<(FoundPair, u64)>>,
    /// The reason why the numbers cannot be ids.
    no_ids: Option<BridgeError>,
    left_out: u64,
    scores: Scores,
}

impl List {
    fn of(layout: &Layout, looked_at: Vec<usize>) -> List {
        let by_row = matches!(layout.meant, Meant::Rows | Meant::IdsOrRows).then(Vec::new);
        let seen = looked_at.into_iter().map(|column| (column, Contents::default())).collect();
        List { by_row, seen, ..List::default() }
    }

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
        let (l, r) = (text(layout.ids.0)?, text(layout.ids.1)?);
        let truth = &lookup.files.truth;
        let same = |rows: Option<(u32, u32)>| rows.is_some_and(|(a, b)| truth.same(a as usize, b as usize));
        let see = |seen: &mut [(usize, Contents)], right: bool| {
            // A cell that is no text says nothing, and need not say anything.
            seen.iter_mut().for_each(|(column, contents)| contents.see(text(*column).unwrap_or_default(), right));
        };
        let score = layout.score.map(|column| self.scores.read(batch, row, column, layout.probability)).transpose()?;
        let is_match =
            layout.decision.map_or(Ok(true), |column| is_match(batch, row, column, "this pair is a match"))?;
        let mut by_row = None;
        if matches!(layout.meant, Meant::Rows | Meant::IdsOrRows) {
            match lookup.row(Dataset::A, l, line).and_then(|a| Ok((a, lookup.row(Dataset::B, r, line)?))) {
                Ok((a, b)) => {
                    by_row = Some((a, b));
                    self.by_row.iter_mut().for_each(|pairs| pairs.push((FoundPair { a, b, score, is_match }, line)));
                }
                Err(wrong) if layout.meant == Meant::Rows => return Err(wrong),
                Err(_) => self.by_row = None,
            }
            if layout.meant == Meant::Rows {
                see(&mut self.seen, same(by_row));
                return Ok(());
            }
        }
        let found = lookup.find(l, line).and_then(|l| Ok((l, lookup.find(r, line)?)));
        let (l, r) = match (found, layout.meant) {
            (Ok((Some(l), Some(r))), _) => (l, r),
            (Ok(_), _) => {
                self.left_out += 1;
                return Ok(());
            }
            (Err(wrong), Meant::IdsOrRows) => {
                see(&mut self.seen, same(by_row));
                self.no_ids.get_or_insert(wrong);
                return Ok(());
            }
            (Err(wrong), _) => return Err(wrong),
        };
        let [forward, turned] = [l.row(Dataset::A).zip(r.row(Dataset::B)), r.row(Dataset::A).zip(l.row(Dataset::B))];
        see(&mut self.seen, same(forward) || same(turned));
        for &(again_l, again_r) in &layout.ids_again {
            let (text_l, text_r) = (text(again_l)?, text(again_r)?);
            // Of what is an id in neither file nothing can be said.
            let (Ok(Some(other_l)), Ok(Some(other_r))) = (lookup.find(text_l, line), lookup.find(text_r, line)) else {
                continue;
            };
            if (other_l, other_r) != (l, r) && (other_l, other_r) != (r, l) {
                let problem =
                    format!("{text_l:?} and {text_r:?} are other records than the columns of ids beside them name");
                return Err(batch.error(row, again_l, problem, "leave in the list the two columns that hold the ids"));
            }
        }
        if let (Some(numbers), Some(rows)) = (layout.rows, l.row(Dataset::A).zip(r.row(Dataset::B))) {
            let numbers_of_rows = (text(numbers.0)?, text(numbers.1)?);
            lookup
                .check_rows(rows, numbers_of_rows)
                .map_err(|(problem, remedy)| batch.error(row, numbers.0, problem, remedy))?;
        }
        let names = match layout.datasets {
            Some((l, r)) => [self.names.number(text(l)?), self.names.number(text(r)?)],
            None => [0, 0],
        };
        self.listed.push(Listed { l, r, score: score.unwrap_or(f64::NAN), line, names, is_match });
        Ok(())
    }

    /// All pairs by rows, if none is listed twice, and how many were left out.
    fn pairs(
        mut self,
        list: &str,
        files: &LabelledPair,
        spec: &Spec,
        layout: &Layout,
        cut: Option<&Last>,
        notices: &mut Vec<Notice>,
    ) -> Result<(Vec<FoundPair>, u64), BridgeError> {
        let order = match layout.meant {
            _ if layout.datasets.is_some() => Order::Named,
            Meant::IdsOfAAndB | Meant::IdsOrRows => Order::LeftIsOfA,
            _ if layout.format == Format::Splink => Order::Open,
            _ => Order::LeftFirst,
        };
        self.names.read(files, spec.datasets.as_ref());
        let by_id = self.no_ids.map_or_else(|| settle(list, files, &self.listed, &mut self.names, order), Err);
        let rows = |pairs: &[(FoundPair, u64)]| pairs.iter().map(|(pair, _)| (pair.a, pair.b)).collect::<Vec<_>>();
        let (mut pairs, left_out) = match (by_id, self.by_row) {
            (Ok(settled), Some(by_row))
                if layout.meant == Meant::IdsOrRows && rows(&settled.pairs) != rows(&by_row) =>
            {
                let problem = "the numbers can be ids or row numbers, which give different pairs";
                let remedy =
                    "name the columns id_a and id_b if they are ids, inds.a and inds.b if they are rows from 1";
                return Err(BridgeError::new(list, problem, remedy).at_line(1));
            }
            (_, Some(by_row)) => {
                notices.extend(rows_moved(list, files, &by_row));
                (by_row, 0)
            }
            (Ok(settled), None) => {
                notices.extend(settled.exchanged(list, order));
                (settled.pairs, settled.left_out + self.left_out)
            }
            (Err(wrong), None) => return Err(wrong),
        };
        let ids = || files.a.ids.iter().chain(files.b.ids.iter());
        // A pair of one person is hardly made by chance.
        let is_wrong = |last: &&Last| {
            let pair = pairs.iter().rev().find(|(_, line)| *line == last.line);
            pair.is_some_and(|(pair, _)| !files.truth.same(pair.a as usize, pair.b as usize))
        };
        match cut.filter(is_wrong).filter(|last| begins_others(&last.text, ids())) {
            Some(last) => notices.push(within_a_line(list, last, ids())),
            None => {
                let in_order: Vec<FoundPair> = pairs.iter().map(|(pair, _)| *pair).collect();
                notices.extend(stops_early(list, files, &in_order));
            }
        }
        pairs.sort_unstable_by_key(|(pair, line)| (pair.a, pair.b, *line));
        let same = |x: &FoundPair, y: &FoundPair| (x.a, x.b) == (y.a, y.b);
        if let Some(twice) = pairs.windows(2).find(|two| same(&two[0].0, &two[1].0)) {
            let problem = format!("this pair is on line {} already", twice[0].1);
            return Err(BridgeError::new(list, problem, "list every pair once").at_line(twice[1].1));
        }
        Ok((pairs.into_iter().map(|(pair, _)| pair).collect(), left_out))
    }
}

#[cfg(test)]
mod tests;
