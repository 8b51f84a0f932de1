//! The rows of a sweep or an inference as they are kept: a line each, under a line that says to which they belong.
//!
//! A line is on the disk before the next row begins; it is there whole or it does not count. Each ends with a checksum
//! over it and the first line, so that no line that was changed, or is of another one, is taken for a run.

use crate::cli::folder::{Folder, Holds};
use crate::cli::interrupt;
use crate::cli::output::{self, Failure};
use crate::cli::shards::{Shard, checksum, read_parts};
use crate::cli::values::MOST_PARTS;
use namesake::experiment::{infer, sweep};
use namesake::report::VERSION;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A plan of many runs, and the row that each of them gives.
pub trait Work: Clone + PartialEq + Serialize + DeserializeOwned {
    /// The rows of one run.
    type Row: Clone + Serialize + DeserializeOwned;
    /// The format of the rows.
    const SCHEMA: &'static str;
    /// The name of the whole, and the same with its article.
    const OF: &'static str;
    const A: &'static str;
    /// The most rows there can be.
    const MOST: u64;

    /// Rows in all.
    fn rows(&self) -> u64;
    /// The difference of another plan from this one.
    fn differs_in(&self, other: &Self) -> &'static str;
    /// The number of a row.
    fn number(row: &Self::Row) -> u64;
    /// The fault of a row.
    fn complaint(&self, row: &Self::Row) -> Option<String>;
}

impl Work for sweep::Plan {
    type Row = sweep::Row;
    const SCHEMA: &'static str = "namesake.sweep-rows/2";
    const OF: &'static str = "sweep";
    const A: &'static str = "a sweep";
    const MOST: u64 = sweep::MOST_ROWS;

    fn rows(&self) -> u64 {
        self.rows()
    }

    fn differs_in(&self, other: &Self) -> &'static str {
        self.differs_in(other)
    }

    fn number(row: &sweep::Row) -> u64 {
        row.row
    }

    fn complaint(&self, row: &sweep::Row) -> Option<String> {
        row.complaint()
    }
}

impl Work for infer::Plan {
    type Row = infer::Row;
    const SCHEMA: &'static str = "namesake.infer-rows/1";
    const OF: &'static str = "inference";
    const A: &'static str = "an inference";
    const MOST: u64 = infer::MOST_DRAWS;

    fn rows(&self) -> u64 {
        self.draws
    }

    fn differs_in(&self, other: &Self) -> &'static str {
        self.differs_in(other)
    }

    fn number(row: &infer::Row) -> u64 {
        row.row
    }

    fn complaint(&self, row: &infer::Row) -> Option<String> {
        self.complaint(row)
    }
}

/// The plan that rows belong to: the first line of every file of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header<P> {
    pub schema: String,
    pub version: String,
    pub part: u64,
    pub parts: u64,
    pub plan: P,
}

impl<P: Work> Shard for Header<P> {
    fn number(&self) -> (u64, u64) {
        (self.part, self.parts)
    }

    fn same_whole(&self, other: &Header<P>) -> bool {
        self.plan == other.plan
    }
}

/// A part, read from its text; an error says what is wrong with it.
pub fn part_of<P: Work>(text: &str) -> Result<(Header<P>, Vec<P::Row>), String> {
    let header = header_of(text).ok_or_else(|| format!("is not a part of {}; make one with --shard K/N", P::A))?;
    if header.version != VERSION {
        return Err(format!("was written by version {}, not {VERSION}; run it again", header.version));
    }
    let rows =
        rows_of(text, &header).map_err(|what| format!("{what}; it was changed or cut short; run this part again"))?;
    Ok((header, rows))
}

