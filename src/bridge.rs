//! Other people's formats: labelled files and the spec that names their columns, in; lists of pairs, out.
//!
//! A labelled file says of every record which person it is about. Without that column there is nothing to measure, so
//! a file without it is refused. The records go one way, to the stages that match them, and the [`TruthColumns`] another, to
//! whoever counts errors.
//!
//! What people bring is rarely quite right. Every [`BridgeError`] says which file, line and column, what is wrong there
//! and what to do about it.

mod pair;
mod keys;
mod spec;
mod labelled;
mod found;
mod columns;
mod scores;
mod layout;
mod decisions;
mod contents;
mod unread;
mod lookup;
mod sides;
mod handed;
mod clusters;
mod rows;
mod spreadsheet;
mod packed;
#[cfg(feature = "parquet")]
mod parquet;
mod delimiter;
mod missing;
mod whole;
mod numbers;
mod two_readings;
mod names;
mod heaps;
mod groups;
mod copies;
mod damage;
mod ends;
mod texts;
mod dates;
mod date_words;
mod date_times;
mod date_findings;
mod date_format;
mod date_votes;
mod written_date;

pub use columns::Chosen;
pub use found::Found;
pub use keys::check_keys;
pub use layout::{Format, Role};
pub use pair::{FoundPair, LabelledFile, LabelledPair, TruthColumns};
pub use spec::{ColumnPair, GroupColumn, Spec, Unlabelled};
use std::fmt;
use std::io::{self, Write};
#[cfg(feature = "cli")]
use std::path::Path;
pub use texts::Texts;

/// The longest line a file may have, in bytes. Nothing about a person takes a mebibyte; a longer line is a file of
/// another kind.
pub const LONGEST_LINE: usize = 1 << 20;

/// The longest cell of a field that is compared, in bytes. No name and no address takes a kibibyte, and to compare two
/// texts takes time as the product of their lengths.
pub const LONGEST_CELL: usize = 1 << 10;

/// The most text that the distinct values of one column may take, in bytes: the files of a link are held in memory.
pub const LARGEST_COLUMN: usize = 1 << 30;

/// An error in a user's file or spec: the problem, the place, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeError {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// The column of the file or the key of the spec.
    pub column: Option<String>,
    /// The problem.
    pub problem: String,
    /// The remedy; may be empty where the problem implies it.
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

/// The names of columns for an error, the first of many.
fn listed(header: &[String]) -> String {
    const MOST: usize = 40;
    let names = header[..header.len().min(MOST)].join(", ");
    match header.len().saturating_sub(MOST) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

/// Parts of a sentence with commas and an *and*.
fn with_and(parts: &[String]) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Names for a sentence, each in quotes.
fn quoted<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    with_and(&names.into_iter().map(|name| format!("{name:?}")).collect::<Vec<String>>())
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

/// Writes pairs as CSV with the columns other tools use; the left one is always of A, and the list says so.
pub fn write_pairs<'a>(out: impl Write, rows: impl Iterator<Item = PairRow<'a>>) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "source_dataset_l",
        "unique_id_l",
        "source_dataset_r",
        "unique_id_r",
        "match_weight",
        "match_probability",
    ])?;
    for row in rows {
        let probability = row.match_probability.map_or(String::new(), |p| format!("{p:.9}"));
        let weight = format!("{:.3}", row.match_weight);
        csv.write_record(["a", row.unique_id_l, "b", row.unique_id_r, &weight, &probability])?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Field;

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
            ("truth =", "thruth =", "did you mean \"truth\"?"),
            ("surname =", "surnam =", "did you mean \"surname\"?"),
            ("a = \"last\"", "c = \"last\"", "fields.surname.c"),
            ("\"last\"", "\"Last\"", "it has id, who, sex, last, born"),
            ("\"who\"", "3", "this names no column"),
            ("[fields]", "[fields", "spec.toml, line 5"),
            ("id = \"id\"", "", "id: this key is missing"),
            ("\"who\"", "{ column = \"who\", pattern = \"(\" }", "not a valid regular expression"),
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
            (b"PAR1abc", "this Parquet file cannot be read"),
            (b"\x00\x01\x02", "binary"),
            (b"\xff\xfei\x00", "UTF-16"),
            (b"id,who,sex,last,born\na1,1,F,Nu\xf1ez,\n", "line 2, column \"last\": this cell is not UTF-8"),
            (b"id,who,sex,last,born\na1,1,F,X,\na1,2,F,Y,\n", "line 3, column \"id\": the id \"a1\" is on line 2"),
            (b"id,who,sex,last,born\na1,,F,X,\n", "unlabelled = \"ignore\""),
            (b"last,id,who,sex,last,born\nx,a1,1,F,X,\n", "columns 1 and 5 of the header have this name"),
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
    fn a_format_that_many_dates_do_not_have_is_refused() {
        let with = |format: &str| read(&format!("date_format = \"{format}\"\n{SPEC}"), A.as_bytes(), B.as_bytes());
        // What no date has was asked for in vain.
        let message = with("%d %b %Y").unwrap_err().to_string();
        for part in ["spec.toml, date_format: no date of a.csv, column \"born\"", "\"1984-05-03\"", "{ b = "] {
            assert!(message.contains(part), "{message}");
        }
        assert!(with("%Y-%m-%d").is_ok());
        let b = B.replace("1990-01-31", "31 leden 1990");
        let a = A.replace("1984-05-03", "3 květen 1984").replace("1990-01-31", "31 leden 1990");
        let spec = Spec::parse("spec.toml", &format!("date_format = \"%m %d %Y\"\n{SPEC}")).unwrap();
        let found = LabelledPair::from_readers(("a.csv", a.as_bytes()), ("b.csv", b.as_bytes()), &spec);
        let message = found.expect_err("no date is written so").to_string();
        assert!(message.starts_with("spec.toml, date_format: no date of a.csv"), "{message}");
        // What is written otherwise counts as often as it stands there: one text in few cells is no wrong format.
        let many = |odd: usize, text: &str| {
            let date = |row: usize| if row < odd { text } else { "03 May 1984" };
            let rows: Vec<String> = (0..20).map(|row| format!("r{row},{row},F,X,{}", date(row))).collect();
            let file = format!("id,who,sex,last,born\n{}\n", rows.join("\n"));
            let spec =
                format!("date_format = \"%d %b %Y\"\n{}", SPEC.replace("{ column = \"note\", file = \"b\" }", ""));
            let spec = spec.replace("b = \"name\"", "b = \"last\"");
            read(&spec, file.as_bytes(), file.as_bytes()).map_err(|error| error.to_string())
        };
        assert!(many(4, "spring 1984").is_ok());
        assert!(many(5, "spring 1984").unwrap_err().contains("5 of 20 dates of a.csv"));
        // A usual word for a missing value is in no format.
        for word in ["unknown", "NA", "n/a", "Nicht bekannt"] {
            let told = many(12, word).unwrap().notices;
            assert!(
                told.iter().any(|notice| notice.code == crate::notice::Code::DatesNotRead && notice.count == Some(12)),
                "{word}"
            );
        }
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
        let expected = "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r,match_weight,match_probability\n\
                        a,\"a,1\",b,ō2,3.500,0.918000000\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
