//! Other people's formats: labelled files and the spec that names their columns, in; lists of pairs, out.
//!
//! A labelled file says of every record which person it is about. Without that column there is nothing to measure, so
//! a file without it is refused. The records go one way, to the stages that match them, and the [`Truth`] another, to
//! whoever counts errors.
//!
//! What people bring is rarely quite right. Every [`BridgeError`] says which file, line and column, what is wrong there
//! and what to do about it.

mod date_format;

use crate::record::{Field, RecordId, Records};
use date_format::DateFormat;
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

/// The most text that one column may hold, in bytes: the files of a link are held in memory.
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

/// A file of records without their truth. The records are as the file has them, not in normal form; their id is their
/// row.
#[derive(Clone, Debug)]
pub struct LabelledFile {
    /// What errors call it.
    pub name: String,
    /// The records.
    pub records: Records,
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
    ends: Vec<usize>,
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
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }

    /// All of them, by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }
}

/// Which person each record is about. Equal numbers, same person.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    a: Vec<u32>,
    b: Vec<u32>,
}

impl Truth {
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
    /// Who the records are about.
    pub truth: Truth,
    /// Whether the records have been put into the normal forms of the blocking stage.
    pub in_normal_form: bool,
}

impl LabelledPair {
    /// The same files with B first.
    pub fn turned(&self) -> LabelledPair {
        LabelledPair {
            a: self.b.clone(),
            b: self.a.clone(),
            truth: Truth { a: self.truth.b.clone(), b: self.truth.a.clone() },
            in_normal_form: self.in_normal_form,
        }
    }

    /// Reads two files as a spec says, with their cells as they are.
    #[cfg(feature = "cli")]
    pub fn read(a: &Path, b: &Path, spec: &Spec) -> Result<LabelledPair, BridgeError> {
        LabelledPair::from_readers((&a.display().to_string(), open(a)?), (&b.display().to_string(), open(b)?), spec)
    }

    /// Reads two files and keeps of each cell what `form` makes of it, so that large files are held once: `form` is
    /// given the field, the cell, scratch, and where to write, and must be the normal form of the blocking stage.
    #[cfg(feature = "cli")]
    pub fn read_in_normal_form(a: &Path, b: &Path, spec: &Spec, form: Form<'_>) -> Result<LabelledPair, BridgeError> {
        let names = (a.display().to_string(), b.display().to_string());
        let pair = read_both((&names.0, open(a)?), (&names.1, open(b)?), spec, form)?;
        Ok(LabelledPair { in_normal_form: true, ..pair })
    }

    /// Reads two files, each with the name that errors call it.
    pub fn from_readers(
        a: (&str, impl Read + Send),
        b: (&str, impl Read + Send),
        spec: &Spec,
    ) -> Result<LabelledPair, BridgeError> {
        read_both(a, b, spec, &|_, cell, _, out| out.push_str(cell))
    }
}

/// What is kept of a cell: the field, the cell, scratch, and where to write.
pub type Form<'f> = &'f (dyn Fn(&Field, &str, &mut String, &mut String) + Sync);

