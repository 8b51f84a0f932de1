//! A table of text, some records at a time: [`RowReader`], [`Batch`].
//!
//! Which kind of file it is, text, packed text or Parquet, and what stands between its cells, is told from its
//! beginning.
//!
//! As long as a file has no quotes (and no carriage returns), its cells are found by looking for delimiters and ends
//! of lines, eight bytes at a time. From the first quote on the `csv` crate reads it.

mod plain;
mod quoted;

use super::packed::Packed;
#[cfg(feature = "parquet")]
use super::parquet::{NESTED, Parquet, UNREADABLE};
use super::spreadsheet::inside;
use super::{BridgeError, LONGEST_LINE, delimiter, io_error};
use crate::record::is_invisible;
use plain::{Plain, WORD};
use quoted::{Quoted, TooLong};
use std::io::{self, Cursor, Read};

/// Number of bytes read at a time: few enough for a batch to stay in cache while its columns are read.
const BLOCK: usize = 1 << 16;

/// The records of a file, batch by batch.
pub(super) struct RowReader<'n, R: Read> {
    name: &'n str,
    delimiter: u8,
    /// A first line `sep=;` says it.
    said: bool,
    source: Source<R>,
    /// The names of the columns.
    header: Vec<String>,
    /// The line of the header, counted from 1.
    header_line: u64,
    /// The positions of the cells of the last batch.
    cells: Cells,
    /// The error in the record behind the last batch.
    wrong: Option<BridgeError>,
}

enum Source<R: Read> {
    Plain(Plain<R>),
    Quoted(Box<Quoted<R>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<Parquet>),
    /// Only while one of the others becomes the other.
    Empty,
}

/// A file of either kind.
type Whole<'n> = Box<dyn Read + 'n>;

impl<'n> RowReader<'n, Whole<'n>> {
    /// Opens a file with a header; `name` is what errors call it. What is plainly no table is refused. Without a
    /// delimiter the file's own is taken.
    pub(super) fn open(
        name: &'n str,
        reader: impl Read + 'n,
        delimiter: Option<u8>,
    ) -> Result<RowReader<'n, Whole<'n>>, BridgeError> {
        match look_ahead(name, reader, None)? {
            FileFormat::Text(start, whole) => RowReader::of_text(name, &start, whole, delimiter),
            #[cfg(feature = "parquet")]
            FileFormat::Parquet(whole) => RowReader::of_parquet(name, whole),
        }
    }

    fn of_text(
        name: &'n str,
        start: &[u8],
        mut whole: Whole<'n>,
        delimiter: Option<u8>,
    ) -> Result<RowReader<'n, Whole<'n>>, BridgeError> {
        let (told, skipped) = delimiter::told(start);
        whole.read_exact(&mut vec![0; skipped]).map_err(|error| io_error(name, &error))?;
        let mut table = RowReader::new(name, delimiter.unwrap_or(told), whole);
        table.said = skipped > 0 && delimiter.is_none();
        if let (Source::Plain(plain), true) = (&mut table.source, skipped > 0) {
            plain.lines = 1;
        }
        if let Some(first) = table.advance(1)? {
            let header_line = first.line(0);
            let cell = |column| std::str::from_utf8(first.cell(0, column)).map(|cell| name_of_column(cell).to_owned());
            table.header = (0..first.cells.width).map(cell).collect::<Result<_, _>>().map_err(|_| {
                BridgeError::new(name, "the header is not UTF-8 text", "save the file as UTF-8").at_line(header_line)
            })?;
            table.header_line = header_line;
        }
        Ok(table)
    }

    /// Lines are counted as those of a CSV of the table would be: the header is line 1.
    #[cfg(feature = "parquet")]
    fn of_parquet(name: &'n str, whole: Vec<u8>) -> Result<RowReader<'n, Whole<'n>>, BridgeError> {
        let parquet = Parquet::open(whole).map_err(|error| not_parquet(name, &error))?;
        let header: Vec<String> = parquet.names().map(|name| name_of_column(name).to_owned()).collect();
        if header.is_empty() {
            return Err(BridgeError::new(name, "the file has no columns", "check that it is the right file"));
        }
        let cells = Cells { width: header.len(), ..Cells::default() };
        let source = Source::Parquet(Box::new(parquet));
        Ok(RowReader { name, delimiter: b',', said: false, source, header, header_line: 1, cells, wrong: None })
    }
}

