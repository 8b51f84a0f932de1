//! The meaning of two files' columns: [`Spec`].

use super::BridgeError;
use super::date_format::{DateFormats, FIRST_YEAR};
use super::delimiter::usable;
use super::keys::check_keys;
use super::missing::Missing;
#[cfg(feature = "cli")]
use super::{LONGEST_LINE, io_error, open};
use crate::record::Field;
use crate::record::coded::Dataset;
#[cfg(feature = "cli")]
use std::io::Read;
#[cfg(feature = "cli")]
use std::path::Path;
use toml::{Table, Value};

/// The meaning of two files' columns. `blocking` and `model` are kept as they were written, for the stage that reads
/// them.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The name it is called by in errors.
    pub name: String,
    /// The column of record ids, unique within each file.
    pub id: ColumnPair,
    /// The column of truth.
    pub truth: ColumnPair,
    /// The part of the truth column that counts: the first group of a match.
    pub(super) pattern: Option<Pattern>,
    /// Group columns.
    pub groups: Vec<GroupColumn>,
    /// The treatment of records without a truth value.
    pub unlabelled: Unlabelled,
    /// The words for a missing value.
    pub(super) missing: Missing,
    /// The delimiters of the files and of a list, where the spec states them.
    pub(super) delimiters: Delimiters,
    /// A list's names for the two files, where they differ from the files' own.
    pub(super) datasets: Option<ColumnPair>,
    /// The formats of dates that the usual formats do not read.
    pub(super) date_formats: DateFormats,
    /// The first year that two digits mean.
    pub(super) first_year: u32,
    /// The fields to be compared.
    pub fields: Vec<(Field, ColumnPair)>,
    /// The table `[blocking]`.
    pub blocking: Option<Table>,
    /// The table `[model]`.
    pub model: Option<Table>,
}

/// A column by its name in either file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnPair {
    /// Its name in file A.
    pub a: String,
    /// Its name in file B.
    pub b: String,
}

impl ColumnPair {
    pub(super) fn of(&self, side: Dataset) -> &str {
        match side {
            Dataset::A => &self.a,
            Dataset::B => &self.b,
        }
    }
}

/// The treatment of records without a truth value.
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
    pub side: Dataset,
}

