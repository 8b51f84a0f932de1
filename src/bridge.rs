//! Other people's formats: labelled files and the spec that names their columns, in; lists of pairs, out.
//!
//! A labelled file says of every record which person it is about. Without that column there is nothing to measure, so
//! a file without it is refused. The records go one way, to the stages that match them, and the [`Truth`] another, to
//! whoever counts errors.
//!
//! What people bring is rarely quite right. Every [`BridgeError`] says which file, line and column, what is wrong there
//! and what to do about it.

mod date_format;
mod found;
mod rows;

use crate::record::Field;
use crate::record::coded::{Coded, Coding, Values, both, each};
use date_format::DateFormat;
pub use found::{Format, Found, FoundPair};
use rows::{RowReader, TooLong};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
#[cfg(feature = "cli")]
use std::path::Path;
use toml::{Table, Value};

/// The longest line a file may have, in bytes. Nothing about a person takes a mebibyte; a longer line is a file of
/// another kind.
pub const LONGEST_LINE: usize = 1 << 20;

/// The longest cell of a field that is compared, in bytes. No name and no address takes a kibibyte, and to compare two
/// texts takes time as the product of their lengths.
pub const LONGEST_CELL: usize = 1 << 10;

/// The most text that the distinct values of one column may take, in bytes: the files of a link are held in memory.
pub const LARGEST_COLUMN: usize = 1 << 30;

/// What is wrong with somebody's file or spec, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// The column of the file or the key of the spec.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may be empty where the problem says it.
    pub remedy: String,
}

impl fmt::Display for BridgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.problem)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for BridgeError {}

impl BridgeError {
    /// An error about a file as a whole.
    pub fn new(file: &str, problem: impl Into<String>, remedy: impl Into<String>) -> BridgeError {
        BridgeError { file: file.to_owned(), line: None, column: None, problem: problem.into(), remedy: remedy.into() }
    }

    /// The same error at a line.
    pub fn at_line(mut self, line: u64) -> BridgeError {
        self.line = Some(line);
        self
    }

    /// The same error about a column, or a key.
    pub fn about(mut self, column: impl Into<String>) -> BridgeError {
        self.column = Some(column.into());
        self
    }
}

/// One of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The requester's file.
    A,
    /// The holder's file.
    B,
}

/// A column by its name in either file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPair {
    /// Its name in file A.
    pub a: String,
    /// Its name in file B.
    pub b: String,
}

impl ColumnPair {
    fn of(&self, side: Side) -> &str {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }
}

/// What becomes of records without a truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlabelled {
    /// They are an error.
    Refused,
    /// They are left out, and counted.
    Ignored,
}

/// A column whose values make groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupColumn {
    /// The column.
    pub column: String,
    /// The file it is in.
    pub side: Side,
}

/// Which columns of two files mean what. `blocking` and `model` are kept as they were written, for the stage that
/// knows what they mean.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The name it is called by in errors.
    pub name: String,
    /// The column of record ids, unique within each file.
    pub id: ColumnPair,
    /// The column of truth.
    pub truth: ColumnPair,
    /// Which part of the truth column counts: the first group of a match.
    pattern: Option<Pattern>,
    /// Group columns.
    pub groups: Vec<GroupColumn>,
    /// What becomes of records without a truth value.
    pub unlabelled: Unlabelled,
    /// How dates are written, where the usual formats do not read them.
    date_format: Option<DateFormat>,
    /// The fields to be compared.
    pub fields: Vec<(Field, ColumnPair)>,
    /// The table `[blocking]`.
    pub blocking: Option<Table>,
    /// The table `[model]`.
    pub model: Option<Table>,
}

const SPEC_KEYS: [&str; 8] = ["id", "truth", "groups", "unlabelled", "date_format", "fields", "blocking", "model"];