impl<'n, R: Read> RowReader<'n, R> {
    fn new(name: &'n str, delimiter: u8, reader: R) -> RowReader<'n, R> {
        let source =
            Source::Plain(Plain { reader, buffer: vec![0; BLOCK + WORD], read: 0, next: 0, lines: 0, unended: false });
        let (header, cells) = (Vec::new(), Cells::default());
        RowReader { name, delimiter, said: false, source, header, header_line: 1, cells, wrong: None }
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The line of the header.
    pub(super) fn header_line(&self) -> u64 {
        self.header_line
    }

    /// The delimiter in words; `None` for Parquet.
    pub(super) fn delimiter(&self) -> Option<String> {
        #[cfg(feature = "parquet")]
        if let Source::Parquet(_) = self.source {
            return None;
        }
        Some(delimiter::in_words(self.delimiter))
    }

    /// The division of the header and the place where the file states it, for a sentence about its columns.
    pub(super) fn as_separated(&self) -> String {
        let said = if self.said { ", as its first line (sep=) says" } else { "" };
        self.delimiter().map_or_else(String::new, |delimiter| format!("separated by {delimiter}{said}, "))
    }

    /// Returns `true` if the end of the file was reached within a line.
    pub(super) fn is_unended(&self) -> bool {
        match &self.source {
            Source::Plain(plain) => plain.unended,
            Source::Quoted(quoted) => quoted.unended(),
            _ => false,
        }
    }

    /// The next records of the file; `None` at its end.
    pub(super) fn next_batch(&mut self) -> Result<Option<Batch<'_>>, BridgeError> {
        self.advance(usize::MAX)
    }

    /// The next records of the file, at most so many. What is wrong behind them is said when its turn comes.
    fn advance(&mut self, most: usize) -> Result<Option<Batch<'_>>, BridgeError> {
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        self.cells.clear();
        if let Err(stop) = self.find(most) {
            let wrong = self.error(stop);
            if self.cells.len() == 0 {
                return Err(wrong);
            }
            self.wrong = Some(wrong);
        }
        if self.cells.len() == 0 {
            return Ok(None);
        }
        let bytes = match &self.source {
            Source::Plain(plain) => &plain.buffer,
            Source::Quoted(quoted) => &quoted.bytes,
            #[cfg(feature = "parquet")]
            Source::Parquet(parquet) => &parquet.bytes,
            Source::Empty => &[][..],
        };
        let bytes = &bytes[..self.cells.ends.last().map_or(0, |&end| end as usize)];
        let text = std::str::from_utf8(bytes).ok();
        let is_ascii = bytes.is_ascii();
        Ok(Some(Batch { name: self.name, header: &self.header, cells: &self.cells, bytes, text, is_ascii }))
    }

    fn find(&mut self, most: usize) -> Result<(), Stop> {
        match &mut self.source {
            Source::Plain(plain) => match plain.find(self.delimiter, most, &mut self.cells) {
                Err(Stop::Quotes) => {}
                found => return found,
            },
            Source::Quoted(quoted) => return quoted.find(most, &mut self.cells),
            #[cfg(feature = "parquet")]
            Source::Parquet(parquet) => {
                let Cells { width, starts, ends, lines } = &mut self.cells;
                let rows = parquet.read(|end| ends.push(end as u32)).map_err(Stop::Parquet)?;
                for row in 0..rows {
                    starts.push(if row == 0 { 0 } else { ends[row * *width - 1] + 1 });
                    lines.push(self.header_line + 1 + parquet.before + row as u64);
                }
                return Ok(());
            }
            Source::Empty => return Ok(()),
        }
        if let Source::Plain(plain) = std::mem::replace(&mut self.source, Source::Empty) {
            self.source = Source::Quoted(Box::new(Quoted::new(plain, self.delimiter)));
        }
        self.find(most)
    }

    /// The error for a file that cannot be read on.
    fn error(&self, stop: Stop) -> BridgeError {
        let error = |line, problem, remedy: &str| BridgeError::new(self.name, problem, remedy).at_line(line);
        let too_long = |line| {
            let problem = format!("this line is longer than {LONGEST_LINE} bytes");
            error(line, problem, "check that the file is CSV with one record per line")
        };
        match stop {
            Stop::TooLong(line) => too_long(line),
            Stop::Open(line) => {
                let remedy = "close it; a quote within a cell is written twice, in a cell that has quotes around it";
                error(line, "a quote opens in this record and does not close".to_owned(), remedy)
            }
            Stop::Width(line, width) => {
                let cells = if width == 1 { "cell" } else { "cells" };
                let problem = format!("this record has {width} {cells} where the header has {}", self.cells.width);
                let remedy = format!(
                    "cells are taken to be separated by {}: check for a missing or an extra one, for quotes that do not \
                     close, or write another delimiter in the spec",
                    delimiter::in_words(self.delimiter)
                );
                error(line, problem, &remedy)
            }
            Stop::Csv(csv) => match csv.kind() {
                csv::ErrorKind::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref::<TooLong>()) {
                    Some(TooLong(line)) => too_long(*line),
                    None => io_error(self.name, io),
                },
                _ => BridgeError::new(self.name, csv.to_string(), "check that the file is CSV"),
            },
            Stop::Io(io) => io_error(self.name, &io),
            #[cfg(feature = "parquet")]
            Stop::Parquet(parquet) => not_parquet(self.name, &parquet),
            Stop::Quotes => unreachable!("where quotes are, another reader takes over"),
        }
    }
}