const SPEC_KEYS: [&str; 12] = [
    "id",
    "truth",
    "groups",
    "unlabelled",
    "missing",
    "delimiter",
    "datasets",
    "date_format",
    "first_year",
    "fields",
    "blocking",
    "model",
];

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
        let groups: Vec<GroupColumn> = match table.get("groups") {
            None => Vec::new(),
            Some(Value::Array(groups)) => {
                groups.iter().map(|group| group_column(name, group)).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(error("groups", "this must be a list", "write groups = [\"sex\"]")),
        };
        for (place, group) in groups.iter().enumerate() {
            let says = |problem: &str| format!("{:?} {problem}", group.column);
            let problem = if groups[..place].contains(group) {
                says("is listed twice")
            } else if *truth.of(group.side) == group.column {
                says("is the column of truth: each person would be a group")
            } else if *id.of(group.side) == group.column {
                says("is the column of ids: each record would be a group")
            } else {
                continue;
            };
            return Err(error("groups", &problem, "leave it out"));
        }
        let unlabelled = match table.get("unlabelled").map(Value::as_str) {
            None | Some(Some("refuse")) => Unlabelled::Refused,
            Some(Some("ignore")) => Unlabelled::Ignored,
            Some(_) => {
                return Err(error("unlabelled", "this is neither \"refuse\" nor \"ignore\"", "write one of them"));
            }
        };
        let first_year = match table.get("first_year").map(Value::as_integer) {
            None => FIRST_YEAR,
            Some(Some(year @ 1000..=9900)) => year as u32,
            Some(_) => {
                return Err(error("first_year", "this is not a year from 1000 to 9900", "write for example 1930"));
            }
        };
        let datasets = match table.get("datasets") {
            None => None,
            Some(Value::Table(names)) if names.len() == 2 => {
                let names = column_pair(name, "datasets", &table["datasets"], &[])?;
                if names.a.to_lowercase() == names.b.to_lowercase() {
                    let problem = "both files have this name, so that it tells neither from the other";
                    return Err(error("datasets", problem, "write the name that the list has for each of them"));
                }
                Some(names)
            }
            Some(_) => {
                let remedy = "write datasets = { a = \"name of A in the list\", b = \"name of B\" }";
                return Err(error("datasets", "this does not name the two files", remedy));
            }
        };
        let fields = required("fields", "add [fields] with lines such as surname = \"last_name\"")?;
        let Value::Table(fields) = fields else {
            return Err(error("fields", "this must be a table", "write [fields] and below it surname = \"last_name\""));
        };
        let mut columns = Vec::new();
        for (key, value) in fields {
            let field = Field::from_name(key);
            if key.eq_ignore_ascii_case("name") {
                let problem = "Namesake compares given_name and surname, and does not take a full name apart";
                let remedy = "write given_name and surname with a column each, or full_name to compare it as text";
                return Err(error(&format!("fields.{key}"), problem, remedy));
            }
            // A short word is near to too many.
            let near = || {
                let most = 1 + usize::from(key.chars().count() > 5);
                Field::NAMED.iter().find(|known| strsim::osa_distance(known.name(), key) <= most)
            };
            if matches!(field, Field::Other(_))
                && !key.ends_with(|c: char| c.is_ascii_digit())
                && let Some(known) = near().filter(|known| known.name().len() > 3)
            {
                let key = format!("fields.{key}");
                return Err(error(&key, "Namesake has no field of that name", &format!("did you mean \"{known}\"?")));
            }
            if columns.iter().any(|(other, _)| *other == field) {
                let key = format!("fields.{key}");
                let problem = format!("the field {field} is named twice: {} are names of it", names_of(&field));
                return Err(error(&key, &problem, "leave one of them out"));
            }
            let pair = column_pair(name, &format!("fields.{key}"), value, &[])?;
            if pair.a == truth.a || pair.b == truth.b {
                let key = format!("fields.{key}");
                let problem = "this is the column of truth: comparing it would give the answer away";
                return Err(error(&key, problem, "leave it out of [fields]"));
            }
            columns.push((field, pair));
        }
        let is_birth = |(field, _): &(Field, ColumnPair)| *field == Field::DateOfBirth;
        if table.contains_key("date_format") && !columns.iter().any(is_birth) {
            let problem = "it is the format of dates of birth, and no field is one";
            return Err(error("date_format", problem, "add date_of_birth to [fields], or leave it out"));
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
            datasets,
            missing: Missing::parse(name, table.get("missing"))?,
            delimiters: Delimiters::parse(name, table.get("delimiter"))?,
            date_formats: DateFormats::parse(name, table.get("date_format"))?,
            first_year,
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

/// The names that mean a field, for an error.
fn names_of(field: &Field) -> String {
    let aliases = Field::ALIASES.iter().filter(|(_, of)| of == field).flat_map(|(names, _)| names.iter().copied());
    std::iter::once(field.name()).chain(aliases).collect::<Vec<_>>().join(", ")
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
        Value::String(column) => Ok(GroupColumn { column: column.clone(), side: Dataset::A }),
        Value::Table(table) => {
            check_keys(file, "groups", table, &["column", "file"])?;
            let column = table.get("column").and_then(Value::as_str).ok_or_else(wrong)?.to_owned();
            let side = match table.get("file").map(Value::as_str) {
                None | Some(Some("a")) => Dataset::A,
                Some(Some("b")) => Dataset::B,
                Some(_) => return Err(wrong()),
            };
            Ok(GroupColumn { column, side })
        }
        _ => Err(wrong()),
    }
}

/// The delimiters of file A, of file B and of a list, where the spec states them.
#[derive(Clone, Debug, Default)]
pub(super) struct Delimiters {
    pub(super) a: Option<u8>,
    pub(super) b: Option<u8>,
    pub(super) list: Option<u8>,
}

impl Delimiters {
    fn parse(file: &str, value: Option<&Value>) -> Result<Delimiters, BridgeError> {
        let wrong = || {
            let remedy = "write one character such as delimiter = \";\", or delimiter = { a = \";\", b = \"\\t\", list = \",\" }";
            BridgeError::new(file, "this cannot be a delimiter", remedy).about("delimiter")
        };
        let one = |value: &Value| match value.as_str().map(str::as_bytes) {
            Some(b"tab") => Ok(b'\t'),
            Some(&[delimiter]) if usable(delimiter) => Ok(delimiter),
            _ => Err(wrong()),
        };
        match value {
            None => Ok(Delimiters::default()),
            Some(Value::Table(table)) => {
                check_keys(file, "delimiter", table, &["a", "b", "list"])?;
                let of = |key: &str| table.get(key).map(one).transpose();
                Ok(Delimiters { a: of("a")?, b: of("b")?, list: of("list")? })
            }
            Some(value) => one(value).map(|of_both| Delimiters { a: Some(of_both), b: Some(of_both), list: None }),
        }
    }

    pub(super) fn of(&self, side: Dataset) -> Option<u8> {
        match side {
            Dataset::A => self.a,
            Dataset::B => self.b,
        }
    }
}

/// A regular expression with one group.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    #[cfg(feature = "cli")]
    regex: regex::Regex,
}

#[cfg(feature = "cli")]
impl Pattern {
    fn new(text: &str) -> Result<Pattern, String> {
        let regex = regex::Regex::new(text).map_err(|error| {
            // The crate draws a picture over several lines; the last of them says what is wrong.
            let text = error.to_string();
            format!("this is not a valid regular expression ({})", text.lines().last().unwrap_or_default().trim())
        })?;
        if regex.captures_len() < 2 {
            return Err("this pattern has no group; put the part that names the person in brackets".to_owned());
        }
        Ok(Pattern { regex })
    }

    pub(super) fn part<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(self.regex.captures(text)?.get(1)?.as_str())
    }
}

#[cfg(not(feature = "cli"))]
impl Pattern {
    fn new(_: &str) -> Result<Pattern, String> {
        Err("this build cannot read patterns; give a column that holds the truth alone".to_owned())
    }

    pub(super) fn part<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(text)
    }
}