/// The header and the rows of a whole whose parts lie in some folders, by number.
pub fn merged<P: Work>(folders: &[PathBuf], holds: Holds) -> Result<(Header<P>, Vec<P::Row>), Failure> {
    let parts = read_parts(folders, holds, part_of::<P>)?;
    let header = Header { part: 1, parts: 1, ..parts[0].1.clone() };
    let mut rows: Vec<P::Row> = parts.into_iter().flat_map(|(.., rows)| rows).collect();
    rows.sort_unstable_by_key(P::number);
    if !rows.iter().map(P::number).eq(0..header.plan.rows()) {
        return Err(Failure::Message(format!(
            "a row of the {} is missing in these parts, or is in two of them; run the parts again with --shard K/N",
            P::OF
        )));
    }
    Ok((header, rows))
}

impl<P: Work> Header<P> {
    /// The header of a part.
    pub fn new(plan: P, part: u64, parts: u64) -> Header<P> {
        Header { schema: P::SCHEMA.to_string(), version: VERSION.to_string(), part, parts, plan }
    }

    /// The header and rows, a line each.
    pub fn text(&self, rows: &[P::Row]) -> Result<String, Failure> {
        let mut text = line(self, "")?;
        let sum = self.checksum()?;
        for row in rows {
            text += &line(row, &sum)?;
        }
        Ok(text)
    }

    fn checksum(&self) -> Result<String, Failure> {
        Ok(checksum(&["", &serde_json::to_string(self).map_err(Failure::of)?]))
    }
}

/// A value with the checksum of its line.
#[derive(Serialize, Deserialize)]
struct Line<T> {
    #[serde(flatten)]
    value: T,
    checksum: String,
}

/// A line; `under` is the checksum of the header above it.
fn line<T: Serialize>(value: T, under: &str) -> Result<String, Failure> {
    let checksum = checksum(&[under, &serde_json::to_string(&value).map_err(Failure::of)?]);
    Ok(serde_json::to_string(&Line { value, checksum }).map_err(Failure::of)? + "\n")
}

/// Returns `true` if a line is as it was written.
fn unchanged<T: Serialize>(line: &Line<T>, under: &str) -> bool {
    serde_json::to_string(&line.value).is_ok_and(|text| checksum(&[under, &text]) == line.checksum)
}

/// The header of a text of rows; `None` for any other text.
fn header_of<P: Work>(text: &str) -> Option<Header<P>> {
    let line: Line<Header<P>> = serde_json::from_str(text.lines().next()?).ok()?;
    let header = &line.value;
    let fits = (1..=header.parts).contains(&header.part)
        && header.parts <= MOST_PARTS
        && (1..=P::MOST).contains(&header.plan.rows())
        && header.schema == P::SCHEMA
        && unchanged(&line, "");
    fits.then_some(line.value)
}

/// The rows of a text under its header, each once; an error says in which line something is wrong.
fn rows_of<P: Work>(text: &str, header: &Header<P>) -> Result<Vec<P::Row>, String> {
    let mut rows: BTreeMap<u64, (usize, P::Row)> = BTreeMap::new();
    let under = header.checksum().map_err(|_| "line 1 cannot be read".to_string())?;
    for (line, text) in text.lines().enumerate().skip(1).map(|(at, text)| (at + 1, text)) {
        let read: Line<P::Row> = serde_json::from_str(text).map_err(|error| {
            // Where in the line it is wrong is said as if the line were a file.
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or(&what);
            format!("line {line} cannot be read as a row of {}: {what}", P::A)
        })?;
        let same = unchanged(&read, &under);
        let row = read.value;
        let number = P::number(&row);
        if number >= header.plan.rows() || number % header.parts != header.part - 1 {
            return Err(format!("line {line}: there is no row {number} in this {} or in this part of it", P::OF));
        }
        if let Some(complaint) = header.plan.complaint(&row) {
            return Err(format!("line {line}: {complaint}"));
        }
        if !same {
            return Err(format!("line {line}: was changed since it was written, or is of another {}", P::OF));
        }
        if let Some((first, _)) = rows.insert(number, (line, row)) {
            return Err(format!("line {line}: row {number} is in line {first} already"));
        }
    }
    Ok(rows.into_values().map(|(_, row)| row).collect())
}

