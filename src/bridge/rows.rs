//! A table of text, some records at a time: [`RowReader`], [`Batch`].
//!
//! Which kind of file it is, text, packed text or Parquet, and what stands between its cells, is told from its
//! beginning.
//!
//! As long as a file has no quotes (and no carriage returns), its cells are found by looking for delimiters and ends
//! of lines, eight bytes at a time. From the first quote on the `csv` crate reads it.

use super::packed::Packed;
#[cfg(feature = "parquet")]
use super::parquet::{NESTED, Parquet, UNREADABLE};
use super::{BridgeError, LONGEST_LINE, delimiter, io_error};
use std::collections::VecDeque;
use std::io::{self, Cursor, Read};

/// How many bytes are read at a time: so few that a batch stays near at hand while its columns are gone through.
const BLOCK: usize = 1 << 16;

/// Bytes looked at at a time; as many stand behind what was read.
const WORD: usize = 8;

/// The records of a file, batch by batch.
pub(super) struct RowReader<'n, R: Read> {
    name: &'n str,
    delimiter: u8,
    /// A first line `sep=;` says it.
    said: bool,
    source: Source<R>,
    /// What the columns are called.
    header: Vec<String>,
    /// The line of the header, counted from 1.
    header_line: u64,
    /// Where the cells of the last batch stand.
    cells: Cells,
    /// What is wrong with the record behind the last batch.
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
            let cell = |column| std::str::from_utf8(first.cell(0, column)).map(|cell| cell.trim().to_owned());
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
        let header: Vec<String> = parquet.names().map(|name| name.trim().to_owned()).collect();
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
        let source = Source::Plain(Plain { reader, buffer: vec![0; BLOCK + WORD], read: 0, next: 0, lines: 0 });
        let (header, cells) = (Vec::new(), Cells::default());
        RowReader { name, delimiter, said: false, source, header, header_line: 1, cells, wrong: None }
    }

    /// What the columns are called.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The line of the header.
    pub(super) fn header_line(&self) -> u64 {
        self.header_line
    }

    /// What stands between the cells, in words; `None` for Parquet.
    pub(super) fn delimiter(&self) -> Option<String> {
        #[cfg(feature = "parquet")]
        if let Source::Parquet(_) = self.source {
            return None;
        }
        Some(delimiter::in_words(self.delimiter))
    }

    /// How the header was divided, and where the file says it, for a sentence about what it has.
    pub(super) fn as_separated(&self) -> String {
        let said = if self.said { ", as its first line (sep=) says" } else { "" };
        self.delimiter().map_or_else(String::new, |delimiter| format!("separated by {delimiter}{said}, "))
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

    /// What is said of a file that cannot be read on.
    fn error(&self, stop: Stop) -> BridgeError {
        let error = |line, problem, remedy: &str| BridgeError::new(self.name, problem, remedy).at_line(line);
        let too_long = |line| {
            let problem = format!("this line is longer than {LONGEST_LINE} bytes");
            error(line, problem, "check that the file is CSV with a record a line")
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
    /// How many records there are.
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

    /// The text of a cell, without the spaces at its ends.
    // Said outright, since the error is large, the cells are many and next to none of them is wrong.
    #[inline(always)]
    pub(super) fn text(&self, row: usize, column: usize) -> Result<&'t str, BridgeError> {
        let text = match self.text {
            Some(text) => &text[self.cells.range(row, column)],
            None => std::str::from_utf8(self.cell(row, column)).map_err(|_| self.not_text(row, column))?,
        };
        Ok(match text.as_bytes() {
            [] => "",
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

    /// An error about a cell.
    #[cold]
    pub(super) fn error(&self, row: usize, column: usize, problem: impl Into<String>, remedy: &str) -> BridgeError {
        let column = format!("column {:?}", self.header[column]);
        BridgeError::new(self.name, problem, remedy).at_line(self.line(row)).about(column)
    }
}

/// Where the cells of some records stand.
#[derive(Default)]
struct Cells {
    /// How many a record has: as many as the first of the file had. 0 before that one.
    width: usize,
    /// Where each record begins.
    starts: Vec<u32>,
    /// Where each cell ends, record by record. Behind it stands a byte, and then the next.
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

/// Why a file is not read on.
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

/// What a file turns out to be.
enum FileFormat<'r> {
    /// Text: its beginning, and a reader of all of it.
    Text(Vec<u8>, Whole<'r>),
    /// All of a Parquet file.
    #[cfg(feature = "parquet")]
    Parquet(Vec<u8>),
}

/// Looks at the first bytes of a file to tell what kind it is. What is packed is looked at unpacked.
fn look_ahead<'r>(name: &str, mut reader: impl Read + 'r, within: Option<Packed>) -> Result<FileFormat<'r>, BridgeError> {
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

/// A file as far as it has no quotes.
struct Plain<R> {
    reader: R,
    /// What was read and not yet given out, and room behind it.
    buffer: Vec<u8>,
    /// Where in the buffer the next record begins.
    next: usize,
    /// How much of the buffer was read.
    read: usize,
    /// Lines gone by.
    lines: u64,
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// The high bit of each byte that is 0.
#[inline]
fn zeros(word: u64) -> u64 {
    let low = ONES * 0x7f;
    !(((word & low) + low) | word | low)
}

impl<R: Read> Plain<R> {
    /// Finds the next records, at most so many; none at the end of the file.
    fn find(&mut self, delimiter: u8, most: usize, cells: &mut Cells) -> Result<(), Stop> {
        loop {
            self.split(delimiter, most, cells)?;
            if cells.len() > 0 {
                return Ok(());
            }
            if self.read - self.next > LONGEST_LINE {
                return Err(Stop::TooLong(self.lines + 1));
            }
            let more = self.fill().map_err(Stop::Io)?;
            if special(&self.buffer[self.read - more..self.read]) {
                return Err(Stop::Quotes);
            }
            if more == 0 && self.next == self.read {
                return Ok(());
            }
            if more == 0 {
                // The last line need not end.
                self.buffer[self.read] = b'\n';
                self.read += 1;
            }
        }
    }

    /// Finds the cells of the whole lines among what was read.
    fn split(&mut self, delimiter: u8, most: usize, cells: &mut Cells) -> Result<(), Stop> {
        let mut at = self.next;
        while at < self.read {
            let bytes = &self.buffer[at..at + WORD];
            let word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            let mut hits = zeros(word ^ (ONES * u64::from(delimiter))) | zeros(word ^ (ONES * u64::from(b'\n')));
            while hits != 0 {
                let hit = at + hits.trailing_zeros() as usize / 8;
                hits &= hits - 1;
                // What stands behind was read before and is gone.
                if hit >= self.read {
                    break;
                }
                if self.buffer[hit] != b'\n' {
                    cells.ends.push(hit as u32);
                    continue;
                }
                let start = std::mem::replace(&mut self.next, hit + 1);
                self.lines += 1;
                if hit - start > LONGEST_LINE {
                    cells.drop_unended();
                    return Err(Stop::TooLong(self.lines));
                }
                // Empty lines are no records.
                if hit > start {
                    cells.ends.push(hit as u32);
                    cells.end_record(start, self.lines)?;
                }
                if cells.len() == most {
                    return Ok(());
                }
            }
            at += WORD;
        }
        cells.drop_unended();
        Ok(())
    }

    /// Reads another block behind what is left; gives how much it was.
    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.next..self.read, 0);
        self.read -= self.next;
        self.next = 0;
        if self.buffer.len() < self.read + BLOCK + WORD {
            self.buffer.resize(self.read + BLOCK + WORD, 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.read..self.read + BLOCK]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                more => {
                    self.read += *more.as_ref().unwrap_or(&0);
                    return more;
                }
            }
        }
    }
}

/// Whether there is a quote or a carriage return.
fn special(bytes: &[u8]) -> bool {
    // Sums of bytes, which a processor makes many at a time.
    let found =
        |chunk: &[u8]| chunk.iter().fold(0_u8, |any, &byte| any | u8::from(byte == b'"') | u8::from(byte == b'\r'));
    bytes.chunks(128).any(|chunk| found(chunk) > 0)
}

/// The rest of a file, from a record with quotes on or one not far behind.
struct Quoted<R: Read> {
    csv: csv::Reader<Lines<io::Chain<Cursor<Vec<u8>>, R>>>,
    record: csv::ByteRecord,
    /// The cells of the last batch, each with a byte behind it.
    bytes: Vec<u8>,
}

impl<R: Read> Quoted<R> {
    fn new(mut plain: Plain<R>, delimiter: u8) -> Quoted<R> {
        plain.buffer.truncate(plain.read);
        plain.buffer.drain(..plain.next);
        let reader = Lines::new(Cursor::new(plain.buffer).chain(plain.reader), plain.lines + 1);
        // The width is looked at elsewhere.
        let csv = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(reader);
        Quoted { csv, record: csv::ByteRecord::new(), bytes: Vec::new() }
    }

    /// Finds the next records, at most so many; none at the end of the file.
    fn find(&mut self, most: usize, cells: &mut Cells) -> Result<(), Stop> {
        self.bytes.clear();
        while cells.len() < most
            && self.bytes.len() < BLOCK
            && self.csv.read_byte_record(&mut self.record).map_err(Stop::Csv)?
        {
            let end = self.csv.position().byte();
            let lines = self.csv.get_mut();
            let within = || self.record.iter().map(|cell| line_ends(cell, 0).count() as u64).sum::<u64>();
            if lines.ended && lines.bytes == end {
                // Nothing stands behind: it is the mark, or a cell has swallowed that.
                let is_mark = self.record.len() == 1 && &self.record[0] == MARK;
                return if is_mark { Ok(()) } else { Err(Stop::Open(lines.line_of(end) - within())) };
            }
            // What ends the record is its last byte. Most stand on one line.
            let first = lines.line_of(self.record.position().map_or(0, csv::Position::byte));
            let last = lines.line_of(end - 1);
            let line = if last > first { last - within() } else { last };
            let start = self.bytes.len();
            for cell in &self.record {
                self.bytes.extend_from_slice(cell);
                cells.ends.push(self.bytes.len() as u32);
                self.bytes.push(b'\n');
            }
            cells.end_record(start, line)?;
        }
        Ok(())
    }
}

/// A reader that knows on which line a byte stands, and refuses lines longer than [`LONGEST_LINE`] before they fill the
/// memory. Behind the last line it puts a line with a [`MARK`], so that a quote that does not close can be told.
struct Lines<R> {
    reader: R,
    /// The line of the byte last asked for, and where the lines from there on end, as far as they were given out.
    line: u64,
    ends: VecDeque<u64>,
    /// Bytes given out, and the last of them.
    bytes: u64,
    last: u8,
    /// Where the line begins that was not given out whole.
    start: u64,
    /// Whether the mark was given out.
    ended: bool,
}

/// A record that no file has at its end.
const MARK: &[u8] = b"\0";

impl<R> Lines<R> {
    fn new(reader: R, line: u64) -> Lines<R> {
        Lines { reader, line, ends: VecDeque::new(), bytes: 0, last: 0, start: 0, ended: false }
    }

    /// The line that a byte stands on, counted from 1; bytes are asked for in their order.
    fn line_of(&mut self, byte: u64) -> u64 {
        while self.ends.front().is_some_and(|&end| end < byte) {
            self.ends.pop_front();
            self.line += 1;
        }
        self.line
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut n = self.reader.read(buffer)?;
        if n == 0 && !buffer.is_empty() && !self.ended {
            let mark = [b"\n", MARK, b"\n"].concat();
            buffer[..mark.len()].copy_from_slice(&mark);
            (n, self.ended) = (mark.len(), true);
        }
        for end in line_ends(&buffer[..n], self.last) {
            let end = self.bytes + end as u64;
            self.ends.push_back(end);
            self.start = end + 1;
        }
        self.bytes += n as u64;
        self.last = buffer[..n].last().copied().unwrap_or(self.last);
        if self.bytes - self.start > LONGEST_LINE as u64 {
            return Err(io::Error::other(TooLong(self.line + self.ends.len() as u64)));
        }
        Ok(n)
    }
}

/// Where lines end: with a line feed, a carriage return, or the first of both. `before` is the byte before these.
fn line_ends(bytes: &[u8], before: u8) -> impl Iterator<Item = usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
    ends.map(|(at, _)| at).filter(move |&at| {
        let before = if at == 0 { before } else { bytes[at - 1] };
        (before, bytes[at]) != (b'\r', b'\n')
    })
}

#[derive(Debug)]
struct TooLong(u64);

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} is longer than {LONGEST_LINE} bytes", self.0)
    }
}