impl Spec {
    /// Reads a spec; `name` is what errors call it.
    pub fn parse(name: &str, text: &str) -> Result<Spec, BridgeError> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count() as u64);
            let problem = format!("this is not TOML: {}", error.message());
            BridgeError { line, ..BridgeError::new(name, problem, "") }
        })?;
        check_keys(name, "", &table, &SPEC_KEYS)?;
        let error = |key: &str, problem: &str, remedy: &str| BridgeError::new(name, problem, remedy).about(key);
        let required =
            |key: &str, remedy: &str| table.get(key).ok_or_else(|| error(key, "this key is missing", remedy));
        let id = column_pair(name, "id", required("id", "add id = \"the column of record ids\"")?, &[])?;
        let truth = required("truth", "add truth = \"the column that says which person a record is about\"")?;
        let pattern = match truth.get("pattern") {
            None => None,
            Some(Value::String(text)) => {
                Some(Pattern::new(text).map_err(|problem| error("truth.pattern", &problem, ""))?)
            }
            Some(_) => return Err(error("truth.pattern", "a pattern is a text", "put it in quotes")),
        };
        let truth = column_pair(name, "truth", truth, &["pattern"])?;
        let groups = match table.get("groups") {
            None => Vec::new(),
            Some(Value::Array(groups)) => {
                groups.iter().map(|group| group_column(name, group)).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(error("groups", "this must be a list", "write groups = [\"sex\"]")),
        };
        let unlabelled = match table.get("unlabelled").map(Value::as_str) {
            None | Some(Some("refuse")) => Unlabelled::Refused,
            Some(Some("ignore")) => Unlabelled::Ignored,
            Some(_) => {
                return Err(error("unlabelled", "this is neither \"refuse\" nor \"ignore\"", "write one of them"));
            }
        };
        let date_format = match table.get("date_format") {
            None => None,
            Some(value) => Some(value.as_str().and_then(DateFormat::new).ok_or_else(|| {
                error("date_format", "a date format has %Y, %d and one of %m and %b", "write for example \"%d %b %Y\"")
            })?),
        };
        let fields = required("fields", "add [fields] with lines such as surname = \"last_name\"")?;
        let Value::Table(fields) = fields else {
            return Err(error("fields", "this must be a table", "write [fields] and below it surname = \"last_name\""));
        };
        let mut columns = Vec::new();
        for (key, value) in fields {
            let field = Field::from_name(key);
            let near = || Field::NAMED.iter().find(|known| strsim::osa_distance(known.name(), key) <= 2);
            if matches!(field, Field::Other(_))
                && !key.ends_with(|c: char| c.is_ascii_digit())
                && let Some(known) = near().filter(|known| known.name().len() > 3)
            {
                let key = format!("fields.{key}");
                return Err(error(&key, "Namesake has no field of that name", &format!("did you mean {known}?")));
            }
            columns.push((field, column_pair(name, &format!("fields.{key}"), value, &[])?));
        }
        if columns.is_empty() {
            return Err(error("fields", "no field is named", "add lines such as surname = \"last_name\""));
        }
        // In the order of the fields, not of the spec, so that two specs that say the same do the same.
        columns.sort();
        let part = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(table.clone())),
            Some(_) => Err(error(key, "this must be a table", &format!("write [{key}] on a line of its own"))),
        };
        Ok(Spec {
            name: name.to_owned(),
            id,
            truth,
            pattern,
            groups,
            unlabelled,
            date_format,
            fields: columns,
            blocking: part("blocking")?,
            model: part("model")?,
        })
    }

    /// Reads a spec from a file.
    #[cfg(feature = "cli")]
    pub fn read(path: &Path) -> Result<Spec, BridgeError> {
        let name = path.display().to_string();
        let mut text = String::new();
        open(path)?.take(LONGEST_LINE as u64).read_to_string(&mut text).map_err(|error| io_error(&name, &error))?;
        Spec::parse(&name, &text)
    }
}