/// Both files at a time, where there are threads; of two that are wrong the error is of the first.
fn read_both(
    a: (&str, impl Read + Send),
    b: (&str, impl Read + Send),
    spec: &Spec,
    form: Form<'_>,
) -> Result<LabelledPair, BridgeError> {
    let of_a = || read_side(a.0, a.1, spec, Side::A, form);
    let of_b = || read_side(b.0, b.1, spec, Side::B, form);
    #[cfg(feature = "parallel")]
    let (of_a, of_b) = rayon::join(of_a, of_b);
    #[cfg(not(feature = "parallel"))]
    let (of_a, of_b) = (of_a(), of_b());
    let ((a, of_a), (b, of_b)) = (of_a?, of_b?);
    let mut persons: FxHashMap<&str, u32> = FxHashMap::default();
    let mut number = |person| {
        let next = persons.len() as u32;
        *persons.entry(person).or_insert(next)
    };
    let truth = Truth { a: of_a.iter().map(&mut number).collect(), b: of_b.iter().map(&mut number).collect() };
    Ok(LabelledPair { a, b, truth, in_normal_form: false })
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

fn read_side(
    name: &str,
    reader: impl Read,
    spec: &Spec,
    side: Side,
    form: Form<'_>,
) -> Result<(LabelledFile, Texts), BridgeError> {
    let (start, reader) = look_ahead(name, reader)?;
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter(&start)).from_reader(reader);
    let header = csv.byte_headers().map_err(|error| csv_error(name, &error))?.clone();
    let header: Vec<String> = header
        .iter()
        .map(|cell| std::str::from_utf8(cell).map(|cell| cell.trim().to_owned()))
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
    let mut file = LabelledFile {
        name: name.to_owned(),
        records: Records::new(&fields),
        ids: Texts::default(),
        groups: group_columns.iter().map(|&column| (header[column].clone(), Texts::default())).collect(),
        ignored: 0,
    };
    // The hash of each id with its row and line; that no id stands twice is seen when all are there.
    let mut seen: Vec<(u64, u32, u32)> = Vec::new();
    let (mut of_rows, mut scratch) = (Texts::default(), String::new());
    let mut row = csv::ByteRecord::new();
    let mut cells: Vec<String> = vec![String::new(); fields.len()];
    let mut sizes = vec![0; fields.len()];
    loop {
        if !csv.read_byte_record(&mut row).map_err(|error| csv_error(name, &error))? {
            break;
        }
        // Every record that was read has a position.
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |i: usize| {
            std::str::from_utf8(&row[i]).map(str::trim).map_err(|_| {
                BridgeError::new(name, "this cell is not UTF-8 text", "save the file as UTF-8")
                    .at_line(line)
                    .about(format!("column {:?}", header[i]))
            })
        };
        let at = |i: usize, problem: String, remedy: &str| {
            BridgeError::new(name, problem, remedy).at_line(line).about(format!("column {:?}", header[i]))
        };
        let person = match (&spec.pattern, cell(truth)?) {
            (_, "") => None,
            (None, value) => Some(value),
            (Some(pattern), value) => Some(pattern.part(value).ok_or_else(|| {
                at(truth, format!("{value:?} does not match the pattern"), "change truth.pattern in the spec")
            })?),
        };
        let Some(person) = person.filter(|person| !person.is_empty()) else {
            if spec.unlabelled == Unlabelled::Ignored {
                file.ignored += 1;
                continue;
            }
            let problem = "the truth is missing: which person is this record about?".to_owned();
            return Err(at(truth, problem, "fill it in, or write unlabelled = \"ignore\" in the spec to leave it out"));
        };
        let record_id = cell(id)?;
        if record_id.is_empty() {
            return Err(at(id, "the id is missing".to_owned(), "give every record an id of its own"));
        }
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        seen.push((FxBuildHasher.hash_one(record_id), seen.len() as u32, line));
        for (((cell_text, &column), field), size) in cells.iter_mut().zip(&columns).zip(&fields).zip(&mut sizes) {
            cell_text.clear();
            let text = cell(column)?;
            *size += text.len();
            if *size > LARGEST_COLUMN {
                let problem = format!("this column holds more than {LARGEST_COLUMN} bytes");
                return Err(at(column, problem, "link the file in parts"));
            }
            match spec
                .date_format
                .as_ref()
                .filter(|_| *field == Field::DateOfBirth)
                .and_then(|format| format.parse(text))
            {
                Some(date) => form(field, &date.to_string(), &mut scratch, cell_text),
                None => form(field, text, &mut scratch, cell_text),
            }
        }
        for ((_, values), &column) in file.groups.iter_mut().zip(&group_columns) {
            values.push(cell(column)?);
        }
        of_rows.push(person);
        file.records.push(RecordId(file.ids.len() as u64), &cells);
        file.ids.push(record_id);
    }
    seen.sort_unstable();
    // Of several ids that stand twice the first in the file is named.
    let same = |pair: &&[(u64, u32, u32)]| {
        let [(x, row_x, _), (y, row_y, _)] = [pair[0], pair[1]];
        x == y && file.ids.get(row_x as usize) == file.ids.get(row_y as usize)
    };
    if let Some(pair) = seen.windows(2).filter(same).min_by_key(|pair| pair[1].1) {
        let problem = format!("the id {:?} stands on line {} already", file.ids.get(pair[0].1 as usize), pair[0].2);
        let error = BridgeError::new(name, problem, "give every record an id of its own");
        return Err(error.at_line(u64::from(pair[1].2)).about(format!("column {:?}", header[id])));
    }
    drop(seen);
    file.records.shrink_to_fit();
    if file.records.is_empty() {
        let (problem, remedy) = match file.ignored {
            0 => ("the file has a header and no record", "check that it is the right file"),
            _ => ("no record has a truth value", "fill in the truth column"),
        };
        return Err(BridgeError::new(name, problem, remedy));
    }
    Ok((file, of_rows))
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
    let limited = Lines { reader: io::Cursor::new(start.clone()).chain(reader), line: 1, length: 0 };
    Ok((start, limited))
}

/// Comma, semicolon or tab: whichever the first line has most of.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    // Of equal counts the last wins.
    [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// A reader that refuses lines longer than [`LONGEST_LINE`], before they fill the memory.
struct Lines<R> {
    reader: R,
    line: u64,
    length: usize,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        if self.length + n <= LONGEST_LINE {
            // Too little to make a line too long, which is nearly always.
            self.line += buffer[..n].iter().filter(|&&byte| byte == b'\n').count() as u64;
            self.length = match buffer[..n].iter().rposition(|&byte| byte == b'\n') {
                Some(last) => n - 1 - last,
                None => self.length + n,
            };
            return Ok(n);
        }
        for &byte in &buffer[..n] {
            if byte == b'\n' {
                self.line += 1;
                self.length = 0;
            } else {
                self.length += 1;
                if self.length > LONGEST_LINE {
                    return Err(io::Error::other(TooLong(self.line)));
                }
            }
        }
        Ok(n)
    }
}

#[derive(Debug)]
struct TooLong(u64);

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is longer than {LONGEST_LINE} bytes", self.0)
    }
}

impl std::error::Error for TooLong {}

fn csv_error(name: &str, error: &csv::Error) -> BridgeError {
    match error.kind() {
        csv::ErrorKind::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()) {
            Some(TooLong(line)) => {
                let problem = format!("this line is longer than {LONGEST_LINE} bytes");
                BridgeError::new(name, problem, "check that the file is CSV with a record a line").at_line(*line)
            }
            None => io_error(name, error),
        },
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let problem = format!("this record has {len} cells where the header has {expected_len}");
            let remedy = "check for a missing or an extra delimiter, and for quotes that do not close";
            BridgeError { line: pos.as_ref().map(csv::Position::line), ..BridgeError::new(name, problem, remedy) }
        }
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
        assert_eq!(pair.a.records.value(0, &Field::Surname), "Nuñez");
        assert_eq!(pair.b.records.value(0, &Field::Surname), "Ōe\nYō");
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