impl std::error::Error for TooLong {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes a few at a time.
    struct Trickle<'b>(&'b [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn records(text: &str, at_a_time: usize) -> Vec<(u64, Vec<String>)> {
        let mut table = RowReader::new("t.csv", b',', Trickle(text.as_bytes(), at_a_time));
        let mut all = Vec::new();
        while let Some(batch) = table.next_batch().unwrap() {
            for row in 0..batch.len() {
                let cell = |column| String::from_utf8(batch.cell(row, column).to_vec()).unwrap();
                all.push((batch.line(row), (0..batch.cells.width).map(cell).collect()));
            }
        }
        all
    }

    #[test]
    fn quotes_or_none_the_records_are_those_of_the_csv_crate() {
        let plain = "id,name,zip\n1,Nuñez Ibáñez de la Cruz,00001\n\n2,Ōe,\n3,,\n,,\n4,Smith,00002";
        let texts = [
            plain.to_owned(),
            format!("{plain}\n"),
            plain.replace('\n', "\r\n"),
            plain.replace("Ōe", "\"Ō,\n\"\"e\"\"\"") + "\n5,\"x\",y\n6,x,y\n",
            "a\n".to_owned(),
            plain.replace("id", "\"id\""),
            String::new(),
        ];
        for text in &texts {
            let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let expected: Vec<(u64, Vec<String>)> = csv
                .records()
                .map(|record| record.unwrap())
                .map(|record| (record.position().unwrap().line(), record.iter().map(str::to_owned).collect()))
                .collect();
            for at_a_time in [1, 7, 1_000] {
                let found = records(text, at_a_time);
                let cells = |all: &[(u64, Vec<String>)]| all.iter().map(|(_, cells)| cells.clone()).collect::<Vec<_>>();
                assert_eq!(cells(&found), cells(&expected), "{text:?} {at_a_time}");
            }
        }
        let lines: Vec<u64> = records(&texts[3], 5).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 4, 6, 7, 8, 9, 10]);
    }

    #[test]
    fn lines_are_counted_however_they_end() {
        let text = "a,b\n\n1,\"x\ny\"\n\n\n2,z\n3,\"\"\"\n\"\n4,";
        for end in ["\n", "\r\n", "\r"] {
            for at_a_time in [1, 2, 1_000] {
                let lines: Vec<u64> = records(&text.replace('\n', end), at_a_time).iter().map(|(l, _)| *l).collect();
                assert_eq!(lines, [1, 3, 7, 8, 10], "{end:?} {at_a_time}");
            }
        }
        // The first quote stands in the second block.
        let plain = "1,x\n".repeat(BLOCK / 4);
        let text = format!("a,b\n{plain}1,\"x\ny\"\n2,z\n");
        let lines: Vec<u64> = records(&text, BLOCK + 4).iter().map(|(line, _)| *line).skip(BLOCK / 4).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines.iter().map(|line| line - BLOCK as u64 / 4).collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn a_quote_that_does_not_close_is_found_where_it_opens() {
        for (text, line) in
            [("a,b\n1,\"x\n2,y\n3,z", 2), ("a,b\n1,\"x\"\n2,\"y\"\"\n", 3), ("a,b\r\n1,x\r\n2,\"", 3), ("a\n\"\0\n", 2)]
        {
            let mut table = RowReader::new("t.csv", b',', text.as_bytes());
            let error = loop {
                match table.next_batch() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("{text:?} should be refused"),
                    Err(error) => break error,
                }
            };
            assert!(error.problem.contains("does not close"), "{error}");
            assert_eq!(error.line, Some(line), "{text:?}");
        }
        // What looks like the mark is a record like others.
        assert_eq!(records("a\n\"b\"\n\0\n", 1).len(), 3);
        assert_eq!(records("a\n\"b\"\n\0", 1).len(), 3);
    }
}