impl PartialOrd for ColumnPair {
    fn partial_cmp(&self, other: &ColumnPair) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ColumnPair {
    fn cmp(&self, other: &ColumnPair) -> std::cmp::Ordering {
        (&self.a, &self.b).cmp(&(&other.a, &other.b))
    }
}

/// Refuses keys that are not known, and says which one was probably meant. `inside` is the table's name, empty at the
/// top.
pub fn check_keys(file: &str, inside: &str, table: &Table, known: &[&str]) -> Result<(), BridgeError> {
    for key in table.keys() {
        if !known.contains(&key.as_str()) {
            let path = if inside.is_empty() { key.clone() } else { format!("{inside}.{key}") };
            return Err(BridgeError::new(file, "this key is not known", suggestion(key, known)).about(path));
        }
    }
    Ok(())
}

/// "did you mean …?" where one of the known words is near, else all of them.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|known| (strsim::osa_distance(word, known), *known)).min();
    match nearest {
        Some((distance, known)) if distance <= 1 + word.chars().count() / 4 => format!("did you mean {known}?"),
        _ => format!("there are {}", known.join(", ")),
    }
}

fn column_pair(file: &str, key: &str, value: &Value, more: &[&str]) -> Result<ColumnPair, BridgeError> {
    let wrong = || {
        let remedy = format!("write {key} = \"column\" or {key} = {{ a = \"column\", b = \"column\" }}");
        BridgeError::new(file, "this names no column", remedy).about(key)
    };
    let table = match value {
        Value::String(column) => return Ok(ColumnPair { a: column.clone(), b: column.clone() }),
        Value::Table(table) => table,
        _ => return Err(wrong()),
    };
    let known: Vec<&str> = ["a", "b", "column"].iter().chain(more).copied().collect();
    check_keys(file, key, table, &known)?;
    let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    match (text("a"), text("b"), text("column")) {
        (Some(a), Some(b), None) => Ok(ColumnPair { a, b }),
        (None, None, Some(column)) => Ok(ColumnPair { a: column.clone(), b: column }),
        _ => Err(wrong()),
    }
}

fn group_column(file: &str, value: &Value) -> Result<GroupColumn, BridgeError> {
    let wrong = || {
        let remedy = "write groups = [\"sex\"], or { column = \"sex\", file = \"b\" } for a column of file B";
        BridgeError::new(file, "a group is a column", remedy).about("groups")
    };
    match value {
        Value::String(column) => Ok(GroupColumn { column: column.clone(), side: Side::A }),
        Value::Table(table) => {
            check_keys(file, "groups", table, &["column", "file"])?;
            let column = table.get("column").and_then(Value::as_str).ok_or_else(wrong)?.to_owned();
            let side = match table.get("file").map(Value::as_str) {
                None | Some(Some("a")) => Side::A,
                Some(Some("b")) => Side::B,
                Some(_) => return Err(wrong()),
            };
            Ok(GroupColumn { column, side })
        }
        _ => Err(wrong()),
    }
}

/// A regular expression with one group.
#[derive(Clone, Debug)]
struct Pattern {
    #[cfg(feature = "cli")]
    regex: regex::Regex,
}

#[cfg(feature = "cli")]
impl Pattern {
    fn new(text: &str) -> Result<Pattern, String> {
        let regex = regex::Regex::new(text).map_err(|error| {
            // The crate draws a picture over several lines; the last of them says what is wrong.
            let text = error.to_string();
            format!("this is no regular expression ({})", text.lines().last().unwrap_or_default().trim())
        })?;
        if regex.captures_len() < 2 {
            return Err("this pattern has no group; put the part that names the person in brackets".to_owned());
        }
        Ok(Pattern { regex })
    }

    fn part<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(self.regex.captures(text)?.get(1)?.as_str())
    }
}

#[cfg(not(feature = "cli"))]
impl Pattern {
    fn new(_: &str) -> Result<Pattern, String> {
        Err("this build cannot read patterns; give a column that holds the truth alone".to_owned())
    }

    fn part<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(text)
    }
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

