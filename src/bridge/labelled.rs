//! Two labelled files as they are read: [`LabelledPair`], and apart from them their [`Truth`].

use super::date_format::DateFormat;
#[cfg(feature = "cli")]
use super::open;
use super::rows::RowReader;
use super::spec::{ColumnPair, Spec, Unlabelled};
use super::{BridgeError, LARGEST_COLUMN, LONGEST_CELL, Side};
use crate::record::coded::{Coded, Coding, Values, both, each};
use crate::record::{Date, Field};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;
use std::io::Read;
#[cfg(feature = "cli")]
use std::path::Path;

/// Two labelled files, and apart from them their truth.
#[derive(Clone, Debug)]
pub struct LabelledPair {
    /// The requester's file.
    pub a: LabelledFile,
    /// The holder's file.
    pub b: LabelledFile,
    /// The records of both, with their cells as the files have them, spaces at the ends apart.
    pub records: Coded,
    /// Who the records are about.
    pub truth: Truth,
}

impl LabelledPair {
    /// The same files with B first.
    pub fn turned(&self) -> LabelledPair {
        LabelledPair {
            a: self.b.clone(),
            b: self.a.clone(),
            records: self.records.turned(),
            truth: Truth { a: self.truth.b.clone(), b: self.truth.a.clone() },
        }
    }

    /// Reads two files as a spec says.
    #[cfg(feature = "cli")]
    pub fn read(a: &Path, b: &Path, spec: &Spec) -> Result<LabelledPair, BridgeError> {
        LabelledPair::from_readers((&a.display().to_string(), open(a)?), (&b.display().to_string(), open(b)?), spec)
    }

    /// Reads two files, each with the name that errors call it: both at a time, where there are threads. Of two that
    /// are wrong the error is of the first.
    pub fn from_readers(
        a: (&str, impl Read + Send),
        b: (&str, impl Read + Send),
        spec: &Spec,
    ) -> Result<LabelledPair, BridgeError> {
        let (a, b) = both(|| Reading::of(a.0, a.1, spec, Side::A), || Reading::of(b.0, b.1, spec, Side::B));
        let Reading { file: file_a, cells: cells_a, persons: persons_a, lines: lines_a } = a?;
        let Reading { file: file_b, cells: cells_b, persons: persons_b, lines: lines_b } = b?;
        // Each takes a thread for about as long as the other.
        let (truth, (unique, mut records)) = both(
            || Truth::of(&persons_a, &persons_b),
            || {
                let unique_a = || file_a.check_ids(&lines_a, &spec.id.a);
                (both(unique_a, || file_b.check_ids(&lines_b, &spec.id.b)), Coded::of(cells_a, cells_b))
            },
        );
        unique.0.and(unique.1)?;
        if let Some(format) = &spec.date_format {
            check_dates(&records, format, spec)?;
            records = records.mapped(|field, text, _, out| {
                match format.parse(text).filter(|_| *field == Field::DateOfBirth) {
                    Some(date) => out.push_str(&date.to_string()),
                    None => out.push_str(text),
                }
            });
        }
        Ok(LabelledPair { a: file_a, b: file_b, records, truth })
    }
}

/// A format that more than a quarter of the dates do not have is the wrong one: no file errs so often.
fn check_dates(records: &Coded, format: &DateFormat, spec: &Spec) -> Result<(), BridgeError> {
    let Some(column) = records.column(&Field::DateOfBirth) else { return Ok(()) };
    let values = records.values(column);
    let unread = || values.iter().filter(|text| !text.is_empty() && format.parse(text).or(Date::parse(text)).is_none());
    let (unread, example) = (unread().count(), unread().next().unwrap_or_default());
    if unread * 4 < values.len() {
        return Ok(());
    }
    let problem = format!("{unread} of {} dates of birth are not written so, {example:?} among them", values.len() - 1);
    Err(BridgeError::new(&spec.name, problem, "change it to how the files write dates").about("date_format"))
}

/// What a file says besides its fields.
#[derive(Clone, Debug)]
pub struct LabelledFile {
    /// What errors call it.
    pub name: String,
    /// The ids of the file, by row.
    pub ids: Texts,
    /// For each group column of this file its name and the values by row.
    pub groups: Vec<(String, Texts)>,
    /// Records left out for want of a truth value.
    pub ignored: u64,
}

