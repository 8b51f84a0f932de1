//! A table of text, record by record: [`RowReader`].
//!
//! Which kind of file it is, and what stands between its cells, is told from its beginning.
//!
//! As long as a file has no quotes (and no carriage returns), its cells are found by looking for delimiters and ends
//! of lines, eight bytes at a time. From the first quote on the `csv` crate reads it.

use super::{BridgeError, LONGEST_LINE, io_error};
use std::io::{self, Cursor, Read};

/// How much is read at a time.
const BLOCK: usize = 1 << 18;

/// Bytes looked at at a time; as many stand behind what was read.
const WORD: usize = 8;

/// The records of a file, one at a time.
pub(super) struct RowReader<'n, R: Read> {
    name: &'n str,
    delimiter: u8,
    source: Source<R>,
    /// How many cells the first record had.
    width: Option<usize>,
    /// What the columns are called.
    header: Vec<String>,
}

enum Source<R: Read> {
    Plain(Plain<R>),
    Quoted(Box<Quoted<R>>),
    /// Only while one of the others becomes the other.
    Empty,
}

/// What was looked at of a file before it is read, and the rest of it.
type Whole<R> = io::Chain<Cursor<Vec<u8>>, R>;

impl<'n, R: Read> RowReader<'n, Whole<R>> {
    /// Opens a file of text with a header; `name` is what errors call it. What is plainly something else is refused.
    pub(super) fn open(name: &'n str, reader: R) -> Result<RowReader<'n, Whole<R>>, BridgeError> {
        let (start, whole) = look_ahead(name, reader)?;
        let mut table = RowReader::new(name, delimiter(&start), whole);
        if table.advance()? {
            table.header = (0..table.len())
                .map(|i| std::str::from_utf8(table.cell(i)).map(|cell| cell.trim().to_owned()))
                .collect::<Result<_, _>>()
                .map_err(|_| {
                    BridgeError::new(name, "the header is not UTF-8 text", "save the file as UTF-8").at_line(1)
                })?;
        }
        Ok(table)
    }
}

impl<'n, R: Read> RowReader<'n, R> {
    fn new(name: &'n str, delimiter: u8, reader: R) -> RowReader<'n, R> {
        let plain =
            Plain { reader, buffer: vec![0; BLOCK], read: 0, next: 0, start: 0, ends: Vec::new(), lines: 0, line: 0 };
        RowReader { name, delimiter, source: Source::Plain(plain), width: None, header: Vec::new() }
    }

    /// What the columns are called.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Goes on to the next record; false at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, BridgeError> {
        let found = match &mut self.source {
            Source::Plain(plain) => plain.advance(self.delimiter).map_err(|error| io_error(self.name, &error))?,
            Source::Quoted(quoted) => quoted.advance().map_err(|error| csv_error(self.name, &error))?,
            Source::Empty => Found::End,
        };
        match found {
            Found::End => return Ok(false),
            Found::Record => {}
            Found::TooLong => {
                let problem = format!("this line is longer than {LONGEST_LINE} bytes");
                let remedy = "check that the file is CSV with a record a line";
                return Err(BridgeError::new(self.name, problem, remedy).at_line(self.lines_before() + 1));
            }
            Found::Quotes => {
                let Source::Plain(plain) = std::mem::replace(&mut self.source, Source::Empty) else { return Ok(false) };
                self.source = Source::Quoted(Box::new(Quoted::new(plain, self.delimiter)));
                return self.advance();
            }
        }
        let len = self.len();
        let width = *self.width.get_or_insert(len);
        if len != width {
            let problem = format!("this record has {len} cells where the header has {width}");
            let remedy = "check for a missing or an extra delimiter, and for quotes that do not close";
            return Err(BridgeError::new(self.name, problem, remedy).at_line(self.line()));
        }
        Ok(true)
    }

    /// The line that the record at hand begins on, counted from 1.
    pub(super) fn line(&self) -> u64 {
        match &self.source {
            Source::Plain(plain) => plain.line,
            Source::Quoted(quoted) => quoted.lines_before + quoted.record.position().map_or(0, csv::Position::line),
            Source::Empty => 0,
        }
    }

    /// How many lines have gone by.
    fn lines_before(&self) -> u64 {
        match &self.source {
            Source::Plain(plain) => plain.lines,
            _ => self.line(),
        }
    }

    /// How many cells the record at hand has.
    fn len(&self) -> usize {
        match &self.source {
            Source::Plain(plain) => plain.ends.len(),
            Source::Quoted(quoted) => quoted.record.len(),
            Source::Empty => 0,
        }
    }

    /// A cell of the record at hand.
    #[inline]
    fn cell(&self, i: usize) -> &[u8] {
        match &self.source {
            Source::Plain(plain) => {
                let start = if i == 0 { plain.start } else { plain.ends[i - 1] + 1 };
                &plain.buffer[start..plain.ends[i]]
            }
            Source::Quoted(quoted) => &quoted.record[i],
            Source::Empty => &[],
        }
    }