/// Opens a file for reading, or says what is there instead.
#[cfg(feature = "cli")]
fn open(path: &Path) -> Result<std::fs::File, BridgeError> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|error| io_error(&name, &error))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            Err(BridgeError::new(&name, "this is a directory", "name a file inside it"))
        }
        Ok(_) => Ok(file),
        Err(error) => Err(io_error(&name, &error)),
    }
}

fn io_error(name: &str, error: &io::Error) -> BridgeError {
    match error.kind() {
        io::ErrorKind::NotFound => BridgeError::new(name, "there is no such file", "check the path"),
        io::ErrorKind::PermissionDenied => BridgeError::new(name, "this file may not be read", "check its permissions"),
        io::ErrorKind::InvalidData => BridgeError::new(name, "this is not UTF-8 text", "save it as UTF-8"),
        _ => BridgeError::new(name, format!("reading failed ({error})"), "check the file"),
    }
}

/// A file as it was read.
struct Reading {
    file: LabelledFile,
    cells: Coding,
    /// Whom each record is about.
    persons: Texts,
    /// The line that each record ends on.
    lines: Vec<u32>,
}

impl Reading {
    fn of(name: &str, reader: impl Read, spec: &Spec, side: Side) -> Result<Reading, BridgeError> {
        let (start, reader) = look_ahead(name, reader)?;
        let mut table = RowReader::new(name, delimiter(&start), reader);
        let width = if table.advance()? { table.len() } else { 0 };
        let header: Vec<String> = (0..width)
            .map(|i| std::str::from_utf8(table.cell(i)).map(|cell| cell.trim().to_owned()))
            .collect::<Result<_, _>>()
            .map_err(|_| BridgeError::new(name, "the header is not UTF-8 text", "save the file as UTF-8").at_line(1))?;
        let column = |column: &str, key: &str| {
            header.iter().position(|cell| cell == column).ok_or_else(|| {
                let problem = format!("the header has no such column; it has {}", header.join(", "));
                BridgeError::new(name, problem, format!("change {key} in {}", spec.name))
                    .about(format!("column {column:?}"))
            })
        };
        let id = column(spec.id.of(side), "id")?;
        let truth = column(spec.truth.of(side), "truth")?;
        let mut columns = Vec::with_capacity(spec.fields.len());
        for (field, pair) in &spec.fields {
            columns.push(column(pair.of(side), &format!("fields.{field}"))?);
        }
        let mut group_columns = Vec::new();
        for group in spec.groups.iter().filter(|group| group.side == side) {
            group_columns.push(column(&group.column, "groups")?);
        }

        let fields: Vec<Field> = spec.fields.iter().map(|(field, _)| field.clone()).collect();
        let file = LabelledFile {
            name: name.to_owned(),
            ids: Texts::default(),
            groups: group_columns.iter().map(|&column| (header[column].clone(), Texts::default())).collect(),
            ignored: 0,
        };
        let mut reading = Reading { file, cells: Coding::new(&fields), persons: Texts::default(), lines: Vec::new() };
        while table.advance()? {
            let line = table.line();
            let at = |i: usize, problem: String, remedy: &str| {
                BridgeError::new(name, problem, remedy).at_line(line).about(format!("column {:?}", header[i]))
            };
            let not_text = |i: usize| at(i, "this cell is not UTF-8 text".to_owned(), "save the file as UTF-8");
            let cell = |i: usize| std::str::from_utf8(trimmed(table.cell(i))).map_err(|_| not_text(i));
            let person = match (&spec.pattern, cell(truth)?) {
                (_, "") => None,
                (None, value) => Some(value),
                (Some(pattern), value) => Some(pattern.part(value).ok_or_else(|| {
                    at(truth, format!("{value:?} does not match the pattern"), "change truth.pattern in the spec")
                })?),
            };
            let Some(person) = person.filter(|person| !person.is_empty()) else {
                if spec.unlabelled == Unlabelled::Ignored {
                    reading.file.ignored += 1;
                    continue;
                }
                let problem = "the truth is missing: which person is this record about?".to_owned();
                let remedy = "fill it in, or write unlabelled = \"ignore\" in the spec to leave it out";
                return Err(at(truth, problem, remedy));
            };
            let record_id = cell(id)?;
            if record_id.is_empty() {
                return Err(at(id, "the id is missing".to_owned(), "give every record an id of its own"));
            }
            for (place, &column) in columns.iter().enumerate() {
                let text = trimmed(table.cell(column));
                if text.len() > LONGEST_CELL {
                    let problem = format!("this cell is longer than {LONGEST_CELL} bytes");
                    let remedy = "check for a quote that does not close, or leave the column out of [fields]";
                    return Err(at(column, problem, remedy));
                }
                reading.cells.push(place, text).map_err(|_| not_text(column))?;
            }
            for ((_, values), &column) in reading.file.groups.iter_mut().zip(&group_columns) {
                values.push(cell(column)?);
            }
            reading.persons.push(person);
            reading.file.ids.push(record_id);
            reading.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
            // A line is at most a mebibyte, so that between two looks nothing grows beyond what a number holds.
            if !reading.lines.len().is_multiple_of(1_024) {
                continue;
            }
            let groups = reading.file.groups.iter().map(|(_, texts)| texts).zip(group_columns.iter().copied());
            let texts = groups.chain([(&reading.persons, truth), (&reading.file.ids, id)]);
            let full = texts.map(|(texts, column)| (texts.text.len(), column));
            let sizes = columns.iter().enumerate().map(|(place, &column)| (reading.cells.bytes(place), column));
            if let Some((_, column)) = full.chain(sizes).find(|(size, _)| *size > LARGEST_COLUMN) {
                let problem = format!("this column holds more than {LARGEST_COLUMN} bytes");
                return Err(at(column, problem, "link the file in parts"));
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

/// A cell without the spaces at its ends. What is no text is left as it is.
fn trimmed(cell: &[u8]) -> &[u8] {
    match cell {
        [] => cell,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => std::str::from_utf8(cell).map_or(cell, |text| text.trim().as_bytes()),
    }
}

/// Looks at the first bytes of a file to tell what kind it is, and gives them with a reader of the whole.
fn look_ahead(name: &str, mut reader: impl Read) -> Result<(Vec<u8>, impl Read), BridgeError> {
    let mut start = Vec::new();
    reader.by_ref().take(8192).read_to_end(&mut start).map_err(|error| io_error(name, &error))?;
    if start.starts_with(b"\xef\xbb\xbf") {
        start.drain(..3);
    }
    let refuse = |problem: &str, remedy: &str| Err(BridgeError::new(name, problem, remedy));
    if start.iter().all(u8::is_ascii_whitespace) {
        return refuse("the file is empty", "check that it is the right file");
    }
    if start.starts_with(b"PAR1") {
        return refuse("this is a Parquet file", "export it as CSV with a header");
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return refuse("this is UTF-16 text", "save it as UTF-8");
    }
    if start.starts_with(b"\x1f\x8b") || start.starts_with(b"PK\x03\x04") {
        return refuse("this is a compressed file", "unpack it first");
    }
    if start.contains(&0) {
        return refuse("this is a binary file", "give a CSV file with a header");
    }
    let whole = io::Cursor::new(start.clone()).chain(reader);
    Ok((start, whole))
}

/// Comma, semicolon or tab: whichever the first line has most of.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    // Of equal counts the last wins.
    [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn csv_error(name: &str, error: &csv::Error) -> BridgeError {
    match error.kind() {
        csv::ErrorKind::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()) {
            Some(TooLong(line)) => {
                let problem = format!("this line is longer than {LONGEST_LINE} bytes");
                BridgeError::new(name, problem, "check that the file is CSV with a record a line").at_line(*line)
            }
            None => io_error(name, error),
        },
        _ => BridgeError::new(name, error.to_string(), "check that the file is CSV"),
    }
}

/// A pair as other tools list it.
#[derive(Clone, Debug, PartialEq)]
pub struct PairRow<'a> {
    /// The id in file A.
    pub unique_id_l: &'a str,
    /// The id in file B.
    pub unique_id_r: &'a str,
    /// The score in bits.
    pub match_weight: f64,
    /// The probability, where the model claims one.
    pub match_probability: Option<f64>,
}

/// Writes pairs as CSV with the columns other tools use.
pub fn write_pairs<'a>(out: impl Write, rows: impl Iterator<Item = PairRow<'a>>) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["unique_id_l", "unique_id_r", "match_weight", "match_probability"])?;
    for row in rows {
        let probability = row.match_probability.map_or(String::new(), |p| format!("{p:.9}"));
        csv.write_record([row.unique_id_l, row.unique_id_r, &format!("{:.3}", row.match_weight), &probability])?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Date;

    const SPEC: &str = r#"
        id = "id"
        truth = "who"
        groups = ["sex", { column = "note", file = "b" }]
        [fields]
        surname = { a = "last", b = "name" }
        date_of_birth = "born"
    "#;
    const A: &str = "id,who,sex,last,born\na1,1,F,Nuñez,1984-05-03\na2,2,M,Ōe,1990-01-31\n";
    const B: &str = "id;who;note;name;born\nb1;2;x;\"Ōe\nYō\";1990-01-31\nb2;2;y;O'Brien;\n";

    fn read(spec: &str, a: &[u8], b: &[u8]) -> Result<LabelledPair, BridgeError> {
        LabelledPair::from_readers(("a.csv", a), ("b.csv", b), &Spec::parse("spec.toml", spec)?)
    }

    fn message(spec: &str, a: &[u8]) -> String {
        read(spec, a, B.as_bytes()).expect_err("this should be refused").to_string()
    }

    #[test]
    fn two_files_are_read_and_their_truth_kept_apart() {
        let pair = read(SPEC, A.as_bytes(), B.as_bytes()).unwrap();
        let surname = pair.records.column(&Field::Surname).unwrap();
        assert_eq!(pair.records.text(surname, pair.records.a.get(0)[surname]), "Nuñez");
        assert_eq!(pair.records.text(surname, pair.records.b.get(0)[surname]), "Ōe\nYō");
        let texts = |texts: &Texts| texts.iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(texts(&pair.b.ids), ["b1", "b2"]);
        assert_eq!((pair.a.groups[0].0.as_str(), texts(&pair.a.groups[0].1)), ("sex", vec!["F".into(), "M".into()]));
        assert_eq!(texts(&pair.b.groups[0].1), ["x", "y"]);
        assert!(pair.truth.same(1, 0) && pair.truth.same(1, 1) && !pair.truth.same(0, 0));
        assert_eq!(pair.truth.partners(), [0, 2]);
        assert_eq!(pair.truth.pairs(), 2);
        let marked = [b"\xef\xbb\xbf".as_slice(), A.as_bytes()].concat();
        assert_eq!(texts(&read(SPEC, &marked, B.as_bytes()).unwrap().a.ids), ["a1", "a2"]);
    }

    #[test]
    fn a_spec_that_is_wrong_says_what_to_write() {
        for (from, to, expected) in [
            ("truth =", "thruth =", "did you mean truth?"),
            ("surname =", "surnam =", "did you mean surname?"),
            ("a = \"last\"", "c = \"last\"", "fields.surname.c"),
            ("\"last\"", "\"Last\"", "it has id, who, sex, last, born"),
            ("\"who\"", "3", "this names no column"),
            ("[fields]", "[fields", "spec.toml, line 5"),
            ("id = \"id\"", "", "id: this key is missing"),
            ("\"who\"", "{ column = \"who\", pattern = \"(\" }", "no regular expression"),
            ("\"who\"", "{ column = \"who\", pattern = \"x\" }", "has no group"),
            ("\"who\"", "{ column = \"who\", pattern = \"x(.)\" }", "\"1\" does not match the pattern"),
            ("\"sex\",", "\"race\",", "\"race\""),
        ] {
            let spec = SPEC.replacen(from, to, 1);
            assert_ne!(spec, SPEC);
            let message = message(&spec, A.as_bytes());
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_where_it_is_wrong() {
        let long_cell = format!("id,who,sex,last,born\na1,1,F,{},\n", "x".repeat(LONGEST_CELL + 1));
        let long = format!("id,who,sex,last,born\na1,1,F,{},\n", "x".repeat(LONGEST_LINE + 1));
        for (file, expected) in [
            (b"".as_slice(), "the file is empty"),
            (b" \n\n", "the file is empty"),
            (b"id,who,sex,last,born\n", "no record"),
            (b"PAR1abc", "Parquet"),
            (b"\x00\x01\x02", "binary"),
            (b"\xff\xfei\x00", "UTF-16"),
            (b"id,who,sex,last,born\na1,1,F,Nu\xf1ez,\n", "line 2, column \"last\": this cell is not UTF-8"),
            (b"id,who,sex,last,born\na1,1,F,X,\na1,2,F,Y,\n", "line 3, column \"id\": the id \"a1\" stands on line 2"),
            (b"id,who,sex,last,born\na1,,F,X,\n", "unlabelled = \"ignore\""),
            (b"id,who,sex,last,born\n,1,F,X,\n", "the id is missing"),
            (b"id,who,sex,last,born\na1,1,F,X\n", "line 2: this record has 4 cells where the header has 5"),
            (long.as_bytes(), "line 2: this line is longer"),
            (long_cell.as_bytes(), "line 2, column \"last\": this cell is longer than 1024 bytes"),
        ] {
            let message = message(SPEC, file);
            assert!(message.contains(expected), "{message}");
            assert!(message.starts_with("a.csv"), "{message}");
        }
    }

    #[test]
    fn records_without_truth_may_be_left_out_and_are_counted() {
        let spec = format!("unlabelled = \"ignore\"\n{SPEC}");
        let pair = read(&spec, b"id,who,sex,last,born\na1,,F,X,\na2,2,F,Y,\n", B.as_bytes()).unwrap();
        assert_eq!((pair.a.ids.len(), pair.a.ignored), (1, 1));
    }

    #[test]
    fn a_date_format_reads_what_the_usual_ones_do_not() {
        let format = DateFormat::new("%d %b %Y").unwrap();
        assert_eq!(format.parse("3 May 1984"), Date::new(1984, 5, 3));
        assert_eq!(format.parse("03 january 1984"), Date::new(1984, 1, 3));
        for text in ["", "3 Mai 1984", "3 May", "31 Feb 1984", "3 May 1984 x", "３ May 1984", "3 Mé"] {
            assert_eq!(format.parse(text), None, "{text}");
        }
        assert!(DateFormat::new("%d/%Y").is_none() && DateFormat::new("%Y%m%d%H").is_none());
    }

    #[cfg(feature = "cli")]
    #[test]
    fn a_missing_file_and_a_directory_are_said_to_be_so() {
        let spec = Spec::parse("spec.toml", SPEC).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("Ō.csv");
        assert!(LabelledPair::read(&missing, &missing, &spec).unwrap_err().to_string().contains("no such file"));
        assert!(LabelledPair::read(folder.path(), &missing, &spec).unwrap_err().to_string().contains("a directory"));
        assert!(Spec::read(&missing).unwrap_err().to_string().contains("no such file"));
    }

    #[test]
    fn pairs_are_written_with_the_usual_columns() {
        let mut out = Vec::new();
        let row = PairRow { unique_id_l: "a,1", unique_id_r: "ō2", match_weight: 3.5, match_probability: Some(0.918) };
        write_pairs(&mut out, [row].into_iter()).unwrap();
        let expected = "unique_id_l,unique_id_r,match_weight,match_probability\n\"a,1\",ō2,3.500,0.918000000\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