impl LabelledFile {
    /// No id may stand twice. Of several that do the first in the file is named. `lines` are those of the records, `side`
    /// is the column of ids.
    fn check_ids(&self, lines: &[u32], side: &str) -> Result<(), BridgeError> {
        let mut hashes: Vec<u64> = self.ids.iter().map(|id| FxBuildHasher.hash_one(id)).collect();
        hashes.sort_unstable();
        if hashes.windows(2).all(|pair| pair[0] != pair[1]) {
            return Ok(());
        }
        let mut first = FxHashMap::default();
        for (row, id) in self.ids.iter().enumerate() {
            if let Some(before) = first.insert(id, row) {
                let problem = format!("the id {id:?} stands on line {} already", lines[before]);
                let error = BridgeError::new(&self.name, problem, "give every record an id of its own");
                return Err(error.at_line(u64::from(lines[row])).about(format!("column {side:?}")));
            }
        }
        Ok(())
    }
}

/// Many short texts in one piece of memory, by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.text[start..self.ends[row] as usize]
    }

    /// All of them, by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// How many bytes they take.
    fn bytes(&self) -> usize {
        self.text.len()
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).expect("whoever pushes stops at a gibibyte"));
    }
}

/// Which person each record is about. Equal numbers, same person.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    a: Vec<u32>,
    b: Vec<u32>,
}

impl Truth {
    /// Persons by the texts that name them.
    fn of(a: &Texts, b: &Texts) -> Truth {
        let mut persons = Values::with_room_for(a.len());
        let a = a.iter().map(|person| persons.code(person)).collect();
        // Most of B are in A, and to look is what several can do at a time.
        let rows: Vec<u32> = (0..b.len() as u32).collect();
        let found = each(&rows, |&row| persons.find(b.get(row as usize)));
        let number = |(row, found): (usize, Option<u32>)| found.unwrap_or_else(|| persons.code(b.get(row)));
        Truth { a, b: found.into_iter().enumerate().map(number).collect() }
    }

    /// Whether a row of A and a row of B are about one person.
    pub fn same(&self, a: usize, b: usize) -> bool {
        self.a[a] == self.b[b]
    }

    /// The number of the person whom a row of A is about.
    pub fn person_of_a(&self, row: usize) -> u32 {
        self.a[row]
    }

    /// For each row of A, how many rows of B are about the same person.
    pub fn partners(&self) -> Vec<u64> {
        let persons = self.a.iter().chain(&self.b).max().map_or(0, |&most| most as usize + 1);
        let mut in_b = vec![0; persons];
        self.b.iter().for_each(|&person| in_b[person as usize] += 1);
        self.a.iter().map(|&person| in_b[person as usize]).collect()
    }

    /// The same, for each row of B in A.
    pub fn partners_of_b(&self) -> Vec<u64> {
        Truth { a: self.b.clone(), b: self.a.clone() }.partners()
    }

    /// How many pairs are one person.
    pub fn pairs(&self) -> u64 {
        self.partners().iter().sum()
    }
}

/// A file as it was read.
struct Reading {
    file: LabelledFile,
    cells: Coding,
    /// Whom each record is about.
    persons: Texts,
    /// The line that each record begins on.
    lines: Vec<u32>,
}

impl Reading {
    fn of(name: &str, reader: impl Read, spec: &Spec, side: Side) -> Result<Reading, BridgeError> {
        let mut table = RowReader::open(name, reader)?;
        let columns = Columns::of(name, table.header(), spec, side)?;
        let group = |&column: &usize| (table.header()[column].clone(), Texts::default());
        let file = LabelledFile {
            name: name.to_owned(),
            ids: Texts::default(),
            groups: columns.groups.iter().map(group).collect(),
            ignored: 0,
        };
        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        let mut reading = Reading { file, cells: Coding::new(&fields), persons: Texts::default(), lines: Vec::new() };
        while table.advance()? {
            match columns.person(&table, spec)? {
                Some(person) => reading.push(&table, &columns, person)?,
                None if spec.unlabelled == Unlabelled::Ignored => reading.file.ignored += 1,
                None => {
                    let problem = "the truth is missing: which person is this record about?";
                    let remedy = "fill it in, or write unlabelled = \"ignore\" in the spec to leave it out";
                    return Err(table.error(columns.truth, problem, remedy));
                }
            }
        }
        if reading.lines.is_empty() {
            let (problem, remedy) = match reading.file.ignored {
                0 => ("the file has a header and no record", "check that it is the right file"),
                _ => ("no record has a truth value", "fill in the truth column"),
            };
            return Err(BridgeError::new(name, problem, remedy));
        }
        reading.cells.shrink_to_fit();
        Ok(reading)
    }