/// The finished rows of a sweep or an inference that may not be complete.
pub struct Journal<P: Work> {
    path: PathBuf,
    /// Checksum of the header.
    under: String,
    wanted: u64,
    kept: Mutex<(File, Vec<P::Row>)>,
}

impl<P: Work> Journal<P> {
    /// Opens the journal of what is to be written to a folder, or begins it; `wanted` is how many rows it will
    /// have. Rows come from an earlier complete one as well (`finished` is the name of its file), so that giving a
    /// command twice repeats nothing.
    pub fn open(folder: &Folder, finished: &str, header: &Header<P>, wanted: u64) -> Result<Journal<P>, Failure> {
        let path = folder.journal();
        let mut rows = Vec::new();
        let complete = folder.path().join(finished);
        if complete.is_file() {
            rows = fit(&complete, &output::read_text(&complete)?, header, folder.path())?;
        }
        let failed = |error: std::io::Error| Failure::at(&path, "cannot be written", &error);
        let mut text = String::new();
        if path.is_file() {
            text = output::read_text(&path)?;
            // A line without its end was being written when somebody pulled the plug.
            text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
        }
        if text.is_empty() {
            text = line(header, "")?;
            output::write_whole(&path, text.as_bytes())?;
        }
        rows.extend(fit(&path, &text, header, path.parent().unwrap_or(&path))?);
        rows.sort_unstable_by_key(P::number);
        rows.dedup_by_key(|row| P::number(row));
        let file = File::options().append(true).open(&path).map_err(failed)?;
        file.set_len(text.len() as u64).map_err(failed)?;
        interrupt::unless_interrupted(|now| now.runs = Some((rows.len() as u64, wanted)));
        Ok(Journal { under: header.checksum()?, wanted, kept: Mutex::new((file, rows)), path })
    }

    /// Adds a row: it is on the disk when this returns.
    pub fn add(&self, row: P::Row) -> Result<(), Failure> {
        let text = line(&row, &self.under)?;
        let mut kept = self.kept.lock().expect("a panic has ended the program already");
        interrupt::unless_interrupted(|now| {
            let written = kept.0.write_all(text.as_bytes()).and_then(|()| kept.0.sync_data());
            written.map_err(|error| Failure::at(&self.path, "cannot be written", &error))?;
            kept.1.push(row);
            now.runs = Some((kept.1.len() as u64, self.wanted));
            Ok(())
        })
    }

    /// All rows, in order.
    pub fn rows(&self) -> Vec<P::Row> {
        let mut rows = self.kept.lock().expect("a panic has ended the program already").1.clone();
        rows.sort_unstable_by_key(P::number);
        rows
    }

    /// The numbers of the rows that are there.
    pub fn known(&self) -> Vec<u64> {
        self.rows().iter().map(P::number).collect()
    }
}

/// The rows of a text that belongs to the same plan; `place` is what to remove if it does not.
fn fit<P: Work>(path: &Path, text: &str, header: &Header<P>, place: &Path) -> Result<Vec<P::Row>, Failure> {
    let wrong = |what: String| {
        Err(Failure::Message(format!("{what}; choose another --out, or remove {} to begin anew", place.display())))
    };
    let Some(found) = header_of::<P>(text) else {
        return wrong(format!("{}: line 1 is not that of rows of {}", path.display(), P::A));
    };
    if found.version != header.version {
        return wrong(format!("{}: is of version {}, not {VERSION}", path.display(), found.version));
    }
    if found.plan != header.plan {
        let differs = header.plan.differs_in(&found.plan);
        return wrong(format!("{}: is of another {}, with {differs}", path.display(), P::OF));
    }
    if (found.part, found.parts) != (header.part, header.parts) {
        return wrong(format!("{}: is part {} of {}", path.display(), found.part, found.parts));
    }
    rows_of(text, header).or_else(|what| wrong(format!("{}, {what}", path.display())))
}