/// Some records of a file that stand one behind the other.
pub(super) struct Batch<'t> {
    name: &'t str,
    header: &'t [String],
    cells: &'t Cells,
    bytes: &'t [u8],
    /// The bytes, where all of them are UTF-8.
    text: Option<&'t str>,
    /// Nothing but ASCII is in any cell.
    is_ascii: bool,
}

impl<'t> Batch<'t> {
    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Says if nothing but ASCII is in any cell.
    pub(super) fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// The line that a record begins on, counted from 1.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.cells.lines[row]
    }

    fn cell(&self, row: usize, column: usize) -> &'t [u8] {
        &self.bytes[self.cells.range(row, column)]
    }

    /// The text of a cell, without the spaces at its ends and what marks it as text in a spreadsheet.
    // Said outright, since the error is large, the cells are many and next to none of them is wrong.
    #[inline(always)]
    pub(super) fn text(&self, row: usize, column: usize) -> Result<&'t str, BridgeError> {
        let text = match self.text {
            Some(text) => &text[self.cells.range(row, column)],
            None => std::str::from_utf8(self.cell(row, column)).map_err(|_| self.not_text(row, column))?,
        };
        Ok(match text.as_bytes() {
            [] => "",
            [b'\'' | b'=', ..] => inside(text.trim()).unwrap_or(text.trim()),
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
            _ => text.trim(),
        })
    }

    #[cold]
    fn not_text(&self, row: usize, column: usize) -> BridgeError {
        #[cfg(feature = "parquet")]
        match self.cell(row, column) {
            NESTED => {
                let remedy = "give each part a column of its own";
                return self.error(row, column, "this column holds lists or records", remedy);
            }
            UNREADABLE => {
                let remedy = "write the column as text";
                return self.error(row, column, "this cell holds a value that cannot be written as text", remedy);
            }
            _ => {}
        }
        self.error(row, column, "this cell is not UTF-8 text", "save the file as UTF-8")
    }

    /// Returns `true` if a cell may be marked as text by a spreadsheet.
    pub(super) fn may_be_marked(&self) -> bool {
        self.bytes.contains(&b'\'') || self.bytes.contains(&b'=')
    }

    /// The text of a cell as it stands if it begins with an apostrophe or `=`.
    #[inline]
    pub(super) fn with_mark(&self, row: usize, column: usize) -> Option<&'t str> {
        let cell = self.cell(row, column);
        match cell.first()? {
            b'\'' | b'=' => {}
            first if first.is_ascii_graphic() => return None,
            _ => {}
        }
        std::str::from_utf8(cell).ok().map(str::trim).filter(|text| text.starts_with(['\'', '=']))
    }

    /// The text of a record's last cell.
    pub(super) fn last_text(&self, row: usize) -> Option<&'t str> {
        self.text(row, self.cells.width.checked_sub(1)?).ok()
    }

    /// Refuses a record whose cells in these columns are the names of the columns: files that were put together have
    /// their header in the middle.
    pub(super) fn not_the_header(&self, row: usize, columns: &[usize]) -> Result<(), BridgeError> {
        for &column in columns {
            let name = &self.header[column];
            if name.is_empty() || self.text(row, column)? != name {
                return Ok(());
            }
        }
        let remedy = "take the line out; where several files were put together, leave each header but the first out";
        Err(self.error(row, columns[0], "the header stands here once more", remedy))
    }

    /// An error about a cell.
    #[cold]
    pub(super) fn error(&self, row: usize, column: usize, problem: impl Into<String>, remedy: &str) -> BridgeError {
        let column = format!("column {:?}", self.header[column]);
        BridgeError::new(self.name, problem, remedy).at_line(self.line(row)).about(column)
    }
}

/// The positions of the cells of some records.
#[derive(Default)]
struct Cells {
    /// Number of cells in a record: as many as the first of the file had. 0 before that one.
    width: usize,
    /// The start of each record.
    starts: Vec<u32>,
    /// The end of each cell, record by record. A byte stands behind it, and then the next cell.
    ends: Vec<u32>,
    /// The line that each record begins on.
    lines: Vec<u64>,
}