    /// Takes in the record at hand, which is about a person.
    fn push(&mut self, table: &RowReader<'_, impl Read>, columns: &Columns, person: &str) -> Result<(), BridgeError> {
        let id = table.text(columns.id)?;
        if id.is_empty() {
            return Err(table.error(columns.id, "the id is missing", "give every record an id of its own"));
        }
        for (place, &column) in columns.fields.iter().enumerate() {
            let text = table.trimmed(column);
            if text.len() > LONGEST_CELL {
                let problem = format!("this cell is longer than {LONGEST_CELL} bytes");
                let remedy = "check for a quote that does not close, or leave the column out of [fields]";
                return Err(table.error(column, problem, remedy));
            }
            self.cells.push(place, text).map_err(|_| table.not_text(column))?;
        }
        for ((_, values), &column) in self.file.groups.iter_mut().zip(&columns.groups) {
            values.push(table.text(column)?);
        }
        self.persons.push(person);
        self.file.ids.push(id);
        self.lines.push(u32::try_from(table.line()).unwrap_or(u32::MAX));
        // A line is at most a mebibyte, so that between two looks nothing grows beyond what a number holds.
        if self.lines.len().is_multiple_of(1_024)
            && let Some(column) = self.too_large(columns)
        {
            let problem = format!("this column holds more than {LARGEST_COLUMN} bytes");
            return Err(table.error(column, problem, "link the file in parts"));
        }
        Ok(())
    }

    /// A column that holds more than a column may.
    fn too_large(&self, columns: &Columns) -> Option<usize> {
        let groups = self.file.groups.iter().map(|(_, texts)| texts).zip(columns.groups.iter().copied());
        let texts = groups.chain([(&self.persons, columns.truth), (&self.file.ids, columns.id)]);
        let texts = texts.map(|(texts, column)| (texts.bytes(), column));
        let fields = columns.fields.iter().enumerate().map(|(place, &column)| (self.cells.bytes(place), column));
        texts.chain(fields).find(|(size, _)| *size > LARGEST_COLUMN).map(|(_, column)| column)
    }
}

/// Where in a file the columns of a spec stand.
struct Columns {
    id: usize,
    truth: usize,
    fields: Vec<usize>,
    groups: Vec<usize>,
}

impl Columns {
    fn of(name: &str, header: &[String], spec: &Spec, side: Side) -> Result<Columns, BridgeError> {
        let column = |column: &str, key: &str| {
            let wrong = |problem: String, remedy: String| {
                Err(BridgeError::new(name, problem, remedy).at_line(1).about(format!("column {column:?}")))
            };
            let mut places = (0..header.len()).filter(|&place| header[place] == column);
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (Some(first), Some(second)) => wrong(
                    format!("columns {} and {} of the header have this name", first + 1, second + 1),
                    "give one of them another name, so that it is clear which is meant".to_owned(),
                ),
                (None, _) => wrong(
                    format!("the header has no such column; it has {}", header.join(", ")),
                    format!("change {key} in {}", spec.name),
                ),
            }
        };
        let field = |(field, pair): &(Field, ColumnPair)| column(pair.of(side), &format!("fields.{field}"));
        let groups = spec.groups.iter().filter(|group| group.side == side);
        Ok(Columns {
            id: column(spec.id.of(side), "id")?,
            truth: column(spec.truth.of(side), "truth")?,
            fields: spec.fields.iter().map(field).collect::<Result<_, _>>()?,
            groups: groups.map(|group| column(&group.column, "groups")).collect::<Result<_, _>>()?,
        })
    }

    /// The person whom the record at hand is about, if it says so.
    fn person<'t>(&self, table: &'t RowReader<'_, impl Read>, spec: &Spec) -> Result<Option<&'t str>, BridgeError> {
        let person = match (&spec.pattern, table.text(self.truth)?) {
            (_, "") => "",
            (None, person) => person,
            (Some(pattern), text) => pattern.part(text).ok_or_else(|| {
                let problem = format!("{text:?} does not match the pattern");
                table.error(self.truth, problem, "change truth.pattern in the spec")
            })?,
        };
        Ok(Some(person).filter(|person| !person.is_empty()))
    }
}