    /// A cell of the record at hand without the spaces at its ends. What is no text is left as it is.
    #[inline]
    pub(super) fn trimmed(&self, i: usize) -> &[u8] {
        match self.cell(i) {
            [] => &[],
            cell @ [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
            cell => std::str::from_utf8(cell).map_or(cell, |text| text.trim().as_bytes()),
        }
    }

    /// The text of a cell of the record at hand, without the spaces at its ends.
    #[inline]
    pub(super) fn text(&self, i: usize) -> Result<&str, BridgeError> {
        std::str::from_utf8(self.trimmed(i)).map_err(|_| self.not_text(i))
    }

    /// What is said of a cell that is no text.
    pub(super) fn not_text(&self, i: usize) -> BridgeError {
        self.error(i, "this cell is not UTF-8 text", "save the file as UTF-8")
    }

    /// An error about a cell of the record at hand.
    pub(super) fn error(&self, i: usize, problem: impl Into<String>, remedy: &str) -> BridgeError {
        let column = format!("column {:?}", self.header[i]);
        BridgeError::new(self.name, problem, remedy).at_line(self.line()).about(column)
    }
}

/// Looks at the first bytes of a file to tell what kind it is, and gives them with a reader of the whole.
fn look_ahead<R: Read>(name: &str, mut reader: R) -> Result<(Vec<u8>, Whole<R>), BridgeError> {
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
    let whole = Cursor::new(start.clone()).chain(reader);
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

enum Found {
    Record,
    End,
    /// There are quotes ahead: what is left must be read by other rules.
    Quotes,
    TooLong,
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
    /// The record at hand: where it begins and where each of its cells ends.
    start: usize,
    ends: Vec<usize>,
    /// Lines gone by.
    lines: u64,
    line: u64,
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// The high bit of each byte that is 0.
#[inline]
fn zeros(word: u64) -> u64 {
    let low = ONES * 0x7f;
    !(((word & low) + low) | word | low)
}

impl<R: Read> Plain<R> {
    fn advance(&mut self, delimiter: u8) -> io::Result<Found> {
        loop {
            if self.find(delimiter) {
                if self.next - self.start > LONGEST_LINE {
                    return Ok(Found::TooLong);
                }
                self.lines += 1;
                self.line = self.lines;
                // Empty lines are no records.
                if self.ends == [self.start] {
                    continue;
                }
                return Ok(Found::Record);
            }
            if self.read - self.next > LONGEST_LINE {
                return Ok(Found::TooLong);
            }
            let more = self.fill()?;
            if special(&self.buffer[self.read - more..self.read]) {
                return Ok(Found::Quotes);
            }
            if more == 0 && self.next == self.read {
                return Ok(Found::End);
            }
            if more == 0 {
                // The last line need not end.
                self.buffer[self.read] = b'\n';
                self.read += 1;
            }
        }
    }

    /// Finds the cells of the next record if its line is there as a whole.
    fn find(&mut self, delimiter: u8) -> bool {
        self.ends.clear();
        let mut at = self.next;
        while at < self.read {
            let bytes = &self.buffer[at..at + WORD];
            let word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            let mut hits = zeros(word ^ (ONES * u64::from(delimiter))) | zeros(word ^ (ONES * u64::from(b'\n')));
            while hits != 0 {
                let hit = at + hits.trailing_zeros() as usize / 8;
                // What stands behind was read before and is gone.
                if hit >= self.read {
                    return false;
                }
                self.ends.push(hit);
                if self.buffer[hit] == b'\n' {
                    (self.start, self.next) = (self.next, hit + 1);
                    return true;
                }
                hits &= hits - 1;
            }
            at += WORD;
        }
        false
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
    lines_before: u64,
}

impl<R: Read> Quoted<R> {
    fn new(mut plain: Plain<R>, delimiter: u8) -> Quoted<R> {
        plain.buffer.truncate(plain.read);
        plain.buffer.drain(..plain.next);
        let reader = Lines { reader: Cursor::new(plain.buffer).chain(plain.reader), line: plain.lines + 1, length: 0 };
        // The width is looked at above.
        let csv = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(reader);
        Quoted { csv, record: csv::ByteRecord::new(), lines_before: plain.lines }
    }

    fn advance(&mut self) -> csv::Result<Found> {
        Ok(if self.csv.read_byte_record(&mut self.record)? { Found::Record } else { Found::End })
    }
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
        while table.advance().unwrap() {
            let cells = (0..table.len()).map(|i| String::from_utf8(table.cell(i).to_vec()).unwrap()).collect();
            all.push((table.line(), cells));
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
}