impl Cells {
    fn len(&self) -> usize {
        self.lines.len()
    }

    fn clear(&mut self) {
        self.starts.clear();
        self.ends.clear();
        self.lines.clear();
    }

    #[inline]
    fn range(&self, row: usize, column: usize) -> std::ops::Range<usize> {
        let at = row * self.width + column;
        let start = if column == 0 { self.starts[row] } else { self.ends[at - 1] + 1 };
        start as usize..self.ends[at] as usize
    }

    /// Takes in the record that the last ends belong to.
    #[inline]
    fn end_record(&mut self, start: usize, line: u64) -> Result<(), Stop> {
        let width = self.ends.len() - self.len() * self.width;
        if self.width == 0 {
            self.width = width;
        }
        if width != self.width {
            self.drop_unended();
            return Err(Stop::Width(line, width));
        }
        self.starts.push(start as u32);
        self.lines.push(line);
        Ok(())
    }

    /// Forgets the cells of a record that has not ended.
    fn drop_unended(&mut self) {
        self.ends.truncate(self.len() * self.width);
    }
}

/// The reason for not reading on in a file.
enum Stop {
    /// There are quotes ahead: what is left must be read by other rules.
    Quotes,
    /// This line is too long.
    TooLong(u64),
    /// A quote opens in the record on this line and does not close.
    Open(u64),
    /// The record on this line has so many cells, and others have not.
    Width(u64, usize),
    Io(io::Error),
    Csv(csv::Error),
    #[cfg(feature = "parquet")]
    Parquet(parquet::errors::ParquetError),
}

/// The format that a file turns out to have.
enum FileFormat<'r> {
    /// Text: its beginning, and a reader of all of it.
    Text(Vec<u8>, Whole<'r>),
    /// All of a Parquet file.
    #[cfg(feature = "parquet")]
    Parquet(Vec<u8>),
}

/// The name of a column without blanks and invisible characters around it, which nobody sees in an editor.
fn name_of_column(cell: &str) -> &str {
    let name = cell.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    inside(name).unwrap_or(name)
}

/// Looks at the first bytes of a file to tell what kind it is. What is packed is looked at unpacked.
fn look_ahead<'r>(
    name: &str,
    mut reader: impl Read + 'r,
    within: Option<Packed>,
) -> Result<FileFormat<'r>, BridgeError> {
    let mut start = Vec::new();
    reader.by_ref().take(8192).read_to_end(&mut start).map_err(|error| io_error(name, &error))?;
    if start.starts_with(b"\xef\xbb\xbf") {
        start.drain(..3);
    }
    let refuse = |problem: &str, remedy: &str| Err(BridgeError::new(name, problem, remedy));
    if start.iter().all(u8::is_ascii_whitespace) {
        return refuse("the file is empty", "check that it is the right file");
    }
    let packed = Packed::told(&start);
    let is_parquet = start.starts_with(b"PAR1");
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return refuse("this is UTF-16 text", "save it as UTF-8");
    }
    if start.starts_with(b"PK\x03\x04") {
        return refuse("this is a file packed by zip", "unpack it first; gzip and zstd are read as they are");
    }
    if packed.is_some() && within.is_some() {
        return refuse("this file is packed twice", "unpack it once");
    }
    if packed.is_none() && !is_parquet && start.contains(&0) {
        return refuse("this is a binary file", "give a CSV or Parquet file");
    }
    let whole = Cursor::new(start.clone()).chain(reader);
    #[cfg(feature = "parquet")]
    {
        if let Some(packed) = packed {
            let unpacked = packed.unpacked(whole).map_err(|error| io_error(name, &error))?;
            return look_ahead(name, unpacked, Some(packed));
        }
        if is_parquet {
            let (mut whole, mut all) = (whole, Vec::new());
            whole.read_to_end(&mut all).map_err(|error| io_error(name, &error))?;
            return Ok(FileFormat::Parquet(all));
        }
    }
    #[cfg(not(feature = "parquet"))]
    if packed.is_some() || is_parquet {
        let what = packed.map_or("a Parquet file".to_owned(), |packed| format!("a file packed by {}", packed.by()));
        let remedy = "this build reads none: build with the feature parquet, or write CSV";
        return refuse(&format!("this is {what}"), remedy);
    }
    Ok(FileFormat::Text(start, Box::new(whole)))
}

#[cfg(feature = "parquet")]
fn not_parquet(name: &str, error: &parquet::errors::ParquetError) -> BridgeError {
    let remedy = "write it again; a file that was cut short cannot be read";
    BridgeError::new(name, format!("this Parquet file cannot be read ({error})"), remedy)
}

#[cfg(test)]
mod tests;
